"""A backlog: memory and time of one run over thousands of new orders, each of a new customer.

    python -m tests.benchmarks.backlog [SIZE ...]

For each size (5,000, 10,000 and 20,000 unless others are given) a run into an empty state
database, without latency, limit or throttle; the largest once more without PowerOffice's newer
look-up filters. The time that counts is the job's own processor time, since the sandbox beside
it gets slower with every order that it holds. What an idle run takes after each shows whether
it gets slower with what the state database holds. Takes a quarter of an hour.
"""

import sys
from collections.abc import Sequence

from tests.benchmarks.figures import Figure, at_most, shown, told
from tests.benchmarks.scene import RUN_UNTHROTTLED, Finished, Scene, on_stage

SIZES = (5_000, 10_000, 20_000)
MOST_MEMORY = 120.0  # MB
IDLE_RUNS = 5
LINEAR = 1.25  # times the time an order of the smallest size takes; the machine is never quiet


def main(sizes: Sequence[int]) -> int:
    """Measure and print; return the exit code."""
    found = {size: measured(Scene(orders=size, careless=True)) for size in sizes}
    figures = [f for size, one in found.items() for f in of_one(f"{size:,} orders", *one)]
    smallest, largest = (found[size][0].cpu / size for size in (min(sizes), max(sizes)))
    figures += [
        at_most("time an order, largest to smallest", largest / smallest, LINEAR),
        at_most("peak memory at the largest, MB", found[max(sizes)][0].peak, MOST_MEMORY, ".0f"),
    ]
    without = measured(Scene(orders=max(sizes), filters="2025", careless=True))
    figures += of_one("the same with look-up filters of 2025", *without)
    figures.append(at_most("its peak memory, MB", without[0].peak, MOST_MEMORY, ".0f"))
    return shown("A backlog of orders of new customers", figures)


def measured(scene: Scene) -> tuple[Finished, float]:
    """Run the job on a scene once, and idle a few times after it: the shortest of these (s)."""
    with on_stage(scene) as stage:
        run = stage.run(RUN_UNTHROTTLED)
        return (run, min(stage.run().seconds for _ in range(IDLE_RUNS)))


def of_one(name: str, run: Finished, idle: float) -> list[Figure]:
    """Return the figures of one size."""
    return [
        told(f"{name}: processor time, s", run.cpu, ".1f"),
        told("    from start to exit, s", run.seconds, ".1f"),
        told("    peak memory, MB", run.peak, ".0f"),
        told("    an idle run after it, shortest of five, s", idle),
    ]


if __name__ == "__main__":
    sys.exit(main([int(size) for size in sys.argv[1:]] or SIZES))
