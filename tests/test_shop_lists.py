"""Reading the shop: what changed, in which statuses, page by page; single orders and refunds."""

import json
import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import httpx
import pytest
from hosts import fails
from shop_desk import EVERY_STATUS, KEY, SECRET, ask, fill, ids, pages_since, polling, replayed

from woo2po.http import NoAnswer, NotUnderstood, Refused
from woo2po.order import Order, UnreadableOrder
from woo2po.sandbox.shop import ShopSite
from woo2po.sandbox.shop_orders import recorded
from woo2po.woocommerce import Shop, UnknownStatus

NOON = datetime(2026, 11, 24, 12, 0, 0, tzinfo=UTC)
YESTERDAY = NOON - timedelta(days=1)


@pytest.fixture
def site():
    """Return a shop without orders whose clock stands at noon (UTC)."""
    return ShopSite(clock=lambda: NOON, consumer_key=KEY, consumer_secret=SECRET)


# Time


def test_the_cursor_is_read_as_utc_and_an_order_of_its_very_second_is_not_listed(site):
    """`modified_after` is strict and knows whole seconds, so a poll has to go back. A shop in Oslo
    would read the moment an hour off; the cursor is its clock, not ours.
    """
    fill(site, 1)
    for since, found in (
        (NOON, []),
        (NOON + timedelta(microseconds=900_000), []),
        (NOON - timedelta(seconds=1), [1]),
        (NOON.astimezone(site.zone) - timedelta(minutes=1), [1]),
        (NOON.astimezone(site.zone) + timedelta(minutes=1), []),
    ):
        pages = pages_since(site, since)
        assert (ids(pages), pages[0].server_time) == (found, NOON)


# Statuses


def test_all_statuses_are_polled_and_the_trash_but_that_of_an_unfinished_checkout(site):
    """Trashing is a change, and `any` would hide it."""
    fill(site, 2)
    site.set_status(1, "trash")
    assert ids(pages_since(site, YESTERDAY)) == [1, 2]
    assert ids(pages_since(site, YESTERDAY, ())) == [2]
    site.statuses.append("packed")
    site.set_status(1, "checkout-draft")
    statuses = ask(site, lambda shop: shop.statuses())
    assert "packed" in statuses
    assert ids(pages_since(site, YESTERDAY, statuses)) == [2]
    site.statuses.remove("packed")
    with pytest.raises(UnknownStatus):
        pages_since(site, NOON, ("processing", "packed"))


@pytest.mark.parametrize(
    "said", [httpx.Response(204), httpx.Response(200, json={}), httpx.Response(405, json=[])]
)
def test_statuses_are_found_where_the_host_answers_options_itself(said):
    """Some web servers answer OPTIONS without asking WordPress: the totals name the statuses."""
    totals = httpx.Response(200, json=[{"slug": "processing"}, {"slug": "checkout-draft"}])
    statuses = ask(
        lambda request: said if request.method == "OPTIONS" else totals,
        lambda shop: shop.statuses(),
    )
    assert statuses == ("processing", "trash")


# What an order is


@pytest.mark.parametrize(
    "nonsense",
    ['{"id": 2}', '{"id": 2, "total": 1e9999999999999999999}', '{"id": 1' + "0" * 40 + "}",
     "null", '"an order"', "[[[]]]",
     json.dumps(recorded("b2c-vipps-simple")["order"] | {"id": 10**30}),
     '{"id": 2, "number": "2", "line_items": [], "shipping_lines": {}, "fee_lines": []}'],
)  # fmt: skip
def test_one_order_that_is_nonsense_spoils_no_other(site, nonsense):
    """An order that cannot be read is told of, and the rest of the page is read."""
    fill(site, 3)
    body = f"[{json.dumps(site.orders[1])}, {nonsense}, {json.dumps(site.orders[3])}]"
    said = httpx.Response(200, text=body, headers={"X-WP-Total": "3"})
    [page] = ask(said, polling(NOON))
    assert [type(row) for row in page.rows] == [Order, UnreadableOrder, Order]
    with pytest.raises(NotUnderstood):
        ask(httpx.Response(200, json=[10**30, {"id": True}]), lambda shop: shop.orders([1], []))


def test_what_a_real_shop_answered_is_read():
    """Its time, and orders at six decimals; an order whole, and none that is gone; refunds by
    rising id, of an order deleted for good none; statuses but those of unfinished checkouts.
    """
    [page] = replayed("a poll with nothing new", polling(datetime(2030, 1, 1, tzinfo=UTC)))
    assert page.server_time == datetime(2026, 11, 23, 16, 23, 14, tzinfo=UTC)
    assert page.rows == []
    since = datetime(2026, 11, 1, tzinfo=UTC)
    name = "a poll: everything that changed, six decimals, by id"
    page = replayed(name, lambda shop: anext(shop.changed_since(since, [])), page_size=3)
    numbers = [order.id for order in page.rows]
    assert (len(numbers), sorted(numbers)) == (3, numbers)
    assert page.rows[0].total == Decimal("1398.000000")
    order = replayed("an order, six decimals", lambda shop: shop.order(48))
    assert (order.total, [one.id for one in order.refunds]) == (Decimal("3056.6"), [49])
    assert replayed("an order deleted for good", lambda shop: shop.order(31)) is None
    for name, order_id, refunds in (
        ("refunds of an order, six decimals", 54, [(55, 249, True), (56, 379, True)]),
        # What WooCommerce makes by itself is the whole amount and no lines.
        ("refunds of an order set to refunded by hand", 33, [(66, Decimal("1055.8"), False)]),
        ("refunds of an order deleted for good", 52, []),
    ):
        found = replayed(name, lambda shop, one=order_id: shop.refunds(one))
        assert [(one.id, one.amount, bool(one.lines)) for one in found] == refunds
    name = "the statuses that the shop knows (OPTIONS, the part about status)"
    known = "trash pending processing on-hold completed cancelled refunded failed"
    assert replayed(name, lambda shop: shop.statuses()) == tuple(known.split())


# By id


def test_orders_by_id_bring_the_trash_and_leave_out_what_is_deleted(site):
    """What does not come is gone for good; only then a single one is None."""
    fill(site, 3)
    site.set_status(1, "trash")
    site.delete(2)
    rows = ask(site, lambda shop: shop.orders([1, 2, 3], EVERY_STATUS))
    assert [(row.id, row.status) for row in rows] == [(1, "trash"), (3, "processing")]
    assert ask(site, lambda shop: shop.order(1)).status == "trash"
    assert ask(site, lambda shop: shop.order(2)) is None
    fill(site, 250)
    site.edit(1, number="3")

    async def numbers(shop: Shop) -> list[tuple[int, str]]:
        return [pair async for page in shop.ids_and_numbers() for pair in page]

    assert ask(site, numbers)[-3:] == [(3, "3"), (2, "2"), (1, "3")]
    site.requests.clear()
    rows = ask(site, lambda shop: shop.orders(range(1, 251), EVERY_STATUS))
    assert [row.id for row in rows] == list(range(1, 251))
    assert len(site.requests) == 3  # an address has its limits
    assert ask(site, lambda shop: shop.orders([], EVERY_STATUS)) == []
    assert len(site.requests) == 3  # without ids the shop would list everything


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        # An order is not believed to be gone for another 404.
        *((404, {"code": code, "message": "Not here.", "data": {"status": 404}}, Refused)
          for code in ("rest_not_found", "woocommerce_rest_invalid_id")),
        # A cache that mixes answers up would have one order booked as another.
        (200, {**recorded("b2c-vipps-simple")["order"], "id": 31}, NotUnderstood),
    ],
)  # fmt: skip
def test_an_order_is_taken_for_deleted_or_for_another_by_no_mistake(status, body, error):
    """Only the shop's own word says that it is gone; one on which the shop crashes is told of."""
    with pytest.raises(error):
        ask(httpx.Response(status, json=body), lambda shop: shop.order(30))
    crashed = httpx.Response(500, json={"code": "x", "message": "", "data": {"status": 500}})
    row = ask(crashed, lambda shop: shop.order(30))
    assert (type(row), row.id) == (UnreadableOrder, 30)


def test_all_refunds_of_an_order_come_by_rising_id(site):
    """The list is paged like any other, and refunds of one second stand in no fixed order."""
    fill(site, 1)
    for _ in range(13):
        site.add_refund(1, {"amount": "1.00"})
    site.per_page_cap = 5
    refunds = ask(site, lambda shop: shop.refunds(1))
    assert [refund.id for refund in refunds] == list(range(2, 15))
    good = site.refunds[1][0]
    for wrong in ({"amount": "much"}, {"amount": []}, {"line_items": None},
                  {"fee_lines": [{"id": 1, "taxes": [None]}]}):  # fmt: skip
        site.refunds[1][0] = good | wrong
        with pytest.raises(UnreadableOrder) as raised:
            ask(site, lambda shop: shop.refunds(1))
        assert raised.value.id == 1


# Page by page, though the shop does not stand still


@pytest.mark.parametrize("count", [0, 1, 2, 99, 100, 101, 199, 230])
def test_every_order_comes_once_whatever_the_number(site, count):
    fill(site, count)
    pages = pages_since(site, YESTERDAY)
    assert ids(pages) == list(range(1, count + 1))
    assert len(site.requests) == max(1, -(-(count - 1) // 99))


@pytest.mark.parametrize("said", [{}, {"X-WP-Total": "0"}])
@pytest.mark.parametrize("count", range(7))
def test_a_shop_that_does_not_tell_its_total_is_read_to_the_end(site, count, said):
    """After a warning of PHP no header comes, and a filter that runs wild counts none; the list
    ends where nothing new comes.
    """
    fill(site, count)

    async def without_total(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers=said, content=(await site.answer(request)).content)

    found = ask(without_total, polling(YESTERDAY), page_size=2)
    assert ids(found) == list(range(1, count + 1))


@pytest.mark.parametrize(
    ("left", "entered", "found", "restarts"),
    [
        # A deleted order shifts the next one off the page: everything is read again.
        (11, (), [10, 12, 13, 14, 15, 16, 17, 18], 1),
        # The total is equal: the overlapping row shows what it cannot.
        (11, (30,), [10, 12, 13, 14, 15, 16, 17, 18, 30], 1),
        # An old order that changed hides no other, and comes with the next poll.
        (None, (5,), [10, 11, 12, 13, 14, 15, 16, 17, 18], 0),
    ],
)
def test_orders_that_leave_and_enter_between_two_pages_hide_no_other(
    site, left, entered, found, restarts
):
    """Where rows have moved, the list is read from its beginning."""
    fill(site, 9, first=10)

    def change():
        if left:
            site.delete(left)
        for order_id in entered:
            fill(site, 1, first=order_id)

    site.before_each = lambda _: change() if len(site.requests) == 2 else None
    pages = pages_since(site, YESTERDAY, page_size=4)
    assert ids(pages) == found
    assert [page.restarted for page in pages].count(True) == restarts
    again = ids(pages_since(site, pages[0].server_time - timedelta(seconds=1)))
    assert set(entered) <= set(again)


@pytest.mark.parametrize("cap", [1, 2, 3, 10, None])
@pytest.mark.parametrize(
    "broken", [(), {1}, {4}, {5}, {12}, {1, 5, 9, 12}, range(3, 7), range(4, 13), range(1, 10)]
)
def test_a_page_with_fewer_rows_than_asked_for_is_not_the_end(site, broken, cap):
    """A host gives fewer, or a damaged order is left out of its page and kept in the total."""
    fill(site, 12)
    site.unloadable = set(broken)
    site.per_page_cap = cap
    pages = pages_since(site, YESTERDAY, page_size=5)
    assert ids(pages) == [number for number in range(1, 13) if number not in broken]


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
    said = httpx.Response(200, json=rows, headers={"X-WP-Total": total} if total else {})
    with pytest.raises(kind) as raised:
        ask(said, polling(NOON))
    assert raised.value.code == code


def test_a_shop_that_hides_its_orders_or_never_stands_still_is_given_up(site):
    """Where the total says that far more must come, the list is no end."""
    fill(site, 60)
    site.unloadable = set(range(1, 61))
    with pytest.raises(NotUnderstood) as raised:
        pages_since(site, YESTERDAY, page_size=5)
    assert raised.value.code == "shop_rows_missing"
    site.unloadable = set()
    site.requests.clear()
    gone = iter(range(1, 60))
    site.before_each = lambda _: None if len(site.requests) % 2 else site.delete(next(gone))
    with pytest.raises(NoAnswer) as raised:
        pages_since(site, YESTERDAY, page_size=4)
    assert raised.value.code == "shop_changes_too_fast"
    assert len(site.requests) == 8


def test_a_shop_too_weak_for_a_hundred_orders_is_asked_for_twenty(site):
    """A page that crashes the shop is asked for in smaller pieces, and so are the later ones."""
    fill(site, 45)
    site.before_each = fails(500)
    assert ids(pages_since(site, YESTERDAY)) == list(range(1, 46))
    sizes = [asked.url.params["per_page"] for asked in site.requests]
    assert sizes == ["100", "20", "20", "20"]


def read_of_one_restless_shop(site, chance):
    """Read a shop in which orders come and go between the pages; find what stayed all the time."""
    staying = set(chance.sample(range(1, 100), chance.randrange(40)))
    for order_id in staying:
        fill(site, 1, first=order_id)
    site.per_page_cap = chance.choice([None, None, 2, 3, 7])
    site.unloadable = set(chance.sample(sorted(staying), min(len(staying), 2)))
    restlessness = chance.choice([0, 0.1, 0.3])

    def change(_) -> None:
        if chance.random() < restlessness and site.orders:
            gone = chance.choice(list(site.orders))
            site.delete(gone)
            staying.discard(gone)
        if chance.random() < restlessness:
            fill(site, 1, first=chance.randrange(100, 200))

    site.before_each = change
    try:
        pages = pages_since(site, YESTERDAY, (), page_size=chance.randrange(2, 12))
    except NoAnswer:
        return False
    found = {order.id for page in pages for order in page.rows}
    assert staying - site.unloadable <= found
    return True


def test_an_order_that_stays_is_never_missed():
    """Whatever comes and goes: either every order that stayed is read, or the run gives up."""
    read = 0
    for seed in range(15):
        site = ShopSite(clock=lambda: NOON, consumer_key=KEY, consumer_secret=SECRET)
        read += read_of_one_restless_shop(site, random.Random(seed))  # noqa: S311 (no secrecy)
    assert read > 7
