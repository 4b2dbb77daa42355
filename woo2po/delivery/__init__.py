"""The part of a run that needs PowerOffice: settle, push, watch the invoices, post the payments.

looking.py        what came to PowerOffice since this database last looked
settle.py         what became of writes without an answer
wanting.py        what the orders of a run should become
push.py           the orders of a run, a few at a time
carry.py          one order to its end: next_step decides, steps do
steps.py          the steps of a draft; steps_customer.py before it, steps_invoice.py after it
attempt.py        a remote write: written down before, settled after
credit_notes.py   refunds and cancellations; credited.py: what a person credited by hand
watch.py          invoices that were asked for
vouchers.py       payments
transfer.py       what a run needs to carry orders over
customers.py      which customer in PowerOffice is an order's
catalogue_cache.py  the catalogue, kept between runs
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

from woo2po.connections import Connections, open_poweroffice
from woo2po.delivery.catalogue_cache import Shelf
from woo2po.delivery.looking import Looked, look, look_for_missing, note_unseen
from woo2po.delivery.push import push
from woo2po.delivery.settle import look_again, restart_after_a_jump, settle
from woo2po.delivery.transfer import Summary, Transfer
from woo2po.delivery.vouchers import post_payments, settle_vouchers
from woo2po.delivery.watch import look_for_invoices_by_hand, look_once, watch
from woo2po.pull import Pulled
from woo2po.record import LOOK_AGAIN_AFTER, Outcome, Waits
from woo2po.settings import Settings
from woo2po.store import Store
from woo2po.woocommerce import Shop


async def deliver(
    settings: Settings,
    clock: Callable[[], datetime],
    store: Store,
    shop: Shop,
    pulled: Pulled,
    ids: Sequence[int],
    connections: Connections,
    progress: Callable[[int, int], None] | None,
) -> Summary:
    """Carry the orders of a run over, and return the counts.

    Raises RemoteError where PowerOffice or the shop cannot be used at all, and StateError.
    """
    async with open_poweroffice(settings.poweroffice, connections) as go:
        await go.log_in()
        store.belongs_to("company", go.client_id)
        shelf = Shelf(go, store, clock)
        t = Transfer(
            settings, store, go, clock, shelf, settings_digest=settings.digest(), progress=progress
        )
        looked = await _look_and_open(t, open_shelf=bool(ids))
        await note_unseen(shop, store, settings, pulled, looked.unseen)
        queue = await make_ready(t, ids, looked)
        if queue:
            await push(t, shop, pulled.statuses, queue, pulled.in_hand)
        # An invoice that stands by now goes on: its payment, its refunds, whose credit notes are
        # asked for in turn.
        t.following = True
        while (stands := list(dict.fromkeys(await watch(t)))) and not t.stopped:
            await push(t, shop, pulled.statuses, stands, pulled.in_hand)
        await settle_vouchers(t)
        await post_payments(t)
        await settle(t)
        if store.waiting() and store.get("looked_at_waiting") is None:
            store.put("looked_at_waiting", clock().isoformat())  # the first look is in an hour
        t.summary.left = len(set(store.to_do()) - t.begun)
        return t.summary


async def make_ready(t: Transfer, ids: Sequence[int], looked: Looked) -> list[int]:
    """Look at what an earlier run began, and read what the mapping needs; nothing is written there.

    Returns these orders, and those whose turn has come meanwhile.
    """
    t.may_send = t.go.may_send_invoices is not False
    restart_after_a_jump(t)
    await look_for_missing(t, looked.missing)
    await settle(t, looked.drafts)
    queue = [*ids, *await look_once(t), *await _look_at_waiting(t)]
    # What settling has just held is not in the queue any more.
    to_do = set(t.store.to_do())
    queue = [i for i in dict.fromkeys(queue) if i in to_do]
    if queue or t.store.payments_due() or t.store.vouchers(Outcome.OPEN):
        await _open_shelf(t)
    if queue:
        await look_again(t, queue)
    return queue


async def _look_and_open(t: Transfer, *, open_shelf: bool) -> Looked:
    """Look at what came to PowerOffice; read what is for sale there meanwhile, if orders wait."""
    looking = look(t.go, t.store, t.settings)
    if not open_shelf:
        return await looking
    looked, _ = await asyncio.gather(looking, _open_shelf(t))
    return looked


async def _open_shelf(t: Transfer) -> None:
    await t.shelf.open(lock_date=t.settings.invoices.create or t.settings.payments.register_)


async def _look_at_waiting(t: Transfer) -> list[int]:
    """Look, once an hour, at what waits for a person or a privilege; return what may go on."""
    said = t.store.get("looked_at_waiting")
    if said is None or abs(t.clock() - datetime.fromisoformat(said)) < LOOK_AGAIN_AFTER:
        return []
    waiting = t.store.waiting()
    if not waiting:
        return []
    t.store.put("looked_at_waiting", t.clock().isoformat())
    free = [i for i, _, waits in waiting if waits == Waits.SEND_PRIVILEGE and t.may_send]
    with t.store.transaction():
        t.store.queue_again(free)
    return [*free, *await look_for_invoices_by_hand(t)]
