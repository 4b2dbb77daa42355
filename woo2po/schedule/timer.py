"""A timer for one shop, put in place and taken away: systemd's for the user, else cron's.

What somebody else wrote is left alone: a crontab's other lines, and timers that woo2po did not
make; where one of those starts this job already, no second one is made.

Sources: systemctl(1), systemd.time(7), loginctl(1), crontab(1).
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import click

from woo2po.config import Settings
from woo2po.messages import say, say_both
from woo2po.messages.message import YES, Language, word
from woo2po.schedule import Job, Unschedulable, cron_line, job_of, user_units
from woo2po.screen import shown
from woo2po.status_screen import by_the_clock

WINDOWS = os.name == "nt"
NO_PROGRAM = 127  # as the shell ends
BY_US = "# woo2po schedule --install: "  # before the line in a crontab that is ours


@dataclass(frozen=True, slots=True)
class Timer:
    """A job's timer. `kind`: "systemd" or "cron"."""

    job: Job
    kind: str

    @property
    def _unit(self) -> str:
        path = str(self.job.config).lower()
        name = f"woo2po-{re.sub(r'[^a-z0-9]+', '-', path).strip('-')}"
        if len(name) <= 52 and path.isascii():
            return name
        return f"{name[:43].rstrip('-')}-{sha256(path.encode()).hexdigest()[:8]}"

    @property
    def _files(self) -> dict[Path, str]:
        home = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
        units = zip(("service", "timer"), user_units(self.job), strict=True)
        return {home / "systemd/user" / f"{self._unit}.{kind}": text for kind, text in units}

    @property
    def text(self) -> str:
        """What is put in place, to be looked at first."""
        if self.kind == "cron":
            return f"{_mark(self.job)}\n{cron_line(self.job)}"
        return "\n".join(f"{path}\n\n{text}" for path, text in self._files.items())

    def is_there(self) -> bool:
        """Tell whether it is in place and at work."""
        if self.kind == "cron":
            return bool(_our_line(self.job))
        return _ran("systemctl", "--user", "is-active", f"{self._unit}.timer").returncode == 0

    def next_start(self, now: datetime) -> datetime:
        """Return when it starts the job next: the moment lies in the job's address."""
        minute, second = self.job.offset
        begun = now.replace(minute=0, second=0, microsecond=0)
        first = begun + timedelta(minutes=minute, seconds=second)
        step = timedelta(minutes=self.every())
        return next(at for n in range(122) if (at := first + n * step) > now)

    def every(self) -> int:
        """Return the minutes of the timer that is in place, which may not be those asked for."""
        if self.kind == "cron":
            field = _our_line(self.job).split()[0]
            step = re.search(r"/(\d+)$", field)
            return 1 if field == "*" else int(step[1]) if step else 60
        unit = list(self._files)[1]
        said = unit.read_text("utf-8", "replace") if unit.exists() else ""
        found = re.search(r"Description=Every (\d+)", said)
        return int(found[1]) if found else self.job.every

    def install(self) -> str:
        """Put it in place; return the code of what is still to be done, or "".

        Raises Unschedulable where that cannot be done, or somebody else's timer does it already.
        """
        if self.kind == "cron":
            _write_crontab([*_parted(self.job)[0], self.text])
            return ""
        for path, text in self._files.items():
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, "utf-8")
            except OSError as error:
                said = error.strerror or type(error).__name__
                raise Unschedulable("schedule_failed", call=str(path), said=said) from None
        _must("systemctl", "--user", "daemon-reload")
        _must("systemctl", "--user", "enable", "--now", f"{self._unit}.timer")
        lingers = _ran("loginctl", "--no-ask-password", "enable-linger").returncode == 0
        return "" if lingers else "schedule_linger"

    def remove(self) -> None:
        """Take it away. Raises Unschedulable."""
        if self.kind == "cron":
            _write_crontab(_parted(self.job)[0])
            return
        _must("systemctl", "--user", "disable", "--now", f"{self._unit}.timer")
        for path in self._files:
            path.unlink(missing_ok=True)
        _must("systemctl", "--user", "daemon-reload")


def new_timer(job: Job) -> Timer:
    """Return the timer that this machine can have. Raises Unschedulable.

    It has none, or something of somebody's own starts this job already.
    """
    if theirs := _others_timer(job):
        raise Unschedulable("schedule_others", line=theirs)
    if _ran("systemctl", "--user", "show-environment").returncode == 0:
        return Timer(job, "systemd")
    if shutil.which("crontab"):
        return Timer(job, "cron")
    raise Unschedulable("schedule_windows" if WINDOWS else "schedule_no_timer")


def timer_of(job: Job) -> Timer | None:
    """Return the timer that is in place, or None."""
    found = (Timer(job, kind) for kind in ("systemd", "cron"))
    try:
        return next((timer for timer in found if timer.is_there()), None)
    except Unschedulable:
        return None


def _others_timer(job: Job) -> str:
    unit = f"woo2po@{job.folder.name}.timer"  # of `woo2po schedule systemd`
    if _ran("systemctl", "is-active", unit).returncode == 0:
        return unit
    try:
        rest = _parted(job)[0]
    except Unschedulable:
        return ""
    named = rf"{re.escape(str(job.folder))}(/{re.escape(job.config.name)})?(?![\w./-])"
    for line in rest:
        whole = line.replace("~/", f"{Path.home()}/")
        if re.match(r"[^#].*woo2po.* run\b", whole) and re.search(named, whole):
            return line
    return ""


# -- what a person is told -------------------------------------------------------------------------


def put_in_place(job: Job, settings: Settings, now: datetime, *, yes: bool) -> str:
    """Show a timer, ask, put it in place; return what to say of it. Raises Unschedulable."""
    timer, language = new_timer(job), settings.language
    click.echo(shown(f"{timer.text}\n"))
    if not yes:
        if not sys.stdin.isatty():
            raise Unschedulable("schedule_wants_yes")
        question = say("schedule_question", language, {"n": str(job.every)})
        answer = click.prompt(shown(question), default=word("yes", language), prompt_suffix=" ")
        if str(answer).strip().casefold() not in YES:
            return say_both("schedule_not_done", language)
    return started(timer, settings, now)


def started(timer: Timer, settings: Settings, now: datetime) -> str:
    """Put a timer in place; return what to say of it. Raises Unschedulable."""
    before = timer_of(timer.job)
    if before and before.kind != timer.kind:
        before.remove()
    left, language = timer.install(), settings.language
    done = f"✓ {say_both('schedule_done', language, {'when': _next(timer, settings, now)})}"
    return f"{done}\n! {say_both(left, language, {'user': timer.job.user})}" if left else done


def _next(timer: Timer, settings: Settings, now: datetime) -> str:
    zone = settings.woocommerce.timezone
    return by_the_clock(timer.next_start(now), now, zone, settings.language)


def take_away(job: Job, language: Language) -> str:
    """Take away the timer that was put in place; return what to say. Raises Unschedulable."""
    timer = timer_of(job)
    if timer is None:
        return say("schedule_none", language)
    timer.remove()
    return f"✓ {say('schedule_removed', language)}"


def timer_said(config: Path, settings: Settings, now: datetime) -> str:
    """Return by what and when the job starts next, or "" where no timer of ours is in place."""
    try:
        timer = timer_of(job_of(config, settings, 5))
    except Unschedulable:
        return ""
    facts = timer and {"kind": timer.kind, "when": _next(timer, settings, now)}
    return say("status_timer", settings.language, facts) if facts else ""


# -- cron ------------------------------------------------------------------------------------------


def _mark(job: Job) -> str:
    return f"{BY_US}{job.config}"


def _crontab() -> list[str]:
    """Return the user's crontab, line by line. Raises Unschedulable where it cannot be read."""
    done = _ran("crontab", "-l")
    if done.returncode not in {0, NO_PROGRAM} and "no crontab" not in done.stderr.lower():
        raise Unschedulable("schedule_failed", call="crontab -l", said=done.stderr.strip())
    return [] if done.returncode or not done.stdout else done.stdout.removesuffix("\n").split("\n")


def _parted(job: Job) -> tuple[list[str], list[str]]:
    """Return what in the crontab is of others, and what is ours: the mark, and under it the line of
    this configuration, unless somebody took that out.
    """
    lines, mark = _crontab(), _mark(job)
    at = lines.index(mark) if mark in lines else len(lines)
    words = shlex.join(["--config", str(job.config), "run"]).replace("%", "\\%")
    end = at + 1 + any(words in line for line in lines[at + 1 : at + 2])
    return lines[:at] + lines[end:], lines[at:end]


def _our_line(job: Job) -> str:
    return next((line for line in _parted(job)[1] if re.match(r"[\d*]", line)), "")


def _write_crontab(lines: list[str]) -> None:
    _must("crontab", "-", typed="".join(f"{line}\n" for line in lines))


def _ran(*words: str, typed: str = "") -> "subprocess.CompletedProcess[str]":
    """Run a program of the system; one that is not there ends with NO_PROGRAM.

    What others wrote comes through as it is, whatever letters and ends of lines it has.
    """
    given = typed.encode("utf-8", "surrogateescape")
    try:
        done = subprocess.run(words, input=given, capture_output=True, check=False, timeout=30)  # noqa: S603 (words of ours)
    except (OSError, subprocess.TimeoutExpired):
        return subprocess.CompletedProcess(words, NO_PROGRAM, "", "")
    said, told = (one.decode("utf-8", "surrogateescape") for one in (done.stdout, done.stderr))
    return subprocess.CompletedProcess(words, done.returncode, said, told)


def _must(*words: str, typed: str = "") -> None:
    done = _ran(*words, typed=typed)
    if done.returncode:
        raise Unschedulable("schedule_failed", call=" ".join(words), said=done.stderr.strip())
