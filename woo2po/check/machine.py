"""What this machine says: the files of the configuration, the state database and its disk."""

import os
import shutil
import tempfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from woo2po.run import CANNOT_LOCK, is_running, lock_of
from woo2po.settings import Settings, exposed
from woo2po.store import Store
from woo2po.store.database import StateError, connect, plain_errors

WHOSE = ("shop", "environment", "company")  # what a state database is bound to
_TRIAL = ".woo2po-check-"


@dataclass(frozen=True, slots=True)
class StateSeen:
    """The state database: whether it is there, what is wrong with it, whose it is.

    `bound` has "shop", "environment" and "company" as far as a run has written them down;
    `running`: a run is at work with it just now.
    """

    path: Path
    exists: bool = False
    error: StateError | None = None
    bound: Mapping[str, str] = field(default_factory=dict)
    orders: int = 0
    running: bool = False


@dataclass(frozen=True, slots=True)
class Machine:
    """The files of the configuration, what outweighs them, and the disk of the state database.

    `free`: bytes left there, None where nobody can tell.
    """

    config: Path
    exposed: tuple[Path, ...]
    not_needed: tuple[str, ...]
    overriding: tuple[str, ...]
    secrets_from_files: tuple[str, ...]
    state: StateSeen
    free: int | None


def look_at_machine(settings: Settings, config: Path) -> Machine:
    """Look at all of it; nothing is changed, but for a trial file that is gone at once."""
    path = Path(settings.state.path)
    return Machine(
        config=config,
        exposed=tuple(exposed(settings, config)),
        not_needed=settings.not_needed,
        overriding=overriding(),
        secrets_from_files=_secrets_from_files(settings),
        state=_state(path),
        free=_free(path.parent),
    )


def overriding() -> tuple[str, ...]:
    """Return the environment variables that outweigh keys of the file."""
    names = (name for name in os.environ if name.startswith("WOO2PO_"))
    return tuple(sorted(name for name in names if name != "WOO2PO_CONFIG"))


def settled_orders(settings: Settings, order_ids: Collection[int]) -> set[int]:
    """Return which of these orders a run has dealt with, as far as the database can be read."""
    try:
        with Store.open(Path(settings.state.path), read_only=True) as store:
            queued = {one.order_id for one in store.unfinished() if one.todo}
            return store.known(list(order_ids)) - queued
    except StateError:
        return set()


def _secrets_from_files(settings: Settings) -> tuple[str, ...]:
    sections = {"woocommerce": settings.woocommerce, "poweroffice": settings.poweroffice}
    return tuple(
        f"{name}.{key.removesuffix('_file')}"
        for name, section in sections.items()
        for key in type(section).model_fields
        if key.endswith(("_key_file", "_secret_file")) and getattr(section, key)
    )


def _state(path: Path) -> StateSeen:
    try:
        if not path.exists():
            _try_folder(path)
            return StateSeen(path)
        _require_writable(path)
        seen = _read(path)
        _try_folder(path)
    except StateError as error:
        return StateSeen(path, exists=path.exists(), error=error)
    return seen


def _require_writable(path: Path) -> None:
    if not os.access(path, os.W_OK):
        raise StateError("state_read_only", 2, path=str(path))


def _read(path: Path) -> StateSeen:
    with Store.open(path, read_only=True) as store:
        said = {name: getattr(store.memory, name) for name in WHOSE}
        bound = {name: value for name, value in said.items() if value}
        orders = sum(1 for _ in store.everything())
    return StateSeen(path, exists=True, bound=bound, orders=orders, running=bool(is_running(path)))


def _try_folder(path: Path) -> None:
    """Make a database like it in the same folder, lock it, and take it away. Raises StateError."""
    try:
        with tempfile.TemporaryDirectory(prefix=_TRIAL, dir=path.parent) as folder:
            trial = Path(folder) / path.name
            with lock_of(trial).acquire(timeout=0), plain_errors(path):
                connect(trial).close()
    except OSError as error:
        code = "state_cannot_lock" if error.errno in CANNOT_LOCK else "state_cannot_open"
        raise StateError(code, 2, path=str(path), said=error.strerror or "") from None
    except StateError as error:
        # Of the trial's own path nobody needs to hear.
        facts = {**error.facts, "path": str(path)}
        raise StateError(error.code, error.exit_code, **facts) from None


def _free(folder: Path) -> int | None:
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None
