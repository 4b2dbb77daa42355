"""Refunds as credit notes: what each credits, its day, and the money's way back."""

from datetime import date
from decimal import Decimal

import pytest

from tests.mapping.golden import order_of, refunds_of
from tests.mapping.orders import *
from woo2po.mapping.credit_note import Crediting, credit_note_for, invoiced_otherwise, leaves_goods

HIDDEN = settings(gift_cards={"hidden": "gift_card"})
GROSS = settings(discounts={"transfer_vat": False})
HOLD = settings(refunds={"amount_only": "hold"})


# A shop that shows no decimals: freight of 79 is 63.20 and 15.80. A campaign over two VAT rates.
NO_DECIMALS = order(line("159.20", total_tax="40"), freight=(line("63.20", id=5, total_tax="16"),),
                    total_tax="56")  # fmt: skip
OF_BOTH_RATES = {**line("-26", id=9), "name": "Kampanje", "total_tax": "-5.50",
                 "taxes": [{"id": 1, "total": "-4"}, {"id": 2, "total": "-1.5"}]}  # fmt: skip
CAMPAIGN = order(line("160", id=1), line("100", 15, id=2), fees=(OF_BOTH_RATES,))
A_THIRD = {**OF_BOTH_RATES, "total": "8.67", "total_tax": "1.83",
           "taxes": [{"id": 1, "total": "1.33"}, {"id": 2, "total": "0.50"}],
           "meta_data": [{"key": "_refunded_item_id", "value": "9"}]}  # fmt: skip
# One line of 1000 kroner; with another; with a used gift card among the fees.
ONE = order(line("800", id=1))
AS_COUPON = {"code": "gave-1234", "discount": "400.00", "discount_tax": "100.00",
        "discount_type": "fixed_cart",
        "meta_data": [{"key": "coupon_info", "value": '[0,"gave-1234",null,500]'}]}  # fmt: skip
PAID_BY_CARD = order(line("800", id=1), line("200", id=2), total="750.00")
CARD = {"name": "Gavekort ABC-123"}
WITH_DEPOSIT = order(line("800", id=1), fees=(line("20", 0, id=7, name="Pant"),))
DEPOSITS = settings(fees={"by_name": {"pant": "PANT"}})
WITH_CARD = order(line("800", id=1), fees=(line("-300", 0, id=7, **CARD),))
ALL_BY_CARDS = order(line("800", id=1), line("200", id=2), total="0.00",
                     gift_cards=[{"amount": "1000"}, {"amount": "250"}])  # fmt: skip
ALL_BY_FEE = order(line("800", id=1), fees=(line("-1000", 0, id=7, **CARD),))
CARD_BACK = (back("-300", 0, of=7, **CARD),)
# 1000, 460 and 540 kroner; 1000 with VAT and 1000 without; 1000 less a negative fee of 200.
THREE = order(line("800"), line("400", 15), line("540", 0))
TWO = order(line("800", id=1), line("1000", 0, id=2))
LOWERED = order(line("800", id=1), fees=(line("-200", 0, name="Rabatt"),))
JERSEY_AND_HAT = order(line("800", id=1), line("80", id=2), total="1000.00",
                       gift_cards=[{"amount": "100"}])  # fmt: skip
TWO_BY_CREDIT = order(
    line("79.984", before="799.84", quantity=2, id=1),
    coupon_lines=[{"code": "kreditt-1234", "discount": "719.86", "discount_tax": "179.96",
                   "discount_type": "store_credit"}])  # fmt: skip
ONE_RATE_15 = order(
    line("2033.043478", 15, before="2259.130435", quantity=2, id=1, total_tax="305"),
    total="2338", total_tax="305",
    coupon_lines=[{"code": "kreditt-1234", "discount": "226", "discount_tax": "34",
                   "discount_type": "store_credit"}])  # fmt: skip
SOLD_CARD = order_of("plugin-pw-gift-card-sold")
CARD_LINE = SOLD_CARD.lines[0]


@pytest.mark.parametrize(
    ("given", "refunds", "chosen", "lines"),
    [# What the shop's form shows is rounded, to kroner or øre: its sum is what was given back.
     (NO_DECIMALS, [refund("79", freight=(back("63", of=5, vat="16"),))], None,
      ["FRAKT -1 x 63.2 at 25"]),
     (CAMPAIGN, [refund("189.50", back("160", of=1), fees=(A_THIRD,))], None,
      ["LUE-7 -1 x 160 at 25", "GEBYR 1 x 5.336667 at 25", "GEBYR15 1 x 3.333333 at 15"]),
     # A price reduction goes as one piece: the shop says quantity 0.
     (order(line("800", quantity=4, id=1)), [refund("50.00", back("40", of=1, quantity=0))], None,
      ["LUE-7 -1 x 40 at 25"]),
     # A line that returns neither pieces nor money is left out.
     (order(line("800", id=1), line("10", id=2)),
      [refund("50.00", back("40", of=1), back("0", of=2, quantity=0))], None,
      ["LUE-7 -1 x 40 at 25"]),
     # Pieces returned at no price are given back: the children of a bundle are counted in stock.
     (order(line("800", id=1), line("0", id=2, quantity=2), line("100", id=3)),
      [refund("1000.00", back("800", of=1), back("0", of=2, quantity=-2))], None,
      ["LUE-7 -1 x 800 at 25", "LUE-7 -2 x 0 at 25"]),
     # The lines come to 33.34, the money was 33.33.
     (order(line("80", quantity=3, id=1)), [refund("33.33", back("26.67", of=1, vat="6.67"))], None,
      ["LUE-7 -1 x 26.67 at 25", "AVRUND 1 x 0.01 at 0"]),
     # A sold gift card is known by its line: the refund's has not the plugin's meta.
     (SOLD_CARD, [refund("200.00", back("200", 0, of=CARD_LINE.id, sku="", name=CARD_LINE.name))],
      None, ["GAVEKORT -1 x 200 at 0"]),
     # One used as a fee is given back as one: by its own line, or with all that is left.
     (WITH_CARD, [refund("600.00", back("720", of=1), fees=CARD_BACK)], None,
      ["LUE-7 -1 x 720 at 25", "GAVEKORT 1 x 300 at 0"]),
     (WITH_CARD, [refund("350.00")], None, ["VARE25 -1 x 280 at 25"]),
     (WITH_CARD, [refund("350.00", id=90), refund("350.00", id=91)], None,
      ["VARE25 -1 x 520 at 25", "GAVEKORT 1 x 300 at 0"]),
     (WITH_CARD, [refund("500.00", back("640", of=1), fees=CARD_BACK, id=90),
                  refund("200.00", id=91)], None, ["VARE25 -1 x 160 at 25"]),
     # An amount alone is spread over the VAT rates, by what each came to, gross; to the øre.
     (THREE, [refund("100.01")], None,
      ["VARE25 -1 x 40.008 at 25", "VARE15 -1 x 20 at 15", "VARE0 -1 x 27 at 0"]),
     # It takes only what is left of each rate: what a line has returned is not returned again.
     (TWO, [refund("1000.00", back("800", of=1), id=90), refund("300.00", id=91)], None,
      ["VARE0 -1 x 300 at 0"]),
     # A sold gift card has its share on its own product: it was never a sale without VAT.
     (order(line("400", id=1), line("500", 0, sku="GAVE-500")), [refund("100.00")], None,
      ["VARE25 -1 x 40 at 25", "GAVEKORT -1 x 50 at 0"]),
     # A negative fee takes no share: it lowered the order; what was sold is what is returned.
     (LOWERED, [refund("100.00", id=90), refund("700.00", id=91)], None,
      ["VARE25 -1 x 720 at 25", "VARE0 1 x 200 at 0"]),
     # Paid wholly by cards (1000 and 250), nothing is returned but to them: the lines tell what;
     # and what went back to a card is counted with the next.
     (ALL_BY_CARDS, [refund("0.00", back("200", of=2))], None,
      ["LUE-7 -1 x 200 at 25", "GAVEKORT 1 x 250 at 0"]),
     (ALL_BY_CARDS, [refund("0.00", back("200", of=2), id=90), refund("0.00", back("800", of=1))],
      None, ["LUE-7 -1 x 800 at 25", "GAVEKORT 1 x 1000 at 0"]),
     # A card among the fees has a line of its own, or is given back for the goods.
     (ALL_BY_FEE, [refund("0.00", back("800", of=1), fees=(back("-1000", 0, of=7, **CARD),))], None,
      ["LUE-7 -1 x 800 at 25", "GAVEKORT 1 x 1000 at 0"]),
     (ALL_BY_FEE, [refund("0.00", back("400", of=1))], None,
      ["LUE-7 -1 x 400 at 25", "GAVEKORT 1 x 500 at 0"]),
     # An earlier refund that is held counts as an amount without lines, and does not stop the next.
     (TWO, [refund("20.00", back("100", of=1), id=90),
            refund("100.00", back("100", 0, of=2), id=91)], None, ["VARE0 -1 x 100 at 0"]),
     # What comes to all of the money is not all that was sold where a card paid a part: a jersey of
     # 1000.00 back and a hat of 100.00 kept, or both.
     (JERSEY_AND_HAT, [refund("1000.00", back("800", of=1), back("80", of=2))], None,
      ["LUE-7 -1 x 800 at 25", "LUE-7 -1 x 80 at 25", "GAVEKORT 1 x 100 at 0"]),
     # So where a negative fee did.
     (LOWERED, [refund("800.00", back("640", of=1))], None, ["LUE-7 -1 x 640 at 25"]),
     # One of two at 499.90 of which a card paid nine tenths: rounded to the øre in the shop, it is
     # not ten times that off here.
     *[(TWO_BY_CREDIT, [refund("49.99", back(net, of=1, vat=vat))], None,
        ["LUE-7 -1 x 399.92 at 25", "GAVEKORT 1 x 449.91 at 0"])
       for net, vat in (("39.99", "10.00"), ("39.992", "9.998"), ("40.00", "10.00"))],
     # So where a shop of whole kroner rounded it.
     (ONE_RATE_15, [refund("1169", back("1017", 15, of=1, vat="152"))], None,
      ["VARE15 -1 x 1129.565217 at 15", "GAVEKORT 1 x 130 at 0"]),
     # Lines above the money go back to the card that paid the difference.
     (PAID_BY_CARD, [refund("250.00", back("200", of=2), id=90),
                     refund("500.00", back("800", of=1), id=91)], HIDDEN,
      ["LUE-7 -1 x 800 at 25", "GAVEKORT 1 x 500 at 0"]),
     # An amount of the whole is clear, and so is the rest where what went before had lines.
     (ONE, [refund("1000.00")], HOLD, ["LUE-7 -1 x 800 at 25"]),
     (order(line("800", id=1), line("100", 15, id=2)),
      [refund("500.00", back("400", of=1), id=90), refund("615.00", id=91)], HOLD,
      ["VARE25 -1 x 400 at 25", "VARE15 -1 x 100 at 15"]),
     # Another country's VAT goes back to where it was booked: apart, or on the own code. What an
     # earlier version booked gross goes back gross.
     *[(order_of("sweden-oss"), [refund("100.00")], settings(vat={"foreign": {"SE25": product}}),
        said) for product, said in (
         ({"product": "OSS", "vat_product": "OSS-MVA-SE"},
          ["OSS -1 x 80 at 0", "OSS-MVA-SE -1 x 20 at 0"]),
         ("OSS-SE25", ["OSS-SE25 -1 x 80 at 25"]), ("OSS", ["OSS -1 x 100 at 0"]))],
     # Question 12 = false leaves another country's VAT what was charged: a fifth of 1125 paid.
     (order(line("900", before="1000"), **TO_SWEDEN), [refund("225.00")], settings(
        vat={"foreign": {"SE25": {"product": "OSS", "vat_product": "OSS-MVA-SE"}}},
        discounts={"transfer_vat": False}), ["OSS -1 x 180 at 0", "OSS-MVA-SE -1 x 45 at 0"]),
     # Two of 500.00 each of which a card that came as a coupon paid half: one goes back whole, and
     # half of it to the card. One that the card paid whole goes back to it alone.
     (order(*(line("200", before="400", id=n) for n in (1, 2)), coupon_lines=[AS_COUPON]),
      [refund("250.00", back("200", of=1))], None,
      ["LUE-7 -1 x 400 at 25", "GAVEKORT 1 x 250 at 0"]),
     (order(line("0", before="400", id=1), line("400", id=2), coupon_lines=[AS_COUPON]),
      [refund("500.00", back("0", of=1), back("400", of=2))], None,
      ["LUE-7 -1 x 400 at 25", "LUE-7 -1 x 400 at 25", "GAVEKORT 1 x 500 at 0"]),
     # A deposit comes back as one, never as a sale exempt from VAT: of 1020 first 500, 9.80 of it
     # deposit, then all that is left: 509.80 and 10.20.
     (WITH_DEPOSIT, [refund("500.00")], DEPOSITS,
      ["VARE25 -1 x 392.16 at 25", "PANT -1 x 9.8 at 0"]),
     (WITH_DEPOSIT, [refund("500.00", id=90), refund("520.00", id=91)], DEPOSITS,
      ["VARE25 -1 x 407.84 at 25", "PANT -1 x 10.2 at 0"]),
     # Question 12 = false: half of what a coupon gave away, by pieces, beside what was paid.
     (order(line("0", before="100", id=1, quantity=2), line("80", id=2)),
      [refund("50.00", back("0", of=1), back("40", of=2))], GROSS,
      ["LUE-7 -1 x 50 at 25", "LUE-7 -1 x 40 at 25", "RABATT0 1 x 62.5 at 0"])],
)  # fmt: skip
def test_a_refund_takes_of_the_order_what_it_says(given, refunds, chosen, lines):
    """The last refund's lines, each on the product that the sale was on, as the settings say."""
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
     # More of a rate than was sold at it: twice the same goods; or after an amount that took of it,
     # where discounts leave the VAT alone.
     (TWO, [refund("1000.00", back("800", of=1), id=n) for n in (90, 91)], None,
      "refund_exceeds_rate", ["1000.00", "25 %"]),
     (order(line("720", before="800", id=1), line("1000", 0, id=2)),
      [refund("150.00", id=90), refund("900.00", back("720", of=1), id=91)], GROSS,
      "refund_exceeds_rate", []),
     # The gross amount was typed in the field for net, say, so that no VAT is returned.
     *[(ONE, [refund("900.00", back("900", 0, of=item))], None, "refund_rate_differs",
        ["back at 0 % VAT, but it was sold at 25 %"]) for item in (1, None)],
     (TWO_BY_CREDIT, [refund("49.99", back("49.99", 0, of=1))], None, "refund_rate_differs", [])],
)  # fmt: skip
def test_a_refund_that_is_not_clear_is_held(given, refunds, chosen, code, said):
    got, text = held(given, *refunds, chosen=chosen)
    assert (got, [one for one in said if one not in text]) == (code, [])


def test_lines_after_an_amount_alone_take_no_more_of_a_rate_than_there_was():
    """The amount took 75 of the rate 25 %; that goes back to it and is taken of the other."""
    amount, goods = refund("150.00", id=90), refund("1000.00", back("800", of=1), id=91)
    assert given_back(TWO, amount, goods) == [
        "LUE-7 -1 x 800 at 25", "VARE0 -1 x 75 at 0", "VARE25 1 x 60 at 25"]  # fmt: skip
    whole = [credited(TWO, amount, goods, of=90), credited(TWO, amount, goods)]
    assert sum(vat_of(note)[25] for note in whole) == -200
    assert whole[1].documents.sales_order.lines[2].description == "Refundert tidligere, ordre 36"


def test_where_discounts_leave_the_vat_alone_a_refund_returns_the_vat_of_the_full_price():
    """Question 12 = false: half of the goods at list price, half of the gross discount."""
    given, half = order(line("90", before="100", id=1)), refund("56.25", back("45", of=1), id=90)
    assert given_back(given, half, chosen=GROSS) == [
        "LUE-7 -1 x 50 at 25", "RABATT0 1 x 6.25 at 0"]  # fmt: skip
    for refunds in ([half], [half, refund("56.25", id=91)]):
        assert vat_of(credited(given, *refunds, chosen=GROSS)) == {25: Decimal("-12.50")}
    # 4 x 249 at 15 % less 50, in a shop of whole kroner: 149.40 is booked, and goes back.
    given = order(line("946", 15, before="996", id=1, quantity=4, total_tax="142"),
                  total="1088", total_tax="142")  # fmt: skip
    first = refund("816", back("710", 15, of=1, vat="106", quantity=-3), id=90)
    last = refund("272", back("237", 15, of=1, vat="35"), id=91)
    vats = [vat_of(credited(given, *refunds, chosen=GROSS)) for refunds in ([first], [first, last])]
    assert vats == [{15: Decimal("-112.06")}, {15: Decimal("-37.35")}]


def test_the_code_of_a_card_that_came_as_a_coupon_stands_on_no_credit_note():
    """Whoever has it whole can spend it; the shop's own coupon is named."""
    given = order(line("400", before="1000", id=1), coupon_lines=[AS_COUPON, {"code": "sommer"}])
    half = refund("250.00", back("200", of=1))
    made = credited(given, half, chosen=GROSS).documents.sales_order
    assert [one.description for one in made.lines[:3]] == [
        "Lue, barn", "Rabatt sommer", "Brukt gavekort"]  # fmt: skip


# What there is no credit note of


def test_a_refund_of_nothing_has_no_credit_note_and_one_that_cannot_be_is_held():
    """A shop may make one of nothing to put goods back in stock. Of refunds of more than
    the order those before the one that is too much are within it. One that is not the
    order's is a mistake.
    """
    restocked = refund("0", back("0", of=1), id=90)
    assert credit_outcome(ONE, refund("0.00")) is credit_outcome(ONE, restocked) is None
    assert credit_outcome(ALL_BY_CARDS, restocked) is None
    assert given_back(ONE, restocked, refund("1000.00")) == ["LUE-7 -1 x 800 at 25"]
    refunds = refund("800.00", id=90), refund("300.00", id=91)
    code, text = held(ONE, *refunds)
    assert (code, "1100.00" in text) == ("refunds_exceed_total", True)
    credited(ONE, *refunds, of=90)
    assert held(ONE, *refunds[::-1], of=91) == (code, text)  # as the shop lists them
    name = "plugin-pw-gift-card-part-refunded"
    assert held(order_of(name), *refunds_of(name))[0] == "total_below_lines"
    with pytest.raises(ValueError, match="5"):
        credit_outcome(ONE, refund("1.00"), of=5)


@pytest.mark.parametrize(
    ("given", "refunds", "keeps"),
    [(JERSEY_AND_HAT, [refund("1000.00", back("800", of=1))], True),
     (JERSEY_AND_HAT, [refund("1000.00", back("800", of=1), back("80", of=2))], False),
     (JERSEY_AND_HAT, [refund("1000.00")], False), (JERSEY_AND_HAT, [], True),
     (LOWERED, [refund("800.00", back("640", of=1))], True), (LOWERED, [refund("800.00")], False),
     (ONE, [refund("500.00", back("400", of=1))], False),
     (order(line("800", id=1), total="900.00"), [], False)],
)  # fmt: skip
def test_what_a_card_paid_may_be_kept_though_all_money_went_back(given, refunds, keeps):
    """By the refunds' lines. Without a card, or where the order is held, nothing is."""
    assert leaves_goods(given, refunds, basis(settings(), company())) is keeps


# The document


def test_a_part_credit_of_an_unpaid_invoice_is_said_to_stay_open():
    """With both documents and what to do; a paid sale's, and that of the whole, close alone. It is
    due where the sale was paid.
    """
    unpaid, paid = (order(line("800"), payment_method=method, date_paid_gmt="2026-11-03T10:00:00")
                    for method in ("bacs", "vipps"))  # fmt: skip
    part = credited(unpaid, refund("300.00"))
    (said,) = (one for one in part.documents.notes if one.code == "part_credit_of_unpaid")
    assert (said.facts["invoice"], said.facts["amount"]) == ("10045", Decimal("300.00"))
    assert part.invoice.due is None
    codes = {note.code for given, amount in ((unpaid, "1000.00"), (paid, "300.00"))
             for note in credited(given, refund(amount)).documents.notes}  # fmt: skip
    assert "part_credit_of_unpaid" not in codes
    reserved = order(line("800"), payment_method="vipps", refunds=[{"id": 100, "total": "-300"}],
                     meta_data=[{"key": "_vipps_captured", "value": "0"}])  # fmt: skip
    notes = credited(reserved, refund("300.00")).documents.notes
    assert "part_credit_of_unpaid" in {note.code for note in notes}
    assert credited(paid, refund("300.00")).invoice.due == date(2026, 11, 23)


def test_a_credit_note_leaves_as_the_invoice_does_and_none_of_no_open_day():
    """Without an e-mail it is posted and not sent: nobody has to pay it. A locked day, if
    so chosen, or one still to come, which a plugin may set, is held.
    """
    given, there = order(line("800")), company(date(2026, 11, 30))
    chosen = settings(invoices={"locked_period": "hold"})
    assert held(given, refund("10.00"), there=there, chosen=chosen)[0] == "period_locked"
    assert held(given, refund("10.00"), today=date(2026, 11, 22))[0] == "day_in_future"
    chosen = settings(invoices={"delivery_unpaid": "email"})
    given = order(line("800"), payment_method="bacs")
    assert credited(given, refund("10.00"), chosen=chosen).invoice.delivery is Delivery.EMAIL
    nameless = order(line("800"), payment_method="bacs", billing={})
    assert credited(nameless, refund("10.00"), chosen=chosen).invoice.delivery is Delivery.NONE


# The money's way back

PAID = {"date_paid_gmt": "2026-11-04T08:00:00"}
BACK_AGAIN = PaymentWanted(VoucherKind.BANK, 19030, 1903, date(2026, 11, 23), Decimal("-10.00"),
                           "NOK", "vipps refusjon 100")  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "by_gateway", "changed", "keys", "booked"),
    [*[(rule, by_gateway, PAID, {}, by_gateway) for rule in (None, "gateway")
       for by_gateway in (True, False)],  # the default is "gateway"
     ("always", True, PAID, {}, True), ("always", False, PAID, {}, True),
     ("never", True, PAID, {}, False),
     # Paid by invoice, not paid at all, or payments are not registered.
     ("always", True, {"payment_method": "bacs", **PAID}, {}, False),
     ("always", True, {}, {}, False), ("always", True, PAID, {"register": False}, False)],
)  # fmt: skip
def test_the_moneys_way_back_is_booked_as_configured(rule, by_gateway, changed, keys, booked):
    """On the method's account, on the credit note's day, with the opposite sign; and none goes back
    that was not booked as come.
    """
    refunds = {"register_payment": rule} if rule else {}
    payments = {"register": True, "accounts": {"vipps": 1903}, **keys}
    money = refund("10.00", refunded_payment=by_gateway)
    given, chosen = order(line("800"), **changed), settings(refunds=refunds, payments=payments)
    assert credited(given, money, chosen=chosen).payback == (BACK_AGAIN if booked else None)


def test_a_way_back_without_an_account_holds_the_credit_note_too():
    chosen = settings(payments={"register": True}, refunds={"register_payment": "always"})
    code, _ = held(order(line("800"), **PAID), refund("10.00"), chosen=chosen)
    assert code == "payment_account_not_set"


# Invoiced otherwise than it would be today

APART = settings(vat={"foreign": {"SE25": {"product": "OSS", "vat_product": "OSS-MVA-SE"}}})
CREDIT = order(line("400", before="800", id=1), coupon_lines=[AS_COUPON])
GIVEN_500 = ((3000, "800"), (2901, "-500"))


@pytest.mark.parametrize(
    ("given", "chosen", "standing", "accounts"),
    [# 1000 with VAT, of which a card paid a half; earlier that was a discount of 400 net.
     (CREDIT, None, GIVEN_500, ""), (CREDIT, None, ((3000, "800"), (3000, "-400")), "2901, 3000"),
     # Swedish VAT of 200 apart, and as earlier on the account of the goods.
     (order(line("800"), **TO_SWEDEN), APART, ((3110, "800"), (2745, "200")), ""),
     (order(line("800"), **TO_SWEDEN), APART, ((3110, "1000"),), "2745, 3110"),
     # Without VAT to Svalbard: once as if at home.
     (order(line("500", 0), billing={**KARI, "postcode": "9171"}), None, ((3100, "500"),),
      "3100, 3110"),
     # An øre that prices were off by, and their rounding line; no lines, or none with an account.
     (ONE, None, ((3000, "800.02"), (7740, "-0.03")), ""), (ONE, None, (), ""),
     (ONE, None, ((None, "800"),), "")],
)  # fmt: skip
def test_an_order_that_would_go_on_other_accounts_than_its_invoice_is_held(
    given, chosen, standing, accounts
):
    """With the accounts whose net differs: what they hold would not be given back."""
    seen = [
        LineSeen("1", ROUNDING_REFERENCE if no == 7740 else "1", "Normal", "", None, None,
                 Decimal(1), None, Decimal(net), None, None, None, account_no=no)
        for no, net in standing
    ]  # fmt: skip
    got = invoiced_otherwise(given, 10045, seen, basis(chosen or settings(), company()))
    if accounts:
        assert told(got)[0] == "invoiced_otherwise"
        assert got.facts["accounts"] == accounts
    else:
        assert got is None


# Cancelled after it was invoiced


def cancellation(given, chosen=None, lock=None):
    by = basis(chosen or settings(), company(lock))
    whole = Crediting(given, by, ("shop_36-c", "woo-shop-36"), 10045)
    return credit_note_for(whole, (), None)


CANCELLED = {"status": "cancelled", "date_modified_gmt": "2026-11-09T23:10:00", **PAID}


def test_a_cancelled_order_is_credited_whole():
    """Its own lines turned round, discounts too, without the text that it is paid, on the
    day of its last change or the first open one; no money, and nothing of an order of
    nothing.
    """
    chosen = settings(payments={"register": True}, refunds={"register_payment": "always"},
                      invoices={"create": True})  # fmt: skip
    given = order(line("90", before="100"), freight=(line("79.20"),), payment_method_title="Vipps",
                  **CANCELLED)  # fmt: skip
    made = cancellation(given, chosen)
    document = made.documents.sales_order
    assert sheet(document.lines) == [
        "LUE-7 -1 x 100 at 25", "FRAKT -1 x 79.2 at 25", "RABATT 1 x 10 at 25"]  # fmt: skip
    assert [one.reference for one in document.lines if not one.quantity] == ["credits"]
    assert (document.amounts.total, document.related_invoice_no) == (-given.total, 10045)
    assert (made.invoice.day, made.payback) == (date(2026, 11, 10), None)
    assert cancellation(order(line("0"), **CANCELLED)) is None
    assert cancellation(given, lock=date(2026, 11, 30)).invoice.day == date(2026, 12, 1)


@pytest.mark.parametrize(
    ("given", "code", "said"),
    [# The rest alone is left, and a card that paid for it is a person's to give back.
     (order(line("800"), refunds=[{"id": 90, "total": "-150.00"}], **CANCELLED),
      "cancelled_after_refunds", "150.00"),
     (order(line("800"), gift_cards=[{"amount": "1000"}], **{**CANCELLED, "total": "0"}),
      "cancelled_at_zero", ""),
     (order(line("800"), fees=(line("-1000", 0, **CARD),), **CANCELLED), "cancelled_at_zero", ""),
     # The reason that would hold the order.
     (order(line("800"), **{**CANCELLED, "total": "900.00"}), "total_below_lines", "")],
)  # fmt: skip
def test_a_cancelled_order_that_is_a_persons_to_credit_is_held(given, code, said):
    got, text = told(cancellation(given))
    assert (got, said in text) == (code, True)
