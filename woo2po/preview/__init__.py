"""`run --dry-run`: a run on a copy of the state database, with a client that pretends to write.

What a run would record is simply forgotten at the end.

foretold.py  what was decided, as a value for each order
sums.py      their sums: by outcome, VAT rate, account
shown.py     what is said of them: a summary, or details.txt; the page, page.html
data.py      them as JSON
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog

from woo2po.config import Settings
from woo2po.connections import Connections, open_client
from woo2po.poweroffice.pretend import PretendingPowerOffice
from woo2po.preview.foretold import Foretold, Watching
from woo2po.record import RunOutcome
from woo2po.run import Errand, Wish, work
from woo2po.store import Store
from woo2po.store.database import StateError

if TYPE_CHECKING:
    from woo2po.transfer import Onlooker

__all__ = ["Foretold", "preview"]


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

    `onlooker` hears how far it is. Raises WrongNumber.
    """
    watching, connections = Watching(onlooker), connections or Connections()
    opens = partial(open_client, PretendingPowerOffice)
    errand = Errand(settings, clock, wish, connections, watching, opens)
    try:
        with DryStore.in_memory(Path(settings.state.path)) as store:
            with structlog.contextvars.bound_contextvars(dry_run=True):
                await work(errand, store)
            return errand.outcome, watching.foretold(wish.numbers)
    except StateError as error:
        return RunOutcome(error.exit_code, problem=error.code, facts=error.facts), []
