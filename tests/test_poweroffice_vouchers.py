"""Vouchers, the customer ledger and long lists of what is booked, through PowerOffice's client."""

import uuid
from dataclasses import replace
from datetime import date
from decimal import Decimal

import httpx
import pytest
from poweroffice_sandbox import LEDGER, PAID, in_sandbox, invoiced, line, payment
from poweroffice_sandbox import failure as sandbox_failure
from poweroffice_wire import Wire, failure, told

from woo2po.documents import VoucherKind, VoucherLine
from woo2po.http import CannotLogIn, NotAllowed, NotUnderstood, Refused
from woo2po.messages import say_both

ID = "0b9e2f52-7a5e-4b57-9d0c-000000000001"
MADE = {"Id": ID, "VoucherNo": 17}
ENTRY = {
    "Id": 900001,
    "CustomMatchingReference": "fjell-1042",
    "InvoiceNo": None,
    "CurrencyAmount": -195.44,
    "VoucherId": ID,
}
FIRST, LAST = LEDGER.values()
OF_ONE = {**LEDGER, "matching_references": ["fjell-1042"]}


def balances(listed):
    return [one.balance for one in listed]


async def listed(pages):
    """Return the rows of all pages."""
    return [row async for page in pages for row in page]


# -- posting ---------------------------------------------------------------------------------------


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


def test_a_payment_can_name_the_invoice_and_money_that_goes_back_closes_the_credit_note():
    """A bank line's number does without any reference; for money back the signs are turned."""

    async def work(sandbox):
        go = sandbox.client
        customer, invoice = await invoiced(sandbox)
        doc = payment(sandbox, customer)
        money, owed = doc.lines
        by_number = replace(owed, matching_reference="", invoice_no=invoice.invoice_no)
        await go.create_voucher(replace(doc, lines=(money, by_number)))
        paid = balances(await go.invoices())
        await invoiced(sandbox, 1, customer)
        back = (line(quantity="-2"),)
        await invoiced(sandbox, 2, customer, lines=back, related_invoice_no=10002)
        returned = payment(
            sandbox, customer, "-195.44", references=("fjell-2",), reference=str(uuid.uuid4())
        )
        await go.create_voucher(returned)
        return paid, balances(await go.invoices())

    assert in_sandbox(work) == ([0], [0, Decimal("195.44"), 0])


def test_a_voucher_is_written_to_the_letter():
    """Amounts leave as the numbers they are; a cash voucher's lines can't name their invoices."""
    bank, cash = (Wire(httpx.Response(201, json=MADE)) for _ in range(2))
    made = told(bank, lambda go: go.create_voucher(PAID))
    assert (made.id, made.number) == (ID, 17)
    assert bank.requests[0].url == "https://go.test/v2/Vouchers/BankJournals"
    assert bank.body() == (
        '{"ExternalImportReference":"5e4a9b0e-3c1d-5f0a-8e57-2d1f0f6b9a01",'
        '"VoucherDate":"2026-11-20","CurrencyCode":"NOK","Description":"Vipps 20.11.2026",'
        '"VoucherLines":['
        '{"AccountId":3000009,"PostingDate":"2026-11-20","VatId":41,"CurrencyAmount":195.44,'
        '"Description":"Vipps"},'
        '{"AccountId":4000001,"PostingDate":"2026-11-20","VatId":41,"CurrencyAmount":-195.44,'
        '"Description":"Ordre 1042","CustomMatchingReference":"fjell-1042",'
        '"InvoiceNo":"10001"}]}'
    )
    told(cash, lambda go: go.create_voucher(replace(PAID, kind=VoucherKind.CASH)))
    assert cash.requests[0].url == "https://go.test/v2/Vouchers/CashJournals"
    assert cash.body() == bank.body().replace(',"InvoiceNo":"10001"', "")


@pytest.mark.parametrize(
    ("amounts", "leaves"),
    [
        (("195.44", "-195.43"), False),
        (("0.1", "0.2"), False),
        (("0", "0"), False),
        (("0.00",), False),
        (("0.3", "-0.1", "-0.2"), True),
    ],
)
def test_a_voucher_that_does_not_balance_never_leaves(amounts, leaves):
    """Whether PowerOffice would refuse it is not described; tenths of a krone sum exactly."""
    wire = Wire(httpx.Response(201, json=MADE))
    lines = tuple(VoucherLine(1, 41, Decimal(amount), "x") for amount in amounts)
    doc = replace(PAID, lines=lines)
    if leaves:
        told(wire, lambda go: go.create_voucher(doc))
        assert '"CurrencyAmount":0.3,' in wire.body()
        return
    with pytest.raises(ValueError, match="sum to 0"):
        told(wire, lambda go: go.create_voucher(doc))
    assert wire.requests == []


# -- refusals and doubts ---------------------------------------------------------------------------

RIGHTS = {
    "BankVoucher_Full": ("may_not_post_vouchers", [
        lambda go: go.create_voucher(PAID), lambda go: go.voucher(VoucherKind.BANK, ID)]),
    "CashVoucher_Full": ("may_not_post_vouchers", [
        lambda go: go.create_voucher(replace(PAID, kind=VoucherKind.CASH)),
        lambda go: go.voucher(VoucherKind.CASH, ID)]),
    "CustomerLedger": ("may_not_read_ledger", [lambda go: go.ledger(**OF_ONE)]),
    "AccountTransaction": ("may_not_read_transactions", [
        lambda go: listed(go.booked.sales(FIRST, LAST))]),
}  # fmt: skip


@pytest.mark.parametrize("role", RIGHTS)
def test_a_missing_right_is_named_and_stops_nothing_else(role):
    """Invoices can still be read, and what to ask for is said in both languages."""
    code, calls = RIGHTS[role]

    async def work(sandbox):
        errors = []
        for call in calls:
            with pytest.raises(NotAllowed) as caught:
                await call(sandbox.client)
            errors.append(caught.value)
        return errors, await sandbox.client.invoices()

    errors, seen = in_sandbox(work, privileges={"OutgoingInvoice"})
    assert seen == []
    for error in errors:
        assert (error.code, error.facts["role"]) == (code, role)
        assert not isinstance(error, CannotLogIn | Refused)
        assert all(role in say_both(code, language, error.facts) for language in ("en", "nb"))


def test_a_taken_reference_is_refused_by_naming_its_voucher_or_makes_two():
    """So the reference alone protects nobody: what is unsettled is looked up, not repeated."""

    async def work(sandbox):
        customer, _ = await invoiced(sandbox)
        doc = payment(sandbox, customer)
        first = await sandbox.client.create_voucher(doc)
        with pytest.raises(Refused) as caught:
            await sandbox.client.create_voucher(doc)
        sandbox.faults.duplicate_voucher_reference = "accepted"
        second = await sandbox.client.create_voucher(doc)
        entries = await sandbox.client.ledger(**OF_ONE)
        return first, caught.value, second, [one.voucher_id for one in entries if one.amount < 0]

    first, error, second, credited = in_sandbox(work)
    assert (error.status, first.id in error.detail) == (400, True)
    assert "already in use" in error.detail
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


def create(go):
    return go.create_voucher(PAID)


def look(go):
    return go.ledger(**OF_ONE)


@pytest.mark.parametrize(
    ("call", "answer", "field"),
    [
        (create, {"Id": ID}, "VoucherNo"),
        (create, {"VoucherNo": 17}, "Id"),
        (create, {**MADE, "VoucherNo": "B7"}, "VoucherNo"),
        (create, httpx.Response(204), "Id"),
        (look, [{**ENTRY, "CurrencyAmount": None}], "CurrencyAmount"),
        (look, [{**ENTRY, "CurrencyAmount": "much"}], "CurrencyAmount"),
        (look, [{**ENTRY, "VoucherId": None}], "VoucherId"),
        (look, [{**ENTRY, "Id": "x"}], "Id"),
    ],
)
def test_what_does_not_name_the_voucher_is_not_understood(call, answer, field):
    """It may have been posted: the caller has to look, and evidence has to be whole."""
    error = failure(answer, call)
    assert (type(error), error.facts["field"]) == (NotUnderstood, field)


def test_a_voucher_of_another_journal_or_none_is_none():
    """The application knows no such one of ours there; a gateway's 404 says nothing of it."""

    async def work(sandbox):
        customer, _ = await invoiced(sandbox)
        made = await sandbox.client.create_voucher(payment(sandbox, customer))
        bank = await sandbox.client.voucher(VoucherKind.BANK, made.id)
        cash = await sandbox.client.voucher(VoucherKind.CASH, made.id)
        by_hand = sandbox.books.register_payment(10001, Decimal(1))
        return made == bank, cash, await sandbox.client.voucher(VoucherKind.BANK, by_hand.id)

    assert in_sandbox(work) == (True, None, None)
    answer = httpx.Response(404, json={"statusCode": 404, "message": "Resource not found"})
    error = failure(answer, lambda go: go.voucher(VoucherKind.CASH, ID))
    assert (type(error), error.code) == (NotUnderstood, "poweroffice_wrong_address")


# -- the customer ledger ---------------------------------------------------------------------------


@pytest.mark.parametrize("currency", ["NOK", "EUR"])
def test_the_ledger_shows_invoice_and_payment_of_a_reference(currency):
    """Positive and negative, as they were posted; each tells its voucher."""

    async def work(sandbox):
        customer, invoice = await invoiced(sandbox, currency=currency)
        await invoiced(sandbox, 1043, customer)
        made = await sandbox.client.create_voucher(payment(sandbox, customer, currency=currency))
        return invoice, made, await sandbox.client.ledger(**OF_ONE)

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


def test_the_ledger_is_asked_for_references_in_addresses_of_bounded_length_or_not_at_all():
    """Each once, always with both days; an entry that only shares a match is left out."""
    wire = Wire(*[httpx.Response(204)] * 30)
    references = [str(uuid.uuid5(uuid.NAMESPACE_URL, str(n))) for n in range(300)]
    told(wire, lambda go: go.ledger(**LEDGER, matching_references=references * 2))
    asked = [dict(request.url.params) for request in wire.requests]
    assert [r for one in asked for r in one["customMatchingReferences"].split(",")] == references
    assert {(one["fromDate"], one["toDate"]) for one in asked} == {("2026-11-01", "2026-11-30")}
    assert max(len(str(request.url)) for request in wire.requests) < 1900
    nothing = Wire()
    assert told(nothing, lambda go: go.ledger(**LEDGER, matching_references=[])) == []
    assert nothing.requests == []
    wire = Wire([ENTRY, {**ENTRY, "Id": 2, "CustomMatchingReference": None}])
    assert [one.id for one in told(wire, look)] == [900001]


# -- long lists ------------------------------------------------------------------------------------


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
    assert sum(one.amount + (one.vat or 0) for one in sales) == -invoice.total
    assert [(one.account_no, one.amount) for one in money] == [(1903, Decimal("195.44"))]
