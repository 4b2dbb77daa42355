"""Cards and PayPal: Stripe and WooPayments (Stripe underneath), Nexi Checkout, PayPal.

Stripe: fees are above 0; a payout is itself one of the rows of the interface. Nexi: only its
interface was seen; fees stand without their VAT, or with it: no source says, so the sum decides.
PayPal: a running balance for each currency, from which the merchant withdraws: what stands between
two withdrawals belongs to the later one. Without a balance in the file it begins and ends at 0.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from operator import attrgetter
from typing import Any

from woo2po.payouts.columns import ROWS, Columns, Csv, Unreadable, day_of, listed, ore_of
from woo2po.payouts.payout import BY_ITSELF, Kind, Payout, ReportRow, compared

_CSV, _API = ROWS["stripe-csv"], ROWS["stripe-api"]
_WOOPAYMENTS, _NEXI = ROWS["woopayments-api"], ROWS["nexi-api"]
_ACTIVITY, _SETTLEMENT = ROWS["paypal-activity"], ROWS["paypal-settlement"]
_IDS, _NUMBER = re.compile(r"\b(?:ch|py|pi|re|pyr)_\w+"), re.compile(r"\bOrder #?([^\s()]+)")
_MONTHS = 12


def _rows(columns: Columns, said: Mapping[str, Any]) -> list[ReportRow]:
    """Return Stripe's row, and its fee's: what its description names counts too."""
    rows, text = columns.rows(said), str(said.get("description") or "")
    named = _NUMBER.search(text)
    rows[0].number = rows[0].number or (named[1] if named else "")
    rows[0].ids += tuple(_IDS.findall(text))
    return rows


def stripe_csv(table: Csv) -> Iterator[Payout]:
    """Yield the payouts of an itemised payout reconciliation, each when its last row was read."""
    left = Counter(row[_CSV.key] for row in _CSV.table(table))
    found: dict[str, list[ReportRow]] = defaultdict(list)
    paid: dict[str, int] = {}
    nets: Counter[str] = Counter()
    for said in _CSV.table(table):
        id_ = said[_CSV.key]
        if not id_:
            continue  # not paid out yet
        if said["reporting_category"] == "payout":
            paid[id_] = -ore_of(said["net"])
        else:
            nets[id_] += ore_of(said["net"])
            found[id_] += _rows(_CSV, {**said, "created": _time(said, "created")})
        left[id_] -= 1
        if not left[id_]:
            at = _time(said, "automatic_payout_effective_at")
            net, day = paid.get(id_, nets[id_]), day_of(at[:10]) if at else None
            yield _CSV.payout(said, net=net, day=day, rows=found.pop(id_, []))


def _time(said: Mapping[str, str], name: str) -> str:
    utc = said.get(f"{name}_utc")
    return said.get(name) or (f"{utc}+00:00" if utc else "")


def stripe(documents: Sequence[Any]) -> Iterator[Payout]:
    """Yield the payouts of answers of the interface: payouts, and the rows of each."""
    heads, rows, known = list[Any](), list[Any](), set[str]()
    for one in listed(documents):
        moved = [row for row in one if row.get("object") == "balance_transaction"]
        paid = [row for row in moved if row["type"] == "payout"]
        if moved and len(paid) != 1:
            raise Unreadable("payouts_not_all")
        for row in paid:  # it is a head where none else is
            own = {"id": row["source"], "arrival_date": row["available_on"]}
            heads.insert(
                0, {**own, "amount": -_API.money(row["amount"]), "currency": row["currency"]}
            )
        heads += [head for head in one if head.get("object") == "payout"]
        known |= {row["id"] for row in moved}
        rows += [{**row, _API.type: row.get(_API.type) or row["type"], _API.of: paid[0]["source"]}
                 for row in moved if row["type"] != "payout"]  # fmt: skip
    for head, moved in _API.settlements([heads, rows]):
        yield from _stripe(head, moved, known)


def _stripe(head: Mapping[str, Any], moved: Sequence[Any], known: set[str]) -> Iterator[Payout]:
    rows = list[ReportRow]()
    for one in moved:
        taxes = (part for part in one.get("fee_details") or () if part["type"] == "tax")
        vat = sum(_API.money(part["amount"]) for part in taxes)
        rows += _rows(_API, {**one, "vat": vat, "fee": _API.money(one["fee"]) - vat})
    bank = (head.get("trace_id") or {}).get("value") or ""
    payout = _API.payout(head, rows=rows, bank_reference=bank)
    back = payout.faults and head.get("failure_balance_transaction")
    if back:  # gave it back, in a later payout: under the same key as there
        back = str(back["id"] if isinstance(back, Mapping) else back)
        payout.faults = ()
        if rows and back not in known:
            yield payout.by_itself(ReportRow(Kind.ABORTED, payout.net, back, told=head["status"]))
    yield payout


def woopayments(documents: Sequence[Any]) -> Iterator[Payout]:
    """Yield the payouts of WooPayments' lists of deposits and of transactions."""
    for head, moved in _WOOPAYMENTS.settlements(documents):
        rows = [row for one in moved for row in _WOOPAYMENTS.rows(one)]
        payout = _WOOPAYMENTS.payout(head, rows=rows)
        payout.net *= -1 if head["type"] == "withdrawal" else 1
        yield payout


def nexi(documents: Sequence[Any]) -> Iterator[Payout]:
    """Yield the payouts of lists and single answers, which have the rows."""
    for said, _ in _NEXI.settlements(documents):
        payout = _NEXI.payout(said)
        rows = [row for one in said.get("paymentActions") or () for row in _NEXI.rows(one)]
        for name, kind in (("charged", Kind.CAPTURE), ("refunded", Kind.REFUND)):
            found = abs(sum(row.amount for row in rows if row.kind is kind))
            payout.faults += compared(kind, abs(_NEXI.money(said[f"{name}Amount"])), found)
        fees = (("fees", Kind.FEE), ("feeTaxAmount", Kind.FEE_VAT))
        for name, kind in fees if "paymentActions" in said else ():
            amount, ref = -_NEXI.money(said.get(name)), f"{said['id']} {kind}"
            rows += [ReportRow(kind, amount, ref, day=payout.day)] if amount else []
        payout.rows = rows
        payout.fees_with_vat()
        yield payout


def paypal_activity(table: Csv) -> Iterator[ReportRow]:
    """Yield the entries of an activity download (English heads). Raises Unreadable."""
    done = [row for row in _ACTIVITY.table(table)
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
        yield from _entries(row["Currency"], _ACTIVITY.rows(row), balance)


def _entries(
    currency: str, rows: Sequence[ReportRow], balance: int | None = None
) -> Iterator[ReportRow]:
    """Yield a row and its fee, what comes in first: a withdrawal is the last of its payout."""
    row = rows[0]
    if row.kind in {Kind.PAYOUT, *BY_ITSELF}:
        row.payout = Payout("paypal", row.ref, row.ref, -row.amount, row.day, currency, row.ref)
    left = sum(one.amount for one in rows)
    for one in sorted(rows, key=attrgetter("amount"), reverse=True):
        left -= one.amount
        one.account, one.balance = currency, None if balance is None else balance - left
        yield one


def paypal_settlement(table: Csv) -> Iterator[ReportRow]:
    """Yield the entries of a settlement report: whole cents without sign, CR or DR beside."""
    names: list[str] = []
    for line in table():
        kind, *cells = [" ".join(cell.split()) for cell in line or [""]]
        if kind == "CH":
            names = cells
        if kind == "SB":
            said: dict[str, Any] = dict(zip(names, cells, strict=False))
            at, event = _SETTLEMENT.day, said["Transaction Event Code"][:3]
            for name, side in ((_SETTLEMENT.amount, "Transaction"), (_SETTLEMENT.fee, "Fee")):
                below = said[f"{side} Debit or Credit"] == "DR"
                said[name] = int(said[name] or 0) * (-1 if below else 1)
            won = event == "T12" and said[_SETTLEMENT.amount] > 0
            said |= {"type": event + " CR" * won, at: said[at][:10].replace("/", "-")}
            yield from _entries(said["Gross Transaction Currency"], _SETTLEMENT.rows(said))
