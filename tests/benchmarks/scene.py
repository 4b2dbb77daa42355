"""A shop and a company in a process of their own, runs of the installed command against them, and
the table of figures that each benchmark ends with.

The sandbox is apart so that neither its memory nor its processor time counts as the job's, and
the job runs as cron would start it: a fresh process, a config.toml, real sockets on loopback.
Needs a POSIX system (`os.wait4` tells what one process used).
"""

import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Literal, NamedTuple

from tabulate import tabulate

RUN = ("-m", "woo2po")
# The command, but as fast as the other side answers: to measure the job and not its throttle.
RUN_UNTHROTTLED = (
    "-c",
    "import woo2po.http.spacing as s; s.MARGIN = 0; from woo2po.cli import main; main()",
)
Filters = Literal["2025", "2026"]


@dataclass(frozen=True, slots=True)
class Scene:
    """What stands in both systems before the first run, and how PowerOffice answers.

    `latency` in seconds; `limit` in requests a second, None for none; `filters` is the year of
    the description whose look-up filters exist. `careless`: the stand-in leaves out those checks
    that take it longer with every order and customer that it holds.
    """

    orders: int = 0
    filters: Filters = "2026"
    latency: float = 0.0
    limit: int | None = None
    customers: int = 0
    products: int = 0
    careless: bool = False


@dataclass(frozen=True, slots=True)
class Arrived:
    """What has arrived so far: the shop's requests, and PowerOffice's with their moments (s)."""

    shop: int
    poweroffice: list[tuple[float, str]]
    busiest_second: int

    @property
    def seconds(self) -> float:
        """The time from the first request to PowerOffice to the last one."""
        return self.poweroffice[-1][0] - self.poweroffice[0][0]


@dataclass(frozen=True, slots=True)
class Finished:
    """A run that has ended: wall-clock and processor seconds, peak memory in MB."""

    seconds: float
    cpu: float
    peak: float
    said: str


class Stage:
    """The sandbox in its process; `config` is a configuration that fits it."""

    def __init__(self, pipe: "Connection[Any, Any]", config: Path) -> None:
        self._pipe = pipe
        self.config = config

    def arrived(self) -> Arrived:
        """Return what has arrived since the last time that this was asked."""
        self._pipe.send(("arrived", 0))
        arrived: Arrived = self._pipe.recv()
        return arrived

    def more_orders(self, count: int) -> None:
        """Put new orders into the shop, of the customers of the first ones again."""
        self._pipe.send(("orders", count))
        self._pipe.recv()

    def run(self, how: Sequence[str] = RUN) -> Finished:
        """Run the job to its end in a fresh process. Raises AssertionError unless it exits 0."""
        return finished([*how, "--config", str(self.config), "run"], self.config.parent)


@contextmanager
def on_stage(scene: Scene) -> Iterator[Stage]:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, scene), daemon=True)
    process.start()
    theirs.close()
    try:
        with tempfile.TemporaryDirectory() as folder:
            config = Path(folder) / "config.toml"
            config.write_text(ours.recv(), "utf-8")
            config.chmod(0o600)
            yield Stage(ours, config)
    finally:
        ours.close()
        process.join(10)


def finished(arguments: Sequence[str], folder: Path) -> Finished:
    """Run Python with these arguments to its end; what it logs goes to a file in the folder."""
    log = folder / "log.txt"
    began = time.perf_counter()
    with log.open("w") as err, (folder / "said.txt").open("w") as out:
        process = subprocess.Popen(
            [sys.executable, *arguments], stdout=out, stderr=err, env=environment(folder)
        )
        _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    said = (folder / "said.txt").read_text()
    assert process.returncode == 0, f"{process.returncode}: {said}\n{log.read_text()[-2000:]}"
    unit = 1 if sys.platform == "darwin" else 1024
    return Finished(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss * unit / 1e6, said)


def environment(folder: Path) -> dict[str, str]:
    """Return an environment without settings of ours, in which bytecode is kept as usual, and
    what the job keeps for all processes of the user is kept in the folder.
    """
    unwanted = ("WOO2PO_", "PYTHONDONTWRITEBYTECODE")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(unwanted)}
    return kept | {"HOME": str(folder)}


def _serve(pipe: "Connection[Any, Any]", scene: Scene) -> None:
    # Imported in the new process only: a run begins its peak memory at that of who starts it.
    from tests.benchmarks.sandbox_process import serve_scene  # noqa: PLC0415

    serve_scene(pipe, scene)


class Figure(NamedTuple):
    """A row of the table that a benchmark ends with; without a goal it is only told."""

    name: str
    value: str
    goal: str = ""
    reached: str = ""


def at_least(name: str, value: float, goal: float, form: str = ".2f") -> Figure:
    return Figure(name, f"{value:{form}}", f">= {goal:{form}}", "yes" if value >= goal else "NO")


def at_most(name: str, value: float, goal: float, form: str = ".2f") -> Figure:
    return Figure(name, f"{value:{form}}", f"<= {goal:{form}}", "yes" if value <= goal else "NO")


def told(name: str, value: float, form: str = ".2f") -> Figure:
    return Figure(name, f"{value:{form}}")


def shown(title: str, figures: Sequence[Figure]) -> int:
    """Print the table; return the exit code: 1 where a goal is missed."""
    heads, sides = ["", "measured", "goal", "reached"], ["left", "right", "right", "left"]
    table = tabulate(
        figures, heads, "plain", colalign=sides, disable_numparse=True, preserve_whitespace=True
    )
    sys.stdout.write(f"\n{title}\n{table}\n")
    return int(any(figure.reached == "NO" for figure in figures))
