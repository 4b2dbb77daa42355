"""A write without an answer is looked up, never repeated blindly; what is found is adopted."""

from copy import copy
from datetime import timedelta
from decimal import Decimal

import pytest
from world import SETTLE_AFTER, Goods, World

from woo2po.messages import remedy, say_both
from woo2po.record import State
from woo2po.status import retry

CUSTOMER, ORDER = 0, 1  # the first two writes for an order of a new customer


def written(world: World, path: str = "/SalesOrders/Complete") -> int:
    """Return how often something was asked to be made."""
    return len(world.asked("POST", path))


def test_an_order_whose_answer_is_lost_is_found_and_not_made_again(world: World) -> None:
    """What was made without our hearing of it is adopted."""
    world.sells(101)
    world.wire.plan = {ORDER: ["lost_after"]}
    assert world.run().exit_code == 3
    world.wait(SETTLE_AFTER)
    assert world.run().exit_code == 0
    assert written(world) == 1
    assert world.record(101).state is State.DRAFT
    assert world.record(101).sales_order_id == world.company.order("shop_101").id


def test_an_order_that_never_arrived_is_made_after_the_look(world: World) -> None:
    """What is neither among the drafts nor among the invoices is tried again."""
    world.sells(101)
    world.wire.plan = {ORDER: ["lost_before"]}
    world.run()
    world.wait(SETTLE_AFTER)
    assert world.run().exit_code == 0
    assert list(world.books().totals) == ["shop_101"]


def test_nobody_looks_before_settle_after(world: World) -> None:
    """Reads may lag and the request may still be at work: until then the order waits, even where
    the look that every run begins with shows what became of it.
    """
    world.configure(poweroffice={"settle_after": 300})
    world.sells(101)
    world.wire.plan = {ORDER: ["lost_after"]}
    world.run()
    for seconds in (10, 100, 150):
        world.wait(seconds)
        assert world.run().counts == {"waiting": 1}
        assert world.record(101).state is State.PENDING
    assert not [
        query for query in world.asked("GET", "/OutgoingInvoices") if "References=" in query
    ]
    world.wait(50)
    assert world.run().exit_code == 0
    assert written(world) == 1


def test_one_list_is_read_for_all_unanswered_orders(world: World) -> None:
    """Four lost answers cost one question more than a run without: the invoices; the drafts
    changed since are read by the look that every run begins with.
    """
    for order_id in range(101, 105):
        world.sells(order_id, email=f"kunde{order_id}@example.no")
    world.run(limit=1)
    world.wire.plan = {n: ["lost_after"] for n in range(2, 12)}  # the customers' too
    world.settle()
    assert world.books().totals.keys() == {f"shop_{n}" for n in range(101, 105)}
    lists = world.asked("GET", "/OutgoingInvoices")
    looks = [asked for asked in lists if "sentDate" in asked or "fromDate" in asked]
    drafts = [asked for asked in world.asked("GET", "/SalesOrders") if "?only" in asked]
    assert len(drafts) == len(looks)
    assert len([q for q in world.asked("GET", "/OutgoingInvoices") if "References=" in q]) == 1


def test_a_draft_that_a_person_invoiced_meanwhile_is_found_among_the_invoices(
    world: World,
) -> None:
    """The draft has left the list of drafts, with an id of its own as an invoice."""
    world.faults.invoice_id_is_order_id = False
    world.sells(101)
    world.wire.plan = {ORDER: ["lost_after"]}
    world.run()
    invoice = world.company.invoice_by_hand("shop_101")
    world.wait(SETTLE_AFTER)
    assert world.run().exit_code == 0
    assert world.record(101).state is State.INVOICED
    assert world.record(101).invoice_no == invoice.invoice_no
    assert written(world) == 1


def test_an_invoice_of_another_total_is_reported(world: World) -> None:
    """A person changed the draft before invoicing it: the invoice is not what was paid."""
    world.sells(101, Goods("GEN-001", "1299.00"))
    world.wire.plan = {ORDER: ["lost_after"]}
    world.run()
    world.company.edit_line("shop_101", "1", quantity=Decimal(2))
    world.company.invoice_by_hand("shop_101")
    world.wait(SETTLE_AFTER)
    assert world.run().exit_code == 1
    assert world.held() == {"101": "invoice_differs"}
    world.wait(3700)
    world.run()
    assert world.held() == {"101": "invoice_differs"}


def test_another_shop_with_the_same_prefix_is_recognised(world: World) -> None:
    """The reference is taken by an order that is not ours: nothing is adopted, nothing made."""
    world.sells(101)
    world.run()
    theirs = world.company.order("shop_101")
    theirs.custom_matching_reference = "woo-another-101"
    world.state.unlink()
    world.configure(woocommerce={"url": "https://other.example"})
    world.run()
    assert world.held() == {"101": "prefix_of_another_shop"}
    assert written(world) == 1


def test_a_shop_that_moves_is_not_booked_twice_by_what_is_printed(world: World) -> None:
    """Each message asks first whether the shop has moved, and what it says then is typed."""
    world.sells(101)
    world.run()
    first, old = world.settings.state.path, world.settings.woocommerce.url
    world.configure(woocommerce={"url": "https://www.shop.example"})
    outcome = world.run()
    assert (outcome.exit_code, outcome.problem) == (2, "state_of_another_shop")
    told = say_both(outcome.problem, "en", outcome.facts)
    assert told.index("Has this shop moved") < told.index("transfer nothing")
    assert told.index("transfer nothing") < told.index("a state.path")
    # Somebody takes a new database all the same.
    world.configure(state={"path": f"{first}-new"})
    world.run()
    assert world.held() == {"101": "prefix_of_another_shop"}
    told = remedy("prefix_of_another_shop", "en", {"reference": "shop_101"})
    assert told.index("another address before") < told.index("transfer nothing")
    assert told.index("transfer nothing") < told.index("an orders.number_prefix")
    # What both say: the earlier address and database are put back.
    world.configure(woocommerce={"url": old}, state={"path": first})
    world.sells(102, email="ny@example.no")
    assert world.run().exit_code == 0
    assert set(world.books().totals) == {"shop_101", "shop_102"}


def test_a_reference_that_another_shop_took_meanwhile_is_recognised(world: World) -> None:
    """Its order came after our first look: the next one shows it, and nothing is tried."""
    world.sells(100)
    world.settle()
    theirs = copy(world.company.order("shop_100"))
    theirs.id, theirs.external_import_reference = "theirs", "shop_101"
    theirs.custom_matching_reference = "woo-another-101"
    theirs.changed = world.now()
    world.company.sales_orders["theirs"] = theirs
    world.sells(101)
    world.settle()
    assert world.held() == {"101": "prefix_of_another_shop"}
    assert written(world) == 1
    world.configure(orders={"number_prefix": "mine_"})
    world.settle()
    assert world.held() == {}
    assert set(world.books().totals) == {"shop_100", "shop_101", "mine_101"}


def test_an_order_under_another_prefix_is_not_made_again(world: World) -> None:
    """The prefix was changed and the state database lost: our matching reference tells."""
    world.sells(101)
    world.run()
    world.state.unlink()
    world.configure(orders={"number_prefix": "butikk_"})
    world.run()
    assert world.held() == {"101": "under_another_prefix"}
    assert written(world) == 1
    world.configure(orders={"number_prefix": "shop_"})
    world.settle()
    assert world.held() == {}
    assert written(world) == 1


def test_an_order_that_stands_twice_is_held_until_one_is_gone(world: World) -> None:
    """Two documents with both our references: a person must say which one counts."""
    world.sells(101)
    world.wire.plan = {ORDER: ["lost_after"]}
    world.run()
    second = copy(world.company.order("shop_101"))
    second.id, second.sales_order_no = "second", 99
    world.company.sales_orders["second"] = second
    world.wait(SETTLE_AFTER)
    world.run()
    assert world.held() == {"101": "found_twice"}
    del world.company.sales_orders["second"]
    world.wait(3600)
    assert world.run().exit_code == 0
    assert world.record(101).state is State.DRAFT
    assert written(world) == 1


def test_a_new_state_database_reads_both_lists_whole_before_it_writes(world: World) -> None:
    """Nothing is made twice where an earlier database was lost; a later run reads what is new."""
    world.sells(101)
    world.run()
    asked = [(method, path) for method, path, _ in world.go.requests]
    first_write = asked.index(("POST", "/Customers"))
    assert asked.index(("GET", "/SalesOrders")) < first_write
    assert asked.index(("GET", "/OutgoingInvoices")) < first_write
    before = len(asked)
    world.sells(102)
    world.run()
    later = [(path, query) for method, path, query in world.go.requests[before:]]
    lists = [query for path, query in later if path in {"/SalesOrders", "/OutgoingInvoices"}]
    assert len(lists) == 2
    assert all("DateTimeOffsetGreaterThan" in query for query in lists)


@pytest.mark.parametrize("invoiced", [False, True], ids=["drafts", "invoices"])
def test_a_lost_state_database_makes_nothing_twice(world: World, invoiced: bool) -> None:
    """Everything is found again, whatever became of it, and stays as it is."""
    for order_id in (101, 102, 103):
        world.sells(order_id, shipping={"address_1": f"Hytteveien {order_id}"})
    world.settle()
    if invoiced:
        world.company.invoice_by_hand("shop_102")
    before = world.books()
    world.state.unlink()
    assert world.settle().exit_code == 0
    assert world.books() == before
    world.wait(600)
    world.sells(104)
    world.settle()
    assert len(world.books().customers) == 1


def test_a_first_look_that_was_cut_short_is_taken_again(world: World) -> None:
    """Only a look at both lists to their end counts."""
    world.sells(101)
    world.settle()
    world.state.unlink()
    world.faults.at("GET", "/OutgoingInvoices", 1, "html")
    assert world.run().exit_code == 3
    assert world.settle().exit_code == 0
    assert written(world) == 1


@pytest.mark.parametrize("hours", [-3, 3], ids=["slow", "fast"])
def test_what_changed_since_is_reckoned_by_poweroffices_clock(world: World, hours: int) -> None:
    """Its clock may be hours from ours: the look goes by its own Date header."""
    world.go.clock = world.company.clock = lambda: world.now() + timedelta(hours=hours)
    world.sells(101)
    world.wire.plan = {CUSTOMER: ["lost_after"], ORDER: ["lost_after"]}
    world.settle()
    assert len(world.books().customers) == 1
    assert list(world.books().totals) == ["shop_101"]
    assert written(world) == 1
    assert written(world, "/Customers") == 1


@pytest.mark.parametrize("hours", [-10, -0.1])
def test_our_clock_may_be_set_back_while_a_write_is_open(world: World, hours: float) -> None:
    """Then the waiting is counted from there: never for ever, and never cut short."""
    world.sells(101)
    world.wire.plan = {ORDER: ["lost_after"]}
    world.run()
    world.drift = hours * 3600
    assert world.run().counts == {"waiting": 1}
    world.settle()
    assert list(world.books().totals) == ["shop_101"]
    assert written(world) == 1


def test_a_request_that_arrives_after_its_repeat_makes_no_second(world: World) -> None:
    """A minute late, it meets the reference that its repeat has used."""
    world.sells(101, shipping={"address_1": "Hytteveien 9"})
    world.wire.plan = {0: ["late"], 2: ["late"], 4: ["late"]}  # each once; 1 and 3 are repeats
    world.settle()
    expected = world.books()
    assert world.wire.late_ones_arrive() == 3
    assert world.books() == expected
    assert len(expected.customers) == len(expected.documents) == 1


def test_a_customer_whose_answer_is_lost_is_found_by_its_reference(world: World) -> None:
    """A guest without e-mail can be found by nothing else."""
    world.sells(101, email="")
    world.wire.plan = {CUSTOMER: ["lost_after"]}
    world.settle()
    assert written(world, "/Customers") == 1
    assert list(world.books().totals) == ["shop_101"]


def test_what_never_arrives_is_held_in_the_end_and_retried_when_told(world: World) -> None:
    """After five attempts without an answer and without a trace a person must look."""
    world.sells(101)
    world.wire.plan = {ORDER: ["lost_before"] * 5}
    world.settle(at_most=12)
    assert world.held() == {"101": "never_arrives"}
    assert len([s for s in world.wire.writes if s.path == "/SalesOrders/Complete"]) == 5
    retry(world.settings, ["101"])
    world.settle()
    assert world.held() == {}
    assert list(world.books().totals) == ["shop_101"]


def test_an_order_is_not_forgotten_while_a_write_is_unanswered(world: World) -> None:
    """Cancelled in the shop before we knew that it had been made: it is found, and deleted."""
    world.sells(101)
    world.wire.plan = {ORDER: ["lost_after"]}
    world.run()
    world.shop.set_status(101, "cancelled")
    world.wait(10)
    assert world.run().counts == {"waiting": 1}
    assert len(world.books().documents) == 1
    world.settle()
    assert world.books().documents == ()
    assert world.record(101).state is State.CANCELLED


def test_an_order_changed_while_its_creation_is_unanswered_is_followed(world: World) -> None:
    """The draft that is found is brought to what the order is by then."""
    world.sells(101, Goods("GEN-001", "1299.00"))
    world.wire.plan = {ORDER: ["lost_after"]}
    world.run()
    world.sells(101, Goods("GEN-001", "1199.00"), Goods("LUE-7", "249.00"))
    world.settle()
    assert world.held() == {}
    assert world.books().totals == {"shop_101": Decimal("1448.00")}
    assert written(world) == 1


# -- a reference that is in use already --------------------------------------------------------


def test_a_guest_without_email_is_found_again_after_a_lost_state_database(world: World) -> None:
    """PowerOffice says that the customer's reference is in use: it is asked for by that."""
    world.sells(101, email="")
    world.settle()
    world.company.delete_draft("shop_101")
    world.state.unlink()
    world.wait(3600)
    world.settle()
    assert world.held() == {}
    assert list(world.books().totals) == ["shop_101"]
    assert len(world.books().customers) == 1


def test_a_guest_whose_order_was_refused_is_found_again_an_hour_later(world: World) -> None:
    """The customer stands there since the first try, and is asked for by its reference."""
    world.sells(101, email="")
    world.faults.at("POST", "/SalesOrders/Complete", 1, "refuse")
    world.run()
    assert world.held() == {"101": "refused"}
    world.wait(3700)
    world.settle()
    assert list(world.books().totals) == ["shop_101"]
    assert len(world.books().customers) == 1


@pytest.mark.parametrize("invoiced", [False, True], ids=["draft", "invoice"])
def test_a_state_database_from_an_older_backup_makes_nothing_twice(
    world: World, invoiced: bool
) -> None:
    """What was made since then is found by its reference, however old it is, and adopted."""
    world.sells(100)
    world.settle()
    backup = world.state.read_bytes()
    world.sells(101)
    world.sells(102, email="", shipping={"address_1": "Hytteveien 9"})
    world.settle()
    if invoiced:
        world.company.invoice_by_hand("shop_101")
    before = world.books()
    world.wait(86_400)
    world.state.write_bytes(backup)
    world.settle(at_most=12)
    assert world.held() == {}
    assert world.books() == before


def test_an_old_document_of_another_shop_is_recognised_by_its_reference(world: World) -> None:
    """Neither the first look nor the list of changes shows it: PowerOffice's refusal does."""
    world.sells(100)
    world.settle()
    theirs = world.company.invoice_by_hand("shop_100")
    theirs.order.external_import_reference = "shop_101"
    theirs.order.custom_matching_reference = "woo-another-101"
    theirs.changed = world.now() - timedelta(days=400)
    world.sells(101)
    world.wait(3600)
    world.settle(at_most=12)
    assert world.held() == {"101": "prefix_of_another_shop"}


def test_a_refusal_that_stays_after_a_lost_answer_is_told_in_poweroffices_words(
    world: World,
) -> None:
    """The first answer was lost, every later one says why not: the hold says it too."""
    world.sells(101)
    world.wire.plan = {ORDER: ["lost_before", *["refuse"] * 10]}
    world.settle(at_most=12)
    assert "Refused by the fault plan." in world.reasons()["101"]
