"""The sums of a preview: by what becomes of the orders, by VAT rate, by account. Pure.

Every document is counted once, and its net and VAT come to its total to the øre, so that each
table can be added up by hand and against the others.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import TypeVar

from woo2po.documents import LineKind, Rounding, SalesOrder
from woo2po.holds import Hold
from woo2po.mapping.prices import Exactness, line_amounts, sums_of
from woo2po.money import ZERO, round_ore
from woo2po.preview import BOOKED, Becomes, Foretold

Pair = tuple[Decimal, Decimal]  # net and VAT, or what comes in and what goes back
_Account = tuple[str, int | None]  # its currency and number
K = TypeVar("K")


def totals(parts: Iterable[Foretold]) -> dict[str, Decimal]:
    """Return what orders or credit notes come to in each currency, as far as that is known."""
    found: dict[str, Decimal] = defaultdict(Decimal)
    for one in parts:
        if one.total is not None:
            found[one.currency] += one.total
    return found


def _summed(rows: Iterable[tuple[K, Pair]]) -> dict[K, Pair]:
    found: dict[K, Pair] = {}
    for key, (one, other) in rows:
        before = found.get(key, (ZERO, ZERO))
        found[key] = before[0] + one, before[1] + other
    return found


def by_rate(order: SalesOrder, exact: Exactness) -> dict[Decimal, Pair]:
    """Return a sales order's net and VAT by rate in percent, in whole øre, the highest rate first.

    They are the sums of its lines, each rounded, wherever those come to the total. Elsewhere they
    are the net amounts with the shop's VAT, and the øre that is left goes with the largest one.
    """
    if way := next((way for way in (Rounding.LINE, Rounding.LINE_NET) if way in exact.sure), None):
        lines = (one for one in order.lines if one.kind is LineKind.NORMAL)
        found = _summed((line.vat_rate, line_amounts(line, way)) for line in lines)
    else:
        nets, vat = sums_of(order.lines).nets, order.amounts.vat
        rates = {*vat, *(rate for rate, net in nets.items() if net)}
        found = {rate: (round_ore(nets.get(rate, ZERO)), round_ore(vat.get(rate, ZERO)))
                 for rate in rates}  # fmt: skip
    told = {rate: pair for rate, pair in found.items() if any(pair)} or found
    if told:
        largest = max(told, key=lambda rate: abs(told[rate][0]))
        left = order.amounts.total - sum(map(sum, told.values()), ZERO)
        told[largest] = told[largest][0] + left, told[largest][1]
    return dict(sorted(told.items(), reverse=True))


class Summary:
    """The sums of orders and their credit notes.

    `gone` is what is transferred, changed or invoiced, `given_back` the credit notes that are made,
    `whole` what both come to: what stands in `rates`. `accounts` tells what is posted on each
    account, and by which payment `methods`; None: by others than the job.
    """

    def __init__(self, orders: Sequence[Foretold]) -> None:
        booked = [one for order in orders for one in order.parts if one.becomes in BOOKED]
        self.gone = [one for one in booked if not one.known.is_credit_note]
        self.given_back = [one for one in booked if one.known.is_credit_note]
        self.whole = totals(booked)
        self.outcomes = Counter(order.outcome for order in orders)
        self.rates = _summed(
            ((one.currency, rate), pair)
            for one in booked
            if one.documents is not None and one.exactness is not None
            for rate, pair in by_rate(one.documents.sales_order, one.exactness).items()
        )
        posted = [row for order in orders for row in _posted(order)]
        self.accounts = _summed((key, pair) for key, _, pair in posted)
        self.methods: dict[_Account, set[str]] = defaultdict(set)
        for key, method, _ in posted:
            self.methods[key] |= {method} - {""}

    @property
    def currencies(self) -> list[str]:
        """The currencies of what is transferred, the company's first."""
        found = {currency for currency, _ in (*self.rates, *self.accounts)}
        return sorted(found, key=lambda currency: (currency != "NOK", currency))

    def rates_in(self, currency: str) -> list[tuple[Decimal, Pair]]:
        """Return net and VAT of each VAT rate in a currency, the highest rate first."""
        ordered = sorted(self.rates.items(), reverse=True)
        return [(rate, pair) for (name, rate), pair in ordered if name == currency]

    def posted_in(self, currency: str) -> list[tuple[int | None, Pair]]:
        """Return what comes and goes on each account in a currency, by its number; last (with None)
        what the job does not post.
        """
        own = [
            (account, pair) for (name, account), pair in self.accounts.items() if name == currency
        ]
        return sorted(own, key=lambda one: (one[0] is None, one[0]))


def _posted(order: Foretold) -> Iterator[tuple[_Account, str, Pair]]:
    """Yield what is posted of an order: where, by which payment method, what comes and goes."""
    method = order.shop.payment_method if order.shop else ""
    for one in order.parts:
        paid, amount = one.payment, one.total or ZERO
        if isinstance(one.reason, Hold) or one.becomes is Becomes.WAITING:
            continue
        if paid is not None:
            amount = paid.amount
        elif one.becomes not in BOOKED or not amount:
            continue
        key = (paid.currency, paid.account_no) if paid else (one.currency, None)
        yield key, method, (max(amount, ZERO), min(amount, ZERO))
