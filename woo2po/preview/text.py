"""What a rehearsed run would do with an order and its refunds, as text for people."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from woo2po.delivery.transfer import Transfer
from woo2po.documents import CustomerSeen, Documents, InvoiceWanted, PaymentWanted
from woo2po.holds import Hold, Skip
from woo2po.messages import remedy, say
from woo2po.messages.message import Language, to_type
from woo2po.money import ZERO
from woo2po.next_step import (
    Cancel,
    CreateSalesOrder,
    CreditWhole,
    DeleteDraft,
    Done,
    EditDraft,
    Forget,
    LookAgain,
    NotWanted,
    PutAside,
    SendInvoice,
    Step,
    Wanted,
)
from woo2po.preview.rehearsal import Decided, Rehearsal
from woo2po.record import OrderRecord, Payment
from woo2po.report import documents_text, fitted, kroner, wrapped

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
_ENDS = (Cancel, CreditWhole, Done, Forget, LookAgain, PutAside)
_Step = TypeVar("_Step", bound=Step)


@dataclass(frozen=True, slots=True)
class _Fate:
    """What became of one order, or one credit note, in the rehearsal."""

    before: OrderRecord
    after: OrderRecord | None  # None: nothing of it is left
    decided: Sequence[Decided]
    reason: Hold | Skip | None  # it is held or skipped from now on

    @property
    def wanted(self) -> Wanted | Hold | Skip | NotWanted | None:
        return self.decided[-1].wanted if self.decided else None

    @property
    def ended(self) -> bool:
        return not self.decided or isinstance(self.decided[-1].step, _ENDS)

    @property
    def found(self) -> bool:
        """Tell whether a document of it was there already, not made by this database."""
        return bool(self.before.found) and not self.before.wanted_digest

    def step(self, kind: type[_Step]) -> _Step | None:
        return next((one.step for one in self.decided if isinstance(one.step, kind)), None)


def foretold(t: Transfer, rehearsal: Rehearsal, order_id: int) -> tuple[str, Counter[str]]:
    """Return what a run would do with an order and its refunds, and what it would count.

    Both are empty for an order that the rehearsal did not come to.
    """
    fate = _fate(t, rehearsal, order_id)
    if fate is None:
        return "", Counter()
    lines, counts = _order_lines(t, fate), _counted(fate)
    for child in t.store.refunds_of(order_id):
        fate = _fate(t, rehearsal, child.order_id)
        if fate is not None:
            lines += ["", *_credit_note_lines(fate, t.settings.language)]
            of_child = _counted(fate)
            counts += Counter({"credited": of_child["made"]})
            counts += Counter({name: of_child[name] for name in ("held", "waiting")})
    return "\n".join(lines) + "\n", counts or Counter({"unchanged"})


def _fate(t: Transfer, rehearsal: Rehearsal, order_id: int) -> _Fate | None:
    decided, after = rehearsal.decided.get(order_id, ()), t.store.order(order_id)
    held = order_id in rehearsal.held
    due = after is not None and after.parent_id is not None and after.payment is Payment.DUE
    before = decided[0].record if decided else after
    if before is None or not (decided or held or due):
        return None
    aside = next((one.step.skip for one in decided if isinstance(one.step, PutAside)), None)
    reason = after.hold if after is not None and held else aside
    return _Fate(before, after, decided, reason)


def _counted(fate: _Fate) -> Counter[str]:
    kinds = {type(one.step) for one in fate.decided}
    counts = Counter({name for kind, name in _COUNTED.items() if kind in kinds})
    if counts["deleted"]:
        del counts["cancelled"]
    if isinstance(fate.reason, Hold):
        counts["held"] = 1
    elif not fate.ended:
        counts["waiting"] = 1
    return counts


def _order_lines(t: Transfer, fate: _Fate) -> list[str]:
    language, number = t.settings.language, fitted(fate.before.number, 30)
    what = _what(t, fate)
    if what is None and fate.reason is not None:
        return _reason_lines(fate, language, f"{number}: ", "")
    what = what or say("preview_waits", language)
    lines = [wrapped(f"{number}: {what}", "", "  "), *_contents(fate, language)]
    return lines + _reason_lines(fate, language)


def _what(t: Transfer, fate: _Fate) -> str | None:
    """Return in a sentence what becomes of an order; None: it is held, skipped or unanswered."""
    language, record, wanted = t.settings.language, fate.before, fate.wanted
    facts = {"sales_order": str(record.sales_order_no or ""), "invoice": str(record.invoice_no)}
    if isinstance(wanted, NotWanted):
        return _what_of_one_that_is_off(fate, wanted, facts, language)
    if fate.step(CreateSalesOrder) and isinstance(wanted, Wanted):
        return _customer(t, wanted.documents)
    if fate.step(EditDraft):
        return say("preview_changes", language, facts)
    if fate.found:
        return say("preview_found", language)
    if fate.reason is not None or not fate.ended:
        return None
    if record.found and not record.wanted_digest:
        return say("preview_found", language)
    code = "preview_unchanged" if record.invoice_no is None else "preview_invoice_stands"
    return say(code, language, facts)


def _what_of_one_that_is_off(
    fate: _Fate, wanted: NotWanted, facts: dict[str, str], language: Language
) -> str | None:
    facts = {**facts, "status": wanted.status}
    if fate.step(DeleteDraft):
        return say("preview_deletes", language, facts)
    if fate.step(CreditWhole):
        return say("preview_credits", language, facts)
    if fate.step(LookAgain):
        return say("preview_found", language)
    if fate.step(Cancel) and wanted.refunded:
        return say("refunded_before_transfer", language)
    return say("not_transferred", language, facts) if fate.ended else None


def _customer(t: Transfer, documents: Documents) -> str:
    """Return which customer in PowerOffice an order goes to: seen, known before, or to be made."""
    language, sought = t.settings.language, documents.customer
    if sought.collective_number is None and t.store.customer(sought.customer.reference):
        return say("customer_known", language)
    chosen = t.directory.choose(sought)
    if isinstance(chosen, CustomerSeen):
        return say("customer_exists", language, {"number": str(chosen.number)})
    return say("customer_new", language)


def _credit_note_lines(fate: _Fate, language: Language) -> list[str]:
    refund = fate.before.order_id
    code = "preview_credit_note" if refund > 0 else "preview_credit_whole"
    lines = [f"  {say(code, language, {'refund': str(refund)})}", *_contents(fate, language)]
    if not fate.ended and fate.reason is None:
        lines.append(wrapped(say("preview_waits", language), "  ", "  "))
    return lines + _reason_lines(fate, language)


def _contents(fate: _Fate, language: Language) -> list[str]:
    """Return the documents where they are made or changed, and what follows them."""
    wanted, lines, notes = fate.wanted, [], []
    made = any(isinstance(one.step, CreateSalesOrder | EditDraft) for one in fate.decided)
    if (made or fate.found) and isinstance(wanted, Wanted):
        lines.append(documents_text(wanted.documents, language))
        notes = [say(note.code, language, note.facts) for note in wanted.documents.notes]
    send = fate.step(SendInvoice)
    if send is not None:
        lines.append(wrapped(_invoice(send.wanted, fate.before, language), "  ", "    "))
    if fate.after is not None and fate.after.payment is Payment.DUE:
        lines.append(f"  {_payment(fate.after, language)}")
    return lines + [wrapped(note, "  ! ", "    ") for note in notes]


def _invoice(wanted: InvoiceWanted, record: OrderRecord, language: Language) -> str:
    code = "preview_invoice" if record.parent_id is None else "preview_dated"
    said = say(code, language, {"day": wanted.day.isoformat()})
    if wanted.moved_from is None:
        return said
    return f"{said} {say('preview_moved', language, {'day': wanted.moved_from.isoformat()})}"


def _payment(record: OrderRecord, language: Language) -> str:
    """Return what is posted; where no invoice stands yet, only once there is one."""
    payment = PaymentWanted.from_text(record.payment_body)
    facts = {
        "day": payment.day.isoformat(),
        "account": str(payment.account_no),
        "amount": kroner(abs(payment.amount)),
    }
    code = "preview_payback" if payment.amount < ZERO else "preview_payment"
    said = say(code, language, facts)
    return said if record.invoice_no is not None else f"{said}, {say('preview_later', language)}"


def _reason_lines(
    fate: _Fate, language: Language, first: str = "  ", rest: str = "  "
) -> list[str]:
    reason = fate.reason
    if reason is None:
        return []
    lines = [wrapped(first + say(reason.code, language, reason.facts), "", rest or "  ")]
    facts = {**reason.facts, "order": to_type(fate.before.number)}
    what = remedy(reason.code, language, facts)
    return [*lines, wrapped(what, "  → ", "    ")] if what else lines
