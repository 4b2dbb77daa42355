"""What is ordered, as plain data, the order that the shop makes of it, and the shop's figures."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tests.mapping.shop import Cart, Coupon, Fee, Item, Kind, answer, line_back
from woo2po.sandbox.shop_orders import recorded

Json = dict[str, Any]
LINES = ("line_items", "shipping_lines", "fee_lines")
ZERO = Decimal(0)
ORE = Decimal("0.01")

BUYERS: dict[str, tuple[Json, list[Json]]] = {
    "kari": ({"first_name": "Kari", "last_name": "Nordmann", "email": "kari@example.no"}, []),
    "ola": ({"first_name": "Ola", "last_name": "Hansen", "email": "ola@example.no"}, []),
    "guest": ({"first_name": "Per", "last_name": "Ås", "email": ""}, []),
    "company": ({"company": "Fjell AS", "email": "post@fjell.example"}, []),
    "numbered": ({"company": "Skog AS", "email": "post@skog.example"},
                 [{"id": 1, "key": "_billing_org_nr", "value": "923 609 016"}]),
}  # fmt: skip
PREPAID = ("vipps", "klarna_payments", "bambora")  # paid when the order is placed


@dataclass(frozen=True)
class Figures:
    """What one version of an order came to: its total, VAT per rate, and how exact that is."""

    total: Decimal
    vat: Mapping[Decimal, Decimal]
    tolerance: Decimal


def figures_of(order: Json, *, transfer_vat: bool, whole_kroner: bool) -> Figures:
    """Return the shop's own figures; `transfer_vat`: question 12."""
    lines, rates = [line for name in LINES for line in order[name]], rates_of(order)
    vat: dict[Decimal, Decimal] = {}
    for line in lines:
        for tax in line["taxes"]:
            amount = Decimal(tax["total"] if transfer_vat else tax["subtotal"] or tax["total"])
            rate = rates[tax["id"]]
            vat[rate] = vat.get(rate, ZERO) + amount
    each = Decimal("0.51") if whole_kroner else ORE
    return Figures(Decimal(order["total"]), vat, each * (2 * len(lines) + 1))


def rates_of(order: Json) -> dict[int, Decimal]:
    return {tax["rate_id"]: Decimal(tax["rate_percent"]) for tax in order["tax_lines"]}


def order_of(content: Json, kind: Kind) -> Json:
    """Return the order that a shop of this kind makes of what is ordered, undated."""
    card, hidden = Decimal(content.get("card", 0)), Decimal(content.get("hidden", 0))
    cart = _cart(content, card, ZERO)
    made = answer(cart, kind)
    most = Decimal(made["total"])
    if most < 0:
        made = answer(_cart(content, ZERO, ZERO), kind)
    elif 0 < hidden < most:
        made = answer(_cart(content, card, hidden), kind)
    for fee in made["fee_lines"]:
        if Decimal(fee["total"]) < 0:
            fee["name"] = "Gavekort"
    billing, meta = BUYERS[content["buyer"]]
    base = recorded("b2c-vipps-simple")["order"]
    away = {"address_1": "Hytteveien 9"} if content.get("away") else {}
    who = {**base["shipping"], **{k: v for k, v in billing.items() if k != "email"}}
    own = {"billing": {**base["billing"], **billing}, "shipping": who | away, "meta_data": meta,
           "payment_method": content["method"]}  # fmt: skip
    for name in ("id", "number", "status", "date_created_gmt"):
        del made[name]
    whole: Json = json.loads(json.dumps({**base, **made, **own}, default=_plain))
    return whole


def _plain(value: Decimal) -> float | int:
    return int(value) if value == value.to_integral_value() else float(value)


def _cart(content: Json, card: Decimal, hidden: Decimal) -> Cart:
    items = [Item(Decimal(p), Decimal(r), Decimal(n), sku) for sku, p, r, n in content["goods"]]
    coupon = content.get("coupon")
    fees = [Fee(Decimal(net), Decimal(rate)) for net, rate in content.get("fees", [])]
    freight = tuple((Decimal(net), Decimal(rate)) for net, rate in content.get("freight", []))
    used = Coupon(coupon[0], Decimal(coupon[1])) if coupon else None
    fees += [Fee(-card, None)] if card else []
    return Cart(tuple(items), used, freight, tuple(fees), hidden)


def captured_of(order: Json) -> Decimal:
    said = {meta["key"]: meta["value"] for meta in order["meta_data"]}
    return Decimal(said.get("_vipps_captured", 0)) / 100


def refund_of(order: Json, refunds: Sequence[Json], how: Sequence[Any], kind: Kind) -> Json | None:
    """Return a refund as the shop's form makes it, or None where nothing is left for it.

    `how`: ["amount", percent], ["line", number, pieces] or ["rest"].
    """
    left = Decimal(order["total"]) - sum((Decimal(r["amount"]) for r in refunds), ZERO)
    if how[0] == "rest":
        return _whole(left, {})
    if how[0] == "amount":
        return _whole(min(left, _shown(left * how[1] / 100, kind)), {})
    places = [(name, line) for name in LINES for line in order[name]]
    name, line = places[how[1] % len(places)]
    pieces = min(how[2], line.get("quantity", 1) - _returned(refunds, line["id"]))
    if pieces < 1 or Decimal(line["total"]) <= 0:
        return None
    share = Decimal(pieces) / line.get("quantity", 1)
    back = line_back(line, share, pieces, 90_000 + line["id"])
    amount = _shown(-Decimal(back["total"]) - Decimal(back["total_tax"]), kind)
    return _whole(amount, {name: [back]}) if amount <= left else None


def _whole(amount: Decimal, lines: Json) -> Json | None:
    return {"amount": f"{amount:.2f}", **lines} if amount > 0 else None


def _shown(amount: Decimal, kind: Kind) -> Decimal:
    return amount.quantize(Decimal(1).scaleb(-kind.decimals), ROUND_HALF_UP)


def _returned(refunds: Sequence[Json], line_id: int) -> int:
    lines = [line for refund in refunds for name in LINES for line in refund.get(name, [])]
    return -sum(x["quantity"] for x in lines if x["meta_data"][0]["value"] == str(line_id))
