"""A few of the random lives of tests/lives, the same ones each time, and what they would show.

More, and others: python -m tests.lives --lives 1000 --seed 1.
"""

from collections import Counter

from tests.lives.search import search

LIVES = 60


def test_whatever_happens_the_books_are_what_the_shop_says() -> None:
    """Every order, refund and payment once and to the øre, or held for a reason."""
    tally: Counter[str] = Counter()
    search(LIVES, 20261124, tally)
    assert tally["lives"] == LIVES
    assert min(tally[name] for name in ("orders", "refunds", "runs", "faults", "kills")) > 0
