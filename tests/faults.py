"""The whole fault matrix, which the suite lives a sample of, and the figures that come of it.

    python -m tests.faults [OF [WHICH]]

Every write, question and commit of the days in days.py with every fault that cells.py and
lines.py know, each until all is quiet; then the books are compared with what they must be and
with the shop's orders. Where OF is given, one cell in so many, WHICH (0 unless told) being the
share. Works side by side in as many processes as there are processors. Ends with a table; the
exit code is 1 where a figure is not 0.
Needs a POSIX system, since processes are killed. Takes four minutes on two processors.
"""

import multiprocessing
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))  # as pytest does for the files beside this one

import cells
import days
from audit import Findings
from broken_lines import nobody_there, scene
from cells import Cell
from days import FAULTS, Act
from folders import IN_MEMORY, fresh
from lines import BREAKS
from recovery import days_of_eight, recoveries

WORKERS = os.cpu_count() or 1
IN_DOUBT = {name: fault for name, fault in FAULTS.items() if fault.startswith(("lost", "late"))}
Folders = Iterator[Path]


@dataclass
class Tally:
    """What became of some cells."""

    tried: int = 0
    kills: int = 0
    lost: int = 0
    twice: int = 0
    off: int = 0
    otherwise: int = 0
    said: list[str] = field(default_factory=list)

    def add(self, what: object, findings: Findings, *, tried: int, kills: int = 0) -> None:
        """Count what is wrong after a cell."""
        self.tried += tried
        self.kills += kills
        for name, sentences in vars(findings).items():
            setattr(self, name, getattr(self, name) + len(sentences))
        self.said += [f"{what}: {sentence}" for sentence in findings.all]

    def __add__(self, other: "Tally") -> "Tally":
        mine, theirs = vars(self), vars(other)
        return Tally(**{name: mine[name] + theirs[name] for name in mine})


@dataclass(frozen=True)
class Days:
    """The days without a fault, lived once for all parts of the matrix."""

    quiet: list[Act]
    busy: list[Act]
    after: list[Act]

    @property
    def each(self) -> list[Act]:
        """Every act by which each kind of write is made once or a few times."""
        return [*self.quiet, *self.after]


def writes(lived: Days, _: Folders) -> Iterator[Cell]:
    """Every fault at every write."""
    return cells.at_writes(lived.each)


def writes_read_late(lived: Days, _: Folders) -> Iterator[Cell]:
    """The same where reads lag three seconds behind; one and two where the job is in doubt."""
    yield from cells.at_writes(lived.each, stale=3)
    for seconds in (1, 2):
        yield from cells.at_writes(lived.each, IN_DOUBT, stale=seconds)


def other_companies(_: Days, folders: Folders) -> Iterator[Cell]:
    """Doubts in companies that are otherwise where nobody knows what PowerOffice is like."""
    for company in days.COMPANIES.values():
        yield from cells.at_writes(days.day_after(folders, company), IN_DOUBT)


def kills_at_writes(lived: Days, _: Folders) -> Iterator[Cell]:
    """SIGKILL before and after every write, and again at its repeat."""
    return cells.deaths_at_writes(lived.each)


def kills_at_commits(lived: Days, _: Folders) -> Iterator[Cell]:
    """SIGKILL just before and just after every commit."""
    return cells.deaths_at_commits([*lived.each, *lived.busy])


def questions(lived: Days, _: Folders) -> Iterator[Cell]:
    """Every fault at every question."""
    return cells.at_reads([*lived.each, *lived.busy])


def questions_in_doubt(lived: Days, folders: Folders) -> Iterator[Cell]:
    """Every fault at every question after every write whose answer was lost."""
    return cells.at_reads_in_doubt(lived.each, folders)


def away_for_a_day(lived: Days, _: Folders) -> Iterator[Cell]:
    """A day without either side, from every write on."""
    return cells.outages(lived.each)


PARTS: dict[str, Callable[[Days, Folders], Iterator[Cell]]] = {
    "at every write": writes,
    "at every write, reads up to 3 s behind": writes_read_late,
    "at every write, PowerOffice otherwise": other_companies,
    "killed at every write": kills_at_writes,
    "killed at every commit": kills_at_commits,
    "at every question": questions,
    "at every question after a lost answer": questions_in_doubt,
    "PowerOffice or the shop away for a day": away_for_a_day,
}


# -- living it -------------------------------------------------------------------------------------


def worked(part: str, lived: Days, of: int, which: int) -> Tally:
    """Live the cells of a part in several processes; return what became of them."""
    fork = multiprocessing.get_context("fork")
    pipes, processes = [], []
    for place in range(WORKERS):
        ours, theirs = fork.Pipe(duplex=False)
        process = fork.Process(
            target=_work, args=(part, lived, which * WORKERS + place, of * WORKERS, theirs)
        )
        process.start()
        theirs.close()
        pipes.append(ours)
        processes.append(process)
    tallies = [pipe.recv() for pipe in pipes]
    for process in processes:
        process.join()
    return sum(tallies, Tally())


def _work(part: str, lived: Days, place: int, of: int, pipe: "Connection[Any, Any]") -> None:
    tally = Tally()
    with tempfile.TemporaryDirectory(prefix="woo2po-", dir=IN_MEMORY) as root:
        folders = fresh(Path(root))
        for cell in islice(PARTS[part](lived, folders), place, None, of):
            folder = next(folders)
            try:
                done = cell.live(folder)
                tally.add(cell, done.findings, tried=int(done.met), kills=done.kills)
            except AssertionError as error:  # it never becomes quiet
                tally.add(cell, Findings(otherwise=[str(error)]), tried=1, kills=0)
            shutil.rmtree(folder)
    pipe.send(tally)


def real_lines() -> Tally:
    """Every way in which a line really breaks, at every write on the way to a draft."""
    tally = Tally()
    with tempfile.TemporaryDirectory() as folder, scene(Path(folder)) as made:
        for fault in BREAKS:
            wrong = Findings(otherwise=made.until_quiet(fault))
            tally.add(fault, wrong, tried=3)
        for fault, wrong_there in nobody_there(made).items():
            tally.add(fault, Findings(otherwise=wrong_there), tried=1)
    return tally


def recovered(lived: Days, folders: Folders) -> str:
    """Return the sentence on what a recovery takes, at its worst."""
    acts = [*lived.each, *lived.busy, *days_of_eight(folders)]
    found = [one for one in recoveries(acts, folders) if one.in_doubt]
    late = [one.what for one in found if one.wrong]
    return (
        f"After {len(found)} kills with up to {max(one.in_doubt for one in found)} writes in doubt "
        f"the next run put all right ({len(late)} times it did not). Beside what every run reads "
        f"it read at most {max(one.lists for one in found)} lists for all of them together, asked "
        f"for single ones only before a sending or a deletion was repeated, and repeated each at "
        f"most {max(one.repeats for one in found)} time."
    )


# -- saying it -------------------------------------------------------------------------------------


def main(of: int = 1, which: int = 0) -> int:
    """Live the matrix, or a share of it, and print the figures; return the exit code."""
    begun, whole, rows = time.monotonic(), Tally(), []
    with tempfile.TemporaryDirectory(prefix="woo2po-", dir=IN_MEMORY) as root:
        folders = fresh(Path(root))
        lived = Days(days.quiet_day(folders), days.busy_day(folders), days.day_after(folders))
        for part in (*PARTS, "over lines that really break"):
            tally = worked(part, lived, of, which) if part in PARTS else real_lines()
            whole += tally
            rows.append((part, tally))
            _say(f"{part}: {tally.tried} faults, {tally.kills} kills, {len(tally.said)} wrong")
            for sentence in tally.said:
                _say(f"  {sentence}")
        recovery = recovered(lived, folders)
    _say(f"\n{_table([*rows, ('together', whole)])}\n\n{recovery}")
    _say(f"{time.monotonic() - begun:.0f} seconds with {WORKERS} workers, share {which} of {of}")
    return int(bool(whole.said))


def _table(rows: Iterable[tuple[str, Tally]]) -> str:
    lines = [
        "| faults | tried | kills | lost | twice | off by an øre or more |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for name, tally in rows:
        counts = (tally.tried, tally.kills, tally.lost, tally.twice, tally.off)
        lines.append(f"| {name} | {' | '.join(f'{count:,}' for count in counts)} |")
    return "\n".join(lines)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
