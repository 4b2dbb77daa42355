"""PowerOffice's client, before the stand-in for PowerOffice Go or before answers that are scripted:
star-imported.

Its calls are waited for, on a clock that jumps: `client.draft(id)` is the draft.
"""

import asyncio
import atexit
import inspect
import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial

import httpx
import pytest
from go_desk import KEYS, Desk
from virtual_time import Loop

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

RUNNER = asyncio.Runner(loop_factory=Loop)
atexit.register(RUNNER.close)

OSLO = PostalAddress("Storgata 1", "", "0155", "Oslo", "NO")
KARI = Customer(
    reference="fjell-1", is_person=True, name="", first_name="Kari", last_name="Nordmann",
    organization_number="", email="kari@example.no", phone="", address=OSLO, prepaid=True,
)  # fmt: skip
BEDRIFT = Customer(
    reference="fjell-2", is_person=False, name="Bedrift AS", first_name="", last_name="",
    organization_number="923609016", email="post@bedrift.no", phone="22 22 55 55", address=None,
    prepaid=False,
)  # fmt: skip


def line(reference="11", price="78.173913", quantity="2", **changes):
    """Return a line of the product GEN-001, which the standard company has."""
    wanted = OrderLine(
        reference, LineKind.NORMAL, "Ullgenser, blå", product_code="GEN-001",
        quantity=Decimal(quantity), unit_price=Decimal(price),
    )  # fmt: skip
    return replace(wanted, **changes)


DAY = date(2026, 11, 20)
ORDER = SalesOrder(
    reference="fjell_1042", matching_reference="fjell-1042", imported_order_no=1042,
    customer_reference="fjell_1042", purchase_order_reference="", order_date=DAY, currency="NOK",
    lines=(line(), OrderLine("note", LineKind.TEXT, "Betalt med Vipps")),
    amounts=Amounts(Decimal("195.44"), {}, {}), dimensions={"department": "NETT"},
)  # fmt: skip
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
OF_ONE = {**LEDGER, "matching_references": ["fjell-1042"]}


class Waited:
    """Something whose calls are waited for; pages come as the list of their rows."""

    def __init__(self, of):
        self.of = of

    def __getattr__(self, name):
        found = getattr(self.of, name)
        return Waited(found) if name == "booked" else partial(_done, found)


def _done(call, *given, **named):
    made = call(*given, **named)
    return RUNNER.run(_rows(made) if inspect.isasyncgen(made) else made)


async def _rows(pages):
    return [row async for page in pages for row in page]


def client_over(transport, keys=KEYS, kind=PowerOffice):
    """Return the client on a way to somewhere."""
    address = {"base_url": "https://go.test/v2/", "token_url": "https://go.test/OAuth/Token"}
    http = httpx.AsyncClient(transport=transport)
    return kind(http, requests_per_second=10, now=RUNNER.get_loop().time, **address, **keys)


def failure(call, *given, **named):
    """Return the error that a call ends with."""
    with pytest.raises(RemoteError) as caught:
        call(*given, **named)
    return caught.value


class Scripted(Waited):
    """The client before a server that gives these answers; `requests` are those that it got."""

    def __init__(self, *answers):
        self.answers, self.requests = list(answers), []
        super().__init__(client_over(httpx.MockTransport(self._answer)))

    def _answer(self, request):
        if request.url.path.endswith("/Token"):
            return httpx.Response(200, json={"access_token": "t"})
        self.requests.append(request)
        answer = self.answers.pop(0)
        return answer if isinstance(answer, httpx.Response) else httpx.Response(200, json=answer)

    @property
    def written(self):
        """The text of the only request's body."""
        (request,) = self.requests
        return request.content.decode()

    @property
    def said(self):
        """What it says, read; of a list of changes what each path becomes."""
        body = json.loads(self.written)
        return {one["path"]: one["value"] for one in body} if isinstance(body, list) else body

    @property
    def queries(self):
        """The query of each request."""
        return [dict(request.url.params) for request in self.requests]


class Sandbox(Desk):
    """A furnished company, and the client on top of it."""

    def __init__(self, **switches):
        super().__init__(**switches)
        self.client = Waited(client_over(self.wire))
