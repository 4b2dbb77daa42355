"""Days in a shop that are lived again and again, each time with another fault.

A day is recorded once without a fault, act by act: what the job wrote then is what faults are
tried on, and the books that it left are what they must be in the end.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from audit import Findings, beside_the_shop, compared
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
    "503, the work done": "503_after",
    "502 in HTML, the work not done": "502",
    "too many requests, without end": ", ".join(["429"] * 12),
    "no connection, again and again": ", ".join(["connect_error"] * 4),
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
    commits: Sequence[str]  # what each wrote: verbs and tables
    reads: Sequence[str]
    after: Summary
    beside: Findings  # those books beside the shop's orders

    @property
    def sends(self) -> bool:
        """Whether invoices were asked for."""
        return any(sent.sends for sent in self.writes)


def lived(
    day: Sequence[Callable[[World], None]], world: World, folders: Iterator[Path]
) -> list[Act]:
    """Return a day without a fault, act by act, that begins in this world."""
    acted = []
    for happens in day:
        world.wait(300)
        before = world.twin(next(folders))
        happens(world)
        first, commits, reads = len(world.wire.writes), world.commits, len(world.reads.asked)
        world.settle()
        acted.append(
            Act(
                happens.__name__,
                before,
                happens,
                writes=world.wire.writes[first:],
                commits=world.committed_what[commits:],
                reads=world.reads.asked[reads:],
                after=world.books(),
                beside=beside_the_shop(world),
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
            outcome = world.run()
        except Killed:
            continue
        busy = world.busy() or world.wire.held_up or outcome.exit_code == 3
        if not busy and not world.held():
            return
        if not busy:
            retry(world.settings, [])
        world.wait(patience)
        world.wire.late_ones_arrive()
    world.settle()


def findings_after(act: Act, world: World) -> Findings:
    """Return what is not as it is after the act without a fault."""
    found, beside = compared(act.after, world.books()), beside_the_shop(world)
    found.lost += beside.lost
    found.twice += beside.twice
    found.off += beside.off
    if world.held():
        found.otherwise.append(f"held: {world.reasons()}")
    if early := world.wire.repeats_too_early(RESEND_AFTER):
        found.otherwise.append(f"repeated too early: {[(s.method, s.path) for s in early]}")
    return found
