"""`run --dry-run`: the same way as a run, up to the first write, and what it would come to.

The state database is copied into memory and the copy is used, so that neither it nor either
system is written to; what a run would record is simply forgotten at the end.

rehearsal.py    every step decided as in a run, and not done
foretelling.py  what was decided, as a value for each order
values.py       those values
sums.py         their sums: by outcome, VAT rate, account
wording.py      what is said of them, in a language
text.py, page.py (script.py), data.py   the values as text, HTML, JSON
showing.py      which of these a person asked for
"""

from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import structlog

from woo2po.connections import Connections, open_poweroffice, open_shop
from woo2po.delivery import make_ready
from woo2po.delivery.catalogue_cache import Shelf
from woo2po.delivery.looking import look
from woo2po.delivery.push import CHUNK, push
from woo2po.delivery.transfer import Transfer
from woo2po.http import RemoteError
from woo2po.poll import Outcome, Wish, queue_held, recall_ways, say_what_is_lacking
from woo2po.preview.foretelling import Noting, foretold
from woo2po.preview.rehearsal import Rehearsal
from woo2po.preview.values import Foretold
from woo2po.pull import Pulled, StatusNotInShop, pull
from woo2po.settings import Settings
from woo2po.store import Store
from woo2po.store.database import StateError
from woo2po.woocommerce import Shop

__all__ = ["Foretold", "Previewed", "Tell", "foretell", "preview"]

Tell = Callable[[Foretold], None]


@dataclass
class Previewed(Outcome):
    """How a preview ended; `company` is PowerOffice's name of it, "" where it was not asked."""

    company: str = ""


async def preview(
    settings: Settings,
    clock: Callable[[], datetime],
    wish: Wish,
    tell: Tell,
    connections: Connections | None = None,
) -> Previewed:
    """Tell order by order what a run would make; nothing is written anywhere.

    `tell` is called with each order as soon as the hundred that it is one of are done. The exit
    code is 1 where an order would be held. Raises WrongNumber.
    """
    outcome = Previewed()
    try:
        with Store.in_memory(Path(settings.state.path)) as store:
            await _preview(
                settings, clock, wish, tell, connections or Connections(), store, outcome
            )
    except StateError as error:
        return Previewed(error.exit_code, problem=error.code, facts=error.facts)
    except StatusNotInShop as error:
        return Previewed(2, problem=error.code, facts=error.facts)
    except RemoteError as error:
        return Previewed(3, problem=error.code, facts=dict(error.facts))
    return outcome


async def _preview(
    settings: Settings,
    clock: Callable[[], datetime],
    wish: Wish,
    tell: Tell,
    connections: Connections,
    store: Store,
    outcome: Previewed,
) -> None:
    async with open_shop(settings.woocommerce, connections) as shop:
        recall_ways(shop, store)
        pulled = await _pulled(shop, store, settings, wish, clock())
        ids = pulled.changed if wish.numbers else store.to_do()[: wish.limit]
        if ids or store.has_business(clock()):
            async with open_poweroffice(settings.poweroffice, connections) as go:
                await go.log_in()
                outcome.company = go.client_name
                looked = await look(go, store, settings)
                t = Transfer(settings, store, go, clock, Shelf(go, store, clock))
                queue = await make_ready(t, ids, looked)
                if wish.numbers:
                    queue = [order_id for order_id in queue if order_id in ids]
                await _rehearse(t, shop, pulled, queue, tell, outcome)


async def _rehearse(
    t: Transfer, shop: Shop, pulled: Pulled, queue: Sequence[int], tell: Tell, outcome: Outcome
) -> None:
    """Rehearse the orders, and tell and count what would become of each."""
    counts: Counter[str] = Counter()
    async for one in foretell(t, shop, pulled, queue):
        counts += one.counts
        tell(one)
    outcome.counts = dict(counts)
    outcome.problem, outcome.facts = t.summary.problem, t.summary.facts
    outcome.exit_code = int(bool(counts["held"]))
    if outcome.problem or t.summary.failed or t.summary.waiting:
        outcome.exit_code = 3
    say_what_is_lacking(t.store, outcome)


async def foretell(
    t: Transfer, shop: Shop, pulled: Pulled, queue: Sequence[int]
) -> AsyncIterator[Foretold]:
    """Rehearse orders, a chunk at a time, and yield what would become of each."""
    noting = Noting(shop, pulled.in_hand)
    for start in range(0, len(queue), CHUNK):
        t.rehearsal = rehearsal = Rehearsal()
        chunk = queue[start : start + CHUNK]
        with structlog.contextvars.bound_contextvars(rehearsed=True):
            await push(t, noting, pulled.statuses, chunk, pulled.in_hand)
        for order_id in chunk:
            one = foretold(t, rehearsal, order_id, noting.forget(order_id))
            if one is not None:
                yield one


async def _pulled(
    shop: Shop, store: Store, settings: Settings, wish: Wish, now: datetime
) -> Pulled:
    if wish.numbers:
        from woo2po.one_order import find_and_queue  # noqa: PLC0415 (as in poll)

        return await find_and_queue(shop, store, settings, wish.numbers, now)
    pulled = await pull(shop, store, settings, now)
    queue_held(store, settings, now)
    return pulled
