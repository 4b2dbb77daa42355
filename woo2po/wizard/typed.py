"""How this person types a command, here."""

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

CONFIG_NAME = "config.toml"


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
