"""PowerOffice's client at the stand-in: invoices, sending, payments and what is booked."""

import uuid
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from poweroffice_client import DAY, LEDGER, OF_ONE, ORDER, PREPAID, Sandbox, failure, line

from woo2po.documents import SentState, VoucherKind
from woo2po.http import Refused

ID = "0b9e2f52-7a5e-4b57-9d0c-000000000001"
TOTAL = Decimal("195.44")
NOTHING = SentState(processing=False, sent=False, invoice_no=None, error="")
BACK = {"lines": (line(quantity="-2"),)}

# Sending


def test_a_sent_order_becomes_an_invoice_of_the_day_that_was_wanted():
    """Invoice date and due date are ours, else the payment term of the order gives it, in
    days from the invoice date, 0 too; number, balance and customer come back.
    """
    sandbox = Sandbox()
    customer, draft = sandbox.drafted()
    sandbox.client.send_invoice(draft.id, PREPAID)
    seen = sandbox.client.sent_state(draft.id)
    assert seen == SentState(processing=False, sent=True, invoice_no=10001, error="")
    (invoice,) = sandbox.client.invoices(matching_references=["fjell-1042"])
    assert (invoice.id, invoice.order_no, invoice.invoice_no) == (draft.id, draft.number, 10001)
    assert (invoice.day, invoice.due, invoice.customer_id) == (DAY, DAY, customer.id)
    assert (invoice.total, invoice.balance, invoice.reference) == (TOTAL, TOTAL, "fjell_1042")
    sandbox, wanted = Sandbox(), replace(PREPAID, due=None)
    customer, usual = sandbox.sent(1, None, wanted)
    _, at_once = sandbox.sent(2, customer, wanted, payment_term=0)
    _, later = sandbox.sent(3, customer, wanted, payment_term=30)
    assert (usual.due, at_once.due, later.due) == (date(2026, 12, 4), DAY, date(2026, 12, 20))


def test_another_refusal_of_sending_keeps_poweroffices_words():
    """An order on its way is in conflict with a second request, a gone one is not found."""
    for result, status, said in (("late", 409, "is being invoiced"), ("ok", 404, "")):
        sandbox = Sandbox(send_result=result)
        _, draft = sandbox.drafted()
        sandbox.client.send_invoice(draft.id, PREPAID)
        error = failure(sandbox.client.send_invoice, draft.id, PREPAID)
        assert (type(error), error.status) == (Refused, status)
        assert said in error.detail


# The invoices that are there


def test_an_invoice_may_have_another_id_than_its_order():
    """Found by the matching reference, with the order's lines; sentState still knows the order."""
    sandbox = Sandbox(spec="2025", invoice_id_is_order_id=False)
    _, draft = sandbox.drafted()
    sandbox.client.send_invoice(draft.id, PREPAID)
    (invoice,) = sandbox.client.invoices(matching_references=["fjell-1042"])
    assert invoice.id != draft.id
    number = sandbox.client.sent_state(draft.id).invoice_no
    assert (invoice.order_no, invoice.invoice_no) == (draft.number, number)
    lines = sandbox.client.invoice_lines(invoice.id)
    told = [[(x.reference, x.quantity, x.total) for x in of] for of in (lines, draft.lines)]
    assert told[0] == told[1]
    assert sandbox.client.invoice_lines(ID) == ()  # another system's, or none at all


def test_one_list_tells_of_all_that_was_sent_since_a_moment():
    """What a person sent counts too, and only filters of the oldest description go out."""
    sandbox = Sandbox(spec="2025")
    customer, _ = sandbox.sent(1)
    sandbox.wait(60)
    since = sandbox.now - timedelta(seconds=30)
    sandbox.sent(2, customer)
    sandbox.drafted(3, customer)
    sandbox.books.invoice_by_hand("fjell_3")
    listed = sandbox.client.invoices(sent_after=since)
    assert [one.reference for one in listed] == ["fjell_2", "fjell_3"]


def test_invoices_are_found_by_number_and_a_paid_one_has_a_balance_of_0():
    """Only documented filters go out."""
    sandbox = Sandbox(spec="2025")
    go, (customer, paid) = sandbox.client, sandbox.sent(1)
    for number in (2, 3):
        sandbox.sent(number, customer)
    sandbox.books.register_payment(paid.invoice_no)
    numbered = go.invoices(numbers=[10001, 10002])
    assert [(one.invoice_no, one.balance) for one in numbered] == [(10001, 0), (10002, TOTAL)]
    go.invoices(matching_references=["a", "b"], from_date=date(2026, 11, 1))
    names = [pair.partition("=")[0] for pair in sandbox.asked("GET", "/OutgoingInv")[-1].split("&")]
    wanted = ["fromDate", "customMatchingReferences", "Fields", "PageSize", "PageNumber"]
    assert names == wanted


def test_a_negative_order_of_an_invoice_becomes_its_credit_note():
    """The invoice that it credits stands on it, in a new draft and in a changed one."""
    sandbox = Sandbox()
    go, (customer, invoice) = sandbox.client, sandbox.sent(1)
    changes = {**BACK, "related_invoice_no": invoice.invoice_no}
    _, draft = sandbox.drafted(2, customer, **changes)
    names = {"reference": "fjell_2", "matching_reference": "fjell-2"}
    go.change_header(draft.id, replace(ORDER, **names, **changes), customer.id, None)
    assert sandbox.books.order("fjell_2").related_invoice_no == invoice.invoice_no
    go.send_invoice(draft.id, PREPAID)
    (note,) = go.invoices(matching_references=["fjell-2"])
    assert (note.total, note.balance) == (-invoice.total, -invoice.total)


# Payments


@pytest.mark.parametrize(("kind", "account"), [(VoucherKind.BANK, 1903), (VoucherKind.CASH, 1900)])
def test_a_payment_closes_the_invoices_of_its_matching_references(kind, account):
    """One voucher of a day pays several orders, each by the reference on its line."""
    sandbox = Sandbox(spec="2025")
    go, (customer, _) = sandbox.client, sandbox.sent(1)
    sandbox.sent(2, customer)
    how = {"references": ("fjell-1", "fjell-2"), "kind": kind, "account": account}
    made = go.create_voucher(sandbox.payment(customer, TOTAL, TOTAL, **how))
    assert go.voucher(kind, made.id) == made
    assert [one.balance for one in go.invoices()] == [0, 0]
    posted = {p.account_no: p.amount for p in sandbox.books.postings[-3:]}
    assert posted == {account: 2 * TOTAL, 1500: -TOTAL}


def test_a_payment_can_name_the_invoice_and_money_that_goes_back_closes_the_credit_note():
    """A bank line's number does without any reference; for money back the signs are turned."""
    sandbox = Sandbox()
    go, (customer, invoice) = sandbox.client, sandbox.sent()
    doc = sandbox.payment(customer)
    money, owed = doc.lines
    by_number = replace(owed, matching_reference="", invoice_no=invoice.invoice_no)
    go.create_voucher(replace(doc, lines=(money, by_number)))
    assert [one.balance for one in go.invoices()] == [0]
    sandbox.sent(1, customer)
    sandbox.sent(2, customer, **BACK, related_invoice_no=10002)
    returned = {"references": ("fjell-2",), "reference": str(uuid.uuid4())}
    go.create_voucher(sandbox.payment(customer, -TOTAL, **returned))
    assert [one.balance for one in go.invoices()] == [0, TOTAL, 0]


# What is booked


@pytest.mark.parametrize("currency", ["NOK", "EUR"])
def test_the_ledger_shows_invoice_and_payment_of_a_reference(currency):
    """Positive and negative, as they were posted; each tells its voucher. Both days count."""
    sandbox = Sandbox(spec="2025")
    go, (customer, invoice) = sandbox.client, sandbox.sent(currency=currency)
    sandbox.sent(1043, customer)
    made = go.create_voucher(sandbox.payment(customer, currency=currency))
    entries = go.ledger(**OF_ONE)
    assert [(one.amount, one.invoice_no, one.voucher_id) for one in entries] == [
        (TOTAL, "10001", invoice.id),
        (-TOTAL, "", made.id),
    ]
    assert {one.matching_reference for one in entries} == {"fjell-1042"}
    for first, last, count in ((20, 20, 2), (1, 19, 0), (21, 30, 0)):
        days = {"from_date": date(2026, 11, first), "to_date": date(2026, 11, last)}
        assert len(go.ledger(**days, matching_references=["fjell-1042"])) == count


def test_long_lists_show_invoices_sales_with_their_vat_and_what_an_account_took():
    """An invoice by day, number and reference; a sale is a credit, without its VAT and the debt."""
    sandbox = Sandbox(spec="2025")
    first, last = LEDGER.values()
    customer, invoice = sandbox.sent()
    booked = sandbox.client.booked
    (seen,) = booked.invoices_since(first)
    assert [seen] == booked.invoices_numbered([seen.invoice_no])
    assert [seen] == booked.invoices_of([seen.matching_reference])
    assert (seen.total, seen.balance, seen.currency) == (TOTAL, TOTAL, "NOK")
    assert seen.net < seen.total
    assert booked.invoices_since(date(2026, 12, 31)) == booked.drafts() == []
    sandbox.client.create_voucher(sandbox.payment(customer))
    sales = booked.sales(first, last)
    assert {one.voucher_id for one in sales} == {invoice.id}
    assert sum(one.amount + (one.vat or 0) for one in sales) == -invoice.total
    money = booked.on_accounts(first, last, [1903, 1904])
    assert [(one.account_no, one.amount) for one in money] == [(1903, TOTAL)]
