"""A few of the random lives of tests/lives, the same ones each time; and that of recorded orders.

More, and others: python -m tests.lives --lives 1000 --seed 1.
"""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from stories import drafts
from thoroughly import thorough

from tests.lives import lived as living
from tests.lives.life import Life, Story
from tests.lives.lived import lived
from tests.lives.model import wrong_with
from woo2po.sandbox.shop_orders import recorded_names

LIVES = 25

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
         ["switch", "refunds.credit_notes", False]],
    ),
    "credited whole beside a refund that was deleted": (
        {},
        [ORDER, REFUND, ["run"], ["delete_refund", 0], ["cancel", 0]],
    ),
    "held because the configuration had changed": (
        {},
        [ORDER, ["run"], ["switch", "invoices.create", False], ["trash", 0]],
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


WAYS = [(when, way) for when in ("completed", "processing") for way in ("line", "document", "end")]
WHOLE_KRONER = {3030, 3031, 3032, 3033}
# Swedish VAT without a product for it, and two taxes on one line; HTML and lines in addresses.
ODD = ["held: 42 (completed) foreign_vat (completed)",
       "held: 2084 (completed) two_rates_at_once (completed)",
       "delivery: shop_1036 goes to Linje 1 Linje 2, 0155, Oslo",
       "delivery: shop_2085 goes to Gårdsvei 1 < 2, 0155, Bø"]  # fmt: skip


@pytest.mark.parametrize(
    ("when", "way"), [WAYS[0], WAYS[-2], *thorough(*WAYS[1:-2], WAYS[-1])], ids=str
)
def test_the_recorded_orders_become_what_the_shop_says(when: str, way: str, tmp_path: Path) -> None:
    """Everything as it was recorded, then every order completed, then two refunds more: documents,
    days, VAT, payments and their ways back, and nothing else.
    """
    life = Life(tmp_path, {"invoices.when": when, "rounding": way, "gift_cards.hidden": "gift_card",
                           "refunds.register_payment": "always"})  # fmt: skip
    world = life.world
    world.loads(*recorded_names())
    for id_, order in world.shop.orders.items():
        paid, method = bool(order["date_paid_gmt"]), order["payment_method"]
        story = life.stories[id_] = Story(id_, method, "", paid, id_ in WHOLE_KRONER)
        story.marks.add(order["status"])
        life.note_version(story)
    world.settle()
    world.wait(900)
    for id_, order in world.shop.orders.items():
        if order["status"] == "processing":
            world.shop.set_status(id_, "completed")
            life.stories[id_].marks = {"completed"}
    world.settle()
    world.wait(900)
    world.shop.add_refund(54, {"amount": "597.00", "refunded_payment": True})
    world.shop.set_status(31, "refunded")
    world.settle()
    for story in life.stories.values():
        life.note_refunds(story)
    assert sorted(wrong_with(life)) == sorted(ODD)
    assert drafts(world) == set()
