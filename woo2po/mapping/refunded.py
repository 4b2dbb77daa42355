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

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from woo2po.catalogue import Catalogue
from woo2po.mapping import gift_cards, rates
from woo2po.mapping.lines import list_price
from woo2po.mapping.paid import Paid, largest_rounding, paid_for
from woo2po.mapping.refund_lines import as_sold
from woo2po.mapping.sale import Sale
from woo2po.mapping.texts import REFUND_TEXTS, REFUNDED_BEFORE_TEXTS
from woo2po.mapping.values import Part, Rate, Stopped, hold
from woo2po.money import ORE, ZERO, kroner, percent, round_ore, round_six, same_amount, spread
from woo2po.order import Line, Refund
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
    `for_lines`: what lines may still take of what raised the total; `by_amount`: what refunds
    without lines took of it.
    """

    money: Decimal
    sold: Amounts
    listed: Amounts
    for_lines: Amounts
    by_amount: Amounts
    cards: Decimal

    def after(self, taken: Taken) -> "Left":
        """Return what is left when a refund has taken its part."""
        shares = taken.shares
        used = sum((share.gross for share in shares if share.kind is None), ZERO)
        return Left(
            self.money - taken.paid.total,
            _minus(self.sold, _gross(shares)),
            _minus(self.listed, _gross(shares, listed=True)),
            _minus(self.for_lines, _gross(_raising(shares))),
            _plus(self.by_amount, _gross(share for share in shares if not share.of_line)),
            self.cards + used - taken.to_cards,
        )


def whole(sale: Sale, settings: Settings) -> Left:
    """Return what there is of an order before any refund."""
    shares = [Share(_kind(part, settings), part) for part in sale.parts]
    used = -sum((share.gross for share in shares if share.kind is None), ZERO)
    return Left(
        money=sale.paid.total,
        sold=_gross(shares),
        listed=_gross(shares, listed=True),
        for_lines=_gross(_raising(shares)),
        by_amount={},
        cards=used + sum(sale.cards, ZERO),
    )


def _raising(shares: Iterable[Share]) -> Iterator[Share]:
    """Yield the shares of lines but for those that lowered the order, as a negative fee."""
    return (share for share in shares if share.of_line and share.gross > ZERO)


def _gross(shares: Iterable[Share], *, listed: bool = False) -> Amounts:
    sums: dict[Kind, Decimal] = {}
    for share in shares:
        if share.kind is not None:
            gross = list_price(share.part)[1] if listed else share.gross
            sums[share.kind] = sums.get(share.kind, ZERO) + gross
    return sums


def _plus(amounts: Amounts, more: Amounts) -> Amounts:
    return {kind: amounts.get(kind, ZERO) + more.get(kind, ZERO) for kind in {**amounts, **more}}


def _minus(amounts: Amounts, less: Amounts) -> Amounts:
    return {kind: amounts.get(kind, ZERO) - less.get(kind, ZERO) for kind in {**amounts, **less}}


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
                taken = self.taken_by(refund, left)
            except Stopped:
                taken = self._by_amount(refund, left)
            left = left.after(taken)
        return left

    def taken_by(self, refund: Refund, left: Left) -> Taken:
        """Return what a refund takes of what is left. Raises Stopped (a Hold) if it cannot."""
        return self._by_lines(refund, left) if refund.lines else self._by_amount(refund, left)

    def _by_lines(self, refund: Refund, left: Left) -> Taken:
        sold = as_sold(self._sale.order, refund, self._settings)
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
        for_lines = _minus(left.for_lines, _gross(_raising(shares)))
        for kind, gross in for_lines.items():
            if gross < -bound:
                raise _too_much(refund, kind, -gross, left)
        still = _minus(for_lines, left.by_amount)
        excess = {kind: round_ore(-gross) for kind, gross in still.items() if gross < -bound}
        if not excess:
            return ()
        after = _minus(left.sold, _gross(shares))
        room = {kind: gross for kind, gross in after.items() if gross > ZERO and kind not in excess}
        wanted = sum(excess.values(), ZERO)
        if wanted > sum(room.values(), ZERO) + bound:
            kind, over = next(iter(excess.items()))
            raise _too_much(refund, kind, over, left)
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

    def _amounts(self, taken: Amounts, left: Left, texts: Mapping[str, str]) -> tuple[Share, ...]:
        """Return amounts as shares of no line, each with its list price in proportion."""
        text = texts[self._settings.language].format(number=self._sale.order.number)
        return tuple(
            Share(kind, _part(kind, gross, _in_proportion(kind, gross, left), text), of_line=False)
            for kind, gross in taken.items()
            if abs(gross) >= ORE / 2
        )


def _too_much(refund: Refund, kind: Kind, over: Decimal, left: Left) -> Stopped:
    there = left.for_lines.get(kind, ZERO)
    return hold(
        "refund_exceeds_rate",
        refund=str(refund.id),
        rate=percent(kind.rate.percent),
        refunded=kroner(round_ore(there + over)),
        left=kroner(round_ore(there)),
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
