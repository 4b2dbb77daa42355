"""What a run would say of the shop's orders: the mapping itself is asked, and nobody else."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from woo2po.check.finding import Finding, Level, because, fine, listed, told, warning
from woo2po.check.machine import KnownState
from woo2po.config import Settings
from woo2po.documents import Catalogue, Documents, InvoiceWanted
from woo2po.holds import Hold, Skip
from woo2po.mapping import documents_for
from woo2po.mapping.cards import CARD_COUPON_INFERRED
from woo2po.mapping.customer import sales_order_reference
from woo2po.mapping.payment import invoice_of, payment_of
from woo2po.mapping.prices import exactness
from woo2po.messages.message import Language
from woo2po.money import ZERO
from woo2po.order import Order
from woo2po.poweroffice.booked import NumberedDocument
from woo2po.report import kroner
from woo2po.transfer.wanted import defect

FIRST = 10
_APART = ("key", "code", "country")  # what tells two reasons of one code apart: what is set wrong
# Of what is noted about an order that goes: what somebody should look at before it does.
_LOOK_AT = frozenset({"domestic_zero", "freight_without_vat", CARD_COUPON_INFERRED})


@dataclass(frozen=True, slots=True)
class FirstOrder:
    """An order, what becomes of it, and what of its invoice and its payment."""

    order: Order
    becomes: Documents | Hold | Skip
    invoice: object = None
    payment: object = None


def looked_at(
    orders: Iterable[Order],
    settings: Settings,
    catalogue: Catalogue,
    state: KnownState,
    today: date,
) -> list[FirstOrder]:
    """Return what becomes of those that may still be transferred, the oldest first."""
    # Of one that was refunded first nothing is sent, unless that is a status that is asked for.
    left_out = {"refunded"} - {*settings.woocommerce.statuses}
    going = {o.id: o for o in orders if o.id not in state.done and o.status not in left_out}
    found = []
    for _, order in sorted(going.items()):
        reference = sales_order_reference(settings, order.id)
        try:
            becomes = documents_for(order, settings, catalogue, reference, state.ways)
            invoice = invoice_of(order, settings, catalogue, today)
            payment = payment_of(order, settings, catalogue, today, ZERO)
            found.append(FirstOrder(order, becomes, invoice, payment))
        except Exception as error:  # noqa: BLE001 (a run holds it for that, and no other)
            found.append(FirstOrder(order, defect(error)))
    return found


def judge_reasons(looked: Iterable[FirstOrder], catalogue: Catalogue) -> Iterator[Finding]:
    """Yield each reason to hold, to leave out or to look at once, with the orders it is about."""
    met: dict[tuple[Level, str, tuple[object, ...]], dict[str, Hold | Skip]] = defaultdict(dict)
    moved = []
    for one in looked:
        if isinstance(one.invoice, InvoiceWanted) and one.invoice.moved_from is not None:
            moved.append(one.order.number)
        for level, reason in _reasons(one):
            apart = tuple(reason.facts.get(name) for name in _APART)
            met[level, reason.code, apart].setdefault(one.order.number, reason)
    for (level, _, _), reasons in met.items():
        same = len({tuple(reason.facts.items()) for reason in reasons.values()}) == 1
        first = next(iter(reasons.values()))
        yield because(first, level, orders=list(reasons), is_example=not same)
    if moved:
        locked = catalogue.lock_date
        yield warning("check_locked_moves", locked=locked, numbers=listed(moved, 5), n=len(moved))


def judge_earlier(looked: Iterable[FirstOrder], catalogue: Catalogue) -> Iterator[Finding]:
    """Yield what is set wrong for orders like these, which are too old to be transferred."""
    for one in judge_reasons(looked, catalogue):
        set_wrong = isinstance(one.reason, Hold) and "key" in one.facts
        if set_wrong or one.code in _LOOK_AT:
            yield replace(one, level=Level.WARNING)


def _reasons(one: FirstOrder) -> Iterator[tuple[Level, Hold | Skip]]:
    if not isinstance(one.becomes, Documents):
        yield Level.HELD if isinstance(one.becomes, Hold) else Level.TOLD, one.becomes
        return
    if isinstance(one.invoice, Hold):
        yield Level.HELD, one.invoice
    for note in one.becomes.notes:
        if note.code in _LOOK_AT:
            yield Level.WARNING, Hold(note.code, note.facts)


def judge_first(
    looked: Sequence[FirstOrder],
    state: KnownState,
    there: Collection[NumberedDocument],
    collective: Hold | Skip | None,
    language: Language,
) -> Iterator[Finding]:
    """Yield what would become of the first ones, their amounts as that language writes them.

    `there`: the documents that stand in PowerOffice; `collective`: why nothing can be booked on
    the customer for all private persons.
    """
    first = [one for one in looked if one.order.id not in state.settled][:FIRST]
    if not first:
        yield told("check_no_first_order")
    for one in first:
        currency = "" if one.order.currency in {"", "NOK"} else f" {one.order.currency}"
        total = f"{kroner(one.order.total, language)}{currency}"
        facts = {"number": one.order.number, "total": total}
        reasons = [one.becomes, one.invoice, one.payment]
        if isinstance(one.becomes, Documents):
            reasons += [collective] if one.becomes.customer.collective_number else []
            reasons += [] if one.order.id in state.known else _not_ours(one.becomes, there)
        held = next((reason for reason in reasons if isinstance(reason, Hold)), None)
        if held is not None:
            yield Finding("check_order_held", Level.HELD, facts, held)
        elif not isinstance(one.becomes, Documents):
            yield Finding("check_order_skipped", Level.TOLD, facts, one.becomes)
        elif one.becomes.sales_order.reference in {document.reference for document in there}:
            yield told("check_order_unchanged", **facts)
        else:
            yield _exact(one.becomes, state, facts, language)


def _not_ours(documents: Documents, there: Iterable[NumberedDocument]) -> Iterator[Hold]:
    """Yield why what stands in PowerOffice with one of an order's references is not the order."""
    ours = documents.sales_order
    for one in there:
        same = (one.reference == ours.reference, one.matching_reference == ours.matching_reference)
        if same == (True, False):
            yield Hold("prefix_of_another_shop", {"reference": ours.reference})
        if same == (False, True):
            facts = {"reference": one.reference, "otherwise": ours.reference}
            yield Hold("under_another_prefix", facts)


def _exact(
    documents: Documents, state: KnownState, facts: dict[str, str], language: Language
) -> Finding:
    exact = exactness(documents.sales_order, state.ways)
    if not exact.is_sure:
        return fine("check_order_compared", **facts)
    if exact.line:
        return fine("check_order_rounded", **facts, rounding=kroner(exact.line, language))
    return fine("check_order_exact", **facts)
