"""The first orders that would be transferred, each as the preview foretells it.

What was read already is not asked for again, and no customer is looked up: whether PowerOffice has
an order's customer decides nothing here, and might take the list of all of them to find out.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

import structlog

from woo2po.agenda import agenda_of
from woo2po.check.finding import Finding, Level, fine, told
from woo2po.check.reading import NOBODY, BooksRead, ShopRead
from woo2po.check.shop import coming
from woo2po.config import Settings
from woo2po.documents import CustomerSought, DocumentSeen
from woo2po.messages.message import Language
from woo2po.order import Order
from woo2po.poweroffice import PowerOffice
from woo2po.poweroffice.pretend import PretendingPowerOffice
from woo2po.preview import DryStore, Foretold
from woo2po.preview.foretold import Becomes, Watching, foretold
from woo2po.pull import Pulled, seen_of, start_of
from woo2po.report import kroner
from woo2po.transfer.invoices import asked_for, notice
from woo2po.transfer.lookups import CatalogueCache, Directory
from woo2po.transfer.orders import push
from woo2po.transfer.writes import Progress, Run
from woo2po.woocommerce import Shop

FIRST = 10


class _AsRead(CatalogueCache):
    """The catalogue that was read a moment ago: nothing is asked for again."""

    async def open(self, *, lock_date: bool = False) -> None:
        """Ask for nothing."""

    async def refresh(self, *, again: bool = False, doubted: bool = False) -> bool:  # noqa: ARG002
        """Tell that nothing newer was read."""
        return False


class _NobodyAsked(Directory):
    """Looks no customer up."""

    async def look_up(self, sought: Iterable[CustomerSought], go: PowerOffice) -> None:
        """Ask nobody."""


async def first_orders(
    settings: Settings,
    clock: Callable[[], datetime],
    shop: Shop,
    go: PretendingPowerOffice,
    read: ShopRead,
    books: BooksRead,
) -> tuple[Foretold, ...] | None:
    """Return what a run would do with the first orders. Raises RemoteError and StateError.

    On a copy of the state database; None where PowerOffice's lists could not be read.
    """
    if books.catalogue is None:
        return None
    orders = await _first(settings, shop, read)
    with DryStore.in_memory(Path(settings.state.path)) as store:
        with store.transaction():
            store.note_seen(seen_of(settings, order) for order in orders)
        store.remember_documents(_ours(books))
        catalogue = _AsRead(go, store, clock)
        catalogue.catalogue = books.catalogue
        watching = Watching()
        customers = _NobodyAsked()
        if books.collective is not None and books.collective is not NOBODY:
            customers.add([books.collective])
        run = Run(settings, store, shop, go, clock, catalogue, "", customers, watching)
        pulled = Pulled(read.statuses, in_hand={order.id: order for order in orders})
        ids = agenda_of(store, settings.digest(), clock()).orders[:FIRST]
        watching.begins(run)
        with structlog.contextvars.bound_contextvars(dry_run=True):
            await _carried(
                run, go, Progress(may_send=books.go.may_send_invoices is not False), pulled, ids
            )
        return tuple(one for i in ids if (one := foretold(watching, i)) is not None)


async def _carried(
    run: Run, go: PretendingPowerOffice, progress: Progress, pulled: Pulled, ids: Sequence[int]
) -> None:
    """Carry orders as far as they go; their pretended invoices stand at once."""
    await push(run, progress, pulled, ids)
    progress.following = True
    while stands := notice(run, progress, asked_for(run), go.pretended_invoices):
        await push(run, progress, pulled, stands)


async def _first(settings: Settings, shop: Shop, read: ShopRead) -> Sequence[Order]:
    """Return orders among which the first ones are: those read, or the first page of all."""
    newest = coming(read.inventory.orders, settings)
    if read.since is None or read.since <= len(newest) or not read.statuses:
        return sorted(newest, key=lambda order: order.id)
    page = await anext(shop.changed_since(start_of(settings), read.statuses))
    return coming((row for row in page.rows if isinstance(row, Order)), settings)


def _ours(books: BooksRead) -> Iterator[DocumentSeen]:
    """Yield the documents in PowerOffice that this job, or another of its kind, has made."""
    for row in books.documents.rows if books.documents else ():
        if row.reference and row.matching_reference:
            order_no, invoice_no = (None, row.number) if row.is_invoice else (row.number, None)
            yield DocumentSeen(
                row.id, row.reference, row.matching_reference, order_no, invoice_no, row.total
            )


def judge_orders(orders: Sequence[Foretold], language: Language) -> Iterator[Finding]:
    """Yield what would become of each, its amounts as that language writes them."""
    if not orders:
        yield told("check_no_first_order")
    for order in orders:
        total = "?" if order.total is None else kroner(order.total, language)
        currency = "" if order.currency in {"", "NOK"} else f" {order.currency}"
        facts = {"number": order.number, "total": f"{total}{currency}"}
        if order.holds:
            yield Finding("check_order_held", Level.HELD, facts, order.holds[0])
        elif order.becomes is Becomes.SKIPPED:
            yield Finding("check_order_skipped", Level.TOLD, facts, order.reason)
        elif order.becomes is not Becomes.TRANSFERRED or order.exactness is None:
            waits = order.becomes is Becomes.TRANSFERRED
            yield told(f"check_order_{Becomes.WAITING if waits else order.becomes}", **facts)
        elif not order.exactness.is_sure:
            yield fine("check_order_compared", **facts)
        elif order.exactness.line:
            rounding = kroner(order.exactness.line, language)
            yield fine("check_order_rounded", **facts, rounding=rounding)
        else:
            yield fine("check_order_exact", **facts)
