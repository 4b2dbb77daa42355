"""Questions 7 to 10 and 12: goods, freight, fees, discounts and gift cards as lines; their VAT."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest

from tests.mapping.company import ACCOUNTS
from tests.mapping.orders import *

SVALBARD = {"shipping": {**KARI, "country": "SJ"}}
CODE, PLAIN = "6HBQ-MSRJ", "gave-1234-abcd"
GROSS = settings(discounts={"transfer_vat": False})
HIDDEN = settings(gift_cards={"hidden": "gift_card"})
NO_PRODUCT = settings(gift_cards={"product": ""})
UNKNOWN = {how: settings(products={"unknown": how}) for how in ("fallback", "create", "hold")}
APART = settings(vat={"foreign": {"SE25": {"product": "OSS", "vat_product": "OSS-MVA-SE"}}})
LEAVES_VAT = APART.model_copy(update={"discounts": GROSS.discounts})
FREIGHT = order(line("100"), freight=(line("79.20"),))
SWEDISH = order(line("1000"), freight=(line("80"),), **TO_SWEDEN)
BY_SKU = order(line("500", 0, sku="GAVE-500"))
CLOSED = replace(ACCOUNTS[3000], active=False)


def texts(given, *how):
    return [one.description for one in lines_of(given, *how)]


def with_product(code, **changed):
    there = catalogue()
    product = replace(there.products[code], **changed)
    return replace(there, products={**there.products, code: product})


def with_fee(net, rate=0, goods="500", **fee):
    return order(line(goods), fees=(line(net, rate, **fee),))


def taxed(net, **vat):
    """Return a line with VAT under several rates: `taxed("100", r25="10", r15="3")`."""
    taxes = [{"id": RATES[int(rate[1:])], "total": amount, "subtotal": ""}
             for rate, amount in vat.items()]  # fmt: skip
    total_tax = f"{sum(map(Decimal, vat.values())):f}"
    return line(net, taxes=taxes, total_tax=total_tax, name="Klubbrabatt")


def discounted(**changed):
    lines = (line("900", before="1000", id=1), line("450", before="500", id=2),
             line("90", 15, before="100", sku="KAF-250", id=3),
             line("300", 0, sku="BOK-12", id=4))  # fmt: skip
    return order(*lines, **{"coupon_lines": [{"code": "sommer"}, {"code": "kr100"}], **changed})


def card(rate=0, key="", value=CODE):
    meta = [{"key": key, "value": value}] if key else []
    return order(line("500", rate, sku="X", name="Gavekort 500", meta_data=meta))


def coupon(code, net="400.00", vat="100.00", *, kind="fixed_cart", id_=0):
    """Return a coupon as the shop tells it; one that a plugin makes up has the id 0."""
    info = json.dumps([id_, code, None, 500])
    return {"code": code, "discount": net, "discount_tax": vat, "discount_type": kind,
            "meta_data": [{"key": "coupon_info", "value": info}]}  # fmt: skip


LOWERED = line("400", before="800")
YITH = {"_ywgc_applied_gift_cards": {CODE: "300", "B": 200}}
BESIDE_YITH = [{"key": "_ywgc_applied_gift_cards", "value": {"AAAA": "100"}}]
AS_FEE = [{"key": "_ywgc_applied_gift_cards", "value": {CODE: 300}},
          {"key": "ywgc_gift_card_updated_as_fee", "value": "1"}]  # fmt: skip
NAMED = [{"gift_cards": [{"id": 1, "code": CODE, "amount": "300.00"},
                         {"id": 2, "code": CODE, "amount": "200.00"}]},
         {"meta_data": [{"key": key, "value": value} for key, value in YITH.items()]}]  # fmt: skip
BARE = {**line("80", before="100"), "taxes": [{"id": 1, "total": "20", "subtotal": ""}]}
TIENDE = coupon("tiende", "80.00", "20.00", kind="percent", id_=7)
WHOLE = order(line("666", before="1000", total_tax="167"), total="833", total_tax="167",
              prices_include_tax=False,
              coupon_lines=[coupon("x", "334", "84", kind="smart_coupon", id_=7)])  # fmt: skip


@pytest.mark.parametrize(
    ("given", "chosen", "lines"),
    [# Quantity times price is the line's net: fractions are kept, nothing for something is one,
     # and prices are never negative.
     *[(order(line(net, 0, sku="BOK-12", quantity=quantity), line("500")), None,
        [f"BOK-12 {sent} at 0", "LUE-7 1 x 500 at 25"]) for net, quantity, sent in (
         ("100", 3, "3 x 33.333333"), ("100", "0.75", "0.75 x 133.333333"), ("100", 0, "1 x 100"),
         ("0", 2, "2 x 0"), ("-100", 1, "-1 x 100"), ("-100", -2, "-2 x 50"),
         ("100", -2, "2 x 50"))],
     # Ten thousand screws at a third of a krone would be off by 3 øre: they go as one.
     (order(line("3333.33", quantity=10007)), None, ["LUE-7 1 x 3333.33 at 25"]),
     # Free freight is shown; at 0 kr any VAT rate will do.
     (order(line("100"), freight=(line("0", 0),)),
      settings(shipping={"product": "VARE25", "product_by_rate": {}}),
      ["LUE-7 1 x 100 at 25", "VARE25 1 x 0 at 25"]),
     # What lowers the order has no list price. A price raised by hand is what was paid.
     (order(line("500"), line("-120", before="-100")), None,
      ["LUE-7 1 x 500 at 25", "LUE-7 -1 x 120 at 25"]),
     (order(line("120", before="100")), None, ["LUE-7 1 x 120 at 25"]),
     # Hosts and old orders lack the VAT before discounts: it is reckoned.
     (order(BARE), None, ["LUE-7 1 x 100 at 25", "RABATT -1 x 20 at 25"]),
     (order(BARE), GROSS, ["LUE-7 1 x 100 at 25", "RABATT0 -1 x 25 at 0"]),
     # A gift card is known by the meta of its plugin or by its SKU, and not by its name.
     *[(card(key=key), None, ["GAVEKORT 1 x 500 at 0"]) for key in (
         "pw_gift_card_number", "wc_gc_giftcard_code", "_ywgc_gift_card_code",
         "izettle_gift_card")],
     # On an account of exempt sales too, if there is no other.
     (BY_SKU, settings(gift_cards={"product": "VARE0"}), ["VARE0 1 x 500 at 0"]),
     (card(), None, ["VARE0 1 x 500 at 0"]),
     # A negative fee so named is a used one; a discount that a plugin makes as a fee is none.
     *[(with_fee("-100", name=name), None, ["LUE-7 1 x 500 at 25", "GAVEKORT -1 x 100 at 0"])
       for name in (f"Gavekort {CODE}", f"Gift Card ({CODE})", "GAVEKORT")],
     (with_fee("-100", 25, name="Gavekort"), None,
      ["LUE-7 1 x 500 at 25", "GEBYR -1 x 100 at 25"]),
     # Cards that the order names are lines if they lowered the total. If the total is that of the
     # lines they stand among them already; one that YITH made a fee of is not counted twice.
     *[(order(line("800"), total="500.00", **named), None,
        ["LUE-7 1 x 800 at 25", "GAVEKORT -1 x 300 at 0", "GAVEKORT -1 x 200 at 0"])
       for named in NAMED],
     *[(order(line("800"), **named), None, ["LUE-7 1 x 800 at 25"]) for named in NAMED],
     (order(line("800"), fees=(line("-300", 0, name="Gift Card"),), meta_data=AS_FEE), None,
      ["LUE-7 1 x 800 at 25", "GAVEKORT -1 x 300 at 0"]),
     # One that a plugin redeems as a coupon, beside a tenth off 1000.00 by the shop's own: 80 net
     # are a discount, 400 are none; and beside a card of YITH's.
     (order(line("320", before="800"), coupon_lines=[TIENDE, coupon(PLAIN)]), None,
      ["LUE-7 1 x 800 at 25", "RABATT -1 x 80 at 25", "GAVEKORT -1 x 500 at 0"]),
     (order(LOWERED, total="400.00", meta_data=BESIDE_YITH, coupon_lines=[coupon(PLAIN)]), None,
      ["LUE-7 1 x 800 at 25", "GAVEKORT -1 x 100 at 0", "GAVEKORT -1 x 500 at 0"]),
     # 334 off 1000 takes 83.50 of VAT, told as 334 and 84 (167 is left): the goods are 1250, and
     # 833 were paid in money.
     (WHOLE, None, ["LUE-7 1 x 1000 at 25", "GAVEKORT -1 x 417 at 0"]),
     # Per cent, points, a code that words make, coupons of the shop's own, and what the settings
     # leave out are no card.
     *[(order(LOWERED, coupon_lines=[used]), chosen,
        ["LUE-7 1 x 800 at 25", "RABATT -1 x 400 at 25"]) for used, chosen in (
         (coupon("6hbq-msrj", kind="percent"), None), (coupon("wc_points_7x5"), None),
         (coupon("mengderabatt"), None), (coupon("x", id_=7), None),
         (coupon(PLAIN), settings(gift_cards={"coupon_codes": ["!gave-*"]})))],
     # 20 kr of VAT on 100 kr at 25 % is 80 kr with VAT and 20 kr without.
     (order(line("100"), freight=(taxed("100", r25="20"),)), None,
      ["LUE-7 1 x 100 at 25", "FRAKT 1 x 80 at 25", "FRAKT0 1 x 20 at 0"]),
     # A second rate of a new SKU goes on the fallback.
     (order(line("100", sku="NY-1"), line("50", 15, sku="NY-1")), UNKNOWN["create"],
      ["NY-1 1 x 100 at 25", "VARE15 1 x 50 at 15"]),
     # Where only an export account is there a domestic sale without VAT goes on it.
     (order(line("100", 0, sku="NY-1"), freight=(line("79.20", 0),)),
      settings(shipping={"product_by_rate": {}}), ["VARE0 1 x 100 at 0", "FRAKT 1 x 79.2 at 0"]),
     # Question 12 = false is of Norwegian VAT, not of another country's.
     *[(order(line("900", before="1000"), **TO_SWEDEN), chosen,
        ["OSS 1 x 1000 at 0", "OSS -1 x 100 at 0", "OSS-MVA-SE 1 x 225 at 0"])
       for chosen in (APART, LEAVES_VAT)],
     (order(line("100"), fees=(line("24", name="Pant"),), **TO_SWEDEN),
      APART.model_copy(update={"fees": settings(fees={"by_name": {"pant": "PANT"}}).fees}),
      ["OSS 1 x 100 at 0", "OSS 1 x 24 at 0", "OSS-MVA-SE 1 x 31 at 0"])],
)  # fmt: skip
def test_what_was_sold_becomes_lines(given, chosen, lines):
    """Product, quantity, price, VAT rate; they come to what was paid."""
    assert sold(given, chosen) == lines
    made = documents(given, chosen).sales_order
    assert made.amounts.total == given.total
    assert made.amounts.vat == {} or chosen not in (APART, LEAVES_VAT)


def test_each_line_is_called_what_the_shop_or_the_settings_call_it():
    """Questions 7, 8 and 10; a text of a card has no more than four signs of its code."""
    fee = line("39.20", name="Fakturagebyr")
    given = order(line("100", name=""), freight=(line("79.20"),), fees=(fee,))
    assert texts(given) == ["LUE-7", "Hjemlevering", "Fakturagebyr"]  # nameless goods: the SKU
    chosen = settings(
        shipping={"product": "VARE25", "description": "Frakt"}, fees={"description": "Gebyr"}
    )
    assert texts(given, chosen)[1:] == ["Frakt", "Gebyr"]
    assert texts(order(line("3333.33", quantity=10007, name="Skrue"))) == ["10007 × Skrue"]
    for changed, chosen, text in (
        ({"coupon_lines": []}, None, "Rabatt"),
        ({}, settings(discounts={"description": "Avslag"}), "Avslag sommer, kr100"),
    ):  # fmt: skip
        assert texts(discounted(**changed), chosen)[-1] == text
    assert texts(with_fee("-100", name=f"Gavekort {CODE}"))[1] == "Brukt gavekort"
    own = order(line("320", before="800"), coupon_lines=[TIENDE, coupon(PLAIN)])
    assert texts(own)[1:] == ["Rabatt tiende", "Brukt gavekort …ABCD"]
    fee = {**taxed("-200", r25="-30", r15="-6"), "id": 9}
    references = [one.reference for one in lines_of(order(line("1000"), fees=(fee,)))]
    assert references[1:] == ["9-25", "9-15", "9-0"]


@pytest.mark.parametrize(
    ("given", "chosen", "codes"),
    [# A fee without VAT is no exempt sale, unless there is one beside it, or it has its product.
     (with_fee("49", name="Ekspedisjonsgebyr"), None, ["fee_is_no_sale"]),
     # A rate that nobody tells says nothing of what was given away.
     (order(line("500", id=1), line("0", 15, id=2), tax_lines=[]), None, []),
     # Nor does a tax of nothing beside the one that was charged, nor a list price without its VAT.
     (order(taxed("500", r25="125", r15="0"), tax_lines=[]), None, []),
     (order({**line("500"), "taxes": [{"id": 1, "total": "125"}]}, tax_lines=[]), None, []),
     (order(line("500", 0, sku="BOK-12"), fees=(line("-150", 0, name="Via wallet"),)), None, []),
     (with_fee("-150", name="Via wallet"), settings(fees={"by_name": {"via wallet": "PANT"}}), []),
     (order(line("1000"), fees=(taxed("-200", r25="-30", r15="-6"),)), None,
      ["line_divided", "fee_is_no_sale"]),
     # A coupon that is none of the shop's own is told apart by its code, and both are told.
     *[(order(LOWERED, coupon_lines=[coupon(code)]), None, [note]) for note, codes in (
         ("card_coupon_inferred", ("4821-9937-1203", "500123456789", "ABCD-EFGH-JKLM",
                                   "GC-00042317", "gift-1", "6hbqmsrj1x")),
         ("coupon_no_card", ("mengderabatt", "SOMMER2026", "kjøp 3 betal for 2",
                             "ywpar_discount_77", "3for2", "rabatt10"))) for code in codes],
     (order(LOWERED, coupon_lines=[coupon("mengderabatt", id_=7)]), None, []),
     *[(order(line("100"), tax_lines=[{**TAX_LINES[0], "rate_code": code}],
              billing={**KARI, "country": place}), None, notes) for code, place, notes in (
         ("MOMS 25%-1", "SE", ["vat_for_everywhere"]), ("MOMS 25%-1", "NO", []),
         ("NO-MVA 25%-1", "SE", []))],
     # What is called a card and goes as goods or a discount, as the shop has it.
     (with_fee("-100", 25, name=f"Gavekort {CODE}"), None, ["seems_a_card"]),
     (card(), None, ["seems_a_card"]), (card(25), None, []),
     (order(line("100"), fees=(line("19", name="Gavekort-konvolutt"),)), None, []),
     # Nor is a gift card that is sold below its value.
     (order(line("450", 0, before="500", sku="GAVE-500")), None, ["card_discount_is_no_sale"]),
     (order(line("450", 0, before="500", sku="BOK-12")), None, []),
     # Where only an account of the other kind is there it is used, and the accountant is told.
     (order(line("100", 0, sku="NY-1"), freight=(line("79.20", 0),)),
      settings(shipping={"product_by_rate": {}}), ["zero_rate_of_other_kind"]),
     # Nor is what was sold abroad without VAT no sale.
     (order(line("100", 0, sku="NY-1"), fees=(line("24", 0, name="Pant"),), **SVALBARD),
      settings(products={"fallback_by_rate": {"0": "PANT"}}, fees={"by_name": {"pant": "PANT"}}),
      ["export_is_no_sale"])],
)  # fmt: skip
def test_what_an_accountant_should_know_is_noted(given, chosen, codes):
    assert notes_of(given, chosen) == codes


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
     # So is that of a row for all countries, as small shops have it.
     *[(order(line("100"), tax_lines=[{**TAX_LINES[0], "rate_code": code}],
              billing={**KARI, "country": place}), 0, 25)
       for code in ("MVA-1", "MVA 25%-1") for place in ("NO", "SJ", "", "SE", "DE")]],
)  # fmt: skip
def test_the_rate_of_a_line_is_told_by_the_order(given, place, rate):
    """By the line's own tax, else by the amounts."""
    made = lines_of(given)[place]
    assert (made.vat_rate, made.reference.isdigit()) == (rate, True)


# The product and the account


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
    made = documents(given, chosen, there)
    assert [one.product_code for one in made.sales_order.lines] == [product]
    assert (made.sales_order.lines[0].description, made.products) == ("Lue, barn", ())


def test_an_account_that_requires_a_dimension_needs_it_in_the_settings():
    """Posting would fail otherwise."""
    for dimension in ("department", "project"):
        strict = replace(ACCOUNTS[3000], **{f"needs_{dimension}": True})
        there = with_product("LUE-7", standard=strict)
        assert stopped(order(line("100")), None, there)[0] == f"{dimension}_missing"
        assert lines_of(order(line("100")), settings(dimensions={dimension: "10"}), there)


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
        made = documents(given, chosen).sales_order
        assert sold(given, chosen) == ["LUE-7 1 x 800 at 25", "GAVEKORT -1 x 500 at 0"]
        assert (made.amounts.total, made.amounts.vat) == (500, {25: 200})
        assert texts(given, chosen)[1] == "Brukt gavekort …ABCD"
        # Noted where nothing says that it is a card.
        assert notes_of(given, chosen) == ([] if said else ["card_coupon_inferred"])
        assert PLAIN not in repr(made).lower()


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
    assert isinstance(outcome(given, booked=True), Documents)


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
PANT = {"fees": {"by_name": {"pant": "PANT"}}}
PLACES = {"at home": {}, "on Svalbard": {"shipping": {**KARI, "postcode": "91 70"}},
          "abroad": {"billing": {**KARI, "country": "US"}}}  # fmt: skip
EVERYTHING_ABROAD = replace(catalogue(), products={
    code: replace(one, optional=ACCOUNTS[3110] if code == "VARE0" else one.optional)
    for code, one in catalogue().products.items()})  # fmt: skip


@pytest.mark.parametrize(
    ("where", "one", "changed", "codes"),
    [("", line("100"), {}, "3 3 3"),
     ("", line("100", 15, sku="KAF-250"), {}, "31 31 31"),
     ("", line("100", 12, sku="TUR-12"), {}, "33 33 33"),
     ("", line("100", 0), {}, "held 52 52"),
     # Whose only account is of sales at home: the fallback's export account goes before it.
     ("", line("100", 0, sku="BOK-12"), {}, "5 52 52"),
     ("", line("100", 0, sku="NY"), {}, "5 52 52"),
     ("freight", line("79"), {}, "3 3 3"),
     ("freight", line("79", 0), {}, "5 52 52"),
     ("fees", line("24", 0), {}, "5 52 52"),
     ("fees", line("24", 0, name="Pant"), PANT, "0 0 0"),
     ("", line("500", 0, sku="GAVE-500"), {}, "0 0 0"),
     ("", line("0", before="100"), {}, "3 3 3"),
     ("", line("0", before="100"), UNTAXED, "0 0 0")],
)  # fmt: skip
def test_the_vat_code_of_a_line_is_that_of_what_it_is_and_where_it_goes(where, one, changed, codes):
    """At home, on Svalbard, abroad. Code 5 is for exempt sales at home and nothing else; what is no
    sale has none.
    """
    found = []
    for to in PLACES.values():
        sold = order(one, **to) if not where else order(**{where: (one,)}, **to)
        done = outcome(sold, settings(**changed), EVERYTHING_ABROAD)
        if isinstance(done, Hold):
            found.append("held")
            continue
        last = done.sales_order.lines[-1]
        product = EVERYTHING_ABROAD.products[last.product_code]
        account = product.standard if last.use_standard_account else product.optional
        found.append(account.vat_code.code)
    assert " ".join(found) == codes


# What is held


def freight_on(product, **by_rate):
    return settings(shipping={"product": product, "product_by_rate": by_rate})


@pytest.mark.parametrize(
    ("given", "chosen", "code", "said"),
    [# The shop's own VAT: no part of the line, or no rate, gives it; or nothing says it.
     (order(taxed("100", r25="30")), None, "vat_does_not_fit", ""),  # more VAT than the rate gives
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
     # An order that says nothing of it has the VAT of the delivery's country, else of billing's.
     # In its currency it has that also where the shop's one rate is for all countries.
     *[(order(line("100"), tax_lines=[{**TAX_LINES[0], "rate_code": code}], currency=currency,
              billing={**KARI, "country": country}), None, "foreign_vat", "")
       for country, code, currency in (("SE", "", "NOK"), ("DK", "", "NOK"),
                                       ("SE", "MOMS 25%-1", "SEK"))],
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
     (SWEDISH, settings(vat={"foreign": {"SE25": "VARE25"}}), "foreign_product_unfit",
      "25 % (3000)"),
     (SWEDISH, settings(vat={"foreign": {"SE25": "NONE"}}), "product_missing", "vat.foreign.SE25"),
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
     # A coupon of the shop's own explains what is missing to the øre; no more of it is told.
     (order(line("800"), total="500.00", coupon_lines=[coupon(PLAIN, kind="w", id_=7)]), None,
      "coupon_below_lines", "ABCD|500.00"),
     # One that lowered neither lines nor total; one beside a coupon on goods of two rates.
     (order(line("800"), coupon_lines=[coupon(PLAIN)]), None, "lines_do_not_sum", "1000.00|500.00"),
     (order(line("320", before="800"), line("100", 15, before="110"),
            coupon_lines=[TIENDE, coupon(PLAIN)]), None, "card_beside_coupon", "500.00"),
     (discounted(), settings(discounts={"product_by_rate": {}}), "product_unfit",
      "discounts.product"),
     # A card leaves the VAT as it was: lines that an old version answers twice are none.
     (order({**line("80"), "id": 7}, {**line("80"), "id": 8}, total="100", total_tax="20"), HIDDEN,
      "lines_do_not_sum", "200.00"),
     # Nor is a krone above them a shop of whole kroner, whose VAT would be off as well.
     (order(line("42"), line("58"), total="126.00"), None, "lines_do_not_sum", "125.00|126.00"),
     # A total above its lines is never a card.
     (order(line("100"), total="500.00"), HIDDEN, "lines_do_not_sum", "")],
)  # fmt: skip
def test_what_cannot_be_booked_is_held_and_says_why(given, chosen, code, said):
    """With the product, the rate, the key, or the sums."""
    got, text = stopped(given, chosen)
    assert (got, [one for one in said.split("|") if one not in text]) == (code, [])
    assert PLAIN not in text
