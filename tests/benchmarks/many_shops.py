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
from collections.abc import Sequence
from operator import sub
from pathlib import Path

from tests.benchmarks.figures import at_least, at_most, shown, told
from tests.benchmarks.scene import RUN, Arrived, Scene, environment, on_stage

LIMIT = 10  # requests a second
ORDERS = 3


def main(shops: int) -> int:
    """Measure and print; return the exit code."""
    with on_stage(Scene(orders=ORDERS, limit=LIMIT)) as stage:
        ended = at_once([_shop(stage.config, n) for n in range(shops)], stage.config.parent)
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
    folder = config.parent / f"shop{n}"
    folder.mkdir()
    own = folder / "config.toml"
    own.write_text(config.read_text("utf-8"), "utf-8")
    own.chmod(0o600)
    return own


def at_once(configs: Sequence[Path], folder: Path) -> list[tuple[int, float]]:
    """Start a preview of each shop, all at the same moment, and wait for them.

    Return the exit code of each, and the seconds until then from the start of all.
    """
    began = time.monotonic()
    processes = {
        # The one that counts is not to be kept from its work by those that it counts.
        subprocess.Popen(
            ["nice", sys.executable, *RUN, "--config", str(config), "run", "--dry-run"],  # noqa: S607
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment(folder),
        )
        for config in configs
    }
    ended = []
    while processes:
        for process in [one for one in processes if one.poll() is not None]:
            ended.append((process.returncode, time.monotonic() - began))
            processes.remove(process)
        time.sleep(0.02)
    return ended


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 50))
