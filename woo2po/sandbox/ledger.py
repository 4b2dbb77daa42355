"""The company's books, and what a person can do in them by hand while the job runs."""

from datetime import date
from decimal import Decimal
from typing import Any

from woo2po.sandbox import go_ordering, go_posting, go_sending
from woo2po.sandbox.go_company import furnish
from woo2po.sandbox.go_documents import Invoice, Line, SalesOrder, Sending, Voucher
from woo2po.sandbox.go_records import Records


class Books(Records):
    """The books of a company: everything it has, and the acts of a person in them.

    Orders are named by their id or their ExternalImportReference.
    """

    @classmethod
    def standard(cls) -> "Books":
        """Return a small Norwegian web shop's company with what the recorded orders need."""
        books = cls()
        furnish(books)
        return books

    def settle_queue(self) -> None:
        """Invoice what is due in the send queue by now, as the next call would."""
        go_sending.settle_queue(self)

    def order(self, name: str) -> SalesOrder:
        """Return the draft of an id or reference; raises KeyError."""
        by_reference = {o.external_import_reference: o for o in self.sales_orders.values()}
        return self.sales_orders.get(name) or by_reference[name]

    def invoice(self, number: int) -> Invoice:
        """Return the invoice of a number; raises KeyError."""
        return {i.invoice_no: i for i in self.outgoing_invoices.values()}[number]

    def edit_line(self, order: str, reference: str, **changes: Any) -> Line:
        """Change attributes of a draft's line, named by its ExternalImportReference."""
        found = {x.external_import_reference: x for x in self.order(order).lines}[reference]
        self.remember()
        go_ordering.change_line(self, found, changes)
        return found

    def edit_order(self, order: str, **changes: Any) -> SalesOrder:
        """Change attributes of a draft's header."""
        self.remember()
        go_ordering.change_order(self, self.order(order), changes)
        return self.order(order)

    def invoice_by_hand(self, order: str, day: date | None = None) -> Invoice:
        """Invoice a draft; the invoice counts as the person's, not the integration's."""
        self.remember()
        draft = self.order(order)
        sending = Sending(draft.id, None, voucher_date=day, is_invoice_being_processed=False)
        return go_sending.make_invoice(self, draft, sending, by_hand=True)

    def delete_draft(self, order: str) -> None:
        """Delete a draft."""
        self.remember()
        go_ordering.delete_order(self, self.order(order))

    def archive_product(self, code: str) -> None:
        """Archive a product."""
        self.remember()
        product = self.product(code)
        product.is_archived, product.changed = True, self.now()

    def archive_customer(self, number: int) -> None:
        """Archive a customer; raises Refusal while something is owed."""
        self.remember()
        found = {c.number: c for c in self.customers.values()}[number]
        self.change_customer(found, {"is_archived": True})

    def register_payment(
        self,
        invoice_no: int,
        amount: Decimal | None = None,
        account_no: int = 1920,
        day: date | None = None,
    ) -> Voucher:
        """Post a payment of an invoice (all of it by default) on an account, and match it."""
        self.remember()
        paid = self.invoice(invoice_no)
        amount = paid.balance if amount is None else amount
        day = day or self.today()
        common = {"posting_date": day, "vat_id": self.vat_code("0").id}
        customer = self.customers[paid.order.customer_id]
        money = {**common, "account_id": self.account(account_no).id, "currency_amount": amount}
        debt = {**common, "account_id": customer.subledger_account_id, "currency_amount": -amount}
        lines = [money, {**debt, "invoice_no": str(invoice_no)}]
        head = {"voucher_date": day, "currency_code": "NOK"}
        voucher = go_posting.post_voucher(self, "BankJournal", head, lines)
        voucher.is_created_by_current_integration = False
        return voucher

    def credit_invoice(self, invoice_no: int, day: date | None = None) -> Invoice:
        """Credit a whole invoice by a credit note of the same lines, matched with it."""
        self.remember()
        original = self.invoice(invoice_no)
        credit = SalesOrder(self.guid(), self.number("order number"), self)
        credit.customer_id = original.order.customer_id
        credit.currency_code = original.order.currency_code
        credit.related_invoice_no = invoice_no
        credit.customer_reference = original.order.customer_reference
        credit.is_created_by_current_integration = False
        for line in original.order.lines:
            copied = Line(self.guid(), credit, **_same(line))
            copied.quantity = None if line.quantity is None else -line.quantity
            credit.lines.append(copied)
        self.sales_orders[credit.id] = credit
        note = self.invoice_by_hand(credit.id, day)
        go_posting.match(self, note.entry, original.entry)
        return note


def _same(line: Line) -> dict[str, Any]:
    names = (
        "sort_order",
        "line_type",
        "product_id",
        "description",
        "product_unit_price",
        "allowance",
        "use_standard_sales_account",
    )
    return {name: getattr(line, name) for name in names}
