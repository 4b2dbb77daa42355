"""Payouts in words: a line each with what to do, JSON as the contract has it, and a page."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from woo2po.config import Settings
from woo2po.config.sections import PROVIDERS
from woo2po.messages import Language, filled, remedies, say, say_both
from woo2po.money import Fact, from_ore
from woo2po.page import Origin, rendered
from woo2po.payouts import Payout, PayoutsOutcome
from woo2po.payouts.booking import KRONER
from woo2po.payouts.payout import COSTS, FEES, Kind
from woo2po.report import NOTED, fitted, json_text, reasoned, told_of, wrapped

MOST_OPEN = 20  # in the text; the page and the object have all
JSON_BEGINS = ('{"payouts": [\n',)  # what stands before the first payout; a comma before others


def json_of(payout: Payout, language: Language) -> str:
    """Return a payout as an object; amounts in øre, debit positive."""
    why = payout.why
    told = {
        "provider": payout.provider, "id": payout.id, "bank_reference": payout.bank_reference,
        "date": payout.day.isoformat() if payout.day else None, "currency": payout.currency,
        "net": payout.net, "fee": payout.cost(*COSTS), "fee_vat": payout.cost(Kind.FEE_VAT),
        "state": payout.state, "code": why.code if why else "",
        "reason": say(why.code, language, why.facts) if why else "",
        "lines": [
            {"role": role, "account": account, "amount": amount}
            for role, account, amount in payout.lines
            if amount
        ],
        "orders": [
            {"order_id": row.order.id, "number": row.order.number, "kind": row.kind,
             "amount": row.amount, "matched_by": row.matched_by}
            for row in payout.matched if row.order
        ],
        "unmatched": [
            {"kind": row.kind, "amount": row.amount, "reference": row.named, "row": row.ref}
            for row in payout.matched if not row.order
        ],
    }  # fmt: skip
    return json_text(told)


def end_of_json(outcome: PayoutsOutcome, language: Language) -> str:
    """Return what follows the list of payouts, to the object's end."""
    told = [{"code": x.code, "text": say(x.code, language, x.facts)} for x in outcome.notes]
    return f'\n],\n"open": {json_text(outcome.open)},\n"notes": {json_text(told)}}}'


def line_of(payout: Payout, language: Language) -> str:
    """Return what a payout comes to."""
    facts: dict[str, Fact] = {
        "provider": PROVIDERS[payout.provider], "id": fitted(payout.id, 40),
        "day": payout.day or "?", "net": from_ore(payout.net), "currency": payout.currency,
        "fee": from_ore(payout.cost(*FEES)), "payout_state": payout.state,
        "n": sum(1 for row in payout.rows if row.order),
    }  # fmt: skip
    return say("payouts_line", language, facts)


def text_of(payout: Payout, language: Language) -> str:
    """Return a payout's line, and where something is to be said why and what to do."""
    line = wrapped(line_of(payout, language))
    why = payout.why and reasoned(*told_of(payout.why, language, payout.id), NOTED)
    return f"{line}\n{why}" if why else line


def ending(outcome: PayoutsOutcome, settings: Settings) -> str:
    """Return the last lines: counts, and what is captured and not paid out."""
    language, books = settings.language, settings.payouts.books
    lines = [say_both(note.code, language, note.facts) for note in outcome.notes]
    if outcome.counts:
        counts = {name: outcome.counts[name] for name in ("booked", "new", "held")}
        lines.append(say("payouts_counts", language, counts))
        lines += [say("payouts_compared", language)] if outcome.counts["new"] and not books else []
    for head, told in _open(outcome.open, language):
        lines += [head, *(f"  {one}" for one in told[:MOST_OPEN])]
        lines += ["  ..."] if len(told) > MOST_OPEN else []
    return "\n".join(map(wrapped, lines))


def _open(
    listed: Iterable[Mapping[str, Any]], language: Language
) -> Iterator[tuple[str, list[str]]]:
    """Yield what is open with each provider in a currency, and what that is made of."""
    found = defaultdict[str, list[Mapping[str, Any]]](list)
    for one in listed:
        currency = "" if one["currency"] == KRONER else f", {one['currency']}"
        found[PROVIDERS[one["provider"]] + currency].append(one)
    for provider, own in found.items():
        amount = from_ore(sum(one["amount"] for one in own))
        facts: dict[str, Fact] = {"provider": provider, "amount": amount, "n": len(own)}
        told = []
        for one in own:
            more = {**one, "payout_kind": one["kind"], "amount": from_ore(one["amount"])}
            code = "payouts_open_order" if one["number"] else "payouts_open_apart"
            told.append(say(code, language, more))
        yield say("payouts_open", language, facts), told


def page(
    payouts: Sequence[Payout], outcome: PayoutsOutcome, language: Language, origin: Origin
) -> str:
    """Return the page for the accountant: each payout with its lines and rows, and what is open."""
    return rendered(
        "payouts/page.html", language, payouts=payouts, outcome=outcome, origin=origin,
        amount=from_ore, line=lambda payout: line_of(payout, language),
        todo=lambda why: remedies(why.code, language, why.facts)[0],
        term=lambda kind, code: filled(f"{{{kind}}}", language, {kind: str(code)}),
        open=_open(outcome.open, language),
    )  # fmt: skip
