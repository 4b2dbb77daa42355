"""What an accountant finds in the sandbox's books, as tables that can be added up by hand."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from woo2po.messages import say
from woo2po.messages.message import Language, word
from woo2po.report import fitted, kroner, percent, table, wrapped
from woo2po.sandbox.books import Books
from woo2po.sandbox.objects import Invoice, SalesOrder

ZERO = Decimal(0)


def drafts(books: Books, language: Language) -> str:
    """Return the table of the sales orders that nobody has invoiced, with VAT by rate."""
    listed = sorted(books.sales_orders.values(), key=lambda order: order.sales_order_no)
    rows = [_draft(books, order, language) for order in listed]
    names = ("order_no", "number", "customer", "net", "vat", "total")
    return _titled("drafts", rows, names, language, right=(0, 3, 5))


def _draft(books: Books, order: SalesOrder, language: Language) -> list[str]:
    net, vat_by_rate, total = order.totals()
    vat = (
        f"{percent(rate, language).replace(' ', '')} {kroner(amount, language)}"
        for rate, amount in sorted(vat_by_rate.items())
        if amount
    )
    name = books.customers[order.customer_id].shown_name
    sums = (kroner(net, language), " ".join(vat), kroner(total, language))
    return [str(order.sales_order_no), _reference(order), fitted(name, 10), *sums]


def invoices(books: Books, language: Language) -> str:
    """Return the table of invoices and credit notes: what each was paid on, and what is open."""
    rows = [_invoice(books, one, language) for one in books.outgoing_invoices.values()]
    names = ("invoice", "credits", "number", "day", "vat", "total", "acct", "open")
    return _titled("invoices", rows, names, language, right=(0, 1, 4, 5, 7))


def _invoice(books: Books, invoice: Invoice, language: Language) -> list[str]:
    order, paid_on = invoice.order, " ".join(sorted(_paid_on(books, invoice)))
    vat = sum(invoice.totals.vat_by_rate.values(), ZERO)
    vat_said, total, still_open = _figures((vat, invoice.total_amount, invoice.balance), language)
    numbers = (str(invoice.invoice_no), str(order.related_invoice_no or ""), _reference(order))
    return [*numbers, invoice.voucher_date.isoformat(), vat_said, total, paid_on, still_open]


def _paid_on(books: Books, invoice: Invoice) -> set[str]:
    """Return the accounts on the other side of what a customer paid for an invoice, or got back."""
    numbers = {account.id: str(account.account_no) for account in books.accounts.values()}
    found = set()
    for voucher in books.vouchers.values():
        for money, debt in zip(voucher.lines[::2], voucher.lines[1::2], strict=True):
            meant = debt.custom_matching_reference or ""
            if debt.invoice_no == str(invoice.invoice_no) or (
                meant and meant == invoice.order.custom_matching_reference
            ):
                found.add(numbers.get(money.account_id, ""))
    return found


def _reference(order: SalesOrder) -> str:
    written = order.purchase_order_reference or order.customer_reference
    return fitted(written or order.external_import_reference or "", 15)


def accounts(books: Books, language: Language) -> str:
    """Return the general ledger: what stands on each account, and that it sums to 0."""
    by_account: dict[int, list[Decimal]] = {}
    for posting in books.postings:
        by_account.setdefault(posting.account_no, []).append(posting.amount)
    rows = [
        [f"{number} {fitted(books.account(number).name, 28)}", *_sides(amounts, language)]
        for number, amounts in sorted(by_account.items())
    ]
    everything = [posting.amount for posting in books.postings]
    rows.append([word("sum", language), *_sides(everything, language)])
    names = ("account", "debit", "credit", "balance")
    return _titled("general_ledger", rows, names, language, right=(1, 2, 3))


def _sides(amounts: Sequence[Decimal], language: Language) -> list[str]:
    debit = sum((amount for amount in amounts if amount > 0), ZERO)
    balance = sum(amounts, ZERO)
    return _figures((debit, debit - balance, balance), language)


def customers(books: Books, language: Language) -> str:
    """Return the customers' ledger: what each was charged, paid, and owes: 1500's balance."""
    kinds = ("OutgoingInvoice", "OutgoingCreditNote")
    rows = []
    sums = [ZERO] * 4
    for customer in books.customers.values():
        own = [entry for entry in books.entries.values() if entry.customer_id == customer.id]
        if not own:
            continue
        owes = sum((e.amount for e in own), ZERO)
        charged, credited = (
            sum((e.amount for e in own if e.voucher_type == kind), ZERO) for kind in kinds
        )
        figures = [charged, credited, owes - charged - credited, owes]
        sums = [one + more for one, more in zip(sums, figures, strict=True)]
        name = f"{customer.number} {fitted(customer.shown_name, 20)}"
        rows.append([name, *_figures(figures, language)])
    rows.append([word("sum", language), *_figures(sums, language)])
    names = ("customer", "invoiced_sum", "credited", "payments", "owes")
    return _titled("customers_ledger", rows, names, language, right=(1, 2, 3, 4))


def _figures(amounts: Iterable[Decimal], language: Language) -> list[str]:
    return [kroner(amount, language) for amount in amounts]


def why_open(books: Books, orders: Iterable[Mapping[str, Any]], language: Language) -> str:
    """Return a line for each invoice or credit note that is not settled, with the reason."""
    paid = {f"{order['number']}" for order in orders if order["date_paid_gmt"]}
    return "\n".join(
        wrapped(_why(invoice, paid, language), "", "  ")
        for invoice in books.outgoing_invoices.values()
        if invoice.balance
    )


def _why(invoice: Invoice, paid: set[str], language: Language) -> str:
    facts = {"invoice": str(invoice.invoice_no), "balance": kroner(invoice.balance, language)}
    if invoice.balance < 0:
        return say("open_credit", language, facts)
    known = _reference(invoice.order).rpartition("_")[2] in paid  # behind the number's prefix
    return say("open_not_posted" if known else "open_not_paid", language, facts)


def _titled(
    title: str, rows: list[list[str]], names: tuple[str, ...], language: Language, right: Any
) -> str:
    """Return a table with its title, or "" for one without rows."""
    if not rows:
        return ""
    headers = [word(name, language) for name in names]
    return f"{word(title, language)}\n{table(rows, headers, right=right)}"
