"""Takes the orders of a run to PowerOffice, a few at a time, each to its end.

Deciding and doing are apart: next_step says what comes next, steps.py does it, and here the two
alternate until the order is at an end, which is then written down. An order's refunds follow
once its invoice stands, each a credit note that goes the same way.
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing

import structlog

from woo2po.delivery.carry import carry
from woo2po.delivery.credit_notes import carry_credit_notes
from woo2po.delivery.customers import tokens_of
from woo2po.delivery.transfer import Held, Sent, Transfer, Unsettled, put_on_hold
from woo2po.delivery.wanting import OrderSource, Prepared, Row, defect, prepare
from woo2po.http import (
    CannotLogIn,
    NeverLeft,
    NoAnswer,
    NotUnderstood,
    Refused,
    RemoteError,
)
from woo2po.next_step import (
    Wanted,
)
from woo2po.store.database import StateError

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
                t.begun.add(prepared.record.order_id)
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
        await carry(t, prepared.record, prepared.wanted, tokens, prepared.row)
        await carry_credit_notes(t, shop, prepared, tokens)
        t.in_a_row = 0
    except Held as held:
        t.in_a_row = 0
        put_on_hold(t, order_id, held.hold)
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
        put_on_hold(t, order_id, defect(error))
