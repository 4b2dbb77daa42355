"""`run --dry-run` for what follows an order: a run makes, books and takes back what it showed."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from after import HOUR, INVOICED, PAID, business, invoice, invoiced, vouchers
from test_preview import previewed
from world import Goods, World

from woo2po.sandbox.shop_orders import recorded_names

FULL_REFUND = {"amount": "1299.00"}


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A shop whose orders are invoiced at once, and whose payments are registered."""
    return business(tmp_path)


def shown(world: World) -> tuple[dict[str, int], str]:
    """Preview a run; return what it counts and its text on one line. It has written nothing."""
    before = len(world.wire.writes), world.state.exists() and world.state.read_bytes()
    outcome, text = previewed(world)
    after = len(world.wire.writes), world.state.exists() and world.state.read_bytes()
    assert before == after
    assert outcome.exit_code == int("held" in outcome.counts)
    return outcome.counts, " ".join(text.replace("\N{NO-BREAK SPACE}", "").split())


def test_the_days_that_a_preview_shows_are_those_of_the_run(world: World) -> None:
    """In a locked period it is the first open day, and the preview says why."""
    world.company.lock_date = date(2026, 10, 31)
    world.sells(101, date_paid_gmt="2026-10-05T10:00:00")
    counts, text = shown(world)
    assert "invoiced on 2026-11-01 (its own day, 2026-10-05, is in a locked period)" in text
    assert "payment 1299.00 on account 1903, 2026-11-01" in text
    assert counts == {"made": 1, "invoiced": 1}
    world.settle()
    assert invoice(world, "shop_101").voucher_date == date(2026, 11, 1)
    assert [one.day for one in vouchers(world)] == [date(2026, 11, 1)]


def test_an_order_that_a_locked_period_holds_is_shown_as_held(world: World) -> None:
    """With invoices.locked_period = "hold" the run makes the draft and holds the order."""
    world.configure(invoices={**INVOICED, "locked_period": "hold"})
    world.company.lock_date = date(2026, 10, 31)
    world.sells(101, date_paid_gmt="2026-10-05T10:00:00")
    counts, text = shown(world)
    assert "is in a period that is locked until 2026-10-31" in text
    assert counts == {"made": 1, "held": 1}
    world.settle()
    assert world.held() == {"101": "period_locked"}


def test_a_draft_that_is_to_be_invoiced_now_is_shown_so(world: World) -> None:
    """The order was completed since: its draft stands as it should, and becomes an invoice."""
    world.configure(invoices={"create": True, "when": "completed"})
    world.sells(101)
    world.settle()
    world.wait(300)
    world.shop.set_status(101, "completed")
    counts, text = shown(world)
    assert "sales order 1 stands as it should invoiced on 2026-11-23" in text
    assert counts == {"invoiced": 1}


def test_a_draft_of_a_sale_that_is_off_is_shown_as_deleted(world: World) -> None:
    """Cancelled, or refunded in full before it was invoiced."""
    world.configure(invoices={"create": False}, payments={"register": False})
    world.sells(101)
    world.sells(102)
    world.settle()
    world.wait(300)
    world.shop.set_status(101, "cancelled")
    world.shop.add_refund(102, FULL_REFUND)
    world.shop.set_status(102, "refunded")
    counts, text = shown(world)
    assert '101: is "cancelled" in the shop: its draft, sales order 1, is deleted' in text
    assert '102: is "refunded" in the shop: its draft, sales order 2, is deleted' in text
    assert counts == {"deleted": 2}
    world.settle()
    assert world.books().documents == ()


def test_a_draft_that_somebody_edited_is_shown_as_held(world: World) -> None:
    """It is read for the preview too: a run would not delete it."""
    world.configure(invoices={"create": False}, payments={"register": False})
    world.sells(101)
    world.settle()
    world.company.edit_line("shop_101", "1", product_unit_price=Decimal(1000))
    world.wait(300)
    world.shop.set_status(101, "cancelled")
    counts, text = shown(world)
    assert "somebody has edited sales order 1 in PowerOffice" in text
    assert "→ Delete the sales order in PowerOffice" in text
    assert counts == {"held": 1}


def test_an_invoice_of_a_sale_that_is_off_is_shown_as_credited(world: World) -> None:
    """With the credit note line by line, as the run makes it."""
    world.sells(101)
    world.settle()
    world.wait(300)
    world.shop.set_status(101, "cancelled")
    counts, text = shown(world)
    assert '101: is "cancelled" in the shop: invoice 10001 is credited in full' in text
    assert "credit note for the whole order shop_101-c" in text
    assert "total -1299.00 dated 2026-11-23" in text
    assert counts == {"credited": 1}
    world.settle()
    assert invoiced(world)["shop_101-c"] == -1299


def test_without_credit_notes_the_order_is_shown_as_held(world: World) -> None:
    """The preview asks who decides in the run: refunds.credit_notes = false is heeded."""
    world.configure(refunds={"credit_notes": False})
    world.sells(101)
    world.settle()
    world.wait(300)
    world.shop.set_status(101, "cancelled")
    counts, text = shown(world)
    assert '101: It was invoiced (invoice 10001) and is now "cancelled" in the shop' in text
    assert counts == {"held": 1}


def test_the_credit_note_of_a_refund_is_shown_with_the_moneys_way_back(world: World) -> None:
    """Its lines and total, its day, the account that the money left, and what was noticed."""
    world.sells(101)
    world.settle()
    world.wait(300)
    refund = world.shop.add_refund(101, {"amount": "300.00", "refunded_payment": True})
    counts, text = shown(world)
    assert "101: invoice 10001 stands as it should" in text
    assert f"credit note for refund {refund} shop_101-r{refund}" in text
    assert "total -300.00 dated 2026-11-23" in text
    assert "300.00 goes back from account 1903, 2026-11-23" in text
    assert "! Refund" in text
    assert "has no lines: it was spread over" in text
    assert counts == {"credited": 1}
    world.settle()
    assert invoiced(world)[f"shop_101-r{refund}"] == -300
    assert [pair[::2] for one in vouchers(world) for pair in one.pairs] == [
        (1903, 1299),
        (1903, -300),
    ]


def test_a_refund_that_a_run_would_hold_is_shown_as_held(world: World) -> None:
    """The order is in order, its refund is not."""
    world.configure(refunds={"amount_only": "hold"})
    world.sells(101)
    world.settle()
    world.wait(300)
    world.shop.add_refund(101, {"amount": "300.00"})
    counts, text = shown(world)
    assert "has no lines" in text
    assert counts == {"held": 1}


def test_a_new_order_is_shown_with_all_that_follows_it(world: World) -> None:
    """Invoice, payment, and the credit note of a refund that came before its transfer."""
    world.sells(101)
    world.shop.add_refund(101, {"amount": "300.00"})
    counts, text = shown(world)
    order = [text.index(part) for part in ("total 1299.00", "invoiced on", "payment 1299.00")]
    assert order == sorted(order)
    assert text.index("payment") < text.index("credit note for refund") < text.index("-300.00")
    assert counts == {"made": 1, "invoiced": 1, "credited": 1}


def test_a_change_after_invoicing_is_shown_as_held_with_both_totals(world: World) -> None:
    """As the run holds it."""
    world.sells(101)
    world.settle()
    world.wait(300)
    world.sells(101, Goods("GEN-001", "999.00"))
    counts, text = shown(world)
    assert "invoice 10001 is 1299.00, the order now comes to 999.00" in text
    assert counts == {"held": 1}
    world.settle()
    assert "invoice 10001 is 1299.00, the order now comes to 999.00" in world.reasons()["101"]


def test_what_waits_for_an_answer_is_shown_so(world: World) -> None:
    """Before it may be looked up nothing is promised; from then on it is looked up."""
    world.sells(101)
    world.faults.at("POST", "/SalesOrders/Complete", 1, "lost_after")
    world.run()
    outcome, text = previewed(world)
    assert (outcome.exit_code, outcome.counts) == (3, {"waiting": 1})
    assert "101: PowerOffice has not answered yet" in text
    world.wait(61)
    counts, text = shown(world)
    assert "101: sales order 1 stands as it should invoiced on 2026-10-05" in text
    assert counts == {"invoiced": 1}


def test_a_draft_that_cannot_be_read_is_not_told_of_as_if_it_were(world: World) -> None:
    """PowerOffice gives no answer for it: nothing is promised, and the exit code is a run's."""
    world.configure(invoices={"create": False})
    world.sells(101)
    world.settle()
    world.wait(300)
    world.shop.set_status(101, "cancelled")
    for nth in range(1, 20):
        world.faults.at("GET", "/SalesOrders/*/Complete", nth, "500")
    outcome, text = previewed(world)
    assert (outcome.exit_code, outcome.counts) == (3, {"waiting": 1})
    assert "101: PowerOffice has not answered yet" in text


def test_a_missing_right_to_send_is_said_in_the_preview_too(world: World) -> None:
    """The order stays a draft, its payment waits with it."""
    world.faults.may_send = False
    world.sells(101)
    outcome, text = previewed(world)
    assert "invoiced on" not in text
    assert "on account 1903, 2026-10-05, once it is invoiced" in text
    assert outcome.warnings == {"may_not_send": {}}


def test_what_waits_is_looked_at_in_a_preview_as_in_a_run(world: World) -> None:
    """A draft that a person invoiced is noticed in the hourly look, which is due."""
    world.configure(invoices={"create": False}, payments={**PAID})
    world.sells(101)
    world.settle()
    world.company.invoice_by_hand("shop_101")
    world.wait(HOUR)
    _, text = shown(world)
    assert "101: invoice 10001 stands as it should" in text


COUNTED = ("made", "changed", "invoiced", "credited", "cancelled", "held", "skipped")


@pytest.mark.parametrize("when", ["processing", "completed"])
def test_a_preview_counts_what_the_run_then_does(tmp_path: Path, when: str) -> None:
    """Over all recorded orders and refunds; and after the run there is nothing more to show."""
    world = business(
        tmp_path, invoices={"create": True, "when": when}, refunds={"amount_only": "spread"}
    )
    world.loads(*recorded_names())
    counts, _ = shown(world)
    done = world.run().counts
    assert {name: counts.get(name, 0) for name in COUNTED} == {
        name: done.get(name, 0) for name in COUNTED
    }
    world.settle()
    later, _ = shown(world)
    assert set(later) <= {"held", "unchanged"}


def test_an_invoice_that_a_person_credited_is_shown_as_held(world: World) -> None:
    """The refund in the shop would be credited twice: the preview looks, as the run does."""
    world.sells(101)
    world.settle()
    world.company.credit_invoice(10001)
    world.wait(300)
    world.shop.add_refund(101, FULL_REFUND)
    world.shop.set_status(101, "refunded")
    counts, text = shown(world)
    assert "was made by hand (10002)" in text
    assert counts == {"held": 1}
    world.settle()
    assert world.held() == {"101": "credited_by_hand"}


def test_money_that_goes_back_after_a_cancellation_is_shown(world: World) -> None:
    """The credit note stands already; its way back is what a run would post."""
    world.sells(101)
    world.settle()
    world.wait(300)
    world.shop.set_status(101, "cancelled")
    world.settle()
    world.wait(300)
    world.shop.add_refund(101, {**FULL_REFUND, "refunded_payment": True})
    _, text = shown(world)
    assert "credit note for the whole order 1299.00 goes back from account 1903" in text
    world.settle()
    assert vouchers(world)[-1].pairs[0][::2] == (1903, -1299)


def test_a_credit_note_is_never_dated_before_an_invoice_that_is_yet_to_be(world: World) -> None:
    """The order is completed, and invoiced, days after a part of it was refunded."""
    world.configure(invoices={"create": True, "when": "completed"})
    world.sells(101)
    refund = world.shop.add_refund(101, {"amount": "300.00"})
    world.wait(3 * 24 * 3600)
    world.shop.set_status(101, "completed")
    _, text = shown(world)
    assert "total -300.00 dated 2026-11-26" in text
    world.settle()
    assert invoice(world, f"shop_101-r{refund}").voucher_date == date(2026, 11, 26)
