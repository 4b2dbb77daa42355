"""When an order is invoiced, on which day, and how the invoice reaches the customer."""

from datetime import date
from typing import Any

import pytest

from tests.mapping.company import settings
from tests.mapping.golden import recorded
from tests.mapping.orders import KARI, documents, line, lines_of, order
from tests.mapping.refunds import TODAY, company, told
from woo2po.documents import Delivery, InvoiceWanted, LineKind, NotYet
from woo2po.mapping import invoice_of
from woo2po.order import Order
from woo2po.settings import Settings

COMPLETED = {"status": "completed", "date_paid_gmt": "2026-10-31T10:00:00",
             "date_completed_gmt": "2026-11-05T10:00:00"}  # fmt: skip


def invoicing(**keys: Any) -> Settings:
    return settings(invoices={"create": True, **keys})


PAID = {"date_paid_gmt": "2026-11-05T10:00:00"}


def one(**changed: Any) -> Order:
    return order(line("100"), **changed)


def invoice(given: Order, today: date = TODAY, lock: date | None = None, **keys: Any) -> Any:
    return invoice_of(given, invoicing(**keys), company(lock), today)


def test_the_draft_is_left_to_a_person_unless_invoices_are_to_be_created() -> None:
    """Question 3 is answered no by default."""
    assert invoice_of(one(**COMPLETED), settings(), company(), TODAY) == NotYet("left_to_a_person")


def test_an_order_is_invoiced_the_day_it_became_completed() -> None:
    """Question 4's default: nothing before, that day after."""
    paid = one(date_paid_gmt="2026-10-31T10:00:00")
    assert invoice(paid) == NotYet("not_completed")
    assert invoice(one(**COMPLETED)) == InvoiceWanted(
        day=date(2026, 11, 5), due=date(2026, 11, 5), delivery=Delivery.NONE, email=KARI["email"]
    )


def test_a_sale_of_september_that_is_completed_in_october_is_octobers() -> None:
    """By default the day of completion counts, with when = "processing" the day of payment."""
    given = recorded("completed-next-month")
    assert invoice(given).day == date(2026, 10, 2)
    assert invoice(given, when="processing").day == date(2026, 9, 30)


@pytest.mark.parametrize("status", ["processing", "on-hold", "cancelled", "pending"])
def test_an_order_that_is_no_longer_completed_waits(status: str) -> None:
    """The shop keeps the day of completion when the order goes back."""
    assert invoice(one(**{**COMPLETED, "status": status})) == NotYet("not_completed")


def test_an_order_refunded_after_it_was_completed_is_invoiced() -> None:
    """Its credit note needs the invoice; one that never was completed needs neither."""
    assert invoice(one(**{**COMPLETED, "status": "refunded"})).day == date(2026, 11, 5)
    assert invoice(one(status="refunded")) == NotYet("not_completed")


def test_a_status_of_the_shops_own_after_completion_counts_as_completed() -> None:
    """Some shops have one behind it, as "delivered"."""
    assert invoice(one(**{**COMPLETED, "status": "delivered"})).day == date(2026, 11, 5)


def test_a_completed_order_without_a_day_is_held() -> None:
    """An imported order says nothing of when, and a guess might be another VAT period."""
    code, text = told(invoice(one(status="completed")))
    assert code == "completed_without_day"
    assert "does not say when" in text


def test_invoiced_at_once_the_day_is_that_of_payment_or_else_of_the_order() -> None:
    """when = "processing": paid orders on the day paid, unpaid ones on the day created."""
    assert invoice(one(date_paid_gmt="2026-11-04T08:00:00"), when="processing").day == date(
        2026, 11, 4
    )
    assert invoice(recorded("company-invoice-unpaid"), when="processing").day == date(2026, 10, 5)


@pytest.mark.parametrize(
    ("paid", "day"),
    [
        ("2026-10-31T22:59:30", date(2026, 10, 31)),  # 23:59:30 in Oslo
        ("2026-10-31T23:00:00", date(2026, 11, 1)),  # midnight, winter time
        ("2026-09-30T21:59:59", date(2026, 9, 30)),  # 23:59:59, summer time
        ("2026-09-30T22:00:00", date(2026, 10, 1)),
        ("2026-10-25T00:30:00", date(2026, 10, 25)),  # 02:30, the first time
        ("2026-10-25T01:30:00", date(2026, 10, 25)),  # 02:30, the second time
        ("2026-10-24T22:00:00", date(2026, 10, 25)),
        ("2026-10-25T22:59:59", date(2026, 10, 25)),  # the day of 25 hours ends
        ("2026-10-25T23:00:00", date(2026, 10, 26)),
    ],
)
def test_the_day_is_the_shops(paid: str, day: date) -> None:
    """The shop says UTC; a day is a day in its zone, summer time's double hour included."""
    assert invoice(one(date_paid_gmt=paid), when="processing").day == day


def test_another_zone_has_other_days() -> None:
    """woocommerce.timezone decides."""
    chosen = settings(
        invoices={"create": True, "when": "processing"},
        woocommerce={"timezone": "America/New_York"},
    )
    given = one(date_paid_gmt="2026-11-01T03:00:00")
    made = invoice_of(given, chosen, company(), TODAY)
    assert isinstance(made, InvoiceWanted)
    assert made.day == date(2026, 10, 31)


def test_a_day_still_to_come_is_held() -> None:
    """A shop whose clock is wrong, or a date that somebody typed."""
    code, text = told(invoice(one(**COMPLETED), today=date(2026, 11, 4)))
    assert code == "day_in_future"
    assert "2026-11-05" in text
    assert isinstance(invoice(one(**COMPLETED), today=date(2026, 11, 5)), InvoiceWanted)


def test_in_a_locked_period_the_first_open_day_is_used() -> None:
    """Both days are told: the one used and the one it should have had."""
    made = invoice(one(**COMPLETED), lock=date(2026, 11, 30))
    assert (made.day, made.moved_from) == (date(2026, 12, 1), date(2026, 11, 5))
    assert made.due == date(2026, 12, 1)


def test_the_lock_date_itself_is_locked_and_the_day_after_is_not() -> None:
    """Posting is possible after the lock date."""
    assert invoice(one(**COMPLETED), lock=date(2026, 11, 5)).day == date(2026, 11, 6)
    assert invoice(one(**COMPLETED), lock=date(2026, 11, 4)).moved_from is None


def test_in_a_locked_period_the_order_is_held_if_so_chosen() -> None:
    """invoices.locked_period = "hold"."""
    code, text = told(invoice(one(**COMPLETED), lock=date(2026, 11, 30), locked_period="hold"))
    assert code == "period_locked"
    assert "2026-11-30" in text


def test_nothing_is_dated_ahead_when_the_lock_date_is_not_past() -> None:
    """The first open day would be tomorrow."""
    assert told(invoice(one(**COMPLETED), lock=TODAY))[0] == "locked_ahead"


def test_an_order_to_be_paid_by_invoice_is_due_by_its_payment_term() -> None:
    """Only what is prepaid is due the same day."""
    given = one(**COMPLETED, payment_method="bacs")
    assert invoice(given).due is None


@pytest.mark.parametrize("delivery", list(Delivery))
def test_the_invoice_leaves_as_configured(delivery: Delivery) -> None:
    """All three ways; the customer's e-mail goes with each."""
    made = invoice(one(**COMPLETED), delivery=delivery.value)
    assert (made.delivery, made.email) == (delivery, "kari@example.no")


@pytest.mark.parametrize("delivery", ["email", "auto"])
def test_what_is_paid_and_has_no_email_is_posted_without_being_sent(delivery: str) -> None:
    """The sale belongs in the books, and nothing is left to pay."""
    made = invoice(one(**COMPLETED, billing={**KARI, "email": ""}), delivery=delivery)
    assert (made.delivery, made.email) == (Delivery.NONE, "")


@pytest.mark.parametrize("delivery", ["email", "auto"])
@pytest.mark.parametrize("email", ["", "not an address"])
def test_what_is_to_be_paid_and_has_no_email_is_held(delivery: str, email: str) -> None:
    """An invoice that reaches nobody is never paid."""
    given = one(**COMPLETED, payment_method="bacs", billing={**KARI, "email": email})
    assert told(invoice(given, delivery=delivery))[0] == "invoice_email_missing"
    assert invoice(given).delivery is Delivery.NONE


def test_a_company_may_get_its_invoice_as_ehf_without_email() -> None:
    """Left to PowerOffice, an organisation number is enough; for e-mail it is not."""
    billing = {**KARI, "company": "Fjell AS", "email": ""}
    meta = [{"key": "_billing_org_nr", "value": "923609016"}]
    given = one(**COMPLETED, payment_method="bacs", billing=billing, meta_data=meta)
    assert invoice(given, delivery="auto").delivery is Delivery.AUTO
    assert told(invoice(given, delivery="email"))[0] == "invoice_email_missing"


def test_a_prepaid_invoice_says_so() -> None:
    """No days to pay in, and a text with the method's title as the last line."""
    given = one(payment_method_title="Vipps", **PAID)
    sales_order = documents(given, invoicing()).sales_order
    said = sales_order.lines[-1]
    assert sales_order.payment_term == 0
    assert (said.reference, said.kind, said.description) == (
        "paid", LineKind.TEXT, "Betalt med Vipps")  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "keys"),
    [
        ({"payment_method": "bacs"}, {"create": True}),
        ({"total": "0.00", "line_items": [line("0")]}, {"create": True}),
        ({}, {"create": False}),
    ],
)
def test_no_other_invoice_says_that_it_is_paid(
    changed: dict[str, Any], keys: dict[str, bool]
) -> None:
    """To be paid later, nothing to pay, or a person's invoice."""
    given = one(payment_method_title="Vipps", **(PAID | changed))
    sales_order = documents(given, settings(invoices=keys)).sales_order
    assert sales_order.payment_term is None
    assert all(one.kind is LineKind.NORMAL for one in sales_order.lines)


def test_what_is_not_paid_yet_is_not_called_paid() -> None:
    """Cash on delivery, say: due at once, but nothing on the invoice says that the money came."""
    given = one(payment_method_title="Betal ved levering")
    assert [one.kind for one in lines_of(given, invoicing())] == [LineKind.NORMAL]
    assert documents(given, invoicing()).sales_order.payment_term == 0


def test_a_method_without_a_title_gives_no_text() -> None:
    """ "Betalt med" alone says nothing; the invoice is due at once all the same."""
    assert documents(one(**PAID), invoicing()).sales_order.payment_term == 0
    assert [one.kind for one in lines_of(one(**PAID), invoicing())] == [LineKind.NORMAL]


def test_a_hostile_title_fits_on_its_line() -> None:
    """Titles come raw from the shop."""
    given = one(payment_method_title="Vipps\r\n\u202e" + "x" * 500, **PAID)
    text = lines_of(given, invoicing())[-1].description
    assert text.startswith("Betalt med Vipps x")
    assert len(text) <= 400
