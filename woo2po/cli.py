"""The command line: its commands, the options that stand before them, and how it all ends."""

import gc
import os
import signal
import sys
import threading
from typing import NoReturn

import click

from woo2po import __version__, screen
from woo2po.commands import orders, probing, run, setup
from woo2po.commands.call import tell
from woo2po.language import language_here
from woo2po.messages import say, say_both


def main() -> NoReturn:
    """Run the command line; the one place where the process ends."""
    screen.speak_plainly()
    screen.fit_to(sys.stdout)
    code = _ended()
    _hear_no_more()
    if threading.active_count() > 1:
        # Python would wait for it: for a name server that does not answer, say.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    # Else all that was imported is searched for cycles on the way out: a tenth of an idle run.
    gc.freeze()
    sys.exit(code)


def _hear_no_more() -> None:
    """Ignore signals from now on: one more would only change how a finished command ends."""
    for name in ("SIGINT", "SIGTERM", "SIGBREAK"):  # the last on Windows only
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)


def _ended() -> int:
    """Do what was typed; return the exit code. No exception's text is shown: it may quote data."""
    try:
        return int(cli.main(standalone_mode=False) or 0)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        tell(say("run_interrupted", language_here()), err=True)
        return 3
    except Exception as error:  # noqa: BLE001 (a person is told, in one place)
        from woo2po.logs import traceback_without_values  # noqa: PLC0415

        click.echo(traceback_without_values(error), err=True)
        facts = {"error": type(error).__name__}
        tell(say_both("program_failed", language_here(), facts), err=True)
        return 3


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--config",
    envvar="WOO2PO_CONFIG",
    metavar="PATH",
    help="The configuration; else ./config.toml, then the one in your user's folder.",
)
@click.option("-v", "--verbose", is_flag=True, help="Log more.")
@click.version_option(__version__, prog_name="woo2po")
@click.pass_context
def cli(ctx: click.Context, config: str | None, verbose: bool) -> None:
    """Move a web shop's orders from WooCommerce into PowerOffice Go: once each, to the øre."""
    from woo2po.logs import set_up  # noqa: PLC0415

    set_up(verbose=verbose)
    ctx.obj = {"config": config, "verbose": verbose}


for command in (
    setup.init,
    run.run,
    setup.check,
    orders.status,
    orders.show,
    orders.move,
    orders.reconcile,
    orders.retry,
    orders.skip,
    orders.explain,
    setup.schedule,
    probing.probe,
    setup.demo,
    setup.sandbox,
):
    cli.add_command(command)
