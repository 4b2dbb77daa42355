"""Folders for the many state databases of the tests, in memory where the system has such a place:
writing to a disk and tidying up there takes longer than the tests themselves.
"""

import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path

_MEMORY = Path("/dev/shm")  # noqa: S108 (as Linux names it)
_ENOUGH = 2**29  # bytes: a container's may hold next to nothing
IN_MEMORY = _MEMORY if _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ENOUGH else None


def fresh(root: Path) -> Iterator[Path]:
    """Give new folders below a folder, one after the other."""
    for n in count(1):
        (root / str(n)).mkdir()
        yield root / str(n)
