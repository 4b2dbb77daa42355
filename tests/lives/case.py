"""One order of a life in the end: what the shop says of it, what stands in PowerOffice, gathered by
the references on it, and which holds are right.
"""

import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from stories import Pair, vouchers
from summary import Document
from world import World

from tests.lives.content import ZERO, Figures, Json
from tests.lives.life import Life, Story

# Base, generation, and which of its credit notes: a refund's, or that of the whole.
REFERENCE = re.compile(r"(?:shop_)?(\d+)(?:-(\d+))?(?:-r(\d+)|(-c))?")


@dataclass
class Found:
    """The documents and the money of one order, whatever is wrong with them."""

    sales: dict[int, list[Document]] = field(default_factory=lambda: defaultdict(list))
    credits: dict[int, list[Document]] = field(default_factory=lambda: defaultdict(list))
    wholes: dict[int, list[Document]] = field(default_factory=lambda: defaultdict(list))
    payments: list[Pair] = field(default_factory=list)
    paybacks: dict[int, list[Pair]] = field(default_factory=lambda: defaultdict(list))

    @property
    def documents(self) -> list[Document]:
        groups = (self.sales, self.credits, self.wholes)
        return [one for group in groups for listed in group.values() for one in listed]

    @property
    def live(self) -> list[Document]:
        """The drafts and invoices that no credit note of the whole has closed."""
        open_ones = ((g, one) for g, listed in self.sales.items() for one in listed)
        return [one for g, one in open_ones if not any(w.invoiced for w in self.wholes[g])]

    @property
    def untouched(self) -> list[Document]:
        """Those of them that no draft of such a credit note stands beside either."""
        return [
            one
            for one in self.live
            if not any(one in self.sales[g] for g, w in self.wholes.items() if w)
        ]


def found_in(world: World) -> dict[int, Found]:
    found: dict[int, Found] = defaultdict(Found)
    for document in world.books().documents:
        if said := REFERENCE.fullmatch(document.reference):
            kind = "credits" if said[3] else "wholes" if said[4] else "sales"
            listed = getattr(found[int(said[1])], kind)
            listed[int(said[3] or said[2] or 1)].append(document)
    for pair in (pair for voucher in vouchers(world, ours=True) for pair in voucher.pairs):
        said = REFERENCE.fullmatch(pair.reference)
        assert said, f"money under an unknown reference: {pair}"
        mine = found[int(said[1])]
        (mine.payments if pair.amount > 0 else mine.paybacks[int(said[3] or 0)]).append(pair)
    return found


# -- the case of an order --------------------------------------------------------------------------


OFF = {"cancelled", "failed", "trash", "gone"}


@dataclass(frozen=True)
class Case:
    """`status` is the shop's, or "gone"; `order` and `refunds` as the shop last had them."""

    life: Life
    story: Story
    found: Found
    status: str
    order: Json
    refunds: dict[int, Json]

    @classmethod
    def of(cls, life: Life, story: Story, found: Found) -> "Case":
        listed, me = life.world.shop.orders, story.order_id
        order = listed.get(me) or life.gone[me]
        status = order["status"] if me in listed else "gone"
        return cls(life, story, found, status, order, {r["id"]: r for r in life.refunds_of(me)})

    @property
    def name(self) -> str:
        return f"{self.story.order_id} ({self.status})"

    @property
    def sales(self) -> list[Document]:
        """The drafts and invoices of the order, those that were credited whole as well."""
        return [one for listed in self.found.sales.values() for one in listed]

    @property
    def made(self) -> set[str]:
        """The references of the invoices and credit notes that the job asked for, not a person."""
        listed = self.life.world.company.outgoing_invoices.values()
        ours = [one for one in listed if one.is_created_by_current_integration]
        return {one.order.external_import_reference or "" for one in ours}

    @property
    def is_transferred(self) -> bool:
        """Whether its status is one of question 1, or past it."""
        listed = self.life.world.settings.woocommerce.statuses
        past = self.status == "completed" and "processing" in listed
        return self.status in listed or past

    @property
    def left_to_a_person(self) -> bool:
        """Question 3."""
        return not self.life.switched("invoices.create")

    def happened(self, *marks: str) -> bool:
        return bool(set(marks) & (self.story.marks | self.life.marks))

    def must_be_invoiced(self) -> bool:
        """Questions 3 and 4, where nobody changed his mind about them."""
        if self.happened("switched invoices.create", "switched invoices.when"):
            return False
        at_once = self.life.switched("invoices.when") == "processing"
        due = self.is_transferred and (at_once or self.status == "completed")
        return due and not self.left_to_a_person

    def may_be_invoiced(self) -> bool:
        """The same, for an order that went on since."""
        minds = ("switched invoices.create", "switched invoices.when", "invoiced by hand")
        at_once = self.life.switched("invoices.when") == "processing"
        due = at_once or self.happened("completed")
        return self.happened(*minds) or (due and not self.left_to_a_person)


def vat_off(figures: Figures, document: Document) -> Decimal:
    """Return by how much the VAT of some rate differs, less what rounding explains."""
    vat = dict(document.vat)
    rates = {*vat, *figures.vat}
    off = (abs(vat.get(rate, ZERO) - figures.vat.get(rate, ZERO)) for rate in rates)
    return max(max(off, default=ZERO) - figures.tolerance, ZERO)


# -- a code of a hold, and what must have happened for it ------------------------------------------


# What happened, to the order or to all, and what either is held for then.
EXCUSES = {
    "edited": "changed_after_invoice invoice_differs off_and_changed refunds_exceed_total",
    "rewritten": "draft_edited draft_edited_and_off invoiced_otherwise",
    "repriced": "draft_edited draft_edited_and_off invoice_differs off_and_changed"
                " invoiced_otherwise paid_in_part",
    "confirmed": "draft_confirmed",
    "draft deleted": "draft_gone sent_and_nowhere",
    "invoiced by hand": "invoice_differs off_and_changed",
    "paid by hand": "paid_in_part",
    "credited by hand": "credited_by_hand credited_before_paid paid_in_part",
    "failed": "failed_after_payment",
    "refunded": "cancelled_after_refunds refunded_in_part_after_cancellation credited_before_paid",
    "refund deleted": "refund_taken_back refunds_exceed_total",
    "gone": "refund_of_deleted_order",
    "switched refunds.credit_notes": "off_after_invoice",
    "customer archived": "customer_archived refused voucher_refused",
    "product archived": "product_missing product_unfit no_product_for_rate sku_unknown refused"
                        " invoiced_otherwise",
}  # fmt: skip
# What an order is by itself.
ITS_OWN: dict[str, Callable[[Story], bool]] = {
    "payment_account_not_set": lambda story: story.method == "bambora",
    "cancelled_at_zero": lambda story: any(version.total == 0 for version in story.versions),
    "changed_after_invoice": lambda story: len({one.total for one in story.versions}) > 1,
    # An invoice to be paid would reach nobody.
    "invoice_email_missing": lambda s: s.buyer == "guest" and not s.paid_when_placed,
}
WISHED = {"domestic_zero": "vat.domestic_zero", "total_below_lines": "gift_cards.hidden"}


def excused(code: str, story: Story, life: Life) -> bool:
    """Tell whether an order may be held for this, after what happened to it."""
    if any(code in EXCUSES.get(mark, "").split() for mark in story.marks | life.marks):
        return True
    if code in ITS_OWN and ITS_OWN[code](story):
        return True
    found_anew = "database lost" in story.marks and bool(story.marks & {"edited", "repriced"})
    match code:
        case "invoiced_otherwise":
            return any(mark.startswith("switched") for mark in life.marks)
        case "off_after_invoice":
            return not life.switched("refunds.credit_notes")
        # Found again it is not edited, also where an edit was half done, or a person's stood.
        case "draft_lines_differ" | "draft_product_differs" | "draft_total_differs":
            return found_anew
        case "period_locked":
            return "locked" in life.marks and life.switched("invoices.locked_period") == "hold"
        case "domestic_zero" | "total_below_lines":
            return life.switched(WISHED[code]) == "hold"
        case "rounding_too_large" | "refund_lines_do_not_sum":
            cut = life.world.faults.max_unit_price_decimals == 2
            return life.kind.decimals == 0 or cut or found_anew
        case "refund_exceeds_rate":
            return not life.switched("discounts.transfer_vat") or life.kind.decimals == 0
    return False
