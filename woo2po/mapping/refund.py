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

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from woo2po.config import Settings
from woo2po.mapping import cards, lines, values
from woo2po.mapping.prices import HALF_KRONE, HALF_ORE, Paid, Sale, largest_rounding, paid_for
from woo2po.mapping.values import Entry, Part, Rate, Stopped, hold
from woo2po.mapping.vat import parts_of, rates_of
from woo2po.money import ORE, ZERO, percent, round_ore, round_six, same_amount, spread
from woo2po.order import Line, Order, Refund, Tax


def takes_of(sale: Sale, refund: Refund) -> bool:
    """Tell whether a refund takes money, or by its lines what a gift card paid."""
    if round_ore(refund.amount) or not left_of(sale).cards:
        return bool(round_ore(refund.amount))
    return any(line.total for line in _as_sold(sale, refund).lines)


def leaves_some(sale: Sale, refunds: Sequence[Refund]) -> bool:
    """Tell whether something is sold still."""
    left = left_after(sale, refunds).sold.values()
    return sum((gross for gross in left if gross > 0), ZERO) > sale.paid.rounding


def part_of(sale: Sale, refund: Refund, earlier: Sequence[Refund]) -> tuple[Paid, list[Entry]]:
    """Return what a refund takes of what earlier ones left, as money and as lines that say it.

    Raises Stopped (a Hold) if it cannot.
    """
    left, chooser = left_after(sale, earlier), sale.chooser
    is_rest = same_amount(refund.amount, left.money) and all(one.lines for one in earlier)
    may_spread = chooser.settings.refunds.amount_only == "spread"
    if not (refund.lines or is_rest or may_spread):
        raise hold("refund_without_lines", refund=refund.id, amount=round_ore(refund.amount))
    taken = (_by_lines if refund.lines else _by_amount)(sale, refund, left)
    parts = [share.part for share in taken.shares if share.part is not None]
    entries = [lines.entry_of(part, chooser) for part in parts]
    entries += lines.discount_entries(sale, parts)
    amounts = [share for share in taken.shares if share.part is None]
    entries += [_amount_entry(share, sale) for share in amounts]
    discount = sum((share.listed - share.gross for share in amounts), ZERO)
    entries += [lines.discount_entry(sale, discount, discount)] if discount else []
    to_cards = [taken.to_cards] if taken.to_cards else []
    return taken.paid, lines.with_vat_apart(entries) + cards.entries(to_cards, chooser)


def _amount_entry(share: "Share", sale: Sale) -> Entry:
    kind, chooser = share.kind or SoldAs(Rate(ZERO), is_card=True), sale.chooser
    reference = f"refund-{kind.rate}"
    if kind.is_card:
        carrier, reference = chooser.gift_card(), "refund-card"
    elif kind.fee:
        carrier = chooser.named("fees.by_name", kind.fee, kind.rate)
        reference += f"-{kind.fee}"
    else:
        carrier = chooser.amount(share.text, kind.rate)
    net = share.listed * 100 / (100 + kind.rate.percent)
    return Entry(reference, share.text, carrier, Decimal(1), net, share.listed)


# -- a refund as if it were an order --------------------------------------------------------------


def _as_sold(sale: Sale, refund: Refund) -> Order:
    """Return what a refund takes back as an order of it: positive where the refund is negative."""
    settings = sale.chooser.settings
    pairs = ((line, cards.original_of(line, sale.order)) for line in refund.lines)
    given = tuple(
        _sold_line(cards.before_the_card(line, sold), sold, settings)
        for line, sold in pairs
        if line.total or line.quantity or any(tax.total for tax in line.taxes)
    )
    changed = {"lines": given, "total": refund.amount, "gift_cards": (), "meta_data": ()}
    return lines.without_card_codes(sale.order.model_copy(update=changed), settings)


def _sold_line(line: Line, original: Line | None, settings: Settings) -> Line:
    """Return a refund's line as sold: after discounts, unless these leave the VAT alone.

    Then (question 12) it has its share of the original's list price, and so of its VAT.
    """
    listed, factor, sold = -line.total, Decimal(1), original or line
    if original and not settings.discounts.transfer_vat and sold.subtotal > sold.total:
        by_money = -line.total, sold.total
        part, whole = by_money if sold.total else (-line.quantity, sold.quantity or Decimal(1))
        listed = round_six(sold.subtotal * part / whole)
        factor = listed / -line.total if line.total else factor
    taxes = tuple(
        Tax(id=tax.id, total=-tax.total, subtotal=round_six(-tax.total * factor))
        for tax in line.taxes
    )
    changed = {name: -getattr(line, name) for name in ("quantity", "total", "total_tax")}
    changed |= {"id": line.id, "subtotal": listed, "taxes": taxes, "paid": line.paid and -line.paid}
    return sold.model_copy(update=changed)


# -- what there is, what is taken, what is left ----------------------------------------------------


@dataclass(frozen=True, slots=True)
class SoldAs:
    """What a share was sold as: at a VAT rate, a gift card, or a fee with its own product."""

    rate: Rate
    is_card: bool = False
    fee: str = ""


Amounts = Mapping[SoldAs, Decimal]


@dataclass(frozen=True, slots=True)
class Share:
    """A share of an order, or of what a refund takes of it; `kind` None: a used card.

    `gross` was paid for it, `listed` is what its VAT is of. Without a `part` it is an amount of its
    kind, called `text`.
    """

    kind: SoldAs | None
    gross: Decimal
    listed: Decimal
    part: Part | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """What one refund takes: shares, and what goes back to the gift cards that paid a part."""

    paid: Paid
    shares: tuple[Share, ...]
    to_cards: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of an order: money, used gift cards, what was `there` less what is `gone`."""

    money: Decimal
    cards: Decimal
    there: Sequence[Share]
    gone: Sequence[Share] = ()

    def after(self, taken: Taken) -> "Left":
        """Return what a refund leaves."""
        back = sum((share.gross for share in taken.shares if share.kind is None), ZERO)
        used, gone = self.cards + back - taken.to_cards, (*self.gone, *taken.shares)
        return Left(self.money - taken.paid.total, used, self.there, gone)

    @property
    def sold(self) -> Amounts:
        """What was paid."""
        return self.summed(lambda share: share.gross)

    @property
    def listed(self) -> Amounts:
        """What VAT is of."""
        return self.summed(lambda share: share.listed)

    def summed(self, amount_of: Callable[[Share], Decimal | None]) -> Amounts:
        """Return what that comes to, but for used cards and where it is None."""
        sums: dict[SoldAs, Decimal] = {}
        for sign, shares in ((1, self.there), (-1, self.gone)):
            for share in shares:
                amount = amount_of(share)
                if share.kind is not None and amount is not None:
                    sums[share.kind] = sums.get(share.kind, ZERO) + sign * amount
        return sums


def _of_lines(share: Share) -> Decimal | None:
    """Return what lines may take of a share: nothing of what lowered the order."""
    return share.listed if share.part is not None and share.listed > ZERO else None


def left_of(sale: Sale) -> Left:
    """Return what there is of an order before any refund."""
    there = _shares_of(sale.parts, sale.chooser.settings)
    used = (-share.gross for share in there if share.kind is None)
    return Left(sale.paid.total, sum((*used, *sale.cards), ZERO), there)


def left_after(sale: Sale, refunds: Sequence[Refund]) -> Left:
    """Return what these refunds leave; one whose lines are held took an amount."""
    left = left_of(sale)
    for refund in refunds:
        try:
            taken = _by_lines if refund.lines else _by_amount
            left = left.after(taken(sale, refund, left))
        except Stopped:
            left = left.after(_by_amount(sale, refund, left))
    return left


def _shares_of(parts: Iterable[Part], settings: Settings) -> list[Share]:
    """Return the parts of an order, or of a refund turned round, as shares."""
    shares = []
    for part in parts:
        gross = part.net + part.vat
        listed = lines.list_price(part)[1] if lines.leaves_vat(part.rate, settings) else gross
        card, fee = lines.is_sold_card(part.line, settings), lines.named_fee(part.line, settings)
        kind = None if lines.is_used_card(part, settings) else SoldAs(part.rate, card, fee)
        shares.append(Share(kind, gross, listed, part))
    return shares


def _by_lines(sale: Sale, refund: Refund, left: Left) -> Taken:
    given = _as_sold(sale, refund)
    own = paid_for(given, ZERO)
    whole_kroner = own.whole_kroner or sale.paid.whole_kroner
    rounding = largest_rounding(2 * len(given.lines), whole_kroner)
    paid = replace(own, whole_kroner=whole_kroner, rounding=rounding)
    rates = rates_of(given, sale.chooser.catalogue) | rates_of(sale.order, sale.chooser.catalogue)
    try:
        # Somebody may have typed what the shop's form shows.
        half = HALF_KRONE if whole_kroner else HALF_ORE
        parts = list(parts_of(given, rates, by_total_tax=paid.by_total_tax, half=half))
    except Stopped as stopped:
        facts = {name: stopped.outcome.facts[name] for name in ("line", "net", "vat")}
        raise hold("refund_vat_does_not_fit", refund=refund.id, **facts) from None
    _check_rates(sale, refund, parts)
    taken = Taken(paid, tuple(_shares_of(parts, sale.chooser.settings)))
    to_cards = _to_cards(refund, paid, left.cards)
    return Taken(paid, (*taken.shares, *_evened(sale, refund, taken, left)), to_cards)


def _check_rates(sale: Sale, refund: Refund, parts: Sequence[Part]) -> None:
    """Raise Stopped (a Hold) where a line goes back at another rate than it was sold at."""
    originals = {line.id: cards.original_of(line, sale.order) for line in refund.lines}
    for part in parts:
        original = originals.get(part.line.id)
        sold_at = {one.rate for one in sale.parts if original and one.line.id == original.id}
        if sold_at and part.rate not in sold_at and part.net + part.vat:
            rates = " / ".join(percent(rate) for rate in sorted(one.percent for one in sold_at))
            facts = {"line": part.line.name, "stated": percent(part.rate.percent), "rates": rates}
            raise hold("refund_rate_differs", refund=refund.id, **facts)


def _evened(sale: Sale, refund: Refund, taken: Taken, left: Left) -> tuple[Share, ...]:
    """Return the shares that undo what refunds without lines took of these lines' rates."""
    amounts = 2 * (len(sale.parts) + len(taken.shares))
    bound = largest_rounding(amounts, taken.paid.whole_kroner)
    after = left.after(taken)
    over = {k: -gross for k, gross in after.summed(_of_lines).items() if gross < -bound}
    # With what refunds without lines took.
    for_all = after.summed(lambda share: _of_lines(share) if share.part else share.listed)
    excess = over or {k: round_ore(-gross) for k, gross in for_all.items() if gross < -bound}
    if not excess:
        return ()
    room = {k: gross for k, gross in after.sold.items() if gross > ZERO and k not in excess}
    wanted = sum(excess.values(), ZERO)
    # Where discounts leave the VAT alone, the two sides would return other VAT than money.
    no_room = wanted > sum(room.values(), ZERO) + bound
    if over or no_room or left.listed != left.sold:
        kind, more = next(iter(excess.items()))
        sums = {"over": round_ore(more), "left": round_ore(left.summed(_of_lines).get(kind, ZERO))}
        raise hold("refund_exceeds_rate", refund=refund.id, rate=percent(kind.rate.percent), **sums)
    moved = dict(zip(room, spread(wanted, list(room.values())), strict=True))
    moved |= {kind: -gross for kind, gross in excess.items()}
    return _amounts(sale, moved, moved, values.REFUNDED_BEFORE_TEXTS)


def _to_cards(refund: Refund, paid: Paid, cards: Decimal) -> Decimal:
    """Return what lines are above the money: it goes back to the cards that paid a part."""
    if abs(paid.gap) <= paid.rounding:
        return ZERO
    if ZERO < paid.gap <= cards + paid.rounding:
        return min(round_ore(paid.gap), cards)
    sums = {"lines": round_ore(paid.lines), "amount": round_ore(paid.total)}
    raise hold("refund_lines_do_not_sum", refund=refund.id, **sums, bound=paid.rounding)


def _by_amount(sale: Sale, refund: Refund, left: Left) -> Taken:
    """Return what a refund without lines takes: all that is left, or a share of each kind."""
    amount, taken, listed, to_cards = round_ore(refund.amount), left.sold, left.listed, left.cards
    if not same_amount(amount, left.money):
        there, there_listed = {k: gross for k, gross in taken.items() if gross > ZERO}, listed
        shares = spread(min(amount, round_ore(sum(there.values(), ZERO))), list(there.values()))
        taken, to_cards = dict(zip(there, shares, strict=True)), ZERO
        listed = {k: _at_list_price(g, there[k], there_listed[k]) for k, g in taken.items()}
    gross = sum(taken.values(), ZERO) - to_cards
    paid = replace(sale.paid, total=amount, lines=gross, by_total_tax=False)
    return Taken(paid, _amounts(sale, taken, listed, values.REFUND_TEXTS), to_cards)


def _at_list_price(gross: Decimal, there: Decimal, listed: Decimal) -> Decimal:
    """Return what an amount was at list price, as what is left of its kind was."""
    return gross if there == listed else round_six(listed * min(gross / there, Decimal(1)))


def _amounts(
    sale: Sale, taken: Amounts, listed: Amounts, texts: Mapping[str, str]
) -> tuple[Share, ...]:
    text = texts[sale.chooser.settings.language].format(number=sale.order.number)
    return tuple(
        Share(kind, gross, listed[kind], text=text)
        for kind, gross in taken.items()
        if max(abs(gross), abs(listed[kind])) >= ORE / 2
    )
