"""Invoices: asked for once, watched until they stand, compared with what was paid.

After a request to send there are only questions. When `resend_after` seconds have gone, it is
definitely a draft still, and no sending is known, it may be sent again
(poweroffice/facts.md, "Sending").
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial

import structlog

from woo2po.documents import DocumentSeen, InvoiceWanted, Note
from woo2po.holds import Hold
from woo2po.http import NotAllowed
from woo2po.logs import impersonal
from woo2po.mapping.values import hold
from woo2po.money import ZERO, round_ore, same_amount, to_ore
from woo2po.next_step import InHand, Wanted
from woo2po.record import Outcome, Record, Waits, Write, WriteKind
from woo2po.transfer.writes import Run, Sent, adopt, as_kept, attempt, put_on_hold, tried_since

# Seconds between looks while a run is still there; support advises a growing wait.
PAUSES = (1.0, 3.0, 6.0)
ASK_AFTER = timedelta(seconds=30)  # how long the list alone is asked

log = structlog.get_logger()


async def send_invoice(run: Run, record: Record, wanted: Wanted, in_hand: InHand) -> InHand:
    """Ask for the invoice once. The write stays open until an invoice, or an error, is seen.

    Raises Sent, and what `attempt` raises. Returns where sending is not allowed.
    """
    names, invoice = wanted.documents.personal, wanted.invoice
    assert isinstance(invoice, InvoiceWanted)  # noqa: S101 (what is not to be sent is no step)
    kind, reference = WriteKind.SEND_INVOICE, record.reference
    send = partial(run.poweroffice.send_invoice, record.sales_order_id, invoice)
    try:
        await attempt(run, kind, reference, record.id, send, names=names, stays_open=True)
    except NotAllowed as refused:
        run.progress.may_send = False
        run.outcome.warnings[refused.code] = refused.facts
        return replace(in_hand, may_send=False)
    if invoice.moved_from is not None:
        log.warning("invoice_date_moved", of=str(invoice.moved_from), to=str(invoice.day))
    log.info("invoice_asked_for", sales_order=record.sales_order_no)
    raise Sent


async def find_invoice_of(run: Run, record: Record, write: Write | None = None) -> bool:
    """Look for a draft's invoice by its references, adopt it, and tell whether there is one."""
    matching = [record.matching_reference]
    found = await run.poweroffice.invoices(matching_references=matching)
    mine = invoice_among(record, [one for one in found if one.invoice_no is not None])
    if mine is not None:
        adopt(run, record, mine, write)
    return mine is not None


def invoice_among(record: Record, invoices: Sequence[DocumentSeen]) -> DocumentSeen | None:
    """Return the invoice of a draft: by its reference, or where a row tells none by the draft's id,
    or by its matching reference and total.
    """
    by_reference = (one for one in invoices if one.reference == record.reference)
    without = [one for one in invoices if not one.reference]
    by_id = (one for one in without if one.id == record.sales_order_id)
    by_match = (
        one
        for one in without
        if one.matching_reference == record.matching_reference
        and to_ore(one.total) == record.total_ore
    )
    return next(by_reference, None) or next(by_id, None) or next(by_match, None)


async def read_invoice(run: Run, record: Record, wanted: Wanted, in_hand: InHand) -> InHand:
    """Compare an invoice with what was paid. Raises Stopped where they differ."""
    found = await run.poweroffice.invoices(numbers=[record.invoice_no or 0])
    if not found:
        raise hold("sent_and_nowhere", sales_order=str(record.sales_order_no or ""))
    paid = wanted.documents.sales_order.amounts.total
    if not same_amount(found[0].total, paid):
        lines = await run.poweroffice.invoice_lines(found[0].id)
        fee = sum((line.total or ZERO for line in lines if line.kind == "InvoiceFee"), ZERO)
        invoice = str(record.invoice_no)
        if not same_amount(found[0].total - fee, paid):
            sums = {"total": round_ore(found[0].total), "paid": round_ore(paid)}
            raise hold("invoice_differs", invoice=invoice, **sums)
        note = Note("invoice_fee_added", {"invoice": invoice, "fee": round_ore(fee)})
        log.warning(note.code, facts=dict(note.facts))
        run.store.change(record.id, notes=as_kept((*record.notes, note)))
    run.store.change(
        record.id,
        invoice_equal=1,
        customer_id=record.customer_id or found[0].customer_id,
        wanted_digest=record.wanted_digest or wanted.digest,
        total_ore=to_ore(paid),
    )
    return in_hand


async def watch(run: Run) -> list[int]:
    """Look for the invoices that were asked for, until some stand; return the orders of those."""
    for place, pause in enumerate(PAUSES):
        asked = asked_for(run)
        if not asked:
            return []
        # The first pause began when the first of them was asked for.
        begun = min(write.last_attempt for write in asked.values())
        gone = 0.0 if place else (run.clock() - begun).total_seconds()
        await asyncio.sleep(min(pause, pause - gone))
        listed = await run.poweroffice.invoices(sent_after=tried_since(run, asked.values()))
        if found := noticed(run, asked, listed):
            return found
    await ask_each(run)
    return []


def asked_for(run: Run) -> dict[int, Write]:
    """Return the requests for invoices that have no answer yet, by their orders."""
    open_ = run.store.open_writes()
    return {write.record_id: write for write in open_ if write.kind is WriteKind.SEND_INVOICE}


def awaited(run: Run) -> dict[int, Write | None]:
    """Return what waits for an invoice, asked for or made by a person, with the request for it;
    what is held may be invoiced by hand, as its remedy says.
    """
    held = [one.id for one in run.store.unfinished() if one.hold_code]
    return dict.fromkeys([*held, *run.agenda().waiting]) | asked_for(run)


def noticed(
    run: Run, waiting: Mapping[int, Write | None], listed: Iterable[DocumentSeen]
) -> list[int]:
    """Adopt the invoices among those listed that these orders wait for; return the orders."""
    invoices = [seen for seen in listed if seen.invoice_no is not None]
    found = []
    for record in [one for id_ in waiting if invoices and (one := run.store.record(id_))]:
        seen = invoice_among(record, invoices)
        if seen is not None and record.sales_order_id and record.invoice_no is None:
            adopt(run, record, seen, waiting[record.id])
            run.outcome.counts["invoiced"] += not record.is_credit_note
            found.append(record.order_id)
    return found


async def ask_each(run: Run) -> None:
    """Ask how far those have come that were asked for a while ago."""
    for write in asked_for(run).values():
        record = run.store.record(write.record_id)
        if record is not None and run.clock() - write.last_attempt >= ASK_AFTER:
            await _ask_one(run, record, write)


async def _ask_one(run: Run, record: Record, write: Write) -> None:
    """Ask how far one sending has come, and say so where it failed or never was."""
    resend_after = timedelta(seconds=run.settings.poweroffice.resend_after)
    state = await run.poweroffice.sent_state(record.sales_order_id)
    if state is not None and state.sent:
        # The list of what was sent since does not show it: the clock there may have been wrong.
        stands = await find_invoice_of(run, record, write)
        run.outcome.counts["invoiced"] += stands and not record.is_credit_note
        if not stands and run.clock() - write.last_attempt >= resend_after:
            number = str(state.invoice_no or "?")
            facts = {"sales_order": str(record.sales_order_no or ""), "invoice": number}
            why = Hold("sent_and_not_shown", facts)
            # The write stays open: never sent again, and the invoice is taken when it shows.
            if record.hold is None or record.hold.code != why.code:
                put_on_hold(run, record.id, why)
        return
    if state is not None and state.processing:
        return
    if state is not None and state.error:
        _gave_up(run, write, Hold("sending_failed", {"detail": impersonal(state.error)}))
        return
    if run.clock() - write.last_attempt < resend_after:
        return
    if await run.poweroffice.draft(record.sales_order_id) is None:
        facts = {"sales_order": str(record.sales_order_no or "")}
        _gave_up(run, write, Hold("sent_and_nowhere", facts))
        return
    run.store.settle_write(write, Outcome.ABSENT)
    log.warning("sending_left_no_trace", order=record.number, sales_order=record.sales_order_no)


def _gave_up(run: Run, write: Write, why: Hold) -> None:
    run.store.settle_write(write, Outcome.REFUSED)
    put_on_hold(run, write.record_id, why)


def free_to_send(run: Run) -> list[int]:
    """Queue hourly what waits for the right to send, where that is there by now; return it."""
    now = run.agenda()
    if not now.looks:
        return []
    run.store.remember(looked_at_waiting=run.clock())
    to_send = [i for i, waits in now.waiting.items() if waits is Waits.SEND_PRIVILEGE]
    free = to_send if run.progress.may_send else []
    run.store.queue_again(free)
    return free
