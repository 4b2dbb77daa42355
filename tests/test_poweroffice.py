"""PowerOffice's client at the stand-in: drafts, customers, the catalogue, invoices; rights."""

import asyncio
from dataclasses import replace
from decimal import Decimal

import pytest
from poweroffice_client import *

from woo2po.documents import VatCode, VoucherKind
from woo2po.http import CannotLogIn, NotAllowed
from woo2po.messages import say_both
from woo2po.poweroffice.fields import AccountSeen, GroupSeen, ProductSeen, build_catalogue
from woo2po.poweroffice.pretend import PretendingPowerOffice

ID = "0b9e2f52-0000-4000-8000-000000000000"
SPECS = ("2025", "2026")
TOTAL = Decimal("195.44")


def test_what_is_pretended_of_a_draft_shows_and_is_written_nowhere():
    sandbox = Sandbox()
    customer = sandbox.client.create_customer(KARI)
    made = sandbox.client.create_sales_order(ORDER, customer.id, None)
    written = [asked for asked in sandbox.go.requests if asked[0] != "GET"]
    go = Waited(client_over(sandbox.wire, kind=PretendingPowerOffice))
    goods, note = made.lines
    go.change_line(made.id, goods.id, line(quantity="1", vat_rate=Decimal(25)), 0)
    go.add_line(made.id, line("12", "10"), 2)
    go.delete_line(made.id, note.id)
    go.change_header(made.id, replace(ORDER, customer_reference="x"), customer.id, None)
    seen = go.draft(made.id)
    assert [(one.reference, one.quantity) for one in seen.lines] == [("11", 1), ("12", 2)]
    assert (seen.net, seen.total) == (Decimal("98.17"), Decimal("117.71"))
    assert (seen.customer_reference, seen.reference) == ("x", made.reference)
    go.delete_draft(made.id)
    assert (go.draft(made.id), sandbox.client.draft(made.id)) == (None, made)
    new = go.create_customer(BEDRIFT)
    assert [go.customer(one.id) for one in (new, customer)] == [new, customer]
    rest = [asked for asked in sandbox.go.requests if asked[0] != "GET"][len(written) :]
    assert [path for _, path, _ in rest] == ["/OAuth/Token"]


# Customers


@pytest.mark.parametrize("spec", SPECS)
def test_customers_are_found_by_number_organisation_number_and_email(spec):
    """Each kind of question is one request, and everyone is listed once; nobody sought is none."""
    sandbox = Sandbox(spec=spec)
    go = sandbox.client
    assert go.customers(organization_numbers=["", "-"], emails=[""]) == []
    assert go.delivery_addresses([]) == []
    assert sandbox.asked("GET") == []  # an empty filter would list everybody
    kari = go.create_customer(KARI)
    for n, email in enumerate(["KARI@example.no", "ba@x.no", ""]):
        go.create_customer(replace(KARI, reference=f"r{n}", email=email))
    written = ("923609016", "923 609 016", "NO923609016MVA")
    companies = [
        go.create_customer(replace(BEDRIFT, reference=one, email="", organization_number=one))
        for one in written
    ]
    for asked in written:
        assert go.customers(organization_numbers=[asked]) == companies
    before = len(sandbox.asked("GET", "/Customers"))
    found = go.customers(
        organization_numbers=written, emails=["kari@Example.no", ""], numbers=[kari.number]
    )
    assert [one.reference for one in found] == ["fjell-1", *written, "r0"]
    assert len(sandbox.asked("GET", "/Customers")) - before == (3 if spec == "2026" else 1)


def test_a_server_without_the_newer_filters_is_asked_for_everybody_once():
    """The first refusal is remembered, and so is the list, with whoever is made later."""
    sandbox = Sandbox(spec="2025")
    kari = sandbox.client.create_customer(KARI)
    go = sandbox.client.of

    async def together():
        questions = [go.customers(emails=["kari@example.no"], organization_numbers=["923609016"])]
        questions += [go.customers(emails=[f"{n}@example.no"]) for n in range(5)]
        return await asyncio.gather(*questions)

    assert RUNNER.run(together())[0] == [kari]
    bedrift = sandbox.client.create_customer(BEDRIFT)
    assert sandbox.client.customers(organization_numbers=["923609016"]) == [bedrift]
    asked = sandbox.asked("GET", "/Customers")
    assert len([query for query in asked if query.startswith("Fields")]) == 1
    assert asked[-1].startswith("Fields")


# The catalogue


HIGH, NONE = VatCode(3, "3", Decimal(25)), VatCode(5, "5", Decimal(0))
ACCOUNTS = [
    AccountSeen(id_, number, code, active=True, needs_department=False, needs_project=False)
    for id_, number, code in ((1, 3000, "3"), (2, 3100, "5"), (9, 3900, "C1"))
]


@pytest.mark.parametrize(
    ("own", "group", "numbers"),
    [((1, 2), (2, 1), (3000, 3100)), ((None, 2), (2, 1), (3100, 3100)),
     ((None, None), (1, 2), (3000, 3100)), ((1, None), (None, None), (3000, None)),
     ((None, None), None, (None, None)), ((99, None), None, (None, None))],
)  # fmt: skip
def test_an_account_is_the_products_own_else_its_groups_else_unknown(own, group, numbers):
    """The company's sales settings can't be read, so they are never guessed."""
    groups = [GroupSeen(7, *group)] if group else []
    product = ProductSeen(1, "A", False, *own, group_id=7)
    found = build_catalogue([product], groups, ACCOUNTS, [HIGH, NONE], None).products["A"]
    assert tuple(a.number if a else None for a in (found.standard, found.optional)) == numbers


def test_what_a_catalogue_leaves_out():
    """Of products with one code the oldest that can be sold counts; an account whose VAT code is
    not active carries none, and is never chosen.
    """
    products = [ProductSeen(n, "A", n == 1, 1, None, None) for n in (3, 1, 2)]
    catalogue = build_catalogue(products, [], ACCOUNTS, [HIGH, NONE], None)
    assert catalogue.products["A"].id == 2
    assert catalogue.accounts[3900].vat_code is None
    assert catalogue.accounts[3000].vat_code == HIGH


def test_the_accounts_of_a_product_are_found_whatever_its_code():
    """A comma in it divides no code in two; a product without accounts has its group's."""
    sandbox = Sandbox()
    sold_on = [sandbox.books.account(number).id for number in (3000, 3110)]
    for codes in (["LUE-7"], ["KOM,MA-1", "LUE-7"]):
        found = sandbox.client.accounts_of_products(codes)
        assert [found[code] for code in codes] == [sold_on] * len(codes)


# Rights

CASH = replace(PAID, kind=VoucherKind.CASH)
ROLES = {  # what each call needs
    "Customer_Full": [lambda go: go.customers(numbers=[10000]),
                      lambda go: go.customers(emails=["a@x.no"]),  # no missing filter
                      lambda go: go.delivery_addresses([1])],
    "Product_Full": [lambda go: go.products(), lambda go: go.product_groups()],
    "SalesOrders_Full": [lambda go: go.sales_orders()],
    "OutgoingInvoice": [lambda go: go.invoices()],
    "GeneralLedgerAccount": [lambda go: go.accounts()],
    "CommonServices": [lambda go: go.vat_codes(), lambda go: go.lock_date()],
    # The run goes on without these.
    "BankVoucher_Full": [lambda go: go.create_voucher(PAID)],
    "CashVoucher_Full": [lambda go: go.create_voucher(CASH)],
    "CustomerLedger": [lambda go: go.ledger(**OF_ONE)],
    "AccountTransaction": [lambda go: go.booked.sales(*LEDGER.values())],
}  # fmt: skip
MAY_NOT = {"BankVoucher_Full": "post_vouchers", "CashVoucher_Full": "post_vouchers",
           "CustomerLedger": "read_ledger", "AccountTransaction": "read_transactions"}  # fmt: skip


@pytest.mark.parametrize("role", ROLES)
def test_a_missing_right_is_named(role):
    """A 403 says, in both languages, which privilege to ask PowerOffice for."""
    go = Sandbox(privileges={"OutgoingInvoice"} - {role}).client
    code = f"may_not_{MAY_NOT[role]}" if role in MAY_NOT else "missing_privilege"
    for call in ROLES[role]:
        error = failure(call, go)
        kind = NotAllowed if role in MAY_NOT else CannotLogIn
        assert (type(error), error.code, error.facts["role"]) == (kind, code, role)
        assert all(role in say_both(code, language, error.facts) for language in ("en", "nb"))
    assert role not in MAY_NOT or go.invoices() == []
