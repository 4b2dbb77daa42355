"""Calls for what the company keeps on file: settings, catalogue, dimensions and customers."""

from functools import partial
from typing import TYPE_CHECKING, Any

from woo2po.sandbox import shapes
from woo2po.sandbox.asgi import Response
from woo2po.sandbox.calls import Call, answered, changes, endpoint, found, listed
from woo2po.sandbox.objects import LONG_AGO, Address, Customer, Product, SalesAccounts
from woo2po.sandbox.shapes import InUse, NotFound, Refusal, assign

if TYPE_CHECKING:
    from woo2po.sandbox.books import Books

ADDRESS_WRITERS = "ContactDeliveryAddress_Full Customer_Full"
ADDRESS_READERS = "ContactDeliveryAddress Customer"
TITLE = "Product validation error(s)"


@endpoint("GET", "/ClientIntegrationInformation", "")
def _client_information(call: Call) -> Response:
    body: dict[str, Any] = {
        "ClientId": call.books.client_id,
        "ClientName": call.books.client_name,
        "ActiveClientSubscriptions": ["Go", "GoSales"],
        "ValidPrivileges": sorted(call.faults.privileges),
        "InvalidPrivileges": [],
    }
    if call.faults.spec == "2026":
        body["AllowSendInvoice"] = call.faults.may_send
    return answered(200, body)


@endpoint("GET", "/LockDateSettings", "CommonServices")
def _lock_date(call: Call) -> Response:
    return answered(200, {"LockDate": call.view.lock_date})


@endpoint("GET", "/VatCodes", "CommonServices", pages=True)
def _vat_codes(call: Call) -> Response:
    expired = (call.text("includeExpired") or "").lower() == "true"
    today, codes = call.books.today(), call.view.vat_codes.values()
    shown = (v for v in codes if expired or v.valid_to is None or v.valid_to >= today)
    return listed(call, shapes.VAT_CODE, map(shapes.VAT_CODE.render, shown))


@endpoint("GET", "/GeneralLedgerAccounts", "GeneralLedgerAccount", pages=True)
def _accounts(call: Call) -> Response:
    codes, accounts = call.view.vat_codes, call.view.accounts.values()
    rows = (shapes.ACCOUNT.render(a, VatCode=codes[a.vat_code_id].code) for a in accounts)
    return listed(call, shapes.ACCOUNT, rows)


@endpoint("GET", "/ClientBankAccounts", "ClientBankAccount", pages=True)
def _bank_accounts(call: Call) -> Response:
    names = shapes.BANK_ACCOUNT.names
    rows = (dict(zip(names, (n, n, True), strict=True)) for n in sorted(call.view.bank_accounts))
    return listed(call, shapes.BANK_ACCOUNT, rows)


@endpoint("GET", "/ProductGroups", "Product", pages=True)
def _product_groups(call: Call) -> Response:
    groups = call.view.product_groups.values()
    rows = (shapes.PRODUCT_GROUP.render(g, **_account_numbers(call.view, g)) for g in groups)
    return listed(call, shapes.PRODUCT_GROUP, rows)


def _account_numbers(books: "Books", thing: SalesAccounts) -> dict[str, int | None]:
    ids = (thing.standard_sales_account_id, thing.optional_sales_account_id)
    numbers = [None if i is None else books.accounts[i].account_no for i in ids]
    return {"StandardSalesAccount": numbers[0], "OptionalSalesAccount": numbers[1]}


def _shown(books: "Books", product: Product) -> dict[str, Any]:
    group = books.product_groups.get(product.product_group_id or 0)
    code = group.code if group else None
    return shapes.PRODUCT.render(product, ProductGroupCode=code, **_account_numbers(books, product))


@endpoint("GET", "/Products", "Product", pages=True)
def _products(call: Call) -> Response:
    """Archived ones too unless they are filtered out."""
    return listed(call, shapes.PRODUCT, (_shown(call.view, p) for p in call.view.products.values()))


@endpoint("GET", "/Products/{id}", "Product")
def _product(call: Call) -> Response:
    return answered(200, _shown(call.view, found(call.view.products, call.number(), "Product")))


@endpoint("POST", "/Products", "Product_Full")
def _add_product(call: Call) -> Response:
    """Add a product: 201, as observed, although the description says 200."""
    values = {k: v for k, v in call.bound(shapes.PRODUCT).items() if v is not None}
    _check(call.books, values, None)
    new = Product(id=call.books.number("product"), created=call.books.now())
    assign(new, values)
    new.changed = new.created
    call.books.products[new.id] = new
    return answered(201, _shown(call.books, new))


@endpoint("PATCH", "/Products/{id}", "Product_Full")
def _change_product(call: Call) -> Response:
    changed = found(call.books.products, call.number(), "Product")
    values = call.changes(shapes.PRODUCT, "Product")
    _check(call.books, values, changed)
    assign(changed, values)
    changed.changed = call.books.now()
    return answered(200, _shown(call.books, changed))


@endpoint("DELETE", "/Products/{id}", "Product_Full")
def _delete_product(call: Call) -> Response:
    """Delete a product that stands on no line."""
    gone = found(call.books.products, call.number(), "Product")
    orders = [*call.books.sales_orders.values()]
    orders += [invoice.order for invoice in call.books.outgoing_invoices.values()]
    used = any(line.product_id == gone.id for order in orders for line in order.lines)
    if used or "product" in call.faults.undeletable:
        raise InUse("Product", gone.id)
    del call.books.products[gone.id]
    return answered(200)


def _check(books: "Books", values: dict[str, Any], but: Product | None) -> None:
    by_number = {a.account_no: a.id for a in books.accounts.values()}
    groups = {g.code: g.id for g in books.product_groups.values()}
    for name in ("standard_sales_account", "optional_sales_account"):
        _find(values, name, f"{name}_id", by_number, "Account with number = {}")
        if values.get(f"{name}_id") is not None:
            found(books.accounts, values[f"{name}_id"], "Account")
    what = "Product group with code = '{}'"
    _find(values, "product_group_code", "product_group_id", groups, what)
    if values.get("product_group_id") is not None:
        found(books.product_groups, values["product_group_id"], "Product group")
    code = values.get("code")
    if code and any(p.code == code and p is not but for p in books.products.values()):
        raise Refusal(TITLE, f"Code is already in use. '{code}' is used on another product.")


def _find(values: dict[str, Any], name: str, id_name: str, ids: dict[Any, int], what: str) -> None:
    """Turn a number or code among the values into the id that it stands for."""
    given = values.pop(name, None)
    if given is not None and values.get(id_name) is None:
        if given not in ids:
            raise NotFound(f"{what.format(given)} not found.", TITLE)
        values[id_name] = ids[given]


def _dimensions(call: Call, kind: str) -> Response:
    stamps = {"CreatedDateTimeOffset": LONG_AGO, "LastChangedDateTimeOffset": LONG_AGO}
    rows = (
        {"Id": number, "Code": code, "Name": code, "IsActive": True, **stamps}
        for code, number in call.view.dimensions.get(kind, {}).items()
    )
    return listed(call, shapes.DIMENSION, rows)


for _kind in ("Department", "Project", "Location"):
    endpoint("GET", f"/{_kind}s", _kind, pages=True)(partial(_dimensions, kind=_kind.lower()))


# -- customers and their delivery addresses


def _shown_customer(books: "Books", customer: Customer) -> dict[str, Any]:
    mail = customer.mail_address
    return shapes.CUSTOMER.render(
        customer,
        MailAddress=shapes.ADDRESS.render(mail) if mail else None,
        DepartmentCode=books.dimension_code("department", customer.department_id),
        NationalIdNumber="hidden" if customer.other.get("national_id_number") else None,
    )


@endpoint("GET", "/Customers", "Customer", pages=True)
def _customers(call: Call) -> Response:
    """Archived ones too."""
    rows = [_shown_customer(call.view, c) for c in call.view.customers.values()]
    asked = call.text("emailAddresses")
    if asked and call.faults.email_filter == "exact":
        rows = [row for row in rows if row["EmailAddress"] in asked.split(",")]
    return listed(call, shapes.CUSTOMER, rows)


@endpoint("GET", "/Customers/{id}", "Customer")
def _customer(call: Call) -> Response:
    customer = found(call.view.customers, call.number(), "Customer")
    return answered(200, _shown_customer(call.view, customer))


@endpoint("POST", "/Customers", "Customer_Full")
def _add_customer(call: Call) -> Response:
    values = call.bound(shapes.CUSTOMER)
    if values.get("mail_address") is not None:
        values["mail_address"] = call.part(shapes.ADDRESS, values["mail_address"])
    return answered(201, _shown_customer(call.books, call.books.add_customer(values)))


@endpoint("PATCH", "/Customers/{id}", "Customer_Full")
def _change_customer(call: Call) -> Response:
    """Change a customer, or parts of its mail address."""
    changed = found(call.books.customers, call.number(), "Customer")
    operations = call.patch(shapes.CUSTOMER)
    inner = [(path[1:], value) for path, value in operations if path[0] == "MailAddress"]
    outer = [(path, value) for path, value in operations if path[0] != "MailAddress"]
    values = changes(shapes.CUSTOMER, "Customer", outer)
    address = changes(shapes.ADDRESS, "Customer", inner)
    call.books.check_address(address, "Customer validation error(s)")
    call.books.change_customer(changed, values)
    if address:
        mail = changed.mail_address or Address(call.books.number("address"), changed.id)
        assign(mail, address)
        changed.mail_address = mail
    return answered(200, _shown_customer(call.books, changed))


@endpoint("DELETE", "/Customers/{id}", "Customer_Full")
def _delete_customer(call: Call) -> Response:
    call.books.delete_customer(found(call.books.customers, call.number(), "Customer"))
    return answered(200)


@endpoint("GET", "/ContactDeliveryAddresses", ADDRESS_READERS, pages=True)
def _delivery_addresses(call: Call) -> Response:
    addresses = call.view.delivery_addresses.values()
    return listed(call, shapes.DELIVERY_ADDRESS, map(shapes.DELIVERY_ADDRESS.render, addresses))


@endpoint("POST", "/ContactDeliveryAddresses/{contactId}", ADDRESS_WRITERS)
def _add_delivery_address(call: Call) -> Response:
    contact = found(call.books.customers, call.number("contactId"), "Contact")
    new = call.books.add_delivery_address(contact, call.bound(shapes.DELIVERY_ADDRESS))
    return answered(201, shapes.DELIVERY_ADDRESS.render(new))


@endpoint("GET", "/ContactDeliveryAddresses/{contactId}/{id}", ADDRESS_READERS)
def _delivery_address(call: Call) -> Response:
    address = found(call.view.delivery_addresses, call.number(), "Contact delivery address")
    if address.contact_id != call.number("contactId"):
        raise Refusal("Contact delivery address validation error(s)", "It is another contact's.")
    return answered(200, shapes.DELIVERY_ADDRESS.render(address))
