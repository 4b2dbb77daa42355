"""What one run needs to carry orders over, and how an order can stop in the middle."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol
from weakref import WeakValueDictionary

import structlog

from woo2po.delivery.catalogue_cache import Shelf
from woo2po.delivery.customers import Directory
from woo2po.documents import DocumentSeen, Rounding, VoucherKind
from woo2po.holds import Hold, Skip, texts_of
from woo2po.mapping import references
from woo2po.next_step import InHand, NotWanted, Step, Wanted
from woo2po.poweroffice import PowerOffice
from woo2po.record import OrderRecord, WriteKind
from woo2po.settings import Settings
from woo2po.store import Store
from woo2po.store.database import StateError

ALL_WAYS = frozenset(Rounding)
log = structlog.get_logger()


class Unsettled(Exception):
    """A write has no certain outcome yet, or waits for one that has not: the order waits."""


class Sent(Exception):
    """An invoice was asked for: from here on there are only questions."""


class Held(Exception):
    """The order is to be held, found out in the middle of a step."""

    def __init__(self, hold: Hold) -> None:
        super().__init__(hold.code)
        self.hold = hold


@dataclass
class Summary:
    """What a run has done, counted in orders; credit notes by themselves."""

    made: int = 0
    changed: int = 0
    unchanged: int = 0
    held: int = 0
    skipped: int = 0
    cancelled: int = 0
    sending: int = 0
    invoiced: int = 0
    credited: int = 0  # credit notes
    paid: int = 0  # and paid back
    waiting: int = 0
    failed: int = 0
    left: int = 0  # still in the queue because of --limit or a stop
    warnings: dict[str, dict[str, str]] = field(default_factory=dict)  # said once a run
    problem: str = ""  # the code of what stopped the run, and its facts
    facts: dict[str, str] = field(default_factory=dict)

    def counts(self) -> dict[str, int]:
        """Return the counts that are not zero, by name."""
        return {n: v for n, v in vars(self).items() if isinstance(v, int) and v}


def begin_anew(t: "Transfer", record: OrderRecord) -> None:
    """Close an order's documents: if it comes back, it gets new ones under the next references."""
    generation = record.generation + 1
    own = references.of_generation(t.settings, record.order_id, generation)
    t.store.begin_anew(record.order_id, *own)


def adopt(t: "Transfer", record: OrderRecord, document: DocumentSeen) -> None:
    """Take a document that is there already as an order's own."""
    with t.store.transaction():
        t.store.change_order(
            record.order_id,
            sales_order_id=document.id,
            sales_order_no=document.order_no,
            invoice_no=document.invoice_no,
        )
    log.info("found_in_poweroffice", order=record.number, sales_order=document.order_no)


def put_on_hold(t: "Transfer", order_id: int, hold: Hold) -> None:
    """Hold an order (or a credit note), and say so in the log."""
    if t.rehearsal:
        t.rehearsal.held.add(order_id)
    with t.store.transaction():
        t.store.hold(order_id, hold, at=t.clock(), settings_digest=t.settings_digest)
    t.summary.held += 1
    record = t.store.order(order_id)
    log.warning(
        "order_held", order=record and record.number, code=hold.code, facts=texts_of(hold.facts)
    )


def may_lag(
    t: "Transfer", record: OrderRecord, kinds: Collection[WriteKind] = frozenset(WriteKind)
) -> bool:
    """Tell whether reads there may not show yet what was last written for an order."""
    wait = timedelta(seconds=t.settings.poweroffice.settle_after)
    mine = (write for write in record.writes if write.kind in kinds)
    return any(abs(t.clock() - write.last_attempt) < wait for write in mine)


def is_wanted_anew(record: OrderRecord) -> bool:
    """Tell whether a person wants the draft of an order made anew, should it be gone."""
    return record.hold is not None and "anew" in record.hold.facts


class Turns:
    """Lets orders of one customer go one after the other, and all others side by side."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def of(self, tokens: frozenset[str]) -> AsyncIterator[None]:
        """Wait until no other order with any of these tokens is under way."""
        # Always in the same order, so that two orders never wait for each other.
        locks = [self._locks.setdefault(token, asyncio.Lock()) for token in sorted(tokens)]
        async with AsyncExitStack() as stack:
            for lock in locks:
                await stack.enter_async_context(lock)
            yield


class Acting(Protocol):
    """Decides the next step of an order and carries it out; a preview does both its own way."""

    held: set[int]  # the orders that were held

    def decide(
        self, record: OrderRecord, wanted: Wanted | Hold | Skip | NotWanted, in_hand: InHand
    ) -> Step:
        """Return the next step."""

    async def carry_out(
        self,
        t: "Transfer",
        record: OrderRecord,
        wanted: Wanted | Hold | Skip | NotWanted,
        step: Step,
        in_hand: InHand,
    ) -> InHand:
        """Do the step, and return what is in hand after it."""

    def invoice_of(self, order_id: int) -> DocumentSeen | None:
        """Return the invoice that an order would have got by now, and that is nowhere yet."""


@dataclass
class Transfer:
    """What one run needs to carry orders over."""

    settings: Settings
    store: Store
    go: PowerOffice
    clock: Callable[[], datetime]
    shelf: Shelf
    directory: Directory = field(default_factory=Directory)
    summary: Summary = field(default_factory=Summary)
    turns: Turns = field(default_factory=Turns)
    blocked: set[str] = field(default_factory=set)  # customers with an unanswered write
    product_lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    settings_digest: str = ""
    begun: set[int] = field(default_factory=set)  # orders whose turn came in this run
    in_a_row: int = 0  # orders without an answer, one after another
    looked_at: datetime | None = None  # when it was last looked for invoices
    mapped: dict[tuple[int, str], Wanted] = field(default_factory=dict)  # by id and content
    following: bool = False  # what follows an invoice of this run: not counted once more
    may_send: bool = True
    may_not_post: set[VoucherKind] = field(default_factory=set)
    error: StateError | None = None  # the state database failed: nothing more can be recorded
    progress: Callable[[int, int], None] | None = None
    rehearsal: Acting | None = None  # of a preview

    @property
    def stopped(self) -> bool:
        """Tell whether no further order may be begun."""
        return bool(self.summary.problem or self.error)

    def stop(self, problem: str, facts: Mapping[str, str]) -> None:
        """Begin no further order, for a reason that the run ends with."""
        if not self.summary.problem:
            self.summary.problem, self.summary.facts = problem, dict(facts)

    def ways(self) -> frozenset[Rounding]:
        """Return the ways of rounding that explain PowerOffice's answers so far."""
        said = self.store.get("rounding_ways")
        return frozenset(Rounding(way) for way in said.split(",")) if said else ALL_WAYS

    def learn(self, explaining: frozenset[Rounding]) -> None:
        """Keep the ways that explain the newest answer too, if any does."""
        if not explaining:
            return
        left = (self.ways() & explaining) or explaining
        if left != self.ways():
            self.store.put("rounding_ways", ",".join(sorted(left)))
            log.info("rounding_learned", ways=sorted(left))
