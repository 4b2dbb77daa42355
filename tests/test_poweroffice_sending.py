"""Sending through the PowerOffice client, and what an answer to it can leave open."""

import asyncio
from dataclasses import replace
from datetime import date
from decimal import Decimal

import httpx
import pytest
from poweroffice_sandbox import DAY, PREPAID, drafted, in_sandbox, invoiced
from poweroffice_sandbox import failure as sandbox_failure
from poweroffice_wire import Wire, failure, told

from woo2po.documents import Delivery, InvoiceWanted, SentState
from woo2po.http import (
    CannotLogIn,
    NotAllowed,
    NotUnderstood,
    Refused,
)
from woo2po.messages import say_both

ID = "0b9e2f52-7a5e-4b57-9d0c-000000000001"
OTHER_ID = "0b9e2f52-7a5e-4b57-9d0c-000000000002"
AT = "2026-11-23T09:00:00.1234567+00:00"


def state(**changes):
    return {"Id": ID, "IsInvoiceBeingProcessed": False, "InvoiceDeliveryType": "Print", **changes}


# Asking for an invoice


def test_a_sent_order_becomes_an_invoice_of_the_day_that_was_wanted():
    """Invoice date and due date are ours; number, balance and customer come back."""

    async def work(sandbox):
        customer, draft = await drafted(sandbox)
        await sandbox.client.send_invoice(draft.id, PREPAID)
        seen = await sandbox.client.sent_state(draft.id)
        (invoice,) = await sandbox.client.invoices(matching_references=["fjell-1042"])
        return customer, draft, seen, invoice

    customer, draft, seen, invoice = in_sandbox(work)
    assert seen == SentState(processing=False, sent=True, invoice_no=10001, error="")
    assert (invoice.id, invoice.order_no, invoice.invoice_no) == (draft.id, draft.number, 10001)
    assert (invoice.day, invoice.due, invoice.customer_id) == (DAY, DAY, customer.id)
    assert (invoice.total, invoice.balance) == (Decimal("195.44"), Decimal("195.44"))
    assert invoice.reference == "fjell_1042"


def test_without_a_due_date_the_payment_term_of_the_order_gives_it():
    """The term is in days from the invoice date, and 0 is a term too."""

    async def work(sandbox):
        wanted = replace(PREPAID, due=None)
        customer, usual = await invoiced(sandbox, 1, wanted=wanted)
        _, at_once = await invoiced(sandbox, 2, customer, wanted, payment_term=0)
        _, later = await invoiced(sandbox, 3, customer, wanted, payment_term=30)
        return usual.due, at_once.due, later.due

    assert in_sandbox(work) == (date(2026, 12, 4), DAY, date(2026, 12, 20))


@pytest.mark.parametrize(
    ("delivery", "email", "written"),
    [
        (Delivery.NONE, "kari@example.no", '"DeliveryType":"PdfPrintForDownload"'),
        (
            Delivery.EMAIL,
            "kari@example.no",
            '"DeliveryType":"PdfByEmail","EmailAddress":"kari@example.no"',
        ),
        (Delivery.AUTO, "k@x.no", '"DeliveryType":"Auto","EmailAddress":"k@x.no"'),
        (Delivery.AUTO, "", '"DeliveryType":"Auto"'),
    ],
)
def test_a_request_to_send_is_written_to_the_letter(delivery, email, written):
    """The address goes along where something may be mailed, and nowhere else."""
    wire = Wire(httpx.Response(202))
    wanted = InvoiceWanted(DAY, date(2026, 12, 1), delivery, email)
    told(wire, lambda go: go.send_invoice(ID, wanted))
    assert wire.body() == f'{{{written},"VoucherDate":"2026-11-20","OverrideDueDate":"2026-12-01"}}'
    assert wire.requests[0].method == "POST"
    assert wire.requests[0].url == f"https://go.test/v2/SalesOrders/{ID}/createAndSendInvoice"


@pytest.mark.parametrize(
    ("status", "body"), [(202, None), (202, {"Id": ID}), (200, {}), (204, None)]
)
def test_any_2xx_says_that_sending_was_asked_for(status, body):
    """What comes of it is for sentState to tell."""
    answer = httpx.Response(status, json=body) if body is not None else httpx.Response(status)
    assert told(Wire(answer), lambda go: go.send_invoice(ID, PREPAID)) is None


# Refusals of it


def test_a_missing_right_to_send_stops_the_sending_only():
    """PowerOffice says 400 for it; what to ask for is said in both languages."""

    async def work(sandbox):
        _, draft = await drafted(sandbox)
        with pytest.raises(NotAllowed) as caught:
            await sandbox.client.send_invoice(draft.id, PREPAID)
        return caught.value, await sandbox.client.draft(draft.id)

    error, draft = in_sandbox(work, may_send=False)
    assert (error.code, draft.status) == ("may_not_send", "Draft")
    assert not isinstance(error, CannotLogIn | Refused)
    for language in ("en", "nb"):
        said = say_both(error.code, language, error.facts)
        assert "AllowSendInvoice" in said
        assert "SalesOrders_Full" in said


QUOTA = {"statusCode": 403, "message": "Out of call volume quota."}


@pytest.mark.parametrize(
    ("call", "answer", "kind", "code"),
    [
        (lambda go: go.send_invoice(ID, PREPAID), httpx.Response(403), NotAllowed, "may_not_send"),
        (lambda go: go.send_invoice(ID, PREPAID), httpx.Response(403, json={"title": "Forbidden"}),
         NotAllowed, "may_not_send"),
        (lambda go: go.send_invoice(ID, PREPAID), httpx.Response(403, json=QUOTA),
         CannotLogIn, "poweroffice_blocked"),
        (lambda go: go.delete_draft(ID), httpx.Response(400, json={"title": "missing Privilege"}),
         CannotLogIn, "missing_privilege"),
        (lambda go: go.sent_state(ID), httpx.Response(404, json={"message": "Resource not found"}),
         NotUnderstood, "poweroffice_wrong_address"),
    ],
)  # fmt: skip
def test_a_refusal_stops_the_sending_the_run_or_is_no_refusal_at_all(call, answer, kind, code):
    """A 403 with or without words, a gateway's quota, "Missing privilege" in any case."""
    error = failure(answer, call)
    assert (type(error), error.code) == (kind, code)
    assert code != "missing_privilege" or error.facts["role"] == "SalesOrders_Full"
    assert code != "poweroffice_blocked" or error.facts["said"] == QUOTA["message"]


def test_another_refusal_of_sending_keeps_poweroffices_words():
    """An order on its way is in conflict with a second request, a gone one is not found."""

    async def twice(sandbox):
        _, draft = await drafted(sandbox)
        await sandbox.client.send_invoice(draft.id, PREPAID)
        await sandbox.client.send_invoice(draft.id, PREPAID)

    late, gone = sandbox_failure(twice, send_result="late"), sandbox_failure(twice)
    assert (type(late), late.status) == (Refused, 409)
    assert "is being invoiced" in late.detail
    assert (type(gone), gone.status) == (Refused, 404)


# How far sending has come


def test_sending_may_take_its_time():
    """While it is processed nothing is sent and there is no error either."""

    async def work(sandbox):
        _, draft = await drafted(sandbox)
        await sandbox.client.send_invoice(draft.id, PREPAID)
        before = await sandbox.client.sent_state(draft.id)
        await asyncio.sleep(20)
        return before, await sandbox.client.sent_state(draft.id)

    before, after = in_sandbox(work, send_result="late", send_seconds=10)
    assert before == SentState(processing=True, sent=False, invoice_no=None, error="")
    assert after == SentState(processing=False, sent=True, invoice_no=10001, error="")


def test_a_failed_sending_tells_poweroffices_own_reason_and_leaves_the_draft():
    """It can be asked for again when the reason is gone."""

    async def work(sandbox):
        go = sandbox.client
        _, draft = await drafted(sandbox)
        await go.send_invoice(draft.id, PREPAID)
        failed, still = await go.sent_state(draft.id), await go.draft(draft.id)
        sandbox.faults.send_result = "ok"
        await go.send_invoice(draft.id, PREPAID)
        return failed, still, await go.sent_state(draft.id)

    failed, still, then = in_sandbox(
        work, send_result="fails", send_error="Mottaker mangler i ELMA."
    )
    assert failed == SentState(False, False, None, "Mottaker mangler i ELMA.")
    assert still.status == "Draft"
    assert (then.sent, then.error) == (True, "")


NOTHING = SentState(False, False, None, "")


@pytest.mark.parametrize(
    ("sends", "switches", "seen"),
    [
        (True, {"send_result": "no_answer"}, NOTHING),  # said yes, and forgot it
        (False, {"never_sent_state": "nulls"}, NOTHING),
        (False, {"never_sent_state": "none"}, None),
    ],
)
def test_an_order_that_nobody_sends_has_no_state_or_an_empty_one(sends, switches, seen):
    """Which of the two PowerOffice answers is not described; the caller decides by the time."""

    async def work(sandbox):
        _, draft = await drafted(sandbox)
        if sends:
            await sandbox.client.send_invoice(draft.id, PREPAID)
        return await sandbox.client.sent_state(draft.id)

    assert in_sandbox(work, **switches) == seen


def test_the_state_is_asked_for_by_id_alone():
    """This list knows no pages and no fields: any other name would be refused."""
    wire = Wire([state()])
    told(wire, lambda go: go.sent_state(ID))
    assert wire.requests[0].url == f"https://go.test/v2/SalesOrders/sentState?id={ID}"


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(204),
        httpx.Response(200, json=[]),
        httpx.Response(404, json={"title": "Object(s) not found", "detail": "Sales order ..."}),
    ],
)
def test_nothing_known_of_a_sending_is_none(answer):
    """No content, an empty list, or an id that PowerOffice does not know (any more)."""
    assert told(Wire(answer), lambda go: go.sent_state(ID)) is None


def test_a_state_is_read_as_far_as_it_says_anything():
    """Null and missing fields are no progress; a number without a moment is not sent."""
    wire = Wire([{"Id": ID, "IsInvoiceBeingProcessed": None}])
    assert told(wire, lambda go: go.sent_state(ID)) == NOTHING
    wire = Wire([state(InvoiceNo=10001, LastErrorMessage=" EHF feilet. ")])
    seen = told(wire, lambda go: go.sent_state(ID))
    assert seen == SentState(False, sent=False, invoice_no=10001, error="EHF feilet.")


@pytest.mark.parametrize(
    ("rows", "number"),
    [
        ([state(Id=OTHER_ID, InvoiceNo=7, SentDateTimeOffset=AT)], 7),
        ([state(Id=OTHER_ID, SentDateTimeOffset=AT), state(Id=ID.upper(), InvoiceNo=8)], 8),
        ([state(LastErrorMessage="x"), state(InvoiceNo=9, SentDateTimeOffset=AT), state()], 9),
        ([state(InvoiceNo=1), state(InvoiceNo=2, IsInvoiceBeingProcessed=True)], 2),
    ],
)
def test_of_several_states_the_orders_own_and_furthest_counts(rows, number):
    """A single row is the order's even under another id, which may be the invoice's."""
    assert told(Wire(rows), lambda go: go.sent_state(ID)).invoice_no == number


@pytest.mark.parametrize(
    ("rows", "field"),
    [
        ([state(Id=OTHER_ID), state(Id=OTHER_ID)], "Id"),
        ([{"InvoiceNo": 1}], "Id"),
        ([state(InvoiceNo="F-1")], "InvoiceNo"),
        ([state(SentDateTimeOffset="soon")], "SentDateTimeOffset"),
        ([state(IsInvoiceBeingProcessed="no")], "IsInvoiceBeingProcessed"),
        ([state(LastErrorMessage={"text": "x"})], "LastErrorMessage"),
    ],
)
def test_a_state_that_is_not_clear_is_not_guessed(rows, field):
    """A guess would be an invoice too many, or one too few."""
    error = failure(rows, lambda go: go.sent_state(ID))
    assert (type(error), error.code) == (NotUnderstood, "poweroffice_not_understood")
    assert error.facts == {"what": "SalesOrders/sentState", "field": field}
