"""The client on the stand-in for PowerOffice Go, with the interface table looking on in between."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import httpx
import pytest
from interface import InterfaceCheck
from poweroffice_sandbox import KARI, KEYS, ORDER, Sandbox
from virtual_time import clock, run

from woo2po.documents import Delivery, InvoiceWanted
from woo2po.poweroffice import PowerOffice
from woo2po.sandbox.faults import Faults, FaultyTransport
from woo2po.sandbox.go import Go
from woo2po.sandbox.ledger import Books
from woo2po.transport import RemoteError

DAY = date(2026, 11, 20)
PREPAID = InvoiceWanted(day=DAY, due=DAY, delivery=Delivery.NONE, email="kari@example.no")


def checked(work, *, spec="2026", **switches):
    """Run `work(sandbox)` in virtual time: all that passes has to fit the interface table."""

    async def within():
        books, faults = Books.standard(), Faults(spec=spec, **switches)
        start = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
        go = Go(books, faults, clock=lambda: start + timedelta(seconds=clock()), **KEYS)
        wire = FaultyTransport(httpx.ASGITransport(go.app), faults)
        check = InterfaceCheck(wire, spec=spec)
        async with httpx.AsyncClient(transport=check) as http:
            address = {
                "base_url": "https://go.test/v2",
                "token_url": "https://go.test/OAuth/Token",
            }
            client = PowerOffice(http, requests_per_second=10, now=clock, **address, **KEYS)
            return await work(Sandbox(books, faults, go, client))

    return run(within())


def refused(work, **switches):
    """Return the error that ends such a run."""
    with pytest.raises(RemoteError) as caught:
        checked(work, **switches)
    return caught.value


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
