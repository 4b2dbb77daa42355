"""The table that a benchmark ends with: each figure, its goal, and whether it is reached."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured figure; `goal` is "" and `reached` None for one that is only told."""

    name: str
    value: str
    goal: str = ""
    reached: bool | None = None


def at_least(name: str, value: float, goal: float, form: str = ".2f") -> Figure:
    """Return a figure that must not be lower than its goal."""
    return Figure(name, format(value, form), f">= {goal:{form}}", value >= goal)


def at_most(name: str, value: float, goal: float, form: str = ".2f") -> Figure:
    """Return a figure that must not be higher than its goal."""
    return Figure(name, format(value, form), f"<= {goal:{form}}", value <= goal)


def told(name: str, value: float, form: str = ".2f") -> Figure:
    """Return a figure without a goal."""
    return Figure(name, format(value, form))


def shown(title: str, figures: Sequence[Figure]) -> int:
    """Print the table; return the exit code: 1 where a goal is missed."""
    words = {True: "yes", False: "NO", None: ""}
    rows = [("", "measured", "goal", "reached")]
    rows += [(f.name, f.value, f.goal, words[f.reached]) for f in figures]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = [
        f"{name.ljust(widths[0])}  {value.rjust(widths[1])}  {goal.rjust(widths[2])}  {reached}"
        for name, value, goal, reached in rows
    ]
    sys.stdout.write("\n".join(["", title, *map(str.rstrip, lines), ""]))
    sys.stdout.flush()
    return int(any(f.reached is False for f in figures))
