"""The state database: remote writes, each written down before it is tried and settled after."""

import sqlite3
from collections.abc import Callable
from datetime import datetime

from woo2po.record import Outcome, Write, WriteKind
from woo2po.store.database import Tables

# Writes whose object several orders share, so that one order's attempt is another's too.
SHARED_WRITES = frozenset(
    {
        WriteKind.CREATE_CUSTOMER,
        WriteKind.CREATE_DELIVERY_ADDRESS,
        WriteKind.CREATE_PRODUCT,
    }
)


class Writes(Tables):
    """The writes: open, made, refused or absent."""

    def begin_write(
        self,
        order_id: int,
        kind: WriteKind,
        reference: str,
        *,
        at: datetime,
        since: datetime | None,
        also: Callable[[], None] | None = None,
    ) -> Write | None:
        """Write down that a remote write is about to be tried, and `also`; committed before it is.

        A write that was looked for and found absent is tried again under its own row, so that
        its count of attempts tells that a refusal now may be an echo of its own success.
        Returns None, and writes nothing, while the same write of any order is unanswered.
        """
        same = "kind = ? AND reference = ?" + (
            "" if kind in SHARED_WRITES else f" AND order_id = {int(order_id)}"
        )
        with self.transaction():
            rows = self._rows(
                f"SELECT * FROM writes WHERE {same} AND outcome IN ('open', 'absent')"  # noqa: S608
                " ORDER BY outcome DESC",
                kind,
                reference,
            )
            if any(row["outcome"] == Outcome.OPEN for row in rows):
                return None
            if rows:
                write_id = rows[-1]["id"]
                self._do(
                    "UPDATE writes SET outcome = 'open', attempts = attempts + 1,"
                    " last_attempt = ?, order_id = ? WHERE id = ?",
                    at.isoformat(),
                    order_id,
                    write_id,
                )
            else:
                moment = since.isoformat() if since else None
                write_id = self._do(
                    "INSERT INTO writes (order_id, kind, reference, attempts, first_attempt,"
                    " last_attempt, since, outcome) VALUES (?, ?, ?, 1, ?, ?, ?, 'open')",
                    order_id,
                    kind,
                    reference,
                    at.isoformat(),
                    at.isoformat(),
                    moment,
                ).lastrowid
            if also:
                also()
        return write_in(self._rows("SELECT * FROM writes WHERE id = ?", write_id)[0])

    def settle_write(
        self,
        write: Write,
        outcome: Outcome,
        *,
        remote_id: str = "",
        also: Callable[[], None] | None = None,
    ) -> None:
        """Write down what became of a write, together with what follows from it."""
        with self.transaction():
            self._do(
                "UPDATE writes SET outcome = ?, remote_id = ? WHERE id = ?",
                outcome,
                remote_id,
                write.id,
            )
            # Of the same write again and again the last one tells all.
            self._do(
                "DELETE FROM writes WHERE order_id = ? AND kind = ? AND reference = ?"
                " AND outcome = ? AND outcome <> 'open' AND id < ?",
                write.order_id,
                write.kind,
                write.reference,
                outcome,
                write.id,
            )
            if also:
                also()

    def never_left(self, write: Write) -> None:
        """Strike out an attempt that never reached PowerOffice."""
        with self.transaction():
            if write.attempts == 1:
                self._do("DELETE FROM writes WHERE id = ?", write.id)
            else:
                self._do(
                    "UPDATE writes SET outcome = 'absent', attempts = attempts - 1 WHERE id = ?",
                    write.id,
                )

    def refused_as_echo(self, write: Write, said: str, *, in_use: bool) -> None:
        """Keep the words of a refusal that may be the echo of an earlier success.

        Where the reference is in use it may have been for long: then the look is at everything.
        """
        self._do("UPDATE writes SET said = ? WHERE id = ?", said, write.id)
        if in_use:
            self._do("UPDATE writes SET since = NULL WHERE id = ?", write.id)

    def restart_waiting(self, write: Write, at: datetime) -> None:
        """Count the waiting time of an unanswered write from a moment on."""
        self._do("UPDATE writes SET last_attempt = ? WHERE id = ?", at.isoformat(), write.id)

    def open_writes(self) -> list[Write]:
        """Return the writes whose fate is unknown, oldest first."""
        return [
            write_in(r)
            for r in self._rows("SELECT * FROM writes WHERE outcome = 'open' ORDER BY id")
        ]


def write_in(row: sqlite3.Row) -> Write:
    """Return the write that a row tells of."""
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
        said=row["said"] or "",
    )
