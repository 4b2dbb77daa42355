"""A preview as one HTML page for the accountant who looks before the job is switched on.

Three large figures first; then what is held and why, the sums per VAT rate and account; then order
by order, the lines behind each folded until they are asked for, and open on paper. How it looks
stands in page.html, which works without its script: that only sorts and filters.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from woo2po.catalogue import Account
from woo2po.documents import LineKind, OrderLine
from woo2po.messages import say
from woo2po.messages.message import Language, figure_in, word
from woo2po.money import ZERO, round_ore
from woo2po.page import Origin, rendered
from woo2po.preview.sums import Posted, Sums, by_rate
from woo2po.preview.values import BOOKED, Becomes, Foretold
from woo2po.preview.wording import (
    amounts,
    becomes_said,
    conclusion,
    credit_note_said,
    held_by_reason,
    notes,
    rates_said,
    reason_said,
    told,
)
from woo2po.report import kroner, percent, plain

FEW = 12  # of what is held for one reason, so many are shown at once; more are folded


def html(
    orders: Sequence[Foretold],
    origin: Origin,
    language: Language,
    warnings: Sequence[str] = (),
    statuses: Mapping[str, str] | None = None,
) -> str:
    """Return the page; `statuses` are the shop's own words for its statuses, by their slugs."""
    sums = Sums(orders)
    words: dict[str, Callable[..., Any]] = {
        "amounts": amounts,
        "becomes": becomes_said,
        "credit_note": credit_note_said,
        "lines": _lines,
        "outcomes": _outcomes,
        "posted": _posted,
        "rates": rates_said,
        "reason": reason_said,
        "told": told,
    }
    return rendered(
        "preview/page.html",
        language,
        origin=origin,
        mood=_mood(sums),
        sums=sums,
        conclusion=conclusion(sums, language),
        notes=notes(sums, language),
        warnings=warnings,
        held=held_by_reason(orders, language),
        few=FEW,
        orders=orders,
        usual=list(_usual(orders, language)),
        statuses=statuses or {},
        kinds=tuple(Becomes),
        by_rate=lambda one: by_rate(one.documents.sales_order, one.exactness).items(),
        **{name: partial(said, language=language) for name, said in words.items()},
    )


def _mood(sums: Sums) -> str:
    """Return how well it is: nothing waits for anybody, something does, or most of it does."""
    waits = sums.outcomes[Becomes.HELD] + sums.outcomes[Becomes.WAITING]
    if not waits:
        return "good"
    return "bad" if waits * 2 > sums.n else "wait"


def _usual(orders: Sequence[Foretold], language: Language) -> Iterator[str]:
    """Yield what is said of more than half of the orders that go: once above them is enough.

    Only where each of them says something: else silence would mean two things.
    """
    going = [told(order, language) for order in orders if order.becomes in BOOKED]
    for said in zip(*going, strict=True):
        part, n = Counter(said).most_common(1)[0]
        if all(said) and n > 1 and n * 2 > len(going):
            yield part


def _outcomes(sums: Sums, language: Language) -> Iterator[tuple[str, int, str]]:
    """Yield of orders, then of credit notes, what becomes of them, how many, what they come to."""
    for counts, code in ((sums.orders, ""), (sums.credit_notes, "preview_credit_notes")):
        for becomes in (one for one in Becomes if counts[one].n):
            what = becomes_said(becomes, language)
            said = say(code, language, {"what": what}) if code else what
            yield said, counts[becomes].n, amounts(counts[becomes].totals, language)


def _posted(
    sums: Sums, currency: str, language: Language
) -> list[tuple[str, Decimal, Decimal, Decimal]]:
    """Return what is posted on each account: in, back, together; and the sum of it.

    Nothing where the job posts no payments.
    """
    found = sums.posted_in(currency)
    if all(number is None for number, _ in found):
        return []
    rows = [(_account_said(no, one, language), one.paid, one.returned) for no, one in found]
    paid, returned = (sum((one.paid for _, one in found), ZERO),
                      sum((one.returned for _, one in found), ZERO))  # fmt: skip
    rows.append((word("sum", language), paid, returned))
    return [(name, into, back, into + back) for name, into, back in rows]


def _account_said(number: int | None, posted: Posted, language: Language) -> str:
    methods = f" ({', '.join(sorted(posted.methods))})" if posted.methods else ""
    return f"{say('preview_unposted', language) if number is None else number}{methods}"


def _lines(one: Foretold, language: Language) -> Iterator[tuple[str, ...]]:
    """Yield of each line: quantity, text, product, its account, price, VAT rate and code, net.

    A text line has its text alone.
    """
    lines = one.documents.sales_order.lines if one.documents else ()
    for line, account in zip(lines, one.accounts, strict=True):
        if line.kind is LineKind.TEXT:
            yield (line.description,)
        else:
            yield _line(line, account, language)


def _line(line: OrderLine, account: Account | None, language: Language) -> tuple[str, ...]:
    code = account.vat_code.code if account and account.vat_code else ""
    return (
        figure_in(plain(line.quantity), language),
        line.description,
        line.product_code,
        f"{word('account', language)} {account.number}" if account else "",
        _price(line.unit_price, language),
        percent(line.vat_rate, language),
        say("preview_vat_code", language, {"code": code}) if code else "",
        kroner(round_ore(line.quantity * line.unit_price), language),
    )


def _price(price: Decimal, language: Language) -> str:
    """Return a unit price with two decimals, or with all that it needs to be exact."""
    if price == round_ore(price):
        return kroner(price, language)
    return figure_in(plain(price), language)
