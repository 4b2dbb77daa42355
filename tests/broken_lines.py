"""Orders carried over lines that really break: each write is hit, then runs until all is quiet."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from unittest import mock

import httpx
import structlog
from goods import Goods, amounts
from lines import CERTIFICATE, Line, free_port, line_to
from served import Served, served

from woo2po import run as job
from woo2po.config import load
from woo2po.sandbox.shop_orders import recorded


@dataclass
class Scene:
    """A served shop and company, the line to the company, and a clock that can be moved on."""

    sites: Served
    line: Line
    ahead: timedelta = timedelta()
    orders: int = 0

    def now(self) -> datetime:
        """Return the job's and PowerOffice's time."""
        return datetime.now(UTC) + self.ahead

    def run(self, *, address: str = "") -> job.RunOutcome:
        """Do one run over real sockets; `address` is another place to look for PowerOffice at."""
        to = address or self.line.address
        self.sites.configure(
            {
                "poweroffice.base_url": f"{to}/Demo/v2",
                "poweroffice.token_url": f"{to}/Demo/OAuth/Token",
            }
        )
        with structlog.testing.capture_logs():
            return asyncio.run(job.run(job.Errand(load(self.sites.config), self.now)))

    def sells(self) -> str:
        """Put an order of a new customer into the shop; return its reference."""
        self.orders += 1
        order = recorded("b2c-vipps-simple")["order"]
        order |= {"id": 100 + self.orders, "number": str(100 + self.orders), "shipping_lines": []}
        order["billing"]["email"] = f"{self.orders}@kunde.example"
        order["shipping"] = {**order["shipping"], "address_1": "Hytteveien 9"}
        self.sites.shop.put(order | amounts([Goods(), Goods("LUE-7", "249.00")]))
        return f"shop_{100 + self.orders}"

    def totals(self) -> list[tuple[str, str]]:
        """Return reference and total of every draft."""
        drafts = self.sites.go.books.sales_orders.values()
        return sorted((d.external_import_reference or "", f"{d.totals.total}") for d in drafts)

    def until_quiet(self, fault: str) -> list[str]:
        """Sell something over a line with a fault; return what is wrong in the end."""
        self.line.fault, broken = fault, self.line.broken
        before, books = self.totals(), self.sites.go.books
        customers, addresses = len(books.customers), len(books.delivery_addresses)
        reference = self.sells()
        codes = []
        while len(codes) < 8 and (not codes or codes[-1]):
            codes.append(self.run().exit_code)
            self.ahead += timedelta(seconds=61)
        self.line.fault = ""
        made = (len(books.customers) - customers, len(books.delivery_addresses) - addresses)
        found = [
            ("the runs end with", codes[-1], 0),
            ("writes broken", self.line.broken - broken, 3),
            ("drafts", self.totals(), sorted([*before, (reference, "1548.00")])),
            ("customers and addresses", made, (1, 1)),
        ]
        return [f"{fault}: {what} {is_}, not {due}" for what, is_, due in found if is_ != due]


@contextmanager
def scene(folder: Path) -> Iterator[Scene]:
    """Give a scene whose certificate the job trusts; nothing waits for long."""

    @cache
    def trusting(*_: object) -> object:
        context = httpx.create_ssl_context()
        context.load_verify_locations(CERTIFICATE)
        return context

    with (
        served(folder, []) as sites,
        line_to(f"http://127.0.0.1:{_port(sites)}") as line,
        mock.patch("woo2po.connections._tls", trusting),
        mock.patch("woo2po.poweroffice.calls._WAITS", (0.01, 0.01)),
    ):
        sites.listen()
        made = Scene(sites, line)
        sites.go.clock = sites.go.books.clock = sites.shop.clock = made.now
        yield made


def _port(sites: Served) -> int:
    url = httpx.URL(load(sites.config).poweroffice.base_url)
    assert url.port is not None
    return url.port


def nobody_there(scene: Scene) -> dict[str, list[str]]:
    """Sell something while PowerOffice can't be spoken to at all; return what is wrong."""
    wrong, reference = _in_vain(scene, f"http://127.0.0.1:{free_port()}", "not_reached")
    found = {"connection refused": wrong + _made_up(scene, reference)}
    with mock.patch("woo2po.connections._tls", return_value=httpx.create_ssl_context()):
        wrong, reference = _in_vain(scene, scene.line.address, "certificate")
    return found | {"a certificate that nobody vouches for": wrong + _made_up(scene, reference)}


def _in_vain(scene: Scene, address: str, why: str) -> tuple[list[str], str]:
    """Sell something that can't be carried over; return what is wrong, and its reference."""
    asked, reference = len(scene.sites.go.requests), scene.sells()
    outcome = scene.run(address=address)
    wrong = []
    if (outcome.exit_code, outcome.problem) != (3, f"poweroffice_{why}"):
        wrong.append(f"the run ends with {outcome}")
    if len(scene.sites.go.requests) != asked:
        wrong.append("something arrived")
    return wrong, reference


def _made_up(scene: Scene, reference: str) -> list[str]:
    """Carry it over after all; return what is wrong."""
    before = scene.totals()
    code = scene.run().exit_code
    due = sorted([*before, (reference, "1548.00")])
    return [] if (code, scene.totals()) == (0, due) else [f"the next run leaves {scene.totals()}"]
