"""A preview as data for programs: `run --dry-run --json`. The shape is a promise.

Amounts, quantities, prices and rates are texts with a point ("1398.00", "25"), days are ISO days.
A key that has nothing to tell is null, or an empty list or text; keys may be added, none goes, and
`version` is higher once a key has changed its meaning. `counts` are of orders, by `outcome`, which
is an order's without regard to its credit notes. An `account` of null: not posted by the job. A
`payment` below 0 goes back. `exact`: whether PowerOffice's total is sure to be the order's, what a
rounding line adds, and in which ways of rounding it is right. `refund`: the refund's id, 0 for the
whole order.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from woo2po.documents import LineKind, OrderLine
from woo2po.holds import texts_of
from woo2po.messages import Language, say, say_both
from woo2po.money import percent, round_ore
from woo2po.page import Origin
from woo2po.preview import Becomes, Foretold, Pair, Summary, by_rate
from woo2po.record import RunOutcome
from woo2po.report import in_json, plain, told_of

VERSION = 1
_Object = dict[str, Any]


def json_of(
    orders: Sequence[Foretold], ended: RunOutcome, origin: Origin, language: Language
) -> str:
    """Return a whole preview as JSON, in plain letters: no pipe's encoding changes a text."""
    sums = Summary(orders)
    becomes = Counter(order.becomes for order in orders)
    problem = _coded({ended.problem: ended.facts} if ended.problem else {}, language)
    whole = {
        "version": VERSION,
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
    return json.dumps(whole, indent=1, default=in_json)


def _coded(said: Mapping[str, Mapping[str, str]], language: Language) -> list[_Object]:
    return [{"code": code, "text": say_both(code, language, facts)} for code, facts in said.items()]


def _told(one: Foretold, language: Language) -> _Object:
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


def _document(one: Foretold) -> _Object | None:
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


def _line(line: OrderLine) -> _Object:
    figures = {
        "quantity": plain(line.quantity),
        "product": line.product_code,
        "unit_price": plain(line.unit_price),
        "vat_rate": percent(line.vat_rate),
        "net": round_ore(line.quantity * line.unit_price),
    }
    is_text = line.kind is LineKind.TEXT
    return {"text": line.description, **(dict.fromkeys(figures) if is_text else figures)}


def _rates(rates: Iterable[tuple[Decimal, Pair]]) -> list[_Object]:
    return [
        {"rate": percent(rate), "net": net, "vat": vat, "total": net + vat}
        for rate, (net, vat) in rates
    ]
