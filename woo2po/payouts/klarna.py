"""Klarna, Kustom and Svea: settlements with a head that sums their rows, and a debt carried over.

Klarna's signs are its types': the interface has none, and the file's were never seen. A correction
keeps the file's; without one, the sum decides which way round it is. Svea's are kroner of a day.
"""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from woo2po.payouts.payout import (
    Columns,
    Csv,
    Fault,
    Kind,
    Payout,
    Tails,
    Unreadable,
    bank_day,
    compared,
    day_of,
    fault,
    ore_of,
    whole,
)

NEEDED = {"payment_reference", "payout_date", "settlement_currency"}
_TYPES = {
    "SALE": (Kind.CAPTURE, 1), "RETURN": (Kind.REFUND, -1), "REVERSAL": (Kind.DISPUTE, -1),
    "REVERSAL_MERCHANT_PROTECTION": (Kind.DISPUTE_REVERSAL, 1), "FEE": (Kind.FEE, -1),
    "FEE_REFUND": (Kind.FEE_CORRECTION, 1), "COMMISSION": (Kind.CHARGE, 1),
    "CORRECTION": (Kind.CORRECTION, 0), "CREDIT": (Kind.CHARGE, 1), "CHARGE": (Kind.CHARGE, -1),
    "HOLDBACK": (Kind.HOLDBACK, -1), "RELEASE": (Kind.RELEASE, 1), "TAX": (Kind.FEE_VAT, -1),
}  # fmt: skip
_ROWS = Columns(
    {name: kind for name, (kind, _) in _TYPES.items()},
    "type", "amount", ("refund_id", "capture_id", "order_id", "type", "detailed_type"),
    "capture_date", ("order_id",), "merchant_reference1",
    signs={name: sign for name, (_, sign) in _TYPES.items()},
)  # fmt: skip
_API = replace(_ROWS, money=whole)
_ON_THE_BANK = 1  # bank days after the payout
_SVEA = Columns(
    {"Order": Kind.CAPTURE, "Credit": Kind.REFUND, "Cost": Kind.FEE},
    "rowType", "nominalAmount", ("rowType", "sveaOrderNo", "deliveryId"), "orderDate",
    ("sveaCheckoutId",), "externalOrderNo", fee="totalFeeAmountExcludingVat",
    vat="totalFeeVatAmount",
)  # fmt: skip


def csv(table: Csv, _: Tails) -> Iterator[Payout]:
    """Yield the settlements of a file: a head, its values, then the rows. Raises Unreadable."""
    head: dict[str, str] = {}
    names: list[str] = []
    found: list[dict[str, str]] = []
    for line in table.lines():
        cells = [cell.strip() for cell in line]
        if not any(cells):
            continue
        if {*cells} >= NEEDED:
            if head:
                yield _settlement(head, found)
            names, head, found = cells, {}, []
        elif "type" in cells and "amount" in cells:
            names = cells
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
    return _payout(head, said, rows, _ROWS, head["settlement_currency"])


def api(documents: Sequence[Any], _: Tails) -> Iterator[Payout]:
    """Yield the settlements of answers of the interface: payouts, and the rows of each."""
    payouts = {p["payment_reference"]: p for d in documents for p in d.get("payouts") or ()}
    rows = defaultdict(list)
    for document in documents:
        for row in document.get("transactions") or ():
            rows[row["payment_reference"]].append(row)
    if rows.keys() - payouts.keys():
        raise Unreadable("payouts_without_heads")
    for reference, head in payouts.items():
        said = {
            name.removesuffix("_amount"): whole(value) for name, value in head["totals"].items()
        }
        yield _payout(head, said, rows[reference], _API, head["currency_code"])


def _payout(
    head: Mapping[str, Any],
    said: Mapping[str, int],
    told: Sequence[Mapping[str, Any]],
    columns: Columns,
    currency: str,
) -> Payout:
    rows = [columns.row(row) for row in told]
    counted: Counter[str] = Counter()
    for row in rows:  # they may be alike: a counter is part of their key
        counted[row.ref] += 1
        row.ref += f" {counted[row.ref]}" if counted[row.ref] > 1 else ""
    if str(head.get("merchant_settlement_type") or "NET").upper() != "NET":
        rows = [row for row in rows if row.told != "FEE"]  # they come as an invoice
        said = {name: amount for name, amount in said.items() if name != "fee"}
    faults: tuple[Fault, ...] = ()
    for name in _TYPES.keys() - {"CORRECTION", "REVERSAL"}:
        if (what := name.lower()) in said:
            found = sum(abs(row.amount) for row in rows if row.told == name)
            faults += compared(what, said[what], found)
    if not told and any(said.values()):
        faults = (fault("payout_without_rows"),)
    # What Klarna carries over is its claim: it touches no account, but is in the sum.
    carried = said.get("deposit", 0) - said.get("repay", 0)
    debts = said.get("closing_debt_balance", 0) - said.get("opening_debt_balance", 0)
    faults += compared("debt", debts, carried)
    off = said["settlement"] - carried - sum(row.effect for row in rows)
    corrections = [row for row in rows if row.kind is Kind.CORRECTION]
    if off and off == -2 * sum(row.amount for row in corrections):
        for row in corrections:
            row.amount = -row.amount
    reference, day = str(head["payment_reference"]), day_of(head["payout_date"])
    return Payout(
        "klarna", reference, reference, said["settlement"], bank_day(day, _ON_THE_BANK),
        currency.upper(), reference, str(head.get("merchant_id") or ""), rows=rows,
        opening=carried, faults=faults,
    )  # fmt: skip


def svea(document: Mapping[str, Any], name: str, _: Tails) -> Iterator[Payout]:
    """Yield the payouts of a day of Svea's; `name` is the file's, with the day in it."""
    named = re.search(r"\d{4}-\d\d-\d\d", name)
    for client in document["clientReports"]:
        head = client["paymentReport"]
        # The debts stand in the head too.
        told = (one for one in client["rows"] if not str(one["rowType"]).endswith("BalanceDebt"))
        rows = [_SVEA.row(one) for one in told]
        # A debt is what the merchant owes Svea: a balance below 0.
        opening, closing = (-ore_of(head[f"{at}BalanceDebt"]) for at in ("opening", "closing"))
        fees = sum(row.fee for row in rows)
        faults = compared("fee", ore_of(head["feeAmountExcludingVat"]), fees)
        faults += () if named else (fault("payout_no_day", file=name),)
        # The day is in a name that anybody may change: the rows alone are the payout's key.
        own = sorted(f"{row.ref} {row.amount} {row.effect} {row.day}" for row in rows)
        digest = hashlib.sha256("\n".join(own).encode()).hexdigest()[:12]
        unit, day = str(client["clientId"]), named[0] if named else ""
        id_ = f"{unit} {day}".strip()
        yield Payout(
            "svea", f"{unit}-{digest}", id_, ore_of(head["sveaPaidAmountIncludingWithholding"]),
            day_of(day) if day else None, head["currency"], id_, unit, "", rows, opening, closing,
            faults,
        )  # fmt: skip
