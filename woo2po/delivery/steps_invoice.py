"""The steps after a draft: its payment noted, its invoice asked for once, or found made."""

from dataclasses import replace
from decimal import Decimal

import structlog

from woo2po.delivery.attempt import in_use, personal, refusal
from woo2po.delivery.transfer import Held, Sent, Transfer, Unsettled
from woo2po.documents import Documents, InvoiceWanted, PaymentWanted
from woo2po.holds import Hold
from woo2po.http import CannotLogIn, NeverLeft, NotAllowed, Refused
from woo2po.money import Fact, round_ore, to_ore
from woo2po.next_step import InHand, Wanted
from woo2po.record import OrderRecord, Outcome, Payment, WriteKind

NOT_FOUND = 404

log = structlog.get_logger()


def note_payment(t: Transfer, record: OrderRecord, payment: PaymentWanted) -> None:
    """Write down what is to be posted; vouchers.py posts it once there is an invoice."""
    with t.store.transaction():
        t.store.change_order(record.order_id, payment=Payment.DUE, payment_body=payment.as_text())


async def send_invoice(
    t: Transfer, record: OrderRecord, wanted: Wanted, invoice: InvoiceWanted, in_hand: InHand
) -> InHand:
    """Ask for the invoice once. The write stays open until an invoice, or an error, is seen."""
    write = t.store.begin_write(
        record.order_id,
        WriteKind.SEND_INVOICE,
        record.reference,
        at=t.clock(),
        since=t.go.server_time,
    )
    if write is None:
        raise Unsettled
    try:
        await t.go.send_invoice(record.sales_order_id, invoice)
    except NotAllowed as refused:
        t.store.never_left(write)
        t.may_send = False
        t.summary.warnings[refused.code] = dict(refused.facts)
        return replace(in_hand, may_send=False)
    except (NeverLeft, CannotLogIn):
        t.store.never_left(write)
        raise
    except Refused as refused:
        # Where there is no such draft any more, somebody has just invoiced it, or deleted it.
        if write.attempts > 1 or in_use(refused) or refused.status == NOT_FOUND:
            raise Unsettled from None
        t.store.settle_write(write, Outcome.REFUSED)
        names = personal(wanted.documents.customer.customer)
        raise Held(refusal(WriteKind.SEND_INVOICE, refused, names)) from None
    if invoice.moved_from is not None:
        log.warning("invoice_date_moved", of=str(invoice.moved_from), to=str(invoice.day))
    log.info("invoice_asked_for", sales_order=record.sales_order_no)
    raise Sent


async def find_invoice_of(t: Transfer, record: OrderRecord) -> bool:
    """Look for the invoice of a draft that is gone, and write it down: a person may have made it.

    Returns whether there is one.
    """
    found = await t.go.invoices(matching_references=[record.matching_reference])
    mine = [seen for seen in found if seen.reference == record.reference]
    if not mine or mine[0].invoice_no is None:
        return False
    # A draft that was never found equal is compared with its order first.
    equal = record.wanted_digest != "" and to_ore(mine[0].total) == record.total_ore
    with t.store.transaction():
        t.store.change_order(
            record.order_id,
            invoice_no=mine[0].invoice_no,
            invoice_equal=int(equal),
        )
    return True


async def read_invoice(t: Transfer, record: OrderRecord, wanted: Wanted) -> None:
    """Compare an invoice with what was paid. Raises Held where they differ."""
    found = await t.go.invoices(numbers=[record.invoice_no or 0])
    if not found:
        raise Held(Hold("sent_and_nowhere", {"sales_order": str(record.sales_order_no or "")}))
    if to_ore(found[0].total) != to_ore(total_of(wanted.documents)):
        facts: dict[str, Fact] = {
            "invoice": str(record.invoice_no),
            "total": round_ore(found[0].total),
            "paid": round_ore(total_of(wanted.documents)),
        }
        raise Held(Hold("invoice_differs", facts))
    with t.store.transaction():
        t.store.change_order(
            record.order_id,
            invoice_equal=1,
            customer_id=record.customer_id or found[0].customer_id,
            wanted_digest=record.wanted_digest or wanted.digest,
            total_ore=to_ore(found[0].total),
        )


def total_of(documents: Documents) -> Decimal:
    """Return what was paid, in the order's currency."""
    return documents.sales_order.amounts.total
