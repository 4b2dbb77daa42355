"""Cards and PayPal: Stripe and WooPayments (Stripe underneath), Nexi Checkout, PayPal.

Stripe: fees are above 0; a payout is itself one of the rows of the interface. Nexi: only its
interface was seen; fees stand without their VAT, or with it: no source says, so the sum decides.
PayPal: a running balance for each currency, from which the merchant withdraws: what stands between
two withdrawals belongs to the later one. Without a balance in the file it begins and ends at 0.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from woo2po.payouts.payout import (
    AccountRow,
    Columns,
    Csv,
    Fault,
    Kind,
    Payout,
    ReportRow,
    Tails,
    Unreadable,
    compared,
    cut,
    day_of,
    fault,
    ore_of,
    whole,
)

STRIPE = {"balance_transaction_id", "currency", "gross", "fee", "net", "reporting_category",
          "automatic_payout_id"}  # fmt: skip
_CATEGORIES = {
    "charge": Kind.CAPTURE, "payment": Kind.CAPTURE, "refund": Kind.REFUND,
    "payment_refund": Kind.REFUND, "refund_failure": Kind.REFUND_FAILURE, "dispute": Kind.DISPUTE,
    "dispute_reversal": Kind.DISPUTE_REVERSAL, "partial_capture_reversal": Kind.CORRECTION,
    "fee": Kind.FEE, "stripe_fee": Kind.FEE, "tax": Kind.FEE_VAT, "topup": Kind.TOP_UP,
    "payout_reversal": Kind.ABORTED, "payout_failure": Kind.ABORTED, "payout_cancel": Kind.ABORTED,
}  # fmt: skip
_CSV = Columns(
    _CATEGORIES, "reporting_category", "gross", ("balance_transaction_id",), "created",
    ("charge_id", "payment_intent_id", "source_id"), "payment_metadata[order_id]", "fee",
    net="net",
)  # fmt: skip
_API = Columns(
    _CATEGORIES, "reporting_category", "amount", ("id",), "created", ("source",), "", "fee", "vat",
    "net", whole,
)  # fmt: skip
_WOOPAYMENTS = Columns(
    _CATEGORIES, "type", "amount", ("transaction_id",), "date", ("order_id", "payment_id"), "",
    "fees", net="net_amount", money=whole,
)  # fmt: skip
_IDS, _NUMBER = re.compile(r"\b(?:ch|py|pi|re|pyr)_\w+"), re.compile(r"\bOrder #?([^\s()]+)")
_NEXI = Columns(
    {"CHARGE": Kind.CAPTURE, "REFUND": Kind.REFUND, "DEPOSIT": Kind.TOP_UP}, "paymentAction",
    "amount", ("id",), "timestamp", ("paymentId", "id"), "reference", money=whole,
    signs={"CHARGE": 1, "REFUND": -1, "DEPOSIT": 1},
)  # fmt: skip
ACTIVITY = {"Date", "Type", "Status", "Currency", "Gross", "Fee", "Net", "Transaction ID"}
_ACTIVITY = Columns(
    {"Express Checkout Payment": Kind.CAPTURE, "Payment Refund": Kind.REFUND,
     "Chargeback": Kind.DISPUTE},
    "Type", "Gross", ("Transaction ID",), "Date",
    ("Transaction ID", "Reference Txn ID", "Custom Number"), "", "Fee", net="Net", fees_below=True,
)  # fmt: skip
_SETTLEMENT = Columns(
    {"T00": Kind.CAPTURE, "T11": Kind.REFUND, "T12": Kind.DISPUTE, "T03": Kind.TOP_UP,
     "T12 CR": Kind.DISPUTE_REVERSAL},
    "type", "Gross Transaction Amount", ("Transaction ID",), "Transaction Completion Date",
    ("Transaction ID", "PayPal Reference ID", "Custom Field"), "", "Fee Amount", money=int,
)  # fmt: skip
_MONTHS = 12


def _moved(columns: Columns, said: Mapping[str, Any]) -> ReportRow:
    """Return a row of Stripe's: what its description names counts too."""
    row, text = columns.row(said), str(said.get("description") or "")
    named = _NUMBER.search(text)
    row.number = row.number or (named[1] if named else "")
    row.ids += tuple(_IDS.findall(text))
    return row


def stripe_csv(table: Csv, _: Tails) -> Iterator[Payout]:
    """Yield the payouts of an itemised payout reconciliation, each when its last row was read."""
    left = Counter(row["id"] for row in table.named({"automatic_payout_id": "id"}))
    found: dict[str, list[ReportRow]] = defaultdict(list)
    paid: dict[str, int] = {}
    for said in table.named():
        id_ = said["automatic_payout_id"]
        if not id_:
            continue  # not paid out yet
        if said["reporting_category"] == "payout":
            paid[id_] = -ore_of(said["net"])
        else:
            found[id_].append(_moved(_CSV, {**said, "created": _time(said, "created")}))
        left[id_] -= 1
        if not left[id_]:
            rows, at = found.pop(id_, []), _time(said, "automatic_payout_effective_at")
            net = paid.get(id_, sum(row.effect + row.off for row in rows))
            day, currency = day_of(at[:10]) if at else None, said["currency"].upper()
            yield Payout("stripe", id_, id_, net, day, currency, rows=rows)


def _time(said: Mapping[str, str], name: str) -> str:
    utc = said.get(f"{name}_utc")
    return said.get(name) or (f"{utc}+00:00" if utc else "")


def stripe(documents: Sequence[Any], _: Tails) -> Iterator[Payout]:
    """Yield the payouts of answers of the interface: payouts, and the rows of each."""
    heads: dict[str, Mapping[str, Any]] = {}
    rows: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for document in documents:
        lists = {"": document} if "data" in document else document
        for name, listed in lists.items():
            if listed.get("has_more"):
                raise Unreadable("payouts_not_all")
            heads |= {one["id"]: one for one in listed["data"] if one.get("object") == "payout"}
            moved = [one for one in listed["data"] if one.get("object") == "balance_transaction"]
            paid = [str(one["source"]) for one in moved if one["type"] == "payout"]
            if moved and not name and len(paid) != 1:
                raise Unreadable("payouts_not_all")
            rows[name or "".join(paid)] += moved
    for payout, moved in rows.items():
        if moved:
            yield _stripe(payout, moved, heads.get(payout) or {})
    for payout, head in heads.items():
        if not rows[payout]:
            yield _without_rows("stripe", head)


def _without_rows(provider: str, head: Mapping[str, Any]) -> Payout:
    net, currency = whole(head["amount"]), str(head["currency"]).upper()
    lacking = (fault("payout_without_rows"),)
    return Payout(provider, head["id"], head["id"], net, None, currency, faults=lacking)


def _stripe(payout: str, moved: Sequence[Mapping[str, Any]], head: Mapping[str, Any]) -> Payout:
    paid = [one for one in moved if one["type"] == "payout"]
    net = -sum(whole(one["amount"]) for one in paid) if paid else whole(head.get("amount"))
    rows = []
    for one in moved:
        if one["type"] != "payout":
            taxes = (part for part in one.get("fee_details") or () if part["type"] == "tax")
            vat, told = sum(whole(part["amount"]) for part in taxes), one.get("reporting_category")
            said = {**one, "vat": vat, "fee": whole(one["fee"]) - vat}
            rows.append(_moved(_API, {**said, "reporting_category": told or one["type"]}))
    at = head.get("arrival_date") or (paid[0]["available_on"] if paid else None)
    return Payout(
        "stripe", payout, payout, net, day_of(at) if at else None,
        str(moved[0]["currency"]).upper(), (head.get("trace_id") or {}).get("value") or "",
        rows=rows, faults=compared("payout", whole(head["amount"]), net) if head else (),
    )  # fmt: skip


def woopayments(documents: Sequence[Any], _: Tails) -> Iterator[Payout]:
    """Yield the payouts of WooPayments' lists of deposits and of transactions."""
    listed = [one for document in documents for one in document]
    heads = {one["id"]: one for one in listed if "transaction_id" not in one}
    rows = defaultdict(list)
    for one in listed:
        if one.get("deposit_id"):
            rows[one["deposit_id"]].append(_WOOPAYMENTS.row(one))
    if rows.keys() - heads.keys():
        raise Unreadable("payouts_without_heads")
    for payout, head in heads.items():
        bare = _without_rows("woopayments", head)
        net = -bare.net if head["type"] == "withdrawal" else bare.net
        made = replace(bare, net=net, day=day_of(head["date"]), rows=rows[payout], faults=())
        yield made if rows[payout] else bare


def nexi(documents: Sequence[Any], _: Tails) -> Iterator[Payout]:
    """Yield the payouts of lists and single answers; one with its rows goes before one without."""
    payouts: dict[str, Mapping[str, Any]] = {}
    for document in documents:
        listed = document if isinstance(document, list) else document.get("payouts") or [document]
        for one in listed:
            if one["id"] not in payouts or "paymentActions" in one:
                payouts[one["id"]] = one
    return map(_nexi, payouts.values())


def _nexi(said: Mapping[str, Any]) -> Payout:
    rows = [_NEXI.row(one) for one in said.get("paymentActions") or ()]
    net, fees, tax = (whole(said.get(name)) for name in ("amount", "fees", "feeTaxAmount"))
    faults: tuple[Fault, ...] = ()
    if not rows and (net or fees):
        faults = (fault("payout_without_rows"),)
    for what, kind in (("charged", Kind.CAPTURE), ("refunded", Kind.REFUND)) if rows else ():
        found = abs(sum(row.amount for row in rows if row.kind is kind))
        faults += compared(kind, abs(whole(said[f"{what}Amount"])), found)
    moved, day = sum(row.amount for row in rows), day_of(said["date"])
    if moved - fees == net != moved - fees - tax:
        fees -= tax  # they stood with it
    for kind, amount in ((Kind.FEE, fees), (Kind.FEE_VAT, tax)):
        rows += [ReportRow(kind, -amount, f"{said['id']} {kind}", day=day)] if amount else []
    return Payout(
        "nexi", said["id"], said["id"], net, day, said["currency"], said["reference"], rows=rows,
        faults=faults,
    )  # fmt: skip


def paypal_activity(table: Csv, tails: Tails) -> Iterator[Payout]:
    """Yield the withdrawals of an activity download (English heads). Raises Unreadable."""
    done = [
        row
        for row in table.named()
        if row["Status"] == "Completed" and row.get("Balance Impact") != "Memo"
    ]
    parts = [row["Date"].split("/") for row in done]
    most = [max((int(one) for one in which), default=0) for which in zip(*parts, strict=True)]
    if len(most) != len(("day", "month", "year")) or (most[0] > _MONTHS) == (most[1] > _MONTHS):
        raise Unreadable("payouts_no_day", cell=next(iter(done), {"Date": "?"})["Date"][:20])
    month = 0 if most[1] > _MONTHS else 1
    for row, part in zip(done, parts, strict=True):
        row["Date"] = f"{part[2]}-{int(part[month]):02}-{int(part[1 - month]):02}"
    return cut(map(_activity, done), tails)


def _activity(said: Mapping[str, str]) -> AccountRow:
    balance = ore_of(said["Balance"]) if said.get("Balance") else None
    withdrawn = said["Type"] == "General Withdrawal"
    return _entry(said["Currency"], _ACTIVITY.row(said), balance, withdrawn=withdrawn)


def _entry(
    currency: str, row: ReportRow, balance: int | None = None, *, withdrawn: bool
) -> AccountRow:
    net = -row.effect
    paid = (
        Payout("paypal", row.ref, row.ref, net, row.day, currency, row.ref) if withdrawn else None
    )
    return AccountRow(currency, row, balance, paid)


def paypal_settlement(table: Csv, tails: Tails) -> Iterator[Payout]:
    """Yield the withdrawals of a settlement report: whole cents without sign, CR or DR beside."""
    return cut(_settled(table), tails)


def _settled(table: Csv) -> Iterator[AccountRow]:
    names: list[str] = []
    for line in table.lines():
        kind, *cells = [" ".join(cell.split()) for cell in line or [""]]
        if kind == "CH":
            names = cells
        if kind == "SB":
            said = dict(zip(names, cells, strict=False))
            at, event = "Transaction Completion Date", said["Transaction Event Code"][:3]
            for amount, side in ((_SETTLEMENT.amount, "Transaction"), (_SETTLEMENT.fee, "Fee")):
                below = said[f"{side} Debit or Credit"] == ("DR" if side == "Transaction" else "CR")
                said[amount] = ("-" if below else "") + (said[amount] or "0")
            won = event == "T12" and int(said[_SETTLEMENT.amount]) > 0
            told = {"type": f"{event} CR" if won else event, at: said[at][:10].replace("/", "-")}
            row = _SETTLEMENT.row({**said, **told})
            yield _entry(said["Gross Transaction Currency"], row, withdrawn=event == "T04")
