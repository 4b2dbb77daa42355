"""The documents of every recorded order, and what follows it, as an accountant can read them.

`python -m tests.mapping.golden --force` writes them to tests/expected and, what follows (invoice,
payment and credit notes), to tests/expected_after. Look each change over by eye before it is
committed: that look is the test.
"""

import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.mapping.company import basis, catalogue, company, settings
from tests.mapping.orders import credit_outcome
from woo2po.config import Settings
from woo2po.documents import *
from woo2po.holds import Hold, Skip
from woo2po.mapping import documents_for
from woo2po.mapping.customer import sales_order_reference
from woo2po.mapping.payment import invoice_of, payment_of
from woo2po.mapping.prices import line_amounts, sums_of
from woo2po.messages import say_both
from woo2po.money import percent
from woo2po.order import Order, Refund, read_order, read_refund
from woo2po.sandbox.shop_orders import recorded, recorded_names

# What orders become under other settings, where the settings matter to them.
OPTIONS: dict[str, tuple[dict[str, Any], str]] = {
    "hidden-card": ({"gift_cards": {"hidden": "gift_card"}},
        "plugin-pw-gift-card-all plugin-pw-gift-card-part hidden-item-lowers-total"),
    "discount-without-vat": ({"discounts": {"transfer_vat": False}},
        "coupon-percent coupon-fixed-cart-mixed-vat zero-total zero-decimals-mixed-coupon"),
    "foreign-apart": ({"vat": {"foreign": {"SE25": {"product": "OSS", "vat_product":
        "OSS-MVA-SE"}}}}, "sweden-oss"),
    "foreign-code": ({"vat": {"foreign": {"SE25": "OSS-SE25"}}}, "sweden-oss"),
    "companies-as-private": ({"customers": {"companies_as_private": True}},
        "company-invoice-unpaid"),
    "collective": ({"customers": {"private": "collective", "collective_number": 10000}},
        "b2c-vipps-simple company-invoice-unpaid"),
    "create-products": ({"products": {"unknown": "create"}}, "no-sku-and-comma-sku"),
}  # fmt: skip


def order_of(name: str) -> Order:
    return read_order(recorded(name)["order"])


def refunds_of(name: str) -> list[Refund]:
    """Return the recorded refunds of an order, as the shop lists them: the newest first."""
    return [read_refund(one) for one in recorded(name).get("refunds") or []]


def goldens() -> Iterator[tuple[str, str]]:
    for name in recorded_names():
        yield name, golden(name, name, {})
    for option, (changed, names) in OPTIONS.items():
        for name in names.split():
            yield f"{name}.{option}", golden(name, f"{name}, {option}", changed)


def golden(name: str, title: str, changed: dict[str, Any]) -> str:
    """Return a recorded order's documents as text, under changed settings."""
    order, chosen = order_of(name), settings(**changed)
    there = catalogue(("KOM,MA-1", "LANG-1") if "products" in changed else ())
    outcome = documents_for(order, basis(chosen, there), sales_order_reference(chosen, order.id))
    paid = f"{order.currency} {order.total:.2f}, {order.payment_method or 'no payment method'}"
    head = f"{title}: order {order.number}, {order.status}, {paid}"
    return "\n".join([head, "", *_told(outcome, there)]) + "\n"


def _told(outcome: Documents | Hold | Skip, there: Catalogue) -> Iterator[str]:
    if not isinstance(outcome, Documents):
        yield "HELD" if isinstance(outcome, Hold) else "SKIPPED"
        yield from _said(outcome.code, outcome.facts)
        return
    yield from _customer(outcome.customer)
    yield from _header(outcome.sales_order)
    yield ""
    yield from _lines(outcome.sales_order, there)
    yield ""
    yield from _sums(outcome.sales_order)
    for product in outcome.products:
        yield f"New product  {product.code}: {product.name[:60]}, account id {product.account_id}"
    for note in outcome.notes:
        yield f"Note         {note.code}"
        yield from _said(note.code, note.facts)


def _said(code: str, facts: dict[str, str]) -> Iterator[str]:
    yield f"  {say_both(code, 'en', facts)}"
    yield f"  {say_both(code, 'nb', facts)}"


def _customer(sought: CustomerSought) -> Iterator[str]:
    who = sought.customer
    name = f"person {who.first_name} | {who.last_name}" if who.is_person else f"company {who.name}"
    paid = "prepaid" if who.prepaid else "pays by invoice"
    yield f"Customer     {name}, {paid}"
    if sought.collective_number is not None:
        yield f"             goes to customer number {sought.collective_number}"
    number, email = sought.organization_number or "-", sought.email or "-"
    yield f"             found by: org. no. {number}, e-mail {email}"
    yield f"             e-mail {who.email or '-'}, telephone {who.phone or '-'}"
    yield f"             {_address(who.address)}"
    yield f"             reference {who.reference}"


def _address(address: PostalAddress | None) -> str:
    if address is None:
        return "no address"
    parts = (address.line_1, address.line_2, f"{address.zip_code} {address.city}", address.country)
    return " | ".join(part for part in parts if part)


def _header(order: SalesOrder) -> Iterator[str]:
    number = order.imported_order_no or "-"
    ours, theirs = order.your_reference or "-", order.purchase_order or "-"
    sent = f", delivered {order.delivered}" if order.delivered else ""
    yield f"Sales order  {order.reference}, {order.order_date}, {order.currency}{sent}"
    yield f"             imported no. {number}, matching reference {order.matching_reference}"
    yield f"             customer's reference {ours}, purchase order {theirs}"
    if order.delivery:
        yield f"Delivery     {_address(order.delivery)}"


def _lines(order: SalesOrder, there: Catalogue) -> Iterator[str]:
    yield "Line         Product    Account  VAT   Quantity        Price         Net       Gross"
    for line in order.lines:
        if line.kind is LineKind.TEXT:
            yield f"{line.reference:<13}{line.description}"
            continue
        net, vat = line_amounts(line, Rounding.LINE)
        yield (f"{line.reference:<13}{line.product_code or '?':<11}{_account(line, there):<9}"
               f"{percent(line.vat_rate):>2} %{percent(line.quantity):>11}"
               f"{percent(line.unit_price):>13}{net:>12}{net + vat:>12}")  # fmt: skip
        yield f"             {line.description}"


def _account(line: OrderLine, there: Catalogue) -> str:
    product = there.products.get(line.product_code)
    account = product and (product.standard if line.use_standard_account else product.optional)
    return str(account.number) if account else "new"


def _sums(order: SalesOrder) -> Iterator[str]:
    amounts, sums = order.amounts, sums_of(order.lines)
    yield f"Paid         {amounts.total:.2f} (rounding line at most {amounts.largest_rounding})"
    off = [f"{way.value} {sums.total(way) - amounts.total:+.2f}" for way in Rounding
           if sums.total(way) != amounts.total]  # fmt: skip
    told = f"off: {', '.join(off)}" if off else "exact in every way of rounding"
    yield f"Draft        {told}"
    for rate, vat in amounts.vat.items():
        net = sums.nets.get(rate, Decimal(0))
        yield (f"VAT {percent(rate):>2} %     {vat:.2f} in the shop, {net * rate / 100:.2f} of "
               f"{net:.2f} in the draft, within {amounts.vat_tolerance[rate]}")  # fmt: skip


# What follows

NAMES = (
    "admin-order-never-paid-date", "cash-local-pickup", "company-invoice-unpaid",
    "completed-next-month", "full-refund", "klarna-return-fee", "partial-refund-amount-only",
    "partial-refund-line", "plugin-pw-gift-card-all", "plugin-pw-gift-card-part",
    "plugin-pw-gift-card-part-refunded", "refunded-by-status", "two-partial-refunds",
    "zero-decimals-refund", "zero-total",
)  # fmt: skip
BASE: dict[str, Any] = {
    "payments": {"register": True, "accounts": {"vipps": 1903, "klarna_payments": 1920},
                 "types": {"cod": "cash"}},
    "gift_cards": {"hidden": "gift_card"},
    "refunds": {"register_payment": "always"},
}  # fmt: skip


def goldens_after() -> Iterator[tuple[str, str]]:
    for name in NAMES:
        yield name, "\n".join(_told_after(name)) + "\n"


def _told_after(name: str) -> Iterator[str]:
    order = order_of(name)
    yield (f"{name}: order {order.number}, {order.status}, {order.currency} {order.total:.2f}, "
           f"{order.payment_method or 'no payment method'}")  # fmt: skip
    yield ""
    for when in ("completed", "processing"):
        chosen = settings(**BASE, invoices={"create": True, "when": when})
        yield from _dated(f"Invoice if {when}", invoice_of(order, basis(chosen, company())))
    yield from _dated("Payment", payment_of(order, basis(chosen, company())))
    yield from _credit_notes(order, refunds_of(name), chosen)


def _credit_notes(order: Order, refunds: list[Refund], chosen: Settings) -> Iterator[str]:
    for refund in sorted(refunds, key=lambda one: one.id):
        yield ""
        yield f"Refund of {refund.amount:.2f}"
        made = credit_outcome(order, *refunds, of=refund.id, chosen=chosen)
        if not isinstance(made, CreditNote):
            yield from _said(made.code, made.facts) if made else ()
            continue
        yield from _header(made.documents.sales_order)
        yield f"             credits invoice {made.documents.sales_order.related_invoice_no}"
        yield ""
        yield from _lines(made.documents.sales_order, company())
        yield ""
        yield from _sums(made.documents.sales_order)
        yield from _dated("Credit note", made.invoice)
        yield from _dated("Money back", made.payback)
        for note in made.documents.notes:
            yield from _said(note.code, note.facts)


def _dated(title: str, made: InvoiceWanted | NotYet | PaymentWanted | Hold | None) -> Iterator[str]:
    """Yield what is done on a day, or why it is not."""
    said = "HELD" if isinstance(made, Hold) else "none"
    if isinstance(made, InvoiceWanted):
        due = "nothing due" if title == "Credit note" else "due by the payment term"
        due = f"due {made.due}" if made.due else due
        said = f"{made.day}, {due}, {made.delivery.value}, {made.email or 'no e-mail'}"
    elif isinstance(made, NotYet):
        said = f"not yet: {made.code}"
    elif isinstance(made, PaymentWanted):
        amount = f"{made.currency} {made.amount:.2f}"
        said = f"{made.day}, {amount}, account {made.account_no}, {made.kind.value} journal"
    yield f"{title:<22}{said}"
    if isinstance(made, Hold):
        yield from _said(made.code, made.facts)


GOLDENS = {"expected": goldens, "expected_after": goldens_after}


def folder(name: str) -> Path:
    return Path(__file__).parents[1] / name


def main() -> int:
    """Write the golden documents; over those that stand there only if told `--force`."""
    for name, made in GOLDENS.items():
        if any(folder(name).glob("*.txt")) and "--force" not in sys.argv:
            print(f"tests/{name} has documents already: --force writes them anew")  # noqa: T201
            return 2
        folder(name).mkdir(exist_ok=True)
        for path in folder(name).glob("*.txt"):
            path.unlink()
        for stem, text in made():
            (folder(name) / f"{stem}.txt").write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
