"""A run of the job in a process of its own, which can be killed: SIGKILL, as the kernel does it.

The process is forked from the test, so it costs milliseconds. What it asks of the shop and of
PowerOffice it asks of the test's process, where both live on when it is dead; its state database
is what it left on the disk. It dies at its own hand (of a commit), or at the test's while it
waits for an answer (of a request). Needs a POSIX system.
"""

import gc
import os
import pickle
import signal
import sys
import traceback
from dataclasses import dataclass
from multiprocessing import Pipe
from typing import TYPE_CHECKING, Any, NoReturn

import httpx
import virtual_time
from wire import Killed

from woo2po.connections import Connections
from woo2po.record import RunOutcome

if TYPE_CHECKING:
    from world import World

Pair = "Connection[Any, Any]"


def run_apart(world: "World", *numbers: str, limit: int | None = None) -> RunOutcome:
    """Do one run in a process of its own. Raises Killed where it was killed."""
    ours, theirs = Pipe()
    pid = os.fork()
    if not pid:
        ours.close()
        _run(world, theirs, numbers, limit)
    theirs.close()
    try:
        world.victim = pid
        done = _answer_until_the_end(world, ours)
    finally:
        world.victim = 0
        ours.close()
        status = os.waitpid(pid, 0)[1]
    if done is None:
        assert os.WIFSIGNALED(status), "the process ended by itself, without a word"
        assert os.WTERMSIG(status) == signal.SIGKILL
        world.kills += 1
        world.dies_at_commit = world.dies_before_commit = 0
        raise Killed
    outcome, start, logs, commits = done
    world.logs += logs
    world.committed_what += commits
    world.arrive_at(start)
    return outcome


def _run(world: "World", pipe: Pair, numbers: tuple[str, ...], limit: int | None) -> NoReturn:
    """Be the process: never return into the test."""
    code = 1
    try:
        world.apart = 0
        gc.disable()  # it would touch, and so copy, all that is shared
        world.victim = os.getpid()
        shop, go = (Distant(pipe, system, world) for system in ("shop", "poweroffice"))
        world.connections = Connections(shop, go)
        told, commits = len(world.logs), world.commits
        outcome = world.run(*numbers, limit=limit)
        new = world.logs[told:], world.committed_what[commits:]
        pipe.send(("end", (outcome, world.now(), *new)))
        code = 0
    except BaseException:  # noqa: BLE001 (whatever it is, this process ends here)
        traceback.print_exc(file=sys.stderr)
    finally:
        os._exit(code)


def _answer_until_the_end(world: "World", pipe: Pair) -> Any:
    """Answer what the process asks; return what it says at its end, None if it was killed."""
    while True:
        try:
            system, said = pipe.recv()
        except EOFError:
            return None
        if system == "end":
            return said
        world.arrive_at(said.moment)
        try:
            pipe.send(virtual_time.run(_answered(world, system, said)))
        except Killed:
            return None


async def _answered(world: "World", system: str, said: "Asked") -> Any:
    wire = world.connections.shop if system == "shop" else world.connections.poweroffice
    assert wire is not None
    request = httpx.Request(said.method, said.url, headers=said.headers, content=said.content)
    try:
        response = await wire.handle_async_request(request)
        content = await response.aread()
    except httpx.RequestError as error:
        return type(error).__name__
    return response.status_code, response.headers.raw, content


@dataclass(frozen=True)
class Asked:
    """A request as it leaves the process, and when."""

    moment: Any
    method: str
    url: str
    headers: list[tuple[bytes, bytes]]
    content: bytes


@dataclass
class Distant(httpx.AsyncBaseTransport):
    """The way from the process to a system that lives in the test."""

    pipe: Pair
    system: str
    world: "World"

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Ask, and wait: nothing else happens in this process meanwhile."""
        content = await request.aread()
        asked = Asked(
            self.world.now(), request.method, str(request.url), request.headers.raw, content
        )
        self.pipe.send_bytes(pickle.dumps((self.system, asked)))
        answer = self.pipe.recv()
        if isinstance(answer, str):
            raise getattr(httpx, answer)("as the test says", request=request)
        status, headers, body = answer
        return httpx.Response(status, headers=headers, content=body)
