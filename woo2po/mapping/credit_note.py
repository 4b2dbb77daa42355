"""A refund as a credit note: a sales order of negative quantities, its day, the money's way back.

A refund of the whole amount is the order's own lines turned round; of a part: refund.py.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from woo2po.config import Settings
from woo2po.documents import (
    CREDITS_REFERENCE,
    ROUNDING_REFERENCE,
    Catalogue,
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
from woo2po.mapping.capture import told_of_money
from woo2po.mapping.cards import GIFT_CARD_KEY, card_entries
from woo2po.mapping.customer import contact_of, customer_of, shown_number
from woo2po.mapping.lines import (
    Sale,
    discount_entries,
    discount_without_vat,
    entries_of,
    entry_of,
    sale_of,
    with_vat_apart,
)
from woo2po.mapping.payment import (
    delivery_of,
    is_prepaid,
    is_returned_outside,
    is_to_be_paid,
    open_day,
    payback_of,
)
from woo2po.mapping.prices import ALL_WAYS, Paid, sales_order
from woo2po.mapping.refund import Reckoning, RefundShares, Share, as_sold, shares_of_no_line, whole
from woo2po.mapping.values import CREDITS_TEXT, Entry, Rate, day_in_shop, hold, or_hold
from woo2po.mapping.vat import Chooser, is_export
from woo2po.money import ORE, SAME_AMOUNT, ZERO, Fact, round_ore, same_amount
from woo2po.order import Order, Refund


@dataclass(frozen=True, slots=True)
class _Given:
    """The order, its surroundings, and what the credit note is called."""

    order: Order
    chooser: Chooser
    names: tuple[str, str]
    related_invoice_no: int | None
    today: date
    not_before: date | None
    ways: frozenset[Rounding]


@dataclass(frozen=True, slots=True)
class _Credited:
    """What is credited, as if it were sold."""

    paid: Paid
    entries: list[Entry]
    notes: tuple[Note, ...] = ()


@or_hold
def credit_note_for(
    order: Order,
    refunds: Sequence[Refund],
    refund_id: int | None,
    settings: Settings,
    catalogue: Catalogue,
    *,
    reference: str,
    matching_reference: str,
    related_invoice_no: int | None,
    today: date,
    not_before: date | None = None,
    ways: frozenset[Rounding] = ALL_WAYS,
) -> CreditNote | None:
    """Return the credit note of one refund, or (None) of a whole order that was cancelled after it
    was invoiced, or why there can't be one; None: there is nothing to credit.

    `refunds` are all of the order; what earlier ones (lower ids) took is not credited again.
    `today` is the day in the shop's zone, `not_before` the day of the invoice.
    """
    chooser = Chooser(settings, catalogue, is_export(order), booked=True)
    credits_ = (reference, matching_reference), related_invoice_no
    given = _Given(order, chooser, *credits_, today, not_before, ways or ALL_WAYS)
    sale = sale_of(order, settings, catalogue)
    if refund_id is None:
        return _of_cancelled(sale, given)
    ordered = sorted(refunds, key=lambda one: one.id)
    place = [one.id for one in ordered].index(refund_id)
    return _of_refund(sale, given, ordered[: place + 1], order.with_refund_days(refunds))


def _of_refund(
    sale: Sale, given: _Given, refunds: Sequence[Refund], order: Order
) -> CreditNote | None:
    """Return the credit note of the last of these refunds; `order` tells the days of all."""
    settings, refund, amount = given.chooser.settings, refunds[-1], round_ore(refunds[-1].amount)
    if not _takes_of(sale, refund, settings):
        if not refund.lines:
            _check_cards(sale, settings)
        return None
    earlier = [one for one in refunds[:-1] if _takes_of(sale, one, settings)]
    _check_sum(sale, [*earlier, refund])
    if amount and not earlier and same_amount(amount, sale.paid.total):
        credited = _Credited(sale.paid, entries_of(sale, given.chooser))
    else:
        credited = _part(refund, earlier, sale, given)
    note = _credit_note(credited, given, day_in_shop(refund.date_created_gmt, settings))
    if not amount:
        return note
    capture = told_of_money(order, settings)
    unpaid = not is_prepaid(order, settings) or (capture and refund.id in capture.before)
    facts: dict[str, Fact] = {"refund": refund.id, "amount": amount}
    if unpaid and not same_amount(refund.amount, sale.paid.total):
        invoice = str(given.related_invoice_no or "-")
        note = _noted(note, Note("part_credit_of_unpaid", {**facts, "invoice": invoice}))
    if is_returned_outside(order, refund, settings):
        note = _noted(note, Note("returned_outside", facts))
    payback = payback_of(order, refund, settings, given.chooser.catalogue, given.today)
    return replace(note, payback=payback)


def _of_cancelled(sale: Sale, given: _Given) -> CreditNote | None:
    """Return what credits a whole order, dated the day of its last change in the shop; no money
    goes back with it (payback_of_cancelled tells).
    """
    order, settings = given.order, given.chooser.settings
    refunded = sum((abs(refund.total) for refund in order.refunds), ZERO)
    if refunded and not same_amount(refunded, order.total):
        raise hold("cancelled_after_refunds", refunded=round_ore(refunded))
    if not sale.paid.total:
        _check_cards(sale, settings)
        return None
    changed = order.date_modified_gmt
    day = day_in_shop(changed, settings) if changed else given.today
    return _credit_note(_Credited(sale.paid, entries_of(sale, given.chooser)), given, day)


def _check_cards(sale: Sale, settings: Settings) -> None:
    """Raise Stopped (a Hold) where cards paid for it all, of which nobody says what goes back."""
    if not sale.paid.total and whole(sale, settings).cards:
        raise hold("cancelled_at_zero")


@or_hold
def invoiced_otherwise(
    order: Order,
    invoice_no: int,
    standing: Sequence[LineSeen],
    settings: Settings,
    catalogue: Catalogue,
) -> None:
    """Return a Hold where an order would go on other accounts today than its invoice stands on.

    `standing` are the invoice's lines; None also where PowerOffice tells none, or no accounts.
    """
    told = [line for line in standing if line.account_no is not None]
    sale = sale_of(order, settings, catalogue)
    off, rounding = defaultdict[int | None, Decimal](Decimal), sale.paid.rounding
    for line in told:
        if line.reference != ROUNDING_REFERENCE:
            off[line.account_no] += line.net or ZERO
            rounding += ORE * max(Decimal(1), abs(line.quantity or ZERO))
    for entry in entries_of(sale, Chooser(settings, catalogue, is_export(order), booked=True)):
        off[entry.carrier.account_no] -= entry.net if entry.carrier.vat_rate else entry.gross
    accounts = sorted(str(number) for number, net in off.items() if abs(net) > rounding)
    if told and accounts:
        raise hold("invoiced_otherwise", invoice=str(invoice_no), accounts=", ".join(accounts))


def _noted(note: CreditNote, said: Note) -> CreditNote:
    notes = (*note.documents.notes, said)
    return replace(note, documents=replace(note.documents, notes=notes))


def _takes_of(sale: Sale, refund: Refund, settings: Settings) -> bool:
    """Tell whether a refund takes money, or by its lines what a gift card paid."""
    if round_ore(refund.amount) or not whole(sale, settings).cards:
        return bool(round_ore(refund.amount))
    return any(line.total for line in as_sold(sale.order, refund, settings).lines)


def _check_sum(sale: Sale, refunds: Sequence[Refund]) -> None:
    refunded = sum((refund.amount for refund in refunds), ZERO)
    if refunded > sale.paid.total + SAME_AMOUNT:
        raise hold("refunds_exceed_total", refunded=round_ore(refunded), total=sale.paid.total)


def _part(refund: Refund, earlier: Sequence[Refund], sale: Sale, given: _Given) -> _Credited:
    settings = given.chooser.settings
    left = Reckoning(sale, settings, given.chooser.catalogue)
    before = left.left_after(earlier)
    rest = same_amount(refund.amount, before.money) and all(one.lines for one in earlier)
    if not refund.lines and not rest and settings.refunds.amount_only == "hold":
        raise hold("refund_without_lines", refund=refund.id, amount=round_ore(refund.amount))
    taken = left.taken_by(refund, before)
    facts: dict[str, Fact] = {"refund": refund.id, "amount": taken.paid.total}
    notes = () if refund.lines else (Note("refund_spread", facts),)
    return _Credited(taken.paid, _entries(taken, given), notes)


def _entries(taken: RefundShares, given: _Given) -> list[Entry]:
    order, chooser = given.order, given.chooser
    parts = [share.part for share in taken.shares if share.part is not None]
    entries = [entry_of(part, chooser) for part in parts]
    entries += discount_entries(order, parts, chooser)
    amounts = list(shares_of_no_line(taken.shares))
    entries += [_amount_entry(share, chooser) for share in amounts]
    discount = sum((share.listed - share.gross for share in amounts), ZERO)
    if discount:
        entries.append(discount_without_vat(order, discount, chooser))
    return with_vat_apart(entries) + card_entries(
        [taken.to_cards] if taken.to_cards else [], chooser
    )


def _amount_entry(share: Share, chooser: Chooser) -> Entry:
    rate = share.kind.rate if share.kind else Rate(ZERO)
    if share.kind is None or share.kind.is_card:
        carrier = chooser.without_vat(GIFT_CARD_KEY, chooser.settings.gift_cards.product)
        reference = "refund-card"
    elif share.kind.fee:
        carrier = chooser.named("fees.by_name", share.kind.fee, rate)
        reference = f"refund-{rate}-{share.kind.fee}"
    else:
        carrier = chooser.amount(share.text, rate)
        reference = f"refund-{rate}"
    net = share.listed * 100 / (100 + rate.percent)
    return Entry(reference, share.text, carrier, Decimal(1), net, share.listed)


def _credit_note(credited: _Credited, given: _Given, day: date) -> CreditNote:
    """Return what is credited as a document of `day`, or of the invoice's where that is later."""
    order, settings, chooser = given.order, given.chooser.settings, given.chooser
    day = max(day, given.not_before or day)
    paid = replace(credited.paid, total=-credited.paid.total, lines=-credited.paid.lines)
    turned = [replace(entry, net=-entry.net, gross=-entry.gross) for entry in credited.entries]
    document = sales_order(
        order, paid, turned, chooser, given.ways, given.names, day, credited.paid.rounding
    )
    # The order's number is the invoice's: a look-up by it must not find its credit notes.
    document = replace(
        document,
        imported_order_no=None,
        # PowerOffice takes a sum of 0 for an invoice, which may name none.
        related_invoice_no=given.related_invoice_no if paid.total else None,
        lines=(*map(_given_back, document.lines), *_says_what(given)),
    )
    customer, _ = customer_of(order, settings)
    document = replace(document, contact=contact_of(order, customer.customer))
    products = tuple(chooser.wanted.values())
    documents = Documents(customer, document, products, credited.notes)
    booked, moved_from = open_day(day, settings, chooser.catalogue, given.today)
    delivery, email = delivery_of(order, settings, credited=True)
    due = None if is_to_be_paid(order, settings, credited=True) else booked
    invoice = InvoiceWanted(booked, due, delivery or Delivery.NONE, email, moved_from)
    return CreditNote(documents, invoice, None)


def _says_what(given: _Given) -> tuple[OrderLine, ...]:
    if given.related_invoice_no is None:
        return ()
    number = shown_number(given.order, given.chooser.settings)
    text = CREDITS_TEXT.format(invoice=given.related_invoice_no, number=number)
    return (OrderLine(CREDITS_REFERENCE, LineKind.TEXT, text),)


def _given_back(line: OrderLine) -> OrderLine:
    """Return a line at 0 kr with its pieces given back too: they may be counted in stock."""
    free = line.kind is LineKind.NORMAL and not line.unit_price
    return replace(line, quantity=-abs(line.quantity)) if free else line
