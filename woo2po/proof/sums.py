"""The proof of a period: the sums of what was compared, and the lists that bear them out. Pure.

For each day, VAT code and account it has what the shop says, what explains that it is booked
otherwise (on another day, rounded, called off), what is booked, and the rest, which differs.
Amounts are whole øre.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from woo2po.holds import Hold, Skip
from woo2po.page import Origin
from woo2po.payouts.payout import BY_ITSELF, COSTS, Kind
from woo2po.proof.values import (
    COMPANY_CURRENCY,
    NO_VAT,
    STANDARD_CODES,
    Movement,
    OpenItem,
    Pair,
    Period,
    Posted,
    ProofSide,
    ShopOrder,
)
from woo2po.record import PayoutRecord

UNKNOWN = "?"  # the kind of a document whose VAT is in no list that was read


class Under(NamedTuple):
    """What a row of the turnover is for; `account` 0: no posting told it."""

    currency: str
    kind: str
    code: str
    account: int


@dataclass
class ProofSums:
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

    def take(self, other: "ProofSums") -> None:
        """Add another one's sums."""
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)


@dataclass(slots=True)
class OfOrder:
    """What stands on a clearing account of an order, and what payouts brought of it.

    `day` is that of its first posting, `paid_day` of the first payout that has a part of it.
    """

    captured: int = 0
    returned: int = 0
    day: date | None = None
    paid: int = 0
    paid_back: int = 0
    disputed: int = 0
    paid_day: date | None = None

    @property
    def left(self) -> int:
        """What no payout has brought (or taken) yet."""
        return self.captured + self.returned - self.paid - self.paid_back - self.disputed


@dataclass
class Clearing:
    """A clearing account: its balance from day to day, and what is left of each order.

    `opening` is None where what stood there before cannot be told (an account that is not the
    payment methods' own). `fees` are those that payouts kept back; `apart` is what they had beside
    orders: held back, without an order, carried over to the next. `known` are the days of the first
    and the last payout that is known.
    """

    account: int
    opening: int | None = 0
    captured: int = 0
    returned: int = 0
    payouts: int = 0
    fees: int = 0
    other: int = 0
    days: dict[date, int] = field(default_factory=lambda: defaultdict(int))
    orders: dict[str, OfOrder] = field(default_factory=lambda: defaultdict(OfOrder))
    apart: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    known: list[date] = field(default_factory=list)

    @property
    def moved(self) -> int:
        """What the period added."""
        return self.captured + self.returned + self.payouts + self.fees + self.other

    @property
    def closing(self) -> int | None:
        """The balance at the period's end."""
        return None if self.opening is None else self.opening + self.moved

    @property
    def left(self) -> dict[str, OfOrder]:
        """The orders of which something is left, by number.

        Those of before the first payout that is known are one sum with the payouts of then.
        """
        found = sorted(self.orders.items(), key=lambda one: (len(one[0]), one[0]))
        return {number: one for number, one in found if one.left and not self.is_old(one)}

    def is_old(self, one: OfOrder) -> bool:
        """Tell whether an order's money was paid out before payouts were known, as far as seen."""
        return bool(self.known and one.day and one.day < self.known[0] and not one.paid_day)

    def take_payout(self, payout: PayoutRecord, numbers: Mapping[int, str]) -> None:
        """Take off what a payout brought of each order."""
        self.known = [min([*self.known, payout.day]), max([*self.known, payout.day])]
        self.apart["carried"] += payout.lines[-1][2]
        for kind, order_id, amount in payout.rows if payout.currency == COMPANY_CURRENCY else ():
            if kind in {*COSTS, *BY_ITSELF, Kind.FEE_VAT}:
                continue
            self.apart["carried"] += amount
            if not order_id:
                held = kind in {Kind.HOLDBACK, Kind.RELEASE}
                self.apart["held" if held else "without_order"] -= amount
                continue
            own = self.orders[numbers.get(order_id, f"id:{order_id}")]
            own.paid += amount if kind == Kind.CAPTURE else 0
            own.disputed += amount if kind in {Kind.DISPUTE, Kind.DISPUTE_REVERSAL} else 0
            rest = kind not in {Kind.CAPTURE, Kind.DISPUTE, Kind.DISPUTE_REVERSAL}
            own.paid_back += amount if rest else 0
            own.paid_day = min(own.paid_day or payout.day, payout.day)


@dataclass
class GiftCards:
    """The account of what is owed to holders of gift cards; what is owed is positive."""

    account: int
    opening: int = 0
    sold: int = 0
    used: int = 0

    def take(self, before: bool, amount: int) -> None:
        """Add what was posted; `before`: before the period."""
        self.opening += amount if before else 0
        self.sold += 0 if before else max(amount, 0)
        self.used += 0 if before else min(amount, 0)

    @property
    def closing(self) -> int:
        """What is owed to holders at the period's end."""
        return self.opening + self.sold + self.used


@dataclass(slots=True)
class Proof:
    """The proof of a period.

    `days` are by currency first. `payments` are by account, None: no account is set. `items` are
    what the shop's customers owe, `others` what other customers do, `receivables` the balance of
    the customers' ledger (None: not read). `unfinished` are orders that have no day yet: how
    many, and their sum. `reasons`: why orders and refunds are held or were taken out. `limits`
    are codes of what could not be read. `accounts` are names by number.
    """

    period: Period
    origin: Origin
    days: dict[tuple[str, date], ProofSums] = field(default_factory=dict)
    turnover: dict[Under, tuple[ProofSums, ProofSums]] = field(default_factory=dict)
    payments: dict[tuple[str, int | None], ProofSums] = field(default_factory=dict)
    clearing: dict[int, Clearing] = field(default_factory=dict)
    gift_cards: GiftCards | None = None
    items: list[OpenItem] = field(default_factory=list)
    others: int = 0
    receivables: int | None = None
    gaps: dict[str, list[str]] = field(default_factory=dict)
    by_status: dict[str, int] = field(default_factory=dict)
    numbers: dict[int, str] = field(default_factory=dict)
    differences: list[Pair] = field(default_factory=list)
    explained: list[Pair] = field(default_factory=list)
    reasons: Mapping[int, Hold | Skip] = field(default_factory=dict)
    accounts: Mapping[int, str] = field(default_factory=dict)
    unfinished: int = 0
    unfinished_sum: int = 0
    orders: int = 0
    refunds: int = 0
    limits: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)

    @property
    def agrees(self) -> bool:
        """Whether nothing differs."""
        return not self.differences

    @property
    def sales_agree(self) -> bool:
        """Whether sales and VAT do: what differs is money alone."""
        return all(pair.money for pair in self.differences)

    def total(self, currency: str = COMPANY_CURRENCY) -> ProofSums:
        """Return the sums of all days in a currency."""
        whole = ProofSums()
        for (own, _), sums in self.days.items():
            if own == currency:
                whole.take(sums)
        return whole

    @property
    def currencies(self) -> list[str]:
        """The currencies that something was sold or booked in, the company's first."""
        found = {currency for currency, _ in self.days} | {COMPANY_CURRENCY}
        return sorted(found, key=lambda currency: (currency != COMPANY_CURRENCY, currency))

    def take(self, pairs: Iterable[Pair]) -> None:
        """Add pairs to the sums, and those of the period that there is something to say of."""
        for pair in pairs:
            if not pair.money or pair.account is not None:
                self._add(pair)
            # What has no day yet, a draft, stands there now.
            of_period = any(day in self.period for day in pair.days) or not pair.days
            if pair.code and of_period:
                (self.differences if pair.differs else self.explained).append(pair)

    def _add(self, pair: Pair) -> None:
        if pair.money:
            on_account = self.payments.setdefault((pair.currency, pair.account), ProofSums())
        for where, side, sign in _parts(pair):
            if side.day is None or side.day not in self.period:
                continue
            if pair.money:
                on_account.add(where, sign * side.amount)
                continue
            if where == "shop":
                self.refunds += side.amount < 0
                self.orders += side.amount >= 0
            currency = COMPANY_CURRENCY if _in_kroner(pair) else pair.currency
            day = self.days.setdefault((currency, side.day), ProofSums())
            day.add(where, sign * sum(one.net + one.vat for one in side.posted))
            for one in side.posted:
                under = Under(currency, one.kind, one.code, one.account)
                both = self.turnover.setdefault(under, (ProofSums(), ProofSums()))
                both[0].add(where, sign * one.net)
                both[1].add(where, sign * one.vat)

    def take_movements(
        self, movements: Iterable[Movement], payouts: Iterable[PayoutRecord] = ()
    ) -> None:
        """Add what was posted on clearing accounts until the period's end, and the payouts."""
        known = {one.reference: one for one in payouts if one.day <= self.period.last}
        for payout in known.values():
            account = self.clearing.get(payout.lines[-1][1])
            if account is not None:
                account.take_payout(payout, self.numbers)
        for one in movements:
            own = self.clearing.get(one.account)
            if own is None or one.day > self.period.last:
                continue
            number = self.numbers.get(one.order_id, one.number)
            if number:
                of_order = own.orders[number]
                of_order.captured += one.amount if one.refund_id == 0 else 0
                of_order.returned += one.amount if one.refund_id != 0 else 0
                of_order.day = min(of_order.day or one.day, one.day)
            if one.day < self.period.first:
                own.opening = None if own.opening is None else own.opening + one.amount
                continue
            own.days[one.day] += one.amount
            if number:
                own.captured += one.amount if one.refund_id == 0 else 0
                own.returned += one.amount if one.refund_id != 0 else 0
            elif one.payout in known:
                fees = sum(
                    amount
                    for role, _, amount in known[one.payout].lines
                    if role in {"fee", "fee_vat"}
                )
                own.fees -= fees
                own.payouts += one.amount + fees
            else:
                own.other += one.amount

    def take_items(self, items: Iterable[OpenItem]) -> None:
        """Add what is open on customers at the period's end."""
        for one in items:
            if one.order_id:
                self.items.append(one)
            else:
                self.others += one.balance

    def take_orders(self, orders: Iterable[ShopOrder]) -> None:
        """Add which of the shop's numbers were used in the period, for what, and which are not."""
        listed = [order for order in orders if order.created in self.period]
        for order in listed:
            self.by_status[order.status] = self.by_status.get(order.status, 0) + 1
        # WooCommerce gives its ids to pages and products too: only a row of its own has gaps.
        own_row = any(order.number != str(order.id) for order in listed)
        figures = [
            int(order.number)
            for order in listed
            if order.number.isascii() and order.number.isdigit()
        ]
        if own_row and len(figures) == len(listed):
            self.gaps["orders"] = gaps(figures)

    def in_order(self) -> None:
        """Put what was found in the order in which it is shown: by day, then by order."""
        for pairs in (self.differences, self.explained):
            pairs.sort(key=lambda one: (min(one.days, default=date.max), one.order_id, one.code))
        self.days = dict(sorted(self.days.items()))
        self._join_rows()
        self.payments = dict(sorted(self.payments.items(), key=lambda one: str(one[0])))

    def _join_rows(self) -> None:
        """Give what no posting told an account of to the largest row of its kind."""
        for under in [under for under in self.turnover if not under.account]:
            same = [one for one in self.turnover if one[:2] == under[:2] and one.account]
            if same and under.kind != NO_VAT:
                largest = max(same, key=lambda one: abs(self.turnover[one][0].books))
                for to, own in zip(self.turnover[largest], self.turnover.pop(under), strict=True):
                    to.take(own)
        order = sorted(
            self.turnover,
            key=lambda u: (
                u.currency != COMPANY_CURRENCY,
                u.currency,
                u.code.zfill(4),
                u.kind,
                u.account,
            ),
        )
        self.turnover = {under: self.turnover[under] for under in order}


def gaps(numbers: Iterable[int]) -> list[str]:
    """Return the numbers between the first and the last that are missing, as "7" or "9-12"."""
    found, row = [], sorted(set(numbers))
    for before, after in pairwise(row):
        if after - before > 1:
            found.append(str(before + 1) if after - before == 2 else f"{before + 1}-{after - 1}")
    return found


def _parts(pair: Pair) -> Iterator[tuple[str, ProofSide, int]]:
    """Yield to which sum a pair adds what: the sum's name, a side, and its sign.

    What differs is moved to the day on which it is booked, and differs there.
    """
    shop, books = _shop_side(pair), pair.books
    if shop is not None:
        yield "shop", shop, 1
    if books is not None:
        yield "books", books, 1
    if shop is not None and books is not None:
        yield "explained", shop, -1
        yield (
            "explained",
            ProofSide(books.day, shop.amount, (), shop.posted) if pair.differs else books,
            1,
        )
    elif not pair.differs:
        for side, sign in ((shop, -1), (books, 1)):
            if side is not None:
                yield "explained", side, sign


def _in_kroner(pair: Pair) -> bool:
    return pair.currency == COMPANY_CURRENCY or bool(pair.document and pair.document.posted)


def _shop_side(pair: Pair) -> ProofSide | None:
    """Return the shop's side as it would be posted: in kroner, on the accounts of the books."""
    side = pair.shop
    if side is None or pair.money:
        return side
    booked = pair.books.posted if pair.books else ()
    factor = Decimal(1)
    if pair.currency != COMPANY_CURRENCY and _in_kroner(pair) and pair.document:
        factor = Decimal(sum(one.net + one.vat for one in booked)) / (pair.document.total or 1)
    posted: list[Posted] = []
    for kind, *amounts in side.rates:
        net, vat = (round(amount * factor) for amount in amounts)
        like = [one for one in booked if one.kind == kind]
        posted += _spread(kind, net, vat, like)
    return ProofSide(side.day, side.amount, side.rates, tuple(posted))


def _spread(kind: str, net: int, vat: int, like: Sequence[Posted]) -> Iterator[Posted]:
    """Yield an amount of the shop on the accounts that have its kind, as the books have it."""
    if not like:
        yield Posted(kind, STANDARD_CODES.get(kind, ""), 0, net, vat)
        return
    largest = max(like, key=lambda one: abs(one.net))
    for one in like:
        if one is not largest:
            yield one
            net, vat = net - one.net, vat - one.vat
    yield largest._replace(net=net, vat=vat)
