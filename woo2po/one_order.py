"""`run --order`: from a number as people see it to the order, and into the queue.

The number is looked up in the state database, else in the shop's list of ids and numbers; never
by the shop's search, which finds it in other orders' texts too
(woocommerce/facts.md, "Paging").
"""

import re
from collections.abc import Sequence
from datetime import datetime

from woo2po.mapping.eligible import eligible
from woo2po.order import Order
from woo2po.pull import Pulled, WrongNumber, known_statuses, seen_of
from woo2po.settings import Settings
from woo2po.store import Store
from woo2po.woocommerce import Shop


async def find_and_queue(
    shop: Shop, store: Store, settings: Settings, numbers: Sequence[str], now: datetime
) -> Pulled:
    """Queue the orders that bear these numbers (`id:123` names an id), and no others.

    The cursor does not move, and neither `orders_from` nor the statuses are overridden. Raises
    WrongNumber, and RemoteError where the shop cannot be read.
    """
    statuses = await known_statuses(shop, store, settings, now)
    ids = [await _id_of(shop, store, number) for number in numbers]
    rows = {
        row.id if isinstance(row, Order) else row.order_id: row
        for row in await shop.orders(ids, statuses)
    }
    pulled = Pulled(statuses)
    with store.transaction():
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


async def _id_of(shop: Shop, store: Store, number: str) -> int:
    named = re.fullmatch(r"id:(\d{1,18})", number)
    if named:
        return int(named[1])
    ids = {record.order_id for record in store.orders_numbered(number)}
    if not ids:
        async for page in shop.ids_and_numbers():
            ids |= {order_id for order_id, said in page if said == number}
    if not ids:
        raise WrongNumber("no_such_order", number=number)
    if len(ids) > 1:
        listed = ", ".join(f"id:{i}" for i in sorted(ids))
        raise WrongNumber("number_of_two_orders", number=number, ids=listed)
    return ids.pop()
