"""When the next request may start, so that no second holds too many of them.

`Spacing` is that of one process. PowerOffice allows 10 requests a second per subscription key,
whoever uses it (poweroffice/facts.md, "Requests"), so the processes of a machine that share a
key take `KeyTurns`: a small file for each key, in which nobody writes but who holds its lock.
"""

import asyncio
import hashlib
import json
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
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeVar
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
_SIZE = 200  # bytes that are read and written: always the same, so that one write replaces all
_UNKNOWN = 1.0  # who sent what in the last second is not known
_FARTHEST = 120.0  # seconds: a queue that ends later than this was not written by us
_BEYOND = 60.0  # seconds that are waited beyond the first turn that was promised
_PATIENCE = 5.0  # seconds for the lock, which is held for a fraction of a millisecond
_NOTHING = 0.0001  # nearer than clocks and sleeps can tell
_OLD = 30 * 86_400.0  # seconds after which a file of an earlier start is cleared away

Sleep = Callable[[float], Awaitable[None]]
Clock = Callable[[], float]
T = TypeVar("T")
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
            due = max(self._next, self._free(), self.now())
            self._last.append(sent := Start(due, due))
            # Again after each sleep: a pause may have been ordered meanwhile.
            while (wait := max(self._next, due) - self.now()) > _NOTHING:
                await self._sleep(wait)
            if self._shared is not None:
                await self._shared.turn(due)
            now = self.now()
            self._next = max(self._next, due, now - CATCH_UP) + self._interval
            sent.started, sent.arrived = now, now + ARRIVES
            return sent

    def _free(self) -> float:
        return self._last[0].arrived + self._window if len(self._last) == self._last.maxlen else 0.0

    async def pause(self, seconds: float) -> None:
        """Let nobody start for so many seconds from now."""
        self._next = max(self._next, self.now() + seconds)
        if self._shared is not None:
            await self._shared.pause(seconds)


@dataclass
class _Queue:
    """What the file holds: moments of the machine's clock, which begins anew when it starts.

    `free`: nobody starts before. `end`: the first moment that nobody has taken. `rate`: the
    highest requests_per_second at work. `last`: a number for whoever started last.
    """

    free: float
    end: float
    rate: float
    last: float


class KeyTurns:
    """The turns of this process among all on the machine that use one key.

    A turn is a moment, not a place that somebody has to give up: that of one who was killed
    passes. Where the file cannot be kept this process goes on alone, and the log says so once.
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
        self._who = random.random()  # noqa: S311 (no secret; a container's process ids are its own)
        self._seen = self._alone = False

    async def turn(self, due: float = math.inf) -> None:
        """Return when the next request may start, whoever sent the last one.

        `due` is when it was to, as far as this process goes: being late is caught up with.
        """
        place, beyond, several = 0.0, -math.inf, False

        def look(queue: _Queue, now: float) -> float:
            """Return how long it is until our place; where it has come, start."""
            nonlocal place, several
            idle = now - queue.free > _BEYOND  # whoever had a higher figure has long been quiet
            queue.rate = self._rate if idle else max(self._rate, queue.rate)
            several = several or queue.last != self._who or (not place and queue.end > queue.free)
            interval = (MARGIN + (SEVERAL if several else 0.0)) / queue.rate
            late = now - (_SLEEPS if several else CATCH_UP)
            if not place:
                place = max(queue.end, late, min(due, now))
                queue.end = place + interval
            if (wait := max(place, queue.free) - now) > _NOTHING:
                return wait
            queue.free = max(place, queue.free, late) + interval
            queue.end = max(queue.end, queue.free)
            queue.last = self._who
            return 0.0

        while wait := await self._agreed(look):
            beyond = max(0.0, beyond + wait)  # nothing for the first wait, which was promised
            if beyond > _BEYOND:
                self._go_on_alone("others never end")
                break
            await self._sleep(wait)

    async def pause(self, seconds: float) -> None:
        """Let nobody start for so many seconds from now."""

        def put_off(queue: _Queue, now: float) -> None:
            queue.rate = queue.rate or self._rate
            queue.free = max(queue.free, now + seconds)
            queue.end = max(queue.end, queue.free)

        await self._agreed(put_off)

    def _go_on_alone(self, why: str) -> None:
        log.warning("allowance_not_shared", why=why, dry_run=False)  # true of a dry run as well
        self._alone = True

    async def _agreed(self, change: Callable[[_Queue, float], T]) -> T | None:
        """Change the queue while nobody else does; None where it cannot be shared."""
        if self._alone:
            return None
        try:
            file = self._opened()
            try:
                await self._lock(file)
                return self._changed(file, change)
            finally:
                os.close(file)  # and the lock is gone with it
        except OSError as error:
            self._go_on_alone(error.strerror or type(error).__name__)
            return None

    def _opened(self) -> int:
        """Return the file, which is ours and nothing but a file, open. Raises OSError."""
        if self._file is None:
            raise OSError(None, "no home")
        if not self._seen:
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _clear_away(self._file)
            self._seen = True
        # Nobody's link leads us to another file, and no pipe keeps us waiting.
        extra = ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY")
        flags = os.O_RDWR | os.O_CREAT | sum(getattr(os, name, 0) for name in extra)
        file = os.open(self._file, flags, 0o600)
        seen = os.fstat(file)
        ours = os.name != "posix" or seen.st_uid == os.geteuid()
        if not ours or not stat.S_ISREG(seen.st_mode) or seen.st_nlink > 1:
            os.close(file)
            raise OSError(None, "not ours")
        return file

    async def _lock(self, file: int) -> None:
        """Lock the file without keeping the loop from its work. Raises OSError."""
        until = self._now() + _PATIENCE
        while True:
            try:
                if sys.platform == "win32":
                    msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
                else:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except (BlockingIOError, PermissionError):
                if self._now() > until:  # its owner was stopped, or the disk does not answer
                    raise
                await self._sleep(random.uniform(0.001, 0.005))  # noqa: S311 (no secret)
            else:
                return

    def _changed(self, file: int, change: Callable[[_Queue, float], T]) -> T:
        now = self._now()
        queue = _read(os.read(file, _SIZE), now)
        result = change(queue, now)
        os.lseek(file, 0, os.SEEK_SET)
        os.write(file, json.dumps(asdict(queue)).ljust(_SIZE).encode())
        return result


def _read(content: bytes, now: float) -> _Queue:
    """Return the queue that a file holds.

    From a file that we did not write, or wrote before the machine was started, nobody can tell
    what was sent in the last second: then nothing is for a second.
    """
    if not content:
        return _Queue(0.0, 0.0, 0.0, 0.0)
    try:
        queue = _Queue(**{name: float(value) for name, value in json.loads(content).items()})
    except (AttributeError, RecursionError, TypeError, ValueError, OverflowError):
        queue = _Queue(math.nan, 0.0, 0.0, 0.0)
    known = all(map(math.isfinite, asdict(queue).values())) and queue.rate > 0
    if known and max(queue.free, queue.end) < now + _FARTHEST:
        return queue
    return _Queue(now + _UNKNOWN, now + _UNKNOWN, 0.0, 0.0)


def turns_of(
    base_url: str, subscription_key: str, requests_per_second: float, sleep: Sleep
) -> KeyTurns:
    """Return the turns of a key at a server."""
    try:
        file = user_folder() / file_name(base_url, subscription_key)
    except RuntimeError:  # nobody's home
        return KeyTurns(None, requests_per_second, sleep)
    return KeyTurns(file, requests_per_second, sleep)


def user_folder() -> Path:
    """Return where the user's processes meet, without looking at more of their environment.

    Neither XDG_RUNTIME_DIR nor XDG_CACHE_HOME: a terminal has them and cron has not, and both
    must come to the same place. Raises RuntimeError where the user has no home.
    """
    if os.name == "nt":
        local = os.environ.get("LOCALAPPDATA")
        return (Path(local) if local else Path.home() / "AppData" / "Local") / "woo2po"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "woo2po"
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
    return f"turns-{hashlib.sha256(key.encode()).hexdigest()[:16]}.json"


def _clear_away(ours: Path) -> None:
    """Remove what was left by earlier starts of the machine, and by earlier versions."""
    folder = ours.parent
    for file in (*folder.glob("turns-*.json"), *folder.glob("allowance-*.*")):
        with suppress(OSError):  # somebody else clears away too
            if file != ours and time.time() - file.stat().st_mtime > _OLD:
                file.unlink()
