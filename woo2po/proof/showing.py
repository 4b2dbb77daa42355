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
from itertools import accumulate, compress
from typing import NamedTuple

from woo2po.messages import Language, figure_in, remedies, remedy, say, to_type, word
from woo2po.money import ZERO, Fact, from_ore
from woo2po.page import minus, rendered
from woo2po.proof import values
from woo2po.proof.sums import ClearingAccount, Proof, Sums
from woo2po.proof.values import COMPANY_CURRENCY, SALE, Document, Pair, sums_of
from woo2po.report import Cell, Figure, figures_in, kroner, table

Cells = Sequence[Cell]
FEW = 20  # rows that are shown at once; on the page more are folded
MANY = 1000  # rows of a table on the page
NAMED = 3  # so many explanations stand in the conclusion
BOOKS = "PowerOffice"
_FLOWS = ("captured", "returned", "payouts", "fees", "other")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
_VAT = frozenset({"vat", "ledger"})  # where the VAT is what differs
_KINDS = {values.EXPORT: "export", values.NO_VAT: "without", values.UNKNOWN: "unknown"}


class ProofTable(NamedTuple):
    """A table of text, page and sheet; the last row is a sum if `summed`; `notes` say what to do.

    `more`: so many rows are left out of it.
    """

    title: str
    heads: Sequence[str]
    rows: Sequence[Cells]
    summed: bool = False
    notes: Sequence[str] = ()
    more: int = 0

    def cut(self, most: int) -> "ProofTable":
        """Return the table with so many rows, and its sum; without columns that are empty."""
        n = max(len(self.rows) - most - self.summed, 0)
        rows: list[Cells] = [*self.rows[:most], *self.rows[most + n :]]
        full = [any(x not in {None, ""} for x in column) for column in zip(*rows, strict=True)]
        rows = [[*compress(row, full)] for row in rows]
        return self._replace(heads=[*compress(self.heads, full)], rows=rows, more=n)


class ProofWording:
    """Says a proof in a language; to whoever runs the job, or to who signs, if `signs`."""

    def __init__(self, proof: Proof, language: Language, *, signs: bool = True) -> None:
        self._proof, self._language, self._signs = proof, language, signs

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
        """How good it is: "agrees", as far as it was read ("unread"), but for money that is left to
        do ("money_open"), or it "differs".
        """
        if not self._proof.differences:
            return "unread" if self._proof.unread else "agrees"
        money = all(pair.money for pair in self._proof.differences)
        return "money_open" if money else "differs"

    @property
    def conclusion(self) -> str:
        """The proof in a sentence that its tables bear out."""
        proof, sums = self._proof, self._proof.total()
        in_kroner = (pair for pair in proof.differences if pair.currency == COMPANY_CURRENCY)
        off = sum(abs(pair.off) for pair in in_kroner)
        amounts = {"shop": sums.shop, "books": sums.books, "difference": sums.differs, "off": off}
        said: dict[str, Fact] = {name: self._amount(ore) for name, ore in amounts.items()}
        said |= {"orders": proof.orders, "refunds": proof.refunds, "n": len(proof.differences)}
        return self._say(self.level, explained=self._amount(sums.explained) + self._why(), **said)

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
        told = [self._word("why", number=number, why=self._word(f"why_{why}"))
                for number, why in whys.items()]  # fmt: skip
        return f" ({'; '.join(told)})" if told else ""

    @property
    def notes(self) -> list[str]:
        """What else there is to know: how days are counted, what was left out or unread."""
        n, amount = self._proof.unfinished
        notes = [self._say("how")]
        notes += [self._say("unfinished", n=str(n), amount=self._amount(amount))] if n else []
        aside = ", ".join(f"{status} ({n})" for status, n in sorted(self._proof.aside.items()))
        limits = [("reconcile_aside", {"statuses": aside})] if aside else []
        for code, unread in (*limits, *self._proof.limits):
            told = say(code, self._language, unread), remedy(code, self._language, unread)
            notes.append(" ".join(filter(None, told)))
        return notes

    # -- what differs, or is explained -----------------------------------------------------------

    def found(self, name: str) -> list[ProofTable]:
        """Return what differs, or is explained: a table for each reason, what to do under it."""
        groups: dict[tuple[str, str], list[Pair]] = defaultdict(list)
        for pair in getattr(self._proof, name):
            said = self._say(pair.code, **pair.facts)
            groups[said, pair.why.code if pair.why else ""].append(pair)
        return [self._alike(said, pairs) for (said, _), pairs in groups.items()]

    def _alike(self, said: str, pairs: Sequence[Pair]) -> ProofTable:
        """Return what is so for one reason; what to do names the facts that all share."""
        code, why = f"reconcile_{pairs[0].code}", pairs[0].why
        reasons = [say(x.why.code, self._language, x.why.facts) if x.why else "" for x in pairs]
        if len({*reasons}) == 1:
            said, reasons = f"{said} {reasons[0]}".rstrip(), [""] * len(pairs)
        if why and remedy(why.code, self._language):
            code = why.code
        given = [{**(x.why.facts if x.why else {}), "order": to_type(x.number)} for x in pairs]
        facts = {n: fact for n, fact in given[0].items() if all(x.get(n) == fact for x in given)}
        do, run = remedies(code, self._language, facts)
        todo = do or (run and f"{say('preview_who_runs', self._language)}: {run}")
        if not self._signs:
            todo = remedy(code, self._language, facts)
        shop = "provider" if pairs[0].money and not pairs[0].order_id else "shop"
        heads = f"order day {shop} document booked {BOOKS} what"
        return self._table(said, heads, map(self._row, pairs, reasons), todo)

    def _row(self, pair: Pair, reason: str) -> Cells:
        """Return a row of `_alike`; the day in the books stands there if it is another."""
        shop, books, facts, what = pair.shop, pair.books, pair.facts, [reason]
        days = [row.day if row else None for row in (shop, books)]
        amounts = [self._figure(x.amount, pair.currency) if x else None for x in (shop, books)]
        if shop and shop.of > SALE:
            what.append(self._word("refund", refund=str(shop.of)))
        if pair.code in _VAT and isinstance(books, Document):
            (_, due), (net, vat) = (sums_of((row and row.posted) or ()) for row in (shop, books))
            own = self._amount(books.amount - books.net, pair.currency)
            vats = {"shop": due, "books": vat, "gross": net + vat}
            said = {name: self._amount(ore) for name, ore in vats.items()}
            what.append(self._word("vats", **said, document=own))
        return (
            pair.number, days[0], amounts[0],
            facts.get("invoice") or str((books and books.document) or ""),
            None if days[0] == days[1] else days[1], amounts[1],
            "; ".join(filter(None, (str(facts.get("about", "")), *what))),
        )  # fmt: skip

    def _figure(self, ore: int, currency: str) -> Cell:
        kroner = currency == COMPANY_CURRENCY
        return from_ore(ore) if kroner else Figure(self._amount(ore, currency))

    # -- tables ----------------------------------------------------------------------------------

    def parts(self) -> dict[str, list[ProofTable]]:
        """Return the tables of each part of the proof; those without rows are left out."""
        parts = {"turnover": self._turnover(), "clearing": self._clearing(),
                 "receivables": self._receivables(),
                 "completeness": self._completeness()}  # fmt: skip
        listed = ((name, [one for one in tables if one.rows]) for name, tables in parts.items())
        return {name: tables for name, tables in listed if tables}

    def _table(
        self, title: str, heads: str, rows: Iterable[Cells], *notes: str, summed: bool = False
    ) -> ProofTable:
        """Return a table with its headings in words; `summed`: with a row of its sums."""
        said = [head if head == BOOKS else self._word(head) for head in heads.split()]
        listed = list(rows)
        if summed and listed:
            columns = [*zip(*listed, strict=True)][1:]
            sums = (sum(one, ZERO) if isinstance(one[0], Decimal) else "" for one in columns)
            listed.append((self._word("sum"), *sums))
        return ProofTable(title, said, listed, summed, [*filter(None, notes)])

    def _turnover(self) -> Iterator[ProofTable]:
        heads = f"code rate account what shop explained {BOOKS} differs"
        codes: dict[str, list[Cells]] = defaultdict(list)
        for under, sums in self._proof.by(lambda under: under[:-1]).items():
            currency, code, kind, account, part = under
            rate = f"{figure_in(kind, self._language)} %"
            rate = self._word(_KINDS[kind]) if kind in _KINDS else rate
            amounts = _amounts(sums.shop, sums.explained, sums.books, sums.differs)
            if any(amounts):
                row = code, rate, self._account(account), self._word(part), *amounts
                codes[currency or COMPANY_CURRENCY].append(row)
        for currency, rows in codes.items():
            yield self._table(self._word("h_codes", currency=currency), heads, rows, summed=True)
        untaxed = ((number, day, sku or self._word("freight"), *_amounts(*amounts))
                   for number, day, sku, *amounts in self._proof.untaxed)  # fmt: skip
        title, todo = self._word("h_untaxed"), self._say("untaxed_do")
        yield self._table(title, "order day what paid owed", untaxed, todo, summed=True)

    def _clearing(self) -> Iterator[ProofTable]:
        rows = []
        for one in self._proof.clearing.values():
            disputed = -sum(own.disputed for own in one.orders.values() if own.left)
            amounts = [one.opening, *(one.flows[name] for name in _FLOWS), one.closing]
            if any([*amounts, off := self._proof.off[one.number]]):
                rows.append((self._account(one.number), *_amounts(*amounts, disputed, off)))
        heads = f"account opening {' '.join(_FLOWS)} closing disputed differs"
        yield self._table(self._word("h_accounts"), heads, rows)
        for one in self._proof.clearing.values():
            title = self._word("h_left", account=self._account(one.number))
            yield self._table(title, "order day what left", self._left(one), summed=True)

    def _left(self, account: ClearingAccount) -> Iterator[Cells]:
        """Yield the closing balance of a clearing account, order by order."""
        if account.closing is None:
            return
        why = cache(lambda name: self._word(f"left_{name}"))
        blind = account.by_hand and not account.payouts  # they name no orders
        for number, own in account.left().items():
            what = "unknown" if blind and own.why == "not_paid" else own.why
            yield number, own.day, why(what), from_ore(own.left)
        apart = {**account.apart, "rest": account.rest}
        for name in ("held", "given_back", "without_order", "foreign", "carried", "rest"):
            if amount := apart.get(name):
                yield "", None, why(name), from_ore(amount)

    def _receivables(self) -> Iterator[ProofTable]:
        ledger, items, cards = self._proof.receivables, self._proof.items, self._proof.gift_cards
        ours = sorted((x for x in items if x[0]), key=lambda x: (len(x[0]), x[0], x[1].day))
        kinds = {kind: self._word(f"open_{kind}") for kind in sorted({x[-1] for x in ours})}
        rows = [(number, one.invoice_no, one.day, one.due, kinds[kind], from_ore(amount))
                for number, one, amount, kind in ours]  # fmt: skip
        todo = [f"{said}: {self._word(f'open_{kind}_do')}" for kind, said in kinds.items()]
        yield self._table(self._word("h_open"), "order document day due what left", rows, *todo)
        if ledger is not None:
            own, listed = (sum(one[2] for one in those) for those in (ours, items))
            figures = {"sum_ours": own, "sum_others": listed - own, "sum_listed": listed,
                       "sum_ledger": ledger, "differs": ledger - listed}  # fmt: skip
            sums = [(self._word(name), from_ore(amount)) for name, amount in figures.items()]
            table = self._table(self._word("h_receivables_sum"), "what sum", sums)
            yield table._replace(summed=True)
        if cards is not None:
            flows = (cards.flows[name] for name in ("sold", "used", "other"))
            row = self._account(cards.number), *_amounts(cards.opening, *flows, cards.closing)
            todo = [self._say("gift_cards_below")] * ((cards.closing or 0) < 0)
            heads = "account opening sold used other closing"
            yield self._table(self._word("h_gift_cards"), heads, [row], *todo)

    def _completeness(self) -> Iterator[ProofTable]:
        proof = self._proof
        statuses = sorted(proof.by_status.items(), key=lambda one: (-one[1], one[0]))
        rows: list[Cells] = [(self._word("of_status", shop_status=x), n, "") for x, n in statuses]
        for name, found in proof.gaps.items():
            which = (f"{one[0]}-{one[-1]}" if len(one) > 1 else str(one[0]) for one in found)
            rows.append((self._word(f"gaps_{name}"), sum(map(len, found)), ", ".join(which)))
        skipped: dict[str, list[str]] = defaultdict(list)
        for pair in proof.explained:
            if pair.code == "skipped" and pair.why is not None:
                reason = say(pair.why.code, self._language, pair.why.facts)
                skipped[reason].append(pair.number)
        for reason, numbers in skipped.items():
            rows.append((self._word("skipped", why=reason), len(numbers), ", ".join(numbers)))
        if proof.by_status or proof.orders:
            yield self._table(self._word("h_numbers"), "what count which", rows)

    # -- pictures --------------------------------------------------------------------------------

    def pictures(self) -> Iterator[tuple[str, list[tuple[date, list[Decimal]]]]]:
        """Yield sales per day of shop and PowerOffice, and each clearing account's balance.

        A title, then each day that has come, with its figures in kroner, for the page to draw.
        """
        proof, first = self._proof, self._proof.period.first
        span = (min(proof.period.last, proof.origin.made.date()) - first).days + 1
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
    return _rendered("proof/text.txt", proof, language, FEW, signs=False).rstrip("\n")


def proof_html(proof: Proof, language: Language) -> str:
    """Return the proof as a page; every text of the shop's and PowerOffice's is only text."""
    return _rendered("proof/page.html", proof, language, MANY, signs=True)


def _rendered(template: str, proof: Proof, language: Language, rows: int, *, signs: bool) -> str:
    return rendered(
        template, language, origin=proof.origin, few=FEW, figures_in=figures_in,
        cut=lambda tables: [one.cut(rows) for one in tables],
        wording=ProofWording(proof, language, signs=signs), table=partial(table, language=language),
    )  # fmt: skip


def proof_csv(proof: Proof, language: Language) -> dict[str, bytes]:
    """Return the proof as CSV files: "" with what differs and is explained, "-turnover" and so on.

    A row of headings is followed by the tables that have them; a column in front names the table,
    and what there is to do about it stands behind.
    """
    wording = ProofWording(proof, language)
    found = [one._replace(title=f"{word(f'h_{name}', language, 'proof')}: {one.title}")
             for name in ("differences", "explained") for one in wording.found(name)]  # fmt: skip
    notes = [ProofTable(note, [], [[]]) for note in wording.notes]

    def sheet(tables: Iterable[ProofTable]) -> bytes:
        made, heads = io.BytesIO(), None  # text would take four bytes a letter
        out = io.TextIOWrapper(made, "utf-8-sig", "replace", newline="")
        writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
        rows: list[Cells] = [(wording.title,), (wording.conclusion,)]
        for one in tables:
            named = (word("kind", language, "proof"), *one.heads, word("todo", language, "proof"))
            rows += [(), named] if one.heads and one.heads != heads else []
            rows += ((one.title, *row, *one.notes) for row in one.rows)
            heads = one.heads
        writer.writerows(map(_cell_csv, row) for row in rows)
        out.flush()
        return made.getvalue()

    parts = {f"-{name}": sheet(tables) for name, tables in wording.parts().items()}
    return {"": sheet([*found, *notes]), **parts}


def _cell_csv(cell: Cell) -> str:
    """Return a cell on one line that no spreadsheet carries out."""
    if isinstance(cell, Decimal):
        return f"{cell:.2f}".replace(".", ",")
    text = "" if cell is None else str(cell)
    plain = text if text.isprintable() else "".join(c if c.isprintable() else " " for c in text)
    risky = plain.lstrip().startswith(_FORMULA) or text.startswith(_FORMULA)
    return f"'{plain}" if risky and isinstance(cell, str) else plain
