"""Every recorded order of a real WooCommerce, as the documents that an accountant looked over."""

from difflib import unified_diff

import pytest

from tests.mapping.books import draft
from tests.mapping.company import catalogue, settings
from tests.mapping.golden import GOLDENS, all_names, folder, recorded
from tests.mapping.orders import outcome
from woo2po.documents import ROUNDING_REFERENCE, Documents, Rounding, SalesOrder
from woo2po.holds import Hold
from woo2po.mapping import corrected, difference, documents_for, ways_explaining

HELD = {
    "hidden-item-lowers-total": "total_below_lines",
    "plugin-pw-gift-card-all": "total_below_lines",
    "plugin-pw-gift-card-part": "total_below_lines",
    "plugin-pw-gift-card-part-refunded": "total_below_lines",
    "sweden-oss": "foreign_vat",
    "two-rates-at-once": "two_rates_at_once",
}
GO = [name for name in all_names() if name not in HELD]


@pytest.mark.parametrize(("kind", "name"), [(k, name) for k in GOLDENS for name in GOLDENS[k]])
def test_a_recorded_order_becomes_what_was_looked_over(kind: str, name: str) -> None:
    """As in tests/expected and expected_after; `python -m tests.mapping.golden` rewrites them."""
    path = folder(kind) / f"{name}.txt"
    expected = path.read_text("utf-8") if path.exists() else ""
    now = GOLDENS[kind][name].splitlines()
    diff = unified_diff(expected.splitlines(), now, "looked over", "now", lineterm="")
    assert "\n".join(diff) == ""


def test_nothing_is_expected_that_was_not_recorded() -> None:
    """Each golden document belongs to a recorded order."""
    for kind, texts in GOLDENS.items():
        assert {path.stem for path in folder(kind).glob("*.txt")} == texts.keys()


def test_only_orders_that_cannot_be_booked_as_they_stand_are_held() -> None:
    """Hidden cards, another country's VAT and a second tax are held; every other order goes."""
    made = {name: outcome(recorded(name)) for name in all_names()}
    assert {name: one.code for name, one in made.items() if not isinstance(one, Documents)} == HELD


def made_of(name: str, *ways: Rounding) -> SalesOrder:
    made = documents_for(
        recorded(name), settings(), catalogue(), "shop_1", frozenset(ways or Rounding)
    )
    assert isinstance(made, Documents)
    return made.sales_order


@pytest.mark.parametrize("way", Rounding)
@pytest.mark.parametrize("name", GO)
def test_a_recorded_order_is_exact_however_poweroffice_rounds(name: str, way: Rounding) -> None:
    """After one correction at most, total and VAT per rate of the draft are the shop's."""
    made = made_of(name)
    seen = draft(made, way)
    assert way in ways_explaining(made, seen)
    final = corrected(made, seen, settings(), catalogue())
    assert not isinstance(final, Hold)
    assert difference(final, draft(final, way)) is None


@pytest.mark.parametrize(
    ("way", "most"),
    [(Rounding.LINE, 3), (Rounding.LINE_NET, 9), (Rounding.DOCUMENT, 3), (Rounding.END, 3)],
)
def test_few_recorded_orders_need_a_rounding_line(way: Rounding, most: int) -> None:
    """Where the way is known, only whole kroner and what no line comes to need a rounding line."""
    made = {name: made_of(name, way) for name in GO}
    assert all(difference(one, draft(one, way)) is None for one in made.values())
    rounded = [name for name, one in made.items()
               if any(line.reference == ROUNDING_REFERENCE for line in one.lines)]  # fmt: skip
    assert len(rounded) == most, rounded
