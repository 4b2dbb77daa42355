"""Reading a list of the shop page by page, though it does not stand still."""

import asyncio
import random
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from shop_desk import ask_host, at_request, fill, ids, pages_since, polling

from woo2po.http import NoAnswer, NotUnderstood
from woo2po.order import Order, UnreadableOrder
from woo2po.sandbox.shop import ShopSite
from woo2po.sandbox.shop_orders import recorded
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


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 5, 6])
def test_a_shop_that_does_not_tell_its_total_is_read_to_the_end(site, count):
    """After a warning of PHP no header comes; the list ends where nothing new comes."""
    fill(site, count)

    inner = httpx.ASGITransport(site.app)

    class WithoutTotal(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            response = await inner.handle_async_request(request)
            del response.headers["x-wp-total"]
            return response

    async def poll() -> list[Page]:
        async with httpx.AsyncClient(transport=WithoutTotal()) as http:
            shop = Shop(http, "https://shop.example", "ck_sandbox", "cs_sandbox")
            shop._lists.page_size = 2
            return await polling(datetime(2026, 1, 1, tzinfo=UTC))(shop)

    assert ids(asyncio.run(poll())) == list(range(1, count + 1))


def test_an_order_that_leaves_between_two_pages_hides_no_other(site):
    """A deleted order shifts the next one off the page: everything is read again."""
    fill(site, 9)
    at_request(site, 2, lambda: site.delete(2))
    pages = pages_since(site, NOON - timedelta(days=1), page_size=4)
    assert ids(pages) == [1, 3, 4, 5, 6, 7, 8, 9]
    assert [page.restarted for page in pages].count(True) == 1


def test_one_that_leaves_and_one_that_enters_are_noticed_though_the_total_is_equal(site):
    """The overlapping row shows what the total cannot."""
    fill(site, 9, first=10)

    def swap():
        site.delete(11)
        fill(site, 1, first=30)

    at_request(site, 2, swap)
    pages = pages_since(site, NOON - timedelta(days=1), page_size=4)
    assert ids(pages) == [10, 12, 13, 14, 15, 16, 17, 18, 30]


def test_an_order_with_a_lower_id_that_enters_comes_with_the_next_poll(site):
    """An old order changed during the reading hides no other, and is newer than the cursor."""
    fill(site, 9, first=10)
    at_request(site, 2, lambda: fill(site, 1, first=5))
    pages = pages_since(site, NOON - timedelta(days=1), page_size=4)
    assert ids(pages) == list(range(10, 19))
    assert not any(page.restarted for page in pages)
    assert 5 in ids(pages_since(site, pages[0].server_time - timedelta(seconds=1)))


@pytest.mark.parametrize("cap", [1, 2, 3, 10, None])
@pytest.mark.parametrize(
    "broken", [(), {1}, {4}, {5}, {12}, {1, 5, 9, 12}, range(3, 7), range(4, 13), range(1, 10)]
)
def test_a_page_with_fewer_rows_than_asked_for_is_not_the_end(site, broken, cap):
    """A host gives fewer, or a damaged order is left out of its page and kept in the total.

    Behind a gap as wide as a page there may be more.
    """
    fill(site, 12)
    site.misbehaviour.unloadable = set(broken)
    site.misbehaviour.per_page_cap = cap
    pages = pages_since(site, NOON - timedelta(days=1), page_size=5)
    assert ids(pages) == [number for number in range(1, 13) if number not in broken]


def test_a_shop_that_hides_most_of_its_orders_is_not_believed(site):
    """Where the total says that far more must come, the list is no end."""
    fill(site, 30)
    site.misbehaviour.unloadable = set(range(1, 31))
    with pytest.raises(NotUnderstood) as raised:
        pages_since(site, NOON - timedelta(days=1), page_size=5)
    assert raised.value.code == "shop_rows_missing"


ORDER = recorded("b2c-vipps-simple")["order"]


def numbered(*order_ids):
    return [{**ORDER, "id": order_id} for order_id in order_ids]


@pytest.mark.parametrize(
    ("rows", "total", "kind", "code"),
    [
        # Continuity is seen by rising ids; without them orders could be missed in silence.
        (numbered(3, 1, 2), None, NotUnderstood, "shop_wrong_shape"),
        # A cache gives its first page for ever: the total says that more must come, or is lost.
        (numbered(*range(1, 101)), "150", NoAnswer, "shop_changes_too_fast"),
        (numbered(30), None, NoAnswer, "shop_changes_too_fast"),
        (numbered(30, 31), None, NoAnswer, "shop_changes_too_fast"),
    ],
)
def test_a_list_that_does_not_hold_together_is_given_up(rows, total, kind, code):
    """It is no end, and must not keep us reading till morning."""
    answer = httpx.Response(200, json=rows, headers={"X-WP-Total": total} if total else {})
    with pytest.raises(kind) as raised:
        ask_host(answer, polling(NOON))
    assert raised.value.code == code


def test_a_shop_that_never_stands_still_is_given_up(site):
    """A listing starts over three times, then the run ends and the next one tries."""
    fill(site, 60)
    gone = iter(range(1, 60))

    def one_goes():
        if len(site.requests) % 2 == 0:
            site.delete(next(gone))

    site.before_each = one_goes
    with pytest.raises(NoAnswer) as raised:
        pages_since(site, NOON - timedelta(days=1), page_size=4)
    assert raised.value.code == "shop_changes_too_fast"
    assert len(site.requests) == 8


def test_a_shop_too_weak_for_a_hundred_orders_is_asked_for_twenty(site):
    """A page that crashes the shop is asked for in smaller pieces, and so are the later ones."""
    fill(site, 45)
    site.misbehaviour.failures = [(500, {})]
    assert ids(pages_since(site, NOON - timedelta(days=1))) == list(range(1, 46))
    sizes = [httpx.QueryParams(asked.query)["per_page"] for asked in site.requests]
    assert sizes == ["100", "20", "20", "20"]


@pytest.mark.parametrize("cap", [2, 3, 4, 100])
def test_a_row_without_an_id_hides_no_other(site, cap):
    """Nonsense at the end of a page is told of, perhaps twice, and the next page is read."""
    fill(site, 9)
    del site.orders[4]["id"]
    site.orders[4]["number"] = ""
    rows = [site.orders[order_id] for order_id in range(1, 10)]

    def host(request: httpx.Request) -> httpx.Response:
        offset = int(request.url.params.get("offset", "0"))
        return httpx.Response(
            200, json=rows[offset : offset + cap], headers={"X-WP-Total": str(len(rows))}
        )

    found = ask_host(host, lambda shop: shop.orders([1], []))
    assert [row.id for row in found if isinstance(row, Order)] == [1, 2, 3, 5, 6, 7, 8, 9]
    assert any(isinstance(row, UnreadableOrder) for row in found)


async def one_restless_shop(seed: int) -> None:
    """Read a shop in which orders come and go between the pages; find what stayed all the time."""
    chance = random.Random(seed)  # noqa: S311 (chance, not secrecy)
    site = ShopSite(clock=lambda: NOON)
    staying = set(chance.sample(range(1, 100), chance.randrange(40)))
    for order_id in staying:
        fill(site, 1, first=order_id)
    site.misbehaviour.per_page_cap = chance.choice([None, None, 2, 3, 7])
    site.misbehaviour.unloadable = set(chance.sample(sorted(staying), min(len(staying), 2)))
    restlessness = chance.choice([0, 0.1, 0.3])

    def change() -> None:
        if chance.random() < restlessness and site.orders:
            gone = chance.choice(list(site.orders))
            site.delete(gone)
            staying.discard(gone)
        if chance.random() < restlessness:
            fill(site, 1, first=chance.randrange(100, 200))

    site.before_each = change
    found: set[int] = set()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(site.app)) as http:
        shop = Shop(http, "https://shop.example", site.consumer_key, site.consumer_secret)
        shop._lists.page_size = chance.randrange(2, 12)
        try:
            async for page in shop.changed_since(NOON - timedelta(days=1), []):
                found |= {order.id for order in page.rows}
        except NoAnswer:
            return
    assert staying - site.misbehaviour.unloadable <= found, seed


def test_an_order_that_stays_is_never_missed():
    """Whatever comes and goes: either every order that stayed is read, or the run gives up."""
    for seed in range(80):
        asyncio.run(one_restless_shop(seed))
