"""The documents of every recorded order, in a form that an accountant can read.

`python -m tests.mapping.golden --force` writes them to tests/expected. Look each change over
by eye before it is committed: that look is the test.
"""

import json
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from woo2po.catalogue import Catalogue
from woo2po.documents import (
    CustomerSought,
    Documents,
    LineKind,
    OrderLine,
    PostalAddress,
    Rounding,
    SalesOrder,
)
from woo2po.holds import Hold, Skip
from woo2po.mapping import documents_for
from woo2po.mapping.prices import line_amounts, sums_of
from woo2po.mapping.references import sales_order_reference
from woo2po.messages import say_both
from woo2po.money import percent
from woo2po.order import Order, read_order

from .company import ACCOUNTS, RECORDED, catalogue, settings

EXPECTED = Path(__file__).parents[1] / "expected"

# What an order becomes under other settings, where the settings matter to it.
OPTIONS: dict[str, dict[str, Any]] = {
    "hidden-card": {"gift_cards": {"hidden": "gift_card"}},
    "discount-without-vat": {"discounts": {"transfer_vat": False}},
    "foreign-gross": {"vat": {"foreign": {"SE25": "OSS-GROSS"}}},
    "foreign-code": {"vat": {"foreign": {"SE25": "OSS-SE25"}}},
    "companies-as-private": {"customers": {"companies_as_private": True}},
    "collective": {"customers": {"private": "collective", "collective_number": 10000}},
    "create-products": {"products": {"unknown": "create"}},
}
UNDER_OPTIONS = {
    "hidden-card": ("plugin-pw-gift-card-all", "plugin-pw-gift-card-part",
                    "hidden-item-lowers-total"),
    "discount-without-vat": ("coupon-percent", "coupon-fixed-cart-mixed-vat", "zero-total",
                             "zero-decimals-mixed-coupon"),
    "foreign-gross": ("sweden-oss",),
    "foreign-code": ("sweden-oss",),
    "companies-as-private": ("company-invoice-unpaid",),
    "collective": ("b2c-vipps-simple", "company-invoice-unpaid"),
    "create-products": ("no-sku-and-comma-sku",),
}  # fmt: skip


def recorded(name: str) -> Order:
    """Return a recorded order."""
    text = (RECORDED / f"{name}.json").read_text("utf-8")
    return read_order(json.loads(text, parse_float=Decimal)["order"])


def all_names() -> list[str]:
    """Return the names of the recorded orders."""
    return sorted(path.stem for path in RECORDED.glob("*.json"))


def goldens() -> Iterator[tuple[str, str]]:
    """Yield the name and the text of each golden document."""
    for name in all_names():
        yield name, golden(name)
    for option, names in UNDER_OPTIONS.items():
        for name in names:
            yield f"{name}.{option}", golden(name, option)


def golden(name: str, option: str = "") -> str:
    """Return a recorded order's documents as text, under one of the OPTIONS."""
    order, chosen = recorded(name), settings(**OPTIONS.get(option, {}))
    there = catalogue(**{"KOM,MA-1": None, "LANG-1": None}) if option == "create-products" \
        else catalogue()  # fmt: skip
    outcome = documents_for(order, chosen, there, sales_order_reference(chosen, order.id))
    title = f"{name}, {option}" if option else name
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
    ours, theirs = order.customer_reference or "-", order.purchase_order_reference or "-"
    yield f"Sales order  {order.reference}, {order.order_date}, {order.currency}"
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


def main() -> int:
    """Write the golden documents; with what stands there already only if told `--force`."""
    force = "--force" in sys.argv
    if any(EXPECTED.glob("*.txt")) and not force:
        print("tests/expected has documents already: --force writes them anew")  # noqa: T201
        return 2
    EXPECTED.mkdir(exist_ok=True)
    for path in EXPECTED.glob("*.txt"):
        path.unlink()
    for name, text in goldens():
        (EXPECTED / f"{name}.txt").write_text(text, "utf-8")
    print(f"{sum(1 for _ in EXPECTED.glob('*.txt'))} documents, {len(ACCOUNTS)} accounts")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
