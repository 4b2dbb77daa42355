"""What stands in a report: amounts, days, and in which columns or fields a row has what."""

import re
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from itertools import chain
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from woo2po.holds import InTheWay
from woo2po.payouts.payout import BELOW, Kind, Payout, ReportRow, fault

OSLO = ZoneInfo("Europe/Oslo")  # where the providers' days begin, whatever the shop's zone
SATURDAY = 5
_PLAIN = re.compile(r"-?\d{1,11}\.\d\d")  # as most amounts stand there
_THOUSANDS = re.compile(r"-?\d{1,3}[.,]\d{3}")  # or three decimals: nobody writes those
_BEYOND = 10**13  # øre: no shop has that much in one row
_SECONDS = 10**11  # since 1970: a larger number is of thousandths
ON_THE_WAY, _FAILED = {"pending", "in_transit"}, {"failed", "canceled"}  # to the bank
_MORE = ("has_more", "hasMore", "tryLater")  # an answer is not all there is
Csv = Callable[[], Iterator[list[str]]]  # of a CSV from its head on, as cells; read anew each time
FORMATS: dict[str, Any] = tomllib.loads(Path(__file__).with_name("formats.toml").read_text("utf-8"))


class Unreadable(InTheWay):
    """A report that cannot be read, whole."""


def ore_of(text: str | float | Decimal | None) -> int:
    """Return an amount in kroner as øre; "" is 0. Raises Unreadable for what is no amount."""
    if isinstance(text, str) and _PLAIN.fullmatch(text):
        return int(text.replace(".", ""))
    said = re.sub(r"[\s\u00a0\u202f']", "", str(text or "")).replace("\u2212", "-")
    if isinstance(text, str) and _THOUSANDS.fullmatch(said):
        raise Unreadable("payouts_no_amount", cell=said[:20])
    if "," in said and "." in said:  # the last one is the decimals'
        said = said.replace("," if said.rindex(".") > said.rindex(",") else ".", "")
    try:
        amount = Decimal(said.replace(",", ".") or 0) * 100
        if amount == int(amount) and abs(amount) < _BEYOND:
            return int(amount)
    except (InvalidOperation, OverflowError, ValueError):
        pass
    raise Unreadable("payouts_no_amount", cell=said[:20])


@lru_cache(4096)
def day_of(said: str | int) -> date:
    """Return the Norwegian day of a moment or date; a time without its zone is local.

    A number is seconds since 1970, or thousandths of them. Raises Unreadable.
    """
    try:
        if isinstance(said, int):
            moment = datetime.fromtimestamp(said / 1000 if said > _SECONDS else said, UTC)
        else:
            moment = datetime.fromisoformat(re.sub(r"^(\d\d)\.(\d\d)\.(\d{4})$", r"\3-\2-\1", said))
    except (OverflowError, OSError, TypeError, ValueError):
        raise Unreadable("payouts_no_day", cell=str(said)[:20] or "?") from None
    return (moment.astimezone(OSLO) if moment.tzinfo else moment).date()


def bank_day(day: date, later: int) -> date:
    """Return the day so many bank days later; holidays are not known here."""
    while later:
        day += timedelta(days=1)
        later -= day.weekday() < SATURDAY
    return day


class Columns(SimpleNamespace):
    """How a format has its rows, and the heads of payouts: its table in formats.toml."""

    def payout(self, said: Mapping[str, Any], **more: Any) -> Payout:
        """Return the payout that a head tells of. Raises Unreadable, KeyError for no column."""
        key, net = str(said[self.key]), self.money(said[self.net]) if self.net else 0
        day = bank_day(day_of(said[self.at]), self.later) if said.get(self.at) else None
        names = self.bank, self.unit, "status"
        bank, unit, status = (str(said.get(name) or "") for name in names)
        payout = Payout("", key, key, net, day, str(said[self.paid_in]).upper(), bank, unit)
        payout.faults = (fault("payout_failed", status=status),) if status in _FAILED else ()
        return replace(payout, **more)

    def settlements(self, documents: Iterable[Any]) -> list[tuple[dict[str, Any], list[Any]]]:
        """Return what heads say of each payout that is no longer on its way, and its rows.

        Raises Unreadable for rows alone.
        """
        heads = defaultdict[str, dict[str, Any]](dict)
        rows = defaultdict[str, list[Any]](list)
        for one in chain(*listed(documents)):
            if self.of in one and self.type in one:
                rows[str(one[self.of] or "")].append(one)
            else:
                heads[one[self.key]] |= one
        rows.pop("", None)  # not paid out yet
        if rows.keys() - heads.keys():
            raise Unreadable("payouts_without_heads")
        left = heads.items()
        return [(said, rows[key]) for key, said in left if said.get("status") not in ON_THE_WAY]

    def table(self, read: Csv) -> Iterator[dict[str, str]]:
        """Yield rows by the names of their head, or ours. Raises Unreadable for a cut one."""
        rows = read()
        head = [cell.strip() for cell in next(rows)]
        known = self.names or {name: name for name in head}
        places = [(known[name], place) for place, name in enumerate(head) if name in known]
        for cells in rows:
            if len(cells) == len(head):
                yield {name: cells[place].strip() for name, place in places}
            elif any(cells):
                raise Unreadable("payouts_cut_off")

    def money(self, value: Any) -> int:
        """Return an amount in øre, in which JSON may have it; none is 0. Raises Unreadable."""
        if not self.in_ore or value is None:
            return ore_of(value)
        if isinstance(value, bool) or not isinstance(value, int | Decimal) or value != int(value):
            raise Unreadable("payouts_no_amount", cell=str(value)[:20])
        return int(value)

    def rows(self, said: Mapping[str, Any]) -> list[ReportRow]:
        """Return a row of a report, and its fee's. Raises Unreadable, KeyError for no column."""
        told, amount = str(said[self.type]), self.money(said[self.amount])
        kind = self.kinds.get(told, Kind.UNKNOWN)
        ref = " ".join([str(said[name]) for name in self.ref if said.get(name)])
        ids = tuple([str(said.get(name) or "") for name in self.ids])
        at, number = said.get(self.day), str(said.get(self.number) or "")
        day = day_of(at) if at else None  # what is held back belongs to no capture
        if self.unsigned and kind is not Kind.CORRECTION:
            amount = -abs(amount) if kind in BELOW else abs(amount)
        currency = str(said.get(self.currency) or "").upper()
        rows = [ReportRow(kind, amount, ref, ids, number, day, told, currency)]
        for cost, name in ((Kind.FEE, self.fee), (Kind.FEE_VAT, self.vat)):
            taken = self.money(said[name]) if name else 0
            if taken:
                taken = taken if self.fees_below else -taken
                rows.append(ReportRow(cost, taken, ref, day=day, told=told))
        return rows


def _columns(said: Mapping[str, Any]) -> Columns:
    kinds, own = said["kinds"], FORMATS["absent"] | said["row"] | said.get("head", {})
    kinds = FORMATS["rows"][kinds]["kinds"] if isinstance(kinds, str) else kinds
    by_word = {word: Kind(kind) for word, kind in kinds.items()}
    return Columns(kinds=by_word, names=said.get("names", {}), **own)


ROWS = {name: _columns(said) for name, said in FORMATS["rows"].items()}


def listed(documents: Iterable[Any]) -> Iterator[list[Any]]:
    """Yield the lists in answers, which may stand by day or payout, or are one thing alone.

    Raises Unreadable where there is more.
    """
    for document in documents:
        if isinstance(document, list):
            yield document
            continue
        if any(document.get(name) for name in _MORE):
            raise Unreadable("payouts_not_all")
        inside = [document[name] for name in FORMATS["lists"] if name in document]
        if inside or not all(isinstance(one, Mapping) for one in document.values()):
            yield inside[0] if inside else [document]
        else:
            yield from listed(document[name] for name in sorted(document))
