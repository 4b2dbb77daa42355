"""What is known of one order: references, writes and their answers, holds. Values only."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from woo2po.holds import Hold, Skip

if TYPE_CHECKING:
    from woo2po.documents import DocumentSeen  # an idle poll needs no documents


class State(StrEnum):
    """The states that `status` shows; scripts outside this repo use these names."""

    HELD = "held"
    PENDING = "pending"
    DRAFT = "draft"
    SENDING = "sending"
    INVOICED = "invoiced"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"


class WriteKind(StrEnum):
    """Every remote write that the job makes; the fault matrix in the tests walks through these."""

    CREATE_CUSTOMER = "create_customer"
    CREATE_DELIVERY_ADDRESS = "create_delivery_address"
    CREATE_PRODUCT = "create_product"
    CREATE_SALES_ORDER = "create_sales_order"
    ADD_LINE = "add_line"
    CHANGE_LINE = "change_line"
    DELETE_LINE = "delete_line"
    CHANGE_HEADER = "change_header"


class Outcome(StrEnum):
    """What became of a write.

    OPEN: tried, or about to be, and without an answer that settles it. MADE: it is there.
    REFUSED: a clear no on the first attempt. ABSENT: looked for and not there, so that the
    same write with the same reference may be tried again.
    """

    OPEN = "open"
    MADE = "made"
    REFUSED = "refused"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Write:
    """A remote write as it was written down before it was tried."""

    id: int
    order_id: int
    kind: WriteKind
    reference: str
    attempts: int
    last_attempt: datetime
    since: datetime | None  # PowerOffice's own clock before the first attempt
    outcome: Outcome
    remote_id: str = ""


@dataclass(frozen=True, slots=True)
class OrderRecord:
    """One order as the state database knows it. Totals in øre; no personal data."""

    order_id: int
    number: str
    created: datetime | None
    reference: str
    matching_reference: str
    seen_hash: str
    settled_hash: str
    todo: bool
    hold: Hold | None = None
    skip: Skip | None = None
    cancelled: bool = False
    customer_id: int | None = None
    delivery_address_id: int | None = None
    sales_order_id: str = ""
    sales_order_no: int | None = None
    invoice_no: int | None = None
    total_ore: int | None = None
    currency: str = ""
    wanted_digest: str = ""  # of the documents that the draft was last found equal to
    left_digest: str = ""  # of the draft as it was left; "" while it is being edited
    writes: tuple[Write, ...] = ()
    found: "tuple[DocumentSeen, ...]" = ()  # documents with our references, seen before any write

    @property
    def state(self) -> State:
        """Return the state that `status` shows."""
        if self.skip is not None:
            return State.SKIPPED
        if self.hold is not None:
            return State.HELD
        if self.cancelled:
            return State.CANCELLED
        if self.invoice_no is not None:
            return State.INVOICED
        return State.DRAFT if self.sales_order_id else State.PENDING

    @property
    def open_write(self) -> Write | None:
        """Return the write whose fate is unknown, if there is one."""
        return next((w for w in self.writes if w.outcome is Outcome.OPEN), None)

    def attempts_at(self, kind: WriteKind, reference: str) -> int:
        """Return how often a write was tried whose attempts so far are all without a trace."""
        mine = [w for w in self.writes if (w.kind, w.reference) == (kind, reference)]
        return mine[-1].attempts if mine and mine[-1].outcome is Outcome.ABSENT else 0


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the job, for `status`."""

    started: datetime
    ended: datetime | None
    exit_code: int | None
    counts: dict[str, int] = field(default_factory=dict)
