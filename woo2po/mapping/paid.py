"""What was paid, and how exactly the shop's own amounts say it.

`total` of the order is the truth. A line's gross amount is its net `total` with the VAT in
`taxes`, or with `total_tax`: whichever sums to what was paid. What is left between is the
shop's own rounding, and only so large ("Recorded from a real WooCommerce 10.0.2", last table).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from woo2po.documents import Amounts
from woo2po.mapping.values import Entry
from woo2po.money import ORE, ZERO, round_ore
from woo2po.order import Line, Order

EXACT = Decimal("0.00001")
HALF_ORE = Decimal("0.005")
HALF_KRONE = Decimal("0.5")
LARGEST_ROUNDING = Decimal(2)

Reading = Literal["taxes", "total_tax"]


@dataclass(frozen=True, slots=True)
class Paid:
    """What was paid and what the lines come to, gross kroner; `reading` says by which VAT.

    `whole_kroner`: the shop shows no decimals, so its amounts are rounded to kroner.
    """

    total: Decimal
    lines: Decimal
    reading: Reading
    whole_kroner: bool
    rounding: Decimal  # the most that rounding in the shop explains

    @property
    def gap(self) -> Decimal:
        """What the lines come to above what was paid."""
        return self.lines - self.total


def paid_for(order: Order, cards: Decimal) -> Paid:
    """Return what was paid for an order of which gift cards that it names paid `cards` kroner."""
    whole = _whole_kroner(order)
    amounts = sum(2 if line.taxes else 1 for line in order.lines)
    most = largest_rounding(amounts, whole)
    sums: dict[Reading, Decimal] = {"taxes": _by_taxes(order), "total_tax": _by_total_tax(order)}
    gaps = {reading: lines - order.total for reading, lines in sums.items()}
    # The VAT of each line is rounded where prices are without VAT, so that is what sums.
    usual: Reading = "taxes" if whole or order.prices_include_tax else "total_tax"
    reading = _exact(gaps, cards) or usual
    return Paid(round_ore(order.total), sums[reading], reading, whole, most)


def _exact(gaps: Mapping[Reading, Decimal], cards: Decimal) -> Reading | None:
    found = [r for r, gap in gaps.items() if abs(gap) < EXACT or abs(gap - cards) < EXACT]
    return found[0] if found else None


def largest_rounding(amounts: int, whole_kroner: bool) -> Decimal:
    """Return the most that rounding so many amounts and their sum explains, at most 2 kr.

    A line's net amount and its VAT are an amount each, rounded by half an øre (half a krone in
    a shop without decimals) at most.
    """
    half = HALF_KRONE if whole_kroner else HALF_ORE
    return min(half * (amounts + 1), LARGEST_ROUNDING)


def line_vat(line: Line) -> Decimal:
    """Return the unrounded VAT of a line, all rates together."""
    return sum((tax.total for tax in line.taxes), ZERO)


def _by_taxes(order: Order) -> Decimal:
    return sum((line.total + line_vat(line) for line in order.lines), ZERO)


def _by_total_tax(order: Order) -> Decimal:
    return sum((line.total + line.total_tax for line in order.lines), ZERO)


def _whole_kroner(order: Order) -> bool:
    """Tell whether the shop shows no decimals: every VAT is whole kroner, where it need not be."""
    rounded = [order.total, *(line.total_tax for line in order.lines)]
    if any(amount != amount.to_integral_value() for amount in rounded):
        return False
    if any(abs(line_vat(line) - line.total_tax) > HALF_ORE for line in order.lines):
        return True
    lines = _by_taxes(order)
    return abs(lines - order.total) > ORE and order.total == lines.quantize(1, ROUND_HALF_UP)


def amounts_of(paid: Paid, entries: Sequence[Entry]) -> Amounts:
    """Return what the document must come to: the total, and the VAT of each rate above 0.

    The VAT is right within an øre a line of its rate, which is what rounding a line forces;
    where the shop rounded the VAT of each line to whole kroner, within half a krone more.
    """
    step = ORE
    if paid.whole_kroner and paid.reading == "total_tax":
        step += HALF_KRONE
    vat: dict[Decimal, Decimal] = {}
    tolerance: dict[Decimal, Decimal] = {}
    for entry in entries:
        rate = entry.carrier.vat_rate
        if rate:
            vat[rate] = vat.get(rate, ZERO) + entry.gross - entry.net
            tolerance[rate] = tolerance.get(rate, ZERO) + step
    count = sum(2 if entry.carrier.vat_rate else 1 for entry in entries)
    return Amounts(paid.total, vat, tolerance, largest_rounding(count, paid.whole_kroner))
