"""`status --all DIR`: all shops below a folder in one table, from their state databases alone."""

import os
import shlex
import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from woo2po.messages import say, say_both
from woo2po.messages.message import Language, word
from woo2po.record import State
from woo2po.report import fitted, table, wrapped
from woo2po.settings import Settings, WrongSettings
from woo2po.status import status_of
from woo2po.store.database import StateError
from woo2po.when import lasting

CONFIG = "config.toml"
_LEVELS = 3
_WORST_FIRST = (2, 3, 1, 0)  # of exit codes
_SECTIONS = frozenset({"woocommerce", "poweroffice"})
_UNITS = (("days_ago", 24 * 60), ("hours_ago", 60), ("minutes_ago", 1))
_NAME = 20  # characters of a shop's name in the table


@dataclass(frozen=True, slots=True)
class ShopStatus:
    """How one shop is. `code` is that of the message on what to do, "" where all is well.

    `exit_code` is what plain `status` ends with, but 1 also for a shop that never ran.
    """

    shop: str
    config: str
    exit_code: int
    code: str
    next: str = ""
    last_good_run: str | None = None
    too_old: bool = False
    counts: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Shops:
    """All shops below a folder, by name, and the language that the first of them speaks."""

    shops: Sequence[ShopStatus]
    language: Language

    @property
    def exit_code(self) -> int:
        """Return the worst of all."""
        codes = {shop.exit_code for shop in self.shops}
        return next(code for code in _WORST_FIRST if code in codes)

    def as_json(self) -> dict[str, object]:
        """Return the value that `--json` prints."""
        return {"exit_code": self.exit_code, "shops": [asdict(shop) for shop in self.shops]}


class NoShops(Exception):
    """There is nothing to tell of: the code of a message and its facts."""

    def __init__(self, code: str, folder: Path) -> None:
        super().__init__(code)
        self.code = code
        self.facts = {"path": str(folder)}


def shops_below(
    folder: Path,
    load: Callable[[Path], Settings],
    now: datetime,
    max_age: timedelta,
    language: Language,
) -> Shops:
    """Look at each shop's state. `language` is spoken where no configuration can be read.

    Raises NoShops. A configuration or a state that cannot be read is told in its row.
    """
    read: dict[Path, Settings | WrongSettings] = {}
    for config in configs_below(folder):
        try:
            read[config] = load(config)
        except WrongSettings as error:
            read[config] = error
    spoken = next((one.language for one in read.values() if isinstance(one, Settings)), language)
    rows = [_row(folder, config, one, now, max_age, spoken) for config, one in read.items()]
    return Shops(sorted(rows, key=lambda row: row.shop.casefold()), spoken)


def configs_below(folder: Path) -> list[Path]:
    """Return the shops' configurations, each once. Raises NoShops."""
    try:
        here = sorted(folder.glob("*.toml")) if folder.is_dir() else None
    except OSError:
        here = None
    if here is None:
        raise NoShops("shops_no_folder", folder)
    named = [one for one in here if not one.name.endswith(".example.toml")]
    every = filter(_is_shops, (*named, *_further(folder, _LEVELS)))
    # Not Path.resolve: before Python 3.13 a link that leads to itself is an error there.
    found = {os.path.realpath(one): one for one in every}
    if not found:
        raise NoShops("shops_none", folder)
    return list(found.values())


def _further(folder: Path, levels: int) -> Iterator[Path]:
    """Yield what may be a shop's configuration in the folders below, hidden ones left out."""
    try:
        inside = sorted(folder.iterdir())
    except OSError:
        yield folder / CONFIG  # reading it will say why
        return
    for below in (one for one in inside if not one.name.startswith(".")):
        if os.path.isdir(below):  # noqa: PTH112 (it never raises)
            if os.path.lexists(below / CONFIG):
                yield below / CONFIG
            if levels > 1:
                yield from _further(below, levels - 1)


def _is_shops(config: Path) -> bool:
    """Tell whether a file is ours: other programs have a config.toml too. A broken one may be."""
    with suppress(OSError, ValueError):
        said = tomllib.loads(config.read_text("utf-8-sig"))
        return not said or bool(_SECTIONS & said.keys())
    return True


def _row(
    folder: Path,
    config: Path,
    read: Settings | WrongSettings,
    now: datetime,
    max_age: timedelta,
    language: Language,
) -> ShopStatus:
    name, path = _name(folder, config), shlex.quote(str(config))
    if isinstance(read, WrongSettings):
        wrong = read.problems[0]
        facts = {"path": path, "key": wrong.key, "expected": wrong.expected.rstrip(".")}
        said = say_both("shop_wrong", language, facts)
        return ShopStatus(name, str(config), 2, "shop_wrong", said)
    try:
        found = status_of(read, now, max_age=max_age)
    except StateError as error:
        said = say_both(error.code, language, error.facts)
        return ShopStatus(name, str(config), error.exit_code, error.code, said)
    held = found.counts.get(State.HELD, 0)
    never = found.last_run is None
    code = "shop_never" if never else "shop_too_old" if found.too_old else "shop_held"
    begun = found.last_good_run or (found.last_run or {}).get("started")
    since = datetime.fromisoformat(str(begun)) if begun else now
    facts = {"path": path, "n": str(held), "age": lasting(abs(now - since), language)}
    if not (never or found.too_old or held):
        code = ""
    return ShopStatus(
        shop=name,
        config=str(config),
        exit_code=max(found.exit_code, int(never)),
        code=code,
        next=say_both(code, language, facts) if code else "",
        last_good_run=found.last_good_run,
        too_old=found.too_old,
        counts=found.counts,
    )


def _name(folder: Path, config: Path) -> str:
    """Return what a shop is called: its folder, or its file where several stand in one folder."""
    if config.name != CONFIG:
        return config.stem
    return config.parent.relative_to(folder).as_posix().strip(".") or folder.resolve().name


def _age(since: datetime | None, now: datetime, language: Language) -> str:
    """Return how long ago something was, in few signs and the largest unit that fills two."""
    if since is None:
        return word("never", language)
    minutes = int(abs(now - since).total_seconds() // 60)
    unit, length = next(one for one in _UNITS if minutes >= 2 * one[1] or one[1] == 1)
    return word(unit, language).format(minutes // length)


def shops_text(found: Shops, now: datetime) -> str:
    """Return the table, then what to do, shop by shop, then one line on all of them."""
    language = found.language
    names = ("shop", "good_run", "held", "pending")
    rows = [_cells(shop, now, language) for shop in found.shops]
    parts = [table(rows, [word(name, language) for name in names], right=(2, 3))]
    needing = [shop for shop in found.shops if shop.exit_code]
    if needing:
        parts.append("\n".join(_advice(needing)))
    code = "shops_some" if needing else "shops_all_well"
    whole = len(found.shops)
    facts = {"n": str(whole), "well": str(whole - len(needing)), "rest": str(len(needing))}
    return "\n\n".join([*parts, wrapped(say(code, language, facts))])


def _cells(shop: ShopStatus, now: datetime, language: Language) -> list[str]:
    name = fitted(shop.shop, _NAME)
    if shop.exit_code in {2, 3}:
        return [name, "?", "", ""]
    since = datetime.fromisoformat(shop.last_good_run) if shop.last_good_run else None
    ran = _age(since, now, language)
    counts = shop.counts
    waiting = counts.get(State.PENDING, 0) + counts.get(State.SENDING, 0)
    return [
        name,
        f"{ran} !" if shop.too_old else ran,
        str(counts.get(State.HELD) or ""),
        str(waiting or ""),
    ]


def _advice(shops: Iterable[ShopStatus]) -> Iterator[str]:
    for shop in shops:
        yield wrapped(f"{fitted(shop.shop, 60)}: {fitted(shop.next, 900)}", "→ ", "  ")
