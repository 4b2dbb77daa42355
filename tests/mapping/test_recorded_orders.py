"""Every recorded order of a real WooCommerce, as the documents that an accountant looked over."""

from difflib import unified_diff

import pytest

from woo2po.documents import ROUNDING_REFERENCE, Documents, Rounding, SalesOrder
from woo2po.holds import Hold
from woo2po.mapping import corrected, difference, documents_for, ways_explaining

from .books import draft
from .company import catalogue, settings
from .golden import EXPECTED, all_names, goldens, recorded

GOLDENS = dict(goldens())
HELD = {
    "hidden-item-lowers-total": "total_below_lines",
    "plugin-pw-gift-card-all": "total_below_lines",
    "plugin-pw-gift-card-part": "total_below_lines",
    "plugin-pw-gift-card-part-refunded": "total_below_lines",
    "sweden-oss": "foreign_vat",
    "two-rates-at-once": "two_rates_at_once",
}


@pytest.mark.parametrize("name", GOLDENS)
def test_a_recorded_order_becomes_the_documents_that_were_looked_over(name: str) -> None:
    """The documents are those in tests/expected; `python -m tests.mapping.golden` rewrites them."""
    path = EXPECTED / f"{name}.txt"
    expected = path.read_text("utf-8") if path.exists() else ""
    diff = unified_diff(
        expected.splitlines(), GOLDENS[name].splitlines(), "looked over", "now", lineterm=""
    )
    assert "\n".join(diff) == ""


def test_nothing_is_expected_that_was_not_recorded() -> None:
    """Each golden document belongs to a recorded order."""
    assert {path.stem for path in EXPECTED.glob("*.txt")} == GOLDENS.keys()


def test_only_orders_that_cannot_be_booked_as_they_stand_are_held() -> None:
    """Hidden cards, another country's VAT and a second tax are held; every other order goes."""
    held = {}
    for name in all_names():
        outcome = documents_for(recorded(name), settings(), catalogue(), "shop_1")
        if not isinstance(outcome, Documents):
            held[name] = outcome.code
    assert held == HELD


@pytest.mark.parametrize("way", Rounding)
@pytest.mark.parametrize("name", [name for name in all_names() if name not in HELD])
def test_a_recorded_order_is_exact_however_poweroffice_rounds(name: str, way: Rounding) -> None:
    """After one correction at most, total and VAT per rate of the draft are the shop's."""
    made = documents_for(recorded(name), settings(), catalogue(), "shop_1")
    assert isinstance(made, Documents)
    seen = draft(made.sales_order, way)
    assert way in ways_explaining(made.sales_order, seen)
    final = corrected(made.sales_order, seen, settings(), catalogue())
    assert not isinstance(final, Hold)
    assert difference(final, draft(final, way)) is None


MOST_ROUNDING_LINES = {
    Rounding.LINE: 3,
    Rounding.LINE_NET: 9,
    Rounding.DOCUMENT: 3,
    Rounding.END: 3,
}


@pytest.mark.parametrize("way", Rounding)
def test_few_recorded_orders_need_a_rounding_line(way: Rounding) -> None:
    """Where the way is known, only whole kroner and what no line comes to need a rounding line."""
    needed = [name for name in all_names() if name not in HELD and _rounded(_known(name, way))]
    assert len(needed) == MOST_ROUNDING_LINES[way], needed


def _known(name: str, way: Rounding) -> SalesOrder:
    made = documents_for(recorded(name), settings(), catalogue(), "shop_1", frozenset({way}))
    assert isinstance(made, Documents)
    assert difference(made.sales_order, draft(made.sales_order, way)) is None
    return made.sales_order


def _rounded(order: SalesOrder) -> bool:
    return any(line.reference == ROUNDING_REFERENCE for line in order.lines)
