"""What happens next to an order: the whole policy, as one pure function.

A step is done by transfer/steps.py, and transfer/orders.py asks again. The order of the questions
is the accountant's checklist: is a write still unanswered, may the order go, customer, sales order,
totals equal, payment noted, invoice, invoice's total equal. A credit note goes the same way.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, auto

from woo2po.documents import (
    Documents,
    DocumentSeen,
    DraftSeen,
    InvoiceWanted,
    NotYet,
    PaymentWanted,
)
from woo2po.holds import Hold, Skip
from woo2po.money import Fact, from_ore, kroner, same_amount
from woo2po.record import AIM, Edit, Payment, Record, Waits, WriteKind

# Tried this often, each time without an answer and without a trace: a person must look.
MOST_ATTEMPTS = 5
# After this many rounds of edits a draft that still differs is held, not edited again.
MOST_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the shop's order (or refund) should be in PowerOffice.

    `digest` tells whether its documents have changed and, after a dot, whether the sums or the
    buyer have.
    """

    documents: Documents
    digest: str
    invoice: InvoiceWanted | NotYet | Hold
    payment: PaymentWanted | Hold | None
    more_to_come: bool = False  # of its money, than is booked or said in `payment`
    unpaid: Hold | None = None  # why none will come, should it have been promised once


@dataclass(frozen=True, slots=True)
class NotWanted:
    """The order is not, or no longer, in a status that is transferred.

    `refunded`: its whole amount went back. `invoice_stays`: why an invoice of it is not credited
    by the job, as the code of the hold; "" where it is. `credited`: its refunds were, and are all
    of it. `payment`: money that came all the same.
    """

    status: str
    refunded: bool = False
    invoice_stays: str = ""
    credited: bool = False
    payment: PaymentWanted | Hold | None = None


Outlook = Wanted | Hold | Skip | NotWanted  # what is to become of an order


@dataclass(frozen=True, slots=True)
class DraftView:
    """The draft as read in this run, the edits it needs and, without those, what still differs.

    `as_left`: it is as the job left it, by all that was told both times. `may_lag`: we wrote to it
    so lately that the read may be older than that. `unseen`: it is, by all that shows: an edit of
    this run is not there.
    """

    seen: DraftSeen
    as_left: bool
    edits: tuple[Edit, ...]
    difference: Hold | None
    may_lag: bool = False
    unseen: bool = False


@dataclass(frozen=True, slots=True)
class InHand:
    """What this run has found out for the order so far."""

    customer_id: int | None = None  # once it is there, so are products and delivery address
    delivery_address_id: int | None = None
    draft: DraftView | None = None
    rounds: int = 0
    edited: frozenset[tuple[WriteKind, str]] = frozenset()  # in the last round
    before: DraftSeen | None = None  # the draft as it was read before that
    kept: frozenset[tuple[WriteKind, str]] = frozenset()  # what PowerOffice keeps in its own way
    edited_before: bool = False  # an earlier run made the same edits, and they showed again
    touched: bool = False  # something was made or changed, or an invoice found there
    may_send: bool = True


class Do(Enum):
    """The steps; what is wanted says the rest. `_ended` in transfer/orders.py has the ends."""

    WAIT = auto()  # a write is unanswered: nothing more until it has been looked up
    LOOK_LATER = auto()  # what differs may only not show yet: nothing is concluded from it now
    FORGET = auto()  # nothing of the order is in PowerOffice, and nothing should be
    CANCEL = auto()  # the sale is off, or was refunded in full, and nothing of it is there
    LOOK_AGAIN = auto()  # an invoice turned up that a person made: mapped anew in the next run
    CREDIT_WHOLE = auto()  # credit the invoice of an order that is off
    GATHER = auto()  # what a draft stands on: customer, products, delivery address, or create them
    CREATE_SALES_ORDER = auto()  # complete with its lines
    READ_DRAFT = auto()
    EDIT_DRAFT = auto()  # as it needs, then read it again
    ACCEPT = auto()  # the draft is equal to the øre: record it
    NOTE_PAYMENT = auto()  # it came, went back, or is not to be posted after all: record that
    SEND_INVOICE = auto()  # ask PowerOffice to make one; after this there are only questions
    READ_INVOICE = auto()  # and compare it with what was paid: a person may have made it
    DELETE_DRAFT = auto()  # of an order that is off


@dataclass(frozen=True, slots=True)
class Done:
    """What is wanted is there; `waits` says what the order's next step hangs on, if anything."""

    waits: Waits = Waits.NOTHING


# A Hold: the order cannot go, and is to be said why. A Skip: it must never go.
Step = Do | Hold | Skip | Done


def next_step(record: Record, wanted: Outlook, in_hand: InHand) -> Step:
    """Return the next step of an order; repeated until the step is an end."""
    if record.open_write is not None:
        return Do.WAIT
    if record.skip is not None and record.skip.code == "by_hand":
        return record.skip
    if isinstance(wanted, Hold):
        return wanted
    if isinstance(wanted, Skip | NotWanted) and record.invoice_no is not None and in_hand.touched:
        return Do.LOOK_AGAIN
    if isinstance(wanted, Skip):
        if not record.sales_order_id:
            return wanted
        unread = record.invoice_no is None and in_hand.draft is None
        return Do.READ_DRAFT if unread else Hold("sent_but_unwanted")
    if isinstance(wanted, NotWanted):
        return _no_longer_wanted(record, wanted, in_hand)
    if record.invoice_no is not None:
        return _invoiced(record, wanted)
    if not record.sales_order_id:
        return _towards_a_draft(record, in_hand)
    return _with_a_draft(record, wanted, in_hand)


def _no_longer_wanted(record: Record, wanted: NotWanted, in_hand: InHand) -> Step:
    """Undo what was made: a draft is deleted unless a person changed it, an invoice credited."""
    if not record.sales_order_id:
        found = adoption(record, record.found) if record.found else None
        if isinstance(found, Hold) and found.code == "under_another_prefix":
            return found  # a document of it stands all the same
        return Do.CANCEL if wanted.refunded or record.cancelled else Do.FORGET
    facts: dict[str, Fact] = {"status": wanted.status, **_numbers(record)}
    if record.invoice_no is not None:
        facts["invoice"] = facts["credit_note"] = str(record.invoice_no)  # whichever it is of
        # What was accepted and then invoiced at another sum was changed by a person.
        other = record.wanted_digest != "" and not record.invoice_equal
        stays = wanted.invoice_stays or ("off_and_changed" if other else "")
        if stays == "failed_after_payment":
            facts["total"] = from_ore(record.total_ore or 0)
        money = _money(record, wanted)
        if stays and not wanted.credited:
            # What came is posted all the same, but for what a change adds.
            came = stays != "off_and_changed" or _came_after_all(record, wanted.payment)
            return money if money is Do.NOTE_PAYMENT and came else Hold(stays, facts)
        # The credit note stays open until money that came has gone back.
        return money or (Done() if wanted.credited else Do.CREDIT_WHOLE)
    if in_hand.draft is None:
        return Do.READ_DRAFT
    if not in_hand.draft.as_left:
        edited = Hold("draft_edited_and_off", facts)
        return Do.LOOK_LATER if in_hand.draft.may_lag else edited
    if in_hand.draft.seen.status == "Confirmed":
        return Hold("draft_confirmed", _numbers(record))
    return Do.DELETE_DRAFT


def changed_after_invoice(record: Record, now: Decimal, currency: str) -> Hold:
    """Return the hold of an order that comes to another sale by now than was invoiced."""
    told = now if record.currency in {"", currency} else f"{kroner(now)} {currency}"
    invoice, was = str(record.invoice_no), from_ore(record.total_ore or 0)
    return Hold("changed_after_invoice", {"invoice": invoice, "was": was, "now": told})


def _invoiced(record: Record, wanted: Wanted) -> Step:
    if not record.invoice_equal:
        return Do.READ_INVOICE
    money = _money(record, wanted)
    if _but_buyer(record.wanted_digest) != _but_buyer(wanted.digest):
        if money is Do.NOTE_PAYMENT and _came_after_all(record, wanted.payment):
            return money
        order = wanted.documents.sales_order
        return changed_after_invoice(record, order.amounts.total, order.currency)
    if money is not None:
        return money
    due = record.payment in {Payment.DUE, Payment.IN_VOUCHER}
    if wanted.unpaid and record.waits is Waits.CAPTURE and not due:
        facts = {**wanted.unpaid.facts, "invoice": str(record.invoice_no)}
        return Hold(wanted.unpaid.code, facts)
    return Done(Waits.CAPTURE if wanted.more_to_come else Waits.NOTHING)


def _came_after_all(record: Record, money: PaymentWanted | Hold | None) -> bool:
    """Tell whether money came of an order that was changed after its invoice, and none before; or
    what was noted did not come.

    So it is where less is sent than was ordered: the gateway captures what is left of it. What a
    change adds to money that is booked already is nobody's payment.
    """
    if money is None:
        return True
    none_before = record.payment is Payment.NONE and not record.booked_ore
    came = isinstance(money, PaymentWanted) and money.amount <= from_ore(record.total_ore or 0)
    return none_before and came


def _but_buyer(digest: str) -> str:
    return digest.rpartition(".")[0] or digest


def _money(record: Record, wanted: Wanted | NotWanted) -> Step | None:
    """Note what is to be posted, anew as long as it is not posted and has changed."""
    if record.payment is Payment.MADE and record.booked_ore < 0:
        return None  # it was given back
    if record.payment is Payment.IN_VOUCHER:
        # What is said of the money since then is looked at when the voucher is settled.
        changed = isinstance(wanted.payment, PaymentWanted) and not same_amount(
            wanted.payment.amount, PaymentWanted.from_text(record.payment_body).amount
        )
        if not changed and not isinstance(wanted.payment, Hold):
            return None
        doubted = record.hold is not None and record.hold.code == "payment_unanswered"
        return record.hold if doubted else Do.LOOK_LATER
    if isinstance(wanted.payment, Hold):
        return wanted.payment
    due = record.payment_body if record.payment is Payment.DUE else ""
    noted = due == (wanted.payment.as_text() if wanted.payment else "")
    return None if noted else Do.NOTE_PAYMENT


def _towards_an_invoice(record: Record, wanted: Wanted, in_hand: InHand) -> Step:
    """Send a draft that was found equal; it is looked at once more if that was in another run."""
    if isinstance(wanted.invoice, Hold):
        return wanted.invoice
    money = _money(record, wanted)
    if money is not None:
        return money
    if in_hand.draft is None and record.hold is not None and record.hold.code == "draft_gone":
        return Do.READ_DRAFT  # it is still gone, or a person has put it back
    if isinstance(wanted.invoice, NotYet):
        return Done(Waits.PERSON)  # whoever invoices it by hand: that is looked for hourly
    if not in_hand.may_send:
        return Done(Waits.SEND_PRIVILEGE)
    draft = in_hand.draft
    if draft is None:
        return Do.READ_DRAFT
    if not same_amount(draft.seen.total, wanted.documents.sales_order.amounts.total):
        return Do.LOOK_LATER if draft.may_lag else Hold("draft_edited", _numbers(record))
    if record.attempts_at(WriteKind.SEND_INVOICE, record.reference) >= MOST_ATTEMPTS:
        return Hold("never_sent", _numbers(record))
    return Do.SEND_INVOICE


def _towards_a_draft(record: Record, in_hand: InHand) -> Step:
    if record.found:  # what is this order itself was adopted before it was mapped
        found = adoption(record, record.found)
        return found if isinstance(found, Hold) else Do.LOOK_LATER
    if in_hand.customer_id is None:
        return Do.GATHER
    if record.attempts_at(WriteKind.CREATE_SALES_ORDER, record.reference) >= MOST_ATTEMPTS:
        return Hold("never_arrives", {"attempts": str(MOST_ATTEMPTS)})
    return Do.CREATE_SALES_ORDER


def _with_a_draft(record: Record, wanted: Wanted, in_hand: InHand) -> Step:
    equal = record.wanted_digest == wanted.digest or _is_a_persons(record, wanted, in_hand)
    if equal and not record.left_digest.startswith(AIM):  # else it was not found equal since
        return _towards_an_invoice(record, wanted, in_hand)
    return Do.GATHER if in_hand.customer_id is None else _converging(record, in_hand)


def _is_a_persons(record: Record, wanted: Wanted, in_hand: InHand) -> bool:
    """Tell whether a person changed a draft left to one, and the shop neither sums nor buyer: what
    it tells of the day of delivery, or of money that came since, changes nobody's work.
    """
    sold = wanted.digest.partition(".")[2]
    if in_hand.draft is None or not sold or record.wanted_digest.partition(".")[2] != sold:
        return False
    theirs = not in_hand.draft.as_left or in_hand.draft.seen.status == "Confirmed"
    return isinstance(wanted.invoice, NotYet) and theirs


def _converging(record: Record, in_hand: InHand) -> Step:
    draft = in_hand.draft
    if draft is None:
        return Do.READ_DRAFT
    differs = draft.edits or draft.difference is not None
    if draft.unseen:
        return Do.LOOK_LATER
    if differs and draft.may_lag and not (draft.edits and in_hand.rounds):
        return Do.LOOK_LATER
    if differs and not draft.as_left:
        return Hold("draft_edited", _numbers(record))
    if draft.edits and in_hand.rounds < MOST_ROUNDS:
        if draft.seen.status == "Confirmed":
            return Hold("draft_confirmed", _numbers(record))
        return Do.EDIT_DRAFT
    if draft.difference is not None:
        return draft.difference
    return Do.ACCEPT


def adoption(record: Record, hits: tuple[DocumentSeen, ...]) -> DocumentSeen | Hold:
    """Decide which of the documents that bear one of our references is this order.

    Ours is what has both references. The same matching reference under another reference is
    this order under another prefix; the same reference with another matching reference is
    another shop's order with our prefix.
    """
    elsewhere = [hit for hit in hits if hit.reference != record.reference]
    if elsewhere:
        facts = {"reference": elsewhere[0].reference, "otherwise": record.reference}
        return Hold("under_another_prefix", facts)
    if any(hit.matching_reference != record.matching_reference for hit in hits):
        return Hold("prefix_of_another_shop", {"reference": record.reference})
    if len({hit.id for hit in hits}) > 1:
        numbers = ", ".join(str(hit.order_no or hit.invoice_no or "?") for hit in hits)
        return Hold("found_twice", {"numbers": numbers})
    return max(hits, key=lambda hit: hit.invoice_no or 0)


def _numbers(record: Record) -> dict[str, str]:
    return {"sales_order": str(record.sales_order_no or record.reference)}
