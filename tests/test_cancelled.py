"""Cancelled, failed, trashed, deleted: what was made is taken back, and can come again."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from after import balances, business, drafts, hour_later, invoiced, vouchers
from goods import Goods, amounts
from world import World

from woo2po.record import State

UNPAID: dict[str, Any] = {"payment_method": "bacs", "date_paid": None, "date_paid_gmt": None}
PRICE = Decimal("1299.00")
WAYS = ["cancelled", "failed", "trash", "deleted"]


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A shop whose orders are invoiced at once and whose payments are registered."""
    return business(tmp_path)


@pytest.fixture
def on_completion(tmp_path: Path) -> World:
    """A shop whose orders are invoiced when they are completed."""
    return business(tmp_path, invoices={"create": True, "when": "completed"})


def off(world: World, order_id: int, way: str) -> None:
    """Take an order off: set a status, put it in the trash, or delete it from there for good."""
    world.wait(300)
    if way == "trash":
        world.shop.trash(order_id)
    elif way == "deleted":
        # It was in the trash at the poll, and is gone for good when its turn comes.
        world.shop.trash(order_id)
        world.wire.down = "connect_error"
        world.run()
        world.wire.down = ""
        world.shop.delete(order_id)
        world.settle()
    else:
        world.shop.set_status(order_id, way)
    world.settle()


@pytest.mark.parametrize("way", WAYS)
def test_the_draft_of_an_order_that_is_off_goes(on_completion: World, way: str) -> None:
    """Nothing of it stays, and the others are untouched."""
    world = on_completion
    world.sells(101)
    world.sells(102)
    world.settle()
    off(world, 101, way)
    assert (drafts(world), world.held()) == ({"shop_102"}, {})
    assert world.record(101).state is State.CANCELLED


@pytest.mark.parametrize("way", ["cancelled", "failed", "trash"])
def test_the_invoice_of_an_order_that_is_off_is_credited(world: World, way: str) -> None:
    """Whole, once; unpaid as it was, nothing is owed in the end."""
    world.sells(101, **UNPAID)
    world.settle()
    off(world, 101, way)
    assert sorted(invoiced(world).values()) == [-PRICE, PRICE]
    assert world.held() == {}
    hour_later(world)
    assert len(invoiced(world)) == 2


def test_the_invoice_of_an_order_that_is_gone_for_good_is_a_persons(world: World) -> None:
    """The shop has no lines to credit any more: held, with the invoice's number."""
    world.sells(101)
    world.settle()
    off(world, 101, "deleted")
    assert world.held() == {"101": "refund_of_deleted_order"}
    assert "10001" in world.reasons()["101"]
    assert invoiced(world) == {"shop_101": PRICE}


@pytest.mark.parametrize("way", WAYS)
def test_without_credit_notes_an_invoice_of_an_order_that_is_off_is_held(
    world: World, way: str
) -> None:
    """A person decides."""
    world.configure(refunds={"credit_notes": False})
    world.sells(101)
    world.settle()
    off(world, 101, way)
    assert world.held() == {"101": "off_after_invoice"}
    assert invoiced(world) == {"shop_101": PRICE}


def test_an_order_deleted_without_the_trash_is_found_gone_when_it_is_looked_at(
    world: World,
) -> None:
    """No list tells of it; a held order is asked for by its id within the hour."""
    world.faults.send_result = "fails"
    world.sells(101)
    world.run()
    world.wait(61)
    world.run()
    assert world.held() == {"101": "sending_failed"}
    world.shop.delete(101)
    hour_later(world)
    assert (drafts(world), world.held()) == (set(), {})


def test_a_draft_that_a_person_changed_is_reported_and_not_deleted(on_completion: World) -> None:
    """The person's work is in it."""
    world = on_completion
    world.sells(101)
    world.settle()
    world.company.edit_line("shop_101", "1", description="Gave")
    off(world, 101, "cancelled")
    assert world.held() == {"101": "draft_edited_and_off"}
    assert drafts(world) == {"shop_101"}


def test_a_confirmed_draft_is_reported_and_not_deleted(on_completion: World) -> None:
    """It is locked in PowerOffice."""
    world = on_completion
    world.sells(101)
    world.settle()
    world.company.edit_order("shop_101", sales_order_status="Confirmed")
    off(world, 101, "cancelled")
    assert len(world.held()) == 1
    assert drafts(world) == {"shop_101"}


def test_a_draft_that_a_person_deleted_is_nothing_to_take_back(on_completion: World) -> None:
    """The order is off and nothing of it is there: that is what is wanted."""
    world = on_completion
    world.sells(101)
    world.settle()
    world.company.delete_draft("shop_101")
    off(world, 101, "cancelled")
    hour_later(world)
    assert world.held() == {}


def test_an_order_cancelled_while_its_invoice_is_in_the_queue_is_credited(world: World) -> None:
    """First it becomes an invoice, then it is credited."""
    world.faults.send_result, world.faults.send_seconds = "late", 100
    world.sells(101, **UNPAID)
    world.run()
    world.shop.set_status(101, "cancelled")
    for _ in range(6):
        world.run()
        world.wait(61)
    assert sorted(invoiced(world).values()) == [-PRICE, PRICE]


# -- and back -------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["cancelled", "failed", "trash"])
def test_an_order_that_comes_back_before_its_invoice_gets_a_new_draft(
    on_completion: World, way: str
) -> None:
    """Under a reference of its own, and one valid invoice in the end."""
    world = on_completion
    world.sells(101)
    world.settle()
    off(world, 101, way)
    world.wait(300)
    world.shop.set_status(101, "processing")
    world.settle()
    assert drafts(world) == {"shop_101-2"}
    world.wait(300)
    world.shop.set_status(101, "completed")
    world.settle()
    assert (balances(world), world.held()) == ({"shop_101-2": 0}, {})
    assert len(vouchers(world)) == 1


@pytest.mark.parametrize("way", ["cancelled", "failed", "trash"])
def test_an_order_that_comes_back_after_its_invoice_has_one_valid_invoice(
    world: World, way: str
) -> None:
    """Invoiced, credited, invoiced: the sum is the sale, and its money is posted once."""
    world.sells(101)
    world.settle()
    off(world, 101, way)
    world.wait(300)
    world.shop.set_status(101, "processing")
    world.settle()
    totals = invoiced(world)
    assert sum(totals.values()) == PRICE
    assert {"shop_101", "shop_101-2"} < set(totals)
    posted = [pair[2] for voucher in vouchers(world) for pair in voucher.pairs]
    assert sum(posted) == PRICE
    assert sum(entry.balance for entry in world.company.entries.values()) == 0
    assert world.held() == {}


def test_an_order_may_come_back_twice(world: World) -> None:
    """Each time under the next reference."""
    world.sells(101, **UNPAID)
    world.settle()
    for _ in range(2):
        off(world, 101, "cancelled")
        world.wait(300)
        world.shop.set_status(101, "processing")
        world.settle()
    totals = invoiced(world)
    assert {"shop_101", "shop_101-2", "shop_101-3"} < set(totals)
    assert sum(totals.values()) == PRICE
    assert world.held() == {}


def test_an_order_back_in_the_same_poll_is_as_if_nothing_had_been(world: World) -> None:
    """Cancelled and on again between two polls."""
    world.sells(101)
    world.settle()
    world.wait(300)
    world.shop.set_status(101, "cancelled")
    world.shop.set_status(101, "processing")
    world.settle()
    assert (invoiced(world), world.held()) == ({"shop_101": PRICE}, {})


def test_an_order_that_came_back_is_refunded_on_its_valid_invoice(world: World) -> None:
    """The credit note names the second invoice."""
    world.sells(101, **UNPAID)
    world.settle()
    off(world, 101, "cancelled")
    world.shop.set_status(101, "processing")
    world.settle()
    world.wait(300)
    world.shop.add_refund(101, {"amount": "300.00"})
    world.settle()
    (note,) = (d for d in world.books().documents if d.total == -300)
    assert note.credits == "shop_101-2"
    assert world.held() == {}


def test_an_order_cancelled_after_a_part_was_refunded_is_held(world: World) -> None:
    """What is left to credit is for a person."""
    world.sells(101)
    world.settle()
    world.wait(300)
    world.shop.add_refund(101, {"amount": "300.00", "refunded_payment": True})
    world.settle()
    off(world, 101, "cancelled")
    assert list(world.held().values()) == ["cancelled_after_refunds"]
    assert sum(invoiced(world).values()) == PRICE - 300


def test_an_order_changed_and_then_cancelled_after_its_invoice_says_so(world: World) -> None:
    """The invoice is not what the order says any more: a person decides."""
    world.sells(101, Goods("GEN-001", "400.00"))
    world.settle()
    world.wait(300)
    world.shop.edit(101, **amounts((Goods("GEN-001", "800.00"),)))
    world.settle()
    assert "invoice 10001 is 400.00" in world.reasons()["101"]
    assert "now comes to 800.00" in world.reasons()["101"]
    world.wait(300)
    world.shop.set_status(101, "cancelled")
    world.settle()
    assert world.held() == {"101": "off_and_changed"}


@pytest.mark.parametrize("changed", [True, False])
def test_a_draft_invoiced_by_hand_is_credited_as_it_was_invoiced(
    on_completion: World, changed: bool
) -> None:
    """It is compared with its order, which may have changed in the minute in which it went off."""
    world = on_completion
    world.sells(101, Goods("GEN-001", "400.00"))
    world.settle()
    world.company.invoice_by_hand("shop_101")
    world.wait(300)
    if changed:
        world.shop.edit(101, **amounts((Goods("GEN-001", "800.00"),)))
    off(world, 101, "cancelled")
    expected = ([400], {"101": "off_and_changed"}) if changed else ([-400, 400], {})
    assert (sorted(invoiced(world).values()), world.held()) == expected


def test_many_are_cancelled_at_once(on_completion: World) -> None:
    """Drafts and invoices side by side."""
    world = on_completion
    for order_id in range(101, 109):
        world.sells(order_id, Goods("LUE-7", "249.00"), email=f"kunde{order_id}@example.no")
    world.settle()
    for order_id in range(101, 105):
        world.shop.set_status(order_id, "completed")
    world.settle()
    world.wait(300)
    for order_id in range(101, 109):
        world.shop.set_status(order_id, "cancelled")
    world.settle()
    assert (drafts(world), world.held()) == (set(), {})
    assert sum(invoiced(world).values()) == 0


def test_the_credit_note_of_an_unpaid_invoice_is_made_after_the_database_was_lost(
    world: World,
) -> None:
    """It bears the invoice's matching reference, but the invoice that was found is not it."""
    world.sells(101, payment_method="bacs", date_paid=None, date_paid_gmt=None)
    world.settle()
    world.state.unlink()
    world.settle()
    world.wait(300)
    world.shop.set_status(101, "cancelled")
    world.settle()
    assert world.held() == {}
    assert invoiced(world) == {"shop_101": Decimal("1299.00"), "shop_101-c": Decimal("-1299.00")}
