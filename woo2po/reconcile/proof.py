"""The month's proof: the sums of all pairs, what differs, what is explained. Pure.

For each day, rate and account: what the shop has, what explains that it is booked otherwise (on
another day, rounded, called off), what is booked, and the rest, which differs.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from woo2po.money import Fact
from woo2po.page import Origin
from woo2po.reconcile.values import (
    Movement,
    Pair,
    Period,
    ProofSide,
    Rates,
    ShopOrder,
    ShopRefund,
)

NOT_ON_ACCOUNTS = "reconcile_returned_outside"


@dataclass(slots=True)
class ProofSums:
    """ProofSums in øre: `counted` and `booked` are how many make up `shop` and `books`."""

    counted: int = 0
    shop: int = 0
    explained: int = 0
    booked: int = 0
    books: int = 0

    @property
    def differs(self) -> int:
        """What is booked above what the shop and the explanations give."""
        return self.books - self.shop - self.explained

    def add(self, other: "ProofSums") -> None:
        """Add other sums to these."""
        self.counted += other.counted
        self.shop += other.shop
        self.explained += other.explained
        self.booked += other.booked
        self.books += other.books


@dataclass(slots=True)
class DayTakings:
    """What payments brought and refunds took back on a day, as the payment methods did it."""

    payments: int = 0
    paid: int = 0
    refunds: int = 0
    returned: int = 0

    @property
    def net(self) -> int:
        """What is left of the payments."""
        return self.paid + self.returned

    def add(self, other: "DayTakings") -> None:
        """Add what was taken otherwise to this."""
        self.payments += other.payments
        self.paid += other.paid
        self.refunds += other.refunds
        self.returned += other.returned


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an order is held or was taken out, as the state database knows it."""

    code: str
    facts: Mapping[str, Fact]


@dataclass(frozen=True, slots=True)
class Settlement:
    """What an account's payment methods took in the period, day by day; None: no account set."""

    currency: str
    account: int | None
    methods: tuple[str, ...]
    days: Mapping[date, DayTakings]
    total: DayTakings


@dataclass(slots=True)
class Proof:
    """The proof of a period.

    `days`, `rates` (net and VAT) and `accounts` are by currency first. `other` is what else was
    posted on an account: payouts, fees. `unfinished` are orders that have no day yet: how many,
    and their sum. `limits` are codes of what could not be read. `origin`: which shop and company.
    """

    period: Period
    days: dict[tuple[str, date], ProofSums] = field(default_factory=dict)
    rates: dict[tuple[str, Decimal], tuple[ProofSums, ProofSums]] = field(default_factory=dict)
    accounts: dict[tuple[str, int | None], ProofSums] = field(default_factory=dict)
    settlements: list[Settlement] = field(default_factory=list)
    other: dict[int, int] = field(default_factory=dict)
    differences: list[Pair] = field(default_factory=list)
    explained: list[Pair] = field(default_factory=list)
    reasons: Mapping[int, Reason] = field(default_factory=dict)
    unfinished: int = 0
    unfinished_sum: int = 0
    orders: int = 0
    refunds: int = 0
    limits: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)
    origin: Origin | None = None

    @property
    def agrees(self) -> bool:
        """Whether nothing differs."""
        return not self.differences

    def total(self, currency: str) -> ProofSums:
        """Return the sums of all days in a currency."""
        whole = ProofSums()
        for (own, _), sums in self.days.items():
            if own == currency:
                whole.add(sums)
        return whole

    @property
    def currencies(self) -> list[str]:
        """The currencies that something was sold or booked in, the company's first."""
        found = {currency for currency, _ in self.days} | {"NOK"}
        return sorted(found, key=lambda currency: (currency != "NOK", currency))

    def take(self, pairs: Iterable[Pair]) -> None:
        """Add pairs to the sums, and those of the period that there is something to say of."""
        for pair in pairs:
            if pair.money:
                self._take_money(pair)
            else:
                self._take_sale(pair)
            if pair.code and self._is_of_period(pair):
                (self.differences if pair.differs else self.explained).append(pair)

    def _is_of_period(self, pair: Pair) -> bool:
        days = [side.day for side in (pair.shop, pair.books) if side is not None]
        # What has no day yet, a draft, stands there now.
        return any(day in self.period for day in days) or not any(days)

    def _take_sale(self, pair: Pair) -> None:
        for side, shop in ((pair.shop, True), (pair.books, False)):
            if side is None or side.day is None or side.day not in self.period:
                continue
            if shop:
                self._count(side)
            day = self._day(pair.currency, side.day)
            if shop:
                day.counted, day.shop = day.counted + 1, day.shop + side.amount
            else:
                day.booked, day.books = day.booked + 1, day.books + side.amount
            self._add_rates(pair.currency, side.rates, "shop" if shop else "books", 1)
        for side, sign in _explained(pair):
            if side.day is not None and side.day in self.period:
                self._day(pair.currency, side.day).explained += sign * side.amount
                self._add_rates(pair.currency, side.rates, "explained", sign)

    def _count(self, side: ProofSide) -> None:
        if side.amount < 0:
            self.refunds += 1
        else:
            self.orders += 1

    def _take_money(self, pair: Pair) -> None:
        if pair.code == NOT_ON_ACCOUNTS:
            return
        sums = self.accounts.setdefault((pair.currency, pair.account), ProofSums())
        if pair.shop is not None and pair.shop.day in self.period:
            sums.counted, sums.shop = sums.counted + 1, sums.shop + pair.shop.amount
        if pair.books is not None and pair.books.day in self.period:
            sums.booked, sums.books = sums.booked + 1, sums.books + pair.books.amount
        for side, sign in _explained(pair):
            if side.day in self.period:
                sums.explained += sign * side.amount

    def _day(self, currency: str, day: date) -> ProofSums:
        return self.days.setdefault((currency, day), ProofSums())

    def _add_rates(self, currency: str, rates: Rates, where: str, sign: int) -> None:
        for percent, net, vat in rates:
            both = self.rates.setdefault((currency, percent), (ProofSums(), ProofSums()))
            for sums, amount in zip(both, (net, vat), strict=True):
                setattr(sums, where, getattr(sums, where) + sign * amount)

    def take_movements(self, movements: Iterable[Movement]) -> None:
        """Add what was posted on clearing accounts by others than the job, of the period."""
        for one in movements:
            if one.day in self.period:
                self.other[one.account] = self.other.get(one.account, 0) + one.amount

    def in_order(self) -> None:
        """Put what was found in the order in which it is shown: by day, then by order."""
        self.differences.sort(key=_place)
        self.explained.sort(key=_place)
        self.days = dict(sorted(self.days.items()))
        self.rates = dict(sorted(self.rates.items(), key=lambda one: (one[0][0], -one[0][1])))
        self.accounts = dict(sorted(self.accounts.items(), key=lambda one: str(one[0])))


def _explained(pair: Pair) -> Iterator[tuple[ProofSide, int]]:
    """Yield what explains the difference between the two sides of a pair: a side and its sign.

    What differs is moved to the day on which it is booked, and differs there.
    """
    if pair.shop is not None and pair.books is not None:
        yield pair.shop, -1
        moved = ProofSide(pair.books.day, pair.shop.amount, pair.shop.rates)
        yield (moved if pair.differs else pair.books), 1
    elif not pair.differs and pair.shop is not None:
        yield pair.shop, -1
    elif not pair.differs and pair.books is not None:
        yield pair.books, 1


def _place(pair: Pair) -> tuple[date, int, str]:
    days = [side.day for side in (pair.shop, pair.books) if side is not None and side.day]
    return min(days, default=date.max), pair.order_id, pair.code


def settlements(
    period: Period, orders: Iterable[ShopOrder], refunds: Mapping[int, Iterable[ShopRefund]]
) -> list[Settlement]:
    """Return what the payment methods took in a period, by account and day.

    Counted is what was paid and what the methods returned, whatever became of the order.
    """
    taken: dict[tuple[str, int | None], dict[date, DayTakings]] = {}
    methods: dict[tuple[str, int | None], set[str]] = {}
    for order in orders:
        key = order.currency, order.account
        if order.paid is not None and order.paid in period and order.total:
            day = taken.setdefault(key, {}).setdefault(order.paid, DayTakings())
            day.payments, day.paid = day.payments + 1, day.paid + order.total
            methods.setdefault(key, set()).add(order.method)
        for refund in refunds.get(order.id, ()):
            if refund.by_method and refund.amount and refund.day in period:
                day = taken.setdefault(key, {}).setdefault(refund.day, DayTakings())
                day.refunds, day.returned = day.refunds + 1, day.returned + refund.amount
                methods.setdefault(key, set()).add(order.method)
    return [
        Settlement(
            key[0], key[1], tuple(sorted(methods[key])), dict(sorted(days.items())), _sum(days)
        )
        for key, days in sorted(taken.items(), key=lambda one: str(one[0]))
    ]


def _sum(days: Mapping[date, DayTakings]) -> DayTakings:
    whole = DayTakings()
    for day in days.values():
        whole.add(day)
    return whole
