"""Orders that are not booked as they stand."""

from typing import Any

import pytest

from woo2po.holds import Hold, Skip

from .company import settings
from .orders import line, order, outcome, stopped


def _meta(key: str, value: object) -> dict[str, Any]:
    return {"meta_data": [{"key": key, "value": value}]}


@pytest.mark.parametrize(
    ("key", "mode"),
    [("_wcpay_mode", "test"), ("_wc_klarna_environment", "playground"),
     ("_wc_klarna_environment", "test"), ("_wc_dintero_checkout_environment", "Test")],
)  # fmt: skip
def test_an_order_paid_in_test_mode_is_skipped(key: str, mode: str) -> None:
    """No money was paid, so there is nothing to book, now or later."""
    given = order(line("100"), **_meta(key, mode))
    assert isinstance(outcome(given), Skip)
    assert stopped(given)[0] == "test_order"
    assert not isinstance(outcome(order(line("100"), **_meta(key, "live"))), Skip)


def test_a_vendors_suborder_is_skipped() -> None:
    """Marketplaces repeat the parent's lines on an order per vendor; the parent is booked."""
    yith = order(line("100"), created_via="yith_wcmv_vendor_suborder", parent_id=35)
    dokan = order(line("100"), parent_id=35, **_meta("_dokan_vendor_id", "7"))
    via_dokan = order(line("100"), parent_id=35, created_via="dokan")
    assert {stopped(one)[0] for one in (yith, dokan, via_dokan)} == {"vendor_suborder"}
    assert isinstance(outcome(dokan), Skip)


def test_dokans_parent_order_goes() -> None:
    """Only an order with a parent repeats another."""
    assert not isinstance(outcome(order(line("100"), created_via="dokan")), Hold | Skip)


def test_any_other_child_order_is_held() -> None:
    """The same sale may stand on the parent, so a person decides."""
    code, text = stopped(order(line("100"), parent_id=35))
    assert (code, "order 35" in text) == ("child_order", True)


@pytest.mark.parametrize("said", ["yes", True, "1"])
def test_an_order_with_a_deposit_is_held(said: object) -> None:
    """What was paid is not what was sold, and a second order may follow for the rest."""
    assert (
        stopped(order(line("100"), **_meta("_wc_deposits_order_has_deposit", said)))[0] == "deposit"
    )
    assert isinstance(outcome(order(line("100"), status="partially-paid")), Hold)


@pytest.mark.parametrize("currency", ["kr", "&#107;&#114;", "", "nok", "KRON"])
def test_a_currency_that_is_no_code_is_held(currency: str) -> None:
    """`kr` may be Norwegian, Swedish or Danish kroner."""
    assert stopped(order(line("100"), currency=currency))[0] == "currency_unreadable"


def test_another_currency_than_nok_goes_in_that_currency() -> None:
    """PowerOffice keeps the currency of the order."""
    made = outcome(order(line("100"), currency="EUR"))
    assert not isinstance(made, Hold | Skip)
    assert made.sales_order.currency == "EUR"


def test_an_order_without_lines_or_below_zero_is_held() -> None:
    """Neither is a sale."""
    assert stopped(order(total="10.00"))[0] == "no_lines"
    assert stopped(order(line("-100", sku="")))[0] == "total_negative"


def test_the_shops_texts_are_cleaned_before_they_are_said() -> None:
    """An escape code in a product's name must not reach a terminal or a log."""
    spoiled = line("100", sku="NY", name="Vare\x1b]0;x\x07\r\n" + "lang " * 100)
    text = stopped(order(spoiled), settings(products={"unknown": "hold"}))[1]
    assert text.isprintable()
    assert len(text) < 400
