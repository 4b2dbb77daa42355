"""What the state database knows of an order and its credit notes, as text for people."""

from zoneinfo import ZoneInfo

from woo2po.documents import PaymentWanted
from woo2po.messages import remedy, say
from woo2po.messages.message import Language, to_type, word
from woo2po.money import from_ore
from woo2po.record import CreditNoteRecord, Payment, Record, State, Write
from woo2po.report import fitted, kroner, noted_text, table, wrapped
from woo2po.store import Store


def history_text(store: Store, record: Record, language: Language, zone: str) -> str:
    """Return what is known of an order and its credit notes: references, numbers, writes.

    Times are those of the zone.
    """
    head = f"{fitted(record.number, 40)} (id {record.order_id}) — {word(record.state, language)}"
    blocks = [[head, *_of_one(store, record, language, zone)]]
    for child in store.credit_notes_of(record.order_id):
        code = "show_refund" if child.refund_id is not None else "show_cancellation"
        title = say(code, language, {"id": str(child.id)})
        state = "credited" if child.state is State.INVOICED else child.state
        blocks.append(
            [f"{title} — {word(state, language)}", *_of_one(store, child, language, zone)]
        )
    return "\n".join("\n".join(part for part in block if part) for block in blocks)


def _of_one(store: Store, record: Record, language: Language, zone: str) -> list[str]:
    return [
        *_reason(record, language),
        _documents(store, record, language),
        *(
            noted_text(say(n.code, language, n.facts), remedy(n.code, language, n.facts))
            for n in record.notes
        ),
        _writes(record.writes, language, ZoneInfo(zone)),
    ]


def _reason(record: Record, language: Language) -> list[str]:
    reason = record.skip or record.hold
    if reason is None:
        return []
    lines = [wrapped(fitted(say(reason.code, language, reason.facts), 600), "  ", "  ")]
    facts = {**reason.facts, "order": to_type(record.number)}
    what = remedy(reason.code, language, facts)
    return [*lines, wrapped(fitted(what, 600), "  → ", "    ")] if what else lines


def _documents(store: Store, record: Record, language: Language) -> str:
    refund = isinstance(record, CreditNoteRecord)
    said = [
        ("reference", record.reference if record.sales_order_id else ""),
        ("sales_order", str(record.sales_order_no or "")),
        ("credit_note" if refund else "invoice", str(record.invoice_no or "")),
        ("total", "" if record.total_ore is None else kroner(from_ore(record.total_ore), language)),
        ("payback" if refund else "payment", _payment(store, record, language)),
        ("waits_for", word(f"waits_{record.waits}", language) if record.waits else ""),
    ]
    lines = ((f"{word(name, language)}:", value) for name, value in said if value)
    return "\n".join(wrapped(f"{name:16}{value}", "  ", " " * 18) for name, value in lines)


def _payment(store: Store, record: Record, language: Language) -> str:
    """Return how far an order's money has come: amount, account, day and voucher."""
    if record.payment is Payment.NONE:
        return ""
    noted = PaymentWanted.from_text(record.payment_body) if record.payment_body else None
    on_account = word("on_account", language)
    money = ""
    if noted is not None:
        amount = kroner(abs(noted.amount), language)
        money = f"{amount} {on_account} {noted.account_no}: "
    posted = store.posted(record.id) if record.payment is Payment.MADE else []
    if record.payment is Payment.MADE and not posted:
        state = word("payment_found", language)
    else:
        state = word(f"payment_{record.payment}", language)
    vouchers = "; ".join(_voucher(day.isoformat(), number, language) for day, number in posted)
    return f"{money}{state} {vouchers}".rstrip()


def _voucher(day: str, number: int | None, language: Language) -> str:
    return f"{day}, {word('voucher', language)} {number}" if number else day


def _writes(writes: tuple[Write, ...], language: Language, zone: ZoneInfo) -> str:
    rows = [
        [
            write.last_attempt.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S"),
            word(f"write_{write.kind}", language),
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
