"""Years: what 200,000 orders and 600,000 writes cost an idle run and `status`.

    python -m tests.benchmarks.years [ORDERS]

Three orders are transferred and idle runs timed; then the database is filled with orders that were
transferred long ago, each like one of the three, with its writes. One in ten has a note.
Fresh processes each time. Takes about two minutes.
"""

import json
import sqlite3
import statistics
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Any

from tests.benchmarks.scene import *

RUNS = 9
Row = dict[str, Any]
NOTE = json.dumps([{"code": "email_left_out", "facts": {}}])


def main(orders: int) -> int:
    with on_stage(Scene(orders=3)) as stage:
        stage.run()
        stage.run()
        empty = timed(stage)
        state = stage.config.parent / "woo2po.db"
        fill(state, orders)
        size = state.stat().st_size / 1e6
        first = stage.run()
        full = timed(stage)
        status, line = asked(stage), asked(stage, "--line")
        everything = asked(stage, "--all", "--json")
        assert len(json.loads(everything.said)["orders"]) >= orders
        left = writes(state)
    figures = [
        told("the database, MB", size, ".0f"),
        told("idle run on three orders, median, s", empty),
        told("the first one after all these, s", first.seconds),
        told("idle run on all, median, s", full),
        at_most("idle run, all to three", full / empty, 1.2),
        at_most("status, s", status.seconds, 1.0),
        told("status --line, s", line.seconds),
        told("status --all --json, s", everything.seconds, ".1f"),
        at_most("    its peak memory, MB", everything.peak, 100, ".0f"),
        told("writes that are kept", left, ",.0f"),
    ]
    return shown(f"{orders:,} orders and {3 * orders:,} writes", figures)


def timed(stage: Stage) -> float:
    """Return the median time of idle runs."""
    return statistics.median(stage.run().seconds for _ in range(RUNS))


def asked(stage: Stage, *options: str) -> Finished:
    words = ("-m", "woo2po", "--config", str(stage.config), "status", *options)
    return finished(words, stage.config.parent)


def fill(state: Path, orders: int) -> None:
    """Put in orders that are finished, and their writes, over three years until a month ago."""
    with closing(sqlite3.connect(state)) as db:
        db.row_factory = sqlite3.Row
        like = dict(db.execute("SELECT * FROM orders WHERE sales_order_id <> ''").fetchone())
        write = dict(db.execute("SELECT * FROM writes ORDER BY id").fetchone())
        del write["id"]
        end = datetime.now(UTC) - timedelta(days=30)
        moments = {
            1_000_000 + n: (end - timedelta(minutes=8 * n)).isoformat() for n in range(orders)
        }
        with db:
            _add(db, "orders", (like | _own(id_, at) for id_, at in moments.items()))
            _add(
                db, "writes", (write | one for id_, at in moments.items() for one in _did(id_, at))
            )
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _own(id_: int, at: str) -> Row:
    own = {"order_id": id_, "number": str(id_), "reference": f"shop_{id_}", "created": at}
    own |= {"matching_reference": f"match-{id_}", "invoice_no": id_, "todo": 0, "waits": ""}
    own |= {"sales_order_id": str(id_), "sales_order_no": id_, "payment": "made"}
    return own | {"notes": NOTE if id_ % 10 == 0 else "[]"}


def _did(id_: int, at: str) -> Iterator[Row]:
    for kind in ("create_customer", "create_sales_order", "send_invoice"):
        moments = {"last_attempt": at, "outcome": "made"}
        yield {"order_id": id_, "kind": kind, "reference": f"{kind}_{id_}", **moments}


def _add(db: sqlite3.Connection, table: str, rows: Iterator[Row]) -> None:
    """Put rows in one by one: a process begins its peak memory at that of who starts it."""
    first = next(rows)
    names, values = ", ".join(first), ", ".join(f":{name}" for name in first)
    db.executemany(f"INSERT INTO {table} ({names}) VALUES ({values})", chain([first], rows))  # noqa: S608


def writes(state: Path) -> int:
    with closing(sqlite3.connect(state)) as db:
        return int(db.execute("SELECT count(*) FROM writes").fetchone()[0])


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000))
