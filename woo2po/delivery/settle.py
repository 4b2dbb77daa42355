"""Finds out what became of writes without an answer: one list a kind, for all of them together.

Nothing is looked up before `settle_after` seconds have gone since the attempt: reads there may
lag behind writes, and a request that timed out here may still be at work ("The contract and the
shape", Looking). What is found is adopted; what is not there may be tried again.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial

import structlog

from woo2po.delivery.catalogue_cache import back_to
from woo2po.delivery.transfer import Transfer, begin_anew, is_wanted_anew, may_lag
from woo2po.documents import DocumentSeen
from woo2po.holds import Hold, texts_of
from woo2po.next_step import Adopt, adoption
from woo2po.record import OrderRecord, Outcome, Write, WriteKind

# Holds whose cause is a document that was found in PowerOffice.
FOUND_HOLDS = frozenset({"under_another_prefix", "prefix_of_another_shop", "found_twice"})
MOST_DRIFT = 20  # seconds that two clocks may run apart between two runs
log = structlog.get_logger()


async def look_again(t: Transfer, order_ids: Iterable[int]) -> None:
    """Look up anew the documents for which orders in the queue were held: a person may have
    deleted one of two, or credited it. What is to be made anew, and nowhere shown, is begun so.
    """
    records = [record for i in order_ids if (record := t.store.order(i)) and record.hold]
    doubted = [r for r in records if r.found and r.hold and r.hold.code in FOUND_HOLDS]
    gone = [record for record in records if is_wanted_anew(record)]
    if not doubted and not gone:
        return
    drafts = await t.go.sales_orders()
    matching = sorted({record.matching_reference for record in (*doubted, *gone)})
    listed = [*drafts, *await t.go.invoices(matching_references=matching)]
    for record in doubted:
        t.store.remember_documents(hits_for(record, listed), instead_of=record.found)
    for record in gone:
        shown = hits_for(record, listed) or may_lag(t, record)
        if not shown and await t.go.draft(record.sales_order_id) is None:
            with t.store.transaction():
                begin_anew(t, record)


async def settle(t: Transfer, drafts: Sequence[DocumentSeen] | None = None) -> None:
    """Look up every unanswered write whose time has come, and write down what became of it.

    `drafts`: those that changed since before any of them was tried, where they were just read.
    """
    due = defaultdict(list)
    for write in t.store.open_writes():
        if _is_due(t, write):
            due[write.kind].append(write)
    if due[WriteKind.CREATE_SALES_ORDER]:
        await _sales_orders(t, due.pop(WriteKind.CREATE_SALES_ORDER), drafts)
    if due[WriteKind.CREATE_CUSTOMER]:
        await _customers(t, due.pop(WriteKind.CREATE_CUSTOMER))
    for write in due.pop(WriteKind.DELETE_DRAFT, []):
        await _deletion(t, write)
    # Invoices asked for are watched by watch.py, which looks for them at every turn.
    due.pop(WriteKind.SEND_INVOICE, None)
    # Addresses, products and lines are read by their own step before anything is written, so
    # for these it is enough that the time has passed.
    for write in (w for writes in due.values() for w in writes):
        t.store.settle_write(write, Outcome.ABSENT)


async def _deletion(t: Transfer, write: Write) -> None:
    """Find out whether a draft that was to be deleted is gone."""
    record = t.store.order(write.order_id)
    if record is None or await t.go.draft(record.sales_order_id) is not None:
        t.store.settle_write(write, Outcome.ABSENT)
    else:
        close = partial(begin_anew, t, record)
        t.store.settle_write(write, Outcome.MADE, also=close)


def _is_due(t: Transfer, write: Write) -> bool:
    waited = t.clock() - write.last_attempt
    if waited < timedelta(minutes=-1):
        # The clock was set back since: count from now on.
        t.store.restart_waiting(write, t.clock())
        return False
    return waited >= timedelta(seconds=t.settings.poweroffice.settle_after)


def restart_after_a_jump(t: Transfer) -> None:
    """Count the waiting for unanswered writes from now on where a clock was set meanwhile.

    PowerOffice's clock and ours are compared at the same moment of each run: where they are apart
    by more, or less, than in the last one, nobody knows how long ago a write was tried.
    """
    if t.go.server_time is None:
        return
    ahead = round((t.clock() - t.go.server_time).total_seconds())
    said = t.store.get("clock_ahead")
    if said is not None and abs(ahead - int(said)) > MOST_DRIFT:
        for write in t.store.open_writes():
            t.store.restart_waiting(write, t.clock())
        t.store.restart_vouchers(t.clock())
        log.warning("a_clock_was_set", seconds=ahead - int(said))
    if said != str(ahead):
        t.store.put("clock_ahead", str(ahead))


def _since(t: Transfer, writes: Iterable[Write]) -> datetime | None:
    moments = [write.since for write in writes]
    known = [moment for moment in moments if moment is not None]
    return back_to(min(known), t.go.server_time) if len(known) == len(moments) else None


async def _sales_orders(
    t: Transfer, writes: Sequence[Write], drafts: Sequence[DocumentSeen] | None
) -> None:
    records = {w.id: record for w in writes if (record := t.store.order(w.order_id))}
    since = _since(t, writes)
    if drafts is None or since is None:
        drafts = await t.go.sales_orders(changed_after=since)
    # A person may have invoiced the draft meanwhile, and then it has left the first list. Where
    # everything is to be looked at, a document may bear our reference and another's matching one.
    matching = sorted({record.matching_reference for record in records.values()})
    invoices = await t.go.invoices(matching_references=matching if since else ())
    for write in writes:
        record = records.get(write.id)
        if record is None:
            t.store.settle_write(write, Outcome.ABSENT)
        else:
            _settle_sales_order(t, write, record, hits_for(record, [*drafts, *invoices]))


def hits_for(record: OrderRecord, listed: Iterable[DocumentSeen]) -> tuple[DocumentSeen, ...]:
    """Return the documents that bear a reference of the order, each id once, invoices first.

    The credit notes of its refunds begin with its reference and are other documents.
    """
    # A credit note may bear its invoice's matching reference: its own reference tells it.
    by_match = record.parent_id is None
    hits = [
        seen
        for seen in listed
        if not seen.reference.startswith(f"{record.reference}-")
        if record.reference == seen.reference
        or (by_match and record.matching_reference == seen.matching_reference)
    ]
    by_id = {seen.id: seen for seen in sorted(hits, key=lambda seen: seen.invoice_no or 0)}
    return tuple(by_id.values())


def _settle_sales_order(
    t: Transfer, write: Write, record: OrderRecord, hits: tuple[DocumentSeen, ...]
) -> None:
    decision = adoption(record, hits) if hits else None
    if isinstance(decision, Adopt):
        found = decision.document

        def adopt() -> None:
            t.store.change_order(
                record.order_id,
                sales_order_id=found.id,
                sales_order_no=found.order_no,
                invoice_no=found.invoice_no,
            )

        t.store.settle_write(write, Outcome.MADE, remote_id=found.id, also=adopt)
        log.info("write_found_done", order=record.number, kind=write.kind)
        return
    if decision is not None:
        t.store.remember_documents(hits)
    _absent(t, write, found_other=decision is not None)


def _absent(t: Transfer, write: Write, *, found_other: bool = False) -> None:
    """Settle a write as not there: to be tried again, or refused where PowerOffice said why."""
    if not write.said or found_other:
        t.store.settle_write(write, Outcome.ABSENT)
        log.info("write_found_absent", kind=write.kind)
        return
    hold = Hold("refused", json.loads(write.said))

    def keep() -> None:
        t.store.hold(write.order_id, hold, at=t.clock(), settings_digest=t.settings_digest)

    t.store.settle_write(write, Outcome.REFUSED, also=keep)
    t.summary.held += 1
    log.warning("order_held", code=hold.code, facts=texts_of(hold.facts))


async def _customers(t: Transfer, writes: Sequence[Write]) -> None:
    since = _since(t, writes)
    listed = await t.go.customers_changed_since(since) if since else []
    by_reference = {seen.reference: seen for seen in listed if seen.reference}
    for write in writes:
        seen = by_reference.get(write.reference)
        if seen is None and (since is None or write.said):
            seen = await t.go.customer_by_reference(write.reference)
        if seen is None:
            _absent(t, write)
        else:
            remember = partial(
                t.store.remember_customer, write.reference, seen.id, seen.subledger_account_id
            )
            t.store.settle_write(write, Outcome.MADE, remote_id=str(seen.id), also=remember)
