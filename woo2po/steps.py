"""Carries out one step of an order. The only module that writes to PowerOffice.

Every write goes through `_tried`, which knows three outcomes: made, refused (a clear no to a
first attempt) and unknown. Unknown is left open in the state database; settle.py looks it up
later, and nothing is repeated before that.
"""

import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from decimal import Decimal
from functools import partial
from hashlib import sha256
from typing import TypeVar

import structlog

from woo2po.documents import (
    Customer,
    CustomerSeen,
    CustomerSought,
    Documents,
    DocumentSeen,
    DraftSeen,
    InvoiceWanted,
    PaymentWanted,
    PostalAddress,
    ProductWanted,
)
from woo2po.draft import Edit, digest_seen, edits_for, rounding_edits_for
from woo2po.holds import Hold, Skip
from woo2po.logs import redacted
from woo2po.mapping import references, totals
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
    SendInvoice,
    Step,
    Wanted,
)
from woo2po.poweroffice import PowerOffice
from woo2po.record import OrderRecord, Outcome, Payment, WriteKind
from woo2po.transfer import Held, Sent, Transfer, Unsettled
from woo2po.transport import CannotLogIn, NeverLeft, NotAllowed, Refused

T = TypeVar("T")
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
    match step:
        case Adopt(document):
            return _adopt(t, record, wanted, document, in_hand)
        case FindCustomer(sought):
            return await _find_customer(t, record, wanted.documents, sought, in_hand)
        case CreateProduct(product):
            await _create_product(t, record, product)
            return replace(in_hand, products_made=in_hand.products_made | {product.code})
        case FindDeliveryAddress():
            return await _find_delivery_address(t, record, wanted.documents, in_hand)
        case CreateSalesOrder():
            return await _create_sales_order(t, record, wanted, in_hand)
        case ReadDraft():
            return await _read_draft(t, record, wanted, in_hand)
        case EditDraft(edits):
            return await _edit_draft(t, record, wanted, edits, in_hand)
        case Accept(seen):
            return _accept(t, record, wanted, seen, in_hand)
        case NotePayment(payment):
            _note_payment(t, record, payment)
            return replace(in_hand, touched=True)
        case SendInvoice(invoice):
            return await _send_invoice(t, record, wanted, invoice, in_hand)
        case _:
            raise AssertionError(f"no such step: {step}")


async def _undo(t: Transfer, record: OrderRecord, step: Step, in_hand: InHand) -> InHand:
    """Take back what was made of an order that is off."""
    if isinstance(step, ReadDraft):
        seen = await t.go.draft(record.sales_order_id)
        if seen is None:
            await _find_invoice_of(t, record, None)
            return in_hand
        return replace(in_hand, draft=DraftView(seen, (), None))
    call = partial(t.go.delete_draft, record.sales_order_id)
    again = f"-{record.generation + 1}"

    def close(_: None) -> None:
        t.store.begin_anew(
            record.order_id,
            references.sales_order_reference(t.settings, record.order_id) + again,
            references.matching_reference(t.settings, record.order_id) + again,
        )

    await _tried(t, record, WriteKind.DELETE_DRAFT, record.reference, call, close)
    log.info("draft_deleted", sales_order=record.sales_order_no)
    return replace(in_hand, touched=True, draft=None)


def _adopt(
    t: Transfer, record: OrderRecord, wanted: Wanted, document: DocumentSeen, in_hand: InHand
) -> InHand:
    with t.store.transaction():
        t.store.change_order(
            record.order_id,
            sales_order_id=document.id,
            sales_order_no=document.order_no,
            invoice_no=document.invoice_no,
        )
    log.info("found_in_poweroffice", sales_order=document.order_no)
    if document.invoice_no and to_ore(document.total) != to_ore(_total(wanted.documents)):
        raise Held(_invoice_differs(document.invoice_no, wanted.documents, f"{document.total}"))
    return in_hand


def _accept(
    t: Transfer, record: OrderRecord, wanted: Wanted, seen: DraftSeen, in_hand: InHand
) -> InHand:
    documents = wanted.documents
    notes = [{"code": note.code, "facts": note.facts} for note in documents.notes]
    with t.store.transaction():
        t.store.change_order(
            record.order_id,
            wanted_digest=wanted.digest,
            left_digest=digest_seen(seen),
            total_ore=to_ore(seen.total),
            currency=documents.sales_order.currency,
            sales_order_no=seen.number,
            cancelled=0,
            notes=json.dumps(notes),
        )
    new = not record.wanted_digest
    t.summary.made += new
    t.summary.changed += not new
    log.info("draft_equal_to_the_ore", sales_order=seen.number, total=f"{seen.total:.2f}")
    for note in documents.notes:
        log.warning(note.code, **note.facts)
    return replace(in_hand, touched=True, draft=replace_edits(in_hand.draft))


def replace_edits(draft: DraftView | None) -> DraftView | None:
    """Return a draft view without edits: the draft stands as it should."""
    return None if draft is None else replace(draft, edits=())


def _note_payment(t: Transfer, record: OrderRecord, payment: PaymentWanted) -> None:
    body = {
        "kind": payment.kind,
        "account_id": payment.account_id,
        "account_no": payment.account_no,
        "day": payment.day.isoformat(),
        "amount": str(payment.amount),
        "currency": payment.currency,
    }
    with t.store.transaction():
        t.store.change_order(record.order_id, payment=Payment.DUE, payment_body=json.dumps(body))


async def _send_invoice(
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
        t.warnings[refused.code] = dict(refused.facts)
        return replace(in_hand, may_send=False)
    except (NeverLeft, CannotLogIn):
        t.store.never_left(write)
        raise
    except Refused as refused:
        if write.attempts > 1 or _in_use(refused):
            raise Unsettled from None
        t.store.settle_write(write, Outcome.REFUSED)
        personal = _personal(wanted.documents.customer.customer)
        raise Held(_refusal(WriteKind.SEND_INVOICE, refused, personal)) from None
    if invoice.moved_from is not None:
        log.warning("invoice_date_moved", of=str(invoice.moved_from), to=str(invoice.day))
    log.info("invoice_asked_for", sales_order=record.sales_order_no)
    raise Sent


async def _find_invoice_of(t: Transfer, record: OrderRecord, wanted: Wanted | None) -> None:
    """Look for the invoice of a draft that is gone: a person may have invoiced it."""
    found = await t.go.invoices(matching_references=[record.matching_reference])
    mine = [seen for seen in found if seen.reference == record.reference]
    if not mine or mine[0].invoice_no is None:
        raise Held(Hold("draft_gone", {"sales_order": str(record.sales_order_no or "")}))
    with t.store.transaction():
        t.store.change_order(record.order_id, invoice_no=mine[0].invoice_no)
    if wanted and to_ore(mine[0].total) != to_ore(_total(wanted.documents)):
        raise Held(_invoice_differs(mine[0].invoice_no, wanted.documents, f"{mine[0].total}"))


async def _find_customer(
    t: Transfer, record: OrderRecord, documents: Documents, sought: CustomerSought, in_hand: InHand
) -> InHand:
    collective = sought.collective_number is not None
    customer_id = None if collective else t.store.customer(sought.customer.reference)
    if customer_id is None:
        await t.directory.look_up([sought], t.go)
        chosen = t.directory.choose(sought)
        if isinstance(chosen, Hold):
            raise Held(chosen)
        customer_id = (chosen or await _create_customer(t, record, sought.customer)).id
        if chosen and not collective:
            with t.store.transaction():
                t.store.remember_customer(
                    sought.customer.reference, chosen.id, chosen.subledger_account_id
                )
            log.info("customer_found", customer=chosen.number)
    own_address = not collective and t.store.has_delivery_addresses(customer_id)
    return replace(
        in_hand,
        customer_id=customer_id,
        delivery_needed=documents.sales_order.delivery is not None
        or (own_address and sought.customer.address is not None),
    )


async def _create_customer(t: Transfer, record: OrderRecord, customer: Customer) -> CustomerSeen:
    def remember(seen: CustomerSeen) -> None:
        t.store.remember_customer(customer.reference, seen.id, seen.subledger_account_id)

    call = partial(t.go.create_customer, customer)
    seen = await _tried(
        t,
        record,
        WriteKind.CREATE_CUSTOMER,
        customer.reference,
        call,
        remember,
        personal=_personal(customer),
    )
    t.directory.add([seen])
    log.info("customer_made", customer=seen.number)
    return seen


async def _create_product(t: Transfer, record: OrderRecord, product: ProductWanted) -> None:
    async with t.product_lock:
        if t.shelf.catalogue.product(product.code) is not None:
            return
        await _tried(
            t,
            record,
            WriteKind.CREATE_PRODUCT,
            product.code,
            partial(t.go.create_product, product),
            lambda _: None,
        )
        await t.shelf.refresh(again=True)
    log.info("product_made", product=product.code)


async def _find_delivery_address(
    t: Transfer, record: OrderRecord, documents: Documents, in_hand: InHand
) -> InHand:
    customer_id = in_hand.customer_id or 0
    address = documents.sales_order.delivery or documents.customer.customer.address
    assert address is not None  # noqa: S101 (delivery_needed says that there is one)
    code = delivery_code(customer_id, address)
    address_id = t.store.delivery_address(code)
    if address_id is None:
        listed = await t.go.delivery_addresses([customer_id])
        address_id = next((seen.id for seen in listed if seen.external_code == code), None)
    if address_id is None:
        made = await _tried(
            t,
            record,
            WriteKind.CREATE_DELIVERY_ADDRESS,
            code,
            partial(t.go.create_delivery_address, customer_id, address, code),
            lambda seen: t.store.remember_delivery_address(code, customer_id, seen.id),
            personal=_personal(documents.customer.customer, address),
        )
        address_id = made.id
    return replace(in_hand, delivery_address_id=address_id)


def delivery_code(customer_id: int, address: PostalAddress) -> str:
    """Return the ExternalCode of a delivery address: a hash, for the code is stored here too."""
    said = "\n".join(
        (
            str(customer_id),
            address.line_1,
            address.line_2,
            address.zip_code,
            address.city,
            address.country,
        )
    ).casefold()
    return "woo2po-" + sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:32]


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
            total_ore=to_ore(_total(wanted.documents)),
            currency=doc.currency,
        )

    personal = _personal(wanted.documents.customer.customer, doc.delivery)
    call = partial(
        t.go.create_sales_order, doc, in_hand.customer_id or 0, in_hand.delivery_address_id
    )
    try:
        seen = await _tried(
            t,
            record,
            WriteKind.CREATE_SALES_ORDER,
            doc.reference,
            call,
            remember,
            personal=personal,
        )
    except Held:
        # The customer may have been deleted there: look for it anew next time.
        with t.store.transaction():
            t.store.forget_customer(in_hand.customer_id or 0)
        raise
    log.info("sales_order_made", sales_order=seen.number)
    return replace(in_hand, draft=_view(t, record, wanted, seen, in_hand))


async def _read_draft(t: Transfer, record: OrderRecord, wanted: Wanted, in_hand: InHand) -> InHand:
    seen = await t.go.draft(record.sales_order_id)
    if seen is not None:
        return replace(in_hand, draft=_view(t, record, wanted, seen, in_hand))
    await _find_invoice_of(t, record, wanted)
    return in_hand


def _view(
    t: Transfer, record: OrderRecord, wanted: Wanted, seen: DraftSeen, in_hand: InHand
) -> DraftView:
    """Compare a draft with what is wanted, and learn from its sums how PowerOffice rounds.

    A draft that was never found equal yet is new: only its rounding line may be missing.
    """
    order = wanted.documents.sales_order
    t.learn(totals.ways_explaining(order, seen))
    target = totals.corrected(order, seen, t.settings, t.shelf.catalogue)
    if isinstance(target, Hold):
        return DraftView(seen, (), target)
    if record.wanted_digest and in_hand.rounds == 0:
        edits = edits_for(target, seen, in_hand.customer_id, in_hand.delivery_address_id)
    else:
        edits = rounding_edits_for(target, seen)
    return DraftView(seen, edits, totals.difference(target, seen))


async def _edit_draft(
    t: Transfer, record: OrderRecord, wanted: Wanted, edits: tuple[Edit, ...], in_hand: InHand
) -> InHand:
    with t.store.transaction():
        t.store.change_order(record.order_id, left_digest="")
    personal = _personal(wanted.documents.customer.customer)
    for edit in edits:
        call = partial(_edited, t.go, record.sales_order_id, wanted, edit, in_hand)
        await _tried(t, record, edit.kind, edit.reference, call, lambda _: None, personal=personal)
        log.info("draft_edited", edit=edit.kind, line=edit.reference)
    return replace(in_hand, draft=None, rounds=in_hand.rounds + 1)


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


async def _tried(
    t: Transfer,
    record: OrderRecord,
    kind: WriteKind,
    reference: str,
    call: Callable[[], Awaitable[T]],
    then: Callable[[T], None],
    *,
    personal: tuple[str, ...] = (),
) -> T:
    """Write a remote write down, try it, and write down what became of it.

    Raises Held for a clear refusal of a first attempt, Unsettled where a refusal may be the
    echo of an earlier success, and lets NoAnswer and NotUnderstood out with the write open.
    """
    write = t.store.begin_write(
        record.order_id, kind, reference, at=t.clock(), since=t.go.server_time
    )
    if write is None:
        raise Unsettled
    try:
        answer = await call()
    except (NeverLeft, CannotLogIn):
        # Neither an unreachable PowerOffice nor one that refuses our keys has done anything.
        t.store.never_left(write)
        raise
    except Refused as refused:
        if write.attempts > 1 or _in_use(refused):
            raise Unsettled from None
        t.store.settle_write(write, Outcome.REFUSED)
        raise Held(_refusal(kind, refused, personal)) from None
    made = str(getattr(answer, "id", ""))
    t.store.settle_write(write, Outcome.MADE, remote_id=made, also=lambda: then(answer))
    return answer


def _in_use(refused: Refused) -> bool:
    """Tell whether PowerOffice says that our reference exists: then it is looked up, not lost."""
    return refused.status == 409 or "already in use" in f"{refused.title} {refused.detail}".lower()


def _refusal(kind: WriteKind, refused: Refused, personal: tuple[str, ...]) -> Hold:
    facts = {
        "what": kind.value,
        "title": redacted(refused.title, personal),
        "detail": redacted(refused.detail, personal),
    }
    return Hold("refused", facts)


def _personal(customer: Customer, address: PostalAddress | None = None) -> tuple[str, ...]:
    values = [
        customer.name,
        customer.first_name,
        customer.last_name,
        customer.email,
        customer.phone,
    ]
    for place in (customer.address, address):
        if place is not None:
            values += [place.line_1, place.line_2, place.city]
    return tuple(v for v in values if v)


def _total(documents: Documents) -> Decimal:
    return documents.sales_order.amounts.total


def _invoice_differs(invoice_no: int, documents: Documents, total: str) -> Hold:
    facts = {"invoice": str(invoice_no), "total": total, "paid": str(_total(documents))}
    return Hold("invoice_differs", facts)
