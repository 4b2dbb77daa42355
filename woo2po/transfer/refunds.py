"""The credit notes of an order: of each refund, or of the whole order where it is off.

A credit note goes the way of an order (orders.py) under a record of its own. Before it is made the
invoice is looked at: what a person has credited there is not credited once more. Their credit
note names its invoice, if PowerOffice says so at all; else a negative document of the same
customer and of the whole amount counts.
"""

from collections.abc import AsyncGenerator, Sequence
from decimal import Decimal

import structlog

from woo2po.documents import DocumentSeen, PaymentWanted
from woo2po.holds import Hold, Skip
from woo2po.mapping.credit_note import invoiced_otherwise
from woo2po.mapping.customer import refund_reference
from woo2po.mapping.payment import has_come, payback_of_cancelled, taken_back
from woo2po.mapping.values import Stopped, hold
from woo2po.money import ZERO, Fact, from_ore, same_amount
from woo2po.next_step import NotWanted, Wanted
from woo2po.order import Order, Refund, UnreadableOrder
from woo2po.record import Payment, Record
from woo2po.transfer.wanted import OFF, close_if_credited, credit_note_wanted, refunds_of
from woo2po.transfer.writes import Row, Run, put_on_hold

log = structlog.get_logger()


async def credit_notes_due(
    run: Run, row: Row | None, parent: Record, *, again: bool
) -> AsyncGenerator[tuple[Record, Wanted | Hold | NotWanted], None]:
    """Yield the unfinished credit notes of an order whose invoice stands, and what each is to be;
    that of a whole order is to be none where the sale is on (`again`), or its refunds are all.

    The next one is looked at when the one before it has come to its end.
    """
    if parent.invoice_no is None or not run.settings.refunds.credit_notes:
        return
    unreadable = None
    try:
        refunds = await _refunds(run, row, parent)
    except UnreadableOrder as error:
        refunds = []
        unreadable = Hold("unreadable", {"where": error.where, "expected": error.expected})
    for child in run.store.credit_notes_of(parent.id):
        if not child.todo:
            continue
        if unreadable is not None and child.refund_id is not None:
            yield child, unreadable
            continue
        # What an invoice that stands was made from does not change any more.
        wanted: Wanted | Hold | NotWanted | None
        off = again or is_all_refunded(run, row, parent)
        if off and child.refund_id is None and child.invoice_no is None:
            wanted = NotWanted(row.status if isinstance(row, Order) else "")
        elif child.invoice_equal:
            wanted = _way_back(run, row, parent, child, refunds)
        else:
            wanted = await _wanted(run, row, parent, child, refunds)
        if wanted is None:
            run.store.finish(child.id)
        else:
            yield child, wanted


def is_all_refunded(run: Run, row: Row | None, parent: Record) -> bool:
    """Tell whether the refunds of an order are all of it, and credited one by one."""
    notes = run.store.credit_notes_of(parent.id)
    is_all = isinstance(row, Order) and same_amount(row.refunded, row.total)
    return is_all and any(one.refund_id and one.skip is None for one in notes)


def _way_back(
    run: Run, row: Row | None, parent: Record, child: Record, refunds: Sequence[Refund]
) -> Hold | None:
    """Note the money of a refund that was credited before the job was to book any, or say why not:
    it is queued when that of its order is noted.
    """
    if not isinstance(row, Order) or child.refund_id is None or child.payment is not Payment.NONE:
        return None
    wanted = credit_note_wanted(run, row, parent, child, refunds, invoice=None)
    money = wanted.payment if isinstance(wanted, Wanted) else None
    if isinstance(money, PaymentWanted):
        run.store.change(child.id, payment=Payment.DUE, payment_body=money.as_text())
    return money if isinstance(money, Hold) else None


async def close_credited(run: Run, row: Row | None, parent: Record, *, again: bool) -> None:
    """Close the order where its credit notes were all of it (`again`: the sale is on once more),
    note money that came back later, leave what cannot be credited.
    """
    invoiced, creditable = parent.invoice_no is not None, run.settings.refunds.credit_notes
    if invoiced and creditable and close_if_credited(run, parent, todo=again):
        run.outcome.counts["cancelled"] += 1
    if isinstance(row, Order) and creditable:
        await _note_money_after_cancellation(run, row)
    if not invoiced or not creditable:
        _leave(run, parent)


def _leave(run: Run, parent: Record) -> None:
    """Take the refunds of an order that has no invoice to credit out of the queue."""
    for child in run.store.credit_notes_of(parent.id):
        if child.todo and child.hold is not None:
            put_on_hold(run, child.id, child.hold)
        elif child.todo and child.sales_order_id:
            run.store.finish(child.id)
        elif child.todo and child.open_write is None:
            run.store.forget(child.id)


async def _refunds(run: Run, row: Row | None, parent: Record) -> list[Refund]:
    """Return the content of the refunds where one is unfinished; report those taken back."""
    listed = {one.id: one.total for one in row.refunds} if isinstance(row, Order) else {}
    for child in run.store.credit_notes_of(parent.id):
        if child.refund_id is not None and isinstance(row, Order):
            _report(run, child, listed.get(child.refund_id))
    unfinished = any(
        child.todo and child.refund_id for child in run.store.credit_notes_of(parent.id)
    )
    return await refunds_of(run, row, parent.id) if unfinished else []


def _report(run: Run, child: Record, now: Decimal | None) -> None:
    """Say that the shop has a refund no longer, or of another amount than was credited; what was
    not credited yet is dropped.
    """
    was = abs(from_ore(child.total_ore or 0))
    facts: dict[str, Fact] = {"credit_note": str(child.invoice_no)}
    # Held for it already, it is held again where it was looked at again.
    fresh = child.skip is None and (child.hold is None or child.todo)
    if child.invoice_no is not None and fresh:
        if now is None:
            put_on_hold(run, child.id, Hold("refund_taken_back", facts))
        elif now and was and not same_amount(now, was):
            hold = Hold("refund_changed", {**facts, "was": was, "now": now})
            put_on_hold(run, child.id, hold)
    elif now is None and not child.sales_order_id and child.open_write is None:
        run.store.put_aside(child.id, Skip("refund_not_made"))


async def _wanted(
    run: Run, row: Row | None, parent: Record, child: Record, refunds: Sequence[Refund]
) -> Wanted | Hold | NotWanted | None:
    if not isinstance(row, Order):
        return Hold("refund_of_deleted_order", {"invoice": str(parent.invoice_no)})
    if child.refund_id is not None and all(one.id != child.refund_id for one in row.refunds):
        # The shop took it back: so do we, unless it is credited by now.
        return NotWanted("deleted", invoice_stays="refund_taken_back")
    try:
        invoice = await _invoice_to_credit(run, parent, child) if not child.open_write else None
    except Stopped as stopped:
        return stopped.as_hold()
    if invoice is not None and invoice.customer_id not in {None, child.customer_id}:
        # Whatever the order says by now of its buyer: there the two close each other.
        run.store.change(child.id, customer_id=invoice.customer_id)
    wanted = credit_note_wanted(run, row, parent, child, refunds, invoice=invoice)
    if invoice is None or child.invoice_no is not None or not isinstance(wanted, Wanted):
        return wanted
    # Settings, products or the mapping may have changed since the order was invoiced.
    lines = await run.poweroffice.invoice_lines(invoice.id)
    return invoiced_otherwise(row, parent.invoice_no or 0, lines, run.basis) or wanted


async def _note_money_after_cancellation(run: Run, order: Order) -> None:
    """Note the way back of the money of an order whose invoice had been credited before.

    Its credit note stands open until then. The refunds are no credit notes of their own any more.
    """
    parent, off = run.store.order(order.id), order.status in {*OFF, "refunded"}
    if parent is None or parent.sales_order_id or parent.generation == 1 or not off:
        return  # of a sale that is on again the refunds are of its next invoice
    # The last of them: what came between may have been a draft that was deleted.
    wholes = [n for n in run.store.credit_notes_of(order.id) if n.refund_id is None]
    whole = next((note for note in wholes if note.invoice_no is not None), None)
    if whole is None or whole.skip is not None or (whole.hold is not None and not whole.todo):
        return  # skipped, its money is a person's for good
    if {parent.payment, whole.payment} == {Payment.NONE} and has_come(order, run.settings):
        invoice, note = whole.reference.removesuffix("-c"), str(whole.invoice_no)
        hold = Hold("credited_before_paid", {"invoice": invoice, "credit_note": note})
        put_on_hold(run, whole.id, hold)
        return
    known = {note.id: note.matching_reference for note in run.store.credit_notes_of(order.id)}
    back = taken_back(order, from_ore(parent.booked_ore), run.basis)
    if back is not None and whole.payment is Payment.NONE:
        listed = await refunds_of(run, order, order.id) if order.refunds else []
        fresh = [refund for refund in listed if refund.id not in known]
        _note_back(run, parent, whole, back, fresh)
        return
    is_under_way = whole.payment in {Payment.DUE, Payment.IN_VOUCHER}
    if is_under_way or all(summary.id in known for summary in order.refunds):
        return
    match, day_of = whole.matching_reference, run.settings.day_of
    listed = await refunds_of(run, order, order.id)
    refunds = [one for one in listed if known.get(one.id, match) == match]
    fresh = [refund for refund in refunds if refund.id not in known]
    # Each is booked on its own day: those of later days when the first is.
    first = min(day_of(refund.date_created_gmt) for refund in fresh)
    of_day = [refund for refund in fresh if day_of(refund.date_created_gmt) == first]
    back = payback_of_cancelled(order, refunds, of_day, run.basis)
    _note_back(run, parent, whole, back, of_day)


def _note_back(
    run: Run,
    parent: Record,
    whole: Record,
    back: PaymentWanted | Hold | None,
    fresh: Sequence[Refund] = (),
) -> None:
    """Note money to be booked back on the credit note of a whole order; `fresh`: its refunds."""
    if isinstance(back, Hold):
        put_on_hold(run, whole.id, back)
        return
    with run.store.transaction():
        for refund in fresh:  # where its money went, and that it is credited already
            reference = refund_reference(parent.reference, refund.id)
            match = whole.matching_reference
            run.store.note_credit_note(parent, refund.id, reference, match)
            facts: dict[str, Fact] = {"credit_note": str(whole.invoice_no), "amount": refund.amount}
            run.store.put_aside(refund.id, Skip("refund_of_cancelled", facts))
        run.store.finish(whole.id)
        if back is not None:
            run.store.change(whole.id, payment=Payment.DUE, payment_body=back.as_text(), todo=0)
        if back is not None and not fresh:
            run.store.change(parent.id, payment=Payment.NONE, booked_ore=0)


async def _invoice_to_credit(run: Run, parent: Record, child: Record) -> DocumentSeen:
    """Return the invoice that a credit note is of, as it stands now. Raises Stopped where it can't
    be found, or where a person credited it before.
    """
    found = await run.poweroffice.invoices(numbers=[parent.invoice_no or 0])
    if not found:
        raise hold("invoice_gone", invoice=str(parent.invoice_no))
    if child.invoice_no is not None:
        return found[0]
    note = await credit_note_on(run, found[0], but_for=f"{parent.reference}-")
    if note is not None:
        facts: dict[str, Fact] = {
            "invoice": str(parent.invoice_no),
            "credit_note": str(note.invoice_no),
            "amount": -note.total,
        }
        raise hold("credited_by_hand", **facts)
    return found[0]


async def credit_note_on(
    run: Run, invoice: DocumentSeen, *, but_for: str = ""
) -> DocumentSeen | None:
    """Return a credit note on an invoice whose reference does not begin with `but_for`, or None."""
    numbers = [] if invoice.customer_no is None else [invoice.customer_no]
    listed = await run.poweroffice.invoices(customer_numbers=numbers, from_date=invoice.day)
    notes = (seen for seen in listed if _credits(seen, invoice))
    return next((n for n in notes if not but_for or not n.reference.startswith(but_for)), None)


def _credits(seen: DocumentSeen, invoice: DocumentSeen) -> bool:
    if seen.credits_invoice is not None:
        return seen.credits_invoice == invoice.invoice_no
    same = invoice.customer_id is None or seen.customer_id == invoice.customer_id
    return same and seen.total < ZERO and same_amount(seen.total, -invoice.total)
