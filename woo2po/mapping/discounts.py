"""Discounts: what lies between list price and what was paid, one line per VAT rate.

The shop's `coupon_lines` tell the codes; their amounts are rounded or stale and are not read
("Recorded from a real WooCommerce 10.0.2").
"""

from collections.abc import Sequence
from decimal import Decimal

from woo2po.mapping.lines import is_discounted
from woo2po.mapping.values import Entry, Part, Rate, Room
from woo2po.mapping.vat import Chooser
from woo2po.money import ZERO, snapped
from woo2po.order import Order
from woo2po.settings import Settings


def entries(
    order: Order, parts: Sequence[Part], settings: Settings, chooser: Chooser
) -> list[Entry]:
    """Return the discount lines: a negative line per VAT rate or, by question 12, one without VAT.

    Without transfer of VAT the gross discount goes on a product without VAT: the total is the
    same, the VAT is that of the full price. Raises Stopped (a Hold) where a product is lacking.
    """
    discounted = [part for part in parts if is_discounted(part)]
    if not discounted:
        return []
    text = _text(order, settings)
    if not settings.discounts.transfer_vat:
        gross = snapped(sum((_net(part) + _vat(part) for part in discounted), ZERO))
        return [without_vat(order, gross, settings, chooser)]
    made = []
    for rate in sorted({part.rate for part in discounted}, key=lambda r: (r.country, -r.percent)):
        of_rate = [part for part in discounted if part.rate == rate]
        net = sum(map(_net, of_rate), ZERO)
        gross = net + sum(map(_vat, of_rate), ZERO)
        made.append(_entry(f"discount-{rate}", text, rate, net, gross, settings, chooser))
    return made


def without_vat(order: Order, gross: Decimal, settings: Settings, chooser: Chooser) -> Entry:
    """Return a discount of `gross` kroner that leaves the VAT alone."""
    text = _text(order, settings)
    return _entry("discount", text, Rate(ZERO), gross, gross, settings, chooser)


def _net(part: Part) -> Decimal:
    return part.list_net - part.net


def _vat(part: Part) -> Decimal:
    return part.list_vat - part.vat


def _entry(
    reference: str,
    text: str,
    rate: Rate,
    net: Decimal,
    gross: Decimal,
    settings: Settings,
    chooser: Chooser,
) -> Entry:
    discounts = settings.discounts
    carrier = chooser.service("discounts", discounts.product, discounts.product_by_rate, rate)
    return Entry(reference, text, carrier, Decimal(1), -net, -gross, Room.COMPUTED)


def _text(order: Order, settings: Settings) -> str:
    codes = ", ".join(coupon.code for coupon in order.coupon_lines if coupon.code)
    return f"{settings.discounts.description} {codes}".strip()
