"""`run`; and what became: `status`, `show`, `retry`, `skip`, `explain`, `move`, `reconcile`,
`payouts`.
"""

import re
import sys
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from itertools import repeat
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from woo2po import messages
from woo2po.commands import call
from woo2po.holds import End, InTheWay
from woo2po.messages import Language, figure_in, say, say_both, to_type, word
from woo2po.screen import here, language_here, painted

if TYPE_CHECKING:
    from woo2po.config import Settings
    from woo2po.news import News
    from woo2po.payouts import Payout
    from woo2po.record import RunOutcome
    from woo2po.run import Wish
    from woo2po.status import OrderStatus
    from woo2po.transfer import Onlooker

LATEST = date(9999, 10, 1)  # days go no further than two months from there


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
    from woo2po.logs import named  # noqa: PLC0415
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
        outcome = RunOutcome(3, problem="program_failed", facts={"error": named(error)})
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
    from woo2po.status import groups_text, held_orders, reason_lines  # noqa: PLC0415

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


@click.command()
@call.AS_JSON
@call.option("--all all_orders", "All orders, not just the unfinished ones.")
@call.option("--line", "One line on this shop, for a loop over many.")
@call.option("--max-age", "End with 1 if the last good run is older.", "MINUTES", default=120,
        type=click.IntRange(1, 10**7))  # fmt: skip
@click.pass_context
def status(ctx: click.Context, as_json: bool, all_orders: bool, line: bool, max_age: int) -> None:
    """Show whether the job runs, what is held, and what to do next."""
    from woo2po import config, report, schedule  # noqa: PLC0415
    from woo2po.status import status_line, status_of, status_text  # noqa: PLC0415

    at, oldest = call.now(), timedelta(minutes=max_age)
    if line and (as_json or all_orders):
        raise click.UsageError("Give one of: --line, --json or --all.")
    if line:
        path = call.config_path(ctx)
        text, code = status_line(path, config.load, at, oldest, language_here())
        click.echo(text)
        ctx.exit(code)
    settings = call.settings_of(ctx)
    found = status_of(settings, at, all_orders=all_orders, max_age=oldest)
    if as_json:
        rows = (one.as_json() for one in found.orders)
        for part in report.listed(found.as_json(), "orders", rows):
            click.echo(part, nl=False)
    else:
        timer = schedule.timer_said(call.config_path(ctx), settings, at)
        language, zone = settings.language, settings.woocommerce.timezone
        call.out(status_text(found, language, at, zone, all_orders=all_orders, timer=timer))
    ctx.exit(found.exit_code)


@click.command()
@click.argument("number", type=call.order_number)
@click.pass_context
def show(ctx: click.Context, number: str) -> None:
    """Show one order, and what differs in PowerOffice.

    Its history, its documents there, and the differences.
    """
    from woo2po.show import show_order  # noqa: PLC0415

    settings = call.settings_of(ctx)
    code = call.asking(settings, partial(show_order, settings, call.now, number, call.out))
    if code is None:
        raise InTheWay("order_unknown_here", number=number, order=to_type(number))
    ctx.exit(code)


@click.command()
@click.argument("numbers", nargs=-1, type=call.order_number)
@click.pass_context
def retry(ctx: click.Context, numbers: Sequence[str]) -> None:
    """Put held orders back in the queue.

    All, or those with these numbers.
    """
    from woo2po.status import retry as retry_orders  # noqa: PLC0415

    settings = call.settings_of(ctx)
    n = retry_orders(settings, numbers)
    call.tell(say_both("retried" if n else "retried_none", settings.language, {"n": str(n)}))


@click.command()
@click.argument("number", type=call.order_number)
@call.option("--reason", "Why; kept with the order (no names, please).", "TEXT")
@call.option("--undo", "Bring it back into the queue instead.")
@call.option("--yes", "Ask nothing: also for an order that is not held.")
@click.pass_context
def skip(ctx: click.Context, number: str, reason: str | None, undo: bool, yes: bool) -> None:
    """Take an order out for good.

    It asks first. Elsewhere than at a terminal, --yes is needed for an order that is not held.
    """
    from woo2po import status as orders  # noqa: PLC0415

    asks = sys.stdin.isatty()
    if not (reason or undo or asks):
        raise click.MissingParameter(param_type="option", param_hint="'--reason'")
    settings = call.settings_of(ctx)
    language, facts = settings.language, {"number": number, "order": to_type(number)}
    if undo:
        n = orders.take_back(settings, number)
        call.tell(say("taken_back" if n else "taken_back_none", language, facts))
        return
    chosen = orders.to_skip(settings, number)
    if not yes and asks and not _agreed(chosen, language):
        call.tell(say("skip_not_done", language, facts))
        return
    if not (yes or asks) and not any(order.state == "held" for order in chosen):
        raise InTheWay("skip_not_held", **facts)
    reason = reason or click.prompt(say("skip_why", language), prompt_suffix=" ", err=True)
    orders.skip(settings, number, reason)
    call.tell(say_both("skipped_by_hand", language, facts))


def _agreed(chosen: "Sequence[OrderStatus]", language: Language) -> bool:
    """Show what would be taken out, and ask; no is what Enter means."""
    for order in chosen:
        is_credit = (order.total or "").startswith("-")
        document = word("credit_note" if is_credit else "invoice", language)
        state = "credited" if is_credit and order.state == "invoiced" else order.state
        said = [order.number, figure_in(order.total or "", language), word(state, language)]
        said += [f"{document} {order.invoice_no}"] if order.invoice_no else []
        call.tell("  " + " · ".join(filter(None, said)), err=True)
    return call.agrees("skip_question", language, word("no", language))


@click.command()
@click.argument("code", required=False)
@call.option(
    "--language asked", "What it is shown in; else the configuration's.", type=call.LANGUAGES
)
@click.pass_context
def explain(ctx: click.Context, code: str | None, asked: Language | None) -> None:
    """Explain a code that `status` shows in brackets.

    What it means, and what to do; without a code all of them are listed.
    """
    call.loaded(ctx)  # it tells its language, right or wrong as it may be
    language = asked or call.spoken(ctx)
    if code is None:
        call.out(_all_codes(language))
        return
    code = code.strip("[]").lower()
    try:
        sentence, (do, run) = say(code, language), messages.remedies(code, language)
    except KeyError:
        from difflib import get_close_matches  # noqa: PLC0415

        like = get_close_matches(
            code, [known for name in messages.AREAS for known in messages.load(name)], cutoff=0.7
        )
        wrong = "explain_no_code_like" if like else "explain_no_code"
        facts = {"code": code, "like": ", ".join(like)}
        raise End(2, say_both(wrong, language, facts)) from None
    call.tell(sentence)
    for heading, text in (("explain_do", do), ("explain_run", run)):
        if text:
            call.tell(f"\n{say(heading, language)}\n{text}")


def _all_codes(language: Language) -> str:
    from woo2po.report import fitted  # noqa: PLC0415

    blocks = []
    for name in messages.AREAS:
        codes = [code for code, its in messages.load(name).items() if {"do", "run"} & its.keys()]
        said = (f"{code}: {say(code, language)}" for code in codes)
        lines = [f"  {fitted(text, here().columns - 2)}" for text in said]
        blocks += ["\n".join([word(name, language, "areas"), *lines])] if codes else []
    return "\n\n".join(blocks)


@click.command()
@call.option("--from address", "Where the shop was.", "ADDRESS", required=True)
@click.pass_context
def move(ctx: click.Context, address: str) -> None:
    """Go on with a shop that has moved to another address.

    Set woocommerce.url to the new address first; nothing is booked twice.
    """
    from woo2po.move import move as go_on  # noqa: PLC0415

    settings, path = call.settings_of(ctx), call.config_path(ctx)
    if not address.strip():
        raise click.UsageError("Give the address that the shop had.")
    n = call.asking(settings, lambda ways: go_on(settings, path, address, ways))
    call.tell(say_both("moved", settings.language, {"n": str(n)}))


def _term(value: str) -> date:
    """Return the first day of a term of the VAT return, two months, told as 5/2026."""
    found = re.fullmatch(r"([1-6])/(20\d\d)", value)
    if found is None:
        raise click.UsageError("Write the term as 5/2026: from 1 to 6, and the year.")
    return date(int(found[2]), 2 * int(found[1]) - 1, 1)


@click.command()
@call.option(
    "--from first", "The first day, with --to; else that of last month.", "DAY", type=call.DAY
)
@call.option("--to last", "The last day, counted.", "DAY", type=call.DAY)
@call.option("--month", "As 2026-10.", "MONTH", type=click.DateTime(["%Y-%m", "%m.%Y"]))
@call.option("--term", "A term of the VAT return, as 5/2026.", "TERM", type=_term)
@call.option("--html page", "Write a page to keep or to print.", "[FILE]", type=call.FILE,
             is_flag=False, flag_value=".html")  # fmt: skip
@call.option("--csv sheet", "Write files for Excel, one for each part.", "[FILE]", type=call.FILE,
             is_flag=False, flag_value=".csv")  # fmt: skip
@click.pass_context
def reconcile(
    ctx: click.Context, first: datetime | None, last: datetime | None, month: datetime | None,
    term: date | None, page: Path | None, sheet: Path | None,
) -> None:  # fmt: skip
    """Prove a month: the shop against PowerOffice, to the øre.

    Every order, refund and payment, with what is missing on either side.
    """
    from woo2po import proof as proving  # noqa: PLC0415
    from woo2po.files import must_be_writable  # noqa: PLC0415

    if sum(map(bool, (first, month, term))) > 1 or bool(first) != bool(last):
        raise click.UsageError("Give one period: --month, --term, or --from and --to.")
    settings = call.settings_of(ctx)
    language = settings.language
    today = settings.day_of(call.now())
    before = today.replace(day=1) - timedelta(days=1)
    begins = term or (month.date() if month else before)
    period = proving.months(min(begins, LATEST), 1 + bool(term))
    if first and last:
        period = proving.Period(first.date(), last.date())
    if period.last < period.first or period.first > today:
        wrong = "reconcile_period_wrong" if period.last < period.first else "reconcile_ahead"
        raise InTheWay(wrong, first=period.first, last=period.last, today=today)
    name = f"{word('file', language, 'proof')}-{period.first}-{period.last}"
    named = {Path(kind): Path(f"{name}{kind}") for kind in (".html", ".csv")}
    page, sheet = (named.get(file, file) if file else None for file in (page, sheet))
    for file in filter(None, (page, sheet)):
        must_be_writable(file)
    work = partial(proving.reconcile, settings, call.now, period)
    proof = call.asking(settings, work, call.LivingLine(ctx, language))
    call.out(proving.proof_text(proof, language))
    for path in proving.write_files(proof, language, page, sheet):
        click.echo(say("file_written", language, {"path": str(path)}))
    ctx.exit(int(not proof.agrees))


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
    ctx: click.Context, files: tuple[Path, ...], fetch: bool, first: datetime | None,
    last: datetime | None, provider: str | None, skip: str | None, dry_run: bool, as_json: bool,
    page: Path | None,
) -> None:  # fmt: skip
    """Book payment providers' payouts, a voucher each.

    Reads the reports of Vipps, Klarna, Nexi, Stripe and others, and finds the order of every row.
    """
    from woo2po.files import must_be_writable, write_whole  # noqa: PLC0415
    from woo2po.page import origin_of  # noqa: PLC0415
    from woo2po.payouts import PayoutsWish, set_aside, showing  # noqa: PLC0415
    from woo2po.payouts import payouts as do_payouts  # noqa: PLC0415

    settings = call.settings_of(ctx)
    language, able = settings.language, settings.payouts.asked
    if skip:
        aside = set_aside(settings, skip, call.now())
        said = {True: "payouts_set_aside", False: "payouts_brought_back", None: "payouts_not_held"}
        raise End(0 if aside is not None else 2, say_both(said[aside], language, {"id": skip}))
    for wrong, code in (
        (not files and not fetch, "payouts_no_files"),
        (fetch and (provider not in able if provider else not able), "payouts_no_keys"),
        ((first or last) and not fetch, "payouts_days"),
        (first and last and first > last, "payouts_days"),
    ):
        if wrong:
            raise InTheWay(code)
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
        must_be_writable(page)
    outcome = call.asking(settings, lambda ways: do_payouts(settings, call.now, wish, emit, ways))
    if as_json:
        click.echo(next(lead, "") + showing.end_of_json(outcome, language))
    else:
        call.tell(showing.ending(outcome, settings))
    if page is not None:
        origin = origin_of(settings, outcome.company, call.now())
        made = showing.page(kept, outcome, language, origin)
        write_whole(page, made.encode("utf-8", "replace"))
        click.echo(say("file_written", language, {"path": str(page)}), err=True)
    ctx.exit(outcome.exit_code)
