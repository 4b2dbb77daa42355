"""`show NUMBER`: an order's history, its documents, and what differs, if anything does."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
import virtual_time
from after import PAID, business
from world import World

from woo2po.connections import Connections
from woo2po.show import show_order


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A shop whose orders are invoiced when they are completed."""
    return business(tmp_path, invoices={"create": True, "when": "completed"})


def shown(world: World, number: str = "101") -> tuple[int | None, str]:
    """Return exit code and text of `show`."""
    said: list[str] = []
    connections = Connections(httpx.ASGITransport(world.shop.app), world.wire)
    with world._in_our_time():
        work = show_order(world.settings, world.now, number, said.append, connections)
        code = virtual_time.run(work)
    return code, "\n".join(said)


def test_an_unknown_number_is_said(world: World) -> None:
    """No such order is known to the job."""
    world.sells(101)
    world.settle()
    assert shown(world, "999") == (None, "")


def test_a_draft_is_shown_with_its_number_and_that_it_is_equal(world: World) -> None:
    """Reference, sales order, total, and what was written when."""
    world.sells(101)
    world.settle()
    code, text = shown(world)
    assert code == 0
    number = world.company.order("shop_101").sales_order_no
    for wanted in ("shop_101", f" {number}\n", "299.00", "make sales order", "2026-11-23 19:00:00"):
        assert wanted in text
    assert "equal to the order" in text


def test_a_total_in_another_currency_says_which(world: World) -> None:
    """Kroner go without saying."""
    world.sells(101)
    world.sells(102, currency="EUR", email="to@example.no")
    world.settle()
    assert "299.00 EUR" in shown(world, "102")[1]
    assert "NOK" not in shown(world)[1]


@pytest.mark.parametrize(
    ("does", "code", "said"),
    [
        (lambda c: c.edit_line("shop_101", "1", product_unit_price=Decimal(1000)), 1, "250.00"),
        (lambda c: c.delete_draft("shop_101"), 1, "no longer in PowerOffice"),
        # It is an invoice, though no run has noticed it yet: it is not called gone.
        (lambda c: c.invoice_by_hand("shop_101"), 0, "Invoice 10001 of "),
    ],
    ids=["changed", "deleted", "invoiced"],
)
def test_what_a_person_did_with_a_draft_is_seen(
    world: World, does: Any, code: int, said: str
) -> None:
    """Exit code 1 where it is not what it should be."""
    world.sells(101)
    world.settle()
    does(world.company)
    assert (shown(world)[0], said in shown(world)[1]) == (code, True)


def test_the_order_may_be_named_by_its_id(world: World) -> None:
    """Where a plugin numbers the orders."""
    world.loads("plugin-sequential-number")
    world.settle()
    assert shown(world, "1001")[1] == shown(world, "id:2030")[1] != ""


def test_a_held_order_is_shown_with_reason_and_remedy(world: World) -> None:
    """Exit code 1."""
    world.configure(payments={**PAID, "accounts": {"klarna": 1904}})
    world.sells(101)
    world.settle()
    code, text = shown(world)
    assert code == 1
    assert "No account is named for payments by vipps." in " ".join(text.split())
    assert "→" in text


def test_a_held_refund_is_shown_as_held(world: World) -> None:
    """The order is in order, its refund is not: exit code 1."""
    world.configure(refunds={"amount_only": "hold"})
    world.sells(101)
    world.shop.set_status(101, "completed")
    world.settle()
    world.wait(300)
    world.shop.add_refund(101, {"amount": "300.00"})
    world.settle()
    code, text = shown(world)
    assert "has no lines" in " ".join(text.split())
    assert code == 1


def test_a_system_that_is_away_is_said_after_the_history(world: World) -> None:
    """Exit code 3."""
    world.sells(101)
    world.settle()
    world.wire.down = "connect_error"
    code, text = shown(world)
    assert code == 3
    assert "shop_101" in text


def test_showing_changes_nothing_and_names_nobody(world: World) -> None:
    """Neither system, nor the state database; ids and amounts only."""
    world.sells(101)
    world.settle()
    before, writes = world.state.read_bytes(), len(world.wire.writes)
    _, text = shown(world)
    assert (world.state.read_bytes(), len(world.wire.writes)) == (before, writes)
    for personal in ("Nordmann", "kari@example.no", "Storgata"):
        assert personal not in text
