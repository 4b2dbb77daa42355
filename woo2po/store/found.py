"""The state database: documents that stood in PowerOffice before this database made any."""

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from woo2po.money import from_ore, to_ore
from woo2po.store.database import Tables

if TYPE_CHECKING:
    from woo2po.documents import DocumentSeen


class Found(Tables):
    """The documents that were found, by the references that they bear."""

    def remember_documents(
        self, documents: "Iterable[DocumentSeen]", *, instead_of: "Iterable[DocumentSeen]" = ()
    ) -> None:
        """Keep documents that were in PowerOffice before this database made them."""
        with self.transaction():
            for seen in instead_of:
                self._do("DELETE FROM documents_found WHERE document_id = ?", seen.id)
            for seen in documents:
                self._do(
                    "INSERT OR REPLACE INTO documents_found VALUES (?, ?, ?, ?, ?, ?)",
                    seen.id,
                    seen.reference,
                    seen.matching_reference,
                    seen.order_no,
                    seen.invoice_no,
                    to_ore(seen.total),
                )

    def references_in_use(self, references: Sequence[str]) -> set[str]:
        """Return which references this database has made a document under, or is about to."""
        listed = json.dumps(references)
        rows = self._rows(
            "SELECT reference FROM orders WHERE sales_order_id <> ''"
            " AND reference IN (SELECT value FROM json_each(?1))"
            " UNION SELECT reference FROM credit_notes WHERE sales_order_id <> ''"
            " AND reference IN (SELECT value FROM json_each(?1))"
            " UNION SELECT reference FROM writes WHERE kind = 'create_sales_order'"
            " AND outcome IN ('open', 'made') AND reference IN (SELECT value FROM json_each(?1))",
            listed,
        )
        return {row["reference"] for row in rows}

    def found_under(self, matching_reference: str) -> "tuple[DocumentSeen, ...]":
        """Return the documents found there under a matching reference and those made of it."""
        return self._documents(
            # What is added to a reference begins with "-", the sign before ".".
            "matching_reference >= ?1 AND matching_reference < ?1 || '.'",
            matching_reference,
        )

    def _found(self, own: str, match: str = "") -> "tuple[DocumentSeen, ...]":
        """Return the documents found there that bear a reference of an order or credit note."""
        if not match:
            return self._documents("reference = ?", own)
        return self._documents(
            "(reference = ?1 OR matching_reference = ?2)"
            " AND substr(reference, 1, length(?1) + 1) <> ?1 || '-'",
            own,
            match,
        )

    def _documents(self, where: str, *values: str) -> "tuple[DocumentSeen, ...]":
        from woo2po.documents import DocumentSeen  # noqa: PLC0415 (an idle poll needs none)

        rows = self._rows(f"SELECT * FROM documents_found WHERE {where}", *values)  # noqa: S608 (ours)
        return tuple(
            DocumentSeen(
                r["document_id"],
                r["reference"],
                r["matching_reference"],
                r["order_no"],
                r["invoice_no"],
                from_ore(r["total_ore"] or 0),
            )
            for r in rows
        )
