"""The steps of an order (or a credit note), done once next_step has decided on them."""

from dataclasses import astuple, replace
from functools import partial
from hashlib import sha256

import structlog

from woo2po.documents import (
    PAID_REFERENCE,
    CustomerSeen,
    Documents,
    DraftSeen,
    Note,
    PaymentWanted,
    PostalAddress,
    ProductWanted,
)
from woo2po.holds import Hold, Skip, texts_of
from woo2po.http import NotUnderstood
from woo2po.mapping.draft import (
    aim_of,
    corrected,
    difference,
    digest_seen,
    edits_for,
    is_aimed_at,
    is_as_left,
    left_a_trace,
    rounding_edits_for,
    ways_explaining,
)
from woo2po.mapping.values import Stopped, hold
from woo2po.money import ORE, ZERO, to_ore
from woo2po.next_step import Do, DraftView, InHand, NotWanted, Outlook, Step, Wanted
from woo2po.poweroffice import PowerOffice
from woo2po.record import AIM, EDITS, Edit, Outcome, Payment, Record, WriteKind
from woo2po.transfer.invoices import find_invoice_of, read_invoice, send_invoice
from woo2po.transfer.wanted import learn
from woo2po.transfer.writes import (
    Run,
    Unsettled,
    as_kept,
    attempt,
    begin_anew,
    is_wanted_anew,
    may_lag,
    nameless,
    queue_paybacks,
)

log = structlog.get_logger()


async def carry_out(
    run: Run, record: Record, wanted: Outlook, step: Step, in_hand: InHand
) -> InHand:
    """Do what the step says, and return what is in hand after it.

    Raises Stopped, Sent and Unsettled, and what PowerOffice's client raises.
    """
    if step is Do.NOTE_PAYMENT and isinstance(wanted, Wanted | NotWanted):
        _note_payment(run, record, wanted.payment)
        return replace(in_hand, touched=isinstance(wanted, Wanted))
    if step is Do.READ_DRAFT:
        return await _read_draft(run, record, wanted, in_hand)
    if isinstance(wanted, NotWanted | Skip):
        return await _delete_draft(run, record, in_hand)
    if isinstance(wanted, Wanted) and isinstance(step, Do):
        return await _STEPS[step](run, record, wanted, in_hand)
    raise TypeError(f"{type(step).__name__} for an order that cannot go")


async def _gather(run: Run, record: Record, wanted: Wanted, in_hand: InHand) -> InHand:
    """Find or create what a draft stands on."""
    documents = wanted.documents
    customer_id = await _find_customer(run, record, documents)
    for product in documents.products:
        await _create_product(run, record, product)
    address = documents.sales_order.delivery
    if address is None and run.store.has_delivery_addresses(customer_id):
        address = documents.customer.customer.address
    if address is not None:
        address_id = await _find_delivery_address(run, record, documents, customer_id, address)
        in_hand = replace(in_hand, delivery_address_id=address_id)
    return replace(in_hand, customer_id=customer_id)


async def _find_customer(run: Run, record: Record, documents: Documents) -> int:
    """Find the order's customer here or there, or create it; a credit note's is its invoice's."""
    sought = documents.customer
    collective = sought.collective_number is not None
    customer_id = record.customer_id if record.is_credit_note else None
    if customer_id is None and not collective:
        customer_id = run.store.customer(sought.customer.reference)
    if customer_id is None:
        await run.customers.look_up([sought], run.poweroffice)
        chosen = run.customers.choose(sought)
        if isinstance(chosen, Hold):
            raise Stopped(chosen)
        customer_id = (chosen or await _create_customer(run, record, documents)).id
        if chosen:
            # The collective customer is remembered too, for its sub-ledger account.
            key = f"number {chosen.number}" if collective else sought.customer.reference
            run.store.remember_customer(key, chosen.id, chosen.subledger_account_id)
            # An address that stands there already would be inherited by every order.
            for seen in await run.poweroffice.delivery_addresses([chosen.id]):
                code = seen.external_code or f"id {seen.id}"
                run.store.remember_delivery_address(code, chosen.id, seen.id)
            log.info("customer_found", customer=chosen.number)
    return customer_id


async def _create_customer(run: Run, record: Record, documents: Documents) -> CustomerSeen:
    customer = documents.customer.customer

    def remember(seen: CustomerSeen) -> None:
        run.store.remember_customer(customer.reference, seen.id, seen.subledger_account_id)

    create = partial(run.poweroffice.create_customer, customer)
    names = documents.personal
    kind, reference = WriteKind.CREATE_CUSTOMER, customer.reference
    seen = await attempt(run, kind, reference, record.id, create, remember, names=names)
    run.customers.add([seen])
    log.info("customer_made", customer=seen.number)
    return seen


async def _create_product(run: Run, record: Record, product: ProductWanted) -> None:
    """Create a product unless another order of this run has just done so."""
    async with run.catalogue.making:
        await run.catalogue.refresh()  # a person may have made it since the catalogue was read
        if run.catalogue.catalogue.product(product.code) is not None:
            return
        create = partial(run.poweroffice.create_product, product)
        kind, code = WriteKind.CREATE_PRODUCT, product.code
        await attempt(run, kind, code, record.id, create, run.catalogue.add)
    log.info("product_made", product=product.code)


async def _find_delivery_address(
    run: Run, record: Record, documents: Documents, customer_id: int, address: PostalAddress
) -> int:
    """Find the delivery address by its code, or create it."""
    code = delivery_code(customer_id, address)
    address_id = run.store.delivery_address(code)
    if address_id is None:
        listed = await run.poweroffice.delivery_addresses([customer_id])
        address_id = next((seen.id for seen in listed if seen.external_code == code), None)
        if address_id is not None:
            run.store.remember_delivery_address(code, customer_id, address_id)
    if address_id is None:
        # Should the answer be lost, the customer is known to have an address all the same.
        run.store.remember_delivery_address(code, customer_id, 0)
        made = await attempt(
            run,
            WriteKind.CREATE_DELIVERY_ADDRESS,
            code,
            record.id,
            partial(run.poweroffice.create_delivery_address, customer_id, address, code),
            lambda seen: run.store.remember_delivery_address(code, customer_id, seen.id),
            names=documents.personal,
        )
        address_id = made.id
    return address_id


def delivery_code(customer_id: int, address: PostalAddress) -> str:
    """Return the ExternalCode of a delivery address: a hash, for the code is stored here too."""
    said = "\n".join((str(customer_id), *astuple(address))).casefold()
    return "woo2po-" + sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _note_payment(run: Run, record: Record, payment: PaymentWanted | Hold | None) -> None:
    """Write down what is to be posted; payments.py posts it once there is an invoice."""
    assert not isinstance(payment, Hold)  # noqa: S101 (that would be the step)
    before = Payment.MADE if record.booked_ore else Payment.NONE
    noted = {"payment_body": payment.as_text()} if payment else {}
    run.store.change(record.id, payment=Payment.DUE if payment else before, **noted)
    if payment:
        queue_paybacks(run, record)


async def _delete_draft(run: Run, record: Record, in_hand: InHand) -> InHand:
    kind, reference = WriteKind.DELETE_DRAFT, record.reference
    delete = partial(run.poweroffice.delete_draft, record.sales_order_id)
    await attempt(run, kind, reference, record.id, delete, lambda _: begin_anew(run, record))
    log.info("draft_deleted", sales_order=record.sales_order_no)
    return replace(in_hand, touched=True, draft=None)


async def _accept(run: Run, record: Record, wanted: Wanted, in_hand: InHand) -> InHand:
    draft, documents = _in_hand(in_hand), wanted.documents
    seen, notes = draft.seen, [nameless(note, documents.personal) for note in documents.notes]
    if _is_just_found(record):  # its head was left as it is, for it may be a person's
        edits = edits_for(
            documents.sales_order, seen, in_hand.customer_id, in_hand.delivery_address_id
        )
        if any(edit.kind is WriteKind.CHANGE_HEADER for edit in edits):
            notes.append(Note("found_otherwise", {"sales_order": str(seen.number)}))
    run.store.change(
        record.id,
        wanted_digest=wanted.digest,
        left_digest=digest_seen(seen),
        total_ore=to_ore(seen.total),
        currency=documents.sales_order.currency,
        sales_order_no=seen.number,
        customer_id=seen.customer_id,
        notes=as_kept(notes),
        **({"cancelled": 0} if not record.is_credit_note else {}),
    )
    new = not record.wanted_digest
    run.outcome.counts["made"] += new and not record.is_credit_note
    run.outcome.counts["credited"] += new and record.is_credit_note
    run.outcome.counts["changed"] += not new
    log.info("draft_equal_to_the_ore", sales_order=seen.number, total=f"{seen.total:.2f}")
    for note in notes:
        log.warning(note.code, facts=texts_of(note.facts))
    return replace(in_hand, touched=True, draft=replace(draft, edits=()))


async def _create_sales_order(run: Run, record: Record, wanted: Wanted, in_hand: InHand) -> InHand:
    doc = wanted.documents.sales_order

    def remember(seen: DraftSeen) -> None:
        run.store.change(
            record.id,
            sales_order_id=seen.id,
            sales_order_no=seen.number,
            customer_id=in_hand.customer_id,
            delivery_address_id=in_hand.delivery_address_id,
            total_ore=to_ore(doc.amounts.total),
            currency=doc.currency,
        )

    names, create = wanted.documents.personal, run.poweroffice.create_sales_order
    call = partial(create, doc, in_hand.customer_id or 0, in_hand.delivery_address_id)
    kind, reference = WriteKind.CREATE_SALES_ORDER, doc.reference
    try:
        seen = await attempt(run, kind, reference, record.id, call, remember, names=names)
    except Stopped:
        # The customer may have been deleted there: look for it anew next time.
        with run.store.transaction():
            run.store.forget_customer(in_hand.customer_id or 0)
        raise
    log.info("sales_order_made", sales_order=seen.number)
    edits = edits_for(doc, seen, in_hand.customer_id, in_hand.delivery_address_id)
    # What the answer itself has otherwise, PowerOffice keeps in its own way.
    kept = {(one.kind, one.reference) for one in edits if one.kind is WriteKind.CHANGE_LINE}
    view = _view(run, record, wanted, seen, in_hand, just_made=True)
    return replace(in_hand, draft=view, kept=frozenset(kept))


async def _read_draft(run: Run, record: Record, wanted: Outlook, in_hand: InHand) -> InHand:
    """Read a draft. One that is gone was invoiced by a person, or deleted."""
    seen = await run.poweroffice.draft(record.sales_order_id)
    if seen is not None and isinstance(wanted, Wanted):
        _check_that_it_is_whole(seen)
        return replace(in_hand, draft=_view(run, record, wanted, seen, in_hand))
    if seen is not None:
        as_left = is_as_left(record.left_digest, seen)
        view = DraftView(seen, as_left, (), None, may_lag(run, record, EDITS))
        return replace(in_hand, draft=view)
    if await find_invoice_of(run, record):
        return replace(in_hand, touched=True)
    if may_lag(run, record) or is_wanted_anew(record):
        raise Unsettled  # a replica does not show it yet, or a list showed it just now
    if isinstance(wanted, Wanted):
        raise hold("draft_gone", sales_order=str(record.sales_order_no or ""))
    with run.store.transaction():  # nothing is left to take back
        begin_anew(run, record)
    return in_hand


def _check_that_it_is_whole(seen: DraftSeen) -> None:
    """Raise NotUnderstood for a draft without lines or references: they would be added twice."""
    there = sum((line.total or ZERO for line in seen.lines), ZERO)
    explained = abs(there - seen.total) <= ORE * 2 * (len(seen.lines) + 1)
    named = not seen.lines or any(line.reference for line in seen.lines)
    if not explained or not named:
        field = "ExternalImportReference" if explained else "SalesOrderLines"
        facts = {"what": "GET /SalesOrders/{id}/Complete", "field": field}
        raise NotUnderstood("poweroffice", "poweroffice_not_understood", **facts)


def _view(
    run: Run,
    record: Record,
    wanted: Wanted,
    seen: DraftSeen,
    in_hand: InHand,
    *,
    just_made: bool = False,
) -> DraftView:
    """Compare a draft with what is wanted, and learn from its sums how PowerOffice rounds.

    Only the wanted lines tell by their total whether a rounding line is needed. A draft that was
    found, not made, by this database may bear a person's work: until it was equal once nothing
    but the rounding line and how it was paid is touched.
    """
    order, as_left = wanted.documents.sales_order, is_as_left(record.left_digest, seen)
    lags = not just_made and not in_hand.edited_before and may_lag(run, record, EDITS)
    found = _is_just_found(record)
    # What was asked for otherwise may have been done, and not show yet.
    same = is_aimed_at(record.left_digest, order, in_hand.customer_id)
    otherwise = lags and record.left_digest.startswith(AIM) and not same
    if not just_made:
        edits = edits_for(order, seen, in_hand.customer_id, in_hand.delivery_address_id)
        edits = tuple(edit for edit in edits if (edit.kind, edit.reference) not in in_hand.kept)
        if found:  # where no line is a person's, only how it was paid is told anew
            others = {edit.kind for edit in edits if edit.reference != PAID_REFERENCE}
            theirs = others & {WriteKind.ADD_LINE, WriteKind.DELETE_LINE}
            edits = tuple(x for x in edits if x.reference == PAID_REFERENCE and not theirs)
        # An edit that was made and shows again is one that PowerOffice keeps in its own way, or
        # the read is older than it: its total is not that of the draft as it stands.
        fresh = tuple(edit for edit in edits if (edit.kind, edit.reference) not in in_hand.edited)
        unseen = otherwise or (lags and any(_is_unseen(edit, seen, in_hand) for edit in edits))
        if fresh or unseen:
            return DraftView(seen, as_left, fresh, None, lags, unseen)
    learn(run.store, ways_explaining(order, seen))
    target = corrected(order, seen, run.basis)
    if isinstance(target, Hold):
        target = (difference(order, seen) if found else None) or target
        return DraftView(seen, as_left, (), target, lags)
    edits = rounding_edits_for(target, seen)
    unseen = lags and any(_is_unseen(edit, seen, in_hand) for edit in edits)
    return DraftView(seen, as_left, edits, difference(target, seen), lags, unseen)


def _is_just_found(record: Record) -> bool:
    """Tell whether a draft was found there, and not found equal yet by this database."""
    return bool(record.found) and not record.wanted_digest


def _is_unseen(edit: Edit, seen: DraftSeen, in_hand: InHand) -> bool:
    """Tell whether this run made an edit of which a draft shows nothing."""
    made = (edit.kind, edit.reference) in in_hand.edited
    return made and in_hand.before is not None and not left_a_trace(edit, in_hand.before, seen)


def _in_hand(in_hand: InHand) -> DraftView:
    assert in_hand.draft is not None  # noqa: S101 (else the step would be to read it)
    return in_hand.draft


async def _edit_draft(run: Run, record: Record, wanted: Wanted, in_hand: InHand) -> InHand:
    order, draft = wanted.documents.sales_order, _in_hand(in_hand)
    made = {(w.kind, w.reference) for w in record.writes if w.outcome is Outcome.MADE}
    edited = frozenset((edit.kind, edit.reference) for edit in draft.edits)
    # Made by an earlier run so long ago that they would show by now: then it is PowerOffice that
    # keeps them in its own way.
    left, customer = record.left_digest, in_hand.customer_id
    again = edited <= made and not may_lag(run, record, EDITS)
    before = in_hand.edited_before or (again and is_aimed_at(left, order, customer))
    run.store.change(record.id, left_digest=aim_of(order, customer, draft.seen, left))
    names = wanted.documents.personal
    for edit in draft.edits:
        call = partial(_edited, run.poweroffice, record.sales_order_id, wanted, edit, in_hand)
        await attempt(run, edit.kind, edit.reference, record.id, call, names=names)
        log.info("draft_edited", edit=edit.kind, line=edit.reference)
    return replace(
        in_hand,
        draft=None,
        before=draft.seen,
        rounds=in_hand.rounds + 1,
        edited=edited,
        kept=in_hand.kept | in_hand.edited,
        edited_before=before,
    )


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


_STEPS = {
    Do.GATHER: _gather,
    Do.CREATE_SALES_ORDER: _create_sales_order,
    Do.EDIT_DRAFT: _edit_draft,
    Do.ACCEPT: _accept,
    Do.SEND_INVOICE: send_invoice,
    Do.READ_INVOICE: read_invoice,
}
