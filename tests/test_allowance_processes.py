"""Several real processes on one subscription key, against one sandbox that counts."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from served import GOES, Served, served
from thoroughly import thorough

from woo2po.allowance import Allowance, file_name
from woo2po.demo import KEYS

ORDERS = [GOES, "b2c-two-vat-rates", "coupon-percent", "free-shipping"]
COMMANDS = [["run"], *[["run", "--dry-run"]] * 4, ["reconcile", "--from", "2026-11-01"]]
# Holds the lock until it is killed.
HOLDER = """
import filelock, sys, time
filelock.FileLock(sys.argv[1], fallback_to_soft=False).acquire()
print("held", flush=True)
time.sleep(60)
"""


@pytest.fixture
def both(tmp_path):
    """A shop with four orders, and a company that counts requests and refuses none."""
    with served(tmp_path, ORDERS) as serving:
        serving.configure({"poweroffice.requests_per_second": 10})
        yield serving


@pytest.fixture
def processes():
    """Nothing that a test started outlives it."""
    started = []
    yield started
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


def a_shop(both: Served, name: str, allowance: str = "") -> Path:
    """Make the folder of one more shop on the same key; return its configuration."""
    folder = both.config.parent / name
    folder.mkdir()
    config = folder / "config.toml"
    text = both.config.read_text("utf-8")
    shared = f'allowance_folder = "{allowance}"'
    config.write_text(text.replace('allowance_folder = "."', shared), "utf-8")
    config.chmod(0o600)
    return config


def begun(config: Path, arguments: list[str], home: Path, processes: list) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "woo2po", *arguments, "--config", str(config)],
        env={**os.environ, "HOME": str(home)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    processes.append(process)
    return process


def the_queue(both: Served, folder: Path) -> Path:
    """Return the file, without its suffix, in which the processes of this key meet."""
    (address,) = (
        line.split('"')[1]
        for line in both.config.read_text("utf-8").splitlines()
        if line.startswith("base_url")
    )
    return folder / file_name(address, KEYS[2])


def in_the_home(home: Path) -> Path:
    return home / ".cache" / "woo2po"


def test_processes_of_one_key_together_never_pass_ten_a_second(both, tmp_path, processes):
    """A run, previews and a proof at once, without any configuration: they take turns."""
    for n, command in enumerate(COMMANDS):
        begun(a_shop(both, f"shop{n}"), command, tmp_path, processes)
    said = [process.communicate(timeout=90) for process in processes]
    assert [process.returncode for process in processes[:-1]] == [0] * 5, said
    assert processes[-1].returncode in {0, 1}, said[-1]
    assert all("allowance_not_shared" not in err for _, err in said)
    assert len(both.go.requests) > 40
    assert both.go.busiest_second <= 10
    kept = sorted(file.suffix for file in in_the_home(tmp_path).iterdir())
    assert kept == [".json", ".lock"]


@pytest.mark.thorough
def test_without_a_place_to_meet_they_would_pass_it(both, tmp_path, processes):
    """What the test above would see if each counted for itself."""
    for n, command in enumerate(COMMANDS):
        begun(a_shop(both, f"shop{n}", allowance="."), command, tmp_path, processes)
    for process in processes:
        process.communicate(timeout=90)
    assert both.go.busiest_second > 10


def test_a_429_that_one_process_was_told_holds_the_others(both, tmp_path, processes):
    """A process that starts meanwhile waits before its first request."""
    moments = []
    both.go.faults.before(lambda *_: moments.append(time.monotonic()))
    other = Allowance(the_queue(both, in_the_home(tmp_path)), 10, asyncio.sleep)
    told = time.monotonic()
    asyncio.run(told_to_wait(other, 3))
    process = begun(a_shop(both, "shop"), ["run", "--dry-run"], tmp_path, processes)
    assert process.communicate(timeout=60)[1] == ""
    assert moments[0] - told >= 3


async def told_to_wait(allowance: Allowance, seconds: float) -> None:
    await allowance.turn()
    await allowance.pause(seconds)


@pytest.mark.parametrize("number", [signal.SIGTERM, *thorough(signal.SIGINT)])
def test_a_run_that_waits_for_its_turn_ends_within_two_seconds(both, tmp_path, processes, number):
    """However long the queue is, and it leaves nothing in it that others wait for."""
    queue = the_queue(both, in_the_home(tmp_path))
    asyncio.run(told_to_wait(Allowance(queue, 10, asyncio.sleep), 30))
    before = queue.with_suffix(".json").read_text("utf-8")
    process = begun(a_shop(both, "shop"), ["run"], tmp_path, processes)
    until = time.monotonic() + 20
    while queue.with_suffix(".json").read_text("utf-8") in {before, ""}:
        assert time.monotonic() < until
        time.sleep(0.01)
    told = time.monotonic()
    process.send_signal(number)
    process.communicate(timeout=20)
    assert time.monotonic() - told < 2
    assert process.returncode == 3
    assert both.go.requests == []


def test_a_process_that_is_killed_with_the_lock_leaves_no_lock(both, tmp_path, processes):
    """The system takes it back; the next one goes on at once, and shares."""
    queue = the_queue(both, in_the_home(tmp_path))
    queue.parent.mkdir(parents=True)
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(queue.with_suffix(".lock"))],
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    processes.append(holder)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    holder.kill()
    holder.wait()
    process = begun(a_shop(both, "shop"), ["run", "--dry-run"], tmp_path, processes)
    _, log = process.communicate(timeout=60)
    assert (process.returncode, log) == (0, "")
    assert json.loads(queue.with_suffix(".json").read_text("utf-8"))["rate"] == 10


def test_a_folder_that_cannot_be_is_said_in_the_log_and_the_work_is_done(both, tmp_path, processes):
    """Nobody's orders wait for that."""
    (tmp_path / ".cache").write_text("a file", "utf-8")
    process = begun(a_shop(both, "shop"), ["run"], tmp_path, processes)
    out, log = process.communicate(timeout=60)
    assert out.splitlines()[0] == "4 transferred"
    lines = [json.loads(line)["event"] for line in log.splitlines()]
    assert lines.count("allowance_not_shared") == 1
    assert both.go.busiest_second <= 10
