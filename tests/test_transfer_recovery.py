"""A write without an answer is looked up, never repeated blindly; what is found is adopted.

And days in which something came between, told one by one: nobody gets two invoices, no money is
posted twice. test_exactly_once.py lives days with every fault.
"""

from copy import copy
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from stories import *
from world import SETTLE_AFTER, World

from woo2po.record import State

CUSTOMER, ORDER = 0, 1  # the first two writes for an order of a new customer
THEIRS = "woo-another-101"
COMPLETE = "/SalesOrders/Complete"


def once(**more: Any) -> Step:
    """Compare: one sales order was asked to be made, and its order is carried over."""
    return then(made=1, totals=only("shop_101"), **more)


def prefix(name: str) -> Step:
    return configure(orders={"number_prefix": name})


POSTED = {"payments": {"register": True, "accounts": {"vipps": 1903}}}
AT_ONCE = configure(invoices={"create": True, "when": "processing"}, **POSTED)
COMPLETED = configure(invoices={"create": True, "when": "completed"}, **POSTED)


@step
def another_document(world: World, reference: str, **changes: Any) -> None:
    """A second sales order stands in PowerOffice, a copy of one but for changes."""
    second = copy(world.company.order(reference))
    vars(second).update({"id": "second", "changed": world.now(), **changes})
    world.company.sales_orders["second"] = second


@step
def old_invoice_of_another_shop(world: World) -> None:
    """Neither the first look nor the list of changes shows it."""
    theirs = world.company.invoice_by_hand("shop_100")
    theirs.order.external_import_reference = "shop_101"
    theirs.order.custom_matching_reference = THEIRS
    theirs.changed = world.now() - timedelta(days=400)


late_ones = step(lambda world: world.wire.late_ones_arrive())
LOST: Story = (sells(), loses({ORDER: ["lost_after"]}), run())
SETTLED = wait(SETTLE_AFTER)

# fmt: off
LOOKED_UP: dict[str, Story] = {
    "nobody looks before settle_after, even where the look of every run shows it": (
        configure(poweroffice={"settle_after": 300}), *LOST,
        *(one for seconds in (10, 100, 150) for one in (
            later(seconds), then(counts={"waiting": 1}, state=State.PENDING))),
        that(lambda world: [one for one in world.asked("GET", "/OutgoingInvoices")
                            if "References=" in one], []), later(50),
        once(exit_code=0)),
    "a draft that a person invoiced meanwhile is found among the invoices": (
        faults(invoice_id_is_order_id=False), *LOST, person("invoice_by_hand", "shop_101"), SETTLED,
        run(), once(exit_code=0, state=State.INVOICED),
        that(lambda world: world.record(101).invoice_no, 10001)),
    "an invoice of another total is reported, hour after hour": (
        *LOST, person("edit_line", "shop_101", "1", quantity=Decimal(2)),
        person("invoice_by_hand", "shop_101"), SETTLED, run(),
        then("invoice_differs", exit_code=1), later(3700), then("invoice_differs")),
    "one that stands twice is held until one is gone": (
        *LOST, another_document("shop_101", sales_order_no=99), SETTLED, run(), then("found_twice"),
        lambda world: world.company.sales_orders.pop("second") and None, later(3600),
        once(exit_code=0, state=State.DRAFT)),
    "a guest without e-mail is found by its reference": (
        sells(email=""), loses({CUSTOMER: ["lost_after"]}), settle(), once(customers=1),
        that(lambda world: len(world.asked("POST", "/Customers")), 1)),
    "what never arrives is held after five attempts, and tried again when told": (
        sells(), loses({ORDER: ["lost_before"] * 5}), settle(at_most=12), then("never_arrives"),
        that(lambda world: sum(sent.path == COMPLETE for sent in world.wire.writes), 5),
        retried("101"), settle(), then(totals=only("shop_101"))),
    "cancelled before its answer was known, it is found, and deleted": (
        *LOST, status_is("cancelled"), later(10), then(counts={"waiting": 1}, documents=1),
        settle(), then(documents=0, state=State.CANCELLED)),
    "a refusal that stays after a lost answer is told in PowerOffice's words": (
        sells(), loses({ORDER: ["lost_before", *["refuse"] * 10]}), settle(at_most=12),
        then("refused", ("Refused by the fault plan.",))),
}

TAKEN: dict[str, Story] = {
    "a first look that was cut short is taken again": (
        sold(), state_lost(), fails("GET", "/OutgoingInvoices", 1, "html"), run(),
        then(exit_code=3), settle(), once(exit_code=0)),
    "by an order of another shop with the same prefix: nothing is adopted, nothing made": (
        sells(), run(), lambda world: vars(world.company.order("shop_101")).update(
            custom_matching_reference=THEIRS), state_lost(),
        configure(woocommerce={"url": "https://other.example"}), run(),
        then("prefix_of_another_shop", made=1)),
    "by one that came after our first look": (
        sold(100), another_document("shop_100", external_import_reference="shop_101",
                                    custom_matching_reference=THEIRS), sold(),
        then("prefix_of_another_shop", made=1), prefix("mine_"), settle(),
        then(totals=lambda found: set(found) == {"shop_100", "shop_101", "mine_101"})),
    "by an old document of another shop: PowerOffice's refusal shows it": (
        sold(100), old_invoice_of_another_shop(), sells(), wait(3600), settle(at_most=12),
        then("prefix_of_another_shop")),
    "our own order under another prefix is not made again": (
        sells(), run(), state_lost(), prefix("butikk_"), run(),
        then("under_another_prefix", made=1), prefix("shop_"), settle(), once()),
    "by the draft of a whole credit note that an older database had not begun: it goes": (
        AT_ONCE, sold(),
        backed_up(faults(may_send=False), turns("cancelled"), then(drafts={"shop_101-c"})),
        faults(may_send=True), turns("processing"),
        sold(102), then(names={"shop_101", "shop_102"}, drafts=set())),
    "what an older database has not seen, and was called off since, is credited within a day": (
        AT_ONCE, run(), backed_up(sold(), in_the_shop("set_status", 101, "cancelled")),
        *(later(3600), run()) * 24, settle(), then(names={"shop_101", "shop_101-c"})),
    "what was changed of its head while the database was lost is told, and left": (
        sold(), state_lost(), in_the_shop("edit", 101, number="W-9"), settle(), once(),
        that(lambda world: [note.code for note in world.record(101).notes], ["found_otherwise"])),
    "a guest without e-mail whose draft is gone is found after a lost database": (
        sold(email=""), person("delete_draft", "shop_101"), state_lost(), wait(3600), settle(),
        then(totals=only("shop_101"), customers=1)),
}

# -- what comes between ----------------------------------------------------------------------------

PAID: dict[str, Any] = {"ledger": 0, "open": {}}
BETWEEN: dict[str, Story] = {
    "a payment is of what was invoiced, not of what was noted first": (
        COMPLETED, sold(101, Goods("GEN-001", "4743.90")), wait(300),
        sells(101, Goods("GEN-001", "1195.80")), status_is("completed"), settle(),
        then(**PAID, accounts={1903: Decimal("1195.80")})),
    **{f"on again while its deletion is unanswered it stands once ({reply})": (
        sold(), wait(300), loses({2: [reply]}), status_is("cancelled"), run(),
        status_is("processing"), wait(30), late_ones(), settle(), wait(300), settle(),
        then(documents=1))
       for reply in ("lost_before", "lost_after", "late")},
    "a draft that a person deleted while its invoice was asked for is held once": (
        AT_ONCE, sells(), loses({2: ["lost_before"]}), run(),
        person("delete_draft", "shop_101"), later(1000), then("sent_and_nowhere"), idle()),
}
# fmt: on
STORIES = LOOKED_UP | TAKEN | BETWEEN


@pytest.mark.parametrize("what", STORIES)
def test_an_order_in_doubt(what, world):
    told(STORIES[what], world)
