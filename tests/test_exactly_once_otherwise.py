"""Nothing lost, nothing twice, whatever PowerOffice is like where nobody knows.

The day of invoices and payments, lived in companies that differ: nothing closes by itself, a
reference may be used twice, an invoice's id is its own, look-up filters are missing, reads lag.
In each of them the faults that leave the job in doubt.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from cells import at_writes, firsts, wrong_in
from day import FAULTS, Act
from days import COMPANIES, day_after

IN_DOUBT = (
    "lost on the way back",
    "still on its way when the job has given up",
    "lost again and again",
)


@pytest.fixture(scope="module", params=COMPANIES, ids=lambda company: company.__name__)
def acts(request: pytest.FixtureRequest, folders: Iterator[Path]) -> list[Act]:
    """The day without a fault in one of the companies, from the first draft on."""
    return day_after(folders, request.param)


@pytest.mark.parametrize("fault", IN_DOUBT)
def test_in_doubt_everything_is_there_once(
    fault: str, acts: list[Act], folders: Iterator[Path]
) -> None:
    """Invoices, payments and credit notes: the books are those of the day without the fault."""
    wrong = wrong_in(firsts(at_writes(acts, {fault: FAULTS[fault]})), folders)
    assert not wrong, "\n".join(wrong)
