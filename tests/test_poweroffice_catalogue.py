"""Lists of PowerOffice through the client, and the catalogue that is built of them."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from poweroffice_sandbox import KARI, ORDER, in_sandbox

from woo2po.catalogue import VatCode
from woo2po.documents import ProductWanted
from woo2po.poweroffice.fields import AccountSeen, GroupSeen, ProductSeen, build_catalogue


def test_only_orders_changed_after_a_moment_are_listed():
    """Our drafts since then, without lines."""

    async def work(sandbox):
        customer = await sandbox.client.create_customer(KARI)
        await sandbox.client.create_sales_order(ORDER, customer.id, None)
        await asyncio.sleep(60)
        since = sandbox.go.clock() - timedelta(seconds=30)
        later = replace(ORDER, reference="fjell_1043", matching_reference="fjell-1043")
        made = await sandbox.client.create_sales_order(later, customer.id, None)
        return made, await sandbox.client.sales_orders(changed_after=since)

    made, listed = in_sandbox(work)
    assert [(one.id, one.reference, one.total) for one in listed] == [
        (made.id, "fjell_1043", Decimal("195.44"))
    ]
    assert (listed[0].order_no, listed[0].invoice_no) == (made.number, None)


def test_invoices_are_asked_for_by_matching_reference_and_day_only():
    """Only documented filters go out, and none that would hide what a person sent."""

    async def work(sandbox):
        await sandbox.client.invoices(matching_references=["a", "b"], from_date=date(2026, 11, 1))
        return sandbox.asked("GET", "/OutgoingInvoices")

    (query,) = in_sandbox(work, spec="2025")
    names = [pair.partition("=")[0] for pair in query.split("&")]
    wanted = ["fromDate", "customMatchingReferences", "Fields", "PageSize", "PageNumber"]
    assert names == wanted


def test_the_company_is_read_in_five_requests():
    """Products, groups, accounts, VAT codes and the lock date make the catalogue."""

    async def work(sandbox):
        go = sandbox.client
        catalogue = build_catalogue(
            await go.products(),
            await go.product_groups(),
            await go.accounts(),
            await go.vat_codes(),
            await go.lock_date(),
        )
        return catalogue, len(sandbox.asked("GET"))

    catalogue, requests = in_sandbox(work)
    assert requests == 5
    assert catalogue.lock_date == date(2026, 8, 31)
    hat = catalogue.product("LUE-7")
    assert (hat.standard.number, hat.optional.number) == (3000, 3110)
    assert catalogue.rates_of(hat) == "25 % (3000), 0 % (3110)"
    assert catalogue.accounts[6300].needs_department


def test_a_product_that_was_made_is_listed_among_those_changed_since():
    """A new product costs no second reading of all of them."""

    async def work(sandbox):
        account = next(a for a in await sandbox.client.accounts() if a.number == 3030)
        await asyncio.sleep(60)
        before = sandbox.go.clock() - timedelta(seconds=30)
        made = await sandbox.client.create_product(ProductWanted("LANG-1", "Langski", account.id))
        return account.id, made, await sandbox.client.products(before)

    account_id, made, changed = in_sandbox(work)
    assert changed == [made]
    assert (made.code, made.standard_account_id) == ("LANG-1", account_id)


HIGH, NONE = VatCode(3, "3", Decimal(25)), VatCode(5, "5", Decimal(0))
ACCOUNTS = [
    AccountSeen(1, 3000, "3", active=True, needs_department=False, needs_project=False),
    AccountSeen(2, 3100, "5", active=True, needs_department=False, needs_project=False),
    AccountSeen(9, 3900, "C1", active=True, needs_department=False, needs_project=False),
]


@pytest.mark.parametrize(
    ("own", "group", "numbers"),
    [
        ((1, 2), (2, 1), (3000, 3100)),
        ((None, 2), (2, 1), (3100, 3100)),
        ((None, None), (1, 2), (3000, 3100)),
        ((1, None), (None, None), (3000, None)),
        ((None, None), None, (None, None)),
        ((99, None), None, (None, None)),
    ],
)
def test_an_account_is_the_products_own_else_its_groups_else_unknown(own, group, numbers):
    """The company's sales settings can't be read, so they are never guessed."""
    groups = [GroupSeen(7, *group)] if group else []
    product = ProductSeen(1, "A", False, *own, group_id=7)
    found = build_catalogue([product], groups, ACCOUNTS, [HIGH, NONE], None).products["A"]
    assert tuple(a.number if a else None for a in (found.standard, found.optional)) == numbers


def test_of_products_with_one_code_the_oldest_that_can_be_sold_counts():
    """An archived namesake hides nothing."""
    old, sold, new = (ProductSeen(n, "A", n == 1, 1, None, None) for n in (1, 2, 3))
    assert build_catalogue([new, old, sold], [], ACCOUNTS, [HIGH], None).products["A"].id == 2


def test_an_account_with_a_vat_code_that_is_not_active_carries_none():
    """Such an account is never chosen for a line."""
    catalogue = build_catalogue([], [], ACCOUNTS, [HIGH, NONE], None)
    assert catalogue.accounts[3900].vat_code is None
    assert catalogue.accounts[3000].vat_code == HIGH
