"""Two runs at once: the lock, what is left of it by a killed run, and disks that cannot lock."""

import errno
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from served import GOES, Served, served

from woo2po.store import database


@pytest.fixture
def job(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path, [GOES]) as both:
        yield both


def made(job: Served) -> list[str]:
    return [asked for asked in job.asked_of_go() if asked.startswith("POST")]


def begun(job: Served, *arguments: str) -> "subprocess.Popen[str]":
    """Start a command in a process of its own, and return when its run has asked for orders."""
    asked = len(job.shop.requests)
    process = job.begun("-m", "woo2po", *arguments)
    until = time.monotonic() + 20
    while len(job.shop.requests) == asked and time.monotonic() < until:
        time.sleep(0.01)
    return process


def test_a_run_that_takes_long_is_left_alone_by_those_that_cron_starts_meanwhile(job):
    """They say so and end well, at once; the order is made once. A database has one lock by
    whatever name it is reached: a link to it is no second one.
    """
    link = job.config.parent / "link.db"
    link.symlink_to(job.state)
    job.shop.latency = 1
    first = begun(job, "run", "-v")
    others = [job.woo2po("run", "-v") for _ in range(2)]
    job.configure({"state.path": str(link)})
    others.append(job.woo2po("run", "-v"))
    assert first.poll() is None
    assert {(one.exit_code, one.stdout) for one in others} == {
        (0, "! Another run is under way; this one did nothing.\n")
    }
    job.shop.latency = 0
    said, _ = first.communicate(timeout=20)
    assert (first.returncode, said) == (0, "✓ 1 transferred\n")
    assert made(job) == ["POST /Customers", "POST /SalesOrders/Complete"]


def test_an_order_asked_for_by_hand_waits_for_the_run_and_is_made_once(job):
    """`run --order` beside a run waits for it, and finds its work done."""
    number = str(next(iter(job.shop.orders.values()))["number"])
    job.shop.latency = 0.3
    first = begun(job, "run")
    by_hand = job.woo2po("run", "--order", number)
    first.communicate(timeout=20)
    assert (first.returncode, by_hand.exit_code) == (0, 0)
    assert "Another run" not in by_hand.stdout
    assert made(job) == ["POST /Customers", "POST /SalesOrders/Complete"]


# -- disks that cannot lock ------------------------------------------------------------------------


def is_refused(job: Served) -> None:
    """Fail unless a run says that the disk cannot lock, with a remedy, and did nothing."""
    result = job.woo2po("run")
    said = " ".join(result.stderr.split())
    assert (result.exit_code, result.stdout) == (2, "")
    assert "cannot lock files" in said
    assert "Set state.path to a file on a disk of this machine" in said
    assert job.shop.requests == []


@pytest.mark.parametrize("number", ["ENOLCK", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"])
def test_a_disk_that_cannot_lock_is_refused(job, monkeypatch, number):
    """A network drive, say: not one run without a lock is risked, whatever else could be done."""
    code = getattr(errno, number)

    def cannot(*_: Any) -> None:
        raise OSError(code, os.strerror(code))

    job.state.with_name(f"{job.state.name}.lock").touch()  # as a disk that could would have left
    windows = sys.platform == "win32"
    monkeypatch.setattr("filelock.FileLock.acquire" if windows else "fcntl.flock", cannot)
    is_refused(job)


def connects(monkeypatch: pytest.MonkeyPatch, execute: Callable[..., Any]) -> None:
    made = type("Disk", (sqlite3.Connection,), {"execute": execute})
    connect = sqlite3.connect
    monkeypatch.setattr(database.sqlite3, "connect", lambda *a, **k: connect(*a, factory=made, **k))


@pytest.mark.parametrize(
    "code", [sqlite3.SQLITE_IOERR_SHMMAP, sqlite3.SQLITE_IOERR_LOCK, sqlite3.SQLITE_PROTOCOL]
)
def test_a_disk_on_which_sqlite_cannot_lock_is_refused(job, monkeypatch, code):
    """SQLite says so in its own way; that is no full disk that may pass."""

    def execute(connection: sqlite3.Connection, sql: str, *values: Any) -> sqlite3.Cursor:
        if sql.startswith("BEGIN"):
            error = sqlite3.OperationalError("disk I/O error")
            error.sqlite_errorcode = code
            raise error
        return sqlite3.Connection.execute(connection, sql, *values)

    connects(monkeypatch, execute)
    is_refused(job)


def test_a_disk_on_which_no_write_ahead_log_is_possible_is_refused(job, monkeypatch):
    """SQLite silently stays with another journal there: readers and runs would block each other."""

    def execute(connection: sqlite3.Connection, sql: str, *values: Any) -> sqlite3.Cursor:
        return sqlite3.Connection.execute(connection, sql.replace("= WAL", "= DELETE"), *values)

    connects(monkeypatch, execute)
    is_refused(job)
