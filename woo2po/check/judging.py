"""All judges of a check, one heading after the other. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from woo2po.catalogue import Catalogue
from woo2po.check import configuration
from woo2po.check.carriers import judge_products
from woo2po.check.company import judge_company
from woo2po.check.finding import Finding, Group, out_of_reach, told
from woo2po.check.first_orders import judge_orders
from woo2po.check.machine import Machine
from woo2po.check.payments import judge_payments, methods_of
from woo2po.check.reading import BooksRead, ShopRead
from woo2po.check.rights import judge_rights, lacking, needed
from woo2po.check.shop import coming, judge_shop, sold
from woo2po.check.twice import judge_twice
from woo2po.http import RemoteError
from woo2po.order import Order
from woo2po.preview import Foretold
from woo2po.settings import Settings
from woo2po.survey.shop import MethodInUse


@dataclass(frozen=True, slots=True)
class Read:
    """Everything that was read; a system that could not be is there as its error.

    `settled` are the ids of orders that a run has dealt with; `first` is None where the first
    orders could not be looked at.
    """

    settings: Settings
    machine: Machine
    shop: ShopRead | RemoteError
    books: BooksRead | RemoteError
    now: datetime
    settled: frozenset[int]
    first: tuple[Foretold, ...] | None = None

    @property
    def orders(self) -> tuple[Order, ...]:
        """The shop's newest orders; none where they could not be read."""
        return () if isinstance(self.shop, RemoteError) else self.shop.survey.orders

    @property
    def waiting(self) -> list[Order]:
        """Those that are to be transferred and were not yet."""
        every = [o for o in coming(self.orders, self.settings) if o.id not in self.settled]
        return sorted(every, key=lambda order: order.id)

    @property
    def methods(self) -> tuple[MethodInUse, ...]:
        """The shop's payment methods."""
        return () if isinstance(self.shop, RemoteError) else self.shop.survey.methods

    @property
    def catalogue(self) -> Catalogue | None:
        """What PowerOffice sells and on which accounts, as far as all of it could be read."""
        return None if isinstance(self.books, RemoteError) else self.books.catalogue


def judged(read: Read) -> Mapping[Group, tuple[Finding, ...]]:
    """Return what was found, by heading."""
    return {
        Group.CONFIGURATION: tuple(_configuration(read)),
        Group.SHOP: tuple(_shop(read)),
        Group.POWEROFFICE: tuple(_company(read)),
        Group.PRODUCTS: tuple(_products(read)),
        Group.TWICE: tuple(_twice(read)),
        Group.ORDERS: tuple(_orders(read)),
    }


def _configuration(read: Read) -> Iterator[Finding]:
    yield from configuration.judge_machine(read.machine, read.settings)
    off = {}
    if isinstance(read.books, BooksRead):
        yield from configuration.judge_company(read.machine.state, read.books.client_id)
        off["poweroffice"] = read.books.off
    if isinstance(read.shop, ShopRead):
        off["shop"] = read.shop.off
    yield from configuration.judge_clocks(off)
    if isinstance(read.shop, ShopRead):
        yield from configuration.judge_zone(read.settings, read.shop.survey.zone, read.now)


def _shop(read: Read) -> Iterator[Finding]:
    if isinstance(read.shop, RemoteError):
        yield out_of_reach(read.shop)
        return
    yield from judge_shop(read.shop, read.settings)
    if not read.settings.payments.register_:
        yield from judge_payments(read.settings, None, read.methods)


def _company(read: Read) -> Iterator[Finding]:
    if isinstance(read.books, RemoteError):
        yield out_of_reach(read.books)
        return
    yield from judge_company(read.books, read.settings, read.waiting, read.now)
    wanted = needed(read.settings, frozenset(method.id for method in methods_of(read.methods)))
    yield from judge_rights(read.books, read.settings, wanted)
    said = {right.name for right in lacking(read.books.privileges, wanted)}
    said |= {f"{name}_Full" for name in said}  # what a call names that would do with less
    for error in read.books.failures:
        if error.facts.get("role") not in said:
            yield out_of_reach(error)


def _products(read: Read) -> Iterator[Finding]:
    if read.catalogue is None:
        yield told("check_products_not_tried")
        return
    yield from judge_products(read.settings, read.catalogue, sold(read.orders, read.settings))
    if read.settings.payments.register_:
        yield from judge_payments(read.settings, read.catalogue, read.methods)


def _twice(read: Read) -> Iterator[Finding]:
    if isinstance(read.shop, RemoteError):
        yield told("check_twice_not_tried")
        return
    documents = None if isinstance(read.books, RemoteError) else read.books.documents
    yield from judge_twice(
        read.shop.survey, read.settings, documents, coming(read.orders, read.settings)
    )
    if documents is None and read.orders:
        yield told("check_twice_not_tried")


def _orders(read: Read) -> Iterator[Finding]:
    if read.first is None:
        yield told("check_orders_not_tried")
    else:
        yield from judge_orders(read.first, read.settings.language)
