"""Which orders are transferred: question 1, `orders_from`, and those that never go as they stand.

The meta keys are those of the plugins (woocommerce/facts.md, "Plugins" and "Texts").
"""

import html
import re
from collections import Counter

from woo2po.config import Settings
from woo2po.holds import Skip
from woo2po.mapping.capture import test_mode
from woo2po.mapping.values import Stopped, day_in_shop, hold
from woo2po.money import round_ore
from woo2po.order import Order

NEVER = frozenset({"checkout-draft", "auto-draft", "trash"})


def eligible(order: Order, settings: Settings) -> bool:
    """Tell whether the order is in a status of question 1, or was and has moved on since.

    An order may pass `processing` between two polls, and downloads skip it altogether: with it
    listed, `completed` counts too, and `refunded` where the order had been paid. With only
    `completed` listed, `refunded` counts where the order had been completed.
    """
    shop = settings.woocommerce
    created = day_in_shop(order.date_created_gmt, settings)
    if order.status in NEVER or created < shop.orders_from:
        return False
    return order.status in shop.statuses or _is_past(order, frozenset(shop.statuses))


def _is_past(order: Order, statuses: frozenset[str]) -> bool:
    if order.status == "completed":
        return "processing" in statuses
    if order.status != "refunded":
        return False
    was_paid = "processing" in statuses and order.date_paid_gmt is not None
    was_completed = "completed" in statuses and order.date_completed_gmt is not None
    return was_paid or was_completed


DEPOSIT_STATUSES = frozenset({"partial-payment", "partially-paid"})
# Of whichever plugin: _wc_deposits_..., _awcdp_deposits_..., YITH's has_deposit.
DEPOSIT_META = re.compile(r"\w*_deposits?_order_has_deposit|_?(is|has)_deposit")
TRUE = frozenset({"yes", "true", "1"})


def stop_what_is_special(order: Order, settings: Settings, *, booked: bool = False) -> None:
    """Raise Stopped with a Skip or a Hold if the order must not become a sales order as it is.

    `booked`: it has an invoice already.
    """
    if not booked:
        _belongs_in_the_till(order, settings)
    for stop in (_no_money_was_paid, _repeats_another_order, _paid_in_parts, _cannot_be_booked):
        stop(order)


def _belongs_in_the_till(order: Order, settings: Settings) -> None:
    """A sale in a shop's till stands in its daily report. Who has one says so by the key."""
    methods = settings.payments.in_the_till
    if order.payment_method in methods:
        raise Stopped(Skip("paid_in_the_till", {"method": order.payment_method}))
    if methods and is_of_a_till(order):
        raise Stopped(Skip("made_in_the_till", {"via": order.created_via}))


def is_of_a_till(order: Order) -> bool:
    """Tell whether an order was made in a till's program."""
    return re.search(r"(?<![a-z])pos(?![a-z])", order.created_via.lower()) is not None


def _said(order: Order, key: str) -> str:
    return str(order.meta(key) or "").strip().lower()


def _no_money_was_paid(order: Order) -> None:
    if (key := test_mode(order)) is not None:
        raise Stopped(Skip("test_order", {"key": key}))


def _repeats_another_order(order: Order) -> None:
    """A marketplace makes an order per vendor that repeats lines of the parent."""
    via = order.created_via.lower()
    dokan = via == "dokan" or any("_dokan_vendor_id" in meta.key for meta in order.meta_data)
    if "vendor_suborder" in via or (order.parent_id > 0 and dokan):
        raise Stopped(Skip("vendor_suborder", {"parent": order.parent_id}))
    if order.parent_id > 0:
        raise hold("child_order", parent=order.parent_id)


def _paid_in_parts(order: Order) -> None:
    """A deposit, or the rest after one, which comes as an order of its own."""
    metas = [*order.meta_data, *(meta for line in order.lines for meta in line.meta_data)]
    said = {str(meta.value).lower() for meta in metas if DEPOSIT_META.fullmatch(meta.key)}
    in_parts = order.status in DEPOSIT_STATUSES or order.created_via == "wc_deposits"
    if in_parts or TRUE & said:
        raise hold("deposit", status=order.status)


def _cannot_be_booked(order: Order) -> None:
    if not re.fullmatch(r"[A-Z]{3}", order.currency):
        raise hold("currency_unreadable", currency=html.unescape(order.currency)[:20])
    if not order.lines:
        raise hold("no_lines", total=round_ore(order.total))
    twice = [i for i, n in Counter(line.id for line in order.lines if line.id).items() if n > 1]
    if twice:
        raise hold("line_stands_twice", id=twice[0])
    if order.total < 0:
        raise hold("total_negative", total=round_ore(order.total))
