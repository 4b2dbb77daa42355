"""`run --dry-run`: a run on a copy of the state database, with a client that pretends to write.

What a run would record is simply forgotten at the end.

foretold.py  what was decided, as a value for each order
sums.py      their sums: by outcome, VAT rate, account
shown.py     what is said of them: a summary, or details.txt; the page, page.html
data.py      them as JSON
"""

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog

from woo2po.config import Settings
from woo2po.connections import Connections
from woo2po.preview.foretold import Foretold, Watching, foretold
from woo2po.run import Job, RunOutcome, Wish, work
from woo2po.store import Store
from woo2po.store.database import StateError

if TYPE_CHECKING:
    from woo2po.transfer import Onlooker

__all__ = ["DryStore", "Foretold", "preview"]


class DryStore(Store):
    """A copy of the state database in memory; what a client pretends teaches it no rounding."""

    def remember(self, **changes: Any) -> None:
        """Remember facts, but not what is pretended."""
        changes.pop("rounding_ways", None)
        super().remember(**changes)


async def preview(
    settings: Settings,
    clock: Callable[[], datetime],
    wish: Wish,
    connections: Connections | None = None,
    onlooker: "Onlooker | None" = None,
) -> tuple[RunOutcome, list[Foretold]]:
    """Return how a run would end, and what it would make of each order; nothing is written.

    The exit code is 1 where an order would be held; `onlooker` hears how far it is. Raises
    WrongNumber.
    """
    outcome, told = RunOutcome(), list[Foretold]()
    connections = connections or Connections()
    try:
        with DryStore.in_memory(Path(settings.state.path)) as store:
            watching = Watching(onlooker)
            with structlog.contextvars.bound_contextvars(dry_run=True):
                job = Job(settings, clock, wish, connections, watching, pretends=True)
                await work(job, store, outcome)
            for order_id in watching.orders(wish.numbers):
                one = foretold(watching, order_id)
                told += [one] if one is not None else []
    except StateError as error:
        return RunOutcome(error.exit_code, problem=error.code, facts=error.facts), []
    _count(told, outcome)
    return outcome, told


def _count(told: list[Foretold], outcome: RunOutcome) -> None:
    """Count what would become of each order instead of what was pretended."""
    unfinished = outcome.counts.keys() & {"failed", "waiting"}
    counts: Counter[str] = Counter()
    for one in told:
        counts += one.counts
    outcome.counts = dict(counts)
    if outcome.exit_code != 2:
        outcome.exit_code = 3 if outcome.problem or unfinished else int(bool(counts["held"]))
