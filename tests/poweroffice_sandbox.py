"""The PowerOffice client on top of the stand-in for PowerOffice Go, in virtual time."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import httpx
import pytest
from interface import InterfaceCheck
from virtual_time import clock, run

from woo2po.documents import (
    Amounts,
    Customer,
    Delivery,
    InvoiceWanted,
    LineKind,
    OrderLine,
    PostalAddress,
    SalesOrder,
    Voucher,
    VoucherKind,
    VoucherLine,
)
from woo2po.http import RemoteError
from woo2po.poweroffice import PowerOffice
from woo2po.sandbox.books import Books
from woo2po.sandbox.faults import Faults, FaultyTransport
from woo2po.sandbox.go import Go

KEYS = {"application_key": "app", "client_key": "client", "subscription_key": "subscription"}
OSLO = PostalAddress("Storgata 1", "", "0155", "Oslo", "NO")
KARI = Customer(
    reference="fjell-1",
    is_person=True,
    name="",
    first_name="Kari",
    last_name="Nordmann",
    organization_number="",
    email="kari@example.no",
    phone="",
    address=OSLO,
    prepaid=True,
)
BEDRIFT = Customer(
    reference="fjell-2",
    is_person=False,
    name="Bedrift AS",
    first_name="",
    last_name="",
    organization_number="923609016",
    email="post@bedrift.no",
    phone="22 22 55 55",
    address=None,
    prepaid=False,
)


class Sandbox:
    """The stand-in with its books, and the client on top of it."""

    def __init__(self, books, faults, go, client):
        self.books = books
        self.faults = faults
        self.go = go
        self.client = client

    def asked(self, method, path=""):
        """Return the queries of the requests of this kind, oldest first."""
        return [q for m, p, q in self.go.requests if m == method and p.startswith(path)]


def in_sandbox(work, base_url="https://go.test/v2", spec="2026", table=True, **switches):
    """Run `work(sandbox)` in virtual time with a furnished company, and return its result.

    All that passes has to fit the interface `table`.
    """

    async def within():
        books, faults = Books.standard(), Faults(spec=spec, **switches)
        start = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
        go = Go(books, faults, clock=lambda: start + timedelta(seconds=clock()), **KEYS)
        wire = FaultyTransport(httpx.ASGITransport(go.app), faults)
        wire = InterfaceCheck(wire, spec=spec) if table else wire
        address = {"base_url": base_url, "token_url": "https://go.test/OAuth/Token"}
        async with httpx.AsyncClient(transport=wire) as http:
            client = PowerOffice(http, requests_per_second=10, now=clock, **address, **KEYS)
            return await work(Sandbox(books, faults, go, client))

    return run(within())


def failure(work, **switches):
    """Return the error that ends such a run."""
    with pytest.raises(RemoteError) as caught:
        in_sandbox(work, **switches)
    return caught.value


def line(reference="11", price="78.173913", quantity="2", **changes):
    """Return a line of the product GEN-001, which the standard company has."""
    wanted = OrderLine(
        reference=reference,
        kind=LineKind.NORMAL,
        description="Ullgenser, blå",
        product_code="GEN-001",
        quantity=Decimal(quantity),
        unit_price=Decimal(price),
    )
    return replace(wanted, **changes)


ORDER = SalesOrder(
    reference="fjell_1042",
    matching_reference="fjell-1042",
    imported_order_no=1042,
    customer_reference="fjell_1042",
    purchase_order_reference="",
    order_date=date(2026, 11, 20),
    currency="NOK",
    lines=(line(), OrderLine("note", LineKind.TEXT, "Betalt med Vipps")),
    amounts=Amounts(Decimal("195.44"), {}, {}),
    dimensions={"department": "NETT"},
)
DAY = date(2026, 11, 20)
PREPAID = InvoiceWanted(day=DAY, due=DAY, delivery=Delivery.NONE, email="kari@example.no")
PAID = Voucher(
    reference="5e4a9b0e-3c1d-5f0a-8e57-2d1f0f6b9a01",
    kind=VoucherKind.BANK,
    day=DAY,
    currency="NOK",
    description="Vipps 20.11.2026",
    lines=(
        VoucherLine(3000009, 41, Decimal("195.44"), "Vipps"),
        VoucherLine(4000001, 41, Decimal("-195.44"), "Ordre 1042", "fjell-1042", 10001),
    ),
)
LEDGER = {"from_date": date(2026, 11, 1), "to_date": date(2026, 11, 30)}


def order(number, **changes):
    """Return the usual order under another number."""
    names = {"reference": f"fjell_{number}", "matching_reference": f"fjell-{number}"}
    return replace(ORDER, **{**names, "imported_order_no": number, **changes})


async def drafted(sandbox, number=1042, customer=None, **changes):
    """Return the customer and the draft of an order."""
    customer = customer or await sandbox.client.create_customer(KARI)
    doc = order(number, **changes)
    return customer, await sandbox.client.create_sales_order(doc, customer.id, None)


async def invoiced(sandbox, number=1042, customer=None, wanted=PREPAID, **changes):
    """Return the customer and the invoice of an order of 195.44."""
    customer, draft = await drafted(sandbox, number, customer, **changes)
    await sandbox.client.send_invoice(draft.id, wanted)
    (invoice,) = await sandbox.client.invoices(matching_references=[draft.matching_reference])
    assert abs(invoice.total) == Decimal("195.44")
    return customer, invoice


def payment(sandbox, customer, *amounts, references=("fjell-1042",), account=1903, **changes):
    """Return a voucher: one debit of an account, a credit of the customer for each amount."""
    amounts = [Decimal(amount) for amount in amounts or ("195.44",)]
    vat = sandbox.books.vat_code("0").id
    money = VoucherLine(sandbox.books.account(account).id, vat, sum(amounts), "Vipps")
    owed = [
        VoucherLine(customer.subledger_account_id, vat, -amount, "Ordre", reference)
        for amount, reference in zip(amounts, references, strict=True)
    ]
    return replace(PAID, **{"lines": (money, *owed), **changes})
