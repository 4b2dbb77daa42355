"""Judging the configuration's files, the state database, the clocks and the time zone."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from woo2po.check.finding import Finding, Level, fine, listed, told, warning, wrong
from woo2po.check.machine import Machine, StateSeen
from woo2po.settings import Problem, Settings

LITTLE_SPACE = 200_000_000  # bytes: a state database of 100,000 orders takes half of it
FAR_OFF = timedelta(minutes=2)

# What a run would meet, as `check` says it, and how much that weighs.
_STATE_ERRORS = {
    "state_locked": ("check_state_locked", Level.UNREACHABLE),
    "disk_full": ("check_disk_full", Level.UNREACHABLE),
    "state_read_only": ("check_state_read_only", Level.WRONG),
    "state_cannot_open": ("check_state_cannot_open", Level.WRONG),
    "state_cannot_lock": ("check_state_cannot_lock", Level.WRONG),
    "state_corrupt": ("check_state_corrupt", Level.WRONG),
    "state_newer": ("check_state_newer", Level.WRONG),
}


def not_loaded(path: Path, problems: Iterable[Problem]) -> list[Finding]:
    """Return what is wrong with a configuration that cannot be used; none: there is no file."""
    found = [
        wrong(
            "check_wrong_key",
            key=problem.key,
            value=f" = {problem.value}" if problem.value else "",
            expected=problem.expected,
            path=path,
        )
        for problem in problems
    ]
    return found or [wrong("no_config", path=path)]


def judge_machine(machine: Machine, settings: Settings) -> Iterator[Finding]:
    """Yield what there is to say of the files, the state database and its disk."""
    yield fine("check_config_read", path=machine.config.resolve())
    for file in machine.exposed:
        yield warning("config_readable", path=file)
    if machine.not_needed:
        yield told("check_not_needed", keys=listed(machine.not_needed))
    if machine.secrets_from_files:
        yield fine("check_secrets_in_files", keys=listed(machine.secrets_from_files))
    if machine.overriding:
        yield told("check_environment_outweighs", names=listed(machine.overriding))
    yield from _state(machine.state, settings)
    if machine.free is not None and machine.free < LITTLE_SPACE:
        yield warning("check_little_space", path=machine.state.path.parent, mb=_mb(machine.free))


def _mb(size: int) -> str:
    return str(size // 1_000_000)


def _state(state: StateSeen, settings: Settings) -> Iterator[Finding]:
    if state.error is not None:
        code, level = _STATE_ERRORS[state.error.code]
        yield Finding(code, level, {"said": "", **state.error.facts})
        return
    if not state.exists:
        yield fine("check_state_new", path=state.path)
        return
    shop = settings.woocommerce.url.split("://")[1].lower()
    now = {"shop": shop, "environment": settings.poweroffice.environment}
    others = [name for name, value in now.items() if state.bound.get(name, value) != value]
    for name in others:
        facts = {"path": str(state.path), "was": state.bound[name], "now": now[name]}
        moved = name == "shop"
        yield wrong("check_state_of_another_shop" if moved else "check_state_of_another", **facts)
    if not others:
        yield fine("check_state_there", path=state.path, n=state.orders)
    if state.running:
        yield told("check_run_under_way")


def judge_company(state: StateSeen, client_id: str) -> Iterator[Finding]:
    """Yield the finding of a state database that is another company's."""
    bound = state.bound.get("company", client_id)
    if bound != client_id:
        yield wrong("check_state_of_another", path=state.path, was=bound, now=client_id)


def judge_clocks(off: Mapping[str, timedelta | None]) -> Iterator[Finding]:
    """Yield how far this machine's clock is ahead of each system's own (below 0: behind)."""
    known = {system: ahead for system, ahead in off.items() if ahead is not None}
    far = {system: ahead for system, ahead in known.items() if abs(ahead) > FAR_OFF}
    for system, ahead in far.items():
        code = "check_clock_shop" if system == "shop" else "check_clock_poweroffice"
        yield warning(code, off=_duration(ahead))
    if known and not far:
        worst = max(abs(ahead) for ahead in known.values())
        yield fine("check_clock_right", off=f"{worst.total_seconds():.0f}")


def _duration(ahead: timedelta) -> str:
    """Return a difference as +H:MM:SS or -H:MM:SS."""
    seconds = round(abs(ahead).total_seconds())
    sign = "-" if ahead < timedelta(0) else "+"
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def judge_zone(settings: Settings, shops: str, now: datetime) -> Iterator[Finding]:
    """Yield whether the time zone is the shop's own ("" where it does not say)."""
    ours = settings.woocommerce.timezone
    if shops and not _same_time(ours, shops, now):
        yield warning("check_zone_differs", ours=ours, shops=shops)
    elif shops:
        yield fine("check_zone_same", zone=ours)


def _same_time(one: str, other: str, now: datetime) -> bool:
    """Tell whether two zones show the same time, now and in half a year."""
    if one == other:
        return True
    moments = (now, now + timedelta(days=182))
    try:
        zones = ZoneInfo(one), ZoneInfo(other)
    except (ZoneInfoNotFoundError, ValueError):
        return False
    return all(len({m.astimezone(zone).utcoffset() for zone in zones}) == 1 for m in moments)
