"""What an accountant finds in the sandbox's books, as tables that can be added up by hand."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from woo2po.messages import Language, day_said, say, word
from woo2po.report import Cell, fitted, kroner, percent, table, wrapped
from woo2po.sandbox.books import Books
from woo2po.sandbox.ledger import Invoice
from woo2po.sandbox.orders import SalesOrder

ZERO = Decimal(0)
Row = Sequence[Cell]


def tables(books: Books, language: Language) -> Iterator[str]:
    """Yield drafts, invoices and credit notes, the general ledger, and what customers owe."""
    for title, (heads, rows_of) in _TABLES.items():
        rows = list(rows_of(books, language))
        if rows:
            headers = [word(name, language) for name in heads]
            yield f"{word(title, language)}\n{table(rows, headers, language)}"


def _drafts(books: Books, language: Language) -> Iterator[Row]:
    """Yield the sales orders that nobody has invoiced, with VAT by rate."""
    for order in sorted(books.sales_orders.values(), key=lambda order: order.sales_order_no):
        net, vat_by_rate, total = order.totals
        vat = (
            f"{percent(rate, language).replace(' ', '')} {kroner(amount, language)}"
            for rate, amount in sorted(vat_by_rate.items())
            if amount
        )
        name = fitted(books.customers[order.customer_id].shown_name, 10)
        yield order.sales_order_no, _reference(order), name, net, " ".join(vat), total


def _invoices(books: Books, language: Language) -> Iterator[Row]:
    """Yield invoices and credit notes: what each was paid on, and what is open."""
    for one in books.outgoing_invoices.values():
        order, vat = one.order, sum(one.totals.vat_by_rate.values(), ZERO)
        numbers = one.invoice_no, order.related_invoice_no or "", _reference(order)
        paid_on = " ".join(sorted(_paid_on(books, one)))
        day = day_said(one.voucher_date, language)
        yield *numbers, day, vat, one.total_amount, paid_on, one.balance


def _paid_on(books: Books, invoice: Invoice) -> set[str]:
    """Return the accounts on the other side of what a customer paid for an invoice, or got back."""
    numbers = {account.id: str(account.account_no) for account in books.accounts.values()}
    named = {invoice.order.custom_matching_reference or str(invoice.invoice_no)}
    return {
        numbers.get(money.account_id, "")
        for voucher in books.vouchers.values()
        for money, debt in zip(voucher.lines[::2], voucher.lines[1::2], strict=True)
        if debt.invoice_no == str(invoice.invoice_no) or debt.custom_matching_reference in named
    }


def _reference(order: SalesOrder) -> str:
    written = order.purchase_order_reference or order.customer_reference
    return fitted(written or order.external_import_reference or "", 15)


def _ledger(books: Books, language: Language) -> Iterator[Row]:
    """Yield what stands on each account, and that it sums to 0."""
    accounts = defaultdict(list)
    for posting in sorted(books.postings, key=lambda posting: posting.account_no):
        name = fitted(books.account(posting.account_no).name, 28)
        accounts[f"{posting.account_no} {name}"].append(posting.amount)
    accounts[word("sum", language)] = [posting.amount for posting in books.postings]
    for name, amounts in accounts.items():
        debit, balance = sum((one for one in amounts if one > 0), ZERO), sum(amounts, ZERO)
        yield name, debit, debit - balance, balance


def _customers(books: Books, language: Language) -> Iterator[Row]:
    """Yield what each customer was charged, paid, and owes: 1500's balance."""
    sums = [ZERO] * 4
    for customer in books.customers.values():
        kinds: dict[str, Decimal] = defaultdict(Decimal)
        for entry in books.entries.values():
            if entry.customer_id == customer.id:
                kinds[entry.voucher_type] += entry.amount
        if kinds:
            charged, credited = kinds["OutgoingInvoice"], kinds["OutgoingCreditNote"]
            owes = sum(kinds.values(), ZERO)
            figures = charged, credited, owes - charged - credited, owes
            sums = [one + more for one, more in zip(sums, figures, strict=True)]
            yield f"{customer.number} {fitted(customer.shown_name, 20)}", *figures
    yield word("sum", language), *sums


_TABLES = {
    "drafts": (("order_no", "number", "customer", "net", "vat", "total"), _drafts),
    "invoices": (
        ("invoice", "credits", "number", "day", "vat", "total", "acct", "open"),
        _invoices,
    ),
    "general_ledger": (("account", "debit", "credit", "balance"), _ledger),
    "customers_ledger": (("customer", "invoiced_sum", "credited", "payments", "owes"), _customers),
}


def why_open(books: Books, orders: Iterable[Mapping[str, Any]], language: Language) -> str:
    """Return a line for each invoice or credit note that is not settled, with the reason."""
    paid = {f"{order['number']}" for order in orders if order["date_paid_gmt"]}
    lines = []
    for one in books.outgoing_invoices.values():
        known = _reference(one.order).rpartition("_")[2] in paid  # behind the number's prefix
        code = "open_not_posted" if known else "open_not_paid"
        facts = {"invoice": str(one.invoice_no), "balance": kroner(one.balance, language)}
        said = say("open_credit" if one.balance < 0 else code, language, facts)
        lines += [wrapped(said, "", "  ")] if one.balance else []
    return "\n".join(lines)
