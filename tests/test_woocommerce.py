"""Reading the shop: what changed, page by page, though the shop does not stand still."""

import asyncio
import copy
import json
import subprocess
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest

from woo2po.order import Order, UnreadableOrder
from woo2po.sandbox.shop import ShopSite
from woo2po.sandbox.shop_orders import recorded
from woo2po.transport import NoAnswer
from woo2po.woocommerce import Page, Shop, UnknownStatus

NOON = datetime(2026, 11, 24, 12, 0, 0, tzinfo=UTC)
EVERY_STATUS = (
    *("trash", "pending", "processing", "on-hold"),
    *("completed", "cancelled", "refunded", "failed"),
)


@pytest.fixture
def site():
    """Return a shop without orders whose clock stands at noon (UTC)."""
    return ShopSite(clock=lambda: NOON)


def fill(site, count, first=1):
    """Put so many like orders into the shop, changed just now."""
    order = recorded("b2c-vipps-simple")["order"]
    for order_id in range(first, first + count):
        site.put({**order, "id": order_id, "number": str(order_id)})


def ask(site, question: Callable[[Shop], Awaitable[Any]], **options: Any) -> Any:
    """Return what a client learns from the shop."""

    async def asked() -> Any:
        transport = httpx.ASGITransport(site.app)
        async with httpx.AsyncClient(transport=transport) as http:
            url = f"https://shop.example{site.subfolder}"
            shop = Shop(http, url, "ck_sandbox", "cs_sandbox", waits=(0, 0))
            for name, value in options.items():
                setattr(shop, name, value)
            return await question(shop)

    return asyncio.run(asked())


def pages_since(site, moment, statuses=EVERY_STATUS, **options) -> list[Page]:
    """Return the pages of one poll."""

    async def poll(shop: Shop) -> list[Page]:
        return [page async for page in shop.changed_since(moment, statuses)]

    return ask(site, poll, **options)


def ids(pages: list[Page]) -> list[int]:
    """Return the ids of the last reading: what stands before a restart comes again."""
    found: list[int] = []
    for page in pages:
        found = ([] if page.restarted else found) + [row.id for row in page.rows]
    return found


def at_request(site, number, action):
    """Let something happen in the shop just before it answers its nth request."""

    def before_each():
        if len(site.requests) == number:
            action()

    site.before_each = before_each


# Time


def test_an_order_changed_in_the_second_of_the_cursor_is_not_listed(site):
    """`modified_after` is strict and knows whole seconds, so a poll has to go back."""
    fill(site, 1)
    assert ids(pages_since(site, NOON)) == []
    assert ids(pages_since(site, NOON + timedelta(microseconds=900_000))) == []
    assert ids(pages_since(site, NOON - timedelta(seconds=1))) == [1]


def test_the_cursor_is_read_as_utc_in_a_norwegian_shop(site):
    """A shop in Oslo would otherwise read the moment an hour off, and miss orders."""
    fill(site, 1)
    oslo = NOON.astimezone(site.zone)
    assert ids(pages_since(site, oslo - timedelta(minutes=1))) == [1]
    assert ids(pages_since(site, oslo + timedelta(minutes=1))) == []


def test_every_page_brings_the_shops_own_time(site):
    """The cursor is the shop's clock, never ours."""
    [page] = pages_since(site, NOON)
    assert page.server_time == NOON


# Statuses


def test_a_trashed_order_is_seen_by_a_poll_that_names_the_trash(site):
    """Trashing is a change, and `any` would hide it."""
    fill(site, 2)
    site.trash(1)
    yesterday = NOON - timedelta(days=1)
    assert ids(pages_since(site, yesterday)) == [1, 2]
    assert ids(pages_since(site, yesterday, ())) == [2]


def test_an_unfinished_checkout_is_not_read(site):
    """A checkout that nobody finished has a total and a payment method, and is no order."""
    fill(site, 2)
    site.set_status(1, "checkout-draft")
    statuses = ask(site, lambda shop: shop.statuses())
    assert ids(pages_since(site, NOON - timedelta(days=1), statuses)) == [2]


def test_a_plugins_own_status_is_among_the_statuses(site):
    """A poll names the shop's own statuses too."""
    site.statuses.append("packed")
    assert "packed" in ask(site, lambda shop: shop.statuses())


def test_statuses_are_found_where_the_host_answers_options_itself():
    """Some web servers answer OPTIONS without asking WordPress: the totals name the statuses."""

    def host(request: httpx.Request) -> httpx.Response:
        if request.method == "OPTIONS":
            return httpx.Response(204)
        return httpx.Response(200, json=[{"slug": "processing"}, {"slug": "checkout-draft"}])

    async def asked() -> tuple[str, ...]:
        async with httpx.AsyncClient(transport=httpx.MockTransport(host)) as http:
            return await Shop(http, "https://shop.example", "ck_x", "cs_x", waits=(0, 0)).statuses()

    assert asyncio.run(asked()) == ("processing", "trash")


def test_a_status_that_is_gone_from_the_shop_is_told_apart(site):
    """The caller asks for the statuses again when a plugin's own has been removed."""
    with pytest.raises(UnknownStatus) as raised:
        pages_since(site, NOON, ("processing", "packed"))
    assert "checkout-draft" in raised.value.facts["text"]


# Paging


@pytest.mark.parametrize("count", [0, 1, 2, 99, 100, 101, 199, 230])
def test_every_order_comes_once_whatever_the_number(site, count):
    """Pages overlap by a row, which is left out again; the end is where the total says."""
    fill(site, count)
    pages = pages_since(site, NOON - timedelta(days=1))
    assert ids(pages) == list(range(1, count + 1))
    assert len(site.requests) == max(1, -(-(count - 1) // 99))


@pytest.mark.parametrize("cap", [1, 2, 3, 10])
def test_a_host_that_gives_fewer_rows_than_asked_for_is_read_to_the_end(site, cap):
    """A short page is not the end of the list."""
    fill(site, 12)
    site.misbehaviour.per_page_cap = cap
    assert ids(pages_since(site, NOON - timedelta(days=1))) == list(range(1, 13))


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 5, 6])
def test_a_shop_that_does_not_tell_its_total_is_read_to_the_end(site, count):
    """After a warning of PHP no header comes; the list ends where nothing new comes."""
    fill(site, count)

    async def poll() -> list[Page]:
        inner = httpx.ASGITransport(site.app)

        class WithoutTotal(httpx.AsyncBaseTransport):
            async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
                response = await inner.handle_async_request(request)
                del response.headers["x-wp-total"]
                return response

        async with httpx.AsyncClient(transport=WithoutTotal()) as http:
            shop = Shop(http, "https://shop.example", "ck_sandbox", "cs_sandbox")
            shop._page_size = 2
            return [page async for page in shop.changed_since(datetime(2026, 1, 1, tzinfo=UTC), [])]

    assert ids(asyncio.run(poll())) == list(range(1, count + 1))


def test_an_order_that_leaves_between_two_pages_hides_no_other(site):
    """A deleted order shifts the next one off the page: everything is read again."""
    fill(site, 9)
    at_request(site, 2, lambda: site.delete(2))
    pages = pages_since(site, NOON - timedelta(days=1), _page_size=4)
    assert ids(pages) == [1, 3, 4, 5, 6, 7, 8, 9]
    assert [page.restarted for page in pages].count(True) == 1


def test_one_that_leaves_and_one_that_enters_are_noticed_though_the_total_is_equal(site):
    """The overlapping row shows what the total cannot."""
    fill(site, 9, first=10)

    def swap():
        site.delete(11)
        fill(site, 1, first=30)

    at_request(site, 2, swap)
    pages = pages_since(site, NOON - timedelta(days=1), _page_size=4)
    assert ids(pages) == [10, 12, 13, 14, 15, 16, 17, 18, 30]


def test_an_order_with_a_lower_id_that_enters_is_read_too(site):
    """An old order changed during the reading moves the rows up: everything is read again."""
    fill(site, 9, first=10)
    at_request(site, 2, lambda: fill(site, 1, first=5))
    pages = pages_since(site, NOON - timedelta(days=1), _page_size=4)
    assert ids(pages) == [5, *range(10, 19)]


def test_a_shop_that_never_stands_still_is_given_up(site):
    """A listing starts over three times, then the run ends and the next one tries."""
    fill(site, 60)
    gone = iter(range(1, 60))

    def one_goes():
        if len(site.requests) % 2 == 0:
            site.delete(next(gone))

    site.before_each = one_goes
    with pytest.raises(NoAnswer) as raised:
        pages_since(site, NOON - timedelta(days=1), _page_size=4)
    assert raised.value.code == "shop_changes_too_fast"
    assert len(site.requests) == 8


def test_a_shop_too_weak_for_a_hundred_orders_is_asked_for_twenty(site):
    """A page that crashes the shop is asked for in smaller pieces, and so are the later ones."""
    fill(site, 45)
    site.misbehaviour.failures = [(500, {})]
    assert ids(pages_since(site, NOON - timedelta(days=1))) == list(range(1, 46))
    sizes = [httpx.QueryParams(asked.query)["per_page"] for asked in site.requests]
    assert sizes == ["100", "20", "20", "20"]


def test_a_host_that_gives_the_same_page_for_ever_is_given_up():
    """A cache that ignores the paging must not keep us reading till morning."""
    rows = [recorded("b2c-vipps-simple")["order"]]

    async def poll() -> list[Page]:
        cache = httpx.MockTransport(lambda request: httpx.Response(200, json=rows))
        async with httpx.AsyncClient(transport=cache) as http:
            shop = Shop(http, "https://shop.example", "ck_x", "cs_x")
            return [page async for page in shop.changed_since(NOON, [])]

    for _ in range(2):
        with pytest.raises(NoAnswer) as raised:
            asyncio.run(poll())
        assert raised.value.code == "shop_changes_too_fast"
        rows.append({**rows[0], "id": 31})


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
        {"total": Decimal("1e400")},
    ],
)
def test_one_order_that_is_nonsense_spoils_no_other(site, nonsense):
    """An order that cannot be read is told of, and the rest of the page is read."""
    fill(site, 3)
    rows: list[Any] = [copy.deepcopy(site.orders[n]) for n in (1, 2, 3)]
    rows[1] = {**rows[1], **nonsense} if "total" in (nonsense or ()) else nonsense
    body = json.dumps(rows, default=float).replace("Infinity", "1e9999999999999999999")

    async def poll() -> list[Page]:
        answer = httpx.Response(200, text=body, headers={"X-WP-Total": "3"})
        async with httpx.AsyncClient(transport=httpx.MockTransport(lambda _: answer)) as http:
            shop = Shop(http, "https://shop.example", "ck_x", "cs_x")
            return [page async for page in shop.changed_since(NOON, [])]

    [page] = asyncio.run(poll())
    assert [type(row) for row in page.rows] == [Order, UnreadableOrder, Order]


def test_an_order_whose_id_is_no_id_is_unreadable():
    """An id that no database could hold is not taken for one."""
    order = {**recorded("b2c-vipps-simple")["order"], "id": 10**30}
    answer = httpx.Response(200, json=[order], headers={"X-WP-Total": "1"})

    async def asked() -> list[Any]:
        async with httpx.AsyncClient(transport=httpx.MockTransport(lambda _: answer)) as http:
            return await Shop(http, "https://shop.example", "ck_x", "cs_x").orders([1], [])

    [row] = asyncio.run(asked())
    assert isinstance(row, UnreadableOrder)
    assert (row.order_id, row.where) == (None, "id")


# By id


def test_orders_by_id_leave_out_what_is_deleted_and_bring_the_trash(site):
    """What does not come is gone for good."""
    fill(site, 3)
    site.trash(1)
    site.delete(2)
    rows = ask(site, lambda shop: shop.orders([1, 2, 3], EVERY_STATUS))
    assert [(row.id, row.status) for row in rows] == [(1, "trash"), (3, "processing")]


def test_many_orders_by_id_are_asked_for_by_the_hundred(site):
    """An address has its limits, and a page has a hundred rows."""
    fill(site, 250)
    rows = ask(site, lambda shop: shop.orders(range(1, 251), EVERY_STATUS))
    assert [row.id for row in rows] == list(range(1, 251))
    assert len(site.requests) == 3


def test_no_ids_are_no_request(site):
    """Nothing asked for, nothing sent: without ids the shop would list everything."""
    assert ask(site, lambda shop: shop.orders([], EVERY_STATUS)) == []
    assert site.requests == []


def test_an_order_in_the_trash_is_there_and_a_deleted_one_is_not(site):
    """Only what is deleted for good is None."""
    fill(site, 1)
    site.trash(1)
    assert ask(site, lambda shop: shop.order(1)).status == "trash"
    site.delete(1)
    assert ask(site, lambda shop: shop.order(1)) is None


def test_all_refunds_of_an_order_come_by_rising_id(site):
    """The list is paged like any other, and refunds of one second stand in no fixed order."""
    fill(site, 1)
    for _ in range(13):
        site.add_refund(1, {"amount": "1.00"})
    site.misbehaviour.per_page_cap = 5
    refunds = ask(site, lambda shop: shop.refunds(1))
    assert [refund.id for refund in refunds] == list(range(2, 15))


@pytest.mark.parametrize("wrong", [{"amount": "much"}, {"line_items": None}, {"amount": []}])
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

    assert ask(site, numbers, _page_size=2) == [(3, "3"), (2, "2"), (1, "3")]


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
unwanted = {"woo2po.order", "tenacity", "sqlite_utils", "starlette", "pydantic", "woo2po.sandbox"}
print(sorted(unwanted & sys.modules.keys()))
"""
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
