"""Whether an invoice has been credited in PowerOffice, by hand above all.

A credit note made there names its invoice, if PowerOffice says so at all ("can be available", the
interface description); a negative document of the same customer and of the whole amount counts
where it names none.
"""

from woo2po.delivery.transfer import Held, Transfer
from woo2po.documents import DocumentSeen
from woo2po.holds import Hold
from woo2po.money import ZERO, Fact, same_amount
from woo2po.record import OrderRecord


async def invoice_to_credit(t: Transfer, parent: OrderRecord, child: OrderRecord) -> DocumentSeen:
    """Return the invoice that a refund or a cancellation credits, as it stands now.

    Raises Held where it cannot be found, or where a person credited it before the job did.
    """
    rehearsed = t.rehearsal.invoice_of(parent.order_id) if t.rehearsal else None
    if rehearsed is not None:
        return rehearsed
    found = await t.go.invoices(numbers=[parent.invoice_no or 0])
    if not found:
        raise Held(Hold("invoice_gone", {"invoice": str(parent.invoice_no)}))
    if child.invoice_no is not None:
        return found[0]
    note = await credit_note_on(t, found[0], but_for=f"{parent.reference}-")
    if note is not None:
        facts: dict[str, Fact] = {
            "invoice": str(parent.invoice_no),
            "credit_note": str(note.invoice_no),
            "amount": -note.total,
        }
        raise Held(Hold("credited_by_hand", facts))
    return found[0]


async def credit_note_on(
    t: Transfer, invoice: DocumentSeen, *, but_for: str = ""
) -> DocumentSeen | None:
    """Return a credit note on an invoice, if there is one.

    Those whose reference begins with `but_for` (the job's own, say) do not count.
    """
    numbers = [] if invoice.customer_no is None else [invoice.customer_no]
    listed = await t.go.invoices(customer_numbers=numbers, from_date=invoice.day)
    notes = (seen for seen in listed if _credits(seen, invoice))
    return next((n for n in notes if not but_for or not n.reference.startswith(but_for)), None)


def _credits(seen: DocumentSeen, invoice: DocumentSeen) -> bool:
    if seen.credits_invoice is not None:
        return seen.credits_invoice == invoice.invoice_no
    same = invoice.customer_id is None or seen.customer_id == invoice.customer_id
    return same and seen.total < ZERO and same_amount(seen.total, -invoice.total)
