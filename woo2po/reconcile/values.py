"""The values of the proof: what the shop says, what is booked, and what a comparison found.

Amounts are whole øre (hundredths of the document's currency) and gross, unless they say other;
a refund's and a credit note's are negative. `Rates` is what stands under each VAT rate.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar, cast

from woo2po.money import Fact

Value = TypeVar("Value")
Rates = tuple[tuple[Decimal, int, int], ...]  # percent, net, VAT
UNKNOWN_RATE = Decimal(-1)  # of a document whose VAT is in no list that was read


_SHARED: dict[tuple[type, Any], Any] = {}


def shared(value: Value) -> Value:
    """Return one object for equal values: a year has the same days and rates over and over."""
    return cast("Value", _SHARED.setdefault((type(value), value), value))


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `first` to `last`, both counted."""

    first: date
    last: date

    def __contains__(self, day: date | None) -> bool:
        """Tell whether a day lies in the period; no day lies in none."""
        return day is not None and self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class ShopOrder:
    """An order as the shop has it now.

    `sells`: it is in a status that is to be booked. `day` is its day by question 4, None while
    it is not completed and that is waited for. `paid` is the day of its payment, None for an
    order that is not paid or is paid by its invoice. `refunds` are ids. `tolerance`: by how much
    the VAT of a rate may differ, since each line is rounded.
    """

    id: int
    number: str
    status: str
    currency: str
    sells: bool
    day: date | None
    paid: date | None
    method: str
    account: int | None
    total: int
    rates: Rates
    tolerance: int
    refunds: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ShopRefund:
    """A refund; `amount` and `rates` are negative. `stated`: its lines say its VAT.

    `by_method`: the payment method returned the money itself.
    """

    id: int
    order_id: int
    day: date
    amount: int
    rates: Rates
    stated: bool
    tolerance: int
    by_method: bool


@dataclass(frozen=True, slots=True)
class Document:
    """An invoice, credit note or draft (no `invoice_no`) that is ours or credits one of ours.

    `kind`: "sale", "refund" (of `refund_id`), "whole" (the credit note of an order that was
    called off) or "hand" (somebody credited our invoice).
    """

    id: str
    order_id: int
    kind: str
    refund_id: int
    generation: int
    invoice_no: int | None
    day: date | None
    total: int
    net: int
    currency: str
    balance: int | None
    rates: Rates | None = None


@dataclass(frozen=True, slots=True)
class Movement:
    """What was posted on a clearing account; `order_id` 0 for what names no order of ours.

    `refund_id` is 0 for a payment, a refund's id for its way back, -1 for that of an order that
    was called off.
    """

    account: int
    day: date
    amount: int
    order_id: int
    refund_id: int


@dataclass(frozen=True, slots=True)
class ProofSide:
    """An amount on one side, with its day."""

    day: date | None
    amount: int
    rates: Rates = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """What belongs together on both sides, either of which may be missing.

    `code` says what there is to say of it, "" for nothing. `differs`: the two are not the same.
    """

    code: str
    differs: bool
    order_id: int
    number: str
    currency: str
    shop: ProofSide | None = None
    books: ProofSide | None = None
    facts: Mapping[str, Fact] = field(default_factory=dict)
    document_id: str = ""
    money: bool = False  # a payment, or its way back, on `account`
    account: int | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """What of the settings the comparison needs.

    `register`: payments are posted by the job. `paybacks`: which refunds' money is ("gateway",
    "always", "never"). `skipped`: orders that were taken out, with the reason's code.
    """

    period: Period
    register: bool
    paybacks: str
    skipped: frozenset[int] = frozenset()
