"""Questions 7 to 10 and 12: goods, freight, fees, discounts and gift cards as lines."""

from decimal import Decimal
from typing import Any

import pytest

from tests.mapping.company import settings
from tests.mapping.orders import documents, line, lines_of, notes_of, order, sold, stopped
from woo2po.order import Order


def texts(given: Order, *how: Any) -> list[str]:
    return [one.description for one in lines_of(given, *how)]


def test_every_line_of_the_shop_becomes_a_line_with_its_id_as_reference() -> None:
    """Goods, freight and fees, in the shop's order."""
    given = order(line("100", id=1), freight=(line("79.20", id=2),), fees=(line("39.20", id=3),))
    made = lines_of(given)
    assert [(one.reference, one.product_code) for one in made] == [
        ("1", "LUE-7"), ("2", "FRAKT"), ("3", "GEBYR")]  # fmt: skip


def test_question_7_and_8_freight_and_fees_have_a_product_and_a_text() -> None:
    """Without a text of the settings each is called what the shop calls it."""
    fee = line("39.20", name="Fakturagebyr")
    given = order(line("100", name=""), freight=(line("79.20"),), fees=(fee,))
    assert texts(given) == ["LUE-7", "Hjemlevering", "Fakturagebyr"]  # nameless goods: the SKU
    chosen = settings(
        shipping={"product": "VARE25", "description": "Frakt"}, fees={"description": "Gebyr"}
    )
    assert texts(given, chosen)[1:] == ["Frakt", "Gebyr"]
    assert lines_of(given, chosen)[1].product_code == "VARE25"


@pytest.mark.parametrize(("rate", "product"), [(25, "FRAKT"), (15, "FRAKT15"), (0, "FRAKT0")])
def test_freight_at_another_rate_has_the_product_of_that_rate(rate: int, product: str) -> None:
    """Food's freight at 15 %; the main product where it can carry the rate itself."""
    given = order(line("100", rate), freight=(line("79.20", rate),))
    assert sold(given)[1] == f"{product} 1 x 79.2 at {rate}"


@pytest.mark.parametrize(
    ("net", "quantity", "sent"),
    [("100", 3, "3 x 33.333333"), ("100", "0.75", "0.75 x 133.333333"), ("100", 0, "1 x 100"),
     ("0", 2, "2 x 0"), ("-100", 1, "-1 x 100"), ("-100", -2, "-2 x 50"), ("100", -2, "2 x 50")],
)  # fmt: skip
def test_quantity_times_price_is_the_lines_net(net: str, quantity: Any, sent: str) -> None:
    """Fractions are kept, nothing for something is one, and prices are never negative."""
    given = order(line(net, 0, sku="BOK-12", quantity=quantity), line("500", sku="LUE-7"))
    assert sold(given)[0] == f"BOK-12 {sent} at 0"


def test_a_quantity_too_large_for_six_decimals_goes_as_one() -> None:
    """Ten thousand screws at a third of a krone would be off by 3 øre; the text says how many."""
    given = order(line("3333.33", 25, quantity=10007, name="Skrue"))
    assert (sold(given), texts(given)) == (["LUE-7 1 x 3333.33 at 25"], ["10007 × Skrue"])


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
    given = order(line("500"), fees=(line("-150", 0, name="Klubbrabatt"),))
    assert sold(given)[1] == "GEBYR0 -1 x 150 at 0"


# Discounts

GROSS = settings(discounts={"transfer_vat": False})


def discounted(**changed: Any) -> Order:
    return order(
        line("900", before="1000", id=1),
        line("450", before="500", id=2),
        line("90", 15, before="100", sku="KAF-250", id=3),
        line("300", 0, sku="BOK-12", id=4),
        **{"coupon_lines": [{"code": "sommer"}, {"code": "kr100"}], **changed},
    )


def test_goods_stand_at_list_price_and_the_discount_on_a_line_per_rate() -> None:
    """Question 9 names the product; two lines of one rate share a discount line."""
    assert sold(discounted()) == [
        "LUE-7 1 x 1000 at 25", "LUE-7 1 x 500 at 25", "KAF-250 1 x 100 at 15",
        "BOK-12 1 x 300 at 0", "RABATT -1 x 150 at 25", "RABATT15 -1 x 10 at 15"]  # fmt: skip
    assert [one.reference for one in lines_of(discounted())[3:]] == [
        "4", "discount-25", "discount-15"]  # fmt: skip


def test_question_10_the_text_is_followed_by_the_coupon_codes() -> None:
    """A discount without a coupon has the text alone."""
    assert texts(discounted())[-1] == "Rabatt sommer, kr100"
    assert texts(discounted(coupon_lines=[]))[-1] == "Rabatt"
    chosen = settings(discounts={"description": "Avslag"})
    assert texts(discounted(), chosen)[-1] == "Avslag sommer, kr100"


def test_question_12_a_discount_without_vat_leaves_the_vat_of_the_full_price() -> None:
    """One gross line on a product without VAT: the total is the same."""
    made, usual = (documents(discounted(), how).sales_order for how in (GROSS, None))
    assert made.lines[-1].reference == "discount"
    assert sold(discounted(), GROSS)[-1] == "RABATT0 -1 x 199 at 0"  # 150 + 25 %, 10 + 15 %
    assert made.amounts.total == usual.amounts.total
    assert made.amounts.vat == {25: 375, 15: 15}
    assert usual.amounts.vat == {25: Decimal("337.5"), 15: Decimal("13.5")}


def test_a_line_dearer_than_its_list_price_has_no_discount() -> None:
    """Somebody raised it by hand: its price is what was paid."""
    assert sold(order(line("120", before="100"))) == ["LUE-7 1 x 120 at 25"]


def test_a_whole_discount_leaves_goods_and_discount() -> None:
    """An order for nothing is an order all the same."""
    given = order(line("0", before="100"))
    assert sold(given) == ["LUE-7 1 x 100 at 25", "RABATT -1 x 100 at 25"]
    assert documents(given).sales_order.amounts.total == 0


def test_list_vat_that_is_missing_is_reckoned() -> None:
    """Hosts and old orders lack the VAT before discounts."""
    bare = order({**line("80", before="100"), "taxes": [{"id": 1, "total": "20", "subtotal": ""}]})
    assert sold(bare)[-1] == "RABATT -1 x 20 at 25"
    assert documents(bare).sales_order.amounts.vat == {25: 20}
    assert sold(bare, GROSS)[-1] == "RABATT0 -1 x 25 at 0"


def test_a_rate_without_a_discount_product_holds_the_order() -> None:
    """The key is named."""
    code, text = stopped(discounted(), settings(discounts={"product_by_rate": {}}))
    assert (code, "discounts.product" in text) == ("product_unfit", True)


# Gift cards: owed when sold, paid with when used, never a sale and never shown by code

CODE = "6HBQ-MSRJ"
HIDDEN = settings(gift_cards={"hidden": "gift_card"})
BY_SKU = order(line("500", 0, sku="GAVE-500"))


def card(rate: int = 0, key: str = "", value: object = CODE) -> Order:
    meta = [{"key": key, "value": value}] if key else []
    return order(line("500", rate, sku="X", name="Gavekort 500", meta_data=meta))


def cards(given: Order, *how: Any) -> list[str]:
    return [one for one in sold(given, *how) if one.startswith("GAVEKORT")]


@pytest.mark.parametrize(
    ("given", "is_card"),
    [*[(card(key=key), True)
       for key in ("pw_gift_card_number", "wc_gc_giftcard_code", "_ywgc_gift_card_code",
                   "izettle_gift_card")], (BY_SKU, True), (card(), False)],
)  # fmt: skip
def test_a_gift_card_is_known_by_the_meta_of_its_plugin_or_by_its_sku(
    given: Order, is_card: bool
) -> None:
    """It goes without VAT on the product of what is owed to holders."""
    assert cards(given) == (["GAVEKORT 1 x 500 at 0"] if is_card else [])


@pytest.mark.parametrize("name", [f"Gavekort {CODE}", f"Gift Card ({CODE})", "GAVEKORT"])
def test_a_negative_fee_so_named_is_a_used_card(name: str) -> None:
    """Its name may hold the code, so the line has a text of its own."""
    given = order(line("500"), fees=(line("-100", 0, name=name),))
    assert (sold(given)[1], texts(given)[1]) == ("GAVEKORT -1 x 100 at 0", "Brukt gavekort")


def test_a_fee_with_vat_or_of_another_name_is_no_gift_card() -> None:
    """A discount that a plugin makes as a fee stays a fee."""
    for fee in (line("-100", 25, name="Gavekort"), line("-100", 0, name="Klubbrabatt")):
        assert cards(order(line("500"), fees=(fee,))) == []


@pytest.mark.parametrize(
    "named",
    [{"gift_cards": [{"id": 1, "code": CODE, "amount": "300.00"},
                     {"id": 2, "code": CODE, "amount": "200.00"}]},
     {"meta_data": [{"key": "_ywgc_applied_gift_cards", "value": {CODE: "300", "B": 200}}]}],
)  # fmt: skip
def test_cards_that_the_order_names_are_lines_if_they_lowered_the_total(named: Any) -> None:
    """A line for each; if the total is that of the lines they stand among the lines already."""
    assert cards(order(line("800"), total="500.00", **named)) == [
        "GAVEKORT -1 x 300 at 0", "GAVEKORT -1 x 200 at 0"]  # fmt: skip
    assert cards(order(line("800"), **named)) == []


def test_a_card_that_became_a_fee_is_not_counted_twice() -> None:
    """YITH keeps its meta when it turns the card into a fee."""
    meta = [{"key": "_ywgc_applied_gift_cards", "value": {CODE: 300}},
            {"key": "ywgc_gift_card_updated_as_fee", "value": "1"}]  # fmt: skip
    given = order(line("800"), fees=(line("-300", 0, name="Gift Card"),), meta_data=meta)
    assert cards(given) == ["GAVEKORT -1 x 300 at 0"]


def test_a_hidden_card_is_a_line_where_the_settings_say_so() -> None:
    """And it is said that it was inferred."""
    given = order(line("800"), total="500.00")
    assert cards(given, HIDDEN) == ["GAVEKORT -1 x 500 at 0"]
    assert notes_of(given, HIDDEN) == ["gift_card_inferred"]


NO_PRODUCT = settings(gift_cards={"product": ""})


@pytest.mark.parametrize(
    ("given", "chosen", "code", "said"),
    [(card(25, "pw_gift_card_number"), None, "gift_card_with_vat", ""),  # it is due when used
     (card(key="pw_gift_card_number"), NO_PRODUCT, "product_not_set", "gift_cards.product"),
     (BY_SKU, NO_PRODUCT, "product_not_set", "gift_cards.product"),
     (order(line("500"), fees=(line("-100", 0, name="Gavekort"),)), NO_PRODUCT,
      "product_not_set", "gift_cards.product"),
     # Cards that explain only a part, whatever is set for hidden ones: all three sums are said.
     *[(order(line("800"), total="500.00", gift_cards=[{"amount": "300.00"}]), HIDDEN,
        "lines_do_not_sum", sum_) for sum_ in ("1000.00", "300.00", "500.00")],
     # Some plugins lower the total and the answer shows nothing of it.
     (order(line("800"), total="500.00"), None, "total_below_lines", "500.00 less"),
     (order(line("800"), total="500.00"), None, "total_below_lines", "gift card"),
     # A total above its lines is never a card.
     (order(line("100"), total="500.00"), HIDDEN, "lines_do_not_sum", "")],
)  # fmt: skip
def test_what_only_a_person_can_tell_of_gift_cards_is_held(
    given: Order, chosen: Any, code: str, said: str
) -> None:
    """With the key, or the sums."""
    got, text = stopped(given, chosen)
    assert (got, said in text) == (code, True)


def test_no_code_of_a_card_goes_anywhere() -> None:
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
