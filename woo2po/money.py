"""Kroner as Decimal and øre as whole numbers: rounding, conversion, spreading, as text."""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

# What a message is filled with: a Decimal is an amount in kroner; a rate in percent is a text.
Fact = str | int | Decimal | date

ZERO = Decimal(0)
ORE = Decimal("0.01")
SIX_DECIMALS = Decimal("0.000001")
SIX_NOISE = Decimal("0.00001")

# Two totals are the same amount when they differ by less than half an øre (kroner).
SAME_AMOUNT = Decimal("0.004")


def round_ore(amount: Decimal) -> Decimal:
    """Return an amount in kroner rounded to whole øre, halves away from zero."""
    return amount.quantize(ORE, rounding=ROUND_HALF_UP)


def round_six(amount: Decimal) -> Decimal:
    """Return an amount in kroner with the six decimals in which unit prices are sent."""
    return amount.quantize(SIX_DECIMALS, rounding=ROUND_HALF_UP)


def snapped(amount: Decimal) -> Decimal:
    """Return an amount in whole øre if it is that but for noise in the last of six decimals."""
    return round_ore(amount) if abs(amount - round_ore(amount)) < SIX_NOISE else amount


def same_amount(one: Decimal, other: Decimal) -> bool:
    """Tell whether two amounts in kroner are equal to the øre."""
    return abs(one - other) < SAME_AMOUNT


def percent(rate: Decimal) -> str:
    """Return a VAT rate in percent as people write it: 25, 12.5."""
    return f"{rate.normalize():f}"


def kroner(amount: Decimal) -> str:
    """Return an amount with two decimals, or with all it has where it is not whole øre."""
    return f"{amount:.2f}" if amount == round_ore(amount) else f"{amount.normalize():f}"


def text_of(fact: Fact) -> str:
    """Return a fact of a message as a text: an amount as kroner."""
    return kroner(fact) if isinstance(fact, Decimal) else str(fact)


def to_ore(amount: Decimal) -> int:
    """Return an amount in kroner as whole øre, the form in which the state database keeps it."""
    return int(round_ore(amount) * 100)


def from_ore(ore: int) -> Decimal:
    """Return whole øre as kroner with two decimals."""
    return Decimal(ore).scaleb(-2)


def spread(amount: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """Share an amount in whole øre over weights so that the shares sum to it exactly.

    Each share is the proportional one rounded towards zero; the øre left over go to the
    shares that lost most by that, the first of equals first. Weights that sum to zero
    share equally. Returns one share per weight, in kroner.
    """
    total = sum(weights, ZERO)
    parts = list(weights) if total else [Decimal(1)] * len(weights)
    total = total or Decimal(len(weights))
    exact = [amount * part / total for part in parts]
    shares = [share.quantize(ORE, rounding=ROUND_DOWN) for share in exact]
    left = amount - sum(shares, ZERO)
    step = ORE if left > 0 else -ORE
    by_loss = sorted(range(len(parts)), key=lambda i: -abs(exact[i] - shares[i]))
    for i in by_loss[: int(abs(left) / ORE)]:
        shares[i] += step
    return shares
