"""The state database: providers' payouts, each one voucher, content frozen before it is tried."""

import json
import sqlite3
from datetime import date, datetime
from functools import partial
from typing import Any

from woo2po.record import Outcome, PayoutRecord, WriteKind
from woo2po.store.writes import Writes

_KEPT = ("reference", "provider", "key", "id", "day", "currency", "net", "bank_reference", "text",
         "lines", "rows")  # fmt: skip
_WITH_WRITES = (
    "SELECT payouts.*, outcome, last_attempt FROM payouts LEFT JOIN writes ON"
    " writes.kind = 'create_payout' AND writes.reference = payouts.reference"
)


class Payouts(Writes):
    """The payouts; what became of one stands with its write."""

    def payout(self, reference: str) -> PayoutRecord | None:
        """Return a payout by its voucher's reference, or None where it was never begun."""
        rows = self._rows(f"{_WITH_WRITES} WHERE payouts.reference = ?", reference)
        return _record(rows[0]) if rows else None

    def payouts(self) -> list[PayoutRecord]:
        """Return the payouts that are booked, by provider and day."""
        booked = f"{_WITH_WRITES} WHERE outcome = 'made' ORDER BY provider, day, id"
        return [_record(row) for row in self._rows(booked)]

    def last_payouts(self) -> dict[str, tuple[str, str, int]]:
        """Return id, day and net (øre) of the last payout that is booked, by provider."""
        rows = self._rows(
            "SELECT provider, payouts.id, MAX(day) AS day, net FROM payouts JOIN writes ON"
            " writes.kind = 'create_payout' AND writes.reference = payouts.reference"
            " WHERE outcome = 'made' GROUP BY provider ORDER BY provider"
        )
        return {row["provider"]: (row["id"], row["day"], row["net"]) for row in rows}

    def keep_payout(self, record: PayoutRecord) -> None:
        """Keep a payout before its voucher is first tried, in the transaction of the attempt."""
        kept: dict[str, Any] = {name: getattr(record, name) for name in _KEPT}
        kept |= {name: json.dumps(kept[name]) for name in ("lines", "rows")}
        kept["day"] = record.day.isoformat()
        places = ", ".join("?" * len(kept))
        self._do(
            f"INSERT OR IGNORE INTO payouts ({', '.join(kept)}) VALUES ({places})",  # noqa: S608 (ours)
            *kept.values(),
        )

    def payout_made(self, reference: str, number: int | None) -> None:
        """Note the number of a payout's voucher, in the transaction that settles its write."""
        self._do("UPDATE payouts SET number = ? WHERE reference = ?", number, reference)

    def forget_payout(self, reference: str) -> None:
        """Strike out a payout whose voucher is not in PowerOffice, in a transaction."""
        self._do("DELETE FROM payouts WHERE reference = ?", reference)
        self._do("DELETE FROM writes WHERE kind = 'create_payout' AND reference = ?", reference)

    def adopt_payout(self, record: PayoutRecord, *, at: datetime) -> None:
        """Take a voucher that stands in the ledger as a payout's own."""
        kind, reference = WriteKind.CREATE_PAYOUT, record.reference
        keep = partial(self.keep_payout, record)
        self.begin_write(0, kind, reference, at=at, since=None, also=keep)
        self._do(
            "UPDATE writes SET outcome = 'made' WHERE kind = ? AND reference = ?", kind, reference
        )


def _record(row: sqlite3.Row) -> PayoutRecord:
    kept = {name: row[name] for name in _KEPT}
    for name in ("lines", "rows"):
        kept[name] = tuple(tuple(one) for one in json.loads(row[name]))
    kept["day"] = date.fromisoformat(row["day"])
    return PayoutRecord(
        **kept,
        outcome=Outcome(row["outcome"]) if row["outcome"] else None,
        tried=datetime.fromisoformat(row["last_attempt"]) if row["last_attempt"] else None,
        number=row["number"],
    )
