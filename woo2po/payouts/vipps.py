"""Vipps MobilePay: the portal's CSV (both languages), XML 3.0, Report API v2, the older sheets.

A payout is known by sales unit and payout number: each of the formats has both. All but XML and the
sheets are running accounts, cut at their payout rows. Fees are signed the portal's way, below 0;
in XML they are above.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import chain, islice
from typing import IO, Any
from xml.etree.ElementTree import Element, ParseError, XMLPullParser

from woo2po.payouts.payout import (
    Entry,
    Fault,
    Kind,
    Payout,
    Row,
    Tails,
    Unreadable,
    bank_day,
    compared,
    cut,
    day_of,
    ore_of,
    whole,
)

PROVIDER = "vipps"
ON_THE_BANK = 2  # bank days after the captures: report on the first, money on the second
# By the heads' words in Norwegian and in English.
HEADS = {
    "MSN/Vippsnummer": "unit", "MSN/Vipps number": "unit",
    "Bokføringsdato": "day", "Booking date": "day",
    "Type": "type",
    "Beløp": "amount", "Amount": "amount",
    "Balanse": "balance", "Balance": "balance",
    "Valuta": "currency", "Currency": "currency",
    "PSP-referanse": "psp", "PSP reference": "psp",
    "Ordre-ID/Referanse": "order", "Order ID/Reference": "order",
    "Utbetalingsnummer": "number",
    "Planlagt utbetalingsdato": "planned",
}  # fmt: skip
NEEDED = {"unit", "day", "type", "amount", "balance", "currency", "psp", "order"}
_CAPTURES, _FEES = {"Belastning", "Capture"}, {"Gebyrer fratrukket", "Fees retained"}
_PAYOUTS = {"Utbetaling planlagt", "Payout scheduled"}
_API = {
    "capture": Kind.CAPTURE, "refund": Kind.REFUND, "fees-retained": Kind.FEE,
    "credit-note": Kind.FEE_CORRECTION, "retained-disputed-capture": Kind.DISPUTE,
    "returned-disputed-capture": Kind.DISPUTE_REVERSAL, "correction": Kind.CORRECTION,
    "top-up": Kind.TOP_UP, "payout-aborted": Kind.ABORTED,
}  # fmt: skip
_API_PAYOUTS = {"payout-scheduled", "scheduled-for-payout"}
FEES_ONLY = {"capture-fee", "fees-invoiced"}
SHEET = {"Oppgjørs-ID", "Transaksjons-ID", "Vippsnummer", "Brutto", "Netto"}
_LOOKED_AT = 50  # rows that tell in which direction a file goes


def _payout(unit: str, number: str, ledger: str, net: int, day: date, currency: str) -> Payout:
    return Payout(
        PROVIDER, f"{unit}-{number}", f"{ledger or unit}-{number}", net, bank_day(day, ON_THE_BANK),
        currency, f"Utb. {number} Vippsnr {unit}", unit, ledger,
    )  # fmt: skip


# -- the portal ------------------------------------------------------------------------------------


def portal(rows: Iterable[Mapping[str, str]], tails: Tails) -> Iterator[Payout]:
    """Yield the payouts of the portal's report; its rows are named as HEADS says."""
    entries = map(_entry, rows)
    first = [*islice(entries, _LOOKED_AT)]
    if _backwards(first):
        return cut(reversed([*first, *entries]), tails)
    return cut(chain(first, entries), tails)


def _backwards(entries: Sequence[Entry]) -> bool:
    last: dict[str, Entry] = {}
    onwards = 0
    for entry in entries:
        before = last.get(entry.unit)
        last[entry.unit] = entry
        if before is not None and before.balance is not None and entry.balance is not None:
            onwards += entry.balance == before.balance + entry.row.amount
            onwards -= before.balance == entry.balance + before.row.amount
    return onwards < 0


def _entry(row: Mapping[str, str]) -> Entry:
    told, amount, order = row["type"].strip(), ore_of(row["amount"]), row["order"].strip()
    day, psp, unit = day_of(row["day"]), row["psp"].strip(), row["unit"].strip()
    kind = Kind.UNKNOWN
    if told in _CAPTURES:
        kind = Kind.CAPTURE
    elif told in _FEES:
        kind = Kind.FEE
    elif told in _PAYOUTS or (amount < 0 and order):
        kind = Kind.REFUND  # no other label was seen; money that goes back names its order
    ids = () if kind is Kind.FEE else (order,)
    entry = Entry(unit, Row(kind, amount, psp, ids, "", day, 0, told), ore_of(row["balance"]))
    if told in _PAYOUTS:
        ledger, _, number = psp.rpartition("-")
        number = row.get("number") or number
        payout = _payout(unit, number, ledger, -amount, day, row["currency"])
        planned, text = row.get("planned"), order or payout.bank_reference
        at = day_of(planned) if planned else payout.day
        entry.payout = replace(payout, day=at, bank_reference=text)
    return entry


# -- Report API v2 ---------------------------------------------------------------------------------


def api(documents: Sequence[Any], tails: Tails) -> Iterator[Payout]:
    """Yield the payouts in answers of the Report API: lists of ledgers, and days of funds."""
    answers = [_items(document) for document in documents]
    served = {
        str(item["ledgerId"]): {_unit(handle) for handle in item["settlesForRecipientHandles"]}
        for item in chain(*answers)
        if "settlesForRecipientHandles" in item
    }
    funds = [[one for one in items if "entryType" in one and not _is_fee(one)] for items in answers]
    for items in sorted(filter(None, funds), key=lambda items: str(items[0]["ledgerDate"])):
        own = (item for item in items if item["entryType"] in {*_API_PAYOUTS, "fees-retained"})
        ledger = next((str(item["pspReference"]).rpartition("-")[0] for item in own), "")
        units = {_unit(item.get("recipientHandle")) for item in items} - {""}
        units = served.get(ledger) or units
        # Of a ledger that several sales units share, no report tells which one pays out.
        unit = units.pop() if len(units) == 1 else ""
        yield from cut((_api_entry(item, ledger, unit) for item in items), tails)


def _items(document: Any) -> list[Mapping[str, Any]]:
    items: list[Mapping[str, Any]] = []
    for day in [document] if "items" in document else [document[day] for day in sorted(document)]:
        if day.get("hasMore") or day.get("tryLater"):
            raise Unreadable("payouts_not_all")
        items += day["items"]
    return items


def _unit(handle: object) -> str:
    return str(handle or "").removeprefix("api:")


def _is_fee(item: Mapping[str, Any]) -> bool:
    """Tell whether it is of the other topic, which tells the same fees the other way round."""
    kind = item["entryType"]
    return kind in FEES_ONLY or (kind == "fees-retained" and whole(item["amount"]) > 0)


def _api_entry(item: Mapping[str, Any], ledger: str, unit: str) -> Entry:
    told, amount, psp = str(item["entryType"]), whole(item["amount"]), str(item["pspReference"])
    before, after = whole(item["balanceBefore"]), whole(item["balanceAfter"])
    kind = _API.get(told, Kind.UNKNOWN)
    if kind is Kind.REFUND:
        amount = after - before  # an older description has it without its sign
    day, ids = day_of(item["ledgerDate"]), (str(item.get("reference") or ""),)
    entry = Entry(ledger, Row(kind, amount, psp, ids, "", day, 0, told), after)
    if told in _API_PAYOUTS:
        number = psp.rpartition("-")[2]
        payout = _payout(unit, number, ledger, -amount, day, str(item["currency"]))
        faults = () if unit else (Fault("payout_unit_unknown", {"ledger": ledger}),)
        entry.payout = replace(payout, faults=faults)
    return entry


# -- XML 3.0 ---------------------------------------------------------------------------------------


def xml(file: IO[bytes]) -> Iterator[Payout]:
    """Yield the payouts of an XML report as it is read. Raises Unreadable."""
    parser: XMLPullParser[Any] = XMLPullParser(["end"])
    unit = ""
    try:
        while piece := file.read(2**16):
            if b"<!" in piece.replace(b"<!--", b""):
                raise Unreadable("payouts_broken")  # a document that defines words of its own
            parser.feed(piece)
            for event in parser.read_events():
                element: Any = [*event][1]
                if _name(element) == "SerialNumber":
                    unit = (element.text or "").strip()
                elif _name(element) == "SettlementInfo" and len(element):
                    yield _settlement(unit, element)
                    element.clear()
        parser.close()
    except ParseError:
        raise Unreadable("payouts_broken") from None


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _settlement(unit: str, element: Element) -> Payout:
    said = {_name(part): (part.text or "").strip() for part in element}
    net_of_fees = said["SettlementType"].lower() == "net"
    rows: list[Row] = []
    for part in element:
        if _name(part) == "TransactionInfo":
            rows += _transaction(part, net_of_fees=net_of_fees)
    day, net = day_of(said["SettlementDate"]), ore_of(said["SettledAmount"])
    payout = _payout(unit, said["SettlementID"], "", net, day, said["SettlementCurrencyCode"])
    sums = {kind: sum(row.amount for row in rows if row.kind is kind) for kind in Kind}
    faults = compared("capture", ore_of(said["CaptureSettlementAmount"]), sums[Kind.CAPTURE])
    faults += compared("refund", ore_of(said["RefundSettlementAmount"]), sums[Kind.REFUND])
    if net_of_fees:
        fees = sum(row.fee for row in rows)
        faults += compared("fee", ore_of(said["FeeSettlementAmount"]), fees)
    return replace(payout, rows=rows, faults=faults)


def _transaction(element: Element, *, net_of_fees: bool) -> Iterator[Row]:
    said = {_name(part): (part.text or "").strip() for part in element}
    day, ids = day_of(said["TransactionTime"]), (said.get("OrderID", ""),)
    fee = ore_of(said["TransactionFeeAmount"]) if net_of_fees else 0
    for kind, name in ((Kind.CAPTURE, "Capture"), (Kind.REFUND, "Refund")):
        amount = ore_of(said[f"Transaction{name}Amount"])
        if amount:
            yield Row(kind, amount, said["TransactionID"], ids, "", day, fee, name)
            fee = 0


# -- the older sheets ------------------------------------------------------------------------------


def sheet(rows: Iterable[Mapping[str, str]]) -> Iterator[Payout]:
    """Yield the payouts of a sheet of 2018 to 2021: each ends with a row of its own."""
    waiting: list[Row] = []
    unit = ""
    for row in rows:
        if not row["Oppgjørs-ID"].strip():
            continue
        if not row["Transaksjons-ID"].strip():
            if not re.match("Til utbetaling", row["Salgsdato"]):
                raise Unreadable("payouts_broken")
            net, day = ore_of(row["Oppgjørssum"]), day_of(row["Oppgjørsdato"])
            payout = _payout(unit, row["Oppgjørs-ID"], "", net, day, "NOK")
            yield replace(payout, rows=waiting)
            waiting = []
            continue
        unit, told = row["Vippsnummer"].strip(), row["Transaksjonstype"].strip()
        kind = {"Salg": Kind.CAPTURE, "Refundering": Kind.REFUND}.get(told, Kind.UNKNOWN)
        ids, fee = (row["Ordre-ID"].strip(),), -ore_of(row["Gebyr"])
        at = day_of(row["Salgsdato"])
        ref = row["Transaksjons-ID"]
        waiting.append(Row(kind, ore_of(row["Brutto"]), ref, ids, "", at, fee, told))
    if waiting:
        raise Unreadable("payouts_cut_off")
