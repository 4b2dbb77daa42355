"""What a run would do in the test world, as values and as a page."""

from collections.abc import Iterable
from datetime import UTC, datetime

import httpx
from world import World

from woo2po.connections import Connections
from woo2po.page import Origin
from woo2po.preview import Foretold, preview
from woo2po.preview.page import html
from woo2po.run import Wish

ORIGIN = Origin("https://shop.example", "Fjell AS", True, datetime(2026, 11, 23, tzinfo=UTC))


def foretold(world: World) -> list[Foretold]:
    """Return what a preview tells of each order, in the world's time."""
    both = Connections(httpx.ASGITransport(world.shop.app), world.wire)
    _, found = world.in_virtual_time(preview(world.settings, world.now, Wish(), both))
    return found


def page_of(orders: Iterable[Foretold], language: str = "nb", *warnings: str) -> str:
    """Return the preview's page of some orders."""
    return html(tuple(orders), ORIGIN, language, warnings)
