"""To the øre: what was paid, the unit prices that come to it, the rounding line, the sales order.

`total` of the order is the truth. A line's gross amount is its net `total` with the VAT in
`taxes`, or with `total_tax`: whichever sums to what was paid (woocommerce/facts.md, "Amounts").
PowerOffice takes net prices and computes the VAT; how it rounds is not documented
(poweroffice/facts.md, "Not known"). With six decimals a price has room within its øre, and that
room is used until as many of the possible ways as possible come to what was paid. A rounding line
remains where the shop rounded its own total, where amounts are rounded line by line (at 25 % no
line comes to 0.02), and where the ways disagree however the prices are set.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import reduce

from woo2po.documents import (
    ROUNDING_REFERENCE,
    Amounts,
    LineKind,
    Note,
    OrderLine,
    Rounding,
    SalesOrder,
)
from woo2po.mapping.customer import delivery_address, imported_order_no, shown_number
from woo2po.mapping.values import Carrier, Entry, Part, Room, hold, pieces
from woo2po.mapping.vat import Chooser
from woo2po.money import ORE, SAME_AMOUNT, ZERO, percent, round_ore, round_six, same_amount
from woo2po.order import Order

EXACT = Decimal("0.00001")
HALF_ORE = Decimal("0.005")
HALF_KRONE = Decimal("0.5")
LARGEST_ROUNDING = Decimal(2)
LONGEST_DESCRIPTION = 400  # none is documented; poweroffice/facts.md, "Sales orders"
ROUNDING_TEXT = "Øreavrunding"


@dataclass(frozen=True, slots=True)
class Paid:
    """What was paid and what the lines come to, gross kroner.

    `by_total_tax`: with the lines' `total_tax`, not with their `taxes`. `whole_kroner`: the shop
    shows no decimals, so its amounts are rounded to kroner.
    """

    total: Decimal
    lines: Decimal
    by_total_tax: bool
    whole_kroner: bool
    rounding: Decimal  # the most that rounding in the shop explains

    @property
    def gap(self) -> Decimal:
        """What the lines come to above what was paid."""
        return self.lines - self.total


@dataclass(frozen=True, slots=True)
class Sale:
    """What was paid, for which parts, and what gift cards paid beside the lines (kroner).

    `order` is the shop's, but for the gift cards' codes in the names of fees, and with coupons
    that are cards as cards. `chooser` says what carries it in PowerOffice.
    """

    order: Order
    chooser: Chooser
    paid: Paid
    parts: tuple[Part, ...]
    cards: tuple[Decimal, ...]
    notes: tuple[Note, ...]


def paid_for(order: Order, cards: Decimal, told: Order | None = None) -> Paid:
    """Return what was paid for an order of which gift cards that it names paid `cards` kroner.

    `told` is the order as the shop told it, where the mapping has changed amounts of its lines.
    """
    whole = _whole_kroner(told or order)
    net, vat, total_tax = (
        sum((getattr(line, name) for line in order.lines), ZERO)
        for name in ("total", "vat", "total_tax")
    )
    sums = {False: net + vat, True: net + total_tax}
    gaps = {by_total_tax: lines - order.total for by_total_tax, lines in sums.items()}
    exact = [one for one, gap in gaps.items() if min(abs(gap), abs(gap - cards)) < EXACT]
    # The VAT of each line is rounded where prices are without VAT, so that is what sums.
    by_total_tax = exact[0] if exact else not (whole or order.prices_include_tax)
    most = largest_rounding(sum(2 if line.taxes else 1 for line in order.lines), whole)
    return Paid(round_ore(order.total), sums[by_total_tax], by_total_tax, whole, most)


def largest_rounding(amounts: int, whole_kroner: bool) -> Decimal:
    """Return the most that rounding so many amounts and their sum explains, at most 2 kr: half an
    øre each (half a krone in a shop without decimals).
    """
    half = HALF_KRONE if whole_kroner else HALF_ORE
    return min(half * (amounts + 1), LARGEST_ROUNDING)


def _whole_kroner(order: Order) -> bool:
    """Tell whether the shop showed no decimals: VAT is whole kroner where it need not be, that of
    every line or, where the shop shows decimals by now, that of the order alone.
    """
    if any(amount != amount.to_integral_value() for amount in (order.total, order.total_tax)):
        return False
    vat = sum((line.vat for line in order.lines), ZERO)
    lines = vat + sum((line.total for line in order.lines), ZERO)
    off, vat_off = abs(lines - order.total), abs(vat - order.total_tax)
    if all(line.total_tax == line.total_tax.to_integral_value() for line in order.lines):
        parted = any(abs(line.vat - line.total_tax) > HALF_ORE for line in order.lines)
        return parted or (off > ORE and order.total == lines.quantize(1, ROUND_HALF_UP))
    most = largest_rounding(len(order.lines), whole_kroner=True)
    return ORE < off <= most and ORE < vat_off <= most


# -- in each way of rounding ----------------------------------------------------------------------

ALL_WAYS = frozenset(Rounding)
BY_LINE = frozenset({Rounding.LINE, Rounding.LINE_NET})


@dataclass(frozen=True, slots=True)
class LineSums:
    """Sums over order lines in kroner: gross of rounded lines, and exact net per VAT rate."""

    line: Decimal = ZERO
    line_net: Decimal = ZERO
    nets: Mapping[Decimal, Decimal] = field(default_factory=dict)

    def total(self, way: Rounding) -> Decimal:
        """Return the gross total by that way of rounding."""
        if way in BY_LINE:
            return self.line if way is Rounding.LINE else self.line_net
        if way is Rounding.DOCUMENT:
            vats = sum((round_ore(net * rate / 100) for rate, net in self.nets.items()), ZERO)
            return round_ore(sum(self.nets.values(), ZERO)) + vats
        return round_ore(sum((net * (100 + rate) / 100 for rate, net in self.nets.items()), ZERO))

    def plus(self, line: OrderLine, sign: int = 1) -> "LineSums":
        """Return the sums with a line more, or (-1) less."""
        by_line, by_line_net = (
            sign * sum(line_amounts(line, way), ZERO) for way in (Rounding.LINE, Rounding.LINE_NET)
        )
        net = self.nets.get(line.vat_rate, ZERO) + sign * line.quantity * line.unit_price
        nets = {**self.nets, line.vat_rate: net}
        return LineSums(self.line + by_line, self.line_net + by_line_net, nets)


def sums_of(lines: Iterable[OrderLine]) -> LineSums:
    """Return the sums of a sales order's lines; a text line adds nothing."""
    return reduce(LineSums.plus, lines, LineSums())


def line_amounts(line: OrderLine, way: Rounding) -> tuple[Decimal, Decimal]:
    """Return net and VAT (kroner) of a line that is rounded by itself."""
    exact = line.quantity * line.unit_price
    net = round_ore(exact)
    taxed = net if way is Rounding.LINE_NET else exact
    return net, round_ore(taxed * line.vat_rate / 100)


@dataclass(frozen=True, slots=True)
class Exactness:
    """How a sales order comes to what was paid.

    `line` is what its rounding line adds (0: it has none). `ways` give what was paid, `known` are
    those in which PowerOffice may round, by its answers so far.
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
        """Whether the total is right in every way in which PowerOffice may round."""
        return self.known <= self.ways


def exactness(order: SalesOrder, known: frozenset[Rounding] = ALL_WAYS) -> Exactness:
    """Return how a sales order comes to its total; `known`: the ways that may be PowerOffice's."""
    sums = sums_of(order.lines)
    rounding = [line for line in order.lines if line.reference == ROUNDING_REFERENCE]
    line = sum((one.quantity * one.unit_price for one in rounding), ZERO)
    right = {way for way in Rounding if same_amount(sums.total(way), order.amounts.total)}
    return Exactness(line, frozenset(right), known or ALL_WAYS)


# -- unit prices ----------------------------------------------------------------------------------

ONE = Decimal(1)
# A net amount further off than this, for a quantity too large for six decimals, goes as one.
NET_OFF = Decimal("0.0006")
# What a line's net amount may be moved by, in the order in which it is tried.
STEPS = tuple(Decimal(step).scaleb(-3) for step in (1, -1, 2, -2, 3, -3, 4, -4))


def priced(entries: Sequence[Entry], total: Decimal, ways: frozenset[Rounding]) -> list[OrderLine]:
    """Return the entries as lines, with the unit prices that most of the ways agree on.

    Of equally good prices the shop's own net prices are taken, else those worked back from the
    gross amounts, which are what a shop with prices ex VAT rounds.
    """
    own = [entry.net if entry.carrier.vat_rate else entry.gross for entry in entries]
    back = [entry.gross * 100 / (100 + entry.carrier.vat_rate) for entry in entries]
    exact = sum((entry.gross for entry in entries), ZERO)
    # What the shop rounded away is the rounding line's; the prices aim at the rest.
    aim = total if abs(total - exact) < ORE else round_ore(exact)
    candidates = [list(map(_line, entries, nets)) for nets in (own, back)]
    lines = max(candidates, key=lambda lines: _fit(sums_of(lines), aim, ways)[0])
    return _moved(lines, [entry.room for entry in entries], aim, ways)


def _fit(sums: LineSums, total: Decimal, ways: frozenset[Rounding]) -> tuple[int, Decimal]:
    """Return how many ways are exact, and how far off all are (below 0)."""
    off = [abs(sums.total(way) - total) for way in ways]
    return sum(1 for amount in off if amount < SAME_AMOUNT), -sum(off, ZERO)


def _line(entry: Entry, net: Decimal) -> OrderLine:
    quantity, text = entry.quantity, entry.text
    price = round_six(abs(net) / quantity)
    if abs(price * quantity - abs(net)) >= NET_OFF:
        quantity, text, price = ONE, f"{percent(quantity)} × {text}", round_six(abs(net))
    signed = -quantity if net < 0 else quantity
    return _on_carrier(entry.carrier, entry.reference, text, signed, price)


def _on_carrier(
    carrier: Carrier, reference: str, text: str, quantity: Decimal, price: Decimal
) -> OrderLine:
    product = carrier.product_id, carrier.product_code, carrier.use_standard_account
    kind, rate = LineKind.NORMAL, carrier.vat_rate
    return OrderLine(reference, kind, text, *product, quantity, price, rate)


def _moved(
    lines: Sequence[OrderLine], rooms: Sequence[Room], total: Decimal, ways: frozenset[Rounding]
) -> list[OrderLine]:
    """Move prices as long as that brings more ways to the total, or nearer: computed ones first."""
    moved, sums = list(lines), sums_of(lines)
    fit, before = _fit(sums, total, ways), None
    sizes = [abs(line.quantity * line.unit_price) for line in lines]
    places = sorted(range(len(lines)), key=lambda i: (rooms[i] is not Room.COMPUTED, -sizes[i]))
    while fit != before and fit[0] < len(ways):
        before = fit
        for i in places:
            for line in _neighbours(lines[i], rooms[i]):
                tried = sums.plus(moved[i], -1).plus(line)
                if (better := _fit(tried, total, ways)) > fit:
                    fit, sums, moved[i] = better, tried, line
    return moved


def _neighbours(line: OrderLine, room: Room) -> Iterator[OrderLine]:
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


# -- the sales order ------------------------------------------------------------------------------


def sales_order(
    sale: Sale,
    entries: Sequence[Entry],
    ways: frozenset[Rounding],
    names: tuple[str, str],
    day: date,
    rounding: Decimal = ZERO,
) -> SalesOrder:
    """Return the sales order of `entries` that comes to what was paid.

    `names`: its two references. `rounding`: what the rounding line may come to (kroner), where that
    is more than the entries explain. Raises Stopped (a Hold) past that bound.
    """
    order, settings, total = sale.order, sale.chooser.settings, sale.paid.total
    lines = priced(entries, total, ways)
    amounts = _amounts_of(sale.paid, entries, rounding)
    sums = sums_of(lines)
    totals = Counter(sums.total(way) for way in Rounding if way in ways)
    most = [one for one, n in totals.items() if n == max(totals.values())]
    # What most of the ways give; of equally many what was paid, if it is one.
    missing = total - min(most, key=lambda one: not same_amount(one, total))
    if not same_amount(missing, ZERO):  # as foretold: the draft's total decides (draft.py)
        lines.append(rounding_line(missing, amounts, sale.chooser))
    where, number = settings.orders.write_number_to, shown_number(order, settings)
    return SalesOrder(
        reference=names[0],
        matching_reference=names[1],
        imported_order_no=imported_order_no(order),
        customer_reference=number if where == "customer_reference" else "",
        purchase_order_reference=number if where == "purchase_order_reference" else "",
        order_date=day,
        currency=order.currency,
        lines=tuple(_with_full_texts(lines)),
        amounts=amounts,
        delivery=delivery_address(order),
        dimensions={name: code for name, code in settings.dimensions if code},
    )


def _amounts_of(paid: Paid, entries: Sequence[Entry], rounding: Decimal) -> Amounts:
    """Return what the document must come to: the total, and the VAT of each rate above 0.

    The VAT is right within an øre a line of its rate; where the shop rounded it to whole kroner,
    within half a krone more.
    """
    step = ORE + HALF_KRONE if paid.whole_kroner and paid.by_total_tax else ORE
    vat, tolerance = defaultdict[Decimal, Decimal](Decimal), defaultdict[Decimal, Decimal](Decimal)
    taxed = [entry for entry in entries if entry.carrier.vat_rate]
    for entry in taxed:
        rate = entry.carrier.vat_rate
        vat[rate] = vat[rate] + entry.gross - entry.net
        tolerance[rate] += step
    most = largest_rounding(len(entries) + len(taxed), paid.whole_kroner)
    return Amounts(paid.total, dict(vat), dict(tolerance), max(most, rounding))


def rounding_line(amount: Decimal, amounts: Amounts, chooser: Chooser) -> OrderLine:
    """Return the line that adds `amount` (kroner, of either sign) without VAT.

    Raises Stopped (a Hold) if that is more than rounding explains, or if the settings name no
    product without VAT for it.
    """
    total, bound = amounts.total, amounts.largest_rounding
    if abs(amount) > bound:
        sums = {"computed": total - amount, "difference": amount}
        raise hold("rounding_too_large", total=total, **sums, bound=bound)
    carrier = chooser.without_vat("products.rounding", chooser.settings.products.rounding)
    quantity = ONE if amount > 0 else -ONE
    return _on_carrier(carrier, ROUNDING_REFERENCE, ROUNDING_TEXT, quantity, abs(amount))


def _with_full_texts(lines: list[OrderLine]) -> Iterator[OrderLine]:
    """Yield the lines with texts that fit; a text that was cut follows whole on Text lines."""
    for line in lines:
        texts = text_lines(f"{line.reference}-t", line.description)
        yield replace(line, description=texts[0].description if texts else "")
        yield from texts if len(texts) > 1 else ()


def text_lines(reference: str, text: str) -> list[OrderLine]:
    """Return a text on as many lines as it takes, with numbered references."""
    texts = enumerate(pieces(text, LONGEST_DESCRIPTION), 1)
    return [OrderLine(f"{reference}{n}", LineKind.TEXT, piece) for n, piece in texts]
