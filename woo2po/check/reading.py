"""What `check` reads, of both systems and the state database: each part by itself, so that one that
fails stops no other.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from woo2po.check.finding import Group
from woo2po.config import Settings
from woo2po.connections import Connections, open_poweroffice, open_shop
from woo2po.documents import Catalogue, CustomerSeen, Rounding
from woo2po.http import RemoteError
from woo2po.inventory import LOOKED_AT, MethodInUse, ShopInventory, catalogue_of, inventory_of
from woo2po.mapping import eligible
from woo2po.mapping.prices import ALL_WAYS
from woo2po.order import Order, UnreadableOrder
from woo2po.poweroffice import PowerOffice
from woo2po.poweroffice.booked import NumberedDocument
from woo2po.pull import statuses_that_go
from woo2po.record import Record
from woo2po.store import Store
from woo2po.store.database import StateError
from woo2po.transfer.wanted import ways
from woo2po.woocommerce import Shop

MOST_PAGES = 5  # of documents, a thousand each: enough to meet what goes on every week

# Stands for a customer that does not exist.
NOBODY = CustomerSeen(0, 0, False, False, None, "", "", "", None)

Part = TypeVar("Part")


@dataclass(frozen=True, slots=True)
class ShopRead:
    """What the shop answered; `client` knows how.

    `statuses` are all that an order may have there, `since` the number of orders placed since
    `orders_from` in those that are transferred; `oldest` the first of them, where more than were
    read are to go.
    """

    client: Shop
    inventory: ShopInventory
    unreadable: tuple[UnreadableOrder, ...]
    statuses: tuple[str, ...]
    since: int | None
    oldest: tuple[Order, ...]


@dataclass(slots=True)
class BooksRead:
    """What PowerOffice answered, once logged in; `go` knows what it was told then.

    `catalogue` is None where a list of it could not be read. `collective` is the collective
    customer: NOBODY where it does not exist, None where none is configured or nobody can tell.
    `dimensions` tells of each configured code whether it is there and may be used.
    `banks` are accounts that stand for one in a bank, none where nobody may tell. `documents` are
    drafts and invoices of everybody, None before they were asked for; `whole`: these are all.
    """

    go: PowerOffice
    catalogue: Catalogue | None
    failures: list[RemoteError]
    collective: CustomerSeen | None = None
    dimensions: dict[str, bool] = field(default_factory=dict)
    banks: frozenset[int] = frozenset()
    documents: list[NumberedDocument] | None = None
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Tried:
    """All that was read, to be judged; `failed` says why a system, or parts of it, could not be, by
    its heading. `coming` are the orders that the job transfers, or has transferred.

    Of the state database, as far as it can be read: the `company` that it is bound to, how
    PowerOffice rounds, and `records` of orders by their ids.
    """

    settings: Settings
    now: datetime
    shop: ShopRead | None
    books: BooksRead | None
    failed: Mapping[Group, Sequence[RemoteError]]
    coming: Sequence[Order]
    company: str = ""
    ways: frozenset[Rounding] = ALL_WAYS
    records: Mapping[int, Record] = field(default_factory=dict)

    @property
    def newest(self) -> tuple[Order, ...]:
        """The newest orders of the shop, whatever their day."""
        return self.shop.inventory.orders if self.shop else ()

    @property
    def methods(self) -> list[MethodInUse]:
        """The payment methods in use; none where the shop could not be read."""
        found = self.shop.inventory.methods if self.shop else ()
        return [one for one in found if one.orders or one.enabled]


async def read_all(settings: Settings, now: datetime, connections: Connections) -> Tried:
    """Read both systems and the state database; what cannot be read is told in what is returned."""
    of_shop, of_books = list[RemoteError](), list[RemoteError]()
    async with (
        open_shop(settings.woocommerce, connections) as shop_client,
        open_poweroffice(settings.poweroffice, connections) as go,
    ):
        shop, books = await asyncio.gather(
            _part(_read_shop(shop_client, settings, of_shop), of_shop),
            _part(_read_books(go, settings, of_books), of_books),
        )
        if shop and books and shop.inventory.orders:
            await _read_documents(books, settings, shop.inventory.orders)
    every = (*shop.inventory.orders, *shop.oldest) if shop else ()
    coming = [order for order in every if eligible(order, settings)]
    failed = {Group.SHOP: of_shop, Group.POWEROFFICE: of_books}
    tried = Tried(settings, now, shop, books, failed, coming)
    with suppress(StateError), Store.open(Path(settings.state.path), read_only=True) as store:
        known = {order.id: found for order in coming if (found := store.order(order.id))}
        tried = replace(tried, company=store.memory.company, ways=ways(store), records=known)
    return tried


async def _part(work: Awaitable[Part], failures: list[RemoteError]) -> Part | None:
    """Return a part, or None where it could not be read; why is kept, each reason once."""
    try:
        return await work
    except RemoteError as error:
        if (error.code, error.facts) not in [(e.code, e.facts) for e in failures]:
            failures.append(error)
        return None


async def _read_shop(shop: Shop, settings: Settings, failures: list[RemoteError]) -> ShopRead:
    """Read what the shop has in use. Raises RemoteError where not even its orders can be read."""
    rows = await shop.newest(LOOKED_AT)
    statuses = await _part(shop.statuses(), failures) or ()
    going = sorted(statuses_that_go(settings))
    known = [slug for slug in going if not statuses or slug in statuses]
    since = await _part(shop.count(known, settings.start), failures) if known else 0
    oldest: tuple[Order, ...] = ()
    if statuses and since and since > len(rows):
        page = await _part(anext(shop.changed_since(settings.start, statuses)), failures)
        oldest = tuple(row for row in page.rows if isinstance(row, Order)) if page else ()
    unreadable = tuple(row for row in rows if isinstance(row, UnreadableOrder))
    inventory = await inventory_of(shop, rows)
    return ShopRead(shop, inventory, unreadable, statuses, since, oldest)


async def _read_books(
    go: PowerOffice, settings: Settings, failures: list[RemoteError]
) -> BooksRead:
    """Log in and read what the configuration has to do with. Raises RemoteError of the log-in."""
    await go.log_in()
    has, customers = go.company.privileges, settings.customers
    read = BooksRead(go, await _part(catalogue_of(go), failures), failures)
    if customers.private == "collective" and customers.collective_number is not None:
        there = await _part(go.customers(numbers=[customers.collective_number]), failures)
        read.collective = None if there is None else next(iter(there), NOBODY)
    for kind, code in configured_dimensions(settings).items():
        if may(has, kind.capitalize()):
            # Gathered, so that one that does not exist is not taken for one that was not read.
            one = await _part(asyncio.gather(go.dimension_is_active(kind, code)), failures)
            read.dimensions |= {kind: bool(one[0])} if one else {}
    if settings.payments.register_ and may(has, "ClientBankAccount"):
        with suppress(RemoteError):  # a right that few have, and none needs
            read.banks = frozenset(await go.bank_accounts())
    return read


def configured_dimensions(settings: Settings) -> dict[str, str]:
    """Return the codes that every order gets, by their kind."""
    return {kind: code for kind, code in settings.dimensions.model_dump().items() if code}


def may(privileges: frozenset[str], privilege: str) -> bool:
    """Tell whether a privilege is among these: a full one includes the plain one."""
    return bool(privileges & {privilege, f"{privilege}_Full"})


async def _read_documents(books: BooksRead, settings: Settings, orders: Sequence[Order]) -> None:
    """Read the documents of everybody since the oldest of these orders."""
    since = max([settings.start, min(order.date_created_gmt for order in orders)])
    booked = books.go.booked
    drafts, invoices = await asyncio.gather(
        _part(_some(booked.anybodys_drafts(since.astimezone(UTC))), books.failures),
        _part(_some(booked.anybodys_invoices(since.date())), books.failures),
    )
    if drafts and invoices:
        books.documents = [*drafts[0], *invoices[0]]
        books.whole = drafts[1] and invoices[1]


async def _some(
    pages: AsyncIterator[list[NumberedDocument]],
) -> tuple[list[NumberedDocument], bool]:
    """Return the first documents, and whether there are no more."""
    rows: list[NumberedDocument] = []
    for _ in range(MOST_PAGES):
        if (page := await anext(pages, None)) is None:
            return rows, True
        rows += page
    return rows, False
