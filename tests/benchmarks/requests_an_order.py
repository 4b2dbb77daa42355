"""How many requests an order costs PowerOffice, in the situations that a shop knows.

    python -m tests.benchmarks.requests_an_order

The sandbox answers at once and refuses nothing, the job is not throttled, so this is quick; how
much of the allowance is used in real time is for requests_after.py. Then one new order in a
company of 20,000 customers and 10,000 products, the first ever and the next one a minute later:
what it costs in requests, time and memory. Takes about a minute.
"""

import re
import sys

from tests.benchmarks.figures import Figure, at_most, shown, told
from tests.benchmarks.scene import RUN_UNTHROTTLED, Arrived, Filters, Scene, on_stage

ORDERS = 200
MOST = 2.2  # requests an order of a new customer, everything counted
CUSTOMERS, PRODUCTS = 20_000, 10_000
MOST_MEMORY = 120.0  # MB
FILTERS: tuple[Filters, ...] = ("2026", "2025")


def main() -> int:
    """Measure and print; return the exit code."""
    failed = 0
    for filters in FILTERS:
        failed |= shown(f"{ORDERS} orders, look-up filters of {filters}", many(filters))
    for filters in FILTERS:
        company = f"{CUSTOMERS:,} customers and {PRODUCTS:,} products"
        failed |= shown(f"One order, {company}, look-up filters of {filters}", one(filters))
    return failed


def many(filters: Filters) -> list[Figure]:
    """Return the figures of new orders of new customers, and of as many of the same ones."""
    with on_stage(Scene(orders=ORDERS, filters=filters)) as stage:
        stage.run(RUN_UNTHROTTLED)
        first = stage.arrived()
        stage.more_orders(ORDERS)
        stage.run(RUN_UNTHROTTLED)
        again = stage.arrived()
    return [
        at_most("requests an order, new customers", len(first.poweroffice) / ORDERS, MOST, ".3f"),
        *(told(f"    {name}", count, "d") for name, count in by_kind(first)),
        told("requests an order, known customers", len(again.poweroffice) / ORDERS, ".3f"),
    ]


def one(filters: Filters) -> list[Figure]:
    """Return the figures of the first order ever in a big company, and of the next one."""
    scene = Scene(orders=1, filters=filters, customers=CUSTOMERS, products=PRODUCTS, careless=True)
    figures = []
    with on_stage(scene) as stage:
        for name in ("first order ever", "one of a known customer", "one of a new customer"):
            run = stage.run(RUN_UNTHROTTLED)
            figures += [
                told(f"{name}: requests", len(stage.arrived().poweroffice), "d"),
                told("    processor time, s", run.cpu),
                at_most("    peak memory, MB", run.peak, MOST_MEMORY, ".0f"),
            ]
            stage.more_orders(1 if name == "first order ever" else 2)
    return figures


def by_kind(arrived: Arrived) -> list[tuple[str, int]]:
    """Return how many requests there were of each method and path, ids left out."""
    names = [re.sub(r"/[0-9a-f-]{36}", "/{id}", name) for _, name in arrived.poweroffice]
    return [(name, names.count(name)) for name in dict.fromkeys(names)]


if __name__ == "__main__":
    sys.exit(main())
