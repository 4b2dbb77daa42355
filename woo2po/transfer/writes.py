"""What a run works with, and the one way in which it writes to PowerOffice.

A remote write is written down before it is tried and settled after. What is neither made nor
clearly refused stays open in the state database until it has been looked for (recovery.py,
invoices.py, payments.py); nothing is repeated before that.
"""

import json
from collections.abc import Awaitable, Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import TypeVar

import structlog

from woo2po.agenda import Agenda, agenda
from woo2po.config import Settings
from woo2po.documents import DocumentSeen, Note, VoucherKind
from woo2po.holds import Hold, kept, texts_of
from woo2po.http import CannotLogIn, NeverLeft, NotAllowed, Refused
from woo2po.logs import redacted
from woo2po.mapping.customer import of_generation
from woo2po.mapping.values import Basis, Stopped
from woo2po.money import to_ore
from woo2po.next_step import MOST_ATTEMPTS, Outlook, Step, Wanted
from woo2po.order import Order, Refund, UnreadableOrder
from woo2po.poweroffice import PowerOffice
from woo2po.record import AIM, Outcome, Record, RunOutcome, Write, WriteKind
from woo2po.store import Store
from woo2po.store.database import StateError
from woo2po.transfer.lookups import CatalogueCache, Directory, back_to
from woo2po.woocommerce import Shop

NOT_FOUND = 404

T = TypeVar("T")
Reason = TypeVar("Reason", Hold, Note)
Row = Order | UnreadableOrder
log = structlog.get_logger()


class Unsettled(Exception):
    """A write has no certain outcome yet, or waits for one that has not: the order waits.

    `refused`: PowerOffice's words where it refused what may be the echo of an earlier success.
    """

    def __init__(self, refused: Refused | None = None, *, repeated: bool = False) -> None:
        super().__init__()
        self.refused = refused
        self.repeated = repeated


class Sent(Exception):
    """An invoice was asked for: from here on there are only questions."""


class Onlooker:
    """Is told how a run goes on; whoever wants to know overrides what he needs."""

    def begins(self, run: "Run") -> None:
        """Hear what the run works with, before anything is done."""

    def begun(self, done: int, of: int) -> None:
        """Hear that the turn of so many orders has come."""

    def read(self, record: Record, row: Row | None) -> None:
        """Hear what the shop says of an order; None: it was deleted for good."""

    def decided(self, record: Record, wanted: Outlook, step: Step) -> None:
        """Hear the next step of an order or a credit note, before it is done."""

    def held(self, id_: int) -> None:
        """Hear that an order or a credit note was held."""


@dataclass
class Progress:
    """How far a run has come; `error` is the failure of the state database that ends it."""

    error: StateError | None = None
    begun: set[int] = field(default_factory=set)  # orders whose turn came in this run
    blocked: set[str] = field(default_factory=set)  # customers with an unanswered write
    in_a_row: int = 0  # orders without an answer, one after another
    following: bool = False  # what follows an invoice of this run: not counted once more
    mapped: dict[tuple[int, str], Wanted] = field(default_factory=dict)  # by id and content
    refunds: dict[int, list[Refund]] = field(default_factory=dict)  # by order, as they were read
    may_send: bool = True
    may_not_post: set[VoucherKind] = field(default_factory=set)


@dataclass(frozen=True)
class Run:
    """What one run works with: the settings, the clock, the state database, both systems.

    The counts of `outcome` are in orders, credit notes by themselves.
    """

    settings: Settings
    clock: Callable[[], datetime]
    store: Store
    shop: Shop
    poweroffice: PowerOffice
    outcome: RunOutcome = field(default_factory=RunOutcome)
    onlooker: Onlooker = field(default_factory=Onlooker)
    customers: Directory = field(default_factory=Directory)
    progress: Progress = field(default_factory=Progress)

    @cached_property
    def catalogue(self) -> CatalogueCache:
        """What PowerOffice sells, to be opened before it is used."""
        return CatalogueCache(self.poweroffice, self.store, self.clock)

    @cached_property
    def settings_digest(self) -> str:
        """What tells whether the settings of an order that is held have changed."""
        return self.settings.digest()

    @property
    def basis(self) -> Basis:
        """What the mapping goes by: settings, what PowerOffice has, the day in the shop's zone."""
        today = self.settings.day_of(self.clock())
        return Basis(self.settings, self.catalogue.catalogue, today)

    @property
    def stopped(self) -> bool:
        """Tell whether no further order may be begun."""
        return bool(self.outcome.problem or self.progress.error)

    def agenda(self) -> Agenda:
        """Return what is due now."""
        return agenda(self.store, self.settings_digest, self.clock())


async def attempt(
    run: Run,
    kind: WriteKind,
    reference: str,
    id_: int,
    call: Callable[[], Awaitable[T]],
    made: Callable[[T], None] = lambda _: None,
    *,
    names: tuple[str, ...] = (),
    stays_open: bool = False,
    also: Callable[[], None] = lambda: None,
    undone: Callable[[], None] = lambda: None,
) -> T:
    """Write a remote write down, try it, and write down what became of it.

    `id_` is the order's or the credit note's (0: of several); a refusal's `names` are not repeated.
    `made` is done in the transaction that settles it; or it `stays_open` after an answer too, since
    the answer only says that it was begun. `also` is done in the one that writes it down, `undone`
    in the one that strikes a first attempt out or says that it was refused.

    Raises Stopped for a clear refusal of a first attempt, Unsettled where a refusal may be the echo
    of an earlier success; lets NoAnswer and NotUnderstood out with the write open; and NeverLeft,
    CannotLogIn and NotAllowed with the attempt struck out, since nothing was done.
    """
    store, since = run.store, run.poweroffice.server_time
    with store.transaction():
        write = store.begin_write(id_, kind, reference, at=run.clock(), since=since)
        if write is None:  # the same write is without an answer: it is never made a second time
            raise Unsettled
        also()
    try:
        answer = await call()
    except (NeverLeft, CannotLogIn, NotAllowed):
        with store.transaction():
            store.never_left(write)
            if write.attempts == 1:
                undone()
        raise
    except Refused as refused:
        # Where there is no such draft any more, somebody has just invoiced it, or deleted it.
        gone = kind is WriteKind.SEND_INVOICE and refused.status == NOT_FOUND
        doubted = write.attempts > 1 or in_use(refused)
        if gone or (doubted and write.attempts < MOST_ATTEMPTS):
            said = json.dumps(kept(refusal(kind, refused, names).facts))
            # Where the reference is in use it may have been for long: the look is at everything.
            store.change_write(write, said=said, since=None if in_use(refused) else write.since)
            raise Unsettled(refused, repeated=write.attempts > 1) from None
        with store.transaction():
            store.settle_write(write, Outcome.REFUSED)
            undone()
        raise Stopped(refusal(kind, refused, names)) from None
    if not stays_open:
        with store.transaction():
            store.settle_write(write, Outcome.MADE)
            made(answer)
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


def as_kept(notes: Iterable[Note]) -> str:
    """Return notes as the state database keeps them with an order."""
    return json.dumps([{"code": note.code, "facts": kept(note.facts)} for note in notes])


def nameless(said: Reason, personal: Iterable[str]) -> Reason:
    """Return a hold or a note without a buyer's names: a shop may call a fee by one."""
    if "line" not in said.facts:
        return said
    line = redacted(str(said.facts["line"]), personal)
    return replace(said, facts={**said.facts, "line": line})


def may_lag(run: Run, record: Record, kinds: Collection[WriteKind] = frozenset(WriteKind)) -> bool:
    """Tell whether reads there may not show yet what was last written for an order."""
    wait = timedelta(seconds=run.settings.poweroffice.settle_after)
    mine = (write for write in record.writes if write.kind in kinds)
    return any(abs(run.clock() - write.last_attempt) < wait for write in mine)


def put_on_hold(run: Run, id_: int, hold: Hold) -> None:
    """Hold an order (or a credit note), and say so; not one that a person took out."""
    record = run.store.record(id_)
    if record is not None and record.skip is not None and record.skip.code == "by_hand":
        return
    run.onlooker.held(id_)
    run.store.hold(id_, hold, at=run.clock(), settings_digest=run.settings_digest)
    run.outcome.counts["held"] += 1
    number, facts = record and record.number, texts_of(hold.facts)
    log.warning("order_held", order=number, code=hold.code, facts=facts)


def queue_paybacks(run: Run, record: Record) -> None:
    """Queue the credit notes of an order whose money's way back is to be decided on anew."""
    for note in run.store.credit_notes_of(record.id):
        if note.invoice_equal and not (note.skip or note.hold or note.payment):
            run.store.queue_again([note.id])


def adopt(run: Run, record: Record, document: DocumentSeen, write: Write | None = None) -> None:
    """Take a document that is in PowerOffice as an order's own, and settle the write it answers.

    An invoice counts as equal where its draft was found equal, and its total still is.
    """
    equal = record.wanted_digest != "" and not record.left_digest.startswith(AIM)
    equal = equal and to_ore(document.total) == record.total_ore
    with run.store.transaction():
        if write is not None:
            run.store.settle_write(write, Outcome.MADE)
        run.store.change(
            record.id,
            sales_order_id=record.sales_order_id or document.id,
            sales_order_no=record.sales_order_no or document.order_no,
            invoice_no=document.invoice_no,
            invoice_equal=int(equal and document.invoice_no is not None),
            waits="",
            todo=1,
        )
        if document.invoice_no is not None and not record.is_credit_note:
            notes = run.store.credit_notes_of(record.id)  # drafts of it may have been found before
            run.store.queue_again(n.id for n in notes if n.sales_order_id and not n.invoice_no)
    log.info("found_in_poweroffice", order=record.number, invoice=document.invoice_no)


def begin_anew(run: Run, record: Record) -> None:
    """Close an order's documents: if it comes back, it gets new ones under the next references."""
    if record.is_credit_note:
        run.store.change(record.id, sales_order_id="", sales_order_no=None, left_digest="")
        return
    generation = record.generation + 1
    own = of_generation(run.settings, record.id, generation)
    run.store.begin_anew(run.store.order(record.id) or record, generation, own)


def is_wanted_anew(record: Record) -> bool:
    """Tell whether a person wants the draft of an order made anew, should it be gone."""
    return record.hold is not None and "anew" in record.hold.facts


def tried_since(run: Run, writes: Iterable[Write]) -> datetime | None:
    """Return from when on (on PowerOffice's clock) to ask for what came of writes; None: ever."""
    moments = [write.since for write in writes]
    known = [moment for moment in moments if moment is not None]
    return back_to(min(known), run.poweroffice.server_time) if len(known) == len(moments) else None
