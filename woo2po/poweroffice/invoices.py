"""Invoices of PowerOffice Go: asking for them, how far sending has come, and those that are there.

Sending only queues: the answer promises nothing, and what became of it is asked for afterwards.
Source: PowerOffice facts, sections 0, 4, 8 and 14; the interface description.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

import httpx

from woo2po.documents import DocumentSeen, InvoiceWanted, LineSeen, SentState
from woo2po.poweroffice.bodies import send_body
from woo2po.poweroffice.calls import Calls, chunks, utc
from woo2po.poweroffice.fields import (
    INVOICE_FIELDS,
    INVOICE_LINE_FIELDS,
    invoice_listed,
    line_seen,
    sent_state,
)
from woo2po.poweroffice.rows import Row
from woo2po.transport import Refused


class Invoices:
    """Sends sales orders and lists outgoing invoices."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def send(self, order_id: str, wanted: InvoiceWanted) -> None:
        """Ask PowerOffice to make a sales order an invoice (or credit note)."""
        await self._calls.submit(f"SalesOrders/{order_id}/createAndSendInvoice", send_body(wanted))

    async def state(self, order_id: str) -> SentState | None:
        """Return how far sending has come, or None where PowerOffice knows of none."""
        try:
            rows = await self._calls.rows_unpaged("SalesOrders/sentState", {"id": order_id})
        except Refused as refused:
            if refused.status != httpx.codes.NOT_FOUND:
                raise
            return None
        return _furthest(order_id, rows)

    async def listed(
        self,
        *,
        matching_references: Sequence[str],
        numbers: Sequence[int],
        customer_numbers: Sequence[int],
        from_date: date | None,
        sent_after: datetime | None,
        unpaid_only: bool,
    ) -> list[DocumentSeen]:
        """Return the invoices that meet all that is asked for, each once."""
        query: dict[str, str] = {}
        if from_date is not None:
            query["fromDate"] = from_date.isoformat()
        if sent_after is not None:
            query["sentDateTimeOffsetGreaterThan"] = utc(sent_after)
        if unpaid_only:
            query["onlyUnpaidInvoices"] = "true"
        rows = [
            row
            for by_reference in _parts("customMatchingReferences", matching_references)
            for by_number in _parts("invoiceNos", map(str, numbers))
            for by_customer in _parts("customerNos", map(str, customer_numbers))
            for row in await self._calls.rows(
                "OutgoingInvoices", INVOICE_FIELDS, query | by_reference | by_number | by_customer
            )
        ]
        return [invoice_listed(row) for row in rows]

    async def lines(self, invoice_id: str) -> tuple[LineSeen, ...]:
        """Return the lines of an invoice; none where PowerOffice keeps none of it."""
        try:
            rows = await self._calls.rows(
                f"OutgoingInvoices/{invoice_id}/Lines", INVOICE_LINE_FIELDS
            )
        except Refused as refused:
            if refused.status != httpx.codes.NOT_FOUND:
                raise
            return ()
        return tuple(sorted(map(line_seen, rows), key=lambda line: line.sort_order))


def _parts(name: str, values: Iterable[str]) -> list[dict[str, str]]:
    """Return a filter in parts of bounded length; one empty part where nothing is asked for."""
    return [{name: part} for part in chunks(list(dict.fromkeys(values)))] or [{}]


def _furthest(order_id: str, rows: list[Row]) -> SentState | None:
    """Return the state of an order: of several, the one that has come furthest.

    A single row is the order's whatever its id says: that may be the invoice's, and whether the
    two are the same is not certain.
    """
    own = [row for row in rows if row.key("Id").lower() == order_id.lower()]
    if not own and len(rows) > 1:
        rows[0].missing("Id")
    states = [sent_state(row) for row in own or rows]
    return max(states, key=lambda state: (state.sent, state.processing), default=None)
