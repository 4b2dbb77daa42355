"""What the orders of a run should become: read from the shop, mapped, their customers looked up."""

import asyncio
import re
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import structlog

from woo2po import mapping
from woo2po.documents import (
    Account,
    CreditNote,
    CustomerSought,
    Documents,
    DocumentSeen,
    InvoiceWanted,
    NotYet,
    PaymentWanted,
    Rounding,
)
from woo2po.holds import Hold, Skip
from woo2po.http import RemoteError
from woo2po.mapping.capture import Money, gateway_of, told_of_money
from woo2po.mapping.credit_note import Crediting, credit_note_for, leaves_goods
from woo2po.mapping.customer import (
    credits_whole,
    generation_after,
    matching_reference,
    of_generation,
)
from woo2po.mapping.draft import digest_of, digest_of_documents
from woo2po.mapping.payment import (
    clearing_account,
    invoice_of,
    is_more_to_come,
    payment_of,
    why_nothing_comes,
)
from woo2po.mapping.prices import ALL_WAYS
from woo2po.money import ZERO, Fact, from_ore, round_ore, same_amount, to_ore
from woo2po.next_step import NotWanted, Outlook, Wanted, adoption, changed_after_invoice
from woo2po.order import Order, Refund, UnreadableOrder
from woo2po.pull import Pulled
from woo2po.record import Payment, Record
from woo2po.store import Store
from woo2po.store.database import StateError
from woo2po.transfer.lookups import tokens_of
from woo2po.transfer.writes import Row, Run, adopt, begin_anew

log = structlog.get_logger()

KEEP_MAPPED = 200  # orders of a run whose documents are kept until their invoice stands
# The sale is off: what was made of it is taken back. Any other status says nothing of the kind,
# a shop's own ("ready to be fetched") least of all.
OFF = frozenset({"cancelled", "failed", "trash"})


@dataclass(frozen=True, slots=True)
class Prepared:
    """An order (or a credit note of it) with its record and what it should become."""

    row: Row | None
    record: Record
    wanted: Outlook
    tokens: frozenset[str]  # what connects it with other orders of its customer


async def prepare(run: Run, pulled: Pulled, ids: Sequence[int]) -> list[Prepared]:
    """Read and map a chunk of orders, and look all their customers up together."""
    missing = [i for i in ids if i not in pulled.in_hand]
    listed = await run.shop.orders(missing, pulled.statuses) if missing else []
    read = pulled.in_hand | {row.id: row for row in listed}
    prepared = []
    for order_id in ids:
        _refer(run, order_id)
        record = run.store.order(order_id)
        if record is None:
            continue
        row = read.get(order_id)
        if row is None:
            # Absent from a list is not yet deleted: only a 404 of its own says so.
            row = await run.shop.order(order_id)
        run.onlooker.read(record, row)
        row = await _with_money(run, row, record)
        wanted = await _wanted_again(run, row, record)
        sought = wanted.documents.customer if isinstance(wanted, Wanted) else None
        tokens = tokens_of(sought) if sought else frozenset[str]()
        prepared.append(Prepared(row, record, wanted, tokens))
        await asyncio.sleep(0)  # the orders under way go on between two that are mapped
    await run.customers.look_up(_customers_sought(run, prepared), run.poweroffice)
    return prepared


async def refunds_of(run: Run, row: Row | None, order_id: int) -> list[Refund]:
    """Return an order's refunds, read once a run, and anew where the order tells of others."""
    told = {one.id for one in row.refunds} if isinstance(row, Order) else set()
    read = run.progress.refunds.get(order_id)
    if read is None or not told <= {one.id for one in read}:
        run.progress.refunds[order_id] = await run.shop.refunds(order_id)
    return run.progress.refunds[order_id]


async def _with_money(run: Run, row: Row | None, record: Record) -> Row | None:
    """Return an order with what is known of its money, and its refunds' days where they decide."""
    if not isinstance(row, Order):
        return row
    noted = _noted(record)
    seen = from_ore(record.booked_ore) + (noted.amount if noted else ZERO)
    notes = run.store.credit_notes_of(record.id) if row.refunds else ()
    back = frozenset(note.id for note in notes if note.payment)
    known = {"seen_captured": seen, "seen_returned": back, "seen_reserved": record.reserved_at}
    row = row.model_copy(update=known | _booked_method(run, row, record))
    if seen >= row.total or not row.refunds:
        return row
    try:
        return row.with_refunds(await refunds_of(run, row, row.id))
    except UnreadableOrder:
        return row  # its credit note is held for that


def _booked_method(run: Run, order: Order, record: Record) -> dict[str, str]:
    """Return the method by which money was booked where it is another now: it goes back by that."""
    if record.booked_ore <= 0 or not record.payment_body:
        return {}
    settings, booked = run.settings, PaymentWanted.from_text(record.payment_body)
    method = booked.says.partition(" ")[0]
    account = clearing_account(method, settings, run.catalogue.catalogue)
    known = method in settings.payments.accounts or gateway_of(method) is not None
    known = known or (isinstance(account, Account) and account.number == booked.account_no)
    is_other = known and not f"{booked.says} ".startswith(f"{order.payment_method} ")
    return {"payment_method": method} if is_other else {}


def _noted(record: Record) -> PaymentWanted | None:
    """Return what is noted of an order's money and not booked yet."""
    is_noted = record.payment in {Payment.DUE, Payment.IN_VOUCHER}
    return PaymentWanted.from_text(record.payment_body) if is_noted else None


def _refer(run: Run, order_id: int) -> None:
    """Give an order that nothing was sent of today's references, and what was found of it there."""
    record = run.store.order(order_id)
    if record is None:
        return
    is_free = not (record.hold or record.skip or record.open_write)
    if is_free and close_if_credited(run, record, todo=True):
        record = run.store.order(order_id) or record
    base = matching_reference(run.settings, order_id)
    found = run.store.found_under(base)
    generations = (generation_after(base, seen) for seen in found)
    generation = max(record.generation, *generations, 1)
    own = of_generation(run.settings, order_id, generation)
    if generation > record.generation and record.open_write is None:
        # The credit note of what was paid has a matching reference of its own.
        credited = [seen for seen in found if credits_whole(seen)]
        paid = any(seen.matching_reference.endswith("-c") for seen in credited)
        with run.store.transaction():
            for seen in credited:  # each of the generation that it has ended
                ended = replace(record, generation=generation_after(base, seen) - 1)
                run.store.finish(_take_over(run, ended, seen, None))
            run.store.begin_anew(record, generation, own, paid=paid)
    else:
        run.store.refer_to(order_id, *own)
    record = run.store.order(order_id) or record
    for seen in found:
        note = re.fullmatch(r"-c|-r(\d{1,18})", seen.reference.removeprefix(record.reference))
        if note is not None:
            _take_over(run, record, seen, int(note[1]) if note[1] else None)
    if record.found and not record.sales_order_id and not record.open_write:
        found_now = adoption(record, record.found)
        if isinstance(found_now, DocumentSeen):
            adopt(run, record, found_now)


def was_paid_back(run: Run, record: Record) -> bool:
    """Tell whether an order's money went back by its whole credit note: no later invoice's then."""
    notes = run.store.credit_notes_of(record.id)
    return any(note.payment for note in notes if note.refund_id is None)


def close_if_credited(run: Run, parent: Record, *, todo: bool) -> bool:
    """Close an order whose invoice is credited whole, once its money stands in the books, and tell
    whether it is closed now: its refunds are the way back of that money from then on. `todo`:
    whether it is in the queue after that.
    """
    if not parent.invoice_no or parent.payment in {Payment.DUE, Payment.IN_VOUCHER}:
        return False
    whole = run.store.cancellation_of(parent)
    if whole is None or not whole.invoice_no or whole.todo:
        return False
    with run.store.transaction():
        begin_anew(run, parent)
        run.store.change(parent.id, todo=todo)
    log.info("order_credited_in_full")
    return True


def _take_over(run: Run, record: Record, seen: DocumentSeen, refund_id: int | None) -> int:
    """Note a credit note of an order that was found in PowerOffice: it is not made once more."""
    with run.store.transaction():
        own = seen.reference, seen.matching_reference
        id_ = run.store.note_credit_note(record, refund_id, *own)
        child = run.store.record(id_)
        if child is not None and not child.sales_order_id and not child.open_write:
            adopt(run, child, seen)
            run.store.change(child.id, total_ore=to_ore(seen.total))
    return id_


async def _wanted_again(run: Run, row: Row | None, record: Record) -> Outlook:
    """Map an order; what this run mapped already, and made, is not mapped once more."""
    key = (record.id, row.content_hash if isinstance(row, Order) else "")
    known = run.progress.mapped.get(key)
    if known is not None and known.digest == record.wanted_digest:
        return known
    try:
        wanted = await wanted_for(run, row, record)
    except (RemoteError, StateError):
        raise
    except Exception as error:  # noqa: BLE001 (one bad order never stops the others)
        return defect(error)
    if isinstance(wanted, Wanted) and len(run.progress.mapped) < KEEP_MAPPED:
        run.progress.mapped[key] = wanted
    return wanted


def defect(error: Exception) -> Hold:
    """Return the hold for a defect of our own: where it is, and never the values it met.

    What the machine itself refuses, open files or memory, is about no order, and raised again.
    """
    if getattr(error, "errno", None):
        raise error
    where = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{Path(where.filename).name}:{where.lineno}"
    return Hold("unexpected", {"error": type(error).__name__, "place": place})


def ways(store: Store) -> frozenset[Rounding]:
    """Return the ways of rounding that explain PowerOffice's answers so far."""
    said = store.memory.rounding_ways
    return frozenset(map(Rounding, said)) if said else ALL_WAYS


def learn(store: Store, explaining: frozenset[Rounding]) -> None:
    """Keep the ways that explain the newest answer too, if any does."""
    known = ways(store)
    left = (known & explaining) or explaining or known
    if left != known:
        store.remember(rounding_ways=tuple(sorted(left)))
        log.info("rounding_learned", ways=sorted(left))


def _customers_sought(run: Run, prepared: Sequence[Prepared]) -> Iterator[CustomerSought]:
    for one in prepared:
        if isinstance(one.wanted, Wanted) and one.wanted.digest != one.record.wanted_digest:
            sought = one.wanted.documents.customer
            known = run.store.customer(sought.customer.reference)
            if sought.collective_number is not None or not known:
                yield sought


async def _sold_still(run: Run, order: Order) -> Order | None:
    """Return an order that is sold still in part, though all that was paid in money went back, as
    completed then at the latest; else None.
    """
    if not leaves_goods(order, (), run.basis):
        return None
    try:
        refunds = await refunds_of(run, order, order.id)
    except UnreadableOrder:
        return order  # its credit note is held for that
    if not refunds or not leaves_goods(order, refunds, run.basis):
        return None
    last = max(refund.date_created_gmt for refund in refunds)
    return order.model_copy(update={"date_completed_gmt": order.date_completed_gmt or last})


async def wanted_for(run: Run, row: Row | None, record: Record) -> Outlook:
    """Return what an order should be in PowerOffice; a stale catalogue is read again first.

    An order refunded in full before it was invoiced is not wanted.
    """
    stays = "" if run.settings.refunds.credit_notes else "off_after_invoice"
    notes = run.store.credit_notes_of(record.id) if record.invoice_no else ()
    back = sum(abs(n.total_ore or 0) for n in notes if n.refund_id is not None and n.invoice_no)
    credited = record.invoice_no is not None and 0 < back == record.total_ore
    if row is None:
        noted = _noted(record)  # nobody tells any more what came
        return NotWanted("deleted", invoice_stays=stays, credited=credited, payment=noted)
    if isinstance(row, UnreadableOrder):
        return Hold("unreadable", {"where": row.where, "expected": row.expected})
    again = run.store.used_again(row.id, [refund.id for refund in row.refunds])
    if _is_another_order(row, record):
        again = row.id
    if again is not None:
        placed = (record.created or row.date_created_gmt).astimezone(run.settings.zone)
        return Hold("id_used_again", {"id": str(again), "placed": f"{placed:%d.%m.%Y %H:%M}"})
    eligible = mapping.eligible(row, run.settings)
    goes_on = record.sales_order_id or mapping.has_moved_on(row, run.settings)
    if not eligible and (row.status in OFF or not goes_on):
        # Credited is what was invoiced: an order that changed since is for a person.
        # What was reserved alone never came, and goes the way of any sale that is off.
        capture = told_of_money(row, run.settings)
        came = capture is None or capture.money is Money.CAPTURED
        failed = row.status == "failed" and row.date_paid_gmt is not None and came
        stays = stays or ("failed_after_payment" if failed else _why_not_credited(row, record))
        money = None if record.invoice_no is None else _payment(run, row, record)
        return NotWanted(row.status, invoice_stays=stays, credited=credited, payment=money)
    refunded = row.status == "refunded" and "refunded" not in run.settings.woocommerce.statuses
    refunded = refunded or (row.total <= row.refunded and was_paid_back(run, record))
    if refunded and record.invoice_no is None:
        kept = await _sold_still(run, row)
        if kept is None:
            return NotWanted(row.status, refunded=True)
        row = kept
    wanted = _wanted(run, row, record)
    # What was held before is judged by what was read within the hour.
    if isinstance(wanted, Hold) and not record.hold and await run.catalogue.refresh():
        wanted = _wanted(run, row, record)
    goes = {*run.settings.woocommerce.statuses, "completed"}
    elsewhere = not eligible or mapping.has_moved_on(row, run.settings)
    if isinstance(wanted, Wanted) and elsewhere and row.status not in goes:
        # On hold, ready to be fetched ...: the sale is on, and what was transferred stays.
        return replace(wanted, invoice=NotYet("not_in_a_status_of_question_1"))
    return wanted


def _is_another_order(order: Order, record: Record) -> bool:
    """Tell whether an order has the id of one whose documents stand: placed at another moment, and
    of another number, sale or buyer; else somebody has only edited its date.
    """
    made = record.sales_order_id or record.writes or record.generation > 1
    known = record.wanted_digest.rpartition(".")[2] == order.buyer_hash()
    same = known and _is_same_sale(order, record) and order.number in {"", record.number}
    return bool(made) and record.created not in {None, order.date_created_gmt} and not same


def _why_not_credited(order: Order, record: Record) -> str:
    if record.wanted_digest:
        same = _is_same_sale(order, record)
    else:
        # An invoice that was found tells no more than its total.
        same = any(
            seen.invoice_no == record.invoice_no and same_amount(seen.total, order.total)
            for seen in record.found
        )
    return "" if same or record.invoice_no is None else "off_and_changed"


def _wanted(run: Run, order: Order, record: Record) -> Wanted | Hold | Skip:
    known, basis = ways(run.store), run.basis
    made = partial(
        mapping.documents_for,
        order,
        basis,
        record.reference,
        match=record.matching_reference,
        booked=record.invoice_no is not None,
    )
    documents = made(ways=known)
    if not isinstance(documents, Documents):
        return _once_invoiced(order, record, documents)
    # Its digest is the same whatever is known of PowerOffice's rounding.
    steady = documents if known == ALL_WAYS else made(ways=ALL_WAYS)
    said = digest_of_documents(steady if isinstance(steady, Documents) else documents)
    invoice = invoice_of(order, basis)
    delivered = documents.sales_order.delivered
    # Sent today, a draft gets today as its day of delivery by itself: it is not changed for that.
    sent_today = isinstance(invoice, InvoiceWanted) and delivered == basis.today
    told = None if sent_today or isinstance(invoice, Hold) else delivered
    if record.sales_order_id and told is None:
        same = replace(documents.sales_order, delivered=None)
        documents = replace(documents, sales_order=same)
    payment = _payment(run, order, record)
    noted = payment.amount if isinstance(payment, PaymentWanted) else ZERO
    return Wanted(
        documents=documents,
        digest=_digest(order, record, digest_of((said, told)) if told else said),
        invoice=invoice,
        payment=payment,
        more_to_come=is_more_to_come(order, run.settings, from_ore(record.booked_ore) + noted),
        unpaid=why_nothing_comes(order, run.settings),
    )


def _payment(run: Run, order: Order, record: Record) -> PaymentWanted | Hold | None:
    noted = _noted(record) if record.payment is Payment.DUE else None
    return payment_of(order, run.basis, from_ore(record.booked_ore), noted)


def _once_invoiced(order: Order, record: Record, stopped: Hold | Skip) -> Hold | Skip:
    """Return why an order can't go, and never advice to book one whose invoice stands."""
    if record.invoice_no is None or isinstance(stopped, Skip):
        return stopped
    if not _is_same_sale(order, record):
        return changed_after_invoice(record, round_ore(order.total), order.currency)
    if "product" in stopped.code:  # one is missing or unfit: nothing of the order is unclear
        return stopped
    facts: dict[str, Fact] = {"was": from_ore(record.total_ore or 0), "code": stopped.code}
    return Hold("unclear_after_invoice", {"invoice": str(record.invoice_no), **facts})


def _digest(order: Order, record: Record, said: str) -> str:
    """Return the digest of an order's documents (`said`, which follows the configuration too, and a
    day of delivery that the draft must be told), and after dots those of what was sold to whom.

    What is invoiced follows nothing any more: only another sale is a change there.
    """
    if record.invoice_no is not None and _is_same_sale(order, record):
        same, _, buyer = record.wanted_digest.rpartition(".")
        return f"{same}.{order.buyer_hash() if '.' in same else buyer}"
    before, *sold = record.wanted_digest.split(".")
    if before == said and len(sold) == 1:  # an earlier version's, of the same documents
        return record.wanted_digest
    sale = sold[0] if before == said and sold else order.sale_hash()
    return f"{said}.{sale}.{order.buyer_hash()}"


def _is_same_sale(order: Order, record: Record) -> bool:
    sold = record.wanted_digest.split(".")[1:]
    if len(sold) < 2:  # an earlier version took how it was told for the sale: the total has to do
        return to_ore(order.total) == record.total_ore
    return sold[0] in {order.sale_hash(), order.sale_hash_before()}


def credit_note_wanted(
    run: Run,
    order: Order,
    parent: Record,
    child: Record,
    refunds: Sequence[Refund],
    *,
    invoice: DocumentSeen | None,
) -> Wanted | Hold | None:
    """Return the credit note of a refund, or (without one) of the whole order; None: of nothing.

    `invoice`: as it stands now, where that was looked at.
    """
    if child.refund_id is not None and all(one.id != child.refund_id for one in refunds):
        return Hold("refund_not_told", {"refund": str(child.refund_id)})
    others = [one for one in run.store.credit_notes_of(order.id) if one.refund_id is not None]
    if child.refund_id is None and any(one.skip is None for one in others):
        # Also of a refund that the shop has deleted since: never more than was sold.
        credited = from_ore(sum(abs(one.total_ore or 0) for one in others))
        return Hold("cancelled_after_refunds", {"refunded": max(order.refunded, credited)})
    told = {one.id for one in refunds}
    gone = (one for one in others if one.invoice_no is not None and one.id not in told)
    given = partial(
        Crediting,
        order,
        run.basis,
        names=(child.reference, child.matching_reference),
        related_invoice_no=parent.invoice_no,
        not_before=invoice.day if invoice else None,
        is_paid=bool(invoice and invoice.balance == ZERO),
        gone=from_ore(sum(abs(one.total_ore or 0) for one in gone)),
    )
    note = credit_note_for(given(ways=ways(run.store)), refunds, child.refund_id)
    steady = credit_note_for(given(), refunds, child.refund_id)
    if not isinstance(note, CreditNote):
        return note
    # A job that leaves invoices to a person leaves credit notes to the same one.
    left = NotYet("left_to_a_person")
    said = steady if isinstance(steady, CreditNote) else note
    return Wanted(
        documents=note.documents,
        digest=digest_of_documents(said.documents),
        invoice=note.invoice if run.settings.invoices.create else left,
        payment=note.payback,
    )
