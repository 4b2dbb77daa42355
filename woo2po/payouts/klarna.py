"""Klarna, Kustom and Svea: settlements with a head that sums their rows, and a debt carried over.

Klarna's signs are its types': the interface has none, and the file's were never seen. A correction
keeps the file's; without one, the sum decides which way round it is. Svea's are kroner of a day.
"""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from woo2po.holds import Hold
from woo2po.payouts.columns import FORMATS, ROWS, Columns, Csv, Unreadable, bank_day, day_of, ore_of
from woo2po.payouts.payout import COSTS, Kind, Payout, ReportRow, compared

_CSV, _API, _SVEA = ROWS["klarna-csv"], ROWS["klarna-api"], ROWS["svea-api"]
_NOT_SUMMED = {"CORRECTION", "REVERSAL"}  # by a head as their rows are
_VAT = ("vat_amount", "tax_amount")  # of a fee, in the newer columns
_ON_THE_BANK = 1  # bank days after the payout


def csv(table: Csv) -> Iterator[Payout]:
    """Yield the settlements of a file: a head, its values, then the rows. Raises Unreadable."""
    head: dict[str, str] = {}
    names: list[str] = []
    found: list[dict[str, str]] = []
    for line in table():
        cells = [cell.strip() for cell in line]
        if {*cells}.issuperset(FORMATS["heads"]["klarna-csv"]):
            if head:
                yield _payout(head, found, _CSV)
            names, head, found = cells, {}, []
        elif "type" in cells and "amount" in cells:
            names = cells
        elif any(cells):
            if len(cells) != len(names):
                raise Unreadable("payouts_cut_off")
            said = dict(zip(names, cells, strict=True))
            if head:
                found.append(said)
            else:
                head = said
    if not head:
        raise Unreadable("payouts_cut_off")
    yield _payout(head, found, _CSV)


def api(documents: Sequence[Any]) -> Iterator[Payout]:
    """Yield the settlements of answers of the interface: payouts, and the rows of each."""
    payouts = {p["payment_reference"]: p for d in documents for p in d.get("payouts") or ()}
    rows = defaultdict(list)
    for document in documents:
        for row in document.get("transactions") or ():
            rows[row["payment_reference"]].append(row)
    if rows.keys() - payouts.keys():
        raise Unreadable("payouts_without_heads")
    for reference, head in payouts.items():
        yield _payout(head, rows[reference], _API)


def _payout(head: Mapping[str, Any], told: Sequence[Mapping[str, Any]], columns: Columns) -> Payout:
    said = {
        name.removeprefix("total_").removesuffix("_amount"): columns.money(value)
        for name, value in head.get("totals", head).items()
        if re.search("_amount$|_debt_balance$", name)
    }
    rows, vats = list[ReportRow](), list[tuple[ReportRow, int]]()
    for one in told:
        rows += columns.rows(one)
        vat = abs(columns.money(next(filter(None, map(one.get, _VAT)), None)))
        if vat and rows[-1].kind in COSTS:
            vats.append((rows[-1], -vat if rows[-1].amount < 0 else vat))
    counted: Counter[str] = Counter()
    for row in rows:  # they may be alike: a counter is part of their key
        counted[row.ref] += 1
        row.ref += f" {counted[row.ref]}" if counted[row.ref] > 1 else ""
    if str(head.get("merchant_settlement_type") or "NET").upper() != "NET":
        rows = [row for row in rows if row.told != "FEE"]  # they come as an invoice
        vats = [one for one in vats if one[0].told != "FEE"]
        said.pop("fee", None)
    faults: tuple[Hold, ...] = ()
    for name in columns.kinds.keys() - _NOT_SUMMED:
        found = sum(abs(row.amount) for row in rows if row.told == name)
        faults += compared(name.lower(), said.get(name.lower(), found), found)
    # What Klarna carries over is its claim: it touches no account, but is in the sum.
    carried = said.get("deposit", 0) - said.get("repay", 0)
    debts = said.get("closing_debt_balance", 0) - said.get("opening_debt_balance", 0)
    faults += compared("debt", debts, carried)
    off = said["settlement"] - carried - sum(row.amount for row in rows)
    corrections = [row for row in rows if row.kind is Kind.CORRECTION]
    if off and off == -2 * sum(row.amount for row in corrections):
        off = 0
        for row in corrections:
            row.amount = -row.amount
    rows_of_vat = sum(row.amount for row in rows if row.kind is Kind.FEE_VAT)
    if rows_of_vat and vats:  # told twice: the rows count
        faults += compared("tax", sum(vat for _, vat in vats), rows_of_vat)
        vats = []
    for row, vat in vats:  # it stands in the fees, or else beside them: the sum decides
        row.amount -= vat if off == 0 else 0
        rows.append(ReportRow(Kind.FEE_VAT, vat, f"{row.ref} VAT", day=row.day, told="VAT"))
    reference, day = str(head["payment_reference"]), day_of(head["payout_date"])
    currency = str(head.get("settlement_currency") or head["currency_code"]).upper()
    return Payout(
        "klarna", reference, reference, said["settlement"], bank_day(day, _ON_THE_BANK),
        currency, reference, str(head.get("merchant_id") or ""), rows=rows,
        opening=carried, faults=faults,
    )  # fmt: skip


def svea(name: str, document: Mapping[str, Any]) -> Iterator[Payout]:
    """Yield the payouts of a day of Svea's; `name` is the file's, with the day in it."""
    named = re.search(r"\d{4}-\d\d-\d\d", name)
    for client in document["clientReports"]:
        head, rows = client["paymentReport"], list[ReportRow]()
        for one in client["rows"]:
            if not str(one["rowType"]).endswith("BalanceDebt"):  # they stand in the head too
                rows += _SVEA.rows(one)
        # A debt is what the merchant owes Svea: a balance below 0.
        opening, closing = (-ore_of(head[f"{at}BalanceDebt"]) for at in ("opening", "closing"))
        # The day is in a name that anybody may change: the rows alone are the payout's key.
        own = sorted(f"{row.ref} {row.kind} {row.amount} {row.day}" for row in rows)
        digest = hashlib.sha256("\n".join(own).encode()).hexdigest()[:12]
        unit, day = str(client["clientId"]), named[0] if named else ""
        id_ = f"{unit} {day}".strip()
        yield Payout(
            "svea", f"{unit}-{digest}", id_, ore_of(head["sveaPaidAmountIncludingWithholding"]),
            day_of(day) if day else None, head["currency"], id_, unit, "", rows, opening, closing,
        )  # fmt: skip
