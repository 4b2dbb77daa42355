"""`check`: tries everything that a run will need."""

import json
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from woo2po.commands.call import FILE, config_path, end, language_here, now, with_config
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
NARROWEST = 40


@click.command()
@with_config
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.option("--probe", is_flag=True, help="Find out what nobody knows about PowerOffice.")
@click.option("--report", type=FILE, metavar="FILE", help="Write what the probe found out.")
@click.option("--yes-in-production", metavar="NAME", help="The company's name, to probe it.")
@click.pass_context
def check(
    ctx: click.Context,
    as_json: bool,
    probe: bool,
    report: Path | None,
    yes_in_production: str | None,
) -> None:
    """Try everything that a run will need, and say what to do where something is amiss."""
    if not probe and (report or yes_in_production is not None):
        raise click.UsageError("--report and --yes-in-production go with --probe.")
    path = config_path(ctx.obj["config"])
    settings, checked = _loaded(path)
    language = settings.language if settings else language_here()
    if settings and probe:
        from woo2po.commands.probing import probe_it  # noqa: PLC0415

        probe_it(settings, yes_in_production, report, as_json=as_json)
    if settings:
        if not as_json and sys.stderr.isatty():
            click.echo(say("check_begins", language), err=True)
        checked = _tried(settings, path)
    _show(checked, language, as_json=as_json)
    raise click.exceptions.Exit(checked.exit_code)


def _loaded(path: Path) -> "tuple[Settings | None, Checked]":
    """Return the settings, or None and what is wrong with them."""
    from woo2po.check import not_usable  # noqa: PLC0415
    from woo2po.logs import hide  # noqa: PLC0415
    from woo2po.settings import WrongSettings, load, secrets  # noqa: PLC0415

    if not path.exists():
        return None, not_usable(path, ())
    try:
        settings = load(path)
    except WrongSettings as error:
        return None, not_usable(path, error.problems)
    hide(secrets(settings))
    return settings, not_usable(path, ())


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

    if as_json:
        text = json.dumps(check_json(checked, language), ensure_ascii=False, indent=1)
        click.echo(hidden(text))
        return
    print_text(check_text(checked, language, text_width(), _painted))


def text_width() -> int:
    """Return the width of the terminal, as far as text is written in it."""
    from woo2po.report import LINE  # noqa: PLC0415

    return max(NARROWEST, min(LINE, shutil.get_terminal_size((LINE, 24)).columns - 1))


def print_text(text: str) -> None:
    """Print text for people: as their terminal can show it, and without a key in it."""
    from woo2po.logs import hidden  # noqa: PLC0415
    from woo2po.report import spelled  # noqa: PLC0415

    colour = False if os.environ.get("NO_COLOR") else None
    click.echo(spelled(hidden(text), sys.stdout.encoding or "utf-8"), color=colour)


def _painted(sign: str, level: "Level") -> str:
    """Return a sign in its colour; where nobody sees colours they are left out again."""
    return click.style(sign, fg=COLOURS.get(level))
