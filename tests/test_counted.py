"""Once a day the job holds the shop's own counts against what it knows."""

import pytest
from test_status import status, text

from woo2po.pull import LONG_OVERLAP
from woo2po.woocommerce import Shop

LONG_AGO = {"date_modified_gmt": "2020-01-01T00:00:00"}  # no poll asks for it: an import's


@pytest.fixture
def sold(world):
    """A shop whose first orders went yesterday."""
    for order_id in (101, 102, 103):
        world.sells(order_id)
    world.settle()
    world.wait(LONG_OVERLAP.total_seconds())
    world.shop.requests.clear()
    return world


def imported(world, order_id, **more):
    """Put an order into the shop that says that it was last changed long ago."""
    world.sells(order_id)
    world.shop.orders[order_id] |= LONG_AGO | more


def asked(world):
    """Return what was asked of the shop since this was asked last: polls, counts and lists."""
    said = [one.url.query.decode() for one in world.shop.requests if one.url.query]
    world.shop.requests.clear()
    kinds = {
        "modified_after=": "poll",
        "per_page=1&": "count",
        "include=": "orders",
        "after=": "list",
    }
    return [next((k for sign, k in kinds.items() if sign in one), one) for one in said]


def test_what_no_poll_has_shown_comes_to_light_the_next_day_and_goes(sold):
    """The run says so, with the number; `status` too, until the next count."""
    imported(sold, 104)
    outcome = sold.run()
    assert outcome.warnings["never_seen"] == {"n": "1", "numbers": "104"}
    assert sold.company.order("shop_104")
    assert status(sold).never_seen == ["104"]
    assert "1 had never been seen and are in the queue now: 104." in " ".join(text(sold).split())
    sold.wait(300)
    assert "never_seen" not in sold.run().warnings
    sold.wait(LONG_OVERLAP.total_seconds())
    sold.run()
    assert status(sold).never_seen == []


def test_two_counts_a_day_are_all_that_it_costs(sold):
    """One a status in which every order is transferred; the other polls of the day ask once."""
    sold.run()
    assert asked(sold) == ["poll", "count", "count"]
    sold.wait(300)
    sold.run()
    assert asked(sold) == ["poll"]


def test_a_difference_that_is_explained_is_looked_into_once(sold):
    """Nor is an order deleted for good, whose draft goes, though no poll has told of it."""
    sold.shop.delete(102)
    sold.run()
    assert asked(sold).count("list") == 1
    assert set(sold.books().totals) == {"shop_101", "shop_103"}
    sold.wait(LONG_OVERLAP.total_seconds())
    assert sold.run().warnings == {}
    assert asked(sold) == ["poll", "count", "count"]
    imported(sold, 105)
    sold.wait(LONG_OVERLAP.total_seconds())
    assert sold.run().warnings["never_seen"]["numbers"] == "105"


def test_a_shop_that_does_not_count_stops_nothing(sold, monkeypatch):
    """What was polled goes all the same, and the next run of the day counts."""

    async def broken(self, *_):
        return (await self.ask("nothing")).total

    counting = Shop.count
    monkeypatch.setattr(Shop, "count", broken)
    imported(sold, 104)
    sold.sells(106)
    assert sold.run().exit_code == 0
    assert sold.company.order("shop_106")
    monkeypatch.setattr(Shop, "count", counting)
    sold.wait(300)
    assert sold.run().warnings["never_seen"]["numbers"] == "104"


def test_what_was_done_for_a_finished_order_is_kept_for_ninety_days(world):
    """What made its document stays, since it tells that the reference is used; a draft's all."""
    world.configure(invoices={"create": True, "when": "processing"})
    world.sells(101)
    world.settle()
    world.configure(invoices={"create": False})
    world.sells(102)
    world.settle()
    kinds = [[w.kind for w in world.record(n).writes] for n in (101, 102)]
    assert kinds == [["create_customer", "create_sales_order", "send_invoice"], kinds[1]]
    for days in (89, 2):
        world.wait(days * 86_400)
        world.run()
        after = [[w.kind for w in world.record(n).writes] for n in (101, 102)]
        assert after == (kinds if days == 89 else [["create_sales_order"], kinds[1]])
    assert world.settle().exit_code == 0
    assert [one.kind for one in world.record(101).writes] == ["create_sales_order"]
