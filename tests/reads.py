"""What the job asks of both systems, and what can go wrong with an answer."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import httpx

from woo2po.sandbox.faults import path_behind_base

# What can happen to a question. Those in STUBBORN happen to its repeats too, so that it stays
# without an answer; the others give an answer that is wrong.
STUBBORN = {
    "fails": "503 again and again",
    "is lost": "no answer, again and again",
    "runs out of time": "a time-out, again and again",
}
WRONG = {
    "is a page": "a login page with status 200",
    "is cut off": "half of the answer's bytes",
    "is empty": "an empty list; where there is none, no content",
    "lacks rows": "a list without its second half",
}
READ_FAULTS = {**STUBBORN, **WRONG}
_REPEATS = 2
_PAGE = b"<!doctype html><html><body><form>Log in</form></body></html>"

Ask = Callable[[httpx.Request], Awaitable[httpx.Response]]


@dataclass
class Reads:
    """The questions in the order in which they came; `plan` names the fault of the nth (from 0).

    `met` counts the answers that a planned fault spoilt; a fault that had nothing to spoil there
    (an empty list that is empty anyway) is not among them.
    """

    plan: dict[int, str] = field(default_factory=dict)
    always: dict[str, str] = field(default_factory=dict)  # the fault of every such question
    asked: list[str] = field(default_factory=list)
    met: int = 0
    notes: bool = False  # whether it is noted which faults would make an answer another
    would: list[set[str]] = field(default_factory=list)
    _stuck: tuple[str, str, int] = ("", "", 0)  # address, fault, how often still

    async def through(self, system: str, request: httpx.Request, ask: Ask) -> httpx.Response:
        """Answer a question, or spoil its answer as planned."""
        what = f"{request.method} {path_behind_base(request.url.path)}"
        fault = self._fault_of(str(request.url)) or self.always.get(f"{system}: {what}", "")
        self.asked.append(f"{system}: {what}")
        if not fault:
            return await self._noted(ask(request)) if self.notes else await ask(request)
        if fault == "is missing":  # a replica that does not show it yet
            return httpx.Response(404)
        if fault in STUBBORN:
            self.met += 1
            return _unanswered(fault, request)
        honest = await ask(request)
        spoilt = _spoilt(fault, await honest.aread())
        if spoilt is None or not honest.is_success:
            return honest
        self.met += 1
        return httpx.Response(spoilt[0], headers=_kept(honest), content=spoilt[1])

    def noted(self) -> list[tuple[str, set[str]]]:
        """Return each question with the faults that would make its answer another."""
        return [*zip(self.asked, self.would, strict=True)]

    async def _noted(self, asking: Awaitable[httpx.Response]) -> httpx.Response:
        self.would.append(would := {*STUBBORN})
        honest = await asking
        if honest.is_success:
            content = await honest.aread()
            would |= {name for name in WRONG if _spoilt(name, content)}
        return honest

    def _fault_of(self, address: str) -> str:
        fault = self.plan.get(len(self.asked), "")
        if fault in STUBBORN:
            self._stuck = (address, fault, _REPEATS)
            return fault
        stuck, still, times = self._stuck
        if fault or stuck != address or not times:
            return fault
        self._stuck = (address, still, times - 1)
        return still


def _kept(honest: httpx.Response) -> dict[str, str]:
    names = ("date", "x-wp-total", "x-wp-totalpages", "x-pagination")
    return {name: honest.headers[name] for name in names if name in honest.headers}


def _unanswered(fault: str, request: httpx.Request) -> httpx.Response:
    if fault == "is lost":
        raise httpx.ReadError("the answer was lost", request=request)
    if fault == "runs out of time":
        raise httpx.ReadTimeout("no answer came", request=request)
    return httpx.Response(503, content=b"Service unavailable")


def _spoilt(fault: str, content: bytes) -> tuple[int, bytes] | None:
    """Return status and content of the wrong answer; None where it would be no other."""
    if fault == "is a page":
        return 200, _PAGE
    if fault == "is cut off":
        return (200, content[: len(content) // 2]) if content else None
    try:
        rows = json.loads(content)
    except ValueError:
        return None
    if not isinstance(rows, list):
        return (204, b"") if fault == "is empty" else None
    if not rows:
        return None
    kept = [] if fault == "is empty" else rows[: len(rows) // 2]
    return 200, json.dumps(kept).encode()
