"""The VAT rate of each line is read from the order itself."""

from decimal import Decimal
from typing import Any

import pytest

from .orders import KARI, RATES, TAX_LINES, line, lines_of, notes_of, order, stopped


def _taxed(net: str, **vat: str) -> dict[str, Any]:
    """Return a line with VAT under several rates: `_taxed("100", r25="10", r15="3")`."""
    taxes = [{"id": RATES[int(rate[1:])], "total": amount, "subtotal": ""}
             for rate, amount in vat.items()]  # fmt: skip
    total_tax = f"{sum(map(Decimal, vat.values())):f}"
    return line(net, taxes=taxes, total_tax=total_tax, name="Klubbrabatt")


def test_a_line_at_two_rates_becomes_a_line_per_rate_and_the_rest() -> None:
    """A negative fee that the shop shared over the goods' rates keeps the VAT that it took away."""
    given = order(line("1000"), fees=({**_taxed("-200", r25="-30", r15="-6"), "id": 9},))
    fee = lines_of(given)[1:]
    assert [(one.reference, one.vat_rate, one.quantity * one.unit_price) for one in fee] == [
        ("9-25", 25, -120), ("9-15", 15, -40), ("9-0", 0, -40)]  # fmt: skip
    assert notes_of(given) == ["line_divided"]


def test_freight_at_a_weighted_rate_is_divided_too() -> None:
    """20 kr of VAT on 100 kr at 25 % is 80 kr with VAT and 20 kr without."""
    freight = lines_of(order(line("100"), freight=(_taxed("100", r25="20"),)))[1:]
    assert [(one.vat_rate, one.unit_price) for one in freight] == [(25, 80), (0, 20)]


def test_vat_that_fits_in_no_part_of_the_line_holds_the_order() -> None:
    """More VAT than the rate gives, two full rates at once, and a rate on top of another."""
    assert stopped(order(_taxed("100", r25="30")))[0] == "vat_does_not_fit"
    assert stopped(order(_taxed("100", r25="25", r15="15")))[0] == "two_rates_at_once"
    on_top = [TAX_LINES[0], {**TAX_LINES[1], "compound": True}]
    given = order(_taxed("100", r25="10", r15="1"), tax_lines=on_top)
    assert stopped(given)[0] == "two_rates_at_once"


def test_no_vat_at_a_rate_is_no_vat() -> None:
    """A customer free of VAT: the line names the rate with an amount of nothing."""
    made = lines_of(order(_taxed("100", r25="0")))
    assert [(one.reference.isdigit(), one.vat_rate) for one in made] == [(True, 0)]


@pytest.mark.parametrize("rate", [25, 15, 12])
def test_an_order_that_does_not_say_its_rates_is_read_by_its_amounts(rate: int) -> None:
    """Old and imported orders: the ratio, if PowerOffice has a rate like it."""
    nameless = [{"rate_id": RATES[rate], "rate_percent": None}]
    for tax_lines in (nameless, []):
        assert lines_of(order(line("99.90", rate), tax_lines=tax_lines))[0].vat_rate == rate


def test_a_ratio_that_is_no_rate_holds_the_order() -> None:
    """19 % is nobody's rate here; 0.01 kr of VAT may be any rate's."""
    assert stopped(order(_taxed("100", r25="19"), tax_lines=[]))[0] == "rate_unknown"
    assert stopped(order(line("0.05"), tax_lines=[]))[0] == "rate_unknown"


def test_vat_without_any_detail_holds_the_order() -> None:
    """A host or plugin that strips the taxes: on the line, or of the whole order."""
    on_line = {**line("100", 0), "total_tax": "25"}
    assert stopped(order(on_line, total="125", total_tax="25"))[0] == "vat_detail_missing"
    stripped = order(line("100", 0), total="125.00", total_tax="25.00")
    assert stopped(stripped)[0] == "vat_detail_missing"


def test_vat_that_only_the_tax_lines_have_is_noise() -> None:
    """A shop front may leave freight VAT there that no line has and nobody paid."""
    given = order(line("100"), freight=(line("79.20", 0),), total_tax="44.80")
    assert lines_of(given)[1].vat_rate == 0


def test_the_rates_own_country_goes_before_the_place_of_delivery() -> None:
    """Norwegian VAT on a parcel to Sweden is Norwegian, and Swedish VAT in Oslo is Swedish."""
    sweden = {**KARI, "country": "SE"}
    assert lines_of(order(line("100"), billing=sweden))[0].vat_rate == 25
    swedish = [{**TAX_LINES[0], "rate_code": "SE-MOMS-1"}]
    assert stopped(order(line("100"), tax_lines=swedish))[0] == "foreign_vat"
