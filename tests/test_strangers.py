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
from stories import odd
from test_strange_orders import changed
from thoroughly import thorough

from woo2po.http import engine
from woo2po.http.engine import LARGEST, TooLarge, bound
from woo2po.order import MOST_LINES, MOST_ROWS
from woo2po.report import json_text
from woo2po.sandbox.shop_orders import recorded
from woo2po.status import status_of, status_text

_RAW = re.compile(rb'"@@(.*?)@@"')


def raw(token):
    """Return what becomes this very token in the answer: NaN, 1e999, "\\ud800"."""
    return f"@@{token}@@"


async def in_pieces(body):
    """Yield a body in pieces, as from a socket."""
    for start in range(0, len(body), 65536):
        yield body[start : start + 65536]


def strangers(world):
    """Let strangers change orders on their way out of the shop; return the changes, by ids."""
    changes = {}

    def typed(request, response, said):
        rows = said if isinstance(said, list) else [said]
        if b"_fields" in request.url.query or not any(row.get("id") in changes for row in rows):
            return response
        new = [changes.get(row["id"], dict)(row) for row in rows]
        if crashed := [one for one in new if isinstance(one, httpx.Response)]:
            return crashed[0]
        body = json.dumps(new if isinstance(said, list) else new[0]).encode()
        body = _RAW.sub(lambda m: m[1].replace(b'\\"', b'"').replace(b"\\\\", b"\\"), body)
        headers = {k: v for k, v in response.headers.items() if k != "content-length"}
        return httpx.Response(200, headers=headers, content=in_pieces(body))

    odd(world, "shop", "/orders", typed)
    return changes


def places(value, path=()):
    """Yield where in an order a value stands: every field, the first row of every list."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield (*path, name)
            yield from places(part, (*path, name))
    if isinstance(value, list) and value:
        yield (*path, 0)
        yield from places(value[0], (*path, 0))


def put(place, value):
    return lambda order: changed(order, (place, value))


def many(name, count):
    """Return the change that repeats the first row of a list."""
    rows = range(10**6, 10**6 + count)
    return lambda order: order | {name: [{**order[name][0], "id": n} for n in rows]}


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
    logs = [json.dumps(line, ensure_ascii=False, default=str) for line in world.logs]
    screens = [status_text(found, language, world.now(), "Europe/Oslo", all_orders=whole)
               for language in ("en", "nb") for whole in (False, True)]  # fmt: skip
    objects = json_text([found.as_json(), *(one.as_json() for one in found.orders)])
    return [*logs, *screens, objects, state]


@pytest.mark.parametrize("share", [0, *thorough(*range(1, 20))])
def test_anything_may_stand_anywhere_in_an_order(world, share):
    """One order each is held or goes; the one beside them goes, and no line is broken.

    Every place that one of the orders has meets one value in twenty, the thorough run tries all.
    """
    typed, met = strangers(world), {("id",)}
    world.sells(5)
    for name in ORDERS:
        order = recorded(name)["order"]
        for place in places(order):
            if place not in met:
                met.add(place)
                for value in TYPED[(len(met) * 3 + share) % 20 :: 20]:
                    order_id = 1000 + len(typed)
                    email = {"email": f"kunde{order_id}@example.no"}
                    new = {"id": order_id, "number": str(order_id)}
                    world.shop.put(order | new | {"billing": order["billing"] | email})
                    typed[order_id] = put(place, value)
    outcome = world.run()
    assert (outcome.exit_code, outcome.problem) == (1, "")
    assert "shop_5" in {o.external_import_reference for o in world.company.sales_orders.values()}
    assert set(world.held().values()) & {"unexpected"} == set()
    for said in all_that_is_said(world):
        assert not CONTROL.search(said)


NUMBERS = [("\x1b[31mN-7\x1b[0m", "[31mN-7 [0m"), ("../../etc/passwd", "../../etc/passwd"),
           ("7\u202e8", "7 8"), (raw('"7\\ud800"'), "7"), ("N" * 500, "N" * 60), ({"a": 1}, "106"),
           (None, "107")]  # fmt: skip


def test_a_number_is_shown_as_plain_text(world):
    """Whatever a numbering plugin or a stranger put there; by what is shown it is found again."""
    typed = strangers(world)
    for order_id, (number, _) in enumerate(NUMBERS, 101):
        world.sells(order_id)
        typed[order_id] = put(("number",), number)
    world.run()
    found = status_of(world.settings, world.now(), all_orders=True, max_age=_YEAR).orders
    assert [one.number for one in found] == [shown for _, shown in NUMBERS]


# -- what is too large -----------------------------------------------------------------------------


TOO_MUCH = {
    "20 MB of note": put(("customer_note",), "x" * 20_000_000),
    "a million lines": put(("line_items",), raw("[" + "{}," * 10**6 + "{}]")),
    "20 MB of lines": many("line_items", 20_000),
    "more lines than any invoice": many("line_items", MOST_LINES + 1),
    "too deep": put(("meta_data", 0, "value"), raw("[" * 10**5 + "]" * 10**5)),
    "a thousand and one rates": many("tax_lines", MOST_ROWS + 1),
    "the shop crashes on it": lambda _: httpx.Response(500, json={"code": "internal_server_error"}),
}
LARGE = put(("customer_note",), "x" * (LARGEST + 1))


@pytest.mark.parametrize("what", TOO_MUCH)
def test_an_order_that_is_too_much_is_held_and_the_others_go(world, what):
    """It is found by its id and number, which are always small. Mended in the shop, it goes."""
    typed = strangers(world)
    for order_id in (101, 102, 103):
        world.sells(order_id, email=f"kunde{order_id}@example.no")
    world.shop.edit(102, meta_data=[{"id": 1, "key": "deep", "value": ""}])
    typed[102] = TOO_MUCH[what]
    outcome = world.run()
    assert (outcome.exit_code, outcome.counts) == (1, {"made": 2, "held": 1})
    assert world.held() == {"102": "unreadable"}
    assert "cannot be read" in world.reasons()["102"]
    typed.clear()
    world.shop.edit(102, customer_note="")
    world.wait(300)
    assert world.run().counts == {"made": 1}


def test_a_large_order_among_many_costs_a_few_requests(world):
    """A page of a hundred is halved until the one is found, not asked for one by one."""
    typed = strangers(world)
    for order_id in range(101, 161):
        world.sells(order_id, email=f"kunde{order_id}@example.no")
    typed[130] = LARGE
    world.run()
    assert world.held() == {"130": "unreadable"}
    assert len(world.shop.requests) < 25


LONG = [
    put(("customer_note",), "x" * 10**6),
    put(("meta_data",), [{"id": n, "key": f"k{n}", "value": "v" * 50} for n in range(10_000)]),
    put(("line_items", 0, "name"), "æ " * 500_000),
    put(("line_items", 0, "name"), "a" + "\u0301" * 10**6),
    put(("billing", "address_1"), "\u202e" * 10**6),
    put(("coupon_lines",), [{"id": n, "code": "c" * 3000} for n in range(1000)]),
    put(("number",), raw("9" * 10**6)),
]


def test_what_is_long_and_no_more_costs_little(world):
    """A note of a megabyte, ten thousand meta entries: the orders go, in seconds."""
    typed = strangers(world)
    for order_id, change in enumerate(LONG, 101):
        world.sells(order_id)
        typed[order_id] = change
    begun = time.process_time()
    assert world.run().counts == {"made": len(LONG)}
    assert time.process_time() - begun < 5
    assert world.state.stat().st_size < 500_000


# -- how much is read ------------------------------------------------------------------------------


def reading(body, encoding=""):
    async def read() -> bytes:
        headers = {"Content-Encoding": encoding}
        transport = httpx.MockTransport(
            lambda _: httpx.Response(200, headers=headers, content=in_pieces(body))
        )
        hooks = {"response": [bound]}
        async with httpx.AsyncClient(transport=transport, event_hooks=hooks) as http:
            return (await http.get("https://shop.example/")).content

    return asyncio.run(read())


def test_an_answer_is_read_packed_or_not():
    """gzip is what is asked for; what comes out is the same. Only one layer, of the kinds that were
    asked for, is ever unpacked: a bomb in a bomb is not opened.
    """
    body = json.dumps([{"id": n} for n in range(50_000)]).encode()
    assert reading(body) == body
    assert reading(gzip.compress(body), "gzip") == body
    assert reading(zlib.compress(body), "deflate") == body
    packed = gzip.compress(gzip.compress(b"x" * 10**6))
    assert reading(packed, "gzip, gzip") == packed
    assert reading(b"abc", "br") == b"abc"


@pytest.mark.parametrize("encoding", ["", "gzip"])
def test_an_answer_without_end_is_not_read_to_it(encoding):
    """Or what is small and unpacks to it: reading stops at the largest size."""
    body = b"x" * (LARGEST + 10**6)
    packed = gzip.compress(body, 9) if encoding else body
    del body
    with pytest.raises(TooLarge):
        reading(packed, encoding)


def test_what_is_unpacked_takes_no_memory_and_what_drips_is_none(monkeypatch):
    """It comes in pieces. A byte every minute would keep a run for days; a broken proxy, whose
    answer is not packed as it says, is told from an order.
    """
    packed = gzip.compress(b"x" * 2**24, 9)
    tracemalloc.start()
    try:
        assert len(reading(packed, "gzip")) == 2**24
        assert tracemalloc.get_traced_memory()[1] < 60_000_000
    finally:
        tracemalloc.stop()
    with pytest.raises(httpx.DecodingError):
        reading(b"[]", "gzip")
    monkeypatch.setattr(engine, "LONGEST", -1.0)
    with pytest.raises(httpx.ReadTimeout):
        reading(b"[]")


@pytest.mark.parametrize("answer", [b"[" * 10**5, b"x" * (LARGEST + 1), b'[{"Id": 1e9999999999}]'])
def test_poweroffice_s_answers_are_bounded_too(world, answer):
    """Nothing is made of such an answer, and the run says so."""
    odd(world, "poweroffice", "/Customers", lambda *_: answer)
    world.sells(101)
    outcome = world.run()
    problems = {"not_json", "too_large", "not_understood"}
    assert outcome.problem.removeprefix("poweroffice_") in problems
    assert (outcome.exit_code, world.company.sales_orders) == (3, {})
