"""Invoices and credit notes through the PowerOffice client, and the lock date."""

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import httpx
import pytest
from poweroffice_sandbox import DAY, ORDER, PREPAID, drafted, in_sandbox, invoiced, line, order
from poweroffice_wire import SALES_ORDER, Wire, failure, told

from woo2po.http import NotUnderstood

ID = "0b9e2f52-7a5e-4b57-9d0c-000000000001"
INVOICE = {"Id": ID, "InvoiceNo": 10001, "TotalAmount": 195.44}


# The invoices that are there


def test_an_invoice_may_have_another_id_than_its_order():
    """It is found by the matching reference all the same, and sentState still knows the order."""

    async def work(sandbox):
        _, draft = await drafted(sandbox)
        await sandbox.client.send_invoice(draft.id, PREPAID)
        (invoice,) = await sandbox.client.invoices(matching_references=["fjell-1042"])
        return draft, invoice, await sandbox.client.sent_state(draft.id)

    draft, invoice, seen = in_sandbox(work, invoice_id_is_order_id=False)
    assert invoice.id != draft.id
    assert (invoice.order_no, invoice.invoice_no) == (draft.number, seen.invoice_no)


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


def test_the_lines_of_an_invoice_are_those_of_its_order():
    """In their order, with amounts; asked for by the invoice's own id."""

    async def work(sandbox):
        _, draft = await drafted(sandbox)
        await sandbox.client.send_invoice(draft.id, PREPAID)
        (invoice,) = await sandbox.client.invoices(matching_references=["fjell-1042"])
        return draft, await sandbox.client.invoice_lines(invoice.id)

    draft, lines = in_sandbox(work, spec="2025", invoice_id_is_order_id=False)
    assert [(x.reference, x.quantity, x.total) for x in lines] == [
        (x.reference, x.quantity, x.total) for x in draft.lines
    ]


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
    """They may be missing; what a total or a number is may not."""
    (seen,) = told(Wire([INVOICE]), lambda go: go.invoices())
    assert (seen.balance, seen.customer_id, seen.day, seen.due) == (None, None, None, None)
    error = failure([{**INVOICE, "DueDate": "soon"}], lambda go: go.invoices())
    assert (type(error), error.facts["field"]) == (NotUnderstood, "DueDate")


def test_a_sales_order_of_the_list_has_no_invoice_date_and_no_balance():
    """Only an invoice has."""
    (seen,) = told(Wire([SALES_ORDER]), lambda go: go.sales_orders())
    assert (seen.balance, seen.customer_id, seen.day, seen.due) == (None, None, None, None)


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


def test_a_draft_says_payment_term_and_credited_invoice_only_where_they_are_given():
    """A term of 0 days is one; fields that are not wanted keep PowerOffice's defaults."""
    plain, full = Wire(SALES_ORDER), Wire(SALES_ORDER)
    told(plain, lambda go: go.create_sales_order(ORDER, 5, None))
    doc = replace(ORDER, payment_term=0, related_invoice_no=10001)
    told(full, lambda go: go.create_sales_order(doc, 5, None))
    names = {"PaymentTerm", "RelatedInvoiceNo"}
    assert not names & set(json.loads(plain.body()))
    assert {name: json.loads(full.body())[name] for name in names} == {
        "PaymentTerm": 0,
        "RelatedInvoiceNo": 10001,
    }


def test_a_changed_header_names_the_credited_invoice_and_never_the_term():
    """A patch does not know the term in days, and an ordinary order may not name an invoice."""
    wire = Wire({})
    doc = replace(ORDER, payment_term=30, related_invoice_no=10001)
    told(wire, lambda go: go.change_header("o", doc, 5, None))
    changes = {one["path"]: one["value"] for one in json.loads(wire.body())}
    assert changes["/RelatedInvoiceNo"] == 10001
    assert "/PaymentTerm" not in changes


@pytest.mark.parametrize(
    "answer",
    [
        {"LockDate": None},
        {},
        {"LockDate": "0001-01-01"},
        {"LockDate": "0001-01-01T00:00:00"},
        httpx.Response(204),
    ],
)
def test_a_company_without_a_lock_date_has_none(answer):
    """What PowerOffice answers then is not described; none of these is a day that locks."""
    assert told(Wire(answer), lambda go: go.lock_date()) is None


def test_a_lock_date_that_cannot_be_read_is_not_taken_for_none():
    """Else an invoice would be dated into a locked period."""
    error = failure({"LockDate": "31.08.2026"}, lambda go: go.lock_date())
    assert (type(error), error.facts["field"]) == (NotUnderstood, "LockDate")
