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
from woo2po.messages import YES, Language, say, say_both, word
from woo2po.schedule import Job, Unschedulable, cron_line, job_of, user_units
from woo2po.screen import shown
from woo2po.status_screen import by_the_clock

WINDOWS = os.name == "nt"
NO_PROGRAM = 127  # as the shell ends
BY_US = "# woo2po schedule --install: "  # before the line in a crontab that is ours


@dataclass(frozen=True, slots=True)
class Cron:
    """The line in the user's crontab, below a mark that says whose it is."""

    job: Job
    kind = "cron"

    @property
    def text(self) -> str:
        """What is put in place, to be looked at first."""
        return f"{BY_US}{self.job.config}\n{cron_line(self.job)}"

    def in_place(self) -> str:
        """Return what is in place and at work, or "". Raises Unschedulable."""
        return next((line for line in self.parted()[1] if re.match(r"[\d*]", line)), "")

    def install(self) -> str:
        """Put it in place; return the code of what is left to do, or "". Raises Unschedulable."""
        self._write([*self.parted()[0], self.text])
        return ""

    def remove(self) -> None:
        """Take it away. Raises Unschedulable."""
        self._write(self.parted()[0])

    def parted(self) -> tuple[list[str], list[str]]:
        """Return what in the crontab is of others, and what is ours: the mark, and under it the
        line of this configuration, unless somebody took that out. Raises Unschedulable.
        """
        done = _ran("crontab", "-l")
        if done.returncode not in {0, NO_PROGRAM} and "no crontab" not in done.stderr.lower():
            raise Unschedulable("schedule_failed", call="crontab -l", said=done.stderr.strip())
        tab = "" if done.returncode else done.stdout.removesuffix("\n")
        lines, mark = tab.split("\n") if tab else [], f"{BY_US}{self.job.config}"
        at = lines.index(mark) if mark in lines else len(lines)
        words = shlex.join(["--config", str(self.job.config), "run"]).replace("%", "\\%")
        end = at + 1 + any(words in line for line in lines[at + 1 : at + 2])
        return lines[:at] + lines[end:], lines[at:end]

    def _write(self, lines: list[str]) -> None:
        _must("crontab", "-", typed="".join(f"{line}\n" for line in lines))


@dataclass(frozen=True, slots=True)
class _Systemd:
    """Two units of the user's own systemd. It does what Cron does."""

    job: Job
    kind = "systemd"

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
        return "\n".join(f"{path}\n\n{text}" for path, text in self._files.items())

    def in_place(self) -> str:
        if _ran("systemctl", "--user", "is-active", f"{self._unit}.timer").returncode:
            return ""
        try:
            return [*self._files][1].read_text("utf-8", "replace")
        except OSError:
            return self.text

    def install(self) -> str:
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
        _must("systemctl", "--user", "disable", "--now", f"{self._unit}.timer")
        for path in self._files:
            path.unlink(missing_ok=True)
        _must("systemctl", "--user", "daemon-reload")


Timer = Cron | _Systemd
_STARTS = re.compile(
    r"(?m)^(?:OnCalendar=\*:)?(\d+|\*)(?:-59)?(?:/(\d+))?(?:(?: .*sleep |:)(\d+)| )"
)


def next_start(timer: Timer, now: datetime) -> datetime:
    """Return when a timer starts the job next: as what is in place says, else as it would be."""
    found = _STARTS.search(timer.in_place()) or _STARTS.search(timer.text)
    first, step, second = found.groups() if found else ("*", None, "0")
    every = int(step or (1 if first == "*" else 60))
    hour = now.replace(minute=0, second=int(second or 0), microsecond=0)
    minutes = range(0 if first == "*" else int(first), 60, every)
    starts = (hour + timedelta(hours=n, minutes=minute) for n in range(2) for minute in minutes)
    return next(at for at in starts if at > now)


def new_timer(job: Job) -> Timer:
    """Return the timer that this machine can have. Raises Unschedulable, also beside another."""
    if theirs := _others_timer(job):
        raise Unschedulable("schedule_others", line=theirs)
    if _ran("systemctl", "--user", "show-environment").returncode == 0:
        return _Systemd(job)
    if shutil.which("crontab"):
        return Cron(job)
    raise Unschedulable("schedule_windows" if WINDOWS else "schedule_no_timer")


def timer_of(job: Job) -> Timer | None:
    """Return the timer that is in place, or None."""
    try:
        return next((one for one in (_Systemd(job), Cron(job)) if one.in_place()), None)
    except Unschedulable:
        return None


def _others_timer(job: Job) -> str:
    unit = f"woo2po@{job.folder.name}.timer"  # of `woo2po schedule systemd`
    if _ran("systemctl", "is-active", unit).returncode == 0:
        return unit
    try:
        rest, _ = Cron(job).parted()
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
    return by_the_clock(next_start(timer, now), now, zone, settings.language)


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


# -- the system's programs ------------------------------------------------------------------------


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
