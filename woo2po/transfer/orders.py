"""The orders of a run, a few at a time, each to its end.

next_step says what comes next, steps.py does it, and here the two alternate. An end is written
down in one transaction with what is to follow it: the refunds of an invoiced order, each a credit
note that goes the same way, and the credit note of an order that is off.
"""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, aclosing
from dataclasses import replace
from functools import partial
from weakref import WeakValueDictionary

import structlog

from woo2po.documents import Note
from woo2po.holds import Hold, Skip, texts_of
from woo2po.http import CannotLogIn, NeverLeft, NoAnswer, NotUnderstood, Refused, RemoteError
from woo2po.logs import named
from woo2po.mapping.customer import refund_reference
from woo2po.mapping.payment import has_come
from woo2po.mapping.values import Stopped
from woo2po.money import same_amount, to_ore
from woo2po.next_step import Do, Done, InHand, Outlook, Step, Wanted, next_step
from woo2po.order import Order
from woo2po.pull import Pulled
from woo2po.record import Outcome, Payment, Record
from woo2po.store.database import StateError
from woo2po.transfer.invoices import ask_each, free_to_send, watch
from woo2po.transfer.payments import post_payments, settle_vouchers
from woo2po.transfer.recovery import look, look_again, restart_after_a_jump, settle
from woo2po.transfer.refunds import close_credited, credit_notes_due, is_all_refunded
from woo2po.transfer.steps import carry_out
from woo2po.transfer.wanted import Prepared, defect, prepare, was_paid_back
from woo2po.transfer.writes import Row, Run, Sent, Unsettled, as_kept, nameless, put_on_hold

IN_FLIGHT = 8  # enough to use 10 requests a second where each takes 300 to 700 ms
GIVE_UP_AFTER = 5  # orders in a row without an answer: PowerOffice is away, not one order
CHUNK = 100  # the most orders that the shop gives in one answer

Locks = WeakValueDictionary[str, asyncio.Lock]
log = structlog.get_logger()


async def transfer(run: Run, pulled: Pulled, ids: Sequence[int]) -> None:
    """Carry the orders of a run over.

    Raises RemoteError where PowerOffice or the shop cannot be used at all, and StateError.
    """
    run.onlooker.begins(run)
    run.progress.may_send = run.poweroffice.company.may_send_invoices is not False
    posts = run.settings.invoices.create or run.settings.payments.register_
    opens = partial(run.catalogue.open, lock_date=posts)
    # What is for sale there is read meanwhile, if orders wait.
    opening = asyncio.gather(*([opens()] if ids else []))
    found, _ = await asyncio.gather(look(run, pulled), opening)
    restart_after_a_jump(run)
    await settle(run)
    await ask_each(run)
    asked = dict.fromkeys([*ids, *found, *free_to_send(run)])
    now = run.agenda()  # what settling has just held is not in the queue any more
    due = {*now.orders}
    queue = [i for i in asked if i in due]
    if queue or now.owing or run.store.vouchers(Outcome.OPEN, Outcome.ABSENT):
        await opens()
    if queue:
        await look_again(run, queue)
        await push(run, pulled, queue)
    # An invoice that stands by now goes on: its payment, its refunds, whose credit notes are
    # asked for in turn.
    run.progress.following = True
    while (stands := list(dict.fromkeys(await watch(run)))) and not run.stopped:
        await push(run, pulled, stands)
    await settle_vouchers(run)
    await post_payments(run)
    await settle(run, pulled)
    after = run.agenda()
    if after.waiting and run.store.memory.looked_at_waiting is None:
        run.store.remember(looked_at_waiting=run.clock())  # the first look is in an hour
    left = set(after.orders) - run.progress.begun - set(after.again)
    run.outcome.counts["left"] = len(left)


async def push(run: Run, pulled: Pulled, ids: Sequence[int]) -> None:
    """Carry these orders over; those not in hand are read from the shop, a hundred at a time.

    Each order's own trouble is written down with it and stops nothing else. Raises StateError,
    and what the shop's client raises when the orders cannot be read.
    """
    places, locks, done = asyncio.Semaphore(IN_FLIGHT), Locks(), 0
    trouble: Exception | None = None
    async with asyncio.TaskGroup() as tasks, aclosing(_prepared(run, pulled, ids)) as coming:
        # An error here would cancel the orders under way, and with them answers to writes.
        try:
            async for prepared in coming:
                await places.acquire()
                if run.stopped:
                    break
                tasks.create_task(_in_its_place(run, prepared, places, locks))
                run.progress.begun.add(prepared.record.id)
                done += 1
                run.onlooker.begun(done, len(ids))
        except (RemoteError, StateError) as error:
            trouble = error
    if trouble := trouble or run.progress.error:
        raise trouble


async def _prepared(run: Run, pulled: Pulled, ids: Sequence[int]) -> AsyncGenerator[Prepared, None]:
    for start in range(0, len(ids), CHUNK):
        for prepared in await prepare(run, pulled, ids[start : start + CHUNK]):
            yield prepared


async def _in_its_place(
    run: Run, prepared: Prepared, places: asyncio.Semaphore, locks: Locks
) -> None:
    """Carry one order and give its place free; what must stop the run is kept.

    Orders of one customer go one after the other, and all others side by side.
    """
    # Always in the same order, so that two orders never wait for each other.
    turns = [locks.setdefault(token, asyncio.Lock()) for token in sorted(prepared.tokens)]
    try:
        async with AsyncExitStack() as stack:
            for turn in turns:
                await stack.enter_async_context(turn)
            with structlog.contextvars.bound_contextvars(order=prepared.record.number):
                await _carry_safely(run, prepared)
    except CannotLogIn as error:
        run.outcome.stop(error.code, error.facts)
    except StateError as error:
        run.progress.error = run.progress.error or error
    except Exception as error:  # noqa: BLE001 (nothing of one order may cancel those under way)
        run.outcome.stop("program_failed", {"error": named(error)})
    finally:
        places.release()


async def _carry_safely(run: Run, prepared: Prepared) -> None:
    order_id, tokens = prepared.record.id, prepared.tokens
    try:
        await carry(run, prepared)
        await _carry_credit_notes(run, prepared)
    except Stopped as stopped:
        put_on_hold(run, order_id, stopped.as_hold())
    except Sent:
        run.outcome.counts["sending"] += 1
    except Unsettled:
        run.progress.blocked |= tokens
        run.outcome.counts["waiting"] += 1
        log.info("order_waits_for_an_unanswered_write")
        return
    except (NoAnswer, NeverLeft, NotUnderstood, Refused) as error:
        run.progress.blocked |= tokens
        run.progress.in_a_row += 1
        if run.progress.in_a_row >= GIVE_UP_AFTER:
            run.outcome.stop(error.code, error.facts)
        run.outcome.counts["failed"] += 1
        if isinstance(error, NotUnderstood):  # it names what it lacks, in our own words
            run.outcome.warnings.setdefault(error.code, error.facts)
        # The facts may hold PowerOffice's own words, and those a name: the code has to do.
        log.warning("poweroffice_did_not_answer", problem=error.code)
        return
    except (CannotLogIn, StateError):
        raise
    except Exception as error:  # noqa: BLE001 (one bad order never stops the others)
        put_on_hold(run, order_id, defect(error))
    run.progress.in_a_row = 0


async def carry(run: Run, prepared: Prepared) -> None:
    """Alternate between deciding and doing until an order (or a credit note) is at an end.

    Raises Stopped, Sent and Unsettled, and what PowerOffice's client raises.
    """
    wanted, in_hand = prepared.wanted, InHand(may_send=run.progress.may_send)
    while True:
        current = run.store.record(prepared.record.id)
        if current is None:
            return
        step = next_step(current, wanted, in_hand)
        run.onlooker.decided(current, wanted, step)
        if _ended(run, prepared, current, step, in_hand):
            return
        if prepared.tokens & run.progress.blocked:
            raise Unsettled
        in_hand = await carry_out(run, current, wanted, step, in_hand)


async def _carry_credit_notes(run: Run, prepared: Prepared) -> None:
    """Carry the credit notes of an order whose invoice stands, and close it where that was all."""
    parent = run.store.order(prepared.record.id)
    if parent is None or parent.hold is not None:
        return
    again = isinstance(prepared.wanted, Wanted)
    async with aclosing(credit_notes_due(run, prepared.row, parent, again=again)) as due:
        async for child, wanted in due:
            with structlog.contextvars.bound_contextvars(refund=child.id):
                try:
                    await carry(run, replace(prepared, record=child, wanted=wanted))
                except Stopped as stopped:
                    put_on_hold(run, child.id, stopped.as_hold())
    await close_credited(run, prepared.row, parent, again=again)


def _ended(run: Run, prepared: Prepared, record: Record, step: Step, in_hand: InHand) -> bool:
    """Write down an end, and tell whether the step was one.

    Raises Stopped for a hold, Sent and Unsettled where the order waits.
    """
    row = prepared.row
    match step:
        case Do.WAIT if record.is_sending:  # that is no trouble: the invoice is only not there yet
            raise Sent
        case Do.WAIT | Do.LOOK_LATER:
            raise Unsettled
        case Hold():
            raise Stopped(nameless(step, row.personal if isinstance(row, Order) else ()))
        case Skip():
            run.store.put_aside(record.id, step)
            run.outcome.counts["skipped"] += 1
            log.info("order_skipped", code=step.code)
        case Do.FORGET:
            run.store.forget(record.id)
        case Do.CANCEL:
            _finish(run, prepared, record, cancelled=1)
            run.outcome.counts["cancelled"] += 1
            log.info("order_cancelled_or_refunded_before_transfer")
        case Done(waits):
            promised = isinstance(prepared.wanted, Wanted) and prepared.wanted.more_to_come
            seen = run.clock() if promised else None
            seen = record.reserved_at if record.payment else seen
            _finish(run, prepared, record, waits=waits, reserved_at=seen)
            run.outcome.counts["unchanged"] += not (in_hand.touched or run.progress.following)
        case Do.LOOK_AGAIN:
            log.info("invoice_by_hand_found", invoice=record.invoice_no)
        case Do.CREDIT_WHOLE:
            _finish(run, prepared, record, credit_whole=True)
        case _:
            return False
    return True


def _finish(
    run: Run, prepared: Prepared, record: Record, *, credit_whole: bool = False, **columns: object
) -> None:
    """Take an order out of the queue; what is to follow it is queued in the same transaction."""
    row = prepared.row
    if isinstance(row, Order) and not record.is_credit_note:
        columns |= {"seen_hash": row.content_hash, "shop_status": row.status}
        columns |= {"created": row.date_created_gmt, **_noted_since(row, record, prepared.wanted)}
    with run.store.transaction():
        run.store.finish(record.id, **columns)
        if credit_whole and not record.is_credit_note:
            _note_whole(run, row, record)
        elif not record.is_credit_note and record.invoice_no is not None:
            _note_refunds(run, row, record)


def _noted_since(row: Order, record: Record, wanted: Outlook) -> dict[str, str]:
    """Return the columns that tell what has become of an order since it was invoiced."""
    if record.invoice_no is None:
        return {}
    columns = {}
    sale, _, buyer = record.wanted_digest.rpartition(".")
    notes = [note for note in record.notes if note.code != "returned_by_provider"]
    if "." in sale and buyer != row.buyer_hash():
        columns["wanted_digest"] = f"{sale}.{row.buyer_hash()}"
        moved = Note("address_after_invoice", {"invoice": str(record.invoice_no)})
        notes = [note for note in notes if note != moved] + [moved]
    told = wanted.documents.notes if isinstance(wanted, Wanted) else ()
    notes += [note for note in told if note.code == "returned_by_provider"]
    for note in notes:
        if note not in record.notes:
            log.warning(note.code, facts=texts_of(note.facts))
    return {**columns, "notes": as_kept(notes)}


def _note_whole(run: Run, row: Row | None, parent: Record) -> None:
    """Note the credit note of an order that is off; what was refunded before is credited apart, and
    where that is all of it there is no other.
    """
    by_refunds = is_all_refunded(run, row, parent)
    if isinstance(row, Order) and (by_refunds or not same_amount(row.refunded, row.total)):
        _note_refunds(run, row, parent)
    if not by_refunds:
        own = f"{parent.matching_reference}-c"
        match = _match(run, parent, row, parent.total_ore, own)
        run.store.note_credit_note(parent, None, f"{parent.reference}-c", match)


def _note_refunds(run: Run, row: Row | None, parent: Record) -> None:
    if isinstance(row, Order) and row.refunds and run.settings.refunds.credit_notes:
        whole = run.store.cancellation_of(parent)
        if whole and (whole.invoice_no or whole.open_write):
            return  # what it was sold for is credited: its refunds are the money's way back
        for note in () if was_paid_back(run, parent) else run.store.credit_notes_of(parent.id):
            if note.skip is not None and note.skip.code == "refund_of_cancelled":
                run.store.forget(note.id)  # made while the sale was off, it is of this invoice
        for refund in sorted(row.refunds, key=lambda refund: refund.id):
            own = refund_reference(parent.matching_reference, refund.id)
            run.store.note_credit_note(
                parent,
                refund.id,
                refund_reference(parent.reference, refund.id),
                _match(run, parent, row, to_ore(refund.total), own),
            )


def _match(run: Run, parent: Record, row: Row | None, amount_ore: int | None, own: str) -> str:
    """Return the matching reference of a credit note: its own, which the money's way back shares;
    or the invoice's, where that is unpaid and as large, so that the two close each other.
    """
    # The payment of an invoice that was found may have been posted, not by us.
    came = isinstance(row, Order) and has_come(row, run.settings)
    unpaid = parent.payment is Payment.NONE and not (parent.found and came)
    return parent.matching_reference if unpaid and amount_ore == parent.total_ore else own
