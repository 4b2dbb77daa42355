"""The parts of the proof on a month with a sale of each kind; every figure added up by hand."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from proving import *
from stories import business
from world import World

from woo2po.payouts import set_aside
from woo2po.proof import Period
from woo2po.proof.matching import Matching, _foreign
from woo2po.proof.reading import _fits
from woo2po.proof.showing import ProofWording
from woo2po.proof.sums import ClearingAccount
from woo2po.proof.values import Case, Document, Movement, Posted
from woo2po.record import PayoutRecord
from woo2po.sandbox.shop_orders import Goods, refund_of

CARD = Goods("GAVE-500", "500.00", 0, name="Gavekort")


@pytest.fixture(scope="module")
def booked_month(tmp_path_factory) -> World:
    """The recorded month with all of its reports dropped in; to look at, or to take a twin of."""
    return month_of_payouts(tmp_path_factory.mktemp("month"))


@pytest.mark.parametrize(("last", "left"), [
    (date(2026, 10, 18), None),  # 2026-1006 is paid out, and not returned yet
    (OCTOBER.last, {1901: 139800, 1903: 89900, 1904: 108060, 1905: 204800}),
    (NOVEMBER.last, {1901: 109900, 1903: 0, 1904: 0, 1905: 0}),
])  # fmt: skip
def test_payouts_leave_what_is_captured_and_not_paid_out(booked_month, last, left):
    proof = prove(booked_month, Period(OCTOBER.first, last))
    closing = {number: one.closing for number, one in proof.clearing.items()}
    assert (found(proof), left or closing) == ([], closing)


def test_without_the_state_database_nothing_is_called_not_paid_out(booked_month, tmp_path):
    """Which vouchers are payouts is not known then, and that is said, with what is wrong."""
    twin = booked_month.twin(tmp_path)
    for damaged in (True, False):
        twin.state.write_bytes(b"no database" * 400) if damaged else twin.state.unlink()
        proof = prove(twin)
        codes = [code for code, _ in proof.limits]
        assert codes == ["reconcile_no_state", *["state_corrupt"] * damaged]
        (left,) = (one for one in ProofWording(proof, "en").parts()["clearing"][1:2])
        assert {row[2] for row in left.rows if row[0]} >= {
            "captured; no known payout tells whether it was paid out"
        }
        assert "not paid out yet" not in str(left.rows)


def moved(day, ore, *, of=0, payout=""):
    return Movement(of, day, ore, account=1903, payout=payout)


def paid(day, *rows, posted=0, currency="NOK", key="1"):
    """Return a payout of these rows, and what is posted of it: as much, unless that is given."""
    net = sum(row[-1] for row in rows)
    payout = PayoutRecord(key, "vipps", key, key, day, currency, net, "", f"Vipps {key}",
                          (("bank", 1920, net), ("clearing", 1903, -net)), rows)  # fmt: skip
    return payout, moved(day, posted or -net, payout=key)


def cleared(payouts, posted):
    """Return the clearing account of payouts, and of what else is posted: the order, and what."""
    account = ClearingAccount(1903)
    for payout, own in payouts:
        account.take_payout(payout, lambda order_id, _: str(order_id))
        account.take(own, "", OCTOBER)
    for number, one in posted:
        account.take(one, number, OCTOBER)
    return account


OCT = partial(date, 2026, 10)
BY_HAND = ("", moved(date(2026, 9, 1), 50000))
ACCOUNTS = {  # payouts, what else is posted, what differs, and what is left of which order
    "what was captured by hand evens out with the payout of it": (
        [paid(OCT(9), ("capture", 7, 50000))], [BY_HAND], [], {}),
    "but once": (
        [paid(OCT(9), ("capture", 7, 50000))], [BY_HAND, BY_HAND], [("rest", "")], {}),
    # 150.00 of two orders, paid out by hand; the refund of one of them is in a known payout.
    "what is of before the first known payout is one sum with payouts by hand": (
        [paid(OCT(29), ("capture", 4, 7000), ("refund", 3, -2000))],
        [("1", moved(OCT(1), 10000)), ("3", moved(OCT(1), 5000)), ("", moved(OCT(2), -15000)),
         ("4", moved(OCT(5), 7000)), ("3", moved(OCT(20), -2000, of=33))], [], {}),
    # 500.00 that were given back in the provider's portal, of an order of the month before.
    "what a later payout takes is told in its month": (
        [paid(date(2026, 9, 25), ("capture", 9, 129900)),
         paid(OCT(19), ("capture", 8, 179900), ("refund", 9, -50000), key="2")],
        [("9", moved(date(2026, 9, 20), 129900)), ("8", moved(OCT(1), 179900))],
        [("payback_unknown", "9")], {"9": (50000, "taken")}),
    # In kroner nobody knows what a payout in euro brought of each order.
    "a payout in another currency stands beside the orders that it brought": (
        [paid(OCT(9), ("capture", 9, 10000), posted=-117200, currency="EUR"),
         paid(OCT(31), ("capture", 0, 10000), posted=-1, currency="EUR", key="2")],
        [("9", moved(OCT(1), 117500))], [], {"9": (117500, "foreign")}),
}  # fmt: skip


@pytest.mark.parametrize("name", ACCOUNTS)
def test_a_clearing_account_is_what_was_captured_less_what_was_paid_out(name):
    *told, differs, left = ACCOUNTS[name]
    account = cleared(*told)
    assert [(one.code, one.number) for one in account.differences(OCTOBER)] == differs
    assert {number: (own.left, own.why) for number, own in account.left().items()} == left


@pytest.mark.parametrize("captured", [117500, 114500])
def test_what_a_payout_in_kroner_brings_otherwise_of_an_order_abroad_is_exchange(captured):
    account = cleared([paid(OCT(9), ("capture", 9, 116000))], [("9", moved(OCT(1), captured))])
    account.orders["9"].abroad = True
    assert [(one.left, one.why) for one in account.left().values()] == [
        (captured - 116000, "exchange")
    ]
    assert [pair.code for pair in account.differences(OCTOBER) if pair.number] == []


def again(world: World, **other: Any) -> None:
    """Post by hand, beside a payout that is booked."""
    post(world, 1903, "Vipps 512345-2000102", copy=True, description="Fra Vipps", **other)


def moves(world: World, day: date) -> None:
    """Move a payment from another account to its own, under its text."""
    text = "2026-1008 vipps"
    post(world, 1903, text, account_no=1904)
    post(world, 1904, text, copy=True, account_no=1903, day=day)
    post(world, 1904, text, copy=True, amount=Decimal(-698), day=day)


def knows_not(world: World, number: str, **other: Any) -> None:
    """Take from an order what the shop would know of its money."""
    (order,) = (one for one in world.shop.orders.values() if one["number"] == number)
    world.shop.edit(order["id"], **other)


PAYOUT_FAULTS = {  # what is changed, and what is found
    "booked twice by hand": (
        again, [("payout_twice", "")]),
    "beside one as large that no database knows any more": (
        lambda w: post(w, 1903, "Vipps 512345-2000102", copy=True,
                       description="Vipps 512345-1999999"), [("rest", "")]),
    "reversed by a voucher, and booked by hand": (
        lambda w: [again(w), post(w, 1903, "Vipps 512345-2000102", copy=True,
                                  amount=Decimal("2696.00"))], []),
    "its amount is changed, and the rest is posted by hand": (
        lambda w: [again(w, amount=Decimal(-10), day=date(2026, 10, 30)),
                   post(w, 1903, "Vipps 512345-2000102", amount=Decimal("-2686.00"))], []),
    "a dispute that was lost is written off": (
        lambda w: post(w, 1905, "Stripe po_1Demo0001", copy=True, amount=Decimal(-1249),
                       description="Tap", day=date(2026, 10, 30)), []),
    "booked by hand too, weeks later": (
        lambda w: again(w, day=date(2026, 10, 30)), [("rest", "")]),
    "something by hand before the month": (
        lambda w: again(w, amount=Decimal(-100), day=date(2026, 9, 3)), [("rest", "")]),
    "reversed, and booked by hand in words like a payment's": (
        lambda w: post(w, 1903, "Vipps 512345-2000102", description="Utbetaling vipps uke 41"), []),
    "its voucher is gone": (lambda w: post(w, 1903, "Vipps 512345-2000102"),
                            [("payout_missing", "")]),
    "its amount is changed": (
        lambda w: post(w, 1903, "Vipps 512345-2000102", amount=Decimal("-2686.00")),
        [("payout_amount", "")]),
    "its payment is gone": (lambda w: post(w, 1903, "2026-1008 vipps"),
                            [("payment_missing", "2026-1008")]),
    "captured in the portal": (
        lambda w: (post(w, 1903, "2026-1008 vipps"),
                   knows_not(w, "2026-1008", meta_data=[{"key": "_vipps_captured", "value": "0"}])),
        [("payout_unknown", "2026-1008")]),
    "refunded in the portal": (
        lambda w: (post(w, 1903, "2026-1003 vipps Demo2103 refusjon"),
                   knows_not(w, "2026-1003", refunds=[])),
        [("taken_back", "2026-1003"), ("payback_unknown", "2026-1003")]),
    "booked twice, and reversed the month after": (
        lambda w: [post(w, 1903, "Vipps 512345-2000102", copy=True, day=date(2026, 10, 20)),
                   post(w, 1903, "Vipps 512345-2000103", copy=True, amount=Decimal(2696),
                        description="Vipps 512345-2000102", day=date(2026, 11, 3))],
        [("payout_amount", "")]),
    "booked by hand, its fee apart": (
        lambda w: [again(w, amount=Decimal("-82.61"), day=date(2026, 10, 30)),
                   post(w, 1903, "Vipps 512345-2000102", amount=Decimal("-2613.39"),
                        description="Fra banken")], []),
    "its payment stands on another account too": (
        lambda w: post(w, 1903, "2026-1008 vipps", copy=True, account_no=1904),
        [("payment_odd", "2026-1008")]),
    "its payment was taken from another account, and posted nowhere": (
        lambda w: [post(w, 1903, "2026-1008 vipps", account_no=1904),
                   post(w, 1904, "2026-1008 vipps", copy=True, amount=Decimal(-698))],
        [("payment_missing", "2026-1008")]),
    "its payment was moved to its account": (lambda w: moves(w, date(2026, 10, 30)), []),
    "known to the shop alone": (
        lambda w: (w.sells(2199, number="2026-1099", date_created_gmt="2026-10-07T08:00:00",
                           date_paid_gmt="2026-10-07T08:00:00"), w.settle()),
        [("not_paid_out", "2026-1099")]),
}  # fmt: skip


@pytest.mark.parametrize("name", PAYOUT_FAULTS)
def test_payouts_and_the_ledger_are_held_against_each_other(booked_month, tmp_path, name):
    named_alone(booked_month.twin(tmp_path), *PAYOUT_FAULTS[name])


KLARNA = [f"klarna-KX7PAA0{n}.csv" for n in (1, 3, 4, 5)]
UNIT = {"vipps": {"book": True, "bank_account": 1920, "clearing_account": 1901,
                  "units": {"512345": {"clearing_account": 1903}}}}  # fmt: skip
ASIDE = {  # report, what nobody knows of it, the payout, what by hand on which day, and settings
    "Vipps": ("vipps-portal-nb.csv", ["Demo2116"], "412345-2000103", (1903, "-1349.00", 19), {}),
    "Vipps, with a unit's own account": (
        "vipps-portal-nb.csv", ["Demo2116"], "412345-2000103", (1903, "-1349.00", 19), UNIT),
    "Klarna, whose fees name orders": (
        "klarna-KX7PAA02.csv", ["2026-1011", "f5df5c1a-cea3-1b56-d49a-070692797c4d"], "KX7PAA02",
        (1904, "-3198.00", 15), {}),
}  # fmt: skip


@pytest.fixture(scope="module")
def unpaid_month(tmp_path_factory) -> World:
    """The recorded month before any report; to take a twin of."""
    return recorded_month(tmp_path_factory.mktemp("unpaid"))


@pytest.mark.parametrize("name", ASIDE)
def test_a_payout_that_was_set_aside_explains_what_was_booked_by_hand(unpaid_month, tmp_path, name):
    """A row of it has an order that nobody knows, so that somebody booked it."""
    report, unknown, id_, (account, amount, day), sections = ASIDE[name]
    world = unpaid_month.twin(tmp_path)
    if sections:
        world.configure(payouts=sections)
    text = (MONTH / report).read_text("utf-8")
    for one in unknown:
        text = text.replace(one, "nobodys")
    (tmp_path / report).write_text(text, "utf-8")
    files = [tmp_path / report, *(MONTH / one for one in KLARNA if report.startswith("klarna"))]
    work = payouts(world.settings, world.now, PayoutsWish(files), lambda _: None, world.connections)
    world.in_virtual_time(work)
    assert set_aside(world.settings, id_, world.now()) is True
    one = next(one for one in world.company.postings if one.account_no == 1903)
    by_hand = {"day": date(2026, 10, day), "amount": Decimal(amount), "account_no": account}
    world.company.postings.append(one.but(**by_hand, description="Oppgjør"))
    proof = prove(world)
    known = {payout.id for payout in proof.clearing[account].payouts.values()}
    assert (found(proof), id_ in known) == ([], True)


def test_payouts_are_held_against_the_ledger_where_payments_are_posted_by_hand(
    booked_month, tmp_path
):
    """Question 5 = no: the accounts of the payouts that are known."""
    twin = booked_month.twin(tmp_path)
    keys = twin.settings.payments.model_dump(by_alias=True)
    twin.configure(payments={**keys, "register": False})
    assert (found(prove(twin)), sorted(prove(twin).clearing)) == ([], sorted(CLEARING.values()))
    post(twin, 1903, "Vipps 512345-2000102")
    assert found(prove(twin)) == [("payout_missing", "")]


PAYMENT, PAYBACK = "2026-1008 vipps", "2026-1003 vipps Demo2103 refusjon"
EARLIER = [  # of October: what is posted anew, as often and on which day; and what November tells
    (PAYMENT, [], OCT(5), []),  # it is gone: October's proof tells that
    *((text, [1, sign], date(2026, 11, 5), [("payment_amount", text.split()[0])])
      for text in (PAYMENT, PAYBACK) for sign in (1, -1)),
    (PAYMENT, [1, 1, -1], None, []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "signs", "day", "wanted"), EARLIER)
def test_money_of_an_earlier_month_is_told_where_it_is_posted_anew(
    booked_month, tmp_path, text, signs, day, wanted
):
    twin = booked_month.twin(tmp_path)
    for order in twin.shop.orders.values():
        order["date_modified_gmt"] = "2026-10-31T10:00:00"
    own = [p for p in twin.company.postings if (p.description or "").startswith(text)
           and p.account_no == 1903]  # fmt: skip
    post(twin, 1903, text)
    for n, sign in enumerate(signs):
        (one,) = own
        moved = {"day": day} if day and n else {}
        twin.company.postings.append(one.but(amount=sign * one.amount, **moved))
    assert found(prove(twin, NOVEMBER)) == wanted


SECOND = {"day": date(2026, 11, 2)}
IN_NOVEMBER = {  # what is done, 1903 at October's end and November's, what November's proof names
    "a payout posted": (
        lambda w: post(w, 1903, "Vipps 512345-2000102", **SECOND), 359500, 0, []),
    "one that was reversed, by hand": (
        lambda w: [again(w, **SECOND), post(w, 1903, "Vipps 512345-2000102", copy=True,
                                            amount=Decimal(2696))], 359500, 0, []),
    "a payout reversed": (
        lambda w: post(w, 1903, "Vipps 512345-2000102", copy=True, amount=Decimal(2696), **SECOND),
        89900, 269600, [("payout_missing", "")]),
    "a payment moved to its account": (lambda w: moves(w, SECOND["day"]), 20100, 0, []),
    "a payment reversed": (
        lambda w: post(w, 1903, "2026-1008 vipps", copy=True, amount=Decimal(-698), **SECOND),
        89900, -69800, [("payment_amount", "2026-1008")]),
}  # fmt: skip


@pytest.mark.parametrize("name", IN_NOVEMBER)
def test_what_is_done_in_a_later_month_makes_no_deviation_of_the_one_before(
    booked_month, tmp_path, name
):
    """What was late is explained in both; what it leaves in between is no other deviation."""
    plant, october, november, wanted = IN_NOVEMBER[name]
    plant(twin := booked_month.twin(tmp_path))
    for period, closing, differs in (
        (OCTOBER, october, []), (NOVEMBER, november, wanted), (BOTH, november, wanted),
    ):  # fmt: skip
        proof = prove(twin, period)
        assert (found(proof), proof.clearing[1903].closing) == (differs, closing)
        assert sum(proof.off.values()) == (november if differs else 0)
        late = {"payout_day", "payment_day"} & {code for code, _ in told(proof)}
        assert bool(late) == (not wanted)


def test_postings_are_a_documents_where_they_sum_to_it():
    """Net and VAT, to the øre; in another currency at one rate, as near as øre allow."""
    document = Document(0, OCTOBER.first, 12500, document=10001, net=10000)
    for currency, net, vat, fits in (
        ("NOK", 10000, 2500, True), ("NOK", 10001, 2500, False), ("NOK", 10000, 2499, False),
        ("NOK", 10001, 2499, True), ("NOK", 10002, 2498, False),
        ("EUR", 117200, 29300, True), ("EUR", 117200, 29305, True), ("EUR", 117200, 29400, False),
        ("EUR", 100, -100, False), ("EUR", 117200, 29312, True), ("EUR", 117200, 29335, False),
    ):  # fmt: skip
        posted = (Posted("25", "3", 3000, net, vat),)
        assert _fits(posted, replace(document, currency=currency)) == fits, (currency, net, vat)


def test_an_ore_of_vat_may_go_the_other_way_than_what_it_is_of(tmp_path):
    """Goods for nothing and 99.00 of freight, where PowerOffice rounds each line by itself."""
    world = business(tmp_path)
    world.sells(101, *(Goods(*one) for one in (
        ("GEN-001", "88.80", 15, 2), ("TUR-12", "88.80", 12, 3), ("KAF-250", "1299.00", 12, 4)
    )))  # fmt: skip
    none = {"total": "0", "total_tax": "0"}
    lines = [
        {**line, **none, "taxes": [{**line["taxes"][0], "total": "0"}]}
        for line in world.shop.orders[101]["line_items"]
    ]
    freight = {"id": 9, "method_title": "Post", "total": "79.20", "total_tax": "19.80",
               "taxes": [{"id": 1, "total": "19.80"}]}  # fmt: skip
    world.shop.edit(101, line_items=lines, shipping_lines=[freight], total="99.00",
                    total_tax="19.80", coupon_lines=[{"id": 8, "code": "alt"}])  # fmt: skip
    world.settle()
    proof = prove(world)
    assert (world.held(), found(proof), proof.total().books) == ({}, [], 9900)


def test_what_is_open_in_kroner_is_told_to_the_ore():
    """Of 20 000.00, 10 000.00 were paid; in euro a rate with few decimals leaves more."""
    one = Document(0, OCTOBER.first, 2000000, (), document=10001, net=2000000, balance=1000050)
    matching = Matching(Case(1), None)
    assert matching._is_open(one, 1000000)
    assert not matching._is_open(replace(one, balance=1000001), 1000000)
    posted = (Posted("25", "3", 3000, 18752000, 4688000),)  # at 11.72
    euro = replace(one, currency="EUR", balance=11720500, posted=posted)
    assert not matching._is_open(euro, 1000000)
    assert matching._is_open(replace(euro, balance=11730000), 1000000)


def test_a_number_that_is_missing_is_told(tmp_path):
    """Of orders, and of invoices; those of another month are not missing."""
    world = business(tmp_path)
    for order_id, number in ((101, "7001"), (102, "7002"), (103, "7005"), (104, "7006")):
        world.sells(order_id, number=number)
    world.settle()
    assert prove(world).gaps == {"orders": [range(7003, 7005)], "invoices": []}
    invoices = sorted(world.company.outgoing_invoices.values(), key=lambda one: one.invoice_no)
    days = [date(2026, 9, 30), date(2026, 11, 2)]
    for one, day in zip(invoices[1:3], days, strict=True):
        one.voucher_date = day  # of another month, between two of this one
    world.shop.edit(102, number="7003", date_created_gmt="2026-09-30T10:00:00")
    assert prove(world).gaps == {"orders": [range(7002, 7003), range(7004, 7005)], "invoices": []}


def test_a_card_that_was_redeemed_as_a_coupon_is_no_deviation(tmp_path):
    """Two at 1 000.00 of which a card paid 500.00, a quarter of each; one is refunded with 750.00:
    net 800.00 and VAT 200.00 are left of the sale, and 250.00 of the card.
    """
    world = business(tmp_path, gift_cards={"product": "GAVEKORT"})
    taxes = [{"id": 1, "total": "150.00", "subtotal": "200.00"}]
    line = {"name": "Lue", "sku": "GEN-001", "quantity": 1, "subtotal": "800.00",
            "total": "600.00", "total_tax": "150.00", "taxes": taxes}  # fmt: skip
    coupon = {"code": "gave-1234", "discount": "400.00", "discount_tax": "100.00",
              "discount_type": "fixed_cart",
              "meta_data": [{"key": "coupon_info", "value": '[0,"gave-1234",null,5]'}]}  # fmt: skip
    world.sells(101, line_items=[{"id": n, **line} for n in (1, 2)], total="1500.00",
                total_tax="300.00", coupon_lines=[coupon])  # fmt: skip
    world.settle()
    back = {**line, "id": 9, "quantity": -1, "subtotal": "-600.00", "total": "-600.00",
            "total_tax": "-150.00", "taxes": [{"id": 1, "total": "-150.00", "subtotal": "-150.00"}],
            "meta_data": [{"key": "_refunded_item_id", "value": "1"}]}  # fmt: skip
    world.shop.add_refund(101, {"amount": "750.00", "refunded_payment": True, "line_items": [back],
                                "date_created_gmt": "2026-10-20T10:00:00"})  # fmt: skip
    world.wait(300)
    world.settle()
    proof = prove(world)
    assert (world.held(), proof.differences) == ({}, [])
    assert proof.gift_cards.flows == {"used": -50000, "sold": 25000}
    assert {key[:2]: one.books for key, one in turned(proof).items() if key[-1] == "net"} == {
        ("0", 2901): -25000, ("3", 3000): 80000,
    }  # fmt: skip
    assert proof.total().books == 75000


def test_a_refund_without_lines_is_told_to_the_ore(tmp_path):
    """500.00 of 2 841.75 at two rates: 428.82 and 71.18, each rounded in its parts; the shop's sum
    is 2 341.75, and nothing but that is explained.
    """
    world = business(tmp_path)
    (order_id,) = world.loads("coupon-percent")
    world.settle()
    world.shop.add_refund(order_id, {"amount": "500.00", "refunded_payment": True})
    world.settle()
    proof = prove(world, Period(date(2026, 1, 1), date(2026, 12, 31)))
    total = proof.total()
    assert (proof.agrees, total.shop, total.books, total.explained) == (True, 234175, 234175, 0)


def test_an_order_in_another_currency_that_a_card_paid_whole_is_no_deviation(tmp_path):
    """It comes to 0.00: its VAT tells the rate of exchange."""
    cards = {"product": "GAVEKORT", "skus": ["GAVE-500"], "hidden": "gift_card"}
    world = business(tmp_path, gift_cards=cards)
    (order_id,) = world.loads("plugin-pw-gift-card-all")
    world.shop.edit(order_id, currency="EUR")
    world.settle()
    proof = prove(world, Period(date(2026, 1, 1), date(2026, 12, 31)))
    assert (world.held(), found(proof), proof.orders) == ({}, [], 1)


def test_two_shops_of_a_company_may_give_two_orders_the_same_number(tmp_path):
    """Both paid by vipps on one account: the provider's own id tells whose a posting is."""
    world = business(tmp_path)
    world.sells(105, HAT, transaction_id="T105")
    world.settle()
    post(world, 1903, "105 vipps T105", copy=True, description="105 vipps T999")
    assert found(prove(world)) == []
    post(world, 1903, "105 vipps T105", copy=True, amount=Decimal("5.00"))
    assert [code for code, _ in found(prove(world))] == ["payment_amount"]


def test_two_orders_of_one_number_and_one_without_a_method_are_told_apart(tmp_path):
    """By the day of the money, and the refund's id; without a method the text has none."""
    bank = {"register": True, "accounts": {"vipps": 1903}, "bank_account": 1904}
    world = business(tmp_path, payments=bank)
    for order_id, day in ((101, 6), (102, 7)):
        at = f"2026-10-{day:02}T10:00:00"
        world.sells(order_id, HAT, number="7", transaction_id="", date_paid_gmt=at)
    world.sells(103, HAT, payment_method="", transaction_id="")
    world.settle()
    for order_id in (101, 102, 103):
        refund = refund_of(world.shop.orders[order_id], [1])
        day = "2026-10-20T10:00:00"
        world.shop.add_refund(
            order_id, {**refund, "refunded_payment": True, "date_created_gmt": day}
        )
    world.settle()
    assert found(prove(world)) == []


def test_an_ore_of_rounding_is_no_other_code_of_a_sale_abroad():
    """922.89 and 230.72 stand there, 922.88 and 230.72 are the shop's, and 0.01 is rounded off."""
    rows = Posted("52", "52", 3110, 92289, 0), Posted("0", "", 2745, 23072, 0)
    document = Document(0, OCTOBER.first, 115360, rows, net=92289)
    told = _foreign(document, [Posted("SE 25", "", 0, 92288, 23072)], [2745])
    assert {*told} == {Posted("SE 25", "52", 3110, 92289, 0), Posted("SE 25", "", 2745, 0, 23072)}


@pytest.mark.parametrize("number", ["WEB102", "WEB 102"])
def test_a_number_with_a_blank_is_found_in_what_is_posted(tmp_path, number):
    """Also where all have one; then what is posted twice is found as well."""
    world = business(tmp_path)
    world.sells(101, HAT, number="WEB 101", transaction_id="T 1")
    world.sells(102, HAT, number=number)
    world.settle()
    assert found(prove(world)) == []
    post(world, 1903, "WEB 101 vipps T 1", copy=True, day=OCTOBER.last)
    assert found(prove(world)) == [("payment_amount", "WEB 101")]
