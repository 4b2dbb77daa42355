"""Lives many lives, and hands over the first that goes wrong, shortened, to be replayed.

A life is shortened as plain data, wherever it came from: found just now, or kept from last year.
(hypothesis shrinks what it drew itself, a draw at a time.)
"""

import json
import re
import shlex
from collections import Counter
from collections.abc import Callable, Iterator

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.lives.content import Json
from tests.lives.lived import lived
from tests.lives.script import lives


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


# -- as short as it can be and still go wrong in the same way --------------------------------------


MOST_TRIALS = 600
PARTS = ("coupon", "freight", "fees", "card", "hidden", "away")


def kind_of(wrong: str) -> str:
    """Return what is wrong without the figures, by which it is recognised in a shorter life."""
    return re.sub(r"\(.*|\[.*|[\w.]*\d[\w.]*", "", wrong)


def shortened(life: Json, wrong: str, live: Callable[[Json], list[str]]) -> Json:
    """Return a life, as short as trials find it, with which the same kind of thing is wrong."""
    kind = kind_of(wrong)
    left = MOST_TRIALS

    def still_wrong(trial: Json) -> bool:
        nonlocal left
        left -= 1
        return left >= 0 and kind in map(kind_of, live(trial))

    shrunk = True
    while shrunk and left > 0:
        shrunk = False
        for trial in _shorter(life):
            if still_wrong(trial):
                life, shrunk = trial, True
                break
    return life


def _shorter(life: Json) -> Iterator[Json]:
    """Yield lives that lack something of this one, much of it first."""
    steps, beginning = life["steps"], life["beginning"]
    size = len(steps) // 2
    while size:
        for start in range(0, len(steps), size):
            yield {**life, "steps": steps[:start] + steps[start + size :]}
        size //= 2
    for name in beginning:
        yield {**life, "beginning": {k: v for k, v in beginning.items() if k != name}}
    for place, (name, *arguments) in enumerate(steps):
        if name in {"order", "edit"}:
            for content in _simpler(arguments[-1]):
                step = [name, *arguments[:-1], content]
                yield {**life, "steps": [*steps[:place], step, *steps[place + 1 :]]}


def _simpler(content: Json) -> Iterator[Json]:
    for part in PARTS:
        if part in content:
            yield {k: v for k, v in content.items() if k != part}
    goods = content["goods"]
    if len(goods) > 1:
        for place in range(len(goods)):
            yield {**content, "goods": goods[:place] + goods[place + 1 :]}
