"""The client on the stand-in for PowerOffice Go, with the interface table looking on in between."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import httpx
import pytest
from interface import InterfaceCheck
from poweroffice_sandbox import KARI, KEYS, ORDER, Sandbox
from virtual_time import clock, run

from woo2po.documents import Delivery, InvoiceWanted, Voucher, VoucherKind, VoucherLine
from woo2po.http import RemoteError
from woo2po.poweroffice import PowerOffice
from woo2po.sandbox.books import Books
from woo2po.sandbox.faults import Faults, FaultyTransport
from woo2po.sandbox.go import Go

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
