"""The client against what a real WooCommerce 10.0.2 answered."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from recorded_shop import answer, ask_recorded
from shop_desk import ask_host, polling

from woo2po.http import CannotLogIn, NotUnderstood, Refused, RemoteError
from woo2po.woocommerce import Shop, UnknownStatus


def test_a_poll_tells_the_shops_time_and_reads_orders_at_six_decimals():
    """An empty one takes one request; another brings whole orders."""
    [page] = ask_recorded("a poll with nothing new", polling(datetime(2030, 1, 1, tzinfo=UTC)))
    assert page.server_time == datetime(2026, 11, 23, 16, 23, 14, tzinfo=UTC)
    assert page.rows == []

    async def first_page(shop: Shop) -> Any:
        shop.page_size = 3
        return await anext(shop.changed_since(datetime(2026, 11, 1, tzinfo=UTC), []))

    page = ask_recorded("a poll: everything that changed, six decimals, by id", first_page)
    numbers = [order.id for order in page.rows]
    assert (len(numbers), sorted(numbers)) == (3, numbers)
    assert page.rows[0].total == Decimal("1398.000000")


def test_one_order_comes_whole():
    """An order asked for by id has its lines; of one that is gone the shop says "Invalid ID"."""
    order = ask_recorded("an order, six decimals", lambda shop: shop.order(48))
    assert order.total == Decimal("3056.6")
    assert [refund.id for refund in order.refunds] == [49]
    assert ask_recorded("an order deleted for good", lambda shop: shop.order(31)) is None


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
    found = ask_recorded(name, lambda shop: shop.refunds(order_id))
    assert [(refund.id, refund.amount, bool(refund.lines)) for refund in found] == refunds


def test_statuses_are_those_of_orders_and_the_trash():
    """An unfinished checkout and an automatic draft are no orders."""
    name = "the statuses that the shop knows (OPTIONS, the part about status)"
    known = "trash pending processing on-hold completed cancelled refunded failed"
    assert ask_recorded(name, lambda shop: shop.statuses()) == tuple(known.split())


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
        ("malformed modified_after", Refused, None),
    ],
)
def test_each_refusal_has_its_own_error(name, kind, code):
    """A wrong secret and an unknown key need different remedies. A refused parameter is named; the
    shop's sentence about it may quote anything.
    """
    with pytest.raises(RemoteError) as raised:
        ask_host(answer(name), lambda shop: shop.orders([1], []))
    error = raised.value
    assert isinstance(error, kind)
    assert code in {None, error.code}
    if kind is Refused:
        said = (error.status, error.title, error.detail)
        assert said == (400, "rest_invalid_param", "modified_after")
