"""How much of PowerOffice's allowance a run uses: real time, real limit, 300 ms an answer.

    python -m tests.benchmarks.orders_a_second [ORDERS]

200 orders, each of a new customer and delivered to the billing address, into an empty state
database: log-in, first look and catalogue included. Once with PowerOffice's newer look-up
filters (2026) and once without (2025). The sandbox answers every request after 300 ms and
refuses the eleventh within a second with 429. Takes about two minutes.
"""

import sys

from tests.benchmarks.figures import Figure, at_least, at_most, shown, told
from tests.benchmarks.scene import Filters, Scene, on_stage

LATENCY = 0.3  # seconds
LIMIT = 10  # requests a second
FILTERS: tuple[Filters, ...] = ("2026", "2025")


def main(orders: int) -> int:
    """Measure and print; return the exit code."""
    failed = 0
    for filters in FILTERS:
        scene = Scene(orders=orders, filters=filters, latency=LATENCY, limit=LIMIT)
        with on_stage(scene) as stage:
            run = stage.run()
            arrived = stage.arrived()
        asked = len(arrived.poweroffice)
        figures = [
            at_least("requests a second, first to last", (asked - 1) / arrived.seconds, 9.0),
            told("requests a second, over the whole run", asked / run.seconds),
            at_most("busiest second (more were refused)", arrived.busiest_second, LIMIT, ".0f"),
            at_most("requests an order", asked / orders, 2.2, ".3f"),
            told("orders a second, over the whole run", orders / run.seconds),
            Figure("run", f"{run.seconds:.1f} s, {run.peak:.0f} MB", "", None),
        ]
        title = f"{orders} orders, look-up filters of {filters}: {run.said.strip()}"
        failed |= shown(title, figures)
    return failed


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 200))
