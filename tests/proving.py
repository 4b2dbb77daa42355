"""The proof of a period in the test world."""

from datetime import date
from typing import Any

import httpx
from world import World

from woo2po.connections import Connections
from woo2po.proof import Period, Proof, reconcile

OCTOBER = Period(date(2026, 10, 1), date(2026, 10, 31))


def prove(world: World, period: Period = OCTOBER, *, old: bool = False, **wish: Any) -> Proof:
    """Return the proof of a period, October 2026 unless another is given; `old`: of an old shop."""
    shop = httpx.ASGITransport(world.shop.app)
    both = Connections(WithoutRefunds(shop) if old else shop, world.wire)
    return world.in_virtual_time(
        reconcile(world.settings, world.now, period, connections=both, **wish)
    )


class WithoutRefunds(httpx.AsyncBaseTransport):
    """An older WooCommerce: it has no list of the refunds of the whole shop."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self.inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer as WordPress does where there is no such route, else as the shop does."""
        if request.url.path.endswith("/wc/v3/refunds"):
            said = {"code": "rest_no_route", "message": "No route", "data": {"status": 404}}
            return httpx.Response(404, json=said)
        return await self.inner.handle_async_request(request)


def found(proof: Proof) -> list[tuple[str, str]]:
    """Return what differs: the code without its first word, and the order's number."""
    return [(pair.code.removeprefix("reconcile_"), pair.number) for pair in proof.differences]


def told(proof: Proof) -> list[tuple[str, str]]:
    """Return what is explained, likewise."""
    return [(pair.code.removeprefix("reconcile_"), pair.number) for pair in proof.explained]


def off(proof: Proof) -> int:
    """Return by how much the days differ, in øre; fails where days and rates do not agree."""
    days = sum(sums.differs for sums in proof.days.values())
    rates = sum(net.differs + vat.differs for net, vat in proof.turnover.values())
    assert days == rates
    return days
