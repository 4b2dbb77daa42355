"""Payouts in words: a line each with what to do, JSON as the contract has it, and a page."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from woo2po.config.sections import PROVIDERS
from woo2po.messages import remedies, remedy, say, say_both
from woo2po.messages.message import Language, filled
from woo2po.money import Fact, from_ore
from woo2po.page import Origin, rendered
from woo2po.payouts import PayoutsOutcome, View
from woo2po.payouts.matching import Match
from woo2po.payouts.payout import ReportRow
from woo2po.report import fitted, json_text, wrapped

MOST_OPEN = 20  # in the text; the page and the object have all


class AsJson:
    """Writes one object, payout by payout: a year's rows are never in memory at once."""

    def __init__(self, language: Language, write: Callable[[str], None]) -> None:
        self._language, self._write, self._any = language, write, False

    def __call__(self, view: View) -> None:
        """Write a payout."""
        self._write(("," if self._any else '{"payouts": [') + f"\n{self._text(view)}")
        self._any = True

    def _text(self, view: View) -> str:
        return json_text(as_json(view, self._language))

    def end(self, outcome: PayoutsOutcome) -> None:
        """Write what is open, and close the object."""
        begun = "" if self._any else '{"payouts": ['
        told = [
            {"code": note.code, "text": say(note.code, self._language, note.facts)}
            for note in outcome.notes
        ]
        parts = f'"open": {json_text(outcome.open)},\n"notes": {json_text(told)}'
        self._write(f"{begun}\n],\n{parts}}}\n")


def as_json(view: View, language: Language) -> dict[str, Any]:
    """Return a payout as an object; amounts in øre, debit positive."""
    payout = view.payout
    return {
        "provider": payout.provider,
        "id": payout.id,
        "bank_reference": payout.bank_reference,
        "date": payout.day.isoformat() if payout.day else None,
        "currency": payout.currency,
        "net": payout.net,
        "fee": payout.fee,
        "fee_vat": payout.fee_vat,
        "state": view.state,
        "code": view.code,
        "reason": say(view.code, language, view.facts) if view.code else "",
        "lines": [line._asdict() for line in view.lines],
        "orders": [_order(match) for match in view.matches],
        "unmatched": [_alone(row) for row in view.alone],
    }


def _order(match: Match) -> dict[str, Any]:
    return {
        "order_id": match.order.id,
        "number": match.order.number,
        "kind": match.row.kind,
        "amount": match.row.amount,
        "matched_by": match.matched_by,
    }


def _alone(row: ReportRow) -> dict[str, Any]:
    named = row.number or next(filter(None, row.ids), "")
    return {"kind": row.kind, "amount": row.amount, "reference": named, "row": row.ref}


def text_of_view(view: View, language: Language) -> str:
    """Return a payout's line, and where something is to be said why and what to do."""
    payout = view.payout
    facts: dict[str, Fact] = {
        "provider": PROVIDERS[payout.provider], "id": fitted(payout.id, 40),
        "day": payout.day or "?", "net": from_ore(payout.net), "currency": payout.currency,
        "fee": from_ore(payout.fee + payout.fee_vat), "payout_state": view.state,
        "n": len(view.matches),
    }  # fmt: skip
    lines = [wrapped(say("payouts_line", language, facts))]
    if view.code:
        lines.append(wrapped(say(view.code, language, view.facts), "  ! ", "    "))
        todo = remedy(view.code, language, view.facts)
        lines += [wrapped(todo, "    → ", "      ")] if todo else []
    return "\n".join(lines)


def ending(outcome: PayoutsOutcome, language: Language, *, books: bool) -> str:
    """Return the last lines: counts, and what is captured and not paid out."""
    lines = [say_both(note.code, language, note.facts) for note in outcome.notes]
    if outcome.counts:
        counts = {name: outcome.counts[name] for name in ("booked", "new", "held")}
        lines.append(say("payouts_counts", language, counts))
        lines += [say("payouts_compared", language)] if outcome.counts["new"] and not books else []
    for provider, listed in _by_provider(outcome.open).items():
        amount = from_ore(sum(one["amount"] for one in listed))
        facts: dict[str, Fact] = {
            "provider": PROVIDERS[provider],
            "amount": amount,
            "n": len(listed),
        }
        lines.append(say("payouts_open", language, facts))
        lines += [f"  {_open_line(one, language)}" for one in listed[:MOST_OPEN]]
        lines += ["  ..."] if len(listed) > MOST_OPEN else []
    return "\n".join(map(wrapped, lines))


def _by_provider(listed: Iterable[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    found: dict[str, list[Mapping[str, Any]]] = {}
    for one in listed:
        found.setdefault(one["provider"], []).append(one)
    return found


def _open_line(one: Mapping[str, Any], language: Language) -> str:
    facts: dict[str, Fact] = {"payout_kind": str(one["kind"]), "number": str(one["number"]),
             "amount": from_ore(one["amount"])}  # fmt: skip
    return say("payouts_open_order" if one["number"] else "payouts_open_apart", language, facts)


def page(views: Sequence[View], outcome: PayoutsOutcome, language: Language, origin: Origin) -> str:
    """Return the page for the accountant: each payout with its lines and rows, and what is open."""

    def amount(ore: int) -> Decimal:
        return from_ore(ore)

    def why(view: View) -> tuple[str, str]:
        if not view.code:
            return "", ""
        return say(view.code, language, view.facts), remedies(view.code, language, view.facts)[0]

    return rendered(
        "payouts/page.html", language, views=views, outcome=outcome, origin=origin, amount=amount,
        why=why, names=PROVIDERS,
        term=lambda kind, code: filled(f"{{{kind}}}", language, {kind: str(code)}),
        open_by=_by_provider(outcome.open), open_line=lambda one: _open_line(one, language),
    )  # fmt: skip
