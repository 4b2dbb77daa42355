"""What a person can do in the built-in shop by hand: as a customer, and as its administrator."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from woo2po.desk.typed import Command, NotSo, amount, is_amount
from woo2po.messages import say
from woo2po.messages.message import Language, word
from woo2po.report import fitted, kroner, table
from woo2po.sandbox.shop import ShopSite
from woo2po.sandbox.shop_goods import Goods, amounts, one_more, refund_of
from woo2po.sandbox.shop_orders import recorded

# Payment method: its title, and the status in which an order by it begins.
METHODS = {
    "vipps": ("Vipps", "processing"),
    "klarna": ("Klarna", "processing"),
    "cod": ("Betal i butikken", "processing"),
    "bacs": ("Faktura", "on-hold"),
}
# Paid and paid back by hand: the shop reports neither by itself.
BY_HAND = {"cod", "bacs"}


class ShopDesk:
    """The commands that change the shop. Orders are named by the number that people see."""

    def __init__(self, shop: ShopSite, language: Language) -> None:
        self._shop = shop
        self._language = language

    def commands(self) -> dict[str, Command]:
        """Return the commands by name."""
        return {
            "orders": Command("[WORD]", "help_orders", self._orders),
            "new": Command("[METHOD] [AMOUNT]", "help_new", self._new),
            "pay": Command("NUMBER", "help_pay", self._pay),
            "status": Command("NUMBER STATUS", "help_status", self._status),
            "edit": Command("NUMBER", "help_edit", self._edit),
            "address": Command("NUMBER", "help_address", self._address),
            "refund": Command("NUMBER [AMOUNT]", "help_refund", self._refund),
            "delete-refund": Command("NUMBER", "help_delete_refund", self._delete_refund),
            "trash": Command("NUMBER", "help_trash", self._trash),
            "delete": Command("NUMBER", "help_delete", self._delete),
        }

    def _orders(self, words: Sequence[str]) -> str:
        rows = [
            [
                fitted(order["number"], 12),
                order["status"],
                kroner(Decimal(order["total"]), self._language),
                kroner(self._refunded(order), self._language) if order["refunds"] else "",
                order["payment_method"],
                (order["date_paid"] or "")[:10],
            ]
            for order in self._shop.orders.values()
            if not words
            or words[0].lower() in {order["number"], order["status"], order["payment_method"]}
        ]
        if not rows:
            raise NotSo("desk_no_orders", word=words[0] if words else "")
        names = ("number", "status", "total", "refunded", "method", "paid")
        return table(rows, [word(name, self._language) for name in names], right=(2, 3))

    def _new(self, words: Sequence[str]) -> str:
        method = "vipps"
        goods: list[Goods] = []
        for typed in words:
            if is_amount(typed):
                goods = [Goods(price=str(amount(typed)))]
            elif typed.lower() in METHODS:
                method = typed.lower()
            else:
                raise NotSo("desk_no_method", text=typed, known=", ".join(METHODS))
        order_id = self._shop.next_id()
        self._shop.place(self._ordered(order_id, goods, method))
        if method not in BY_HAND:
            self._shop.pay(order_id)
        return self._now(self._shop.orders[order_id])

    def _ordered(self, order_id: int, goods: Sequence[Goods], method: str) -> dict[str, Any]:
        order: dict[str, Any] = recorded("b2c-vipps-simple")["order"]
        if goods:
            order |= {**amounts(goods), "shipping_lines": []}
        title, status = METHODS[method]
        person = {"first_name": "Ola", "last_name": f"Nordmann {order_id}"}
        return order | {
            "id": order_id,
            "number": str(order_id),
            "status": status,
            "payment_method": method,
            "payment_method_title": title,
            "billing": {**order["billing"], **person, "email": f"ola.{order_id}@example.no"},
            "shipping": {**order["shipping"], **person},
        }

    def _pay(self, words: Sequence[str]) -> str:
        order = self._order(words[0])
        if order["date_paid_gmt"]:
            raise NotSo("desk_paid_already", number=order["number"])
        self._shop.pay(order["id"])
        return self._now(order)

    def _status(self, words: Sequence[str]) -> str:
        order, status = self._order(words[0]), words[1].lower()
        if status not in self._shop.statuses:
            known = ", ".join(self._shop.statuses)
            raise NotSo("desk_no_status", text=words[1], known=known)
        self._shop.set_status(order["id"], status)
        return self._now(order)

    def _edit(self, words: Sequence[str]) -> str:
        order = self._order(words[0])
        self._shop.edit(order["id"], **one_more(order))
        return self._now(order)

    def _address(self, words: Sequence[str]) -> str:
        order = self._order(words[0])
        elsewhere = {"address_1": "Nygata 2", "city": "Bergen", "postcode": "5003"}
        self._shop.edit(order["id"], shipping={**order["shipping"], **elsewhere})
        return self._now(order)

    def _refund(self, words: Sequence[str]) -> str:
        order = self._order(words[0])
        left = Decimal(order["total"]) - self._refunded(order)
        wanted = amount(words[1]) if len(words) > 1 else left
        if not left:
            raise NotSo("desk_nothing_left", number=order["number"])
        if wanted > left:
            raise NotSo("desk_too_much", number=order["number"], left=kroner(left, self._language))
        refund: dict[str, Any] = {"amount": str(wanted)}
        whole = refund_of(order, [line["quantity"] for line in order["line_items"]], others=True)
        if Decimal(whole["amount"]) == wanted == Decimal(order["total"]):
            refund = whole
        back = order["payment_method"] not in BY_HAND
        self._shop.add_refund(order["id"], {**refund, "refunded_payment": back})
        return self._now(order)

    def _delete_refund(self, words: Sequence[str]) -> str:
        order = self._order(words[0])
        if not order["refunds"]:
            raise NotSo("desk_no_refund", number=order["number"])
        self._shop.delete_refund(order["id"], max(one["id"] for one in order["refunds"]))
        return self._now(order)

    def _trash(self, words: Sequence[str]) -> str:
        order = self._order(words[0])
        self._shop.trash(order["id"])
        return self._now(order)

    def _delete(self, words: Sequence[str]) -> str:
        order = self._order(words[0])
        self._shop.delete(order["id"])
        return say("desk_deleted", self._language, {"number": order["number"]})

    def _order(self, number: str) -> dict[str, Any]:
        for order in self._shop.orders.values():
            if order["number"] == number:
                return order
        raise NotSo("desk_no_order", number=number)

    def _refunded(self, order: dict[str, Any]) -> Decimal:
        return -sum((Decimal(one["total"]) for one in order["refunds"]), Decimal(0))

    def _now(self, order: dict[str, Any]) -> str:
        """Return how an order stands now."""
        facts = {
            "number": order["number"],
            "status": order["status"],
            "total": kroner(Decimal(order["total"]), self._language),
            "method": order["payment_method"],
        }
        said = say("desk_paid" if order["date_paid_gmt"] else "desk_unpaid", self._language, facts)
        if not order["refunds"]:
            return said
        refunded = {"refunded": kroner(self._refunded(order), self._language)}
        return f"{said} {say('desk_refunded', self._language, refunded)}"
