"""Where the answers go: config.toml and the files of keys, written whole or not at all."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

FOLDER = "secrets"


def text_of(path: Path) -> str | None:
    """Return what is in a file, or None where there is none. Raises OSError, UnicodeDecodeError."""
    try:
        return path.read_text("utf-8-sig")
    except FileNotFoundError:
        return None


def try_writing(path: Path) -> None:
    """Raise OSError where a file could not be written at the end; leave nothing behind."""
    folder = path.parent
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    handle, name = tempfile.mkstemp(prefix=".woo2po-", dir=folder)
    os.close(handle)
    Path(name).unlink()


def write_whole(path: Path, text: str) -> None:
    """Put a text into a file that its owner alone can read: all of it, or nothing is changed.

    A link is followed, so that the file behind it is the one that changes. Raises OSError.
    """
    real = path.resolve()
    real.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".woo2po-", dir=real.parent)  # 0600 by itself
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(real)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise
    _settle(real.parent)


def _settle(folder: Path) -> None:
    """Let the new name outlast a power cut too, where a folder can be opened for that."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def write_key(config: Path, name: str, value: str) -> Path:
    """Put a key into a file of its own beside config.toml; return where. Raises OSError."""
    folder = config.resolve().parent / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    if os.name == "posix":
        folder.chmod(0o700)
    path = folder / name
    write_whole(path, f"{value}\n")
    return path


def keep_old(path: Path) -> Path:
    """Copy a file beside itself under a name that is free; return where. Raises OSError."""
    text = path.read_bytes()
    numbers = ("", *(f".{n}" for n in range(1, 1000)))
    free = next(p for n in numbers if not (p := path.with_name(f"{path.name}.bak{n}")).exists())
    handle = os.open(free, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(text)
    return free
