"""What a key of the configuration does, seen in the books after a run."""

from datetime import date
from decimal import Decimal

import pytest
from world import Goods


def order(world, reference="shop_101"):
    """Return a draft as PowerOffice has it."""
    return world.company.order(reference)


def test_an_order_s_day_is_one_of_the_configured_zone(world):
    """Half past ten at night in UTC is the next day in Oslo, and not yet in London."""
    moment = "2026-11-20T23:30:00"
    world.sells(101, date_created_gmt=moment)
    world.run()
    assert order(world).sales_order_date == date(2026, 11, 21)
    world.configure(woocommerce={"timezone": "Europe/London"})
    world.sells(102, date_created_gmt=moment)
    world.run()
    assert order(world, "shop_102").sales_order_date == date(2026, 11, 20)


def test_orders_from_is_a_day_in_the_configured_zone(world):
    """An order of the night before, by the shop's clock, is never transferred."""
    world.configure(woocommerce={"orders_from": date(2026, 11, 21)})
    world.sells(101, date_created_gmt="2026-11-20T22:59:59")
    world.sells(102, date_created_gmt="2026-11-20T23:00:00")
    world.run()
    assert list(world.books().totals) == ["shop_102"]


@pytest.mark.parametrize(("names", "product"), [(["klubbrabatt"], "GAVEKORT"), ([], "GEBYR0")])
def test_a_negative_fee_of_a_card_s_name_is_a_used_card(world, names, product):
    """By its name it goes on the gift-card product, any other as a fee; the total is the same."""
    world.configure(gift_cards={"fee_names": names})
    world.loads("negative-fee")
    world.run()
    (document,) = world.books().documents
    negative = [line for line in document.lines if line[2] * line[3] < 0]
    assert [line[1] for line in negative] == [product]
    assert document.total == Decimal("1198.00")


def test_every_order_gets_the_dimensions_of_the_configuration(world):
    """Department, project and location stand on the order by their codes."""
    world.company.dimensions["location"]["LAGER"] = 41
    world.configure(dimensions={"department": "NETT", "project": "P1", "location": "LAGER"})
    world.sells(101)
    world.run()
    held = order(world)
    assert (held.department_code, held.project_code, held.location_code) == ("NETT", "P1", "LAGER")


def test_a_dimension_that_does_not_exist_holds_the_order(world):
    """PowerOffice says which; its words are what `status` shows."""
    world.configure(dimensions={"department": "UKJENT"})
    world.sells(101)
    world.run()
    assert world.held() == {"101": "refused"}
    assert "UKJENT" in world.reasons()["101"]


@pytest.mark.parametrize(
    ("field", "customer", "purchase"),
    [
        ("customer_reference", "ull-N-7", None),
        ("purchase_order_reference", None, "ull-N-7"),
        ("none", None, None),
    ],
)
def test_the_number_goes_into_the_field_of_question_2(world, field, customer, purchase):
    """With the prefix of question 11; the reference that machines use has the order's id."""
    world.configure(orders={"write_number_to": field, "number_prefix": "ull-"})
    world.sells(101, Goods(), number="N-7")
    world.run()
    held = order(world, "ull-101")
    assert (held.customer_reference, held.purchase_order_reference) == (customer, purchase)
