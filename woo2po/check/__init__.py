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

from woo2po.check import company, shop
from woo2po.check.finding import Checked, Finding, Group, out_of_reach, told
from woo2po.check.machine import look_at_machine, not_loaded
from woo2po.check.reading import Tried, read_all
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
    site, books = tried.shop, tried.books
    if books:
        found[Group.CONFIGURATION] += company.judge_whose(tried, books)
        found[Group.POWEROFFICE] += company.judge_company(tried, books)
    if site:
        found[Group.CONFIGURATION] += shop.judge_zone(tried, site)
        found[Group.SHOP] += shop.judge_shop(tried, site)
        found[Group.TWICE] += shop.judge_twice(tried, site)
    if site is None or (tried.newest and (books is None or books.documents is None)):
        found[Group.TWICE].append(told("check_twice_not_tried"))
    if books is None or books.catalogue is None:
        found[Group.PRODUCTS].append(told("check_products_not_tried"))
        found[Group.ORDERS].append(told("check_orders_not_tried"))
        return found
    looked, reasons = shop.judge_orders(tried, books.catalogue)
    found[Group.PRODUCTS] += reasons
    found[Group.PRODUCTS] += company.judge_products(tried.settings, books.catalogue, reasons)
    if tried.settings.payments.register_:
        found[Group.PRODUCTS] += company.judge_payments(tried, books.catalogue, books.banks)
    found[Group.PRODUCTS] += company.judge_payouts(tried.settings, books.catalogue)
    orders = shop.judge_first(tried, looked, books) if site else [told("check_orders_not_tried")]
    found[Group.ORDERS] += orders
    return found
