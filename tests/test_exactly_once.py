"""Nothing lost, nothing twice: every remote write of the job, with every fault it can meet.

The list of writes is recorded, not written here: a day in the shop is carried over without a
fault, and each write that was seen then is made again with each fault, until all is quiet. The
books must be those of the day without faults. The same for a process that dies after any of its
commits to the state database.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from world import Goods, Killed, Sent, Summary, World

from woo2po.record import WriteKind
from woo2po.status import retry

# What can happen to a write; after a comma what happens to its repeat.
FAULTS = {
    "killed before it leaves": "killed_before",
    "killed before its answer is recorded": "killed_after",
    "killed twice": "killed_after, killed_before",
    "lost on the way there": "lost_before",
    "lost on the way back": "lost_after",
    "timed out before it was done": "timeout_before",
    "timed out after it was done": "timeout_after",
    "lost again and again": "lost_before, timeout_before, lost_after",
    "still on its way when the job has given up": "late",
    "no connection": "connect_error",
    "too many requests": "429",
    "token expired": "expired_token",
    "500 before the work": "500",
    "500 after the work": "500_after",
    "502 in HTML before the work": "502",
    "502 in HTML after the work": "502_after",
    "503 before the work": "503",
    "503 after the work": "503_after",
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


def orders_come_in(world: World) -> None:
    """Three orders: a person's twice, to an address of its own and with an unknown product, and
    a company's. PowerOffice cuts prices to whole øre, so one draft needs a rounding line.
    """
    world.sells(
        101,
        Goods("GEN-001", "1299.00"),
        Goods("LUE-7", "249.00", quantity=2),
        shipping={"address_1": "Hytteveien 9"},
    )
    world.sells(102, Goods("NY-1", "99.00", name="Nyhet"), Goods("KAF-250", "88.80", 15, 3))
    company = {"company": "Fjell AS", "email": "post@fjell.example"}
    world.sells(103, Goods("LUE-7", "249.00"), billing=company, shipping={"company": "Fjell AS"})


def orders_change(world: World) -> None:
    """The first order gets another price, a line less, a line more, another number and another
    address; the second one loses what its rounding line was for.
    """
    world.sells(
        101,
        Goods("GEN-001", "1199.00"),
        Goods("TS-M-BLA", "249.00", id=3),
        number="A-101",
        shipping={"address_1": "Sjøveien 3"},
    )
    world.sells(102, Goods("NY-1", "99.00", name="Nyhet"), Goods("KAF-250", "88.80", 15))


@dataclass(frozen=True)
class Act:
    """A part of the day: the world before it, what the job wrote, and the books after it."""

    name: str
    before: World
    happens: Callable[[World], None]
    writes: Sequence[Sent]
    commits: int
    after: Summary


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """New folders, one for each world."""

    def fresh() -> Iterator[Path]:
        while True:
            yield tmp_path_factory.mktemp("world")

    return fresh()


@pytest.fixture(scope="module")
def acts(folders: Iterator[Path]) -> list[Act]:
    """The day without a fault, act by act."""
    world = World(next(folders), products={"unknown": "create"})
    world.faults.max_unit_price_decimals = 2
    acted = []
    for happens in (orders_come_in, orders_change):
        world.wait(300)
        before = world.twin(next(folders))
        first, commits = len(world.wire.writes), world.commits
        happens(world)
        world.settle()
        writes = world.wire.writes[first:]
        done = world.commits - commits
        acted.append(Act(happens.__name__, before, happens, writes, done, world.books()))
    assert world.held() == {}
    return acted


def to_the_end(world: World) -> None:
    """Run as cron does, impatiently too, mend what is refused, until all is quiet."""
    for patience in (5, 25, 61, 61, 61, 61):
        try:
            world.run()
        except Killed:
            continue
        with world.store() as store:
            if not store.to_do() and not store.open_writes() and not world.wire.held_up:
                if not world.held():
                    return
                retry(world.settings, [])
        world.wait(patience)
        if patience == 25:
            world.wire.late_ones_arrive()
    world.settle()


def wrong_after(act: Act, world: World) -> list[str]:
    """Return what is not as it is after the act without a fault."""
    found = []
    if world.books() != act.after:
        found.append(f"the books differ: {world.books()}")
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


def test_a_process_may_die_after_any_commit(acts: list[Act], folders: Iterator[Path]) -> None:
    """Whatever was recorded last, the next run finishes the day, and nothing is there twice."""
    wrong = []
    for act in acts:
        for n in range(1, act.commits + 1):
            world = act.before.twin(next(folders))
            act.happens(world)
            world.dies_at_commit = n
            to_the_end(world)
            wrong += [f"{act.name}, commit {n}: {what}" for what in wrong_after(act, world)]
    assert not wrong, "\n".join(wrong)
