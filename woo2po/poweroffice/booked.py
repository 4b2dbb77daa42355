"""What is booked in PowerOffice Go, in long lists read page by page: documents and postings.

Source: the interface description (OutgoingInvoices, SalesOrders, AccountTransactions).
"""

from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime

from woo2po.booked import BookedDocument, NumberedDocument, Transaction
from woo2po.poweroffice.calls import Calls, chunks, utc
from woo2po.poweroffice.rows import Row

_DRAFT_FIELDS = (
    "Id",
    "ExternalImportReference",
    "CustomMatchingReference",
    "NetAmount",
    "TotalAmount",
    "CurrencyCode",
)
_INVOICE_FIELDS = (*_DRAFT_FIELDS, "InvoiceNo", "VoucherDate", "Balance", "RelatedInvoiceNo")
_NUMBERED_FIELDS = (
    "Id",
    "ExternalImportReference",
    "CustomMatchingReference",
    "ImportedOrderNo",
    "CustomerReference",
    "PurchaseOrderReference",
    "TotalAmount",
)
_POSTING_FIELDS = ("Id", "VoucherId", "AccountNo", "PostingDate", "Amount", "Description")
_SALES_FIELDS = (*_POSTING_FIELDS, "VatRate", "VatAmount")
# All but receivables and the VAT accounts, which say nothing of a sale that its accounts do not.
_SALES = {
    "voucherTypes": "OutgoingInvoice,OutgoingCreditNote",
    "accountNos": "2000-2699,2800-",
}


class Booked:
    """Reads long lists of what is booked. Raises what PowerOffice's other reads raise."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def invoices_since(self, day: date) -> AsyncIterator[list[BookedDocument]]:
        """Yield the invoices and credit notes dated on a day or later, in pages."""
        query = {"fromDate": day.isoformat()}
        async for page in self._calls.pages("OutgoingInvoices", _INVOICE_FIELDS, query):
            yield [_document(row) for row in page]

    async def invoices_of(self, matching_references: Sequence[str]) -> list[BookedDocument]:
        """Return the invoices and credit notes with these matching references."""
        return await self._invoices("customMatchingReferences", matching_references)

    async def invoices_numbered(self, numbers: Sequence[int]) -> list[BookedDocument]:
        """Return the invoices and credit notes with these numbers."""
        return await self._invoices("invoiceNos", [str(number) for number in numbers])

    async def _invoices(self, name: str, values: Sequence[str]) -> list[BookedDocument]:
        return [
            _document(row)
            for part in chunks(values)
            for row in await self._calls.rows("OutgoingInvoices", _INVOICE_FIELDS, {name: part})
        ]

    async def drafts(self) -> AsyncIterator[list[BookedDocument]]:
        """Yield the drafts that this integration made, in pages."""
        query = {"onlyCreatedByCurrentIntegration": "true"}
        async for page in self._calls.pages("SalesOrders", _DRAFT_FIELDS, query):
            yield [_document(row) for row in page]

    async def anybodys_drafts(self, since: datetime) -> AsyncIterator[list[NumberedDocument]]:
        """Yield the drafts of everybody that changed after an (aware) moment, in pages."""
        query = {"lastChangedDateTimeOffsetGreaterThan": utc(since)}
        fields = (*_NUMBERED_FIELDS, "SalesOrderNo")
        async for page in self._calls.pages("SalesOrders", fields, query):
            yield [_numbered(row, row.number_or_none("SalesOrderNo")) for row in page]

    async def anybodys_invoices(self, since: date) -> AsyncIterator[list[NumberedDocument]]:
        """Yield the invoices of everybody dated on a day or later, in pages."""
        query = {"fromDate": since.isoformat()}
        fields = (*_NUMBERED_FIELDS, "InvoiceNo")
        async for page in self._calls.pages("OutgoingInvoices", fields, query):
            yield [_numbered(row, row.number_or_none("InvoiceNo"), is_invoice=True) for row in page]

    async def sales(self, first: date, last: date) -> AsyncIterator[list[Transaction]]:
        """Yield what invoices and credit notes posted on other accounts than debts and VAT.

        Raises NotAllowed ("may_not_read_transactions") without the right to read the ledger.
        """
        query = {**_days(first, last), **_SALES}
        async for page in self._calls.pages("AccountTransactions", _SALES_FIELDS, query):
            yield [_posting(row) for row in page]

    async def on_accounts(
        self, first: date, last: date, numbers: Sequence[int]
    ) -> AsyncIterator[list[Transaction]]:
        """Yield what was posted on some accounts between two days, both counted, in pages.

        Raises NotAllowed ("may_not_read_transactions") without the right to read the ledger.
        """
        query = {**_days(first, last), "accountNos": ",".join(map(str, numbers))}
        async for page in self._calls.pages("AccountTransactions", _POSTING_FIELDS, query):
            yield [_posting(row) for row in page]


def _days(first: date, last: date) -> dict[str, str]:
    return {"fromDate": first.isoformat(), "toDate": last.isoformat()}


def _document(row: Row) -> BookedDocument:
    return BookedDocument(
        id=row.key("Id"),
        reference=row.text("ExternalImportReference"),
        matching_reference=row.text("CustomMatchingReference"),
        invoice_no=row.number_or_none("InvoiceNo"),
        day=row.day_or_none("VoucherDate"),
        net=row.amount("NetAmount"),
        total=row.amount("TotalAmount"),
        currency=row.text("CurrencyCode") or "NOK",
        balance=row.amount_or_none("Balance"),
        credits_invoice=row.number_or_none("RelatedInvoiceNo"),
    )


def _numbered(row: Row, number: int | None, *, is_invoice: bool = False) -> NumberedDocument:
    texts = (row.text("CustomerReference"), row.text("PurchaseOrderReference"))
    return NumberedDocument(
        id=row.key("Id"),
        is_invoice=is_invoice,
        number=number,
        reference=row.text("ExternalImportReference"),
        matching_reference=row.text("CustomMatchingReference"),
        imported_order_no=row.number_or_none("ImportedOrderNo"),
        texts=frozenset(text.strip() for text in texts if text.strip()),
        total=row.amount("TotalAmount"),
    )


def _posting(row: Row) -> Transaction:
    return Transaction(
        voucher_id=row.key("VoucherId"),
        account_no=row.number("AccountNo"),
        day=row.day_or_none("PostingDate") or row.missing("PostingDate"),
        amount=row.amount("Amount"),
        description=row.text("Description"),
        vat_rate=row.percent_or_none("VatRate"),
        vat=row.amount_or_none("VatAmount"),
    )
