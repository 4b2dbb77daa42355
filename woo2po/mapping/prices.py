"""Unit prices, and the rounding line that is left where no prices give what was paid.

PowerOffice takes net prices and computes the VAT. With six decimals a price has room within its
øre, and that room is used until as many ways of rounding as possible come to what was paid.
A rounding line is still unavoidable

- where the shop rounded its own total, as to whole kroner;
- where amounts are rounded line by line: at 25 % of a rounded net, 0.01 comes to 0.01 and 0.02
  to 0.03, so no line comes to 0.02, and moving another line would change a price that the
  customer saw;
- where the ways disagree however the prices are set, and the draft turns out to be rounded in
  one of the others.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from woo2po.catalogue import Catalogue
from woo2po.documents import ROUNDING_REFERENCE, Amounts, LineKind, OrderLine, Rounding
from woo2po.mapping.rounding import Sums, sums_of
from woo2po.mapping.texts import ROUNDING_TEXT
from woo2po.mapping.values import Entry, Room, hold
from woo2po.mapping.vat import Chooser
from woo2po.money import ORE, ZERO, kroner, percent, round_ore, round_six, same_amount
from woo2po.settings import Settings

KEY = "products.rounding"
ONE = Decimal(1)
# A net amount further off than this, for a quantity too large for six decimals, goes as one.
NET_OFF = Decimal("0.0006")
# What a line's net amount may be moved by, in the order in which it is tried.
STEPS = tuple(Decimal(step).scaleb(-3) for step in (1, -1, 2, -2, 3, -3, 4, -4))


def priced(entries: Sequence[Entry], total: Decimal, ways: frozenset[Rounding]) -> list[OrderLine]:
    """Return the entries as lines, with the unit prices that most of the ways agree on.

    `total` is what was paid. Of equally good prices the shop's own net prices are taken, else
    those worked back from the gross amounts, which are what a shop with prices ex VAT rounds.
    """
    own = [entry.net if entry.carrier.vat_rate else entry.gross for entry in entries]
    back = [entry.gross * 100 / (100 + entry.carrier.vat_rate) for entry in entries]
    exact = sum((entry.gross for entry in entries), ZERO)
    # What the shop rounded away is the rounding line's; the prices aim at the rest.
    aim = total if abs(total - exact) < ORE else round_ore(exact)
    candidates = [list(map(_line, entries, nets)) for nets in (own, back)]
    lines = max(candidates, key=lambda lines: _fit(sums_of(lines), aim, ways)[0])
    return _moved(lines, [entry.room for entry in entries], aim, ways)


def _fit(sums: Sums, total: Decimal, ways: frozenset[Rounding]) -> tuple[int, Decimal]:
    """Return how good prices are: the number of ways that are exact, and how far off all are."""
    off = [abs(sums.total(way) - total) for way in ways]
    return sum(1 for amount in off if same_amount(amount, ZERO)), -sum(off, ZERO)


def _line(entry: Entry, net: Decimal) -> OrderLine:
    quantity, text = entry.quantity, entry.text
    price = round_six(abs(net) / quantity)
    if abs(price * quantity - abs(net)) >= NET_OFF:
        quantity, text, price = ONE, f"{percent(quantity)} × {text}", round_six(abs(net))
    return OrderLine(
        reference=entry.reference,
        kind=LineKind.NORMAL,
        description=text,
        product_id=entry.carrier.product_id,
        product_code=entry.carrier.product_code,
        use_standard_account=entry.carrier.use_standard_account,
        quantity=-quantity if net < 0 else quantity,
        unit_price=price,
        vat_rate=entry.carrier.vat_rate,
    )


def _moved(
    lines: Sequence[OrderLine], rooms: Sequence[Room], total: Decimal, ways: frozenset[Rounding]
) -> list[OrderLine]:
    """Move prices as long as that brings more ways to the total, or nearer.

    Computed amounts go first, then the largest lines.
    """
    moved, sums = list(lines), sums_of(lines)
    fit, before = _fit(sums, total, ways), None
    places = sorted(range(len(lines)), key=lambda i: _rank(lines[i], rooms[i]))
    while fit != before and fit[0] < len(ways):
        before = fit
        for i in places:
            for line in _neighbours(lines[i], rooms[i]):
                tried = sums.changed(moved[i], line)
                if (better := _fit(tried, total, ways)) > fit:
                    fit, sums, moved[i] = better, tried, line
    return moved


def _rank(line: OrderLine, room: Room) -> tuple[bool, Decimal]:
    return room is not Room.COMPUTED, -abs(line.quantity * line.unit_price)


def _neighbours(line: OrderLine, room: Room) -> Iterator[OrderLine]:
    """Yield the line at the prices next to its own that its room allows."""
    if room is Room.NONE or not line.unit_price:
        return
    net = line.quantity * line.unit_price
    for step in STEPS:
        price = round_six(line.unit_price + step / abs(line.quantity))
        unseen = round_ore(price) == round_ore(line.unit_price) and (
            round_ore(price * line.quantity) == round_ore(net)
        )
        if price > 0 and price != line.unit_price and (unseen or room is Room.COMPUTED):
            yield replace(line, unit_price=price)


def expected_total(
    lines: Sequence[OrderLine], total: Decimal, ways: frozenset[Rounding]
) -> Decimal:
    """Return the total that most of the ways give; of equally many what was paid, if it is one."""
    sums = sums_of(lines)
    totals = Counter(sums.total(way) for way in Rounding if way in ways)
    most = max(totals.values())
    return min((t for t, n in totals.items() if n == most), key=lambda t: not same_amount(t, total))


def rounding_line(amount: Decimal, settings: Settings, catalogue: Catalogue) -> OrderLine:
    """Return the line that adds `amount` (kroner, of either sign) without VAT.

    Raises Stopped (a Hold) if the settings name no product without VAT for it.
    """
    carrier = Chooser(settings, catalogue).without_vat(KEY, settings.products.rounding)
    return OrderLine(
        reference=ROUNDING_REFERENCE,
        kind=LineKind.NORMAL,
        description=ROUNDING_TEXT,
        product_id=carrier.product_id,
        product_code=carrier.product_code,
        use_standard_account=carrier.use_standard_account,
        quantity=ONE if amount > 0 else -ONE,
        unit_price=abs(amount),
        vat_rate=ZERO,
    )


def check_rounding(amount: Decimal, amounts: Amounts) -> None:
    """Raise Stopped (a Hold) with the figures if an amount is more than rounding explains."""
    if abs(amount) > amounts.largest_rounding:
        figures = {"total": kroner(amounts.total), "computed": kroner(amounts.total - amount)}
        bound = kroner(amounts.largest_rounding)
        raise hold("rounding_too_large", **figures, difference=kroner(amount), bound=bound)
