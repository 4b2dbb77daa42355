"""The sums of a preview: by what becomes of the orders, by VAT rate, by account. Pure.

Every document is counted once, and its net and VAT come to its total to the øre, so that each
table can be added up by hand and against the others.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from woo2po.documents import LineKind, Rounding, SalesOrder
from woo2po.holds import Hold
from woo2po.mapping.prices import Exactness, line_amounts, sums_of
from woo2po.money import ZERO, round_ore
from woo2po.preview import BOOKED, Becomes, Foretold


class Count(NamedTuple):
    """How many, and what they come to in each currency."""

    n: int
    totals: Mapping[str, Decimal]


def counted(parts: Iterable[Foretold]) -> Count:
    """Count orders or credit notes; what has no amount adds nothing."""
    found = list(parts)
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for one in found:
        if one.total is not None:
            totals[one.currency] += one.total
    return Count(len(found), totals)


@dataclass(slots=True)
class RateSum:
    """Net and VAT at a rate (kroner, or the order's currency)."""

    net: Decimal = ZERO
    vat: Decimal = ZERO

    @property
    def gross(self) -> Decimal:
        """Net and VAT together."""
        return self.net + self.vat

    def add(self, other: "RateSum") -> None:
        """Add another sum to this."""
        self.net += other.net
        self.vat += other.vat


@dataclass(slots=True)
class PaymentsOn:
    """What is posted on an account: payments, and what goes back."""

    methods: set[str] = field(default_factory=set)
    paid: Decimal = ZERO
    returned: Decimal = ZERO


def by_rate(order: SalesOrder, exact: Exactness) -> dict[Decimal, RateSum]:
    """Return a sales order's net and VAT by rate in percent, in whole øre, the highest rate first.

    They are the sums of its lines, each rounded, wherever those come to the total. Elsewhere they
    are the net amounts with the shop's VAT, and the øre that is left goes with the largest one.
    """
    found: dict[Decimal, RateSum] = defaultdict(RateSum)
    if way := next((way for way in (Rounding.LINE, Rounding.LINE_NET) if way in exact.sure), None):
        for line in (one for one in order.lines if one.kind is LineKind.NORMAL):
            found[line.vat_rate].add(RateSum(*line_amounts(line, way)))
    else:
        nets, vat = sums_of(order.lines).nets, order.amounts.vat
        for rate in {*vat, *(rate for rate, net in nets.items() if net)}:
            net = round_ore(nets.get(rate, ZERO))
            found[rate] = RateSum(net, round_ore(vat.get(rate, ZERO)))
    told = {rate: one for rate, one in found.items() if one.net or one.vat} or found
    if told:
        largest = max(told.values(), key=lambda one: abs(one.net))
        largest.net += order.amounts.total - sum((one.gross for one in told.values()), ZERO)
    return dict(sorted(told.items(), reverse=True))


class Summary:
    """The sums of orders and their credit notes.

    `gone` is what is transferred, changed or invoiced, `given_back` the credit notes that are made,
    `whole` both: what stands per VAT rate. `accounts` tells of each currency what is posted on each
    account; None: by others than the job.
    """

    def __init__(self, orders: Sequence[Foretold]) -> None:
        notes = [note for order in orders for note in order.credit_notes]
        booked = [one for one in (*orders, *notes) if one.becomes in BOOKED]
        self.gone = counted(one for one in booked if not one.known.is_credit_note)
        self.given_back = counted(one for one in booked if one.known.is_credit_note)
        self.whole = counted(booked)
        self.outcomes = Counter(order.outcome for order in orders)
        self.rates: dict[str, dict[Decimal, RateSum]] = defaultdict(lambda: defaultdict(RateSum))
        self.accounts: dict[str, dict[int | None, PaymentsOn]] = defaultdict(
            lambda: defaultdict(PaymentsOn)
        )
        for one in booked:
            if one.documents is not None and one.exactness is not None:
                for rate, sums in by_rate(one.documents.sales_order, one.exactness).items():
                    self.rates[one.currency][rate].add(sums)
        for order in orders:
            for one in order.parts:
                if not isinstance(one.reason, Hold) and one.becomes is not Becomes.WAITING:
                    self._add_payment(one, order.shop.payment_method if order.shop else "")

    def _add_payment(self, one: Foretold, method: str) -> None:
        if (paid := one.payment) is not None:
            amount, account = paid.amount, self.accounts[paid.currency][paid.account_no]
        elif one.becomes in BOOKED and one.total:
            amount, account = one.total, self.accounts[one.currency][None]
        else:
            return
        account.paid += max(amount, ZERO)
        account.returned += min(amount, ZERO)
        account.methods |= {method} - {""}

    @property
    def currencies(self) -> list[str]:
        """The currencies of what is transferred, the company's first."""
        found = {*self.rates, *self.accounts}
        return sorted(found, key=lambda currency: (currency != "NOK", currency))

    def rates_in(self, currency: str) -> list[tuple[Decimal, RateSum]]:
        """Return the sums of each VAT rate in a currency, the highest rate first."""
        return sorted(self.rates[currency].items(), key=lambda one: -one[0])

    def posted_in(self, currency: str) -> list[tuple[int | None, PaymentsOn]]:
        """Return what is posted on each account in a currency, by its number; last (with None)
        what the job does not post.
        """
        own = self.accounts[currency].items()
        return sorted(own, key=lambda one: (one[0] is None, one[0]))
