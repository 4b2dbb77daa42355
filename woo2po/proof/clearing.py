"""A clearing account from its opening to its closing balance, order by order, and payouts. Pure."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from operator import itemgetter

from woo2po.payouts.payout import BY_ITSELF, COSTS, Kind
from woo2po.proof.values import COMPANY_CURRENCY, Movement, Pair, Period, Side
from woo2po.record import PayoutRecord

_NEAR = timedelta(days=14)  # each provider has paid out by then; so far a day by hand may be off
_NO_ORDER = {*COSTS, *BY_ITSELF, Kind.FEE_VAT}
_DISPUTED = {Kind.DISPUTE, Kind.DISPUTE_REVERSAL}


@dataclass(slots=True)
class OfOrder:
    """What stands on a clearing account of an order, and what payouts brought of it, in øre.

    `day` is that of its first posting, `paid_day` of the first payout that has a part of it.
    """

    captured: int = 0
    returned: int = 0
    paid: int = 0
    paid_back: int = 0
    disputed: int = 0
    day: date | None = None
    paid_day: date | None = None

    @property
    def left(self) -> int:
        """What no payout has brought (or taken) yet."""
        return self.captured + self.returned - self.paid - self.paid_back - self.disputed

    @property
    def why(self) -> str:
        """Why something is left."""
        if self.disputed:
            return "disputed"
        if self.left < 0:
            return "not_taken" if self.left >= self.returned - self.paid_back else "too_much"
        return "part" if self.paid else "not_paid"


@dataclass
class ClearingAccount:
    """A clearing account, or that of gift cards.

    `opening` is None where what stood there before cannot be told (an account that is not the
    payment methods' own). `flows` are what moved it in the period, by kind. `apart` is what payouts
    had beside orders, by kind; `payouts` are those that are known, by reference. `by_hand`:
    something is posted that is neither an order's nor a known payout.
    """

    number: int
    opening: int | None = 0
    flows: Counter[str] = field(default_factory=Counter)
    days: Counter[date] = field(default_factory=Counter)
    orders: dict[str, OfOrder] = field(default_factory=lambda: defaultdict(OfOrder))
    apart: Counter[str] = field(default_factory=Counter)
    payouts: dict[str, PayoutRecord] = field(default_factory=dict)
    by_hand: bool = False

    @property
    def closing(self) -> int | None:
        """The balance at the period's end."""
        return None if self.opening is None else self.opening + self.flows.total()

    def left(self) -> list[tuple[str, OfOrder]]:
        """Return the orders of which something is left, by number.

        Where payouts were posted by hand, orders of before the first one that a known payout
        brought are one sum with them.
        """
        brought = [one.day for one in self.orders.values() if one.paid and one.day]
        since = min(brought, default=date.min) if self.by_hand else date.min
        found = [
            (number, one)
            for number, one in self.orders.items()
            if one.left and (one.paid_day or not one.day or one.day >= since)
        ]
        found.sort(key=itemgetter(0))
        found.sort(key=lambda one: len(one[0]))
        return found

    def take(self, one: Movement, number: str, period: Period) -> None:
        """Add what was posted until the period's end, after the payouts."""
        if one.day > period.last:
            return
        kind = "captured" if one.refund_id == 0 else "returned"
        if number:
            order = self.orders[number]
            setattr(order, kind, getattr(order, kind) + one.amount)
            order.day = min(order.day or one.day, one.day)
        self.by_hand |= not (number or one.payout)
        if one.day < period.first:
            self.opening = None if self.opening is None else self.opening + one.amount
            return
        self.days[one.day] += one.amount
        payout, roles = self.payouts.get(one.payout), {"fee", "fee_vat"}
        lines = payout.lines if payout and payout.currency == COMPANY_CURRENCY else ()
        fee = sum(amount for role, _, amount in lines if role in roles)
        self.flows["fees"] -= fee
        self.flows[kind if number else "payouts" if payout else "other"] += one.amount + fee

    def take_payout(self, payout: PayoutRecord, number: Callable[[int, str], str]) -> None:
        """Take off what a payout brought of each order."""
        self.payouts[payout.reference] = payout
        self.apart["carried"] += payout.lines[-1][2]
        for kind, order_id, amount in payout.rows if payout.currency == COMPANY_CURRENCY else ():
            if kind in _NO_ORDER:
                continue
            self.apart["carried"] += amount
            if not order_id:
                held = kind in {Kind.HOLDBACK, Kind.RELEASE}
                self.apart["held" if held else "without_order"] -= amount
                continue
            own = self.orders[number(order_id, f"id:{order_id}")]
            own.paid += amount if kind == Kind.CAPTURE else 0
            own.disputed += amount if kind in _DISPUTED else 0
            own.paid_back += amount if kind not in {Kind.CAPTURE, *_DISPUTED} else 0
            own.paid_day = min(own.paid_day or payout.day, payout.day)

    def differences(self, period: Period, others: Sequence[Movement]) -> Iterator[Pair]:
        """Yield where payouts say one thing and what is posted another.

        `others` are the postings that name no order that was read, a payout's own among them.
        """
        others = [one for one in others if one.account == self.number]
        by_hand = [one for one in others if not (one.number or one.payout) and one.day in period]
        for payout in self.payouts.values():
            if payout.currency != COMPANY_CURRENCY:
                continue
            amount, facts = payout.lines[-1][2], {"payout": payout.text}
            booked = sum(one.amount for one in others if one.payout == payout.reference)
            if payout.day in period and booked != amount:
                code = "payout_amount" if booked else "payout_missing"
                told = Side(payout.day, amount), Side(payout.day, booked)
                yield self._pair(code, "", *told, self.number, facts)
            for one in by_hand:
                near = abs(one.day - payout.day) <= _NEAR
                if near and one.amount in {amount, -payout.net}:
                    side = Side(one.day, one.amount)
                    yield self._pair("payout_twice", "", None, side, self.number, facts)
        last = max((one.day for one in self.payouts.values()), default=date.min)
        for number, order in self.left() if self.payouts else ():
            yield from self._left_of(number, order, last)
        for number, order in self.orders.items():
            if order.captured and order.day and order.paid_day and order.paid_day < order.day:
                sides = Side(order.day, order.captured), Side(order.paid_day, order.paid)
                yield self._pair("paid_out_before", number, *sides)

    def _left_of(self, number: str, own: OfOrder, last: date) -> Iterator[Pair]:
        """Yield what the provider moved and the shop does not know, and the reverse."""
        late = own.day is not None and not own.paid_day and own.day + _NEAR < last
        told = {
            "payout_unknown": (own.captured, own.paid, own.paid > own.captured),
            "payback_unknown": (-own.returned, -own.paid_back, own.paid_back < own.returned),
            "not_paid_out": (own.left, 0, late),
        }  # fmt: skip
        for code, (shop, books, wrong) in told.items():
            if wrong:
                sides = Side(own.day or own.paid_day, shop), Side(own.paid_day or last, books)
                yield self._pair(code, number, *sides)

    def _pair(
        self, code: str, number: str, shop: Side | None, books: Side, account: int | None = None,
        facts: Mapping[str, str] = {},
    ) -> Pair:  # fmt: skip
        return Pair(
            code, code != "paid_out_before", 0, number, shop=shop, books=books,
            facts={"account": str(self.number), **facts}, money=True, account=account,
        )  # fmt: skip
