"""Orders are typed by strangers: they carry nothing out, break no line and cost little."""

import asyncio
import gzip
import json
import re
import time
import tracemalloc
import zlib
from datetime import timedelta

import httpx
import pytest
from strangers import Strangers, places, put, raw
from thoroughly import thorough
from world import World

from woo2po.http import engine
from woo2po.http.engine import LARGEST, TooLarge, bound
from woo2po.order import MOST_LINES
from woo2po.report import json_text
from woo2po.sandbox.shop_orders import recorded
from woo2po.status import status_of
from woo2po.status_screen import status_text

TYPED = [
    "\x1b[2J\x1b]0;owned\x07", '=HYPERLINK("http://evil.example","pay here")',
    "<script>alert(1)</script>", "\u202eevil\u2066", "a\x00b\x9b31m", raw('"\\ud800"'),
    raw('"half a \\udfff"'), "x" * 100_000, raw("1e999"), raw("NaN"), raw("-Infinity"),
    raw("1e999999999"), raw("-1e-999999"), raw("9" * 5000), "1e999", "NaN", "-1", "1e-999999",
    "9" * 5000, "", None, True, [], ["x"], {"a": 1}, -1, 0, 2**63, 2**200, "../../etc/passwd",
    "{number}{0.__class__}", "%s%n", "٣", "0001-01-01T00:00:00", "9999-12-31T23:59:59", "\n\n\r",
    "'; DROP TABLE orders;--", raw("[" * 800 + "]" * 800),
]  # fmt: skip
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_YEAR = timedelta(days=365)
ORDERS = ("line-meta-and-emoji", "coupon-product-and-percent", "company-invoice-unpaid",
          "fee-and-rounding")  # fmt: skip


def all_that_is_said(world):
    """Return what people and their machines read of the job: log, status, state database."""
    found = status_of(world.settings, world.now(), all_orders=True, max_age=_YEAR)
    with world.store() as store:
        state = "\n".join(store._connection.iterdump())
    return [
        *(json.dumps(line, ensure_ascii=False, default=str) for line in world.logs),
        *(
            status_text(found, language, world.now(), "Europe/Oslo", all_orders=whole)
            for language in ("en", "nb")
            for whole in (False, True)
        ),
        json_text([found.as_json(), *(one.as_json() for one in found.orders)]),
        state,
    ]


@pytest.mark.parametrize("share", [0, *thorough(*range(1, 20))])
def test_anything_may_stand_anywhere_in_an_order(world, share):
    """One order each is held or goes; the one beside them goes, and no line is broken.

    Every place that one of the orders has meets one value in twenty, the thorough run tries all.
    """
    strangers, met = Strangers(world), {("id",)}
    world.sells(5)
    for name in ORDERS:
        order = recorded(name)["order"]
        for place in places(order):
            if place not in met:
                met.add(place)
                for value in TYPED[(len(met) * 3 + share) % 20 :: 20]:
                    order_id = 1000 + len(strangers.changes)
                    email = {"email": f"kunde{order_id}@example.no"}
                    new = {"id": order_id, "number": str(order_id)}
                    world.shop.put(order | new | {"billing": order["billing"] | email})
                    strangers.changes[order_id] = put(place, value)
    outcome = world.run()
    assert (outcome.exit_code, outcome.problem) == (1, "")
    assert "shop_5" in {o.external_import_reference for o in world.company.sales_orders.values()}
    assert set(world.held().values()) & {"unexpected"} == set()
    for said in all_that_is_said(world):
        assert not CONTROL.search(said)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("\x1b[31mN-7\x1b[0m", "[31mN-7 [0m"),
        ("../../etc/passwd", "../../etc/passwd"),
        ("7\u202e8", "7 8"),
        (raw('"7\\ud800"'), "7"),
        ("N" * 500, "N" * 60),
        ({"a": 1}, "102"),
        (None, "102"),
    ],
)
def test_a_number_is_shown_as_plain_text(world, typed, shown):
    """Whatever a numbering plugin or a stranger put there; by what is shown it is found again."""
    world.sells(102)
    Strangers(world).changes[102] = put(("number",), typed)
    world.run()
    (found,) = status_of(world.settings, world.now(), all_orders=True, max_age=_YEAR).orders
    assert found.number == shown


# -- what is too large -----------------------------------------------------------------------------


def _with_lines(count):
    def change(order):
        line = order["line_items"][0]
        order["line_items"] = [{**line, "id": 10**6 + n} for n in range(count)]

    return change


def _deep(order):
    order["meta_data"].append({"id": 1, "key": "deep", "value": raw("[" * 10**5 + "]" * 10**5)})


TOO_MUCH = {
    "20 MB of note": put(("customer_note",), "x" * 20_000_000),
    "a million lines": put(("line_items",), raw("[" + "{}," * 10**6 + "{}]")),
    "20 MB of lines": _with_lines(20_000),
    "more lines than any invoice": _with_lines(MOST_LINES + 1),
    "too deep": _deep,
    "a thousand and one rates": put(("tax_lines",), [{"rate_id": n} for n in range(1001)]),
}


@pytest.mark.parametrize("what", TOO_MUCH)
def test_an_order_that_is_too_much_is_held_and_the_others_go(world, what):
    """It is found by its id and number, which are always small."""
    strangers = Strangers(world)
    for order_id in (101, 102, 103):
        world.sells(order_id, email=f"kunde{order_id}@example.no")
    strangers.changes[102] = TOO_MUCH[what]
    outcome = world.run()
    assert (outcome.exit_code, outcome.counts) == (1, {"made": 2, "held": 1})
    assert world.held() == {"102": "unreadable"}
    assert "cannot be read" in world.reasons()["102"]


def test_an_order_that_has_shrunk_goes(world):
    """What was too much and is mended in the shop is no longer held."""
    strangers = Strangers(world)
    world.sells(102)
    strangers.changes[102] = put(("customer_note",), "x" * (LARGEST + 1))
    world.run()
    strangers.changes.clear()
    world.shop.edit(102, customer_note="")
    world.wait(300)
    assert world.run().counts == {"made": 1}


def test_a_large_order_among_many_costs_a_few_requests(world):
    """A page of a hundred is halved until the one is found, not asked for one by one."""
    strangers = Strangers(world)
    for order_id in range(101, 161):
        world.sells(order_id, email=f"kunde{order_id}@example.no")
    strangers.changes[130] = put(("customer_note",), "x" * (LARGEST + 1))
    world.run()
    assert world.held() == {"130": "unreadable"}
    assert len(strangers.asked) < 25


@pytest.mark.parametrize(
    "change",
    [
        put(("customer_note",), "x" * 10**6),
        put(("meta_data",), [{"id": n, "key": f"k{n}", "value": "v" * 50} for n in range(10_000)]),
        put(("line_items", 0, "name"), "æ " * 500_000),
        put(("line_items", 0, "name"), "a" + "\u0301" * 10**6),
        put(("billing", "address_1"), "\u202e" * 10**6),
        put(("coupon_lines",), [{"id": n, "code": "c" * 3000} for n in range(1000)]),
        put(("number",), raw("9" * 10**6)),
    ],
)
def test_what_is_long_and_no_more_costs_little(world, change):
    """A note of a megabyte, ten thousand meta entries: the order goes, in seconds."""
    world.sells(102)
    Strangers(world).changes[102] = change
    begun = time.process_time()
    assert world.run().counts == {"made": 1}
    assert time.process_time() - begun < 5
    assert world.state.stat().st_size < 500_000


# -- how much is read ------------------------------------------------------------------------------


def reading(body, encoding=""):
    """Read an answer through the hook; return it, and the most memory that this took."""

    async def read() -> bytes:
        transport = httpx.MockTransport(
            lambda _: httpx.Response(200, headers={"Content-Encoding": encoding}, stream=_In(body))
        )
        hooks = {"response": [bound]}
        async with httpx.AsyncClient(transport=transport, event_hooks=hooks) as http:
            return (await http.get("https://shop.example/")).content

    tracemalloc.start()
    try:
        return asyncio.run(read()), tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


class _In(httpx.AsyncByteStream):
    """A body that comes in pieces of 64 kB, as from a socket."""

    def __init__(self, body):
        self.body = body

    async def __aiter__(self):
        for start in range(0, len(self.body), 65536):
            yield self.body[start : start + 65536]


def test_an_answer_is_read_packed_or_not():
    """gzip is what is asked for; what comes out is the same."""
    body = json.dumps([{"id": n} for n in range(50_000)]).encode()
    assert reading(body)[0] == body
    assert reading(gzip.compress(body), "gzip")[0] == body
    assert reading(zlib.compress(body), "deflate")[0] == body


@pytest.mark.parametrize("encoding", ["", "gzip"])
def test_an_answer_without_end_is_not_read_to_it(encoding):
    """Or what is small and unpacks to it: reading stops at the largest size."""
    body = b"x" * (LARGEST + 10**6)
    packed = gzip.compress(body, 9) if encoding else body
    del body
    with pytest.raises(TooLarge):
        reading(packed, encoding)


def test_a_bomb_takes_no_memory():
    """What is unpacked comes in pieces."""
    packed = gzip.compress(b"x" * 2**24, 9)
    body, most = reading(packed, "gzip")
    assert len(body) == 2**24
    assert most < 60_000_000


def test_a_bomb_in_a_bomb_is_not_opened():
    """Only one layer, of the kinds that were asked for, is ever unpacked."""
    packed = gzip.compress(gzip.compress(b"x" * 10**6))
    assert reading(packed, "gzip, gzip")[0] == packed
    assert reading(b"abc", "br")[0] == b"abc"


def test_an_answer_that_drips_is_not_waited_for(monkeypatch):
    """A byte every minute would keep a run for days."""
    monkeypatch.setattr(engine, "LONGEST", -1.0)
    with pytest.raises(httpx.ReadTimeout):
        reading(b"[]")


def test_what_is_not_packed_as_it_says_is_no_answer():
    """A broken proxy is told from an order."""
    with pytest.raises(httpx.DecodingError):
        reading(b"[]", "gzip")


@pytest.mark.parametrize("answer", [b"[" * 10**5, b"x" * (LARGEST + 1), b'[{"Id": 1e9999999999}]'])
def test_poweroffice_s_answers_are_bounded_too(world: World, answer):
    """Nothing is made of such an answer, and the run says so."""
    inner = world.wire.handle_async_request

    async def answered(request: httpx.Request) -> httpx.Response:
        response = await inner(request)
        if request.method == "GET" and "/Customers" in request.url.path:
            return httpx.Response(200, content=answer)
        return response

    world.wire.handle_async_request = answered
    world.sells(101)
    outcome = world.run()
    assert outcome.exit_code == 3
    assert outcome.problem.removeprefix("poweroffice_") in {
        "not_json",
        "too_large",
        "not_understood",
    }
    assert world.company.sales_orders == {}
