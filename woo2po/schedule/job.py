"""One shop's job as a timer sees it: what to start, where, and at which moment of its period."""

import hashlib
import os
import sys
from dataclasses import dataclass
from pathlib import Path, PurePath

from woo2po.allowance import user_folder
from woo2po.settings import Settings

PERIODS = (1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60)  # minutes: whole parts of an hour


class Unfit(Exception):
    """A path or a name that a timer cannot hold: the code of a message and its facts."""

    def __init__(self, code: str, **facts: str) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


@dataclass(frozen=True, slots=True)
class Job:
    """A shop's job. Paths are absolute; `every` is in minutes.

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

    @property
    def folder(self) -> PurePath:
        """The shop's folder."""
        return self.config.parent

    @property
    def offset(self) -> tuple[int, int]:
        """Minute and second within the period: another one for each shop, and always the same."""
        number = int.from_bytes(hashlib.sha256(self.url.encode()).digest()[:8], "big")
        return divmod(number % (self.every * 60), 60)

    @property
    def command(self) -> list[str]:
        """The words of one run."""
        return [*self.program, "--config", str(self.config), "run"]


def job_of(config: Path, settings: Settings, every: int) -> Job:
    """Return the job of the shop with this configuration, started as this program was.

    Raises Unfit for a path that no timer takes.
    """
    keys = settings.poweroffice
    try:
        allowance = Path(keys.allowance_folder) if keys.allowance_folder else user_folder()
    except RuntimeError:
        allowance = None
    job = Job(
        program=_program(),
        config=_whole(config),
        state=Path(settings.state.path),
        allowance=allowance,
        url=settings.woocommerce.url,
        user=_user(),
        every=every,
    )
    for path in (*job.program, job.config, job.state, job.allowance or ""):
        must_be_seen(str(path))
    return job


def must_be_seen(path: str) -> None:
    """Raise Unfit for a path with a line break in it, or another sign that cannot be seen."""
    if not path.isprintable():
        raise Unfit("schedule_path", path=path)


def _whole(config: Path) -> Path:
    """Return a path from the root, without "..", which systemd refuses; links stay where they can.

    A folder that is a link keeps its name: it is often changed to lead elsewhere.
    """
    path = config.absolute()
    return path.parent.resolve() / path.name if ".." in path.parts else path


def _program() -> tuple[str, ...]:
    """Return what starts woo2po from anywhere: the program beside this Python, or the latter."""
    name = "woo2po.exe" if os.name == "nt" else "woo2po"
    beside = Path(sys.executable).absolute().with_name(name)
    return (str(beside),) if beside.exists() else (sys.executable, "-m", "woo2po")


def _user() -> str:
    """Return the user whose process this is, whatever the environment says."""
    if os.name != "posix":
        return os.environ.get("USERNAME", "")
    import pwd  # noqa: PLC0415 (POSIX has it)

    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # a container's
        return str(os.getuid())
