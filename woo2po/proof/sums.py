"""The proof of a period: the sums of what was compared, and the lists that bear them out. Pure.

For each day, VAT code and account it has what the shop says, what explains that it is booked
otherwise (on another day, rounded, called off), what is booked, and the rest, which differs.
Amounts are whole øre.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from string import digits
from typing import NamedTuple

from woo2po.money import Fact
from woo2po.page import Origin
from woo2po.poweroffice.booked import OpenEntry
from woo2po.proof.clearing import ClearingAccount
from woo2po.proof.values import COMPANY_CURRENCY, NO_VAT, Pair, Period, ShopOrder, Side, Untaxed


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


@dataclass(slots=True, repr=False)  # asyncio tells what a task returned, were it 10 MB
class Proof:
    """The proof of a period.

    `days` are by currency first; `turnover` has net and VAT; `off` is by how much clearing accounts
    differ. `items` are what is open on customers: the order's number ("": not ours), øre and kind;
    `receivables` is the balance of their ledger (None: not read). `unfinished` are orders that have
    no day yet: how many, and their sum. `numbers` are those of the period's orders, by what stands
    before the figure. `limits` are codes of what could not be read.
    """

    period: Period
    origin: Origin
    days: dict[tuple[str, date], ProofSums] = field(default_factory=dict)
    turnover: dict[Under, tuple[ProofSums, ProofSums]] = field(default_factory=dict)
    off: Counter[int] = field(default_factory=Counter)
    clearing: dict[int, ClearingAccount] = field(default_factory=dict)
    gift_cards: ClearingAccount | None = None
    items: list[tuple[str, OpenEntry, int, str]] = field(default_factory=list)
    receivables: int | None = None
    gaps: dict[str, list[str]] = field(default_factory=dict)
    by_status: Counter[str] = field(default_factory=Counter)
    numbers: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    own_row: bool = False
    differences: list[Pair] = field(default_factory=list)
    explained: list[Pair] = field(default_factory=list)
    accounts: Mapping[int, str] = field(default_factory=dict)
    unfinished: tuple[int, int] = (0, 0)
    untaxed: list[Untaxed] = field(default_factory=list)
    orders: int = 0
    refunds: int = 0
    limits: list[tuple[str, Mapping[str, Fact]]] = field(default_factory=list)

    @property
    def agrees(self) -> bool:
        """Whether nothing differs."""
        return not self.differences

    def total(self, currency: str = COMPANY_CURRENCY) -> ProofSums:
        """Return the sums of all days in a currency."""
        whole = ProofSums()
        for (own, _), sums in self.days.items():
            if own == currency:
                whole.take(sums)
        return whole

    def take(self, pairs: Iterable[Pair]) -> None:
        """Add pairs to the sums, and those of the period that there is something to say of."""
        for pair in pairs:
            self._add(pair)
            # What has no day yet, a draft, stands there now.
            of_period = any(day in self.period for day in pair.days) or not pair.days
            if pair.code and of_period:
                (self.differences if pair.differs else self.explained).append(pair)

    def _add(self, pair: Pair) -> None:
        currency = COMPANY_CURRENCY if pair.in_kroner else pair.currency
        for where, side, sign in _parts(pair):
            if side.day is None or side.day not in self.period:
                continue
            if pair.money:
                if pair.account is not None:
                    self.off[pair.account] += side.amount * (sign if where == "books" else -sign)
                continue
            if where == "shop":
                self.refunds += side.amount < 0
                self.orders += side.amount >= 0
            day = self.days.setdefault((currency, side.day), ProofSums())
            day.add(where, sign * sum(one.net + one.vat for one in side.posted))
            for one in side.posted:
                row = Under(currency, one.kind, one.code, one.account)
                net, vat = self.turnover.setdefault(row, (ProofSums(), ProofSums()))
                net.add(where, sign * one.net)
                vat.add(where, sign * one.vat)

    def take_case(self, order: ShopOrder, *, invoiced: bool) -> None:
        """Add an order's number, what it is used for, and whether it waits for its day."""
        if order.sells and order.day is None and not invoiced:
            n, amount = self.unfinished
            self.unfinished = n + 1, amount + order.amount
        if order.created in self.period:
            self.by_status[order.status] += 1
            before = order.number.rstrip(digits)
            self.numbers[before].append(int(order.number[len(before) :] or 0))
            self.own_row |= order.number != str(order.id)

    def in_order(self) -> None:
        """Put what was found in the order in which it is shown: by day, then by order."""
        # WooCommerce gives its ids to pages and products too: only a row of its own has gaps.
        if self.own_row and len(self.numbers) == 1:
            self.gaps["orders"] = gaps(*self.numbers.values())
        for pairs in (self.differences, self.explained):
            pairs.sort(key=lambda one: (min(one.days, default=date.max), one.order_id, one.code))
        self.days = dict(sorted(self.days.items(), key=lambda one: (_first(one[0][0]), one[0])))
        for under in [under for under in self.turnover if not under.account]:
            # What no posting told an account of goes to the largest row of its kind.
            same = [one for one in self.turnover if one[:2] == under[:2] and one.account]
            if same and under.kind != NO_VAT:
                largest = max(same, key=lambda one: abs(self.turnover[one][0].books))
                for to, own in zip(self.turnover[largest], self.turnover.pop(under), strict=True):
                    to.take(own)
        order = sorted(
            self.turnover, key=lambda u: (_first(u.currency), u.code.zfill(4), u.kind, u.account)
        )
        self.turnover = {under: self.turnover[under] for under in order}


def _first(currency: str) -> tuple[bool, str]:
    """Return what puts the company's currency first."""
    return currency != COMPANY_CURRENCY, currency


def gaps(numbers: Iterable[int]) -> list[str]:
    """Return the numbers between the first and the last that are missing, as "7" or "9-12"."""
    found, row = [], sorted(set(numbers))
    for before, after in pairwise(row):
        if after - before > 1:
            found.append(str(before + 1) if after - before == 2 else f"{before + 1}-{after - 1}")
    return found


def _parts(pair: Pair) -> Iterator[tuple[str, Side, int]]:
    """Yield to which sum a pair adds what: the sum's name, a side, and its sign.

    What differs is moved to the day on which it is booked, and differs there.
    """
    shop, books = pair.shop, pair.books
    if shop is not None:
        yield "shop", shop, 1
    if books is not None:
        yield "books", books, 1
    if shop is not None and (books is not None or not pair.differs):
        yield "explained", shop, -1
    if books is not None and (shop is not None or not pair.differs):
        moved = shop._replace(day=books.day) if shop is not None and pair.differs else books
        yield "explained", moved, 1
