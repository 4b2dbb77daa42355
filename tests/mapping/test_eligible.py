"""Question 1: which orders are transferred, and which not as they stand."""

from typing import Any

import pytest

from tests.mapping.company import settings
from tests.mapping.orders import line, order, outcome, stopped
from woo2po.documents import Documents
from woo2po.holds import Hold, Skip
from woo2po.mapping import eligible
from woo2po.order import Order

PAID = {"date_paid_gmt": "2026-11-02T10:00:00"}
COMPLETED = {"date_completed_gmt": "2026-11-03T10:00:00"}


def is_eligible(listed: str, status: str, **changed: str) -> bool:
    chosen = settings(woocommerce={"statuses": [listed]})
    return eligible(order(line("100"), status=status, **changed), chosen)


@pytest.mark.parametrize("status", ["pending", "on-hold", "cancelled", "failed", "packed"])
def test_an_order_goes_in_the_statuses_that_are_listed_and_in_no_other(status: str) -> None:
    """A status of the shop's own counts like any other."""
    listed = (status, "processing", "completed")
    assert [is_eligible(one, status) for one in listed] == [True, False, False]


@pytest.mark.parametrize(
    ("listed", "status", "changed", "goes"),
    [("processing", "processing", {}, True), ("processing", "completed", {}, True),
     ("processing", "refunded", PAID, True), ("processing", "refunded", {}, False),
     # Paid is not enough where completed is listed, and processing comes before it.
     ("completed", "refunded", {**PAID, **COMPLETED}, True),
     ("completed", "refunded", PAID, False), ("completed", "processing", PAID, False),
     # What is no order yet, or no more, stays out even where somebody lists the status.
     ("checkout-draft", "checkout-draft", {}, False), ("auto-draft", "auto-draft", {}, False),
     ("trash", "trash", {}, False)],
)  # fmt: skip
def test_an_order_that_has_moved_on_goes_too(
    listed: str, status: str, changed: dict[str, str], goes: bool
) -> None:
    """With processing listed, completed counts, and refunded where the order had been paid."""
    assert is_eligible(listed, status, **changed) is goes


def test_the_first_day_is_a_day_in_the_shops_zone() -> None:
    """At 23:30 UTC on 2 November it is 3 November in Oslo, and still the 2nd in London."""
    late = order(line("100"), date_created_gmt="2026-11-02T23:30:00")
    for zone, goes in (("Europe/Oslo", True), ("Europe/London", False)):
        shop = {"orders_from": "2026-11-03", "timezone": zone}
        assert eligible(late, settings(woocommerce=shop)) is goes


# Not booked as they stand


def one(key: str = "", value: object = "", **changed: Any) -> Order:
    return order(line("100"), meta_data=[{"key": key, "value": value}] if key else [], **changed)


@pytest.mark.parametrize(
    ("given", "kind", "code", "said"),
    [(one("_wcpay_mode", "test"), Skip, "test_order", "_wcpay_mode"),
     (one("_wc_klarna_environment", "playground"), Skip, "test_order", ""),
     (one("_wc_klarna_environment", "test"), Skip, "test_order", ""),
     (one("_wc_dintero_checkout_environment", "Test"), Skip, "test_order", ""),
     # Marketplaces repeat the parent's lines on an order per vendor; the parent is booked.
     (one(created_via="yith_wcmv_vendor_suborder", parent_id=35), Skip, "vendor_suborder", ""),
     (one("_dokan_vendor_id", "7", parent_id=35), Skip, "vendor_suborder", ""),
     (one(created_via="dokan", parent_id=35), Skip, "vendor_suborder", ""),
     # The same sale may stand on the parent of any other, so a person decides.
     (one(parent_id=35), Hold, "child_order", "order 35"),
     # What was paid is not what was sold, and a second order may follow for the rest.
     (one("_wc_deposits_order_has_deposit", "yes"), Hold, "deposit", ""),
     (one("_wc_deposits_order_has_deposit", True), Hold, "deposit", ""),
     (one("_wc_deposits_order_has_deposit", "1"), Hold, "deposit", ""),
     (one(status="partially-paid"), Hold, "deposit", ""),
     # `kr` may be Norwegian, Swedish or Danish kroner.
     *[(one(currency=said), Hold, "currency_unreadable", "")
       for said in ("kr", "&#107;&#114;", "", "nok", "KRON")],
     (order(total="10.00"), Hold, "no_lines", ""),
     (order(line("-100", sku="")), Hold, "total_negative", "")],
)  # fmt: skip
def test_what_cannot_be_booked_as_it_stands_is_skipped_or_held(
    given: Order, kind: type, code: str, said: str
) -> None:
    """Skipped where there is nothing to book, now or later; else a person decides."""
    assert isinstance(outcome(given), kind)
    assert stopped(given)[0] == code
    assert said in stopped(given)[1]


def test_what_only_resembles_it_goes() -> None:
    """Paid in earnest, a marketplace's parent order, and another currency, in that currency."""
    for given in (one("_wcpay_mode", "live"), one(created_via="dokan"), one(currency="EUR")):
        made = outcome(given)
        assert isinstance(made, Documents)
        assert made.sales_order.currency == given.currency


def test_the_shops_texts_are_cleaned_before_they_are_said() -> None:
    """An escape code in a product's name must not reach a terminal or a log."""
    spoiled = line("100", sku="NY", name="Vare\x1b]0;x\x07\r\n" + "lang " * 100)
    text = stopped(order(spoiled), settings(products={"unknown": "hold"}))[1]
    assert text.isprintable()
    assert len(text) < 400
