"""The draft that PowerOffice answered, against the order that was wanted."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from woo2po.documents import ROUNDING_REFERENCE, DraftSeen, Rounding, SalesOrder
from woo2po.holds import Hold
from woo2po.mapping import corrected, difference, ways_explaining
from woo2po.messages import remedy, say

from .books import draft
from .company import catalogue, settings
from .orders import documents, line, order

# At 25 % no net amount comes to a gross of 7 øre when the VAT is that of the rounded net.
WANTED = documents(order(line("0.056", id=1), line("0.056", id=2), line("100", id=3))).sales_order
LINE_NET = draft(WANTED, Rounding.LINE_NET)


def _corrected(wanted: SalesOrder, seen: DraftSeen, **chosen: dict[str, Any]) -> SalesOrder | Hold:
    return corrected(wanted, seen, settings(**chosen), catalogue())


def _exact() -> SalesOrder:
    made = _corrected(WANTED, LINE_NET)
    assert isinstance(made, SalesOrder)
    return made


def _rounding(wanted: SalesOrder) -> list[Decimal]:
    return [one.quantity * one.unit_price for one in wanted.lines
            if one.reference == ROUNDING_REFERENCE]  # fmt: skip


def test_a_total_that_differs_gets_a_rounding_line() -> None:
    """One more line, without VAT, and the draft is what was paid."""
    assert LINE_NET.total != WANTED.amounts.total
    made = _exact()
    assert _rounding(made) == [WANTED.amounts.total - LINE_NET.total]
    assert difference(made, draft(made, Rounding.LINE_NET)) is None


def test_a_rounding_line_that_is_needless_or_wrong_is_taken_away_or_changed() -> None:
    """The line that stands in the draft already is counted in."""
    made = _exact()
    assert _corrected(made, draft(made, Rounding.END)) == WANTED
    assert _corrected(made, draft(made, Rounding.LINE_NET)) == made
    wrong = replace(made.lines[-1], unit_price=Decimal("0.05"))
    other = replace(made, lines=(*made.lines[:-1], wrong))
    assert _corrected(made, draft(other, Rounding.LINE_NET)) == made


def test_a_total_that_poweroffice_does_not_round_is_met_too() -> None:
    """Then the rounding line has as many decimals as the difference."""
    seen = replace(draft(WANTED, Rounding.END), total=WANTED.amounts.total - Decimal("0.0049"))
    made = _corrected(WANTED, seen)
    assert isinstance(made, SalesOrder)
    assert _rounding(made) == [Decimal("0.0049")]


def test_the_noise_of_doubles_is_no_difference() -> None:
    """PowerOffice answers with JSON numbers of 15 digits."""
    seen = replace(draft(WANTED, Rounding.END), total=WANTED.amounts.total + Decimal("1e-12"))
    assert _corrected(WANTED, seen) == WANTED
    assert difference(WANTED, seen) is None


def test_more_than_rounding_explains_is_held_with_the_figures() -> None:
    """Something else is wrong, and a person must look."""
    held = _corrected(WANTED, replace(LINE_NET, total=LINE_NET.total + 1))
    assert isinstance(held, Hold)
    assert held.code == "rounding_too_large"
    assert "125.14" in say(held.code, "en", held.facts)


def test_without_a_rounding_product_the_order_is_held_and_the_key_named() -> None:
    """products.rounding."""
    held = _corrected(WANTED, LINE_NET, products={"rounding": ""})
    assert isinstance(held, Hold)
    assert "products.rounding" in remedy(held.code, "nb", held.facts)


def _spoiled(place: int, **changed: Any) -> DraftSeen:
    lines = list(LINE_NET.lines)
    lines[place] = replace(lines[place], **changed)
    return replace(LINE_NET, lines=tuple(lines), total=WANTED.amounts.total)


@pytest.mark.parametrize(
    ("seen", "code"),
    [(replace(LINE_NET, total=WANTED.amounts.total + Decimal("0.01")), "draft_total_differs"),
     (replace(LINE_NET, lines=LINE_NET.lines[:-1]), "draft_lines_differ"),
     (replace(LINE_NET, lines=(*LINE_NET.lines, LINE_NET.lines[0])), "draft_lines_differ"),
     (_spoiled(0, reference="other"), "draft_lines_differ"),
     (_spoiled(0, product_id=999), "draft_product_differs"),
     (_spoiled(0, vat_rate=Decimal(15)), "draft_rate_differs"),
     (_spoiled(0, vat_rate=None), "draft_rate_differs"),
     (_spoiled(2, vat=Decimal("24.90")), "draft_vat_differs")],
)  # fmt: skip
def test_whatever_differs_is_named(seen: DraftSeen, code: str) -> None:
    """Lines, product, VAT rate, total, VAT: each with what was wanted and what stands there."""
    held = difference(WANTED, seen)
    assert held is not None
    assert held.code == code
    assert "?" not in say(held.code, "nb", held.facts)


def test_a_draft_of_the_same_amounts_is_no_difference() -> None:
    """However it was rounded, if the total is right."""
    for way in (Rounding.LINE, Rounding.DOCUMENT, Rounding.END):
        assert difference(WANTED, draft(WANTED, way)) is None


def test_a_product_made_on_the_way_is_known_by_its_code_only() -> None:
    """Its id is not yet known to the order that wants it."""
    new = replace(WANTED.lines[0], product_id=None, product_code="NY-1")
    assert (
        difference(replace(WANTED, lines=(new, *WANTED.lines[1:])), draft(WANTED, Rounding.END))
        is None
    )


@pytest.mark.parametrize("way", Rounding)
def test_a_draft_tells_which_ways_of_rounding_explain_it(way: Rounding) -> None:
    """Total and line amounts are compared with what each way gives."""
    assert way in ways_explaining(WANTED, draft(WANTED, way))


def test_a_telling_draft_leaves_one_way() -> None:
    """Only VAT of rounded nets gives this total; a spoiled draft tells nothing."""
    assert ways_explaining(WANTED, LINE_NET) == {Rounding.LINE_NET}
    assert Rounding.LINE_NET not in ways_explaining(WANTED, draft(WANTED, Rounding.LINE))
    assert ways_explaining(WANTED, _spoiled(0, product_id=999)) == frozenset()


def test_line_amounts_that_are_not_rounded_rule_rounding_by_line_out() -> None:
    """The total alone may fit several ways; the lines tell more."""
    seen = draft(WANTED, Rounding.LINE)
    assert Rounding.LINE in ways_explaining(WANTED, seen)
    exact = replace(seen.lines[0], net=Decimal("0.056"), vat=Decimal("0.014"))
    unrounded = replace(seen, lines=(exact, *seen.lines[1:]))
    assert not ways_explaining(WANTED, unrounded) & {Rounding.LINE, Rounding.LINE_NET}
