"""The built-in shop against what a real WooCommerce answered."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from shop_desk import EXCHANGES, RECORDED

from woo2po.sandbox.shop import ShopSite, at_decimals
from woo2po.sandbox.shop_orders import recorded, recorded_names

KEYS = ("ck_sandbox", "cs_sandbox")
NOON = datetime(2026, 11, 24, 12, 0, 0, tzinfo=UTC)
PLAIN_SHOP = [name for name in recorded_names() if recorded(name)["order"]["id"] < 1000]


@pytest.fixture
def site():
    """Return the plain shop of the recordings, at a time when nothing else happens."""
    site = ShopSite(clock=lambda: NOON)
    site.load_recorded(PLAIN_SHOP)
    return site


def asks(site, path, method="GET", auth=KEYS):
    async def asked() -> httpx.Response:
        transport = httpx.MockTransport(site.answer)
        async with httpx.AsyncClient(transport=transport, base_url="https://shop.example") as http:
            return await http.request(method, path, auth=auth)

    return asyncio.run(asked())


def found(site, query):
    return [row["id"] for row in asks(site, f"/wp-json/wc/v3/orders?{query}").json()]


def equal(ours, real):
    return ours == real


def fields_of_rows(ours, real):
    return [row.keys() for row in ours] == [row.keys() - {"_links"} for row in real]


def part_of_fields(ours, real):
    one_of_ours, one_of_theirs = (x[0] if isinstance(x, list) else x for x in (ours, real))
    return one_of_ours.keys() <= one_of_theirs.keys()


AUTH = {
    "wrong secret": ("ck_sandbox", "cs_wrong"),
    "unknown key": ("ck_wrong", "cs_sandbox"),
    "no credentials": None,
    "index without credentials": None,
}


@pytest.mark.parametrize(
    ("alike", "name"),
    [*((equal, name) for name in (
         "page past the end", "unknown status", "per_page over 100", "malformed modified_after",
         "unknown order", "unknown route", "order totals by status", "a poll with nothing new",
         "an order deleted for good", "refunds of an order deleted for good",
         "write with a read key", "plain permalinks form", "wrong secret", "unknown key",
         "no credentials", "trash asked for beside any", "trash asked for beside named statuses",
         "parent is ignored among the refunds of the whole shop")),
     *((fields_of_rows, name) for name in (
         "page 1 of 4, 10 a page, by id", "last page", "two statuses, comma separated",
         "a poll: everything that changed, six decimals, by id",
         "refunds of the whole shop since a moment", "all refunds of the shop")),
     # What the shop tells of itself is a part of what the real one tells.
     *((part_of_fields, name) for name in ("payment gateways", "index without credentials"))],
)  # fmt: skip
def test_the_shop_answers_as_the_real_one(site, alike, name):
    """Status, body and totals, or the fields and the number of rows, are those recorded."""
    real = EXCHANGES[name]
    if "trash" in name:
        site.set_status(30, "trash")
    if "deleted for good" in name or "parent" in name:
        site.delete(31)
        site.delete(52)
    asked = real["request"]
    ours = asks(site, asked["path"], asked["method"], AUTH.get(name, KEYS))
    assert ours.status_code == real["status"]
    assert alike(ours.json(), real["body"])
    for header in ("x-wp-total", "x-wp-totalpages") if alike is not part_of_fields else ():
        assert ours.headers.get(header) == real["headers"].get(header)


def test_it_is_asked_in_other_ways(site):
    """OPTIONS lists the statuses, the query may carry the keys; WordPress takes them for a user's
    over https and turns them away (read in its source).
    """
    real = EXCHANGES["the statuses that the shop knows (OPTIONS, the part about status)"]["body"]
    ours = asks(site, "/wp-json/wc/v3/orders", "OPTIONS").json()
    statuses = [x["endpoints"][0]["args"]["status"]["items"]["enum"] for x in (ours, real)]
    assert statuses[0] == statuses[1]
    path = "/wp-json/wc/v3/orders?consumer_key=ck_sandbox&consumer_secret=cs_sandbox&_fields=id"
    assert len(asks(site, path, auth=None).json()) == 10
    answer = asks(site, "/wp-json/")
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_username")


def without_ids(value: Any) -> Any:
    if isinstance(value, dict):
        skipped = {"id", "parent_id", "number", "payment_url", "display_value", "value"}
        return {k: without_ids(v) for k, v in value.items() if k not in skipped}
    return [without_ids(part) for part in value] if isinstance(value, list) else value


@pytest.mark.parametrize(
    "name", sorted(json.loads((RECORDED / "two_decimals.json").read_text(encoding="utf-8")))
)
def test_amounts_follow_the_decimals_asked_for_as_in_the_real_shop(name):
    """From six decimals the shop's own are made: every amount but a coupon's and a fee's own."""
    real = json.loads((RECORDED / "two_decimals.json").read_text(encoding="utf-8"))[name]
    ours = recorded(name)
    decimals = 0 if name.startswith("zero-decimals") else 2
    assert without_ids(at_decimals(ours["order"], decimals)) == without_ids(real["order"])
    refunds = [at_decimals(refund, decimals) for refund in ours.get("refunds", [])]
    assert without_ids(refunds) == without_ids(real["refunds"])


# -- the traps -------------------------------------------------------------------------------------


def test_moments_are_read_in_the_shops_zone_and_one_second_has_no_order(site):
    """Without dates_are_gmt, or a Z, a date is Norwegian time; a second's orders fall by id."""
    for order_id in (35, 33, 34):
        site.edit(order_id)
    text = (NOON + timedelta(minutes=30)).replace(tzinfo=None).isoformat()
    for moment, listed_then in (
        (text, [35, 34, 33]),
        ("2026-11-24T11:59:00Z", [35, 34, 33]),
        ("2026-11-24T12:00:00Z", []),  # the very second is not listed
        (f"{text}&dates_are_gmt=true", []),
        (f"{text}Z", []),
    ):
        assert found(site, f"modified_after={moment}") == listed_then


def test_fields_are_named_down_to_an_object_s_and_no_date_is_before_every_day(site):
    """Inside a list no field can be named; WordPress keeps 0000-00-00 where there is no date."""
    rows = asks(site, "/wp-json/wc/v3/orders?include=33&_fields=id,line_items.id,billing.email")
    assert rows.json() == [{"id": 33, "billing": {"email": site.orders[33]["billing"]["email"]}}]
    site.edit(37, date_created=None, date_created_gmt=None)
    assert found(site, "before=2000-01-01T00:00:00") == [37]
    assert 37 not in found(site, "after=2000-01-01T00:00:00&include=36,37")
    assert found(site, "include=35,36,37&orderby=date&order=asc")[0] == 37
