"""`move`: a shop that has moved to another address stays the same shop.

In PowerOffice an order is known by the address that its shop had at first: `woocommerce.formerly`.
"""

import json
import re
from pathlib import Path

from woo2po.config import Settings, WrongSettings, load, shop_at
from woo2po.connections import Connections, open_shop
from woo2po.files import write_whole
from woo2po.holds import InTheWay
from woo2po.mapping.customer import hash_of
from woo2po.money import to_ore
from woo2po.order import Order
from woo2po.store import Store

COMPARED = 20  # orders: a shop set up anew has none of the same ids and times
_SECTION = re.compile(r"^\[woocommerce\][^\n]*\n", re.MULTILINE)
_KEY = re.compile(r"^[# ]*formerly *=[^\n]*\n", re.MULTILINE)


async def move(
    settings: Settings, config: Path, address: str, connections: Connections | None = None
) -> int:
    """Note that the shop was at an address before; return how many orders were compared.

    Raises InTheWay, StateError, NotWritten, and RemoteError where the shop cannot be read.
    """
    with Store.open(Path(settings.state.path), read_only=True) as store:
        bound, stand = store.memory.shop, _stand(store, address)
        dated = [r for r in store.everything() if r.created and not r.is_credit_note]
    known = {record.id: record.created for record in dated[-COMPARED:]}
    if settings.is_this_shop(address):
        raise InTheWay("move_done_already", url=address)
    if settings.is_this_shop(bound) and stand:
        _write(config, [*settings.woocommerce.formerly, address])
        return stand
    if not bound or shop_at(bound) != shop_at(address):
        raise InTheWay("move_from_elsewhere", url=address, was=bound or "-")
    async with open_shop(settings.woocommerce, connections or Connections()) as shop:
        rows = await shop.orders(list(known), await shop.statuses())
    placed = {row.id: row.date_created_gmt for row in rows if isinstance(row, Order)}
    same = sum(placed[order_id] == known[order_id] for order_id in placed)
    if not same or same < len(placed):
        facts = {"same": str(same), "n": str(len(known)), "url": settings.woocommerce.url}
        raise InTheWay("move_other_shop", **facts)
    _write(config, [*settings.woocommerce.formerly, bound])
    return same


def _stand(store: Store, address: str) -> int:
    """Return how many orders of a database stand in PowerOffice as made at an address, at their
    totals; 0 where the database has made any itself: a new one that was begun at the new address.
    """
    stand = 0
    for record in store.everything():
        mark = f"woo-{hash_of(address)}-{record.id}"
        totals = {to_ore(seen.total) for seen in record.found if seen.matching_reference == mark}
        if record.sales_order_id:
            return 0
        stand += bool(totals) and totals == {record.total_ore}
    return stand


def _write(config: Path, formerly: list[str]) -> None:
    """Write the addresses into the configuration, everything else left as it is."""
    line = f"formerly = {json.dumps(formerly, ensure_ascii=False)}\n"
    text = _KEY.sub("", config.read_text("utf-8-sig"))
    text = _SECTION.sub(lambda found: found[0] + line, text, count=1)
    before = config.read_bytes()
    write_whole(config, text.encode())
    try:
        moved = load(config).woocommerce.formerly == formerly
    except WrongSettings:
        moved = False
    if not moved:
        write_whole(config, before)
        raise InTheWay("move_by_hand", line=line.strip(), path=str(config))
