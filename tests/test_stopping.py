"""Ctrl-C and SIGTERM: the real process ends within two seconds, with 3, and says so."""

import asyncio
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from threading import Event
from typing import NamedTuple

import filelock
import httpx
import pytest
from served import GOES, Served, served
from thoroughly import thorough

from woo2po import stopping

SIGNALS = pytest.mark.parametrize("number", [signal.SIGTERM, *thorough(signal.SIGINT)])
SAID = "Nothing is lost: the next run goes on where this one stopped."

# The name server does not answer: the thread that asks it cannot be called off.
NO_NAME_SERVER = """
import socket, sys, time
socket.getaddrinfo = lambda *_, **__: (print("asked", file=sys.stderr, flush=True), time.sleep(20))
from woo2po.__main__ import main
main()
"""

# The drive that holds the state database does not answer any more.
DEAD_DRIVE = """
import sqlite3, sys, threading
from woo2po import stopping
stopping.STANDS_STILL = 1
sqlite3.connect = lambda *_, **__: threading.Event().wait()
from woo2po.__main__ import main
main()
"""


@pytest.fixture
def job(tmp_path):
    """A shop with four orders that go, and a company without any."""
    with served(tmp_path, [GOES, "b2c-two-vat-rates", "coupon-percent", "free-shipping"]) as both:
        yield both


class Ended(NamedTuple):
    """How a process ended: its exit code, what it said, and the seconds after the signal."""

    code: int
    stdout: str
    stderr: str
    seconds: float


def begun(job: Served, *arguments: str) -> subprocess.Popen[str]:
    """Start a command as cron does; it does not outlive the test."""
    process = job.begun(*arguments)
    job.open_ends.callback(process.communicate)
    job.open_ends.callback(process.kill)
    return process


def told(process: subprocess.Popen[str], *signals: int, apart: float = 0.1) -> Ended:
    """Send a process signals, and wait for its end."""
    moment = time.monotonic()
    for number in signals:
        process.send_signal(number)
        time.sleep(apart if len(signals) > 1 else 0)
    stdout, stderr = process.communicate(timeout=30)
    return Ended(process.returncode, stdout, stderr, time.monotonic() - moment)


def once(what: Callable[[], object]) -> None:
    """Wait until something is so."""
    until = time.monotonic() + 20
    while not what():
        assert time.monotonic() < until
        time.sleep(0.005)


def asked_for_an_order(job: Served) -> bool:
    return "POST /SalesOrders/Complete" in job.asked_of_go()


def assert_stopped(ended: Ended, within: float = 2.0) -> None:
    assert ended.code == 3, ended
    assert SAID in " ".join(ended.stderr.split())
    assert "Traceback" not in ended.stderr
    assert ended.seconds < within


def goes_on(job: Served) -> None:
    """Runs until quiet bring every order over, once."""
    job.shop.latency = 0
    job.go.faults.latency, job.go.faults.planned[:] = 0, []
    job.configure({"poweroffice.settle_after": 0})
    for _ in range(3):
        job.woo2po("run")
    sent = [order.external_import_reference for order in job.go.books.sales_orders.values()]
    assert sorted(sent) == ["shop_30", "shop_31", "shop_32", "shop_35"]


def slow(job: Served, path: str, times: int = 4) -> None:
    """Let some calls of PowerOffice take half a minute."""
    job.go.faults.slow_seconds = 30
    for nth in range(1, times + 1):
        job.go.faults.at("POST", path, nth, "slow")


SLOW = {  # what is slow, and by what it is seen that it is waited for
    "shop": (lambda job: setattr(job.shop, "latency", 30), lambda job: job.shop.requests),
    "login": (lambda job: slow(job, "/OAuth/Token", 1), lambda job: job.go.requests),
    # Called off after a second: whether they were carried out is seen by the next run.
    "writes": (lambda job: slow(job, "/SalesOrders/Complete"), asked_for_an_order),
    # Answered within the second, they are recorded: nothing is left to be looked up.
    "nothing": (lambda job: setattr(job.go.faults, "latency", 0.3), asked_for_an_order),
}


@pytest.mark.parametrize("what", ["writes", "nothing", *thorough("shop", "login")])
@SIGNALS
def test_what_is_slow_keeps_nobody(job, number, what):
    """What was asked gets a second to be answered; the next run goes on from there."""
    arrange, waited_for = SLOW[what]
    arrange(job)
    process = begun(job)
    once(lambda: waited_for(job))
    assert_stopped(told(process, number))
    assert json.loads(job.woo2po("status", "--json").stdout)["last_run"]["exit_code"] == 3
    with closing(sqlite3.connect(job.state)) as state:
        left_open = state.execute("SELECT * FROM writes WHERE outcome = 'open'").fetchall()
    assert what != "nothing" or left_open == []
    goes_on(job)


@pytest.mark.parametrize(("times", "apart", "within"), [(2, 0.1, 0.9), *thorough((5, 0.02, 2))])
def test_the_second_ctrl_c_waits_no_more_and_a_third_breaks_nothing(job, times, apart, within):
    """Whoever presses twice is in a hurry."""
    job.shop.latency = 30
    process = begun(job)
    once(lambda: job.shop.requests)
    assert_stopped(told(process, *[signal.SIGINT] * times, apart=apart), within=within)
    goes_on(job)


@pytest.mark.thorough
def test_a_name_server_that_does_not_answer_keeps_nobody(job):
    """A look-up of a name cannot be called off: the process ends without it."""
    job.configure({"woocommerce.url": "https://shop.example"})
    process = begun(job, "-c", NO_NAME_SERVER, "run")
    assert process.stderr is not None
    assert process.stderr.readline() == "asked\n"
    assert_stopped(told(process, signal.SIGTERM))


def test_a_run_that_stands_still_ends_itself_whatever_it_hangs_in(job):
    """No signal is needed: it says so, ends with 3, and its lock is free for the next run. It may
    hang in the configuration, too.
    """

    def ended() -> str:
        process = begun(job, "-c", DEAD_DRIVE, "run")
        stdout, stderr = process.communicate(timeout=30)
        assert (process.returncode, stdout) == (3, "")
        return " ".join(stderr.split())

    assert "The run stood still for ten minutes and has ended itself." in ended()
    aside = job.config.rename(job.config.with_suffix(".aside"))
    os.mkfifo(job.config)  # nobody ever writes into it
    assert "The run stood still for ten minutes and has ended itself." in ended()
    aside.replace(job.config)
    goes_on(job)


def test_words_that_hang_hold_up_no_end(monkeypatch):
    """A terminal, or a log, may be as dead as the drive."""
    monkeypatch.setattr(stopping, "_TO_SAY_SO", 0.01)
    monkeypatch.setattr(stopping, "STANDS_STILL", 0.2)
    monkeypatch.setattr(stopping.os, "_exit", sys.exit)
    with pytest.raises(SystemExit, match="3"):
        stopping.run_until_told(lambda _: asyncio.sleep(2), if_still=Event().wait)


def test_requests_and_pauses_are_what_moves():
    """A run that asks, or has waited as it should, does not stand still."""

    async def work(stop):
        request = httpx.Request("GET", "https://x.no")
        for move in (partial(stop.gate, request), partial(stop.sleep, 0)):
            stop.still = 1.0
            await move()
            assert stop.still == 0

    stopping.run_until_told(work)


@pytest.mark.thorough
def test_a_state_database_in_use_keeps_nobody(job):
    """SQLite waits ten seconds for another program, and hears no signal meanwhile."""
    job.woo2po("run")
    other = sqlite3.connect(job.state, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    process = begun(job)
    time.sleep(1.5)
    assert_stopped(told(process, signal.SIGTERM))
    other.close()


@pytest.mark.thorough
def test_waiting_for_another_run_keeps_nobody(job):
    """`run --order` waits a minute for a run that is under way."""
    with filelock.FileLock(f"{job.state}.lock"):
        process = begun(job, "-m", "woo2po", "run", "--order", "30")
        time.sleep(1.5)
        assert_stopped(told(process, signal.SIGINT))


@pytest.mark.parametrize("command", [["check"], *thorough(["run", "--dry-run"], ["show", "30"])])
def test_commands_that_only_look_end_the_same_way(job, command):
    """They ask both systems too; what was not asked any more was not found wanting."""
    job.configure({"poweroffice.settle_after": 0})
    if command[0] == "show":
        job.woo2po("run")
    job.shop.latency = 30
    asked = len(job.shop.requests)
    process = begun(job, "-m", "woo2po", *command)
    once(lambda: len(job.shop.requests) > asked)
    ended = told(process, signal.SIGTERM)
    assert_stopped(ended)
    assert command[0] != "check" or not ended.stdout


@pytest.mark.parametrize("moment", [0.15, *thorough(0.05, 0.25, 0.35, 0.5)])
def test_a_signal_at_any_moment_costs_nothing(job, moment):
    """While it starts, asks, writes or ends; before Python hears signals the system ends it."""
    job.go.faults.latency = 0.02
    process = begun(job)
    time.sleep(moment)
    ended = told(process, signal.SIGTERM)
    assert ended.code in {0, 3, -signal.SIGTERM}
    assert "Traceback" not in ended.stderr
    assert ended.seconds < 2
    goes_on(job)
