"""A preview as one HTML page for the accountant who looks before the job is switched on.

The figures first: what would go, the sums per VAT rate and account, what is held and why. Then
order by order, the lines behind each folded until they are asked for, and open on paper.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from woo2po.documents import LineKind, OrderLine
from woo2po.messages import say
from woo2po.messages.message import Language, figure_in, word
from woo2po.money import round_ore
from woo2po.page import Origin, conclusion, document, heading, table, text, todo
from woo2po.preview.script import SCRIPT
from woo2po.preview.style import STYLE
from woo2po.preview.sums import RateSum, Sums, by_rate
from woo2po.preview.values import Becomes, Foretold
from woo2po.preview.wording import (
    Held,
    HeldFor,
    Wording,
    amounts,
    becomes_said,
    credit_note_said,
    invoice_said,
    kind_said,
    payment_said,
    reason_said,
    said_of,
)
from woo2po.report import LINE_HEADS, kroner, percent, plain

_RANK = {becomes: rank for rank, becomes in enumerate(Becomes)}
_NOTICED = "noticed"  # the filter's word for orders with a remark


class Page:
    """Takes the orders as they come, and is a page at the end; only that text is kept of them."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._sums = Sums()
        self._held = Held(language)
        self._orders: list[str] = []

    def add(self, order: Foretold) -> None:
        """Take an order in."""
        self._sums.add(order)
        self._held.add(order)
        self._orders.append("".join(_order(order, self._language)))

    def html(self, origin: Origin, warnings: Sequence[str]) -> str:
        """Return the page; every text of the shop's and PowerOffice's is escaped."""
        wording = Wording(self._sums, self._language)
        good = not self._sums.outcomes[Becomes.HELD] and not self._sums.outcomes[Becomes.WAITING]
        parts = [
            heading(wording.title, origin, self._language),
            conclusion(wording.conclusion, good=good),
            *(f'<p class="warning">{text(said)}</p>' for said in warnings),
            '<div class="tables">',
            *(table(one, self._language) for one in wording.tables()),
            "</div>",
            *self._reasons(),
            *self._listed(),
            f"<h2>{text(say('preview_h_notes', self._language))}</h2>",
            *(f"<p>{text(note)}</p>" for note in wording.notes),
        ]
        return document(wording.title, self._language, parts, style=STYLE, script=SCRIPT)

    def _reasons(self) -> Iterator[str]:
        groups = list(self._held)
        if groups:
            yield f"<h2>{text(say('preview_h_held', self._language))}</h2>"
            yield '<ul class="items">'
            yield from (_reason(group, self._language) for group in groups)
            yield "</ul>"

    def _listed(self) -> Iterator[str]:
        if not self._orders:
            return
        yield f"<h2>{text(say('preview_h_orders', self._language))}</h2>"
        yield self._tools()
        yield f'<table class="orders">\n<thead><tr>{self._heads()}</tr></thead>'
        yield from self._orders
        yield "</table>"

    def _heads(self) -> str:
        return "".join(
            f'<th scope="col"{attributes}>{text(say(code, self._language))}</th>'
            for code, attributes in _HEADS
        )

    def _tools(self) -> str:
        """Return what only works with a script, hidden until there is one."""
        language = self._language
        counts = {becomes: self._sums.outcomes[becomes] for becomes in Becomes}
        options = [("", say("preview_show_all", language))]
        options += [
            (becomes.value, f"{becomes_said(becomes, language)} ({n})")
            for becomes, n in counts.items()
            if n
        ]
        if n := self._sums.noticed:
            options.append((_NOTICED, f"{say('preview_show_noticed', language)} ({n})"))
        listed = "".join(f'<option value="{v}">{text(said)}</option>' for v, said in options)
        return (
            f'<div class="tools" role="search" hidden>'
            f'<label>{text(say("preview_find", language))} <input type="search"></label> '
            f"<label>{text(say('preview_show', language))} <select>{listed}</select></label> "
            f'<button type="button">{text(say("preview_open_all", language))}</button> '
            f'<button type="button">{text(say("preview_close_all", language))}</button> '
            f'<output data-said="{text(say("preview_shown", language, _KEPT))}"></output></div>'
        )


# Of the list of orders: the code of the heading, and what the script sorts it by.
_HEADS = (
    ("preview_c_number", ' data-by="n"'),
    ("preview_c_day", ' data-by="d"'),
    ("preview_c_status", ""),
    ("preview_c_outcome", ' data-by="o"'),
    ("preview_c_total", ' data-by="t" class="figure"'),
)
_KEPT = {"n": "{n}", "of": "{of}"}  # filled in by the script


def _reason(group: HeldFor, language: Language) -> str:
    facts = {"n": str(group.count.n), "amount": amounts(group.count.totals, language)}
    counted = f"<b>{text(say('preview_held_count', language, facts))}</b>"
    said = "".join(f"<p>{text(said)} {_links(orders)}</p>" for said, orders in group.said.items())
    return f"<li>{counted}{said}{todo(group.todo)}</li>"


def _links(orders: Sequence[tuple[int, str]]) -> str:
    links = (f'<a href="#o{order_id}">{text(number)}</a>' for order_id, number in orders)
    return f'<span class="which">{", ".join(links)}</span>'


# -- one order -------------------------------------------------------------------------------------


def _order(order: Foretold, language: Language) -> Iterator[str]:
    kinds = [order.outcome.value] + [_NOTICED] * any(one.notes for one in order.parts)
    yield (
        f'<tbody id="o{order.order_id}" data-n="{text(order.number)}" '
        f'data-d="{order.day or ""}" data-t="{order.total or 0}" '
        f'data-o="{_RANK[order.outcome]}" data-k="{" ".join(kinds)}">\n'
    )
    yield _row(order, order.number, str(order.day or ""), language)
    yield from _behind(order, _said(order, language), language)
    for note in order.credit_notes:
        day = str(note.invoice.day) if note.invoice else ""
        yield _row(note, f"↳ {credit_note_said(note, language)}", day, language)
        yield from _behind(note, _followed(note, language), language)
    yield "</tbody>\n"


def _row(one: Foretold, name: str, day: str, language: Language) -> str:
    total = amounts({one.currency: one.total}, language) if one.total is not None else ""
    return (
        f'<tr class="order"><th scope="row">{text(name)}</th><td>{day}</td>'
        f"<td>{text(one.status)}</td>"
        f'<td class="{one.becomes.value}">{text(becomes_said(one.becomes, language))}</td>'
        f'<td class="figure">{text(total)}</td></tr>\n'
    )


def _said(order: Foretold, language: Language) -> list[str]:
    """Return in a few words each whose it is, what becomes of it and what follows."""
    said = said_of(order, language)
    if order.is_made and order.said is None and order.buyer is not None:
        said = f"{said} ({kind_said(order.buyer, language)})"
    return ([said] if said else []) + _followed(order, language)


def _followed(one: Foretold, language: Language) -> list[str]:
    said = [one.documents.sales_order.reference] if one.is_made and one.documents else []
    if one.invoice is not None:
        said.append(invoice_said(one, one.invoice, language))
    elif one.stays_draft:
        said.append(say("preview_stays_draft", language))
    if one.payment is not None:
        said.append(payment_said(one, one.payment, language))
    return said


def _behind(one: Foretold, said: Sequence[str], language: Language) -> Iterator[str]:
    """Yield the row below an order: why it is held, what follows it, its lines, folded."""
    yield '<tr class="behind"><td colspan="5">'
    if one.reason is not None:
        why, what = reason_said(one.reason, language, one.number)
        yield f"<p>{text(why)}{todo(what)}</p>"
    for note in one.notes:
        yield f'<p class="note">{text(say(note.code, language, note.facts))}</p>'
    told = text(" · ".join(said))
    if one.documents is None:
        yield f"<p>{told}</p>" if told else ""
    else:
        yield f"<details><summary>{told or text(say('preview_lines', language))}</summary>"
        yield from _document(one, language)
        yield "</details>"
    yield "</td></tr>\n"


def _document(one: Foretold, language: Language) -> Iterator[str]:
    if one.documents is None or one.exactness is None:
        return
    order = one.documents.sales_order
    heads = [text(word(name, language)) for name in LINE_HEADS]
    yield _cells("lines", heads, (_line(line, language) for line in order.lines))
    rates = by_rate(order, one.exactness)
    heads = [text(word(name, language)) for name in ("rate", "net", "vat", "total")]
    yield _cells("rates", heads, _rates(rates, language))
    if not one.exactness.is_sure:
        yield f'<p class="note">{text(say("preview_unsure", language))}</p>'


def _cells(name: str, heads: Sequence[str], rows: Iterator[str]) -> str:
    head = "".join(f'<th scope="col">{one}</th>' for one in heads)
    body = "".join(rows)
    return f'<table class="{name}"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def _line(line: OrderLine, language: Language) -> str:
    if line.kind is LineKind.TEXT:
        return f'<tr class="text"><td><td colspan="5">{text(line.description)}</tr>'
    cells = (
        figure_in(plain(line.quantity), language),
        text(line.description),
        text(line.product_code),
        _price(line.unit_price, language),
        percent(line.vat_rate, language),
        kroner(round_ore(line.quantity * line.unit_price), language),
    )
    return f"<tr><td>{'<td>'.join(cells)}</tr>"


def _price(price: Decimal, language: Language) -> str:
    """Return a unit price with two decimals, or with all that it needs to be exact."""
    if price == round_ore(price):
        return kroner(price, language)
    return figure_in(plain(price), language)


def _rates(rates: Mapping[Decimal, RateSum], language: Language) -> Iterator[str]:
    whole = RateSum()
    for rate, sums in rates.items():
        whole.add(sums)
        yield _rate(percent(rate, language), sums, language)
    if len(rates) > 1:
        yield _rate(text(word("sum", language)), whole, language, ' class="sum"')


def _rate(name: str, sums: RateSum, language: Language, style: str = "") -> str:
    figures = (kroner(amount, language) for amount in (sums.net, sums.vat, sums.gross))
    return f"<tr{style}><td>{'<td>'.join((name, *figures))}</tr>"
