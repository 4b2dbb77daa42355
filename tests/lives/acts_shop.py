"""What happens in the shop: customers order, the shop completes, refunds, cancels, deletes."""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from tests.lives.content import ORE, Json, captured_of, order_of, refund_of
from tests.lives.life import Life, Story

FROM = {
    "completed": ("processing", "ready"),
    "processing": ("pending", "on-hold", "cancelled", "failed", "trash"),
    "on-hold": ("processing",),
    "ready": ("processing",),
    "cancelled": ("pending", "on-hold", "processing", "completed", "ready"),
    "failed": ("pending", "on-hold", "processing"),
    "trash": ("pending", "on-hold", "processing", "completed", "cancelled", "failed", "refunded"),
    "refunded": ("processing", "completed"),
}
PREPAID = {"vipps", "klarna_payments", "bambora"}


def order(life: Life, content: Json) -> None:
    """Place an order, as it stands when the customer has left the checkout."""
    shop = life.world.shop
    order_id, now = shop.next_id(), shop._now()
    paid = content["method"] in PREPAID and content["status"] in {"processing", "completed"}
    dates: Json = {}
    for name, is_set in (
        ("created", True),
        ("paid", paid),
        ("completed", content["status"] == "completed"),
    ):
        dates[f"date_{name}"], dates[f"date_{name}_gmt"] = now if is_set else (None, None)
    made = order_of(content, life.kind)
    made |= {"id": order_id, "number": str(order_id), "status": content["status"], **dates}
    shop.put(made)
    story = Story(order_id, content["method"], content["buyer"], paid)
    life.stories[order_id] = story
    life.note_version(story)
    if paid or content["status"] == "completed":
        story.marks.add(content["status"])
    life.tally["orders"] += 1
    if (
        content.get("reserved")
        and content["method"] == "vipps"
        and content["status"] == "processing"
    ):
        shop.reserve(order_id)
        story.marks.add("reserved")
        life.tally["reserved"] += 1


def capture(life: Life, n: int, percent: int) -> None:
    """Let Vipps capture what is reserved of an order's money, or a part of it."""
    among = life.with_status("processing", "completed", "ready")
    story = life.pick(n, (i for i in among if "reserved" in life.stories[i].marks))
    if story is None:
        return
    order = life.world.shop.orders[story.order_id]
    left = Decimal(order["total"]) - captured_of(order)
    amount = left if percent == 100 else (left * percent / 100).quantize(ORE)
    if amount > 0:
        life.world.shop.capture(story.order_id, amount)
        life.tally["captures"] += 1


def _plainly_paid(life: Life, *statuses: str) -> Iterator[int]:
    """Yield orders whose money does not hang on a capture: an edit or a refund may leave it less
    than was captured, which is a person's.
    """
    return (i for i in life.with_status(*statuses) if "reserved" not in life.stories[i].marks)


def edit(life: Life, n: int, content: Json) -> None:
    """Change what is ordered, as an administrator may while nothing was refunded."""
    among = _plainly_paid(life, "pending", "on-hold", "processing", "completed", "ready")
    story = life.pick(n, (i for i in among if not life.refunds_of(i)))
    if story is None:
        return
    kept = ("billing", "shipping", "meta_data", "payment_method")
    changed = {k: v for k, v in order_of(content, life.kind).items() if k not in kept}
    fields = ("line_items", "shipping_lines", "fee_lines", "coupon_lines", "total", "total_tax")
    life.world.shop.edit(story.order_id, **{name: changed[name] for name in fields})
    story.marks.add("edited")
    life.note_version(story)


def _move(status: str) -> Callable[[Life, int], None]:
    def move(life: Life, n: int) -> None:
        among = _plainly_paid if status == "refunded" else Life.with_status
        story = life.pick(n, among(life, *FROM[status]))
        if story is not None:
            life.world.shop.set_status(story.order_id, status)
            story.marks.add(status)
            life.note_refunds(story)

    return move


def back(life: Life, n: int) -> None:
    """Set an order that was off to processing again."""
    story = life.pick(n, life.with_status("cancelled", "failed", "trash"))
    if story is not None:
        life.world.shop.set_status(story.order_id, "processing")
        story.marks.add("back")


def pay(life: Life, n: int) -> None:
    """Note that the money of an order has come."""
    story = life.pick(n, life.with_status("pending", "on-hold"))
    if story is not None:
        life.world.shop.set_status(story.order_id, "processing")
        story.marks.add("processing")


def refund(life: Life, n: int, how: Sequence[Any], by_gateway: bool) -> None:
    """Return a part of an order, or all of it."""
    story = life.pick(n, _plainly_paid(life, "processing", "completed", "on-hold", "ready"))
    if story is None:
        return
    shop, order_id = life.world.shop, story.order_id
    made = refund_of(shop.orders[order_id], life.refunds_of(order_id), how, life.kind)
    if made is not None:
        shop.add_refund(order_id, {**made, "refunded_payment": by_gateway})
        life.tally["refunds"] += 1
        life.note_refunds(story)


def delete_refund(life: Life, n: int) -> None:
    """Delete the newest refund of an order; its status stays."""
    among = life.with_status("processing", "completed", "on-hold", "ready")
    story = life.pick(n, (i for i in among if life.refunds_of(i)))
    if story is not None:
        newest = life.refunds_of(story.order_id)[-1]
        life.world.shop.delete_refund(story.order_id, newest["id"])
        story.marks.add("refund deleted")


def delete(life: Life, n: int) -> None:
    """Empty the trash of one order: it is gone for good."""
    story = life.pick(n, life.with_status("trash"))
    if story is not None:
        life.gone[story.order_id] = life.world.shop.orders[story.order_id]
        life.world.shop.delete(story.order_id)
        story.marks.add("gone")


def renumber(life: Life, n: int) -> None:
    """Let a plugin give an order another number."""
    story = life.pick(n, life.with_status())
    if story is not None:
        life.world.shop.edit(story.order_id, number=f"W-{story.order_id}")
        story.marks.add("renumbered")


ACTS: dict[str, Callable[..., None]] = {
    "order": order,
    "edit": edit,
    "complete": _move("completed"),
    "pay": pay,
    "capture": capture,
    "wait_for_money": _move("on-hold"),
    "ready": _move("ready"),
    "refund": refund,
    "refunded": _move("refunded"),
    "delete_refund": delete_refund,
    "cancel": _move("cancelled"),
    "fail": _move("failed"),
    "trash": _move("trash"),
    "back": back,
    "delete": delete,
    "renumber": renumber,
}
