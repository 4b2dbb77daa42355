"""What a trial found, with the level that the exit code comes from; and all of it as text and JSON.

A section that is well is one line; what needs somebody stands under it, with what to do. The signs
of lines are words: they need no colour.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from woo2po.holds import Hold, Skip, texts_of
from woo2po.http import RemoteError
from woo2po.messages import remedy, say
from woo2po.messages.message import Language, to_type, word
from woo2po.money import Fact
from woo2po.report import fitted, wrapped
from woo2po.screen import shown

_LONGEST = 600  # characters of a sentence


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

Paint = Callable[[str, Level], str]


@dataclass(frozen=True, slots=True)
class Finding:
    """What was tried and found: the code of its message, its level, and the message's facts.

    `reason` is why orders are held or skipped, where the mapping said so. Where it says all that
    there is to say, the finding bears its code; else its sentence follows. `orders` are the
    numbers of orders that it is about, so far as they are known; `n` is how many they are.
    """

    code: str
    level: Level
    facts: Mapping[str, Fact] = field(default_factory=dict)
    reason: Hold | Skip | None = None
    n: int = 0
    orders: tuple[str, ...] = ()


def fine(code: str, /, **facts: object) -> Finding:
    """Return a finding with which all is well."""
    return Finding(code, Level.FINE, _texts(facts))


def told(code: str, /, **facts: object) -> Finding:
    """Return a finding that is worth knowing, and no more."""
    return Finding(code, Level.TOLD, _texts(facts))


def warning(code: str, /, **facts: object) -> Finding:
    """Return a finding that somebody should look at."""
    return Finding(code, Level.WARNING, _texts(facts))


def holding(code: str, /, **facts: object) -> Finding:
    """Return a finding for which orders will be held."""
    return Finding(code, Level.HELD, _texts(facts))


def wrong(code: str, /, **facts: object) -> Finding:
    """Return a finding for which a run will not even begin."""
    return Finding(code, Level.WRONG, _texts(facts))


def because(
    reason: Hold | Skip, level: Level = Level.HELD, n: int = 0, orders: Sequence[str] = ()
) -> Finding:
    """Return a finding that says what a run will say; `orders` are those that it holds."""
    return Finding(reason.code, level, reason.facts, reason, n or len(orders), tuple(orders))


def out_of_reach(error: RemoteError) -> Finding:
    """Return what stands between us and a system."""
    return Finding(error.code, Level.UNREACHABLE, dict(error.facts))


def worst_of(findings: Iterable[Finding]) -> Level:
    """Return the level that decides, of a mere note or none at all FINE."""
    levels = {finding.level for finding in findings}
    return next((level for level in _WORST if level in levels), Level.FINE)


def exit_code(findings: Iterable[Finding]) -> int:
    """Return the exit code of the worst: 2, 3, 1, 0."""
    return _WORST[worst_of(findings)]


def listed(names: Iterable[object], most: int = 12) -> str:
    """Return names in a row, of a long row the first ones."""
    every = [str(name) for name in names]
    return ", ".join(every[:most]) + (", ..." if len(every) > most else "")


def _texts(facts: Mapping[str, object]) -> dict[str, str]:
    return {name: str(fact) for name, fact in facts.items()}


# -- as text ---------------------------------------------------------------------------------------

Found = Mapping[Group, tuple[Finding, ...]]


def found_text(
    found: Found, asked: Mapping[str, int], language: Language, paint: Paint, *, whole: bool
) -> str:
    """Return what was found, section by section, and last what it comes to and what to do now.

    `whole`: what is well too, line by line. `paint` colours a sign.
    """
    sections = [
        "\n".join(_section(group, listed, language, paint, whole=whole))
        for group, listed in found.items()
        if listed
    ]
    counts = {name: str(n) for name, n in {"shop": 0, "poweroffice": 0, **asked}.items()}
    said = wrapped(say("check_asked", language, counts)) if asked else ""
    code, facts = conclusion(found)
    end = wrapped(say(code, language, facts))
    if next_step := remedy(code, language, facts):
        end += "\n" + wrapped(next_step, "→ ", "  ")
    return "\n\n".join(filter(None, ["\n".join(sections), said, end]))


def _section(
    group: Group, found: Sequence[Finding], language: Language, paint: Paint, *, whole: bool
) -> Iterator[str]:
    """Yield a section's heading with how much of it is well, and the lines that are to be seen."""
    worst = worst_of(found)
    well = sum(finding.level is Level.FINE for finding in found)
    heading, mark = say(f"check_h_{group}", language), "·"
    if well or worst is not Level.FINE:  # else nothing was tried
        facts = {"n": str(well), "all": str(len(found))}
        heading += f": {say('check_h_in_order', language, facts)}"
        mark = _MARKS.get(worst, "✗")
    mark = shown(mark)
    indent = " " * (len(mark) + 1)
    yield f"{paint(mark, worst)}{wrapped(heading, indent, indent)[len(mark) :]}"
    column = max(len(shown(word(f"sign_{level}", language))) for level in Level) + 4
    indent = " " * column
    before = ""
    for finding in found:
        if finding.level is Level.FINE and not whole and group is not Group.ORDERS:
            continue
        sign = shown(word(f"sign_{finding.level}", language))
        text = wrapped(fitted(sentence(finding, language), _LONGEST), indent, indent)
        yield f"  {paint(sign, finding.level)}{text[2 + len(sign) :]}"
        what = what_to_do(finding, language)
        if what and what != before:  # of several for one reason, once
            yield wrapped(fitted(what, _LONGEST), f"{indent}→ ", f"{indent}  ")
        before = what


def sentence(finding: Finding, language: Language) -> str:
    """Return what was found, why orders are held where that is known, and which they are."""
    said = [say(finding.code, language, finding.facts)]
    if finding.reason is not None and finding.reason.code != finding.code:
        said.append(say(finding.reason.code, language, finding.reason.facts))
    if finding.n:
        numbers = f"({listed(finding.orders, 3)})" if finding.orders else ""
        said.append(say("check_orders", language, {"n": str(finding.n), "numbers": numbers}))
    return " ".join(said)


def what_to_do(finding: Finding, language: Language) -> str:
    """Return the remedy, or ""."""
    reason = finding.reason
    if reason is None:
        return remedy(finding.code, language, finding.facts)
    number = str(finding.facts.get("number", ""))
    if len(finding.orders) == finding.n == 1:
        number = finding.orders[0]
    order = {"order": to_type(number)} if number else {}
    return remedy(reason.code, language, {**reason.facts, **order})


def conclusion(found: Found) -> tuple[str, Mapping[str, str]]:
    """Return the code of what it all comes to, with how many findings make it so."""
    findings = [one for listed in found.values() for one in listed]
    worst = worst_of(findings)
    n = sum(one.level is worst for one in findings)
    return f"check_ends_{worst}", {"n": str(n)}


def found_json(found: Found, asked: Mapping[str, int], language: Language) -> dict[str, object]:
    """Return the value that `check --json` prints; its shape stands in the README."""
    code, facts = conclusion(found)
    return {
        "exit_code": exit_code(one for listed in found.values() for one in listed),
        "conclusion": say(code, language, facts),
        "next_step": remedy(code, language, facts),
        "asked": {"shop": 0, "poweroffice": 0, **asked},
        "findings": [
            {
                "group": group.value,
                "level": finding.level.value,
                "code": finding.code,
                "text": sentence(finding, language),
                "remedy": what_to_do(finding, language),
                "facts": _facts_of(finding),
                "reason": finding.reason.code if finding.reason else "",
            }
            for group, findings in found.items()
            for finding in findings
        ],
    }


def _facts_of(finding: Finding) -> dict[str, str]:
    facts = texts_of(finding.facts)
    return facts | {"n": str(finding.n), "numbers": listed(finding.orders)} if finding.n else facts
