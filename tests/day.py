"""Days in a shop that are lived again and again, each time with another fault.

A day is recorded once without a fault, act by act: what the job wrote then is what faults are
tried on, and the books that it left are what they must be in the end.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from world import SETTLE_AFTER, Killed, Sent, Summary, World

from woo2po.record import WriteKind
from woo2po.status import retry

RESEND_AFTER = 120  # seconds, in these days: less than its default, which no patience would last

# What can happen to a write; after a comma what happens to its repeat.
FAULTS = {
    "killed before it leaves": "killed_before",
    "killed before its answer is recorded": "killed_after",
    "killed twice": "killed_after, killed_before",
    "lost on the way there": "lost_before",
    "lost on the way back": "lost_after",
    "timed out": "timeout_after",
    "lost again and again": "lost_before, timeout_before, lost_after",
    "still on its way when the job has given up": "late",
    "no connection": "connect_error",
    "too many requests": "429",
    "token expired": "expired_token",
    "turned away with a new token too": "expired_token, expired_token",
    "500, the work not done": "500",
    "500, the work done": "500_after",
    "502 in HTML, the work done": "502_after",
    "503, the work not done": "503",
    "a login page with status 200": "html",
    "half an answer": "garbage",
    "refused": "refuse",
    "lost, then the repeat refused": "lost_before, refuse",
}

KINDS = {
    r"POST /Customers": WriteKind.CREATE_CUSTOMER,
    r"POST /ContactDeliveryAddresses/\d+": WriteKind.CREATE_DELIVERY_ADDRESS,
    r"POST /Products": WriteKind.CREATE_PRODUCT,
    r"POST /SalesOrders/Complete": WriteKind.CREATE_SALES_ORDER,
    r"PATCH /SalesOrders/[^/]+": WriteKind.CHANGE_HEADER,
    r"POST /SalesOrders/[^/]+/Lines": WriteKind.ADD_LINE,
    r"PATCH /SalesOrders/[^/]+/Lines/[^/]+": WriteKind.CHANGE_LINE,
    r"DELETE /SalesOrders/[^/]+/Lines/[^/]+": WriteKind.DELETE_LINE,
    r"DELETE /SalesOrders/[^/]+": WriteKind.DELETE_DRAFT,
    r"POST /SalesOrders/[^/]+/createAndSendInvoice": WriteKind.SEND_INVOICE,
    r"POST /Vouchers/(Bank|Cash)Journals": WriteKind.CREATE_VOUCHER,
}

TOWARDS_A_DRAFT = frozenset(
    {
        WriteKind.CREATE_CUSTOMER,
        WriteKind.CREATE_DELIVERY_ADDRESS,
        WriteKind.CREATE_PRODUCT,
        WriteKind.CREATE_SALES_ORDER,
        WriteKind.ADD_LINE,
        WriteKind.CHANGE_LINE,
        WriteKind.DELETE_LINE,
        WriteKind.CHANGE_HEADER,
    }
)


def kind(sent: Sent) -> WriteKind:
    """Return which write of the job a request is; a new one must be named in KINDS."""
    (found,) = (k for p, k in KINDS.items() if re.fullmatch(p, f"{sent.method} {sent.path}"))
    return found


@dataclass(frozen=True)
class Act:
    """A part of the day: the world before it, what the job wrote, and the books after it."""

    name: str
    before: World
    happens: Callable[[World], None]
    writes: Sequence[Sent]
    commits: int
    questions: int
    after: Summary


def lived(
    day: Sequence[Callable[[World], None]], world: World, folders: Iterator[Path]
) -> list[Act]:
    """Return a day without a fault, act by act, that begins in this world."""
    acted = []
    for happens in day:
        world.wait(300)
        before = world.twin(next(folders))
        happens(world)
        first, commits, questions = len(world.wire.writes), world.commits, len(world.asked())
        world.settle()
        acted.append(
            Act(
                happens.__name__,
                before,
                happens,
                writes=world.wire.writes[first:],
                commits=world.commits - commits,
                questions=len(world.asked()) - questions,
                after=world.books(),
            )
        )
    assert world.held() == {}, world.reasons()
    return acted


def to_the_end(world: World, *, impatiently: bool = True) -> None:
    """Run as cron does, mend what is refused, until all is quiet; `impatiently`: once more
    before an unanswered write may be looked up, when nothing must happen to it.
    """
    patient = [SETTLE_AFTER + 1] * 5
    for patience in (5, *patient) if impatiently else patient:
        try:
            world.run()
        except Killed:
            continue
        busy = world.busy() or world.wire.held_up
        if not busy and not world.held():
            return
        if not busy:
            retry(world.settings, [])
        world.wait(patience)
        world.wire.late_ones_arrive()
    world.settle()


def differing(wanted: Summary, found: Summary) -> list[str]:
    """Return what stands in one of two books only, marked - (missing) and + (too much)."""
    lines = []
    for part in ("documents", "customers", "products", "ledger"):
        ours, theirs = Counter(getattr(wanted, part)), Counter(getattr(found, part))
        lines += [f"- {one}" for one in ours - theirs] + [f"+ {one}" for one in theirs - ours]
    # Which of a customer's orders comes first decides whether its own address must be made.
    places = Counter(found.delivery_addresses) - Counter(wanted.delivery_addresses)
    return lines + [f"+ {one}" for one in places]


def wrong_after(act: Act, world: World) -> list[str]:
    """Return what is not as it is after the act without a fault."""
    found = []
    found += [f"the books differ: {line}" for line in differing(act.after, world.books())]
    if world.held():
        found.append(f"held: {world.reasons()}")
    if early := world.wire.repeats_too_early(RESEND_AFTER):
        found.append(f"repeated too early: {[(s.method, s.path) for s in early]}")
    return found


def faulty_days(acts: Sequence[Act], fault: str, folders: Iterator[Path]) -> list[str]:
    """Live every act once for each of its writes, with the fault there; return what is wrong."""
    wrong = []
    for act in acts:
        for n, sent in enumerate(act.writes):
            world = act.before.twin(next(folders))
            act.happens(world)
            world.wire.plan = {n: fault.split(", ")}
            # All the others leave a write as unanswered as these do.
            to_the_end(world, impatiently=fault.startswith(("killed", "lost", "late")))
            wrong += [f"{kind(sent)} ({act.name} {n}): {what}" for what in wrong_after(act, world)]
    return wrong


def deadly_days(acts: Sequence[Act], folders: Iterator[Path]) -> list[str]:
    """Live every act once for each commit to the state database, of which the process dies."""
    wrong = []
    for act in acts:
        for n in range(1, act.commits + 1):
            world = act.before.twin(next(folders))
            act.happens(world)
            world.dies_at_commit = n
            to_the_end(world)
            wrong += [f"{act.name}, commit {n}: {what}" for what in wrong_after(act, world)]
    return wrong
