"""What passes between the job and PowerOffice, with the faults that a test plans for it."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx
import virtual_time
from reads import Reads

from woo2po.sandbox.faults import WIRE_FAULTS, Faults, path_behind_base

SETTLE_AFTER = 60  # seconds, the default of poweroffice.settle_after
# What a client meets, before the work or after it. `late` is the nasty one: the client times out,
# and the request waits for `late_ones_arrive`.
LOST: dict[str, type[httpx.RequestError]] = {
    "connect_error": httpx.ConnectError, "late": httpx.ReadTimeout,
    "lost_before": httpx.ReadError, "timeout_before": httpx.ReadTimeout,
    "lost_after": httpx.ReadError, "timeout_after": httpx.ReadTimeout,
}  # fmt: skip


def kind(asked: str) -> str:
    """Return what is asked for, ids apart: "POST /SalesOrders/*/createAndSendInvoice"."""
    return re.sub(r"/[^/]*\d[^/]*", "/*", asked.partition("?")[0])


class Killed(BaseException):
    """The process dies here: nothing catches it, and nothing is written afterwards."""


@dataclass
class Sent:
    """A write as it left the job. `certain`: its answer said whether it was carried out;
    `asked`: how many questions had been asked before it; `status`: the answer's.
    """

    method: str
    path: str
    body: bytes
    at: datetime
    certain: bool = False
    asked: int = 0
    status: int = 0

    @property
    def what(self) -> tuple[str, str, bytes]:
        """Two writes with equal `what` are the same write, repeated."""
        return self.method, self.path, self.body

    @property
    def kind(self) -> str:
        """Its method and path, ids apart."""
        return kind(f"{self.method} {self.path}")

    @property
    def sends(self) -> bool:
        return self.path.endswith("/createAndSendInvoice")

    @property
    def json(self) -> Any:
        return json.loads(self.body or b"{}")


@dataclass
class Wire(httpx.AsyncBaseTransport):
    """What passes between the job and PowerOffice: as the plan says, some of it is lost.

    `plan` names, for the nth write (from 0), the fault of its first sending, of its first
    repeat, and so on ("" for none): the sandbox's faults, or "killed_before", "killed_after".
    """

    inner: httpx.AsyncBaseTransport
    faults: Faults
    process: Any  # the world: its time, and whether the job is dead
    plan: dict[int, Sequence[str]] = field(default_factory=dict)
    reads: Reads = field(default_factory=Reads)  # shared with the shop's wire
    down: str = ""  # the fault that every request meets while it is set
    last_write: int = -1  # with this write (from 0) `after_last` is called
    after_last: Callable[[], None] = lambda: None
    writes: list[Sent] = field(default_factory=list)
    held_up: list[httpx.Request] = field(default_factory=list)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self.process.dead:
            raise Killed
        await request.aread()
        path = path_behind_base(request.url.path)
        if self.down:
            self.faults.at(request.method, path, 1, self.down)
        if request.method == "GET" or path.lower() == "/oauth/token":
            return await self.reads.through("poweroffice", request, self._passed)
        sent = Sent(request.method, path, request.content, self.process.now())
        sent.asked = len(self.reads.asked)
        fault = self._fault_for(sent)
        self.writes.append(sent)
        if len(self.writes) - 1 == self.last_write:
            self.after_last()
        if fault == "killed_before":
            self.process.die()
        if fault and not fault.startswith("killed"):
            self.faults.at(request.method, path, 1, fault)
        sent.certain = "connect_error" in {fault, self.down}
        response = await self._passed(request)
        if fault == "killed_after":
            self.process.die()
        await response.aread()
        sent.status = response.status_code
        sent.certain = response.status_code < 500 and fault not in {"garbage", "html"}
        return response

    async def _passed(self, request: httpx.Request) -> httpx.Response:
        """Pass the request on, unless it is to be lost: then raise what a real network would."""
        met = self.faults.met(request.method, path_behind_base(request.url.path), WIRE_FAULTS)
        fault = met.fault if met else ""
        if fault == "late":
            self.held_up.append(request)
        if fault and not fault.endswith("_after"):
            raise LOST[fault]("the request was lost", request=request)
        response = await self.inner.handle_async_request(request)
        if fault:
            await response.aread()
            raise LOST[fault]("the answer was lost", request=request)
        return response

    @property
    def unmet(self) -> bool:
        """Whether a planned fault has found nothing to happen to."""
        return any(n >= len(self.writes) for n in self.plan)

    def _fault_for(self, sent: Sent) -> str:
        if not self.plan:
            return ""
        same = [n for n, earlier in enumerate(self.writes) if earlier.what == sent.what]
        first = same[0] if same else len(self.writes)
        planned = self.plan.get(first, ())
        return planned[len(same)] if len(same) < len(planned) else ""

    def late_ones_arrive(self) -> int:
        """Let the requests that were held up reach PowerOffice now; return how many."""
        waiting, self.held_up = self.held_up, []
        for request in waiting:
            virtual_time.run(self.inner.handle_async_request(request))
        return len(waiting)

    def repeats_too_early(self, resend_after: float = SETTLE_AFTER) -> list[Sent]:
        """Return the writes that were repeated too early, their fate unknown: before
        `settle_after`, and requests for an invoice before `resend_after`.
        """
        return [
            again
            for n, again in enumerate(self.writes)
            for before in self.writes[:n]
            if before.what == again.what and not before.certain
            if (again.at - before.at).total_seconds()
            < (resend_after if again.sends else SETTLE_AFTER)
        ]


Answer = Callable[[httpx.Request, httpx.Response, Any], Any]


@dataclass
class Odd(httpx.AsyncBaseTransport):
    """Passes requests on, and gives what a test makes of the answers to those of a kind: a whole
    answer, a body's bytes, or a value that becomes JSON.
    """

    inner: httpx.AsyncBaseTransport
    path: str  # a part of it
    answer: Answer
    method: str = "GET"
    asked: int = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await self.inner.handle_async_request(request)
        if request.method != self.method or self.path not in request.url.path:
            return response
        self.asked += 1
        content = await response.aread()
        made = self.answer(request, response, json.loads(content) if content else [])
        if isinstance(made, httpx.Response):
            return made
        headers = {k: v for k, v in response.headers.items() if k != "content-length"}
        body = made if isinstance(made, bytes) else json.dumps(made).encode()
        return httpx.Response(200, headers=headers, content=body)


@dataclass
class ShopWire(httpx.AsyncBaseTransport):
    """What passes between the job and the shop, which is only asked."""

    inner: httpx.AsyncBaseTransport
    reads: Reads
    process: Any
    down: str = ""  # while it is set: "no connection", or how every question ends (STUBBORN)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self.process.dead:
            raise Killed
        await request.aread()
        if self.down == "no connection":
            raise httpx.ConnectError("nobody is there", request=request)
        if self.down:
            self.reads.plan = {len(self.reads.asked): self.down}
        return await self.reads.through("shop", request, self.inner.handle_async_request)
