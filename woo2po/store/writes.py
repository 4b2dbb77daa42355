"""The state database: remote writes, each written down before it is tried and settled after, and
vouchers, whose content is frozen before: of payments, and of providers' payouts.
"""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import astuple, fields
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from woo2po.money import to_ore
from woo2po.record import Outcome, PayoutRecord, VoucherRecord, Write, WriteKind
from woo2po.store.database import AMONG, TABLES, Tables, value_in

if TYPE_CHECKING:
    from woo2po.documents import Voucher, VoucherKind

WRITES = "SELECT *, order_id AS record_id FROM writes"
# Writes whose object several orders share, so that one order's attempt is another's too.
SHARED_WRITES = frozenset(
    {WriteKind.CREATE_CUSTOMER, WriteKind.CREATE_DELIVERY_ADDRESS, WriteKind.CREATE_PRODUCT}
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
    ) -> Write | None:
        """Write down that a remote write is about to be tried, to be committed before it is.

        A write that was looked for and found absent is tried again under its own row, so that
        its count of attempts tells that a refusal now may be an echo of its own success.
        Returns None, and writes nothing, while the same write is unanswered: of this order, or of
        any for what several share.
        """
        same = "kind = ? AND reference = ?" + (
            "" if kind in SHARED_WRITES else f" AND order_id = {int(order_id)}"
        )
        with self.transaction():
            doubted = f"{WRITES} WHERE {same} AND outcome IN ('open', 'absent') ORDER BY id"
            rows = self._rows(doubted, kind, reference)
            if any(row["outcome"] == Outcome.OPEN for row in rows):
                return None
            columns = {"order_id": order_id, "last_attempt": at, "outcome": Outcome.OPEN}
            if rows:
                write_id, attempts = rows[-1]["id"], rows[-1]["attempts"] + 1
                self._set("writes", "id = ?", write_id, **columns, attempts=attempts)
            else:
                columns |= {"kind": kind, "reference": reference, "attempts": 1, "since": since}
                write_id = self._insert("writes", columns)
        return value_in(Write, self._rows(f"{WRITES} WHERE id = ?", write_id)[0])

    def settle_write(self, write: Write, outcome: Outcome) -> None:
        """Write down what became of a write."""
        with self.transaction():
            self._set("writes", "id = ?", write.id, outcome=outcome)
            # Of the same write again and again the last one tells all.
            self._do(
                "DELETE FROM writes WHERE order_id = ? AND kind = ? AND reference = ?"
                " AND outcome = ? AND outcome <> 'open' AND id < ?",
                write.record_id,
                write.kind,
                write.reference,
                outcome,
                write.id,
            )

    def never_left(self, write: Write) -> None:
        """Strike out an attempt that never reached PowerOffice."""
        if write.attempts == 1:
            self._do("DELETE FROM writes WHERE id = ?", write.id)
        else:
            before = {"outcome": Outcome.ABSENT, "attempts": write.attempts - 1}
            self._set("writes", "id = ?", write.id, **before)

    def change_write(self, write: Write, **columns: Any) -> None:
        """Set columns of a write: what was said of it, or from when on it is looked for."""
        self._set("writes", "id = ?", write.id, **columns)

    def forget_writes(self, before: datetime) -> int:
        """Drop the settled writes of finished orders that were last tried before a moment.

        What made a document stays: it tells which references are used. Return how many went.
        """
        finished = (
            "SELECT {key} FROM {table} WHERE todo = 0 AND coalesce(hold_code, '') = ''"
            " AND coalesce(waits, '') = '' AND coalesce(payment, '') IN ('', 'made')"
            " AND (invoice_no IS NOT NULL OR skip_code > '')"
        )
        done = " UNION ALL ".join(finished.format(table=t, key=k) for t, k in TABLES)
        return self._do(
            "DELETE FROM writes WHERE outcome IN ('made', 'refused') AND last_attempt < ?"  # noqa: S608 (ours)
            f" AND kind NOT IN ('create_sales_order', 'create_voucher') AND order_id IN ({done})",
            before,
        ).rowcount

    def open_writes(self) -> list[Write]:
        """Return the writes whose fate is unknown, oldest first; payouts have their own command."""
        where = "outcome = 'open' AND kind <> 'create_payout'"
        return [value_in(Write, row) for row in self._rows(f"{WRITES} WHERE {where} ORDER BY id")]


class Vouchers(Writes):
    """The vouchers, each with its orders; what became of one stands with its write."""

    def keep_voucher(self, voucher: "Voucher", order_ids: Sequence[int]) -> None:
        """Keep a voucher, content and all, before it is first tried; its orders are in it now.

        To be called in the transaction that writes the attempt down.
        """
        body = {"description": voucher.description, "lines": [*map(astuple, voucher.lines)]}
        columns = {"reference": voucher.reference, "kind": voucher.kind, "day": voucher.day}
        columns |= {"currency": voucher.currency, "orders": order_ids, "body": body}
        self._insert("vouchers", columns, "ON CONFLICT (reference) DO NOTHING")
        self._set_payments(order_ids, "in_voucher")

    def voucher_made(self, reference: str, number: int | None) -> int:
        """Note a voucher as posted, in a transaction; return how many orders it pays."""
        self._set("vouchers", "reference = ?", reference, number=number)
        (row,) = self._rows("SELECT * FROM vouchers WHERE reference = ?", reference)
        orders = json.loads(row["orders"])
        amounts = [to_ore(line.amount) for line in _voucher_in(row).lines[::2]]
        for order_id, ore in zip(orders, amounts, strict=True):
            self._book(order_id, "booked_ore + ?", ore)
        return len(orders)

    def voucher_refused(self, reference: str) -> None:
        """Settle a voucher as another's; its orders wait for the next number."""
        with self.transaction():
            tried = "kind = 'create_voucher' AND reference = ?"
            self._set("writes", tried, reference, outcome=Outcome.REFUSED)
            self._set_payments(self._orders_of(reference), "due")

    def forget_voucher(self, reference: str) -> None:
        """Strike out a voucher that is not in PowerOffice, so that its number is free.

        To be called in a transaction: without its write nobody would look for it any more.
        """
        self._set_payments(self._orders_of(reference), "due")
        self._do("DELETE FROM writes WHERE kind = 'create_voucher' AND reference = ?", reference)
        self._do("DELETE FROM vouchers WHERE reference = ?", reference)

    def pay(self, order_id: int, booked_ore: int) -> None:
        """Note that so much of an order's money, in all, is found in the books."""
        with self.transaction():
            self._book(order_id, "?", booked_ore)

    def _book(self, id_: int, booked: str, ore: int) -> None:
        for table, key in TABLES:
            self._do(
                f"UPDATE {table} SET payment = 'made', booked_ore = {booked}, reserved_at = NULL,"  # noqa: S608 (ours)
                # More of it may have come, and is noted now.
                " todo = CASE waits WHEN 'capture' THEN 1 ELSE todo END,"
                f" waits = CASE waits WHEN 'capture' THEN waits ELSE '' END WHERE {key} = ?",
                ore,
                id_,
            )
        # What was credited whole is closed once its money stands in the books; or more goes back.
        whole = "SELECT order_id FROM credit_notes WHERE ? IN (id, order_id) AND refund_id IS NULL"
        self._set("orders", f"order_id IN ({whole})", id_, todo=1)

    def _set_payments(self, ids: Sequence[int], payment: str) -> None:
        for table, key in TABLES:
            self._set(table, f"{key} {AMONG}", ids, payment=payment)

    def _orders_of(self, reference: str) -> list[int]:
        kept = self._one("SELECT orders FROM vouchers WHERE reference = ?", reference)
        return list(json.loads(kept or "[]"))

    def vouchers(self, *outcomes: Outcome) -> list[VoucherRecord]:
        """Return the vouchers whose write has any of these outcomes, oldest first."""
        posted = f"kind = 'create_voucher' AND outcome {AMONG} ORDER BY last_attempt"
        writes = self._rows(f"{WRITES} WHERE {posted}", outcomes)
        return [self._voucher_of(value_in(Write, row)) for row in writes]

    def _voucher_of(self, write: Write) -> VoucherRecord:
        row = self._rows("SELECT * FROM vouchers WHERE reference = ?", write.reference)[0]
        return VoucherRecord(_voucher_in(row), tuple(json.loads(row["orders"])), write)

    def posted(self, order_id: int) -> list[tuple[date, int | None]]:
        """Return day and number of the vouchers that an order is in, oldest first.

        The number is None where the voucher was found posted without its answer.
        """
        rows = self._rows(
            "SELECT day, number FROM vouchers JOIN writes USING (reference)"
            " WHERE writes.kind = 'create_voucher' AND outcome = 'made'"
            " AND EXISTS (SELECT 1 FROM json_each(vouchers.orders) WHERE value = ?)"
            " ORDER BY last_attempt",
            order_id,
        )
        return [(date.fromisoformat(row["day"]), row["number"]) for row in rows]

    def accounts_posted(self) -> set[int]:
        """Return the ids of the accounts, customers' too, that vouchers were to be posted on."""
        account = "SELECT DISTINCT json_extract(value, '$[0]')"
        return {*self._column(account + " FROM vouchers, json_each(body, '$.lines')")}

    def voucher_references(self, kind: "VoucherKind", day: date, currency: str) -> set[str]:
        """Return the references of the vouchers of a day, type and currency that were begun."""
        sql = "SELECT reference FROM vouchers WHERE kind = ? AND day = ? AND currency = ?"
        return {*self._column(sql, kind, day, currency)}


_PAYOUTS = (
    "SELECT payouts.*, outcome, last_attempt AS tried FROM payouts LEFT JOIN writes ON"
    " writes.kind = 'create_payout' AND writes.reference = payouts.reference"
)


class Payouts(Writes):
    """Providers' payouts, each one voucher; what became of one stands with its write."""

    def payout(self, reference: str) -> PayoutRecord | None:
        """Return a payout by its voucher's reference, or None where it was never begun."""
        rows = self._rows(f"{_PAYOUTS} WHERE payouts.reference = ?", reference)
        return value_in(PayoutRecord, rows[0]) if rows else None

    def payouts(self, *, booked: bool = True) -> list[PayoutRecord]:
        """Return the payouts that are booked, or those that are held, by provider and day."""
        where = f"coalesce(outcome, '') {'=' if booked else '<>'} 'made'"
        sql = f"{_PAYOUTS} WHERE {where} ORDER BY provider, day, id"
        return [value_in(PayoutRecord, row) for row in self._rows(sql)]

    def keep_payout(self, record: PayoutRecord) -> None:
        """Keep a payout that is held, or in the transaction in which its voucher is tried."""
        told = {one.name: getattr(record, one.name) for one in fields(record)}
        columns = {name: told[name] for name in told.keys() - {"outcome", "tried", "number"}}
        self._put("payouts", "reference", columns)

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


def _voucher_in(row: sqlite3.Row) -> "Voucher":
    # Imported here: an idle poll opens the store and needs no documents.
    from woo2po.documents import Voucher, VoucherLine  # noqa: PLC0415

    body = json.loads(row["body"])
    lines = tuple(
        VoucherLine(account, vat, Decimal(amount), *more, *(r and Decimal(r) for r in rate))
        for account, vat, amount, *more, rate in ((*line[:6], line[6:]) for line in body["lines"])
    )
    return value_in(Voucher, row, description=body["description"], lines=lines)
