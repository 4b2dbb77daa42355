"""The first orders that would be transferred, each as the preview foretells it.

What was read already is not asked for again, and no customer is looked up: whether PowerOffice has
an order's customer decides nothing here, and might take the list of all of them to find out.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from woo2po.check.finding import Finding, Level, fine, told
from woo2po.check.reading import NOBODY, BooksRead, Lists, ShopRead
from woo2po.check.shop import coming
from woo2po.delivery.catalogue_cache import Shelf
from woo2po.delivery.customers import CustomerLookUp, Directory
from woo2po.delivery.transfer import Transfer
from woo2po.documents import CustomerSought, DocumentSeen
from woo2po.messages.message import Language
from woo2po.order import Order
from woo2po.poweroffice import PowerOffice
from woo2po.preview import Foretold, foretell
from woo2po.preview.values import Becomes
from woo2po.pull import Pulled, seen_of, start_of
from woo2po.report import kroner
from woo2po.settings import Settings
from woo2po.store import Store
from woo2po.woocommerce import Shop

FIRST = 10

_BECOMES = {
    Becomes.CHANGED: "check_order_changed",
    Becomes.INVOICED: "check_order_invoiced",
    Becomes.TAKEN_BACK: "check_order_taken_back",
    Becomes.WAITING: "check_order_waiting",
    Becomes.NOT_TRANSFERRED: "check_order_not_transferred",
    Becomes.UNCHANGED: "check_order_unchanged",
}


class _NobodyAsked(Directory):
    """Looks no customer up."""

    async def look_up(self, sought: Iterable[CustomerSought], go: CustomerLookUp) -> None:
        """Ask nobody."""


async def first_orders(
    settings: Settings,
    clock: Callable[[], datetime],
    shop: Shop,
    go: PowerOffice,
    read: ShopRead,
    books: BooksRead,
) -> tuple[Foretold, ...] | None:
    """Return what a run would do with the first orders. Raises RemoteError and StateError.

    On a copy of the state database; None where PowerOffice's lists could not be read.
    """
    if books.lists is None:
        return None
    orders = await _first(settings, shop, read)
    with Store.in_memory(Path(settings.state.path)) as store:
        with store.transaction():
            store.note_seen(seen_of(settings, order) for order in orders)
        store.remember_documents(_ours(books))
        t = await _transfer(settings, clock, store, go, books, books.lists)
        pulled = Pulled(read.statuses, in_hand={order.id: order for order in orders})
        return tuple([one async for one in foretell(t, shop, pulled, store.to_do()[:FIRST])])


async def _transfer(
    settings: Settings,
    clock: Callable[[], datetime],
    store: Store,
    go: PowerOffice,
    books: BooksRead,
    lists: Lists,
) -> Transfer:
    directory = _NobodyAsked()
    if books.collective is not None and books.collective is not NOBODY:
        directory.add([books.collective])
    shelf = Shelf(lists, store, clock, keep=False)
    await shelf.open(lock_date=True)
    may_send = books.may_send is not False
    return Transfer(settings, store, go, clock, shelf, directory, may_send=may_send)


async def _first(settings: Settings, shop: Shop, read: ShopRead) -> Sequence[Order]:
    """Return orders among which the first ones are: those read, or the first page of all."""
    newest = coming(read.survey.orders, settings)
    if read.since is None or read.since <= len(newest) or not read.statuses:
        return sorted(newest, key=lambda order: order.id)
    page = await anext(shop.changed_since(start_of(settings), read.statuses))
    return coming((row for row in page.rows if isinstance(row, Order)), settings)


def _ours(books: BooksRead) -> Iterator[DocumentSeen]:
    """Yield the documents in PowerOffice that this job, or another of its kind, has made."""
    for row in books.documents.rows if books.documents else ():
        if row.reference and row.matching_reference:
            order_no = None if row.is_invoice else row.number
            invoice_no = row.number if row.is_invoice else None
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
        rounding = order.exactness.line if order.exactness else None
        facts = {"number": order.number, "total": f"{total}{currency}"}
        yield _judged(order, facts, kroner(rounding, language))


def _judged(order: Foretold, facts: dict[str, str], rounding: str) -> Finding:
    if order.holds:
        return Finding("check_order_held", Level.HELD, facts, order.holds[0])
    if order.becomes is Becomes.SKIPPED:
        return Finding("check_order_skipped", Level.TOLD, facts, order.reason)
    if order.becomes is not Becomes.TRANSFERRED or order.exactness is None:
        return told(_BECOMES.get(order.becomes, "check_order_waiting"), **facts)
    if not order.exactness.is_sure:
        return fine("check_order_compared", **facts)
    if order.exactness.line:
        return fine("check_order_rounded", **facts, rounding=rounding)
    return fine("check_order_exact", **facts)
