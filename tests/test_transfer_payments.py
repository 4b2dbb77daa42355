"""Payments: on the right account, in the right journal, once, and never half of an order."""

from datetime import date
from typing import Any

import pytest
from stories import *
from world import World

from woo2po.record import Record
from woo2po.transfer import payments
from woo2po.transfer.payments import MOST_ORDERS

FIFTH = date(2026, 10, 5)
KLARNA = {"payment_method": "klarna"}
EURO = {"currency": "EUR"}
PAID_ONCE: dict[str, Any] = {"balances": {"shop_101": 0}, "paid": 1}


def booked(kind: str, day: date, *pairs: tuple[int, str]) -> Booked:
    return Booked(kind, day, "NOK", tuple((number, order, PRICE) for number, order in pairs))


def configured(**payments: Any) -> Any:
    return configure(payments={**PAID, **payments})


@step
def deleted_customer(world: World) -> None:
    """The customer of order 101 and its ledger are gone from PowerOffice."""
    gone = invoice(world, "shop_101").order.customer_id
    del world.company.customers[gone]
    entries = world.company.entries
    world.company.entries = {key: e for key, e in entries.items() if e.customer_id != gone}


with_vat = step(lambda world: account(1903, vat_code_id=world.company.vat_code("3").id)(world))


@step
def closes_before_it_is_posted_on(world: World) -> None:
    """The account closes just before the voucher comes."""
    world.faults.before_hooks.append(
        lambda _, path: path.startswith("/Vouchers") and account(1903, is_active=False)(world)
    )


# fmt: off
WAITING: Story = (without("BankVoucher_Full"), sells(), run(), given("BankVoucher_Full"))
LOST: Story = (sells(), fails("POST", "/Vouchers/BankJournals", 1, "lost_after"))
CANNOT_BE_POSTED_ON = {
    "payment_account_missing": configured(accounts={"vipps": 1909, "klarna": 1904}),
    "payment_account_not_set": configured(accounts={"klarna": 1904}),
    "payment_account_inactive": account(1903, is_active=False),
    "payment_account_with_vat": with_vat(),
    "payment_account_department": account(1903, is_department_required=True),
    "payment_account_project": account(1903, is_project_required=True),
}

STORIES: dict[str, Story] = {
    "one voucher a day, type and currency": (
        sells(), sells(102, **KLARNA), sells(103, payment_method="cod"),
        sells(104, date_paid_gmt="2026-10-06T10:00:00"), run(),
        then(open={}, vouchers=lambda found: sorted(found, key=repr) == [
            booked("bank", FIFTH, (1903, "101"), (1904, "102")),
            booked("bank", date(2026, 10, 6), (1903, "104")),
            booked("cash", FIFTH, (1900, "103"))])),
    "two currencies are never in one voucher": (
        sells(**EURO), sold(102),
        then(open={}, vouchers=lambda found: sorted(one.currency for one in found)
             == ["EUR", "NOK"])),

    # what a person did already
    "what a person has registered is not posted again": (
        *WAITING, person("register_payment", 10001), an_hour_later, then(**PAID_ONCE)),
    "a customer that was deleted keeps only its own payment from being posted": (
        sells(102, email="annen@example.no"), *WAITING, deleted_customer(), an_hour_later,
        then("voucher_refused", open={"shop_101": PRICE})),

    "nor is what was noted of an order that is deleted for good": (
        without("BankVoucher_Full"), sells(), run(), in_the_shop("delete", 101), run("101"),
        given("BankVoucher_Full"), an_hour_later,
        then("refund_of_deleted_order", accounts={1903: PRICE})),

    # accounts that cannot be posted on
    **{f"nothing is half booked, the others go on, and the configuration mends it ({code})": (
        wrong, sells(), sells(102, **KLARNA), run(),
        then(code, exit_code=1, drafts={"shop_101"}, balances={"shop_102": 0}),
        configured(accounts={"vipps": 1905}), settle(),
        then(balances={"shop_101": 0, "shop_102": 0}))
       for code, wrong in CANNOT_BE_POSTED_ON.items()},
    "one refused line keeps no other order from being paid": (
        sells(), sells(102, **KLARNA), closes_before_it_is_posted_on(), run(),
        then("voucher_refused", balances={"shop_101": PRICE, "shop_102": 0})),

    # in doubt
    "without evidence it is held, and posted again neither in an hour nor ever": (
        faults(matching="none"), without("CustomerLedger_Full"), *LOST, run(),
        *(wait(61), run(), an_hour_later) * 3, then("payment_unanswered", paid=1)),
    "what a person posts then is seen, and what is refunded after it is credited": (
        without("CustomerLedger_Full"), sells(),
        fails("POST", "/Vouchers/BankJournals", 1, "lost_before"), runs(3, 61),
        then("payment_unanswered"), person("register_payment", 10001, PRICE), an_hour_later,
        refunded("299.00", **BACK), then(accounts={1920: PRICE, 1903: -299})),
    "it is settled when the ledger can be read: the evidence was there all the time": (
        without("CustomerLedger_Full"), *LOST, run(), wait(61), run(), given("CustomerLedger_Full"),
        an_hour_later, settle(), then(**PAID_ONCE)),
}
# fmt: on


@pytest.mark.parametrize("what", STORIES)
def test_a_payment(what, tmp_path):
    told(STORIES[what], business(tmp_path))


NOT_MADE = {
    "refused": (fails("POST", "/Vouchers/*", 1, "refuse"),),
    "unreachable": tuple(fails("POST", "/Vouchers/*", n, "connect_error") for n in range(1, 6)),
    "not allowed": (without("BankVoucher_Full"),),
}


@pytest.mark.parametrize("how", NOT_MADE)
def test_a_voucher_that_was_not_made_is_struck_out_with_its_write(how, folders):
    """Killed at any commit of one, no payment is left in a voucher that nobody looks for."""
    world = business(next(folders))
    told((sells(), sells(102, **KLARNA)), world)
    for other in deaths(world, folders, *NOT_MADE[how], at="vouchers"):
        told((given("BankVoucher_Full"), *[an_hour_later] * 3), other)
        then(open={}, accounts={1903: PRICE, 1904: PRICE})(other)


def test_a_voucher_holds_so_many_orders(tmp_path, monkeypatch):
    """What is more gets another."""
    assert MOST_ORDERS == 200
    monkeypatch.setattr("woo2po.transfer.payments.MOST_ORDERS", 2)
    five = (sells(n, email=f"kunde{n}@example.no") for n in range(101, 106))
    told((*five, settle(), then(
        open={}, vouchers=lambda found: [len(one.pairs) for one in found] == [2, 2, 1])),
        business(tmp_path))  # fmt: skip


def test_a_payment_that_cannot_be_reckoned_stops_no_other(tmp_path, monkeypatch):
    """A defect of our own at one of two holds its order alone."""
    world, real = business(tmp_path), payments._lines_of

    def failing(run: Any, record: Record, *more: Any) -> Any:
        if record.id == 101:
            raise ZeroDivisionError
        return real(run, record, *more)

    monkeypatch.setattr(payments, "_lines_of", failing)
    two = sells(), sells(102, email="ola@example.no"), settle()
    told((*two, then("unexpected", balances={"shop_101": PRICE, "shop_102": 0})), world)
