"""`check`: tries everything that a run will need, and says what was found and what to do.

It only reads: of either system and of the state database. Reading and judging are apart: what
judges is pure, but for this machine's own files. Trials do not depend on each other, but for what
they are made of; what cannot be tried because an earlier trial failed is not guessed.

finding.py       what a trial found; all of it as text and as JSON
machine.py       this machine: files, state database, clocks
reading.py       reads both systems
shop.py          judges the shop, and what would make the books double
company.py       judges the company: lock date, codes, rights, products, accounts
first_orders.py  the first orders that would be transferred
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from woo2po.check.company import (
    judge_company,
    judge_payments,
    judge_payouts,
    judge_products,
    judge_rights,
    judge_without_vat,
    lacking_rights,
    needed_rights,
)
from woo2po.check.finding import Checked, Finding, Group, out_of_reach, told
from woo2po.check.first_orders import first_orders, judge_orders
from woo2po.check.machine import (
    KnownState,
    judge_clocks,
    judge_whose,
    judge_zone,
    known_state,
    look_at_machine,
    not_loaded,
)
from woo2po.check.reading import BooksRead, ShopRead, read_books, read_shop, with_documents
from woo2po.check.shop import coming, judge_shop, judge_twice, sold
from woo2po.config import Problem, Settings
from woo2po.connections import Connections, open_pretending, open_shop
from woo2po.http import RemoteError
from woo2po.inventory import MethodInUse
from woo2po.order import Order
from woo2po.preview import Foretold
from woo2po.store.database import StateError

__all__ = ["Checked", "check", "not_usable"]

_Part = TypeVar("_Part")


def not_usable(path: Path, problems: Iterable[Problem]) -> Checked:
    """Return what there is to say where the configuration cannot be used, or does not exist."""
    return Checked({Group.CONFIGURATION: tuple(not_loaded(path, problems))}, {})


async def check(
    settings: Settings,
    path: Path,
    clock: Callable[[], datetime],
    connections: Connections | None = None,
) -> Checked:
    """Try everything; `path` is the configuration's. Whatever goes wrong is in what is returned."""
    connections = connections or Connections()
    machine = tuple(look_at_machine(settings, path))
    shop, books, first = await _both(settings, clock, connections)
    read = _Read(settings, clock(), shop, books)
    found: dict[Group, Iterable[Finding]] = {
        Group.CONFIGURATION: (*machine, *_whose_and_when(read)),
        Group.SHOP: [out_of_reach(shop)]
        if isinstance(shop, RemoteError)
        else judge_shop(shop, settings),
        Group.POWEROFFICE: _company(read),
        Group.PRODUCTS: _products(read),
        Group.TWICE: _twice(read),
        Group.ORDERS: [told("check_orders_not_tried")]
        if first is None
        else judge_orders(first, settings.language),
    }
    return Checked({group: tuple(one) for group, one in found.items()}, dict(connections.asked))


async def _both(
    settings: Settings, clock: Callable[[], datetime], connections: Connections
) -> tuple[ShopRead | RemoteError, BooksRead | RemoteError, tuple[Foretold, ...] | None]:
    """Read both systems side by side, then what has to do with both."""
    first: tuple[Foretold, ...] | None = None
    async with (
        open_shop(settings.woocommerce, connections) as shop_client,
        open_pretending(settings.poweroffice, connections) as go,
    ):
        shop, books = await asyncio.gather(
            _tried(read_shop(shop_client, settings, clock)), _tried(read_books(go, settings, clock))
        )
        if isinstance(shop, ShopRead) and isinstance(books, BooksRead):
            if shop.inventory.orders:
                books = await with_documents(books, settings, shop.inventory.orders)
            # Why it failed, if it did, is found and told by the trials of what it is made of.
            with suppress(RemoteError, StateError):
                first = await first_orders(settings, clock, shop_client, go, shop, books)
    return shop, books, first


async def _tried(work: Awaitable[_Part]) -> _Part | RemoteError:
    try:
        return await work
    except RemoteError as error:
        return error


# -- judging ---------------------------------------------------------------------------------------


@dataclass
class _Read:
    """Everything that was read; a system that could not be is there as its error.

    `orders` are the shop's newest; none, and no `methods` of payment, where it could not be read.
    """

    settings: Settings
    now: datetime
    shop: ShopRead | RemoteError
    books: BooksRead | RemoteError
    orders: tuple[Order, ...] = ()
    methods: tuple[MethodInUse, ...] = ()

    def __post_init__(self) -> None:
        if isinstance(self.shop, ShopRead):
            self.orders, self.methods = self.shop.inventory.orders, self.shop.inventory.methods
        self.state: KnownState = known_state(self.settings, [order.id for order in self.orders])


def _whose_and_when(read: _Read) -> Iterator[Finding]:
    off = {}
    if isinstance(read.books, BooksRead):
        yield from judge_whose(read.settings, read.state, read.books.go.client_id)
        off["poweroffice"] = read.books.off
    if isinstance(read.shop, ShopRead):
        off["shop"] = read.shop.off
    yield from judge_clocks(off)
    if isinstance(read.shop, ShopRead):
        yield from judge_zone(read.settings, read.shop.inventory.zone, read.now)


def _company(read: _Read) -> Iterator[Finding]:
    if isinstance(read.books, RemoteError):
        yield out_of_reach(read.books)
        return
    every = (o for o in coming(read.orders, read.settings) if o.id not in read.state.settled)
    waiting = sorted(every, key=lambda order: order.id)
    yield from judge_company(read.books, read.settings, waiting, read.now)
    needed = needed_rights(read.settings, read.methods)
    yield from judge_rights(read.books.go, read.settings, needed)
    said = set(lacking_rights(read.books.go.privileges, needed))
    said |= {f"{name}_Full" for name in said}  # what a call names that would do with less
    for error in read.books.failures:
        if error.facts.get("role") not in said:
            yield out_of_reach(error)


def _products(read: _Read) -> Iterator[Finding]:
    catalogue = None if isinstance(read.books, RemoteError) else read.books.catalogue
    if catalogue is None:
        yield told("check_products_not_tried")
        return
    yield from judge_products(read.settings, catalogue, sold(read.orders, read.settings))
    every = (o for o in coming(read.orders, read.settings) if o.id not in read.state.booked)
    yield from judge_without_vat(read.settings, catalogue, every)
    if read.settings.payments.register_:
        banks = frozenset() if isinstance(read.books, RemoteError) else read.books.banks
        yield from judge_payments(read.settings, catalogue, read.methods, banks)
    yield from judge_payouts(read.settings, catalogue)


def _twice(read: _Read) -> Iterator[Finding]:
    documents = None if isinstance(read.books, RemoteError) else read.books.documents
    if isinstance(read.shop, ShopRead):
        going = coming(read.orders, read.settings)
        yield from judge_twice(read.shop.inventory, read.settings, documents, going)
    if isinstance(read.shop, RemoteError) or (documents is None and read.orders):
        yield told("check_twice_not_tried")
