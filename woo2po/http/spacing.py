"""When the next request may start, so that no second holds too many of them.

`Spacing` is that of one process. PowerOffice allows 10 requests a second per subscription key,
whoever uses it (poweroffice/facts.md, "Requests"), so the processes of a machine that share a
key take `KeyTurns`: a small file for each key, whose lock only one of them has at a time.
"""

import asyncio
import hashlib
import math
import os
import platform
import random
import stat
import sys
import time
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import structlog

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

# Requests lie this much further apart than the limit says. Of 10 a second 9.5 are used.
MARGIN = 1.05
CATCH_UP = 0.05  # seconds by which one that started late may be caught up with
ARRIVES = 0.05  # seconds that a request is on its way, where no quick answer tells better
QUICK = 0.1  # seconds: an answer that took longer does not tell when its request arrived
# Of several processes each has connections to open, so that a request may leave late by 150 ms.
SEVERAL = 0.09  # added to the margin

_SLEEPS = 0.005  # seconds: so much longer than asked for; more is not caught up among several
_STARTED = Path("/proc/sys/kernel/random/boot_id")  # Linux: another one after each start
_SIZE = 40  # bytes that are read and written: always the same, so that one write replaces all
_UNKNOWN = 1.0  # seconds to wait where nobody knows who sent what in the last second
_FARTHEST = 60.0  # seconds: our pauses are no longer, so what is later was not written by us
_PATIENCE = 120.0  # seconds for one turn: a pause, and a minute beyond it
_NOTHING = 0.0001  # seconds: nearer than clocks and sleeps can tell

Sleep = Callable[[float], Awaitable[None]]
Clock = Callable[[], float]
log = structlog.get_logger()


@dataclass(slots=True)
class Start:
    """When a request started, and when it had arrived at the latest."""

    started: float
    arrived: float


class Spacing:
    """Lets requests start evenly, `requests_per_second` at most, whoever asks; first come first.

    No second holds more of them, as they arrive there: one starts a second after the tenth before
    it had arrived. With `shared` each one also waits for its turn among those of other processes.
    """

    def __init__(
        self, requests_per_second: float, sleep: Sleep, now: Clock, shared: "KeyTurns | None" = None
    ) -> None:
        self._interval = MARGIN / requests_per_second
        self._sleep = sleep
        self.now = now
        self._shared = shared
        self._next = now()
        self._queue = asyncio.Lock()
        self._last: deque[Start] = deque(maxlen=max(1, int(requests_per_second)))
        self._window = (self._last.maxlen or 1) / requests_per_second

    async def turn(self) -> "Start":
        """Return when the next request may start; where it is answered soon, it had arrived."""
        async with self._queue:
            full = len(self._last) == self._last.maxlen
            free = self._last[0].arrived + self._window if full else 0.0
            due = max(self._next, free, self.now())
            self._last.append(sent := Start(due, due))
            # Again after each sleep: a pause may have been ordered meanwhile.
            while (wait := max(self._next, due) - self.now()) > _NOTHING:
                await self._sleep(wait)
            if self._shared is not None:
                await self._shared.turn()
            now = self.now()
            self._next = max(self._next, due, now - CATCH_UP) + self._interval
            sent.started, sent.arrived = now, now + ARRIVES
            return sent

    async def pause(self, seconds: float) -> None:
        """Let nobody start for so many seconds from now."""
        self._next = max(self._next, self.now() + seconds)
        if self._shared is not None:
            await self._shared.pause(seconds)


class KeyTurns:
    """The turns of this process among all on the machine that use one key.

    Whoever has the lock of the key's file is next, from the moment on that stands in it; a process
    that is killed leaves no lock. Where the file cannot be kept this one goes on alone, and the
    log says so once.
    """

    def __init__(
        self,
        file: Path | None,
        requests_per_second: float,
        sleep: Sleep,
        now: Clock = time.monotonic,  # Python's promise: one clock for all processes
    ) -> None:
        self._file = file
        self._rate = requests_per_second
        self._sleep = sleep
        self._now = now
        self._written = 0.0
        self._alone = False

    async def turn(self) -> None:
        """Return when the next request may start, whoever sent the last one."""

        async def wait(file: int) -> None:
            async with asyncio.timeout(_PATIENCE):
                await self._lock(file)
                await self._start(file)

        await self._with_file(wait)

    async def pause(self, seconds: float) -> None:
        """Let nobody start for so many seconds; without a lock: after a sleep all look again."""

        async def put_off(file: int) -> None:
            _write(file, max(_moment_in(file), self._now() + seconds))

        await self._with_file(put_off)

    async def _with_file(self, work: Callable[[int], Awaitable[None]]) -> None:
        """Do what is to be done with the file open; where it cannot be kept go on alone."""
        if self._alone:
            return
        try:
            file = _open(self._file)
            try:
                await work(file)
            finally:
                os.close(file)  # and the lock with it
        except OSError as error:  # a TimeoutError too
            late = isinstance(error, TimeoutError) and not error.strerror
            why = "others never end" if late else error.strerror or type(error).__name__
            log.warning("allowance_not_shared", why=why, dry_run=False)  # true of a dry run as well
            self._alone = True

    async def _lock(self, file: int) -> None:
        """Lock the file without keeping the loop from its work. Raises OSError."""
        while True:
            try:
                if sys.platform == "win32":
                    msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
                else:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except (BlockingIOError, PermissionError):
                # Sooner than the next turn comes: whoever had the last one asks for it later.
                await self._sleep(random.uniform(0.1, 0.5) / self._rate)  # noqa: S311 (no secret)
            else:
                return

    async def _start(self, file: int) -> None:
        """Return at the moment that stands in the locked file, and write the next one there."""
        while (wait := (free := _moment_in(file)) - self._now()) > _NOTHING:
            if wait > _FARTHEST + SEVERAL + MARGIN / self._rate:
                _write(file, self._now() + _UNKNOWN)
            else:
                await self._sleep(wait)
        several = free not in {0.0, self._written}
        interval = (MARGIN + (SEVERAL if several else 0.0)) / self._rate
        self._written = _write(file, max(free, self._now() - _SLEEPS) + interval)


def _open(path: Path | None) -> int:
    """Open a file that is ours and nothing but a file. Raises OSError."""
    if path is None:
        raise OSError(None, "no home")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Nobody's link leads us to another file, and no pipe keeps us waiting.
    extra = ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY")
    flags = os.O_RDWR | os.O_CREAT | sum(getattr(os, name, 0) for name in extra)
    file = os.open(path, flags, 0o600)
    seen = os.fstat(file)
    ours = os.name != "posix" or seen.st_uid == os.geteuid()
    if not ours or not stat.S_ISREG(seen.st_mode) or seen.st_nlink > 1:
        os.close(file)
        raise OSError(None, "not ours")
    return file


def _moment_in(file: int) -> float:
    """Return the moment on the machine's clock that a file holds; no end for what is none."""
    os.lseek(file, 0, os.SEEK_SET)
    content = os.read(file, _SIZE)
    try:
        moment = float(content or "0")
    except ValueError:
        return math.inf
    return moment if math.isfinite(moment) else math.inf


def _write(file: int, moment: float) -> float:
    moment = round(moment, 6)
    os.lseek(file, 0, os.SEEK_SET)
    os.write(file, str(moment).ljust(_SIZE).encode())
    return moment


def turns_of(
    base_url: str, subscription_key: str, requests_per_second: float, sleep: Sleep
) -> KeyTurns:
    """Return the turns of a key at a server."""
    file = None
    with suppress(RuntimeError):  # nobody's home
        file = user_folder() / file_name(base_url, subscription_key)
    return KeyTurns(file, requests_per_second, sleep)


def user_folder() -> Path:
    """Return where the user's processes meet, without looking at more of their environment.

    Neither XDG_RUNTIME_DIR nor XDG_CACHE_HOME: a terminal has them and cron has not, and both
    must come to the same place. Raises RuntimeError where the user has no home.
    """
    return Path.home() / ".cache" / "woo2po"


def file_name(base_url: str, subscription_key: str) -> str:
    """Return a name that tells nothing of the key, one for each key and start of the machine.

    The start: a home on a network is that of several machines, each with a clock of its own.
    """
    try:
        machine = _STARTED.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        machine = platform.node()
    key = f"{urlsplit(base_url).netloc.lower()} {subscription_key} {machine}"
    return f"turns-{hashlib.sha256(key.encode()).hexdigest()[:16]}"
