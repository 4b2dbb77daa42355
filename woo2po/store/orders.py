"""The state database: orders, from the queue to their end."""

import heapq
import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from datetime import datetime
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar

from woo2po.holds import Hold, Skip, kept, remembered
from woo2po.money import from_ore, to_ore
from woo2po.record import Payment, Record, Unfinished, Write
from woo2po.store.database import AMONG, TABLES, UNFINISHED, Tables, plain_errors, value_in
from woo2po.store.writes import WRITES

if TYPE_CHECKING:
    from woo2po.documents import DocumentSeen, Note

_Reason = TypeVar("_Reason", Hold, Skip)
_ORDERS = "SELECT *, order_id AS id FROM orders"
_CREDIT_NOTES = (
    "SELECT c.*, o.number, o.created FROM credit_notes AS c JOIN orders AS o USING (order_id)"
)
# As record.State tells it of a record.
_STATE = (
    "CASE WHEN skip_code > '' THEN 'skipped' WHEN hold_code > '' THEN 'held'"
    " WHEN cancelled THEN 'cancelled' WHEN invoice_no IS NOT NULL THEN 'invoiced'"
    " WHEN (SELECT kind FROM writes WHERE writes.order_id = orders.order_id AND outcome = 'open'"
    " ORDER BY id LIMIT 1) = 'send_invoice' THEN 'sending'"
    " WHEN sales_order_id > '' THEN 'draft' ELSE 'pending' END"
)

_IS_DRAFT = "(skip_code IS NULL AND sales_order_id > '' AND invoice_no IS NULL)"


def _whole_id(order_id: int, generation: int) -> int:
    """Return the id of the credit note of a whole order: no order's, no refund's."""
    return -(order_id * 100 + generation)


class Orders(Tables):
    """The orders and their credit notes, and the documents of them that were found there."""

    def note_seen(self, orders: Iterable[Mapping[str, Any]]) -> list[int]:
        """Put orders (their columns) whose content is new to us in the queue; return their ids.

        To be called inside a transaction. References are fixed here, at first sight.
        """
        changed = []
        for seen in orders:
            order_id = seen["order_id"]
            known = self._one("SELECT seen_hash FROM orders WHERE order_id = ?", order_id)
            if known == seen["seen_hash"]:
                continue
            changed.append(order_id)
            self._insert(
                "orders",
                {**seen, "todo": 1},
                "ON CONFLICT (order_id) DO UPDATE SET number = excluded.number, todo = 1,"
                " shop_status = excluded.shop_status, seen_hash = excluded.seen_hash,"
                " created = coalesce(orders.created, excluded.created),"
                # Once there is a document, the total is the document's.
                " total_ore = CASE WHEN orders.sales_order_id = ''"
                " THEN coalesce(excluded.total_ore, orders.total_ore)"
                " ELSE orders.total_ore END",
            )
            # The change may be the remedy of a refund that is held, or undo one that lies there.
            open_ = f"order_id = ? AND (hold_code IS NOT NULL OR {_IS_DRAFT})"
            self._set("credit_notes", open_, order_id, todo=1)
        return changed

    def known(self, order_ids: Sequence[int]) -> set[int]:
        """Return which of these orders the database knows."""
        sql = f"SELECT order_id FROM orders WHERE order_id {AMONG}"  # noqa: S608 (ours)
        return {*self._column(sql, order_ids)}

    def placed_since(self, moment: datetime) -> dict[str, int]:
        """Return how many orders placed since a moment (UTC) are in each of the shop's statuses."""
        rows = self._rows(
            "SELECT shop_status, count(*) AS n FROM orders WHERE created >= ? GROUP BY 1", moment
        )
        return dict(map(tuple, rows))

    def placed_in(self, shop_status: str, moment: datetime) -> set[int]:
        """Return the orders placed since a moment, last seen in a status and not closed."""
        sql = "SELECT order_id FROM orders WHERE created >= ? AND shop_status = ? AND NOT cancelled"
        return {*self._column(sql, moment, shop_status)}

    def used_again(self, order_id: int, refund_ids: Sequence[int]) -> int | None:
        """Return the id of an order that was a refund's before, or of a refund that was an
        order's: a shop that was set back gives its ids once more. None where there is none.
        """
        notes = "SELECT id FROM credit_notes WHERE id = ?"
        orders = f"SELECT order_id FROM orders WHERE order_id {AMONG}"  # noqa: S608 (ours)
        return self._one(f"{notes} UNION {orders}", order_id, refund_ids)

    def order(self, order_id: int) -> Record | None:
        """Return all that is known of an order, or None."""
        row = self._row(f"{_ORDERS} WHERE order_id = ?", order_id)
        return self._record(row) if row else None

    def record(self, id_: int) -> Record | None:
        """Return all that is known of an order or a credit note by its own id, or None."""
        row = self._row(f"{_CREDIT_NOTES} WHERE c.id = ?", id_)
        return self._record(row) if row else self.order(id_)

    def orders_called(self, *numbers: str) -> list[Record]:
        """Return the orders that bear the first of these numbers that any bears (a plugin may give
        one to two), or the one that `id:123` names.
        """
        for number in numbers:
            rows = self._rows(f"{_ORDERS} WHERE number = ? ORDER BY order_id", number)
            named = number.removeprefix("id:")
            if not rows and named.isascii() and named.isdecimal() and len(named) < 19:
                rows = self._rows(f"{_ORDERS} WHERE order_id = ?", int(named))
            if rows:
                return [self._record(row) for row in rows]
        return []

    def credit_notes_of(self, order_id: int) -> list[Record]:
        """Return an order's credit notes: those of whole orders first, then by refund."""
        rows = self._rows(f"{_CREDIT_NOTES} WHERE c.order_id = ? ORDER BY c.id", order_id)
        return [self._record(row) for row in rows]

    def note_credit_note(
        self, order: Record, refund_id: int | None, reference: str, matching_reference: str
    ) -> int:
        """Queue the credit note of a refund (None: of a whole order); return its id."""
        id_ = refund_id or _whole_id(order.id, order.generation)
        columns = {
            "id": id_,
            "order_id": order.id,
            "refund_id": refund_id,
            "reference": reference,
            "matching_reference": matching_reference,
            "currency": order.currency,
            "todo": 1,
        }
        self._insert("credit_notes", columns, "ON CONFLICT (id) DO NOTHING")
        return id_

    def cancellation_of(self, order: Record) -> Record | None:
        """Return the credit note of a whole order in its generation, or None."""
        return self.record(_whole_id(order.id, order.generation))

    def unfinished(self) -> list[Unfinished]:
        """Return every order and credit note at which something is left to do or to wait for."""
        columns = (
            "order_id, todo, hold_code, held_at, held_settings, coalesce(waits, '') AS waits,"
            # Money of what a person took out is that person's.
            " payment = 'due' AND invoice_no IS NOT NULL AND skip_code IS NULL AS owes"
        )
        rows = self._rows(
            f"SELECT order_id AS id, number, {columns} FROM orders WHERE {UNFINISHED}"  # noqa: S608 (ours)
            " UNION ALL SELECT id, (SELECT number FROM orders AS o WHERE o.order_id = c.order_id),"
            f" {columns} FROM credit_notes AS c WHERE {UNFINISHED}"
        )
        return [value_in(Unfinished, row) for row in rows]

    def begin_anew(
        self, order: Record, generation: int, references: tuple[str, str], *, paid: bool = False
    ) -> None:
        """Close an order's documents after their deletion or credit: if it comes back, it gets
        new ones under new references.

        A payment that was posted stays posted: its money came once, and the credit note's open
        amount is what pays the new invoice. `paid`: it came, as the documents there tell.
        """
        came = {"booked_ore": order.total_ore or 0} if paid else {}
        made = paid or order.payment is Payment.MADE
        self.change(
            order.id,
            cancelled=1,
            generation=generation,
            reference=references[0],
            matching_reference=references[1],
            sales_order_id="",
            sales_order_no=None,
            invoice_no=None,
            invoice_equal=0,
            wanted_digest="",
            left_digest="",
            waits="",
            payment=Payment.MADE if made else Payment.NONE,
            **came,
        )

    def everything(self) -> Iterator[Record]:
        """Yield every order and credit note, by id."""
        yield from self._records("1", "1")

    def telling(self, noted_since: datetime) -> Iterator[Record]:
        """Yield those that are not finished, and those with notes that are no older, by id."""
        noted = (
            "notes <> '[]' AND coalesce((SELECT max(last_attempt) FROM writes"
            " WHERE writes.order_id = {}), created, '9') > ?"
        )
        todo = f"{UNFINISHED} OR payment = 'in_voucher' OR {_STATE} IN ('pending', 'sending')"
        some = f"c.id IN (SELECT id FROM credit_notes WHERE {UNFINISHED})"  # noqa: S608 (ours)
        yield from self._records(
            f"{todo} OR {noted.format('orders.order_id')}",
            f"{some} OR c.{noted.format('c.id')}",
            noted_since,
        )

    def _records(self, orders: str, credit_notes: str, *values: object) -> Iterator[Record]:
        found = self._do(f"{_ORDERS} WHERE {orders} ORDER BY order_id", *values)
        notes = self._do(f"{_CREDIT_NOTES} WHERE {credit_notes} ORDER BY c.id", *values)
        both: list[Iterator[Record]] = [map(self._record, found), map(self._record, notes)]
        with plain_errors(self._path):
            yield from heapq.merge(*both, key=attrgetter("id"))

    def counts(self) -> dict[str, int]:
        """Return how many orders are in each state; a refund counts where it is held."""
        rows = self._rows(
            f"SELECT {_STATE} AS state, count(*) AS n FROM orders GROUP BY 1"  # noqa: S608 (ours)
            " UNION ALL SELECT 'held', count(*) FROM credit_notes"
            f" WHERE {UNFINISHED} AND hold_code > ''"
        )
        counts: Counter[str] = Counter()
        for state, n in rows:
            counts[state] += n
        return dict(+counts)

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

    def change(self, id_: int, **columns: Any) -> None:
        """Set columns of an order or a credit note (see migrations.py for what there is)."""
        for table, key in TABLES:
            if self._set(table, f"{key} = ?", id_, **columns):
                return

    def hold(self, id_: int, hold: Hold, *, at: datetime, settings_digest: str) -> None:
        """Hold an order: code and facts stay, the sentence is made when it is shown."""
        self.change(
            id_,
            todo=0,
            hold_code=hold.code,
            hold_facts=kept(hold.facts),
            held_at=at,
            held_settings=settings_digest,
            skip_code=None,
        )

    def put_aside(self, id_: int, skip: Skip) -> None:
        """Take an order out for good, with the reason."""
        self.change(
            id_,
            todo=0,
            hold_code=None,
            hold_facts=None,
            skip_code=skip.code,
            skip_facts=kept(skip.facts),
        )

    def take_back(self, id_: int) -> None:
        """Bring what was taken out back into the queue."""
        self.change(id_, todo=1, skip_code=None, skip_facts=None)

    def finish(self, id_: int, **columns: Any) -> None:
        """Take an order out of the queue: nothing is left to do until it changes."""
        self.change(id_, todo=0, hold_code=None, skip_code=None, **columns)

    def forget(self, id_: int) -> None:
        """Drop an order or a credit note that was queued but left no trace in PowerOffice."""
        self._do(
            "DELETE FROM orders WHERE order_id = ? AND sales_order_id = '' AND generation IS NULL",
            id_,
        )
        self._do("DELETE FROM credit_notes WHERE id = ? AND sales_order_id = ''", id_)

    def queue_again(self, ids: Iterable[int]) -> None:
        """Put orders in the queue; the hold of one that is held stands until it is looked at."""
        if listed := [*ids]:
            with self.transaction():
                for table, key in TABLES:
                    self._set(table, f"{key} {AMONG}", listed, todo=1)

    def queue_drafts(self) -> None:
        """Put back in the queue what was left out as a till's, what stands as a draft, and what is
        invoiced without a payment.
        """
        till = "skip_code IN ('paid_in_the_till', 'made_in_the_till')"
        self._set("orders", till, todo=1, skip_code=None, skip_facts=None)
        unpaid = "(skip_code IS NULL AND invoice_no IS NOT NULL AND coalesce(payment, '') = '')"
        self._set("orders", f"{_IS_DRAFT} OR {unpaid}", todo=1)
        of_refund = f"({unpaid} AND refund_id IS NOT NULL)"  # the others' orders are closed
        self._set("credit_notes", f"{_IS_DRAFT} OR {of_refund}", todo=1)

    def try_anew(self, order_ids: Iterable[int]) -> None:
        """Queue orders that a person wants tried again, their counts of attempts begun anew.

        One attempt stays on the count: a refusal of the next may still be an echo of the first.
        """
        for order_id in order_ids:
            self._set("writes", "order_id = ? AND outcome = 'absent'", order_id, attempts=1)
        self.queue_again(order_ids)

    def want_anew(self, ids: Iterable[int]) -> None:
        """Note that a person wants orders whose draft is gone made anew, if it is still absent."""
        for table, key in TABLES:
            self._do(
                f"UPDATE {table} SET hold_facts = json_set(hold_facts, '$.anew', 'yes')"  # noqa: S608 (ours)
                f" WHERE {key} {AMONG} AND hold_code = 'draft_gone'",
                [*ids],
            )

    def held_numbers(self) -> dict[int, str]:
        """Return id and number of whatever is held, looked at again just now or not."""
        return dict(sorted((one.id, one.number) for one in self.unfinished() if one.hold_code))

    # -- documents that stood in PowerOffice before this database made any -----------------------

    def remember_documents(
        self, documents: "Iterable[DocumentSeen]", *, instead_of: "Iterable[DocumentSeen]" = ()
    ) -> None:
        """Keep documents that were in PowerOffice before this database made them."""
        with self.transaction():
            for seen in instead_of:
                self._do("DELETE FROM documents_found WHERE document_id = ?", seen.id)
            for seen in documents:
                names = ("reference", "matching_reference", "order_no", "invoice_no")
                columns = {name: getattr(seen, name) for name in names}
                columns |= {"document_id": seen.id, "total_ore": to_ore(seen.total)}
                self._put("documents_found", "document_id", columns)

    def references_in_use(self, references: Sequence[str]) -> set[str]:
        """Return which references this database has made a document under."""
        made = dict.fromkeys(("orders", "credit_notes"), "sales_order_id <> ''")
        made["writes"] = "kind = 'create_sales_order' AND outcome = 'made'"
        used = (
            "SELECT reference FROM {} WHERE {} AND reference IN (SELECT value FROM json_each(?1))"
        )
        sql = " UNION ".join(used.format(*one) for one in made.items())
        return {*self._column(sql, references)}

    def found_under(self, matching_reference: str) -> "tuple[DocumentSeen, ...]":
        """Return the documents found there under a matching reference and those made of it."""
        # What is added to a reference begins with "-", the sign before ".".
        those = "matching_reference >= ?1 AND matching_reference < ?1 || '.'"
        return self._documents(those, matching_reference)

    def _documents(self, where: str, *values: str) -> "tuple[DocumentSeen, ...]":
        from woo2po.documents import DocumentSeen  # noqa: PLC0415 (an idle poll needs none)

        sql = f"SELECT *, document_id AS id FROM documents_found WHERE {where}"  # noqa: S608 (ours)
        return tuple(
            value_in(DocumentSeen, row, total=from_ore(row["total_ore"] or 0))
            for row in self._rows(sql, *values)
        )

    # -- records -----------------------------------------------------------------------------------

    def _record(self, row: sqlite3.Row) -> Record:
        # A credit note may bear its invoice's matching reference: its own reference tells it.
        own, references = "reference = ?1", [row["reference"]]
        if row["id"] == row["order_id"] and row["matching_reference"]:
            references.append(row["matching_reference"])
            not_a_note = "substr(reference, 1, length(?1) + 1) <> ?1 || '-'"
            own = f"({own} OR matching_reference = ?2) AND {not_a_note}"
        writes = self._rows(f"{WRITES} WHERE order_id = ? ORDER BY id", row["id"])
        return value_in(
            Record,
            row,
            hold=_reason(Hold, row["hold_code"], row["hold_facts"]),
            skip=_reason(Skip, row["skip_code"], row["skip_facts"]),
            notes=_notes(row["notes"]),
            writes=tuple(value_in(Write, write) for write in writes),
            found=self._documents(own, *references),
        )

    def drafts_but(self, document_ids: Set[str]) -> list[int]:
        """Return the finished orders and credit notes whose draft is none of these."""
        left = (
            "SELECT {} AS id, sales_order_id FROM {} WHERE sales_order_id <> ''"
            " AND invoice_no IS NULL AND todo = 0 AND hold_code IS NULL AND skip_code IS NULL"
        )
        rows = self._rows(" UNION ALL ".join(left.format(key, table) for table, key in TABLES))
        return [r["id"] for r in rows if r["sales_order_id"] not in document_ids]


def _notes(text: str) -> "tuple[Note, ...]":
    from woo2po.documents import Note  # noqa: PLC0415 (an idle poll needs none)

    return tuple(Note(said["code"], remembered(said["facts"])) for said in json.loads(text))


def _reason(kind: type[_Reason], code: str | None, facts: str | None) -> _Reason | None:
    return kind(code, remembered(json.loads(facts or "{}"))) if code else None
