"""What a run would do with an order and its refunds, as values, made from what a dry run decided.

Codes and figures, no sentences. `documents` hold the customer as it would be sent: no rendering
shows a name, an address or an e-mail.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from woo2po.documents import (
    Account,
    CustomerSeen,
    CustomerSought,
    Documents,
    InvoiceWanted,
    Note,
    PaymentWanted,
)
from woo2po.holds import Hold, Skip
from woo2po.mapping.prices import Exactness, exactness
from woo2po.mapping.values import day_in_shop
from woo2po.money import from_ore
from woo2po.next_step import (
    Do,
    Done,
    EditDraft,
    NotWanted,
    Outlook,
    PutAside,
    SendInvoice,
    Step,
    Wanted,
)
from woo2po.order import Order
from woo2po.record import CreditNoteRecord, Payment, Record
from woo2po.transfer.wanted import ways
from woo2po.transfer.writes import Onlooker, Row, Run


class Becomes(StrEnum):
    """What becomes of an order (or a credit note); programs that read the JSON use these names.

    TRANSFERRED: a sales order is made. CHANGED: its draft is changed. INVOICED: its draft stands
    as it should and is invoiced. TAKEN_BACK: it was called off, so its draft is deleted or its
    invoice credited. UNCHANGED: what stands there is right. NOT_TRANSFERRED: its status, or a
    refund of it all, keeps it out. WAITING: PowerOffice has yet to answer for it.
    """

    TRANSFERRED = "transferred"
    CHANGED = "changed"
    INVOICED = "invoiced"
    TAKEN_BACK = "taken_back"
    HELD = "held"
    WAITING = "waiting"
    SKIPPED = "skipped"
    NOT_TRANSFERRED = "not_transferred"
    UNCHANGED = "unchanged"


# A document comes of it, or is changed: what sums are made over.
BOOKED = frozenset({Becomes.TRANSFERRED, Becomes.CHANGED, Becomes.INVOICED})


@dataclass(frozen=True, slots=True)
class Foretold:
    """What a run would do with one order, or with one credit note of it.

    `status` and `method` (of payment) are the shop's. `total` is what was paid, of a credit note
    what it gives back (below 0); None where it could not be read. `said` is the sentence that
    says what becomes of it, if there is one beside `reason` and `customer`. `is_person` is None
    where nobody can tell; `customer`, of an order that is made, "exists" in PowerOffice (then with
    `customer_no`), is "known" (orders of this job went to it), or "new".
    `is_made`: its sales order is made or changed; `is_found`: it stood in PowerOffice already and
    is not this database's work. `documents` are as the shop's order is now, whatever becomes of
    it, `accounts` those of its lines, as far as they are known. `stays_draft`: it is left as a
    draft, which a person or a later run invoices. `payment` is negative where money goes back;
    `is_invoiced`: there is an invoice by then that it pays. `refund` is set on a credit note: the
    refund that it is for, 0 for the whole order.
    """

    order_id: int
    number: str
    becomes: Becomes
    reason: Hold | Skip | None = None
    said: Note | None = None
    status: str = ""
    method: str = ""
    day: date | None = None
    total: Decimal | None = None
    currency: str = ""
    is_person: bool | None = None
    customer: str = ""
    customer_no: int | None = None
    is_made: bool = False
    is_found: bool = False
    documents: Documents | None = None
    accounts: tuple[Account | None, ...] = ()
    exactness: Exactness | None = None
    sales_order_no: int | None = None
    invoice_no: int | None = None
    invoice: InvoiceWanted | None = None
    stays_draft: bool = False
    payment: PaymentWanted | None = None
    is_invoiced: bool = False
    notes: tuple[Note, ...] = ()
    refund: int | None = None
    credit_notes: tuple["Foretold", ...] = ()

    @property
    def parts(self) -> tuple["Foretold", ...]:
        """The order and its credit notes."""
        return (self, *self.credit_notes)

    @property
    def outcome(self) -> Becomes:
        """What becomes of it, if its credit notes go too: held wins, then what is not answered."""
        found = {one.becomes for one in self.parts}
        return next((one for one in (Becomes.HELD, Becomes.WAITING) if one in found), self.becomes)


# -- from what was decided -------------------------------------------------------------------------

_ENDS = {Do.CANCEL, Do.CREDIT_WHOLE, Done, Do.FORGET, Do.LOOK_AGAIN, PutAside}
# Of a sale that is off: what a step makes of the order, and the sentence for it.
_OFF = {
    Do.DELETE_DRAFT: (Becomes.TAKEN_BACK, "preview_deletes"),
    Do.CREDIT_WHOLE: (Becomes.TAKEN_BACK, "preview_credits"),
    Do.LOOK_AGAIN: (Becomes.UNCHANGED, "preview_found"),
}
_MADE = {Do.CREATE_SALES_ORDER: Becomes.TRANSFERRED, EditDraft: Becomes.CHANGED,
         SendInvoice: Becomes.INVOICED}  # fmt: skip


def _kind(step: Step) -> Do | type[Step]:
    return step if isinstance(step, Do) else type(step)


class Watching(Onlooker):
    """Keeps what a run decides for each order and credit note, by their ids."""

    def __init__(self, other: Onlooker | None = None) -> None:
        self._other = other or Onlooker()  # hears how far it is
        self.shops: dict[int, Order | None] = {}  # as the shop has it; None: unreadable, or gone
        self.before: dict[int, Record] = {}
        self.decisions: dict[int, list[tuple[Outlook, Step]]] = defaultdict(list)
        self.holds: set[int] = set()

    def begins(self, run: Run) -> None:
        """Keep what the run works with, and the ways of rounding that were known before it."""
        self.run, self.ways = run, ways(run.store)

    def begun(self, done: int, of: int) -> None:
        """Pass on how far it is."""
        self._other.begun(done, of)

    def orders(self, numbers: Collection[str] = ()) -> list[int]:
        """Return the orders that the run came to: those with these numbers, or all."""
        named = {*numbers, *(number.removeprefix("id:") for number in numbers)}
        return [i for i in self.shops if not numbers or {str(i), self.before[i].number} & named]

    def read(self, record: Record, row: Row | None) -> None:
        """Keep an order as the shop has it, and what was known of it and of its credit notes."""
        self.shops.setdefault(record.order_id, row if isinstance(row, Order) else None)
        for one in (record, *self.run.store.credit_notes_of(record.order_id)):
            self.before.setdefault(one.id, one)

    def decided(self, record: Record, wanted: Outlook, step: Step) -> None:
        """Keep a step."""
        self.before.setdefault(record.id, record)
        self.decisions[record.id].append((wanted, step))

    def held(self, order_id: int) -> None:
        """Keep that an order was held."""
        self.holds.add(order_id)

    def foretold(self, order_ids: Iterable[int]) -> list[Foretold]:
        """Return what the run would do with these orders and their refunds, if it came to them."""
        found = []
        for order_id in order_ids:
            if (fate := _fate(self, order_id)) is not None:
                children = self.run.store.credit_notes_of(order_id)
                notes = (_fate(self, child.id) for child in children)
                found.append(_told(self, fate, tuple(_told(self, one) for one in notes if one)))
        return found


class _Fate:
    """What became of one order, or one credit note, in the dry run.

    `after` is None where nothing of it is left; for `reason` it is held or skipped from now on.
    """

    def __init__(
        self,
        before: Record,
        after: Record | None,
        decided: Sequence[tuple[Outlook, Step]],
        reason: Hold | Skip | None,
    ) -> None:
        self.before, self.after, self.reason = before, after, reason
        self.steps = {_kind(step): step for _, step in reversed(decided)}  # the first of each
        self.wanted: Outlook | None = decided[-1][0] if decided else None
        self.documents = self.wanted.documents if isinstance(self.wanted, Wanted) else None
        finished = after is not None and not after.todo and reason is None
        self.ended = finished or not decided or _kind(decided[-1][1]) in _ENDS
        # A document of it was there already, not made by this database.
        self.found = bool(before.found) and not before.wanted_digest
        self.made = bool({Do.CREATE_SALES_ORDER, EditDraft} & self.steps.keys())


def _fate(watching: Watching, order_id: int) -> _Fate | None:
    decided, after = watching.decisions.get(order_id, ()), watching.run.store.record(order_id)
    held = order_id in watching.holds
    before = watching.before.get(order_id) or after
    due = isinstance(after, CreditNoteRecord) and _pays(before, after)
    if before is None or not (decided or held or due):
        return None
    aside = next((step.skip for _, step in decided if isinstance(step, PutAside)), None)
    return _Fate(before, after, decided, after.hold if after is not None and held else aside)


def _pays(before: Record | None, after: Record) -> bool:
    """Tell whether money is posted in the run, or waits to be."""
    posted = before is not None and before.payment is Payment.MADE
    return not posted and after.payment is not Payment.NONE


def _told(watching: Watching, fate: _Fate, credit_notes: tuple[Foretold, ...] = ()) -> Foretold:
    record, after, documents = fate.before, fate.after, fate.documents
    is_order = not isinstance(record, CreditNoteRecord)
    order = watching.shops.get(record.order_id) if is_order else None
    send, due = fate.steps.get(SendInvoice), after is not None and _pays(record, after)
    total, currency = _total(fate, order)
    customer, customer_no = "", None
    if documents and is_order and Do.CREATE_SALES_ORDER in fate.steps:
        customer, customer_no = _customer(watching.run, documents.customer)
    placed = record.created if is_order else None
    return Foretold(
        order_id=record.id,
        number=record.number,
        becomes=_becomes(fate),
        reason=fate.reason,
        said=_said(fate) if is_order else None,
        status=order.status if order else "",
        method=order.payment_method if order else "",
        day=day_in_shop(placed, watching.run.settings) if placed else None,
        total=total,
        currency=currency,
        is_person=documents.customer.customer.is_person if documents and is_order else None,
        customer=customer,
        customer_no=customer_no,
        is_made=fate.made,
        is_found=fate.found,
        documents=documents,
        accounts=_accounts(watching.run, documents),
        exactness=exactness(documents.sales_order, watching.ways) if documents else None,
        sales_order_no=record.sales_order_no,
        invoice_no=record.invoice_no,
        invoice=send.wanted if isinstance(send, SendInvoice) else None,
        stays_draft=after is not None and bool(after.sales_order_id) and after.invoice_no is None,
        payment=PaymentWanted.from_text(after.payment_body) if after and due else None,
        is_invoiced=after is not None and after.invoice_no is not None,
        notes=documents.notes if documents and (fate.made or fate.found) else (),
        refund=None if is_order else max(record.id, 0),
        credit_notes=credit_notes,
    )


def _accounts(run: Run, documents: Documents | None) -> tuple[Account | None, ...]:
    """Return the account of each line; None where its product is yet to be made."""
    lines = documents.sales_order.lines if documents else ()
    products = [run.catalogue.catalogue.products.get(line.product_code) for line in lines]
    return tuple(
        None if not sold else sold.standard if line.use_standard_account else sold.optional
        for line, sold in zip(lines, products, strict=True)
    )


def _total(fate: _Fate, order: Order | None) -> tuple[Decimal | None, str]:
    if fate.documents:
        return fate.documents.sales_order.amounts.total, fate.documents.sales_order.currency
    if order:
        return order.total, order.currency
    ore = fate.before.total_ore
    return None if ore is None else from_ore(ore), fate.before.currency


def _becomes(fate: _Fate) -> Becomes:
    if fate.reason is not None:
        return Becomes.HELD if isinstance(fate.reason, Hold) else Becomes.SKIPPED
    if not fate.ended:
        return Becomes.WAITING
    if isinstance(fate.wanted, NotWanted):
        found = (becomes for kind, (becomes, _) in _OFF.items() if kind in fate.steps)
        return next(found, Becomes.NOT_TRANSFERRED)
    return next((it for kind, it in _MADE.items() if kind in fate.steps), Becomes.UNCHANGED)


def _said(fate: _Fate) -> Note | None:
    """Return the sentence of what becomes of an order; None: it is made, held or unanswered."""
    record, wanted = fate.before, fate.wanted
    facts = {"sales_order": str(record.sales_order_no or ""), "invoice": str(record.invoice_no)}
    if isinstance(wanted, NotWanted):
        for code in (code for kind, (_, code) in _OFF.items() if kind in fate.steps):
            return Note(code, {**facts, "status": wanted.status})
        if Do.CANCEL in fate.steps and wanted.refunded:
            return Note("refunded_before_transfer")
        return Note("not_transferred", {"status": wanted.status}) if fate.ended else None
    if fate.made:
        return None if Do.CREATE_SALES_ORDER in fate.steps else Note("preview_changes", facts)
    if fate.found:
        return Note("preview_found")
    if fate.reason is not None or not fate.ended:
        return None
    return Note(
        "preview_unchanged" if record.invoice_no is None else "preview_invoice_stands", facts
    )


def _customer(run: Run, sought: CustomerSought) -> tuple[str, int | None]:
    """Return whether PowerOffice has the customer of an order that is made, and its number."""
    chosen = run.customers.choose(sought)
    if isinstance(chosen, CustomerSeen) and chosen.id > 0:
        return "exists", chosen.number
    known = run.store.customer(sought.customer.reference) or 0  # one that is pretended: below 0
    return "known" if known > 0 else "new", None
