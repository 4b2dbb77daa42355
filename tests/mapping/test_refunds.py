"""What each refund credits: lines, quantities, amounts, gift cards, discounts."""

from decimal import Decimal
from typing import Any

import pytest

from tests.mapping.company import company, settings
from tests.mapping.golden import recorded, refunds_of
from tests.mapping.orders import line, order
from tests.mapping.refunds import back, credited, given_back, held, refund, vat_of
from woo2po.documents import CreditNote, Documents, Rounding
from woo2po.mapping import documents_for
from woo2po.order import Order, Refund
from woo2po.settings import Settings

HIDDEN = settings(gift_cards={"hidden": "gift_card"})
GROSS = settings(discounts={"transfer_vat": False})
HOLD = settings(refunds={"amount_only": "hold"})


def note_of(name: str, chosen: Settings | None = None) -> CreditNote:
    """Return the credit note of the recorded order's last refund."""
    refunds = refunds_of(name)
    last = max(one.id for one in refunds)
    return credited(recorded(name), *refunds, of=last, chosen=chosen)


@pytest.mark.parametrize(
    ("name", "chosen", "lines", "vat"),
    [("partial-refund-line", None, ["GEN-001 -1 x 1039.2 at 25", "KAF-250 -2 x 78.175 at 15"],
      {25: "-259.80", 15: "-23.45"}),
     # A fee of the opposite sign is as it stands: a line that the customer pays.
     ("klarna-return-fee", None, ["GEN-001 -1 x 1039.2 at 25", "GEBYR 1 x 40 at 25"],
      {25: "-249.80"}),
     # A shop without decimals says 50 for a VAT of 49.80.
     ("zero-decimals-refund", None, ["LUE-7 -1 x 199.2 at 25"], {25: "-49.80"}),
     # 1077.80 went back as money and 500.00 to the card: the goods are credited whole.
     ("plugin-pw-gift-card-part-refunded", HIDDEN, ["GAVEKORT 1 x 500 at 0"],
      {25: "-279.60", 15: "-23.45"})],
)  # fmt: skip
def test_a_refund_by_line_and_quantity_credits_those(
    name: str, chosen: Settings | None, lines: list[str], vat: dict[int, str]
) -> None:
    """Prices stay positive and quantities are negative, each at its own VAT rate."""
    refunds = refunds_of(name)
    made = given_back(recorded(name), *refunds, of=max(r.id for r in refunds), chosen=chosen)
    assert made == lines or (chosen is HIDDEN and set(lines) <= set(made))
    assert vat_of(note_of(name, chosen)) == {r: Decimal(amount) for r, amount in vat.items()}


def test_each_of_several_refunds_has_its_own_credit_note() -> None:
    """However the shop lists them."""
    given, refunds = recorded("two-partial-refunds"), refunds_of("two-partial-refunds")
    first, second = sorted(one.id for one in refunds)
    assert given_back(given, *refunds, of=first) == ["LUE-7 -1 x 199.2 at 25"]
    assert given_back(given, *refunds, of=second) == ["BOK-12 -1 x 379 at 0"]


@pytest.mark.parametrize(
    "name", ["full-refund", "refunded-by-status", "plugin-pw-gift-card-part-refunded"]
)
@pytest.mark.parametrize("way", Rounding)
def test_a_refund_of_the_whole_amount_is_the_orders_lines_turned_round(
    name: str, way: Rounding
) -> None:
    """With lines or without, gift card and freight included, however PowerOffice rounds."""
    sold = documents_for(recorded(name), HIDDEN, company(), "shop_1", frozenset({way}))
    assert isinstance(sold, Documents)
    lines = note_of(name, HIDDEN).documents.sales_order.lines
    assert [(one.product_code, -one.quantity, one.unit_price) for one in lines] == [
        (one.product_code, one.quantity, one.unit_price) for one in sold.sales_order.lines
    ]


# One line of 1000 kroner; with another; with a used gift card among the fees.
ONE = order(line("800", id=1))
PAID_BY_CARD = order(line("800", id=1), line("200", id=2), total="750.00")
CARD = {"name": "Gavekort ABC-123"}
WITH_CARD = order(line("800", id=1), fees=(line("-300", 0, id=7, **CARD),))
CARD_BACK = (back("-300", 0, of=7, **CARD),)
# 1000, 460 and 540 kroner; 1000 with VAT and 1000 without; 1000 less a negative fee of 200.
THREE = order(line("800"), line("400", 15), line("540", 0))
TWO = order(line("800", id=1), line("1000", 0, id=2))
LOWERED = order(line("800", id=1), fees=(line("-200", 0, name="Rabatt"),))
SOLD_CARD = recorded("plugin-pw-gift-card-sold")
CARD_LINE = SOLD_CARD.lines[0]


@pytest.mark.parametrize(
    ("given", "refunds", "lines"),
    [# Freight alone, on the freight's product.
     (order(line("800"), freight=(line("79.20"),)),
      [refund("99.00", freight=({**back("79.20"), "method_title": "Hjemlevering"},))],
      ["FRAKT -1 x 79.2 at 25"]),
     # A price reduction goes as one piece: the shop says quantity 0.
     (order(line("800", quantity=4, id=1)), [refund("50.00", back("40", of=1, quantity=0))],
      ["LUE-7 -1 x 40 at 25"]),
     # A line that returns neither pieces nor money is left out.
     (order(line("800", id=1), line("10", id=2)),
      [refund("50.00", back("40", of=1), back("0", of=2, quantity=0))], ["LUE-7 -1 x 40 at 25"]),
     # Pieces returned at no price are given back: the children of a bundle are counted in stock.
     (order(line("800", id=1), line("0", id=2, quantity=2), line("100", id=3)),
      [refund("1000.00", back("800", of=1), back("0", of=2, quantity=-2))],
      ["LUE-7 -1 x 800 at 25", "LUE-7 -2 x 0 at 25"]),
     # The lines come to 33.34, the money was 33.33.
     (order(line("80", quantity=3, id=1)), [refund("33.33", back("26.67", of=1, vat="6.67"))],
      ["LUE-7 -1 x 26.67 at 25", "AVRUND 1 x 0.01 at 0"]),
     # A refund's lines are after discounts: what was discounted is returned at what was paid.
     (order(line("90", before="100", id=1)), [refund("56.25", back("45", of=1))],
      ["LUE-7 -1 x 45 at 25"]),
     # A sold gift card is known by its line: the refund's has not the plugin's meta.
     (SOLD_CARD, [refund("200.00", back("200", 0, of=CARD_LINE.id, sku="", name=CARD_LINE.name))],
      ["GAVEKORT -1 x 200 at 0"]),
     # One used as a fee is given back as one: by its own line, or with all that is left.
     (WITH_CARD, [refund("600.00", back("720", of=1), fees=CARD_BACK)],
      ["LUE-7 -1 x 720 at 25", "GAVEKORT 1 x 300 at 0"]),
     (WITH_CARD, [refund("350.00")], ["VARE25 -1 x 280 at 25"]),
     (WITH_CARD, [refund("350.00", id=90), refund("350.00", id=91)],
      ["VARE25 -1 x 520 at 25", "GAVEKORT 1 x 300 at 0"]),
     (WITH_CARD, [refund("500.00", back("640", of=1), fees=CARD_BACK, id=90),
                  refund("200.00", id=91)], ["VARE25 -1 x 160 at 25"]),
     # An amount alone is spread over the VAT rates, by what each came to, gross; to the øre.
     (THREE, [refund("100.00")],
      ["VARE25 -1 x 40 at 25", "VARE15 -1 x 20 at 15", "VARE0 -1 x 27 at 0"]),
     (THREE, [refund("100.01")],
      ["VARE25 -1 x 40.008 at 25", "VARE15 -1 x 20 at 15", "VARE0 -1 x 27 at 0"]),
     # It takes only what is left of each rate: what a line has returned is not returned again.
     (TWO, [refund("1000.00", back("800", of=1), id=90), refund("300.00", id=91)],
      ["VARE0 -1 x 300 at 0"]),
     # A sold gift card has its share on its own product: it was never a sale without VAT.
     (order(line("400", id=1), line("500", 0, sku="GAVE-500")), [refund("100.00")],
      ["VARE25 -1 x 40 at 25", "GAVEKORT -1 x 50 at 0"]),
     # A negative fee takes no share: it lowered the order; what was sold is what is returned.
     (LOWERED, [refund("100.00")], ["VARE25 -1 x 80 at 25"]),
     (LOWERED, [refund("100.00", id=90), refund("700.00", id=91)],
      ["VARE25 -1 x 720 at 25", "VARE0 1 x 200 at 0"]),
     # An earlier refund that is held counts as an amount without lines, and does not stop the next.
     (TWO, [refund("20.00", back("100", of=1), id=90),
            refund("100.00", back("100", 0, of=2), id=91)], ["VARE0 -1 x 100 at 0"])],
)  # fmt: skip
def test_a_refund_takes_of_the_order_what_it_says(
    given: Order, refunds: list[Refund], lines: list[str]
) -> None:
    """The last refund's lines, each on the product that the sale was on."""
    assert given_back(given, *refunds) == lines


@pytest.mark.parametrize(
    ("given", "refunds", "chosen", "lines"),
    [# Lines above the money go back to the card that paid the difference.
     (PAID_BY_CARD, [refund("250.00", back("200", of=2), id=90),
                     refund("500.00", back("800", of=1), id=91)], HIDDEN,
      ["LUE-7 -1 x 800 at 25", "GAVEKORT 1 x 500 at 0"]),
     # An amount of the whole is clear, and so is the rest where what went before had lines.
     (ONE, [refund("1000.00")], HOLD, ["LUE-7 -1 x 800 at 25"]),
     (order(line("800", id=1), line("100", 15, id=2)),
      [refund("500.00", back("400", of=1), id=90), refund("615.00", id=91)], HOLD,
      ["VARE25 -1 x 400 at 25", "VARE15 -1 x 100 at 15"]),
     # Another country's VAT goes back to where it was booked: gross, or net on the own code.
     *[(recorded("sweden-oss"), [refund("100.00")], settings(vat={"foreign": {"SE25": product}}),
        [said]) for product, said in (("OSS-GROSS", "OSS-GROSS -1 x 100 at 0"),
                                      ("OSS-SE25", "OSS-SE25 -1 x 80 at 25"))],
     # Question 12 = false: half of what a coupon gave away, by pieces, beside what was paid.
     (order(line("0", before="100", id=1, quantity=2), line("80", id=2)),
      [refund("50.00", back("0", of=1), back("40", of=2))], GROSS,
      ["LUE-7 -1 x 50 at 25", "LUE-7 -1 x 40 at 25", "RABATT0 1 x 62.5 at 0"])],
)  # fmt: skip
def test_a_refund_follows_the_settings(
    given: Order, refunds: list[Refund], chosen: Settings, lines: list[str]
) -> None:
    """As the sale does."""
    assert given_back(given, *refunds, chosen=chosen) == lines


@pytest.mark.parametrize(
    ("given", "refunds", "chosen", "code", "said"),
    [(PAID_BY_CARD, [refund("600.00", back("800", of=1), back("200", of=2, vat="50"))], HIDDEN,
      "refund_lines_do_not_sum", ["1250.00", "600.00"]),
     (ONE, [refund("10.00", back("100", of=1))], None, "refund_lines_do_not_sum",
      ["125.00", "10.00"]),
     (ONE, [refund("150.00")], HOLD, "refund_without_lines", ["150.00"]),
     (order(line("800", id=1), line("100", 15, id=2)),
      [refund("500.00", id=90), refund("615.00", id=91)], HOLD, "refund_without_lines", []),
     # The gross amount was typed in the field for net, say, so that no VAT is returned.
     (ONE, [refund("900.00", back("900", 0, of=1))], None, "refund_rate_differs",
      ["back at 0 % VAT, but it was sold at 25 %"])],
)  # fmt: skip
def test_a_refund_that_is_not_clear_is_held(
    given: Order, refunds: list[Refund], chosen: Any, code: str, said: list[str]
) -> None:
    """The sums are said."""
    got, text = held(given, *refunds, chosen=chosen)
    assert (got, [one for one in said if one not in text]) == (code, [])


@pytest.mark.parametrize(
    ("language", "text"), [("nb", "Refusjon, ordre 50"), ("en", "Refund, order 50")]
)
def test_an_amount_alone_says_what_it_is(language: str, text: str) -> None:
    """In the language of the settings, with the order's number; and that it was spread is noted."""
    chosen = settings().model_copy(update={"language": language})
    made = note_of("partial-refund-amount-only", chosen).documents
    assert made.sales_order.lines[0].description == text
    assert [note.code for note in made.notes] == ["refund_spread"]
    refunds = refunds_of("partial-refund-amount-only")
    assert given_back(recorded("partial-refund-amount-only"), *refunds, chosen=chosen) == [
        "VARE25 -1 x 120 at 25"]  # fmt: skip


def test_lines_after_an_amount_alone_take_no_more_of_a_rate_than_there_was() -> None:
    """The amount took 75 of the rate 25 %; that goes back to it and is taken of the other."""
    amount, goods = refund("150.00", id=90), refund("1000.00", back("800", of=1), id=91)
    assert given_back(TWO, amount, goods) == [
        "LUE-7 -1 x 800 at 25", "VARE0 -1 x 75 at 0", "VARE25 1 x 60 at 25"]  # fmt: skip
    whole = [credited(TWO, amount, goods, of=90), credited(TWO, amount, goods)]
    assert sum(vat_of(note)[25] for note in whole) == -200
    assert whole[1].documents.sales_order.lines[2].description == "Refundert tidligere, ordre 36"


def test_where_discounts_leave_the_vat_alone_a_refund_returns_the_vat_of_the_full_price() -> None:
    """Question 12 = false: half of the goods at list price, half of the gross discount."""
    given, half = order(line("90", before="100", id=1)), refund("56.25", back("45", of=1), id=90)
    assert given_back(given, half, chosen=GROSS) == [
        "LUE-7 -1 x 50 at 25", "RABATT0 1 x 6.25 at 0"]  # fmt: skip
    for refunds in ([half], [half, refund("56.25", id=91)]):
        assert vat_of(credited(given, *refunds, chosen=GROSS)) == {25: Decimal("-12.50")}
