"""Questions 7 and 8: goods, freight and fees as lines at list price."""

from decimal import Decimal
from typing import Any

import pytest

from .company import settings
from .orders import line, lines_of, order


def test_every_line_of_the_shop_becomes_a_line_with_its_id_as_reference() -> None:
    """Goods, freight and fees, in the shop's order."""
    given = order(line("100", id=1), freight=(line("79.20", id=2),), fees=(line("39.20", id=3),))
    made = lines_of(given)
    assert [(one.reference, one.product_code) for one in made] == [
        ("1", "LUE-7"), ("2", "FRAKT"), ("3", "GEBYR")]  # fmt: skip


def test_question_7_and_8_freight_has_a_product_and_a_text() -> None:
    """Without a text of its own freight is called what the shop's method is called."""
    given = order(line("100"), freight=(line("79.20"),))
    assert lines_of(given)[1].description == "Hjemlevering"
    chosen = settings(shipping={"product": "VARE25", "description": "Frakt"})
    freight = lines_of(given, chosen)[1]
    assert (freight.product_code, freight.description) == ("VARE25", "Frakt")


def test_freight_at_another_rate_has_the_product_of_that_rate() -> None:
    """Food's freight at 15 %; the main product where it can carry the rate itself."""
    rates = {rate: lines_of(order(line("100", rate), freight=(line("79.20", rate),)))[1]
             for rate in (25, 15, 0)}  # fmt: skip
    assert {rate: one.product_code for rate, one in rates.items()} == {
        25: "FRAKT", 15: "FRAKT15", 0: "FRAKT0"}  # fmt: skip
    assert all(one.vat_rate == rate for rate, one in rates.items())


def test_fees_have_a_product_and_their_own_text() -> None:
    """Or the text of the settings."""
    given = order(line("100"), fees=(line("39.20", name="Fakturagebyr"),))
    assert lines_of(given)[1].description == "Fakturagebyr"
    assert lines_of(given, settings(fees={"description": "Gebyr"}))[1].description == "Gebyr"


@pytest.mark.parametrize(
    ("net", "quantity", "sent"),
    [("100", 3, ("3", "33.333333")), ("100", "0.75", ("0.75", "133.333333")),
     ("100", 0, ("1", "100")), ("0", 2, ("2", "0")), ("-100", 1, ("-1", "100")),
     ("-100", -2, ("-2", "50")), ("100", -2, ("2", "50"))],
)  # fmt: skip
def test_quantity_times_price_is_the_lines_net(
    net: str, quantity: Any, sent: tuple[str, str]
) -> None:
    """Fractions are kept, nothing for something is one, and prices are never negative."""
    made = lines_of(order(line(net, 0, sku="BOK-12", quantity=quantity), line("500", sku="LUE-7")))
    assert (made[0].quantity, made[0].unit_price) == (Decimal(sent[0]), Decimal(sent[1]))


def test_a_quantity_too_large_for_six_decimals_goes_as_one() -> None:
    """Ten thousand screws at a third of a krone would be off by 3 øre; the text says how many."""
    made = lines_of(order(line("3333.33", 25, quantity=10007, name="Skrue")))
    assert (made[0].quantity, made[0].unit_price) == (Decimal(1), Decimal("3333.33"))
    assert made[0].description == "10007 × Skrue"


def test_a_line_for_nothing_stays_on_its_own_product() -> None:
    """Bundles, gifts and free freight are shown; at 0 kr any VAT rate will do."""
    free = line("0", 0, id=5, name="Gave", sku="LUE-7")
    made = lines_of(order(line("100"), free, freight=(line("0", 0),)))
    assert [(one.product_code, one.unit_price) for one in made] == [
        ("LUE-7", 100), ("LUE-7", 0), ("FRAKT0", 0)]  # fmt: skip
    no_freight_at_0 = settings(shipping={"product": "VARE25", "product_by_rate": {}})
    assert lines_of(order(line("100"), freight=(line("0", 0),)), no_freight_at_0)[1].vat_rate == 25


def test_what_lowers_the_order_is_a_negative_line() -> None:
    """A negative fee without VAT goes without VAT, whatever the shop calls its tax status."""
    made = lines_of(order(line("500"), fees=(line("-150", 0, name="Klubbrabatt"),)))
    assert (made[1].product_code, made[1].quantity, made[1].unit_price) == ("GEBYR0", -1, 150)
    assert made[1].vat_rate == 0


def test_a_line_without_a_name_is_called_by_its_sku() -> None:
    """Something must stand there."""
    assert lines_of(order(line("100", name="")))[0].description == "LUE-7"
