"""Refunds and cancellations: what was made is credited or taken back, once and to the øre."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from stories import *
from world import World

from woo2po.record import State
from woo2po.sandbox.shop_orders import Goods, amounts, refund_of
from woo2po.status import take_back

CARD = {"total": "0.00", "gift_cards": [{"id": 1, "amount": "1299.00"}], "payment_method": ""}
KEPT: dict[str, Any] = {"refunded_payment": False}
NOTHING: dict[str, Any] = {}


def sums(*totals: str | int) -> Any:
    return lambda found: sorted(found.values()) == sorted(map(Decimal, totals))


@pytest.fixture
def world(tmp_path: Path) -> World:
    return business(tmp_path)


# -- cancelled, failed, trashed, deleted -----------------------------------------------------------


@step
def off(world: World, way: str = "cancelled", order_id: int = 101) -> None:
    """Take an order off: set a status, put it in the trash, or delete it from there for good."""
    world.wait(300)
    if way in {"trash", "deleted"}:
        world.shop.set_status(order_id, "trash")
    else:
        world.shop.set_status(order_id, way)
    if way == "deleted":  # in the trash at the poll, and gone for good when its turn comes
        world.wire.down = "connect_error"
        world.run()
        world.wire.down = ""
        world.shop.delete(order_id)
        world.settle()
    world.settle()


WAYS = ("cancelled", "failed", "trash", "deleted")
BACK_AGAIN = turns("processing")

# fmt: off
OFF: dict[str, Story] = {
    **{f"the draft goes and the others stay ({way})": (
        ON_COMPLETION, sells(), sold(102), off(way),
        then(drafts={"shop_102"}, state=State.CANCELLED))
       for way in WAYS},
    **{f"an unpaid invoice is credited whole, once ({way})": (
        sold(**BY_INVOICE), off(way), then(invoiced=sums(-1299, 1299), open=NOTHING, paid=0),
        an_hour_later, then(invoiced=sums(-1299, 1299)))
       for way in ("cancelled", "failed", "trash", "refunded")},
    **{f"whoever its buyer is by then, the credit note is the invoice's customer's ({way})": (
        sold(**BY_INVOICE, email="ola@feil.no"),
        becomes(**BY_INVOICE, email="ola@rett.no", billing={"company": "Fjell AS"}), off(way),
        then(invoiced=sums(-1299, 1299), open=NOTHING, customers=1))
       for way in ("cancelled", "refunded")},
    "a refund made while it was off is credited of the next invoice, should it go on": (
        sold(**BY_INVOICE), off(), refunded("300.00"), turns("completed"),
        then(invoiced=sums(-1299, -300, 1299, 1299), ledger=999)),
    "the money goes back by the method under which it came, whatever the shop says by then": (
        sold(), edited(payment_method="bacs"), refunded("1299.00", **BACK),
        then(invoiced=sums(-1299, 1299), open=NOTHING, accounts={})),
    "and though nothing would be taken for money any more by the settings of then": (
        configure(payments={**PAID, "bank_account": 1920}), sold(payment_method="bambora"),
        configure(payments={**PAID, "bank_account": 1920,
                            "captured_when": {"bambora": "completed"}}),
        refunded("299.00", **BACK), then(accounts={1920: 1000}), turns("completed"),
        then(open=NOTHING, accounts={1920: 1000})),
    "a refund that was deleted and is made anew is not credited beyond what was sold": (
        sold(), refunded("1000.00", **KEPT), wait(300), in_the_shop("delete_refund", 101, 102),
        refunded("1000.00", **BACK), then("refunds_exceed_total", invoiced=sums(-1000, 1299))),
    **{f"without credit notes an invoice is held ({way})": (
        configure(refunds={"credit_notes": False}), sold(), off(way),
        then("off_after_invoice", invoiced={"shop_101": PRICE}))
       for way in WAYS},
    "deleted without the trash, a held order is found gone within the hour, as no list tells it": (
        faults(send_result="fails"), sells(), runs(1, 61), run(), then("sending_failed"),
        in_the_shop("delete", 101), an_hour_later, then(drafts=set())),
    "a credit note that lies as a draft goes with its refund": (
        sold(), BY_HAND, refunded("299.00"), then(drafts={"shop_101-r102"}),
        in_the_shop("delete_refund", 101, 102), edited(customer_note="Ring"),
        then(drafts=set(), invoiced=sums(PRICE))),
    "that of a whole order goes where the order is on again, and a refund has its own": (
        sold(), BY_HAND, off(), then(drafts={"shop_101-c"}), turns("completed"),
        then(drafts=set()), refunded("299.00"), then(drafts={"shop_101-r102"})),
    "one that a person deleted is made anew when told": (
        sold(), BY_HAND, refunded("299.00"), person("delete_draft", "shop_101-r102"),
        later(86400), then("draft_gone"), retried("101"), settle(),
        then(drafts={"shop_101-r102"})),
    "a confirmed draft is not deleted, as it is locked": (
        ON_COMPLETION, sold(), draft_has("shop_101", sales_order_status="Confirmed"),
        off(), then("draft_confirmed", drafts={"shop_101"})),
    "while its invoice is in the queue: first an invoice, then credited": (
        faults(send_result="late", send_seconds=100), sells(**BY_INVOICE), run(),
        status_is("cancelled"), runs(6, 61), then(invoiced=sums(-1299, 1299))),
    **{f"back before its invoice it gets a draft under a reference of its own ({way})": (
        ON_COMPLETION, sold(), off(way), BACK_AGAIN, then(drafts={"shop_101-2"}),
        turns("completed"), then(balances={"shop_101-2": 0}, paid=1))
       for way in WAYS[:3]},
    **{f"back after its invoice it has one valid invoice, and its money is posted once ({way})": (
        sold(), off(way), BACK_AGAIN,
        then(invoiced=sums(PRICE, -PRICE, PRICE), ledger=0, accounts={1903: PRICE}),
        then(invoiced=lambda found: {"shop_101", "shop_101-2"} < set(found)))
       for way in ("cancelled", "trash")},
    "a paid order that fails after its invoice is a dispute, unless a person says that it is off": (
        sold(), off("failed"),
        then("failed_after_payment", ("10001", "1299.00"), invoiced={"shop_101": PRICE}),
        off("cancelled"), then(invoiced=sums(-1299, 1299))),
    "changed and then cancelled after its invoice: a person decides": (
        sold(101, Goods("GEN-001", "400.00")), edited(**amounts((Goods("GEN-001", "800.00"),))),
        then("changed_after_invoice", ("invoice 10001 is 400.00", "now comes to 800.00")),
        turns("cancelled"), then("off_and_changed")),
}


# -- refunds ---------------------------------------------------------------------------------------


@step
def refund_says(world: World, amount: str) -> None:
    """Tell a refund of another amount under the same id."""
    (refund,) = world.shop.refunds[101]
    refund["amount"] = amount
    world.wait(WAIT)
    world.shop.edit(101, refunds=[{"id": refund["id"], "reason": "", "total": f"-{amount}"}])
    world.settle()


@step
def refund_deleted(world: World, order_id: int = 101) -> None:
    """Delete the refund of an order; WooCommerce does not say that the order changed."""
    world.shop.delete_refund(order_id, world.shop.refunds[order_id][0]["id"])
    world.settle()


@step
def too_large(world: World) -> None:
    """Return more than the order was, as a plugin may do."""
    refund_id = world.shop.add_refund(101, {"amount": "1299.00", **BACK})
    world.shop.refunds[101][0]["amount"] = "2000.000000"
    world.shop.orders[101]["refunds"] = [{"id": refund_id, "reason": "", "total": "-2000.000000"}]


@step
def while_it_is_hidden(world: World, *steps: Step) -> None:
    """A cache or a plugin hides a refund that the order names."""
    world.shop.refunds[101], hidden = [], world.shop.refunds[101]
    told(steps, world)
    world.shop.refunds[101] = hidden


@step
def refunded_lines(world: World, *quantities: int, **more: Any) -> None:
    """Refund so many pieces of each line, as WooCommerce lists it."""
    refunded(**{**refund_of(world.shop.orders[101], quantities), **BACK, **more})(world)


CANNOT_BE_CREDITED: dict[str, tuple[Step, ...]] = {
    "refunds_exceed_total": (too_large(),),
    "payment_account_not_set": (
        configure(payments={**PAID, "accounts": {"klarna": 1904}}), refunds("300.00", **BACK)),
    "day_in_future": (refunds("300.00", **BACK), lambda world: world.shop.refunds[101][0].update(
        date_created_gmt="2027-02-01T00:00:00")),
    "changed_after_invoice": (refunds("300.00", **BACK), in_the_shop("edit", 101, currency="EUR")),
}

REFUNDED: dict[str, Story] = {
    "of an invoice that the bank has paid nothing is owed: its money goes back by hand": (
        sold(**BY_INVOICE), person("register_payment", 10001, Decimal(1299)), refunded("300.00"),
        that(lambda world: [note.code for note in world.record(102).notes],
             ["refund_spread", "returned_outside"])),
    "deleted days later it is told when the order is seen again": (
        sold(), refunded("300.00"), wait(3 * 86400), refund_deleted(), edited(transaction_id="x"),
        then("refund_taken_back")),
    "one that says another amount than was credited is a person's, as after a backup put back": (
        sold(), refunded("300.00"), refund_says("350.00"), then("refund_changed", ("350.00",))),
    **{f"one that cannot be credited is held, nothing half booked, and others go ({code})": (
        sells(), sold(201, payment_method="klarna"), wait(300), *wrong,
        refunds("100.00", 201, **BACK), settle(),
        then(code, balances={"shop_101": 0, "shop_201": 0, "shop_201-r203": 0}, drafts=set()))
       for code, wrong in CANNOT_BE_CREDITED.items()},
    "one that the shop names and does not tell is held until it does": (
        sold(), wait(300), refunds("300.00"),
        while_it_is_hidden(settle(), then("refund_not_told")), an_hour_later, settle(),
        then(names={"shop_101", "shop_101-r102"})),
    "a credit note is never older than its invoice": (
        ON_COMPLETION, sold(), refunded("300.00", **BACK), wait(90000), turns("completed"),
        *(day_of(name, date(2026, 11, 24)) for name in ("shop_101", "shop_101-r102")),
        then(open={})),
}


# -- beside what a person credited or paid by hand -------------------------------------------------

CREDITED = person("credit_invoice", 10001)
CANCELLED: Story = (sold(), turns("cancelled"), then(open={"shop_101-c": -PRICE}))
CREDIT_NOTE = {"shop_101", "shop_101-c"}


PANT = {"fee_lines": [{"id": 77, "name": "Pant", "total": "20.00", "total_tax": "0", "taxes": []}],
        "total": "1319.00"}  # fmt: skip
PANT_BY_NAME = configure(fees={"by_name": {"pant": "AVRUND"}})
NO_NAMES = configure(fees={"by_name": {}})


@step
def lines_asked_for(world: World, times: int) -> None:
    assert sum("/Lines" in path for path in world.asked("GET", "/OutgoingInvoices")) == times


BESIDE: dict[str, Story] = {
    **{f"an order that other settings put on other accounts since is no credit note ({way})": (
        sold(**PANT), PANT_BY_NAME, *off_,
        then("invoiced_otherwise", ("10001", "3100, 7740"), invoiced={"shop_101": PRICE + 20}),
        lines_asked_for(1), NO_NAMES, settle(), then(invoiced=sums(PRICE + 20, *credited)))
       for way, off_, credited in (("refunded", (refunded("100.00", **BACK),), (-100,)),
                                   ("cancelled", (off(),), (-PRICE - 20,)))},
    "an invoice that was found, or that a person made, is compared as well": (
        ON_COMPLETION, sold(**PANT), INVOICED_BY_HAND, an_hour_later,
        PANT_BY_NAME, refunded("100.00", **BACK), then("invoiced_otherwise"),
        state_lost(), settle(), then("invoiced_otherwise")),
    **{f"an invoice credited by hand is not credited once more, the other one is ({way})": (
        sells(), sold(102, email="b@example.no"), CREDITED, turns(way, 101, 102),
        then("credited_by_hand", names={"", "shop_101", "shop_102", note}),
        that(lambda world: world.store().credit_notes_of(101)[0].hold.facts["amount"], PRICE),
        that(lambda world: world.store().credit_notes_of(101)[0].hold.facts["credit_note"],
             "10003"))
       for way, note in (("cancelled", "shop_102-c"), ("refunded", "shop_102-r104"))},
    "an address that changes after the invoice is noted, since the earlier one stands on it": (
        sold(), becomes(billing={"address_1": "Nygata 2"}), then(invoiced={"shop_101": PRICE}),
        that(lambda world: [note.code for note in world.record(101).notes],
             ["address_after_invoice"])),
    "a credit note that names no invoice counts where it is as large": (
        sold(), CREDITED, lambda world: vars(world.company.invoice(10002).order).update(
            related_invoice_no=None), turns("cancelled"), then("credited_by_hand")),
    "skip takes out the refund and leaves its order": (
        sold(), CREDITED, refunded("1299.00"), skipped("101", "credited by hand"), settle(),
        then(state=State.INVOICED)),
    "a payment of an invoice that we credited is a person's": (
        sold(**COD), refunded("1299.00"), then(open={}), wait(300),
        in_the_shop("edit", 101, date_paid_gmt="2026-11-23T11:00:00"), status_is("processing"),
        settle(), then("credited_before_paid")),
    "paid by hand and refunded it is paid: our credit note stands open by itself": (
        without("BankVoucher_Full"), sells(), run(), wait(300), refunds("300.00"), run(),
        person("register_payment", 10001), given("BankVoucher_Full"), an_hour_later,
        then(open={"shop_101-r102": -300})),
    **{f"money returned after a cancellation closes its credit note ({name})": (
        *CANCELLED, wait(300), refunds("1299.00", **BACK), status_is(name), settle(),
        then(names=CREDIT_NOTE, open={}, accounts={}, ledger=0))
       for name in ("cancelled", "refunded")},
    "cancelled and refunded between two polls it is credited once, as some plugins do both": (
        sold(), wait(300), refunds("1299.00", **BACK), status_is("cancelled"), settle(),
        then(names=CREDIT_NOTE, open={}, accounts={})),
    "refunded in part and cancelled between two polls, the refund is credited with its money": (
        sold(), wait(300), refunds("300.00", **BACK), status_is("cancelled"), settle(),
        then("cancelled_after_refunds", ("300.00",), names={"shop_101", "shop_101-r102"},
             accounts={1903: Decimal(999)}, open={})),
    "refunded in parts, of which the last came with the cancellation, all of it is credited": (
        sold(), wait(300), refunds("300.00", **BACK), settle(), wait(300),
        refunds("999.00", **BACK), status_is("cancelled"), settle(), an_hour_later,
        then(invoiced=sums(-999, -300, 1299), accounts={}, open={})),
    "also where the last of them comes after it": (
        sold(), refunded("300.00", **BACK), turns("cancelled"), then("cancelled_after_refunds"),
        refunded("999.00", **BACK), an_hour_later,
        then(invoiced=sums(-999, -300, 1299), accounts={}, open={})),
    "what was skipped is a person's for good, whatever money goes back after it": (
        *CANCELLED, wait(300), refunds("300.00", **BACK), settle(),
        then("refunded_in_part_after_cancellation"), skipped("101", "booked by hand"), wait(300),
        refunds("999.00", **BACK), settle(), then(accounts={1903: PRICE})),
    "and so it is where the rest was returned outside": (
        *CANCELLED, wait(300), refunds("432.70", **BACK), refunds("866.30", **KEPT),
        status_is("refunded"), settle(),
        then("refunded_in_part_after_cancellation", accounts={1903: PRICE})),
    "money returned outside after a cancellation leaves the credit note open, and is said": (
        *CANCELLED, refunded("1299.00", **KEPT), then(open={"shop_101-c": -PRICE}),
        that(lambda world: world.record(102).skip.code, "refund_of_cancelled")),
    "its payment and its way back are booked together, also where question 5 came later": (
        configure(payments={"register": False}), sold(), refunded("299.00", **BACK),
        configure(payments=PAID), turns("completed"), then(open={}, accounts={1903: 1000})),
    "but of what a person took out nothing is booked": (
        configure(payments={"register": False}), sold(), refunded("299.00", **BACK),
        in_the_shop("delete_refund", 101, 102), an_hour_later, skipped("101", "er ført"),
        configure(payments=PAID), turns("completed"), then(accounts={1903: PRICE}),
        that(lambda world: world.record(102).skip.code, "by_hand")),
    "on again, nothing is held of a cancellation of which nothing was made": (
        sold(), refunded("299.00", **BACK), turns("cancelled"), then("cancelled_after_refunds"),
        turns("processing"), then(names={"shop_101", "shop_101-r102"}, open={})),
    "on again while its credit note is unanswered, that is found, and taken back": (
        sold(), wait(300), fails("POST", "/SalesOrders/Complete", 1, "lost_after"),
        status_is("cancelled"), run(), status_is("processing"), run(), wait(61), settle(),
        then(names={"shop_101"}, drafts=set())),
    **{f"refunded whole and credited, it has nothing left to credit ({away})": (
        sold(), refunded("1299.00", **BACK), off(away), an_hour_later,
        then(names={"shop_101", "shop_101-r102"}, open={}, exit_code=0))
       for away in ("trash", "cancelled", "failed")},
    "a refund of a sale that is on again is of its next invoice, however late that comes": (
        *CANCELLED, skipped("101", "venter"), status_is("processing"),
        refunded("299.00", **KEPT), lambda world: take_back(world.settings, "101") and None,
        settle(), then(names={*CREDIT_NOTE, "shop_101-2", "shop_101-2-r102"})),
    "a payment in another currency bears the rate of its invoice": (
        sold(**COD, currency="EUR"), lambda world: world.company.currencies.update(EUR=Decimal(99)),
        wait(90000), status_is("completed"), settle(), then(open={}, ledger=0),
        that(lambda world: {line.currency_exchange_rate for one in world.company.vouchers.values()
                            for line in one.lines}, {Decimal("11.72")})),
    "another configuration changes no invoice": (
        sold(coupon_lines=[{"id": 9, "code": "VELKOMMEN"}]),
        configure(shipping={"description": "Frakt"}, products={"unknown": "hold"}),
        archives("GEN-001"), turns("cancelled"), then("refused")),
}
# The shop was set back to a backup, and gives its ids once more: neither is the other.
USED_AGAIN: dict[str, Story] = {
    "an order with the id of a refund is held": (
        sold(), refunded("100.00", **BACK), becomes(102, email="ny@example.no"),
        then({"102": "id_used_again"}, invoiced=sums(PRICE, -100), drafts=set())),
    "one of which the rest was edited too is held, and goes on with its date set back": (
        sold(**COD, date_created_gmt="2026-11-22T08:00:00"),
        becomes(101, CHEAP, **COD, date_created_gmt="2026-11-20T08:00:00"), then("id_used_again"),
        edited(date_created_gmt="2026-11-22T08:00:00"), then("changed_after_invoice")),
    "a refund with the id of an order is held": (
        sells(), sold(102, email="ny@example.no"), lambda world: world.shop.orders.pop(102),
        refunded("100.00", id=102, **BACK),
        then("id_used_again", invoiced=sums(PRICE, PRICE), drafts=set())),
}
WITH_LINES: dict[str, Story] = {
    "goods that a card paid whole give it its amount back, without money, in a document of 0": (
        sold(**CARD), refunded_lines(1, amount="0.00"), then(invoiced=sums(0, 0)),
        that(lambda world: {one[1:] for one in world.books().document("shop_101-r102").lines},
             {("GEN-001", -1, Decimal("1039.20")), ("GAVEKORT", 1, PRICE), ("", 0, 0)})),
    "without lines a refund of 0 does not tell what a card gets back": (
        sold(**CARD), refunded("0.00"), then("cancelled_at_zero", names={"shop_101"})),
}
# fmt: on
STORIES = OFF | REFUNDED | BESIDE | USED_AGAIN | WITH_LINES


@pytest.mark.parametrize("what", STORIES)
def test_an_order_that_is_off_or_refunded(what, world):
    told(STORIES[what], world)


def test_a_refund_that_comes_while_the_invoice_is_made_is_credited_in_the_same_run(world):
    """The refunds were read before it: the order was not in hand, and had one already."""
    told((sells(),), world)
    world.shop.add_refund(101, {"amount": "200.00", **BACK})
    world.wire.down = "connect_error"
    world.run()
    world.wire.down = ""

    def refund_once(_: object, path: str) -> None:
        if "createAndSendInvoice" in path and len(world.shop.refunds[101]) == 1:
            world.shop.add_refund(101, {"amount": "100.00", **BACK})

    world.faults.before_hooks.append(refund_once)
    told((settle(),), world)
    then(open={}, invoiced=sums(1299, -200, -100))(world)
