"""Fields in odd shapes: an order is right, or held, or the run stops; and nothing else ever.

The suite takes a share of them, the thorough run all: `python -m pytest -m thorough -s -k shapes`
prints the counts.
"""

import sys
from collections import Counter

import pytest
from shapes import SHAPES, all_fields, walked

RIGHT = {"works", "held", "stopped", "held otherwise", "stopped otherwise"}


@pytest.mark.parametrize("share", [29, pytest.param(1, marks=pytest.mark.thorough)])
def test_no_shape_of_a_field_crashes_doubles_or_is_passed_over(tmp_path, share):
    """A whole life with each: 0 crashes, 0 wrong documents, 0 in silence, 0 needless writes."""
    folders = (tmp_path / str(n) for n in range(10**6))

    def folder():
        made = next(folders)
        made.mkdir()
        return made

    fields, plain = all_fields(folder())
    cases = [(field, shape) for field in fields for shape in SHAPES][::share]
    ends = {case: walked(folder(), case, plain) for case in cases}
    counts = Counter(one.how for one in ends.values())
    sys.stdout.write(f"{len(fields)} fields, {len(cases)} shapes: {dict(counts)}\n")
    assert {case: one for case, one in ends.items() if one.how not in RIGHT} == {}
