"""Fields in odd shapes: what comes of each stands in recorded/shapes.toml, and nothing else does.

The suite takes a share of them, the thorough run all.
"""

import pytest
from shapes import SHAPES, all_fields, cases_of, due, walked

FINE = {"goes", "noted", "held", "held*", "stopped", "stopped*", "waits", "untold"}


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """Return the fields that a plain life reads, and that life."""
    return all_fields(tmp_path_factory.mktemp("plain"))


def test_every_field_that_is_read_has_its_line(plain):
    """Also one that is read from tomorrow on; no shape of any crashes, doubles or is passed over:
    0 crashes, 0 wrong documents, 0 in silence, 0 needless writes.
    """
    assert due().keys() == set(cases_of(plain[0]))
    assert set(due().values()) <= FINE


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("share", [197, pytest.param(1, marks=pytest.mark.thorough)])
def test_a_shape_of_a_field_means_what_the_table_says(plain, share, shape, folders):
    """A whole life with each."""
    fields, life = plain
    cases = [case for case in cases_of(fields) if case[1] == shape][::share]
    ends, said = {case: walked(next(folders), case, life) for case in cases}, due()
    assert {case: one for case, one in ends.items() if one.how != said[case]} == {}
