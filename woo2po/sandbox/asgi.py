"""What both built-in systems need: the little of a web server's interface (ASGI), JSON, time."""

import json
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from email.utils import format_datetime
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

HTML = "text/html; charset=utf-8"
JSON = "application/json; charset=utf-8"


@dataclass(frozen=True)
class Request:
    """A request that arrived whole; `path` is decoded, `query` as it was written."""

    method: str
    scheme: str
    path: str
    query: str
    headers: dict[str, str]  # by their names in lower case
    body: bytes

    @cached_property
    def arguments(self) -> list[tuple[str, str]]:
        """The decoded names and values of the query, blank ones too."""
        return parse_qsl(self.query, keep_blank_values=True)


@dataclass
class Response:
    """An answer to be sent; its length is added then."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)

    def dated(self, moment: datetime) -> "Response":
        """Return the answer with this moment as its Date."""
        self.headers["date"] = format_datetime(moment.astimezone(UTC), usegmt=True)
        return self


def utc_now() -> datetime:
    """Return this moment, with its zone."""
    return datetime.now(UTC)


def html(page: str, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """Return a page as an answer."""
    return Response(status, page.encode(), {"content-type": HTML, **(headers or {})})


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def to_json(value: Any) -> bytes:
    """Return JSON in which an amount is the shortest number that says it (269.7, 270)."""
    return json.dumps(value, default=_plain, ensure_ascii=False).encode("utf-8", "replace")


def json_answer(
    body: Any, status: int = 200, headers: dict[str, str] | None = None, kind: str = JSON
) -> Response:
    """Return JSON of that kind as an answer."""
    return Response(status, to_json(body), {"content-type": kind, **(headers or {})})


def application(answer: Callable[[Request], Awaitable[Response]]) -> App:
    """Return the ASGI application that answers each request so."""

    async def app(scope: Message, receive: Receive, send: Send) -> None:
        body, more = b"", True
        while more:
            part = await receive()
            body += part.get("body", b"")
            more = part.get("more_body", False)
        headers = {k.decode("latin-1"): v.decode("latin-1") for k, v in scope["headers"]}
        query = scope["query_string"].decode("latin-1")
        response = await answer(
            Request(scope["method"], scope["scheme"], scope["path"], query, headers, body)
        )
        sent = dict(response.headers)
        if response.status not in {204, 304}:
            sent["content-length"] = str(len(response.body))
        raw = [(k.lower().encode("latin-1"), v.encode("latin-1")) for k, v in sent.items()]
        await send({"type": "http.response.start", "status": response.status, "headers": raw})
        await send({"type": "http.response.body", "body": response.body})

    return app
