"""Reports as files: which provider's one is, by its own head, and its payouts as they are read.

Nothing of a file is believed: a zip holds one file, of a size that has an end; text may be UTF-8,
UTF-16 or Windows-1252; a row that is cut off, or no row, refuses the file as a whole.
"""

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import IO, Any

from woo2po.payouts import klarna, nexi, paypal, stripe, svea, vipps
from woo2po.payouts.payout import Payout, Tails, Unreadable

LARGEST = 2**29  # bytes unpacked: half a million rows are a fifth of it
LARGEST_JSON = 2**27
_HEAD_LINES = 15
_OOXML = "[Content_Types].xml"
PROVIDERS = ("vipps", "klarna", "nexi", "stripe", "woopayments", "paypal", "svea")


@dataclass(frozen=True, slots=True)
class Report:
    """A report: where it is, and how its payouts are read; JSON is read with its like."""

    path: str
    provider: str
    payouts: Callable[[Tails], Iterator[Payout]] | None
    document: Any = None
    label: str = ""  # the provider that it is booked as, where it was told


def read(reports: Sequence[Report]) -> Iterator[Payout]:
    """Yield the payouts of reports, in their parts. Raises Unreadable, with the file's name."""
    tails: dict[str, Tails] = {}
    for report in reports:
        if report.payouts is not None:
            own = tails.setdefault(report.provider, {})
            yield from _parts(report, partial(report.payouts, own))
    for provider in PROVIDERS:
        like = [one for one in reports if one.provider == provider and one.document is not None]
        if like:
            documents = partial(_documents, provider, like, tails.setdefault(provider, {}))
            yield from _parts(like[0], documents)


def _parts(report: Report, payouts: Callable[[], Iterator[Payout]]) -> Iterator[Payout]:
    try:
        for payout in payouts():
            labelled = replace(payout, provider=report.label) if report.label else payout
            yield from labelled.parts()
    except Unreadable as error:
        error.facts.setdefault("file", report.path)
        raise
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, csv.Error):
        raise Unreadable("payouts_broken", file=report.path) from None


def _documents(provider: str, reports: Sequence[Report], tails: Tails) -> Iterator[Payout]:
    documents = [one.document for one in reports]
    if provider == "vipps":
        return vipps.api(documents, tails)
    if provider == "svea":
        return chain.from_iterable(svea.api(one.document, one.path) for one in reports)
    apis = {"klarna": klarna.api, "nexi": nexi.api, "stripe": stripe.api}
    return apis.get(provider, stripe.woopayments)(documents)


# -- which one it is -------------------------------------------------------------------------------


def report_in(path: Path, provider: str = "") -> Report:
    """Return the report in a file; `provider` overrules what its head says, as far as it can.

    WooPayments' are Stripe's; any other format is one provider's alone. Raises Unreadable.
    """
    name = path.name
    try:
        found = _recognised(path)
    except Unreadable as error:
        error.facts.setdefault("file", name)
        raise
    except OSError as error:
        raise Unreadable("payouts_no_file", file=name, why=error.strerror or "") from None
    except (LookupError, TypeError, ValueError, AttributeError, csv.Error, zipfile.BadZipFile,
            RuntimeError, EOFError):  # fmt: skip
        raise Unreadable("payouts_broken", file=name) from None
    if {provider, found.provider} == {"stripe", "woopayments"}:
        return replace(found, label=provider)
    if provider and found.provider != provider:
        raise Unreadable("payouts_other_provider", file=name, provider=found.provider)
    return found


def _recognised(path: Path) -> Report:
    with _opened(path) as file:
        start = file.read(2**12)
    if not start.strip():
        raise Unreadable("payouts_empty")
    if start[:4] == b"PK\x03\x04":
        raise Unreadable("payouts_xlsx")
    if start[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise Unreadable("payouts_xlsx")
    said = start.lstrip(b"\xef\xbb\xbf \r\n\t")
    if said[:1] == b"<":
        return _xml(path, said)
    if said[:1] in {b"{", b"["}:
        return _json(path)
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


def _xml(path: Path, start: bytes) -> Report:
    if b"vipps.no/xmlschema/SettlementReport-3.0" in start:
        return Report(path.name, "vipps", lambda _: _from_xml(path))
    if b"SettlementReference" in start:
        raise Unreadable("payouts_not_seen", provider="Dintero")
    raise Unreadable("payouts_unknown")


def _from_xml(path: Path) -> Iterator[Payout]:
    with _opened(path) as file:
        yield from vipps.xml(file)


def _json(path: Path) -> Report:
    with _opened(path) as file:
        text = file.read(LARGEST_JSON + 1)
    if len(text) > LARGEST_JSON:
        raise Unreadable("payouts_too_large")
    try:
        document = json.loads(text.decode("utf-8-sig"), parse_float=Decimal)
    except (ValueError, RecursionError):
        raise Unreadable("payouts_cut_off") from None
    return Report(path.name, provider_of(document), None, document)


def provider_of(document: Any) -> str:
    """Return whose interface answers so. Raises Unreadable."""
    rows = document if isinstance(document, list) else [document]
    one = next(iter(rows), None)
    if not isinstance(one, Mapping):
        raise Unreadable("payouts_unknown")
    if "clientReports" in one:
        return "svea"
    if "deposit_id" in one or {"bankAccount", "automatic", "type"} <= one.keys():
        return "woopayments"
    listed = one.get("payouts") or one.get("transactions") or rows
    first = listed[0] if isinstance(listed, list) and listed else {}
    if "payment_reference" in first:
        return "klarna"
    if {"id", "reference", "chargedAmount"} <= first.keys():
        return "nexi"
    pages = [one, *(page for page in islice(one.values(), 1) if isinstance(page, Mapping))]
    if any(isinstance(page.get("items"), list) for page in pages):
        return "vipps"
    if any(isinstance(page.get("data"), list) for page in pages):
        return "stripe"
    raise Unreadable("payouts_unknown")


# -- CSV -------------------------------------------------------------------------------------------


def _csv(path: Path) -> Report:
    encoding = _encoding(path)
    with _text(path, encoding) as file:
        lines = [*islice(file, _HEAD_LINES)]
    separator = max(",;\t", key=max(lines, key=len).count)
    for place, cells in enumerate(csv.reader(lines, delimiter=separator)):
        names = {cell.strip() for cell in cells}
        make = _format(names, cells)
        if make is not None:
            provider, parse = make
            rows = _Rows(path, encoding, separator, place)
            return Report(path.name, provider, partial(parse, rows))
    raise Unreadable("payouts_unknown")


Parse = Callable[["_Rows", Tails], Iterator[Payout]]


def _format(names: set[str], cells: Sequence[str]) -> tuple[str, Parse] | None:
    """Return provider and parser of a CSV by the cells of its head, or None for another line."""
    if {vipps.HEADS.get(name) for name in names} >= vipps.NEEDED:
        return "vipps", lambda rows, tails: vipps.portal(rows.named(vipps.HEADS), tails)
    if names >= vipps.SHEET:
        return "vipps", lambda rows, _: vipps.sheet(rows.named())
    if names >= stripe.NEEDED:
        return "stripe", lambda rows, _: stripe.csv(rows.named())
    if names >= paypal.ACTIVITY:
        return "paypal", lambda rows, tails: paypal.activity(rows.named(), tails)
    if {"payment_reference", "payout_date", "settlement_currency"} <= names:
        return "klarna", lambda rows, _: klarna.csv(rows.cells())
    if cells[:1] == ["RH"]:
        return "paypal", lambda rows, tails: paypal.settlement(rows.cells(), tails)
    if {"SettlementInfo", "SettlementID", "Gross"} <= names:
        raise Unreadable("payouts_doctored")
    for known, provider in (("PAYMENT FEE", "Nexi"), ("Order ID", "Nexi")):
        if known in names and "Payment ID" in names:
            raise Unreadable("payouts_not_seen", provider=provider)
    return None


def _encoding(path: Path) -> str:
    with _opened(path) as file:
        start = file.read(4)
        if start[:2] in {b"\xff\xfe", b"\xfe\xff"}:
            return "utf-16"
    with suppress(UnicodeDecodeError), _text(path, "utf-8-sig") as text:
        while text.read(2**18):
            pass
        return "utf-8-sig"
    return "cp1252"


def _text(path: Path, encoding: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(_opened(path), encoding, newline="")


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows of a CSV, read anew each time; `place` is the line of its head."""

    path: Path
    encoding: str
    separator: str
    place: int

    def cells(self) -> Iterator[list[str]]:
        """Yield the cells of each line from the head on."""
        with _text(self.path, self.encoding) as file:
            lines = csv.reader(file, delimiter=self.separator, strict=True)
            for cells in islice(lines, self.place, None):
                yield [cell.strip() for cell in cells]

    def named(self, names: Mapping[str, str] | None = None) -> Iterator[dict[str, str]]:
        """Yield each row by the names of its head, or by our names for them."""
        lines = self.cells()
        head = [names.get(name, name) if names else name for name in next(lines)]
        for cells in lines:
            if not any(cells):
                continue
            if len(cells) != len(head):
                raise Unreadable("payouts_cut_off")
            yield dict(zip(head, cells, strict=True))


@dataclass(slots=True)
class Survey:
    """Reports in the order of their days, and the days that they tell."""

    reports: list[Report]
    first: date
    last: date
    since: dict[str, date]  # by provider


def surveyed(reports: Sequence[Report]) -> Survey | None:
    """Read reports to their end, once, for their days; None without a payout. Raises Unreadable."""
    found: list[tuple[date, int, Report]] = []
    survey = Survey([], date.max, date.min, {})
    documents = [one for one in reports if one.document is not None]
    for place, part in enumerate([*([one] for one in reports if one.payouts), documents]):
        begun = date.max
        for payout in read(part):
            days = [*payout.days, *filter(None, [payout.day])]
            first = min(days, default=date.max)
            begun = min(begun, first)
            survey.since[payout.provider] = min(survey.since.get(payout.provider, first), first)
            survey.last = max([survey.last, *days])
        survey.first = min(survey.first, begun)
        found += [(begun, place, report) for report in part]
    survey.reports = [report for _, _, report in sorted(found, key=lambda one: one[:2])]
    return survey if survey.since else None
