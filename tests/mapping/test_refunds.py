"""What each refund credits: lines, quantities, amounts, gift cards, discounts."""

from decimal import Decimal

import pytest

from tests.mapping.company import settings
from tests.mapping.golden import recorded
from tests.mapping.golden_after import refunds_of
from tests.mapping.orders import line, order
from tests.mapping.refunds import (
    back,
    company,
    credited,
    held,
    refund,
    sheet,
    vat_of,
)
from woo2po.documents import CreditNote, Documents, Rounding
from woo2po.mapping import documents_for
from woo2po.settings import Settings

CARD = {"gift_cards": {"hidden": "gift_card"}}


def note_of(name: str, chosen: Settings | None = None) -> CreditNote:
    """Return the credit note of the recorded order's last refund."""
    refunds = refunds_of(name)
    last = max(one.id for one in refunds)
    return credited(recorded(name), *refunds, of=last, chosen=chosen)


def test_a_refund_by_line_and_quantity_credits_those() -> None:
    """Prices stay positive and quantities are negative, each at its own VAT rate."""
    made = note_of("partial-refund-line")
    assert sheet(made) == ["GEN-001 -1 x 1039.2 at 25", "KAF-250 -2 x 78.175 at 15"]
    assert vat_of(made) == {25: Decimal("-259.80"), 15: Decimal("-23.45")}


def test_each_of_several_refunds_has_its_own_credit_note() -> None:
    """However the shop lists them."""
    given, refunds = recorded("two-partial-refunds"), refunds_of("two-partial-refunds")
    first, second = sorted(one.id for one in refunds)
    assert sheet(credited(given, *refunds, of=first)) == ["LUE-7 -1 x 199.2 at 25"]
    assert sheet(credited(given, *refunds, of=second)) == ["BOK-12 -1 x 379 at 0"]


@pytest.mark.parametrize(
    "name", ["full-refund", "refunded-by-status", "plugin-pw-gift-card-part-refunded"]
)
@pytest.mark.parametrize("way", Rounding)
def test_a_refund_of_the_whole_amount_is_the_orders_lines_turned_round(
    name: str, way: Rounding
) -> None:
    """With lines or without, gift card and freight included, however PowerOffice rounds."""
    chosen, given, ways = settings(**CARD), recorded(name), frozenset({way})
    sold = documents_for(given, chosen, company(), "shop_1", ways)
    assert isinstance(sold, Documents)
    lines = note_of(name, chosen).documents.sales_order.lines
    assert [(one.product_code, -one.quantity, one.unit_price) for one in lines] == [
        (one.product_code, one.quantity, one.unit_price) for one in sold.sales_order.lines
    ]


def test_a_gift_card_that_paid_a_part_gets_it_back() -> None:
    """1077.80 went back as money and 500.00 to the card: the goods are credited whole."""
    made = note_of("plugin-pw-gift-card-part-refunded", settings(**CARD))
    assert "GAVEKORT 1 x 500 at 0" in sheet(made)
    assert vat_of(made) == {25: Decimal("-279.60"), 15: Decimal("-23.45")}


def test_lines_above_the_money_go_back_to_the_card_that_paid_the_difference() -> None:
    """A refund whose lines are the goods and whose amount is the money."""
    given = order(line("800", id=1), line("200", id=2), total="750.00")
    lines = (back("800", of=1), back("200", of=2, vat="50"))
    first = refund("250.00", back("200", of=2), id=90)
    rest = refund("500.00", back("800", of=1), id=91)
    made = credited(given, first, rest, chosen=settings(**CARD))
    assert sheet(made) == ["LUE-7 -1 x 800 at 25", "GAVEKORT 1 x 500 at 0"]
    code, text = held(given, refund("600.00", *lines), chosen=settings(**CARD))
    assert code == "refund_lines_do_not_sum"
    assert "1250.00" in text
    assert "600.00" in text


def test_a_return_fee_of_klarna_lowers_the_credit_note() -> None:
    """A fee of the opposite sign is as it stands: a line that the customer pays."""
    made = note_of("klarna-return-fee")
    assert sheet(made) == ["GEN-001 -1 x 1039.2 at 25", "GEBYR 1 x 40 at 25"]
    assert vat_of(made) == {25: Decimal("-249.80")}


def test_freight_alone_may_be_refunded() -> None:
    """On the freight's product."""
    freight = {**back("79.20"), "method_title": "Hjemlevering"}
    given = order(line("800"), freight=(line("79.20"),))
    assert sheet(credited(given, refund("99.00", freight=(freight,)))) == ["FRAKT -1 x 79.2 at 25"]


def test_an_amount_without_a_quantity_goes_as_one_piece() -> None:
    """A price reduction: the shop says quantity 0."""
    given = order(line("800", quantity=4, id=1))
    made = credited(given, refund("50.00", back("40", of=1, quantity=0)))
    assert sheet(made) == ["LUE-7 -1 x 40 at 25"]


def test_a_line_that_returns_nothing_is_left_out() -> None:
    """Neither pieces nor money."""
    given = order(line("800", id=1), line("10", id=2))
    lines = (back("40", of=1), back("0", of=2, quantity=0))
    assert sheet(credited(given, refund("50.00", *lines))) == ["LUE-7 -1 x 40 at 25"]


def test_pieces_returned_at_no_price_are_given_back_all_the_same() -> None:
    """The children of a bundle are counted in stock."""
    given = order(line("800", id=1), line("0", id=2, quantity=2), line("100", id=3))
    lines = (back("800", of=1), back("0", of=2, quantity=-2))
    assert sheet(credited(given, refund("1000.00", *lines))) == [
        "LUE-7 -1 x 800 at 25",
        "LUE-7 -2 x 0 at 25",
    ]


def test_a_refund_in_whole_kroner_is_exact() -> None:
    """A shop without decimals says 50 for a VAT of 49.80."""
    made = note_of("zero-decimals-refund")
    assert sheet(made) == ["LUE-7 -1 x 199.2 at 25"]
    assert vat_of(made) == {25: Decimal("-49.80")}


def test_what_rounding_leaves_stands_on_a_rounding_line() -> None:
    """The lines come to 33.34, the money was 33.33."""
    given = order(line("80", quantity=3, id=1))
    made = credited(given, refund("33.33", back("26.67", of=1, vat="6.67")))
    assert sheet(made) == ["LUE-7 -1 x 26.67 at 25", "AVRUND 1 x 0.01 at 0"]


def test_lines_that_do_not_come_to_the_money_are_held() -> None:
    """Both sums are said."""
    given = order(line("800", id=1))
    code, text = held(given, refund("10.00", back("100", of=1)))
    assert code == "refund_lines_do_not_sum"
    assert "125.00" in text
    assert "10.00" in text


def test_a_sold_gift_card_that_is_returned_is_known_by_its_line() -> None:
    """The refund's line has not the plugin's meta, the order's has."""
    given = recorded("plugin-pw-gift-card-sold")
    sold = given.lines[0]
    lines = back("200", 0, of=sold.id, sku="", name=sold.name)
    assert sheet(credited(given, refund("200.00", lines))) == ["GAVEKORT -1 x 200 at 0"]


def test_a_gift_card_used_as_a_fee_is_given_back_as_one() -> None:
    """By its own line, or with all that is left."""
    card = line("-300", 0, name="Gavekort ABC-123", id=7)
    given = order(line("800", id=1), fees=(card,))
    fee = back("-300", 0, of=7, name="Gavekort ABC-123")
    first, rest = refund("350.00", id=90), refund("350.00", id=91)
    whole_card = refund("600.00", back("720", of=1), fees=(fee,))
    assert sheet(credited(given, whole_card)) == ["LUE-7 -1 x 720 at 25", "GAVEKORT 1 x 300 at 0"]
    assert sheet(credited(given, first)) == ["VARE25 -1 x 280 at 25"]
    assert sheet(credited(given, first, rest)) == ["VARE25 -1 x 520 at 25", "GAVEKORT 1 x 300 at 0"]
    later = refund("200.00", id=91)
    assert sheet(
        credited(given, refund("500.00", back("640", of=1), fees=(fee,), id=90), later)
    ) == ["VARE25 -1 x 160 at 25"]


# By amount only


def test_an_amount_alone_is_spread_over_the_vat_rates() -> None:
    """By what each rate came to, gross; on the fallback products; and it is said."""
    given = order(line("800"), line("400", 15), line("540", 0))  # 1000, 460 and 540 kroner
    made = credited(given, refund("100.00"))
    assert sheet(made) == ["VARE25 -1 x 40 at 25", "VARE15 -1 x 20 at 15", "VARE0 -1 x 27 at 0"]
    assert [note.code for note in made.documents.notes] == ["refund_spread"]


def test_the_ore_of_a_spread_amount_sum() -> None:
    """100.01 over three rates is 50.01, 23.00 and 27.00."""
    given = order(line("800"), line("400", 15), line("540", 0))
    assert sheet(credited(given, refund("100.01"))) == [
        "VARE25 -1 x 40.008 at 25",
        "VARE15 -1 x 20 at 15",
        "VARE0 -1 x 27 at 0",
    ]


@pytest.mark.parametrize(
    ("language", "text"), [("nb", "Refusjon, ordre 50"), ("en", "Refund, order 50")]
)
def test_an_amount_alone_says_what_it_is(language: str, text: str) -> None:
    """In the language of the settings, with the order's number."""
    chosen = settings().model_copy(update={"language": language})
    made = note_of("partial-refund-amount-only", chosen)
    assert made.documents.sales_order.lines[0].description == text
    assert sheet(made) == ["VARE25 -1 x 120 at 25"]


def test_an_amount_alone_is_held_if_so_chosen() -> None:
    """refunds.amount_only = "hold"; one of the whole amount is clear, and goes."""
    chosen = settings(refunds={"amount_only": "hold"})
    given = order(line("800", id=1))
    code, text = held(given, refund("150.00"), chosen=chosen)
    assert code == "refund_without_lines"
    assert "150.00" in text
    assert sheet(credited(given, refund("1000.00"), chosen=chosen)) == ["LUE-7 -1 x 800 at 25"]


def test_the_rest_of_an_order_is_clear_too_where_what_went_before_had_lines() -> None:
    """Set to refunded by hand after a refund by line."""
    chosen = settings(refunds={"amount_only": "hold"})
    given = order(line("800", id=1), line("100", 15, id=2))
    first, rest = refund("500.00", back("400", of=1), id=90), refund("615.00", id=91)
    assert sheet(credited(given, first, rest, chosen=chosen)) == [
        "VARE25 -1 x 400 at 25",
        "VARE15 -1 x 100 at 15",
    ]
    guessed = refund("500.00", id=90)
    assert held(given, guessed, rest, chosen=chosen)[0] == "refund_without_lines"


def test_an_amount_alone_takes_only_what_is_left_of_each_rate() -> None:
    """What a line has returned is not returned again."""
    given = order(line("800", id=1), line("1000", 0, id=2))
    refunds = refund("1000.00", back("800", of=1), id=90), refund("300.00", id=91)
    assert sheet(credited(given, *refunds)) == ["VARE0 -1 x 300 at 0"]


def test_a_sold_gift_card_has_its_share_on_its_own_product() -> None:
    """It was never a sale without VAT."""
    given = order(line("400", id=1), line("500", 0, sku="GAVE-500"))
    assert sheet(credited(given, refund("100.00"))) == [
        "VARE25 -1 x 40 at 25",
        "GAVEKORT -1 x 50 at 0",
    ]


@pytest.mark.parametrize(
    ("product", "line_said"),
    [("OSS-GROSS", "OSS-GROSS -1 x 100 at 0"), ("OSS-SE25", "OSS-SE25 -1 x 80 at 25")],
)
def test_another_countrys_vat_goes_back_to_where_it_was_booked(
    product: str, line_said: str
) -> None:
    """Gross on an account without VAT, or net on the company's own code."""
    chosen = settings(vat={"foreign": {"SE25": product}})
    assert sheet(credited(recorded("sweden-oss"), refund("100.00"), chosen=chosen)) == [line_said]


def test_a_negative_fee_takes_no_share() -> None:
    """It lowered the order; what was sold is what is returned."""
    fee = line("-200", 0, name="Rabatt")
    given = order(line("800", id=1), fees=(fee,))
    assert sheet(credited(given, refund("100.00"))) == ["VARE25 -1 x 80 at 25"]
    rest = credited(given, refund("100.00", id=90), refund("700.00", id=91))
    assert sheet(rest) == ["VARE25 -1 x 720 at 25", "VARE0 1 x 200 at 0"]


def test_lines_after_an_amount_alone_take_no_more_of_a_rate_than_there_was() -> None:
    """The amount took 75 of the rate 25 %; that goes back to it and is taken of the other."""
    given = order(line("800", id=1), line("1000", 0, id=2))
    amount, goods = refund("150.00", id=90), refund("1000.00", back("800", of=1), id=91)
    made = credited(given, amount, goods)
    assert sheet(made) == ["LUE-7 -1 x 800 at 25", "VARE0 -1 x 75 at 0", "VARE25 1 x 60 at 25"]
    assert made.documents.sales_order.lines[2].description == "Refundert tidligere, ordre 36"
    whole = [credited(given, amount, goods, of=90), made]
    assert sum(vat_of(note)[25] for note in whole) == -200


def test_lines_of_a_rate_that_the_order_has_not_are_held() -> None:
    """The gross amount was typed in the field for net, say, so that no VAT is returned."""
    given = order(line("800", id=1))
    code, text = held(given, refund("900.00", back("900", 0, of=1)))
    assert code == "refund_exceeds_rate"
    assert "900.00 too much at 0 % VAT" in text


def test_an_earlier_refund_that_is_held_does_not_stop_the_next() -> None:
    """It counts as an amount without lines."""
    given = order(line("800", id=1), line("1000", 0, id=2))
    wrong = refund("20.00", back("100", of=1), id=90)
    made = credited(given, wrong, refund("100.00", back("100", 0, of=2), id=91))
    assert sheet(made) == ["VARE0 -1 x 100 at 0"]


# Discounts


def test_what_was_discounted_is_returned_at_what_was_paid() -> None:
    """A refund's lines are after discounts."""
    given = order(line("90", before="100", id=1))
    assert sheet(credited(given, refund("56.25", back("45", of=1)))) == ["LUE-7 -1 x 45 at 25"]


def test_where_discounts_leave_the_vat_alone_a_refund_returns_the_vat_of_the_full_price() -> None:
    """Question 12 = false: half of the goods at list price, half of the gross discount."""
    chosen = settings(discounts={"transfer_vat": False})
    given = order(line("90", before="100", id=1))
    half = refund("56.25", back("45", of=1), id=90)
    made = credited(given, half, chosen=chosen)
    assert sheet(made) == ["LUE-7 -1 x 50 at 25", "RABATT0 1 x 6.25 at 0"]
    assert vat_of(made) == {25: Decimal("-12.50")}
    rest = credited(given, half, refund("56.25", id=91), chosen=chosen)
    assert vat_of(rest) == {25: Decimal("-12.50")}


def test_pieces_that_cost_nothing_return_the_vat_of_their_list_price_too() -> None:
    """Question 12 = false: half of what a coupon gave away, by pieces, beside what was paid."""
    chosen = settings(discounts={"transfer_vat": False})
    given = order(line("0", before="100", id=1, quantity=2), line("80", id=2))
    lines = (back("0", of=1), back("40", of=2))
    made = credited(given, refund("50.00", *lines), chosen=chosen)
    assert sheet(made) == [
        "LUE-7 -1 x 50 at 25",
        "LUE-7 -1 x 40 at 25",
        "RABATT0 1 x 62.5 at 0",
    ]
