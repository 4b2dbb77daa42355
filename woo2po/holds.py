"""Why an order does not go: held until somebody acts, or skipped for good.

The sentence and the remedy of each code stand in messages/. Facts are short texts for those
sentences: SKUs, rates, amounts, accounts; never a name, an address or an e-mail.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Hold:
    """An order that cannot go as it is; it is looked at again when its remedy may have come."""

    code: str
    facts: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Skip:
    """An order that must never go, because its sale is booked elsewhere or was no sale."""

    code: str
    facts: dict[str, str] = field(default_factory=dict)
