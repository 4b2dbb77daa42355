"""Customers through the PowerOffice client, against the stand-in for PowerOffice Go."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from poweroffice_sandbox import BEDRIFT, KARI, OSLO, failure, in_sandbox

from woo2po.http import CannotLogIn


def test_a_person_is_made_with_name_and_address():
    """What comes back is what a look-up would show, with the sub-ledger account to book on."""

    async def work(sandbox):
        made = await sandbox.client.create_customer(KARI)
        return made, sandbox.books.customers[made.id]

    made, stands = in_sandbox(work)
    assert (made.is_person, made.email, made.reference) == (True, "kari@example.no", "fjell-1")
    assert made.subledger_account_id
    assert (stands.first_name, stands.last_name) == ("Kari", "Nordmann")
    assert (stands.mail_address.zip_code, stands.mail_address.city) == ("0155", "Oslo")


def test_customers_are_found_by_number_organisation_number_and_email_in_three_requests():
    """Each kind of question is one request; everyone is listed once."""

    async def work(sandbox):
        kari = await sandbox.client.create_customer(KARI)
        bedrift = await sandbox.client.create_customer(BEDRIFT)
        found = await sandbox.client.customers(
            organization_numbers=["923 609 016", "NO923609016MVA"],
            emails=["KARI@example.no", "post@bedrift.no"],
            numbers=[kari.number],
        )
        return {kari, bedrift}, found, sandbox.asked("GET", "/Customers")

    wanted, found, asked = in_sandbox(work)
    assert set(found) == wanted
    assert (len(found), len(asked)) == (2, 3)


@pytest.mark.parametrize("spec", ["2025", "2026"])
@pytest.mark.parametrize("written", ["923609016", "923 609 016", "NO923609016MVA"])
def test_an_organisation_number_is_found_however_it_is_written(spec, written):
    """The digits count, whether the server filters or all customers are read."""

    async def work(sandbox):
        made = await sandbox.client.create_customer(replace(BEDRIFT, organization_number=written))
        return made, await sandbox.client.customers(organization_numbers=["923609016"])

    made, found = in_sandbox(work, spec=spec, table=False)
    assert found == [made]


@pytest.mark.parametrize("spec", ["2025", "2026"])
def test_both_ways_of_looking_find_the_same(spec):
    """What the server can't filter is filtered here, in the same way."""

    async def work(sandbox):
        for n, email in enumerate(["a@x.no", "A@X.no", "ba@x.no", ""]):
            await sandbox.client.create_customer(replace(KARI, reference=f"r{n}", email=email))
        return await sandbox.client.customers(emails=["A@x.no", ""])

    assert [seen.reference for seen in in_sandbox(work, spec=spec, table=False)] == ["r0", "r1"]


def test_a_server_without_the_newer_filters_is_asked_for_everybody_once():
    """The first refusal is remembered, and so is the list, with whoever is made later."""

    async def work(sandbox):
        go = sandbox.client
        kari = await go.create_customer(KARI)
        questions = [go.customers(emails=["kari@example.no"], organization_numbers=["923609016"])]
        questions += [go.customers(emails=[f"{n}@example.no"]) for n in range(5)]
        first, *_ = await asyncio.gather(*questions)
        bedrift = await go.create_customer(BEDRIFT)
        found = await go.customers(organization_numbers=["923609016"])
        asked = sandbox.asked("GET", "/Customers")
        everybody = [query for query in asked if query.startswith("Fields")]
        return (first, found) == ([kari], [bedrift]), len(everybody), "Fields" in asked[-1][:6]

    assert in_sandbox(work, spec="2025", table=False) == (True, 1, True)


def test_a_missing_right_is_no_missing_filter():
    """Only a 400 means that the filter is unknown."""
    error = failure(lambda sandbox: sandbox.client.customers(emails=["a@x.no"]), privileges=set())
    assert isinstance(error, CannotLogIn)


def test_nobody_is_asked_for_when_nobody_is_sought():
    """Empty questions cost no request: an empty filter would list everybody."""

    async def work(sandbox):
        assert await sandbox.client.customers(organization_numbers=["", "-"], emails=[""]) == []
        assert await sandbox.client.delivery_addresses([]) == []
        return sandbox.go.requests

    assert in_sandbox(work) == []


def test_a_customer_is_found_again_by_our_own_reference():
    """After a lost answer the reference tells whether the customer was made."""

    async def work(sandbox):
        made = await sandbox.client.create_customer(KARI)
        found = await sandbox.client.customer_by_reference("fjell-1")
        return made == found, await sandbox.client.customer_by_reference("fjell-9")

    assert in_sandbox(work) == (True, None)


def test_only_customers_changed_after_a_moment_are_listed():
    """The moment goes out in UTC."""

    async def work(sandbox):
        await sandbox.client.create_customer(KARI)
        await asyncio.sleep(60)
        later = await sandbox.client.create_customer(BEDRIFT)
        oslo = (sandbox.go.clock() - timedelta(seconds=30)).astimezone(
            datetime.fromisoformat("2026-11-23T00:00:00+01:00").tzinfo
        )
        return later, await sandbox.client.customers_changed_since(oslo)

    later, changed = in_sandbox(work)
    assert changed == [later]


def test_delivery_addresses_are_listed_by_customer():
    """The code that we gave it tells an address again."""

    async def work(sandbox):
        go = sandbox.client
        kari, bedrift = await go.create_customer(KARI), await go.create_customer(BEDRIFT)
        first = await go.create_delivery_address(kari.id, OSLO, "a-1")
        await go.create_delivery_address(bedrift.id, OSLO, "a-2")
        return first, await go.delivery_addresses([kari.id])

    first, listed = in_sandbox(work)
    assert listed == [first]
    assert first.external_code == "a-1"
