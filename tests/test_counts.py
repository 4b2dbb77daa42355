"""What a run says that it did: counted in orders, the credit notes by themselves."""

from pathlib import Path

import pytest
from after import HOUR, business
from world import World

from woo2po.report import summary_line


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A shop whose orders are invoiced at once, and whose payments are registered."""
    return business(tmp_path)


def refunded(world: World) -> None:
    """Sell, invoice, and then give a part of the money back."""
    world.sells(101)
    world.settle()
    world.wait(300)
    world.shop.add_refund(101, {"amount": "300.00", "refunded_payment": True})


def test_an_order_is_counted_at_each_step_that_it_took(world: World) -> None:
    """Made, invoiced and paid in one run."""
    world.sells(101)
    counts = world.run().counts
    assert (counts["made"], counts["invoiced"], counts["paid"]) == (1, 1, 1)
    assert "left" not in counts


def test_a_credit_note_is_no_order_and_no_invoice(world: World) -> None:
    """The counts of a run agree with those of `status`: a credit note has its own."""
    refunded(world)
    counts = world.run().counts
    assert "made" not in counts
    assert "invoiced" not in counts
    assert (counts["credited"], counts["paid"]) == (1, 1)
    assert "1 credited, 1 paid or paid back" in summary_line(counts, "en")


def test_a_credit_note_that_stays_a_draft_is_counted_too(world: World) -> None:
    """Where a person sends invoices, that run has still made something."""
    world.configure(invoices={"create": False}, payments={"register": False})
    world.sells(101)
    world.settle()
    world.company.invoice_by_hand("shop_101")
    world.wait(HOUR)
    world.run()
    world.shop.add_refund(101, {"amount": "300.00"})
    world.wait(300)
    assert world.run().counts["credited"] == 1


@pytest.mark.parametrize("by_hand", [False, True], ids=["late", "by hand"])
def test_an_invoice_of_an_earlier_run_leaves_nothing_in_the_queue(
    world: World, by_hand: bool
) -> None:
    """What stands by now was under way: it is not counted as left for the next run."""
    if by_hand:
        world.configure(invoices={"create": False})
    world.faults.send_result, world.faults.send_seconds = "late", 100
    world.sells(101)
    world.run()
    if by_hand:
        world.company.invoice_by_hand("shop_101")
    world.wait(HOUR)
    counts = world.run().counts
    assert counts["invoiced"] == 1
    assert "left" not in counts


def test_what_a_limit_leaves_is_told_whatever_else_was_done(world: World) -> None:
    """The second order waits for the next run."""
    world.faults.send_result, world.faults.send_seconds = "late", 100
    world.sells(101)
    world.run()
    world.wait(300)
    world.sells(102, email="ola@example.no")
    world.sells(103, email="nils@example.no")
    counts = world.run(limit=1).counts
    assert counts["left"] == 2 - counts.get("made", 0)
