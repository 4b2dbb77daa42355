"""Nothing lost, nothing twice: every remote write of the job, with every fault it can meet.

The list of writes is recorded, not written here: a day in the shop is carried over without a
fault, and each write that was seen then is made again with each fault, until all is quiet. The
books must be those of the day without faults. The same for a process that dies after any of its
commits to the state database.
"""

import json
import re
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from served import GOES, served
from world import SETTLE_AFTER, Goods, Killed, Sent, Summary, World

from woo2po.record import WriteKind
from woo2po.status import retry

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
    "500, then the repeat refused": "500, refuse",
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
}


def kind(sent: Sent) -> WriteKind:
    """Return which write of the job a request is; a new one must be named in KINDS."""
    (found,) = (k for p, k in KINDS.items() if re.fullmatch(p, f"{sent.method} {sent.path}"))
    return found


def a_person_buys_twice(world: World) -> None:
    """A new customer: once to an address of its own and with a new product, once to its own."""
    world.sells(
        101,
        Goods("NY-1", "99.00", name="Nyhet"),
        Goods("LUE-7", "249.00", quantity=2),
        shipping={"address_1": "Hytteveien 9"},
    )
    world.sells(102, Goods("GEN-001", "1299.00"))


def a_company_buys(world: World) -> None:
    """PowerOffice cuts prices to whole øre, so this draft needs a rounding line."""
    company = {"company": "Fjell AS", "email": "post@fjell.example"}
    goods = Goods("KAF-250", "88.80", 15, 3), Goods("GEN-001", "1299.00")
    world.sells(103, *goods, billing=company, shipping={"company": "Fjell AS"})


def an_order_changes(world: World) -> None:
    """Another price, a line less, a line more, another number and another address."""
    world.sells(
        101,
        Goods("NY-1", "89.00", name="Nyhet"),
        Goods("TS-M-BLA", "249.00", id=3),
        number="A-101",
        shipping={"address_1": "Sjøveien 3"},
    )


def a_rounding_line_goes(world: World) -> None:
    """The company's order becomes one that needs no rounding line."""
    company = {"company": "Fjell AS", "email": "post@fjell.example"}
    goods = Goods("KAF-250", "88.80", 15), Goods("GEN-001", "1299.00")
    world.sells(103, *goods, billing=company, shipping={"company": "Fjell AS"})


def all_buy(world: World) -> None:
    """Everything at once: several orders are under way side by side."""
    a_person_buys_twice(world)
    a_company_buys(world)


def all_changes(world: World) -> None:
    """Both changes at once."""
    an_order_changes(world)
    a_rounding_line_goes(world)


QUIET_DAY = (a_person_buys_twice, a_company_buys, an_order_changes, a_rounding_line_goes)
BUSY_DAY = (all_buy, all_changes)


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


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """New folders, one for each world."""

    def fresh() -> Iterator[Path]:
        while True:
            yield tmp_path_factory.mktemp("world")

    return fresh()


def lived(day: Sequence[Callable[[World], None]], folders: Iterator[Path]) -> list[Act]:
    """Return a day without a fault, act by act."""
    world = World(next(folders), products={"unknown": "create"})
    world.faults.max_unit_price_decimals = 2
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
    assert world.held() == {}
    return acted


@pytest.fixture(scope="module")
def acts(folders: Iterator[Path]) -> list[Act]:
    """The quiet day: few orders at a time, so that many days can be lived."""
    return lived(QUIET_DAY, folders)


@pytest.fixture(scope="module")
def busy_acts(folders: Iterator[Path]) -> list[Act]:
    """The same orders, but all at once."""
    return lived(BUSY_DAY, folders)


def to_the_end(world: World) -> None:
    """Run as cron does, impatiently too, mend what is refused, until all is quiet."""
    for patience in (5, *[SETTLE_AFTER + 1] * 5):
        try:
            world.run()
        except Killed:
            continue
        with world.store() as store:
            busy = store.to_do() or store.open_writes() or world.wire.held_up
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
    for part in ("documents", "customers", "products"):
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
    if early := world.wire.repeats_too_early():
        found.append(f"repeated too early: {[(s.method, s.path) for s in early]}")
    return found


def test_the_day_has_every_write_that_the_job_can_make(acts: list[Act]) -> None:
    """Every member of WriteKind is in the matrix below."""
    assert {kind(sent) for act in acts for sent in act.writes} == set(WriteKind)


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_whatever_happens_to_a_write_everything_is_there_once(
    fault: str, acts: list[Act], folders: Iterator[Path]
) -> None:
    """Each write of the day may meet each fault, and the books become the same."""
    wrong = []
    for act in acts:
        for n, sent in enumerate(act.writes):
            world = act.before.twin(next(folders))
            act.happens(world)
            world.wire.plan = {n: fault.split(", ")}
            to_the_end(world)
            wrong += [f"{kind(sent)} ({act.name} {n}): {what}" for what in wrong_after(act, world)]
    assert not wrong, "\n".join(wrong)


def test_a_process_may_die_after_any_commit(busy_acts: list[Act], folders: Iterator[Path]) -> None:
    """Whatever was recorded last, the next run finishes the day, and nothing is there twice."""
    wrong = []
    for act in busy_acts:
        for n in range(1, act.commits + 1):
            world = act.before.twin(next(folders))
            act.happens(world)
            world.dies_at_commit = n
            to_the_end(world)
            wrong += [f"{act.name}, commit {n}: {what}" for what in wrong_after(act, world)]
    assert not wrong, "\n".join(wrong)


def test_a_disk_may_be_full_at_any_commit(busy_acts: list[Act], folders: Iterator[Path]) -> None:
    """Nothing is sent that could not be recorded; with room again everything is there once."""
    wrong = []
    for act in busy_acts:
        for n in range(1, act.commits + 1):
            world = act.before.twin(next(folders))
            act.happens(world)
            world.full_from_commit = world.commits + n
            outcome = world.run()
            if (outcome.exit_code, outcome.problem) != (3, "disk_full"):
                wrong.append(f"{act.name}, commit {n}: {outcome}")
            world.full_from_commit = 0
            to_the_end(world)
            wrong += [f"{act.name}, commit {n}: {what}" for what in wrong_after(act, world)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("fault", ["", "lost_after"])
def test_reads_that_lag_behind_writes_make_nothing_twice(
    fault: str, busy_acts: list[Act], folders: Iterator[Path]
) -> None:
    """PowerOffice may show what it had three seconds ago: then nothing is there twice either."""
    wrong = []
    for act in busy_acts:
        for n, sent in enumerate(act.writes if fault else act.writes[:1]):
            world = act.before.twin(next(folders))
            world.faults.stale_seconds = 3
            act.happens(world)
            world.wire.plan = {n: [fault]}
            to_the_end(world)
            wrong += [f"{kind(sent)} ({act.name} {n}): {what}" for what in wrong_after(act, world)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("fault", ["html", "garbage"])
def test_nonsense_instead_of_an_answer_to_a_question_costs_time_only(
    fault: str, busy_acts: list[Act], folders: Iterator[Path]
) -> None:
    """Each question of the day may be answered by nonsense, and the books become the same."""
    wrong = []
    for act in busy_acts:
        for n in range(1, act.questions + 1):
            world = act.before.twin(next(folders))
            act.happens(world)
            world.faults.at("GET", "*", n, fault)
            to_the_end(world)
            wrong += [f"{act.name}, question {n}: {what}" for what in wrong_after(act, world)]
    assert not wrong, "\n".join(wrong)


def test_a_killed_process_is_continued_by_the_next_one(tmp_path: Path) -> None:
    """A process that is killed when its sales order has just been made is no reason for two."""
    with served(tmp_path, [GOES]) as sandbox:
        sandbox.configure({"poweroffice.settle_after": 0})
        process = subprocess.Popen(
            [sys.executable, "-m", "woo2po", "run", "--config", str(sandbox.config)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

        def kill(method: str, path: str) -> None:
            if (method, path) == ("POST", "/SalesOrders/Complete"):
                process.kill()
                process.wait()

        sandbox.go.faults.after(kill)
        assert process.wait(timeout=30) == -signal.SIGKILL
        sandbox.go.faults.after_hooks.clear()
        assert [order.customer_id for order in sandbox.go.books.sales_orders.values()]
        assert sandbox.woo2po("run").exit_code == 0
        assert len(sandbox.go.books.sales_orders) == len(sandbox.go.books.customers) == 1
        assert json.loads(sandbox.woo2po("status", "--json").output)["counts"] == {"draft": 1}
