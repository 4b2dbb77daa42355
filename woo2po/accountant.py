"""What an accountant finds in the sandbox's books, as tables that can be added up by hand."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from woo2po.messages import say
from woo2po.messages.message import Language, word
from woo2po.report import fitted, kroner, percent, table, wrapped
from woo2po.sandbox.books import Books
from woo2po.sandbox.objects import Entry, Invoice, SalesOrder

ZERO = Decimal(0)


def drafts(books: Books, language: Language, of: str = "") -> str:
    """Return the table of the sales orders that nobody has invoiced, with VAT by rate.

    `of`: just those of an order of the shop, by its number there.
    """
    listed = sorted(books.sales_orders.values(), key=lambda order: order.sales_order_no)
    rows = [_draft(books, order, language) for order in listed if of in {"", _number(order)}]
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
    return [
        str(order.sales_order_no),
        _reference(order),
        fitted(name, 10),
        kroner(net, language),
        " ".join(vat),
        kroner(total, language),
    ]


def invoices(books: Books, language: Language, of: str = "") -> str:
    """Return the table of invoices and credit notes: what each was paid on, and what is open.

    `of`: just those of an order of the shop, by its number there.
    """
    listed = books.outgoing_invoices.values()
    rows = [_invoice(books, one, language) for one in listed if of in {"", _number(one.order)}]
    names = ("invoice", "credits", "number", "day", "vat", "total", "acct", "open")
    return _titled("invoices", rows, names, language, right=(0, 1, 4, 5, 7))


def _invoice(books: Books, invoice: Invoice, language: Language) -> list[str]:
    return [
        str(invoice.invoice_no),
        str(invoice.order.related_invoice_no or ""),
        _reference(invoice.order),
        invoice.voucher_date.isoformat(),
        kroner(sum(invoice.totals.vat_by_rate.values(), ZERO), language),
        kroner(invoice.total_amount, language),
        " ".join(sorted(_paid_on(books, invoice))),
        kroner(invoice.balance, language),
    ]


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
    return fitted(order.customer_reference or order.external_import_reference or "", 15)


def _number(order: SalesOrder) -> str:
    """Return the number in the shop, without the prefix that stands in front of it."""
    return _reference(order).rpartition("_")[2]


def accounts(books: Books, language: Language) -> str:
    """Return the general ledger: what stands on each account, and that it sums to 0."""
    debits: dict[int, Decimal] = {}
    credits_: dict[int, Decimal] = {}
    for posting in books.postings:
        side = debits if posting.amount > 0 else credits_
        side[posting.account_no] = side.get(posting.account_no, ZERO) + posting.amount
    rows = []
    for number in sorted({*debits, *credits_}):
        debit, credit = debits.get(number, ZERO), credits_.get(number, ZERO)
        name = fitted(books.account(number).name, 28)
        rows.append([f"{number} {name}", *_figures((debit, -credit, debit + credit), language)])
    debit, credit = sum(debits.values(), ZERO), sum(credits_.values(), ZERO)
    rows.append([word("sum", language), *_figures((debit, -credit, debit + credit), language)])
    names = ("account", "debit", "credit", "balance")
    return _titled("general_ledger", rows, names, language, right=(1, 2, 3))


def customers(books: Books, language: Language) -> str:
    """Return the customers' ledger: what each was charged, paid, and owes: 1500's balance."""
    kinds = ("OutgoingInvoice", "OutgoingCreditNote")
    rows = []
    sums = [ZERO] * 4
    for customer in books.customers.values():
        own = [entry for entry in books.entries.values() if entry.customer_id == customer.id]
        if not own:
            continue
        figures = [_amount(e for e in own if e.voucher_type == kind) for kind in kinds]
        figures.append(_amount(e for e in own if e.voucher_type not in kinds))
        figures.append(sum(figures, ZERO))
        sums = [one + more for one, more in zip(sums, figures, strict=True)]
        name = f"{customer.number} {fitted(customer.shown_name, 20)}"
        rows.append([name, *_figures(figures, language)])
    rows.append([word("sum", language), *_figures(sums, language)])
    names = ("customer", "invoiced_sum", "credited", "payments", "owes")
    return _titled("customers_ledger", rows, names, language, right=(1, 2, 3, 4))


def _figures(amounts: Iterable[Decimal], language: Language) -> list[str]:
    return [kroner(amount, language) for amount in amounts]


def _amount(entries: Iterable[Entry]) -> Decimal:
    return sum((entry.amount for entry in entries), ZERO)


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
    return say(
        "open_not_posted" if _number(invoice.order) in paid else "open_not_paid", language, facts
    )


def _titled(
    title: str, rows: list[list[str]], names: tuple[str, ...], language: Language, right: Any
) -> str:
    """Return a table with its title, or "" for one without rows."""
    if not rows:
        return ""
    headers = [word(name, language) for name in names]
    return f"{word(title, language)}\n{table(rows, headers, right=right)}"
