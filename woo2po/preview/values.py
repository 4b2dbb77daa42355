"""What a run would do with an order and its refunds, as values: text, page and JSON render them.

Codes and figures, no sentences. `documents` hold the customer as it would be sent: no rendering
shows a name, an address or an e-mail.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from woo2po.catalogue import Account
from woo2po.documents import Documents, InvoiceWanted, Note, PaymentWanted
from woo2po.holds import Hold, Skip
from woo2po.mapping import Exactness


class Becomes(StrEnum):
    """What becomes of an order (or a credit note); programs that read the JSON use these names.

    TRANSFERRED: a sales order is made. CHANGED: its draft is changed. INVOICED: its draft stands
    as it should and is invoiced. TAKEN_BACK: it was called off, so its draft is deleted or its
    invoice credited. UNCHANGED: what stands there is right. NOT_TRANSFERRED: its status, or a
    refund of it all, keeps it out. WAITING: PowerOffice has yet to answer for it.
    """

    TRANSFERRED = "transferred"
    CHANGED = "changed"
    INVOICED = "invoiced"
    TAKEN_BACK = "taken_back"
    HELD = "held"
    WAITING = "waiting"
    SKIPPED = "skipped"
    NOT_TRANSFERRED = "not_transferred"
    UNCHANGED = "unchanged"


# A document comes of it, or is changed: what sums are made over.
BOOKED = frozenset({Becomes.TRANSFERRED, Becomes.CHANGED, Becomes.INVOICED})


class Acquaintance(StrEnum):
    """Whether PowerOffice has an order's customer.

    BEFORE: orders of this job went to it. EXISTS: it is there. NEW: it would be made.
    """

    BEFORE = "known"
    EXISTS = "exists"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Buyer:
    """Whose order it is, without a name; `number` is the customer's in PowerOffice, if known.

    `known` is None where nobody had to be looked up.
    """

    is_person: bool
    known: Acquaintance | None = None
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Foretold:
    """What a run would do with one order, or with one credit note of it.

    `status` and `method` (of payment) are the shop's. `total` is what was paid, of a credit note
    what it gives back (below 0); None where it could not be read. `said` is the code of the
    sentence that says what becomes of it, if there is one beside `reason` and `buyer`.
    `is_made`: its sales order is made or changed; `is_found`: it stood in PowerOffice already and
    is not this database's work. `documents` are as the shop's order is now, whatever becomes of
    it, `accounts` those of its lines, as far as they are known. `stays_draft`: it is left as a
    draft, which a person or a later run invoices. `payment` is negative where money goes back;
    `is_invoiced`: there is an invoice by then that it pays. `refund` is set on a credit note: the
    refund that it is for, 0 for the whole order.
    """

    order_id: int
    number: str
    becomes: Becomes
    reason: Hold | Skip | None = None
    said: Note | None = None
    status: str = ""
    method: str = ""
    day: date | None = None
    total: Decimal | None = None
    currency: str = ""
    buyer: Buyer | None = None
    is_made: bool = False
    is_found: bool = False
    documents: Documents | None = None
    accounts: tuple[Account | None, ...] = ()
    exactness: Exactness | None = None
    sales_order_no: int | None = None
    invoice_no: int | None = None
    invoice: InvoiceWanted | None = None
    stays_draft: bool = False
    payment: PaymentWanted | None = None
    is_invoiced: bool = False
    notes: tuple[Note, ...] = ()
    refund: int | None = None
    counted: tuple[str, ...] = ()  # what a run counts it as, by the names of its summary
    credit_notes: tuple["Foretold", ...] = ()

    @property
    def parts(self) -> tuple["Foretold", ...]:
        """The order and its credit notes."""
        return (self, *self.credit_notes)

    @property
    def holds(self) -> tuple[Hold, ...]:
        """Why it is held, or a credit note of it."""
        return tuple(one.reason for one in self.parts if isinstance(one.reason, Hold))

    @property
    def outcome(self) -> Becomes:
        """What becomes of it, if its credit notes go too: held wins, then what is not answered."""
        found = {one.becomes for one in self.parts}
        return next((one for one in (Becomes.HELD, Becomes.WAITING) if one in found), self.becomes)

    @property
    def counts(self) -> Counter[str]:
        """What a run would count it as, its credit notes by themselves."""
        counts = Counter(self.counted)
        for note in self.credit_notes:
            of_note = Counter(note.counted)
            counts += Counter({"credited": of_note["made"]})
            counts += Counter({name: of_note[name] for name in ("held", "waiting")})
        return counts or Counter({"unchanged": 1})
