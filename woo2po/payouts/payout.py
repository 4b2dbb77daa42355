"""A payout of a provider as signed rows, and the arithmetic that decides whether it is booked.

Amounts are øre (or the currency's cents), positive in the merchant's favour.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import accumulate
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from woo2po.config.sections import PROVIDERS
from woo2po.holds import Hold
from woo2po.money import Fact, from_ore

MOST_NAMED = 3


class Kind(StrEnum):
    """What a row is, whatever its provider calls it."""

    CAPTURE = "capture"
    REFUND = "refund"
    REFUND_FAILURE = "refund_failure"
    DISPUTE = "dispute"
    DISPUTE_REVERSAL = "dispute_reversal"
    FEE = "fee"
    FEE_CORRECTION = "fee_correction"
    FEE_VAT = "fee_vat"
    CORRECTION = "correction"
    CHARGE = "charge"  # what the provider takes beside fees
    CREDIT = "credit"  # and gives
    HOLDBACK = "holdback"
    RELEASE = "release"
    TOP_UP = "top_up"  # the merchant pays in
    ABORTED = "payout_aborted"  # the bank gave a payout back
    PAYOUT = "payout"  # what pays an account out is none of the payout's rows
    UNKNOWN = "unknown"


COSTS = {Kind.FEE, Kind.FEE_CORRECTION}
FEES = {*COSTS, Kind.FEE_VAT}
BY_ITSELF = {Kind.TOP_UP, Kind.ABORTED}  # money the other way: a voucher of its own
WITHOUT_ORDER = {*FEES, *BY_ITSELF, Kind.HOLDBACK, Kind.RELEASE}
BELOW = {Kind.REFUND, Kind.DISPUTE, Kind.FEE, Kind.FEE_VAT, Kind.CHARGE, Kind.HOLDBACK}
_EITHER = {*FEES, Kind.CORRECTION}  # where the provider gives a sign


@dataclass(frozen=True, slots=True)
class PaidOrder:
    """An order of the shop: what it cost, and what its plugin says was captured, in øre."""

    id: int
    number: str
    provider: str
    currency: str
    total: int
    captured: int
    refunds: Mapping[int, int]  # by id, below 0
    placed: date
    day: date  # of its capture, as far as it tells


@dataclass(slots=True)
class ReportRow:
    """A row: its amount, and whose it is.

    `ids` are the provider's names of the order, `number` the shop's where it is told, `ref` the
    row's own key, `told` the provider's word for its type. `order` is the one that it was matched
    with, by `matched_by`.

    An entry of a running `account` has the `balance` behind it, None where no report tells one. It
    `begins` where it does not follow on what was read before; `payout` is the one that it is, or
    where it is money the other way, what the account's are like.
    """

    kind: Kind
    amount: int
    ref: str
    ids: tuple[str, ...] = ()
    number: str = ""
    day: date | None = None
    told: str = ""
    currency: str = ""  # where it is told
    order: PaidOrder | None = None
    matched_by: str = ""
    account: str = ""
    balance: int | None = None
    begins: bool = False
    payout: "Payout | None" = None

    @property
    def named(self) -> str:
        """What people may know it by."""
        return self.number or next(filter(None, self.ids), self.ref)

    @property
    def key(self) -> tuple[Any, ...]:
        """What no other row shares."""
        return self.ref, self.kind, self.amount, self.day, self.told, self.ids


@dataclass(slots=True)
class Payout:
    """A payout: its rows = net + what is `carried` over, the closing balance less the opening one.

    `key` is the same in every format that holds it; `id` is what people see. `unit` is the sales
    unit or merchant, `ledger` the provider's account. `day` is that on the bank. `lines` are those
    of its voucher: role, account (None: not set) and øre, debit positive. Its `state` is new,
    booked or held, and `why` says why. `chained`: a running balance bears out each of its rows.
    `own`: it is money the other way, until a payout has that among its rows.
    """

    provider: str
    key: str
    id: str
    net: int
    day: date | None
    currency: str = "NOK"
    bank_reference: str = ""
    unit: str = ""
    ledger: str = ""
    rows: Sequence[ReportRow] = ()
    carried: int = 0
    faults: tuple[Hold, ...] = ()
    chained: bool = False
    own: bool = False
    lines: Sequence[tuple[str, int | None, int]] = ()
    state: str = "new"
    why: Hold | None = None

    @property
    def reference(self) -> str:
        """The voucher's UUID: the same for a payout in every format, on every machine."""
        return str(uuid5(NAMESPACE_URL, f"payout|{self.provider}|{self.key}"))

    def held(self, why: Hold) -> "Payout":
        """Say that it is held, and why."""
        self.state, self.why = "held", why
        return self

    @property
    def partial(self) -> bool:
        """Whether a fuller report may tell more of it."""
        return bool(self.faults) or not (self.rows or self.off == 0)

    @property
    def off(self) -> int:
        """What is missing in its rows; 0 where the sum holds."""
        return self.net + self.carried - sum(row.amount for row in self.rows)

    def cost(self, *kinds: Kind) -> int:
        """Return what rows of some kinds cost, less what was given back."""
        return -sum(row.amount for row in self.rows if row.kind in kinds)

    @property
    def matched(self) -> list[ReportRow]:
        """The rows, with and without an order, but for fees that stand for all of it."""
        return [row for row in self.rows if row.order or row.kind not in FEES]

    @property
    def lacking(self) -> list[ReportRow]:
        """The rows that should have an order and have none."""
        return [row for row in self.rows if not row.order and row.kind not in WITHOUT_ORDER]

    @property
    def first(self) -> date:
        """The first day that it tells of, or the last there is where it tells none."""
        return min([*(row.day for row in self.rows if row.day), self.day or date.max])

    def fees_with_vat(self) -> None:
        """Take the VAT out of the fees where it stands in them too: the sum decides."""
        vat = self.cost(Kind.FEE_VAT)
        if vat and self.off == vat:
            self.rows = [*self.rows, ReportRow(Kind.FEE_CORRECTION, vat, "VAT", told="VAT")]

    def by_itself(self, row: ReportRow) -> "Payout":
        """Return the voucher of a row: money that goes the other way, from the bank."""
        return replace(
            self, key=f"{self.unit}/{row.ref}", id=f"{self.ledger or self.id}/{row.ref}",
            net=-row.amount, day=row.day or self.day, bank_reference="", rows=(row,), own=True,
            carried=2 * row.amount,  # out of the bank, and in the account
        )  # fmt: skip

    def parts(self) -> Iterator["Payout"]:
        """Yield it, and before it what is booked by itself."""
        apart = [] if self.own else [row for row in self.rows if row.kind in BY_ITSELF]
        yield from map(self.by_itself, apart)
        yield self

    def wrong(self) -> Iterator[Hold]:
        """Yield why it must not be booked, the surest reason first."""
        if not self.rows and self.partial:
            yield fault("payout_without_rows")
        for row in self.rows:
            turned = row.kind not in _EITHER and row.amount * (-1) ** (row.kind in BELOW) < 0
            if turned or row.kind is Kind.UNKNOWN:
                code = "payout_row_unknown" if row.kind is Kind.UNKNOWN else "payout_wrong_sign"
                yield fault(code, type=row.told or "?", amount=from_ore(row.amount), row=row.ref)
            if row.currency not in {"", self.currency}:
                yield fault("payout_row_currency", currency=row.currency, row=row.ref)
        yield from self.faults
        if not self.key or self.key[0] == "-" or self.key[-1] in "-/":  # others have the same
            yield fault("payout_without_number")
        counted = Counter(row.key for row in self.rows if not self.chained)
        if doubled := [*dict.fromkeys(key[0] for key, n in counted.items() if n > 1)]:
            yield fault("payout_row_doubled", rows=", ".join(doubled[:MOST_NAMED]))
        if off := self.off:
            moved: Counter[str] = Counter()
            for row in self.rows:
                moved[row.ref] += row.amount
            named = [ref for ref, amount in moved.items() if amount in {-off, -off / 2}]
            code, rows = "payout_sum_rows" if named else "payout_sum", ", ".join(named[:MOST_NAMED])
            yield fault(code, difference=from_ore(off), rows=rows)


def fault(code: str, **facts: Fact) -> Hold:
    """Return why a payout must not be booked: the code of a message, and its facts."""
    return Hold(code, facts)


def compared(what: str, stated: int, found: int) -> tuple[Hold, ...]:
    """Return the fault of a sum that the report states otherwise than its rows, or none."""
    amounts = {"stated": stated, "found": found, "difference": stated - found}
    facts = {name: from_ore(amount) for name, amount in amounts.items()}
    return (fault("payout_head", payout_sum=what, **facts),) if stated != found else ()


# -- running accounts ------------------------------------------------------------------------------


@dataclass(slots=True)
class _SincePayout:
    rows: list[ReportRow]
    opening: int
    balance: int
    faults: tuple[Hold, ...] = ()

    def take(self, entry: ReportRow, balance: int) -> Iterator[Payout]:
        """Take an entry with the balance behind it; yield what it completes."""
        if off := balance - self.balance - entry.amount:
            self.faults += (fault("payout_balance", difference=from_ore(off), row=entry.ref),)
        self.balance, payout = balance, entry.payout
        if payout is None or entry.kind in BY_ITSELF:
            self.rows.append(entry)
            if payout:
                yield payout.by_itself(entry)
            return
        aborted = {row.ref.partition(" ")[0] for row in self.rows if row.kind is Kind.ABORTED}
        if entry.ref in aborted:
            key, id_ = (f"{name}/{entry.day}" for name in (payout.key, payout.id))
            payout = replace(payout, key=key, id=id_)  # given back, and paid again as the same
        payout = replace(payout, rows=self.rows, carried=balance - self.opening)
        yield from replace(payout, faults=payout.faults or self.faults, chained=True).parts()
        self.rows, self.opening, self.faults = [], balance, ()


def cut(
    reports: Iterable[tuple[str, Iterable[ReportRow | Payout]]], notes: list[Hold]
) -> Iterator[Payout]:
    """Yield the payouts of providers' reports; one of a running account takes all that stands
    there since the one before. Of what is left, rows of a type that is not known get `notes`.

    A report that begins in the middle of a payout goes on from what an earlier one left over, if it
    fits. Where no balances are told, all reports are read before: no row of them counts twice.
    """
    tails = defaultdict[tuple[str, str], list[_SincePayout]](list)
    loose = defaultdict[tuple[str, str], dict[Any, ReportRow]](dict)
    for provider, entries in reports:
        begun = set[str]()
        for entry in entries:
            if isinstance(entry, Payout):
                yield from replace(entry, provider=provider).parts()
            elif entry.balance is None:
                loose[provider, entry.account].setdefault(entry.key, entry)
            else:
                account = tails[provider, entry.account]
                if entry.begins or entry.account not in begun:
                    account.append(_begun(entry, entry.balance - entry.amount, account))
                    begun.add(entry.account)
                yield from account[-1].take(entry, entry.balance)
    for (of, _), account in tails.items():
        for row in account[-1].rows:
            if row.kind is Kind.UNKNOWN:
                facts: dict[str, Fact] = {"type": row.told or "?", "row": row.ref}
                facts |= {"provider": PROVIDERS[of], "amount": from_ore(row.amount)}
                notes.append(fault("payouts_row_unknown", **facts))
    if loose:
        yield from cut(((of, _balanced([*x.values()])) for (of, _), x in loose.items()), notes)


def _begun(entry: ReportRow, opening: int, tails: Sequence[_SincePayout]) -> _SincePayout:
    for tail in tails if opening else tails[-1:]:  # at 0 an account may be without a payout, too
        keys = [row.key for row in tail.rows]
        rows = tail.rows[: keys.index(entry.key)] if entry.key in keys else tail.rows
        if tail.opening + sum(row.amount for row in rows) == opening:
            return _SincePayout([*rows], tail.opening, opening, tail.faults)
    begun = fault("payout_begun", amount=from_ore(abs(opening)))
    return _SincePayout([], opening, opening, (begun,) if opening else ())


def _balanced(entries: Sequence[ReportRow]) -> Iterator[ReportRow]:
    """Yield entries with balances: from 0 on, or from what is paid out and was never there."""
    balances = [*accumulate(entry.amount for entry in entries)]
    lowest = min(0, *balances)
    until = balances.index(lowest) if lowest else -1
    for place, (entry, balance) in enumerate(zip(entries, balances, strict=True)):
        if entry.payout and place <= until:
            entry.payout.faults = (fault("payout_begun", amount=from_ore(-lowest)),)
        entry.balance = balance - lowest
        yield entry
