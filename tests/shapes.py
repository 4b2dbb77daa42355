"""Each field that is read, on both sides, in each odd shape: a whole life of an order with it.

The fields are those that a plain life reads: of PowerOffice what the rows are asked for, of the
shop what the models of order.py name. So a field that is read from tomorrow on is walked too.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import httpx
from after import business
from world import World

from woo2po import order
from woo2po.connections import Connections
from woo2po.poweroffice.answers import Row

ABSENT = object()
SHAPES: dict[str, Callable[[Any], Any]] = {
    "absent": lambda _: ABSENT,
    "null": lambda _: None,
    "empty": lambda value: type(value)() if isinstance(value, list | dict) else "",
    "as text": lambda value: json.dumps(value) if not isinstance(value, str) else value + " ",
    "an object": lambda value: {"0": value},
    "renamed": lambda _: ABSENT,
}
Field = tuple[str, str, tuple[str, ...]]  # system, what is answered, the names down to the field
# What the shop does not tell can't be missed: that an order was refunded, or paid.
UNTOLD = {
    ("shop", "GET wc/*/orders", names)
    for names in (("refunds",), ("refunds", "id"), ("date_paid_gmt",))
}
LIFE = (120, 120, 120, "refund", 300, 120, 901, 3700, 3700)


@dataclass(frozen=True)
class Lived:
    """How a life with an odd field ended: in one word, and what is said of it."""

    how: str  # "works", "held", "stopped"; or "crash", "wrong", "silent", "unnamed", "needless"
    said: str = ""


class Between(httpx.AsyncBaseTransport):
    """Passes requests on; notes the fields of the answers, and bends one of them."""

    def __init__(self, inner: httpx.AsyncBaseTransport, system: str) -> None:
        self.inner, self.system = inner, system
        self.fields: set[Field] = set()
        self.bent: tuple[Field, str] | None = None
        self.writes = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a request."""
        response = await self.inner.handle_async_request(request)
        content = await response.aread()
        what = f"{request.method} {kind_of(request.url.path)}"
        self.writes += request.method not in {"GET", "OPTIONS"} and "OAuth" not in what
        if "OAuth" in what or not response.is_success or content[:1] not in (b"[", b"{"):
            return response
        value = json.loads(content)
        self.fields |= {(self.system, what, names) for names in names_in(value)}
        if self.bent is not None and self.bent[0][:2] == (self.system, what):
            content = json.dumps(bent(value, self.bent[0][2], self.bent[1])).encode()
        headers = {k: v for k, v in response.headers.items() if k != "content-length"}
        return httpx.Response(response.status_code, headers=headers, content=content)


def kind_of(path: str) -> str:
    """Return a path without ids."""
    return "/".join("*" if any(c.isdigit() for c in p) else p for p in path.split("/")[-3:])


def names_in(value: Any, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the names down to each field of a JSON value; rows of a list count as one."""
    if isinstance(value, list):
        for row in value:
            yield from names_in(row, above)
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield (*above, name)
            yield from names_in(inner, (*above, name))


def bent(value: Any, names: tuple[str, ...], shape: str) -> Any:
    """Return a value with a field of it in an odd shape, wherever it stands."""
    if isinstance(value, list):
        return [bent(row, names, shape) for row in value]
    if not isinstance(value, dict) or names[0] not in value:
        return value
    others = {k: v for k, v in value.items() if k != names[0]}
    if len(names) > 1:
        return others | {names[0]: bent(value[names[0]], names[1:], shape)}
    if shape == "renamed":
        return others | {names[0].swapcase(): value[names[0]]}
    made = SHAPES[shape](value[names[0]])
    return others if made is ABSENT else others | {names[0]: made}


def live(folder: Path, odd: tuple[Field, str] | None = None) -> tuple[World, list[Between], list]:
    """Let an order be transferred, invoiced, paid and refunded in part; return what came of it."""
    world = business(folder)
    sides = [Between(world.shop_wire, "shop"), Between(world.wire, "poweroffice")]
    for side in sides:
        side.bent = odd
    world.connections = Connections(*sides)
    world.sells(101)
    outcomes = []
    for step in LIFE:
        if step == "refund":
            world.shop.add_refund(101, {"amount": "300.00", "refunded_payment": True})
            continue
        outcomes.append(world.run())
        world.wait(step)
    return world, sides, outcomes


@contextmanager
def noted_reads() -> Iterator[set[str]]:
    """Note the names, in lower case, that are read of PowerOffice's rows."""
    read: set[str] = set()
    made = Row.__init__

    class Noting(dict[str, Any]):
        def get(self, name: str, default: Any = None) -> Any:
            read.add(name)
            return super().get(name, default)

    def noting(row: Row, path: str, values: Any) -> None:
        made(row, path, values)
        row._values = Noting(row._values)

    with mock.patch.object(Row, "__init__", noting):
        yield read


def names_of_orders() -> set[str]:
    """Return the names that the models of an order and a refund read."""
    models = [one for one in vars(order).values() if hasattr(one, "model_fields")]
    named = {name for model in models for name in model.model_fields} - {"content_hash", "lines"}
    aliases = {
        str(f.validation_alias or f.alias or "") for m in models for f in m.model_fields.values()
    }
    return named | aliases | {"line_items", "shipping_lines", "fee_lines"}


def all_fields(folder: Path) -> tuple[list[Field], tuple[World, list[Between], list]]:
    """Return every field that a plain life reads, and that life."""
    with noted_reads() as read:
        plain = live(folder)
    ours = names_of_orders()
    fields = {f for side in plain[1] for f in side.fields}
    wanted = [
        f for f in fields if (f[2][-1] in ours if f[0] == "shop" else f[2][-1].lower() in read)
    ]
    return sorted(wanted), plain


def noted(world: World) -> set[str]:
    """Return what was noted about orders that went."""
    store = world.store()
    with store:
        return {note.code for one in store.everything() for note in one.notes}


def walked(folder: Path, odd: tuple[Field, str], plain: tuple[World, list[Between], list]) -> Lived:
    """Live with an odd field, and judge it."""
    right, needed = plain[0].books(), plain[1][1].writes
    try:
        world, sides, outcomes = live(folder, odd)
        books = world.books()
        totals = books.totals
    except Exception as error:  # noqa: BLE001 (it is what is looked for)
        return Lived("crash", f"{type(error).__name__}: {error}")
    problems = [o for o in outcomes if o.problem]
    held = world.held()
    paid = Counter((e.kind, e.amount) for e in books.ledger)
    if any(o.problem == "program_failed" for o in outcomes):
        return Lived("crash", "program_failed")
    invoiced = {d.reference: d.total for d in books.documents if d.invoiced}
    if any(right.totals.get(r) != t for r, t in invoiced.items()) or paid - Counter(
        (e.kind, e.amount) for e in right.ledger
    ):
        return Lived("wrong", str(totals))
    name = odd[0][2][-1].lower()
    said = " ".join(str(h) for h in world.reasons().values()) + " ".join(
        str(o.facts) for o in problems
    )
    if sides[1].writes > needed + 1:  # one that was not understood may be done once more
        return Lived("needless", f"{sides[1].writes} for {needed}")
    if held or problems:
        how = "held" if held else "stopped"
        codes = {*held.values(), *(o.problem for o in problems)}
        return Lived(
            how if name in said.lower() else f"{how} otherwise", f"{sorted(codes)} {said[:150]}"
        )
    if outcomes[-1].exit_code:
        return Lived("stopped otherwise", str(outcomes[-1].counts))
    if noted(world) - noted(plain[0]) or odd[0] in UNTOLD:
        return Lived("works")
    same = (books.totals, len(books.ledger)) == (right.totals, len(right.ledger))
    return Lived("works" if same else "silent", "" if same else str(totals))
