"""Vouchers through the PowerOffice client: what is written, refused, or left open."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import httpx
import pytest
from poweroffice_sandbox import LEDGER, PAID, in_sandbox, invoiced, line, payment
from poweroffice_sandbox import failure as sandbox_failure
from poweroffice_wire import Wire, failure, told

from woo2po.documents import VoucherKind, VoucherLine
from woo2po.http import (
    CannotLogIn,
    NotAllowed,
    NotUnderstood,
    Refused,
)
from woo2po.messages import say_both

ID = "0b9e2f52-7a5e-4b57-9d0c-000000000001"
MADE = {"Id": ID, "VoucherNo": 17}


def balances(listed):
    return [one.balance for one in listed]


# Posting


@pytest.mark.parametrize(("kind", "account"), [(VoucherKind.BANK, 1903), (VoucherKind.CASH, 1900)])
def test_a_payment_closes_the_invoices_of_its_matching_references(kind, account):
    """One voucher of a day pays several orders, each by the reference on its line."""

    async def work(sandbox):
        go = sandbox.client
        customer, _ = await invoiced(sandbox, 1)
        await invoiced(sandbox, 2, customer)
        doc = payment(
            sandbox, customer, "195.44", "195.44", references=("fjell-1", "fjell-2"),
            kind=kind, account=account,
        )  # fmt: skip
        made = await go.create_voucher(doc)
        posted = {p.account_no: p.amount for p in sandbox.books.postings[-3:]}
        return made, await go.voucher(kind, made.id), balances(await go.invoices()), posted

    made, seen, left, posted = in_sandbox(work, spec="2025")
    assert (made, left) == (seen, [0, 0])
    assert posted == {account: Decimal("390.88"), 1500: Decimal("-195.44")}


def test_a_payment_can_name_the_invoice_instead():
    """The number on a bank voucher's line closes it without any reference."""

    async def work(sandbox):
        customer, invoice = await invoiced(sandbox)
        doc = payment(sandbox, customer)
        money, owed = doc.lines
        by_number = replace(owed, matching_reference="", invoice_no=invoice.invoice_no)
        await sandbox.client.create_voucher(replace(doc, lines=(money, by_number)))
        return balances(await sandbox.client.invoices())

    assert in_sandbox(work) == [0]


def test_money_that_goes_back_closes_the_credit_note():
    """Debit the customer, credit the clearing account: the signs are the other way round."""

    async def work(sandbox):
        customer, _ = await invoiced(sandbox, 1)
        back = (line(quantity="-2"),)
        await invoiced(sandbox, 2, customer, lines=back, related_invoice_no=10001)
        doc = payment(sandbox, customer, "-195.44", references=("fjell-2",))
        await sandbox.client.create_voucher(doc)
        return balances(await sandbox.client.invoices())

    assert in_sandbox(work) == [Decimal("195.44"), 0]


def test_a_bank_voucher_is_written_to_the_letter():
    """Amounts leave as the numbers they are, and every line has its day and VAT code."""
    wire = Wire(httpx.Response(201, json=MADE))
    made = told(wire, lambda go: go.create_voucher(PAID))
    assert (made.id, made.number) == (ID, 17)
    assert wire.requests[0].url == "https://go.test/v2/Vouchers/BankJournals"
    assert wire.body() == (
        '{"ExternalImportReference":"5e4a9b0e-3c1d-5f0a-8e57-2d1f0f6b9a01",'
        '"VoucherDate":"2026-11-20","CurrencyCode":"NOK","Description":"Vipps 20.11.2026",'
        '"VoucherLines":['
        '{"AccountId":3000009,"PostingDate":"2026-11-20","VatId":41,"CurrencyAmount":195.44,'
        '"Description":"Vipps"},'
        '{"AccountId":4000001,"PostingDate":"2026-11-20","VatId":41,"CurrencyAmount":-195.44,'
        '"Description":"Ordre 1042","CustomMatchingReference":"fjell-1042",'
        '"InvoiceNo":"10001"}]}'
    )


def test_a_cash_vouchers_lines_do_not_name_their_invoices():
    """The field is a bank voucher's only."""
    wire = Wire(httpx.Response(201, json=MADE))
    told(wire, lambda go: go.create_voucher(replace(PAID, kind=VoucherKind.CASH)))
    assert wire.requests[0].url == "https://go.test/v2/Vouchers/CashJournals"
    assert '"CustomMatchingReference":"fjell-1042"' in wire.body()
    assert "InvoiceNo" not in wire.body()


@pytest.mark.parametrize("amounts", [("195.44", "-195.43"), ("0.1", "0.2"), ("0", "0"), ("0.00",)])
def test_a_voucher_that_does_not_balance_never_leaves(amounts):
    """Whether PowerOffice would refuse it is not described."""
    wire = Wire()
    lines = tuple(VoucherLine(1, 41, Decimal(amount), "x") for amount in amounts)
    with pytest.raises(ValueError, match="sum to 0"):
        told(wire, lambda go: go.create_voucher(replace(PAID, lines=lines)))
    assert wire.requests == []


def test_tenths_of_a_krone_sum_exactly():
    """0.1 + 0.2 is 0.3."""
    wire = Wire(httpx.Response(201, json=MADE))
    lines = tuple(VoucherLine(1, 41, Decimal(a), "x") for a in ("0.3", "-0.1", "-0.2"))
    told(wire, lambda go: go.create_voucher(replace(PAID, lines=lines)))
    assert '"CurrencyAmount":0.3,' in wire.body()


# Refusals and doubts


@pytest.mark.parametrize(
    ("kind", "role"),
    [(VoucherKind.BANK, "BankVoucher_Full"), (VoucherKind.CASH, "CashVoucher_Full")],
)
def test_a_missing_right_to_post_vouchers_is_named_and_stops_nothing_else(kind, role):
    """Posting and looking at a voucher need it; invoices can still be read."""
    others = {"OutgoingInvoice", "CustomerLedger"}

    async def work(sandbox):
        errors = []
        for call in (
            lambda go: go.create_voucher(replace(PAID, kind=kind)),
            lambda go: go.voucher(kind, ID),
        ):
            with pytest.raises(NotAllowed) as caught:
                await call(sandbox.client)
            errors.append(caught.value)
        return errors, await sandbox.client.invoices()

    errors, listed = in_sandbox(work, privileges=others)
    assert listed == []
    for error in errors:
        assert (error.code, error.facts["role"]) == ("may_not_post_vouchers", role)
        assert not isinstance(error, CannotLogIn | Refused)
        for language in ("en", "nb"):
            assert role in say_both(error.code, language, error.facts)


def test_a_taken_reference_is_refused_by_naming_the_voucher_that_has_it():
    """The refusal is no success by itself, but it tells where to look."""

    async def work(sandbox):
        customer, _ = await invoiced(sandbox)
        doc = payment(sandbox, customer)
        made = await sandbox.client.create_voucher(doc)
        with pytest.raises(Refused) as caught:
            await sandbox.client.create_voucher(doc)
        return made, caught.value

    made, error = in_sandbox(work)
    assert (error.status, made.id in error.detail) == (400, True)
    assert "already in use" in error.detail


def test_a_reference_that_poweroffice_lets_in_twice_makes_two_vouchers():
    """So the reference alone protects nobody: what is unsettled is looked up, not repeated."""

    async def work(sandbox):
        customer, _ = await invoiced(sandbox)
        doc = payment(sandbox, customer)
        first = await sandbox.client.create_voucher(doc)
        second = await sandbox.client.create_voucher(doc)
        entries = await sandbox.client.ledger(**LEDGER, matching_references=["fjell-1042"])
        return first, second, [one.voucher_id for one in entries if one.amount < 0]

    first, second, credited = in_sandbox(work, duplicate_voucher_reference="accepted")
    assert credited == [first.id, second.id]
    assert first.id != second.id


def test_a_locked_day_is_refused_in_poweroffices_words():
    """Nothing is posted of it."""

    async def work(sandbox):
        customer, _ = await invoiced(sandbox)
        await sandbox.client.create_voucher(payment(sandbox, customer, day=date(2026, 8, 31)))

    error = sandbox_failure(work)
    assert (type(error), error.status) == (Refused, 400)
    assert "locked until 2026-08-31" in error.detail


@pytest.mark.parametrize(
    ("answer", "field"),
    [
        ({"Id": ID}, "VoucherNo"),
        ({"VoucherNo": 17}, "Id"),
        ({**MADE, "VoucherNo": "B7"}, "VoucherNo"),
        (httpx.Response(204), "Id"),
    ],
)
def test_an_answer_that_does_not_name_the_voucher_is_not_understood(answer, field):
    """It may have been posted: the caller has to look."""
    error = failure(answer, lambda go: go.create_voucher(PAID))
    assert (type(error), error.facts["field"]) == (NotUnderstood, field)


# A voucher by its id


def test_a_voucher_of_another_journal_or_none_is_none():
    """None means that the application knows no such voucher of ours in that journal."""

    async def work(sandbox):
        customer, _ = await invoiced(sandbox)
        made = await sandbox.client.create_voucher(payment(sandbox, customer))
        bank = await sandbox.client.voucher(VoucherKind.BANK, made.id)
        cash = await sandbox.client.voucher(VoucherKind.CASH, made.id)
        by_hand = sandbox.books.register_payment(10001, Decimal(1))
        return made, bank, cash, await sandbox.client.voucher(VoucherKind.BANK, by_hand.id)

    made, bank, cash, by_hand = in_sandbox(work)
    assert (bank, cash, by_hand) == (made, None, None)


def test_a_voucher_at_a_wrong_address_is_not_taken_for_one_that_is_not_there():
    """The gateway's 404 would have it posted again."""
    answer = httpx.Response(404, json={"statusCode": 404, "message": "Resource not found"})
    error = failure(answer, lambda go: go.voucher(VoucherKind.CASH, ID))
    assert (type(error), error.code) == (NotUnderstood, "poweroffice_wrong_address")
