"""Whether money has come: nine gateways, each by its own keys, and what is to be booked when."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.mapping.company import company, settings
from tests.mapping.orders import documents, line, order, told
from woo2po.documents import PaymentWanted
from woo2po.mapping.capture import GATEWAYS, capture_of, gateway_of
from woo2po.mapping.payment import is_more_to_come, payment_of, why_nothing_comes
from woo2po.mapping.values import Basis
from woo2po.order import Order, read_order
from woo2po.sandbox.shop_orders import GATEWAYS as WRITES
from woo2po.sandbox.shop_orders import Goods, ShopOrders, amounts, recorded

TODAY = date(2026, 11, 23)
ACCOUNTS = {"vipps": 1903, "dibs_easy": 1920}
MONTH = json.loads(
    (Path(__file__).parents[1] / "recorded" / "month_of_captures.json").read_text("utf-8")
)


def unix(text: str) -> str:
    return str(int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()))


# An order of 1 250.00, placed (and its money reserved) on 2 November, shipped on 5 November.
PLACED, SHIPPED = "2026-11-02T09:00:00", "2026-11-05T11:00:00"
RESERVED = {"date_created_gmt": PLACED, "date_paid_gmt": PLACED}
DONE = {**RESERVED, "status": "completed", "date_completed_gmt": SHIPPED}
HELD = {"date_created_gmt": PLACED, "status": "on-hold"}
GIVEN = {**HELD, "status": "processing", "date_paid_gmt": SHIPPED}


def went(method: str, act: str = "", at: str = PLACED) -> Order:
    """Return an order of the built-in shop as it is once its money is reserved, and then more."""
    moments = [PLACED]
    shop = ShopOrders(lambda: datetime.fromisoformat(f"{moments[-1]}+00:00"))
    sold = {"id": 36, "number": "36", "meta_data": [], "shipping_lines": []}
    usual = recorded("b2c-vipps-simple")["order"]
    shop.place({**usual, **sold, **amounts((Goods(price="1250.00"),))})
    shop.reserve(36, method)
    if act:
        moments.append(at)
        getattr(shop, act)(36)
    return read_order(shop.orders[36])


KEYS = {gateway_of(name).name: {x.key: x.value for x in went(name).meta_data} for name in WRITES}


def bare(method: str, state: dict[str, Any], meta: Any = (), **changed: Any) -> Order:
    said = [{"key": key, "value": value} for key, value in dict(meta).items()]
    return order(line("1000"), payment_method=method, meta_data=said, **{**state, **changed})


def one(method: str, state: dict[str, Any], /, refunds: Any = (), **meta: Any) -> Order:
    """Return an order with its gateway's own keys, some of them changed."""
    return bare(method, state, {**KEYS[gateway_of(method).name], **meta}, refunds=refunds)


def captured(ore: str, at: str) -> dict[str, str]:
    return {"_vipps_captured": ore, "_vipps_capture_timestamp": unix(at),
            "_vipps_capture_complete": "1"}  # fmt: skip


def vipps(ore: str, at: str = SHIPPED, state: dict[str, Any] = DONE, **meta: Any) -> Order:
    return one("vipps", state, **captured(ore, at), **meta)


def payment(given: Order, *more: Any, **keys: Any) -> Any:
    said = {"register": True, "bank_account": 1920, "accounts": ACCOUNTS, **keys}
    return payment_of(given, Basis(settings(payments=said), company(), TODAY), *more)


def booked(given: Order, *more: Any, **keys: Any) -> tuple[str, str] | None:
    """Return amount and day of what is to be booked, or None."""
    made = payment(given, *more, **keys)
    assert made is None or isinstance(made, PaymentWanted), made
    return made and (f"{made.amount}", made.day.isoformat())


WHOLE, AT_ONCE, PART = (("1250.00", "2026-11-05"), ("1250.00", "2026-11-02"),
                        ("500.00", "2026-11-05"))  # fmt: skip
AT_SALE = {"_ppcp_paypal_intent": "CAPTURE"}
CHARGED, IN_THE_NIGHT = {"_dibs_charge_id": "a15c"}, "2026-11-05 00:20:00"
klarna, nexi, wcpay, dintero, paypal = (partial(one, method) for method in (
    "klarna_payments", "dibs_easy", "woocommerce_payments", "dintero_checkout",
    "ppcp-gateway"))  # fmt: skip
CASES = {
    # Vipps tells how much, in all, and when it was captured last.
    "vipps by card": (one("vipps_card", DONE, **captured("125000", SHIPPED)), WHOLE),
    "vipps, a part": (vipps("50000", state=RESERVED), PART),
    "vipps, in the portal: no moment but the order's completion": (
        one("vipps", DONE, _vipps_captured="125000"), WHOLE),
    "vipps, in the portal before it is completed: the day it was paid, and a note": (
        one("vipps", RESERVED, _vipps_captured="125000"), AT_ONCE),
    "vipps, whose status is no proof": (one("vipps", DONE, _vipps_status="CAPTURED"), None),
    "vipps, a part captured and the rest cancelled: the whole is called cancelled": (
        vipps("50000", _vipps_cancelled="125000"), PART),
    "vipps, by bank transfer": (one("vipps", RESERVED, _vipps_api="banktransfer"), AT_ONCE),
    "vipps, 23:30 in summer time": (
        vipps("125000", "2026-10-24T21:30:00", {**DONE, "date_created_gmt": "2026-10-20T09:00:00"}),
        ("1250.00", "2026-10-24")),
    "kco, at shipping": (one("kco", DONE, _wc_klarna_capture_id="560e"), WHOLE),
    "klarna, a trial": (klarna(DONE, _wc_klarna_capture_id="trial"), None),
    "klarna, rejected": (klarna(RESERVED, _wc_klarna_pending_to_cancelled=1), None),
    "klarna, in test mode": (
        klarna(DONE, _wc_klarna_environment="test", _wc_klarna_capture_id="560e"), None),
    "nexi's vipps": (one("nets_easy_vipps", DONE, **CHARGED), WHOLE),
    "nexi, swish: money at once without a charge": (
        one("nets_easy_swish", DONE, dibs_payment_type="A2A"), AT_ONCE),
    "woopayments, in test mode": (
        wcpay(GIVEN, _intention_status="succeeded", _wcpay_mode="test"), None),
    "dintero, waiting for approval": (
        dintero(DONE, _wc_dintero_on_hold="P1", _wc_dintero_captured=IN_THE_NIGHT), None),
    "dintero, in test mode": (
        dintero(DONE, _wc_dintero_captured=IN_THE_NIGHT,
            _wc_dintero_checkout_environment="Test"), None),
    **{f"another plugin for stripe, {mode} and {state}": (
        bare("stripe_cc", paid, {"_wc_stripe_charge_status": state, "_wc_stripe_mode": mode}), due)
       for mode, state, paid, due in (("live", "succeeded", RESERVED, AT_ONCE),
                                      ("test", "succeeded", RESERVED, None),
                                      ("live", "succeeded", HELD, None),
                                      ("live", "pending", RESERVED, None))},
    "paypal, at once": (bare("ppcp-gateway", RESERVED, AT_SALE), AT_ONCE),
    "paypal, pending": (bare("ppcp-gateway", HELD, AT_SALE), None),
    "paypal, in its sandbox": (
        paypal(GIVEN, _ppcp_paypal_captured="true", _ppcp_paypal_payment_mode="sandbox"), None),
    # What nobody knows, and what bears none of its gateway's keys.
    "a gateway that nobody knows": (bare("bambora", DONE, {"_other": "1"}), AT_ONCE),
    "made by REST": (bare("vipps", RESERVED), AT_ONCE),
    "a try with another gateway that came to nothing": (
        klarna(DONE, **KEYS["Vipps"], _vipps_captured="0", _wc_klarna_capture_id="560e"), WHOLE),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_only_money_that_was_captured_is_booked_and_on_that_day(case):
    """1 250.00 at most, in the shop's zone; a reservation, a cancellation, a test: nothing."""
    given, due = CASES[case]
    assert booked(given) == due


@pytest.mark.parametrize("method", WRITES)
def test_of_each_gateway_what_is_captured_is_booked_on_that_day(method):
    """At once, or at shipping after midnight in Oslo; nothing while it is reserved, nor when that
    was cancelled, nor because the order is completed. A renewal tells no day but that of the order.
    """
    night = "2026-11-04T23:20:00"
    never = went(method), went(method, "void", night), one(method, DONE)
    assert [booked(given) for given in never] == [None] * 3
    assert booked(went(method, "capture")) == AT_ONCE
    late = AT_ONCE if method == "vipps_recurring" else WHOLE
    assert booked(went(method, "capture", night)) == late


def test_the_built_in_shop_has_every_gateway():
    assert KEYS.keys() == {one.name for one in GATEWAYS}


@pytest.mark.parametrize(
    ("rules", "changed", "due"),
    [({"other": "completed"}, DONE, WHOLE), ({"other": "completed"}, RESERVED, None),
     ({"bambora": "completed"}, DONE, WHOLE), ({"payson": "completed"}, DONE, AT_ONCE),
     ({"other": "completed", "bambora": "date_paid"}, DONE, AT_ONCE)],
)  # fmt: skip
def test_captured_when_decides_where_no_gateway_tells(rules, changed, due):
    """payments.captured_when, by the method's own name, else for any other; one that tells needs
    no rule.
    """
    assert booked(bare("bambora", changed), captured_when=rules) == due
    chosen = settings(payments={"captured_when": {"vipps": "date_paid"}})
    assert capture_of(vipps("125000"), chosen).sign == "_vipps_captured"


def test_what_is_noted_and_not_posted_yet_goes_first_or_with_what_comes_on_its_day():
    """500.00 on the 5th were noted before the invoice; the rest came on the 9th, or at once."""
    noted = payment(vipps("50000"))
    assert booked(vipps("125000", "2026-11-09T12:00:00"), Decimal(0), noted) == PART
    assert booked(vipps("125000"), Decimal(0), noted) == WHOLE


def test_of_two_days_told_for_one_capture_the_first_counts():
    """Nexi captured at once, which is seen before the order is completed and not after."""
    before = payment(nexi(RESERVED, **CHARGED))
    assert booked(nexi(DONE, **CHARGED), Decimal(0), before) == AT_ONCE


def refund(id_: int, amount: str, at: str | None, **more: Any) -> dict[str, Any]:
    return {"id": id_, "total": f"-{amount}", "date_created_gmt": at, **more}


BY_KLARNA = partial(klarna, DONE, _wc_klarna_capture_id="5")
DAY_BEFORE, DAY_AFTER = "2026-11-03T10:00:00", "2026-11-06T10:00:00"


@pytest.mark.parametrize(
    ("given", "due"),
    [(BY_KLARNA([refund(90, "250.00", DAY_BEFORE)]), ("1000.00", "2026-11-05")),
     (BY_KLARNA([refund(90, "250.00", DAY_AFTER)]), WHOLE),
     (BY_KLARNA([refund(90, "250.00", None)]), WHOLE),
     (vipps("100000", refunds=[refund(90, "250.00", None)], _vipps_noncapturable="25000"),
      ("1000.00", "2026-11-05")),
     # What was given back by hand came after all, however much it was.
     (vipps("105000", refunds=[refund(90, "500.00", None, by_gateway=False),
                               refund(91, "200.00", None, by_gateway=True)],
            _vipps_noncapturable="20000"), ("1050.00", "2026-11-05")),
     # Nor had what nobody captured come, whoever gave it back.
     (vipps("100000", refunds=[refund(90, "250.00", None, by_gateway=False)]),
      ("1000.00", "2026-11-05"))],
)  # fmt: skip
def test_a_refund_before_the_capture_lowers_it(given, due):
    """By its day, or by what the gateway says it did not capture for it."""
    assert booked(given) == due


BY_HAND, BY_VIPPS = {"by_gateway": False}, {"by_gateway": True}
ONE_BY_HAND = [refund(90, "250.00", None, **BY_HAND)]
TWO_BY_HAND = [refund(n, amount, None, **BY_HAND) for n, amount in ((90, "100"), (91, "300"))]
TWO_DAYS_BEFORE = BY_KLARNA([refund(90, "250.00", DAY_BEFORE), refund(91, "100.00", DAY_BEFORE)])
TWO_BY_VIPPS = vipps("100000", refunds=[refund(n, "250.00", None, **BY_VIPPS) for n in (90, 91)],
                     _vipps_noncapturable="25000", _vipps_refunded="25000")  # fmt: skip


@pytest.mark.parametrize(
    ("given", "due"),
    [# Vipps tells how much may still be captured.
     *[(vipps("50000", _vipps_capture_remaining=ore), {"left": left})
       for ore, left in (("75000", 750), ("0", 0))],
     # A shop of whole kroner refunds 1250 where 1249.80 were drawn: no more than that goes back.
     (vipps("124980", refunds=[refund(90, "1250.00", None, **BY_VIPPS)]),
      {"amount": Decimal("1249.80")}),
     # Completed later, or anew, an order tells a day behind both refunds; a sum that was seen
     # captured and fits says more.
     *[(TWO_DAYS_BEFORE.model_copy(update={"seen_captured": Decimal(seen)}),
        {"before": before, "amount": amount}) for seen, before, amount in (
         (1250, set(), 1250), (1000, {90}, 1000),
         *((n, {90, 91}, 900) for n in (900, 0, 1200, -1250)))],
     # Of two refunds as large, that whose way back is booked was captured.
     (TWO_BY_VIPPS, {"before": {90}}),
     (TWO_BY_VIPPS.model_copy(update={"seen_returned": frozenset({90})}), {"before": {91}}),
     # What Vipps says it gave back went by Vipps, also what the shop notes as by hand, or not at
     # all; of two by hand it is told by its amount, and is not the oldest for that.
     *[(vipps(ore, refunds=ONE_BY_HAND, _vipps_refunded=back),
        {"amount": 1250, "returned": returned, "before": set()}) for ore, back, returned in (
         ("125000", "25000", {90}), ("125000", "0", set()), ("140000", "40000", {90}))],
     *[(vipps("125000", refunds=TWO_BY_HAND, _vipps_refunded=back), {"returned": returned})
       for back, returned in (("30000", {91}), ("10000", {90}), ("40000", {90, 91}),
                              ("20000", set()), ("0", set()))]],
)  # fmt: skip
def test_what_was_captured_what_is_left_of_it_and_which_refunds_it_knows(given, due):
    capture = capture_of(given, settings())
    assert {name: getattr(capture, name) for name in due} == due


WRONG = {
    "captured_by_another": BY_KLARNA(**KEYS["Vipps"], **captured("125000", SHIPPED)),
    "captured_and_cancelled": BY_KLARNA(_wc_klarna_cancelled="yes"),
    "capture_without_day": klarna(RESERVED, _wc_klarna_capture_id="5"),
    "capture_before_order": vipps("125000", "2026-11-01T10:00:00"),
    "capture_other_currency": vipps("125000", _vipps_currency="EUR"),
    "capture_exceeds_order": vipps("130000"),
    "capture_below_refunds": vipps("50000", refunds=[refund(90, "800.00", None)]),
    "refund_captured_in_part": vipps("50000", refunds=[refund(90, "300.00", None)],
                                     _vipps_noncapturable="20000"),
}  # fmt: skip


@pytest.mark.parametrize("code", WRONG)
def test_what_cannot_be_right_is_held_with_the_figure(code):
    """The payment alone: what was sold is known, and its draft is made."""
    assert told(payment(WRONG[code]))[0] == code
    assert documents(WRONG[code], settings(invoices={"create": True}))


def test_keys_that_are_nonsense_are_no_proof_of_money():
    """A value of any kind may stand under a key; one that comes twice is read as the shop does."""
    twice = [{"key": "_wc_klarna_capture_id", "value": value} for value in ("cap", "")]
    for meta, due in ((twice, WHOLE), (twice[::-1], None)):
        given = order(line("1000"), payment_method="kco", meta_data=meta, **DONE)
        assert booked(given) == due
    for value in ("yes", "-500", "1e5", ["1"], {"a": 1}, None, "9" * 200):
        assert booked(one("vipps", DONE, _vipps_captured=value)) is None
    for at in ("soon", "99999999999999", "0"):
        odd = {**captured("125000", SHIPPED), "_vipps_capture_timestamp": at}
        assert booked(one("vipps", DONE, **odd)) == WHOLE


def test_nothing_is_missed_of_what_was_refunded_whole():
    """Of the rest the reservation is gone."""
    for back, code in {"250.00": "reservation_gone", "1250.00": None}.items():
        given = one("vipps", DONE, [refund(90, back, None)], _vipps_cancelled="125000")
        assert getattr(why_nothing_comes(given, settings()), "code", None) == code
        reserved = one("vipps", RESERVED, [refund(90, back, None)])
        keys = settings(payments={"register": True})
        assert is_more_to_come(reserved, keys, Decimal(0)) is (code is not None)


def test_a_gateway_settles_all_its_methods_alike():
    """Vipps and Klarna through Nexi come with Nexi's settlement, whatever they are called."""
    for method, account in {"nets_easy_vipps": 1920, "nets_easy_klarna": 1920, "vipps_card": 1903,
                            "vipps": 1903}.items():  # fmt: skip
        made = payment(bare(method, RESERVED), bank_account=None)
        assert made.account_no == account


def test_a_voucher_tells_the_method_and_the_gateways_id_cut_to_length():
    """It is what the provider's settlement names the payment by."""
    said = payment(bare("vipps", RESERVED, transaction_id="Demo36")).says
    assert said == "vipps Demo36"
    assert len(payment(bare("vipps", RESERVED, transaction_id="9" * 500)).says) <= 70


def test_a_recorded_month_is_booked_by_capture_as_its_settlements_are():
    """29 payments of 28 orders in October: two of one order, none of a cancelled one, and of one
    that was captured in November.
    """
    made = []
    for raw in MONTH["orders"]:
        so_far = Decimal(0)
        for n, _ in enumerate(raw["_captured"] or [None], 1):
            wanted = payment(_as_it_was(raw, n), so_far)
            if wanted is not None:
                made.append((wanted.day.isoformat(), raw["id"], int(wanted.amount * 100)))
                so_far += wanted.amount
    due = [(x["day"], x["order_id"], x["amount"]) for x in MONTH["payments_by_capture_day"]]
    assert sorted(made) == sorted(due)
    assert len(made) == 29


def _as_it_was(raw: dict[str, Any], n: int) -> Order:
    """Return an order of the month as it was after its nth capture."""
    meta = dict(raw["meta_data"])
    if n < len(raw["_captured"]):
        amount = sum(one["amount"] for one in raw["_captured"][:n])
        meta |= captured(str(amount), raw["_captured"][n - 1]["at_gmt"])
    said = {k: v for k, v in raw.items() if k not in {"_captured", "meta_data"}}
    whole = order(line("1"), **said, meta_data=[{"key": k, "value": v} for k, v in meta.items()])
    assert capture_of(whole, settings())
    return whole
