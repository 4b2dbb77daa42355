"""`version`, `help`, `completion` and `config`: about the program, and where its things are."""

import platform

import click

from woo2po import __version__
from woo2po.commands import call
from woo2po.messages import say_both


def version_asked(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    """Show the version, where it was asked for before a command."""
    if value and not ctx.resilient_parsing:
        click.echo(_version(ctx))
        ctx.exit()


def _version(ctx: click.Context) -> str:
    found, settings = [f"Python {platform.python_version()}"], call.loaded(ctx)
    if settings:
        state = getattr(settings, "state", None)
        path = call.config_path(ctx).absolute()
        found += [f"config {path}", f"db {state.path if state else '?'}"]
    return f"woo2po {__version__} ({', '.join(found)})"


@click.command()
@click.pass_context
def version(ctx: click.Context) -> None:
    """Show the version, and the files that it works with here."""
    click.echo(_version(ctx))


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
    path = str(call.config_path(ctx).absolute())
    if what == "path":
        click.echo(path)
        return
    settings = call.settings_of(ctx)
    call.tell(say_both("config_usable", settings.language, {"path": path}))
