"""How many requests an order costs PowerOffice, in the situations that a shop knows, and how fast.

    python -m tests.benchmarks.requests_an_order [ORDERS]

200 orders of new customers, then as many of the same ones. First drafts alone: the sandbox answers
at once and refuses nothing, and the job is not throttled. Then one new order in a company of 20,000
customers and 10,000 products, the first ever and the next ones. Then draft, invoice and payment,
the looks at the queue included: PowerOffice answers after 300 ms, refuses the eleventh request
within a second, and has made an invoice by the time that it is looked for. All with PowerOffice's
newer look-up filters (2026) and without (2025), into an empty state database. Takes five minutes.
"""

import re
import sys

from tests.benchmarks.scene import *

DRAFTS = (2.2, 2.2)  # the most requests an order of a new customer, of a known one
INVOICED = (3.2, 2.2)  # with invoice and payment
LATENCY, LIMIT = 0.3, 10  # seconds; requests a second
CUSTOMERS, PRODUCTS = 20_000, 10_000
MOST_MEMORY = 120.0  # MB
FILTERS: tuple[Filters, ...] = ("2026", "2025")


def main(orders: int) -> int:
    company, failed = f"{CUSTOMERS:,} customers and {PRODUCTS:,} products", 0
    for filters in FILTERS:
        scene = Scene(orders=orders, filters=filters)
        failed |= shown(f"{orders} drafts, filters of {filters}", many(scene, DRAFTS))
        failed |= shown(f"One order, {company}, filters of {filters}", one(filters))
        scene = Scene(orders=orders, filters=filters, latency=LATENCY, limit=LIMIT)
        title = f"{orders} orders, draft, invoice and payment, filters of {filters}"
        failed |= shown(title, many(scene, INVOICED))
    return failed


def many(scene: Scene, most: tuple[float, float]) -> list[Figure]:
    """Return the figures of new orders of new customers, and of as many of the same ones."""
    figures = []
    with on_stage(scene) as stage:
        if scene.limit:
            settings = stage.config.read_text("utf-8")
            stage.config.write_text(settings.replace('when = "completed"', 'when = "processing"'))
        for who, goal in zip(("new", "known"), most, strict=True):
            run = stage.run(RUN if scene.limit else RUN_UNTHROTTLED)
            arrived = stage.arrived()
            asked = len(arrived.poweroffice)
            name = f"requests an order, {who} customers"
            figures += [
                at_most(name, asked / scene.orders, goal, ".3f"),
                *(told(f"    {name}", count, "d") for name, count in by_kind(arrived)),
                told("    seconds", run.seconds, ".1f"),
            ]
            if scene.limit:
                figures.append(at_least("    a second", (asked - 1) / arrived.seconds, 9.0))
                figures.append(at_most("    busiest second", arrived.busiest_second, LIMIT, ".0f"))
            stage.more_orders(scene.orders)
    return figures


def one(filters: Filters) -> list[Figure]:
    """Return the figures of the first order ever in a big company, and of the next ones."""
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
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 200))
