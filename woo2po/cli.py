"""The command line: options to one call, its answer to text and exit code. No logic.

Each command imports its work itself, so that `--help` and an idle poll stay quick.
"""

import gc
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Coroutine, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from woo2po import __version__
from woo2po.messages import say, say_both
from woo2po.messages.message import Language

if TYPE_CHECKING:
    from woo2po.poll import Outcome
    from woo2po.settings import Settings

CONFIG_NAME = "config.toml"
_DAY = click.DateTime(["%Y-%m-%d"])
_FILE = click.Path(dir_okay=False, path_type=Path)


def main() -> NoReturn:
    """Run the command line; the one place where the process ends."""
    # Norwegian letters must come out whole where the console's own encoding has none.
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")
    code = _ended()
    if threading.active_count() > 1:
        # Python would wait for it: for a name server that does not answer, say.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    # Else all that was imported is searched for cycles on the way out: a tenth of an idle run.
    gc.freeze()
    sys.exit(code)


def _ended() -> int:
    """Do what was typed; return the exit code. No exception's text is shown: it may quote data."""
    try:
        return int(cli.main(standalone_mode=False) or 0)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        click.echo(say("run_interrupted", "en"), err=True)
        return 3
    except Exception as error:  # noqa: BLE001 (a person is told, in one place)
        from woo2po.logs import traceback_without_values  # noqa: PLC0415

        click.echo(traceback_without_values(error), err=True)
        click.echo(say_both("program_failed", "en", {"error": type(error).__name__}), err=True)
        return 3


def _now() -> datetime:
    return datetime.now(UTC)


def steady() -> Callable[[], datetime]:
    """Return a clock for one run: right as the machine's is now, and even from then on.

    The machine's may be set in the middle of a run, by days where it has just been started.
    """
    begun, start = datetime.now(UTC), time.monotonic()
    return lambda: begun + timedelta(seconds=time.monotonic() - start)


def _config_path(given: str | None) -> Path:
    if given:
        return Path(given)
    here = Path(CONFIG_NAME)
    return here if here.exists() else Path(click.get_app_dir("woo2po")) / CONFIG_NAME


def _settings(ctx: click.Context) -> "Settings":
    """Load the settings, or say which keys are wrong and end with 2."""
    from woo2po.logs import hide  # noqa: PLC0415
    from woo2po.settings import WrongSettings, exposed, load, secrets  # noqa: PLC0415

    path = _config_path(ctx.obj["config"])
    language: Language = "nb"
    if not path.exists():
        _end(2, say_both("no_config", language, {"path": str(path)}))
    try:
        settings = load(path)
    except WrongSettings as error:
        lines = [say("wrong_settings", language)]
        for problem in error.problems:
            value = f" = {problem.value!r}" if problem.value else ""
            lines.append(f"  {problem.key}{value}: {problem.expected}")
        _end(2, "\n".join(lines))
    hide(secrets(settings))
    for file in exposed(settings, path):
        click.echo(say_both("config_readable", settings.language, {"path": str(file)}), err=True)
    return settings


def _end(code: int, text: str) -> NoReturn:
    from woo2po.logs import hidden  # noqa: PLC0415
    from woo2po.report import wrapped  # noqa: PLC0415

    if text:
        click.echo(wrapped(hidden(text)), err=code in {2, 3})
    raise click.exceptions.Exit(code)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--config",
    envvar="WOO2PO_CONFIG",
    metavar="PATH",
    help="The configuration; else ./config.toml, then the user's config folder.",
)
@click.option("-v", "--verbose", is_flag=True, help="Log more.")
@click.version_option(__version__, prog_name="woo2po")
@click.pass_context
def cli(ctx: click.Context, config: str | None, verbose: bool) -> None:
    """Move a web shop's orders from WooCommerce into PowerOffice Go: once each, to the øre."""
    from woo2po.logs import set_up  # noqa: PLC0415

    set_up(verbose=verbose)
    ctx.obj = {"config": config, "verbose": verbose}


def _with_config(command: Callable[..., Any]) -> Callable[..., Any]:
    """Let --config stand behind the command's name too, where the contract writes it."""

    def keep(ctx: click.Context, _: click.Parameter, value: str | None) -> None:
        if value:
            ctx.obj["config"] = value

    return click.option(
        "--config", metavar="PATH", expose_value=False, callback=keep, help="The configuration."
    )(command)


@cli.command()
@_with_config
@click.option(
    "--dry-run", is_flag=True, help="Read both systems, write nothing, show what would be."
)
@click.option(
    "--order",
    "numbers",
    multiple=True,
    metavar="NUMBER",
    help="Transfer just this order (may be given again).",
)
@click.option("--limit", type=click.IntRange(min=1), help="Transfer at most so many orders.")
@click.pass_context
def run(ctx: click.Context, dry_run: bool, numbers: tuple[str, ...], limit: int | None) -> None:
    """Transfer what is new in the shop (the job that cron starts)."""
    from woo2po import poll  # noqa: PLC0415
    from woo2po.connections import Connections  # noqa: PLC0415
    from woo2po.stopping import Stop, ToldToStop, run_until_told  # noqa: PLC0415

    settings = _settings(ctx)

    def work(stop: Stop) -> Coroutine[Any, Any, poll.Outcome]:
        connections = Connections(stop=stop)
        if not dry_run:
            return poll.run(settings, steady(), wish=wish, connections=connections)
        from woo2po.preview import preview  # noqa: PLC0415

        return preview(settings, _now, wish, click.echo, connections)

    wish = poll.Wish(numbers, limit)
    try:
        outcome = run_until_told(work)
    except poll.WrongNumber as error:
        _end(2, say_both(error.code, settings.language, error.facts))
    except ToldToStop:
        _end(3, say("run_interrupted", settings.language))
    except Exception as error:
        if ctx.obj["verbose"]:
            raise  # to main, which shows where it was
        facts = {"error": type(error).__name__}
        _end(3, say_both("program_failed", settings.language, facts))
    if dry_run:
        outcome.counts.clear()  # said already, as what would be
    _end(outcome.exit_code, _outcome_text(outcome, settings.language, idle=not dry_run))


def _outcome_text(outcome: "Outcome", language: Language, *, idle: bool) -> str:
    from woo2po.report import summary_line  # noqa: PLC0415

    lines = [summary_line(outcome.counts, language)]
    for code, n in (
        ("orders_waiting", outcome.counts.get("waiting", 0) + outcome.counts.get("failed", 0)),
        ("orders_left", outcome.counts.get("left", 0)),
        ("orders_held", outcome.held),
    ):
        lines += [say(code, language, {"n": str(n)})] if n else []
    lines += [say_both(code, language, facts) for code, facts in outcome.warnings.items()]
    if outcome.problem:
        lines.append(say_both(outcome.problem, language, outcome.facts))
    lines.append(_newly_held(outcome, language))
    said = "\n".join(line for line in lines if line)
    return said or (say("run_idle", language) if idle else "")


def _newly_held(outcome: "Outcome", language: Language) -> str:
    """Return the last line of a run that holds orders which were not held before it."""
    from woo2po.report import fitted  # noqa: PLC0415

    numbers = outcome.newly_held
    if not numbers:
        return ""
    named = ", ".join(fitted(number, 12) for number in numbers[:3])
    facts = {"n": str(len(numbers)), "numbers": named + (" ..." if len(numbers) > 3 else "")}
    return say("newly_held", language, facts)


@cli.command()
@_with_config
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.option("--all", "all_orders", is_flag=True, help="All orders, not just the unfinished ones.")
@click.option(
    "--max-age",
    default=120,
    show_default=True,
    metavar="MINUTES",
    help="Exit 1 if the last good run is older.",
)
@click.pass_context
def status(ctx: click.Context, as_json: bool, all_orders: bool, max_age: int) -> None:
    """Show what is held and why, the last run, and counts."""
    from woo2po.status import status_of, status_text  # noqa: PLC0415
    from woo2po.store.database import StateError  # noqa: PLC0415

    settings = _settings(ctx)
    try:
        found = status_of(
            settings, _now(), all_orders=all_orders, max_age=timedelta(minutes=max_age)
        )
    except StateError as error:
        _end(error.exit_code, say_both(error.code, settings.language, error.facts))
    text = (
        json.dumps(found.as_json(), ensure_ascii=False, indent=1)
        if as_json
        else status_text(found, settings.language, all_orders=all_orders)
    )
    click.echo(text)
    raise click.exceptions.Exit(found.exit_code)


@cli.command()
@_with_config
@click.argument("number")
@click.pass_context
def show(ctx: click.Context, number: str) -> None:
    """Show one order: its history, its documents in PowerOffice, and what differs."""
    from woo2po.connections import Connections  # noqa: PLC0415
    from woo2po.show import show_order  # noqa: PLC0415
    from woo2po.stopping import Stop, ToldToStop, run_until_told  # noqa: PLC0415

    settings = _settings(ctx)

    def work(stop: Stop) -> Coroutine[Any, Any, int | None]:
        return show_order(settings, _now, number, click.echo, Connections(stop=stop))

    try:
        code = _changed(settings, lambda: run_until_told(work))
    except ToldToStop:
        _end(3, say("run_interrupted", settings.language))
    if code is None:
        _end(2, say_both("order_unknown_here", settings.language, {"number": number}))
    raise click.exceptions.Exit(code)


@cli.command()
@_with_config
@click.option("--from", "first", type=_DAY, help="The first day; else that of last month.")
@click.option("--to", "last", type=_DAY, help="The last day, counted; else the month's last.")
@click.option("--html", "page", type=_FILE, metavar="FILE", help="Write a page for people.")
@click.option("--csv", "sheet", type=_FILE, metavar="FILE", help="Write a file for Excel.")
@click.option("--lines", "every_line", is_flag=True, help="Read every invoice's lines (slow).")
@click.pass_context
def reconcile(
    ctx: click.Context,
    first: datetime | None,
    last: datetime | None,
    page: Path | None,
    sheet: Path | None,
    every_line: bool,
) -> None:
    """Prove a month: the shop's orders, refunds and payments against PowerOffice."""
    from woo2po import reconcile as proving  # noqa: PLC0415
    from woo2po.connections import Connections  # noqa: PLC0415
    from woo2po.stopping import ToldToStop, run_until_told  # noqa: PLC0415
    from woo2po.transport import RemoteError  # noqa: PLC0415

    settings = _settings(ctx)
    language, period = settings.language, proving.period_of(first, last, _now(), settings)
    if period.last < period.first:
        days = {"first": str(period.first), "last": str(period.last)}
        _end(2, say("reconcile_period_wrong", language, days))
    proved = partial(proving.reconcile, settings, _now, period, every_line=every_line)
    try:
        proof = run_until_told(lambda stop: proved(connections=Connections(stop=stop)))
        click.echo(proving.proof_text(proof, language))
        written = proving.write_files(proof, language, page, sheet)
    except RemoteError as error:
        _end(3, say_both(error.code, language, error.facts))
    except ToldToStop:
        _end(3, say("run_interrupted", language))
    except OSError as error:
        facts = {"path": str(error.filename), "error": error.strerror or ""}
        _end(3, say("reconcile_not_written", language, facts))
    for path in written:
        click.echo(say("reconcile_written", language, {"path": str(path)}))
    raise click.exceptions.Exit(int(not proof.agrees))


@cli.command()
@_with_config
@click.argument("numbers", nargs=-1)
@click.pass_context
def retry(ctx: click.Context, numbers: Sequence[str]) -> None:
    """Put held orders back in the queue: all, or those with these numbers."""
    from woo2po.status import retry as retry_orders  # noqa: PLC0415

    settings = _settings(ctx)
    n = _changed(settings, lambda: retry_orders(settings, numbers))
    click.echo(say("retried", settings.language, {"n": str(n)}))


@cli.command()
@_with_config
@click.argument("number")
@click.option("--reason", required=True, help="Why; kept with the order (no names, please).")
@click.pass_context
def skip(ctx: click.Context, number: str, reason: str) -> None:
    """Take an order out for good."""
    from woo2po.status import skip as skip_order  # noqa: PLC0415

    settings = _settings(ctx)
    _changed(settings, lambda: skip_order(settings, number, reason))
    click.echo(say("skipped_by_hand", settings.language, {"number": number}))


def _changed(settings: "Settings", change: Callable[[], Any]) -> Any:
    from woo2po.status import UnknownNumber  # noqa: PLC0415
    from woo2po.store.database import StateError  # noqa: PLC0415

    try:
        return change()
    except UnknownNumber as error:
        facts = {"number": error.number}
        _end(2, say_both("order_unknown_here", settings.language, facts))
    except StateError as error:
        _end(error.exit_code, say_both(error.code, settings.language, error.facts))


def _interruptible() -> None:
    """Let a signal be an exception, where there is something to clear away."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)


@cli.command()
@click.option("--language", type=click.Choice(["nb", "en"]), default="nb", show_default=True)
def demo(language: Language) -> None:
    """Show the whole job on recorded orders, against built-in stand-ins for both systems."""
    from woo2po.demo import run_demo  # noqa: PLC0415

    _interruptible()
    raise click.exceptions.Exit(run_demo(language))


@cli.command()
@click.option("--shop-port", type=click.IntRange(0, 65535), default=8081, show_default=True)
@click.option("--go-port", type=click.IntRange(0, 65535), default=8082, show_default=True)
@click.option("--language", type=click.Choice(["nb", "en"]), default="nb", show_default=True)
def sandbox(shop_port: int, go_port: int, language: Language) -> None:
    """Serve both built-in stand-ins on loopback, and change them by hand: type help there."""
    from woo2po.desk import serve_sandbox  # noqa: PLC0415
    from woo2po.sandbox.serve import PortTaken  # noqa: PLC0415

    _interruptible()
    try:
        serve_sandbox(shop_port, go_port, language)
    except PortTaken as error:
        facts = {"port": str(error.port), "said": error.said}
        _end(2, say_both("port_taken", language, facts))
