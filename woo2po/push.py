"""Takes the orders of a run to PowerOffice, a few at a time, each to its end.

Deciding and doing are apart: next_step says what comes next, steps.py does it, and here the two
alternate until the order is at an end, which is then written down.
"""

import asyncio
import json
import traceback
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import structlog

from woo2po import mapping
from woo2po.customers import tokens_of
from woo2po.database import StateError
from woo2po.documents import CustomerSought, Documents, DraftSeen, Rounding
from woo2po.draft import digest_of, digest_seen
from woo2po.holds import Hold, Skip
from woo2po.mapping import references
from woo2po.money import to_ore
from woo2po.next_step import (
    Accept,
    Cancel,
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
from woo2po.order import Order, UnreadableOrder
from woo2po.record import OrderRecord
from woo2po.steps import carry_out
from woo2po.transfer import ALL_WAYS, Held, Transfer, Unsettled
from woo2po.transport import (
    CannotLogIn,
    NeverLeft,
    NoAnswer,
    NotUnderstood,
    Refused,
    RemoteError,
)

log = structlog.get_logger()


IN_FLIGHT = 8  # enough to use 10 requests a second where each takes 300 to 700 ms
GIVE_UP_AFTER = 5  # orders in a row without an answer: PowerOffice is away, not one order
CHUNK = 100  # the most orders that the shop gives in one answer
FIRST_CHUNK = 40  # soon prepared, and their customers are mostly found in one request

Row = Order | UnreadableOrder


@dataclass(frozen=True, slots=True)
class Prepared:
    """An order with its record and what it should become."""

    row: Row | None
    record: OrderRecord
    wanted: Wanted | Hold | Skip | NotWanted


class OrderSource(Protocol):
    """The part of the shop's client that gives orders by id."""

    async def orders(self, ids: Sequence[int], statuses: Sequence[str]) -> list[Row]:
        """Return the orders with these ids; those that are gone are absent."""


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
                tasks.create_task(_in_its_place(t, prepared, places))
                done += 1
                if t.progress:
                    t.progress(done, len(ids))
        except (RemoteError, StateError) as error:
            trouble = error
    if trouble or t.error:
        raise trouble or t.error or AssertionError
    t.summary.left = len(t.store.to_do()) - t.summary.waiting - t.summary.failed


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


async def prepare(
    t: Transfer,
    shop: OrderSource,
    statuses: Sequence[str],
    ids: Sequence[int],
    in_hand: Mapping[int, Row],
) -> list[Prepared]:
    """Read and map a chunk of orders, and look all their customers up together."""
    missing = [i for i in ids if i not in in_hand]
    read = {row_id(row): row for row in await shop.orders(missing, statuses)} if missing else {}
    prepared = []
    for order_id in ids:
        t.store.refer_to(
            order_id,
            references.sales_order_reference(t.settings, order_id),
            references.matching_reference(t.settings, order_id),
        )
        record = t.store.order(order_id)
        if record is None:
            continue
        row = in_hand.get(order_id) or read.get(order_id)
        try:
            wanted = await wanted_for(t, row, record)
        except Exception as error:
            # One bad order never stops the others.
            if isinstance(error, RemoteError | StateError):
                raise
            wanted = _unexpected(error)
        prepared.append(Prepared(row, record, wanted))
        await asyncio.sleep(0)  # the orders under way go on between two that are mapped
    await t.directory.look_up(_customers_sought(t, prepared), t.go)
    return prepared


def row_id(row: Row) -> int:
    """Return the id of an order, also of one that could not be read (0 where not even that)."""
    return row.id if isinstance(row, Order) else row.order_id or 0


def _customers_sought(t: Transfer, prepared: Sequence[Prepared]) -> Iterator[CustomerSought]:
    for one in prepared:
        if isinstance(one.wanted, Wanted) and one.wanted.digest != one.record.wanted_digest:
            sought = one.wanted.documents.customer
            if sought.collective_number is not None or not t.store.customer(
                sought.customer.reference
            ):
                yield sought


async def wanted_for(
    t: Transfer, row: Row | None, record: OrderRecord
) -> Wanted | Hold | Skip | NotWanted:
    """Return what an order should be in PowerOffice; a stale catalogue is read again first.

    An order refunded in full before anything of it was made is not wanted: its sale and its
    credit note would only cancel each other out ("The contract and the shape", Refund).
    """
    if row is None:
        return NotWanted("deleted")
    if isinstance(row, UnreadableOrder):
        return Hold("unreadable", {"where": row.where, "expected": row.expected})
    if record.created not in {None, row.date_created_gmt}:
        return Hold("id_used_again", {"id": str(row.id)})
    if not mapping.eligible(row, t.settings):
        return NotWanted(row.status)
    refunded = row.status == "refunded" and "refunded" not in t.settings.woocommerce.statuses
    if refunded and not record.sales_order_id:
        return NotWanted(row.status, refunded=True)
    documents = _documents(t, row, record, t.ways())
    if isinstance(documents, Hold) and await t.shelf.refresh():
        documents = _documents(t, row, record, t.ways())
    if not isinstance(documents, Documents):
        return documents
    steady = _documents(t, row, record, ALL_WAYS)
    return Wanted(documents, digest_of(steady if isinstance(steady, Documents) else documents))


def _documents(
    t: Transfer, order: Order, record: OrderRecord, ways: frozenset[Rounding]
) -> Documents | Hold | Skip:
    return mapping.documents_for(order, t.settings, t.shelf.catalogue, record.reference, ways)


async def _in_its_place(t: Transfer, prepared: Prepared, places: asyncio.Semaphore) -> None:
    """Carry one order and give its place free; what must stop the run is kept in `t.error`."""
    wanted = prepared.wanted
    tokens = tokens_of(wanted.documents.customer) if isinstance(wanted, Wanted) else frozenset()
    try:
        async with t.turns.of(tokens):
            with structlog.contextvars.bound_contextvars(order=prepared.record.number):
                await _carry_safely(t, prepared, tokens)
    except CannotLogIn as error:
        t.stop(error.code, error.facts)
    except StateError as error:
        t.error = t.error or error
    finally:
        places.release()


async def _carry_safely(t: Transfer, prepared: Prepared, tokens: frozenset[str]) -> None:
    order_id = prepared.record.order_id
    try:
        await _carry(t, prepared, tokens)
        t.in_a_row = 0
    except Held as held:
        t.in_a_row = 0
        _hold(t, order_id, held.hold)
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
        _hold(t, order_id, _unexpected(error))


def _unexpected(error: Exception) -> Hold:
    """Return the hold for a defect of our own: where it is, and never the values it met."""
    where = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{Path(where.filename).name}:{where.lineno}"
    return Hold("unexpected", {"error": type(error).__name__, "place": place})


async def _carry(t: Transfer, prepared: Prepared, tokens: frozenset[str]) -> None:
    """Alternate between deciding and doing until the order is at an end."""
    wanted, in_hand = prepared.wanted, InHand()
    while True:
        record = t.store.order(prepared.record.order_id)
        if record is None:
            return
        step = next_step(record, wanted, in_hand)
        if _ended(t, prepared, record, step):
            return
        if tokens & t.blocked:
            raise Unsettled
        if not isinstance(wanted, Wanted):
            raise TypeError(f"{type(step).__name__} for an order that is not wanted")
        in_hand = await carry_out(t, record, wanted, step, in_hand)


def _ended(t: Transfer, prepared: Prepared, record: OrderRecord, step: Step) -> bool:
    """Write down an end, and tell whether the step was one."""
    match step:
        case Wait():
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
            _finish(t, prepared, record, cancelled=1)
            t.summary.cancelled += 1
            log.info("order_refunded_before_transfer")
        case Done():
            _finish(t, prepared, record)
            t.summary.unchanged += 1
        case Accept(seen):
            _accept(t, prepared, record, seen)
        case _:
            return False
    return True


def _finish(t: Transfer, prepared: Prepared, record: OrderRecord, **columns: object) -> None:
    if isinstance(prepared.row, Order):
        columns = {
            **columns,
            "seen_hash": prepared.row.content_hash,
            "shop_status": prepared.row.status,
        }
    with t.store.transaction():
        t.store.finish(record.order_id, **columns)


def _accept(t: Transfer, prepared: Prepared, record: OrderRecord, seen: DraftSeen) -> None:
    wanted = prepared.wanted
    if not isinstance(wanted, Wanted):
        raise TypeError("a draft was accepted for an order that is not wanted")
    documents = wanted.documents
    notes = [{"code": note.code, "facts": note.facts} for note in documents.notes]
    _finish(
        t,
        prepared,
        record,
        wanted_digest=wanted.digest,
        left_digest=digest_seen(seen),
        total_ore=to_ore(seen.total),
        currency=documents.sales_order.currency,
        sales_order_no=seen.number,
        notes=json.dumps(notes),
    )
    new = not record.wanted_digest
    t.summary.made += new
    t.summary.changed += not new
    log.info("draft_equal_to_the_ore", sales_order=seen.number, total=f"{seen.total:.2f}")
    for note in documents.notes:
        log.warning(note.code, **note.facts)


def _hold(t: Transfer, order_id: int, hold: Hold) -> None:
    with t.store.transaction():
        t.store.hold(order_id, hold, at=t.clock(), settings_digest=t.settings_digest)
    t.summary.held += 1
    log.warning("order_held", code=hold.code, **hold.facts)
