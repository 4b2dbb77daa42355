"""From what a dry run decided to the value that says what a run would do with an order."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from woo2po.catalogue import Account
from woo2po.documents import CustomerSeen, CustomerSought, Documents, Note, PaymentWanted
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
    FindCustomer,
    Forget,
    LookAgain,
    NotWanted,
    Outlook,
    PutAside,
    SendInvoice,
    Step,
    Wanted,
)
from woo2po.order import Order
from woo2po.preview.values import Acquaintance, Becomes, Buyer, Foretold
from woo2po.record import CreditNoteRecord, Payment, Record
from woo2po.transfer.wanted import ways
from woo2po.transfer.writes import Onlooker, Row, Run

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
# Of a sale that is off: what a step makes of the order, and the sentence for it.
_OFF: tuple[tuple[type[Step], Becomes, str], ...] = (
    (DeleteDraft, Becomes.TAKEN_BACK, "preview_deletes"),
    (CreditWhole, Becomes.TAKEN_BACK, "preview_credits"),
    (LookAgain, Becomes.UNCHANGED, "preview_found"),
)
_Step = TypeVar("_Step", bound=Step)


@dataclass(frozen=True, slots=True)
class Decided:
    """A step as it was decided, with what was known and wanted at that moment."""

    record: Record
    wanted: Outlook
    step: Step


class Watching(Onlooker):
    """Keeps what a run decides for each order and credit note, by their ids."""

    def __init__(self, other: Onlooker | None = None) -> None:
        self._other = other or Onlooker()  # hears how far it is
        self._read: dict[int, Order | None] = {}  # as the shop has it; None: unreadable, or gone
        self.before: dict[int, Record] = {}
        self.decisions: dict[int, list[Decided]] = defaultdict(list)
        self.holds: set[int] = set()
        self._had_orders: dict[str, bool] = {}  # customers by reference: before this run

    def begins(self, run: Run) -> None:
        """Keep what the run works with, and the ways of rounding that were known before it."""
        self.run, self.ways = run, ways(run.store)

    def begun(self, done: int, of: int) -> None:
        """Pass on how far it is."""
        self._other.begun(done, of)

    def orders(self, numbers: Collection[str] = ()) -> list[int]:
        """Return the orders that the run came to: those with these numbers, or all."""
        named = {*numbers, *(number.removeprefix("id:") for number in numbers)}
        return [i for i in self._read if not numbers or {str(i), self.before[i].number} & named]

    def order(self, order_id: int) -> Order | None:
        """Return an order as the shop has it, if it could be read."""
        return self._read.get(order_id)

    def read(self, record: Record, row: Row | None) -> None:
        """Keep an order as the shop has it, and what was known of it and of its credit notes."""
        self._read.setdefault(record.order_id, row if isinstance(row, Order) else None)
        for one in (record, *self.run.store.credit_notes_of(record.order_id)):
            self.before.setdefault(one.id, one)

    def decided(self, record: Record, wanted: Outlook, step: Step) -> None:
        """Keep a step."""
        self.before.setdefault(record.id, record)
        self.decisions[record.id].append(Decided(record, wanted, step))
        if isinstance(step, FindCustomer):
            reference = step.sought.customer.reference
            had_orders = self.run.store.customer(reference) is not None
            self._had_orders.setdefault(reference, had_orders)

    def buyer(self, sought: CustomerSought) -> Buyer:
        """Return whether PowerOffice has the customer of an order that is made."""
        person = sought.customer.is_person
        collective = sought.collective_number is not None
        if not collective and self._had_orders.get(sought.customer.reference):
            return Buyer(person, Acquaintance.BEFORE)
        chosen = self.run.customers.choose(sought)
        if isinstance(chosen, CustomerSeen) and chosen.id > 0:
            return Buyer(person, Acquaintance.EXISTS, chosen.number)
        return Buyer(person, Acquaintance.NEW)

    def held(self, order_id: int) -> None:
        """Keep that an order was held."""
        self.holds.add(order_id)


@dataclass(frozen=True, slots=True)
class _Fate:
    """What became of one order, or one credit note, in the dry run."""

    before: Record
    after: Record | None  # None: nothing of it is left
    decided: Sequence[Decided]
    reason: Hold | Skip | None  # it is held or skipped from now on

    @property
    def wanted(self) -> Outlook | None:
        return self.decided[-1].wanted if self.decided else None

    @property
    def documents(self) -> Documents | None:
        return self.wanted.documents if isinstance(self.wanted, Wanted) else None

    @property
    def ended(self) -> bool:
        finished = self.after is not None and not self.after.todo and self.reason is None
        return finished or not self.decided or isinstance(self.decided[-1].step, _ENDS)

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


def foretold(watching: Watching, order_id: int) -> Foretold | None:
    """Return what a run would do with an order and its refunds.

    None for an order that the run did not come to.
    """
    fate = _fate(watching, order_id)
    if fate is None:
        return None
    children = (_fate(watching, child.id) for child in watching.run.store.credit_notes_of(order_id))
    notes = tuple(
        _told(watching, child, None, refund=max(child.before.id, 0))
        for child in children
        if child is not None
    )
    return _told(watching, fate, watching.order(order_id), credit_notes=notes)


def _fate(watching: Watching, order_id: int) -> _Fate | None:
    decided, after = watching.decisions.get(order_id, ()), watching.run.store.record(order_id)
    held = order_id in watching.holds
    before = watching.before.get(order_id) or after
    due = after is not None and isinstance(after, CreditNoteRecord) and _pays(before, after)
    if before is None or not (decided or held or due):
        return None
    aside = next((one.step.skip for one in decided if isinstance(one.step, PutAside)), None)
    reason = after.hold if after is not None and held else aside
    return _Fate(before, after, decided, reason)


def _pays(before: Record | None, after: Record) -> bool:
    """Tell whether money is posted in the run, or waits to be."""
    posted = before is not None and before.payment is Payment.MADE
    return not posted and after.payment is not Payment.NONE


def _told(
    watching: Watching,
    fate: _Fate,
    order: Order | None,
    *,
    refund: int | None = None,
    credit_notes: tuple[Foretold, ...] = (),
) -> Foretold:
    record, after, documents = fate.before, fate.after, fate.documents
    send, due = fate.step(SendInvoice), after is not None and _pays(record, after)
    placed = None
    if record.created and refund is None:
        placed = day_in_shop(record.created, watching.run.settings)
    notes = documents.notes if documents and (fate.made or fate.found) else ()
    return Foretold(
        order_id=record.id,
        number=record.number,
        becomes=_becomes(fate),
        reason=fate.reason,
        said=_said(fate) if refund is None else None,
        status=order.status if order else "",
        method=order.payment_method if order else "",
        day=placed,
        total=_total(fate, order),
        currency=_currency(fate, order),
        buyer=_buyer(watching, fate, documents) if documents and refund is None else None,
        is_made=fate.made,
        is_found=fate.found,
        documents=documents,
        accounts=_accounts(watching.run, documents),
        exactness=exactness(documents.sales_order, watching.ways) if documents else None,
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


def _accounts(run: Run, documents: Documents | None) -> tuple[Account | None, ...]:
    """Return the account of each line; None where its product is yet to be made."""
    sold = run.catalogue.catalogue.products
    found: list[Account | None] = []
    for line in documents.sales_order.lines if documents else ():
        if (product := sold.get(line.product_code)) is None:
            found.append(None)
        else:
            found.append(product.standard if line.use_standard_account else product.optional)
    return tuple(found)


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
    # A draft that is made and given its rounding line at once is one that is made.
    names -= {"cancelled"} if "deleted" in names else set()
    yield from sorted(names - {"changed"} if "made" in names else names)
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
        found = (becomes for kind, becomes, _ in _OFF if fate.has(kind))
        return next(found, Becomes.NOT_TRANSFERRED)
    if fate.has(CreateSalesOrder):
        return Becomes.TRANSFERRED
    if fate.has(EditDraft):
        return Becomes.CHANGED
    return Becomes.INVOICED if fate.has(SendInvoice) else Becomes.UNCHANGED


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
    for kind, _, code in _OFF:
        if fate.has(kind):
            return Note(code, {**facts, "status": wanted.status})
    if fate.has(Cancel) and wanted.refunded:
        return Note("refunded_before_transfer")
    return Note("not_transferred", {"status": wanted.status}) if fate.ended else None


def _buyer(watching: Watching, fate: _Fate, documents: Documents) -> Buyer:
    """Return whose order it is; where it is made now, whether PowerOffice has that customer."""
    if fate.has(CreateSalesOrder):
        return watching.buyer(documents.customer)
    return Buyer(documents.customer.customer.is_person)
