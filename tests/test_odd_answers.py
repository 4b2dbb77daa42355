"""Answers that lack something, crash, or have no end: nothing twice, nothing lost from sight."""

import asyncio
from typing import Any

import httpx
import pytest
from stories import *
from world import World

from woo2po.connections import Connections


def mixed_up() -> Answer:
    """Return the first answer for each: a cache or a proxy in between mixes them up."""
    first: list[Any] = []

    def answer(_: httpx.Request, response: httpx.Response, said: Any) -> httpx.Response:
        first.append(said)
        return httpx.Response(response.status_code, json=first[0])

    return answer


def lines_without(field: str) -> Answer:
    """Return a draft's answer without its lines, or without a field of each."""

    def answer(_: httpx.Request, __: httpx.Response, said: Any) -> Any:
        if field == "SalesOrderLines":
            return {**said, field: None}
        lines = [{k: v for k, v in line.items() if k != field} for line in said["SalesOrderLines"]]
        return {**said, "SalesOrderLines": lines}

    return answer


@step
def mixes_up(world: World, path: str, method: str = "GET") -> None:
    odd(world, "poweroffice", path, mixed_up(), method)


@step
def each_line_went_to_its_own_draft(world: World) -> None:
    own = {one.id: {line.id for line in one.lines} for one in world.company.sales_orders.values()}
    for write in world.wire.writes:
        order_id, _, line_id = write.path.removeprefix("/SalesOrders/").partition("/Lines/")
        assert not line_id or line_id in own[order_id]


def buyer(world: World) -> str:
    return {one.reference: one.customer for one in world.books().documents}["shop_102"]


# fmt: off
TO, OLA = {"email": "to@example.no"}, {"email": "ola@example.no"}
BUSINESS = configure(invoices=INVOICED, payments=PAID)
STORIES: dict[str, Story] = {
    # The order waits, and goes on when the answer is whole again.
    **{f"no line is added to a draft whose answer lacks {field}": (
        sold(101, DEAR), wait(WAIT), sells(101, Goods("GEN-001", "1299.00", quantity=2)),
        answers("poweroffice", "/Complete", lines_without(field)), run(), then(exit_code=3),
        that(lambda world: [w for w in world.wire.writes if w.path.endswith("/Lines")], []),
        honest, wait(WAIT), settle(), then(totals={"shop_101": 2598}))
       for field in ("SalesOrderLines", "ExternalImportReference")},
    "another draft than was asked for changes nothing": (
        sells(101, DEAR), sold(102, Goods("LUE-7", "500.00"), **TO), wait(WAIT),
        mixes_up("/Complete"), sells(101, CHEAP), sells(102, Goods("LUE-7", "600.00"), **TO),
        run(), each_line_went_to_its_own_draft(),
        then(warnings=lambda said: "poweroffice_not_understood" in said),
        honest, wait(4000), settle(), then(totals={"shop_101": 1199, "shop_102": 600})),
    # Nobody is sent another's invoice.
    **{f"a write that is answered as another is looked for: {path}": (
        BUSINESS, sells(101, DEAR), sells(102, Goods("GEN-001", "500.00"), **OLA),
        mixes_up(path, "POST"), settle(), that(lambda world: OLA["email"] in buyer(world), True),
        then(totals={"shop_101": 1299, "shop_102": 500}, open={}))
       for path in ("/SalesOrders/Complete", "/Customers", "/BankJournals")},
    "an empty answer to the very first poll loses no backlog": (
        sells(101), wait(86_400 * 3), answers("shop", "/orders", lambda *_: []), run(),
        then(exit_code=0), honest, wait(WAIT), settle(), then(drafts={"shop_101"})),
}
# fmt: on


@pytest.mark.parametrize("name", STORIES)
def test_an_answer(world, name):
    told(STORIES[name], world)


def test_keys_go_where_they_belong_again_once_the_web_server_is_mended(world):
    """The next day at the latest; until then the warning names the host."""
    world.shop.swallow_authorization = True
    world.run()
    assert world.outcome.warnings == {"shop_keys_in_query": {"host": "shop.example"}}
    world.shop.swallow_authorization = False
    sent = []
    for seconds in (300, 86_400, 300):
        world.wait(seconds)
        before = len(world.shop.requests)
        world.run()
        asked = world.shop.requests[before:]
        sent.append({"consumer_secret" in str(one.url) for one in asked})
    assert sent == [{True}, {False}, {False}]
    assert world.outcome.warnings == {}


def test_a_page_that_the_disk_broke_is_found_the_next_day_and_is_no_full_disk(world):
    """Whichever it is: with what the job does not look at for weeks the books would go astray."""
    world.sells(101)
    world.settle()
    whole = world.state.read_bytes()
    for page in range(1, len(whole) // 4096):
        world.state.write_bytes(whole[: page * 4096] + b"\xff" * 4096 + whole[(page + 1) * 4096 :])
        world.wait(86_400)
        assert (world.run().exit_code, world.outcome.problem) == (2, "state_corrupt")


def two_pages_in_turn(request: httpx.Request, *_: Any) -> httpx.Response:
    """The number of pages grows with each."""
    n = int(request.url.params["PageNumber"])
    more = {"X-Pagination": f'{{"TotalPages":{n + 1}}}'}
    return httpx.Response(200, json=[{"Id": n % 2 + 1, "Code": f"P{n % 2}"}], headers=more)


def a_growing_total(request: httpx.Request, _: httpx.Response, said: Any) -> httpx.Response:
    """And always other orders."""
    start = int(request.url.params.get("offset", 0))
    rows = [{"id": 1000 + start + n, "number": "1"} for n in range(100)]
    return httpx.Response(200, json=rows, headers={"X-WP-Total": str(start + 300)})


@pytest.mark.parametrize(
    ("system", "path", "page", "problem"),
    [
        ("poweroffice", "/Products", two_pages_in_turn, "poweroffice_not_understood"),
        ("shop", "/orders", a_growing_total, "shop_changes_too_fast"),
    ],
)
def test_a_list_without_an_end_is_given_up(world, system, path, page, problem):
    """The run ends with 3."""
    world.sells(101)
    endless = odd(world, system, path, page)
    outcome = world.run()
    assert (outcome.exit_code, outcome.problem) == (3, problem)
    assert endless.asked < 60


def test_an_answer_that_never_ends_is_not_waited_for_all_day(world):
    """Headers that drip keep no time-out busy but the one over all."""
    world.sells(101)

    class Dripping(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            await asyncio.sleep(10**6)
            return httpx.Response(200)

    world.connections = Connections(world.shop_wire, Dripping())
    begun = world.now()
    assert world.run().exit_code == 3
    assert (world.now() - begun).total_seconds() < 3600
