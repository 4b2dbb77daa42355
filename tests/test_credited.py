"""Credit notes meet a person's: what was credited or paid in PowerOffice by hand counts."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from after import balances, business, hour_later, invoice, invoiced, on_accounts, vouchers
from world import World

from woo2po import status

PRICE = Decimal("1299.00")
UNPAID: dict[str, Any] = {"payment_method": "cod", "date_paid": None, "date_paid_gmt": None}


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A shop whose orders are invoiced at once and whose payments are registered."""
    return business(tmp_path)


# -- credited by hand -----------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["refunded", "cancelled"])
def test_an_invoice_credited_by_hand_is_not_credited_once_more(world: World, how: str) -> None:
    """The hold names the person's credit note."""
    world.sells(101)
    world.sells(102, email="b@example.no")
    world.settle()
    note = world.company.credit_invoice(10001)
    world.wait(300)
    for order_id in (101, 102):
        world.shop.set_status(order_id, how)
    world.settle()
    assert list(world.held().values()) == ["credited_by_hand"]
    assert sorted(invoiced(world)) == [
        "",
        "shop_101",
        "shop_102",
        next(name for name in invoiced(world) if name.startswith("shop_102-")),
    ]
    held = [child for child in world.store().credit_notes_of(101) if child.hold]
    assert held[0].hold is not None
    assert held[0].hold.facts["credit_note"] == str(note.invoice_no)
    assert held[0].hold.facts["amount"] == Decimal("1299.00")


def test_a_part_credited_by_hand_counts_too(world: World) -> None:
    """Which part a refund of the shop is of, only a person can tell."""
    world.sells(101)
    world.settle()
    note = world.company.credit_invoice(10001)
    assert note.total_amount == -PRICE
    world.wait(300)
    world.shop.add_refund(101, {"amount": "100.00", "refunded_payment": True})
    world.settle()
    assert list(world.held().values()) == ["credited_by_hand"]


def test_a_credit_note_that_names_no_invoice_counts_where_it_is_as_large(world: World) -> None:
    """PowerOffice may not tell which invoice a credit note was for."""
    world.sells(101)
    world.settle()
    note = world.company.credit_invoice(10001)
    note.order.related_invoice_no = None
    world.wait(300)
    world.shop.set_status(101, "cancelled")
    world.settle()
    assert list(world.held().values()) == ["credited_by_hand"]


def test_a_credit_note_of_another_invoice_of_the_customer_does_not_count(world: World) -> None:
    """One customer, two orders, one of them credited by hand."""
    world.sells(101)
    world.sells(102)
    world.settle()
    world.company.credit_invoice(10001)
    world.wait(300)
    world.shop.set_status(102, "cancelled")
    world.settle()
    assert world.held() == {}
    assert "shop_102-c" in invoiced(world)


def test_our_own_credit_notes_are_no_persons(world: World) -> None:
    """A second refund is credited beside the first."""
    world.sells(101)
    world.settle()
    for amount in ("100.00", "50.00"):
        world.wait(300)
        world.shop.add_refund(101, {"amount": amount, "refunded_payment": True})
        world.settle()
    assert world.held() == {}
    assert sum(invoiced(world).values()) == PRICE - 150


def test_skip_takes_out_the_refund_and_leaves_its_order(world: World) -> None:
    """What is held is the refund; the order goes on being looked after."""
    world.sells(101)
    world.settle()
    world.company.credit_invoice(10001)
    world.wait(300)
    world.shop.add_refund(101, {"amount": "1299.00"})
    world.settle()
    status.skip(world.settings, "101", "credited by hand")
    world.settle()
    assert (world.held(), world.record(101).state) == ({}, "invoiced")


# -- credited before it was paid ------------------------------------------------------------------


def test_a_payment_of_an_invoice_credited_by_hand_is_a_persons(world: World) -> None:
    """Its balance is 0, and not because it was paid."""
    world.sells(101, **UNPAID)
    world.settle()
    world.company.credit_invoice(10001)
    world.wait(300)
    world.shop.set_status(101, "completed")
    world.settle()
    assert world.held() == {"101": "credited_before_paid"}
    assert vouchers(world) == []


def test_a_payment_of_an_invoice_that_we_credited_is_a_persons(world: World) -> None:
    """Cancelled unpaid, and the money came all the same."""
    world.sells(101, **UNPAID)
    world.settle()
    world.wait(300)
    world.shop.add_refund(101, {"amount": "1299.00"})
    world.settle()
    assert set(balances(world).values()) == {0}
    world.wait(300)
    world.shop.orders[101]["date_paid_gmt"] = "2026-11-23T11:00:00"
    world.shop.set_status(101, "processing")
    world.settle()
    assert world.held() == {"101": "credited_before_paid"}


def test_an_invoice_paid_by_hand_and_refunded_is_paid(world: World) -> None:
    """Our credit note stands open by itself: it is not what closed the invoice."""
    world.faults.privileges.discard("BankVoucher_Full")
    world.sells(101)
    world.run()
    world.wait(300)
    world.shop.add_refund(101, {"amount": "300.00"})
    world.run()
    world.company.register_payment(10001)
    world.faults.privileges.add("BankVoucher_Full")
    hour_later(world)
    assert (world.held(), balances(world)["shop_101"]) == ({}, 0)


# -- money that goes back after a cancellation ----------------------------------------------------


def cancelled(world: World) -> None:
    """Bring an order to where it was paid, invoiced, cancelled and credited."""
    world.sells(101)
    world.settle()
    world.wait(300)
    world.shop.set_status(101, "cancelled")
    world.settle()
    assert balances(world) == {"shop_101": 0, "shop_101-c": -PRICE}
    world.wait(300)


@pytest.mark.parametrize("status", ["cancelled", "refunded"])
def test_money_returned_after_a_cancellation_closes_its_credit_note(
    world: World, status: str
) -> None:
    """The refund is no second credit note; its money is booked on the method's account."""
    cancelled(world)
    world.shop.add_refund(101, {"amount": "1299.00", "refunded_payment": True})
    world.shop.set_status(101, status)
    world.settle()
    assert set(invoiced(world)) == {"shop_101", "shop_101-c"}
    assert (set(balances(world).values()), world.held()) == ({0}, {})
    assert on_accounts(world) == {}
    assert sum(entry.balance for entry in world.company.entries.values()) == 0


def test_an_order_cancelled_and_refunded_between_two_polls_is_credited_once(world: World) -> None:
    """Some payment plugins return the money when an order is cancelled."""
    world.sells(101)
    world.settle()
    world.wait(300)
    world.shop.add_refund(101, {"amount": "1299.00", "refunded_payment": True})
    world.shop.set_status(101, "cancelled")
    world.settle()
    assert set(invoiced(world)) == {"shop_101", "shop_101-c"}
    assert (set(balances(world).values()), world.held()) == ({0}, {})
    assert on_accounts(world) == {}


def test_a_part_returned_after_a_cancellation_is_a_persons(world: World) -> None:
    """The credit note is of the whole order."""
    cancelled(world)
    world.shop.add_refund(101, {"amount": "500.00", "refunded_payment": True})
    world.settle()
    assert list(world.held().values()) == ["refunded_in_part_after_cancellation"]
    assert on_accounts(world) == {1903: PRICE}


def test_money_returned_outside_after_a_cancellation_leaves_the_credit_note_open(
    world: World,
) -> None:
    """It is said with the refund, not guessed."""
    cancelled(world)
    refund = world.shop.add_refund(101, {"amount": "1299.00", "refunded_payment": False})
    world.settle()
    assert balances(world)["shop_101-c"] == -PRICE
    skip = world.record(refund).skip
    assert skip is not None
    assert skip.code == "refund_of_cancelled"


def test_an_order_back_after_its_money_went_back_is_invoiced_once_more(world: World) -> None:
    """The old refund is not credited against the new invoice."""
    cancelled(world)
    world.shop.add_refund(101, {"amount": "1299.00", "refunded_payment": True})
    world.settle()
    world.wait(300)
    world.shop.set_status(101, "processing")
    world.settle()
    assert set(invoiced(world)) == {"shop_101", "shop_101-c", "shop_101-2"}


# -- said -----------------------------------------------------------------------------------------


def test_money_returned_outside_the_payment_method_is_said(world: World) -> None:
    """The credit note stays open until a person books how the money went back."""
    world.sells(101)
    world.settle()
    world.wait(300)
    refund = world.shop.add_refund(101, {"amount": "300.00", "refunded_payment": False})
    world.settle()
    assert balances(world)[f"shop_101-r{refund}"] == -300
    said = [one["facts"] for one in world.logs if one["event"] == "returned_outside"]
    assert said == [{"refund": str(refund), "amount": "300.00"}]


# -- days and rates -------------------------------------------------------------------------------


def test_a_credit_note_is_never_older_than_its_invoice(tmp_path: Path) -> None:
    """A part was refunded before the order was completed: both bear the day it was."""
    world = business(tmp_path, invoices={"create": True, "when": "completed"})
    world.sells(101)
    world.settle()
    world.wait(300)
    refund = world.shop.add_refund(101, {"amount": "300.00", "refunded_payment": True})
    world.settle()
    world.wait(90000)
    world.shop.set_status(101, "completed")
    world.settle()
    days = {invoice(world, name).voucher_date for name in ("shop_101", f"shop_101-r{refund}")}
    assert days == {date(2026, 11, 24)}
    assert set(balances(world).values()) == {0}


def test_a_payment_in_another_currency_bears_the_rate_of_its_invoice(world: World) -> None:
    """The day's rate may be another by then: no difference stays in the ledger."""
    world.sells(101, **UNPAID, currency="EUR")
    world.settle()
    world.company.currencies["EUR"] += Decimal("0.5")
    world.wait(90000)
    world.shop.set_status(101, "completed")
    world.settle()
    assert (set(balances(world).values()), world.held()) == ({0}, {})
    assert sum(entry.balance for entry in world.company.entries.values()) == 0
    posted = [line for voucher in world.company.vouchers.values() for line in voucher.lines]
    assert {line.currency_exchange_rate for line in posted} == {Decimal("11.72")}


def test_an_invoice_without_its_rate_is_not_guessed_at(world: World) -> None:
    """PowerOffice may leave the rate out: the payment is a person's."""
    world.sells(101, **UNPAID, currency="EUR")
    world.settle()
    invoice(world, "shop_101").order.currency_exchange_rate = None
    world.wait(300)
    world.shop.set_status(101, "completed")
    world.settle()
    assert world.held() == {"101": "rate_of_invoice_unknown"}


def test_an_order_paid_after_its_invoice_is_no_changed_order(world: World) -> None:
    """The invoice could not say yet that it was paid."""
    world.sells(101, **UNPAID)
    world.settle()
    world.wait(300)
    world.shop.set_status(101, "completed")
    world.settle()
    assert world.held() == {}
    texts = [line.description for line in invoice(world, "shop_101").order.lines]
    assert not [text for text in texts if text and text.startswith("Betalt")]


# -- what is no change of a sale ------------------------------------------------------------------


def test_another_configuration_changes_no_invoice(world: World) -> None:
    """What is invoiced is compared with what was sold, not with what it would become today."""
    world.sells(101, coupon_lines=[{"id": 9, "code": "VELKOMMEN"}])
    world.settle()
    world.configure(shipping={"description": "Frakt"}, products={"unknown": "hold"})
    world.company.archive_product("GEN-001")
    world.wait(300)
    world.shop.set_status(101, "cancelled")
    world.settle()
    assert "off_and_changed" not in world.held().values()


def test_another_number_changes_no_invoice(world: World) -> None:
    """A numbering plugin may renumber old orders; a cancellation is credited all the same."""
    world.sells(101)
    world.settle()
    world.wait(300)
    world.shop.edit(101, number="W-101")
    world.settle()
    assert world.held() == {}
    world.shop.set_status(101, "cancelled")
    world.wait(300)
    world.settle()
    assert "shop_101-c" in invoiced(world)


def test_an_address_that_changes_after_the_invoice_is_told(world: World) -> None:
    """It stands on the invoice."""
    world.sells(101)
    world.settle()
    world.wait(300)
    billing = world.shop.orders[101]["billing"]
    world.shop.edit(101, billing={**billing, "address_1": "Nygata 2"})
    world.settle()
    assert world.held() == {"101": "changed_after_invoice"}
