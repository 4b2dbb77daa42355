"""The command: many lives, or one again."""

import argparse
import json
import os
import sys
import time
from collections import Counter

from tests.lives.lived import WentWrong, lived, search

COUNTED = ("lives", "steps", "orders", "refunds", "runs", "faults", "kills", "databases lost")


def _say(said: object) -> None:
    sys.stdout.write(f"{said}\n")
    sys.stdout.flush()


def _main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.lives", description=__doc__)
    parser.add_argument("--lives", type=int, default=1000, help="how many (default 1000)")
    parser.add_argument("--seed", type=int, default=1, help="which ones (default 1)")
    parser.add_argument("--replay", help="a life as JSON, or - to read it from standard input")
    chosen = parser.parse_args()
    if chosen.replay:
        life = sys.stdin.read() if chosen.replay == "-" else chosen.replay
        wrong = lived(json.loads(life), say=_say)
        _say("\n".join(wrong) or "all is well")
        return int(bool(wrong))
    tally: Counter[str] = Counter()
    begun, wrong = time.monotonic(), []
    try:
        search(chosen.lives, chosen.seed, tally)
    except WentWrong as found:
        _say(found)
        wrong = found.wrong
    counts = ", ".join(f"{name} {tally[name]}" for name in COUNTED)
    _say(f"{counts}, {time.monotonic() - begun:.0f} s")
    _say(f"held {tally['held']}, each for what happened in its life")
    kinds = {"lost": 0, "twice": 0, "øre": 0} | Counter(one.split(":")[0] for one in wrong)
    _say(", ".join(f"{kind} {n}" for kind, n in kinds.items()))
    return int(bool(wrong))


if __name__ == "__main__":
    for name in [name for name in os.environ if name.startswith("WOO2PO_")]:
        del os.environ[name]
    sys.exit(_main())
