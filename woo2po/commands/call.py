"""What the commands share: the configuration, the clock, the language, how a command ends."""

import signal
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from woo2po.language import language_here
from woo2po.messages import remedy, say, say_both

if TYPE_CHECKING:
    from woo2po.config import Settings, WrongSettings

CONFIG_NAME = "config.toml"
DAY = click.DateTime(["%Y-%m-%d"])
FILE = click.Path(dir_okay=False, path_type=Path)


def now() -> datetime:
    """Return the time by this machine's clock."""
    return datetime.now(UTC)


def steady() -> Callable[[], datetime]:
    """Return a clock for one run: right as the machine's is now, and even from then on.

    The machine's may be set in the middle of a run, by days where it has just been started.
    """
    begun, start = datetime.now(UTC), time.monotonic()
    return lambda: begun + timedelta(seconds=time.monotonic() - start)


def config_path(given: str | None) -> Path:
    """Return where the configuration is: as given, else here, else in the user's folder."""
    if given:
        return Path(given)
    here = Path(CONFIG_NAME)
    return here if here.exists() else Path(click.get_app_dir("woo2po")) / CONFIG_NAME


def settings_of(ctx: click.Context) -> "Settings":
    """Load the settings, or say which keys are wrong and end with 2."""
    from woo2po.config import WrongSettings, exposed, load, secrets  # noqa: PLC0415
    from woo2po.logs import hide  # noqa: PLC0415

    path = config_path(ctx.obj["config"])
    if not path.exists():
        end(2, say_both("no_config", language_here(), {"path": str(path)}))
    try:
        settings = load(path, language_here())
    except WrongSettings as error:
        end(2, _wrong(error, path))
    hide(secrets(settings))
    for file in exposed(settings, path):
        tell(say_both("config_readable", settings.language, {"path": str(file)}), err=True)
    return settings


def _wrong(error: "WrongSettings", path: Path) -> str:
    from woo2po.report import wrapped  # noqa: PLC0415

    lines = [say("wrong_settings", error.language)]
    for problem in error.problems:
        value = f" = {problem.value}" if problem.value else ""
        lines.append(wrapped(f"{problem.key}{value}: {problem.expected}", "  ", "    "))
    return "\n".join([*lines, remedy("wrong_settings", error.language, {"path": str(path)})])


def tell(text: str, *, err: bool = False) -> None:
    """Print a sentence, in lines that fit."""
    from woo2po.report import wrapped  # noqa: PLC0415

    click.echo(wrapped(text), err=err)


def end(code: int, text: str) -> NoReturn:
    """End the command with an exit code and what there is to say."""
    from woo2po.logs import hidden  # noqa: PLC0415
    from woo2po.report import wrapped  # noqa: PLC0415

    if text:
        click.echo(wrapped(hidden(text)), err=code in {2, 3})
    raise click.exceptions.Exit(code)


def with_config(command: Callable[..., Any]) -> Callable[..., Any]:
    """Let --config stand behind the command's name too, where the contract writes it."""

    def keep(ctx: click.Context, _: click.Parameter, value: str | None) -> None:
        if value:
            ctx.obj["config"] = value

    return click.option(
        "--config",
        metavar="PATH",
        expose_value=False,
        callback=keep,
        help="The configuration; else ./config.toml, then the one in your user's folder.",
    )(command)


def interruptible() -> None:
    """Let a signal be an exception, where there is something to clear away."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
