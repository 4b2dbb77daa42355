"""The same person or company is one customer, run after run and within one run."""

import pytest
from world import World

from woo2po.status import retry

ORG = "923609016"
COMPANY = {"company": "Fjell AS", "email": "post@fjell.example"}
ORG_NUMBER = [{"id": 1, "key": "_billing_org_nr", "value": ORG}]


def of_company(world: World, order_id: int, **billing: str) -> None:
    """Put an order of Fjell AS into the shop, with its organisation number."""
    world.sells(order_id, billing={**COMPANY, **billing}, meta_data=ORG_NUMBER)


def exists(world: World, email: str = "kari@example.no", **more) -> int:
    """Add a private customer to the company as a person would; return its number."""
    given = {"is_person": True, "first_name": "Kari", "last_name": "Nordmann"}
    seen = world.company.add_customer({**given, "email_address": email, **more})
    seen.created = seen.changed = world.now()
    world.wait(1)
    return seen.number


def company_exists(world: World, **more) -> int:
    """Add a company as a person would; return its number."""
    seen = world.company.add_customer({"name": "Fjell AS", **more})
    world.wait(1)
    return seen.number


def customer_of(world: World, order_id: int) -> int:
    """Return the customer number of an order in PowerOffice."""
    customer = world.company.order(f"shop_{order_id}").customer
    assert customer is not None
    return customer.number


# -- one and the same --------------------------------------------------------------------------


@pytest.mark.parametrize("latency", [0, 0.3])
def test_new_orders_of_one_new_customer_in_the_same_second_make_one(
    world: World, latency: float
) -> None:
    """They go one after the other, however many are under way."""
    world.faults.latency = latency
    for order_id in range(101, 109):
        world.sells(order_id)
    assert world.run().counts == {"made": 8}
    assert world.books().customers == ("Kari Nordmann kari@example.no",)


def test_a_customer_is_the_same_one_run_later(world: World) -> None:
    """Its id is remembered: nobody is asked."""
    world.sells(101)
    world.run()
    asked = len(world.asked("GET", "/Customers"))
    world.wait(300)
    world.sells(102)
    world.run()
    assert len(world.books().customers) == 1
    assert len(world.asked("GET", "/Customers")) == asked


def test_an_email_is_the_same_in_any_case(world: World) -> None:
    """KARI@Example.no is kari@example.no, in the shop and in PowerOffice."""
    number = exists(world, email="Kari@EXAMPLE.no")
    for order_id, email in enumerate(
        ("kari@example.no", "KARI@Example.no", " kari@example.no "), 101
    ):
        world.sells(order_id, email=email)
    world.run()
    assert {customer_of(world, order_id) for order_id in (101, 102, 103)} == {number}


def test_a_company_is_recognised_by_its_organisation_number(world: World) -> None:
    """Whatever e-mail its employees give, and however the number is written there."""
    number = company_exists(world, organization_number="NO 923 609 016 MVA")
    of_company(world, 101)
    of_company(world, 102, email="innkjop@fjell.example")
    world.run()
    assert customer_of(world, 101) == customer_of(world, 102) == number
    assert len(world.books().customers) == 1


def test_a_company_without_its_number_this_time_is_recognised_by_its_email(world: World) -> None:
    """The number is optional at the checkout: two orders, one customer."""
    of_company(world, 101)
    world.sells(102, billing=COMPANY)
    world.run()
    assert len(world.books().customers) == 1


def test_a_company_that_gives_its_number_later_is_recognised_by_its_email(world: World) -> None:
    """The customer that was made without a number has none that says otherwise."""
    world.sells(101, billing=COMPANY)
    world.run()
    world.wait(300)
    of_company(world, 102)
    world.run()
    assert len(world.books().customers) == 1


@pytest.mark.parametrize("first", ["number", "email"])
def test_orders_of_one_company_in_one_run_make_one_customer(world: World, first: str) -> None:
    """Connected by number or by e-mail: whichever comes first, they wait for each other."""
    world.faults.latency = 0.3
    with_number = {"billing": {**COMPANY, "email": "innkjop@fjell.example"}}
    orders = [{**with_number, "meta_data": ORG_NUMBER}, with_number]
    for order_id, changes in enumerate(orders if first == "number" else reversed(orders), 101):
        world.sells(order_id, **changes)
    assert world.run().counts == {"made": 2}
    assert len(world.books().customers) == 1


def test_two_companies_that_share_an_email_are_two(world: World) -> None:
    """Their organisation numbers differ, so the e-mail (an accountant's, say) proves nothing."""
    of_company(world, 101)
    other = [{"id": 1, "key": "_billing_org_nr", "value": "974760673"}]
    world.sells(102, billing={**COMPANY, "company": "Fjord AS"}, meta_data=other)
    world.run()
    assert len(world.books().customers) == 2


def test_a_person_and_a_company_of_one_email_are_two(world: World) -> None:
    """Kari buys for herself and for her company with the same address."""
    world.sells(101, email="kari@fjell.example")
    world.sells(102, billing={**COMPANY, "email": "kari@fjell.example"})
    world.sells(103, email="kari@fjell.example")
    world.sells(104, billing={**COMPANY, "email": "kari@fjell.example"})
    world.run()
    assert len(world.books().customers) == 2
    assert customer_of(world, 101) == customer_of(world, 103)
    assert customer_of(world, 102) == customer_of(world, 104)


def test_companies_as_private_are_persons(world: World) -> None:
    """Question 13: then the company's orders and its owner's are one customer by e-mail."""
    world.configure(customers={"companies_as_private": True})
    world.sells(101, billing=COMPANY)
    world.sells(102, email=COMPANY["email"])
    world.run()
    assert len(world.books().customers) == 1


def test_guests_without_email_are_a_customer_each(world: World) -> None:
    """Nothing tells that they are the same: never two people's orders on one customer."""
    world.sells(101, email="")
    world.sells(102, email="")
    world.run()
    assert len(world.books().customers) == 2
    assert customer_of(world, 101) != customer_of(world, 102)


def test_an_account_without_email_is_one_customer(world: World) -> None:
    """The shop's own customer id tells then."""
    for order_id in (101, 102):
        world.sells(order_id, email="", customer_id=7)
    world.run()
    assert len(world.books().customers) == 1


# -- those that exist --------------------------------------------------------------------------


@pytest.mark.parametrize("spec", ["2025", "2026"])
def test_an_existing_customer_is_found_with_the_older_look_up_too(world: World, spec: str) -> None:
    """Where the newer filters are missing the whole list is read, once in a run."""
    world.faults.spec = spec  # type: ignore[assignment]
    numbers = [exists(world, email=f"kunde{n}@example.no") for n in range(5)]
    firm = company_exists(world, organization_number=ORG)
    for n in range(5):
        world.sells(101 + n, email=f"kunde{n}@example.no")
    of_company(world, 110)
    world.run()
    assert [customer_of(world, 101 + n) for n in range(5)] == numbers
    assert customer_of(world, 110) == firm
    assert len(world.asked("GET", "/Customers?") + world.asked("GET", "/Customers")) <= 6
    assert len(world.books().customers) == 6


def test_of_several_the_oldest_active_one_is_taken_and_the_log_says_so(world: World) -> None:
    """Nobody merges them in PowerOffice; the choice is the same every time."""
    oldest, second, _ = exists(world), exists(world), exists(world)
    world.company.archive_customer(oldest)
    world.sells(101)
    world.run()
    assert customer_of(world, 101) == second
    warned = [log for log in world.logs if log["log_level"] == "warning"]
    assert any("several_customers" in log["event"] for log in warned)


def test_oldest_means_created_first_not_lowest_id(world: World) -> None:
    """An imported customer may have a high id and an early date."""
    first, second = exists(world), exists(world)
    by_number = {c.number: c for c in world.company.customers.values()}
    by_number[first].created, by_number[second].created = (
        by_number[second].created,
        by_number[first].created,
    )
    world.sells(101)
    world.run()
    assert customer_of(world, 101) == second


def test_an_archived_customer_is_no_reason_for_a_second(world: World) -> None:
    """The order is held with the number; out of the archive it goes within an hour."""
    number = exists(world)
    world.company.archive_customer(number)
    world.sells(101)
    world.run()
    assert world.held() == {"101": "customer_archived"}
    assert str(number) in world.reasons()["101"]
    (customer,) = world.company.customers.values()
    customer.is_archived, customer.changed = False, world.now()
    world.wait(3600)
    world.run()
    assert customer_of(world, 101) == number


def test_a_remembered_customer_that_was_archived_since_is_held_as_archived(world: World) -> None:
    """PowerOffice refuses the order at first; the next look says why, and no second is made."""
    world.sells(101)
    world.run()
    (customer,) = world.company.customers.values()
    world.company.archive_customer(customer.number)
    world.sells(102)
    world.settle()
    retry(world.settings, [])
    world.settle()
    assert world.held() == {"102": "customer_archived"}
    assert len(world.books().customers) == 1


def test_a_remembered_customer_that_was_deleted_since_is_made_anew(world: World) -> None:
    """The order is refused once; the next try looks for the customer afresh."""
    world.sells(101)
    world.run()
    (customer,) = world.company.customers.values()
    world.company.delete_draft("shop_101")
    world.company.delete_customer(customer)
    world.sells(102)
    world.settle()
    retry(world.settings, ["102"])
    world.settle()
    assert world.held() == {}
    assert list(world.books().totals) == ["shop_102"]


def test_what_stands_on_a_customer_in_poweroffice_is_never_overwritten(world: World) -> None:
    """Name, address and everything else are the accountant's."""
    exists(world, first_name="Kari Anne", payment_term=30)
    before = vars(next(iter(world.company.customers.values()))).copy()
    world.sells(101)
    world.sells(102, shipping={"address_1": "Hytteveien 9"})
    world.run()
    assert vars(next(iter(world.company.customers.values()))) == before
    assert not any(s.method == "PATCH" for s in world.wire.writes)


def test_a_customer_found_once_is_the_same_although_another_appears(world: World) -> None:
    """Our own record comes first: a duplicate made by hand later changes nothing."""
    number = exists(world)
    world.sells(101)
    world.run()
    exists(world)
    world.wait(300)
    world.sells(102)
    world.run()
    assert customer_of(world, 102) == number


def test_prepaid_customers_get_no_fee_and_no_reminders(world: World) -> None:
    """They have paid in the shop: neither an invoice fee nor a collection agency."""
    world.sells(101, email="a@example.no")
    world.sells(102, email="b@example.no", payment_method="bacs")
    world.run()
    paid, owing = world.company.customers.values()
    assert not paid.use_invoice_fee
    assert not paid.send_payment_reminders
    assert not paid.transfer_to_debt_collection_agency
    assert owing.use_invoice_fee
    assert owing.send_payment_reminders


# -- one customer number for all private persons -----------------------------------------------


def test_a_collective_customer_takes_every_private_person(world: World) -> None:
    """No person is made or looked for; companies keep their own."""
    number = exists(world, email="kasse@example.no")
    world.configure(customers={"private": "collective", "collective_number": number})
    world.sells(101, email="a@example.no")
    world.sells(102, email="b@example.no")
    of_company(world, 103)
    world.run()
    assert customer_of(world, 101) == customer_of(world, 102) == number
    assert customer_of(world, 103) != number
    assert len(world.books().customers) == 2


@pytest.mark.parametrize("archived", [False, True])
def test_a_collective_customer_that_is_missing_or_archived_holds(
    world: World, archived: bool
) -> None:
    """It is never made, and nobody else is taken."""
    number = 10_000
    if archived:
        world.company.archive_customer(number := exists(world))
    world.configure(customers={"private": "collective", "collective_number": number})
    world.sells(101)
    world.run()
    code = "customer_archived" if archived else "collective_missing"
    assert world.held() == {"101": code}
    assert world.books().documents == ()


# -- where the goods go ------------------------------------------------------------------------


def test_a_delivery_address_is_made_once_and_named_by_later_orders(world: World) -> None:
    """Run after run, whatever case it is typed in."""
    world.sells(101, shipping={"address_1": "Hytteveien 9"})
    world.run()
    world.wait(300)
    world.sells(102, shipping={"address_1": "HYTTEVEIEN 9"})
    world.sells(103, shipping={"address_1": "Hytteveien 9"})
    world.run()
    assert len(world.books().delivery_addresses) == 1
    assert {d.delivery for d in world.books().documents} == {"Hytteveien 9, 0155, Oslo"}


@pytest.mark.parametrize("reply", ["", "lost_after"])
def test_an_order_to_the_customers_own_address_goes_there(world: World, reply: str) -> None:
    """The first delivery address is inherited by later orders, which therefore name their own."""
    world.sells(101, shipping={"address_1": "Hytteveien 9"})
    world.wire.plan = {1: [reply]}
    world.settle()
    world.sells(102)
    world.settle()
    assert world.books().document("shop_102").delivery == "Storgata 1, 0155, Oslo"


def test_a_found_customers_own_delivery_address_is_not_inherited(world: World) -> None:
    """A person gave the customer another place in PowerOffice: the order goes where it says."""
    exists(world)
    (customer,) = world.company.customers.values()
    store = {"address_line1": "Lageret", "zip_code": "0155", "city": "Oslo"}
    world.company.add_delivery_address(customer, store)
    world.sells(101)
    world.run()
    assert world.books().document("shop_101").delivery == "Storgata 1, 0155, Oslo"


def test_a_delivery_address_of_the_collective_customer_is_the_orders_own(world: World) -> None:
    """Hundreds of people share that customer, and none gets another's parcel."""
    number = exists(world, email="kasse@example.no")
    world.configure(customers={"private": "collective", "collective_number": number})
    world.sells(101, email="a@example.no", shipping={"address_1": "Hytteveien 9"})
    world.run()
    world.sells(102, email="b@example.no")
    world.run()
    assert world.books().document("shop_101").delivery == "Hytteveien 9, 0155, Oslo"
    assert world.books().document("shop_102").delivery != "Hytteveien 9, 0155, Oslo"


def test_a_delivery_address_that_was_deleted_in_poweroffice_is_made_anew(world: World) -> None:
    """The order is refused once; the next try reads the customer's addresses afresh."""
    world.sells(101, shipping={"address_1": "Hytteveien 9"})
    world.settle()
    world.company.delete_draft("shop_101")
    world.company.delivery_addresses.clear()
    world.sells(102, shipping={"address_1": "Hytteveien 9"})
    world.settle()
    retry(world.settings, [])
    world.settle()
    assert world.held() == {}
    assert world.books().document("shop_102").delivery == "Hytteveien 9, 0155, Oslo"


def test_a_lost_answer_of_an_order_cancelled_meanwhile_sends_no_parcel_astray(
    world: World,
) -> None:
    """The delivery address was made, and its order never: the next order names its own."""
    world.sells(101, shipping={"address_1": "Hytteveien 9"})
    world.wire.plan = {1: ["lost_after"]}
    world.run()
    world.shop.set_status(101, "cancelled")
    world.wait(61)
    world.settle()
    world.sells(102)
    world.settle()
    assert world.books().document("shop_102").delivery == "Storgata 1, 0155, Oslo"


def test_a_refused_order_sends_no_other_parcel_astray_though_reads_lag(world: World) -> None:
    """The customer is looked for anew; that it has an address by now is known all the same."""
    world.faults.stale_seconds = 3
    world.sells(101, shipping={"address_1": "Hytteveien 9"})
    world.sells(102)
    world.wire.plan = {2: ["refuse"]}
    world.run()
    assert list(world.held()) == ["101"]
    world.settle()
    assert world.books().document("shop_102").delivery == "Storgata 1, 0155, Oslo"
