"""The command line: its commands, those that are about the program, and how it all ends."""

import errno
import gc
import os
import platform
import signal
import sys
import threading
from typing import Any, NoReturn

import click

from woo2po import __version__, screen
from woo2po.commands import orders, setup
from woo2po.commands.call import Commands, asked, config_path, everywhere, loaded, settings_of, tell
from woo2po.messages import Language, say, say_both
from woo2po.screen import language_here


def main() -> NoReturn:
    """Run the command line; the one place where the process ends."""
    screen.speak_plainly()
    screen.fit_to(sys.stdout)
    try:
        code = _ended()
    except OSError:  # not even standard error can be written
        from woo2po.logs import give_up  # noqa: PLC0415

        give_up(sys.stderr)
        code = 3
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
    """Tell that what is printed cannot be written, or where the program failed; return 3."""
    from woo2po.logs import give_up, named, traceback_without_values  # noqa: PLC0415

    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EIO}:
        give_up(sys.stdout)
        facts = {"path": "stdout", "error": named(error)}
        tell(f"✗ {say('file_not_written', language, facts)}", err=True)
        return 3
    if not getattr(error, "errno", None):  # of the machine's own trouble its words say enough
        click.echo(traceback_without_values(error), err=True)
    tell(f"✗ {say_both('program_failed', language, {'error': named(error)})}", err=True)
    return 3


def version_asked(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    """Show the version, where it was asked for before a command."""
    if value and not ctx.resilient_parsing:
        ctx.invoke(version)
        ctx.exit()


@click.command()
@click.pass_context
def version(ctx: click.Context) -> None:
    """Show the version, and the files that it works with here."""
    found, settings = [f"Python {platform.python_version()}"], loaded(ctx)
    if settings:
        state = getattr(settings, "state", None)
        path = config_path(ctx).absolute()
        found += [f"config {path}", f"db {state.path if state else '?'}"]
    click.echo(f"woo2po {__version__} ({', '.join(found)})")


@click.command("help")
@click.argument("command", required=False)
@click.pass_context
def help_(ctx: click.Context, command: str | None) -> None:
    """Explain a command, or list them all."""
    words = [*([command] if command else []), "--help"]
    ctx.find_root().command.main(words, prog_name="woo2po", standalone_mode=False)


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print what lets a shell complete commands and options.

    For bash, in ~/.bashrc: eval "$(woo2po completion bash)"
    """
    from click.shell_completion import get_completion_class  # noqa: PLC0415

    made = get_completion_class(shell)
    assert made is not None  # noqa: S101 (click has these three)
    click.echo(made(ctx.find_root().command, {}, "woo2po", "_WOO2PO_COMPLETE").source())


@click.command()
@click.argument("what", type=click.Choice(["path", "check"]))
@click.pass_context
def config(ctx: click.Context, what: str) -> None:
    """Say where the configuration is, or whether it can be used.

    `woo2po check` tries what it says besides.
    """
    path = str(config_path(ctx).absolute())
    if what == "path":
        click.echo(path)
        return
    settings = settings_of(ctx)
    tell(say_both("config_usable", settings.language, {"path": path}))


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    params=everywhere("WOO2PO_CONFIG"),
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


WITHOUT_CONFIG = (setup.demo, setup.sandbox, help_, completion)
COMMANDS = (setup.init, orders.run, setup.check, orders.status, orders.show, orders.move,
            orders.reconcile, orders.payouts, orders.retry, orders.skip, orders.explain,
            setup.schedule, config, version, setup.probe, *WITHOUT_CONFIG)  # fmt: skip
for command in COMMANDS:
    command.params += everywhere()[command in WITHOUT_CONFIG :]
    cli.add_command(command)
