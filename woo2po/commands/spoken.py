"""Commands that speak the language of the environment: their help, and what was typed wrongly.

The texts stand in messages/help.py and messages/usage.py; here they take the place of click's.
"""

import re
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

import click

from woo2po.language import language_here
from woo2po.messages import say_both
from woo2po.messages.help import PLACES, help_text
from woo2po.screen import shown

T = TypeVar("T")


class Misused(click.UsageError):
    """What was typed cannot be done; it is said in the language of the environment."""

    def show(self, file: Any = None) -> None:
        """Print how the command is used, what is wrong, and what to type."""
        from woo2po.report import wrapped  # noqa: PLC0415

        if self.ctx is not None:
            click.echo(self.ctx.get_usage(), file=file, err=file is None)
        click.echo(wrapped(self.message), file=file, err=file is None)


class Command(click.Command):
    """A command whose help is in the language of the environment."""

    def get_short_help_str(self, limit: int = 45) -> str:
        """Return what the list of commands says of it: its first clauses, as far as they fit."""
        first = _help_of(self, "").partition(": ")[0].partition(" (")[0].rstrip(".")
        while len(first) > limit and ", " in first:
            first = first.rpartition(", ")[0]
        return first if len(first) <= limit else f"{first[: limit - 3]}..."

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read what was typed; an error knows which command it was typed after."""
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            error.ctx = error.ctx or ctx
            raise

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write how it is called."""
        pieces = _places(" ".join(self.collect_usage_pieces(ctx)))
        formatter.write_usage(ctx.command_path, pieces, prefix=_word("usage"))

    def format_help_text(self, _: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what it does."""
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(_help_of(self, ""))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write its options, and a group's commands."""
        options = [one for one in self.get_params(ctx) if isinstance(one, click.Option)]
        rows = [(_spelt(one, ctx), _explained(self, one)) for one in options if not one.hidden]
        with formatter.section(_word("options")):
            formatter.write_dl(rows)


class Group(Command, click.Group):
    """The group of all commands: what was typed wrongly after it is told in the same language."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write its options and its commands."""
        super().format_options(ctx, formatter)
        longest = max(map(len, self.commands))
        rows = [
            (name, self.commands[name].get_short_help_str(formatter.width - longest - 6))
            for name in self.list_commands(ctx)
        ]
        with formatter.section(_word("commands")):
            formatter.write_dl(rows)

    def make_context(self, *args: Any, **more: Any) -> click.Context:
        """Read what stands before the command's name."""
        return _told(lambda: super(Group, self).make_context(*args, **more))

    def invoke(self, ctx: click.Context) -> Any:
        """Read the rest, and do it."""
        return _told(lambda: super(Group, self).invoke(ctx))


command = partial(click.command, cls=Command)


def _word(name: str) -> str:
    return shown(help_text(name, language_here()))


def _help_of(command: click.Command, option: str) -> str:
    """Return the help of a command, or of one of its options."""
    name = "woo2po" if isinstance(command, click.Group) else command.name or ""
    return (_word(f"{name} {option}") or _word(option)) if option else _word(name)


def _explained(command: click.Command, option: click.Option) -> str:
    """Return what an option means, and what it is where it is left out."""
    said = _help_of(command, max(option.opts, key=len)) or option.help or ""
    more = [_word("required")] if option.required else []
    if option.show_default and option.default is not None:
        more.append(_word("default").format(value=option.default))
    return f"{said}  [{', '.join(more)}]" if more else said


def _spelt(option: click.Option, ctx: click.Context) -> str:
    """Return an option as it is typed."""
    record = option.get_help_record(ctx)
    return _places(record[0]) if record else ""


def _places(text: str) -> str:
    """Return a text with what stands for values in the language of the environment."""
    if language_here() == "en":
        return text
    return re.sub(r"[A-Z]{3,}", lambda found: PLACES.get(found[0], found[0]), text)


# -- what was typed wrongly ------------------------------------------------------------------------


def _told(work: Callable[[], T]) -> T:
    try:
        return work()
    except Misused:
        raise
    except click.UsageError as error:
        if type(error).__name__ == "NoArgsIsHelpError":
            raise  # nothing is wrong: the help is shown
        code, facts = _what_is_wrong(error)
        facts["path"] = error.ctx.command_path if error.ctx else "woo2po"
        raise Misused(say_both(code, language_here(), facts), error.ctx) from None


def _what_is_wrong(error: click.UsageError) -> tuple[str, dict[str, str]]:
    """Return the message for one of click's errors, and the facts that fill it."""
    like = (getattr(error, "possibilities", None) or [""])[0]
    match error:
        case click.NoSuchOption():
            code = "usage_no_option_like" if like else "usage_no_option"
            return code, {"name": error.option_name, "like": like}
        case click.BadOptionUsage():
            return _badly_used(error)
        case click.MissingParameter(param=param) if param is not None:
            return "usage_missing", {"name": _name_of(param)}
        case click.BadParameter(param=param) if param is not None:
            return _wrong_value(param)
    if name := getattr(error, "command_name", ""):
        code = "usage_no_command_like" if like else "usage_no_command"
        return code, {"name": name, "like": like}
    if error.ctx is not None and isinstance(error.ctx.command, click.Group):
        return "usage_command_missing", {}
    rest = re.search(r"\((.*)\)", error.message)
    return ("usage_too_much", {"rest": rest[1]}) if rest else ("usage_other", {"said": str(error)})


def _badly_used(error: click.BadOptionUsage) -> tuple[str, dict[str, str]]:
    params = error.ctx.command.get_params(error.ctx) if error.ctx else []
    named = [one for one in params if error.option_name in one.opts]
    flag = any(isinstance(one, click.Option) and one.is_flag for one in named)
    return "usage_no_value" if flag else "usage_value_missing", {"name": error.option_name}


def _wrong_value(param: click.Parameter) -> tuple[str, dict[str, str]]:
    facts = {"name": _name_of(param)}
    match param.type:
        case click.IntRange(min=least, max=None):
            return "usage_at_least", facts | {"least": str(least)}
        case click.IntRange(min=least, max=most):
            return "usage_between", facts | {"least": str(least), "most": str(most)}
        case click.Choice(choices=choices):
            return "usage_one_of", facts | {"choices": ", ".join(map(str, choices))}
        case click.DateTime():
            return "usage_day", facts
        case click.Path():
            return "usage_file", facts
    return "usage_whole_number", facts


def _name_of(param: click.Parameter) -> str:
    """Return an option's longest name, or what stands for an argument."""
    if isinstance(param, click.Option):
        return max(param.opts, key=len)
    return _places((param.name or "").upper())
