"""Carries the credit notes of an order: of each refund, or of the whole order where it is off.

A credit note goes the way of an order (carry.py) under a record of its own. Before it is made the
invoice is looked at: what a person has credited there is not credited once more.
"""

from collections.abc import Sequence

import structlog

from woo2po import mapping
from woo2po.delivery.carry import carry
from woo2po.delivery.credited import invoice_to_credit
from woo2po.delivery.transfer import Held, Transfer, begin_anew, put_on_hold
from woo2po.delivery.wanting import OrderSource, Prepared, Row, credit_note_wanted, today
from woo2po.holds import Hold, Skip
from woo2po.mapping import references
from woo2po.money import ZERO, Fact
from woo2po.next_step import NotWanted, Wanted
from woo2po.order import Order, Refund
from woo2po.record import OrderRecord, Payment

log = structlog.get_logger()


async def carry_credit_notes(
    t: Transfer, shop: OrderSource, prepared: Prepared, tokens: frozenset[str]
) -> None:
    """Carry the credit notes of an order whose invoice stands, and close it where that was all."""
    parent = t.store.order(prepared.record.order_id)
    if parent is None or parent.hold is not None:
        return
    credited = t.settings.refunds.credit_notes
    if parent.invoice_no is not None and credited:
        await _carry_each(t, shop, prepared.row, parent, tokens)
        _close_if_credited(t, parent, again=isinstance(prepared.wanted, Wanted))
    if isinstance(prepared.row, Order) and credited:
        await _note_money_after_cancellation(t, shop, prepared.row)
    if parent.invoice_no is None or not credited:
        _leave(t, parent)


def _leave(t: Transfer, parent: OrderRecord) -> None:
    """Take the refunds of an order that has no invoice to credit out of the queue: what is held
    stays so, and what left no trace is noted anew when there is one.
    """
    for child in t.store.refunds_of(parent.order_id):
        if child.todo and child.hold is not None:
            put_on_hold(t, child.order_id, child.hold)
        elif child.todo and not child.sales_order_id and child.open_write is None:
            with t.store.transaction():
                t.store.forget(child.order_id)


async def _carry_each(
    t: Transfer, shop: OrderSource, row: Row | None, parent: OrderRecord, tokens: frozenset[str]
) -> None:
    refunds = await _refunds(t, shop, row, parent)
    for child in t.store.refunds_of(parent.order_id):
        if not child.todo:
            continue
        if child.invoice_equal:
            # It stands, and what it was made from does not change any more.
            with t.store.transaction():
                t.store.finish(child.order_id)
            continue
        with structlog.contextvars.bound_contextvars(refund=child.order_id):
            await _carry_one(t, row, parent, child, refunds, tokens)


async def _refunds(
    t: Transfer, shop: OrderSource, row: Row | None, parent: OrderRecord
) -> list[Refund]:
    """Return the content of the refunds where one is unfinished; report those taken back."""
    listed = {summary.id for summary in row.refunds} if isinstance(row, Order) else set()
    for child in t.store.refunds_of(parent.order_id):
        if child.order_id > 0 and child.order_id not in listed and isinstance(row, Order):
            _report_taken_back(t, child)
    unfinished = any(
        child.todo and child.order_id > 0 for child in t.store.refunds_of(parent.order_id)
    )
    return await shop.refunds(parent.order_id) if unfinished else []


def _report_taken_back(t: Transfer, child: OrderRecord) -> None:
    """Say that the shop no longer has a refund: credited, it is held; not yet, it is dropped."""
    fresh = child.hold is None or child.todo  # or looked at again: it is still gone
    if child.invoice_no is not None and fresh and child.skip is None:
        hold = Hold("refund_taken_back", {"credit_note": str(child.invoice_no)})
        put_on_hold(t, child.order_id, hold)
    elif not child.sales_order_id and child.open_write is None:
        with t.store.transaction():
            t.store.put_aside(child.order_id, Skip("refund_not_made"))


async def _carry_one(
    t: Transfer,
    row: Row | None,
    parent: OrderRecord,
    child: OrderRecord,
    refunds: Sequence[Refund],
    tokens: frozenset[str],
) -> None:
    try:
        wanted = await _wanted(t, row, parent, child, refunds)
        if wanted is None:
            with t.store.transaction():
                t.store.finish(child.order_id)
            return
        await carry(t, child, wanted, tokens)
    except Held as held:
        put_on_hold(t, child.order_id, held.hold)


async def _wanted(
    t: Transfer,
    row: Row | None,
    parent: OrderRecord,
    child: OrderRecord,
    refunds: Sequence[Refund],
) -> Wanted | Hold | NotWanted | None:
    if not isinstance(row, Order):
        return Hold("refund_of_deleted_order", {"invoice": str(parent.invoice_no)})
    if child.order_id > 0 and child.order_id not in {summary.id for summary in row.refunds}:
        # The shop took it back: so do we, unless it is credited by now.
        return NotWanted("deleted", invoice_stays="refund_taken_back")
    invoice = await invoice_to_credit(t, parent, child) if child.open_write is None else None
    not_before = None if invoice is None else invoice.day
    return credit_note_wanted(t, row, parent, child, refunds, not_before=not_before)


def _close_if_credited(t: Transfer, parent: OrderRecord, *, again: bool) -> None:
    """Close an order whose invoice was credited in full; `again`: the sale is on once more."""
    whole = t.store.order(references.cancellation_id(parent.order_id, parent.generation))
    posted = parent.payment not in {Payment.DUE, Payment.IN_VOUCHER}
    if whole is None or not whole.invoice_no or not parent.sales_order_id or not posted:
        return
    with t.store.transaction():
        begin_anew(t, parent)
        t.store.finish(parent.order_id)
        t.store.queue_again([parent.order_id] if again else [])
    t.summary.cancelled += 1
    log.info("order_credited_in_full")


async def _note_money_after_cancellation(t: Transfer, shop: OrderSource, order: Order) -> None:
    """Note the way back of the money of an order whose invoice had been credited before.

    Its credit note stands open until then. The refunds are no credit notes of their own any more.
    """
    parent = t.store.order(order.id)
    if parent is None or parent.sales_order_id or parent.generation == 1:
        return
    whole = t.store.order(references.cancellation_id(order.id, parent.generation - 1))
    if whole is None or whole.invoice_no is None or (whole.hold is not None and not whole.todo):
        return
    known = {child.order_id for child in t.store.refunds_of(order.id)}
    if all(summary.id in known for summary in order.refunds):
        return
    fresh = [refund for refund in await shop.refunds(order.id) if refund.id not in known]
    back = mapping.payback_of_cancelled(order, fresh, t.settings, t.shelf.catalogue, today(t))
    if whole.payment is not Payment.NONE:
        refunded = sum((abs(refund.total) for refund in order.refunds), ZERO)
        facts = {"refunded": refunded, "total": order.total}
        back = Hold("refunds_exceed_total", facts)
    if isinstance(back, Hold):
        put_on_hold(t, whole.order_id, back)
        return
    with t.store.transaction():
        for refund in fresh:
            _set_aside(t, parent, whole, refund)
        t.store.finish(whole.order_id)
        if back is not None:
            t.store.change_order(
                whole.order_id, payment=Payment.DUE, payment_body=back.as_text(), todo=0
            )


def _set_aside(t: Transfer, parent: OrderRecord, whole: OrderRecord, refund: Refund) -> None:
    """Give a refund a record that says where its money went, and that it is credited already."""
    reference = references.refund_reference(parent.reference, refund.id)
    t.store.note_refund(refund.id, parent, reference, whole.matching_reference)
    facts: dict[str, Fact] = {"credit_note": str(whole.invoice_no), "amount": refund.amount}
    t.store.put_aside(refund.id, Skip("refund_of_cancelled", facts))
