"""What the commands share: the configuration, the clock, the language, how a command ends."""

import shlex
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from woo2po.holds import End, InTheWay
from woo2po.messages import YES, Language, remedy, say, say_both, word
from woo2po.screen import language_here, painted

if TYPE_CHECKING:
    from woo2po.config import Settings, WrongSettings
    from woo2po.connections import Connections

CONFIG_NAME = "config.toml"
DAY = click.DateTime(["%Y-%m-%d", "%d.%m.%Y"])  # as programs write it, and as people do
FILE = click.Path(dir_okay=False, path_type=Path)
T = TypeVar("T")


def now() -> datetime:
    """Return the time by this machine's clock."""
    return datetime.now(UTC)


def steady() -> Callable[[], datetime]:
    """Return a clock for one run: right as the machine's is now, and even from then on.

    The machine's may be set in the middle of a run, by days where it has just been started.
    """
    begun, start = datetime.now(UTC), time.monotonic()
    return lambda: begun + timedelta(seconds=time.monotonic() - start)


# -- options ---------------------------------------------------------------------------------------


def option(
    name: str, help_: str, metavar: str | None = None, **more: Any
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return an option with a value where it has a metavar, or a type; else a flag."""
    names = name.split()
    if metavar is None and not more.keys() & {"type", "multiple"}:
        more["is_flag"] = True
    more["show_default"] = "default" in more
    return click.option(*names, metavar=metavar, help=help_, **more)


AS_JSON = option("--json as_json", "For programs.")
LANGUAGES = click.Choice(["nb", "en"])


def order_number(value: str) -> str:
    """Return an order's number as it was typed; nothing is none."""
    if not value.strip():
        raise click.UsageError("Give the number of an order.")
    return value


def _keep(ctx: click.Context, option: click.Parameter, value: object) -> None:
    if value == "":  # of a variable that is not set, say: no other shop is meant
        raise click.BadParameter("give a path.", ctx, option)
    if value:
        ctx.ensure_object(dict)[option.name] = value
        if option.name == "color":
            ctx.color = ctx.find_root().color = {"always": True, "never": False}.get(str(value))


def everywhere(envvar: str | None = None) -> list[click.Parameter]:
    """Return the options that stand before a command's name or behind it, as fingers will."""
    made = partial(click.Option, expose_value=False, callback=_keep)
    return [
        made(["--config"], metavar="PATH", envvar=envvar,
             help="The configuration; else ./config.toml, then the one in your user's folder."),
        made(["-v", "--verbose"], is_flag=True, help="Say and log more."),
        made(["-q", "--quiet"], is_flag=True, help="Say no more than cron hears."),
        made(["--color"], type=click.Choice(["auto", "always", "never"]),
             help="Colours: auto, at a terminal, or always or never."),
    ]  # fmt: skip


def asked(ctx: click.Context, name: str) -> bool:
    """Tell whether a flag of all commands was given: verbose, quiet."""
    return bool((ctx.obj or {}).get(name))


# -- the configuration -----------------------------------------------------------------------------


def config_path(ctx: click.Context) -> Path:
    """Return where the configuration is: as given, else here, else in the user's folder."""
    if given := (ctx.obj or {}).get("config"):
        return Path(given)
    here = Path(CONFIG_NAME)
    return here if here.exists() else Path(click.get_app_dir("woo2po")) / CONFIG_NAME


def sought(ctx: click.Context) -> str:
    """Return every place where the configuration was looked for."""
    given = (ctx.obj or {}).get("config")
    return str(config_path(ctx) if given else f"{Path(CONFIG_NAME).absolute()}, {config_path(ctx)}")


def loaded(ctx: click.Context) -> "Settings | WrongSettings | None":
    """Return the settings, or what is wrong with them; None where there is no configuration."""
    from woo2po.config import WrongSettings, load, secrets  # noqa: PLC0415
    from woo2po.logs import hide  # noqa: PLC0415

    if not config_path(ctx).exists():
        return None
    settings: Settings | WrongSettings
    try:
        settings = load(config_path(ctx), language_here())
        hide(secrets(settings))
    except WrongSettings as error:
        settings = error
    ctx.ensure_object(dict)["language"] = settings.language
    return settings


def settings_of(ctx: click.Context, log_file: Path | None = None) -> "Settings":
    """Load the settings and begin the log, or say which keys are wrong and end with 2.

    Where they stand on a drive that does not answer, the command ends by itself.
    """
    from woo2po.config import WrongSettings, exposed  # noqa: PLC0415
    from woo2po.files import NotWritten  # noqa: PLC0415
    from woo2po.logs import set_up  # noqa: PLC0415
    from woo2po.stopping import ended_if_still  # noqa: PLC0415

    path, still = config_path(ctx), partial(_say_that_it_stands_still, language_here())
    with ended_if_still(still):
        settings = loaded(ctx)
        if settings is None:
            raise InTheWay("no_config", path=sought(ctx))
        if isinstance(settings, WrongSettings):
            raise End(2, wrong_said(settings, path))
        try:
            set_up(verbose=asked(ctx, "verbose"), form=settings.log.format, file=log_file)
        except OSError as error:
            raise NotWritten(Path(log_file or ""), error) from None
        for file in exposed(settings, path):
            facts = {"path": str(file), "typed": shlex.quote(str(file))}
            tell(say_both("config_readable", settings.language, facts), err=True)
        return settings


def wrong_said(error: "WrongSettings", path: Path) -> str:
    """Return every key that is wrong, and where to correct them."""
    lines = [say("wrong_settings", error.language)]
    for problem in error.problems:
        value = f" = {problem.value}" if problem.value else ""
        lines.append(f"  {problem.key}{value}: {problem.expected}")
    return "\n".join([*lines, remedy("wrong_settings", error.language, {"path": str(path)})])


# -- what is said ----------------------------------------------------------------------------------


def out(text: str, *, err: bool = False) -> None:
    """Print finished text, in colours where there are any."""
    click.echo(painted(text), err=err)


def tell(text: str, *, err: bool = False) -> None:
    """Print sentences, in lines that fit; a line that is set in stays so."""
    from woo2po.report import wrapped  # noqa: PLC0415

    lines = ((line.lstrip(" "), len(line) - len(line.lstrip(" "))) for line in text.split("\n"))
    said = [wrapped(line, " " * n, " " * (2 * n)) for line, n in lines]
    out("\n".join(said), err=err)


class Commands(click.Group):
    """Commands, of which each is ended here by what stands in its way."""

    def invoke(self, ctx: click.Context) -> Any:
        """Do what was typed; what it raises is told in the language of the command."""
        from woo2po.http import RemoteError  # noqa: PLC0415
        from woo2po.logs import hidden  # noqa: PLC0415

        try:
            return super().invoke(ctx)
        except End as over:
            code, text = over.code, over.text
        except (InTheWay, RemoteError) as error:
            code, text = error.exit_code, say_both(error.code, spoken(ctx), error.facts)
        if text:
            is_bad = code in {2, 3}
            sign = "✗ " if is_bad and not text.startswith(("✓", "!", "✗")) else ""
            tell(sign + hidden(text), err=is_bad)
        raise click.exceptions.Exit(code)


def spoken(ctx: click.Context) -> Language:
    """Return the language of the command, as far as it is known."""
    said: Language = (ctx.obj or {}).get("language") or language_here()
    return said


def asking(
    settings: "Settings", work: "Callable[[Connections], Coroutine[Any, Any, T]]",
    living: "LivingLine | None" = None,
) -> T:  # fmt: skip
    """Return what work with both systems comes to, or raise ToldToStop; `living` shows requests."""
    from woo2po.connections import Connections  # noqa: PLC0415
    from woo2po.stopping import Stop, run_until_told  # noqa: PLC0415

    def begun(stop: Stop) -> Coroutine[Any, Any, T]:
        return work(Connections(stop=stop, asked=Counter() if living is None else living))

    try:
        still = partial(_say_that_it_stands_still, settings.language)
        return run_until_told(begun, if_still=still)
    finally:
        if living is not None:
            living.clear()


def _say_that_it_stands_still(language: Language) -> None:
    import structlog  # noqa: PLC0415

    tell(say_both("run_stands_still", language), err=True)
    structlog.get_logger().error("run_stands_still")


class LivingLine(Counter[str]):
    """Counts requests, and shows on standard error, in a line that is written over, how far it is.

    There is no line without a terminal, nor with the log there, which would tear it.
    """

    def __init__(self, ctx: click.Context, language: Language) -> None:
        super().__init__()
        self.lives = sys.stderr.isatty() and not (asked(ctx, "verbose") or asked(ctx, "quiet"))
        self._language, self._is_told, self._width = language, False, 0

    def __setitem__(self, system: str, n: int) -> None:
        super().__setitem__(system, n)
        if self.lives and not self._is_told:
            self._show(f"{word('reading', self._language)} {self.total()}")

    def write(self, line: str) -> None:
        """Show this from now on, instead of how many requests there were."""
        self._is_told = True
        self._show(line)

    def _show(self, line: str) -> None:
        if self.lives:
            click.echo(f"\r{line:{self._width}}", nl=False, err=True)
            self._width = len(line)

    def clear(self) -> None:
        """Take the line away, before something else is printed."""
        if self._width:
            self._show("")
            click.echo("\r", nl=False, err=True)


def agrees(question: str, language: Language, offered: str, **facts: str) -> bool:
    """Ask on standard error, and return whether the answer is yes; Enter is what is offered."""
    said = say(question, language, facts)
    answer = click.prompt(said, default=offered, prompt_suffix=" ", err=True)
    return str(answer).strip().casefold() in YES


def interruptible() -> None:
    """Let a signal be an exception, where there is something to clear away."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
