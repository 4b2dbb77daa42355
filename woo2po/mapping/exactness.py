"""Whether PowerOffice's total of a sales order will be what was paid, however PowerOffice rounds.

Decided here for whoever shows an order before it is sent: the preview, and `check`.
"""

from dataclasses import dataclass
from decimal import Decimal

from woo2po.documents import ROUNDING_REFERENCE, Rounding, SalesOrder
from woo2po.mapping.rounding import ALL_WAYS, sums_of
from woo2po.money import ZERO, same_amount


@dataclass(frozen=True, slots=True)
class Exactness:
    """How a sales order comes to what was paid.

    `line` is what its rounding line adds (kroner, of either sign; 0: it has none). `ways` are
    the ways of rounding that give what was paid, `known` those in which PowerOffice may round,
    by its answers so far.
    """

    line: Decimal
    ways: frozenset[Rounding]
    known: frozenset[Rounding]

    @property
    def sure(self) -> frozenset[Rounding]:
        """The ways that may be PowerOffice's and give what was paid."""
        return self.ways & self.known

    @property
    def is_sure(self) -> bool:
        """Whether the total is right in every way in which PowerOffice may round.

        Where it is not, a run compares the draft and sets its rounding line right.
        """
        return self.known <= self.ways

    @property
    def is_plain(self) -> bool:
        """Whether the total is right for sure, and without a rounding line."""
        return self.is_sure and not self.line


def exactness(order: SalesOrder, known: frozenset[Rounding] = ALL_WAYS) -> Exactness:
    """Return how a sales order comes to its total; `known`: the ways that may be PowerOffice's."""
    sums = sums_of(order.lines)
    line = sum(
        (
            one.quantity * one.unit_price
            for one in order.lines
            if one.reference == ROUNDING_REFERENCE
        ),
        ZERO,
    )
    right = {way for way in Rounding if same_amount(sums.total(way), order.amounts.total)}
    return Exactness(line, frozenset(right), known or ALL_WAYS)
