"""When a draft becomes an invoice, with which day, and how it reaches the customer."""

from datetime import date, datetime

from woo2po.catalogue import Catalogue
from woo2po.documents import Delivery, InvoiceWanted, NotYet
from woo2po.holds import Hold
from woo2po.mapping.customer import customer_of
from woo2po.mapping.days import day_in_shop, open_day
from woo2po.mapping.payment import is_prepaid
from woo2po.mapping.values import Stopped, hold
from woo2po.order import Order
from woo2po.settings import Settings

# An order in one of these is not completed, though it may have been ("completed" and back).
NOT_COMPLETED = frozenset({"pending", "processing", "on-hold", "cancelled", "failed", "trash"})


def invoice_of(
    order: Order, settings: Settings, catalogue: Catalogue, today: date
) -> InvoiceWanted | NotYet | Hold:
    """Return how an order that may be transferred is invoiced, or why not (yet).

    `today` is the day in the shop's zone. NotYet: "left_to_a_person" (question 3),
    "not_completed" (question 4).
    """
    if not settings.invoices.create:
        return NotYet("left_to_a_person")
    try:
        moment = _moment(order, settings)
        if moment is None:
            return NotYet("not_completed")
        day, moved_from = open_day(day_in_shop(moment, settings), settings, catalogue, today)
        delivery, email = delivery_of(order, settings)
    except Stopped as stopped:
        return stopped.as_hold()
    prepaid = is_prepaid(order, settings)
    if delivery is None and not prepaid:
        return Hold("invoice_email_missing", {"delivery": settings.invoices.delivery})
    due = day if prepaid else None
    return InvoiceWanted(day, due, delivery or Delivery.NONE, email, moved_from)


def _moment(order: Order, settings: Settings) -> datetime | None:
    if settings.invoices.when == "processing":
        return order.date_paid_gmt or order.date_created_gmt
    if order.status == "completed" and order.date_completed_gmt is None:
        raise hold("completed_without_day")
    return None if order.status in NOT_COMPLETED else order.date_completed_gmt


def delivery_of(order: Order, settings: Settings) -> tuple[Delivery | None, str]:
    """Return how an invoice leaves PowerOffice and the e-mail; None where it would reach nobody.

    It cannot be mailed without an address. Left to PowerOffice ("auto"), a company with an
    organisation number may get it as EHF all the same. Raises Stopped (a Hold) as customer_of.
    """
    sought, _ = customer_of(order, settings)
    wanted, email = Delivery(settings.invoices.delivery), sought.customer.email
    if wanted is Delivery.NONE or email:
        return wanted, email
    by_ehf = wanted is Delivery.AUTO and sought.organization_number != ""
    return (wanted if by_ehf else None), ""
