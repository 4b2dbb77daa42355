"""One subscription key, many processes: their turns, in a clock that jumps and in real ones."""

import asyncio
import errno
import fcntl
import itertools
import os
import shutil
import signal
import stat
import time
from contextlib import suppress
from functools import partial
from pathlib import Path
from unittest import mock

import pytest
import structlog
from served import GOES, served
from thoroughly import thorough
from virtual_time import clock, run

from woo2po.demo import KEYS
from woo2po.http import spacing
from woo2po.http.spacing import KeyTurns, Spacing, file_name, turns_of, user_folder

START = 5000.0  # seconds since the machine was started, when a test begins


def now():
    with suppress(RuntimeError):  # before the loop runs
        return START + clock()
    return START


@pytest.fixture
def file(tmp_path):
    """Where the queue of one key is kept."""
    return tmp_path / "woo2po" / "turns-key"


def process(file, rate=10, sleep=asyncio.sleep):
    """Return the spacing of one process, as PowerOffice's client has it."""
    return Spacing(rate, sleep, now, KeyTurns(file, rate, sleep, now))


class Log:
    """Who started when."""

    def __init__(self):
        self.starts = []

    async def work(self, name, spaced, requests):
        for _ in range(requests):
            await spaced.turn()
            self.starts.append((clock(), name))

    def times(self, name=None):
        return [moment for moment, who in self.starts if name in {None, who}]

    def busiest_second(self):
        times = self.times()
        return max(sum(start <= time < start + 1 for time in times) for start in times)


def worked(*workers, meanwhile=None):
    """Let processes send as fast as they may, each by name, spacing and requests; return the log.

    `meanwhile` happens with their tasks, after they have begun.
    """
    log = Log()

    async def work():
        tasks = [asyncio.create_task(log.work(*worker)) for worker in workers]
        if meanwhile is not None:
            await meanwhile(tasks)
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task

    run(work())
    return log


def several(file, processes, requests, **more):
    """Return so many of one key."""
    return [(n, process(file, **more), requests) for n in range(processes)]


# -- together ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("processes", "fewest"), [(1, 9.0), (2, 8.5), (25, 8.5)])
def test_together_they_never_pass_ten_a_second_and_use_nearly_all_of_it(file, processes, fewest):
    """No second holds an eleventh request, and all have their turns; one alone keeps a little less
    apart than several.
    """
    log = worked(*several(file, processes, requests=max(4, 100 // processes)))
    times = log.times()
    assert log.busiest_second() <= 10
    assert (len(times) - 1) / (times[-1] - times[0]) >= fewest


def test_eight_tasks_of_one_process_count_as_one(file):
    busy, other = process(file), process(file)
    log = worked(*[("busy", busy, 5)] * 8, ("other", other, 10))
    assert [who for _, who in log.starts[:20]].count("other") >= 8


def test_a_lower_figure_is_kept(file):
    """2 a second beside 10, and 5 of each of two, as where two machines share a key."""
    log = worked(("slow", process(file, rate=2), 8), ("fast", process(file), 40))
    assert min(b - a for a, b in itertools.pairwise(log.times("slow"))) >= 0.5
    assert log.busiest_second() <= 10
    assert worked(*several(file, 2, requests=10, rate=5)).busiest_second() <= 5


def test_each_key_and_server_and_machine_has_a_queue_of_its_own(monkeypatch, tmp_path):
    """Nobody waits for those who use another key, or the same one elsewhere.

    A home on a network is that of several machines, each with a clock of its own: one that does
    not number its starts is told by its name.
    """
    addresses = ("https://goapi.poweroffice.net/v2", "http://127.0.0.1:8082/v2")
    names = {file_name(address, key) for address in addresses for key in ("one", "two")}
    assert file_name("https://Goapi.PowerOffice.net/Demo/v2/", "one") in names
    monkeypatch.setattr(spacing, "_STARTED", tmp_path / "nothing")
    for machine in ("a", "another"):
        monkeypatch.setattr("platform.node", lambda name=machine: name)
        names.add(file_name(addresses[0], "one"))
    assert len(names) == 6


# -- waiting -----------------------------------------------------------------------------------


def test_a_pause_holds_everybody(file):
    """One process was told 429: nobody starts before the time is over; two pauses are one."""
    twelve = several(file, 12, requests=1)

    async def pause(_):
        await asyncio.sleep(0.5)
        await asyncio.gather(*(one.pause(7) for _, one, _ in twelve[:3]))

    log = worked(*twelve, meanwhile=pause)
    after = [moment for moment in log.times() if moment > 0.5]
    assert after[0] == pytest.approx(7.5, abs=0.01)
    assert (len(log.starts), log.times()[-1] < 8.6) == (12, True)
    assert log.busiest_second() <= 10


def test_one_that_is_killed_while_it_waits_costs_nobody_a_turn(file):
    """With the lock or without."""

    async def kill(tasks):
        await asyncio.sleep(0.15)
        for task in [task for task in tasks if not task.done()][:3]:
            task.cancel()

    log = worked(*several(file, 10, requests=1), meanwhile=kill)
    assert (len(log.starts), log.times()[-1] < 8 * 0.12) == (7, True)


def test_late_ones_put_nobody_into_a_full_second(file):
    """On a busy machine everybody wakes too late, each by another time."""
    late = itertools.cycle([0.0, 0.08, 0.0, 0.3, 0.02, 0.0, 0.15])

    async def sleep(seconds):
        await asyncio.sleep(seconds + next(late))

    log = worked(*several(file, 15, requests=8, sleep=sleep))
    assert log.busiest_second() <= 10
    assert log.times()[-1] < 25


# -- the file ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["12,5", "\x00\x00\x00", '{"free": 1, "end": 8600}', "soon", "nan", "inf", "1e400", "8600"],
)
def test_what_cannot_be_meant_costs_a_second(file, text):
    """Nobody knows what was sent in the last second: nothing is for one, and then all goes on. Nor
    does it hurt where somebody overwrites the file while they wait.
    """
    file.parent.mkdir()
    file.write_text(text, "utf-8")

    async def overwrite(_):
        await asyncio.sleep(1.8)
        file.write_text(text, "utf-8")

    log = worked(*several(file, 6, requests=5), meanwhile=overwrite)
    assert log.times()[0] == pytest.approx(1.0)
    assert log.busiest_second() <= 10
    assert (len(log.starts), log.times()[-1] < 7) == (30, True)


def test_only_its_owner_can_read_it_and_it_tells_nothing_of_the_key(tmp_path, monkeypatch):
    """Folder and file are the user's own."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "elsewhere"))  # a terminal's, not cron's
    folder = user_folder()
    asyncio.run(turns_of("https://go.example", "sub-key-1", 10, asyncio.sleep).turn())
    (made,) = folder.iterdir()
    assert "sub-key-1" not in made.name + made.read_text("utf-8")
    assert [stat.S_IMODE(one.stat().st_mode) for one in (folder, made)] == [0o700, 0o600]


def test_a_user_without_a_home_goes_on_alone(monkeypatch):
    """An environment without HOME is no hindrance. A container's user may have none at all, which
    is said once.
    """
    monkeypatch.delenv("HOME")
    assert user_folder().is_absolute()
    with mock.patch("pathlib.Path.home", side_effect=RuntimeError):
        turns = turns_of("https://go.example", "s", 10, asyncio.sleep)
    with structlog.testing.capture_logs() as said:
        asyncio.run(turns.turn())
        asyncio.run(turns.pause(0))
    assert [line["why"] for line in said] == ["no home"]


# -- where it cannot be shared -----------------------------------------------------------------


def alone(file):
    """Let a process work that cannot share, and return why, as its log says once."""
    with structlog.testing.capture_logs() as said:
        log = worked(*several(file, 1, requests=30))
    assert log.busiest_second() <= 10
    assert log.times()[-1] < 10
    ((event, why),) = [(line["event"], line["why"]) for line in said]
    assert event == "allowance_not_shared"
    return why


@pytest.mark.parametrize("kind", ["folder", "pipe", "link", "second name", "another user's"])
def test_what_is_no_file_of_ours_is_left_alone(file, kind):
    """Another user's link leads us to no database, and no pipe keeps us waiting."""
    file.parent.mkdir()
    database = file.parent / "database"
    database.write_text("orders", "utf-8")
    plant = {"folder": file.mkdir, "pipe": partial(os.mkfifo, file),
             "link": partial(file.symlink_to, database),
             "second name": partial(file.hardlink_to, database)}  # fmt: skip
    plant.get(kind, file.touch)()
    user = os.geteuid() + (kind == "another user's")
    with mock.patch.object(os, "geteuid", return_value=user):
        assert alone(file)
    assert database.read_text("utf-8") == "orders"


@pytest.mark.parametrize(
    ("call", "number"),
    [
        *((call, number) for call in ("open", "write") for number in (errno.EROFS, errno.ENOSPC)),
        ("open", errno.EACCES),
        ("mkdir", errno.EEXIST),  # the folder is a file
        ("flock", errno.ENOLCK),  # a file system without locks
    ],
)
def test_what_takes_nothing_is_said_once(file, monkeypatch, call, number):
    """Read-only, forbidden, full: at the first use or in the middle of it."""
    owner = {"flock": fcntl, "mkdir": Path}.get(call, os)
    real, used = getattr(owner, call), []

    def sometimes(*given, **more):
        if call != "open" or "turns-" in str(given[0]):
            used.append(given)
            if owner is not os or len(used) > 5:
                raise OSError(number, os.strerror(number))
        return real(*given, **more)

    monkeypatch.setattr(owner, call, sometimes)
    assert alone(file) == os.strerror(number)


def test_others_that_never_end_are_waited_for_two_minutes(file):
    """Somebody who puts the queue off again and again, or was stopped with the lock: a pause is
    a minute at most, and one minute beyond it is enough.
    """

    async def put_off():
        other = KeyTurns(file, 10, asyncio.sleep, now)
        for _ in range(60):
            await other.pause(5)
            await asyncio.sleep(3)

    async def work():
        other = asyncio.create_task(put_off())
        await asyncio.sleep(0.01)
        await process(file).turn()
        waited = clock()
        await other
        return waited

    with structlog.testing.capture_logs() as said:
        assert 119 < run(work()) < 121
    assert [line["why"] for line in said] == ["others never end"]


# -- real processes ----------------------------------------------------------------------------

ORDERS = [GOES, "b2c-two-vat-rates", "coupon-percent", "free-shipping"]


def is_locked(path):
    with path.open("r+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


@pytest.fixture
def both(tmp_path, monkeypatch):
    """A shop with four orders and a company, for processes on one key."""
    monkeypatch.setenv("HOME", str(tmp_path))
    with served(tmp_path, ORDERS) as both:
        both.configure({"poweroffice.requests_per_second": 10})
        both.queue = tmp_path / ".cache" / "woo2po" / file_name(both.go_url, KEYS[2])
        yield both


def test_two_shops_jobs_on_one_key_are_never_told_429(both, tmp_path):
    """A run and a preview at once, without any configuration, against a server that refuses."""
    both.go.faults.requests_per_second = 10
    shutil.copytree(tmp_path, tmp_path / "other", ignore=shutil.ignore_patterns(".*"))
    other = ("--config", str(tmp_path / "other" / "config.toml"))
    with both.begun() as one, both.begun("-m", "woo2po", "run", "--dry-run", *other) as two:
        said = [process.communicate(timeout=60)[1] for process in (one, two)]
    assert (one.returncode, two.returncode) == (0, 0), said
    assert all("allowance_not_shared" not in log for log in said)
    assert len(both.go.requests) > 20
    assert both.go.busiest_second <= 10
    assert [file.name for file in both.queue.parent.iterdir()] == [both.queue.name]


@pytest.mark.parametrize("number", [signal.SIGTERM, *thorough(signal.SIGINT)])
def test_a_run_that_waits_for_its_turn_is_held_by_anothers_429_and_ends_when_told(both, number):
    """However long the queue is: within two seconds, and nothing was asked meanwhile."""
    asyncio.run(KeyTurns(both.queue, 10, asyncio.sleep).pause(30))
    with both.begun() as process:
        until = time.monotonic() + 20
        while not is_locked(both.queue):
            assert time.monotonic() < until
            time.sleep(0.05)
        told = time.monotonic()
        process.send_signal(number)
        process.communicate(timeout=20)
    assert time.monotonic() - told < 2
    assert (process.returncode, both.go.requests) == (3, [])


def test_a_stand_in_inside_the_process_has_nothing_to_share(world, tmp_path, monkeypatch):
    """What goes over no network takes no turns."""
    monkeypatch.setenv("HOME", str(tmp_path))
    world.sells(101)
    world.run()
    assert list(tmp_path.iterdir()) == []
