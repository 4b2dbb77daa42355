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
    Documents,
    LineKind,
    OrderLine,
    Rounding,
)
from woo2po.holds import Hold, Skip
from woo2po.mapping import values
from woo2po.mapping.capture import Capture, Money, check_gateway, test_mode, told_of_money
from woo2po.mapping.customer import contact_of, customer_of, matching_reference
from woo2po.mapping.lines import entries_of, noticed, sale_of, sold_without_vat
from woo2po.mapping.payment import NOT_COMPLETED, day_completed, is_prepaid
from woo2po.mapping.prices import ALL_WAYS, LONGEST_DESCRIPTION, sales_order, text_lines
from woo2po.mapping.values import Basis, Stopped, cleaned, fitted, hold, note
from woo2po.mapping.vat import Chooser, is_export, taken_for_home
from woo2po.money import round_ore
from woo2po.order import Order


def documents_for(
    order: Order,
    basis: Basis,
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
    settings = basis.settings
    names = reference, match or matching_reference(settings, order.id)
    chooser = Chooser(settings, basis.catalogue, is_export(order), booked=booked)
    try:
        if not booked:
            _stop_what_is_of_the_till(order, settings)
        _stop_what_is_special(order)
        return _documents(order, chooser, names, ways)
    except Stopped as stopped:
        return stopped.outcome


def _documents(
    order: Order, chooser: Chooser, names: tuple[str, str], ways: frozenset[Rounding]
) -> Documents:
    settings = chooser.settings
    customer, notes = customer_of(order, settings)
    # What was paid, for which parts at which VAT rates; each part's product and account; prices.
    sale = sale_of(order, chooser)
    without_vat = tuple(sold_without_vat(sale))
    entries = entries_of(sale)
    notes += (*sale.notes, *noticed(sale, entries), *without_vat)
    day = settings.day_of(order.date_created_gmt)
    wanted = sales_order(sale, entries, ways, names, day)
    who, capture, lines = customer.customer, told_of_money(order, settings), [*wanted.lines]
    goes_paid = settings.invoices.create and order.total > 0 and is_prepaid(order, settings)
    if not who.is_person and cleaned(order.customer_note):
        lines += text_lines(f"{NOTE_REFERENCE}-", values.NOTE_TEXT.format(note=order.customer_note))
    if goes_paid and (text := _how_paid(order, capture, settings)):
        lines.append(OrderLine(PAID_REFERENCE, LineKind.TEXT, fitted(text, LONGEST_DESCRIPTION)))
    wanted = replace(
        wanted,
        lines=tuple(lines),
        payment_term=0 if goes_paid else None,
        contact=contact_of(order, who),
        delivered=day_completed(order, settings),
    )
    if capture and capture.unnoted:
        back = note("returned_by_provider", gateway=capture.gateway, amount=capture.unnoted)
        notes += (back,)
    if place := taken_for_home(order):
        notes += (note("vat_for_everywhere", country=place),)
    if order.paid_some_day:
        notes += (note("paid_day_unreadable", day=day),)
    if capture and capture.guessed and capture.moment is not None:
        day = settings.day_of(capture.moment)
        notes += (note("capture_day_guessed", gateway=capture.gateway, day=day),)
    return Documents(customer, wanted, tuple(chooser.wanted.values()), notes, order.personal)


def _how_paid(order: Order, capture: Capture | None, settings: Settings) -> str:
    """Return how an invoice says that it is paid, or that its money is reserved; or ""."""
    title = cleaned(order.payment_method_title)
    if not title or capture is None or capture.money not in {Money.CAPTURED, Money.RESERVED}:
        return ""
    if capture.moment is None or capture.left:
        return values.RESERVED_TEXT.format(method=title)
    day = settings.day_of(capture.moment)
    return "" if capture.short else values.PAID_TEXT.format(day=day, method=title)


# -- which orders are transferred: question 1, `orders_from`, and those that never go -------------

NEVER = frozenset({"checkout-draft", "auto-draft", "trash"})


def eligible(order: Order, settings: Settings) -> bool:
    """Tell whether the order is in a status of question 1, or was and has moved on since.

    An order may pass `processing` between two polls, and downloads skip it altogether: with it
    listed, `completed` counts too; and `refunded` and the shop's own, where the order had been paid
    or completed.
    """
    shop, status = settings.woocommerce, order.status
    if status in NEVER or settings.day_of(order.date_created_gmt) < shop.orders_from:
        return False
    was_paid = "processing" in shop.statuses and order.date_paid_gmt is not None
    was_completed = "completed" in shop.statuses and order.date_completed_gmt is not None
    return (
        status in shop.statuses
        or (status == "completed" and "processing" in shop.statuses)
        or (status not in _STAYS and (was_paid or was_completed))
    )


# WooCommerce's own but for `refunded`; any other says that an order goes on.
_STAYS = NEVER | NOT_COMPLETED | {"completed"}


def has_moved_on(order: Order, settings: Settings) -> bool:
    """Tell whether an order that was to go is in a status of the shop's own by now."""
    started = settings.day_of(order.date_created_gmt) >= settings.woocommerce.orders_from
    return started and order.status not in {*_STAYS, "refunded"}


DEPOSIT_STATUSES = frozenset({"partial-payment", "partially-paid"})
# Of whichever plugin: _wc_deposits_..., _awcdp_deposits_..., YITH's has_deposit.
DEPOSIT_META = re.compile(r"\w*_deposits?_order_has_deposit|_?(is|has)_deposit")
TRUE = frozenset({"yes", "true", "1"})


def _stop_what_is_of_the_till(order: Order, settings: Settings) -> None:
    """Raise Stopped with a Skip for a sale of the till, whose daily report has it
    (`payments.in_the_till`).
    """
    methods, via = settings.payments.in_the_till, order.created_via
    if order.payment_method in methods:
        check_gateway(order)
        raise Stopped(Skip("paid_in_the_till", {"method": order.payment_method}))
    if methods and re.search(r"pos(?![a-z])", via.lower()):
        raise Stopped(Skip("made_in_the_till", {"via": via}))


def _stop_what_is_special(order: Order) -> None:
    """Raise Stopped with a Skip or a Hold if the order must not become a sales order as it is."""
    if (key := test_mode(order)) is not None:
        raise Stopped(Skip("test_order", {"key": key}))
    # A marketplace makes an order per vendor that repeats lines of the parent.
    via = order.created_via.lower()
    dokan = via == "dokan" or any("_dokan_vendor_id" in meta.key for meta in order.meta_data)
    if "vendor_suborder" in via or (order.parent_id > 0 and dokan):
        raise Stopped(Skip("vendor_suborder", {"parent": order.parent_id}))
    if order.parent_id > 0:
        raise hold("child_order", parent=order.parent_id)
    # A deposit, or the rest after one, which comes as an order of its own.
    metas = [*order.meta_data, *(meta for line in order.lines for meta in line.meta_data)]
    said = {str(meta.value).lower() for meta in metas if DEPOSIT_META.fullmatch(meta.key)}
    if order.status in DEPOSIT_STATUSES or order.created_via == "wc_deposits" or TRUE & said:
        raise hold("deposit", status=order.status)
    if not re.fullmatch(r"[A-Z]{3}", order.currency):
        raise hold("currency_unreadable", currency=html.unescape(order.currency)[:20])
    if not order.lines:
        raise hold("no_lines", total=round_ore(order.total))
    twice = [i for i, n in Counter(line.id for line in order.lines if line.id).items() if n > 1]
    if twice:
        raise hold("line_stands_twice", id=twice[0])
    if order.total < 0:
        raise hold("total_negative", total=round_ore(order.total))
