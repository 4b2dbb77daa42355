"""Refunds as credit notes: where there is one, its day, and the money's way back."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.mapping.company import company, settings
from tests.mapping.golden import recorded, refunds_of
from tests.mapping.orders import line, order, sheet, told
from tests.mapping.refunds import TODAY, back, credited, held, outcome, refund
from woo2po.catalogue import Account
from woo2po.documents import CreditNote, Delivery, PaymentWanted, VoucherKind
from woo2po.holds import Hold
from woo2po.mapping import ALL_WAYS, cancellation_note_for
from woo2po.order import Order
from woo2po.settings import Settings

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
    given, refunds = recorded("partial-refund-line"), refunds_of("partial-refund-line")
    document = credited(given, *refunds).documents.sales_order
    assert (document.reference, document.matching_reference) == ("shop_36-r", "woo-shop-36-r")
    assert document.related_invoice_no == 10045
    assert document.customer_reference == f"shop_{given.number}"
    assert document.imported_order_no is None
    assert len({one.reference for one in document.lines}) == len(document.lines)


@pytest.mark.parametrize(
    ("made", "lock", "day", "moved_from"),
    [("2026-11-30T23:30:00", None, date(2026, 12, 1), None),  # 23:30 UTC is the next day here
     ("2026-11-23T17:06:15", date(2026, 11, 30), date(2026, 12, 1), date(2026, 11, 23))],
)  # fmt: skip
def test_the_credit_note_has_the_day_of_the_refund_in_the_shop(
    made: str, lock: date | None, day: date, moved_from: date | None
) -> None:
    """In a locked period the first open one, as the invoice has; nothing is due."""
    money = refund("10.00", date_created_gmt=made)
    invoice = credited(order(line("800")), money, there=company(lock)).invoice
    assert (invoice.day, invoice.due, invoice.moved_from) == (day, None, moved_from)


def test_a_refund_of_no_open_day_is_held() -> None:
    """A locked one, if so chosen, or one still to come: a plugin may set its date."""
    given, there = order(line("800")), company(date(2026, 11, 30))
    chosen = settings(invoices={"locked_period": "hold"})
    assert held(given, refund("10.00"), there=there, chosen=chosen)[0] == "period_locked"
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
    assert sheet(made.documents.sales_order.lines) == [
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
    assert sheet(made.documents.sales_order.lines) == ["LUE-7 -1 x 90 at 25"]


@pytest.mark.parametrize(
    ("given", "code", "said"),
    [# The rest alone is left, and a card that paid for it is a person's to give back.
     (order(line("800"), refunds=[{"id": 90, "total": "-150.00"}], **CANCELLED),
      "cancelled_after_refunds", "150.00"),
     (order(line("800"), gift_cards=[{"amount": "1000"}], **{**CANCELLED, "total": "0"}),
      "cancelled_at_zero", ""),
     # The reason that would hold the order.
     (order(line("800"), **{**CANCELLED, "total": "900.00"}), "total_below_lines", "")],
)  # fmt: skip
def test_a_cancelled_order_that_is_a_persons_to_credit_is_held(
    given: Order, code: str, said: str
) -> None:
    """With the sum, where there is one."""
    got, text = told(cancellation(given))
    assert (got, said in text) == (code, True)


def test_a_cancelled_order_of_nothing_has_nothing_to_credit() -> None:
    """And one of a locked period is moved, as everything else."""
    assert cancellation(order(line("0"), **CANCELLED)) is None
    made = cancellation(order(line("90"), **CANCELLED), lock=date(2026, 11, 30))
    assert isinstance(made, CreditNote)
    assert made.invoice.day == date(2026, 12, 1)
