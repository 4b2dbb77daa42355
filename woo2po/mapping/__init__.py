"""The shop's order -> the documents of PowerOffice. Pure: no I/O, no clock, no log.

special.py     orders that are not to be booked as they stand
eligible.py    which orders are transferred at all
customer.py    person or company, addresses, how a customer is recognised
references.py  numbers and references
paid.py        what was paid, and how exactly the shop's amounts say it
rates.py       the VAT rate that each line was charged with
vat.py         the product and account that carry a rate; other countries' VAT
lines.py       goods, freight and fees at list price
discounts.py   what lies between list price and what was paid
gift_cards.py  cards sold and cards used
rounding.py    what PowerOffice would compute, in each way in which it may round
prices.py      unit prices on which those ways agree; the rounding line
exactness.py   whether the total will be what was paid, for those who show it before
sale.py        what was sold: paid, rates and gift cards together
sales_order.py the sales order of those lines
totals.py      the draft that PowerOffice answered, against what was wanted
days.py        the day on which something is booked
invoice.py     when and how a draft becomes an invoice
payment.py     the money that came, and its way back
refund_lines.py a refund's lines, turned round
shares.py      shares of an order, and what is left of it
refunded.py    what each refund of an order takes of it
credit_note.py a refund or a cancellation as a credit note
texts.py       texts that fit
values.py      what these hand to each other
"""

from dataclasses import replace

from woo2po.catalogue import Catalogue
from woo2po.documents import Documents, LineKind, OrderLine, Rounding
from woo2po.holds import Hold, Skip
from woo2po.mapping.credit_note import cancellation_note_for, credit_note_for
from woo2po.mapping.customer import customer_of
from woo2po.mapping.days import day_in_shop
from woo2po.mapping.eligible import eligible
from woo2po.mapping.exactness import Exactness, exactness
from woo2po.mapping.invoice import invoice_of
from woo2po.mapping.payment import is_prepaid, payback_of_cancelled, payment_of
from woo2po.mapping.references import matching_reference
from woo2po.mapping.rounding import ALL_WAYS
from woo2po.mapping.sale import entries_of, noticed, sale_of
from woo2po.mapping.sales_order import sales_order
from woo2po.mapping.special import stop_what_is_special
from woo2po.mapping.texts import LONGEST_DESCRIPTION, PAID_TEXT, cleaned, fitted
from woo2po.mapping.totals import corrected, difference, ways_explaining
from woo2po.mapping.values import Stopped
from woo2po.mapping.vat import Chooser, is_export
from woo2po.order import Order
from woo2po.settings import Settings

__all__ = [
    "ALL_WAYS",
    "PAID_REFERENCE",
    "Exactness",
    "cancellation_note_for",
    "corrected",
    "credit_note_for",
    "difference",
    "documents_for",
    "eligible",
    "exactness",
    "invoice_of",
    "payback_of_cancelled",
    "payment_of",
    "ways_explaining",
]

# The reference of the text line that says how an order was paid.
PAID_REFERENCE = "paid"


def documents_for(
    order: Order,
    settings: Settings,
    catalogue: Catalogue,
    reference: str,
    ways: frozenset[Rounding] = ALL_WAYS,
    match: str = "",
) -> Documents | Hold | Skip:
    """Return what an order becomes in PowerOffice, or why it does not go.

    `reference` is the order's ExternalImportReference as it was fixed when first used, and
    `match` its CustomMatchingReference ("": that of an order sent for the first time). `ways`
    are the ways of rounding that explain PowerOffice's answers so far: the fewer they are, the
    fewer drafts need a correction.
    """
    try:
        names = (reference, match or matching_reference(settings, order.id))
        return _documents(order, settings, catalogue, names, ways or ALL_WAYS)
    except Stopped as stopped:
        return stopped.outcome


def _documents(
    order: Order,
    settings: Settings,
    catalogue: Catalogue,
    names: tuple[str, str],
    ways: frozenset[Rounding],
) -> Documents:
    stop_what_is_special(order)
    customer, customer_notes = customer_of(order, settings)
    chooser = Chooser(settings, catalogue, is_export(order))
    sale = sale_of(order, settings, catalogue)
    entries = entries_of(sale, settings, chooser)
    wanted = sales_order(
        order,
        sale.paid,
        entries,
        settings,
        catalogue,
        ways,
        reference=names[0],
        matching_reference=names[1],
        day=day_in_shop(order.date_created_gmt, settings),
    )
    if settings.invoices.create and order.total > 0 and is_prepaid(order, settings):
        wanted = replace(wanted, payment_term=0, lines=wanted.lines + _paid_line(order))
    notes = customer_notes + sale.notes + noticed(sale, entries)
    return Documents(customer, wanted, tuple(chooser.wanted.values()), notes)


def _paid_line(order: Order) -> tuple[OrderLine, ...]:
    """Return the text by which an invoice says that it is paid, if it is and the method's title."""
    title = cleaned(order.payment_method_title) if order.date_paid_gmt else ""
    text = fitted(PAID_TEXT.format(method=title), LONGEST_DESCRIPTION)
    return (OrderLine(PAID_REFERENCE, LineKind.TEXT, text),) if title else ()
