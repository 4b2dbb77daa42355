"""What a key of the configuration does, seen in the books after a run."""

from decimal import Decimal

import pytest
from stories import *

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
}
# fmt: on


@pytest.mark.parametrize("name", DOES)
def test_a_key_does_what_it_says(world, name):
    told(DOES[name], world)
