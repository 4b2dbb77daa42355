"""Invoices: the right day, the right delivery, once, only of what the customer paid; and what a
run says that it did.

Whatever nobody knows of PowerOffice before it is tried (poweroffice/facts.md, "Not known") is a
switch of the sandbox: the order comes to its end all the same, or waits, and says why.
"""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from stories import *
from world import World

from woo2po.report import summary_line

DONE: dict[str, Any] = {"balances": {"shop_101": 0}}
BOTH: dict[str, Any] = {"balances": {"shop_101": 0, "shop_102": 0}}
ONE: dict[str, Any] = {"invoiced": {"shop_101": PRICE}}
NONE: dict[str, Any] = {"drafts": {"shop_101"}, "invoiced": {}, "paid": 0}
JOURNAL = "BankVoucher_Full"


def _texts(world: World) -> list[str | None]:
    lines = invoice(world, "shop_101").order.lines
    return [line.description for line in lines if line.line_type == "Text"]


@step
def sent(world: World, kind: str, *emails: str | None) -> None:
    """Compare the one request to send: how it leaves, and where to."""
    (body,) = [write.json for write in world.wire.writes if write.sends]
    assert body["DeliveryType"] == kind
    assert body.get("EmailAddress") in emails


@step
def delivered(world: World, day: int, changes: int) -> None:
    """Compare the invoice's day of delivery, in November, and how often its draft was changed."""
    assert invoice(world, "shop_101").order.delivery_date == date(2026, 11, day)
    assert _changes(world) == changes


def _changes(world: World) -> int:
    return sum(write.method == "PATCH" for write in world.wire.writes)


@step
def prepaid(world: World) -> None:
    """Due the same day, a line with the method's title, no fee and no reminder."""
    made = invoice(world, "shop_101")
    assert (made.due_date, made.total_amount) == (made.voucher_date, PRICE)
    assert _texts(world) == ["Betalt 05.10.2026: Vipps"]
    (customer,) = world.company.customers.values()
    assert (customer.use_invoice_fee, customer.send_payment_reminders) == (False, False)


@step
def unpaid(world: World) -> None:
    """The company's terms, and nothing said."""
    made = invoice(world, "shop_101")
    assert (made.due_date - made.voucher_date).days == world.company.payment_days
    assert (_texts(world), made.balance) == ([], PRICE)


# fmt: off
INVOICES: dict[str, Story] = {
    "what was transferred by another status is invoiced once it is completed": (
        ON_COMPLETION, configure(woocommerce={"statuses": ["on-hold"]}), sold(status="on-hold"),
        then(**NONE), turns("completed"), then(**ONE)),
    "so is what was transferred before orders_from was moved forward": (
        ON_COMPLETION, sold(), configure(woocommerce={"orders_from": date(2026, 12, 1)}), settle(),
        turns("completed"), then(**ONE)),
    "sent a day later, it is told": (
        ON_COMPLETION, sold(), wait(86400), status_is("completed"), wait(86400), settle(),
        delivered(24, changes=1), day_of("shop_101", date(2026, 11, 24))),
    "left to a person, who sends it three days later, it is told too": (
        BY_HAND, sold(), wait(86400), turns("completed"), wait(3 * 86400), INVOICED_BY_HAND,
        delivered(24, changes=1)),
    "completed, a draft that a person has changed or confirmed stays as it is": (
        BY_HAND, sold(102), sold(),
        person("edit_line", "shop_101", "1", description="Etter avtale"),
        draft_has("shop_102", sales_order_status="Confirmed"), wait(3600),
        status_is("completed", 102), status_is("completed"), settle(),
        then(drafts={"shop_101", "shop_102"}), that(_changes, 0)),
    "question 3 leaves the drafts, completed or not, until it is answered otherwise": (
        BY_HAND, sold(), status_is("completed"), settle(), then(**NONE), ON_COMPLETION, settle(),
        then(**ONE)),

    # delivery, due day, texts
    "prepaid, it says so": (company(invoice_fee=Decimal(49)), sold(), prepaid()),
    "a fee that PowerOffice adds for a company is said, and what was paid is booked": (
        company(invoice_fee=Decimal(50)), sold(billing={"company": "Fjell AS"}),
        that(lambda world: [one.balance for one in world.company.outgoing_invoices.values()],
             [Decimal("62.50")]),
        that(lambda world: [(note.code, note.facts["fee"]) for note in world.record(101).notes
                            if note.code == "invoice_fee_added"],
             [("invoice_fee_added", Decimal("62.50"))]),
        refunded("299.00", **BACK), then(paid=2)),
    "unpaid, it has the company's terms, and reaches its buyer though paid ones go nowhere": (
        sold(**BY_INVOICE), unpaid(), sent("Auto", "kari@example.no")),
    "to be paid by invoice after all, it has the company's terms though its draft was prepaid": (
        ON_COMPLETION, sold(), edited(**BY_INVOICE), turns("completed"), unpaid()),
    "unpaid, one that would reach nobody is held": (sold(**BY_INVOICE, email=""),
        then("invoice_email_missing", drafts={"shop_101"})),
    "by hand then, as is said, it goes on": (
        sold(**BY_INVOICE, email=""), person("invoice_by_hand", "shop_101"), wait(300),
        sold(102, email="to@example.no"), then(), refunded("299.00"),
        that(lambda world: world.record(101).invoice_no, 10001)),

    # once, and equal
    "a draft that a person made dearer waits until it is put right": (
        ON_COMPLETION, sold(),
        person("edit_line", "shop_101", "1", product_unit_price=Decimal(1100)),
        status_is("completed"), settle(), then("draft_edited", invoiced={}, paid=0),
        person("edit_line", "shop_101", "1", product_unit_price=Decimal("1039.2")),
        an_hour_later, settle(), then(**DONE)),
    # What can't be booked as it stands any more is not to be booked again beside its invoice.
    "a total that a plugin lowers after the invoice": (
        sold(), becomes(101, total="999.00"),
        then("changed_after_invoice", ("10001", "1299.00", "999.00"), **ONE),
        becomes(), then(**ONE)),
    "the same sale that becomes a deposit after the invoice": (
        sold(), becomes(101, meta_data=[{"id": 1, "key": "_is_deposit", "value": "yes"}]),
        then("unclear_after_invoice", ("10001", "1299.00", "deposit"), **ONE),
        that(lambda world: ["book it by hand" in one.remedy.lower() for one in world.rows_held()],
             [False]), becomes(), then(**ONE)),
    "a product that is gone after the invoice is told as that, not as an unclear order": (
        sold(101, Goods("NY-1")), archives("VARE25"), wait(90_000),
        edited(customer_note="Ring"), then("product_missing", ("VARE25",))),
    "a sales account that goes between draft and invoice holds; the others go": (
        ON_COMPLETION, sells(), sold(102, Goods("KAF-250", "88.80", 15)),
        account(3000, is_department_required=True), status_is("completed", 101, 102), settle(),
        later(61), then("sending_failed", balances={"shop_102": 0})),
}

# -- where nobody knows how PowerOffice is ---------------------------------------------------------

LATE = faults(send_result="late", send_seconds=100)
LOCKED = company(lock_date=date(2026, 10, 31))
MISSING = {"title": "Missing privilege",
           "detail": "The integration does not have the required privileges."}

UNKNOWN: dict[str, Story] = {
    "without the privilege to send drafts wait, said once a run; within the hour they go": (
        faults(may_send=False), sells(), sells(102), run(),
        then(exit_code=0, drafts={"shop_101", "shop_102"}, warnings=["may_not_send"], sendings=0),
        idle(), then(exit_code=0, warnings=["may_not_send"], sendings=0), an_hour_later,
        then(warnings=["may_not_send"]), faults(may_send=True), an_hour_later, settle(),
        then(**BOTH, sendings=2), later(300), then(warnings=[])),
    "a refusal to send that the token did not tell of is met once a run": (
        fails("POST", "/SalesOrders/*/createAndSendInvoice", 1, "refuse", **MISSING),
        sells(email="one@example.no"), sells(102, email="one@example.no"), run(),
        then(exit_code=0, warnings=["may_not_send"], sendings=1), an_hour_later, settle(),
        then(**BOTH)),
    "without the voucher privilege invoices go on and payments wait, tried once": (
        without(JOURNAL), sells(), sells(102), run(),
        then(exit_code=0, warnings=["may_not_post_vouchers"],
             balances={"shop_101": PRICE, "shop_102": PRICE}),
        later(300, 2), then(warnings=["may_not_post_vouchers"], posted=1),
        that(lambda world: world.outcome.warnings["may_not_post_vouchers"]["role"], JOURNAL),
        given(JOURNAL), an_hour_later, then(**BOTH)),

    # sending
    **{f"a queue that takes its time is waited for, no error, and asked once ({seconds} s)": (
        faults(send_result="late", send_seconds=seconds), sells(),
        *(run(), then(exit_code=0), wait(300)) * 9, then(**DONE, sendings=1))
       for seconds in (2, 40, 2000)},
    "an error of the queue is held in PowerOffice's words, and tried again within the hour": (
        faults(send_result="fails"), sells(), runs(1, 61), run(),
        then("sending_failed", ("Kunden støtter ikke lenger mottak av EHF-faktura.",), exit_code=1),
        faults(send_result="ok"), an_hour_later, then(**DONE)),
    "a draft whose sending failed may be invoiced by hand": (
        faults(send_result="fails"), sells(), runs(1, 61), run(), INVOICED_BY_HAND, an_hour_later,
        then(**DONE)),
    **{f"a request that was forgotten is repeated after resend_after only ({state})": (
        faults(send_result="no_answer", never_sent_state=state), sells(), runs(3, 240),
        then(sendings=1), lambda world: world.company.send_queue.clear(), faults(send_result="ok"),
        runs(4, 240), then(**DONE, sendings=2),
        that(lambda world: world.wire.repeats_too_early(900), []))
       for state in ("nulls", "none")},
    "what is never sent is held after five requests": (
        faults(send_result="no_answer"), sells(), runs(7, 901), an_hour_later,
        then("never_sent", sendings=5)),
    "a person who retries sends no second request": (
        faults(send_result="no_answer"), sells(), *(run(), retried("101"), wait(120)) * 4,
        then(sendings=1)),

    # ids, filters, matching: invoice, payment, part of it back, the rest back, each once

    # locked periods
    "a locked period holds where that is wished": (
        configure(invoices={**INVOICED, "locked_period": "hold"}), LOCKED, sold(),
        then("period_locked", drafts={"shop_101"}), company(lock_date=date(2026, 9, 30)),
        an_hour_later, then(**DONE)),

    # a person invoices
    "a draft invoiced by hand is noticed within the hour, and so is its credit note": (
        BY_HAND, sold(), INVOICED_BY_HAND, an_hour_later, then(**DONE), refunds("100.00", **BACK),
        settle(), then(drafts={"shop_101-r102"}), person("invoice_by_hand", "shop_101-r102"),
        an_hour_later, then(open={}, paid=2)),
}

# -- what a run says that it did -------------------------------------------------------------------


def counts(**due: int | None) -> Any:
    """Compare counts of the last run; None: the name must not be there."""
    return that(lambda world: {name: world.outcome.counts.get(name) for name in due}, due)


COUNTED: dict[str, Story] = {
    "a credit note is no order and no invoice": (
        sold(), wait(300), refunds("300.00", **BACK), run(),
        counts(made=None, invoiced=None, credited=1, paid=1),
        that(lambda world: "1 credited, 1 paid or paid back"
             in summary_line(world.outcome.counts, "en"), due=True)),
    **{f"an invoice of an earlier run leaves nothing in the queue ({name})": (
        *beginning, LATE, sells(), run(), *then_, later(), counts(invoiced=1, left=None))
       for name, beginning, then_ in (
           ("late", (), ()), ("by hand", (BY_HAND,), (INVOICED_BY_HAND,)))},
}
# fmt: on
STORIES = INVOICES | UNKNOWN | COUNTED


@pytest.mark.parametrize("what", STORIES)
def test_an_invoice(what, tmp_path):
    told(STORIES[what], business(tmp_path))
