"""Which orders of the shop go, and their documents in PowerOffice. Pure: no I/O, no clock, no log.

customer.py     person or company, addresses, the references by which all is recognised
lines.py        what was sold, as lines: goods, freight, fees, discounts, gift cards
cards.py        gift cards: sold, used, redeemed as coupons
vat.py          the VAT rate that was charged; the product and account that carry it
prices.py       what was paid, unit prices to the øre, the sales order that comes to it
draft.py        whether PowerOffice's draft is that order, and what it lacks
capture.py      whether its money has come, by what each payment gateway wrote into it
payment.py      the invoice's day and delivery, the money that came and its way back
refund.py       what each refund of an order takes of it
credit_note.py  a refund or a cancellation as a credit note
values.py       what these hand to each other

A new reason to hold: see holds.py.
"""

import html
import re
from collections import Counter
from dataclasses import replace

from woo2po.config import Settings
from woo2po.documents import (
    NOTE_REFERENCE,
    PAID_REFERENCE,
    Catalogue,
    Documents,
    LineKind,
    Note,
    OrderLine,
    Rounding,
)
from woo2po.holds import Hold, Skip
from woo2po.mapping.capture import Capture, Money, hangs_on_refund_days, test_mode, told_of_money
from woo2po.mapping.credit_note import credit_note_for, invoiced_otherwise
from woo2po.mapping.customer import contact_of, customer_of, matching_reference
from woo2po.mapping.draft import corrected, difference, ways_explaining
from woo2po.mapping.lines import entries_of, noticed, sale_of, sold_without_vat
from woo2po.mapping.payment import (
    day_completed,
    has_come,
    invoice_of,
    is_prepaid,
    is_reserved,
    payback_of_cancelled,
    payment_of,
    taken_back,
    why_nothing_comes,
)
from woo2po.mapping.prices import ALL_WAYS, Exactness, exactness, sales_order
from woo2po.mapping.values import (
    LONGEST_DESCRIPTION,
    NOTE_TEXT,
    PAID_TEXT,
    RESERVED_TEXT,
    Stopped,
    cleaned,
    day_in_shop,
    fitted,
    hold,
    pieces,
)
from woo2po.mapping.vat import Chooser, is_export
from woo2po.money import round_ore
from woo2po.order import Order

__all__ = [
    "ALL_WAYS",
    "Capture",
    "Exactness",
    "Money",
    "corrected",
    "credit_note_for",
    "difference",
    "documents_for",
    "eligible",
    "exactness",
    "hangs_on_refund_days",
    "has_come",
    "invoice_of",
    "invoiced_otherwise",
    "is_prepaid",
    "is_reserved",
    "payback_of_cancelled",
    "payment_of",
    "taken_back",
    "told_of_money",
    "ways_explaining",
    "why_nothing_comes",
]


def documents_for(
    order: Order,
    settings: Settings,
    catalogue: Catalogue,
    reference: str,
    ways: frozenset[Rounding] = ALL_WAYS,
    match: str = "",
    *,
    booked: bool = False,
) -> Documents | Hold | Skip:
    """Return what an order becomes in PowerOffice, or why it does not go.

    `reference` and `match` are its references as they were fixed when first used ("": those of an
    order sent for the first time). `ways` are those that explain PowerOffice's answers so far.
    `booked`: its invoice stands, so it is not asked any more whether it should be booked as it is.
    """
    names = reference, match or matching_reference(settings, order.id)
    try:
        return _documents(order, settings, catalogue, names, ways or ALL_WAYS, booked)
    except Stopped as stopped:
        return stopped.outcome


def _documents(
    order: Order,
    settings: Settings,
    catalogue: Catalogue,
    names: tuple[str, str],
    ways: frozenset[Rounding],
    booked: bool,
) -> Documents:
    stop_what_is_special(order, settings, booked=booked)
    customer, customer_notes = customer_of(order, settings)
    # What was paid, for which parts at which VAT rates; each part's product and account; prices.
    chooser = Chooser(settings, catalogue, is_export(order), booked=booked)
    sale = sale_of(order, chooser)
    without_vat = sold_without_vat(sale)
    entries = entries_of(sale)
    day = day_in_shop(order.date_created_gmt, settings)
    wanted = sales_order(order, sale.paid, entries, chooser, ways, names, day)
    who = customer.customer
    lines = wanted.lines if who.is_person else wanted.lines + _note_lines(order)
    wanted = replace(wanted, lines=lines, contact=contact_of(order, who),
                     delivered=day_completed(order, settings))  # fmt: skip
    if settings.invoices.create and order.total > 0 and is_prepaid(order, settings):
        wanted = replace(wanted, payment_term=0, lines=wanted.lines + _paid_line(order, settings))
    notes = customer_notes + sale.notes + noticed(sale, entries) + without_vat
    if order.paid_some_day:
        notes += (Note("paid_day_unreadable", {"day": day}),)
    capture = told_of_money(order, settings)
    if capture is not None and capture.guessed and capture.moment is not None:
        day = day_in_shop(capture.moment, settings)
        notes += (Note("capture_day_guessed", {"gateway": capture.gateway, "day": day}),)
    return Documents(customer, wanted, tuple(chooser.wanted.values()), notes)


def _note_lines(order: Order) -> tuple[OrderLine, ...]:
    """Return what a company wrote with its order: where the goods go, whom they are for."""
    note = NOTE_TEXT.format(note=order.customer_note) if cleaned(order.customer_note) else ""
    return tuple(
        OrderLine(f"{NOTE_REFERENCE}-{n}", LineKind.TEXT, text)
        for n, text in enumerate(pieces(note, LONGEST_DESCRIPTION), 1)
    )


def _paid_line(order: Order, settings: Settings) -> tuple[OrderLine, ...]:
    """Return the text by which an invoice says that it is paid, or that its money is reserved."""
    title, capture = cleaned(order.payment_method_title), told_of_money(order, settings)
    if not title or capture is None or capture.money not in {Money.CAPTURED, Money.RESERVED}:
        return ()
    text = RESERVED_TEXT.format(method=title)
    if capture.moment is not None and not capture.left:
        text = PAID_TEXT.format(day=day_in_shop(capture.moment, settings), method=title)
    return (OrderLine(PAID_REFERENCE, LineKind.TEXT, fitted(text, LONGEST_DESCRIPTION)),)


# -- which orders are transferred: question 1, `orders_from`, and those that never go -------------

NEVER = frozenset({"checkout-draft", "auto-draft", "trash"})


def eligible(order: Order, settings: Settings) -> bool:
    """Tell whether the order is in a status of question 1, or was and has moved on since.

    An order may pass `processing` between two polls, and downloads skip it altogether: with it
    listed, `completed` counts too, and `refunded` where the order had been paid or completed.
    """
    shop = settings.woocommerce
    created = day_in_shop(order.date_created_gmt, settings)
    if order.status in NEVER or created < shop.orders_from:
        return False
    return order.status in shop.statuses or _is_past(order, frozenset(shop.statuses))


def _is_past(order: Order, statuses: frozenset[str]) -> bool:
    if order.status == "completed":
        return "processing" in statuses
    if order.status != "refunded":
        return False
    was_paid = "processing" in statuses and order.date_paid_gmt is not None
    was_completed = "completed" in statuses and order.date_completed_gmt is not None
    return was_paid or was_completed


DEPOSIT_STATUSES = frozenset({"partial-payment", "partially-paid"})
# Of whichever plugin: _wc_deposits_..., _awcdp_deposits_..., YITH's has_deposit.
DEPOSIT_META = re.compile(r"\w*_deposits?_order_has_deposit|_?(is|has)_deposit")
TRUE = frozenset({"yes", "true", "1"})


def stop_what_is_special(order: Order, settings: Settings, *, booked: bool = False) -> None:
    """Raise Stopped with a Skip or a Hold if the order must not become a sales order as it is.

    `booked`: it has an invoice already.
    """
    if not booked:
        _belongs_in_the_till(order, settings)
    for stop in (_no_money_was_paid, _repeats_another_order, _paid_in_parts, _cannot_be_booked):
        stop(order)


def _belongs_in_the_till(order: Order, settings: Settings) -> None:
    """A sale in a shop's till stands in its daily report. Who has one says so by the key."""
    methods = settings.payments.in_the_till
    if order.payment_method in methods:
        raise Stopped(Skip("paid_in_the_till", {"method": order.payment_method}))
    if methods and is_of_a_till(order):
        raise Stopped(Skip("made_in_the_till", {"via": order.created_via}))


def is_of_a_till(order: Order) -> bool:
    """Tell whether an order was made in a till's program."""
    return re.search(r"(?<![a-z])pos(?![a-z])", order.created_via.lower()) is not None


def _no_money_was_paid(order: Order) -> None:
    if (key := test_mode(order)) is not None:
        raise Stopped(Skip("test_order", {"key": key}))


def _repeats_another_order(order: Order) -> None:
    """A marketplace makes an order per vendor that repeats lines of the parent."""
    via = order.created_via.lower()
    dokan = via == "dokan" or any("_dokan_vendor_id" in meta.key for meta in order.meta_data)
    if "vendor_suborder" in via or (order.parent_id > 0 and dokan):
        raise Stopped(Skip("vendor_suborder", {"parent": order.parent_id}))
    if order.parent_id > 0:
        raise hold("child_order", parent=order.parent_id)


def _paid_in_parts(order: Order) -> None:
    """A deposit, or the rest after one, which comes as an order of its own."""
    metas = [*order.meta_data, *(meta for line in order.lines for meta in line.meta_data)]
    said = {str(meta.value).lower() for meta in metas if DEPOSIT_META.fullmatch(meta.key)}
    in_parts = order.status in DEPOSIT_STATUSES or order.created_via == "wc_deposits"
    if in_parts or TRUE & said:
        raise hold("deposit", status=order.status)


def _cannot_be_booked(order: Order) -> None:
    if not re.fullmatch(r"[A-Z]{3}", order.currency):
        raise hold("currency_unreadable", currency=html.unescape(order.currency)[:20])
    if not order.lines:
        raise hold("no_lines", total=round_ore(order.total))
    twice = [i for i, n in Counter(line.id for line in order.lines if line.id).items() if n > 1]
    if twice:
        raise hold("line_stands_twice", id=twice[0])
    if order.total < 0:
        raise hold("total_negative", total=round_ore(order.total))
