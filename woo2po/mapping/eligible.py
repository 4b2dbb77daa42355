"""Which orders are to be transferred: question 1 and `orders_from`."""

from zoneinfo import ZoneInfo

from woo2po.order import Order
from woo2po.settings import Settings

NEVER = frozenset({"checkout-draft", "auto-draft", "trash"})


def eligible(order: Order, settings: Settings) -> bool:
    """Tell whether the order is in a status of question 1, or was and has moved on since.

    An order may pass `processing` between two polls, and downloads skip it altogether: with it
    listed, `completed` counts too, and `refunded` where the order had been paid. With only
    `completed` listed, `refunded` counts where the order had been completed.
    """
    shop = settings.woocommerce
    created = order.date_created_gmt.astimezone(ZoneInfo(shop.timezone)).date()
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
