"""A day without PowerOffice or without the shop: what cron's runs say, and what comes after."""

from datetime import timedelta
from typing import Any

import pytest
from world import Goods, World

from woo2po.status import Status, status_of

ORDERS = "shop: GET /wp-json/wc/v3/orders"
PRODUCTS = "poweroffice: GET /Products"
QUARTER = 900
DAY = 24 * 3600 // QUARTER


def status(world: World) -> Status:
    """Return what `woo2po status` says with its own idea of an old run."""
    return status_of(world.settings, world.now(), max_age=timedelta(hours=2))


def a_day(world: World) -> list[Any]:
    """Let cron's runs go on for a day, four an hour; return their outcomes."""
    outcomes = []
    for _ in range(DAY):
        outcomes.append(world.run())
        world.wait(QUARTER)
    return outcomes


@pytest.mark.parametrize("how", ["connect_error", "503", "timeout_before"])
def test_a_day_without_poweroffice_is_said_and_made_up_for(world: World, how: str) -> None:
    """Every run ends with 3 and the reason, `status` with 1; orders of that day wait in turn."""
    world.sells(101)
    world.run()
    world.wire.down = how
    world.sells(102, email="en@kunde.example")
    outcomes = a_day(world)
    assert {outcome.exit_code for outcome in outcomes} == {3}
    assert len({outcome.problem for outcome in outcomes}) == 1
    assert outcomes[0].problem in {"poweroffice_not_reached", "poweroffice_no_answer"}
    assert {log["problem"] for log in world.logs if log["event"] == "run_stopped"} == {
        outcomes[0].problem
    }
    found = status(world)
    assert found.exit_code == 1
    assert [one.number for one in found.orders] == ["102"]
    world.wire.down = ""
    world.settle()
    assert sorted(world.books().totals) == ["shop_101", "shop_102"]
    assert status(world).exit_code == 0


@pytest.mark.parametrize("how", ["no connection", "fails", "is a page"])
def test_a_day_without_the_shop_is_said_and_made_up_for(world: World, how: str) -> None:
    """What was sold meanwhile is found by the first run after it, however long ago."""
    world.sells(101)
    world.run()
    world.shop_wire.down = how
    world.sells(102, email="en@kunde.example")
    outcomes = a_day(world)
    assert {outcome.exit_code for outcome in outcomes} == {3}
    assert all(outcome.problem.startswith("shop_") for outcome in outcomes)
    assert status(world).exit_code == 1
    world.shop_wire.down = ""
    assert world.run().exit_code == 0
    assert sorted(world.books().totals) == ["shop_101", "shop_102"]
    assert status(world).exit_code == 0


def test_what_waited_out_an_outage_is_not_lost_to_an_empty_list(world: World) -> None:
    """Two days old, the orders are in no poll any more: the shop's own 404 alone is believed."""
    world.sells(101)
    world.wire.down = "connect_error"
    for _ in range(2):
        world.run()
        world.wait(2 * 24 * 3600)
    world.wire.down = ""
    world.reads.always = {ORDERS: "is empty"}
    world.run()
    world.reads.always = {}
    world.settle()
    assert list(world.books().totals) == ["shop_101"]


def test_a_product_list_that_came_short_holds_an_order_for_an_hour_at_most(world: World) -> None:
    """Then everything is read anew; what changed since would never have mended it."""
    world.sells(101)
    world.reads.always = {PRODUCTS: "is empty"}
    world.run()
    assert list(world.held()) == ["101"]
    world.reads.always = {}
    world.wait(3601)
    world.run()
    assert list(world.books().totals) == ["shop_101"]


def test_a_product_whose_group_was_not_listed_is_no_reason_for_another(world: World) -> None:
    """The groups are asked for once more before a product counts as one that can't be sold on."""
    world.sells(101, Goods("LUE-7", "249.00"))
    groups = "poweroffice: GET /ProductGroups"
    world.run()
    asked = world.reads.asked.index(groups)
    folder = world.state.parent / "again"
    folder.mkdir()
    again = World(folder)
    again.sells(101, Goods("LUE-7", "249.00"))
    again.reads.plan = {asked: "is empty"}
    again.run()
    assert again.reads.met == 1
    assert again.books().documents == world.books().documents
