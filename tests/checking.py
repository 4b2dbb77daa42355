"""What the tests of `check` ask: a world that is in order, and what a check of it finds."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from world import World

from woo2po.check import Checked, check
from woo2po.check.finding import Finding, Group, Level
from woo2po.stopping import Stop

FINE = {Level.FINE, Level.TOLD}
TOKEN = "/OAuth/Token"

# What makes the sandbox's configuration invoice and post payments as well.
WHOLE: Mapping[str, Mapping[str, Any]] = {
    "invoices": {"create": True},
    "payments": {
        "register": True,
        "accounts": {"vipps": 1903, "klarna": 1904, "klarna_payments": 1904},
        "types": {"cod": "cash"},
    },
}


def checked(world: World) -> Checked:
    """Return what a check of a world finds; nothing may be written in it."""
    folder, asked, looked = world.state.parent, len(world.go.requests), len(world.shop.requests)
    (folder / "config.toml").touch(0o600)
    before = contents(world), files_in(folder)
    connections = replace(world.connections, stop=Stop(), asked=Counter())
    work = check(world.settings, folder / "config.toml", world._our_now, connections)
    found = world.in_virtual_time(work)
    assert (contents(world), files_in(folder)) == before, "something was written"
    assert {method for method, path, _ in world.go.requests[asked:] if path != TOKEN} <= {"GET"}
    assert {request.method for request in world.shop.requests[looked:]} <= {"GET", "OPTIONS"}
    return found


def contents(world: World) -> list[bytes]:
    """Return the state database, byte for byte; what SQLite only shares is not in it."""
    return [said for path, said in world._files().items() if said and path.suffix != ".db-shm"]


def findings(found: Checked) -> list[Finding]:
    """Return all findings, heading by heading."""
    return [one for listed in found.findings.values() for one in listed]


def amiss(found: Checked) -> dict[str, Level]:
    """Return what is not as it should be, by code; each says what to do about it."""
    bad = [one for one in findings(found) if one.level not in FINE]
    for one in bad:
        assert one.remedy("nb"), one.code
        assert one.remedy("en"), one.code
    return {one.code: one.level for one in bad}


def codes(found: Checked, group: Group) -> list[str]:
    """Return the codes under a heading."""
    return [one.code for one in found.findings[group]]


def line(found: Checked, code: str) -> Finding:
    """Return the finding of a code; there is one."""
    (one,) = (finding for finding in findings(found) if finding.code == code)
    return one


def seen(found: Checked) -> str:
    """Return the whole text in both languages."""
    return found.text("en", whole=True) + found.text("nb", whole=True)


def files_in(folder: Path) -> list[str]:
    """Return the names of what is in a folder, but what SQLite shares."""
    return sorted(f.name for f in folder.iterdir() if f.suffix not in {".db-shm", ".db-wal"})
