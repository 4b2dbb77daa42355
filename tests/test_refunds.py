"""Refunds: a credit note each, to the øre, and the money's way back as the shop did it."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from after import (
    PAID,
    Booked,
    balances,
    business,
    drafts,
    hour_later,
    invoice,
    invoiced,
    on_accounts,
    vouchers,
)
from goods import Goods, amounts
from world import World

from woo2po.sandbox.shop_orders import refund_of

UNPAID: dict[str, Any] = {"payment_method": "bacs", "date_paid": None, "date_paid_gmt": None}
PRICE = Decimal("1299.00")
BY_GATEWAY = {"refunded_payment": True}


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A shop whose orders are invoiced at once and whose payments are registered."""
    return business(tmp_path)


@pytest.fixture
def on_completion(tmp_path: Path) -> World:
    """A shop whose orders are invoiced when they are completed."""
    return business(tmp_path, invoices={"create": True, "when": "completed"})


def lines_of(world: World, order_id: int, *quantities: int) -> dict[str, Any]:
    """Return a refund of so many pieces of each line of an order, as WooCommerce lists it."""
    return refund_of(world.shop.orders[order_id], quantities)


def refunds(world: World, order_id: int, refund: dict[str, Any], **more: Any) -> str:
    """Refund a part of an order, let it be carried over, and return the credit note's reference."""
    world.wait(300)
    refund_id = world.shop.add_refund(order_id, {**refund, **more})
    world.settle()
    return f"shop_{order_id}-r{refund_id}"


# -- credit notes ---------------------------------------------------------------------------------


def test_lines_and_quantities_come_back_at_their_own_vat(world: World) -> None:
    """One of three sacks of coffee, and the sweater: two rates, one credit note."""
    world.sells(101, Goods("GEN-001", "1299.00"), Goods("KAF-250", "88.80", 15, 3))
    world.settle()
    name = refunds(world, 101, lines_of(world, 101, 1, 1), **BY_GATEWAY)
    note = world.books().document(name)
    assert note.total == Decimal("-1387.80")
    assert dict(note.vat) == {25: Decimal("-259.80"), 15: Decimal("-11.58")}
    assert (note.credits, note.invoice_day) == ("shop_101", date(2026, 11, 23))
    assert balances(world) == {"shop_101": 0, name: 0}


def test_the_credit_note_names_its_invoice(world: World) -> None:
    """RelatedInvoiceNo: the accountant sees what is credited."""
    world.sells(101)
    world.settle()
    name = refunds(world, 101, {"amount": "99.00"})
    assert invoice(world, name).order.related_invoice_no == invoice(world, "shop_101").invoice_no


def test_several_refunds_have_a_credit_note_each(world: World) -> None:
    """Each under its own reference; together they are the order."""
    world.sells(101, Goods("GEN-001", "1299.00"), Goods("KAF-250", "88.80", 15, 3))
    world.settle()
    one = refunds(world, 101, lines_of(world, 101, 0, 2), **BY_GATEWAY)
    two = refunds(world, 101, {"amount": "200.00"}, **BY_GATEWAY)
    three = refunds(world, 101, {"amount": "1187.80"}, **BY_GATEWAY)
    totals = invoiced(world)
    assert totals == {
        "shop_101": Decimal("1565.40"),
        one: Decimal("-177.60"),
        two: Decimal("-200.00"),
        three: Decimal("-1187.80"),
    }
    vat: dict[Decimal, Decimal] = {}
    for document in world.books().documents:
        for rate, amount in document.vat:
            vat[rate] = vat.get(rate, Decimal(0)) + amount
    assert all(abs(amount) <= Decimal("0.03") for amount in vat.values()), vat
    assert set(balances(world).values()) == {0}


def test_refunds_made_between_two_polls_are_all_credited(world: World) -> None:
    """Two in the same second, before the invoice was even asked for."""
    world.sells(101)
    for amount in ("100.00", "200.00"):
        world.shop.add_refund(101, {"amount": amount, **BY_GATEWAY})
    world.settle()
    assert sorted(invoiced(world).values()) == [-200, -100, PRICE]
    assert set(balances(world).values()) == {0}


def test_an_amount_without_lines_is_held_where_that_is_wished(world: World) -> None:
    """And the order's own invoice and payment stay as they are."""
    world.configure(refunds={"amount_only": "hold"})
    world.sells(101)
    world.settle()
    refunds(world, 101, {"amount": "100.00"})
    assert list(world.held().values()) == ["refund_without_lines"]
    assert balances(world) == {"shop_101": 0}


def test_without_credit_notes_refunds_are_a_persons(world: World) -> None:
    """refunds.credit_notes = false."""
    world.configure(refunds={"credit_notes": False})
    world.sells(101)
    world.settle()
    refunds(world, 101, {"amount": "100.00"}, **BY_GATEWAY)
    assert invoiced(world) == {"shop_101": PRICE}


def test_a_discounted_order_is_credited_at_what_was_paid(world: World) -> None:
    """The recorded order with a coupon and two rates, refunded in full."""
    world.loads("coupon-fixed-cart-mixed-vat")
    world.settle()
    world.wait(300)
    world.shop.set_status(33, "refunded")
    world.settle()
    assert sum(invoiced(world).values()) == 0
    note = next(d for d in world.books().documents if d.credits)
    sale = world.books().document("shop_33")
    assert dict(note.vat) == {rate: -amount for rate, amount in sale.vat}


# -- before the invoice ---------------------------------------------------------------------------


def test_a_full_refund_before_the_invoice_takes_the_draft_away(on_completion: World) -> None:
    """Sale and credit note would only cancel each other out."""
    world = on_completion
    world.sells(101)
    world.settle()
    world.wait(300)
    world.shop.set_status(101, "refunded")
    world.settle()
    assert (drafts(world), invoiced(world), vouchers(world)) == (set(), {}, [])
    assert world.held() == {}


def test_a_partial_refund_before_the_invoice_is_credited_after_it(on_completion: World) -> None:
    """The invoice is of the whole order, and both go when it is completed."""
    world = on_completion
    world.sells(101)
    world.settle()
    name = refunds(world, 101, {"amount": "300.00"}, **BY_GATEWAY)
    assert (drafts(world), invoiced(world)) == ({"shop_101"}, {})
    world.shop.set_status(101, "completed")
    world.settle()
    assert invoiced(world) == {"shop_101": PRICE, name: -300}
    assert balances(world) == {"shop_101": 0, name: 0}


# -- the money's way back -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "by_gateway", "booked"),
    [
        ("gateway", True, True),
        ("gateway", False, False),
        ("always", False, True),
        ("never", True, False),
    ],
)
def test_the_way_back_is_booked_as_is_wished(
    world: World, rule: str, by_gateway: bool, booked: bool
) -> None:
    """gateway: when the payment method did it; always; never."""
    world.configure(refunds={"register_payment": rule})
    world.sells(101)
    world.settle()
    name = refunds(world, 101, {"amount": "300.00"}, refunded_payment=by_gateway)
    assert balances(world)[name] == (0 if booked else -300)
    assert on_accounts(world) == {1903: PRICE - 300 if booked else PRICE}


def test_the_way_back_goes_over_the_methods_account_on_the_refunds_day(world: World) -> None:
    """In the journal of the method, under the refund's own matching reference."""
    world.sells(101, payment_method="cod")
    world.settle()
    name = refunds(world, 101, {"amount": "300.00"}, **BY_GATEWAY)
    assert vouchers(world)[1:] == [
        Booked(
            "cash",
            date(2026, 11, 23),
            "NOK",
            ((1900, name.removeprefix("shop_"), Decimal(-300)),),
        )
    ]


@pytest.mark.parametrize("how", ["refunded", "cancelled"])
def test_an_unpaid_invoice_is_closed_by_its_credit_note(world: World, how: str) -> None:
    """No money came and none goes back: nothing stays open."""
    world.sells(101, **UNPAID)
    world.settle()
    world.wait(300)
    world.shop.set_status(101, how)
    world.settle()
    assert vouchers(world) == []
    assert sorted(invoiced(world).values()) == [-PRICE, PRICE]
    assert set(balances(world).values()) == {0}


def test_a_refund_waits_with_its_money_for_the_voucher_privilege(world: World) -> None:
    """Both are posted when it is given."""
    world.faults.privileges.discard("BankVoucher_Full")
    world.sells(101)
    world.run()
    world.wait(300)
    world.shop.add_refund(101, {"amount": "300.00", **BY_GATEWAY})
    world.run()
    world.faults.privileges.add("BankVoucher_Full")
    hour_later(world)
    assert set(balances(world).values()) == {0}
    assert on_accounts(world) == {1903: PRICE - 300}


# -- bad input ------------------------------------------------------------------------------------


def test_a_refund_that_was_deleted_after_it_was_credited_is_reported(world: World) -> None:
    """The credit note is not taken back by itself."""
    world.sells(101)
    world.settle()
    name = refunds(world, 101, {"amount": "300.00"})
    world.shop.delete_refund(101, int(name.rpartition("r")[2]))
    world.settle()
    assert list(world.held().values()) == ["refund_taken_back"]
    assert str(invoice(world, name).invoice_no) in next(iter(world.reasons().values()))


def test_a_refund_deleted_days_later_is_reported_when_the_order_is_seen_again(
    world: World,
) -> None:
    """WooCommerce does not say that the order changed, so it takes till then."""
    world.sells(101)
    world.settle()
    name = refunds(world, 101, {"amount": "300.00"})
    world.wait(3 * 86400)
    world.shop.delete_refund(101, int(name.rpartition("r")[2]))
    world.settle()
    world.shop.edit(101, transaction_id="x")
    world.settle()
    assert list(world.held().values()) == ["refund_taken_back"]


def test_a_refund_that_was_deleted_before_it_was_credited_is_nothing(on_completion: World) -> None:
    """Nothing was made of it."""
    world = on_completion
    world.sells(101)
    world.settle()
    name = refunds(world, 101, {"amount": "300.00"})
    world.shop.delete_refund(101, int(name.rpartition("r")[2]))
    world.shop.set_status(101, "completed")
    world.settle()
    assert (invoiced(world), world.held()) == ({"shop_101": PRICE}, {})


def too_large(world: World) -> None:
    """More is returned than the order was, as a plugin may do."""
    refund_id = world.shop.add_refund(101, {"amount": "1299.00", **BY_GATEWAY})
    for one in world.shop.refunds[101]:
        one["amount"] = "2000.000000"
    world.shop.orders[101]["refunds"] = [{"id": refund_id, "reason": "", "total": "-2000.000000"}]


def without_an_account(world: World) -> None:
    """The account of the method is no more in the configuration."""
    world.configure(payments={**PAID, "accounts": {"klarna": 1904}})
    world.shop.add_refund(101, {"amount": "300.00", **BY_GATEWAY})


def in_the_future(world: World) -> None:
    """The clock of the shop was wrong."""
    world.shop.add_refund(101, {"amount": "300.00", **BY_GATEWAY})
    world.shop.refunds[101][0]["date_created_gmt"] = "2027-02-01T00:00:00"


def in_another_currency(world: World) -> None:
    """The order has become one in euro, and the refund with it."""
    world.shop.add_refund(101, {"amount": "300.00", **BY_GATEWAY})
    world.shop.edit(101, currency="EUR")


@pytest.mark.parametrize(
    "wrong", [too_large, without_an_account, in_the_future, in_another_currency]
)
def test_a_refund_that_cannot_be_credited_is_held_and_nothing_is_half_booked(
    world: World, wrong: Callable[[World], None]
) -> None:
    """Neither credit note nor money; the sale stays, and the others go on."""
    for order_id in (101, 201):
        world.sells(order_id, payment_method="vipps" if order_id == 101 else "klarna")
    world.settle()
    world.wait(300)
    wrong(world)
    other = world.shop.add_refund(201, {"amount": "100.00", **BY_GATEWAY})
    world.settle()
    assert set(world.held()) == {"101"}
    assert balances(world) == {"shop_101": 0, "shop_201": 0, f"shop_201-r{other}": 0}
    assert drafts(world) == set()
    assert len(world.reasons()["101"]) > 20


def test_goods_of_the_test_sum_as_the_shop_says() -> None:
    """The refunds made here are as WooCommerce's: the parts come to the whole."""
    sold = amounts((Goods("KAF-250", "88.80", 15, 3),))
    assert Decimal(sold["total"]) == Decimal("266.40")


def test_a_refund_that_the_shop_names_and_does_not_tell_is_held(world: World) -> None:
    """A cache or a plugin may hide it: nothing is credited on guesswork."""
    world.sells(101)
    world.settle()
    world.wait(300)
    refund = world.shop.add_refund(101, {"amount": "300.00"})
    hidden, world.shop.refunds[101] = world.shop.refunds[101], []
    world.settle()
    assert list(world.held().values()) == ["refund_not_told"]
    world.shop.refunds[101] = hidden
    hour_later(world)
    world.settle()
    assert world.held() == {}
    assert f"shop_101-r{refund}" in invoiced(world)
