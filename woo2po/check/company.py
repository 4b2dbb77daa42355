"""Judging the company in PowerOffice: which it is, its lock date, its codes and its customer."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

from woo2po.check.finding import Finding, fine, holding, listed, told, warning
from woo2po.check.reading import NOBODY, BooksRead, configured_dimensions
from woo2po.documents import InvoiceWanted
from woo2po.holds import Hold
from woo2po.mapping import invoice_of
from woo2po.order import Order
from woo2po.settings import Settings

_LOCKED = frozenset({"period_locked", "locked_ahead"})


def judge_company(
    read: BooksRead, settings: Settings, waiting: Iterable[Order], now: datetime
) -> Iterator[Finding]:
    """Yield what there is to say of the company; `waiting` are the orders still to go."""
    facts = {"name": read.client_name or "?", "id": read.client_id}
    code = "check_company_demo" if settings.poweroffice.environment == "demo" else "check_company"
    yield fine(code, **facts)
    if read.lists is not None and read.lists.lock_is_known:
        yield from _locked(read, settings, list(waiting), now)
    yield from _collective(read, settings)
    yield from _dimensions(read, settings)


def _locked(
    read: BooksRead, settings: Settings, waiting: list[Order], now: datetime
) -> Iterator[Finding]:
    locked = read.catalogue.lock_date if read.catalogue else None
    today = now.astimezone(ZoneInfo(settings.woocommerce.timezone)).date()
    if locked is None:
        yield fine("check_nothing_locked")
        return
    if locked >= today and settings.invoices.create:
        yield holding("check_locked_ahead", locked=locked)
        return
    moved, held = _days_in_it(read, settings, waiting, today)
    if held:
        yield holding("check_locked_holds", locked=locked, numbers=listed(held, 5), n=len(held))
    elif moved:
        yield warning("check_locked_moves", locked=locked, numbers=listed(moved, 5), n=len(moved))
    else:
        yield fine("check_locked_until", locked=locked)


def _days_in_it(
    read: BooksRead, settings: Settings, waiting: Iterable[Order], today: date
) -> tuple[list[str], list[str]]:
    """Return the orders whose invoice the lock date moves, and those that it holds."""
    moved, held = [], []
    if read.catalogue is None:
        return [], []
    for order in waiting:
        invoice = invoice_of(order, settings, read.catalogue, today)
        if isinstance(invoice, Hold) and invoice.code in _LOCKED:
            held.append(order.number)
        if isinstance(invoice, InvoiceWanted) and invoice.moved_from is not None:
            moved.append(order.number)
    return moved, held


def _collective(read: BooksRead, settings: Settings) -> Iterator[Finding]:
    number = settings.customers.collective_number
    if read.collective is None:
        return
    if read.collective is NOBODY:
        yield holding("check_collective_missing", number=number)
    elif read.collective.is_archived:
        yield holding("check_collective_archived", number=number)
    else:
        yield fine("check_collective", number=number)


def _dimensions(read: BooksRead, settings: Settings) -> Iterator[Finding]:
    for kind, code in configured_dimensions(settings).items():
        key = f"dimensions.{kind}"
        if kind not in read.dimensions:
            yield told("check_dimension_unknown", key=key, code=code)
        elif read.dimensions[kind] is None:
            yield holding("check_dimension_missing", key=key, code=code)
        elif not read.dimensions[kind]:
            yield holding("check_dimension_inactive", key=key, code=code)
        else:
            yield fine("check_dimension", key=key, code=code)
