"""The sales order that is wanted, and whether the draft that PowerOffice answered is that order.

Nothing is invoiced before the two are equal: the total to the øre, the VAT of each rate within
what rounding forces, and every line on its product and VAT rate.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from woo2po.config import Settings
from woo2po.documents import (
    REMARKS,
    ROUNDING_REFERENCE,
    Catalogue,
    DraftSeen,
    LineKind,
    LineSeen,
    OrderLine,
    Rounding,
    SalesOrder,
)
from woo2po.holds import Hold
from woo2po.mapping.customer import delivery_address, imported_order_no, shown_number
from woo2po.mapping.prices import (
    BY_LINE,
    Paid,
    amounts_of,
    check_rounding,
    expected_total,
    line_amounts,
    priced,
    rounding_line,
    sums_of,
)
from woo2po.mapping.values import LONGEST_DESCRIPTION, Entry, or_hold, pieces
from woo2po.mapping.vat import Chooser
from woo2po.money import SAME_AMOUNT, ZERO, percent, round_ore, round_six, same_amount
from woo2po.order import Order


def sales_order(
    order: Order,
    paid: Paid,
    entries: Sequence[Entry],
    chooser: Chooser,
    ways: frozenset[Rounding],
    names: tuple[str, str],
    day: date,
    rounding: Decimal = ZERO,
) -> SalesOrder:
    """Return the sales order of `entries` that comes to `paid.total`.

    `names`: its ExternalImportReference and its CustomMatchingReference.
    `rounding`: what the rounding line may come to (kroner), where that is more than the entries
    themselves explain. Raises Stopped (a Hold) past that bound.
    """
    lines = priced(entries, paid.total, ways)
    amounts = amounts_of(paid, entries)
    amounts = replace(amounts, largest_rounding=max(amounts.largest_rounding, rounding))
    missing = paid.total - expected_total(lines, paid.total, ways)
    if not same_amount(missing, ZERO):
        check_rounding(missing, amounts)
        lines.append(rounding_line(missing, chooser))
    settings = chooser.settings
    where = settings.orders.write_number_to
    number = shown_number(order, settings)
    return SalesOrder(
        reference=names[0],
        matching_reference=names[1],
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


# PowerOffice answers with JSON doubles; more than this is not their noise.
NOISE = Decimal("0.0005")


@or_hold
def corrected(
    wanted: SalesOrder, seen: DraftSeen, settings: Settings, catalogue: Catalogue
) -> SalesOrder:
    """Return the order with the rounding line that makes PowerOffice's total what was paid.

    A rounding line that stands there already is counted in, changed, or taken away. Returns a
    Hold with the figures if the difference is more than rounding explains.
    """
    lines = tuple(line for line in wanted.lines if line.reference != ROUNDING_REFERENCE)
    rounded = sum(
        (_gross(line) for line in seen.lines if line.reference == ROUNDING_REFERENCE), ZERO
    )
    missing = wanted.amounts.total - (seen.total - rounded)
    missing = (
        round_ore(missing) if abs(missing - round_ore(missing)) < NOISE else round_six(missing)
    )
    if not missing:
        return replace(wanted, lines=lines)
    check_rounding(missing, wanted.amounts)
    return replace(wanted, lines=(*lines, rounding_line(missing, Chooser(settings, catalogue))))


def _gross(line: LineSeen) -> Decimal:
    if line.total is not None:
        return line.total
    return (line.quantity or ZERO) * (line.unit_price or ZERO)


def difference(wanted: SalesOrder, seen: DraftSeen) -> Hold | None:
    """Return None if the draft is the wanted order to the øre, else a Hold that names what differs.

    Compared are the lines by reference, their product, account and VAT rate, the total, and the
    VAT of each rate.
    """
    return _lines_differ(wanted, seen) or _total_differs(wanted, seen) or _vat_differs(wanted, seen)


def _lines_differ(wanted: SalesOrder, seen: DraftSeen) -> Hold | None:
    ours = {line.reference: line for line in wanted.lines if not line.reference.startswith(REMARKS)}
    there = [line for line in seen.lines if not line.reference.startswith(REMARKS)]
    theirs = {line.reference: line for line in there}
    odd = [reference or "?" for reference in ours.keys() ^ theirs.keys()]
    if odd or len(there) != len(ours):
        counts = {"wanted": len(ours), "seen": len(there)}
        return Hold("draft_lines_differ", {**counts, "lines": ", ".join(sorted(odd)) or "-"})
    for reference, line in ours.items():
        found = _line_differs(line, theirs[reference])
        if found is not None:
            return found
    return None


def _line_differs(wanted: OrderLine, seen: LineSeen) -> Hold | None:
    if wanted.kind is LineKind.TEXT:
        return None
    if wanted.product_id is not None and seen.product_id not in {None, wanted.product_id}:
        return Hold(
            "draft_product_differs", {"line": wanted.reference, "code": wanted.product_code}
        )
    if seen.vat_rate is None or abs(seen.vat_rate - wanted.vat_rate) > NOISE:
        rate = "-" if seen.vat_rate is None else percent(seen.vat_rate)
        facts = {"line": wanted.reference, "code": wanted.product_code, "seen": rate}
        return Hold("draft_rate_differs", {**facts, "wanted": percent(wanted.vat_rate)})
    return None


def _total_differs(wanted: SalesOrder, seen: DraftSeen) -> Hold | None:
    if same_amount(wanted.amounts.total, seen.total):
        return None
    return Hold("draft_total_differs",
                {"wanted": wanted.amounts.total, "seen": seen.total})  # fmt: skip


def _vat_differs(wanted: SalesOrder, seen: DraftSeen) -> Hold | None:
    for rate, vat in wanted.amounts.vat.items():
        of_rate = [line.vat or ZERO for line in seen.lines if _is_of(line, rate)]
        found = sum(of_rate, ZERO)
        if abs(found - vat) > wanted.amounts.vat_tolerance[rate] + SAME_AMOUNT:
            sums = {"wanted": round_ore(vat), "seen": round_ore(found)}
            return Hold("draft_vat_differs", {"rate": percent(rate), **sums})
    return None


def _is_of(line: LineSeen, rate: Decimal) -> bool:
    return line.vat_rate is not None and abs(line.vat_rate - rate) <= NOISE


def ways_explaining(wanted: SalesOrder, seen: DraftSeen) -> frozenset[Rounding]:
    """Return the ways of rounding that give the total, and the line amounts, that were answered.

    Only a draft whose lines are the wanted ones tells; of another no way is said.
    """
    if _lines_differ(wanted, seen) is not None:
        return frozenset()
    sums = sums_of(wanted.lines)
    return frozenset(
        way
        for way in Rounding
        if same_amount(sums.total(way), seen.total)
        and (way not in BY_LINE or _lines_say(wanted, seen, way))
    )


def _lines_say(wanted: SalesOrder, seen: DraftSeen, way: Rounding) -> bool:
    theirs = {line.reference: line for line in seen.lines}
    for line in wanted.lines:
        if line.reference.startswith(REMARKS):
            continue
        found = theirs[line.reference]
        for shown, amount in zip((found.net, found.vat), line_amounts(line, way), strict=True):
            if shown is not None and abs(shown - amount) > NOISE:
                return False
    return True
