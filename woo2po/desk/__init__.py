"""`sandbox`: both stand-ins served, and changed by hand from standard input, a command a line.

At a terminal there is a prompt, and the end of the input ends the sandbox. From a pipe or a file
the commands are carried out as they come; when they end, or there were none, it serves on.
"""

import io
import os
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import partial

import click

from woo2po.demo import KEYS, make_sandbox, sandbox_config
from woo2po.desk.books import BooksDesk
from woo2po.desk.shop import ShopDesk
from woo2po.desk.typed import Command, NotSo
from woo2po.messages import say, say_both
from woo2po.messages.message import Language
from woo2po.report import fitted, wrapped
from woo2po.sandbox.go import Go
from woo2po.sandbox.go_wire import Refusal
from woo2po.sandbox.serve import serve
from woo2po.sandbox.shop import ShopSite

PROMPT = "sandbox> "
QUIT = {"quit", "exit"}


def serve_sandbox(shop_port: int, go_port: int, language: Language) -> None:
    """Serve both until Ctrl-C, after printing a configuration that fits; do what is typed.

    Raises PortTaken.
    """
    shop, go = make_sandbox()
    desk = Desk(shop, go, language)
    with serve(shop, go, shop_port=shop_port, go_port=go_port) as served:
        click.echo(sandbox_config(served.shop_url, served.go_url, shop, language))
        facts = {"shop": served.shop_url, "go": served.go_url}
        keys = (shop.consumer_key, shop.consumer_secret, *KEYS)
        names = ("key", "secret", "application", "client", "subscription")
        facts |= dict(zip(names, keys, strict=True))
        for code in ("sandbox_init", "sandbox_serves"):
            click.echo(wrapped(say(code, language, facts), "# ", "# "))
        with suppress(KeyboardInterrupt):
            for line in _typed():
                if line.strip().lower() in QUIT:
                    return
                if answer := served.between(partial(desk.answer, line)):
                    click.echo(answer)
            while True:
                time.sleep(3600)


class Desk:
    """Takes a line that was typed, does it, and says how things stand then."""

    def __init__(self, shop: ShopSite, go: Go, language: Language) -> None:
        self._language = language
        self._shop = ShopDesk(shop, language).commands()
        self._books = BooksDesk(go, shop, language).commands()
        general = {
            "help": Command("", "help_help", self._help),
            "quit": Command("", "help_quit", self._help),
        }
        self._commands = self._shop | self._books | general

    def answer(self, line: str) -> str:
        """Do what a line says and return what there is to say; "" for an empty one."""
        name, *words = line.split() or [""]
        if not name or name.startswith("#"):
            return ""
        try:
            said = self._command(name.lower(), words).act(words)
            return said if "\n" in said else wrapped(said)  # a table keeps its lines
        except NotSo as error:
            return wrapped(say_both(error.code, self._language, error.facts))
        except Refusal as refusal:
            return wrapped(say("desk_refused", self._language, {"said": refusal.detail}))

    def _command(self, name: str, words: Sequence[str]) -> Command:
        command = self._commands.get(name)
        if command is None:
            raise NotSo("desk_no_command", text=fitted(name, 40))
        if not command.least <= len(words) <= command.most:
            raise NotSo("desk_usage", usage=f"{name} {command.words}".strip())
        return command

    def _help(self, _: Sequence[str]) -> str:
        shop, books = (self._listed(commands) for commands in (self._shop, self._books))
        rest = {name: c for name, c in self._commands.items() if name in {"help", "quit"}}
        return "\n".join(
            [
                say("help_shop", self._language),
                shop,
                say("help_books", self._language),
                books,
                say("help_general", self._language),
                self._listed(rest),
            ]
        )

    def _listed(self, commands: dict[str, Command]) -> str:
        return "\n".join(
            wrapped(
                say(command.help, self._language),
                f"  {f'{name} {command.words}':26}",
                " " * 28,
            )
            for name, command in commands.items()
        )


def _typed() -> Iterator[str]:
    """Yield each line of standard input as long as there is any."""
    if sys.stdin is None:  # a service may be started without any
        return
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")
    with suppress(OSError):
        yield from _typed_at_terminal() if sys.stdin.isatty() else sys.stdin


def _typed_at_terminal() -> Iterator[str]:
    with suppress(ImportError):  # not on Windows, whose terminal edits lines itself
        import readline  # noqa: F401, PLC0415 (its presence makes `input` remember lines)
    continued: list[int] = []
    if hasattr(signal, "SIGTTIN"):
        # Put into the background while it waits for a line, it serves on instead of stopping.
        signal.signal(signal.SIGTTIN, signal.SIG_IGN)
        signal.signal(signal.SIGCONT, lambda number, _: continued.append(number))
    while True:
        while not _in_foreground():
            time.sleep(1)
        continued.clear()
        try:
            yield input(PROMPT if sys.stdout.isatty() else "")
        except EOFError:
            if not continued:  # else it ended because it could not be read in the background
                yield "quit"


def _in_foreground() -> bool:
    """Tell whether what is typed at the terminal is meant for this process."""
    if not hasattr(os, "tcgetpgrp"):
        return True
    try:
        return os.tcgetpgrp(sys.stdin.fileno()) == os.getpgrp()
    except OSError:  # a terminal that rules no processes can be read by all
        return True
