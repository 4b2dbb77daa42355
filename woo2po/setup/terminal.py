"""The dialogue at a terminal: any terminal, of any width, whatever letters it knows."""

import codecs
import io
import os
import shutil
import sys
import webbrowser
from collections.abc import Callable
from contextlib import suppress

import click

from woo2po.logs import hidden
from woo2po.mapping.values import Stopped
from woo2po.messages import printable, say
from woo2po.report import wrapped
from woo2po.screen import here
from woo2po.setup.known import Known, T, Wrong

_ROOM = 12  # columns behind a prompt; else it stands on a line of its own


class Back(Exception):
    """The question before is wanted again; or those for the keys that it names."""


def ask(prompt: str, offered: str = "") -> str:
    """Return what was typed, "" for Enter, which takes what is `offered`. Raises Back for `<`;
    Abort for `q`, Ctrl-C, and where the input ends.
    """
    short = offered if len(offered) <= 50 else f"{offered[:47]}..."
    whole = f"{prompt} [{short}] > " if short else f"{prompt} > "
    *before, last = wrapped(printable(hidden(whole))).split("\n")
    if len(last) > here().columns - _ROOM:
        before, last = [*before, last.removesuffix(">").rstrip()], ">"
    for line in before:
        click.echo(line)
    try:
        said = click.prompt(f"{last.rstrip()} ", "", show_default=False, prompt_suffix="")
    except click.Abort:
        click.echo()
        raise
    typed = str(said).strip()
    if typed.casefold() == "q":
        raise click.Abort
    if typed == "<":
        raise Back
    return typed


def answer(
    known: Known, prompt: str, offered: str, about: str, read: Callable[[str], T], typed: str = ""
) -> tuple[str, T]:
    """Return what was `typed` and what is read in it; asked for again while that makes no sense,
    and told what it is `about` on `?`. Raises as `ask`.
    """
    while True:
        typed = typed or ask(prompt, offered)
        try:
            if typed != "?":
                return typed, read(typed)
            tell(about)
        except Wrong as wrong:
            tell(known.say(wrong.code, **wrong.facts))
        except Stopped as stopped:
            tell(say(stopped.outcome.code, known.language, stopped.outcome.facts))
        typed = ""


def tell(text: str, first: str = "", rest: str = "", *, bold: bool = False) -> None:
    """Say something; lines that begin with blanks stay whole: they are there to be copied."""
    for paragraph in text.split("\n"):
        plain = printable(hidden(paragraph))  # products' names may hold anything
        whole = paragraph.startswith(" ") and not first
        line = plain if whole else wrapped(plain, first, rest)
        click.echo(click.style(line, bold=True) if bold and _has_styles() else line)


def cover(prompt: str, typed: str, masked: str) -> None:
    """Write over a key that was typed, where the terminal can: it was seen while pasted.

    A prompt that shows nothing would leave everybody guessing what was pasted.
    """
    if _has_styles():
        lines = (len(prompt) + 3 + len(typed)) // max(1, shutil.get_terminal_size().columns) + 1
        click.echo(f"\x1b[{lines}A\r\x1b[J{prompt} > {masked}")


def _has_styles() -> bool:
    named = os.environ.get("TERM", "")
    return os.name == "posix" and sys.stdout.isatty() and named not in {"", "dumb"}


def is_there() -> bool:
    """Tell whether there is a terminal to ask at."""
    streams = (sys.stdin, sys.stdout)
    return all(stream is not None and stream.isatty() for stream in streams)


def make_ready() -> None:
    """Let lines be edited as they are typed, where that is possible; and take any letters."""
    with suppress(ImportError):  # not on Windows, whose terminal edits lines itself
        import readline  # noqa: PLC0415

        # What is typed here are keys, among others: the arrow brings none of them back.
        readline.set_auto_history(False)
    if isinstance(sys.stdin, io.TextIOWrapper):
        # Where only ASCII is spoken of, as on a bare server, terminals send UTF-8 all the same.
        no_letters = codecs.lookup(sys.stdin.encoding).name == "ascii"
        sys.stdin.reconfigure(encoding="utf-8" if no_letters else None, errors="replace")


def open_page(url: str) -> None:
    """Open a page in the browser, where one would open in front of the person."""
    displays = map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY"))
    is_seen = sys.platform in {"win32", "darwin"} or any(displays)
    if is_seen and not os.environ.get("SSH_CONNECTION"):
        with suppress(webbrowser.Error):
            webbrowser.open(url)
