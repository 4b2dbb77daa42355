"""What both built-in systems need of the web: an answer's JSON and its time."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from email.utils import format_datetime
from typing import Any

from httpx import Response

JSON = "application/json; charset=utf-8"


def utc_now() -> datetime:
    """Return this moment, with its zone."""
    return datetime.now(UTC)


def dated(answer: Response, moment: datetime) -> Response:
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
) -> Response:
    """Return JSON of that kind as an answer."""
    headers = {"content-type": kind, **(headers or {})}
    return Response(status, content=to_json(body), headers=headers)
