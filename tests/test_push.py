"""From the queue to the draft: what goes, and what stops a run."""

from datetime import timedelta
from decimal import Decimal

import filelock
import pytest
from world import START, Goods, World

from woo2po.sandbox.shop_orders import recorded, recorded_names


def sell_to_many(world: World, count: int) -> list[str]:
    """Sell to so many different people; return the references of their orders."""
    for order_id in range(101, 101 + count):
        world.sells(order_id, email=f"kunde{order_id}@example.no")
    return [f"shop_{order_id}" for order_id in range(101, 101 + count)]


# -- what goes --------------------------------------------------------------------------------


@pytest.mark.parametrize("rounding", ["line", "document", "end"])
def test_every_recorded_order_that_goes_has_the_total_that_was_paid(
    world: World, rounding: str
) -> None:
    """Whichever way PowerOffice rounds, each draft is equal to its order to the øre."""
    world.faults.rounding = rounding  # type: ignore[assignment]
    world.loads(*recorded_names())
    world.settle()
    paid = {
        f"shop_{order['id']}": Decimal(order["total"])
        for order in (recorded(name)["order"] for name in recorded_names())
    }
    totals = world.books().totals
    assert len(totals) > 35
    assert totals == {reference: paid[reference] for reference in totals}


@pytest.mark.parametrize("rounding", ["line", "document", "end"])
def test_prices_that_poweroffice_cuts_are_made_good_by_a_rounding_line(
    world: World, rounding: str
) -> None:
    """It may keep fewer decimals than were sent: the answer is compared, and corrected."""
    world.faults.rounding = rounding  # type: ignore[assignment]
    world.faults.max_unit_price_decimals = 2
    for order_id in range(101, 113):
        goods = Goods("KAF-250", f"{order_id - 12}.80", 15, quantity=order_id % 3 + 1)
        world.sells(order_id, goods, Goods("GEN-001", f"{order_id}.35"), Goods("LUE-7", "99.99"))
    world.settle()
    assert world.held() == {}
    assert world.books().totals == {
        f"shop_{order_id}": Decimal(order["total"]) for order_id, order in world.shop.orders.items()
    }
    lines = [line for document in world.books().documents for line in document.lines]
    assert [reference for reference, *_ in lines].count("round") >= 3


@pytest.mark.parametrize("hours", [0.1, 20])
def test_a_later_run_sends_nothing_again(world: World, hours: float) -> None:
    """What has not changed in the shop is not touched in PowerOffice.

    The first poll of a day reads 24 hours again, and recognises what it has.
    """
    sell_to_many(world, 3)
    world.run()
    writes = len(world.wire.writes)
    world.wait(hours * 3600)
    assert world.run().counts == {}
    assert len(world.wire.writes) == writes


def test_an_idle_run_asks_poweroffice_for_nothing(world: World) -> None:
    """Drafts that wait for a person are looked at once an hour; else nobody is disturbed."""
    sell_to_many(world, 3)
    world.run()
    world.wait(300)
    world.run()
    requests = len(world.go.requests)
    for _ in range(5):
        world.wait(300)
        assert world.run().counts == {}
    assert len(world.go.requests) == requests


def test_many_orders_under_way_at_once_arrive_once_each(world: World) -> None:
    """With 300 ms a request several are under way, and never more than 10 begin in a second."""
    world.faults.latency = 0.3
    references = sell_to_many(world, 60)
    started = world.now()
    assert world.run().counts == {"made": 60}
    assert list(world.books().totals) == references
    assert world.go.busiest_second <= 10
    assert world.now() - started < timedelta(seconds=20)


def test_a_limit_takes_the_oldest_and_leaves_the_rest(world: World) -> None:
    """`--limit 2` carries two orders over; the next run goes on with the others."""
    sell_to_many(world, 3)
    outcome = world.run(limit=2)
    assert outcome.counts == {"made": 2, "left": 1}
    assert list(world.books().totals) == ["shop_101", "shop_102"]
    world.run()
    assert list(world.books().totals) == ["shop_101", "shop_102", "shop_103"]


def test_asked_for_by_number_only_that_order_goes(world: World) -> None:
    """`--order` moves no cursor: what it passed over is found by the next run."""
    sell_to_many(world, 3)
    assert world.run("102").counts == {"made": 1}
    assert list(world.books().totals) == ["shop_102"]
    assert world.run().counts == {"made": 2}
    assert len(world.books().totals) == 3


def test_an_order_with_a_refund_is_asked_for_by_its_number(world: World) -> None:
    """The record of its credit note bears the same number, and is no second order."""
    world.configure(invoices={"create": True, "when": "processing"})
    world.sells(101)
    world.settle()
    world.wait(300)
    world.shop.add_refund(101, {"amount": "300.00"})
    world.settle()
    assert world.run("101").counts == {"unchanged": 1}


def test_two_products_of_one_unknown_sku_are_one(world: World) -> None:
    """Two orders under way at once need the same new product: one of them makes it."""
    world.configure(products={"unknown": "create"})
    world.faults.latency = 0.3
    for order_id in (101, 102, 103):
        world.sells(order_id, Goods("NY-1", "99.00", name="Nyhet"), email=f"{order_id}@example.no")
    assert world.run().counts == {"made": 3}
    assert world.books().products == ("NY-1 Nyhet",)


def test_two_shops_of_one_company_keep_apart_by_their_prefixes(world: World) -> None:
    """Both sell an order 101 to the same person: two sales orders, one customer."""
    world.sells(101, Goods("GEN-001", "1299.00"))
    world.settle()
    world.configure(
        woocommerce={"url": "https://other.example"},
        orders={"number_prefix": "other_"},
        state={"path": str(world.state.with_name("other.db"))},
    )
    world.sells(101, Goods("LUE-7", "249.00"))
    world.settle()
    assert world.held() == {}
    assert world.books().totals == {"shop_101": Decimal(1299), "other_101": Decimal(249)}
    assert len(world.books().customers) == 1


# -- what stops a run -------------------------------------------------------------------------


@pytest.mark.parametrize("fault", ["connect_error", "timeout_before", "503", "html"])
def test_a_run_gives_up_when_poweroffice_is_away(world: World, fault: str) -> None:
    """It logs in or not, asks a little, and ends with 3; everything arrives the next time."""
    references = sell_to_many(world, 40)
    world.wire.down = fault
    outcome = world.run()
    assert outcome.exit_code == 3
    assert outcome.problem
    assert len(world.wire.writes) == 0
    world.wire.down = ""
    world.wait(300)
    assert world.settle().exit_code == 0
    assert list(world.books().totals) == references


@pytest.mark.parametrize("fault", ["timeout_before", "timeout_after", "502"])
def test_a_run_stops_after_a_few_when_poweroffice_goes_away_in_the_middle(
    world: World, fault: str
) -> None:
    """After a few orders without an answer no other one is begun, and nothing is twice."""
    references = sell_to_many(world, 60)
    world.wire.plan = {n: [fault] for n in range(20, 1000)}
    outcome = world.run()
    assert outcome.exit_code == 3
    assert outcome.problem
    assert len(world.wire.writes) < 20 + 2 * 13
    assert outcome.counts["left"] > 20
    world.wire.plan = {}
    world.wait(300)
    assert world.settle().exit_code == 0
    assert list(world.books().totals) == references
    assert len(world.books().customers) == 60


def test_a_key_that_does_not_open_ends_with_3(world: World) -> None:
    """The login is refused: nothing is tried, nothing is held, and the message names the key."""
    references = sell_to_many(world, 2)
    world.configure(poweroffice={"client_key": "wrong"})
    outcome = world.run()
    assert (outcome.exit_code, outcome.problem) == (3, "poweroffice_wrong_keys")
    assert world.wire.writes == []
    assert world.held() == {}
    world.configure(poweroffice={"client_key": "client-sandbox"})
    assert world.run().exit_code == 0
    assert list(world.books().totals) == references


def test_a_missing_right_ends_with_3_and_names_it(world: World) -> None:
    """Orders may not be written: no order is to blame."""
    references = sell_to_many(world, 20)
    world.faults.privileges -= {"SalesOrders_Full"}
    world.faults.privileges |= {"SalesOrders"}
    outcome = world.run()
    assert (outcome.exit_code, outcome.problem) == (3, "missing_privilege")
    assert outcome.facts["role"] == "SalesOrders_Full"
    assert world.held() == {}
    assert world.books().documents == ()
    world.faults.privileges |= {"SalesOrders_Full"}
    world.settle()
    assert list(world.books().totals) == references


def test_a_second_run_at_the_same_time_says_so_and_does_nothing(world: World) -> None:
    """Another run holds the lock: exit code 0, no request to anybody."""
    world.sells(101)
    with filelock.FileLock(f"{world.state}.lock"):
        outcome = world.run()
    assert (outcome.exit_code, outcome.problem) == (0, "another_run")
    assert world.go.requests == []
    assert world.shop.requests == []
    assert world.run().counts == {"made": 1}


def test_a_shop_that_is_away_leaves_what_is_queued_for_the_next_time(world: World) -> None:
    """The cursor has not moved, and nothing was sent."""
    world.sells(101)
    world.shop.misbehaviour.maintenance = True
    assert world.run().exit_code == 3
    assert world.go.requests == []
    world.shop.misbehaviour.maintenance = False
    world.wait(300)
    assert world.run().counts == {"made": 1}


def test_an_order_that_changes_while_it_is_carried_over_is_followed(world: World) -> None:
    """The shop's change arrives between our read and PowerOffice's answer: the next run has it."""
    world.sells(101, Goods("GEN-001", "1299.00"))

    def edit(method: str, path: str) -> None:
        if (method, path) == ("POST", "/SalesOrders/Complete"):
            world.sells(101, Goods("GEN-001", "1199.00"))

    world.faults.after(edit)
    world.run()
    world.faults.after_hooks.clear()
    world.settle()
    assert world.books().totals == {"shop_101": Decimal(1199)}


def test_the_trial_in_the_demo_environment_does_not_count_in_production(world: World) -> None:
    """The state database belongs to one company and one environment: exit 2, nothing sent."""
    world.sells(101)
    world.run()
    requests = len(world.go.requests)
    world.configure(poweroffice={"environment": "production"})
    outcome = world.run()
    assert (outcome.exit_code, outcome.problem) == (2, "state_of_another")
    assert len(world.go.requests) == requests


def test_another_company_is_refused_before_anything_is_written(world: World) -> None:
    """The client key is another company's: exit 2, and its books stay empty."""
    world.sells(101)
    world.run()
    world.company.client_id = "another-company"
    world.sells(102)
    writes = len(world.wire.writes)
    outcome = world.run()
    assert (outcome.exit_code, outcome.problem) == (2, "state_of_another")
    assert len(world.wire.writes) == writes


def test_the_world_begins_when_the_recorded_day_is_over() -> None:
    """No recorded order was changed after the test world's first moment."""
    moments = [recorded(name)["order"]["date_modified_gmt"] for name in recorded_names()]
    assert max(moments) < START.replace(tzinfo=None).isoformat()
