"""The stand-in for PowerOffice Go keeps the rules for invoices, payments and people's own work."""

from datetime import date
from decimal import Decimal

import pytest
from go_desk import DAY, Desk, said

D = Decimal


# Sending


def test_a_sent_order_becomes_an_invoice():
    """It leaves the orders, gets a number from 10001 on, and carries the order's references."""
    desk = Desk()
    draft = desk.draft(ExternalImportReference="shop_1", CustomMatchingReference="m1")
    answer = desk.send(draft)
    assert answer.headers["Location"] == f"/v2/SalesOrders/SentState?id={draft}"
    assert desk.sent(draft)["SentDateTimeOffset"]
    assert desk.get("/SalesOrders").status_code == 204
    assert desk.get(f"/SalesOrders/{draft}").status_code == 404
    [invoice] = desk.get("/OutgoingInvoices", customMatchingReferences="m1").json()
    assert (invoice["Id"], invoice["InvoiceNo"], invoice["Balance"]) == (draft, 10001, 125)
    assert invoice["ExternalImportReference"] == "shop_1"
    assert (invoice["VoucherDate"], invoice["DueDate"]) == (DAY, "2026-12-04")


def test_an_order_is_not_sent_twice():
    """While it is processed the second request is refused; afterwards the order is gone."""
    desk = Desk(send_result="late")
    draft = desk.draft()
    desk.send(draft)
    assert desk.send(draft).status_code == 409
    desk.wait(5)
    assert desk.send(draft).status_code == 404
    assert len(desk.books.outgoing_invoices) == 1


def test_sending_without_the_privilege_is_a_bad_request():
    """It is 400 "Missing privilege", and the order stays a draft; a new token knows better."""
    desk = Desk(may_send=False)
    draft = desk.draft()
    answer = desk.send(draft)
    assert (answer.status_code, answer.json()["title"]) == (400, "Missing privilege")
    desk.faults.may_send = True
    assert desk.send(draft).status_code == 400
    desk.log_in()
    assert desk.send(draft).status_code == 202


@pytest.mark.parametrize(
    ("lines", "more", "complaint"),
    [
        ([{"LineType": "Text", "Description": "x"}], {"VoucherDate": "2026-08-31"}, "locked until"),
        (
            [{"LineType": "Text", "Description": "x"}],
            {"DeliveryType": "PdfByEmail"},
            "e-postadresse",
        ),
    ],
)
def test_what_cannot_be_invoiced_stays_a_draft_with_an_error(lines, more, complaint):
    """The 202 promises nothing: the error is told by sentState, and it can be sent again."""
    desk = Desk()
    draft = desk.draft(*lines)
    desk.send(draft, **more)
    state = desk.sent(draft)
    assert complaint in state["LastErrorMessage"]
    assert (state["IsInvoiceBeingProcessed"], state["InvoiceNo"]) == (False, None)
    desk.send(draft)
    state = desk.sent(draft)
    assert (state["LastErrorMessage"], state["InvoiceNo"]) == (None, 10001)


def test_an_order_without_lines_is_not_invoiced():
    """There is nothing to invoice."""
    desk = Desk()
    draft = desk.post("/SalesOrders/Complete", {"CustomerId": desk.person()["Id"]}).json()["Id"]
    desk.send(draft)
    assert "no lines" in desk.sent(draft)["LastErrorMessage"]


def test_an_invoice_fee_comes_on_top_for_those_who_have_it():
    """A company that charges a fee adds it on sending unless the customer goes without."""
    desk = Desk()
    desk.books.invoice_fee = D(40)
    assert desk.invoiced()["TotalAmount"] == 175
    spared = desk.person(UseInvoiceFee=False)["Id"]
    assert desk.invoiced(CustomerId=spared)["TotalAmount"] == 125


def test_a_negative_order_becomes_a_credit_note():
    """It may name the invoice it credits, which a positive order may not."""
    desk = Desk()
    invoice = desk.invoiced()
    assert "credit note draft" in said(desk.order(RelatedInvoiceNo=10001))[1]
    draft = desk.draft()
    assert desk.patch(f"/SalesOrders/{draft}", RelatedInvoiceNo=10001).status_code == 400
    assert desk.get(f"/SalesOrders/{draft}").json()["RelatedInvoiceNo"] is None
    back = desk.line(quantity=-1)
    note = desk.invoiced(back, CustomerId=invoice["CustomerId"], RelatedInvoiceNo=10001)
    assert (note["VoucherType"], note["TotalAmount"]) == ("OutgoingCreditNote", -125)
    assert (note["RelatedInvoiceNo"], note["InvoiceNo"]) == (10001, 10002)


def test_every_posting_balances():
    """Sales, VAT and the customer's debt sum to 0, in foreign currency and in each rounding."""
    for rounding in ("line", "document", "end"):
        desk = Desk(rounding=rounding)
        lines = [desk.line(price=0.008), desk.line("KAF-250", 3, 77.217391), desk.line("BOK-12")]
        desk.invoiced(*lines, CurrencyCode="SEK")
        assert sum(p.amount for p in desk.books.postings) == 0
        assert {p.account_no for p in desk.books.postings} >= {1500, 2700, 3030, 3100}


def test_what_rounding_leaves_over_is_posted_as_such():
    """Where the total is not the sum of net and VAT, the øre goes on its own account."""
    desk = Desk(rounding="end")
    desk.invoiced(*[desk.line(price=0.02)] * 5, desk.line("KAF-250", price=0.1))
    posted = {p.account_no: p.amount for p in desk.books.postings}
    assert posted == {
        1500: D("0.24"),
        3000: D("-0.10"),
        3030: D("-0.10"),
        2700: D("-0.05"),
        7740: D("0.01"),
    }


# Payments


def test_a_payment_with_the_orders_matching_reference_closes_the_invoice():
    """Same customer, same reference, opposite amount: both are settled and share a match."""
    desk = Desk()
    invoice = desk.invoiced(CustomMatchingReference="m1")
    assert desk.voucher(invoice["CustomerId"], 125, CustomMatchingReference="m1").status_code == 201
    paid = desk.get(f"/OutgoingInvoices/{invoice['Id']}").json()
    assert (paid["Balance"], paid["MatchId"]) == (0, 1)
    assert desk.get("/OutgoingInvoices", onlyUnpaidInvoices="true").status_code == 204
    assert desk.get("/Customerledger/OpenItems", date="2026-12-31").status_code == 204


def test_a_payment_before_its_invoice_is_matched_by_it():
    """The order of events does not matter for a matching reference."""
    desk = Desk()
    customer = desk.person()["Id"]
    desk.voucher(customer, 125, CustomMatchingReference="m1")
    assert desk.invoiced(CustomerId=customer, CustomMatchingReference="m1")["Balance"] == 0


@pytest.mark.parametrize(
    ("amount", "more"),
    [
        (100, {"CustomMatchingReference": "m1"}),  # not the opposite amount
        (125, {"CustomMatchingReference": "m2"}),  # another reference
        (125, {}),  # none
    ],
)
def test_a_payment_that_does_not_fit_stays_open(amount, more):
    """Neither a part nor another reference closes an invoice."""
    desk = Desk()
    invoice = desk.invoiced(CustomMatchingReference="m1")
    desk.voucher(invoice["CustomerId"], amount, **more)
    assert desk.get(f"/OutgoingInvoices/{invoice['Id']}").json()["Balance"] == 125
    assert len(desk.get("/Customerledger/OpenItems", date="2026-12-31").json()) == 2


def test_another_customers_payment_does_not_match():
    """Matching stays within one sub-ledger account."""
    desk = Desk()
    invoice = desk.invoiced(CustomMatchingReference="m1")
    desk.voucher(desk.person()["Id"], 125, CustomMatchingReference="m1")
    assert desk.get(f"/OutgoingInvoices/{invoice['Id']}").json()["Balance"] == 125


def test_a_payment_with_the_invoice_number_pays_a_part():
    """The invoice number matches whatever the amount, in bank vouchers only."""
    desk = Desk()
    invoice = desk.invoiced()
    desk.voucher(invoice["CustomerId"], 100, InvoiceNo="10001")
    assert desk.books.invoice(10001).balance == 25
    desk.books.register_payment(10001)
    assert desk.books.invoice(10001).balance == 0
    refused = desk.voucher(invoice["CustomerId"], 100, kind="Cash", InvoiceNo="10001")
    assert "InvoiceNo" in said(refused)[1]


def test_a_reversed_voucher_opens_the_invoice_and_frees_its_reference():
    """The reversal nullifies the payment; the same reference may be posted again."""
    desk = Desk()
    invoice = desk.invoiced(CustomMatchingReference="m1")
    pay = {"reference": "r1", "CustomMatchingReference": "m1"}
    voucher = desk.voucher(invoice["CustomerId"], 125, **pay).json()["Id"]
    assert "'r1' is used on (voucher)" in said(desk.voucher(invoice["CustomerId"], 125, **pay))[1]
    assert desk.post(f"/Vouchers/Reverse/{voucher}").status_code == 200
    assert desk.get(f"/Vouchers/BankJournals/{voucher}").json()["IsReversed"] is True
    assert desk.books.invoice(10001).balance == 125
    assert desk.voucher(invoice["CustomerId"], 125, **pay).status_code == 201
    assert desk.books.invoice(10001).balance == 0
    assert sum(p.amount for p in desk.books.postings) == 0


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"CurrencyAmount": 1}, "does not balance"),
        ({"CurrencyAmount": 0}, "not 0"),
        ({"AccountId": 1}, "Account with id = 1 not found."),
        ({"AccountId": 1500}, "cannot be posted on"),
        ({"AccountId": 6300}, "Department is required on account 6300."),
        ({"VatId": 7}, "VatCode with id = 7 not found."),
        ({"PostingDate": "2026-08-31"}, "locked until 2026-08-31"),
        ({"CurrencyAmount": -100.001}, "two decimals"),
        ({"CurrencyCode": "SEK"}, "in the voucher's currency"),
        ({"AccountId": 1904}, "not active"),
        ({"AccountId": 1905}, "locked to another VAT code"),
        ({"AccountId": 1901}, "Project is required"),
        ({"DepartmentId": 7}, "Department with id = 7 not found."),
    ],
)
def test_a_voucher_that_cannot_be_posted_is_refused(change, complaint):
    """Balance, accounts, VAT codes, departments and the lock date are looked at first."""
    desk = Desk()
    desk.books.account(1904).is_active = False
    desk.books.account(1901).is_project_required = True
    desk.books.account(1905).is_vat_code_locked = True
    desk.books.account(1905).vat_code_id = desk.books.vat_code("3").id
    if change.get("AccountId", 0) > 1000:
        change = {"AccountId": desk.books.account(change["AccountId"]).id}
    status, text = said(desk.voucher(desk.person()["Id"], 100, **change))
    assert status in {400, 404}
    assert complaint in text
    assert (desk.books.vouchers, desk.books.entries, desk.books.postings) == ({}, {}, [])


def test_the_ledger_lists_need_their_dates():
    """Without date, fromDate and toDate the answer is 404; what is posted later is not listed."""
    desk = Desk()
    desk.invoiced()
    assert desk.get("/Customerledger/OpenItems", date="2026-11-19").status_code == 204
    assert desk.get("/Customerledger/OpenItems", date=DAY).status_code == 200
    assert desk.get("/Customerledger/OpenItems").status_code == 404
    assert desk.get("/Customerledger/Statement", fromDate=DAY).status_code == 404


def test_a_voucher_without_lines_or_out_of_reach_is_refused():
    """A voucher needs lines; only the integration's own of the same kind can be read."""
    desk = Desk()
    head = {"VoucherDate": DAY, "CurrencyCode": "NOK"}
    assert "VoucherLines is required." in said(desk.post("/Vouchers/BankJournals", head))[1]
    invoice = desk.invoiced()
    desk.books.register_payment(invoice["InvoiceNo"])
    [by_hand] = desk.books.vouchers
    assert desk.get(f"/Vouchers/BankJournals/{by_hand}").status_code == 404
    assert desk.post(f"/Vouchers/Reverse/{by_hand}").status_code == 404
    cash = desk.voucher(invoice["CustomerId"], 10, kind="Cash").json()["Id"]
    assert desk.get(f"/Vouchers/BankJournals/{cash}").status_code == 404


def test_a_reversal_leaves_the_other_payments_of_an_invoice():
    """Of two part payments one is reversed, once: the other one still counts."""
    desk = Desk()
    invoice = desk.invoiced()
    first, second = (
        desk.voucher(invoice["CustomerId"], amount, InvoiceNo="10001").json()["Id"]
        for amount in (100, 25)
    )
    assert desk.books.invoice(10001).balance == 0
    desk.post(f"/Vouchers/Reverse/{second}")
    assert desk.books.invoice(10001).balance == 25
    assert desk.post(f"/Vouchers/Reverse/{second}").status_code == 409
    assert desk.get(f"/Vouchers/BankJournals/{first}").json()["IsReversed"] is False


# People in PowerOffice


def test_a_person_edits_invoices_deletes_and_credits():
    """What is done by hand is seen by the integration as somebody else's."""
    desk = Desk()
    draft = desk.draft(desk.line(ExternalImportReference="1"), ExternalImportReference="shop_1")
    desk.books.edit_line("shop_1", "1", quantity=D(3))
    desk.books.edit_order("shop_1", customer_reference="Ola")
    assert desk.get(f"/SalesOrders/{draft}").json()["TotalAmount"] == 375
    desk.books.invoice_by_hand("shop_1", date(2026, 11, 21))
    invoice = desk.get(f"/OutgoingInvoices/{draft}").json()
    assert (invoice["CustomerReference"], invoice["VoucherDate"]) == ("Ola", "2026-11-21")
    assert desk.get("/OutgoingInvoices", onlyCreatedByCurrentIntegration="true").status_code == 204
    assert desk.sent(draft)["InvoiceNo"] == 10001
    note = desk.books.credit_invoice(10001)
    assert (note.total_amount, desk.books.invoice(10001).balance) == (-375, 0)
    desk.books.delete_draft(desk.draft())
    assert desk.books.sales_orders == {}


def test_the_invoice_may_get_an_id_of_its_own():
    """That order and invoice share an id is likely, not certain."""
    desk = Desk(invoice_id_is_order_id=False)
    draft = desk.draft()
    desk.send(draft)
    assert desk.sent(draft)["InvoiceNo"] == 10001
    assert desk.get(f"/OutgoingInvoices/{draft}").status_code == 404
    [invoice] = desk.get("/OutgoingInvoices", orderNos="1").json()
    assert invoice["Id"] != draft
