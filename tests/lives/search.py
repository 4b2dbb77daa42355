"""Lives many lives, and hands over the first that goes wrong, shortened, to be replayed."""

import json
import shlex
from collections import Counter

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.lives.content import Json
from tests.lives.lived import lived
from tests.lives.script import lives
from tests.lives.shrink import shortened


class WentWrong(Exception):
    """A life after which the books are wrong; its text says how it is lived again."""

    def __init__(self, life: Json, wrong: list[str]) -> None:
        super().__init__("\n".join([*wrong, "This lives it again:", replay_of(life)]))
        self.life, self.wrong = life, wrong


def replay_of(life: Json) -> str:
    """Return the command that lives a life again."""
    return f"python -m tests.lives --replay {shlex.quote(json.dumps(life))}"


def search(n: int, number: int, tally: Counter[str]) -> None:
    """Live `n` lives, always the same ones of a `number`; figures are added to `tally`.

    Raises WentWrong for the first that goes wrong.
    """

    @seed(number)
    @settings(
        max_examples=n,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(lives())
    def all_go_well(life: Json) -> None:
        wrong = lived(life, tally)
        if wrong:
            raise _Wrong(life, wrong)

    try:
        all_go_well()
    except _Wrong as found:
        short = shortened(found.life, found.wrong[0], lived)
        raise WentWrong(short, lived(short)) from None


class _Wrong(Exception):
    def __init__(self, life: Json, wrong: list[str]) -> None:
        super().__init__()
        self.life, self.wrong = life, wrong
