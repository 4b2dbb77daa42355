"""Shares of an order, and what is left of it: gross kroner, by what they were sold as."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from woo2po.mapping import gift_cards
from woo2po.mapping.lines import list_price
from woo2po.mapping.paid import Paid
from woo2po.mapping.sale import Sale
from woo2po.mapping.values import Part, Rate
from woo2po.money import ZERO
from woo2po.settings import Settings


@dataclass(frozen=True, slots=True)
class Kind:
    """What a share was sold as: goods and services of a VAT rate, or a gift card."""

    rate: Rate
    is_card: bool = False


@dataclass(frozen=True, slots=True)
class Share:
    """A share of an order that a refund takes, as if it were sold; `kind` None: a used card.

    `gross` was paid for it. `listed` is what its VAT is of: the same, or the list price where
    discounts leave the VAT alone (question 12). `part` is of a line of the shop; without one it
    is an amount of its kind, called `text`.
    """

    kind: Kind | None
    gross: Decimal
    listed: Decimal
    part: Part | None = None
    text: str = ""


def share_of(part: Part, settings: Settings) -> Share:
    """Return a part of an order, or of a refund turned round, as a share."""
    gross = part.net + part.vat
    listed = gross if settings.discounts.transfer_vat else list_price(part)[1]
    if gift_cards.is_used(part, settings):
        return Share(None, gross, listed, part)
    return Share(Kind(part.rate, gift_cards.is_sold(part.line, settings)), gross, listed, part)


@dataclass(frozen=True, slots=True)
class Taken:
    """What one refund takes: shares, and what goes back to the gift cards that paid a part."""

    paid: Paid
    shares: tuple[Share, ...]
    to_cards: Decimal = ZERO


Amounts = Mapping[Kind, Decimal]


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

    def after(self, taken: Taken) -> "Left":
        """Return what is left when a refund has taken its part."""
        shares = taken.shares
        used = sum((share.gross for share in shares if share.kind is None), ZERO)
        return Left(
            self.money - taken.paid.total,
            minus(self.sold, sold(shares)),
            minus(self.listed, listed(shares)),
            minus(self.for_lines, listed(raising(shares))),
            minus(self.by_amount, listed(shares_of_no_line(shares)), -1),
            self.cards + used - taken.to_cards,
        )


def whole(sale: Sale, settings: Settings) -> Left:
    """Return what there is of an order before any refund."""
    shares = [share_of(part, settings) for part in sale.parts]
    used = -sum((share.gross for share in shares if share.kind is None), ZERO)
    return Left(
        money=sale.paid.total,
        sold=sold(shares),
        listed=listed(shares),
        for_lines=listed(raising(shares)),
        by_amount={},
        cards=used + sum(sale.cards, ZERO),
    )


def raising(shares: Iterable[Share]) -> Iterator[Share]:
    """Yield the shares of lines but for those that lowered the order, as a negative fee."""
    return (share for share in shares if share.part is not None and share.listed > ZERO)


def shares_of_no_line(shares: Iterable[Share]) -> Iterator[Share]:
    """Yield the shares that are amounts."""
    return (share for share in shares if share.part is None)


def sold(shares: Iterable[Share]) -> Amounts:
    """Return what was paid for the shares of each kind."""
    return _summed((share.kind, share.gross) for share in shares)


def listed(shares: Iterable[Share]) -> Amounts:
    """Return what the VAT of the shares of each kind is of."""
    return _summed((share.kind, share.listed) for share in shares)


def _summed(amounts: Iterable[tuple[Kind | None, Decimal]]) -> Amounts:
    sums: dict[Kind, Decimal] = {}
    for kind, amount in amounts:
        if kind is not None:
            sums[kind] = sums.get(kind, ZERO) + amount
    return sums


def minus(amounts: Amounts, less: Amounts, times: int = 1) -> Amounts:
    """Return the difference of amounts, kind by kind."""
    kinds = {**amounts, **less}
    return {kind: amounts.get(kind, ZERO) - times * less.get(kind, ZERO) for kind in kinds}
