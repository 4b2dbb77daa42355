"""The state database: providers' payouts, each one voucher, content frozen before it is tried."""

import json
import sqlite3
from datetime import date, datetime

from woo2po.record import Outcome, PayoutRecord, WriteKind
from woo2po.store.writes import Writes

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

    def payouts(self, *, booked: bool = True) -> list[PayoutRecord]:
        """Return the payouts that are booked, by provider and day; or those in doubt."""
        outcome = "outcome = 'made'" if booked else "outcome IN ('open', 'absent')"
        rows = self._rows(f"{_WITH_WRITES} WHERE {outcome} ORDER BY provider, day, id")
        return [_record(row) for row in rows]

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
        self._do(
            "INSERT OR IGNORE INTO payouts (reference, provider, key, id, day, currency, net,"
            " bank_reference, text, lines, rows) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            record.reference,
            record.provider,
            record.key,
            record.id,
            record.day.isoformat(),
            record.currency,
            record.net,
            record.bank_reference,
            record.text,
            json.dumps(record.lines),
            json.dumps(record.rows),
        )

    def payout_made(self, reference: str, number: int | None) -> None:
        """Note the number of a payout's voucher, in the transaction that settles its write."""
        self._do("UPDATE payouts SET number = ? WHERE reference = ?", number, reference)

    def forget_payout(self, reference: str) -> None:
        """Strike out a payout whose voucher is not in PowerOffice, in a transaction."""
        self._do("DELETE FROM payouts WHERE reference = ?", reference)
        self._do("DELETE FROM writes WHERE kind = 'create_payout' AND reference = ?", reference)

    def payout_absent(self, reference: str) -> None:
        """Note that the ledger shows no voucher of an unanswered attempt: it may be repeated."""
        self._settle(reference, Outcome.ABSENT)

    def adopt_payout(self, record: PayoutRecord, *, at: datetime) -> None:
        """Take a voucher that stands in the ledger as a payout's own."""
        if record.outcome is None:
            keep = lambda: self.keep_payout(record)  # noqa: E731 (one line of a transaction)
            self.begin_write(
                0, WriteKind.CREATE_PAYOUT, record.reference, at=at, since=None, also=keep
            )
        self._settle(record.reference, Outcome.MADE)

    def _settle(self, reference: str, outcome: Outcome) -> None:
        with self.transaction():
            self._do(
                "UPDATE writes SET outcome = ? WHERE kind = 'create_payout' AND reference = ?",
                outcome,
                reference,
            )


def _record(row: sqlite3.Row) -> PayoutRecord:
    lines, rows = (tuple(tuple(one) for one in json.loads(row[name])) for name in ("lines", "rows"))
    return PayoutRecord(
        row["reference"],
        row["provider"],
        row["key"],
        row["id"],
        date.fromisoformat(row["day"]),
        row["currency"],
        row["net"],
        row["bank_reference"] or "",
        row["text"] or "",
        lines,
        rows,
        Outcome(row["outcome"]) if row["outcome"] else None,
        datetime.fromisoformat(row["last_attempt"]) if row["last_attempt"] else None,
        row["number"],
    )
