"""Payments: one voucher per day, type and currency of a run, a pair of lines an order.

Debit the payment method's account, credit the customer's sub-ledger account, under the matching
reference of the order, so that the invoice closes by itself; the way back of a refund the other
way round. A voucher's content is frozen before it is tried, and its invoices' balances are read
first: what is paid already is not paid again ("The contract and the shape", Payment).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import NAMESPACE_URL, uuid5

import structlog

from woo2po.attempt import in_use
from woo2po.documents import DocumentSeen, PaymentWanted, Voucher, VoucherKind, VoucherLine
from woo2po.holds import Hold
from woo2po.logs import impersonal
from woo2po.money import ZERO, same_amount
from woo2po.record import OrderRecord, Outcome, Payment, VoucherRecord, Waits
from woo2po.transfer import Transfer
from woo2po.transport import CannotLogIn, NeverLeft, NoAnswer, NotAllowed, NotUnderstood, Refused
from woo2po.watch import hold

MOST_ORDERS = 200  # in one voucher
WITHOUT_VAT = "0"  # the SAF-T code for no VAT treatment, which balance accounts carry

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Due:
    """What is to be posted for one order or refund; `amount` negative for money returned."""

    record: OrderRecord
    kind: VoucherKind
    account_id: int
    day: date
    amount: Decimal
    currency: str


async def post_payments(t: Transfer) -> None:
    """Post what is due. Raises CannotLogIn and NoAnswer for reads, and StateError."""
    dues = [_due(record) for record in t.store.payments_due()]
    if not dues:
        return
    invoices = await t.go.invoices(numbers=[due.record.invoice_no or 0 for due in dues])
    balances = {seen.invoice_no: seen for seen in invoices}
    open_dues = [due for due in dues if _is_open(t, due, balances.get(due.record.invoice_no))]
    for group in _groups(open_dues):
        if group[0].kind in t.may_not_post:
            _let_wait(t, group)
        else:
            await _post(t, group)


def _due(record: OrderRecord) -> Due:
    payment = PaymentWanted.from_text(record.payment_body)
    return Due(
        record=record,
        kind=payment.kind,
        account_id=payment.account_id,
        day=payment.day,
        amount=payment.amount,
        currency=payment.currency,
    )


def _is_open(t: Transfer, due: Due, seen: DocumentSeen | None) -> bool:
    """Tell whether an invoice is unpaid; what is paid, in full or in part, is written down."""
    record = due.record
    if seen is None or seen.balance is None:
        hold(t, record, Hold("balance_unknown", {"invoice": str(record.invoice_no)}))
        return False
    if same_amount(seen.balance, ZERO):
        t.store.pay([record.order_id], Payment.MADE)
        log.info("found_paid", order=record.number, invoice=record.invoice_no)
        return False
    whole = due.currency != "NOK" or same_amount(abs(seen.balance), abs(due.amount))
    if not whole:
        facts = {
            "invoice": str(record.invoice_no),
            "balance": f"{seen.balance:.2f}",
            "amount": f"{due.amount:.2f}",
        }
        hold(t, record, Hold("paid_in_part", facts))
    return whole


def _groups(dues: Iterable[Due]) -> Iterator[list[Due]]:
    groups: dict[tuple[VoucherKind, date, str], list[Due]] = defaultdict(list)
    for due in dues:
        groups[due.kind, due.day, due.currency].append(due)
    for _, group in sorted(groups.items()):
        for start in range(0, len(group), MOST_ORDERS):
            yield group[start : start + MOST_ORDERS]


def _let_wait(t: Transfer, group: Sequence[Due]) -> None:
    with t.store.transaction():
        for due in group:
            t.store.change_order(due.record.order_id, waits=Waits.VOUCHER_PRIVILEGE)


async def _post(t: Transfer, group: Sequence[Due]) -> None:
    """Freeze a voucher, try it, and write down what became of it."""
    lines: list[VoucherLine] = []
    included = []
    for due in group:
        pair = await _lines_of(t, due)
        if pair:
            lines += pair
            included.append(due)
    if not included:
        return
    first = included[0]
    voucher = Voucher(
        reference=_reference(t, first),
        kind=first.kind,
        day=first.day,
        currency=first.currency,
        description=f"{t.settings.orders.number_prefix} {first.day.isoformat()}".strip(),
        lines=tuple(lines),
    )
    await try_voucher(t, voucher, [due.record.order_id for due in included])


async def _lines_of(t: Transfer, due: Due) -> list[VoucherLine]:
    record = due.record
    vat = t.shelf.catalogue.vat_codes.get(WITHOUT_VAT)
    ledger = await _ledger_of(t, record.customer_id)
    if vat is None or ledger is None:
        code = "no_vat_code_0" if vat is None else "no_subledger"
        hold(t, record, Hold(code, {"invoice": str(record.invoice_no)}))
        return []
    text = record.reference
    return [
        VoucherLine(due.account_id, vat.id, due.amount, text),
        VoucherLine(
            ledger, vat.id, -due.amount, text, record.matching_reference, record.invoice_no
        ),
    ]


async def _ledger_of(t: Transfer, customer_id: int | None) -> int | None:
    """Return a customer's sub-ledger account, asked for where this database lacks it."""
    if customer_id is None:
        return None
    known = t.store.subledger_of(customer_id)
    if known is not None:
        return known
    seen = await t.go.customer(customer_id)
    if seen is None or seen.subledger_account_id is None:
        return None
    t.store.remember_customer(f"id {customer_id}", customer_id, seen.subledger_account_id)
    return seen.subledger_account_id


def _reference(t: Transfer, due: Due) -> str:
    """Return the voucher's UUID: of shop, prefix, day, type, currency and running number."""
    number = t.store.vouchers_like(due.kind, due.day, due.currency) + 1
    shop, prefix = t.settings.woocommerce.url, t.settings.orders.number_prefix
    said = f"{shop}|{prefix}|{due.day.isoformat()}|{due.kind}|{due.currency}|{number}"
    return str(uuid5(NAMESPACE_URL, said))


async def try_voucher(t: Transfer, voucher: Voucher, order_ids: Sequence[int]) -> None:
    """Try a voucher that is written down; unknown stays open for settle_vouchers."""
    repeated = t.store.begin_voucher(voucher, order_ids, t.clock())
    try:
        made = await t.go.create_voucher(voucher)
    except NotAllowed as refused:
        t.store.forget_voucher(voucher.reference)
        t.may_not_post.add(voucher.kind)
        t.summary.warnings[refused.code] = dict(refused.facts)
        with t.store.transaction():
            for order_id in order_ids:
                t.store.change_order(order_id, waits=Waits.VOUCHER_PRIVILEGE)
    except (NeverLeft, CannotLogIn):
        if not repeated:
            t.store.forget_voucher(voucher.reference)
        raise
    except (NoAnswer, NotUnderstood) as error:
        t.summary.failed += 1
        log.warning("voucher_unanswered", problem=error.code)
    except Refused as refused:
        await _refused(t, voucher, order_ids, refused, repeated=repeated)
    else:
        t.store.voucher_made(voucher.reference, made.id, made.number)
        t.summary.paid += len(order_ids)
        log.info("voucher_made", voucher=made.number, orders=len(order_ids))


async def _refused(
    t: Transfer,
    voucher: Voucher,
    order_ids: Sequence[int],
    refused: Refused,
    *,
    repeated: bool,
) -> None:
    if in_use(refused) and not repeated:
        # It may be our own earlier success: settle_vouchers looks for evidence.
        return
    if in_use(refused):
        # It is not (the ledger says so): a lost database numbered another voucher like this one.
        t.store.voucher_refused(voucher.reference)
        return
    t.store.voucher_refused(voucher.reference)
    records = [record for i in order_ids if (record := t.store.order(i))]
    if len(records) > 1:
        # One bad order must not keep the others from being paid: try each by itself.
        for record in records:
            await _post(t, [_due(record)])
        return
    facts = {"title": impersonal(refused.title), "detail": impersonal(refused.detail)}
    for record in records:
        hold(t, record, Hold("voucher_refused", facts))


async def settle_vouchers(t: Transfer) -> None:
    """Find out what became of vouchers without an answer, by the customer ledger's entries.

    A payment entry under the order's matching reference is evidence that the voucher was posted.
    The invoice's entry without one, for every order of it, is evidence that it was not: then the
    same voucher, content and reference, is tried again. Anything else is for a person.
    """
    wait = timedelta(seconds=t.settings.poweroffice.settle_after)
    for record in t.store.vouchers(Outcome.OPEN):
        if t.clock() - record.last_attempt >= wait:
            await _settle(t, record)


async def _settle(t: Transfer, record: VoucherRecord) -> None:
    lines = [line for line in record.voucher.lines if line.matching_reference]
    try:
        entries = await t.go.ledger(
            from_date=record.voucher.day - timedelta(days=366),
            to_date=record.voucher.day + timedelta(days=366),
            matching_references=[line.matching_reference for line in lines],
        )
    except NotAllowed as refused:
        t.summary.warnings[refused.code] = dict(refused.facts)
        _for_a_person(t, record)
        return
    posted: set[str] = set()
    invoiced: set[str] = set()
    for entry in entries:
        for line in lines:
            if entry.matching_reference == line.matching_reference:
                (posted if same_amount(entry.amount, line.amount) else invoiced).add(
                    line.matching_reference
                )
    wanted = {line.matching_reference for line in lines}
    if posted == wanted:
        t.store.voucher_made(record.voucher.reference, "", None)
        t.summary.paid += len(record.order_ids)
        log.info("voucher_found_made", orders=len(record.order_ids))
    elif not posted and invoiced == wanted and record.attempts < 5:
        t.store.voucher_absent(record.voucher.reference)
        log.info("voucher_found_absent", orders=len(record.order_ids))
        await try_voucher(t, record.voucher, record.order_ids)
    else:
        _for_a_person(t, record)


def _for_a_person(t: Transfer, record: VoucherRecord) -> None:
    """Hold the orders of a voucher in doubt. It stays open: no other is ever made in its place,
    and evidence that turns up later settles it.
    """
    for order_id in record.order_ids:
        order = t.store.order(order_id)
        if order is not None and order.hold is None:
            hold(t, order, Hold("payment_unanswered", {"invoice": str(order.invoice_no)}))
