"""The VAT rate of each line, and which product and account carry it."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tests.mapping.company import ACCOUNTS, catalogue, settings
from tests.mapping.orders import (
    KARI,
    RATES,
    TAX_LINES,
    documents,
    line,
    lines_of,
    notes_of,
    order,
    sold,
    stopped,
)
from woo2po.catalogue import Catalogue
from woo2po.documents import ProductWanted
from woo2po.order import Order

# The rate is read from the order itself


def taxed(net: str, **vat: str) -> dict[str, Any]:
    """Return a line with VAT under several rates: `taxed("100", r25="10", r15="3")`."""
    taxes = [{"id": RATES[int(rate[1:])], "total": amount, "subtotal": ""}
             for rate, amount in vat.items()]  # fmt: skip
    total_tax = f"{sum(map(Decimal, vat.values())):f}"
    return line(net, taxes=taxes, total_tax=total_tax, name="Klubbrabatt")


def test_a_line_at_two_rates_becomes_a_line_per_rate_and_the_rest() -> None:
    """A negative fee that the shop shared over the goods' rates keeps the VAT that it took away."""
    given = order(line("1000"), fees=({**taxed("-200", r25="-30", r15="-6"), "id": 9},))
    assert sold(given)[1:] == [
        "GEBYR -1 x 120 at 25", "GEBYR15 -1 x 40 at 15", "GEBYR0 -1 x 40 at 0"]  # fmt: skip
    assert [one.reference for one in lines_of(given)[1:]] == ["9-25", "9-15", "9-0"]
    assert notes_of(given) == ["line_divided"]


def test_freight_at_a_weighted_rate_is_divided_too() -> None:
    """20 kr of VAT on 100 kr at 25 % is 80 kr with VAT and 20 kr without."""
    given = order(line("100"), freight=(taxed("100", r25="20"),))
    assert sold(given)[1:] == ["FRAKT 1 x 80 at 25", "FRAKT0 1 x 20 at 0"]


@pytest.mark.parametrize(
    ("given", "code"),
    [(order(taxed("100", r25="30")), "vat_does_not_fit"),  # more VAT than the rate gives
     (order(taxed("100", r25="25", r15="15")), "two_rates_at_once"),
     (order(taxed("100", r25="10", r15="1"),
            tax_lines=[TAX_LINES[0], {**TAX_LINES[1], "compound": True}]), "two_rates_at_once"),
     # 19 % is nobody's rate here; 0.01 kr of VAT may be any rate's.
     (order(taxed("100", r25="19"), tax_lines=[]), "rate_unknown"),
     (order(line("0.05"), tax_lines=[]), "rate_unknown"),
     # A host or plugin that strips the taxes: on the line, or of the whole order.
     (order({**line("100", 0), "total_tax": "25"}, total="125", total_tax="25"),
      "vat_detail_missing"),
     (order(line("100", 0), total="125.00", total_tax="25.00"), "vat_detail_missing"),
     # The rate's own country goes before the place of delivery: Swedish VAT in Oslo is Swedish.
     (order(line("100"), tax_lines=[{**TAX_LINES[0], "rate_code": "SE-MOMS-1"}]), "foreign_vat")],
)  # fmt: skip
def test_vat_that_cannot_be_told_holds_the_order(given: Order, code: str) -> None:
    """No part of the line, or no rate, gives it; or nothing says it."""
    assert stopped(given)[0] == code


NAMELESS = [{**TAX_LINES[0], "rate_code": "MVA-1"}]


@pytest.mark.parametrize(
    ("given", "place", "rate"),
    [(order(taxed("100", r25="0")), 0, 0),  # a customer free of VAT
     # Old and imported orders: the ratio, if PowerOffice has a rate like it.
     *[(order(line("99.90", rate), tax_lines=lines), 0, rate) for rate in (25, 15, 12)
       for lines in ([{"rate_id": RATES[rate], "rate_percent": None}], [])],
     # VAT that only the tax lines have is noise: a shop front may leave freight VAT there.
     (order(line("100"), freight=(line("79.20", 0),), total_tax="44.80"), 1, 0),
     # Norwegian VAT on a parcel to Sweden is Norwegian.
     (order(line("100"), billing={**KARI, "country": "SE"}), 0, 25),
     *[(order(line("100"), tax_lines=NAMELESS, billing={**KARI, "country": place}), 0, 25)
       for place in ("NO", "SJ", "")]],
)  # fmt: skip
def test_the_rate_of_a_line_is_told_by_the_order(given: Order, place: int, rate: int) -> None:
    """By the line's own tax, else by the amounts."""
    made = lines_of(given)[place]
    assert (made.vat_rate, made.reference.isdigit()) == (rate, True)


@pytest.mark.parametrize("country", ["SE", "DK"])
def test_a_rate_without_a_country_is_that_of_the_place_of_delivery(country: str) -> None:
    """A shop may name its rate `MVA`; then the delivery, else the billing country tells."""
    given = order(line("100"), tax_lines=NAMELESS, billing={**KARI, "country": country})
    assert stopped(given)[0] == "foreign_vat"


# The product and the account

TO_SWEDEN = {"tax_lines": [{"rate_id": 1, "rate_code": "SE-SE MOMS 25%-1", "rate_percent": 25}],
             "billing": {**KARI, "country": "SE"}}  # fmt: skip
UNKNOWN = {how: settings(products={"unknown": how}) for how in ("fallback", "create", "hold")}


def with_product(code: str, **changed: Any) -> Catalogue:
    there = catalogue()
    product = replace(there.products[code], **changed)
    return replace(there, products={**there.products, code: product})


def test_a_line_goes_on_the_account_with_its_rate() -> None:
    """The standard account at 25 %, the optional one where the same goods are exported."""
    at_home = lines_of(order(line("100")))[0]
    exported = lines_of(order(line("100", 0), billing={**KARI, "country": "US"}))[0]
    assert (at_home.product_code, at_home.use_standard_account) == ("LUE-7", True)
    assert (exported.product_code, exported.use_standard_account) == ("LUE-7", False)


CLOSED = replace(ACCOUNTS[3000], active=False)


@pytest.mark.parametrize(
    ("given", "chosen", "there", "product"),
    [# A product that cannot carry the rate, whatever is to happen to unknown SKUs: it is known.
     *[(order(line("100", 15)), how, None, "VARE15") for how in UNKNOWN.values()],
     # SKUs are compared exactly, and many goods have none.
     *[(order(line("100", sku=sku)), None, None, "VARE25") for sku in ("UNKNOWN", "", "lue-7")],
     # What cannot be created: no SKU, a code longer than PowerOffice takes, an archived one.
     *[(order(line("100", sku=sku)), UNKNOWN["create"], None, "VARE25") for sku in ("", "X" * 101)],
     (order(line("100")), UNKNOWN["create"], with_product("LUE-7", archived=True), "VARE25"),
     # Nothing can be posted on a closed account.
     (order(line("100")), None, with_product("LUE-7", standard=CLOSED), "VARE25")],
)  # fmt: skip
def test_what_has_no_product_of_its_own_goes_on_the_fallback_of_its_rate(
    given: Order, chosen: Any, there: Any, product: str
) -> None:
    """Under the shop's own name."""
    made = documents(given, chosen, there)
    assert [one.product_code for one in made.sales_order.lines] == [product]
    assert (made.sales_order.lines[0].description, made.products) == ("Lue, barn", ())


def test_an_unknown_sku_is_created_on_the_fallbacks_account() -> None:
    """Once per SKU; the line knows it by its code. A second rate goes on the fallback."""
    given = order(line("100", sku="NY-1", name="Ny vare"), line("50", sku="NY-1"))
    made = documents(given, UNKNOWN["create"])
    assert made.products == (ProductWanted("NY-1", "Ny vare", ACCOUNTS[3000].id),)
    assert [(one.product_id, one.product_code) for one in made.sales_order.lines] == [
        (None, "NY-1")] * 2  # fmt: skip
    two = lines_of(order(line("100", sku="NY-1"), line("50", 15, sku="NY-1")), UNKNOWN["create"])
    assert [one.product_code for one in two] == ["NY-1", "VARE15"]


FREIGHT = order(line("100"), freight=(line("79.20"),))
SWEDISH = order(line("1000"), freight=(line("80"),), **TO_SWEDEN)


def freight_on(product: str, **by_rate: str) -> Any:
    return settings(shipping={"product": product, "product_by_rate": by_rate})


@pytest.mark.parametrize(
    ("given", "chosen", "code", "said"),
    [(order(line("100", 15)), settings(products={"fallback_by_rate": {}}), "no_product_for_rate",
      "LUE-7|15 %|25 % (3000), 0 % (3110)"),
     (order(line("100", sku="NY-1", name="Ny vare")), UNKNOWN["hold"], "sku_unknown",
      "NY-1 (Ny vare)"),
     (FREIGHT, freight_on(""), "product_not_set", "shipping.product"),
     (FREIGHT, freight_on("NONE"), "product_missing", "shipping.product"),
     (FREIGHT, freight_on("VARE15"), "product_unfit", "shipping.product"),
     (FREIGHT, freight_on("VARE15", **{"25": "VARE12"}), "product_unfit",
      "shipping.product_by_rate"),
     # Another country's VAT is never posted as Norwegian VAT, not even where the settings say so.
     (SWEDISH, None, "foreign_vat", 'SE at 25 %|vat.foreign: { "SE25" = "..." }'),
     (SWEDISH, settings(vat={"foreign": {"SE25": "VARE25"}}), "foreign_product_unfit",
      "25 % (3000)")],
)  # fmt: skip
def test_a_line_that_nothing_carries_holds_the_order_and_names_product_rate_and_key(
    given: Order, chosen: Any, code: str, said: str
) -> None:
    """The accountant sees which product has which rate on which account."""
    got, text = stopped(given, chosen)
    assert (got, [one for one in said.split("|") if one not in text]) == (code, [])


@pytest.mark.parametrize("dimension", ["department", "project"])
def test_an_account_that_requires_a_dimension_needs_it_in_the_settings(dimension: str) -> None:
    """Posting would fail otherwise."""
    strict = replace(ACCOUNTS[3000], **{f"needs_{dimension}": True})
    there = with_product("LUE-7", standard=strict)
    assert stopped(order(line("100")), None, there)[0] == f"{dimension}_missing"
    assert lines_of(order(line("100")), settings(dimensions={dimension: "10"}), there)


def test_domestic_sales_without_vat_keep_off_the_export_account() -> None:
    """The VAT return tells the two apart: a fallback of the right kind goes before it."""
    at_home, exported = (
        order(line("100", 0), freight=(line("79.20", 0),), **to)
        for to in ({}, {"shipping": {**KARI, "country": "SJ"}})
    )
    assert [one.product_code for one in lines_of(at_home)] == ["VARE0", "FRAKT0"]
    assert [one.product_code for one in lines_of(exported)] == ["LUE-7", "FRAKT"]
    assert notes_of(at_home) == notes_of(exported) == []


def test_where_only_the_other_kind_of_account_is_there_it_is_used_and_said() -> None:
    """The amounts are right; the accountant is told that the VAT code may not be."""
    chosen = settings(shipping={"product_by_rate": {}})
    given = order(line("100"), freight=(line("79.20", 0),))
    assert lines_of(given, chosen)[1].product_code == "FRAKT"
    assert notes_of(given, chosen) == ["zero_rate_of_other_kind"]


@pytest.mark.parametrize(
    ("given", "product", "lines"),
    [# Gross on an account without VAT: the total is what was paid, and no Norwegian VAT arises.
     (SWEDISH, "OSS-GROSS", ["OSS-GROSS 1 x 1250 at 0", "OSS-GROSS 1 x 100 at 0"]),
     (order(line("900", before="1000"), **TO_SWEDEN), "OSS-GROSS",
      ["OSS-GROSS 1 x 1250 at 0", "OSS-GROSS -1 x 125 at 0"]),
     # Net on a code of the company's own, which begins with C.
     (SWEDISH, "OSS-SE25", ["OSS-SE25 1 x 1000 at 25", "OSS-SE25 1 x 80 at 25"])],
)  # fmt: skip
def test_another_countrys_vat_goes_on_the_product_that_the_settings_name(
    given: Order, product: str, lines: list[str]
) -> None:
    """Goods, freight and discounts alike."""
    chosen = settings(vat={"foreign": {"SE25": product}})
    assert sold(given, chosen) == lines
    assert (documents(given, chosen).sales_order.amounts.vat == {}) is (product == "OSS-GROSS")
