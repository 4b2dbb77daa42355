"""The values of the proof: what the shop says, what is booked, and the two side by side. Pure.

Amounts are whole øre (hundredths of the document's currency) and gross, unless they say other;
a refund's and a credit note's are negative. A *kind* tells for the VAT return what an amount is:
"25" (percent) for a sale at home, "SE 25" for another country's VAT, EXPORT for what left the
country without VAT, and NO_VAT for the rest: exempt, gift cards, rounding, discounts without VAT.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar, cast

from woo2po.holds import Hold, Skip
from woo2po.money import Fact, to_ore

Value = TypeVar("Value")
COMPANY_CURRENCY = "NOK"  # the ledger's
EXPORT, NO_VAT, UNKNOWN = "52", "0", "?"  # UNKNOWN: of a document whose VAT no list tells
# The SAF-T code of a kind where no posting tells it; 5, 51 and 52 are sales without VAT.
STANDARD_CODES = {"25": "3", "15": "31", "11.11": "32", "12": "33", EXPORT: "52"}
# What a document or a movement is of, beside a refund by its id: the sale; an order that was called
# off, as a whole; what somebody credited by hand.
SALE, WHOLE, BY_HAND = 0, -1, -2
# What there may be to say of a pair that is not wrong.
EXPLAINED = frozenset({"", "other_period", "called_off", "returned_before", "skipped", "payout_day",
                       "hand_credited", "payment_day", "paid_out_before"})  # fmt: skip
_SHARED: dict[tuple[type, Any], Any] = {}


def shared(value: Value) -> Value:
    """Return one object for equal values: a year has the same days and rates over and over."""
    return cast("Value", _SHARED.setdefault((type(value), value), value))


def ore(amount: Decimal) -> int:
    """Return kroner as whole øre: one object for equal amounts, since prices come again too."""
    return shared(to_ore(amount))


class Posted(NamedTuple):
    """A part of a sale as posted, a sale positive; code "" and account 0 where none is told."""

    kind: str
    code: str
    account: int
    net: int
    vat: int


def summed(parts: Iterable[Posted]) -> tuple[Posted, ...]:
    """Return parts with one for each kind, code and account; what comes to nothing is left out."""
    sums: dict[tuple[str, str, int], list[int]] = {}
    for one in parts:
        both = sums.setdefault(one[:3], [0, 0])
        both[0] += one.net
        both[1] += one.vat
    rows = (Posted(*under, *map(shared, both)) for under, both in sorted(sums.items()))
    return tuple(one for one in rows if one.net or one.vat)


def summing_to(parts: Sequence[Posted], net: int, vat: int) -> tuple[Posted, ...]:
    """Return parts that sum to net and VAT: what rounding left over stands with the largest."""
    parts = parts or (Posted(NO_VAT, "", 0, 0, 0),)
    largest = max(parts, key=lambda one: (abs(one.vat), abs(one.net)))
    net += largest.net - sum(one.net for one in parts)
    vat += largest.vat - sum(one.vat for one in parts)
    return tuple(one._replace(net=net, vat=vat) if one is largest else one for one in parts)


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `first` to `last`, both counted."""

    first: date
    last: date

    def __contains__(self, day: date | None) -> bool:
        """Tell whether a day lies in the period; no day lies in none."""
        return day is not None and self.first <= day <= self.last


class Said(NamedTuple):
    """What the shop says of a sale, or of a refund (its amounts are negative); `of` tells which.

    `day` of a sale is that of question 4: None while it is not completed and that is waited for.
    `tolerance`: by how much the VAT of a rate may differ, since each line is rounded; None where
    no line says its VAT. `by_method`: the payment method returned the money itself. `cards`: for
    how much gift cards were sold, or given back. `otherwise`: the rates were question 12 answered
    the other way, where that differs.
    """

    of: int
    day: date | None
    amount: int
    rates: tuple[Posted, ...]
    tolerance: int | None
    by_method: bool = False
    cards: int = 0
    otherwise: tuple[Posted, ...] = ()


@dataclass(frozen=True, slots=True)
class ShopOrder:
    """An order as the shop has it now.

    `sells`: it is in a status that is to be booked. `paid` is the day on which its money was
    captured (`captured` in all), None for an order whose was not, or that is paid by its invoice.
    `transaction` is the provider's own id of the payment.
    `refunds` are ids; those `before` the capture moved no money. `untaxed` is what was sold at home
    without VAT: SKU ("": freight beside goods with VAT), what was paid, and the VAT of freight.
    """

    id: int
    number: str
    status: str
    currency: str
    sells: bool
    created: date
    paid: date | None
    method: str
    transaction: str
    account: int | None
    sale: Said
    refunds: tuple[int, ...]
    captured: int
    before: frozenset[int]
    untaxed: tuple[tuple[str, int, int], ...]


@dataclass(slots=True)
class Document:
    """An invoice, credit note or draft (no `invoice_no`) that is ours or credits one of ours.

    `posted`: what the ledger has of it; None where that was not read. `fits`: it sums to the
    document's own net and VAT.
    """

    id: str
    of: int
    generation: int
    invoice_no: int | None
    day: date | None
    total: int
    net: int
    currency: str
    balance: int | None
    posted: tuple[Posted, ...] | None = None
    fits: bool = True


class Movement(NamedTuple):
    """What was posted on a clearing account.

    `number`: of the order that the posting names, where that was not read; `payout`: the reference
    of the payout whose voucher it is.
    """

    account: int
    day: date
    amount: int
    of: int = SALE
    number: str = ""
    payout: str = ""


@dataclass(slots=True)
class Case:
    """An order, its refunds, documents and money; `order` is None where the shop has none."""

    id: int
    order: ShopOrder | None = None
    refunds: tuple[Said, ...] = ()
    documents: tuple[Document, ...] = ()
    movements: tuple[Movement, ...] = ()


class Side(NamedTuple):
    """An amount on one side, with its day, and what it comes to on accounts."""

    day: date | None
    amount: int
    posted: tuple[Posted, ...] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """What belongs together on both sides, either of which may be missing.

    `code` says what there is to say of it: "" for nothing, "elsewhere" for nothing beside another.
    `money`: a payment, or its way back, on `account` (None: it stands on none). `why`: why what is
    missing is held, or was taken out. `in_kroner`: that it comes to on accounts.
    """

    code: str
    order_id: int
    number: str
    currency: str = COMPANY_CURRENCY
    shop: Side | None = None
    books: Side | None = None
    facts: Mapping[str, Fact] = field(default_factory=dict)
    in_kroner: bool = True
    money: bool = False
    account: int | None = None
    why: Hold | Skip | None = None

    @property
    def differs(self) -> bool:
        """Whether the two are not the same for no reason that is known."""
        return self.code not in EXPLAINED

    @property
    def off(self) -> int:
        """By how much more is booked than the shop says."""
        return (self.books.amount if self.books else 0) - (self.shop.amount if self.shop else 0)

    @property
    def days(self) -> list[date]:
        """The days of its sides, as far as they have one."""
        sides = (self.shop, self.books)
        return [side.day for side in sides if side is not None and side.day is not None]
