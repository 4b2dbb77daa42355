"""Long lists of what is booked, through the PowerOffice client, checked against the interface."""

from datetime import date
from decimal import Decimal

from poweroffice_sandbox import failure as sandbox_failure
from poweroffice_sandbox import in_sandbox, invoiced, payment

from woo2po.http import NotAllowed

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)


async def listed(pages):
    """Return the rows of all pages."""
    return [row async for page in pages for row in page]


def test_an_invoice_is_found_by_day_by_number_and_by_reference():
    """With net, total and balance; a draft has neither number nor day."""

    async def work(sandbox):
        await invoiced(sandbox)
        booked = sandbox.client.booked
        (seen,) = await listed(booked.invoices_since(FIRST))
        assert [seen] == await booked.invoices_numbered([seen.invoice_no])
        assert [seen] == await booked.invoices_of([seen.matching_reference])
        assert await listed(booked.invoices_since(date(2026, 12, 31))) == []
        return seen, await listed(booked.drafts())

    seen, drafts = in_sandbox(work, spec="2025")
    assert (seen.total, seen.balance, seen.currency) == (Decimal("195.44"), seen.total, "NOK")
    assert seen.net < seen.total
    assert drafts == []


def test_the_ledger_shows_sales_with_their_vat_and_what_an_account_took():
    """A sale is a credit; its VAT and the debt are not listed with it."""

    async def work(sandbox):
        customer, invoice = await invoiced(sandbox)
        await sandbox.client.create_voucher(payment(sandbox, customer))
        booked = sandbox.client.booked
        sales = await listed(booked.sales(FIRST, LAST))
        return invoice, sales, await listed(booked.on_accounts(FIRST, LAST, [1903, 1904]))

    invoice, sales, money = in_sandbox(work, spec="2025")
    assert {one.voucher_id for one in sales} == {invoice.id}
    total = sum(one.amount + (one.vat or 0) for one in sales)
    assert total == -invoice.total
    assert [(one.account_no, one.amount) for one in money] == [(1903, Decimal("195.44"))]


def test_without_the_right_to_read_the_ledger_it_is_said():
    """The proof goes on without it."""
    error = sandbox_failure(lambda s: listed(s.client.booked.sales(FIRST, LAST)), privileges=set())
    assert (type(error), error.code) == (NotAllowed, "may_not_read_transactions")
