"""The state database: vouchers, their content frozen before they are tried."""

import json
import sqlite3
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from woo2po.record import Outcome, VoucherRecord
from woo2po.store.database import Tables

if TYPE_CHECKING:
    from woo2po.documents import Voucher, VoucherKind


class Vouchers(Tables):
    """The vouchers: open, made, refused or absent, each with its orders."""

    def begin_voucher(self, voucher: "Voucher", order_ids: Sequence[int], at: datetime) -> bool:
        """Write a voucher down, content and all, before it is tried; tell whether it was before."""
        body = {
            "description": voucher.description,
            "lines": [
                [
                    line.account_id,
                    line.vat_id,
                    str(line.amount),
                    line.description,
                    line.matching_reference,
                    line.invoice_no,
                    None if line.rate is None else str(line.rate),
                ]
                for line in voucher.lines
            ],
        }
        with self.transaction():
            self._do(
                "INSERT INTO vouchers (reference, kind, day, currency, orders, body, outcome,"
                " attempts, last_attempt) VALUES (?, ?, ?, ?, ?, ?, 'open', 1, ?)"
                " ON CONFLICT (reference) DO UPDATE SET outcome = 'open',"
                " attempts = attempts + 1, last_attempt = excluded.last_attempt",
                voucher.reference,
                voucher.kind,
                voucher.day.isoformat(),
                voucher.currency,
                json.dumps(list(order_ids)),
                json.dumps(body, ensure_ascii=False),
                at.isoformat(),
            )
            self._set_payments(order_ids, "in_voucher")
        rows = self._rows("SELECT attempts FROM vouchers WHERE reference = ?", voucher.reference)
        return bool(rows[0]["attempts"] > 1)

    def voucher_made(self, reference: str, remote_id: str, number: int | None) -> None:
        """Settle a voucher as posted; its orders are paid."""
        self._settle(reference, Outcome.MADE, "made")
        self._do(
            "UPDATE vouchers SET remote_id = ?, number = ? WHERE reference = ?",
            remote_id,
            number,
            reference,
        )

    def voucher_refused(self, reference: str) -> None:
        """Settle a voucher as refused; its orders wait for another."""
        self._settle(reference, Outcome.REFUSED, "due")

    def voucher_absent(self, reference: str) -> None:
        """Settle a voucher as not posted: the same one may be tried again."""
        self._do("UPDATE vouchers SET outcome = 'absent' WHERE reference = ?", reference)

    def forget_voucher(self, reference: str) -> None:
        """Strike out a voucher that never reached PowerOffice."""
        with self.transaction():
            self._set_payments(self._orders_of(reference), "due")
            self._do("DELETE FROM vouchers WHERE reference = ?", reference)

    def _settle(self, reference: str, outcome: Outcome, payment: str) -> None:
        with self.transaction():
            self._do("UPDATE vouchers SET outcome = ? WHERE reference = ?", outcome, reference)
            self._set_payments(self._orders_of(reference), payment)

    def restart_vouchers(self, at: datetime) -> None:
        """Count the waiting time of unanswered vouchers from a moment on."""
        self._do("UPDATE vouchers SET last_attempt = ? WHERE outcome = 'open'", at.isoformat())

    def pay(self, order_ids: Sequence[int], payment: str) -> None:
        """Set how far the payment of orders has come."""
        with self.transaction():
            self._set_payments(order_ids, payment)

    def _set_payments(self, order_ids: Sequence[int], payment: str) -> None:
        done = payment == "made"
        for order_id in order_ids:
            self._do(
                "UPDATE orders SET payment = ?, waits = CASE WHEN ? THEN '' ELSE waits END"
                " WHERE order_id = ?",
                payment,
                done,
                order_id,
            )

    def _orders_of(self, reference: str) -> list[int]:
        rows = self._rows("SELECT orders FROM vouchers WHERE reference = ?", reference)
        return list(json.loads(rows[0]["orders"])) if rows else []

    def vouchers(self, *outcomes: Outcome) -> list[VoucherRecord]:
        """Return the vouchers with any of these outcomes, oldest first."""
        marks = ",".join("?" * len(outcomes))
        rows = self._rows(
            f"SELECT * FROM vouchers WHERE outcome IN ({marks}) ORDER BY last_attempt",  # noqa: S608
            *outcomes,
        )
        return [_voucher_in(row) for row in rows]

    def posted(self, order_id: int) -> list[tuple[date, int | None]]:
        """Return day and number of the vouchers that an order is in, oldest first.

        The number is None where the voucher was found posted without its answer.
        """
        rows = self._rows(
            "SELECT day, number FROM vouchers WHERE outcome = 'made'"
            " AND EXISTS (SELECT 1 FROM json_each(vouchers.orders) WHERE value = ?)"
            " ORDER BY last_attempt",
            order_id,
        )
        return [(date.fromisoformat(row["day"]), row["number"]) for row in rows]

    def voucher_references(self, kind: "VoucherKind", day: date, currency: str) -> set[str]:
        """Return the references of the vouchers of a day, type and currency that were begun."""
        rows = self._rows(
            "SELECT reference FROM vouchers WHERE kind = ? AND day = ? AND currency = ?",
            kind,
            day.isoformat(),
            currency,
        )
        return {row["reference"] for row in rows}


def _decimal(said: str | None) -> Decimal | None:
    return None if said is None else Decimal(said)


def _voucher_in(row: sqlite3.Row) -> VoucherRecord:
    # Imported here: an idle poll opens the store and needs no documents.
    from woo2po.documents import Voucher, VoucherKind, VoucherLine  # noqa: PLC0415

    body = json.loads(row["body"])
    lines = tuple(
        VoucherLine(account, vat, Decimal(amount), text, match, invoice, *map(_decimal, rate))
        for account, vat, amount, text, match, invoice, *rate in body["lines"]
    )
    voucher = Voucher(
        reference=row["reference"],
        kind=VoucherKind(row["kind"]),
        day=date.fromisoformat(row["day"]),
        currency=row["currency"],
        description=body["description"],
        lines=lines,
    )
    return VoucherRecord(
        voucher=voucher,
        order_ids=tuple(json.loads(row["orders"])),
        outcome=Outcome(row["outcome"]),
        attempts=row["attempts"],
        last_attempt=datetime.fromisoformat(row["last_attempt"]),
    )
