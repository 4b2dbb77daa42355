"""`show NUMBER`: one order's history, its documents in PowerOffice, and what differs, if anything.

The history is the state database's. Both systems are asked how things stand now; where one
cannot be reached, that is said and the history is shown all the same.
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from woo2po.catalogue_cache import Shelf
from woo2po.connections import Connections, open_poweroffice, open_shop
from woo2po.documents import DocumentSeen
from woo2po.mapping import totals
from woo2po.messages import remedy, say, say_both
from woo2po.messages.message import Language
from woo2po.money import from_ore
from woo2po.next_step import Wanted
from woo2po.poll import recall_ways
from woo2po.pull import known_statuses
from woo2po.record import OrderRecord, Write
from woo2po.report import fitted, kroner, table, word, wrapped
from woo2po.settings import Settings
from woo2po.store import Store
from woo2po.transfer import Transfer
from woo2po.transport import RemoteError
from woo2po.wanting import prepare

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
            show(history_text(store, record, settings.language))
            held = [record, *store.refunds_of(record.order_id)]
            code = max(code, *(int(one.hold is not None) for one in held))
            try:
                differs = await _compare(
                    settings, clock, store, record, show, connections or Connections()
                )
            except RemoteError as error:
                show(wrapped(say_both(error.code, settings.language, error.facts)))
                return 3
            code = max(code, int(differs))
        return code


def history_text(store: Store, record: OrderRecord, language: Language) -> str:
    """Return what the state database knows of an order and its refunds."""
    head = f"{fitted(record.number, 40)} (id {record.order_id}) — {word(record.state, language)}"
    parts = [head, *_reason(record, language), _documents(record, language)]
    parts.append(_writes(record.writes, language))
    for child in store.refunds_of(record.order_id):
        title = say("show_refund", language, {"id": str(child.order_id)})
        parts += [f"{title} — {word(child.state, language)}", *_reason(child, language)]
        parts += [_documents(child, language), _writes(child.writes, language)]
    return "\n".join(part for part in parts if part)


def _reason(record: OrderRecord, language: Language) -> list[str]:
    reason = record.skip or record.hold
    if reason is None:
        return []
    lines = [wrapped(fitted(say(reason.code, language, reason.facts), 600), "  ", "  ")]
    what = remedy(reason.code, language, reason.facts)
    return [*lines, wrapped(fitted(what, 600), "  → ", "    ")] if what else lines


def _documents(record: OrderRecord, language: Language) -> str:
    said = [
        ("reference", record.reference),
        ("sales_order", str(record.sales_order_no or "")),
        ("invoice", str(record.invoice_no or "")),
        ("total", "" if record.total_ore is None else kroner(from_ore(record.total_ore))),
        ("payment", word(f"payment_{record.payment or 'none'}", language)),
    ]
    return "\n".join(f"  {word(name, language) + ':':16}{value}" for name, value in said if value)


def _writes(writes: tuple[Write, ...], language: Language) -> str:
    rows = [
        [
            write.last_attempt.isoformat(timespec="seconds").replace("+00:00", "Z"),
            write.kind.value,
            word(f"outcome_{write.outcome}", language),
            str(write.attempts),
        ]
        for write in writes
    ]
    if not rows:
        return ""
    headers = [word(name, language) for name in ("when", "what", "result", "attempts")]
    lines = table(rows, headers, right=(3,)).splitlines()
    return "\n".join("  " + line for line in lines)


async def _compare(
    settings: Settings,
    clock: Callable[[], datetime],
    store: Store,
    record: OrderRecord,
    show: Show,
    connections: Connections,
) -> bool:
    """Compare the order with its document as both stand now; tell whether they differ."""
    if not record.sales_order_id:
        return False
    async with (
        open_shop(settings, connections) as shop,
        open_poweroffice(settings, connections) as go,
    ):
        recall_ways(shop, store)
        await go.log_in()
        shelf = Shelf(go, store, clock)
        await shelf.open()
        t = Transfer(settings, store, go, clock, shelf)
        statuses = await known_statuses(shop, store, settings, clock())
        prepared = await prepare(t, shop, statuses, [record.order_id], {})
        wanted = prepared[0].wanted
        if not isinstance(wanted, Wanted):
            return False
        if record.invoice_no is not None:
            found = await go.invoices(numbers=[record.invoice_no])
            return _invoice_differs(found, record, settings.language, show)
        seen = await go.draft(record.sales_order_id)
        if seen is None:
            found = await go.invoices(matching_references=[record.matching_reference])
            mine = [one for one in found if one.reference == record.reference]
            return _invoice_differs(mine, record, settings.language, show)
        hold = totals.difference(wanted.documents.sales_order, seen)
        if hold is None:
            show("  " + say("show_equal", settings.language))
        else:
            show(wrapped(say_both(hold.code, settings.language, hold.facts), "  ", "  "))
        return hold is not None


def _invoice_differs(
    found: list[DocumentSeen], record: OrderRecord, language: Language, show: Show
) -> bool:
    if not found:
        show("  " + say("show_gone", language))
        return True
    invoice = found[0]
    facts = {
        "invoice": str(invoice.invoice_no),
        "total": kroner(invoice.total),
        "balance": kroner(invoice.balance),
    }
    show("  " + say("show_invoice", language, facts))
    return record.total_ore is not None and invoice.total != from_ore(record.total_ore)
