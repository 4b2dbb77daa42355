"""What starts the job every few minutes, filled in for one shop: text to save, or to pipe on; and a
timer put in place and taken away: systemd's for the user, else cron's.

The samples are files beside this one, in English as all files of other programs; "@@name" in them
is the shop's own. What is filled in is quoted as its place wants it, so that no path and no
address is ever more than a word there. None holds a secret's value.

What somebody else wrote is left alone: a crontab's other lines, and timers that woo2po did not
make; where one of those starts this job already, no second one is made.

Sources: crontab(5), (1); systemd.unit(5), .service(5), .exec(5), .timer(5), .time(7); systemctl(1);
loginctl(1); the ScheduledTasks module of Windows PowerShell.
"""

import getpass
import hashlib
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import takewhile
from pathlib import Path, PurePath
from string import Template

from woo2po.config import Settings
from woo2po.holds import InTheWay
from woo2po.http.spacing import user_folder
from woo2po.logs import named
from woo2po.messages import say, say_both
from woo2po.status import by_the_clock

WINDOWS = os.name == "nt"
NO_PROGRAM = 127  # as the shell ends
BY_US = "# woo2po schedule --install: "  # before the line in a crontab that is ours


@dataclass(frozen=True, slots=True)
class Job:
    """A shop's job. Paths are absolute; `every` is in minutes, a whole part of an hour.

    `program` are the words that start woo2po; `allowance` is the folder in which the processes of
    this machine meet, None where there is none.
    """

    program: tuple[str, ...]
    config: PurePath
    state: PurePath
    allowance: PurePath | None
    url: str
    user: str
    every: int = 5
    fetches: bool = False  # providers' payouts, once a day

    @property
    def folder(self) -> PurePath:
        """The shop's folder."""
        return self.config.parent

    @property
    def command(self) -> list[str]:
        """The words of one run."""
        return [*self.program, "--config", str(self.config), "run"]

    @property
    def fetch(self) -> list[str]:
        """The words that fetch payouts."""
        return [*self.command[:-1], "payouts", "--fetch"]

    @property
    def offset(self) -> tuple[int, int]:
        """Minute and second within the period: another one for each shop, and always the same."""
        number = int.from_bytes(hashlib.sha256(self.url.encode()).digest()[:8], "big")
        return divmod(number % (self.every * 60), 60)

    @property
    def minutes(self) -> str:
        """Cron's field for the minutes of each hour in which it starts."""
        first, _ = self.offset
        return str(first) if self.every == 60 else f"{first}-59/{self.every}"


def job_of(config: Path, settings: Settings, every: int) -> Job:
    """Return the job of the shop with this configuration, started as this program was.

    A folder that is a link keeps its name, since it is often changed to lead elsewhere, unless
    there is a ".." in the path, which systemd refuses. Raises InTheWay for another path.
    """
    path = config.absolute()
    name = "woo2po.exe" if os.name == "nt" else "woo2po"
    beside = Path(sys.executable).absolute().with_name(name)
    allowance: Path | None = None
    with suppress(RuntimeError):
        allowance = user_folder()
    job = Job(
        program=(str(beside),) if beside.exists() else (sys.executable, "-m", "woo2po"),
        config=path.parent.resolve() / path.name if ".." in path.parts else path,
        state=Path(settings.state.path),
        allowance=allowance,
        url=settings.woocommerce.url,
        user=_user(),
        every=every,
        fetches=bool(settings.payouts.asked),
    )
    for place in map(str, (*job.program, job.config, job.state, job.allowance or "")):
        if not place.isprintable():
            raise InTheWay("schedule_path", path=place)
    return job


def _user() -> str:
    """Return the user whose process this is: with `su` the environment may name another."""
    if os.name != "posix":
        return getpass.getuser()
    import pwd  # noqa: PLC0415 (POSIX has it)

    with suppress(KeyError):  # in a container nobody may have a name
        return pwd.getpwuid(os.getuid()).pw_name
    return str(os.getuid())


class _Sample(Template):
    delimiter = "@@"  # "$", "%" and "@" belong to the samples


def _filled(sample: str, job: Job, **values: object) -> str:
    text = Path(__file__).with_name(sample).read_text("utf-8")
    text, _, daily = text.partition("# -- daily --\n")
    whole = f"{text}{daily if job.fetches else ''}"
    return _Sample(whole).substitute(values, url=job.url, every=job.every)


# -- cron, systemd, Windows ------------------------------------------------------------------------


def cron_lines(job: Job) -> list[str]:
    """Return the line of the job, whose log goes into the shop's folder; cron mails what is new.

    Where payouts are fetched, one more does that daily, and is silent on a good day.
    """
    (minute, second), run = job.offset, shlex.join(job.command)
    lines = {f"{job.minutes} * * * *  sleep {second}; ": f"{run} --log-file woo2po.log"}
    if job.fetches:
        fetch = f"{shlex.join(job.fetch)} > payouts.txt 2>&1 || cat payouts.txt"
        lines[f"{minute} 7 * * *  "] = f"{{ {fetch}; }}"
    folder = shlex.quote(str(job.folder))
    whole = (f"{start}cd {folder} && {call}" for start, call in lines.items())
    return [line.replace("%", "\\%") for line in whole]  # a bare one ends it, inside quotes too


def units(job: Job) -> str:
    """Return a script that installs a template unit for all shops of a folder, %i, and its timer.

    Raises InTheWay for a shop's folder whose name is no instance's.
    """
    shop, base = job.folder.name, job.folder.parent
    if not re.fullmatch(r"[A-Za-z0-9:_.][A-Za-z0-9:_.-]*", shop):
        raise InTheWay("schedule_folder", name=shop)
    folder = _literal(str(base).rstrip("/")) + "/%i"
    config = f"{folder}/{_literal(job.config.name)}"
    writable, prepare = [folder], ""
    if job.folder not in job.state.parents:
        writable.append(_literal(str(job.state.parent)))
    if job.allowance is not None:  # it may be missing
        writable.append("-" + _literal(str(job.allowance)))
        user, shared = shlex.quote(job.user), shlex.quote(str(job.allowance))
        prepare = f"runuser -u {user} -- mkdir -p {shared}\n"
    return _filled(
        "systemd.sh", job, base=base, config_name=job.config.name, prepare=prepare, user=job.user,
        folder=folder, run=_command([*map(_literal, job.program), "--config", config, "run"]),
        writable="\n".join(f"ReadWritePaths={_word(path)}" for path in writable),
        calendar="hourly" if job.every == 60 else f"*:0/{job.every}",
        instance=shlex.quote(f"woo2po@{shop}.timer"),
        payouts=shlex.quote(f"woo2po-payouts@{shop}.timer"),
    )  # fmt: skip


def _command(words: Iterable[str]) -> str:
    """Return a command as systemd reads it; "$" is doubled in one, and nowhere else."""
    return " ".join(_word(word.replace("$", "$$")) for word in words)


def _literal(path: str) -> str:
    return path.replace("%", "%%")


def _word(word: str) -> str:
    if re.fullmatch(r"[\w/.:@%+=,-]+", word):
        return word
    escaped = word.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def task(job: Job) -> str:
    """Return PowerShell that registers a task of the Task Scheduler."""
    program, *arguments = job.command
    minute, second = job.offset
    name, fetch = job.folder.name, subprocess.list2cmdline(job.fetch[1:])
    texts = {"program": program, "arguments": subprocess.list2cmdline(arguments), "fetch": fetch,
             "folder": str(job.folder), "name": name, "payouts": f"{name} payouts",
             "user": job.user}  # fmt: skip
    quoted = {name: _powershell(text) for name, text in texts.items()}
    return _filled("windows.ps1", job, minute=minute, second=second, **quoted)


def _powershell(text: str) -> str:
    """Return an expression of PowerShell for a text, in signs that every encoding has."""
    doubled = text.replace("'", "''")
    if text.isascii():
        return f"'{doubled}'"
    parts = [part for part in re.split(r"([^ -~])", doubled) if part]
    signs = [f"'{part}'" if part.isascii() else f"[char]0x{ord(part):X}" for part in parts]
    return f"({' + '.join([chr(39) * 2, *signs])})"  # text first: signs alone would be added up


# -- a timer in place ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cron:
    """The lines in the user's crontab, below a mark that says whose they are."""

    job: Job
    kind = "cron"

    @property
    def text(self) -> str:
        """What is put in place, to be looked at first, or by hand."""
        return "\n".join([f"{BY_US}{self.job.config}", *cron_lines(self.job)])

    def in_place(self) -> str:
        """Return what is in place and at work, or "". Raises InTheWay."""
        return next((line for line in self.parted()[1] if re.match(r"[\d*]", line)), "")

    def install(self) -> str:
        """Put it in place; return the code of what is left to do, or "". Raises InTheWay."""
        self._write([*self.parted()[0], self.text])
        return ""

    def remove(self) -> None:
        """Take it away. Raises InTheWay."""
        self._write(self.parted()[0])

    def parted(self) -> tuple[list[str], list[str]]:
        """Return what in the crontab is of others, and what is ours: the mark, and under it the
        lines of this configuration, unless somebody took them out. Raises InTheWay.
        """
        done = _ran("crontab", "-l")
        if done.returncode and "no crontab" not in done.stderr.lower():  # nobody's is written over
            raise InTheWay("schedule_failed", call="crontab -l", said=done.stderr.strip())
        tab = "" if done.returncode else done.stdout.removesuffix("\n")
        lines, mark = tab.split("\n") if tab else [], f"{BY_US}{self.job.config}"
        at = lines.index(mark) if mark in lines else len(lines)
        words = shlex.join(["--config", str(self.job.config)]).replace("%", "\\%")
        end = at + 1 + sum(1 for _ in takewhile(lambda line: f"{words} " in line, lines[at + 1 :]))
        return lines[:at] + lines[end:], lines[at:end]

    def _write(self, lines: list[str]) -> None:
        _must("crontab", "-", typed="".join(f"{line}\n" for line in lines))


@dataclass(frozen=True, slots=True)
class _Systemd:
    """Two units of the user's own systemd, and two for payouts. It does what Cron does."""

    job: Job
    kind = "systemd"

    @property
    def _unit(self) -> str:
        path = str(self.job.config).lower()
        name = f"woo2po-{re.sub(r'[^a-z0-9]+', '-', path).strip('-')}"
        if len(name) <= 52 and path.isascii():
            return name
        return f"{name[:43].rstrip('-')}-{hashlib.sha256(path.encode()).hexdigest()[:8]}"

    @property
    def files(self) -> dict[Path, str]:
        home = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
        minute, second = self.job.offset
        each = "" if self.job.every == 60 else f"/{self.job.every}"
        starts = {self._unit: ("Orders", self.job.command, f"*:{minute}{each}:{second:02}", "1")}
        if self.job.fetches:  # of which one that is held is a failure, which systemd shows
            at = f"07:{minute:02}:{second:02}"
            starts[f"{self._unit}-payouts"] = ("Payouts", self.job.fetch, at, "")
        return {
            home / f"systemd/user/{name}.{kind}": _filled(
                f"job.{kind}", self.job, what=what, run=_command(map(_literal, words)),
                folder=_literal(str(self.job.folder)), calendar=calendar, well=well)
            for name, (what, words, calendar, well) in starts.items()
            for kind in ("service", "timer")
        }  # fmt: skip

    @property
    def text(self) -> str:
        return "\n".join(f"{path}\n\n{text}" for path, text in self.files.items())

    def in_place(self) -> str:
        if _ran("systemctl", "--user", "is-active", f"{self._unit}.timer").returncode:
            return ""
        try:
            return [*self.files][1].read_text("utf-8", "replace")
        except OSError:
            return self.text

    def install(self) -> str:
        for path, text in self.files.items():
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, "utf-8")
            except OSError as error:
                raise InTheWay("schedule_failed", call=str(path), said=named(error)) from None
        _must("systemctl", "--user", "daemon-reload")
        for path in self.files:
            if path.suffix == ".timer":
                _must("systemctl", "--user", "enable", "--now", path.name)
        lingers = _ran("loginctl", "--no-ask-password", "enable-linger").returncode == 0
        return "" if lingers else "schedule_linger"

    def remove(self) -> None:
        for path in _Systemd(replace(self.job, fetches=True)).files:  # it may have been so
            if path.suffix == ".timer" and (path.stem == self._unit or path.exists()):
                _must("systemctl", "--user", "disable", "--now", path.name)
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
    """Return the timer that this machine can have. Raises InTheWay, also beside another."""
    if theirs := _others_timer(job):
        raise InTheWay("schedule_others", line=theirs)
    if _ran("systemctl", "--user", "show-environment").returncode == 0:
        return _Systemd(job)
    if shutil.which("crontab"):
        return Cron(job)
    raise InTheWay("schedule_windows" if WINDOWS else "schedule_no_timer")


def timer_of(job: Job) -> Timer | None:
    """Return the timer that is in place, or None."""
    try:
        return next((one for one in (_Systemd(job), Cron(job)) if one.in_place()), None)
    except InTheWay:
        return None


def _others_timer(job: Job) -> str:
    unit = f"woo2po@{job.folder.name}.timer"  # of `woo2po schedule systemd`
    if _ran("systemctl", "is-active", unit).returncode == 0:
        return unit
    rest: list[str] = []
    with suppress(InTheWay):
        rest, _ = Cron(job).parted()
    named = rf"{re.escape(str(job.folder))}(/{re.escape(job.config.name)})?(?![\w./-])"
    for line in rest:
        whole = line.replace("~/", f"{Path.home()}/")
        if re.match(r"[^#].*woo2po.* run\b", whole) and re.search(named, whole):
            return line
    return ""


# -- what a person is told -------------------------------------------------------------------------


def started(timer: Timer, settings: Settings, now: datetime) -> str:
    """Put a timer in place; return what to say of it. Raises InTheWay."""
    before = timer_of(timer.job)
    if before and (before.kind != timer.kind or not timer.job.fetches):
        before.remove()  # also what fetched payouts, and is not to any more
    left, language = timer.install(), settings.language
    done = f"✓ {say_both('schedule_done', language, {'when': _next(timer, settings, now)})}"
    return f"{done}\n! {say_both(left, language, {'user': timer.job.user})}" if left else done


def _next(timer: Timer, settings: Settings, now: datetime) -> str:
    zone = settings.woocommerce.timezone
    return by_the_clock(next_start(timer, now), now, zone, settings.language)


def timer_said(config: Path, settings: Settings, now: datetime) -> str:
    """Return by what and when the job starts next, or "" where no timer of ours is in place."""
    try:
        timer = timer_of(job_of(config, settings, 5))
    except InTheWay:
        return ""
    facts = timer and {"kind": timer.kind, "when": _next(timer, settings, now)}
    return say("status_timer", settings.language, facts) if facts else ""


# -- the system's programs ------------------------------------------------------------------------


def _ran(*words: str, typed: str = "") -> "subprocess.CompletedProcess[str]":
    """Run a program of the system; one that is not there, or hangs, ends with NO_PROGRAM.

    What others wrote comes through as it is, whatever letters and ends of lines it has.
    """
    given = typed.encode("utf-8", "surrogateescape")
    try:
        done = subprocess.run(words, input=given, capture_output=True, check=False, timeout=30)  # noqa: S603 (words of ours)
    except (OSError, subprocess.TimeoutExpired) as error:
        return subprocess.CompletedProcess(words, NO_PROGRAM, "", named(error))
    said, told = (one.decode("utf-8", "surrogateescape") for one in (done.stdout, done.stderr))
    return subprocess.CompletedProcess(words, done.returncode, said, told)


def _must(*words: str, typed: str = "") -> None:
    done = _ran(*words, typed=typed)
    if done.returncode:
        raise InTheWay("schedule_failed", call=" ".join(words), said=done.stderr.strip())
