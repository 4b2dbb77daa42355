"""What `check` asks both systems: each part by itself, so that one that fails stops no other."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC
from typing import TypeVar

from woo2po.config import Settings
from woo2po.documents import Catalogue, CustomerSeen
from woo2po.http import RemoteError
from woo2po.inventory import LOOKED_AT, ShopInventory, catalogue_of, inventory_of
from woo2po.order import Order, UnreadableOrder
from woo2po.poweroffice import PowerOffice
from woo2po.poweroffice.booked import NumberedDocument
from woo2po.pull import start_of, statuses_that_go
from woo2po.woocommerce import Shop

MOST_PAGES = 5  # of documents, a thousand each: enough to meet what goes on every week

# Stands for a customer that does not exist.
NOBODY = CustomerSeen(0, 0, False, False, None, "", "", "", None)

Part = TypeVar("Part")


@dataclass(frozen=True, slots=True)
class ShopRead:
    """What the shop answered; `failures` are parts that it would not tell.

    `statuses` are all that an order may have there, `since` the number of orders placed since
    `orders_from` in those that are transferred; `oldest` the first of them, where more than were
    read are to go.
    """

    inventory: ShopInventory
    unreadable: tuple[UnreadableOrder, ...]
    statuses: tuple[str, ...]
    since: int | None
    keys_in_query: bool
    cached: bool
    oldest: tuple[Order, ...] = ()
    failures: tuple[RemoteError, ...] = ()


@dataclass(frozen=True, slots=True)
class NumberedDocuments:
    """Drafts and invoices of everybody; `whole`: there were no more than were read."""

    rows: tuple[NumberedDocument, ...]
    whole: bool


@dataclass(frozen=True, slots=True)
class BooksRead:
    """What PowerOffice answered, once logged in; `go` knows what it was told then.

    `catalogue` is None where a list of it could not be read. `collective` is the collective
    customer: NOBODY where it does not exist, None where none is configured or nobody can tell.
    `dimensions` tells of each configured code whether it may be used (None: it does not exist).
    `documents` is None before they were asked for. `banks` are accounts that stand for one in a
    bank, none where nobody may tell.
    """

    go: PowerOffice
    catalogue: Catalogue | None
    collective: CustomerSeen | None
    dimensions: Mapping[str, bool | None]
    failures: tuple[RemoteError, ...]
    documents: NumberedDocuments | None = None
    banks: frozenset[int] = frozenset()


@dataclass
class _Failures:
    """Lets parts fail one by one, and keeps what they said, each once."""

    errors: list[RemoteError] = field(default_factory=list)

    async def unless(self, work: Awaitable[Part]) -> Part | None:
        """Return the part, or None where it could not be read."""
        try:
            return await work
        except RemoteError as error:
            if (error.code, error.facts) not in [(e.code, e.facts) for e in self.errors]:
                self.errors.append(error)
            return None


async def read_shop(shop: Shop, settings: Settings) -> ShopRead:
    """Read what the shop has in use. Raises RemoteError where not even its orders can be read."""
    rows = await shop.newest(LOOKED_AT)
    failures = _Failures()
    statuses = await failures.unless(shop.statuses()) or ()
    going = sorted(statuses_that_go(settings))
    known = [slug for slug in going if not statuses or slug in statuses]
    since: int | None = 0
    if known:
        since = await failures.unless(shop.count(known, start_of(settings)))
    oldest: tuple[Order, ...] = ()
    if statuses and since and since > len(rows):
        page = await failures.unless(anext(shop.changed_since(start_of(settings), statuses)))
        oldest = tuple(row for row in page.rows if isinstance(row, Order)) if page else ()
    unreadable = tuple(row for row in rows if isinstance(row, UnreadableOrder))
    return ShopRead(await inventory_of(shop, rows), unreadable, statuses, since,
                    shop.keys_in_query, shop.cached, oldest, tuple(failures.errors))  # fmt: skip


async def read_books(go: PowerOffice, settings: Settings) -> BooksRead:
    """Log in and read what the configuration has to do with. Raises RemoteError of the log-in."""
    await go.log_in()
    failures = _Failures()
    catalogue, collective, dimensions, banks = await asyncio.gather(
        failures.unless(catalogue_of(go)), _collective(go, settings, failures),
        _dimensions(go, settings, failures), _banks(go, settings),
    )  # fmt: skip
    told = tuple(failures.errors)
    return BooksRead(go, catalogue, collective, dimensions, told, banks=banks)


async def _banks(go: PowerOffice, settings: Settings) -> frozenset[int]:
    """Return the accounts that stand for one in a bank; a right that few have, and none needs."""
    if not settings.payments.register_ or not may(go.company.privileges, "ClientBankAccount"):
        return frozenset()
    with suppress(RemoteError):
        return frozenset(await go.bank_accounts())
    return frozenset()


async def _collective(
    go: PowerOffice, settings: Settings, failures: _Failures
) -> CustomerSeen | None:
    number = settings.customers.collective_number
    if settings.customers.private != "collective" or number is None:
        return None
    found = await failures.unless(go.customers(numbers=[number]))
    return None if found is None else next(iter(found), NOBODY)


async def _dimensions(
    go: PowerOffice, settings: Settings, failures: _Failures
) -> dict[str, bool | None]:
    """Return what became of each configured code that the integration has the right to look up."""
    found: dict[str, bool | None] = {}
    for kind, code in configured_dimensions(settings).items():
        before = len(failures.errors)
        if may(go.company.privileges, kind.capitalize()):
            active = await failures.unless(go.dimension_is_active(kind, code))
            if len(failures.errors) == before:
                found[kind] = active
    return found


def configured_dimensions(settings: Settings) -> dict[str, str]:
    """Return the codes that every order gets, by their kind."""
    return {kind: code for kind, code in settings.dimensions.model_dump().items() if code}


def may(privileges: frozenset[str], privilege: str) -> bool:
    """Tell whether a privilege is among these: a full one includes the plain one."""
    return bool(privileges & {privilege, f"{privilege}_Full"})


async def with_documents(read: BooksRead, settings: Settings, orders: Sequence[Order]) -> BooksRead:
    """Return it with the documents of everybody since the oldest of these orders."""
    since = max([start_of(settings), min(order.date_created_gmt for order in orders)])
    failures, booked = _Failures(), read.go.booked
    found = await asyncio.gather(
        failures.unless(_some(booked.anybodys_drafts(since.astimezone(UTC)))),
        failures.unless(_some(booked.anybodys_invoices(since.date()))),
    )
    both = [one for one in found if one is not None]
    rows, whole = tuple(row for one in both for row in one.rows), all(one.whole for one in both)
    documents = NumberedDocuments(rows, whole) if len(both) == len(found) else None
    return replace(read, documents=documents, failures=(*read.failures, *failures.errors))


async def _some(pages: AsyncIterator[list[NumberedDocument]]) -> NumberedDocuments:
    rows: list[NumberedDocument] = []
    for _ in range(MOST_PAGES):
        page = await anext(pages, None)
        if page is None:
            return NumberedDocuments(tuple(rows), whole=True)
        rows += page
    return NumberedDocuments(tuple(rows), whole=False)
