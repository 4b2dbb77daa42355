"""Refunds for tests, and the credit notes that they become."""

from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from tests.mapping.books import draft
from tests.mapping.company import TODAY, basis, catalogue, company, settings
from tests.mapping.orders import RATES, sheet, told
from woo2po.config import Settings
from woo2po.documents import Catalogue, CreditNote, Rounding, SalesOrder
from woo2po.holds import Hold
from woo2po.mapping.credit_note import Crediting, credit_note_for
from woo2po.mapping.draft import corrected, difference
from woo2po.mapping.values import Basis
from woo2po.order import Order, Refund, read_refund

ZERO = Decimal(0)
_ids = count(9000)


def back(
    net: str, rate: int = 25, *, of: int | None = None, vat: str = "", **changed: Any
) -> dict[str, Any]:
    """Return a line of a refund: `net` kroner given back (positive), of the order's line `of`."""
    tax = Decimal(vat or Decimal(net) * rate / 100)
    taken = f"{-Decimal(net):f}"
    meta = [{"key": "_refunded_item_id", "value": str(of)}] if of else []
    return {"id": next(_ids), "name": "Lue, barn", "sku": "LUE-7", "quantity": -1,
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


def outcome(
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
    made = outcome(order, *refunds, **how)
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
    return told(outcome(order, *refunds, **how))


def given_back(order: Order, *refunds: Refund, **how: Any) -> list[str]:
    """Return the lines of a credit note: product, quantity, unit price, VAT rate."""
    return sheet(credited(order, *refunds, **how).documents.sales_order.lines)


def vat_of(note: CreditNote) -> dict[int, Decimal]:
    """Return the VAT that a credit note returns (negative), per rate, to the øre."""
    amounts = note.documents.sales_order.amounts
    return {int(rate): round(vat, 2) for rate, vat in amounts.vat.items()}
