"""Money that is reserved, captured, in parts, and cancelled: what of it is booked, once."""

import sqlite3
from datetime import date
from decimal import Decimal

import pytest
from proving import prove
from stories import *
from world import World

from woo2po.proof import Period
from woo2po.sandbox.shop_orders import GATEWAYS, amounts

PART, REST = Decimal("500.00"), Decimal("799.00")
DAY = 86400
EVERY = {"accounts": dict.fromkeys([*GATEWAYS, "nets_easy_vipps"], 1903), "register": True}


@step
def reserved(world: World, method: str = "vipps", order_id: int = 101) -> None:
    world.shop.reserve(order_id, method)


@step
def captures(world: World, amount: Decimal | None = None, order_id: int = 101) -> None:
    world.wait(300)
    world.shop.capture(order_id, amount)


@step
def voided(world: World) -> None:
    world.wait(300)
    world.shop.void(101)
    world.settle()


@step
def vipps_says(world: World, key: str, value: str) -> None:
    metas = [meta for meta in world.shop.orders[101]["meta_data"] if meta["key"] != key]
    world.shop.edit(101, meta_data=[*metas, {"id": 0, "key": key, "value": value}])


@step
def provider_cancels(world: World, *, rest: bool = False) -> None:
    """The reservation, or the rest of it, runs out; the shop knows nothing of it."""
    world.wait(300)
    new = {"_vipps_cancelled": "129900", "_vipps_captured": "0"}
    new = {"_vipps_capture_remaining": "0"} if rest else new
    metas = [one for one in world.shop.orders[101]["meta_data"] if one["key"] not in new]
    metas += [{"id": 0, "key": key, "value": value} for key, value in new.items()]
    world.shop.edit(101, meta_data=metas)


def booked(*amounts: Decimal) -> Step:
    """Compare what was posted on 1903 of order 101, voucher by voucher."""
    return that(lambda world: [x.pairs[0][2] for x in vouchers(world)], [*amounts])


def reserves(method: str = "vipps") -> Story:
    return (sells(payment_method=method, payment_method_title=method, **UNPAID), reserved(method))


def unpaid_at_the_door() -> Story:
    always = {"register_payment": "always"}
    return (configure(payments={"register": True, "accounts": {"cod": 1903}}, refunds=always),
            sells(payment_method="cod", **UNPAID), settle())  # fmt: skip


CHARGED = [
    {"id": n, "key": key, "value": value}
    for n, (key, value) in enumerate(
        {"_dibs_payment_id": "ab", "_dibs_charge_id": "cd", "dibs_payment_type": "CARD"}.items()
    )
]


def completed_anew(world: World) -> None:
    """WooCommerce tells the moment of the last change to completed."""
    world.shop.set_status(101, "completed")
    told, utc = world.shop._now()
    world.shop.edit(101, date_completed=told, date_completed_gmt=utc)


def unproven(world: World) -> list[object]:
    """Return what the proof of the order's two months says differs."""
    period = Period(date(2026, 10, 1), date(2026, 11, 30))
    return [one.code for one in prove(world, period).differences]


def noted(world: World) -> list[tuple[str, object]]:
    return [(note.code, note.facts) for note in world.record(101).notes]


def texts(world: World) -> list[str]:
    return [x.description or "" for x in invoice(world, "shop_101").order.lines if not x.quantity]


# fmt: off
STORIES: dict[str, Story] = {
    "what is captured in parts is booked on the day of each": (
        *reserves(), settle(), captures(PART), settle(), booked(PART),
        then(balances={"shop_101": REST}), wait(DAY), captures(), settle(), booked(PART, REST),
        then(open={}),
        that(lambda world: [one.day for one in vouchers(world)],
             [date(2026, 11, 23), date(2026, 11, 24)])),
    "what was seen reserved after the order was completed was captured later": (
        *reserves("klarna_payments"), settle(), turns("completed"), wait(2 * DAY),
        edited(customer_note="Ring"), then(paid=0), captures(), settle(), an_hour_later,
        that(lambda world: [one.day for one in vouchers(world)], [date(2026, 11, 25)])),
    **{f"what a person wrote in the draft stays, and the money comes after its invoice ({what})": (
        configure(invoices={"create": False}), *reserves(), settle(), theirs, captures(), settle(),
        then(), INVOICED_BY_HAND, an_hour_later, booked(PRICE), then(open={}))
       for what, theirs in (
           ("a word", person("edit_line", "shop_101", "1", description="Etter avtale")),
           ("its OK", draft_has("shop_101", sales_order_status="Confirmed")))},
    "an order that is edited before its invoice keeps the day on which its capture was seen": (
        configure(payments=EVERY, invoices={"create": False}), *reserves("dibs_easy"), settle(),
        wait(2 * DAY), edited(meta_data=CHARGED), wait(2 * DAY), edited(customer_note="Ring"),
        lambda world: world.company.invoice_by_hand("shop_101"), an_hour_later, booked(PRICE),
        that(lambda world: [one.day for one in vouchers(world)], [date(2026, 11, 25)])),
    "what is booked hangs on no day that the shop loses later": (
        configure(payments=EVERY), *reserves("stripe"), captures(), settle(), booked(PRICE),
        in_the_shop("edit", 101, date_paid=None, date_paid_gmt=None), settle(), then(open={}),
        refunded("299.00", refunded_payment=True), then(accounts={1903: 1000}, open={})),
    "what a gateway has captured is no invoice to be paid": (
        configure(payments=EVERY | {"unpaid_methods": ["bacs"]}), *reserves("stripe"), captures(),
        in_the_shop("edit", 101, payment_method="bacs"), settle(),
        then("captured_by_another", invoiced={}, paid=0)),
    "nor is it a sale of the till": (
        configure(payments=EVERY | {"in_the_till": ["cod"]}), *reserves("stripe"), captures(),
        in_the_shop("edit", 101, payment_method="cod"), settle(),
        then("captured_by_another", invoiced={}, paid=0)),
    "so is what is captured in parts before there is an invoice": (
        ON_COMPLETION, *reserves(), settle(), captures(PART), settle(), wait(DAY), captures(),
        turns("completed"), an_hour_later, booked(PART, REST), then(open={}),
        that(lambda world: [one.day for one in vouchers(world)],
             [date(2026, 11, 23), date(2026, 11, 24)])),
    "where the books are closed by then, or the account was put right, that holds for a part": (
        ON_COMPLETION, configure(payments=EVERY | {"accounts": {"vipps": 1904}}), *reserves(),
        settle(), captures(PART), settle(), company(lock_date=date(2026, 11, 23)),
        configure(payments=EVERY), wait(DAY), captures(), turns("completed"), an_hour_later,
        booked(PART, REST), then(open={}, accounts={1903: PRICE}),
        that(lambda world: [one.day for one in vouchers(world)], [date(2026, 11, 24)] * 2)),
    "what is added to an order after its capture, and before its invoice, is not paid": (
        ON_COMPLETION, configure(payments=EVERY), *reserves("stripe"), captures(), settle(),
        in_the_shop("edit", 101, **amounts((Goods(price="1599.00"),))), turns("completed"),
        an_hour_later, booked(PRICE), then(open={"shop_101": Decimal(300)}), that(texts, [])),
    "where no gateway tells, an edit that is put right before the invoice takes nothing away": (
        ON_COMPLETION, configure(payments=EVERY | {"accounts": {"bambora": 1903}}),
        sells(payment_method="bambora"), settle(),
        edited(**amounts((Goods(price="999.00"),))), edited(**amounts((Goods(),))),
        turns("completed"), an_hour_later, booked(PRICE), then(open={})),
    "of an order that was lowered then it is said that more was captured": (
        ON_COMPLETION, configure(payments=EVERY), *reserves("stripe"), captures(), settle(),
        in_the_shop("edit", 101, **amounts((Goods(price="999.00"),))), turns("completed"),
        then("capture_exceeds_order", invoiced={}, paid=0),
        in_the_shop("edit", 101, **amounts((Goods(price="1299.00"),))), settle(),
        refunded("300.00", **BACK), an_hour_later, then(accounts={1903: 999}, open={})),
    "what is captured of an order that was lowered after its invoice is booked": (
        *reserves(), settle(), in_the_shop("edit", 101, **amounts((Goods(price="999.00"),))),
        captures(), settle(), booked(Decimal("999.00")), an_hour_later,
        then("changed_after_invoice", open={"shop_101": Decimal("300.00")}),
        booked(Decimal("999.00"))),
    "what a change adds to what is booked is nobody's payment": (
        *reserves("klarna_payments"), settle(), captures(), settle(),
        in_the_shop("edit", 101, **amounts((Goods(price="1599.00"),))), settle(), an_hour_later,
        that(lambda world: [x.pairs[0][2] for x in vouchers(world)], [PRICE]),
        then("changed_after_invoice")),
    "the rest that is captured while the first part's voucher is in doubt is booked too": (
        *reserves(), settle(), captures(PART), fails("POST", "/Vouchers/BankJournals", 1,
                                                     "lost_after"),
        run(), captures(), run(), settle(), booked(PART, REST), then(open={})),
    **{f"parts are booked {where}": (
        switched, *reserves(), settle(), captures(PART), settle(), captures(), settle(),
        booked(PART, REST))
       for where, switched in (
           ("where PowerOffice does not match them", faults(matching="none")),
           ("where the ledger may not be read", without("CustomerLedger_Full")))},
    "what was invoiced before payments were registered is booked when they are": (
        configure(payments=EVERY | {"register": False}), *reserves(), captures(), settle(),
        refunded("299.00", **BACK), booked(), configure(payments=EVERY), settle(), an_hour_later,
        that(on_accounts, {1903: Decimal(1000)}), then(open={})),
    "but of what was called off before that a person has seen to the money": (
        configure(payments=EVERY | {"register": False}), *reserves(), captures(), settle(),
        turns("cancelled"), configure(payments=EVERY), settle(), an_hour_later, then(paid=0)),
    "what a person registered beside a part is not guessed at": (
        *reserves(), settle(), captures(PART), settle(),
        lambda world: world.company.register_payment(10001, Decimal(100)), captures(), settle(),
        booked(PART, Decimal(100)), then("paid_in_part")),
    "a part that a person posts between two tries is not posted once more": (
        *reserves(), settle(), captures(PART),
        fails("POST", "/Vouchers/BankJournals", 1, "lost_before"), run(),
        person("register_payment", 10001, PART), an_hour_later, captures(), an_hour_later,
        then(accounts={1920: PART, 1903: REST}, open={})),
    "nor does one without an answer keep back the rest, or the buyer's next order": (
        without("CustomerLedger_Full"), *reserves(), settle(), captures(PART),
        fails("POST", "/Vouchers/BankJournals", 1, "lost_before"), runs(3, 61),
        then("payment_unanswered"), captures(), sells(102, payment_method="cod", **UNPAID), run(),
        then("payment_unanswered", exit_code=1), person("register_payment", 10001, PART),
        an_hour_later, settle(), then(accounts={1920: PART, 1903: REST},
                                      balances={"shop_101": 0, "shop_102": PRICE})),
    "a lost database knows from the ledger how much is booked": (
        *reserves(), settle(), captures(PART), settle(), state_lost(), captures(), runs(6, 61),
        an_hour_later, settle(), booked(PART, REST), then(open={})),
    "a refund before the capture moves no money": (
        *reserves("klarna_payments"), settle(), refunded("299.00", **BACK),
        captures(), settle(), booked(Decimal(1000)),
        that(on_accounts, {1904: Decimal(1000)})),
    "a refund of what was charged at once is money, though the order is completed later": (
        configure(payments=EVERY), sells(payment_method="dibs_easy", meta_data=CHARGED), settle(),
        wait(DAY), in_the_shop("add_refund", 101, {"amount": "299.00", **BACK}),
        turns("completed"), booked(PRICE, Decimal(-299)), then(open={}), that(unproven, [])),
    "so it is where it is invoiced then, on the day of the charge": (
        configure(payments=EVERY), ON_COMPLETION,
        sells(payment_method="dibs_easy", meta_data=CHARGED), settle(), wait(DAY),
        refunded("299.00", **BACK), wait(3 * DAY), turns("completed"), booked(PRICE, Decimal(-299)),
        then(open={}), that(unproven, []),
        that(lambda world: [one.day.day for one in vouchers(world)], [5, 24])),
    **{f"so it is of what was captured before an order is completed anew ({name})": (
        *reserves("klarna_payments"), captures(), settle(), wait(DAY), *meanwhile,
        in_the_shop("set_status", 101, "processing"), wait(60),
        in_the_shop("add_refund", 101, {"amount": "299.00", **BACK}), wait(60),
        completed_anew, settle(), an_hour_later, booked(PRICE, Decimal(-299)), then(open={}),
        that(unproven, []))
       for name, meanwhile in (("as ever", ()), ("the database is lost", (state_lost(),)))},
    "what was given back by hand is not what Vipps did not capture": (
        *reserves(), settle(), wait(60), refunds("500.00"), wait(60),
        refunds("200.00", **BACK), vipps_says("_vipps_noncapturable", "20000"),
        captures(Decimal("1099.00")), settle(), booked(Decimal("1099.00")),
        that(on_accounts, {1903: Decimal("1099.00")}),
        that(lambda world: sorted(note.code for one in (102, 103)
                                  for note in world.record(one).notes),
             ["part_credit_of_unpaid", "refund_spread", "refund_spread", "returned_outside"])),
    **{f"a refund by hand of what was never captured moves no money ({rule})": (
        configure(refunds={"credit_notes": True, "register_payment": rule}), *reserves(), settle(),
        captures(PART), settle(), refunded(str(REST)), booked(PART),
        that(on_accounts, {1903: PART}),
        that(lambda world: [note.code for note in world.record(102).notes],
             ["refund_spread", "part_credit_of_unpaid"]))
       for rule in ("gateway", "always")},
    "what was given back in Vipps' portal and noted by hand is booked as gone back by Vipps": (
        *reserves(), captures(), settle(), refunds("299.00"),
        vipps_says("_vipps_refunded", "29900"), settle(), booked(PRICE, Decimal(-299)),
        then(open={})),
    "what was given back there and is no refund of the shop's is told until it is": (
        *reserves(), captures(), settle(), vipps_says("_vipps_refunded", "29900"), settle(),
        that(noted, [("returned_by_provider", {"gateway": "Vipps", "amount": Decimal(299)})]),
        edited(customer_note="Ring"), refunds("299.00"), settle(), that(noted, []),
        booked(PRICE, Decimal(-299)), then(open={})),
    "so it is of an order that is called off, of which the shop has no refund": (
        *reserves(), captures(), settle(), vipps_says("_vipps_refunded", "129900"),
        turns("cancelled"), an_hour_later, booked(PRICE, -PRICE), then(open={}),
        that(unproven, [])),
    "and of one of which the shop refunds the rest": (
        *reserves(), captures(), settle(), turns("cancelled"),
        vipps_says("_vipps_refunded", "29900"), settle(),
        then("refunded_in_part_after_cancellation"), wait(DAY), refunds("1000.00", **BACK),
        vipps_says("_vipps_refunded", "129900"), turns("cancelled"), an_hour_later,
        booked(PRICE, -PRICE), then(open={}), that(on_accounts, {})),
    "a captured part goes back whole after the sale was called off": (
        *reserves(), settle(), captures(PART), settle(), turns("cancelled"), an_hour_later,
        booked(PART), refunds(str(PART), **BACK), turns("cancelled"), an_hour_later,
        booked(PART, -PART), then(), that(on_accounts, {})),
    "and so it does in parts, each on its own day, once they are all of it": (
        *reserves(), captures(), settle(), turns("cancelled"), wait(DAY),
        refunded("500.00", **BACK), then("refunded_in_part_after_cancellation"), booked(PRICE),
        wait(6 * DAY), refunded("799.00", **BACK), an_hour_later, settle(),
        booked(PRICE, Decimal(-500), Decimal(-799)), then(open={}), that(on_accounts, {}),
        that(lambda world: [one.day.isoformat()[5:] for one in vouchers(world)],
             ["11-23", "11-24", "11-30"])),
    **{f"what is paid at the door is what was not refunded by then ({seen})": (
        *unpaid_at_the_door(), refund("299.00"), wait(DAY), turns("completed"), an_hour_later,
        booked(Decimal(1000)), that(on_accounts, {1903: Decimal(1000)}))
       for seen, refund in (("seen at once", refunds), ("seen by a run before", refunded))},
    "what a gateway gave back had come, though the order is paid on a later day": (
        *unpaid_at_the_door(), refunds("299.00", **BACK), wait(DAY),
        turns("completed"), an_hour_later, booked(Decimal(-299), Decimal(1299))),
    "a reservation that its provider cancels is told as long as the sale is on": (
        *reserves(), settle(), provider_cancels(), turns("completed"), then("reservation_gone"),
        run(), then("reservation_gone"), captures(), settle(), booked(PRICE), then(open={})),
    "so is the rest of one that was captured in part": (
        *reserves(), captures(PART), settle(), booked(PART), provider_cancels(rest=True), run(),
        then("reservation_gone"), that(lambda world: world.record(101).hold.facts["total"], REST),
        captures(), settle(), booked(PART, REST), then(open={})),
    "so is another payment method, until the sale is off": (
        *reserves(), settle(), edited(payment_method="bacs", **UNPAID), then("reservation_gone"),
        turns("cancelled"), an_hour_later, then(open={}, paid=0)),
    **{f"and booked is what was captured just before it was cancelled: {amount}, {trouble}": (
        *reserves(), settle(), fails("POST", "/Vouchers/BankJournals", 1, trouble),
        captures(amount), status_is("cancelled"), settle(), an_hour_later, booked(amount),
        that(unproven, []), then(balances={"shop_101": PRICE - amount, "shop_101-c": -PRICE},
             state="cancelled"))
       for amount in (PART, PRICE) for trouble in ("500", "lost_after")},
    **{f"so it is where its invoice is left to a person: {code}": (
        configure(refunds={"credit_notes": made}), *reserves(), settle(), captures(), *ends,
        settle(), an_hour_later, booked(PRICE), then(code, accounts={1903: PRICE}, open={}))
       for code, made, ends in (
           ("off_after_invoice", False, (status_is("cancelled"),)),
           ("failed_after_payment", True, (status_is("failed"),)),
           ("off_and_changed", True, (
               in_the_shop("edit", 101, **amounts((Goods(price="1599.00"),))),
               status_is("cancelled"))))},
    "what is captured after an order was credited whole is told": (
        *reserves(), settle(), status_is("cancelled"), settle(), captures(), settle(),
        then("credited_before_paid", ("10002",), paid=0), run(), then("credited_before_paid")),
    "nor is it credited twice where it is paid back before it is booked": (
        *reserves(), settle(), captures(), status_is("cancelled"), without("BankVoucher_Full"),
        run(), wait(300), refunds("1299.00", **BACK), status_is("refunded"), run(),
        given("BankVoucher_Full"), an_hour_later, settle(),
        then(names={"shop_101", "shop_101-c"}, open={}, accounts={}), that(unproven, [])),
}
# fmt: on


@pytest.mark.parametrize("what", STORIES)
def test_money(what, tmp_path):
    told(STORIES[what], business(tmp_path))


def test_a_part_is_booked_once_wherever_the_job_is_killed(folders):
    """At each kind of commit of the run that books the second of two equal parts."""
    half = Decimal("649.50")
    world = business(next(folders))
    told((*reserves(), settle(), captures(half), settle(), captures()), world)
    for other in deaths(world, folders):
        told((*(run(), wait(61)) * 5, an_hour_later, booked(half, half)), other)
        assert not any(balances(other).values())


@pytest.mark.parametrize("credited", [False, True])
def test_what_an_earlier_version_booked_of_a_reservation_is_taken_back_once(credited, tmp_path):
    """Cancelled before the upgrade or after it: the way out goes with the credit note."""
    world = business(tmp_path)
    told((sells(payment_method_title="Vipps"), settle(), booked(PRICE)), world)
    world.shop.reserve(101, "vipps")
    if credited:
        with_keys = world.shop.orders[101]["meta_data"]
        world.shop.edit(101, meta_data=[])  # so that this version credits it as the earlier one
        told((turns("cancelled"), an_hour_later), world)
        world.shop.edit(101, meta_data=with_keys)
        as_earlier(world)
    else:
        as_earlier(world)
        told((voided(), settle(), an_hour_later), world)
    told((*(run(), wait(61)) * 4, an_hour_later), world)
    told((booked(PRICE, -PRICE), then(open={}), *[an_hour_later] * 2, booked(PRICE, -PRICE)), world)
    assert on_accounts(world) == {}


def as_earlier(world: World) -> None:
    with sqlite3.connect(world.state) as connection:
        for table in ("orders", "credit_notes"):
            connection.execute(f"ALTER TABLE {table} DROP COLUMN booked_ore")
        connection.execute("DELETE FROM _sqlite_migrations")
        connection.execute("PRAGMA user_version = 3")
    connection.close()


def test_whoever_upgrades_is_told_once(tmp_path):
    """In the first run that goes its way, and no more."""
    world = business(tmp_path)
    told((sells(), settle()), world)
    as_earlier(world)
    told((run(), then(warnings=["payments_follow_captures"]), run(), then(warnings=[])), world)
