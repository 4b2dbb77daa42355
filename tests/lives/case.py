"""One order of a life in the end: what the shop says of it, and what stands in PowerOffice."""

from dataclasses import dataclass
from decimal import Decimal

from summary import Document

from tests.lives.content import ZERO, Figures, Json
from tests.lives.found import Found
from tests.lives.life import Life, Story

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
        """Return the case of an order of a life."""
        listed, me = life.world.shop.orders, story.order_id
        order = listed.get(me) or life.gone[me]
        status = order["status"] if me in listed else "gone"
        return cls(life, story, found, status, order, {r["id"]: r for r in life.refunds_of(me)})

    @property
    def name(self) -> str:
        """The order for a message."""
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
        """Tell whether one of these happened, to the order or to all."""
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
