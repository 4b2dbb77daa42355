"""Question 1: which orders are transferred."""

import pytest

from woo2po.mapping import eligible

from .company import settings
from .orders import line, order

PAID = {"date_paid_gmt": "2026-11-02T10:00:00"}
COMPLETED = {"date_completed_gmt": "2026-11-03T10:00:00"}


def _is_eligible(statuses: list[str], status: str, **changed: str) -> bool:
    chosen = settings(woocommerce={"statuses": statuses})
    return eligible(order(line("100"), status=status, **changed), chosen)


@pytest.mark.parametrize("status", ["pending", "on-hold", "cancelled", "failed", "packed"])
def test_an_order_goes_in_the_statuses_that_are_listed_and_in_no_other(status: str) -> None:
    """A status of the shop's own counts like any other."""
    assert _is_eligible([status], status)
    assert not _is_eligible(["processing"], status)
    assert not _is_eligible(["completed"], status)


def test_an_order_that_moved_on_from_processing_goes_too() -> None:
    """With processing listed, completed counts, and refunded where the order had been paid."""
    assert _is_eligible(["processing"], "processing")
    assert _is_eligible(["processing"], "completed")
    assert _is_eligible(["processing"], "refunded", **PAID)
    assert not _is_eligible(["processing"], "refunded")


def test_an_order_that_was_completed_and_then_refunded_goes_where_completed_is_listed() -> None:
    """Paid is not enough there: the order must have been completed, and processing comes before."""
    assert _is_eligible(["completed"], "refunded", **PAID, **COMPLETED)
    assert not _is_eligible(["completed"], "refunded", **PAID)
    assert not _is_eligible(["completed"], "processing", **PAID)


@pytest.mark.parametrize("status", ["checkout-draft", "auto-draft", "trash"])
def test_what_is_no_order_yet_or_no_more_never_goes(status: str) -> None:
    """An unfinished checkout and a trashed order stay out, even where somebody lists the status."""
    assert not _is_eligible([status], status)


def test_the_first_day_is_a_day_in_the_shops_zone() -> None:
    """At 23:30 UTC on 2 November it is 3 November in Oslo, and still the 2nd in London."""
    late = order(line("100"), date_created_gmt="2026-11-02T23:30:00")
    for zone, goes in (("Europe/Oslo", True), ("Europe/London", False)):
        shop = {"orders_from": "2026-11-03", "timezone": zone}
        assert eligible(late, settings(woocommerce=shop)) is goes
