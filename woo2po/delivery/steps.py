"""Carries out one step of an order: to its draft here, the rest in the rooms beside it.

Only this module, steps_customer.py, steps_invoice.py and vouchers.py write to PowerOffice, each
write noted in the state database before it is tried (attempt.py).
"""

import json
from dataclasses import replace
from functools import partial

import structlog

from woo2po import mapping
from woo2po.delivery.attempt import personal, tried
from woo2po.delivery.steps_customer import create_product, find_customer, find_delivery_address
from woo2po.delivery.steps_invoice import (
    find_invoice_of,
    note_payment,
    read_invoice,
    send_invoice,
    total_of,
)
from woo2po.delivery.transfer import (
    Held,
    Transfer,
    Unsettled,
    adopt,
    begin_anew,
    is_wanted_anew,
    may_lag,
)
from woo2po.documents import DraftSeen
from woo2po.draft import Edit, digest_seen, edits_for, rounding_edits_for
from woo2po.holds import Hold, Skip, kept, texts_of
from woo2po.money import to_ore
from woo2po.next_step import (
    Accept,
    Adopt,
    CreateProduct,
    CreateSalesOrder,
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
)
from woo2po.poweroffice import PowerOffice
from woo2po.record import EDITS, OrderRecord, WriteKind

log = structlog.get_logger()


async def carry_out(
    t: Transfer,
    record: OrderRecord,
    wanted: Wanted | Hold | Skip | NotWanted,
    step: Step,
    in_hand: InHand,
) -> InHand:
    """Do what the step says, and return what is in hand after it.

    Raises Held, Sent and Unsettled, and what PowerOffice's client raises.
    """
    if isinstance(wanted, NotWanted):
        return await _undo(t, record, step, in_hand)
    if not isinstance(wanted, Wanted):
        raise TypeError(f"{type(step).__name__} for an order that cannot go")
    documents = wanted.documents
    match step:
        case FindCustomer(sought):
            return await find_customer(t, record, documents, sought, in_hand)
        case CreateProduct(product):
            await create_product(t, record, product)
            return replace(in_hand, products_made=in_hand.products_made | {product.code})
        case FindDeliveryAddress():
            return await find_delivery_address(t, record, documents, in_hand)
        case NotePayment(payment):
            note_payment(t, record, payment)
            return replace(in_hand, touched=True)
        case ReadInvoice():
            await read_invoice(t, record, wanted)
            return in_hand
        case SendInvoice(invoice):
            return await send_invoice(t, record, wanted, invoice, in_hand)
        case _:
            return await _with_the_draft(t, record, wanted, step, in_hand)


async def _with_the_draft(
    t: Transfer, record: OrderRecord, wanted: Wanted, step: Step, in_hand: InHand
) -> InHand:
    match step:
        case Adopt(document):
            adopt(t, record, document)
            return in_hand
        case CreateSalesOrder():
            return await _create_sales_order(t, record, wanted, in_hand)
        case ReadDraft():
            return await _read_draft(t, record, wanted, in_hand)
        case EditDraft(edits):
            return await _edit_draft(t, record, wanted, edits, in_hand)
        case Accept(seen):
            return _accept(t, record, wanted, seen, in_hand)
        case _:
            raise AssertionError(f"no such step: {step}")


async def _undo(t: Transfer, record: OrderRecord, step: Step, in_hand: InHand) -> InHand:
    """Take back what was made of an order that is off."""
    if isinstance(step, ReadDraft):
        seen = await t.go.draft(record.sales_order_id)
        if seen is not None:
            return replace(in_hand, draft=DraftView(seen, (), None, may_lag(t, record, EDITS)))
        if not await find_invoice_of(t, record):
            if may_lag(t, record):
                raise Unsettled
            # A person has deleted it: nothing is left to take back.
            with t.store.transaction():
                begin_anew(t, record)
        return in_hand
    call = partial(t.go.delete_draft, record.sales_order_id)
    close = partial(begin_anew, t, record)
    await tried(t, record, WriteKind.DELETE_DRAFT, record.reference, call, lambda _: close())
    log.info("draft_deleted", sales_order=record.sales_order_no)
    return replace(in_hand, touched=True, draft=None)


def _accept(
    t: Transfer, record: OrderRecord, wanted: Wanted, seen: DraftSeen, in_hand: InHand
) -> InHand:
    documents = wanted.documents
    notes = [{"code": note.code, "facts": kept(note.facts)} for note in documents.notes]
    with t.store.transaction():
        t.store.change_order(
            record.order_id,
            wanted_digest=wanted.digest,
            left_digest=digest_seen(seen),
            total_ore=to_ore(seen.total),
            currency=documents.sales_order.currency,
            sales_order_no=seen.number,
            customer_id=seen.customer_id,
            cancelled=0,
            notes=json.dumps(notes),
        )
    new = not record.wanted_digest
    t.summary.made += new and record.parent_id is None
    t.summary.credited += new and record.parent_id is not None
    t.summary.changed += not new
    log.info("draft_equal_to_the_ore", sales_order=seen.number, total=f"{seen.total:.2f}")
    for note in documents.notes:
        log.warning(note.code, facts=texts_of(note.facts))
    return replace(in_hand, touched=True, draft=replace_edits(in_hand.draft))


def replace_edits(draft: DraftView | None) -> DraftView | None:
    """Return a draft view without edits: the draft stands as it should."""
    return None if draft is None else replace(draft, edits=())


async def _create_sales_order(
    t: Transfer, record: OrderRecord, wanted: Wanted, in_hand: InHand
) -> InHand:
    doc = wanted.documents.sales_order

    def remember(seen: DraftSeen) -> None:
        t.store.change_order(
            record.order_id,
            sales_order_id=seen.id,
            sales_order_no=seen.number,
            customer_id=in_hand.customer_id,
            delivery_address_id=in_hand.delivery_address_id,
            total_ore=to_ore(total_of(wanted.documents)),
            currency=doc.currency,
        )

    names = personal(wanted.documents.customer.customer, doc.delivery)
    call = partial(
        t.go.create_sales_order, doc, in_hand.customer_id or 0, in_hand.delivery_address_id
    )
    try:
        seen = await tried(
            t,
            record,
            WriteKind.CREATE_SALES_ORDER,
            doc.reference,
            call,
            remember,
            names=names,
        )
    except Held:
        # The customer may have been deleted there: look for it anew next time.
        with t.store.transaction():
            t.store.forget_customer(in_hand.customer_id or 0)
        raise
    log.info("sales_order_made", sales_order=seen.number)
    return replace(in_hand, draft=_view(t, record, wanted, seen, in_hand, just_made=True))


async def _read_draft(t: Transfer, record: OrderRecord, wanted: Wanted, in_hand: InHand) -> InHand:
    seen = await t.go.draft(record.sales_order_id)
    if seen is not None:
        return replace(in_hand, draft=_view(t, record, wanted, seen, in_hand))
    if not await find_invoice_of(t, record):
        if may_lag(t, record) or is_wanted_anew(record):
            raise Unsettled  # a replica does not show it yet, or a list showed it just now
        raise Held(Hold("draft_gone", {"sales_order": str(record.sales_order_no or "")}))
    return in_hand


def _view(
    t: Transfer,
    record: OrderRecord,
    wanted: Wanted,
    seen: DraftSeen,
    in_hand: InHand,
    *,
    just_made: bool = False,
) -> DraftView:
    """Compare a draft with what is wanted, and learn from its sums how PowerOffice rounds.

    A draft that was read is first brought to the wanted lines; only then can its total tell
    whether it needs a rounding line. One that was found, not made, by this database may bear a
    person's work: until it was equal once nothing but the rounding line is touched.
    """
    order = wanted.documents.sales_order
    lags = not just_made and may_lag(t, record, EDITS)
    if not just_made and not (record.found and not record.wanted_digest):
        edits = edits_for(order, seen, in_hand.customer_id, in_hand.delivery_address_id)
        # An edit that was made and shows again is one that PowerOffice keeps in its own way.
        edits = tuple(edit for edit in edits if (edit.kind, edit.reference) not in in_hand.edited)
        if edits:
            return DraftView(seen, edits, None, lags)
    t.learn(mapping.ways_explaining(order, seen))
    target = mapping.corrected(order, seen, t.settings, t.shelf.catalogue)
    if isinstance(target, Hold):
        return DraftView(seen, (), target, lags)
    edits = rounding_edits_for(target, seen)
    return DraftView(seen, edits, mapping.difference(target, seen), lags)


async def _edit_draft(
    t: Transfer, record: OrderRecord, wanted: Wanted, edits: tuple[Edit, ...], in_hand: InHand
) -> InHand:
    with t.store.transaction():
        t.store.change_order(record.order_id, left_digest="")
    names = personal(wanted.documents.customer.customer)
    for edit in edits:
        call = partial(_edited, t.go, record.sales_order_id, wanted, edit, in_hand)
        await tried(t, record, edit.kind, edit.reference, call, lambda _: None, names=names)
        log.info("draft_edited", edit=edit.kind, line=edit.reference)
    edited = in_hand.edited | {(edit.kind, edit.reference) for edit in edits}
    return replace(in_hand, draft=None, rounds=in_hand.rounds + 1, edited=edited)


async def _edited(
    go: PowerOffice, draft_id: str, wanted: Wanted, edit: Edit, in_hand: InHand
) -> None:
    match edit.kind:
        case WriteKind.ADD_LINE if edit.line is not None:
            await go.add_line(draft_id, edit.line, edit.sort_order)
        case WriteKind.CHANGE_LINE if edit.line is not None:
            await go.change_line(draft_id, edit.line_id, edit.line, edit.sort_order)
        case WriteKind.DELETE_LINE:
            await go.delete_line(draft_id, edit.line_id)
        case _:
            await go.change_header(
                draft_id,
                wanted.documents.sales_order,
                in_hand.customer_id or 0,
                in_hand.delivery_address_id,
            )
