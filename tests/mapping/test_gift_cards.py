"""Gift cards: owed when sold, paid with when used, never a sale and never shown by code."""

from typing import Any

import pytest

from woo2po.order import Order

from .company import settings
from .orders import documents, line, lines_of, notes_of, order, stopped

CODE = "6HBQ-MSRJ"
HIDDEN = {"gift_cards": {"hidden": "gift_card"}}


def _sold(rate: int = 0, **changed: Any) -> Order:
    return order(line("500", rate, sku="X", name="Gavekort 500", **changed))


def _meta(key: str, value: object = CODE) -> list[dict[str, object]]:
    return [{"key": key, "value": value}]


def _cards(given: Order, **chosen: dict[str, Any]) -> list[tuple[str, int]]:
    lines = lines_of(given, settings(**chosen))
    cards = [one for one in lines if one.product_code == "GAVEKORT"]
    return [(one.product_code, int(one.quantity * one.unit_price)) for one in cards]


@pytest.mark.parametrize(
    "key",
    ["pw_gift_card_number", "wc_gc_giftcard_code", "_ywgc_gift_card_code", "izettle_gift_card"],
)
def test_a_gift_card_is_known_by_the_meta_of_its_plugin(key: str) -> None:
    """It goes without VAT on the product of what is owed to holders."""
    assert _cards(_sold(meta_data=_meta(key))) == [("GAVEKORT", 500)]


def test_a_gift_card_is_known_by_its_sku() -> None:
    """For shops whose gift cards are ordinary goods."""
    assert _cards(order(line("500", 0, sku="GAVE-500"))) == [("GAVEKORT", 500)]
    assert _cards(_sold()) == []


def test_a_gift_card_sold_with_vat_is_held() -> None:
    """VAT is due when it is used."""
    assert stopped(_sold(25, meta_data=_meta("pw_gift_card_number")))[0] == "gift_card_with_vat"


@pytest.mark.parametrize(
    "given",
    [_sold(meta_data=_meta("pw_gift_card_number")), order(line("500", 0, sku="GAVE-500")),
     order(line("500"), fees=(line("-100", 0, name="Gavekort"),))],
)  # fmt: skip
def test_without_a_product_for_gift_cards_the_order_is_held(given: Order) -> None:
    """The key is named."""
    code, text = stopped(given, settings(gift_cards={"product": ""}))
    assert (code, "gift_cards.product" in text) == ("product_not_set", True)


@pytest.mark.parametrize("name", [f"Gavekort {CODE}", f"Gift Card ({CODE})", "GAVEKORT"])
def test_a_negative_fee_so_named_is_a_used_card(name: str) -> None:
    """Its name may hold the code, so the line has a text of its own."""
    made = lines_of(order(line("500"), fees=(line("-100", 0, name=name),)))
    assert made[1].product_code == "GAVEKORT"
    assert made[1].description == "Brukt gavekort"
    assert made[1].quantity * made[1].unit_price == -100


def test_a_fee_with_vat_or_of_another_name_is_no_gift_card() -> None:
    """A discount that a plugin makes as a fee stays a fee."""
    for fee in (line("-100", 25, name="Gavekort"), line("-100", 0, name="Klubbrabatt")):
        assert _cards(order(line("500"), fees=(fee,))) == []


@pytest.mark.parametrize(
    "named",
    [{"gift_cards": [{"id": 1, "code": CODE, "amount": "300.00"},
                     {"id": 2, "code": CODE, "amount": "200.00"}]},
     {"meta_data": [{"key": "_ywgc_applied_gift_cards", "value": {CODE: "300", "B": 200}}]}],
)  # fmt: skip
def test_cards_that_the_order_names_are_lines_if_they_lowered_the_total(
    named: dict[str, Any],
) -> None:
    """A line for each; if the total is that of the lines they stand among the lines already."""
    assert _cards(order(line("800"), total="500.00", **named)) == [
        ("GAVEKORT", -300), ("GAVEKORT", -200)]  # fmt: skip
    assert _cards(order(line("800"), **named)) == []


def test_a_card_that_became_a_fee_is_not_counted_twice() -> None:
    """YITH keeps its meta when it turns the card into a fee."""
    meta = [*_meta("_ywgc_applied_gift_cards", {CODE: 300}),
            *_meta("ywgc_gift_card_updated_as_fee", "1")]  # fmt: skip
    given = order(line("800"), fees=(line("-300", 0, name="Gift Card"),), meta_data=meta)
    assert _cards(given) == [("GAVEKORT", -300)]


def test_cards_that_explain_only_a_part_hold_the_order() -> None:
    """With the sums, whatever is set for hidden cards."""
    cards = [{"amount": "300.00"}]
    given = order(line("800"), total="500.00", gift_cards=cards)
    code, text = stopped(given, settings(**HIDDEN))
    assert code == "lines_do_not_sum"
    assert all(sum_ in text for sum_ in ("1000.00", "300.00", "500.00"))


def test_a_total_below_its_lines_is_held_and_the_likely_reason_named() -> None:
    """Some plugins lower the total and the answer shows nothing of it."""
    code, text = stopped(order(line("800"), total="500.00"))
    assert code == "total_below_lines"
    assert "500.00 less" in text
    assert "gift card" in text


def test_a_hidden_card_is_a_line_where_the_settings_say_so() -> None:
    """And it is said that it was inferred."""
    given = order(line("800"), total="500.00")
    assert _cards(given, **HIDDEN) == [("GAVEKORT", -500)]
    assert notes_of(given, settings(**HIDDEN)) == ["gift_card_inferred"]


def test_a_total_above_its_lines_is_never_a_card() -> None:
    """An order edited to nonsense is held with the sums."""
    assert stopped(order(line("100"), total="500.00"), settings(**HIDDEN))[0] == "lines_do_not_sum"


def test_no_code_of_a_card_goes_anywhere() -> None:
    """Codes are money: not into texts, references, facts or notes."""
    given = order(
        line("500", 0, sku="GAVE-500", meta_data=_meta("pw_gift_card_number")),
        line("800"),
        fees=(line("-50", 0, name=f"Gift Card ({CODE})"), line("-9", 25, name=f"Gavekort {CODE}")),
        gift_cards=[{"code": CODE, "amount": "100"}],
        total="1338.75",
    )
    assert CODE not in repr(documents(given))
    odd = {**line("-9", 25, name=f"Gavekort {CODE}"), "total_tax": "-9", "taxes": []}
    code, text = stopped(order(line("800"), fees=(odd,)))
    assert (code, CODE in text) == ("vat_detail_missing", False)
