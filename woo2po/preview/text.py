"""What a run would do, as text for a terminal of 80 columns."""

from collections.abc import Iterator

from woo2po.messages import say
from woo2po.messages.message import Language, word
from woo2po.money import ZERO
from woo2po.preview.sums import by_rate
from woo2po.preview.values import Becomes, Foretold
from woo2po.preview.wording import (
    credit_note_said,
    invoice_said,
    kind_said,
    payment_said,
    reason_said,
    said_of,
)
from woo2po.report import fitted, kroner, lines_table, percent, wrapped


def order_text(order: Foretold, language: Language) -> str:
    """Return what becomes of an order and its refunds; it ends with a new line."""
    lines = list(_order_lines(order, language))
    for note in order.credit_notes:
        lines += ["", *_credit_note_lines(note, language)]
    return "\n".join(lines) + "\n"


def _order_lines(order: Foretold, language: Language) -> Iterator[str]:
    number, said = fitted(order.number, 30), said_of(order, language)
    if not said and order.reason is not None:
        yield from _reason_lines(order, language, f"{number}: ", "")
        return
    yield wrapped(f"{number}: {said}", "", "  ")
    yield from _contents(order, language)
    yield from _reason_lines(order, language)


def _credit_note_lines(note: Foretold, language: Language) -> Iterator[str]:
    yield f"  {credit_note_said(note, language)}"
    yield from _contents(note, language)
    if note.becomes is Becomes.WAITING:
        yield wrapped(say("preview_waits", language), "  ", "  ")
    yield from _reason_lines(note, language)


def _contents(one: Foretold, language: Language) -> Iterator[str]:
    """Yield the documents where they are made or changed, and what follows them."""
    if one.is_made or one.is_found:
        yield from _document(one, language)
    if one.invoice is not None:
        yield wrapped(invoice_said(one, one.invoice, language), "  ", "    ")
    if one.payment is not None:
        yield f"  {payment_said(one, one.payment, language)}"
    for note in one.notes:
        yield wrapped(say(note.code, language, note.facts), "  ! ", "    ")


def _document(one: Foretold, language: Language) -> Iterator[str]:
    """Yield a sales order: heading, lines, and net and VAT per rate, which make the total."""
    if one.documents is None or one.exactness is None:
        return
    order = one.documents.sales_order
    if one.buyer is not None:  # a credit note's customer is that of its invoice
        yield f"  {word('customer', language)}: {kind_said(one.buyer, language)}"
    number = order.customer_reference or order.purchase_order_reference
    yield f"  {order.reference}  {number}  {order.order_date.isoformat()}  {order.currency}"
    yield from (f"  {row}" for row in lines_table(order.lines, language).splitlines())
    rates = by_rate(order, one.exactness)
    by_percent = [(rate, percent(rate, language), sums) for rate, sums in reversed(rates.items())]
    nets = [f"{said}: {kroner(one.net, language)}" for _, said, one in by_percent]
    vats = [f"{said}: {kroner(one.vat, language)}" for rate, said, one in by_percent if rate]
    yield f"  {word('net', language)}  {'  '.join(nets)}"
    yield f"  {word('vat', language)}  {'  '.join(vats) or kroner(ZERO, language)}"
    yield f"  {word('total', language)}  {kroner(order.amounts.total, language)}"
    if not one.exactness.is_sure:
        yield wrapped(say("preview_unsure", language), "  ", "  ")


def _reason_lines(
    one: Foretold, language: Language, first: str = "  ", rest: str = "  "
) -> Iterator[str]:
    if one.reason is None:
        return
    said, what = reason_said(one.reason, language, one.number)
    yield wrapped(first + said, "", rest or "  ")
    if what:
        yield wrapped(what, "  → ", "    ")
