"""What a probe found out, as text for people, as a report that can be sent on, and as JSON.

The report is in English and names nobody: no company, no key, no id or number of anything.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from woo2po import __version__
from woo2po.messages import remedy, say
from woo2po.messages.message import Language, word
from woo2po.probe.bench import Kind, Made
from woo2po.probe.learned import Area, Learned, Verdict
from woo2po.report import fitted, wrapped
from woo2po.screen import Screen, here, shown, use

if TYPE_CHECKING:
    from woo2po.probe import Probed

_HEADINGS = {
    Area.LISTS: "probe_h_lists",
    Area.CUSTOMERS: "probe_h_customers",
    Area.PRODUCTS: "probe_h_products",
    Area.ORDERS: "probe_h_orders",
    Area.LINES: "probe_h_lines",
    Area.ROUNDING: "probe_h_rounding",
}
_SIGNS = {
    Verdict.AS_ASSUMED: "sign_as_assumed",
    Verdict.OTHERWISE: "sign_otherwise",
    Verdict.EITHER: "sign_either",
    Verdict.NOT_TRIED: "sign_not_tried",
}
_LEFT = {
    Kind.CUSTOMER: "probe_left_customer",
    Kind.PRODUCT: "probe_left_product",
    Kind.ORDER: "probe_left_order",
}


def probe_text(probed: "Probed", language: Language) -> str:
    """Return what was found out, heading by heading, what is left, and the next step."""
    blocks = list(_blocks(probed, language))
    if probed.problem:
        said = say(probed.problem, language, probed.facts)
        what = remedy(probed.problem, language, probed.facts)
        blocks.append(wrapped(f"{said} {what}".strip()))
    if probed.called_off:
        blocks.append(wrapped(say("probe_called_off", language)))
    if probed.made:
        blocks.append(left_text(probed.left, probed.refused, probed.made, language))
    if not probed.problem:
        blocks.append(wrapped(_conclusion(probed, language)))
    return "\n\n".join(blocks)


def left_text(
    left: tuple[Made, ...],
    refused: Mapping[str, str],
    made: int,
    language: Language,
) -> str:
    """Return what the probe made and is still there, each by the number that people see."""
    if not left:
        return wrapped(say("probe_all_gone", language, {"n": str(made)}))
    lines = [wrapped(say("probe_left", language, {"n": str(len(left))}))]
    for one in left:
        facts = {"number": one.number or "?", "why": refused.get(one.id, "-")}
        lines.append(wrapped(say(_LEFT[one.kind], language, facts), "  - ", "    "))
    return "\n".join([*lines, wrapped(remedy("probe_left", language, {}), "  → ", "    ")])


def _blocks(probed: "Probed", language: Language) -> Iterator[str]:
    for area, learned in probed.learned.items():
        if learned:
            lines = [wrapped(say(_HEADINGS[area], language))]
            lines += [_fact(one, language) for one in learned]
            yield "\n".join(lines)


def _fact(one: Learned, language: Language) -> str:
    """Return a fact: the question, what was assumed, and how it turned out."""
    column = max(len(shown(word(sign, language))) for sign in _SIGNS.values()) + 4
    indent = " " * column
    sign = shown(word(_SIGNS[one.verdict], language))
    asked = wrapped(fitted(say(one.code, language, one.facts), 300), indent, indent)
    either = one.verdict is Verdict.EITHER
    assumed = say("probe_either" if either else "probe_assumed", language,
                  {"what": remedy(one.code, language, one.facts)})  # fmt: skip
    found = say("probe_found", language, {"what": say(one.outcome, language, one.facts)})
    return "\n".join(
        [
            f"  {sign}{asked[2 + len(sign) :]}",
            wrapped(fitted(assumed, 300), f"{indent}  ", f"{indent}  "),
            wrapped(fitted(found, 400), f"{indent}  ", f"{indent}  "),
        ]
    )


def _conclusion(probed: "Probed", language: Language) -> str:
    counts = Counter(one.verdict for learned in probed.learned.values() for one in learned)
    facts = {verdict.value: str(counts[verdict]) for verdict in Verdict}
    facts |= {"asked": str(probed.asked)}
    said = [say("probe_ends", language, facts), say("probe_left_out", language)]
    return " ".join([*said, remedy("probe_ends", language, facts)])


def probe_report(probed: "Probed") -> str:
    """Return the report: English, ready to be sent, without a name, a key, a number or an id."""
    screen = here()
    use(Screen())  # it comes out the same wherever it is made
    try:
        return _report(probed)
    finally:
        use(screen)


def _report(probed: "Probed") -> str:
    counts = Counter(one.verdict for learned in probed.learned.values() for one in learned)
    head = [
        say("probe_report_head", "en", {"version": __version__}),
        f"Day: {probed.day.date().isoformat()}   environment: {probed.environment}",
        "   ".join(f"{verdict.value}: {counts[verdict]}" for verdict in Verdict),
        f"requests: {probed.asked}   made: {probed.made}   left: {len(probed.left)}",
    ]
    kinds = Counter(one.kind.value for one in probed.left)
    head += [f"left: {kind} x {n}" for kind, n in kinds.items()]
    return "\n".join(head) + "\n\n" + "\n\n".join(_blocks(probed, "en")) + "\n"


def probe_json(probed: "Probed", language: Language) -> dict[str, object]:
    """Return the value that `check --probe --json` prints; its shape stands in the README."""
    return {
        "exit_code": probed.exit_code,
        "environment": probed.environment,
        "problem": probed.problem,
        "called_off": probed.called_off,
        "asked": probed.asked,
        "made": probed.made,
        "left": [{"kind": one.kind.value, "number": one.number} for one in probed.left],
        "learned": [
            {
                "area": area.value,
                "code": one.code,
                "verdict": one.verdict.value,
                "question": say(one.code, language, one.facts),
                "assumed": remedy(one.code, language, one.facts),
                "found": say(one.outcome, language, one.facts),
                "facts": dict(one.facts),
            }
            for area, learned in probed.learned.items()
            for one in learned
        ],
    }
