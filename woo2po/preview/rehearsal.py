"""A run that is only rehearsed: every step decided as in a run, and nothing of it written there.

Where a run would write to PowerOffice, the copy of the state database in memory is told that it
was done; so what comes next (invoice, payment, credit notes) is decided as in a run too.
"""

from collections import defaultdict
from dataclasses import dataclass, field, replace

from woo2po.delivery.steps import carry_out
from woo2po.delivery.transfer import Held, Transfer, begin_anew
from woo2po.documents import DocumentSeen, DraftSeen, InvoiceWanted, SalesOrder
from woo2po.draft import digest_seen
from woo2po.holds import Hold, Skip
from woo2po.money import from_ore, to_ore
from woo2po.next_step import (
    Accept,
    Adopt,
    CreateProduct,
    CreateSalesOrder,
    DeleteDraft,
    DraftView,
    EditDraft,
    FindCustomer,
    FindDeliveryAddress,
    InHand,
    NotePayment,
    NotWanted,
    ReadDraft,
    ReadInvoice,
    SendInvoice,
    Step,
    Wanted,
    next_step,
)
from woo2po.record import OrderRecord

NEW = 0  # the id and the number of what PowerOffice would make


@dataclass(frozen=True, slots=True)
class Decided:
    """A step as it was decided, with what was known and wanted at that moment."""

    record: OrderRecord
    wanted: Wanted | Hold | Skip | NotWanted
    step: Step


@dataclass
class Rehearsal:
    """Decides and keeps the steps of orders and credit notes, by their ids."""

    decided: dict[int, list[Decided]] = field(default_factory=lambda: defaultdict(list))
    invoices: dict[int, DocumentSeen] = field(default_factory=dict)
    held: set[int] = field(default_factory=set)

    def decide(
        self, record: OrderRecord, wanted: Wanted | Hold | Skip | NotWanted, in_hand: InHand
    ) -> Step:
        """Return the next step, which is kept."""
        step = next_step(record, wanted, in_hand)
        self.decided[record.order_id].append(Decided(record, wanted, step))
        return step

    async def carry_out(
        self,
        t: Transfer,
        record: OrderRecord,
        wanted: Wanted | Hold | Skip | NotWanted,
        step: Step,
        in_hand: InHand,
    ) -> InHand:
        """Do a step that reads, and pretend one that writes; return what is in hand after it.

        Raises Held, and what PowerOffice's client raises for reads.
        """
        match step:
            case FindCustomer() if isinstance(wanted, Wanted):
                return replace(in_hand, customer_id=await _customer(t, step))
            case CreateProduct(product):
                return replace(in_hand, products_made=in_hand.products_made | {product.code})
            case FindDeliveryAddress():
                return replace(in_hand, delivery_address_id=NEW)
            case CreateSalesOrder() | EditDraft() if isinstance(wanted, Wanted):
                return replace(in_hand, draft=_drafted(t, record, wanted.documents.sales_order))
            case Accept(seen) if isinstance(wanted, Wanted):
                return _accepted(t, record, wanted, seen, in_hand)
            case SendInvoice(invoice):
                t.store.change_order(record.order_id, invoice_no=NEW, invoice_equal=1)
                self.invoices[record.order_id] = _invoiced(record, invoice)
                return in_hand
            case DeleteDraft():
                with t.store.transaction():
                    begin_anew(t, record)
                return in_hand
            case Adopt() | ReadDraft() | ReadInvoice() | NotePayment():
                return await carry_out(t, record, wanted, step, in_hand)
            case _:
                raise AssertionError(f"not to be rehearsed: {step}")

    def invoice_of(self, order_id: int) -> DocumentSeen | None:
        """Return the invoice that an order would have got by now, and that is nowhere yet."""
        return self.invoices.get(order_id)


async def _customer(t: Transfer, step: FindCustomer) -> int:
    sought = step.sought
    known = None if sought.collective_number else t.store.customer(sought.customer.reference)
    if known is not None:
        return known
    await t.directory.look_up([sought], t.go)
    chosen = t.directory.choose(sought)
    if isinstance(chosen, Hold):
        raise Held(chosen)
    return chosen.id if chosen else NEW


def _drafted(t: Transfer, record: OrderRecord, order: SalesOrder) -> DraftView:
    """Return the draft that a run would make, or make of the one that is there: as wanted."""
    seen = DraftSeen(
        id=record.sales_order_id or "new",
        number=record.sales_order_no or NEW,
        reference=order.reference,
        matching_reference=order.matching_reference,
        status="Draft",
        customer_id=record.customer_id,
        delivery_address_id=None,
        imported_order_no=order.imported_order_no,
        customer_reference=order.customer_reference,
        purchase_order_reference=order.purchase_order_reference,
        order_date=order.order_date,
        currency=order.currency,
        net=order.amounts.total - sum(order.amounts.vat.values()),
        total=order.amounts.total,
        lines=(),
    )
    t.store.change_order(record.order_id, sales_order_id=seen.id, left_digest="")
    return DraftView(seen, (), None)


def _invoiced(record: OrderRecord, wanted: InvoiceWanted) -> DocumentSeen:
    return DocumentSeen(
        id=record.sales_order_id,
        reference=record.reference,
        matching_reference=record.matching_reference,
        order_no=record.sales_order_no,
        invoice_no=NEW,
        total=from_ore(record.total_ore or 0),
        day=wanted.day,
    )


def _accepted(
    t: Transfer, record: OrderRecord, wanted: Wanted, seen: DraftSeen, in_hand: InHand
) -> InHand:
    t.store.change_order(
        record.order_id,
        wanted_digest=wanted.digest,
        left_digest=digest_seen(seen),
        total_ore=to_ore(seen.total),
        cancelled=0,
    )
    return replace(in_hand, touched=True)
