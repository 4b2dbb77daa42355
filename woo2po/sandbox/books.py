"""The company's books in PowerOffice Go, and what a person can do in them by hand; no HTTP."""

import pickle
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cache, partial
from importlib.resources import files
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from woo2po.sandbox import invoices, ledger, orders
from woo2po.sandbox.asgi import utc_now
from woo2po.sandbox.faults import Faults
from woo2po.sandbox.objects import (
    ZERO,
    Account,
    Address,
    Customer,
    Entry,
    Invoice,
    Line,
    Posting,
    Product,
    ProductGroup,
    SalesAccounts,
    SalesOrder,
    Sending,
    VatCode,
    Voucher,
)
from woo2po.sandbox.shapes import InUse, NotFound, Refusal, assign

NORWAY = ZoneInfo("Europe/Oslo")
CUSTOMER_NUMBERS = range(10_000, 20_000)
SERVICES = ("FRAKT", "RABATT", "GEBYR", "GAVEKORT", "AVRUND")
_COMPANY = tomllib.loads((files("woo2po.sandbox") / "company.toml").read_text(encoding="utf-8"))


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
    bank_accounts: set[int] = field(default_factory=lambda: {1920})
    product_groups: dict[int, ProductGroup] = field(default_factory=dict)
    products: dict[int, Product] = field(default_factory=dict)
    sales_settings: SalesAccounts = field(default_factory=SalesAccounts)
    customers: dict[int, Customer] = field(default_factory=dict)
    delivery_addresses: dict[int, Address] = field(default_factory=dict)
    dimensions: dict[str, dict[str, int]] = field(default_factory=dict)
    currencies: dict[str, Decimal] = field(
        default_factory=lambda: {k: Decimal(rate) for k, rate in _COMPANY["currencies"].items()}
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
    references_once: set[str] = field(default_factory=set)  # of drafts that were deleted
    _next: dict[str, int] = field(default_factory=lambda: dict(_COMPANY["first"]))
    _history: list[tuple[datetime, Callable[[], "Books"]]] = field(default_factory=list, repr=False)

    @classmethod
    def standard(cls) -> "Books":
        """Return a small Norwegian web shop's company with what the recorded orders need."""
        books = cls()
        _furnish(books)
        books.account(6300).is_department_required = True
        books.sales_settings.standard_sales_account_id = books.account(3000).id
        departments = {"BUTIKK": 21, "NETT": 22}
        books.dimensions = {"department": departments, "project": {"P1": 31}, "location": {}}
        books.lock_date = date(2026, 8, 31)
        return books

    def now(self) -> datetime:
        """The time by the company's clock."""
        return self.clock()

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
        at = at or self.now()
        kept = [(m, b) for m, b in self._history if (at - m).total_seconds() <= seconds]
        before = partial(_unpacked, pickle.dumps(self), self.clock, self.faults)
        self._history = [*kept, (at, cache(before))]

    def copied(self, clock: Callable[[], datetime], faults: Faults) -> "Books":
        """Return these books as they stand, to go on by another clock and other switches."""
        return _unpacked(pickle.dumps(self), clock, faults)

    def __getstate__(self) -> dict[str, Any]:
        return {**vars(self), "clock": None, "faults": None, "_history": []}

    def as_read(self) -> "Books":
        """Return the books as a read sees them: `faults.stale_seconds` old."""
        for moment, before in self._history:
            if (self.now() - moment).total_seconds() < self.faults.stale_seconds:
                return before()
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

    def sales_account(self, product: Product | None, *, standard: bool) -> Account | None:
        """Return the account that a product is sold on: its own, its group's, the company's."""
        if product is None:
            return None
        group = self.product_groups.get(product.product_group_id or 0)
        kind = "standard" if standard else "optional"
        named = (
            getattr(s, f"{kind}_sales_account_id", None)
            for s in (product, group, self.sales_settings)
        )
        chosen = next((account for account in named if account is not None), None)
        return None if chosen is None else self.accounts[chosen]

    def dimension(self, kind: str, values: dict[str, Any]) -> None:
        """Turn a dimension's code among the values into its id; -1 means none. Raises NotFound."""
        code = values.pop(f"{kind}_code", None)
        given = values.get(f"{kind}_id")
        known = self.dimensions.get(kind, {})
        if given is not None:
            if given != -1 and given not in known.values():
                raise NotFound(f"{kind.capitalize()} with id = {given} not found.")
        elif code not in {None, "", "-1"}:
            if code not in known:
                raise NotFound(f"{kind.capitalize()} with code = '{code}' not found.")
            values[f"{kind}_id"] = known[code]

    def dimension_code(self, kind: str, given: int | None) -> str | None:
        """Return the code of a dimension's id."""
        return {i: code for code, i in self.dimensions.get(kind, {}).items()}.get(given or 0)

    def require_currency(self, code: str) -> None:
        """Raise NotFound for a currency that the company does not use."""
        if code not in self.currencies:
            raise NotFound(f"Currency with code = '{code}' not found.")

    def require_open(self, day: date, title: str) -> None:
        """Raise Refusal for a day in a locked period."""
        if self.lock_date is not None and day <= self.lock_date:
            raise Refusal(title, f"The date {day} is in a period locked until {self.lock_date}.")

    def add_customer(self, values: dict[str, Any]) -> Customer:
        """Add a customer from bound values (with `mail_address` as bound values or None)."""
        title = "Customer validation error(s)"
        address = values.pop("mail_address", None)
        self._check_customer(values, None, title)
        self.dimension("department", values)
        if address is not None:
            self.check_address(address, title)
        number = values.pop("number", None) or self._free_customer_number()
        new = Customer(self.number("contact"), number, self.number("subledger"))
        new.created = new.changed = self.now()
        assign(new, values, given=True)
        if address is not None:
            new.mail_address = Address(self.number("address"), new.id, changed=self.now())
            assign(new.mail_address, address, given=True)
        self.customers[new.id] = new
        return new

    def _free_customer_number(self) -> int:
        taken = {c.number for c in self.customers.values()}
        while (number := self.number("customer number")) in taken:
            pass
        return number

    def change_customer(self, customer: Customer, values: dict[str, Any]) -> None:
        """Change a customer's own attributes; raises Refusal."""
        merged = {**vars(customer), **values}
        self._check_customer(merged, customer, "Customer validation error(s)")
        if values.get("is_archived") and self.balance_of(customer) != 0:
            raise Refusal("Customer validation error(s)", "The contact has ledger balances.")
        self.dimension("department", values)
        assign(customer, values)
        customer.changed = self.now()

    def _check_customer(self, values: dict[str, Any], self_: Customer | None, title: str) -> None:
        person = bool(values.get("is_person"))
        for name in ("first_name", "last_name") if person else ("name",):
            if not (values.get(name) or "").strip():
                label = name.replace("_", " ").title().replace(" ", "")
                raise Refusal(title, f"{label} is required.")
        number = values.get("number")
        if number is not None and number not in CUSTOMER_NUMBERS:
            raise Refusal(title, f"Number {number} is outside the number series 10000-19999.")
        if values.get("currency_code"):
            self.require_currency(values["currency_code"])
        for name in ("number", "external_number", "external_import_reference"):
            self._check_free(name, values.get(name), self_, title)

    def _check_free(self, name: str, value: Any, but: Customer | None, title: str) -> None:
        if value is None:
            return
        for other in self.customers.values():
            if other is not but and getattr(other, name) == value:
                label = name.replace("_", " ").title().replace(" ", "")
                used = f"'{value}' is used on (contact) Id = {other.id}."
                raise Refusal(title, f"{label} is already in use. {used}")

    def delete_customer(self, customer: Customer) -> None:
        """Delete a customer that nothing refers to; raises InUse."""
        used = any(o.customer_id == customer.id for o in self.sales_orders.values())
        used = used or "customer" in self.faults.undeletable
        if used or any(e.customer_id == customer.id for e in self.entries.values()):
            raise InUse("Customer", customer.id)
        del self.customers[customer.id]

    def check_address(self, values: dict[str, Any], title: str) -> None:
        """Raise Refusal for a country that is none or an external code already used."""
        country, code = values.get("country_code"), values.get("external_code")
        if country and country not in _COMPANY["countries"].split():
            said = "is not valid according to ISO 3166-1."
            raise Refusal(title, f"The country code {country} {said}")
        mail = [c.mail_address for c in self.customers.values() if c.mail_address]
        for address in [*self.delivery_addresses.values(), *mail]:
            if code and (address.external_code or "").lower() == code.lower():
                raise Refusal(title, f"ExternalCode is already in use. '{code}' is used.")

    def add_delivery_address(self, contact: Customer, values: dict[str, Any]) -> Address:
        """Add a delivery address; a contact's first one becomes its primary one."""
        self.check_address(values, "Contact delivery address validation error(s)")
        others = [a for a in self.delivery_addresses.values() if a.contact_id == contact.id]
        new = Address(self.number("address"), contact.id, created=self.now(), changed=self.now())
        assign(new, values, given=True)
        new.is_primary = new.is_primary or not others
        for other in others:
            other.is_primary = other.is_primary and not new.is_primary
        self.delivery_addresses[new.id] = new
        return new

    def balance_of(self, customer: Customer) -> Decimal:
        """Return what a customer owes, in kroner."""
        own = [e for e in self.entries.values() if e.customer_id == customer.id]
        return sum((e.balance for e in own), ZERO)

    def settle_queue(self) -> None:
        """Invoice what is due in the send queue by now, as the next call would."""
        invoices.settle_queue(self)

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
        orders.change_line(self, found, changes)
        return found

    def edit_order(self, order: str, **changes: Any) -> SalesOrder:
        """Change attributes of a draft's header."""
        self.remember()
        orders.change_order(self, self.order(order), changes)
        return self.order(order)

    def invoice_by_hand(self, order: str, day: date | None = None) -> Invoice:
        """Invoice a draft; the invoice counts as the person's, not the integration's."""
        self.remember()
        draft = self.order(order)
        sending = Sending(draft.id, None, voucher_date=day, is_invoice_being_processed=False)
        return invoices.make_invoice(self, draft, sending, by_hand=True)

    def delete_draft(self, order: str) -> None:
        """Delete a draft."""
        self.remember()
        orders.delete_order(self, self.order(order))

    def archive_product(self, code: str) -> None:
        """Archive a product."""
        self.remember()
        product = self.product(code)
        product.is_archived, product.changed = True, self.now()

    def archive_customer(self, number: int) -> None:
        """Archive a customer; raises Refusal while something is owed."""
        self.remember()
        found = {c.number: c for c in self.customers.values()}[number]
        self.change_customer(found, {"is_archived": True})

    def register_payment(
        self,
        invoice_no: int,
        amount: Decimal | None = None,
        account_no: int = 1920,
        day: date | None = None,
    ) -> Voucher:
        """Post a payment of an invoice (all of it by default) on an account, and match it."""
        self.remember()
        paid = self.invoice(invoice_no)
        amount = paid.balance if amount is None else amount
        day = day or self.today()
        common = {"posting_date": day, "vat_id": self.vat_code("0").id}
        customer = self.customers[paid.order.customer_id]
        money = {**common, "account_id": self.account(account_no).id, "currency_amount": amount}
        debt = {**common, "account_id": customer.subledger_account_id, "currency_amount": -amount}
        lines = [money, {**debt, "invoice_no": str(invoice_no)}]
        head = {"voucher_date": day, "currency_code": "NOK"}
        voucher = ledger.post_voucher(self, "BankJournal", head, lines)
        voucher.is_created_by_current_integration = False
        return voucher

    def credit_invoice(self, invoice_no: int, day: date | None = None) -> Invoice:
        """Credit a whole invoice by a credit note of the same lines, matched with it."""
        self.remember()
        original = self.invoice(invoice_no)
        credit = SalesOrder(self.guid(), self.number("order number"), self)
        credit.customer_id = original.order.customer_id
        credit.currency_code = original.order.currency_code
        credit.related_invoice_no = invoice_no
        credit.customer_reference = original.order.customer_reference
        credit.is_created_by_current_integration = False
        for line in original.order.lines:
            back = None if line.quantity is None else -line.quantity
            copied = replace(line, id=self.guid(), order=credit, quantity=back)
            copied.external_import_reference = None
            credit.lines.append(copied)
        self.sales_orders[credit.id] = credit
        note = self.invoice_by_hand(credit.id, day)
        ledger.match(self, note.entry, original.entry)
        return note


def _unpacked(packed: bytes, clock: Callable[[], datetime], faults: Faults) -> Books:
    books: Books = pickle.loads(packed)  # noqa: S301 (our own)
    books.clock, books.faults = clock, faults
    return books


def _furnish(books: Books) -> None:
    """Fill empty books with what company.toml lists."""
    for code, name, rate in _COMPANY["vat_codes"]:
        vat = VatCode(books.number("vat"), code, name, Decimal(rate))
        books.vat_codes[vat.id] = vat
    for number, name, code, kind in _COMPANY["accounts"]:
        account = Account(books.number("account"), number, name, books.vat_code(code).id, kind)
        account.subledger_only = number == 1500
        books.accounts[account.id] = account
    ids = {0: None, **{account.account_no: key for key, account in books.accounts.items()}}
    groups: dict[str, int] = {}
    for code, name, standard, optional in _COMPANY["groups"]:
        group = ProductGroup(ids[standard], ids[optional], code=code, name=name)
        groups[code] = group.id = books.number("group")
        books.product_groups[group.id] = group
    for code, name, price, standard, optional, group_code in _COMPANY["products"]:
        product = Product(ids[standard], ids[optional], books.number("product"), code, name)
        product.unit_price = Decimal(price) if price else None
        product.product_group_id = groups.get(group_code)
        product.product_type = "Service" if code.startswith(SERVICES) else "Product"
        books.products[product.id] = product
