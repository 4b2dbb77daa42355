"""Each field that is read, on both sides, in each odd shape: a whole life of an order with it.

The fields are those that a plain life reads: of PowerOffice what the rows are asked for, of the
shop what the models of order.py name. So a field that is read from tomorrow on is walked too.
What each shape of each means stands in recorded/shapes.toml. After a change that is meant:

    python tests/shapes.py --write            # a quarter of an hour
    python tests/shapes.py --write Balance    # only where a field's names have this in them
"""

import json
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any
from unittest import mock

import httpx
from folders import IN_MEMORY, fresh
from stories import *
from world import World

from woo2po import order
from woo2po.connections import Connections
from woo2po.poweroffice.fields import Row
from woo2po.record import Waits
from woo2po.sandbox.records import Customer
from woo2po.sandbox.shop_orders import one_more, recorded, refund_of

TABLE = Path(__file__).parent / "recorded" / "shapes.toml"
ABSENT = object()
SHAPES: dict[str, Callable[[Any], Any]] = {
    "absent": lambda _: ABSENT,
    "null": lambda _: None,
    "empty": lambda value: type(value)() if isinstance(value, list | dict) else "",
    "as text": lambda value: json.dumps(value) if not isinstance(value, str) else value + " ",
    "an object": lambda value: dict(
        enumerate(value, 2) if isinstance(value, list) else [(0, value)]
    ),
    "renamed": lambda _: ABSENT,
}
Field = tuple[str, str, tuple[str, ...]]  # system, what is answered, the names down to the field
# What the shop does not tell can't be missed: that an order was refunded, or paid.
UNTOLD = {
    ("shop", "GET wc/*/orders", names)
    for names in (("refunds",), ("refunds", "id"), ("date_paid_gmt",))
} | {("shop", "GET orders/*/refunds", ("refunded_payment",))}


@dataclass(frozen=True)
class Lived:
    """How a life with an odd field ended: in one word, and what is said of it."""

    how: str  # a word of shapes.toml; or "crash", "wrong", "silent", "needless"
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
        is_write = request.method not in {"GET", "OPTIONS"} and "OAuth" not in what
        self.writes += is_write and response.is_success
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
    """Let an order become a draft, be changed, invoiced, paid and refunded in part, and another
    lose the answer to its invoice; the state database is lost before the refund and after it.
    Return what came of it.
    """
    world = business(folder, invoices={"create": True, "when": "completed"})
    sides = [Between(world.shop_wire, "shop"), Between(world.wire, "poweroffice")]
    for side in sides:
        side.bent = odd
    world.connections = Connections(*sides)
    Customer.made(world.company, {"name": "Bedrift AS", "emailAddress": "kari@example.no"})
    outcomes = []
    for story, seconds in LIFE:
        told(story, world)
        outcomes.append(world.run())
        world.wait(seconds)
    return world, sides, outcomes


@step
def placed(world: World) -> None:
    """Let an order of everything that an order can have be placed, and its money be reserved."""
    order = recorded("coupon-product-and-percent")["order"]
    fee = {**order["shipping_lines"][0], "id": 29, "name": "Innpakning"}
    sums = {"total": Decimal(99), "total_tax": Decimal("19.80")}
    sums = {name: f"{Decimal(order[name]) + more:.6f}" for name, more in sums.items()}
    delivered = {**order["shipping"], "address_1": "Hytteveien 7", "city": "Geilo"}
    whole = {"id": 101, "number": "101", "shipping": delivered, "fee_lines": [fee]}
    world.shop.place({**order, **whole, **sums})
    world.shop.reserve(101)


@step
def back_in_part(world: World) -> None:
    back = refund_of(world.shop.orders[101], [1, 0], others=True)
    world.shop.add_refund(101, {**back, **BACK})


# What happens before each run, and how many seconds pass after it.
LIFE: tuple[tuple[Story, int], ...] = (
    ((placed(),), 120),
    ((lambda world: world.shop.edit(101, **one_more(world.shop.orders[101])),), 120),
    ((in_the_shop("capture", 101), status_is("completed")), 120), ((), 120),
    ((fails("POST", "*/createAndSendInvoice", 1, "lost_after"),
      sells(102, status="completed", date_completed_gmt="2026-11-23T19:00:00")), 120),
    ((), 901), ((state_lost(),), 120), ((back_in_part(),), 300), ((), 120),
    ((state_lost(),), 120), ((), 901),
    ((), 3700), ((), 3700),
)  # fmt: skip


@contextmanager
def noted_reads() -> Iterator[set[tuple[str, str]]]:
    """Note what is read of PowerOffice's rows: of which answer, and the name in lower case."""
    read: set[tuple[str, str]] = set()
    made = Row.__init__

    class Noting(dict[str, Any]):
        of = ""

        def get(self, name: str, default: Any = None) -> Any:
            read.add((self.of, name))
            return super().get(name, default)

    def noting(row: Row, path: str, values: Any) -> None:
        made(row, path, values)
        row._values = Noting(row._values)
        row._values.of = kind_of(path.partition(" ")[0])

    with mock.patch.object(Row, "__init__", noting):
        yield read


def names_of_orders() -> set[str]:
    """Return the names that the models of an order and a refund read."""
    models = [one for one in vars(order).values() if hasattr(one, "model_fields")]
    named = {name for model in models for name in model.model_fields} - {"content_hash", "lines"}
    aliases = {
        str(f.validation_alias or f.alias or "") for m in models for f in m.model_fields.values()
    }
    return named | aliases | {"line_items", "shipping_lines", "fee_lines", "method_title"}


def all_fields(folder: Path) -> tuple[list[Field], tuple[World, list[Between], list]]:
    """Return every field that a plain life reads, and that life."""
    with noted_reads() as read:
        plain = live(folder)
    ours = names_of_orders()

    def is_read(system: str, what: str, names: tuple[str, ...]) -> bool:
        if system == "shop":
            return names[-1] in ours
        return any(what.endswith(of) and names[-1].lower() == name for of, name in read)

    return sorted(f for side in plain[1] for f in side.fields if is_read(*f)), plain


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
        f"{o.facts} {o.warnings}" for o in outcomes
    )
    if sides[1].writes > needed + 1:  # one that was not understood may be done once more
        return Lived("needless", f"{sides[1].writes} for {needed}")
    if held or problems:
        how = "held" if held else "stopped"
        codes = {*held.values(), *(o.problem for o in problems)}
        return Lived(how if name in said.lower() else f"{how}*", f"{sorted(codes)} {said[:150]}")
    if outcomes[-1].exit_code:
        how = "stopped" if name in said.lower() else "stopped*"
        return Lived(how, str(outcomes[-1].counts))
    same = (books.totals, len(books.ledger)) == (right.totals, len(right.ledger))
    if noted(world) - noted(plain[0]):
        return Lived("noted", str(noted(world)))
    with world.store() as store:
        waits = {one.waits for one in store.everything()}
    if not same and Waits.CAPTURE in waits:
        return Lived("waits")
    if same or odd[0] in UNTOLD:
        return Lived("goes" if same else "untold")
    return Lived("silent", str(totals))


def cases_of(fields: list[Field]) -> list[tuple[Field, str]]:
    """Return each field with each shape; the shop's names have one case."""
    shapes = {"shop": [name for name in SHAPES if name != "renamed"], "poweroffice": [*SHAPES]}
    return [(field, shape) for field in fields for shape in shapes[field[0]]]


def due() -> dict[tuple[Field, str], str]:
    """Return what the table says."""
    table = tomllib.loads(TABLE.read_text("utf-8"))
    said = {}
    for title, rows in table.items():
        system, _, what = title.partition(" ")
        for dotted, words in rows.items():
            field = (system, what, tuple(dotted.split(".")))
            shapes = [shape for one, shape in cases_of([field])]
            each = words.split() if " " in words else [words] * len(shapes)
            said |= {(field, shape): word for shape, word in zip(shapes, each, strict=True)}
    return said


def written(ends: dict[tuple[Field, str], Lived]) -> str:
    """Return the table of what came of all cases."""
    rows: dict[str, dict[str, list[str]]] = {}
    for (field, _), one in ends.items():
        title, name = f"{field[0]} {field[1]}", ".".join(field[2])
        rows.setdefault(title, {}).setdefault(name, []).append(one.how)
    lines = []
    for title, names in rows.items():
        lines += ["", f'["{title}"]']
        for name, words in names.items():
            said = words[0] if len({*words}) == 1 else " ".join(words)
            lines.append(f'"{name}" = "{said}"')
    return "\n".join(lines) + "\n"


def main(part: str) -> None:
    """Walk the cases of fields with a part in their names, and write the table anew."""
    head = TABLE.read_text("utf-8").partition("\n[")[0].rstrip("\n")
    with tempfile.TemporaryDirectory(dir=IN_MEMORY) as kept:
        folders, before = fresh(Path(kept)), due()
        fields, plain = all_fields(next(folders))
        ends = {
            case: walked(next(folders), case, plain)
            if part in str(case[0]) or case not in before
            else Lived(before[case])
            for case in cases_of(fields)
        }
    for case, one in ends.items():
        if one.said:
            sys.stdout.write(f"{case}: {one}\n")
    TABLE.write_text(f"{head}\n{written(ends)}", "utf-8")


if __name__ == "__main__" and sys.argv[1:2] == ["--write"]:
    main("".join(sys.argv[2:]))
