"""The documents of PowerOffice Go as values: what we want there, and what we saw there.

Amounts are kroner (or the order's currency). Unit prices are net, with up to six decimals.
The client in poweroffice/ knows how these are spelled on the wire; nothing else does.
Field lengths: its interface description, and poweroffice/facts.md, "Sales orders".
"""

from collections.abc import Mapping
from dataclasses import astuple, dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from woo2po.holds import Reason
from woo2po.money import percent

# The references by which a line that the job adds by itself is known in a draft.
ROUNDING_REFERENCE = "round"
PAID_REFERENCE = "paid"
NOTE_REFERENCE, CREDITS_REFERENCE = "note", "credits"
# So the references begin of texts that go with a new draft, and are not added to one.
REMARKS = (NOTE_REFERENCE, CREDITS_REFERENCE)


@dataclass(frozen=True, slots=True)
class PostalAddress:
    """An address that fits PowerOffice: zip code and city are required there."""

    line_1: str
    line_2: str
    zip_code: str
    city: str
    country: str  # ISO 3166-1 alpha-2


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer as it would be created. A person has first and last name, a company a name."""

    reference: str  # ExternalImportReference, at most 50 characters
    is_person: bool
    name: str  # of a company; "" for a person
    first_name: str
    last_name: str
    organization_number: str  # nine digits with a right check digit, or ""
    email: str
    phone: str
    address: PostalAddress | None
    prepaid: bool  # then a person gets no invoice fee, no reminders, no debt collection


@dataclass(frozen=True, slots=True)
class CustomerSought:
    """How the customer of an order is recognised before one is created.

    `collective_number` set: every such order goes to that customer number. Otherwise: organisation
    number, then e-mail (lower case) of the same kind.
    """

    customer: Customer
    organization_number: str
    email: str  # lower case, or ""
    collective_number: int | None = None


class LineKind(StrEnum):
    """The kinds of order line that the job makes (`LineType` in PowerOffice)."""

    NORMAL = "Normal"
    TEXT = "Text"


@dataclass(frozen=True, slots=True)
class OrderLine:
    """A line of a sales order; a text line has no product, quantity or price.

    `quantity` is negative where the line lowers the order; `unit_price` is net and never negative.
    `vat_rate` (percent) is what the product's account must carry; it is not sent.
    """

    reference: str  # ExternalImportReference, unique in the order
    kind: LineKind
    description: str
    product_id: int | None = None
    product_code: str = ""
    use_standard_account: bool = True
    quantity: Decimal = Decimal(0)
    unit_price: Decimal = Decimal(0)
    vat_rate: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Amounts:
    """What the customer paid (gross), the VAT per rate in percent, and how exact each must be."""

    total: Decimal
    vat: dict[Decimal, Decimal]
    vat_tolerance: dict[Decimal, Decimal]
    largest_rounding: Decimal = Decimal(2)  # the most that a rounding line may add or take


@dataclass(frozen=True, slots=True)
class SalesOrder:
    """A sales order as it should stand in PowerOffice, its lines in their order.

    `customer_reference` or `purchase_order_reference` is the shop's number (question 2); of a
    company with a `contact` it is the purchase order. `delivered` is the day, where known.
    """

    reference: str  # ExternalImportReference
    matching_reference: str  # CustomMatchingReference
    imported_order_no: int | None
    customer_reference: str
    purchase_order_reference: str
    order_date: date
    currency: str
    lines: tuple[OrderLine, ...]
    amounts: Amounts
    payment_term: int | None = None  # of the digest alone: when it is due is told on sending
    related_invoice_no: int | None = None  # of a credit note: the invoice that it credits
    delivery: PostalAddress | None = None  # where it differs from the customer's own address
    dimensions: dict[str, str] = field(default_factory=dict)  # department, project, location
    # Not of the digest by which an order is recognised: earlier versions did not write them.
    contact: str = field(default="", repr=False)
    delivered: date | None = field(default=None, repr=False)

    @property
    def your_reference(self) -> str:
        """What stands as "your reference"."""
        return self.contact or self.customer_reference

    @property
    def purchase_order(self) -> str:
        """What stands as the buyer's purchase order."""
        moved = self.customer_reference if self.contact else ""
        return self.purchase_order_reference or moved


class Rounding(StrEnum):
    """The ways in which PowerOffice may round; which one it is, no source says.

    LINE: net and VAT of each line, the VAT of its exact net; LINE_NET: the same, but the VAT of
    the rounded net; DOCUMENT: the net sum and the VAT per rate; END: only the gross sum. Halves
    away from zero. (poweroffice/facts.md, "Not known".)
    """

    LINE = "line"
    LINE_NET = "line_net"
    DOCUMENT = "document"
    END = "end"


@dataclass(frozen=True, slots=True)
class ProductWanted:
    """A product to create for a SKU that PowerOffice lacks; its account carries the line's VAT."""

    code: str
    name: str
    account_id: int


class Note(Reason):
    """Something about an order that went, worth a line in the log, the preview and `status`."""


@dataclass(frozen=True, slots=True)
class Documents:
    """All that one order of the shop becomes in PowerOffice."""

    customer: CustomerSought
    sales_order: SalesOrder
    products: tuple[ProductWanted, ...] = ()
    notes: tuple[Note, ...] = ()
    personal: tuple[str, ...] = field(default=(), repr=False)  # of the buyer, never to be repeated


class Delivery(StrEnum):
    """How an invoice leaves PowerOffice: `invoices.delivery`, question 4's companion."""

    NONE = "none"
    EMAIL = "email"
    AUTO = "auto"


@dataclass(frozen=True, slots=True)
class InvoiceWanted:
    """How and when a draft becomes an invoice; `moved_from`: the day that a locked period moved."""

    day: date
    due: date | None  # the same day for what is prepaid; None: by the payment term
    delivery: Delivery
    email: str
    moved_from: date | None = None


@dataclass(frozen=True, slots=True)
class NotYet:
    """A draft that is not to be invoiced by the job, or not yet; `code` says why."""

    code: str


class VoucherKind(StrEnum):
    """The journal that a payment is posted in (question 6)."""

    BANK = "bank"
    CASH = "cash"


@dataclass(frozen=True, slots=True)
class PaymentWanted:
    """Money that an order brought (or a refund took back): what is booked, and against what.

    `amount` is in the order's currency, negative for money returned. `says` is what the voucher
    tells of it: method, the gateway's id, and which refund it is.
    """

    kind: VoucherKind
    account_id: int
    account_no: int
    day: date
    amount: Decimal
    currency: str
    says: str = ""

    def as_text(self) -> str:
        """Return the payment as the state database keeps it; `from_text` reads it."""
        return " ".join(map(str, astuple(self)))

    @classmethod
    def from_text(cls, text: str) -> "PaymentWanted":
        """Return the payment in a text of `as_text`."""
        # Earlier versions wrote no more than six.
        kind, account_id, account_no, day, amount, currency, *says = text.split(" ", 6)
        on, numbers = date.fromisoformat(day), (int(account_id), int(account_no))
        return cls(VoucherKind(kind), *numbers, on, Decimal(amount), currency, *says)


@dataclass(frozen=True, slots=True)
class CreditNote:
    """What one refund becomes: a sales order of negative quantities, its day, the money's way."""

    documents: Documents
    invoice: InvoiceWanted
    payback: PaymentWanted | None


@dataclass(frozen=True, slots=True)
class VoucherLine:
    """A line of a voucher; `amount` is positive for debit and negative for credit."""

    account_id: int  # of the general ledger, or a customer's sub-ledger account
    vat_id: int
    amount: Decimal
    description: str
    matching_reference: str = ""
    invoice_no: int | None = None
    rate: Decimal | None = None  # of the voucher's currency; None: PowerOffice's of the day


@dataclass(frozen=True, slots=True)
class Voucher:
    """A bank or cash journal voucher; its lines sum to zero."""

    reference: str  # ExternalImportReference: a UUID
    kind: VoucherKind
    day: date
    currency: str
    description: str
    lines: tuple[VoucherLine, ...]


@dataclass(frozen=True, slots=True)
class VoucherSeen:
    """A voucher as PowerOffice answers it."""

    id: str
    number: int


@dataclass(frozen=True, slots=True)
class SentState:
    """How far sending has come: `error` is PowerOffice's own LastErrorMessage, or ""."""

    processing: bool
    sent: bool
    invoice_no: int | None
    error: str


@dataclass(frozen=True, slots=True)
class LedgerEntrySeen:
    """An entry of the customer ledger; `amount` positive for debit (an invoice)."""

    id: int
    matching_reference: str
    invoice_no: str
    amount: Decimal
    voucher_id: str


@dataclass(frozen=True, slots=True)
class CustomerSeen:
    """A customer as PowerOffice lists it; personal data of others is not read."""

    id: int
    number: int
    is_person: bool
    is_archived: bool
    subledger_account_id: int | None
    reference: str
    organization_number: str  # its digits
    email: str  # lower case
    created: datetime | None = None


@dataclass(frozen=True, slots=True)
class DeliveryAddressSeen:
    """A delivery address as PowerOffice lists it."""

    id: int
    contact_id: int
    external_code: str


@dataclass(frozen=True, slots=True)
class LineSeen:
    """A line of a draft as PowerOffice answers it; amounts are None where it computed none."""

    id: str
    reference: str
    kind: str
    description: str
    product_id: int | None
    use_standard_account: bool | None
    quantity: Decimal | None
    unit_price: Decimal | None
    net: Decimal | None
    vat: Decimal | None
    total: Decimal | None
    vat_rate: Decimal | None  # percent
    sort_order: int = 0
    account_no: int | None = None  # that an invoice's line was posted on


@dataclass(frozen=True, slots=True)
class DraftSeen:
    """A sales order (draft or confirmed) as PowerOffice answers it with its lines."""

    id: str
    number: int
    reference: str
    matching_reference: str
    status: str  # "Draft" | "Confirmed"
    customer_id: int | None
    delivery_address_id: int | None
    imported_order_no: int | None
    customer_reference: str
    purchase_order_reference: str
    order_date: date | None
    currency: str
    net: Decimal
    total: Decimal
    lines: tuple[LineSeen, ...]
    delivered: date | None = None


@dataclass(frozen=True, slots=True)
class DocumentSeen:
    """A sales order or an outgoing invoice as the lists show it, without lines.

    `invoice_no` is None while it is a sales order, and so is what follows `total`. `total` is in
    the document's currency, `balance` (what is left to pay) in the company's; `rate` is what one
    of the first is worth in the second. `credits_invoice` stands on a credit note made there.
    """

    id: str
    reference: str
    matching_reference: str
    order_no: int | None
    invoice_no: int | None
    total: Decimal
    balance: Decimal | None = None
    rate: Decimal | None = None
    customer_id: int | None = None
    customer_no: int | None = None
    credits_invoice: int | None = None
    day: date | None = None
    due: date | None = None


# -- what the company has to offer an order line ---------------------------------------------------


@dataclass(frozen=True, slots=True)
class VatCode:
    """A VAT code; `rate` in percent. `code` follows SAF-T, a company's own begin with C."""

    id: int
    code: str
    rate: Decimal


@dataclass(frozen=True, slots=True)
class Account:
    """A general ledger account with the VAT code that decides the VAT of what is sold on it."""

    id: int
    number: int
    vat_code: VatCode | None
    active: bool = True
    needs_department: bool = False
    needs_project: bool = False
    name: str = ""

    @property
    def vat_rate(self) -> Decimal:
        """The VAT rate in percent of what is sold on it."""
        return self.vat_code.rate if self.vat_code else Decimal(0)


@dataclass(frozen=True, slots=True)
class Product:
    """A product with the two sales accounts that it, or its group, names.

    None where neither names one: the company's sales settings then decide, which cannot be read.
    """

    id: int
    code: str
    archived: bool
    standard: Account | None
    optional: Account | None
    name: str = ""

    @property
    def accounts(self) -> tuple[Account, ...]:
        """The accounts that it may be sold on."""
        both = (self.standard, self.optional)
        return tuple(one for one in both if one is not None and one.active)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Products by code (exactly as spelled), accounts by number, VAT codes by code."""

    products: Mapping[str, Product]
    accounts: Mapping[int, Account]
    vat_codes: Mapping[str, VatCode]
    lock_date: date | None = None

    def product(self, code: str) -> Product | None:
        """Return the product of that code that may be sold, or None."""
        found = self.products.get(code)
        return None if found is None or found.archived else found

    def rates_of(self, product: Product) -> str:
        """Return the VAT rates that a product can carry, each with its account, for a message."""
        rated = (account for account in product.accounts if account.vat_code)
        said = [f"{percent(account.vat_rate)} % ({account.number})" for account in rated]
        return ", ".join(said) or "none"
