"""What happens when an order is sent: the queue, the checks, the invoice."""

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from woo2po.sandbox import go_posting
from woo2po.sandbox.go_documents import Invoice, Line, SalesOrder, Sending
from woo2po.sandbox.go_ordering import TITLE, require_not_in_queue
from woo2po.sandbox.go_values import Address
from woo2po.sandbox.go_wire import Refusal, assign

if TYPE_CHECKING:
    from woo2po.sandbox.go_records import Records


def send(books: "Records", order: SalesOrder, values: dict[str, Any]) -> Sending:
    """Put an order into the queue of what is to be invoiced; raises Refusal, Conflict."""
    require_not_in_queue(books, order)
    result = books.faults.send_result
    wait = timedelta(seconds=books.faults.send_seconds if result == "late" else 0)
    forgotten = result == "no_answer"
    new = Sending(order.id, None if forgotten else books.now() + wait)
    assign(new, {k: v for k, v in values.items() if v is not None})
    new.is_invoice_being_processed = not forgotten
    books.send_queue[order.id] = new
    return new


def settle_queue(books: "Records") -> None:
    """Carry out what is due in the queue: an invoice, or an error message on a draft."""
    for sending in list(books.send_queue.values()):
        due = sending.due
        if sending.is_invoice_being_processed and due is not None and due <= books.now():
            books.remember(due)
            sending.is_invoice_being_processed = False
            try:
                _carry_out(books, sending)
            except Refusal as refusal:
                sending.last_error_message = refusal.detail


def _carry_out(books: "Records", sending: Sending) -> None:
    order = books.sales_orders[sending.order_id]
    if books.faults.send_result == "fails":
        raise Refusal(TITLE, books.faults.send_error)
    email = sending.email_address or (order.customer and order.customer.invoice_email_address)
    if sending.delivery_type == "PdfByEmail" and not email:
        raise Refusal(TITLE, "Kunden har ingen e-postadresse for faktura.")
    make_invoice(books, order, sending)


def make_invoice(
    books: "Records", order: SalesOrder, sending: Sending, *, by_hand: bool = False
) -> Invoice:
    """Turn an order into a posted invoice or credit note; raises Refusal."""
    day = sending.voucher_date or books.today()
    books.require_open(day, TITLE)
    _require_complete(order)
    _charge_fee(books, order)
    del books.sales_orders[order.id]
    customer = books.customers[order.customer_id]
    terms = (order.payment_term, customer.payment_term, books.payment_days)
    days = next(term for term in terms if term is not None)
    due = sending.override_due_date or day + timedelta(days=days)
    same = books.faults.invoice_id_is_order_id
    ids = (order.id if same else books.guid(), books.number("invoice number"))
    totals = order.totals()
    entry = go_posting.post_invoice(books, order, totals, ids, (day, due), by_hand=by_hand)
    by_mail = sending.delivery_type == "PdfByEmail"
    invoice = Invoice(
        *ids, entry.voucher_no, order, day, due, totals, entry,
        sent_date_time_offset=sending.due or books.now(),
        invoice_delivery_type="PdfByEmail" if by_mail else "Print",
        is_created_by_current_integration=not by_hand,
        delivery_address=_delivery_address(books, order),
        created=order.created, changed=books.now(),
    )  # fmt: skip
    books.outgoing_invoices[invoice.id] = invoice
    sending.invoice_id, sending.sent_date_time_offset = invoice.id, invoice.sent_date_time_offset
    books.send_queue[order.id] = sending
    return invoice


def _require_complete(order: SalesOrder) -> None:
    if not order.lines:
        raise Refusal(TITLE, "The sales order has no lines.")
    for line in order.lines:
        if line.line_type == "Normal" and line.product_id is not None and line.account is None:
            raise Refusal(TITLE, f"Line {line.sort_order} has no sales account.")
        needed = line.account is not None and line.account.is_department_required
        if needed and line.department_id is None and order.department_id is None:
            raise Refusal(TITLE, f"Department is required on line {line.sort_order}.")


def _charge_fee(books: "Records", order: SalesOrder) -> None:
    customer = books.customers[order.customer_id]
    if books.invoice_fee and customer.use_invoice_fee and order.totals().total > 0:
        fee = Line(books.guid(), order, len(order.lines), "InvoiceFee", books.product("GEBYR").id)
        fee.description, fee.quantity = "Fakturagebyr", Decimal(1)
        fee.product_unit_price, fee.allowance = books.invoice_fee, Decimal(0)
        order.lines.append(fee)


def _delivery_address(books: "Records", order: SalesOrder) -> Address | None:
    if order.contact_delivery_address_id is not None:
        return books.delivery_addresses[order.contact_delivery_address_id]
    own = [a for a in books.delivery_addresses.values() if a.contact_id == order.customer_id]
    return next((a for a in own if a.is_primary), None)
