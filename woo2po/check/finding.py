"""What a trial found: one line for people, with the level that the exit code comes from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from woo2po.holds import Hold, Skip
from woo2po.http import RemoteError


class Level(StrEnum):
    """How much a finding weighs; scripts that read `check --json` use these names.

    TOLD: worth knowing. WARNING: a run works, but somebody should look. HELD: orders will be
    held. WRONG: the configuration. UNREACHABLE: a system is out of reach or turns us away.
    """

    FINE = "fine"
    TOLD = "told"
    WARNING = "warning"
    HELD = "held"
    WRONG = "wrong"
    UNREACHABLE = "unreachable"


EXIT_CODES = {Level.WRONG: 2, Level.UNREACHABLE: 3, Level.HELD: 1}  # the worst first


class Group(StrEnum):
    """The headings that findings stand under, in their order."""

    CONFIGURATION = "configuration"
    SHOP = "shop"
    POWEROFFICE = "poweroffice"
    PRODUCTS = "products_and_accounts"
    TWICE = "booked_twice"
    ORDERS = "first_orders"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was tried and found: the code of its message, its level, and the message's facts.

    `reason` is why orders are held or skipped, where the mapping said so: its sentence follows,
    and its remedy is the finding's.
    """

    code: str
    level: Level
    facts: Mapping[str, str] = field(default_factory=dict)
    reason: Hold | Skip | None = None


def fine(code: str, /, **facts: object) -> Finding:
    """Return a finding with which all is well."""
    return Finding(code, Level.FINE, _texts(facts))


def told(code: str, /, **facts: object) -> Finding:
    """Return a finding that is worth knowing, and no more."""
    return Finding(code, Level.TOLD, _texts(facts))


def warning(code: str, /, **facts: object) -> Finding:
    """Return a finding that somebody should look at."""
    return Finding(code, Level.WARNING, _texts(facts))


def holding(code: str, /, reason: Hold | Skip | None = None, **facts: object) -> Finding:
    """Return a finding for which orders will be held."""
    return Finding(code, Level.HELD, _texts(facts), reason)


def wrong(code: str, /, **facts: object) -> Finding:
    """Return a finding for which a run will not even begin."""
    return Finding(code, Level.WRONG, _texts(facts))


def out_of_reach(error: RemoteError) -> Finding:
    """Return what stands between us and a system."""
    return Finding(error.code, Level.UNREACHABLE, dict(error.facts))


def exit_code(findings: Iterable[Finding]) -> int:
    """Return the exit code of the worst: 2, 3, 1, 0."""
    levels = {finding.level for finding in findings}
    return next((code for level, code in EXIT_CODES.items() if level in levels), 0)


def listed(names: Iterable[object], most: int = 12) -> str:
    """Return names in a row, of a long row the first ones."""
    every = [str(name) for name in names]
    return ", ".join(every[:most]) + (", ..." if len(every) > most else "")


def _texts(facts: Mapping[str, object]) -> dict[str, str]:
    return {name: str(fact) for name, fact in facts.items()}
