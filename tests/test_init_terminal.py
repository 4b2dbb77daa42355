"""`init` at a real terminal: a process of its own behind a pseudo-terminal, as people have it."""

import codecs
import importlib.util
import os
import re
import select
import struct
import subprocess
import sys
import time
import unittest

import pytest
from dialogues import KEYS
from served import GOES, served

from woo2po.config import load

END = 30  # seconds for anything to appear
# Makes the terminal the process' own, so that Ctrl-C reaches it, and becomes what is to be run.
OWN_TERMINAL = """
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.argv[1], sys.argv[1:])
"""
CONFIG = """\
[poweroffice]
base_url = "{go}/Demo/v2"
token_url = "{go}/Demo/OAuth/Token"
requests_per_second = 100
"""


class AtTerminal:
    """A process at a terminal, and what stands on its screen: `init` for both, or other words."""

    def __init__(self, both, *words, **environment):
        if importlib.util.find_spec("pty") is None:
            raise unittest.SkipTest("this system has no pseudo-terminals")
        import fcntl  # noqa: PLC0415 (where there are pseudo-terminals)
        import pty  # noqa: PLC0415
        import termios  # noqa: PLC0415

        self.terminal, its = pty.openpty()
        fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 60, 0, 0))
        init = ["init", "--config", str(both.config), "--language", "nb"] if both else []
        program = [sys.executable, "-m", "woo2po", *init, *words]
        command = [sys.executable, "-c", OWN_TERMINAL, *program]
        kept = {n: v for n, v in os.environ.items() if n not in {"COLUMNS", "DISPLAY"}}
        kept |= {"PATH": "/nowhere", "TERM": "xterm", "PYTHONIOENCODING": "utf-8", **environment}
        self.process = subprocess.Popen(
            command, stdin=its, stdout=its, stderr=its, env=kept, start_new_session=True
        )
        os.close(its)
        self.screen, self.seen = "", 0
        self._decoder = codecs.getincrementaldecoder("utf-8")()  # a read may end within a letter

    def waits_for(self, text):
        """Read until a text is on the screen; return what came."""
        until, new = time.monotonic() + END, ""
        while text not in new:
            assert time.monotonic() < until, self.screen
            assert self._read(END), self.screen
            new = self.screen[self.seen :]
        self.seen = len(self.screen)
        return new

    def types(self, line, then):
        """Type a line; return what comes until a text is there."""
        end = "" if line[-1:] in ("\x03", "\x04") else "\n"
        os.write(self.terminal, f"{line}{end}".encode())
        return self.waits_for(then)

    def ends(self):
        """Read to the end; return the exit code."""
        while self._read(1) or self.process.poll() is None:
            pass
        return self.process.wait(END)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        """End it whatever happened."""
        self.process.kill()
        self.process.wait()
        os.close(self.terminal)

    def _read(self, seconds):
        try:
            if not select.select([self.terminal], [], [], seconds)[0]:
                return False
            got = os.read(self.terminal, 65536)
        except OSError:  # Linux says so when the other side has hung up
            return False
        self.screen += self._decoder.decode(got).replace("\r\n", "\n")
        return bool(got)


@pytest.fixture
def both(tmp_path):
    """A shop with three orders, and a file that says where PowerOffice is."""
    with served(tmp_path, [GOES, "b2c-two-vat-rates", "coupon-percent"]) as one:
        one.listen()
        one.config.write_text(CONFIG.format(go=one.go_url), "utf-8")
        yield one


def test_ctrl_c_and_on_to_the_first_orders(both):
    """60 columns: a key is covered, Ctrl-C keeps the answers, the rest is a row and Enter."""
    with AtTerminal(both) as first:
        first.waits_for("adresse > ")
        first.types(both.shop.url, "(ck_...) > ")
        new = first.types("ck_sandbox", "(cs_...) > ")
        assert "\x1b[1A\r\x1b[JKundenøkkel (ck_...) > ck_..." in new
        first.types("cs_sandbox", "nøkkel > ")
        time.sleep(0.2)  # between a prompt and the waiting nobody is quick enough
        first.types("\x03", "derfra")
        assert first.ends() == 3
    assert "Traceback" not in first.screen
    shown = re.sub(r"\x1b\[[\d;]*[A-Za-z]", "", first.screen)
    wide = [line for line in shown.splitlines() if len(line) >= 60]
    assert all(line.startswith((" ", "/")) or "> " in line for line in wide), wide

    with AtTerminal(both, TERM="dumb") as second:
        second.waits_for("[ja] > ")
        second.types("", "Applikasjonsnøkkel > ")
        for key, then in zip(
            KEYS, ("Klientnøkkel > ", "Abonnementsnøkkel > ", "]\n> "), strict=True
        ):
            second.types(key, then)
        second.types("1.9.2026", "avslutter\n> ")
        second.types("3 ja", "avslutter\n> ")
        second.types("", "Dette skriver du nå")
        assert second.ends() == 0
    assert "\x1b" not in second.screen
    assert load(both.config).invoices.create
    assert both.woo2po("run", "--limit", "1").exit_code == 0

    with AtTerminal(both, "3") as third:
        assert "\n\x1b[1mSkal fakturaen" in third.waits_for("woo2po fakturerer] > ")
        third.types("q", "Stoppet")


def test_letters_that_the_terminal_lacks(both):
    """ASCII alone is written; what is typed in UTF-8 is understood all the same."""
    with AtTerminal(both, PYTHONIOENCODING="ascii") as terminal:
        assert terminal.waits_for("adresse > ").isascii()
        assert "'blaabaer' er ikke adressen til en butikk" in terminal.types("blåbær", "adresse > ")
        terminal.types("q", "Stoppet. Ingenting ble skrevet.")
        assert terminal.ends() == 3
