"""Questions 2 and 11: numbers, prefix and references."""

from datetime import date
from typing import Any

import pytest

from woo2po.documents import SalesOrder
from woo2po.mapping.references import matching_reference, sales_order_reference

from .company import settings
from .orders import documents, line, order


def _sales_order(chosen: dict[str, Any] | None = None, **changed: Any) -> SalesOrder:
    given = order(line("100"), **changed)
    return documents(given, settings(**(chosen or {}))).sales_order


def test_question_2_the_number_goes_into_the_field_that_was_chosen() -> None:
    """customer_reference, purchase_order_reference or none; the prefix goes before it."""
    written = {}
    for where in ("customer_reference", "purchase_order_reference", "none"):
        made = _sales_order({"orders": {"write_number_to": where}}, number="1001")
        written[where] = (made.customer_reference, made.purchase_order_reference)
    assert written == {
        "customer_reference": ("shop_1001", ""),
        "purchase_order_reference": ("", "shop_1001"),
        "none": ("", ""),
    }


def test_question_11_the_prefix_stands_before_number_and_id() -> None:
    """Two shops in one company are told apart by it."""
    chosen = settings(orders={"number_prefix": "B-"})
    assert sales_order_reference(chosen, 36) == "B-36"
    assert documents(order(line("100")), chosen).sales_order.customer_reference == "B-36"


def test_the_reference_that_was_fixed_is_kept() -> None:
    """A prefix that changes later makes no second reference: it is given, not made."""
    assert _sales_order({"orders": {"number_prefix": "new_"}}).reference == "shop_36"


@pytest.mark.parametrize(
    ("number", "imported"),
    [("36", 36), ("1001", 1001), ("0036", None), ("A-36", None), ("٣٦", None), ("1_000", None),
     ("0", None), ("9223372036854775808", None), ("", None)],
)  # fmt: skip
def test_only_a_plain_number_is_an_imported_order_number(number: str, imported: int | None) -> None:
    """ImportedOrderNo is an integer; a number that would read differently is left out."""
    assert _sales_order(number=number).imported_order_no == imported


def test_a_number_is_cut_to_what_the_field_takes_and_a_missing_one_is_the_id() -> None:
    """References are at most 50 characters."""
    assert len(_sales_order(number="9" * 80).customer_reference) == 50
    assert _sales_order(number="").customer_reference == "shop_36"


def test_the_matching_reference_tells_two_shops_with_one_prefix_apart() -> None:
    """It comes from the shop's host and folder, not from scheme or port, and fits the field."""
    shops = ["https://a.no", "http://127.0.0.1:8080", "http://127.0.0.1:9090", "https://a.no/shop"]
    made = [matching_reference(settings(woocommerce={"url": url}), 36) for url in shops]
    assert made[1] == made[2]
    assert len({made[0], made[1], made[3]}) == 3
    assert max(map(len, made)) <= 50


def test_the_order_is_dated_in_the_shops_zone() -> None:
    """Half past eleven in the evening UTC is the next day in Oslo."""
    assert _sales_order().order_date == date(2026, 11, 3)


def test_dimensions_come_from_the_settings() -> None:
    """Only those that are named."""
    made = _sales_order({"dimensions": {"department": "10", "location": "OSLO"}})
    assert made.dimensions == {"department": "10", "location": "OSLO"}
