"""`reconcile`: the proof of a period."""

from datetime import datetime
from functools import partial
from pathlib import Path

import click

from woo2po.commands.call import DAY, FILE, end, now, settings_of, with_config
from woo2po.messages import say, say_both


@click.command()
@with_config
@click.option(
    "--from", "first", type=DAY, metavar="DAY", help="The first day; else that of last month."
)
@click.option(
    "--to",
    "last",
    type=DAY,
    metavar="DAY",
    help="The last day, counted; else the last of last month.",
)
@click.option("--html", "page", type=FILE, metavar="FILE", help="Write a page to keep or to print.")
@click.option("--csv", "sheet", type=FILE, metavar="FILE", help="Write a file for Excel.")
@click.option(
    "--lines",
    "every_line",
    is_flag=True,
    help="Read every invoice's lines too (slow: a request each).",
)
@click.pass_context
def reconcile(
    ctx: click.Context,
    first: datetime | None,
    last: datetime | None,
    page: Path | None,
    sheet: Path | None,
    every_line: bool,
) -> None:
    """Prove a month: the shop against PowerOffice, to the øre.

    Every order, refund and payment, with what is missing on either side.
    """
    from woo2po import reconcile as proving  # noqa: PLC0415
    from woo2po.connections import Connections  # noqa: PLC0415
    from woo2po.files import NotWritten, must_be_writable  # noqa: PLC0415
    from woo2po.http import RemoteError  # noqa: PLC0415
    from woo2po.stopping import ToldToStop, run_until_told  # noqa: PLC0415

    settings = settings_of(ctx)
    language, period = settings.language, proving.period_of(first, last, now(), settings)
    if period.last < period.first:
        days = {"first": str(period.first), "last": str(period.last)}
        end(2, say_both("reconcile_period_wrong", language, days))
    proved = partial(proving.reconcile, settings, now, period, every_line=every_line)
    try:
        for file in filter(None, (page, sheet)):
            must_be_writable(file)
        proof = run_until_told(lambda stop: proved(connections=Connections(stop=stop)))
        click.echo(proving.proof_text(proof, language))
        written = proving.write_files(proof, language, page, sheet)
    except RemoteError as error:
        end(3, say_both(error.code, language, error.facts))
    except ToldToStop:
        end(3, say("run_interrupted", language))
    except NotWritten as error:
        end(3, say_both(error.code, language, error.facts))
    for path in written:
        click.echo(say("file_written", language, {"path": str(path)}))
    raise click.exceptions.Exit(int(not proof.agrees))
