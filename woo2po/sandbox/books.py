"""The company's books in PowerOffice Go, and what a person can do in them by hand; no HTTP."""

import pickle
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from woo2po.sandbox.answers import utc_now
from woo2po.sandbox.faults import Faults
from woo2po.sandbox.ledger import BankJournal, Entry, Invoice, Posting, Sending, Voucher
from woo2po.sandbox.orders import Line, SalesOrder
from woo2po.sandbox.records import (
    COMPANY,
    Account,
    Customer,
    DeliveryAddress,
    Product,
    ProductGroup,
    Record,
    VatCode,
)

NORWAY = ZoneInfo("Europe/Oslo")


@dataclass
class Books:
    """Everything that the company has in PowerOffice Go, by id, and what a person does in it.

    A test may read and change it all. Orders are named by their id or ExternalImportReference.
    `clock` gives the time (aware), `faults` the switches. `dimensions` has the ids of the codes
    of departments, projects and locations. `lock_date`: nothing is posted on or before it.
    """

    client_id: str = "7b3f0c1e-5d1a-4c68-9b52-3f2f6d3a1c11"
    client_name: str = "Fjellbutikken AS"
    clock: Callable[[], datetime] = utc_now
    faults: Faults = field(default_factory=Faults)
    vat_codes: dict[int, VatCode] = field(default_factory=dict)
    accounts: dict[int, Account] = field(default_factory=dict)
    product_groups: dict[int, ProductGroup] = field(default_factory=dict)
    products: dict[int, Product] = field(default_factory=dict)
    customers: dict[int, Customer] = field(default_factory=dict)
    delivery_addresses: dict[int, DeliveryAddress] = field(default_factory=dict)
    dimensions: dict[str, dict[str, int]] = field(default_factory=dict)
    currencies: dict[str, Decimal] = field(
        default_factory=lambda: {k: Decimal(rate) for k, rate in COMPANY["currencies"].items()}
    )
    lock_date: date | None = None
    payment_days: int = 14
    invoice_fee: Decimal = Decimal(0)
    sales_orders: dict[str, SalesOrder] = field(default_factory=dict)
    send_queue: dict[str, Sending] = field(default_factory=dict)
    outgoing_invoices: dict[str, Invoice] = field(default_factory=dict)
    vouchers: dict[str, Voucher] = field(default_factory=dict)
    entries: dict[int, Entry] = field(default_factory=dict)
    postings: list[Posting] = field(default_factory=list)
    standard_sales_account_id: int | None = None  # where neither product nor group has one
    optional_sales_account_id: int | None = None
    _next: dict[str, int] = field(default_factory=lambda: dict(COMPANY["first"]))
    _history: list[tuple[datetime, bytes]] = field(default_factory=list, repr=False)

    @classmethod
    def standard(cls) -> "Books":
        """Return a small Norwegian web shop's company with what the recorded orders need."""
        books = cls()
        for code, name, rate in COMPANY["vat_codes"]:
            VatCode(books, id=books.number("vat"), code=code, name=name, rate=Decimal(rate)).put()
        for number, name, code in COMPANY["accounts"]:
            own = {"account_no": number, "name": name, "vat_code_id": books.vat_code(code).id}
            Account(books, id=books.number("account"), **own).put()
        ids = {0: None, **{account.account_no: key for key, account in books.accounts.items()}}
        groups = {"": None}
        for kind, series in ((ProductGroup, "group"), (Product, "product")):
            for code, name, standard, optional, *group in COMPANY[f"{series}s"]:
                new = kind(books, id=books.number(series), code=code, name=name)
                new.standard_sales_account_id = ids[standard]
                new.optional_sales_account_id = ids[optional]
                new.product_group_id = groups[group[0]] if group else None
                groups[code] = new.put().id
        books.account(6300).is_department_required = True
        books.standard_sales_account_id = books.account(3000).id
        departments = {"BUTIKK": 21, "NETT": 22}
        books.dimensions = {"department": departments, "project": {"P1": 31}, "location": {}}
        books.lock_date = date(2026, 8, 31)
        return books

    def today(self) -> date:
        """The day in Norway by the company's clock."""
        return self.clock().astimezone(NORWAY).date()

    def number(self, kind: str) -> int:
        """Take the next number of a series."""
        taken = self._next[kind]
        self._next[kind] = taken + 1
        return taken

    def guid(self) -> str:
        """Take the next GUID: always the same ones, in the same order, in the same company."""
        return str(uuid5(NAMESPACE_URL, f"{self.client_id}/{self.number('guid')}"))

    def remember(self, at: datetime | None = None) -> None:
        """Keep the state before a change, where reads are told to lag behind."""
        seconds = self.faults.stale_seconds
        if not seconds:
            self._history = []
            return
        at = at or self.clock()
        kept = [(m, b) for m, b in self._history if (at - m).total_seconds() <= seconds]
        self._history = [*kept, (at, pickle.dumps(self))]

    def __getstate__(self) -> dict[str, Any]:
        return {**vars(self), "clock": None, "faults": None, "_history": []}

    def as_read(self) -> "Books":
        """Return the books as a read sees them: `faults.stale_seconds` old."""
        for moment, packed in self._history:
            if (self.clock() - moment).total_seconds() < self.faults.stale_seconds:
                before = _unpacked(packed)
                before.clock, before.faults = self.clock, self.faults
                return before
        return self

    def product(self, code: str) -> Product:
        """Return the product of a code; raises KeyError."""
        return {p.code: p for p in self.products.values()}[code]

    def account(self, number: int) -> Account:
        """Return the account of a number; raises KeyError."""
        return {a.account_no: a for a in self.accounts.values()}[number]

    def vat_code(self, code: str) -> VatCode:
        """Return the VAT code of a code; raises KeyError."""
        return {v.code: v for v in self.vat_codes.values()}[code]

    def customer_of_account(self, subledger_account_id: int) -> Customer | None:
        """Return the customer of a sub-ledger account."""
        by_account = {c.subledger_account_id: c for c in self.customers.values()}
        return by_account.get(subledger_account_id)

    def require_open(self, day: date, thing: Record) -> None:
        """Raise the thing's refusal for a day in a locked period."""
        if self.lock_date is not None and day <= self.lock_date:
            raise thing.refused(f"The date {day} is in a period locked until {self.lock_date}.")

    def settle_queue(self) -> None:
        """Invoice what is due in the send queue by now, as the next call would."""
        for one in list(self.send_queue.values()):
            if one.is_invoice_being_processed and one.due and one.due <= self.clock():
                one.settle()

    def ever_sold(self) -> list[SalesOrder]:
        """Return all orders, those that are invoices by now as well."""
        invoices = self.outgoing_invoices.values()
        return [*self.sales_orders.values(), *(one.order for one in invoices)]

    def order(self, name: str) -> SalesOrder:
        """Return the draft of an id or reference; raises KeyError."""
        by_reference = {o.external_import_reference: o for o in self.sales_orders.values()}
        return self.sales_orders.get(name) or by_reference[name]

    def invoice(self, number: int) -> Invoice:
        """Return the invoice of a number; raises KeyError."""
        return {i.invoice_no: i for i in self.outgoing_invoices.values()}[number]

    def edit_line(self, order: str, reference: str, **changes: Any) -> Line:
        """Change attributes of a draft's line, named by its ExternalImportReference."""
        found = {x.external_import_reference: x for x in self.order(order).lines}[reference]
        self.remember()
        found.change(changes)
        return found

    def invoice_by_hand(self, order: str, day: date | None = None) -> Invoice:
        """Invoice a draft; the invoice counts as the person's, not the integration's."""
        self.remember()
        return Sending(self.order(order), voucher_date=day).make_invoice(by_hand=True)

    def delete_draft(self, order: str) -> None:
        """Delete a draft."""
        self.remember()
        self.order(order).delete()

    def register_payment(
        self, number: int, amount: Decimal | None = None, account: int = 1920, day: Any = None
    ) -> Voucher:
        """Post a payment of an invoice (all of it by default) on an account, and match it."""
        self.remember()
        paid, day = self.invoice(number), day or self.today()
        amount = paid.balance if amount is None else amount
        common = {"posting_date": day, "vat_id": self.vat_code("0").id, "invoice_no": str(number)}
        sides = self.account(account).id, paid.order.customer.subledger_account_id
        lines = [
            {**common, "account_id": side, "currency_amount": money}
            for side, money in zip(sides, (amount, -amount), strict=True)
        ]
        head = {"voucher_date": day, "currency_code": "NOK"}
        voucher = BankJournal.made(self, {**head, "voucher_lines": lines})
        voucher.is_created_by_current_integration = False
        return voucher

    def credit_invoice(self, invoice_no: int, day: date | None = None) -> Invoice:
        """Credit a whole invoice by a credit note of the same lines, matched with it."""
        self.remember()
        original = self.invoice(invoice_no)
        kept = ("customer_id", "currency_code", "customer_reference")
        own = {name: getattr(original.order, name) for name in kept}
        own |= {"is_created_by_current_integration": False, "related_invoice_no": invoice_no}
        number = self.number("order number")
        credit = SalesOrder(self, id=self.guid(), sales_order_no=number, lines=[], **own)
        for line in original.order.lines:
            new = line.but(id=self.guid(), order=credit, external_import_reference=None)
            new.quantity = None if line.quantity is None else -line.quantity
            credit.lines.append(new)
        note = self.invoice_by_hand(credit.put().id, day)
        note.entry.settle(original.entry)
        return note


@lru_cache(64)
def _unpacked(packed: bytes) -> Books:
    books: Books = pickle.loads(packed)  # noqa: S301 (our own)
    return books
