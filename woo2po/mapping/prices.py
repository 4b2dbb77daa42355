"""Unit prices, and the rounding line that is left where no prices give what was paid.

PowerOffice computes the VAT from net prices, and how it rounds is not documented (facts,
section 14). So each of the three ways is computed, and prices are chosen on which as many ways
as possible agree with what was paid. A rounding line is sometimes unavoidable: rounded line by
line, a net of 0.01 at 25 % comes to 0.01 and one of 0.02 to 0.03, so nothing costs 0.02; and
where the shop rounded its own total, no prices of the lines give it.
"""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from woo2po.catalogue import Catalogue
from woo2po.documents import ROUNDING_REFERENCE, Amounts, LineKind, OrderLine, Rounding
from woo2po.mapping.texts import ROUNDING_TEXT
from woo2po.mapping.values import Entry, hold
from woo2po.mapping.vat import Chooser
from woo2po.money import ZERO, kroner, percent, round_ore, round_six, same_amount
from woo2po.settings import Settings

KEY = "products.rounding"
ONE = Decimal(1)
ALL_WAYS = frozenset(Rounding)
# A net amount further off than this, for a quantity too large for six decimals, goes as one.
NET_OFF = Decimal("0.0006")
# Less than this need not be made good: it would only make other prices look odd.
LOST = Decimal("0.0002")


def predicted(lines: Sequence[OrderLine], way: Rounding) -> Decimal:
    """Return the gross total (kroner) that PowerOffice would compute by that way of rounding."""
    if way is Rounding.LINE:
        return sum((net + vat for net, vat in map(line_amounts, lines)), ZERO)
    nets: Counter[Decimal] = Counter()
    for line in lines:
        nets[line.vat_rate] += line.quantity * line.unit_price
    if way is Rounding.DOCUMENT:
        vats = sum((round_ore(net * rate / 100) for rate, net in nets.items()), ZERO)
        return round_ore(sum(nets.values(), ZERO)) + vats
    return round_ore(sum((net * (100 + rate) / 100 for rate, net in nets.items()), ZERO))


def line_amounts(line: OrderLine) -> tuple[Decimal, Decimal]:
    """Return net and VAT (kroner) of a line that is rounded by itself."""
    net = round_ore(line.quantity * line.unit_price)
    return net, round_ore(net * line.vat_rate / 100)


def priced(entries: Sequence[Entry], total: Decimal, ways: frozenset[Rounding]) -> list[OrderLine]:
    """Return the entries as lines with the unit prices that most of the ways agree on.

    `total` is what was paid. Of equally good prices the shop's own net prices are taken, else
    those worked back from the gross amounts, which are what a shop with prices ex VAT rounds.
    """
    own = [entry.net for entry in entries]
    back = [entry.gross * 100 / (100 + entry.carrier.vat_rate) for entry in entries]
    candidates = [_lines(entries, nets) for nets in (own, back)]
    return max(candidates, key=lambda lines: _exact_ways(lines, total, ways))


def _exact_ways(lines: Sequence[OrderLine], total: Decimal, ways: frozenset[Rounding]) -> int:
    return sum(1 for way in ways if same_amount(predicted(lines, way), total))


def _lines(entries: Sequence[Entry], nets: Sequence[Decimal]) -> list[OrderLine]:
    """Return lines of these net amounts; what six decimals lose is made good on the next line."""
    made: list[OrderLine] = []
    lost = ZERO  # gross
    for entry, net in zip(entries, nets, strict=True):
        factor = 1 + entry.carrier.vat_rate / 100
        makes_good = net and abs(lost) > LOST
        line = _line(entry, net + lost / factor if makes_good else net)
        lost += (net - line.quantity * line.unit_price) * factor
        made.append(line)
    return made


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


def expected_total(lines: Sequence[OrderLine], ways: frozenset[Rounding]) -> Decimal:
    """Return the total that most of the ways give; of equally many that of the first way."""
    totals = Counter(predicted(lines, way) for way in Rounding if way in ways)
    return totals.most_common(1)[0][0]


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
