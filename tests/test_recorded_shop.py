"""The client against what a real WooCommerce 10.0.2 answered."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import httpx
import pytest
from recorded_shop import ADDRESS, answer, played

from woo2po.http import CannotLogIn, NotUnderstood, Refused, RemoteError
from woo2po.order import Order
from woo2po.woocommerce import Shop, UnknownStatus

NOVEMBER = datetime(2026, 11, 1, tzinfo=UTC)


def ask(question: Callable[[Shop], Awaitable[Any]]) -> Any:
    async def asked() -> Any:
        async with httpx.AsyncClient() as http:
            return await question(Shop(http, ADDRESS, "ck_test", "cs_test"))

    return asyncio.run(asked())


def ask_one_that_answers(name: str) -> RemoteError:
    """Return the error that a recorded answer becomes."""

    async def asked() -> None:
        transport = httpx.MockTransport(lambda _: answer(name))
        async with httpx.AsyncClient(transport=transport) as http:
            await Shop(http, ADDRESS, "ck_test", "cs_test").orders([1], [])

    with pytest.raises(RemoteError) as raised:
        asyncio.run(asked())
    return raised.value


def test_a_poll_with_nothing_new_is_one_request_and_tells_the_shops_time():
    """An empty poll takes one request and brings the Date header for the cursor."""

    async def poll(shop: Shop) -> Any:
        return [page async for page in shop.changed_since(datetime(2030, 1, 1, tzinfo=UTC), [])]

    with played("a poll with nothing new") as cassette:
        [page] = ask(poll)
    assert page.server_time == datetime(2026, 11, 23, 16, 23, 14, tzinfo=UTC)
    assert (page.total, page.rows, cassette.play_count) == (0, [], 1)


def test_a_poll_reads_orders_at_six_decimals():
    """A poll brings whole orders with stored amounts, and how many there are in all."""

    async def first_page(shop: Shop) -> Any:
        shop._lists.page_size = 3
        return await anext(shop.changed_since(NOVEMBER, []))

    with played("a poll: everything that changed, six decimals, by id"):
        page = ask(first_page)
    assert page.total == 31
    assert [order.id for order in page.rows] == sorted(order.id for order in page.rows)
    assert len(page.rows) == 3
    assert page.rows[0].total == Decimal("1398.000000")


def test_one_order_comes_whole():
    """An order asked for by id has its lines."""
    with played("an order, six decimals"):
        order = ask(lambda shop: shop.order(48))
    assert isinstance(order, Order)
    assert order.total == Decimal("3056.6")
    assert [refund.id for refund in order.refunds] == [49]
    with played("an order deleted for good"):  # the shop says "Invalid ID"
        assert ask(lambda shop: shop.order(31)) is None


@pytest.mark.parametrize(
    ("name", "order_id", "refunds"),
    [
        ("refunds of an order, six decimals", 54, [(55, 249, True), (56, 379, True)]),
        # What WooCommerce makes by itself is the whole amount and no lines.
        ("refunds of an order set to refunded by hand", 33, [(66, Decimal("1055.8"), False)]),
        ("refunds of an order deleted for good", 52, []),  # an empty list, not an error
    ],
)
def test_refunds_come_by_id(name, order_id, refunds):
    """The shop lists the newest refund first; we give them by rising id."""
    with played(name):
        found = ask(lambda shop: shop.refunds(order_id))
    assert [(refund.id, refund.amount, bool(refund.lines)) for refund in found] == refunds


def test_statuses_are_those_of_orders_and_the_trash():
    """An unfinished checkout and an automatic draft are no orders."""
    with played("the statuses that the shop knows (OPTIONS, the part about status)"):
        statuses = ask(lambda shop: shop.statuses())
    known = "trash pending processing on-hold completed cancelled refunded failed"
    assert statuses == tuple(known.split())


@pytest.mark.parametrize(
    ("name", "kind", "code"),
    [
        ("wrong secret", CannotLogIn, "shop_wrong_secret"),
        ("unknown key", CannotLogIn, "shop_unknown_key"),
        ("no credentials", CannotLogIn, "shop_unknown_key"),
        ("plain permalinks form", CannotLogIn, "shop_unknown_key"),
        ("unknown route", NotUnderstood, "shop_no_woocommerce"),  # no missing order
        ("index without credentials", NotUnderstood, "shop_wrong_shape"),  # no empty page
        ("unknown status", UnknownStatus, None),  # so that the statuses are asked for again
    ],
)
def test_each_refusal_has_its_own_error(name, kind, code):
    """A wrong secret and an unknown key need different remedies."""
    error = ask_one_that_answers(name)
    assert isinstance(error, kind)
    assert code in {None, error.code}


def test_a_refused_parameter_is_named():
    """A 400 names the parameter; the shop's sentence about it may quote anything."""
    error = ask_one_that_answers("malformed modified_after")
    assert isinstance(error, Refused)
    assert (error.status, error.title) == (400, "rest_invalid_param")
    assert error.detail == "modified_after"
