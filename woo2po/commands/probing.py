"""`probe`: finds out about PowerOffice what nobody knows; of a real company with its name given."""

import sys
from functools import partial
from typing import TYPE_CHECKING

import click

from woo2po.commands import call

if TYPE_CHECKING:
    from woo2po.config import Settings

TIDY = 60.0  # seconds to take away what was made

_BEGINS = (
    "Trying PowerOffice out; that takes about half a minute. Ctrl-C ends it and takes away what "
    "was made."
)
_REFUSED = (
    "These keys are for a real company. The probe makes customers, products and drafts there and "
    "deletes them; it sends nothing and posts nothing, but uses up customer and order numbers. Use "
    "the keys of a demo company, or --yes-in-production with the company's name. Nothing was made."
)


@click.command()
@call.option("--yes-in-production yes", "The company's name, where it is a real one.", "NAME")
@click.pass_context
def probe(ctx: click.Context, yes: str | None) -> None:
    """Find out about PowerOffice what no source tells, as JSON.

    It makes customers, products and drafts, and deletes them again.
    """
    from woo2po import probe as probing  # noqa: PLC0415
    from woo2po.connections import Connections  # noqa: PLC0415
    from woo2po.logs import hidden  # noqa: PLC0415
    from woo2po.report import json_text  # noqa: PLC0415
    from woo2po.stopping import ToldToStop, run_until_told  # noqa: PLC0415

    settings, left = call.settings_of(ctx), list[probing.Made]()
    if not probing.is_demo(settings):
        _agreed(settings, yes)
    if sys.stderr.isatty():
        call.tell(_BEGINS, err=True)
    # Its own requests go on when it is told to stop: what was made is to be taken away.
    work = partial(probing.probe, settings, call.now, left, connections=Connections())
    try:
        found = run_until_told(lambda stop: work(stop=stop), tidy=TIDY)
    except ToldToStop:  # once more: what is left may still be there
        found = {"exit_code": 3, "called_off": True, **probing.left_json(left)}
    click.echo(hidden(json_text(found)))
    raise click.exceptions.Exit(found["exit_code"])


def _agreed(settings: "Settings", yes: str | None) -> None:
    """Return where the company's name was given; else end with 2."""
    from woo2po.probe import company_of  # noqa: PLC0415

    if yes is None:
        call.end(2, _REFUSED)
    name = call.asking(settings, lambda ways: company_of(settings, ways)).strip()
    if yes.strip().casefold() != name.casefold() or not name:
        call.end(2, f'"{yes}" is not the company that the keys are for. Nothing was made.')
