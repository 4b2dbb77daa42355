"""A shop that moves to another address: one command, nothing twice, everything goes on."""

import re
from pathlib import Path

import pytest
from world import Goods, World

from woo2po.config import load
from woo2po.demo import sandbox_config
from woo2po.messages import say_both
from woo2po.move import NotMoved, move

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


@pytest.mark.parametrize(
    "new",
    ["https://www.shop.example", "https://ny.example",
     "https://shop.example:8443"],
)  # fmt: skip
def test_a_shop_that_moved_goes_on_where_it_was(world, at, new):
    """The message names the command; what stood under the old address stays the shop's own."""
    world.sells(101, Goods("GEN-001", "1299.00"))
    world.settle()
    config = at(new)
    outcome = world.run()
    if new != "https://shop.example:8443":  # a port makes no other shop
        assert (outcome.exit_code, outcome.problem) == (2, "state_of_another_shop")
        told = say_both(outcome.problem, "en", outcome.facts)
        address = re.search(r"`woo2po move --from (\S+)`", told)[1]
        assert typed(world, config, address) == 1
    world.sells(101, Goods("GEN-001", "1199.00"))
    world.sells(102, Goods("GEN-001", "500.00"), email="ny@example.no")
    world.wait(300)
    world.settle()
    assert world.books().totals == {"shop_101": 1199, "shop_102": 500}
    assert world.held() == {}
    world.state.unlink()  # the database is lost after the move: its documents are known again
    world.wait(300)
    world.settle()
    assert set(world.books().totals) == {"shop_101", "shop_102"}


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


def test_a_database_made_at_the_new_address_is_put_aside(world, at):
    """Whoever took a new one first is told to put the old one back, and then nothing is twice."""
    world.sells(101)
    world.settle()
    old = world.state.read_bytes()
    world.state.unlink()
    config = at("https://ny.example")
    world.run()
    assert world.held() == {"101": "prefix_of_another_shop"}
    with pytest.raises(NotMoved, match="move_from_elsewhere"):
        typed(world, config, OLD)
    for side in world._sides():
        side.unlink(missing_ok=True)
    world.state.write_bytes(old)
    typed(world, config, OLD)
    world.settle()
    assert list(world.books().totals) == ["shop_101"]


def test_another_shop_is_not_taken_for_the_one_of_before(world, at):
    """Orders of the same ids were placed at other times there; and a second time tells so."""
    world.sells(101)
    world.settle()
    config = at("https://annen.example")
    world.sells(101, date_created_gmt="2026-11-01T10:00:00")
    with pytest.raises(NotMoved, match="move_other_shop"):
        typed(world, config, OLD)
    world.sells(101)
    typed(world, config, "shop.example")
    with pytest.raises(NotMoved, match="move_done_already"):
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
    with pytest.raises(NotMoved, match="move_by_hand"):
        typed(world, config, OLD)
    assert config.read_bytes() == text
