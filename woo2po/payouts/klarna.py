"""Klarna and Kustom: the settlement's CSV, and payouts and transactions of the interface.

The sign of an amount is its type's: the interface has none, and the file's was never seen. A
correction keeps the file's; without one, the sum decides which way round it is.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from woo2po.payouts.payout import (
    Fault,
    Kind,
    Payout,
    Row,
    Unreadable,
    bank_day,
    compared,
    day_of,
    ore_of,
    whole,
)

PROVIDER = "klarna"
_TYPES = {
    "SALE": (Kind.CAPTURE, 1), "RETURN": (Kind.REFUND, -1), "REVERSAL": (Kind.DISPUTE, -1),
    "REVERSAL_MERCHANT_PROTECTION": (Kind.DISPUTE_REVERSAL, 1), "FEE": (Kind.FEE, -1),
    "FEE_REFUND": (Kind.FEE_CORRECTION, 1), "COMMISSION": (Kind.CHARGE, 1),
    "CORRECTION": (Kind.CORRECTION, 0), "CREDIT": (Kind.CHARGE, 1), "CHARGE": (Kind.CHARGE, -1),
    "HOLDBACK": (Kind.HOLDBACK, -1), "RELEASE": (Kind.RELEASE, 1), "TAX": (Kind.FEE_VAT, -1),
}  # fmt: skip
# What the head sums, and by which rows.
_SUMMED = {
    "sale": ("SALE",), "return": ("RETURN",), "fee": ("FEE",), "fee_refund": ("FEE_REFUND",),
    "holdback": ("HOLDBACK",), "release": ("RELEASE",), "charge": ("CHARGE",),
    "credit": ("CREDIT",), "commission": ("COMMISSION",), "tax": ("TAX",),
}  # fmt: skip
_ON_THE_BANK = 1  # bank days after the payout


def csv(rows: Iterable[Sequence[str]]) -> Iterator[Payout]:
    """Yield the settlements of a file: a head, its values, then the rows. Raises Unreadable."""
    head: dict[str, str] = {}
    names: list[str] = []
    found: list[dict[str, str]] = []
    for cells in rows:
        if not any(cells):
            continue
        if "payment_reference" in cells and "payout_date" in cells:
            if head:
                yield _settlement(head, found)
            names, head, found = [*cells], {}, []
        elif "type" in cells and "amount" in cells:
            names = [*cells]
        elif len(cells) != len(names):
            raise Unreadable("payouts_cut_off")
        elif not head:
            head = dict(zip(names, cells, strict=True))
        else:
            found.append(dict(zip(names, cells, strict=True)))
    if not head:
        raise Unreadable("payouts_cut_off")
    yield _settlement(head, found)


def _settlement(head: Mapping[str, str], rows: Sequence[Mapping[str, str]]) -> Payout:
    said = {
        name.removeprefix("total_").removesuffix("_amount"): ore_of(value)
        for name, value in head.items()
        if name.startswith("total_") or name.endswith("_debt_balance")
    }
    told = [{**row, "amount": ore_of(row["amount"])} for row in rows]
    return _payout(head, said, told, head["settlement_currency"])


def api(documents: Sequence[Any]) -> Iterator[Payout]:
    """Yield the settlements of answers of the interface: payouts, and the rows of each."""
    payouts = {p["payment_reference"]: p for d in documents for p in d.get("payouts") or ()}
    rows = defaultdict(list)
    for document in documents:
        for row in document.get("transactions") or ():
            rows[row["payment_reference"]].append({**row, "amount": whole(row["amount"])})
    if rows.keys() - payouts.keys() or not payouts:
        raise Unreadable("payouts_without_heads")
    for reference, head in payouts.items():
        said = {
            name.removesuffix("_amount"): whole(value) for name, value in head["totals"].items()
        }
        yield _payout(head, said, rows[reference], head["currency_code"])


def _payout(
    head: Mapping[str, Any], said: Mapping[str, int], told: Sequence[Mapping[str, Any]], money: str
) -> Payout:
    fees_too = str(head.get("merchant_settlement_type") or "NET").upper() == "NET"
    counted: Counter[str] = Counter()
    rows = [_row(row, counted) for row in told if fees_too or row["type"] != "FEE"]
    reference, merchant = str(head["payment_reference"]), str(head.get("merchant_id") or "")
    day = bank_day(day_of(head["payout_date"]), _ON_THE_BANK)
    faults: tuple[Fault, ...] = ()
    for what, types in _SUMMED.items():
        found = sum(abs(row["amount"]) for row in told if row["type"] in types)
        if what in said and (fees_too or what != "fee"):
            faults += compared(what, said[what], found)
    # What Klarna carries over is its claim: it touches no account, but is in the sum.
    carried = said.get("deposit", 0) - said.get("repay", 0)
    opening, closing = said.get("opening_debt_balance", 0), said.get("closing_debt_balance", 0)
    faults += compared("debt", closing - opening, carried)
    payout = Payout(
        PROVIDER, reference, reference, said["settlement"], day, money.upper(), reference,
        unit=merchant, rows=rows, opening=carried, faults=faults,
    )  # fmt: skip
    off = payout.net - carried - sum(row.effect for row in rows)
    corrections = [row for row in rows if row.kind is Kind.CORRECTION]
    if off and off == -2 * sum(row.amount for row in corrections):
        payout = replace(payout, rows=[_turned(row) for row in rows])
    return payout


def _turned(row: Row) -> Row:
    return replace(row, amount=-row.amount) if row.kind is Kind.CORRECTION else row


def _row(said: Mapping[str, Any], counted: Counter[str]) -> Row:
    told, amount = str(said["type"]), int(said["amount"])
    kind, sign = _TYPES.get(told, (Kind.UNKNOWN, 0))
    names = ("refund_id", "capture_id", "order_id", "type", "detailed_type")
    ref = " ".join(filter(None, (str(said.get(name) or "") for name in names)))
    counted[ref] += 1
    if counted[ref] > 1:  # rows may be alike: a counter is part of their key
        ref = f"{ref} {counted[ref]}"
    return Row(
        kind, sign * abs(amount) if sign else amount, ref, (str(said.get("order_id") or ""),),
        str(said.get("merchant_reference1") or ""), day_of(said["capture_date"]),
        told=str(said.get("detailed_type") or told),
    )  # fmt: skip
