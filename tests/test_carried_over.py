"""State databases of earlier versions are carried over: each goes on where it was put away.

How they were made is told in carried/stage.py. What is expected was written down by the version
that made them, going on with its own databases; but that a draft which is invoiced on a later day
than its order was completed is told the day of delivery, that an order which was credited
whole while its payment waited is closed once that stands in the books, that no further
voucher is tried in a run once one was forbidden, that the draft of a credit note goes where
the sale is on again, and that a hold for a change after the invoice has a fact for the currency.
"""

import json
import sqlite3
from collections import Counter
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
from carried.stage import HERE, as_database, staged, written_down

from woo2po.record import Outcome
from woo2po.store import Store

NAMES = sorted(path.stem for path in HERE.glob("*.sql"))


@pytest.mark.parametrize("name", NAMES)
def test_a_database_of_then_goes_on_where_it_was(name: str, tmp_path: Path) -> None:
    """The same documents, payments and holds as with the version that made it, each once."""
    told = written_down(name)
    stage = staged(name, tmp_path)
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
