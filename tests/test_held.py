"""What is held: with a reason that names nobody, until its remedy may have happened."""

import errno
import json
import os
from unittest import mock

import pytest
from world import World

from woo2po import mapping
from woo2po.sandbox.shop_orders import Goods
from woo2po.status import retry

NAME, EMAIL, STREET = "Nordmann", "kari@example.no", "Storgata 1"


def test_a_refusal_is_held_with_poweroffices_words_but_no_personal_data(world: World) -> None:
    """What PowerOffice says is for people; name, e-mail and address are for nobody's log."""
    detail = f"Payment terms are missing for Kari {NAME}, {EMAIL}, {STREET}."
    world.faults.at("POST", "/Customers", 1, "refuse", title="Not today", detail=detail)
    world.sells(101)
    assert world.run().exit_code == 1
    reason = world.reasons()["101"]
    assert "Not today" in reason
    assert "Payment terms are missing" in reason
    kept = world.state.read_bytes() + json.dumps(world.logs, default=str).encode()
    for personal in (NAME, EMAIL, STREET):
        assert personal not in reason
        assert personal.encode() not in kept


def test_a_held_order_is_tried_again_when_told_or_within_the_hour(world):
    """It was mended in PowerOffice, and nobody tells us; `retry` is at once."""
    world.sells(101)
    world.faults.at("POST", "/SalesOrders/Complete", 1, "refuse")
    world.run()
    world.wait(600)
    assert world.run().counts == {}
    retry(world.settings, ["101"])
    assert world.run().counts == {"made": 1}
    world.sells(102)
    world.faults.at("POST", "/SalesOrders/Complete", 1, "refuse")
    world.run()
    world.wait(3600)
    assert world.run().counts == {"made": 1}
    assert world.held() == {}


def test_what_is_held_is_looked_at_again_without_all_products(world: World) -> None:
    """They are read for what is new, within the hour, and at once where somebody asks for it."""
    world.configure(products={"unknown": "hold"})
    read = []
    for new, after, again in ((101, 0, 0), (102, 1800, 0), (None, 1900, 0), (None, 60, 1)):
        world.wait(after)
        if new:
            world.sells(new, Goods("NO-SUCH", "100.00"), email=f"{new}@example.no")
        if again:
            retry(world.settings, [])
        world.go.requests.clear()
        world.run()
        read.append(sum(path == "/Products" for _, path, _ in world.go.requests))
    assert (read, set(world.held())) == ([1, 1, 0, 1], {"101", "102"})


def test_one_bad_order_never_stops_the_others(world: World) -> None:
    """Unreadable, refused, or beyond the program: it alone is held."""
    for order_id in range(101, 106):
        world.sells(order_id, email=f"kunde{order_id}@example.no")
    world.shop.orders[101]["line_items"][0]["quantity"] = None
    world.shop.orders[102]["total"] = "nonsense"
    real = mapping.documents_for

    def failing(order, *more, **named):
        if order.id == 103:
            raise ZeroDivisionError
        return real(order, *more, **named)

    with mock.patch("woo2po.mapping.documents_for", failing):
        assert world.run().exit_code == 1
    assert world.held().keys() == {"101", "102", "103"}
    assert world.held()["103"] == "unexpected"
    assert list(world.books().totals) == ["shop_104", "shop_105"]


def test_what_the_machine_refuses_holds_no_order(world):
    """It is about none of them: the run ends, and the next one goes on."""
    world.sells(101)
    full = OSError(errno.EMFILE, os.strerror(errno.EMFILE))
    with (
        mock.patch("woo2po.mapping.documents_for", side_effect=full),
        pytest.raises((OSError, ExceptionGroup)),
    ):
        world.run()
    assert world.held() == {}
    assert world.run().exit_code == 0


def test_what_is_held_is_not_forgotten_in_a_status_of_the_shops_own(world: World) -> None:
    """It was packed while it was held: the sale is on."""
    world.shop.statuses.append("sendt")
    world.sells(101)
    world.faults.at("POST", "/SalesOrders/Complete", 1, "refuse")
    world.run()
    world.wait(300)
    world.shop.set_status(101, "sendt")
    world.run()
    assert (world.held(), world.books().totals.keys()) == ({}, {"shop_101"})
