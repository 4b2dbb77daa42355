"""Reports as files: which provider's one is, by its own head, and its payouts as they are read.

Nothing of a file is believed: a zip holds one file, of a size that has an end; text may be UTF-8,
UTF-16 or Windows-1252; a row that is cut off, or no row, refuses the file as a whole.
"""

import codecs
import csv
import io
import json
import pickle
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import partial
from itertools import islice
from pathlib import Path
from typing import IO, Any

from woo2po.payouts import cards, klarna, vipps
from woo2po.payouts.payout import Csv, Payout, Tails, Unreadable

LARGEST = 2**29  # bytes unpacked: half a million rows are a fifth of it
LARGEST_JSON = 2**27
_HEAD_LINES = 15
_OOXML = "[Content_Types].xml"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WRONG = (ArithmeticError, AttributeError, EOFError, LookupError, RuntimeError, TypeError,
          ValueError, csv.Error, zipfile.BadZipFile)  # fmt: skip
Answer = tuple[str, str, Any]  # what people know it by, the provider, JSON
Parse = Callable[[Csv, Tails], Iterator[Payout]]
# The columns that tell a CSV, whose it is, and what reads it.
_CSV: Sequence[tuple[set[str], str, Parse]] = (
    (vipps.SHEET, "vipps", vipps.sheet),
    (cards.STRIPE, "stripe", cards.stripe_csv),
    (cards.ACTIVITY, "paypal", cards.paypal_activity),
    (klarna.NEEDED, "klarna", klarna.csv),
)
_APIS: Mapping[str, Callable[[Sequence[Any], Tails], Iterator[Payout]]] = {
    "vipps": vipps.api, "klarna": klarna.api, "nexi": cards.nexi, "stripe": cards.stripe,
    "woopayments": cards.woopayments,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Report:
    """A report, or answers of an interface that belong together: where, whose, how it is read.

    `payouts` is given what earlier reports of the provider left over, and can be called again.
    """

    path: str
    provider: str
    payouts: Callable[[Tails], Iterator[Payout]]
    label: str = ""  # the provider that it is booked as, where it was told


@dataclass(slots=True)
class Survey:
    """The payouts of reports that were read to their end, and the first day of each provider."""

    since: dict[str, date] = field(default_factory=dict)
    _kept: list[bytes] = field(default_factory=list)

    def payouts(self) -> Iterator[Payout]:
        """Yield the payouts, the earliest report's first."""
        for packed in self._kept:
            yield pickle.loads(packed)  # noqa: S301 (packed below)

    def take(self, payout: Payout) -> None:
        """Keep a payout, packed: a year's rows take a fifth of the room."""
        first = payout.first
        self.since[payout.provider] = min(self.since.get(payout.provider, first), first)
        self._kept.append(pickle.dumps(payout, pickle.HIGHEST_PROTOCOL))


def read(reports: Sequence[Report]) -> Survey:
    """Read reports to their end, so that one that breaks off is known before anything is booked.

    Of several, each one's first payout is read twice. Raises Unreadable, with the file's name.
    """
    survey, tails = Survey(), defaultdict[str, Tails](dict)
    for report in sorted(reports, key=_begins) if len(reports) > 1 else reports:
        for payout in _parts(report, tails[report.provider]):
            survey.take(payout)
    return survey


def _begins(report: Report) -> date:
    """Return the first day in a report's first payout: an overlapping one comes later."""
    payout = next(_parts(report, {}), None)
    return payout.first if payout else date.max


def _parts(report: Report, tails: Tails) -> Iterator[Payout]:
    try:
        for payout in report.payouts(tails):
            labelled = replace(payout, provider=report.label) if report.label else payout
            yield from labelled.parts()
    except Unreadable as error:
        error.facts.setdefault("file", report.path)
        raise
    except _WRONG:
        raise Unreadable("payouts_broken", file=report.path) from None


def reports_in(
    paths: Sequence[Path], provider: str = "", answers: Iterable[Answer] = ()
) -> list[Report]:
    """Return the reports in files, and in answers of interfaces.

    `provider` overrules what a head says, as far as it can: WooPayments' are Stripe's; any other
    format is one provider's alone. Raises Unreadable.
    """
    found: list[Report] = []
    answers = [*answers]
    for path in paths:
        try:
            report = _recognised(path)
            if not isinstance(report, Report):
                answers.append((path.name, _provider_of(report), report))
                continue
        except Unreadable as error:
            error.facts.setdefault("file", path.name)
            raise
        except OSError as error:
            raise Unreadable("payouts_no_file", file=path.name, why=error.strerror or "") from None
        except _WRONG:
            raise Unreadable("payouts_broken", file=path.name) from None
        found.append(report)
    return [_labelled(report, provider) for report in [*found, *_answered(answers)]]


def _labelled(report: Report, provider: str) -> Report:
    if {provider, report.provider} == {"stripe", "woopayments"}:
        return replace(report, label=provider)
    if provider and report.provider != provider:
        raise Unreadable("payouts_other_provider", file=report.path, provider=report.provider)
    return report


def _answered(answers: Iterable[Answer]) -> list[Report]:
    """Return answers of interfaces as reports, those of one provider together."""
    found: dict[str, list[tuple[str, Any]]] = defaultdict(list)
    for name, provider, document in answers:
        found[provider].append((name, document))
    days = found.pop("svea", ())  # a day's own is in its name
    return [
        *(Report(name, "svea", partial(klarna.svea, day, name)) for name, day in days),
        *(
            Report(those[0][0], provider, partial(_APIS[provider], [one for _, one in those]))
            for provider, those in found.items()
        ),
    ]


def _provider_of(document: Any) -> str:
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
    for key, provider in (("items", "vipps"), ("data", "stripe")):
        if any(isinstance(page.get(key), list) for page in pages):
            return provider
    raise Unreadable("payouts_unknown")


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
    if b"vipps.no/xmlschema/SettlementReport-3.0" in said:
        return Report(path.name, "vipps", lambda _: _from_xml(path))
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


def _from_xml(path: Path) -> Iterator[Payout]:
    with _opened(path) as file:
        yield from vipps.xml(file)


def _csv(path: Path) -> Report:
    with _text(path) as file:
        lines = [*islice(file, _HEAD_LINES)]
    separator = max(",;\t", key=max(lines, key=len).count)
    for place, cells in enumerate(csv.reader(lines, delimiter=separator)):
        names = {cell.strip() for cell in cells}
        table = Csv(partial(_lines, path, separator, place))
        if {vipps.HEADS.get(name) for name in names} >= vipps.NEEDED:
            return Report(path.name, "vipps", partial(vipps.portal, table))
        if cells[:1] == ["RH"]:
            return Report(path.name, "paypal", partial(cards.paypal_settlement, table))
        for needed, provider, parse in _CSV:
            if names >= needed:
                return Report(path.name, provider, partial(parse, table))
        if {"SettlementInfo", "SettlementID", "Gross"} <= names:
            raise Unreadable("payouts_doctored")
        if "Payment ID" in names and names & {"PAYMENT FEE", "Order ID"}:
            raise Unreadable("payouts_not_seen", provider="Nexi")
    raise Unreadable("payouts_unknown")


def _text(path: Path) -> io.TextIOWrapper:
    with _opened(path) as file:
        wide = file.read(2) in {b"\xff\xfe", b"\xfe\xff"}
    return io.TextIOWrapper(
        _opened(path), "utf-16" if wide else "utf-8-sig", _AS_WINDOWS, newline=""
    )


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    """Take what is no UTF-8 for Windows-1252, character by character."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


_AS_WINDOWS = "woo2po.windows"
codecs.register_error(_AS_WINDOWS, _as_windows)


def _lines(path: Path, separator: str, place: int) -> Iterator[list[str]]:
    """Yield the cells of each line from the head on, which is line `place`."""
    with _text(path) as file:
        yield from islice(csv.reader(file, delimiter=separator, strict=True), place, None)
