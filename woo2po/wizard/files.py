"""Where the answers go: config.toml and the files of keys, for their owner's eyes alone."""

import os
from pathlib import Path

from woo2po.files import must_be_writable, write_whole

FOLDER = "secrets"
_OWN = 0o600


def text_of(path: Path) -> str | None:
    """Return what is in a file, or None where there is none. Raises OSError, UnicodeDecodeError."""
    try:
        return path.read_text("utf-8-sig")
    except FileNotFoundError:
        return None


def try_writing(path: Path) -> None:
    """Raise NotWritten where a file could not be written at the end; leave nothing behind."""
    folder = path.parent
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    must_be_writable(folder / path.name)


def write_config(path: Path, text: str) -> None:
    """Put a text into a file: all of it, or nothing is changed. Raises NotWritten, OSError."""
    real = path.resolve()
    real.parent.mkdir(parents=True, exist_ok=True)
    write_whole(real, text.encode(), _OWN)


def write_key(config: Path, name: str, value: str) -> Path:
    """Put a key into a file of its own beside config.toml; return where. Raises as above."""
    folder = config.resolve().parent / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    if os.name == "posix":
        folder.chmod(0o700)
    path = folder / name
    write_whole(path, f"{value}\n".encode(), _OWN)
    return path


def keep_old(path: Path) -> Path:
    """Copy a file beside itself under a name that is free; return where. Raises OSError."""
    text = path.read_bytes()
    numbers = ("", *(f".{n}" for n in range(1, 1000)))
    free = next(p for n in numbers if not (p := path.with_name(f"{path.name}.bak{n}")).exists())
    handle = os.open(free, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWN)
    with os.fdopen(handle, "wb") as file:
        file.write(text)
    return free
