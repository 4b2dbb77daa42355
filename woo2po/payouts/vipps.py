"""Vipps MobilePay: the portal's CSV (both languages), XML 3.0, Report API v2, the older sheets.

A payout is known by sales unit and payout number: each of the formats has both. All but XML and the
sheets are running accounts, cut at their payout rows.
"""

import re
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import chain, islice, pairwise
from operator import attrgetter
from typing import IO, Any
from xml.etree.ElementTree import iterparse

from woo2po.payouts.columns import ROWS, Columns, Csv, Unreadable, bank_day, day_of, listed, ore_of
from woo2po.payouts.payout import BY_ITSELF, Kind, Payout, ReportRow, fault

ON_THE_BANK = 2  # bank days after the captures: report on the first, money on the second
_PORTAL, _API = ROWS["vipps-portal"], ROWS["vipps-api"]
_XML, _SHEET = ROWS["vipps-xml"], ROWS["vipps-sheet"]
_TEXT = re.compile(r"Utb\. (\d+) ")
_LOOKED_AT = 50  # rows that tell in which direction a file goes


def _payout(
    unit: str, number: str, net: int, day: date, currency: str = "NOK", ledger: str = ""
) -> Payout:
    key, id_ = f"{unit}-{number}", f"{ledger or unit}-{number}"
    on_the_bank, text = bank_day(day, ON_THE_BANK), f"Utb. {number} Vippsnr {unit}"
    return Payout("vipps", key, id_, net, on_the_bank, currency, text, unit, ledger)


def _entry(
    columns: Columns, said: Mapping[str, Any], account: str, unit: str, balance: int
) -> ReportRow:
    (row,) = columns.rows(said)
    row.account, row.balance = account, balance
    if row.kind in {Kind.PAYOUT, *BY_ITSELF}:
        ledger, _, number = row.ref.rpartition("-")
        text = _TEXT.match(str(said.get("order") or ""))
        number, day = said.get("number") or number or (text[1] if text else ""), said[columns.day]
        paid = _payout(unit, number, -row.amount, day_of(day), row.currency, ledger or account)
        paid.day = day_of(said["planned"]) if said.get("planned") else paid.day
        paid.bank_reference = said.get("order") or paid.bank_reference
        paid.faults = () if unit else (fault("payout_unit_unknown", ledger=paid.ledger),)
        row.payout = paid
        if row.kind in BY_ITSELF and row.ref:  # one may be given back, paid, and given back again
            row.ref += f" {row.day}"
    return row


def portal(table: Csv) -> Iterator[ReportRow]:
    """Yield the entries of the portal's report, the oldest first."""
    read = map(_of_portal, _PORTAL.table(table))
    first = [*islice(read, _LOOKED_AT)]
    onwards = 0
    for one, other in pairwise(sorted(first, key=attrgetter("account"))):
        onwards += (one.balance or 0) + other.amount == other.balance
        onwards -= (other.balance or 0) + one.amount == one.balance
    entries = chain(first, read)
    return _turned(entries) if onwards < 0 else entries


def _turned(entries: Iterable[ReportRow]) -> Iterator[ReportRow]:
    """Yield entries that stand newest first payout by payout, each from its first entry on."""
    since = defaultdict[str, deque[ReportRow]](deque)
    for entry in entries:
        own, entry.begins = since[entry.account], True
        if entry.payout is not None:
            yield from own
            own.clear()
        elif own:
            own[0].begins = False
        own.appendleft(entry)
    yield from chain(*since.values())


def _of_portal(said: Mapping[str, str]) -> ReportRow:
    row = _entry(_PORTAL, said, said["unit"], said["unit"], ore_of(said["balance"]))
    of_order = said["order"] and not _TEXT.match(said["order"]) and "-" not in row.ref
    if row.kind is Kind.UNKNOWN and row.amount < 0 and of_order:
        row.kind = Kind.REFUND  # no label was seen; money that goes back names its order
    return row


def api(documents: Sequence[Any]) -> Iterator[ReportRow]:
    """Yield the entries in answers of the Report API: lists of ledgers, and days of funds."""
    answers = [*listed(documents)]
    served = {
        str(item["ledgerId"]): {*map(_unit, item["settlesForRecipientHandles"])}
        for item in chain(*answers)
        if "settlesForRecipientHandles" in item
    }
    of_days = (items for items in answers if items and "entryType" in items[0])
    # The topic of fees may be among them: an account beside it, where what is retained comes in.
    funds = [items for items in of_days if not _of_fees(items)]
    all_ledgers = {*served}.union(*map(_ledgers, funds))
    for items in sorted(funds, key=lambda items: str(items[0]["ledgerDate"])):
        units = {_unit(item.get("recipientHandle")) for item in items} - {""}
        # A day of refunds alone names its ledger nowhere.
        of_units = {ledger for ledger, handles in served.items() if handles & units}
        known = (one for one in (_ledgers(items), of_units, all_ledgers) if len(one) == 1)
        (ledger,) = next(known, {""})
        # Of a ledger that several sales units share, no report tells which one pays out.
        units = served.get(ledger) or units
        (unit,) = units if len(units) == 1 else {""}
        for place, item in enumerate(items):
            before, after = (_API.money(item[f"balance{when}"]) for when in ("Before", "After"))
            row = _entry(_API, item, ledger, unit, after)
            if row.kind is Kind.REFUND:
                row.amount = after - before  # an older description has it without sign
            row.begins = place == 0
            yield row


def _of_fees(items: Sequence[Mapping[str, Any]]) -> bool:
    if any(item["entryType"] == "capture-fee" for item in items):
        return True
    return all(item["entryType"] == "fees-retained" and item["amount"] > 0 for item in items)


def _ledgers(items: Sequence[Mapping[str, Any]]) -> set[str]:
    paid = {Kind.PAYOUT, Kind.FEE}
    own = (item for item in items if _API.kinds.get(item["entryType"]) in paid)
    return {str(item["pspReference"]).rpartition("-")[0] for item in own}


def _unit(handle: object) -> str:
    return str(handle or "").removeprefix("api:")


def xml(opened: Callable[[], IO[bytes]]) -> Iterator[Payout]:
    """Yield the payouts of an XML report as it is read."""
    unit, rows = "", list[ReportRow]()
    with opened() as file:
        for _, element in iterparse(file):  # noqa: S314 (its own entities are refused before)
            name, *names = (one.tag.rpartition("}")[2] for one in (element, *element))
            said = dict(zip(names, ((one.text or "").strip() for one in element), strict=True))
            if name == "SerialNumber":
                unit = (element.text or "").strip()
            elif name == "TransactionInfo":
                sign = "-" if ore_of(said[_XML.amount]) < 0 else "+"
                rows += _XML.rows({**said, "sign": sign})
                element.clear()
            elif name == "SettlementInfo" and said:
                if said["SettlementType"].lower() != "net":  # the fees come as an invoice
                    rows = [row for row in rows if row.kind is not Kind.FEE]
                number, currency = said["SettlementID"], said["SettlementCurrencyCode"].upper()
                net, day = ore_of(said["SettledAmount"]), day_of(said["SettlementDate"])
                yield replace(_payout(unit, number, net, day, currency), rows=rows)
                rows = []


def sheet(table: Csv) -> Iterator[Payout]:
    """Yield the payouts of a sheet of 2018 to 2021: each ends with a row of its own."""
    unit, rows = "", list[ReportRow]()
    for said in _SHEET.table(table):
        if said["Transaksjons-ID"]:
            unit = said["Vippsnummer"]
            rows += _SHEET.rows(said)
        elif said["Oppgjørs-ID"]:
            if not said["Salgsdato"].startswith("Til utbetaling"):
                raise Unreadable("payouts_broken")
            net, day = ore_of(said["Oppgjørssum"]), day_of(said["Oppgjørsdato"])
            yield replace(_payout(unit, said["Oppgjørs-ID"], net, day), rows=rows)
            rows = []
    if rows:
        raise Unreadable("payouts_cut_off")
