"""`payouts`: providers' settlement reports, read, matched and booked."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from itertools import repeat
from pathlib import Path
from typing import TYPE_CHECKING

import click

from woo2po.commands import call
from woo2po.messages import say, say_both

if TYPE_CHECKING:
    from woo2po.config import Settings
    from woo2po.payouts import Payout, PayoutsOutcome

_NAMES = ["vipps", "klarna", "nexi", "stripe", "woopayments", "paypal", "svea"]


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="[FILE]...")
@call.option("--fetch", "Ask the providers whose keys are set, too.")
@call.option("--from first", "With --fetch: the first day.", "DAY", type=call.DAY)
@call.option("--to last", "With --fetch: the last day.", "DAY", type=call.DAY)
@call.option("--provider", "Whose they are; else by their heads.", type=click.Choice(_NAMES))
@call.option(
    "--skip", "Set one that is held aside, once it is booked by hand; or bring it back.", "ID"
)
@call.option("--dry-run", "Book nothing, show what would be.")
@call.AS_JSON
@call.option("--html page", "Write a page to keep or to print.", "FILE", type=call.FILE)
@click.pass_context
def payouts(
    ctx: click.Context,
    files: tuple[Path, ...],
    fetch: bool,
    first: datetime | None,
    last: datetime | None,
    provider: str | None,
    skip: str | None,
    dry_run: bool,
    as_json: bool,
    page: Path | None,
) -> None:
    """Book payment providers' payouts, a voucher each.

    Reads the reports of Vipps, Klarna, Nexi, Stripe and others, and finds the order of every row.
    """
    from woo2po.files import must_be_writable  # noqa: PLC0415
    from woo2po.payouts import PayoutsWish, set_aside, showing  # noqa: PLC0415
    from woo2po.payouts import payouts as do_payouts  # noqa: PLC0415

    settings = call.settings_of(ctx)
    language, able = settings.language, settings.payouts.asked
    if skip:
        aside = call.answer_of(language, partial(set_aside, settings, skip))
        said = {"yes": "payouts_set_aside", "": "payouts_brought_back", None: "payouts_not_held"}
        call.end(0 if aside is not None else 2, say_both(said[aside], language, {"id": skip}))
    for wrong, code in (
        (not files and not fetch, "payouts_no_files"),
        (fetch and (provider not in able if provider else not able), "payouts_no_keys"),
        ((first or last) and not fetch, "payouts_days"),
        (first and last and first > last, "payouts_days"),
    ):
        if wrong:
            call.end(2, say_both(code, language))
    days = (day and day.date() for day in (first, last))
    wish = PayoutsWish(files, provider or "", dry_run, fetch, *days)
    show = showing.json_of if as_json else showing.text_of
    lead = iter(showing.JSON_BEGINS if as_json else repeat(""))
    kept: list[Payout] = []

    def emit(payout: "Payout") -> None:
        click.echo(next(lead, ",") + show(payout, language))
        if page is not None:
            kept.append(payout)

    if page is not None:
        call.answer_of(language, partial(must_be_writable, page))
    outcome = call.asking(settings, lambda ways: do_payouts(settings, call.now, wish, emit, ways))
    if as_json:
        click.echo(next(lead, "") + showing.end_of_json(outcome, language))
    else:
        call.tell(showing.ending(outcome, settings))
    if page is not None:
        _write(page, settings, kept, outcome)
    raise click.exceptions.Exit(outcome.exit_code)


def _write(
    path: Path, settings: "Settings", payouts: "Sequence[Payout]", outcome: "PayoutsOutcome"
) -> None:
    from woo2po.files import write_whole  # noqa: PLC0415
    from woo2po.page import origin_of  # noqa: PLC0415
    from woo2po.payouts.showing import page  # noqa: PLC0415

    origin = origin_of(settings, outcome.company, call.now())
    made = page(payouts, outcome, settings.language, origin).encode("utf-8", "replace")
    call.answer_of(settings.language, lambda: write_whole(path, made))
    click.echo(say("file_written", settings.language, {"path": str(path)}), err=True)
