"""Sales orders and their lines: the rules for them, and the calls."""

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from woo2po.sandbox import shapes
from woo2po.sandbox.asgi import Response
from woo2po.sandbox.calls import Call, answered, endpoint, found, listed
from woo2po.sandbox.objects import Customer, Line, Product, SalesOrder
from woo2po.sandbox.shapes import Conflict, InUse, Refusal, assign

if TYPE_CHECKING:
    from woo2po.sandbox.books import Books

READ, WRITE = "SalesOrders", "SalesOrders_Full"
TITLE = "Sales order validation error(s)"
LINE_TITLE = "Sales order line validation error(s)"
IN_USE = "ExternalImportReference is already in use."


def create_order(books: "Books", values: dict[str, Any], lines: list[dict[str, Any]]) -> SalesOrder:
    """Add an order with its lines, or nothing; raises Refusal, NotFound."""
    known = _adopted(books, values.get("external_import_reference"))
    if known is not None:
        return known
    new = SalesOrder(books.guid(), books.number("order number"), books)
    new.created = new.changed = books.now()
    _set_header(books, new, values)
    for place, line in enumerate(lines):
        _append_line(books, new, line, place)
    _check_related_invoice(books, new)
    books.sales_orders[new.id] = new
    return new


def _adopted(books: "Books", reference: str | None) -> SalesOrder | None:
    """Return the order that a reference stands for, where PowerOffice would answer with it."""
    if not reference or books.faults.duplicate_order_reference != "adopted":
        return None
    orders = books.sales_orders.values()
    return next((o for o in orders if o.external_import_reference == reference), None)


def change_order(books: "Books", order: SalesOrder, values: dict[str, Any]) -> None:
    """Change an order's header; a confirmed one can only be set back to Draft."""
    if order.sales_order_status == "Confirmed" and set(values) != {"sales_order_status"}:
        raise Refusal(TITLE, "The sales order is confirmed and cannot be changed.")
    require_not_in_queue(books, order)
    before = dict(vars(order))
    _set_header(books, order, values)
    try:
        _check_related_invoice(books, order)
    except Refusal:
        vars(order).update(before)
        raise
    order.changed = books.now()


def delete_order(books: "Books", order: SalesOrder) -> None:
    """Delete a draft with its lines; its reference is free again."""
    require_not_in_queue(books, order)
    if order.sales_order_status != "Draft" or "order" in books.faults.undeletable:
        raise InUse("Sales order", order.id)
    del books.sales_orders[order.id]
    if order.external_import_reference:
        books.references_once.add(order.external_import_reference)


def add_line(books: "Books", order: SalesOrder, values: dict[str, Any]) -> Line:
    """Add a line to a draft; raises Refusal, NotFound."""
    _require_draft(books, order)
    line = _append_line(books, order, values, len(order.lines))
    order.changed = books.now()
    return line


def change_line(books: "Books", line: Line, values: dict[str, Any]) -> None:
    """Change a draft's line; raises Refusal, NotFound."""
    _require_draft(books, line.order)
    others = [x for x in line.order.lines if x is not line]
    _check_line(books, {**vars(line), **values}, others)
    assign(line, values)
    _cut_price(books, line)
    line.order.changed = books.now()


def _set_header(books: "Books", order: SalesOrder, values: dict[str, Any]) -> None:
    values = dict(values)
    customer = _customer(books, order, values)
    kept = order.currency_code if order.customer_id else None
    values["currency_code"] = values.get("currency_code") or kept or customer.currency_code or "NOK"
    books.require_currency(values["currency_code"])
    for kind in ("department", "project", "location"):
        books.dimension(kind, values)
    _check_reference(books, order, values.get("external_import_reference"))
    address = values.get("contact_delivery_address_id")
    if address is not None:
        own = {k: a for k, a in books.delivery_addresses.items() if a.contact_id == customer.id}
        found(own, address, "Contact delivery address")
    status = values.get("sales_order_status", order.sales_order_status)
    values["sales_order_status"] = status or "Draft"
    assign(order, values)


def _customer(books: "Books", order: SalesOrder, values: dict[str, Any]) -> Customer:
    number = values.pop("customer_no", None)
    wanted = values.get("customer_id", order.customer_id or None)
    if wanted is None and number is not None:
        by_number = {c.number: c.id for c in books.customers.values()}
        wanted = found(by_number, number, "Customer", by="number")
    if wanted is None:
        raise Refusal(TITLE, "CustomerId or CustomerNo is required.")
    customer = found(books.customers, wanted, "Customer")
    accepted = books.faults.archived_on_order == "accepted"
    if customer.is_archived and customer.id != order.customer_id and not accepted:
        raise Refusal(TITLE, f"Customer with id = {wanted} is archived.")
    values["customer_id"] = wanted
    return customer


def _check_reference(books: "Books", order: SalesOrder, reference: str | None) -> None:
    if not reference or books.faults.duplicate_order_reference == "accepted":
        return
    gone = books.faults.deleted_reference == "kept" and reference in books.references_once
    if gone and reference != order.external_import_reference:
        raise Refusal(TITLE, f"{IN_USE} '{reference}' is used.")
    kept = books.faults.invoiced_reference == "kept"
    invoiced = [(i.id, i.order) for i in books.outgoing_invoices.values() if kept]
    for used_on, other in [*books.sales_orders.items(), *invoiced]:
        if other is not order and other.external_import_reference == reference:
            conflict = books.faults.duplicate_order_reference == "conflict"
            detail = f"{IN_USE} '{reference}' is used on (sales order) Id = {used_on}."
            raise (Conflict if conflict else Refusal)(TITLE, detail)


def _check_related_invoice(books: "Books", order: SalesOrder) -> None:
    number = order.related_invoice_no
    if number is None:
        return
    found({i.invoice_no: i for i in books.outgoing_invoices.values()}, number, "Invoice", "number")
    if order.totals().total >= 0:
        raise Refusal(TITLE, "RelatedInvoiceNo can only be set on a credit note draft.")


def _append_line(books: "Books", order: SalesOrder, values: dict[str, Any], place: int) -> Line:
    values = {k: v for k, v in values.items() if v is not None}
    _check_line(books, values, order.lines)
    line = Line(books.guid(), order, sort_order=place)
    assign(line, values)
    product = line.product
    if product is not None:
        line.description = line.description or product.name
        line.unit_of_measure_code = line.unit_of_measure_code or product.unit_of_measure_code
        if line.product_unit_price is None:
            line.product_unit_price = _list_price(books, product)
    _cut_price(books, line)
    order.lines.append(line)
    return line


def _check_line(books: "Books", values: dict[str, Any], others: list[Line]) -> None:
    code = values.pop("product_code", None)
    if values.get("product_id") is None and code:
        by_code = {p.code: p.id for p in books.products.values()}
        values["product_id"] = found(by_code, code, "Product", by="code")
    _check_product(books, values)
    allowance = values.get("allowance")
    if allowance is not None and not -1000 <= allowance <= 100:
        raise Refusal(LINE_TITLE, "Allowance must be between -1000 and 100.")
    reference = values.get("external_import_reference")
    if reference and any(o.external_import_reference == reference for o in others):
        raise Refusal(LINE_TITLE, f"{IN_USE} '{reference}' is used on the order.")
    if set(values.get("description") or "") & set(books.faults.refused_characters):
        raise Refusal(LINE_TITLE, "Description has a character that is not allowed.")
    books.dimension("department", values)


def _check_product(books: "Books", values: dict[str, Any]) -> None:
    wanted = values.get("product_id")
    if wanted is None:
        return
    product = found(books.products, wanted, "Product")
    if product.is_archived and books.faults.archived_on_order == "refused":
        raise Refusal(LINE_TITLE, f"Product with id = {wanted} is archived.")
    if values.get("quantity") is None:
        raise Refusal(LINE_TITLE, "Quantity is required when the line has a product.")


def _list_price(books: "Books", product: Product) -> Decimal | None:
    group = books.product_groups.get(product.product_group_id or 0)
    inherited = group.unit_price if group else None
    return product.unit_price if product.unit_price is not None else inherited


def _cut_price(books: "Books", line: Line) -> None:
    kept = books.faults.max_unit_price_decimals
    if kept is not None and line.product_unit_price is not None:
        step = Decimal(1).scaleb(-kept)
        line.product_unit_price = Decimal(line.product_unit_price).quantize(step, ROUND_HALF_UP)


def _require_draft(books: "Books", order: SalesOrder) -> None:
    require_not_in_queue(books, order)
    if order.sales_order_status != "Draft":
        raise Refusal(TITLE, "The sales order is confirmed and cannot be changed.")


def require_not_in_queue(books: "Books", order: SalesOrder) -> None:
    """Raise Conflict for an order that is on its way to be an invoice."""
    sending = books.send_queue.get(order.id)
    if sending and sending.is_invoice_being_processed:
        detail = f"Sales order with id = {order.id} is being invoiced."
        raise Conflict("Sales order conflict", detail)


# -- the calls


def _shown(order: SalesOrder) -> dict[str, Any]:
    totals, code = order.totals(), order.books.dimension_code
    return shapes.ORDER.render(
        order,
        NetAmount=totals.net,
        TotalAmount=totals.total,
        LineCount=len(order.lines),
        DepartmentCode=code("department", order.department_id),
        ProjectCode=code("project", order.project_id),
        LocationCode=code("location", order.location_id),
    )


def _shown_line(line: Line) -> dict[str, Any]:
    unit, books = line.unit_of_measure_code or "EA", line.order.books
    department = books.dimension_code("department", line.department_id)
    return shapes.LINE.render(line, UnitOfMeasureCode=unit, DepartmentCode=department)


def _complete(order: SalesOrder) -> dict[str, Any]:
    lines = [_shown_line(line) for line in order.lines_in_order()]
    return {**_shown(order), "SalesOrderLines": lines}


def _order(books: "Books", call: Call) -> SalesOrder:
    return found(books.sales_orders, call.guid(), "Sales order")


def _line(books: "Books", call: Call) -> Line:
    lines = {line.id: line for line in _order(books, call).lines}
    return found(lines, call.guid("lineId"), "Sales order line")


@endpoint("GET", "/SalesOrders", READ, pages=True)
def _orders(call: Call) -> Response:
    """The drafts and confirmed orders; what has been invoiced is no longer among them."""
    return listed(call, shapes.ORDER, map(_shown, call.view.sales_orders.values()))


@endpoint("POST", "/SalesOrders/Complete", WRITE)
def _post_order(call: Call) -> Response:
    values = call.bound(shapes.ORDER_POST)
    lines = [call.part(shapes.LINE, line) for line in values.pop("sales_order_lines", None) or []]
    return answered(201, _complete(create_order(call.books, values, lines)))


@endpoint("GET", "/SalesOrders/{id}", READ)
def _get_order(call: Call) -> Response:
    return answered(200, _shown(_order(call.view, call)))


@endpoint("GET", "/SalesOrders/{id}/Complete", READ)
def _get_complete(call: Call) -> Response:
    return answered(200, _complete(_order(call.view, call)))


@endpoint("PATCH", "/SalesOrders/{id}", WRITE)
def _patch_order(call: Call) -> Response:
    changed = _order(call.books, call)
    change_order(call.books, changed, call.changes(shapes.ORDER, "SalesOrder"))
    return answered(200, _shown(changed))


@endpoint("DELETE", "/SalesOrders/{id}", WRITE)
def _remove_order(call: Call) -> Response:
    delete_order(call.books, _order(call.books, call))
    return answered(200)


@endpoint("GET", "/SalesOrders/{id}/Lines", READ, pages=True)
def _get_lines(call: Call) -> Response:
    return listed(call, shapes.LINE, map(_shown_line, _order(call.view, call).lines_in_order()))


@endpoint("POST", "/SalesOrders/{id}/Lines", WRITE)
def _post_line(call: Call) -> Response:
    draft = _order(call.books, call)
    return answered(201, _shown_line(add_line(call.books, draft, call.bound(shapes.LINE))))


@endpoint("GET", "/SalesOrders/{id}/Lines/{lineId}", READ)
def _get_line(call: Call) -> Response:
    return answered(200, _shown_line(_line(call.view, call)))


@endpoint("PATCH", "/SalesOrders/{id}/Lines/{lineId}", WRITE)
def _patch_line(call: Call) -> Response:
    changed = _line(call.books, call)
    change_line(call.books, changed, call.changes(shapes.LINE, "SalesOrderLine"))
    return answered(200, _shown_line(changed))


@endpoint("DELETE", "/SalesOrders/{id}/Lines/{lineId}", WRITE)
def _remove_line(call: Call) -> Response:
    gone = _line(call.books, call)
    _require_draft(call.books, gone.order)
    gone.order.lines.remove(gone)
    gone.order.changed = call.books.now()
    return answered(200)
