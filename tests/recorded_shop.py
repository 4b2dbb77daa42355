"""What a real WooCommerce 10.0.2 answered, as cassettes for vcrpy and as single answers."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import vcr
from vcr.request import Request

from woo2po.woocommerce import Shop

ADDRESS = "https://shop.localhost:8443"
RECORDED = Path(__file__).parent / "recorded"
EXCHANGES: dict[str, dict[str, Any]] = {
    exchange["name"]: exchange
    for exchange in json.loads((RECORDED / "http.json").read_text(encoding="utf-8"))
}

# Asking for these as well changes nothing in the recorded answers: the first page, the order of
# rows that came one by one, decimals of what has no amount.
_HARMLESS = {("page", "1"), ("orderby", "id"), ("order", "asc"), ("per_page", "100")}
_WITHOUT_AMOUNTS = _HARMLESS | {("dp", "6")}


def answer(name: str) -> httpx.Response:
    """Return a recorded answer as httpx would give it."""
    exchange = EXCHANGES[name]
    return httpx.Response(exchange["status"], headers=exchange["headers"], content=_body(exchange))


def _body(exchange: dict[str, Any]) -> bytes:
    return b"" if exchange["body"] is None else json.dumps(exchange["body"]).encode()


class _Persister:
    """Reads a cassette out of http.json; its `path` is the exchange's name."""

    @staticmethod
    def load_cassette(cassette_path: Any, serializer: Any) -> tuple[list[Any], list[Any]]:  # noqa: ARG004
        exchange = EXCHANGES[str(cassette_path)]
        return [_request(exchange)], [_response(exchange)]

    @staticmethod
    def save_cassette(*_: Any, **__: Any) -> None:
        raise AssertionError("nothing is recorded here")


def _request(exchange: dict[str, Any]) -> Request:
    asked = exchange["request"]
    return Request(asked["method"], ADDRESS + asked["path"], None, {})


def _response(exchange: dict[str, Any]) -> dict[str, Any]:
    return {
        "status": {"code": exchange["status"], "message": ""},
        "headers": {name: [value] for name, value in exchange["headers"].items()},
        "body": {"string": _body(exchange)},
    }


def _asks_the_same(one: Request, other: Request) -> None:
    ours, theirs = (set(parse_qsl(urlsplit(r.uri).query)) for r in (one, other))
    harmless = _HARMLESS if ("dp", "6") in ours & theirs else _WITHOUT_AMOUNTS
    assert ours ^ theirs <= harmless, ours ^ theirs


def ask_recorded(name: str, question: Callable[[Shop], Awaitable[Any]]) -> Any:
    """Return what a client learns from a recorded answer, given once."""
    player = vcr.VCR(record_mode="none", match_on=["method", "path", "same"])
    player.register_persister(_Persister)
    player.register_matcher("same", _asks_the_same)

    async def asked() -> Any:
        async with httpx.AsyncClient() as http:
            return await question(Shop(http, ADDRESS, "ck_test", "cs_test"))

    with player.use_cassette(name):
        return asyncio.run(asked())
