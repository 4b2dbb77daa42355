"""`run`, and its preview."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from woo2po.commands import call
from woo2po.holds import End, InTheWay
from woo2po.messages import Language, say, say_both, word
from woo2po.screen import painted

if TYPE_CHECKING:
    from woo2po.config import Settings
    from woo2po.news import News
    from woo2po.record import RunOutcome
    from woo2po.run import Wish
    from woo2po.transfer import Onlooker


@click.command()
@call.option("--dry-run", "Read both systems, write nothing, show what would be.")
@call.option("--order numbers", "Transfer just this order (may be given again).", "NUMBER",
             type=call.order_number, multiple=True)  # fmt: skip
@call.option(
    "--limit", "Transfer at most so many orders (from 1).", "NUMBER", type=click.IntRange(min=1)
)
@call.option(
    "--html page", "With --dry-run: write a page to look through or print.", "[FILE]",
    type=call.FILE, is_flag=False, flag_value="preview.html",
)  # fmt: skip
@call.option("--json as_json", "With --dry-run: for programs.")
@call.option("--details", "With --dry-run: every order with its lines.")
@call.option("--log-file", "Where the log goes; it begins anew at 5 MB.", "FILE", type=call.FILE)
@click.pass_context
def run(
    ctx: click.Context, dry_run: bool, numbers: tuple[str, ...], limit: int | None,
    page: Path | None, as_json: bool, details: bool, log_file: Path | None,
) -> None:  # fmt: skip
    """Transfer what is new in the shop (the job that cron starts).

    Elsewhere than at a terminal it tells only what is new: orders held, failures, recovery.
    """
    import structlog  # noqa: PLC0415

    from woo2po.run import Wish  # noqa: PLC0415

    settings = call.settings_of(ctx, log_file)
    for name in settings.not_needed:  # in the log; at a terminal, which has none, there
        structlog.get_logger().warning("not_needed_any_more", key=name)
    if settings.not_needed and sys.stderr.isatty():
        facts = {"keys": ", ".join(settings.not_needed)}
        call.tell(say("check_not_needed", settings.language, facts), err=True)
    for given, option in ((page, "--html"), (as_json, "--json"), (details, "--details")):
        if given and not dry_run:
            raise InTheWay("needs_dry_run", option=option)
    if dry_run:
        _preview(ctx, settings, Wish(numbers, limit), page, as_json, details or None)
    _transfer(ctx, settings, Wish(numbers, limit))


def _transfer(ctx: click.Context, settings: "Settings", wish: "Wish") -> NoReturn:
    from woo2po.http import RemoteError  # noqa: PLC0415
    from woo2po.news import News, news_of, notify  # noqa: PLC0415
    from woo2po.record import RunOutcome  # noqa: PLC0415
    from woo2po.run import Errand, run  # noqa: PLC0415

    language, living = settings.language, call.LivingLine(ctx, settings.language)
    onlooker, verbose = _onlooker(living, language, "transferring"), call.asked(ctx, "verbose")
    try:
        outcome = call.asking(settings, lambda ways: run(
            Errand(settings, call.steady(), wish, ways, onlooker)), living)  # fmt: skip
    except (InTheWay, RemoteError):
        raise
    except Exception as error:
        if verbose:
            raise  # to main, which shows where it was
        facts = {"error": type(error).__name__}
        outcome = RunOutcome(3, problem="program_failed", facts=facts)
    # A run for a few orders is a person's, and says nothing of how the job is.
    news = News() if wish.numbers else news_of(settings, outcome)
    unheard = notify(settings, news)
    speaks = (sys.stdout.isatty() or verbose or wish.numbers) and not call.asked(ctx, "quiet")
    text = _told(outcome, settings, None if speaks else news)
    if unheard:
        text = f"{text}\n{say_both('notify_failed', language, {'n': str(unheard)})}"
    raise End(outcome.exit_code, text.strip("\n"))


def _preview(
    ctx: click.Context, settings: "Settings", wish: "Wish", page: Path | None, as_json: bool,
    details: bool | None,
) -> NoReturn:  # fmt: skip
    from woo2po.preview.shown import show_preview  # noqa: PLC0415

    language, living = settings.language, call.LivingLine(ctx, settings.language)
    onlooker = _onlooker(living, language, "looking_at")

    def echo(text: str) -> None:
        living.clear()
        click.echo(text if as_json else painted(text))

    outcome = call.asking(settings, lambda ways: show_preview(
        settings, call.now, wish, echo, file=page, as_json=as_json, details=details,
        connections=ways, onlooker=onlooker), living)  # fmt: skip
    if as_json:
        ctx.exit(outcome.exit_code)  # all is said in the object
    raise End(outcome.exit_code, _troubles(outcome, language, outcome.warnings))


def _onlooker(living: call.LivingLine, language: Language, does: str) -> "Onlooker | None":
    """Return who shows how far a run is with what it does; None where nobody looks."""
    if not living.lives:
        return None
    from woo2po.transfer import Onlooker  # noqa: PLC0415

    class Looking(Onlooker):
        passes = 0

        def begun(self, done: int, of: int) -> None:
            self.passes += done == 1  # those that are invoiced by now have a turn again
            what = word(does if self.passes == 1 else "what_follows", language)
            living.write(f"{what} {done}/{of}")

    return Looking()


def _told(outcome: "RunOutcome", settings: "Settings", news: "News | None") -> str:
    """Return what a person reads; of the `news`, what cron should mail: that, and every failure."""
    from woo2po.report import fitted, summary_line  # noqa: PLC0415
    from woo2po.status import held_orders  # noqa: PLC0415
    from woo2po.status_screen import groups_text, reason_lines  # noqa: PLC0415

    counts, language = outcome.counts, settings.language
    counted = {"orders_waiting": counts.get("waiting", 0) + counts.get("failed", 0)}
    if news is None:
        first, why = summary_line(counts, language), ""
        counted |= {"orders_left": counts.get("left", 0), "orders_held": outcome.held}
        if outcome.held:
            why = "\n".join(reason_lines(held_orders(settings)[1], language))
        troubles = [why, _troubles(outcome, language, outcome.warnings)]
    elif outcome.problem == "another_run":
        return ""
    else:
        first = say("works_again", language) if news.works_again else ""
        why = groups_text(news.held, language)
        troubles = [_troubles(outcome, language, news.warnings or {}), why]
    lines = [f"✓ {first}"] if first else []
    lines += [f"! {say(code, language, {'n': str(n)})}" for code, n in counted.items() if n]
    if numbers := outcome.newly_held:
        named = ", ".join(fitted(number, 12) for number in numbers[:3])
        facts = {"n": str(len(numbers)), "numbers": named + (" ..." if len(numbers) > 3 else "")}
        troubles.append(say("newly_held", language, facts))
    said = "\n".join(filter(None, [*lines, *troubles]))
    return said or ("" if news is not None else f"✓ {say('run_idle', language)}")


def _troubles(
    outcome: "RunOutcome", language: Language, warnings: Mapping[str, Mapping[str, str]]
) -> str:
    lines = [f"! {say_both(code, language, facts)}" for code, facts in warnings.items()]
    if outcome.problem == "another_run":
        lines.append(f"! {say(outcome.problem, language)}")
    elif outcome.problem:
        lines.append(f"✗ {say_both(outcome.problem, language, outcome.facts)}")
    return "\n".join(lines)
