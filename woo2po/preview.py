"""`run --dry-run`: the same way as a run, up to the first write, and the documents as text.

The state database is copied into memory and the copy is used, so that neither it nor either
system is written to; what a run would record is simply forgotten at the end.
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from woo2po.catalogue_cache import Shelf
from woo2po.connections import Connections, open_poweroffice, open_shop
from woo2po.database import StateError
from woo2po.documents import CustomerSeen, Documents, InvoiceWanted, PaymentWanted
from woo2po.holds import Hold, Skip
from woo2po.looking import look
from woo2po.messages import remedy, say
from woo2po.messages.message import Language
from woo2po.next_step import NotWanted, Wanted
from woo2po.poll import Outcome, Wish, queue_held, recall_ways
from woo2po.pull import Pulled, StatusNotInShop, pull
from woo2po.push import CHUNK
from woo2po.record import OrderRecord
from woo2po.report import documents_text, fitted, kroner, wrapped
from woo2po.settings import Settings
from woo2po.store import Store
from woo2po.transfer import Transfer
from woo2po.transport import RemoteError
from woo2po.wanting import Prepared, prepare
from woo2po.woocommerce import Shop

Say = Callable[[str], None]


async def preview(
    settings: Settings,
    clock: Callable[[], datetime],
    wish: Wish,
    show: Say,
    connections: Connections | None = None,
) -> Outcome:
    """Show order by order what a run would make; nothing is written anywhere.

    Returns exit code 1 where an order would be held. Raises WrongNumber.
    """
    outcome = Outcome()
    try:
        with Store.in_memory(Path(settings.state.path)) as store:
            await _preview(
                settings, clock, wish, show, connections or Connections(), store, outcome
            )
    except StateError as error:
        return Outcome(error.exit_code, problem=error.code, facts=error.facts)
    except StatusNotInShop as error:
        return Outcome(2, problem=error.code, facts=error.facts)
    except RemoteError as error:
        return Outcome(3, problem=error.code, facts=dict(error.facts))
    return outcome


async def _preview(
    settings: Settings,
    clock: Callable[[], datetime],
    wish: Wish,
    show: Say,
    connections: Connections,
    store: Store,
    outcome: Outcome,
) -> None:
    async with open_shop(settings, connections) as shop:
        recall_ways(shop, store)
        pulled = await _pulled(shop, store, settings, wish, clock())
        ids = pulled.changed if wish.numbers else store.to_do()[: wish.limit]
        if not ids:
            show(say("preview_nothing", settings.language))
            return
        async with open_poweroffice(settings, connections) as go:
            await go.log_in()
            shelf = Shelf(go, store, clock)
            await shelf.open()
            await look(go, store, settings)
            t = Transfer(settings, store, go, clock, shelf)
            for start in range(0, len(ids), CHUNK):
                chunk = ids[start : start + CHUNK]
                for prepared in await prepare(t, shop, pulled.statuses, chunk, pulled.in_hand):
                    _show(t, prepared, show, outcome)
    n = {name: str(count) for name, count in outcome.counts.items()}
    facts = {"made": "0", "changed": "0", "held": "0", "skipped": "0", **n}
    show(wrapped(say("preview_end", settings.language, facts)))


async def _pulled(
    shop: Shop, store: Store, settings: Settings, wish: Wish, now: datetime
) -> Pulled:
    if wish.numbers:
        from woo2po.one_order import find_and_queue  # noqa: PLC0415 (as in poll)

        return await find_and_queue(shop, store, settings, wish.numbers, now)
    pulled = await pull(shop, store, settings, now)
    queue_held(store, settings, now)
    return pulled


def _show(t: Transfer, prepared: Prepared, show: Say, outcome: Outcome) -> None:
    """Show one order, and count it as a run would."""
    language, record, wanted = t.settings.language, prepared.record, prepared.wanted
    number = fitted(record.number, 30)
    customer = _customer(t, wanted.documents) if isinstance(wanted, Wanted) else None
    found = customer if isinstance(customer, Hold) else wanted
    match found:
        case Wanted(documents):
            kind = _show_documents(t, prepared, documents, customer, show)
        case Hold(code, facts) | Skip(code, facts):
            kind = "held" if isinstance(found, Hold) else "skipped"
            show(wrapped(f"{number}: {say(code, language, facts)}", "", "  "))
            show(wrapped(remedy(code, language, facts), "  → ", "    ") + "\n")
        case NotWanted(status, refunded):
            kind = "cancelled"
            code = "refunded_before_transfer" if refunded else "not_transferred"
            show(f"{number}: {say(code, language, {'status': status})}\n")
    outcome.counts[kind] = outcome.counts.get(kind, 0) + 1
    outcome.exit_code = max(outcome.exit_code, int(kind == "held"))


def _show_documents(
    t: Transfer, prepared: Prepared, documents: Documents, customer: object, show: Say
) -> str:
    language, record, wanted = t.settings.language, prepared.record, prepared.wanted
    number = fitted(record.number, 30)
    if isinstance(wanted, Wanted) and record.wanted_digest == wanted.digest:
        show(f"{number}: {say('preview_unchanged', language, _draft(record))}\n")
        return "unchanged"
    if record.sales_order_id and not _just_found(record):
        what, kind = say("preview_changes", language, _draft(record)), "changed"
    elif record.found:
        what, kind = say("preview_found", language), "unchanged"
    elif isinstance(customer, CustomerSeen):
        what, kind = say("customer_exists", language, {"number": str(customer.number)}), "made"
    else:
        what, kind = say("customer_known" if customer else "customer_new", language), "made"
    show(f"{number}: {what}\n{documents_text(documents, language)}")
    for line in _what_follows(prepared, language):
        show(f"  {line}")
    show("")
    for note in documents.notes:
        show(wrapped(say(note.code, language, note.facts), "  ! ", "    "))
    return kind


def _what_follows(prepared: Prepared, language: Language) -> list[str]:
    """Return what the invoice and the payment would be, or why not, a line each."""
    wanted = prepared.wanted
    if not isinstance(wanted, Wanted):
        return []
    lines = []
    if isinstance(wanted.invoice, InvoiceWanted):
        facts = {"day": wanted.invoice.day.isoformat()}
        lines.append(say("preview_invoice", language, facts))
    if isinstance(wanted.payment, PaymentWanted):
        facts = {
            "day": wanted.payment.day.isoformat(),
            "account": str(wanted.payment.account_no),
            "amount": kroner(wanted.payment.amount),
        }
        lines.append(say("preview_payment", language, facts))
    return lines + [
        say(reason.code, language, reason.facts)
        for reason in (wanted.invoice, wanted.payment)
        if isinstance(reason, Hold)
    ]


def _just_found(record: OrderRecord) -> bool:
    return bool(record.found) and not record.wanted_digest


def _draft(record: OrderRecord) -> dict[str, str]:
    return {"sales_order": str(record.sales_order_no or "")}


def _customer(t: Transfer, documents: Documents) -> CustomerSeen | Hold | int | None:
    """Return the customer in PowerOffice: seen, known by id alone, to be made, or why not."""
    sought = documents.customer
    known = None if sought.collective_number else t.store.customer(sought.customer.reference)
    return known or t.directory.choose(sought)
