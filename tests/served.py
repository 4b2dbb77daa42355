"""Both stand-ins on loopback with a config.toml that fits them: for tests of the whole command."""

import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import example
import structlog
from click.testing import CliRunner, Result

from woo2po.cli import cli
from woo2po.demo import KEYS, sandbox_config
from woo2po.sandbox.books import Books
from woo2po.sandbox.faults import Faults
from woo2po.sandbox.go import Go
from woo2po.sandbox.serve import serve
from woo2po.sandbox.shop import ShopSite

# One that goes, one that is held (VAT of Sweden), one that was refunded before it could go.
GOES, HELD, REFUNDED = "b2c-vipps-simple", "sweden-oss", "full-refund"


@dataclass
class Served:
    """A shop and a company that answer on loopback, and the configuration for them."""

    shop: ShopSite
    go: Go
    config: Path
    go_url: str

    @property
    def state(self) -> Path:
        """Return where the state database is, or will be."""
        return self.config.parent / "woo2po.db"

    def configure(self, changes: dict[str, Any]) -> None:
        """Change keys in config.toml, each by its name ("orders.number_prefix")."""
        whole = tomllib.loads(self.config.read_text("utf-8"))
        for path, value in changes.items():
            section, _, name = path.rpartition(".")
            (whole.setdefault(section, {}) if section else whole)[name] = value
        self.config.write_text(example.document(whole), "utf-8")

    def woo2po(self, *arguments: str) -> Result:
        """Run a command in this process; a defect of ours is raised, not turned into an exit."""
        return invoked(*arguments, "--config", str(self.config))

    def process(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a command as cron does: a process of its own, without a terminal."""
        return started(*arguments, WOO2PO_CONFIG=str(self.config), **environment)

    def asked_of_go(self) -> list[str]:
        """Return method and path of what PowerOffice was asked, logging in apart."""
        asked = [f"{method} {path}" for method, path, _ in self.go.requests]
        return [one for one in asked if one != "POST /OAuth/Token"]


def invoked(*arguments: str) -> Result:
    """Run a command in this process, and leave the log as it was."""
    before = structlog.get_config()
    try:
        return CliRunner().invoke(cli, arguments, prog_name="woo2po", catch_exceptions=False)
    finally:
        structlog.configure(**before)


def started(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a process of its own, with nothing to read and no terminal."""
    return subprocess.run(
        [sys.executable, "-m", "woo2po", *arguments],
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


@contextmanager
def served(folder: Path, orders: Sequence[str] = (GOES, HELD, REFUNDED)) -> Iterator[Served]:
    """Serve a shop with these recorded orders and a company without any."""
    shop = ShopSite()
    shop.load_recorded(orders)
    names = ("application_key", "client_key", "subscription_key")
    go = Go(
        Books.standard(), Faults(requests_per_second=None), **dict(zip(names, KEYS, strict=True))
    )
    with serve(shop, go) as sites:
        config = folder / "config.toml"
        config.write_text(sandbox_config(sites.shop_url, sites.go_url, shop, "en"), "utf-8")
        config.chmod(0o600)
        both = Served(shop, go, config, sites.go_url)
        both.configure({"poweroffice.requests_per_second": 100})
        yield both
