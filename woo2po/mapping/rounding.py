"""What PowerOffice would compute from order lines, in each way in which it may round.

How it rounds is not documented (PowerOffice facts, section 14). What it answers is compared
with these, and the ways that never fitted an answer are left out of account.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from woo2po.documents import OrderLine, Rounding
from woo2po.money import ZERO, round_ore

ALL_WAYS = frozenset(Rounding)
BY_LINE = frozenset({Rounding.LINE, Rounding.LINE_NET})


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums over order lines in kroner: gross of rounded lines, and exact net per VAT rate."""

    line: Decimal
    line_net: Decimal
    nets: Mapping[Decimal, Decimal]

    def total(self, way: Rounding) -> Decimal:
        """Return the gross total by that way of rounding."""
        if way is Rounding.LINE:
            return self.line
        if way is Rounding.LINE_NET:
            return self.line_net
        if way is Rounding.DOCUMENT:
            vats = sum((round_ore(net * rate / 100) for rate, net in self.nets.items()), ZERO)
            return round_ore(sum(self.nets.values(), ZERO)) + vats
        return round_ore(sum((net * (100 + rate) / 100 for rate, net in self.nets.items()), ZERO))

    def changed(self, old: OrderLine, new: OrderLine) -> "Sums":
        """Return the sums with one line in another's place, at the same VAT rate."""
        net = (
            self.nets[old.vat_rate] + new.quantity * new.unit_price - old.quantity * old.unit_price
        )
        return Sums(
            self.line + _gross(new, Rounding.LINE) - _gross(old, Rounding.LINE),
            self.line_net + _gross(new, Rounding.LINE_NET) - _gross(old, Rounding.LINE_NET),
            {**self.nets, old.vat_rate: net},
        )


def sums_of(lines: Iterable[OrderLine]) -> Sums:
    """Return the sums of a sales order's lines; a text line adds nothing."""
    by_line, by_line_net = ZERO, ZERO
    nets: dict[Decimal, Decimal] = {}
    for line in lines:
        by_line += _gross(line, Rounding.LINE)
        by_line_net += _gross(line, Rounding.LINE_NET)
        nets[line.vat_rate] = nets.get(line.vat_rate, ZERO) + line.quantity * line.unit_price
    return Sums(by_line, by_line_net, nets)


def line_amounts(line: OrderLine, way: Rounding) -> tuple[Decimal, Decimal]:
    """Return net and VAT (kroner) of a line that is rounded by itself."""
    exact = line.quantity * line.unit_price
    net = round_ore(exact)
    taxed = net if way is Rounding.LINE_NET else exact
    return net, round_ore(taxed * line.vat_rate / 100)


def _gross(line: OrderLine, way: Rounding) -> Decimal:
    net, vat = line_amounts(line, way)
    return net + vat
