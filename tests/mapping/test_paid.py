"""What was paid, and which of the shop's amounts say it."""

from decimal import Decimal

import pytest

from woo2po.documents import ROUNDING_REFERENCE, Rounding
from woo2po.mapping import difference
from woo2po.mapping.prices import largest_rounding, paid_for

from .books import draft
from .orders import documents, line, order, stopped
from .shop import Cart, Item, Kind, checkout

ZERO = Decimal(0)
CART = Cart((Item(Decimal("79.99")), Item(Decimal("29.29")), Item(Decimal("5.55"), Decimal(15))))


@pytest.mark.parametrize(
    ("kind", "reading"),
    [(Kind(prices_with_vat=True), "taxes"), (Kind(prices_with_vat=False), "total_tax")],
)
def test_the_vat_that_sums_to_what_was_paid_is_taken(kind: Kind, reading: str) -> None:
    """`taxes` where prices are incl. VAT, the lines' rounded `total_tax` where they are not."""
    paid = paid_for(checkout(CART, kind), ZERO)
    assert (paid.reading, abs(paid.gap) < Decimal("0.00001")) == (reading, True)


def test_what_is_left_is_the_shops_own_rounding() -> None:
    """Rounded at the subtotal with prices ex VAT, the lines may be half an øre off."""
    paid = paid_for(checkout(CART, Kind(prices_with_vat=False, rounds_at_subtotal=True)), ZERO)
    assert ZERO < abs(paid.gap) <= Decimal("0.005")


def test_a_shop_of_whole_kroner_is_known_by_its_vat() -> None:
    """Each line's VAT is whole kroner where it need not be; 25.00 of 24.9975 is no sign of it."""
    assert paid_for(checkout(CART, Kind(decimals=0)), ZERO).whole_kroner
    assert not paid_for(checkout(CART, Kind()), ZERO).whole_kroner
    ex_vat = Cart((Item(Decimal("99.99"), quantity=Decimal(1)), Item(Decimal("100.01"))))
    assert not paid_for(checkout(ex_vat, Kind(prices_with_vat=False)), ZERO).whole_kroner


def test_whole_kroner_without_any_vat_are_known_by_the_sum() -> None:
    """Books at 379.50 that cost 380."""
    books = Cart((Item(Decimal("379.50"), ZERO, sku="BOK-12"),))
    made = documents(checkout(books, Kind(decimals=0))).sales_order
    assert made.amounts.total == 380
    assert [one.unit_price for one in made.lines if one.reference == ROUNDING_REFERENCE] == [
        Decimal("0.50")]  # fmt: skip


@pytest.mark.parametrize(
    ("amounts", "whole", "most"),
    [(1, False, "0.01"), (6, False, "0.035"), (1, True, "1"), (6, True, "2"), (9999, False, "2")],
)
def test_the_bound_of_the_rounding_line(amounts: int, whole: bool, most: str) -> None:
    """Half an øre (or krone) for each amount and the sum, and never more than 2 kr."""
    assert largest_rounding(amounts, whole) == Decimal(most)


def test_lines_beyond_the_bound_hold_the_order_with_the_sums() -> None:
    """An order edited to nonsense by hand."""
    code, text = stopped(order(line("100"), line("50", 0), total="200.00"))
    assert code == "lines_do_not_sum"
    assert all(said in text for said in ("175.00", "200.00", "0.02"))
    assert stopped(order(line("-50"), line("20"), total="10.00"))[0] == "lines_do_not_sum"


def test_vat_per_rate_is_the_lines_and_its_tolerance_an_ore_a_line() -> None:
    """Goods, freight and discounts of a rate are counted together."""
    given = order(line("900", before="1000"), line("100", 15, sku="KAF-250"),
                  freight=(line("79.20"),))  # fmt: skip
    amounts = documents(given).sales_order.amounts
    assert amounts.vat == {25: Decimal("244.80"), 15: 15}
    assert amounts.vat_tolerance == {25: Decimal("0.03"), 15: Decimal("0.01")}


def test_whole_kroner_of_vat_are_right_within_half_a_krone_a_line() -> None:
    """99 kr and 25 kr of VAT: no net amount at 25 % gives both, and the total must be 124."""
    given = checkout(Cart((Item(Decimal(99)),)), Kind(prices_with_vat=False, decimals=0))
    made = documents(given).sales_order
    assert (made.amounts.total, made.amounts.vat) == (124, {25: 25})
    for way in Rounding:
        assert difference(made, draft(made, way)) is None


def test_what_gift_cards_paid_is_left_out_of_the_comparison() -> None:
    """Which VAT sums to what was paid is asked of the lines less the cards."""
    given = order({**line("100.01"), "total_tax": "25.00"}, total="25.01",
                  gift_cards=[{"amount": "100.00"}])  # fmt: skip
    assert documents(given).sales_order.amounts.vat == {25: 25}
