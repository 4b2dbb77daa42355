"""What a trial found, with the level that the exit code comes from; and all of it as text and JSON.

A section that is well is one line; what needs somebody stands under it, with what to do. The signs
of lines are words: they need no colour.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import partial

from woo2po.holds import Hold, Skip, texts_of
from woo2po.http import RemoteError
from woo2po.messages import Language, remedy, say, word
from woo2po.money import Fact
from woo2po.report import reasoned, told_of, wrapped
from woo2po.store.database import StateError

_ON_A_SCREEN = 20  # lines, beside the last ones
# What tells two reasons of one code apart: what is set wrong.
_APART = ("key", "code", "country", "provider")


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


class Group(StrEnum):
    """The headings that findings stand under, in their order."""

    CONFIGURATION = "configuration"
    SHOP = "shop"
    POWEROFFICE = "poweroffice"
    PRODUCTS = "products_and_accounts"
    TWICE = "booked_twice"
    ORDERS = "first_orders"


# The worst first: what it all comes to, and the exit code of the contract.
_WORST = {Level.WRONG: 2, Level.UNREACHABLE: 3, Level.HELD: 1, Level.WARNING: 0, Level.FINE: 0}
_MARKS = {Level.FINE: "✓", Level.WARNING: "!", Level.HELD: "!"}  # of a section; all others: "✗"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was tried and found: the code of its message, its level, and the message's facts.

    `reason` is why orders are held or skipped, where the mapping said so. Where it says all that
    there is to say, the finding bears its code; else its sentence follows. `orders` are the
    numbers of orders that it is about, so far as they are known; `n` is how many they are. The
    sentence is an example where it is that of the first order, and of the others a similar one.
    """

    code: str
    level: Level
    facts: Mapping[str, Fact] = field(default_factory=dict)
    reason: Hold | Skip | None = None
    n: int = 0
    orders: tuple[str, ...] = ()
    is_example: bool = False

    @property
    def kind(self) -> tuple[Fact | None, ...]:
        """Its code, and what in the configuration it is about: findings of a kind have a remedy."""
        why = self.reason or self
        return why.code, *map(why.facts.get, _APART)

    def text(self, language: Language) -> str:
        """Return what was found, why orders are held where that is known, and which they are."""
        said = [say(self.code, language, self.facts)]
        if self.reason is not None and self.reason.code != self.code:
            said.append(say(self.reason.code, language, self.reason.facts))
        if self.is_example:
            facts = {"number": self.orders[0], "text": said[0]}
            said = [say("status_example", language, facts)]
        if self.n:
            numbers = f"({listed(self.orders, 3)})" if self.orders else ""
            said.append(say("check_orders", language, {"n": str(self.n), "numbers": numbers}))
        return " ".join(said)

    def remedy(self, language: Language) -> str:
        """Return what to do about it, or ""."""
        if self.reason is None:
            return remedy(self.code, language, self.facts)
        number = str(self.facts.get("number", ""))
        if len(self.orders) == self.n == 1:
            number = self.orders[0]
        return told_of(self.reason, language, number)[1]


def _finding(level: Level, code: str, /, **facts: object) -> Finding:
    given = {n: fact if isinstance(fact, date) else str(fact) for n, fact in facts.items()}
    return Finding(code, level, given)


# With code and facts: all is well; worth knowing, and no more; somebody should look; orders will be
# held; a run will not even begin.
fine, told, warning, holding, wrong = (
    partial(_finding, one)
    for one in (Level.FINE, Level.TOLD, Level.WARNING, Level.HELD, Level.WRONG)
)


def because(reason: Hold | Skip, level: Level = Level.HELD, n: int = 0) -> Finding:
    """Return a finding that says what a run will say."""
    return Finding(reason.code, level, reason.facts, reason, n)


def out_of_reach(error: RemoteError | StateError, **beside: str) -> Finding:
    """Return what stands between us and a system, or the state database."""
    level = Level.UNREACHABLE if error.exit_code == 3 else Level.WRONG  # the first may pass
    return Finding(error.code, level, {**beside, **error.facts})


def listed(names: Iterable[object], most: int = 12) -> str:
    """Return names in a row, of a long row the first ones."""
    every = [str(name) for name in names]
    return ", ".join(every[:most]) + (", ..." if len(every) > most else "")


def worst_of(levels: Collection[Level]) -> Level:
    """Return the level that decides, of a mere note or none at all FINE."""
    return next((level for level in _WORST if level in levels), Level.FINE)


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found, by heading, and how many requests each system was asked."""

    findings: Mapping[Group, Sequence[Finding]]
    asked: Mapping[str, int]

    @property
    def _levels(self) -> list[Level]:
        return [one.level for found in self.findings.values() for one in found]

    @property
    def exit_code(self) -> int:
        """The exit code of the contract: that of the worst finding."""
        return _WORST[worst_of(self._levels)]

    def _conclusion(self, language: Language) -> tuple[str, str]:
        worst = worst_of(self._levels)
        code, facts = f"check_ends_{worst}", {"n": str(self._levels.count(worst))}
        return say(code, language, facts), remedy(code, language, facts)

    def text(self, language: Language, *, whole: bool = False) -> str:
        """Return it for people, section by section; last what it comes to and what to do now.

        What it comes to stands first too, where the last line would be out of sight.

        `whole`: what is well too, line by line.
        """
        told = set[object]()
        sections = [line for group, found in self.findings.items() if found
                    for line in _section(group, found, language, told, whole=whole)]  # fmt: skip
        counts = {name: str(n) for name, n in {"shop": 0, "poweroffice": 0, **self.asked}.items()}
        said = wrapped(say("check_asked", language, counts)) if self.asked else ""
        end, step = map(wrapped, self._conclusion(language), ("", "→ "), ("", "  "))
        body, last = "\n".join(sections), f"{end}\n{step}" if step else end
        first = end if body.count("\n") > _ON_A_SCREEN else ""
        return "\n\n".join(filter(None, (first, body, said, last)))

    def as_json(self, language: Language) -> dict[str, object]:
        """Return the value that `check --json` prints; its shape stands in the README."""
        conclusion, next_step = self._conclusion(language)
        return {
            "exit_code": self.exit_code,
            "conclusion": conclusion,
            "next_step": next_step,
            "asked": {"shop": 0, "poweroffice": 0, **self.asked},
            "findings": [
                {"group": group.value, "level": one.level.value, "code": one.code,
                 "text": one.text(language), "remedy": one.remedy(language),
                 "facts": texts_of(one.facts)
                 | ({"n": str(one.n), "numbers": listed(one.orders)} if one.n else {}),
                 "reason": one.reason.code if one.reason else ""}
                for group, found in self.findings.items() for one in found
            ],
        }  # fmt: skip


def _section(
    group: Group, found: Sequence[Finding], language: Language, told: set[object], *, whole: bool
) -> Iterator[str]:
    levels = [finding.level for finding in found]
    worst, well = worst_of(levels), levels.count(Level.FINE)
    heading, mark = say(f"check_h_{group}", language), "·"
    if well or worst is not Level.FINE:  # else nothing was tried
        facts = {"n": str(well), "all": str(len(found))}
        heading += f": {say('check_h_in_order', language, facts)}"
        mark = _MARKS.get(worst, "✗")
    yield wrapped(heading, f"{mark} ", "  ")
    indent = max(len(word(f"sign_{level}", language)) for level in Level) + 4
    for finding in found:
        if finding.level is Level.FINE and not whole and group is not Group.ORDERS:
            continue
        first = f"  {word(f'sign_{finding.level}', language)}".ljust(indent)
        # Of several for one reason it is said once what to do.
        what = "" if finding.kind in told else finding.remedy(language)
        yield reasoned(finding.text(language), what, first)
        told.add(finding.kind)
