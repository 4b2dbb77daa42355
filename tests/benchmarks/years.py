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
from contextlib import closing
from pathlib import Path

from tests.benchmarks.scene import *

RUNS = 9
FIRST = 1_000_000
NOTE = json.dumps([{"code": "email_left_out", "facts": {}}])
# Orders that are finished, and their writes, over three years until a month ago, in SQL of n.
AT = f"strftime('%Y-%m-%dT%H:%M:%S+00:00', 'now', '-30 days', (8 * ({FIRST} - n)) || ' minutes')"
ORDER = {
    "order_id": "n", "number": "n", "reference": "'shop_' || n", "created": AT, "invoice_no": "n",
    "matching_reference": "'match-' || n", "todo": "0", "waits": "''", "sales_order_id": "n",
    "sales_order_no": "n", "payment": "'made'", "notes": f"iif(n % 10, '[]', '{NOTE}')",
}  # fmt: skip
WRITE = {"id": "NULL", "order_id": "n", "kind": "column1", "reference": "column1 || n",
         "outcome": "'made'", "last_attempt": AT}  # fmt: skip
COPY = """
WITH RECURSIVE c(n) AS (VALUES({first}) UNION ALL SELECT n + 1 FROM c LIMIT {orders})
INSERT INTO {table} SELECT {values} FROM c, (VALUES {kinds}), (SELECT * FROM {table} LIMIT 1) old
"""
KINDS = {
    "orders": "('')",
    "writes": "('create_customer'), ('create_sales_order'), ('send_invoice')",
}


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
    return statistics.median(stage.run().seconds for _ in range(RUNS))


def asked(stage: Stage, *options: str) -> Finished:
    words = ("-m", "woo2po", "--config", str(stage.config), "status", *options)
    return finished(words, stage.config.parent)


def fill(state: Path, orders: int) -> None:
    """Copy an order, and its writes, so many times: no process that is measured begins with it."""
    with closing(sqlite3.connect(state)) as db:
        for table, own in (("orders", ORDER), ("writes", WRITE)):
            names = [name for _, name, *_ in db.execute(f"PRAGMA table_info({table})")]
            values = ", ".join(own.get(name, f"old.{name}") for name in names)
            said = {"first": FIRST, "orders": orders, "kinds": KINDS[table]}
            db.execute(COPY.format(table=table, values=values, **said))
        db.commit()
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def writes(state: Path) -> int:
    with closing(sqlite3.connect(state)) as db:
        return int(db.execute("SELECT count(*) FROM writes").fetchone()[0])


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000))
