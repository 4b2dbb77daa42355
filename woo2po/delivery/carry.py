"""Takes one order (or credit note) to its end: next_step decides, steps.py does, in turns.

An end is written down in one transaction with what is to follow it: the refunds of an invoiced
order, each a credit note of its own, and the credit note of an order that is off.
"""

import structlog

from woo2po.delivery.steps import carry_out
from woo2po.delivery.transfer import Held, Sent, Transfer, Unsettled
from woo2po.delivery.wanting import Row
from woo2po.holds import Hold, Skip
from woo2po.mapping import references
from woo2po.money import to_ore
from woo2po.next_step import (
    Cancel,
    CreditWhole,
    Done,
    Forget,
    InHand,
    LookAgain,
    LookLater,
    NotWanted,
    PutAside,
    PutOnHold,
    Step,
    Wait,
    Wanted,
    next_step,
)
from woo2po.order import Order
from woo2po.record import OrderRecord, Payment, WriteKind

log = structlog.get_logger()


async def carry(
    t: Transfer,
    record: OrderRecord,
    wanted: Wanted | Hold | Skip | NotWanted,
    tokens: frozenset[str],
    row: Row | None = None,
) -> None:
    """Alternate between deciding and doing until an order (or a credit note) is at an end."""
    in_hand = InHand(may_send=t.may_send)
    decide, do = next_step, carry_out
    if t.rehearsal:
        decide, do = t.rehearsal.decide, t.rehearsal.carry_out
    while True:
        current = t.store.order(record.order_id)
        if current is None:
            return
        step = decide(current, wanted, in_hand)
        if _ended(t, row, current, step, in_hand):
            return
        if tokens & t.blocked:
            raise Unsettled
        in_hand = await do(t, current, wanted, step, in_hand)


def _ended(t: Transfer, row: Row | None, record: OrderRecord, step: Step, in_hand: InHand) -> bool:
    """Write down an end, and tell whether the step was one."""
    match step:
        case Wait(write):
            # An invoice in PowerOffice's queue is no trouble: it is only not there yet.
            raise Sent if write.kind is WriteKind.SEND_INVOICE else Unsettled
        case LookLater():
            raise Unsettled
        case PutOnHold(hold):
            raise Held(hold)
        case PutAside(skip):
            with t.store.transaction():
                t.store.put_aside(record.order_id, skip)
            t.summary.skipped += 1
            log.info("order_skipped", code=skip.code)
        case Forget():
            with t.store.transaction():
                t.store.forget(record.order_id)
        case Cancel():
            _finish(t, row, record, cancelled=1)
            t.summary.cancelled += 1
            log.info("order_cancelled_or_refunded_before_transfer")
        case Done(waits):
            _finish(t, row, record, waits=waits)
            t.summary.unchanged += not (in_hand.touched or t.following)
        case LookAgain():
            log.info("invoice_by_hand_found", invoice=record.invoice_no)
        case CreditWhole():
            _finish(t, row, record, credit_whole=True)
        case _:
            return False
    return True


def _finish(
    t: Transfer,
    row: Row | None,
    record: OrderRecord,
    *,
    credit_whole: bool = False,
    **columns: object,
) -> None:
    """Take an order out of the queue; what is to follow it is queued in the same transaction."""
    if isinstance(row, Order) and record.parent_id is None:
        columns = {**columns, "seen_hash": row.content_hash, "shop_status": row.status}
    with t.store.transaction():
        t.store.finish(record.order_id, **columns)
        if credit_whole:
            t.store.note_refund(
                references.cancellation_id(record.order_id, record.generation),
                record,
                f"{record.reference}-c",
                _match(t, record, row, record.total_ore, f"{record.matching_reference}-c"),
            )
        elif record.parent_id is None and record.invoice_no is not None:
            _note_refunds(t, row, record)


def _note_refunds(t: Transfer, row: Row | None, parent: OrderRecord) -> None:
    """Give every refund of an invoiced order a record of its own, in the queue."""
    if isinstance(row, Order) and t.settings.refunds.credit_notes:
        for refund in sorted(row.refunds, key=lambda refund: refund.id):
            own = references.refund_reference(parent.matching_reference, refund.id)
            t.store.note_refund(
                refund.id,
                parent,
                references.refund_reference(parent.reference, refund.id),
                _match(t, parent, row, to_ore(abs(refund.total)), own),
            )


def _may_be_posted(t: Transfer, row: Row | None) -> bool:
    """Tell whether the payment of an invoice that was found may have been posted, not by us."""
    payments = t.settings.payments
    if not isinstance(row, Order) or row.date_paid_gmt is None:
        return False
    return payments.register_ and row.payment_method not in payments.unpaid_methods


def _match(
    t: Transfer, parent: OrderRecord, row: Row | None, amount_ore: int | None, own: str
) -> str:
    """Return the matching reference of a credit note: its own, which the money's way back shares;
    or the invoice's, where that is unpaid and as large, so that the two close each other.
    """
    unpaid = parent.payment is Payment.NONE and amount_ore == parent.total_ore
    unpaid = unpaid and not (parent.found and _may_be_posted(t, row))
    return parent.matching_reference if unpaid else own
