"""What an accountant finds in PowerOffice, as a plain value that can be compared."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from woo2po.sandbox.books import Books
from woo2po.sandbox.ledger import Entry, Invoice
from woo2po.sandbox.orders import SalesOrder
from woo2po.sandbox.records import Address

if TYPE_CHECKING:
    from world import World


@dataclass(frozen=True)
class Document:
    """A sales order or an invoice as the books show it, ids and numbers of series apart."""

    reference: str
    matching_reference: str
    customer: str
    total: Decimal
    vat: tuple[tuple[Decimal, Decimal], ...]  # rate in percent, amount
    lines: tuple[tuple[str, str, Decimal, Decimal], ...]  # reference, product, quantity, price
    delivery: str = ""  # where the goods go, the customer's own address too
    number: str = ""  # the shop's order number, in the field of question 2
    day: date | None = None
    invoiced: bool = False
    invoice_day: date | None = None
    credits: str = ""  # the reference of the order whose invoice it credits


@dataclass(frozen=True)
class LedgerEntry:
    """An entry in a customer's sub-ledger: an invoice positive, a payment negative."""

    customer: str
    kind: str
    matching_reference: str
    day: date
    amount: Decimal
    balance: Decimal


@dataclass(frozen=True)
class Summary:
    """Everything that the job can make, as an accountant would list it, in order."""

    documents: tuple[Document, ...]
    customers: tuple[str, ...]
    delivery_addresses: tuple[str, ...]
    products: tuple[str, ...]
    ledger: tuple[LedgerEntry, ...] = ()

    def document(self, reference: str) -> Document:
        (found,) = (d for d in self.documents if d.reference == reference)
        return found

    @property
    def totals(self) -> dict[str, Decimal]:
        """The total of each document by its reference; fails where one stands twice."""
        assert len({d.reference for d in self.documents}) == len(self.documents)
        return {d.reference: d.total for d in self.documents}


_STANDARD_PRODUCTS = frozenset(Books.standard().products)


def summary_of(company: Books) -> Summary:
    """Return the books of a company, sorted: it does not count what came first."""
    orders = [_document(o, False) for o in company.sales_orders.values()]
    orders += [_invoice(company, i) for i in company.outgoing_invoices.values()]
    new = [p for p in company.products.values() if p.id not in _STANDARD_PRODUCTS]
    addresses = company.delivery_addresses.values()
    return Summary(
        tuple(sorted(orders, key=lambda d: (d.reference, d.customer, d.total))),
        tuple(sorted(_customer(company, c) for c in company.customers)),
        tuple(sorted(f"{_customer(company, a.contact_id)}: {_place(a)}" for a in addresses)),
        tuple(sorted(f"{p.code} {p.name}" for p in new)),
        tuple(sorted((_entry(company, e) for e in company.entries.values()), key=repr)),
    )


def _entry(company: Books, entry: Entry) -> LedgerEntry:
    who, name = _customer(company, entry.customer_id), entry.custom_matching_reference or ""
    day, amount = entry.posting_date, entry.amount
    return LedgerEntry(who, entry.voucher_type, name, day, amount, entry.balance)


def _invoice(company: Books, invoice: Invoice) -> Document:
    numbers = {
        i.invoice_no: i.order.external_import_reference or ""
        for i in company.outgoing_invoices.values()
    }
    credited = numbers.get(invoice.order.related_invoice_no or 0, "")
    made = _document(invoice.order, True)
    return replace(made, invoice_day=invoice.voucher_date, credits=credited)


def _document(order: SalesOrder, invoiced: bool) -> Document:
    _, vat, total = order.totals
    lines = [(line.external_import_reference or "",
              (line.product.code or "") if line.product else "",
              line.quantity or Decimal(0), line.product_unit_price or Decimal(0))
             for line in order.lines]  # fmt: skip
    return Document(
        order.external_import_reference or "", order.custom_matching_reference or "",
        _customer(order.books, order.customer_id), total, tuple(sorted(vat.items())),
        tuple(sorted(lines)), delivery=_destination(order), day=order.sales_order_date,
        number=order.purchase_order_reference or order.customer_reference or "",
        invoiced=invoiced)  # fmt: skip


def _customer(company: Books, customer_id: int) -> str:
    found = company.customers[customer_id]
    said = (found.shown_name, found.email_address, found.organization_number)
    return " ".join(part for part in said if part)


def _destination(order: SalesOrder) -> str:
    """Return where the goods go: an order that names no address inherits the customer's primary
    one of that moment (poweroffice/facts.md, "Customers"), else the customer's own counts.
    """
    company = order.books
    named = company.delivery_addresses.get(order.contact_delivery_address_id or 0)
    addresses = company.delivery_addresses.values()
    primary = (one for one in addresses if one.contact_id == order.customer_id and one.is_primary)
    inherited = [one for one in primary if one.created <= order.created]
    own = company.customers[order.customer_id].mail_address
    return _place(named or next(iter(inherited), own))


def _place(address: Address | None) -> str:
    if address is None:
        return ""
    said = (address.address_line1, address.address_line2, address.zip_code, address.city)
    return ", ".join(part for part in said if part)


# -- compared --------------------------------------------------------------------------------------


def compared(wanted: Summary, found: Summary) -> list[str]:
    wrong = []
    for part in ("documents", "customers", "products", "ledger"):
        ours, theirs = Counter(getattr(wanted, part)), Counter(getattr(found, part))
        wrong += [f"lost: {one}" for one in (ours - theirs).elements()]
        wrong += [f"too much: {one}" for one in (theirs - ours).elements()]
    # Which of a customer's orders comes first decides whether its own address must be made.
    places = Counter(found.delivery_addresses) - Counter(wanted.delivery_addresses)
    return wrong + [f"too much: {one}" for one in places]


def sums_by_order(world: "World") -> Counter[int]:
    """Return what the documents of each order come to, in whatever generation."""
    sums: Counter[int] = Counter()
    for document in world.books().documents:
        if document.reference:
            order_id = int(document.reference.removeprefix("shop_").split("-")[0])
            sums[order_id] += document.total  # type: ignore[assignment]
    return sums


def beside_the_shop(world: "World") -> list[str]:
    """Compare what stands in the books of each order with what the shop says that it came to.

    Drafts, invoices and credit notes of an order sum to its total less what was refunded, and to
    nothing where the sale is off.
    """
    wrong, sums = [], sums_by_order(world)
    for order_id, order in world.shop.orders.items():
        off = order["status"] in {"cancelled", "failed", "trash"}
        refunds = sum(Decimal(r["total"]) for r in order["refunds"])  # below 0
        due = Decimal(0) if off else Decimal(order["total"]) + refunds
        booked = sums.pop(order_id, Decimal(0))
        if abs(booked - due) >= Decimal("0.01"):
            wrong.append(f"order {order_id}: {booked} in the books, {due} in the shop")
    return wrong + [f"order {order_id}, which the shop does not have" for order_id in sums]
