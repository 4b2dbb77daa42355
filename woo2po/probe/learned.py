"""What a probe found out about PowerOffice: a fact, what was assumed of it, how it turned out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Verdict(StrEnum):
    """How a fact compares with what the job assumes; programs that read the JSON use these names.

    EITHER: the job copes with it both ways, so nothing was assumed.
    """

    AS_ASSUMED = "as_assumed"
    OTHERWISE = "otherwise"
    EITHER = "either"
    NOT_TRIED = "not_tried"


class Area(StrEnum):
    """The headings that facts stand under, in their order."""

    LISTS = "lists"
    CUSTOMERS = "customers"
    PRODUCTS = "products"
    ORDERS = "orders"
    LINES = "lines"
    ROUNDING = "rounding"


@dataclass(frozen=True, slots=True)
class Learned:
    """A fact by the code of its question, and its outcome by the code of a sentence.

    `facts` fill both: figures and words of PowerOffice's, without anybody's name or id.
    """

    code: str
    verdict: Verdict
    outcome: str
    facts: Mapping[str, str] = field(default_factory=dict)


def as_assumed(yes: bool, code: str, outcome: str, /, **facts: object) -> Learned:
    """Return a fact that is as the job assumes, or is not."""
    verdict = Verdict.AS_ASSUMED if yes else Verdict.OTHERWISE
    return Learned(code, verdict, outcome, _texts(facts))


def either(code: str, outcome: str, /, **facts: object) -> Learned:
    """Return a fact that the job copes with whichever way it turns out."""
    return Learned(code, Verdict.EITHER, outcome, _texts(facts))


def not_tried(code: str, why: str, /, **facts: object) -> Learned:
    """Return a fact that could not be found out."""
    return Learned(code, Verdict.NOT_TRIED, "probe_o_not_tried", _texts({"why": why, **facts}))


def _texts(facts: Mapping[str, object]) -> dict[str, str]:
    return {name: str(fact) for name, fact in facts.items()}
