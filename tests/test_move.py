"""A shop that moves to another address: one command, nothing twice, everything goes on."""

import re
from datetime import timedelta

import pytest
from stories import *

from woo2po.config import load
from woo2po.demo import sandbox_config
from woo2po.holds import InTheWay
from woo2po.messages import remedy, say_both
from woo2po.move import move
from woo2po.status import retry, status_of
from woo2po.store.database import StateError

OLD, NEW = "https://shop.example", "https://ny.example"


@step
def is_at(world: World, address: str) -> None:
    """Let the shop answer at an address, with a configuration file of its own."""
    world.shop.subfolder = "/butikk" if address.endswith("/butikk") else ""
    file = world.state.parent / "config.toml"
    text = sandbox_config(address, "https://go.example", world.shop, "en")
    file.write_text(re.sub(r"(?m)^create = true$", "create = false", text), "utf-8")
    world.settings = load(file)


@pytest.fixture
def world(world: World) -> World:
    """A shop that is at its old address."""
    is_at(OLD)(world)
    return world


@step
def moved(world: World, address: str, orders: int = 1) -> None:
    """Do what `woo2po move --from ADDRESS` does; the world's configuration is read again."""
    file = world.state.parent / "config.toml"
    work = move(world.settings, file, address, world.connections)
    assert world.in_virtual_time(work) == orders
    path = world.settings.state
    world.settings = load(file).model_copy(update={"state": path})


@step
def is_refused(world: World, address: str, code: str) -> None:
    with pytest.raises(InTheWay, match=code):
        moved(address)(world)


@step
def says_in_order(world: World, text: str, *parts: str) -> None:
    places = [text.index(part) for part in parts]
    assert places == sorted(places)


@step
def is_told(world: World) -> None:
    """The run stops, `status` says why, and the message names the command: that is typed."""
    for look in (lambda: retry(world.settings, ["101"]), lambda: status_of(
            world.settings, world.now(), max_age=timedelta(hours=2))):  # fmt: skip
        with pytest.raises(StateError, match=world.outcome.problem):
            look()
    told_ = say_both(world.outcome.problem, "en", world.outcome.facts)
    says_in_order(told_, "Has this shop moved", "woo2po move",
                  "a state.path and an orders.number_prefix")(world)  # fmt: skip
    moved(re.search(r"`woo2po move --from (\S+)`", told_)[1])(world)


def another_state(world: World) -> None:
    """Take another file for the state database."""
    world.configure(state={"path": str(world.state.with_name("other.db"))})


def renamed(world: World) -> None:
    world.state.rename(world.state.with_name("other.db"))
    another_state(world)


STOPS = (then(exit_code=2, problem="state_of_another_shop"), is_told())
STAYS = {"shop_101": 1199, "shop_102": 500}
PREFIX = "prefix_of_another_shop"
WAYS = {  # from where to where, and what is then: neither scheme nor port makes another shop
    "www": (OLD, "https://www.shop.example", STOPS),
    "a new name": (OLD, NEW, STOPS),
    "a folder": (OLD, f"{OLD}/butikk", STOPS),
    "out of its folder": (f"{OLD}/butikk", OLD, STOPS),
    "a port and another name": (OLD, f"{NEW}:8443", STOPS),
    "a port": (OLD, f"{OLD}:8443", ()),
    "https": ("http://localhost:8080", "https://localhost", ()),
}
# fmt: off
MOVES: dict[str, Story] = {
    # What stood under the old address stays the shop's own; also under another name of the file,
    # and where the database is lost after the move: its documents are known again.
    **{f"it goes on where it was ({how})": (
        is_at(old), sold(101, DEAR), is_at(new), run(), *stops, sells(101, CHEAP),
        becomes(102, Goods("GEN-001", "500.00"), email="ny@example.no"), then(totals=STAYS),
        renamed, wait(300), settle(), then(totals=STAYS), state_lost(), wait(300), settle(),
        then(totals=STAYS))
       for how, (old, new, stops) in WAYS.items()},
    # Nobody knows when it was placed, so it speaks neither for the shop nor against it.
    "an order that could not be read before the move proves nothing": (
        sells(), sold(102, total="ninety"), then({"102": "unreadable"}), sells(102), is_at(NEW),
        moved(OLD)),
    # Whoever took another state.path too: the same command, as the held orders say.
    "a database begun at the new address goes on as the old one": (
        sells(), sold(102, email="to@example.no"), is_at(NEW), another_state, run(),
        then(dict.fromkeys(("101", "102"), PREFIX)),
        says_in_order(remedy(PREFIX, "en", {}), "another address before?", "woo2po move --from"),
        moved("shop.example", orders=2), becomes(103, email="tre@example.no"),
        then(totals=only("shop_101", "shop_102", "shop_103"))),
    # The key alone is enough: what stands in PowerOffice is found by the first address.
    "a database that was lost is made anew with the earlier address": (
        sold(), state_lost(), is_at(NEW),
        configure(woocommerce={"formerly": ["eldre.example", "shop.example"]}), run(),
        then(PREFIX), configure(woocommerce={"formerly": ["shop.example"]}), settle(),
        then(totals=only("shop_101"))),
    # Orders of the same ids were placed at other times there; and a second time tells so.
    "another shop is not taken for the one of before": (
        sold(), is_at("https://annen.example"), sells(date_created_gmt="2026-11-01T10:00:00"),
        is_refused(OLD, "move_other_shop"),
        is_refused("https://tredje.example", "move_from_elsewhere"), sells(),
        moved("shop.example"), is_refused(OLD, "move_done_already")),
}
# fmt: on


@pytest.mark.parametrize("what", MOVES)
def test_a_shop_moves(what, world):
    told(MOVES[what], world)


def test_what_else_the_configuration_says_stays(world):
    """One line is added; where that cannot be, the line is shown and the file is as it was."""
    told((sold(), is_at(NEW)), world)
    config = world.state.parent / "config.toml"
    before = config.read_text("utf-8").splitlines()
    moved(OLD)(world)
    after = config.read_text("utf-8").splitlines()
    assert [line for line in after if line not in before] == ['formerly = ["shop.example"]']
    is_at(NEW)(world)
    config.write_text(config.read_text("utf-8").replace("[woocommerce]", "[ woocommerce ]"))
    text = config.read_bytes()
    is_refused(OLD, "move_by_hand")(world)
    assert config.read_bytes() == text
