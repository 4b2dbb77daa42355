"""A shop whose orders were typed by strangers: what passes the wire is changed just before it
leaves, so that anything may stand there, JSON or not.
"""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import httpx
from world import World

Change = Callable[[dict[str, Any]], object]

_RAW = re.compile(rb'"@@(.*?)@@"')


def raw(token: str) -> str:
    """Return what becomes this very token in the answer: NaN, 1e999, "\\ud800"."""
    return f"@@{token}@@"


class Strangers:
    """Stands between a shop and the job, and changes orders on their way out."""

    def __init__(self, world: World) -> None:
        self._inner = world.shop.app
        world.shop_wire.inner = httpx.ASGITransport(self)
        self.changes: dict[int, Change] = {}
        self.asked: list[str] = []
        self.sent: list[int] = []  # bytes of each answer

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer as the shop does, but for what strangers typed."""
        messages: list[dict[str, Any]] = []

        async def keep(message: dict[str, Any]) -> None:
            messages.append(message)

        await self._inner(scope, receive, keep)
        body = b"".join(m.get("body", b"") for m in messages[1:])
        self.asked.append(scope["query_string"].decode())
        if b"_fields" not in scope["query_string"]:
            body = self._changed(body)
        self.sent.append(len(body))
        start = messages[0]
        start["headers"] = [h for h in start["headers"] if h[0].lower() != b"content-length"]
        await send(start)
        await send({"type": "http.response.body", "body": body})

    def _changed(self, body: bytes) -> bytes:
        value = json.loads(body)
        rows = value if isinstance(value, list) else [value]
        touched = [row for row in rows if isinstance(row, dict) and row.get("id") in self.changes]
        for row in touched:
            self.changes[row["id"]](row)
        if not touched:
            return body
        return _RAW.sub(lambda m: m[1].replace(b'\\"', b'"').replace(b"\\\\", b"\\"),
                        json.dumps(value).encode())  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield where in an order a value stands: every field, the first row of every list."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield (*path, name)
            yield from places(part, (*path, name))
    if isinstance(value, list) and value:
        yield (*path, 0)
        yield from places(value[0], (*path, 0))


def put(place: tuple[Any, ...], value: Any) -> Change:
    """Return the change that writes a value to a place."""

    def change(order: dict[str, Any]) -> None:
        inner: Any = order
        for step in place[:-1]:
            inner = inner[step]
        inner[place[-1]] = value

    return change
