"""Cards and PayPal: Stripe and WooPayments (Stripe underneath), Nexi Checkout, PayPal.

Stripe: fees are above 0; a payout is itself one of the rows of the interface. Nexi: only its
interface was seen; fees stand without their VAT, or with it: no source says, so the sum decides.
PayPal: a running balance for each currency, from which the merchant withdraws: what stands between
two withdrawals belongs to the later one. Without a balance in the file it begins and ends at 0.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from woo2po.holds import Hold
from woo2po.payouts.columns import ROWS, Columns, Csv, Unreadable, day_of, named, ore_of, whole
from woo2po.payouts.payout import AccountRow, Kind, Payout, ReportRow, compared, fault

_CSV, _API = ROWS["stripe-csv"], ROWS["stripe-api"]
_WOOPAYMENTS, _NEXI = ROWS["woopayments-api"], ROWS["nexi-api"]
_ACTIVITY, _SETTLEMENT = ROWS["paypal-activity"], ROWS["paypal-settlement"]
_IDS, _NUMBER = re.compile(r"\b(?:ch|py|pi|re|pyr)_\w+"), re.compile(r"\bOrder #?([^\s()]+)")
_MONTHS = 12
ON_THE_WAY, _FAILED = {"pending", "in_transit"}, {"failed", "canceled"}


def _rows(columns: Columns, said: Mapping[str, Any]) -> list[ReportRow]:
    """Return Stripe's row, and its fee's: what its description names counts too."""
    rows, text = columns.rows(said), str(said.get("description") or "")
    named = _NUMBER.search(text)
    rows[0].number = rows[0].number or (named[1] if named else "")
    rows[0].ids += tuple(_IDS.findall(text))
    return rows


def stripe_csv(table: Csv) -> Iterator[Payout]:
    """Yield the payouts of an itemised payout reconciliation, each when its last row was read."""
    left = Counter(row["id"] for row in named(table, {"automatic_payout_id": "id"}))
    found: dict[str, list[ReportRow]] = defaultdict(list)
    paid: dict[str, int] = {}
    nets: Counter[str] = Counter()
    for said in named(table):
        id_ = said["automatic_payout_id"]
        if not id_:
            continue  # not paid out yet
        if said["reporting_category"] == "payout":
            paid[id_] = -ore_of(said["net"])
        else:
            nets[id_] += ore_of(said["net"])
            found[id_] += _rows(_CSV, {**said, "created": _time(said, "created")})
        left[id_] -= 1
        if not left[id_]:
            net, at = paid.get(id_, nets[id_]), _time(said, "automatic_payout_effective_at")
            day, currency = day_of(at[:10]) if at else None, said["currency"].upper()
            yield Payout("stripe", id_, id_, net, day, currency, rows=found.pop(id_, []))


def _time(said: Mapping[str, str], name: str) -> str:
    utc = said.get(f"{name}_utc")
    return said.get(name) or (f"{utc}+00:00" if utc else "")


def stripe(documents: Sequence[Any]) -> Iterator[Payout]:
    """Yield the payouts of answers of the interface: payouts, and the rows of each."""
    heads: dict[str, Mapping[str, Any]] = {}
    rows: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for document in documents:
        for listed in [document] if "data" in document else document.values():
            if listed.get("has_more"):
                raise Unreadable("payouts_not_all")
            heads |= {one["id"]: one for one in listed["data"] if one.get("object") == "payout"}
            moved = [one for one in listed["data"] if one.get("object") == "balance_transaction"]
            paid = [str(one["source"]) for one in moved if one["type"] == "payout"]
            if moved and len(paid) != 1:
                raise Unreadable("payouts_not_all")
            rows["".join(paid)] += moved
    known = {one["id"] for moved in rows.values() for one in moved}
    for payout in {**rows, **heads}:
        head = heads.get(payout, {})
        if payout and head.get("status") not in ON_THE_WAY:
            yield _stripe(payout, rows[payout], head, known)


def _stripe(
    payout: str, moved: Sequence[Mapping[str, Any]], head: Mapping[str, Any], known: set[str]
) -> Payout:
    rows, paid = list[ReportRow](), head
    for one in moved:
        if one["type"] == "payout":
            paid = {"arrival_date": one["available_on"], **one, "amount": -whole(one["amount"])}
            continue
        taxes = (part for part in one.get("fee_details") or () if part["type"] == "tax")
        vat, told = sum(whole(part["amount"]) for part in taxes), one.get("reporting_category")
        said = {**one, "vat": vat, "fee": whole(one["fee"]) - vat}
        rows += _rows(_API, {**said, "reporting_category": told or one["type"]})
    told = {**paid, **head}
    net, day, back = whole(told["amount"]), day_of(told["arrival_date"]), _back(told)
    closing, faults = 0, () if back else _failed(told)
    if rows and back and back not in known:  # a later payout has it too, under the same key
        closing = net
        rows.append(ReportRow(Kind.ABORTED, net, back, day=day, told=told["status"]))
    return Payout(
        "stripe", payout, payout, net, day, told["currency"].upper(),
        (told.get("trace_id") or {}).get("value") or "", rows=rows, closing=closing, faults=faults,
        waits=closing > 0,
    )  # fmt: skip


def _back(head: Mapping[str, Any]) -> str:
    """Return the transaction that gave a payout back which did not come to the bank, or ""."""
    back = head.get("failure_balance_transaction") if head.get("status") in _FAILED else ""
    return str(back["id"] if isinstance(back, Mapping) else back or "")


def _failed(head: Mapping[str, Any]) -> tuple[Hold, ...]:
    status = str(head.get("status"))
    return (fault("payout_failed", status=status),) if status in _FAILED else ()


def woopayments(documents: Sequence[Any]) -> Iterator[Payout]:
    """Yield the payouts of WooPayments' lists of deposits and of transactions."""
    lists = (one["data"] if isinstance(one, Mapping) else one for one in documents)
    listed = [*chain(*lists)]
    heads = {one["id"]: one for one in listed if "transaction_id" not in one}
    rows: dict[str, list[ReportRow]] = defaultdict(list)
    for one in listed:
        if one.get("deposit_id"):
            rows[one["deposit_id"]] += _WOOPAYMENTS.rows(one)
    if rows.keys() - heads.keys():
        raise Unreadable("payouts_without_heads")
    for payout, head in heads.items():
        if head.get("status") in ON_THE_WAY:
            continue
        net = whole(head["amount"]) * (-1 if head["type"] == "withdrawal" else 1)
        day, currency = day_of(head["date"]), str(head["currency"]).upper()
        yield Payout(
            "woopayments", payout, payout, net, day, currency, rows=rows[payout],
            faults=_failed(head),
        )  # fmt: skip


def nexi(documents: Sequence[Any]) -> Iterator[Payout]:
    """Yield the payouts of lists and single answers; one with its rows goes before one without."""
    payouts: dict[str, Mapping[str, Any]] = {}
    for document in documents:
        listed = document if isinstance(document, list) else document.get("payouts", [document])
        for one in listed:
            if one["id"] not in payouts or "paymentActions" in one:
                payouts[one["id"]] = one
    return map(_nexi, payouts.values())


def _nexi(said: Mapping[str, Any]) -> Payout:
    rows = [row for one in said.get("paymentActions") or () for row in _NEXI.rows(one)]
    net, fees, tax = (whole(said.get(name)) for name in ("amount", "fees", "feeTaxAmount"))
    faults: tuple[Hold, ...] = ()
    for what, kind in (("charged", Kind.CAPTURE), ("refunded", Kind.REFUND)):
        found = abs(sum(row.amount for row in rows if row.kind is kind))
        faults += compared(kind, abs(whole(said[f"{what}Amount"])), found)
    moved, day = sum(row.amount for row in rows), day_of(said["date"])
    if moved - fees == net != moved - fees - tax:
        fees -= tax  # they stood with it
    for kind, amount in ((Kind.FEE, fees), (Kind.FEE_VAT, tax)) if "paymentActions" in said else ():
        rows += [ReportRow(kind, -amount, f"{said['id']} {kind}", day=day)] if amount else []
    return Payout(
        "nexi", said["id"], said["id"], net, day, said["currency"].upper(), said["reference"],
        rows=rows, faults=faults,
    )  # fmt: skip


def paypal_activity(table: Csv) -> Iterator[AccountRow]:
    """Yield the entries of an activity download (English heads). Raises Unreadable."""
    done = [row for row in named(table)
            if row["Status"] == "Completed" and row.get("Balance Impact") != "Memo"]  # fmt: skip
    days = [row["Date"].split("/") for row in done if "/" in row["Date"]]
    most = [max(map(int, which)) for which in zip(*days, strict=True)]
    if days and (most[0] > _MONTHS) == (most[1] > _MONTHS):  # the day first, or the month?
        raise Unreadable("payouts_no_day", cell="/".join(days[0])[:20])
    for row in done:
        part = row["Date"].split("/")
        if days:
            part = [part[2], *(part[:2] if most[1] > _MONTHS else part[1::-1])]
        row["Date"] = str(day_of("-".join(one.zfill(2) for one in part)))
    at = [(row["Date"], row.get("Time", "")) for row in done]
    for row in reversed(done) if at and at[0] > at[-1] else done:
        balance = ore_of(row["Balance"]) if row.get("Balance") else None
        yield _entry(row["Currency"], _ACTIVITY.rows(row), balance)


def _entry(currency: str, rows: Sequence[ReportRow], balance: int | None = None) -> AccountRow:
    entry, ref, day = AccountRow(currency, rows, balance), rows[0].ref, rows[0].day
    if rows[0].kind is Kind.PAYOUT:
        entry.payout = Payout("paypal", ref, ref, -entry.amount, day, currency, ref)
    return entry


def paypal_settlement(table: Csv) -> Iterator[AccountRow]:
    """Yield the entries of a settlement report: whole cents without sign, CR or DR beside."""
    names: list[str] = []
    for line in table():
        kind, *cells = [" ".join(cell.split()) for cell in line or [""]]
        if kind == "CH":
            names = cells
        if kind == "SB":
            said = dict(zip(names, cells, strict=False))
            at, event = _SETTLEMENT.day, said["Transaction Event Code"][:3]
            signed: dict[str, Any] = {}
            for name, side in ((_SETTLEMENT.amount, "Transaction"), (_SETTLEMENT.fee, "Fee")):
                below = said[f"{side} Debit or Credit"] == "DR"
                signed[name] = int(said[name] or 0) * (-1 if below else 1)
            won = event == "T12" and signed[_SETTLEMENT.amount] > 0
            told = {"type": f"{event} CR" if won else event, at: said[at][:10].replace("/", "-")}
            rows = _SETTLEMENT.rows({**said, **signed, **told})
            yield _entry(said["Gross Transaction Currency"], rows)
