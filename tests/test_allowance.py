"""One subscription key, many processes: their turns, in a clock that jumps."""

import asyncio
import errno
import itertools
import json
import os
import stat
import time
from unittest import mock

import filelock
import pytest
import structlog
from virtual_time import clock, run

from woo2po import allowance
from woo2po.allowance import Allowance, allowance_of, file_name, user_folder
from woo2po.settings.sections import PowerOffice
from woo2po.spacing import Spacing

START = 5000.0  # seconds since the machine was started, when a test begins


def now():
    return START + clock()


@pytest.fixture
def file(tmp_path):
    """Where the queue of one key is kept."""
    return tmp_path / "woo2po" / "allowance-key-start"


def process(file, rate=10, sleep=asyncio.sleep):
    """Return the spacing of one process, as PowerOffice's client has it."""
    return Spacing(rate, sleep, now, Allowance(file, rate, sleep, now))


class Log:
    """Who started when."""

    def __init__(self):
        self.starts = []

    async def work(self, name, spacing, requests):
        for _ in range(requests):
            await spacing.turn()
            self.starts.append((clock(), name))

    def times(self, name=None):
        return [moment for moment, who in self.starts if name in {None, who}]

    def busiest_second(self):
        times = self.times()
        return max(sum(start <= time < start + 1 for time in times) for start in times)


def together(*work):
    """Do everything at once in virtual time."""

    async def all_of_it():
        await asyncio.gather(*work)

    run(all_of_it())


def worked(file, processes, requests, **more):
    """Let many processes of one key send as fast as they may."""
    log = Log()

    async def work():
        spacings = [process(file, **more) for _ in range(processes)]
        await asyncio.gather(
            *(log.work(n, spacing, requests) for n, spacing in enumerate(spacings))
        )

    run(work())
    return log


def queue(file):
    return json.loads(file.with_suffix(".json").read_text("utf-8"))


def written(file, text):
    file.parent.mkdir()
    file.with_suffix(".json").write_text(text, "utf-8")


# -- together ----------------------------------------------------------------------------------


@pytest.mark.parametrize("processes", [1, 2, 7, 50])
def test_together_they_never_pass_ten_a_second(file, processes):
    """However many processes there are, no second holds an eleventh request."""
    log = worked(file, processes, requests=max(4, 40 // processes))
    assert log.busiest_second() <= 10


def test_one_alone_is_as_fast_as_without_the_others(file):
    """Nine of ten requests a second, as before."""
    times = worked(file, 1, requests=100).times()
    assert (len(times) - 1) / (times[-1] - times[0]) >= 9.0


def test_many_together_use_eight_of_ten(file):
    """Each has connections to open, so they keep a little more apart than one alone."""
    times = worked(file, 20, requests=10).times()
    assert (len(times) - 1) / (times[-1] - times[0]) >= 8.5


def test_nobody_starves(file):
    """Fifty at once: each has its second turn before anybody has a third."""
    log = worked(file, 50, requests=3)
    rounds = [[who for _, who in log.starts[n : n + 50]] for n in (0, 50, 100)]
    assert all(sorted(one) == list(range(50)) for one in rounds)


def test_a_process_with_many_tasks_has_no_more_turns_than_another(file):
    """Eight orders in flight here take their turns as one."""
    log = Log()

    async def work():
        busy, other = process(file), process(file)
        tasks = [log.work("busy", busy, 5) for _ in range(8)]
        await asyncio.gather(*tasks, log.work("other", other, 10))

    run(work())
    first = [who for _, who in log.starts[:20]]
    assert first.count("other") == 10


def test_a_lower_figure_is_the_shops_own_part(file):
    """requests_per_second = 2 in one configuration leaves the others more."""
    log = Log()

    async def work():
        slow, fast = process(file, rate=2), process(file)
        await asyncio.gather(log.work("slow", slow, 8), log.work("fast", fast, 40))

    run(work())
    slow = log.times("slow")
    assert min(b - a for a, b in itertools.pairwise(slow)) >= 0.5
    assert log.times("fast")[-1] < 6
    assert log.busiest_second() <= 10


def test_where_all_have_a_lower_figure_it_is_that_of_the_machine(file):
    """Two machines share a key: 5 in every configuration, and each stays below five a second."""
    assert worked(file, 6, requests=5, rate=5).busiest_second() <= 5


def test_a_higher_figure_counts_no_more_once_its_shop_is_quiet(file):
    """A minute after the last request at ten a second, those with five are at five."""
    log = Log()

    async def work():
        await process(file).turn()
        await asyncio.sleep(61)
        await asyncio.gather(*(log.work(n, process(file, rate=5), 5) for n in range(4)))

    run(work())
    assert log.busiest_second() <= 5


def test_another_key_has_an_allowance_of_its_own(tmp_path):
    """Nobody waits for those who use another key, or the same one elsewhere."""
    names = [
        file_name(address, key)
        for address in ("https://goapi.poweroffice.net/v2", "http://127.0.0.1:8082/v2")
        for key in ("one", "two")
    ]
    assert len(set(names)) == 4
    log = Log()

    async def work():
        await asyncio.gather(*(log.work(n, process(tmp_path / n), 3) for n in names))

    run(work())
    assert log.times()[-1] < 0.3


def test_an_address_spelled_otherwise_is_the_same_place():
    """The allowance is that of the server, whatever stands behind its name."""
    assert file_name("https://Goapi.PowerOffice.net/Demo/v2", "key") == file_name(
        "https://goapi.poweroffice.net/demo/v2/", "key"
    )


# -- waiting -----------------------------------------------------------------------------------


def test_a_pause_holds_everybody_and_they_keep_their_places(file):
    """One process was told 429: nobody starts before the time is over, then in the old order."""
    log = Log()

    async def work():
        spacings = [process(file) for _ in range(12)]
        tasks = [asyncio.create_task(log.work(n, s, 1)) for n, s in enumerate(spacings)]
        await asyncio.sleep(0.45)
        await spacings[0].pause(7)
        await asyncio.gather(*tasks)

    run(work())
    before = [moment for moment in log.times() if moment < 0.45]
    assert len(before) == 5
    assert log.times()[5] == pytest.approx(7.45, abs=0.01)
    assert [who for _, who in log.starts] == list(range(12))
    assert log.busiest_second() <= 10


def test_two_pauses_at_once_are_one(file):
    """Three answers of 429 in a row do not add up."""
    log = Log()

    async def work():
        spacings = [process(file) for _ in range(3)]
        for spacing in spacings:
            await spacing.turn()
        await asyncio.gather(*(spacing.pause(5) for spacing in spacings))
        begun = clock()
        await asyncio.gather(*(log.work(n, s, 1) for n, s in enumerate(spacings)))
        assert log.times()[0] - begun == pytest.approx(5, abs=0.05)
        assert log.times()[-1] - begun < 5.5

    run(work())


def test_one_that_is_killed_while_it_waits_costs_no_more_than_its_turn(file):
    """Its slot passes, and nobody waits for it."""
    log = Log()

    async def work():
        spacings = [process(file) for _ in range(10)]
        tasks = [asyncio.create_task(log.work(n, s, 1)) for n, s in enumerate(spacings)]
        await asyncio.sleep(0.15)
        for task in tasks[3:6]:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    run(work())
    assert [who for _, who in log.starts] == [0, 1, 2, 6, 7, 8, 9]
    assert log.times()[-1] < 10 * 0.12


def test_late_ones_put_nobody_into_a_full_second(file):
    """On a busy machine everybody wakes too late, each by another time."""
    late = itertools.cycle([0.0, 0.08, 0.0, 0.3, 0.02, 0.0, 0.15])

    async def sleep(seconds):
        await asyncio.sleep(seconds + next(late))

    log = worked(file, 15, requests=8, sleep=sleep)
    assert log.busiest_second() <= 10
    turns = [log.times(n)[-1] for n in range(15)]
    assert max(turns) - min(turns) < 5, "all come to their end at about the same time"


def test_one_that_was_stopped_for_ten_minutes_puts_nobody_off(file):
    """Ctrl-Z and fg: it gets a turn at once, between those of the others."""
    log = Log()
    stopped = []

    async def sleep(seconds):
        await asyncio.sleep(seconds + (0 if stopped else 600))
        stopped.append(True)

    async def work():
        await process(file).turn()
        sleeper = asyncio.create_task(log.work("stopped", process(file, sleep=sleep), 2))
        await asyncio.sleep(598)
        await asyncio.gather(*(log.work(n, process(file), 6) for n in range(5)))
        await sleeper

    run(work())
    assert log.busiest_second() <= 10
    assert log.times()[-1] < 604


def test_a_machine_that_slept_lets_nobody_wait_longer(file):
    """All slots are in the past when it wakes: they go on from there, evenly."""
    log = Log()
    asleep = []

    async def sleep(seconds):
        if not asleep:
            asleep.append(clock() + 900)
        await asyncio.sleep(max(seconds, asleep[0] - clock()))

    async def work():
        spacings = [process(file, sleep=sleep) for _ in range(10)]
        await asyncio.gather(*(log.work(n, s, 2) for n, s in enumerate(spacings)))

    run(work())
    assert log.times()[-1] < 904
    assert log.busiest_second() <= 10


def test_the_clock_on_the_wall_plays_no_part(file):
    """Set back an hour while they wait, it changes nothing: nobody looks at it."""

    async def turns():
        spacing = process(file)
        await spacing.turn()
        with mock.patch.object(time, "time", side_effect=AssertionError("looked")):
            for _ in range(20):
                await spacing.turn()
            return clock()

    assert run(turns()) == pytest.approx(20 * 0.106, abs=0.1)


def test_the_clock_is_one_that_all_processes_share():
    """Python calls it system-wide; it is not one that counts from the start of the process."""
    made = Allowance(None, 10, asyncio.sleep)
    assert made._now is time.monotonic
    assert time.get_clock_info("monotonic").adjustable is False


# -- the file ----------------------------------------------------------------------------------

GARBAGE = {
    "cut off": '{"free": 12',
    "no JSON": "\x00\x00\x00\x00",
    "a list": "[1, 2]",
    "a number": "5",
    "nothing in it": "{}",
    "another key": '{"frei": 5}',
    "words": '{"free": "soon", "end": 1}',
    "not a number": '{"free": NaN, "end": 1, "rate": 10, "rated": 1, "written": 1}',
    "no end": '{"free": 1, "end": Infinity, "rate": 10, "rated": 1, "written": 1}',
    "too deep": "[" * 100_000,
    "rate of nothing": '{"free": 1, "end": 1, "rate": 0, "rated": 1, "written": 1}',
    "next year": '{"free": 9e9, "end": 9e9, "rate": 10, "rated": 1, "written": 4000}',
    "an hour from now": '{"free": 1, "end": 8600, "rate": 10, "rated": 1, "written": 4999}',
    "before the machine was started": '{"free": 9e5, "end": 9e5, "rate": 10, "rated": 9e5,'
    ' "written": 9e5}',
}


@pytest.mark.parametrize("text", GARBAGE.values(), ids=GARBAGE)
def test_what_cannot_be_meant_costs_a_second(file, text):
    """Nobody knows what was sent in the last second: nothing is for one, and then all goes on."""
    written(file, text)
    log = worked(file, 4, requests=5)
    assert log.times()[0] == pytest.approx(1.0)
    assert log.busiest_second() <= 10
    assert log.times()[-1] < 4


def test_a_file_that_turns_to_garbage_while_they_wait_hurts_nobody(file):
    """Somebody empties or overwrites it."""
    log = Log()

    async def work():
        tasks = [asyncio.create_task(log.work(n, process(file), 3)) for n in range(6)]
        await asyncio.sleep(0.5)
        file.with_suffix(".json").write_text("rubbish", "utf-8")
        await asyncio.sleep(1.5)
        file.with_suffix(".json").unlink()
        await asyncio.gather(*tasks)

    run(work())
    assert len(log.starts) == 18
    assert log.times()[-1] < 5


def test_only_its_owner_can_read_it_and_it_tells_nothing_of_the_key(tmp_path):
    """Folder and files are the user's own; the key is in neither name nor content."""
    keys = PowerOffice(application_key="a", client_key="c", subscription_key="sub-key-1")
    with mock.patch.object(allowance, "user_folder", return_value=tmp_path / "mine"):
        shared = allowance_of(keys, asyncio.sleep)
    asyncio.run(shared.turn())
    made = sorted((tmp_path / "mine").iterdir())
    assert [one.suffix for one in made] == [".json", ".lock"]
    for one in made:
        assert "sub-key-1" not in one.name + one.read_text("utf-8")
        assert os.name != "posix" or stat.S_IMODE(one.stat().st_mode) == 0o600
    assert os.name != "posix" or stat.S_IMODE((tmp_path / "mine").stat().st_mode) == 0o700


def test_in_a_folder_that_several_users_may_write_all_of_them_may(file):
    """`poweroffice.allowance_folder` of a group: the files are the group's too."""
    file.parent.mkdir()
    file.parent.chmod(0o770)
    before = os.umask(0o077)
    try:
        worked(file, 1, requests=1)
    finally:
        os.umask(before)
    modes = {stat.S_IMODE(one.stat().st_mode) for one in file.parent.iterdir()}
    assert os.name != "posix" or modes == {0o660}


def test_what_earlier_starts_of_the_machine_left_is_cleared_away(file):
    """After a month; a file of the same start is in use however old it is."""
    file.parent.mkdir()
    names = ["allowance-key-before.json", "allowance-key-before.lock", "allowance-old-start.json"]
    for name in (*names, "allowance-key-yesterday.json", "notes.json"):
        (file.parent / name).touch()
    for name in (*names, "notes.json"):
        os.utime(file.parent / name, (0, 0))
    worked(file, 1, requests=1)
    assert {one.name for one in file.parent.iterdir()} == {
        "allowance-key-start.json",
        "allowance-key-start.lock",
        "allowance-key-yesterday.json",
        "allowance-old-start.json",
        "notes.json",
    }


# -- where it cannot be shared -----------------------------------------------------------------


def alone(file):
    """Let a process work that cannot share, and return what its log says."""
    with structlog.testing.capture_logs() as said:
        log = worked(file, 1, requests=30)
    assert log.busiest_second() <= 10
    assert log.times()[-1] < 10
    return [(line["event"], line["why"]) for line in said]


def test_one_with_another_clock_keeps_nobody_waiting_for_long(file):
    """A container may have a clock of its own: each takes the other's moments for garbage."""
    log = Log()

    async def work():
        ahead = Spacing(10, asyncio.sleep, now, Allowance(file, 10, asyncio.sleep, now))
        behind = Allowance(file, 10, asyncio.sleep, lambda: now() - 4000)
        other = Spacing(10, asyncio.sleep, now, behind)
        await asyncio.gather(log.work("ahead", ahead, 300), log.work("behind", other, 100))

    with structlog.testing.capture_logs() as said:
        run(work())
    assert log.times("behind")[10] < 10
    assert [one["event"] for one in said] == ["allowance_not_shared"]


def test_a_folder_that_is_none_is_said_once(tmp_path):
    """Each request is spaced within the process all the same."""
    (tmp_path / "woo2po").write_text("a file", "utf-8")
    ((event, why),) = alone(tmp_path / "woo2po" / "allowance-key-start")
    assert (event, why) == ("allowance_not_shared", os.strerror(errno.EEXIST))


@pytest.mark.parametrize("number", [errno.EROFS, errno.EACCES, errno.ENOSPC])
@pytest.mark.parametrize("call", ["open", "write"])
def test_a_disk_that_takes_nothing_is_said_once(file, call, number):
    """Read-only, forbidden, full: at the first use or in the middle of it."""
    refused = OSError(number, os.strerror(number))
    real, asked = getattr(os, call), []

    def sometimes(*given, **more):
        mine = call == "write" or str(given[0]).endswith(".json")
        if mine:
            asked.append(given)
        if mine and len(asked) > 5:
            raise refused
        return real(*given, **more)

    with mock.patch.object(os, call, sometimes):
        assert alone(file) == [("allowance_not_shared", os.strerror(number))]


def test_without_a_home_it_is_said_once(monkeypatch):
    """A container's user may have none."""
    keys = PowerOffice(application_key="a", client_key="c", subscription_key="s")
    with mock.patch("pathlib.Path.home", side_effect=RuntimeError):
        shared = allowance_of(keys, asyncio.sleep)
    with structlog.testing.capture_logs() as said:
        asyncio.run(shared.turn())
        asyncio.run(shared.pause(0))
    assert [(line["event"], line["why"]) for line in said] == [("allowance_not_shared", "no home")]


def test_nobody_waits_for_one_that_was_stopped_with_the_lock(file):
    """After five seconds it is left behind, and the log says so."""
    file.parent.mkdir()
    with filelock.FileLock(file.with_suffix(".lock")):
        assert alone(file) == [("allowance_not_shared", "Timeout")]


def test_the_folder_does_not_depend_on_how_the_job_was_started(monkeypatch, tmp_path):
    """A terminal has variables that cron has not; both come to the same place."""
    monkeypatch.setenv("HOME", str(tmp_path))
    plain = user_folder()
    for name in ("XDG_RUNTIME_DIR", "XDG_CACHE_HOME", "XDG_STATE_HOME", "TMPDIR"):
        monkeypatch.setenv(name, str(tmp_path / "elsewhere"))
    assert user_folder() == plain
    assert tmp_path in plain.parents


def test_where_home_is_not_set_it_is_asked_for(monkeypatch):
    """An empty environment knows no HOME; the system does."""
    monkeypatch.delenv("HOME")
    assert user_folder().is_absolute()


def test_a_mac_keeps_it_where_macs_do(monkeypatch, tmp_path):
    """Each system has its place for what can be made anew."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr("sys.platform", "darwin")
    assert user_folder() == tmp_path / "Library" / "Caches" / "woo2po"


def test_a_system_that_does_not_number_its_starts_is_told_by_its_name(monkeypatch, tmp_path):
    """Then a file may be of an earlier start: the moment of its last change shows it."""
    numbered = file_name("https://go.example", "key")
    monkeypatch.setattr(allowance, "_STARTED", tmp_path / "nothing")
    named = file_name("https://go.example", "key")
    assert named != numbered
    assert named == file_name("https://go.example", "key")
    monkeypatch.setattr("platform.node", lambda: "another machine")
    assert file_name("https://go.example", "key") != named


def test_a_stand_in_inside_the_process_has_nothing_to_share(world, tmp_path, monkeypatch):
    """What goes over no network is no part of an allowance."""
    monkeypatch.setenv("HOME", str(tmp_path))
    world.sells(101)
    world.run()
    assert list(tmp_path.iterdir()) == []
