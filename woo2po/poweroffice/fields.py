"""What PowerOffice's objects become: fields asked for, values read, and the catalogue of them.

Units: rates are fractions there (0.25) and percent here; amounts are in the order's currency,
all but an invoice's balance.
Source: the interface description; facts.md, "Customers" to "Vouchers and the ledger".
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from woo2po.catalogue import Account, Catalogue, Product, VatCode
from woo2po.documents import (
    CustomerSeen,
    DeliveryAddressSeen,
    DocumentSeen,
    DraftSeen,
    LedgerEntrySeen,
    LineSeen,
    SentState,
    VoucherSeen,
)
from woo2po.poweroffice.answers import Row
from woo2po.poweroffice.calls import Listing


@dataclass(frozen=True, slots=True)
class ProductSeen:
    """A product as it is listed; an account is None where the product names none itself."""

    id: int
    code: str
    archived: bool
    standard_account_id: int | None
    optional_account_id: int | None
    group_id: int | None
    name: str = ""


@dataclass(frozen=True, slots=True)
class GroupSeen:
    """A product group, whose accounts its products take where they name none."""

    id: int
    standard_account_id: int | None
    optional_account_id: int | None


@dataclass(frozen=True, slots=True)
class AccountSeen:
    """A general ledger account; `vat_code` is a code, not an id."""

    id: int
    number: int
    vat_code: str
    active: bool
    needs_department: bool
    needs_project: bool
    name: str = ""


def customer_seen(row: Row) -> CustomerSeen:
    """Read a customer. One that is no longer active as a customer counts as archived."""
    return CustomerSeen(
        id=row.number("Id"),
        number=row.number("Number"),
        is_person=row.flag("IsPerson") or False,
        is_archived=row.flag("IsArchived") is True or row.flag("IsActive") is False,
        subledger_account_id=row.number_or_none("SubledgerAccountId"),
        reference=row.text("ExternalImportReference"),
        organization_number="".join(filter(str.isdigit, row.text("OrganizationNumber"))),
        email=row.text("EmailAddress").strip().lower(),
        created=row.moment_or_none("CustomerCreatedDateTimeOffset"),
    )


def delivery_address_seen(row: Row) -> DeliveryAddressSeen:
    """Read a delivery address."""
    return DeliveryAddressSeen(
        id=row.number("Id"),
        contact_id=row.number("ContactId"),
        external_code=row.text("ExternalCode"),
    )


def line_seen(row: Row) -> LineSeen:
    """Read a line of a sales order or an invoice."""
    return LineSeen(
        id=row.key("Id"),
        reference=row.text("ExternalImportReference"),
        kind=row.text("LineType"),
        description=row.text("Description"),
        product_id=row.number_or_none("ProductId"),
        use_standard_account=row.flag("UseStandardSalesAccount"),
        quantity=row.amount_or_none("Quantity"),
        unit_price=row.amount_or_none("ProductUnitPrice"),
        net=row.amount_or_none("NetAmount"),
        vat=row.amount_or_none("VatAmount"),
        total=row.amount_or_none("TotalAmount"),
        vat_rate=row.percent_or_none("VatRate"),
        sort_order=row.number_or_none("SortOrder") or 0,
        account_no=row.number_or_none("AccountNo"),
    )


def draft_seen(row: Row) -> DraftSeen:
    """Read a sales order with its lines, in their order."""
    lines = sorted(map(line_seen, row.rows("SalesOrderLines")), key=lambda line: line.sort_order)
    if not lines and row.number_or_none("LineCount"):
        row.missing("SalesOrderLines")
    return DraftSeen(
        id=row.key("Id"),
        number=row.number("SalesOrderNo"),
        reference=row.text("ExternalImportReference"),
        matching_reference=row.text("CustomMatchingReference"),
        status=row.text("SalesOrderStatus"),
        customer_id=row.number_or_none("CustomerId"),
        delivery_address_id=row.number_or_none("ContactDeliveryAddressId"),
        imported_order_no=row.number_or_none("ImportedOrderNo"),
        customer_reference=row.text("CustomerReference"),
        purchase_order_reference=row.text("PurchaseOrderReference"),
        order_date=row.day_or_none("SalesOrderDate"),
        currency=row.text("CurrencyCode"),
        net=row.amount("NetAmount"),
        total=row.amount("TotalAmount"),
        lines=tuple(lines),
        delivered=row.day_or_none("DeliveryDate"),
    )


def sales_order_listed(row: Row) -> DocumentSeen:
    """Read a sales order of the list."""
    return DocumentSeen(
        id=row.key("Id"),
        reference=row.text("ExternalImportReference"),
        matching_reference=row.text("CustomMatchingReference"),
        order_no=row.number_or_none("SalesOrderNo"),
        invoice_no=None,
        total=row.amount("TotalAmount"),
    )


def invoice_listed(row: Row) -> DocumentSeen:
    """Read an outgoing invoice of the list."""
    return DocumentSeen(
        id=row.key("Id"),
        reference=row.text("ExternalImportReference"),
        matching_reference=row.text("CustomMatchingReference"),
        order_no=row.number_or_none("OrderNo"),
        invoice_no=row.number("InvoiceNo") or row.missing("InvoiceNo"),  # no invoice has number 0
        total=row.amount("TotalAmount"),
        balance=row.amount_or_none("Balance"),
        rate=row.amount_or_none("CurrencyExchangeRate"),
        customer_id=row.number_or_none("CustomerId"),
        customer_no=row.number_or_none("CustomerNo"),
        credits_invoice=row.number_or_none("RelatedInvoiceNo"),
        day=row.day_or_none("VoucherDate"),
        due=row.day_or_none("DueDate"),
    )


def sent_state(row: Row) -> SentState:
    """Read how far sending has come. Sent is what has a moment of sending, and nothing else."""
    return SentState(
        processing=row.flag("IsInvoiceBeingProcessed") is True,
        sent=row.moment_or_none("SentDateTimeOffset") is not None,
        invoice_no=row.number_or_none("InvoiceNo") or None,
        error=row.text("LastErrorMessage").strip(),
    )


def voucher_seen(row: Row) -> VoucherSeen:
    """Read a voucher."""
    return VoucherSeen(id=row.key("Id"), number=row.number("VoucherNo"))


def ledger_entry_seen(row: Row) -> LedgerEntrySeen:
    """Read an entry of the customer ledger; its amount is in the currency that it was posted in."""
    return LedgerEntrySeen(
        id=row.number("Id"),
        matching_reference=row.text("CustomMatchingReference"),
        invoice_no=row.text("InvoiceNo"),
        amount=row.amount("CurrencyAmount"),
        voucher_id=row.key("VoucherId"),
    )


def lock_date(row: Row) -> date | None:
    """Read the lock date. The zero of dates is none: what an open company says is not described."""
    day = row.day_or_none("LockDate")
    return None if day == date.min else day


def vat_code(row: Row) -> VatCode:
    """Read a VAT code."""
    return VatCode(id=row.number("Id"), code=row.text("Code"), rate=row.amount("Rate") * 100)


def account_seen(row: Row) -> AccountSeen:
    """Read a general ledger account."""
    return AccountSeen(
        id=row.number("Id"),
        number=row.number("AccountNo"),
        vat_code=row.text("VatCode"),
        active=row.flag("IsActive") is not False,
        needs_department=row.flag("IsDepartmentRequired") is True,
        needs_project=row.flag("IsProjectRequired") is True,
        name=row.text("Name"),
    )


def group_seen(row: Row) -> GroupSeen:
    """Read a product group."""
    return GroupSeen(
        id=row.number("Id"),
        standard_account_id=row.number_or_none("StandardSalesAccountId"),
        optional_account_id=row.number_or_none("OptionalSalesAccountId"),
    )


def product_seen(row: Row) -> ProductSeen:
    """Read a product."""
    return ProductSeen(
        id=row.number("Id"),
        code=row.text("Code"),
        archived=row.flag("IsArchived") is True,
        standard_account_id=row.number_or_none("StandardSalesAccountId"),
        optional_account_id=row.number_or_none("OptionalSalesAccountId"),
        group_id=row.number_or_none("ProductGroupId"),
        name=row.text("Name"),
    )


# -- what is listed, and the fields asked for ------------------------------------------------------

CUSTOMERS = Listing(
    "Customers",
    customer_seen,
    "Id Number IsPerson IsArchived IsActive SubledgerAccountId ExternalImportReference"
    " OrganizationNumber EmailAddress CustomerCreatedDateTimeOffset",
)
DELIVERY_ADDRESSES = Listing(
    "ContactDeliveryAddresses", delivery_address_seen, "Id ContactId ExternalCode"
)
SALES_ORDERS = Listing(
    "SalesOrders",
    sales_order_listed,
    "Id SalesOrderNo ExternalImportReference CustomMatchingReference TotalAmount",
)
INVOICES = Listing(
    "OutgoingInvoices",
    invoice_listed,
    "Id OrderNo InvoiceNo ExternalImportReference CustomMatchingReference TotalAmount Balance"
    " CurrencyExchangeRate CustomerId CustomerNo RelatedInvoiceNo VoucherDate DueDate",
)
INVOICE_LINES = Listing(
    "OutgoingInvoices",
    line_seen,
    "Id ExternalImportReference LineType Description ProductId Quantity ProductUnitPrice NetAmount"
    " VatAmount TotalAmount VatRate SortOrder AccountNo",
)
LEDGER_ENTRIES = Listing(
    "Customerledger/Statement",
    ledger_entry_seen,
    "Id CustomMatchingReference InvoiceNo CurrencyAmount VoucherId",
)
VAT_CODES = Listing("VatCodes", vat_code, "Id Code Rate")
ACCOUNTS = Listing(
    "GeneralLedgerAccounts",
    account_seen,
    "Id AccountNo VatCode IsActive IsDepartmentRequired IsProjectRequired Name",
)
BANK_ACCOUNTS = Listing(
    "ClientBankAccounts",
    lambda row: row.number_or_none("GeneralLedgerAccountNo") or 0,
    "Id GeneralLedgerAccountNo",
)
GROUPS = Listing("ProductGroups", group_seen, "Id StandardSalesAccountId OptionalSalesAccountId")
PRODUCTS = Listing(
    "Products",
    product_seen,
    "Id Code Name IsArchived ProductGroupId StandardSalesAccountId OptionalSalesAccountId",
)


DIMENSIONS = Listing(
    "",  # departments, projects or locations
    lambda row: (row.text("Code"), row.flag("IsActive") is not False),
    "Id Code IsActive",
)

# -- the catalogue ---------------------------------------------------------------------------------


def build_catalogue(
    products: Iterable[ProductSeen],
    groups: Iterable[GroupSeen],
    accounts: Iterable[AccountSeen],
    vat_codes: Iterable[VatCode],
    lock_date: date | None,
) -> Catalogue:
    """Join what was listed: a product's account is its own, else its group's, else None.

    Where two products share a code the one that may be sold counts, then the older one.
    """
    codes = {vat_code.code: vat_code for vat_code in vat_codes}
    by_id = {account.id: _account(account, codes) for account in accounts}
    group_by_id = {group.id: group for group in groups}
    found: dict[str, Product] = {}
    for seen in sorted(products, key=lambda product: (not product.archived, -product.id)):
        found[seen.code] = _product(seen, group_by_id.get(seen.group_id or 0), by_id)
    by_number = {account.number: account for account in by_id.values()}
    return Catalogue(products=found, accounts=by_number, vat_codes=codes, lock_date=lock_date)


def _account(seen: AccountSeen, codes: dict[str, VatCode]) -> Account:
    return Account(
        id=seen.id,
        number=seen.number,
        vat_code=codes.get(seen.vat_code),
        active=seen.active,
        needs_department=seen.needs_department,
        needs_project=seen.needs_project,
        name=seen.name,
    )


def _product(seen: ProductSeen, group: GroupSeen | None, accounts: dict[int, Account]) -> Product:
    standard, optional = seen.standard_account_id, seen.optional_account_id
    if group is not None:
        standard = group.standard_account_id if standard is None else standard
        optional = group.optional_account_id if optional is None else optional
    return Product(
        id=seen.id,
        code=seen.code,
        archived=seen.archived,
        standard=accounts.get(standard or 0),
        optional=accounts.get(optional or 0),
        name=seen.name,
    )
