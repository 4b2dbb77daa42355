"""Payments: one voucher per day, type and currency of a run, a pair of lines an order.

A voucher's content is frozen before it is tried, and its invoices' balances are read first: what
is paid already is not paid again (poweroffice/facts.md, "Vouchers and the ledger").
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from itertools import count
from uuid import NAMESPACE_URL, uuid5

import structlog

from woo2po.documents import (
    DocumentSeen,
    LedgerEntrySeen,
    PaymentWanted,
    Voucher,
    VoucherKind,
    VoucherLine,
    VoucherSeen,
)
from woo2po.holds import Hold
from woo2po.http import NoAnswer, NotAllowed, NotUnderstood, RemoteError
from woo2po.logs import impersonal
from woo2po.mapping.values import Stopped, hold
from woo2po.money import ORE, SAME_AMOUNT, ZERO, Fact, from_ore, round_ore, same_amount, to_ore
from woo2po.next_step import MOST_ATTEMPTS
from woo2po.record import Outcome, Record, VoucherRecord, Waits, WriteKind
from woo2po.store.database import StateError
from woo2po.transfer.refunds import credit_note_on
from woo2po.transfer.wanted import defect
from woo2po.transfer.writes import (
    Run,
    Unsettled,
    attempt,
    in_use,
    put_on_hold,
    queue_paybacks,
    refusal,
)

YEAR = timedelta(days=366)
MOST_ORDERS = 200  # in one voucher
HEAD = "Nettbutikk {prefix} innbetalinger {day:%d.%m.%Y}"
WITHOUT_VAT = "0"  # the SAF-T code for no VAT treatment, which balance accounts carry

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Due:
    """What is to be posted for one order or refund, with its two lines of the voucher."""

    record: Record
    payment: PaymentWanted
    lines: tuple[VoucherLine, VoucherLine]


async def post_payments(run: Run) -> None:
    """Post what is due. Raises CannotLogIn and NoAnswer for reads, and StateError."""
    owing = (run.store.record(i) for i in run.agenda().owing)
    records = [record for record in owing if record is not None]
    if not records:
        return
    invoices, entries = await asyncio.gather(
        run.poweroffice.invoices(numbers=[record.invoice_no or 0 for record in records]),
        _in_the_ledger(run, records),
    )
    by_number = {seen.invoice_no: seen for seen in invoices}
    dues: list[Due] = []
    trouble: RemoteError | None = None
    for record in records:  # in turn: of a customer's orders the first asks for its account
        try:
            due = await _due(run, record, by_number.get(record.invoice_no), entries)
            dues += [due] if due else []
        except Stopped as stopped:
            put_on_hold(run, record.id, stopped.as_hold())
        except StateError:
            raise
        except RemoteError as error:
            trouble = error
        except Exception as error:  # noqa: BLE001 (one bad order never stops the others)
            put_on_hold(run, record.id, defect(error))
    for group in _groups(dues):
        payment, order_ids = group[0].payment, [due.record.id for due in group]
        if payment.kind in run.progress.may_not_post:
            _let_wait(run, order_ids)
        else:
            voucher = _voucher(run, payment, [line for due in group for line in due.lines])
            await _try_voucher(run, voucher, order_ids)
    if trouble is not None:
        raise trouble


async def _due(
    run: Run, record: Record, invoice: DocumentSeen | None, entries: Sequence[LedgerEntrySeen]
) -> Due | None:
    """Return what is due on an invoice; None: it is paid. Raises Stopped if nobody can tell."""
    payment = PaymentWanted.from_text(record.payment_body)
    facts: dict[str, Fact] = {"invoice": str(record.invoice_no)}
    if invoice is None or invoice.balance is None:
        raise hold("balance_unknown", **facts)
    # A database that is older than the books, or works beside its copy, may have forgotten a
    # payment or not know of it, and an entry closes its invoice only where PowerOffice matches it.
    booked, whole = from_ore(record.booked_ore), from_ore(record.booked_ore) + payment.amount
    booked = max(booked, _paid(run, record, entries), key=abs)
    left = whole - booked
    if same_amount(invoice.balance, ZERO) and left * payment.amount > ZERO:
        if note := await _closing_note(run, record, invoice):
            raise hold("credited_before_paid", **facts, credit_note=str(note))
        _found_paid(run, record, invoice.total)
        return None
    rate = invoice.rate if payment.currency != "NOK" else Decimal(1)
    if rate is None:
        raise hold("rate_of_invoice_unknown", **facts)
    shown = _is_shown(run, record, invoice, booked, left, rate)
    if left * payment.amount <= ZERO or shown:
        if abs(booked) > abs(whole):
            queue_paybacks(run, record)  # what was refunded had come
        _found_paid(run, record, max(whole, booked, key=abs))
        return None
    if shown is None:
        facts |= {"balance": round_ore(invoice.balance), "amount": round_ore(left * rate)}
        raise hold("paid_in_part", **facts)
    if left != payment.amount:
        payment = replace(payment, amount=left)
        run.store.change(record.id, booked_ore=to_ore(booked), payment_body=payment.as_text())
    ledger = await _ledger_of(run, invoice.customer_id or record.customer_id)
    return Due(record, payment, _lines_of(run, record, payment, ledger, rate))


def _found_paid(run: Run, record: Record, whole: Decimal) -> None:
    run.store.pay(record.id, to_ore(whole))
    log.info("found_paid", order=record.number, invoice=record.invoice_no)


def _is_shown(
    run: Run, record: Record, invoice: DocumentSeen, booked: Decimal, left: Decimal, rate: Decimal
) -> bool | None:
    """Tell whether an invoice's balance shows what was left to post: None where it is neither what
    it comes to without that, nor with it.
    """
    balance = invoice.balance or ZERO
    unpaid = [invoice.total - part for part in _settled(run, record, booked)]
    if _is_any(balance, unpaid, rate):
        return False
    return _is_any(balance, [amount - left for amount in unpaid], rate) or None


def _settled(run: Run, record: Record, booked: Decimal) -> set[Decimal]:
    """Return what may be settled of an invoice by what the job booked itself: PowerOffice matches
    parts, and the credit notes of money that never came, or leaves them open.
    """
    notes = () if record.is_credit_note else run.store.credit_notes_of(record.id)
    credited = sum(abs(one.total_ore or 0) for one in notes if one.invoice_no and not one.payment)
    parts = {ZERO, booked}
    return parts | {part + from_ore(credited) for part in parts}


def _is_any(balance: Decimal, amounts: Iterable[Decimal], rate: Decimal) -> bool:
    """Tell whether a balance is one of the amounts, in their currency or (roughly) in kroner."""
    for amount in amounts:
        roughly = SAME_AMOUNT if rate == 1 else max(ORE * 2, abs(amount * rate) / 10000)
        if same_amount(abs(balance), abs(amount)):
            return True
        if abs(abs(balance) - abs(amount * rate)) <= roughly:
            return True
    return False


def _paid(run: Run, record: Record, entries: Sequence[LedgerEntrySeen]) -> Decimal:
    """Return what the ledger shows paid (given back: below 0) under a matching reference."""
    given_back = record.is_credit_note
    mine = [one for one in entries if one.matching_reference == record.matching_reference]
    paid = -sum((one.amount for one in mine if (one.amount > ZERO) is given_back), ZERO)
    if given_back:
        return paid
    # The credit note of an unpaid invoice bears its reference too, and is no payment.
    notes = run.store.credit_notes_of(record.id)
    same = (one for one in notes if one.matching_reference == record.matching_reference)
    return paid - from_ore(sum(abs(one.total_ore or 0) for one in same if one.invoice_no))


async def _closing_note(run: Run, record: Record, invoice: DocumentSeen) -> int | None:
    """Return the credit note that closed an invoice: our own of the same match, or a person's."""
    if record.is_credit_note:
        return None
    for own in run.store.credit_notes_of(record.id):
        if own.invoice_no and own.matching_reference == record.matching_reference:
            return own.invoice_no
    note = await credit_note_on(run, invoice, but_for=f"{record.reference}-")
    return None if note is None else note.invoice_no


async def _in_the_ledger(run: Run, records: Sequence[Record]) -> Sequence[LedgerEntrySeen]:
    days = [PaymentWanted.from_text(record.payment_body).day for record in records]
    try:
        return await run.poweroffice.ledger(
            from_date=min(days) - YEAR,
            to_date=max(days) + YEAR,
            matching_references=[record.matching_reference for record in records],
        )
    except NotAllowed:
        return ()  # then the balance is all there is to go by


def _groups(dues: Iterable[Due]) -> Iterator[list[Due]]:
    groups: dict[tuple[VoucherKind, date, str], list[Due]] = defaultdict(list)
    for due in dues:
        groups[due.payment.kind, due.payment.day, due.payment.currency].append(due)
    for _, group in sorted(groups.items()):
        for start in range(0, len(group), MOST_ORDERS):
            yield group[start : start + MOST_ORDERS]


def _let_wait(run: Run, order_ids: Iterable[int]) -> None:
    with run.store.transaction():
        for order_id in order_ids:
            run.store.change(order_id, waits=Waits.VOUCHER_PRIVILEGE)


def _voucher(run: Run, like: PaymentWanted | Voucher, lines: Sequence[VoucherLine]) -> Voucher:
    return Voucher(
        reference=_reference(run, like),
        kind=like.kind,
        day=like.day,
        currency=like.currency,
        description=HEAD.format(prefix=run.settings.orders.number_prefix, day=like.day),
        lines=tuple(lines),
    )


def _lines_of(
    run: Run, record: Record, payment: PaymentWanted, ledger: int | None, rate: Decimal
) -> tuple[VoucherLine, VoucherLine]:
    """Return debit and credit; `rate` is the invoice's, not the day's."""
    vat = run.catalogue.catalogue.vat_codes.get(WITHOUT_VAT)
    if vat is None or ledger is None:
        code = "no_vat_code_0" if vat is None else "no_subledger"
        raise hold(code, invoice=str(record.invoice_no))
    says = f"{record.number} {payment.says}" if payment.says else record.reference
    line = partial(VoucherLine, vat_id=vat.id, description=says, rate=None if rate == 1 else rate)
    match, number = record.matching_reference, record.invoice_no
    return (
        line(payment.account_id, amount=payment.amount),
        line(ledger, amount=-payment.amount, matching_reference=match, invoice_no=number),
    )


async def _ledger_of(run: Run, customer_id: int | None) -> int | None:
    """Return a customer's sub-ledger account, asked for where this database lacks it."""
    known = None if customer_id is None else run.store.subledger_of(customer_id)
    if known is None and customer_id is not None:
        seen = await run.poweroffice.customer(customer_id)
        if seen is not None and (known := seen.subledger_account_id) is not None:
            run.store.remember_customer(f"id {customer_id}", customer_id, known)
    return known


def _reference(run: Run, like: PaymentWanted | Voucher) -> str:
    """Return the voucher's UUID: of shop, prefix, day, type, currency and the first free number."""
    shop, prefix = run.settings.first_address, run.settings.orders.number_prefix
    taken = run.store.voucher_references(like.kind, like.day, like.currency)
    said = f"{shop}|{prefix}|{like.day.isoformat()}|{like.kind}|{like.currency}|"
    numbered = (str(uuid5(NAMESPACE_URL, f"{said}{number}")) for number in count(1))
    return next(reference for reference in numbered if reference not in taken)


async def _try_voucher(run: Run, voucher: Voucher, order_ids: Sequence[int]) -> None:
    """Try a voucher, its content written down before; unknown stays open for settle_vouchers."""
    kind, reference = WriteKind.CREATE_VOUCHER, voucher.reference
    keep = partial(run.store.keep_voucher, voucher, order_ids)
    create = partial(run.poweroffice.create_voucher, voucher)
    posted = partial(_posted, run, reference)
    # Its number stays free: numbers that PowerOffice has seen are the only ones passed over, so
    # that two databases of one shop can never post under two of them at the same moment.
    undone = partial(run.store.forget_voucher, reference)
    try:
        made = await attempt(run, kind, reference, 0, create, posted, also=keep, undone=undone)
    except NotAllowed as refused:
        with run.store.transaction():
            undone()  # a repeat too: the ledger says that it is not there
        run.progress.may_not_post.add(voucher.kind)
        run.outcome.warnings[refused.code] = refused.facts
        _let_wait(run, order_ids)
    except (NoAnswer, NotUnderstood) as error:
        run.outcome.counts["failed"] += 1
        log.warning("voucher_unanswered", problem=error.code)
    except Stopped as refused:
        await _refused(run, voucher, order_ids, refused.as_hold())
    except Unsettled as doubt:
        await _doubted(run, voucher, order_ids, doubt)
    else:
        log.info("voucher_made", voucher=made.number, orders=len(order_ids))


def _posted(run: Run, reference: str, made: VoucherSeen | None) -> None:
    n = run.store.voucher_made(reference, made.number if made else None)
    run.outcome.counts["paid"] += n


async def _doubted(run: Run, voucher: Voucher, order_ids: Sequence[int], doubt: Unsettled) -> None:
    """Decide on a refusal that might be the echo of an earlier success.

    Of a first attempt it may be one: settle_vouchers looks for evidence. A repeat is only tried
    where the ledger says that the voucher is absent, so its refusal is none: a lost database
    numbered another voucher like this one, or PowerOffice does not want it.
    """
    if doubt.refused is None or not doubt.repeated:
        return
    if in_use(doubt.refused):
        run.store.voucher_refused(voucher.reference)
    else:
        hold = refusal(WriteKind.CREATE_VOUCHER, doubt.refused, ())
        with run.store.transaction():
            run.store.forget_voucher(voucher.reference)
        await _refused(run, voucher, order_ids, hold)


async def _refused(run: Run, voucher: Voucher, order_ids: Sequence[int], hold: Hold) -> None:
    if len(order_ids) > 1:
        # One bad order must not keep the others from being paid: try each by itself.
        pairs = zip(voucher.lines[::2], voucher.lines[1::2], strict=True)
        for order_id, pair in zip(order_ids, pairs, strict=True):
            await _try_voucher(run, _voucher(run, voucher, pair), [order_id])
        return
    facts = {name: impersonal(str(hold.facts[name])) for name in ("title", "detail")}
    for order_id in order_ids:
        put_on_hold(run, order_id, Hold("voucher_refused", facts))


async def settle_vouchers(run: Run) -> None:
    """Find out what became of vouchers without an answer, by the customer ledger's entries.

    A payment entry under the order's matching reference is evidence that the voucher was posted.
    The invoice's entry without one, for every order of it, is evidence that it was not: then the
    same voucher is tried again, unless an invoice's balance shows it all the same: by a person, or
    where the ledger may not be read. Anything else is for a person.
    """
    wait = timedelta(seconds=run.settings.poweroffice.settle_after)
    for record in run.store.vouchers(Outcome.OPEN, Outcome.ABSENT):
        absent = record.write.outcome is Outcome.ABSENT
        if absent or run.clock() - record.write.last_attempt >= wait:
            await _settle(run, record)


async def _settle(run: Run, record: VoucherRecord) -> None:
    lines = [line for line in record.voucher.lines if line.matching_reference]
    entries: Sequence[LedgerEntrySeen] = ()
    try:
        entries = await run.poweroffice.ledger(
            from_date=record.voucher.day - YEAR,
            to_date=record.voucher.day + YEAR,
            matching_references=[line.matching_reference for line in lines],
        )
    except NotAllowed as refused:
        run.outcome.warnings[refused.code] = refused.facts
    owed = dict(zip(record.record_ids, lines, strict=True))
    after = {id_: _after(run, id_, line, entries) for id_, line in owed.items()}
    posted = {id_: booked for id_, (booked, is_there) in after.items() if is_there}
    unposted = [id_ for id_, (_, is_there) in after.items() if is_there is False]
    others = await _paid_otherwise(run, owed.keys() - posted.keys())
    if len(posted) == len(owed):
        with run.store.transaction():
            run.store.settle_write(record.write, Outcome.MADE)
            _posted(run, record.voucher.reference, None)
        log.info("voucher_found_made", orders=len(record.record_ids))
    elif len(unposted) == len(owed) and record.write.attempts < MOST_ATTEMPTS and not others:
        run.store.settle_write(record.write, Outcome.ABSENT)
        log.info("voucher_found_absent", orders=len(record.record_ids))
        await _try_voucher(run, record.voucher, record.record_ids)
    elif (paid := posted | others) and owed.keys() <= {*paid, *unposted}:
        # A voucher is posted whole or not at all: these were paid by another one.
        with run.store.transaction():
            run.store.voucher_refused(record.voucher.reference)
            for id_, booked in paid.items():
                run.store.pay(id_, booked)
        log.info("voucher_found_absent", orders=len(owed), paid=len(paid))
    else:
        _for_a_person(run, record)


def _after(
    run: Run, id_: int, line: VoucherLine, entries: Sequence[LedgerEntrySeen]
) -> tuple[int, bool | None]:
    """Return what is booked of an order's money (øre) with a line of a voucher, and whether the
    ledger shows that line: None where it says neither that nor the contrary.
    """
    record = run.store.record(id_)
    if record is None or all(x.matching_reference != line.matching_reference for x in entries):
        return 0, None
    paid, before = _paid(run, record, entries), from_ore(record.booked_ore)
    if same_amount(paid, before - line.amount):
        return to_ore(paid), True
    return to_ore(before), False if same_amount(paid, before) else None


async def _paid_otherwise(run: Run, ids: Iterable[int]) -> dict[int, int]:
    """Return those of these orders whose invoice's balance shows what a voucher was to pay, and
    what is booked of their money then (øre); a credit note is no payment.
    """
    records = {one.invoice_no or 0: one for i in ids if (one := run.store.record(i))}
    seen = await run.poweroffice.invoices(numbers=[*records]) if records else ()
    paid = {}
    for invoice in seen:
        record = records[invoice.invoice_no or 0]
        payment, booked = PaymentWanted.from_text(record.payment_body), from_ore(record.booked_ore)
        rate = invoice.rate if payment.currency != "NOK" else Decimal(1)
        whole = invoice.balance is not None and same_amount(invoice.balance, ZERO)
        shown = whole or (
            invoice.balance is not None
            and rate is not None
            and _is_shown(run, record, invoice, booked, payment.amount, rate)
        )
        if shown and not await _closing_note(run, record, invoice):
            paid[record.id] = to_ore(invoice.total if whole else booked + payment.amount)
    return paid


def _for_a_person(run: Run, record: VoucherRecord) -> None:
    """Hold the orders of a voucher in doubt. It stays open: no other is ever made in its place."""
    for order_id in record.record_ids:
        order = run.store.record(order_id)
        if order is not None and order.hold is None:
            facts = {"invoice": str(order.invoice_no)}
            put_on_hold(run, order_id, Hold("payment_unanswered", facts))
