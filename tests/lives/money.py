"""The money of an order: what must have been posted, and what must be closed by it."""

from collections.abc import Iterator
from decimal import Decimal

from tests.lives.case import OFF, Case

MINDS = ("switched payments.register", "switched refunds.register_payment")


def money(case: Case) -> Iterator[str]:
    """Yield what was posted otherwise than the shop says; a person's payments are a person's."""
    if case.happened("paid by hand", *MINDS):
        return
    payments = case.found.payments
    wanted = any(one.invoiced for one in case.sales) and _came(case)
    if wanted and not payments:
        yield f"money: the payment of {case.name} is lost"
    if payments and not wanted and not _may_have_come(case):
        yield f"money: {case.name} was not paid, but is booked as paid"
    live = [one for one in case.found.live if one.invoiced]
    if wanted and live and payments and payments[0].amount != live[0].total:
        yield f"money: {case.name} is {live[0].total}, its payment {payments[0].amount}"
    yield from _ways_back(case, wanted)
    yield from _open(case)


def _came(case: Case) -> bool:
    """Whether the job must have booked the order's money, once it was invoiced."""
    if not case.life.switched("payments.register") or case.story.method == "bacs":
        return False
    if case.status in OFF and not case.story.paid_when_placed:
        return False
    return bool(Decimal(case.order["total"]) and case.order["date_paid_gmt"])


def _may_have_come(case: Case) -> bool:
    """Whether it may have, before the order was off."""
    off = case.status in OFF or any(case.found.wholes.values())
    return off and case.life.switched("payments.register") and case.story.method != "bacs"


def _ways_back(case: Case, paid: bool) -> Iterator[str]:
    rule = case.life.switched("refunds.register_payment")
    if case.happened("database lost") and case.happened("refund deleted"):
        return  # README, Limits: such a refund is known to nobody any more
    for refund_id, notes in case.found.credits.items():
        refund = case.story.refunds[refund_id]
        returned = rule == "always" or (rule == "gateway" and refund["refunded_payment"])
        wanted = paid and returned and notes[0].invoiced
        posted = case.found.paybacks.get(refund_id, [])
        if wanted and not posted:
            yield f"money: the way back of refund {refund_id} of {case.name} is lost"
        if posted and not wanted:
            yield f"money: refund {refund_id} of {case.name} was not returned"
        if posted and posted[0].amount != notes[0].total:
            yield f"øre: {posted[0].amount} went back of refund {refund_id}"


def _open(case: Case) -> Iterator[str]:
    """Yield what is open though its money was posted under its own matching reference."""
    if case.life.world.faults.matching == "none":
        return
    posted = [one for listed in case.found.paybacks.values() for one in listed]
    closed = {one.matching_reference for one in (*case.found.payments, *posted)}
    for invoice in case.life.world.company.outgoing_invoices.values():
        mine = invoice.order.custom_matching_reference
        if mine in closed and invoice.balance:
            yield f"open: {invoice.balance} of {invoice.order.external_import_reference}"
