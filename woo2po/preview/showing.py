"""What a person asked a preview for: a summary on the terminal, all of it, a page, or JSON."""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from woo2po.config import Settings
from woo2po.connections import Connections, open_shop
from woo2po.files import must_be_writable, write_whole
from woo2po.http import RemoteError
from woo2po.messages import say, say_both
from woo2po.messages.message import Language, word
from woo2po.money import ZERO
from woo2po.page import origin_of
from woo2po.preview import Foretold, preview
from woo2po.preview.data import as_data
from woo2po.preview.page import html
from woo2po.preview.sums import RateSum, Sums, by_rate
from woo2po.preview.values import BOOKED, Becomes
from woo2po.preview.wording import (
    HeldFor,
    amounts,
    becomes_said,
    conclusion,
    credit_note_said,
    held_by_reason,
    invoice_said,
    kind_said,
    payment_said,
    rates_said,
    reason_said,
    said_of,
)
from woo2po.report import (
    day_said,
    fitted,
    kroner,
    lines_table,
    percent,
    summary_line,
    table,
    wrapped,
)
from woo2po.run import RunOutcome, Wish

if TYPE_CHECKING:
    from woo2po.transfer import Onlooker

Echo = Callable[[str], None]

# What the last line counts, in this order.
COUNTS = ("made", "changed", "invoiced", "credited", "deleted", "cancelled", "held", "skipped",
          "waiting", "unchanged")  # fmt: skip
_SIGNS = {Becomes.TRANSFERRED: "✓", Becomes.CHANGED: "✓", Becomes.INVOICED: "✓",
          Becomes.UNCHANGED: "✓", Becomes.HELD: "!", Becomes.WAITING: "?"}  # fmt: skip


async def show_preview(
    settings: Settings,
    clock: Callable[[], datetime],
    wish: Wish,
    echo: Echo,
    *,
    file: Path | None = None,
    as_json: bool = False,
    details: bool = False,
    connections: Connections | None = None,
    onlooker: "Onlooker | None" = None,
) -> RunOutcome:
    """Show what a run would do, and return how that ended.

    `details`: order by order with its lines, as for orders that were asked for by number. With a
    file, a page is written there and the terminal tells the sums alone. `as_json`: nothing but one
    object is printed, also where the preview did not come to its end. `onlooker` hears how far it
    is. Raises NotWritten and WrongNumber.
    """
    if file is not None:
        must_be_writable(file)
    connections, language = connections or Connections(), settings.language
    ended, orders = await preview(settings, clock, wish, connections, onlooker)
    if as_json:
        origin = origin_of(settings, ended.company, clock())
        # Plain letters alone: a pipe may have any encoding, and none may change a text.
        echo(json.dumps(as_data(orders, ended, origin, language), indent=1))
        echo = _silent
    is_whole = details or bool(wish.numbers)
    for part in () if file or as_json else _listed(orders, language, is_whole=is_whole):
        echo(part)
    _tell_end(ended, language, echo)
    if file is not None:
        await _write(settings, ended, orders, clock(), file, echo, connections)
    elif orders and not is_whole:
        echo(wrapped(say("preview_next", language)))
    return ended


def _silent(_: str) -> None:
    pass


def _listed(orders: Sequence[Foretold], language: Language, *, is_whole: bool) -> Iterator[str]:
    if is_whole:
        yield from (order_text(order, language) for order in orders)
    elif orders:
        yield from (f"{part}\n" for part in _summary(orders, language))


def _tell_end(ended: RunOutcome, language: Language, echo: Echo) -> None:
    if ended.counts:
        facts = {"what": summary_line(ended.counts, language, COUNTS)}
        echo(wrapped(say("preview_end", language, facts)))
    elif not ended.problem:
        echo(wrapped(say("preview_nothing", language)))


async def _write(
    settings: Settings,
    ended: RunOutcome,
    orders: Sequence[Foretold],
    now: datetime,
    file: Path,
    echo: Echo,
    connections: Connections,
) -> None:
    """Write the page; half a preview is none, and an older page stays."""
    language = settings.language
    if ended.problem:
        echo(wrapped(say_both("preview_page_left", language, {"path": str(file)})))
        return
    name, statuses = await _in_the_shops_words(settings, connections)
    origin = origin_of(settings, ended.company, now, name)
    warnings = [say_both(code, language, facts) for code, facts in ended.warnings.items()]
    page = html(orders, origin, language, warnings, statuses)
    write_whole(file, page.encode("utf-8", "replace"))
    echo(say("file_written", language, {"path": str(file)}))


async def _in_the_shops_words(
    settings: Settings, connections: Connections
) -> tuple[str, dict[str, str]]:
    """Return the shop's name, and its statuses by their slugs, as far as it tells."""
    try:
        async with open_shop(settings.woocommerce, connections, waits=()) as shop:
            site, statuses = await shop.about.site(), await shop.about.statuses()
            return site.name, {one.slug: one.name for one in statuses if one.name}
    except RemoteError:
        return "", {}


# -- a summary -------------------------------------------------------------------------------------


def _summary(orders: Sequence[Foretold], language: Language) -> Iterator[str]:
    """Yield what it comes to, the sums per VAT rate, what is held and why, a line an order."""
    sums = Sums(orders)
    yield wrapped(conclusion(sums, language))
    for currency in sums.currencies:
        if rates := sums.rates_in(currency):
            yield _rates_table(currency, rates, language)
    if held := held_by_reason(orders, language):
        yield "\n".join(line for one in held for line in _held_lines(one))
    yield _orders_table(orders, language)


def _rates_table(
    currency: str, rates: Sequence[tuple[Decimal, RateSum]], language: Language
) -> str:
    rows = [
        (name, *(kroner(amount, language) for amount in (one.net, one.vat, one.gross)))
        for name, one in rates_said(rates, language)
    ]
    heads = [word(name, language) for name in ("rate", "net", "vat", "total")]
    heads[0] = heads[0] if currency == "NOK" else f"{heads[0]} ({currency})"
    return table(rows, heads, right=(1, 2, 3))


def _held_lines(group: HeldFor) -> Iterator[str]:
    for said, held in group.said.items():
        numbers = ", ".join(dict.fromkeys(fitted(order.number, 30) for order, _ in held))
        yield wrapped(f"{said} ({numbers})", "! ", "  ")


def _orders_table(orders: Sequence[Foretold], language: Language) -> str:
    rows = [
        (
            fitted(order.number, 20),
            day_said(order.day, language) if order.day else "",
            "" if order.total is None else amounts({order.currency: order.total}, language),
            f"{_SIGNS.get(order.outcome, '-')} {', '.join(_made(order, language))}",
        )
        for order in orders
    ]
    codes = ("preview_c_number", "preview_c_day", "preview_c_total", "preview_c_outcome")
    return table(rows, [say(code, language) for code in codes], right=(2,))


def _made(order: Foretold, language: Language) -> Iterator[str]:
    """Yield in a word each what stands in PowerOffice by then."""
    if order.outcome not in BOOKED:
        yield becomes_said(order.outcome, language)
        return
    yield word("draft" if order.invoice is None else "invoice", language)
    if order.payment is not None and order.is_invoiced:
        yield word("payment", language)
    if order.credit_notes:
        back = sum((note.total or ZERO for note in order.credit_notes), ZERO)
        yield f"{word('credited', language)} {kroner(back, language)}"


# -- all of it -------------------------------------------------------------------------------------


def order_text(order: Foretold, language: Language) -> str:
    """Return what becomes of an order and its refunds; it ends with a new line."""
    lines = list(_order_lines(order, language))
    for note in order.credit_notes:
        lines += ["", *_credit_note_lines(note, language)]
    return "\n".join(lines) + "\n"


def _order_lines(order: Foretold, language: Language) -> Iterator[str]:
    number, said = fitted(order.number, 30), said_of(order, language)
    if not said and order.reason is not None:
        yield from _reason_lines(order, language, f"{number}: ", "")
        return
    yield wrapped(f"{number}: {said}", "", "  ")
    yield from _contents(order, language)
    yield from _reason_lines(order, language)


def _credit_note_lines(note: Foretold, language: Language) -> Iterator[str]:
    yield f"  {credit_note_said(note, language)}"
    yield from _contents(note, language)
    if note.becomes is Becomes.WAITING:
        yield wrapped(say("preview_waits", language), "  ", "  ")
    yield from _reason_lines(note, language)


def _contents(one: Foretold, language: Language) -> Iterator[str]:
    """Yield the documents where they are made or changed, and what follows them."""
    if one.is_made or one.is_found:
        yield from _document(one, language)
    if one.invoice is not None:
        yield wrapped(invoice_said(one, one.invoice, language), "  ", "    ")
    if one.payment is not None:
        yield f"  {payment_said(one, one.payment, language)}"
    for note in one.notes:
        yield wrapped(say(note.code, language, note.facts), "  ! ", "    ")


def _document(one: Foretold, language: Language) -> Iterator[str]:
    """Yield a sales order: heading, lines, and net and VAT per rate, which make the total."""
    if one.documents is None or one.exactness is None:
        return
    order = one.documents.sales_order
    if one.buyer is not None:  # a credit note's customer is that of its invoice
        yield f"  {word('customer', language)}: {kind_said(one.buyer, language)}"
    number = order.customer_reference or order.purchase_order_reference
    yield f"  {order.reference}  {number}  {day_said(order.order_date, language)}  {order.currency}"
    yield from (f"  {row}" for row in lines_table(order.lines, language).splitlines())
    rates = by_rate(order, one.exactness)
    by_percent = [(rate, percent(rate, language), sums) for rate, sums in reversed(rates.items())]
    nets = [f"{said}: {kroner(one.net, language)}" for _, said, one in by_percent]
    vats = [f"{said}: {kroner(one.vat, language)}" for rate, said, one in by_percent if rate]
    yield f"  {word('net', language)}  {'  '.join(nets)}"
    yield f"  {word('vat', language)}  {'  '.join(vats) or kroner(ZERO, language)}"
    yield f"  {word('total', language)}  {kroner(order.amounts.total, language)}"
    if not one.exactness.is_sure:
        yield wrapped(say("preview_unsure", language), "  ", "  ")


def _reason_lines(
    one: Foretold, language: Language, first: str = "  ", rest: str = "  "
) -> Iterator[str]:
    if one.reason is None:
        return
    said, what = reason_said(one.reason, language, one.number)
    yield wrapped(first + said, "", rest or "  ")
    if what:
        yield wrapped(what, "  → ", "    ")
