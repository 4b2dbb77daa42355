"""A shop, PowerOffice Go and the job between them, in one process and one clock that jumps.

    world = World(folder)                       # `folder` holds the state database
    world.sells(101, Goods("GEN-001", "1299"))  # an order in the shop
    world.run()                                 # one run of the job: its Outcome
    world.settle()                              # runs until nothing is left to do
    world.books()                               # what an accountant finds: a plain value
    world.held()                                # {order number: why}

`world.company` are PowerOffice's books (a person's acts are its methods), `world.shop` the shop,
`world.faults` PowerOffice's switches, `world.wire` what passes between it and the job: every
write with its time, and the faults that the nth one is to meet. Waiting takes no time.
"""

import asyncio
import gc
import pickle
import re
import sqlite3
import tempfile
import weakref
from collections.abc import Coroutine, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import Any, TypeVar
from unittest import mock

import httpx
import structlog
import virtual_time
from example import of_the_sandbox
from reads import Reads
from summary import Summary, summary_of
from wire import SETTLE_AFTER, Killed, Sent, ShopWire, Wire

from woo2po import run as job
from woo2po.config import Settings, load
from woo2po.config.sections import StateSection
from woo2po.connections import Connections
from woo2po.demo import NAMED_KEYS
from woo2po.poweroffice import PowerOffice
from woo2po.poweroffice.pretend import PretendingPowerOffice
from woo2po.record import Record, RunOutcome
from woo2po.run import Wish
from woo2po.sandbox.books import Books
from woo2po.sandbox.faults import Faults
from woo2po.sandbox.go import Go
from woo2po.sandbox.shop import ShopSite
from woo2po.sandbox.shop_orders import Goods, amounts, recorded
from woo2po.status import OrderStatus, status_of
from woo2po.stopping import Stop
from woo2po.store import Store, migrations
from woo2po.store.database import StateError

__all__ = ["SETTLE_AFTER", "START", "Goods", "Killed", "Sent", "Summary", "World"]

_WRITING = ("INSERT", "UPDATE", "DELETE")
_ALTERING = ("CREATE", "ALTER", "PRAGMA user_version = ")
_WRITTEN = r"^(?:INSERT|UPDATE|DELETE|CREATE|ALTER|PRAGMA user)[A-Z_ ]* \W?\w+(?: SET \w+)?"
Result = TypeVar("Result")
START = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)


# To look for garbage as often as usual takes a tenth of all time.
gc.set_threshold(20_000, 20)
# Neither system sets a cookie.
mock.patch("httpx._models.Cookies.extract_cookies").start()
_parsed = lru_cache(4096)(httpx._urlparse.urlparse)
for _where in ("_urls", "_urlparse"):
    mock.patch(f"httpx.{_where}.urlparse", _parsed).start()
_migrate, _connect = migrations.migrate, sqlite3.connect


@cache
def _tables() -> sqlite3.Connection:
    made = _connect(":memory:", isolation_level=None, check_same_thread=False)
    _migrate(made)
    return made


def _migrated(connection: sqlite3.Connection) -> None:
    """Copy the tables into a new database: making them takes longer than most tests."""
    if connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        _migrate(connection)
    else:
        _tables().backup(connection)


mock.patch.object(migrations, "migrate", _migrated).start()


@cache
def _demo_settings() -> Settings:
    """Return the sandbox's configuration without what a test that wants it asks for."""
    with tempfile.TemporaryDirectory() as folder:
        whole = load(of_the_sandbox(Path(folder)))
    quiet = {"invoices": type(whole.invoices)(), "payments": type(whole.payments)()}
    return whole.model_copy(update={**quiet, "refunds": type(whole.refunds)()})


_configured: dict[str, Settings] = {}  # by the sections that were changed


class Connection(sqlite3.Connection):
    """A connection that counts what it commits, and in which a process may die of it."""

    world: "World"

    def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
        """Carry a statement out; the world dies after the commit that it was told of."""
        if sql.startswith("SELECT"):
            return super().execute(sql, *values)
        before, changes = self.in_transaction, self.total_changes
        if self.world.is_full and sql.startswith(("COMMIT", *_WRITING)):
            full = sqlite3.OperationalError("database or disk is full")
            full.sqlite_errorcode = sqlite3.SQLITE_FULL
            raise full
        if sql.startswith(("COMMIT", *_WRITING, *_ALTERING)):
            self.world.committing(sql, ends=sql == "COMMIT" or not before)
        # The power does not fail in a test, and waiting for the disk is most of its time.
        cursor = super().execute(sql.replace("synchronous = FULL", "synchronous = OFF"), *values)
        ended = before or self.total_changes > changes or sql.startswith(_ALTERING)
        if ended and not self.in_transaction and sql != "ROLLBACK":
            self.world.committed()
        return cursor


class Kept(Connection):
    """A run's connection, with which the next one goes on where nobody has touched the file.

    To prepare every statement anew takes longer than most of what a test asks of them.
    """

    left: tuple[object, ...] = ()  # how the file was then

    def close(self) -> None:
        if self.in_transaction:
            self.rollback()
        sqlite3.Connection.execute(self, "PRAGMA wal_checkpoint(TRUNCATE)")
        self.left, self.world.kept = _look_of(self.world.state), self


def _look_of(path: Path) -> tuple[object, ...]:
    found = path.stat() if path.exists() else None
    return (path, found.st_ino, found.st_size, found.st_mtime_ns) if found else ()


class World:
    """A shop, a company and the job; `sections` change the sandbox's configuration.

    `World(folder, poweroffice={"settle_after": 10}, products={"unknown": "create"})`
    """

    def __init__(self, folder: Path, **sections: Mapping[str, Any]) -> None:
        self._start, self._passed = START, 0.0
        self.kept: Kept | None = None  # of the last run
        self._kept: dict[Path, bytes] | None = None  # the state database at the moment of death
        self.drift = 0.0  # seconds by which the job's own clock is ahead of everybody else's
        self.dead = False
        self.committed_what: list[str] = []  # of each commit: verbs and tables
        self._statements: list[str] = []
        self.dies_at_commit = 0  # the process dies after the nth commit
        self.dies_before_commit = 0  # or just before it
        self.full_from_commit = 0  # from the nth commit on there is no room on the disk
        self.migrates = False  # its tables are made one by one, as they are for a user
        self.logs: list[Mapping[str, Any]] = []
        self.outcome = RunOutcome()  # of the last run
        self.shop = ShopSite(self.now)
        self.faults = Faults()
        self.company = Books.standard()
        self.go = Go(self.company, self.faults, clock=self.now, **NAMED_KEYS)
        self.wire = Wire(httpx.MockTransport(self.go.answer), self.faults, self)
        self.shop_wire = ShopWire(httpx.MockTransport(self.shop.answer), self.wire.reads, self)
        self.connections = Connections(self.shop_wire, self.wire)
        state = StateSection(path=str(folder / "woo2po.db"))
        self.settings, said = _demo_settings(), repr(sections)
        if said not in _configured:
            self.configure(**sections)
            _configured[said] = self.settings
        self.settings = _configured[said].model_copy(update={"state": state})

    @property
    def commits(self) -> int:
        return len(self.committed_what)

    @property
    def reads(self) -> Reads:
        return self.wire.reads

    # -- the clock -------------------------------------------------------------------------------

    def now(self) -> datetime:
        """Return the time; it moves by `wait`, and while a run waits for something."""
        try:
            return self._start + timedelta(seconds=virtual_time.clock())
        except RuntimeError:
            return self._start

    def _our_now(self) -> datetime:
        return self.now() + timedelta(seconds=self.drift)

    def wait(self, seconds: float) -> None:
        self._start += timedelta(seconds=seconds)

    def arrive_at(self, moment: datetime) -> None:
        self._start = moment

    # -- the configuration -----------------------------------------------------------------------

    @property
    def state(self) -> Path:
        return Path(self.settings.state.path)

    def configure(self, **sections: Mapping[str, Any]) -> None:
        """Change keys of the configuration, section by section; the rest stays."""
        if not sections:
            return
        whole = self.settings.model_dump(by_alias=True)
        changed = {name: {**whole[name], **dict(keys)} for name, keys in sections.items()}
        self.settings = Settings(**(whole | changed))

    # -- the shop --------------------------------------------------------------------------------

    def loads(self, *names: str) -> list[int]:
        documents = [recorded(name) for name in names]
        for document in documents:
            self.shop.put(document["order"], document.get("refunds", ()))
        return [document["order"]["id"] for document in documents]

    def sells(self, order_id: int, *goods: Goods, email: str | None = None, **changes: Any) -> None:
        """Put an order into the shop: `changes` are fields of it as WooCommerce names them.

        `billing` and `shipping` are merged into those of Kari Nordmann, Storgata 1, Oslo.
        """
        order = recorded("b2c-vipps-simple")["order"]
        order |= {"id": order_id, "number": str(order_id), "shipping_lines": []}
        for name in ("billing", "shipping"):
            order[name] = {**order[name], **changes.pop(name, {})}
        if email is not None:
            order["billing"]["email"] = email
        self.shop.put({**order, **amounts(goods or (Goods(),)), **changes})

    # -- the job ---------------------------------------------------------------------------------

    def run(self, *numbers: str, limit: int | None = None) -> RunOutcome:
        """Do one run of the job; Killed is raised where the plan kills it."""
        self.outcome = self.in_virtual_time(self.job(*numbers, limit=limit))
        return self.outcome

    async def job(self, *numbers: str, limit: int | None = None) -> RunOutcome:
        connections = replace(self.connections, stop=Stop())
        wish = Wish(numbers, limit)
        return await job.run(job.Errand(self.settings, self._our_now, wish, connections))

    def in_virtual_time(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Do what takes time in no time; Killed is raised where the plan kills the job."""
        with self._in_our_time(), structlog.testing.capture_logs() as logs:
            try:
                return virtual_time.run(self._timed(work))
            except BaseExceptionGroup as group:
                if self.dead:
                    raise Killed from None
                raise group from None
            finally:
                self.logs += logs
                self.wait(self._passed)
                self._bury()

    async def _timed(self, work: Coroutine[Any, Any, Result]) -> Result:
        try:
            return await work
        finally:
            self._passed = virtual_time.clock()

    @contextmanager
    def _in_our_time(self) -> Iterator[None]:
        in_time = partial(PowerOffice, sleep=asyncio.sleep, now=virtual_time.clock)
        pretending = partial(PretendingPowerOffice, sleep=asyncio.sleep, now=virtual_time.clock)
        self._passed = 0.0
        with (
            mock.patch.object(migrations, "migrate", _migrate if self.migrates else _migrated),
            mock.patch("woo2po.poweroffice.PowerOffice", in_time),
            mock.patch("woo2po.preview.PretendingPowerOffice", pretending),
            mock.patch("woo2po.store.database.sqlite3.connect", self._connected),
        ):
            yield

    def _connected(self, path: Path, **how: Any) -> sqlite3.Connection:
        """Open a database as `sqlite3.connect` does, or go on where the last run left it."""
        connection, ours = self.kept, path == self.state
        self.kept = None
        if connection is None or not ours or connection.left != _look_of(path):
            if connection is not None:
                sqlite3.Connection.close(connection)
            factory = Kept if ours else Connection
            connection = _connect(
                path, factory=factory, check_same_thread=False, cached_statements=999, **how
            )
            connection.world = weakref.proxy(self)
        return connection

    def settle(self, *, at_most: int = 8) -> RunOutcome:
        """Run until nothing is left to do, each time after `settle_after`; fail if it never is."""
        for _ in range(at_most):
            outcome = self.run()
            if not self.busy():
                return outcome
            self.wait(self.settings.poweroffice.settle_after + 1)
        raise AssertionError(f"not settled after {at_most} runs: {outcome}, {self.held()}")

    def busy(self) -> bool:
        """Tell whether an order, a write or a payment is unfinished."""
        with self.store() as store:
            facts, unanswered = store.unfinished(), store.is_unanswered()
        held = {one.id for one in facts if one.hold_code and not one.todo}
        todo = any(one.todo and one.order_id not in held for one in facts)
        return unanswered or todo or any(one.owes and not one.hold_code for one in facts)

    @property
    def is_full(self) -> bool:
        return 0 < self.full_from_commit <= self.commits + 1

    def committing(self, sql: str, *, ends: bool) -> None:
        """Note what is written, and die before the commit that `dies_before_commit` names."""
        self._statements += re.findall(_WRITTEN, sql)[:1]
        if ends and self.commits + 1 == self.dies_before_commit and not self.dead:
            self.die()

    def committed(self) -> None:
        """Count a commit to the state database, and die of it where `dies_at_commit` says so."""
        if not self.dead:
            self.committed_what.append("; ".join(dict.fromkeys(self._statements)))
        self._statements = []
        if self.commits == self.dies_at_commit:
            self.die()

    def die(self) -> None:
        """End the process now: what is not in the state database yet never will be."""
        if not self.dead:
            self.dead, self._kept = True, self.files()
        raise Killed

    def files(self) -> dict[Path, bytes]:
        return {path: path.read_bytes() for path in self._sides() if path.exists()}

    def _sides(self) -> list[Path]:
        return [self.state.with_name(self.state.name + side) for side in ("", "-wal", "-shm")]

    def _bury(self) -> None:
        """Put the state database back to the moment of death: unwinding is no part of a crash."""
        if self._kept is None:
            return
        self.put_back(self._kept)
        self.dead, self._kept = False, None
        self.dies_at_commit = self.dies_before_commit = 0

    def put_back(self, files: Mapping[Path, bytes]) -> None:
        """Let the state database be these files, such as `files` of earlier; {}: it is gone."""
        if self.kept is not None:
            sqlite3.Connection.close(self.kept)
            self.kept = None
        for path in self._sides():
            path.unlink(missing_ok=True)
        for path, content in files.items():
            if not path.name.endswith("-shm"):
                self.state.with_name(path.name).write_bytes(content)

    def twin(self, folder: Path) -> "World":
        """Return a world of its own that is as this one is now, its state in another folder."""
        other = World(folder)
        other._start, other.migrates = self._start, self.migrates
        other.settings = self.settings.model_copy(update={"state": other.settings.state})
        for kept in fields(self.faults):
            if kept.name not in {"planned", "before_hooks", "after_hooks"}:
                setattr(other.faults, kept.name, getattr(self.faults, kept.name))
        all_three = pickle.dumps((self.company, self.shop.orders, self.shop.refunds))
        books, other.shop.orders, other.shop.refunds = pickle.loads(all_three)  # noqa: S301 (ours)
        other.company = other.go.books = books
        books.clock, books.faults = other.now, other.faults
        other.put_back(self.files())
        return other

    # -- what is known and what is there ---------------------------------------------------------

    def store(self) -> Store:
        """Open the state database for looking: `with world.store() as store`."""
        return Store.open(self.state, read_only=True)

    def record(self, order_id: int) -> Record:
        with self.store() as store:
            found = store.record(order_id)
        assert found is not None, f"order {order_id} is unknown"
        return found

    def held(self) -> dict[str, str]:
        """Return number and code of every order that `status` shows as held."""
        return {one.number: one.code for one in self.rows_held()}

    def reasons(self) -> dict[str, str]:
        """Return number and sentence of every order that `status` shows as held."""
        return {one.number: one.reason for one in self.rows_held()}

    def rows_held(self) -> list[OrderStatus]:
        with suppress(StateError):
            found = status_of(self.settings, self.now(), max_age=timedelta(days=365))
            return [one for one in found.orders if one.state == "held"]
        return []

    def asked(self, method: str = "GET", path: str = "/") -> list[str]:
        """Return path and query of the requests to PowerOffice of a method, below a path."""
        return [
            f"{asked}?{query}" if query else asked
            for verb, asked, query in self.go.requests
            if verb == method and asked.startswith(path)
        ]

    def books(self) -> Summary:
        """Return what an accountant finds, in an order that does not depend on who came first."""
        return summary_of(self.company)
