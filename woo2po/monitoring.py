"""Tells a monitoring service when a run begins and how it ended, the healthchecks.io way.

A POST to `URL/start`, then one to `URL` (success: exit code 0 or 1) or to `URL/fail` (2 or 3);
source: healthchecks.io, "HTTP API". The body has codes and counts, never a word of an order.
A ping that fails is a log line, and no ping keeps a run waiting: the first goes out beside the
work, the last when the lock is free again.
"""

import asyncio

import structlog

from woo2po.connections import Connections, open_http
from woo2po.record import RunOutcome

PATIENCE = 5.0  # seconds for each ping
SUCCESS = frozenset({0, 1})

log = structlog.get_logger()


class Monitor:
    """Tells of one run; without an address it tells nobody."""

    def __init__(self, url: str, connections: Connections) -> None:
        self._url = url
        self._connections = connections
        self._beginning: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Tell that the run begins; nobody waits for it."""
        if self._url:
            self._beginning = asyncio.create_task(self._ping("/start", ""))

    async def end(self, outcome: RunOutcome) -> None:
        """Tell how the run ended: a few lines of `name: value`, the same in every language."""
        if not self._url:
            return
        if self._beginning is not None:
            await asyncio.wait([self._beginning], timeout=PATIENCE)  # the order of the two counts
        said = {"exit": outcome.exit_code, "held": outcome.held,
                "newly_held": len(outcome.newly_held), **outcome.counts}  # fmt: skip
        lines = [f"{name}: {n}" for name, n in said.items()]
        lines += [f"problem: {outcome.problem}"] if outcome.problem else []
        await self._ping("" if outcome.exit_code in SUCCESS else "/fail", "\n".join(lines))

    async def _ping(self, event: str, body: str) -> None:
        try:
            there = open_http(self._connections, "monitoring")
            async with asyncio.timeout(PATIENCE), there as http:
                answer = await http.post(self._url + event, content=body, follow_redirects=False)
            why = "" if answer.is_success else f"HTTP {answer.status_code}"
        except Exception as error:  # noqa: BLE001 (no trouble with a ping is trouble of the run)
            why = type(error).__name__
        if why:
            # Without the address: whoever knows it can ping in our name.
            log.warning("ping_failed", event_told=event or "/", why=why)
