"""When an order is invoiced, how the invoice reaches the customer, and the payment on it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from tests.mapping.company import TODAY, VAT_CODES, basis, company, settings
from tests.mapping.golden import order_of
from tests.mapping.orders import KARI, documents, line, order, told
from woo2po.documents import Account, Delivery, InvoiceWanted, NotYet, PaymentWanted, VoucherKind
from woo2po.mapping.payment import invoice_of, payment_of
from woo2po.mapping.values import Basis

COMPLETED = {"status": "completed", "date_paid_gmt": "2026-10-31T10:00:00",
             "date_completed_gmt": "2026-11-05T10:00:00"}  # fmt: skip
PAID = {"date_paid_gmt": "2026-11-05T10:00:00"}
NOT_COMPLETED = NotYet("not_completed")


def one(**changed):
    return order(line("100"), **changed)


def invoice(given, today=TODAY, lock=None, zone="Europe/Oslo", **keys):
    invoices = {"create": True, **keys}
    chosen = settings(invoices=invoices, woocommerce={"timezone": zone})
    return invoice_of(given, Basis(chosen, company(lock), today))


def completed(**changed):
    return one(**{**COMPLETED, **changed})


def test_an_order_is_invoiced_the_day_it_became_completed_if_invoices_are_to_be_created():
    """Question 3 is answered no by default. Question 4's default: nothing before, that day
    after. Only what is prepaid is due the same day. In a locked period the first open day is used,
    and both days are told; the lock date itself is locked and the day after it is not.
    """
    day, open_ = date(2026, 11, 5), date(2026, 12, 1)
    assert invoice_of(completed(), basis(settings(), company())) == NotYet("left_to_a_person")
    assert invoice(one(date_paid_gmt="2026-10-31T10:00:00")) == NOT_COMPLETED
    whole = InvoiceWanted(day, day, Delivery.NONE, KARI["email"])
    assert invoice(completed()) == invoice(completed(), lock=date(2026, 11, 4)) == whole
    assert invoice(one(**BY_INVOICE)).due is None
    moved = replace(whole, day=open_, due=open_, moved_from=day)
    assert invoice(completed(), lock=date(2026, 11, 30)) == moved
    assert invoice(completed(), lock=day).day == date(2026, 11, 6)


AT_ONCE = {"when": "processing"}


@pytest.mark.parametrize(
    ("given", "how", "day"),
    [# A sale of September that is completed in October is October's, unless payment decides.
     (order_of("completed-next-month"), {}, date(2026, 10, 2)),
     (order_of("completed-next-month"), AT_ONCE, date(2026, 9, 30)),
     # The shop keeps the day of completion when the order goes back.
     *[(completed(status=status), {}, None)
       for status in ("processing", "on-hold", "cancelled", "pending")],
     # A credit note needs the invoice; what never was completed needs neither.
     (completed(status="refunded"), {}, date(2026, 11, 5)), (one(status="refunded"), {}, None),
     # A status of the shop's own behind completion counts as completed.
     (completed(status="delivered"), {}, date(2026, 11, 5)),
     # Invoiced at once, the day is that of payment or else of the order.
     (one(date_paid_gmt="2026-11-04T08:00:00"), AT_ONCE, date(2026, 11, 4)),
     (order_of("company-invoice-unpaid"), AT_ONCE, date(2026, 10, 5)),
     # The shop says UTC; a day is a day in its zone, summer time's double hour included.
     *[(one(date_paid_gmt=paid), AT_ONCE, date.fromisoformat(day)) for paid, day in (
         ("2026-10-31T23:00:00", "2026-11-01"),  # midnight, winter time
         ("2026-09-30T22:00:00", "2026-10-01"),
         ("2026-10-25T00:30:00", "2026-10-25"),  # 02:30, the first time
         ("2026-10-25T01:30:00", "2026-10-25"),  # 02:30, the second time
         ("2026-10-25T22:59:59", "2026-10-25"),  # the day of 25 hours ends
         ("2026-10-25T23:00:00", "2026-10-26"))],
     (one(date_paid_gmt="2026-11-01T03:00:00"), {**AT_ONCE, "zone": "America/New_York"},
      date(2026, 10, 31))],
)  # fmt: skip
def test_question_4_decides_the_day(given, how, day):
    """Of completion, or of payment, in the zone of woocommerce.timezone."""
    made = invoice(given, **how)
    assert made == NOT_COMPLETED if day is None else made.day == day


BY_INVOICE = {**COMPLETED, "payment_method": "bacs"}
BUSINESS = {**KARI, "company": "Fjell AS", "email": ""}
FJELL = {**BY_INVOICE, "billing": BUSINESS,
         "meta_data": [{"key": "_billing_org_nr", "value": "923609016"}]}  # fmt: skip


RESERVED = {**COMPLETED, "payment_method": "vipps",
            "meta_data": [{"key": "_vipps_captured", "value": "0"}]}  # fmt: skip
AT_THE_DOOR = {**COMPLETED, "payment_method": "cod", "date_paid_gmt": None}
LEAVES = {
    # What is paid, or whose money is promised, goes by invoices.delivery: none, email, auto.
    "paid": (COMPLETED, "delivery"), "reserved": (RESERVED, "delivery"),
    "nothing to pay": ({**BY_INVOICE, "total": "0", "line_items": [line("0")]}, "delivery"),
    # What is to be paid goes by invoices.delivery_unpaid, whoever ticked it off in the shop.
    "by invoice": (BY_INVOICE, "delivery_unpaid"), "a company's": (FJELL, "delivery_unpaid"),
    "not paid yet": (AT_THE_DOOR, "delivery_unpaid"),
    "raised since all of it was captured": (
        {**RESERVED, "meta_data": [{"key": "_vipps_captured", "value": "100"},
                                   {"key": "_vipps_capture_remaining", "value": "0"}]},
        "delivery_unpaid"),
}  # fmt: skip


@pytest.mark.parametrize("what", LEAVES)
@pytest.mark.parametrize("paid", ["none", "email", "auto"])
@pytest.mark.parametrize("unpaid", ["email", "auto"])
def test_no_invoice_that_is_to_be_paid_reaches_nobody(what, paid, unpaid):
    """Whatever is set for paid ones, with an e-mail and without: it goes out or is held."""
    changed, key = LEAVES[what]
    way = Delivery(paid if key == "delivery" else unpaid)
    for email in (KARI["email"], "", "not an address"):
        billing = {**changed.get("billing", KARI), "email": email}
        made = invoice(one(**{**changed, "billing": billing}), delivery=paid,
                       delivery_unpaid=unpaid)  # fmt: skip
        by_ehf = way is Delivery.AUTO and what == "a company's"
        if way is Delivery.NONE or "@" in email or by_ehf:
            assert (made.delivery, made.email) == (way, email if "@" in email else "")
        elif key == "delivery":  # belongs in the books, and nothing is left to pay
            assert (made.delivery, made.email) == (Delivery.NONE, "")
        else:
            code, text = told(made)
            assert (code, f'invoices.delivery_unpaid = "{unpaid}"' in text) == (
                "invoice_email_missing", True)  # fmt: skip


# What the invoice says of the payment


@pytest.mark.parametrize(
    ("changed", "create", "term", "says"),
    [({**PAID, "payment_method_title": "Vipps"}, True, 0, "Betalt 05.11.2026: Vipps"),
     # Titles come raw from the shop, and fit on their line.
     ({**PAID, "payment_method_title": "Vipps\r\n\u202e" + "x" * 500}, True, 0,
      "Betalt 05.11.2026: Vipps"),
     # Cash on delivery, say: due at once, but nothing says that the money came.
     ({"payment_method_title": "Betal ved levering"}, True, 0, ""),
     (PAID, True, 0, ""),  # a day alone says nothing
     # To be paid later, nothing to pay, or a person's invoice.
     ({**PAID, "payment_method_title": "Vipps", "payment_method": "bacs"}, True, None, ""),
     ({**PAID, "payment_method_title": "Vipps", "total": "0.00", "line_items": [line("0")]}, True,
      None, ""),
     ({**PAID, "payment_method_title": "Vipps"}, False, None, ""),
     # What a gateway reserved is paid once all of it is captured, and is not if it let go.
     *[({**PAID, "payment_method_title": "Vipps", "meta_data": [{"key": key, "value": value}]},
        True, 0, said) for key, value, said in (
         ("_vipps_captured", "12500", "Betalt 05.11.2026: Vipps"),
         *(("_vipps_captured", some, "Reservert med Vipps, trekkes ved sending")
           for some in ("0", "5000")))],
     ({**PAID, "payment_method_title": "Vipps", "payment_method": "kco",
       "meta_data": [{"key": "_wc_klarna_cancelled", "value": "yes"}]}, True, 0, "")],
)  # fmt: skip
def test_a_prepaid_invoice_says_so(changed, create, term, says):
    """A text with the method's title is the last line; the digest tells it from one to be paid."""
    made = documents(one(**changed), settings(invoices={"create": create})).sales_order
    texts = [(a.reference, a.description[: len(says)]) for a in made.lines if not a.product_code]
    assert (made.payment_term, texts) == (term, [("paid", says)] if says else [])
    assert max(len(one.description) for one in made.lines) <= 400


# The payment, and the account that it is debited to


def paid(**changed):
    return one(**{"date_paid_gmt": "2026-11-04T08:00:00", **changed})


def payment(given, there=None, **keys):
    """Return what is booked; keys of [payments], and `locked_period` of [invoices]."""
    invoices = {"locked_period": keys.pop("locked_period", "next_open_day")}
    said = {"register": True, "accounts": {"vipps": 1903}, **keys}
    chosen = settings(payments=said, invoices=invoices)
    return payment_of(given, basis(chosen, there or company()))


def test_a_paid_order_is_debited_to_its_methods_account_if_asked_for():
    """Question 5 is no by default. The whole total, on the day paid or the first open one,
    in the order's currency, by bank journal.
    """
    assert payment(paid()) == PaymentWanted(
        VoucherKind.BANK, 19030, 1903, date(2026, 11, 4), Decimal("125.00"), "NOK", "vipps"
    )
    assert payment(paid(currency="SEK")).currency == "SEK"  # its voucher carries the rate
    # A part paid by a hidden card is no money: the card's line is on the invoice.
    assert payment(order_of("plugin-pw-gift-card-part")).amount == Decimal("1077.80")
    assert payment_of(paid(), basis(settings(), company())) is None
    assert payment(CASH, types={"cod": "cash"}).day == date(2026, 10, 6)
    assert payment(paid(), company(date(2026, 11, 30))).day == date(2026, 12, 1)


CASH = order_of("cash-local-pickup")
NEVER_PAID = order_of("admin-order-never-paid-date")
NO_METHOD = NEVER_PAID.model_copy(update={"date_paid_gmt": NEVER_PAID.date_completed_gmt})


@pytest.mark.parametrize(
    ("given", "keys", "account"),
    [(paid(payment_method="klarna_payments"), {"bank_account": 1920}, (VoucherKind.BANK, 1920)),
     (NO_METHOD, {"bank_account": 1920}, (VoucherKind.BANK, 1920)),
     # By cash journal by the method's own type, or where cash is the default.
     (CASH, {"types": {"cod": "cash"}}, (VoucherKind.CASH, 1900)),
     (CASH, {"default_type": "cash"}, (VoucherKind.CASH, 1900)),
     # A till with an account of its own is cash too.
     (CASH, {"types": {"cod": "cash"}, "accounts": {"cod": 1903}}, (VoucherKind.CASH, 1903)),
     # What brought no money has no payment.
     (paid(payment_method="bacs"), {}, None),  # the bank's file closes it, paid in the shop or not
     (paid(date_paid_gmt=None), {}, None),  # it may appear later
     (paid(total="0.00", line_items=[line("0")]), {}, None),
     (order_of("plugin-pw-gift-card-all"), {}, None),  # the shop says it is paid, by no method
     (NEVER_PAID, {}, None)],
)  # fmt: skip
def test_the_methods_own_account_goes_before_that_of_its_type(given, keys, account):
    """And the bank's is used only if it is written."""
    made = payment(given, **keys)
    assert (made and (made.kind, made.account_no)) == account


CAPTURED = {"meta_data": [{"key": "_wc_klarna_capture_id", "value": "c1"}]}
GOOD = Account(19030, 1903, VAT_CODES["0"])


def account(**changed):
    return company(a1903=replace(GOOD, **changed))


@pytest.mark.parametrize(
    ("made", "code", "said"),
    [# An imported order says nothing of when, and a guess might be another VAT period.
     (invoice(one(status="completed")), "completed_without_day", "does not say when"),
     # A shop whose clock is wrong, or a date that somebody typed.
     (invoice(completed(), today=date(2026, 11, 4)), "day_in_future", "2026-11-05"),
     (invoice(completed(), lock=date(2026, 11, 30), locked_period="hold"), "period_locked",
      "2026-11-30"),
     (invoice(completed(), lock=TODAY), "locked_ahead", ""),  # the first open day is tomorrow
     # Money came, in whatever way: nobody is asked to pay, whether payments are booked or not.
     (invoice(one(payment_method="kco", **PAID, **CAPTURED), **AT_ONCE, delivery_unpaid="email"),
      "capture_without_day", "Klarna says that the money was captured"),
     # The default 1920 is an offer, not an answer: a clearing account is the owner's choice.
     (payment(paid(payment_method="klarna_payments")), "payment_account_not_set",
      "klarna_payments"),
     # The method's id decides, never its title: Nets' Vipps is settled by Nets.
     (payment(paid(payment_method="nets_easy_vipps", payment_method_title="Vipps")),
      "payment_account_not_set", ""),
     (payment(NO_METHOD), "payment_method_missing", ""),
     *[(payment(paid(), there), code, "1903 (payments.accounts.vipps)") for there, code in (
         (account(active=False), "payment_account_inactive"),
         (account(vat_code=VAT_CODES["3"]), "payment_account_with_vat"),
         # A voucher's line would have to name a dimension by its id, which no key has.
         (account(needs_department=True), "payment_account_department"),
         (account(needs_project=True), "payment_account_project"))],
     *[(payment(paid(), **keys), "payment_account_missing", f"1999 (payments.{key})")
       for key, keys in (
         ("accounts.vipps", {"accounts": {"vipps": 1999}}),
         ("bank_account", {"accounts": {}, "bank_account": 1999}),
         ("cash_account", {"default_type": "cash", "accounts": {}, "cash_account": 1999}))],
     (payment(paid(), company(date(2026, 11, 30)), locked_period="hold"), "period_locked", ""),
     # Midnight in Norway is the next day, also where UTC says the day before.
     (payment(paid(date_paid_gmt="2026-12-31T23:30:00")), "day_in_future", "")],
)  # fmt: skip
def test_what_cannot_be_invoiced_or_booked_is_held(made, code, said):
    """Nothing is guessed, and nothing is dated ahead; the account and the key stand in the text."""
    got, text = told(made)
    assert (got, said in text) == (code, True)


def test_an_account_that_needs_a_dimension_takes_no_payment_even_with_one_configured():
    """One without a VAT code takes it as one of code 0 does: a balance account has none."""
    chosen = settings(payments={"register": True, "accounts": {"vipps": 1903}},
                      dimensions={"department": "10", "project": "7"})  # fmt: skip
    there = account(needs_department=True, needs_project=True)
    assert told(payment_of(paid(), basis(chosen, there)))[0] == "payment_account_department"
    assert isinstance(payment(paid(), account(vat_code=None)), PaymentWanted)
