"""The state database: orders, from the queue to their end."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from woo2po.holds import Hold, Skip, kept, remembered
from woo2po.record import OrderRecord, Payment, Waits
from woo2po.store.found import Found
from woo2po.store.writes import write_in

if TYPE_CHECKING:
    from woo2po.documents import Note

_Reason = TypeVar("_Reason", Hold, Skip)


@dataclass(frozen=True, slots=True)
class OrderSeen:
    """An order as a poll saw it, with the references that it gets when it is new."""

    order_id: int
    number: str
    created: datetime | None  # None where the shop's answer could not be read
    shop_status: str
    content_hash: str
    total_ore: int | None
    currency: str
    reference: str
    matching_reference: str


class Orders(Found):
    """The orders, their refunds and their credit notes."""

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
                " matching_reference, seen_hash, total_ore, currency, todo)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1)"
                " ON CONFLICT (order_id) DO UPDATE SET number = excluded.number, todo = 1,"
                " shop_status = excluded.shop_status, seen_hash = excluded.seen_hash,"
                " created = coalesce(orders.created, excluded.created),"
                # Once there is a document, the total is the document's.
                " total_ore = CASE WHEN orders.sales_order_id = ''"
                " THEN coalesce(excluded.total_ore, orders.total_ore)"
                " ELSE orders.total_ore END",
                seen.order_id,
                seen.number,
                seen.created.isoformat() if seen.created else None,
                seen.shop_status,
                seen.reference,
                seen.matching_reference,
                seen.content_hash,
                seen.total_ore,
                seen.currency,
            )
            # The change may be the remedy of a refund that is held.
            self._do(
                "UPDATE orders SET todo = 1 WHERE parent_id = ? AND hold_code IS NOT NULL",
                seen.order_id,
            )
        return changed

    def known(self, order_ids: Sequence[int]) -> set[int]:
        """Return which of these orders the database knows."""
        rows = self._rows(
            "SELECT order_id FROM orders WHERE order_id IN (SELECT value FROM json_each(?))",
            json.dumps(list(order_ids)),
        )
        return {row["order_id"] for row in rows}

    def order(self, order_id: int) -> OrderRecord | None:
        """Return all that is known of an order, or None."""
        rows = self._rows("SELECT * FROM orders WHERE order_id = ?", order_id)
        return self._record(rows[0]) if rows else None

    def orders_numbered(self, number: str) -> list[OrderRecord]:
        """Return the orders that bear a number: a plugin may give one number to two.

        The credit notes of an order, which bear its number too, are not among them.
        """
        rows = self._rows(
            "SELECT * FROM orders WHERE number = ? AND parent_id IS NULL ORDER BY order_id", number
        )
        return [self._record(row) for row in rows]

    def orders_called(self, number: str) -> list[OrderRecord]:
        """Return the orders that bear a number, or the one that `id:123` names."""
        found = self.orders_numbered(number)
        named = number.removeprefix("id:")
        if not found and named.isascii() and named.isdecimal() and len(named) < 19:
            record = self.order(int(named))
            found = [record] if record is not None and record.parent_id is None else []
        return found

    def to_do(self) -> list[int]:
        """Return the ids of the orders in the queue, oldest first."""
        rows = self._rows(
            "SELECT DISTINCT coalesce(parent_id, order_id) AS id FROM orders AS o WHERE todo = 1"
            # The refund of an order that is held waits until its order is looked at again.
            " AND NOT EXISTS (SELECT 1 FROM orders AS p WHERE p.order_id = o.parent_id"
            " AND p.todo = 0 AND p.hold_code IS NOT NULL) ORDER BY id"
        )
        return [row["id"] for row in rows]

    def refunds_of(self, order_id: int) -> list[OrderRecord]:
        """Return the records of an order's credit notes, oldest first."""
        rows = self._rows("SELECT * FROM orders WHERE parent_id = ? ORDER BY order_id", order_id)
        return [self._record(row) for row in rows]

    def note_refund(self, refund_id: int, parent: OrderRecord, reference: str, match: str) -> None:
        """Give a refund (or, under an id below 0, a cancellation) a record of its own."""
        self._do(
            "INSERT INTO orders (order_id, parent_id, number, created, reference,"
            " matching_reference, seen_hash, currency, todo) VALUES (?, ?, ?, ?, ?, ?, '', ?, 1)"
            " ON CONFLICT (order_id) DO NOTHING",
            refund_id,
            parent.order_id,
            parent.number,
            parent.created.isoformat() if parent.created else None,
            reference,
            match,
            parent.currency,
        )

    def invoice_found(self, order_id: int, invoice_no: int, *, equal: bool) -> None:
        """Write down that a draft has become an invoice; its payment and refunds are next."""
        self.change_order(
            order_id, invoice_no=invoice_no, invoice_equal=int(equal), todo=1, waits=""
        )

    def begin_anew(self, order_id: int, reference: str, matching_reference: str) -> None:
        """Close an order's documents after their deletion or credit: if it comes back, it gets
        new ones under new references.

        A payment that was posted stays posted: its money came once, and the credit note's open
        amount is what pays the new invoice.
        """
        self.change_order(
            order_id,
            cancelled=1,
            reference=reference,
            matching_reference=matching_reference,
            sales_order_id="",
            sales_order_no=None,
            invoice_no=None,
            invoice_equal=0,
            wanted_digest="",
            left_digest="",
            waits="",
        )
        self._do(
            "UPDATE orders SET generation = coalesce(generation, 1) + 1,"
            " payment = CASE WHEN payment = 'made' THEN 'made' ELSE '' END WHERE order_id = ?",
            order_id,
        )

    def skip_to(
        self, order_id: int, generation: int, references: tuple[str, str], *, paid: bool
    ) -> None:
        """Catch up with an order whose documents there have been closed, and perhaps made anew,
        without this database: `references` are those of the generation; `paid`: its money came.
        """
        self.begin_anew(order_id, *references)
        self.change_order(order_id, generation=generation, **({"payment": "made"} if paid else {}))
        self._do(
            "UPDATE orders SET todo = 0, hold_code = NULL WHERE parent_id = ? AND order_id < 0",
            order_id,
        )

    def waiting(self) -> list[tuple[int, str, str]]:
        """Return id, matching reference and what it waits for, of finished orders that wait."""
        rows = self._rows(
            "SELECT order_id, matching_reference, waits FROM orders"
            " WHERE waits <> '' AND todo = 0 AND hold_code IS NULL ORDER BY order_id"
        )
        return [(r["order_id"], r["matching_reference"], r["waits"]) for r in rows]

    def payments_due(self) -> list[OrderRecord]:
        """Return the orders and refunds whose invoice stands and whose money is to be posted."""
        rows = self._rows(
            "SELECT * FROM orders WHERE payment = 'due' AND invoice_no IS NOT NULL"
            " AND hold_code IS NULL ORDER BY order_id"
        )
        return [self._record(row) for row in rows]

    def all_orders(self) -> Iterator[OrderRecord]:
        """Yield every order, oldest first."""
        for row in self._rows("SELECT * FROM orders ORDER BY order_id"):
            yield self._record(row)

    def refer_to(self, order_id: int, reference: str, matching_reference: str) -> None:
        """Give an order the references of today's settings, unless a write has used others.

        A reference that turned out to be another shop's can never become ours and is given up.
        """
        self._do(
            "UPDATE orders SET reference = ?1, matching_reference = ?2 WHERE order_id = ?3"
            # What stands there already is not written (and flushed to the disk) again.
            " AND (reference <> ?1 OR matching_reference <> ?2) AND sales_order_id = ''"
            " AND (hold_code = 'prefix_of_another_shop' OR NOT EXISTS (SELECT 1 FROM writes"
            " WHERE writes.order_id = orders.order_id AND kind = 'create_sales_order'))",
            reference,
            matching_reference,
            order_id,
        )

    def change_order(self, order_id: int, **columns: Any) -> None:
        """Set columns of an order (see migrations.py for what there is)."""
        names = ", ".join(f"{name} = ?" for name in columns)
        self._do(f"UPDATE orders SET {names} WHERE order_id = ?", *columns.values(), order_id)  # noqa: S608 (our names)

    def hold(self, order_id: int, hold: Hold, *, at: datetime, settings_digest: str) -> None:
        """Hold an order: code and facts stay, the sentence is made when it is shown."""
        self.change_order(
            order_id,
            todo=0,
            hold_code=hold.code,
            hold_facts=json.dumps(kept(hold.facts)),
            held_at=at.isoformat(),
            held_settings=settings_digest,
            skip_code=None,
        )

    def put_aside(self, order_id: int, skip: Skip) -> None:
        """Take an order out for good, with the reason."""
        self.change_order(
            order_id,
            todo=0,
            hold_code=None,
            hold_facts=None,
            skip_code=skip.code,
            skip_facts=json.dumps(kept(skip.facts)),
        )

    def finish(self, order_id: int, **columns: Any) -> None:
        """Take an order out of the queue: nothing is left to do until it changes."""
        self.change_order(order_id, todo=0, hold_code=None, skip_code=None, **columns)

    def forget(self, order_id: int) -> None:
        """Drop an order that was queued but has left no trace in PowerOffice."""
        self._do(
            "DELETE FROM orders WHERE order_id = ? AND sales_order_id = '' AND generation IS NULL",
            order_id,
        )

    def queue_again(self, order_ids: Iterable[int]) -> None:
        """Put held orders back in the queue; the hold stands until it is looked at again."""
        for order_id in order_ids:
            self._do("UPDATE orders SET todo = 1 WHERE order_id = ?", order_id)

    def try_anew(self, order_ids: Iterable[int]) -> None:
        """Queue orders that a person wants tried again, their counts of attempts begun anew.

        One attempt stays on the count: a refusal of the next may still be an echo of the first.
        """
        for order_id in order_ids:
            self._do(
                "UPDATE writes SET attempts = 1 WHERE order_id = ? AND outcome = 'absent'", order_id
            )
        self.queue_again(order_ids)

    def want_anew(self, order_ids: Iterable[int]) -> None:
        """Note that a person wants orders whose draft is gone made anew, if it is still absent."""
        for order_id in order_ids:
            self._do(
                "UPDATE orders SET hold_facts = json_set(hold_facts, '$.anew', 'yes')"
                " WHERE order_id = ? AND hold_code = 'draft_gone' AND parent_id IS NULL",
                order_id,
            )

    def held(self) -> list[tuple[int, str, datetime, str]]:
        """Return id, hold code, moment and settings digest of every held order."""
        rows = self._rows(
            "SELECT order_id, hold_code, held_at, held_settings FROM orders"
            # The plus keeps SQLite from looking up every finished order one by one.
            " WHERE hold_code > '' AND +todo = 0"
        )
        return [
            (
                r["order_id"],
                r["hold_code"],
                datetime.fromisoformat(r["held_at"]),
                r["held_settings"],
            )
            for r in rows
        ]

    def held_numbers(self) -> dict[int, str]:
        """Return id and number of every order that is held, looked at again just now or not."""
        rows = self._rows(
            "SELECT order_id, number FROM orders WHERE hold_code > '' ORDER BY order_id"
        )
        return {row["order_id"]: row["number"] for row in rows}

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
            parent_id=row["parent_id"],
            generation=row["generation"] or 1,
            waits=Waits(row["waits"] or ""),
            payment=Payment(row["payment"] or ""),
            payment_body=row["payment_body"] or "",
            customer_id=row["customer_id"],
            delivery_address_id=row["delivery_address_id"],
            sales_order_id=row["sales_order_id"],
            sales_order_no=row["sales_order_no"],
            invoice_no=row["invoice_no"],
            invoice_equal=bool(row["invoice_equal"]),
            total_ore=row["total_ore"],
            currency=row["currency"],
            wanted_digest=row["wanted_digest"],
            left_digest=row["left_digest"],
            notes=_notes(row["notes"]),
            writes=tuple(write_in(w) for w in writes),
            found=self._found(row),
        )

    def drafts_but(self, document_ids: Set[str]) -> list[int]:
        """Return the finished orders whose draft is none of these."""
        rows = self._rows(
            "SELECT order_id, sales_order_id FROM orders WHERE sales_order_id <> ''"
            " AND invoice_no IS NULL AND todo = 0 AND hold_code IS NULL AND skip_code IS NULL"
        )
        return [r["order_id"] for r in rows if r["sales_order_id"] not in document_ids]


def _notes(text: str) -> "tuple[Note, ...]":
    from woo2po.documents import Note  # noqa: PLC0415 (an idle poll needs none)

    return tuple(Note(said["code"], remembered(said["facts"])) for said in json.loads(text))


def _reason(kind: type[_Reason], code: str | None, facts: str | None) -> _Reason | None:
    return kind(code, remembered(json.loads(facts or "{}"))) if code else None
