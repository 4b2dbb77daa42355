"""Answers that lack something, crash, or have no end: nothing twice, nothing lost from sight."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from after import INVOICED, PAID
from world import Goods, World

from woo2po.connections import Connections
from woo2po.record import State

Answer = Callable[[httpx.Request, httpx.Response, Any], Any]


class Odd(httpx.AsyncBaseTransport):
    """Passes requests on, and gives what a test makes of the answers to those of a kind."""

    def __init__(self, inner, path: str, answer: Answer, method: str) -> None:
        self.inner, self.path, self.answer, self.method = inner, path, answer, method
        self.asked = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a request."""
        response = await self.inner.handle_async_request(request)
        if request.method != self.method or self.path not in request.url.path:
            return response
        self.asked += 1
        content = await response.aread()
        made = self.answer(request, response, json.loads(content) if content else [])
        if isinstance(made, httpx.Response):
            return made
        headers = {k: v for k, v in response.headers.items() if k != "content-length"}
        return httpx.Response(200, headers=headers, content=json.dumps(made).encode())


def odd(world: World, system: str, path: str, answer: Answer, method: str = "GET") -> Odd:
    """Let a system answer so to requests of a kind, by default to reads of a path."""
    made = {"shop": world.shop_wire, "poweroffice": world.wire}
    made[system] = between = Odd(made[system], path, answer, method)
    world.connections = Connections(made["shop"], made["poweroffice"])
    return between


def honest(world: World) -> None:
    """Let both systems answer as they do."""
    world.connections = Connections(world.shop_wire, world.wire)


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


@pytest.mark.parametrize("field", ["SalesOrderLines", "ExternalImportReference"])
def test_no_line_is_added_to_a_draft_that_does_not_explain_itself(world, field):
    """The order waits, and goes on when the answer is whole again."""
    world.sells(101, Goods("GEN-001", "1299.00"))
    world.settle()
    world.wait(300)
    world.sells(101, Goods("GEN-001", "1299.00", quantity=2))
    odd(world, "poweroffice", "/Complete", lines_without(field))
    assert world.run().exit_code == 3
    assert not [write for write in world.wire.writes if write.path.endswith("/Lines")]
    honest(world)
    world.wait(300)
    world.settle()
    assert world.books().totals == {"shop_101": 2598}


def test_a_delivery_address_that_exists_and_is_not_told_by_its_code_holds_its_order(world):
    """With the database lost it is neither found nor made: PowerOffice's words name the code."""
    world.sells(101, shipping={"address_1": "Hytteveien 9"})
    world.settle()
    world.state.unlink()
    world.wait(300)
    world.sells(102, shipping={"address_1": "Hytteveien 9"})
    odd(world, "poweroffice", "/ContactDeliveryAddresses",
        lambda _, __, rows: [{**row, "ExternalCode": None} for row in rows])  # fmt: skip
    world.settle(at_most=12)
    assert world.held() == {"101": "refused", "102": "refused"}
    assert "ExternalCode" in world.reasons()["102"]
    honest(world)
    world.wait(3700)
    world.settle()
    assert (world.held(), len(world.books().documents)) == ({}, 2)


def test_another_draft_than_was_asked_for_changes_nothing(world):
    world.sells(101, Goods("GEN-001", "1299.00"))
    world.sells(102, Goods("LUE-7", "500.00"), email="to@example.no")
    world.settle()
    world.wait(300)
    odd(world, "poweroffice", "/Complete", mixed_up())
    world.sells(101, Goods("GEN-001", "1199.00"))
    world.sells(102, Goods("LUE-7", "600.00"), email="to@example.no")
    world.run()
    own = {one.id: {line.id for line in one.lines} for one in world.company.sales_orders.values()}
    for write in world.wire.writes:
        order_id, _, line_id = write.path.removeprefix("/SalesOrders/").partition("/Lines/")
        assert not line_id or line_id in own[order_id]
    assert "poweroffice_not_understood" in world.outcome.warnings
    honest(world)
    world.wait(4000)
    world.settle()
    assert world.books().totals == {"shop_101": 1199, "shop_102": 600}


@pytest.mark.parametrize("path", ["/SalesOrders/Complete", "/Customers", "/BankJournals"])
def test_a_write_that_is_answered_as_another_is_looked_for(world, path):
    """Nobody is sent another's invoice."""
    business(world)
    world.sells(102, Goods("GEN-001", "500.00"), email="ola@example.no")
    odd(world, "poweroffice", path, mixed_up(), "POST")
    world.settle()
    assert world.held() == {}
    bought = {one.reference: one.customer for one in world.books().documents}
    assert "ola@example.no" in bought["shop_102"]
    assert world.books().totals == {"shop_101": 1299, "shop_102": 500}
    assert [entry.balance for entry in world.books().ledger if entry.balance] == []


def business(world: World) -> None:
    world.configure(invoices=INVOICED, payments=PAID)
    world.sells(101, Goods("GEN-001", "1299.00"))


def test_an_invoice_that_tells_no_reference_is_known_by_its_id_or_match(world):
    """`ExternalImportReference` may be null there: the order is invoiced and paid all the same."""
    business(world)
    odd(world, "poweroffice", "/OutgoingInvoices",
        lambda _, __, rows: [{**row, "ExternalImportReference": None} for row in rows])  # fmt: skip
    world.settle()
    assert world.record(101).state is State.INVOICED
    assert world.record(101).payment == "made"


def test_an_empty_answer_to_the_very_first_poll_loses_no_backlog(world):
    world.sells(101)
    world.wait(86_400 * 3)
    odd(world, "shop", "/orders", lambda *_: [])
    assert world.run().exit_code == 0
    honest(world)
    world.wait(300)
    world.settle()
    assert list(world.books().totals) == ["shop_101"]


def test_keys_go_where_they_belong_again_once_the_web_server_is_mended(world):
    """The next day at the latest; until then the warning names the host."""
    world.shop.misbehaviour.swallow_authorization = True
    world.run()
    assert world.outcome.warnings == {"shop_keys_in_query": {"host": "shop.example"}}
    world.shop.misbehaviour.swallow_authorization = False
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


def test_a_list_without_an_end_is_given_up(world):
    """Two pages in turn, and the number of pages grows with each: the run ends with 3."""
    world.sells(101)

    def page(request: httpx.Request, _: httpx.Response, __: Any) -> httpx.Response:
        n = int(request.url.params["PageNumber"])
        more = {"X-Pagination": f'{{"TotalPages":{n + 1}}}'}
        return httpx.Response(200, json=[{"Id": n % 2 + 1, "Code": f"P{n % 2}"}], headers=more)

    endless = odd(world, "poweroffice", "/Products", page)
    outcome = world.run()
    assert (outcome.exit_code, outcome.problem) == (3, "poweroffice_not_understood")
    assert endless.asked < 50


def test_a_shop_whose_total_grows_with_every_page_is_given_up(world):
    world.sells(101)
    (order,) = world.shop.orders.values()

    def page(request: httpx.Request, _: httpx.Response, __: Any) -> httpx.Response:
        start = int(request.url.params.get("offset", 0))
        rows = [{**order, "line_items": [], "id": 1000 + start + n} for n in range(100)]
        return httpx.Response(200, json=rows, headers={"X-WP-Total": str(start + 300)})

    endless = odd(world, "shop", "/orders", page)
    outcome = world.run()
    assert (outcome.exit_code, outcome.problem) == (3, "shop_changes_too_fast")
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


def test_an_order_on_which_the_shop_crashes_stops_no_other(world):
    for order_id in range(101, 131):
        world.sells(order_id, email=f"{order_id}@kunde.example")

    def crash(request: httpx.Request, response: httpx.Response, said: Any) -> Any:
        rows = said if isinstance(said, list) else [said]
        whole = "_fields" not in request.url.params
        if whole and any(row.get("id") == 117 for row in rows if isinstance(row, dict)):
            return httpx.Response(500, json={"code": "internal_server_error", "message": "x"})
        return said

    odd(world, "shop", "/orders", crash)
    world.settle()
    assert world.held() == {"117": "unreadable"}
    assert len(world.books().totals) == 29
    assert world.run("118", "117").exit_code == 1  # they are asked for by themselves
    assert world.outcome.problem == ""
