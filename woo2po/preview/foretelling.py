"""From what a rehearsal decided to the value that says what a run would do with an order."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from woo2po.delivery.transfer import Transfer
from woo2po.delivery.wanting import OrderSource, Row, row_id
from woo2po.documents import CustomerSeen, Documents, Note, PaymentWanted
from woo2po.holds import Hold, Skip
from woo2po.mapping import exactness
from woo2po.mapping.values import day_in_shop
from woo2po.money import from_ore
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
from woo2po.order import Order, Refund
from woo2po.preview.rehearsal import Decided, Rehearsal
from woo2po.preview.values import Becomes, Buyer, Foretold, Known
from woo2po.record import OrderRecord, Payment

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


class Noting:
    """The shop, and what it said of each order: its status, its total, how it was paid."""

    def __init__(self, shop: OrderSource, in_hand: Mapping[int, Row]) -> None:
        self._shop = shop
        self._rows = dict(in_hand)

    async def order(self, order_id: int) -> Row | None:
        """Return an order, or None where it was deleted for good."""
        row = await self._shop.order(order_id)
        if row is not None:
            self._rows[order_id] = row
        return row

    async def orders(self, ids: Sequence[int], statuses: Sequence[str]) -> list[Row]:
        """Return the orders with these ids; those that are gone are absent."""
        rows = await self._shop.orders(ids, statuses)
        self._rows |= {row_id(row): row for row in rows}
        return rows

    async def refunds(self, order_id: int) -> list[Refund]:
        """Return the refunds of an order, by id."""
        return await self._shop.refunds(order_id)

    def forget(self, order_id: int) -> Order | None:
        """Return an order as it was read, if it could be, and keep it no longer."""
        row = self._rows.pop(order_id, None)
        return row if isinstance(row, Order) else None


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
    def documents(self) -> Documents | None:
        return self.wanted.documents if isinstance(self.wanted, Wanted) else None

    @property
    def ended(self) -> bool:
        return not self.decided or isinstance(self.decided[-1].step, _ENDS)

    @property
    def found(self) -> bool:
        """Tell whether a document of it was there already, not made by this database."""
        return bool(self.before.found) and not self.before.wanted_digest

    @property
    def made(self) -> bool:
        return self.has(CreateSalesOrder) or self.has(EditDraft)

    def step(self, kind: type[_Step]) -> _Step | None:
        return next((one.step for one in self.decided if isinstance(one.step, kind)), None)

    def has(self, kind: type[Step]) -> bool:
        return self.step(kind) is not None


def foretold(
    t: Transfer, rehearsal: Rehearsal, order_id: int, order: Order | None
) -> Foretold | None:
    """Return what a run would do with an order and its refunds; `order` as the shop has it now.

    None for an order that the rehearsal did not come to.
    """
    fate = _fate(t, rehearsal, order_id)
    if fate is None:
        return None
    children = (_fate(t, rehearsal, child.order_id) for child in t.store.refunds_of(order_id))
    notes = tuple(
        _told(t, child, None, refund=max(child.before.order_id, 0))
        for child in children
        if child is not None
    )
    return _told(t, fate, order, credit_notes=notes)


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


def _told(
    t: Transfer,
    fate: _Fate,
    order: Order | None,
    *,
    refund: int | None = None,
    credit_notes: tuple[Foretold, ...] = (),
) -> Foretold:
    record, after, documents = fate.before, fate.after, fate.documents
    send, due = fate.step(SendInvoice), after is not None and after.payment is Payment.DUE
    notes = documents.notes if documents and (fate.made or fate.found) else ()
    return Foretold(
        order_id=record.order_id,
        number=record.number,
        becomes=_becomes(fate),
        reason=fate.reason,
        said=_said(fate) if refund is None else None,
        status=order.status if order else "",
        method=order.payment_method if order else "",
        day=day_in_shop(record.created, t.settings) if record.created and refund is None else None,
        total=_total(fate, order),
        currency=_currency(fate, order),
        buyer=_buyer(t, fate, documents) if documents and refund is None else None,
        is_made=fate.made,
        is_found=fate.found,
        documents=documents,
        exactness=exactness(documents.sales_order, t.ways()) if documents else None,
        sales_order_no=record.sales_order_no,
        invoice_no=record.invoice_no,
        invoice=send.wanted if send else None,
        stays_draft=after is not None and bool(after.sales_order_id) and after.invoice_no is None,
        payment=PaymentWanted.from_text(after.payment_body) if after and due else None,
        is_invoiced=after is not None and after.invoice_no is not None,
        notes=notes,
        refund=refund,
        counted=tuple(_counted(fate)),
        credit_notes=credit_notes,
    )


def _total(fate: _Fate, order: Order | None) -> Decimal | None:
    if fate.documents:
        return fate.documents.sales_order.amounts.total
    if order:
        return order.total
    return None if fate.before.total_ore is None else from_ore(fate.before.total_ore)


def _currency(fate: _Fate, order: Order | None) -> str:
    if fate.documents:
        return fate.documents.sales_order.currency
    return order.currency if order else fate.before.currency


def _counted(fate: _Fate) -> Iterator[str]:
    kinds = {type(one.step) for one in fate.decided}
    names = {name for kind, name in _COUNTED.items() if kind in kinds}
    yield from sorted(names - {"cancelled"} if "deleted" in names else names)
    if isinstance(fate.reason, Hold):
        yield "held"
    elif not fate.ended:
        yield "waiting"


def _becomes(fate: _Fate) -> Becomes:
    if fate.reason is not None:
        return Becomes.HELD if isinstance(fate.reason, Hold) else Becomes.SKIPPED
    if not fate.ended:
        return Becomes.WAITING
    if isinstance(fate.wanted, NotWanted):
        return _becomes_of_one_that_is_off(fate)
    if fate.has(CreateSalesOrder):
        return Becomes.TRANSFERRED
    if fate.has(EditDraft):
        return Becomes.CHANGED
    return Becomes.INVOICED if fate.has(SendInvoice) else Becomes.UNCHANGED


def _becomes_of_one_that_is_off(fate: _Fate) -> Becomes:
    if fate.has(DeleteDraft) or fate.has(CreditWhole):
        return Becomes.TAKEN_BACK
    return Becomes.UNCHANGED if fate.has(LookAgain) else Becomes.NOT_TRANSFERRED


def _said(fate: _Fate) -> Note | None:
    """Return the sentence of what becomes of an order; None: it is made, held or unanswered."""
    record = fate.before
    facts = {"sales_order": str(record.sales_order_no or ""), "invoice": str(record.invoice_no)}
    if isinstance(fate.wanted, NotWanted):
        return _said_of_one_that_is_off(fate, fate.wanted, facts)
    if fate.has(CreateSalesOrder):
        return None
    if fate.has(EditDraft):
        return Note("preview_changes", facts)
    if fate.found:
        return Note("preview_found")
    if fate.reason is not None or not fate.ended:
        return None
    code = "preview_unchanged" if record.invoice_no is None else "preview_invoice_stands"
    return Note(code, facts)


def _said_of_one_that_is_off(fate: _Fate, wanted: NotWanted, facts: dict[str, str]) -> Note | None:
    facts = {**facts, "status": wanted.status}
    if fate.has(DeleteDraft):
        return Note("preview_deletes", facts)
    if fate.has(CreditWhole):
        return Note("preview_credits", facts)
    if fate.has(LookAgain):
        return Note("preview_found")
    if fate.has(Cancel) and wanted.refunded:
        return Note("refunded_before_transfer")
    return Note("not_transferred", facts) if fate.ended else None


def _buyer(t: Transfer, fate: _Fate, documents: Documents) -> Buyer:
    """Return whose order it is; where it is made now, whether PowerOffice has that customer."""
    sought = documents.customer
    is_person = sought.customer.is_person
    if not fate.has(CreateSalesOrder):
        return Buyer(is_person)
    if sought.collective_number is None and t.store.customer(sought.customer.reference):
        return Buyer(is_person, Known.BEFORE)
    chosen = t.directory.choose(sought)
    if isinstance(chosen, CustomerSeen):
        return Buyer(is_person, Known.EXISTS, chosen.number)
    return Buyer(is_person, Known.NEW)
