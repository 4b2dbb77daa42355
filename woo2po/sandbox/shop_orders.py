"""The orders of the built-in shop, what happens to them there, and orders made of goods."""

import copy
import json
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from importlib.resources import files
from itertools import chain
from typing import Any
from zoneinfo import ZoneInfo

from woo2po.sandbox.answers import utc_now

Json = dict[str, Any]
OSLO = ZoneInfo("Europe/Oslo")
STATUSES = ("pending", "processing", "on-hold", "completed", "cancelled", "refunded", "failed")
_DATES = ("date_created", "date_paid", "date_completed")
_SUMS = ("subtotal", "subtotal_tax", "total", "total_tax")
_RATES = {25: 1, 15: 2, 12: 3}  # percent and WooCommerce's id of the rate
GATEWAYS: Json = tomllib.loads((files("woo2po.sandbox") / "gateways.toml").read_text("utf-8"))
_LINE_LISTS = ("line_items", "shipping_lines", "tax_lines", "fee_lines")


@dataclass
class ShopOrders:
    """Raw orders at six decimals, and their refunds; `statuses` may be added to."""

    clock: Callable[[], datetime] = utc_now
    zone: ZoneInfo = OSLO
    statuses: list[str] = field(default_factory=lambda: [*STATUSES])
    orders: dict[int, Json] = field(default_factory=dict)
    refunds: dict[int, list[Json]] = field(default_factory=dict)
    _last_deleted: int = 0

    def load_recorded(self, names: Iterable[str] | None = None) -> list[int]:
        """Put recorded orders in, all or those named, times and all. Return their ids."""
        documents = [recorded(name) for name in (recorded_names() if names is None else names)]
        stored = [self._store(one["order"], one.get("refunds", ())) for one in documents]
        return [order["id"] for order in stored]

    def put(self, order: Mapping[str, Any], refunds: Sequence[Mapping[str, Any]] = ()) -> None:
        """Put in an order (and its refunds) as if it were changed just now."""
        self._touch(self._store(order, refunds))

    def place(self, order_json: Mapping[str, Any]) -> None:
        """Put in an order that a customer places just now, not paid yet."""
        order = self._store(order_json, ())
        order |= dict.fromkeys(_DATES) | {f"{name}_gmt": None for name in _DATES}
        self._date(order, "date_created")
        self._touch(order)

    def pay(self, order_id: int) -> None:
        """Let an order be paid: where it waited for that, it is processed now."""
        order = self.orders[order_id]
        if order["status"] in {"pending", "on-hold", "failed"}:
            order["status"] = "processing"
        self._date(order, "date_paid")
        self._touch(order)

    def reserve(self, order_id: int, method: str = "") -> None:
        """Let a gateway, by default its own, reserve the money. Raises ValueError for none."""
        order = self.orders[order_id]
        method = method or order["payment_method"]
        _require_gateway(method)
        order["payment_method"] = method
        order["status"] = GATEWAYS[method]["reserves_in"]
        order["transaction_id"] = f"{method}-{order_id}"
        if order["status"] == "processing":
            self._date(order, "date_paid")
        self._gateway_writes(order, "reserved")

    def capture(self, order_id: int, amount: Decimal | None = None) -> None:
        """Let a gateway capture the money, or a part (Vipps). Raises ValueError for another."""
        order = self.orders[order_id]
        whole, method = Decimal(order["total"]), order["payment_method"]
        _require_gateway(method)
        left = whole - _captured(order)
        amount = left if amount is None else amount
        if amount > left or (amount < left and method != "vipps"):
            raise ValueError(f"Of order {order['number']} {left:.2f} is left to capture.")
        if GATEWAYS[method].get("completes"):
            self.set_status(order_id, "completed")
        elif order["status"] == "on-hold":
            self.pay(order_id)
        self._gateway_writes(order, "captured", _captured(order) + amount)

    def void(self, order_id: int) -> None:
        """Let an order be cancelled, and what is reserved of its money with it."""
        order = self.orders[order_id]
        self._gateway_writes(order, "cancelled", _captured(order))
        self.set_status(order_id, "cancelled")

    def _gateway_writes(self, order: Json, what: str, captured: Decimal = Decimal(0)) -> None:
        now, whole = self.clock(), Decimal(order["total"])
        facts = {
            "id": order["id"],
            "ore": f"{whole * 100:.0f}",
            "captured": f"{captured * 100:.0f}",
        }
        facts |= {"unix": int(now.timestamp()), "utc": f"{now:%Y-%m-%d %H:%M:%S}"}
        facts["local"] = f"{now.astimezone(self.zone):%Y-%m-%d %H:%M:%S}"
        new = {k: v.format(**facts) for k, v in GATEWAYS[order["payment_method"]][what].items()}
        kept = [meta for meta in order["meta_data"] if meta["key"] not in new]
        order["meta_data"] = kept + [{"id": 0, "key": k, "value": v} for k, v in new.items()]
        self._touch(order)

    def edit(self, order_id: int, **changes: Any) -> None:
        """Change fields of an order, as an administrator does: its time of change moves."""
        self.orders[order_id].update(copy.deepcopy(changes))
        self._touch(self.orders[order_id])

    def set_status(self, order_id: int, status: str) -> None:
        """Change the status, and with it the dates and the refund that WooCommerce sets."""
        order = self.orders[order_id]
        order["status"] = status
        completed = status == "completed"
        if completed or (status == "processing" and order["payment_method"] != "cod"):
            self._date(order, "date_paid")
        if completed:
            self._date(order, "date_completed")
        left = Decimal(order["total"]) - paid_back(order)
        if status == "refunded" and left > 0:
            self.add_refund(order_id, {"amount": str(left), "reason": "Order fully refunded."})
        self._touch(order)

    def delete(self, order_id: int) -> None:
        """Delete an order for good, its refunds with it."""
        self._last_deleted = self.next_id() - 1
        del self.orders[order_id]
        self.refunds.pop(order_id, None)

    def add_refund(self, order_id: int, refund: Mapping[str, Any]) -> int:
        """Refund a part of an order, its last øre as the whole. Raises ValueError for more."""
        order = self.orders[order_id]
        left = Decimal(order["total"]) - paid_back(order)
        if Decimal(refund["amount"]) > left:
            raise ValueError(f"Of order {order['number']} only {left:.2f} is left to refund.")
        whole: Json = {name: [] for name in (*_LINE_LISTS, "meta_data")}
        whole |= {"id": self.next_id(), "reason": "", "refunded_by": 1, "refunded_payment": False}
        self._date(whole, "date_created")
        whole |= copy.deepcopy(dict(refund))
        whole["amount"] = f"{Decimal(whole['amount']):.6f}"
        self.refunds.setdefault(order_id, []).append(whole)
        order["refunds"].insert(0, _summary(whole))
        if paid_back(order) >= Decimal(order["total"]):
            order["status"] = "refunded"
        self._touch(order)
        return int(whole["id"])

    def delete_refund(self, order_id: int, refund_id: int) -> None:
        """Delete a refund; WooCommerce does not move the order's time of change."""
        self._last_deleted = self.next_id() - 1
        left = [r for r in self.refunds.get(order_id, []) if r["id"] != refund_id]
        self.refunds[order_id] = left
        self.orders[order_id]["refunds"] = [_summary(r) for r in left]

    def _store(self, order_json: Mapping[str, Any], refunds: Sequence[Mapping[str, Any]]) -> Json:
        order: Json = copy.deepcopy(dict(order_json))
        self.orders[order["id"]] = order
        self.refunds[order["id"]] = [copy.deepcopy(dict(refund)) for refund in refunds]
        return order

    def next_id(self) -> int:
        """Return the id that the next order or refund gets: none comes twice."""
        refunds = (refund["id"] for listed in self.refunds.values() for refund in listed)
        return int(max([self._last_deleted, *self.orders, *refunds])) + 1

    def _now(self) -> tuple[str, str]:
        now = self.clock()
        local = now.astimezone(self.zone).replace(tzinfo=None, microsecond=0)
        return local.isoformat(), seconds(now)

    def _touch(self, order: Json) -> None:
        order["date_modified"], order["date_modified_gmt"] = self._now()

    def _date(self, order: Json, name: str) -> None:
        if not order.get(f"{name}_gmt"):
            order[name], order[f"{name}_gmt"] = self._now()


def seconds(moment: datetime) -> str:
    """Return a moment as WordPress stores it: UTC, whole seconds, without a zone."""
    return moment.astimezone(UTC).replace(tzinfo=None, microsecond=0).isoformat()


def recorded_names() -> list[str]:
    """Return the names of the recorded orders, each for what it shows."""
    folder = files("woo2po.sandbox") / "recorded"
    return sorted(file.name[:-5] for file in folder.iterdir() if file.name.endswith(".json"))


def recorded(name: str) -> Json:
    """Return a recorded order: `order`, and `refunds` where it has any, at six decimals."""
    document: Json = json.loads(_text_of(name))
    return document


@cache
def _text_of(name: str) -> str:
    file = files("woo2po.sandbox") / "recorded" / f"{name}.json"
    return file.read_text(encoding="utf-8")


def _require_gateway(method: str) -> None:
    if method not in GATEWAYS:
        raise ValueError(f"{method} reserves nothing. There are: {', '.join(GATEWAYS)}.")


def _summary(refund: Json) -> Json:
    return {"id": refund["id"], "reason": refund["reason"], "total": f"-{refund['amount']}"}


def _captured(order: Json) -> Decimal:
    said = {meta["key"]: meta["value"] for meta in order["meta_data"]}
    return Decimal(said.get("_vipps_captured") or 0) / 100


def paid_back(order: Json) -> Decimal:
    """Return how much of an order is refunded."""
    return -sum((Decimal(refund["total"]) for refund in order["refunds"]), Decimal(0))


# -- orders made of goods, and refunds of their lines


@dataclass(frozen=True)
class Goods:
    """A line of an order: price each as the customer sees it, VAT included."""

    sku: str = "GEN-001"
    price: str = "1299.00"
    rate: int = 25
    quantity: int = 1
    name: str = "Vare"
    id: int = 0  # of the line; by default its place, from 1


def amounts(goods: Sequence[Goods]) -> Json:
    """Return lines and sums of an order of goods at 25, 15, 12 or 0 % as WooCommerce answers."""
    lines = [_line(place, one) for place, one in enumerate(goods, 1)]
    net, vat = (_sum(line[name] for line in lines) for name in ("total", "total_tax"))
    rates = [
        {"id": 900 + n, "rate_id": n, "rate_code": f"NO-MVA {rate}%-{n}", "rate_percent": rate}
        for rate, n in _RATES.items()
    ]
    sums = {"total": _paid(net + vat), "total_tax": _text(vat)}
    return {"line_items": lines, "tax_lines": rates, **sums}


def _line(place: int, goods: Goods) -> Json:
    gross = Decimal(goods.price) * goods.quantity
    net = gross * 100 / (100 + goods.rate)
    sums = {name: _text(gross - net if name.endswith("tax") else net) for name in _SUMS}
    rate_id, tax = _RATES.get(goods.rate), sums["total_tax"]
    line: Json = recorded("b2c-vipps-simple")["order"]["line_items"][0]
    what = {"name": goods.name, "sku": goods.sku, "quantity": goods.quantity}
    taxes = [{"id": rate_id, "total": tax, "subtotal": tax}] if rate_id else []
    price = float(net / goods.quantity)
    return line | {"id": goods.id or place, **what, **sums, "taxes": taxes, "price": price}


def refund_of(order: Json, quantities: Sequence[int], *, others: bool = False) -> Json:
    """Return a refund of so many pieces of each line; `others`: with the freight and the fees."""
    sold = zip(order["line_items"], quantities, strict=True)
    back = [
        _times(line, Decimal(-pieces) / line["quantity"]) | {"quantity": -pieces}
        for line, pieces in sold
        if pieces
    ]
    lists = {"line_items": back}
    for name in ("shipping_lines", "fee_lines"):
        lists[name] = [_times(line, Decimal(-1)) for line in order[name] if others]
    lines = list(chain(*lists.values()))
    for line in lines:
        line["meta_data"] = [{"key": "_refunded_item_id", "value": str(line["id"])}]
        line["id"] += 500
        if "subtotal" in line:  # of goods: what is paid back is its list price too
            line["subtotal"], line["subtotal_tax"] = line["total"], line["total_tax"]
            line["taxes"] = [{**tax, "subtotal": tax["total"]} for tax in line["taxes"]]
    total = -_sum(line[name] for line in lines for name in ("total", "total_tax"))
    return {"amount": _paid(total), **lists}


def one_more(order: Json) -> Json:
    """Return what changes in an order when one more is sold of what its first line sells."""
    line, *others = order["line_items"]
    piece = _times(line, Decimal(1) / line["quantity"])
    more = _times(line, 1 + Decimal(1) / line["quantity"]) | {"quantity": line["quantity"] + 1}
    listed, net, tax = (Decimal(piece[name]) for name in ("subtotal", "total", "total_tax"))
    added = {"total_tax": tax, "cart_tax": tax, "discount_total": listed - net}
    sums = {name: _text(Decimal(order[name]) + amount) for name, amount in added.items()}
    total = _paid(Decimal(order["total"]) + net + tax)
    return {"line_items": [more, *others], **sums, "total": total}


def _times(line: Json, factor: Decimal) -> Json:
    """Return a line whose amounts are so many times as large."""
    taxes = [
        {**tax, **{k: _text(Decimal(tax[k]) * factor) for k in ("total", "subtotal") if tax.get(k)}}
        for tax in line["taxes"]
    ]
    sums = {name: _text(Decimal(line[name]) * factor) for name in _SUMS if name in line}
    return {**line, **sums, "taxes": taxes}


def _sum(amounts: Iterable[str]) -> Decimal:
    return sum((Decimal(amount) for amount in amounts), Decimal(0))


def _text(amount: Decimal) -> str:
    return f"{amount:.6f}"


def _paid(amount: Decimal) -> str:
    return _text(amount.quantize(Decimal("0.01"), ROUND_HALF_UP))
