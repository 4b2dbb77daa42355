"""`run`, and its preview."""

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from woo2po.commands.call import FILE, end, now, settings_of, steady, with_config
from woo2po.messages import say, say_both
from woo2po.messages.message import Language

if TYPE_CHECKING:
    from woo2po.run import RunOutcome
    from woo2po.stopping import Stop


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
@click.pass_context
def run(
    ctx: click.Context,
    dry_run: bool,
    numbers: tuple[str, ...],
    limit: int | None,
    page: Path | None,
    as_json: bool,
) -> None:
    """Transfer what is new in the shop (the job that cron starts)."""
    import structlog  # noqa: PLC0415

    from woo2po.connections import Connections  # noqa: PLC0415
    from woo2po.run import Wish  # noqa: PLC0415
    from woo2po.run import run as do_run  # noqa: PLC0415

    settings = settings_of(ctx)
    for name in settings.not_needed:
        structlog.get_logger().warning("not_needed_any_more", key=name)
    if (page or as_json) and not dry_run:
        option = {"option": "--html" if page else "--json"}
        end(2, say_both("needs_dry_run", settings.language, option))

    def work(stop: "Stop") -> "Coroutine[Any, Any, RunOutcome]":
        connections, wish = Connections(stop=stop), Wish(numbers, limit)
        if not dry_run:
            return do_run(settings, steady(), wish=wish, connections=connections)
        from woo2po.preview.showing import show_preview  # noqa: PLC0415

        return show_preview(
            settings, now, wish, click.echo, file=page, as_json=as_json, connections=connections
        )

    verbose = ctx.obj["verbose"]
    outcome = _outcome_of(work, settings.language, shows=dry_run, verbose=verbose)
    if as_json:
        raise click.exceptions.Exit(outcome.exit_code)  # all is said in the object
    if dry_run:
        outcome.counts.clear()  # said already, as what would be
    end(outcome.exit_code, _outcome_text(outcome, settings.language, idle=not dry_run))


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
    from woo2po.run import WrongNumber  # noqa: PLC0415
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
