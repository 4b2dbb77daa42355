"""What is wrong with the books after a life, by a model that knows the shop's figures alone.

Every finding begins with its kind: lost, twice, øre (another figure), money, held (without a
cause in the order's life), or another word before a colon. Never may anything be there twice or
with other figures, whatever people and machines did; and what must be there of an order is there,
unless it is held or in the hands of a person.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from stories import everything_balances, own_part
from summary import Document

from tests.lives.case import OFF, Case, Found, excused, found_in, vat_off
from tests.lives.content import LINES, ZERO, captured_of, rates_of
from tests.lives.life import ACCOUNTS, RESEND_AFTER, Life
from woo2po.status import OrderStatus, status_of

CASH = 1900


def wrong_with(life: Life) -> list[str]:
    found, states = found_in(life.world), _states(life)
    wrong = [*_of_the_company(life)]
    wrong += [f"twice: documents of no order {i}" for i in found if i not in life.stories]
    for story in life.stories.values():
        case = Case.of(life, story, found.get(story.order_id, Found()))
        held = [one for i, one in states.items() if _order_of(i, life) == story.order_id]
        codes = [one.code for one in held if one.state == "held"]
        life.tally["held"] += bool(codes)
        wrong += never(case)
        wrong += [f"held: {case.name} {code} ({', '.join(sorted(story.marks))})"
                  for code in codes if not excused(code, story, life)]  # fmt: skip
        if not codes:
            wrong += exact(case) if story.order_id in states else unknown(case)
    return wrong


def _order_of(row_id: int, life: Life) -> int:
    """Return the order of a row of `status`: its own, its refund's, or (below 0) its whole's."""
    if row_id < 0:
        return -row_id // 100
    owners = (story.order_id for story in life.stories.values() if row_id in story.refunds)
    return next(owners, row_id)


def _states(life: Life) -> dict[int, OrderStatus]:
    world = life.world
    known = status_of(world.settings, world.now(), all_orders=True, max_age=timedelta(days=365))
    return {one.order_id: one for one in known.orders}


def _of_the_company(life: Life) -> Iterator[str]:
    books = life.world.books()
    people = () if "customer archived" in life.marks else books.customers
    places = () if "customer archived" in life.marks else books.delivery_addresses
    for what, names in (("customer", people), ("address", places), ("product", books.products)):
        known = Counter(one for one in names if what == "product" or "@" in one)
        yield from (f"twice: {what} {one}" for one, n in known.items() if n > 1)
    everything_balances(life.world)
    if "database lost" not in life.marks:  # with it goes when a write was tried
        early = life.world.wire.repeats_too_early(RESEND_AFTER)
        yield from (f"early: {one.method} {one.path} repeated" for one in early)


# -- what must never be ----------------------------------------------------------------------------


def never(case: Case) -> Iterator[str]:
    """Yield what is there twice, or is not what the shop said at any time."""
    yield from _twice(case)
    yield from _paid_twice(case)
    yield from _wholes(case)
    # A request to invoice may be under way while a person changes the draft.
    if not (case.happened("repriced") and case.happened("late")):
        for one in case.sales:
            if one.reference in case.made:
                yield from one_version(case, one)
        yield from _credits(case)


def _twice(case: Case) -> Iterator[str]:
    names = Counter(one.reference for one in case.found.documents)
    yield from (f"twice: {name}" for name, n in names.items() if n > 1)
    if case.happened("credited by hand"):
        return
    live = [one.reference for one in case.found.live]
    if len(live) > 1:
        yield f"twice: {' and '.join(live)} both count"
    # The credit note of a refund that the shop deleted is a person's to take back.
    kept = [
        one for i, listed in case.found.credits.items() if i not in case.refunds for one in listed
    ]
    counts = (one for one in case.found.documents if one.invoiced and one not in kept)
    net = sum((one.total for one in counts), Decimal(0))
    if net < 0 and case.status != "gone" and not case.happened("repriced"):
        yield f"twice: {case.name} is credited with more than was sold, {net}"


def _paid_twice(case: Case) -> Iterator[str]:
    payments, totals = case.found.payments, {version.total for version in case.story.versions}
    totals |= {total - _returned_before(case) for total in totals}
    amounts = [one.amount for one in payments]
    if "reserved" in case.story.marks:
        if sum(amounts) > captured_of(case.order):
            yield f"twice: {amounts} of {case.name}, captured {captured_of(case.order)}"
        totals = {*amounts}
    elif len(payments) > 1:
        yield f"twice: the payment of {case.name}, {[str(one) for one in amounts]}"
    for refund, posted in case.found.paybacks.items():
        if len(posted) > 1:
            yield f"twice: the money's way back of {case.name}, refund {refund}"
    for one in payments:
        if one.amount not in totals:
            yield f"øre: paid {one.amount} of {case.name}"
        if one.account != ACCOUNTS.get(case.story.method, CASH):
            yield f"money: {case.name} of {case.story.method} is on {one.account}"


def one_version(case: Case, document: Document) -> Iterator[str]:
    """Yield nothing where total and VAT are those of one version that the shop had."""
    versions = [v for v in case.story.versions if v.total == document.total]
    if not versions:
        yield f"øre: {document.reference} is {document.total}"
    elif all(vat_off(version, document) for version in versions):
        wanted = dict(versions[-1].vat)
        yield f"øre: the VAT of {document.reference} is {dict(document.vat)}, not {wanted}"


def _wholes(case: Case) -> Iterator[str]:
    for generation, listed in case.found.wholes.items():
        sold = [one.total for one in case.found.sales[generation]]
        for one in listed:
            if one.reference in case.made and sold != [-one.total]:
                yield f"øre: {one.reference} credits {one.total} of {sold}"


def _credits(case: Case) -> Iterator[str]:
    for refund_id, listed in case.found.credits.items():
        refund = case.story.refunds.get(refund_id)
        for one in listed:
            known = refund is not None and one.total == -Decimal(refund["amount"])
            if one.reference in case.made and not known:
                yield f"øre: {one.reference} is {one.total}, not {refund and refund['amount']}"


# -- what must be there ----------------------------------------------------------------------------


# What a person did with it: then only that nothing is there twice is the job's.
A_PERSONS = ("draft deleted", "credited by hand", "repriced")


def unknown(case: Case) -> Iterator[str]:
    if case.is_transferred:
        yield f"lost: {case.name}"
    elif any(one.total for one in case.found.live) and not case.happened("database lost"):
        yield f"lost: {case.name}, which stands in PowerOffice"


def exact(case: Case) -> Iterator[str]:
    if case.happened(*A_PERSONS) or _was_forgotten(case):
        return
    if case.status in OFF:
        yield from _off(case)
    elif case.status == "refunded":
        yield from _returned(case)
    else:
        yield from _on(case)
    yield from money(case)


def _was_forgotten(case: Case) -> bool:
    """Known limit: a new database does not take back what went off, and takes an invoice that
    was credited whole for the order's own.
    """
    off = case.status in OFF | {"refunded"} or any(case.found.wholes.values())
    return off and case.happened("database lost")


def _off(case: Case) -> Iterator[str]:
    # A deleted order is in no list of the shop's: what stands of it stays.
    by_hand = case.left_to_a_person or case.happened("switched invoices.create")
    live = case.found.untouched if by_hand else case.found.live
    notes = (one for listed in case.found.credits.values() for one in listed if one.invoiced)
    back = sum((one.total for one in notes), ZERO)  # refunded whole, it has nothing left to credit
    counts = [one.reference for one in live if one.total + back or not one.invoiced]
    if counts and case.status != "gone":
        yield f"lost: {case.name}, but {counts} counts"


def _returned(case: Case) -> Iterator[str]:
    drafts = [one.reference for one in case.found.live if not one.invoiced]
    if drafts and not case.left_to_a_person:
        yield f"lost: {case.name}, but {drafts} stands"
    if case.found.live:
        yield from _credit_notes(case)


def _on(case: Case) -> Iterator[str]:
    if not case.found.live:
        if case.is_transferred:
            yield f"lost: {case.name}"
        return
    live = case.found.live[0]
    yield from one_version(case, live)
    if live.total != Decimal(case.order["total"]):
        yield f"øre: {live.reference} is {live.total}, the order {case.order['total']}"
    yield from _names(case, live)
    if not live.invoiced and case.must_be_invoiced():
        yield f"lost: the invoice of {case.name}"
    if live.invoiced and not case.may_be_invoiced():
        yield f"early: the invoice of {case.name}"
    if live.invoiced:
        yield from _day_of(case, live)
        yield from _credit_notes(case)
    elif case.found.credits:
        yield f"twice: a credit note of {case.name}, which is a draft"


def _names(case: Case, live: Document) -> Iterator[str]:
    # An invoice keeps the number that the order had; and of a draft that an earlier database made
    # nothing but the rounding is touched.
    later = live.invoiced or case.happened("database lost")
    kept = later and case.happened("renumbered")
    if live.number != f"shop_{case.order['number']}" and not kept:
        yield f"number: {live.reference} says {live.number}"
    collective = case.life.switched("customers.private") == "collective"
    if case.order["shipping"]["address_1"] not in live.delivery and not collective:
        yield f"delivery: {live.reference} goes to {live.delivery}"
    email = case.order["billing"]["email"].lower()
    if email not in live.customer.lower() and not collective:
        yield f"customer: {live.reference} of {email} is for {live.customer}"


def _day_of(case: Case, invoice: Document) -> Iterator[str]:
    """Yield where an invoice bears another day than question 4 says."""
    minds = ("switched invoices.create", "switched invoices.when")
    if case.happened("locked", "invoiced by hand", *minds):
        return
    moment = case.order["date_completed_gmt"]
    if case.life.switched("invoices.when") == "processing":
        if case.order["date_paid_gmt"] and not case.story.paid_when_placed:
            return  # it may have been invoiced before it was paid
        moment = case.order["date_paid_gmt"] or case.order["date_created_gmt"]
    if moment and invoice.invoice_day != day_of(moment):
        yield f"day: {invoice.reference} is of {invoice.invoice_day}, not {moment}"


def day_of(moment_gmt: str) -> date:
    moment = datetime.fromisoformat(f"{moment_gmt}+00:00")
    return moment.astimezone(ZoneInfo("Europe/Oslo")).date()


# -- refunds ---------------------------------------------------------------------------------------


def _credit_notes(case: Case) -> Iterator[str]:
    if case.happened("switched refunds.credit_notes"):
        return
    if not case.life.switched("refunds.credit_notes"):
        if case.found.credits:
            yield f"twice: credit notes of {case.name}, which are switched off"
        return
    for refund_id in case.refunds:
        notes = case.found.credits.get(refund_id, [])
        if not notes:
            yield f"lost: the credit note of refund {refund_id} of {case.name}"
        elif not notes[0].invoiced and case.must_be_invoiced():
            yield f"lost: refund {refund_id} of {case.name} is a draft still"
    yield from _vat_of_refunds(case)


def _vat_of_refunds(case: Case) -> Iterator[str]:
    """Yield where lines went back with another VAT than the shop says."""
    by_lines = all(_lines_of(refund) for refund in case.refunds.values())
    if not by_lines or not case.life.switched("discounts.transfer_vat"):
        return
    each, rates = Decimal("0.51" if case.story.whole_kroner else "0.02"), rates_of(case.order)
    for refund_id, refund in case.refunds.items():
        for note in case.found.credits.get(refund_id, []):
            vat = {rate: -amount for rate, amount in note.vat}
            for line in _lines_of(refund):
                for tax in line["taxes"]:
                    rate = rates[tax["id"]]
                    vat[rate] = vat.get(rate, ZERO) + Decimal(tax["total"])
            if any(abs(amount) > each for amount in vat.values()):
                yield f"øre: the VAT of {note.reference} is {dict(note.vat)}, off by {vat}"


def _lines_of(refund: dict[str, list[dict[str, object]]]) -> list[dict[str, object]]:
    return [line for name in LINES for line in refund[name]]


# -- the money of an order -------------------------------------------------------------------------


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
    reserved = "reserved" in case.story.marks
    paid = sum((one.amount for one in payments), ZERO)
    if wanted and live and payments and reserved and paid != captured_of(case.order):
        yield f"money: {captured_of(case.order)} of {case.name} was captured, {paid} is booked"
    due = live[0].total - _returned_before(case) if live else ZERO
    if wanted and live and payments and not reserved and paid != due:
        yield f"money: {case.name} is {live[0].total}, its payment {payments[0].amount}"
    yield from _ways_back(case, wanted)
    yield from _open(case)


def _came(case: Case) -> bool:
    """Whether the job must have booked the order's money, once it was invoiced."""
    if not case.life.switched("payments.register") or case.story.method == "bacs":
        return False
    reserved = "reserved" in case.story.marks
    if case.status in OFF and not (reserved or case.story.paid_when_placed):
        return False
    if reserved and (case.status == "failed" or not captured_of(case.order)):
        return False
    return bool(Decimal(case.order["total"]) and case.order["date_paid_gmt"])


def _returned_before(case: Case) -> Decimal:
    """What was taken off an order by hand before it was paid, which then brought so much less."""
    paid = case.order["date_paid_gmt"]
    if case.story.paid_when_placed or not paid:
        return ZERO
    before = [one for one in case.refunds.values()
              if one["date_created_gmt"] < paid and not one["refunded_payment"]]  # fmt: skip
    return sum((Decimal(one["amount"]) for one in before), ZERO)


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
        if posted and posted[0].account != ACCOUNTS.get(case.story.method, CASH):
            yield f"money: refund {refund_id} of {case.name} came from {posted[0].account}"


def _open(case: Case) -> Iterator[str]:
    """Yield what is open though its money was posted under its own matching reference."""
    if case.life.world.faults.matching == "none":
        return
    in_part = captured_of(case.order) != Decimal(case.order["total"])
    if "reserved" in case.story.marks and (in_part or any(case.found.wholes.values())):
        return  # the rest may come yet, and what is credited whole pays the next invoice
    if _returned_before(case):
        return  # the credit note of that and the payment close it together
    posted = [one for listed in case.found.paybacks.values() for one in listed]
    closed = {one.reference for one in (*case.found.payments, *posted)}
    for invoice in case.life.world.company.outgoing_invoices.values():
        if own_part(invoice.order.custom_matching_reference) in closed and invoice.balance:
            yield f"open: {invoice.balance} of {invoice.order.external_import_reference}"
