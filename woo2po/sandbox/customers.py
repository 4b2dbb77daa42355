"""Calls for customers and their delivery addresses."""

from typing import TYPE_CHECKING, Any

from woo2po.sandbox.asgi import Response
from woo2po.sandbox.calls import Call, answered, changes, endpoint, found, listed
from woo2po.sandbox.objects import Address, Customer
from woo2po.sandbox.shapes import ADDRESS, CUSTOMER, DELIVERY_ADDRESS, Refusal, assign

if TYPE_CHECKING:
    from woo2po.sandbox.books import Books

ADDRESS_WRITERS = "ContactDeliveryAddress_Full Customer_Full"
ADDRESS_READERS = "ContactDeliveryAddress Customer"


def _shown(books: "Books", customer: Customer) -> dict[str, Any]:
    mail = customer.mail_address
    return CUSTOMER.render(
        customer,
        MailAddress=ADDRESS.render(mail) if mail else None,
        DepartmentCode=books.dimension_code("department", customer.department_id),
        NationalIdNumber="hidden" if customer.other.get("national_id_number") else None,
    )


@endpoint("GET", "/Customers", "Customer", pages=True)
def _customers(call: Call) -> Response:
    """Archived ones too."""
    rows = [_shown(call.view, c) for c in call.view.customers.values()]
    asked = call.text("emailAddresses")
    if asked and call.faults.email_filter == "exact":
        rows = [row for row in rows if row["EmailAddress"] in asked.split(",")]
    return listed(call, CUSTOMER, rows)


@endpoint("GET", "/Customers/{id}", "Customer")
def _customer(call: Call) -> Response:
    return answered(200, _shown(call.view, found(call.view.customers, call.number(), "Customer")))


@endpoint("POST", "/Customers", "Customer_Full")
def _add_customer(call: Call) -> Response:
    values = call.bound(CUSTOMER)
    if values.get("mail_address") is not None:
        values["mail_address"] = call.part(ADDRESS, values["mail_address"])
    return answered(201, _shown(call.books, call.books.add_customer(values)))


@endpoint("PATCH", "/Customers/{id}", "Customer_Full")
def _change_customer(call: Call) -> Response:
    """Change a customer, or parts of its mail address."""
    changed = found(call.books.customers, call.number(), "Customer")
    operations = call.patch(CUSTOMER)
    inner = [(path[1:], value) for path, value in operations if path[0] == "MailAddress"]
    outer = [(path, value) for path, value in operations if path[0] != "MailAddress"]
    values = changes(CUSTOMER, "Customer", outer)
    address = changes(ADDRESS, "Customer", inner)
    call.books.check_address(address, "Customer validation error(s)")
    call.books.change_customer(changed, values)
    if address:
        mail = changed.mail_address or Address(call.books.number("address"), changed.id)
        assign(mail, address)
        changed.mail_address = mail
    return answered(200, _shown(call.books, changed))


@endpoint("DELETE", "/Customers/{id}", "Customer_Full")
def _delete_customer(call: Call) -> Response:
    call.books.delete_customer(found(call.books.customers, call.number(), "Customer"))
    return answered(200)


@endpoint("GET", "/ContactDeliveryAddresses", ADDRESS_READERS, pages=True)
def _delivery_addresses(call: Call) -> Response:
    addresses = call.view.delivery_addresses.values()
    return listed(call, DELIVERY_ADDRESS, map(DELIVERY_ADDRESS.render, addresses))


@endpoint("POST", "/ContactDeliveryAddresses/{contactId}", ADDRESS_WRITERS)
def _add_delivery_address(call: Call) -> Response:
    contact = found(call.books.customers, call.number("contactId"), "Contact")
    new = call.books.add_delivery_address(contact, call.bound(DELIVERY_ADDRESS))
    return answered(201, DELIVERY_ADDRESS.render(new))


@endpoint("GET", "/ContactDeliveryAddresses/{contactId}/{id}", ADDRESS_READERS)
def _delivery_address(call: Call) -> Response:
    address = found(call.view.delivery_addresses, call.number(), "Contact delivery address")
    if address.contact_id != call.number("contactId"):
        raise Refusal("Contact delivery address validation error(s)", "It is another contact's.")
    return answered(200, DELIVERY_ADDRESS.render(address))
