"""Rows and orders: each row finds its order by the provider's own id, else by the number.

What the plugins write into an order, and when, is in woocommerce/facts.md, "Captures"; a
settlement is the final word on what was captured, the order only tells what to expect.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from woo2po.payouts.payout import Kind, Payout, Row, Unreadable, day_of, ore_of

# By provider: what its payment methods begin with, and where an order names its id.
METHODS = {
    "vipps": ("vipps",), "klarna": ("klarna", "kco", "kustom"), "nexi": ("dibs_easy", "nets_easy"),
    "stripe": ("stripe",), "woopayments": ("woocommerce_payments",), "paypal": ("ppcp", "paypal"),
    "svea": ("svea",),
}  # fmt: skip
_NAMED = {
    "vipps": ("_vipps_orderid", "_charge_id"), "klarna": ("_wc_klarna_order_id",),
    "nexi": ("_dibs_payment_id", "_dibs_charge_id"),
    "stripe": ("_stripe_intent_id", "_stripe_refund_id"), "paypal": ("id",),
    "woopayments": ("id", "_intent_id", "_charge_id"), "svea": ("_svea_co_order_id",),
}  # fmt: skip
_EVERYWHERE = "transaction_id"
_TEST = {("_wc_klarna_environment", "test"), ("_wcpay_mode", "test"),
         ("_ppcp_paypal_payment_mode", "sandbox")}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PaidOrder:
    """An order of the shop: what it cost, and what its plugin says was captured, in øre."""

    id: int
    number: str
    provider: str
    currency: str
    total: int
    captured: int
    refunds: tuple[int, ...]
    day: date | None


@dataclass(frozen=True, slots=True)
class Match:
    """The order of a row, and by what it was found."""

    row: Row
    order: PaidOrder
    matched_by: str


class Orders:
    """The orders that rows are matched with, and what of them came and went in payouts."""

    def __init__(self) -> None:
        self.by_id: dict[int, PaidOrder] = {}
        self._named: dict[tuple[str, str, str], int] = {}
        self._numbered: dict[str, list[int]] = defaultdict(list)
        self.settled: Counter[int] = Counter()
        self.disputed: Counter[int] = Counter()
        self.apart: Counter[tuple[str, Kind]] = Counter()

    def add(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Take orders as the shop lists them; what is no order of a provider is passed over."""
        for raw in rows:
            with suppress(Unreadable, ArithmeticError, AttributeError, LookupError, TypeError,
                          ValueError):  # fmt: skip
                self._add(raw)

    def _add(self, raw: Mapping[str, Any]) -> None:
        method = str(raw.get("payment_method") or "")
        provider = next((name for name in METHODS if method.startswith(METHODS[name])), "")
        if not provider or int(raw["id"]) in self.by_id:
            return
        meta = {str(one["key"]): one.get("value") for one in raw.get("meta_data") or ()}
        if any((key, str(meta.get(key))) in _TEST for key, _ in _TEST):
            return
        at = raw.get("date_completed_gmt") or raw.get("date_paid_gmt") or raw["date_created_gmt"]
        total = ore_of(raw["total"])
        order = PaidOrder(
            int(raw["id"]), str(raw.get("number") or raw["id"]), provider, str(raw["currency"]),
            total, _captured(provider, meta, total, paid=bool(raw.get("date_paid_gmt"))),
            tuple(-abs(ore_of(refund["total"])) for refund in raw.get("refunds") or ()),
            day_of(f"{at}Z"),
        )  # fmt: skip
        self.by_id[order.id] = order
        self._numbered[order.number].append(order.id)
        named = {**meta, "id": order.id, _EVERYWHERE: raw.get(_EVERYWHERE)}
        for name in (*_NAMED[provider], _EVERYWHERE):
            if named.get(name):
                self._named[provider, name, str(named[name])] = order.id

    def of(self, payout: Payout) -> tuple[list[Match], list[Row]]:
        """Return a payout's rows with their orders, and those without one.

        Fees that stand for a whole payout are neither; what is held back is without.
        """
        matched, alone = [], []
        for row in payout.rows:
            found = self._find(payout, row)
            if found is not None:
                matched.append(Match(row, *found))
            elif row.kind not in {Kind.FEE, Kind.FEE_VAT, Kind.FEE_CORRECTION} or any(row.ids):
                alone.append(row)
        return matched, alone

    def _find(self, payout: Payout, row: Row) -> tuple[PaidOrder, str] | None:
        for name in (*_NAMED[payout.provider], _EVERYWHERE):
            for own in row.ids:
                found = self._named.get((payout.provider, name, own)) if own else None
                if found is not None:
                    return self.by_id[found], name
        orders = [self.by_id[id_] for id_ in self._numbered.get(row.number, ())]
        fitting = [order for order in orders if _fits(order, payout, row)]
        return (fitting[0], "number") if len(fitting) == 1 else None

    def settle(self, provider: str, moved: Iterable[tuple[str, int, int]]) -> None:
        """Count what a payout brought: kind, order and amount of each of its rows (0: none)."""
        for kind, order_id, amount in moved:
            if kind in {Kind.FEE, Kind.FEE_VAT, Kind.FEE_CORRECTION, Kind.TOP_UP, Kind.ABORTED}:
                continue
            if order_id:
                self.settled[order_id] += amount
                if kind in {Kind.DISPUTE, Kind.DISPUTE_REVERSAL}:
                    self.disputed[order_id] += amount
            elif kind in {Kind.HOLDBACK, Kind.RELEASE}:
                self.apart[provider, Kind.HOLDBACK] += amount

    def open(self, since: Mapping[str, date]) -> Iterator[dict[str, Any]]:
        """Yield what is captured and not paid out yet, of providers and the days since when.

        An order of an earlier day counts only where a payout that is known has a part of it.
        """
        for (provider, kind), amount in self.apart.items():
            if amount:
                yield {"provider": provider, "order_id": None, "number": "", "kind": kind,
                       "amount": -amount}  # fmt: skip
        for id_, order in sorted(self.by_id.items()):
            first = since.get(order.provider)
            if first is None or (id_ not in self.settled and (not order.day or order.day < first)):
                continue
            # What the payouts brought proves a capture of which the order is silent.
            captured = order.captured or (order.total if id_ in self.settled else 0)
            left = captured + (sum(order.refunds) if captured else 0) - self.settled[id_]
            if left:
                kind = Kind.DISPUTE if self.disputed[id_] else Kind.CAPTURE
                yield {"provider": order.provider, "order_id": id_, "number": order.number,
                       "kind": kind if left > 0 else Kind.REFUND, "amount": left}  # fmt: skip


def _fits(order: PaidOrder, payout: Payout, row: Row) -> bool:
    """Tell whether amount, currency and method agree with what a number says."""
    if (order.provider, order.currency) != (payout.provider, payout.currency):
        return False
    amounts = {order.total, -order.total, order.captured, *order.refunds}
    return row.kind in {Kind.FEE, Kind.FEE_CORRECTION} or row.amount in amounts


def _captured(provider: str, meta: Mapping[str, Any], total: int, *, paid: bool) -> int:
    """Return how much a plugin says was captured; but for Vipps it is all or nothing."""
    said = {name: str(value or "").strip() for name, value in meta.items()}

    def has(name: str, *values: str) -> bool:
        return said.get(name, "") in values if values else bool(said.get(name))

    if provider == "vipps" and "_vipps_recurring_latest_api_status" not in said:
        return int(said.get("_vipps_captured") or 0)
    whole = {
        "vipps": has("_vipps_recurring_latest_api_status", "CHARGED"),
        "klarna": has("_wc_klarna_capture_id") and not has("_wc_klarna_capture_id", "trial"),
        "nexi": has("_dibs_charge_id") or has("dibs_payment_type", "A2A"),
        "stripe": has("_stripe_charge_captured", "yes"),
        "woopayments": has("_intention_status", "succeeded"),
        "paypal": has("_ppcp_paypal_captured", "true")
        or (paid and has("_ppcp_paypal_intent", "CAPTURE")),
        "svea": has("_svea_co_deliver_date"),
    }
    return total if whole[provider] else 0
