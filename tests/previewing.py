"""What a run would do in the test world: as values, as text, and as a page."""

from collections.abc import Iterable
from datetime import UTC, datetime

import httpx
import virtual_time
from world import World

from woo2po.connections import Connections
from woo2po.page import Origin
from woo2po.preview import Foretold, preview
from woo2po.preview.shown import html, show_preview
from woo2po.record import RunOutcome
from woo2po.run import Wish

ORIGIN = Origin("https://shop.example", "Fjell AS", True, datetime(2026, 11, 23, tzinfo=UTC))


def _both(world: World) -> Connections:
    return Connections(httpx.ASGITransport(world.shop.app), world.wire)


def foretold(world: World) -> list[Foretold]:
    """Return what a preview tells of each order, in the world's time."""
    _, found = world.in_virtual_time(preview(world.settings, world.now, Wish(), _both(world)))
    return found


def previewed(
    world: World, *numbers: str, limit: int | None = None, details: bool = True
) -> tuple[RunOutcome, str]:
    """Preview a run in the world's time; return how it ended and the text that was shown.

    Fails where anything was written, to PowerOffice or to a file beside the state database.
    """
    shown: list[str] = []
    before = _written(world)
    work = show_preview(
        world.settings, world.now, Wish(numbers, limit), shown.append,
        details=details, connections=_both(world),
    )  # fmt: skip
    with world._in_our_time():
        outcome = virtual_time.run(world._timed(work))
    assert _written(world) == before, "a preview has written"
    return outcome, "\n".join(shown)


def _written(world: World) -> tuple[object, ...]:
    """Return PowerOffice's books, and every file with its bytes, SQLite's own apart."""
    folder = world.state.parent.iterdir()
    files = {p.name: p.read_bytes() for p in folder if not p.name.endswith(("-wal", "-shm"))}
    return world.books(), len(world.wire.writes), files


def page_of(orders: Iterable[Foretold], language: str = "nb", *warnings: str) -> str:
    """Return the preview's page of some orders."""
    return html(tuple(orders), ORIGIN, language, warnings)
