"""`monitoring.ping_url`: told start, success and failure, and never in a run's way."""

import asyncio
import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path
from unittest import mock

import apprise
import filelock
import hosts
import httpx
import pytest
from apprise.decorators import notify as target
from served import GOES, HELD, Served, served
from stories import *
from world import World

from woo2po.run import is_running

ADDRESS = "https://hc.example/ping/5e1f"


@dataclass
class Service(httpx.AsyncBaseTransport):
    """A monitoring service that notes what it is told, and whether a run has the lock meanwhile;
    `fault` is what it does instead.
    """

    state: Path
    told: list[tuple[str, str]] = field(default_factory=list)
    locked: list[bool | None] = field(default_factory=list)
    fault: str = ""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Note the ping, whatever comes of it."""
        assert request.method == "POST"
        self.locked.append(is_running(self.state))
        event = str(request.url).removeprefix(ADDRESS)
        self.told.append((event, request.content.decode()))
        match self.fault:
            case "away":
                raise httpx.ConnectError("nobody there", request=request)
            case "silent":
                await asyncio.sleep(3600)
            case "moved":
                return httpx.Response(302, headers={"Location": "https://elsewhere.example/"})
            case "wrong":
                raise ZeroDivisionError("a defect of a library")
        return httpx.Response(404 if self.fault == "unknown" else 200, text="OK")

    @property
    def events(self) -> list[str]:
        """What was told, without the bodies."""
        return [event for event, _ in self.told]

    def last(self) -> dict[str, str]:
        """Return the lines of the last body by name."""
        return dict(line.split(": ") for line in self.told[-1][1].splitlines())


@pytest.fixture
def service(world: World) -> Service:
    """A service that is told of the world's runs."""
    found = Service(world.state)
    world.connections = replace(world.connections, monitoring=found)
    world.configure(monitoring={"ping_url": ADDRESS})
    return found


@step
def runs_beside_another(world: World) -> None:
    """What it would say is not true of the one at work, which may hang."""
    with filelock.FileLock(f"{world.state}.lock"):
        world.run()


@step
def idles(world: World) -> None:
    """It asks the shop once, and PowerOffice for nothing."""
    before = len(world.shop.requests) + len(world.go.requests)
    later(300)(world)
    assert len(world.shop.requests) + len(world.go.requests) == before + 1


@step
def runs_into_a_defect(world: World) -> None:
    """Of the program: whatever it is, the job does not work."""
    defect = mock.AsyncMock(side_effect=ZeroDivisionError)
    with mock.patch("woo2po.run.pull", defect), pytest.raises(ZeroDivisionError):
        world.run()


WELL = ["/start", ""]
FAILED = ["/start", "/fail"]
# What happens, what is told of it, and what stands in the body of the last.
# fmt: off
TOLD: dict[str, tuple[Story, list[str], dict[str, str]]] = {
    "all went well": (
        (sells(), run()), WELL, {"exit": "0", "held": "0", "newly_held": "0", "made": "1"}),
    "held orders are a success with their number": (
        (loads("b2c-vipps-simple", HELD, "hostile-texts"), run()), WELL,
        {"held": "1", "newly_held": "1"}),
    "they are not new the next time": (
        (loads(HELD), run(), later(300)), WELL * 2, {"held": "1", "newly_held": "0"}),
    "3: the shop is away": (
        (the_shop(before_each=hosts.maintenance), run()), FAILED,
        {"exit": "3", "problem": "shop_maintenance"}),
    "2: a person must mend it": (
        (lambda world: world.state.write_bytes(b"no database" * 400), run()), FAILED,
        {"problem": "state_corrupt"}),
    "a defect": ((runs_into_a_defect(),), FAILED, {"problem": "program_failed"}),
    "an idle run too, else a quiet night would look like a job that has stopped": (
        (run(), idles()), WELL * 2, {"exit": "0"}),
    "beside another run nothing": ((runs_beside_another(),), [], {}),
    "of a run for one order, which a person started, nothing": ((sells(), run("101")), [], {}),
}
# fmt: on


@pytest.mark.parametrize("what", TOLD)
def test_the_service_is_told_how_a_run_went(world, service, what):
    story, events, last = TOLD[what]
    told(story, world)
    assert service.events == events
    assert service.locked[1::2] == [False] * (len(events) // 2), "it is free by then"
    assert events == FAILED or service.locked[::2] == [True] * (len(events) // 2)
    found = service.last() if events else {}
    assert last.items() <= found.items()
    assert {name for name, value in found.items() if not value.isdigit()} <= {"problem"}


@pytest.mark.parametrize("fault", ["away", "silent", "moved", "unknown", "wrong"])
def test_a_service_in_trouble_is_a_line_in_the_log(world, service, fault):
    """Orders go while nobody answers, and the lock is free before the last ping is sent."""
    service.fault = fault
    world.sells(101)
    begun, outcome = world.now(), world.run()
    assert (outcome.exit_code, outcome.counts) == (0, {"made": 1})
    (order_made,) = [sent.at for sent in world.wire.writes if "SalesOrders" in sent.path]
    assert (order_made - begun).total_seconds() < 3
    assert (world.now() - begun).total_seconds() < 15
    assert service.locked == [True, False]
    failed = [line for line in world.logs if line["event"] == "ping_failed"]
    assert failed
    assert "5e1f" not in str(world.logs)
    assert all(not event.startswith("http") for event in service.events)
    with world.store() as store:  # nothing of a ping is kept
        assert "5e1f" not in "".join(store._connection.iterdump())


SAID: list[tuple[str, str]] = []
AWAY: set[str] = set()  # of whom nobody hears


@target(on="fakenews")
def _told(body, title, notify_type, *, meta, **_):
    """A service of ours that apprise knows as any other."""
    if meta["host"] in AWAY:
        return False
    SAID.append((title, body))
    return True


@pytest.fixture
def job(tmp_path):
    """One order that goes, one that is held for the VAT of Sweden."""
    SAID.clear()
    AWAY.clear()
    with served(tmp_path, [GOES, HELD]) as both:
        both.configure({"monitoring.notify": ["fakenews://first"]})
        yield both


def bodies():
    """Return what was told since the last time."""
    said = [body for _, body in SAID]
    SAID.clear()
    return said


def test_a_held_order_is_told_once_with_reason_and_remedy(job: Served):
    """Of a run for one order, which a person started, nothing is: that is said there."""
    assert "Held now" in job.woo2po("run", "--order", "42").stdout
    assert bodies() == []
    assert job.woo2po("run").exit_code == 1
    assert [title for title, _ in SAID] == [f"woo2po {job.shop.url.partition('//')[2]}"]
    (body,) = bodies()
    assert body.startswith("42: The order has VAT of SE at 25 %")
    assert "\n→ Book it by hand" in body
    assert "`woo2po skip 42 " in body
    job.woo2po("run")
    job.woo2po("retry")
    job.woo2po("run")
    assert bodies() == []


def test_a_reason_is_told_once_with_every_order_that_it_holds(job: Served):
    """Cron hears the amounts too; a chat is no ledger, and hears them where they are asked for."""
    job.configure({"monitoring.notify": []})
    job.shop.load_recorded(["hidden-item-lowers-total", "plugin-pw-gift-card-all"])
    said = job.woo2po("run").stdout
    assert said.count("but the total is") == said.count("gift_cards.hidden") == 1
    assert re.search(r"(?m)^\d+, \d+ — held \[total_below_lines\]$", said)
    assert 'skip 42 --reason "..."`' in said
    for amounts in (False, True):
        job.state.with_name(f"{job.state.name}.told").unlink()
        notify = {"monitoring.notify": ["fakenews://first"], "monitoring.notify_amounts": amounts}
        job.configure(notify)
        job.woo2po("run")
    body, with_amounts = bodies()
    assert re.search(r"\d+\.\d\d", with_amounts)
    assert not re.search(r"\d+\.\d\d", body)
    assert body.count("\n→ ") == 2
    assert re.search(r"(?m)^\d+, \d+: The lines come to …, but", body)


def test_a_failure_and_the_recovery_are_told_once(job: Served):
    job.woo2po("run")
    bodies()
    job.shop.before_each = hosts.maintenance
    assert {job.woo2po("run").exit_code for _ in range(3)} == {3}
    (body,) = bodies()
    assert "closed for maintenance" in body
    job.shop.before_each = hosts.nothing
    again = job.woo2po("run")
    assert bodies() == ["The job works again."]
    assert (again.exit_code, again.output) == (1, "✓ The job works again.\n")
    assert job.woo2po("run").output == ""
    # So is a database that cannot be opened: what was said does not stand in it, and held orders
    # are not said anew afterwards.
    kept = job.state.read_bytes()
    job.state.write_bytes(b"no database" * 400)
    for _ in range(2):
        assert job.woo2po("run").exit_code == 2
    (body,) = bodies()
    assert "is damaged" in body
    job.state.write_bytes(kept)
    job.woo2po("run")
    assert bodies() == ["The job works again."]


def test_who_could_not_be_told_is_told_after_the_next_run(job: Served):
    """One of two is enough to have been told; that the other was not is said where it runs."""
    job.configure({"monitoring.notify": ["fakenews://first", "nothing-like-it://s3cret"]})
    AWAY.add("first")
    result = job.woo2po("run")
    assert "addresses of monitoring.notify could not be sent: 2." in " ".join(result.stdout.split())
    assert "s3cret" not in result.output
    assert bodies() == []
    AWAY.clear()
    assert "could not be sent: 1." in " ".join(job.woo2po("run").stdout.split())
    assert len(bodies()) == 1
    assert job.woo2po("run").output == ""


def test_a_trial_is_sent_when_it_is_asked_for(job: Served, monkeypatch):
    result = job.woo2po("check", "--notify")
    assert (result.exit_code, bodies()) == (0, ["A trial: messages of woo2po arrive here."])
    assert result.stdout == "Sent to 1 of the 1 addresses of monitoring.notify.\n"
    monkeypatch.setitem(sys.modules, "apprise", None)
    result = job.woo2po("check", "--notify")
    assert result.exit_code == 3
    monkeypatch.setattr("woo2po.check.find_spec", lambda _: None)
    assert "apprise, is not installed." in " ".join(job.woo2po("check").stdout.split())
    assert "is `woo2po[notify]` installed" in " ".join(result.stderr.split())
    assert apprise.__version__


# -- cron ------------------------------------------------------------------------------------------


def test_cron_hears_what_is_new_and_nothing_else(job: Served):
    job.configure({"language": "nb", "monitoring.notify": []})
    made = job.process("run", "--limit", "1", WOO2PO_LOG__FORMAT="auto")
    assert (made.returncode, made.stdout + made.stderr) == (0, "")
    assert len(job.go.books.sales_orders) == 1
    first = job.woo2po("run")
    assert (first.exit_code, first.stderr) == (1, "")
    assert "42 — holdt tilbake [foreign_vat]" in first.stdout
    assert first.stdout.splitlines()[-1] == "Holdt tilbake nå, men ikke før: 1 (42)."
    idle = job.woo2po("run")
    assert (idle.exit_code, idle.output) == (1, "")
    job.shop.before_each = hosts.maintenance
    for _ in range(2):
        failed = job.woo2po("run")
        assert (failed.exit_code, failed.stdout) == (3, "")
        assert failed.stderr.startswith("✗ ")


def logged(job: Served, *, journal: bool = False):
    """Return what a run wrote to a file that standard error leads to."""
    log = job.config.parent / "stderr.txt"
    with log.open("w", encoding="utf-8") as there, pytest.MonkeyPatch.context() as patch:
        if journal:
            found = os.fstat(there.fileno())
            patch.setenv("JOURNAL_STREAM", f"{found.st_dev}:{found.st_ino}")
        job.begun(stdout=subprocess.DEVNULL, stderr=there).wait(60)
    return log.read_text("utf-8").splitlines()


def test_the_log_goes_where_somebody_reads_it(job: Served):
    """JSON into a file, text with priorities into the journal; an idle run has none."""
    job.configure({"monitoring.notify": []})
    events = [json.loads(line)["event"] for line in logged(job)]
    assert {"sales_order_made", "order_held"} <= set(events)
    job.woo2po("retry")
    lines = logged(job, journal=True)
    assert any(re.match(r"<4>.*order_held", line) for line in lines)
    assert all(re.match(r"<[3467]>", line) for line in lines)
    job.configure({"log.format": "json"})
    assert job.woo2po("run").stderr == ""
    job.woo2po("retry")
    assert job.woo2po("run").stderr.startswith('{"')
    job.woo2po("retry")
    job.configure({"log.format": "text"})
    assert re.match(r"\d{4}-\d\d-\d\dT\S+ \[", job.woo2po("run").stderr)


def test_a_log_file_has_the_log_and_begins_anew(job: Served, monkeypatch):
    """`--log-file`; one that cannot be written is said before anything is tried."""
    log = job.config.parent / "job.log"
    assert job.woo2po("run", "--log-file", str(log)).stderr == ""
    assert "sales_order_made" in log.read_text("utf-8")
    log.write_text("x" * 5_000_000, "utf-8")
    job.woo2po("retry")
    job.woo2po("run", "--log-file", str(log))
    assert log.stat().st_size < 5_000_000
    assert log.with_name("job.log.1").exists()
    result = job.woo2po("run", "--log-file", str(job.config.parent / "no" / "job.log"))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "job.log could not be written" in " ".join(result.stderr.split())
