"""Logs: one event a line on standard error, JSON when that is no terminal. English only.

A line is a name and facts (`sales_order_made order=1042`). Names, addresses, e-mails and keys
have no place among the facts; what PowerOffice says of an order goes through `redacted` first.
"""

import logging
import re
import sys
import traceback
from collections.abc import Iterable, MutableMapping
from typing import Any

import structlog

_EMAIL = re.compile(r"[^\s'\"<>,;:()]+@[^\s'\"<>,;:()]+")
_CONTROL = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff]"
)


def redacted(text: str, personal: Iterable[str] = ()) -> str:
    """Return a text of a remote system without e-mails and without the given personal values."""
    for value in sorted({v for v in personal if len(v) > 1}, key=len, reverse=True):
        text = re.sub(re.escape(value), "…", text, flags=re.IGNORECASE)
    return _CONTROL.sub(" ", _EMAIL.sub("…", text))[:300]


def traceback_without_values(error: BaseException) -> str:
    """Return where an exception came from: its kinds and our lines, none of the words in it.

    An exception's own text may quote what it met: a name, an address, a key.
    """
    parts: list[str] = []
    seen: BaseException | None = error
    while seen is not None and len(parts) < 8:
        where = "".join(traceback.format_tb(seen.__traceback__))
        parts.append(f"{where}{type(seen).__name__}")
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    return "\n\n".join(reversed(parts))


class _FromLibraries(logging.Handler):
    """Takes what libraries log, so that none of their words is printed: it may quote anything."""

    def emit(self, record: logging.LogRecord) -> None:
        """Say that a library had something to say, and what kind of error came with it."""
        kind = record.exc_info[0] if record.exc_info else None
        error = kind.__name__ if kind else ""
        structlog.get_logger().warning("library_warning", library=record.name, error=error)


def _clean(
    _logger: object, _name: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = redacted(value)
        elif key == "facts" and isinstance(value, dict):
            event[key] = {name: redacted(str(fact)) for name, fact in value.items()}
    return event


def set_up(*, verbose: bool = False) -> None:
    """Configure structlog for this process, once."""
    logging.lastResort = _FromLibraries(logging.WARNING)
    lively = sys.stderr.isatty()
    renderer: Any = (
        structlog.dev.ConsoleRenderer(colors=False, pad_event_to=28)
        if lively
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _clean,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger("debug" if verbose else "info"),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
