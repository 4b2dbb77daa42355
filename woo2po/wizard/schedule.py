"""The line that lets this machine start a run every five minutes, and how commands are typed."""

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

CONFIG_NAME = "config.toml"


def program() -> list[str]:
    """Return how this program is started from anywhere: by its whole path."""
    called = Path(sys.argv[0])
    if called.name == "__main__.py" or not called.exists():
        return [sys.executable, "-m", "woo2po"]
    return [str(called.absolute())]


def timer_line(config: Path, *, windows: bool = os.name == "nt") -> str:
    """Return what cron, or the Task Scheduler on Windows, is given; every path is a whole one."""
    words = [*program(), "--config", str(config), "run"]
    log = config.with_name("woo2po.log")
    if windows:
        what = subprocess.list2cmdline(words)
        task = ["schtasks", "/Create", "/SC", "MINUTE", "/MO", "5", "/TN", "woo2po", "/TR", what]
        return subprocess.list2cmdline(task)
    # A per cent sign ends the command in a crontab unless it is escaped.
    return f"*/5 * * * * {shlex.join(words)} >> {shlex.quote(str(log))} 2>&1".replace("%", "\\%")


def typed(config: Path, *words: str) -> str:
    """Return a command as this person types it, here: short where that is enough."""
    called = Path(sys.argv[0])
    found = shutil.which("woo2po")
    if called.name == "__main__.py" or not called.exists():
        said = [Path(sys.executable).name, "-m", "woo2po"]
    elif found and Path(found).samefile(called):
        said = ["woo2po"]
    else:
        said = [sys.argv[0]]
    is_here = config == Path.cwd() / CONFIG_NAME
    where = [] if is_here else ["--config", str(config)]
    whole = [*said, *where, *words]
    return subprocess.list2cmdline(whole) if os.name == "nt" else shlex.join(whole)
