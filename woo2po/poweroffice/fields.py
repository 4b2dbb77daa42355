"""How PowerOffice Go spells things: JSON rows read into values, and documents written into bodies.

Tolerant where the interface is loose (case of names, amounts as text, fields that are new),
strict where a value must be: a guess here would end up in somebody's books.
Units: rates are fractions there (0.25) and percent here; amounts are in the order's currency,
all but an invoice's balance.
Source: the interface description; facts.md, from "Customers" to "Vouchers and the ledger".
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, Field, dataclass, fields
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from functools import cached_property
from operator import attrgetter
from typing import Any, Generic, NoReturn, TypeVar, get_args

from woo2po.documents import (
    Account,
    Catalogue,
    Customer,
    CustomerSeen,
    Delivery,
    DeliveryAddressSeen,
    DocumentSeen,
    DraftSeen,
    InvoiceWanted,
    LedgerEntrySeen,
    LineKind,
    LineSeen,
    OrderLine,
    PostalAddress,
    Product,
    ProductWanted,
    SalesOrder,
    SentState,
    VatCode,
    Voucher,
    VoucherKind,
    VoucherLine,
    VoucherSeen,
)
from woo2po.http import NotUnderstood

T = TypeVar("T")
Body = dict[str, object]

_LARGEST = Decimal(10) ** 19  # an int64 and every sum of money is smaller
_FRACTIONS = {"Rate", "VatRate"}  # of 1; here they are percent
_ADDRESS = "line_1=AddressLine1 line_2=AddressLine2 zip_code=ZipCode city=City country=CountryCode"
_DELIVERIES = {
    Delivery.NONE: "PdfPrintForDownload",
    Delivery.EMAIL: "PdfByEmail",
    Delivery.AUTO: "Auto",
}


# -- one object of an answer -----------------------------------------------------------------------


class Row:
    """One JSON object; names are found in any case. A field that is null counts as missing.

    What is missing is "", [] or None. Of a wrong type: NotUnderstood, with path and field, never
    the value.
    """

    def __init__(self, path: str, values: Mapping[str, Any]) -> None:
        self._path = path
        self._values = {name.lower(): value for name, value in values.items()}

    def key(self, name: str) -> str:
        """Return an id, a number or a GUID, as text; it must be there."""
        return self.text(name) or self.missing(name)

    def text(self, name: str) -> str:
        """Return a text; a number is taken for its digits."""
        value = self._value(name, str, int)
        # Half a character cannot be kept or sent on.
        return "" if value is None else str(value).encode("utf-8", "replace").decode()

    def number(self, name: str) -> int | None:
        """Return a whole number."""
        amount = self.amount(name)
        if amount is not None and amount != amount.to_integral_value():
            self.missing(name)
        return None if amount is None else int(amount)

    def amount(self, name: str) -> Decimal | None:
        """Return an amount; digits in a text are taken too."""
        value = self._value(name, int, str, Decimal)
        if value is None:
            return None
        try:
            amount = Decimal(value)
        except InvalidOperation:
            amount = Decimal("NaN")
        return amount if amount.is_finite() and abs(amount) < _LARGEST else self.missing(name)

    def flag(self, name: str) -> bool | None:
        """Return true or false."""
        value: bool | None = self._value(name, bool)
        return value

    def day(self, name: str) -> date | None:
        """Return a date; a time of day after it is dropped."""
        text = self.text(name)
        try:
            return date.fromisoformat(text[:10]) if text else None
        except ValueError:
            return self.missing(name)

    def moment(self, name: str) -> datetime | None:
        """Return an aware time in UTC."""
        if not (text := self.text(name)):
            return None
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            return self.missing(name)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of texts."""
        return tuple(self._list(name, str))

    def rows(self, name: str) -> list["Row"]:
        """Return the objects of a list."""
        return [Row(f"{self._path} {name}", value) for value in self._list(name, dict)]

    def missing(self, name: str) -> NoReturn:
        """Raise NotUnderstood for a field; never returns."""
        facts = {"what": self._path, "field": name}
        raise NotUnderstood("poweroffice", "poweroffice_not_understood", **facts)

    def _value(self, name: str, *kinds: type) -> Any:
        value = self._values.get(name.lower())
        return value if value is None or type(value) in kinds else self.missing(name)

    def _list(self, name: str, kind: type) -> list[Any]:
        values: list[Any] = self._value(name, list) or []
        return values if all(type(one) is kind for one in values) else self.missing(name)


_READ: Mapping[Any, Callable[[Row, str], Any]] = {
    str: Row.text,
    int: Row.number,
    bool: Row.flag,
    Decimal: Row.amount,
    date: Row.day,
    datetime: Row.moment,
}


@dataclass(frozen=True)
class Spelling(Generic[T]):
    """A kind of object: what it becomes here, its fields as "ours=Theirs", where it is listed.

    Each field is read as the type says that ours has. It must be there unless that may be None,
    has a default, or is a text that is no id. A name that stands alone is asked for too; `more`
    reads those, and what takes more than a type to read.
    """

    of: Callable[..., T]
    names: str
    path: str = ""
    more: Callable[[Row], Mapping[str, object]] = lambda _: {}

    @cached_property
    def asked(self) -> str:
        """The names of the fields there, as a list asks for them."""
        return " ".join(pair.rpartition("=")[2] for pair in self.names.split())

    @cached_property
    def _ways(self) -> list[tuple[str, Callable[[Row], Any]]]:
        """The way to read each field of ours; what the kind does not tell of is None."""
        spelled = _pairs(self.names)
        return [
            (one.name, _way(spelled[one.name], one) if one.name in spelled else lambda _: None)
            for one in fields(self.of)  # type: ignore[arg-type]
            if one.name in spelled or one.default is MISSING
        ]

    def ours(self, body: Body) -> dict[str, Any]:
        """Return a body's values by the names of ours."""
        return {ours: body[name] for ours, name in _pairs(self.names).items() if name in body}

    def read(self, row: Row) -> T:
        """Return the value of a row."""
        return self.of(**{name: way(row) for name, way in self._ways} | dict(self.more(row)))


def _pairs(names: str) -> dict[str, str]:
    return dict(pair.split("=") for pair in names.split() if "=" in pair)


def _way(theirs: str, ours: Field[Any]) -> Callable[[Row], Any]:
    kind, *or_none = get_args(ours.type) or (ours.type,)
    read = _READ[kind]
    if kind is bool and not or_none:
        # What says nothing of being active is not put away.
        unsaid = theirs == "IsActive"
        return lambda row: unsaid if (said := read(row, theirs)) is None else said
    must_be = not or_none and (kind is not str or theirs.endswith("Id"))
    of_one = theirs in _FRACTIONS

    def way(row: Row) -> Any:
        value = read(row, theirs)
        if value in (None, ""):
            if ours.default is not MISSING:
                return ours.default
            return row.missing(theirs) if must_be else value
        return value * 100 if of_one else value

    return way


# -- what is read ----------------------------------------------------------------------------------


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


def digits_of(organization_number: str) -> str:
    """Return the digits: "NO 923 609 016 MVA" is "923609016"."""
    return "".join(filter(str.isdigit, organization_number))


def _of_customer(row: Row) -> Body:
    return {
        # One that is no longer active as a customer counts as archived.
        "is_archived": row.flag("IsArchived") is True or row.flag("IsActive") is False,
        "organization_number": digits_of(row.text("OrganizationNumber")),
        "email": row.text("EmailAddress").strip().lower(),
    }


def _of_draft(row: Row) -> Body:
    lines = sorted(map(LINES.read, row.rows("SalesOrderLines")), key=attrgetter("sort_order"))
    if not lines and row.number("LineCount"):
        row.missing("SalesOrderLines")
    return {"lines": tuple(lines)}


def sent_state(row: Row) -> SentState:
    """Read how far sending has come. Sent is what has a moment of sending, and nothing else."""
    return SentState(
        processing=row.flag("IsInvoiceBeingProcessed") is True,
        sent=row.moment("SentDateTimeOffset") is not None,
        invoice_no=row.number("InvoiceNo") or None,
        error=row.text("LastErrorMessage").strip(),
    )


CUSTOMERS = Spelling(
    CustomerSeen,
    "id=Id number=Number is_person=IsPerson IsArchived IsActive"
    " subledger_account_id=SubledgerAccountId reference=ExternalImportReference"
    " OrganizationNumber EmailAddress created=CustomerCreatedDateTimeOffset",
    "Customers",
    _of_customer,
)
DELIVERY_ADDRESSES = Spelling(
    DeliveryAddressSeen,
    "id=Id contact_id=ContactId external_code=ExternalCode",
    "ContactDeliveryAddresses",
)
_LINE = (
    "id=Id reference=ExternalImportReference kind=LineType description=Description"
    " product_id=ProductId quantity=Quantity unit_price=ProductUnitPrice net=NetAmount"
    " vat=VatAmount total=TotalAmount vat_rate=VatRate sort_order=SortOrder"
)
LINES = Spelling(LineSeen, f"{_LINE} use_standard_account=UseStandardSalesAccount")
INVOICE_LINES = Spelling(LineSeen, f"{_LINE} account_no=AccountNo")
DRAFT = Spelling(
    DraftSeen,
    "id=Id number=SalesOrderNo reference=ExternalImportReference"
    " matching_reference=CustomMatchingReference status=SalesOrderStatus customer_id=CustomerId"
    " delivery_address_id=ContactDeliveryAddressId imported_order_no=ImportedOrderNo"
    " customer_reference=CustomerReference purchase_order_reference=PurchaseOrderReference"
    " order_date=SalesOrderDate currency=CurrencyCode net=NetAmount total=TotalAmount"
    " delivered=DeliveryDate",
    more=_of_draft,
)
DOCUMENT = (
    "id=Id reference=ExternalImportReference matching_reference=CustomMatchingReference"
    " total=TotalAmount"
)
SALES_ORDERS = Spelling(DocumentSeen, f"{DOCUMENT} order_no=SalesOrderNo", "SalesOrders")
INVOICES = Spelling(
    DocumentSeen,
    f"{DOCUMENT} order_no=OrderNo InvoiceNo balance=Balance rate=CurrencyExchangeRate"
    " customer_id=CustomerId customer_no=CustomerNo credits_invoice=RelatedInvoiceNo"
    " day=VoucherDate due=DueDate",
    "OutgoingInvoices",
    # No invoice has number 0.
    lambda row: {"invoice_no": row.number("InvoiceNo") or row.missing("InvoiceNo")},
)
VOUCHERS = Spelling(VoucherSeen, "id=Id number=VoucherNo")
LEDGER_ENTRIES = Spelling(
    LedgerEntrySeen,
    "id=Id matching_reference=CustomMatchingReference invoice_no=InvoiceNo amount=CurrencyAmount"
    " voucher_id=VoucherId",
    "Customerledger/Statement",
)
VAT_CODES = Spelling(VatCode, "id=Id code=Code rate=Rate", "VatCodes")
ACCOUNTS = Spelling(
    AccountSeen,
    "id=Id number=AccountNo vat_code=VatCode active=IsActive needs_department=IsDepartmentRequired"
    " needs_project=IsProjectRequired name=Name",
    "GeneralLedgerAccounts",
)
_SOLD_ON = "standard_account_id=StandardSalesAccountId optional_account_id=OptionalSalesAccountId"
GROUPS = Spelling(GroupSeen, f"id=Id {_SOLD_ON}", "ProductGroups")
PRODUCTS = Spelling(
    ProductSeen,
    f"id=Id code=Code name=Name archived=IsArchived group_id=ProductGroupId {_SOLD_ON}",
    "Products",
)


# -- the catalogue ---------------------------------------------------------------------------------


def build_catalogue(
    products: Iterable[ProductSeen],
    groups: Iterable[GroupSeen],
    accounts: Iterable[AccountSeen],
    vat_codes: Iterable[VatCode],
    lock_date: date | None,
) -> Catalogue:
    """Join what was listed; of two products of one code the one sold, or older, counts."""
    codes = {code.code: code for code in vat_codes}
    by_id = {
        one.id: Account(one.id, one.number, codes.get(one.vat_code), one.active,
                        one.needs_department, one.needs_project, one.name)
        for one in accounts
    }  # fmt: skip
    group_by_id = {group.id: group for group in groups}
    found: dict[str, Product] = {}
    for one in sorted(products, key=lambda product: (not product.archived, -product.id)):
        standard, optional = (by_id.get(id_ or 0) for id_ in sold_on_ids(one, group_by_id))
        found[one.code] = Product(one.id, one.code, one.archived, standard, optional, one.name)
    by_number = {account.number: account for account in by_id.values()}
    return Catalogue(products=found, accounts=by_number, vat_codes=codes, lock_date=lock_date)


def sold_on_ids(product: ProductSeen, groups: Mapping[int, GroupSeen]) -> list[int | None]:
    """Return the ids of the standard and the optional account that a product is sold on."""
    group = groups.get(product.group_id or 0, product)
    pairs = (
        (product.standard_account_id, group.standard_account_id),
        (product.optional_account_id, group.optional_account_id),
    )
    return [theirs if own is None else own for own, theirs in pairs]


# -- what is written -------------------------------------------------------------------------------


def _body(doc: object, names: str, **more: object) -> Body:
    """Return a document's fields "ours=Theirs" and `more`, not the empty: defaults hold."""
    told = {theirs: getattr(doc, ours) for ours, theirs in _pairs(names).items()}
    return _without_empty(told | more)


def _without_empty(body: Mapping[str, object]) -> Body:
    return {name: value for name, value in body.items() if value is not None and value != ""}


def customer_body(doc: Customer) -> Body:
    """Return a new customer: a person or a company; prepaid persons get no fees and no reminders.

    What a company gets is PowerOffice's to know, and one with an organisation number may have EHF.
    """
    fees = ("UseInvoiceFee", "SendPaymentReminders", "TransferToDebtCollectionAgency")
    return _body(
        doc,
        "reference=ExternalImportReference is_person=IsPerson first_name=FirstName"
        " last_name=LastName name=Name organization_number=OrganizationNumber email=EmailAddress"
        " phone=PhoneNumber",
        InvoiceDeliveryType="" if doc.organization_number or not doc.email else "PdfByEmail",
        MailAddress=doc.address and _body(doc.address, _ADDRESS),
        **dict.fromkeys(fees if doc.prepaid and doc.is_person else (), False),
    )


def delivery_address_body(address: PostalAddress, external_code: str) -> Body:
    """Return a new delivery address."""
    return _body(address, _ADDRESS, ExternalCode=external_code, IsPrimary=False)


def product_body(doc: ProductWanted) -> Body:
    """Return a new product, its sales account named so that no group's or default's counts."""
    return _body(doc, "code=Code name=Name", StandardSalesAccountId=doc.account_id or None)


def sales_order_body(doc: SalesOrder, customer_id: int, delivery_address_id: int | None) -> Body:
    """Return a new draft with all its lines, in their order."""
    body: Body = {
        "ExternalImportReference": doc.reference,
        "SalesOrderStatus": "Draft",
        **header_of(doc, customer_id, delivery_address_id),
        **{f"{name.title()}Code": code for name, code in doc.dimensions.items()},
    }
    lines = [line_body(line, place) for place, line in enumerate(doc.lines)]
    return {**_without_empty(body), "SalesOrderLines": lines}


def header_changes(doc: SalesOrder, customer_id: int, delivery_address_id: int | None) -> Body:
    """Return the header fields that can be patched: dimensions cannot. The empty are emptied."""
    header = header_of(doc, customer_id, delivery_address_id)
    return {name: None if value == "" else value for name, value in header.items()}


def header_of(doc: SalesOrder, customer_id: int, delivery_address_id: int | None) -> Body:
    """Return the header that a draft should have, the empty among it."""
    return {
        "CustomerId": customer_id,
        "ContactDeliveryAddressId": delivery_address_id,
        "CustomMatchingReference": doc.matching_reference,
        "ImportedOrderNo": doc.imported_order_no,
        "CustomerReference": doc.your_reference,
        "PurchaseOrderReference": doc.purchase_order,
        "SalesOrderDate": doc.order_date,
        "CurrencyCode": doc.currency,
        # Only a credit note may name the field at all; and without a day of delivery PowerOffice
        # takes the one on which the invoice is sent.
        **_body(doc, "related_invoice_no=RelatedInvoiceNo delivered=DeliveryDate"),
    }


def line_body(line: OrderLine, sort_order: int) -> Body:
    """Return a new line."""
    body: Body = {"ExternalImportReference": line.reference, "LineType": line.kind.value}
    if line.product_id is None:
        body["ProductCode"] = line.product_code
    return _without_empty({**body, **line_changes(line, sort_order)})


def line_changes(line: OrderLine, sort_order: int) -> Body:
    """Return the fields of a line to patch; without `Allowance` the customer's applies."""
    changes: Body = {"Description": line.description, "SortOrder": sort_order}
    if line.kind is LineKind.NORMAL:
        changes |= {
            "Quantity": line.quantity,
            "ProductUnitPrice": line.unit_price,
            "Allowance": Decimal(0),
            "UseStandardSalesAccount": line.use_standard_account,
        }
        if line.product_id is not None:
            changes["ProductId"] = line.product_id
    return changes


def send_body(wanted: InvoiceWanted) -> Body:
    """Return how a sales order is to be invoiced. Where nothing is mailed no address goes out."""
    delivery = {"DeliveryType": _DELIVERIES[wanted.delivery]}
    if wanted.delivery is not Delivery.NONE:
        delivery["EmailAddress"] = wanted.email
    return _without_empty({**delivery, "VoucherDate": wanted.day, "OverrideDueDate": wanted.due})


def voucher_body(doc: Voucher) -> Body:
    """Return a new voucher, debit positive. Raises ValueError where it does not balance."""
    if sum(line.amount for line in doc.lines) != 0 or not all(line.amount for line in doc.lines):
        raise ValueError("the lines of a voucher must sum to 0, none of them being 0")
    return _body(
        doc,
        "reference=ExternalImportReference day=VoucherDate currency=CurrencyCode"
        " description=Description",
        VoucherLines=[_voucher_line(doc, line) for line in doc.lines],
    )


def _voucher_line(doc: Voucher, line: VoucherLine) -> Body:
    named = line.invoice_no is not None and doc.kind is VoucherKind.BANK
    return _body(
        line,
        "account_id=AccountId vat_id=VatId amount=CurrencyAmount rate=CurrencyExchangeRate"
        " description=Description matching_reference=CustomMatchingReference",
        PostingDate=doc.day,
        InvoiceNo=str(line.invoice_no) if named else "",
    )
