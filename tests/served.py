"""Both stand-ins with a config.toml that fits them: for tests of the whole command.

Commands in this process reach them without a network, and waiting takes them no time; a process
of its own reaches them on loopback, where they are served from the first such process on.
"""

import os
import socket
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partialmethod
from pathlib import Path
from typing import Any
from unittest import mock

import httpx
import structlog
import virtual_time
from click.testing import CliRunner, Result

from woo2po.cli import cli
from woo2po.config import keys
from woo2po.connections import Connections
from woo2po.demo import NAMED_KEYS, sandbox_config
from woo2po.http.spacing import Spacing
from woo2po.sandbox.books import Books
from woo2po.sandbox.faults import Faults
from woo2po.sandbox.go import Go
from woo2po.sandbox.serve import serve
from woo2po.sandbox.shop import ShopSite

# One that goes, one that is held (VAT of Sweden), one that was refunded before it could go.
GOES, HELD, REFUNDED = "b2c-vipps-simple", "sweden-oss", "full-refund"


@dataclass
class Served:
    """A shop and a company that answer, and the configuration for them."""

    shop: ShopSite
    go: Go
    config: Path
    ports: tuple[int, int]  # on loopback, of the shop and of PowerOffice
    open_ends: ExitStack = field(default_factory=ExitStack)
    others: dict[str, Any] = field(default_factory=dict)  # what answers at other addresses
    on_loopback: bool = False

    @property
    def go_url(self) -> str:
        return f"http://127.0.0.1:{self.ports[1]}"

    @property
    def state(self) -> Path:
        """Return where the state database is, or will be."""
        return self.config.parent / "woo2po.db"

    def configure(self, changes: dict[str, Any]) -> None:
        whole = tomllib.loads(self.config.read_text("utf-8"))
        for path, value in changes.items():
            section, _, name = path.rpartition(".")
            (whole.setdefault(section, {}) if section else whole)[name] = value
        self.config.write_text(keys.document(whole), "utf-8")

    def woo2po(self, *arguments: str) -> Result:
        """Run a command in this process; a defect of ours is raised, not turned into an exit."""
        with self.reached_in_no_time():
            return invoked(*arguments, "--config", str(self.config))

    def process(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a command as cron does: a process of its own, without a terminal."""
        self.listen()
        said = {"WOO2PO_CONFIG": str(self.config), "WOO2PO_LOG__FORMAT": "json", **environment}
        return started(*arguments, **said)

    def listen(self) -> None:
        if not self.on_loopback:
            self.on_loopback = True
            shop, go = self.ports
            self.open_ends.enter_context(serve(self.shop, self.go, shop_port=shop, go_port=go))

    def begun(self, *arguments: str, **pipes: Any) -> "subprocess.Popen[str]":
        """Start Python as cron starts the job; with nothing named, `woo2po run`."""
        self.listen()
        pipe = subprocess.PIPE
        streams = {"stdin": subprocess.DEVNULL, "stdout": pipe, "stderr": pipe, **pipes}
        env = {**os.environ, "WOO2PO_CONFIG": str(self.config), "PYTHONIOENCODING": "utf-8"}
        words = [sys.executable, *(arguments or ("-m", "woo2po", "run"))]
        return subprocess.Popen(words, env=env, encoding="utf-8", **streams)

    def reached_in_no_time(self) -> AbstractContextManager[None]:
        """Let commands in this process reach both without a network, on a clock that jumps."""
        ours = {self.shop.url: self.shop.answer, self.go_url: self.go.answer}
        return in_no_time({**ours, **self.others})

    def asked_of_go(self) -> list[str]:
        """Return method and path of what PowerOffice was asked, logging in apart."""
        asked = [f"{method} {path}" for method, path, _ in self.go.requests]
        return [one for one in asked if one != "POST /OAuth/Token"]


@contextmanager
def in_no_time(sites: Mapping[str, Any]) -> Iterator[None]:
    """Let commands in this process reach what answers at these addresses, without waiting."""
    way = InProcess(sites)
    ways = (way, way, None, way, *(Connections.__init__.__defaults__ or ())[4:])
    with (
        mock.patch.object(Connections.__init__, "__defaults__", ways),
        mock.patch.object(Spacing, "__init__", partialmethod(_spaced, Spacing.__init__)),
        mock.patch("asyncio.run", virtual_time.run),
    ):
        yield


class InProcess(httpx.AsyncBaseTransport):
    """A way to what answers at some addresses; nobody is at any other."""

    def __init__(self, sites: Mapping[str, Any]) -> None:
        self._sites = {url.partition("//")[2]: httpx.MockTransport(a) for url, a in sites.items()}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Ask it. Raises as a real network would where there is none."""
        site = self._sites.get(request.url.netloc.decode())
        if site is None or request.url.scheme != "http":
            raise httpx.ConnectError("", request=request) from ConnectionRefusedError()
        return await site.handle_async_request(request)


def _spaced(spacing: Spacing, made: Any, rate: float, sleep: Any, *_: Any) -> None:
    """Make a spacing by the clock that jumps."""
    made(spacing, rate, sleep, virtual_time.clock)


def invoked(*arguments: str) -> Result:
    """Run a command in this process, and leave the log as it was."""
    before = structlog.get_config()
    try:
        return CliRunner().invoke(cli, arguments, prog_name="woo2po", catch_exceptions=False)
    finally:
        structlog.configure(**before)


def started(*arguments, code="", **environment):
    """Run a command (or what `code` makes of it) in a process of its own, with nothing to read
    and no terminal.
    """
    start = ("-c", code) if code else ("-m", "woo2po")
    words = [sys.executable, *start, *arguments]
    env = {**os.environ, "PYTHONIOENCODING": "utf-8", **environment}
    how = {"stdin": subprocess.DEVNULL, "encoding": env["PYTHONIOENCODING"], "timeout": 60}
    return subprocess.run(words, env=env, capture_output=True, check=False, **how)


@contextmanager
def served(folder: Path, orders: Sequence[str] = (GOES, HELD, REFUNDED)) -> Iterator[Served]:
    """Give a shop with these recorded orders and a company without any."""
    shop, faults = ShopSite(), Faults(requests_per_second=None)
    shop.load_recorded(orders)
    go = Go(Books.standard(), faults, **NAMED_KEYS)
    with _kept_port() as shop_port, _kept_port() as go_port, ExitStack() as open_ends:
        both = Served(shop, go, folder / "config.toml", (shop_port, go_port), open_ends)
        shop.url = f"http://127.0.0.1:{shop_port}"
        both.config.write_text(sandbox_config(shop.url, both.go_url, shop, "en"), "utf-8")
        both.config.chmod(0o600)
        both.configure({"poweroffice.requests_per_second": 100})
        yield both


@contextmanager
def _kept_port() -> Iterator[int]:
    """Give a free port that nobody else is given meanwhile; who listens on it is served."""
    with socket.socket() as kept:
        kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        kept.bind(("127.0.0.1", 0))
        yield kept.getsockname()[1]
