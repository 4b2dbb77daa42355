"""The proof in words and tables, in a language; how they look is no matter here. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from woo2po.messages import remedy, say
from woo2po.messages.message import Language, to_type
from woo2po.money import Fact, from_ore
from woo2po.page import Cell, Table
from woo2po.reconcile.proof import DayTakings, Proof, ProofSums, Settlement
from woo2po.reconcile.values import UNKNOWN_RATE, Pair
from woo2po.report import kroner, percent

DAYS_AT_MOST = 62  # a longer period is shown by month, to people


@dataclass(frozen=True, slots=True)
class ProofItem:
    """Something that differs, or is explained: a sentence, its reason and what to do."""

    code: str
    day: str
    number: str
    text: str
    reason: str
    todo: str
    shop: Decimal | None
    books: Decimal | None


class ProofWording:
    """Says a proof in a language. `by_day`: every table of days has them, however many."""

    def __init__(self, proof: Proof, language: Language, *, by_day: bool = True) -> None:
        self._proof = proof
        self._language = language
        days = (proof.period.last - proof.period.first).days
        self._by_day = by_day or days <= DAYS_AT_MOST

    def _say(self, code: str, facts: Mapping[str, Fact] | None = None) -> str:
        return say(code, self._language, facts)

    def _amount(self, ore: int) -> str:
        return kroner(from_ore(ore), self._language)

    def _with_currency(self, ore: int, currency: str) -> str:
        amount = self._amount(ore)
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
        amounts = {
            "shop": self._amount(sums.shop),
            "explained": self._amount(-sums.explained),
            "books": self._amount(sums.books),
            "difference": self._amount(sums.differs),
        }
        if proof.agrees:
            counts = {"orders": str(proof.orders), "refunds": str(proof.refunds)}
            return self._say("reconcile_agrees", amounts | counts)
        return self._say("reconcile_differs", amounts | {"n": str(len(proof.differences))})

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
        for code, facts_ in proof.limits:
            said = self._say(code, facts_), remedy(code, self._language, facts_)
            notes.append(" ".join(said))
        return notes

    def differences(self) -> list[ProofItem]:
        """Return what differs."""
        return [self._item(pair) for pair in self._proof.differences]

    def explained(self) -> list[ProofItem]:
        """Return what is booked otherwise and yet right."""
        return [self._item(pair) for pair in self._proof.explained]

    def _item(self, pair: Pair) -> ProofItem:
        shop, books = pair.shop, pair.books
        facts = {
            **pair.facts,
            "number": pair.number,
            "order": to_type(pair.number),
            "shop": self._with_currency(shop.amount, pair.currency) if shop else "",
            "books": self._with_currency(books.amount, pair.currency) if books else "",
            "shop_day": str(shop.day or "") if shop else "",
            "books_day": str(books.day or "") if books else "",
        }
        reason = todo = ""
        known = self._proof.reasons
        why = known.get(int(str(pair.facts.get("refund") or 0))) or known.get(pair.order_id)
        if why is not None:
            reason = self._say(why.code, why.facts)
            todo = remedy(why.code, self._language, {**why.facts, "order": facts["order"]})
        days = [str(side.day) for side in (shop, books) if side is not None and side.day]
        return ProofItem(
            code=pair.code,
            day=min(days, default=""),
            number=pair.number,
            text=self._say(pair.code, facts),
            reason=reason,
            todo=todo or remedy(pair.code, self._language, facts),
            shop=from_ore(shop.amount) if shop else None,
            books=from_ore(books.amount) if books else None,
        )

    def tables(self) -> list[Table]:
        """Return the tables of the proof; those without rows are left out."""
        found = [self._sum()]
        for currency in self._proof.currencies:
            found += [self._days(currency), self._rates(currency)]
        found += [self._accounts(), self._taken()]
        found += [self._settlement(one) for one in self._proof.settlements]
        return [table for table in found if table.rows]

    def _heads(self, *codes: str) -> tuple[str, ...]:
        books = "PowerOffice"
        return tuple(self._say(code) if code else books for code in codes)

    def _sum(self) -> Table:
        rows: list[tuple[Cell, ...]] = []
        for currency in self._proof.currencies:
            sums = self._proof.total(currency)
            rows += [
                (self._say("reconcile_c_shop"), currency, sums.counted, from_ore(sums.shop)),
                (self._say("reconcile_c_explained"), currency, "", from_ore(sums.explained)),
                ("PowerOffice", currency, sums.booked, from_ore(sums.books)),
                (self._say("reconcile_c_differs"), currency, "", from_ore(sums.differs)),
            ]
        heads = ("reconcile_c_what", "", "reconcile_c_count", "reconcile_c_sum")
        headers = tuple("" if code == "" else self._say(code) for code in heads)
        return Table("sum", self._say("reconcile_h_sum"), headers, rows, summed=False)

    def _days(self, currency: str) -> Table:
        own = [(day, sums) for (name, day), sums in self._proof.days.items() if name == currency]
        rows: list[tuple[Cell, ...]] = [(when, *_row(sums)) for when, sums in self._spans(own)]
        whole = self._proof.total(currency)
        if rows:
            rows.append((self._say("reconcile_c_sum"), *_row(whole)))
        headers = self._heads(
            "reconcile_c_day" if self._by_day else "reconcile_c_month",
            "reconcile_c_count", "reconcile_c_shop", "reconcile_c_explained", "",
            "reconcile_c_differs",
        )  # fmt: skip
        code = "reconcile_h_days" if self._by_day else "reconcile_h_months"
        return Table("days", _in(self._say(code), currency), headers, rows)

    def _spans(self, days: Sequence[tuple[date, ProofSums]]) -> list[tuple[str, ProofSums]]:
        """Return sums by day, or by month where days are too many."""
        return [
            (name, _added(one for _, one in group)) for name, group in groupby(days, self._span)
        ]

    def _span(self, one: tuple[date, object]) -> str:
        return one[0].isoformat() if self._by_day else f"{one[0]:%Y-%m}"

    def _rates(self, currency: str) -> Table:
        rows: list[tuple[Cell, ...]] = []
        for (name, rate), (net, vat) in self._proof.rates.items():
            said = (
                self._say("reconcile_c_unknown")
                if rate == UNKNOWN_RATE
                else percent(rate, self._language)
            )
            for what, sums in (("reconcile_c_net", net), ("reconcile_c_vat", vat)):
                taxed = what == "reconcile_c_net" or rate
                if name == currency and taxed and (sums.shop or sums.books or sums.explained):
                    rows.append((said, self._say(what), *_row(sums)[1:]))
        headers = self._heads(
            "reconcile_c_rate", "reconcile_c_what", "reconcile_c_shop", "reconcile_c_explained",
            "", "reconcile_c_differs",
        )  # fmt: skip
        title = _in(self._say("reconcile_h_rates"), currency)
        return Table("rates", title, headers, rows, summed=False)

    def _accounts(self) -> Table:
        rows = [
            (_in(self._account(account), currency), *_row(sums)[1:], from_ore(self._other(account)))
            for (currency, account), sums in self._proof.accounts.items()
        ]
        headers = self._heads(
            "reconcile_c_account", "reconcile_c_shop", "reconcile_c_explained", "",
            "reconcile_c_differs", "reconcile_c_other",
        )  # fmt: skip
        return Table("accounts", self._say("reconcile_h_accounts"), headers, [*rows], summed=False)

    def _other(self, account: int | None) -> int:
        return self._proof.other.get(account or 0, 0)

    def _account(self, account: int | None) -> str:
        return str(account) if account else self._say("reconcile_none")

    def _taken(self) -> Table:
        rows = [
            (f"{self._account(one.account)} {', '.join(one.methods)}", *_taken(one.total))
            for one in self._proof.settlements
        ]
        headers = self._settlement_heads("reconcile_c_account")
        title = self._say("reconcile_h_settlements")
        return Table("settlements", title, headers, [*rows], summed=False)

    def _settlement_heads(self, first: str) -> tuple[str, ...]:
        return self._heads(
            first, "reconcile_c_payments", "reconcile_c_paid", "reconcile_c_refunds",
            "reconcile_c_returned", "reconcile_c_left",
        )  # fmt: skip

    def _settlement(self, one: Settlement) -> Table:
        facts = {"account": self._account(one.account), "methods": ", ".join(one.methods)}
        days = list(one.days.items())
        rows: list[tuple[Cell, ...]] = [
            (name, *_taken(_all_taken(taken for _, taken in group)))
            for name, group in groupby(days, self._span)
        ]
        rows.append((self._say("reconcile_c_sum"), *_taken(one.total)))
        first = "reconcile_c_day" if self._by_day else "reconcile_c_month"
        title = _in(self._say("reconcile_h_settlement", facts), one.currency)
        return Table("settlement", title, self._settlement_heads(first), rows)


def _in(title: str, currency: str) -> str:
    return title if currency == "NOK" else f"{title} ({currency})"


def _row(sums: ProofSums) -> tuple[int, Decimal, Decimal, Decimal, Decimal]:
    amounts = (sums.shop, sums.explained, sums.books, sums.differs)
    shop, explained, books, differs = map(from_ore, amounts)
    return sums.counted, shop, explained, books, differs


def _taken(taken: DayTakings) -> tuple[int, Decimal, int, Decimal, Decimal]:
    return (
        taken.payments,
        from_ore(taken.paid),
        taken.refunds,
        from_ore(taken.returned),
        from_ore(taken.net),
    )


def _added(parts: Iterable[ProofSums]) -> ProofSums:
    whole = ProofSums()
    for one in parts:
        whole.add(one)
    return whole


def _all_taken(parts: Iterable[DayTakings]) -> DayTakings:
    whole = DayTakings()
    for one in parts:
        whole.add(one)
    return whole
