"""This machine: the configuration's files, the state database."""

import os
import shlex
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from woo2po.check.finding import Finding, Level, fine, listed, told, warning, wrong
from woo2po.config import Problem, Settings, exposed
from woo2po.documents import Rounding
from woo2po.mapping.prices import ALL_WAYS
from woo2po.record import Record
from woo2po.run import alone, is_running
from woo2po.store import Store
from woo2po.store.database import StateError, connect
from woo2po.transfer.wanted import ways

_TRIAL = ".woo2po-check-"


def not_loaded(path: str, problems: Iterable[Problem]) -> list[Finding]:
    """Return what is wrong with a configuration that cannot be used; none: there is no file."""
    found = [
        wrong("check_wrong_key", key=one.key, value=f" = {one.value}" if one.value else "",
              expected=one.expected, path=path)
        for one in problems
    ]  # fmt: skip
    return found or [wrong("no_config", path=path)]


def look_at_machine(settings: Settings, config: Path) -> Iterator[Finding]:
    """Yield what there is to say of it; only a trial file is made, that is gone at once."""
    yield fine("check_config_read", path=config.resolve())
    for file in exposed(settings, config):
        yield warning("config_readable", path=file, typed=shlex.quote(str(file)))
    if settings.monitoring.notify and find_spec("apprise") is None:
        yield warning("check_no_apprise")
    if settings.not_needed:
        yield told("check_not_needed", keys=listed(settings.not_needed))
    yield from _state(Path(settings.state.path), settings)


# -- the state database ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class KnownState:
    """What the state database knows: the company that it is bound to, how PowerOffice rounds, and
    orders by their ids.
    """

    company: str = ""
    ways: frozenset[Rounding] = ALL_WAYS
    orders: Mapping[int, Record] = field(default_factory=dict)


def known_state(settings: Settings, order_ids: Iterable[int]) -> KnownState:
    """Return what it knows of these orders, as far as it can be read."""
    try:
        with Store.open(Path(settings.state.path), read_only=True) as store:
            known = {one.id: one for one in map(store.order, order_ids) if one is not None}
            return KnownState(store.memory.company, ways(store), known)
    except StateError:
        return KnownState()


def _state(path: Path, settings: Settings) -> Iterator[Finding]:
    try:
        there = path.exists()
        found = list(_whose(path, settings)) if there else [fine("check_state_new", path=path)]
        _try_folder(path)
        yield from found
    except StateError as error:
        level = Level.UNREACHABLE if error.exit_code == 3 else Level.WRONG  # it may pass
        yield Finding(error.code, level, {"said": "", **error.facts})


def _whose(path: Path, settings: Settings) -> Iterator[Finding]:
    """Yield whose the database is, and whether a run is at work with it. Raises StateError."""
    if not os.access(path, os.W_OK):
        raise StateError("state_read_only", 2, path=str(path))
    with Store.open(path, read_only=True) as store:
        memory, n = store.memory, sum(1 for _ in store.everything())
    shop, environment = settings.woocommerce.url.split("://")[1].lower(), memory.environment
    found = []
    if memory.shop and not settings.is_this_shop(memory.shop):
        found.append(wrong("state_of_another_shop", path=path, was=memory.shop, now=shop))
    if environment not in {"", settings.poweroffice.environment}:
        now = settings.poweroffice.environment
        found.append(wrong("state_of_another", path=path, was=environment, now=now))
    yield from found or [fine("check_state_there", path=path, n=n)]
    if is_running(path):
        yield told("check_run_under_way")


def _try_folder(path: Path) -> None:
    """Make a database like it in the same folder, lock it, and take it away. Raises StateError."""
    try:
        with tempfile.TemporaryDirectory(prefix=_TRIAL, dir=path.parent) as folder:
            trial = Path(folder) / path.name
            with alone(trial, 0):
                connect(trial).close()
    except OSError as error:
        raise StateError(
            "state_cannot_open", 2, path=str(path), said=error.strerror or ""
        ) from None
    except StateError as error:
        # Of the trial's own path nobody needs to hear.
        facts = {**error.facts, "path": str(path)}
        raise StateError(error.code, error.exit_code, **facts) from None
