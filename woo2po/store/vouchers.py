"""The state database: vouchers, their content frozen before they are tried."""

import json
import sqlite3
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from woo2po.record import Outcome, VoucherRecord, Write
from woo2po.store.database import TABLES, Tables
from woo2po.store.writes import write_in

if TYPE_CHECKING:
    from woo2po.documents import Voucher, VoucherKind


_ITS_WRITE = "FROM writes WHERE kind = 'create_voucher' AND reference = ?"


class Vouchers(Tables):
    """The vouchers, each with its orders; what became of one stands with its write."""

    def keep_voucher(self, voucher: "Voucher", order_ids: Sequence[int]) -> None:
        """Keep a voucher, content and all, before it is first tried; its orders are in it now.

        To be called in the transaction that writes the attempt down.
        """
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
        self._do(
            "INSERT OR IGNORE INTO vouchers (reference, kind, day, currency, orders, body)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            voucher.reference,
            voucher.kind,
            voucher.day.isoformat(),
            voucher.currency,
            json.dumps(list(order_ids)),
            json.dumps(body, ensure_ascii=False),
        )
        self._set_payments(order_ids, "in_voucher")

    def voucher_made(self, reference: str, number: int | None) -> int:
        """Note a voucher as posted, in a transaction; return how many orders it pays."""
        orders = self._orders_of(reference)
        self._do("UPDATE vouchers SET number = ? WHERE reference = ?", number, reference)
        self._set_payments(orders, "made")
        return len(orders)

    def voucher_refused(self, reference: str) -> None:
        """Settle a voucher as another's; its orders wait for the next number."""
        with self.transaction():
            self._do(
                "UPDATE writes SET outcome = 'refused' WHERE kind = 'create_voucher'"
                " AND reference = ?",
                reference,
            )
            self._set_payments(self._orders_of(reference), "due")

    def forget_voucher(self, reference: str, *, unless_tried: bool = False) -> None:
        """Strike out a voucher that is not in PowerOffice, so that its number is free.

        `unless_tried`: not one of which an earlier attempt may have come there.
        """
        with self.transaction():
            if unless_tried and self._rows(f"SELECT 1 {_ITS_WRITE}", reference):
                return
            self._set_payments(self._orders_of(reference), "due")
            self._do(f"DELETE {_ITS_WRITE}", reference)
            self._do("DELETE FROM vouchers WHERE reference = ?", reference)

    def pay(self, order_ids: Sequence[int], payment: str) -> None:
        """Set how far the payment of orders has come."""
        with self.transaction():
            self._set_payments(order_ids, payment)

    def _set_payments(self, ids: Sequence[int], payment: str) -> None:
        waits = "''" if payment == "made" else "waits"
        for table, key in TABLES:
            self._do(
                f"UPDATE {table} SET payment = ?, waits = {waits}"  # noqa: S608 (our names)
                f" WHERE {key} IN (SELECT value FROM json_each(?))",
                payment,
                json.dumps(list(ids)),
            )

    def _orders_of(self, reference: str) -> list[int]:
        rows = self._rows("SELECT orders FROM vouchers WHERE reference = ?", reference)
        return list(json.loads(rows[0]["orders"])) if rows else []

    def vouchers(self, *outcomes: Outcome) -> list[VoucherRecord]:
        """Return the vouchers whose write has any of these outcomes, oldest first."""
        marks = ",".join("?" * len(outcomes))
        writes = self._rows(
            f"SELECT * FROM writes WHERE kind = 'create_voucher' AND outcome IN ({marks})"  # noqa: S608
            " ORDER BY last_attempt",
            *outcomes,
        )
        return [self._voucher_of(write_in(row)) for row in writes]

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


def _voucher_in(row: sqlite3.Row) -> "Voucher":
    # Imported here: an idle poll opens the store and needs no documents.
    from woo2po.documents import Voucher, VoucherKind, VoucherLine  # noqa: PLC0415

    body = json.loads(row["body"])
    lines = tuple(
        VoucherLine(account, vat, Decimal(amount), text, match, invoice, *map(_decimal, rate))
        for account, vat, amount, text, match, invoice, *rate in body["lines"]
    )
    return Voucher(
        reference=row["reference"],
        kind=VoucherKind(row["kind"]),
        day=date.fromisoformat(row["day"]),
        currency=row["currency"],
        description=body["description"],
        lines=lines,
    )
