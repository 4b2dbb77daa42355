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
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from pathlib import Path

import pytest
from after import balances, business, hour_later, invoiced, vouchers
from summary import Summary
from world import Goods, World

from woo2po.record import State
from woo2po.sandbox.faults import Faults
from woo2po.status import retry

DAY_LATER = 86_400
COMPANY = {"company": "Fjell AS", "email": "post@fjell.example"}
LATER = {"payment_method": "bacs", "date_paid": None, "date_paid_gmt": None}


def orders_come_in(world: World) -> None:
    """Of two persons, a company, a guest without e-mail, and somebody who pays by the invoice."""
    world.sells(101, Goods("GEN-001", "1299.00"), Goods("KAF-250", "88.80", 15, 3))
    world.sells(102, Goods("LUE-7", "249.00"), email="ola@example.no")
    world.sells(103, Goods("GEN-001", "1299.00", quantity=2), billing=COMPANY)
    world.sells(104, Goods("GEN-001", "99.00"), email="", shipping={"address_1": "Hytteveien 9"})
    world.sells(105, Goods("GEN-001", "500.00"), email="senere@example.no", **LATER)


def one_changes(world: World) -> None:
    """Its draft follows."""
    world.sells(104, Goods("GEN-001", "89.00"), email="", shipping={"address_1": "Hytteveien 9"})


def three_are_completed(world: World) -> None:
    """Three invoices, of which two are paid."""
    for order_id in (101, 103, 105):
        world.shop.set_status(order_id, "completed")


def money_goes_back(world: World) -> None:
    """A credit note, and a voucher the other way round."""
    world.shop.add_refund(103, {"amount": "500.00", "refunded_payment": True})


def a_draft_is_off(world: World) -> None:
    """It is deleted."""
    world.shop.set_status(102, "cancelled")


def it_is_on_again(world: World) -> None:
    """It gets another, under the next reference."""
    world.shop.set_status(102, "processing")


def it_is_completed(world: World) -> None:
    """And that becomes an invoice."""
    world.shop.set_status(102, "completed")


def two_invoices_are_off(world: World) -> None:
    """Both are credited, the paid and the unpaid one."""
    world.shop.set_status(101, "cancelled")
    world.shop.set_status(105, "cancelled")


def one_is_on_again(world: World) -> None:
    """A second invoice, for money that came once."""
    world.shop.set_status(101, "completed")


def a_person_invoices(world: World) -> None:
    """By hand, an order that is completed afterwards."""
    world.company.invoice_by_hand("shop_104")
    world.shop.set_status(104, "completed")


LIFE = (
    orders_come_in,
    one_changes,
    three_are_completed,
    money_goes_back,
    a_draft_is_off,
    it_is_on_again,
    it_is_completed,
    two_invoices_are_off,
    one_is_on_again,
    a_person_invoices,
)


def as_documented(_: Faults) -> None:
    """Nothing out of the ordinary."""


def references_are_freed(faults: Faults) -> None:
    """An invoiced order's reference may be used again; ids change; 2025's filters only."""
    faults.invoiced_reference, faults.spec = "freed", "2025"
    faults.invoice_id_is_order_id = False


def nothing_tells_of_a_payment(faults: Faults) -> None:
    """Nothing is matched, so the balance tells nothing, and a voucher is never refused."""
    faults.matching, faults.duplicate_voucher_reference = "none", "accepted"


COMPANIES = (as_documented, references_are_freed, nothing_tells_of_a_payment)


def shop_and_company(folder: Path, company: Callable[[Faults], None]) -> World:
    """Return a world in which completed orders are invoiced and payments registered."""
    world = World(
        folder,
        poweroffice={"resend_after": 120},
        invoices={"create": True},
        payments={"register": True, "accounts": {"vipps": 1903}},
    )
    company(world.faults)
    return world


@dataclass(frozen=True)
class Stage:
    """The world after an act of its life, its books, and its state database."""

    name: str
    world: World
    books: Summary
    state: bytes
    commits: Sequence[dict[Path, bytes]]  # the database's files after each commit of the act


@pytest.fixture(scope="module", params=COMPANIES, ids=lambda company: company.__name__)
def life(request: pytest.FixtureRequest, folders: Iterator[Path]) -> list[Stage]:
    """A life without an accident, stage by stage."""
    return lived(shop_and_company(next(folders), request.param), folders)


def lived(world: World, folders: Iterator[Path]) -> list[Stage]:
    stages = []
    for act in LIFE:
        world.wait(300)
        act(world)
        seen: list[dict[Path, bytes]] = []
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(world, "committed", lambda seen=seen: seen.append(world._files()))
            world.settle(at_most=12)
        state = world.state.read_bytes()
        stages.append(
            Stage(act.__name__, world.twin(next(folders)), world.books(), state, tuple(seen))
        )
    assert world.held() == {}
    return stages


def put_back(world: World, state: bytes | None) -> None:
    """Make the state database an earlier one, or none."""
    for path in world._sides():
        path.unlink(missing_ok=True)
    if state is not None:
        world.state.write_bytes(state)


def go_on(world: World) -> None:
    """Run until all is quiet, and again a day later."""
    world.settle(at_most=15)
    world.wait(DAY_LATER)
    world.run()
    world.settle(at_most=15)


def plain(books: Summary) -> Summary:
    """Return books whose references do not tell how often an order came back."""

    def first(text: str) -> str:
        return re.sub(r"([-_]\d+)-\d+(?=-c|-r|$)", r"\1", text)

    def named(one: object) -> object:
        texts = {f.name: first(getattr(one, f.name)) for f in fields(one)  # type: ignore[arg-type]
                 if f.name in {"reference", "matching_reference", "number", "credits"}}  # fmt: skip
        return replace(one, **texts)  # type: ignore[type-var]

    return replace(
        books,
        documents=tuple(named(one) for one in books.documents),
        ledger=tuple(named(one) for one in books.ledger),
    )


def order_of(one: object) -> str:
    """Return the number of the order that a document or an entry belongs to."""
    said = getattr(one, "matching_reference", "") or getattr(one, "reference", "")
    return said.removeprefix("woo-").split("-")[1]


def wrong_in(world: World, wanted: Summary) -> list[str]:
    """Return what stands in the books too often, and what is missing and not said to be."""
    held, wrong = world.held(), []
    ours, theirs = plain(wanted), plain(world.books())
    for part in ("documents", "ledger"):
        missing = Counter(getattr(ours, part)) - Counter(getattr(theirs, part))
        extra = Counter(getattr(theirs, part)) - Counter(getattr(ours, part))
        wrong += [f"missing: {one}" for one in missing if order_of(one) not in held]
        for one in extra:
            # Of an order that is held an older document may stand in the newer one's place.
            instead = [other for other in missing if order_of(other) == order_of(one)]
            if order_of(one) not in held or len(instead) < extra[one]:
                wrong.append(f"too much: {one}")
    if Counter(ours.customers) != Counter(theirs.customers):
        wrong.append(f"customers: {theirs.customers}")
    return wrong


def after_losing(
    stage: Stage, state: bytes | None, folders: Iterator[Path], *acts: Callable[[World], None]
) -> World:
    """Return the world in which a state is put back, acts happen, and the job goes on."""
    world = stage.world.twin(next(folders))
    world.wait(3600)
    put_back(world, state)
    for act in acts:
        act(world)
    go_on(world)
    return world


def test_a_lost_database_makes_nothing_twice_at_any_stage(
    life: list[Stage], folders: Iterator[Path]
) -> None:
    """Deleted: what is there is found again, and life goes on as if nothing had been."""
    wrong = []
    for stage, act, following in zip(life, LIFE[1:], life[1:], strict=False):
        world = after_losing(stage, None, folders, act)
        wrong += [f"{act.__name__}: {what}" for what in wrong_in(world, following.books)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("age", [1, 2, 7], ids="of {} acts ago".format)
def test_an_old_backup_makes_nothing_twice_at_any_stage(
    life: list[Stage], folders: Iterator[Path], age: int
) -> None:
    """Put back: what came since is caught up with, and life goes on as if nothing had been."""
    wrong = []
    for old, stage, act, following in zip(
        life, life[age:], LIFE[age + 1 :], life[age + 1 :], strict=False
    ):
        world = after_losing(stage, old.state, folders, act)
        wrong += [f"{act.__name__}: {what}" for what in wrong_in(world, following.books)]
    assert not wrong, "\n".join(wrong)


def test_a_backup_taken_at_any_moment_of_a_run_can_be_put_back(
    life: list[Stage], folders: Iterator[Path]
) -> None:
    """A copy made between two records of a run, before its answers came: they are found."""
    stage = life[2]  # three invoices, two payments
    assert len(stage.commits) > 15
    for files in stage.commits[::3]:
        world = stage.world.twin(next(folders))
        put_back(world, None)
        for path, content in files.items():
            if not path.name.endswith("-shm"):
                world.state.with_name(path.name).write_bytes(content)
        go_on(world)
        assert world.held() == {}
        assert wrong_in(world, stage.books) == []


# -- what is found, and what cannot be decided -----------------------------------------------------


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A shop whose completed orders are invoiced, and payments registered."""
    return shop_and_company(tmp_path, as_documented)


def test_an_old_backup_is_noticed_though_nothing_new_is_in_the_shop(world: World) -> None:
    """Its order was credited meanwhile and is on again: the next look at the books shows it."""
    world.sells(101)
    world.sells(102, email="annen@example.no")
    world.shop.set_status(101, "completed")
    world.settle()
    old = world.state.read_bytes()
    world.wait(300)
    world.shop.set_status(101, "cancelled")
    world.settle()
    world.wait(300)
    put_back(world, old)
    world.shop.set_status(101, "completed")  # to the shop's record nothing has happened
    hour_later(world)
    world.settle()
    assert list(invoiced(world)) == ["shop_101", "shop_101-c", "shop_101-2"]
    assert len(vouchers(world)) == 1


def test_money_of_an_order_that_came_back_is_not_posted_again(world: World) -> None:
    """Its first invoice was paid and credited, its second one is open: the credit pays it."""
    world.sells(101)
    for status in ("completed", "cancelled", "completed"):
        world.shop.set_status(101, status)
        world.settle()
        world.wait(300)
    before = world.books()
    put_back(world, None)
    world.settle()
    hour_later(world)
    assert world.books() == before
    assert world.record(101).generation == 2
    assert world.held() == {}


def test_a_cancelled_order_whose_draft_was_found_again_is_taken_back(world: World) -> None:
    """Cancelled while there was no database: its draft is deleted all the same."""
    world.sells(101)
    world.settle()
    put_back(world, None)
    world.shop.set_status(101, "cancelled")
    world.sells(102)
    world.settle()
    assert list(world.books().totals) == ["shop_102"]


def test_a_refund_whose_order_was_found_again_is_credited(world: World) -> None:
    """Refunded in full while there was no database: not taken for refunded before it was sent."""
    world.sells(101)
    world.shop.set_status(101, "completed")
    world.settle()
    put_back(world, None)
    world.shop.add_refund(101, {"amount": "1299.00", "refunded_payment": True})
    world.settle()
    assert set(balances(world).values()) == {0}
    assert len(invoiced(world)) == 2


def test_a_draft_that_was_found_again_follows_its_order_once_it_was_equal(world: World) -> None:
    """What was found as it should be, nobody else has edited."""
    world.sells(101, Goods("GEN-001", "1299.00"))
    world.settle()
    put_back(world, None)
    world.settle()
    world.wait(300)
    world.sells(101, Goods("GEN-001", "1199.00"))
    world.settle()
    assert world.held() == {}
    assert [float(total) for total in world.books().totals.values()] == [1199.0]


def test_a_draft_that_is_as_it_should_be_is_accepted_whoever_edited_it(world: World) -> None:
    """The job itself did, before the backup was put back; there is nothing to overwrite."""
    world.sells(101, Goods("GEN-001", "1299.00"))
    world.settle()
    old = world.state.read_bytes()
    world.wait(300)
    world.sells(101, Goods("GEN-001", "1199.00"))
    world.settle()
    put_back(world, old)
    world.settle()
    assert world.held() == {}
    assert world.record(101).state is State.DRAFT


def test_a_draft_that_a_person_edited_is_left_alone_by_an_old_backup(world: World) -> None:
    """Nobody can tell whose edit it is: the order is held, the draft stays as it is."""
    world.sells(101, Goods("GEN-001", "1299.00"))
    world.settle()
    old = world.state.read_bytes()
    world.wait(300)
    world.company.edit_line("shop_101", "1", description="Ring før levering")
    world.sells(101, Goods("GEN-001", "1199.00"))
    put_back(world, old)
    go_on(world)
    assert world.held() == {"101": "draft_edited"}
    assert world.company.order("shop_101").lines[0].description == "Ring før levering"


def test_a_draft_that_is_gone_is_said_within_a_day_and_made_anew_when_told(world: World) -> None:
    """Deletions show in no list of changes: once a day all drafts are listed."""
    world.sells(101)
    world.settle()
    world.company.delete_draft("shop_101")
    world.wait(3700)
    world.run()
    world.wait(DAY_LATER)
    world.run()
    assert world.held() == {"101": "draft_gone"}
    assert retry(world.settings, []) == 1
    world.settle()
    assert world.held() == {"101": "draft_gone"}  # not by a retry of everything
    retry(world.settings, ["101"])
    world.settle()
    assert world.held() == {}
    assert list(world.books().totals) == ["shop_101-2"]


def test_a_draft_that_a_replica_does_not_show_yet_is_not_gone(world: World) -> None:
    """Reads are a while behind: the order waits, and what a person could type makes no second."""
    world.faults.stale_seconds = 10
    world.sells(101, Goods("GEN-001", "1299.00"))
    world.run()
    world.sells(101, Goods("GEN-001", "1199.00"))
    assert world.run().exit_code == 3
    assert world.held() == {}
    retry(world.settings, ["101"])
    world.run()
    world.settle()
    assert world.held() == {}
    assert world.books().totals == {"shop_101": Decimal(1199)}


@pytest.mark.parametrize("shown", ["by its id", "in the lists"])
def test_what_is_there_after_all_is_not_made_anew(world: World, shown: str) -> None:
    """A person types what the hold says; the run looks before it takes a new reference."""
    world.sells(101)
    world.settle()
    draft = world.company.order("shop_101")
    del world.company.sales_orders[draft.id]
    world.wait(DAY_LATER)
    world.run()
    assert world.held() == {"101": "draft_gone"}
    world.company.sales_orders[draft.id] = draft
    if shown == "in the lists":
        world.wire.reads.always[f"poweroffice: GET /SalesOrders/{draft.id}/Complete"] = "is missing"
    retry(world.settings, ["101"])
    world.run()
    world.wire.reads.always.clear()
    world.settle()
    assert world.held() == {}
    assert list(world.books().totals) == ["shop_101"]


def test_a_number_that_another_voucher_bears_is_passed_over(world: World) -> None:
    """An old database counts a day's vouchers anew; the next free number is found."""
    world.sells(101)
    world.settle()
    old = world.state.read_bytes()
    for order_id in (102, 103):
        world.sells(order_id, email=f"kunde{order_id}@example.no")
        world.shop.set_status(order_id, "completed")
        world.settle()
        world.wait(300)
    put_back(world, old)
    world.sells(104, email="ny@example.no")
    world.shop.set_status(104, "completed")
    world.settle(at_most=12)
    assert world.held() == {}
    assert set(balances(world).values()) == {0}
    assert len(vouchers(world)) == 3


def test_a_voucher_never_takes_the_number_of_a_later_one(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of two the first was refused and its number is free again: the next one takes that."""
    monkeypatch.setattr("woo2po.transfer.payments.MOST_ORDERS", 1)
    world.sells(100)
    world.shop.set_status(100, "completed")
    world.settle()  # the journal may be posted in: from now on vouchers go side by side
    for order_id in (101, 102):
        world.sells(order_id, email=f"kunde{order_id}@example.no")
        world.shop.set_status(order_id, "completed")
    world.faults.at("POST", "/Vouchers/BankJournals", 1, "refuse")
    world.settle()
    assert len(vouchers(world)) == 2
    hour_later(world)
    world.settle()
    assert world.held() == {}
    assert set(balances(world).values()) == {0}
    assert len(vouchers(world)) == 3


def test_of_a_voucher_in_doubt_only_what_another_has_posted_counts_as_paid(world: World) -> None:
    """A voucher is posted whole or not at all, so the rest of it is still to be posted."""
    for order_id in (101, 102):
        world.sells(order_id, email=f"kunde{order_id}@example.no")
        world.shop.set_status(order_id, "completed")
    world.faults.at("POST", "/Vouchers/BankJournals", 1, "lost_before")
    world.run()
    invoice = world.record(101).invoice_no or 0
    paid = world.company.register_payment(invoice)
    entry = next(e for e in world.company.entries.values() if e.voucher_id == paid.id)
    entry.custom_matching_reference = world.record(101).matching_reference
    world.settle()
    assert world.held() == {}
    assert set(balances(world).values()) == {0}
    assert len(world.company.vouchers) == 2


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
def test_two_machines_with_one_shop_make_nothing_twice(
    lag: float | None, tmp_path: Path, folders: Iterator[Path]
) -> None:
    """A copy of the database on a second machine, and cron on both."""
    undisturbed = shop_and_company(next(folders), as_documented)
    world = shop_and_company(tmp_path, as_documented)
    world.faults.latency, world.faults.requests_per_second = 0.3, None
    other: World | None = None
    for act in LIFE:
        for one in (undisturbed, world):
            one.wait(300)
            act(one)
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


def test_the_readmes_backup_works_while_a_run_is_writing(tmp_path: Path) -> None:
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
    put_back(world, backup.read_bytes())
    assert world.settle().exit_code == 0
    assert world.record(101).number == "101"
    assert world.books() == before
