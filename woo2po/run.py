"""`run`: lock, pull, transfer where there is work, summary. The order of work of one run.

What an idle poll does not need (mapping, catalogue, PowerOffice's client) is imported only when
there is work.
"""

import asyncio
import errno
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import filelock
import structlog

from woo2po.agenda import agenda
from woo2po.config import Settings
from woo2po.connections import Connections, open_poweroffice, open_shop
from woo2po.http import RemoteError
from woo2po.monitoring import Monitor
from woo2po.pull import Pulled, WrongNumber, find_and_queue, pull
from woo2po.record import RunOutcome, Waits
from woo2po.stopping import TOLD_TO_STOP
from woo2po.store import Store
from woo2po.store.database import StateError
from woo2po.woocommerce import Shop

if TYPE_CHECKING:
    from woo2po.poweroffice import PowerOffice
    from woo2po.transfer import Onlooker

LACKING: dict[str, str] = {
    Waits.SEND_PRIVILEGE: "may_not_send",
    Waits.VOUCHER_PRIVILEGE: "may_not_post_vouchers",
}
MANY_RETOLD = 5  # orders: no plugin's doing, but the shop's settings
_CANNOT_LOCK = frozenset({errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP})
# Of what stopped a run; the other facts may quote the other side's words, and those a customer.
FACTS_TO_TELL = ("host", "what", "status", "why", "role", "field", "n", "path", "error")

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Wish:
    """What a run was asked for: only these orders (by number, or `id:123`), at most `limit`."""

    numbers: tuple[str, ...] = ()
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Errand:
    """What a run is to do, and with what; `opens` gives PowerOffice's client, or one that pretends.

    How it ended is written into `outcome`.
    """

    settings: Settings
    clock: Callable[[], datetime]
    wish: Wish = Wish()
    connections: Connections = field(default_factory=Connections)
    onlooker: "Onlooker | None" = None
    opens: "Callable[..., AbstractAsyncContextManager[PowerOffice]]" = open_poweroffice
    outcome: RunOutcome = field(default_factory=RunOutcome)


async def run(errand: Errand) -> RunOutcome:
    """Do one run and tell how it ended. Whatever goes wrong is in the outcome, not raised.

    Only WrongNumber is raised, for an order number that does not exist or that two orders bear.
    """
    settings, outcome = errand.settings, errand.outcome
    # A run for a few orders is a person's: it says nothing of whether the timer works.
    told = Monitor("" if errand.wish.numbers else settings.monitoring.ping_url, errand.connections)
    try:
        with alone(Path(settings.state.path), 60 if errand.wish.numbers else 0):
            told.begin()
            with Store.open(Path(settings.state.path)) as store:
                await _recorded(errand, store)
    except StateError as error:
        outcome.exit_code = error.exit_code
        outcome.problem, outcome.facts = error.code, error.facts
    except WrongNumber:
        raise
    except Exception:
        await told.end(RunOutcome(3, problem="program_failed"))
        raise
    if outcome.problem not in {"another_run", TOLD_TO_STOP}:
        await told.end(outcome)
    return outcome


@contextmanager
def alone(
    path: Path, seconds: float, code: str = "another_run", exit_code: int = 0
) -> Iterator[None]:
    """Let no run be at work with a state database meanwhile.

    Raises StateError, with `exit_code` where another is still at work after so many seconds.
    """
    lock = lock_of(path)
    try:
        lock.acquire(timeout=seconds)
    except filelock.Timeout:
        raise StateError(code, exit_code) from None
    except OSError as error:
        code = "state_cannot_lock" if error.errno in _CANNOT_LOCK else "state_cannot_open"
        raise StateError(code, 2, path=str(path), said=error.strerror or "") from None
    try:
        yield
    finally:
        lock.release()


def lock_of(path: Path) -> filelock.BaseFileLock:
    """Return a state database's lock, by its real path; it goes when its process is killed."""
    return filelock.FileLock(f"{path.resolve()}.lock", mode=0o600, fallback_to_soft=False)


def is_running(path: Path) -> bool | None:
    """Tell whether a run is at work with a state database; None where nobody can tell."""
    if not Path(f"{path.resolve()}.lock").exists():
        return False
    try:
        with lock_of(path).acquire(timeout=0):
            return False
    except filelock.Timeout:
        return True
    except OSError:
        return None


async def _recorded(errand: Errand, store: Store) -> None:
    """Do the run, and write down that it began and how it ended."""
    settings, clock, outcome = errand.settings, errand.clock, errand.outcome
    try:
        store.bind(settings)
        store.look_over(settings.day_of(clock()).isoformat())
        number = store.begin_run(clock())
        with structlog.contextvars.bound_contextvars(run=number):
            before = store.held_numbers()
            try:
                await work(errand, store)
            except WrongNumber:
                store.forget_run(number)  # nothing was done, and nothing is wrong with the job
                raise
            except asyncio.CancelledError:
                store.end_run(number, clock(), 3, {})
                raise
            held = store.held_numbers().items()
            outcome.newly_held = tuple(number for i, number in held if i not in before)
            store.end_run(number, clock(), outcome.exit_code, outcome.counts)
    except StateError as error:
        if error.code == "disk_full" and store.is_damaged():
            raise StateError("state_corrupt", 2, **error.facts) from None
        raise


async def work(errand: Errand, store: Store) -> None:
    """Pull, and transfer what is due.

    Where the job pretends the store is one in memory. Raises WrongNumber, StateError and
    asyncio.CancelledError.
    """
    settings, outcome, now = errand.settings, errand.outcome, errand.clock()
    today = settings.day_of(now).isoformat()
    try:
        async with open_shop(settings.woocommerce, errand.connections) as shop:
            recall_route(shop, store)
            if store.memory.header_tried != today:
                shop.keys_in_query = False  # its web server may have been mended
            if errand.wish.numbers:
                pulled = await find_and_queue(shop, store, settings, errand.wish.numbers, now)
                ids, asks = tuple(pulled.changed), True
            else:
                pulled = await pull(shop, store, settings, now)
                due = agenda(store, settings.digest(), errand.clock())
                store.queue_again(due.again)
                ids, asks = due.orders[: errand.wish.limit], due.asks
            _remember_ways(shop, store, today)
            _warn(outcome, shop, pulled)
            level = "info" if ids or pulled.changed else "debug"  # an idle run has no log
            getattr(log, level)("shop_polled", changed=len(pulled.changed), to_do=len(ids))
            if asks:
                await _transfer(errand, store, shop, pulled, ids)
    except RemoteError as error:
        outcome.exit_code, outcome.problem, outcome.facts = error.exit_code, error.code, error.facts
        known = {name: error.facts[name] for name in FACTS_TO_TELL if name in error.facts}
        log.warning("run_stopped", problem=error.code, facts=known)
    _conclude(store, outcome)
    if errand.connections.stop.told:
        _stopped(outcome, len(store.open_writes()))


async def _transfer(
    errand: Errand, store: Store, shop: Shop, pulled: Pulled, ids: Sequence[int]
) -> None:
    from woo2po.transfer import Onlooker, Run, transfer  # noqa: PLC0415 (an idle poll needs none)

    settings, outcome, onlooker = errand.settings, errand.outcome, errand.onlooker or Onlooker()
    async with errand.opens(settings.poweroffice, errand.connections) as poweroffice:
        await poweroffice.log_in()
        store.bind_to_company(poweroffice.company.id)
        outcome.company = poweroffice.company.name
        run = Run(settings, errand.clock, store, shop, poweroffice, outcome, onlooker)
        await transfer(run, pulled, ids)


def _stopped(outcome: RunOutcome, unanswered: int) -> None:
    """Say that the run was told to stop: what was not begun any more is left, not unanswered."""
    outcome.exit_code, outcome.problem, outcome.facts = 3, TOLD_TO_STOP, {}
    unfinished = sum(outcome.counts.pop(name, 0) for name in ("left", "failed", "waiting"))
    waiting = min(unanswered, unfinished)
    outcome.counts += Counter(waiting=waiting, left=unfinished - waiting)


def _warn(outcome: RunOutcome, shop: Shop, pulled: Pulled) -> None:
    """Tell what works, or was skipped, but should not stay so."""
    if pulled.never_seen:
        numbers = ", ".join(pulled.never_seen[:10]) + (" ..." if pulled.never_seen[10:] else "")
        facts = {"n": str(len(pulled.never_seen)), "numbers": numbers}
        outcome.warnings["never_seen"] = facts
    if pulled.without_id:
        outcome.warnings["rows_without_id"] = {"n": str(pulled.without_id)}
    if pulled.retold >= MANY_RETOLD:
        outcome.warnings["shop_tells_otherwise"] = {"n": str(pulled.retold)}
    if shop.keys_in_query:
        outcome.warnings["shop_keys_in_query"] = {"host": shop.host}
    if shop.cached:
        outcome.warnings["shop_cached"] = {"host": shop.host}


def _conclude(store: Store, outcome: RunOutcome) -> None:
    """Set counts and exit code: 2 outweighs 3, 3 outweighs 1, 1 outweighs 0."""
    outcome.held = len(store.held_numbers())
    outcome.counts = +outcome.counts  # without what is none
    # In every run, an idle one too, which privilege something waits for.
    known = store.memory.lacking
    for one in store.unfinished():
        if (code := LACKING.get(one.waits)) and not one.todo and not one.hold_code:
            outcome.warnings.setdefault(code, known.get(code, {}))
    said = {code: outcome.warnings[code] for code in outcome.warnings if code in LACKING.values()}
    store.remember(lacking=said or known)
    if store.memory.tell_of_captures:
        outcome.warnings["payments_follow_captures"] = {}
        store.remember(tell_of_captures=False)
    if outcome.problem or outcome.counts.keys() & {"failed", "waiting"}:
        outcome.exit_code = outcome.exit_code or 3
    elif outcome.held or "rows_without_id" in outcome.warnings:
        outcome.exit_code = 1


def recall_route(shop: Shop, store: Store) -> None:
    """Talk to the shop as it was last found to work."""
    memory = store.memory
    shop.route_style = memory.shop_route_style or shop.route_style
    shop.keys_in_query = memory.shop_keys_in_query


def _remember_ways(shop: Shop, store: Store, today: str) -> None:
    """Remember how this shop is talked to, so that the next poll needs no detour."""
    store.remember(
        shop_route_style=shop.route_style,
        shop_keys_in_query=shop.keys_in_query,
        header_tried=today if shop.keys_in_query else "",
    )
