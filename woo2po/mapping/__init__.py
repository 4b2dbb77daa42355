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
totals.py      the draft that PowerOffice answered, against what was wanted
texts.py       texts that fit
values.py      what these hand to each other
"""

from dataclasses import replace
from zoneinfo import ZoneInfo

from woo2po.catalogue import Catalogue
from woo2po.documents import Documents, LineKind, Note, OrderLine, Rounding, SalesOrder
from woo2po.holds import Hold, Skip
from woo2po.mapping import discounts, gift_cards, rates
from woo2po.mapping.customer import customer_of, delivery_address
from woo2po.mapping.eligible import eligible
from woo2po.mapping.lines import entry_of
from woo2po.mapping.paid import Paid, amounts_of, paid_for
from woo2po.mapping.prices import check_rounding, expected_total, priced, rounding_line
from woo2po.mapping.references import imported_order_no, matching_reference, shown_number
from woo2po.mapping.rounding import ALL_WAYS
from woo2po.mapping.special import stop_what_is_special
from woo2po.mapping.texts import LONGEST_DESCRIPTION, fitted, pieces
from woo2po.mapping.totals import corrected, difference, ways_explaining
from woo2po.mapping.values import LONGEST_FACT, Entry, Part, Stopped
from woo2po.mapping.vat import Chooser, is_export
from woo2po.money import ZERO, same_amount
from woo2po.order import Order
from woo2po.settings import Settings

__all__ = ["ALL_WAYS", "corrected", "difference", "documents_for", "eligible", "ways_explaining"]


def documents_for(
    order: Order,
    settings: Settings,
    catalogue: Catalogue,
    reference: str,
    ways: frozenset[Rounding] = ALL_WAYS,
) -> Documents | Hold | Skip:
    """Return what an order becomes in PowerOffice, or why it does not go.

    `reference` is the order's ExternalImportReference as it was fixed when first used. `ways`
    are the ways of rounding that explain PowerOffice's answers so far: the fewer they are, the
    fewer drafts need a correction.
    """
    try:
        return _documents(order, settings, catalogue, reference, ways or ALL_WAYS)
    except Stopped as stopped:
        return stopped.outcome


def _documents(
    order: Order,
    settings: Settings,
    catalogue: Catalogue,
    reference: str,
    ways: frozenset[Rounding],
) -> Documents:
    stop_what_is_special(order)
    customer, customer_notes = customer_of(order, settings)
    chooser = Chooser(settings, catalogue, is_export(order))
    paid, entries, notes = _entries(order, settings, catalogue, chooser)
    lines = priced(entries, paid.total, ways)
    amounts = amounts_of(paid, entries)
    missing = paid.total - expected_total(lines, paid.total, ways)
    if not same_amount(missing, ZERO):
        check_rounding(missing, amounts)
        lines.append(rounding_line(missing, settings, catalogue))
    zone = ZoneInfo(settings.woocommerce.timezone)
    where = settings.orders.write_number_to
    number = shown_number(order, settings)
    sales_order = SalesOrder(
        reference=reference,
        matching_reference=matching_reference(settings, order.id),
        imported_order_no=imported_order_no(order),
        customer_reference=number if where == "customer_reference" else "",
        purchase_order_reference=number if where == "purchase_order_reference" else "",
        order_date=order.date_created_gmt.astimezone(zone).date(),
        currency=order.currency,
        lines=_with_full_texts(lines),
        amounts=amounts,
        delivery=delivery_address(order),
        dimensions={name: code for name, code in settings.dimensions if code},
    )
    return Documents(customer, sales_order, tuple(chooser.wanted.values()), customer_notes + notes)


def _entries(
    order: Order, settings: Settings, catalogue: Catalogue, chooser: Chooser
) -> tuple[Paid, list[Entry], tuple[Note, ...]]:
    """Return what was paid and the lines that say what for, without prices."""
    order = gift_cards.without_codes(order, settings)
    named_cards = gift_cards.visible(order)
    paid = paid_for(order, sum(named_cards, ZERO))
    known = rates.rates_of(order, catalogue)
    by_total_tax = paid.reading == "total_tax"
    parts = [
        part for line in order.lines for part in rates.parts_of(line, order, known, by_total_tax)
    ]
    rates.check_detail(order, paid.gap)
    cards, notes = gift_cards.used(paid, named_cards, settings)
    entries = [entry_of(part, settings, chooser) for part in parts]
    entries += discounts.entries(order, parts, settings, chooser)
    entries += gift_cards.entries(cards, settings, chooser)
    return paid, entries, notes + _noticed(order, parts, entries)


def _noticed(order: Order, parts: list[Part], entries: list[Entry]) -> tuple[Note, ...]:
    """Return what an accountant should know of an order that goes all the same."""
    divided = [line.name for line in order.lines if sum(p.line is line for p in parts) > 1]
    odd = sorted({entry.carrier.product_code for entry in entries if entry.carrier.odd})
    return (
        *(Note("line_divided", {"line": fitted(name, LONGEST_FACT)}) for name in divided),
        *(Note("zero_rate_of_other_kind", {"code": code}) for code in odd),
    )


def _with_full_texts(lines: list[OrderLine]) -> tuple[OrderLine, ...]:
    """Return the lines with texts that fit; a text that was cut follows whole on Text lines."""
    made: list[OrderLine] = []
    for line in lines:
        texts = list(pieces(line.description, LONGEST_DESCRIPTION)) or [""]
        made.append(replace(line, description=texts[0]))
        for n, text in enumerate(texts if len(texts) > 1 else (), 1):
            made.append(OrderLine(f"{line.reference}-t{n}", LineKind.TEXT, text))
    return tuple(made)
