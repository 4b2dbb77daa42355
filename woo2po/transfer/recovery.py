"""What this database does not know: what came to PowerOffice without it, and what became of
writes without an answer.

Before anything is written all that came since the last look is read, and what is not known is
remembered, and adopted when its order's turn comes: nothing has to notice that the database is
new, or an old copy. Nothing of an unanswered write is looked up before `settle_after` seconds have
gone: reads there may lag behind writes (poweroffice/facts.md, "Requests").
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta

import structlog

from woo2po.documents import DocumentSeen
from woo2po.holds import Hold
from woo2po.mapping.customer import matching_reference
from woo2po.next_step import adoption
from woo2po.order import Order
from woo2po.pull import Pulled, seen_of
from woo2po.record import Outcome, Record, Write, WriteKind
from woo2po.transfer.invoices import awaited, find_invoice_of, noticed
from woo2po.transfer.lookups import READ_ALL_AFTER, back_to
from woo2po.transfer.writes import (
    Run,
    adopt,
    begin_anew,
    is_wanted_anew,
    may_lag,
    put_on_hold,
    tried_since,
)

# Holds whose cause is a document that was found in PowerOffice.
FOUND_HOLDS = frozenset({"under_another_prefix", "prefix_of_another_shop", "found_twice"})
# By invoices.py, at every turn, and by payments.py.
_LOOKED_UP_APART = frozenset({WriteKind.SEND_INVOICE, WriteKind.CREATE_VOUCHER})
MOST_DRIFT = 20  # seconds that two clocks may run apart between two runs
log = structlog.get_logger()


async def look(run: Run, pulled: Pulled) -> list[int]:
    """Read what came there since the last look: remember documents that this database knows nothing
    of, and queue their orders; take the invoices that are waited for, and return their orders.

    Once a day it is found out what became of the drafts that are not listed.
    """
    go, store = run.poweroffice, run.store
    now = go.server_time
    since = back_to(store.memory.looked, now)
    asked = [write for write in store.open_writes() if write.kind is WriteKind.CREATE_SALES_ORDER]
    if asked and since is not None:
        tried = tried_since(run, asked)
        since = tried and min(since, tried)
    # Deletions show in no list of changes: once a day all drafts are listed.
    listed = back_to(store.memory.looked_at_all, now)
    whole = listed is None or now is None or now - listed > READ_ALL_AFTER
    drafts = list(await go.sales_orders(changed_after=None if whole else since))
    # Whatever day somebody gave it, no invoice of an order was sent before that was placed; one
    # under a reference of ours that is in use may be another's.
    first = None if asked else run.settings.start - READ_ALL_AFTER
    invoices = await go.invoices(sent_after=since or first)
    seen = [one for one in (*drafts, *invoices) if one.reference or one.matching_reference]
    known = store.references_in_use([one.reference for one in seen])
    fresh = [one for one in seen if one.reference not in known]
    store.remember_documents(fresh)
    await _queue_found(run, pulled, fresh)
    # Before it is remembered that they were read: a run may die here.
    stand = noticed(run, awaited(run), invoices)
    missing = store.drafts_but({draft.id for draft in drafts}) if whole else []
    store.remember(looked=now, **({"looked_at_all": now} if whole else {}))
    for record in [one for id_ in missing if (one := store.record(id_))]:
        if may_lag(run, record) or await go.draft(record.sales_order_id) is not None:
            continue
        if not await find_invoice_of(run, record):  # neither invoiced by a person nor there
            facts = {"sales_order": str(record.sales_order_no or "")}
            put_on_hold(run, record.id, Hold("draft_gone", facts))
    return stand


async def _queue_found(run: Run, pulled: Pulled, found: Iterable[DocumentSeen]) -> None:
    """Queue the orders of documents, also those that a poll passed over for their status."""
    ours = re.compile(re.escape(matching_reference(run.settings, 0)[:-1]) + r"(\d{1,18})\b")
    ids = {int(m[1]) for one in found if (m := ours.match(one.matching_reference))}
    here, start = run.store.known([*ids]), run.settings.start
    unknown = sorted(ids - here)
    rows = await run.shop.orders(unknown, pulled.statuses) if unknown else ()
    orders = [row for row in rows if isinstance(row, Order) and row.date_created_gmt >= start]
    with run.store.transaction():
        run.store.queue_again(sorted(here))
        run.store.note_seen(seen_of(run.settings, row) for row in orders)


async def look_again(run: Run, order_ids: Iterable[int]) -> None:
    """Look up anew the documents for which orders in the queue were held: a person may have mended
    it. What is to be made anew, and nowhere shown, is begun so.
    """
    known = [(run.store.order(i), *run.store.credit_notes_of(i)) for i in order_ids]
    records = [one for both in known for one in both if one]
    doubted = [r for r in records if r.found and r.hold and r.hold.code in FOUND_HOLDS]
    gone = [record for record in records if is_wanted_anew(record)]
    if not doubted and not gone:
        return
    drafts = await run.poweroffice.sales_orders()
    matching = sorted({record.matching_reference for record in (*doubted, *gone)})
    listed = [*drafts, *await run.poweroffice.invoices(matching_references=matching)]
    for record in doubted:
        run.store.remember_documents(hits_for(record, listed), instead_of=record.found)
    for record in gone:
        shown = hits_for(record, listed) or may_lag(run, record)
        if not shown and await run.poweroffice.draft(record.sales_order_id) is None:
            with run.store.transaction():
                begin_anew(run, record)


async def settle(run: Run, pulled: Pulled | None = None) -> None:
    """Write down what became of every unanswered write whose time has come.

    `pulled`: what was polled, where it is a while since what stands there was read.
    """
    wait, due = timedelta(seconds=run.settings.poweroffice.settle_after), defaultdict(list)
    for write in run.store.open_writes():
        if write.kind not in _LOOKED_UP_APART and run.clock() - write.last_attempt >= wait:
            due[write.kind].append(write)
    if pulled and WriteKind.CREATE_SALES_ORDER in due:
        await look(run, pulled)
    for write in due.pop(WriteKind.CREATE_SALES_ORDER, ()):
        _creation(run, write)
    for write in due.pop(WriteKind.DELETE_DRAFT, ()):
        await _deletion(run, write)
    if customers := due.pop(WriteKind.CREATE_CUSTOMER, None):
        await _customers(run, customers)
    # Addresses, products and lines are read by their own step before anything is written, so
    # for these it is enough that the time has passed.
    for write in (w for writes in due.values() for w in writes):
        run.store.settle_write(write, Outcome.ABSENT)


async def _deletion(run: Run, write: Write) -> None:
    record = run.store.record(write.record_id)
    if record is None or await run.poweroffice.draft(record.sales_order_id) is not None:
        run.store.settle_write(write, Outcome.ABSENT)
        return
    with run.store.transaction():
        run.store.settle_write(write, Outcome.MADE)
        begin_anew(run, record)


def _creation(run: Run, write: Write) -> None:
    """Settle the creation of a sales order by what `look` has found."""
    record = run.store.record(write.record_id)
    found = adoption(record, record.found) if record and record.found else None
    if record and isinstance(found, DocumentSeen):
        with run.store.transaction():
            run.store.remember_documents((), instead_of=record.found)  # it is no stranger's
            adopt(run, record, found, write)
        log.info("write_found_done", order=record.number, kind=write.kind)
    else:
        _absent(run, write, found_other=found is not None or record is None)


def restart_after_a_jump(run: Run) -> None:
    """Count the waiting for unanswered writes from now on where a clock was set meanwhile.

    Where PowerOffice's clock and ours are apart by more, or less, than in the last run, nobody
    knows how long ago a write was tried.
    """
    if run.poweroffice.server_time is None:
        return
    ahead = round((run.clock() - run.poweroffice.server_time).total_seconds())
    known = run.store.memory.clock_ahead
    if known is not None and abs(ahead - known) > MOST_DRIFT:
        for write in run.store.open_writes():
            run.store.change_write(write, last_attempt=run.clock())
        log.warning("a_clock_was_set", seconds=ahead - known)
    run.store.remember(clock_ahead=ahead)


def hits_for(record: Record, listed: Iterable[DocumentSeen]) -> tuple[DocumentSeen, ...]:
    """Return the documents that bear a reference of the order, each id once, invoices first.

    The credit notes of its refunds begin with its reference and are other documents.
    """
    # A credit note may bear its invoice's matching reference: its own reference tells it.
    by_match = not record.is_credit_note
    hits = [
        seen
        for seen in listed
        if not seen.reference.startswith(f"{record.reference}-")
        if record.reference == seen.reference
        or (by_match and record.matching_reference == seen.matching_reference)
    ]
    by_id = {seen.id: seen for seen in sorted(hits, key=lambda seen: seen.invoice_no or 0)}
    return tuple(by_id.values())


def _absent(run: Run, write: Write, *, found_other: bool = False) -> None:
    """Settle a write as not there: to be tried again, or refused where PowerOffice said why."""
    if not write.said or found_other:
        run.store.settle_write(write, Outcome.ABSENT)
        log.info("write_found_absent", kind=write.kind)
        return
    with run.store.transaction():
        run.store.settle_write(write, Outcome.REFUSED)
        put_on_hold(run, write.record_id, Hold("refused", json.loads(write.said)))


async def _customers(run: Run, writes: Sequence[Write]) -> None:
    since = tried_since(run, writes)
    listed = await run.poweroffice.customers_changed_since(since) if since else []
    by_reference = {seen.reference: seen for seen in listed}
    for write in writes:
        seen = by_reference.get(write.reference)
        if seen is None and (since is None or write.said):
            seen = await run.poweroffice.customer_by_reference(write.reference)
        if seen is None:
            _absent(run, write)
            continue
        with run.store.transaction():
            run.store.settle_write(write, Outcome.MADE)
            run.store.remember_customer(write.reference, seen.id, seen.subledger_account_id)
