"""What an order sold: what was paid, its lines at their VAT rates, the cards that paid a part."""

from dataclasses import dataclass
from decimal import Decimal

from woo2po.catalogue import Catalogue
from woo2po.documents import Note
from woo2po.mapping import discounts, gift_cards, rates
from woo2po.mapping.lines import entry_of
from woo2po.mapping.paid import Paid, paid_for
from woo2po.mapping.texts import fitted
from woo2po.mapping.values import LONGEST_FACT, Entry, Part
from woo2po.mapping.vat import Chooser
from woo2po.money import ZERO
from woo2po.order import Order
from woo2po.settings import Settings


@dataclass(frozen=True, slots=True)
class Sale:
    """What was paid, for which parts, and what gift cards paid beside the lines (kroner).

    `order` is the shop's, but for the gift cards' codes in the names of fees.
    """

    order: Order
    paid: Paid
    parts: tuple[Part, ...]
    cards: tuple[Decimal, ...]
    notes: tuple[Note, ...]


def sale_of(order: Order, settings: Settings, catalogue: Catalogue) -> Sale:
    """Return what an order sold. Raises Stopped (a Hold) where its amounts do not say it."""
    order = gift_cards.without_codes(order, settings)
    named_cards = gift_cards.visible(order)
    paid = paid_for(order, sum(named_cards, ZERO))
    known = rates.rates_of(order, catalogue)
    by_total_tax = paid.reading == "total_tax"
    parts = [
        part for line in order.lines for part in rates.parts_of(line, order, known, by_total_tax)
    ]
    rates.check_detail(order, paid.gap)
    cards, notes = gift_cards.used(paid, named_cards, settings)
    return Sale(order, paid, tuple(parts), cards, notes)


def entries_of(sale: Sale, settings: Settings, chooser: Chooser) -> list[Entry]:
    """Return the lines that say what was paid for, without prices."""
    entries = [entry_of(part, settings, chooser) for part in sale.parts]
    entries += discounts.entries(sale.order, sale.parts, settings, chooser)
    entries += gift_cards.entries(sale.cards, settings, chooser)
    return entries


def noticed(sale: Sale, entries: list[Entry]) -> tuple[Note, ...]:
    """Return what an accountant should know of an order that goes all the same."""
    divided = [
        line.name for line in sale.order.lines if sum(p.line is line for p in sale.parts) > 1
    ]
    odd = sorted({entry.carrier.product_code for entry in entries if entry.carrier.odd})
    return tuple(
        Note("line_divided", {"line": fitted(name, LONGEST_FACT)}) for name in divided
    ) + tuple(Note("zero_rate_of_other_kind", {"code": code}) for code in odd)
