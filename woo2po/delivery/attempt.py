"""The way in which a remote write is tried: written down before, settled after.

There are three outcomes: made, refused (a clear no to a first attempt) and unknown. Unknown is
left open in the state database; settle.py looks it up later, and nothing is repeated before that.
Two writes go the same way by themselves: an invoice that is asked for stays open until watch.py
sees it (steps_invoice.py), and a voucher has several orders (vouchers.py).
"""

import json
from collections.abc import Awaitable, Callable
from typing import TypeVar

from woo2po.delivery.transfer import Held, Transfer, Unsettled
from woo2po.documents import Customer, PostalAddress
from woo2po.holds import Hold
from woo2po.http import CannotLogIn, NeverLeft, Refused
from woo2po.logs import redacted
from woo2po.record import OrderRecord, Outcome, WriteKind

T = TypeVar("T")


async def tried(
    t: Transfer,
    record: OrderRecord,
    kind: WriteKind,
    reference: str,
    call: Callable[[], Awaitable[T]],
    then: Callable[[T], None],
    *,
    names: tuple[str, ...] = (),
) -> T:
    """Write a remote write down, try it, and write down what became of it.

    Raises Held for a clear refusal of a first attempt, Unsettled where a refusal may be the
    echo of an earlier success, and lets NoAnswer and NotUnderstood out with the write open.
    """
    write = t.store.begin_write(
        record.order_id, kind, reference, at=t.clock(), since=t.go.server_time
    )
    if write is None:
        raise Unsettled
    try:
        answer = await call()
    except (NeverLeft, CannotLogIn):
        # Neither an unreachable PowerOffice nor one that refuses our keys has done anything.
        t.store.never_left(write)
        raise
    except Refused as refused:
        if write.attempts > 1 or in_use(refused):
            words = json.dumps(refusal(kind, refused, names).facts)
            t.store.refused_as_echo(write, words, in_use=in_use(refused))
            raise Unsettled from None
        t.store.settle_write(write, Outcome.REFUSED)
        raise Held(refusal(kind, refused, names)) from None
    made = str(getattr(answer, "id", ""))
    t.store.settle_write(write, Outcome.MADE, remote_id=made, also=lambda: then(answer))
    return answer


def in_use(refused: Refused) -> bool:
    """Tell whether PowerOffice says that our reference exists: then it is looked up, not lost."""
    return refused.status == 409 or "already in use" in f"{refused.title} {refused.detail}".lower()


def refusal(kind: WriteKind, refused: Refused, names: tuple[str, ...]) -> Hold:
    """Return the hold for a refusal, with PowerOffice's own words but nobody's name."""
    facts = {
        "what": kind.value,
        "title": redacted(refused.title, names),
        "detail": redacted(refused.detail, names),
    }
    return Hold("refused", facts)


def personal(customer: Customer, address: PostalAddress | None = None) -> tuple[str, ...]:
    """Return what must not be repeated of a customer: PowerOffice may echo it."""
    values = [
        customer.name,
        customer.first_name,
        customer.last_name,
        customer.email,
        customer.phone,
    ]
    for place in (customer.address, address):
        if place is not None:
            values += [place.line_1, place.line_2, place.zip_code, place.city]
    return tuple(v for v in values if v)
