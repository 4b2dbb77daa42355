"""The shop's orders as values: totals, VAT per rate and days, reckoned from the order alone.

Nothing of the mapping that makes documents is used here, else both would be wrong together; what
the gateways' keys mean, which account a payment method has, and which coupons are gift cards, is
told once for both.
Facts about the fields: woocommerce/facts.md, "Amounts" and "Refunds".
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal

from woo2po.config import Settings
from woo2po.mapping.capture import told_of_money
from woo2po.mapping.cards import at_list_price, original_of, with_card_coupons
from woo2po.mapping.payment import account_number
from woo2po.mapping.values import Stopped, fitted
from woo2po.money import ZERO
from woo2po.money import percent as in_percent
from woo2po.order import LONGEST_NUMBER, Line, Order, Refund
from woo2po.proof.values import (
    EXPORT,
    NO_VAT,
    SALE,
    STANDARD_CODES,
    Posted,
    Said,
    ShopOrder,
    ore,
    shared,
    summed,
    summing_to,
)

_NEVER = frozenset({"checkout-draft", "auto-draft", "trash"})
_NOT_COMPLETED = frozenset({"pending", "processing", "on-hold", "cancelled", "failed", "trash"})
_NEAR = Decimal("0.005")


def shop_order(order: Order, refunds: Iterable[Refund], settings: Settings) -> ShopOrder:
    """Return an order; the moments of its refunds tell which preceded the capture of its money."""
    order = _at_list_price(order, settings)
    created, paid, account = settings.day_of(order.date_created_gmt), None, None
    began = created >= settings.woocommerce.orders_from
    by_invoice = order.payment_method in settings.payments.unpaid_methods
    capture = None
    if began and not by_invoice and order.status not in _NEVER - {"trash"}:
        capture = told_of_money(order.with_refunds(refunds), settings)
        paid = _day(capture.moment, settings) if capture else None
    with suppress(Stopped):
        account = account_number(order.payment_method, settings)[0]
    day, rates = _day(_moment(order, settings), settings), _rates(order.lines, order, settings)
    otherwise = _rates(order.lines, order, settings, then=True)
    cards = _cards(order.lines, settings), otherwise if otherwise != rates else ()
    return ShopOrder(
        id=order.id,
        number=order.number or str(order.id),
        status=shared(order.status),
        currency=shared(order.currency),
        sells=began and _is_sold(order, settings),
        created=shared(created),
        paid=paid,
        method=shared(order.payment_method),
        transaction=fitted(order.transaction_id, LONGEST_NUMBER),
        account=account,
        sale=Said(SALE, day, ore(order.total), rates, _tolerance(order.lines), False, *cards),
        refunds=tuple(refund.id for refund in order.refunds),
        captured=ore(capture.amount) if capture and paid else 0,
        before=shared(capture.before) if capture and paid else frozenset(),
        untaxed=tuple(_untaxed(order, settings)) if order.total and not _where(order) else (),
    )


def _at_list_price(order: Order, settings: Settings) -> Order:
    """Return an order with what cards paid as coupons put back on its lines, where that is told."""
    with suppress(Stopped):
        return with_card_coupons(order, settings)
    return order


def _untaxed(order: Order, settings: Settings) -> Iterator[tuple[str, int, int]]:
    """Yield what was sold without VAT; freight follows the goods."""
    goods = [line for line in order.lines if line.kind == "product"]
    vat = sum((line.total_tax for line in goods), ZERO)
    with_vat = vat + sum((line.total for line in goods), ZERO)
    for line in order.lines:
        if line.total > 0 and not line.total_tax and line.sku not in settings.gift_cards.skus:
            if line.kind == "product":
                yield line.sku, ore(line.total), 0
            elif line.kind == "shipping" and vat:
                yield "", ore(line.total), ore(line.total * vat / with_vat)


def _day(moment: datetime | None, settings: Settings) -> date | None:
    return None if moment is None else shared(settings.day_of(moment))


def _moment(order: Order, settings: Settings) -> datetime | None:
    """Return the moment that an order is dated by."""
    if settings.invoices.when == "completed":
        return None if order.status in _NOT_COMPLETED else order.date_completed_gmt
    return order.date_paid_gmt or order.date_created_gmt


def _is_sold(order: Order, settings: Settings) -> bool:
    """Tell whether an order is in a status of question 1, or has gone on from one."""
    statuses = settings.woocommerce.statuses
    if order.status in _NEVER or order.status in statuses:
        return order.status not in _NEVER
    if order.status == "completed":
        return "processing" in statuses
    by_payment = "processing" in statuses and order.date_paid_gmt is not None
    by_completion = "completed" in statuses and order.date_completed_gmt is not None
    return order.status == "refunded" and (by_payment or by_completion)


def shop_refund(refund: Refund, order: Order, settings: Settings) -> Said:
    """Return a refund of an order; where it has no lines, its kinds are those of the order."""
    amount, order, tolerance = -ore(refund.amount), _at_list_price(order, settings), None
    if refund.lines and any(line.paid is not None for line in order.lines):
        refund = refund.model_copy(update={"lines": at_list_price(refund.lines, order)})
    if refund.lines and not settings.discounts.transfer_vat:
        lines = tuple(_as_listed(line, original_of(line, order)) for line in refund.lines)
        refund = refund.model_copy(update={"lines": lines})
    if refund.lines:
        tolerance = _tolerance(refund.lines)
        rates = _rates(refund.lines, order, settings, -refund.amount)
    else:
        total = ore(order.total) or 1
        parts = [
            one._replace(net=round(one.net * amount / total), vat=round(one.vat * amount / total))
            for one in _rates(order.lines, order, settings)
        ]
        vat = sum(one.vat for one in parts)
        rates = summing_to(parts, amount - vat, vat)
    day = _day(refund.date_created_gmt, settings)
    cards = _cards(refund.lines, settings)
    return Said(refund.id, day, amount, rates, tolerance, refund.refunded_payment, cards)


def _cards(lines: Iterable[Line], settings: Settings) -> int:
    """Return for how much gift cards were sold."""
    return ore(sum((one.total for one in lines if one.sku in settings.gift_cards.skus), ZERO))


def _as_listed(line: Line, sold: Line | None) -> Line:
    """Return a refund's line with its share of the list price: its own `subtotal` is its total."""
    if sold is None:
        return line
    share = line.total / sold.total if sold.total else line.quantity / (sold.quantity or 1)
    listed = {tax.id: tax.subtotal * share for tax in sold.taxes}
    taxes = (tax.model_copy(update={"subtotal": listed.get(tax.id, ZERO)}) for tax in line.taxes)
    return line.model_copy(update={"subtotal": sold.subtotal * share, "taxes": tuple(taxes)})


def _where(order: Order) -> str:
    """Return the country whose VAT counts: "" at home, else that of delivery."""
    place = order.shipping if order.shipping.country else order.billing
    postcode = "".join(place.postcode.split())
    arctic = len(postcode) == 4 and ("9170" <= postcode <= "9179" or postcode == "8099")
    if place.country in {"", "NO"}:
        return "SJ" if arctic and place.country else ""
    return place.country


def _rates(
    lines: Sequence[Line], order: Order, settings: Settings, total: Decimal | None = None,
    *, then: bool = False,
) -> tuple[Posted, ...]:  # fmt: skip
    """Return net and VAT of each kind; what no line explains of the total stands without VAT.

    A line's VAT is what its `taxes` say, or its `total_tax` where that is what sums to the total.
    `then`: were question 12 answered the other way.
    """
    total = order.total if total is None else total
    where, said = _where(order), _kinds(order)
    exact = sum((x.total + sum((tax.total for tax in x.taxes), ZERO) for x in lines), ZERO)
    rounded = sum((x.total + x.total_tax for x in lines), ZERO)
    by_line = abs(exact - total) > _NEAR and abs(rounded - total) < abs(exact - total)
    nets, vats = defaultdict[str, Decimal](Decimal), defaultdict[str, Decimal](Decimal)
    for line in lines:
        # Discounts stand apart, but another country's VAT is what was charged.
        abroad = any(" " in said.get(tax.id, ("",))[0] for tax in line.taxes)
        gross = settings.discounts.transfer_vat is then
        listed = gross and line.kind == "product" and not abroad
        parts = list(_shares(line, said, by_line, listed))
        if not parts and where and line.sku not in settings.gift_cards.skus:
            parts.append((EXPORT, line.total, ZERO))
        for kind, net, vat in parts:
            nets[kind] += net
            vats[kind] += vat
    rows = [
        Posted(shared(kind), STANDARD_CODES.get(kind, ""), 0, ore(net), ore(vats[kind]))
        for kind, net in nets.items()
    ]
    rest = ore(total) - sum(one.net + one.vat for one in rows)
    return summed([*rows, Posted(NO_VAT, "", 0, rest, 0)])


def _kinds(order: Order) -> dict[int, tuple[str, Decimal]]:
    """Return kind and percent of the rates that an order names, by id."""
    found = {}
    for tax in order.tax_lines:
        if tax.rate_percent is not None:
            country = tax.rate_code[:2] if tax.rate_code[2:3] == "-" else _where(order)
            said = in_percent(tax.rate_percent)
            kind = said if country in {"", "NO", "SJ"} else f"{country} {said}"
            found[tax.rate_id] = kind, tax.rate_percent
    return found


def _shares(
    line: Line, said: Mapping[int, tuple[str, Decimal]], by_line: bool, listed: bool
) -> Iterator[tuple[str, Decimal, Decimal]]:
    """Yield kind, net and VAT of what VAT was charged on; `listed`: at prices before discounts."""
    taxes = {tax.id: tax.subtotal if listed else tax.total for tax in line.taxes}
    taxes = {id_: vat for id_, vat in taxes.items() if vat}
    net = line.subtotal if listed else line.total
    for id_, vat in taxes.items():
        kind, percent = said.get(id_, ("", ZERO))
        if not percent:  # the order does not name its rate
            percent = (vat * 100 / net).quantize(Decimal(1)) if net else ZERO
            kind = in_percent(percent)
        if len(taxes) == 1:
            yield kind, net, line.total_tax if by_line and not listed else vat
        else:
            yield kind, vat * 100 / percent if percent else ZERO, vat


def _tolerance(lines: Iterable[Line]) -> int:
    """Return an øre for each line with VAT; in a shop of whole kroner half a krone more."""
    vats = ((line.total_tax, sum((tax.total for tax in line.taxes), ZERO)) for line in lines)
    taxed = [(vat, exact) for vat, exact in vats if vat or exact]
    whole = any(abs(vat - exact) > _NEAR * 2 for vat, exact in taxed)
    whole = whole and all(vat == vat.to_integral_value() for vat, _ in taxed)
    return max(1, len(taxed)) * (51 if whole else 1)
