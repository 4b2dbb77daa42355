"""Days in a shop that are lived again and again, each time with another fault.

Together their acts make every kind of write that the job can make. Each act is what happens in
the shop before some runs of the job. A day is recorded once without a fault, act by act: what the
job wrote then is what faults are tried on, and the books that it left are what they must be in
the end. The fault matrix is every act of the days, with every fault at every place where it can
happen: nothing here names a write, a question or a commit, so that a new one is in the matrix
without anyone remembering it.
"""

import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from reads import READ_FAULTS, STUBBORN
from stories import *
from summary import beside_the_shop, compared
from wire import kind
from world import SETTLE_AFTER, Killed, Sent, Summary, World

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


# -- what happens ----------------------------------------------------------------------------------

SEE, COFFEE = Goods("GEN-001", "1299.00"), Goods("KAF-250", "88.80", 15, 3)
COMPANY = {"billing": {"company": "Fjell AS", "email": "post@fjell.example"},
           "shipping": {"company": "Fjell AS"}}  # fmt: skip

# fmt: off
QUIET_DAY: dict[str, Story] = {
    # A new customer: once to an address of its own and with a new product, once to its own.
    "a person buys twice": (
        sells(101, Goods("NY-1", "99.00", name="Nyhet"), Goods("LUE-7", "249.00", quantity=2),
              shipping={"address_1": "Hytteveien 9"}),
        sells(102, SEE)),
    # PowerOffice cuts prices to whole øre, so this draft needs a rounding line.
    "a company buys": (sells(103, COFFEE, SEE, **COMPANY),),
    # Another price, a line less, a line more, another number and another address.
    "an order changes": (
        sells(101, Goods("NY-1", "89.00", name="Nyhet"), Goods("TS-M-BLA", "249.00", id=3),
              number="A-101", shipping={"address_1": "Sjøveien 3"}),),
    "a rounding line goes": (sells(103, Goods("KAF-250", "88.80", 15), SEE, **COMPANY),),
}
_BUYS, _BUYS_TOO, _CHANGES, _CHANGES_TOO = QUIET_DAY.values()
BUSY_DAY: dict[str, Story] = {  # several orders are under way side by side
    "all buy": (*_BUYS, *_BUYS_TOO), "all changes": (*_CHANGES, *_CHANGES_TOO)}
DAY_AFTER: dict[str, Story] = {
    "orders come in": (
        sells(101, SEE, COFFEE), sells(102, Goods("LUE-7", "249.00")),
        sells(103, Goods("GEN-001", "1299.00", quantity=2), billing=COMPANY["billing"])),
    "two are completed": (status_is("completed", 101, 103),),  # both paid by one voucher
    "money goes back": (refunds("500.00", 103, refunded_payment=True),),
    "a draft is off": (status_is("cancelled", 102),),
    "it is on again": (status_is("completed", 102),),  # under a reference of its own
    "an invoice is off": (status_is("cancelled", 101),),  # and is credited
}

# Where nobody knows how PowerOffice is: entries stay open side by side, so that the balance is no
# evidence of a payment; a voucher with a known reference is simply posted again; both, the worst;
# an invoice's id is not its order's, the queue takes its time, 2025's filters only; reads lag.
COMPANIES: dict[str, dict[str, Any]] = {
    "nothing matches": {"matching": "none"},
    "references may be used twice": {"duplicate_voucher_reference": "accepted"},
    "both": {"matching": "none", "duplicate_voucher_reference": "accepted"},
    "other ids and old filters": {
        "invoice_id_is_order_id": False, "spec": "2025", "send_result": "late",
        "never_sent_state": "none"},
    "reads lag": {"stale_seconds": 3},
}
# fmt: on


@dataclass(frozen=True)
class Act:
    """A part of the day: the world before it, what the job wrote, and the books after it."""

    name: str
    before: World
    story: Story
    writes: Sequence[Sent]
    kinds: Counter[str]  # what the job calls them
    commits: Sequence[str]  # what each wrote: verbs and tables
    reads: Sequence[tuple[str, set[str]]]  # what was asked, and which faults would spoil it
    after: Summary
    beside: list[str]  # those books beside the shop's orders

    @property
    def sends(self) -> bool:
        """Whether invoices were asked for."""
        return any(sent.sends for sent in self.writes)

    def begun(self, folder: Path, *more: Step) -> World:
        """Return a world in which it has happened, and more, before any run."""
        world = self.before.twin(folder)
        told((*self.story, *more), world)
        return world


def lived(day: Mapping[str, Story], world: World, folders: Iterator[Path]) -> list[Act]:
    """Return a day without a fault, act by act, that begins in this world."""
    acted, known, world.reads.notes = [], Counter[str](), True
    for name, story in day.items():
        world.wait(300)
        before = world.twin(next(folders))
        told(story, world)
        first, commits, reads = len(world.wire.writes), world.commits, len(world.reads.asked)
        world.settle(at_most=12)
        with closing(sqlite3.connect(world.state)) as db:
            now = Counter(name for (name,) in db.execute("SELECT kind FROM writes"))
        wrote, committed = world.wire.writes[first:], world.committed_what[commits:]
        asked = [(kind(what), would) for what, would in world.reads.noted()[reads:]]
        acted.append(Act(name, before, story, wrote, now - known, committed, asked, world.books(),
                         beside_the_shop(world)))  # fmt: skip
        known = now
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


def findings_after(act: Act, world: World) -> list[str]:
    """Return what is not as it is after the act without a fault."""
    found = compared(act.after, world.books())
    if world.held():
        found.append(f"held: {world.reasons()}")
    if early := world.wire.repeats_too_early(RESEND_AFTER):
        found.append(f"repeated too early: {[(s.method, s.path) for s in early]}")
    return found


def world_of_drafts(folder: Path) -> World:
    """Return the world of a day of drafts: prices are cut there, unknown products made."""
    world = World(folder, products={"unknown": "create"})
    world.migrates = True
    world.faults.max_unit_price_decimals = 2
    return world


def world_of_invoices(folder: Path) -> World:
    """Return the world of the day after: invoices are made, and payments posted."""
    return World(
        folder,
        poweroffice={"resend_after": RESEND_AFTER},
        invoices={"create": True},
        payments={"register": True, "accounts": {"vipps": 1903}},
    )


def day_after(folders: Iterator[Path], company: Mapping[str, Any] = {}) -> list[Act]:
    """Live the day on which drafts become invoices, money comes and goes, and sales are off, in
    a company in which PowerOffice is otherwise by these switches.
    """
    world = world_of_invoices(next(folders))
    vars(world.faults).update(company)
    return lived(DAY_AFTER, world, folders)[1:]


# -- the fault matrix ----------------------------------------------------------------------------

OUTAGES = {
    "PowerOffice": ("connect_error", "503", "502", "timeout_before", "expired_token"),
    "the shop": ("no connection", *STUBBORN, "is a page"),
}
DOUBT = "lost on the way back"
HOURS = range(0, 24, 3)  # when cron runs while one of them is away


@dataclass(frozen=True)
class Cell:
    """A fault at a place of an act. `what` names the kind of place, `nth` which one it is."""

    act: Act
    what: str
    nth: int
    fault: str
    arrange: Step  # sets the fault up, when the act has happened and no run has begun
    met: Callable[[World], bool] = lambda world: not world.wire.unmet
    patiently: bool = False
    migrates: bool = False  # the tables are made one by one, if they are on this day
    once_more: bool = False  # one run more in an hour: the job may have been deceived

    def __str__(self) -> str:
        return f"{self.what} ({self.act.name} {self.nth}): {self.fault}"

    def live(self, folder: Path) -> tuple[list[str], bool]:
        """Let the act happen with the fault, run until all is quiet, and look at the books; return
        what is wrong with them, and whether the fault came.
        """
        world = self.act.begun(folder)
        world.migrates &= self.migrates
        self.arrange(world)
        to_the_end(world, impatiently=not self.patiently)
        if self.once_more:
            world.wait(HOUR)
            to_the_end(world)
        return findings_after(self.act, world), self.met(world)


def firsts(cells: Iterable[Cell]) -> list[Cell]:
    """Return of each kind of place and fault the first cell: the sample that the suite keeps."""
    found: dict[tuple[str, str], Cell] = {}
    for cell in cells:
        found.setdefault((cell.what, cell.fault), cell)
    return list(found.values())


def others(cells: Iterable[Cell]) -> Iterator[Cell]:
    """Yield the cells that `firsts` leaves out."""
    every = list(cells)
    kept = {id(cell) for cell in firsts(every)}
    return (cell for cell in every if id(cell) not in kept)


def wrong_in(cells: Iterable[Cell], folders: Iterator[Path]) -> list[str]:
    """Live cells; return what is wrong, a line each. Fails where there is nothing to live."""
    wrong, lived = [], 0
    for cell in cells:
        try:
            findings, met = cell.live(folder := next(folders))
        except AssertionError as error:  # it never becomes quiet
            error.add_note(str(cell))
            raise
        shutil.rmtree(folder)  # a whole matrix would fill the disk
        lived += met
        wrong += [f"{cell}: {said}" for said in findings]
    assert lived, "no fault happened"
    return wrong


# -- writes ----------------------------------------------------------------------------------------


def at_writes(
    acts: Sequence[Act], faults: Mapping[str, str] = FAULTS, *, stale: float = 0
) -> Iterator[Cell]:
    """Yield every fault at every write; `stale`: reads lag behind writes by so many seconds."""
    lag = f", reads {stale:g} s behind" if stale else ""
    for act in acts:
        for n, sent in enumerate(act.writes):
            for name, fault in faults.items():
                plan = spoilt(writes={n: fault.split(", ")}, stale=stale)
                # All the others leave a write as unanswered as these do.
                patiently = not fault.startswith(("killed", "lost", "late"))
                yield Cell(act, sent.kind, n, f"{name}{lag}", plan, patiently=patiently)


@step
def spoilt(
    world: World,
    writes: Mapping[int, Sequence[str]] = {},
    questions: Mapping[int, str] = {},
    stale: float = 0,
):
    """Let the nth write, or question, meet a fault; and let reads lag behind."""
    world.wire.plan, world.reads.plan = dict(writes), dict(questions)
    world.faults.stale_seconds = stale or world.faults.stale_seconds


# -- deaths ----------------------------------------------------------------------------------------


def deaths_at_commits(
    acts: Sequence[Act], moments: Sequence[str] = ("before", "after")
) -> Iterator[Cell]:
    """Yield a death just before and just after every commit to the state database."""
    for act in acts:
        for n, written in enumerate(act.commits, 1):
            for name in moments:
                where = "dies_before_commit" if name == "before" else "dies_at_commit"
                fault = f"killed just {name} it is committed"
                yield Cell(act, written, n, fault, changes(**{where: n}), _died, migrates=True)


def _died(world: World) -> bool:
    return not (world.dies_at_commit or world.dies_before_commit)


# -- questions -------------------------------------------------------------------------------------


def at_reads(acts: Sequence[Act], faults: Mapping[str, str] = READ_FAULTS) -> Iterator[Cell]:
    """Yield every fault that would spoil an answer at every question of the days."""
    for act in acts:
        for n, (asked, would) in enumerate(act.reads):
            for name in filter(would.__contains__, faults):
                arrange = spoilt(questions={n: name})
                yield Cell(act, asked, n, faults[name], arrange, _spoilt, once_more=True)


def at_reads_in_doubt(
    acts: Sequence[Act],
    folders: Iterator[Path],
    faults: Mapping[str, str] = READ_FAULTS,
    *,
    sample: bool = False,
) -> Iterator[Cell]:
    """Yield every fault of an answer at every question that comes after a write in doubt:
    when it is asked for the first time after a write of that kind, for the second, and so on.
    `sample`: after the first write of each kind only.

    Which questions those are is found out by living the doubt once without a second fault.
    """
    seen: set[tuple[str, int]] = set()
    places = [(sent.kind, act, w) for act in acts for w, sent in enumerate(act.writes)]
    if sample:
        places = list({what: (what, act, w) for what, act, w in reversed(places)}.values())
    for what, act, w in places:
        plan = {w: [FAULTS[DOUBT]]}
        world = act.begun(next(folders), spoilt(writes=plan))
        world.reads.notes = True
        to_the_end(world)
        first, times = world.wire.writes[w].asked, Counter[str]()
        for n, (asked, would) in enumerate(world.reads.noted()[first:], first):
            place = f"{what} {DOUBT}, then {kind(asked)}"
            times[place] += 1
            if (place, times[place]) in seen:
                continue
            seen.add((place, times[place]))
            for name in filter(would.__contains__, faults):
                arrange = spoilt(writes=plan, questions={n: name})
                yield Cell(act, place, n, faults[name], arrange, _spoilt, once_more=True)


def _spoilt(world: World) -> bool:
    return world.reads.met > 0


# -- days without one of the two -------------------------------------------------------------------


def outages(
    acts: Sequence[Act],
    systems: Mapping[str, Sequence[str]] = OUTAGES,
    lost: Sequence[str] = ("lost_before", "lost_after"),
) -> Iterator[Cell]:
    """Yield a day without PowerOffice, or without the shop, from before or after every write on:
    cron's runs go on.
    """
    for act in acts:
        for n, sent in enumerate(act.writes):
            for system, kinds in systems.items():
                for how in kinds:
                    for begins in lost:
                        fault = f"{system} is away for a day ({how}), the write {begins[5:]} it"
                        arrange = away(n, system, how, begins)
                        yield Cell(act, sent.kind, n, fault, arrange, patiently=True)


@step
def away(world: World, n: int, system: str, how: str, begins: str) -> None:
    """Let the write be the last that passes, then nothing for a day."""
    world.wire.plan = {n: [begins]}
    world.wire.last_write = n
    side = world.wire if system == "PowerOffice" else world.shop_wire
    world.wire.after_last = partial(setattr, side, "down", how)
    for _ in HOURS:
        world.run()
        world.wait(HOURS.step * 3600)
    side.down = ""
