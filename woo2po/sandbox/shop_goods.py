"""Orders of a shop, made of goods at the prices that customers see, and refunds of their lines."""

import copy
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from woo2po.sandbox.shop_listing import Json
from woo2po.sandbox.shop_orders import recorded

_SUMS = ("subtotal", "subtotal_tax", "total", "total_tax")
_RATES = {25: 1, 15: 2, 12: 3}  # percent and WooCommerce's id of the rate


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
    """Return the lines and sums of an order of these goods, as WooCommerce answers them.

    Rates are 25, 15 and 12 %, and 0 for none; prices include VAT.
    """
    lines = [_line(place, one) for place, one in enumerate(goods, 1)]
    vat = _sum(line["total_tax"] for line in lines)
    net = _sum(line["total"] for line in lines)
    return {
        "line_items": lines,
        "tax_lines": [
            {"id": 900 + n, "rate_id": n, "rate_code": f"NO-MVA {rate}%-{n}", "rate_percent": rate}
            for rate, n in _RATES.items()
        ],
        "total": _paid(net + vat),
        "total_tax": _text(vat),
    }


def _line(place: int, goods: Goods) -> Json:
    gross = Decimal(goods.price) * goods.quantity
    net = gross * 100 / (100 + goods.rate)
    tax = _text(gross - net)
    rate_id = _RATES.get(goods.rate)
    line: Json = copy.deepcopy(recorded("b2c-vipps-simple")["order"]["line_items"][0])
    return line | {
        "id": goods.id or place,
        "name": goods.name,
        "sku": goods.sku,
        "quantity": goods.quantity,
        "subtotal": _text(net),
        "total": _text(net),
        "subtotal_tax": tax,
        "total_tax": tax,
        "taxes": [{"id": rate_id, "total": tax, "subtotal": tax}] if rate_id else [],
        "price": float(net / goods.quantity),
    }


def refund_of(order: Json, quantities: Sequence[int], *, others: bool = False) -> Json:
    """Return a refund of so many pieces of each line, as WooCommerce lists it.

    `others`: the freight and the fees go back as well.
    """
    goods = [
        _times(line, Decimal(-pieces) / line["quantity"]) | {"quantity": -pieces}
        for line, pieces in zip(order["line_items"], quantities, strict=True)
        if pieces
    ]
    freight, fees = (
        [_times(line, Decimal(-1)) for line in order[name]] if others else []
        for name in ("shipping_lines", "fee_lines")
    )
    lines = [_returned(line) for line in [*goods, *freight, *fees]]
    total = -_sum(line[name] for line in lines for name in ("total", "total_tax"))
    first, second = len(goods), len(goods) + len(freight)
    return {
        "amount": _paid(total),
        "line_items": lines[:first],
        "shipping_lines": lines[first:second],
        "fee_lines": lines[second:],
    }


def _returned(line: Json) -> Json:
    sold = [{"key": "_refunded_item_id", "value": str(line["id"])}]
    return {**line, "id": line["id"] + 500, "meta_data": sold}


def one_more(order: Json) -> Json:
    """Return what changes in an order when one more is sold of what its first line sells."""
    line = order["line_items"][0]
    piece = _times(line, Decimal(1) / line["quantity"])
    more = _times(line, 1 + Decimal(1) / line["quantity"]) | {"quantity": line["quantity"] + 1}
    net, tax = Decimal(piece["total"]), Decimal(piece["total_tax"])
    return {
        "line_items": [more, *order["line_items"][1:]],
        "total": _paid(Decimal(order["total"]) + net + tax),
        "total_tax": _text(Decimal(order["total_tax"]) + tax),
        "cart_tax": _text(Decimal(order["cart_tax"]) + tax),
        "discount_total": _text(
            Decimal(order["discount_total"]) + Decimal(piece["subtotal"]) - net
        ),
    }


def _times(line: Json, factor: Decimal) -> Json:
    """Return a line whose amounts are so many times as large."""
    taxes = [
        {**tax, **{k: _text(Decimal(tax[k]) * factor) for k in ("total", "subtotal") if tax.get(k)}}
        for tax in line["taxes"]
    ]
    sums = {name: _text(Decimal(line[name]) * factor) for name in _SUMS if name in line}
    return {**copy.deepcopy(line), **sums, "taxes": taxes}


def _sum(amounts: Iterable[str]) -> Decimal:
    return sum((Decimal(amount) for amount in amounts), Decimal(0))


def _text(amount: Decimal) -> str:
    return f"{amount:.6f}"


def _paid(amount: Decimal) -> str:
    return _text(amount.quantize(Decimal("0.01"), ROUND_HALF_UP))
