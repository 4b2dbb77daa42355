"""`check`: tries everything that a run will need, and says what was found and what to do.

It only reads: of either system and of the state database. Reading and judging are apart: what
judges is pure. Trials do not depend on each other, but for what they are made of; what cannot be
tried because an earlier trial failed is not guessed.

finding.py        what a trial found
machine.py        reads the files, the state database and its disk
reading.py        reads both systems
judging.py        all judges, one after the other:
configuration.py  files, database, clocks, time zone
shop.py           the shop
company.py        the company: lock date, codes, collective customer
rights.py         the privileges in PowerOffice
carriers.py       products, accounts and VAT
payments.py       payment methods and their accounts
twice.py          what would make the books double
first_orders.py   the first orders that would be transferred
text.py           what it all comes to, as text for people and as JSON
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from woo2po.check.configuration import not_loaded
from woo2po.check.finding import Finding, Group, exit_code
from woo2po.check.first_orders import first_orders
from woo2po.check.judging import Read, judged
from woo2po.check.machine import look_at_machine, settled_orders
from woo2po.check.reading import BooksRead, ShopRead, read_books, read_shop, with_documents
from woo2po.check.text import check_json, check_text
from woo2po.connections import Connections, open_pretending, open_shop
from woo2po.http import RemoteError
from woo2po.preview import Foretold
from woo2po.settings import Problem, Settings
from woo2po.store.database import StateError

__all__ = ["Checked", "check", "check_json", "check_text", "not_usable"]

_Part = TypeVar("_Part")


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found, by heading, and how many requests each system was asked."""

    findings: Mapping[Group, tuple[Finding, ...]]
    asked: Mapping[str, int]

    @property
    def exit_code(self) -> int:
        """The exit code of the contract: that of the worst finding."""
        return exit_code(one for found in self.findings.values() for one in found)


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
    machine = look_at_machine(settings, path)
    shop, books, first = await _both(settings, clock, connections)
    orders = () if isinstance(shop, RemoteError) else shop.survey.orders
    settled = settled_orders(settings, [order.id for order in orders])
    read = Read(settings, machine, shop, books, clock(), frozenset(settled), first)
    return Checked(judged(read), dict(connections.asked))


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
            _tried(read_shop(shop_client, settings, clock)),
            _tried(read_books(go, settings, clock)),
        )
        if isinstance(shop, ShopRead) and isinstance(books, BooksRead):
            if shop.survey.orders:
                books = await with_documents(books, go, settings, shop.survey.orders)
            # Why it failed, if it did, is found and told by the trials of what it is made of.
            with suppress(RemoteError, StateError):
                first = await first_orders(settings, clock, shop_client, go, shop, books)
    return shop, books, first


async def _tried(work: Awaitable[_Part]) -> _Part | RemoteError:
    try:
        return await work
    except RemoteError as error:
        return error
