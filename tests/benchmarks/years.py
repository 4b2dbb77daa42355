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
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.benchmarks.figures import at_most, shown, told
from tests.benchmarks.scene import Finished, Scene, Stage, finished, on_stage

RUNS = 9
NOTE = json.dumps([{"code": "email_left_out", "facts": {}}])


def main(orders: int) -> int:
    """Measure and print; return the exit code."""
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
    """Run `status`."""
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
        rows, written = [], []
        for n in range(orders):
            id_, at = 1_000_000 + n, (end - timedelta(minutes=8 * n)).isoformat()
            own = {"order_id": id_, "number": str(id_), "reference": f"shop_{id_}", "created": at}
            own |= {"matching_reference": f"match-{id_}", "invoice_no": id_, "todo": 0}
            own |= {"sales_order_id": str(id_), "sales_order_no": id_, "waits": ""}
            own |= {"notes": NOTE if n % 10 == 0 else "[]", "payment": "made"}
            rows.append(like | own)
            for kind in ("create_customer", "create_sales_order", "send_invoice"):
                told_of = {"order_id": id_, "kind": kind, "reference": f"{kind}_{id_}"}
                moments = {"first_attempt": at, "last_attempt": at, "outcome": "made"}
                written.append(write | told_of | moments)
        with db:
            for table, added in (("orders", rows), ("writes", written)):
                names = ", ".join(added[0])
                values = ", ".join(f":{name}" for name in added[0])
                db.executemany(f"INSERT INTO {table} ({names}) VALUES ({values})", added)  # noqa: S608
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def writes(state: Path) -> int:
    """Return how many writes the database holds."""
    with closing(sqlite3.connect(state)) as db:
        return int(db.execute("SELECT count(*) FROM writes").fetchone()[0])


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000))
