"""Logs: one event a line on standard error, JSON when that is no terminal. English only.

A line is a name and facts (`sales_order_made order=1042`). Names, addresses, e-mails and keys
have no place among the facts; what PowerOffice says of an order goes through `redacted` first.
"""

import re
import sys
from collections.abc import Iterable, MutableMapping
from typing import Any

import structlog

_EMAIL = re.compile(r"[^\s'\"<>,;:()]+@[^\s'\"<>,;:()]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


def redacted(text: str, personal: Iterable[str] = ()) -> str:
    """Return a text of a remote system without e-mails and without the given personal values."""
    for value in sorted({v for v in personal if len(v) > 1}, key=len, reverse=True):
        text = re.sub(re.escape(value), "…", text, flags=re.IGNORECASE)
    return _CONTROL.sub(" ", _EMAIL.sub("…", text))[:300]


def _clean(
    _logger: object, _name: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = redacted(value)
        elif key == "facts" and isinstance(value, dict):
            event[key] = {name: redacted(str(fact)) for name, fact in value.items()}
    return event


def _not_rehearsed(
    _logger: object, _name: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Drop the lines of a preview, which would read as if the work had been done."""
    if event.pop("rehearsed", False):
        raise structlog.DropEvent
    return event


def set_up(*, verbose: bool = False) -> None:
    """Configure structlog for this process, once."""
    lively = sys.stderr.isatty()
    renderer: Any = (
        structlog.dev.ConsoleRenderer(colors=False, pad_event_to=28)
        if lively
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            _not_rehearsed,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _clean,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger("debug" if verbose else "info"),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
