"""`show NUMBER`: one order's history, its documents in PowerOffice, and what differs, if anything.

The history is the state database's. Both systems are asked how things stand now; where one
cannot be reached, that is said and the history is shown all the same.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from woo2po.connections import Connections, open_poweroffice, open_shop
from woo2po.http import RemoteError
from woo2po.messages import say_both
from woo2po.next_step import Wanted
from woo2po.order import Order
from woo2po.pull import known_statuses
from woo2po.record import CreditNoteRecord, OrderRecord, Record
from woo2po.report import wrapped
from woo2po.run import recall_ways
from woo2po.settings import Settings
from woo2po.show import comparison
from woo2po.show.comparison import Found
from woo2po.show.history import history_text
from woo2po.store import Store
from woo2po.transfer.wanted import Prepared, prepare
from woo2po.transfer.writes import Progress, Run

Show = Callable[[str], None]


async def show_order(
    settings: Settings,
    clock: Callable[[], datetime],
    number: str,
    show: Show,
    connections: Connections | None = None,
) -> int | None:
    """Show an order; return the exit code, or None where no such order is known.

    0: in order. 1: held, or something differs. 3: a system could not be asked. Raises StateError.
    """
    with Store.in_memory(Path(settings.state.path)) as store:
        records = store.orders_called(number)
        if not records:
            return None
        code = 0
        for record in records:
            show(history_text(store, record, settings.language, settings.woocommerce.timezone))
            held = [record, *store.credit_notes_of(record.order_id)]
            code = max(code, *(int(one.hold is not None) for one in held))
            try:
                compared = await _compare(
                    settings, clock, store, record, connections or Connections()
                )
            except RemoteError as error:
                show(wrapped(say_both(error.code, settings.language, error.facts)))
                return 3
            for found in compared:
                show(found.text)
                code = max(code, int(found.differs))
        return code


async def _compare(
    settings: Settings,
    clock: Callable[[], datetime],
    store: Store,
    record: OrderRecord,
    connections: Connections,
) -> list[Found]:
    """Compare the order with its documents as both stand now."""
    children = store.credit_notes_of(record.order_id)
    if not any(one.sales_order_id for one in (record, *children)):
        return []
    async with (
        open_shop(settings.woocommerce, connections) as shop,
        open_poweroffice(settings.poweroffice, connections) as go,
    ):
        recall_ways(shop, store)
        await go.log_in()
        run = Run.of(settings, clock, store, shop, go)
        await run.catalogue.open()
        statuses = await known_statuses(shop, store, settings, clock())
        (prepared,) = await prepare(run, Progress(), statuses, [record.order_id], {})
        return await _compared(run, prepared, children)


async def _compared(run: Run, prepared: Prepared, children: list[CreditNoteRecord]) -> list[Found]:
    language, record, wanted = run.settings.language, prepared.record, prepared.wanted
    found: list[Found] = []
    if record.sales_order_id:
        found += comparison.in_the_shop(wanted, language)
    if record.sales_order_id and record.invoice_no is None:
        draft = await run.poweroffice.draft(record.sales_order_id)
        if draft is not None:
            if isinstance(wanted, Wanted):
                catalogue = run.catalogue.catalogue
                found += comparison.draft(record, wanted, draft, run.settings, catalogue)
            return found
        record = await _as_invoiced_by_hand(run, record)
        if record.invoice_no is None:
            return [*found, comparison.gone(language)]
    records: list[Record] = [record, *children]
    numbers = [one.invoice_no for one in records if one.invoice_no is not None]
    listed = await run.poweroffice.invoices(numbers=numbers) if numbers else []
    seen = {one.invoice_no: one for one in listed if one.invoice_no is not None}
    found += comparison.documents(records, seen, language)
    invoice = seen.get(record.invoice_no) if record.invoice_no is not None else None
    if invoice is not None and isinstance(wanted, Wanted):
        changed = comparison.is_changed(record, wanted, invoice)
        lines = await run.poweroffice.invoice_lines(invoice.id) if changed else ()
        found += comparison.invoice(record, wanted, invoice, lines, language)
        if isinstance(prepared.row, Order):
            found += comparison.refunds(prepared.row, children, language)
    return found


async def _as_invoiced_by_hand(run: Run, record: OrderRecord) -> OrderRecord:
    """Return the record with the invoice that a person made of its draft, if there is one."""
    found = await run.poweroffice.invoices(matching_references=[record.matching_reference])
    mine = [one.invoice_no for one in found if one.reference == record.reference]
    return replace(record, invoice_no=mine[0]) if mine else record
