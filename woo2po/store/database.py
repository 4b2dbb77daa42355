"""The state database as a file: rights, WAL, version, SQLite's errors in our words, and how values
stand in its tables.
"""

import json
import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import MISSING, fields
from datetime import date, datetime
from functools import cache
from pathlib import Path
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin

from woo2po.holds import InTheWay

SCHEMA_VERSION = 8
BUSY_SECONDS = 10.0

T = TypeVar("T")

AMONG = "IN (SELECT value FROM json_each(?))"  # of a list that is handed in
# What has a record of its own, and the column of its id: no two rows of them share one.
TABLES = (("orders", "order_id"), ("credit_notes", "id"))
# Whatever an agenda may have to do with; an index holds just these, of orders and credit notes.
UNFINISHED = (
    "(todo = 1 OR hold_code > '' OR waits > '' OR (payment = 'due' AND invoice_no IS NOT NULL))"
)

# What SQLite says, and what it means for the exit code: 2 a person must mend it before
# anything is tried, 3 it may pass by itself.
_CODES = {
    sqlite3.SQLITE_BUSY: ("state_locked", 3),
    sqlite3.SQLITE_LOCKED: ("state_locked", 3),
    sqlite3.SQLITE_FULL: ("disk_full", 3),
    sqlite3.SQLITE_IOERR: ("disk_full", 3),
    sqlite3.SQLITE_READONLY: ("state_read_only", 2),
    sqlite3.SQLITE_CANTOPEN: ("state_cannot_open", 2),
    sqlite3.SQLITE_PERM: ("state_cannot_open", 2),
    sqlite3.SQLITE_CORRUPT: ("state_corrupt", 2),
    sqlite3.SQLITE_NOTADB: ("state_corrupt", 2),
}

# A network drive that knows no locks, or no memory that processes share.
_CANNOT_LOCK = {
    sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_NOLFS,
    sqlite3.SQLITE_IOERR_LOCK,
    sqlite3.SQLITE_IOERR_RDLOCK,
    sqlite3.SQLITE_IOERR_UNLOCK,
    sqlite3.SQLITE_IOERR_CHECKRESERVEDLOCK,
    sqlite3.SQLITE_IOERR_SHMOPEN,
    sqlite3.SQLITE_IOERR_SHMMAP,
    sqlite3.SQLITE_IOERR_SHMLOCK,
}


class StateError(InTheWay):
    """The state database cannot be used; `exit_code` is 2 or 3."""

    def __init__(self, code: str, exit_code: int, **facts: str) -> None:
        super().__init__(code, **facts)
        self.exit_code = exit_code


@contextmanager
def plain_errors(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into StateError."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        said = error.sqlite_errorcode or 0
        code, exit_code = _CODES.get(said & 0xFF, ("state_corrupt", 2))
        if said in _CANNOT_LOCK:
            code, exit_code = "state_cannot_lock", 2
        raise StateError(code, exit_code, path=str(path), said=str(error)) from error


def connect(path: Path) -> sqlite3.Connection:
    """Open (and where needed create and migrate) the database. Raises StateError."""
    _create_private(path)
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    _prepare(connection, path)
    return connection


def _create_private(path: Path) -> None:
    """Create the file with mode 0600 before SQLite does; SQLite's side files follow its mode."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        _make_private(path)
    except PermissionError:
        if not path.exists():
            raise StateError("state_cannot_open", 2, path=str(path), said="no_rights") from None
    except OSError as error:
        raise StateError(
            "state_cannot_open", 2, path=str(path), said=error.strerror or ""
        ) from None


def _make_private(path: Path) -> None:
    """Take others' rights from the file and its side files: a backup put back may have them."""
    if os.name != "posix":
        return
    for side in ("", "-wal", "-shm"):
        file = path.with_name(path.name + side)
        # Another user's file, which we may only write, is left as it is.
        with suppress(FileNotFoundError, PermissionError):
            if file.stat().st_mode & 0o077:
                file.chmod(0o600)


def connect_read_only(path: Path) -> sqlite3.Connection:
    """Open the database for looking only; a missing file counts as an empty one.

    One of an earlier version, which the next run brings up to date, is looked at in a copy.
    """
    copy = sqlite3.connect(":memory:", isolation_level=None)
    if path.is_dir():
        raise StateError("state_cannot_open", 2, path=str(path), said="Is a directory")
    if path.exists():
        uri = f"{path.resolve().as_uri()}?mode=ro"
        connection = sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None)
        connection.row_factory = sqlite3.Row
        if _version(connection, path) == SCHEMA_VERSION:
            return connection
        connection.backup(copy)
    _prepare(copy, path)
    return copy


def _version(connection: sqlite3.Connection, path: Path) -> int:
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > SCHEMA_VERSION:
        raise StateError("state_newer", 2, path=str(path))
    return version


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    connection.row_factory = sqlite3.Row
    version = _version(connection, path)
    journal = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
    if journal not in {"wal", "memory"}:
        raise StateError("state_cannot_lock", 2, path=str(path), said=f"journal_mode = {journal}")
    connection.execute("PRAGMA synchronous = FULL")
    if version < SCHEMA_VERSION:
        from woo2po.store.migrations import migrate  # noqa: PLC0415 (an idle poll never needs it)

        migrate(connection)
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    connection.execute("BEGIN IMMEDIATE")  # a read-only file says so now, not after a write
    connection.execute("ROLLBACK")


class Tables:
    """An open connection, its transactions, and SQLite's errors as StateError."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make what is written inside it stand or fall together; inside another it is part of that.

        Raises StateError.
        """
        if self._connection.in_transaction:
            yield
            return
        with plain_errors(self._path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def _rows(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        with plain_errors(self._path):
            return self._connection.execute(sql, [*map(_kept, values)]).fetchall()

    def _row(self, sql: str, *values: Any) -> sqlite3.Row | None:
        return next(iter(self._rows(sql, *values)), None)

    def _one(self, sql: str, *values: Any) -> Any | None:
        """Return the first column of the first row that is found; None for none."""
        return next(iter(self._column(sql, *values)), None)

    def _column(self, sql: str, *values: Any) -> list[Any]:
        """Return the first column of what is found."""
        return [row[0] for row in self._rows(sql, *values)]

    def _do(self, sql: str, *values: Any) -> sqlite3.Cursor:
        with plain_errors(self._path):
            return self._connection.execute(sql, [*map(_kept, values)])

    def _insert(self, table: str, columns: Mapping[str, Any], otherwise: str = "") -> int:
        """Add a row, or do what is said `otherwise`, where it is there; return its number."""
        marks = ", ".join("?" * len(columns))
        sql = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks}) {otherwise}"  # noqa: S608 (our names)
        return self._do(sql, *columns.values()).lastrowid or 0

    def _put(self, table: str, key: str, columns: Mapping[str, Any]) -> None:
        """Add a row, or set these columns of the one with this key."""
        told = ", ".join(f"{name} = excluded.{name}" for name in columns)
        self._insert(table, columns, f"ON CONFLICT ({key}) DO UPDATE SET {told}")

    def _set(self, table: str, where: str, *values: Any, **columns: Any) -> int:
        """Set columns of the rows that a condition names; return how many there are."""
        told = ", ".join(f"{name} = ?" for name in columns)
        sql = f"UPDATE {table} SET {told} WHERE {where}"  # noqa: S608 (our names)
        return self._do(sql, *columns.values(), *values).rowcount


def _kept(value: Any) -> Any:
    """Return a value as it is kept: times as ISO text, lists and facts as JSON."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple | dict):
        return json.dumps(value, default=str)
    return value


def value_in(kind: Callable[..., T], row: sqlite3.Row, **more: Any) -> T:
    """Return the value whose fields stand in a row, by their names and types, and `more`.

    What is null there is the field's default, else "", False or None.
    """
    there = set(row.keys()) - more.keys()
    for name, read, absent in _fields(kind):
        if name in there:
            more[name] = absent if row[name] is None else read(row[name])
    return kind(**more)


def _rows_of(text: str) -> tuple[tuple[Any, ...], ...]:
    return tuple(map(tuple, json.loads(text)))


_READ: Mapping[Any, Callable[[Any], Any]] = {
    datetime: datetime.fromisoformat,
    date: date.fromisoformat,
    dict: json.loads,
    tuple: _rows_of,
}
_ABSENT: Mapping[Any, object] = {str: "", bool: False}


@cache
def _fields(kind: Any) -> list[tuple[str, Callable[[Any], Any], Any]]:
    """Return name, reader and what stands for null of each field of a kind of value."""
    found = []
    for one in fields(kind):
        union = get_origin(one.type) is UnionType
        of: Any = get_args(one.type)[0] if union else get_origin(one.type) or one.type
        absent = None if union else _ABSENT.get(of)
        found.append(
            (one.name, _READ.get(of, of), absent if one.default is MISSING else one.default)
        )
    return found
