"""What stands in PowerOffice of each order of the shop, gathered by the references on it."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from summary import Document, summary_of

from woo2po.sandbox.books import Books

# Base, generation, and which of its credit notes: a refund's, or that of the whole.
REFERENCE = re.compile(r"shop_(\d+)(?:-(\d+))?(?:-r(\d+)|(-c))?")
MATCHING = re.compile(r"woo-[0-9a-f]{10}-(\d+)(?:-(\d+))?(?:-r(\d+)|(-c))?")


@dataclass(frozen=True)
class Posted:
    """A pair of lines of a voucher: on which account how much came (or, negative, went)."""

    account: int
    amount: Decimal
    matching_reference: str


@dataclass
class Found:
    """The documents and the money of one order, whatever is wrong with them."""

    sales: dict[int, list[Document]] = field(default_factory=lambda: defaultdict(list))
    credits: dict[int, list[Document]] = field(default_factory=lambda: defaultdict(list))
    wholes: dict[int, list[Document]] = field(default_factory=lambda: defaultdict(list))
    payments: list[Posted] = field(default_factory=list)
    paybacks: dict[int, list[Posted]] = field(default_factory=lambda: defaultdict(list))

    @property
    def documents(self) -> list[Document]:
        """All documents."""
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


def found_in(company: Books) -> dict[int, Found]:
    """Return what there is by order."""
    found: dict[int, Found] = defaultdict(Found)
    for document in summary_of(company).documents:
        said = REFERENCE.fullmatch(document.reference)
        if said:
            _sort_in(found[int(said[1])], said, document)
    for posted in _posted(company):
        said = MATCHING.fullmatch(posted.matching_reference)
        assert said, f"money under an unknown reference: {posted}"
        mine = found[int(said[1])]
        if posted.amount > 0:
            mine.payments.append(posted)
        else:
            mine.paybacks[int(said[3] or 0)].append(posted)
    return found


def _sort_in(found: Found, said: re.Match[str], document: Document) -> None:
    generation = int(said[2] or 1)
    if said[3]:
        found.credits[int(said[3])].append(document)
    elif said[4]:
        found.wholes[generation].append(document)
    else:
        found.sales[generation].append(document)


def _posted(company: Books) -> Iterable[Posted]:
    numbers = {account.id: account.account_no for account in company.accounts.values()}
    for voucher in company.vouchers.values():
        if not voucher.is_created_by_current_integration:
            continue
        for money, customer in zip(voucher.lines[::2], voucher.lines[1::2], strict=True):
            assert money.currency_amount == -customer.currency_amount, voucher
            reference = customer.custom_matching_reference or ""
            yield Posted(numbers[money.account_id], money.currency_amount, reference)
