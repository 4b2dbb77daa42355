"""A web shop that reckons like WooCommerce, and answers an order at six decimals.

The rules of rounding are those of woocommerce/facts.md, "Amounts": unrounded net and
VAT per line, the VAT of a line rounded half down with prices incl. VAT and half up without, by
line or at the subtotal, and in a shop of no decimals each rate and then the sum to whole kroner.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_DOWN, ROUND_HALF_UP, Decimal
from typing import Any, Literal

from woo2po.order import Order, read_order

RATE_IDS = {Decimal(25): 1, Decimal(15): 2, Decimal(12): 3}
SIX = Decimal("0.000001")
ZERO = Decimal(0)


@dataclass(frozen=True)
class Kind:
    prices_with_vat: bool = True
    rounds_at_subtotal: bool = False
    decimals: Literal[0, 2] = 2

    def tax(self, amount: Decimal) -> Decimal:
        """Round the VAT of a line as the shop does."""
        half = ROUND_HALF_DOWN if self.prices_with_vat else ROUND_HALF_UP
        return amount.quantize(Decimal(1).scaleb(-self.decimals), half)

    def money(self, amount: Decimal) -> Decimal:
        """Round an amount to what the shop shows."""
        return amount.quantize(Decimal(1).scaleb(-self.decimals), ROUND_HALF_UP)


@dataclass(frozen=True)
class Item:
    """Goods in the cart: a price each, as the shop has it, with VAT or without."""

    price: Decimal
    rate: Decimal = Decimal(25)
    quantity: Decimal = Decimal(1)
    sku: str = ""


@dataclass(frozen=True)
class Coupon:
    """A percentage, an amount off the cart, or an amount off each piece."""

    kind: Literal["percent", "fixed_cart", "fixed_product"]
    amount: Decimal


@dataclass(frozen=True)
class Fee:
    """A fee, net; a negative one from a checkout shares VAT over the goods' rates."""

    amount: Decimal
    rate: Decimal | None = Decimal(25)
    shared: bool = False


@dataclass(frozen=True)
class Cart:
    items: tuple[Item, ...]
    coupon: Coupon | None = None
    freight: tuple[tuple[Decimal, Decimal], ...] = ()  # net and rate
    fees: tuple[Fee, ...] = ()
    hidden_card: Decimal = ZERO


@dataclass
class _Line:
    """A line: its net before and after discounts; `shared` is VAT that is told beside its rate."""

    total: Decimal
    rate: Decimal | None
    subtotal: Decimal
    shared: dict[Decimal, Decimal] | None = None

    @property
    def taxes(self) -> dict[Decimal, Decimal]:
        """The unrounded VAT of `total` by rate."""
        return _vat(self.total, self.rate) if self.shared is None else self.shared


def _vat(net: Decimal, rate: Decimal | None) -> dict[Decimal, Decimal]:
    return {rate: net * rate / 100} if rate else {}


def checkout(cart: Cart, kind: Kind, **changed: Any) -> Order:
    return read_order(answer(cart, kind, **changed))


def answer(cart: Cart, kind: Kind, **changed: Any) -> dict[str, Any]:
    """Return the order as the shop's REST interface answers it with `dp=6`."""
    goods = _goods(cart, kind)
    freight = [_Line(net, rate, net) for net, rate in cart.freight]
    fees = [_Line(fee.amount, fee.rate, fee.amount, _shared(fee, goods)) for fee in cart.fees]
    lines = goods + freight + fees
    total_tax = sum((vat for line in lines for vat in _shown_taxes(line, kind).values()), ZERO)
    ids = iter(range(1, 1000))
    return {
        "id": 4711, "number": "4711", "status": "processing", "currency": "NOK",
        "prices_include_tax": kind.prices_with_vat, "date_created_gmt": "2026-11-02T10:00:00",
        "total": _six(_total(lines, kind) - cart.hidden_card), "total_tax": _six(total_tax),
        "payment_method": "vipps",
        "billing": {"first_name": "Kari", "last_name": "Nordmann", "country": "NO"},
        "line_items": [
            {**_shown(line, kind, next(ids)), "name": "Vare", "sku": item.sku,
             "quantity": item.quantity}
            for line, item in zip(goods, cart.items, strict=True)],
        "shipping_lines": [
            {**_shown(line, kind, next(ids)), "method_title": "Hjemlevering"} for line in freight],
        "fee_lines": [{**_shown(line, kind, next(ids)), "name": "Gebyr"} for line in fees],
        "tax_lines": [
            {"rate_id": id_, "rate_code": f"NO-MVA {rate}%-1", "rate_percent": rate}
            for rate, id_ in RATE_IDS.items()],
        "coupon_lines": [{"code": "velkommen"}] if cart.coupon else [],
        **changed,
    }  # fmt: skip


def _goods(cart: Cart, kind: Kind) -> list[_Line]:
    prices = [item.price * item.quantity for item in cart.items]
    made = []
    for item, price, off in zip(cart.items, prices, _discounts(cart, prices, kind), strict=True):
        share = 100 / (100 + item.rate) if kind.prices_with_vat else Decimal(1)
        made.append(_Line((price - off) * share, item.rate, price * share))
    return made


def _discounts(cart: Cart, prices: Sequence[Decimal], kind: Kind) -> list[Decimal]:
    coupon = cart.coupon
    if coupon is None:
        return [ZERO] * len(prices)
    if coupon.kind == "percent":
        return [min(kind.money(price * coupon.amount / 100), price) for price in prices]
    if coupon.kind == "fixed_product":
        pieces = [item.quantity for item in cart.items]
        return [min(coupon.amount * n, p) for n, p in zip(pieces, prices, strict=True)]
    whole = sum(prices, ZERO)
    left, offs = min(coupon.amount, whole), []
    for price in prices:
        off = kind.money(coupon.amount * price / whole) if whole else ZERO
        offs.append(min(off, price, left))
        left -= offs[-1]
    return offs


def _shared(fee: Fee, goods: Sequence[_Line]) -> dict[Decimal, Decimal] | None:
    if not fee.shared:
        return None
    whole = sum((line.total for line in goods), ZERO)
    taxes: dict[Decimal, Decimal] = {}
    for line in goods:
        for rate, vat in line.taxes.items():
            taxes[rate] = taxes.get(rate, ZERO) + (fee.amount * vat / whole if whole else ZERO)
    return {rate: vat for rate, vat in taxes.items() if vat.quantize(SIX)}


def _shown_taxes(line: _Line, kind: Kind) -> dict[Decimal, Decimal]:
    if kind.rounds_at_subtotal and kind.decimals:
        return line.taxes
    return {rate: kind.tax(vat) for rate, vat in line.taxes.items()}


def _total(lines: Sequence[_Line], kind: Kind) -> Decimal:
    net = sum((line.total for line in lines), ZERO)
    by_line = not (kind.prices_with_vat or kind.rounds_at_subtotal or kind.decimals == 0)
    vats: dict[Decimal, Decimal] = {}
    for line in lines:
        for rate, vat in (_shown_taxes(line, kind) if by_line else line.taxes).items():
            vats[rate] = vats.get(rate, ZERO) + vat
    if kind.decimals == 0:
        vats = {rate: kind.tax(vat) for rate, vat in vats.items()}
    return kind.money(net + sum(vats.values(), ZERO))


def _shown(line: _Line, kind: Kind, id_: int) -> dict[str, Any]:
    before = _vat(line.subtotal, line.rate) if line.shared is None else line.shared
    return {
        "id": id_,
        "subtotal": _six(line.subtotal),
        "total": _six(line.total),
        "total_tax": _six(sum(_shown_taxes(line, kind).values(), ZERO)),
        "taxes": [{"id": RATE_IDS[rate], "total": _six(vat), "subtotal": _six(before[rate])}
                  for rate, vat in sorted(line.taxes.items(), reverse=True)],
    }  # fmt: skip


def line_back(
    line: dict[str, Any], share: Decimal, pieces: Decimal | int, id_: int, decimals: int = 2
) -> dict[str, Any]:
    """Return a share of an order's line as a line of a refund, as the shop's form makes it."""

    def part(amount: str) -> Decimal:
        return -(Decimal(amount) * share).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)

    taxes = {tax["id"]: part(tax["total"]) for tax in line["taxes"]}
    return {
        "id": id_, "name": line.get("name", "Frakt"), "sku": line.get("sku", ""),
        "quantity": -pieces, "subtotal": f"{part(line['total']):f}",
        "total": f"{part(line['total']):f}", "total_tax": f"{sum(taxes.values(), ZERO):f}",
        "taxes": [{"id": rate, "total": f"{vat:f}"} for rate, vat in taxes.items()],
        "meta_data": [{"id": 1, "key": "_refunded_item_id", "value": str(line["id"])}],
    }  # fmt: skip


def _six(amount: Decimal) -> str:
    return f"{amount.quantize(SIX, ROUND_HALF_UP):f}"
