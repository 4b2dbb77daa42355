"""A client at the built-in shop, or at one that answers as it is told."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from woo2po.http import RemoteError
from woo2po.sandbox.shop import ShopSite
from woo2po.sandbox.shop_orders import recorded
from woo2po.woocommerce import Page, Shop

EVERY_STATUS = (
    *("trash", "pending", "processing", "on-hold"),
    *("completed", "cancelled", "refunded", "failed"),
)
KEY, SECRET = "ck_secret_key", "cs_secret_secret"


def fill(site, count, first=1):
    """Put so many like orders into the shop, changed just now."""
    order = recorded("b2c-vipps-simple")["order"]
    for order_id in range(first, first + count):
        site.put({**order, "id": order_id, "number": str(order_id)})


def ask(site, question: Callable[[Shop], Awaitable[Any]], page_size: int = 100) -> Any:
    """Return what a client learns from the shop."""
    return asyncio.run(_asked(httpx.ASGITransport(site.app), question, page_size))


async def _asked(transport, question, page_size: int) -> Any:
    async with httpx.AsyncClient(transport=transport) as http:
        shop = Shop(http, "https://shop.example", KEY, SECRET, waits=(0, 0))
        shop.page_size = page_size
        return await question(shop)


def polling(moment, statuses=()) -> Callable[[Shop], Awaitable[list[Page]]]:
    """Return the question for what changed since then."""

    async def poll(shop: Shop) -> list[Page]:
        return [page async for page in shop.changed_since(moment, statuses)]

    return poll


def pages_since(site, moment, statuses=EVERY_STATUS, **options) -> list[Page]:
    """Return the pages of one poll."""
    return ask(site, polling(moment, statuses), **options)


def ids(pages: list[Page]) -> list[int]:
    """Return the ids of the last reading: what stands before a restart comes again."""
    found: list[int] = []
    for page in pages:
        found = ([] if page.restarted else found) + [row.id for row in page.rows]
    return found


def at_request(site, number, action):
    """Let something happen in the shop just before it answers its nth request."""

    def before_each():
        if len(site.requests) == number:
            action()

    site.before_each = before_each


def ask_host(
    handle: Callable[[httpx.Request], Any] | httpx.Response,
    question: Callable[[Shop], Awaitable[Any]],
    page_size: int = 100,
) -> Any:
    """Return what a client learns from a host that answers so, or always that."""
    host = (lambda _: handle) if isinstance(handle, httpx.Response) else handle
    return asyncio.run(_asked(httpx.MockTransport(host), question, page_size))


class Trial:
    """A client, what it waited, and its answers."""

    def __init__(self, transport: Any, url: str = "https://shop.example", **keys: str) -> None:
        self.waited: list[float] = []
        self._transport = transport
        self._url = url
        self._keys = {"consumer_key": KEY, "consumer_secret": SECRET, **keys}
        self.shop: Shop | None = None

    async def _sleep(self, seconds: float) -> None:
        self.waited.append(seconds)

    def reads(self, times: int = 1, **known: Any) -> list[Any]:
        """Return the order with id 30 in a list, read so many times by one client."""

        async def read() -> list[Any]:
            async with httpx.AsyncClient(transport=self._transport) as http:
                self.shop = Shop(http, self._url, **self._keys, sleep=self._sleep)
                for name, value in known.items():  # from an earlier run
                    setattr(self.shop, name, value)
                return [await self.shop.orders([30], []) for _ in range(times)][-1]

        return asyncio.run(read())

    def fails(self) -> RemoteError:
        """Return what reading raises."""
        with pytest.raises(RemoteError) as raised:
            self.reads()
        return raised.value


def at(site: ShopSite, url: str = "https://shop.example", **keys: str) -> Trial:
    return Trial(httpx.ASGITransport(site.app), url, **keys)


def answering(*answers: httpx.Response | Exception) -> Trial:
    """Return a client whose shop gives these answers, the last one for ever."""
    left = list(answers)

    def handle(request: httpx.Request) -> httpx.Response:
        answer = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(answer, Exception):
            raise answer
        answer.headers.setdefault("X-WP-Total", "1")
        return answer

    return Trial(httpx.MockTransport(handle))
