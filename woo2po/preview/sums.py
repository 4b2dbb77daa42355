"""The sums of a preview: by what becomes of the orders, by VAT rate, by account. Pure.

Every document is counted once, and its net and VAT come to its total to the øre, so that each
table can be added up by hand and against the others.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from woo2po.documents import LineKind, Rounding, SalesOrder
from woo2po.holds import Hold
from woo2po.mapping import Exactness
from woo2po.mapping.prices import line_amounts, sums_of
from woo2po.money import ZERO, round_ore
from woo2po.preview.values import BOOKED, Becomes, Foretold


@dataclass(slots=True)
class Count:
    """How many, and what they come to in each currency."""

    n: int = 0
    totals: dict[str, Decimal] = field(default_factory=dict)

    def add(self, currency: str, amount: Decimal | None) -> None:
        """Count one more; what has no amount adds nothing."""
        self.n += 1
        if amount is not None:
            self.totals[currency] = self.totals.get(currency, ZERO) + amount


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
class Posted:
    """What is posted on an account: payments, and what goes back; `later`: once invoiced."""

    methods: set[str] = field(default_factory=set)
    payments: int = 0
    paid: Decimal = ZERO
    paybacks: int = 0
    returned: Decimal = ZERO
    later: Decimal = ZERO

    @property
    def net(self) -> Decimal:
        """What is left of the payments."""
        return self.paid + self.returned

    def add(self, amount: Decimal) -> None:
        """Count a payment, or (below 0) one that goes back."""
        if amount < ZERO:
            self.paybacks, self.returned = self.paybacks + 1, self.returned + amount
        else:
            self.payments, self.paid = self.payments + 1, self.paid + amount


def by_rate(order: SalesOrder, exact: Exactness) -> dict[Decimal, RateSum]:
    """Return a sales order's net and VAT by rate in percent, in whole øre, the highest rate first.

    They are the sums of its lines, each rounded, wherever those come to the total. Elsewhere they
    are the net amounts with the shop's VAT, and the øre that is left goes with the largest one.
    """
    way = next((way for way in (Rounding.LINE, Rounding.LINE_NET) if way in exact.sure), None)
    found = _of_lines(order, way) if way else _of_the_shop(order)
    found = {rate: one for rate, one in found.items() if one.net or one.vat} or found
    if found:
        largest = max(found.values(), key=lambda one: abs(one.net))
        largest.net += order.amounts.total - sum((one.gross for one in found.values()), ZERO)
    return dict(sorted(found.items(), reverse=True))


def _of_lines(order: SalesOrder, way: Rounding) -> dict[Decimal, RateSum]:
    found: dict[Decimal, RateSum] = {}
    for line in order.lines:
        if line.kind is LineKind.NORMAL:
            found.setdefault(line.vat_rate, RateSum()).add(RateSum(*line_amounts(line, way)))
    return found


def _of_the_shop(order: SalesOrder) -> dict[Decimal, RateSum]:
    nets, vat = sums_of(order.lines).nets, order.amounts.vat
    return {
        rate: RateSum(round_ore(nets.get(rate, ZERO)), round_ore(vat.get(rate, ZERO)))
        for rate in {*nets, *vat}
        if rate in vat or nets[rate]
    }


@dataclass(slots=True)
class Sums:
    """The sums of orders and their credit notes, in the order in which they were added."""

    orders: dict[Becomes, Count] = field(default_factory=lambda: defaultdict(Count))
    credit_notes: dict[Becomes, Count] = field(default_factory=lambda: defaultdict(Count))
    rates: dict[tuple[str, Decimal], RateSum] = field(default_factory=lambda: defaultdict(RateSum))
    accounts: dict[tuple[str, int], Posted] = field(default_factory=lambda: defaultdict(Posted))
    unposted: dict[str, Posted] = field(default_factory=lambda: defaultdict(Posted))
    outcomes: dict[Becomes, int] = field(default_factory=lambda: defaultdict(int))
    with_line: int = 0  # documents with a rounding line
    unsure: int = 0  # documents whose total hangs on how PowerOffice rounds
    noticed: int = 0  # orders about which, or whose credit notes, there is a remark

    @property
    def n(self) -> int:
        """How many orders."""
        return sum(count.n for count in self.orders.values())

    @property
    def gone(self) -> Count:
        """What is transferred, changed or invoiced: orders, less what credit notes give back."""
        return self._of(self.orders)

    @property
    def given_back(self) -> Count:
        """The credit notes that are made."""
        return self._of(self.credit_notes)

    def _of(self, counts: dict[Becomes, Count]) -> Count:
        whole = Count()
        for becomes in BOOKED & counts.keys():
            whole.n += counts[becomes].n
            for currency, amount in counts[becomes].totals.items():
                whole.totals[currency] = whole.totals.get(currency, ZERO) + amount
        return whole

    def add(self, order: Foretold) -> None:
        """Add an order and its credit notes."""
        self.outcomes[order.outcome] += 1
        self.noticed += any(one.notes for one in order.parts)
        self.orders[order.becomes].add(order.currency, order.total)
        for note in order.credit_notes:
            self.credit_notes[note.becomes].add(note.currency, note.total)
        for one in order.parts:
            if one.becomes in BOOKED:
                self._add_document(one)
            if not isinstance(one.reason, Hold) and one.becomes is not Becomes.WAITING:
                self._add_payment(one, order.method)

    def _add_document(self, one: Foretold) -> None:
        if one.documents is not None and one.exactness is not None:
            for rate, sums in by_rate(one.documents.sales_order, one.exactness).items():
                self.rates[one.currency, rate].add(sums)
            self.with_line += bool(one.exactness.line)
            self.unsure += not one.exactness.is_sure

    def _add_payment(self, one: Foretold, method: str) -> None:
        if one.payment is not None:
            account = self.accounts[one.payment.currency, one.payment.account_no]
            account.add(one.payment.amount)
            account.later += ZERO if one.is_invoiced else one.payment.amount
        elif one.becomes in BOOKED and one.total:
            account = self.unposted[one.currency]
            account.add(one.total)
        else:
            return
        account.methods |= {method} - {""}

    @property
    def currencies(self) -> list[str]:
        """The currencies of what is transferred, the company's first."""
        found = {currency for currency, _ in (*self.rates, *self.accounts)} | {*self.unposted}
        return sorted(found, key=lambda currency: (currency != "NOK", currency))

    def rates_in(self, currency: str) -> Iterator[tuple[Decimal, RateSum]]:
        """Yield the sums of each VAT rate in a currency, the highest rate first."""
        own = [(rate, sums) for (name, rate), sums in self.rates.items() if name == currency]
        yield from sorted(own, key=lambda one: -one[0])

    def accounts_in(self, currency: str) -> Iterator[tuple[int, Posted]]:
        """Yield what is posted on each account in a currency, by its number."""
        own = [(no, posted) for (name, no), posted in self.accounts.items() if name == currency]
        yield from sorted(own, key=lambda one: one[0])
