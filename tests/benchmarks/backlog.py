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

from tests.benchmarks.scene import *

SIZES = (5_000, 10_000, 20_000)
MOST_MEMORY = 120.0  # MB
IDLE_RUNS = 5
LINEAR = 1.25  # times the time an order of the smallest size takes; the machine is never quiet


def main(sizes: Sequence[int]) -> int:
    most, figures, found = max(sizes), [], {}
    scenes = {f"{size:,} orders": Scene(orders=size, careless=True) for size in sizes}
    scenes["the same with look-up filters of 2025"] = Scene(most, "2025", careless=True)
    for name, scene in scenes.items():
        run, idle = measured(scene)
        found.setdefault(scene.orders, run)
        figures += [
            told(f"{name}: processor time, s", run.cpu, ".1f"),
            told("    from start to exit, s", run.seconds, ".1f"),
            told("    an idle run after it, shortest of five, s", idle),
            at_most("    peak memory, MB", run.peak, MOST_MEMORY, ".0f"),
        ]
    smallest, largest = (found[size].cpu / size for size in (min(sizes), most))
    figures.append(at_most("time an order, largest to smallest", largest / smallest, LINEAR))
    return shown("A backlog of orders of new customers", figures)


def measured(scene: Scene) -> tuple[Finished, float]:
    """Run the job on a scene once, and idle a few times after it: the shortest of these (s)."""
    with on_stage(scene) as stage:
        run = stage.run(RUN_UNTHROTTLED)
        return (run, min(stage.run().seconds for _ in range(IDLE_RUNS)))


if __name__ == "__main__":
    sys.exit(main([int(size) for size in sys.argv[1:]] or SIZES))
