"""A client at the built-in shop, or at one that answers as it is told; and what a real one said."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
import vcr

from woo2po.http import RemoteError
from woo2po.sandbox.shop import ShopSite
from woo2po.sandbox.shop_orders import recorded
from woo2po.woocommerce import Page, Shop

EVERY_STATUS = (
    *("trash", "pending", "processing", "on-hold"),
    *("completed", "cancelled", "refunded", "failed"),
)
SHOP, KEY, SECRET = "https://shop.example", "ck_secret_key", "cs_secret_secret"
RECORDED = Path(__file__).parent / "recorded"
# What a real WooCommerce 10.0.2 answered, by name.
EXCHANGES: dict[str, dict[str, Any]] = {
    exchange["name"]: exchange
    for exchange in json.loads((RECORDED / "http.json").read_text("utf-8"))
}
Question = Callable[[Shop], Awaitable[Any]]


def answer(name: str) -> httpx.Response:
    real = EXCHANGES[name]
    body = b"" if real["body"] is None else json.dumps(real["body"]).encode()
    return httpx.Response(real["status"], headers=real["headers"], content=body)


class Cassette:
    """The exchange of that name in http.json, as vcrpy reads it; nothing is recorded here."""

    def __init__(self, name: str) -> None:
        self._name = name

    def deserialize(self, text: str) -> dict[str, Any]:
        [real] = [one for one in json.loads(text) if one["name"] == self._name]
        asked, said = real["request"], answer(self._name)
        request = {
            "method": asked["method"],
            "uri": SHOP + asked["path"],
            "body": "",
            "headers": {},
        }
        headers = {name: [value] for name, value in said.headers.items()}
        response = {"status": {"code": said.status_code, "message": ""}, "headers": headers,
                    "body": {"string": said.content}}  # fmt: skip
        return {"version": 1, "interactions": [{"request": request, "response": response}]}

    serialize = None


def _asks_the_same(ours: Any, theirs: Any) -> None:
    """A first page, an order by id, and decimals of what has no amount make no difference."""
    asked, recorded_ = (set(parse_qsl(urlsplit(one.uri).query)) for one in (ours, theirs))
    harmless = {("page", "1"), ("orderby", "id"), ("order", "asc"), ("per_page", "100")}
    harmless |= set() if ("dp", "6") in recorded_ else {("dp", "6")}
    assert asked ^ recorded_ <= harmless, asked ^ recorded_


def replayed(name: str, question: Question, **known: Any) -> Any:
    """Return what a client learns from the real shop, which it has to ask as it was asked then."""
    player = vcr.VCR(record_mode="none", match_on=["method", "path", "same"])
    player.register_matcher("same", _asks_the_same)
    player.register_serializer("exchange", Cassette(name))
    with player.use_cassette(str(RECORDED / "http.json"), serializer="exchange"):
        return Trial(httpx.AsyncHTTPTransport()).asks(question, **known)


def fill(site, count, first=1):
    order = recorded("b2c-vipps-simple")["order"]
    for order_id in range(first, first + count):
        site.put({**order, "id": order_id, "number": str(order_id)})


class Trial:
    """A client at a shop, at a host that answers so, or on a way there; and what it waited."""

    def __init__(self, way: Any, url: str = SHOP, **keys: str) -> None:
        self.waited: list[float] = []
        self._way, self._url = way, url
        self._keys = {"consumer_key": KEY, "consumer_secret": SECRET, **keys}
        self.shop: Shop | None = None

    def _transport(self) -> Any:
        if isinstance(self._way, ShopSite):
            return httpx.MockTransport(self._way.answer)
        if isinstance(self._way, httpx.AsyncBaseTransport):
            return self._way
        return httpx.MockTransport(self._way if callable(self._way) else lambda _: self._way)

    async def _sleep(self, seconds: float) -> None:
        self.waited.append(seconds)

    def asks(self, question: Question, **known: Any) -> Any:
        """Return what the client learns; `known` is how it was left by an earlier run."""

        async def asked() -> Any:
            async with httpx.AsyncClient(transport=self._transport()) as http:
                self.shop = Shop(http, self._url, **self._keys, sleep=self._sleep)
                for name, value in known.items():
                    setattr(self.shop, name, value)
                return await question(self.shop)

        return asyncio.run(asked())

    def reads(self, times: int = 1, **known: Any) -> list[Any]:
        """Return the order with id 30 in a list, read so many times by one client."""

        async def read(shop: Shop) -> list[Any]:
            return [await shop.orders([30], []) for _ in range(times)][-1]

        return self.asks(read, **known)

    def fails(self) -> RemoteError:
        with pytest.raises(RemoteError) as raised:
            self.reads()
        return raised.value


def answering(*answers: httpx.Response | Exception) -> Trial:
    """Return a client whose shop gives these answers, the last one for ever."""
    left = list(answers)

    def handle(_: httpx.Request) -> httpx.Response:
        said = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(said, Exception):
            raise said
        said.headers.setdefault("X-WP-Total", "1")
        return said

    return Trial(handle)


def ask(way: Any, question: Question, page_size: int = 100) -> Any:
    return Trial(way).asks(question, page_size=page_size)


def polling(moment, statuses=()) -> Question:
    """Return the question for what changed since then."""

    async def poll(shop: Shop) -> list[Page]:
        return [page async for page in shop.changed_since(moment, statuses)]

    return poll


def pages_since(site, moment, statuses=EVERY_STATUS, **options) -> list[Page]:
    return ask(site, polling(moment, statuses), **options)


def ids(pages: list[Page]) -> list[int]:
    """Return the ids of the last reading: what stands before a restart comes again."""
    found: list[int] = []
    for page in pages:
        found = ([] if page.restarted else found) + [row.id for row in page.rows]
    return found
