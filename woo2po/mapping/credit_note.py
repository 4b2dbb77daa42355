"""A refund as a credit note: a sales order of negative quantities, its day, the money's way back.

A refund of the whole amount is the order's own lines turned round; of a part: refund.py.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from woo2po.documents import (
    CREDITS_REFERENCE,
    ROUNDING_REFERENCE,
    CreditNote,
    Delivery,
    Documents,
    InvoiceWanted,
    LineKind,
    LineSeen,
    Note,
    OrderLine,
    Rounding,
)
from woo2po.mapping import payment, refund, values
from woo2po.mapping.capture import told_of_money
from woo2po.mapping.customer import contact_of, customer_of, shown_number
from woo2po.mapping.lines import entries_of, sale_of
from woo2po.mapping.prices import ALL_WAYS, Sale, sales_order
from woo2po.mapping.values import Basis, Entry, Stopped, hold, note, or_hold
from woo2po.mapping.vat import Chooser, is_export
from woo2po.money import ORE, SAME_AMOUNT, ZERO, Fact, round_ore, same_amount
from woo2po.order import Order, Refund


@dataclass(frozen=True, slots=True)
class Crediting:
    """What is credited of an order, and what the credit note is called (`names`: two references).

    `not_before`: the day of the invoice; `gone`: what credit notes of refunds that the shop has
    deleted took (kroner); `is_paid`: nothing is left to pay of it.
    """

    order: Order
    basis: Basis
    names: tuple[str, str]
    related_invoice_no: int | None
    not_before: date | None = None
    ways: frozenset[Rounding] = ALL_WAYS
    gone: Decimal = ZERO
    is_paid: bool = False


@or_hold
def credit_note_for(
    given: Crediting, refunds: Sequence[Refund], refund_id: int | None
) -> CreditNote | None:
    """Return the credit note of one refund, or (None) of a whole order that was cancelled after it
    was invoiced, or why there can't be one; None: there is nothing to credit.

    `refunds` are all of the order; what earlier ones (lower ids) took is not credited again.
    """
    sale = _sold(given.order, given.basis)
    if refund_id is None:
        return _of_cancelled(given, sale)
    ordered = sorted(refunds, key=lambda one: one.id)
    place = [one.id for one in ordered].index(refund_id)
    return _of_refund(given, sale, ordered[: place + 1], sale.order.with_refunds(refunds))


def _sold(order: Order, basis: Basis) -> Sale:
    return sale_of(order, Chooser(basis.settings, basis.catalogue, is_export(order), booked=True))


def _of_refund(
    given: Crediting, sale: Sale, refunds: Sequence[Refund], order: Order
) -> CreditNote | None:
    """Return the credit note of the last of these refunds; `order` tells the days of all."""
    last, amount = refunds[-1], round_ore(refunds[-1].amount)
    if not refund.takes_of(sale, last):
        if not last.lines:
            _check_cards(sale)
        return None
    earlier = [one for one in refunds[:-1] if refund.takes_of(sale, one)]
    refunded = sum((one.amount for one in earlier), last.amount + given.gone)
    if refunded > sale.paid.total + SAME_AMOUNT:
        raise hold("refunds_exceed_total", refunded=round_ore(refunded), total=sale.paid.total)
    is_whole = amount and not earlier and same_amount(amount, sale.paid.total)
    # Where a card or a negative fee paid a part, lines for all of the money need not be all lines.
    if is_whole and not (last.lines and refund.leaves_some(sale, [last])):
        paid, entries, notes = sale.paid, entries_of(sale), []
    else:
        paid, entries = refund.part_of(sale, last, earlier)
        notes = [] if last.lines else [note("refund_spread", refund=last.id, amount=amount)]
    notes += _said_of_money(given, sale, last, order) if amount else ()
    day = given.basis.settings.day_of(last.date_created_gmt)
    made = _credit_note(given, replace(sale, paid=paid), entries, day, notes)
    return replace(made, payback=payment.payback_of(order, last, given.basis)) if amount else made


def _said_of_money(given: Crediting, sale: Sale, last: Refund, order: Order) -> Iterator[Note]:
    settings = given.basis.settings
    facts: dict[str, Fact] = {"refund": last.id, "amount": round_ore(last.amount)}
    capture = told_of_money(order, settings)
    by_bank = not payment.is_prepaid(order, settings)
    unpaid = by_bank or (capture and last.id in capture.before)
    if unpaid and not given.is_paid and not same_amount(last.amount, sale.paid.total):
        yield note("part_credit_of_unpaid", **facts, invoice=str(given.related_invoice_no or "-"))
    if payment.goes_back(order, last, settings) is False or (by_bank and given.is_paid):
        yield note("returned_outside", **facts)


def _of_cancelled(given: Crediting, sale: Sale) -> CreditNote | None:
    """Return what credits a whole order, dated the day of its last change in the shop; no money
    goes back with it (payback_of_cancelled tells).
    """
    order = sale.order
    if order.refunded and not same_amount(order.refunded, order.total):
        raise hold("cancelled_after_refunds", refunded=round_ore(order.refunded))
    if not sale.paid.total:
        _check_cards(sale)
        return None
    changed = order.date_modified_gmt
    day = given.basis.settings.day_of(changed) if changed else given.basis.today
    return _credit_note(given, sale, entries_of(sale), day)


def _check_cards(sale: Sale) -> None:
    """Raise Stopped (a Hold) where cards paid for it all, of which nobody says what goes back."""
    if not sale.paid.total and refund.left_of(sale).cards:
        raise hold("cancelled_at_zero")


def leaves_goods(order: Order, refunds: Iterable[Refund], basis: Basis) -> bool:
    """Tell whether something is sold still, by the lines of the refunds that gave all money of an
    order back, because cards or negative fees paid a part. False also of an order that is held.
    """
    try:
        sale = _sold(order, basis)
    except Stopped:
        return False
    if not refund.left_of(sale).cards and not any(part.net < 0 for part in sale.parts):
        return False
    return refund.leaves_some(sale, sorted(refunds, key=lambda one: one.id))


@or_hold
def invoiced_otherwise(
    order: Order, invoice_no: int, standing: Sequence[LineSeen], basis: Basis
) -> None:
    """Return a Hold where an order would go on other accounts today than its invoice stands on.

    `standing` are the invoice's lines; None also where PowerOffice tells none, or no accounts.
    """
    fee = "InvoiceFee"  # PowerOffice's own
    told = [line for line in standing if line.account_no is not None and line.kind != fee]
    sale = _sold(order, basis)
    off, rounding = defaultdict[int | None, Decimal](Decimal), sale.paid.rounding
    for line in told:
        if line.reference != ROUNDING_REFERENCE:
            off[line.account_no] += line.net or ZERO
            rounding += ORE * max(Decimal(1), abs(line.quantity or ZERO))
    for entry in entries_of(sale):
        off[entry.carrier.account.number] -= entry.net if entry.carrier.vat_rate else entry.gross
    accounts = sorted(str(number) for number, net in off.items() if abs(net) > rounding)
    if told and accounts:
        raise hold("invoiced_otherwise", invoice=str(invoice_no), accounts=", ".join(accounts))


def _credit_note(
    given: Crediting, sale: Sale, entries: Sequence[Entry], day: date, notes: Sequence[Note] = ()
) -> CreditNote:
    """Return what was sold turned round, as a document of `day` or, if later, of the invoice's."""
    order, settings, number = sale.order, given.basis.settings, given.related_invoice_no
    day = max(day, given.not_before or day)
    paid = replace(sale.paid, total=-sale.paid.total, lines=-sale.paid.lines)
    turned = [replace(entry, net=-entry.net, gross=-entry.gross) for entry in entries]
    sale = replace(sale, paid=paid)
    document = sales_order(sale, turned, given.ways, given.names, day, paid.rounding)
    # Pieces at 0 kr are given back too: they may be counted in stock.
    lines = [
        line if line.unit_price else replace(line, quantity=-abs(line.quantity))
        for line in document.lines
    ]
    if number is not None:
        text = values.CREDITS_TEXT.format(invoice=number, number=shown_number(order, settings))
        lines.append(OrderLine(CREDITS_REFERENCE, LineKind.TEXT, text))
    customer, _ = customer_of(order, settings)
    document = replace(
        document,
        # The order's number is the invoice's: a look-up by it must not find its credit notes.
        imported_order_no=None,
        # PowerOffice takes a sum of 0 for an invoice, which may name none.
        related_invoice_no=number if paid.total else None,
        lines=tuple(lines),
        contact=contact_of(order, customer.customer),
    )
    products = tuple(sale.chooser.wanted.values())
    documents = Documents(customer, document, products, tuple(notes), order.personal)
    booked, moved_from = payment.open_day(day, given.basis)
    delivery, email = payment.delivery_of(order, settings, credited=True)
    due = None if payment.is_to_be_paid(order, settings, credited=True) else booked
    invoice = InvoiceWanted(booked, due, delivery or Delivery.NONE, email, moved_from)
    return CreditNote(documents, invoice, None)
