"""A shop that moves to another address: one command, nothing twice, everything goes on."""

import re
from pathlib import Path

import pytest
from world import Goods, World

from woo2po.config import load
from woo2po.demo import sandbox_config
from woo2po.holds import InTheWay
from woo2po.messages import remedy, say_both
from woo2po.move import move

OLD = "https://shop.example"


@pytest.fixture
def at(world: World):
    """Return what sets a world's shop up at an address, with a configuration file of its own."""
    file = world.state.parent / "config.toml"

    def moved_to(address: str) -> Path:
        text = sandbox_config(address, "https://go.example", world.shop, "en")
        file.write_text(re.sub(r"(?m)^create = true$", "create = false", text), "utf-8")
        world.settings = load(file)
        return file

    moved_to(OLD)
    return moved_to


def typed(world: World, config: Path, address: str) -> int:
    """Do what `woo2po move --from ADDRESS` does; the world's configuration is read again."""
    n = world.in_virtual_time(move(world.settings, config, address, world.connections))
    world.settings = load(config)
    return n


MOVES = {
    "www": (OLD, "https://www.shop.example"),
    "a new name": (OLD, "https://ny.example"),
    "a folder": (OLD, "https://shop.example/butikk"),
    "out of its folder": ("https://shop.example/butikk", OLD),
    "a port and another name": (OLD, "https://ny.example:8443"),
}
STAYS = {
    "a port": (OLD, "https://shop.example:8443"),
    "https": ("http://localhost:8080", "https://localhost"),
}


@pytest.mark.parametrize("how", [*MOVES, *STAYS])
def test_a_shop_that_moved_goes_on_where_it_was(world, at, how):
    """The message names the command; what stood under the old address stays the shop's own."""
    old, new = (MOVES | STAYS)[how]
    world.shop.subfolder = old.removeprefix(OLD) if "butikk" in old else ""
    at(old)
    world.sells(101, Goods("GEN-001", "1299.00"))
    world.settle()
    world.shop.subfolder = new.removeprefix(OLD) if "butikk" in new else ""
    config = at(new)
    outcome = world.run()
    if how in MOVES:  # neither scheme nor port makes another shop
        assert (outcome.exit_code, outcome.problem) == (2, "state_of_another_shop")
        told = say_both(outcome.problem, "en", outcome.facts)
        assert told.index("Has this shop moved") < told.index("woo2po move")
        assert told.index("woo2po move") < told.index("a state.path and an orders.number_prefix")
        address = re.search(r"`woo2po move --from (\S+)`", told)[1]
        assert typed(world, config, address) == 1
    world.sells(101, Goods("GEN-001", "1199.00"))
    world.sells(102, Goods("GEN-001", "500.00"), email="ny@example.no")
    world.wait(300)
    world.settle()
    assert world.books().totals == {"shop_101": 1199, "shop_102": 500}
    assert world.held() == {}
    world.state.rename(world.state.with_name("other.db"))  # nor does another name of the file
    world.configure(state={"path": str(world.state.with_name("other.db"))})
    world.wait(300)
    world.settle()
    world.state.unlink()  # the database is lost after the move: its documents are known again
    world.wait(300)
    world.settle()
    assert world.books().totals == {"shop_101": 1199, "shop_102": 500}


def test_an_order_that_could_not_be_read_before_the_move_proves_nothing(world, at):
    """Nobody knows when it was placed, so it speaks neither for the shop nor against it."""
    world.sells(101)
    world.sells(102, total="ninety")
    world.settle()
    assert world.held() == {"102": "unreadable"}
    world.sells(102)
    assert typed(world, at("https://ny.example"), OLD) == 1


def test_a_database_begun_at_the_new_address_goes_on_as_the_old_one(world, at):
    """Whoever took another state.path too: the same command, as the held orders say."""
    world.sells(101)
    world.sells(102, email="to@example.no")
    world.settle()
    config = at("https://ny.example")
    world.configure(state={"path": str(world.state.with_name("other.db"))})
    path = world.settings.state
    world.run()
    assert set(world.held().values()) == {"prefix_of_another_shop"}
    told = remedy("prefix_of_another_shop", "en", {})
    assert told.index("another address before?") < told.index("woo2po move --from")
    assert typed(world, config, "shop.example") == 2
    world.settings = world.settings.model_copy(update={"state": path})
    world.sells(103, email="tre@example.no")
    world.wait(300)
    world.settle()
    assert world.held() == {}
    assert list(world.books().totals) == ["shop_101", "shop_102", "shop_103"]


def test_a_database_that_was_lost_is_made_anew_with_the_earlier_address(world, at):
    """The key alone is enough: what stands in PowerOffice is found by the first address."""
    world.sells(101)
    world.settle()
    world.state.unlink()
    at("https://ny.example")
    world.configure(woocommerce={"formerly": ["eldre.example", "shop.example"]})
    world.run()
    assert world.held() == {"101": "prefix_of_another_shop"}
    world.configure(woocommerce={"formerly": ["shop.example"]})
    world.settle()
    assert world.held() == {}
    assert list(world.books().totals) == ["shop_101"]


def test_another_shop_is_not_taken_for_the_one_of_before(world, at):
    """Orders of the same ids were placed at other times there; and a second time tells so."""
    world.sells(101)
    world.settle()
    config = at("https://annen.example")
    world.sells(101, date_created_gmt="2026-11-01T10:00:00")
    with pytest.raises(InTheWay, match="move_other_shop"):
        typed(world, config, OLD)
    with pytest.raises(InTheWay, match="move_from_elsewhere"):
        typed(world, config, "https://tredje.example")
    world.sells(101)
    typed(world, config, "shop.example")
    with pytest.raises(InTheWay, match="move_done_already"):
        typed(world, config, OLD)


def test_what_else_the_configuration_says_stays(world, at):
    """One line is added; where that cannot be, the line is shown and the file is as it was."""
    world.sells(101)
    world.settle()
    config = at("https://ny.example")
    before = config.read_text("utf-8").splitlines()
    typed(world, config, OLD)
    after = config.read_text("utf-8").splitlines()
    assert [line for line in after if line not in before] == ['formerly = ["shop.example"]']
    config = at("https://ny.example")
    config.write_text(config.read_text("utf-8").replace("[woocommerce]", "[ woocommerce ]"))
    text = config.read_bytes()
    with pytest.raises(InTheWay, match="move_by_hand"):
        typed(world, config, OLD)
    assert config.read_bytes() == text
