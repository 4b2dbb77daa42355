"""Asks the shop what changed since the cursor (or for the orders that a person names), and puts
it in the queue.

The cursor is the shop's own clock (its `Date` header), moved only once the last page of a poll is
recorded. A poll goes back ten minutes behind it, the first one of a day 24 hours;
what is unchanged is recognised by its hash. Traps: woocommerce/facts.md, "Polling" and "Paging".
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import structlog

from woo2po.config import Settings
from woo2po.holds import InTheWay
from woo2po.http import RemoteError
from woo2po.money import to_ore
from woo2po.store import Store
from woo2po.woocommerce import Row, Shop, UnknownStatus

OVERLAP = timedelta(minutes=10)
LONG_OVERLAP = timedelta(hours=24)
SKEW = timedelta(minutes=2)  # between the clocks of a shop's web servers
STATUSES_GOOD_FOR = timedelta(hours=24)
KEEP_WRITES = timedelta(days=90)  # of an order that is finished; `show` tells them
KEEP_IN_HAND = 200  # orders; of a longer poll the content is read again when its turn comes
log = structlog.get_logger()


class StatusNotInShop(RemoteError):
    """A status of question 1 that the shop does not know: a key of the configuration is wrong."""

    exit_code = 2


class WrongNumber(InTheWay):
    """No order, or more than one, bears a number."""


@dataclass
class Pulled:
    """What a poll found: which orders are new in the queue, and their content while it is small."""

    statuses: tuple[str, ...]
    changed: list[int] = field(default_factory=list)
    in_hand: dict[int, Row] = field(default_factory=dict)
    rows: int = 0
    without_id: int = 0
    retold: int = 0  # orders known to be other than they were, though none has changed since
    never_seen: tuple[str, ...] = ()  # numbers of orders that no poll had shown

    def keep(self, changed: Iterable[int], rows: Iterable[Row]) -> None:
        """Take rows in; a long poll keeps ids only, so that memory stays flat."""
        fresh = set(changed)
        self.changed += [i for i in changed if i not in self.in_hand]
        if len(self.changed) > KEEP_IN_HAND:
            self.in_hand.clear()
            return
        self.in_hand |= {row.id: row for row in rows if row.id in fresh}


async def pull(shop: Shop, store: Store, settings: Settings, now: datetime) -> Pulled:
    """Queue every order that changed since the cursor, and move the cursor.

    Raises RemoteError where the shop cannot be read; the cursor then stays where it was.
    """
    _follow_the_settings(store, settings)
    statuses = await known_statuses(shop, store, settings, now)
    try:
        return await _pull(shop, store, settings, now, statuses)
    except UnknownStatus:
        statuses = await known_statuses(shop, store, settings, now, again=True)
        return await _pull(shop, store, settings, now, statuses)


async def _pull(
    shop: Shop, store: Store, settings: Settings, now: datetime, statuses: tuple[str, ...]
) -> Pulled:
    pulled = Pulled(statuses)
    today = settings.day_of(now).isoformat()
    memory = store.memory
    first_today = memory.long_look != today
    cursor = memory.cursor or settings.start
    since = cursor - (LONG_OVERLAP if first_today else OVERLAP)
    server_time = await _read(shop, store, settings, since, pulled)
    if server_time is not None and server_time < cursor - OVERLAP:
        # What changed since the clock was set back bears times before the cursor.
        polled = memory.polled or now
        earlier = server_time - LONG_OVERLAP - max(now - polled, timedelta(0))
        server_time = await _read(shop, store, settings, min(since, earlier), pulled)
    with store.transaction():
        # An empty answer to the very first poll may be a fault of the shop's: it is asked again.
        if server_time is not None and (pulled.rows or cursor != settings.start):
            store.remember(cursor=server_time.astimezone(UTC))
        store.remember(polled=now, long_look=today)
        if not memory.long_look:
            store.remember(counted=today)  # the first run of all has read everything just now
    if store.memory.counted != today:
        try:
            await _compare_counts(shop, store, settings, pulled)
            store.remember(counted=today)
            store.forget_writes(now - KEEP_WRITES)
        except RemoteError as error:  # what was polled is transferred all the same
            log.warning("orders_not_counted", problem=error.code)
    return pulled


async def _compare_counts(shop: Shop, store: Store, settings: Settings, pulled: Pulled) -> None:
    """Once a day: where the shop counts more or fewer orders in a status than are known, ask for
    the ids of all of them, and queue those that no poll has shown, and those that are not there.

    A difference that is explained asks for nothing the next day. Raises RemoteError.
    """
    statuses = statuses_that_go(settings)
    start, numbers = settings.start, []
    counted = {status: await shop.count([status], start) for status in sorted(statuses)}
    explained = {*store.memory.counts_differ} or {f"{status}:0" for status in statuses}
    for differing in _differences(counted, store, start) - explained:
        status = differing.partition(":")[0]
        gone = store.placed_in(status, start)
        async for ids in shop.ids_placed_since(start, status):
            gone -= {*ids}
            unknown = sorted({*ids} - store.known(ids))
            rows = await shop.orders(unknown, pulled.statuses) if unknown else []
            _take_in(store, settings, rows, pulled)
            seen = store.known(unknown)
            numbers += [row.number or str(row.id) for row in rows if row.id in seen]
        store.queue_again(gone)
    pulled.never_seen = tuple(number.replace(",", "") for number in numbers)
    store.remember(
        counts_differ=tuple(sorted(_differences(counted, store, start))),
        never_seen=pulled.never_seen,
    )


def _differences(counted: Mapping[str, int | None], store: Store, start: datetime) -> set[str]:
    """Return by how many orders the shop counts more in each status than are known: "on-hold:3"."""
    known = store.placed_since(start)
    return {f"{s}:{n - known.get(s, 0)}" for s, n in counted.items() if n is not None}


async def _read(
    shop: Shop, store: Store, settings: Settings, since: datetime, pulled: Pulled
) -> datetime | None:
    """Note every order that changed since a moment; return the shop's time at the first page."""
    server_time: datetime | None = None
    async for page in shop.changed_since(since, pulled.statuses):
        server_time = server_time or page.server_time
        pulled.rows += len(page.rows)
        if page.rows:
            _take_in(store, settings, page.rows, pulled)
    return server_time


def statuses_that_go(settings: Settings) -> set[str]:
    """Return the statuses whose orders are transferred, as far as a status alone tells."""
    statuses = {*settings.woocommerce.statuses}
    return statuses | ({"completed"} if "processing" in statuses else set())


def _follow_the_settings(store: Store, settings: Settings) -> None:
    """Go back to `orders_from` where that, or the statuses of question 1, have changed; queue the
    drafts, what is invoiced without a payment, and what was left out as a till's, where that key
    has or questions 3 to 5.
    """
    shop, known, till = settings.woocommerce, store.memory, settings.payments.in_the_till
    posts = f", {settings.refunds.register_payment}" if settings.payments.register_ else ""
    said = f"{shop.orders_from} {sorted(shop.statuses)} {shop.timezone}"
    digest = sha256(said.encode()).hexdigest()[:16]
    now = {
        "selection": digest,
        "till": tuple(sorted(till)),
        "invoiced": (settings.invoices.when if settings.invoices.create else "by hand") + posts,
    }
    changed = {name for name, value in now.items() if getattr(known, name) != value}
    if not changed:
        return
    with store.transaction():
        if "selection" in changed:
            since = {"cursor": settings.start, "looked": None, "looked_at_all": None}
            store.remember(**since, statuses_asked=None)
        if "till" in changed or (known.invoiced and "invoiced" in changed):
            store.queue_drafts()
        store.remember(**now)


async def known_statuses(
    shop: Shop, store: Store, settings: Settings, now: datetime, *, again: bool = False
) -> tuple[str, ...]:
    """Return the statuses that the shop knows, the trash among them; asked for once a day.

    Raises StatusNotInShop where question 1 names one that the shop lacks, and RemoteError.
    """
    kept = store.memory
    asked = kept.statuses_asked
    if asked is not None and not again and abs(now - asked) < STATUSES_GOOD_FOR:
        return kept.shop_statuses
    names = await shop.statuses()
    for status in settings.woocommerce.statuses:
        if status not in names:
            listed = ", ".join(names)
            raise StatusNotInShop("shop", "status_not_in_shop", status=status, known=listed)
    with store.transaction():
        store.remember(statuses_asked=now, shop_statuses=names)
    return names


def _take_in(store: Store, settings: Settings, rows: Sequence[Row], pulled: Pulled) -> None:
    """Note what is new of these orders, and queue it."""
    from woo2po.mapping import eligible  # noqa: PLC0415 (an empty poll needs no mapping)
    from woo2po.order import Order  # noqa: PLC0415

    with store.transaction():
        known = store.known([row.id for row in rows])
        pulled.without_id += sum(not row.id for row in rows)
        changed = store.note_seen(
            seen_of(settings, row)
            for row in rows
            if row.id in known
            or (row.id and (not isinstance(row, Order) or eligible(row, settings)))
        )
        cursor, again = store.memory.cursor, known.intersection(changed)
        moments = (getattr(row, "date_modified_gmt", None) for row in rows if row.id in again)
        pulled.retold += sum(bool(at and cursor and at < cursor - SKEW) for at in moments)
        pulled.keep(changed, rows)


def seen_of(settings: Settings, row: Row) -> dict[str, Any]:
    """Return an order as the state database notes it, with the references that it gets when new."""
    from woo2po.mapping.customer import matching_reference, sales_order_reference  # noqa: PLC0415
    from woo2po.order import Order  # noqa: PLC0415

    order = row if isinstance(row, Order) else None
    return {
        "order_id": row.id,
        "number": row.number or str(row.id),
        "created": order and order.date_created_gmt,  # None: the shop's answer could not be read
        "shop_status": order.status if order else "",
        "seen_hash": order.content_hash if order else "unreadable",
        "total_ore": to_ore(order.total) if order else None,
        "currency": order.currency if order else "",
        "reference": sales_order_reference(settings, row.id),
        "matching_reference": matching_reference(settings, row.id),
    }


async def find_and_queue(
    shop: Shop, store: Store, settings: Settings, numbers: Sequence[str], now: datetime
) -> Pulled:
    """Queue the orders that bear these numbers (`id:123` names an id), and no others.

    Raises WrongNumber, and RemoteError where the shop cannot be read.
    """
    from woo2po.mapping import eligible  # noqa: PLC0415 (an empty poll needs no mapping)
    from woo2po.order import Order  # noqa: PLC0415

    statuses = await known_statuses(shop, store, settings, now)
    ids = [await _id_of(shop, store, settings, number) for number in numbers]
    rows = {row.id: row for row in await shop.orders(ids, statuses)}
    pulled = Pulled(statuses)
    with store.transaction():
        store.forget_catalogue()
        for order_id, number in zip(ids, numbers, strict=True):
            row = rows.get(order_id)
            known = store.known([order_id])
            if row is None and not known:
                raise WrongNumber("no_such_order", number=number)
            if isinstance(row, Order) and not known and not eligible(row, settings):
                raise WrongNumber("order_not_transferred", number=number, status=row.status)
            if row is not None:
                store.note_seen([seen_of(settings, row)])
                pulled.in_hand[order_id] = row
            store.queue_again([order_id])
            pulled.changed.append(order_id)
    return pulled


async def _id_of(shop: Shop, store: Store, settings: Settings, number: str) -> int:
    # Never by the shop's search, which finds a number in other orders' texts too.
    named = re.fullmatch(r"id:(\d{1,18})", number)
    if named:
        return int(named[1])
    # Of a shop that numbers by itself the number may be another order's id.
    names = settings.spellings(number)
    ids = {one.order_id for one in store.orders_called(*names) if one.number in names}
    if not ids:
        pages = [row async for page in shop.ids_and_numbers() for row in page if row[1] in names]
        called = ({id_ for id_, said in pages if said == name} for name in names)
        ids = next(filter(None, called), set())
    if not ids:
        raise WrongNumber("no_such_order", number=number)
    if len(ids) > 1:
        listed = ", ".join(f"id:{i}" for i in sorted(ids))
        raise WrongNumber("number_of_two_orders", number=number, ids=listed)
    return ids.pop()
