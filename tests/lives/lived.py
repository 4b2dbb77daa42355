"""Lives a life to its end and says what is wrong: the one thing that search and replay share."""

import shutil
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from tests.lives import acts_go, acts_job, acts_shop
from tests.lives.content import Json
from tests.lives.life import Life
from tests.lives.model import wrong_with

ACTS = {**acts_shop.ACTS, **acts_go.ACTS, **acts_job.ACTS}
MEMORY = Path("/dev/shm")  # noqa: S108 (a disk in memory, where there is one: nothing is kept)


def lived(
    life: Json, tally: Counter[str] | None = None, *, say: Callable[[str], None] | None = None
) -> list[str]:
    """Return what is wrong with the books after a life.

    Figures are added to `tally`; `say` is told each step, and in the end the books.
    """
    folder = Path(tempfile.mkdtemp(dir=MEMORY if MEMORY.is_dir() else None))
    try:
        one = Life(folder, life["beginning"])
        wrong = _to_the_end(one, life, say or (lambda _: None))
        if tally is not None:
            tally.update(one.tally)
            tally["lives"] += 1
            tally["steps"] += len(life["steps"])
        if say:
            say(_told(one))
        return wrong
    finally:
        shutil.rmtree(folder)


def _to_the_end(one: Life, life: Json, say: Callable[[str], None]) -> list[str]:
    try:
        for name, *arguments in life["steps"]:
            ACTS[name](one, *arguments)
            say(f"{one.world.now():%d %b %H:%M:%S} {name} {arguments or ''}")
            one.world.wait(1)
        acts_job.until_quiet(one)
        return wrong_with(one)
    except Exception as error:  # noqa: BLE001 (a crash is a finding like any other)
        where = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{Path(where.filename).name}:{where.lineno}"
        return [f"crash: {type(error).__name__} at {place}: {error}"]


def _told(one: Life) -> str:
    """Return what stands in PowerOffice, what is held, and what the shop says."""
    books = one.world.books()
    orders = one.world.shop.orders.items()
    return "\n".join(
        [
            *(f"shop: {i} {order['status']} {order['total']}" for i, order in orders),
            *(
                f"PowerOffice: {d.reference} {d.total} {'invoiced' if d.invoiced else 'draft'}"
                for d in books.documents
            ),
            *(f"ledger: {e.kind} {e.matching_reference} {e.amount}" for e in books.ledger),
            *(f"held: {number} {why}" for number, why in one.world.reasons().items()),
        ]
    )
