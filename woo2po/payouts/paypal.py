"""PayPal: the activity download (English heads) and the settlement report of SFTP.

A running balance for each currency, from which the merchant withdraws: what stands between two
withdrawals belongs to the later one. Without a balance in the file it must begin and end at 0.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from woo2po.payouts.payout import Entry, Kind, Payout, Row, Tails, Unreadable, cut, day_of, ore_of

PROVIDER = "paypal"
ACTIVITY = {"Date", "Type", "Status", "Currency", "Gross", "Fee", "Net", "Transaction ID"}
_TYPES = {
    "Express Checkout Payment": Kind.CAPTURE, "Payment Refund": Kind.REFUND,
    "Chargeback": Kind.DISPUTE,
}  # fmt: skip
_WITHDRAWAL = "General Withdrawal"
_MONTHS = 12


def activity(rows: Iterable[Mapping[str, str]], tails: Tails) -> Iterator[Payout]:
    """Yield the withdrawals of an activity download. Raises Unreadable."""
    done = [
        row for row in rows if row["Status"] == "Completed" and row.get("Balance Impact") != "Memo"
    ]
    parts = [row["Date"].split("/") for row in done]
    if any(len(part) != len(("day", "month", "year")) for part in parts):
        raise Unreadable("payouts_no_day", cell=next(iter(done))["Date"][:20])
    first, second = (max((int(part[i]) for part in parts), default=0) for i in (0, 1))
    if (first > _MONTHS) == (second > _MONTHS):
        raise Unreadable("payouts_no_day", cell=next(iter(done), {"Date": "?"})["Date"][:20])
    month = 0 if second > _MONTHS else 1
    days = [f"{part[2]}-{int(part[month]):02}-{int(part[1 - month]):02}" for part in parts]
    return cut((_entry(row, day) for row, day in zip(done, days, strict=True)), tails)


def _entry(row: Mapping[str, str], day: str) -> Entry:
    told, ref, currency = row["Type"], row["Transaction ID"], row["Currency"]
    gross, fee = ore_of(row["Gross"]), -ore_of(row["Fee"])
    ids = (ref, row.get("Reference Txn ID", ""), row.get("Custom Number", ""))
    made = Row(_TYPES.get(told, Kind.UNKNOWN), gross, ref, ids, "", day_of(day), fee, told)
    balance = ore_of(row["Balance"]) if row.get("Balance") else None
    return _with_payout(Entry(currency, made, balance), told == _WITHDRAWAL)


def _with_payout(entry: Entry, is_withdrawal: bool) -> Entry:
    row = entry.row
    if is_withdrawal:
        net, currency = -row.effect, entry.unit
        entry.payout = Payout(PROVIDER, row.ref, row.ref, net, row.day, currency, row.ref)
    return entry


def settlement(rows: Iterable[Sequence[str]], tails: Tails) -> Iterator[Payout]:
    """Yield the withdrawals of a settlement report: whole cents without sign, CR or DR beside."""
    return cut(_settled(rows), tails)


def _settled(rows: Iterable[Sequence[str]]) -> Iterator[Entry]:
    names: list[str] = []
    for kind, *cells in rows:
        if kind == "CH":
            names = [" ".join(name.split()) for name in cells]
        if kind == "SB":
            said = dict(zip(names, cells, strict=False))
            debit = said["Transaction Debit or Credit"] == "DR"
            amount = int(said["Gross Transaction Amount"] or 0) * (-1 if debit else 1)
            fee = int(said["Fee Amount"] or 0) * (1 if said["Fee Debit or Credit"] == "DR" else -1)
            code, ref = said["Transaction Event Code"], said["Transaction ID"]
            ids = (ref, said.get("PayPal Reference ID", ""), said.get("Custom Field", ""))
            day = day_of(said["Transaction Completion Date"][:10].replace("/", "-"))
            row = Row(_coded(code, debit=debit), amount, ref, ids, "", day, fee, code)
            yield _with_payout(Entry(said["Gross Transaction Currency"], row), code[:3] == "T04")


def _coded(code: str, *, debit: bool) -> Kind:
    kinds = {
        ("T00", False): Kind.CAPTURE, ("T11", True): Kind.REFUND, ("T12", True): Kind.DISPUTE,
        ("T12", False): Kind.DISPUTE_REVERSAL, ("T03", False): Kind.TOP_UP,
    }  # fmt: skip
    return kinds.get((code[:3], debit), Kind.UNKNOWN)
