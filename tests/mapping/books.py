"""PowerOffice's arithmetic in miniature: a sales order in, the draft that it answers out.

Written apart from the mapping's own prediction, so that both would have to be wrong alike.
"""

from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal

from woo2po.documents import DraftSeen, LineSeen, OrderLine, Rounding, SalesOrder

ZERO = Decimal(0)


def draft(order: SalesOrder, way: Rounding) -> DraftSeen:
    """Return the draft as PowerOffice would answer it if it rounded in that way."""
    lines = tuple(_seen(n, line, way) for n, line in enumerate(order.lines))
    net, total = _sums(order.lines, lines, way)
    return DraftSeen(
        id="draft", number=1, reference=order.reference,
        matching_reference=order.matching_reference, status="Draft", customer_id=1,
        delivery_address_id=None, imported_order_no=order.imported_order_no,
        customer_reference=order.customer_reference,
        purchase_order_reference=order.purchase_order_reference, order_date=order.order_date,
        currency=order.currency, net=net, total=total, lines=lines)  # fmt: skip


def _seen(place: int, line: OrderLine, way: Rounding) -> LineSeen:
    exact = line.quantity * line.unit_price
    net = _ore(exact)
    vat = _ore((net if way is Rounding.LINE_NET else exact) * line.vat_rate / 100)
    text = line.kind.value == "Text"
    return LineSeen(
        id=f"line-{place}", reference=line.reference, kind=line.kind.value,
        description=line.description, product_id=line.product_id,
        use_standard_account=None if text else line.use_standard_account,
        quantity=None if text else line.quantity, unit_price=None if text else line.unit_price,
        net=None if text else net, vat=None if text else vat, total=None if text else net + vat,
        vat_rate=None if text else line.vat_rate, sort_order=place)  # fmt: skip


def _sums(
    lines: tuple[OrderLine, ...], seen: tuple[LineSeen, ...], way: Rounding
) -> tuple[Decimal, Decimal]:
    exact: dict[Decimal, Decimal] = defaultdict(Decimal)
    for line in lines:
        exact[line.vat_rate] += line.quantity * line.unit_price
    net = _ore(sum(exact.values(), ZERO))
    if way is Rounding.END:
        return net, _ore(sum((n + n * rate / 100 for rate, n in exact.items()), ZERO))
    if way is Rounding.DOCUMENT:
        return net, net + sum((_ore(n * rate / 100) for rate, n in exact.items()), ZERO)
    rows = [line for line in seen if line.net is not None and line.vat is not None]
    net = sum((row.net for row in rows if row.net is not None), ZERO)
    return net, net + sum((row.vat for row in rows if row.vat is not None), ZERO)


def _ore(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)
