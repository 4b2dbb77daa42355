"""The lines of a refund, turned round: as if what it takes back were being sold."""

from decimal import Decimal

from woo2po.mapping import gift_cards
from woo2po.money import round_six
from woo2po.order import Line, Order, Refund, Tax
from woo2po.settings import Settings


def as_sold(order: Order, refund: Refund, settings: Settings) -> Order:
    """Return what a refund takes back as an order of it: positive where the refund is negative."""
    lines = tuple(
        _sold_line(line, _original(line, order), settings)
        for line in refund.lines
        if line.total or line.quantity or any(tax.total for tax in line.taxes)
    )
    given = {"lines": lines, "total": refund.amount, "gift_cards": (), "meta_data": ()}
    return gift_cards.without_codes(order.model_copy(update=given), settings)


def _original(line: Line, order: Order) -> Line | None:
    """Return the order's line that a refund's line is of, as WooCommerce notes it."""
    said = {str(meta.value) for meta in line.meta_data if meta.key == "_refunded_item_id"}
    return next((one for one in order.lines if str(one.id) in said), None)


def _sold_line(line: Line, original: Line | None, settings: Settings) -> Line:
    """Return a refund's line as sold: after discounts, unless these leave the VAT alone.

    Then (question 12) it has its share of the original's list price, so that it returns VAT as
    the order had it. What it was is told by the original: its meta shows a gift card.
    """
    listed = _share_of_list(line, original, settings)
    factor = listed / -line.total if line.total else Decimal(1)
    taxes = tuple(
        Tax(id=tax.id, total=-tax.total, subtotal=round_six(-tax.total * factor))
        for tax in line.taxes
    )
    changed = {"id": line.id, "quantity": -line.quantity, "total": -line.total,
               "total_tax": -line.total_tax, "subtotal": listed, "taxes": taxes}  # fmt: skip
    return (original or line).model_copy(update=changed)


def _share_of_list(line: Line, original: Line | None, settings: Settings) -> Decimal:
    if original is None or settings.discounts.transfer_vat or original.subtotal <= original.total:
        return -line.total
    if original.total:
        return round_six(original.subtotal * -line.total / original.total)
    pieces = original.quantity or Decimal(1)
    return round_six(original.subtotal * -line.quantity / pieces)
