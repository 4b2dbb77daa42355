"""Folders for the many state databases of the tests, in memory where the system has such a place:
writing to a disk and tidying up there takes longer than the tests themselves.
"""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

_MEMORY = Path("/dev/shm")  # noqa: S108 (as Linux names it)
IN_MEMORY = _MEMORY if _MEMORY.is_dir() else None


def fresh(root: Path) -> Iterator[Path]:
    """Give new folders below a folder, one after the other."""
    for n in count(1):
        (root / str(n)).mkdir()
        yield root / str(n)
