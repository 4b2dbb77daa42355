"""The same person or company is one customer, run after run and within one run."""

from typing import Any

import pytest
from stories import *
from world import World

ORG = "923609016"
COMPANY: dict[str, Any] = {"company": "Fjell AS", "email": "post@fjell.example"}
BUYS = {**COMPANY, "email": "innkjop@fjell.example"}
KARI = {"is_person": True, "first_name": "Kari", "last_name": "Nordmann"}
AT_HOME, AT_THE_CABIN = "Storgata 1, 0155, Oslo", "Hytteveien 9, 0155, Oslo"


def numbered(number: str = ORG) -> list[dict[str, Any]]:
    return [{"id": 1, "key": "_billing_org_nr", "value": number}]


def of_company(order_id: int = 101, **billing: str) -> Step:
    return sells(order_id, billing={**COMPANY, **billing}, meta_data=numbered())


def _exists(world: World, **more: Any) -> None:
    given = {**KARI, "email_address": "kari@example.no", **more}
    seen = Customer.made(world.company, given)
    seen.created = seen.changed = world.now()
    world.wait(1)


exists = step(_exists)  # the first one's number is 10000
firm_exists = step(lambda world, **more: Customer.made(
    world.company, {"name": "Fjell AS", **more}) and world.wait(1))  # fmt: skip


def first(world: World) -> Any:
    return next(iter(world.company.customers.values()))


def _customer_of(world: World, order_id: int) -> int:
    customer = world.company.order(f"shop_{order_id}").customer
    assert customer is not None
    return customer.number


def customers(*numbers: int, first: int = 101) -> Step:
    """Compare whose the orders from a first one on are, by customers' numbers."""
    those = range(first, first + len(numbers))
    return that(lambda world: tuple(_customer_of(world, n) for n in those), numbers)


def goes_to(place: str, order_id: int = 101) -> Step:
    return that(lambda world: world.books().document(f"shop_{order_id}").delivery, place)


def looked_up(times: int) -> Step:
    return that(lambda world: len(world.asked("GET", "/Customers")), times)


@step
def swapped_in_age(world: World) -> None:
    """An imported customer may have a high id and an early date."""
    one, other = world.company.customers.values()
    one.created, other.created = other.created, one.created


@step
def stays_as_it_is(world: World, *steps: Step) -> None:
    """Name, address and everything else of the customer are the accountant's."""
    before = vars(first(world)).copy()
    told(steps, world)
    assert vars(first(world)) == before
    assert not any(s.method == "PATCH" for s in world.wire.writes)


# fmt: off
COLLECTIVE = configure(customers={"private": "collective", "collective_number": 10_000})
SAME: dict[str, Story] = {
    "eight new orders of one new customer in the same second, at 300 ms a request": (
        faults(latency=0.3), *(sells(n) for n in range(101, 109)), run(),
        then(counts={"made": 8}),
        that(lambda world: world.books().customers, ("Kari Nordmann kari@example.no",))),
    "one run later nobody is asked: its id is remembered": (
        sells(), run(), looked_up(1), sells(102), later(300), then(customers=1), looked_up(1)),
    "a company by its organisation number, however it is written and whoever buys": (
        firm_exists(organization_number="NO 923 609 016 MVA"), of_company(),
        of_company(102, email=BUYS["email"]), run(), customers(10_000, 10_000), then(customers=1)),
    **{f"orders of one company under way at once, the one with a number {place}": (
        faults(latency=0.3), *(sells(n, billing=BUYS, **more) for n, more in enumerate(two, 101)),
        run(), then(counts={"made": 2}, customers=1))
       for place, two in (("first", ({"meta_data": numbered()}, {})),
                          ("last", ({}, {"meta_data": numbered()})))},
    "two companies that share an e-mail are two: their numbers differ": (
        of_company(), sells(102, billing={**COMPANY, "company": "Fjord AS"},
                            meta_data=numbered("974760673")), run(), then(customers=2)),
    "a person and a company of one e-mail are two": (
        sells(101, email=COMPANY["email"]), sells(102, billing=COMPANY),
        sells(103, email=COMPANY["email"]), sells(104, billing=COMPANY), run(),
        customers(10_000, 10_001, 10_000, 10_001), then(customers=2)),
    "an account without e-mail is one: the shop's own customer id tells": (
        sells(email="", customer_id=7), sells(102, email="", customer_id=7), run(),
        then(customers=1)),
}

EXISTS: dict[str, Story] = {
    **{f"it is found with the older look-up too, in a few questions ({spec})": (
        faults(spec=spec), *(exists(email_address=f"kunde{n}@example.no") for n in range(5)),
        firm_exists(organization_number=ORG),
        *(sells(101 + n, email=f"kunde{n}@example.no") for n in range(5)), of_company(106), run(),
        customers(*range(10_000, 10_006)), then(customers=6), looked_up(2))
       for spec in ("2025", "2026")},
    "of several the oldest active one is taken, and the log says so": (
        exists(), exists(), exists(), archives(10_000), sells(), run(),
        customers(10_001), that(lambda world: "several_customers" in str(
            [log["event"] for log in world.logs if log["log_level"] == "warning"]), due=True)),
    "oldest means created first, not lowest id": (
        exists(), exists(), swapped_in_age(), sells(), run(), customers(10_001)),
    "an archived one is no reason for a second; out of the archive it goes within an hour": (
        exists(), archives(10_000), sells(), run(),
        then("customer_archived", ("10000",)), lambda world: vars(first(world)).update(
            changed=world.now(), is_archived=False), later(3600),
        customers(10_000), then()),
    "a remembered one that was archived since is held as archived": (
        sells(), run(), archives(10_000), sold(102), retried(), settle(),
        then({"102": "customer_archived"}, customers=1)),
    "what stands on it is never overwritten": (
        exists(first_name="Kari Anne", payment_term=30),
        stays_as_it_is(sells(), sells(102, **CABIN), run())),
    "a collective one takes every private person; companies keep their own": (
        exists(email_address="kasse@example.no"), COLLECTIVE, sells(email="a@example.no"),
        sells(102, email="b@example.no"), of_company(103), run(),
        customers(10_000, 10_000, 10_001), then(customers=2)),
    "a collective one that is archived holds": (
        exists(), archives(10_000), COLLECTIVE, sells(), run(),
        then("customer_archived", documents=0)),
    "a collective one that is missing holds, and is never made": (
        COLLECTIVE, sells(), run(), then("collective_missing", documents=0, customers=0)),
}

# -- where the goods go ----------------------------------------------------------------------------

PLACES: dict[str, Story] = {
    "an address is made once and named by later orders, in whatever case": (
        sells(**CABIN), run(), wait(300), sells(102, shipping={"address_1": "HYTTEVEIEN 9"}),
        sells(103, **CABIN), run(), *(goes_to(AT_THE_CABIN, n) for n in (101, 102, 103)),
        that(lambda world: len(world.books().delivery_addresses), 1)),
    **{f"to the customer's own address, which is named though another is inherited ({reply})": (
        sells(**CABIN), loses({1: [reply]}), settle(), sold(102), goes_to(AT_HOME, 102))
       for reply in ("", "lost_after")},
    "an address of the collective customer is the order's own": (
        exists(email_address="kasse@example.no"), COLLECTIVE,
        sells(email="a@example.no", **CABIN), run(), sells(102, email="b@example.no"), run(),
        goes_to(AT_THE_CABIN),
        that(lambda world: world.books().document("shop_102").delivery != AT_THE_CABIN, due=True)),
    "a lost answer of an order cancelled meanwhile sends no parcel astray": (
        sells(**CABIN), loses({1: ["lost_after"]}), run(), status_is("cancelled"), wait(61),
        settle(), sold(102), goes_to(AT_HOME, 102)),
}
# fmt: on
STORIES = SAME | EXISTS | PLACES


@pytest.mark.parametrize("what", STORIES)
def test_a_customer(what, world):
    told(STORIES[what], world)
