"""A payout of a provider as signed rows, and the arithmetic that decides whether it is booked.

Amounts are øre (or the currency's cents), positive in the merchant's favour.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from woo2po.money import Fact, from_ore

OSLO = ZoneInfo("Europe/Oslo")  # where the providers' days begin, whatever the shop's zone
SATURDAY, MOST_NAMED = 5, 3
_PLAIN = re.compile(r"-?\d{1,11}\.\d\d")  # as most amounts stand there
_BEYOND = 10**13  # øre: no shop has that much in one row
_SECONDS = 10**11  # since 1970: a larger number is of thousandths


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
    CHARGE = "charge"  # what the provider takes or gives beside fees
    HOLDBACK = "holdback"
    RELEASE = "release"
    TOP_UP = "top_up"  # the merchant pays in
    ABORTED = "payout_aborted"  # the bank gave a payout back
    UNKNOWN = "unknown"


COSTS = {Kind.FEE, Kind.FEE_CORRECTION}
BY_ITSELF = {Kind.TOP_UP, Kind.ABORTED}  # money the other way: a voucher of its own
WITHOUT_ORDER = {*COSTS, *BY_ITSELF, Kind.FEE_VAT, Kind.HOLDBACK, Kind.RELEASE}
_SIGNS = {
    Kind.CAPTURE: 1, Kind.REFUND: -1, Kind.REFUND_FAILURE: 1, Kind.DISPUTE: -1,
    Kind.DISPUTE_REVERSAL: 1, Kind.HOLDBACK: -1, Kind.RELEASE: 1, Kind.TOP_UP: 1, Kind.ABORTED: 1,
}  # fmt: skip


@dataclass(slots=True)
class ReportRow:
    """A row: `amount` before the fee and VAT that stand in the same row (positive: they cost).

    `ids` are the provider's names of the order, `number` the shop's where it is told, `ref` the
    row's own key, `told` the provider's word for its type, `off` how much more the report says
    that the row comes to.
    """

    kind: Kind
    amount: int
    ref: str
    ids: tuple[str, ...] = ()
    number: str = ""
    day: date | None = None
    fee: int = 0
    told: str = ""
    vat: int = 0
    off: int = 0

    @property
    def effect(self) -> int:
        """What the row does to the balance."""
        return self.amount - self.fee - self.vat


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a payout must not be booked: the code of a message, and its facts."""

    code: str
    facts: Mapping[str, Fact]


def fault(code: str, **facts: Fact) -> Fault:
    """Return a fault with these facts."""
    return Fault(code, facts)


@dataclass(frozen=True, slots=True)
class Payout:
    """A payout: opening balance + rows = net + closing balance, whatever the format.

    `key` is the same in every format that holds it; `id` is what people see. `unit` is the sales
    unit or merchant, `ledger` the provider's account. `day` is that on the bank.
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
    opening: int = 0
    closing: int = 0
    faults: tuple[Fault, ...] = ()

    @property
    def fee_vat(self) -> int:
        """The VAT on fees, as the report has it; positive: it costs."""
        alone = sum(row.amount for row in self.rows if row.kind is Kind.FEE_VAT)
        return sum(row.vat for row in self.rows) - alone

    @property
    def fee(self) -> int:
        """The fees without VAT, less what was given back; positive: they cost."""
        alone = sum(row.amount for row in self.rows if row.kind in COSTS)
        return sum(row.fee for row in self.rows) - alone

    @property
    def days(self) -> list[date]:
        """The days that its rows tell."""
        return [row.day for row in self.rows if row.day is not None]

    @property
    def first(self) -> date:
        """The first day that it tells of, or the last there is where it tells none."""
        return min([*self.days, self.day or date.max])

    def parts(self) -> list["Payout"]:
        """Return what is booked by itself: money that went the other way first, then the rest."""
        if not any(row.kind in BY_ITSELF for row in self.rows):
            return [self]
        apart = [
            replace(
                self, key=f"{self.unit}/{row.ref}", id=f"{self.id}/{row.ref}", net=-row.amount,
                day=row.day or self.day, bank_reference="", rows=(row,), opening=0,
                closing=2 * row.amount,  # out of the bank, and in the account
            )
            for row in self.rows
            if row.kind in BY_ITSELF
        ]  # fmt: skip
        moved = sum(one.net for one in apart)
        rest = [row for row in self.rows if row.kind not in BY_ITSELF]
        # Their money is in the payout too: it stays in the clearing account in between.
        return [*apart, replace(self, rows=rest, opening=self.opening - moved)]

    def wrong(self) -> Iterator[Fault]:
        """Yield why it must not be booked, the surest reason first."""
        for row in self.rows:
            if row.kind is Kind.UNKNOWN or row.amount * _SIGNS.get(row.kind, 0) < 0:
                code = "payout_row_unknown" if row.kind is Kind.UNKNOWN else "payout_wrong_sign"
                yield fault(code, type=row.told or "?", amount=from_ore(row.amount), row=row.ref)
        yield from self.faults
        doubled = [key[0] for key, n in Counter(map(_key, self.rows)).items() if n > 1]
        if doubled:
            yield fault("payout_row_doubled", rows=", ".join(doubled[:MOST_NAMED]))
        for row in self.rows:
            yield from compared(row.ref, row.effect + row.off, row.effect)
        off = self.net + self.closing - self.opening - sum(row.effect for row in self.rows)
        named = [row.ref for row in self.rows if row.effect in {-off, -off / 2}]
        if off:
            code, rows = "payout_sum_rows" if named else "payout_sum", ", ".join(named[:MOST_NAMED])
            yield fault(code, difference=from_ore(off), rows=rows)


def _key(row: ReportRow) -> tuple[Any, ...]:
    return row.ref, row.kind, row.amount, row.day, row.told, row.ids


def compared(what: str, stated: int, found: int) -> tuple[Fault, ...]:
    """Return the fault of a sum that the report states otherwise than its rows, or none."""
    if stated == found:
        return ()
    amounts = {"stated": stated, "found": found, "difference": stated - found}
    facts = {name: from_ore(amount) for name, amount in amounts.items()}
    return (fault("payout_head", payout_sum=what, **facts),)


@dataclass(slots=True)
class AccountRow:
    """A row of a running account; `payout` where it is the row that pays out, without its rows."""

    unit: str
    row: ReportRow
    balance: int | None = None
    payout: Payout | None = None


@dataclass(slots=True)
class SincePayout:
    """What stands in a running account since its last payout."""

    rows: list[ReportRow]
    opening: int
    balance: int
    faults: tuple[Fault, ...] = ()

    def take(self, entry: AccountRow) -> Payout | None:
        """Take a row; return the payout that it completes."""
        expected = self.balance + entry.row.effect
        if entry.balance is not None and entry.balance != expected:
            off = from_ore(entry.balance - expected)
            self.faults += (fault("payout_balance", difference=off, row=entry.row.ref),)
        self.balance = expected if entry.balance is None else entry.balance
        if entry.payout is None:
            self.rows.append(entry.row)
            return None
        done = replace(
            entry.payout, rows=self.rows, opening=self.opening, closing=self.balance,
            faults=(*entry.payout.faults, *self.faults),
        )  # fmt: skip
        self.rows, self.opening, self.faults = [], self.balance, ()
        return done


Tails = dict[str, list[SincePayout]]


def cut(entries: Iterable[AccountRow], tails: Tails) -> Iterator[Payout]:
    """Cut running accounts into payouts: a payout takes all that stands since the one before.

    `tails` holds what earlier reports left over, per unit; what this one leaves is put there too.
    A report that begins in the middle of a payout goes on from the tail that fits.
    """
    sections: dict[str, SincePayout] = {}
    for entry in entries:
        if entry.unit not in sections:
            sections[entry.unit] = _begun(entry, tails.get(entry.unit, ()))
        payout = sections[entry.unit].take(entry)
        if payout is not None:
            yield payout
    for unit, section in sections.items():
        tails.setdefault(unit, []).append(section)


def _begun(entry: AccountRow, tails: Sequence[SincePayout]) -> SincePayout:
    opening = 0 if entry.balance is None else entry.balance - entry.row.effect
    if opening == 0:
        return SincePayout([], 0, 0)
    for tail in tails:
        refs = [_key(row) for row in tail.rows]
        found = _key(entry.row)
        rows = tail.rows[: refs.index(found)] if found in refs else tail.rows
        if tail.opening + sum(row.effect for row in rows) == opening:
            return SincePayout([*rows], tail.opening, opening, tail.faults)
    return SincePayout([], opening, opening, (fault("payout_begun", amount=from_ore(-opening)),))


# -- what stands in a report -----------------------------------------------------------------------


class Unreadable(Exception):
    """A report that cannot be read, whole: the code of a message, and its facts."""

    def __init__(self, code: str, **facts: str) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts


def ore_of(text: str | float | Decimal | None) -> int:
    """Return an amount in kroner as øre; "" is 0. Raises Unreadable for what is no amount."""
    if isinstance(text, str) and _PLAIN.fullmatch(text):
        return int(text.replace(".", ""))
    said = re.sub(r"[\s\u00a0\u202f']", "", str(text or "")).replace("\u2212", "-")
    if not said:
        return 0
    if "," in said and "." in said:  # the last one is the decimals'
        said = said.replace("," if said.rindex(".") > said.rindex(",") else ".", "")
    try:
        amount = Decimal(said.replace(",", ".")) * 100
        whole_ore = amount == int(amount)
    except (InvalidOperation, OverflowError, ValueError):
        raise Unreadable("payouts_no_amount", cell=said[:20]) from None
    if not whole_ore or abs(amount) > _BEYOND:
        raise Unreadable("payouts_no_amount", cell=said[:20])
    return int(amount)


def whole(value: Any) -> int:
    """Return an amount that JSON has in øre; none is 0. Raises Unreadable for another value."""
    if value is None:
        return 0
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or value != int(value):
        raise Unreadable("payouts_no_amount", cell=str(value)[:20])
    return int(value)


@lru_cache(4096)
def day_of(said: str | int) -> date:
    """Return the Norwegian day of a moment or date; a time without its zone is local.

    A number is seconds since 1970, or thousandths of them. Raises Unreadable.
    """
    try:
        if isinstance(said, int):
            moment = datetime.fromtimestamp(said / 1000 if said > _SECONDS else said, UTC)
        elif re.fullmatch(r"\d\d\.\d\d\.\d{4}", said):
            return date(int(said[6:]), int(said[3:5]), int(said[:2]))
        else:
            moment = datetime.fromisoformat(said)
    except (OverflowError, OSError, TypeError, ValueError):
        raise Unreadable("payouts_no_day", cell=str(said)[:20]) from None
    return (moment.astimezone(OSLO) if moment.tzinfo else moment).date()


def bank_day(day: date, later: int) -> date:
    """Return the day so many bank days later; holidays are not known here."""
    while later:
        day += timedelta(days=1)
        later -= day.weekday() < SATURDAY
    return day


@dataclass(frozen=True, slots=True)
class Columns:
    """In which columns of a file, or fields of an answer, a row has what.

    `kinds` are the provider's words for types, `signs` those of types whose amounts bear none or
    may not; `fees_below`: fees stand below 0. `money` reads an amount; what `net` names must be
    what the row comes to. Several names of `ref` make one key.
    """

    kinds: Mapping[str, Kind]
    type: str
    amount: str
    ref: Sequence[str]
    day: str
    ids: Sequence[str]
    number: str = ""
    fee: str = ""
    vat: str = ""
    net: str = ""
    money: Callable[[Any], int] = ore_of
    signs: Mapping[str, int] = field(default_factory=dict)
    fees_below: bool = False

    def row(self, said: Mapping[str, Any]) -> ReportRow:
        """Return a row of a report. Raises Unreadable, and KeyError where a column is missing."""
        told, amount = str(said[self.type]), self.money(said[self.amount])
        amount = abs(amount) * self.signs[told] if self.signs.get(told) else amount
        row = ReportRow(
            self.kinds.get(told, Kind.UNKNOWN), amount,
            " ".join([str(said[name]) for name in self.ref if said.get(name)]),
            tuple([str(said.get(name) or "") for name in self.ids]),
            str(said.get(self.number) or ""), day_of(said[self.day]), told=told,
        )  # fmt: skip
        if self.fee:
            row.fee = self.money(said[self.fee]) * (-1 if self.fees_below else 1)
        if self.vat:
            row.vat = self.money(said[self.vat])
        if self.net:
            row.off = self.money(said[self.net]) - row.effect
        return row


@dataclass(frozen=True, slots=True)
class Csv:
    """The lines of a CSV from its head on, each as cells; read anew each time."""

    lines: Callable[[], Iterator[list[str]]]

    def named(self, names: Mapping[str, str] | None = None) -> Iterator[dict[str, str]]:
        """Yield each row by the names of its head, or by ours for those that we have names for.

        Raises Unreadable where a row has another number of cells than the head.
        """
        lines = self.lines()
        head = [cell.strip() for cell in next(lines)]
        known = {name: name for name in head} if names is None else names
        places = [(known[name], place) for place, name in enumerate(head) if name in known]
        for cells in lines:
            if len(cells) == len(head):
                yield {name: cells[place].strip() for name, place in places}
            elif any(cells):
                raise Unreadable("payouts_cut_off")
