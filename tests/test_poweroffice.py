"""Drafts through the PowerOffice client, against the stand-in for PowerOffice Go."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from poweroffice_sandbox import (
    BEDRIFT,
    KARI,
    LEDGER,
    ORDER,
    OSLO,
    PREPAID,
    drafted,
    failure,
    in_sandbox,
    invoiced,
    line,
    payment,
)

from woo2po.catalogue import VatCode
from woo2po.http import (
    CannotLogIn,
    NeverLeft,
    NoAnswer,
    NotUnderstood,
    Refused,
    RemoteError,
)


def test_a_created_draft_is_what_was_wanted_with_the_amounts_that_poweroffice_made():
    """The answer to the creation says the same as a look at it afterwards."""

    async def work(sandbox):
        customer = await sandbox.client.create_customer(KARI)
        made = await sandbox.client.create_sales_order(ORDER, customer.id, None)
        return customer, made, await sandbox.client.draft(made.id)

    customer, made, seen = in_sandbox(work)
    assert made == seen
    assert (made.reference, made.matching_reference) == ("fjell_1042", "fjell-1042")
    assert (made.imported_order_no, made.customer_reference) == (1042, "fjell_1042")
    assert (made.customer_id, made.order_date) == (customer.id, date(2026, 11, 20))
    assert (made.net, made.total, made.currency) == (Decimal("156.35"), Decimal("195.44"), "NOK")
    assert [(one.reference, one.kind, one.sort_order) for one in made.lines] == [
        ("11", "Normal", 0),
        ("note", "Text", 1),
    ]
    assert made.lines[0].unit_price == Decimal("78.173913")
    assert made.lines[0].vat_rate == 25


def test_a_draft_converges_line_by_line():
    """Lines can be added, changed and taken out; places stay as wanted."""

    async def work(sandbox):
        go = sandbox.client
        customer = await go.create_customer(KARI)
        made = await go.create_sales_order(ORDER, customer.id, None)
        added = await go.add_line(made.id, line("12", "10.00", "1"), 2)
        changed = line("12", "40", "-1", description="Retur", use_standard_account=False)
        await go.change_line(made.id, added.id, changed, 3)
        await go.delete_line(made.id, made.lines[1].id)
        return await go.draft(made.id)

    _, changed = in_sandbox(work).lines
    assert (changed.description, changed.quantity, changed.unit_price) == ("Retur", -1, 40)
    assert (changed.use_standard_account, changed.vat_rate) == (False, 0)
    assert (changed.reference, changed.sort_order) == ("12", 3)


def test_a_header_becomes_what_it_should_be_and_what_is_empty_is_emptied():
    """Moving the number from one reference field to the other leaves it in one of them."""

    async def work(sandbox):
        go = sandbox.client
        customer, other = await go.create_customer(KARI), await go.create_customer(BEDRIFT)
        address = await go.create_delivery_address(customer.id, OSLO, "fjell-a")
        made = await go.create_sales_order(ORDER, customer.id, address.id)
        moved = replace(
            ORDER,
            customer_reference="",
            purchase_order_reference="fjell_1042",
            order_date=date(2026, 11, 21),
        )
        await go.change_header(made.id, moved, other.id, None)
        return address.id, made, await go.draft(made.id), other

    address_id, before, after, other = in_sandbox(work)
    assert (before.delivery_address_id, after.delivery_address_id) == (address_id, None)
    assert (after.customer_reference, after.purchase_order_reference) == ("", "fjell_1042")
    assert (after.order_date, after.customer_id) == (date(2026, 11, 21), other.id)
    assert (after.reference, after.lines) == (before.reference, before.lines)


def test_a_deleted_draft_is_none_and_deleting_it_twice_is_refused():
    """None means the application knows no such sales order."""

    async def work(sandbox):
        customer = await sandbox.client.create_customer(KARI)
        made = await sandbox.client.create_sales_order(ORDER, customer.id, None)
        await sandbox.client.delete_draft(made.id)
        assert await sandbox.client.draft(made.id) is None
        await sandbox.client.delete_draft(made.id)

    error = failure(work)
    assert (type(error), error.status) == (Refused, 404)


def test_a_draft_at_a_wrong_address_is_not_taken_for_one_that_is_gone():
    """The gateway's 404 says nothing about the order: it would be made again."""
    error = failure(
        lambda sandbox: sandbox.client.draft("0b9e2f52-0000-4000-8000-000000000000"),
        base_url="https://go.test/v3",
        table=False,
    )
    assert (type(error), error.code) == (NotUnderstood, "poweroffice_wrong_address")
    assert error.facts["host"] == "go.test"


def test_a_taken_reference_is_refused_in_poweroffices_own_words():
    """The second order of one reference is refused, with title and detail to show."""

    async def work(sandbox):
        customer = await sandbox.client.create_customer(KARI)
        for _ in range(2):
            await sandbox.client.create_sales_order(ORDER, customer.id, None)

    error = failure(work)
    assert isinstance(error, Refused)
    assert "already in use" in error.detail


# Lost answers

FAULTS = {
    "connect_error": (None, 1),
    "429": (None, 1),
    "expired_token": (None, 1),
    "lost_before": (NoAnswer, 0),
    "timeout_before": (NoAnswer, 0),
    "lost_after": (NoAnswer, 1),
    "timeout_after": (NoAnswer, 1),
    "500": (NoAnswer, 0),
    "502_after": (NoAnswer, 1),
    "garbage": (NotUnderstood, 1),
    "html": (NotUnderstood, 0),
}


async def order(sandbox):
    customer = await sandbox.client.create_customer(KARI)
    return lambda: sandbox.client.create_sales_order(ORDER, customer.id, None)


async def invoice(sandbox):
    _, draft = await drafted(sandbox)
    return lambda: sandbox.client.send_invoice(draft.id, PREPAID)


async def voucher(sandbox):
    customer, _ = await invoiced(sandbox)
    return lambda: sandbox.client.create_voucher(payment(sandbox, customer))


async def orders(client):
    return len(await client.sales_orders())


async def invoices(client):
    return len(await client.invoices())


async def credited(client):
    entries = await client.ledger(**LEDGER, matching_references=["fjell-1042"])
    return sum(one.amount < 0 for one in entries)


@pytest.mark.parametrize(
    ("prepare", "path", "count"),
    [
        (order, "/SalesOrders/Complete", orders),
        (invoice, "/SalesOrders/*/createAndSendInvoice", invoices),
        (voucher, "/Vouchers/BankJournals", credited),
    ],
)
@pytest.mark.parametrize(("fault", "kind", "made"), [(f, *then) for f, then in FAULTS.items()])
def test_nothing_is_written_twice_by_itself(prepare, path, count, fault, kind, made):
    """Only where the first attempt surely did nothing is there a second one."""

    async def work(sandbox):
        write, raised = await prepare(sandbox), None
        before = len(sandbox.asked("POST", path.split("*")[0]))
        sandbox.faults.at("POST", path, 1, fault)
        try:
            await write()
        except RemoteError as error:
            raised = type(error)
        attempts = len(sandbox.asked("POST", path.split("*")[0])) - before
        return raised, attempts, await count(sandbox.client)

    # References accepted twice: else the refusal of a second one would hide it.
    switches = {"table": False, "duplicate_voucher_reference": "accepted"}
    raised, attempts, found = in_sandbox(work, **switches)
    assert (raised, found) == (kind, made)
    assert attempts <= (1 if kind or fault == "connect_error" else 2)


@pytest.mark.parametrize("fault", ["connect_error", "lost_after", "timeout_before", "503", "429"])
def test_a_read_survives_one_fault(fault):
    """What changes nothing is simply asked again."""

    async def work(sandbox):
        sandbox.faults.at("GET", "/VatCodes", 1, fault)
        return await sandbox.client.vat_codes()

    assert VatCode in {type(code) for code in in_sandbox(work, table=False)}


def test_a_server_that_is_away_makes_a_write_that_never_left():
    """Three connections fail, then the caller hears that nothing was sent."""

    async def work(sandbox):
        for nth in (1, 2, 3):
            sandbox.faults.at("POST", "/Customers", nth, "connect_error")
        await sandbox.client.create_customer(KARI)

    assert isinstance(failure(work, table=False), NeverLeft)


# Rights


@pytest.mark.parametrize(
    ("call", "role"),
    [
        (lambda go: go.customers(numbers=[10000]), "Customer_Full"),
        (lambda go: go.delivery_addresses([1]), "Customer_Full"),
        (lambda go: go.products(), "Product_Full"),
        (lambda go: go.product_groups(), "Product_Full"),
        (lambda go: go.sales_orders(), "SalesOrders_Full"),
        (lambda go: go.invoices(), "OutgoingInvoice"),
        (lambda go: go.accounts(), "GeneralLedgerAccount"),
        (lambda go: go.vat_codes(), "CommonServices"),
        (lambda go: go.lock_date(), "CommonServices"),
    ],
)
def test_a_missing_right_is_named(call, role):
    """A 403 ends the run and says which privilege to ask PowerOffice for."""
    error = failure(lambda sandbox: call(sandbox.client), privileges=set())
    assert (type(error), error.code) == (CannotLogIn, "missing_privilege")
    assert error.facts["role"] == role
