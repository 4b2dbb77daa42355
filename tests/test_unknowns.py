"""What nobody knows of PowerOffice before it is tried: the job is safe whichever way it turns out.

Each switch of the sandbox that stands for an unknown (poweroffice/facts.md, "Not known") is turned,
and the order must come to its end all the same, or wait, and say why.
"""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from after import (
    HOUR,
    INVOICED,
    balances,
    business,
    drafts,
    hour_later,
    invoice,
    invoiced,
    vouchers,
)
from world import World

from woo2po.status import retry

PRICE = Decimal("1299.00")
SETTLED = {"shop_101": Decimal(0)}


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A shop whose orders are invoiced at once and whose payments are registered."""
    return business(tmp_path)


def sendings(world: World) -> int:
    """Return how often an invoice was asked for."""
    return sum(sent.sends for sent in world.wire.writes)


def posted(world: World) -> int:
    """Return how often a voucher was tried."""
    return len(world.asked("POST", "/Vouchers"))


# -- the privilege to send ------------------------------------------------------------------------


def test_without_the_privilege_to_send_the_drafts_wait_and_nothing_is_tried(world: World) -> None:
    """The token says so: no request to send is spent on it, and it is no error."""
    world.faults.may_send = False
    world.sells(101)
    assert world.run().exit_code == 0
    assert drafts(world) == {"shop_101"}
    world.wait(300)
    assert world.run().exit_code == 0
    assert sendings(world) == 0
    assert world.held() == {}


def test_a_missing_privilege_to_send_is_said_once_a_run(world: World) -> None:
    """One line says what to ask PowerOffice for, however many orders wait."""
    world.faults.may_send = False
    world.sells(101)
    world.sells(102)
    assert len(world.run().warnings) == 1


def test_an_idle_run_without_the_privilege_asks_poweroffice_for_nothing(world: World) -> None:
    """But once an hour."""
    world.faults.may_send = False
    world.sells(101)
    world.run()
    before = len(world.go.requests)
    world.wait(300)
    world.run()
    assert len(world.go.requests) == before
    hour_later(world)
    assert len(world.go.requests) > before


def test_the_drafts_go_within_the_hour_when_the_privilege_is_there(world: World) -> None:
    """Invoices, payments and all, without anything being told."""
    world.faults.may_send = False
    world.sells(101)
    world.sells(102)
    world.settle()
    world.faults.may_send = True
    hour_later(world)
    world.settle()
    assert balances(world) == {"shop_101": 0, "shop_102": 0}
    assert sendings(world) == 2


def test_a_refusal_to_send_that_the_token_did_not_tell_of_is_met_once_a_run(world: World) -> None:
    """PowerOffice's 400 "Missing privilege" leaves drafts, no holds, and one line."""
    title, detail = "Missing privilege", "The integration does not have the required privileges."
    world.faults.at("POST", "/SalesOrders/*/createAndSendInvoice", 1, "refuse", title=title,
                    detail=detail)  # fmt: skip
    for order_id in (101, 102):
        world.sells(order_id, email="one@example.no")
    outcome = world.run()
    assert (outcome.exit_code, len(outcome.warnings), sendings(world)) == (0, 1, 1)
    assert world.held() == {}
    hour_later(world)
    world.settle()
    assert balances(world) == {"shop_101": 0, "shop_102": 0}


def test_a_draft_that_waits_for_the_privilege_may_be_invoiced_by_hand(world: World) -> None:
    """It is noticed within the hour, and its payment follows."""
    world.faults.may_send = False
    world.sells(101)
    world.settle()
    world.company.invoice_by_hand("shop_101")
    hour_later(world)
    assert balances(world) == SETTLED


# -- the privilege to post vouchers ---------------------------------------------------------------


def test_without_the_voucher_privilege_invoices_go_on_and_payments_wait(world: World) -> None:
    """Said once a run, tried once a run, and posted within the hour when it is given."""
    world.faults.privileges.discard("BankVoucher_Full")
    world.sells(101)
    world.sells(102)
    outcome = world.run()
    assert (outcome.exit_code, list(outcome.warnings)) == (0, ["may_not_post_vouchers"])
    assert balances(world) == {"shop_101": PRICE, "shop_102": PRICE}
    world.wait(300)
    world.run()
    assert posted(world) == 1
    world.faults.privileges.add("BankVoucher_Full")
    hour_later(world)
    assert balances(world) == {"shop_101": 0, "shop_102": 0}


def test_a_missing_bank_privilege_keeps_no_cash_waiting(world: World) -> None:
    """Each journal has a privilege of its own."""
    world.faults.privileges.discard("BankVoucher_Full")
    world.sells(101)
    world.sells(102, payment_method="cod")
    world.run()
    assert balances(world) == {"shop_101": PRICE, "shop_102": 0}


# -- sending --------------------------------------------------------------------------------------


@pytest.mark.parametrize("seconds", [2, 40, 2000])
def test_a_queue_that_takes_its_time_is_waited_for_and_not_asked_twice(
    world: World, seconds: int
) -> None:
    """PowerOffice has accepted the request: however long it takes, there is one."""
    world.faults.send_result, world.faults.send_seconds = "late", seconds
    world.sells(101)
    for _ in range(9):
        world.run()
        world.wait(300)
    assert (balances(world), sendings(world)) == (SETTLED, 1)


def test_waiting_for_the_queue_is_no_error(world: World) -> None:
    """Nothing is unreachable, and nothing is to be done: exit code 0."""
    world.faults.send_result, world.faults.send_seconds = "late", 2000
    world.sells(101)
    codes = []
    for _ in range(4):
        codes.append(world.run().exit_code)
        world.wait(300)
    assert codes == [0, 0, 0, 0]


def test_an_error_of_the_queue_is_held_in_poweroffices_words(world: World) -> None:
    """With a remedy, and tried again within the hour; a person may have mended it."""
    world.faults.send_result = "fails"
    world.sells(101)
    world.run()
    world.wait(61)
    assert world.run().exit_code == 1
    assert world.held() == {"101": "sending_failed"}
    assert "Kunden støtter ikke lenger mottak av EHF-faktura." in world.reasons()["101"]
    world.faults.send_result = "ok"
    hour_later(world)
    assert (world.held(), balances(world)) == ({}, SETTLED)


def test_a_draft_whose_sending_failed_may_be_invoiced_by_hand(world: World) -> None:
    """The hold goes, and the payment follows."""
    world.faults.send_result = "fails"
    world.sells(101)
    world.run()
    world.wait(61)
    world.run()
    world.company.invoice_by_hand("shop_101")
    hour_later(world)
    assert (world.held(), balances(world)) == ({}, SETTLED)


@pytest.mark.parametrize("state", ["nulls", "none"])
def test_a_request_that_was_forgotten_is_repeated_after_resend_after_only(
    world: World, state: str
) -> None:
    """Accepted, and nowhere: whatever sentState says of an order that nobody sent."""
    world.faults.send_result, world.faults.never_sent_state = "no_answer", state
    world.sells(101)
    for _ in range(3):
        world.run()
        world.wait(240)
    assert sendings(world) == 1
    world.company.send_queue.clear()
    world.faults.send_result = "ok"
    for _ in range(4):
        world.run()
        world.wait(240)
    assert (balances(world), sendings(world)) == (SETTLED, 2)
    assert world.wire.repeats_too_early(900) == []


def test_what_is_never_sent_is_held_after_five_requests(world: World) -> None:
    """Then a person must look, and not a sixth time."""
    world.faults.send_result = "no_answer"
    world.sells(101)
    for _ in range(7):
        world.run()
        world.wait(901)
    hour_later(world)
    assert (world.held(), sendings(world)) == ({"101": "never_sent"}, 5)


# -- ids, filters, matching -----------------------------------------------------------------------


@pytest.mark.parametrize("spec", ["2025", "2026"])
@pytest.mark.parametrize("same_id", [True, False])
@pytest.mark.parametrize("late", [True, False])
@pytest.mark.parametrize("matching", ["reference", "none"])
def test_the_life_of_an_order_is_the_same_whatever_is_unknown(
    world: World, spec: str, same_id: bool, late: bool, matching: str
) -> None:
    """Invoice, payment, part of it back, the rest back: each once, in every combination."""
    world.faults.spec, world.faults.invoice_id_is_order_id = spec, same_id
    world.faults.send_result = "late" if late else "ok"
    world.faults.matching = matching
    world.sells(101)
    world.settle()
    world.wait(300)
    first = world.shop.add_refund(101, {"amount": "300.00", "refunded_payment": True})
    world.settle()
    world.wait(300)
    second = world.shop.add_refund(101, {"amount": "999.00", "refunded_payment": True})
    world.settle()
    hour_later(world)
    names = ("shop_101", f"shop_101-r{first}", f"shop_101-r{second}")
    assert invoiced(world) == dict(zip(names, (PRICE, Decimal(-300), Decimal(-999)), strict=True))
    amounts = sorted(pair[2] for voucher in vouchers(world) for pair in voucher.pairs)
    assert amounts == [-999, -300, PRICE]
    assert sum(entry.balance for entry in world.company.entries.values()) == 0
    assert world.held() == {}
    if matching == "reference":
        assert set(balances(world).values()) == {0}


def test_without_matching_nothing_is_paid_twice(world: World) -> None:
    """The invoice stays open though its payment is posted: our own record counts."""
    world.faults.matching = "none"
    world.sells(101)
    for _ in range(4):
        world.run()
        world.wait(HOUR)
        world.shop.edit(101, customer_note="")
    assert len(vouchers(world)) == 1


# -- locked periods -------------------------------------------------------------------------------


def test_a_locked_period_moves_invoice_and_payment_to_the_first_open_day(world: World) -> None:
    """And the log says so."""
    world.company.lock_date = date(2026, 10, 31)
    world.sells(101)
    world.settle()
    assert invoice(world, "shop_101").voucher_date == date(2026, 11, 1)
    assert [voucher.day for voucher in vouchers(world)] == [date(2026, 11, 1)]
    assert [line for line in world.logs if line["event"] == "invoice_date_moved"]
    assert balances(world) == SETTLED


def test_a_locked_period_holds_where_that_is_wished(world: World) -> None:
    """The draft waits until the period is open."""
    world.configure(invoices={**INVOICED, "locked_period": "hold"})
    world.company.lock_date = date(2026, 10, 31)
    world.sells(101)
    world.settle()
    assert (world.held(), drafts(world)) == ({"101": "period_locked"}, {"shop_101"})
    world.company.lock_date = date(2026, 9, 30)
    hour_later(world)
    assert (world.held(), balances(world)) == ({}, SETTLED)


def test_a_lock_date_in_the_future_holds(world: World) -> None:
    """Nothing is booked on a day that has not come."""
    world.company.lock_date = date(2026, 12, 31)
    world.sells(101)
    world.settle()
    assert world.held() == {"101": "locked_ahead"}


def test_a_period_that_is_locked_between_draft_and_invoice_moves_the_payment_too(
    tmp_path: Path,
) -> None:
    """The usual case at the turn of a month: paid in October, completed when that is closed."""
    world = business(tmp_path, invoices={"create": True, "when": "completed"})
    world.sells(101)
    world.settle()
    world.company.lock_date = date(2026, 10, 31)
    world.wait(HOUR)
    world.shop.set_status(101, "completed")
    world.settle()
    assert world.held() == {}
    assert [voucher.day for voucher in vouchers(world)] == [date(2026, 11, 1)]
    assert balances(world) == SETTLED


# -- a person invoices ----------------------------------------------------------------------------


@pytest.fixture
def by_hand(tmp_path: Path) -> World:
    """A shop whose drafts are left to a person."""
    return business(tmp_path, invoices={"create": False})


def test_a_draft_invoiced_by_hand_is_noticed_within_the_hour(by_hand: World) -> None:
    """Its payment follows; so does the credit note's, which a person sends too."""
    by_hand.sells(101)
    by_hand.settle()
    by_hand.company.invoice_by_hand("shop_101")
    hour_later(by_hand)
    assert balances(by_hand) == SETTLED
    refund = by_hand.shop.add_refund(101, {"amount": "100.00", "refunded_payment": True})
    by_hand.settle()
    assert drafts(by_hand) == {f"shop_101-r{refund}"}
    by_hand.company.invoice_by_hand(f"shop_101-r{refund}")
    hour_later(by_hand)
    assert set(balances(by_hand).values()) == {0}
    assert len(vouchers(by_hand)) == 2


def test_a_draft_invoiced_by_hand_with_another_total_is_held(by_hand: World) -> None:
    """Nothing is paid before somebody has looked."""
    by_hand.sells(101)
    by_hand.settle()
    by_hand.company.edit_line("shop_101", "1", product_unit_price=Decimal(1))
    by_hand.company.invoice_by_hand("shop_101")
    hour_later(by_hand)
    assert by_hand.held() == {"101": "invoice_differs"}
    assert vouchers(by_hand) == []


def test_a_draft_invoiced_by_hand_before_it_is_completed_is_noticed(tmp_path: Path) -> None:
    """Though the job itself would have waited for the shop to complete it."""
    world = business(tmp_path, invoices={"create": True, "when": "completed"})
    world.sells(101)
    world.settle()
    world.company.invoice_by_hand("shop_101")
    hour_later(world)
    assert balances(world) == SETTLED


def test_a_draft_invoiced_by_hand_and_then_refunded_gets_the_refunds_credit_note(
    tmp_path: Path,
) -> None:
    """Its money came and went back; the credit note bears the refund's reference."""
    world = business(tmp_path, invoices={"create": True, "when": "completed"})
    world.sells(101)
    world.settle()
    world.company.invoice_by_hand("shop_101")
    refund = world.shop.add_refund(101, {"amount": "1299.00", "refunded_payment": True})
    world.settle()
    hour_later(world)
    assert invoiced(world) == {"shop_101": PRICE, f"shop_101-r{refund}": -PRICE}
    assert set(balances(world).values()) == {0}
    assert len(vouchers(world)) == 2


def test_both_privileges_may_come_one_after_the_other(world: World) -> None:
    """First the invoices go, then the payments; a refund made meanwhile goes with them."""
    world.faults.may_send = False
    world.faults.privileges.discard("BankVoucher_Full")
    world.sells(101)
    world.run()
    refund = world.shop.add_refund(101, {"amount": "300.00", "refunded_payment": True})
    world.run()
    assert drafts(world) == {"shop_101"}
    world.faults.may_send = True
    hour_later(world)
    world.run()
    assert balances(world) == {"shop_101": PRICE, f"shop_101-r{refund}": -300}
    world.faults.privileges.add("BankVoucher_Full")
    hour_later(world)
    assert set(balances(world).values()) == {0}


def test_a_person_who_retries_sends_no_second_request(world: World) -> None:
    """`retry` is impatient; the request is still unanswered."""
    world.faults.send_result = "no_answer"
    world.sells(101)
    for _ in range(4):
        world.run()
        retry(world.settings, ["101"])
        world.wait(120)
    assert sendings(world) == 1


def test_a_missing_privilege_is_said_in_every_run_while_something_waits(tmp_path: Path) -> None:
    """An idle run says it too, without a request to PowerOffice; no longer when it is there."""
    world = business(tmp_path)
    world.faults.may_send = False
    world.sells(101)
    for wait in (300, 300, HOUR, 300):
        assert list(world.run().warnings) == ["may_not_send"]
        world.wait(wait)
    world.faults.may_send = True
    hour_later(world)
    world.wait(300)
    assert world.run().warnings == {}


def test_the_missing_journal_privilege_is_named_in_every_run(tmp_path: Path) -> None:
    """What to ask PowerOffice for is said as long as a payment waits for it."""
    world = business(tmp_path)
    world.faults.privileges.discard("BankVoucher_Full")
    world.sells(101)
    for _ in range(3):
        assert world.run().warnings["may_not_post_vouchers"]["role"] == "BankVoucher_Full"
        world.wait(300)
