"""What both systems have in use: the ground on which a configuration is made and checked."""

import pytest

from woo2po.connections import open_poweroffice, open_shop
from woo2po.http import CannotLogIn
from woo2po.inventory import Role, catalogue_of, inventory_of, needs_of
from woo2po.sandbox.shop_orders import recorded_names


def look_at_shop(world, looked_at=300):
    """Return what is in use in the world's shop."""

    async def look():
        async with open_shop(world.settings.woocommerce, world.connections) as shop:
            return await inventory_of(shop, await shop.newest(looked_at))

    return world.in_virtual_time(look())


def look_at_books(world):
    """Return what the world's company sells."""

    async def look():
        async with open_poweroffice(world.settings.poweroffice, world.connections) as go:
            await go.log_in()
            return await catalogue_of(go)

    return world.in_virtual_time(look())


def test_the_shop_is_known_by_its_own_words(world):
    """Its name, its time zone, its statuses with their numbers of orders."""
    world.loads("b2c-vipps-simple", "status-on-hold", "completed-next-month")
    seen = look_at_shop(world)
    assert (seen.name, seen.zone) == ("Norsk Nettbutikk", "Europe/Oslo")
    counts = {status.slug: status.orders for status in seen.statuses if status.orders}
    assert counts == {"processing": 1, "on-hold": 1, "completed": 1}


def test_payment_methods_are_those_in_use_and_those_switched_on(world):
    """By their id, the most used first, with the title that customers see."""
    world.sells(101)
    world.sells(102)
    world.sells(103, payment_method="klarna_payments", payment_method_title="Klarna")
    seen = {method.id: method for method in look_at_shop(world).methods}
    assert list(seen)[:2] == ["vipps", "klarna_payments"]
    assert (seen["vipps"].orders, seen["vipps"].title) == (2, "Vipps")
    assert seen["cod"].orders == 0
    assert seen["cod"].enabled


def test_a_key_that_holds_organisation_numbers_is_found_by_what_it_holds(world):
    """Whatever a plugin calls it; nine digits that are no organisation number do not count."""
    valid, invalid = {"key": "_firmanr", "value": "923609016"}, {"key": "_x", "value": "123456789"}
    world.sells(101, meta_data=[valid, invalid])
    found = look_at_shop(world).org_number_fields
    assert found == {"_firmanr": 1}


def test_a_plugin_that_numbers_invoices_is_noticed(world):
    """Two series of invoices would be two sets of books."""
    world.sells(101, meta_data=[{"key": "_wcpdf_invoice_number", "value": "1"}])
    assert look_at_shop(world).invoice_number_fields == {"_wcpdf_invoice_number": 1}


def test_what_the_key_s_user_may_not_see_is_left_out(world):
    """Counts of statuses come from the orders then, and methods from their use."""
    world.sells(101)
    world.shop.closed_routes = {"/wc/v3/payment_gateways", "/"}
    world.shop.closed_routes |= {"/wc/v3/reports/orders/totals"}
    seen = look_at_shop(world)
    assert (seen.name, seen.zone) == ("", "")
    assert [(s.slug, s.orders) for s in seen.statuses] == [("processing", 1)]
    assert [method.id for method in seen.methods] == ["vipps"]


def test_a_wrong_key_is_said_and_nothing_else(world):
    """The orders are read first, so that a key is tried before anything is believed."""
    world.shop.consumer_key = "ck_another"
    with pytest.raises(CannotLogIn):
        look_at_shop(world)


def test_only_the_newest_orders_are_looked_at(world):
    """A shop with 20,000 orders is asked for a few pages."""
    for order_id in range(101, 351):
        world.sells(order_id)
    seen = look_at_shop(world, looked_at=120)
    assert [order.id for order in seen.orders] == list(range(350, 230, -1))
    asked = [one.path for one in world.shop.requests if one.path.endswith("/orders")]
    assert len(asked) == 2


def test_the_needs_of_all_recorded_orders_are_those_that_the_demo_names(world):
    """Every product that is needed is there, under the demonstration's configuration."""
    world.loads(*recorded_names())
    catalogue = look_at_books(world)
    needs = needs_of(look_at_shop(world).orders, world.settings, catalogue)
    norwegian = [need for need in needs if not need.rate.country]
    percents = {role: {int(n.rate.percent) for n in norwegian if n.role is role} for role in Role}
    assert percents[Role.FREIGHT] == {0, 15, 25}
    assert percents[Role.DISCOUNT] == {0, 15, 25}
    assert percents[Role.ROUNDING] == {0}
    foreign = [need for need in needs if need.rate.country]
    assert {str(need.rate) for need in foreign} == {"SE25"}


def test_discounts_without_vat_need_one_product_without_vat(world):
    """Question 12 decides at which rates a discount's product is needed."""
    world.loads("coupon-fixed-cart-mixed-vat")
    catalogue, orders = look_at_books(world), look_at_shop(world).orders
    world.configure(discounts={"transfer_vat": False})
    needs = needs_of(orders, world.settings, catalogue)
    assert [str(n.rate) for n in needs if n.role is Role.DISCOUNT] == ["0"]
