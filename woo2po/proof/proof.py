"""The values of the proof, and the sums of what was compared. Pure.

Amounts are whole øre (hundredths of the document's currency) and gross, unless they say other;
a refund's and a credit note's are negative. `Rates` is what stands under each VAT rate.

For each day, rate and account the proof has: what the shop says, what explains that it is booked
otherwise (on another day, rounded, called off), what is booked, and the rest, which differs.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Self, TypeVar, cast

from woo2po.holds import Hold, Skip
from woo2po.money import Fact
from woo2po.page import Origin

Value = TypeVar("Value")
Rates = tuple[tuple[Decimal, int, int], ...]  # percent, net, VAT
UNKNOWN_RATE = Decimal(-1)  # of a document whose VAT is in no list that was read
_NOT_ON_ACCOUNTS = "reconcile_returned_outside"
_SHARED: dict[tuple[type, Any], Any] = {}


def shared(value: Value) -> Value:
    """Return one object for equal values: a year has the same days and rates over and over."""
    return cast("Value", _SHARED.setdefault((type(value), value), value))


def by_rate(rates: Iterable[tuple[Decimal, int, int]]) -> Rates:
    """Return what stands under each rate in order, the lowest first and what has no VAT last."""
    return tuple(sorted(rates, key=lambda one: (not one[0], one[0])))


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

    @property
    def days(self) -> list[date]:
        """The days of its sides, as far as they have one."""
        sides = (self.shop, self.books)
        return [side.day for side in sides if side is not None and side.day is not None]


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


class _Sums:
    """Figures that can be added, name by name."""

    @classmethod
    def of(cls, parts: Iterable[Self]) -> Self:
        """Return parts added together."""
        whole = cls()
        for part in parts:
            for name, value in vars(part).items():
                setattr(whole, name, getattr(whole, name) + value)
        return whole


@dataclass
class ProofSums(_Sums):
    """Sums in øre: `counted` and `booked` are how many make up `shop` and `books`."""

    counted: int = 0
    shop: int = 0
    explained: int = 0
    booked: int = 0
    books: int = 0

    @property
    def differs(self) -> int:
        """What is booked above what the shop and the explanations give."""
        return self.books - self.shop - self.explained

    def add(self, where: str, amount: int) -> None:
        """Add an amount to the sum of that name, and count it there."""
        self.counted += where == "shop"
        self.booked += where == "books"
        setattr(self, where, getattr(self, where) + amount)


@dataclass
class DayTakings(_Sums):
    """What payments brought and refunds took back on a day, as the payment methods did it."""

    payments: int = 0
    paid: int = 0
    refunds: int = 0
    returned: int = 0

    @property
    def net(self) -> int:
        """What is left of the payments."""
        return self.paid + self.returned


@dataclass(slots=True)
class Settlement:
    """What an account's payment methods took in the period, day by day; None: no account set."""

    currency: str
    account: int | None
    methods: set[str] = field(default_factory=set)
    days: dict[date, DayTakings] = field(default_factory=dict)

    @property
    def total(self) -> DayTakings:
        """What was taken on all days."""
        return DayTakings.of(self.days.values())

    def taken(self, day: date, method: str) -> DayTakings:
        """Return what was taken on a day, to be added to; the method is one of the account's."""
        self.methods.add(method)
        return self.days.setdefault(day, DayTakings())


@dataclass(slots=True)
class Proof:
    """The proof of a period.

    `days`, `rates` (net and VAT) and `accounts` are by currency first. `other` is what else was
    posted on an account: payouts, fees. `unfinished` are orders that have no day yet: how many,
    and their sum. `reasons`: why orders and refunds are held or were taken out. `limits` are
    codes of what could not be read. `origin`: which shop and company.
    """

    period: Period
    origin: Origin
    days: dict[tuple[str, date], ProofSums] = field(default_factory=dict)
    rates: dict[tuple[str, Decimal], tuple[ProofSums, ProofSums]] = field(default_factory=dict)
    accounts: dict[tuple[str, int | None], ProofSums] = field(default_factory=dict)
    settlements: list[Settlement] = field(default_factory=list)
    other: dict[int, int] = field(default_factory=dict)
    differences: list[Pair] = field(default_factory=list)
    explained: list[Pair] = field(default_factory=list)
    reasons: Mapping[int, Hold | Skip] = field(default_factory=dict)
    unfinished: int = 0
    unfinished_sum: int = 0
    orders: int = 0
    refunds: int = 0
    limits: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)

    @property
    def agrees(self) -> bool:
        """Whether nothing differs."""
        return not self.differences

    def total(self, currency: str) -> ProofSums:
        """Return the sums of all days in a currency."""
        return ProofSums.of(sums for (own, _), sums in self.days.items() if own == currency)

    @property
    def currencies(self) -> list[str]:
        """The currencies that something was sold or booked in, the company's first."""
        found = {currency for currency, _ in self.days} | {"NOK"}
        return sorted(found, key=lambda currency: (currency != "NOK", currency))

    def take(self, pairs: Iterable[Pair]) -> None:
        """Add pairs to the sums, and those of the period that there is something to say of."""
        for pair in pairs:
            if pair.code != _NOT_ON_ACCOUNTS:
                self._add(pair)
            # What has no day yet, a draft, stands there now.
            of_period = any(day in self.period for day in pair.days) or not pair.days
            if pair.code and of_period:
                (self.differences if pair.differs else self.explained).append(pair)

    def _add(self, pair: Pair) -> None:
        if pair.money:
            on_account = self.accounts.setdefault((pair.currency, pair.account), ProofSums())
        for where, side, sign in _parts(pair):
            if side.day is None or side.day not in self.period:
                continue
            if pair.money:
                on_account.add(where, sign * side.amount)
                continue
            if where == "shop":
                self.refunds += side.amount < 0
                self.orders += side.amount >= 0
            day = self.days.setdefault((pair.currency, side.day), ProofSums())
            day.add(where, sign * side.amount)
            for percent, *amounts in side.rates:
                both = self.rates.setdefault((pair.currency, percent), (ProofSums(), ProofSums()))
                for sums, amount in zip(both, amounts, strict=True):
                    sums.add(where, sign * amount)

    def take_movements(self, movements: Iterable[Movement]) -> None:
        """Add what was posted on clearing accounts by others than the job, of the period."""
        for one in movements:
            if one.day in self.period:
                self.other[one.account] = self.other.get(one.account, 0) + one.amount

    def take_settlements(
        self, orders: Iterable[ShopOrder], refunds: Mapping[int, Iterable[ShopRefund]]
    ) -> None:
        """Add what the payment methods took, by account and day; refunds by their order's id.

        Counted is what was paid and what the methods returned, whatever became of the order.
        """
        found: dict[tuple[str, int | None], Settlement] = {}
        for order in orders:
            key = order.currency, order.account
            own = found.setdefault(key, Settlement(*key))
            if order.paid is not None and order.paid in self.period and order.total:
                day = own.taken(order.paid, order.method)
                day.payments, day.paid = day.payments + 1, day.paid + order.total
            for refund in refunds.get(order.id, ()):
                if refund.by_method and refund.amount and refund.day in self.period:
                    day = own.taken(refund.day, order.method)
                    day.refunds, day.returned = day.refunds + 1, day.returned + refund.amount
        in_order = sorted(found.items(), key=lambda one: str(one[0]))
        self.settlements += [own for _, own in in_order if own.days]

    def in_order(self) -> None:
        """Put what was found in the order in which it is shown: by day, then by order."""
        for pairs in (self.differences, self.explained):
            pairs.sort(key=lambda one: (min(one.days, default=date.max), one.order_id, one.code))
        self.days = dict(sorted(self.days.items()))
        self.rates = dict(sorted(self.rates.items(), key=lambda one: (one[0][0], -one[0][1])))
        self.accounts = dict(sorted(self.accounts.items(), key=lambda one: str(one[0])))


def _parts(pair: Pair) -> Iterator[tuple[str, ProofSide, int]]:
    """Yield to which sum a pair adds what: the sum's name, a side, and its sign.

    What differs is moved to the day on which it is booked, and differs there.
    """
    shop, books = pair.shop, pair.books
    if shop is not None:
        yield "shop", shop, 1
    if books is not None:
        yield "books", books, 1
    if shop is not None and books is not None:
        yield "explained", shop, -1
        moved = ProofSide(books.day, shop.amount, shop.rates) if pair.differs else books
        yield "explained", moved, 1
    elif not pair.differs:
        for side, sign in ((shop, -1), (books, 1)):
            if side is not None:
                yield "explained", side, sign
