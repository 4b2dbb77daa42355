"""`run --dry-run`: a run on a copy of the state database, with a client that pretends to write.

What a run would record is simply forgotten at the end.

foretelling.py  what was decided, as a value for each order
values.py       those values
sums.py         their sums: by outcome, VAT rate, account
wording.py      what is said of them, in a language
text.py, page.py (script.py), data.py   the values as text, HTML, JSON
showing.py      which of these a person asked for
"""

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog

from woo2po.connections import Connections
from woo2po.preview.foretelling import Watching, foretold
from woo2po.preview.values import Foretold
from woo2po.run import RunOutcome, Wish, work
from woo2po.settings import Settings
from woo2po.store import Store
from woo2po.store.database import StateError

__all__ = ["DryStore", "Foretold", "Tell", "preview"]

Tell = Callable[[Foretold], None]


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
    tell: Tell,
    connections: Connections | None = None,
) -> RunOutcome:
    """Tell order by order what a run would make; nothing is written anywhere.

    The exit code is 1 where an order would be held. Raises WrongNumber.
    """
    outcome = RunOutcome()
    connections = connections or Connections()
    try:
        with DryStore.in_memory(Path(settings.state.path)) as store:
            watching = Watching()
            with structlog.contextvars.bound_contextvars(dry_run=True):
                await work(
                    settings,
                    clock,
                    wish,
                    connections,
                    store,
                    outcome,
                    watching,
                    pretends=True,
                )
            _tell(watching, wish, tell, outcome)
    except StateError as error:
        return RunOutcome(error.exit_code, problem=error.code, facts=error.facts)
    return outcome


def _tell(watching: Watching, wish: Wish, tell: Tell, outcome: RunOutcome) -> None:
    """Tell what would become of each order, and count that instead of what was pretended."""
    unfinished = outcome.counts.keys() & {"failed", "waiting"}
    counts: Counter[str] = Counter()
    for order_id in watching.orders(wish.numbers):
        one = foretold(watching, order_id)
        if one is not None:
            counts += one.counts
            tell(one)
    outcome.counts = dict(counts)
    if outcome.exit_code != 2:
        outcome.exit_code = 3 if outcome.problem or unfinished else int(bool(counts["held"]))
