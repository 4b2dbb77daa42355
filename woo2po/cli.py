"""The command line: its commands, the options that stand before them, and how it all ends."""

import errno
import gc
import os
import signal
import sys
import threading
from typing import Any, NoReturn

import click

from woo2po import screen
from woo2po.commands import about, orders, payouts, probing, run, setup
from woo2po.commands.about import version_asked
from woo2po.commands.call import asked, everywhere, tell
from woo2po.language import language_here
from woo2po.messages import Language, say, say_both


def main() -> NoReturn:
    """Run the command line; the one place where the process ends."""
    screen.speak_plainly()
    screen.fit_to(sys.stdout)
    code = _ended()
    for name in ("SIGINT", "SIGTERM", "SIGBREAK"):  # one more would only change how it has ended
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
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
    known: dict[str, Any] = {}
    try:
        return int(cli.main(prog_name="woo2po", standalone_mode=False, obj=known) or 0)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        tell(say("run_interrupted", language_here()), err=True)
        return 3
    except Exception as error:  # noqa: BLE001 (a person is told, in one place)
        return _failed(error, known.get("language") or language_here())


def _failed(error: Exception, language: Language) -> int:
    """Tell that standard output cannot be written, or where the program failed; return 3."""
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EIO}:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is left of it
        facts = {"path": "stdout", "error": error.strerror or ""}
        tell(f"✗ {say('file_not_written', language, facts)}", err=True)
        return 3
    from woo2po.logs import traceback_without_values  # noqa: PLC0415

    click.echo(traceback_without_values(error), err=True)
    tell(say_both("program_failed", language, {"error": type(error).__name__}), err=True)
    return 3


@click.group(
    context_settings={"help_option_names": ["-h", "--help"]}, params=everywhere("WOO2PO_CONFIG")
)
@click.option("-V", "--version", is_flag=True, is_eager=True, expose_value=False,
              callback=version_asked, help="Show the version and exit.")  # fmt: skip
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Move a web shop's orders from WooCommerce into PowerOffice Go: once each, to the øre."""
    from woo2po.logs import set_up  # noqa: PLC0415

    ctx.ensure_object(dict)
    ctx.color = screen.wants_colour() if ctx.color is None else ctx.color
    set_up(verbose=asked(ctx, "verbose"))


WITHOUT_CONFIG = (setup.demo, setup.sandbox, about.help_, about.completion)
for command in (
    setup.init,
    run.run,
    setup.check,
    orders.status,
    orders.show,
    orders.move,
    orders.reconcile,
    payouts.payouts,
    orders.retry,
    orders.skip,
    orders.explain,
    setup.schedule,
    about.config,
    about.version,
    probing.probe,
    *WITHOUT_CONFIG,
):
    command.params += everywhere()[command in WITHOUT_CONFIG :]
    cli.add_command(command)
