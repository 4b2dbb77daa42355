"""What the company has in PowerOffice Go, from its VAT codes to its vouchers.

Amounts are Decimal kroner (or the document's currency), rates are fractions (0.25). Every
attribute may be read and changed by a test.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from woo2po.sandbox.books import Books

ZERO = Decimal(0)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def ore(amount: Decimal) -> Decimal:
    """Round to whole øre, halves away from zero."""
    return amount.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


@dataclass(kw_only=True)
class Kept:
    """Whatever is kept: when it was made and changed; `other` is what means nothing here."""

    created: datetime = LONG_AGO
    changed: datetime = LONG_AGO
    other: dict[str, Any] = field(default_factory=dict)


@dataclass
class VatCode(Kept):
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
class Account(Kept):
    """A general ledger account; its VAT code decides the VAT of what is sold on it."""

    id: int
    account_no: int
    name: str
    vat_code_id: int
    general_ledger_account_type: str = "Income"
    currency_code: str = "NOK"
    is_active: bool = True
    is_vat_code_locked: bool = False
    is_department_required: bool = False
    is_project_required: bool = False
    subledger_only: bool = False


@dataclass
class SalesAccounts(Kept):
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


@dataclass
class Address(Kept):
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


@dataclass
class Customer(Kept):
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

    @property
    def shown_name(self) -> str:
        """The name as people see it."""
        parts = (self.first_name, self.last_name) if self.is_person else (self.name,)
        return " ".join(p for p in parts if p)


class Totals(NamedTuple):
    """Net amount, VAT by rate in percent (rates above 0), and gross amount of a document."""

    net: Decimal
    vat_by_rate: dict[Decimal, Decimal]
    total: Decimal


@dataclass
class Line(Kept):
    """A line of a sales order. `product_unit_price` is net, `allowance` a percentage."""

    id: str
    order: "SalesOrder" = field(repr=False, compare=False)
    sort_order: int = 0
    line_type: str = "Normal"
    product_id: int | None = None
    description: str | None = None
    quantity: Decimal | None = None
    unit_of_measure_code: str | None = None
    product_unit_price: Decimal | None = None
    allowance: Decimal | None = None
    use_standard_sales_account: bool | None = None
    external_import_reference: str | None = None
    department_id: int | None = None

    @property
    def product(self) -> Product | None:
        """The line's product."""
        return self.order.books.products.get(self.product_id or 0)

    @property
    def account(self) -> Account | None:
        """The sales account that the product, its group or the company's settings give."""
        customer = self.order.customer
        standard = self.use_standard_sales_account
        if standard is None:
            standard = not (customer is not None and customer.is_vat_free)
        return self.order.books.sales_account(self.product, standard=standard)

    @property
    def vat_code(self) -> VatCode | None:
        """The VAT code of the sales account."""
        account = self.account
        return None if account is None else self.order.books.vat_codes[account.vat_code_id]

    @property
    def rate(self) -> Decimal:
        """The VAT rate as a fraction; 0 where there is no sales account."""
        code = self.vat_code
        return ZERO if code is None else code.rate

    @property
    def exact_net(self) -> Decimal:
        """The net amount before any rounding; 0 without product, account, quantity or price."""
        if self.account is None or self.quantity is None or self.product_unit_price is None:
            return ZERO
        customer = self.order.customer
        allowance = self.allowance
        if allowance is None:
            allowance = (customer and customer.allowance) or ZERO
        return self.quantity * self.product_unit_price * (1 - Decimal(allowance) / 100)

    @property
    def net_amount(self) -> Decimal:
        """The net amount as shown."""
        return ore(self.exact_net)

    @property
    def vat_amount(self) -> Decimal:
        """The VAT as shown."""
        by_net = self.order.books.faults.rounding == "line_net"
        return ore((self.net_amount if by_net else self.exact_net) * self.rate)

    @property
    def total_amount(self) -> Decimal:
        """The gross amount as shown."""
        return self.net_amount + self.vat_amount


@dataclass
class SalesOrder(Kept):
    """A draft or confirmed order."""

    id: str
    sales_order_no: int
    books: "Books" = field(repr=False, compare=False)
    customer_id: int = 0
    sales_order_status: str = "Draft"
    sales_order_date: date | None = None
    delivery_date: date | None = None  # else that of sending
    payment_term: int | None = None
    currency_code: str = "NOK"
    currency_exchange_rate: Decimal | None = None
    imported_order_no: int | None = None
    external_import_reference: str | None = None
    custom_matching_reference: str | None = None
    customer_reference: str | None = None
    purchase_order_reference: str | None = None
    related_invoice_no: int | None = None
    contact_delivery_address_id: int | None = None
    department_id: int | None = None
    project_id: int | None = None
    location_id: int | None = None
    is_created_by_current_integration: bool = True
    lines: list[Line] = field(default_factory=list)

    @property
    def customer(self) -> Customer | None:
        """The order's customer."""
        return self.books.customers.get(self.customer_id)

    def lines_in_order(self) -> list[Line]:
        """Return the lines in the order in which they are shown."""
        return sorted(self.lines, key=lambda line: line.sort_order)

    def totals(self) -> Totals:
        """Return net, VAT by rate in percent, and total, rounded as `faults.rounding` says."""
        exact: dict[Decimal, Decimal] = {}
        for line in self.lines:
            exact[line.rate] = exact.get(line.rate, ZERO) + line.exact_net
        mode = self.books.faults.rounding
        if mode in {"line", "line_net"}:
            net = sum((line.net_amount for line in self.lines), ZERO)
            vat = {r: _sum(x.vat_amount for x in self.lines if x.rate == r) for r in exact}
        else:
            net = ore(sum(exact.values(), ZERO))
            vat = {rate: ore(amount * rate) for rate, amount in exact.items()}
        total = net + _sum(vat.values())
        if mode == "end":
            total = ore(_sum(amount * (1 + rate) for rate, amount in exact.items()))
        return Totals(net, {r * 100: v for r, v in vat.items() if r}, total)


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, ZERO)


@dataclass
class Sending:
    """A request to invoice an order, in the queue or done."""

    order_id: str
    due: datetime | None  # None: accepted and forgotten
    delivery_type: str = "Auto"
    email_address: str | None = None
    voucher_date: date | None = None
    override_due_date: date | None = None
    is_invoice_being_processed: bool = True
    sent_date_time_offset: datetime | None = None
    last_error_message: str | None = None
    invoice: "Invoice | None" = None


@dataclass
class Invoice(Kept):
    """An outgoing invoice or credit note with the order that it was made from."""

    id: str
    invoice_no: int
    voucher_no: int
    order: SalesOrder
    voucher_date: date
    due_date: date
    totals: Totals
    entry: "Entry"
    sent_date_time_offset: datetime
    invoice_delivery_type: str
    is_created_by_current_integration: bool
    is_reversed: bool = False
    delivery_address: Address | None = None

    @property
    def total_amount(self) -> Decimal:
        """The gross amount in the invoice's currency."""
        return self.totals.total

    @property
    def balance(self) -> Decimal:
        """What is left to pay, in kroner."""
        return self.entry.balance


@dataclass
class Entry(Kept):
    """An entry in a customer's sub-ledger: an invoice positive, a payment negative."""

    id: int
    customer_id: int
    voucher_id: str
    voucher_no: int
    voucher_type: str
    voucher_date: date
    posting_date: date
    amount: Decimal
    balance: Decimal
    currency_amount: Decimal
    currency_code: str = "NOK"
    due_date: date | None = None
    match_id: int | None = None
    invoice_no: int | None = None
    custom_matching_reference: str | None = None
    external_import_reference: str | None = None
    is_created_by_current_integration: bool = True
    is_write_off: bool = False


@dataclass
class VoucherLine(Kept):
    """A line of a voucher: positive is debit. `account_id` may be a sub-ledger account's."""

    id: int
    account_id: int
    posting_date: date
    vat_id: int
    currency_amount: Decimal
    currency_code: str | None = None
    currency_exchange_rate: Decimal | None = None
    description: str | None = None
    custom_matching_reference: str | None = None
    invoice_no: str | None = None
    department_id: int | None = None
    project_id: int | None = None


@dataclass
class Voucher(Kept):
    """A posted bank or cash voucher."""

    id: str
    voucher_no: int
    kind: str  # "BankJournal" | "CashJournal" | "ReversalVoucher"
    voucher_date: date
    currency_code: str = "NOK"
    description: str | None = None
    external_import_reference: str | None = None
    is_reversed: bool = False
    is_created_by_current_integration: bool = True
    lines: list[VoucherLine] = field(default_factory=list)


@dataclass(frozen=True)
class Posting:
    """An amount on a general ledger account, in kroner, positive for debit.

    `vat_code` and `vat_amount` stand where the amount is a sale's.
    """

    voucher_no: int
    day: date
    account_no: int
    amount: Decimal
    voucher_id: str = ""
    voucher_type: str = ""
    description: str | None = None
    vat_code: str | None = None
    vat_rate: Decimal | None = None
    vat_amount: Decimal | None = None
    currency_code: str = "NOK"
    is_reversed: bool = False
