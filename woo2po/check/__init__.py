"""`check`: tries everything that a run will need, and says what was found and what to do.

It only reads: of either system and of the state database. Reading and judging are apart: what
judges is pure, but for this machine's own files. What cannot be tried because an earlier trial
failed is not guessed.

finding.py  what a trial found; all of it as text and as JSON
machine.py  this machine: files, state database, time zone
reading.py  reads both systems
shop.py     judges the shop, its orders as a run would, and what would make the books double
company.py  judges the company: lock date, codes, rights, products, accounts
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

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
from woo2po.check.reading import BooksRead, ShopRead, read_books, read_documents, read_shop
from woo2po.check.shop import coming, judge_first, judge_orders, judge_shop, judge_twice
from woo2po.config import Problem, Settings
from woo2po.connections import Connections, open_poweroffice, open_shop
from woo2po.http import RemoteError
from woo2po.inventory import MethodInUse
from woo2po.order import Order

__all__ = ["Checked", "check", "not_usable"]

T = TypeVar("T")
Found = dict[Group, list[Finding]]


def not_usable(path: str, problems: Iterable[Problem]) -> Checked:
    """Return what there is to say where the configuration cannot be used, or does not exist."""
    return Checked({Group.CONFIGURATION: not_loaded(path, problems)}, {})


async def check(
    settings: Settings,
    path: Path,
    clock: Callable[[], datetime],
    connections: Connections | None = None,
) -> Checked:
    """Try everything; `path` is the configuration's. Whatever goes wrong is in what is returned."""
    connections = connections or Connections()
    found: Found = {group: [] for group in Group}
    found[Group.CONFIGURATION] += look_at_machine(settings, path)
    shop, books = await _read(settings, connections, found)
    now, orders = clock(), list[Order]()
    if shop:
        orders = coming((*shop.inventory.orders, *shop.oldest), settings)
    state = known_state(settings, (order.id for order in orders))
    if books:
        found[Group.CONFIGURATION] += judge_whose(settings, state, books.go.company.id)
    if shop:
        found[Group.CONFIGURATION] += judge_zone(settings, shop.inventory.zone, now)
        found[Group.SHOP] += judge_shop(shop, settings)
    today = settings.day_of(now)
    _judge_books(found, settings, today, shop, books, state, orders)
    return Checked(found, dict(connections.asked))


async def _read(
    settings: Settings, connections: Connections, found: Found
) -> tuple[ShopRead | None, BooksRead | None]:

    async def tried(work: Awaitable[T], group: Group) -> T | None:
        try:
            return await work
        except RemoteError as error:
            found[group].append(out_of_reach(error))
            return None

    async with (
        open_shop(settings.woocommerce, connections) as shop_client,
        open_poweroffice(settings.poweroffice, connections) as go,
    ):
        shop, books = await asyncio.gather(
            tried(read_shop(shop_client, settings), Group.SHOP),
            tried(read_books(go, settings), Group.POWEROFFICE),
        )
        if shop and books and shop.inventory.orders:
            await read_documents(books, settings, shop.inventory.orders)
    return shop, books


def _judge_books(
    found: Found,
    settings: Settings,
    today: date,
    shop: ShopRead | None,
    books: BooksRead | None,
    state: KnownState,
    orders: Sequence[Order],
) -> None:
    """Say what there is to say of the company, its products, what could stand there twice, and the
    first orders. Where the shop could not be read, no payment method is in use.
    """
    methods = list[MethodInUse]()
    if shop:
        methods = [one for one in shop.inventory.methods if one.orders or one.enabled]
        found[Group.TWICE] += judge_twice(shop.inventory, settings, books)
    if shop is None or (shop.inventory.orders and (books is None or books.documents is None)):
        found[Group.TWICE].append(told("check_twice_not_tried"))
    if books:
        found[Group.POWEROFFICE] += judge_company(books, settings, methods, today)
    if books is None or books.catalogue is None:
        found[Group.PRODUCTS].append(told("check_products_not_tried"))
        found[Group.ORDERS].append(told("check_orders_not_tried"))
        return
    newest = shop.inventory.orders if shop else ()
    looked, reasons = judge_orders(newest, orders, settings, books.catalogue, state, today)
    found[Group.PRODUCTS] += reasons
    complained = {(one.facts.get("key"), one.facts.get("code")) for one in reasons}
    found[Group.PRODUCTS] += judge_products(settings, books.catalogue, complained)
    if settings.payments.register_:
        found[Group.PRODUCTS] += judge_payments(settings, books.catalogue, methods, books.banks)
    found[Group.PRODUCTS] += judge_payouts(settings, books.catalogue)
    if shop:
        unfit = next((one.reason for one in judge_collective(books, settings)), None)
        found[Group.ORDERS] += judge_first(
            looked, state, books.documents or (), unfit, settings.language
        )
    else:
        found[Group.ORDERS].append(told("check_orders_not_tried"))
