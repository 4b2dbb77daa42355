"""State databases of earlier versions are carried over: each goes on where it was put away.

A fixture is two files: NAME.sql, the database as text, and NAME.json, the rest. What PowerOffice
had by then comes back by sending it once more what had changed it, each request at its moment:
the sandbox gives the same ids again. What the shop had is its orders. Both are kept short: each
order, and each request of a kind, as what differs from the first one. From there on the job of
today goes on, in as many runs as cron would start.

They were made by make.py, which the history keeps (`git show 5b4004a:tests/carried/make.py`): it
played a story with the version whose databases were wanted, put them away in the middle, and let
that version go on from there. What it had in the end is what is expected; but that a draft which
is invoiced on a later day than its order was completed is told the day of delivery, that an order
which was credited whole while its payment waited is closed once that stands in the books, that no
further voucher is tried in a run once one was forbidden, that the draft of a credit note goes where
the sale is on again, and that a hold for a change after the invoice has a fact for the currency.
by-hand.623d656.sql is by-hand.sql as that version left it, once it had opened it.
"""

import copy
import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from go_desk import Desk
from served import invoked
from wire import kind
from world import Sent, World

from woo2po.config import load
from woo2po.record import Outcome
from woo2po.store import Store

HERE = Path(__file__).parent / "carried"
NAMES = sorted(path.stem for path in HERE.glob("*.sql"))
# When cron comes back after something happened: minutes for what is unanswered, a quarter of an
# hour for invoices that were asked for, hours for what waits for a person or is held.
RUNS = (70, 140, 1100, 1200, 4900, 5000, 9000, 9100)
Json = dict[str, Any]


def as_database(text: str, database: Path) -> None:
    with closing(sqlite3.connect(database)) as connection:
        connection.executescript(text)
    database.chmod(0o600)


def put_on(basis: Any, changes: Any) -> Any:
    """Return a value with changes put on it; the elements of a list differ from its first one."""
    if isinstance(basis, dict) and isinstance(changes, dict):
        if "" in changes:
            return changes[""]
        return basis | {k: put_on(basis.get(k), v) for k, v in changes.items()}
    if isinstance(basis, list) and isinstance(changes, list) and basis:
        return [put_on(basis[0], one) for one in changes]
    return changes


class Stage:
    """A shop, PowerOffice and the job in a folder, as a fixture describes them."""

    def __init__(self, folder: Path, told: Json) -> None:
        self.config, self.state = folder / "config.toml", folder / "woo2po.db"
        text = "\n".join([*told["config"], "[state]", f'path = "{self.state.as_posix()}"'])
        self.config.write_text(text, "utf-8")
        self.config.chmod(0o600)
        self.world = World(folder)
        self.world.settings = load(self.config)
        self.last: dict[str, Counter[str]] = {}  # what there was after the last day
        self._replay(told["poweroffice"])
        basis, *others = told["shop"]["orders"]
        for order in map(copy.deepcopy, [basis, *(put_on(basis, one) for one in others)]):
            self.world.shop.orders[order["id"]] = order
            self.world.shop.refunds[order["id"]] = told["shop"]["refunds"].get(str(order["id"]), [])
        self.world.arrive_at(datetime.fromisoformat(told["at"]))
        # Nothing but the job's own care keeps a thing from being there twice.
        self.world.faults.duplicate_order_reference = "accepted"
        self.world.faults.duplicate_voucher_reference = "accepted"

    def _replay(self, acts: Iterable[Sequence[Any]]) -> None:
        self.world.faults.requests_per_second = None
        desk, firsts = Desk(self.world.go), Json()
        for at, *act in acts:
            self.world.arrive_at(datetime.fromisoformat(at))
            if act[0] in {"person", "switch"}:
                getattr(self, act[0])(*act[1:])
            else:
                method, path, *body = act
                basis = firsts.setdefault(kind(f"{method} {path}"), body)
                whole = body if body is basis else [put_on(basis[0], one) for one in body]
                content = "application/json-patch+json" if method == "PATCH" else None
                desk.log_in()
                answer = desk.call(
                    method, path, content_type=content, json=whole[0] if whole else None
                )
                assert answer.is_success, f"{act}: {answer.status_code} {answer.text}"
        self.world.faults.requests_per_second = 10

    # -- what happens meanwhile -------------------------------------------------------------------

    def shop(self, act: str, *arguments: Any) -> None:
        """Let something happen in the shop: an act of the sandbox's shop, by its name."""
        getattr(self.world.shop, act)(*arguments)

    def person(self, act: str, *arguments: Any) -> None:
        """Let a person do something in PowerOffice: an act of the sandbox's books, by its name."""
        if act == "edit_line":
            *line, price = arguments
            self.world.company.edit_line(*line, product_unit_price=Decimal(price))
        else:
            getattr(self.world.company, act)(*arguments)

    def switch(self, name: str, value: Any) -> None:
        """Let something change in PowerOffice that is no act: a privilege, say."""
        setattr(self.world.faults, name, set(value) if isinstance(value, list) else value)

    def types(self, *arguments: str) -> str:
        """Let whoever runs the job type a command; return what it printed."""
        return invoked(*arguments, "--config", str(self.config)).stdout

    def goes_on(self, acts: Iterable[Sequence[Any]] = ()) -> Json:
        """Let acts happen and cron come back as often as `RUNS` says; return what has changed.

        "new ..." and "gone ..." are lines of what there is; "held at first" is what was held after
        the first run already, before anything held was looked at again; "writes" is what
        PowerOffice was told.
        """
        before = self.last or self.books()
        for who, *act in acts:
            getattr(self, who)(*act)
        begun, first = self.world.now(), len(self.world.wire.writes)
        codes, at_first = [], Counter[str]()
        for seconds in RUNS:
            self.world.arrive_at(max(begun + timedelta(seconds=seconds), self.world.now()))
            last = len(self.world.wire.writes)
            codes.append(self.world.run().exit_code)
            at_first = at_first or self.status()["orders"]
        # A day later, so that what happens next never meets what this left behind.
        self.world.arrive_at(begun + timedelta(days=1))
        self.last = self.books() | self.status()
        told: Json = {"exit codes": codes}
        for name, now in self.last.items():
            was = before.get(name, Counter())
            told |= {f"new {name}": list((now - was).elements())}
            told |= {f"gone {name}": list((was - now).elements())}
        told["held at first"] = [one for one in at_first if " held " in one]
        told["writes"] = dict(sorted(written(self.world.wire.writes[first:]).items()))
        told["writes of the last run"] = dict(written(self.world.wire.writes[last:]))
        return {what: said for what, said in told.items() if said}

    # -- what is there ----------------------------------------------------------------------------

    def books(self) -> dict[str, Counter[str]]:
        """Return what an accountant finds, a line for each thing, ids and numbers apart."""
        books, posted = self.world.books(), Counter[str]()
        for one in self.world.company.postings:
            posted[f"{one.day} {one.voucher_type} {one.account_no}"] += one.amount
        return {
            "documents": _sorted(
                f"{'invoice' if one.invoiced else 'draft'} {one.reference}"
                f" ({one.matching_reference})"
                f" {one.total:.2f} of {one.invoice_day or one.day}, {one.customer}, {one.number}"
                f"{f', credits {one.credits}' if one.credits else ''}: "
                + "; ".join(f"{name} {n:f} x {product} {price:f}"
                            for name, product, n, price in one.lines)
                for one in books.documents
            ),
            "ledger": _sorted(f"{one.kind} {one.matching_reference} of {one.day} {one.amount:.2f},"
                              f" open {one.balance:.2f}" for one in books.ledger),
            "accounts": _sorted(f"{said} {amount:.2f}" for said, amount in posted.items()),
            "customers": _sorted([*books.customers, *books.delivery_addresses]),
            "products": _sorted(books.products),
        }  # fmt: skip

    def status(self) -> dict[str, Counter[str]]:
        """Return what `status --json --all` tells, as far as scripts rely on it."""
        told = json.loads(self.types("status", "--json", "--all"))
        return {
            "counts": _sorted(f"{state}: {n}" for state, n in told["counts"].items()),
            "orders": _sorted(map(_order, told["orders"])),
            "noticed": _sorted(f"{one['number']} {one['code']}" for one in told["noticed"]),
        }


def _sorted(lines: Iterable[str]) -> Counter[str]:
    """Count the lines, in an order that does not depend on who came first."""
    return Counter(sorted(lines))


def written(sent: Iterable[Sent]) -> Counter[str]:
    """Count what was written, by kind and by whether PowerOffice accepted it."""
    return Counter(one.kind + ("" if one.status < 300 else f": {one.status}") for one in sent)


def _order(one: Json) -> str:
    said = [one["number"], one["state"], one["total"], one["code"]]
    said += [f"{name}={fact}" for name, fact in sorted(one["facts"].items())]
    return " ".join(map(str, filter(None, said)))


@pytest.mark.parametrize("name", NAMES)
def test_a_database_of_then_goes_on_where_it_was(name: str, tmp_path: Path) -> None:
    """The same documents, payments and holds as with the version that made it, each once."""
    told = json.loads((HERE / f"{name.partition('.')[0]}.json").read_text("utf-8"))
    stage = Stage(tmp_path, told)
    as_database((HERE / f"{name}.sql").read_text("utf-8"), stage.state)
    for acts, expected in zip(told["then"], told["expected"], strict=True):
        found = stage.goes_on(acts)
        for what in expected | found:
            assert found.get(what) == expected.get(what), what
        assert "writes of the last run" not in found
    references = Counter(line.split()[1] for line in stage.last["documents"].elements())
    assert max(references.values()) == 1, references.most_common(3)


@pytest.mark.parametrize("name", NAMES)
def test_looking_at_it_changes_nothing_and_a_run_gives_it_the_shape_of_today(
    name: str, tmp_path: Path
) -> None:
    """`status` between an upgrade and the next run leaves it as it is. Whoever goes back to the
    version before is then told so, not that the file is damaged.
    """
    database, shapes = tmp_path / "then.db", []
    as_database((HERE / f"{name}.sql").read_text("utf-8"), database)
    before = database.read_bytes()
    with Store.open(database, read_only=True) as store:
        assert list(store.everything())
    assert database.read_bytes() == before
    for path in (database, tmp_path / "new.db"):
        with Store.open(path), closing(sqlite3.connect(path)) as connection:
            columns = "SELECT t.name, c.name FROM sqlite_schema t, pragma_table_info(t.name) c"
            version = connection.execute("PRAGMA user_version").fetchone()
            shapes.append({*connection.execute(columns), version})
    assert shapes[0] == shapes[1]


def test_payouts_that_were_held_or_set_aside_stand_where_those_do_that_are_booked(
    tmp_path: Path,
) -> None:
    """Version 6 kept them in a memory of their own, and at first without their lines."""
    database, lines = tmp_path / "then.db", [["bank", None, 9700], ["clearing", 1903, -9700]]
    one = {"provider": "vipps", "id": "1", "day": "2026-10-09", "moved": '[["capture", 9, 9700]]',
           "currency": "NOK", "lines": json.dumps(lines)}  # fmt: skip
    bare = {"provider": "vipps", "id": "3", "day": "2026-10-11", "aside": "yes"}
    kept = {"a": {**one, "aside": "yes"}, "b": {**one, "id": "2", "aside": ""}, "c": bare}
    with Store.open(database):
        pass
    with closing(sqlite3.connect(database)) as then, then:
        then.execute("INSERT INTO meta VALUES ('payouts_held', ?)", [json.dumps(kept)])
        then.execute("DELETE FROM _sqlite_migrations WHERE name LIKE 'm006%'")
        then.execute("PRAGMA user_version = 6")
    with Store.open(database) as store:
        aside, held = store.payouts(), store.payouts(booked=False)
    assert [(one.id, one.text, one.outcome) for one in aside] == [
        ("1", "", Outcome.MADE), ("3", "", Outcome.MADE)]  # fmt: skip
    assert [(one.id, one.outcome, one.net) for one in held] == [("2", None, 9700)]
    assert aside[0].lines == (("bank", 0, 9700), ("clearing", 1903, -9700))
    assert held[0].rows == (("capture", 9, 9700),)


def test_when_money_was_seen_reserved_stands_apart_from_its_payment(tmp_path: Path) -> None:
    """Version 7 wrote the one where the other stands."""
    database, at = tmp_path / "then.db", "2026-10-09T10:00:00+00:00"
    with Store.open(database) as store:
        own = {"reference": "a1", "matching_reference": "woo-1", "payment_body": f"reserved {at}"}
        store._insert("orders", {"order_id": 1, "number": "1", "seen_hash": "", **own})
    with closing(sqlite3.connect(database)) as then, then:
        for table in ("orders", "credit_notes"):
            then.execute(f"ALTER TABLE {table} DROP COLUMN reserved_at")
        then.execute("DELETE FROM _sqlite_migrations WHERE name LIKE 'm007%'")
        then.execute("PRAGMA user_version = 7")
    with Store.open(database) as store:
        record = store.order(1)
    assert record.payment_body == ""
    assert record.reserved_at == datetime.fromisoformat(at)
