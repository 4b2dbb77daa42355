"""What each refund of an order takes of it, and so what is left for the next.

A refund with lines takes those; one without takes a share of what is left of each VAT rate; and
one without lines that returns the last of the money takes all that is left. So the credit notes
of an order never come to more VAT of a rate than the order had (before a negative fee took of it):

- an amount takes of a rate at most what is left of it;
- lines may pass what is left of their rate only by rounding (`_bound`), counted over all
  refunds together, or by what an earlier refund without lines took of that rate: that goes back
  to the rate and is taken of the others;
- else the refund is held.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from woo2po.catalogue import Catalogue
from woo2po.mapping import rates
from woo2po.mapping.paid import Paid, largest_rounding, paid_for
from woo2po.mapping.refund_lines import as_sold
from woo2po.mapping.sale import Sale
from woo2po.mapping.shares import (
    Amounts,
    Kind,
    Left,
    Share,
    Taken,
    listed,
    minus,
    raising,
    share_of,
    sold,
    whole,
)
from woo2po.mapping.texts import REFUND_TEXTS, REFUNDED_BEFORE_TEXTS
from woo2po.mapping.values import Stopped, hold
from woo2po.money import ORE, ZERO, kroner, percent, round_ore, round_six, same_amount, spread
from woo2po.order import Refund
from woo2po.settings import Settings


class Reckoning:
    """What the refunds of one order take of it, one after the other."""

    def __init__(self, sale: Sale, settings: Settings, catalogue: Catalogue) -> None:
        self._sale = sale
        self._settings = settings
        self._catalogue = catalogue

    def left_after(self, refunds: Sequence[Refund]) -> Left:
        """Return what these refunds leave; one whose lines are held took an amount."""
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
        given = as_sold(self._sale.order, refund, self._settings)
        own = paid_for(given, ZERO)
        whole_kroner = own.whole_kroner or self._sale.paid.whole_kroner
        rounding = largest_rounding(2 * len(given.lines), whole_kroner)
        paid = replace(own, whole_kroner=whole_kroner, rounding=rounding)
        known = rates.rates_of(given, self._catalogue)
        known.update(rates.rates_of(self._sale.order, self._catalogue))
        by_total_tax = paid.reading == "total_tax"
        shares = [
            share_of(part, self._settings)
            for line in given.lines
            for part in rates.parts_of(line, given, known, by_total_tax)
        ]
        to_cards = _to_cards(refund, paid, left.cards)
        return Taken(paid, (*shares, *self._evened(refund, shares, left, paid)), to_cards)

    def _evened(
        self, refund: Refund, shares: Sequence[Share], left: Left, paid: Paid
    ) -> tuple[Share, ...]:
        """Return the shares that undo what refunds without lines took of these lines' rates."""
        bound = self._bound(len(shares), paid)
        for_lines = minus(left.for_lines, listed(raising(shares)))
        for kind, gross in for_lines.items():
            if gross < -bound:
                raise _too_much(refund, kind, -gross, left)
        still = minus(for_lines, left.by_amount)
        excess = {kind: round_ore(-gross) for kind, gross in still.items() if gross < -bound}
        if not excess:
            return ()
        after = minus(left.sold, sold(shares)).items()
        room = {kind: gross for kind, gross in after if gross > ZERO and kind not in excess}
        wanted = sum(excess.values(), ZERO)
        # Where discounts leave the VAT alone, the two sides would return other VAT than money.
        no_room = wanted > sum(room.values(), ZERO) + bound
        if no_room or left.listed != left.sold:
            kind, over = next(iter(excess.items()))
            raise _too_much(refund, kind, over, left)
        taken = dict(zip(room, spread(wanted, list(room.values())), strict=True))
        moved = {**taken, **{kind: -gross for kind, gross in excess.items()}}
        return self._amounts(moved, moved, REFUNDED_BEFORE_TEXTS)

    def _bound(self, shares: int, paid: Paid) -> Decimal:
        return largest_rounding(2 * (len(self._sale.parts) + shares), paid.whole_kroner)

    def _by_amount(self, refund: Refund, left: Left) -> Taken:
        """Return what a refund without lines takes: all that is left, or a share of each kind."""
        amount = round_ore(refund.amount)
        if same_amount(amount, left.money):
            taken, taken_listed, to_cards = left.sold, left.listed, left.cards
        else:
            taken, to_cards = _in_shares(amount, left), ZERO
            taken_listed = {kind: _listed(kind, gross, left) for kind, gross in taken.items()}
        lines = sum(taken.values(), ZERO) - to_cards
        own = replace(self._sale.paid, total=amount, lines=lines, reading="taxes")
        return Taken(own, self._amounts(taken, taken_listed, REFUND_TEXTS), to_cards)

    def _amounts(
        self, taken: Amounts, taken_listed: Amounts, texts: Mapping[str, str]
    ) -> tuple[Share, ...]:
        text = texts[self._settings.language].format(number=self._sale.order.number)
        return tuple(
            Share(kind, gross, taken_listed[kind], text=text)
            for kind, gross in taken.items()
            if max(abs(gross), abs(taken_listed[kind])) >= ORE / 2
        )


def _in_shares(amount: Decimal, left: Left) -> Amounts:
    """Return an amount spread over what is left of each kind, and no more than that."""
    positive = {kind: gross for kind, gross in left.sold.items() if gross > ZERO}
    there = round_ore(sum(positive.values(), ZERO))
    return dict(zip(positive, spread(min(amount, there), list(positive.values())), strict=True))


def _listed(kind: Kind, gross: Decimal, left: Left) -> Decimal:
    """Return what an amount was at list price, as what is left of its kind was.

    Spread to whole øre, an amount may be part of an øre more than what is left.
    """
    there, there_listed = left.sold[kind], left.listed[kind]
    if there == there_listed:
        return gross
    return round_six(there_listed * min(gross / there, Decimal(1)))


def _too_much(refund: Refund, kind: Kind, over: Decimal, left: Left) -> Stopped:
    there = left.for_lines.get(kind, ZERO)
    return hold(
        "refund_exceeds_rate",
        refund=str(refund.id),
        rate=percent(kind.rate.percent),
        over=kroner(round_ore(over)),
        left=kroner(round_ore(there)),
    )


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
