"""The part of a run that needs PowerOffice: what is known put right, then the orders, invoices
and payments.

writes.py     what a run works with, and the one way in which it writes
orders.py     the orders of a run, each to its end: next_step decides, steps do
steps.py      the steps of an order: customer, draft, edits
wanted.py     what the orders of a run should become
invoices.py   invoices asked for, watched, compared
payments.py   vouchers for the money that came or went back
refunds.py    credit notes of refunds and of orders that are off
recovery.py   what this database does not know, and writes without an answer
customers.py  which customer in PowerOffice is an order's
catalogue.py  products, accounts and VAT codes, kept between runs
"""

import asyncio
from collections.abc import Sequence

from woo2po.pull import Pulled
from woo2po.record import Outcome, Waits
from woo2po.transfer.invoices import look_for_invoices_by_hand, look_once, watch
from woo2po.transfer.orders import push
from woo2po.transfer.payments import post_payments, settle_vouchers
from woo2po.transfer.recovery import (
    Looked,
    look,
    look_again,
    look_for_missing,
    note_unseen,
    restart_after_a_jump,
    settle,
)
from woo2po.transfer.writes import Onlooker, Progress, Run, due

__all__ = ["Onlooker", "Progress", "Run", "transfer"]


async def transfer(run: Run, pulled: Pulled, ids: Sequence[int]) -> Progress:
    """Carry the orders of a run over, and return how far it came.

    Raises RemoteError where PowerOffice or the shop cannot be used at all, and StateError.
    """
    run.onlooker.begins(run)
    progress = Progress(may_send=run.poweroffice.may_send_invoices is not False)
    looked = await _look_and_open(run, opens=bool(ids))
    await note_unseen(run, pulled, looked.unseen)
    queue = await _make_ready(run, progress, ids, looked)
    if queue:
        await push(run, progress, pulled.statuses, queue, pulled.in_hand)
    # An invoice that stands by now goes on: its payment, its refunds, whose credit notes are
    # asked for in turn.
    progress.following = True
    while (stands := list(dict.fromkeys(await watch(run, progress)))) and not progress.stopped:
        await push(run, progress, pulled.statuses, stands, pulled.in_hand)
    await settle_vouchers(run, progress)
    await post_payments(run, progress)
    await settle(run, progress)
    after = due(run)
    if after.waiting and run.store.memory.looked_at_waiting is None:
        run.store.remember(looked_at_waiting=run.clock())  # the first look is in an hour
    left = set(after.orders) - progress.begun - set(after.again)
    progress.counts["left"] = len(left)
    return progress


async def _make_ready(
    run: Run, progress: Progress, ids: Sequence[int], looked: Looked
) -> list[int]:
    """Look at what an earlier run began, and read what the mapping needs; nothing is written there.

    Returns these orders, and those whose turn has come meanwhile.
    """
    restart_after_a_jump(run)
    await look_for_missing(run, progress, looked.missing)
    await settle(run, progress, looked.drafts)
    queue = [*ids, *await look_once(run, progress), *await _look_at_waiting(run, progress)]
    # What settling has just held is not in the queue any more.
    now = due(run)
    waiting = set(now.orders)
    queue = [i for i in dict.fromkeys(queue) if i in waiting]
    if queue or now.owing or run.store.vouchers(Outcome.OPEN, Outcome.ABSENT):
        await _open_catalogue(run)
    if queue:
        await look_again(run, queue)
    return queue


async def _look_and_open(run: Run, *, opens: bool) -> Looked:
    """Look at what came to PowerOffice; read what is for sale there meanwhile, if orders wait."""
    if not opens:
        return await look(run)
    looked, _ = await asyncio.gather(look(run), _open_catalogue(run))
    return looked


async def _open_catalogue(run: Run) -> None:
    posts = run.settings.invoices.create or run.settings.payments.register_
    await run.catalogue.open(lock_date=posts)


async def _look_at_waiting(run: Run, progress: Progress) -> list[int]:
    """Look, once an hour, at what waits for a person or a privilege; return what may go on."""
    now = due(run)
    if not now.looks:
        return []
    run.store.remember(looked_at_waiting=run.clock())
    may_send = progress.may_send
    free = [i for i, waits in now.waiting.items() if waits is Waits.SEND_PRIVILEGE and may_send]
    with run.store.transaction():
        run.store.queue_again(free)
    return [*free, *await look_for_invoices_by_hand(run, progress)]
