"""`status`, `show`, `retry` and `skip`: orders that are known here."""

from collections.abc import Callable, Coroutine, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import click

from woo2po.commands.call import end, now, settings_of, tell, with_config
from woo2po.commands.shops import show_shops
from woo2po.commands.spoken import command
from woo2po.messages import say, say_both

if TYPE_CHECKING:
    from woo2po.settings import Settings


@command()
@with_config
@click.option("--json", "as_json", is_flag=True)
@click.option("--all", "below", is_flag=False, flag_value="", metavar="[DIR]")
@click.option(
    "--max-age",
    default=120,
    show_default=True,
    metavar="MINUTES",
)
@click.pass_context
def status(ctx: click.Context, as_json: bool, below: str | None, max_age: int) -> None:
    """Show what is held and why, the last run, and counts."""
    if below:
        show_shops(below, as_json=as_json, max_age=max_age)
    from woo2po.report import json_text  # noqa: PLC0415
    from woo2po.status import status_of  # noqa: PLC0415
    from woo2po.status_screen import status_text  # noqa: PLC0415
    from woo2po.store.database import StateError  # noqa: PLC0415

    settings, all_orders = settings_of(ctx), below is not None
    try:
        at, oldest = now(), timedelta(minutes=max_age)
        found = status_of(settings, at, all_orders=all_orders, max_age=oldest)
    except StateError as error:
        end(error.exit_code, say_both(error.code, settings.language, error.facts))
    text = (
        json_text(found.as_json())
        if as_json
        else status_text(
            found, settings.language, at, settings.woocommerce.timezone, all_orders=all_orders
        )
    )
    click.echo(text)
    raise click.exceptions.Exit(found.exit_code)


@command()
@with_config
@click.argument("number")
@click.pass_context
def show(ctx: click.Context, number: str) -> None:
    """Show one order: its history, its documents in PowerOffice, and what differs."""
    from woo2po.connections import Connections  # noqa: PLC0415
    from woo2po.show import show_order  # noqa: PLC0415
    from woo2po.stopping import Stop, ToldToStop, run_until_told  # noqa: PLC0415

    settings = settings_of(ctx)

    def work(stop: Stop) -> Coroutine[Any, Any, int | None]:
        return show_order(settings, now, number, click.echo, Connections(stop=stop))

    try:
        code = _changed(settings, lambda: run_until_told(work))
    except ToldToStop:
        end(3, say("run_interrupted", settings.language))
    if code is None:
        end(2, say_both("order_unknown_here", settings.language, {"number": number}))
    raise click.exceptions.Exit(code)


@command()
@with_config
@click.argument("numbers", nargs=-1)
@click.pass_context
def retry(ctx: click.Context, numbers: Sequence[str]) -> None:
    """Put held orders back in the queue: all, or those with these numbers."""
    from woo2po.status import retry as retry_orders  # noqa: PLC0415

    settings = settings_of(ctx)
    n = _changed(settings, lambda: retry_orders(settings, numbers))
    tell(say("retried" if n else "retried_none", settings.language, {"n": str(n)}))


@command()
@with_config
@click.argument("number")
@click.option("--reason", required=True, metavar="TEXT")
@click.pass_context
def skip(ctx: click.Context, number: str, reason: str) -> None:
    """Take an order out for good."""
    from woo2po.status import skip as skip_order  # noqa: PLC0415

    settings = settings_of(ctx)
    _changed(settings, lambda: skip_order(settings, number, reason))
    tell(say("skipped_by_hand", settings.language, {"number": number}))


def _changed(settings: "Settings", change: Callable[[], Any]) -> Any:
    from woo2po.status import UnknownNumber  # noqa: PLC0415
    from woo2po.store.database import StateError  # noqa: PLC0415

    try:
        return change()
    except UnknownNumber as error:
        facts = {"number": error.number}
        end(2, say_both("order_unknown_here", settings.language, facts))
    except StateError as error:
        end(error.exit_code, say_both(error.code, settings.language, error.facts))
