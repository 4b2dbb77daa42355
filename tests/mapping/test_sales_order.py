"""The sales order: numbers and references, texts, prices, and the draft that came of it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import product

import pytest

from tests.mapping.orders import *
from woo2po.mapping.customer import matching_reference
from woo2po.mapping.draft import ways_explaining
from woo2po.mapping.prices import exactness
from woo2po.mapping.values import cleaned, fitted


def sales_order(chosen=None, **changed):
    return documents(order(line("100"), **changed), settings(**(chosen or {}))).sales_order


# Questions 2 and 11: numbers, prefix and references


WRITTEN = {"customer_reference": ("shop_1001", ""), "purchase_order_reference": ("", "shop_1001"),
           "none": ("", "")}  # fmt: skip


@pytest.mark.parametrize("where", WRITTEN)
def test_question_2_the_number_goes_into_the_field_that_was_chosen(where):
    """With the prefix. Of a company "your reference" is who ordered, if anybody, and the number is
    the purchase order; a person, or a company that goes as one, has neither contact nor note.
    """
    chosen = {"orders": {"write_number_to": where}}
    made = sales_order(chosen, number="1001")
    assert (made.customer_reference, made.purchase_order_reference) == WRITTEN[where]
    fjell = {"billing": {**KARI, "company": "Fjell AS"}, "customer_note": "Til lageret\n bak"}
    made = sales_order(chosen, **fjell)
    assert (made.your_reference, made.purchase_order) == (
        "Kari Nordmann", "" if where == "none" else "shop_36")  # fmt: skip
    assert [one.description for one in made.lines[1:]] == ["Merknad fra kunden: Til lageret bak"]
    person = sales_order({**chosen, "customers": {"companies_as_private": True}}, **fjell)
    assert (person.contact, len(person.lines)) == ("", 1)


def test_the_prefix_and_what_tells_two_shops_apart():
    """Question 11: a prefix that changes later changes no fixed reference. The matching one comes
    from the shop's host and folder, not from scheme or port.
    """
    made = sales_order({"orders": {"number_prefix": "B-"}}, number="9" * 80)
    assert (made.customer_reference, made.reference) == (f"B-{'9' * 48}", "shop_36")
    shops = ["https://a.no", "http://127.0.0.1:8080", "http://127.0.0.1:9090", "https://a.no/shop"]
    made = [matching_reference(settings(woocommerce={"url": url}), 36) for url in shops]
    assert made[1] == made[2]
    assert len({made[0], made[1], made[3]}) == 3


def test_only_a_plain_number_is_an_imported_order_number():
    """ImportedOrderNo is an integer; a number that would read differently is left out."""
    for number in ("0036", "A-36", "٣٦", "1_000", "0", "9223372036854775808", ""):
        assert sales_order(number=number).imported_order_no is None
    assert sales_order(number="1001").imported_order_no == 1001


def test_the_days_of_an_order():
    """Half past eleven in the evening UTC is the next day in Oslo; the day of delivery is that of
    completion where it is known.
    """
    assert sales_order().order_date == date(2026, 11, 3)
    done = {"date_completed_gmt": "2026-11-04T23:30:00"}
    assert sales_order(**done, status="completed").delivered == date(2026, 11, 5)
    assert sales_order(**done, status="processing").delivered is sales_order().delivered is None


# Texts are cleaned and cut

CLEANED = {"Linje 1\r\nLinje 2": "Linje 1 Linje 2", "a\x00b\x1b[31m": "a b [31m",
           "\u202eevil\u200f": "evil", "  Bø \t ": "Bø", "a\ud800b": "ab",
           **{kept: kept for kept in ("<b>fet</b> & «sitat»", "👨‍👩‍👧‍👦")}}  # fmt: skip


def test_what_cannot_be_seen_is_taken_out_of_a_text_and_it_is_cut_to_what_its_field_takes():
    """Control and direction marks, line breaks and broken halves go; signs and emoji stay. It
    counts in UTF-16, in which most emoji are two; none is halved. A letter under a hundred
    accents is cut all the same.
    """
    assert {typed: cleaned(typed) for typed in CLEANED} == CLEANED
    accents = "a" + "\u0301" * 100
    for text, longest in product(["ab" * 9, "Bø 👍🏽 " * 4, "👍🏽" * 9, accents], range(2, 12)):
        cut = fitted(text, longest)
        assert text.startswith(cut)
        assert 0 < len(cut.encode("utf-16-le")) // 2 <= longest


def test_a_long_text_is_divided_between_words_and_follows_on_text_lines():
    """No piece is longer than the field and nothing of what was ordered is lost; the text lines
    have references of their own.
    """
    name = "Navneskilt " * 60
    first, *texts = lines_of(order(line("100", name=name, id=7)))
    assert " ".join(one.description for one in texts) == name.strip()
    assert max(len(one.description) for one in (first, *texts)) <= 400
    assert [(one.kind.value, one.reference) for one in texts] == [
        ("Text", "7-t1"), ("Text", "7-t2")]  # fmt: skip


# What was paid


def test_what_a_card_paid_is_left_out_and_what_is_owed_to_its_holder_never_moves():
    """Prices move within their øre, where the shop rounded its total."""
    bought = order({**line("100.01"), "total_tax": "25.00"}, total="25.01",
                   gift_cards=[{"amount": "100.00"}])  # fmt: skip
    assert documents(bought).sales_order.amounts.vat == {25: 25}
    bought = order(line("0.03"), line("0.05", 15), line("500", 0, sku="GAVE-500"))
    assert documents(bought).sales_order.lines[2].unit_price == 500


def test_a_way_of_rounding_that_poweroffices_answers_rule_out_says_nothing_any_more():
    """At 25 % of rounded nets 0.05 comes to 0.06 and 0.06 to 0.08: nothing costs 0.07, and where
    the ways disagree no rounding line is guessed.
    """
    seven = order(line("0.056"), line("100"))
    for ways, lines in (({Rounding.LINE_NET}, ["-0.01"]), ({Rounding.LINE}, []),
                        ({Rounding.LINE, Rounding.LINE_NET}, [])):  # fmt: skip
        assert rounding(made_of(seven, frozenset(ways))) == [Decimal(one) for one in lines]
    wanted = made_of(seven)
    assert not exactness(wanted).is_sure
    assert exactness(wanted, ALL_WAYS - {Rounding.LINE_NET}).is_sure
    assert not exactness(wanted, frozenset({Rounding.LINE_NET})).sure


# The draft that PowerOffice answered, against the order that was wanted

# At 25 % no net amount comes to a gross of 7 øre when the VAT is that of the rounded net.
WANTED = documents(order(line("0.056", id=1), line("0.056", id=2), line("100", id=3))).sales_order
TOTAL = WANTED.amounts.total
LINE_NET = draft(WANTED, Rounding.LINE_NET)


def correct(wanted, seen, **chosen):
    return corrected(wanted, seen, basis(settings(**chosen), catalogue()))


EXACT: SalesOrder = correct(WANTED, LINE_NET)


def test_a_rounding_line_that_is_needless_or_wrong_is_taken_away_or_changed():
    """The line that stands in the draft already is counted in. More than rounding explains
    is held, with the figures; and no product for it, with the key.
    """
    assert correct(EXACT, draft(EXACT, Rounding.END)) == WANTED
    assert correct(EXACT, draft(EXACT, Rounding.LINE_NET)) == EXACT
    wrong = replace(EXACT.lines[-1], unit_price=Decimal("0.05"))
    other = replace(EXACT, lines=(*EXACT.lines[:-1], wrong))
    assert correct(EXACT, draft(other, Rounding.LINE_NET)) == EXACT
    code, text = told(correct(WANTED, replace(LINE_NET, total=LINE_NET.total + 1)))
    assert (code, "125.14" in text) == ("rounding_too_large", True)
    assert "products.rounding" in told(correct(WANTED, LINE_NET, products={"rounding": ""}))[1]


def spoiled(place, **changed):
    lines = list(LINE_NET.lines)
    lines[place] = replace(lines[place], **changed)
    return replace(LINE_NET, lines=tuple(lines), total=TOTAL)


@pytest.mark.parametrize(
    ("seen", "code"),
    [(replace(LINE_NET, total=TOTAL + Decimal("0.01")), "draft_total_differs"),
     (replace(LINE_NET, lines=LINE_NET.lines[:-1]), "draft_lines_differ"),
     (replace(LINE_NET, lines=(*LINE_NET.lines, LINE_NET.lines[0])), "draft_lines_differ"),
     (spoiled(0, reference="other"), "draft_lines_differ"),
     (spoiled(0, product_id=999), "draft_product_differs"),
     (spoiled(0, vat_rate=Decimal(15)), "draft_rate_differs"),
     (spoiled(0, vat_rate=None), "draft_rate_differs"),
     (spoiled(2, vat=Decimal("24.90")), "draft_vat_differs")],
)  # fmt: skip
def test_whatever_differs_is_named(seen, code):
    """Lines, product, VAT rate, total, VAT: each with what was wanted and what stands there."""
    assert told(difference(WANTED, seen))[0] == code


def test_a_draft_tells_which_ways_of_rounding_explain_it():
    """Total and line amounts are compared with what each way gives; a spoiled one tells
    nothing. The total alone may fit several ways; lines that are not rounded tell more.
    """
    for way in Rounding:
        assert way in ways_explaining(WANTED, draft(WANTED, way))
    # Only VAT of rounded nets gives this total.
    assert ways_explaining(WANTED, LINE_NET) == {Rounding.LINE_NET}
    assert Rounding.LINE_NET not in ways_explaining(WANTED, draft(WANTED, Rounding.LINE))
    assert ways_explaining(WANTED, spoiled(0, product_id=999)) == frozenset()
    seen = draft(WANTED, Rounding.LINE)
    exact = replace(seen.lines[0], net=Decimal("0.056"), vat=Decimal("0.014"))
    unrounded = replace(seen, lines=(exact, *seen.lines[1:]))
    assert not ways_explaining(WANTED, unrounded) & {Rounding.LINE, Rounding.LINE_NET}
