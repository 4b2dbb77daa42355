"""Nothing lost, nothing twice, whatever PowerOffice is like where nobody knows.

The day of test_exactly_once_after.py, lived in companies that differ: nothing closes by itself, a
reference may be used twice, an invoice's id is its own, look-up filters are missing, reads lag.
In each of them the faults that leave the job in doubt.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from day import RESEND_AFTER, Act, faulty_days, lived
from test_exactly_once_after import DAY
from world import World

from woo2po.sandbox.faults import Faults


def nothing_matches(faults: Faults) -> None:
    """Entries stay open side by side: the balance is no evidence of a payment."""
    faults.matching = "none"


def references_may_be_used_twice(faults: Faults) -> None:
    """A voucher with a known reference is simply posted again."""
    faults.duplicate_voucher_reference = "accepted"


def both(faults: Faults) -> None:
    """The worst: a payment that is posted twice is neither refused nor seen in the balance."""
    nothing_matches(faults)
    references_may_be_used_twice(faults)


def other_ids_and_old_filters(faults: Faults) -> None:
    """An invoice's id is not its order's, the queue takes its time, 2025's filters only."""
    faults.invoice_id_is_order_id, faults.spec = False, "2025"
    faults.send_result, faults.never_sent_state = "late", "none"


def reads_lag(faults: Faults) -> None:
    """What is read is three seconds old."""
    faults.stale_seconds = 3


COMPANIES = (
    nothing_matches,
    references_may_be_used_twice,
    both,
    other_ids_and_old_filters,
    reads_lag,
)
IN_DOUBT = (
    "lost_after",
    "late",
    "lost_before, timeout_before, lost_after",
)


@pytest.fixture(scope="module", params=COMPANIES, ids=lambda company: company.__name__)
def acts(request: pytest.FixtureRequest, folders: Iterator[Path]) -> list[Act]:
    """The day without a fault in one of the companies, from the first draft on."""
    company: Callable[[Faults], None] = request.param
    world = World(
        next(folders),
        poweroffice={"resend_after": RESEND_AFTER},
        invoices={"create": True},
        payments={"register": True, "accounts": {"vipps": 1903}},
    )
    company(world.faults)
    return lived(DAY, world, folders)[1:]


@pytest.mark.parametrize("fault", IN_DOUBT)
def test_in_doubt_everything_is_there_once(
    fault: str, acts: list[Act], folders: Iterator[Path]
) -> None:
    """Invoices, payments and credit notes: the books are those of the day without the fault."""
    wrong = faulty_days(acts, fault, folders)
    assert not wrong, "\n".join(wrong)
