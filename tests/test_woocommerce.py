"""Reading the shop: what changed, in which statuses, and single orders and refunds."""

import copy
import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest
from shop_desk import EVERY_STATUS, ask, ask_host, fill, ids, pages_since, polling

from woo2po.http import NotUnderstood, Refused
from woo2po.order import Order, UnreadableOrder
from woo2po.sandbox.shop import ShopSite
from woo2po.sandbox.shop_orders import recorded
from woo2po.woocommerce import Shop, UnknownStatus

NOON = datetime(2026, 11, 24, 12, 0, 0, tzinfo=UTC)


@pytest.fixture
def site():
    """Return a shop without orders whose clock stands at noon (UTC)."""
    return ShopSite(clock=lambda: NOON)


# Time


def test_an_order_changed_in_the_second_of_the_cursor_is_not_listed(site):
    """`modified_after` is strict and knows whole seconds, so a poll has to go back."""
    fill(site, 1)
    assert ids(pages_since(site, NOON)) == []
    assert ids(pages_since(site, NOON + timedelta(microseconds=900_000))) == []
    assert ids(pages_since(site, NOON - timedelta(seconds=1))) == [1]


def test_the_cursor_is_read_as_utc_in_a_norwegian_shop(site):
    """A shop in Oslo would read the moment an hour off; the cursor is its clock, not ours."""
    fill(site, 1)
    oslo = NOON.astimezone(site.zone)
    [page] = pages_since(site, oslo - timedelta(minutes=1))
    assert (ids([page]), page.server_time) == ([1], NOON)
    assert ids(pages_since(site, oslo + timedelta(minutes=1))) == []


# Statuses


def test_a_trashed_order_is_seen_by_a_poll_that_names_the_trash(site):
    """Trashing is a change, and `any` would hide it."""
    fill(site, 2)
    site.trash(1)
    yesterday = NOON - timedelta(days=1)
    assert ids(pages_since(site, yesterday)) == [1, 2]
    assert ids(pages_since(site, yesterday, ())) == [2]


def test_all_statuses_are_polled_but_that_of_an_unfinished_checkout(site):
    """It has a total and a payment method, and is no order; a plugin's own status is one."""
    fill(site, 2)
    site.statuses.append("packed")
    site.set_status(1, "checkout-draft")
    statuses = ask(site, lambda shop: shop.statuses())
    assert "packed" in statuses
    assert ids(pages_since(site, NOON - timedelta(days=1), statuses)) == [2]


@pytest.mark.parametrize(
    "answer", [httpx.Response(204), httpx.Response(200, json={}), httpx.Response(405, json=[])]
)
def test_statuses_are_found_where_the_host_answers_options_itself(answer):
    """Some web servers answer OPTIONS without asking WordPress: the totals name the statuses."""

    def host(request: httpx.Request) -> httpx.Response:
        if request.method == "OPTIONS":
            return answer
        return httpx.Response(200, json=[{"slug": "processing"}, {"slug": "checkout-draft"}])

    assert ask_host(host, lambda shop: shop.statuses()) == ("processing", "trash")


def test_a_status_that_is_gone_from_the_shop_is_told_apart(site):
    """The caller asks for the statuses again when a plugin's own has been removed."""
    with pytest.raises(UnknownStatus):
        pages_since(site, NOON, ("processing", "packed"))


# What an order is


def test_amounts_come_at_six_decimals_from_a_shop_that_shows_whole_kroner(site):
    """Without asking for six decimals the øre would be gone."""
    site.decimals = 0
    site.load_recorded(["zero-decimals-food"])
    [page] = pages_since(site, datetime(2026, 1, 1, tzinfo=UTC))
    assert any(line.total % 1 for line in page.rows[0].lines)


@pytest.mark.parametrize(
    "nonsense",
    [
        {"id": 2},
        {"id": 2, "number": "2", "line_items": [], "shipping_lines": {}, "fee_lines": []},
        None,
        "an order",
        [[[]]],
        {"total": []},
        {"id": 10**40},
        {**recorded("b2c-vipps-simple")["order"], "id": 10**30},
        {**recorded("fee-and-rounding")["order"], "fee_lines": [{"id": 1, "taxes": [None]}]},
        {"total": Decimal("1e400")},
    ],
)
def test_one_order_that_is_nonsense_spoils_no_other(site, nonsense):
    """An order that cannot be read is told of, and the rest of the page is read."""
    fill(site, 3)
    rows: list[Any] = [copy.deepcopy(site.orders[n]) for n in (1, 2, 3)]
    rows[1] = {**rows[1], **nonsense} if "total" in (nonsense or ()) else nonsense
    body = json.dumps(rows, default=float).replace("Infinity", "1e9999999999999999999")

    answer = httpx.Response(200, text=body, headers={"X-WP-Total": "3"})

    [page] = ask_host(answer, polling(NOON))
    assert [type(row) for row in page.rows] == [Order, UnreadableOrder, Order]


def test_a_list_of_something_else_is_not_understood():
    """Rows of which none has an id are no orders that somebody could be told of."""
    answer = httpx.Response(200, json=[10**30, {"id": 10**30}, {"id": True}])
    with pytest.raises(NotUnderstood):
        ask_host(answer, lambda shop: shop.orders([1], []))


# By id


def test_orders_by_id_bring_the_trash_and_leave_out_what_is_deleted(site):
    """What does not come is gone for good; only then a single one is None."""
    fill(site, 3)
    site.trash(1)
    site.delete(2)
    rows = ask(site, lambda shop: shop.orders([1, 2, 3], EVERY_STATUS))
    assert [(row.id, row.status) for row in rows] == [(1, "trash"), (3, "processing")]
    assert ask(site, lambda shop: shop.order(1)).status == "trash"
    assert ask(site, lambda shop: shop.order(2)) is None


@pytest.mark.parametrize(("count", "requests"), [(250, 3), (0, 0)])
def test_orders_by_id_are_asked_for_by_the_hundred(site, count, requests):
    """An address has its limits; without ids the shop would list everything."""
    fill(site, count)
    rows = ask(site, lambda shop: shop.orders(range(1, count + 1), EVERY_STATUS))
    assert [row.id for row in rows] == list(range(1, count + 1))
    assert len(site.requests) == requests


@pytest.mark.parametrize("code", ["rest_not_found", "woocommerce_rest_invalid_id"])
def test_only_the_shops_own_word_makes_an_order_deleted(code):
    """Another 404 is an error: an order is not believed to be gone by mistake."""
    body = {"code": code, "message": "Not here.", "data": {"status": 404}}
    with pytest.raises(Refused):
        ask_host(httpx.Response(404, json=body), lambda shop: shop.order(1))


def test_all_refunds_of_an_order_come_by_rising_id(site):
    """The list is paged like any other, and refunds of one second stand in no fixed order."""
    fill(site, 1)
    for _ in range(13):
        site.add_refund(1, {"amount": "1.00"})
    site.misbehaviour.per_page_cap = 5
    refunds = ask(site, lambda shop: shop.refunds(1))
    assert [refund.id for refund in refunds] == list(range(2, 15))


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": "much"},
        {"amount": []},
        {"line_items": None},
        {"fee_lines": [{"id": 1, "taxes": [None]}]},
    ],
)
def test_a_refund_that_cannot_be_read_names_its_order(site, wrong):
    """The error carries the order's id, so that the order is held."""
    fill(site, 1)
    site.add_refund(1, {"amount": "1.00"})
    site.refunds[1][0].update(wrong)
    with pytest.raises(UnreadableOrder) as raised:
        ask(site, lambda shop: shop.refunds(1))
    assert raised.value.order_id == 1


def test_numbers_come_newest_first_and_two_orders_may_bear_one(site):
    """A plugin's numbers are found in a list, never by the shop's search."""
    fill(site, 3)
    site.edit(1, number="3")

    async def numbers(shop: Shop) -> list[tuple[int, str]]:
        return [pair async for page in shop.ids_and_numbers() for pair in page]

    assert ask(site, numbers, page_size=2) == [(3, "3"), (2, "2"), (1, "3")]


# Idle


def test_an_idle_poll_loads_no_order_model_and_no_retries():
    """What an empty page does not need is not imported: it runs every five minutes."""
    program = """
import asyncio, sys
from datetime import UTC, datetime
import httpx
from woo2po.woocommerce import Shop

async def poll():
    empty = httpx.MockTransport(lambda r: httpx.Response(200, json=[], headers={"X-WP-Total": "0"}))
    async with httpx.AsyncClient(transport=empty) as http:
        shop = Shop(http, "https://shop.example", "ck_x", "cs_x")
        return [page async for page in shop.changed_since(datetime.now(UTC), ["processing"])]

assert len(asyncio.run(poll())) == 1
unwanted = {"woo2po.order", "tenacity", "sqlite_utils", "pydantic", "woo2po.sandbox"}
print(sorted(unwanted & sys.modules.keys()))
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
