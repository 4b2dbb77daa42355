"""Questions 7 to 10 and 12: goods, freight, fees, discounts and gift cards as lines; their VAT."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest

from tests.mapping.company import ACCOUNTS, catalogue, settings
from tests.mapping.orders import (
    KARI,
    RATES,
    TAX_LINES,
    TO_SWEDEN,
    documents,
    line,
    lines_of,
    notes_of,
    order,
    outcome,
    sold,
    stopped,
)
from woo2po.documents import Documents, ProductWanted, Rounding
from woo2po.holds import Hold
from woo2po.mapping import documents_for
from woo2po.mapping.prices import sums_of


def texts(given, *how):
    return [one.description for one in lines_of(given, *how)]


def test_goods_freight_and_fees_become_lines_with_the_shops_ids_and_their_texts():
    """Questions 7 and 8: each is called what the shop calls it, or what the settings say."""
    given = order(line("100", id=1), freight=(line("79.20", id=2),), fees=(line("39.20", id=3),))
    made = lines_of(given)
    assert [(one.reference, one.product_code) for one in made] == [
        ("1", "LUE-7"), ("2", "FRAKT"), ("3", "GEBYR")]  # fmt: skip
    fee = line("39.20", name="Fakturagebyr")
    given = order(line("100", name=""), freight=(line("79.20"),), fees=(fee,))
    assert texts(given) == ["LUE-7", "Hjemlevering", "Fakturagebyr"]  # nameless goods: the SKU
    chosen = settings(
        shipping={"product": "VARE25", "description": "Frakt"}, fees={"description": "Gebyr"}
    )
    assert texts(given, chosen)[1:] == ["Frakt", "Gebyr"]
    assert lines_of(given, chosen)[1].product_code == "VARE25"


@pytest.mark.parametrize(("rate", "product"), [(25, "FRAKT"), (15, "FRAKT15"), (0, "FRAKT0")])
def test_freight_at_another_rate_has_the_product_of_that_rate(rate, product):
    """Food's freight at 15 %; the main product where it can carry the rate itself."""
    given = order(line("100", rate, sku="NY-1"), freight=(line("79.20", rate),))
    assert sold(given)[1] == f"{product} 1 x 79.2 at {rate}"


@pytest.mark.parametrize(
    ("net", "quantity", "sent"),
    [("100", 3, "3 x 33.333333"), ("100", "0.75", "0.75 x 133.333333"), ("100", 0, "1 x 100"),
     ("0", 2, "2 x 0"), ("-100", 1, "-1 x 100"), ("-100", -2, "-2 x 50"), ("100", -2, "2 x 50")],
)  # fmt: skip
def test_quantity_times_price_is_the_lines_net(net, quantity, sent):
    """Fractions are kept, nothing for something is one, and prices are never negative."""
    given = order(line(net, 0, sku="BOK-12", quantity=quantity), line("500", sku="LUE-7"))
    assert sold(given)[0] == f"BOK-12 {sent} at 0"


def test_a_quantity_too_large_for_six_decimals_goes_as_one():
    """Ten thousand screws at a third of a krone would be off by 3 øre; the text says how many."""
    given = order(line("3333.33", 25, quantity=10007, name="Skrue"))
    assert (sold(given), texts(given)) == (["LUE-7 1 x 3333.33 at 25"], ["10007 × Skrue"])


def test_a_line_for_nothing_stays_on_its_own_product_and_what_lowers_the_order_is_negative():
    """Bundles, gifts and free freight are shown; at 0 kr any VAT rate will do. A negative
    fee without VAT goes without VAT, whatever the shop calls its tax status.
    """
    free = line("0", 0, id=5, name="Gave", sku="LUE-7")
    made = lines_of(order(line("100"), free, freight=(line("0", 0),)))
    assert [(one.product_code, one.unit_price) for one in made] == [
        ("LUE-7", 100), ("LUE-7", 0), ("FRAKT0", 0)]  # fmt: skip
    no_freight_at_0 = settings(shipping={"product": "VARE25", "product_by_rate": {}})
    assert lines_of(order(line("100"), freight=(line("0", 0),)), no_freight_at_0)[1].vat_rate == 25
    given = order(line("500"), fees=(line("-150", 0, name="Klubbrabatt"),))
    assert sold(given)[1] == "GEBYR0 -1 x 150 at 0"
    # What lowers an order is no exempt sale, unless one is lowered by it.
    assert notes_of(given) == ["fee_is_no_sale"]
    book, wallet = line("500", 0, sku="BOK-12"), line("-150", 0, name="Via wallet")
    assert notes_of(order(book, fees=(wallet,))) == []
    apart = settings(fees={"by_name": {"via wallet": "PANT"}})
    assert notes_of(order(line("500"), fees=(wallet,)), apart) == []


# Discounts

GROSS = settings(discounts={"transfer_vat": False})


def discounted(**changed):
    return order(
        line("900", before="1000", id=1),
        line("450", before="500", id=2),
        line("90", 15, before="100", sku="KAF-250", id=3),
        line("300", 0, sku="BOK-12", id=4),
        **{"coupon_lines": [{"code": "sommer"}, {"code": "kr100"}], **changed},
    )


def test_goods_stand_at_list_price_and_the_discount_on_a_line_per_rate():
    """Question 9 names the product; two lines of one rate share a discount line. Question
    10: the coupon codes follow its text. A rate without a product holds the order.
    """
    assert sold(discounted()) == [
        "LUE-7 1 x 1000 at 25", "LUE-7 1 x 500 at 25", "KAF-250 1 x 100 at 15",
        "BOK-12 1 x 300 at 0", "RABATT -1 x 150 at 25", "RABATT15 -1 x 10 at 15"]  # fmt: skip
    assert [one.reference for one in lines_of(discounted())[3:]] == [
        "4", "discount-25", "discount-15"]  # fmt: skip
    assert texts(discounted())[-1] == "Rabatt sommer, kr100"
    assert texts(discounted(coupon_lines=[]))[-1] == "Rabatt"
    chosen = settings(discounts={"description": "Avslag"})
    assert texts(discounted(), chosen)[-1] == "Avslag sommer, kr100"
    code, text = stopped(discounted(), settings(discounts={"product_by_rate": {}}))
    assert (code, "discounts.product" in text) == ("product_unfit", True)


def test_question_12_a_discount_without_vat_leaves_the_vat_of_the_full_price():
    """One gross line on a product without VAT: the total is the same."""
    made, usual = (documents(discounted(), how).sales_order for how in (GROSS, None))
    assert made.lines[-1].reference == "discount"
    assert sold(discounted(), GROSS)[-1] == "RABATT0 -1 x 199 at 0"  # 150 + 25 %, 10 + 15 %
    assert made.amounts.total == usual.amounts.total
    assert made.amounts.vat == {25: 375, 15: 15}
    assert usual.amounts.vat == {25: Decimal("337.5"), 15: Decimal("13.5")}


def test_a_whole_discount_a_line_dearer_than_its_list_price_and_list_vat_that_is_missing():
    """An order for nothing is an order all the same. A price raised by hand is what was
    paid. Hosts and old orders lack the VAT before discounts: it is reckoned.
    """
    assert sold(order(line("120", before="100"))) == ["LUE-7 1 x 120 at 25"]
    given = order(line("0", before="100"))
    assert sold(given) == ["LUE-7 1 x 100 at 25", "RABATT -1 x 100 at 25"]
    assert documents(given).sales_order.amounts.total == 0
    bare = order({**line("80", before="100"), "taxes": [{"id": 1, "total": "20", "subtotal": ""}]})
    assert sold(bare)[-1] == "RABATT -1 x 20 at 25"
    assert documents(bare).sales_order.amounts.vat == {25: 20}
    assert sold(bare, GROSS)[-1] == "RABATT0 -1 x 25 at 0"


# Gift cards: owed when sold, paid with when used, never a sale and never shown by code

CODE = "6HBQ-MSRJ"
HIDDEN = settings(gift_cards={"hidden": "gift_card"})
BY_SKU = order(line("500", 0, sku="GAVE-500"))


def card(rate=0, key="", value=CODE):
    meta = [{"key": key, "value": value}] if key else []
    return order(line("500", rate, sku="X", name="Gavekort 500", meta_data=meta))


def cards(given, *how):
    return [one for one in sold(given, *how) if one.startswith("GAVEKORT")]


@pytest.mark.parametrize(
    ("given", "is_card"),
    [*[(card(key=key), True)
       for key in ("pw_gift_card_number", "wc_gc_giftcard_code", "_ywgc_gift_card_code",
                   "izettle_gift_card")], (BY_SKU, True), (card(), False)],
)  # fmt: skip
def test_a_gift_card_is_known_by_the_meta_of_its_plugin_or_by_its_sku(given, is_card):
    """It goes without VAT on the product of what is owed to holders."""
    assert cards(given) == (["GAVEKORT 1 x 500 at 0"] if is_card else [])


@pytest.mark.parametrize("name", [f"Gavekort {CODE}", f"Gift Card ({CODE})", "GAVEKORT"])
def test_a_negative_fee_so_named_is_a_used_card(name):
    """Its name may hold the code, so the line has a text of its own. A discount that a
    plugin makes as a fee stays a fee, and one that YITH made of a card is not counted
    twice.
    """
    given = order(line("500"), fees=(line("-100", 0, name=name),))
    assert (sold(given)[1], texts(given)[1]) == ("GAVEKORT -1 x 100 at 0", "Brukt gavekort")
    for fee in (line("-100", 25, name="Gavekort"), line("-100", 0, name="Klubbrabatt")):
        assert cards(order(line("500"), fees=(fee,))) == []
    meta = [{"key": "_ywgc_applied_gift_cards", "value": {CODE: 300}},
            {"key": "ywgc_gift_card_updated_as_fee", "value": "1"}]  # fmt: skip
    given = order(line("800"), fees=(line("-300", 0, name="Gift Card"),), meta_data=meta)
    assert cards(given) == ["GAVEKORT -1 x 300 at 0"]


@pytest.mark.parametrize(
    "named",
    [{"gift_cards": [{"id": 1, "code": CODE, "amount": "300.00"},
                     {"id": 2, "code": CODE, "amount": "200.00"}]},
     {"meta_data": [{"key": "_ywgc_applied_gift_cards", "value": {CODE: "300", "B": 200}}]}],
)  # fmt: skip
def test_cards_that_the_order_names_are_lines_if_they_lowered_the_total(named):
    """A line for each; if the total is that of the lines they stand among the lines already."""
    assert cards(order(line("800"), total="500.00", **named)) == [
        "GAVEKORT -1 x 300 at 0", "GAVEKORT -1 x 200 at 0"]  # fmt: skip
    assert cards(order(line("800"), **named)) == []


def test_a_hidden_card_is_a_line_where_the_settings_say_so():
    """And it is said that it was inferred."""
    given = order(line("800"), total="500.00")
    assert cards(given, HIDDEN) == ["GAVEKORT -1 x 500 at 0"]
    assert notes_of(given, HIDDEN) == ["gift_card_inferred"]


NO_PRODUCT = settings(gift_cards={"product": ""})


def test_no_code_of_a_card_goes_anywhere():
    """Codes are money: not into texts, references, facts or notes."""
    meta = [{"key": "pw_gift_card_number", "value": CODE}]
    given = order(
        line("500", 0, sku="GAVE-500", meta_data=meta),
        line("800"),
        fees=(line("-50", 0, name=f"Gift Card ({CODE})"), line("-9", 25, name=f"Gavekort {CODE}")),
        gift_cards=[{"code": CODE, "amount": "100"}],
        total="1338.75",
    )
    assert CODE not in repr(documents(given))
    odd = {**line("-9", 25, name=f"Gavekort {CODE}"), "total_tax": "-9", "taxes": []}
    code, text = stopped(order(line("800"), fees=(odd,)))
    assert (code, CODE in text) == ("vat_detail_missing", False)


# The rate is read from the order itself


def taxed(net, **vat):
    """Return a line with VAT under several rates: `taxed("100", r25="10", r15="3")`."""
    taxes = [{"id": RATES[int(rate[1:])], "total": amount, "subtotal": ""}
             for rate, amount in vat.items()]  # fmt: skip
    total_tax = f"{sum(map(Decimal, vat.values())):f}"
    return line(net, taxes=taxes, total_tax=total_tax, name="Klubbrabatt")


def test_a_line_at_two_rates_or_a_weighted_one_becomes_a_line_per_rate_and_the_rest():
    """A negative fee that the shop shared over the goods' rates keeps the VAT that it took
    away. 20 kr of VAT on 100 kr at 25 % is 80 kr with VAT and 20 kr without.
    """
    given = order(line("1000"), fees=({**taxed("-200", r25="-30", r15="-6"), "id": 9},))
    assert sold(given)[1:] == [
        "GEBYR -1 x 120 at 25", "GEBYR15 -1 x 40 at 15", "GEBYR0 -1 x 40 at 0"]  # fmt: skip
    assert [one.reference for one in lines_of(given)[1:]] == ["9-25", "9-15", "9-0"]
    assert notes_of(given) == ["line_divided", "fee_is_no_sale"]
    given = order(line("100"), freight=(taxed("100", r25="20"),))
    assert sold(given)[1:] == ["FRAKT 1 x 80 at 25", "FRAKT0 1 x 20 at 0"]


NAMELESS = [{**TAX_LINES[0], "rate_code": "MVA-1"}]


@pytest.mark.parametrize(
    ("given", "place", "rate"),
    [(order({**taxed("100", r25="0"), "sku": "NY-1"}), 0, 0),  # a customer free of VAT
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
def test_the_rate_of_a_line_is_told_by_the_order(given, place, rate):
    """By the line's own tax, else by the amounts."""
    made = lines_of(given)[place]
    assert (made.vat_rate, made.reference.isdigit()) == (rate, True)


# The product and the account

UNKNOWN = {how: settings(products={"unknown": how}) for how in ("fallback", "create", "hold")}


def with_product(code, **changed):
    there = catalogue()
    product = replace(there.products[code], **changed)
    return replace(there, products={**there.products, code: product})


def test_an_unknown_sku_is_created_on_the_fallbacks_account():
    """Once per SKU; the line knows it by its code. A second rate goes on the fallback. A
    known one is on the standard account at 25 %, on the optional one where the same goods
    are exported.
    """
    at_home = lines_of(order(line("100")))[0]
    exported = lines_of(order(line("100", 0), billing={**KARI, "country": "US"}))[0]
    assert (at_home.product_code, at_home.use_standard_account) == ("LUE-7", True)
    assert (exported.product_code, exported.use_standard_account) == ("LUE-7", False)
    given = order(line("100", sku="NY-1", name="Ny vare"), line("50", sku="NY-1"))
    made = documents(given, UNKNOWN["create"])
    assert made.products == (ProductWanted("NY-1", "Ny vare", ACCOUNTS[3000].id),)
    assert [(one.product_id, one.product_code) for one in made.sales_order.lines] == [
        (None, "NY-1")] * 2  # fmt: skip
    two = lines_of(order(line("100", sku="NY-1"), line("50", 15, sku="NY-1")), UNKNOWN["create"])
    assert [one.product_code for one in two] == ["NY-1", "VARE15"]


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
def test_what_has_no_product_goes_on_the_fallback_of_its_rate(given, chosen, there, product):
    """Under the shop's own name."""
    made = documents(given, chosen, there)
    assert [one.product_code for one in made.sales_order.lines] == [product]
    assert (made.sales_order.lines[0].description, made.products) == ("Lue, barn", ())


FREIGHT = order(line("100"), freight=(line("79.20"),))
SWEDISH = order(line("1000"), freight=(line("80"),), **TO_SWEDEN)


@pytest.mark.parametrize("dimension", ["department", "project"])
def test_an_account_that_requires_a_dimension_needs_it_in_the_settings(dimension):
    """Posting would fail otherwise."""
    strict = replace(ACCOUNTS[3000], **{f"needs_{dimension}": True})
    there = with_product("LUE-7", standard=strict)
    assert stopped(order(line("100")), None, there)[0] == f"{dimension}_missing"
    assert lines_of(order(line("100")), settings(dimensions={dimension: "10"}), there)


def test_domestic_sales_without_vat_keep_off_the_export_account():
    """The VAT return tells the two apart: a fallback of the right kind goes before it.
    Where only the other kind is there it is used, and the accountant is told.
    """
    at_home, exported = (
        order(line("100", 0, sku=sku), freight=(line("79.20", 0),), **to)
        for sku, to in (("NY-1", {}), ("LUE-7", {"shipping": {**KARI, "country": "SJ"}}))
    )
    assert [one.product_code for one in lines_of(at_home)] == ["VARE0", "FRAKT0"]
    assert [one.product_code for one in lines_of(exported)] == ["LUE-7", "FRAKT"]
    assert notes_of(at_home) == notes_of(exported) == []
    chosen = settings(shipping={"product_by_rate": {}})
    given = order(line("100", 0, sku="NY-1"), freight=(line("79.20", 0),))
    assert lines_of(given, chosen)[1].product_code == "FRAKT"
    assert notes_of(given, chosen) == ["zero_rate_of_other_kind"]


def coupon(code, net="400.00", vat="100.00", *, kind="fixed_cart", id_=0):
    """Return a coupon as the shop tells it; one that a plugin makes up has the id 0."""
    info = json.dumps([id_, code, None, 500])
    return {"code": code, "discount": net, "discount_tax": vat, "discount_type": kind,
            "meta_data": [{"key": "coupon_info", "value": info}]}  # fmt: skip


LOWERED = line("400", before="800")
PLAIN = "gave-1234-abcd"
BY_CODE = settings(gift_cards={"coupon_codes": ["GAVE-*"]})
BY_TYPE = settings(gift_cards={"coupon_types": ["wallet"]})


@pytest.mark.parametrize(
    ("used", "chosen", "said"),
    [(coupon(PLAIN), None, False), (coupon(PLAIN), BY_CODE, True),
     (coupon(PLAIN, id_=7), BY_CODE, True),
     (coupon(PLAIN, kind="smart_coupon", id_=7), None, True),
     (coupon(PLAIN, kind="wallet"), BY_TYPE, True)],
)  # fmt: skip
def test_a_card_that_a_plugin_redeems_as_a_coupon_pays_and_takes_off_nothing(used, chosen, said):
    """Goods at list price with all their VAT, 200.00 of 1000.00, whether it lowered the lines or
    the total alone; of its code no more than the last four signs are told.
    """
    low = order(LOWERED, coupon_lines=[used])
    total_alone = order(line("800"), total="500.00", coupon_lines=[used])
    for given in (low, total_alone):
        made = documents(given, *([chosen] if chosen else [])).sales_order
        assert sold(given, chosen) == ["LUE-7 1 x 800 at 25", "GAVEKORT -1 x 500 at 0"]
        assert (made.amounts.total, made.amounts.vat[Decimal(25)]) == (500, 200)
        assert texts(given, chosen)[1] == "Brukt gavekort …ABCD"
        # Noted where nothing says that it is a card.
        assert notes_of(given, chosen) == ([] if said else ["card_coupon_inferred"])
        assert PLAIN not in repr(made).lower()


def test_a_card_beside_a_coupon_of_the_shops_own():
    """A tenth off 1000.00, then 500.00 of the rest by card: 80 net are a discount, 400 are none.
    With goods of two rates the order does not say what the card paid for.
    """
    own = coupon("tiende", "80.00", "20.00", kind="percent", id_=7)
    both = {"coupon_lines": [own, coupon(PLAIN)]}
    given = order(line("320", before="800"), **both)
    assert sold(given) == ["LUE-7 1 x 800 at 25", "RABATT -1 x 80 at 25", "GAVEKORT -1 x 500 at 0"]
    assert texts(given)[1] == "Rabatt tiende"
    given = order(line("320", before="800"), line("100", 15, before="110"), **both)
    code, said = stopped(given)
    assert (code, "500.00" in said) == ("card_beside_coupon", True)


def test_a_card_in_whole_kroner_beside_another_card_and_one_that_fits_nothing():
    """334 off 1000 without VAT takes 83.50 of VAT, told as 334 and 84 (167 is left): the goods
    are 1250, and 833 were paid in money. A card of YITH's paid 100.00 beside one as a coupon. One
    that lowered neither lines nor total is held.
    """
    whole = line("666", before="1000", total_tax="167")
    used = coupon("x", "334", "84", kind="smart_coupon", id_=7)
    given = order(
        whole, total="833", total_tax="167", prices_include_tax=False, coupon_lines=[used]
    )
    made = documents(given).sales_order
    assert sold(given) == ["LUE-7 1 x 1000 at 25", "GAVEKORT -1 x 417 at 0"]
    assert (made.amounts.total, made.amounts.vat[Decimal(25)]) == (833, 250)
    yith = [{"key": "_ywgc_applied_gift_cards", "value": {"AAAA": "100"}}]
    both = order(LOWERED, total="400.00", meta_data=yith, coupon_lines=[coupon(PLAIN)])
    assert sold(both) == [
        "LUE-7 1 x 800 at 25", "GAVEKORT -1 x 100 at 0", "GAVEKORT -1 x 500 at 0"]  # fmt: skip
    code, said = stopped(order(line("800"), coupon_lines=[coupon(PLAIN)]))
    assert (code, "1000.00" in said, "500.00" in said) == ("lines_do_not_sum", True, True)


def test_what_is_no_card_stays_a_discount_and_one_that_may_be_is_named():
    """Per cent, points, and coupons of the shop's own; one that lowers the total alone explains the
    missing 500.00 to the øre.
    """
    for used in (coupon("x", kind="percent"), coupon("wc_points_7"), coupon("x", id_=7)):
        assert sold(order(LOWERED, coupon_lines=[used]))[1] == "RABATT -1 x 400 at 25"
    by_code = settings(gift_cards={"coupon_codes": ["!gave-*"]})
    assert sold(order(LOWERED, coupon_lines=[coupon(PLAIN)]), by_code)[1] == "RABATT -1 x 400 at 25"
    given = order(line("800"), total="500.00", coupon_lines=[coupon(PLAIN, kind="w", id_=7)])
    code, said = stopped(given)
    assert (code, "ABCD" in said, "500.00" in said, PLAIN in said) == (
        "coupon_below_lines", True, True, False)  # fmt: skip


NOTED = settings(vat={"domestic_zero": "note"})


def test_goods_with_vat_that_were_sold_at_home_without_are_looked_at():
    """Held with the VAT in what was paid, or noted with it: a fifth of 500.00. What has no VAT in
    PowerOffice, or costs nothing, is sold as ever, and nothing is asked of what is booked.
    """
    given = order(line("500", 0))
    code, said = stopped(given)
    assert code == "domestic_zero"
    assert all(part in said for part in ("LUE-7", "500.00", "100.00", "25 %", "vat.domestic_zero"))
    (note,) = documents(given, NOTED).notes
    assert (note.code, note.facts["vat"]) == ("domestic_zero", Decimal("100.00"))
    assert sold(given, NOTED) == ["VARE0 1 x 500 at 0"]
    assert notes_of(order(line("379", 0, sku="BOK-12"), line("0", 0))) == []
    booked = documents_for(given, settings(), catalogue(), "shop_36", booked=True)
    assert isinstance(booked, Documents)


def test_freight_without_vat_beside_goods_with_vat_is_noted_alone():
    """It follows the goods, each rate by its share: of 90.00 that went with 300.00 at 25 % and
    300.00 at 15 %, 45.00 x 25/125 = 9.00 and 45.00 x 15/115 = 5.87 are VAT; beside books none is.
    """
    goods = line("300"), line("300", 15, sku="KAF-250")
    (note,) = documents(order(*goods, freight=(line("90", 0),))).notes
    assert (note.code, note.facts) == (
        "freight_without_vat", {"net": Decimal("90.00"), "vat": Decimal("14.87")})  # fmt: skip
    assert notes_of(order(line("379", 0, sku="BOK-12"), freight=(line("90", 0),))) == []
    assert notes_of(order(*goods, freight=(line("0", 0),))) == []


@pytest.mark.parametrize(
    ("country", "postcode", "is_export"),
    [("SJ", "", True), ("SJ", "0155", True), ("NO", "9170", True), ("NO", " 91 79 ", True),
     ("NO", "NO-9171", True), ("", "9175", True), ("NO", "8099", True), ("NO", "9169", False),
     ("NO", "9180", False), ("NO", "80990", False), ("SE", "91 70", True), ("NO", "", False)],
)  # fmt: skip
def test_svalbard_and_jan_mayen_are_exports_by_country_or_postcode(country, postcode, is_export):
    """Of the delivery. Without VAT the goods' own export account takes them; VAT that was charged
    stands as it is, and is noted.
    """
    to = {"shipping": {**KARI, "country": country, "postcode": postcode}}
    abroad = order(line("100", 0), **to)
    if not is_export:
        assert stopped(abroad)[0] == "domestic_zero"
        return
    assert sold(abroad) == ["LUE-7 1 x 100 at 0"]
    charged = documents(order(line("100"), freight=(line("40"),), **to))
    assert [one.vat_rate for one in charged.sales_order.lines] == [25, 25]
    noted = [(note.code, note.facts) for note in charged.notes]
    assert noted == ([] if country == "SE" else [("far_north_with_vat", {"vat": Decimal("35.00")})])


APART = settings(vat={"foreign": {"SE25": {"product": "OSS", "vat_product": "OSS-MVA-SE"}}})
OWN = settings(vat={"foreign": {"SE25": "OSS-SE25"}})
LEAVES_VAT = APART.model_copy(update={"discounts": GROSS.discounts})


@pytest.mark.parametrize(
    ("given", "chosen", "lines"),
    [# 1 000 and 80 net, and a quarter of both: what is owed to Sweden is no income.
     (SWEDISH, APART, ["OSS 1 x 1000 at 0", "OSS 1 x 80 at 0", "OSS-MVA-SE 1 x 270 at 0"]),
     (order(line("900", before="1000"), **TO_SWEDEN), APART,
      ["OSS 1 x 1000 at 0", "OSS -1 x 100 at 0", "OSS-MVA-SE 1 x 225 at 0"]),
     # Question 12 = false is of Norwegian VAT: Sweden is owed the 225 that were charged.
     (order(line("900", before="1000"), **TO_SWEDEN), LEAVES_VAT,
      ["OSS 1 x 1000 at 0", "OSS -1 x 100 at 0", "OSS-MVA-SE 1 x 225 at 0"]),
     # Net on a code of the company's own, which begins with C.
     (SWEDISH, OWN, ["OSS-SE25 1 x 1000 at 25", "OSS-SE25 1 x 80 at 25"])],
)  # fmt: skip
def test_another_countrys_vat_goes_where_the_settings_say(given, chosen, lines):
    """Goods, freight and discounts alike; no Norwegian VAT arises on an account without."""
    assert sold(given, chosen) == lines
    assert (documents(given, chosen).sales_order.amounts.vat == {}) is (chosen is not OWN)


def test_odd_nets_and_another_countrys_vat_come_to_what_was_paid():
    """Two at 39.99 with VAT: 63.984 net and 15.996 of VAT are 79.98, in every way of rounding."""
    given = order({**line("63.984", quantity=2), "total_tax": "16.00"}, total="79.98", **TO_SWEDEN)
    made = documents(given, APART).sales_order
    assert {sums_of(made.lines).total(way) for way in Rounding} == {Decimal("79.98")}
    (vat,) = (one for one in made.lines if one.product_code == "OSS-MVA-SE")
    assert (abs(vat.unit_price - Decimal("15.996")) <= Decimal("0.01"), vat.description) == (
        True, "MVA SE 25 %")  # fmt: skip


def test_a_fee_goes_by_words_of_its_name():
    """Whole words, case apart, the longest name first; it keeps its own name."""
    fees = {"by_name": {"pant": "PANT", "Røde  Kors": "GAVEKORT", "pant flaske": "AVRUND"},
            "description": "Gebyr"}  # fmt: skip
    names = {"Pant (12 stk)": "PANT", "Gave til røde kors": "GAVEKORT", "PANT flaske": "AVRUND",
             "Panteavgift": "GEBYR0", "Ekspress": "GEBYR0"}  # fmt: skip
    for name, product in names.items():
        given = order(line("100"), fees=(line("24", 0, name=name),))
        (_, fee) = lines_of(given, settings(fees=fees))
        own = product != "GEBYR0"
        assert (fee.product_code, fee.description) == (product, name if own else "Gebyr")
    with_vat = order(line("100"), fees=(line("24", name="Pant"),))
    assert stopped(with_vat, settings(fees=fees))[0] == "product_unfit"


# Every kind of line, by where it goes: the VAT code (SAF-T) of the account that it stands on.
UNTAXED = {"discounts": {"transfer_vat": False, "product": "PANT", "product_by_rate": {}}}
KINDS = {
    "goods at 25 %": (lambda to: order(line("100"), **to), {}),
    "goods at 15 %": (lambda to: order(line("100", 15, sku="KAF-250"), **to), {}),
    "goods at 12 %": (lambda to: order(line("100", 12, sku="TUR-12"), **to), {}),
    "goods without": (lambda to: order(line("100", 0), **to), {}),
    "a book": (lambda to: order(line("100", 0, sku="BOK-12"), **to), {}),
    "unknown goods without": (lambda to: order(line("100", 0, sku="NY"), **to), {}),
    "freight at 25 %": (lambda to: order(freight=(line("79"),), **to), {}),
    "freight without": (lambda to: order(freight=(line("79", 0),), **to), {}),
    "a fee without": (lambda to: order(fees=(line("24", 0),), **to), {}),
    "a bottle deposit": (lambda to: order(fees=(line("24", 0, name="Pant"),), **to),
                         {"fees": {"by_name": {"pant": "PANT"}}}),
    "a gift card sold": (lambda to: order(line("500", 0, sku="GAVE-500"), **to), {}),
    "a discount of 25 %": (lambda to: order(line("0", before="100"), **to), {}),
    "a discount without VAT": (lambda to: order(line("0", before="100"), **to), UNTAXED),
}  # fmt: skip
ABROAD = {"billing": {**KARI, "country": "US"}}
SVALBARD = {"shipping": {**KARI, "postcode": "91 70"}}


@pytest.mark.parametrize(
    ("what", "at_home", "on_svalbard", "abroad"),
    [("goods at 25 %", "3", "3", "3"), ("goods at 15 %", "31", "31", "31"),
     ("goods at 12 %", "33", "33", "33"), ("goods without", "held", "52", "52"),
     # Whose only account is of sales at home: the fallback's export account goes before it.
     ("a book", "5", "52", "52"), ("unknown goods without", "5", "52", "52"),
     ("freight at 25 %", "3", "3", "3"), ("freight without", "5", "52", "52"),
     ("a fee without", "5", "52", "52"), ("a bottle deposit", "0", "0", "0"),
     ("a gift card sold", "0", "0", "0"), ("a discount of 25 %", "3", "3", "3"),
     ("a discount without VAT", "0", "0", "0")],
)  # fmt: skip
def test_the_vat_code_of_a_line_is_that_of_what_it_is_and_where_it_goes(
    what, at_home, on_svalbard, abroad
):
    """Code 5 is for exempt sales at home and nothing else; what is no sale has none."""
    made, changed = KINDS[what]
    products = {code: replace(one, optional=ACCOUNTS[3110] if code == "VARE0" else one.optional)
                for code, one in catalogue().products.items()}  # fmt: skip
    there = replace(catalogue(), products=products)
    codes = []
    for to in ({}, SVALBARD, ABROAD):
        done = outcome(made(to), settings(**changed), there)
        if isinstance(done, Hold):
            codes.append("held")
            continue
        last = done.sales_order.lines[-1]
        product = there.products[last.product_code]
        account = product.standard if last.use_standard_account else product.optional
        codes.append(account.vat_code.code)
    assert codes == [at_home, on_svalbard, abroad]


# What is held


def freight_on(product, **by_rate):
    return settings(shipping={"product": product, "product_by_rate": by_rate})


@pytest.mark.parametrize(
    ("given", "chosen", "code", "said"),
    [# The shop's own VAT: no part of the line, or no rate, gives it; or nothing says it.
     (order(taxed("100", r25="30")), None, "vat_does_not_fit", ""),  # more VAT than the rate gives
     (order(taxed("100", r25="25", r15="15")), None, "two_rates_at_once", ""),
     (order(taxed("100", r25="10", r15="1"),
            tax_lines=[TAX_LINES[0], {**TAX_LINES[1], "compound": True}]), None,
      "two_rates_at_once", ""),
     # 19 % is nobody's rate here; 0.01 kr of VAT may be any rate's.
     (order(taxed("100", r25="19"), tax_lines=[]), None, "rate_unknown", ""),
     (order(line("0.05"), tax_lines=[]), None, "rate_unknown", ""),
     # A host or plugin that strips the taxes: on the line, or of the whole order.
     (order({**line("100", 0), "total_tax": "25"}, total="125", total_tax="25"), None,
      "vat_detail_missing", ""),
     (order(line("100", 0), total="125.00", total_tax="25.00"), None, "vat_detail_missing", ""),
     # The rate's own country goes before the place of delivery: Swedish VAT in Oslo is Swedish.
     (order(line("100"), tax_lines=[{**TAX_LINES[0], "rate_code": "SE-MOMS-1"}]), None,
      "foreign_vat", ""),
     # A rate named `MVA` is that of the delivery's country, else of billing's.
     *[(order(line("100"), tax_lines=NAMELESS, billing={**KARI, "country": country}), None,
        "foreign_vat", "") for country in ("SE", "DK")],
     # No product or account carries it: the accountant sees which has which rate.
     (order(line("100", 15)), settings(products={"fallback_by_rate": {}}), "no_product_for_rate",
      "LUE-7|15 %|25 % (3000), 0 % (3110)"),
     (order(line("100", sku="NY-1", name="Ny vare")), UNKNOWN["hold"], "sku_unknown",
      "NY-1 (Ny vare)"),
     (FREIGHT, freight_on(""), "product_not_set", "shipping.product"),
     (FREIGHT, freight_on("NONE"), "product_missing", "shipping.product"),
     (FREIGHT, freight_on("VARE15"), "product_unfit", "shipping.product"),
     (FREIGHT, freight_on("VARE15", **{"25": "VARE12"}), "product_unfit",
      "shipping.product_by_rate"),
     # Another country's VAT is never posted as Norwegian VAT, not even where the settings say so.
     (SWEDISH, None, "foreign_vat", 'SE at 25 %|{ "SE25" = { product = "...", vat_product = "...'),
     (SWEDISH, settings(vat={"foreign": {"SE25": "VARE25"}}), "foreign_product_unfit",
      "25 % (3000)"),
     # Nor does it become income, nor a sale of ours.
     (SWEDISH, settings(vat={"foreign": {"SE25": "OSS"}}), "foreign_product_unfit", "0 % (3110)"),
     *[(SWEDISH, settings(vat={"foreign": {"SE25": {"product": net, "vat_product": vat}}}), code,
        said) for net, vat, code, said in (
         ("OSS", "VARE0", "no_supply_account", "vat.foreign.SE25.vat_product|3100|VAT code 5"),
         ("OSS", "VARE25", "product_unfit", "vat.foreign.SE25.vat_product"),
         ("VARE15", "OSS-MVA-SE", "product_unfit", "vat.foreign.SE25.product"),
         ("OSS", "NONE", "product_missing", "vat.foreign.SE25.vat_product"))],
     # What only a person can tell of gift cards.
     (card(25, "pw_gift_card_number"), None, "gift_card_with_vat", ""),  # it is due when used
     (card(key="pw_gift_card_number"), NO_PRODUCT, "product_not_set", "gift_cards.product"),
     (BY_SKU, NO_PRODUCT, "product_not_set", "gift_cards.product"),
     (order(line("500"), fees=(line("-100", 0, name="Gavekort"),)), NO_PRODUCT,
      "product_not_set", "gift_cards.product"),
     # Cards that explain only a part, whatever is set for hidden ones: all three sums are said.
     (order(line("800"), total="500.00", gift_cards=[{"amount": "300.00"}]), HIDDEN,
      "lines_do_not_sum", "1000.00|300.00|500.00"),
     # Some plugins lower the total and the answer shows nothing of it.
     (order(line("800"), total="500.00"), None, "total_below_lines", "500.00 less|gift card"),
     # A card leaves the VAT as it was: lines that an old version answers twice are none.
     (order({**line("80"), "id": 7}, {**line("80"), "id": 8}, total="100", total_tax="20"), HIDDEN,
      "lines_do_not_sum", "200.00"),
     # A total above its lines is never a card.
     (order(line("100"), total="500.00"), HIDDEN, "lines_do_not_sum", "")],
)  # fmt: skip
def test_what_cannot_be_booked_is_held_and_says_why(given, chosen, code, said):
    """With the product, the rate, the key, or the sums."""
    got, text = stopped(given, chosen)
    assert (got, [one for one in said.split("|") if one not in text]) == (code, [])
