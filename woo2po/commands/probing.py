"""`check --probe`: finds out about PowerOffice what nobody knows, with a yes where it is real."""

import sys
from collections.abc import Callable, Coroutine
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from woo2po.commands.call import end, now, tell
from woo2po.messages import say, say_both

if TYPE_CHECKING:
    from woo2po.probe import Probed
    from woo2po.settings import Settings
    from woo2po.stopping import Stop

TIDY = 60.0  # seconds to take away what was made
T = TypeVar("T")


def probe_it(
    settings: "Settings", yes: str | None, report: Path | None, *, as_json: bool
) -> NoReturn:
    """Probe the company in PowerOffice, and end with what was found out."""
    from woo2po.connections import Connections  # noqa: PLC0415
    from woo2po.probe import Record, is_demo, left_text, probe  # noqa: PLC0415
    from woo2po.stopping import ToldToStop, run_until_told  # noqa: PLC0415

    language, record = settings.language, Record()
    if report:
        _writable(report, settings)
    if not is_demo(settings):
        _agreed(settings, yes)
    if not as_json and sys.stderr.isatty():
        tell(say("probe_begins", language), err=True)
    # Its own requests go on when it is told to stop: what was made is to be taken away.
    work = partial(probe, settings, now, record, connections=Connections())
    try:
        found = run_until_told(lambda stop: work(stop=stop), tidy=TIDY)
    except ToldToStop:
        tell(say("probe_cut_short", language))
        click.echo(left_text(tuple(record.standing), record.refused, record.made, language))
        raise click.exceptions.Exit(3) from None
    _show(found, settings, as_json=as_json)
    if report:
        _write(found, report, settings)
        tell(say("probe_report_written", language, {"path": str(report)}), err=True)
    raise click.exceptions.Exit(found.exit_code)


def _agreed(settings: "Settings", yes: str | None) -> None:
    """Return where somebody typed the company's name; else end with 2."""
    from woo2po.connections import Connections  # noqa: PLC0415
    from woo2po.probe import company_of  # noqa: PLC0415

    language = settings.language
    if yes is None and not sys.stdin.isatty():
        end(2, say("probe_refused", language))
    name = _until_told(settings, lambda stop: company_of(settings, Connections(stop=stop)))
    if yes is None:
        tell(say("probe_in_production", language, {"name": name}))
        yes = str(click.prompt(say("probe_type_the_name", language), default="", err=True))
    if yes.strip().casefold() != name.strip().casefold() or not name.strip():
        end(2, say("probe_another_name", language, {"typed": yes}))


def _until_told(settings: "Settings", work: "Callable[[Stop], Coroutine[Any, Any, T]]") -> T:
    from woo2po.http import RemoteError  # noqa: PLC0415
    from woo2po.stopping import ToldToStop, run_until_told  # noqa: PLC0415

    try:
        return run_until_told(work)
    except RemoteError as error:
        end(3, say_both(error.code, settings.language, error.facts))
    except ToldToStop:
        end(3, say("run_interrupted", settings.language))


def _show(found: "Probed", settings: "Settings", *, as_json: bool) -> None:
    from woo2po.logs import hidden  # noqa: PLC0415
    from woo2po.probe import probe_json, probe_text  # noqa: PLC0415
    from woo2po.report import json_text  # noqa: PLC0415

    language = settings.language
    shown = json_text(probe_json(found, language)) if as_json else probe_text(found, language)
    click.echo(hidden(shown))


def _writable(path: Path, settings: "Settings") -> None:
    """Say it before the probe where its report could not be written."""
    from woo2po.files import NotWritten, must_be_writable  # noqa: PLC0415

    try:
        must_be_writable(path)
    except NotWritten as error:
        end(2, say_both(error.code, settings.language, error.facts))


def _write(found: "Probed", path: Path, settings: "Settings") -> None:
    from woo2po.files import NotWritten, write_whole  # noqa: PLC0415
    from woo2po.logs import hidden  # noqa: PLC0415
    from woo2po.probe import probe_report  # noqa: PLC0415

    try:
        write_whole(path, hidden(probe_report(found)).encode())
    except NotWritten as error:
        end(2, say_both(error.code, settings.language, error.facts))
