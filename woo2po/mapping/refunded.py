"""What each refund of an order takes of it, and so what is left for the next.

A refund with lines takes those; one without takes a share of what is left of each VAT rate; and
one without lines that returns the last of the money takes all that is left. So the credit notes
of an order never come to more VAT of a rate than the order had:

- a share is at most what is left of its rate;
- lines may pass what is left of their rate only by rounding (`_bound`), counted over all
  refunds together, or by what an earlier refund without lines took of that rate: that goes back
  to the rate and is taken of the others;
- else the refund is held.

Amounts are gross kroner, positive for what is taken.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from woo2po.catalogue import Catalogue
from woo2po.mapping import gift_cards, rates
from woo2po.mapping.lines import list_price
from woo2po.mapping.paid import Paid, largest_rounding, paid_for
from woo2po.mapping.sale import Sale
from woo2po.mapping.texts import REFUND_TEXTS, REFUNDED_BEFORE_TEXTS
from woo2po.mapping.values import Part, Rate, Stopped, hold
from woo2po.money import ORE, ZERO, kroner, percent, round_ore, round_six, same_amount, spread
from woo2po.order import Line, Order, Refund, Tax
from woo2po.settings import Settings


@dataclass(frozen=True, slots=True)
class Kind:
    """What a share was sold as: goods and services of a VAT rate, or a gift card."""

    rate: Rate
    is_card: bool = False


@dataclass(frozen=True, slots=True)
class Share:
    """A part of an order that a refund takes, as if it were sold; `kind` None: a used card.

    `of_line`: a line of the shop's; else an amount of that kind, of no line.
    """

    kind: Kind | None
    part: Part
    of_line: bool = True

    @property
    def gross(self) -> Decimal:
        """What was paid for it."""
        return self.part.net + self.part.vat


@dataclass(frozen=True, slots=True)
class Taken:
    """What one refund takes: shares, and what goes back to the gift cards that paid a part."""

    paid: Paid
    shares: tuple[Share, ...]
    to_cards: Decimal = ZERO


Amounts = Mapping[Kind, Decimal]


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of an order: the money, its kinds, and the gift cards that were used.

    `listed` is at list price, for where discounts leave the VAT alone (question 12).
    `for_lines`: what would be left if refunds without lines had taken nothing.
    """

    money: Decimal
    sold: Amounts
    listed: Amounts
    for_lines: Amounts
    cards: Decimal

    def after(self, taken: Taken, by_lines: bool) -> "Left":
        """Return what is left when a refund has taken its part."""
        used = sum((share.gross for share in taken.shares if share.kind is None), ZERO)
        return Left(
            self.money - taken.paid.total,
            _minus(self.sold, taken.shares),
            _minus(self.listed, taken.shares, listed=True),
            _minus(self.for_lines, taken.shares) if by_lines else self.for_lines,
            self.cards + used - taken.to_cards,
        )


def whole(sale: Sale, settings: Settings) -> Left:
    """Return what there is of an order before any refund."""
    shares = [Share(_kind(part, settings), part) for part in sale.parts]
    sold = _minus({}, shares, sign=1)
    used = -sum((share.gross for share in shares if share.kind is None), ZERO)
    return Left(
        money=sale.paid.total,
        sold=sold,
        listed=_minus({}, shares, listed=True, sign=1),
        for_lines=sold,
        cards=used + sum(sale.cards, ZERO),
    )


def _minus(
    amounts: Amounts, shares: Iterable[Share], *, listed: bool = False, sign: int = -1
) -> Amounts:
    left = dict(amounts)
    for share in shares:
        if share.kind is not None:
            gross = list_price(share.part)[1] if listed else share.gross
            left[share.kind] = left.get(share.kind, ZERO) + sign * gross
    return left


def _kind(part: Part, settings: Settings) -> Kind | None:
    if gift_cards.is_used(part, settings):
        return None
    return Kind(part.rate, gift_cards.is_sold(part.line, settings))


class Reckoning:
    """What the refunds of one order take of it, one after the other."""

    def __init__(self, sale: Sale, settings: Settings, catalogue: Catalogue) -> None:
        self._sale = sale
        self._settings = settings
        self._catalogue = catalogue

    def left_after(self, refunds: Sequence[Refund]) -> Left:
        """Return what these refunds leave; one whose lines cannot be read took shares."""
        left = whole(self._sale, self._settings)
        for refund in refunds:
            try:
                taken, by_lines = self.taken_by(refund, left), bool(refund.lines)
            except Stopped:
                taken, by_lines = self._by_amount(refund, left), False
            left = left.after(taken, by_lines)
        return left

    def taken_by(self, refund: Refund, left: Left) -> Taken:
        """Return what a refund takes of what is left. Raises Stopped (a Hold) if it cannot."""
        return self._by_lines(refund, left) if refund.lines else self._by_amount(refund, left)

    def _by_lines(self, refund: Refund, left: Left) -> Taken:
        sold = _as_sold(self._sale.order, refund, self._settings)
        own = paid_for(sold, ZERO)
        whole_kroner = own.whole_kroner or self._sale.paid.whole_kroner
        rounding = largest_rounding(2 * len(sold.lines), whole_kroner)
        paid = replace(own, whole_kroner=whole_kroner, rounding=rounding)
        known = rates.rates_of(sold, self._catalogue)
        known.update(rates.rates_of(self._sale.order, self._catalogue))
        by_total_tax = paid.reading == "total_tax"
        parts = [p for line in sold.lines for p in rates.parts_of(line, sold, known, by_total_tax)]
        shares = [Share(_kind(part, self._settings), part) for part in parts]
        to_cards = _to_cards(refund, paid, left.cards)
        return Taken(paid, (*shares, *self._evened(refund, shares, left, paid)), to_cards)

    def _evened(
        self, refund: Refund, shares: Sequence[Share], left: Left, paid: Paid
    ) -> tuple[Share, ...]:
        """Return the shares that undo what refunds without lines took of these lines' rates."""
        bound = self._bound(len(shares), paid)
        for kind, over in _minus(left.for_lines, shares).items():
            if over < -bound:
                raise _too_much(refund, kind, left.for_lines.get(kind, ZERO) - over, left)
        after = _minus(left.sold, shares)
        excess = {kind: round_ore(-gross) for kind, gross in after.items() if gross < -bound}
        room = {kind: gross for kind, gross in after.items() if gross > ZERO}
        if not excess:
            return ()
        wanted = sum(excess.values(), ZERO)
        if wanted > sum(room.values(), ZERO) + bound:
            kind = next(iter(excess))
            raise _too_much(refund, kind, left.sold.get(kind, ZERO) + excess[kind], left)
        taken = dict(zip(room, spread(wanted, list(room.values())), strict=True))
        moved = {**taken, **{kind: -gross for kind, gross in excess.items()}}
        return self._amounts(moved, left, REFUNDED_BEFORE_TEXTS)

    def _bound(self, shares: int, paid: Paid) -> Decimal:
        return largest_rounding(2 * (len(self._sale.parts) + shares), paid.whole_kroner)

    def _by_amount(self, refund: Refund, left: Left) -> Taken:
        """Return what a refund without lines takes: all that is left, or a share of each kind."""
        amount = round_ore(refund.amount)
        positive = {kind: gross for kind, gross in left.sold.items() if gross > ZERO}
        there = round_ore(sum(positive.values(), ZERO))
        if same_amount(amount, left.money):
            taken, to_cards = dict(left.sold), left.cards
        else:
            shares = spread(min(amount, there), list(positive.values()))
            taken, to_cards = dict(zip(positive, shares, strict=True)), ZERO
        lines = sum(taken.values(), ZERO) - to_cards
        own = replace(self._sale.paid, total=amount, lines=lines, reading="taxes")
        return Taken(own, self._amounts(taken, left, REFUND_TEXTS), to_cards)

    def _amounts(
        self, taken: Amounts, left: Left, texts: Mapping[str, str]
    ) -> tuple[Share, ...]:
        """Return amounts as shares of no line, each with its list price in proportion."""
        text = texts[self._settings.language].format(number=self._sale.order.number)
        return tuple(
            Share(kind, _part(kind, gross, _in_proportion(kind, gross, left), text), of_line=False)
            for kind, gross in taken.items()
            if abs(gross) >= ORE / 2
        )


def _too_much(refund: Refund, kind: Kind, taken: Decimal, left: Left) -> Stopped:
    return hold(
        "refund_exceeds_rate",
        refund=str(refund.id),
        rate=percent(kind.rate.percent),
        refunded=kroner(round_ore(taken)),
        left=kroner(round_ore(left.for_lines.get(kind, ZERO))),
    )


def _in_proportion(kind: Kind, gross: Decimal, left: Left) -> Decimal:
    sold, listed = left.sold.get(kind, ZERO), left.listed.get(kind, ZERO)
    if listed == sold or sold <= ZERO or gross <= ZERO:
        return gross
    return listed if gross == sold else round_six(listed * gross / sold)


def _part(kind: Kind, gross: Decimal, listed: Decimal, text: str) -> Part:
    to_net = 100 / (100 + kind.rate.percent)
    net, list_net = gross * to_net, listed * to_net
    line = Line(kind="product", id=0, name=text, subtotal=list_net, total=net)
    reference = f"{'before' if gross < 0 else 'refund'}-{kind.rate}{'-card' * kind.is_card}"
    return Part(line, reference, kind.rate, list_net, listed - list_net, net, gross - net)


def _to_cards(refund: Refund, paid: Paid, cards: Decimal) -> Decimal:
    """Return what lines are above the money: it goes back to the cards that paid a part."""
    if abs(paid.gap) <= paid.rounding:
        return ZERO
    if ZERO < paid.gap <= cards + paid.rounding:
        return min(round_ore(paid.gap), cards)
    raise hold(
        "refund_lines_do_not_sum",
        refund=str(refund.id),
        lines=kroner(round_ore(paid.lines)),
        amount=kroner(round_ore(paid.total)),
        bound=kroner(paid.rounding),
    )


def _as_sold(order: Order, refund: Refund, settings: Settings) -> Order:
    """Return what a refund takes back as an order of it: positive where the refund is negative."""
    lines = tuple(
        _sold_line(line, _original(line, order), settings)
        for line in refund.lines
        if line.total or line.quantity or any(tax.total for tax in line.taxes)
    )
    given = {"lines": lines, "total": refund.amount, "gift_cards": (), "meta_data": ()}
    return gift_cards.without_codes(order.model_copy(update=given), settings)


def _original(line: Line, order: Order) -> Line | None:
    """Return the order's line that a refund's line is of, as WooCommerce notes it."""
    said = {str(meta.value) for meta in line.meta_data if meta.key == "_refunded_item_id"}
    return next((one for one in order.lines if str(one.id) in said), None)


def _sold_line(line: Line, original: Line | None, settings: Settings) -> Line:
    """Return a refund's line as sold: after discounts, unless these leave the VAT alone.

    Then (question 12) it has its share of the original's list price, so that it returns VAT as
    the order had it. What it was is told by the original: its meta shows a gift card.
    """
    listed = _share_of_list(line, original, settings)
    factor = listed / -line.total if line.total else Decimal(1)
    taxes = tuple(
        Tax(id=tax.id, total=-tax.total, subtotal=round_six(-tax.total * factor))
        for tax in line.taxes
    )
    changed = {"id": line.id, "quantity": -line.quantity, "total": -line.total,
               "total_tax": -line.total_tax, "subtotal": listed, "taxes": taxes}  # fmt: skip
    return (original or line).model_copy(update=changed)


def _share_of_list(line: Line, original: Line | None, settings: Settings) -> Decimal:
    if original is None or settings.discounts.transfer_vat or original.subtotal <= original.total:
        return -line.total
    if original.total:
        return round_six(original.subtotal * -line.total / original.total)
    pieces = original.quantity or Decimal(1)
    return round_six(original.subtotal * -line.quantity / pieces)
