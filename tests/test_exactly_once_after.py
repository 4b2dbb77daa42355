"""Nothing lost, nothing twice, once a draft stands: invoices, payments, credit notes, deletions.

A few of those days told one by one; test_exactly_once.py lives them with every fault. Nobody gets
two invoices, and no money is posted twice.
"""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from day import Act
from days import day_after
from world import Goods, World


@pytest.fixture(scope="module")
def acts(folders: Iterator[Path]) -> list[Act]:
    """The day without a fault, from the first draft on."""
    return day_after(folders)


def test_the_day_ends_with_every_customers_account_as_the_shop_has_it(acts: list[Act]) -> None:
    """What was sold, less what went back, was paid: the sub-ledger is closed but for 101's money.

    The cancelled order's money was not returned by the shop, so its credit stays open.
    """
    balances: dict[str, Decimal] = {}
    for entry in acts[-1].after.ledger:
        balances[entry.customer] = balances.get(entry.customer, Decimal(0)) + entry.balance
    assert balances == {
        "Kari Nordmann kari@example.no": Decimal("-1565.40"),
        "Fjell AS post@fjell.example": Decimal(0),
    }


def follow_ups(world: World, when: str = "completed") -> None:
    """Let invoices be made and payments posted."""
    world.configure(
        invoices={"create": True, "when": when},
        payments={"register": True, "accounts": {"vipps": 1903}},
    )


@pytest.mark.parametrize("when", ["processing", "completed"])
def test_an_order_whose_answer_was_lost_is_invoiced_and_paid_once(world: World, when: str) -> None:
    """What was adopted goes on like any other order, to a balance of nothing."""
    follow_ups(world, when)
    world.sells(101)
    world.wire.plan = {1: ["lost_after"]}
    world.settle()
    world.wait(300)
    world.shop.set_status(101, "completed")
    world.settle()
    assert [(e.kind, e.balance) for e in world.books().ledger] == [
        ("BankJournal", 0),
        ("OutgoingInvoice", 0),
    ]


def test_money_that_came_once_is_posted_once_though_the_order_was_cancelled_between(
    world: World,
) -> None:
    """Invoiced, paid, cancelled, on again: two invoices and a credit note, but one payment."""
    follow_ups(world)
    world.sells(101)
    for status in ("completed", "cancelled", "processing", "completed"):
        world.shop.set_status(101, status)
        world.settle()
        world.wait(300)
    paid = [e.amount for e in world.books().ledger if e.kind == "BankJournal"]
    assert sum(paid) == Decimal("-1299.00")
    assert sum(e.balance for e in world.books().ledger) == 0


@pytest.mark.parametrize("rounding", ["line", "document", "end"])
@pytest.mark.parametrize("price", ["99.90", "33.33", "1249.95"])
def test_a_credit_note_is_made_once_while_the_way_of_rounding_is_being_learned(
    world: World, rounding: str, price: str
) -> None:
    """What a run learns on the way changes no document that stands, and holds nothing."""
    follow_ups(world, "processing")
    world.faults.rounding = rounding  # type: ignore[assignment]
    for order_id, quantity in enumerate((2, 3, 7), 101):
        world.sells(order_id, Goods("GEN-001", price, quantity=quantity), Goods("LUE-7", "249.90"))
    world.settle()
    world.wait(300)
    for order_id in (101, 102, 103):
        world.shop.set_status(order_id, "cancelled")
    world.settle()
    assert world.held() == {}
    world.wait(4000)
    assert world.run().counts == {}
    assert len(world.books().documents) == 6


def test_an_order_that_made_its_product_is_the_same_order_afterwards(world: World) -> None:
    """The new product has an id by the second look: that is no change of the order."""
    follow_ups(world, "processing")
    world.configure(products={"unknown": "create"})
    world.sells(101, Goods("NY-1", "99.00"))
    world.settle()
    world.wait(300)
    world.shop.set_status(101, "completed")
    world.settle()
    assert world.held() == {}
    assert [entry.balance for entry in world.books().ledger] == [0, 0]


def test_a_cancelled_order_is_credited_with_what_was_invoiced(world: World) -> None:
    """It changed in the shop between invoice and cancellation: never more or less is credited."""
    follow_ups(world, "processing")
    world.sells(101, Goods("GEN-001", "99.90"))
    world.settle()
    world.wait(300)
    world.sells(101, Goods("GEN-001", "5395.80"))
    world.settle()
    assert world.held() == {"101": "changed_after_invoice"}
    world.wait(300)
    world.shop.set_status(101, "cancelled")
    world.settle()
    credited = [d.total for d in world.books().documents if d.credits]
    assert credited == [Decimal("-99.90")] or (credited == [] and list(world.held()) == ["101"])


def test_a_refund_of_a_held_order_keeps_no_run_busy(world: World) -> None:
    """Its order waits for a person, and so does it: nothing is asked of PowerOffice meanwhile."""
    follow_ups(world, "processing")
    world.sells(101, Goods("GEN-001", "1299.00"))
    world.settle()
    world.wait(300)
    world.sells(101, Goods("GEN-001", "1199.00"))
    world.shop.add_refund(101, {"amount": "50.00"})
    world.settle()
    assert world.held() == {"101": "changed_after_invoice"}
    world.wait(300)
    world.run()
    requests = len(world.go.requests)
    world.wait(300)
    world.run()
    assert len(world.go.requests) == requests


def test_a_payment_is_of_what_was_invoiced_not_of_what_was_noted_first(world: World) -> None:
    """The order changed after it was paid and before it was invoiced: its money is all of it."""
    follow_ups(world)
    world.sells(101, Goods("GEN-001", "1195.80"))
    world.settle()
    world.wait(300)
    world.sells(101, Goods("GEN-001", "4743.90"))
    world.shop.set_status(101, "completed")
    world.settle()
    assert world.held() == {}
    assert [entry.balance for entry in world.books().ledger] == [0, 0]


@pytest.mark.parametrize("reply", ["lost_before", "lost_after", "late"])
def test_an_order_that_is_on_again_while_its_deletion_is_unanswered_stands_once(
    world: World, reply: str
) -> None:
    """Whether the draft went or not, in the end there is one, and its order is not forgotten."""
    world.sells(101)
    world.settle()
    world.wait(300)
    world.wire.plan = {len(world.wire.writes): [reply]}
    world.shop.set_status(101, "cancelled")
    world.run()
    world.shop.set_status(101, "processing")
    world.wait(30)
    world.wire.late_ones_arrive()
    world.settle()
    world.wait(300)
    world.settle()
    assert len(world.books().documents) == 1
    assert world.held() == {}


def test_a_draft_that_a_person_deleted_while_its_invoice_was_asked_for_is_held_once(
    world: World,
) -> None:
    """Nothing is left to send: it is reported, and the following runs ask for nothing."""
    follow_ups(world, "processing")
    world.sells(101)
    world.wire.plan = {2: ["lost_before"]}
    world.run()
    world.company.delete_draft("shop_101")
    world.wait(1000)
    world.run()
    assert list(world.held()) == ["101"]
    world.wait(300)
    world.run()
    requests = len(world.go.requests)
    world.wait(300)
    world.run()
    assert len(world.go.requests) == requests
