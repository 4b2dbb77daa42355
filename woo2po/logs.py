"""Logs: one event a line on standard error or in a file. English only.

A line is a name and facts (`sales_order_made order=1042`). Names, addresses, e-mails and keys
have no place among the facts; what PowerOffice says of an order goes through `redacted` first.
"""

import logging
import os
import re
import stat
import sys
import traceback
from collections.abc import Iterable, Iterator, MutableMapping
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any, TextIO, cast

import structlog

_EMAIL = re.compile(r"[^\s'\"<>,;:()]+@[^\s'\"<>,;:()]+")
_CONTROL = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff]"
)
_TOKEN = re.compile(r"[\w+/=~.-]{40,}")  # longer than a GUID and than any reference of ours
_LONG_NUMBER = re.compile(r"\+?\d(?:[ .-]?\d){6,}")
_WORD = re.compile(r"[^\W\d_][\w'’-]*")
# What systems write with a capital. Any other word with one may be a name.
_SYSTEMS_WORDS = """
access account address ansvarlig authentication avtale avtalegiro bad bilag bilaget cannot client
could credentials customer customers date dato datoen den det duplicate e efaktura ehf elma email
en error et faktura fakturaen failed feil field for forbidden go ikke ingen internal invalid
invoice invoices is it journal kan key kid konto kontoen kredittnota kunde kunden kundens kunne
lock manglende mangler missing mottak mottaker mottakeren mva must no not object ordre ordren
organisasjonsnummer organisasjonsnummeret organization out pdf peppol period perioden poweroffice
product produktet quota rate reference referanse referansen request reskontro salgsordre
salgsordren sales sending service server sorry status subscription the there this token too
unauthorized ugyldig unknown utsending utsendingen validation value vat voucher you
"""
_NO_NAMES = frozenset(_SYSTEMS_WORDS.split())
_FIELD = re.compile(
    r"[A-Z]\w*(No|Id|Code|Address|Name|Date|Number|Reference|Amount|Type|Lines?|Key|Email)"
)
_SECRETS: list[str] = []


def hide(secrets: Iterable[str]) -> None:
    """Let these never be printed or logged, whoever repeats them."""
    _SECRETS[:] = sorted({s for s in secrets if len(s) > 3}, key=len, reverse=True)


def hidden(text: str) -> str:
    """Return a text without the keys of the configuration."""
    for secret in _SECRETS:
        text = text.replace(secret, "***")
    return text


def impersonal(text: str) -> str:
    """Return another system's words without what may be a name, an e-mail or a telephone number.

    For where nobody knows whom the words are about: a word with a capital goes, unless it is one
    that systems use. Better a sentence with a gap than a customer in a log.
    """
    plain = _LONG_NUMBER.sub("…", _EMAIL.sub("…", text))
    return redacted(_WORD.sub(_unless_a_name, plain))


def _unless_a_name(word: re.Match[str]) -> str:
    first = re.split(r"[-'’]", word[0].lower())[0]
    named = first in _NO_NAMES or _FIELD.fullmatch(word[0])
    return word[0] if word[0].islower() or named else "…"


def redacted(text: str, personal: Iterable[str] = ()) -> str:
    """Return a text of a remote system without e-mails and without the given personal values."""
    for value in sorted(set(_parts(personal)), key=len, reverse=True):
        text = re.sub(value, "…", text, flags=re.IGNORECASE)
    plain = _TOKEN.sub("…", _EMAIL.sub("…", text))
    return hidden(_CONTROL.sub(" ", plain))[:300]


def _parts(personal: Iterable[str]) -> Iterator[str]:
    """Yield patterns of personal values: each as a whole, its words, a number however spaced."""
    for value in personal:
        digits = re.sub(r"\D", "", value)
        if len(digits) >= 7:
            yield r"[\s().-]*".join(digits[-8:])
        yield from (re.escape(word) for word in value.split() if len(word) > 2)
        if len(value) > 1:
            yield re.escape(value)


def named(error: BaseException) -> str:
    """Return the system's own words for what went wrong, else its kind: no values."""
    first = error.exceptions[0] if isinstance(error, BaseExceptionGroup) else error
    return getattr(first, "strerror", None) or type(first).__name__


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
        error = getattr((record.exc_info or [None])[0], "__name__", "")
        structlog.get_logger().warning("library_warning", library=record.name, error=error)


def _clean(_log: object, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Take what may be personal out of a line. One of a dry run is dropped: it would read as if the
    work had been done.
    """
    if event.pop("dry_run", False):
        raise structlog.DropEvent
    for key, value in event.items():
        if isinstance(value, str) and key != "event":  # whose words are ours
            event[key] = redacted(value)
        elif key == "facts" and isinstance(value, dict):
            event[key] = {name: redacted(str(fact)) for name, fact in value.items()}
    return event


class _Lines:
    """Where the log goes: a file, which begins anew at five megabytes (three old ones are kept), or
    standard error. What cannot be written there is lost, and stops nothing.
    """

    def __init__(self, path: Path | None) -> None:
        self._there: logging.StreamHandler[Any] = (
            RotatingFileHandler(path, maxBytes=5_000_000, backupCount=3, encoding="utf-8")
            if path
            else logging.StreamHandler(sys.stderr)
        )
        self._there.handleError = self._lost  # type: ignore[method-assign]

    def write(self, text: str) -> None:
        self._there.emit(logging.makeLogRecord({"msg": text.rstrip("\n")}))
        with suppress(OSError):  # of a full disk: a line of the log stops nothing
            self._there.close()  # until the next line: another run may have begun a new file

    def flush(self) -> None:
        pass  # each line is written at once

    def _lost(self, record: logging.LogRecord) -> None:  # noqa: ARG002
        if self._there.stream is sys.stderr and isinstance(sys.exc_info()[1], OSError):
            give_up(sys.stderr)


def give_up(stream: TextIO) -> None:
    """Let what a stream could not write, and all that comes after it, go nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


_PRIORITIES = {"debug": 7, "info": 6, "warning": 4, "error": 3}  # of sd-daemon(3)


def _kind_of(stream: Any) -> str:
    """Return where a stream goes: "terminal", "journal", "file" or "" for elsewhere."""
    if stream.isatty():
        return "terminal"
    try:
        there = os.fstat(stream.fileno())
    except (OSError, ValueError):
        return ""
    if os.environ.get("JOURNAL_STREAM") == f"{there.st_dev}:{there.st_ino}":
        return "journal"
    return "file" if stat.S_ISREG(there.st_mode) else ""


def set_up(*, verbose: bool = False, form: str = "auto", file: Path | None = None) -> None:
    """Configure structlog for this process. Raises OSError for a file that cannot be written.

    A person at a terminal is told in sentences; the log is shown there when it is asked for. Nor
    is there one in a pipe, such as cron's mail, unless its `form` is set. The journal gets each
    line's priority.
    """
    logging.lastResort = _FromLibraries(logging.WARNING)
    kind = "file" if file else _kind_of(sys.stderr)
    seen = kind in {"file", "journal"} or (form != "auto" and kind != "terminal")
    as_text = form == "text" or (form == "auto" and kind in {"terminal", "journal"})
    rendered: Any = (
        structlog.dev.ConsoleRenderer(colors=False, pad_event_to=28)
        if as_text
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )

    def render(logger: Any, name: str, event: MutableMapping[str, Any]) -> str:
        priority = f"<{_PRIORITIES.get(event['level'], 3)}>" if kind == "journal" else ""
        return priority + str(rendered(logger, name, event))

    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _clean,
            render,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            "debug" if verbose else "info" if seen else "critical"
        ),
        logger_factory=structlog.WriteLoggerFactory(file=cast("TextIO", _Lines(file))),
        cache_logger_on_first_use=False,
    )
