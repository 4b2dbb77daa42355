"""Ctrl-C and SIGTERM: the real process ends within two seconds, with 3, and says so."""

import json
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass

import filelock
import pytest
from served import GOES, Served, served
from thoroughly import thorough

SIGNALS = pytest.mark.parametrize("number", [signal.SIGTERM, *thorough(signal.SIGINT)])
STARTED: list[subprocess.Popen[str]] = []
SAID = "Nothing is lost: the next run goes on where this one stopped."

# The name server does not answer: the thread that asks it cannot be called off.
NO_NAME_SERVER = """
import socket, sys, time
socket.getaddrinfo = lambda *_, **__: (print("asked", file=sys.stderr, flush=True), time.sleep(20))
from woo2po.__main__ import main
main()
"""


@pytest.fixture
def job(tmp_path):
    """A shop with four orders that go, and a company without any."""
    with served(tmp_path, [GOES, "b2c-two-vat-rates", "coupon-percent", "free-shipping"]) as both:
        yield both


@dataclass
class Ended:
    """How a process ended: its exit code, what it said, and the seconds after the signal."""

    code: int
    stdout: str
    stderr: str
    seconds: float


@pytest.fixture(autouse=True)
def processes():
    """Nothing that a test started outlives it."""
    yield
    while STARTED:
        process = STARTED.pop()
        if process.poll() is None:
            process.kill()
            process.communicate()


def begun(job: Served, *arguments: str) -> subprocess.Popen[str]:
    """Start a command as cron does."""
    process = job.begun(*arguments)
    STARTED.append(process)
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


def open_writes(job: Served) -> int:
    state = sqlite3.connect(job.state)
    (found,) = state.execute("SELECT count(*) FROM writes WHERE outcome = 'open'").fetchone()
    state.close()
    return int(found)


def assert_stopped(ended: Ended, within: float = 2.0) -> None:
    assert ended.code == 3, ended
    assert SAID in " ".join(ended.stderr.split())
    assert "Traceback" not in ended.stderr
    assert ended.seconds < within


def last_run(job: Served) -> dict[str, object]:
    return json.loads(job.woo2po("status", "--json").stdout)["last_run"]


def goes_on(job: Served) -> None:
    """Runs until quiet bring every order over, once."""
    job.shop.misbehaviour.latency = 0
    job.go.faults.latency, job.go.faults.planned[:] = 0, []
    job.configure({"poweroffice.settle_after": 0})
    for _ in range(3):
        job.woo2po("run")
    sent = [order.external_import_reference for order in job.go.books.sales_orders.values()]
    assert sorted(sent) == ["shop_30", "shop_31", "shop_32", "shop_35"]


@SIGNALS
def test_a_shop_that_is_slow_keeps_nobody(job, number):
    """What is asked gets a second to be answered, and is then called off."""
    job.shop.misbehaviour.latency = 30
    process = begun(job)
    once(lambda: job.shop.requests)
    assert_stopped(told(process, number))
    assert last_run(job)["exit_code"] == 3
    goes_on(job)


@pytest.mark.thorough
@SIGNALS
def test_a_login_that_is_slow_keeps_nobody(job, number):
    """The token's request is a request like others."""
    job.go.faults.slow_seconds = 30
    job.go.faults.at("POST", "/OAuth/Token", 1, "slow")
    process = begun(job)
    once(lambda: any(path == "/OAuth/Token" for _, path, _ in job.go.requests))
    assert_stopped(told(process, number))
    goes_on(job)


@SIGNALS
def test_writes_under_way_get_their_answer(job, number):
    """Answered within the second, they are recorded: nothing is left to be looked up."""
    job.go.faults.latency = 0.3
    process = begun(job)
    once(lambda: asked_for_an_order(job))
    assert_stopped(told(process, number))
    assert open_writes(job) == 0
    goes_on(job)


@SIGNALS
def test_writes_that_are_slow_stay_open_and_are_looked_up(job, number):
    """Called off after the second: whether they were carried out is seen by the next run."""
    job.go.faults.slow_seconds = 30
    for nth in range(1, 5):
        job.go.faults.at("POST", "/SalesOrders/Complete", nth, "slow")
    process = begun(job)
    once(lambda: asked_for_an_order(job))
    assert_stopped(told(process, number))
    goes_on(job)


def test_the_second_ctrl_c_waits_no_more(job):
    """Whoever presses twice is in a hurry."""
    job.shop.misbehaviour.latency = 30
    process = begun(job)
    once(lambda: job.shop.requests)
    assert_stopped(told(process, signal.SIGINT, signal.SIGINT), within=0.9)
    goes_on(job)


@pytest.mark.thorough
def test_a_third_one_breaks_nothing(job):
    """However often it is pressed."""
    job.shop.misbehaviour.latency = 30
    process = begun(job)
    once(lambda: job.shop.requests)
    assert_stopped(told(process, *[signal.SIGINT] * 5, apart=0.02))


@pytest.mark.thorough
def test_a_name_server_that_does_not_answer_keeps_nobody(job):
    """A look-up of a name cannot be called off: the process ends without it."""
    job.configure({"woocommerce.url": "https://shop.example"})
    process = begun(job, "-c", NO_NAME_SERVER, "run")
    assert process.stderr is not None
    assert process.stderr.readline() == "asked\n"
    assert_stopped(told(process, signal.SIGTERM))


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


@pytest.mark.thorough
@pytest.mark.parametrize("command", [["run", "--dry-run"], ["show", "30"]])
def test_commands_that_only_look_end_the_same_way(job, command):
    """They ask both systems too."""
    job.configure({"poweroffice.settle_after": 0})
    if command[0] == "show":
        job.woo2po("run")
    job.shop.misbehaviour.latency = 30
    asked = len(job.shop.requests)
    process = begun(job, "-m", "woo2po", *command)
    once(lambda: len(job.shop.requests) > asked)
    assert_stopped(told(process, signal.SIGTERM))


def test_a_run_told_to_stop_frees_its_lock(job):
    """The next one need not wait."""
    job.shop.misbehaviour.latency = 30
    process = begun(job)
    once(lambda: job.shop.requests)
    told(process, signal.SIGTERM)
    job.shop.misbehaviour.latency = 0
    assert job.woo2po("run").stdout.splitlines()[0] == "4 transferred"


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
