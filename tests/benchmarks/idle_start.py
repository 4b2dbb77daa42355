"""What an idle run costs: requests, and time from process start to exit.

    python -m tests.benchmarks.idle_start [PAIRS]

Three orders are transferred; after that every run is idle. Fresh processes take turns: one that
only imports httpx and pydantic-settings, and an idle run, 25 of each or as many as are asked for.
Modules are compiled to bytecode beforehand, as they are where a package is installed. The goal is
for the ratio of the medians; that of the shortest times is told beside it. Takes about half
a minute.
"""

import statistics
import sys

from tests.benchmarks.figures import Figure, at_most, shown, told
from tests.benchmarks.scene import Scene, Stage, finished, on_stage

IMPORTS = ("-c", "import httpx, pydantic_settings")
MOST = 1.4  # times the time of the imports alone


def main(pairs: int) -> int:
    """Measure and print; return the exit code."""
    with on_stage(Scene(orders=3)) as stage:
        stage.run()
        stage.run()
        stage.arrived()
        imports, idle = timed(stage, pairs)
        arrived = stage.arrived()
    figures = [
        at_most("requests to the shop, a run", arrived.shop / pairs, 1, ".2f"),
        at_most("requests to PowerOffice, a run", len(arrived.poweroffice) / pairs, 0, ".2f"),
        told("imports alone, median, ms", statistics.median(imports), ".0f"),
        told("idle run, median, ms", statistics.median(idle), ".0f"),
        at_most("ratio of the medians", statistics.median(idle) / statistics.median(imports), MOST),
        told("imports alone, shortest, ms", min(imports), ".0f"),
        told("idle run, shortest, ms", min(idle), ".0f"),
        told("ratio of the shortest", min(idle) / min(imports)),
        spread(imports, idle),
    ]
    return shown(f"An idle run, {pairs} pairs of fresh processes", figures)


def timed(stage: Stage, pairs: int) -> tuple[list[float], list[float]]:
    """Return the times of the imports alone and of idle runs, in ms, pair by pair."""
    imports, idle = [], []
    for _ in range(pairs):
        imports.append(finished(IMPORTS, stage.config.parent).seconds * 1000)
        run = stage.run()
        assert not run.said, run.said  # without a terminal it is silent
        idle.append(run.seconds * 1000)
    return imports, idle


def spread(imports: list[float], idle: list[float]) -> Figure:
    """Return the middle half of the ratios pair by pair: how noisy the machine is."""
    ratios = statistics.quantiles(i / b for i, b in zip(idle, imports, strict=True))
    return Figure("middle half of the ratios", f"{ratios[0]:.2f} to {ratios[2]:.2f}")


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 25))
