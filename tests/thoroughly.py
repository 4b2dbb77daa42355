"""Cases that the suite leaves to the thorough run: `python -m pytest -m thorough`."""

import pytest
from _pytest.mark.structures import ParameterSet


def thorough(*cases: object) -> list[ParameterSet]:
    """Return cases for parametrize that only the thorough run takes."""
    each = (case if isinstance(case, tuple) else (case,) for case in cases)
    return [pytest.param(*case, marks=pytest.mark.thorough) for case in each]
