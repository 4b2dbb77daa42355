"""The allowance of one subscription key, shared by all processes of a machine that use it.

PowerOffice allows 10 requests a second per key, whoever uses it (PowerOffice facts, section 2).
So there is a small file for each key, in a folder of the user's. Whoever wants to send takes the
next free slot in it, waits for that moment, and looks again: the queue may have been put off. A
slot is a moment, not a place that somebody has to give up: one whose owner was killed passes.

Moments are seconds of the machine's monotonic clock, which all processes share (Python's `time`:
"always system-wide") and nobody sets; it begins anew when the machine starts. Where the file
cannot be kept, requests are spaced within the process alone, and the log says so once.
"""

import hashlib
import json
import math
import os
import platform
import random
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

import filelock
import structlog

from woo2po import spacing
from woo2po.settings.sections import PowerOffice
from woo2po.spacing import CATCH_UP, Clock, Sleep

_STARTED = Path("/proc/sys/kernel/random/boot_id")  # Linux: another one after each start
_SIZE = 400  # bytes that are read and written: always the same, so that one write replaces all
_FARTHEST = 600.0  # seconds: a queue that ends later than this was not written by us
_UNKNOWN = 1.0  # who sent what in the last second is not known
# Of several processes each has connections to open, so that a request may leave late by 150 ms.
_SEVERAL = 0.09  # added to the margin
_IN_USE = 60.0  # seconds that a higher rate is remembered after the last request at it
_STALLED = 1.0  # a queue that nobody served for longer loses its order (never its spacing)
_NOTHING = 0.0001  # nearer than clocks and sleeps can tell
_PATIENCE = 5.0  # seconds for the lock, which is held for a fraction of a millisecond
_OFTEN = 5  # times that a file may be no queue of ours; more often somebody keeps writing it
_OLD = 30 * 86_400.0  # seconds after which a file of an earlier start is cleared away

T = TypeVar("T")
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in the queue: the moment it was taken for, and how far the queue was put off then."""

    moment: float
    put_off: float


@dataclass
class Queue:
    """Who may start when: what the file holds. All in seconds, moments of the machine's clock.

    `free`: nobody starts before. `end`: the first moment that nobody has taken. `put_off`: by how
    much the queue was put off so far, ever. `rate` and `rated`: the highest requests_per_second
    at work, and when it was seen last. `interval`: how far apart two starts lie. `last`: a number
    for whoever started last. `written`: the moment of the last change.
    """

    free: float = -math.inf
    end: float = -math.inf
    put_off: float = 0.0
    rate: float = 0.0
    rated: float = -math.inf
    interval: float = 0.0
    last: float = 0.0
    written: float = -math.inf

    def join(self, now: float, rate: float, who: float) -> None:
        """Note who is there: all together may do what the fastest of them may alone."""
        if rate >= self.rate or now - self.rated > _IN_USE:
            self.rate, self.rated = rate, now
        several = self.last not in {0.0, who}
        self.interval = (spacing.MARGIN + (_SEVERAL if several else 0.0)) / self.rate
        self.last = who

    def take(self, now: float) -> Slot:
        """Give the next slot."""
        slot = Slot(max(self.end, now - CATCH_UP), self.put_off)
        self.end = slot.moment + self.interval
        return slot

    def start(self, now: float, slot: Slot) -> float:
        """Return how long a slot has still to wait; where that is 0, its owner starts now."""
        due = slot.moment + self.put_off - slot.put_off
        ready = max(due, self.free)
        if (wait := ready - now) > _NOTHING:
            return wait
        late = min(max(0.0, now - CATCH_UP - ready), _STALLED)
        overtaken = due + self.interval / 2 < self.free
        self.free = max(ready, now - CATCH_UP) + self.interval
        self._defer(late + (self.interval if overtaken else 0.0))
        return 0.0

    def pause(self, now: float, seconds: float) -> None:
        """Let nobody start for so many seconds; everybody keeps his place."""
        until = now + seconds
        longer = until - max(self.free, now)
        self.free = max(self.free, until)
        self._defer(max(0.0, longer))

    def _defer(self, seconds: float) -> None:
        self.put_off += seconds
        self.end = max(self.end + seconds, self.free)


class Allowance:
    """The part of this process in the allowance that `file` keeps; `spacing.Shared`.

    `file` has no suffix yet: the queue is in `.json`, its lock beside it. None is nowhere.
    """

    def __init__(
        self,
        file: Path | None,
        requests_per_second: float,
        sleep: Sleep,
        now: Clock = time.monotonic,
    ) -> None:
        self._file = file
        self._rate = requests_per_second
        self._sleep = sleep
        self._now = now
        self._who = random.random()  # noqa: S311 (no secret; process ids are those of a container)
        self._lock: filelock.BaseFileLock | None = None
        self._alone = False
        self._not_ours = 0

    async def turn(self) -> None:
        """Return when the next request may start, whoever sent the last one."""
        slots: list[Slot] = []

        def try_to_start(queue: Queue, now: float) -> float:
            queue.join(now, self._rate, self._who)
            if not slots:
                slots.append(queue.take(now))
            return queue.start(now, slots[0])

        while wait := await self._agreed(try_to_start):
            await self._sleep(wait)

    async def pause(self, seconds: float) -> None:
        """Let nobody start for so many seconds from now."""
        await self._agreed(lambda queue, now: queue.pause(now, seconds))

    async def _agreed(self, change: Callable[[Queue, float], T]) -> T | None:
        """Change the queue while nobody else does; None where it cannot be shared."""
        if self._alone:
            return None
        try:
            lock = await self._locked()
            try:
                return self._changed(change)
            finally:
                lock.release()
        except (OSError, RuntimeError, ValueError) as error:  # a Timeout is an OSError
            why = getattr(error, "strerror", None) or type(error).__name__
            log.warning("allowance_not_shared", why=why)
            self._alone = True
            return None

    async def _locked(self) -> filelock.BaseFileLock:
        """Take the lock without keeping the loop from its work. Raises OSError and Timeout."""
        lock = self._lock = self._lock or self._prepared()
        until = self._now() + _PATIENCE
        while True:
            try:
                lock.acquire(timeout=0)
            except filelock.Timeout:
                if self._now() > until:  # its owner was stopped, or the disk does not answer
                    raise
                await self._sleep(random.uniform(0.001, 0.005))  # noqa: S311 (no secret)
            else:
                return lock

    def _prepared(self) -> filelock.BaseFileLock:
        """Make the folder. Raises OSError."""
        if self._file is None:
            raise OSError(None, "no home")
        folder = self._file.parent
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _clear_away(folder, self._file.name)
        path = self._file.with_suffix(".lock")
        return filelock.FileLock(path, mode=_mode_in(folder), fallback_to_soft=False)

    def _changed(self, change: Callable[[Queue, float], T]) -> T:
        assert self._file is not None  # noqa: S101 (else there is no lock)
        path = self._file.with_suffix(".json")
        mode = _mode_in(path.parent)
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0)
        file = os.open(path, flags, mode)
        try:
            content, now = os.read(file, _SIZE), self._now()
            if not content and hasattr(os, "fchmod"):
                os.fchmod(file, mode)  # whatever the umask says
            queue = self._read(content, now)
            result = change(queue, now)
            queue.written = now
            os.lseek(file, 0, os.SEEK_SET)
            os.write(file, json.dumps(asdict(queue)).ljust(_SIZE).encode())
        finally:
            os.close(file)
        return result

    def _read(self, content: bytes, now: float) -> Queue:
        """Return the queue; raise OSError where it cannot be kept with whoever writes it too.

        In a container with a clock of its own each one's moments are nothing to the other, and
        the second that this costs at every look would never end.
        """
        queue = read_queue(content, now)
        self._not_ours += bool(content) and math.isinf(queue.written)
        if self._not_ours > _OFTEN:
            raise OSError(None, "not ours")
        return queue


def read_queue(content: bytes, now: float) -> Queue:
    """Return the queue that a file holds.

    From a file that we did not write, or wrote before the machine was started, nobody can tell
    what was sent in the last second: then nothing is for a second.
    """
    if not content:
        return Queue()
    unknown = Queue(free=now + _UNKNOWN, end=now + _UNKNOWN)
    try:
        said = json.loads(content)
        queue = Queue(**{name: float(value) for name, value in said.items()})
    except (AttributeError, RecursionError, TypeError, ValueError, OverflowError):
        return unknown
    if not all(map(math.isfinite, asdict(queue).values())) or queue.rate <= 0:
        return unknown
    if queue.written > now or max(queue.free, queue.end) > queue.written + _FARTHEST:
        return unknown
    return queue


def allowance_of(keys: PowerOffice, sleep: Sleep) -> Allowance:
    """Return the allowance of the subscription key in these settings."""
    try:
        folder = Path(keys.allowance_folder) if keys.allowance_folder else user_folder()
    except RuntimeError:  # nobody's home
        return Allowance(None, keys.requests_per_second, sleep)
    file = folder / file_name(keys.base_url, keys.subscription_key.get_secret_value())
    return Allowance(file, keys.requests_per_second, sleep)


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
    key = f"{urlsplit(base_url).netloc.lower()} {subscription_key}"
    return "allowance-{}-{}".format(*(_hash(part) for part in (key, machine)))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _mode_in(folder: Path) -> int:
    """Whoever may write the folder may write the file: its owner alone, if it is ours."""
    return folder.stat().st_mode & 0o666


def _clear_away(folder: Path, ours: str) -> None:
    """Remove what was left by earlier starts of the machine."""
    start = ours.rpartition("-")[2]
    for file in folder.glob("allowance-*-*.*"):
        with suppress(OSError):  # somebody else clears away too
            if file.stem.rpartition("-")[2] != start and _age(file) > _OLD:
                file.unlink()


def _age(file: Path) -> float:
    return time.time() - file.stat().st_mtime
