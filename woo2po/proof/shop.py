"""The shop's raw rows as values: totals, VAT per rate and days, reckoned from the order alone.

Nothing of the mapping that makes documents is used here, else both would be wrong together.
Facts about the fields: woocommerce/facts.md, "Amounts" and "Refunds".
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from woo2po.config import Settings
from woo2po.money import ZERO, to_ore
from woo2po.proof.proof import Rates, ShopOrder, ShopRefund, by_rate, shared

Row = Mapping[str, Any]
LINES = ("line_items", "shipping_lines", "fee_lines")
_NEVER = frozenset({"checkout-draft", "auto-draft", "trash"})
_NOT_COMPLETED = frozenset({"pending", "processing", "on-hold", "cancelled", "failed", "trash"})
_NEAR = Decimal("0.005")
# What a row raises that is no order or refund.
SENSELESS = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


def shop_order(row: Row, settings: Settings) -> ShopOrder:
    """Return an order of the shop. Raises one of SENSELESS."""
    created = _required_day(row, settings)
    paid = _day(row.get("date_paid_gmt"), settings)
    completed = _day(row.get("date_completed_gmt"), settings)
    status, method, total = str(row["status"]), str(row.get("payment_method") or ""), row["total"]
    day: date | None = paid or created
    if settings.invoices.when == "completed":
        day = None if status in _NOT_COMPLETED else completed
    began = created >= settings.woocommerce.orders_from
    prepaid = method not in settings.payments.unpaid_methods
    amount = _amount(total)
    return ShopOrder(
        id=int(row["id"]),
        number=str(row.get("number") or row["id"]),
        status=shared(status),
        currency=shared(str(row["currency"])),
        sells=began and _is_sold(status, paid, completed, settings),
        day=day,
        paid=paid if began and prepaid and status not in {"checkout-draft", "auto-draft"} else None,
        method=shared(method),
        account=_account(method, settings),
        total=to_ore(amount),
        rates=_rates(row, amount, at_list_price=not settings.discounts.transfer_vat),
        tolerance=_tolerance(row),
        refunds=tuple(int(refund["id"]) for refund in row.get("refunds") or ()),
    )


def _is_sold(status: str, paid: date | None, completed: date | None, settings: Settings) -> bool:
    """Tell whether an order is in a status of question 1, or has gone on from one."""
    statuses = settings.woocommerce.statuses
    if status in _NEVER:
        return False
    if status in statuses:
        return True
    if status == "completed":
        return "processing" in statuses
    by_payment = "processing" in statuses and paid is not None
    by_completion = "completed" in statuses and completed is not None
    return status == "refunded" and (by_payment or by_completion)


def _account(method: str, settings: Settings) -> int | None:
    payments = settings.payments
    if method in payments.accounts:
        return payments.accounts[method]
    in_cash = payments.types.get(method, payments.default_type) == "cash"
    return payments.cash_account if in_cash else payments.bank_account


def shop_refund(row: Row, order: ShopOrder | None, settings: Settings) -> ShopRefund:
    """Return a refund of an order of the shop. Raises one of SENSELESS."""
    amount = _amount(row["amount"])
    stated = any(row.get(name) for name in LINES)
    rates: Rates = ()
    if stated:
        rates = _rates(row, -amount, at_list_price=not settings.discounts.transfer_vat)
    elif order is not None and order.total:
        rates = _share(order, to_ore(amount))
    return ShopRefund(
        id=int(row["id"]),
        order_id=int(row["parent_id"]),
        day=_required_day(row, settings),
        amount=-to_ore(amount),
        rates=rates,
        stated=stated,
        tolerance=_tolerance(row),
        by_method=row.get("refunded_payment") is True,
    )


def _share(order: ShopOrder, amount: int) -> Rates:
    """Return what an amount is of each rate of its order: the shop itself does not say."""
    return tuple(
        (percent, -round(net * amount / order.total), -round(vat * amount / order.total))
        for percent, net, vat in order.rates
    )


def _required_day(row: Row, settings: Settings) -> date:
    day = _day(row["date_created_gmt"], settings)
    if day is None:
        raise ValueError("date_created_gmt")
    return day


def _day(value: Any, settings: Settings) -> date | None:
    if not value:
        return None
    moment = datetime.fromisoformat(str(value))
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return shared(moment.astimezone(ZoneInfo(settings.woocommerce.timezone)).date())


def _amount(value: Any) -> Decimal:
    if value in {"", None}:
        return ZERO
    amount = Decimal(str(value))
    if not amount.is_finite() or abs(amount) > 10**12:
        raise ValueError("amount")
    return amount


def _lines(row: Row) -> Iterator[Row]:
    for name in LINES:
        yield from row.get(name) or ()


def _rates(row: Row, total: Decimal, *, at_list_price: bool) -> Rates:
    """Return net and VAT of each rate; what no line explains stands without VAT.

    A line's VAT is what its `taxes` say, or its `total_tax` where that is what sums to the total.
    """
    percents = {int(tax["rate_id"]): tax.get("rate_percent") for tax in row.get("tax_lines") or ()}
    exact = sum((_amount(x["total"]) + sum(_taxes(x).values(), ZERO) for x in _lines(row)), ZERO)
    rounded = sum((_amount(x["total"]) + _amount(x.get("total_tax")) for x in _lines(row)), ZERO)
    by_line = abs(exact - total) > _NEAR and abs(rounded - total) < abs(exact - total)
    sums: dict[Decimal, list[Decimal]] = {}
    for line in _lines(row):
        for percent, net, vat in _shares(line, percents, by_line, at_list_price):
            under = sums.setdefault(percent, [ZERO, ZERO])
            under[0] += net
            under[1] += vat
    whole = [
        (shared(percent), to_ore(net), to_ore(vat))
        for percent, (net, vat) in sums.items()
        if percent
    ]
    rest = to_ore(total) - sum(net + vat for _, net, vat in whole)
    return by_rate([*whole, (ZERO, rest, 0)] if rest else whole)


def _shares(
    line: Row, percents: Mapping[int, Any], by_line: bool, at_list_price: bool
) -> Iterator[tuple[Decimal, Decimal, Decimal]]:
    listed = at_list_price and "subtotal" in line
    taxes = _taxes(line, "subtotal" if listed else "total")
    taxes = {id_: vat for id_, vat in taxes.items() if vat}
    net = _amount(line["subtotal"] if listed else line["total"])
    for id_, vat in taxes.items():
        said = percents.get(id_)
        if said is not None:
            percent = _amount(said)
        else:  # the order does not name its rate
            percent = (vat * 100 / net).quantize(Decimal(1)) if net else ZERO
        if len(taxes) == 1:
            yield percent, net, _amount(line["total_tax"]) if by_line and not listed else vat
        else:
            yield percent, vat * 100 / percent if percent else ZERO, vat


def _taxes(line: Row, name: str = "total") -> dict[int, Decimal]:
    return {int(tax["id"]): _amount(tax.get(name)) for tax in line.get("taxes") or ()}


def _tolerance(row: Row) -> int:
    """Return an øre for each line with VAT; in a shop of whole kroner half a krone more."""
    taxed = [line for line in _lines(row) if _amount(line.get("total_tax"))]
    vats = [_amount(line["total_tax"]) for line in taxed]
    exact = [sum(_taxes(line).values(), ZERO) for line in taxed]
    whole = any(abs(one - other) > _NEAR * 2 for one, other in zip(vats, exact, strict=True))
    whole = whole and all(vat == vat.to_integral_value() for vat in vats)
    return max(1, len(taxed)) * (51 if whole else 1)
