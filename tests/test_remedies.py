"""Remedies are walked: whatever a held order tells to type is typed, as a person types it.

At once, twice, while PowerOffice's reads are up to ten seconds behind, with and without the cause
mended. Nothing comes twice, nothing is lost, and what was taken out comes back with `--undo`.
"""

import re
import shlex
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from stories import *
from summary import sums_by_order
from test_captures import captures, provider_cancels, reserves
from test_field_orders import MONEY, NOW, steps
from test_transfer_payments import closes_before_it_is_posted_on
from test_transfer_recovery import prefix
from test_transfer_refunds import CARD, off
from world import World

from woo2po import status
from woo2po.messages import load
from woo2po.sandbox.shop_orders import amounts
from woo2po.transfer.wanted import OFF

ORDER = 1  # the second write for an order of a new customer
EDIT = partial(person, "edit_line", "shop_101", "1")
EDITED = EDIT(product_unit_price=Decimal(800))
TEST_MODE = {"meta_data": [{"id": 1, "key": "_wcpay_mode", "value": "test"}]}
FEE = {"fee_lines": [{"id": 77, "name": "Pant", "total": "20.00", "total_tax": "0", "taxes": []}],
       "total": "1319.00"}  # fmt: skip
DELETED = person("delete_draft", "shop_101")


@dataclass(frozen=True)
class Scene:
    """How an order comes to be held, and how a person mends the cause (nothing: cannot be)."""

    story: Story
    mended: Story = ()
    drafts: bool = False


def drafts(*story: Step, mended: Story = ()) -> Scene:
    """Return a scene in a business that leaves invoices to a person."""
    return Scene(story, mended, drafts=True)


@step
def of_the_field(world: World, name: str) -> None:
    """An order as the field sent it, and what happened to it."""
    world.configure(woocommerce={"orders_from": "2026-01-01"}, payments=MONEY)
    world.arrive_at(NOW)
    for order, refunds in steps(name):
        world.shop.put(order, refunds)
        world.settle()
        world.wait(600)


@step
def sold_with(world: World, *goods: Goods, **changes: Any) -> None:
    """An order whose lines were changed by a plugin."""
    world.sells(101, *goods)
    for line in world.shop.orders[101]["line_items"]:
        line.update(changes)
    world.settle()


product_of_the_line = step(lambda w, code: EDIT(product_id=w.company.product(code).id)(w))
account_of_the_product = step(lambda w, number: vars(w.company.product("GEN-001")).update(
    standard_sales_account_id=w.company.account(number).id))  # fmt: skip

invoices_are = partial(answers, "poweroffice", "/OutgoingInvoices")


def rows_without(name: str) -> Any:
    """Return answers whose rows lack a field; what is no list stays as it is."""

    def answer(_: Any, response: Any, said: Any) -> Any:
        return [{**row, name: None} for row in said] if isinstance(said, list) else response

    return answer


# fmt: off
SCENES: dict[str, Scene] = {
    # the draft
    "draft_gone": drafts(sold(101, DEAR), DELETED, becomes(101, CHEAP)),
    "draft_edited": drafts(sold(101, DEAR), EDITED, becomes(101, CHEAP),
                           mended=(DELETED, an_hour_later)),
    "draft_total_differs": drafts(sold(), EDITED, state_lost(), settle(),
                                  mended=(DELETED, an_hour_later)),
    "draft_lines_differ": drafts(
        sold(), lambda w: w.company.order("shop_101").lines.clear(), state_lost(), settle(),
        mended=(DELETED, an_hour_later)),
    "draft_product_differs": drafts(sold(), product_of_the_line("VARE25"), state_lost(), settle(),
                                    mended=(DELETED, an_hour_later)),
    "draft_rate_differs": drafts(
        sells(100, Goods("LUE-7", "0.00")), settle(), account_of_the_product(3030),
        sold(101, Goods("GEN-001", "0.00")), mended=(account_of_the_product(3000),)),
    "draft_edited_and_off": drafts(sold(), EDITED, turns("cancelled"),
                                   mended=(DELETED, an_hour_later)),
    "sent_but_unwanted": drafts(sold(), becomes(101, **TEST_MODE)),
    "under_another_prefix": drafts(sold(), state_lost(), prefix("ny_"), settle(),
                                   mended=(prefix("shop_"),)),
    "id_used_again": drafts(sold(), becomes(101, CHEAP, date_created_gmt="2026-11-20T08:00:00")),
    "refused": drafts(fails("POST", "/SalesOrders/Complete", 1, "refuse"), sells(), run(),
                      mended=(wait(1),)),
    "never_arrives": drafts(sells(), loses({ORDER: ["lost_before"] * 5}), settle(at_most=12),
                            mended=(wait(1),)),
    # the invoice and its money
    "reservation_gone": Scene((*reserves(), settle(), provider_cancels(), settle()),
                              (captures(),)),
    "sending_failed": Scene((faults(send_result="fails"), sells(), runs(1, 61), run()),
                            (faults(send_result="ok"),)),
    "sent_and_nowhere": Scene((sells(), loses({2: ["lost_before"]}), run(), DELETED, wait(1000),
                               run())),
    "voucher_refused": Scene(
        (sells(), closes_before_it_is_posted_on(), run()),
        (lambda w: w.faults.before_hooks.clear(), account(1903, is_active=True))),
    "sent_and_not_shown": Scene((sells(), invoices_are(lambda *_: []), run(),
                                 wait(960), run()), (honest,)),
    "balance_unknown": Scene((sells(), invoices_are(rows_without("Balance")),
                              run(), wait(61), run()), (honest,)),
    "rate_of_invoice_unknown": Scene((
        sold(**COD, currency="EUR"),
        lambda w: vars(invoice(w, "shop_101").order).update(currency_exchange_rate=None),
        turns("completed"))),
    "paid_in_part": Scene((sold(**COD), person("register_payment", 10001, Decimal(500)),
                           turns("completed")), (person("register_payment", 10001, Decimal(799)),)),
    "payment_unanswered": Scene((
        faults(matching="none"), without("CustomerLedger_Full"), sells(),
        fails("POST", "/Vouchers/BankJournals", 1, "lost_after"), runs(3, 61))),
    "credited_before_paid": Scene((sold(**COD), person("credit_invoice", 10001),
                                   turns("completed"))),
    "invoice_gone": Scene((sold(), lambda w: w.company.outgoing_invoices.clear(),
                           refunded("100.00", **BACK))),
    "off_and_changed": Scene((BY_HAND, sold(101, DEAR), INVOICED_BY_HAND, wait(300),
                              in_the_shop("edit", 101, **amounts((CHEAP,))), turns("cancelled"))),
    "cancelled_after_refunds": Scene((sold(), refunded("100.00", **BACK), turns("cancelled"))),
    "cancelled_at_zero": Scene((sold(**CARD), turns("cancelled"))),
    "refunded_in_part_after_cancellation": Scene((sold(), turns("cancelled"),
                                                  refunded("500.00", **BACK))),
    "refund_of_deleted_order": Scene((sold(), off("deleted"))),
    "refund_taken_back": Scene((sold(), refunded("300.00"), in_the_shop("delete_refund", 101, 102),
                                an_hour_later, settle())),
    "changed_after_invoice": Scene((sold(101, DEAR), becomes(101, CHEAP)), (becomes(101, DEAR),)),
    "unclear_after_invoice": Scene((sold(), becomes(101, parent_id=99)), (becomes(101),)),
    "invoice_differs": Scene((BY_HAND, sold(), EDITED, INVOICED_BY_HAND, an_hour_later)),
    "off_after_invoice": Scene((configure(refunds={"credit_notes": False}), sold(),
                                turns("cancelled"))),
    "failed_after_payment": Scene((sold(), turns("failed")), (turns("completed"),)),
    "credited_by_hand": Scene((sold(), person("credit_invoice", 10001),
                               refunded("100.00", **BACK))),
    "invoiced_otherwise": Scene((sold(**FEE), configure(fees={"by_name": {"pant": "AVRUND"}}),
                                 turns("cancelled")), (configure(fees={"by_name": {}}),)),
    "refund_without_lines": Scene((configure(refunds={"amount_only": "hold"}), sold(),
                                   refunded("100.00", **BACK))),
    # what the shop says
    "child_order": drafts(sells(parent_id=99), settle()),
    "no_lines": drafts(sells(line_items=[]), settle()),
    "deposit": drafts(of_the_field("37-official-deposits-line-meta")),
    "lines_do_not_sum": drafts(of_the_field("08-fee-vat-not-imported")),
    "total_below_lines": drafts(of_the_field("23-till-part-payments-lower-total")),
    "vat_does_not_fit": drafts(of_the_field("82-line-raised-vat-left")),
    "vat_detail_missing": drafts(sold_with(taxes=[])),
    "rate_unknown": drafts(sold_with(taxes=[{"id": 9, "total": "259.8", "subtotal": "200"}])),
    "line_stands_twice": drafts(
        sells(), lambda w: w.shop.orders[101].update(
            line_items=w.shop.orders[101]["line_items"] * 2), settle()),
    "foreign_vat": drafts(loads("sweden-oss"), settle()),
    "two_rates_at_once": drafts(loads("two-rates-at-once"), settle()),
    "refund_lines_do_not_sum": Scene((of_the_field("44-refund-amount-above-lines"),)),
    "refund_rate_differs": Scene((of_the_field("43-rest-refund-without-vat"),)),
    "refund_vat_does_not_fit": Scene((of_the_field("45-refund-of-freight-vat-only"),)),
}
# fmt: on


def commands(said: str) -> dict[str, str]:
    """Return what a remedy tells to type that does something, by its verb."""
    typed = re.findall(r"`(woo2po (retry|skip) [^`]*)`", said)
    return {verb: command for command, verb in typed}


def held(world: World, code: str) -> list[status.OrderStatus]:
    return [one for one in world.rows_held() if one.code == code]


def types(world: World, command: str) -> None:
    _, verb, number, *more = shlex.split(command)
    if verb == "retry":
        status.retry(world.settings, [number])
    elif "--undo" in more:
        status.take_back(world.settings, number)
    else:
        status.skip(world.settings, number, more[-1])


def booked(world: World) -> dict[int, Decimal]:
    """Return what the documents of each order come to."""
    invoiced(world)  # fails where a reference stands twice
    return dict.fromkeys(world.shop.orders, Decimal(0)) | sums_by_order(world)


def nothing_twice(world: World) -> None:
    orders = world.shop.orders
    for order_id, there in booked(world).items():
        sold_for = Decimal(orders[order_id]["total"]) if order_id in orders else Decimal(0)
        assert there <= max(sold_for, Decimal(1299))
    for money in on_accounts(world).values():
        assert money <= max(map(Decimal, [1299, *(one["total"] for one in orders.values())]))
    assert world.outcome.exit_code in {0, 1}


def is_complete(world: World) -> bool:
    """Tell whether nothing is held, and every order stands there whole."""
    due = {n: Decimal(0 if order["status"] in OFF else order["total"])
           for n, order in world.shop.orders.items()}  # fmt: skip
    return not world.held() and booked(world) == due


def runs_on(world: World) -> None:
    """At once, when PowerOffice's reads have caught up, and for two hours."""
    for seconds in (0, 12, 3700, 3700):
        world.wait(seconds)
        world.run()
        nothing_twice(world)


WALKS = [
    pytest.param(code, verb, mended, lag, id=f"{code}-{verb}-{mended or 'as it is'}-{lag}",
                 marks=() if lag else pytest.mark.thorough)
    for code, scene in SCENES.items()
    for verb in ("retry", "skip")
    if f"woo2po {verb} " in load("orders")[code]["run"]["en"]
    for mended in ("", "mended")
    if scene.mended or not mended
    for lag in (0, 10)
]  # fmt: skip


@pytest.mark.parametrize(("code", "verb", "mended", "lag"), WALKS)
def test_what_a_remedy_tells_to_type_loses_and_doubles_nothing(code, verb, mended, lag, tmp_path):
    """At once and once more; what is taken out is left alone until it is taken back."""
    scene = SCENES[code]
    world = World(tmp_path) if scene.drafts else business(tmp_path)
    told(scene.story, world)
    (found, *_) = held(world, code)
    world.faults.stale_seconds = lag
    for one in scene.mended if mended else ():
        one(world)
    typed = commands(found.remedy)[verb]
    for _ in range(2):
        types(world, typed)
        writes = len(world.wire.writes)
        world.run()
        nothing_twice(world)
    runs_on(world)
    if verb == "skip":
        assert len(world.wire.writes) == writes
        assert held(world, code) == []
        types(world, f"woo2po skip {found.number} --undo")
        runs_on(world)
    if mended and not (verb == "skip" and DELETED in scene.mended):
        assert is_complete(world), (world.held(), booked(world))


# The same is printed, for the same to be done, as for those that are walked.
AS_OTHERS = {
    "credited_before_paid": {
        "capture_before_order", "capture_below_refunds", "capture_exceeds_order",
        "capture_other_currency", "capture_without_day", "captured_and_cancelled",
        "captured_by_another"},
    "draft_total_differs": {"draft_vat_differs"},
    "lines_do_not_sum": {"card_beside_coupon", "refunds_exceed_total", "rounding_too_large"},
    "paid_in_part": {"no_subledger"},
    "refund_lines_do_not_sum": {"refund_exceeds_rate"},
    "refund_taken_back": {"refund_changed"},
    "refund_without_lines": {"refund_captured_in_part", "refund_not_told"},
    "total_below_lines": {"coupon_below_lines"},
}  # fmt: skip


def test_every_command_that_a_hold_prints_is_walked():
    """By a scene of its own, or by that of another code."""
    typed = {code: commands(said.get("run", {"en": ""})["en"])
             for code, said in load("orders").items()}  # fmt: skip
    acting = {code for code, those in typed.items() if those}
    assert acting - SCENES.keys() == set().union(*AS_OTHERS.values())
    for walked, others in AS_OTHERS.items():
        assert all(typed[code].keys() <= typed[walked].keys() for code in others)
