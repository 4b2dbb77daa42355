"""Which lines of an invoice are other ones than the order in the shop has now."""

from dataclasses import replace
from decimal import Decimal

import pytest

from woo2po.documents import LineKind, LineSeen, OrderLine
from woo2po.show.comparison import differing

LUE = OrderLine(
    "1", LineKind.NORMAL, "Lue", 7, "LUE", True, Decimal(2), Decimal("239.2"), Decimal(25)
)
FRAKT = OrderLine("9", LineKind.NORMAL, "Frakt", 8, "FRAKT", True, Decimal(1), Decimal(79))
PAID = OrderLine("paid", LineKind.TEXT, "Betalt med Vipps")


def standing(line: OrderLine, *, reference: str | None = None, off: str = "0") -> LineSeen:
    """Return a line as PowerOffice answers it, `off` by what its own rounding makes of it."""
    net = line.quantity * line.unit_price
    vat = net * line.vat_rate / 100
    return LineSeen(
        id="1",
        reference=line.reference if reference is None else reference,
        kind=line.kind,
        description=line.description,
        product_id=line.product_id,
        use_standard_account=None,
        quantity=line.quantity,
        unit_price=line.unit_price,
        net=net,
        vat=vat,
        total=net + vat + Decimal(off),
        vat_rate=line.vat_rate,
    )


def told(was: list[LineSeen], now: list[OrderLine]) -> list[tuple[str, ...]]:
    """Return text, quantity and amount of both sides of each line that differs."""
    return [
        tuple(f"{s.text} {s.quantity} {s.amount:.2f}" if s else "-" for s in (one.was, one.now))
        for one in differing(was, now)
    ]


@pytest.mark.parametrize("off", ["0", "0.01", "-0.01"])
def test_what_was_invoiced_as_it_is_does_not_differ(off: str) -> None:
    """An øre of PowerOffice's rounding is no difference."""
    assert told([standing(LUE, off=off), standing(PAID)], [LUE, PAID]) == []


def test_lines_are_told_that_changed_came_or_went() -> None:
    """With quantity and amount, VAT included, on both sides."""
    more = replace(LUE, quantity=Decimal(3))
    found = told([standing(LUE), standing(FRAKT)], [more, replace(FRAKT, reference="12")])
    assert found == [
        ("Lue 2 598.00", "Lue 3 897.00"),
        ("Frakt 1 79.00", "-"),
        ("-", "Frakt 1 79.00"),
    ]


@pytest.mark.parametrize(
    "change",
    [{"description": "Lue, rød"}, {"product_id": 70}, {"unit_price": Decimal(240)}],
    ids=lambda change: next(iter(change)),
)
def test_another_text_product_or_price_differs(change: dict[str, object]) -> None:
    """Whatever the invoice would show."""
    assert len(told([standing(LUE)], [replace(LUE, **change)])) == 1


def test_without_references_lines_are_paired_by_their_text() -> None:
    """Whether an invoice keeps its order's line references is not sure; texts may come twice."""
    was = [standing(line, reference="") for line in (LUE, LUE, FRAKT)]
    now = [LUE, replace(LUE, reference="2", quantity=Decimal(1)), FRAKT]
    assert told(was, now) == [("Lue 2 598.00", "Lue 1 299.00")]


def test_the_rounding_line_is_no_difference_of_its_own() -> None:
    """It follows from the other lines."""
    rounding = replace(FRAKT, reference="round", unit_price=Decimal("0.01"))
    assert told([standing(LUE), standing(rounding)], [LUE]) == []
