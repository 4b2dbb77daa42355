"""Takes the orders of a run to PowerOffice, a few at a time, each to its end.

Deciding and doing are apart: next_step says what comes next, steps.py does it, and here the two
alternate until the order is at an end, which is then written down. An order's refunds follow
once its invoice stands, each a credit note that goes the same way.
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing

import structlog

from woo2po.customers import tokens_of
from woo2po.database import StateError
from woo2po.holds import Hold, Skip
from woo2po.mapping import references
from woo2po.money import to_ore
from woo2po.next_step import (
    Cancel,
    CreditWhole,
    Done,
    Forget,
    InHand,
    NotWanted,
    PutAside,
    PutOnHold,
    Step,
    Wait,
    Wanted,
    next_step,
)
from woo2po.order import Order, Refund
from woo2po.record import OrderRecord, Payment, WriteKind
from woo2po.steps import carry_out
from woo2po.transfer import Held, Sent, Transfer, Unsettled, begin_anew
from woo2po.transport import (
    CannotLogIn,
    NeverLeft,
    NoAnswer,
    NotUnderstood,
    Refused,
    RemoteError,
)
from woo2po.wanting import OrderSource, Prepared, Row, credit_note_wanted, defect, prepare

IN_FLIGHT = 8  # enough to use 10 requests a second where each takes 300 to 700 ms
GIVE_UP_AFTER = 5  # orders in a row without an answer: PowerOffice is away, not one order
CHUNK = 100  # the most orders that the shop gives in one answer
FIRST_CHUNK = 40  # soon prepared, and their customers are mostly found in one request

log = structlog.get_logger()


async def push(
    t: Transfer,
    shop: OrderSource,
    statuses: Sequence[str],
    ids: Sequence[int],
    in_hand: Mapping[int, Row],
) -> None:
    """Carry these orders over; those not in hand are read from the shop, a hundred at a time.

    Each order's own trouble is written down with it and stops nothing else. Raises StateError,
    and what the shop's client raises when the orders cannot be read.
    """
    places, done = asyncio.Semaphore(IN_FLIGHT), 0
    trouble: Exception | None = None
    async with (
        asyncio.TaskGroup() as tasks,
        aclosing(_prepared_ahead(t, shop, statuses, ids, in_hand)) as coming,
    ):
        # An error here would cancel the orders under way, and with them answers to writes.
        try:
            async for prepared in coming:
                await places.acquire()
                if t.stopped:
                    break
                tasks.create_task(_in_its_place(t, shop, prepared, places))
                done += 1
                if t.progress:
                    t.progress(done, len(ids))
        except (RemoteError, StateError) as error:
            trouble = error
    if trouble or t.error:
        raise trouble or t.error or AssertionError


async def _prepared_ahead(
    t: Transfer,
    shop: OrderSource,
    statuses: Sequence[str],
    ids: Sequence[int],
    in_hand: Mapping[int, Row],
) -> AsyncGenerator[Prepared, None]:
    """Yield the orders prepared. When half of a chunk is given the next one is begun: reading and
    looking up take seconds, in which PowerOffice would else be asked for nothing.
    """

    def begin(chunk: Sequence[int]) -> asyncio.Task[list[Prepared]]:
        return asyncio.create_task(prepare(t, shop, statuses, chunk, in_hand))

    starts = range(FIRST_CHUNK, len(ids), CHUNK)
    coming = begin(ids[:FIRST_CHUNK])
    try:
        for following in (*(ids[start : start + CHUNK] for start in starts), ()):
            chunk = await coming
            half = len(chunk) // 2
            for prepared in chunk[:half]:
                yield prepared
            coming = begin(following)
            for prepared in chunk[half:]:
                yield prepared
    finally:
        coming.cancel()
        await asyncio.gather(coming, return_exceptions=True)


async def _in_its_place(
    t: Transfer, shop: OrderSource, prepared: Prepared, places: asyncio.Semaphore
) -> None:
    """Carry one order and give its place free; what must stop the run is kept in `t.error`."""
    wanted = prepared.wanted
    tokens = tokens_of(wanted.documents.customer) if isinstance(wanted, Wanted) else frozenset()
    try:
        async with t.turns.of(tokens):
            with structlog.contextvars.bound_contextvars(order=prepared.record.number):
                await _carry_safely(t, shop, prepared, tokens)
    except CannotLogIn as error:
        t.stop(error.code, error.facts)
    except StateError as error:
        t.error = t.error or error
    except Exception as error:  # noqa: BLE001 (nothing of one order may cancel those under way)
        t.stop("program_failed", {"error": type(error).__name__})
    finally:
        places.release()


async def _carry_safely(
    t: Transfer, shop: OrderSource, prepared: Prepared, tokens: frozenset[str]
) -> None:
    order_id = prepared.record.order_id
    try:
        await _carry(t, prepared.record, prepared.wanted, tokens, prepared.row)
        await _carry_credit_notes(t, shop, prepared, tokens)
        t.in_a_row = 0
    except Held as held:
        t.in_a_row = 0
        _hold(t, order_id, held.hold)
    except Sent:
        t.summary.sending += 1
    except Unsettled:
        t.blocked |= tokens
        t.summary.waiting += 1
        log.info("order_waits_for_an_unanswered_write")
    except (NoAnswer, NeverLeft, NotUnderstood, Refused) as error:
        t.blocked |= tokens
        t.in_a_row += 1
        if t.in_a_row >= GIVE_UP_AFTER:
            t.stop(error.code, error.facts)
        t.summary.failed += 1
        # The facts may hold PowerOffice's own words, and those a name: the code has to do.
        log.warning("poweroffice_did_not_answer", problem=error.code)
    except (CannotLogIn, StateError):
        raise
    except Exception as error:  # noqa: BLE001 (one bad order never stops the others)
        _hold(t, order_id, defect(error))


async def _carry(
    t: Transfer,
    record: OrderRecord,
    wanted: Wanted | Hold | Skip | NotWanted,
    tokens: frozenset[str],
    row: Row | None = None,
) -> None:
    """Alternate between deciding and doing until an order (or a credit note) is at an end."""
    in_hand = InHand(may_send=t.may_send)
    while True:
        current = t.store.order(record.order_id)
        if current is None:
            return
        step = next_step(current, wanted, in_hand)
        if _ended(t, row, current, step, in_hand):
            return
        if tokens & t.blocked:
            raise Unsettled
        in_hand = await carry_out(t, current, wanted, step, in_hand)


def _ended(t: Transfer, row: Row | None, record: OrderRecord, step: Step, in_hand: InHand) -> bool:
    """Write down an end, and tell whether the step was one."""
    match step:
        case Wait(write):
            # An invoice in PowerOffice's queue is no trouble: it is only not there yet.
            raise Sent if write.kind is WriteKind.SEND_INVOICE else Unsettled
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


def _hold(t: Transfer, order_id: int, hold: Hold) -> None:
    with t.store.transaction():
        t.store.hold(order_id, hold, at=t.clock(), settings_digest=t.settings_digest)
    t.summary.held += 1
    log.warning("order_held", code=hold.code, facts=hold.facts)


# -- credit notes ----------------------------------------------------------------------------------


async def _carry_credit_notes(
    t: Transfer, shop: OrderSource, prepared: Prepared, tokens: frozenset[str]
) -> None:
    """Carry the credit notes of an order whose invoice stands, and close it where that was all."""
    parent = t.store.order(prepared.record.order_id)
    row = prepared.row
    if parent is None or parent.invoice_no is None or parent.hold is not None:
        return
    if not t.settings.refunds.credit_notes:
        return
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
            await _carry_credit_note(t, row, parent, child, refunds, tokens)
    whole = t.store.order(references.cancellation_id(parent.order_id, parent.generation))
    posted = parent.payment not in {Payment.DUE, Payment.IN_VOUCHER}
    if whole is not None and whole.invoice_no and parent.sales_order_id and posted:
        _close(t, parent, again=isinstance(prepared.wanted, Wanted))


async def _refunds(
    t: Transfer, shop: OrderSource, row: Row | None, parent: OrderRecord
) -> list[Refund]:
    """Return the content of the refunds where one is unfinished; report those taken back."""
    listed = {summary.id for summary in row.refunds} if isinstance(row, Order) else set()
    known = {child.order_id: child for child in t.store.refunds_of(parent.order_id)}
    for child in known.values():
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
        _hold(t, child.order_id, Hold("refund_taken_back", {"credit_note": str(child.invoice_no)}))
    elif not child.sales_order_id and child.open_write is None:
        with t.store.transaction():
            t.store.put_aside(child.order_id, Skip("refund_not_made"))


async def _carry_credit_note(
    t: Transfer,
    row: Row | None,
    parent: OrderRecord,
    child: OrderRecord,
    refunds: Sequence[Refund],
    tokens: frozenset[str],
) -> None:
    wanted: Wanted | Hold | None = Hold(
        "refund_of_deleted_order", {"invoice": str(parent.invoice_no)}
    )
    if isinstance(row, Order):
        wanted = credit_note_wanted(t, row, parent, child, refunds)
    try:
        if wanted is None:
            with t.store.transaction():
                t.store.finish(child.order_id)
            return
        await _carry(t, child, wanted, tokens)
    except Held as held:
        _hold(t, child.order_id, held.hold)


def _close(t: Transfer, parent: OrderRecord, *, again: bool) -> None:
    """Close an order whose invoice was credited in full; `again`: the sale is on once more."""
    with t.store.transaction():
        begin_anew(t, parent)
        t.store.finish(parent.order_id)
        t.store.queue_again([parent.order_id] if again else [])
    t.summary.cancelled += 1
    log.info("order_credited_in_full")
