"""The proof as people get it: in words and tables, then as text, as a page and as a sheet. Pure.

The page needs no network and no script. The sheet is CSV that a Norwegian Excel opens by a double
click: semicolons, decimal commas, BOM; a text that it would take for a formula is given an
apostrophe in front.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import TypeVar

from woo2po.messages import remedy, say
from woo2po.messages.message import Language, to_type
from woo2po.money import Fact, from_ore
from woo2po.page import rendered
from woo2po.proof.proof import UNKNOWN_RATE, DayTakings, Pair, Proof, ProofSums, Settlement
from woo2po.report import fitted, kroner, percent, table, wrapped

Cell = str | int | Decimal  # a text, how many, or an amount in kroner
Cells = tuple[Cell, ...]
Dated = TypeVar("Dated", ProofSums, DayTakings)
DAYS_AT_MOST = 62  # a longer period is shown by month, to people
FEW = 20  # of what is right all the same, so many are shown at once on the page; more are folded
OF_A_KIND = 10  # so many of a kind are told one by one in the terminal
BOOKS = "PowerOffice"
_SUMS = ("reconcile_c_shop", "reconcile_c_explained", BOOKS, "reconcile_c_differs")
_TAKEN = (
    "reconcile_c_payments", "reconcile_c_paid", "reconcile_c_refunds", "reconcile_c_returned",
    "reconcile_c_left",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")


@dataclass(frozen=True, slots=True)
class ProofItem:
    """Something that differs, or is explained: a sentence, its reason and what to do."""

    pair: Pair
    text: str
    reason: str
    todo: str

    @property
    def whole(self) -> str:
        """The sentence with its reason."""
        return " ".join(filter(None, (self.text, self.reason)))


@dataclass(frozen=True, slots=True)
class Table:
    """A table; the last row is a sum if `summed`."""

    title: str
    heads: tuple[str, ...]
    rows: Sequence[Cells]
    summed: bool

    @property
    def figures(self) -> list[int]:
        """The places of the columns that hold a figure."""
        places = range(len(self.heads))
        return [n for n in places if any(not isinstance(row[n], str) for row in self.rows)]


class ProofWording:
    """Says a proof in a language. `by_day`: every table of days has them, however many."""

    def __init__(self, proof: Proof, language: Language, *, by_day: bool = True) -> None:
        self._proof = proof
        self._language = language
        days = (proof.period.last - proof.period.first).days
        self._by_day = by_day or days <= DAYS_AT_MOST
        self._first = "reconcile_c_day" if self._by_day else "reconcile_c_month"
        self.differences = [self._item(pair) for pair in proof.differences]
        self.explained = [self._item(pair) for pair in proof.explained]

    def _say(self, code: str, facts: Mapping[str, Fact] | None = None) -> str:
        return say(code, self._language, facts)

    def _amount(self, ore: int, currency: str = "NOK") -> str:
        amount = kroner(from_ore(ore), self._language)
        return amount if currency == "NOK" else f"{amount} {currency}"

    @property
    def title(self) -> str:
        """What it is a proof of."""
        first, last = self._proof.period.first, self._proof.period.last
        return self._say("reconcile_title", {"first": str(first), "last": str(last)})

    @property
    def conclusion(self) -> str:
        """The proof in one sentence."""
        proof, sums = self._proof, self._proof.total("NOK")
        facts: dict[str, Fact] = {
            "shop": self._amount(sums.shop),
            "explained": self._amount(-sums.explained),
            "books": self._amount(sums.books),
            "difference": self._amount(sums.differs),
            "orders": str(proof.orders),
            "refunds": str(proof.refunds),
            "n": str(len(proof.differences)),
        }
        return self._say("reconcile_agrees" if proof.agrees else "reconcile_differs", facts)

    @property
    def notes(self) -> list[str]:
        """What else there is to know: how days are counted, what was left out or unread."""
        proof = self._proof
        notes = [self._say("reconcile_how")]
        if proof.unfinished:
            facts = {"n": str(proof.unfinished), "amount": self._amount(proof.unfinished_sum)}
            notes.append(self._say("reconcile_unfinished", facts))
        if proof.settlements:
            notes.append(self._say("reconcile_settlement_how"))
        for code, unread in proof.limits:
            notes.append(f"{self._say(code, unread)} {remedy(code, self._language, unread)}")
        return notes

    def _item(self, pair: Pair) -> ProofItem:
        shop, books = pair.shop, pair.books
        facts = {
            **pair.facts,
            "number": pair.number,
            "order": to_type(pair.number),
            "shop": self._amount(shop.amount, pair.currency) if shop else "",
            "books": self._amount(books.amount, pair.currency) if books else "",
            "shop_day": str(shop.day or "") if shop else "",
            "books_day": str(books.day or "") if books else "",
        }
        reason = todo = ""
        known = self._proof.reasons
        why = known.get(int(str(pair.facts.get("refund") or 0))) or known.get(pair.order_id)
        if why is not None:
            reason = self._say(why.code, why.facts)
            todo = remedy(why.code, self._language, {**why.facts, "order": facts["order"]})
        todo = todo or remedy(pair.code, self._language, facts)
        return ProofItem(pair, self._say(pair.code, facts), reason, todo)

    # -- tables ----------------------------------------------------------------------------------

    def tables(self) -> list[Table]:
        """Return the tables of the proof; those without rows are left out."""
        found = [self._sum()]
        for currency in self._proof.currencies:
            found += [self._days(currency), self._rates(currency)]
        found += [self._accounts(), self._taken(), *map(self._settlement, self._proof.settlements)]
        return [one for one in found if one.rows]

    def _table(
        self,
        title: str,
        heads: Iterable[str],
        rows: Sequence[Cells],
        currency: str = "NOK",
        *,
        summed: bool = False,
    ) -> Table:
        said = tuple(head if head in {"", BOOKS} else self._say(head) for head in heads)
        return Table(_in(title, currency), said, rows, summed)

    def _sum(self) -> Table:
        rows: list[Cells] = []
        for currency in self._proof.currencies:
            sums = self._proof.total(currency)
            counts: Cells = (sums.counted, "", sums.booked, "")
            for name, count, amount in zip(_SUMS, counts, _amounts(sums), strict=True):
                what = name if name == BOOKS else self._say(name)
                rows.append((what, currency, count, amount))
        heads = ("reconcile_c_what", "", "reconcile_c_count", "reconcile_c_sum")
        return self._table(self._say("reconcile_h_sum"), heads, rows)

    def _days(self, currency: str) -> Table:
        days = [(day, sums) for (own, day), sums in self._proof.days.items() if own == currency]
        rows: list[Cells] = [
            (when, sums.counted, *_amounts(sums)) for when, sums in self._spans(days)
        ]
        title = self._say("reconcile_h_days" if self._by_day else "reconcile_h_months")
        heads = (self._first, "reconcile_c_count", *_SUMS)
        return self._table(title, heads, rows, currency, summed=True)

    def _spans(self, days: Sequence[tuple[date, Dated]]) -> Iterator[tuple[str, Dated]]:
        """Yield sums by day, or by month where days are too many, and the sum of all."""

        def span(one: tuple[date, Dated]) -> str:
            return one[0].isoformat() if self._by_day else f"{one[0]:%Y-%m}"

        for name, group in groupby(days, span):
            yield name, _added([one for _, one in group])
        if days:
            yield self._say("reconcile_c_sum"), _added([one for _, one in days])

    def _rates(self, currency: str) -> Table:
        rows: list[Cells] = []
        for (own, rate), both in self._proof.rates.items():
            unknown = rate == UNKNOWN_RATE
            said = self._say("reconcile_c_unknown") if unknown else percent(rate, self._language)
            for what, sums in zip(("reconcile_c_net", "reconcile_c_vat"), both, strict=True):
                taxed = rate or what == "reconcile_c_net"
                if own == currency and taxed and (sums.shop or sums.explained or sums.books):
                    rows.append((said, self._say(what), *_amounts(sums)))
        heads = ("reconcile_c_rate", "reconcile_c_what", *_SUMS)
        return self._table(self._say("reconcile_h_rates"), heads, rows, currency)

    def _accounts(self) -> Table:
        other = self._proof.other
        rows: list[Cells] = [
            (_in(self._account(no), currency), *_amounts(sums), from_ore(other.get(no or 0, 0)))
            for (currency, no), sums in self._proof.accounts.items()
        ]
        heads = ("reconcile_c_account", *_SUMS, "reconcile_c_other")
        return self._table(self._say("reconcile_h_accounts"), heads, rows)

    def _account(self, account: int | None) -> str:
        return str(account) if account else self._say("reconcile_none")

    def _taken(self) -> Table:
        rows: list[Cells] = [
            (f"{self._account(one.account)} {', '.join(sorted(one.methods))}", *_taken(one.total))
            for one in self._proof.settlements
        ]
        heads = ("reconcile_c_account", *_TAKEN)
        return self._table(self._say("reconcile_h_settlements"), heads, rows)

    def _settlement(self, one: Settlement) -> Table:
        facts = {"account": self._account(one.account), "methods": ", ".join(sorted(one.methods))}
        rows: list[Cells] = [
            (name, *_taken(taken)) for name, taken in self._spans(sorted(one.days.items()))
        ]
        title = self._say("reconcile_h_settlement", facts)
        return self._table(title, (self._first, *_TAKEN), rows, one.currency, summed=True)


def _in(title: str, currency: str) -> str:
    return title if currency == "NOK" else f"{title} ({currency})"


def _amounts(sums: ProofSums) -> tuple[Decimal, ...]:
    return tuple(map(from_ore, (sums.shop, sums.explained, sums.books, sums.differs)))


def _taken(taken: DayTakings) -> Cells:
    paid, returned, net = map(from_ore, (taken.paid, taken.returned, taken.net))
    return taken.payments, paid, taken.refunds, returned, net


def _added(parts: Sequence[Dated]) -> Dated:
    return type(parts[0]).of(parts)


# -- as text, page and sheet -----------------------------------------------------------------------


def proof_text(proof: Proof, language: Language) -> str:
    """Return the proof as text: the conclusion, what differs, the tables, what is explained."""
    wording = ProofWording(proof, language, by_day=False)
    parts = [wording.title, wrapped(wording.conclusion)]
    parts += _items("reconcile_h_differences", wording.differences, language)
    for one in wording.tables():
        rows = [[_cell_text(cell, language) for cell in row] for row in one.rows]
        parts.append(f"{one.title}\n{table(rows, one.heads, right=one.figures)}")
    parts += _items("reconcile_h_explained", wording.explained, language)
    return "\n\n".join([*parts, "\n".join(map(wrapped, wording.notes))])


def _items(code: str, items: Iterable[ProofItem], language: Language) -> Iterator[str]:
    """Yield the items under their heading, of a long row of one kind the first ones; or nothing."""
    met: Counter[str] = Counter()
    lines = [say(code, language)]
    for item in items:
        met[item.pair.code] += 1
        if met[item.pair.code] <= OF_A_KIND:
            told = ((item.text, "  - ", "    "), (item.reason, "    ", "    "),
                    (item.todo, "    → ", "      "))  # fmt: skip
            lines += [wrapped(fitted(said, 600), first, rest) for said, first, rest in told if said]
    more = sum(n - OF_A_KIND for n in met.values() if n > OF_A_KIND)
    if more:
        lines.append(wrapped(say("reconcile_more", language, {"n": str(more)}), "  "))
    if met:
        yield "\n".join(lines)


def _cell_text(cell: Cell, language: Language) -> str:
    return kroner(cell, language) if isinstance(cell, Decimal) else fitted(str(cell), 16)


def proof_html(proof: Proof, language: Language) -> str:
    """Return the proof as a page; every text of the shop's and PowerOffice's is only text."""
    return rendered(
        "proof/page.html",
        language,
        origin=proof.origin,
        agrees=proof.agrees,
        wording=ProofWording(proof, language),
        few=FEW,
    )


def proof_csv(proof: Proof, language: Language) -> bytes:
    """Return the proof as the bytes of a CSV file: what differs, what is explained, every table.

    Each part begins with a row of headings; a column in front names the part.
    """
    wording, out = ProofWording(proof, language), io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")

    def write(*cells: Cell | None) -> None:
        writer.writerow(map(_cell_csv, cells))

    write(wording.title)
    write(wording.conclusion)
    kind = say("reconcile_c_kind", language)
    codes = ("reconcile_c_day", "reconcile_c_order", "reconcile_c_what", "reconcile_c_shop")
    heads = [*(say(code, language) for code in codes), BOOKS, say("reconcile_c_todo", language)]
    parts = [
        Table(say(code, language), tuple(heads), [_row_of(item) for item in items], summed=False)
        for code, items in (("reconcile_h_differences", wording.differences),
                            ("reconcile_h_explained", wording.explained)) if items
    ]  # fmt: skip
    for part in (*parts, *wording.tables()):
        write()
        write(kind, *part.heads)
        for row in part.rows:
            write(part.title, *row)
    write()
    for note in wording.notes:
        write(say("reconcile_h_notes", language), note)
    return out.getvalue().encode("utf-8-sig", "replace")


def _row_of(item: ProofItem) -> Cells:
    pair = item.pair
    day = str(min(pair.days, default=""))
    shop, books = (
        "" if side is None else from_ore(side.amount) for side in (pair.shop, pair.books)
    )
    return day, pair.number, item.whole, shop, books, item.todo


def _cell_csv(cell: Cell | None) -> str:
    """Return a cell on one line that no spreadsheet carries out."""
    if isinstance(cell, Decimal):
        return f"{cell:.2f}".replace(".", ",")
    text = str(cell)
    plain = "".join(c if c.isprintable() else " " for c in text)
    risky = plain.lstrip().startswith(_FORMULA) or text.startswith(_FORMULA)
    return f"'{plain}" if risky and isinstance(cell, str) else plain
