"""The state database: what was seen, what was tried, what became of it. The only SQL.

SQLite in WAL mode with `synchronous=FULL`, so that a committed intent survives a power cut.
An idle poll needs nothing but this file; sqlite-utils comes in only to migrate the tables.
"""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from woo2po.database import StateError, connect, connect_read_only, plain_errors
from woo2po.documents import DocumentSeen
from woo2po.holds import Hold, Skip
from woo2po.money import from_ore, to_ore
from woo2po.record import OrderRecord, Outcome, Run, Write, WriteKind

_Reason = TypeVar("_Reason", Hold, Skip)

# Writes whose object several orders share, so that one order's attempt is another's too.
SHARED_WRITES = frozenset(
    {WriteKind.CREATE_CUSTOMER, WriteKind.CREATE_DELIVERY_ADDRESS, WriteKind.CREATE_PRODUCT}
)


@dataclass(frozen=True, slots=True)
class OrderSeen:
    """An order as a poll saw it, with the references that it gets when it is new."""

    order_id: int
    number: str
    created: datetime | None  # None where the shop's answer could not be read
    shop_status: str
    content_hash: str
    reference: str
    matching_reference: str


class Store:
    """The state database of one shop and one company, open."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path

    # -- opening ---------------------------------------------------------------------------

    @classmethod
    def open(cls, path: Path, *, read_only: bool = False) -> "Store":
        """Open (and where needed create and migrate) the database at a path.

        Read-only, a missing file counts as an empty database. Raises StateError.
        """
        with plain_errors(path):
            return cls(connect_read_only(path) if read_only else connect(path), path)

    def close(self) -> None:
        """Close the database."""
        self._connection.close()

    def copy_into(self, other: sqlite3.Connection) -> None:
        """Copy everything into another connection: a preview works on such a copy."""
        with plain_errors(self._path):
            self._connection.backup(other)

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make what is written inside it stand or fall together. Raises StateError."""
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
            return self._connection.execute(sql, values).fetchall()

    def _do(self, sql: str, *values: Any) -> sqlite3.Cursor:
        with plain_errors(self._path):
            return self._connection.execute(sql, values)

    # -- whose it is, and small facts --------------------------------------------------------

    def get(self, key: str) -> str | None:
        """Return a remembered fact (the cursor, the statuses of the shop ...), or None."""
        rows = self._rows("SELECT value FROM meta WHERE key = ?", key)
        return None if not rows else str(rows[0]["value"])

    def put(self, key: str, value: str) -> None:
        """Remember a fact under a key."""
        self._do(
            "INSERT INTO meta (key, value) VALUES (?, ?)"
            " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            key, value)  # fmt: skip

    def belongs_to(self, key: str, value: str) -> None:
        """Bind the database to a shop, an environment or a company, once and for all.

        Raises StateError where it is bound to another: a trial in the demo environment must
        never count as sent in production.
        """
        bound = self.get(key)
        if bound is None:
            self.put(key, value)
        elif bound != value:
            raise StateError("state_of_another", 2, path=str(self._path), was=bound, now=value)

    # -- orders ------------------------------------------------------------------------------

    def note_seen(self, orders: Iterable[OrderSeen]) -> list[int]:
        """Put orders whose content is new to us in the queue; return the ids of those.

        To be called inside a transaction. References are fixed here, at first sight.
        """
        changed = []
        for seen in orders:
            rows = self._rows("SELECT seen_hash FROM orders WHERE order_id = ?", seen.order_id)
            if rows and rows[0]["seen_hash"] == seen.content_hash:
                continue
            changed.append(seen.order_id)
            self._do(
                "INSERT INTO orders (order_id, number, created, shop_status, reference,"
                " matching_reference, seen_hash, todo) VALUES (?, ?, ?, ?, ?, ?, ?, 1)"
                " ON CONFLICT (order_id) DO UPDATE SET number = excluded.number, todo = 1,"
                " shop_status = excluded.shop_status, seen_hash = excluded.seen_hash,"
                " created = coalesce(orders.created, excluded.created)",
                seen.order_id, seen.number, seen.created.isoformat() if seen.created else None, seen.shop_status,
                seen.reference, seen.matching_reference, seen.content_hash)  # fmt: skip
        return changed

    def known(self, order_ids: Sequence[int]) -> set[int]:
        """Return which of these orders the database knows."""
        marks = ",".join("?" * len(order_ids))
        rows = self._rows(f"SELECT order_id FROM orders WHERE order_id IN ({marks})", *order_ids)  # noqa: S608 (marks only)
        return {row["order_id"] for row in rows}

    def order(self, order_id: int) -> OrderRecord | None:
        """Return all that is known of an order, or None."""
        rows = self._rows("SELECT * FROM orders WHERE order_id = ?", order_id)
        return self._record(rows[0]) if rows else None

    def orders_numbered(self, number: str) -> list[OrderRecord]:
        """Return the orders that bear a number: a plugin may give one number to two."""
        rows = self._rows("SELECT * FROM orders WHERE number = ? ORDER BY order_id", number)
        return [self._record(row) for row in rows]

    def to_do(self) -> list[int]:
        """Return the ids of the orders in the queue, oldest first."""
        rows = self._rows("SELECT order_id FROM orders WHERE todo = 1 ORDER BY order_id")
        return [row["order_id"] for row in rows]

    def all_orders(self) -> Iterator[OrderRecord]:
        """Yield every order, oldest first."""
        for row in self._rows("SELECT * FROM orders ORDER BY order_id"):
            yield self._record(row)

    def change_order(self, order_id: int, **columns: Any) -> None:
        """Set columns of an order (see migrations.py for what there is)."""
        names = ", ".join(f"{name} = ?" for name in columns)
        self._do(f"UPDATE orders SET {names} WHERE order_id = ?", *columns.values(), order_id)  # noqa: S608 (our names)

    def hold(self, order_id: int, hold: Hold, *, at: datetime, settings_digest: str) -> None:
        """Hold an order: code and facts stay, the sentence is made when it is shown."""
        self.change_order(
            order_id, todo=0, hold_code=hold.code, hold_facts=json.dumps(hold.facts),
            held_at=at.isoformat(), held_settings=settings_digest)  # fmt: skip

    def put_aside(self, order_id: int, skip: Skip) -> None:
        """Take an order out for good, with the reason."""
        self.change_order(
            order_id, todo=0, hold_code=None, hold_facts=None,
            skip_code=skip.code, skip_facts=json.dumps(skip.facts))  # fmt: skip

    def finish(self, order_id: int, **columns: Any) -> None:
        """Take an order out of the queue: nothing is left to do until it changes."""
        self.change_order(order_id, todo=0, hold_code=None, skip_code=None, **columns)

    def forget(self, order_id: int) -> None:
        """Drop an order that was queued but has left no trace in PowerOffice."""
        self._do("DELETE FROM orders WHERE order_id = ? AND sales_order_id = ''", order_id)

    def queue_again(self, order_ids: Iterable[int]) -> None:
        """Put held orders back in the queue; the hold stands until it is looked at again."""
        for order_id in order_ids:
            self._do("UPDATE orders SET todo = 1 WHERE order_id = ?", order_id)

    def held(self) -> list[tuple[int, str, datetime, str]]:
        """Return id, hold code, moment and settings digest of every held order."""
        rows = self._rows(
            "SELECT order_id, hold_code, held_at, held_settings FROM orders"
            " WHERE hold_code IS NOT NULL AND todo = 0")  # fmt: skip
        return [
            (r["order_id"], r["hold_code"], datetime.fromisoformat(r["held_at"]),
             r["held_settings"]) for r in rows]  # fmt: skip

    def _record(self, row: sqlite3.Row) -> OrderRecord:
        writes = self._rows("SELECT * FROM writes WHERE order_id = ? ORDER BY id", row["order_id"])
        return OrderRecord(
            order_id=row["order_id"],
            number=row["number"],
            created=datetime.fromisoformat(row["created"]) if row["created"] else None,
            reference=row["reference"],
            matching_reference=row["matching_reference"],
            seen_hash=row["seen_hash"],
            settled_hash=row["settled_hash"],
            todo=bool(row["todo"]),
            hold=_reason(Hold, row["hold_code"], row["hold_facts"]),
            skip=_reason(Skip, row["skip_code"], row["skip_facts"]),
            cancelled=bool(row["cancelled"]),
            customer_id=row["customer_id"],
            delivery_address_id=row["delivery_address_id"],
            sales_order_id=row["sales_order_id"],
            sales_order_no=row["sales_order_no"],
            invoice_no=row["invoice_no"],
            total_ore=row["total_ore"],
            currency=row["currency"],
            wanted_digest=row["wanted_digest"],
            left_digest=row["left_digest"],
            writes=tuple(_write(w) for w in writes),
            found=self._found(row["reference"], row["matching_reference"]),
        )

    # -- writes ------------------------------------------------------------------------------

    def begin_write(
        self,
        order_id: int,
        kind: WriteKind,
        reference: str,
        *,
        at: datetime,
        since: datetime | None,
    ) -> Write | None:
        """Write down that a remote write is about to be tried; committed before it is.

        A write that was looked for and found absent is tried again under its own row, so that
        its count of attempts tells that a refusal now may be an echo of its own success.
        Returns None, and writes nothing, while the same write of any order is unanswered.
        """
        same = "kind = ? AND reference = ?" + (
            "" if kind in SHARED_WRITES else f" AND order_id = {int(order_id)}")  # fmt: skip
        with self.transaction():
            rows = self._rows(
                f"SELECT * FROM writes WHERE {same} AND outcome IN ('open', 'absent')"  # noqa: S608
                " ORDER BY outcome DESC", kind, reference)  # fmt: skip
            if any(row["outcome"] == Outcome.OPEN for row in rows):
                return None
            if rows:
                write_id = rows[-1]["id"]
                self._do(
                    "UPDATE writes SET outcome = 'open', attempts = attempts + 1,"
                    " last_attempt = ?, order_id = ? WHERE id = ?",
                    at.isoformat(), order_id, write_id)  # fmt: skip
            else:
                moment = since.isoformat() if since else None
                write_id = self._do(
                    "INSERT INTO writes (order_id, kind, reference, attempts, first_attempt,"
                    " last_attempt, since, outcome) VALUES (?, ?, ?, 1, ?, ?, ?, 'open')",
                    order_id, kind, reference, at.isoformat(), at.isoformat(), moment,
                ).lastrowid  # fmt: skip
        return _write(self._rows("SELECT * FROM writes WHERE id = ?", write_id)[0])

    def settle_write(
        self, write: Write, outcome: Outcome, *, remote_id: str = "",
        also: Callable[[], None] | None = None,
    ) -> None:  # fmt: skip
        """Write down what became of a write, together with what follows from it."""
        with self.transaction():
            self._do("UPDATE writes SET outcome = ?, remote_id = ? WHERE id = ?",
                     outcome, remote_id, write.id)  # fmt: skip
            if also:
                also()

    def never_left(self, write: Write) -> None:
        """Strike out an attempt that never reached PowerOffice."""
        with self.transaction():
            if write.attempts == 1:
                self._do("DELETE FROM writes WHERE id = ?", write.id)
            else:
                self._do("UPDATE writes SET outcome = 'absent', attempts = attempts - 1"
                         " WHERE id = ?", write.id)  # fmt: skip

    def restart_waiting(self, write: Write, at: datetime) -> None:
        """Count the waiting time of an unanswered write from a moment on."""
        self._do("UPDATE writes SET last_attempt = ? WHERE id = ?", at.isoformat(), write.id)

    def open_writes(self) -> list[Write]:
        """Return the writes whose fate is unknown, oldest first."""
        return [_write(r) for r in self._rows(
            "SELECT * FROM writes WHERE outcome = 'open' ORDER BY id")]  # fmt: skip

    # -- customers and what was found ----------------------------------------------------------

    def customer(self, reference: str) -> int | None:
        """Return the PowerOffice id of a customer of ours by its reference, or None."""
        rows = self._rows("SELECT customer_id FROM customers WHERE reference = ?", reference)
        return rows[0]["customer_id"] if rows else None

    def remember_customer(self, reference: str, customer_id: int, subledger: int | None) -> None:
        """Remember which customer in PowerOffice a customer of the shop is."""
        self._do(
            "INSERT INTO customers (reference, customer_id, subledger_account_id) VALUES (?, ?, ?)"
            " ON CONFLICT (reference) DO UPDATE SET customer_id = excluded.customer_id,"
            " subledger_account_id = excluded.subledger_account_id",
            reference, customer_id, subledger)  # fmt: skip

    def forget_customer(self, customer_id: int) -> None:
        """Forget a customer that PowerOffice no longer has, so that it is looked for anew."""
        self._do("DELETE FROM customers WHERE customer_id = ?", customer_id)
        self._do("UPDATE orders SET customer_id = NULL WHERE customer_id = ?"
                 " AND sales_order_id = ''", customer_id)  # fmt: skip

    def delivery_address(self, external_code: str) -> int | None:
        """Return the id of a delivery address of ours by its code, or None."""
        rows = self._rows(
            "SELECT address_id FROM delivery_addresses WHERE external_code = ?", external_code)  # fmt: skip
        return rows[0]["address_id"] if rows else None

    def remember_delivery_address(self, code: str, customer_id: int, address_id: int) -> None:
        """Remember a delivery address of a customer."""
        self._do("INSERT OR REPLACE INTO delivery_addresses VALUES (?, ?, ?)",
                 code, customer_id, address_id)  # fmt: skip

    def has_delivery_addresses(self, customer_id: int) -> bool:
        """Tell whether the job has given a customer a delivery address.

        The first one becomes the customer's primary one and is inherited by every later order
        (PowerOffice fact sheet, section 5), so from then on each order must name its own.
        """
        return bool(self._rows(
            "SELECT 1 FROM delivery_addresses WHERE customer_id = ?", customer_id))  # fmt: skip

    def remember_documents(self, documents: Iterable[DocumentSeen]) -> None:
        """Keep what was in PowerOffice before this database wrote anything."""
        with self.transaction():
            for seen in documents:
                self._do(
                    "INSERT OR REPLACE INTO documents_found VALUES (?, ?, ?, ?, ?, ?)",
                    seen.id, seen.reference, seen.matching_reference, seen.order_no,
                    seen.invoice_no, to_ore(seen.total))  # fmt: skip

    def _found(self, reference: str, matching_reference: str) -> tuple[DocumentSeen, ...]:
        rows = self._rows(
            "SELECT * FROM documents_found WHERE reference = ? OR matching_reference = ?",
            reference, matching_reference)  # fmt: skip
        return tuple(
            DocumentSeen(r["document_id"], r["reference"], r["matching_reference"], r["order_no"],
                         r["invoice_no"], from_ore(r["total_ore"] or 0)) for r in rows
        )  # fmt: skip

    # -- the catalogue, remembered ---------------------------------------------------------------

    def catalogue_part(self, part: str) -> tuple[datetime, str] | None:
        """Return when a part of the catalogue was read (PowerOffice's clock) and its JSON."""
        rows = self._rows("SELECT read_at, body FROM catalogue WHERE part = ?", part)
        return (datetime.fromisoformat(rows[0]["read_at"]), rows[0]["body"]) if rows else None

    def keep_catalogue_part(self, part: str, read_at: datetime, body: str) -> None:
        """Remember a part of the catalogue."""
        self._do("INSERT OR REPLACE INTO catalogue VALUES (?, ?, ?)",
                 part, read_at.isoformat(), body)  # fmt: skip

    # -- runs ------------------------------------------------------------------------------------

    def begin_run(self, at: datetime) -> int:
        """Write down that a run has begun; return its id."""
        return int(self._do("INSERT INTO runs (started) VALUES (?)", at.isoformat()).lastrowid or 0)

    def end_run(self, run: int, at: datetime, exit_code: int, counts: Mapping[str, int]) -> None:
        """Write down how a run ended; of old runs the last thousand are kept."""
        self._do("UPDATE runs SET ended = ?, exit_code = ?, counts = ? WHERE id = ?",
                 at.isoformat(), exit_code, json.dumps(counts), run)  # fmt: skip
        self._do("DELETE FROM runs WHERE id <= ?", run - 1000)

    def last_run(self, *, good: bool = False) -> Run | None:
        """Return the last run, or the last that ended with 0 or 1."""
        where = "WHERE exit_code IN (0, 1)" if good else ""
        rows = self._rows(f"SELECT * FROM runs {where} ORDER BY id DESC LIMIT 1")  # noqa: S608 (ours)
        if not rows:
            return None
        row = rows[0]
        ended = datetime.fromisoformat(row["ended"]) if row["ended"] else None
        return Run(datetime.fromisoformat(row["started"]), ended, row["exit_code"],
                   json.loads(row["counts"]))  # fmt: skip


def _reason(kind: type[_Reason], code: str | None, facts: str | None) -> _Reason | None:
    return kind(code, json.loads(facts or "{}")) if code else None


def _write(row: sqlite3.Row) -> Write:
    return Write(
        id=row["id"],
        order_id=row["order_id"],
        kind=WriteKind(row["kind"]),
        reference=row["reference"],
        attempts=row["attempts"],
        last_attempt=datetime.fromisoformat(row["last_attempt"]),
        since=datetime.fromisoformat(row["since"]) if row["since"] else None,
        outcome=Outcome(row["outcome"]),
        remote_id=row["remote_id"],
    )
