"""Payments and their way back: what the shop says against what stands on clearing accounts. Pure.

A movement there belongs to the order that its text names, as the job writes it.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from woo2po.reconcile.matching import is_open
from woo2po.reconcile.values import (
    Document,
    Movement,
    Pair,
    ProofSide,
    Rules,
    ShopOrder,
    ShopRefund,
)

COMPANY_CURRENCY = "NOK"
_WHOLE = -1


@dataclass(frozen=True, slots=True)
class _Expected:
    """Money that should stand on a clearing account: 0 is the payment, else the refund's id."""

    refund_id: int
    day: date
    amount: int


def money_of(
    order: ShopOrder | None,
    refunds: Sequence[ShopRefund],
    documents: Sequence[Document],
    movements: Sequence[Movement] | None,
    rules: Rules,
) -> Iterator[Pair]:
    """Yield the money of one order; `movements` is None where the ledger may not be read.

    Without it, and in another currency, a payment counts as posted where its invoice has nothing
    left to pay.
    """
    if order is None:
        for one in movements or ():
            yield _odd(one, "id:", "")
        return
    yield from _kept(order, refunds, documents)
    yield from _returned_outside(order, refunds, documents, rules)
    if not rules.register:
        return
    expected = list(_expected(order, refunds, documents, rules))
    # The ledger is in kroner.
    if movements is None or order.currency != COMPANY_CURRENCY:
        yield from _by_balance(order, expected, documents)
        return
    yield from _by_movement(order, expected, movements)


def _expected(
    order: ShopOrder, refunds: Sequence[ShopRefund], documents: Sequence[Document], rules: Rules
) -> Iterator[_Expected]:
    if order.paid is None or not any(one.invoice_no for one in documents):
        return
    if order.total:
        yield _Expected(0, order.paid, order.total)
    called_off = any(one.kind == "whole" for one in documents)
    for refund in refunds:
        back = rules.paybacks == "always" or (rules.paybacks == "gateway" and refund.by_method)
        if back and refund.amount:
            yield _Expected(_WHOLE if called_off else refund.id, refund.day, refund.amount)


def _by_movement(
    order: ShopOrder, expected: Sequence[_Expected], movements: Sequence[Movement]
) -> Iterator[Pair]:
    posted: dict[int, list[Movement]] = defaultdict(list)
    for movement in movements:
        posted[movement.refund_id].append(movement)
    wanted: dict[int, list[_Expected]] = defaultdict(list)
    for one in expected:
        wanted[one.refund_id].append(one)
    for key in {**wanted, **posted}:
        yield from _compared(order, key, wanted[key], posted[key])


def _compared(
    order: ShopOrder, key: int, wanted: Sequence[_Expected], posted: Sequence[Movement]
) -> Iterator[Pair]:
    if not wanted:
        for movement in posted:
            yield _odd(movement, "", order.number)
        return
    amount = sum(one.amount for one in wanted)
    side = ProofSide(max(one.day for one in wanted), amount)
    pair = _pair(order, "", key, side)
    if not posted:
        code = "reconcile_payback_missing" if amount < 0 else "reconcile_payment_missing"
        yield replace(pair, code=code, differs=True)
        return
    books = ProofSide(max(one.day for one in posted), sum(one.amount for one in posted))
    accounts = {one.account for one in posted}
    if accounts != {order.account}:
        facts = {**pair.facts, "account": ", ".join(map(str, sorted(accounts)))}
        facts["wanted"] = str(order.account or "")
        yield replace(pair, code="reconcile_account", differs=True, facts=facts)
        for one in posted:
            yield replace(_odd(one, "", order.number), code="")
    else:
        same = books.amount == amount
        code = "" if same else "reconcile_payment_amount"
        yield replace(pair, code=code, differs=not same, books=books)


def _by_balance(
    order: ShopOrder, expected: Sequence[_Expected], documents: Sequence[Document]
) -> Iterator[Pair]:
    owed = [one for one in documents if one.kind == "sale" and is_open(one)]
    notes = {one.refund_id: one for one in documents if one.kind == "refund"}
    for one in expected:
        side = ProofSide(one.day, one.amount)
        if one.amount > 0 and owed:
            yield _pair(order, "reconcile_payment_missing", 0, side)
        elif one.amount < 0 and is_open(notes.get(one.refund_id)):
            yield _pair(order, "reconcile_payback_missing", one.refund_id, side)
        else:
            yield replace(_pair(order, "", one.refund_id, side), differs=False, books=side)


def _kept(
    order: ShopOrder, refunds: Sequence[ShopRefund], documents: Sequence[Document]
) -> Iterator[Pair]:
    """Yield money that was paid for an order that no longer counts and went nowhere."""
    kept = order.total + sum(refund.amount for refund in refunds)
    invoiced = any(one.kind == "sale" and one.invoice_no for one in documents)
    if order.sells or order.paid is None or kept <= 0 or invoiced:
        return
    yield _pair(order, "reconcile_paid_but_off", 0, ProofSide(order.paid, kept))


def _returned_outside(
    order: ShopOrder, refunds: Sequence[ShopRefund], documents: Sequence[Document], rules: Rules
) -> Iterator[Pair]:
    """Yield refunds whose money the payment method did not return, and nobody booked."""
    if rules.paybacks != "gateway" or not rules.register or order.paid is None:
        return
    notes = {one.refund_id: one for one in documents if one.kind == "refund"}
    for refund in refunds:
        if refund.amount and not refund.by_method and is_open(notes.get(refund.id)):
            side = ProofSide(refund.day, refund.amount)
            yield replace(_pair(order, "reconcile_returned_outside", refund.id, side), account=None)


def _pair(order: ShopOrder, code: str, refund_id: int, side: ProofSide) -> Pair:
    facts: Mapping[str, str] = {
        "status": order.status,
        "account": str(order.account or ""),
        "refund": str(refund_id),
    }
    return Pair(
        code,
        bool(code),
        order.id,
        order.number,
        order.currency,
        shop=side,
        facts=facts,
        money=True,
        account=order.account,
    )


def _odd(movement: Movement, before: str, number: str) -> Pair:
    """Return money that stands on an account though nothing in the shop explains it."""
    return Pair(
        "reconcile_payment_odd",
        True,
        movement.order_id,
        number or f"{before}{movement.order_id}",
        COMPANY_CURRENCY,
        books=ProofSide(movement.day, movement.amount),
        facts={"account": str(movement.account)},
        money=True,
        account=movement.account,
    )
