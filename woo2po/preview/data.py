"""A preview as data for programs: `run --dry-run --json`. The shape is a promise.

Amounts, quantities, prices and rates are texts with a point ("1398.00", "25"), days are ISO days.
A key that has nothing to tell is null, or an empty list or text; keys may be added, none goes.

    version      1; higher once a key has changed its meaning
    made_at      when, with the shop's offset from UTC
    shop, company, environment
    exit_code    as the command's
    problem      why it did not come to its end: {code, text}
    warnings     [{code, text}]
    counts       how many orders, by outcome
    vat          what is transferred: [{currency, rate, net, vat, total}]
    payments     what is posted: [{currency, account, methods, paid, returned}]; account null: not
                 posted by the job
    orders       each order:

    order_id, number, status (the shop's), day, total, currency
    outcome      transferred, changed, invoiced, taken_back, held, waiting, skipped,
                 not_transferred, unchanged; of an order without regard to its credit notes
    code, facts, reason, remedy   why it is held or skipped
    customer     {kind: person | company, known: new | exists | known | null, number}
    sales_order_no, invoice_no    what is there already
    document     {reference, number, order_date, lines: [{quantity, text, product, unit_price,
                 vat_rate, net}], vat: [{rate, net, vat, total}]}
    exact        {sure, rounding_line, ways}: whether PowerOffice's total is sure to be the
                 order's, what a rounding line adds, and in which ways of rounding it is right
    invoice      {day, due, moved_from}; null: it is not invoiced in that run
    payment      {day, account, amount, kind, once_invoiced}; below 0: it goes back
    notes        what was noticed: [{code, text}]
    credit_notes the same keys, and refund: the refund's id, 0 for the whole order
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from woo2po.documents import Documents, LineKind, OrderLine
from woo2po.holds import texts_of
from woo2po.mapping import Exactness
from woo2po.messages import say, say_both
from woo2po.messages.message import Language
from woo2po.money import kroner, percent, round_ore
from woo2po.page import Origin
from woo2po.preview.sums import Posted, RateSum, Sums, by_rate
from woo2po.preview.values import Becomes, Buyer, Foretold
from woo2po.preview.wording import reason_said
from woo2po.report import plain
from woo2po.run import RunOutcome

VERSION = 1
_Object = dict[str, Any]


class Data:
    """Takes the orders as they come, and is one object at the end."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._sums = Sums()
        self._orders: list[_Object] = []

    def add(self, order: Foretold) -> None:
        """Take an order in."""
        self._sums.add(order)
        told = _told(order, self._language)
        told["credit_notes"] = [
            {**_told(note, self._language), "refund": note.refund} for note in order.credit_notes
        ]
        self._orders.append(told)

    def whole(self, origin: Origin, ended: RunOutcome) -> _Object:
        """Return the whole preview."""
        problem = self._coded({ended.problem: ended.facts} if ended.problem else {})
        return {
            "version": VERSION,
            "made_at": origin.made.isoformat(timespec="seconds"),
            "shop": origin.shop,
            "company": origin.company,
            "environment": "demo" if origin.is_demo else "production",
            "exit_code": ended.exit_code,
            "problem": problem[0] if problem else None,
            "warnings": self._coded(ended.warnings),
            "counts": {one.value: n for one in Becomes if (n := self._sums.orders[one].n)},
            "vat": self._vat(),
            "payments": self._payments(),
            "orders": self._orders,
        }

    def _coded(self, said: Mapping[str, Mapping[str, str]]) -> list[_Object]:
        return [
            {"code": code, "text": say_both(code, self._language, facts)}
            for code, facts in said.items()
        ]

    def _vat(self) -> list[_Object]:
        return [
            {"currency": currency, **row}
            for currency in self._sums.currencies
            for row in _rates(self._sums.rates_in(currency))
        ]

    def _payments(self) -> list[_Object]:
        found = []
        for currency in self._sums.currencies:
            own = [_posted(currency, no, one) for no, one in self._sums.accounts_in(currency)]
            if currency in self._sums.unposted:
                own.append(_posted(currency, None, self._sums.unposted[currency]))
            found += own
        return found


def _posted(currency: str, account: int | None, posted: Posted) -> _Object:
    return {
        "currency": currency,
        "account": account,
        "methods": sorted(posted.methods),
        "paid": kroner(posted.paid),
        "returned": kroner(posted.returned),
    }


def _told(one: Foretold, language: Language) -> _Object:
    return {
        "order_id": one.order_id,
        "number": one.number,
        "status": one.status,
        "day": _day(one.day),
        "total": None if one.total is None else kroner(one.total),
        "currency": one.currency,
        "outcome": one.becomes.value,
        **_reason(one, language),
        "customer": _customer(one.buyer),
        "sales_order_no": one.sales_order_no,
        "invoice_no": one.invoice_no,
        "document": _document(one.documents, one.exactness),
        "exact": _exact(one.exactness),
        "invoice": _invoice(one),
        "payment": _payment(one),
        "notes": [
            {"code": note.code, "text": say(note.code, language, note.facts)} for note in one.notes
        ],
    }


def _day(day: object) -> str | None:
    return None if day is None else str(day)


def _reason(one: Foretold, language: Language) -> _Object:
    reason = one.reason
    if reason is None:
        return {"code": None, "facts": {}, "reason": "", "remedy": ""}
    said, remedy = reason_said(reason, language, one.number)
    return {"code": reason.code, "facts": texts_of(reason.facts), "reason": said, "remedy": remedy}


def _customer(buyer: Buyer | None) -> _Object | None:
    if buyer is None:
        return None
    kind = "person" if buyer.is_person else "company"
    known = None if buyer.known is None else buyer.known.value
    return {"kind": kind, "known": known, "number": buyer.number}


def _document(documents: Documents | None, exact: Exactness | None) -> _Object | None:
    if documents is None or exact is None:
        return None
    order = documents.sales_order
    return {
        "reference": order.reference,
        "number": order.customer_reference or order.purchase_order_reference,
        "order_date": str(order.order_date),
        "lines": [_line(line) for line in order.lines],
        "vat": _rates(by_rate(order, exact).items()),
    }


def _line(line: OrderLine) -> _Object:
    if line.kind is LineKind.TEXT:
        names = ("quantity", "product", "unit_price", "vat_rate", "net")
        return {"text": line.description, **dict.fromkeys(names)}
    return {
        "text": line.description,
        "quantity": plain(line.quantity),
        "product": line.product_code,
        "unit_price": plain(line.unit_price),
        "vat_rate": percent(line.vat_rate),
        "net": kroner(round_ore(line.quantity * line.unit_price)),
    }


def _rates(rates: Iterable[tuple[Decimal, RateSum]]) -> list[_Object]:
    return [
        {
            "rate": percent(rate),
            "net": kroner(sums.net),
            "vat": kroner(sums.vat),
            "total": kroner(sums.gross),
        }
        for rate, sums in rates
    ]


def _exact(exact: Exactness | None) -> _Object | None:
    if exact is None:
        return None
    return {
        "sure": exact.is_sure,
        "rounding_line": kroner(exact.line),
        "ways": sorted(way.value for way in exact.ways),
    }


def _invoice(one: Foretold) -> _Object | None:
    if one.invoice is None:
        return None
    wanted = one.invoice
    days = {"day": wanted.day, "due": wanted.due, "moved_from": wanted.moved_from}
    return {name: _day(day) for name, day in days.items()}


def _payment(one: Foretold) -> _Object | None:
    if one.payment is None:
        return None
    return {
        "day": str(one.payment.day),
        "account": one.payment.account_no,
        "amount": kroner(one.payment.amount),
        "kind": one.payment.kind.value,
        "once_invoiced": not one.is_invoiced,
    }
