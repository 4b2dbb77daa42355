"""Whether money has come: nine gateways, each by its own keys, and what is to be booked when."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.mapping.company import company, settings
from tests.mapping.orders import documents, line, order, stopped, told
from woo2po.documents import PaymentWanted
from woo2po.mapping.capture import GATEWAYS, capture_of, gateway_of
from woo2po.mapping.payment import payment_of
from woo2po.order import Order

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
VIPPS = {"_vipps_orderid": "Demo36", "_vipps_api": "epayment", "_vipps_currency": "NOK",
         "_vipps_amount": "125000", "_vipps_status": "RESERVED"}  # fmt: skip
KLARNA = {"_wc_klarna_order_id": "e792-1913", "_wc_klarna_environment": "live"}
NEXI = {"_dibs_payment_id": "3e94", "_dibs_date_paid": PLACED, "dibs_payment_type": "CARD"}
STRIPE = {"_stripe_intent_id": "pi_3", "_stripe_charge_captured": "no", "_stripe_currency": "EUR"}
WCPAY = {"_intent_id": "pi_3", "_charge_id": "ch_3", "_intention_status": "requires_capture",
         "_wcpay_mode": "prod"}  # fmt: skip
SVEA = {"_svea_co_order_id": "77", "_svea_co_order_final": unix(PLACED)}
DINTERO = {"_dintero_transaction_id": "P1", "_wc_dintero_checkout_environment": "Production"}
PAYPAL = {"_ppcp_paypal_intent": "AUTHORIZE", "_ppcp_paypal_captured": "false",
          "_ppcp_paypal_payment_mode": "live"}  # fmt: skip
RECURRING = {"_charge_id": "chr-1", "_vipps_recurring_captured": True,
             "_vipps_recurring_pending_charge": True,
             "_vipps_recurring_latest_api_status": "DUE"}  # fmt: skip


def captured_by_vipps(ore: str, at: str) -> dict[str, str]:
    return {**VIPPS, "_vipps_captured": ore, "_vipps_capture_timestamp": unix(at),
            "_vipps_capture_complete": "1"}  # fmt: skip


def one(method: str, meta: dict[str, Any], **changed: Any) -> Order:
    said = [{"key": key, "value": value} for key, value in meta.items()]
    return order(line("1000"), payment_method=method, meta_data=said, **changed)


def payment(given: Order, *more: Any, **keys: Any) -> Any:
    said = {"register": True, "bank_account": 1920, "accounts": ACCOUNTS, **keys}
    return payment_of(given, settings(payments=said), company(), TODAY, *more)


def booked(given: Order, *more: Any, **keys: Any) -> tuple[str, str] | None:
    """Return amount and day of what is to be booked, or None."""
    made = payment(given, *more, **keys)
    assert made is None or isinstance(made, PaymentWanted), made
    return made and (f"{made.amount}", made.day.isoformat())


WHOLE = ("1250.00", "2026-11-05")
AT_ONCE = ("1250.00", "2026-11-02")
CASES = {
    # Vipps tells how much, in all, and when it was captured last.
    "vipps, at once (virtual goods)": (
        one("vipps", captured_by_vipps("125000", PLACED), **RESERVED), AT_ONCE),
    "vipps, at shipping": (one("vipps", captured_by_vipps("125000", SHIPPED), **DONE), WHOLE),
    "vipps by card": (one("vipps_card", captured_by_vipps("125000", SHIPPED), **DONE), WHOLE),
    "vipps, a part": (one("vipps", captured_by_vipps("50000", SHIPPED), **RESERVED),
                      ("500.00", "2026-11-05")),
    "vipps, in the portal: no moment but the order's completion": (
        one("vipps", {**VIPPS, "_vipps_captured": "125000"}, **DONE), WHOLE),
    "vipps, in the portal before it is completed: the day it was paid, and a note": (
        one("vipps", {**VIPPS, "_vipps_captured": "125000"}, **RESERVED), AT_ONCE),
    "vipps, never": (one("vipps", {**VIPPS, "_vipps_captured": "0"}, **DONE), None),
    "vipps, whose status is no proof": (
        one("vipps", {**VIPPS, "_vipps_status": "CAPTURED"}, **DONE), None),
    "vipps, cancelled: it is called complete": (
        one("vipps", {**VIPPS, "_vipps_captured": "0", "_vipps_capture_complete": "1",
                      "_vipps_cancelled": "125000"}, **RESERVED, status="cancelled"), None),
    "vipps, a part captured and the rest cancelled: the whole is called cancelled": (
        one("vipps", {**captured_by_vipps("50000", SHIPPED), "_vipps_cancelled": "125000"},
            **DONE), ("500.00", "2026-11-05")),
    "vipps, by bank transfer": (
        one("vipps", {**VIPPS, "_vipps_api": "banktransfer"}, **RESERVED), AT_ONCE),
    "vipps, after midnight in Oslo": (
        one("vipps", captured_by_vipps("125000", "2026-11-04T23:30:00"), **DONE), WHOLE),
    "vipps, 23:30 in summer time": (
        one("vipps", captured_by_vipps("125000", "2026-10-24T21:30:00"),
            **{**DONE, "date_created_gmt": "2026-10-20T09:00:00"}), ("1250.00", "2026-10-24")),
    "vipps recurring, a charge": (
        one("vipps_recurring", {**RECURRING, "_vipps_recurring_pending_charge": "",
                                "_vipps_recurring_latest_api_status": "CHARGED"}, **RESERVED),
        AT_ONCE),
    "vipps recurring, a renewal that is due": (one("vipps_recurring", RECURRING, **RESERVED), None),
    # Klarna, and the gateways below, only whether.
    "klarna, at shipping": (
        one("klarna_payments", {**KLARNA, "_wc_klarna_capture_id": "560e"}, **DONE), WHOLE),
    "kco, at shipping": (one("kco", {**KLARNA, "_wc_klarna_capture_id": "560e"}, **DONE), WHOLE),
    "klarna, in the portal: nothing is told": (one("klarna_payments", KLARNA, **DONE), None),
    "klarna, a trial": (
        one("klarna_payments", {**KLARNA, "_wc_klarna_capture_id": "trial"}, **DONE), None),
    "klarna, cancelled": (
        one("klarna_payments", {**KLARNA, "_wc_klarna_cancelled": "yes"}, **RESERVED), None),
    "klarna, rejected": (
        one("klarna_payments", {**KLARNA, "_wc_klarna_pending_to_cancelled": 1}, **RESERVED), None),
    "klarna, in test mode": (
        one("klarna_payments", {**KLARNA, "_wc_klarna_environment": "test",
                                "_wc_klarna_capture_id": "560e"}, **DONE), None),
    "nexi, at once": (one("dibs_easy", {**NEXI, "_dibs_charge_id": "a15c"}, **RESERVED), AT_ONCE),
    "nexi, at shipping": (one("dibs_easy", {**NEXI, "_dibs_charge_id": "a15c"}, **DONE), WHOLE),
    "nexi's vipps": (one("nets_easy_vipps", {**NEXI, "_dibs_charge_id": "a15c"}, **DONE), WHOLE),
    "nexi, swish: money at once without a charge": (
        one("nets_easy_swish", {**NEXI, "dibs_payment_type": "A2A"}, **DONE), AT_ONCE),
    "nexi, never: its date paid is the reservation's": (one("dibs_easy", NEXI, **DONE), None),
    "nexi, cancelled": (
        one("dibs_easy", {**NEXI, "_dibs_canceled_amount_id": "125000"}, **RESERVED), None),
    "stripe, at once": (one("stripe", {**STRIPE, "_stripe_charge_captured": "yes"}, **RESERVED),
                        AT_ONCE),
    "stripe, later": (one("stripe_klarna", {**STRIPE, "_stripe_charge_captured": "yes"}, **GIVEN),
                      WHOLE),
    "stripe, never": (one("stripe", STRIPE, **HELD), None),
    "stripe, never, and completed by hand": (one("stripe", STRIPE, **DONE), None),
    "woopayments, later": (
        one("woocommerce_payments", {**WCPAY, "_intention_status": "succeeded"}, **GIVEN), WHOLE),
    "woopayments, never": (one("woocommerce_payments", WCPAY, **HELD), None),
    "woopayments, cancelled": (
        one("woocommerce_payments", {**WCPAY, "_intention_status": "canceled"}, **HELD), None),
    "woopayments, in test mode": (
        one("woocommerce_payments", {**WCPAY, "_intention_status": "succeeded",
                                     "_wcpay_mode": "test"}, **GIVEN), None),
    "svea, at shipping, in the shop's own time": (
        one("svea_checkout", {**SVEA, "_svea_co_deliver_date": "2026-11-05 00:20:00"}, **DONE),
        WHOLE),
    "svea, in the portal": (one("svea_checkout", SVEA, **DONE), None),
    "svea, cancelled": (
        one("svea_checkout", {**SVEA, "_svea_co_order_cancelled": "1"}, **RESERVED), None),
    "dintero, at shipping, in the shop's own time behind a blank": (
        one("dintero_checkout", {**DINTERO, "_wc_dintero_captured": " 2026-11-05 00:20:00"},
            **DONE), WHOLE),
    "dintero, never": (one("dintero_checkout", DINTERO, **RESERVED), None),
    "dintero, waiting for approval": (
        one("dintero_checkout", {**DINTERO, "_wc_dintero_on_hold": "P1",
                                 "_wc_dintero_captured": " 2026-11-05 00:20:00"}, **DONE), None),
    "dintero, cancelled": (
        one("dintero_checkout", {**DINTERO, "_wc_dintero_canceled": " 2026-11-05 00:20:00"},
            **RESERVED), None),
    "dintero, in test mode": (
        one("dintero_checkout", {**DINTERO, "_wc_dintero_captured": " 2026-11-05 00:20:00",
                                 "_wc_dintero_checkout_environment": "Test"}, **DONE), None),
    "paypal, at once": (
        one("ppcp-gateway", {"_ppcp_paypal_intent": "CAPTURE"}, **RESERVED), AT_ONCE),
    "paypal, pending": (one("ppcp-gateway", {"_ppcp_paypal_intent": "CAPTURE"}, **HELD), None),
    "paypal, later": (
        one("ppcp-credit-card-gateway", {**PAYPAL, "_ppcp_paypal_captured": "true"}, **GIVEN),
        WHOLE),
    "paypal, never": (one("ppcp-gateway", PAYPAL, **DONE), None),
    "paypal, in its sandbox": (
        one("ppcp-gateway", {**PAYPAL, "_ppcp_paypal_captured": "true",
                             "_ppcp_paypal_payment_mode": "sandbox"}, **GIVEN), None),
    # What nobody knows, and what bears none of its gateway's keys.
    "a gateway that nobody knows": (one("bambora", {"_other": "1"}, **DONE), AT_ONCE),
    "made by REST": (one("vipps", {}, **RESERVED), AT_ONCE),
    "a try with another gateway that came to nothing": (
        one("klarna_payments", {**VIPPS, "_vipps_captured": "0", **KLARNA,
                                "_wc_klarna_capture_id": "560e"}, **DONE), WHOLE),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_only_money_that_was_captured_is_booked_and_on_that_day(case: str) -> None:
    """1 250.00 at most, in the shop's zone; a reservation, a cancellation, a test: nothing."""
    given, due = CASES[case]
    assert booked(given) == due


def test_every_gateway_is_captured_at_some_time_and_at_another_is_not() -> None:
    """The table of cases leaves out none of them."""
    found = {
        (gateway.name, due is None)
        for given, due in CASES.values()
        if (gateway := gateway_of(given.payment_method)) and given.meta_data
    }
    assert found == {(one.name, never) for one in GATEWAYS for never in (True, False)}


@pytest.mark.parametrize(
    ("rules", "changed", "due"),
    [({"other": "completed"}, DONE, WHOLE), ({"other": "completed"}, RESERVED, None),
     ({"bambora": "completed"}, DONE, WHOLE), ({"payson": "completed"}, DONE, AT_ONCE),
     ({"other": "completed", "bambora": "date_paid"}, DONE, AT_ONCE)],
)  # fmt: skip
def test_captured_when_decides_where_no_gateway_tells(rules, changed, due) -> None:
    """payments.captured_when, by the method's own name, else for any other; one that tells needs
    no rule.
    """
    assert booked(one("bambora", {}, **changed), captured_when=rules) == due
    chosen = settings(payments={"captured_when": {"vipps": "date_paid"}})
    by_vipps = one("vipps", captured_by_vipps("125000", SHIPPED), **DONE)
    assert capture_of(by_vipps, chosen).sign == "_vipps_captured"


def test_what_was_captured_since_is_booked_on_the_day_of_that() -> None:
    """500.00 on the 5th, and 750.00 more on the 9th; then there is nothing left."""
    later = one("vipps", captured_by_vipps("125000", "2026-11-09T12:00:00"), **DONE)
    assert booked(later, Decimal(500)) == ("750.00", "2026-11-09")
    assert booked(later, Decimal(1250)) is None


def test_of_two_days_told_for_one_capture_the_first_counts() -> None:
    """Nexi captured at once, which is seen before the order is completed and not after."""
    before = payment(one("dibs_easy", {**NEXI, "_dibs_charge_id": "a15c"}, **RESERVED))
    after = one("dibs_easy", {**NEXI, "_dibs_charge_id": "a15c"}, **DONE)
    assert booked(after, Decimal(0), before) == AT_ONCE


def refund(id_: int, amount: str, at: str | None) -> dict[str, Any]:
    return {"id": id_, "total": f"-{amount}", **({"date_created_gmt": at} if at else {})}


@pytest.mark.parametrize(
    ("method", "meta", "refunds", "due"),
    [("klarna_payments", {**KLARNA, "_wc_klarna_capture_id": "5"},
      [refund(90, "250.00", "2026-11-03T10:00:00")], ("1000.00", "2026-11-05")),
     ("klarna_payments", {**KLARNA, "_wc_klarna_capture_id": "5"},
      [refund(90, "250.00", "2026-11-06T10:00:00")], WHOLE),
     ("klarna_payments", {**KLARNA, "_wc_klarna_capture_id": "5"},
      [refund(90, "250.00", None)], WHOLE),
     ("vipps", {**captured_by_vipps("100000", SHIPPED), "_vipps_noncapturable": "25000"},
      [refund(90, "250.00", None)], ("1000.00", "2026-11-05"))],
)  # fmt: skip
def test_a_refund_before_the_capture_lowers_it(method, meta, refunds, due) -> None:
    """By its day, or by what the gateway says it did not capture for it."""
    assert booked(one(method, meta, **DONE, refunds=refunds)) == due


WRONG = {
    "captured_by_another": one("klarna_payments", {**KLARNA, **captured_by_vipps("125000", SHIPPED),
                                                   "_wc_klarna_capture_id": "5"}, **DONE),
    "captured_and_cancelled": one("klarna_payments", {
        **KLARNA, "_wc_klarna_capture_id": "5", "_wc_klarna_cancelled": "yes"}, **DONE),
    "capture_without_day": one(
        "klarna_payments", {**KLARNA, "_wc_klarna_capture_id": "5"}, **RESERVED),
    "capture_before_order": one("vipps", captured_by_vipps("125000", "2026-11-01T10:00:00"),
                                **DONE),
    "capture_other_currency": one("vipps", {**captured_by_vipps("125000", SHIPPED),
                                            "_vipps_currency": "EUR"}, **DONE),
    "capture_exceeds_order": one("vipps", captured_by_vipps("130000", SHIPPED), **DONE),
    "capture_below_refunds": one("vipps", captured_by_vipps("50000", SHIPPED), **DONE,
                                 refunds=[refund(90, "800.00", None)]),
    "refund_captured_in_part": one(
        "vipps", {**captured_by_vipps("50000", SHIPPED), "_vipps_noncapturable": "20000"}, **DONE,
        refunds=[refund(90, "300.00", None)]),
}  # fmt: skip


@pytest.mark.parametrize("code", WRONG)
def test_what_cannot_be_right_is_held_with_the_figure(code: str) -> None:
    """The payment alone: what was sold is known, and its draft is made."""
    assert told(payment(WRONG[code]))[0] == code
    assert documents(WRONG[code], settings(invoices={"create": True}))


def test_keys_that_are_nonsense_are_no_proof_of_money() -> None:
    """A value of any kind may stand under a key, and a key may come twice."""
    for value in ("yes", "-500", "1e5", ["1"], {"a": 1}, None, "9" * 200):
        assert booked(one("vipps", {**VIPPS, "_vipps_captured": value}, **DONE)) is None
    for at in ("soon", "99999999999999", "0"):
        odd = {**captured_by_vipps("125000", SHIPPED), "_vipps_capture_timestamp": at}
        assert booked(one("vipps", odd, **DONE)) == WHOLE


def test_a_test_payment_is_no_order_at_all() -> None:
    """PayPal's sandbox as the others'."""
    paypal = one("ppcp-gateway", {**PAYPAL, "_ppcp_paypal_payment_mode": "sandbox"}, **DONE)
    assert stopped(paypal)[0] == "test_order"


@pytest.mark.parametrize(
    ("method", "account"),
    [("nets_easy_vipps", 1920), ("nets_easy_klarna", 1920), ("vipps_card", 1903), ("vipps", 1903)],
)
def test_a_gateway_settles_all_its_methods_alike(method: str, account: int) -> None:
    """Vipps and Klarna through Nexi come with Nexi's settlement, whatever they are called."""
    made = payment(one(method, {}, **RESERVED), bank_account=None)
    assert made.account_no == account


def test_a_voucher_tells_the_method_and_the_gateways_id_cut_to_length() -> None:
    """It is what the provider's settlement names the payment by."""
    said = payment(one("vipps", {}, **RESERVED, transaction_id="Demo36")).says
    assert said == "vipps Demo36"
    assert len(payment(one("vipps", {}, **RESERVED, transaction_id="9" * 500)).says) <= 70


@pytest.mark.parametrize(
    ("meta", "says"),
    [(VIPPS, "Reservert med Vipps, trekkes ved sending"),
     (captured_by_vipps("50000", SHIPPED), "Reservert med Vipps, trekkes ved sending"),
     (captured_by_vipps("125000", SHIPPED), "Betalt 05.11.2026: Vipps"),
     ({**VIPPS, "_vipps_cancelled": "125000"}, None)],
)  # fmt: skip
def test_an_invoice_says_what_is_true_of_its_money(meta, says) -> None:
    """Paid only where all of it was captured."""
    given = one("vipps", meta, **DONE, payment_method_title="Vipps")
    made = documents(given, settings(invoices={"create": True})).sales_order.lines
    assert next((one.description for one in made if one.reference == "paid"), None) == says


def test_a_recorded_month_is_booked_by_capture_as_its_settlements_are() -> None:
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
        meta |= captured_by_vipps(str(amount), raw["_captured"][n - 1]["at_gmt"])
    said = {k: v for k, v in raw.items() if k not in {"_captured", "meta_data"}}
    whole = order(line("1"), **said, meta_data=[{"key": k, "value": v} for k, v in meta.items()])
    assert capture_of(whole, settings())
    return whole
