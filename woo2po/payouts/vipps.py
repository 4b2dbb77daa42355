"""Vipps MobilePay: the portal's CSV (both languages), XML 3.0, Report API v2, the older sheets.

A payout is known by sales unit and payout number: each of the formats has both. All but XML and the
sheets are running accounts, cut at their payout rows.
"""

import pickle
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import chain, islice
from typing import IO, Any
from xml.etree.ElementTree import Element, ParseError, XMLPullParser

from woo2po.payouts.payout import (
    AccountRow,
    Columns,
    Csv,
    Kind,
    Payout,
    ReportRow,
    Tails,
    Unreadable,
    bank_day,
    cut,
    day_of,
    fault,
    ore_of,
    whole,
)

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
SHEET = {"Oppgjørs-ID", "Transaksjons-ID", "Vippsnummer", "Brutto", "Netto"}
_PAYOUTS = {"Utbetaling planlagt", "Payout scheduled", "payout-scheduled", "scheduled-for-payout"}
_PORTAL = Columns(
    {"Belastning": Kind.CAPTURE, "Capture": Kind.CAPTURE, "Gebyrer fratrukket": Kind.FEE,
     "Fees retained": Kind.FEE},
    "type", "amount", ("psp",), "day", ("order",),
)  # fmt: skip
_API = Columns(
    {"capture": Kind.CAPTURE, "refund": Kind.REFUND, "fees-retained": Kind.FEE,
     "credit-note": Kind.FEE_CORRECTION, "retained-disputed-capture": Kind.DISPUTE,
     "returned-disputed-capture": Kind.DISPUTE_REVERSAL, "correction": Kind.CORRECTION,
     "top-up": Kind.TOP_UP, "payout-aborted": Kind.ABORTED},
    "entryType", "amount", ("pspReference",), "ledgerDate", ("reference",), money=whole,
)  # fmt: skip
_FEES_ONLY = {"capture-fee", "fees-invoiced"}
_XML = Columns(
    {"+": Kind.CAPTURE, "-": Kind.REFUND}, "sign", "TransactionGrossAmount", ("TransactionID",),
    "TransactionTime", ("OrderID",), fee="TransactionFeeAmount", net="TransactionNetAmount",
)  # fmt: skip
_SHEET = Columns(
    {"Salg": Kind.CAPTURE, "Refundering": Kind.REFUND}, "Transaksjonstype", "Brutto",
    ("Transaksjons-ID",), "Salgsdato", ("Ordre-ID",), fee="Gebyr", net="Netto", fees_below=True,
)  # fmt: skip
_LOOKED_AT = 50  # rows that tell in which direction a file goes
_TOGETHER = 5000


def _payout(unit: str, number: str, ledger: str, net: int, day: date, currency: str) -> Payout:
    return Payout(
        "vipps", f"{unit}-{number}", f"{ledger or unit}-{number}", net, bank_day(day, ON_THE_BANK),
        currency, f"Utb. {number} Vippsnr {unit}", unit, ledger,
    )  # fmt: skip


def portal(table: Csv, tails: Tails) -> Iterator[Payout]:
    """Yield the payouts of the portal's report."""
    entries = map(_entry, table.named(HEADS))
    first = [*islice(entries, _LOOKED_AT)]
    whole = chain(first, entries)
    return cut(_turned(whole) if _backwards(first) else whole, tails)


def _turned(entries: Iterator[AccountRow]) -> Iterator[AccountRow]:
    """Yield entries from the last to the first, packed meanwhile: a fifth of the room."""
    packed = []
    while some := [*islice(entries, _TOGETHER)]:
        packed.append(pickle.dumps(some, pickle.HIGHEST_PROTOCOL))
    while packed:
        yield from reversed(pickle.loads(packed.pop()))  # noqa: S301 (packed above)


def _backwards(entries: Sequence[AccountRow]) -> bool:
    last: dict[str, AccountRow] = {}
    onwards = 0
    for entry in entries:
        before = last.get(entry.unit)
        last[entry.unit] = entry
        if before is not None and before.balance is not None and entry.balance is not None:
            onwards += entry.balance == before.balance + entry.row.amount
            onwards -= before.balance == entry.balance + before.row.amount
    return onwards < 0


def _entry(said: Mapping[str, str]) -> AccountRow:
    row = _PORTAL.row(said)
    entry = AccountRow(said["unit"], row, ore_of(said["balance"]))
    if row.told in _PAYOUTS:
        ledger, _, number = row.ref.rpartition("-")
        day, number = day_of(said["day"]), said.get("number") or number
        payout = _payout(entry.unit, number, ledger, -row.amount, day, said["currency"])
        planned, text = said.get("planned"), said["order"] or payout.bank_reference
        at = day_of(planned) if planned else payout.day
        entry.payout = replace(payout, day=at, bank_reference=text)
    elif row.kind is Kind.UNKNOWN and row.amount < 0 and said["order"]:
        row.kind = Kind.REFUND  # no label was seen; money that goes back names its order
    elif row.kind is Kind.FEE:
        row.ids = ()
    return entry


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
        own = (item for item in items if item["entryType"] in {*_PAYOUTS, "fees-retained"})
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
    return kind in _FEES_ONLY or (kind == "fees-retained" and whole(item["amount"]) > 0)


def _api_entry(item: Mapping[str, Any], ledger: str, unit: str) -> AccountRow:
    row, before, after = _API.row(item), whole(item["balanceBefore"]), whole(item["balanceAfter"])
    if row.kind is Kind.REFUND:
        row.amount = after - before  # an older description has it without its sign
    entry = AccountRow(ledger, row, after)
    if row.told in _PAYOUTS:
        number, day = row.ref.rpartition("-")[2], day_of(item["ledgerDate"])
        payout = _payout(unit, number, ledger, -row.amount, day, str(item["currency"]))
        faults = () if unit else (fault("payout_unit_unknown", ledger=ledger),)
        entry.payout = replace(payout, faults=faults)
    return entry


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


def _told(element: Element) -> dict[str, str]:
    return {_name(part): (part.text or "").strip() for part in element}


def _settlement(unit: str, element: Element) -> Payout:
    said, rows = _told(element), []
    for part in element:
        if _name(part) == "TransactionInfo":
            told = _told(part)
            row = _XML.row({**told, "sign": "-" if ore_of(told[_XML.amount]) < 0 else "+"})
            if said["SettlementType"].lower() != "net":
                row.fee = 0  # it comes as an invoice
            rows.append(row)
    day, net = day_of(said["SettlementDate"]), ore_of(said["SettledAmount"])
    payout = _payout(unit, said["SettlementID"], "", net, day, said["SettlementCurrencyCode"])
    return replace(payout, rows=rows)


def sheet(table: Csv, _: Tails) -> Iterator[Payout]:
    """Yield the payouts of a sheet of 2018 to 2021: each ends with a row of its own."""
    rows: list[ReportRow] = []
    unit = ""
    for said in table.named():
        if said["Transaksjons-ID"]:
            unit = said["Vippsnummer"]
            rows.append(_SHEET.row(said))
        elif said["Oppgjørs-ID"]:
            if not said["Salgsdato"].startswith("Til utbetaling"):
                raise Unreadable("payouts_broken")
            net, day = ore_of(said["Oppgjørssum"]), day_of(said["Oppgjørsdato"])
            yield replace(_payout(unit, said["Oppgjørs-ID"], "", net, day, "NOK"), rows=rows)
            rows = []
    if rows:
        raise Unreadable("payouts_cut_off")
