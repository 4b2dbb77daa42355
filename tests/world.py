"""A shop, PowerOffice Go and the job between them, in one process and one clock that jumps.

    world = World(folder)                       # `folder` holds the state database
    world.sells(101, Goods("GEN-001", "1299"))  # an order in the shop
    world.run()                                 # one run of the job: its Outcome
    world.settle()                              # runs until nothing is left to do
    world.books()                               # what an accountant finds: a plain value
    world.held()                                # {order number: why}

`world.company` are PowerOffice's books (a person's acts are its methods), `world.shop` the shop,
`world.faults` PowerOffice's switches, `world.wire` what passes between it and the job: every
write with its time, and the faults that the nth one is to meet. Waiting takes no time.
"""

import asyncio
import copy
import json
import sqlite3
from collections.abc import Coroutine, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

import httpx
import structlog
import virtual_time

from woo2po import poll
from woo2po.connections import Connections
from woo2po.demo import KEYS, sandbox_config
from woo2po.poll import Outcome, Wish
from woo2po.poweroffice import PowerOffice
from woo2po.record import OrderRecord
from woo2po.sandbox.faults import Faults, FaultyTransport, path_behind_base
from woo2po.sandbox.go import Go
from woo2po.sandbox.go_documents import SalesOrder
from woo2po.sandbox.ledger import Books
from woo2po.sandbox.shop import ShopSite
from woo2po.sandbox.shop_orders import recorded
from woo2po.sections import State
from woo2po.settings import Settings, load
from woo2po.status import status_of
from woo2po.store import Store

START = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
SETTLE_AFTER = 60  # seconds, the default of poweroffice.settle_after
Json = dict[str, Any]


class Killed(BaseException):
    """The process dies here: nothing catches it, and nothing is written afterwards."""


@dataclass(frozen=True)
class Goods:
    """A line of an order: price each as the customer sees it, VAT included."""

    sku: str = "GEN-001"
    price: str = "1299.00"
    rate: int = 25
    quantity: int = 1
    name: str = "Vare"
    id: int = 0  # of the line; by default its place, from 1


@dataclass
class Sent:
    """A write as it left the job. `certain`: its answer said whether it was carried out."""

    method: str
    path: str
    body: bytes
    at: datetime
    certain: bool = False

    @property
    def what(self) -> tuple[str, str, bytes]:
        """Two writes with equal `what` are the same write, repeated."""
        return self.method, self.path, self.body

    @property
    def json(self) -> Any:
        """The body, {} where there is none."""
        return json.loads(self.body or b"{}")


@dataclass(frozen=True)
class Document:
    """A sales order or an invoice as the books show it, ids and numbers of series apart."""

    reference: str
    matching_reference: str
    customer: str
    total: Decimal
    vat: tuple[tuple[Decimal, Decimal], ...]  # rate in percent, amount
    lines: tuple[tuple[str, str, Decimal, Decimal], ...]  # reference, product, quantity, price
    delivery: str = ""
    number: str = ""  # the shop's order number, in the field of question 2
    day: date | None = None
    invoiced: bool = False


@dataclass(frozen=True)
class Summary:
    """Everything that the job can make, as an accountant would list it, in order."""

    documents: tuple[Document, ...]
    customers: tuple[str, ...]
    delivery_addresses: tuple[str, ...]
    products: tuple[str, ...]

    def document(self, reference: str) -> Document:
        """Return the one document of a reference."""
        (found,) = (d for d in self.documents if d.reference == reference)
        return found

    @property
    def totals(self) -> dict[str, Decimal]:
        """The total of each document by its reference; fails where one stands twice."""
        assert len({d.reference for d in self.documents}) == len(self.documents)
        return {d.reference: d.total for d in self.documents}


class Connection(sqlite3.Connection):
    """A connection that counts what it commits, and in which a process may die of it."""

    world: "World"

    def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
        """Carry a statement out; the world dies after the commit that it was told of."""
        before, changes = self.in_transaction, self.total_changes
        cursor = super().execute(sql, *values)
        ended = before or self.total_changes > changes
        if ended and not self.in_transaction and sql != "ROLLBACK":
            self.world.committed()
        return cursor


@dataclass
class Wire(FaultyTransport):
    """What passes between the job and PowerOffice.

    `plan` names, for the nth write (from 0), the fault of its first sending, of its first
    repeat, and so on ("" for none): the sandbox's faults, or "killed_before", "killed_after".
    """

    inner: httpx.AsyncBaseTransport
    faults: Faults
    world: "World"
    plan: dict[int, Sequence[str]] = field(default_factory=dict)
    writes: list[Sent] = field(default_factory=list)
    held_up: list[httpx.Request] = field(default_factory=list)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Pass a request on, and note it if it is a write."""
        if self.world.dead:
            raise Killed
        await request.aread()
        path = path_behind_base(request.url.path)
        if request.method == "GET" or path.lower() == "/oauth/token":
            return await super().handle_async_request(request)
        sent = Sent(request.method, path, request.content, self.world.now())
        fault = self._fault_for(sent)
        self.writes.append(sent)
        if fault == "killed_before":
            self.world.die()
        if fault and not fault.startswith("killed"):
            self.faults.at(request.method, path, 1, fault)
        sent.certain = fault == "connect_error"
        response = await super().handle_async_request(request)
        if fault == "killed_after":
            self.world.die()
        await response.aread()
        sent.certain = response.status_code < 500 and fault not in {"garbage", "html"}
        return response

    def _fault_for(self, sent: Sent) -> str:
        same = [n for n, earlier in enumerate(self.writes) if earlier.what == sent.what]
        first = same[0] if same else len(self.writes)
        planned = self.plan.get(first, ())
        return planned[len(same)] if len(same) < len(planned) else ""

    def late_ones_arrive(self) -> int:
        """Let the requests that were held up reach PowerOffice now; return how many."""
        return virtual_time.run(self.deliver_late())

    def repeats_too_early(self) -> list[Sent]:
        """Return the writes that were repeated before `settle_after`, their fate unknown."""
        return [
            again
            for n, again in enumerate(self.writes)
            for before in self.writes[:n]
            if before.what == again.what
            and not before.certain
            and again.at - before.at < timedelta(seconds=SETTLE_AFTER)
        ]


class World:
    """A shop, a company and the job; `sections` change the sandbox's configuration.

    `World(folder, poweroffice={"settle_after": 10}, products={"unknown": "create"})`
    """

    def __init__(self, folder: Path, **sections: Mapping[str, Any]) -> None:
        self._start, self._passed = START, 0.0
        self._kept: dict[Path, bytes] | None = None  # the state database at the moment of death
        self._folder = folder
        self.dead = False
        self.commits, self.dies_at_commit = 0, 0  # the process dies after the nth commit
        self.logs: list[Mapping[str, Any]] = []
        self.shop = ShopSite(self.now)
        self.faults = Faults()
        self.company = Books.standard()
        names = ("application_key", "client_key", "subscription_key")
        keys = dict(zip(names, KEYS, strict=True))
        self.go = Go(self.company, self.faults, clock=self.now, **keys)
        # As on a real network, a defect of the other side reaches the job as no more than a 500.
        go = httpx.ASGITransport(self.go.app, raise_app_exceptions=False)
        self.wire = Wire(go, self.faults, self)
        self.settings = self._settings()
        self.configure(**sections)

    # -- the clock -------------------------------------------------------------------------------

    def now(self) -> datetime:
        """Return the time; it moves by `wait`, and while a run waits for something."""
        try:
            return self._start + timedelta(seconds=virtual_time.clock())
        except RuntimeError:
            return self._start

    def wait(self, seconds: float) -> None:
        """Let time pass between two runs."""
        self._start += timedelta(seconds=seconds)

    # -- the configuration -----------------------------------------------------------------------

    @property
    def state(self) -> Path:
        """Where the state database is."""
        return Path(self.settings.state.path)

    def configure(self, **sections: Mapping[str, Any]) -> None:
        """Change keys of the configuration, section by section; the rest stays."""
        whole = self.settings.model_dump()
        changed = {name: {**whole[name], **dict(keys)} for name, keys in sections.items()}
        self.settings = Settings(**(whole | changed))

    def _settings(self) -> Settings:
        path = self._folder / "config.toml"
        text = sandbox_config("https://shop.example", "https://go.example", self.shop, "en")
        path.write_text(text, "utf-8")
        return load(path)

    # -- the shop --------------------------------------------------------------------------------

    def loads(self, *names: str) -> list[int]:
        """Put recorded orders into the shop as if they were changed just now; return their ids."""
        documents = [recorded(name) for name in names]
        for document in documents:
            self.shop.put(document["order"], document.get("refunds", ()))
        return [document["order"]["id"] for document in documents]

    def sells(self, order_id: int, *goods: Goods, email: str | None = None, **changes: Any) -> None:
        """Put an order into the shop: `changes` are fields of it as WooCommerce names them.

        `billing` and `shipping` are merged into those of Kari Nordmann, Storgata 1, Oslo.
        """
        order = recorded("b2c-vipps-simple")["order"]
        order |= {"id": order_id, "number": str(order_id), "shipping_lines": []}
        for name in ("billing", "shipping"):
            order[name] = {**order[name], **changes.pop(name, {})}
        if email is not None:
            order["billing"]["email"] = email
        self.shop.put({**order, **amounts(goods or (Goods(),)), **changes})

    # -- the job ---------------------------------------------------------------------------------

    def run(self, *numbers: str, limit: int | None = None) -> Outcome:
        """Do one run of the job; Killed is raised where the plan kills it."""
        connections = Connections(httpx.ASGITransport(self.shop.app), self.wire)
        work = poll.run(self.settings, self.now, wish=Wish(numbers, limit), connections=connections)
        with self._in_our_time(), structlog.testing.capture_logs() as logs:
            try:
                return virtual_time.run(self._timed(work))
            except BaseExceptionGroup as group:
                if self.dead:
                    raise Killed from None
                raise group from None
            finally:
                self.logs += logs
                self.wait(self._passed)
                self._bury()

    async def _timed(self, work: Coroutine[Any, Any, Outcome]) -> Outcome:
        try:
            return await work
        finally:
            self._passed = virtual_time.clock()

    @contextmanager
    def _in_our_time(self) -> Iterator[None]:
        in_time = partial(PowerOffice, sleep=asyncio.sleep, now=virtual_time.clock)
        mortal = type("Mortal", (Connection,), {"world": self})
        connect = partial(sqlite3.connect, factory=mortal)
        self._passed = 0.0
        with (
            mock.patch("woo2po.poweroffice.PowerOffice", in_time),
            mock.patch("woo2po.database.sqlite3.connect", connect),
        ):
            yield

    def settle(self, *, at_most: int = 8) -> Outcome:
        """Run until nothing is left to do, each time after `settle_after`; fail if it never is."""
        for _ in range(at_most):
            outcome = self.run()
            with self.store() as store:
                if not store.to_do() and not store.open_writes():
                    return outcome
            self.wait(self.settings.poweroffice.settle_after + 1)
        raise AssertionError(f"not settled after {at_most} runs: {outcome}")

    def committed(self) -> None:
        """Count a commit to the state database, and die of it where `dies_at_commit` says so."""
        self.commits += 0 if self.dead else 1
        if self.commits == self.dies_at_commit:
            self.die()

    def die(self) -> None:
        """End the process now: what is not in the state database yet never will be."""
        if not self.dead:
            self.dead, self._kept = True, self._files()
        raise Killed

    def _files(self) -> dict[Path, bytes]:
        return {path: path.read_bytes() for path in self._sides() if path.exists()}

    def _sides(self) -> list[Path]:
        return [self.state.with_name(self.state.name + side) for side in ("", "-wal", "-shm")]

    def _bury(self) -> None:
        """Put the state database back to the moment of death: unwinding is no part of a crash."""
        if self._kept is None:
            return
        for path in self._sides():
            path.unlink(missing_ok=True)
        for path, content in self._kept.items():
            if not path.name.endswith("-shm"):
                path.write_bytes(content)
        self.dead, self._kept, self.dies_at_commit = False, None, 0

    def twin(self, folder: Path) -> "World":
        """Return a world of its own that is as this one is now, its state in another folder."""
        other = World(folder)
        other._start = self._start
        state = {"path": str(folder / "woo2po.db")}
        other.settings = self.settings.model_copy(update={"state": State(**state)})
        for kept in fields(self.faults):
            if kept.name not in {"planned", "before_hooks", "after_hooks"}:
                setattr(other.faults, kept.name, getattr(self.faults, kept.name))
        memo: dict[int, Any] = {id(self.faults): other.faults, id(self.company.clock): other.now}
        other.company = other.go.books = copy.deepcopy(self.company, memo)
        other.shop.orders = copy.deepcopy(self.shop.orders)
        other.shop.refunds = copy.deepcopy(self.shop.refunds)
        for ours, theirs in zip(self._sides(), other._sides(), strict=True):
            if ours.exists() and not ours.name.endswith("-shm"):
                theirs.write_bytes(ours.read_bytes())
        return other

    # -- what is known and what is there ---------------------------------------------------------

    def store(self) -> Store:
        """Open the state database for looking: `with world.store() as store`."""
        return Store.open(self.state, read_only=True)

    def record(self, order_id: int) -> OrderRecord:
        """Return what the job knows of an order."""
        with self.store() as store:
            found = store.order(order_id)
        assert found is not None, f"order {order_id} is unknown"
        return found

    def held(self) -> dict[str, str]:
        """Return number and code of every order that `status` shows as held."""
        found = status_of(self.settings, self.now(), max_age=timedelta(days=365))
        return {one.number: one.code for one in found.orders if one.state == "held"}

    def reasons(self) -> dict[str, str]:
        """Return number and sentence of every order that `status` shows as held."""
        found = status_of(self.settings, self.now(), max_age=timedelta(days=365))
        return {one.number: one.reason for one in found.orders if one.state == "held"}

    def asked(self, method: str = "GET", path: str = "/") -> list[str]:
        """Return path and query of the requests to PowerOffice of a method, below a path."""
        return [
            f"{asked}?{query}" if query else asked
            for verb, asked, query in self.go.requests
            if verb == method and asked.startswith(path)
        ]

    def books(self) -> Summary:
        """Return what an accountant finds, in an order that does not depend on who came first."""
        company = self.company
        orders = [_document(o, False) for o in company.sales_orders.values()]
        orders += [_document(i.order, True) for i in company.outgoing_invoices.values()]
        new = [p for p in company.products.values() if p.id not in _KNOWN_PRODUCTS]
        return Summary(
            tuple(sorted(orders, key=lambda d: (d.reference, d.customer, d.total))),
            tuple(sorted(_customer(company, c) for c in company.customers)),
            tuple(sorted(_address(company, a) for a in company.delivery_addresses)),
            tuple(sorted(f"{p.code} {p.name}" for p in new)),
        )


_KNOWN_PRODUCTS = frozenset(Books.standard().products)


def _document(order: SalesOrder, invoiced: bool) -> Document:
    _, vat, total = order.totals()
    lines = [
        (
            line.external_import_reference or "",
            (line.product.code or "") if line.product else "",
            line.quantity or Decimal(0),
            line.product_unit_price or Decimal(0),
        )
        for line in order.lines
    ]
    return Document(
        reference=order.external_import_reference or "",
        matching_reference=order.custom_matching_reference or "",
        customer=_customer(order.books, order.customer_id),
        total=total,
        vat=tuple(sorted(vat.items())),
        lines=tuple(sorted(lines)),
        delivery=_address(order.books, order.contact_delivery_address_id),
        number=order.customer_reference or order.purchase_order_reference or "",
        day=order.sales_order_date,
        invoiced=invoiced,
    )


def _customer(company: Any, customer_id: int) -> str:
    found = company.customers[customer_id]
    said = (found.shown_name, found.email_address, found.organization_number)
    return " ".join(part for part in said if part)


def _address(company: Any, address_id: int | None) -> str:
    if address_id is None:
        return ""
    found = company.delivery_addresses[address_id]
    lines = (found.address_line1, found.address_line2, found.zip_code, found.city)
    return f"{_customer(company, found.contact_id)}: {', '.join(x for x in lines if x)}"


def amounts(goods: Sequence[Goods]) -> Json:
    """Return the lines and sums of an order of these goods, as WooCommerce answers them.

    Rates are 25, 15 and 12 %, and 0 for none; prices include VAT.
    """
    lines = [_line(place, one) for place, one in enumerate(goods, 1)]
    vat = sum((Decimal(line["total_tax"]) for line in lines), Decimal(0))
    net = sum((Decimal(line["total"]) for line in lines), Decimal(0))
    total = (net + vat).quantize(Decimal("0.01"), ROUND_HALF_UP)
    rates = {25: 1, 15: 2, 12: 3}
    return {
        "line_items": lines,
        "tax_lines": [
            {"id": 900 + n, "rate_id": n, "rate_code": f"NO-MVA {rate}%-{n}", "rate_percent": rate}
            for rate, n in rates.items()
        ],
        "total": f"{total:.6f}",
        "total_tax": f"{vat:.6f}",
    }


def _line(place: int, goods: Goods) -> Json:
    gross = Decimal(goods.price) * goods.quantity
    net = gross * 100 / (100 + goods.rate)
    tax = f"{gross - net:.6f}"
    rate_id = {25: 1, 15: 2, 12: 3}.get(goods.rate)
    line: Json = copy.deepcopy(recorded("b2c-vipps-simple")["order"]["line_items"][0])
    return line | {
        "id": goods.id or place,
        "name": goods.name,
        "sku": goods.sku,
        "quantity": goods.quantity,
        "subtotal": f"{net:.6f}",
        "total": f"{net:.6f}",
        "subtotal_tax": tax,
        "total_tax": tax,
        "taxes": [{"id": rate_id, "total": tax, "subtotal": tax}] if rate_id else [],
        "price": float(net / goods.quantity),
    }
