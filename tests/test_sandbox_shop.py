"""The built-in shop against what a real WooCommerce answered, and how it is served."""

import asyncio
import json
import socket
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from recorded_shop import EXCHANGES, RECORDED

from woo2po.sandbox.asgi import Response, application
from woo2po.sandbox.serve import PortTaken, serve
from woo2po.sandbox.shop import ShopSite
from woo2po.sandbox.shop_listing import at_decimals
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
    """Return the shop's answer to one request."""

    async def asked() -> httpx.Response:
        transport = httpx.ASGITransport(site.app)
        async with httpx.AsyncClient(transport=transport, base_url="https://shop.example") as http:
            return await http.request(method, path, auth=auth)

    return asyncio.run(asked())


def listed(site, query):
    """Return the rows of a list of orders."""
    response = asks(site, f"/wp-json/wc/v3/orders?{query}")
    assert response.status_code == 200, response.text
    return response.json()


@pytest.mark.parametrize(
    "name",
    [
        *("page past the end", "unknown status", "per_page over 100", "malformed modified_after"),
        *("unknown order", "unknown route", "order totals by status"),
        *("a poll with nothing new", "an order deleted for good"),
        *("refunds of an order deleted for good", "write with a read key"),
    ],
)
def test_the_shop_answers_as_the_real_one(site, name):
    """Status, body and totals are those that were recorded."""
    real = EXCHANGES[name]
    if 31 in site.orders and "deleted for good" in name:
        site.delete(31)
        site.delete(52)
    ours = asks(site, real["request"]["path"], real["request"]["method"])
    assert (ours.status_code, ours.json()) == (real["status"], real["body"])
    for header in ("x-wp-total", "x-wp-totalpages"):
        assert ours.headers.get(header) == real["headers"].get(header)


@pytest.mark.parametrize(
    ("name", "auth"),
    [
        ("wrong secret", ("ck_sandbox", "cs_wrong")),
        ("unknown key", ("ck_wrong", "cs_sandbox")),
        ("no credentials", None),
        ("plain permalinks form", KEYS),
    ],
)
def test_the_shop_refuses_as_the_real_one(site, name, auth):
    """Each wrong key has the answer that was recorded; the plain address form is not let in."""
    real = EXCHANGES[name]
    ours = asks(site, real["request"]["path"], auth=auth)
    assert (ours.status_code, ours.json()) == (real["status"], real["body"])


@pytest.mark.parametrize(
    "name",
    [
        "page 1 of 4, 10 a page, by id",
        "last page",
        "two statuses, comma separated",
        "a poll: everything that changed, six decimals, by id",
        "refunds of the whole shop since a moment",
        "all refunds of the shop",
    ],
)
def test_lists_are_paged_as_the_real_ones(site, name):
    """The totals and the number of rows are those that were recorded, and so are the fields."""
    real = EXCHANGES[name]
    ours = asks(site, real["request"]["path"])
    assert [row.keys() for row in ours.json()] == [row.keys() - {"_links"} for row in real["body"]]
    for header in ("x-wp-total", "x-wp-totalpages"):
        assert ours.headers[header] == real["headers"][header]


def test_keys_in_the_address_let_in(site):
    """Where a web server loses the header, the query serves."""
    path = "/wp-json/wc/v3/orders?consumer_key=ck_sandbox&consumer_secret=cs_sandbox&_fields=id"
    assert len(asks(site, path, auth=None).json()) == 10


def test_the_statuses_are_told_as_the_real_shop_tells_them(site):
    """OPTIONS lists the statuses, the trash among them."""
    name = "the statuses that the shop knows (OPTIONS, the part about status)"
    real = EXCHANGES[name]["body"]["endpoints"][0]["args"]["status"]["items"]["enum"]
    ours = asks(site, "/wp-json/wc/v3/orders", "OPTIONS").json()
    assert ours["endpoints"][0]["args"]["status"]["items"]["enum"] == real


@pytest.mark.parametrize(
    "name",
    [
        *("tax rates", "tax settings", "general settings", "payment gateways"),
        *("current currency", "index without credentials"),
    ],
)
def test_settings_have_the_fields_of_the_real_ones(site, name):
    """What the shop tells of itself is a part of what the real one tells."""
    real = EXCHANGES[name]
    auth = None if "without credentials" in name else KEYS
    ours = asks(site, real["request"]["path"], auth=auth).json()
    one_of_ours, one_of_theirs = (
        rows[0] if isinstance(rows, list) else rows for rows in (ours, real["body"])
    )
    assert one_of_ours.keys() <= one_of_theirs.keys()


def test_wordpress_takes_the_keys_for_a_users_and_turns_them_away(site):
    """Over https its own part of the interface is asked without them (read in its source)."""
    answer = asks(site, "/wp-json/")
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_username")


def test_a_request_without_a_body_counts_the_orders(site):
    """HEAD brings the total and nothing else."""
    response = asks(site, "/wp-json/wc/v3/orders?per_page=1", "HEAD")
    assert response.headers["x-wp-total"] == "31"


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


def test_recorded_orders_of_several_shops_share_no_id():
    """Orders, refunds and lines have one series of ids each, as in a real shop."""
    documents = [recorded(name) for name in recorded_names()]
    assert len(documents) == 55
    posts = [d["order"] for d in documents] + [r for d in documents for r in d.get("refunds", [])]
    lists = ("line_items", "shipping_lines", "fee_lines", "tax_lines", "coupon_lines")
    lines = [line for post in posts for name in lists for line in post.get(name, [])]
    for rows in (posts, lines):
        assert len({row["id"] for row in rows}) == len(rows)


def test_a_refund_names_lines_of_its_own_order():
    """The line that was returned is found by the id in the refund's meta."""
    for name in recorded_names():
        document = recorded(name)
        known = {
            str(line["id"])
            for kind in ("line_items", "shipping_lines", "fee_lines")
            for line in document["order"][kind]
        }
        named = {
            meta["value"]
            for refund in document.get("refunds", [])
            for line in refund["line_items"]
            for meta in line["meta_data"]
            if meta["key"] == "_refunded_item_id"
        }
        assert named <= known


# The traps


def test_the_moment_is_read_in_the_shops_zone_unless_told_otherwise(site):
    """Without dates_are_gmt, or a Z, a date is Norwegian time."""
    site.edit(30)
    moment = NOON + timedelta(minutes=30)
    text = moment.replace(tzinfo=None).isoformat()
    assert [row["id"] for row in listed(site, f"modified_after={text}")] == [30]
    assert listed(site, f"modified_after={text}&dates_are_gmt=true") == []
    assert listed(site, f"modified_after={text}Z") == []


def test_orders_of_one_second_stand_by_falling_id_when_sorted_by_change(site):
    """Sorting by the time of change gives no order that paging could rely on."""
    for order_id in (35, 33, 34):
        site.edit(order_id)
    rows = listed(site, "orderby=modified&order=asc&modified_after=2026-11-24T11:59:00Z")
    assert [row["id"] for row in rows] == [35, 34, 33]


def test_the_trash_is_listed_by_name_and_never_beside_any(site):
    """`any` hides the trash whatever stands beside it."""
    site.trash(30)
    assert listed(site, "status[]=any&status[]=trash&include=30") == []
    assert [row["id"] for row in listed(site, "status=trash")] == [30]
    both = listed(site, "status[]=processing&status[]=trash&include=30,32")
    assert {row["status"] for row in both} == {"processing", "trash"}


def test_an_order_by_id_comes_in_the_order_asked_for(site):
    """`orderby=include` keeps the order of the ids."""
    rows = listed(site, "include=37,35,36&orderby=include&order=asc&_fields=id")
    assert rows == [{"id": 37}, {"id": 35}, {"id": 36}]


def test_search_misleads(site):
    """A number is found in another order's transaction id, never as a number."""
    site.edit(30, transaction_id="vipps-1001")
    site.edit(31, number="1001")
    assert [row["id"] for row in listed(site, "search=1001")] == [30]


def test_fields_inside_a_list_cannot_be_named(site):
    """`line_items.id` gives no lines at all, `billing.email` gives the address."""
    [row] = listed(site, "include=30&_fields=id,line_items.id,billing.email")
    assert row == {"id": 30, "billing": {"email": site.orders[30]["billing"]["email"]}}


def test_the_whole_shops_refunds_ignore_the_parent(site):
    """`parent` filters nothing there; the refunds tell whose they are."""
    rows = asks(site, "/wp-json/wc/v3/refunds?parent=999999").json()
    assert {row["parent_id"] for row in rows} == {48, 50, 52, 54}


# What happens in the shop


def test_an_order_set_to_refunded_by_hand_gets_a_refund_of_what_is_left(site):
    """The refund has no lines, and the order lists it."""
    site.set_status(48, "refunded")
    [by_hand, _] = asks(site, "/wp-json/wc/v3/orders/48/refunds?dp=2").json()
    assert (by_hand["amount"], by_hand["line_items"]) == ("1577.80", [])
    assert by_hand["id"] in [refund["id"] for refund in site.orders[48]["refunds"]]


def test_a_refund_of_everything_makes_the_order_refunded(site):
    """The last krone returned changes the status; more than that is refused."""
    site.add_refund(30, {"amount": "1000"})
    assert site.orders[30]["status"] == "processing"
    site.add_refund(30, {"amount": "398"})
    assert site.orders[30]["status"] == "refunded"
    with pytest.raises(ValueError, match="refund amount"):
        site.add_refund(30, {"amount": "0.01"})


def test_a_deleted_refund_does_not_move_the_time_of_change(site):
    """Only a comparison finds that a refund is gone."""
    before = site.orders[48]["date_modified_gmt"]
    site.delete_refund(48, 49)
    assert site.orders[48]["refunds"] == []
    assert site.orders[48]["date_modified_gmt"] == before


def test_the_day_of_payment_is_set_by_the_status(site):
    """An order on hold counts as paid when it is processed; cash only when it is completed."""
    site.set_status(58, "processing")
    assert site.orders[58]["date_paid_gmt"] == "2026-11-24T12:00:00"
    cash = {**recorded("cash-local-pickup")["order"], "date_paid_gmt": None, "status": "pending"}
    site.put(cash)
    site.set_status(40, "processing")
    assert site.orders[40]["date_paid_gmt"] is None
    site.set_status(40, "completed")
    assert site.orders[40]["date_paid_gmt"] == "2026-11-24T12:00:00"


# Serving


def test_both_systems_are_served_on_loopback_and_stop(site):
    """The addresses answer while the context is open, with the shop's own Date, and not after."""
    with serve(site, Other()) as at:
        answer = httpx.get(f"{at.shop_url}/wp-json/wc/v3/orders/30", auth=KEYS)
        assert answer.json()["id"] == 30
        assert answer.headers["date"] == "Tue, 24 Nov 2026 12:00:00 GMT"
        assert "server" not in answer.headers
        assert httpx.get(f"{at.go_url}/anything").status_code == 404
        assert site.url == at.shop_url
    with pytest.raises(httpx.ConnectError):
        httpx.get(at.shop_url)


def test_a_port_that_is_taken_is_an_error_at_once(site):
    """Nothing is served beside another program."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with (
            pytest.raises(PortTaken, match=r"in use|one usage"),
            serve(site, Other(), shop_port=port),
        ):
            pass


async def nothing(_):
    return Response(404)


class Other:
    """Another system to serve beside the shop."""

    app = staticmethod(application(nothing))
