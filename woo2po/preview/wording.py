"""What is said of a preview, in a language; how it looks is no matter here. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from woo2po.documents import InvoiceWanted, PaymentWanted
from woo2po.holds import Hold, Skip
from woo2po.messages import remedy, say
from woo2po.messages.message import Language, to_type, word
from woo2po.money import ZERO
from woo2po.page import Cell, Table
from woo2po.preview.sums import Count, Posted, RateSum, Sums
from woo2po.preview.values import Becomes, Buyer, Foretold, Known
from woo2po.report import kroner, percent

_BUYER = {
    Known.BEFORE: "customer_known",
    Known.EXISTS: "customer_exists",
    Known.NEW: "customer_new",
}
_BECOMES = {
    Becomes.TRANSFERRED: "preview_transferred",
    Becomes.CHANGED: "preview_changed",
    Becomes.INVOICED: "preview_invoiced",
    Becomes.TAKEN_BACK: "preview_taken_back",
    Becomes.HELD: "preview_held",
    Becomes.WAITING: "preview_waiting",
    Becomes.SKIPPED: "preview_skipped",
    Becomes.NOT_TRANSFERRED: "preview_not_transferred",
    Becomes.UNCHANGED: "preview_unchanged_there",
}


def becomes_said(becomes: Becomes, language: Language) -> str:
    """Return what becomes of an order, in a word or two."""
    return say(_BECOMES[becomes], language)


def said_of(order: Foretold, language: Language) -> str:
    """Return what becomes of an order in a few words; "" where it is only held or skipped."""
    if order.said is not None:
        return say(order.said.code, language, order.said.facts)
    if order.is_made and order.buyer is not None:
        return buyer_said(order.buyer, language)
    return "" if order.reason is not None else say("preview_waits", language)


def buyer_said(buyer: Buyer, language: Language) -> str:
    """Return which customer in PowerOffice an order goes to, without a name; or ""."""
    if buyer.known is None:
        return ""
    return say(_BUYER[buyer.known], language, {"number": str(buyer.number)})


def kind_said(buyer: Buyer, language: Language) -> str:
    """Return whether it is a private person's order or a company's."""
    return word("person" if buyer.is_person else "company", language)


def invoice_said(one: Foretold, wanted: InvoiceWanted, language: Language) -> str:
    """Return when an order is invoiced, or the day of a credit note."""
    code = "preview_invoice" if one.refund is None else "preview_dated"
    said = say(code, language, {"day": wanted.day.isoformat()})
    if wanted.moved_from is None:
        return said
    return f"{said} {say('preview_moved', language, {'day': wanted.moved_from.isoformat()})}"


def payment_said(one: Foretold, payment: PaymentWanted, language: Language) -> str:
    """Return what is posted; where no invoice stands yet, only once there is one."""
    facts = {
        "day": payment.day.isoformat(),
        "account": str(payment.account_no),
        "amount": kroner(abs(payment.amount), language),
    }
    code = "preview_payback" if payment.amount < ZERO else "preview_payment"
    said = say(code, language, facts)
    return said if one.is_invoiced else f"{said}, {say('preview_later', language)}"


def credit_note_said(note: Foretold, language: Language) -> str:
    """Return what a credit note is for."""
    code = "preview_credit_note" if note.refund else "preview_credit_whole"
    return say(code, language, {"refund": str(note.refund)})


def reason_said(reason: Hold | Skip, language: Language, number: str = "") -> tuple[str, str]:
    """Return why something is held or skipped, and what to do about it (or "").

    `number` is the order's, for what is to be typed; without one it is said for any order.
    """
    facts = {**reason.facts, **({"order": to_type(number)} if number else {})}
    return say(reason.code, language, facts), remedy(reason.code, language, facts)


@dataclass(slots=True)
class HeldFor:
    """What is held for one reason: what to do, and the orders (id, number) of each sentence."""

    todo: str
    said: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    count: Count = field(default_factory=Count)


class Held:
    """Groups what is held by its reason, that of most orders first."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._groups: dict[tuple[str, str], HeldFor] = {}

    def add(self, order: Foretold) -> None:
        """Add an order, if it or a credit note of it is held."""
        for one in order.parts:
            if isinstance(one.reason, Hold):
                said, what = reason_said(one.reason, self._language)
                group = self._groups.setdefault((one.reason.code, what), HeldFor(what))
                group.said.setdefault(said, []).append((order.order_id, order.number))
                group.count.add(one.currency, one.total)

    def __iter__(self) -> Iterator[HeldFor]:
        return iter(sorted(self._groups.values(), key=lambda group: -group.count.n))


def amounts(totals: Mapping[str, Decimal], language: Language) -> str:
    """Return sums in one or more currencies, kroner without a name."""
    ordered = sorted(totals.items(), key=lambda one: (one[0] != "NOK", one[0]))
    said = (f"{kroner(sum_, language)} {'' if name == 'NOK' else name}" for name, sum_ in ordered)
    between = "; " if language == "nb" else ", "  # a comma stands in the Norwegian figures already
    return between.join(one.rstrip(" ") for one in said) or kroner(ZERO, language)


class Wording:
    """Says the sums of a preview in a language."""

    def __init__(self, sums: Sums, language: Language) -> None:
        self._sums = sums
        self._language = language

    def _say(self, code: str, facts: Mapping[str, str] | None = None) -> str:
        return say(code, self._language, facts)

    def _amounts(self, totals: Mapping[str, Decimal]) -> str:
        return amounts(totals, self._language)

    @property
    def title(self) -> str:
        """What it is."""
        return self._say("preview_title")

    @property
    def conclusion(self) -> str:
        """What the preview comes to."""
        sums = self._sums
        if not sums.n:
            return self._say("preview_nothing")
        held, waiting = sums.outcomes[Becomes.HELD], sums.outcomes[Becomes.WAITING]
        facts = {"n": sums.n, "go": sums.gone.n, "held": held}
        said = {name: str(n) for name, n in facts.items()} | {
            "total": self._amounts(sums.gone.totals)
        }
        sentences = [self._say(self._conclusion_code(held), said)]
        if sums.given_back.n:
            back = {name: -amount for name, amount in sums.given_back.totals.items()}
            sentences.append(self._say("preview_give_back", {"total": self._amounts(back)}))
        if waiting:
            sentences.append(self._say("preview_some_wait", {"n": str(waiting)}))
        return " ".join(sentences)

    def _conclusion_code(self, held: int) -> str:
        gone = self._sums.gone.n
        if held:
            return "preview_some_held"
        if not gone:
            return "preview_none_go"
        return "preview_all_go" if gone == self._sums.n else "preview_some_go"

    @property
    def notes(self) -> list[str]:
        """What else there is to know of the sums."""
        sums = self._sums
        notes = [self._say("preview_how")]
        later = {name: posted.later for (name, _), posted in sums.accounts.items() if posted.later}
        if later:
            notes.append(
                self._say("preview_posted_later", {"amount": self._amounts(self._later())})
            )
        for code, n in (
            ("preview_with_line", sums.with_line),
            ("preview_unsure_count", sums.unsure),
        ):
            notes += [self._say(code, {"n": str(n)})] if n else []
        return notes

    def _later(self) -> dict[str, Decimal]:
        later: dict[str, Decimal] = {}
        for (currency, _), posted in self._sums.accounts.items():
            later[currency] = later.get(currency, ZERO) + posted.later
        return later

    def tables(self) -> list[Table]:
        """Return the tables of the sums; those without rows are left out."""
        found = [self._outcomes()]
        for currency in self._sums.currencies:
            found += [self._rates(currency), self._accounts(currency)]
        return [table for table in found if table.rows]

    @property
    def _total(self) -> str:
        return word("sum", self._language)

    def _heads(self, *names: str) -> tuple[str, ...]:
        return tuple(self._say(name) for name in names)

    def _outcomes(self) -> Table:
        rows = list(self._counted(self._sums.orders, "{what}"))
        told = self._say("preview_credit_notes", {"what": "{what}"})
        rows += self._counted(self._sums.credit_notes, told)
        heads = self._heads("preview_c_outcome", "preview_c_count", "preview_c_sum")
        return Table("outcomes", self._say("preview_h_outcomes"), heads, rows, summed=False)

    def _counted(self, counts: Mapping[Becomes, Count], shape: str) -> Iterator[tuple[Cell, ...]]:
        for becomes in Becomes:
            count = counts.get(becomes)
            if count is None or not count.n:
                continue
            what = shape.replace("{what}", becomes_said(becomes, self._language))
            only = count.totals.get("NOK", ZERO) if set(count.totals) <= {"NOK"} else None
            yield what, count.n, self._amounts(count.totals) if only is None else only

    def _rates(self, currency: str) -> Table:
        rows: list[tuple[Cell, ...]] = []
        whole = RateSum()
        for rate, sums in self._sums.rates_in(currency):
            rows.append((percent(rate, self._language), sums.net, sums.vat, sums.gross))
            whole.add(sums)
        if rows:
            rows.append((self._total, whole.net, whole.vat, whole.gross))
        heads = self._heads("preview_c_rate", "preview_c_net", "preview_c_vat", "preview_c_total")
        return Table("rates", _in(self._say("preview_h_rates"), currency), heads, rows)

    def _accounts(self, currency: str) -> Table:
        posted = [(f"{no} {_methods(one)}", one) for no, one in self._sums.accounts_in(currency)]
        if currency in self._sums.unposted:
            one = self._sums.unposted[currency]
            posted.append((f"{self._say('preview_unposted')} {_methods(one)}", one))
        rows: list[tuple[Cell, ...]] = [(name.strip(), *_posted(one)) for name, one in posted]
        if rows:
            rows.append((self._total, *_posted(_all(one for _, one in posted))))
        heads = self._heads(
            "preview_c_account", "preview_c_payments", "preview_c_paid", "preview_c_paybacks",
            "preview_c_returned", "preview_c_left",
        )  # fmt: skip
        return Table("accounts", _in(self._say("preview_h_accounts"), currency), heads, rows)


def _in(title: str, currency: str) -> str:
    return title if currency == "NOK" else f"{title} ({currency})"


def _methods(posted: Posted) -> str:
    return f"({', '.join(sorted(posted.methods))})" if posted.methods else ""


def _posted(one: Posted) -> tuple[int, Decimal, int, Decimal, Decimal]:
    return one.payments, one.paid, one.paybacks, one.returned, one.net


def _all(posted: Iterable[Posted]) -> Posted:
    whole = Posted()
    for one in posted:
        whole.payments, whole.paid = whole.payments + one.payments, whole.paid + one.paid
        whole.paybacks += one.paybacks
        whole.returned += one.returned
    return whole
