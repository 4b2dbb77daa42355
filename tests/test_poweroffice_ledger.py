"""The customer ledger through the PowerOffice client: evidence that a payment is there."""

import uuid
from datetime import date
from decimal import Decimal

import httpx
import pytest
from poweroffice_sandbox import LEDGER, in_sandbox, invoiced, payment
from poweroffice_sandbox import failure as sandbox_failure
from poweroffice_wire import Wire, failure, told

from woo2po.http import NotAllowed, NotUnderstood
from woo2po.messages import say_both

ID = "0b9e2f52-7a5e-4b57-9d0c-000000000001"
ENTRY = {
    "Id": 900001,
    "CustomMatchingReference": "fjell-1042",
    "InvoiceNo": None,
    "CurrencyAmount": -195.44,
    "VoucherId": ID,
}


def test_the_ledger_shows_invoice_and_payment_of_a_reference():
    """An invoice is positive, a payment negative, and each tells its voucher."""

    async def work(sandbox):
        customer, invoice = await invoiced(sandbox)
        await invoiced(sandbox, 1043, customer)
        made = await sandbox.client.create_voucher(payment(sandbox, customer))
        entries = await sandbox.client.ledger(**LEDGER, matching_references=["fjell-1042"])
        return invoice, made, entries

    invoice, made, entries = in_sandbox(work, spec="2025")
    assert [(one.amount, one.invoice_no, one.voucher_id) for one in entries] == [
        (Decimal("195.44"), "10001", invoice.id),
        (Decimal("-195.44"), "", made.id),
    ]
    assert {one.matching_reference for one in entries} == {"fjell-1042"}


def test_both_days_of_the_ledger_count():
    """A day before and a day after show nothing."""

    async def work(sandbox):
        await invoiced(sandbox)

        async def seen(first, last):
            days = {"from_date": date(2026, 11, first), "to_date": date(2026, 11, last)}
            return len(await sandbox.client.ledger(**days, matching_references=["fjell-1042"]))

        return [await seen(20, 20), await seen(1, 19), await seen(21, 30)]

    assert in_sandbox(work) == [1, 0, 0]


def test_an_entry_in_another_currency_has_the_amount_that_was_posted():
    """It is compared with the voucher's lines, not with kroner."""

    async def work(sandbox):
        customer, _ = await invoiced(sandbox, currency="EUR")
        await sandbox.client.create_voucher(payment(sandbox, customer, currency="EUR"))
        return await sandbox.client.ledger(**LEDGER, matching_references=["fjell-1042"])

    assert [one.amount for one in in_sandbox(work)] == [Decimal("195.44"), Decimal("-195.44")]


def test_many_references_are_asked_for_in_addresses_of_bounded_length():
    """Each is asked for once, always with both days."""
    wire = Wire(*[httpx.Response(204)] * 30)
    references = [str(uuid.uuid5(uuid.NAMESPACE_URL, str(n))) for n in range(300)]
    told(wire, lambda go: go.ledger(**LEDGER, matching_references=references * 2))
    asked = [dict(request.url.params) for request in wire.requests]
    assert [r for one in asked for r in one["customMatchingReferences"].split(",")] == references
    assert {(one["fromDate"], one["toDate"]) for one in asked} == {("2026-11-01", "2026-11-30")}
    assert max(len(str(request.url)) for request in wire.requests) < 1900


def test_no_references_cost_no_request():
    """Without the filter the whole ledger would come."""
    wire = Wire()
    assert told(wire, lambda go: go.ledger(**LEDGER, matching_references=[])) == []
    assert wire.requests == []


def test_an_entry_of_another_reference_is_left_out():
    """A server may show what an entry is matched with as well."""
    wire = Wire([ENTRY, {**ENTRY, "Id": 2, "CustomMatchingReference": None}])
    entries = told(wire, lambda go: go.ledger(**LEDGER, matching_references=["fjell-1042"]))
    assert [one.id for one in entries] == [900001]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"CurrencyAmount": None}, "CurrencyAmount"),
        ({"CurrencyAmount": "much"}, "CurrencyAmount"),
        ({"VoucherId": None}, "VoucherId"),
        ({"Id": "x"}, "Id"),
    ],
)
def test_an_entry_that_is_no_evidence_is_not_guessed(changes, field):
    """Evidence that a payment is there has to be whole."""
    call = {**LEDGER, "matching_references": ["fjell-1042"]}
    error = failure([{**ENTRY, **changes}], lambda go: go.ledger(**call))
    assert (type(error), error.facts["field"]) == (NotUnderstood, field)


def test_a_missing_right_to_read_the_ledger_is_named_and_stops_nothing_else():
    """Only a payment whose answer was lost has to wait for it."""
    call = {**LEDGER, "matching_references": ["fjell-1042"]}
    error = sandbox_failure(lambda sandbox: sandbox.client.ledger(**call), privileges=set())
    assert (type(error), error.code) == (NotAllowed, "may_not_read_ledger")
    assert error.facts["role"] == "CustomerLedger"
    for language in ("en", "nb"):
        assert "CustomerLedger" in say_both(error.code, language, error.facts)
