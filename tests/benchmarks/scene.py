"""A shop and a company with what a benchmark asks for, runs of the installed command against them,
and the table of figures that each benchmark ends with.

The job runs as cron would start it: a fresh process, a config.toml, real sockets on loopback.
Needs a POSIX system (`os.wait4` tells what one process used).
"""

import copy
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal, NamedTuple
from unittest import mock

from served import Served, served
from tabulate import tabulate

from woo2po.sandbox.records import Address, Customer, Record
from woo2po.sandbox.shop_orders import recorded

RUN = ("-m", "woo2po")
# The command, but as fast as the other side answers: to measure the job and not its throttle.
RUN_UNTHROTTLED = (
    "-c",
    "import woo2po.http.spacing as s; s.MARGIN = 0; from woo2po.cli import main; main()",
)
# Who starts a process lends it its peak memory: a small one starts the job, and tells what it used.
STARTER = """
import json, os, sys, time
began, words = time.perf_counter(), [sys.executable, *sys.argv[1:]]
_, status, used = os.wait4(os.posix_spawn(sys.executable, words, os.environ), 0)
peak = used.ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6
told = [time.perf_counter() - began, used.ru_utime + used.ru_stime, peak]
open("used.json", "w").write(json.dumps(told))
sys.exit(os.waitstatus_to_exitcode(status))
"""
# Delivered to the billing address, paid, every line in the catalogue or on a fallback product.
ORDINARY = ("b2c-vipps-simple", "b2c-two-vat-rates", "coupon-percent", "shipping-of-mixed-cart")
FIRST_ID = 100_000
# Is a reference, an address's code, a number free: each looks through all that there is.
SLOW_CHECKS = ((Record, "require_free"), (Address, "check"))
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


class Finished(NamedTuple):
    """A process that has ended: wall-clock and processor seconds, peak memory in MB."""

    seconds: float
    cpu: float
    peak: float
    said: str


class Stage:
    """Both systems and a configuration that fits them; `moments` are those of requests (s)."""

    def __init__(self, both: Served) -> None:
        self.both, self.config = both, both.config
        self.moments: list[tuple[float, str]] = []
        both.go.faults.before_hooks.append(
            lambda method, path: self.moments.append((time.monotonic(), f"{method} {path}"))
        )

    def forget(self) -> None:
        """Count requests from now on."""
        self.both.shop.requests.clear()
        self.moments.clear()
        self.both.go.busiest_second = 0

    def more_orders(self, count: int, changed: datetime | None = None) -> None:
        """Put new orders into the shop, each of its own customer, of the first ones again."""
        originals, orders = [recorded(name)["order"] for name in ORDINARY], self.both.shop.orders
        first = FIRST_ID + len(orders)
        moment = (changed or datetime.now(UTC)).strftime("%Y-%m-%dT%H:%M:%S")
        for n in range(count):
            order, new = copy.deepcopy(originals[n % len(originals)]), first + n
            order |= {"id": new, "number": str(new), "order_key": f"wc_order_{new}"}
            order |= {"date_modified_gmt": moment, "date_modified": moment}
            person = {"email": f"kunde.nummer{n}@example.no", "last_name": f"Nordmann {n}"}
            order["billing"] |= person
            order["shipping"] |= {"last_name": person["last_name"]}
            orders[new] = order

    def run(self, how: Sequence[str] = RUN, *words: str) -> Finished:
        """Run a command (`run`) in a fresh process. Raises AssertionError unless it exits 0."""
        config = ("--config", str(self.config))
        return finished([*how, *config, *(words or ("run",))], self.config.parent)


def _is_free(*_: object) -> None:
    """Say so of whatever it is."""


@contextmanager
def on_stage(scene: Scene) -> Iterator[Stage]:
    """Serve a scene while the context is open."""
    with ExitStack() as stack:
        for holder, name in SLOW_CHECKS if scene.careless else ():
            stack.enter_context(mock.patch.object(holder, name, _is_free))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        both = stack.enter_context(served(folder, []))
        both.configure({"poweroffice.requests_per_second": scene.limit or 100})
        stage, books, faults = Stage(both), both.go.books, both.go.faults
        # Changed two days ago: a second poll, whatever its overlap, does not list them again.
        stage.more_orders(scene.orders, datetime.now(UTC) - timedelta(days=2))
        for n in range(scene.customers):
            name = {"first_name": "Ola", "last_name": f"Hansen {n}", "is_person": True}
            Customer.made(books, {**name, "email_address": f"ola.hansen{n}@example.no"})
        for n in range(scene.products):
            product = copy.copy(books.product("GEN-001"))
            product.id, product.code = books.number("product"), f"VARE-{n:05}"
            books.products[product.id] = product
        faults.spec, faults.latency = scene.filters, scene.latency
        faults.requests_per_second = scene.limit
        both.listen()
        yield stage


def finished(arguments: Sequence[str], folder: Path) -> Finished:
    """Run Python with these arguments to its end, in an environment without settings of ours;
    what it logs, and what the job keeps for all processes of the user, goes to the folder.
    """
    unwanted = ("WOO2PO_", "PYTHONDONTWRITEBYTECODE")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(unwanted)}
    kept |= {"HOME": str(folder), "PYTHONPATH": str(Path(__file__).parents[2])}
    words, log = [sys.executable, "-c", STARTER, *arguments], folder / "log.txt"
    with log.open("w") as err, (folder / "said.txt").open("w") as out:
        code = subprocess.call(words, stdout=out, stderr=err, env=kept, cwd=folder)
    said = (folder / "said.txt").read_text("utf-8")
    assert code == 0, f"{code}: {said}\n{log.read_text('utf-8')[-2000:]}"
    return Finished(*json.loads((folder / "used.json").read_text()), said)


class Figure(NamedTuple):
    """A row of the table that a benchmark ends with; without a goal it is only told."""

    name: str
    value: str
    goal: str = ""
    reached: str = ""


def at_least(name: str, value: float, goal: float, form: str = ".2f") -> Figure:
    """Return a figure that must not be lower than its goal."""
    return Figure(name, f"{value:{form}}", f">= {goal:{form}}", "yes" if value >= goal else "NO")


def at_most(name: str, value: float, goal: float, form: str = ".2f") -> Figure:
    """Return a figure that must not be higher than its goal."""
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
