"""A few of the random lives of tests/lives, the same ones each time; and what went wrong once.

More, and others: python -m tests.lives --lives 1000 --seed 1.
"""

from collections import Counter
from typing import Any

import pytest

from tests.lives import lived as living
from tests.lives.lived import lived

LIVES = 20

ORDER = ["order", {
    "goods": [["LUE-7", "249.00", 25, 4]], "buyer": "ola", "method": "vipps",
    "status": "processing",
}]  # fmt: skip
REFUND = ["refund", 0, ["line", 0, 1], False]
BY_HAND = {"invoices.create": False}
# What once went wrong, found by these lives.
ONCE: dict[str, tuple[dict[str, Any], list[list[Any]]]] = {
    "credited above an invoice that a person had repriced": (
        BY_HAND,
        [ORDER, ["run"], ["person_reprices", 0], ["person_invoices", 0], ["cancel", 0]],
    ),
    "a refund deleted while its credit note was unanswered": (
        {},
        [["fault", 3, ["502_after"]], ORDER, REFUND, ["run"], ["delete_refund", 0]],
    ),
    "a held refund in the queue for ever": (
        {},
        [ORDER, REFUND, ["run"], ["delete_refund", 0], ["run"],
         ["switch", ["refunds.credit_notes", False]]],
    ),
    "credited whole beside a refund that was deleted": (
        {},
        [ORDER, REFUND, ["run"], ["delete_refund", 0], ["cancel", 0]],
    ),
    "held because the configuration had changed": (
        {},
        [ORDER, ["run"], ["switch", ["invoices.create", False]], ["trash", 0]],
    ),
    "a credited invoice taken for a standing one": (
        {},
        [ORDER, ["run"], ["trash", 0], ["run"], ["lose_state"], ["back", 0]],
    ),
}  # fmt: skip


def test_whatever_happens_the_books_are_what_the_shop_says():
    """Every order, refund and payment once and to the øre, or held for a reason."""
    tally: Counter[str] = Counter()
    living.search(LIVES, 20261124, tally)
    assert tally["lives"] == LIVES
    assert min(tally[name] for name in ("orders", "refunds", "runs", "faults", "kills")) > 0


@pytest.mark.parametrize("what", ONCE)
def test_what_went_wrong_once_goes_well(what):
    """A life as it was shortened when it was found."""
    beginning, steps = ONCE[what]
    assert lived({"beginning": beginning, "steps": steps}) == []
