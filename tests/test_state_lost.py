"""The state database is deleted, an old backup of it put back, or used on a second machine.

A shop lives through every stage of an order's life; then its database is one of an earlier day,
or none, and life goes on. Nothing is in the books twice, and what is missing there is held and
said. Companies differ where nobody knows how PowerOffice is.
"""

import asyncio
import re
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from days import Act, lived, world_of_invoices
from stories import *
from summary import Summary
from thoroughly import thorough
from world import Goods, Killed, World

from woo2po.status import retry

DAY_LATER = 86_400
COMPANY = {"company": "Fjell AS", "email": "post@fjell.example"}
GUEST = {"email": "", "shipping": {"address_1": "Hytteveien 9"}}

# fmt: off
LIFE: dict[str, Story] = {
    "orders come in": (
        sells(101, DEAR, Goods("KAF-250", "88.80", 15, 3)),
        sells(102, Goods("LUE-7", "249.00"), email="ola@example.no"),
        sells(103, Goods("GEN-001", "1299.00", quantity=2), billing=COMPANY),
        sells(104, Goods("GEN-001", "99.00"), **GUEST),
        sells(105, Goods("GEN-001", "500.00"), email="senere@example.no", **BY_INVOICE)),
    "one changes": (sells(104, Goods("GEN-001", "89.00"), **GUEST),),
    "three are completed, two of them paid": (status_is("completed", 101, 103, 105),),
    "money goes back": (refunds("500.00", 103, **BACK),),
    "a draft is off": (status_is("cancelled", 102),),
    "it is on again, under the next reference": (status_is("processing", 102),),
    "it is completed": (status_is("completed", 102),),
    "two invoices are off, the paid and the unpaid one": (status_is("cancelled", 101, 105),),
    "one is on again, for money that came once": (status_is("completed", 101),),
    "a person invoices, and then it is completed": (
        person("invoice_by_hand", "shop_104"), status_is("completed", 104)),
}
# fmt: on


COMPANIES: dict[str, dict[str, Any]] = {
    "as documented": {},
    # An invoiced order's reference may be used again; ids change; 2025's filters only. Nothing is
    # matched, so the balance tells nothing of a payment, and a voucher is never refused.
    "that tells little": {
        "invoiced_reference": "freed", "spec": "2025", "invoice_id_is_order_id": False,
        "matching": "none", "duplicate_voucher_reference": "accepted"},
}  # fmt: skip


@pytest.fixture(scope="module", params=COMPANIES)
def acts(request: pytest.FixtureRequest, folders: Iterator[Path]) -> list[Act]:
    """A life without an accident, act by act, in a company with these switches."""
    world = world_of_invoices(next(folders))
    vars(world.faults).update(COMPANIES[request.param])
    return lived(LIFE, world, folders)


def go_on(world: World) -> None:
    world.settle(at_most=15)
    world.wait(DAY_LATER)
    world.run()
    world.settle(at_most=15)


def plain(books: Summary) -> Counter[str]:
    """Return what stands in books, without how often an order came back."""
    every = (*books.documents, *books.ledger, *books.customers)
    return Counter(re.sub(r"([-_]\d+)-\d+(?=-c|-r|')", r"\1", repr(one)) for one in every)


def order_of(one: str) -> str:
    found = re.search(r"'(?:woo-\w+-|shop_)(\d+)", one)
    return found[1] if found else ""


def wrong_in(world: World, wanted: Summary) -> list[str]:
    """Return what stands in the books too often, and what is missing and not said to be."""
    held, ours, theirs = world.held(), plain(wanted), plain(world.books())
    missing, extra = ours - theirs, theirs - ours
    wrong = [f"missing: {one}" for one in missing if order_of(one) not in held]
    for one in extra:
        # Of an order that is held an older document may stand in the newer one's place.
        instead = [other for other in missing if order_of(other) == order_of(one)]
        if order_of(one) not in held or len(instead) < extra[one]:
            wrong.append(f"too much: {one}")
    return wrong


@pytest.mark.parametrize("age", [None, 2, *thorough(1, 7)], ids="a database of {} acts ago".format)
def test_an_older_database_or_none_makes_nothing_twice_at_any_stage(acts, folders, age):
    """What is there, or came since, is found, and life goes on as if nothing had been."""
    wrong = []
    for n in range((age or 0) + 1, len(acts)):
        world = acts[n].before.twin(next(folders))
        world.wait(3600)
        world.put_back({} if age is None else acts[n - age].before.files())
        told((*acts[n].story, go_on), world)
        wrong += [f"{acts[n].name}: {what}" for what in wrong_in(world, acts[n].after)]
    assert not wrong, "\n".join(wrong)


def test_a_backup_taken_at_any_moment_of_a_run_can_be_put_back(acts, folders):
    """A copy made between two records of a run, before its answers came: they are found."""
    act, following = acts[2:4]  # three invoices, two payments
    for n in range(1, len(act.commits), 3):
        dying = act.begun(next(folders))
        dying.dies_at_commit = n
        with pytest.raises(Killed):
            dying.settle(at_most=12)
        world = following.before.twin(next(folders))
        world.put_back(dying.files())
        go_on(world)
        assert world.held() == {}
        assert wrong_in(world, act.after) == []


# -- what is found, and what cannot be decided -----------------------------------------------------


@step
def while_it_is_away(world: World, *steps: Step, by_id: bool) -> None:
    """The draft is not there, and comes back: by its id, or in the lists alone."""
    draft = world.company.sales_orders.pop(world.company.order("shop_101").id)
    told(steps, world)
    world.company.sales_orders[draft.id] = draft
    if not by_id:
        world.reads.always[f"poweroffice: GET /SalesOrders/{draft.id}/Complete"] = "is missing"


def completed(*order_ids: int) -> Story:
    return tuple(
        one
        for n in order_ids
        for one in (sells(n, email=f"kunde{n}@example.no"), status_is("completed", n))
    )


# fmt: off
FOUND_AGAIN: dict[str, Story] = {
    "an old backup is noticed though nothing new is in the shop": (
        sells(), sells(102, email="annen@example.no"), status_is("completed"), settle(),
        backed_up(turns("cancelled"), wait(300)),
        status_is("completed"), an_hour_later, settle(),
        then(invoiced=only("shop_101", "shop_101-c", "shop_101-2"), paid=1)),
    "what was sent is found though orders_from stood later meanwhile, and the reference is free": (
        faults(invoiced_reference="freed"), sells(), status_is("completed"), settle(),
        later(DAY_LATER), state_lost(), configure(woocommerce={"orders_from": date(2026, 11, 24)}),
        settle(), later(DAY_LATER), configure(woocommerce={"orders_from": date(2026, 10, 1)}),
        settle(), then(open={}, invoiced=only("shop_101"), paid=1)),
    "a credit note that was found as a draft, before its invoice was, is watched like any other": (
        BY_HAND, sold(), backed_up(INVOICED_BY_HAND, an_hour_later, refunded("299.00", **BACK)),
        wait(300), run(), settle(), an_hour_later,
        person("invoice_by_hand", "shop_101-r102"), an_hour_later, settle(),
        then(open={}, invoiced=only("shop_101", "shop_101-r102"), paid=2)),
    "how it is paid by now is written on a draft that was found again": (
        configure(payments={"register": True, "accounts": {"cod": 1900}}), sold(**COD),
        state_lost(), turns("completed"), then(open={}), that(lambda world: [
            line.description for line in invoice(world, "shop_101").order.lines
            if not line.quantity], ["Betalt 23.11.2026: Vipps"])),
    **{f"what was refunded whole and credited is not once more, though it was put away ({way})": (
        sells(), status_is("completed"), settle(), refunded("1299.00", **BACK),
        backed_up(turns("cancelled"), wait(300)) if way == "kept" else state_lost(),
        turns("cancelled"),
        an_hour_later, then(open={}, invoiced=only("shop_101", "shop_101-r102"), paid=2))
       for way in ("kept", "lost")},
    "nor is a part of it; the rest, which was refunded when it was put away, is with its money": (
        sells(), status_is("completed"), settle(), refunded("1000.00", **BACK),
        refunds("299.00", **BACK), state_lost(), turns("cancelled"), an_hour_later,
        then(open={}, accounts={}, invoiced=only("shop_101", "shop_101-r102", "shop_101-r103"))),
    "where no credit notes are wanted any more, those that were found keep no run busy": (
        sells(), status_is("completed"), settle(), refunded("299.00", **BACK),
        configure(refunds={"credit_notes": False}), state_lost(), settle(), wait(300), idle()),
    "what stands under another prefix is told, though its order was refunded whole": (
        sells(), status_is("completed"), settle(), state_lost(),
        configure(orders={"number_prefix": "ny_"}),
        refunds("1299.00", **BACK), turns("refunded"), then("under_another_prefix")),
    "a draft that a person edited is left alone by an old backup": (
        sold(101, DEAR), backed_up(
            wait(300), person("edit_line", "shop_101", "1", description="Ring før levering"),
            sells(101, CHEAP)),
        go_on, then("draft_edited"),
        that(lambda world: world.company.order("shop_101").lines[0].description,
             "Ring før levering")),
    "a draft that is gone is said within a day, and made anew when told, by its number only": (
        sold(), person("delete_draft", "shop_101"), later(3700), later(DAY_LATER),
        then("draft_gone"), that(lambda world: retry(world.settings, []), 1), settle(),
        then("draft_gone"), retried("101"), settle(), then(totals=only("shop_101-2"))),
    "a draft that a replica does not show yet is not gone, and what is typed makes no second": (
        faults(stale_seconds=10), sells(101, DEAR), run(), sells(101, CHEAP), run(),
        then(exit_code=3), retried("101"), run(), settle(), then(totals={"shop_101": 1199})),
    **{f"what is there after all is not made anew ({'by its id' if by_id else 'in the lists'})": (
        sold(), while_it_is_away(later(DAY_LATER), then("draft_gone"), by_id=by_id),
        retried("101"), run(), lambda world: world.reads.always.clear(), settle(),
        then(totals=only("shop_101")))
       for by_id in (True, False)},
}
# fmt: on


@pytest.fixture
def world(tmp_path: Path) -> World:
    return world_of_invoices(tmp_path)


@pytest.mark.parametrize("what", FOUND_AGAIN)
def test_what_was_forgotten_is_found_again(what, world):
    told(FOUND_AGAIN[what], world)


def test_what_is_off_by_now_is_taken_back_wherever_the_first_run_ends(world, folders):
    """Nothing tells of it again once the documents there are looked at."""
    lost = (
        sells(),
        status_is("completed"),
        settle(),
        wait(DAY_LATER),
        status_is("cancelled"),
        state_lost(),
    )
    told((*lost, wait(3600)), world)
    for other in deaths(world, folders):
        told((settle(), then(invoiced=only("shop_101", "shop_101-c"), paid=1)), other)


def test_a_voucher_never_takes_the_number_of_a_later_one(world, monkeypatch):
    """Of two the first was refused and its number is free again: the next one takes that."""
    monkeypatch.setattr("woo2po.transfer.payments.MOST_ORDERS", 1)
    told(
        # The journal may be posted in: from the first on vouchers go side by side.
        (
            *(*completed(100), settle(), *completed(101, 102)),
            *(fails("POST", "/Vouchers/BankJournals", 1, "refuse"), settle()),
            that(lambda world: len(vouchers(world)), 2),
            *(an_hour_later, settle(), then(open={}, paid=3)),
        ),
        world,
    )


# -- a second machine ------------------------------------------------------------------------------


def second_machine(world: World, folder: Path) -> World:
    """Return the same shop and company, with the job on another machine and a copied database."""
    other = World(folder)
    other.settings = world.settings.model_copy(
        update={"state": type(world.settings.state)(path=str(folder / "woo2po.db"))}
    )
    other.shop, other.company, other.go = world.shop, world.company, world.go
    other.faults, other.wire.faults, other.wire.inner = world.faults, world.faults, world.wire.inner
    other.now = world.now  # type: ignore[method-assign]
    other.wait = world.wait  # type: ignore[method-assign]
    shutil.copy(world.state, other.state)
    return other


def at_once(world: World, other: World, lag: float) -> None:
    """Let both machines run, the other one a little later."""

    async def late() -> None:
        await asyncio.sleep(lag)
        await other.job()

    async def both() -> None:
        await asyncio.gather(world.job(), late())

    world.in_virtual_time(both())


@pytest.mark.parametrize("lag", [None, 0.0, 0.7], ids=["in turn", "at once", "a little later"])
def test_two_machines_with_one_shop_make_nothing_twice(lag, tmp_path, folders):
    """A copy of the database on a second machine, and cron on both."""
    undisturbed = world_of_invoices(next(folders))
    world = world_of_invoices(tmp_path)
    world.faults.latency, world.faults.requests_per_second = 0.3, None
    other: World | None = None
    for act in LIFE.values():
        for one in (undisturbed, world):
            one.wait(300)
            told(act, one)
        undisturbed.settle(at_most=12)
        for _ in range(8):
            if other is None:
                world.run()
            elif lag is None:
                world.run()
                other.run()
            else:
                at_once(world, other, lag)
            if not world.busy() and not (other and other.busy()):
                break
            world.wait(61)
        if other is None:
            other = second_machine(world, next(folders))
    assert world.held() == other.held() == {}
    assert wrong_in(world, undisturbed.books()) == []


# -- backing up and restoring ----------------------------------------------------------------------

README = Path(__file__).parent.parent / "README.md"


def test_the_readmes_backup_works_while_a_run_is_writing(tmp_path):
    """It is SQLite's own: it holds what was committed, needs no sqlite3 program, and opens."""
    world = business(tmp_path)
    world.sells(101)
    world.settle()
    line = re.search(r'^python3 (-c "import sqlite3.*")$', README.read_text("utf-8"), re.MULTILINE)
    assert line is not None
    writing = sqlite3.connect(world.state, isolation_level=None)
    writing.execute("BEGIN IMMEDIATE")
    writing.execute("UPDATE orders SET number = 'x'")
    for _ in range(2):  # an older backup is no hindrance
        subprocess.run(f"{sys.executable} {line[1]}", shell=True, cwd=tmp_path, check=True)  # noqa: S602
    writing.execute("ROLLBACK")
    writing.close()
    backup = tmp_path / "woo2po-backup.db"
    before = world.books()
    world.put_back({world.state: backup.read_bytes()})
    assert world.settle().exit_code == 0
    assert world.record(101).number == "101"
    assert world.books() == before
