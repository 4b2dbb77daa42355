"""What the company has before it sells anything: VAT codes, accounts, products, customers.

Amounts are Decimal kroner (or the document's currency), rates are fractions (0.25). Every
attribute may be read and changed by a test. `other` keeps properties that mean nothing here.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

ZERO = Decimal(0)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def ore(amount: Decimal) -> Decimal:
    """Round to whole øre, halves away from zero."""
    return amount.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


@dataclass
class VatCode:
    """A VAT code; `rate` is a fraction."""

    id: int
    code: str
    name: str
    rate: Decimal
    is_active: bool = True
    is_custom: bool = False
    valid_from: date = date(2016, 1, 1)
    valid_to: date | None = None


@dataclass
class Account:
    """A general ledger account; its VAT code decides the VAT of what is sold on it."""

    id: int
    account_no: int
    name: str
    vat_code_id: int
    general_ledger_account_type: str = "Income"
    is_active: bool = True
    is_vat_code_locked: bool = False
    is_department_required: bool = False
    is_project_required: bool = False
    subledger_only: bool = False
    changed: datetime = LONG_AGO


@dataclass
class SalesAccounts:
    """The two sales accounts, by account id, that a product, its group or the company names."""

    standard_sales_account_id: int | None = None
    optional_sales_account_id: int | None = None


@dataclass
class ProductGroup(SalesAccounts):
    """A product group; products without accounts of their own take the group's."""

    id: int = 0
    code: str | None = None
    name: str | None = None
    unit_price: Decimal | None = None
    is_archived: bool = False
    product_type: str = "Product"
    created: datetime = LONG_AGO
    changed: datetime = LONG_AGO


@dataclass
class Product(SalesAccounts):
    """A product; `unit_price` is net."""

    id: int = 0
    code: str | None = None
    name: str = ""
    unit_price: Decimal | None = None
    product_group_id: int | None = None
    product_type: str = "Product"
    unit_of_measure_code: str = "EA"
    is_archived: bool = False
    is_stock_item: bool = False
    created: datetime = LONG_AGO
    changed: datetime = LONG_AGO
    other: dict[str, Any] = field(default_factory=dict)


@dataclass
class Address:
    """A mail or delivery address of a contact."""

    id: int
    contact_id: int
    address_line1: str | None = None
    address_line2: str | None = None
    zip_code: str = ""
    city: str = ""
    country_code: str = "NO"
    external_code: str | None = None
    is_primary: bool = False
    created: datetime = LONG_AGO
    changed: datetime = LONG_AGO


@dataclass
class Customer:
    """A customer. Id, number and sub-ledger account id are three different numbers."""

    id: int
    number: int
    subledger_account_id: int
    name: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    is_person: bool = False
    organization_number: str | None = None
    email_address: str | None = None
    phone_number: str | None = None
    invoice_email_address: str | None = None
    invoice_delivery_type: str = "Print"
    external_import_reference: str | None = None
    external_number: int | None = None
    currency_code: str | None = "NOK"
    payment_term: int | None = None
    department_id: int | None = None
    allowance: Decimal | None = None
    is_vat_free: bool = False
    is_archived: bool = False
    is_active: bool = True
    send_payment_reminders: bool = True
    use_invoice_fee: bool = True
    transfer_to_debt_collection_agency: bool = True
    mail_address: Address | None = None
    contact_group_ids: list[int] = field(default_factory=list)
    created: datetime = LONG_AGO
    changed: datetime = LONG_AGO
    other: dict[str, Any] = field(default_factory=dict)

    @property
    def shown_name(self) -> str:
        """The name as people see it."""
        parts = (self.first_name, self.last_name) if self.is_person else (self.name,)
        return " ".join(p for p in parts if p)
