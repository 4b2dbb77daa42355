"""What starts the job every few minutes, filled in for one shop: text to save, or to pipe on.

The samples are files beside this one, in English as all files of other programs; "@@name" in them
is the shop's own. What is filled in is quoted as its place wants it, so that no path and no
address is ever more than a word there. None holds a secret's value.

Sources: crontab(5); systemd.unit(5), .service(5), .exec(5), .timer(5); the ScheduledTasks module of
Windows PowerShell.
"""

import getpass
import hashlib
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePath
from string import Template

from woo2po.config import Settings
from woo2po.holds import InTheWay
from woo2po.http.spacing import user_folder


class Unschedulable(InTheWay):
    """A path or a name that a timer cannot hold, or a timer that cannot be had."""


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
    there is a ".." in the path, which systemd refuses. Raises Unschedulable for another path.
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
            raise Unschedulable("schedule_path", path=place)
    return job


def _user() -> str:
    """Return the user whose process this is: with `su` the environment may name another."""
    if os.name != "posix":
        return getpass.getuser()
    import pwd  # noqa: PLC0415 (POSIX has it)

    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # in a container nobody may have a name
        return str(os.getuid())


class _Sample(Template):
    delimiter = "@@"  # "$", "%" and "@" belong to the samples


def _filled(sample: str, job: Job, **values: object) -> str:
    text = Path(__file__).with_name(sample).read_text("utf-8")
    return _Sample(text).substitute(values, url=job.url, every=job.every)


# -- cron, systemd, Windows ------------------------------------------------------------------------


def crontab(job: Job) -> str:
    """Return a comment and the line; where payouts are fetched also the line that does it daily."""
    text = _filled("crontab", job, line=cron_line(job))
    if not job.fetches:
        return text
    fetch = shlex.join([*job.command[:-1], "payouts", "--fetch"])
    fetch += " > payouts.txt 2>&1 || cat payouts.txt"  # a good day is silent
    line = _cron_line(f"{job.offset[0]} 7 * * *  ", job, f"{{ {fetch}; }}")
    return text + _filled("crontab.payouts", job, line=line)


def cron_line(job: Job) -> str:
    """Return the line; the log goes into the shop's folder, and cron mails what is new."""
    start = f"{job.minutes} * * * *  sleep {job.offset[1]}; "
    return _cron_line(start, job, f"{shlex.join(job.command)} --log-file woo2po.log")


def _cron_line(start: str, job: Job, run: str) -> str:
    line = f"{start}cd {shlex.quote(str(job.folder))} && {run}"
    return line.replace("%", "\\%")  # cron takes a bare % for the end, inside quotes too


def user_units(job: Job) -> tuple[str, str]:
    """Return a service and a timer for the user's own systemd."""
    minute, second = job.offset
    start = f"{minute}:{second:02}" if job.every == 60 else f"{minute}/{job.every}:{second:02}"
    run = _command(map(_literal, job.command))
    return (
        _filled("job.service", job, folder=_literal(str(job.folder)), run=run),
        _filled("job.timer", job, calendar=f"*:{start}"),
    )


def units(job: Job) -> str:
    """Return a script that installs a template unit for all shops of a folder, %i, and its timer.

    Raises Unschedulable for a shop's folder whose name is no instance's.
    """
    shop, base = job.folder.name, job.folder.parent
    if not re.fullmatch(r"[A-Za-z0-9:_.][A-Za-z0-9:_.-]*", shop):
        raise Unschedulable("schedule_folder", name=shop)
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
    )  # fmt: skip


def _command(words: Iterable[str]) -> str:
    """Return a command as systemd reads it; "$" is doubled in one, and nowhere else."""
    return " ".join(_word(word.replace("$", "$$")) for word in words)


def _literal(path: str) -> str:
    """Return a path in which nothing stands for something else."""
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
    texts = {
        "program": program,
        "arguments": subprocess.list2cmdline(arguments),
        "folder": str(job.folder),
        "name": job.folder.name,
        "user": job.user,
    }
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
