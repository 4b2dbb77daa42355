"""An order that changes after its transfer: the draft follows, a person's work is left alone."""

from datetime import date
from decimal import Decimal

import pytest
from world import Goods, World

from woo2po.record import State
from woo2po.sandbox import orders
from woo2po.status import skip


def test_the_draft_follows_its_order(world: World) -> None:
    """Lines come, go and change, and the header too: the same sales order, equal again."""
    world.sells(101, Goods("GEN-001", "1299.00"), Goods("LUE-7", "249.00"))
    world.settle()
    number = world.company.order("shop_101").sales_order_no
    world.wait(300)
    world.sells(101, Goods("GEN-001", "999.00", quantity=2), Goods("BOK-12", "349", 0, id=7))
    assert world.run().counts == {"changed": 1}
    assert world.books().totals == {"shop_101": Decimal(2347)}
    assert world.company.order("shop_101").sales_order_no == number


def test_a_draft_follows_to_another_customer(world: World) -> None:
    """The buyer's e-mail was wrong: the draft gets the customer of the right one."""
    world.sells(101, email="feil@example.no")
    world.settle()
    world.wait(300)
    world.sells(101, email="rett@example.no")
    world.settle()
    assert world.books().document("shop_101").customer == "Kari Nordmann rett@example.no"


def test_a_change_that_means_nothing_to_the_books_sends_nothing(world: World) -> None:
    """A note, or the step to completed: the order is read again and the draft is left alone."""
    world.sells(101)
    world.settle()
    writes = len(world.wire.writes)
    world.wait(300)
    world.shop.set_status(101, "completed")
    assert world.run().counts == {"unchanged": 1}
    assert len(world.wire.writes) == writes


@pytest.mark.parametrize("rounding", ["line", "document", "end"])
def test_a_rounding_line_follows_too(world: World, rounding: str) -> None:
    """It is changed, taken away and made anew as the order changes."""
    world.faults.rounding = rounding  # type: ignore[assignment]
    world.faults.max_unit_price_decimals = 2
    for quantity in (3, 2, 1, 3):
        world.sells(101, Goods("KAF-250", "88.80", 15, quantity), Goods("GEN-001", "1299.00"))
        world.settle()
        assert world.held() == {}
        assert world.books().totals == {"shop_101": Decimal(1299) + quantity * Decimal("88.80")}
        world.wait(300)


@pytest.mark.parametrize(
    "edit",
    [
        lambda company: company.edit_line("shop_101", "1", quantity=Decimal(5)),
        lambda company: company.edit_line("shop_101", "1", description="Etter avtale"),
        lambda company: company.edit_order("shop_101", purchase_order_reference="PO-77"),
        lambda company: company.edit_order("shop_101", sales_order_date=date(2026, 11, 1)),
        lambda company: company.edit_order("shop_101", contact_delivery_address_id=800_002),
        lambda company: company.edit_order("shop_101", currency_code="EUR"),
    ],
    ids=["quantity", "text", "reference", "date", "delivery address", "currency"],
)
def test_what_a_person_edited_is_never_overwritten(world: World, edit) -> None:
    """The draft differs from how the job left it: the change in the shop is reported instead."""
    world.sells(101, Goods("GEN-001", "1299.00"))
    world.settle()
    (customer,) = world.company.customers.values()
    lager = {"address_line1": "Lageret", "zip_code": "0155", "city": "Oslo"}
    assert world.company.add_delivery_address(customer, lager).id == 800_002
    edit(world.company)
    edited = world.books()
    world.wait(300)
    assert world.run().counts == {}
    world.sells(101, Goods("GEN-001", "1199.00"))
    world.wait(300)
    assert world.run().exit_code == 1
    assert world.held() == {"101": "draft_edited"}
    assert world.books() == edited


def test_a_persons_line_is_never_deleted(world: World) -> None:
    """A line that a person added has no reference of ours."""
    world.sells(101)
    world.settle()
    draft = world.company.order("shop_101")
    own = {"product_id": world.company.product("GEBYR").id, "quantity": Decimal(1)}
    orders.add_line(world.company, draft, {**own, "product_unit_price": Decimal(50)})
    world.sells(101, Goods("GEN-001", "1199.00"))
    world.wait(300)
    world.settle()
    assert world.held() == {"101": "draft_edited"}
    assert {line.product_id for line in draft.lines} >= {own["product_id"]}


def test_a_change_taken_back_lifts_the_hold(world: World) -> None:
    """The order is what the draft was made of again: nothing is left to do."""
    world.sells(101, Goods("GEN-001", "1299.00"))
    world.settle()
    world.company.edit_line("shop_101", "1", description="Etter avtale")
    world.sells(101, Goods("GEN-001", "1199.00"))
    world.settle()
    assert world.held() == {"101": "draft_edited"}
    world.sells(101, Goods("GEN-001", "1299.00"))
    world.wait(300)
    world.settle()
    assert world.held() == {}


def test_a_confirmed_draft_is_held_until_it_is_a_draft_again(world: World) -> None:
    """A confirmed sales order can't be edited; within an hour of its release it is."""
    world.sells(101, Goods("GEN-001", "1299.00"))
    world.settle()
    world.company.edit_order("shop_101", sales_order_status="Confirmed")
    world.sells(101, Goods("GEN-001", "1199.00"))
    world.wait(300)
    world.settle()
    assert world.held() == {"101": "draft_confirmed"}
    world.company.edit_order("shop_101", sales_order_status="Draft")
    world.wait(3600)
    world.settle()
    assert world.held() == {}
    assert world.books().totals == {"shop_101": Decimal(1199)}


def test_a_draft_that_is_gone_is_not_made_again_by_itself(world: World) -> None:
    """Somebody deleted it, perhaps on purpose: a changed order does not bring it back."""
    world.sells(101, Goods("GEN-001", "1299.00"))
    world.settle()
    world.company.delete_draft("shop_101")
    world.sells(101, Goods("GEN-001", "1199.00"))
    world.wait(300)
    world.settle()
    assert world.held() == {"101": "draft_gone"}
    assert world.books().documents == ()
    skip(world.settings, "101", "avbestilt")
    world.wait(3700)
    assert world.run().exit_code == 0
    assert world.record(101).state is State.SKIPPED


def test_an_order_changed_after_a_person_invoiced_it_is_reported(world: World) -> None:
    """An invoice is never rewritten, and it stays reported until the change is taken back."""
    world.sells(101, Goods("GEN-001", "1299.00"))
    world.settle()
    world.company.invoice_by_hand("shop_101")
    world.sells(101, Goods("GEN-001", "1199.00"))
    world.wait(300)
    world.settle()
    assert list(world.held()) == ["101"]
    world.wait(3700)
    world.settle()
    assert list(world.held()) == ["101"]
    assert world.books().totals == {"shop_101": Decimal(1299)}
    world.sells(101, Goods("GEN-001", "1299.00"))
    world.wait(300)
    world.settle()
    assert world.held() == {}
    assert world.record(101).state is State.INVOICED


def test_the_draft_of_a_cancelled_order_is_deleted(world: World) -> None:
    """Nothing was invoiced, so nothing is left; back again, it gets a reference of its own."""
    world.sells(101)
    world.settle()
    world.wait(300)
    world.shop.set_status(101, "cancelled")
    assert world.run().counts == {"cancelled": 1}
    assert world.books().documents == ()
    assert world.record(101).state is State.CANCELLED
    world.wait(300)
    world.shop.set_status(101, "processing")
    world.settle()
    assert list(world.books().totals) == ["shop_101-2"]


@pytest.mark.parametrize("edited", [False, True])
def test_a_draft_is_deleted_only_if_nobody_edited_it(world: World, edited: bool) -> None:
    """A person's work is not thrown away: then the cancellation is reported."""
    world.sells(101)
    world.settle()
    if edited:
        world.company.edit_line("shop_101", "1", description="Etter avtale")
    world.wait(300)
    world.shop.set_status(101, "cancelled")
    world.settle()
    assert world.held() == ({"101": "draft_edited_and_off"} if edited else {})
    assert len(world.books().documents) == edited


def test_the_draft_of_an_order_deleted_in_the_shop_goes_when_it_is_looked_at(world: World) -> None:
    """No list of changes shows it: it is noticed where it is asked for by number."""
    world.sells(101)
    world.settle()
    world.shop.delete(101)
    world.run("101")
    assert world.held() == {}
    assert world.books().documents == ()


def test_an_order_that_was_never_sent_and_is_cancelled_is_forgotten(world: World) -> None:
    """It was held for another reason, and now there is nothing to do."""
    world.sells(101, Goods("GEN-001", "1299.00"), email="a@example.no")
    world.faults.at("POST", "/SalesOrders/Complete", 1, "refuse")
    world.run()
    assert world.held() == {"101": "refused"}
    world.wait(300)
    world.shop.set_status(101, "cancelled")
    world.settle()
    assert world.held() == {}
    assert world.books().documents == ()


def test_a_prefix_that_changes_later_leaves_transferred_orders_what_they_are(
    world: World,
) -> None:
    """The reference is fixed when first used: new orders alone get the new prefix."""
    world.sells(101, Goods("GEN-001", "1299.00"))
    world.settle()
    world.configure(orders={"number_prefix": "butikk_"})
    world.wait(300)
    world.sells(101, Goods("GEN-001", "1199.00"))
    world.sells(102, Goods("GEN-001", "1299.00"))
    world.settle()
    assert world.books().totals == {"shop_101": Decimal(1199), "butikk_102": Decimal(1299)}
