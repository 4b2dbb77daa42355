"""Lives a life to its end and says what is wrong, or many, up to one that goes wrong."""

import json
import shlex
import shutil
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from folders import IN_MEMORY
from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.lives.acts import until_quiet
from tests.lives.content import Json
from tests.lives.life import Life
from tests.lives.model import wrong_with
from tests.lives.script import ACTS, lives


class WentWrong(Exception):
    """A life after which the books are wrong; its text says how it is lived again."""

    def __init__(self, life: Json, wrong: list[str]) -> None:
        again = f"python -m tests.lives --replay {shlex.quote(json.dumps(life))}"
        super().__init__("\n".join([*wrong, "This lives it again:", again]))
        self.life, self.wrong = life, wrong


def search(n: int, number: int, tally: Counter[str]) -> None:
    """Live `n` lives, always the same ones of a `number`; figures are added to `tally`.

    Raises WentWrong for one that goes wrong, as short as hypothesis can make it.
    """

    @seed(number)
    @settings(
        max_examples=n,
        database=None,
        deadline=None,
        phases=[Phase.generate, Phase.shrink],
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    @given(lives())
    def all_go_well(life: Json) -> None:
        if wrong := lived(life, tally):
            raise WentWrong(life, wrong)

    all_go_well()


def lived(
    life: Json, tally: Counter[str] | None = None, *, say: Callable[[object], None] = lambda _: None
) -> list[str]:
    """Return what is wrong with the books after a life.

    Figures are added to `tally`; `say` is told each step, and in the end the books.
    """
    folder = Path(tempfile.mkdtemp(dir=IN_MEMORY))
    try:
        one = Life(folder, life["beginning"])
        wrong = _to_the_end(one, life, say)
        if tally is not None:
            tally.update({**one.tally, "lives": 1, "steps": len(life["steps"])})
        books, shop = one.world.books(), one.world.shop.orders
        for said in (
            *(f"shop: {i} {order['status']} {order['total']}" for i, order in shop.items()),
            *(f"PowerOffice: {document}" for document in books.documents),
            *(f"ledger: {entry}" for entry in books.ledger),
            *(f"held: {number} {why}" for number, why in one.world.reasons().items()),
        ):
            say(said)
        return wrong
    finally:
        shutil.rmtree(folder)


def _to_the_end(one: Life, life: Json, say: Callable[[object], None]) -> list[str]:
    try:
        for name, *arguments in life["steps"]:
            ACTS[name](one, *arguments)
            say(f"{one.world.now():%d %b %H:%M:%S} {name} {arguments or ''}")
            one.world.wait(1)
        until_quiet(one)
        return wrong_with(one)
    except Exception as error:  # noqa: BLE001 (a crash is a finding like any other)
        where = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{Path(where.filename).name}:{where.lineno}"
        return [f"crash: {type(error).__name__} at {place}: {error}"]
