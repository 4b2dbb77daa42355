"""What people do in PowerOffice while the job runs."""

import re
from collections.abc import Callable, Iterable
from datetime import timedelta
from decimal import Decimal
from typing import TypeVar

from tests.lives.life import Life
from woo2po.sandbox.ledger import Invoice
from woo2po.sandbox.orders import SalesOrder
from woo2po.sandbox.shapes import Refusal

T = TypeVar("T")
PRIVILEGES = {
    "bank": "BankVoucher_Full",
    "cash": "CashVoucher_Full",
    "ledger": "CustomerLedger_Full",
}


def order_named(reference: str | None) -> int:
    """Return the shop's order that a reference is of, 0 for none."""
    found = re.match(r"shop_(\d+)", reference or "")
    return int(found[1]) if found else 0


def _nth(n: int, listed: Iterable[T]) -> T | None:
    among = list(listed)
    return among[n % len(among)] if among else None


def _draft(life: Life, n: int) -> SalesOrder | None:
    """Return the nth draft that is not in the queue of what is being invoiced."""
    company = life.world.company
    company.settle_queue()
    queue = {i for i, sending in company.send_queue.items() if sending.is_invoice_being_processed}
    return _nth(n, (d for d in company.sales_orders.values() if d.id not in queue))


def _mark(life: Life, thing: SalesOrder | None, mark: str) -> None:
    story = life.stories.get(order_named(thing.external_import_reference if thing else None))
    if story is not None:
        story.marks.add(mark)


def _changes(mark: str, change: Callable[[SalesOrder], object]) -> Callable[[Life, int], None]:
    """Return what changes the nth draft by hand."""

    def act(life: Life, n: int) -> None:
        draft = _draft(life, n)
        if draft and draft.lines:
            life.world.company.remember()
            change(draft)
            draft.changed = life.world.now()
            _mark(life, draft, mark)

    return act


def person_deletes(life: Life, n: int) -> None:
    """Delete a draft."""
    draft = _draft(life, n)
    if draft and draft.sales_order_status == "Draft":
        life.world.company.delete_draft(draft.id)
        _mark(life, draft, "draft deleted")


def person_invoices(life: Life, n: int) -> None:
    """Invoice a draft by hand, today."""
    draft = _draft(life, n)
    if draft and draft.lines:
        life.world.company.invoice_by_hand(draft.id)
        _mark(life, draft, "invoiced by hand")


def person_pays(life: Life, n: int, percent: int) -> None:
    """Register a payment of an open invoice by hand, or of a part of it."""
    invoice = _invoice(life, n)
    if invoice and invoice.balance > 0:
        amount = (invoice.balance * percent / 100).quantize(Decimal("0.01"))
        if amount:
            life.world.company.register_payment(invoice.invoice_no, amount)
            _mark(life, invoice.order, "paid by hand")


def person_credits(life: Life, n: int) -> None:
    """Credit a whole invoice by hand."""
    invoice = _invoice(life, n)
    if invoice and invoice.total_amount > 0:
        life.world.company.credit_invoice(invoice.invoice_no)
        _mark(life, invoice.order, "credited by hand")


def _invoice(life: Life, n: int) -> Invoice | None:
    life.world.company.settle_queue()
    return _nth(n, life.world.company.outgoing_invoices.values())


def lock(life: Life, days: int) -> None:
    """Lock the books up to so many days before today, and never further back than they were."""
    company = life.world.company
    day = company.today() - timedelta(days=days + 1)
    company.lock_date = max(day, company.lock_date or day)
    life.marks.add("locked")


def archive_customer(life: Life, n: int) -> None:
    """Archive a customer that owes nothing."""
    company = life.world.company
    customer = _nth(n, company.customers.values())
    if customer is not None:
        try:
            company.archive_customer(customer.number)
        except Refusal:
            return
        life.marks.add("customer archived")


def product(life: Life, code: str, active: bool) -> None:
    """Archive a product, or take it up again."""
    company = life.world.company
    company.remember()
    found = company.product(code)
    found.is_archived, found.changed = not active, life.world.now()
    life.marks.add("product archived")


def privilege(life: Life, name: str, given: bool) -> None:
    """Take a privilege away from the integration, or give it back."""
    faults = life.world.faults
    if name == "send":
        faults.may_send = given
    elif given:
        faults.privileges.add(PRIVILEGES[name])
    else:
        faults.privileges.discard(PRIVILEGES[name])


ACTS: dict[str, Callable[..., None]] = {
    act.__name__: act for act in (
        person_deletes, person_invoices, person_pays, person_credits, lock, archive_customer,
        product, privilege,
    )
} | {
    # A text: the amounts stay; a price; and confirmed, which can no longer be changed.
    "person_rewrites": _changes(
        "rewritten", lambda draft: setattr(draft.lines[0], "description", "Etter avtale")),
    "person_reprices": _changes(
        "repriced", lambda draft: setattr(draft.lines[0], "product_unit_price", Decimal("7.77"))),
    "person_confirms": _changes(
        "confirmed", lambda draft: setattr(draft, "sales_order_status", "Confirmed")),
}  # fmt: skip
