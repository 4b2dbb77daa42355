"""Stripe and WooPayments, which is Stripe underneath: itemised CSV, and both interfaces.

Fees are above 0: net is gross less the fee. A payout is itself one of the rows of the interface.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from woo2po.payouts.payout import (
    Fault,
    Kind,
    Payout,
    Row,
    Unreadable,
    compared,
    day_at,
    day_of,
    ore_of,
    whole,
)

PROVIDER, WOOPAYMENTS = "stripe", "woopayments"
NEEDED = {"balance_transaction_id", "currency", "gross", "fee", "net", "reporting_category"}
NEEDED |= {"automatic_payout_id"}
_CATEGORIES = {
    "charge": Kind.CAPTURE, "payment": Kind.CAPTURE, "refund": Kind.REFUND,
    "payment_refund": Kind.REFUND, "refund_failure": Kind.REFUND_FAILURE, "dispute": Kind.DISPUTE,
    "dispute_reversal": Kind.DISPUTE_REVERSAL, "partial_capture_reversal": Kind.CORRECTION,
    "fee": Kind.FEE, "stripe_fee": Kind.FEE, "tax": Kind.FEE_VAT, "topup": Kind.TOP_UP,
    "payout_reversal": Kind.ABORTED, "payout_failure": Kind.ABORTED, "payout_cancel": Kind.ABORTED,
}  # fmt: skip
_IDS = re.compile(r"\b(?:ch|py|pi|re|pyr)_\w+")
_NUMBER = re.compile(r"\bOrder #?([^\s()]+)")


def csv(rows: Iterable[Mapping[str, str]]) -> Iterator[Payout]:
    """Yield the payouts of an itemised payout reconciliation. Raises Unreadable."""
    found: dict[str, list[Row]] = defaultdict(list)
    heads: dict[str, tuple[str, str]] = {}
    nets: dict[str, int] = defaultdict(int)
    faults: dict[str, tuple[Fault, ...]] = defaultdict(tuple)
    for row in rows:
        payout, told = row["automatic_payout_id"].strip(), row["reporting_category"].strip()
        if not payout or told == "payout":
            continue
        at = row.get("automatic_payout_effective_at") or _utc(row, "automatic_payout_effective_at")
        heads.setdefault(payout, (at, row["currency"].upper()))
        made = row.get("created") or _utc(row, "created")
        said = " ".join(row.get(name, "") for name in ("charge_id", "payment_intent_id",
                                                       "source_id", "description"))  # fmt: skip
        number = row.get("payment_metadata[order_id]") or _number(said)
        amount, fee = ore_of(row["gross"]), ore_of(row["fee"])
        kind = _CATEGORIES.get(told, Kind.UNKNOWN)
        ref, ids = row["balance_transaction_id"], tuple(dict.fromkeys(_IDS.findall(said)))
        day = day_of(made) if made else None
        found[payout].append(Row(kind, amount, ref, ids, number, day, fee, told))
        nets[payout] += ore_of(row["net"])
        faults[payout] += compared(ref, ore_of(row["net"]), amount - fee)
    for payout, listed in found.items():
        at, currency = heads[payout]
        day = day_of(at[:10]) if at else None
        yield Payout(
            PROVIDER, payout, payout, nets[payout], day, currency, rows=listed,
            faults=faults[payout],
        )  # fmt: skip


def _utc(row: Mapping[str, str], name: str) -> str:
    at = row.get(f"{name}_utc") or ""
    return f"{at}+00:00" if len(at) > 10 else at


def _number(said: str) -> str:
    found = _NUMBER.search(said)
    return found[1] if found else ""


def api(documents: Sequence[Any]) -> Iterator[Payout]:
    """Yield the payouts of answers of the interface: payouts, and the rows of each."""
    heads: dict[str, Mapping[str, Any]] = {}
    rows: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for document in documents:
        lists = {"": document} if "data" in document else document
        for name, listed in lists.items():
            if listed.get("has_more"):
                raise Unreadable("payouts_not_all")
            for one in listed["data"]:
                if one.get("object") == "payout":
                    heads[one["id"]] = one
            moved = [one for one in listed["data"] if one.get("object") == "balance_transaction"]
            paid = [str(one["source"]) for one in moved if one["type"] == "payout"]
            if moved and not name and len(paid) != 1:
                raise Unreadable("payouts_not_all")
            rows[name or "".join(paid)] += moved
    for payout, moved in rows.items():
        if moved:
            yield _from_api(payout, moved, heads.get(payout) or {})
    for payout in heads.keys() - rows.keys():
        yield _without_rows(PROVIDER, payout, heads[payout])


def _without_rows(provider: str, payout: str, head: Mapping[str, Any]) -> Payout:
    net, currency = whole(head["amount"]), str(head["currency"]).upper()
    lacking = (Fault("payout_without_rows"),)
    return Payout(provider, payout, payout, net, None, currency, faults=lacking)


def _from_api(payout: str, moved: Sequence[Mapping[str, Any]], head: Mapping[str, Any]) -> Payout:
    paid = [one for one in moved if one["type"] == "payout"]
    net = -sum(whole(one["amount"]) for one in paid) if paid else whole(head.get("amount"))
    rows: list[Row] = []
    faults = compared("payout", whole(head["amount"]), net) if head else ()
    for one in moved:
        told = str(one.get("reporting_category") or one["type"])
        if one["type"] == "payout":
            continue
        said, day = f"{one['source']} {one.get('description') or ''}", day_at(one["created"])
        kind = _CATEGORIES.get(told, Kind.UNKNOWN)
        taxes = [part for part in one.get("fee_details") or () if part["type"] == "tax"]
        vat, amount = sum(whole(part["amount"]) for part in taxes), whole(one["amount"])
        fee, ids = whole(one["fee"]) - vat, tuple(dict.fromkeys(_IDS.findall(said)))
        rows.append(Row(kind, amount, one["id"], ids, _number(said), day, fee, told))
        if vat:
            rows.append(Row(Kind.FEE_VAT, -vat, f"{one['id']} tax", day=day))
        faults += compared(one["id"], whole(one["net"]), amount - fee - vat)
    traced = (head.get("trace_id") or {}).get("value") or ""
    at = head.get("arrival_date") or (paid[0]["available_on"] if paid else None)
    currency = str(moved[0]["currency"]).upper()
    return Payout(
        PROVIDER, payout, payout, net, day_at(at) if at else None, currency, traced, rows=rows,
        faults=faults,
    )  # fmt: skip


def woopayments(documents: Sequence[Any]) -> Iterator[Payout]:
    """Yield the payouts of WooPayments' lists of deposits and of transactions."""
    listed = [one for document in documents for one in document]
    heads = {one["id"]: one for one in listed if "transaction_id" not in one}
    rows = defaultdict(list)
    for one in listed:
        if one.get("deposit_id"):
            rows[one["deposit_id"]].append(one)
    for payout, head in heads.items():
        if not rows[payout]:
            yield _without_rows(WOOPAYMENTS, payout, head)
            continue
        found: list[Row] = []
        faults: tuple[Fault, ...] = ()
        for one in rows[payout]:
            kind = _CATEGORIES.get(one["type"], Kind.UNKNOWN)
            amount, fee, ref = whole(one["amount"]), whole(one["fees"]), one["transaction_id"]
            ids = (str(one.get("order_id") or ""), str(one.get("payment_id") or ""))
            found.append(Row(kind, amount, ref, ids, "", day_of(one["date"]), fee, one["type"]))
            faults += compared(ref, whole(one["net_amount"]), amount - fee)
        sign = -1 if head["type"] == "withdrawal" else 1
        yield Payout(
            WOOPAYMENTS, payout, payout, sign * whole(head["amount"]),
            day_at(head["date"] // 1000), str(head["currency"]).upper(), rows=found, faults=faults,
        )  # fmt: skip
    if rows.keys() - heads.keys():
        raise Unreadable("payouts_without_heads")
