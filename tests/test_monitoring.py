"""`monitoring.ping_url`: told start, success and failure, and never in a run's way."""

import asyncio
from dataclasses import dataclass, field, replace
from pathlib import Path
from unittest import mock

import filelock
import httpx
import pytest
from served import HELD
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
def state_is_garbage(world: World) -> None:
    """A database that cannot be used."""
    world.state.write_bytes(b"no database" * 400)


@step
def runs_beside_another(world: World) -> None:
    """What it would say is not true of the one at work, which may hang."""
    with filelock.FileLock(f"{world.state}.lock"):
        world.run()


WELL = ["/start", ""]
FAILED = ["/start", "/fail"]
# What happens, what is told of it, and what stands in the body of the last.
# fmt: off
TOLD: dict[str, tuple[Story, list[str], dict[str, str]]] = {
    "all went well": (
        (sells(), run()), WELL, {"exit": "0", "held": "0", "newly_held": "0", "made": "1"}),
    "held orders are a success with their number": (
        (loads(HELD), run()), WELL, {"held": "1", "newly_held": "1"}),
    "they are not new the next time": (
        (loads(HELD), run(), later(300)), WELL * 2, {"held": "1", "newly_held": "0"}),
    "3: the shop is away": (
        (misbehaves(maintenance=True), run()), FAILED,
        {"exit": "3", "problem": "shop_maintenance"}),
    "2: a person must mend it": ((state_is_garbage(), run()), FAILED, {"problem": "state_corrupt"}),
    "beside another run nothing": ((runs_beside_another(),), [], {}),
    "of a run for one order, which a person started, nothing": ((sells(), run("101")), [], {}),
}
# fmt: on


@pytest.mark.parametrize("what", TOLD)
def test_the_service_is_told_how_a_run_went(world, service, what):
    """Success is the address itself; the body has the exit code, counts, the message's code."""
    story, events, last = TOLD[what]
    told(story, world)
    assert service.events == events
    assert last.items() <= (service.last() if events else {}).items()


def test_an_idle_run_is_told_too(world, service):
    """Else a quiet night would look like a job that has stopped; it costs no other request."""
    world.run()
    asked = len(world.shop.requests), len(world.go.requests)
    world.wait(300)
    world.run()
    assert (service.events, service.locked) == (WELL * 2, [True, False] * 2)
    assert (len(world.shop.requests), len(world.go.requests)) == (asked[0] + 1, asked[1])


def test_a_defect_of_the_program_is_a_failure(world, service, monkeypatch):
    """Whatever it is: the job does not work."""
    monkeypatch.setattr("woo2po.run.pull", mock.AsyncMock(side_effect=ZeroDivisionError))
    with pytest.raises(ZeroDivisionError):
        world.run()
    assert service.events == FAILED
    assert service.last()["problem"] == "program_failed"


@pytest.mark.parametrize("fault", ["away", "silent", "moved", "unknown", "wrong"])
def test_a_service_in_trouble_is_a_line_in_the_log(world, service, fault):
    """The run does its work, ends as it would, and names no address."""
    service.fault = fault
    world.sells(101)
    outcome = world.run()
    assert (outcome.exit_code, outcome.counts) == (0, {"made": 1})
    failed = [line for line in world.logs if line["event"] == "ping_failed"]
    assert failed
    assert "5e1f" not in str(world.logs)
    assert all(not event.startswith("http") for event in service.events)
    with world.store() as store:  # nothing of a ping is kept
        assert "5e1f" not in "".join(store._connection.iterdump())


def test_a_silent_service_delays_the_end_and_not_the_work(world, service):
    """Orders go while nobody answers, and the lock is free before the last ping is sent."""
    service.fault = "silent"
    world.sells(101)
    begun = world.now()
    world.run()
    (order_made,) = [sent.at for sent in world.wire.writes if "SalesOrders" in sent.path]
    assert (order_made - begun).total_seconds() < 3
    assert (world.now() - begun).total_seconds() < 15


def test_what_is_told_names_nobody(world, service):
    """Codes and counts: no order's number, no customer, no word of another system."""
    world.loads("b2c-vipps-simple", HELD, "hostile-texts")
    world.run()
    assert all(line.split(": ")[1].isdigit() for line in service.told[-1][1].splitlines())
