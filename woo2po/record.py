"""What is known of an order and its credit notes, of writes, and from run to run. Values only."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from woo2po.holds import Hold, Skip

if TYPE_CHECKING:
    from woo2po.documents import (  # an idle poll needs no documents
        DocumentSeen,
        Note,
        OrderLine,
        Voucher,
    )


# How often what waits for a person, in PowerOffice or in the shop, is looked at anew.
LOOK_AGAIN_AFTER = timedelta(hours=1)


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
    """Every remote write of the job and of `payouts`; the tests try every fault at each."""

    CREATE_CUSTOMER = "create_customer"
    CREATE_DELIVERY_ADDRESS = "create_delivery_address"
    CREATE_PRODUCT = "create_product"
    CREATE_SALES_ORDER = "create_sales_order"
    ADD_LINE = "add_line"
    CHANGE_LINE = "change_line"
    DELETE_LINE = "delete_line"
    CHANGE_HEADER = "change_header"
    DELETE_DRAFT = "delete_draft"
    SEND_INVOICE = "send_invoice"
    CREATE_VOUCHER = "create_voucher"
    CREATE_PAYOUT = "create_payout"


AIM = "~"  # so begins what stands for a draft's digest while it is edited
# Those that change a draft which is there.
EDITS = frozenset(
    {WriteKind.ADD_LINE, WriteKind.CHANGE_LINE, WriteKind.DELETE_LINE, WriteKind.CHANGE_HEADER}
)


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of a draft: of a line, or (without one) of the header."""

    kind: WriteKind
    reference: str  # the line's, or "header"
    line: "OrderLine | None" = None
    line_id: str = ""
    sort_order: int = 0


class Payment(StrEnum):
    """How far the money of an order (or of a refund) has come into the books.

    NONE: nothing to register, or not yet. DUE: for a voucher as soon as there is an invoice.
    """

    NONE = ""
    DUE = "due"
    IN_VOUCHER = "in_voucher"
    MADE = "made"


class Waits(StrEnum):
    """What a finished order waits for; but for CAPTURE it is looked at once an hour."""

    NOTHING = ""
    PERSON = "person"  # who invoices the draft in PowerOffice
    SEND_PRIVILEGE = "send_privilege"
    VOUCHER_PRIVILEGE = "voucher_privilege"
    CAPTURE = "capture"  # of reserved money: the shop's poll tells, nothing is asked for


class Outcome(StrEnum):
    """What became of a write.

    OPEN: without an answer that settles it. REFUSED: a clear no on the first attempt. ABSENT:
    looked for and not there, so that it may be tried again under the same reference.
    """

    OPEN = "open"
    MADE = "made"
    REFUSED = "refused"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Write:
    """A remote write as it was written down before it was tried."""

    id: int
    record_id: int  # of the order or credit note; 0 for several
    kind: WriteKind
    reference: str
    attempts: int
    last_attempt: datetime
    since: datetime | None  # PowerOffice's own clock before the first attempt
    outcome: Outcome
    said: str = ""  # PowerOffice's words, where it refused what may be its own echo


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What is known of an order, or of a credit note of it: of a refund, or of the whole order
    where it is off after it was invoiced. Totals in øre; no personal data.

    `id` is unique among them: the shop numbers orders and refunds in one series, and the credit
    note of a whole order has a number below 0.
    """

    id: int
    order_id: int
    number: str
    created: datetime | None
    reference: str
    matching_reference: str
    todo: bool
    hold: Hold | None = None
    skip: Skip | None = None
    cancelled: bool = False
    generation: int = 1  # counts up when an order that was cancelled comes back
    waits: Waits = Waits.NOTHING
    payment: Payment = Payment.NONE
    payment_body: str = ""  # what is to be posted, as PaymentWanted tells it
    reserved_at: datetime | None = None  # when the money now noted was last seen not to have come
    booked_ore: int = 0  # of its money in all so far, money given back below 0
    customer_id: int | None = None
    delivery_address_id: int | None = None
    sales_order_id: str = ""
    sales_order_no: int | None = None
    invoice_no: int | None = None
    invoice_equal: bool = False  # its total was compared, and is what was paid
    total_ore: int | None = None
    currency: str = ""
    wanted_digest: str = ""  # of what the draft was last found equal to: documents.sale.buyer
    left_digest: str = ""  # of the draft as it was left; while it is edited, what it is to be
    notes: "tuple[Note, ...]" = ()  # what was noticed about it as it went
    writes: tuple[Write, ...] = ()
    found: "tuple[DocumentSeen, ...]" = ()  # documents with our references, seen before any write

    @property
    def is_credit_note(self) -> bool:
        """Tell whether it is of a credit note, not of an order."""
        return self.id != self.order_id

    @property
    def refund_id(self) -> int | None:
        """The shop's id of the refund that a credit note is of; None: of none."""
        return self.id if self.is_credit_note and self.id > 0 else None

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
        if self.is_sending:
            return State.SENDING
        return State.DRAFT if self.sales_order_id else State.PENDING

    @property
    def open_write(self) -> Write | None:
        """Return the write whose fate is unknown, if there is one."""
        return next((w for w in self.writes if w.outcome is Outcome.OPEN), None)

    @property
    def is_sending(self) -> bool:
        """Tell whether its invoice was asked for and is not there yet."""
        return self.open_write is not None and self.open_write.kind is WriteKind.SEND_INVOICE

    @property
    def last_moment(self) -> datetime | None:
        """Return when something was last written for it, else when the order was made."""
        return max((write.last_attempt for write in self.writes), default=self.created)

    def attempts_at(self, kind: WriteKind, reference: str) -> int:
        """Return how often a write was tried whose attempts so far are all without a trace."""
        mine = [w for w in self.writes if (w.kind, w.reference) == (kind, reference)]
        return mine[-1].attempts if mine and mine[-1].outcome is Outcome.ABSENT else 0


@dataclass(frozen=True, slots=True)
class Unfinished:
    """An order, or a credit note of it, at which something is left to do, or to wait for.

    `held_settings` is the digest of the settings that it was held under; `owes`: an invoice of it
    stands, and its money is still to be posted.
    """

    id: int
    order_id: int
    number: str
    todo: bool
    hold_code: str
    held_at: datetime | None
    held_settings: str
    waits: Waits
    owes: bool


@dataclass(frozen=True, slots=True)
class Memory:
    """What the job remembers from run to run, beside the orders.

    Whose the database is, the shop's clock and ways, PowerOffice's clock and ways.
    """

    shop: str = ""
    environment: str = ""
    company: str = ""
    cursor: datetime | None = None  # the shop's clock
    polled: datetime | None = None  # ours
    long_look: str = ""  # the day of the last poll that went back 24 hours
    counted: str = ""  # the day on which the shop's own counts were held against what is known
    counts_differ: tuple[str, ...] = ()  # "status:3" where the shop has three more, explained
    never_seen: tuple[str, ...] = ()  # numbers that came to light at that
    selection: str = ""  # a digest of what decides which orders are pulled
    till: tuple[str, ...] = ()  # payments.in_the_till, as the orders were looked at
    invoiced: str = ""  # questions 3 to 5, as drafts and invoices were looked at
    shop_statuses: tuple[str, ...] = ()
    statuses_asked: datetime | None = None
    shop_route_style: str = ""
    shop_keys_in_query: bool = False
    header_tried: str = ""  # the day on which the keys were last sent where they belong, in vain
    whole: str = ""  # the day on which the file was last found to be whole
    looked: datetime | None = None  # PowerOffice's clock, as those below
    looked_at_all: datetime | None = None
    looked_at_waiting: datetime | None = None  # ours
    clock_ahead: int | None = None  # seconds: ours before PowerOffice's
    rounding_ways: tuple[str, ...] = ()
    tell_of_captures: bool = False  # to whoever has just upgraded, once
    payouts_left: dict[str, dict[str, str]] = field(default_factory=dict)  # by provider
    lacking: dict[str, dict[str, str]] = field(default_factory=dict)  # rights, by code


@dataclass(frozen=True, slots=True)
class VoucherRecord:
    """A voucher as written down before it was tried, with the orders and credit notes it pays."""

    voucher: "Voucher"
    record_ids: tuple[int, ...]
    write: Write


@dataclass
class RunOutcome:
    """How a run ends: the exit code of the contract, counts, and what to tell."""

    exit_code: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    held: int = 0
    newly_held: tuple[str, ...] = ()  # the numbers of orders that were not held before
    company: str = ""  # PowerOffice's name of it, where it was asked
    problem: str = ""  # the code of a message: what lets no further order begin
    facts: Mapping[str, str] = field(default_factory=dict)
    warnings: dict[str, Mapping[str, str]] = field(default_factory=dict)  # codes and facts

    def stop(self, problem: str, facts: Mapping[str, str]) -> None:
        """Begin no further order, for a reason that the run ends with: the first one counts."""
        if not self.problem:
            self.problem, self.facts = problem, facts


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One run of the job, for `status`."""

    started: datetime
    ended: datetime | None
    exit_code: int | None
    counts: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PayoutRecord:
    """A provider's payout as it was booked, or was about to be. Amounts in øre, debit positive.

    `lines` are role, account and amount, the clearing account's last; `rows` the kind, order (0:
    none) and amount of each of its rows. `outcome` is None before anything was tried; without a
    `text`, it is set aside: somebody booked it by hand.
    """

    reference: str  # of the voucher: a UUID that the payout's own key makes
    provider: str
    key: str
    id: str
    day: date
    currency: str
    net: int
    bank_reference: str
    text: str
    lines: tuple[tuple[str, int, int], ...]
    rows: tuple[tuple[str, int, int], ...]
    outcome: Outcome | None = None
    tried: datetime | None = None
    number: int | None = None
