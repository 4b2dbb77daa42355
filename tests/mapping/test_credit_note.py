"""Refunds as credit notes: what is credited, on which day, and the money's way back."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.mapping.company import settings
from tests.mapping.golden import recorded
from tests.mapping.golden_after import refunds_of
from tests.mapping.orders import line, order
from tests.mapping.refunds import (
    TODAY,
    back,
    company,
    credited,
    held,
    outcome,
    refund,
    sheet,
    told,
    vat_of,
)
from woo2po.catalogue import Account
from woo2po.documents import CreditNote, Delivery, Documents, PaymentWanted, Rounding, VoucherKind
from woo2po.holds import Hold
from woo2po.mapping import ALL_WAYS, cancellation_note_for, documents_for
from woo2po.order import Order
from woo2po.settings import Settings

CARD = {"gift_cards": {"hidden": "gift_card"}}


def note_of(name: str, chosen: Settings | None = None) -> CreditNote:
    """Return the credit note of the recorded order's last refund."""
    refunds = refunds_of(name)
    last = max(one.id for one in refunds)
    return credited(recorded(name), *refunds, of=last, chosen=chosen)


# What is credited


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


# What there is no credit note of


def test_a_refund_of_nothing_has_no_credit_note() -> None:
    """A shop may make one to put goods back in stock."""
    given = order(line("800", id=1))
    assert outcome(given, refund("0.00")) is None
    assert outcome(given, refund("0", back("0", of=1))) is None


def test_refunds_of_more_than_the_order_are_held_from_the_one_that_is_too_much() -> None:
    """The ones before it are within the order."""
    given = order(line("800", id=1))
    refunds = refund("800.00", id=90), refund("300.00", id=91)
    code, text = held(given, *refunds)
    assert code == "refunds_exceed_total"
    assert "1100.00" in text
    credited(given, *refunds, of=90)


def test_an_order_that_cannot_be_read_has_no_credit_note() -> None:
    """The hidden card is named, as for the order."""
    name = "plugin-pw-gift-card-part-refunded"
    assert held(recorded(name), *refunds_of(name))[0] == "total_below_lines"


def test_a_refund_that_is_not_the_orders_is_a_mistake() -> None:
    """Nothing is guessed."""
    with pytest.raises(ValueError, match="5"):
        outcome(order(line("800")), refund("1.00"), of=5)


# The document


def test_the_credit_note_has_its_own_references_and_names_its_invoice() -> None:
    """Only the order's number as people see it is the same."""
    document = note_of("partial-refund-line").documents.sales_order
    assert (document.reference, document.matching_reference) == ("shop_36-r", "woo-shop-36-r")
    assert document.related_invoice_no == 10045
    assert document.customer_reference == f"shop_{recorded('partial-refund-line').number}"
    assert document.imported_order_no is None
    assert len({one.reference for one in document.lines}) == len(document.lines)


def test_the_credit_note_has_the_day_of_the_refund_in_the_shop() -> None:
    """23:30 UTC is the next day in Norway; nothing is due."""
    given = order(line("800"))
    invoice = credited(given, refund("10.00", date_created_gmt="2026-11-30T23:30:00")).invoice
    assert (invoice.day, invoice.due, invoice.moved_from) == (date(2026, 12, 1), None, None)


def test_a_refund_of_a_locked_period_is_moved_or_held() -> None:
    """As the invoice is."""
    given, there = order(line("800")), company(date(2026, 11, 30))
    invoice = credited(given, refund("10.00"), there=there).invoice
    assert (invoice.day, invoice.moved_from) == (date(2026, 12, 1), date(2026, 11, 23))
    chosen = settings(invoices={"locked_period": "hold"})
    assert held(given, refund("10.00"), there=there, chosen=chosen)[0] == "period_locked"


def test_a_refund_of_a_day_still_to_come_is_held() -> None:
    """A plugin may set its date."""
    given = order(line("800"))
    assert held(given, refund("10.00"), today=date(2026, 11, 22))[0] == "day_in_future"


def test_the_credit_note_leaves_as_the_invoice_does() -> None:
    """Without an e-mail it is posted and not sent: nobody has to pay it."""
    chosen = settings(invoices={"delivery": "email"})
    given = order(line("800"), payment_method="bacs")
    assert credited(given, refund("10.00"), chosen=chosen).invoice.delivery is Delivery.EMAIL
    nameless = order(line("800"), payment_method="bacs", billing={})
    assert credited(nameless, refund("10.00"), chosen=chosen).invoice.delivery is Delivery.NONE


# The money's way back

PAID = {"date_paid_gmt": "2026-11-04T08:00:00"}


def payback(given: Order, rule: str | None, by_gateway: bool, **keys: Any) -> Any:
    refunds = {"register_payment": rule} if rule else {}
    chosen = settings(
        refunds=refunds, payments={"register": True, "accounts": {"vipps": 1903}, **keys}
    )
    money = refund("10.00", refunded_payment=by_gateway)
    return credited(given, money, chosen=chosen).payback


@pytest.mark.parametrize(
    ("rule", "by_gateway", "booked"),
    [
        (None, True, True),  # the default is "gateway"
        (None, False, False),
        ("gateway", True, True),
        ("gateway", False, False),
        ("always", True, True),
        ("always", False, True),
        ("never", True, False),
    ],
)
def test_the_moneys_way_back_is_booked_as_configured(
    rule: str | None, by_gateway: bool, booked: bool
) -> None:
    """On the method's account, on the credit note's day, with the opposite sign."""
    back_again = PaymentWanted(
        VoucherKind.BANK, 19030, 1903, date(2026, 11, 23), Decimal("-10.00"), "NOK"
    )
    given = order(line("800"), **PAID)
    assert payback(given, rule, by_gateway) == (back_again if booked else None)


@pytest.mark.parametrize(
    ("changed", "keys"),
    [
        ({"payment_method": "bacs", **PAID}, {}),
        ({}, {}),
        (PAID, {"register": False}),
    ],
)
def test_no_money_goes_back_that_was_not_booked_as_come(
    changed: dict[str, Any], keys: dict[str, Any]
) -> None:
    """Paid by invoice, not paid at all, or payments are not registered."""
    assert payback(order(line("800"), **changed), "always", True, **keys) is None


def test_a_way_back_without_an_account_holds_the_credit_note_too() -> None:
    """Nothing is half booked."""
    chosen = settings(payments={"register": True}, refunds={"register_payment": "always"})
    given = order(line("800"), **PAID)
    assert held(given, refund("10.00"), chosen=chosen)[0] == "payment_account_not_set"
    there = company(a1900=Account(19000, 1900, None, active=False))
    cash = settings(
        payments={"register": True, "default_type": "cash"},
        refunds={"register_payment": "always"},
    )
    got = held(given, refund("10.00"), chosen=cash, there=there)[0]
    assert got == "payment_account_inactive"


# Cancelled after it was invoiced


def cancellation(
    given: Order, chosen: Settings | None = None, lock: date | None = None
) -> CreditNote | Hold | None:
    return cancellation_note_for(
        given, chosen or settings(), company(lock), reference="shop_36-c",
        matching_reference="woo-shop-36", related_invoice_no=10045, today=TODAY,
        ways=ALL_WAYS)  # fmt: skip


CANCELLED = {"status": "cancelled", "date_modified_gmt": "2026-11-09T23:10:00", **PAID}


def test_a_cancelled_order_is_credited_whole() -> None:
    """Its own lines turned round, discounts too, on the day of its last change; no money."""
    chosen = settings(payments={"register": True}, refunds={"register_payment": "always"})
    given = order(line("90", before="100"), freight=(line("79.20"),), **CANCELLED)
    made = cancellation(given, chosen)
    assert isinstance(made, CreditNote)
    assert sheet(made) == [
        "LUE-7 -1 x 100 at 25",
        "FRAKT -1 x 79.2 at 25",
        "RABATT 1 x 10 at 25",
    ]
    assert made.documents.sales_order.amounts.total == -given.total
    assert made.documents.sales_order.related_invoice_no == 10045
    assert (made.invoice.day, made.payback) == (date(2026, 11, 10), None)


def test_the_text_that_an_invoice_is_paid_is_not_credited() -> None:
    """A credit note says nothing of Vipps."""
    chosen = settings(invoices={"create": True})
    given = order(line("90"), payment_method_title="Vipps", **CANCELLED)
    made = cancellation(given, chosen)
    assert isinstance(made, CreditNote)
    assert sheet(made) == ["LUE-7 -1 x 90 at 25"]


def test_an_order_cancelled_after_refunds_is_a_persons_to_credit() -> None:
    """The rest alone is left."""
    given = order(line("800"), refunds=[{"id": 90, "total": "-150.00"}], **CANCELLED)
    code, text = told(cancellation(given))
    assert code == "cancelled_after_refunds"
    assert "150.00" in text


def test_a_cancelled_order_of_nothing_has_nothing_to_credit() -> None:
    """Unless a gift card paid for it: that is a person's to give back."""
    assert cancellation(order(line("0"), **CANCELLED)) is None
    given = order(line("800"), gift_cards=[{"amount": "1000"}], **{**CANCELLED, "total": "0"})
    assert told(cancellation(given))[0] == "cancelled_at_zero"


def test_a_cancelled_order_that_cannot_be_credited_is_held() -> None:
    """For the reason that would hold the order."""
    given = order(line("800"), **{**CANCELLED, "total": "900.00"})
    assert told(cancellation(given))[0] == "total_below_lines"


def test_a_cancellation_of_a_locked_period_is_moved() -> None:
    """As everything else."""
    made = cancellation(order(line("90"), **CANCELLED), lock=date(2026, 11, 30))
    assert isinstance(made, CreditNote)
    assert made.invoice.day == date(2026, 12, 1)
