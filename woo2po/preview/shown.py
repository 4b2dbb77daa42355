"""A preview as people read it: a summary or all of it on the terminal, and the page; or JSON."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from woo2po import money, report
from woo2po.config import Settings
from woo2po.connections import Connections, open_shop
from woo2po.documents import LineKind, OrderLine
from woo2po.files import must_be_writable, write_whole
from woo2po.holds import Hold, texts_of
from woo2po.http import RemoteError
from woo2po.messages import Language, remedies, say, say_both, word
from woo2po.money import ZERO, Fact, round_ore
from woo2po.page import Origin, origin_of, rendered
from woo2po.preview import BOOKED, Becomes, Foretold, Pair, Summary, by_rate, preview, totals
from woo2po.record import RunOutcome
from woo2po.report import Cell, Figure, fitted, kroner, percent, quantity, table, told_of, wrapped
from woo2po.run import Wish

if TYPE_CHECKING:
    from woo2po.transfer import Onlooker

COUNTS = (*report.COUNTED, "held", "waiting")  # what the last line counts
FEW = 12  # of what is held for one reason, so many are shown at once on a page; more are folded
_Reason = tuple[str, str, str]  # a code, and its remedies
_HeldFor = tuple[_Reason, dict[str, list[tuple[Foretold, Foretold]]]]
_SIGNS = {Becomes.TRANSFERRED: "✓", Becomes.CHANGED: "✓", Becomes.INVOICED: "✓",
          Becomes.UNCHANGED: "✓", Becomes.HELD: "!", Becomes.WAITING: "?"}  # fmt: skip


async def show_preview(
    settings: Settings, clock: Callable[[], datetime], wish: Wish, echo: Callable[[str], None], *,
    file: Path | None = None, as_json: bool = False, details: bool | None = None,
    connections: Connections | None = None, onlooker: "Onlooker | None" = None,
) -> RunOutcome:  # fmt: skip
    """Show what a run would do, and return how that ended.

    `details`: order by order with its lines; None: so for orders asked for by number. With a
    file, a page is written there and the terminal tells the sums alone. `as_json`: nothing but one
    object is printed, also where the preview did not come to its end. `onlooker` hears how far it
    is. Raises NotWritten and WrongNumber.
    """
    if file is not None:
        must_be_writable(file)
    connections, language = connections or Connections(), settings.language
    ended, orders = await preview(settings, clock, wish, connections, onlooker)
    if as_json:
        echo(json_of(orders, ended, origin_of(settings, ended.company, clock()), language))
        echo = lambda _: None  # noqa: E731 (nothing but the object)
    is_whole = bool(wish.numbers) if details is None else details
    if orders and not file:
        words = _words(language)
        whole = (rendered("preview/details.txt", language, order=one, **words) for one in orders)
        for part in whole if is_whole else _summary(orders, language):
            echo(part)
    if what := _counted(ended, language):
        echo(wrapped(what))
    if file is not None and ended.problem:  # half a preview is none, and an older page stays
        echo(wrapped(say_both("preview_page_left", language, {"path": str(file)})))
    elif file is not None:
        name, statuses = await words_of_shop(settings, connections)
        origin = origin_of(settings, ended.company, clock(), name)
        warnings = [say_both(code, language, facts) for code, facts in ended.warnings.items()]
        page = html(orders, origin, language, warnings, statuses)
        write_whole(file, page.encode("utf-8", "replace"))
        echo(say("file_written", language, {"path": str(file)}))
    elif orders and not is_whole and not wish.numbers:
        echo(wrapped(say("preview_next", language)))
    return ended


def _counted(ended: RunOutcome, language: Language) -> str:
    """Return how many orders a run would come to, or that it would to none; and what is held."""
    counts = Counter(ended.counts)
    counts["waiting"] += counts["failed"]
    if what := report.summary_line(counts, language, COUNTS):
        return say("preview_end", language, {"what": what})
    if ended.problem:
        return ""
    held = say("orders_held", language, {"n": str(ended.held)}) if ended.held else ""
    return "\n! ".join(filter(None, (say("preview_nothing", language), held)))


async def words_of_shop(settings: Settings, connections: Connections) -> tuple[str, dict[str, str]]:
    """Return the shop's name, and its statuses by their slugs, as far as it tells."""
    try:
        async with open_shop(settings.woocommerce, connections, waits=()) as shop:
            site, statuses = await shop.site(), await shop.counted_statuses()
            return site.name, {one.slug: one.name for one in statuses if one.name}
    except RemoteError:
        return "", {}


# -- the page, and an order line by line -----------------------------------------------------------


def html(
    orders: Sequence[Foretold], origin: Origin, language: Language, warnings: Sequence[str] = (),
    statuses: Mapping[str, str] | None = None,
) -> str:  # fmt: skip
    """Return the page; `statuses` are the shop's own words for its statuses, by their slugs.

    Three large figures first; then what is held and why, the sums per VAT rate and account; then
    order by order, the lines behind each folded until they are asked for, and open on paper. It
    works without its script: that only sorts and filters.
    """
    return rendered(
        "preview/page.html", language, origin=origin, sums=Summary(orders), orders=orders,
        warnings=warnings, held=held_by_reason(orders, language), few=FEW, kinds=tuple(Becomes),
        usual=list(_usual(orders, language)), statuses=statuses or {}, **_words(language),
    )  # fmt: skip


def _words(language: Language) -> dict[str, Any]:
    named: tuple[Callable[..., Any], ...] = (
        amounts, credit_note_said, lines_table, percent, price, quantity, rates_said, told,
        total,
    )  # fmt: skip
    said = {one.__name__: partial(one, language=language) for one in named}
    return said | {one.__name__: one for one in (by_rate, totals, round_ore, zip)}


def lines_table(lines: Iterable[OrderLine], language: Language) -> str:
    """Return the lines of a sales order as a table: net prices, and net amounts to the øre."""
    rows: list[Sequence[Cell]] = [
        ["", fitted(one.description, 24), *[None] * 4] if one.kind is LineKind.TEXT else
        [quantity(one.quantity, language), fitted(one.description, 24),
         fitted(one.product_code, 12), price(one.unit_price, language),
         Figure(percent(one.vat_rate, language)), round_ore(one.quantity * one.unit_price)]
        for one in lines
    ]  # fmt: skip
    heads = ("quantity", "text", "product", "price", "rate", "net")
    return table(rows, [word(name, language) for name in heads], language)


def _usual(orders: Sequence[Foretold], language: Language) -> Iterator[str]:
    """Yield what is said of more than half of the orders that go: once above them is enough.

    Only where each of them says something: else silence would mean two things.
    """
    going = [told(order, language) for order in orders if order.becomes in BOOKED]
    for said in zip(*going, strict=True):
        part, n = Counter(said).most_common(1)[0]
        if all(said) and n > 1 and n * 2 > len(going):
            yield part


# -- a summary on the terminal ---------------------------------------------------------------------


def _summary(orders: Sequence[Foretold], language: Language) -> Iterator[str]:
    """Yield the sums per VAT rate, what is held and why, and a line an order."""
    sums = Summary(orders)
    for currency in sums.currencies:
        if rates := rates_said(sums.rates[currency], language):
            heads = [word(name, language) for name in ("rate", "net", "vat", "total")]
            heads[0] += "" if currency == "NOK" else f" ({currency})"
            yield table(rates, heads, language) + "\n"
    if held := held_by_reason(orders, language):
        said = [
            (reason, dict.fromkeys(fitted(order.known.number, 30) for order, _ in of_it))
            for _, group in held
            for reason, of_it in group.items()
        ]
        yield "".join(wrapped(f"{one} ({', '.join(of)})", "! ", "  ") + "\n" for one, of in said)
    lines = (
        (fitted(one.known.number, 20), one.day, Figure(total(one, language)),
         f"{_SIGNS.get(one.outcome, '-')} {', '.join(_made(one, language))}")
        for one in orders
    )  # fmt: skip
    heads = [word(name, language, "preview") for name in ("number", "day", "total", "outcome")]
    yield table(lines, heads, language) + "\n"


def _made(order: Foretold, language: Language) -> Iterator[str]:
    if order.outcome not in BOOKED:
        yield word(order.outcome, language, "becomes")
        return
    yield word("draft" if order.invoice is None else "invoice", language)
    if order.payment is not None and order.left.invoice_no is not None:
        yield word("payment", language)
    if order.credit_notes:
        back = sum((note.total or ZERO for note in order.credit_notes), ZERO)
        yield f"{word('credited', language)} {kroner(back, language)}"


# -- in words --------------------------------------------------------------------------------------


def told(one: Foretold, language: Language) -> tuple[str, str, str]:
    """Return in a few words whose an order is and what becomes of it, of its invoice, its payment.

    Any of them may be "". Days and amounts that are the order's own are not said again.
    """
    is_order, is_invoiced = not one.known.is_credit_note, one.left.invoice_no is not None
    said = invoice = payment = ""
    if is_order and one.said is not None:
        said = say(one.said.code, language, one.said.facts)
    elif is_order and one.customer:
        said = word(one.customer, language, "customers", number=str(one.customer_no))
        said = f"{said} ({word('person' if one.is_person else 'company', language)})"
    elif is_order and one.reason is None:
        said = say("preview_waits", language)
    if (sent := one.invoice) is not None:
        own = is_order and sent.moved_from is None and sent.day == one.day
        code = "preview_invoice" if is_order else "preview_dated"
        invoice = say("preview_invoiced_then" if own else code, language, {"day": sent.day})
        if sent.moved_from is not None:
            invoice = f"{invoice} {say('preview_moved', language, {'day': sent.moved_from})}"
    elif one.left.sales_order_id and not is_invoiced:
        invoice = say("preview_stays_draft", language)
    if (paid := one.payment) is not None:
        own = is_order and (paid.amount, paid.day) == (one.total, one.day)
        code = "preview_payback" if paid.amount < ZERO else "preview_payment"
        facts: dict[str, Fact] = {"day": paid.day, "account": str(paid.account_no),
                                  "amount": kroner(abs(paid.amount), language)}  # fmt: skip
        payment = say("preview_pays" if own else code, language, facts)
        payment += "" if is_invoiced else f", {say('preview_later', language)}"
    return said, invoice, payment


def credit_note_said(note: Foretold, language: Language) -> str:
    """Return what a credit note is for."""
    refund = note.known.refund_id
    code = "preview_credit_note" if refund else "preview_credit_whole"
    return say(code, language, {"refund": str(refund)})


def held_by_reason(orders: Iterable[Foretold], language: Language) -> list[_HeldFor]:
    """Return what is held: by its reason and what either reader does, that of most orders first.

    Of each sentence the orders, with their part that is held.
    """
    groups: dict[_Reason, dict[str, list[tuple[Foretold, Foretold]]]] = {}
    for order, one in ((whole, one) for whole in orders for one in whole.parts):
        if isinstance(one.reason, Hold):
            both = remedies(one.reason.code, language, one.reason.facts)
            said = groups.setdefault((one.reason.code, *both), {})
            said.setdefault(told_of(one.reason, language)[0], []).append((order, one))
    return sorted(groups.items(), key=lambda group: -sum(map(len, group[1].values())))


def amounts(sums: Mapping[str, Decimal], language: Language) -> str:
    """Return sums in one or more currencies, kroner without a name."""
    ordered = sorted(sums.items(), key=lambda one: (one[0] != "NOK", one[0]))
    said = (f"{kroner(sum_, language)} {'' if name == 'NOK' else name}" for name, sum_ in ordered)
    between = "; " if language == "nb" else ", "  # a comma stands in the Norwegian figures already
    return between.join(one.rstrip(" ") for one in said) or kroner(ZERO, language)


def rates_said(
    rates: Iterable[tuple[Decimal, Pair]], language: Language
) -> list[tuple[str, Decimal, Decimal, Decimal]]:
    """Return rates in words with net, VAT and total; where there are several, their sum last."""
    said = [(percent(rate, language), net, vat, net + vat) for rate, (net, vat) in rates]
    if len(said) > 1:
        net, vat, whole = (sum(column, ZERO) for column in list(zip(*said, strict=True))[1:])
        said.append((word("sum", language), net, vat, whole))
    return said


def total(one: Foretold, language: Language) -> str:
    """Return the total of an order or a credit note, if that is known."""
    return "" if one.total is None else amounts({one.currency: one.total}, language)


def price(amount: Decimal, language: Language) -> Figure:
    """Return a unit price with two decimals, or with all that it needs to be exact."""
    whole = amount == round_ore(amount)
    return Figure(kroner(amount, language)) if whole else quantity(amount, language)


# -- for programs: `run --dry-run --json` ---------------------------------------------------------


def json_of(
    orders: Sequence[Foretold], ended: RunOutcome, origin: Origin, language: Language
) -> str:
    """Return a whole preview as JSON, in plain letters: no pipe's encoding changes a text.

    The shape is a promise. Amounts, quantities, prices and rates are texts with a point ("1398.00",
    "25"), days are ISO days. A key that has nothing to tell is null, or an empty list or text; keys
    may be added, none goes, and `version` is higher once a key has changed its meaning. `counts`
    are of orders, by `outcome`, which is an order's without regard to its credit notes. An
    `account` of null: not posted by the job. A `payment` below 0 goes back. `exact`: whether
    PowerOffice's total is sure to be the order's, what a rounding line adds, and in which ways of
    rounding it is right. `refund`: the refund's id, 0 for the whole order.
    """
    sums = Summary(orders)
    becomes = Counter(order.becomes for order in orders)
    problem = _coded({ended.problem: ended.facts} if ended.problem else {}, language)
    whole = {
        "version": 1,
        "made_at": origin.made.isoformat(timespec="seconds"),
        "shop": origin.shop,
        "company": origin.company,
        "environment": "demo" if origin.is_demo else "production",
        "exit_code": ended.exit_code,
        "problem": problem[0] if problem else None,
        "warnings": _coded(ended.warnings, language),
        "counts": {one.value: n for one in Becomes if (n := becomes[one])},
        "vat": [{"currency": currency, **row}
                for currency in sums.currencies for row in _rates(sums.rates[currency])],
        "payments": [
            {"currency": currency, "account": account,
             "methods": sorted(sums.methods[currency, account]), "paid": paid, "returned": returned}
            for currency in sums.currencies
            for account, (paid, returned) in sums.accounts[currency]
        ],
        "orders": [{**_told(order, language),
                    "credit_notes": [{**_told(note, language), "refund": note.known.refund_id or 0}
                                     for note in order.credit_notes]} for order in orders],
    }  # fmt: skip
    return json.dumps(whole, indent=1, default=report.in_json)


def _coded(said: Mapping[str, Mapping[str, str]], language: Language) -> list[dict[str, Any]]:
    return [{"code": code, "text": say_both(code, language, facts)} for code, facts in said.items()]


def _told(one: Foretold, language: Language) -> dict[str, Any]:
    reason, invoice, paid, exact = one.reason, one.invoice, one.payment, one.exactness
    said, what_to_do = told_of(reason, language, one.known.number) if reason else ("", "")
    return {
        "order_id": one.known.id,
        "number": one.known.number,
        "status": one.shop.status if one.shop else "",
        "day": one.day,
        "total": one.total,
        "currency": one.currency,
        "outcome": one.becomes.value,
        "code": reason.code if reason else None,
        "facts": texts_of(reason.facts) if reason else {},
        "reason": said,
        "remedy": what_to_do,
        "customer": None if one.is_person is None else {
            "kind": "person" if one.is_person else "company",
            "known": one.customer or None,
            "number": one.customer_no,
        },
        "sales_order_no": one.known.sales_order_no,
        "invoice_no": one.known.invoice_no,
        "document": _document(one),
        "exact": exact and {
            "sure": exact.is_sure,
            "rounding_line": exact.line,
            "ways": sorted(way.value for way in exact.ways),
        },
        "invoice": invoice and {
            "day": invoice.day, "due": invoice.due, "moved_from": invoice.moved_from
        },
        "payment": paid and {
            "day": paid.day,
            "account": paid.account_no,
            "amount": paid.amount,
            "kind": paid.kind,
            "once_invoiced": one.left.invoice_no is None,
        },
        "notes": [{"code": it.code, "text": say(it.code, language, it.facts)}
                  for it in one.notes],
    }  # fmt: skip


def _document(one: Foretold) -> dict[str, Any] | None:
    if one.documents is None or one.exactness is None:
        return None
    order = one.documents.sales_order
    return {
        "reference": order.reference,
        "number": order.customer_reference or order.purchase_order_reference,
        "order_date": order.order_date,
        "lines": [_line(line) for line in order.lines],
        "vat": _rates(by_rate(order, one.exactness).items()),
    }


def _line(line: OrderLine) -> dict[str, Any]:
    figures = {
        "quantity": report.plain(line.quantity),
        "product": line.product_code,
        "unit_price": report.plain(line.unit_price),
        "vat_rate": money.percent(line.vat_rate),
        "net": round_ore(line.quantity * line.unit_price),
    }
    is_text = line.kind is LineKind.TEXT
    return {"text": line.description, **(dict.fromkeys(figures) if is_text else figures)}


def _rates(rates: Iterable[tuple[Decimal, Pair]]) -> list[dict[str, Any]]:
    return [
        {"rate": money.percent(rate), "net": net, "vat": vat, "total": net + vat}
        for rate, (net, vat) in rates
    ]
