"""What each refund of an order takes of it, and so what is left for the next.

A refund with lines takes those; one without takes a share of what is left of each VAT rate; and
one without lines that returns the last of the money takes all that is left. So the credit notes
of an order never come to more VAT of a rate than the order had (before a negative fee took of it):

- an amount takes of a rate at most what is left of it;
- lines may pass what is left of their rate only by rounding, counted over all
  refunds together, or by what an earlier refund without lines took of that rate: that goes back
  to the rate and is taken of the others;
- else the refund is held.

Amounts are gross kroner, by what they were sold as.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from woo2po.config import Settings
from woo2po.mapping.cards import (
    before_the_card,
    is_sold_card,
    is_used_card,
    original_of,
    without_card_codes,
)
from woo2po.mapping.lines import Sale, leaves_vat, list_price, named_fee
from woo2po.mapping.prices import HALF_KRONE, HALF_ORE, Paid, largest_rounding, paid_for
from woo2po.mapping.values import REFUND_TEXTS, REFUNDED_BEFORE_TEXTS, Part, Rate, Stopped, hold
from woo2po.mapping.vat import parts_of, rates_of
from woo2po.money import ORE, ZERO, percent, round_ore, round_six, same_amount, spread
from woo2po.order import Line, Order, Refund, Tax


def as_sold(sale: Sale, refund: Refund) -> Order:
    """Return what a refund takes back as an order of it: positive where the refund is negative."""
    settings = sale.chooser.settings
    pairs = ((line, original_of(line, sale.order)) for line in refund.lines)
    lines = tuple(
        _sold_line(before_the_card(line, sold), sold, settings)
        for line, sold in pairs
        if line.total or line.quantity or any(tax.total for tax in line.taxes)
    )
    given = {"lines": lines, "total": refund.amount, "gift_cards": (), "meta_data": ()}
    return without_card_codes(sale.order.model_copy(update=given), settings)


def _sold_line(line: Line, original: Line | None, settings: Settings) -> Line:
    """Return a refund's line as sold: after discounts, unless these leave the VAT alone.

    Then (question 12) it has its share of the original's list price, and so of its VAT.
    """
    listed = _share_of_list(line, original, settings)
    factor = listed / -line.total if line.total else Decimal(1)
    taxes = tuple(
        Tax(id=tax.id, total=-tax.total, subtotal=round_six(-tax.total * factor))
        for tax in line.taxes
    )
    changed = {"id": line.id, "quantity": -line.quantity, "total": -line.total,
               "total_tax": -line.total_tax, "subtotal": listed, "taxes": taxes,
               "paid": line.paid and -line.paid}  # fmt: skip
    return (original or line).model_copy(update=changed)


def _share_of_list(line: Line, original: Line | None, settings: Settings) -> Decimal:
    if original is None or settings.discounts.transfer_vat or original.subtotal <= original.total:
        return -line.total
    if original.total:
        return round_six(original.subtotal * -line.total / original.total)
    pieces = original.quantity or Decimal(1)
    return round_six(original.subtotal * -line.quantity / pieces)


@dataclass(frozen=True, slots=True)
class SoldAs:
    """What a share was sold as: at a VAT rate, a gift card, or a fee with its own product."""

    rate: Rate
    is_card: bool = False
    fee: str = ""


@dataclass(frozen=True, slots=True)
class Share:
    """A share of an order that a refund takes, as if it were sold; `kind` None: a used card.

    `gross` was paid for it, `listed` is what its VAT is of. Without a `part` it is an amount of its
    kind, called `text`.
    """

    kind: SoldAs | None
    gross: Decimal
    listed: Decimal
    part: Part | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class RefundShares:
    """What one refund takes: shares, and what goes back to the gift cards that paid a part."""

    paid: Paid
    shares: tuple[Share, ...]
    to_cards: Decimal = ZERO


Amounts = Mapping[SoldAs, Decimal]


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of an order: the money, each kind of sale, and the gift cards that were used.

    `for_lines`: what lines may still take of what raised the total; `by_amount`: what refunds
    without lines took of it. Both, as `listed`, are what VAT is of.
    """

    money: Decimal
    sold: Amounts
    listed: Amounts
    for_lines: Amounts
    by_amount: Amounts
    cards: Decimal


def left_after(sale: Sale, refunds: Sequence[Refund]) -> Left:
    """Return what these refunds leave; one whose lines are held took an amount."""
    taken: list[RefundShares] = []
    for refund in refunds:
        left = _left(sale, taken)
        try:
            taken.append(taken_by(sale, refund, left))
        except Stopped:
            taken.append(_by_amount(sale, refund, left))
    return _left(sale, taken)


def whole(sale: Sale) -> Left:
    """Return what there is of an order before any refund."""
    return _left(sale, ())


def _left(sale: Sale, taken: Sequence[RefundShares]) -> Left:
    there = _shares_of(sale.parts, sale.chooser.settings)
    gone = [share for one in taken for share in one.shares]
    used = [-share.gross for share in there if share.kind is None]
    back = [share.gross for share in gone if share.kind is None]
    return Left(
        money=sale.paid.total - sum((one.paid.total for one in taken), ZERO),
        sold=_minus(_sold(there), _sold(gone)),
        listed=_minus(_listed(there), _listed(gone)),
        for_lines=_minus(_listed(_raising(there)), _listed(_raising(gone))),
        by_amount=_listed(shares_of_no_line(gone)),
        cards=sum((*used, *sale.cards, *back), ZERO) - sum((one.to_cards for one in taken), ZERO),
    )


def _shares_of(parts: Iterable[Part], settings: Settings) -> list[Share]:
    """Return the parts of an order, or of a refund turned round, as shares."""
    shares = []
    for part in parts:
        gross = part.net + part.vat
        listed = list_price(part)[1] if leaves_vat(part.rate, settings) else gross
        card, fee = is_sold_card(part.line, settings), named_fee(part.line, settings)
        kind = None if is_used_card(part, settings) else SoldAs(part.rate, card, fee)
        shares.append(Share(kind, gross, listed, part))
    return shares


def _raising(shares: Iterable[Share]) -> Iterator[Share]:
    """Yield the shares of lines but for those that lowered the order, as a negative fee."""
    return (share for share in shares if share.part is not None and share.listed > ZERO)


def shares_of_no_line(shares: Iterable[Share]) -> Iterator[Share]:
    """Yield the shares that are amounts."""
    return (share for share in shares if share.part is None)


def _sold(shares: Iterable[Share]) -> Amounts:
    return _summed((share.kind, share.gross) for share in shares)


def _listed(shares: Iterable[Share]) -> Amounts:
    return _summed((share.kind, share.listed) for share in shares)


def _summed(amounts: Iterable[tuple[SoldAs | None, Decimal]]) -> Amounts:
    sums: dict[SoldAs, Decimal] = {}
    for kind, amount in amounts:
        if kind is not None:
            sums[kind] = sums.get(kind, ZERO) + amount
    return sums


def _minus(amounts: Amounts, less: Amounts) -> Amounts:
    kinds = {**amounts, **less}
    return {kind: amounts.get(kind, ZERO) - less.get(kind, ZERO) for kind in kinds}


def taken_by(sale: Sale, refund: Refund, left: Left) -> RefundShares:
    """Return what a refund takes of what is left. Raises Stopped (a Hold) if it cannot."""
    return _by_lines(sale, refund, left) if refund.lines else _by_amount(sale, refund, left)


def _by_lines(sale: Sale, refund: Refund, left: Left) -> RefundShares:
    given, catalogue = as_sold(sale, refund), sale.chooser.catalogue
    own = paid_for(given, ZERO)
    whole_kroner = own.whole_kroner or sale.paid.whole_kroner
    rounding = largest_rounding(2 * len(given.lines), whole_kroner)
    paid = replace(own, whole_kroner=whole_kroner, rounding=rounding)
    rates = {**rates_of(given, catalogue), **rates_of(sale.order, catalogue)}
    try:
        # Somebody may have typed what the shop's form shows.
        half = HALF_KRONE if whole_kroner else HALF_ORE
        parts = list(parts_of(given, rates, by_total_tax=paid.by_total_tax, half=half))
    except Stopped as stopped:
        facts = {name: stopped.outcome.facts[name] for name in ("line", "net", "vat")}
        raise hold("refund_vat_does_not_fit", refund=refund.id, **facts) from None
    _check_rates(sale, refund, parts)
    shares = _shares_of(parts, sale.chooser.settings)
    to_cards = _to_cards(refund, paid, left.cards)
    return RefundShares(paid, (*shares, *_evened(sale, refund, shares, left, paid)), to_cards)


def _check_rates(sale: Sale, refund: Refund, parts: Sequence[Part]) -> None:
    """Raise Stopped (a Hold) where a line goes back at another rate than it was sold at."""
    originals = {line.id: original_of(line, sale.order) for line in refund.lines}
    for part in parts:
        original = originals.get(part.line.id)
        sold_at = {one.rate for one in sale.parts if original and one.line.id == original.id}
        if sold_at and part.rate not in sold_at and part.net + part.vat:
            rates = " / ".join(percent(rate) for rate in sorted(one.percent for one in sold_at))
            facts = {"line": part.line.name, "stated": percent(part.rate.percent), "rates": rates}
            raise hold("refund_rate_differs", refund=refund.id, **facts)


def _evened(
    sale: Sale, refund: Refund, shares: Sequence[Share], left: Left, paid: Paid
) -> tuple[Share, ...]:
    """Return the shares that undo what refunds without lines took of these lines' rates."""
    bound = largest_rounding(2 * (len(sale.parts) + len(shares)), paid.whole_kroner)
    for_lines = _minus(left.for_lines, _listed(_raising(shares)))
    for kind, gross in for_lines.items():
        if gross < -bound:
            raise _too_much(refund, kind, -gross, left)
    still = _minus(for_lines, left.by_amount)
    excess = {kind: round_ore(-gross) for kind, gross in still.items() if gross < -bound}
    if not excess:
        return ()
    after = _minus(left.sold, _sold(shares)).items()
    room = {kind: gross for kind, gross in after if gross > ZERO and kind not in excess}
    wanted = sum(excess.values(), ZERO)
    # Where discounts leave the VAT alone, the two sides would return other VAT than money.
    no_room = wanted > sum(room.values(), ZERO) + bound
    if no_room or left.listed != left.sold:
        kind, over = next(iter(excess.items()))
        raise _too_much(refund, kind, over, left)
    taken = dict(zip(room, spread(wanted, list(room.values())), strict=True))
    moved = {**taken, **{kind: -gross for kind, gross in excess.items()}}
    return _amounts(sale, moved, moved, REFUNDED_BEFORE_TEXTS)


def _too_much(refund: Refund, kind: SoldAs, over: Decimal, left: Left) -> Stopped:
    sums = {"over": round_ore(over), "left": round_ore(left.for_lines.get(kind, ZERO))}
    return hold("refund_exceeds_rate", refund=refund.id, rate=percent(kind.rate.percent), **sums)


def _to_cards(refund: Refund, paid: Paid, cards: Decimal) -> Decimal:
    """Return what lines are above the money: it goes back to the cards that paid a part."""
    if abs(paid.gap) <= paid.rounding:
        return ZERO
    if ZERO < paid.gap <= cards + paid.rounding:
        return min(round_ore(paid.gap), cards)
    sums = {"lines": round_ore(paid.lines), "amount": round_ore(paid.total)}
    raise hold("refund_lines_do_not_sum", refund=refund.id, **sums, bound=paid.rounding)


def _by_amount(sale: Sale, refund: Refund, left: Left) -> RefundShares:
    """Return what a refund without lines takes: all that is left, or a share of each kind."""
    amount = round_ore(refund.amount)
    if same_amount(amount, left.money):
        taken, listed, to_cards = left.sold, left.listed, left.cards
    else:
        there = {kind: gross for kind, gross in left.sold.items() if gross > ZERO}
        shares = spread(min(amount, round_ore(sum(there.values(), ZERO))), list(there.values()))
        taken, to_cards = dict(zip(there, shares, strict=True)), ZERO
        listed = {kind: _at_list_price(kind, gross, left) for kind, gross in taken.items()}
    lines = sum(taken.values(), ZERO) - to_cards
    paid = replace(sale.paid, total=amount, lines=lines, by_total_tax=False)
    return RefundShares(paid, _amounts(sale, taken, listed, REFUND_TEXTS), to_cards)


def _at_list_price(kind: SoldAs, gross: Decimal, left: Left) -> Decimal:
    """Return what an amount was at list price, as what is left of its kind was."""
    there, there_listed = left.sold[kind], left.listed[kind]
    if there == there_listed:
        return gross
    return round_six(there_listed * min(gross / there, Decimal(1)))


def _amounts(
    sale: Sale, taken: Amounts, listed: Amounts, texts: Mapping[str, str]
) -> tuple[Share, ...]:
    text = texts[sale.chooser.settings.language].format(number=sale.order.number)
    return tuple(
        Share(kind, gross, listed[kind], text=text)
        for kind, gross in taken.items()
        if max(abs(gross), abs(listed[kind])) >= ORE / 2
    )
