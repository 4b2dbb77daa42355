"""Fifty shops at the same moment on one subscription key: real processes, real time, real limit.

    python -m tests.benchmarks.many_shops [SHOPS]

Each is a `run --dry-run` of 3 orders with a folder and a state of its own, all started at once
against one stand-in that refuses the eleventh request within a second with 429. Nothing is
configured: they find one another. Takes a minute and a half, most of it in starting so many
processes on a small machine.
"""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from operator import sub
from pathlib import Path

from tests.benchmarks.scene import *

LIMIT = 10  # requests a second
ORDERS = 3


def main(shops: int) -> int:
    """Measure and print; return the exit code."""
    with on_stage(Scene(orders=ORDERS, limit=LIMIT)) as stage, ThreadPoolExecutor(shops) as pool:
        ended = [*pool.map(previewed, [_shop(stage.config, n) for n in range(shops)])]
        arrived = stage.arrived()
    times = [moment for moment, _ in arrived.poweroffice]
    late = sorted(seconds for _, seconds in ended)
    figures = [
        at_most("processes that did not end with 0", sum(code != 0 for code, _ in ended), 0, ".0f"),
        at_most("busiest second (more were refused)", arrived.busiest_second, LIMIT, ".0f"),
        at_least("requests a second, while all were there", _rate(arrived), 8.0),
        told("requests to PowerOffice", len(times), ".0f"),
        told("shortest time for eleven (s)", min(map(sub, times[LIMIT:], times))),
        told("first shop at its end (s)", late[0], ".1f"),
        told("last shop at its end (s)", late[-1], ".1f"),
    ]
    return shown(f"{shops} shops at once, {ORDERS} orders each", figures)


def _rate(arrived: Arrived) -> float:
    """Return the rate in the middle half: nobody starts or ends any more, or not yet."""
    times = [moment for moment, _ in arrived.poweroffice]
    middle = times[len(times) // 4 : -(len(times) // 4)]
    return (len(middle) - 1) / (middle[-1] - middle[0])


def _shop(config: Path, n: int) -> Path:
    own = config.parent / f"shop{n}" / "config.toml"
    own.parent.mkdir()
    own.write_text(config.read_text("utf-8"), "utf-8")
    own.chmod(0o600)
    return own


def previewed(config: Path) -> tuple[int, float]:
    """Preview a shop; return the exit code, and the seconds until then."""
    began = time.monotonic()
    # The sandbox, which counts, is not to be kept from its work by those that it counts.
    words = ["nice", sys.executable, *RUN, "--config", str(config), "run", "--dry-run"]
    done = subprocess.run(
        words, capture_output=True, env=environment(config.parent.parent), check=False
    )
    return done.returncode, time.monotonic() - began


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 50))
