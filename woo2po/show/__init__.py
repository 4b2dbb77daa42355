"""`show NUMBER`: one order's history, its documents in PowerOffice, and what differs, if anything.

The history is the state database's. Both systems are asked how things stand now; where one
cannot be reached, that is said and the history is shown all the same. What differs is found in
comparison.py.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from woo2po.config import Settings
from woo2po.connections import Connections, open_poweroffice, open_shop
from woo2po.documents import PaymentWanted
from woo2po.http import RemoteError
from woo2po.messages import remedy, say, say_both
from woo2po.messages.message import Language, to_type, word
from woo2po.money import from_ore
from woo2po.next_step import Wanted
from woo2po.order import Order
from woo2po.pull import known_statuses
from woo2po.record import CreditNoteRecord, OrderRecord, Payment, Record, State, Write
from woo2po.report import fitted, kroner, noted_text, table, wrapped
from woo2po.run import recall_route
from woo2po.show import comparison
from woo2po.show.comparison import Compared
from woo2po.store import Store
from woo2po.transfer.wanted import Prepared, prepare
from woo2po.transfer.writes import Progress, Run


async def show_order(
    settings: Settings,
    clock: Callable[[], datetime],
    number: str,
    show: Callable[[str], None],
    connections: Connections | None = None,
) -> int | None:
    """Show an order; return the exit code, or None where no such order is known.

    0: in order. 1: held, or something differs. 3: a system could not be asked. Raises StateError.
    """
    connections = connections or Connections()
    with Store.in_memory(Path(settings.state.path)) as store:
        records = store.orders_called(number)
        code = 0
        for record in records:
            show(_history(store, record, settings))
            held = [record, *store.credit_notes_of(record.order_id)]
            code = max(code, *(int(one.hold is not None) for one in held))
            try:
                compared = await _compare(settings, clock, store, record, connections)
            except RemoteError as error:
                show(wrapped(say_both(error.code, settings.language, error.facts)))
                return 3
            for found in compared:
                show(found.text)
                code = max(code, int(found.differs))
        return code if records else None


async def _compare(
    settings: Settings,
    clock: Callable[[], datetime],
    store: Store,
    record: OrderRecord,
    connections: Connections,
) -> list[Compared]:
    """Compare the order with its documents as both stand now."""
    children = store.credit_notes_of(record.order_id)
    if not any(one.sales_order_id for one in (record, *children)):
        return []
    async with (
        open_shop(settings.woocommerce, connections) as shop,
        open_poweroffice(settings.poweroffice, connections) as go,
    ):
        recall_route(shop, store)
        await go.log_in()
        run = Run.of(settings, clock, store, shop, go)
        await run.catalogue.open()
        statuses = await known_statuses(shop, store, settings, clock())
        (prepared,) = await prepare(run, Progress(), statuses, [record.order_id], {})
        return await _compared(run, prepared, children)


async def _compared(
    run: Run, prepared: Prepared, children: list[CreditNoteRecord]
) -> list[Compared]:
    language, record, wanted = run.settings.language, prepared.record, prepared.wanted
    found: list[Compared] = []
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


# -- the history -----------------------------------------------------------------------------------


def _history(store: Store, order: OrderRecord, settings: Settings) -> str:
    """Return what is known of an order and its credit notes; times are those of the shop's zone."""
    language, zone = settings.language, ZoneInfo(settings.woocommerce.timezone)
    parts = [f"{fitted(order.number, 40)} (id {order.id}) — {word(order.state, language)}"]
    records: list[Record] = [order, *store.credit_notes_of(order.id)]
    for record in records:
        if isinstance(record, CreditNoteRecord):
            code = "show_cancellation" if record.refund_id is None else "show_refund"
            state = "credited" if record.state is State.INVOICED else record.state
            title = say(code, language, {"id": str(record.id)})
            parts.append(f"{title} — {word(state, language)}")
        parts += _reason(record, language)
        parts += _documents(store, record, language)
        for note in record.notes:
            what = remedy(note.code, language, note.facts)
            parts.append(noted_text(say(note.code, language, note.facts), what))
        parts += _writes(record.writes, language, zone)
    return "\n".join(parts)


def _reason(record: Record, language: Language) -> list[str]:
    reason = record.skip or record.hold
    if reason is None:
        return []
    facts = {**reason.facts, "order": to_type(record.number)}
    lines = [wrapped(fitted(say(reason.code, language, facts), 600), "  ", "  ")]
    what = remedy(reason.code, language, facts)
    return [*lines, wrapped(fitted(what, 600), "  → ", "    ")] if what else lines


def _documents(store: Store, record: Record, language: Language) -> list[str]:
    refund = isinstance(record, CreditNoteRecord)
    said = [
        ("reference", record.reference if record.sales_order_id else ""),
        ("sales_order", str(record.sales_order_no or "")),
        ("credit_note" if refund else "invoice", str(record.invoice_no or "")),
        ("total", "" if record.total_ore is None else kroner(from_ore(record.total_ore), language)),
        ("payback" if refund else "payment", _payment(store, record, language)),
        ("waits_for", word(f"waits_{record.waits}", language) if record.waits else ""),
    ]
    return [
        wrapped(f"{word(name, language) + ':':16}{value}", "  ", " " * 18)
        for name, value in said
        if value
    ]


def _payment(store: Store, record: Record, language: Language) -> str:
    """Return how far an order's money has come: amount, account, day and voucher."""
    if record.payment is Payment.NONE:
        return ""
    money = ""
    if record.payment_body:
        noted = PaymentWanted.from_text(record.payment_body)
        amount = kroner(abs(noted.amount), language)
        money = f"{amount} {word('on_account', language)} {noted.account_no}: "
    made = record.payment is Payment.MADE
    posted = store.posted(record.id) if made else []
    state = "payment_found" if made and not posted else f"payment_{record.payment}"
    voucher = word("voucher", language)
    said = [f"{day}, {voucher} {number}" if number else f"{day}" for day, number in posted]
    return f"{money}{word(state, language)} {'; '.join(said)}".rstrip()


def _writes(writes: tuple[Write, ...], language: Language, zone: ZoneInfo) -> list[str]:
    rows = [
        [
            write.last_attempt.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S"),
            word(f"write_{write.kind}", language),
            word(f"outcome_{write.outcome}", language),
            str(write.attempts),
        ]
        for write in writes
    ]
    headers = [word(name, language) for name in ("when", "what", "result", "attempts")]
    return ["  " + line for line in table(rows, headers, right=(3,)).splitlines()] if rows else []
