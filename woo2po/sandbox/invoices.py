"""Orders that are sent, and the invoices that they become."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from woo2po.sandbox.ledger import Entry, post_invoice
from woo2po.sandbox.orders import Line, SalesOrder
from woo2po.sandbox.records import Record, found, given
from woo2po.sandbox.shapes import SHAPES, Refusal

if TYPE_CHECKING:
    from woo2po.sandbox.books import Books


class Invoice(Record):
    """An outgoing invoice or credit note with the order that it was made from."""

    shape, label, register = SHAPES["Invoice"], "Outgoing invoice", "outgoing_invoices"
    order: SalesOrder
    entry: Entry

    @property
    def total_amount(self) -> Decimal:
        """The gross amount in the invoice's currency."""
        return Decimal(self.totals.total)

    @property
    def balance(self) -> Decimal:
        """What is left to pay, in kroner."""
        return Decimal(self.entry.balance)


class InvoiceLine(Line):
    """A line of an invoice."""

    shape = SHAPES["InvoiceLine"]

    @classmethod
    def kept(cls, books: "Books", asked: Mapping[str, str]) -> Mapping[Any, Any]:
        """Return the lines of the invoice that the path names."""
        invoice = found(books.outgoing_invoices, asked["invoice"].lower(), Invoice.label)
        return {line.place: line for line in invoice.order.lines_in_order}


class Sending(Record):
    """A request to invoice an order, in the queue or done; `due` is None where it is forgotten."""

    shape, label = SHAPES["Send"], "Sales order"
    order: SalesOrder
    invoice: Invoice | None

    def __init__(self, order: SalesOrder, **values: Any) -> None:
        state = {"is_invoice_being_processed": False, "invoice": None, "due": None}
        state |= {"sent_date_time_offset": None, "last_error_message": None}
        super().__init__(order.books, order=order, order_id=order.id, **{**state, **values})

    def settle(self) -> None:
        """Carry it out: an invoice, or an error message on a draft."""
        self.books.remember(self.due)
        self.is_invoice_being_processed = False
        try:
            if self.books.faults.send_result == "fails":
                raise self.refused("Kunden støtter ikke lenger mottak av EHF-faktura.")
            if self.delivery_type == "PdfByEmail" and not self.email_address:
                raise self.refused("Kunden har ingen e-postadresse for faktura.")
            make_invoice(self)
        except Refusal as refusal:
            self.last_error_message = refusal.detail


def send(order: SalesOrder, values: Mapping[str, Any]) -> Sending:
    """Put an order into the queue of what is to be invoiced. Raises Refusal."""
    order.require_not_in_queue()
    faults, now = order.books.faults, order.books.now()
    wait = timedelta(seconds=faults.send_seconds if faults.send_result == "late" else 0)
    forgotten = faults.send_result == "no_answer"
    state = {"due": None if forgotten else now + wait, "is_invoice_being_processed": not forgotten}
    new = order.books.send_queue[order.id] = Sending(order, **given(values), **state)
    return new


def settle_queue(books: "Books") -> None:
    """Carry out what is due in the queue."""
    for sending in list(books.send_queue.values()):
        due = sending.due
        if sending.is_invoice_being_processed and due is not None and due <= books.now():
            sending.settle()


def make_invoice(sending: Sending, *, by_hand: bool = False) -> Invoice:
    """Turn an order into a posted invoice or credit note. Raises Refusal."""
    order, books = sending.order, sending.books
    day = sending.voucher_date or books.today()
    books.require_open(day, sending)
    _require_complete(order)
    _charge_fee(order)
    del books.sales_orders[order.id]
    for place, line in enumerate(order.lines_in_order, 1):
        line.place, line.product_unit_price = place, line.product_unit_price or 0
    terms = (order.payment_term, order.customer.payment_term, books.payment_days)
    days = next(term for term in terms if term is not None)
    order.delivery_date = order.delivery_date or books.today()
    due = sending.override_due_date or day + timedelta(days=days)
    same, number = books.faults.invoice_id_is_order_id, books.number("invoice number")
    id_ = order.id if same else books.guid()
    entry = post_invoice(order, id_, number, day, due, by_hand=by_hand)
    sent = sending.due or books.now()
    invoice = Invoice(
        books, id=id_, invoice_no=number, voucher_no=entry.voucher_no, order=order,
        voucher_date=day, due_date=due, totals=order.totals, entry=entry,
        sent_date_time_offset=sent, is_created_by_current_integration=not by_hand,
        created=order.created, changed=books.now(),
    )  # fmt: skip
    books.outgoing_invoices[id_] = sending.invoice = invoice
    sending.sent_date_time_offset = sent
    books.send_queue[order.id] = sending
    return invoice


def _require_complete(order: SalesOrder) -> None:
    if not order.lines:
        raise order.refused("The sales order has no lines.")
    for line in order.lines:
        if line.line_type == "Normal" and line.product_id is not None and line.account is None:
            raise order.refused(f"Line {line.sort_order} has no sales account.")
        needed = line.account is not None and line.account.is_department_required
        if needed and order.department_code in {None, "", "-1"}:
            raise order.refused(f"Department is required on line {line.sort_order}.")


def _charge_fee(order: SalesOrder) -> None:
    books = order.books
    if books.invoice_fee and order.customer.use_invoice_fee and order.totals.total > 0:
        price = {"quantity": 1, "product_unit_price": books.invoice_fee, "allowance": 0}
        fee = {"description": "Fakturagebyr", "product_id": books.product("GEBYR").id, **price}
        order.add_line({"line_type": "InvoiceFee", **fee}, len(order.lines))
