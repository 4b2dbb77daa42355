"""The part of a run that needs PowerOffice: log in, settle what is unanswered, push, settle."""

from collections.abc import Callable, Sequence
from datetime import datetime

from woo2po.catalogue_cache import Shelf
from woo2po.connections import Connections, open_poweroffice
from woo2po.poweroffice import PowerOffice
from woo2po.pull import Pulled, start_of
from woo2po.push import push
from woo2po.settings import Settings
from woo2po.settle import look_again, settle
from woo2po.store import Store
from woo2po.transfer import Summary, Transfer
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
    async with open_poweroffice(settings, connections) as go:
        await go.log_in()
        store.belongs_to("company", go.client_id)
        await first_look(go, store, settings)
        shelf = Shelf(go, store, clock)
        t = Transfer(
            settings, store, go, clock, shelf, settings_digest=settings.digest(), progress=progress
        )
        await settle(t)
        if ids:
            await shelf.open()
            await look_again(t, ids)
            await push(t, shop, pulled.statuses, ids, pulled.in_hand)
            await settle(t)
        return t.summary


async def first_look(go: PowerOffice, store: Store, settings: Settings) -> None:
    """Read what is in PowerOffice before a new database writes anything, so that nothing is
    made twice where an earlier database was lost.
    """
    if store.get("first_look") is not None:
        return
    drafts = await go.sales_orders()
    invoices = await go.invoices(from_date=start_of(settings).date())
    store.remember_documents(
        seen for seen in (*drafts, *invoices) if seen.reference or seen.matching_reference
    )
    store.put("first_look", "done")
