"""Stories of orders as data: steps in the shop, in PowerOffice and of the job, and what is then.

    "cancelled in time": (sold(), turns("cancelled"), then(drafts=set(), invoiced={})),

`from stories import *`: its names are the language in which stories are told. Each step is made
by a function of this module; it acts on order 101 where none is named. `then`
compares what there is with what must be, and that nothing is held unless it says so.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from wire import Answer, Odd
from world import Killed, World

from woo2po import status
from woo2po.connections import Connections
from woo2po.sandbox.books import Books
from woo2po.sandbox.ledger import Invoice, Voucher
from woo2po.sandbox.records import Customer, DeliveryAddress
from woo2po.sandbox.shop_orders import Goods

INVOICED: dict[str, Any] = {"create": True, "when": "processing"}
PAID: dict[str, Any] = {
    "register": True,
    "accounts": {"vipps": 1903, "klarna_payments": 1904, "klarna": 1904},
    "types": {"cod": "cash"},
}
HOUR = 3601
Step = Callable[[World], object]
Story = tuple[Step, ...]
WAIT = 300  # seconds, as cron waits between two runs
UNPAID: dict[str, Any] = {"date_paid": None, "date_paid_gmt": None}
BY_INVOICE: dict[str, Any] = {"payment_method": "bacs", **UNPAID}
COD: dict[str, Any] = {"payment_method": "cod", **UNPAID}
BACK: dict[str, Any] = {"refunded_payment": True}
PRICE = Decimal("1299.00")  # of what is sold where nothing is said of it
DEAR, CHEAP, HAT = (
    Goods("GEN-001", "1299.00"), Goods("GEN-001", "1199.00"), Goods("LUE-7", "249.00"))  # fmt: skip
CABIN = {"shipping": {"address_1": "Hytteveien 9"}}


def step(act: Callable[..., object]) -> Callable[..., Step]:
    """Make a function of a world and more a maker of steps of that more."""
    return lambda *args, **named: lambda world: act(world, *args, **named)


def told(story: Story, world: World) -> None:
    """Let a story happen in a world; an assertion that fails names its step."""
    for n, one in enumerate(story, 1):
        try:
            assert not callable(one(world)), "what makes steps is no step"
        except AssertionError as error:
            error.add_note(f"in step {n} of the story")
            raise
    everything_balances(world)


def deaths(world: World, folders: Iterator[Path], *story: Step, at: str = "") -> Iterator[World]:
    """Yield twins of a world, after a story, that died in their next run: each at another kind of
    commit, of those that write `at`.
    """

    def begun() -> World:
        twin = world.twin(next(folders))
        told(story, twin)
        return twin

    undisturbed = begun()
    undisturbed.run()
    places = {what: n for n, what in enumerate(undisturbed.committed_what, 1) if at in what}
    assert len(places) > 1
    for n in places.values():
        other = begun()
        other.dies_at_commit = n
        with pytest.raises(Killed):
            other.run()
        yield other


# -- the shop --------------------------------------------------------------------------------------


@step
def sells(world: World, order_id: int = 101, *goods: Goods, **changes: Any) -> None:
    world.sells(order_id, *goods, **changes)


@step
def sold(world: World, *what: Any, **changes: Any) -> None:
    sells(*what, **changes)(world)
    world.settle()


@step
def becomes(world: World, *what: Any, **changes: Any) -> None:
    world.wait(WAIT)
    sold(*what, **changes)(world)


@step
def status_is(world: World, name: str, *order_ids: int) -> None:
    for order_id in order_ids or (101,):
        world.shop.set_status(order_id, name)


@step
def turns(world: World, *what: Any) -> None:
    world.wait(WAIT)
    status_is(*what)(world)
    world.settle()


@step
def refunds(world: World, amount: str, order_id: int = 101, **more: Any) -> None:
    world.shop.add_refund(order_id, {"amount": amount, **more})


@step
def refunded(world: World, *what: Any, **more: Any) -> None:
    world.wait(WAIT)
    refunds(*what, **more)(world)
    world.settle()


@step
def edited(world: World, order_id: int = 101, **changes: Any) -> None:
    world.wait(WAIT)
    world.shop.edit(order_id, **changes)
    world.settle()


# -- what people do there and in PowerOffice, and how both are ------------------------------------


def _acts(whose: str) -> Callable[..., Step]:
    return step(lambda w, what, *args, **how: getattr(getattr(w, whose), what)(*args, **how))


def _changes(thing: Callable[..., Any]) -> Callable[..., Step]:
    """Return what sets attributes of a thing, which may be one of several."""

    def change(world: World, *which: Any, **changes: Any) -> None:
        for name, value in changes.items():
            setattr(thing(world, *which), name, value)

    return step(change)


in_the_shop, person = _acts("shop"), _acts("company")
the_shop = _changes(lambda world: world.shop)
there_is = step(lambda world, customer: Customer.made(world.company, customer))
draft_has = step(lambda world, name, **has: world.company.order(name).change(has))
account = _changes(lambda world, number: world.company.account(number))
changes = _changes(lambda world: world)
company, faults = _changes(lambda world: world.company), _changes(lambda world: world.faults)
fails = step(lambda world, *what, **how: world.faults.at(*what, **how))
loses = step(lambda world, plan: setattr(world.wire, "plan", plan))  # the nth write, its faults
without = step(lambda world, name: world.faults.privileges.discard(name))
given = step(lambda world, name: world.faults.privileges.add(name))


@step
def has_an_address(world: World, address: Mapping[str, str]) -> None:
    """Give the first customer another place."""
    who = str(next(iter(world.company.customers)))
    DeliveryAddress.made(world.company, dict(address), {"contact": who})


def odd(world: World, system: str, path: str, answer: Answer, method: str = "GET") -> Odd:
    """Let a system answer so to requests of a kind, by default to reads of a path."""
    between = Odd(getattr(world.connections, system), path, answer, method)
    world.connections = replace(world.connections, **{system: between})
    return between


def honest(world: World) -> None:
    world.connections = Connections(world.shop_wire, world.wire)


answers = step(odd)


@step
def archives(world: World, which: object) -> None:
    """Archive a product, by its code, or a customer, by the number."""
    things = {one.code: one for one in world.company.products.values()}
    things |= {one.number: one for one in world.company.customers.values()}
    things[which].change({"is_archived": True})


# -- the job ---------------------------------------------------------------------------------------


@step
def runs(world: World, times: int = 1, seconds: float = 0) -> None:
    for _ in range(times):
        world.run()
        world.wait(seconds)


@step
def later(world: World, seconds: float = HOUR, times: int = 1) -> None:
    for _ in range(times):
        world.wait(seconds)
        world.run()


@step
def unchanged(world: World, name: str, *steps: Step) -> None:
    """Let steps happen that leave something of FOUND as it was."""
    before = FOUND[name](world)
    told(steps, world)
    assert FOUND[name](world) == before


@step
def idle(world: World) -> None:
    """Let a run do its last, and the next ask PowerOffice for nothing."""
    told((later(WAIT), unchanged("asked", later(WAIT))), world)


@step
def backed_up(world: World, *meanwhile: Step) -> None:
    """Back the database up, let things happen, and put it back."""
    old = world.files()
    told(meanwhile, world)
    world.put_back(old)


run = step(World.run)
settle, wait, configure = step(World.settle), step(World.wait), step(World.configure)
loads = step(World.loads)
an_hour_later: Step = later()
ON_COMPLETION = configure(invoices={"create": True, "when": "completed"})
BY_HAND = configure(invoices={"create": False})
INVOICED_BY_HAND = person("invoice_by_hand", "shop_101")
state_lost = step(lambda world: world.put_back({}))
retried = step(lambda world, *numbers: status.retry(world.settings, list(numbers)))
skipped = step(lambda world, number, why: status.skip(world.settings, number, why))


# -- what is then ----------------------------------------------------------------------------------


class Pair(NamedTuple):
    """Two lines of a voucher: on which account came (or, below 0, went) how much, and of what."""

    account: int
    reference: str
    amount: Decimal


@dataclass(frozen=True)
class Booked:
    """A voucher: its journal, day and currency."""

    kind: str
    day: date
    currency: str
    pairs: tuple[Pair, ...]


def business(folder: Path, **sections: Mapping[str, Any]) -> World:
    return World(folder, **({"invoices": INVOICED, "payments": PAID} | sections))


def invoice(world: World, reference: str) -> Invoice:
    found = [
        one
        for one in world.company.outgoing_invoices.values()
        if one.order.external_import_reference == reference
    ]
    assert len(found) == 1, f"{len(found)} invoices of {reference}"
    return found[0]


def invoiced(world: World) -> dict[str, Decimal]:
    """Return the total of every invoice and credit note; fails where one stands twice."""
    listed = world.company.outgoing_invoices.values()
    names = Counter(one.order.external_import_reference or "" for one in listed)
    assert max(names.values(), default=1) == 1, f"invoiced twice: {names}"
    return {one.order.external_import_reference or "": one.total_amount for one in listed}


def balances(world: World) -> dict[str, Decimal]:
    return {
        one.order.external_import_reference or "": one.balance
        for one in world.company.outgoing_invoices.values()
    }


def drafts(world: World) -> set[str]:
    return {one.external_import_reference or "" for one in world.company.sales_orders.values()}


def vouchers(world: World, *, ours: bool = False) -> list[Booked]:
    """Return the vouchers (`ours`: the job's) as they were posted; fails for one whose lines do not
    come in pairs.
    """
    company = world.company
    every = (one for one in company.vouchers.values()
             if not ours or one.is_created_by_current_integration)  # fmt: skip
    return [_booked(company, one) for one in every]


def own_part(matching: str | None) -> str:
    """Return what a matching reference says beside the shop's own part."""
    return (matching or "").split("-", 2)[-1]


def _booked(company: Books, voucher: Voucher) -> Booked:
    assert sum(line.currency_amount for line in voucher.lines) == 0
    numbers = {account.id: account.account_no for account in company.accounts.values()}
    money, customers = voucher.lines[::2], voucher.lines[1::2]
    pairs = []
    for one, other in zip(money, customers, strict=True):
        assert one.currency_amount == -other.currency_amount
        assert company.customer_of_account(other.account_id) is not None
        assert one.posting_date == other.posting_date == voucher.voucher_date
        name = own_part(other.custom_matching_reference)
        pairs.append(Pair(numbers[one.account_id], name, one.currency_amount))
    kind = voucher.voucher_type.removesuffix("Journal").lower()
    return Booked(kind, voucher.voucher_date, voucher.currency_code, tuple(sorted(pairs)))


def on_accounts(world: World) -> dict[int, Decimal]:
    """Return what payments left on each clearing account, in kroner."""
    numbers = {one.voucher_no for one in world.company.vouchers.values()}
    sums: Counter[int] = Counter()
    for posting in world.company.postings:
        if posting.voucher_no in numbers and posting.account_no != 1500:
            sums[posting.account_no] += posting.amount  # type: ignore[assignment]
    return {number: Decimal(amount) for number, amount in sums.items() if amount}


def everything_balances(world: World) -> None:
    """Fail unless the postings of every voucher number sum to 0."""
    sums: Counter[int] = Counter()
    for posting in world.company.postings:
        sums[posting.voucher_no] += posting.amount  # type: ignore[assignment]
    assert not [number for number, amount in sums.items() if amount]


FOUND: dict[str, Callable[[World], Any]] = {
    "accounts": on_accounts,
    "asked": lambda world: len(world.go.requests),
    "balances": balances,
    "open": lambda world: {name: left for name, left in balances(world).items() if left},
    "counts": lambda world: world.outcome.counts,
    "customers": lambda world: len(world.books().customers),
    "documents": lambda world: len(world.books().documents),
    "drafts": drafts,
    "exit_code": lambda world: world.outcome.exit_code,
    "invoiced": invoiced,
    "ledger": lambda world: sum(one.balance for one in world.company.entries.values()),
    "made": lambda world: len(world.asked("POST", "/SalesOrders/Complete")),
    "paid": lambda world: len(vouchers(world)),
    "names": lambda world: set(invoiced(world)),
    "posted": lambda world: len(world.asked("POST", "/Vouchers")),
    "problem": lambda world: world.outcome.problem,
    "sendings": lambda world: sum(sent.sends for sent in world.wire.writes),
    "state": lambda world: world.record(101).state,
    "totals": lambda world: world.books().totals,
    "vouchers": vouchers,
    "warnings": lambda world: list(world.outcome.warnings),
    "writes": lambda world: len(world.wire.writes),
}


def then(held: str | Mapping[str, str] = "", says: tuple[str, ...] = (), **wanted: Any) -> Step:
    """Compare: `held` is why order 101 is held, or why which ones are; `says` is in its reason;
    `wanted` are names of FOUND, each with what it must be, or a function that must be true of it.
    """

    def compare(world: World) -> None:
        due = {"101": held} if isinstance(held, str) else held
        assert world.held() == (due if held else {}), f"held: {world.held()}"
        for part in says:
            assert part in world.reasons()["101"], world.reasons()
        for name, is_due in wanted.items():
            found = FOUND[name](world)
            assert is_due(found) if callable(is_due) else found == is_due, f"{name}: {found}"

    return compare


def only(*names: str) -> Callable[[Any], bool]:
    """Return what is true of documents with these references, and of no others."""
    return lambda found: list(found) == list(names)


@step
def that(world: World, of: Callable[[World], Any], due: Any) -> None:
    """Compare anything of a world with what it must be."""
    found = of(world)
    assert found == due, f"{found}"


def day_of(reference: str, day: date) -> Step:
    return that(lambda world: invoice(world, reference).voucher_date, day)


def reads(text: str, *texts: str) -> None:
    """Fail unless these stand in a text in this order; what begins with "no " must not be there.

    Blanks and line ends of the text count as single blanks, and none stands within a figure.
    """
    whole = " ".join(text.replace("\N{NO-BREAK SPACE}", "").split())
    places = [whole.find(one) for one in texts if not one.startswith("no ")]
    assert -1 not in places, whole
    assert places == sorted(places), whole
    for one in texts:
        assert not one.startswith("no ") or one[3:] not in whole, whole
