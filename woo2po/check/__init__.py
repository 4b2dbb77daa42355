"""`check`: tries everything that a run will need, and says what was found and what to do.

It only reads: of either system and of the state database. Reading and judging are apart: what
judges is pure, but for this machine's own files. What cannot be tried because an earlier trial
failed is not guessed.

finding.py  what a trial found; all of it as text and as JSON
machine.py  this machine: files, state database, time zone
reading.py  reads both systems
shop.py     judges the shop, and what would make the books double
company.py  judges the company: lock date, codes, rights, products, accounts
orders.py   what a run would say of the orders
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from woo2po.check.company import (
    judge_collective,
    judge_company,
    judge_payments,
    judge_payouts,
    judge_products,
)
from woo2po.check.finding import Checked, Finding, Group, out_of_reach, told
from woo2po.check.machine import (
    KnownState,
    judge_whose,
    judge_zone,
    known_state,
    look_at_machine,
    not_loaded,
)
from woo2po.check.orders import judge_earlier, judge_first, judge_reasons, looked_at
from woo2po.check.reading import BooksRead, ShopRead, read_books, read_shop, with_documents
from woo2po.check.shop import coming, earlier, judge_shop, judge_twice
from woo2po.config import Problem, Settings
from woo2po.connections import Connections, open_poweroffice, open_shop
from woo2po.http import RemoteError
from woo2po.inventory import MethodInUse
from woo2po.order import Order

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
    shop, books = await _read(settings, connections)
    orders: list[Order] = []
    if isinstance(shop, ShopRead):
        orders = coming((*shop.inventory.orders, *shop.oldest), settings)
    state = known_state(settings, [order.id for order in orders])
    found = {
        Group.CONFIGURATION: (*machine, *_whose_and_where(settings, clock(), shop, books, state)),
        Group.SHOP: [out_of_reach(shop)]
        if isinstance(shop, RemoteError)
        else judge_shop(shop, settings),
        **_in_the_books(settings, clock(), shop, books, state, orders),
    }
    return Checked({group: tuple(found[group]) for group in Group}, dict(connections.asked))


async def _read(
    settings: Settings, connections: Connections
) -> tuple[ShopRead | RemoteError, BooksRead | RemoteError]:
    async with (
        open_shop(settings.woocommerce, connections) as shop_client,
        open_poweroffice(settings.poweroffice, connections) as go,
    ):
        shop, books = await asyncio.gather(
            _tried(read_shop(shop_client, settings)), _tried(read_books(go, settings))
        )
        if isinstance(shop, ShopRead) and isinstance(books, BooksRead) and shop.inventory.orders:
            books = await with_documents(books, settings, shop.inventory.orders)
    return shop, books


async def _tried(work: Awaitable[_Part]) -> _Part | RemoteError:
    try:
        return await work
    except RemoteError as error:
        return error


def _whose_and_where(
    settings: Settings,
    now: datetime,
    shop: ShopRead | RemoteError,
    books: BooksRead | RemoteError,
    state: KnownState,
) -> Iterator[Finding]:
    if isinstance(books, BooksRead):
        yield from judge_whose(settings, state, books.go.company.id)
    if isinstance(shop, ShopRead):
        yield from judge_zone(settings, shop.inventory.zone, now)


def _in_the_books(
    settings: Settings,
    now: datetime,
    shop: ShopRead | RemoteError,
    books: BooksRead | RemoteError,
    state: KnownState,
    orders: Sequence[Order],
) -> dict[Group, Iterable[Finding]]:
    """Return what there is to say of the company, its products, what could stand there twice, and
    the first orders. Where the shop could not be read, no payment method is in use.
    """
    found: dict[Group, list[Finding]] = {
        Group.POWEROFFICE: [],
        Group.PRODUCTS: [told("check_products_not_tried")],
        Group.TWICE: [],
        Group.ORDERS: [told("check_orders_not_tried")],
    }
    today = now.astimezone(ZoneInfo(settings.woocommerce.timezone)).date()
    methods: list[MethodInUse] = []
    if isinstance(shop, ShopRead):
        methods = [one for one in shop.inventory.methods if one.orders or one.enabled]
        documents = None if isinstance(books, RemoteError) else books.documents
        found[Group.TWICE] += judge_twice(shop.inventory, settings, documents)
        if documents is None and shop.inventory.orders:
            found[Group.TWICE].append(told("check_twice_not_tried"))
    else:
        found[Group.TWICE].append(told("check_twice_not_tried"))
    if isinstance(books, RemoteError):
        return {**found, Group.POWEROFFICE: [out_of_reach(books)]}
    found[Group.POWEROFFICE] += judge_company(books, settings, methods, today)
    if books.catalogue is not None:
        looked = looked_at(orders, settings, books.catalogue, state, today)
        reasons = [*judge_reasons(looked, books.catalogue)]
        if isinstance(shop, ShopRead) and not orders:  # older ones tell what the shop sells
            older, then = earlier(shop.inventory.orders, settings)
            before = looked_at(older, then, books.catalogue, state, today)
            reasons = [*judge_earlier(before, books.catalogue)]
        found[Group.PRODUCTS] = _products(settings, books, reasons, methods)
        if isinstance(shop, ShopRead):
            there = books.documents.rows if books.documents else ()
            unfit = next((one.reason for one in judge_collective(books, settings)), None)
            found[Group.ORDERS] = [*judge_first(looked, state, there, unfit, settings.language)]
    return {**found}


def _products(
    settings: Settings, books: BooksRead, reasons: Sequence[Finding], methods: Sequence[MethodInUse]
) -> list[Finding]:
    assert books.catalogue is not None  # noqa: S101 (it was read)
    found = [*reasons]
    facts = [one.facts for one in found]
    complained = {(str(one.get("key", "")), str(one.get("code", ""))) for one in facts}
    found += judge_products(settings, books.catalogue, complained)
    if settings.payments.register_:
        found += judge_payments(settings, books.catalogue, methods, books.banks)
    return [*found, *judge_payouts(settings, books.catalogue)]
