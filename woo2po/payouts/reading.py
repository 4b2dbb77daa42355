"""Reports as files: which provider's one is, by its own head, and its payouts as they are read.

Nothing of a file is believed: a zip holds one file, of a size that has an end; text may be UTF-8,
UTF-16 or Windows-1252; a row that is cut off, or no row, refuses the file as a whole.
"""

import codecs
import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import partial
from itertools import islice
from pathlib import Path
from typing import IO, Any

from woo2po.config.sections import PROVIDERS
from woo2po.holds import Hold
from woo2po.payouts import cards, klarna, vipps
from woo2po.payouts.columns import FORMATS, ROWS, Csv, Unreadable
from woo2po.payouts.payout import Payout, ReportRow, cut

LARGEST = 2**29  # bytes unpacked: half a million rows are a fifth of it
LARGEST_JSON = 2**27
_HEAD_LINES = 15
_OOXML = "[Content_Types].xml"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WRONG = (ArithmeticError, AttributeError, EOFError, LookupError, RuntimeError, SyntaxError,
          TypeError, ValueError, csv.Error, zipfile.BadZipFile)  # fmt: skip
_Read = Iterable[ReportRow | Payout]
# What reads a format of a CSV, or why nothing does.
_CSV: Mapping[str, Callable[[Csv], _Read] | str] = {
    "vipps-portal": vipps.portal, "vipps-sheet": vipps.sheet, "stripe-csv": cards.stripe_csv,
    "paypal-activity": cards.paypal_activity, "klarna-csv": klarna.csv,
    "paypal-settlement": cards.paypal_settlement, "vipps-doctored": "payouts_doctored",
    "nexi-file": "payouts_not_seen",
}  # fmt: skip
_UNSUMMED = {"stripe-csv"}  # that rows are missing, no sum in it tells
_RENAMED = ROWS["vipps-portal"].names
_APIS: Mapping[str, Callable[[Sequence[Any]], _Read]] = {
    "vipps": vipps.api, "klarna": klarna.api, "nexi": cards.nexi, "stripe": cards.stripe,
    "woopayments": cards.woopayments, "svea": klarna.svea,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Report:
    """A report, or answers of an interface that belong together: where, whose, how it is read."""

    path: str
    provider: str
    read: Callable[[], _Read]


def answered(path: str, provider: str, documents: Sequence[Any]) -> Report:
    """Return answers of a provider's interface as a report."""
    return Report(path, provider, partial(_APIS[provider], documents))


def read(reports: Sequence[Report], notes: list[Hold] | None = None) -> Iterator[Payout]:
    """Yield the payouts, the earliest report's first. Raises Unreadable, with its name.

    `notes` get what stands in no payout and is not known.
    """

    def entries(report: Report) -> Iterator[ReportRow | Payout]:
        with blamed(report.path):
            yield from report.read()

    def begins(report: Report) -> date:
        days = (one.first if isinstance(one, Payout) else one.day for one in entries(report))
        return next(days, None) or date.max

    ordered = sorted(reports, key=begins) if len(reports) > 1 else reports
    return cut(((one.provider, entries(one)) for one in ordered), [] if notes is None else notes)


@contextmanager
def blamed(file: str) -> Iterator[None]:
    """Let an error tell in which file it is."""
    try:
        yield
    except Unreadable as error:
        error.facts.setdefault("file", file)
        raise
    except OSError as error:
        raise Unreadable("payouts_no_file", file=file, why=error.strerror or "") from None
    except _WRONG:
        raise Unreadable("payouts_broken", file=file) from None


def reports_in(paths: Sequence[Path], provider: str = "") -> list[Report]:
    """Return the reports in files.

    `provider` overrules what a head says, as far as it can: WooPayments' are Stripe's; any other
    format is one provider's alone. Raises Unreadable.
    """
    found = list[Report]()
    documents: dict[str, tuple[str, list[Any]]] = {}
    for path in paths:
        with blamed(path.name or str(path)):
            report = _recognised(path)
            if isinstance(report, Report):
                found.append(report)
                continue
            owner = _owner(report)
            if owner == "svea":  # a day's own is in its name
                report["file"] = path.name
            _, known = documents.setdefault(owner, (path.name, []))
            known += [] if report in known else [report]
    found += [answered(name, owner, known) for owner, (name, known) in documents.items()]
    for one in found:
        pair = {provider or one.provider, one.provider}
        if len(pair) > 1 and pair != {"stripe", "woopayments"}:
            raise Unreadable("payouts_other_provider", file=one.path, provider=one.provider)
    return [replace(one, provider=provider or one.provider) for one in found]


def _owner(document: Any) -> str:
    names = _names(document)
    for owner, known in FORMATS["json"].items():
        if any(names.issuperset(needed) for needed in known):
            return str(owner)
    raise Unreadable("payouts_unknown")


def _names(value: Any, depth: int = 2) -> set[str]:
    """Return the names in a document, in the first of its list or of its parts."""
    if isinstance(value, list):
        return _names(value[0], depth) if value else set()
    if not isinstance(value, Mapping) or not depth:
        return set()
    return {*value}.union(*(_names(one, depth - 1) for one in value.values()))


# -- files -----------------------------------------------------------------------------------------


def _recognised(path: Path) -> Any:
    """Return the report in a file, or the answer in one of JSON."""
    with _opened(path) as file:
        start = file.read(2**12)
        said = start.lstrip(b"\xef\xbb\xbf \r\n\t")
        if not said:
            raise Unreadable("payouts_empty")
        if start.startswith((b"PK\x03\x04", _OLD_EXCEL)):
            raise Unreadable("payouts_xlsx")
        if said[:1] in {b"{", b"["}:
            text = start + file.read(LARGEST_JSON)
            if len(text) > LARGEST_JSON:
                raise Unreadable("payouts_too_large")
            try:
                return json.loads(text.decode("utf-8-sig"), parse_float=Decimal)
            except (ValueError, RecursionError):
                raise Unreadable("payouts_cut_off") from None
    if b"<!DOCTYPE" in said:
        raise Unreadable("payouts_broken")  # it defines words of its own
    if b"vipps.no/xmlschema/SettlementReport-3.0" in said:
        return Report(path.name, "vipps", partial(vipps.xml, partial(_opened, path)))
    if said[:1] == b"<":
        dintero = b"SettlementReference" in said
        raise Unreadable("payouts_not_seen" if dintero else "payouts_unknown", provider="Dintero")
    return _csv(path)


def _opened(path: Path) -> IO[bytes]:
    """Open a file, or the only one in a zip."""
    if not zipfile.is_zipfile(path):
        return path.open("rb")
    archive = zipfile.ZipFile(path)
    inside = [one for one in archive.infolist() if not one.is_dir()]
    if any(one.filename == _OOXML for one in inside):
        raise Unreadable("payouts_xlsx")
    if len(inside) != 1:
        raise Unreadable("payouts_zip", n=str(len(inside)))
    if inside[0].file_size > LARGEST:
        raise Unreadable("payouts_too_large")
    return archive.open(inside[0])


def _csv(path: Path) -> Report:
    with _text(path) as file:
        lines = [*islice(file, _HEAD_LINES)]
    for separator in ",;\t":
        for place, cells in enumerate(csv.reader(lines, delimiter=separator)):
            found = {cell.strip() for cell in cells}
            found |= {word for name, word in _RENAMED.items() if name in found}
            for name, heads in FORMATS["heads"].items():
                if found.issuperset(heads):
                    provider, parse = name.partition("-")[0], _CSV[name]
                    if isinstance(parse, str):
                        raise Unreadable(parse, provider=PROVIDERS[provider])
                    table = partial(_lines, path, separator, place, name in _UNSUMMED)
                    return Report(path.name, provider, partial(parse, table))
    raise Unreadable("payouts_unknown")


def _text(path: Path) -> io.TextIOWrapper:
    with _opened(path) as file:
        start = file.read(2**16)
    try:
        codecs.getincrementaldecoder("utf-8")().decode(start)
        encoding = "utf-8-sig"
    except UnicodeDecodeError:
        encoding = "utf-16" if start[:2] in {b"\xff\xfe", b"\xfe\xff"} else "cp1252"
    return io.TextIOWrapper(_opened(path), encoding, "replace", newline="")


def _lines(path: Path, separator: str, place: int, to_the_end: bool) -> Iterator[list[str]]:
    """Yield the cells of each line from the head on; the last one is whole, if `to_the_end`."""
    with _text(path) as file:
        lines = _whole_lines(file) if to_the_end else file
        yield from islice(csv.reader(lines, delimiter=separator, strict=True), place, None)


def _whole_lines(file: Iterable[str]) -> Iterator[str]:
    line = ""
    for line in file:
        yield line
    if not line.endswith(("\n", "\r")):
        raise Unreadable("payouts_cut_off")
