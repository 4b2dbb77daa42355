"""Payments: on the right account, in the right journal, once, and never half of an order."""

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
    on_accounts,
    vouchers,
)
from goods import Goods
from world import Killed, World

UNPAID: dict[str, Any] = {"date_paid": None, "date_paid_gmt": None}
PRICE = Decimal("1299.00")
FIFTH = date(2026, 10, 5)


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A shop whose orders are invoiced at once and whose payments are registered."""
    return business(tmp_path)


def pays_by(world: World, order_id: int, method: str, *goods: Goods, **changes: Any) -> None:
    """Sell an order that was paid by a method."""
    world.sells(order_id, *goods, payment_method=method, **changes)


def test_one_voucher_a_day_type_and_currency(world: World) -> None:
    """A line an order: debit the method's account, credit the customer under its reference."""
    pays_by(world, 101, "vipps")
    pays_by(world, 102, "klarna")
    pays_by(world, 103, "cod")
    pays_by(world, 104, "vipps", date_paid_gmt="2026-10-06T10:00:00")
    world.run()
    assert sorted(vouchers(world), key=repr) == [
        Booked("bank", FIFTH, "NOK", ((1903, "101", PRICE), (1904, "102", PRICE))),
        Booked("bank", date(2026, 10, 6), "NOK", ((1903, "104", PRICE),)),
        Booked("cash", FIFTH, "NOK", ((1900, "103", PRICE),)),
    ]
    assert set(balances(world).values()) == {0}


def test_orders_of_a_later_run_get_a_voucher_of_their_own(world: World) -> None:
    """Of the same day, type and currency, under another reference."""
    for order_id in (101, 102):
        pays_by(world, order_id, "vipps")
        world.run()
    references = [one.external_import_reference for one in world.company.vouchers.values()]
    assert len(set(references)) == 2
    assert set(balances(world).values()) == {0}


def test_the_default_type_is_question_6(world: World) -> None:
    """cash: every method that says nothing else goes to the cash journal."""
    world.configure(payments={**PAID, "default_type": "cash", "types": {"vipps": "bank"}})
    pays_by(world, 101, "vipps")
    pays_by(world, 102, "ukjent")
    world.settle()
    assert {(one.kind, one.pairs[0][0]) for one in vouchers(world)} == {
        ("bank", 1903),
        ("cash", 1900),
    }


def test_a_method_that_stands_nowhere_goes_to_the_bank_account_if_that_is_named(
    world: World,
) -> None:
    """Only if that key is written."""
    world.configure(payments={**PAID, "bank_account": 1920})
    pays_by(world, 101, "stripe")
    world.settle()
    assert on_accounts(world) == {1920: PRICE}


def test_question_5_registers_nothing(tmp_path: Path) -> None:
    """The invoice stays open."""
    world = business(tmp_path, payments={"register": False})
    pays_by(world, 101, "vipps")
    world.settle()
    assert (balances(world), vouchers(world)) == ({"shop_101": PRICE}, [])


@pytest.mark.parametrize("method", ["bacs", "cheque"])
def test_the_bank_file_closes_what_is_paid_by_invoice(world: World, method: str) -> None:
    """Never the job, though the shop says that it is paid."""
    pays_by(world, 101, method)
    world.settle()
    assert (balances(world), vouchers(world)) == ({"shop_101": PRICE}, [])


def test_a_payment_that_comes_later_is_posted_then(world: World) -> None:
    """Cash on delivery: invoiced at once, paid when the shop says so."""
    pays_by(world, 101, "cod", **UNPAID)
    world.settle()
    assert balances(world) == {"shop_101": PRICE}
    world.wait(90000)
    world.shop.set_status(101, "completed")
    world.settle()
    assert vouchers(world) == [
        Booked("cash", date(2026, 11, 24), "NOK", ((1900, "101", PRICE),)),
    ]
    assert (balances(world), world.held()) == ({"shop_101": 0}, {})


def test_an_order_of_nothing_gets_an_invoice_and_no_payment(world: World) -> None:
    """There is no money to book."""
    world.loads("zero-total")
    world.settle()
    assert (balances(world), vouchers(world), world.held()) == ({"shop_47": 0}, [], {})


def test_an_order_paid_in_part_by_gift_card_closes_with_the_rest(world: World) -> None:
    """The card is a line of the invoice, so the rest is all that is owed."""
    world.configure(gift_cards={"hidden": "gift_card"})
    world.loads("plugin-pw-gift-card-part")
    world.settle()
    assert on_accounts(world) == {1903: Decimal("1077.80")}
    assert set(balances(world).values()) == {0}


def test_orders_of_two_currencies_are_never_in_one_voucher(world: World) -> None:
    """A voucher has one currency."""
    pays_by(world, 101, "vipps", currency="EUR")
    pays_by(world, 102, "vipps")
    world.settle()
    assert sorted(one.currency for one in vouchers(world)) == ["EUR", "NOK"]
    assert set(balances(world).values()) == {0}


# -- what a person did already --------------------------------------------------------------------


def waiting(world: World) -> None:
    """Bring an order to where its invoice stands and its payment waits for the privilege."""
    world.faults.privileges.discard("BankVoucher_Full")
    pays_by(world, 101, "vipps")
    world.run()
    world.faults.privileges.add("BankVoucher_Full")


def test_what_a_person_has_registered_is_not_posted_again(world: World) -> None:
    """The balance is read before a voucher is tried."""
    waiting(world)
    world.company.register_payment(10001)
    hour_later(world)
    assert len(world.company.vouchers) == 1
    assert (balances(world), world.held()) == ({"shop_101": 0}, {})


def test_what_a_person_has_registered_in_part_is_held(world: World) -> None:
    """Nobody can tell which part the shop's money is."""
    waiting(world)
    world.company.register_payment(10001, Decimal(500))
    hour_later(world)
    assert world.held() == {"101": "paid_in_part"}
    assert len(world.company.vouchers) == 1


def test_a_customer_that_was_deleted_keeps_only_its_own_payment_from_being_posted(
    world: World,
) -> None:
    """Held with PowerOffice's words; the order beside it in the voucher is paid."""
    pays_by(world, 102, "vipps", email="annen@example.no")
    waiting(world)
    gone = next(
        one.order.customer_id
        for one in world.company.outgoing_invoices.values()
        if one.order.external_import_reference == "shop_101"
    )
    del world.company.customers[gone]
    entries = world.company.entries
    world.company.entries = {key: e for key, e in entries.items() if e.customer_id != gone}
    hour_later(world)
    assert list(world.held()) == ["101"]
    assert balances(world)["shop_102"] == 0


# -- accounts that cannot be posted on ------------------------------------------------------------


def missing(world: World) -> None:
    world.configure(payments={**PAID, "accounts": {"vipps": 1909, "klarna": 1904}})


def inactive(world: World) -> None:
    world.company.account(1903).is_active = False


def with_vat(world: World) -> None:
    world.company.account(1903).vat_code_id = world.company.vat_code("3").id


def with_department(world: World) -> None:
    world.company.account(1903).is_department_required = True


def with_project(world: World) -> None:
    world.company.account(1903).is_project_required = True


def not_named(world: World) -> None:
    world.configure(payments={**PAID, "accounts": {"klarna": 1904}})


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (missing, "payment_account_missing"),
        (inactive, "payment_account_inactive"),
        (with_vat, "payment_account_with_vat"),
        (with_department, "payment_account_department"),
        (with_project, "payment_account_project"),
        (not_named, "payment_account_not_set"),
    ],
)
def test_an_account_that_cannot_be_posted_on_holds_its_orders_before_they_are_invoiced(
    world: World, wrong: Any, code: str
) -> None:
    """Nothing half booked, the others go on, and the configuration mends it."""
    wrong(world)
    pays_by(world, 101, "vipps")
    pays_by(world, 102, "klarna")
    assert world.run().exit_code == 1
    assert world.held() == {"101": code}
    assert (drafts(world), balances(world)) == ({"shop_101"}, {"shop_102": 0})
    world.configure(payments={**PAID, "accounts": {"vipps": 1905}})
    world.settle()
    assert (world.held(), balances(world)) == ({}, {"shop_101": 0, "shop_102": 0})


def test_a_paid_order_without_a_method_is_held(world: World) -> None:
    """An order made by hand in the shop names none."""
    pays_by(world, 101, "")
    world.settle()
    assert world.held() == {"101": "payment_method_missing"}


def test_an_account_that_closes_before_the_payment_is_replaced_by_the_configuration(
    tmp_path: Path,
) -> None:
    """What was noted with the draft is no reason to keep to it."""
    world = business(tmp_path, invoices={"create": True, "when": "completed"})
    pays_by(world, 101, "vipps")
    world.settle()
    world.company.account(1903).is_active = False
    world.wait(3700)
    world.shop.set_status(101, "completed")
    world.settle()
    assert list(world.held()) == ["101"]
    world.configure(payments={**PAID, "accounts": {"vipps": 1905}})
    hour_later(world)
    assert (world.held(), on_accounts(world)) == ({}, {1905: PRICE})


def test_a_method_that_is_corrected_before_the_payment_counts(tmp_path: Path) -> None:
    """The shop's word of today, not that of the draft's day."""
    world = business(tmp_path, invoices={"create": True, "when": "completed"})
    pays_by(world, 101, "vipps")
    world.settle()
    world.wait(300)
    world.shop.edit(101, payment_method="klarna", payment_method_title="Klarna")
    world.shop.set_status(101, "completed")
    world.settle()
    assert on_accounts(world) == {1904: PRICE}


# -- in doubt -------------------------------------------------------------------------------------


def test_a_payment_in_doubt_without_evidence_is_held_and_not_posted_again(world: World) -> None:
    """Neither in an hour nor ever, until a person says so: it may be there."""
    world.faults.matching = "none"
    world.faults.privileges.discard("CustomerLedger_Full")
    pays_by(world, 101, "vipps")
    world.faults.at("POST", "/Vouchers/BankJournals", 1, "lost_after")
    world.run()
    for _ in range(3):
        world.wait(61)
        world.run()
        hour_later(world)
    assert len(vouchers(world)) == 1
    assert world.held() == {"101": "payment_unanswered"}


def test_a_payment_in_doubt_is_settled_when_the_ledger_can_be_read(world: World) -> None:
    """The evidence was there all the time."""
    world.faults.privileges.discard("CustomerLedger_Full")
    pays_by(world, 101, "vipps")
    world.faults.at("POST", "/Vouchers/BankJournals", 1, "lost_after")
    world.run()
    world.wait(61)
    world.run()
    world.faults.privileges.add("CustomerLedger_Full")
    hour_later(world)
    world.settle()
    assert len(vouchers(world)) == 1
    assert (world.held(), balances(world)) == ({}, {"shop_101": 0})


@pytest.mark.parametrize("currency", ["NOK", "EUR"])
@pytest.mark.parametrize("fault", ["lost_after", "lost_before", "500_after"])
def test_a_payment_in_doubt_is_posted_once_where_references_may_be_used_twice(
    world: World, fault: str, currency: str
) -> None:
    """The ledger tells, in kroner or not, and the repeat is only made where it was not there."""
    world.faults.duplicate_voucher_reference = "accepted"
    world.faults.matching = "none"
    pays_by(world, 101, "vipps", currency=currency)
    world.faults.at("POST", "/Vouchers/BankJournals", 1, fault)
    for _ in range(4):
        world.run()
        world.wait(61)
    hour_later(world)
    assert len(vouchers(world)) == 1
    assert world.held() == {}


def test_money_of_an_order_that_is_cancelled_while_its_payment_waits_is_not_forgotten(
    world: World,
) -> None:
    """It came, so it is booked, or a person is told."""
    waiting(world)
    world.shop.set_status(101, "cancelled")
    world.settle()
    hour_later(world)
    assert on_accounts(world) == {1903: PRICE} or world.held()


def test_one_refused_line_keeps_no_other_order_from_being_paid(world: World) -> None:
    """The account closes just before it is posted on: each order is then tried by itself."""
    pays_by(world, 101, "vipps")
    pays_by(world, 102, "klarna")
    world.faults.before(lambda _, path: inactive(world) if path.startswith("/Vouchers") else None)
    world.run()
    assert world.held() == {"101": "voucher_refused"}
    assert balances(world) == {"shop_101": PRICE, "shop_102": 0}


@pytest.mark.parametrize("how", ["refused", "unreachable", "not allowed"])
def test_a_voucher_that_was_not_made_is_struck_out_with_its_write(
    world: World, how: str, tmp_path: Path
) -> None:
    """Killed at any commit on the way, no payment is left in a voucher that nobody looks for."""
    pays_by(world, 101, "vipps")
    pays_by(world, 102, "klarna")
    for n in range(1, 60):
        folder = tmp_path / str(n)
        folder.mkdir()
        other = world.twin(folder)
        if how == "refused":
            other.faults.at("POST", "/Vouchers/*", 1, "refuse")
        elif how == "unreachable":
            for nth in range(1, 6):
                other.faults.at("POST", "/Vouchers/*", nth, "connect_error")
        else:
            other.faults.privileges.discard("BankVoucher_Full")
        other.dies_at_commit = n
        try:
            other.run()
        except Killed:
            other.faults.privileges.add("BankVoucher_Full")
            for _ in range(3):
                hour_later(other)
            assert set(balances(other).values()) == {0}, f"commit {n}"
            assert on_accounts(other) == {1903: PRICE, 1904: PRICE}, f"commit {n}"
        else:
            break
    assert 15 < n < 59


def test_a_lost_database_posts_nothing_twice(world: World) -> None:
    """The running number begins anew, so the reference is in use: that is looked into."""
    pays_by(world, 101, "vipps")
    world.settle()
    world.state.unlink()
    pays_by(world, 102, "vipps")
    for _ in range(8):
        world.run()
        world.wait(61)
    hour_later(world)
    world.settle()
    assert balances(world) == {"shop_101": 0, "shop_102": 0}
    assert on_accounts(world) == {1903: PRICE * 2}


def test_a_voucher_holds_at_most_200_orders(world: World) -> None:
    """A big day becomes two, each with a reference of its own."""
    for n in range(203):
        pays_by(world, 1000 + n, "vipps", email=f"kunde{n}@example.no")
    world.settle()
    assert [len(one.pairs) for one in vouchers(world)] == [200, 3]
    assert set(balances(world).values()) == {0}
