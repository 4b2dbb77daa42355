"""What both built-in systems need: the little of a web server's interface (ASGI), JSON, time."""

import json
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import UTC, date, datetime
from decimal import Decimal
from email.utils import format_datetime
from typing import Any

import httpx

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

JSON = "application/json; charset=utf-8"


def utc_now() -> datetime:
    """Return this moment, with its zone."""
    return datetime.now(UTC)


def dated(answer: httpx.Response, moment: datetime) -> httpx.Response:
    """Return an answer with this moment as its Date."""
    answer.headers["date"] = format_datetime(moment.astimezone(UTC), usegmt=True)
    return answer


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
) -> httpx.Response:
    """Return JSON of that kind as an answer."""
    headers = {"content-type": kind, **(headers or {})}
    return httpx.Response(status, content=to_json(body), headers=headers)


def application(answer: Callable[[httpx.Request], Awaitable[httpx.Response]]) -> App:
    """Return the ASGI application that answers each request so, once it has arrived whole."""

    async def app(scope: Message, receive: Receive, send: Send) -> None:
        body, more = b"", True
        while more:
            part = await receive()
            body += part.get("body", b"")
            more = part.get("more_body", False)
        target = scope["raw_path"] + b"?" + scope["query_string"]
        url = httpx.URL(f"{scope['scheme']}://{dict(scope['headers'])[b'host'].decode()}")
        url = url.copy_with(raw_path=target.removesuffix(b"?"))
        request = httpx.Request(scope["method"], url, headers=scope["headers"], content=body)
        response = await answer(request)
        status, raw = response.status_code, response.headers.raw
        await send({"type": "http.response.start", "status": status, "headers": raw})
        await send({"type": "http.response.body", "body": response.content})

    return app
