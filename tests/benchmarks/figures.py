"""The table that a benchmark ends with: each figure, its goal, and whether it is reached."""

import sys
from collections.abc import Sequence
from typing import NamedTuple

from tabulate import tabulate


class Figure(NamedTuple):
    """A measured figure; `goal` and `reached` are "" for one that is only told."""

    name: str
    value: str
    goal: str = ""
    reached: str = ""


def at_least(name: str, value: float, goal: float, form: str = ".2f") -> Figure:
    """Return a figure that must not be lower than its goal."""
    return Figure(name, f"{value:{form}}", f">= {goal:{form}}", "yes" if value >= goal else "NO")


def at_most(name: str, value: float, goal: float, form: str = ".2f") -> Figure:
    """Return a figure that must not be higher than its goal."""
    return Figure(name, f"{value:{form}}", f"<= {goal:{form}}", "yes" if value <= goal else "NO")


def told(name: str, value: float, form: str = ".2f") -> Figure:
    """Return a figure without a goal."""
    return Figure(name, f"{value:{form}}")


def shown(title: str, figures: Sequence[Figure]) -> int:
    """Print the table; return the exit code: 1 where a goal is missed."""
    heads, sides = ["", "measured", "goal", "reached"], ["left", "right", "right", "left"]
    table = tabulate(
        figures, heads, "plain", colalign=sides, disable_numparse=True, preserve_whitespace=True
    )
    sys.stdout.write(f"\n{title}\n{table}\n")
    return int(any(figure.reached == "NO" for figure in figures))
