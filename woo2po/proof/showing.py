"""The proof as people get it: in words and tables, then as text, as a page and as sheets. Pure.

The page needs no network and no script. A sheet is CSV that a Norwegian Excel opens by a double
click: semicolons, decimal commas, BOM; a text that it would take for a formula is given an
apostrophe in front.
"""

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from itertools import accumulate
from typing import NamedTuple

from woo2po.messages import remedy, say
from woo2po.messages.message import Language, day_said, figure_in, to_type
from woo2po.money import Fact, from_ore
from woo2po.page import minus, rendered
from woo2po.proof.clearing import ClearingAccount
from woo2po.proof.sums import Proof, ProofSums
from woo2po.proof.values import COMPANY_CURRENCY, EXPORT, NO_VAT, UNKNOWN, Pair
from woo2po.report import fitted, kroner, table, wrapped

Cell = str | int | Decimal | date | None  # a text, how many, an amount in kroner, a day
FEW = 20  # so many rows and explanations are shown at once; on the page more are folded
MANY = 1000  # rows of a table on the page
OF_A_KIND = 10  # so many of a kind are told one by one in the terminal
NAMED = 3  # so many explanations stand in the conclusion
BOOKS = "PowerOffice"
_SUMS = f"shop explained {BOOKS} differs"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
_KINDS = {EXPORT: "export", NO_VAT: "without", UNKNOWN: "unknown"}


class ProofItem(NamedTuple):
    """Something that differs, or is explained: a sentence, its reason and what to do."""

    pair: Pair
    text: str
    reason: str
    todo: str

    @property
    def whole(self) -> str:
        """The sentence with its reason."""
        return " ".join(filter(None, (self.text, self.reason)))


class ProofTable(NamedTuple):
    """A table of text, page and sheet; the last row is a sum if `summed`; `notes` follow it.

    `more`: so many rows are left out of it.
    """

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    summed: bool = False
    notes: Sequence[str] = ()
    more: int = 0

    def cut(self, most: int) -> "ProofTable":
        """Return the table with so many rows, and its sum."""
        n = max(len(self.rows) - most - self.summed, 0)
        rows = [*self.rows[:most], *self.rows[most + n :]]
        return self._replace(rows=rows, more=self.more + n)

    @property
    def figures(self) -> list[int]:
        """The places of the columns that hold a figure."""
        places = range(len(self.heads))
        return [n for n in places if any(isinstance(row[n], int | Decimal) for row in self.rows)]


class ProofWording:
    """Says a proof in a language."""

    def __init__(self, proof: Proof, language: Language, most: int | None = MANY) -> None:
        self._proof, self._language, self._most = proof, language, most
        self.differences = [self._item(pair) for pair in proof.differences]
        self.explained = [self._item(pair) for pair in proof.explained]

    def _say(self, code: str, **facts: Fact) -> str:
        return say(f"reconcile_{code}", self._language, facts)

    def _amount(self, ore: int, currency: str = COMPANY_CURRENCY) -> str:
        amount = minus(kroner(from_ore(ore), self._language))
        return amount if currency == COMPANY_CURRENCY else f"{amount} {currency}"

    def _day(self, day: date | None) -> str:
        return day_said(day, self._language) if day else ""

    @property
    def title(self) -> str:
        """What it is a proof of."""
        period = self._proof.period
        return self._say("title", first=self._day(period.first), last=self._day(period.last))

    @property
    def level(self) -> str:
        """How good it is: "agrees", "money_open" where money alone is left to do, or "differs"."""
        money = all(pair.money for pair in self._proof.differences)
        return "agrees" if self._proof.agrees else "money_open" if money else "differs"

    @property
    def conclusion(self) -> str:
        """The proof in a sentence that its tables bear out."""
        proof, sums = self._proof, self._proof.total()
        money = [pair for pair in proof.differences if pair.money]
        return self._say(
            self.level,
            shop=self._amount(sums.shop),
            explained=self._amount(sums.explained) + self._why(),
            books=self._amount(sums.books),
            difference=self._amount(sums.differs),
            orders=str(proof.orders),
            refunds=str(proof.refunds),
            n=str(len(proof.differences)),
            money=self._amount(sum(abs(_off(pair)) for pair in money)),
        )

    def _why(self) -> str:
        """Return the orders that are explained in the period's sums, in brackets."""
        period = self._proof.period
        whys: dict[str, str] = {}
        for pair in self._proof.explained:
            shop, books = (side and side.day in period for side in (pair.shop, pair.books))
            if not pair.money and bool(shop) != bool(books):
                whys[pair.number] = pair.code or "rounding"
        if len(whys) > NAMED:
            return f" ({self._say('c_why_many', n=str(len(whys)))})"
        said = {number: self._say(f"c_why_{why}") for number, why in whys.items()}
        told = [self._say("c_why", number=number, why=why) for number, why in said.items()]
        return f" ({'; '.join(told)})" if told else ""

    @property
    def notes(self) -> list[str]:
        """What else there is to know: how days are counted, what was left out or unread."""
        n, amount = self._proof.unfinished
        notes = [self._say("how")]
        notes += [self._say("unfinished", n=str(n), amount=self._amount(amount))] if n else []
        for code, unread in self._proof.limits:
            told = say(code, self._language, unread), remedy(code, self._language, unread)
            notes.append(" ".join(filter(None, told)))
        return notes

    def _item(self, pair: Pair) -> ProofItem:
        facts: dict[str, Fact] = {
            **pair.facts, "number": pair.number, "order": to_type(pair.number),
        }  # fmt: skip
        for name, side in (("shop", pair.shop), ("books", pair.books)):
            facts[name] = self._amount(side.amount, pair.currency) if side else ""
            facts[f"{name}_day"] = self._day(side.day) if side else ""
        reason, todo, why = "", "", pair.why
        if why is not None:
            reason = say(why.code, self._language, why.facts)
            todo = remedy(why.code, self._language, {**why.facts, "order": facts["order"]})
        todo = todo or remedy(f"reconcile_{pair.code}", self._language, facts)
        return ProofItem(pair, self._say(pair.code, **facts), reason, todo)

    # -- tables ----------------------------------------------------------------------------------

    def parts(self) -> dict[str, list[ProofTable]]:
        """Return the tables of each part of the proof; those without rows are left out."""
        proof = self._proof
        made = {
            "turnover": [self._sum(), self._turnover(), self._untaxed()],
            "clearing": [self._clearing(), *map(self._left, proof.clearing.values())],
            "receivables": [self._open(), self._receivables(), self._gift_cards()],
            "completeness": [self._numbers()],
        }
        listed = {name: [one for one in tables if one.rows] for name, tables in made.items()}
        return {name: tables for name, tables in listed.items() if tables}

    def _table(
        self, title: str, heads: str, rows: Iterable[Sequence[Cell]], *, summed: bool = False,
        notes: Sequence[str] = (), **facts: Fact,
    ) -> ProofTable:  # fmt: skip
        said = [head if head == BOOKS else self._say(f"c_{head}") for head in heads.split()]
        return ProofTable(self._say(f"h_{title}", **facts), said, list(rows), summed, notes)

    def _sum(self) -> ProofTable:
        rows: list[Sequence[Cell]] = []
        for name in dict.fromkeys([COMPANY_CURRENCY, *(own for own, _ in self._proof.days)]):
            sums = self._proof.total(name)
            rows.append((name, sums.counted, sums.booked, *_amounts(sums)))
        return self._table("sum", f"currency shop_n books_n {_SUMS}", rows)

    def _turnover(self) -> ProofTable:
        rows: list[Sequence[Cell]] = []
        for under, both in self._proof.turnover.items():
            currency = "" if under.currency == COMPANY_CURRENCY else f" {under.currency}"
            rate = f"{figure_in(under.kind, self._language)} %"
            rate = self._say(f"c_{_KINDS[under.kind]}") if under.kind in _KINDS else rate
            account = self._account(under.account) if under.account else ""
            for name, sums in zip(("net", "vat"), both, strict=True):
                if sums.shop or sums.books or sums.explained:
                    what = self._say(f"c_{name}")
                    rows.append((under.code, f"{rate}{currency}", account, what, *_amounts(sums)))
        return self._table("codes", f"code rate account what {_SUMS}", rows)

    def _untaxed(self) -> ProofTable:
        """Return what was sold at home without VAT, with the VAT that is owed."""
        found, freight = self._proof.untaxed, self._say("c_freight")
        rows: list[Sequence[Cell]] = [
            (one.number, one.day, one.sku or freight, from_ore(one.paid), from_ore(one.vat))
            for one in found
        ]
        sums = (sum(one.paid for one in found), sum(one.vat for one in found))
        rows += [(self._say("c_sum"), None, "", *map(from_ore, sums))] if rows else []
        notes = [self._say("untaxed_do")]
        return self._table("untaxed", "order day what paid owed", rows, summed=True, notes=notes)

    def _account(self, number: int) -> str:
        return f"{number} {self._proof.accounts.get(number, '')}".strip()

    def _clearing(self) -> ProofTable:
        flows = ("captured", "returned", "payouts", "fees", "other")
        rows: list[Sequence[Cell]] = []
        for one in self._proof.clearing.values():
            off = self._proof.off[one.number]
            disputed = -sum(own.disputed for own in one.orders.values())
            amounts = [one.opening, *(one.flows[name] for name in flows), one.closing]
            if any([*amounts, off]):
                amounts += [disputed, off]
                cells = (None if ore is None else from_ore(ore) for ore in amounts)
                rows.append((self._account(one.number), *cells))
        heads = f"account opening {' '.join(flows)} closing disputed differs"
        return self._table("accounts", heads, rows)

    def _left(self, one: ClearingAccount) -> ProofTable:
        """Return the closing balance of a clearing account, order by order."""
        left = [] if one.closing is None else one.left()
        why = cache(lambda name: self._say(f"c_left_{name}"))
        rows: list[Sequence[Cell]] = [
            (number, own.day, why(own.why), from_ore(own.left))
            for number, own in left[: self._most]
        ]
        more = len(left) - len(rows)
        apart = {name: one.apart[name] for name in ("held", "without_order", "carried")}
        listed = sum(own.left for _, own in left) + sum(apart.values())
        apart["rest"] = (one.closing or 0) - listed if one.closing is not None else 0
        for name, ore in apart.items():
            rows += [("", None, self._say(f"c_left_{name}"), from_ore(ore))] if ore else []
        rows += [(self._say("c_sum"), None, "", from_ore(one.closing or 0))] if rows else []
        account = self._account(one.number)
        made = self._table("left", "order day what left", rows, summed=True, account=account)
        return made._replace(more=more)

    def _open(self) -> ProofTable:
        ours = [one for one in self._proof.items if one[0]]
        ours.sort(key=lambda one: (len(one[0]), one[0], one[1].day))
        rows: list[Sequence[Cell]] = []
        for number, one, ore, kind in ours:
            what = self._say(f"c_open_{kind}")
            rows.append((number, one.invoice_no or "", one.day, one.due, what, from_ore(ore)))
        notes = [self._say("c_open_do", what=self._say(f"c_open_{kind}"),
                           todo=self._say(f"c_open_{kind}_do"))
                 for kind in dict.fromkeys(kind for *_, kind in ours)]  # fmt: skip
        return self._table("open", "order document day due what left", rows, notes=notes)

    def _receivables(self) -> ProofTable:
        ledger, items = self._proof.receivables, self._proof.items
        if ledger is None:
            return ProofTable("", (), ())
        ours, listed = (sum(one[2] for one in items if one[0] or every) for every in (0, 1))
        figures = {"sum_ours": ours, "sum_others": listed - ours, "sum_listed": listed}
        figures |= {"sum_ledger": ledger, "differs": ledger - listed}
        rows = [(self._say(f"c_{name}"), from_ore(ore)) for name, ore in figures.items()]
        return self._table("receivables_sum", "what sum", rows, summed=True)

    def _gift_cards(self) -> ProofTable:
        one = self._proof.gift_cards
        if one is None:
            return ProofTable("", (), ())
        amounts = (one.opening or 0, one.flows["sold"], one.flows["used"], one.closing or 0)
        row: Sequence[Cell] = (self._account(one.number), *map(from_ore, amounts))
        return self._table("gift_cards", "account opening sold used closing", [row])

    def _numbers(self) -> ProofTable:
        proof = self._proof
        rows: list[Sequence[Cell]] = [
            (self._say("c_of_status", status=status), n, "")
            for status, n in sorted(proof.by_status.items(), key=lambda one: (-one[1], one[0]))
        ]
        for name, found in proof.gaps.items():
            rows.append((self._say(f"c_gaps_{name}"), len(found), ", ".join(found)))
        skipped: dict[str, list[str]] = defaultdict(list)
        for item in self.explained:
            if item.pair.code == "skipped":
                skipped[item.reason].append(item.pair.number)
        for reason, numbers in skipped.items():
            rows.append((self._say("c_skipped", why=reason), len(numbers), ", ".join(numbers)))
        listed = rows if proof.by_status or proof.orders else ()
        return self._table("numbers", "what count which", listed)

    # -- pictures --------------------------------------------------------------------------------

    def pictures(self) -> list[tuple[str, list[tuple[date, list[Decimal]]]]]:
        """Return sales per day of shop and PowerOffice, and each clearing account's balance.

        A title, then each day of the period with its figures in kroner, for the page to draw.
        """
        proof, none = self._proof, ProofSums()
        span = (proof.period.last - proof.period.first).days + 1
        days = [proof.period.first + timedelta(days=n) for n in range(span)]
        made, sold = [], [(day, proof.days.get((COMPANY_CURRENCY, day), none)) for day in days]
        if any(sums.shop or sums.books for _, sums in sold):
            bars = [(day, [from_ore(sums.shop), from_ore(sums.books)]) for day, sums in sold]
            made.append((self._say("h_days"), bars))
        for one in proof.clearing.values():
            ends = accumulate((one.days[day] for day in days), initial=one.opening or 0)
            line = [(day, [from_ore(ore)]) for day, ore in zip(days, [*ends][1:], strict=True)]
            if one.days:
                made.append((self._say("h_balance", account=self._account(one.number)), line))
        return made


def _off(pair: Pair) -> int:
    return (pair.books.amount if pair.books else 0) - (pair.shop.amount if pair.shop else 0)


def _amounts(sums: ProofSums) -> tuple[Decimal, ...]:
    return tuple(map(from_ore, (sums.shop, sums.explained, sums.books, sums.differs)))


# -- as text, page and sheets ----------------------------------------------------------------------


def proof_text(proof: Proof, language: Language) -> str:
    """Return the proof as text: the conclusion, what differs, the tables, what is explained."""
    wording = ProofWording(proof, language)
    parts = [wording.title, wrapped(wording.conclusion)]
    parts += _items("reconcile_h_differences", wording.differences, language)
    for name, tables in wording.parts().items():
        parts.append(say(f"reconcile_h_{name}", language))
        for one in tables:
            shown = one.cut(FEW)
            rows = [[_cell_text(cell, language) for cell in row] for row in shown.rows]
            parts.append(f"{one.title}\n{table(rows, one.heads, right=one.figures)}")
            if shown.more:
                parts.append(wrapped(say("reconcile_rows", language, {"n": str(shown.more)})))
            parts += ["\n".join(wrapped(note) for note in one.notes)] if one.notes else []
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
    if isinstance(cell, Decimal):
        return kroner(cell, language)
    said = day_said(cell, language) if isinstance(cell, date) else str("" if cell is None else cell)
    return fitted(said, 30)


def proof_html(proof: Proof, language: Language) -> str:
    """Return the proof as a page; every text of the shop's and PowerOffice's is only text."""
    wording = ProofWording(proof, language)
    return rendered("proof/page.html", language, origin=proof.origin, wording=wording, few=FEW)


def proof_csv(proof: Proof, language: Language) -> dict[str, bytes]:
    """Return the proof as CSV files: "" with what differs and is explained, "-turnover" and so on.

    Each table begins with a row of headings; a column in front names it.
    """
    wording = ProofWording(proof, language, None)

    def said(name: str) -> str:
        return say(f"reconcile_{name}", language)

    def sheet(tables: Iterable[ProofTable]) -> bytes:
        made = io.BytesIO()  # text would take four bytes a letter
        out = io.TextIOWrapper(made, "utf-8-sig", "replace", newline="")
        writer = csv.writer(out, delimiter=";", lineterminator="\r\n")

        def line(*cells: Cell) -> None:
            writer.writerow(map(_cell_csv, cells))

        line(wording.title)
        line(wording.conclusion)
        for one in tables:
            if one.rows:
                line()
                line(said("c_kind"), *one.heads)
                for row in one.rows:
                    line(one.title, *row)
        out.flush()
        return made.getvalue()

    heads = [*map(said, ("c_day", "c_order", "c_what", "c_shop")), BOOKS, said("c_todo")]
    lists = {"h_differences": wording.differences, "h_explained": wording.explained}
    first = [ProofTable(said(code), heads, [*map(_row_of, items)]) for code, items in lists.items()]
    first.append(ProofTable(said("h_notes"), [""], [[note] for note in wording.notes]))
    return {"": sheet(first)} | {f"-{name}": sheet(one) for name, one in wording.parts().items()}


def _row_of(item: ProofItem) -> Sequence[Cell]:
    pair = item.pair
    sides = [None if side is None else from_ore(side.amount) for side in (pair.shop, pair.books)]
    return min(pair.days, default=None), pair.number, item.whole, *sides, item.todo


def _cell_csv(cell: Cell) -> str:
    """Return a cell on one line that no spreadsheet carries out."""
    if isinstance(cell, Decimal):
        return f"{cell:.2f}".replace(".", ",")
    text = "" if cell is None else str(cell)
    plain = "".join(c if c.isprintable() else " " for c in text)
    risky = plain.lstrip().startswith(_FORMULA) or text.startswith(_FORMULA)
    return f"'{plain}" if risky and isinstance(cell, str) else plain
