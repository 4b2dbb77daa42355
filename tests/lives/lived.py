"""Lives a life to its end and says what is wrong: the one thing that search and replay share."""

import shutil
import tempfile
import traceback
from collections import Counter
from pathlib import Path

from tests.lives import acts_go, acts_job, acts_shop
from tests.lives.content import Json
from tests.lives.life import Life
from tests.lives.model import wrong_with

ACTS = {**acts_shop.ACTS, **acts_go.ACTS, **acts_job.ACTS}
MEMORY = Path("/dev/shm")  # noqa: S108 (a disk in memory, where there is one: nothing is kept)


def lived(life: Json, tally: Counter[str] | None = None) -> list[str]:
    """Return what is wrong with the books after a life; figures are added to `tally`."""
    folder = Path(tempfile.mkdtemp(dir=MEMORY if MEMORY.is_dir() else None))
    try:
        one = Life(folder, life["beginning"])
        wrong = _to_the_end(one, life)
        if tally is not None:
            tally.update(one.tally)
            tally["lives"] += 1
            tally["steps"] += len(life["steps"])
        return wrong
    finally:
        shutil.rmtree(folder)


def _to_the_end(one: Life, life: Json) -> list[str]:
    try:
        for name, *arguments in life["steps"]:
            ACTS[name](one, *arguments)
            one.world.wait(1)
        acts_job.until_quiet(one)
        return wrong_with(one)
    except Exception as error:  # noqa: BLE001 (a crash is a finding like any other)
        where = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{Path(where.filename).name}:{where.lineno}"
        return [f"crash: {type(error).__name__} at {place}: {error}"]
