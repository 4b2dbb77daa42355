"""Watches the invoices that were asked for: one list tells of all of them.

After a request to send there are only questions. The invoice is there; or PowerOffice names an
error; or, when `resend_after` seconds have gone, it is definitely a draft still, of which no
sending is known: only then may it be sent again ("The contract and the shape", Sending).
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime, timedelta

import structlog

from woo2po.delivery.catalogue_cache import back_to
from woo2po.delivery.transfer import Transfer, put_on_hold
from woo2po.documents import DocumentSeen
from woo2po.holds import Hold
from woo2po.logs import impersonal
from woo2po.money import to_ore
from woo2po.record import OrderRecord, Outcome, Waits, Write, WriteKind

# Seconds between looks while a run is still there; support advises a growing wait.
PAUSES = (1.0, 3.0, 6.0)
BETWEEN_LOOKS = 0.5
Sleep = Callable[[float], Awaitable[None]]

log = structlog.get_logger()


async def watch(
    t: Transfer, *, pauses: Sequence[float] = PAUSES, sleep: Sleep = asyncio.sleep
) -> list[int]:
    """Look for the invoices that were asked for; return the orders of which some now stand.

    Ends as soon as there are any: what follows those is done while the others come.
    """
    for place, pause in enumerate(pauses):
        asked = _asked(t)
        if not asked:
            return []
        await sleep(pause if place else _left_of(pause, t, asked))
        if found := await _look(t, asked):
            return found
    for write in _asked(t):
        await _ask_one(t, write)
    return []


async def look_once(t: Transfer) -> list[int]:
    """Look once for the invoices that earlier runs asked for; return the orders of which some
    stand. How far the others have come is asked too, so that this run can ask anew for one of
    which nothing is known.
    """
    asked = _asked(t)
    if not asked:
        return []
    found = await _look(t, asked)
    for write in _asked(t):
        await _ask_one(t, write)
    return found


def _left_of(pause: float, t: Transfer, asked: Sequence[Write]) -> float:
    """Return what is left of a pause that began when the first of them was asked for; but two
    looks are half a second apart.
    """
    begun = min(write.last_attempt for write in asked) + timedelta(seconds=pause)
    if t.looked_at is not None:
        begun = max(begun, t.looked_at + timedelta(seconds=BETWEEN_LOOKS))
    return min(pause, max(0.0, (begun - t.clock()).total_seconds()))


def _asked(t: Transfer) -> list[Write]:
    return [write for write in t.store.open_writes() if write.kind is WriteKind.SEND_INVOICE]


async def _look(t: Transfer, asked: Sequence[Write]) -> list[int]:
    since = [write.since for write in asked if write.since is not None]
    after = back_to(min(since), t.go.server_time) if len(since) == len(asked) else None
    t.looked_at = t.clock()
    listed = await t.go.invoices(sent_after=after)
    by_reference = {seen.reference: seen for seen in listed if seen.invoice_no is not None}
    found = []
    for write in asked:
        record = t.store.order(write.order_id)
        seen = by_reference.get(record.reference) if record else None
        if record is not None and seen is not None:
            found += _invoice_stands(t, record, seen, write)
    return found


def _invoice_stands(
    t: Transfer, record: OrderRecord, seen: DocumentSeen, write: Write | None
) -> list[int]:
    """Write an invoice down; one that is not what was paid is compared and held at its turn."""
    number = seen.invoice_no or 0
    equal = to_ore(seen.total) == record.total_ore

    def note() -> None:
        t.store.invoice_found(record.order_id, number, equal=equal)

    if write is not None:
        t.store.settle_write(write, Outcome.MADE, remote_id=seen.id, also=note)
    else:
        with t.store.transaction():
            note()
    t.summary.invoiced += record.parent_id is None
    log.info("invoice_stands", order=record.number, invoice=number)
    return [record.parent_id or record.order_id]


async def _ask_one(t: Transfer, write: Write) -> None:
    """Ask how far one sending has come, and say so where it failed or never was."""
    record = t.store.order(write.order_id)
    if record is None or t.clock() - write.last_attempt < timedelta(seconds=30):
        return
    state = await t.go.sent_state(record.sales_order_id)
    if state is not None and state.sent:
        # The list of what was sent since does not show it: the clock there may have been wrong.
        await _look_by_reference(t, record, write)
        return
    if state is not None and state.processing:
        return
    if state is not None and state.error:
        t.store.settle_write(write, Outcome.REFUSED)
        put_on_hold(t, record.order_id, Hold("sending_failed", {"detail": impersonal(state.error)}))
        return
    waited = t.clock() - write.last_attempt
    if waited < timedelta(seconds=t.settings.poweroffice.resend_after):
        return
    if await t.go.draft(record.sales_order_id) is None:
        t.store.settle_write(write, Outcome.REFUSED)
        facts = {"sales_order": str(record.sales_order_no or "")}
        put_on_hold(t, record.order_id, Hold("sent_and_nowhere", facts))
        return
    t.store.settle_write(write, Outcome.ABSENT)
    log.warning("sending_left_no_trace", order=record.number, sales_order=record.sales_order_no)


async def _look_by_reference(t: Transfer, record: OrderRecord, write: Write) -> None:
    for seen in await t.go.invoices(matching_references=[record.matching_reference]):
        if seen.reference == record.reference and seen.invoice_no is not None:
            _invoice_stands(t, record, seen, write)
            return


async def look_for_invoices_by_hand(t: Transfer) -> list[int]:
    """Look for invoices that a person made of drafts that wait for one; return their orders."""
    by_hand = {Waits.PERSON, Waits.SEND_PRIVILEGE}
    waiting = [i for i, _, waits in t.store.waiting() if waits in by_hand]
    if not waiting:
        return []
    said = t.store.get("looked_for_invoices")
    after = back_to(datetime.fromisoformat(said), t.go.server_time) if said else None
    listed = await t.go.invoices(sent_after=after)
    if t.go.server_time is not None:
        t.store.put("looked_for_invoices", t.go.server_time.isoformat())
    return _noticed(t, waiting, listed)


def _noticed(t: Transfer, waiting: Iterable[int], listed: Iterable[DocumentSeen]) -> list[int]:
    by_reference = {seen.reference: seen for seen in listed if seen.invoice_no is not None}
    found = []
    for order_id in waiting:
        record = t.store.order(order_id)
        seen = by_reference.get(record.reference) if record else None
        if record is not None and seen is not None:
            found += _invoice_stands(t, record, seen, None)
    return found
