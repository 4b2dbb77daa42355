"""`run --dry-run`: the same way as a run, up to the first write, and the documents as text.

The state database is copied into memory and the copy is used, so that neither it nor either
system is written to; what a run would record is simply forgotten at the end.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

import structlog

from woo2po.connections import Connections, open_poweroffice, open_shop
from woo2po.delivery import make_ready
from woo2po.delivery.catalogue_cache import Shelf
from woo2po.delivery.looking import look
from woo2po.delivery.push import CHUNK, push
from woo2po.delivery.transfer import Transfer
from woo2po.messages import say
from woo2po.poll import Outcome, Wish, queue_held, recall_ways, say_what_is_lacking
from woo2po.preview.rehearsal import Rehearsal
from woo2po.preview.text import foretold
from woo2po.pull import Pulled, StatusNotInShop, pull
from woo2po.report import summary_line, wrapped
from woo2po.settings import Settings
from woo2po.store import Store
from woo2po.store.database import StateError
from woo2po.transport import RemoteError
from woo2po.woocommerce import Shop

Say = Callable[[str], None]

# What the last line counts, in this order.
COUNTS = ("made", "changed", "invoiced", "credited", "deleted", "cancelled", "held", "skipped",
          "waiting", "unchanged")  # fmt: skip


async def preview(
    settings: Settings,
    clock: Callable[[], datetime],
    wish: Wish,
    show: Say,
    connections: Connections | None = None,
) -> Outcome:
    """Show order by order what a run would make; nothing is written anywhere.

    Returns exit code 1 where an order would be held. Raises WrongNumber.
    """
    outcome = Outcome()
    try:
        with Store.in_memory(Path(settings.state.path)) as store:
            await _preview(
                settings, clock, wish, show, connections or Connections(), store, outcome
            )
    except StateError as error:
        return Outcome(error.exit_code, problem=error.code, facts=error.facts)
    except StatusNotInShop as error:
        return Outcome(2, problem=error.code, facts=error.facts)
    except RemoteError as error:
        return Outcome(3, problem=error.code, facts=dict(error.facts))
    return outcome


async def _preview(
    settings: Settings,
    clock: Callable[[], datetime],
    wish: Wish,
    show: Say,
    connections: Connections,
    store: Store,
    outcome: Outcome,
) -> None:
    async with open_shop(settings.woocommerce, connections) as shop:
        recall_ways(shop, store)
        pulled = await _pulled(shop, store, settings, wish, clock())
        ids = pulled.changed if wish.numbers else store.to_do()[: wish.limit]
        if ids or store.has_business(clock()):
            async with open_poweroffice(settings.poweroffice, connections) as go:
                await go.log_in()
                looked = await look(go, store, settings)
                t = Transfer(settings, store, go, clock, Shelf(go, store, clock))
                queue = await make_ready(t, ids, looked)
                if wish.numbers:
                    queue = [order_id for order_id in queue if order_id in ids]
                await _rehearse(t, shop, pulled, queue, show, outcome)
    if not outcome.counts and not outcome.problem:
        show(say("preview_nothing", settings.language))
        return
    facts = {"what": summary_line(outcome.counts, settings.language, COUNTS)}
    show(wrapped(say("preview_end", settings.language, facts)))


async def _rehearse(
    t: Transfer, shop: Shop, pulled: Pulled, queue: Sequence[int], show: Say, outcome: Outcome
) -> None:
    """Rehearse the orders, a chunk at a time, and show and count what would become of each."""
    counts: Counter[str] = Counter()
    for start in range(0, len(queue), CHUNK):
        t.rehearsal = rehearsal = Rehearsal()
        chunk = queue[start : start + CHUNK]
        with structlog.contextvars.bound_contextvars(rehearsed=True):
            await push(t, shop, pulled.statuses, chunk, pulled.in_hand)
        for order_id in chunk:
            text, of_order = foretold(t, rehearsal, order_id)
            counts += of_order
            if text:
                show(text)
    outcome.counts = dict(counts)
    outcome.problem, outcome.facts = t.summary.problem, t.summary.facts
    outcome.exit_code = int(bool(counts["held"]))
    if outcome.problem or t.summary.failed or t.summary.waiting:
        outcome.exit_code = 3
    say_what_is_lacking(t.store, outcome)


async def _pulled(
    shop: Shop, store: Store, settings: Settings, wish: Wish, now: datetime
) -> Pulled:
    if wish.numbers:
        from woo2po.one_order import find_and_queue  # noqa: PLC0415 (as in poll)

        return await find_and_queue(shop, store, settings, wish.numbers, now)
    pulled = await pull(shop, store, settings, now)
    queue_held(store, settings, now)
    return pulled
