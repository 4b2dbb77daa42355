"""Files for people, written whole or not at all: an old one stays until the new one is there."""

import os
import shutil
from contextlib import suppress
from pathlib import Path
from secrets import token_hex

from woo2po.holds import InTheWay
from woo2po.logs import named


class NotWritten(InTheWay):
    """A file that could not be written; `exit_code` is 3 where that may pass."""

    def __init__(self, path: Path, error: OSError) -> None:
        super().__init__("file_not_written", path=str(path), error=named(error))
        no_place = FileNotFoundError | NotADirectoryError | IsADirectoryError | PermissionError
        self.exit_code = 2 if isinstance(error, no_place) else 3


def must_be_writable(path: Path) -> None:
    """Raise NotWritten where a file could not be written: better now than after a long read."""
    try:
        if not _is_special(path):
            _beside(_place(path), 0o600).unlink()
    except OSError as error:
        raise NotWritten(path, error) from None


def write_whole(path: Path, content: bytes, rights: int | None = None) -> None:
    """Write a file beside its place and then put it there. Raises NotWritten.

    Through a link its target is written, with the rights that it had unless others are given; into
    a pipe or a terminal it goes as it is.
    """
    try:
        if _is_special(path):
            path.write_bytes(content)
        else:
            _replace(_place(path), content, rights)
    except OSError as error:
        raise NotWritten(path, error) from None


def _is_special(path: Path) -> bool:
    return path.exists() and not path.is_file()


def _place(path: Path) -> Path:
    # Not Path.resolve: before Python 3.13 a link that leads to itself is an error there.
    return Path(os.path.realpath(path))


def _replace(path: Path, content: bytes, rights: int | None) -> None:
    # Nobody reads what may be a secret before it has the old file's rights.
    first = 0o600 if path.exists() else 0o666
    new = _beside(path, first if rights is None else rights)
    try:
        with new.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if rights is None and path.exists():
            shutil.copymode(path, new)
        new.replace(path)
    except BaseException:
        with suppress(OSError):
            new.unlink()
        raise


def _beside(path: Path, rights: int) -> Path:
    """Return a new, empty file in the folder of a path."""
    new = path.with_name(f".{path.name[:100]}.{token_hex(6)}")
    new.touch(rights, exist_ok=False)
    return new
