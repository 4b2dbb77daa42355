"""The sums of a preview: by what becomes of the orders, by VAT rate, by account. Pure.

Every document is counted once, and its net and VAT come to its total to the øre, so that each
table can be added up by hand and against the others.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
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
    paid: Decimal = ZERO
    returned: Decimal = ZERO
    later: Decimal = ZERO

    def add(self, amount: Decimal, method: str, *, later: bool = False) -> None:
        """Add a payment, or (below 0) one that goes back."""
        self.paid += max(amount, ZERO)
        self.returned += min(amount, ZERO)
        self.later += amount if later else ZERO
        self.methods |= {method} - {""}


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


class Sums:
    """The sums of orders and their credit notes."""

    def __init__(self, orders: Iterable[Foretold]) -> None:
        self.orders: dict[Becomes, Count] = defaultdict(Count)
        self.credit_notes: dict[Becomes, Count] = defaultdict(Count)
        self.rates: dict[tuple[str, Decimal], RateSum] = defaultdict(RateSum)
        self.accounts: dict[tuple[str, int], Posted] = defaultdict(Posted)
        self.unposted: dict[str, Posted] = defaultdict(Posted)
        self.outcomes: Counter[Becomes] = Counter()
        self.with_line = 0  # documents with a rounding line
        self.unsure = 0  # documents whose total hangs on how PowerOffice rounds
        self.noticed = 0  # orders about which, or whose credit notes, there is a remark
        for order in orders:
            self._add(order)

    @property
    def n(self) -> int:
        """How many orders."""
        return self.outcomes.total()

    @property
    def gone(self) -> Count:
        """What is transferred, changed or invoiced: orders, less what credit notes give back."""
        return _booked(self.orders)

    @property
    def given_back(self) -> Count:
        """The credit notes that are made."""
        return _booked(self.credit_notes)

    @property
    def whole(self) -> dict[str, Decimal]:
        """What both come to in each currency: the sum of what stands per VAT rate."""
        whole = dict(self.gone.totals)
        for currency, amount in self.given_back.totals.items():
            whole[currency] = whole.get(currency, ZERO) + amount
        return whole

    def _add(self, order: Foretold) -> None:
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
        if (paid := one.payment) is not None:
            account = self.accounts[paid.currency, paid.account_no]
            account.add(paid.amount, method, later=not one.is_invoiced)
        elif one.becomes in BOOKED and one.total:
            self.unposted[one.currency].add(one.total, method)

    @property
    def currencies(self) -> list[str]:
        """The currencies of what is transferred, the company's first."""
        found = {currency for currency, _ in (*self.rates, *self.accounts)} | {*self.unposted}
        return sorted(found, key=lambda currency: (currency != "NOK", currency))

    def rates_in(self, currency: str) -> list[tuple[Decimal, RateSum]]:
        """Return the sums of each VAT rate in a currency, the highest rate first."""
        own = [(rate, sums) for (name, rate), sums in self.rates.items() if name == currency]
        return sorted(own, key=lambda one: -one[0])

    def posted_in(self, currency: str) -> list[tuple[int | None, Posted]]:
        """Return what is posted on each account in a currency, by its number; last (with None)
        what the job does not post.
        """
        own = [(no, posted) for (name, no), posted in self.accounts.items() if name == currency]
        rest = [(None, self.unposted[currency])] if currency in self.unposted else []
        return [*sorted(own, key=lambda one: one[0]), *rest]


def _booked(counts: dict[Becomes, Count]) -> Count:
    whole = Count()
    for becomes in BOOKED & counts.keys():
        whole.n += counts[becomes].n
        for currency, amount in counts[becomes].totals.items():
            whole.totals[currency] = whole.totals.get(currency, ZERO) + amount
    return whole
