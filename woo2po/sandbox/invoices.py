"""Orders that are sent, the invoices they become, and the calls for both."""

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from woo2po.sandbox import ledger, shapes
from woo2po.sandbox.asgi import Response
from woo2po.sandbox.calls import Call, answered, endpoint, found, listed
from woo2po.sandbox.objects import Address, Invoice, Line, SalesOrder, Sending, ore
from woo2po.sandbox.orders import TITLE, require_not_in_queue
from woo2po.sandbox.orders import WRITE as WRITE_ORDERS
from woo2po.sandbox.shapes import NotFound, Refusal, assign

if TYPE_CHECKING:
    from woo2po.sandbox.books import Books

READ = "OutgoingInvoice"


def send(books: "Books", order: SalesOrder, values: dict[str, Any]) -> Sending:
    """Put an order into the queue of what is to be invoiced; raises Refusal, Conflict."""
    require_not_in_queue(books, order)
    result = books.faults.send_result
    wait = timedelta(seconds=books.faults.send_seconds if result == "late" else 0)
    forgotten = result == "no_answer"
    new = Sending(order.id, None if forgotten else books.now() + wait)
    assign(new, values, given=True)
    new.is_invoice_being_processed = not forgotten
    books.send_queue[order.id] = new
    return new


def settle_queue(books: "Books") -> None:
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


def _carry_out(books: "Books", sending: Sending) -> None:
    order = books.sales_orders[sending.order_id]
    if books.faults.send_result == "fails":
        raise Refusal(TITLE, "Kunden støtter ikke lenger mottak av EHF-faktura.")
    email = sending.email_address or (order.customer and order.customer.invoice_email_address)
    if sending.delivery_type == "PdfByEmail" and not email:
        raise Refusal(TITLE, "Kunden har ingen e-postadresse for faktura.")
    make_invoice(books, order, sending)


def make_invoice(
    books: "Books", order: SalesOrder, sending: Sending, *, by_hand: bool = False
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
    order.delivery_date = order.delivery_date or books.today()
    due = sending.override_due_date or day + timedelta(days=days)
    same = books.faults.invoice_id_is_order_id
    ids = (order.id if same else books.guid(), books.number("invoice number"))
    totals = order.totals()
    entry = ledger.post_invoice(books, order, totals, ids, (day, due), by_hand=by_hand)
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
    sending.invoice, sending.sent_date_time_offset = invoice, invoice.sent_date_time_offset
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


def _charge_fee(books: "Books", order: SalesOrder) -> None:
    customer = books.customers[order.customer_id]
    if books.invoice_fee and customer.use_invoice_fee and order.totals().total > 0:
        fee = Line(books.guid(), order, len(order.lines), "InvoiceFee", books.product("GEBYR").id)
        fee.description, fee.quantity = "Fakturagebyr", Decimal(1)
        fee.product_unit_price, fee.allowance = books.invoice_fee, Decimal(0)
        order.lines.append(fee)


def _delivery_address(books: "Books", order: SalesOrder) -> Address | None:
    if order.contact_delivery_address_id is not None:
        return books.delivery_addresses[order.contact_delivery_address_id]
    own = [a for a in books.delivery_addresses.values() if a.contact_id == order.customer_id]
    return next((a for a in own if a.is_primary), None)


# -- the calls


@endpoint("GET", "/SalesOrders/sentState", WRITE_ORDERS)
def _sent_state(call: Call) -> Response:
    """What became of a request to invoice an order."""
    wanted = (call.text("id") or "").lower()
    order, sending = call.view.sales_orders.get(wanted), call.view.send_queue.get(wanted)
    if order is None and sending is None:
        raise NotFound(f"Sales order with id = {wanted} not found.")
    if sending is None and call.faults.never_sent_state == "none":
        return answered(204)
    sending = sending or Sending(wanted, None, is_invoice_being_processed=False)
    way = sending.invoice.invoice_delivery_type if sending.invoice else "Print"
    return answered(200, [shapes.SENT_STATE.render(sending, InvoiceDeliveryType=way)])


@endpoint("POST", "/SalesOrders/{id}/createAndSendInvoice", WRITE_ORDERS)
def _send(call: Call) -> Response:
    """Ask for an order to be invoiced: 202, the outcome is for sentState to tell."""
    if not call.may_send:
        detail = "The integration does not have the required privileges to send invoices."
        raise Refusal("Missing privilege", detail)
    values = call.bound(shapes.SEND)
    asked = send(call.books, found(call.books.sales_orders, call.guid(), "Sales order"), values)
    base = call.path[: call.path.lower().rindex("/salesorders/")]
    headers = {"Location": f"{base}/SalesOrders/SentState?id={asked.order_id}"}
    return answered(202, {"Id": asked.order_id, **shapes.SEND.render(asked)}, headers)


def _shown(books: "Books", invoice: Invoice) -> dict[str, Any]:
    order = invoice.order
    rate = order.currency_exchange_rate or books.currencies[order.currency_code]
    return shapes.INVOICE.render(
        invoice,
        OrderDate=order.sales_order_date or invoice.created.date(),
        NetPostedAmount=ore(invoice.totals.net * rate),
        PaymentTerm=(invoice.due_date - invoice.voucher_date).days,
        DepartmentCode=books.dimension_code("department", order.department_id),
    )


@endpoint("GET", "/OutgoingInvoices", READ, pages=True)
def _invoices(call: Call) -> Response:
    """Invoices and credit notes."""
    invoices = call.view.outgoing_invoices.values()
    return listed(call, shapes.INVOICE, (_shown(call.view, one) for one in invoices))


@endpoint("GET", "/OutgoingInvoices/{id}", READ)
def _invoice(call: Call) -> Response:
    return answered(200, _shown(call.view, _found(call)))


def _found(call: Call) -> Invoice:
    return found(call.view.outgoing_invoices, call.guid(), "Outgoing invoice")


@endpoint("GET", "/OutgoingInvoices/{id}/Lines", READ, pages=True)
def _invoice_lines(call: Call) -> Response:
    lines = enumerate(_found(call).order.lines_in_order(), 1)
    return listed(call, shapes.INVOICE_LINE, (_shown_line(number, line) for number, line in lines))


def _shown_line(number: int, line: Line) -> dict[str, Any]:
    own = {"Id": number, "ProductUnitPrice": line.product_unit_price or 0}
    unit = line.unit_of_measure_code or "EA"
    return shapes.INVOICE_LINE.render(line, **own, UnitOfMeasureCode=unit)
