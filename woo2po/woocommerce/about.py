"""What the shop tells of itself: name and time zone, statuses, payment methods.

A key's user may be kept from some of it (payment methods want the right to manage the shop):
that part is then empty.
Source: facts.md, "Logging in".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from woo2po.http import CannotLogIn, NotUnderstood, Refused
from woo2po.woocommerce.requests import INTERFACE, RouteStyle, ShopRequests

# A right that is missing is said in these ways; a wrong key is found out by reading the orders.
_NOT_TOLD = (CannotLogIn, NotUnderstood, Refused)


@dataclass(frozen=True, slots=True)
class Site:
    """A site's name, time zone ("" for an offset) and own address; "" where it is not told."""

    name: str = ""
    zone: str = ""
    home: str = ""


@dataclass(frozen=True, slots=True)
class StatusCount:
    """A status of orders: its slug, how the shop shows it, and how many orders are in it."""

    slug: str
    name: str
    orders: int


@dataclass(frozen=True, slots=True)
class PaymentMethod:
    """A payment method that the shop has, switched on or not."""

    id: str
    title: str
    enabled: bool


async def site(shop: ShopRequests) -> Site:
    """Return name and time zone; both are "" where the front of the interface is closed."""
    try:
        said = (await shop.ask("/", [("_fields", "name,timezone_string")])).fields()
    except _NOT_TOLD:
        return Site()
    return Site(_text(said, "name"), zone=_text(said, "timezone_string"))


async def find(shop: ShopRequests, style: RouteStyle) -> Site:
    """Return what a site tells if a shop answers; without a key. Its front may be closed."""
    try:
        answer = await shop.front(style, [("_fields", "name,home,namespaces")])
    except CannotLogIn as error:
        if error.code == "shop_password_protected":
            raise
        return Site()
    said = answer.fields()
    spaces = said.get("namespaces")
    if not isinstance(spaces, list) or INTERFACE not in spaces:
        raise NotUnderstood("shop", "shop_no_woocommerce", host=shop.host)
    return Site(_text(said, "name"), home=_text(said, "home"))


async def statuses(shop: ShopRequests) -> list[StatusCount]:
    """Return the statuses with their numbers of orders; without the trash."""
    rows = await _rows(shop, "reports/orders/totals", "slug,name,total")
    counted = [StatusCount(_text(r, "slug"), _text(r, "name"), _whole(r, "total")) for r in rows]
    return [status for status in counted if status.slug and status.slug != "checkout-draft"]


async def gateways(shop: ShopRequests) -> list[PaymentMethod]:
    """Return the payment methods."""
    rows = await _rows(shop, "payment_gateways", "id,title,enabled")
    return [
        PaymentMethod(_text(r, "id"), _text(r, "title"), r.get("enabled") is True) for r in rows
    ]


async def _rows(shop: ShopRequests, path: str, fields: str) -> list[Mapping[str, Any]]:
    try:
        answer = await shop.ask(path, [("_fields", fields)])
        return [row for row in answer.rows() if isinstance(row, Mapping)]
    except _NOT_TOLD:
        return []


def _text(row: Mapping[str, Any], name: str) -> str:
    """Return a text on one line: it is shown at terminals, and was typed by somebody."""
    value = row.get(name)
    plain = value if isinstance(value, str) else ""
    return " ".join("".join(c if c.isprintable() else " " for c in plain).split())[:80]


def _whole(row: Mapping[str, Any], name: str) -> int:
    value = str(row.get(name, ""))
    return int(value) if value.isdecimal() and len(value) < 18 else 0
