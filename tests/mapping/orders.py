"""Orders and refunds for tests, a field at a time: what is not said is ordinary; star-imported."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import count
from typing import Any

from tests.mapping.company import TODAY, basis, catalogue, company, settings
from woo2po.config import Settings
from woo2po.documents import *
from woo2po.holds import Hold, Skip
from woo2po.mapping import documents_for
from woo2po.mapping.credit_note import Crediting, credit_note_for
from woo2po.mapping.draft import corrected, difference
from woo2po.mapping.prices import ALL_WAYS
from woo2po.mapping.values import Basis
from woo2po.messages import remedy, say
from woo2po.order import Order, Refund, read_order, read_refund

KARI = {"first_name": "Kari", "last_name": "Nordmann", "address_1": "Storgata 1",
        "postcode": "0155", "city": "Oslo", "country": "NO", "email": "kari@example.no",
        "phone": "+47 912 34 567"}  # fmt: skip
RATES = {25: 1, 15: 2, 12: 3, 0: 9}
TAX_LINES = [{"rate_id": RATES[rate], "rate_code": f"NO-MVA {rate}%-1", "rate_percent": rate}
             for rate in (25, 15, 12)]  # fmt: skip
TO_SWEDEN = {"tax_lines": [{"rate_id": 1, "rate_code": "SE-SE MOMS 25%-1", "rate_percent": 25}],
             "billing": {**KARI, "country": "SE"}}  # fmt: skip
_ids = count(1)


def line(net: str, rate: int = 25, *, before: str = "", **changed: Any) -> dict[str, Any]:
    """Return a line of `net` kroner at a VAT rate; `before` is its net before discounts."""
    taxes = [{"id": RATES[rate], "total": _vat(net, rate), "subtotal": _vat(before or net, rate)}]
    return {"id": next(_ids), "name": "Lue, barn", "sku": "LUE-7", "quantity": 1,
            "subtotal": before or net, "total": net, "total_tax": _vat(net, rate),
            "taxes": taxes if rate else [], **changed}  # fmt: skip


def _vat(net: str, rate: int) -> str:
    return f"{Decimal(net) * rate / 100:f}"


def order(
    *lines: dict[str, Any],
    freight: tuple[dict[str, Any], ...] = (),
    fees: tuple[dict[str, Any], ...] = (),
    **changed: Any,
) -> Order:
    """Return an order of these lines, which come to its total."""
    everything = (*lines, *freight, *fees)
    total = sum((Decimal(one["total"]) + _taxes(one) for one in everything), Decimal(0))
    return read_order({
        "id": 36, "number": "36", "status": "processing", "currency": "NOK",
        "date_created_gmt": "2026-11-02T23:30:00", "total": f"{total:.2f}",
        "total_tax": f"{sum(map(_taxes, everything), Decimal(0)):.2f}",
        "payment_method": "vipps", "billing": KARI, "line_items": list(lines),
        "shipping_lines": [{"method_title": "Hjemlevering", **one} for one in freight],
        "fee_lines": list(fees), "tax_lines": TAX_LINES, **changed})  # fmt: skip


def _taxes(one: dict[str, Any]) -> Decimal:
    return sum((Decimal(tax["total"]) for tax in one["taxes"]), Decimal(0))


def outcome(
    given: Order, chosen: Settings | None = None, there: Catalogue | None = None, **how: Any
) -> Documents | Hold | Skip:
    return documents_for(given, basis(chosen, there), "shop_36", **how)


def documents(given: Order, *how: Any, **more: Any) -> Documents:
    made = outcome(given, *how, **more)
    assert isinstance(made, Documents), made
    return made


def lines_of(given: Order, *how: Any) -> tuple[OrderLine, ...]:
    return documents(given, *how).sales_order.lines


def made_of(given: Order, ways: frozenset[Rounding] = ALL_WAYS) -> SalesOrder:
    """Return the sales order of an order that must go, where PowerOffice may round in such ways."""
    return documents(given, ways=ways).sales_order


def rounding(made: SalesOrder) -> list[Decimal]:
    found = [one for one in made.lines if one.reference == ROUNDING_REFERENCE]
    return [one.quantity * one.unit_price for one in found]


def sheet(lines: Iterable[OrderLine]) -> list[str]:
    """Return lines as people read them: product, quantity, unit price, VAT rate; no texts."""
    return [
        f"{one.product_code} {one.quantity.normalize():f} x {one.unit_price.normalize():f} "
        f"at {one.vat_rate:f}"
        for one in lines
        if one.kind is LineKind.NORMAL
    ]


def sold(given: Order, *how: Any) -> list[str]:
    return sheet(lines_of(given, *how))


def told(made: object) -> tuple[str, str]:
    """Return code and English text of what must not go; every fact of it is filled in."""
    assert isinstance(made, Hold | Skip), made
    texts = [say(made.code, lang, made.facts) + " " + remedy(made.code, lang, made.facts)
             for lang in ("en", "nb")]  # fmt: skip
    assert not any("?" in text for text in texts), texts
    assert isinstance(made, Skip) or all(remedy(made.code, lang) for lang in ("en", "nb"))
    return made.code, texts[0]


def stopped(given: Order, *how: Any) -> tuple[str, str]:
    return told(outcome(given, *how))


def notes_of(given: Order, *how: Any) -> list[str]:
    """Return the codes of what was noticed about an order that goes."""
    notes = documents(given, *how).notes
    for note in notes:
        assert "?" not in say(note.code, "nb", note.facts) + say(note.code, "en", note.facts)
    return [note.code for note in notes]


# PowerOffice's arithmetic in miniature: a sales order in, the draft that it answers out. Written
# apart from the mapping's own prediction, so that both would have to be wrong alike.

TOLD = ("reference", "matching_reference", "imported_order_no", "customer_reference",
        "purchase_order_reference", "order_date", "currency")  # fmt: skip


def draft(order: SalesOrder, way: Rounding) -> DraftSeen:
    """Return the draft as PowerOffice would answer it if it rounded in that way."""
    lines, exact, zero = [], defaultdict[Decimal, Decimal](Decimal), Decimal(0)
    for place, line in enumerate(order.lines):
        whole = line.quantity * line.unit_price
        exact[line.vat_rate] += whole
        net = _ore(whole)
        vat = _ore((net if way is Rounding.LINE_NET else whole) * line.vat_rate / 100)
        told = {"use_standard_account": line.use_standard_account, "quantity": line.quantity,
                "unit_price": line.unit_price, "net": net, "vat": vat, "total": net + vat,
                "vat_rate": line.vat_rate}  # fmt: skip
        lines.append(LineSeen(
            id=f"line-{place}", reference=line.reference, kind=line.kind.value,
            description=line.description, product_id=line.product_id, sort_order=place,
            **(told if line.kind is LineKind.NORMAL else dict.fromkeys(told))))  # fmt: skip
    net = _ore(sum(exact.values(), zero))
    total = net + sum((_ore(n * rate / 100) for rate, n in exact.items()), zero)
    if way is Rounding.END:
        total = _ore(sum((n + n * rate / 100 for rate, n in exact.items()), zero))
    if way in {Rounding.LINE, Rounding.LINE_NET}:
        net = sum((line.net for line in lines if line.net is not None), zero)
        total = sum((line.total for line in lines if line.total is not None), zero)
    return DraftSeen(
        id="draft", number=1, status="Draft", customer_id=1, delivery_address_id=None, net=net,
        total=total, lines=tuple(lines), **{n: getattr(order, n) for n in TOLD})  # fmt: skip


def _ore(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


# Refunds, and the credit notes that they become

_refund_ids = count(9000)


def back(
    net: str, rate: int = 25, *, of: int | None = None, vat: str = "", **changed: Any
) -> dict[str, Any]:
    """Return a line of a refund: `net` kroner given back (positive), of the order's line `of`."""
    tax = Decimal(vat or Decimal(net) * rate / 100)
    taken = f"{-Decimal(net):f}"
    meta = [{"key": "_refunded_item_id", "value": str(of)}] if of else []
    return {"id": next(_refund_ids), "name": "Lue, barn", "sku": "LUE-7", "quantity": -1,
            "subtotal": taken, "total": taken, "total_tax": f"{-tax:f}",
            "taxes": [{"id": RATES[rate], "total": f"{-tax:f}", "subtotal": f"{-tax:f}"}]
            if rate else [], "meta_data": meta, **changed}  # fmt: skip


def refund(
    amount: str,
    *lines: dict[str, Any],
    freight: tuple[dict[str, Any], ...] = (),
    fees: tuple[dict[str, Any], ...] = (),
    **changed: Any,
) -> Refund:
    """Return a refund of `amount` kroner on 23 November 2026."""
    return read_refund({
        "id": 100, "date_created_gmt": "2026-11-23T17:06:15", "amount": amount,
        "refunded_payment": False, "line_items": list(lines), "shipping_lines": list(freight),
        "fee_lines": list(fees), **changed})  # fmt: skip


def credit_outcome(
    order: Order,
    *refunds: Refund,
    of: int | None = None,
    chosen: Settings | None = None,
    there: Catalogue | None = None,
    today: date = TODAY,
) -> CreditNote | Hold | None:
    """Return what becomes of a refund of the order: the one with the id `of`, else the last."""
    basis = Basis(chosen or settings(), there or company(), today)
    given = Crediting(order, basis, ("shop_36-r", "woo-shop-36-r"), 10045)
    return credit_note_for(given, refunds, of or refunds[-1].id)


def credited(order: Order, *refunds: Refund, **how: Any) -> CreditNote:
    """Return the credit note of a refund that must have one; it is exact however Go rounds."""
    made = credit_outcome(order, *refunds, **how)
    assert isinstance(made, CreditNote), made
    wanted = next(one for one in refunds if one.id == (how.get("of") or refunds[-1].id))
    assert made.documents.sales_order.amounts.total == -wanted.amount
    for way in Rounding:
        settle(made.documents.sales_order, way, how.get("chosen") or settings())
    return made


def settle(order: SalesOrder, way: Rounding, chosen: Settings) -> SalesOrder:
    """Return the document after the one correction that PowerOffice's answer may ask for."""
    final = corrected(order, draft(order, way), basis(chosen, catalogue()))
    assert isinstance(final, SalesOrder), final
    assert difference(final, draft(final, way)) is None
    return final


def held(order: Order, *refunds: Refund, **how: Any) -> tuple[str, str]:
    """Return code and English text of a refund that must be held; every fact is filled in."""
    return told(credit_outcome(order, *refunds, **how))


def given_back(order: Order, *refunds: Refund, **how: Any) -> list[str]:
    """Return the lines of a credit note: product, quantity, unit price, VAT rate."""
    return sheet(credited(order, *refunds, **how).documents.sales_order.lines)


def vat_of(note: CreditNote) -> dict[int, Decimal]:
    """Return the VAT that a credit note returns (negative), per rate, to the øre."""
    amounts = note.documents.sales_order.amounts
    return {int(rate): round(vat, 2) for rate, vat in amounts.vat.items()}
