"""`probe`: finds out about PowerOffice what nobody knows, with a yes where it is real."""

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from woo2po.commands.call import AS_JSON, FILE, answer_of, end, now, option, settings_of, tell
from woo2po.messages import say_both

if TYPE_CHECKING:
    from woo2po.config import Settings

TIDY = 60.0  # seconds to take away what was made

_BEGINS = (
    "Trying PowerOffice out; that takes about half a minute. Ctrl-C ends it and takes away what "
    "was made."
)
_IN_PRODUCTION = (
    "These keys are for {name}, in production. The probe makes customers, products and "
    "drafts there and deletes them; it sends nothing and posts nothing. Customer and order "
    "numbers are used up by it."
)
_REFUSED = (
    "In production the probe wants a typed yes, and there is no terminal. Nothing was made. Use "
    "the keys of a demo company, or --yes-in-production with the company's name."
)
_WRITTEN = (
    "The report is in {path}: no keys, no names, no numbers of yours. Read it, and send it to us."
)


@click.command()
@AS_JSON
@option("--report", "Write what was found out, to be sent to us.", "FILE", type=FILE)
@option("--yes-in-production yes", "The company's name, where it is a real one.", "NAME")
@click.pass_context
def probe(ctx: click.Context, as_json: bool, report: Path | None, yes: str | None) -> None:
    """Find out about PowerOffice what no source tells.

    It makes customers, products and drafts, and deletes them again.
    """
    from woo2po import probe as probing  # noqa: PLC0415
    from woo2po.connections import Connections  # noqa: PLC0415
    from woo2po.logs import hidden  # noqa: PLC0415
    from woo2po.report import json_text  # noqa: PLC0415
    from woo2po.stopping import ToldToStop, run_until_told  # noqa: PLC0415

    settings, record = settings_of(ctx), probing.Record()
    if report:
        _written(report, None, settings)
    if not probing.is_demo(settings):
        _agreed(settings, yes)
    if not as_json and sys.stderr.isatty():
        tell(_BEGINS, err=True)
    # Its own requests go on when it is told to stop: what was made is to be taken away.
    work = partial(probing.probe, settings, now, record, connections=Connections())
    try:
        found = run_until_told(lambda stop: work(stop=stop), tidy=TIDY)
    except ToldToStop:
        tell("Ended at once. What the probe had made may still be there.")
        click.echo(probing.left_text(record))
        raise click.exceptions.Exit(3) from None
    said = json_text(probing.probe_json(found)) if as_json else probing.probe_text(found)
    click.echo(hidden(said))
    if report:
        _written(report, hidden(probing.probe_report(found)), settings)
        tell(_WRITTEN.format(path=report), err=True)
    raise click.exceptions.Exit(found.exit_code)


def _agreed(settings: "Settings", yes: str | None) -> None:
    """Return where somebody typed the company's name; else end with 2."""
    from woo2po.connections import Connections  # noqa: PLC0415
    from woo2po.probe import company_of  # noqa: PLC0415
    from woo2po.stopping import run_until_told  # noqa: PLC0415

    if yes is None and not sys.stdin.isatty():
        end(2, _REFUSED)
    name = answer_of(
        settings.language,
        lambda: run_until_told(lambda stop: company_of(settings, Connections(stop=stop))),
    ).strip()
    if yes is None:
        tell(_IN_PRODUCTION.format(name=name))
        yes = str(click.prompt("Type the company's name to go on", default="", err=True))
    if yes.strip().casefold() != name.casefold() or not name:
        end(2, f'"{yes}" is not the company that the keys are for. Nothing was made.')


def _written(path: Path, text: str | None, settings: "Settings") -> None:
    """Write a report; without a text, end with 2 where it could not be written later."""
    from woo2po.files import NotWritten, must_be_writable, write_whole  # noqa: PLC0415

    try:
        must_be_writable(path) if text is None else write_whole(path, text.encode())
    except NotWritten as error:
        end(2, say_both(error.code, settings.language, error.facts))
