"""Klarna, Kustom and Svea: settlements with a head that sums their rows, and a debt carried over.

Klarna's signs are its types': the interface has none, and the file's were never seen. A correction
keeps the file's; without one, the sum decides which way round it is. Svea's are kroner of a day.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import starmap
from typing import Any

from woo2po.holds import Hold
from woo2po.payouts.columns import FORMATS, ROWS, Columns, Csv, Unreadable, day_of, ore_of
from woo2po.payouts.payout import COSTS, Kind, Payout, ReportRow, compared

_CSV, _API, _SVEA = ROWS["klarna-csv"], ROWS["klarna-api"], ROWS["svea-api"]
_NOT_SUMMED = {"CORRECTION", "REVERSAL"}  # by a head as their rows are
_VAT = ("vat_amount", "tax_amount")  # of a fee, in the newer columns


def csv(table: Csv) -> Iterator[Payout]:
    """Yield the settlements of a file: a head, its values, then the rows. Raises Unreadable."""
    names, of, listed = list[str](), "", list[dict[str, str]]()
    for line in table():
        cells = [cell.strip() for cell in line]
        if {*cells} > {"type", "amount"} or {*cells} > {*FORMATS["heads"]["klarna-csv"]}:
            names = cells
        elif any(cells):
            if len(cells) != len(names):
                raise Unreadable("payouts_cut_off")
            said = dict(zip(names, cells, strict=True))
            of = said.setdefault(_CSV.of, of)  # rows are of the head before
            listed.append(said)
    return starmap(partial(_payout, _CSV), _CSV.settlements([listed]))


def api(documents: Sequence[Any]) -> Iterator[Payout]:
    """Yield the settlements of answers of the interface: payouts, and the rows of each."""
    return starmap(partial(_payout, _API), _API.settlements(documents))


def _payout(columns: Columns, head: Mapping[str, Any], told: Sequence[Mapping[str, Any]]) -> Payout:
    said = {
        name.removeprefix("total_").removesuffix("_amount"): columns.money(value)
        for name, value in head.get("totals", head).items()
        if re.search("_amount$|_debt_balance$", name)
    }
    rows, vats, faults = list[ReportRow](), list[ReportRow](), list[Hold]()
    invoiced = str(head.get("merchant_settlement_type") or "NET").upper() != "NET"
    counted: Counter[str] = Counter()
    for one in told:
        (row,) = columns.rows(one)
        if invoiced and row.told == "FEE":
            continue
        rows.append(row)
        counted[row.ref] += 1  # they may be alike: it is part of their key
        row.ref += f" {counted[row.ref]}" if counted[row.ref] > 1 else ""
        vat = abs(columns.money(next(filter(None, map(one.get, _VAT)), None)))
        if vat and row.kind in COSTS:
            amount = -vat if row.amount < 0 else vat
            vats.append(replace(row, kind=Kind.FEE_VAT, amount=amount, told="VAT"))
    for name in columns.kinds.keys() - (_NOT_SUMMED | {"FEE"} if invoiced else _NOT_SUMMED):
        found = sum(abs(row.amount) for row in rows if row.told == name)
        faults += compared(name.lower(), said.get(name.lower(), found), found)
    # What Klarna carries over is its claim: it touches no account, but is in the sum.
    owed = said.get("deposit", 0) - said.get("repay", 0)
    debts = said.get("closing_debt_balance", 0) - said.get("opening_debt_balance", 0)
    faults += compared("debt", debts, owed)
    payout = columns.payout(head, net=said["settlement"], rows=rows, carried=-owed)
    corrections = [row for row in rows if row.kind is Kind.CORRECTION]
    if payout.off == -2 * sum(row.amount for row in corrections):
        for row in corrections:
            row.amount = -row.amount
    told_twice = sum(row.amount for row in rows if row.kind is Kind.FEE_VAT)
    if told_twice and vats:  # the rows count
        faults += compared("tax", sum(row.amount for row in vats), told_twice)
    else:
        rows += vats
        payout.fees_with_vat()
    payout.faults = tuple(faults)
    return payout


def svea(documents: Sequence[Any]) -> Iterator[Payout]:
    """Yield the payouts of days of Svea's; a day stands in its file's name alone."""
    for document in documents:
        named = re.search(r"\d{4}-\d\d-\d\d", document["file"])
        for client in document["clientReports"]:
            payout = _svea(client | client["paymentReport"], named[0] if named else "")
            if payout.rows or payout.net:
                yield payout


def _svea(said: Mapping[str, Any], day: str) -> Payout:
    own = [one for one in said["rows"] if not str(one["rowType"]).endswith("BalanceDebt")]
    rows = [row for one in own for row in _SVEA.rows(one)]  # debts stand in the head too
    # The day is in a name that anybody may change: rows are the payout's key, if one tells its day.
    told = sorted(f"{row.ref} {row.kind} {row.amount} {row.day}" for row in rows)
    told += [] if any(row.day for row in rows) else [day]
    digest = hashlib.sha256("\n".join(told).encode()).hexdigest()[:12]
    payout = _SVEA.payout(said, rows=rows, day=day_of(day) if day else None)
    payout.key, payout.id = f"{payout.unit}-{digest}", f"{payout.unit} {day}".strip()
    payout.bank_reference = payout.id
    # A debt is what the merchant owes Svea: a balance below 0.
    payout.carried = ore_of(said["openingBalanceDebt"]) - ore_of(said["closingBalanceDebt"])
    return payout
