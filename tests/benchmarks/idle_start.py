"""What an idle run costs: requests, and time from process start to exit.

    python -m tests.benchmarks.idle_start [PAIRS]

Three orders are transferred; after that every run is idle. Fresh processes take turns: one that
only imports httpx and pydantic-settings, and an idle run, 25 of each or as many as are asked for.
Modules are compiled to bytecode beforehand, as they are where a package is installed. Takes about
half a minute.
"""

import statistics
import sys

from tests.benchmarks.scene import *

IMPORTS = ("-c", "import httpx, pydantic_settings")
MOST = 1.4  # times the time of the imports alone


def main(pairs: int) -> int:
    imports, idle = [], []
    with on_stage(Scene(orders=3)) as stage:
        stage.run()
        stage.run()
        stage.arrived()
        for _ in range(pairs):
            imports.append(finished(IMPORTS, stage.config.parent).seconds * 1000)
            run = stage.run()
            assert not run.said, run.said  # without a terminal it is silent
            idle.append(run.seconds * 1000)
        arrived = stage.arrived()
    without, whole = statistics.median(imports), statistics.median(idle)
    ratios = (run / bare for run, bare in zip(idle, imports, strict=True))
    lowest, _, highest = statistics.quantiles(ratios)
    figures = [
        at_most("requests to the shop, a run", arrived.shop / pairs, 1),
        at_most("requests to PowerOffice, a run", len(arrived.poweroffice) / pairs, 0),
        told("imports alone, median, ms", without, ".0f"),
        told("idle run, median, ms", whole, ".0f"),
        at_most("ratio of the medians", whole / without, MOST),
        told("ratio of the shortest", min(idle) / min(imports)),
        Figure("middle half of the ratios", f"{lowest:.2f} to {highest:.2f}"),
    ]
    return shown(f"An idle run, {pairs} pairs of fresh processes", figures)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 25))
