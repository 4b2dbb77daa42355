"""The month's proof: a good month agrees, and each kind of difference is found alone."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from after import business, invoice
from goods import Goods
from proving import OCTOBER, found, off, prove, told
from world import World

from woo2po.reconcile import Period, period_of
from woo2po.sandbox.shop_orders import refund_of

LUE = Goods("GEN-001", "1299.00", name="Lue")
KAFFE = Goods("KAF-250", "88.80", 15, quantity=2, name="Kaffe")
BY_METHOD: dict[str, Any] = {"refunded_payment": True}
NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))
BOTH = Period(date(2026, 10, 1), date(2026, 11, 30))


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A shop with two orders of 5 October, invoiced and paid that day."""
    world = business(tmp_path)
    world.sells(101, LUE, KAFFE)
    world.sells(102)
    world.settle()
    world.wait(300)
    return world


def gives_back(world: World, order_id: int, *quantities: int, **more: Any) -> int:
    """Refund pieces of an order's lines (a day in November); return the refund's id."""
    refund = refund_of(world.shop.orders[order_id], quantities)
    return world.shop.add_refund(order_id, {**refund, **more})


# -- what agrees -----------------------------------------------------------------------------------


def test_a_good_month_agrees_in_few_requests(world: World) -> None:
    """Days, rates and accounts are equal to the øre; each list is read once."""
    world.go.requests.clear()
    world.shop.requests.clear()
    proof = prove(world)
    assert (proof.agrees, proof.orders, proof.refunds, off(proof)) == (True, 2, 0, 0)
    (day,) = proof.days.values()
    assert (day.shop, day.books, day.explained) == (277560, 277560, 0)
    assert [vat.books for _, vat in proof.rates.values()] == [51960, 2317]
    assert proof.accounts["NOK", 1903].books == 277560
    assert (len(world.go.requests), len(world.shop.requests)) == (5, 2)


def test_a_refund_stands_in_its_own_month(world: World) -> None:
    """The sale is October's, its refund November's, and both months agree."""
    gives_back(world, 101, 1, 0, **BY_METHOD)
    world.settle()
    assert prove(world).agrees
    november = prove(world, NOVEMBER)
    assert (november.agrees, november.refunds) == (True, 1)
    assert november.total("NOK").books == -129900
    (settlement,) = november.settlements
    assert (settlement.total.refunds, settlement.total.net) == (1, -129900)


def test_an_older_shop_is_asked_for_refunds_order_by_order(world: World) -> None:
    """It has no list of all refunds."""
    gives_back(world, 101, 1, 0, **BY_METHOD)
    world.settle()
    november = prove(world, NOVEMBER, old=True)
    assert (november.agrees, november.refunds) == (True, 1)


def test_an_invoice_of_the_next_month_is_explained(tmp_path: Path) -> None:
    """A draft of October that a person invoices on 1 November differs in neither month."""
    world = business(tmp_path, invoices={"create": False, "when": "processing"})
    world.sells(101)
    world.settle()
    world.company.invoice_by_hand("shop_101", date(2026, 11, 1))
    world.wait(4000)
    world.settle()
    for period in (OCTOBER, NOVEMBER):
        proof = prove(world, period)
        assert (found(proof), told(proof)) == ([], [("other_period", "101")])
        assert off(proof) == 0
    assert prove(world, OCTOBER).total("NOK").explained == -129900
    assert told(prove(world, BOTH)) == []


def test_an_order_that_is_not_completed_has_no_day_yet(tmp_path: Path) -> None:
    """With question 4 "completed" it belongs to no month, and is told with its sum."""
    world = business(tmp_path, invoices={"create": True, "when": "completed"})
    world.sells(101)
    world.settle()
    proof = prove(world)
    assert (proof.agrees, proof.orders, proof.unfinished) == (True, 0, 1)
    assert proof.unfinished_sum == 129900


def test_an_order_returned_whole_before_its_invoice_needs_no_documents(tmp_path: Path) -> None:
    """The draft is deleted; sale and refund outweigh each other, each on its day."""
    world = business(tmp_path, invoices={"create": False, "when": "processing"})
    world.sells(101)
    world.settle()
    gives_back(world, 101, 1, **BY_METHOD)
    world.settle()
    proof = prove(world, BOTH)
    assert (found(proof), off(proof)) == ([], 0)
    assert told(proof) == [("returned_before", "101")] * 2


def test_a_cancelled_order_that_was_credited_is_explained(world: World) -> None:
    """Invoice and credit note outweigh each other; the money that was kept is told apart."""
    gives_back(world, 102, 1, **BY_METHOD)
    world.shop.set_status(102, "cancelled")
    world.settle()
    proof = prove(world, BOTH)
    assert found(proof) == []
    assert off(proof) == 0


@pytest.mark.parametrize(
    ("sections", "lines_above"),
    [
        ({}, {"total_below_lines"}),
        ({"discounts": {"transfer_vat": False, "product": "RABATT0"}}, {"total_below_lines"}),
        ({"gift_cards": {"hidden": "gift_card", "product": "GAVEKORT"}}, set()),
    ],
    ids=["as it comes", "discounts without VAT", "gift cards"],
)
def test_the_recorded_orders_are_all_explained(tmp_path, sections, lines_above) -> None:
    """What is missing is held, with its reason; what is open is money returned outside."""
    world = business(tmp_path, woocommerce={"orders_from": date(2020, 1, 1)}, **sections)
    world.shop.load_recorded()
    world.settle(at_most=12)
    proof = prove(world, Period(date(2026, 9, 1), date(2026, 12, 31)))
    missing = [pair for pair in proof.differences if pair.code == "reconcile_missing"]
    assert {proof.reasons[pair.order_id].code for pair in missing} == (
        {"foreign_vat", "two_rates_at_once"} | lines_above
    )
    assert {pair.number for pair in missing} == set(world.held())
    assert {code for code, _ in found(proof)} == {"missing", "returned_outside"}
    assert off(proof) == -sum(pair.shop.amount for pair in missing if pair.shop)


def test_money_judged_by_balances_where_the_ledger_may_not_be_read(world: World) -> None:
    """Without the right the proof goes on, and says what it could not see."""
    world.faults.privileges.discard("AccountTransaction_Full")
    proof = prove(world)
    assert (proof.agrees, off(proof)) == (True, 0)
    assert [code for code, _ in proof.limits] == ["may_not_read_transactions"]
    assert [vat.books for _, vat in proof.rates.values()] == [51960, 2317]


def test_money_judged_by_balances_where_no_posting_names_its_order(world: World) -> None:
    """The text of a voucher's line may not be what PowerOffice lists."""
    for place, one in enumerate(world.company.postings):
        world.company.postings[place] = replace(one, description="Bank")
    proof = prove(world)
    assert (proof.agrees, [code for code, _ in proof.limits]) == (True, ["reconcile_unnamed"])
    assert proof.other == {1903: 277560}


def test_every_line_is_read_when_asked(world: World) -> None:
    """`--lines` takes the VAT from each invoice's own lines."""
    world.faults.privileges.discard("AccountTransaction_Full")
    world.go.requests.clear()
    assert prove(world, every_line=True).agrees
    assert len([one for one in world.asked() if "/Lines" in one]) == 2


# -- what differs, one by one ----------------------------------------------------------------------


def twice(world: World) -> None:
    one = invoice(world, "shop_102")
    again = replace(one, id="00000000-0000-0000-0000-000000000001", invoice_no=19999)
    world.company.outgoing_invoices[again.id] = again


def paid(world: World) -> int:
    """Return the place of the posting of order 102's money."""
    return next(
        place
        for place, one in enumerate(world.company.postings)
        if one.account_no == 1903 and one.description == "shop_102"
    )


def money_without_order(world: World) -> None:
    posted = world.company.postings
    posted.append(replace(posted[paid(world)], description="shop_102-r77", amount=Decimal("-5.00")))


def other_payment(world: World) -> None:
    posted = world.company.postings
    posted[paid(world)] = replace(posted[paid(world)], amount=Decimal("1290.00"))


ELSEWHERE = {"accounts": {"vipps": 1904, "klarna": 1903}}
# What is planted, the codes that are found, and by how much the days differ, in øre.
# fmt: off
PLANTED: dict[str, tuple[Callable[[World], object], set[str], int | None]] = {
    "missing": (lambda w: w.sells(103), {"missing"}, -129900),
    "changed total": (lambda w: w.sells(102, Goods("GEN-001", "1000.00")),
                      {"amount", "payment_amount"}, 29900),
    "other VAT": (lambda w: w.sells(102, Goods("GEN-001", "1299.00", 15)), {"vat"}, 0),
    "twice": (twice, {"twice"}, 129900),
    "trashed": (lambda w: w.shop.trash(102), {"trashed_invoice"}, 129900),
    "off": (lambda w: w.shop.set_status(102, "failed"), {"off_invoice"}, 129900),
    "deleted": (lambda w: w.shop.delete(102), {"deleted_invoice"}, 129900),
    "stranger": (lambda w: vars(invoice(w, "shop_102").order).update(
        custom_matching_reference="woo-0123456789-102"),
        {"stranger", "missing", "payment_odd"}, None),
    "credited by hand": (lambda w: w.company.credit_invoice(
        invoice(w, "shop_102").invoice_no, date(2026, 10, 20)), {"hand_credit"}, -129900),
    "unreadable": (lambda w: w.shop.orders[102].update(total="much"),
                   {"unreadable", "deleted_invoice"}, None),
    "posted elsewhere": (lambda w: w.configure(payments=ELSEWHERE), {"account"}, 0),
    "payment gone": (lambda w: w.company.postings.pop(paid(w)), {"payment_missing"}, 0),
    "other payment": (other_payment, {"payment_amount"}, 0),
    "money without an order": (money_without_order, {"payment_odd"}, 0),
}
# fmt: on


@pytest.mark.parametrize("what", PLANTED)
def test_each_difference_is_found(world: World, what: str) -> None:
    """Planted alone it is named, with its sum on its day, and nothing else is."""
    plant, codes, difference = PLANTED[what]
    plant(world)
    proof = prove(world)
    assert {code for code, _ in found(proof)} == codes
    assert not proof.agrees
    if difference is not None:
        assert off(proof) == difference


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (lambda _: None, "draft"),
        (lambda world: world.shop.trash(101), "trashed_draft"),
        (lambda world: world.shop.set_status(101, "failed"), "off_draft"),
        (lambda world: world.shop.delete(101), "deleted_draft"),
    ],
    ids=["open", "trashed", "failed", "deleted"],
)
def test_a_draft_that_stands_is_found(tmp_path: Path, act: Any, code: str) -> None:
    """A sale that nobody invoiced; and the draft of an order that is off, whenever it was."""
    world = business(tmp_path, invoices={"create": False, "when": "processing"})
    world.sells(101)
    world.settle()
    act(world)
    assert code in {name for name, _ in found(prove(world))}


def test_a_refund_without_credit_note_is_found(world: World) -> None:
    """Its amount is missing on the day of the refund."""
    gives_back(world, 101, 1, 0, **BY_METHOD)
    proof = prove(world, NOVEMBER)
    assert found(proof)[0] == ("not_credited", "101")
    assert off(proof) == 129900


def test_a_credit_note_by_hand_of_an_older_invoice_is_found(world: World) -> None:
    """It names the invoice by its number alone; once the shop has the refund it is explained."""
    world.company.credit_invoice(invoice(world, "shop_102").invoice_no, date(2026, 11, 20))
    assert found(prove(world, NOVEMBER)) == [("hand_credit", "102")]
    gives_back(world, 102, 1, **BY_METHOD)
    assert ("hand_credited", "102") in told(prove(world, NOVEMBER))


def test_a_refund_that_was_taken_back_is_found(world: World) -> None:
    """Its credit note stands, and its money too."""
    refund = gives_back(world, 101, 1, 0, **BY_METHOD)
    world.settle()
    world.shop.delete_refund(101, refund)
    assert {code for code, _ in found(prove(world, NOVEMBER))} == {"taken_back", "payment_odd"}


def test_money_returned_outside_the_payment_method_is_found_while_it_is_open(world: World) -> None:
    """Somebody has to find it; once it is booked, all agrees."""
    gives_back(world, 101, 1, 0)
    world.settle()
    assert found(prove(world, NOVEMBER)) == [("returned_outside", "101")]
    note = next(n for n in world.company.outgoing_invoices.values() if n.total_amount < 0)
    note.entry.balance = Decimal(0)
    assert prove(world, NOVEMBER).agrees


def test_paid_and_called_off_without_a_refund_is_found(tmp_path: Path) -> None:
    """The customer's money is still there."""
    world = business(tmp_path)
    world.sells(101, status="cancelled")
    assert found(prove(world)) == [("paid_but_off", "101")]


def test_a_held_order_has_its_reason(tmp_path: Path) -> None:
    """Beside the missing document stands why, and what to do."""
    world = business(tmp_path, products={"unknown": "hold"})
    world.sells(101, Goods("NO-SUCH-SKU", "100.00"))
    world.run()
    proof = prove(world)
    assert found(proof) == [("missing", "101")]
    assert proof.reasons[101].code in world.held().values()


# -- the period ------------------------------------------------------------------------------------


def test_the_period_is_last_month_unless_it_is_given(world: World) -> None:
    """One day alone means the month around it."""
    now = world.now()
    moment = now.replace(tzinfo=None)
    for given, first, last in (
        ((None, None), "2026-10-01", "2026-10-31"),
        ((moment.replace(month=2, day=3), None), "2026-02-03", "2026-02-28"),
        ((None, moment.replace(month=3, day=7)), "2026-03-01", "2026-03-07"),
    ):
        period = Period(date.fromisoformat(first), date.fromisoformat(last))
        assert period_of(*given, now, world.settings) == period
