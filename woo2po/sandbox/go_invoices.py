"""Calls for outgoing invoices, vouchers and the customers' sub-ledger."""

from datetime import date
from typing import Any

from woo2po.sandbox import go_posting
from woo2po.sandbox.go_calls import Answer, Call, endpoint, found, listed
from woo2po.sandbox.go_documents import Entry, Invoice, Line, Voucher
from woo2po.sandbox.go_records import Records
from woo2po.sandbox.go_shapes import BANK_LINE, CASH_LINE, ENTRY, INVOICE, INVOICE_LINE, VOUCHER
from woo2po.sandbox.go_values import ore
from woo2po.sandbox.go_wire import NotFound, Shape

LAST = "lastChangedDateTimeOffsetGreaterThan"
CREATED = "createdDateTimeOffsetGreaterThan"
READ = "OutgoingInvoice"


def _shown(books: Records, invoice: Invoice) -> dict[str, Any]:
    order, entry, address = invoice.order, invoice.entry, invoice.delivery_address
    rate = order.currency_exchange_rate or books.currencies[order.currency_code]
    return INVOICE.render(
        invoice,
        VoucherType=entry.voucher_type,
        OrderNo=order.sales_order_no,
        OrderDate=order.sales_order_date or invoice.created.date(),
        CustomerNo=order.customer.number if order.customer else None,
        NetPostedAmount=ore(invoice.net_amount * rate),
        TotalPostedAmount=entry.amount,
        MatchId=entry.match_id,
        BalanceLastChangedDateTimeOffset=entry.changed,
        IsReversed=False,
        PaymentTerm=(invoice.due_date - invoice.voucher_date).days,
        DeliveryAddress1=address.address_line1 if address else None,
        DeliveryAddress2=address.address_line2 if address else None,
        DeliveryAddressZipCode=address.zip_code if address else None,
        DeliveryAddressCity=address.city if address else None,
        DeliveryAddressCountryCode=address.country_code if address else None,
        DepartmentId=order.department_id,
        DepartmentCode=books.dimension_code("department", order.department_id),
        **_from_order(invoice),
    )


def _from_order(invoice: Invoice) -> dict[str, Any]:
    shown = INVOICE.render(invoice.order)
    names = (
        "CustomerId",
        "DeliveryDate",
        "ImportedOrderNo",
        "ExternalImportReference",
        "CustomMatchingReference",
        "CustomerReference",
        "PurchaseOrderReference",
        "ContractNo",
        "RelatedInvoiceNo",
        "CurrencyCode",
        "CurrencyExchangeRate",
    )
    return {name: shown[name] for name in names}


@endpoint(
    "GET", "/OutgoingInvoices", READ,
    "balanceLastChangedDateTimeOffsetGreaterThan customerNos customMatchingReferences"
    " departmentCodes fromDate includeSubProject invoiceIds invoiceNos"
    " onlyCreatedByCurrentIntegration onlyUnpaidInvoices projectCodes"
    " sentDateTimeOffsetGreaterThan toDate voucherNos",
    newer="externalImportReferences importedOrderNos orderNos", pages=True,
)  # fmt: skip
def invoices(call: Call) -> Answer:
    """The invoices and credit notes."""
    shown = (_shown(call.view, i) for i in call.view.outgoing_invoices.values())
    return listed(call, INVOICE, [row for row in shown if _wanted(call, row)])


def _wanted(call: Call, row: dict[str, Any]) -> bool:
    return (
        call.one_of("invoiceIds", row["Id"])
        and call.in_ranges("invoiceNos", row["InvoiceNo"])
        and call.in_ranges("voucherNos", row["VoucherNo"])
        and call.in_ranges("customerNos", row["CustomerNo"])
        and call.in_ranges("orderNos", row["OrderNo"])
        and call.in_ranges("importedOrderNos", row["ImportedOrderNo"])
        and call.one_of("customMatchingReferences", row["CustomMatchingReference"])
        and call.one_of("externalImportReferences", row["ExternalImportReference"])
        and call.one_of("departmentCodes", row["DepartmentCode"] or -1)
        and call.one_of("projectCodes", -1)
        and not (call.flag("onlyUnpaidInvoices") and row["Balance"] == 0)
        and _mine(call, row)
        and _within(call, row["VoucherDate"])
        and call.later("sentDateTimeOffsetGreaterThan", row["SentDateTimeOffset"])
        and call.later(
            "balanceLastChangedDateTimeOffsetGreaterThan", row["BalanceLastChangedDateTimeOffset"]
        )
    )


def _mine(call: Call, row: dict[str, Any]) -> bool:
    only = call.flag("onlyCreatedByCurrentIntegration")
    return not only or bool(row["IsCreatedByCurrentIntegration"])


def _within(call: Call, day: date) -> bool:
    first, last = call.day("fromDate"), call.day("toDate")
    return (first is None or first <= day) and (last is None or day <= last)


@endpoint("GET", "/OutgoingInvoices/{id}", READ)
def invoice(call: Call) -> Answer:
    """An invoice without its lines."""
    key = call.ids["id"].lower()
    return Answer(
        200, _shown(call.view, found(call.view.outgoing_invoices, key, "Outgoing invoice"))
    )


@endpoint("GET", "/OutgoingInvoices/{id}/Lines", READ, pages=True)
def invoice_lines(call: Call) -> Answer:
    """The lines of an invoice."""
    chosen = found(call.view.outgoing_invoices, call.ids["id"].lower(), "Outgoing invoice")
    ordered = sorted(chosen.order.lines, key=lambda line: line.sort_order)
    return listed(call, INVOICE_LINE, (_shown_line(i, x) for i, x in enumerate(ordered, 1)))


def _shown_line(number: int, line: Line) -> dict[str, Any]:
    product, account, vat = line.product, line.account, line.vat_code
    return INVOICE_LINE.render(
        line,
        Id=number,
        ProductCode=product.code if product else None,
        ProductUnitPrice=line.product_unit_price or 0,
        AccountId=account.id if account else None,
        AccountNo=account.account_no if account else None,
        NetPostedAmount=line.net_amount,
        TotalPostedAmount=line.total_amount,
        VatCode=vat.code if vat else None,
        VatId=vat.id if vat else None,
        VatRate=line.rate,
        UnitOfMeasureCode=line.unit_of_measure_code or "EA",
    )


def _shown_voucher(voucher: Voucher, shape: Shape) -> dict[str, Any]:
    rows = [
        shape.render(x, CurrencyCode=x.currency_code or voucher.currency_code)
        for x in voucher.lines
    ]
    return VOUCHER.render(voucher, VoucherLines=rows)


def _post(call: Call, kind: str, shape: Shape) -> Answer:
    head = call.bound(VOUCHER)
    lines = [shape.bind(x, lenient=call.lenient) for x in head.pop("voucher_lines", None) or []]
    return Answer(
        201, _shown_voucher(go_posting.post_voucher(call.books, kind, head, lines), shape)
    )


def _voucher(call: Call, kind: str, shape: Shape) -> Answer:
    key = call.ids["id"].lower()
    voucher = found(call.view.vouchers, key, "Voucher")
    if voucher.kind != kind or not voucher.is_created_by_current_integration:
        raise NotFound(f"Voucher with id = {key} not found.")
    return Answer(200, _shown_voucher(voucher, shape))


@endpoint("POST", "/Vouchers/BankJournals", "BankVoucher_Full")
def post_bank(call: Call) -> Answer:
    """Post a bank voucher."""
    return _post(call, "BankJournal", BANK_LINE)


@endpoint("POST", "/Vouchers/CashJournals", "CashVoucher_Full")
def post_cash(call: Call) -> Answer:
    """Post a cash voucher, whose lines know no invoice number."""
    return _post(call, "CashJournal", CASH_LINE)


@endpoint("GET", "/Vouchers/BankJournals/{id}", "BankVoucher_Full")
def bank_voucher(call: Call) -> Answer:
    """A bank voucher that this integration posted."""
    return _voucher(call, "BankJournal", BANK_LINE)


@endpoint("GET", "/Vouchers/CashJournals/{id}", "CashVoucher_Full")
def cash_voucher(call: Call) -> Answer:
    """A cash voucher that this integration posted."""
    return _voucher(call, "CashJournal", CASH_LINE)


@endpoint("POST", "/Vouchers/Reverse/{id}", "YearEndVoucher_Full BankVoucher_Full CashVoucher_Full")
def reverse(call: Call) -> Answer:
    """Reverse a voucher that this integration posted."""
    key = call.ids["id"].lower()
    voucher = found(call.books.vouchers, key, "Voucher")
    if not voucher.is_created_by_current_integration:
        raise NotFound(f"Voucher with id = {key} not found.")
    go_posting.reverse(call.books, voucher)
    return Answer(200)


LEDGER_QUERY = (
    "contactGroupIds customerNos customMatchingReferences departmentCodes externalNos"
    " includeSubProject invoiceNos onlyBalancesLessThanAmount onlyCreatedByCurrentIntegration"
    f" projectCodes subLedgerNumberSeriesIds voucherTypes {LAST} {CREATED}"
)


def _shown_entry(books: Records, entry: Entry) -> dict[str, Any]:
    customer = books.customers[entry.customer_id]
    return ENTRY.render(
        entry,
        CustomerAccountNo=customer.number,
        CustomerName=customer.shown_name,
        InvoiceNo=None if entry.invoice_no is None else str(entry.invoice_no),
        IsWriteOff=False,
    )


def _entry_wanted(call: Call, row: dict[str, Any]) -> bool:
    return (
        call.in_ranges("customerNos", row["CustomerAccountNo"])
        and call.one_of("customMatchingReferences", row["CustomMatchingReference"])
        and call.one_of("invoiceNos", row["InvoiceNo"])
        and call.one_of("voucherTypes", row["VoucherType"])
        and call.later(LAST, row["LastChangedDateTimeOffset"])
        and call.later(CREATED, row["CreatedDateTimeOffset"])
        and not (call.flag("onlyBalancesLessThanAmount") and row["MatchId"] is None)
        and _mine(call, row)
    )


@endpoint("GET", "/Customerledger/OpenItems", "CustomerLedger", f"date {LEDGER_QUERY}", pages=True)
def open_items(call: Call) -> Answer:
    """The entries posted by a day that are open now."""
    day = call.needed_day("date")
    rows = [_shown_entry(call.view, e) for e in call.view.entries.values() if e.balance != 0]
    chosen = [row for row in rows if row["PostingDate"] <= day and _entry_wanted(call, row)]
    return listed(call, ENTRY, chosen)


@endpoint(
    "GET",
    "/Customerledger/Statement",
    "CustomerLedger",
    f"fromDate toDate {LEDGER_QUERY}",
    pages=True,
)
def statement(call: Call) -> Answer:
    """The entries posted between two days, with the balances of now."""
    call.needed_day("fromDate")
    call.needed_day("toDate")
    rows = [_shown_entry(call.view, e) for e in call.view.entries.values()]
    chosen = [row for row in rows if _within(call, row["PostingDate"]) and _entry_wanted(call, row)]
    return listed(call, ENTRY, chosen)
