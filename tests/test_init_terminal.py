"""`init` at a real terminal: a process of its own behind a pseudo-terminal, as people have it."""

import importlib.util
import os
import re
import select
import signal
import struct
import subprocess
import sys
import time
import unittest
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from dialogues import keys_of, typed
from served import GOES, Served, served

from woo2po.settings import load

PROMPT = re.compile(r"(?:^|\n)(?:\[[^\n]*\] )?> $")
END = 30  # seconds for anything to appear
# Makes the terminal the process' own, so that Ctrl-C reaches it, and becomes what is to be run.
OWN_TERMINAL = """
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.argv[1], sys.argv[1:])
"""


@pytest.fixture(autouse=True)
def hurry(monkeypatch):
    """The stand-in allows more than PowerOffice."""
    monkeypatch.setenv("WOO2PO_POWEROFFICE__REQUESTS_PER_SECOND", "100")


@pytest.fixture
def both(tmp_path):
    """A shop with three orders, a company with the sandbox's products, and no configuration."""
    with served(tmp_path, [GOES, "b2c-two-vat-rates", "coupon-percent"]) as one:
        one.config.unlink()
        one.listen()
        yield one


class AtTerminal:
    """A process at a terminal, and what stands on its screen."""

    def __init__(self, process: subprocess.Popen[bytes], terminal: int) -> None:
        self.process = process
        self._terminal = terminal
        self.screen = ""
        self._seen = 0

    def waits(self) -> str:
        """Read until it waits for an answer; return what is new on the screen."""
        until = time.monotonic() + END
        while not PROMPT.search(self.screen[self._seen :]):
            assert time.monotonic() < until, self.screen
            assert self._read(END), self.screen
        new, self._seen = self.screen[self._seen :], len(self.screen)
        return new

    def types(self, *lines: str) -> str:
        """Type lines, each when it is waited for; return what came after the last."""
        for line in lines:
            os.write(self._terminal, f"{line}\n".encode())
            new = self.waits()
        return new

    def ends(self, key: bytes = b"") -> int:
        """Press a key, and read to the end; return the exit code.

        A Ctrl-C between a prompt and the waiting for an answer is heard with the next key alone
        (CPython's): nobody types so fast, and whoever did would press it again.
        """
        until = time.monotonic() + END
        while self.process.poll() is None:
            assert time.monotonic() < until, self.screen
            if key:
                self.presses(key)
            while self._read(1):
                pass
        while self._read(0):
            pass
        return self.process.wait(END)

    def presses(self, key: bytes) -> None:
        """Press a key."""
        os.write(self._terminal, key)

    def reads(self) -> bool:
        """Read a little more; return False where nothing comes."""
        return self._read(END)

    def _read(self, seconds: float) -> bool:
        try:
            if not select.select([self._terminal], [], [], seconds)[0]:
                return False
            got = os.read(self._terminal, 65536)
        except OSError:  # Linux says so when the other side has hung up
            return False
        self.screen += got.decode("utf-8", "replace").replace("\r\n", "\n")
        return bool(got)


@contextmanager
def at_terminal(both: Served, *options: str, columns: int = 80, **env: str) -> Iterator[AtTerminal]:
    """Start `init` at a terminal; end it whatever happens."""
    if importlib.util.find_spec("pty") is None:
        raise unittest.SkipTest("this system has no pseudo-terminals")
    import fcntl  # noqa: PLC0415 (where there are pseudo-terminals)
    import pty  # noqa: PLC0415
    import termios  # noqa: PLC0415

    terminal, its = pty.openpty()
    fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    words = [sys.executable, "-m", "woo2po", "init", "--config", str(both.config), *options]
    command = [sys.executable, "-c", OWN_TERMINAL, *words]
    kept = {name: value for name, value in os.environ.items() if name not in {"COLUMNS", "DISPLAY"}}
    with subprocess.Popen(
        command,
        stdin=its,
        stdout=its,
        stderr=its,
        env={**kept, "TERM": "dumb", "PYTHONIOENCODING": "utf-8", **env},
        start_new_session=True,
    ) as process:
        os.close(its)
        try:
            yield AtTerminal(process, terminal)
        finally:
            process.kill()
            os.close(terminal)


def begun(terminal: AtTerminal, both: Served) -> None:
    """Answer up to the thirteen questions."""
    keys = keys_of(both)
    terminal.waits()
    terminal.types(
        keys["woocommerce.url"],
        keys["woocommerce.consumer_key"],
        keys["woocommerce.consumer_secret"],
        "sandbox",
        keys["init.sandbox"],
        keys["poweroffice.application_key"],
        keys["poweroffice.client_key"],
        keys["poweroffice.subscription_key"],
        "yes",
    )
    assert "Question 1 of 13" in terminal.types("2026-09-01")


def test_a_whole_dialogue_and_then_the_first_orders(both: Served) -> None:
    """From nothing: keys, Enter, back once, the summary, the preview; then a run transfers."""
    with at_terminal(both, "--language", "en") as terminal:
        begun(terminal, both)
        assert "Question 2 of 13" in terminal.types("")
        assert "Question 1 of 13" in terminal.types("<")
        assert "Question 3 of 13" in terminal.types("processing,completed", "")
        new = ""
        while "Write this?" not in new:
            new = terminal.types("")
        assert "Show now what would become of" in terminal.types("yes")
        terminal.presses(b"\n")
        assert terminal.ends() == 0
    assert "This was a preview" in terminal.screen
    assert terminal.screen.index("This was a preview") < terminal.screen.index("What to type next")
    assert load(both.config).woocommerce.statuses == ["processing", "completed"]
    assert both.woo2po("run", "--limit", "1").stdout.startswith("1 transferred")


@pytest.mark.parametrize("key", [b"\x03", b"\x04"], ids=["Ctrl-C", "Ctrl-D"])
def test_the_keys_that_end_it(both: Served, key: bytes) -> None:
    """3, one sentence, no traceback, and nothing is left in the folder."""
    with at_terminal(both, "--language", "nb") as terminal:
        assert "Hva er adressen til butikken?" in terminal.waits()
        terminal.types(both.shop.url)
        assert terminal.ends(key) == 3
    said = terminal.screen.replace("^C", "").rstrip()
    assert said.endswith("Stoppet. Ingenting ble skrevet.")
    assert "Traceback" not in terminal.screen
    assert list(both.config.parent.iterdir()) == []


def test_a_signal_in_the_middle_of_a_trial_ends_it(both: Served) -> None:
    """While the shop is being read."""
    both.shop.misbehaviour.latency = 30
    with at_terminal(both, "--language", "en") as terminal:
        terminal.waits()
        terminal.presses(f"{both.shop.url}\n".encode())
        while "Looking for the shop ..." not in terminal.screen:
            assert terminal.reads()
        terminal.process.send_signal(signal.SIGINT)
        assert terminal.ends() == 3
    both.shop.misbehaviour.latency = 0
    assert "Stopped. Nothing was written." in terminal.screen
    assert not both.config.exists()


def test_a_terminal_of_60_columns(both: Served) -> None:
    """Nothing is wider but what is there to be copied whole: addresses and commands."""
    with at_terminal(both, "--language", "nb", columns=60) as terminal:
        shown = terminal.waits()
        terminal.ends(b"\x03")
    lines = [line for line in shown.splitlines() if "/config.toml" not in line]
    assert max(map(len, lines)) < 60


def test_a_terminal_without_utf_8(both: Served, tmp_path: Path) -> None:
    """Its letters are written with others; what is typed in UTF-8 is understood all the same."""
    with at_terminal(both, "--language", "nb", PYTHONIOENCODING="ascii") as terminal:
        shown = terminal.waits()
        assert "tretten spoersmaal" in " ".join(shown.split())
        assert shown.isascii()
        assert "'blaabaer' er ikke adressen til en butikk" in terminal.types("blåbær")
        assert terminal.ends(b"\x03") == 3
    assert "Traceback" not in terminal.screen


def test_a_key_is_covered_where_the_terminal_can(both: Served) -> None:
    """It is seen while it is pasted, and then written over."""
    with at_terminal(both, "--language", "en", TERM="xterm") as terminal:
        terminal.waits()
        terminal.types(both.shop.url)
        new = terminal.types("ck_sandbox")
        assert "\x1b[1A\r\x1b[J> ck_..." in new
        terminal.ends(b"\x03")


# -- every line of every dialogue ------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "nb"])
def test_no_line_is_wider_than_a_narrow_terminal(both: Served, language: str) -> None:
    """Of a whole dialogue at 60 columns, invoices and payments in it, and products to be made."""
    both.go.books.products.clear()
    plan = {"invoices.create": "yes", "payments.register": "yes", "payments.types": "-",
            "payments.accounts": ["cod=-", ""]}  # fmt: skip
    said = typed(both, plan, columns=58, language=language)
    assert said.code == 0, said.screen
    wide = [line for line in said.screen.splitlines() if len(line) >= 60]
    copied = re.compile(r""" +(\S+ = |/|\S+/5 |\S*python|http|\S+, [«"])|\S+$|> |\[""")
    assert [line for line in wide if not copied.match(line)] == []


@pytest.mark.parametrize("language", ["en", "nb"])
def test_a_whole_dialogue_in_plain_letters(both: Served, language: str) -> None:
    """Where the terminal knows ASCII alone, nothing else is written, and nothing is a ?."""
    said = typed(both, encoding="ascii", language=language)
    assert said.code == 0
    assert said.screen.isascii()
    assert not re.search(r"\w\?\w", said.screen.replace("admin.php?", ""))
