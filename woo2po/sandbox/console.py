"""What a person types at the served sandbox, a command a line: to change the shop or the books.

At a terminal there is a prompt, and the end of the input ends the sandbox. From a pipe or a file
the commands are carried out as they come; when they end, or there were none, it serves on.
"""

import io
import os
import re
import sys
import tomllib
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date
from decimal import Decimal
from importlib.resources import files
from typing import Any

from woo2po.sandbox.faults import AFTER, BEFORE
from woo2po.sandbox.go import Go
from woo2po.sandbox.ledger import Invoice
from woo2po.sandbox.orders import SalesOrder
from woo2po.sandbox.shapes import Refusal
from woo2po.sandbox.shop import ShopSite
from woo2po.sandbox.shop_orders import Goods, amounts, one_more, paid_back, recorded, refund_of

_WORDS = tomllib.loads((files("woo2po.sandbox") / "console.toml").read_text("utf-8"))
HELP: str = _WORDS["help"]
USAGE = dict(re.findall(r"^  (\S+) (.*?)  ", HELP, re.MULTILINE))
PROMPT = "sandbox> "
METHODS: dict[str, str] = _WORDS["methods"]
BY_HAND = {"cod", "bacs"}  # paid and paid back by hand: the shop reports neither by itself
PRIVILEGES: dict[str, str] = _WORDS["privileges"]
MISSING: dict[str, str] = _WORDS["missing"]

Json = dict[str, Any]


class Console:
    """Takes a line that was typed, does it, and says how things stand then."""

    def __init__(self, shop: ShopSite, go: Go) -> None:
        self._shop, self._go, self._books = shop, go, go.books
        # What says nothing itself is answered with how the order, or PowerOffice, stands then.
        self._acts: dict[str, Callable[..., object]] = {
            "orders": lambda: _table(map(_row, shop.orders.values())),
            "new": self._new,
            "reserve": lambda order, gateway="": shop.reserve(order["id"], gateway),
            "capture": lambda order, amount="": shop.capture(order["id"], _amount(amount)),
            "void": lambda order: shop.void(order["id"]),
            "pay": lambda order: shop.pay(order["id"]),
            "status": self._status,
            "edit": lambda order: shop.edit(order["id"], **one_more(order)),
            "refund": self._refund,
            "delete-refund": self._delete_refund,
            "delete": lambda order: shop.delete(order["id"]),
            "documents": self._documents,
            "invoice": lambda draft: go.books.invoice_by_hand(draft.id),
            "edit-draft": self._edit_draft,
            "delete-draft": lambda draft: go.books.delete_draft(draft.id),
            "credit": lambda invoice: go.books.credit_invoice(invoice.invoice_no),
            "receive": self._receive,
            "grant": lambda name: self._allow(name, may=True),
            "revoke": lambda name: self._allow(name, may=False),
            "lock": self._lock,
            "fault": self._fault,
            "help": lambda: HELP,
        }

    def answer(self, line: str) -> str:
        """Do what a line says and return what there is to say; "" for an empty one."""
        name, *words = line.split() or ["#"]
        if name.startswith("#"):
            return ""
        self._books.settle_queue()
        try:
            return self._done(name.lower(), words)
        except ValueError as error:  # it cannot be done; the text says why
            return str(error)
        except Refusal as refusal:
            return f"PowerOffice says no: {refusal.detail}"

    def _done(self, name: str, words: Sequence[str]) -> str:
        if name not in self._acts:
            raise ValueError(f'There is no command "{name[:40]}". `help` lists them.')
        wanted = USAGE[name].split()
        if not len([w for w in wanted if w[0] != "["]) <= len(words) <= len(wanted):
            raise ValueError(f"It is: {name} {USAGE[name]}")
        given: list[Any] = [*words]
        if wanted and wanted[0] in MISSING:
            given[0] = self._found(wanted[0], given[0])
        said = self._acts[name](*given)
        if isinstance(said, str):
            return said
        if wanted[0] == "NUMBER":
            return "It is gone." if name == "delete" else _table([_row(given[0])])
        return self._documents()

    def _new(self, method: str = "vipps", amount: str = "") -> str:
        _require_known(method, METHODS, "payment method")
        order = recorded("b2c-vipps-simple")["order"]
        if amount:
            order |= {**amounts([Goods(price=str(_amount(amount)))]), "shipping_lines": []}
        number = self._shop.next_id()
        person = {"first_name": "Ola", "last_name": f"Nordmann {number}"}
        order |= {"id": number, "number": str(number), "status": METHODS[method]}
        order |= {"payment_method": method, "shipping": {**order["shipping"], **person}}
        order["billing"] |= {**person, "email": f"ola.{number}@example.no"}
        self._shop.place(order)
        if method not in BY_HAND:
            self._shop.pay(number)
        return _table([_row(self._shop.orders[number])])

    def _status(self, order: Json, status: str) -> None:
        _require_known(status, [*self._shop.statuses, "trash"], "status")
        self._shop.set_status(order["id"], status)

    def _refund(self, order: Json, amount: str = "") -> None:
        left = Decimal(order["total"]) - paid_back(order)
        if not left:
            raise ValueError(f"Nothing is left to refund of order {order['number']}.")
        refund: Json = {"amount": str(_amount(amount) or left)}
        whole = refund_of(order, [line["quantity"] for line in order["line_items"]], others=True)
        if Decimal(whole["amount"]) == Decimal(refund["amount"]) == Decimal(order["total"]):
            refund = whole
        back = order["payment_method"] not in BY_HAND
        self._shop.add_refund(order["id"], {**refund, "refunded_payment": back})

    def _delete_refund(self, order: Json) -> None:
        if not order["refunds"]:
            raise ValueError(f"Order {order['number']} has no refund.")
        self._shop.delete_refund(order["id"], max(one["id"] for one in order["refunds"]))

    def _edit_draft(self, draft: SalesOrder) -> None:
        line = next(line for line in draft.lines if line.quantity)
        more = (line.quantity or 0) + 1
        self._books.edit_line(draft.id, line.external_import_reference or "", quantity=more)

    def _receive(self, invoice: Invoice, amount: str = "") -> None:
        if invoice.balance <= 0:
            raise ValueError(f"Nothing is open on invoice {invoice.invoice_no}.")
        self._books.register_payment(invoice.invoice_no, _amount(amount))

    def _documents(self) -> str:
        drafts = [
            ("draft", o.sales_order_no, o.external_import_reference, f"{o.totals.total:.2f}")
            for o in self._books.sales_orders.values()
        ]
        sold = [
            ("invoice" if i.total_amount >= 0 else f"credits {i.order.related_invoice_no}",
             i.invoice_no, i.order.external_import_reference, f"{i.total_amount:.2f}",
             i.voucher_date, f"open {i.balance:.2f}")
            for i in self._books.outgoing_invoices.values()
        ]  # fmt: skip
        return "\n".join(filter(None, [_table(drafts), _table(sold)])) or "There are no documents."

    def _allow(self, name: str, *, may: bool) -> str:
        faults = self._go.faults
        _require_known(name, ["send", *PRIVILEGES], "privilege")
        if name == "send":  # granted by PowerOffice itself, not a role
            faults.may_send = may
        else:
            (faults.privileges.add if may else faults.privileges.discard)(PRIVILEGES[name])
        missing = [n for n, role in PRIVILEGES.items() if role not in faults.privileges]
        missing += [] if faults.may_send else ["send"]
        return f"Missing: {', '.join(missing) or 'nothing'}."

    def _lock(self, day: str) -> str:
        self._books.lock_date = date.fromisoformat(day)
        return f"The period up to {day} is locked."

    def _fault(self, method: str, path: str, fault: str) -> str:
        # What is lost on the wire is the client's to plan: here requests do arrive.
        _require_known(fault, sorted(BEFORE | AFTER), "fault")
        self._go.faults.at(method, path, 1, fault)
        return f"The next {method} {path} meets {fault}."

    def _found(self, what: str, name: str) -> Any:
        drafts, invoices = self._books.sales_orders, self._books.outgoing_invoices
        known: dict[str, Iterable[tuple[object, ...]]] = {
            "NUMBER": ((one, one["number"]) for one in self._shop.orders.values()),
            "DRAFT": (
                (one, str(one.sales_order_no), one.external_import_reference)
                for one in drafts.values()
            ),
            "INVOICE": ((i, str(i.invoice_no)) for i in invoices.values() if i.total_amount >= 0),
        }
        for one, *names in known[what]:
            if name in names:
                return one
        raise ValueError(MISSING[what].format(name))


def _require_known(name: str, names: Collection[str], what: str) -> None:
    if name not in names:
        raise ValueError(f'"{name}" is no {what}. There are: {", ".join(names)}.')


def typed() -> Iterator[str]:
    """Yield each line of standard input while there is any; a terminal's end comes as "quit"."""
    if sys.stdin is None:  # a service may be started without any
        return
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")
    with suppress(OSError):
        if not sys.stdin.isatty():
            yield from sys.stdin
        # In the background it would be stopped for reading: it only serves then.
        elif not hasattr(os, "tcgetpgrp") or os.tcgetpgrp(sys.stdin.fileno()) == os.getpgrp():
            with suppress(ImportError):  # not on Windows, whose terminal edits lines itself
                import readline  # noqa: F401, PLC0415 (its presence makes `input` remember lines)
            with suppress(EOFError):
                while True:
                    yield input(PROMPT if sys.stdout.isatty() else "")
            yield "quit"


def _row(order: Json) -> Sequence[object]:
    """Return how an order of the shop stands."""
    total, refunded = (f"{Decimal(x):.2f}" for x in (order["total"], paid_back(order)))
    paid = "paid" if order["date_paid_gmt"] else "not paid"
    back = f"refunded {refunded}" if order["refunds"] else ""
    return order["number"], order["status"], total, order["payment_method"], paid, back


def _table(rows: Iterable[Sequence[object]]) -> str:
    lines = [[str(cell or "") for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join("  ".join(map(str.ljust, line, widths)).rstrip() for line in lines)


def _amount(text: str) -> Decimal | None:
    """Return what is typed, None where nothing is: all of it."""
    if not text:
        return None
    plain = text.replace(",", ".")
    if not re.fullmatch(r"[0-9]{1,7}(\.[0-9]{1,2})?", plain) or not Decimal(plain):
        raise ValueError(f'"{text}" is no amount: write 100 or 99.50.')
    return Decimal(plain)
