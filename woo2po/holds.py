"""Why an order does not go: held until somebody acts, or skipped for good; or a command ends.

The sentence and the remedy of each code stand in messages/. Facts are values for those sentences:
SKUs, rates, amounts, accounts; never a name, an address or an e-mail.

A new reason to hold: `raise hold("code", ...)` in mapping/ where the order's content shows it, in
transfer/ where it is found out on the way (or `Hold` in next_step.py); its sentence and remedies
under `[code]` in messages/orders.toml, and a row in tests/mapping or a story; where the remedy is a
command to type, its scene in tests/test_remedies.py too. Lists that treat some codes specially:
agenda.py (whose money goes on), transfer/recovery.py (held until PowerOffice says otherwise) and
transfer/wanted.py (a code with "product" in it: nothing of the order itself is unclear).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from woo2po.money import Fact, text_of


@dataclass(frozen=True, slots=True)
class Reason:
    """The code of a message that says something of an order, and the facts that fill it."""

    code: str
    facts: Mapping[str, Fact] = field(default_factory=dict)


class Hold(Reason):
    """An order that cannot go as it is; it is looked at again when its remedy may have come."""


class Skip(Reason):
    """An order that must never go, because its sale is booked elsewhere or was no sale."""


class InTheWay(Exception):
    """What ends a command: the code of the message that says why, its facts, the exit code."""

    exit_code = 2

    def __init__(self, code: str, /, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


class End(Exception):
    """A command is over: the exit code and what there is to say."""

    def __init__(self, code: int, text: str = "") -> None:
        super().__init__(text)
        self.code = code
        self.text = text


def texts_of(facts: Mapping[str, Fact]) -> dict[str, str]:
    """Return facts as texts, as they stand in a log."""
    return {name: text_of(fact) for name, fact in facts.items()}


def kept(facts: Mapping[str, Fact]) -> dict[str, Any]:
    """Return facts for the state database, amounts and days with their kind; `remembered` reads."""
    return {
        name: {type(fact).__name__: str(fact)} if isinstance(fact, Decimal | date) else fact
        for name, fact in facts.items()
    }


def remembered(facts: Mapping[str, Any]) -> dict[str, Fact]:
    """Return facts from the state database: texts as they are, others by their kind."""
    return {name: _remembered(fact) for name, fact in facts.items()}


def _remembered(fact: Any) -> Fact:
    if isinstance(fact, dict):
        ((kind, said),) = fact.items()
        return Decimal(said) if kind == "Decimal" else date.fromisoformat(said)
    return fact if isinstance(fact, str | int) else str(fact)
