"""A refund as a credit note: a sales order of negative quantities, its day, the money's way back.

A refund of the whole amount is the order's own lines turned round; of a part: refund.py.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
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
    goes_back,
    is_prepaid,
    is_to_be_paid,
    open_day,
    payback_of,
)
from woo2po.mapping.prices import ALL_WAYS, Paid, sales_order
from woo2po.mapping.refund import (
    RefundShares,
    Share,
    as_sold,
    left_after,
    shares_of_no_line,
    taken_by,
    whole,
)
from woo2po.mapping.values import CREDITS_TEXT, Basis, Entry, Rate, Stopped, hold, or_hold
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


def _of_refund(
    given: Crediting, sale: Sale, refunds: Sequence[Refund], order: Order
) -> CreditNote | None:
    """Return the credit note of the last of these refunds; `order` tells the days of all."""
    refund, amount = refunds[-1], round_ore(refunds[-1].amount)
    if not _takes_of(sale, refund):
        if not refund.lines:
            _check_cards(sale)
        return None
    earlier = [one for one in refunds[:-1] if _takes_of(sale, one)]
    refunded = sum((one.amount for one in earlier), refund.amount + given.gone)
    if refunded > sale.paid.total + SAME_AMOUNT:
        raise hold("refunds_exceed_total", refunded=round_ore(refunded), total=sale.paid.total)
    is_whole = amount and not earlier and same_amount(amount, sale.paid.total)
    # Where a card or a negative fee paid a part, lines for all of the money need not be all lines.
    if is_whole and not (refund.lines and _leaves_some(sale, [refund])):
        paid, entries, notes = sale.paid, entries_of(sale), []
    else:
        taken = _part(sale, refund, earlier)
        paid, entries = taken.paid, _entries(sale, taken)
        spread = Note("refund_spread", {"refund": refund.id, "amount": amount})
        notes = [] if refund.lines else [spread]
    notes += _said_of_money(given, sale, refund, order) if amount else ()
    day = sale.chooser.settings.day_of(refund.date_created_gmt)
    note = _credit_note(given, sale, paid, entries, day, notes)
    if not amount:
        return note
    return replace(note, payback=payback_of(order, refund, given.basis))


def _sold(order: Order, basis: Basis) -> Sale:
    chooser = Chooser(basis.settings, basis.catalogue, is_export(order), booked=True)
    return sale_of(order, chooser)


def _said_of_money(given: Crediting, sale: Sale, refund: Refund, order: Order) -> Iterator[Note]:
    settings = given.basis.settings
    facts: dict[str, Fact] = {"refund": refund.id, "amount": round_ore(refund.amount)}
    capture = told_of_money(order, settings)
    by_bank = not is_prepaid(order, settings)
    unpaid = by_bank or (capture and refund.id in capture.before)
    if unpaid and not given.is_paid and not same_amount(refund.amount, sale.paid.total):
        invoice = str(given.related_invoice_no or "-")
        yield Note("part_credit_of_unpaid", {**facts, "invoice": invoice})
    if goes_back(order, refund, settings) is False or (by_bank and given.is_paid):
        yield Note("returned_outside", facts)


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
    day = sale.chooser.settings.day_of(changed) if changed else given.basis.today
    return _credit_note(given, sale, sale.paid, entries_of(sale), day)


def leaves_goods(order: Order, refunds: Sequence[Refund], basis: Basis) -> bool:
    """Tell whether something is sold still, by the lines of the refunds that gave all money of an
    order back, because cards or negative fees paid a part. False also of an order that is held.
    """
    try:
        sale = _sold(order, basis)
    except Stopped:
        return False
    paid_otherwise = whole(sale).cards or any(part.net < 0 for part in sale.parts)
    return bool(paid_otherwise) and _leaves_some(sale, sorted(refunds, key=lambda one: one.id))


def _leaves_some(sale: Sale, refunds: Sequence[Refund]) -> bool:
    left = left_after(sale, refunds).sold.values()
    return sum((gross for gross in left if gross > 0), ZERO) > sale.paid.rounding


def _check_cards(sale: Sale) -> None:
    """Raise Stopped (a Hold) where cards paid for it all, of which nobody says what goes back."""
    if not sale.paid.total and whole(sale).cards:
        raise hold("cancelled_at_zero")


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


def _takes_of(sale: Sale, refund: Refund) -> bool:
    """Tell whether a refund takes money, or by its lines what a gift card paid."""
    if round_ore(refund.amount) or not whole(sale).cards:
        return bool(round_ore(refund.amount))
    return any(line.total for line in as_sold(sale, refund).lines)


def _part(sale: Sale, refund: Refund, earlier: Sequence[Refund]) -> RefundShares:
    left = left_after(sale, earlier)
    is_rest = same_amount(refund.amount, left.money) and all(one.lines for one in earlier)
    may_spread = sale.chooser.settings.refunds.amount_only == "spread"
    if not (refund.lines or is_rest or may_spread):
        raise hold("refund_without_lines", refund=refund.id, amount=round_ore(refund.amount))
    return taken_by(sale, refund, left)


def _entries(sale: Sale, taken: RefundShares) -> list[Entry]:
    parts = [share.part for share in taken.shares if share.part is not None]
    entries = [entry_of(part, sale.chooser) for part in parts] + discount_entries(sale, parts)
    amounts = list(shares_of_no_line(taken.shares))
    entries += [_amount_entry(share, sale.chooser) for share in amounts]
    discount = sum((share.listed - share.gross for share in amounts), ZERO)
    if discount:
        entries.append(discount_without_vat(sale, discount))
    to_cards = [taken.to_cards] if taken.to_cards else []
    return with_vat_apart(entries) + card_entries(to_cards, sale.chooser)


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


def _credit_note(
    given: Crediting,
    sale: Sale,
    sold: Paid,
    entries: Sequence[Entry],
    day: date,
    notes: Sequence[Note] = (),
) -> CreditNote:
    """Return what was sold turned round, as a document of `day` or, if later, of the invoice's."""
    order, chooser = sale.order, sale.chooser
    settings, number = chooser.settings, given.related_invoice_no
    day = max(day, given.not_before or day)
    paid = replace(sold, total=-sold.total, lines=-sold.lines)
    turned = [replace(entry, net=-entry.net, gross=-entry.gross) for entry in entries]
    document = sales_order(
        order, paid, turned, chooser, given.ways, given.names, day, sold.rounding
    )
    # Pieces at 0 kr are given back too: they may be counted in stock.
    lines = [
        line
        if line.unit_price or not line.quantity
        else replace(line, quantity=-abs(line.quantity))
        for line in document.lines
    ]
    if number is not None:
        text = CREDITS_TEXT.format(invoice=number, number=shown_number(order, settings))
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
    products = tuple(chooser.wanted.values())
    documents = Documents(customer, document, products, tuple(notes), order.personal)
    booked, moved_from = open_day(day, given.basis)
    delivery, email = delivery_of(order, settings, credited=True)
    due = None if is_to_be_paid(order, settings, credited=True) else booked
    invoice = InvoiceWanted(booked, due, delivery or Delivery.NONE, email, moved_from)
    return CreditNote(documents, invoice, None)
