"""The shop's raw rows as values: totals, VAT per rate and days, reckoned from the order alone.

Nothing of the mapping that makes documents is used here, else both would be wrong together; what
the gateways' keys mean is one table for both.
Facts about the fields: woocommerce/facts.md, "Amounts" and "Refunds".
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from woo2po.config import Settings
from woo2po.mapping.capture import told_of_money
from woo2po.mapping.values import day_in_shop
from woo2po.money import ZERO, to_ore
from woo2po.money import percent as in_percent
from woo2po.order import read_order, read_refund
from woo2po.proof.values import EXPORT, NO_VAT, Rates, ShopOrder, ShopRefund, added, shared

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
    amount = _amount(total)
    return ShopOrder(
        id=int(row["id"]),
        number=str(row.get("number") or row["id"]),
        status=shared(status),
        currency=shared(str(row["currency"])),
        sells=began and _is_sold(status, paid, completed, settings),
        created=created,
        day=day,
        paid=None,
        method=shared(method),
        account=_account(method, settings),
        total=to_ore(amount),
        rates=_rates(row, amount, _where(row), settings),
        tolerance=_tolerance(row),
        refunds=tuple(int(refund["id"]) for refund in row.get("refunds") or ()),
    )


def with_money(order: ShopOrder, row: Row, refunds: Iterable[Row], settings: Settings) -> ShopOrder:
    """Return an order with what was captured of it, as its payment gateway tells.

    `refunds` are its refunds' rows, whose moments tell which were before the capture.
    """
    if order.created < settings.woocommerce.orders_from or order.status in _NEVER - {"trash"}:
        return order
    if order.method in settings.payments.unpaid_methods:
        return order
    without = {**dict.fromkeys(LINES, ()), "tax_lines": ()}
    read = read_order({**row, **without})
    dated = (read_refund({**one, **without}) for one in refunds)
    capture = told_of_money(read.with_refund_days(dated), settings)
    if capture is None or capture.moment is None:
        return order
    day = shared(day_in_shop(capture.moment, settings))
    return replace(order, paid=day, captured=to_ore(capture.amount), before=capture.before)


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
        rates = _as_sold(_rates(row, -amount, "", settings), order)
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
    """Return what an amount is of each kind of its order: the shop itself does not say."""
    return tuple(
        (kind, -round(net * amount / order.total), -round(vat * amount / order.total))
        for kind, net, vat in order.rates
    )


def _as_sold(rates: Rates, order: ShopOrder | None) -> Rates:
    """Return a refund's rates under the kinds of its order: a refund says no country."""
    sold = {kind.rpartition(" ")[2]: kind for kind, _, _ in order.rates} if order else {}
    sold = {NO_VAT: EXPORT, **sold} if EXPORT in sold else sold
    return added((sold.get(kind, kind), net, vat) for kind, net, vat in rates)


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


def _where(row: Row) -> str:
    """Return the country whose VAT counts: "" at home, else that of delivery."""
    places = [row.get("shipping") or {}, row.get("billing") or {}]
    place = next((one for one in places if one.get("country")), {})
    postcode = "".join(str(place.get("postcode") or "").split())
    country = str(place.get("country") or "NO").strip().upper()
    arctic = len(postcode) == 4 and ("9170" <= postcode <= "9179" or postcode == "8099")
    return "SJ" if country == "NO" and arctic else "" if country == "NO" else country


def _rates(row: Row, total: Decimal, where: str, settings: Settings) -> Rates:
    """Return net and VAT of each kind; what no line explains stands without VAT.

    A line's VAT is what its `taxes` say, or its `total_tax` where that is what sums to the total.
    """
    said = {int(tax["rate_id"]): _rate(tax, where) for tax in row.get("tax_lines") or ()}
    exact = sum((_amount(x["total"]) + sum(_taxes(x).values(), ZERO) for x in _lines(row)), ZERO)
    rounded = sum((_amount(x["total"]) + _amount(x.get("total_tax")) for x in _lines(row)), ZERO)
    by_line = abs(exact - total) > _NEAR and abs(rounded - total) < abs(exact - total)
    listed = not settings.discounts.transfer_vat
    sums: dict[str, list[Decimal]] = {}
    for line in _lines(row):
        parts = list(_shares(line, said, by_line, listed and "subtotal" in line))
        if not parts and where and line.get("sku") not in settings.gift_cards.skus:
            parts.append((EXPORT, _amount(line["total"]), ZERO))
        for kind, net, vat in parts:
            under = sums.setdefault(kind, [ZERO, ZERO])
            under[0] += net
            under[1] += vat
    whole = [(shared(kind), to_ore(net), to_ore(vat)) for kind, (net, vat) in sums.items()]
    return added([*whole, (NO_VAT, to_ore(total) - sum(net + vat for _, net, vat in whole), 0)])


def _rate(tax: Row, where: str) -> tuple[str, Decimal] | None:
    """Return the kind and the percent of a rate of an order, None where it does not say them."""
    percent, code = tax.get("rate_percent"), str(tax.get("rate_code") or "")
    if percent is None:
        return None
    country = code[:2] if code[2:3] == "-" else where
    told = in_percent(_amount(percent))
    at_home = country in {"", "NO", "SJ"}
    return told if at_home else f"{country} {told}", _amount(percent)


def _shares(
    line: Row, said: Mapping[int, tuple[str, Decimal] | None], by_line: bool, listed: bool
) -> Iterator[tuple[str, Decimal, Decimal]]:
    """Yield kind, net and VAT of what VAT was charged on; `listed`: at prices before discounts."""
    taxes = _taxes(line, "subtotal" if listed else "total")
    taxes = {id_: vat for id_, vat in taxes.items() if vat}
    net = _amount(line["subtotal"] if listed else line["total"])
    for id_, vat in taxes.items():
        rate = said.get(id_)
        if rate is None or not rate[1]:  # the order does not name its rate
            percent = (vat * 100 / net).quantize(Decimal(1)) if net else ZERO
            rate = in_percent(percent), percent
        kind, percent = rate
        if len(taxes) == 1:
            yield kind, net, _amount(line["total_tax"]) if by_line and not listed else vat
        else:
            yield kind, vat * 100 / percent if percent else ZERO, vat


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
