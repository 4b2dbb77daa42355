"""Orders of a shop, made of goods at the prices that customers see."""

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from woo2po.sandbox.shop_orders import recorded

Json = dict[str, Any]


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
    vat = sum((Decimal(line["total_tax"]) for line in lines), Decimal(0))
    net = sum((Decimal(line["total"]) for line in lines), Decimal(0))
    total = (net + vat).quantize(Decimal("0.01"), ROUND_HALF_UP)
    rates = {25: 1, 15: 2, 12: 3}
    return {
        "line_items": lines,
        "tax_lines": [
            {"id": 900 + n, "rate_id": n, "rate_code": f"NO-MVA {rate}%-{n}", "rate_percent": rate}
            for rate, n in rates.items()
        ],
        "total": f"{total:.6f}",
        "total_tax": f"{vat:.6f}",
    }


def _line(place: int, goods: Goods) -> Json:
    gross = Decimal(goods.price) * goods.quantity
    net = gross * 100 / (100 + goods.rate)
    tax = f"{gross - net:.6f}"
    rate_id = {25: 1, 15: 2, 12: 3}.get(goods.rate)
    line: Json = copy.deepcopy(recorded("b2c-vipps-simple")["order"]["line_items"][0])
    return line | {
        "id": goods.id or place,
        "name": goods.name,
        "sku": goods.sku,
        "quantity": goods.quantity,
        "subtotal": f"{net:.6f}",
        "total": f"{net:.6f}",
        "subtotal_tax": tax,
        "total_tax": tax,
        "taxes": [{"id": rate_id, "total": tax, "subtotal": tax}] if rate_id else [],
        "price": float(net / goods.quantity),
    }
