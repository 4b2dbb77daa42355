"""`init`, `check`, `probe`, `schedule`, `demo`, `sandbox`: what comes before the job runs."""

import os
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from woo2po.commands import call
from woo2po.holds import End, InTheWay
from woo2po.messages import Language, say, say_both, word
from woo2po.screen import language_here

if TYPE_CHECKING:
    from woo2po.config import Settings

KINDS = ("cron", "systemd", "windows")
_PORT = click.IntRange(0, 65535)
_TIDY = 60.0  # seconds to take away what a probe made
_language = call.option("--language", "What it is shown in.", type=call.LANGUAGES, default="nb")


@click.command()
@click.argument("question", required=False)
@call.option("--yes", "Ask nobody: add what can be found to the configuration.")
@call.option("--language", "What it is shown in: nb or en.", type=call.LANGUAGES)
@click.pass_context
def init(ctx: click.Context, question: str | None, yes: bool, language: Language | None) -> None:
    """Set it up: ask what is needed, and write config.toml.

    It offers what it finds in the shop and in PowerOffice. QUESTION is a number or a word of its
    screen: then that one is asked straight away.
    """
    call.interruptible()
    try:
        from woo2po.config import WrongSettings, load  # noqa: PLC0415
        from woo2po.setup import set_up  # noqa: PLC0415

        path = call.config_path(ctx)
        if not ctx.obj.get("config") and not path.exists():
            path = Path(call.CONFIG_NAME)
        path = path.expanduser().absolute()
        set_up(path, question or "", call.now, load, language_here(), language, yes)
    except (KeyboardInterrupt, click.Abort):  # before the first question, or without any
        raise End(3, say("init_stopped", language or language_here())) from None
    except WrongSettings as error:
        raise End(2, call.wrong_said(error, path)) from None


@click.command()
@call.AS_JSON
@call.option("--notify", "Send a trial to monitoring.notify; nothing else.")
@click.pass_context
def check(ctx: click.Context, as_json: bool, notify: bool) -> None:
    """Try everything that a run will need.

    It says what to do where something is amiss; with -v also what is well, line by line.
    """
    from woo2po import check as checking  # noqa: PLC0415
    from woo2po.config import WrongSettings  # noqa: PLC0415
    from woo2po.logs import hidden  # noqa: PLC0415
    from woo2po.report import json_text  # noqa: PLC0415

    if notify:
        _notified(call.settings_of(ctx))
    path, settings = call.config_path(ctx), call.loaded(ctx)
    language = call.spoken(ctx)
    if settings is None:
        checked = checking.not_usable(call.sought(ctx), ())
    elif isinstance(settings, WrongSettings):
        checked = checking.not_usable(str(path), settings.problems)
    else:
        work = partial(checking.check, settings, path, call.now)
        checked = call.asking(settings, work, call.LivingLine(ctx, language))
    if as_json:
        click.echo(hidden(json_text(checked.as_json(language))))
    else:
        call.out(hidden(checked.text(language, whole=call.asked(ctx, "verbose"))))
    ctx.exit(checked.exit_code)


def _notified(settings: "Settings") -> NoReturn:
    """Send a trial to everybody of `monitoring.notify`, and end."""
    from woo2po.news import tell as told  # noqa: PLC0415

    language, addresses = settings.language, settings.monitoring.notify
    if not addresses:
        raise InTheWay("notify_nobody")
    well = [told(settings, address, say("notify_trial", language)) for address in addresses]
    facts = {"n": str(well.count(True)), "all": str(len(well))}
    code, said = (0, say) if all(well) else (3, say_both)
    raise End(code, said("notify_tried", language, facts))


@click.command()
@click.argument("kind", type=click.Choice(KINDS), required=False)
@call.option("--install", "Put a timer in place: systemd's, else cron's.")
@call.option("--remove", "Take away the timer that --install put in place.")
@call.option("--yes", "Ask nothing.")
@call.option("--every", "How often: a whole part of an hour.", "MINUTES", default="5",
             type=click.Choice([str(n) for n in range(1, 61) if 60 % n == 0]))  # fmt: skip
@click.pass_context
def schedule(
    ctx: click.Context, kind: str | None, install: bool, remove: bool, yes: bool, every: str
) -> None:
    """Start the job every few minutes, or print what does.

    With a KIND it is printed, filled in for this shop: a crontab's line, units of systemd, a task
    of Windows.
    """
    from woo2po import schedule as timers  # noqa: PLC0415

    if [bool(kind), install, remove].count(True) != 1:
        raise click.UsageError("Give one of: a KIND, --install, --remove.")
    settings = call.settings_of(ctx)
    language, path = settings.language, call.config_path(ctx)
    names = [n for n in sorted(os.environ) if n.startswith("WOO2PO_") and n != "WOO2PO_CONFIG"]
    if names and not remove:
        facts = {"names": ", ".join(names)}
        call.tell(say_both("schedule_environment", language, facts), err=True)
    job = timers.job_of(path, settings, int(every))
    if kind:
        made = {"cron": lambda job: f"{timers.Cron(job).text}\n",
                "systemd": timers.units, "windows": timers.task}  # fmt: skip
        click.echo(made[kind](job), nl=False)
    elif remove:
        if timer := timers.timer_of(job):
            timer.remove()
        removed = f"✓ {say('schedule_removed', language)}"
        call.tell(removed if timer else say("schedule_none", language))
    else:
        new = timers.new_timer(job)
        click.echo(f"{new.text}\n")
        if not (yes or sys.stdin.isatty()):
            raise InTheWay("schedule_wants_yes")
        offered = word("yes", language)
        if yes or call.agrees("schedule_question", language, offered, n=every):
            call.tell(timers.started(new, settings, call.now()))
        else:
            call.tell(say_both("schedule_not_done", language))


@click.command()
@_language
def demo(language: Language) -> None:
    """Show the whole job on recorded orders.

    Both systems are built-in stand-ins: no account is needed.
    """
    from woo2po.demo import run_demo  # noqa: PLC0415

    call.interruptible()
    raise click.exceptions.Exit(run_demo(language))


@click.command()
@call.option("--shop-port", "The shop's port; 0: a free one.", "PORT", type=_PORT, default=8081)
@call.option("--go-port", "PowerOffice's port; 0: a free one.", "PORT", type=_PORT, default=8082)
@_language
def sandbox(shop_port: int, go_port: int, language: Language) -> None:
    """Serve built-in stand-ins for both systems.

    They answer on this machine alone, and are changed by hand: type help there.
    """
    from woo2po.demo import serve_sandbox  # noqa: PLC0415

    try:
        from woo2po.sandbox.serve import PortTaken  # noqa: PLC0415
    except ModuleNotFoundError:  # uvicorn comes with the extra
        raise End(2, say_both("sandbox_not_installed", language)) from None
    call.interruptible()
    try:
        serve_sandbox(shop_port, go_port, language)
    except PortTaken as error:
        facts = {"port": str(error.port), "said": error.said}
        raise End(2, say_both("port_taken", language, facts)) from None


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
        if yes is None:
            raise End(2, probing.REFUSED)
        name = call.asking(settings, lambda ways: probing.company_of(settings, ways)).strip()
        if yes.strip().casefold() != name.casefold() or not name:
            raise End(2, probing.ANOTHER.format(yes))
    if sys.stderr.isatty():
        call.tell(probing.BEGINS, err=True)
    # Its own requests go on when it is told to stop: what was made is to be taken away.
    work = partial(probing.probe, settings, call.now, left, connections=Connections())
    try:
        found = run_until_told(lambda stop: work(stop=stop), tidy=_TIDY)
    except ToldToStop:  # once more: what is left may still be there
        found = {"exit_code": 3, "called_off": True, **probing.left_json(left)}
    click.echo(hidden(json_text(found)))
    ctx.exit(found["exit_code"])
