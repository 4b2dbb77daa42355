"""`check`: tries everything that a run will need, and says what was found and what to do.

It only reads: of either system and of the state database. Reading and judging are apart: what
judges is pure, but for this machine's own files, which are looked at here. What cannot be tried
because an earlier trial failed is not guessed.

finding.py  what a trial found; all of it as text and as JSON
reading.py  reads both systems and the state database
judging.py  judges company and shop, the orders as a run would, and what would make books double
"""

import os
import shlex
import tempfile
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path

from woo2po.check import judging
from woo2po.check.finding import Checked, Finding, Group, fine, out_of_reach, told, warning, wrong
from woo2po.check.reading import Tried, read_all
from woo2po.config import Problem, Settings, exposed
from woo2po.connections import Connections
from woo2po.run import alone, is_running
from woo2po.stopping import ToldToStop
from woo2po.store import Store
from woo2po.store.database import StateError, connect

__all__ = ["Checked", "check", "look_at_machine", "not_usable"]


def not_usable(path: str, problems: Iterable[Problem]) -> Checked:
    """Return what is wrong with a configuration that cannot be used; no problem: it is missing."""
    found = [
        wrong("check_wrong_key", key=one.key, value=f" = {one.value}" if one.value else "",
              expected=one.expected, path=path)
        for one in problems
    ]  # fmt: skip
    return Checked({Group.CONFIGURATION: found or [wrong("no_config", path=path)]}, {})


async def check(
    settings: Settings, path: Path, clock: Callable[[], datetime], connections: Connections
) -> Checked:
    """Try everything; `path` is the configuration's. Whatever goes wrong is in what is returned.

    Raises ToldToStop: what was not asked any more was not found wanting.
    """
    machine = list(look_at_machine(settings, path))
    tried = await read_all(settings, clock(), connections)
    if connections.stop.told:
        raise ToldToStop
    found = _judged(tried)
    found[Group.CONFIGURATION] = [*machine, *found[Group.CONFIGURATION]]
    return Checked(found, dict(connections.asked))


def _judged(tried: Tried) -> dict[Group, list[Finding]]:
    found = {group: [*map(out_of_reach, tried.failed.get(group, ()))] for group in Group}
    site, books = tried.shop, tried.books
    if books:
        if (was := tried.company) not in {"", now := books.go.company.id}:
            path = tried.settings.state.path
            whose = wrong("state_of_another", path=path, was=was, now=now)
            found[Group.CONFIGURATION].append(whose)
        found[Group.POWEROFFICE] = [*judging.judge_company(tried, books)]
    if site:
        found[Group.CONFIGURATION] += judging.judge_zone(tried, site)
        found[Group.SHOP] += judging.judge_shop(tried, site)
        found[Group.TWICE] += judging.judge_twice(tried, site)
    if site is None or (tried.newest and (books is None or books.documents is None)):
        found[Group.TWICE].append(told("check_twice_not_tried"))
    if books is None or books.catalogue is None:
        found[Group.PRODUCTS].append(told("check_products_not_tried"))
        found[Group.ORDERS].append(told("check_orders_not_tried"))
        return found
    looked, reasons = judging.judge_orders(tried, books.catalogue)
    products = [*reasons, *judging.judge_products(tried.settings, books.catalogue)]
    if tried.settings.payments.register_:
        products += judging.judge_payments(tried, books, books.catalogue)
    products += judging.judge_payouts(tried.settings, books.catalogue)
    found[Group.PRODUCTS] += judging.once(products)
    first = judging.judge_first(tried, looked, books)
    found[Group.ORDERS] += first if site else [told("check_orders_not_tried")]
    return found


def look_at_machine(settings: Settings, config: Path) -> Iterator[Finding]:
    """Yield what there is to say of it; only a trial file is made, that is gone at once."""
    yield fine("check_config_read", path=config.resolve())
    for file in exposed(settings, config):
        yield warning("config_readable", path=file, typed=shlex.quote(str(file)))
    if settings.monitoring.notify and find_spec("apprise") is None:
        yield warning("check_no_apprise")
    if settings.not_needed:
        yield told("check_not_needed", keys=", ".join(settings.not_needed))
    path = Path(settings.state.path)
    try:
        there = path.exists()
        found = list(_whose(path, settings)) if there else [fine("check_state_new", path=path)]
        _try_folder(path)
        yield from found
    except StateError as error:
        yield out_of_reach(error, said="")


def _whose(path: Path, settings: Settings) -> Iterator[Finding]:
    """Yield whose the database is, and whether a run is at work with it. Raises StateError."""
    if not os.access(path, os.W_OK):
        raise StateError("state_read_only", 2, path=str(path))
    with Store.of(settings, read_only=True) as store:
        yield fine("check_state_there", path=path, n=sum(1 for _ in store.everything()))
    if is_running(path):
        yield told("check_run_under_way")


def _try_folder(path: Path) -> None:
    """Make a database like it in the same folder, lock it, and take it away. Raises StateError."""
    try:
        with tempfile.TemporaryDirectory(prefix=".woo2po-check-", dir=path.parent) as folder:
            trial = Path(folder) / path.name
            with alone(trial, 0):
                connect(trial).close()
    except OSError as error:
        said = error.strerror or ""
        raise StateError("state_cannot_open", 2, path=str(path), said=said) from None
    except StateError as error:
        # Of the trial's own path nobody needs to hear.
        facts = {**error.facts, "path": str(path)}
        raise StateError(error.code, error.exit_code, **facts) from None
