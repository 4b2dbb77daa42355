"""PowerOffice's client at the stand-in: drafts, customers, the catalogue, invoices; rights."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from poweroffice_client import (
    BEDRIFT,
    KARI,
    LEDGER,
    OF_ONE,
    ORDER,
    OSLO,
    PAID,
    PREPAID,
    RUNNER,
    Sandbox,
    Waited,
    client_over,
    failure,
    line,
)  # fmt: skip

from woo2po.documents import ProductWanted, VatCode, VoucherKind
from woo2po.http import CannotLogIn, NotAllowed, NotUnderstood, Refused
from woo2po.messages import say_both
from woo2po.poweroffice.fields import AccountSeen, GroupSeen, ProductSeen, build_catalogue
from woo2po.poweroffice.pretend import PretendingPowerOffice

ID = "0b9e2f52-0000-4000-8000-000000000000"
SPECS = ("2025", "2026")
TOTAL = Decimal("195.44")

# Drafts


def test_a_draft_that_is_gone_is_none_and_no_wrong_address_is_taken_for_one():
    """The gateway's 404 says nothing about the order: it would be made again."""
    sandbox = Sandbox()
    _, made = sandbox.drafted()
    sandbox.client.delete_draft(made.id)
    assert sandbox.client.draft(made.id) is None
    again = failure(sandbox.client.delete_draft, made.id)
    assert (type(again), again.status) == (Refused, 404)
    error = failure(Sandbox("https://go.test/v3").client.draft, ID)
    assert (type(error), error.code) == (NotUnderstood, "poweroffice_wrong_address")
    assert error.facts["host"] == "go.test"


def test_what_is_pretended_of_a_draft_shows_and_is_written_nowhere():
    """A dry run's client: lines, head and deletion, and a customer, as a run would leave them."""
    sandbox = Sandbox()
    customer, made = sandbox.drafted()
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


def test_a_person_is_made_with_an_address_and_found_again_by_our_reference():
    """What comes back is what a look-up would show, with the sub-ledger account to book on."""
    sandbox = Sandbox()
    go = sandbox.client
    made, other = go.create_customer(KARI), go.create_customer(BEDRIFT)
    stands = sandbox.books.customers[made.id]
    assert (made.is_person, made.email, made.reference) == (True, "kari@example.no", "fjell-1")
    assert not made.is_archived
    assert made.subledger_account_id
    assert (stands.first_name, stands.last_name) == ("Kari", "Nordmann")
    assert (stands.mail_address.zip_code, stands.mail_address.city) == ("0155", "Oslo")
    assert [go.customer_by_reference(one) for one in ("fjell-1", "fjell-9")] == [made, None]
    first = go.create_delivery_address(made.id, OSLO, "a-1")
    go.create_delivery_address(other.id, OSLO, "a-2")
    assert go.delivery_addresses([made.id]) == [first]
    assert first.external_code == "a-1"


def test_customers_are_found_by_number_organisation_number_and_email_in_three_requests():
    """Each kind of question is one request, and everyone is listed once; nobody sought is none."""
    sandbox = Sandbox()
    go = sandbox.client
    assert go.customers(organization_numbers=["", "-"], emails=[""]) == []
    assert go.delivery_addresses([]) == []
    assert sandbox.asked("GET") == []  # an empty filter would list everybody
    kari, bedrift = go.create_customer(KARI), go.create_customer(BEDRIFT)
    found = go.customers(
        organization_numbers=["923 609 016", "NO923609016MVA"],
        emails=["KARI@example.no", "post@bedrift.no"],
        numbers=[kari.number],
    )
    assert (len(found), set(found)) == (2, {kari, bedrift})
    assert len(sandbox.asked("GET", "/Customers")) == 3


@pytest.mark.parametrize("spec", SPECS)
def test_customers_are_found_alike_whether_the_server_filters_or_all_are_read(spec):
    """The digits of an organisation number count, however it is written, and no case."""
    for written in ("923609016", "923 609 016", "NO923609016MVA"):
        go = Sandbox(spec=spec).client
        made = go.create_customer(replace(BEDRIFT, organization_number=written))
        assert go.customers(organization_numbers=["923609016"]) == [made]
    for n, email in enumerate(["a@x.no", "A@X.no", "ba@x.no", ""]):
        go.create_customer(replace(KARI, reference=f"r{n}", email=email))
    assert [seen.reference for seen in go.customers(emails=["A@x.no", ""])] == ["r0", "r1"]


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


def test_only_what_changed_after_a_moment_is_listed():
    """Our drafts, without lines; customers; and products, so that a new one costs no reading."""
    sandbox = Sandbox()
    go = sandbox.client
    customer, _ = sandbox.drafted()
    account = next(one for one in go.accounts() if one.number == 3030)
    sandbox.wait(60)
    since = sandbox.now - timedelta(seconds=30)
    _, draft = sandbox.drafted(1043, customer)
    (listed,) = go.sales_orders(changed_after=since)
    total = Decimal("195.44")
    assert (listed.id, listed.reference, listed.total) == (draft.id, "fjell_1043", total)
    assert (listed.order_no, listed.invoice_no) == (draft.number, None)
    product = go.create_product(ProductWanted("LANG-1", "Langski", account.id))
    assert (product.code, product.standard_account_id) == ("LANG-1", account.id)
    assert go.products(since) == [product]
    bedrift = go.create_customer(BEDRIFT)
    assert go.customers_changed_since(since.astimezone()) == [bedrift]


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


# Sending


def test_another_refusal_of_sending_keeps_poweroffices_words():
    """An order on its way is in conflict with a second request, a gone one is not found."""
    for result, status, said in (("late", 409, "is being invoiced"), ("ok", 404, "")):
        sandbox = Sandbox(send_result=result)
        _, draft = sandbox.drafted()
        sandbox.client.send_invoice(draft.id, PREPAID)
        error = failure(sandbox.client.send_invoice, draft.id, PREPAID)
        assert (type(error), error.status) == (Refused, status)
        assert said in error.detail


# The invoices that are there


def test_an_invoice_may_have_another_id_than_its_order():
    """Found by the matching reference, with the order's lines; sentState still knows the order."""
    sandbox = Sandbox(spec="2025", invoice_id_is_order_id=False)
    _, draft = sandbox.drafted()
    sandbox.client.send_invoice(draft.id, PREPAID)
    (invoice,) = sandbox.client.invoices(matching_references=["fjell-1042"])
    assert invoice.id != draft.id
    number = sandbox.client.sent_state(draft.id).invoice_no
    assert (invoice.order_no, invoice.invoice_no) == (draft.number, number)
    lines = sandbox.client.invoice_lines(invoice.id)
    told = [[(x.reference, x.quantity, x.total) for x in of] for of in (lines, draft.lines)]
    assert told[0] == told[1]
    assert sandbox.client.invoice_lines(ID) == ()  # another system's, or none at all


# What is booked


def test_long_lists_show_invoices_sales_with_their_vat_and_what_an_account_took():
    """An invoice by day, number and reference; a sale is a credit, without its VAT and the debt."""
    sandbox = Sandbox(spec="2025")
    first, last = LEDGER.values()
    customer, invoice = sandbox.sent()
    booked = sandbox.client.booked
    (seen,) = booked.invoices_since(first)
    assert [seen] == booked.invoices_numbered([seen.invoice_no])
    assert [seen] == booked.invoices_of([seen.matching_reference])
    assert (seen.total, seen.balance, seen.currency) == (TOTAL, TOTAL, "NOK")
    assert seen.net < seen.total
    assert booked.invoices_since(date(2026, 12, 31)) == booked.drafts() == []
    sandbox.client.create_voucher(sandbox.payment(customer))
    sales = booked.sales(first, last)
    assert {one.voucher_id for one in sales} == {invoice.id}
    assert sum(one.amount + (one.vat or 0) for one in sales) == -invoice.total
    money = booked.on_accounts(first, last, [1903, 1904])
    assert [(one.account_no, one.amount) for one in money] == [(1903, TOTAL)]


# Rights

CASH = replace(PAID, kind=VoucherKind.CASH)
ENDS, VOUCHERS = (CannotLogIn, "missing_privilege"), (NotAllowed, "may_not_post_vouchers")


@pytest.mark.parametrize(
    ("call", "kind", "role"),
    [
        (lambda go: go.customers(numbers=[10000]), ENDS, "Customer_Full"),
        (lambda go: go.customers(emails=["a@x.no"]), ENDS, "Customer_Full"),  # no missing filter
        (lambda go: go.delivery_addresses([1]), ENDS, "Customer_Full"),
        (lambda go: go.products(), ENDS, "Product_Full"),
        (lambda go: go.product_groups(), ENDS, "Product_Full"),
        (lambda go: go.sales_orders(), ENDS, "SalesOrders_Full"),
        (lambda go: go.invoices(), ENDS, "OutgoingInvoice"),
        (lambda go: go.accounts(), ENDS, "GeneralLedgerAccount"),
        (lambda go: go.vat_codes(), ENDS, "CommonServices"),
        (lambda go: go.lock_date(), ENDS, "CommonServices"),
        # The run goes on without these.
        (lambda go: go.create_voucher(PAID), VOUCHERS, "BankVoucher_Full"),
        (lambda go: go.create_voucher(CASH), VOUCHERS, "CashVoucher_Full"),
        (lambda go: go.ledger(**OF_ONE), (NotAllowed, "may_not_read_ledger"), "CustomerLedger"),
        (
            lambda go: go.booked.sales(*LEDGER.values()),
            (NotAllowed, "may_not_read_transactions"),
            "AccountTransaction",
        ),
    ],
)
def test_a_missing_right_is_named(call, kind, role):
    """A 403 says, in both languages, which privilege to ask PowerOffice for."""
    go = Sandbox(privileges={"OutgoingInvoice"} - {role}).client
    error = failure(call, go)
    assert (type(error), error.code, error.facts["role"]) == (*kind, role)
    assert all(role in say_both(error.code, language, error.facts) for language in ("en", "nb"))
    assert kind == ENDS or go.invoices() == []
