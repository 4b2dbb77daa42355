"""Invoices and credit notes through the PowerOffice client, and the lock date."""

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import httpx
from poweroffice_sandbox import DAY, ORDER, PREPAID, drafted, in_sandbox, invoiced, line, order
from poweroffice_wire import SALES_ORDER, Wire, failure, told

from woo2po.http import NotUnderstood

ID = "0b9e2f52-7a5e-4b57-9d0c-000000000001"
INVOICE = {"Id": ID, "InvoiceNo": 10001, "TotalAmount": 195.44}


# The invoices that are there


def test_an_invoice_may_have_another_id_than_its_order():
    """Found by the matching reference, with the order's lines; sentState still knows the order."""

    async def work(sandbox):
        _, draft = await drafted(sandbox)
        await sandbox.client.send_invoice(draft.id, PREPAID)
        (invoice,) = await sandbox.client.invoices(matching_references=["fjell-1042"])
        lines = await sandbox.client.invoice_lines(invoice.id)
        return draft, invoice, await sandbox.client.sent_state(draft.id), lines

    draft, invoice, seen, lines = in_sandbox(work, spec="2025", invoice_id_is_order_id=False)
    assert invoice.id != draft.id
    assert (invoice.order_no, invoice.invoice_no) == (draft.number, seen.invoice_no)
    assert [(x.reference, x.quantity, x.total) for x in lines] == [
        (x.reference, x.quantity, x.total) for x in draft.lines
    ]


def test_one_list_tells_of_all_that_was_sent_since_a_moment():
    """What a person sent counts too, and only filters of the oldest description go out."""

    async def work(sandbox):
        customer, _ = await invoiced(sandbox, 1)
        await asyncio.sleep(60)
        since = sandbox.go.clock() - timedelta(seconds=30)
        await invoiced(sandbox, 2, customer)
        await drafted(sandbox, 3, customer)
        sandbox.books.invoice_by_hand("fjell_3")
        listed = await sandbox.client.invoices(sent_after=since)
        return [one.reference for one in listed]

    assert in_sandbox(work, spec="2025") == ["fjell_2", "fjell_3"]


def test_an_invoice_of_another_system_has_no_lines():
    """Nor one that is not there: lines are for show, and nothing hangs on them."""

    async def work(sandbox):
        return await sandbox.client.invoice_lines(ID)

    assert in_sandbox(work) == ()
    assert told(Wire(httpx.Response(204)), lambda go: go.invoice_lines(ID)) == ()


def test_invoices_are_found_by_number_and_the_paid_ones_can_be_left_out():
    """A paid invoice has a balance of 0."""

    async def work(sandbox):
        go = sandbox.client
        customer, paid = await invoiced(sandbox, 1)
        for number in (2, 3):
            await invoiced(sandbox, number, customer)
        sandbox.books.register_payment(paid.invoice_no)
        numbered = await go.invoices(numbers=[10001, 10002])
        unpaid = await go.invoices(numbers=[10001, 10002], unpaid_only=True)
        both = await go.invoices(numbers=[10001, 10002], matching_references=["fjell-2", "fjell-3"])
        return numbered, unpaid, both

    numbered, unpaid, both = in_sandbox(work, spec="2025")
    assert [(one.invoice_no, one.balance) for one in numbered] == [
        (10001, 0),
        (10002, Decimal("195.44")),
    ]
    assert [one.invoice_no for one in unpaid] == [10002]
    assert [one.reference for one in both] == ["fjell_2"]


def test_all_filters_go_out_together_in_addresses_of_bounded_length():
    """Each number is asked for once, under the names of the interface description."""
    wire = Wire(*[httpx.Response(204)] * 20)
    moment = datetime(2026, 11, 23, 9, tzinfo=UTC)
    told(
        wire,
        lambda go: go.invoices(
            numbers=[*range(10000, 10600), 10000],
            from_date=DAY,
            sent_after=moment,
            unpaid_only=True,
        ),
    )
    asked = [dict(request.url.params) for request in wire.requests]
    numbers = [int(n) for one in asked for n in one.pop("invoiceNos").split(",")]
    assert numbers == list(range(10000, 10600))
    assert max(len(str(request.url)) for request in wire.requests) < 2000
    for one in asked:
        assert one.pop("Fields").split(",")[-3:] == ["RelatedInvoiceNo", "VoucherDate", "DueDate"]
        assert one == {
            "fromDate": "2026-11-20",
            "sentDateTimeOffsetGreaterThan": "2026-11-23T09:00:00Z",
            "onlyUnpaidInvoices": "true",
            "PageSize": "1000",
            "PageNumber": "1",
        }


def test_an_invoice_without_balance_customer_or_dates_is_listed_all_the_same():
    """They may be missing, and are in a sales order; what a total or a number is may not."""
    for row, call in (
        (INVOICE, lambda go: go.invoices()),
        (SALES_ORDER, lambda go: go.sales_orders()),
    ):
        (seen,) = told(Wire([row]), call)
        assert (seen.balance, seen.customer_id, seen.day, seen.due) == (None, None, None, None)
    error = failure([{**INVOICE, "DueDate": "soon"}], lambda go: go.invoices())
    assert (type(error), error.facts["field"]) == (NotUnderstood, "DueDate")


# Credit notes, and what a draft says of its invoice


def test_a_negative_order_of_an_invoice_becomes_its_credit_note():
    """The invoice that it credits stands on it, in a new draft and in a changed one."""

    async def work(sandbox):
        go = sandbox.client
        customer, invoice = await invoiced(sandbox, 1)
        back = {"lines": (line(quantity="-2"),), "related_invoice_no": invoice.invoice_no}
        _, draft = await drafted(sandbox, 2, customer, **back)
        await go.change_header(draft.id, order(2, **back), customer.id, None)
        related = sandbox.books.order("fjell_2").related_invoice_no
        await go.send_invoice(draft.id, PREPAID)
        (note,) = await go.invoices(matching_references=["fjell-2"])
        return invoice, related, note

    invoice, related, note = in_sandbox(work)
    assert related == invoice.invoice_no
    assert (note.total, note.balance) == (-invoice.total, -invoice.total)


def test_payment_term_and_credited_invoice_are_said_only_where_they_are_given():
    """0 days is a term; a patch knows no term in days, nor an ordinary order an invoice."""
    names, doc = {"PaymentTerm", "RelatedInvoiceNo"}, ORDER
    plain, full, changed = Wire(SALES_ORDER), Wire(SALES_ORDER), Wire({})
    told(plain, lambda go: go.create_sales_order(doc, 5, None))
    assert not names & set(json.loads(plain.body()))
    doc = replace(ORDER, payment_term=0, related_invoice_no=10001)
    told(full, lambda go: go.create_sales_order(doc, 5, None))
    body = json.loads(full.body())
    assert (body["PaymentTerm"], body["RelatedInvoiceNo"]) == (0, 10001)
    told(changed, lambda go: go.change_header("o", doc, 5, None))
    changes = {one["path"]: one["value"] for one in json.loads(changed.body())}
    assert changes["/RelatedInvoiceNo"] == 10001
    assert "/PaymentTerm" not in changes


def test_a_company_without_a_lock_date_has_none_and_one_that_cannot_be_read_is_not_taken_for_it():
    """What an open company says is not described; a guess would date into a locked period."""
    open_ones = [{"LockDate": None}, {}, {"LockDate": "0001-01-01"}, httpx.Response(204)]
    open_ones.append({"LockDate": "0001-01-01T00:00:00"})
    assert [told(Wire(one), lambda go: go.lock_date()) for one in open_ones] == [None] * 5
    error = failure({"LockDate": "31.08.2026"}, lambda go: go.lock_date())
    assert (type(error), error.facts["field"]) == (NotUnderstood, "LockDate")
