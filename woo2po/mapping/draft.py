"""Whether the draft that PowerOffice answered is the sales order that we want, and what it lacks.

Nothing is invoiced before the two are equal: the total to the øre, the VAT of each rate within
what rounding forces, and every line on its product and VAT rate. A draft is never rewritten: each
difference becomes one edit of one line or of the header, found by the line's reference, so that an
edit whose answer was lost is simply found done at the next look.
"""

import hashlib
import re
from dataclasses import replace
from decimal import Decimal
from operator import attrgetter

from woo2po.documents import (
    REMARKS,
    ROUNDING_REFERENCE,
    Documents,
    DraftSeen,
    LineKind,
    LineSeen,
    OrderLine,
    Rounding,
    SalesOrder,
)
from woo2po.holds import Hold
from woo2po.mapping.prices import BY_LINE, line_amounts, rounding_line, sums_of
from woo2po.mapping.values import Basis, or_hold
from woo2po.mapping.vat import Chooser
from woo2po.money import ORE, SAME_AMOUNT, ZERO, percent, round_ore, round_six, same_amount
from woo2po.record import AIM, Edit, WriteKind

# PowerOffice answers with JSON doubles: more than this is not their noise, in prices (which are
# sent with six decimals) and in what it computes.
SAME_PRICE = Decimal("0.0000005")
NOISE = Decimal("0.0005")


@or_hold
def corrected(wanted: SalesOrder, seen: DraftSeen, basis: Basis) -> SalesOrder:
    """Return the order with the rounding line that makes PowerOffice's total what was paid.

    A rounding line that stands there already is counted in, changed, or taken away. Returns a
    Hold with the figures if the difference is more than rounding explains.
    """
    lines = tuple(line for line in wanted.lines if line.reference != ROUNDING_REFERENCE)
    missing = wanted.amounts.total - seen.total
    for line in seen.lines:
        if line.reference == ROUNDING_REFERENCE:
            net = (line.quantity or ZERO) * (line.unit_price or ZERO)
            missing += net if line.total is None else line.total
    whole = round_ore(missing)
    missing = whole if abs(missing - whole) < NOISE else round_six(missing)
    if not missing:
        return replace(wanted, lines=lines)
    chooser = Chooser(basis.settings, basis.catalogue)
    return replace(wanted, lines=(*lines, rounding_line(missing, wanted.amounts, chooser)))


def difference(wanted: SalesOrder, seen: DraftSeen) -> Hold | None:
    """Return None if the draft is the wanted order to the øre, else a Hold that names what differs.

    Compared are the lines by reference, their product, account and VAT rate, the total, and the
    VAT of each rate.
    """
    odd, total = _lines_differ(wanted, seen), wanted.amounts.total
    if odd is not None:
        return odd
    if not same_amount(total, seen.total):
        return Hold("draft_total_differs", {"wanted": total, "seen": seen.total})
    for rate, vat in wanted.amounts.vat.items():
        found = sum((line.vat or ZERO for line in seen.lines if _is_at(rate, line)), ZERO)
        if abs(found - vat) > wanted.amounts.vat_tolerance[rate] + SAME_AMOUNT:
            sums = {"wanted": round_ore(vat), "seen": round_ore(found)}
            return Hold("draft_vat_differs", {"rate": percent(rate), **sums})
    return None


def _lines_differ(wanted: SalesOrder, seen: DraftSeen) -> Hold | None:
    ours = {line.reference: line for line in wanted.lines if not line.reference.startswith(REMARKS)}
    there = [line for line in seen.lines if not line.reference.startswith(REMARKS)]
    theirs = {line.reference: line for line in there}
    odd = [reference or "?" for reference in ours.keys() ^ theirs.keys()]
    if odd or len(there) != len(ours):
        counts = {"wanted": len(ours), "seen": len(there)}
        return Hold("draft_lines_differ", {**counts, "lines": ", ".join(sorted(odd)) or "-"})
    for reference, line in ours.items():
        found = theirs[reference]
        facts = {"line": reference, "code": line.product_code}
        if line.kind is LineKind.TEXT:
            continue
        if not _same_product(line, found):
            return Hold("draft_product_differs", facts)
        if not _is_at(line.vat_rate, found):
            rate = "-" if found.vat_rate is None else percent(found.vat_rate)
            rates = {"seen": rate, "wanted": percent(line.vat_rate)}
            return Hold("draft_rate_differs", {**facts, **rates})
    return None


def _same_product(wanted: OrderLine, seen: LineSeen) -> bool:
    """One that was to be created is known by its code alone."""
    return wanted.product_id is None or seen.product_id in {None, wanted.product_id}


def _is_at(rate: Decimal, line: LineSeen) -> bool:
    return line.vat_rate is not None and abs(line.vat_rate - rate) <= NOISE


def ways_explaining(wanted: SalesOrder, seen: DraftSeen) -> frozenset[Rounding]:
    """Return the ways of rounding that give the total, and the line amounts, that were answered.

    Only a draft whose lines are the wanted ones tells; of another no way is said.
    """
    if _lines_differ(wanted, seen) is not None:
        return frozenset()
    theirs = {line.reference: line for line in seen.lines}
    ours = [line for line in wanted.lines if not line.reference.startswith(REMARKS)]

    def explains(way: Rounding) -> bool:
        dues = [(theirs[line.reference], *line_amounts(line, way)) for line in ours]
        pairs = [pair for one, net, vat in dues for pair in ((one.net, net), (one.vat, vat))]
        exact = all(shown is None or abs(shown - due) <= NOISE for shown, due in pairs)
        return way not in BY_LINE or exact

    sums = sums_of(wanted.lines)
    same = {way for way in Rounding if same_amount(sums.total(way), seen.total)}
    return frozenset(filter(explains, same))


# -- what a draft lacks ----------------------------------------------------------------------------


def edits_for(
    wanted: SalesOrder, seen: DraftSeen, customer_id: int | None, delivery_address_id: int | None
) -> tuple[Edit, ...]:
    """Return every edit that turns the draft into the order wanted, header first.

    The rounding line is left out on both sides: whether one is needed, and which, shows only
    in the total of the draft as it stands after these edits.
    """
    same_header = (
        (customer_id is None or seen.customer_id in {None, customer_id})
        and delivery_address_id in {None, seen.delivery_address_id}
        and wanted.imported_order_no == seen.imported_order_no
        and wanted.your_reference == seen.customer_reference
        and wanted.purchase_order == seen.purchase_order_reference
        and wanted.delivered in {None, seen.delivered}
        and seen.order_date in {None, wanted.order_date}
        and seen.currency in {"", wanted.currency}
    )
    header = () if same_header else (Edit(WriteKind.CHANGE_HEADER, "header"),)
    references = {line.reference for line in wanted.lines} | {s.reference for s in seen.lines}
    remarks = {one for one in references if one.startswith(REMARKS)}
    return (*header, *_line_edits(wanted, seen, references - {ROUNDING_REFERENCE} - remarks))


def rounding_edits_for(wanted: SalesOrder, seen: DraftSeen) -> tuple[Edit, ...]:
    """Return the edits of the rounding line alone: what a draft just made may still need."""
    return tuple(_line_edits(wanted, seen, {ROUNDING_REFERENCE}))


def _line_edits(wanted: SalesOrder, seen: DraftSeen, references: set[str]) -> list[Edit]:
    standing = {line.reference: line for line in seen.lines if line.reference in references}
    edits = []
    for place, line in enumerate(wanted.lines):
        if line.reference not in references:
            continue
        found = standing.pop(line.reference, None)
        if found is None:
            edits.append(Edit(WriteKind.ADD_LINE, line.reference, line, sort_order=place))
        elif not _same_line(line, found):
            edits.append(Edit(WriteKind.CHANGE_LINE, line.reference, line, found.id, place))
    gone = [Edit(WriteKind.DELETE_LINE, s.reference, line_id=s.id) for s in standing.values()]
    return edits + gone


def _same_line(wanted: OrderLine, seen: LineSeen) -> bool:
    if wanted.kind is LineKind.TEXT:
        return seen.description in {wanted.description, _undated(wanted.description)}
    # Quantity and price, or what they come to where PowerOffice does not tell both.
    if seen.quantity is None or seen.unit_price is None:
        net = wanted.quantity * wanted.unit_price
        same_price = seen.net is not None and same_amount(seen.net, net)
    else:
        same_price = abs(wanted.unit_price - seen.unit_price) <= SAME_PRICE
        same_price = same_price and wanted.quantity == seen.quantity
    return (
        wanted.description == seen.description
        and _same_product(wanted, seen)
        and seen.use_standard_account in {None, wanted.use_standard_account}
        and same_price
    )


# -- as it was left --------------------------------------------------------------------------------

_NEWER_NOTES = frozenset({"domestic_zero", "freight_without_vat", "far_north_with_vat",
                          "part_credit_of_unpaid", "capture_day_guessed", "card_coupon_inferred",
                          "fee_is_no_sale", "export_is_no_sale",
                          "card_discount_is_no_sale", "returned_by_provider"})  # fmt: skip


def digest_of(document: object) -> str:
    """Return a hash of a document value (a frozen dataclass): equal documents have equal digests.

    It is one-way, and an order says enough to make guessing its content idle; so it may stand
    in the state database, which holds no names or addresses.
    """
    return hashlib.sha256(repr(document).encode("utf-8", "surrogatepass")).hexdigest()


def _undated(text: str) -> str:
    """Return the text of how an order was paid as earlier versions wrote it."""
    return re.sub(r"^Betalt \d\d\.\d\d\.\d{4}: ", "Betalt med ", text)


def digest_of_documents(documents: Documents) -> str:
    """Return the digest by which an order is recognised as changed.

    A product that the order's own transfer made is the same product before and after, so ids of
    products, and which of them were missing, are left out. So is the day on which it was paid,
    which earlier versions did not write: a draft of theirs says enough. So are texts and notes
    that they did not make.
    """
    order = documents.sales_order
    notes = tuple(note for note in documents.notes if note.code not in _NEWER_NOTES)
    lines = tuple(
        replace(line, product_id=None, description=_undated(line.description))
        for line in order.lines
        if not line.reference.startswith(REMARKS)
    )
    order = replace(order, lines=lines)
    return digest_of(replace(documents, products=(), notes=notes, sales_order=order))


def digest_seen(seen: DraftSeen) -> str:
    """Return hashes of all that the job writes in a draft, field by field, its lines in any order;
    "-" for what no draft lacks and PowerOffice did not tell.
    """
    return "|".join([_hashes(seen, _HEAD), *(_hashes(line, _LINE) for line in _in_order(seen))])


def aim_of(wanted: SalesOrder, customer_id: int | None, seen: DraftSeen, left: str) -> str:
    """Return what stands for a draft's digest (`left` before) while it is edited: all that it is to
    be, and the prices that its lines may show meanwhile.
    """
    before = left.rpartition(AIM)[2].split(".") if left.startswith(AIM) else ()
    may_show = {*before, *map(_at_price, wanted.lines), *map(_at_price, seen.lines)}
    return _aim(wanted, customer_id) + ".".join(sorted(may_show))


def is_aimed_at(left: str, wanted: SalesOrder, customer_id: int | None) -> bool:
    """Tell whether a draft was last edited to become this."""
    return left.startswith(_aim(wanted, customer_id))


def _aim(wanted: SalesOrder, customer_id: int | None) -> str:
    told = wanted, wanted.contact, wanted.delivered, customer_id
    return f"{AIM}{digest_of(told)}{AIM}"


def _at_price(line: OrderLine | LineSeen, off: Decimal = ZERO) -> str:
    price = round_ore((line.unit_price or ZERO) + off)
    return digest_of((line.reference, f"{(line.quantity or ZERO).normalize():f}", f"{price}"))[:8]


def left_a_trace(edit: Edit, before: DraftSeen, seen: DraftSeen) -> bool:
    """Tell whether what an edit was made of is no longer as it was before it."""
    if edit.kind is WriteKind.CHANGE_HEADER:
        return attrgetter(*_HEAD)(before) != attrgetter(*_HEAD)(seen)
    was, is_ = (
        [line for line in one.lines if line.reference == edit.reference] for one in (before, seen)
    )
    return was != is_


def is_as_left(left: str, seen: DraftSeen) -> bool:
    """Tell whether a draft is as it was left, by all that was told both times.

    `left` is its digest then. What only the answer to a write tells, and no reading, is no change.
    """
    if left.startswith(AIM):  # PowerOffice may cut a price
        may_show, priced = left.rpartition(AIM)[2].split("."), (x for x in seen.lines if x.quantity)
        if len(may_show[0]) == len(digest_of("")):  # an earlier version's aim, which told no prices
            return True
        return all(
            line.reference == ROUNDING_REFERENCE
            or any(_at_price(line, off) in may_show for off in (-ORE, ZERO, ORE))
            for line in priced
        )
    if "|" not in left:  # nobody knows, or an earlier version wrote one hash of all
        head = attrgetter(*_HEAD)(seen)
        return left in {"", digest_of((head, [*map(attrgetter(*_LINE), _in_order(seen))]))}
    then, now = (re.findall(r"[^.|]+|[|]", one) for one in (left, digest_seen(seen)))
    if len(then) != len(now):
        return False
    return all(a == b or "-" in {a, b} for a, b in zip(then, now, strict=True))


_HEAD = (
    "customer_id", "delivery_address_id", "order_date", "currency", "imported_order_no",
    "customer_reference", "purchase_order_reference", "matching_reference", "total",
)  # fmt: skip
_LINE = (
    "reference", "description", "product_id", "use_standard_account", "quantity", "unit_price",
    "total",
)  # fmt: skip
# What a person may take out of a draft, or put into one.
_MAY_LACK = frozenset(
    {"delivery_address_id", "imported_order_no", "customer_reference", "description"}
    | {"purchase_order_reference", "reference"}
)


def _in_order(seen: DraftSeen) -> list[LineSeen]:
    return sorted(seen.lines, key=lambda line: (line.reference, line.id))


def _hashes(of: DraftSeen | LineSeen, names: tuple[str, ...]) -> str:
    told = {name: getattr(of, name) for name in names}
    untold = {name for name, value in told.items() if value in {None, ""}} - _MAY_LACK
    return ".".join("-" if n in untold else digest_of(value)[:8] for n, value in told.items())
