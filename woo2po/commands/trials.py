"""`check`: tries everything that a run will need."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from woo2po.commands.call import config_path, end, now, tell, with_config
from woo2po.language import language_here
from woo2po.messages import say
from woo2po.messages.message import Language

if TYPE_CHECKING:
    from woo2po.check import Checked
    from woo2po.check.finding import Level
    from woo2po.settings import Settings
    from woo2po.stopping import Stop

COLOURS = {
    "fine": "green",
    "warning": "yellow",
    "held": "yellow",
    "wrong": "red",
    "unreachable": "red",
}


@click.command()
@with_config
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.option("--probe", is_flag=True, hidden=True)
@click.option("--report", "--yes-in-production", "with_probe", hidden=True)
@click.pass_context
def check(ctx: click.Context, as_json: bool, probe: bool, with_probe: str | None) -> None:
    """Try everything that a run will need.

    It says what to do where something is amiss.
    """
    if probe or with_probe is not None:
        raise click.UsageError("`check --probe` is a command of its own now: woo2po probe.")
    path = config_path(ctx.obj["config"])
    settings, checked, language = _loaded(path)
    if settings:
        if not as_json and sys.stderr.isatty():
            tell(say("check_begins", language), err=True)
        checked = _tried(settings, path)
    _show(checked, language, as_json=as_json)
    raise click.exceptions.Exit(checked.exit_code)


def _loaded(path: Path) -> "tuple[Settings | None, Checked, Language]":
    """Return the settings, or None and what is wrong with them; and the language to say it in."""
    from woo2po.check import not_usable  # noqa: PLC0415
    from woo2po.logs import hide  # noqa: PLC0415
    from woo2po.settings import WrongSettings, load, secrets  # noqa: PLC0415

    none = not_usable(path, ())
    if not path.exists():
        return None, none, language_here()
    try:
        settings = load(path, language_here())
    except WrongSettings as error:
        return None, not_usable(path, error.problems), error.language
    hide(secrets(settings))
    return settings, none, settings.language


def _tried(settings: "Settings", path: Path) -> "Checked":
    from woo2po.check import check as try_everything  # noqa: PLC0415
    from woo2po.connections import Connections  # noqa: PLC0415
    from woo2po.stopping import ToldToStop, run_until_told  # noqa: PLC0415

    async def work(stop: "Stop") -> "Checked":
        found = await try_everything(settings, path, now, Connections(stop=stop))
        if stop.told:
            raise ToldToStop  # what was not asked any more was not found wanting
        return found

    try:
        return run_until_told(work)
    except ToldToStop:
        end(3, say("run_interrupted", settings.language))


def _show(checked: "Checked", language: Language, *, as_json: bool) -> None:
    from woo2po.check import check_json, check_text  # noqa: PLC0415
    from woo2po.logs import hidden  # noqa: PLC0415
    from woo2po.report import json_text  # noqa: PLC0415

    if as_json:
        click.echo(hidden(json_text(check_json(checked, language))))
        return
    colour = False if os.environ.get("NO_COLOR") else None
    click.echo(hidden(check_text(checked, language, _painted)), color=colour)


def _painted(sign: str, level: "Level") -> str:
    """Return a sign in its colour; where nobody sees colours they are left out again."""
    return click.style(sign, fg=COLOURS.get(level))
