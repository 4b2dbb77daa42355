"""A check as text for people, and as JSON for programs.

The signs before the lines are words: they need no colour.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from woo2po.check.finding import Finding, Group, Level
from woo2po.messages import remedy, say
from woo2po.messages.message import Language, to_type, word
from woo2po.report import fitted, wrapped
from woo2po.screen import shown

if TYPE_CHECKING:
    from woo2po.check import Checked

Paint = Callable[[str, Level], str]

_LONGEST = 600  # characters of a sentence
_HEADINGS = {
    Group.CONFIGURATION: "check_h_configuration",
    Group.SHOP: "check_h_shop",
    Group.POWEROFFICE: "check_h_poweroffice",
    Group.PRODUCTS: "check_h_products",
    Group.TWICE: "check_h_twice",
    Group.ORDERS: "check_h_orders",
}
_SIGNS = {
    Level.FINE: "sign_fine",
    Level.TOLD: "sign_told",
    Level.WARNING: "sign_warning",
    Level.HELD: "sign_held",
    Level.WRONG: "sign_wrong",
    Level.UNREACHABLE: "sign_unreachable",
}
# What it all comes to, the worst first.
_ENDS = {
    Level.WRONG: "check_ends_wrong",
    Level.UNREACHABLE: "check_ends_unreachable",
    Level.HELD: "check_ends_held",
    Level.WARNING: "check_ends_warnings",
    Level.FINE: "check_ends_fine",
}


def check_text(checked: "Checked", language: Language, paint: Paint = lambda sign, _: sign) -> str:
    """Return what was found, heading by heading, and the conclusion; `paint` colours a sign."""
    blocks = [
        "\n".join([wrapped(say(_HEADINGS[group], language)), *_lines(found, language, paint)])
        for group, found in checked.findings.items()
        if found
    ]
    code, facts = _conclusion(checked)
    blocks.append(wrapped(say(code, language, facts)))
    if next_step := remedy(code, language, facts):
        blocks[-1] += "\n" + wrapped(next_step, "→ ", "  ")
    if checked.asked:
        asked = {name: str(n) for name, n in {"shop": 0, "poweroffice": 0, **checked.asked}.items()}
        blocks.append(wrapped(say("check_asked", language, asked)))
    return "\n\n".join(blocks)


def _lines(found: tuple[Finding, ...], language: Language, paint: Paint) -> Iterator[str]:
    column = max(len(shown(word(sign, language))) for sign in _SIGNS.values()) + 4
    indent = " " * column
    before = ""
    for finding in found:
        sign = shown(word(_SIGNS[finding.level], language))
        text = wrapped(fitted(sentence(finding, language), _LONGEST), indent, indent)
        yield f"  {paint(sign, finding.level)}{text[2 + len(sign) :]}"
        what = what_to_do(finding, language)
        if what and what != before:  # of several for one reason, once
            yield wrapped(fitted(what, _LONGEST), f"{indent}→ ", f"{indent}  ")
        before = what


def sentence(finding: Finding, language: Language) -> str:
    """Return what was found, and why orders are held where that is known."""
    said = say(finding.code, language, finding.facts)
    if finding.reason is None:
        return said
    return f"{said} {say(finding.reason.code, language, finding.reason.facts)}"


def what_to_do(finding: Finding, language: Language) -> str:
    """Return the remedy, or ""."""
    reason = finding.reason
    if reason is None:
        return remedy(finding.code, language, finding.facts)
    number = finding.facts.get("number", "")
    order = {"order": to_type(number)} if number else {}
    return remedy(reason.code, language, {**reason.facts, **order})


def _conclusion(checked: "Checked") -> tuple[str, Mapping[str, str]]:
    levels = Counter(one.level for found in checked.findings.values() for one in found)
    worst = next((level for level in _ENDS if levels[level]), Level.FINE)
    return _ENDS[worst], {"n": str(levels[worst])}


def check_json(checked: "Checked", language: Language) -> dict[str, object]:
    """Return the value that `check --json` prints; its shape stands in the README."""
    code, facts = _conclusion(checked)
    return {
        "exit_code": checked.exit_code,
        "conclusion": say(code, language, facts),
        "next_step": remedy(code, language, facts),
        "asked": {"shop": 0, "poweroffice": 0, **checked.asked},
        "findings": [
            {
                "group": group.value,
                "level": finding.level.value,
                "code": finding.code,
                "text": sentence(finding, language),
                "remedy": what_to_do(finding, language),
                "facts": dict(finding.facts),
                "reason": finding.reason.code if finding.reason else "",
            }
            for group, found in checked.findings.items()
            for finding in found
        ],
    }
