"""`check`: tries everything that a run will need, and says what was found and what to do.

It only reads: of either system and of the state database. Reading and judging are apart: what
judges is pure, but for this machine's own files. What cannot be tried because an earlier trial
failed is not guessed.

finding.py  what a trial found; all of it as text and as JSON
machine.py  this machine: files, state database
reading.py  reads both systems
shop.py     judges the shop, its orders as a run would, and what would make the books double
company.py  judges the company: lock date, codes, rights, products, accounts
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

from woo2po.check.company import (
    judge_company,
    judge_payments,
    judge_payouts,
    judge_products,
    judge_whose,
)
from woo2po.check.finding import Checked, Finding, Group, out_of_reach, told
from woo2po.check.machine import look_at_machine, not_loaded
from woo2po.check.reading import Tried, read_all
from woo2po.check.shop import judge_first, judge_orders, judge_shop, judge_twice, judge_zone
from woo2po.config import Problem, Settings
from woo2po.connections import Connections
from woo2po.stopping import ToldToStop

__all__ = ["Checked", "check", "not_usable"]


def not_usable(path: str, problems: Iterable[Problem]) -> Checked:
    """Return what there is to say where the configuration cannot be used, or does not exist."""
    return Checked({Group.CONFIGURATION: not_loaded(path, problems)}, {})


async def check(
    settings: Settings,
    path: Path,
    clock: Callable[[], datetime],
    connections: Connections | None = None,
) -> Checked:
    """Try everything; `path` is the configuration's. Whatever goes wrong is in what is returned.

    Raises ToldToStop: what was not asked any more was not found wanting.
    """
    connections = connections or Connections()
    machine = list(look_at_machine(settings, path))
    tried = await read_all(settings, clock(), connections)
    if connections.stop.told:
        raise ToldToStop
    found = _judged(tried)
    found[Group.CONFIGURATION] = [*machine, *found[Group.CONFIGURATION]]
    return Checked(found, dict(connections.asked))


def _judged(tried: Tried) -> dict[Group, list[Finding]]:
    found = {group: [out_of_reach(tried.failed[group])] if group in tried.failed else []
             for group in Group}  # fmt: skip
    shop, books = tried.shop, tried.books
    if books:
        found[Group.CONFIGURATION] += judge_whose(tried, books)
        found[Group.POWEROFFICE] += judge_company(tried, books)
    if shop:
        found[Group.CONFIGURATION] += judge_zone(tried, shop)
        found[Group.SHOP] += judge_shop(tried, shop)
        found[Group.TWICE] += judge_twice(tried, shop)
    if shop is None or (tried.newest and (books is None or books.documents is None)):
        found[Group.TWICE].append(told("check_twice_not_tried"))
    if books is None or books.catalogue is None:
        found[Group.PRODUCTS].append(told("check_products_not_tried"))
        found[Group.ORDERS].append(told("check_orders_not_tried"))
        return found
    looked, reasons = judge_orders(tried, books.catalogue)
    found[Group.PRODUCTS] += [*reasons, *judge_products(tried.settings, books.catalogue, reasons)]
    if tried.settings.payments.register_:
        found[Group.PRODUCTS] += judge_payments(tried, books.catalogue, books.banks)
    found[Group.PRODUCTS] += judge_payouts(tried.settings, books.catalogue)
    orders = judge_first(tried, looked, books) if shop else [told("check_orders_not_tried")]
    found[Group.ORDERS] += orders
    return found
