"""What a key of the configuration does, seen in the books after a run."""

from datetime import date
from decimal import Decimal

import pytest
from stories import *

LATE = "2026-11-20T23:30:00"  # in Oslo the next day, and not yet in London
DIMENSIONS = {"department": "NETT", "project": "P1", "location": "LAGER"}


@step
def stands(world, reference="shop_101", **fields):
    """Compare fields of a draft with what they must be."""
    found = world.company.order(reference)
    assert {name: getattr(found, name) for name in fields} == fields


def negative(world):
    """Return the products of what is negative on a draft, and its total."""
    (document,) = world.books().documents
    return [line[1] for line in document.lines if line[2] * line[3] < 0], document.total


# fmt: off
DOES: dict[str, Story] = {
    "an order's day is one of the configured zone": (
        sells(101, date_created_gmt=LATE), run(), stands(sales_order_date=date(2026, 11, 21)),
        configure(woocommerce={"timezone": "Europe/London"}), sells(102, date_created_gmt=LATE),
        run(), stands("shop_102", sales_order_date=date(2026, 11, 20))),
    "orders_from is one too: an order of the night before is never transferred": (
        configure(woocommerce={"orders_from": date(2026, 11, 21)}),
        sells(101, date_created_gmt="2026-11-20T22:59:59"),
        sells(102, date_created_gmt="2026-11-20T23:00:00"), run(), then(drafts={"shop_102"})),
    # By its name it goes on the gift-card product, any other as a fee; the total is the same.
    **{f"a negative fee goes on {product}": (
        configure(gift_cards={"fee_names": names}), loads("negative-fee"), run(),
        that(negative, ([product], Decimal("1198.00"))))
       for names, product in ((["klubbrabatt"], "GAVEKORT"), ([], "GEBYR0"))},
    "every order gets the dimensions of the configuration, by their codes": (
        lambda world: world.company.dimensions["location"].update(LAGER=41),
        configure(dimensions=DIMENSIONS), sells(), run(),
        stands(department_code="NETT", project_code="P1", location_code="LAGER")),
    "one that does not exist holds the order: PowerOffice says which": (
        configure(dimensions={"department": "UKJENT"}), sells(), run(),
        then("refused", says=("UKJENT",))),
    # With the prefix of question 11; the reference that machines use has the order's id.
    **{f"the number goes into the field of question 2, {field}": (
        configure(orders={"write_number_to": field, "number_prefix": "ull-"}),
        sells(101, number="N-7"), run(),
        stands("ull-101", customer_reference=own, purchase_order_reference=purchase))
       for field, own, purchase in (
           ("customer_reference", "ull-N-7", None), ("purchase_order_reference", None, "ull-N-7"),
           ("none", None, None))},
}
# fmt: on


@pytest.mark.parametrize("name", DOES)
def test_a_key_does_what_it_says(world, name):
    told(DOES[name], world)
