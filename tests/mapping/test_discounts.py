"""Questions 9, 10 and 12: discounts as lines of their own."""

from decimal import Decimal
from typing import Any

from woo2po.order import Order

from .company import settings
from .orders import documents, line, lines_of, order, stopped

COUPONS = {"coupon_lines": [{"code": "sommer"}, {"code": "kr100"}]}


def _order(**changed: Any) -> Order:
    return order(
        line("900", before="1000", id=1),
        line("450", before="500", id=2),
        line("90", 15, before="100", sku="KAF-250", id=3),
        line("300", 0, sku="BOK-12", id=4),
        **{**COUPONS, **changed},
    )


def test_goods_stand_at_list_price_and_the_discount_on_a_line_per_rate() -> None:
    """Question 9 names the product; two lines of one rate share a discount line."""
    made = [(one.reference, one.product_code, one.quantity * one.unit_price, one.vat_rate)
            for one in lines_of(_order())]  # fmt: skip
    assert made == [
        ("1", "LUE-7", 1000, 25), ("2", "LUE-7", 500, 25), ("3", "KAF-250", 100, 15),
        ("4", "BOK-12", 300, 0), ("discount-25", "RABATT", -150, 25),
        ("discount-15", "RABATT15", -10, 15)]  # fmt: skip


def test_question_10_the_text_is_followed_by_the_coupon_codes() -> None:
    """A discount without a coupon has the text alone."""
    assert lines_of(_order())[-1].description == "Rabatt sommer, kr100"
    assert lines_of(_order(coupon_lines=[]))[-1].description == "Rabatt"
    chosen = settings(discounts={"description": "Avslag"})
    assert lines_of(_order(), chosen)[-1].description == "Avslag sommer, kr100"


def test_question_12_a_discount_without_vat_leaves_the_vat_of_the_full_price() -> None:
    """One gross line on a product without VAT: the total is the same."""
    chosen = settings(discounts={"transfer_vat": False})
    made, usual = documents(_order(), chosen).sales_order, documents(_order()).sales_order
    discount = made.lines[-1]
    assert (discount.reference, discount.product_code) == ("discount", "RABATT0")
    assert discount.quantity * discount.unit_price == Decimal(-199)  # 150 + 25 %, 10 + 15 %
    assert (made.amounts.total, usual.amounts.total) == (usual.amounts.total, made.amounts.total)
    assert made.amounts.vat == {25: 375, 15: 15}
    assert usual.amounts.vat == {25: Decimal("337.5"), 15: Decimal("13.5")}


def test_a_line_dearer_than_its_list_price_has_no_discount() -> None:
    """Somebody raised it by hand: its price is what was paid."""
    made = lines_of(order(line("120", before="100")))
    assert [(one.unit_price, one.quantity) for one in made] == [(120, 1)]


def test_a_whole_discount_leaves_goods_and_discount() -> None:
    """An order for nothing is an order all the same."""
    made = documents(order(line("0", before="100"))).sales_order
    assert [one.quantity * one.unit_price for one in made.lines] == [100, -100]
    assert made.amounts.total == 0


def test_list_vat_that_is_missing_is_reckoned() -> None:
    """Hosts and old orders lack the VAT before discounts."""
    bare = line("80", before="100")
    bare["taxes"] = [{"id": 1, "total": "20", "subtotal": ""}]
    made = documents(order(bare)).sales_order
    assert made.lines[-1].unit_price == 20
    assert made.amounts.vat == {25: 20}
    gross = lines_of(order(bare), settings(discounts={"transfer_vat": False}))
    assert gross[-1].unit_price == 25


def test_a_rate_without_a_discount_product_holds_the_order() -> None:
    """The key is named."""
    code, text = stopped(_order(), settings(discounts={"product_by_rate": {}}))
    assert (code, "discounts.product" in text) == ("product_unfit", True)
