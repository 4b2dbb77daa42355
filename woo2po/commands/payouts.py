"""`payouts`: providers' settlement reports, read, matched and booked."""

from collections.abc import Callable, Coroutine
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from woo2po.commands.call import DAY, FILE, answer_of, end, now, settings_of, tell
from woo2po.messages import say, say_both

if TYPE_CHECKING:
    from woo2po.config import Settings
    from woo2po.messages.message import Language
    from woo2po.payouts import PayoutsOutcome, View
    from woo2po.stopping import Stop

_NAMES = ["vipps", "klarna", "nexi", "stripe", "woopayments", "paypal", "svea"]


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="[FILE]...")
@click.option("--fetch", is_flag=True, help="Ask the providers whose keys are set, too.")
@click.option("--from", "first", type=DAY, metavar="DAY", help="With --fetch: the first day.")
@click.option("--to", "last", type=DAY, metavar="DAY", help="With --fetch: the last day.")
@click.option("--provider", type=click.Choice(_NAMES), help="Whose they are; else by their heads.")
@click.option("--dry-run", is_flag=True, help="Book nothing, show what would be.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.option("--html", "page", type=FILE, metavar="FILE", help="Write a page to keep or to print.")
@click.pass_context
def payouts(
    ctx: click.Context,
    files: tuple[Path, ...],
    fetch: bool,
    first: datetime | None,
    last: datetime | None,
    provider: str | None,
    dry_run: bool,
    as_json: bool,
    page: Path | None,
) -> None:
    """Book payment providers' payouts, a voucher each.

    Reads the reports of Vipps, Klarna, Nexi, Stripe and others, and finds the order of every row.
    """
    from woo2po.connections import Connections  # noqa: PLC0415
    from woo2po.page import origin_of  # noqa: PLC0415
    from woo2po.payouts import PayoutsWish, showing  # noqa: PLC0415
    from woo2po.payouts import payouts as do_payouts  # noqa: PLC0415

    settings = settings_of(ctx)
    language = settings.language
    if not files and not fetch:
        end(2, say_both("payouts_no_files", language))
    able = settings.payouts.asked
    if fetch and (provider not in able if provider else not able):
        end(2, say_both("payouts_no_keys", language))
    days = (day and day.date() for day in (first, last))
    wish = PayoutsWish(files, provider or "", dry_run, fetch, *days)
    kept: list[View] = []
    object_ = showing.AsJson(language, lambda text: click.echo(text, nl=False))

    def emit(view: "View") -> None:
        if as_json:
            object_(view)
        else:
            click.echo(showing.text_of_view(view, language))
        if page is not None:
            kept.append(view)

    outcome = _outcome_of(
        lambda stop: do_payouts(settings, now, wish, emit, Connections(stop=stop)), settings, page
    )
    if as_json:
        object_.end(outcome)
    else:
        books = any(one.book for one in settings.payouts.providers.values())
        tell(showing.ending(outcome, language, books=books))
    if page is not None:
        origin = origin_of(settings, outcome.company, now())
        _write(page, showing.page(kept, outcome, language, origin), language)
    raise click.exceptions.Exit(outcome.exit_code)


def _write(path: Path, text: str, language: "Language") -> None:
    from woo2po.files import NotWritten, write_whole  # noqa: PLC0415

    try:
        write_whole(path, text.encode("utf-8", "replace"))
    except NotWritten as error:
        end(3, say_both(error.code, language, error.facts))
    click.echo(say("file_written", language, {"path": str(path)}), err=True)


def _outcome_of(
    work: "Callable[[Stop], Coroutine[Any, Any, PayoutsOutcome]]",
    settings: "Settings",
    page: Path | None,
) -> "PayoutsOutcome":
    """Do the work; what goes wrong with all of it ends the command."""
    import filelock  # noqa: PLC0415

    from woo2po.files import must_be_writable  # noqa: PLC0415
    from woo2po.payouts import Unreadable  # noqa: PLC0415
    from woo2po.stopping import run_until_told  # noqa: PLC0415

    def done() -> "PayoutsOutcome":
        if page is not None:
            must_be_writable(page)
        return run_until_told(work)

    language = settings.language
    try:
        return answer_of(language, done)
    except Unreadable as error:
        end(2, say_both(error.code, language, error.facts))
    except filelock.Timeout:
        end(3, say_both("payouts_another_run", language))
