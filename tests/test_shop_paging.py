"""Reading a list of the shop page by page, though it does not stand still."""

import asyncio
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from shop_desk import ask_host, at_request, fill, ids, pages_since

from woo2po.sandbox.shop import ShopSite
from woo2po.sandbox.shop_orders import recorded
from woo2po.transport import NoAnswer
from woo2po.woocommerce import Page, Shop

NOON = datetime(2026, 11, 24, 12, 0, 0, tzinfo=UTC)


@pytest.fixture
def site():
    """Return a shop without orders whose clock stands at noon (UTC)."""
    return ShopSite(clock=lambda: NOON)


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

    async def poll(shop: Shop) -> list[Page]:
        return [page async for page in shop.changed_since(NOON, [])]

    for _ in range(2):
        with pytest.raises(NoAnswer) as raised:
            ask_host(lambda _: httpx.Response(200, json=rows), poll)
        assert raised.value.code == "shop_changes_too_fast"
        rows.append({**rows[0], "id": 31})
