"""What has come to PowerOffice since this database last looked, read before anything is written.

A new database looks at everything, one restored from a backup at all that came since, and one
that works beside its copy on another machine at what the other has made. What it does not know
of is remembered, and adopted when its order's turn comes; nothing has to notice that the
database is an old one.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from woo2po.delivery.catalogue_cache import READ_ALL_AFTER, back_to
from woo2po.delivery.steps_invoice import find_invoice_of
from woo2po.delivery.transfer import Transfer, may_lag, put_on_hold
from woo2po.delivery.wanting import OFF
from woo2po.documents import DocumentSeen
from woo2po.holds import Hold
from woo2po.mapping import references
from woo2po.order import Order
from woo2po.poweroffice import PowerOffice
from woo2po.pull import Pulled, seen_of, start_of
from woo2po.settings import Settings
from woo2po.store import Store
from woo2po.woocommerce import Shop


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look found out: the drafts that changed, and orders of this shop by their ids.

    `unseen`: their documents are there, and this database has never seen them. `missing`: their
    drafts should be there and were not listed, which is found out once a day.
    """

    drafts: tuple[DocumentSeen, ...] = ()
    unseen: tuple[int, ...] = ()
    missing: tuple[int, ...] = ()


async def look(go: PowerOffice, store: Store, settings: Settings) -> Looked:
    """Remember the documents there that this database knows nothing of, and queue their orders."""
    now = go.server_time
    since = _moment(store, "looked", now)
    # Deletions show in no list of changes: once a day all drafts are listed.
    whole = _moment(store, "looked_at_all", now, good_for=READ_ALL_AFTER) is None
    drafts = await go.sales_orders(changed_after=None if whole else since)
    first_day = None if since else start_of(settings).date()
    invoices = await go.invoices(sent_after=since, from_date=first_day)
    seen = [one for one in (*drafts, *invoices) if one.reference or one.matching_reference]
    known = store.references_in_use([one.reference for one in seen])
    fresh = [one for one in seen if one.reference not in known]
    store.remember_documents(fresh)
    ids = _order_ids(settings, fresh)
    with store.transaction():
        here = store.known(ids)
        store.queue_again(sorted(here))
        missing = store.drafts_but({draft.id for draft in drafts}) if whole else []
        for key in ("looked", "looked_at_all") if whole else ("looked",):
            store.put(key, now.isoformat() if now else "")
    return Looked(tuple(drafts), tuple(i for i in ids if i not in here), tuple(missing))


def _moment(
    store: Store, key: str, now: datetime | None, good_for: timedelta | None = None
) -> datetime | None:
    """Return from when on (on PowerOffice's clock) to look; None for the very beginning."""
    said = store.get(key)
    if not said or now is None:
        return None
    since = back_to(datetime.fromisoformat(said), now)
    late = since is not None and good_for is not None and now - since > good_for
    return None if late else since


def _order_ids(settings: Settings, fresh: Iterable[DocumentSeen]) -> list[int]:
    """Return the orders of this shop whose documents these are."""
    ours = re.compile(re.escape(references.matching_reference(settings, 0)[:-1]) + r"(\d{1,18})\b")
    return sorted({int(m[1]) for one in fresh if (m := ours.match(one.matching_reference))})


async def look_for_missing(t: Transfer, order_ids: Iterable[int]) -> None:
    """Find out what became of drafts that were not listed: invoiced by a person, or deleted."""
    for order_id in order_ids:
        record = t.store.order(order_id)
        if record is None or may_lag(t, record):
            continue
        if await t.go.draft(record.sales_order_id) is not None:
            continue
        if await find_invoice_of(t, record):
            with t.store.transaction():
                t.store.queue_again([order_id])
        else:
            facts = {"sales_order": str(record.sales_order_no or "")}
            put_on_hold(t, order_id, Hold("draft_gone", facts))


async def note_unseen(
    shop: Shop, store: Store, settings: Settings, pulled: Pulled, ids: Sequence[int]
) -> None:
    """Queue those of these orders that are off by now.

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


def _is_off(order: Order, settings: Settings) -> bool:
    zone = ZoneInfo(settings.woocommerce.timezone)
    created = order.date_created_gmt.astimezone(zone).date()
    off = order.status in OFF or order.status == "refunded"
    return off and created >= settings.woocommerce.orders_from
