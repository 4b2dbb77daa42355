"""What must be in PowerOffice of an order that is neither held nor in the hands of a person."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from summary import Document

from tests.lives.case import OFF, Case
from tests.lives.content import BUYERS, LINES, RATES, ZERO
from tests.lives.money import money
from tests.lives.never import one_version

# What a person did with it: then only that nothing is there twice is the job's.
A_PERSONS = ("draft deleted", "credited by hand", "repriced")


def unknown(case: Case) -> Iterator[str]:
    """Yield what is wrong with an order that the job does not know."""
    if case.is_transferred:
        yield f"lost: {case.name}"
    elif any(one.total for one in case.found.live) and not case.happened("database lost"):
        yield f"lost: {case.name}, which stands in PowerOffice"


def exact(case: Case) -> Iterator[str]:
    """Yield what differs from what the shop says."""
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
    counts = [one.reference for one in live if one.total or not one.invoiced]
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
    yield from _figures(case, live)
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


def _figures(case: Case, live: Document) -> Iterator[str]:
    yield from one_version(case, live)
    if live.total != Decimal(case.order["total"]):
        yield f"øre: {live.reference} is {live.total}, the order {case.order['total']}"


def _names(case: Case, live: Document) -> Iterator[str]:
    # An invoice keeps the number that the order had; and of a draft that an earlier database made
    # nothing but the rounding is touched.
    later = live.invoiced or case.happened("database lost")
    kept = later and case.happened("renumbered")
    if live.number != f"shop_{case.order['number']}" and not kept:
        yield f"number: {live.reference} says {live.number}"
    if case.order["shipping"]["address_1"] not in live.delivery and _has_an_address(case):
        yield f"delivery: {live.reference} goes to {live.delivery}"
    email = BUYERS[case.story.buyer][0]["email"]
    if email not in live.customer and case.life.said.get("private") != "collective":
        yield f"customer: {live.reference} of {email} is for {live.customer}"


def _has_an_address(case: Case) -> bool:
    return case.life.said.get("private") != "collective"


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
    """Return the day in the shop of a moment as WooCommerce writes it."""
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
    if not by_lines or not case.life.said.get("transfer_vat", True):
        return
    each = Decimal("0.51") if case.life.kind.decimals == 0 else Decimal("0.02")
    for refund_id, refund in case.refunds.items():
        for note in case.found.credits.get(refund_id, []):
            vat = {rate: -amount for rate, amount in note.vat}
            for line in _lines_of(refund):
                for tax in line["taxes"]:
                    rate = RATES[tax["id"]]
                    vat[rate] = vat.get(rate, ZERO) + Decimal(tax["total"])
            if any(abs(amount) > each for amount in vat.values()):
                yield f"øre: the VAT of {note.reference} is {dict(note.vat)}, off by {vat}"


def _lines_of(refund: dict[str, list[dict[str, object]]]) -> list[dict[str, object]]:
    return [line for name in LINES for line in refund[name]]
