"""How many requests an order costs with its invoice and its payment, and how fast that goes.

    python -m tests.benchmarks.requests_after [ORDERS]

200 orders of new customers, then as many of the same ones: draft, invoice and payment, the looks
at the queue included, into an empty state database. PowerOffice answers after 300 ms, refuses the
eleventh request within a second, and has made an invoice by the time that it is looked for. With
its newer look-up filters (2026) and without (2025). Takes about four minutes.
"""

import sys

from tests.benchmarks.figures import Figure, at_least, at_most, shown, told
from tests.benchmarks.requests_an_order import by_kind
from tests.benchmarks.scene import Arrived, Filters, Scene, on_stage

LATENCY = 0.3  # seconds
LIMIT = 10  # requests a second
NEW, KNOWN = 3.2, 2.2  # the most requests an order of a new customer, of a known one
FILTERS: tuple[Filters, ...] = ("2026", "2025")


def main(orders: int) -> int:
    """Measure and print; return the exit code."""
    failed = 0
    for filters in FILTERS:
        scene = Scene(orders=orders, filters=filters, latency=LATENCY, limit=LIMIT)
        with on_stage(scene) as stage:
            settings = stage.config.read_text("utf-8")
            stage.config.write_text(settings.replace('when = "completed"', 'when = "processing"'))
            first = stage.run()
            new = stage.arrived()
            stage.more_orders(orders)
            again = stage.run()
            known = stage.arrived()
        title = f"{orders} orders, draft, invoice and payment, look-up filters of {filters}"
        figures = [
            *_figures("new customers", new, orders, NEW),
            told("    seconds", first.seconds, ".1f"),
            *_figures("known customers", known, orders, KNOWN),
            told("    seconds", again.seconds, ".1f"),
        ]
        failed |= shown(title, figures)
    return failed


def _figures(who: str, arrived: Arrived, orders: int, most: float) -> list[Figure]:
    asked = len(arrived.poweroffice)
    return [
        at_most(f"requests an order, {who}", asked / orders, most, ".3f"),
        at_least("    requests a second", (asked - 1) / arrived.seconds, 9.0),
        at_most("    busiest second", arrived.busiest_second, LIMIT, ".0f"),
        *(told(f"    {name}", count, "d") for name, count in by_kind(arrived)),
    ]


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 200))
