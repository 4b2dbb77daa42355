"""Calls for sales orders, their lines, and sending."""

from typing import Any

from woo2po.sandbox import go_ordering as rules
from woo2po.sandbox import go_sending
from woo2po.sandbox.go_calls import Answer, Call, changes, endpoint, found, listed
from woo2po.sandbox.go_documents import Line, SalesOrder, Sending
from woo2po.sandbox.go_records import Records
from woo2po.sandbox.go_shapes import LINE, ORDER, ORDER_POST, SEND, SENT_STATE
from woo2po.sandbox.go_wire import NotFound, Refusal, patch_operations

LAST = "lastChangedDateTimeOffsetGreaterThan"
READ, WRITE = "SalesOrders", "SalesOrders_Full"


def _codes(books: Records, thing: Any) -> dict[str, str | None]:
    kinds = ("department", "project", "location")
    held = {k: getattr(thing, f"{k}_id", None) for k in kinds}
    return {f"{k.capitalize()}Code": books.dimension_code(k, v) for k, v in held.items()}


def _shown(order: SalesOrder) -> dict[str, Any]:
    totals, customer = order.totals(), order.customer
    return ORDER.render(
        order,
        CustomerNo=customer.number if customer else None,
        NetAmount=totals.net,
        TotalAmount=totals.total,
        LineCount=len(order.lines),
        **_codes(order.books, order),
    )


def _shown_line(line: Line) -> dict[str, Any]:
    product, vat = line.product, line.vat_code
    return LINE.render(
        line,
        SalesOrderId=line.order.id,
        ProductCode=product.code if product else None,
        VatCode=vat.code if vat else None,
        VatId=vat.id if vat else None,
        VatRate=vat.rate if vat else None,
        UnitOfMeasureCode=line.unit_of_measure_code or "EA",
        DepartmentCode=line.order.books.dimension_code("department", line.department_id),
    )


def _complete(order: SalesOrder) -> dict[str, Any]:
    lines = sorted(order.lines, key=lambda line: line.sort_order)
    return {**_shown(order), "SalesOrderLines": [_shown_line(line) for line in lines]}


def _order(books: Records, call: Call) -> SalesOrder:
    return found(books.sales_orders, call.ids["id"].lower(), "Sales order")


def _line(books: Records, call: Call) -> Line:
    lines = {line.id: line for line in _order(books, call).lines}
    return found(lines, call.ids["lineId"].lower(), "Sales order line")


@endpoint(
    "GET", "/SalesOrders", READ,
    "customerNos departmentCodes includeSubProject onlyCreatedByCurrentIntegration orderStatus"
    f" projectCodes showInherited {LAST}",
    newer="externalImportReferences importedOrderNos salesOrderNos", pages=True,
)  # fmt: skip
def orders(call: Call) -> Answer:
    """The drafts and confirmed orders; what has been invoiced is no longer among them."""
    chosen = [o for o in call.view.sales_orders.values() if _wanted(call, o)]
    return listed(call, ORDER, (_shown(o) for o in chosen))


def _wanted(call: Call, order: SalesOrder) -> bool:
    codes = _codes(call.view, order)
    return (
        call.in_ranges("customerNos", order.customer.number if order.customer else None)
        and call.one_of("orderStatus", order.sales_order_status)
        and call.one_of("departmentCodes", codes["DepartmentCode"] or -1)
        and call.one_of("projectCodes", codes["ProjectCode"] or -1)
        and call.one_of("externalImportReferences", order.external_import_reference)
        and call.in_ranges("importedOrderNos", order.imported_order_no)
        and call.in_ranges("salesOrderNos", order.sales_order_no)
        and call.later(LAST, order.changed)
        and not (
            call.flag("onlyCreatedByCurrentIntegration")
            and not order.is_created_by_current_integration
        )
    )


@endpoint("POST", "/SalesOrders/Complete", WRITE)
def add_order(call: Call) -> Answer:
    """Add an order with its lines."""
    values = call.bound(ORDER_POST)
    lines = [
        LINE.bind(x, lenient=call.lenient) for x in values.pop("sales_order_lines", None) or []
    ]
    return Answer(201, _complete(rules.create_order(call.books, values, lines)))


@endpoint("GET", "/SalesOrders/sentState", WRITE, "id")
def sent_state(call: Call) -> Answer:
    """What became of a request to invoice an order."""
    wanted = (call.text("id") or "").lower()
    order, sending = call.view.sales_orders.get(wanted), call.view.send_queue.get(wanted)
    if order is None and sending is None:
        raise NotFound(f"Sales order with id = {wanted} not found.")
    if sending is None and call.faults.never_sent_state == "none":
        return Answer(204)
    return Answer(200, [_shown_state(call.view, sending or _never(wanted))])


def _never(order_id: str) -> Sending:
    return Sending(order_id, None, is_invoice_being_processed=False)


def _shown_state(books: Records, sending: Sending) -> dict[str, Any]:
    invoice = books.outgoing_invoices.get(sending.invoice_id or "")
    return SENT_STATE.render(
        sending,
        Id=sending.order_id,
        InvoiceNo=invoice.invoice_no if invoice else None,
        DueDate=invoice.due_date if invoice else None,
        InvoiceDeliveryType=invoice.invoice_delivery_type if invoice else "Print",
    )


@endpoint("GET", "/SalesOrders/{id}", READ, "showInherited")
def order(call: Call) -> Answer:
    """An order without its lines."""
    return Answer(200, _shown(_order(call.view, call)))


@endpoint("GET", "/SalesOrders/{id}/Complete", READ, "showInherited")
def complete_order(call: Call) -> Answer:
    """An order with its lines."""
    return Answer(200, _complete(_order(call.view, call)))


@endpoint("PATCH", "/SalesOrders/{id}", WRITE)
def change_order(call: Call) -> Answer:
    """Change an order's header."""
    changed = _order(call.books, call)
    operations = patch_operations(call.patch_body(), ORDER)
    rules.change_order(call.books, changed, changes(ORDER, "SalesOrder", operations))
    return Answer(200, _shown(changed))


@endpoint("DELETE", "/SalesOrders/{id}", WRITE)
def delete_order(call: Call) -> Answer:
    """Delete a draft."""
    rules.delete_order(call.books, _order(call.books, call))
    return Answer(200)


@endpoint("GET", "/SalesOrders/{id}/Lines", READ, pages=True)
def lines(call: Call) -> Answer:
    """The lines of an order."""
    shown = sorted(_order(call.view, call).lines, key=lambda line: line.sort_order)
    return listed(call, LINE, (_shown_line(line) for line in shown))


@endpoint("POST", "/SalesOrders/{id}/Lines", WRITE)
def add_line(call: Call) -> Answer:
    """Add a line to a draft."""
    draft = _order(call.books, call)
    return Answer(201, _shown_line(rules.add_line(call.books, draft, call.bound(LINE))))


@endpoint("GET", "/SalesOrders/{id}/Lines/{lineId}", READ)
def line(call: Call) -> Answer:
    """A line of an order."""
    return Answer(200, _shown_line(_line(call.view, call)))


@endpoint("PATCH", "/SalesOrders/{id}/Lines/{lineId}", WRITE)
def change_line(call: Call) -> Answer:
    """Change a line of a draft."""
    changed = _line(call.books, call)
    operations = patch_operations(call.patch_body(), LINE)
    rules.change_line(call.books, changed, changes(LINE, "SalesOrderLine", operations))
    return Answer(200, _shown_line(changed))


@endpoint("DELETE", "/SalesOrders/{id}/Lines/{lineId}", WRITE)
def delete_line(call: Call) -> Answer:
    """Delete a line of a draft."""
    rules.delete_line(call.books, _line(call.books, call))
    return Answer(200)


@endpoint("POST", "/SalesOrders/{id}/createAndSendInvoice", WRITE)
def send(call: Call) -> Answer:
    """Ask for an order to be invoiced: 202, the outcome is for sentState to tell."""
    if not call.may_send:
        detail = "The integration does not have the required privileges to send invoices."
        raise Refusal("Missing privilege", detail)
    values = call.bound(SEND)
    asked = go_sending.send(call.books, _order(call.books, call), values)
    base = call.path[: call.path.lower().rindex("/salesorders/")]
    headers = {"Location": f"{base}/SalesOrders/SentState?id={asked.order_id}"}
    return Answer(202, {"Id": asked.order_id, **SEND.render(asked)}, headers)
