"""Ctrl-C and SIGTERM: a run that is told to stop ends at a safe point, within two seconds.

Every moment is a safe one, since each write is written down before it is tried. What was asked
gets a second to be answered all the same, which spares the next run a look; nothing new is asked.
And a run that stands still is ended, whatever it hangs in.
"""

import asyncio
import os
import signal
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager, nullcontext, suppress
from functools import partial
from typing import Any, TypeVar

import click
import httpx

from woo2po.holds import InTheWay
from woo2po.http import NeverLeft

GRACE = 1.0  # seconds for answers to what was asked before
LIMIT = 1.6  # then what cannot be called off (a name that is looked up) is left behind
AT_ONCE = 0.4  # the same after a second signal
_TICK = 0.1
STANDS_STILL = 600  # seconds without a request or the end of a pause; an answer has 300
_TO_SAY_SO = 5.0  # seconds

TOLD_TO_STOP = "run_interrupted"  # the code of the message
SIGNALS = [one for one in signal.Signals if one.name in {"SIGINT", "SIGTERM", "SIGBREAK"}]

T = TypeVar("T")


class ToldToStop(InTheWay):
    """The work was called off before it came to its end."""

    exit_code = 3

    def __init__(self) -> None:
        super().__init__(TOLD_TO_STOP)


class Stop:
    """Whether the run was told to stop; asked by everything that sends or waits."""

    def __init__(self) -> None:
        self._event = asyncio.Event()
        self.still = 0.0  # seconds since a request began or a pause ended

    @property
    def told(self) -> bool:
        """Whether nothing new may be begun."""
        return self._event.is_set()

    def tell(self) -> None:
        """Begin nothing new, and wake whoever sleeps. To be called inside the loop."""
        self._event.set()

    async def sleep(self, seconds: float) -> None:
        """Sleep before a request is sent. Raises NeverLeft once the run is told to stop."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._event.wait()
        self.still = 0.0
        self._raise_if_told("")

    async def gate(self, request: httpx.Request) -> None:
        """Let a request through (a hook of httpx). Raises NeverLeft once told to stop."""
        self.still = 0.0
        self._raise_if_told(request.url.host)

    def _raise_if_told(self, host: str) -> None:
        if self.told:
            raise NeverLeft("", TOLD_TO_STOP, host=host)


def run_until_told(
    work: Callable[[Stop], Coroutine[Any, Any, T]], *, tidy: float = 0,
    if_still: Callable[[], object] | None = None,
) -> T:  # fmt: skip
    """Do the work until it ends, or a signal ends it; `tidy` are seconds to tidy up in after it.

    Where it stands still, in a dead network drive, say, `if_still` tells so as far as it can, and
    the process ends with 3. What is recorded is what it is after a kill, so that the next run goes
    on. A machine that sleeps does not count.

    Raises what the work raises, and ToldToStop if it had to be called off; if it could not even be
    called off in time, its thread is still alive, and the process must end without waiting for it.
    """
    # The work has a thread of its own: the main one stays free to hear a signal at once.
    stop, end, steps = Stop(), Future[T](), list[Callable[[], object]]()
    command = click.get_current_context(silent=True)  # which knows of colours

    async def main() -> T:
        loop, task = asyncio.get_running_loop(), asyncio.ensure_future(work(stop))
        steps.extend(partial(loop.call_soon_threadsafe, step) for step in (stop.tell, task.cancel))
        return await task

    def run() -> None:
        try:
            with command.scope(cleanup=False) if command else nullcontext():
                end.set_result(asyncio.run(main()))
        except asyncio.CancelledError:
            end.set_exception(ToldToStop())
        except BaseException as error:  # noqa: BLE001 (raised again in the main thread)
            end.set_exception(error)

    with _heard() as told:
        threading.Thread(target=run, name="run", daemon=True).start()
        while wait([end], _TICK).not_done:
            stop.still += _TICK
            if told:
                _hurry(steps, told, tidy)
            elif if_still and stop.still > STANDS_STILL:
                _end(if_still)
    return end.result()


@contextmanager
def ended_if_still(if_still: Callable[[], object]) -> Iterator[None]:
    """End the process, as above, where what is done meanwhile takes as long as to stand still."""
    timer = threading.Timer(STANDS_STILL, _end, [if_still])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _end(if_still: Callable[[], object]) -> None:
    words = threading.Thread(target=if_still, daemon=True)  # they may hang as well
    words.start()
    words.join(_TO_SAY_SO)
    os._exit(3)


def _hurry(steps: list[Callable[[], object]], told: list[float], tidy: float) -> None:
    """Take the steps that are due, each once: let nothing new begin, then call the work off."""
    again, waited = len(told) > 1, time.monotonic() - told[0] - tidy
    while len(steps) > (0 if again or waited > GRACE else 1):
        with suppress(RuntimeError):  # the loop has just closed: the work is at its end
            steps.pop(0)()
    if waited > LIMIT or (again and time.monotonic() - told[1] > AT_ONCE):
        raise ToldToStop


@contextmanager
def _heard() -> Iterator[list[float]]:
    """Give the moments at which a signal came; outside the main thread none ever does."""
    told: list[float] = []
    if threading.current_thread() is not threading.main_thread():
        yield told
        return

    def hear(_number: int, _frame: object) -> None:
        told.append(time.monotonic())

    before = {number: signal.signal(number, hear) for number in SIGNALS}
    try:
        yield told
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
