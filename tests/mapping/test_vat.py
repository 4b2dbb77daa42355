"""Which product and account carry a line at the VAT rate that it was sold at."""

from dataclasses import replace
from typing import Any

import pytest

from woo2po.catalogue import Catalogue
from woo2po.documents import ProductWanted
from woo2po.order import Order

from .company import ACCOUNTS, catalogue, settings
from .orders import (
    KARI,
    TAX_LINES,
    documents,
    line,
    lines_of,
    notes_of,
    order,
    stopped,
)

SWEDISH = [{"rate_id": 1, "rate_code": "SE-SE MOMS 25%-1", "rate_percent": 25}]
TO_SWEDEN = {"tax_lines": SWEDISH, "billing": {**KARI, "country": "SE"}}


def _unknown(how: str) -> Any:
    return settings(products={"unknown": how})


def _with(code: str, **changed: Any) -> Catalogue:
    there = catalogue()
    product = replace(there.products[code], **changed)
    return replace(there, products={**there.products, code: product})


def test_a_line_goes_on_the_account_with_its_rate() -> None:
    """The standard account at 25 %, the optional one where the same goods are exported."""
    at_home = lines_of(order(line("100")))[0]
    exported = lines_of(order(line("100", 0), billing={**KARI, "country": "US"}))[0]
    assert (at_home.product_code, at_home.use_standard_account) == ("LUE-7", True)
    assert (exported.product_code, exported.use_standard_account) == ("LUE-7", False)


def test_a_product_that_cannot_carry_the_rate_gives_way_to_the_rates_fallback() -> None:
    """Whatever is to happen to unknown SKUs: this one is known."""
    for how in ("fallback", "create", "hold"):
        made = documents(order(line("100", 15)), _unknown(how))
        assert made.sales_order.lines[0].product_code == "VARE15"
        assert made.sales_order.lines[0].description == "Lue, barn"
        assert made.products == ()


def test_without_a_fallback_the_order_is_held_with_sku_rate_and_accounts() -> None:
    """The accountant sees which product has which rate on which account."""
    code, text = stopped(order(line("100", 15)), settings(products={"fallback_by_rate": {}}))
    assert code == "no_product_for_rate"
    assert "LUE-7" in text
    assert "15 %" in text
    assert "25 % (3000), 0 % (3110)" in text


@pytest.mark.parametrize("sku", ["UNKNOWN", "", "lue-7"])
def test_an_unknown_sku_goes_on_the_fallback_product(sku: str) -> None:
    """SKUs are compared exactly, and many goods have none."""
    assert lines_of(order(line("100", sku=sku)))[0].product_code == "VARE25"


def test_an_unknown_sku_is_created_on_the_fallbacks_account() -> None:
    """Once per SKU; the line knows it by its code."""
    given = order(line("100", sku="NY-1", name="Ny vare"), line("50", sku="NY-1"))
    made = documents(given, _unknown("create"))
    assert made.products == (ProductWanted("NY-1", "Ny vare", ACCOUNTS[3000].id),)
    assert [(one.product_id, one.product_code) for one in made.sales_order.lines] == [
        (None, "NY-1")] * 2  # fmt: skip


def test_what_cannot_be_created_goes_on_the_fallback_product() -> None:
    """No SKU, a code longer than PowerOffice takes, an archived one, and a second rate."""
    for sku in ("", "X" * 101):
        assert lines_of(order(line("100", sku=sku)), _unknown("create"))[0].product_code == "VARE25"
    archived = documents(order(line("100")), _unknown("create"), _with("LUE-7", archived=True))
    assert archived.sales_order.lines[0].product_code == "VARE25"
    two = lines_of(order(line("100", sku="NY-1"), line("50", 15, sku="NY-1")), _unknown("create"))
    assert [one.product_code for one in two] == ["NY-1", "VARE15"]


def test_an_unknown_sku_holds_the_order_where_the_settings_say_so() -> None:
    """The SKU and the line are named."""
    code, text = stopped(order(line("100", sku="NY-1", name="Ny vare")), _unknown("hold"))
    assert (code, "NY-1 (Ny vare)" in text) == ("sku_unknown", True)


def test_an_account_that_is_closed_is_not_used() -> None:
    """Nothing can be posted on it."""
    closed = replace(ACCOUNTS[3000], active=False)
    assert (
        lines_of(order(line("100")), None, _with("LUE-7", standard=closed))[0].product_code
        == "VARE25"
    )


@pytest.mark.parametrize("dimension", ["department", "project"])
def test_an_account_that_requires_a_dimension_needs_it_in_the_settings(dimension: str) -> None:
    """Posting would fail otherwise."""
    strict = replace(ACCOUNTS[3000], **{f"needs_{dimension}": True})
    there = _with("LUE-7", standard=strict)
    assert stopped(order(line("100")), None, there)[0] == f"{dimension}_missing"
    assert lines_of(order(line("100")), settings(dimensions={dimension: "10"}), there)


@pytest.mark.parametrize(
    ("chosen", "key"),
    [({"shipping": {"product": "", "product_by_rate": {}}}, "shipping.product"),
     ({"shipping": {"product": "NONE", "product_by_rate": {}}}, "shipping.product"),
     ({"shipping": {"product": "VARE15", "product_by_rate": {}}}, "shipping.product"),
     ({"shipping": {"product": "VARE15", "product_by_rate": {"25": "VARE12"}}},
      "shipping.product_by_rate")],
)  # fmt: skip
def test_a_missing_or_unfit_product_holds_the_order_and_names_the_key(
    chosen: dict[str, Any], key: str
) -> None:
    """Not set, not in PowerOffice, without that rate: three reasons, one key to look at."""
    code, text = stopped(order(line("100"), freight=(line("79.20"),)), settings(**chosen))
    assert code in {"product_not_set", "product_missing", "product_unfit"}
    assert key in text


def test_domestic_sales_without_vat_keep_off_the_export_account() -> None:
    """The VAT return tells the two apart: a fallback of the right kind goes before it."""
    at_home = order(line("100", 0), freight=(line("79.20", 0),))
    assert [one.product_code for one in lines_of(at_home)] == ["VARE0", "FRAKT0"]
    exported = order(
        line("100", 0), freight=(line("79.20", 0),), shipping={**KARI, "country": "SJ"}
    )
    assert [one.product_code for one in lines_of(exported)] == ["LUE-7", "FRAKT"]
    assert notes_of(at_home) == notes_of(exported) == []


def test_where_only_the_other_kind_of_account_is_there_it_is_used_and_said() -> None:
    """The amounts are right; the accountant is told that the VAT code may not be."""
    chosen = settings(shipping={"product_by_rate": {}})
    given = order(line("100"), freight=(line("79.20", 0),))
    assert lines_of(given, chosen)[1].product_code == "FRAKT"
    assert notes_of(given, chosen) == ["zero_rate_of_other_kind"]


def _swedish() -> Order:
    return order(line("1000"), freight=(line("80"),), **TO_SWEDEN)


def test_another_countrys_vat_holds_the_order() -> None:
    """It is never posted as Norwegian VAT; country and rate are named."""
    code, text = stopped(_swedish())
    assert code == "foreign_vat"
    assert "SE at 25 %" in text
    assert 'vat.foreign: { "SE25" = "..." }' in text


def test_another_countrys_vat_goes_gross_on_an_account_without_vat() -> None:
    """The total is what was paid, and no Norwegian VAT arises."""
    made = documents(_swedish(), settings(vat={"foreign": {"SE25": "OSS-GROSS"}})).sales_order
    assert [(one.unit_price, one.vat_rate) for one in made.lines] == [(1250, 0), (100, 0)]
    assert made.amounts.vat == {}


def test_a_discount_on_another_countrys_vat_goes_on_the_same_product() -> None:
    """Gross where the goods go gross, so that the two cancel out alike."""
    given = order(line("900", before="1000"), **TO_SWEDEN)
    made = lines_of(given, settings(vat={"foreign": {"SE25": "OSS-GROSS"}}))
    assert [(one.product_code, one.quantity * one.unit_price) for one in made] == [
        ("OSS-GROSS", 1250), ("OSS-GROSS", -125)]  # fmt: skip


def test_another_countrys_vat_goes_net_on_a_code_of_the_companys_own() -> None:
    """A code that begins with C, at that rate."""
    made = documents(_swedish(), settings(vat={"foreign": {"SE25": "OSS-SE25"}})).sales_order
    assert [(one.unit_price, one.vat_rate) for one in made.lines] == [(1000, 25), (80, 25)]


def test_another_countrys_vat_never_goes_on_a_norwegian_code() -> None:
    """Not even when the settings name a product of the same rate."""
    code, text = stopped(_swedish(), settings(vat={"foreign": {"SE25": "VARE25"}}))
    assert (code, "25 % (3000)" in text) == ("foreign_product_unfit", True)


@pytest.mark.parametrize(
    ("country", "goes"), [("NO", True), ("SJ", True), ("", True), ("SE", False), ("DK", False)]
)
def test_a_rate_without_a_country_is_that_of_the_place_of_delivery(
    country: str, goes: bool
) -> None:
    """A shop may name its rate `MVA`; then the delivery, else the billing country tells."""
    nameless = [{**TAX_LINES[0], "rate_code": "MVA-1"}]
    given = order(line("100"), tax_lines=nameless, billing={**KARI, "country": country})
    if goes:
        assert lines_of(given)[0].vat_rate == 25
    else:
        assert stopped(given)[0] == "foreign_vat"
