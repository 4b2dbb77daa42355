"""What the company has in PowerOffice Go, and the rules for its customers; no HTTP."""

import copy
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from woo2po.sandbox.faults import Faults
from woo2po.sandbox.go_documents import Entry, Invoice, Posting, SalesOrder, Sending, Voucher
from woo2po.sandbox.go_values import (
    Account,
    Address,
    Customer,
    Product,
    ProductGroup,
    SalesAccounts,
    VatCode,
)
from woo2po.sandbox.go_wire import Conflict, NotFound, Refusal, assign

# Ranges far apart, so that an id, a number and a ledger account can't be taken for each other.
FIRST = {
    "vat": 41,
    "account": 3_000_001,
    "group": 6_001,
    "product": 7_000_001,
    "contact": 5_000_001,
    "customer number": 10_000,
    "subledger": 4_000_001,
    "address": 800_001,
    "order number": 1,
    "invoice number": 10_001,
    "voucher number": 1,
    "entry": 900_001,
    "line": 100_001,
    "match": 1,
    "guid": 1,
}
NORWAY = ZoneInfo("Europe/Oslo")
CUSTOMER_NUMBERS = range(10_000, 20_000)
CURRENCIES = {
    "NOK": Decimal(1),
    "SEK": Decimal("0.98"),
    "DKK": Decimal("1.57"),
    "EUR": Decimal("11.72"),
    "USD": Decimal("10.94"),
    "GBP": Decimal("13.68"),
}
COUNTRIES = frozenset(
    re.findall(
        "..",
        "NOSJSEDKFIISDEFRGBIENLBELUCHATITESPTPLCZEELVLTUSCAAUNZJPCN"
        "FOGLAXGIGRHUHRROBGSKSIMTCYUATRINBRMXZASGKRTH",
    )
)


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Records:
    """Everything that the company has in PowerOffice Go, by id. A test may read and change it all.

    `clock` gives the time (aware), `faults` the switches. `dimensions` has the ids of the codes
    of departments, projects and locations. `lock_date`: nothing is posted on or before it.
    """

    client_id: str = "7b3f0c1e-5d1a-4c68-9b52-3f2f6d3a1c11"
    client_name: str = "Fjellbutikken AS"
    clock: Callable[[], datetime] = _utc_now
    faults: Faults = field(default_factory=Faults)
    vat_codes: dict[int, VatCode] = field(default_factory=dict)
    accounts: dict[int, Account] = field(default_factory=dict)
    product_groups: dict[int, ProductGroup] = field(default_factory=dict)
    products: dict[int, Product] = field(default_factory=dict)
    sales_settings: SalesAccounts = field(default_factory=SalesAccounts)
    customers: dict[int, Customer] = field(default_factory=dict)
    delivery_addresses: dict[int, Address] = field(default_factory=dict)
    dimensions: dict[str, dict[str, int]] = field(default_factory=dict)
    currencies: dict[str, Decimal] = field(default_factory=lambda: dict(CURRENCIES))
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
    _next: dict[str, int] = field(default_factory=lambda: dict(FIRST))
    _history: list[tuple[datetime, "Records"]] = field(default_factory=list, repr=False)

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
        self._history = [(m, b) for m, b in self._history if (at - m).total_seconds() <= seconds]
        kept, self._history = self._history, []
        memo: dict[int, Any] = {id(self.faults): self.faults, id(self.clock): self.clock}
        self._history = [*kept, (at, copy.deepcopy(self, memo))]

    def as_read(self) -> "Records":
        """Return the books as a read sees them: `faults.stale_seconds` old."""
        for moment, before in self._history:
            if (self.now() - moment).total_seconds() < self.faults.stale_seconds:
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
        assign(new, {k: v for k, v in values.items() if v is not None})
        if address is not None:
            new.mail_address = Address(self.number("address"), new.id, changed=self.now())
            assign(new.mail_address, {k: v for k, v in address.items() if v is not None})
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
        """Delete a customer that nothing refers to; raises Conflict."""
        used = any(o.customer_id == customer.id for o in self.sales_orders.values())
        used = used or "customer" in self.faults.undeletable
        if used or any(e.customer_id == customer.id for e in self.entries.values()):
            detail = f"Customer with id = {customer.id} is in use and cannot be deleted."
            raise Conflict("Customer conflict", detail)
        del self.customers[customer.id]

    def check_address(self, values: dict[str, Any], title: str) -> None:
        """Raise Refusal for a country that is none or an external code already used."""
        country, code = values.get("country_code"), values.get("external_code")
        if country and country not in COUNTRIES:
            detail = f"The country code {country} is not valid according to ISO 3166-1."
            raise Refusal(title, detail)
        mail = [c.mail_address for c in self.customers.values() if c.mail_address]
        for address in [*self.delivery_addresses.values(), *mail]:
            if code and (address.external_code or "").lower() == code.lower():
                raise Refusal(title, f"ExternalCode is already in use. '{code}' is used.")

    def add_delivery_address(self, contact: Customer, values: dict[str, Any]) -> Address:
        """Add a delivery address; a contact's first one becomes its primary one."""
        self.check_address(values, "Contact delivery address validation error(s)")
        others = [a for a in self.delivery_addresses.values() if a.contact_id == contact.id]
        new = Address(self.number("address"), contact.id, created=self.now(), changed=self.now())
        assign(new, {k: v for k, v in values.items() if v is not None})
        new.is_primary = new.is_primary or not others
        for other in others:
            other.is_primary = other.is_primary and not new.is_primary
        self.delivery_addresses[new.id] = new
        return new

    def balance_of(self, customer: Customer) -> Decimal:
        """Return what a customer owes, in kroner."""
        own = [e for e in self.entries.values() if e.customer_id == customer.id]
        return sum((e.balance for e in own), Decimal(0))
