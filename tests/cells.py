"""The fault matrix: every act of the days, with every fault at every place where it can happen.

Nothing here names a write, a question or a commit: they are what the job did on a day without a
fault, so that a new one is in the matrix without anyone remembering it. A cell is one fault at
one place; living it ends with what is wrong with the books, if anything is.
"""

import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from audit import Findings
from days import FAULTS, Act, findings_after, to_the_end
from reads import READ_FAULTS, STUBBORN
from stories import HOUR, Step, changes, step
from wire import kind
from world import World

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

    def live(self, folder: Path) -> tuple[Findings, bool]:
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
    seen: set[tuple[str, str]] = set()
    for cell in cells:
        if (cell.what, cell.fault) in seen:
            yield cell
        seen.add((cell.what, cell.fault))


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
        wrong += [f"{cell}: {said}" for said in findings.all]
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
