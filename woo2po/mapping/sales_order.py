"""A sales order from its lines: prices, rounding line, full texts, references."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from woo2po.catalogue import Catalogue
from woo2po.documents import LineKind, OrderLine, Rounding, SalesOrder
from woo2po.mapping.customer import delivery_address
from woo2po.mapping.paid import Paid, amounts_of
from woo2po.mapping.prices import check_rounding, expected_total, priced, rounding_line
from woo2po.mapping.references import imported_order_no, shown_number
from woo2po.mapping.texts import LONGEST_DESCRIPTION, pieces
from woo2po.mapping.values import Entry
from woo2po.money import ZERO, same_amount
from woo2po.order import Order
from woo2po.settings import Settings


def sales_order(
    order: Order,
    paid: Paid,
    entries: Sequence[Entry],
    settings: Settings,
    catalogue: Catalogue,
    ways: frozenset[Rounding],
    *,
    reference: str,
    matching_reference: str,
    day: date,
    rounding: Decimal = ZERO,
) -> SalesOrder:
    """Return the sales order of `entries` that comes to `paid.total`.

    `rounding`: what the rounding line may come to (kroner), where that is more than the entries
    themselves explain. Raises Stopped (a Hold) past that bound.
    """
    lines = priced(entries, paid.total, ways)
    amounts = amounts_of(paid, entries)
    amounts = replace(amounts, largest_rounding=max(amounts.largest_rounding, rounding))
    missing = paid.total - expected_total(lines, paid.total, ways)
    if not same_amount(missing, ZERO):
        check_rounding(missing, amounts)
        lines.append(rounding_line(missing, settings, catalogue))
    where = settings.orders.write_number_to
    number = shown_number(order, settings)
    return SalesOrder(
        reference=reference,
        matching_reference=matching_reference,
        imported_order_no=imported_order_no(order),
        customer_reference=number if where == "customer_reference" else "",
        purchase_order_reference=number if where == "purchase_order_reference" else "",
        order_date=day,
        currency=order.currency,
        lines=_with_full_texts(lines),
        amounts=amounts,
        delivery=delivery_address(order),
        dimensions={name: code for name, code in settings.dimensions if code},
    )


def _with_full_texts(lines: list[OrderLine]) -> tuple[OrderLine, ...]:
    """Return the lines with texts that fit; a text that was cut follows whole on Text lines."""
    made: list[OrderLine] = []
    for line in lines:
        texts = list(pieces(line.description, LONGEST_DESCRIPTION)) or [""]
        made.append(replace(line, description=texts[0]))
        for n, text in enumerate(texts if len(texts) > 1 else (), 1):
            made.append(OrderLine(f"{line.reference}-t{n}", LineKind.TEXT, text))
    return tuple(made)
