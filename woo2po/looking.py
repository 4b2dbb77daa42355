"""What has come to PowerOffice since this database last looked, read before anything is written.

A new database looks at everything, one restored from a backup at all that came since, and one
that works beside its copy on another machine at what the other has made. What it does not know
of is remembered, and adopted when its order's turn comes; nothing has to notice that the
database is an old one.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from woo2po.catalogue_cache import OVERLAP
from woo2po.documents import DocumentSeen
from woo2po.mapping import references
from woo2po.order import Order
from woo2po.poweroffice import PowerOffice
from woo2po.pull import Pulled, seen_of, start_of
from woo2po.settings import Settings
from woo2po.store import Store
from woo2po.wanting import OFF
from woo2po.woocommerce import Shop


async def look(go: PowerOffice, store: Store, settings: Settings) -> list[int]:
    """Remember the documents there that this database knows nothing of.

    Returns the ids of orders of this shop that have such documents and that it has never seen.
    """
    now = go.server_time
    since = _since(store, now)
    drafts = await go.sales_orders(changed_after=since)
    first_day = None if since else start_of(settings).date()
    invoices = await go.invoices(sent_after=since, from_date=first_day)
    seen = [one for one in (*drafts, *invoices) if one.reference or one.matching_reference]
    known = store.references_in_use([one.reference for one in seen])
    fresh = [one for one in seen if one.reference not in known]
    if fresh:
        store.remember_documents(fresh)
    if now is not None:
        store.put("looked", now.isoformat())
    return _unseen(store, settings, fresh)


def _since(store: Store, now: datetime | None) -> datetime | None:
    """Return the moment (on PowerOffice's clock) to look back to; None for its very beginning."""
    said = store.get("looked")
    looked = datetime.fromisoformat(said) if said else None
    # A clock there that has gone back tells nothing about what came meanwhile.
    if looked is None or now is None or now < looked - OVERLAP:
        return None
    return looked - OVERLAP


def _unseen(store: Store, settings: Settings, fresh: Iterable[DocumentSeen]) -> list[int]:
    ours = re.compile(re.escape(references.matching_reference(settings, 0)[:-1]) + r"(\d{1,18})\b")
    found = {int(hit[1]) for one in fresh if (hit := ours.match(one.matching_reference))}
    return sorted(found - store.known(sorted(found)))


async def note_unseen(
    shop: Shop, store: Store, settings: Settings, pulled: Pulled, ids: Sequence[int]
) -> list[int]:
    """Queue those of these orders that are off by now; return their ids.

    A poll passes over an order that is cancelled and new to it, but where a lost database had
    made documents of it these are to be taken back.
    """
    rows = [
        row
        for row in (await shop.orders(ids, pulled.statuses) if ids else ())
        if isinstance(row, Order) and _is_off(row, settings)
    ]
    with store.transaction():
        store.note_seen(seen_of(settings, row) for row in rows)
    return [row.id for row in rows]


def _is_off(order: Order, settings: Settings) -> bool:
    zone = ZoneInfo(settings.woocommerce.timezone)
    created = order.date_created_gmt.astimezone(zone).date()
    off = order.status in OFF or order.status == "refunded"
    return off and created >= settings.woocommerce.orders_from
