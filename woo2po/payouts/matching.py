"""Rows and orders: each row finds its order by the provider's own id, else by the number.

What the plugins write into an order, and when, is in woocommerce/facts.md, "Captures"; a
settlement is the final word on what was captured, the order only tells what to expect.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date
from typing import Any

from woo2po.config import Settings
from woo2po.mapping.capture import Money, provider_of, told_of_money
from woo2po.money import to_ore
from woo2po.order import Order, UnreadableOrder, read_order
from woo2po.payouts.columns import FORMATS, OSLO
from woo2po.payouts.payout import BY_ITSELF, COSTS, FEES, Kind, PaidOrder, Payout, ReportRow
from woo2po.record import PayoutRecord

_EVERYWHERE = "transaction_id"
_DISPUTED = {Kind.DISPUTE, Kind.DISPUTE_REVERSAL}
_ODD_SHAPES = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
_NO_LINES: Mapping[str, Any] = {"line_items": (), "shipping_lines": (), "fee_lines": ()}


class OrdersMatched:
    """The orders that rows are matched with, and what of them came and went in payouts."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.by_id: dict[int, PaidOrder] = {}
        self._named: dict[tuple[str, str], tuple[PaidOrder, str]] = {}
        self._numbered: dict[str, list[PaidOrder]] = defaultdict(list)
        self._payouts: set[str] = set()
        self._captured: set[int] = set()  # those whose capture is among the payouts
        self._currencies: dict[int, str] = {}
        self._settled: Counter[int] = Counter()
        self._disputed: Counter[int] = Counter()
        self._apart: Counter[tuple[str, Kind, str]] = Counter()

    def add(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Take orders as the shop lists them; what is no order of a provider is passed over."""
        for raw in rows:
            with suppress(UnreadableOrder, *_ODD_SHAPES):
                self._add(read_order({**raw, **_NO_LINES}))

    def _add(self, order: Order) -> None:
        provider, told = provider_of(order.payment_method), told_of_money(order, self._settings)
        test = told is not None and told.money is Money.TEST
        if test or not provider or order.id in self.by_id:
            return
        captured = told is not None and told.money is Money.CAPTURED
        before = told.before if told and captured else ()  # else a capture is the payouts' to tell
        at = order.date_completed_gmt or order.date_paid_gmt or order.date_created_gmt
        paid = PaidOrder(
            order.id, order.number or str(order.id), provider, order.currency, to_ore(order.total),
            to_ore(told.amount) if told and captured else 0,
            {one.id: -abs(to_ore(one.total)) for one in order.refunds if one.id not in before},
            order.date_created_gmt.astimezone(OSLO).date(), at.astimezone(OSLO).date(),
        )  # fmt: skip
        self.by_id[order.id] = paid
        for number in {order.number, str(order.id)} if provider == "paypal" else {order.number}:
            self._numbered[number].append(paid)
        own = {"id": order.id, _EVERYWHERE: order.transaction_id}
        for name in (*FORMATS["orders"][provider], _EVERYWHERE):
            value = str(own.get(name) or order.meta(name) or "")
            self._named.setdefault((provider, value), (paid, name))

    def match(self, payout: Payout) -> None:
        """Let each row of a payout know its order, and by what it was found."""
        for row in payout.rows:
            by_id = (self._named.get((payout.provider, own)) for own in row.ids if own)
            numbered = self._numbered.get(row.number, ())
            fitting = [(one, "number") for one in numbered if _fits(one, payout, row)]
            alone = fitting[0] if len(fitting) == 1 else (None, "")
            row.order, row.matched_by = next(filter(None, by_id), alone)

    def settle(self, payout: PayoutRecord) -> None:
        """Count what a payout brought, once."""
        if payout.reference in self._payouts:
            return
        self._payouts.add(payout.reference)
        for kind, order_id, amount in payout.rows:
            if kind in FEES:
                continue
            if order_id and kind not in BY_ITSELF:
                self._settled[order_id] += amount
                self._currencies[order_id] = payout.currency
                self._captured |= {order_id} if kind == Kind.CAPTURE else set()
                self._disputed[order_id] += amount if kind in _DISPUTED else 0
            else:
                of = Kind.HOLDBACK if kind == Kind.RELEASE else Kind(kind)
                self._apart[payout.provider, of, payout.currency] += amount

    def open(self, provider: str, since: date, told: Iterable[Any] = ()) -> list[dict[str, Any]]:
        """Return what is captured and not paid out; of what may be from before, the disputed.

        Of what is disputed or held back, more given back than taken is from before what is known.
        Of refunds, the shop may have `told` whether the provider gave them back.
        """
        by_hand: Counter[int] = Counter()
        for row in told:
            with suppress(*_ODD_SHAPES):
                if row["refunded_payment"] is False:
                    by_hand[row["parent_id"]] += self.by_id[row["parent_id"]].refunds[row["id"]]
        left: list[tuple[Any, ...]] = []
        for (whose, kind, currency), moved in self._apart.items():
            if kind in BY_ITSELF or (kind is Kind.HOLDBACK and moved < 0):
                left.append((whose, None, "", kind, -moved, currency))
        for id_, order in sorted(self.by_id.items()):
            # What the payouts brought proves a capture of which the order is silent.
            captured = order.captured or (order.total if id_ in self._settled else 0)
            back = sum(order.refunds.values()) if captured else 0
            amount = captured + back - self._settled[id_]
            if amount < 0:  # what was given back by hand, no payout may take
                amount = min(amount - by_hand[id_], 0)
            known = id_ in self._captured  # a part of it at least
            before = amount > 0 and order.placed < since if known else order.day < since
            if before or self._currencies.get(id_, order.currency) != order.currency:
                amount = max(-self._disputed[id_], 0)
            kind = Kind.DISPUTE if self._disputed[id_] else Kind.CAPTURE
            kind = kind if amount > 0 else Kind.REFUND
            left.append((order.provider, id_, order.number, kind, amount, order.currency))
        names = ("provider", "order_id", "number", "kind", "amount", "currency")
        mine = (one for one in left if one[0] == provider and one[4])
        return [dict(zip(names, one, strict=True)) for one in mine]


def _fits(order: PaidOrder, payout: Payout, row: ReportRow) -> bool:
    """Tell whether amount, currency and method agree with what a number says."""
    if (order.provider, order.currency) != (payout.provider, payout.currency):
        return False
    amounts = {order.total, -order.total, order.captured, *order.refunds.values()}
    return row.kind in COSTS or row.amount in amounts
