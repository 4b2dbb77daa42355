"""The PowerOffice client on top of the stand-in for PowerOffice Go, in virtual time."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import httpx
import pytest
from virtual_time import clock, run

from woo2po.documents import Amounts, Customer, LineKind, OrderLine, PostalAddress, SalesOrder
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


def in_sandbox(work, base_url="https://go.test/v2", **switches):
    """Run `work(sandbox)` in virtual time with a furnished company, and return its result."""

    async def within():
        books, faults = Books.standard(), Faults(**switches)
        start = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
        go = Go(books, faults, clock=lambda: start + timedelta(seconds=clock()), **KEYS)
        wire = FaultyTransport(httpx.ASGITransport(go.app), faults)
        async with httpx.AsyncClient(transport=wire) as http:
            client = PowerOffice(
                http,
                base_url=base_url,
                token_url="https://go.test/OAuth/Token",
                requests_per_second=10,
                now=clock,
                **KEYS,
            )
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
