"""Commands at a real terminal: a process of its own behind a pseudo-terminal, as people have it."""

import codecs
import importlib.util
import os
import select
import struct
import subprocess
import sys
import time
import unittest

END = 30  # seconds for anything to appear
# Makes the terminal the process' own, so that Ctrl-C reaches it, and becomes what is to be run.
OWN_TERMINAL = """
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.argv[1], sys.argv[1:])
"""


class AtTerminal:
    """A command at a terminal so wide, and what stands on its screen."""

    def __init__(self, *words, columns=60, **environment):
        if importlib.util.find_spec("pty") is None:
            raise unittest.SkipTest("this system has no pseudo-terminals")
        import fcntl  # noqa: PLC0415 (where there are pseudo-terminals)
        import pty  # noqa: PLC0415
        import termios  # noqa: PLC0415

        self.terminal, its = pty.openpty()
        fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
        program = [sys.executable, "-m", "woo2po", *words]
        command = [sys.executable, "-c", OWN_TERMINAL, *program]
        kept = {n: v for n, v in os.environ.items() if n not in {"COLUMNS", "DISPLAY"}}
        kept |= {"PATH": "/nowhere", "TERM": "xterm", "PYTHONIOENCODING": "utf-8", **environment}
        self.process = subprocess.Popen(
            command, stdin=its, stdout=its, stderr=its, env=kept, start_new_session=True
        )
        os.close(its)
        self.screen, self.seen = "", 0
        encoding = kept["PYTHONIOENCODING"]
        self._decoder = codecs.getincrementaldecoder(encoding)()  # a read may end within a letter

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
        self.screen = (self.screen + self._decoder.decode(got)).replace("\r\n", "\n")
        return bool(got)
