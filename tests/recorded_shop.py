"""What a real WooCommerce 10.0.2 answered, each to the question that it was asked."""

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
from shop_desk import ask_host

from woo2po.woocommerce import Shop

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
    body = b"" if exchange["body"] is None else json.dumps(exchange["body"]).encode()
    return httpx.Response(exchange["status"], headers=exchange["headers"], content=body)


def ask_recorded(name: str, question: Callable[[Shop], Awaitable[Any]]) -> Any:
    """Return what a client learns from a recorded answer, given once to what was asked for it."""
    recorded = EXCHANGES[name]["request"]
    address, left = urlsplit(recorded["path"]), [answer(name)]

    def handle(request: httpx.Request) -> httpx.Response:
        assert (request.method, request.url.path) == (recorded["method"], address.path)
        ours, theirs = set(request.url.params.multi_items()), set(parse_qsl(address.query))
        harmless = _HARMLESS if ("dp", "6") in ours & theirs else _WITHOUT_AMOUNTS
        assert ours ^ theirs <= harmless, ours ^ theirs
        return left.pop()

    return ask_host(handle, question)
