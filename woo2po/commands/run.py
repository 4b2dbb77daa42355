"""`run`, and its preview."""

import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from woo2po.commands.call import FILE, end, now, settings_of, steady, tell, with_config
from woo2po.messages import say, say_both
from woo2po.messages.message import Language, word

if TYPE_CHECKING:
    from woo2po.config import Settings
    from woo2po.run import RunOutcome
    from woo2po.stopping import Stop
    from woo2po.transfer import Onlooker


@click.command()
@with_config
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
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    metavar="NUMBER",
    help="Transfer at most so many orders (from 1).",
)
@click.option(
    "--html",
    "page",
    type=FILE,
    metavar="FILE",
    help="With --dry-run: write a page to look through or print.",
)
@click.option("--json", "as_json", is_flag=True, help="With --dry-run: for programs.")
@click.option("--details", is_flag=True, help="With --dry-run: every order with its lines.")
@click.pass_context
def run(
    ctx: click.Context,
    dry_run: bool,
    numbers: tuple[str, ...],
    limit: int | None,
    page: Path | None,
    as_json: bool,
    details: bool,
) -> None:
    """Transfer what is new in the shop (the job that cron starts)."""
    from woo2po.connections import Connections  # noqa: PLC0415
    from woo2po.run import Wish  # noqa: PLC0415
    from woo2po.run import run as do_run  # noqa: PLC0415

    settings, verbose = settings_of(ctx), ctx.obj["verbose"]
    _name_what_is_not_needed(settings)
    if (page or as_json or details) and not dry_run:
        option = "--html" if page else "--json" if as_json else "--details"
        end(2, say_both("needs_dry_run", settings.language, {"option": option}))

    onlooker, clear = _living_line(settings.language, dry_run=dry_run, verbose=verbose)

    def echo(text: str) -> None:
        clear()
        click.echo(text)

    async def work(stop: "Stop") -> "RunOutcome":
        connections, wish = Connections(stop=stop), Wish(numbers, limit)
        try:
            if not dry_run:
                return await do_run(
                    settings, steady(), wish=wish, connections=connections, onlooker=onlooker
                )
            from woo2po.preview.showing import show_preview  # noqa: PLC0415

            return await show_preview(
                settings,
                now,
                wish,
                echo,
                file=page,
                as_json=as_json,
                details=details,
                connections=connections,
                onlooker=onlooker,
            )
        finally:
            clear()

    outcome = _outcome_of(work, settings.language, shows=dry_run, verbose=verbose)
    if as_json:
        raise click.exceptions.Exit(outcome.exit_code)  # all is said in the object
    if dry_run:
        outcome.counts.clear()  # said already, as what would be
        outcome.held = 0
    end(outcome.exit_code, _outcome_text(outcome, settings.language, idle=not dry_run))


def _name_what_is_not_needed(settings: "Settings") -> None:
    """Name keys that have no meaning any more, in the log; at a terminal, which has none, there."""
    import structlog  # noqa: PLC0415

    for name in settings.not_needed:
        structlog.get_logger().warning("not_needed_any_more", key=name)
    if settings.not_needed and sys.stderr.isatty():
        facts = {"keys": ", ".join(settings.not_needed)}
        tell(say("check_not_needed", settings.language, facts), err=True)


def _living_line(
    language: Language, *, dry_run: bool, verbose: bool
) -> "tuple[Onlooker | None, Callable[[], None]]":
    """Return who shows on one line of the terminal how far a run is, and what clears that line.

    None without a terminal; nor with the log there, which would tear it.
    """
    if verbose or not sys.stderr.isatty():
        return None, lambda: None
    from woo2po.screen import shown  # noqa: PLC0415
    from woo2po.transfer import Onlooker  # noqa: PLC0415

    class Living(Onlooker):
        width = passes = 0

        def begun(self, done: int, of: int) -> None:
            self.passes += done == 1  # those that are invoiced by now have a turn again
            name = "looking_at" if dry_run else "transferring"
            what = word(name if self.passes == 1 else "what_follows", language)
            self.write(shown(f"{what} {done}/{of}"))

        def write(self, line: str) -> None:
            click.echo(f"\r{line:{self.width}}", nl=False, err=True)
            self.width = len(line)

        def clear(self) -> None:
            if self.width:
                self.write("")
                click.echo("\r", nl=False, err=True)

    living = Living()
    return living, living.clear


def _outcome_of(
    work: "Callable[[Stop], Coroutine[Any, Any, RunOutcome]]",
    language: Language,
    *,
    shows: bool,
    verbose: bool,
) -> "RunOutcome":
    """Do the work until it is told to stop; what went wrong with all of it ends the command.

    `shows`: it prints as it goes, and does nothing else.
    """
    from woo2po.files import NotWritten  # noqa: PLC0415
    from woo2po.pull import WrongNumber  # noqa: PLC0415
    from woo2po.stopping import ToldToStop, run_until_told  # noqa: PLC0415

    try:
        return run_until_told(work)
    except WrongNumber as error:
        end(2, say_both(error.code, language, error.facts))
    except ToldToStop:
        end(3, say("run_interrupted", language))
    except NotWritten as error:
        end(3, say_both(error.code, language, error.facts))
    except Exception as error:
        if shows and isinstance(error, BrokenPipeError):
            raise  # `woo2po run --dry-run | head`: whoever read has read enough
        if verbose:
            raise  # to main, which shows where it was
        facts = {"error": type(error).__name__}
        end(3, say_both("program_failed", language, facts))


def _outcome_text(outcome: "RunOutcome", language: Language, *, idle: bool) -> str:
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


def _newly_held(outcome: "RunOutcome", language: Language) -> str:
    """Return the last line of a run that holds orders which were not held before it."""
    from woo2po.report import fitted  # noqa: PLC0415

    numbers = outcome.newly_held
    if not numbers:
        return ""
    named = ", ".join(fitted(number, 12) for number in numbers[:3])
    facts = {"n": str(len(numbers)), "numbers": named + (" ..." if len(numbers) > 3 else "")}
    return say("newly_held", language, facts)
