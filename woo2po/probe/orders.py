"""Drafts: what their head keeps, references used twice, unknown properties, sending, confirming.

Only drafts are made, and nothing is sent. Sources that leave it open: PowerOffice facts,
sections 3, 4, 7, 8 and 14 (points 1, 6, 7, 10 and 13).
"""

from collections.abc import AsyncIterator
from decimal import Decimal

from woo2po.poweroffice.probing import NEW_ORDER, ORDERS, SENT_STATE, Reply, complete_order
from woo2po.probe.bench import NAME, Bench, Kind
from woo2po.probe.learned import Learned, as_assumed, either, not_tried
from woo2po.probe.lists import shape
from woo2po.probe.parties import open_outcome, outcome, readable, shown
from woo2po.probe.words import said

LARGE = 2**40
_NO_ORDER = "00000000-0000-4000-8000-000000000000"


async def head(bench: Bench) -> AsyncIterator[Learned]:
    """What a draft's head keeps of what the job writes there."""
    reference, matching = bench.reference(), f"woo-0000000000-{bench.token}"
    reply = await bench.make_order(
        [bench.line()],
        ExternalImportReference=reference,
        CustomMatchingReference=matching,
        ImportedOrderNo=LARGE,
        PaymentTerm=0,
        CurrencyCode="NOK",
    )
    yield outcome("probe_order_made", reply, accepted_is_fine=True)
    if not reply.ok:
        return
    soon, read = await readable("probe_order_read", bench, complete_order(reply.text("Id")))
    yield soon
    if not read.ok:
        return
    yield _kept("probe_matching_kept", matching, read.text("CustomMatchingReference"))
    yield _kept("probe_large_number", str(LARGE), read.text("ImportedOrderNo"))
    yield _kept("probe_reference_kept", reference, read.text("ExternalImportReference"))
    yield _kept("probe_payment_term", "0", read.text("PaymentTerm") or "-")
    asked = {"onlyCreatedByCurrentIntegration": "true", "Fields": "Id", "PageSize": "1000"}
    if bench.since:
        asked["lastChangedDateTimeOffsetGreaterThan"] = bench.since
    yield await shown("probe_order_seen", bench, ORDERS, asked, reply.text("Id"))


def _kept(code: str, wanted: str, found: str) -> Learned:
    if found == wanted:
        return as_assumed(True, code, "probe_o_kept")
    # What stands there instead may be anything: only how long it is, is told.
    return as_assumed(False, code, "probe_o_kept_length", n=len(found))


async def references(bench: Bench) -> AsyncIterator[Learned]:
    """What becomes of a reference that is taken, and of one whose draft was deleted."""
    reference = bench.reference()
    first = await bench.make_order(ExternalImportReference=reference)
    if not first.ok:
        yield not_tried("probe_reference_twice", f"HTTP {first.status}")
        return
    second = await bench.make_order(ExternalImportReference=reference)
    if second.ok and second.text("Id") == first.text("Id"):
        yield either("probe_reference_twice", "probe_o_adopted", status=second.status)
    else:
        yield outcome("probe_reference_twice", second, accepted_is_fine=False)
    if not second.ok:
        named = first.text("Id").lower() in second.detail.lower()
        yield either("probe_reference_twice_id", "probe_o_yes" if named else "probe_o_no")
    gone = await bench.remove(Kind.ORDER, first.text("Id"))
    yield outcome("probe_draft_deleted", gone, accepted_is_fine=True)
    if gone.ok:
        third = await bench.make_order(ExternalImportReference=reference)
        yield open_outcome("probe_reference_freed", third)
    long = f"{bench.reference()}-".ljust(50, "x")
    fifty = await bench.make_order(ExternalImportReference=long)
    yield outcome("probe_reference_of_fifty", fifty, accepted_is_fine=True)


async def odd_bodies(bench: Bench) -> AsyncIterator[Learned]:
    """What becomes of properties that do not exist, and of names spelled otherwise."""
    reply = await bench.make_order(Woo2poNothing="x")
    if reply.ok:
        yield either("probe_unknown_property", "probe_o_ignored", status=reply.status)
    else:
        facts = {"status": reply.status, "said": said(reply)}
        yield either("probe_unknown_property", "probe_o_refused", **facts)
    body = {
        "externalImportReference": bench.reference(),
        "customerId": bench.customer,
        "customerReference": NAME,
        "salesOrderLines": [],
    }
    spelled = await bench.make(Kind.ORDER, NEW_ORDER, body)
    if spelled.ok:
        found = spelled.get("CustomerReference") == NAME
        yield either("probe_camel_case", "probe_o_done" if found else "probe_o_ignored",
                     status=spelled.status)  # fmt: skip
    else:
        yield open_outcome("probe_camel_case", spelled)


async def totals(bench: Bench) -> AsyncIterator[Learned]:
    """Orders without lines, of 0 kr, and of less than 0: a credit note's draft."""
    empty = await bench.make_order()
    yield open_outcome("probe_without_lines", empty)
    zero = await bench.make_order([bench.line(), bench.line(Quantity=Decimal(-1))])
    yield outcome("probe_total_zero", zero, accepted_is_fine=True)
    credit = await bench.make_order([bench.line(Quantity=Decimal(-1))])
    yield outcome("probe_credit_draft", credit, accepted_is_fine=True)


async def sent_state(bench: Bench) -> AsyncIterator[Learned]:
    """What is said of the sending of a draft that nobody sent, and of one that does not exist."""
    draft = await bench.make_order([bench.line()])
    if draft.ok:
        yield _state("probe_never_sent", await bench.get(SENT_STATE, id=draft.text("Id")))
    else:
        yield not_tried("probe_never_sent", f"HTTP {draft.status}")
    yield _state("probe_sent_unknown", await bench.get(SENT_STATE, id=_NO_ORDER))


def _state(code: str, reply: Reply) -> Learned:
    row = reply.rows[0] if reply.rows and isinstance(reply.rows[0], dict) else {}
    sent = {name.lower(): value for name, value in row.items()}.get("sentdatetimeoffset")
    fits = reply.status in {200, 204, 404} and sent is None
    return as_assumed(fits, code, shape(reply), status=reply.status)


async def confirmed(bench: Bench) -> AsyncIterator[Learned]:
    """Whether a confirmed order can be changed or deleted, and be a draft again."""
    order = await bench.make_order([bench.line()], SalesOrderStatus="Confirmed")
    if not order.ok:
        yield open_outcome("probe_confirmed", order)
        return
    id_ = order.text("Id")
    yield open_outcome("probe_confirmed", order)
    changed = await bench.patch(Kind.ORDER, id_, CustomerReference=f"{NAME}.")
    yield open_outcome("probe_confirmed_changed", changed)
    gone = await bench.remove(Kind.ORDER, id_)
    yield open_outcome("probe_confirmed_deleted", gone)
    if not gone.ok:
        again = await bench.patch(Kind.ORDER, id_, SalesOrderStatus="Draft")
        yield open_outcome("probe_draft_again", again)
