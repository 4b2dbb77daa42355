"""The dialogue at a terminal: any terminal, of any width, whatever letters it knows."""

import os
import shutil
import sys
import webbrowser
from collections.abc import Callable
from contextlib import suppress

import click

from woo2po.logs import hidden
from woo2po.messages import say
from woo2po.messages.message import Language
from woo2po.report import THIN, wrapped
from woo2po.screen import shown
from woo2po.wizard.dialogue import Back, ToldToEnd
from woo2po.wizard.kinds import Kind, Taken, Wrong
from woo2po.wizard.state import Question, Secret

_BACK = frozenset({"b", "back", "t", "tilbake"})


class Terminal:
    """Asks at a terminal. `read` returns a line that was typed after a prompt."""

    def __init__(
        self,
        language: Language,
        read: Callable[[str], str] | None = None,
        write: Callable[[str], None] = click.echo,
    ) -> None:
        self._language = language
        self._read = read or _typed_line
        self._write = write

    def tell(self, text: str) -> None:
        """Say something; lines that begin with blanks stay whole: they are there to be copied."""
        for paragraph in text.split("\n"):
            plain, whole = _plain(paragraph), paragraph.startswith(" ")
            self._write(shown(plain) if whole else wrapped(plain))

    def failed(self, text: str) -> None:
        """Say that a trial went wrong; the question comes again."""
        self.tell(f"\n{text}")

    def ask(self, question: Question) -> object:
        """Return the answer. Raises Back, and ToldToEnd where the input ends."""
        self._begin(question)
        kind = question.kind
        self._list(kind)
        while True:
            typed = self._line(kind)
            if typed == "?":
                self.tell(question.more or say("init_help", self._language))
                continue
            if typed == "<" or (typed.casefold() in _BACK and not kind.is_text):
                raise Back
            try:
                got = kind.read(typed)
            except Wrong as wrong:
                self.tell(say(wrong.code, self._language, wrong.facts))
                continue
            if isinstance(got, Taken):
                self._cover(typed, kind, got.value)
                return got.value
            kind = got
            self._list(kind)

    def _begin(self, question: Question) -> None:
        self._write("")
        if question.heading:
            self.tell(question.heading)
        title = wrapped(_plain(question.title))
        self._write(click.style(title, bold=True) if _has_styles() else title)
        for paragraph in question.said:
            whole = paragraph.startswith(" ") or " " not in paragraph
            text = _plain(paragraph)
            self._write(shown(f"  {text}") if whole else wrapped(text, "  ", "  "))

    def _list(self, kind: Kind) -> None:
        lines = kind.lines()
        width = max((len(mark) for mark, _ in lines), default=0)
        for mark, text in lines:
            first = f"  {mark:>{width}}  " if mark else "  "
            self._write(wrapped(_plain(text), first, " " * len(first)))

    def _prompt(self, kind: Kind) -> str:
        offered = _plain(kind.offered)
        short = offered if len(offered) <= 40 else f"{offered[:37]}..."
        return shown(f"[{short}] > " if short else "> ")

    def _line(self, kind: Kind) -> str:
        try:
            return self._read(self._prompt(kind)).strip()
        except (EOFError, KeyboardInterrupt):
            self._write("")
            raise ToldToEnd from None

    def _cover(self, typed: str, kind: Kind, value: object) -> None:
        """Write over a key that was typed, where the terminal can: it was seen while pasted.

        A prompt that shows nothing would leave everybody guessing what was pasted.
        """
        if not isinstance(value, Secret) or not typed or not _has_styles():
            return
        prompt = self._prompt(kind)
        lines = (len(prompt) + len(typed)) // max(1, shutil.get_terminal_size().columns) + 1
        self._write(f"\x1b[{lines}A\r\x1b[J{prompt}{value.masked}")


def _plain(text: str) -> str:
    """Return a text without keys, and without what would steer the terminal: products' names."""
    return "".join(c if c.isprintable() or c == THIN else " " for c in hidden(text))


def _has_styles() -> bool:
    """Tell whether this terminal understands more than letters."""
    named = os.environ.get("TERM", "")
    return os.name == "posix" and sys.stdout.isatty() and named not in {"", "dumb"}


def _typed_line(prompt: str) -> str:
    """Return a line from standard input, whose letters may not be those that it is said to have."""
    line = input(prompt)
    try:
        raw = line.encode(sys.stdin.encoding, "surrogateescape")
        return raw.decode("utf-8")
    except (UnicodeError, LookupError):
        return line.encode("latin-1", "replace").decode("latin-1")


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
    reconfigure = getattr(sys.stdin, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="surrogateescape")


def has_display() -> bool:
    """Tell whether a browser would open where the person sits."""
    if os.environ.get("SSH_CONNECTION"):
        return False
    if sys.platform in {"win32", "darwin"}:
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def open_page(url: str) -> bool:
    """Open a page in the browser; tell whether there is one."""
    try:
        return webbrowser.open(url)
    except webbrowser.Error:
        return False
