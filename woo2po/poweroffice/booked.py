"""What is booked in PowerOffice Go, in long lists read page by page: documents and postings.

Source: the interface description (OutgoingInvoices, SalesOrders, AccountTransactions).
"""

from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime
from decimal import Decimal

from woo2po.booked import BookedDocument, NumberedDocument, OpenEntry, Transaction
from woo2po.money import ZERO
from woo2po.poweroffice.answers import Row
from woo2po.poweroffice.calls import Calls, Listing, utc

# All but receivables and the VAT accounts, which say nothing of a sale that its accounts do not.
_SALES_ONLY = {
    "voucherTypes": "OutgoingInvoice,OutgoingCreditNote",
    "accountNos": "2000-2699,2800-",
}


class Booked:
    """Reads long lists of what is booked, in pages. Raises what PowerOffice's other reads raise.

    The postings raise NotAllowed ("may_not_read_transactions") without the right to read them.
    """

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def invoices_since(self, day: date) -> AsyncIterator[list[BookedDocument]]:
        """Yield the invoices and credit notes dated on a day or later."""
        return self._calls.pages(_INVOICES, {"fromDate": day.isoformat()})

    async def invoices_of(self, matching_references: Sequence[str]) -> list[BookedDocument]:
        """Return the invoices and credit notes with these matching references."""
        return await self._invoices("customMatchingReferences", matching_references)

    async def invoices_numbered(self, numbers: Sequence[int]) -> list[BookedDocument]:
        """Return the invoices and credit notes with these numbers."""
        return await self._invoices("invoiceNos", [str(number) for number in numbers])

    async def _invoices(self, name: str, values: Sequence[str]) -> list[BookedDocument]:
        return await self._calls.in_parts(_INVOICES, name, values)

    def drafts(self) -> AsyncIterator[list[BookedDocument]]:
        """Yield the drafts that this integration made."""
        return self._calls.pages(_DRAFTS, {"onlyCreatedByCurrentIntegration": "true"})

    def anybodys_drafts(self, since: datetime) -> AsyncIterator[list[NumberedDocument]]:
        """Yield the drafts of everybody that changed after an (aware) moment."""
        query = {"lastChangedDateTimeOffsetGreaterThan": utc(since)}
        return self._calls.pages(_ANYBODYS_DRAFTS, query)

    def anybodys_invoices(self, since: date) -> AsyncIterator[list[NumberedDocument]]:
        """Yield the invoices of everybody dated on a day or later."""
        return self._calls.pages(_ANYBODYS_INVOICES, {"fromDate": since.isoformat()})

    def sales(
        self, first: date, last: date, also: Sequence[int] = ()
    ) -> AsyncIterator[list[Transaction]]:
        """Yield what invoices and credit notes posted on other accounts than debts and VAT.

        `also`: and on these, where other countries' VAT stands.
        """
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
        return sum(
            [one async for page in self._calls.pages(_BALANCES, query) for one in page], ZERO
        )


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


def _draft_numbered(row: Row) -> NumberedDocument:
    return _numbered(row, row.number_or_none("SalesOrderNo"), is_invoice=False)


def _invoice_numbered(row: Row) -> NumberedDocument:
    return _numbered(row, row.number_or_none("InvoiceNo"), is_invoice=True)


def _numbered(row: Row, number: int | None, *, is_invoice: bool) -> NumberedDocument:
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
        vat_code=row.text("VatCode"),
    )


def _open(row: Row) -> OpenEntry:
    return OpenEntry(
        reference=row.text("ExternalImportReference"),
        matching_reference=row.text("CustomMatchingReference"),
        invoice_no=row.text("InvoiceNo") or None,
        day=row.day_or_none("VoucherDate") or row.missing("VoucherDate"),
        due=row.day_or_none("DueDate"),
        balance=row.amount("Balance"),
    )


_TOTALS = "Id ExternalImportReference CustomMatchingReference NetAmount TotalAmount CurrencyCode"
_NUMBERS = (
    "Id ExternalImportReference CustomMatchingReference ImportedOrderNo CustomerReference"
    " PurchaseOrderReference TotalAmount"
)
_LINE = "Id VoucherId AccountNo PostingDate Amount Description"
_DRAFTS = Listing("SalesOrders", _document, _TOTALS)
_INVOICES = Listing(
    "OutgoingInvoices", _document, f"{_TOTALS} InvoiceNo VoucherDate Balance RelatedInvoiceNo"
)
_ANYBODYS_DRAFTS = Listing("SalesOrders", _draft_numbered, f"{_NUMBERS} SalesOrderNo")
_ANYBODYS_INVOICES = Listing("OutgoingInvoices", _invoice_numbered, f"{_NUMBERS} InvoiceNo")
_POSTINGS = Listing("AccountTransactions", _posting, _LINE)
_SALES = Listing("AccountTransactions", _posting, f"{_LINE} VatRate VatAmount VatCode")
_OPEN = Listing(
    "Customerledger/OpenItems",
    _open,
    "Id ExternalImportReference CustomMatchingReference InvoiceNo VoucherDate DueDate Balance",
)
_BALANCES = Listing(
    "Customerledger/CustomerBalances",
    lambda row: row.amount("Balance"),
    "CustomerId Balance",
    "CustomerId",
)
