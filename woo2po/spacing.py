"""Spacing of requests: when the next one may start, so that no second holds too many of them.

Within a process here; between the processes of a machine see allowance.py.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

# Requests lie this much further apart than the limit says: eleven then span 1.06 s, less what a
# late one catches up, and 55 ms of jitter on the way still put no eleventh into a second. Of 10
# requests 9.4 are used.
MARGIN = 1.06
CATCH_UP = 0.005  # seconds; sleeping always takes a little longer than asked for

Sleep = Callable[[float], Awaitable[None]]
Clock = Callable[[], float]


class Shared(Protocol):
    """What other processes have a part in: it is asked before each request."""

    async def turn(self) -> None:
        """Return when the next request may start, whoever sent the last one."""

    async def pause(self, seconds: float) -> None:
        """Let nobody start for so many seconds from now."""


class Spacing:
    """Lets requests start evenly, `requests_per_second` at most, whoever asks; first come first.

    With `shared` each one also waits for its turn among those of other processes.
    """

    def __init__(
        self, requests_per_second: float, sleep: Sleep, now: Clock, shared: Shared | None = None
    ) -> None:
        self._interval = MARGIN / requests_per_second
        self._sleep = sleep
        self._now = now
        self._shared = shared
        self._next = now()
        self._queue = asyncio.Lock()

    async def turn(self) -> None:
        """Return when the next request may start."""
        async with self._queue:
            # Again after each sleep: a pause may have been ordered meanwhile.
            while (wait := self._next - self._now()) > 0:
                await self._sleep(wait)
            if self._shared is not None:
                await self._shared.turn()
            self._next = max(self._next, self._now() - CATCH_UP) + self._interval

    async def pause(self, seconds: float) -> None:
        """Let nobody start for so many seconds from now."""
        self._next = max(self._next, self._now() + seconds)
        if self._shared is not None:
            await self._shared.pause(seconds)
