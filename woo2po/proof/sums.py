"""The proof of a period: the sums of what was compared, and the lists that bear them out. Pure.

The turnover has what the shop says, what is booked, and what differs; the rest of what one has
above the other is explained: booked on another day, rounded, called off. A clearing account goes
from its opening to its closing balance, order by order. Amounts are whole øre.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import pairwise
from string import digits
from typing import Any, NamedTuple

from woo2po.money import Fact
from woo2po.page import Origin
from woo2po.payouts.payout import BY_ITSELF, COSTS, Kind
from woo2po.poweroffice.booked import OpenEntry
from woo2po.proof import values
from woo2po.proof.values import COMPANY_CURRENCY, OFF, SALE, Movement, Pair, Period, ShopOrder, Side
from woo2po.record import PayoutRecord

NEAR = timedelta(days=14)  # each provider has paid out by then; so far a day by hand may be off
_NO_ORDER = {*COSTS, Kind.FEE_VAT}
_APART = {Kind.HOLDBACK: "held", Kind.RELEASE: "held", **dict.fromkeys(BY_ITSELF, "given_back")}
_FOR_NOW = {"not_paid", "advance", "not_taken"}  # why something is left that goes by itself
_BROUGHT = {Kind.CAPTURE: "paid", Kind.DISPUTE: "disputed", Kind.DISPUTE_REVERSAL: "disputed"}


# -- clearing accounts -----------------------------------------------------------------------------


@dataclass(slots=True)
class OfOrder:
    """What stands on a clearing account of an order, and what payouts brought of it, in øre.

    `evened` was posted by hand, for what was left. `due` and `due_back` are what the shop says was
    captured and returned, posted or not. `days` are those of its first and last posting,
    `paid_days` of the payouts that have a part of it.
    `foreign`: one is in another currency, and nobody knows in kroner what it brought. `abroad`: the
    order is. `earlier`: nobody has compared it with what is posted in the period. `elsewhere`: it
    belongs to another account, as somebody has told.
    """

    id: int = 0
    captured: int = 0
    returned: int = 0
    paid: int = 0
    paid_back: int = 0
    disputed: int = 0
    evened: int = 0
    due: int = 0
    due_back: int = 0
    days: tuple[date, date] | None = None
    paid_days: tuple[date, date] | None = None
    foreign: bool = False
    abroad: bool = False
    earlier: bool = False
    elsewhere: bool = False

    @property
    def day(self) -> date | None:
        """The day of its first posting."""
        return self.days and self.days[0]

    @property
    def left(self) -> int:
        """What no payout has brought (or taken) yet."""
        posted = self.captured + self.returned + self.evened
        return posted - self.paid - self.paid_back - self.disputed

    @property
    def why(self) -> str:
        """Why something is left."""
        if self.disputed or self.foreign:
            return "disputed" if self.disputed else "foreign"
        if self.abroad and self.captured and self.paid:
            return "exchange"
        if self.left < 0:
            back = min(self.returned, self.due_back) - self.paid_back
            told = "too_much" if self.paid > max(self.captured, self.due) else "advance"
            return "not_taken" if self.left >= back else told
        if self.paid_back < min(self.returned, self.due_back):
            return "taken"
        told = "part" if self.paid else "not_paid"
        return "posted_more" if 0 < self.due < self.captured else told


@dataclass
class ClearingAccount:
    """A clearing account, or that of gift cards.

    `opening` is None where what stood there before cannot be told (an account that is not the
    payment methods' own). `flows` are what moved it in the period, by kind. `apart` is what payouts
    had beside orders, by kind; `payouts` are those that are known, by reference, and `booked` what
    is posted under it. `hand` is what somebody posted for no order and no payout, by amount, until
    it is known what for; `by_hand`: something was. `nobodys` are amounts that payouts have without
    an order.
    """

    number: int
    opening: int | None = 0
    flows: Counter[str] = field(default_factory=Counter)
    days: Counter[date] = field(default_factory=Counter)
    orders: dict[str, OfOrder] = field(default_factory=lambda: defaultdict(OfOrder))
    apart: Counter[str] = field(default_factory=Counter)
    payouts: dict[str, PayoutRecord] = field(default_factory=dict)
    booked: dict[str, list[Movement]] = field(default_factory=lambda: defaultdict(list))
    hand: dict[int, list[Movement]] = field(default_factory=lambda: defaultdict(list))
    nobodys: Counter[int] = field(default_factory=Counter)
    by_hand: bool = False

    @property
    def closing(self) -> int | None:
        """The balance at the period's end."""
        return None if self.opening is None else self.opening + self.flows.total()

    def left(self) -> dict[str, OfOrder]:
        """Return the orders of which something is left, by number.

        Where payouts were posted by hand, orders of before the first one that a known payout
        brought are one sum with them.
        """
        since, left = self._since if self.by_hand else date.min, {}
        for number in sorted(self.orders, key=lambda one: (len(one), one)):
            one = self.orders[number]
            if one.left and (one.paid or not one.day or one.day >= since):
                left[number] = one
        return left

    @property
    def _since(self) -> date:
        """The day of the first order that a known payout brought."""
        brought = (one.day for one in self.orders.values() if one.paid and one.day)
        return min(brought, default=date.min)

    @property
    def rest(self) -> int:
        """What of the closing balance is of no order, and of nothing that payouts tell."""
        left = sum(one.left for one in self.left().values())
        return (self.closing or 0) - left - self.apart.total()

    def take(self, one: Movement, number: str, period: Period) -> None:
        """Add what was posted until the period's end, after the payouts; an order's by number."""
        if not number and one.payout:
            self.booked[one.payout].append(one)
        elif not number and self.hand[-one.amount]:
            self.hand[-one.amount].pop()  # reversed
        elif not number:
            self.hand[one.amount].append(one)
        if one.day > period.last:
            return
        kind = "captured" if one.of == SALE else "returned"
        if number:
            order = self.orders[number]
            setattr(order, kind, getattr(order, kind) + one.amount)
            order.days = _with(order.days, one.day)
        payout = self.payouts.get(one.payout)
        self.by_hand |= not (number or payout)
        foreign = payout is not None and payout.currency != COMPANY_CURRENCY
        self.apart["foreign"] += one.amount if foreign else 0
        if one.day < period.first:
            self.opening = None if self.opening is None else self.opening + one.amount
            return
        self.days[one.day] += one.amount
        lines = () if payout is None or foreign else payout.lines
        fee = sum(amount for role, _, amount in lines if role in {"fee", "fee_vat"})
        self.flows["fees"] -= fee
        self.flows[kind if number else "payouts" if one.payout else "other"] += one.amount + fee

    def take_payout(self, payout: PayoutRecord, number: Callable[[int, str], str]) -> None:
        """Take off what a payout brought of each order."""
        self.payouts[payout.reference] = payout
        foreign = payout.currency != COMPANY_CURRENCY
        self.apart["carried"] += 0 if foreign else payout.lines[-1][2]
        for kind, order_id, told in payout.rows:
            if kind in _NO_ORDER:
                continue
            amount = 0 if foreign else told
            self.apart["carried"] += amount
            if order_id:
                own = self.orders[number(order_id, f"id:{order_id}")]
                own.id = order_id
                brought = _BROUGHT.get(Kind(kind), "paid_back")
                setattr(own, brought, getattr(own, brought) + amount)
                own.foreign |= foreign
                own.paid_days = _with(own.paid_days, payout.day)
            else:
                self.apart[_APART.get(Kind(kind), "without_order")] -= amount
                self.nobodys[amount] += kind not in BY_ITSELF

    def take_order(self, order: ShopOrder, *, earlier: bool = False) -> None:
        """Note what the shop says of an order's money, if it has to do with the account."""
        if own := self.orders.get(order.number):
            own.due, own.due_back, own.earlier = order.captured, order.returned, earlier
            own.abroad = order.currency != COMPANY_CURRENCY
            own.elsewhere = not earlier and order.account != self.number

    def differences(self, period: Period) -> Iterator[Pair]:
        """Yield where payouts differ from what is posted; then what is posted by hand evens out,
        for good, what is left of an order, or what payouts have without one.
        """
        in_kroner = [one for one in self.payouts.values() if one.currency == COMPANY_CURRENCY]
        pairs = [pair for one in in_kroner for pair in self._of_payout(one, period.last)]
        for own in self.orders.values():
            for_good = own.left and own.why not in _FOR_NOW
            if for_good and self._take_by_hand(-own.left, last=period.last):
                own.evened -= own.left
        for amount in self.nobodys.elements():
            if self._take_by_hand(amount, last=period.last):
                self.apart["without_order"] += amount
        if self.payouts:
            left = self.left()
            yield from pairs
            yield from self._of_none(pairs, left, period)
            last = max(one.day for one in self.payouts.values())
            for number, own in self.orders.items():
                yield from self._of_order(number, own, last, is_left=number in left)

    def _take_by_hand(
        self, amount: int, first: date = date.min, last: date = date.max
    ) -> Movement | None:
        """Take an amount out of what is posted by hand on some days."""
        one = next((x for x in self.hand.get(amount, ()) if first <= x.day <= last), None)
        if one is not None:
            self.hand[amount].remove(one)
        return one

    def _of_none(
        self, of_payouts: Iterable[Pair], left: Mapping[str, OfOrder], period: Period
    ) -> Iterator[Pair]:
        if len(left) == sum(bool(one.left) for one in self.orders.values()):
            # Of payouts that are known from the beginning, what they do not tell is odd.
            odd = self.rest - sum(_said_at(period, pair) for pair in of_payouts)
            # What was captured by hand, before the job did, evens out with what came of it.
            by_hand = -sum(one.left for one in left.values() if not one.captured)
            if self.closing is not None and odd not in {0, by_hand}:
                yield self._pair("rest", None, (period.last, odd))
        elif self._since > date.min:
            for amount in {own.captured for own in self.orders.values()} - {0}:
                # By hand, and like an order's payment.
                odd_ones = (one.day for one in self.hand.get(amount, ()) if one.day >= self._since)
                yield from (self._pair("rest", None, (day, amount)) for day in odd_ones)

    def _of_order(self, number: str, own: OfOrder, last: date, *, is_left: bool) -> Iterator[Pair]:
        """Yield where the provider, until its `last` payout, or the shop says another thing than
        is posted.
        """
        paid_day, brought = own.paid_days or (last, last)
        day = own.day or brought
        captured, returned = (day, own.captured), (day, own.returned)
        if own.paid_days and own.captured and paid_day < day:
            yield self._pair("paid_out_before", (paid_day, own.paid), captured, number)
        if not is_left:
            return
        due, due_back = max(own.captured, own.due), min(own.returned, own.due_back)
        if own.abroad and due:  # in kroner what the day's rate gives
            due, due_back = own.paid, own.paid_back
        if own.paid > due:
            yield self._pair("payout_unknown", (brought, own.paid), captured, number)
        if own.paid_back < due_back:
            yield self._pair("payback_unknown", (brought, own.paid_back), returned, number)
        if own.earlier and own.days and own.due and not own.abroad:
            # Posted twice, or taken back though it was paid out.
            if own.captured > own.due or own.captured < min(own.due, own.paid):
                yield self._pair("payment_amount", (own.days[1], own.due), captured, number)
            elif not own.due_back <= own.returned <= max(own.due_back, own.paid_back):
                yield self._pair("payment_amount", (own.days[1], own.due_back), returned, number)
        waits = day + NEAR >= last or own.paid_days or own.elsewhere
        if not waits and own.left not in self.nobodys:
            yield self._pair("not_paid_out", (last, 0), (day, own.left), number)

    def _of_payout(self, payout: PayoutRecord, last: date) -> Iterator[Pair]:
        """Yield where a payout is not what is posted: under its name, else by hand."""
        due, about = payout.lines[-1][2], payout.text or payout.id
        own = [*self.booked[payout.reference]]
        for part in [due] if own else [due, -payout.net, due]:  # in one, or net and then its fee
            lacks = part - values.amount_of(own)
            if lacks and (found := self._take_by_hand(lacks, payout.day - NEAR)):
                own.append(found)
        then = [one for one in own if one.day <= last]
        if values.amount_of(own) != due or abs(values.amount_of(then)) >= abs(due):
            own = then  # what is done later, that month tells
        booked, day = values.amount_of(own), max((one.day for one in own), default=payout.day)
        if booked != due:
            code = "payout_amount" if booked else "payout_missing"
            yield self._pair(code, (day, due), (day, booked), about=about)
        elif day != payout.day:
            yield self._pair("payout_day", (payout.day, due), (day, booked), about=about)
        for one in [one for amount in {due, -payout.net} for one in self.hand.get(amount, ())]:
            if abs(one.day - payout.day) <= NEAR:
                yield self._pair("payout_twice", None, (one.day, one.amount), about=about)

    def _pair(
        self, code: str, told: tuple[date, int] | None, posted: tuple[date, int], number: str = "",
        about: str = "",
    ) -> Pair:  # fmt: skip
        """Return a pair; what is said of no order makes the account differ."""
        facts, account = {"account": str(self.number), "about": about}, 0 if number else self.number
        shop, books = (one and Side(SALE, *one, account=account) for one in (told, posted))
        return Pair(code, 0, number, shop=shop, books=books, facts=facts, money=True)


def _with(days: tuple[date, date] | None, day: date) -> tuple[date, date]:
    return (min(days[0], day), max(days[1], day)) if days else (day, day)


def _said_at(period: Period, pair: Pair) -> int:
    """Return what a pair of a payout explains of the balance at a period's end."""
    if pair.differs:
        return pair.off if any(day in period for day in pair.days) else 0
    late = pair.books is not None and max(pair.days) > period.last
    return -pair.books.amount if pair.books and late else 0


# -- the proof -------------------------------------------------------------------------------------


class Under(NamedTuple):
    """What an amount stands under; currency "": the company's, account 0: no posting told it."""

    currency: str
    code: str
    kind: str
    account: int
    part: str
    day: date


class Sums(NamedTuple):
    """What the shop says, what is booked, and what of it differs for no known reason."""

    shop: int = 0
    books: int = 0
    differs: int = 0

    @property
    def explained(self) -> int:
        """What is booked above what the shop says, for a reason."""
        return self.books - self.shop - self.differs


@dataclass(slots=True, repr=False)  # asyncio tells what a task returned, were it 10 MB
class Proof:
    """The proof of a period.

    `turnover` is told by what it stands under and the name of a sum; `off` is by how much clearing
    accounts differ. `items` are what is open on customers: the order's number ("": not ours), øre
    and kind; `receivables` is the balance of their ledger (None: not read). `unfinished` are orders
    that have no day yet: how many, and their sum; `aside` are paid ones in a status that question 1
    does not list, by that. `numbers` are those of the period's orders, with their ids, `others`
    those of other days. `untaxed` has number, day, SKU, what was paid, and the VAT that is owed of
    it. `limits` are codes of what could not be read.
    """

    period: Period
    origin: Origin
    turnover: Counter[tuple[Under, str]] = field(default_factory=Counter)
    off: Counter[int] = field(default_factory=Counter)
    clearing: dict[int, ClearingAccount] = field(default_factory=dict)
    gift_cards: ClearingAccount | None = None
    items: list[tuple[str, OpenEntry, int, str]] = field(default_factory=list)
    receivables: int | None = None
    gaps: dict[str, list[range]] = field(default_factory=dict)
    by_status: Counter[str] = field(default_factory=Counter)
    numbers: dict[str, int] = field(default_factory=dict)
    others: set[str] = field(default_factory=set)
    differences: list[Pair] = field(default_factory=list)
    explained: list[Pair] = field(default_factory=list)
    accounts: Mapping[int, str] = field(default_factory=dict)
    unfinished: tuple[int, int] = (0, 0)
    aside: Counter[str] = field(default_factory=Counter)
    untaxed: list[tuple[str, date | None, str, int, int]] = field(default_factory=list)
    orders: int = 0
    refunds: int = 0
    limits: list[tuple[str, Mapping[str, Fact]]] = field(default_factory=list)

    @property
    def unread(self) -> bool:
        """Whether a ledger could not be read, which may have something else."""
        return any(code.startswith("may_not_read") for code, _ in self.limits)

    @property
    def agrees(self) -> bool:
        """Whether nothing differs, and all was read."""
        return not (self.differences or self.unread)

    def by(self, key: Callable[[Under], Any]) -> dict[Any, Sums]:
        """Return the sums of the turnover by a key of what it stands under, in order."""
        found: dict[Any, Counter[str]] = defaultdict(Counter)
        for (under, name), amount in self.turnover.items():
            found[key(under)][name] += amount
        return {one: Sums(**found[one]) for one in sorted(found)}

    def total(self, currency: str = "") -> Sums:
        """Return the sums of all days in a currency."""
        return self.by(lambda under: under.currency).get(currency, Sums())

    def take(self, pairs: Iterable[Pair]) -> None:
        """Add pairs to the sums, and those of the period that there is something to say of."""
        for pair in pairs:
            shop, books = pair.shop, pair.books
            sides = [("shop", 1, shop), ("books", 1, books)]
            if pair.differs:  # on the day on which it is booked
                moved = replace(shop, day=books.day) if shop and books else shop
                sides += [("differs", -1, moved), ("differs", 1, books)]
            for name, sign, side in sides:
                if side is not None and side.day in self.period:
                    self._add(pair, name, sign, side)
            # What has no day yet, a draft, stands there now.
            of_period = any(day in self.period for day in pair.days) or not pair.days
            if pair.code not in {"", "elsewhere"} and of_period:
                (self.differences if pair.differs else self.explained).append(pair)

    def _add(self, pair: Pair, name: str, sign: int, side: Side) -> None:
        if pair.money:
            if name == "differs" and side.account:
                self.off[side.account] += sign * side.amount
            return
        self.refunds += name == "shop" and side.amount < 0
        self.orders += name == "shop" and side.amount >= 0
        currency = "" if pair.in_kroner else pair.currency
        for one in side.posted or ():
            for part, amount in (("net", one.net), ("vat", one.vat)):
                row = one.code, one.kind, one.account, part, side.day or date.max
                self.turnover[Under(currency, *row), name] += sign * amount

    def take_case(self, order: ShopOrder, *, invoiced: bool) -> None:
        """Add an order's number, what it is used for, and whether it waits for its day."""
        if order.sells and order.sale.day is None and not invoiced:
            n, amount = self.unfinished
            self.unfinished = n + 1, amount + order.sale.amount
        off = order.status in OFF | {"refunded"}
        if order.paid in self.period and not (order.sells or invoiced or off):
            self.aside[order.status] += 1
        if order.created in self.period:
            self.by_status[order.status] += 1
            self.numbers[order.number] = order.id
        else:
            self.others.add(order.number)

    def in_order(self) -> None:
        """Put what was found in the order in which it is shown: by day, then by order."""
        # WooCommerce gives its ids to pages and products too: only a row of its own has gaps.
        before = {number.rstrip(digits) for number in self.numbers}
        if len(before) == 1 and any(no != str(id_) for no, id_ in self.numbers.items()):
            others = self.others.union(*(one.orders for one in self.clearing.values()))
            own, beside = (
                [int(no.removeprefix(*before) or 0) for no in those if no.rstrip(digits) in before]
                for those in (self.numbers, others)
            )
            self.gaps["orders"] = gaps(own, beside)
        for pairs in (self.differences, self.explained):
            pairs.sort(key=lambda one: (min(one.days, default=date.max), one.order_id, one.code))


def gaps(numbers: Iterable[int], beside: Iterable[int]) -> list[range]:
    """Return what is missing between the first and the last of numbers, and is not `beside`."""
    row = sorted(numbers)
    row = sorted({*row, *(n for n in beside if row and row[0] < n < row[-1])})
    return [range(before + 1, after) for before, after in pairwise(row) if after - before > 1]
