"""Vipps MobilePay: the portal's CSV (both languages), XML 3.0, Report API v2, the older sheets.

A payout is known by sales unit and payout number: each of the formats has both. All but XML and the
sheets are running accounts, cut at their payout rows.
"""

import re
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import chain, islice, pairwise
from operator import attrgetter
from typing import IO, Any
from xml.etree.ElementTree import Element, iterparse

from woo2po.payouts.columns import ROWS, Columns, Csv, Unreadable, bank_day, day_of, listed, ore_of
from woo2po.payouts.payout import BY_ITSELF, AccountRow, Kind, Payout, ReportRow, fault

ON_THE_BANK = 2  # bank days after the captures: report on the first, money on the second
_PORTAL, _API = ROWS["vipps-portal"], ROWS["vipps-api"]
_XML, _SHEET = ROWS["vipps-xml"], ROWS["vipps-sheet"]
_TEXT = re.compile(r"Utb\. (\d+) ")
_LOOKED_AT = 50  # rows that tell in which direction a file goes


def _payout(unit: str, number: str, ledger: str, net: int, day: date, currency: str) -> Payout:
    return Payout(
        "vipps", f"{unit}-{number}", f"{ledger or unit}-{number}", net, bank_day(day, ON_THE_BANK),
        currency, f"Utb. {number} Vippsnr {unit}", unit, ledger,
    )  # fmt: skip


def _entry(
    columns: Columns, said: Mapping[str, Any], account: str, unit: str, balance: int
) -> AccountRow:
    rows = columns.rows(said)
    row, entry = rows[0], AccountRow(account, rows, balance)
    if row.kind in {Kind.PAYOUT, *BY_ITSELF}:
        ledger, _, number = row.ref.rpartition("-")
        on_the_bank = _TEXT.match(str(said.get("order") or ""))
        number = said.get("number") or number or (on_the_bank[1] if on_the_bank else "")
        day = day_of(said[columns.day])
        payout = _payout(unit, number, ledger or account, -row.amount, day, row.currency)
        payout.day = day_of(said["planned"]) if said.get("planned") else payout.day
        payout.bank_reference = said.get("order") or payout.bank_reference
        payout.faults = () if unit else (fault("payout_unit_unknown", ledger=payout.ledger),)
        entry.payout = payout
        if row.kind in BY_ITSELF and row.ref:  # one may be given back, paid, and given back again
            row.ref += f" {row.day}"
    return entry


def portal(table: Csv) -> Iterator[AccountRow]:
    """Yield the entries of the portal's report, the oldest first."""
    read = map(_of_portal, _PORTAL.table(table))
    first = [*islice(read, _LOOKED_AT)]
    onwards = 0
    for one, other in pairwise(sorted(first, key=attrgetter("unit"))):
        onwards += (one.balance or 0) + other.amount == other.balance
        onwards -= (other.balance or 0) + one.amount == one.balance
    entries = chain(first, read)
    return _turned(entries) if onwards < 0 else entries


def _turned(entries: Iterable[AccountRow]) -> Iterator[AccountRow]:
    """Yield entries that stand newest first payout by payout, each from its first entry on."""
    since = defaultdict[str, deque[AccountRow]](deque)
    for entry in entries:
        own, entry.begins = since[entry.unit], True
        if entry.payout is not None:
            yield from own
            own.clear()
        elif own:
            own[0].begins = False
        own.appendleft(entry)
    yield from chain(*since.values())


def _of_portal(said: Mapping[str, str]) -> AccountRow:
    entry = _entry(_PORTAL, said, said["unit"], said["unit"], ore_of(said["balance"]))
    row = entry.rows[0]
    of_order = said["order"] and not _TEXT.match(said["order"]) and "-" not in row.ref
    if row.kind is Kind.UNKNOWN and row.amount < 0 and of_order:
        row.kind = Kind.REFUND  # no label was seen; money that goes back names its order
    return entry


def api(documents: Sequence[Any]) -> Iterator[AccountRow]:
    """Yield the entries in answers of the Report API: lists of ledgers, and days of funds."""
    answers = [*listed(documents)]
    served = {
        str(item["ledgerId"]): {_unit(handle) for handle in item["settlesForRecipientHandles"]}
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
            entry = _entry(_API, item, ledger, unit, after)
            if entry.rows[0].kind is Kind.REFUND:
                entry.rows[0].amount = after - before  # an older description has it without sign
            entry.begins = place == 0
            yield entry


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


def xml(file: IO[bytes]) -> Iterator[Payout]:
    """Yield the payouts of an XML report as it is read."""
    unit, rows = "", list[ReportRow]()
    for _, element in iterparse(file):  # noqa: S314 (its own entities are refused before)
        said = {_name(part): (part.text or "").strip() for part in element}
        if _name(element) == "SerialNumber":
            unit = (element.text or "").strip()
        elif _name(element) == "TransactionInfo":
            sign = "-" if ore_of(said[_XML.amount]) < 0 else "+"
            rows += _XML.rows({**said, "sign": sign})
            element.clear()
        elif _name(element) == "SettlementInfo" and said:
            number, currency = said["SettlementID"], said["SettlementCurrencyCode"].upper()
            day, net = day_of(said["SettlementDate"]), ore_of(said["SettledAmount"])
            if said["SettlementType"].lower() != "net":  # the fees come as an invoice
                rows = [row for row in rows if row.kind is not Kind.FEE]
            yield replace(_payout(unit, number, "", net, day, currency), rows=rows)
            rows = []


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def sheet(table: Csv) -> Iterator[Payout]:
    """Yield the payouts of a sheet of 2018 to 2021: each ends with a row of its own."""
    rows: list[ReportRow] = []
    unit = ""
    for said in _SHEET.table(table):
        if said["Transaksjons-ID"]:
            unit = said["Vippsnummer"]
            rows += _SHEET.rows(said)
        elif said["Oppgjørs-ID"]:
            if not said["Salgsdato"].startswith("Til utbetaling"):
                raise Unreadable("payouts_broken")
            net, day = ore_of(said["Oppgjørssum"]), day_of(said["Oppgjørsdato"])
            yield replace(_payout(unit, said["Oppgjørs-ID"], "", net, day, "NOK"), rows=rows)
            rows = []
    if rows:
        raise Unreadable("payouts_cut_off")
