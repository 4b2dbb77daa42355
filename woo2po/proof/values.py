"""The values of the proof: what the shop says, what is booked, and the two side by side. Pure.

Amounts are whole øre (hundredths of the document's currency) and gross, unless they say other;
a refund's and a credit note's are negative. A *kind* tells for the VAT return what an amount is:
"25" (percent) for a sale at home, "SE 25" for another country's VAT, EXPORT for what left the
country without VAT, and NO_VAT for the rest: exempt, gift cards, rounding, discounts without VAT.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar, cast

from woo2po.holds import Hold, Skip
from woo2po.money import Fact, to_ore

Value = TypeVar("Value")
Rates = tuple[tuple[str, int, int], ...]  # kind, net, VAT
COMPANY_CURRENCY = "NOK"  # the ledger's
EXPORT, NO_VAT, UNKNOWN = "52", "0", "?"  # UNKNOWN: of a document whose VAT no list tells
# The SAF-T code of a kind where no posting tells it; 5, 51 and 52 are sales without VAT.
STANDARD_CODES = {"25": "3", "15": "31", "11.11": "32", "12": "33", EXPORT: "52"}
WHOLE = -1  # stands for a refund's id: the way back of an order that was called off
_SHARED: dict[tuple[type, Any], Any] = {}


def shared(value: Value) -> Value:
    """Return one object for equal values: a year has the same days and rates over and over."""
    return cast("Value", _SHARED.setdefault((type(value), value), value))


def ore(amount: Decimal) -> int:
    """Return kroner as whole øre: one object for equal amounts, since prices come again too."""
    return shared(to_ore(amount))


def added(parts: Iterable[tuple[str, int, int]]) -> Rates:
    """Return parts summed by kind, the kinds in order; what comes to nothing is left out."""
    sums: dict[str, tuple[int, int]] = {}
    for kind, net, vat in parts:
        before = sums.get(kind, (0, 0))
        sums[kind] = before[0] + net, before[1] + vat
    return tuple((kind, *both) for kind, both in sorted(sums.items()) if any(both))


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `first` to `last`, both counted."""

    first: date
    last: date

    def __contains__(self, day: date | None) -> bool:
        """Tell whether a day lies in the period; no day lies in none."""
        return day is not None and self.first <= day <= self.last


class Untaxed(NamedTuple):
    """What was paid at home for goods (by SKU), or for freight beside goods with VAT, without VAT.

    `vat` is what is owed of it: of goods their accounts in PowerOffice tell.
    """

    sku: str
    paid: int
    vat: int = 0
    number: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class ShopOrder:
    """An order as the shop has it now.

    `sells`: it is in a status that is to be booked. `day` is its day by question 4, None while
    it is not completed and that is waited for. `paid` is the day on which its money was captured
    (`captured` in all), None for an order whose was not, or that is paid by its invoice;
    `refunds` are ids, those `before` the capture moved no money. `tolerance`: by how much
    the VAT of a rate may differ, since each line is rounded.
    """

    id: int
    number: str
    status: str
    currency: str
    sells: bool
    created: date
    day: date | None
    paid: date | None
    method: str
    account: int | None
    amount: int
    rates: Rates
    tolerance: int
    refunds: tuple[int, ...]
    captured: int
    before: frozenset[int]
    untaxed: tuple[Untaxed, ...]


@dataclass(frozen=True, slots=True)
class ShopRefund:
    """A refund; `amount` and `rates` are negative. `tolerance`: None where no line says its VAT.

    `by_method`: the payment method returned the money itself.
    """

    id: int
    day: date
    amount: int
    rates: Rates
    tolerance: int | None
    by_method: bool


class Posted(NamedTuple):
    """What a document posted on an account, in øre of the company's currency, a sale positive.

    `code` is the SAF-T code, "" where none is told; `account` 0: no posting told it.
    """

    kind: str
    code: str
    account: int
    net: int
    vat: int


@dataclass(slots=True)
class Document:
    """An invoice, credit note or draft (no `invoice_no`) that is ours or credits one of ours.

    `kind`: "sale", "refund" (of `refund_id`), "whole" (the credit note of an order that was
    called off) or "hand" (somebody credited our invoice). `posted`: None where it was not read.
    """

    id: str
    kind: str
    refund_id: int
    generation: int
    invoice_no: int | None
    day: date | None
    total: int
    net: int
    currency: str
    balance: int | None
    posted: tuple[Posted, ...] | None = None


class Movement(NamedTuple):
    """What was posted on a clearing account.

    `refund_id` is 0 for a payment, a refund's id for its way back, WHOLE for that of an order
    that was called off. `number`: of the order that the posting names, where that was not read;
    `payout`: the reference of the payout whose voucher it is.
    """

    account: int
    day: date
    amount: int
    refund_id: int = 0
    number: str = ""
    payout: str = ""


@dataclass(slots=True)
class Case:
    """An order, its refunds, documents and money; `order` is None where the shop has none."""

    id: int
    order: ShopOrder | None = None
    refunds: tuple[ShopRefund, ...] = ()
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

    `code` says what there is to say of it, "" for nothing. `differs`: the two are not the same.
    `money`: a payment, or its way back, on `account` (None: it stands on none). `why`: why what
    is missing is held, or was taken out. `in_kroner`: that it comes to on accounts.
    """

    code: str
    differs: bool
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
    def days(self) -> list[date]:
        """The days of its sides, as far as they have one."""
        sides = (self.shop, self.books)
        return [side.day for side in sides if side is not None and side.day is not None]


class Rules(NamedTuple):
    """What of the settings the comparison needs, and why an order or a refund is held or out."""

    period: Period
    register: bool  # payments are posted by the job
    paybacks: str  # which refunds' money is: "gateway", "always", "never"
    by_balance: bool  # no posting tells its order: an invoice with nothing open counts as paid
    why: Callable[[int], Hold | Skip | None]
