"""Which lines of an invoice are other ones than the order in the shop has now."""

from dataclasses import replace
from decimal import Decimal

import pytest

from woo2po.documents import LineKind, LineSeen, OrderLine
from woo2po.show import differing

NORMAL = LineKind.NORMAL
LUE = OrderLine("1", NORMAL, "Lue", 7, "LUE", True, Decimal(2), Decimal("239.2"), Decimal(25))
FRAKT = OrderLine("9", NORMAL, "Frakt", 8, "FRAKT", True, Decimal(1), Decimal(79))
PAID = OrderLine("paid", LineKind.TEXT, "Betalt med Vipps")


def standing(line: OrderLine, *, reference: str | None = None, off: str = "0") -> LineSeen:
    """Return a line as PowerOffice answers it, `off` by what its own rounding makes of it."""
    net = line.quantity * line.unit_price
    vat = net * line.vat_rate / 100
    named = line.reference if reference is None else reference
    return LineSeen("1", named, line.kind, line.description, line.product_id, None, line.quantity,
                    line.unit_price, net, vat, net + vat + Decimal(off),
                    line.vat_rate)  # fmt: skip


def told(was: list[LineSeen], now: list[OrderLine]) -> list[tuple[str, ...]]:
    """Return text, quantity and amount of both sides of each line that differs."""
    return [
        tuple(f"{s.text} {s.quantity} {s.amount:.2f}" if s else "-" for s in one)
        for one in differing(was, now)
    ]


MORE = replace(LUE, quantity=Decimal(3))
ROUNDING = replace(FRAKT, reference="round", unit_price=Decimal("0.01"))
CASES = {
    # An øre of PowerOffice's rounding is no difference.
    "as invoiced": ([standing(LUE, off="0.01"), standing(PAID)], [LUE, PAID], []),
    "an øre less": ([standing(LUE, off="-0.01")], [LUE], []),
    "changed, came and went": (
        [standing(LUE), standing(FRAKT)],
        [MORE, replace(FRAKT, reference="12")],
        [("Lue 2 598.00", "Lue 3 897.00"), ("Frakt 1 79.00", "-"), ("-", "Frakt 1 79.00")],
    ),
    # Whatever the invoice would show: a text, a product, a price.
    "text": ([standing(LUE)], [replace(LUE, description="Lue, rød")],
             [("Lue 2 598.00", "Lue, rød 2 598.00")]),
    "product": ([standing(LUE)], [replace(LUE, product_id=70)], [("Lue 2 598.00", "Lue 2 598.00")]),
    "price": ([standing(LUE)], [replace(LUE, unit_price=Decimal(240))],
              [("Lue 2 598.00", "Lue 2 600.00")]),
    # Whether an invoice keeps its order's line references is not sure; texts may come twice.
    "paired by text": (
        [standing(line, reference="") for line in (LUE, LUE, FRAKT)],
        [LUE, replace(LUE, reference="2", quantity=Decimal(1)), FRAKT],
        [("Lue 2 598.00", "Lue 1 299.00")],
    ),
    # It follows from the other lines.
    "the rounding line": ([standing(LUE), standing(ROUNDING)], [LUE], []),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_the_lines_that_differ_are_told(case: str) -> None:
    """Text, quantity and amount, VAT included, on both sides; "-" where there is none."""
    was, now, expected = CASES[case]
    assert told(was, now) == expected
