"""What a rehearsed run would do with an order and its refunds, as text for people."""

from collections import Counter
from collections.abc import Sequence
from typing import TypeVar

from woo2po.documents import CustomerSeen, Documents, InvoiceWanted, PaymentWanted
from woo2po.holds import Hold, Skip
from woo2po.messages import remedy, say
from woo2po.messages.message import Language
from woo2po.money import ZERO
from woo2po.next_step import (
    Adopt,
    Cancel,
    CreateSalesOrder,
    CreditWhole,
    DeleteDraft,
    Done,
    EditDraft,
    Forget,
    NotePayment,
    NotWanted,
    PutAside,
    SendInvoice,
    Step,
    Wanted,
)
from woo2po.record import OrderRecord
from woo2po.rehearsal import Decided, Rehearsal
from woo2po.report import documents_text, fitted, kroner, wrapped
from woo2po.transfer import Transfer

# What each step is counted as.
_COUNTED: dict[type[Step], str] = {
    CreateSalesOrder: "made",
    EditDraft: "changed",
    SendInvoice: "invoiced",
    DeleteDraft: "deleted",
    Cancel: "cancelled",
    Forget: "cancelled",
    PutAside: "skipped",
}
_ENDS = (Cancel, CreditWhole, Done, Forget, PutAside)
_Step = TypeVar("_Step", bound=Step)


def foretold(t: Transfer, rehearsal: Rehearsal, order_id: int) -> tuple[str, Counter[str]]:
    """Return what a run would do with an order and its refunds, and what it would count.

    Both are empty for an order that the rehearsal did not come to.
    """
    decided = rehearsal.decided.get(order_id, ())
    if not decided:
        return "", Counter()
    reason = _reason(t, decided)
    lines = _order_lines(t, decided, reason)
    counts = _counted(decided, reason)
    for child in t.store.refunds_of(order_id):
        decided = rehearsal.decided.get(child.order_id, ())
        if decided:
            reason = _reason(t, decided)
            lines += _credit_note_lines(t, decided, reason)
            of_child = _counted(decided, reason)
            counts += Counter({"credited": of_child["made"]})
            counts += Counter({name: of_child[name] for name in ("held", "waiting")})
    return "\n".join(lines) + "\n", counts or Counter({"unchanged"})


def _reason(t: Transfer, decided: Sequence[Decided]) -> Hold | Skip | None:
    """Return why the order is held or skipped after the rehearsal, if it is."""
    aside = _find(decided, PutAside)
    if aside is not None:
        return aside.skip
    now = t.store.order(decided[0].record.order_id)
    return now.hold if now is not None and not now.todo else None


def _find(decided: Sequence[Decided], kind: type[_Step]) -> _Step | None:
    return next((one.step for one in decided if isinstance(one.step, kind)), None)


def _counted(decided: Sequence[Decided], reason: Hold | Skip | None) -> Counter[str]:
    kinds = {type(one.step) for one in decided}
    counts = Counter({name for kind, name in _COUNTED.items() if kind in kinds})
    if counts["deleted"]:
        del counts["cancelled"]
    if isinstance(reason, Hold):
        counts["held"] = 1
    elif not isinstance(decided[-1].step, _ENDS):
        counts["waiting"] = 1
    return counts


def _order_lines(t: Transfer, decided: Sequence[Decided], reason: Hold | Skip | None) -> list[str]:
    language, number = t.settings.language, fitted(decided[0].record.number, 30)
    what = _what(t, decided, reason)
    if what is None and reason is not None:
        return _reason_lines(reason, language, f"{number}: ", "")
    what = what or say("preview_waits", language)
    lines = [wrapped(f"{number}: {what}", "", "  "), *_contents(decided, language)]
    return lines + (_reason_lines(reason, language) if reason else [])


def _what(t: Transfer, decided: Sequence[Decided], reason: Hold | Skip | None) -> str | None:
    """Return in a sentence what becomes of an order; None: it is held, skipped or unanswered."""
    language, record, wanted = t.settings.language, decided[0].record, decided[-1].wanted
    facts = {"sales_order": str(record.sales_order_no or ""), "invoice": str(record.invoice_no)}
    if isinstance(wanted, NotWanted):
        return _what_of_one_that_is_off(decided, wanted, facts, language)
    if _find(decided, CreateSalesOrder) and isinstance(wanted, Wanted):
        return _customer(t, wanted.documents)
    for kind, code in ((EditDraft, "preview_changes"), (Adopt, "preview_found")):
        if any(isinstance(one.step, kind) for one in decided):
            return say(code, language, facts)
    if reason is not None or not isinstance(decided[-1].step, _ENDS):
        return None
    code = "preview_unchanged" if record.invoice_no is None else "preview_invoice_stands"
    return say(code, language, facts)


def _what_of_one_that_is_off(
    decided: Sequence[Decided], wanted: NotWanted, facts: dict[str, str], language: Language
) -> str | None:
    facts = {**facts, "status": wanted.status}
    if _find(decided, DeleteDraft):
        return say("preview_deletes", language, facts)
    if _find(decided, CreditWhole):
        return say("preview_credits", language, facts)
    if _find(decided, Cancel) and wanted.refunded:
        return say("refunded_before_transfer", language)
    ended = isinstance(decided[-1].step, _ENDS)
    return say("not_transferred", language, facts) if ended else None


def _customer(t: Transfer, documents: Documents) -> str:
    """Return which customer in PowerOffice an order goes to: seen, known before, or to be made."""
    language, sought = t.settings.language, documents.customer
    if sought.collective_number is None and t.store.customer(sought.customer.reference):
        return say("customer_known", language)
    chosen = t.directory.choose(sought)
    if isinstance(chosen, CustomerSeen):
        return say("customer_exists", language, {"number": str(chosen.number)})
    return say("customer_new", language)


def _credit_note_lines(
    t: Transfer, decided: Sequence[Decided], reason: Hold | Skip | None
) -> list[str]:
    language, record = t.settings.language, decided[0].record
    code = "preview_credit_note" if record.order_id > 0 else "preview_credit_whole"
    title = say(code, language, {"refund": str(record.order_id)})
    lines = ["", f"  {title}", *_contents(decided, language)]
    return lines + (_reason_lines(reason, language) if reason else [])


def _contents(decided: Sequence[Decided], language: Language) -> list[str]:
    """Return the documents where they are made or changed, and what follows them."""
    wanted, lines = decided[-1].wanted, []
    kinds = {type(one.step) for one in decided}
    made = bool(kinds & {CreateSalesOrder, EditDraft, Adopt})
    if made and isinstance(wanted, Wanted):
        lines.append(documents_text(wanted.documents, language))
    send, note = _find(decided, SendInvoice), _find(decided, NotePayment)
    if send is not None:
        lines.append(wrapped(_invoice(send.wanted, decided[0].record, language), "  ", "    "))
    if note is not None:
        stands = send is not None or decided[0].record.invoice_no is not None
        lines.append(f"  {_payment(note.payment, language, stands=stands)}")
    if made and isinstance(wanted, Wanted):
        notes = wanted.documents.notes
        lines += [wrapped(say(n.code, language, n.facts), "  ! ", "    ") for n in notes]
    return lines


def _invoice(wanted: InvoiceWanted, record: OrderRecord, language: Language) -> str:
    code = "preview_invoice" if record.parent_id is None else "preview_dated"
    said = say(code, language, {"day": wanted.day.isoformat()})
    if wanted.moved_from is None:
        return said
    return f"{said} {say('preview_moved', language, {'day': wanted.moved_from.isoformat()})}"


def _payment(payment: PaymentWanted, language: Language, *, stands: bool) -> str:
    """Return what is posted; where no invoice stands yet, only once there is one."""
    facts = {
        "day": payment.day.isoformat(),
        "account": str(payment.account_no),
        "amount": kroner(abs(payment.amount)),
    }
    code = "preview_payback" if payment.amount < ZERO else "preview_payment"
    said = say(code, language, facts)
    return said if stands else f"{said}, {say('preview_later', language)}"


def _reason_lines(
    reason: Hold | Skip, language: Language, first: str = "  ", rest: str = "  "
) -> list[str]:
    lines = [wrapped(first + say(reason.code, language, reason.facts), "", rest or "  ")]
    what = remedy(reason.code, language, reason.facts)
    return [*lines, wrapped(what, "  → ", "    ")] if what else lines
