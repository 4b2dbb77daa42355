"""The proof as people get it: in words and tables, then as text, as a page and as sheets. Pure.

The page needs no network and no script. A sheet is CSV that a Norwegian Excel opens by a double
click: semicolons, decimal commas, BOM; a text that it would take for a formula is given an
apostrophe in front.
"""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import cache, partial
from itertools import accumulate
from typing import NamedTuple

from woo2po.messages import Language, figure_in, remedies, remedy, say, to_type, word
from woo2po.money import ZERO, Fact, from_ore
from woo2po.page import minus, rendered
from woo2po.proof.sums import ClearingAccount, Proof, Sums
from woo2po.proof.values import COMPANY_CURRENCY, EXPORT, NO_VAT, UNKNOWN, Pair
from woo2po.report import Cell, figures_in, kroner, table

Row = Sequence[Cell]
FEW = 20  # so many rows and explanations are shown at once; on the page more are folded
MANY = 1000  # rows of a table on the page
OF_A_KIND = 10  # so many of a kind are told one by one in the terminal
NAMED = 3  # so many explanations stand in the conclusion
BOOKS = "PowerOffice"
_FLOWS = ("captured", "returned", "payouts", "fees", "other")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
_KINDS = {EXPORT: "export", NO_VAT: "without", UNKNOWN: "unknown"}


class ProofItem(NamedTuple):
    """Something that differs, or is explained: a sentence with its reason, and what to do.

    `do` is for who signs, on the page and in the sheet, and names whoever runs the job where that
    is who does it; `todo` is for both.
    """

    pair: Pair
    text: str
    do: str
    todo: str


class ProofTable(NamedTuple):
    """A table of text, page and sheet; the last row is a sum if `summed`; `notes` follow it.

    `more`: so many rows are left out of it.
    """

    title: str
    heads: Sequence[str]
    rows: Sequence[Row]
    summed: bool = False
    notes: Sequence[str] = ()
    more: int = 0

    def cut(self, most: int) -> "ProofTable":
        """Return the table with so many rows, and its sum."""
        n = max(len(self.rows) - most - self.summed, 0)
        return self._replace(rows=[*self.rows[:most], *self.rows[most + n :]], more=n)


class ProofWording:
    """Says a proof in a language."""

    def __init__(self, proof: Proof, language: Language) -> None:
        self._proof, self._language = proof, language
        told = {"differences": proof.differences, "explained": proof.explained}
        self.items = {name: [self._item(pair) for pair in pairs] for name, pairs in told.items()}

    def _say(self, code: str, **facts: Fact) -> str:
        return say(f"reconcile_{code}", self._language, facts)

    def _word(self, name: str, **facts: Fact) -> str:
        return word(name, self._language, "proof", **facts)

    def _amount(self, ore: int, currency: str = COMPANY_CURRENCY) -> str:
        amount = minus(kroner(from_ore(ore), self._language))
        return amount if currency == COMPANY_CURRENCY else f"{amount} {currency}"

    def _account(self, number: int) -> str:
        named = f"{number} {self._proof.accounts.get(number, '')}".strip()
        return named if number else self._word("no_account")

    @property
    def title(self) -> str:
        """What it is a proof of."""
        return self._say("title", first=self._proof.period.first, last=self._proof.period.last)

    @property
    def level(self) -> str:
        """How good it is: "agrees", "money_open" where money alone is left to do, or "differs"."""
        money = all(pair.money for pair in self._proof.differences)
        return "agrees" if self._proof.agrees else "money_open" if money else "differs"

    @property
    def conclusion(self) -> str:
        """The proof in a sentence that its tables bear out."""
        proof, sums = self._proof, self._proof.total()
        in_kroner = (pair for pair in proof.differences if pair.currency == COMPANY_CURRENCY)
        return self._say(
            self.level,
            shop=self._amount(sums.shop),
            explained=self._amount(sums.explained) + self._why(),
            books=self._amount(sums.books),
            difference=self._amount(sums.differs),
            orders=str(proof.orders),
            refunds=str(proof.refunds),
            n=str(len(proof.differences)),
            off=self._amount(sum(abs(pair.off) for pair in in_kroner)),
        )

    def _why(self) -> str:
        """Return the orders that are explained in the period's sums, in brackets."""
        period = self._proof.period
        whys: dict[str, str] = {}
        for pair in self._proof.explained:
            shop, books = (side and side.day in period for side in (pair.shop, pair.books))
            if not pair.money and bool(shop) != bool(books):
                whys[pair.number] = pair.code
        if len(whys) > NAMED:
            return f" ({self._word('why_many', n=str(len(whys)))})"
        said = {number: self._word(f"why_{why}") for number, why in whys.items()}
        told = [self._word("why", number=number, why=why) for number, why in said.items()]
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
            facts[f"{name}_day"] = (side and side.day) or ""
        text, code, why = self._say(pair.code, **facts), f"reconcile_{pair.code}", pair.why
        if why is not None:
            text = f"{text} {say(why.code, self._language, why.facts)}"
            given = {**why.facts, "order": facts["order"]}
            if remedy(why.code, self._language, given):
                code, facts = why.code, given
        do, run = remedies(code, self._language, facts)
        do = do or (run and f"{say('preview_who_runs', self._language)}: {run}")
        return ProofItem(pair, text, do, remedy(code, self._language, facts))

    def groups(self, name: str) -> list[list[ProofItem]]:
        """Return the items of a list with those of a kind together."""
        groups = defaultdict(list)
        for item in self.items[name]:
            groups[item.pair.code].append(item)
        return [*groups.values()]

    # -- tables ----------------------------------------------------------------------------------

    def parts(self) -> dict[str, list[ProofTable]]:
        """Return the tables of each part of the proof; those without rows are left out."""
        accounts, made, items = self._proof.clearing.values(), self._table, self._proof.items
        cards = self._proof.gift_cards
        below_zero = cards is not None and (cards.closing or 0) < 0
        flows = f"account opening {' '.join(_FLOWS)} closing disputed differs"
        parts = {
            "turnover": [
                *(made("codes", f"code rate account what shop explained {BOOKS} differs",
                       self._codes(one), summed=True, currency=one or COMPANY_CURRENCY)
                  for one in self._proof.by(lambda under: under.currency)),
                made("untaxed", "order day what paid owed", self._untaxed(), summed=True,
                     notes=[self._say("untaxed_do")]),
            ],
            "clearing": [
                made("accounts", flows, self._clearing()),
                *(made("left", "order day what left", self._left(one), summed=True,
                       account=self._account(one.number)) for one in accounts),
            ],
            "receivables": [
                made("open", "order document day due what left", self._open(),
                     notes=[f"{self._word(f'open_{one}')}: {self._word(f'open_{one}_do')}"
                            for one in sorted({kind for number, *_, kind in items if number})]),
                made("receivables_sum", "what sum", self._receivables())._replace(summed=True),
                made("gift_cards", "account opening sold used other closing", self._gift_cards(),
                     notes=[self._say("gift_cards_below")] * below_zero),
            ],
            "completeness": [made("numbers", "what count which", self._numbers())],
        }  # fmt: skip
        listed = {name: [one for one in tables if one.rows] for name, tables in parts.items()}
        return {name: tables for name, tables in listed.items() if tables}

    def _table(
        self, title: str, heads: str, rows: Iterable[Row], *, summed: bool = False,
        notes: Sequence[str] = (), **facts: Fact,
    ) -> ProofTable:  # fmt: skip
        said = [head if head == BOOKS else self._word(head) for head in heads.split()]
        listed = list(rows)
        if summed and listed:
            sums = [
                sum(column, ZERO) if isinstance(column[0], Decimal) else ""
                for column in zip(*listed, strict=True)
            ]
            listed.append((self._word("sum"), *sums[1:]))
        return ProofTable(self._word(f"h_{title}", **facts), said, listed, summed, notes)

    def _codes(self, currency: str) -> Iterator[Row]:
        rows = self._proof.by(lambda under: under[:-1])
        for (own, code, kind, account, part), sums in rows.items():
            if own == currency and any((*sums, sums.explained)):
                rate = f"{figure_in(kind, self._language)} %"
                rate = self._word(_KINDS[kind]) if kind in _KINDS else rate
                amounts = _amounts(sums.shop, sums.explained, sums.books, sums.differs)
                yield code, rate, self._account(account), self._word(part), *amounts

    def _untaxed(self) -> Iterator[Row]:
        """Yield what was sold at home without VAT, with the VAT that is owed."""
        for number, day, sku, *amounts in self._proof.untaxed:
            yield number, day, sku or self._word("freight"), *_amounts(*amounts)

    def _clearing(self) -> Iterator[Row]:
        for one in self._proof.clearing.values():
            disputed = -sum(own.disputed for own in one.orders.values())
            amounts = [one.opening, *(one.flows[name] for name in _FLOWS), one.closing]
            if any([*amounts, off := self._proof.off[one.number]]):
                yield self._account(one.number), *_amounts(*amounts, disputed, off)

    def _left(self, account: ClearingAccount) -> Iterator[Row]:
        """Yield the closing balance of a clearing account, order by order."""
        if account.closing is None:
            return
        why = cache(lambda name: self._word(f"left_{name}"))
        blind = account.by_hand and not account.payouts  # they name no orders
        for number, own in account.left().items():
            what = "unknown" if blind and own.why == "not_paid" else own.why
            yield number, own.day, why(what), from_ore(own.left)
        apart = {**account.apart, "rest": account.rest}
        for name in ("held", "without_order", "foreign", "carried", "rest"):
            if amount := apart.get(name):
                yield "", None, why(name), from_ore(amount)

    def _open(self) -> Iterator[Row]:
        ours = [one for one in self._proof.items if one[0]]
        for number, one, amount, kind in sorted(ours, key=lambda o: (len(o[0]), o[0], o[1].day)):
            what = self._word(f"open_{kind}")
            yield number, one.invoice_no, one.day, one.due, what, from_ore(amount)

    def _receivables(self) -> Iterator[Row]:
        ledger, items = self._proof.receivables, self._proof.items
        if ledger is not None:
            ours, listed = (sum(one[2] for one in items if one[0] or every) for every in (0, 1))
            figures = {"sum_ours": ours, "sum_others": listed - ours, "sum_listed": listed,
                       "sum_ledger": ledger, "differs": ledger - listed}  # fmt: skip
            for name, amount in figures.items():
                yield self._word(name), from_ore(amount)

    def _gift_cards(self) -> Iterator[Row]:
        if one := self._proof.gift_cards:
            flows = (one.flows[name] for name in ("sold", "used", "other"))
            yield self._account(one.number), *_amounts(one.opening, *flows, one.closing)

    def _numbers(self) -> Iterator[Row]:
        proof = self._proof
        if not (proof.by_status or proof.orders):
            return
        for status, n in sorted(proof.by_status.items(), key=lambda one: (-one[1], one[0])):
            yield self._word("of_status", shop_status=status), n, ""
        for name, found in proof.gaps.items():
            yield self._word(f"gaps_{name}"), len(found), ", ".join(found)
        skipped: dict[str, list[str]] = defaultdict(list)
        for pair in proof.explained:
            if pair.code == "skipped" and pair.why is not None:
                reason = say(pair.why.code, self._language, pair.why.facts)
                skipped[reason].append(pair.number)
        for reason, numbers in skipped.items():
            yield self._word("skipped", why=reason), len(numbers), ", ".join(numbers)

    # -- pictures --------------------------------------------------------------------------------

    def pictures(self) -> Iterator[tuple[str, list[tuple[date, list[Decimal]]]]]:
        """Yield sales per day of shop and PowerOffice, and each clearing account's balance.

        A title, then each day of the period with its figures in kroner, for the page to draw.
        """
        proof, first = self._proof, self._proof.period.first
        span = (proof.period.last - first).days + 1
        days = [first + timedelta(days=n) for n in range(span)]
        sold = proof.by(lambda under: (under.currency, under.day))
        sums = [sold.get(("", day), Sums()) for day in days]
        if any(one.shop or one.books for one in sums):
            bars = [[from_ore(one.shop), from_ore(one.books)] for one in sums]
            yield self._word("h_days"), [*zip(days, bars, strict=True)]
        for account in proof.clearing.values():
            if account.days:
                moved = (account.days[day] for day in days)
                _, *ends = accumulate(moved, initial=account.opening or 0)
                title = self._word("h_balance", account=self._account(account.number))
                yield title, [(day, [from_ore(end)]) for day, end in zip(days, ends, strict=True)]


def _amounts(*amounts: int | None) -> tuple[Decimal | None, ...]:
    return tuple(None if amount is None else from_ore(amount) for amount in amounts)


# -- as text, page and sheets ----------------------------------------------------------------------


def proof_text(proof: Proof, language: Language) -> str:
    """Return the proof as text; of a long row of one kind the first ones."""
    return _rendered("proof/text.txt", proof, language, FEW).rstrip("\n")


def proof_html(proof: Proof, language: Language) -> str:
    """Return the proof as a page; every text of the shop's and PowerOffice's is only text."""
    return _rendered("proof/page.html", proof, language, MANY)


def _rendered(template: str, proof: Proof, language: Language, rows: int) -> str:
    wording = ProofWording(proof, language)
    parts = {name: [one.cut(rows) for one in own] for name, own in wording.parts().items()}
    return rendered(
        template, language, origin=proof.origin, wording=wording, parts=parts, few=FEW,
        of_a_kind=OF_A_KIND, table=partial(table, language=language), figures_in=figures_in,
    )  # fmt: skip


def proof_csv(proof: Proof, language: Language) -> dict[str, bytes]:
    """Return the proof as CSV files: "" with what differs and is explained, "-turnover" and so on.

    Each table begins with a row of headings; a column in front names it.
    """
    wording = ProofWording(proof, language)

    said = partial(word, language=language, kind="proof")

    def sheet(tables: Iterable[ProofTable]) -> bytes:
        made = io.BytesIO()  # text would take four bytes a letter
        out = io.TextIOWrapper(made, "utf-8-sig", "replace", newline="")
        writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
        rows: list[Row] = [(wording.title,), (wording.conclusion,)]
        for one in tables:
            rows += [(), (said("kind"), *one.heads)] if one.rows else []
            rows += ((one.title, *row) for row in one.rows)
        writer.writerows(map(_cell_csv, row) for row in rows)
        out.flush()
        return made.getvalue()

    heads = [*map(said, ("day", "order", "what", "shop")), BOOKS, said("todo")]
    first = [
        ProofTable(said(f"h_{name}"), heads, [*map(_row_of, items)])
        for name, items in wording.items.items()
    ]
    first.append(ProofTable(said("h_notes"), [""], [[note] for note in wording.notes]))
    return {"": sheet(first)} | {f"-{name}": sheet(one) for name, one in wording.parts().items()}


def _row_of(item: ProofItem) -> Row:
    pair = item.pair
    sides = _amounts(*(side and side.amount for side in (pair.shop, pair.books)))
    return min(pair.days, default=None), pair.number, item.text, *sides, item.do


def _cell_csv(cell: Cell) -> str:
    """Return a cell on one line that no spreadsheet carries out."""
    if isinstance(cell, Decimal):
        return f"{cell:.2f}".replace(".", ",")
    text = "" if cell is None else str(cell)
    plain = "".join(c if c.isprintable() else " " for c in text)
    risky = plain.lstrip().startswith(_FORMULA) or text.startswith(_FORMULA)
    return f"'{plain}" if risky and isinstance(cell, str) else plain
