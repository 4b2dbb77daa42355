"""A backlog: memory and time of one run over thousands of new orders, each of a new customer.

    python -m tests.benchmarks.backlog [SIZE ...]

For each size (5,000, 10,000 and 20,000 unless others are given) a run into an empty state
database, without latency, limit or throttle, once per generation of look-up filters for the
largest. The time that counts is the job's own processor time, since the sandbox beside it gets
slower with every order that it holds. Takes about ten minutes.
"""

import sys
from collections.abc import Sequence

from tests.benchmarks.figures import Figure, at_most, shown, told
from tests.benchmarks.scene import RUN_UNTHROTTLED, Finished, Scene, on_stage

SIZES = (5_000, 10_000, 20_000)
MOST_MEMORY = 120.0  # MB
LINEAR = 1.25  # times the time an order of the smallest size takes; the machine is never quiet


def main(sizes: Sequence[int]) -> int:
    """Measure and print; return the exit code."""
    runs = {size: measured(Scene(orders=size)) for size in sizes}
    figures = [figure for size, run in runs.items() for figure in of_one(f"{size:,} orders", run)]
    smallest, largest = (runs[size].cpu / size for size in (min(sizes), max(sizes)))
    figures += [
        at_most("time an order, largest to smallest", largest / smallest, LINEAR),
        at_most("peak memory at the largest, MB", runs[max(sizes)].peak, MOST_MEMORY, ".0f"),
    ]
    without = measured(Scene(orders=max(sizes), filters="2025"))
    figures += of_one("the same with look-up filters of 2025", without)
    figures.append(at_most("its peak memory, MB", without.peak, MOST_MEMORY, ".0f"))
    return shown("A backlog of orders of new customers", figures)


def measured(scene: Scene) -> Finished:
    """Run the job on a scene once."""
    with on_stage(scene) as stage:
        return stage.run(RUN_UNTHROTTLED)


def of_one(name: str, run: Finished) -> list[Figure]:
    """Return the figures of one run."""
    return [
        told(f"{name}: processor time, s", run.cpu, ".1f"),
        told("    from start to exit, s", run.seconds, ".1f"),
        told("    peak memory, MB", run.peak, ".0f"),
    ]


if __name__ == "__main__":
    sys.exit(main([int(size) for size in sys.argv[1:]] or SIZES))
