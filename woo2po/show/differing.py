"""Which lines of an invoice (or draft) are other ones than the order in the shop has now. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from woo2po.documents import ROUNDING_REFERENCE, LineKind, LineSeen, OrderLine, Rounding
from woo2po.mapping.prices import line_amounts
from woo2po.money import ORE, ZERO

# What PowerOffice's rounding may make of one piece of a line: it may cut prices too.
ROUNDED = ORE + ORE / 2


@dataclass(frozen=True, slots=True)
class Side:
    """A line on one side: its text, quantity, and amount with VAT (kroner)."""

    text: str
    quantity: Decimal
    amount: Decimal
    product_id: int | None


@dataclass(frozen=True, slots=True)
class Differing:
    """A line that is not the same on both sides; None where a side lacks it."""

    was: Side | None
    now: Side | None


def differing(standing: Sequence[LineSeen], wanted: Sequence[OrderLine]) -> list[Differing]:
    """Return the lines that differ between a document in PowerOffice and the order as it is now.

    They are paired by reference, or by text where PowerOffice shows no references. The rounding
    line is left out: it follows from the others.
    """
    by_reference = any(line.reference for line in standing)
    was = _keyed(
        (line.reference if by_reference else line.description, _seen(line))
        for line in standing
        if line.reference != ROUNDING_REFERENCE
    )
    now = _keyed(
        (line.reference if by_reference else line.description, _wanted(line))
        for line in wanted
        if line.reference != ROUNDING_REFERENCE
    )
    pairs = [Differing(was.get(key), now.get(key)) for key in dict.fromkeys([*was, *now])]
    return [pair for pair in pairs if not _same(pair)]


def _keyed(lines: Iterable[tuple[str, Side]]) -> dict[tuple[str, int], Side]:
    """Return the lines by their key and how often it came before: texts may come twice."""
    met: Counter[str] = Counter()
    found = {}
    for key, side in lines:
        found[key, met[key]] = side
        met[key] += 1
    return found


def _seen(line: LineSeen) -> Side:
    amount = line.total if line.total is not None else ZERO
    return Side(line.description, line.quantity or ZERO, amount, line.product_id)


def _wanted(line: OrderLine) -> Side:
    if line.kind is LineKind.TEXT:
        return Side(line.description, ZERO, ZERO, None)
    amount = sum(line_amounts(line, Rounding.LINE), ZERO)
    return Side(line.description, line.quantity, amount, line.product_id)


def _same(pair: Differing) -> bool:
    was, now = pair.was, pair.now
    if was is None or now is None:
        return False
    return (
        was.text == now.text
        and was.quantity == now.quantity
        and abs(was.amount - now.amount) <= ROUNDED * max(Decimal(1), abs(now.quantity))
        and (now.product_id is None or was.product_id == now.product_id)
    )
