"""What is booked in PowerOffice Go, in long lists read page by page: documents and postings.

Source: the interface description (OutgoingInvoices, SalesOrders, AccountTransactions).
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from woo2po.documents import DocumentSeen
from woo2po.money import ZERO
from woo2po.poweroffice.calls import Calls, changed_since
from woo2po.poweroffice.fields import DOCUMENT, Row, Spelling


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedDocument(DocumentSeen):
    """An invoice, a credit note or a draft, with its net amount (in `currency`, as the total)."""

    net: Decimal
    currency: str = "NOK"


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberedDocument(DocumentSeen):
    """Anybody's draft or invoice, with what tells its order: words that are never shown."""

    imported_order_no: int | None
    customer_reference: str
    purchase_order_reference: str


@dataclass(frozen=True, slots=True)
class Transaction:
    """A posting in kroner, debit positive; `vat_rate` in percent, `vat_code` of SAF-T."""

    voucher_id: str
    account_no: int
    day: date
    amount: Decimal
    description: str
    vat_rate: Decimal | None = None
    vat: Decimal | None = None
    vat_code: str = ""


@dataclass(frozen=True, slots=True)
class OpenEntry:
    """What is open on a customer, in the company's currency; a payment has no `invoice_no`."""

    reference: str
    matching_reference: str
    invoice_no: str
    day: date
    due: date | None
    balance: Decimal


# All but receivables and our own VAT, which say nothing of a sale that its accounts do not.
_SALES_ONLY = {
    "voucherTypes": "OutgoingInvoice,OutgoingCreditNote",
    "accountNos": "2000-2699,2740-",
}


class Booked:
    """Reads long lists of what is booked, in pages; postings may raise NotAllowed."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def invoices_since(
        self, day: date, until: date | None = None
    ) -> AsyncIterator[list[BookedDocument]]:
        """Yield the invoices and credit notes dated on a day or later, until another."""
        days = {"fromDate": day.isoformat()} if until is None else _days(day, until)
        return self._calls.pages(_INVOICES, days)

    async def invoices_of(self, matching_references: Sequence[str]) -> list[BookedDocument]:
        """Return the invoices and credit notes with these matching references."""
        name = "customMatchingReferences"
        return await self._calls.in_parts(_INVOICES, name, matching_references)

    async def invoices_numbered(self, numbers: Sequence[int]) -> list[BookedDocument]:
        """Return the invoices and credit notes with these numbers."""
        return await self._calls.in_parts(_INVOICES, "invoiceNos", [*map(str, numbers)])

    def drafts(self) -> AsyncIterator[list[BookedDocument]]:
        """Yield the drafts that this integration made."""
        return self._calls.pages(_DRAFTS, {"onlyCreatedByCurrentIntegration": "true"})

    def anybodys_drafts(self, since: datetime) -> AsyncIterator[list[NumberedDocument]]:
        """Yield the drafts of everybody that changed after an (aware) moment."""
        return self._calls.pages(_ANYBODYS_DRAFTS, changed_since(since))

    def anybodys_invoices(self, since: date) -> AsyncIterator[list[NumberedDocument]]:
        """Yield the invoices of everybody dated on a day or later."""
        return self._calls.pages(_ANYBODYS_INVOICES, {"fromDate": since.isoformat()})

    def sales(
        self, first: date, last: date, also: Sequence[int] = ()
    ) -> AsyncIterator[list[Transaction]]:
        """Yield what documents posted, but for debts and VAT, and all on the accounts `also`."""
        accounts = ",".join([_SALES_ONLY["accountNos"], *map(str, also)])
        query = {**_days(first, last), **_SALES_ONLY, "accountNos": accounts}
        return self._calls.pages(_SALES, query)

    async def on_accounts(
        self, first: date, last: date, numbers: Sequence[int]
    ) -> AsyncIterator[list[Transaction]]:
        """Yield what was posted on some accounts between two days, both counted."""
        query = {**_days(first, last), "accountNos": ",".join(map(str, numbers))}
        if numbers:
            async for page in self._calls.pages(_POSTINGS, query):
                yield page

    def open_items(self, day: date) -> AsyncIterator[list[OpenEntry]]:
        """Yield what is open on customers at the end of a day."""
        return self._calls.pages(_OPEN, {"date": day.isoformat()})

    async def customers_balance(self, day: date) -> Decimal:
        """Return what all customers owe together at the end of a day (kroner)."""
        query = {"date": day.isoformat(), "includeOnlyOpenItems": "true"}
        path, key = "Customerledger/CustomerBalances", "CustomerId"
        rows = await self._calls.rows(path, f"{key} Balance", query, key)
        return sum(map(_balance, rows), ZERO)


def _days(first: date, last: date) -> dict[str, str]:
    return {"fromDate": first.isoformat(), "toDate": last.isoformat()}


def _balance(row: Row) -> Decimal:
    balance = row.amount("Balance")
    return row.missing("Balance") if balance is None else balance


_DRAFTS = Spelling(BookedDocument, f"{DOCUMENT} net=NetAmount currency=CurrencyCode", "SalesOrders")
_INVOICES = Spelling(
    BookedDocument,
    f"{_DRAFTS.names} invoice_no=InvoiceNo day=VoucherDate balance=Balance"
    " credits_invoice=RelatedInvoiceNo",
    "OutgoingInvoices",
)
_NUMBERED = (
    f"{DOCUMENT} imported_order_no=ImportedOrderNo customer_reference=CustomerReference"
    " purchase_order_reference=PurchaseOrderReference"
)
_ANYBODYS_DRAFTS = Spelling(NumberedDocument, f"{_NUMBERED} order_no=SalesOrderNo", "SalesOrders")
_ANYBODYS_INVOICES = Spelling(
    NumberedDocument, f"{_NUMBERED} invoice_no=InvoiceNo", "OutgoingInvoices"
)
_POSTINGS = Spelling(
    Transaction,
    "Id voucher_id=VoucherId account_no=AccountNo day=PostingDate amount=Amount"
    " description=Description",
    "AccountTransactions",
)
_SALES = Spelling(
    Transaction,
    f"{_POSTINGS.names} vat_rate=VatRate vat=VatAmount vat_code=VatCode",
    "AccountTransactions",
)
_OPEN = Spelling(
    OpenEntry,
    "Id reference=ExternalImportReference matching_reference=CustomMatchingReference"
    " invoice_no=InvoiceNo day=VoucherDate due=DueDate balance=Balance",
    "Customerledger/OpenItems",
)
