"""What must never be in PowerOffice, whatever people and machines did: twice, or other figures."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from summary import Document

from tests.lives.case import Case, vat_off
from tests.lives.life import ACCOUNTS

CASH = 1900


def never(case: Case) -> Iterator[str]:
    """Yield what is there twice, or is not what the shop said at any time."""
    yield from _twice(case)
    yield from _paid_twice(case)
    yield from _wholes(case)
    # A request to invoice may be under way while a person changes the draft.
    if not (case.happened("repriced") and case.happened("late")):
        yield from _sales(case)
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
    if len(payments) > 1:
        yield f"twice: the payment of {case.name}, {[str(one.amount) for one in payments]}"
    for refund, posted in case.found.paybacks.items():
        if len(posted) > 1:
            yield f"twice: the money's way back of {case.name}, refund {refund}"
    for one in payments:
        if one.amount not in totals:
            yield f"øre: paid {one.amount} of {case.name}"
        if one.account != ACCOUNTS.get(case.story.method, CASH):
            yield f"money: {case.name} of {case.story.method} is on {one.account}"


def _sales(case: Case) -> Iterator[str]:
    for one in case.sales:
        if one.reference in case.made:
            yield from one_version(case, one)


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
