"""What an idle run costs: requests, and time from process start to exit, on three orders and on
those of years; and `status` on the latter.

    python -m tests.benchmarks.idle [ORDERS]

Three orders are transferred; after that every run is idle. Fresh processes take turns: one that
only imports httpx and pydantic-settings, and an idle run. Then the database is filled with orders
(200,000 unless another number is given) that were transferred long ago, each like one of the three,
with its writes; one in ten has a note. Takes about two minutes.
"""

import json
import sqlite3
import statistics
import sys
from contextlib import closing
from pathlib import Path

from tests.benchmarks.scene import *

IMPORTS = ("-c", "import httpx, pydantic_settings")
MOST = 1.4  # times the time of the imports alone
RUNS = 15
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
    imports, idle = [], []
    with on_stage(Scene(orders=3)) as stage:
        stage.run()
        stage.run()
        stage.forget()
        for _ in range(RUNS):
            imports.append(finished(IMPORTS, stage.config.parent).seconds)
            run = stage.run()
            assert not run.said, run.said  # without a terminal it is silent
            idle.append(run.seconds)
        asked = (len(stage.both.shop.requests) / RUNS, len(stage.moments) / RUNS)
        state = stage.config.parent / "woo2po.db"
        fill(state, orders)
        size = state.stat().st_size / 1e6
        first = stage.run()
        full = statistics.median(stage.run().seconds for _ in range(RUNS))
        status, line = stage.run(RUN, "status"), stage.run(RUN, "status", "--line")
        everything = stage.run(RUN, "status", "--all", "--json")
        assert len(json.loads(everything.said)["orders"]) >= orders
    few, without = statistics.median(idle), statistics.median(imports)
    figures = [
        at_most("requests to the shop, a run", asked[0], 1),
        at_most("requests to PowerOffice, a run", asked[1], 0),
        told("imports alone, median, s", without),
        told("idle run on three orders, median, s", few),
        at_most("ratio of the medians", few / without, MOST),
        told("the database, MB", size, ".0f"),
        told("the first one after all these, s", first.seconds),
        at_most("idle run, all to three", full / few, 1.2),
        at_most("status, s", status.seconds, 1.0),
        told("status --line, s", line.seconds),
        told("status --all --json, s", everything.seconds, ".1f"),
        at_most("    its peak memory, MB", everything.peak, 100, ".0f"),
    ]
    return shown(f"Idle on three orders, on {orders:,} and {3 * orders:,} writes", figures)


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


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000))
