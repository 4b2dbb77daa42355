"""The command: many lives, or one again."""

import argparse
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Sequence

from tests.lives.lived import lived
from tests.lives.search import WentWrong, search

COUNTED = ("lives", "steps", "orders", "refunds", "runs", "faults", "kills", "databases lost")
KINDS = {"lost": "lost", "twice": "twice", "øre": "off by an øre"}


def _say(*said: object) -> None:
    sys.stdout.write(" ".join(map(str, said)) + "\n")
    sys.stdout.flush()


def _figures(tally: Counter[str], seconds: float) -> str:
    counts = ", ".join(f"{name} {tally[name]}" for name in COUNTED)
    return f"{counts}, {seconds:.0f} s\nheld {tally['held']}, each for what happened in its life"


def _kinds(wrong: Sequence[str]) -> str:
    found = Counter(one.split(":")[0] for one in wrong)
    said = [f"{name} {found.pop(kind, 0)}" for kind, name in KINDS.items()]
    return ", ".join([*said, *(f"{kind} {n}" for kind, n in found.items())])


def _main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.lives", description=__doc__)
    parser.add_argument("--lives", type=int, default=1000, help="how many (default 1000)")
    parser.add_argument("--seed", type=int, default=1, help="which ones (default 1)")
    parser.add_argument("--replay", help="a life as JSON, or - to read it from standard input")
    chosen = parser.parse_args()
    if chosen.replay:
        return _again(sys.stdin.read() if chosen.replay == "-" else chosen.replay)
    tally: Counter[str] = Counter()
    begun, wrong = time.monotonic(), []
    try:
        search(chosen.lives, chosen.seed, tally)
    except WentWrong as found:
        _say(found)
        wrong = found.wrong
    _say(_figures(tally, time.monotonic() - begun))
    _say(_kinds(wrong))
    return int(bool(wrong))


def _again(life: str) -> int:
    wrong = lived(json.loads(life), say=_say)
    _say("\n".join(wrong) or "all is well")
    return int(bool(wrong))


if __name__ == "__main__":
    for name in [name for name in os.environ if name.startswith("WOO2PO_")]:
        del os.environ[name]
    sys.exit(_main())
