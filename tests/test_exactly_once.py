"""Nothing lost, nothing twice: every remote write of the job, with every fault it can meet.

The list of writes is recorded, not written here: a day in the shop is carried over without a
fault, and each write that was seen then is made again with each fault, until all is quiet. The
books must be those of the day without faults. The same for a process that dies after any of its
commits to the state database. What follows a draft is in test_exactly_once_after.py.
"""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from day import (
    FAULTS,
    TOWARDS_A_DRAFT,
    Act,
    deadly_days,
    faulty_days,
    kind,
    lived,
    to_the_end,
    wrong_after,
)
from served import GOES, served
from world import Goods, World


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


def new_world(folders: Iterator[Path]) -> World:
    """Return the world that a day begins in: prices are cut there, unknown products made."""
    world = World(next(folders), products={"unknown": "create"})
    world.faults.max_unit_price_decimals = 2
    return world


@pytest.fixture(scope="module")
def acts(folders: Iterator[Path]) -> list[Act]:
    """The quiet day: few orders at a time, so that many days can be lived."""
    return lived(QUIET_DAY, new_world(folders), folders)


@pytest.fixture(scope="module")
def busy_acts(folders: Iterator[Path]) -> list[Act]:
    """The same orders, but all at once."""
    return lived(BUSY_DAY, new_world(folders), folders)


def test_the_day_has_every_write_on_the_way_to_a_draft(acts: list[Act]) -> None:
    """The other members of WriteKind are in the matrix of test_exactly_once_after.py."""
    assert {kind(sent) for act in acts for sent in act.writes} == TOWARDS_A_DRAFT


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_whatever_happens_to_a_write_everything_is_there_once(
    fault: str, acts: list[Act], folders: Iterator[Path]
) -> None:
    """Each write of the day may meet each fault, and the books become the same."""
    wrong = faulty_days(acts, fault, folders)
    assert not wrong, "\n".join(wrong)


def test_a_process_may_die_after_any_commit(busy_acts: list[Act], folders: Iterator[Path]) -> None:
    """Whatever was recorded last, the next run finishes the day, and nothing is there twice."""
    wrong = deadly_days(busy_acts, folders)
    assert not wrong, "\n".join(wrong)


def test_a_disk_may_be_full_at_any_commit(busy_acts: list[Act], folders: Iterator[Path]) -> None:
    """Nothing is sent that could not be recorded; with room again everything is there once.

    Every third commit is tried: a full disk stays full, so that its neighbours are met as well.
    """
    wrong = []
    for act in busy_acts:
        for n in range(1, act.commits + 1, 3):
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
    fault: str, acts: list[Act], folders: Iterator[Path]
) -> None:
    """PowerOffice may show what it had three seconds ago: then nothing is there twice either."""
    wrong = []
    for act in acts:
        for n, sent in enumerate(act.writes if fault else act.writes[:1]):
            world = act.before.twin(next(folders))
            world.faults.stale_seconds = 3
            act.happens(world)
            world.wire.plan = {n: [fault]}
            to_the_end(world)
            wrong += [f"{kind(sent)} ({act.name} {n}): {what}" for what in wrong_after(act, world)]
    assert not wrong, "\n".join(wrong)


def test_nonsense_instead_of_an_answer_to_a_question_costs_time_only(
    busy_acts: list[Act], folders: Iterator[Path]
) -> None:
    """Each question of the day may be answered by nonsense, and the books become the same."""
    wrong = []
    for act in busy_acts:
        for n in range(1, act.questions + 1):
            world = act.before.twin(next(folders))
            act.happens(world)
            world.faults.at("GET", "*", n, "html" if n % 2 else "garbage")
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
