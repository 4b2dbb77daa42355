"""The state database: providers' payouts, each one voucher, content frozen before it is tried."""

from dataclasses import fields
from datetime import datetime

from woo2po.record import Outcome, PayoutRecord, WriteKind
from woo2po.store.database import value_in
from woo2po.store.writes import Writes

_WITH_WRITES = (
    "SELECT payouts.*, outcome, last_attempt AS tried FROM payouts LEFT JOIN writes ON"
    " writes.kind = 'create_payout' AND writes.reference = payouts.reference"
)


class Payouts(Writes):
    """The payouts; what became of one stands with its write."""

    def payout(self, reference: str) -> PayoutRecord | None:
        """Return a payout by its voucher's reference, or None where it was never begun."""
        rows = self._rows(f"{_WITH_WRITES} WHERE payouts.reference = ?", reference)
        return value_in(PayoutRecord, rows[0]) if rows else None

    def payouts(self) -> list[PayoutRecord]:
        """Return the payouts that are booked, by provider and day."""
        booked = f"{_WITH_WRITES} WHERE outcome = 'made' ORDER BY provider, day, id"
        return [value_in(PayoutRecord, row) for row in self._rows(booked)]

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
        told = {one.name: getattr(record, one.name) for one in fields(record)}
        columns = {name: told[name] for name in told.keys() - {"outcome", "tried", "number"}}
        self._insert("payouts", columns, "ON CONFLICT (reference) DO NOTHING")

    def payout_made(self, reference: str, number: int | None) -> None:
        """Note the number of a payout's voucher, in the transaction that settles its write."""
        self._set("payouts", "reference = ?", reference, number=number)

    def forget_payout(self, reference: str) -> None:
        """Strike out a payout whose voucher is not in PowerOffice, in a transaction."""
        self._do("DELETE FROM payouts WHERE reference = ?", reference)
        self._do("DELETE FROM writes WHERE kind = 'create_payout' AND reference = ?", reference)

    def adopt_payout(self, record: PayoutRecord, *, at: datetime) -> None:
        """Take a voucher that stands in the ledger as a payout's own."""
        with self.transaction():
            kind, reference = WriteKind.CREATE_PAYOUT, record.reference
            self.begin_write(0, kind, reference, at=at, since=None)
            self.keep_payout(record)
            self._set("writes", "kind = ? AND reference = ?", kind, reference, outcome=Outcome.MADE)
