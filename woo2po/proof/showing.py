"""The proof as people get it: in words and tables, then as text, as a page and as sheets. Pure.

The page needs no network and no script. A sheet is CSV that a Norwegian Excel opens by a double
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
from itertools import accumulate

from woo2po.messages import remedy, say
from woo2po.messages.message import Language, day_said, to_type
from woo2po.money import Fact, from_ore
from woo2po.page import rendered
from woo2po.proof.sums import UNKNOWN, Clearing, OfOrder, Proof, ProofSums
from woo2po.proof.values import COMPANY_CURRENCY, EXPORT, NO_VAT, OpenItem, Pair
from woo2po.report import fitted, kroner, table, wrapped

Cell = str | int | Decimal | date | None  # a text, how many, an amount in kroner, a day
Cells = tuple[Cell, ...]
FEW = 20  # of what is right all the same, so many are shown at once on the page; more are folded
OF_A_KIND = 10  # so many of a kind are told one by one in the terminal
NAMED = 3  # so many explanations stand in the conclusion
BOOKS = "PowerOffice"
_SUMS = ("shop", "explained", BOOKS, "differs")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
_WIDTH = 720  # of a picture, in its own units


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
    """A table; the last row is a sum if `summed`. `note` stands below it."""

    title: str
    heads: tuple[str, ...]
    rows: Sequence[Cells]
    summed: bool = False
    note: str = ""

    @property
    def figures(self) -> list[int]:
        """The places of the columns that hold a figure."""
        places = range(len(self.heads))
        return [n for n in places if any(isinstance(row[n], int | Decimal) for row in self.rows)]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the proof: its heading, its name in the name of a sheet, and its tables."""

    name: str
    title: str
    tables: list[Table]


@dataclass(frozen=True, slots=True)
class Picture:
    """Figures over the days of the period (kroner), for the page to draw."""

    title: str
    rows: list[tuple[str, list[Decimal]]]


class ProofWording:
    """Says a proof in a language."""

    def __init__(self, proof: Proof, language: Language) -> None:
        self._proof = proof
        self._language = language
        self.differences = [self._item(pair) for pair in proof.differences]
        self.explained = [self._item(pair) for pair in proof.explained]

    def _say(self, code: str, facts: Mapping[str, Fact] | None = None) -> str:
        return say(f"reconcile_{code}", self._language, facts)

    def _amount(self, ore: int, currency: str = COMPANY_CURRENCY) -> str:
        amount = kroner(from_ore(ore), self._language)
        return amount if currency == COMPANY_CURRENCY else f"{amount} {currency}"

    def _day(self, day: date | None) -> str:
        return day_said(day, self._language) if day else ""

    @property
    def title(self) -> str:
        """What it is a proof of."""
        first, last = self._proof.period.first, self._proof.period.last
        return self._say("title", {"first": self._day(first), "last": self._day(last)})

    @property
    def level(self) -> str:
        """How good it is: "good", "open" where money alone is left to do, or "differs"."""
        if self._proof.agrees:
            return "good"
        return "open" if self._proof.sales_agree else "differs"

    @property
    def conclusion(self) -> str:
        """The proof in a sentence that its tables bear out."""
        proof, sums = self._proof, self._proof.total()
        money = [pair for pair in proof.differences if pair.money]
        facts: dict[str, Fact] = {
            "shop": self._amount(sums.shop),
            "explained": self._amount(sums.explained) + self._why(),
            "books": self._amount(sums.books),
            "difference": self._amount(sums.differs),
            "orders": str(proof.orders),
            "refunds": str(proof.refunds),
            "n": str(len(proof.differences)),
            "money": self._amount(sum(abs(_off(pair)) for pair in money)),
        }
        code = {"good": "agrees", "open": "money_open", "differs": "differs"}[self.level]
        return self._say(code, facts)

    def _why(self) -> str:
        """Return the orders that are explained in the period's sums, in brackets."""
        found = [one for one in self._proof.explained if not one.money and self._moves(one)]
        numbers = list(dict.fromkeys(one.number for one in found))
        if not numbers:
            return ""
        if len(numbers) > NAMED:
            return f" ({self._say('c_why_many', {'n': str(len(numbers))})})"
        whys = {one.number: one.code.removeprefix("reconcile_") or "rounding" for one in found}
        told = [{"number": n, "why": self._say(f"c_why_{why}")} for n, why in whys.items()]
        return f" ({'; '.join(self._say('c_why', one) for one in told)})"

    def _moves(self, pair: Pair) -> bool:
        sides = (pair.shop, pair.books)
        inside = [side is not None and side.day in self._proof.period for side in sides]
        return inside[0] != inside[1]

    @property
    def notes(self) -> list[str]:
        """What else there is to know: how days are counted, what was left out or unread."""
        proof = self._proof
        notes = [self._say("how")]
        if proof.unfinished:
            facts = {"n": str(proof.unfinished), "amount": self._amount(proof.unfinished_sum)}
            notes.append(self._say("unfinished", facts))
        for code, unread in proof.limits:
            told = say(code, self._language, unread), remedy(code, self._language, unread)
            notes.append(" ".join(filter(None, told)))
        return notes

    def _item(self, pair: Pair) -> ProofItem:
        shop, books = pair.shop, pair.books
        facts = {
            **pair.facts,
            "number": pair.number,
            "order": to_type(pair.number),
            "shop": self._amount(shop.amount, pair.currency) if shop else "",
            "books": self._amount(books.amount, pair.currency) if books else "",
            "shop_day": self._day(shop.day) if shop else "",
            "books_day": self._day(books.day) if books else "",
        }
        reason = todo = ""
        known = self._proof.reasons
        why = known.get(int(str(pair.facts.get("refund") or 0))) or known.get(pair.order_id)
        if why is not None:
            reason = say(why.code, self._language, why.facts)
            todo = remedy(why.code, self._language, {**why.facts, "order": facts["order"]})
        todo = todo or remedy(pair.code, self._language, facts)
        return ProofItem(pair, say(pair.code, self._language, facts), reason, todo)

    # -- parts -----------------------------------------------------------------------------------

    def parts(self) -> list[Part]:
        """Return the parts of the proof with their tables; those without rows are left out."""
        made = {
            "turnover": [self._sum(), self._turnover()],
            "clearing": [self._clearing(), *map(self._left, self._proof.clearing.values())],
            "receivables": [self._open(), self._receivables(), self._gift_cards()],
            "completeness": [self._numbers()],
        }
        listed = {name: [one for one in tables if one.rows] for name, tables in made.items()}
        return [Part(name, self._say(f"h_{name}"), one) for name, one in listed.items() if one]

    def _table(self, title: str, heads: str, rows: Sequence[Cells], **more: object) -> Table:
        said = tuple(head if head == BOOKS else self._say(f"c_{head}") for head in heads.split())
        note = str(more.get("note", ""))
        return Table(self._say(f"h_{title}"), said, rows, bool(more.get("summed")), note)

    def _sum(self) -> Table:
        rows: list[Cells] = []
        for currency in self._proof.currencies:
            sums = self._proof.total(currency)
            rows.append((currency, sums.counted, sums.booked, *_amounts(sums)))
        return self._table("sum", f"currency shop_n books_n {' '.join(_SUMS)}", rows)

    def _turnover(self) -> Table:
        rows: list[Cells] = []
        for under, both in self._proof.turnover.items():
            what = self._kind(under.kind) + (
                "" if under.currency == COMPANY_CURRENCY else f" {under.currency}"
            )
            account = self._account(under.account) if under.account else ""
            for name, sums in zip(("net", "vat"), both, strict=True):
                if sums.shop or sums.books or sums.explained:
                    rows.append(
                        (under.code, what, account, self._say(f"c_{name}"), *_amounts(sums))
                    )
        return self._table("codes", f"code rate account what {' '.join(_SUMS)}", rows)

    def _kind(self, kind: str) -> str:
        words = {EXPORT: "c_export", NO_VAT: "c_without", UNKNOWN: "c_unknown"}
        return (
            self._say(words[kind])
            if kind in words
            else f"{kind.replace('.', ',') if self._language == 'nb' else kind} %"
        )

    def _account(self, number: int) -> str:
        return f"{number} {self._proof.accounts.get(number, '')}".strip()

    def _clearing(self) -> Table:
        rows = [self._balance(one) for one in self._proof.clearing.values()]
        rows = [row for row in rows if any(row[1:])]
        return self._table(
            "accounts",
            "account opening captured returned payouts fees other closing disputed differs",
            rows,
        )

    def _balance(self, one: Clearing) -> Cells:
        sums = [own for (_, number), own in self._proof.payments.items() if number == one.account]
        opening, closing = (
            None if ore is None else from_ore(ore) for ore in (one.opening, one.closing)
        )
        moved = map(from_ore, (one.captured, one.returned, one.payouts, one.fees, one.other))
        return (
            self._account(one.account),
            opening,
            *moved,
            closing,
            from_ore(-sum(own.disputed for own in one.orders.values())),
            from_ore(sum(s.differs for s in sums)),
        )

    def _left(self, one: Clearing) -> Table:
        """Return the closing balance of a clearing account, order by order."""
        if one.closing is None:
            return Table("", (), ())
        left = one.left
        rows: list[Cells] = [
            (number, own.day, self._say(f"c_left_{_why_left(own)}"), from_ore(own.left))
            for number, own in left.items()
        ]
        apart = {"held": one.apart["held"], "without_order": one.apart["without_order"]}
        apart["carried"] = one.apart["carried"]
        apart["rest"] = one.closing - sum(own.left for own in left.values()) - sum(apart.values())
        rows += [
            ("", None, self._say(f"c_left_{name}"), from_ore(ore))
            for name, ore in apart.items()
            if ore
        ]
        rows += [(self._say("c_sum"), None, "", from_ore(one.closing))] if rows else []
        made = self._table("left", "order day what left", rows, summed=True)
        return Table(
            say("reconcile_h_left", self._language, {"account": self._account(one.account)}),
            made.heads,
            rows,
            True,
        )

    def _open(self) -> Table:
        rows: list[Cells] = []
        for one in sorted(self._proof.items, key=lambda one: (one.day, one.order_id)):
            number = self._proof.numbers.get(one.order_id, f"id:{one.order_id}")
            kind = self._item_kind(one)
            amount = from_ore(one.balance)
            rows.append(
                (
                    number,
                    one.number or "",
                    one.day,
                    one.due,
                    self._say(f"c_open_{kind}"),
                    amount,
                    self._say(f"c_open_{kind}_do"),
                )
            )
        return self._table("open", "order document day due what left todo", rows)

    def _item_kind(self, one: OpenItem) -> str:
        if one.number is None:
            return "payment"
        if one.balance < 0:
            return "credit"
        return "overdue" if one.due and one.due <= self._proof.period.last else "invoice"

    def _receivables(self) -> Table:
        proof = self._proof
        if proof.receivables is None:
            return Table("", (), ())
        ours = sum(one.balance for one in proof.items)
        figures = {
            "ours": ours,
            "others": proof.others,
            "listed": ours + proof.others,
            "ledger": proof.receivables,
        }
        rows: list[Cells] = [
            (self._say(f"c_sum_{name}"), from_ore(ore)) for name, ore in figures.items()
        ]
        rows.append((self._say("c_differs"), from_ore(proof.receivables - ours - proof.others)))
        return self._table("receivables_sum", "what sum", rows, summed=True)

    def _gift_cards(self) -> Table:
        cards = self._proof.gift_cards
        if cards is None:
            return Table("", (), ())
        amounts = map(from_ore, (cards.opening, cards.sold, cards.used, cards.closing))
        return self._table(
            "gift_cards",
            "account opening sold used closing",
            [(self._account(cards.account), *amounts)],
        )

    def _numbers(self) -> Table:
        proof = self._proof
        counted = sorted(proof.by_status.items(), key=lambda one: (-one[1], one[0]))
        rows: list[Cells] = [
            (self._say("c_of_status", {"status": status}), n, "") for status, n in counted
        ]
        for name, found in proof.gaps.items():
            rows.append((self._say(f"c_gaps_{name}"), len(found), ", ".join(found)))
        skipped = [one for one in self.explained if one.pair.code == "reconcile_skipped"]
        rows.append(
            (self._say("c_skipped_n"), len(skipped), ", ".join(one.pair.number for one in skipped))
        )
        return self._table(
            "numbers", "what count which", rows if proof.by_status or proof.orders else []
        )

    # -- pictures --------------------------------------------------------------------------------

    def pictures(self) -> list[Picture]:
        """Return sales per day of shop and PowerOffice, and each clearing account's balance."""
        proof = self._proof
        days = [(day, sums) for (own, day), sums in proof.days.items() if own == COMPANY_CURRENCY]
        sold = [(self._day(day), [from_ore(sums.shop), from_ore(sums.books)]) for day, sums in days]
        made = [Picture(self._say("h_days"), sold)]
        for one in proof.clearing.values():
            balances = accumulate(one.days[day] for day in sorted(one.days))
            rows = [
                (self._day(day), [from_ore((one.opening or 0) + own)])
                for day, own in zip(sorted(one.days), balances, strict=True)
            ]
            made.append(
                Picture(self._say("h_balance", {"account": self._account(one.account)}), rows)
            )
        return [one for one in made if len(one.rows) > 1]


def _why_left(own: OfOrder) -> str:
    """Return why something is left of an order on a clearing account."""
    if own.disputed:
        return "disputed"
    if own.left < 0:
        return "not_taken" if own.left >= own.returned - own.paid_back else "too_much"
    return "part" if own.paid else "not_paid"


def _off(pair: Pair) -> int:
    shop, books = pair.shop, pair.books
    return (books.amount if books else 0) - (shop.amount if shop else 0)


def _amounts(sums: ProofSums) -> tuple[Decimal, ...]:
    return tuple(map(from_ore, (sums.shop, sums.explained, sums.books, sums.differs)))


# -- as text, page and sheets ----------------------------------------------------------------------


def proof_text(proof: Proof, language: Language) -> str:
    """Return the proof as text: the conclusion, what differs, the tables, what is explained."""
    wording = ProofWording(proof, language)
    parts = [wording.title, wrapped(wording.conclusion)]
    parts += _items("reconcile_h_differences", wording.differences, language)
    for part in wording.parts():
        parts.append(part.title)
        for one in part.tables:
            rows = [[_cell_text(cell, language) for cell in row] for row in one.rows[:FEW]]
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
    if isinstance(cell, Decimal):
        return kroner(cell, language)
    said = day_said(cell, language) if isinstance(cell, date) else str("" if cell is None else cell)
    return fitted(said, 30)


def proof_html(proof: Proof, language: Language) -> str:
    """Return the proof as a page; every text of the shop's and PowerOffice's is only text."""
    return rendered(
        "proof/page.html",
        language,
        origin=proof.origin,
        wording=ProofWording(proof, language),
        few=FEW,
        width=_WIDTH,
    )


def proof_csv(proof: Proof, language: Language) -> dict[str, bytes]:
    """Return the proof as CSV files: "" with what differs and is explained, "-turnover" and so on.

    Each table begins with a row of headings; a column in front names it.
    """
    wording = ProofWording(proof, language)
    heads = [say(f"reconcile_c_{name}", language) for name in ("day", "order", "what", "shop")]
    heads += [BOOKS, say("reconcile_c_todo", language)]
    listed = [
        Table(say(code, language), tuple(heads), [_row_of(item) for item in items])
        for code, items in (("reconcile_h_differences", wording.differences),
                            ("reconcile_h_explained", wording.explained))
    ]  # fmt: skip
    notes = Table(say("reconcile_h_notes", language), ("",), [(note,) for note in wording.notes])
    sheets = {f"-{part.name}": part.tables for part in wording.parts()}
    files = {"": [*listed, notes], **sheets}
    return {name: _sheet(wording, tables, language) for name, tables in files.items()}


def _sheet(wording: ProofWording, tables: Iterable[Table], language: Language) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerows([[_cell_csv(wording.title)], [_cell_csv(wording.conclusion)]])
    kind = say("reconcile_c_kind", language)
    for one in tables:
        rows: list[Cells] = [(), (kind, *one.heads), *((one.title, *row) for row in one.rows)]
        writer.writerows([map(_cell_csv, row) for row in rows] if one.rows else [])
    return out.getvalue().encode("utf-8-sig", "replace")


def _row_of(item: ProofItem) -> Cells:
    pair = item.pair
    shop, books = (
        None if side is None else from_ore(side.amount) for side in (pair.shop, pair.books)
    )
    return min(pair.days, default=None), pair.number, item.whole, shop, books, item.todo


def _cell_csv(cell: Cell) -> str:
    """Return a cell on one line that no spreadsheet carries out."""
    if isinstance(cell, Decimal):
        return f"{cell:.2f}".replace(".", ",")
    text = "" if cell is None else str(cell)
    plain = "".join(c if c.isprintable() else " " for c in text)
    risky = plain.lstrip().startswith(_FORMULA) or text.startswith(_FORMULA)
    return f"'{plain}" if risky and isinstance(cell, str) else plain
