"""Nothing lost, nothing twice: every fault at every kind of write, commit and question.

The list of places is recorded, not written here: days in the shop are carried over without a
fault, and what the job did then is done again with each fault, until all is quiet. The books must
be those of the day without faults, and what the shop's orders come to. Of each kind of place the
first is tried; with `-m thorough` all of them, in some minutes on two processors.
"""

import json
import signal
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import chain, islice
from pathlib import Path

import pytest
from days import *
from reads import READ_FAULTS
from served import GOES, served
from stories import sells, status_is
from thoroughly import thorough
from world import SETTLE_AFTER, Killed

from woo2po.record import WriteKind

WRONG_ANSWERS = {name: READ_FAULTS[name] for name in ("fails", "is cut off", "is empty")}
WITHOUT_ANSWER = {"nothing": "", "timed out": FAULTS["timed out"]}


@pytest.fixture(scope="module")
def acts(folders: Iterator[Path]) -> list[Act]:
    """Days on which each kind of write is made, few at a time."""
    return [*lived(QUIET_DAY, world_of_drafts(next(folders)), folders), *day_after(folders)]


@pytest.fixture(scope="module")
def busy_acts(folders: Iterator[Path]) -> list[Act]:
    """A day on which several orders are under way side by side."""
    return lived(BUSY_DAY, world_of_drafts(next(folders)), folders)


def test_the_days_have_every_kind_of_write(acts):
    """A new one must be made on one of them, and is then in the matrix. (Payouts are no day's
    work: test_payouts.py walks their faults.)
    """
    made = {kind for act in acts for kind in act.kinds}
    assert made == set(WriteKind) - {WriteKind.CREATE_PAYOUT}


def test_the_days_end_with_what_the_shop_sold(acts):
    """What the matrix compares with is right itself. What was sold, less what went back, was paid;
    the cancelled order's money was not returned by the shop, so its credit stays open.
    """
    assert [act.name for act in acts if act.beside] == []
    balances = Counter()
    for entry in acts[-1].after.ledger:
        balances[entry.customer] += entry.balance
    assert balances == {
        "Kari Nordmann kari@example.no": Decimal("-1565.40"),
        "Fjell AS post@fjell.example": 0,
    }


@pytest.mark.parametrize("fault", FAULTS)
def test_whatever_happens_to_a_write_everything_is_there_once(fault, acts, folders):
    """Each kind of write may meet each fault, and the books become the same."""
    wrong = wrong_in(firsts(at_writes(acts, {fault: FAULTS[fault]})), folders)
    assert not wrong, "\n".join(wrong)


def test_a_process_may_be_killed_at_any_commit(acts, busy_acts, folders):
    """Just before every other kind of commit: the next run finishes the day.

    Just after one is much as before the write that follows, which is killed by itself.
    """
    deaths = firsts(deaths_at_commits([*acts, *busy_acts], ["before"]))
    wrong = wrong_in(deaths[::2], folders)
    assert not wrong, "\n".join(wrong)


def test_a_disk_may_be_full_at_any_commit(busy_acts, folders):
    """Nothing is sent that could not be recorded; with room again everything is there once."""
    wrong = []
    places = {what: (act, n) for act in busy_acts for n, what in enumerate(act.commits, 1)}
    for act, n in [*places.values()][::2]:
        world = act.begun(next(folders))
        world.full_from_commit = world.commits + n
        outcome = world.run()
        if (outcome.exit_code, outcome.problem) != (3, "disk_full"):
            wrong.append(f"{act.name}, commit {n}: {outcome}")
        world.full_from_commit = 0
        to_the_end(world)
        wrong += [f"{act.name}, commit {n}: {what}" for what in findings_after(act, world)]
    assert not wrong, "\n".join(wrong)


def test_reads_that_lag_behind_writes_make_nothing_twice(acts, folders):
    """PowerOffice may show what it had three seconds ago: then nothing is there twice either."""
    wrong = wrong_in(firsts(at_writes(acts, WITHOUT_ANSWER, stale=3)), folders)
    assert not wrong, "\n".join(wrong)


def test_a_wrong_answer_to_a_question_costs_time_only(acts, folders):
    """No answer, half an answer, an empty list: in turn, to each kind of question."""
    every = firsts(at_reads(acts, WRONG_ANSWERS))
    wrong = wrong_in(every[:: len(WRONG_ANSWERS) + 1], folders)
    assert not wrong, "\n".join(wrong)


def test_an_empty_list_is_not_believed_to_be_evidence(acts, folders):
    """Where an answer was lost, whatever is asked next may be answered by an empty list."""
    doubts = at_reads_in_doubt(acts, folders, {"is empty": "an empty list"}, sample=True)
    places = {cell.what.partition(", then ")[2]: cell for cell in doubts}
    wrong = wrong_in([*places.values()][::2], folders)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("system", OUTAGES)
def test_either_side_may_be_away_for_a_day(system, acts, folders):
    """Cron's runs go on meanwhile, and afterwards everything is there once."""
    how = OUTAGES[system][:1]
    away = outages(_first_of_each_kind(acts)[::2], {system: how}, ["lost_after"])
    wrong = wrong_in(firsts(away), folders)
    assert not wrong, "\n".join(wrong)


def _first_of_each_kind(acts: list[Act]) -> list[Act]:
    found = {sent.kind: act for act in reversed(acts) for sent in act.writes}
    return [act for act in acts if act in found.values()]


# -- whatever PowerOffice is like where nobody knows ----------------------------------------------

IN_DOUBT = thorough("still on its way when the job has given up", "lost again and again")


OF_BOTH = thorough("nothing matches", "references may be used twice")


@pytest.fixture(scope="module", params=["both", "other ids and old filters", "reads lag", *OF_BOTH])
def acts_elsewhere(request: pytest.FixtureRequest, folders: Iterator[Path]) -> list[Act]:
    """The day of invoices and payments in a company in which nothing closes by itself, a
    reference may be used twice, an invoice's id is its own, look-up filters are missing, or
    reads lag.
    """
    return day_after(folders, COMPANIES[request.param])


@pytest.mark.parametrize("fault", ["lost on the way back", *IN_DOUBT])
def test_in_doubt_everything_is_there_once(fault, acts_elsewhere, folders):
    """Invoices, payments and credit notes: the books are those of the day without the fault."""
    wrong = wrong_in(firsts(at_writes(acts_elsewhere, {fault: FAULTS[fault]})), folders)
    assert not wrong, "\n".join(wrong)


# -- the whole matrix ------------------------------------------------------------------------------

DOUBTS = {name: fault for name, fault in FAULTS.items() if fault.startswith(("lost", "late"))}
CLEAR = {name: fault for name, fault in FAULTS.items() if name not in DOUBTS}
SHARES = 4  # of each part, for as many processes
Acts = list[Act]
# A part's cells, of the days and of the busy one. Where few writes are under way, what comes just
# after a commit is what comes just before the next one, or before the write between the two.
PARTS: dict[str, Callable[[Acts, Acts, Iterator[Path]], Iterator[Cell]]] = {
    "the other writes": lambda acts, _, __: others(at_writes(acts)),
    **{f"every write, reads {s} s behind": lambda acts, _, __, s=s: at_writes(
        acts, DOUBTS, stale=s) for s in (1, 2, 3)},
    "every kind of write, reads 3 s behind": lambda acts, _, __: iter(firsts(at_writes(
        acts, CLEAR, stale=3))),
    **{f"every write where {name}": lambda _, __, folders, company=company: at_writes(
        day_after(folders, company), DOUBTS) for name, company in COMPANIES.items()},
    "killed at every commit": lambda acts, busy, _: chain(
        deaths_at_commits(acts, ["before"]), deaths_at_commits(busy)),
    "every question": lambda acts, busy, _: at_reads([*acts, *busy]),
    "every question in doubt": lambda acts, _, folders: at_reads_in_doubt(acts, folders),
    "a day's outage at every kind of write": lambda acts, _, __: iter(firsts(outages(acts))),
}  # fmt: skip


@pytest.mark.thorough
@pytest.mark.parametrize("share", range(SHARES))
@pytest.mark.parametrize("part", PARTS)
def test_every_fault_at_every_place(part, share, acts, busy_acts, folders):
    """Whatever happens wherever, everything is there once and to the øre."""
    wrong = wrong_in(islice(PARTS[part](acts, busy_acts, folders), share, None, SHARES), folders)
    assert not wrong, "\n".join(wrong)


# -- going on after a kill -------------------------------------------------------------------------


EIGHT = range(101, 109)  # as many as are under way side by side
BUY = tuple(sells(n, email=f"{n}@kunde.example") for n in EIGHT)
ONE_DOCUMENT = ("/Complete", "sentState")


@pytest.fixture(scope="module")
def acts_of_eight(folders: Iterator[Path]) -> list[Act]:
    """Eight customers buy side by side; eight invoices are asked for, or eight drafts deleted."""
    days = ({"buy": BUY, f"are {name}": (status_is(name, *EIGHT),)}
            for name in ("completed", "cancelled"))  # fmt: skip
    return [act for day in days for act in lived(day, world_of_invoices(next(folders)), folders)]


def test_the_next_run_puts_right_what_a_kill_left(acts, busy_acts, acts_of_eight, folders):
    """No manual step, no more lists for eight writes in doubt than for one, and one repeat of each.

    Only of a sending and a deletion PowerOffice is asked one by one, before they are repeated.
    """
    most = 0
    for act in [*_first_of_each_kind(acts), *busy_acts, *acts_of_eight]:
        for n in range(0, len(act.writes), 7):
            world = act.begun(next(folders))
            world.faults.latency = 1.0  # other writes are on their way too
            world.wire.plan = {n: ["killed_after"]}
            try:
                world.run()
            except Killed:
                with world.store() as store:
                    in_doubt = len(store.open_writes())
            else:
                continue  # it is a later run's write
            most = max(most, in_doubt)
            world.faults.latency, asked = 0, len(world.asked())
            world.wait((RESEND_AFTER if act.sends else SETTLE_AFTER) + 1)
            world.run()
            questions = world.asked()[asked:]
            assert max(Counter(write.what for write in world.wire.writes).values()) <= 2
            if world.busy():  # an edit that had been made shows nothing new when it is repeated
                world.wait(SETTLE_AFTER + 1)
                world.run()
            assert findings_after(act, world) == []
            single = sum(any(one in asked for one in ONE_DOCUMENT) for asked in questions)
            if in_doubt == 8:  # what every run reads is counted too
                assert (len(questions) - single <= 7, single <= 3 * in_doubt) == (True, True)
    assert most == 8


def test_a_killed_process_is_continued_by_the_next_one(tmp_path):
    """By SIGKILL, when what it asked for has just been made: that is no reason for two."""
    with served(tmp_path, [GOES]) as sandbox:
        sandbox.configure({"poweroffice.settle_after": 0})
        process = sandbox.begun(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

        def kill(method: str, path: str) -> None:
            if (method, path) == ("POST", "/SalesOrders/Complete"):
                process.kill()
                process.wait()

        sandbox.go.faults.after_hooks.append(kill)
        assert process.wait(timeout=30) == -signal.SIGKILL
        sandbox.go.faults.after_hooks.clear()
        assert len(sandbox.go.books.customers) == 1
        assert sandbox.woo2po("run").exit_code == 0
        assert len(sandbox.go.books.sales_orders) == len(sandbox.go.books.customers) == 1
        assert json.loads(sandbox.woo2po("status", "--json").output)["counts"] == {"draft": 1}
