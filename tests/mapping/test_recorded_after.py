"""What follows recorded orders, as an accountant looked it over."""

from difflib import unified_diff

import pytest

from tests.mapping.golden_after import EXPECTED, goldens

GOLDENS = dict(goldens())


@pytest.mark.parametrize("name", GOLDENS)
def test_what_follows_a_recorded_order_is_what_was_looked_over(name: str) -> None:
    """As in tests/expected_after; `python -m tests.mapping.golden_after` rewrites them."""
    path = EXPECTED / f"{name}.txt"
    expected = path.read_text("utf-8") if path.exists() else ""
    diff = unified_diff(
        expected.splitlines(), GOLDENS[name].splitlines(), "looked over", "now", lineterm=""
    )
    assert "\n".join(diff) == ""


def test_nothing_is_expected_that_does_not_follow() -> None:
    """Each text belongs to a recorded order."""
    assert {path.stem for path in EXPECTED.glob("*.txt")} == GOLDENS.keys()
