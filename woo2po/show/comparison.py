"""An order as it is in the shop now, against its documents in PowerOffice, as text for people.

Pure: what both systems said is handed in.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from woo2po import mapping
from woo2po.catalogue import Catalogue
from woo2po.config import Settings
from woo2po.documents import (
    ROUNDING_REFERENCE,
    DocumentSeen,
    DraftSeen,
    LineKind,
    LineSeen,
    OrderLine,
    Rounding,
)
from woo2po.holds import Hold, Skip
from woo2po.mapping.prices import line_amounts
from woo2po.messages import say, say_both
from woo2po.messages.message import Language, figure_in, to_type, word
from woo2po.money import ORE, ZERO, to_ore
from woo2po.next_step import NotWanted, Outlook, Wanted
from woo2po.order import Order
from woo2po.record import CreditNoteRecord, Record
from woo2po.report import fitted, kroner, plain, table, wrapped

# What PowerOffice's rounding may make of one piece of a line: it may cut prices too.
_ROUNDED = ORE + ORE / 2
_Line = TypeVar("_Line", LineSeen, OrderLine)


@dataclass(frozen=True, slots=True)
class Compared:
    """Lines of text, and whether they tell of a difference."""

    text: str
    differs: bool = False


def in_the_shop(wanted: Outlook, language: Language) -> list[Compared]:
    """Return what an order that has documents became in the shop, if that is no order to carry."""
    match wanted:
        case NotWanted(status):
            code = "show_gone_from_shop" if status == "deleted" else "show_off"
            return [_found(say(code, language, {"status": status}), differs=True)]
        case Hold(code, facts) | Skip(code, facts):
            said = f"{say('show_unfit', language)} {say(code, language, facts)}"
            return [_found(said, differs=True)]
    return []


def documents(
    records: Sequence[Record], seen: Mapping[int, DocumentSeen], language: Language
) -> list[Compared]:
    """Return how the invoice and the credit notes stand in PowerOffice."""
    pairs = ((one, seen.get(one.invoice_no)) for one in records if one.invoice_no is not None)
    return [_document(record, document, language) for record, document in pairs]


def _document(record: Record, seen: DocumentSeen | None, language: Language) -> Compared:
    credit = isinstance(record, CreditNoteRecord)
    facts = {"invoice": str(record.invoice_no)}
    if seen is None:
        code = "show_credit_note_gone" if credit else "show_invoice_gone"
        return _found(say(code, language, facts), differs=True)
    facts |= {
        "total": kroner(seen.total, language),
        "balance": kroner(seen.balance, language),
        "day": seen.day.isoformat() if seen.day else "",
    }
    said = say("show_credit_note" if credit else "show_invoice", language, facts)
    ours = record.total_ore
    return _found(said, differs=ours is not None and to_ore(seen.total) != ours)


def invoice(
    record: Record,
    wanted: Wanted,
    seen: DocumentSeen,
    lines: Sequence[LineSeen],
    language: Language,
) -> list[Compared]:
    """Return whether an invoice is still the order in the shop, and the lines that are not.

    `lines` are the invoice's; none where PowerOffice does not show them.
    """
    if not is_changed(record, wanted, seen):
        return [_found(say("show_invoice_equal", language))]
    order = wanted.documents.sales_order
    pairs = differing(lines, order.lines) if lines else []
    if lines and not pairs:
        return [_found(say("show_changed_head", language), differs=True)]
    text = _table(pairs, seen.total, order.amounts.total, language)
    return [_found(say("show_changed", language), differs=True), Compared(text, differs=True)]


def is_changed(record: Record, wanted: Wanted, seen: DocumentSeen) -> bool:
    """Tell whether the order in the shop is another one than was invoiced."""
    total = wanted.documents.sales_order.amounts.total
    same = record.wanted_digest in {"", wanted.digest} and to_ore(seen.total) == to_ore(total)
    return not same


def draft(
    record: Record, wanted: Wanted, seen: DraftSeen, settings: Settings, catalogue: Catalogue
) -> list[Compared]:
    """Return whether a draft is equal to the order, to the øre, and the lines that are not.

    A rounding line that it needs is no difference.
    """
    language, order = settings.language, wanted.documents.sales_order
    needed = mapping.corrected(order, seen, settings, catalogue)
    hold = needed if isinstance(needed, Hold) else mapping.difference(needed, seen)
    if hold is None:
        return [_found(say("show_equal", language))]
    behind = record.wanted_digest not in {"", wanted.digest}
    facts = {**hold.facts, "order": to_type(record.number)}
    said = say("show_behind", language) if behind else say_both(hold.code, language, facts)
    pairs = differing(seen.lines, order.lines)
    found = [_found(said, differs=True)]
    text = _table(pairs, seen.total, order.amounts.total, language)
    return [*found, Compared(text, differs=True)] if pairs else found


def gone(language: Language) -> Compared:
    """Return that an order's document is nowhere in PowerOffice."""
    return _found(say_both("show_gone", language), differs=True)


def refunds(order: Order, children: Sequence[Record], language: Language) -> list[Compared]:
    """Return the refunds of an invoiced order that are not credited, and those taken back."""
    known = {child.id: child for child in children}
    found = []
    for refund in order.refunds:
        child = known.get(refund.id)
        # What has begun, or is held, is told by the history.
        if child is None or not (child.sales_order_id or child.hold or child.skip):
            facts = {"refund": str(refund.id), "amount": kroner(abs(refund.total), language)}
            facts["order"] = to_type(order.number)
            found.append(_found(say_both("show_not_credited", language, facts), differs=True))
    listed = {refund.id for refund in order.refunds}
    for child in children:
        gone = 0 < child.id not in listed and child.invoice_no is not None
        if gone and child.hold is None and child.skip is None:
            facts = {"credit_note": str(child.invoice_no), "order": to_type(child.number)}
            found.append(_found(say_both("refund_taken_back", language, facts), differs=True))
    return found


def _found(text: str, *, differs: bool = False) -> Compared:
    return Compared(wrapped(fitted(text, 600), "  ", "  "), differs)


# -- lines that differ -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Side:
    """A line on one side: its text, quantity, and amount with VAT (kroner)."""

    text: str
    quantity: Decimal
    amount: Decimal
    product_id: int | None


@dataclass(frozen=True, slots=True)
class Differing:
    """A line that is not the same on both sides; None where a side lacks it."""

    was: Side | None
    now: Side | None


def differing(standing: Sequence[LineSeen], wanted: Sequence[OrderLine]) -> list[Differing]:
    """Return the lines that differ between a document in PowerOffice and the order as it is now.

    They are paired by reference, or by text where PowerOffice shows no references. The rounding
    line is left out: it follows from the others.
    """
    by_reference = any(line.reference for line in standing)
    was = _keyed(standing, _seen, by_reference=by_reference)
    now = _keyed(wanted, _wanted, by_reference=by_reference)
    pairs = [Differing(was.get(key), now.get(key)) for key in dict.fromkeys([*was, *now])]
    return [pair for pair in pairs if not _same(pair)]


def _keyed(
    lines: Iterable[_Line], side: Callable[[_Line], Side], *, by_reference: bool
) -> dict[tuple[str, int], Side]:
    """Return the lines by their key and how often it came before: texts may come twice."""
    met: Counter[str] = Counter()
    found = {}
    for line in lines:
        if line.reference != ROUNDING_REFERENCE:
            key = line.reference if by_reference else line.description
            found[key, met[key]] = side(line)
            met[key] += 1
    return found


def _seen(line: LineSeen) -> Side:
    amount = line.total if line.total is not None else ZERO
    return Side(line.description, line.quantity or ZERO, amount, line.product_id)


def _wanted(line: OrderLine) -> Side:
    if line.kind is LineKind.TEXT:
        return Side(line.description, ZERO, ZERO, None)
    amount = sum(line_amounts(line, Rounding.LINE), ZERO)
    return Side(line.description, line.quantity, amount, line.product_id)


def _same(pair: Differing) -> bool:
    was, now = pair.was, pair.now
    if was is None or now is None:
        return False
    return (
        was.text == now.text
        and was.quantity == now.quantity
        and abs(was.amount - now.amount) <= _ROUNDED * max(Decimal(1), abs(now.quantity))
        and (now.product_id is None or was.product_id == now.product_id)
    )


def _table(pairs: Sequence[Differing], was: Decimal, now: Decimal, language: Language) -> str:
    rows = [
        [fitted(_text(pair), 60), *_cells(pair.was, language), *_cells(pair.now, language)]
        for pair in pairs
    ]
    rows.append([word("total", language), "", kroner(was, language), "", kroner(now, language)])
    names = ("text", "in_poweroffice", "amount", "in_the_shop", "amount")
    headers = [word(name, language) for name in names]
    lines = table(rows, headers, right=(1, 2, 3, 4)).splitlines()
    return "\n".join("  " + line for line in lines)


def _text(pair: Differing) -> str:
    texts = [side.text for side in (pair.was, pair.now) if side is not None]
    return " → ".join(dict.fromkeys(texts))


def _cells(side: Side | None, language: Language) -> tuple[str, str]:
    if side is None:
        return "–", ""
    if not side.quantity and not side.amount:
        return "", ""
    return figure_in(plain(side.quantity), language), kroner(side.amount, language)
