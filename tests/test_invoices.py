"""Invoices: the right day, the right delivery, once, and only of what the customer paid."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from after import INVOICED, balances, business, drafts, hour_later, invoice, invoiced, vouchers
from goods import Goods
from world import World

UNPAID: dict[str, Any] = {"payment_method": "bacs", "date_paid": None, "date_paid_gmt": None}
PRICE = Decimal("1299.00")


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A shop whose orders are invoiced at once and whose payments are registered."""
    return business(tmp_path)


@pytest.fixture
def on_completion(tmp_path: Path) -> World:
    """A shop whose orders are invoiced when they are completed."""
    return business(tmp_path, invoices={"create": True, "when": "completed"})


def sent(world: World) -> list[dict[str, Any]]:
    """Return the bodies of the requests to send."""
    return [write.json for write in world.wire.writes if write.sends]


# -- the day --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("paid", "day"),
    [
        ("2026-10-31T22:59:30", date(2026, 10, 31)),  # 23:59:30 on the shop's clock
        ("2026-10-31T23:00:00", date(2026, 11, 1)),
        ("2026-10-24T22:30:00", date(2026, 10, 25)),  # summer time is on until 03:00
        ("2026-10-25T00:30:00", date(2026, 10, 25)),  # 02:30 for the first time
        ("2026-10-25T01:30:00", date(2026, 10, 25)),  # 02:30 for the second time
        ("2026-10-25T22:59:59", date(2026, 10, 25)),
        ("2026-10-25T23:00:00", date(2026, 10, 26)),
    ],
)
def test_the_day_is_the_one_on_the_shops_clock(world: World, paid: str, day: date) -> None:
    """Invoice and payment are booked on the day that it was in the shop."""
    world.sells(101, date_paid_gmt=paid)
    world.settle()
    assert invoice(world, "shop_101").voucher_date == day
    assert [voucher.day for voucher in vouchers(world)] == [day]


def test_an_unpaid_order_is_dated_the_day_it_was_made(world: World) -> None:
    """Question 4, processing: paid, or created if unpaid."""
    world.sells(101, **UNPAID, date_created_gmt="2026-11-02T23:30:00")
    world.settle()
    assert invoice(world, "shop_101").voucher_date == date(2026, 11, 3)


def test_an_order_is_invoiced_when_it_is_completed_and_not_before(on_completion: World) -> None:
    """Question 4, completed: dated the day it was completed; paid the day it was paid."""
    world = on_completion
    world.sells(101)
    world.settle()
    assert drafts(world) == {"shop_101"}
    world.wait(86400)
    world.shop.set_status(101, "completed")
    world.settle()
    assert invoice(world, "shop_101").voucher_date == date(2026, 11, 24)
    assert [voucher.day for voucher in vouchers(world)] == [date(2026, 10, 5)]


def test_an_order_that_was_paid_in_the_future_is_held(world: World) -> None:
    """A wrong clock books nothing; the others go on."""
    world.sells(101, date_paid_gmt="2027-01-01T10:00:00")
    world.sells(102)
    world.settle()
    assert world.held() == {"101": "day_in_future"}
    assert balances(world) == {"shop_102": 0}


def test_question_3_leaves_the_drafts(tmp_path: Path) -> None:
    """Nothing is invoiced by the job, completed or not."""
    world = business(tmp_path, invoices={"create": False})
    world.sells(101)
    world.settle()
    world.shop.set_status(101, "completed")
    world.settle()
    assert (drafts(world), invoiced(world), vouchers(world)) == ({"shop_101"}, {}, [])


# -- delivery, due day, texts ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("delivery", "kind", "email"),
    [
        ("none", "PdfPrintForDownload", None),
        ("email", "PdfByEmail", "kari@example.no"),
        ("auto", "Auto", "kari@example.no"),
    ],
)
def test_invoices_leave_as_is_wished(
    world: World, delivery: str, kind: str, email: str | None
) -> None:
    """Not at all, by e-mail, or as PowerOffice finds best."""
    world.configure(invoices={"delivery": delivery})
    world.sells(101)
    world.settle()
    (body,) = sent(world)
    assert body["DeliveryType"] == kind
    assert body.get("EmailAddress") in ({email} if email else {None, "", "kari@example.no"})


def test_a_prepaid_invoice_says_that_it_is_paid(world: World) -> None:
    """Due the same day, a line with the method's title, no fee and no reminder."""
    world.company.invoice_fee = Decimal(49)
    world.sells(101)
    world.settle()
    made = invoice(world, "shop_101")
    assert (made.due_date, made.total_amount) == (made.voucher_date, PRICE)
    texts = [line.description for line in made.order.lines if line.line_type == "Text"]
    assert texts == ["Betalt med Vipps"]
    (customer,) = world.company.customers.values()
    assert (customer.use_invoice_fee, customer.send_payment_reminders) == (False, False)


def test_an_unpaid_invoice_has_the_companys_terms_and_says_nothing(world: World) -> None:
    """It is to be paid."""
    world.sells(101, **UNPAID)
    world.settle()
    made = invoice(world, "shop_101")
    assert (made.due_date - made.voucher_date).days == world.company.payment_days
    assert not [line for line in made.order.lines if line.line_type == "Text"]
    assert made.balance == PRICE


def test_an_unpaid_invoice_that_would_reach_nobody_is_held(world: World) -> None:
    """It is to be mailed, and there is no e-mail."""
    world.configure(invoices={"delivery": "email"})
    world.sells(101, **UNPAID, email="")
    world.settle()
    assert world.held() == {"101": "invoice_email_missing"}
    assert drafts(world) == {"shop_101"}


# -- once, and equal ------------------------------------------------------------------------------


def test_a_draft_that_a_person_made_dearer_is_not_invoiced(on_completion: World) -> None:
    """Its total is not what was paid: held, till the person has put it right."""
    world = on_completion
    world.sells(101)
    world.settle()
    world.company.edit_line("shop_101", "1", product_unit_price=Decimal(1100))
    world.shop.set_status(101, "completed")
    world.settle()
    assert world.held() == {"101": "draft_edited"}
    assert (invoiced(world), vouchers(world)) == ({}, [])
    world.company.edit_line("shop_101", "1", product_unit_price=Decimal("1039.2"))
    hour_later(world)
    world.settle()
    assert (world.held(), balances(world)) == ({}, {"shop_101": 0})


def test_two_runs_at_the_same_minute_send_once(world: World) -> None:
    """The second asks nothing anew."""
    world.sells(101)
    for _ in range(4):
        world.run()
    assert len(sent(world)) == 1


def test_an_order_that_changes_after_its_invoice_is_held_with_what_differs(world: World) -> None:
    """The invoice is never rewritten."""
    world.sells(101)
    world.settle()
    world.wait(300)
    world.sells(101, Goods("GEN-001", "999.00"))
    world.settle()
    assert world.held() == {"101": "changed_after_invoice"}
    assert invoiced(world) == {"shop_101": PRICE}
    reason = world.reasons()["101"]
    assert "10001" in reason
    assert "999.00" in reason


def test_an_invoiced_order_that_changes_back_is_free_again(world: World) -> None:
    """Nothing differs any more."""
    world.sells(101)
    world.settle()
    world.wait(300)
    world.sells(101, Goods("GEN-001", "999.00"))
    world.settle()
    world.wait(300)
    world.sells(101)
    world.settle()
    assert world.held() == {}


def test_a_changed_telephone_number_after_the_invoice_is_no_difference(world: World) -> None:
    """Only what stands on the invoice counts."""
    world.sells(101)
    world.settle()
    world.wait(300)
    world.shop.edit(101, transaction_id="abc", date_completed_gmt="2026-11-23T18:00:00")
    world.settle()
    assert world.held() == {}


def test_an_order_on_hold_after_its_draft_is_not_invoiced(on_completion: World) -> None:
    """The draft stays as it was, and goes when the sale is on."""
    world = on_completion
    world.sells(101)
    world.settle()
    for status, there in (("on-hold", {}), ("completed", {"shop_101": PRICE})):
        world.wait(300)
        world.shop.set_status(101, status)
        world.settle()
        assert invoiced(world) == there


@pytest.mark.parametrize("product", ["GEN-001", "VARE25"])
def test_a_product_may_go_between_draft_and_invoice(on_completion: World, product: str) -> None:
    """Archived: the invoice is made of what there is, or the order is held; the others go on."""
    world = on_completion
    world.sells(101, Goods("GEN-001" if product == "GEN-001" else "UKJENT"))
    world.sells(102, Goods("LUE-7", "249.00"))
    world.settle()
    world.company.archive_product(product)
    world.wait(3700)
    for order_id in (101, 102):
        world.shop.set_status(order_id, "completed")
    world.settle()
    assert balances(world)["shop_102"] == 0
    assert invoiced(world).get("shop_101") == PRICE or "101" in world.held()


def test_a_sales_account_that_goes_between_draft_and_invoice_is_held(
    on_completion: World,
) -> None:
    """A department is required on it from now on: held in words, and the others go on."""
    world = on_completion
    world.sells(101)
    world.sells(102, Goods("KAF-250", "88.80", 15))
    world.settle()
    world.company.account(3000).is_department_required = True
    for order_id in (101, 102):
        world.shop.set_status(order_id, "completed")
    world.settle()
    world.wait(61)
    world.run()
    assert list(world.held()) == ["101"]
    assert balances(world) == {"shop_102": 0}


def test_a_prefix_that_changes_makes_no_second_invoice(world: World) -> None:
    """References are fixed when they are first used."""
    world.sells(101)
    world.settle()
    world.configure(orders={"number_prefix": "nett_"}, invoices=INVOICED)
    world.wait(300)
    world.shop.edit(101, transaction_id="x")
    world.settle()
    assert invoiced(world) == {"shop_101": PRICE}
