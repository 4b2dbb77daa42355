"""Calls for customers and their delivery addresses."""

from typing import Any

from woo2po.sandbox.go_calls import Answer, Call, changes, endpoint, found, listed
from woo2po.sandbox.go_records import Records
from woo2po.sandbox.go_shapes import ADDRESS, CUSTOMER, DELIVERY_ADDRESS
from woo2po.sandbox.go_values import Address, Customer
from woo2po.sandbox.go_wire import Refusal, assign, patch_operations

LAST = "lastChangedDateTimeOffsetGreaterThan"
CREATED = "createdDateTimeOffsetGreaterThan"
ADDRESS_WRITERS = "ContactDeliveryAddress_Full Customer_Full"
ADDRESS_READERS = "ContactDeliveryAddress Customer"


def _shown(books: Records, customer: Customer) -> dict[str, Any]:
    mail = customer.mail_address
    return CUSTOMER.render(
        customer,
        MailAddress=ADDRESS.render(mail) if mail else None,
        DepartmentCode=books.dimension_code("department", customer.department_id),
        NationalIdNumber="hidden" if customer.other.get("national_id_number") else None,
    )


@endpoint(
    "GET", "/Customers", "Customer",
    "contactGroupIds customerCreatedDateTimeOffsetGreaterThan customerNos externalImportReference"
    f" externalNos {LAST}",
    newer="emailAddresses organizationNumbers phoneNumbers", pages=True,
)  # fmt: skip
def customers(call: Call) -> Answer:
    """The customers, archived ones too."""
    reference = call.text("externalImportReference")
    chosen = [
        c
        for c in call.view.customers.values()
        if reference in {None, c.external_import_reference} and _wanted(call, c)
    ]
    return listed(call, CUSTOMER, (_shown(call.view, c) for c in chosen))


def _wanted(call: Call, customer: Customer) -> bool:
    return (
        call.in_ranges("customerNos", customer.number)
        and call.in_ranges("externalNos", customer.external_number)
        and call.one_of("contactGroupIds", *(customer.contact_group_ids or []))
        and _has_email(call, customer)
        and call.one_of("organizationNumbers", customer.organization_number)
        and call.one_of("phoneNumbers", customer.phone_number)
        and call.later("customerCreatedDateTimeOffsetGreaterThan", customer.created)
        and call.later(LAST, customer.changed)
    )


def _has_email(call: Call, customer: Customer) -> bool:
    if call.faults.email_filter == "any_case":
        return call.one_of("emailAddresses", customer.email_address)
    wanted = call.texts("emailAddresses")
    return wanted is None or customer.email_address in wanted


@endpoint("GET", "/Customers/{id}", "Customer")
def customer(call: Call) -> Answer:
    """A customer."""
    return Answer(200, _shown(call.view, found(call.view.customers, call.number(), "Customer")))


@endpoint("POST", "/Customers", "Customer_Full")
def add_customer(call: Call) -> Answer:
    """Add a customer."""
    values = call.bound(CUSTOMER)
    address = values.get("mail_address")
    if address is not None:
        values["mail_address"] = ADDRESS.bind(address, lenient=call.lenient)
    return Answer(201, _shown(call.books, call.books.add_customer(values)))


@endpoint("PATCH", "/Customers/{id}", "Customer_Full")
def change_customer(call: Call) -> Answer:
    """Change a customer, or parts of its mail address."""
    changed = found(call.books.customers, call.number(), "Customer")
    operations = patch_operations(call.patch_body(), CUSTOMER)
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
    return Answer(200, _shown(call.books, changed))


@endpoint("DELETE", "/Customers/{id}", "Customer_Full")
def delete_customer(call: Call) -> Answer:
    """Delete a customer that is not in use."""
    call.books.delete_customer(found(call.books.customers, call.number(), "Customer"))
    return Answer(200)


@endpoint(
    "GET", "/ContactDeliveryAddresses", ADDRESS_READERS,
    f"contactIds externalCodes {LAST} {CREATED}", pages=True,
)  # fmt: skip
def delivery_addresses(call: Call) -> Answer:
    """The delivery addresses of contacts."""
    chosen = [
        a
        for a in call.view.delivery_addresses.values()
        if call.one_of("contactIds", a.contact_id)
        and call.one_of("externalCodes", a.external_code)
        and call.later(LAST, a.changed)
        and call.later(CREATED, a.created)
    ]
    return listed(call, DELIVERY_ADDRESS, (DELIVERY_ADDRESS.render(a) for a in chosen))


@endpoint("POST", "/ContactDeliveryAddresses/{contactId}", ADDRESS_WRITERS)
def add_delivery_address(call: Call) -> Answer:
    """Add a delivery address to a contact."""
    contact = found(call.books.customers, call.number("contactId"), "Contact")
    new = call.books.add_delivery_address(contact, call.bound(DELIVERY_ADDRESS))
    return Answer(201, DELIVERY_ADDRESS.render(new))


@endpoint("GET", "/ContactDeliveryAddresses/{contactId}/{id}", ADDRESS_READERS)
def delivery_address(call: Call) -> Answer:
    """A delivery address of a contact."""
    address = found(call.view.delivery_addresses, call.number(), "Contact delivery address")
    if address.contact_id != call.number("contactId"):
        raise Refusal("Contact delivery address validation error(s)", "It is another contact's.")
    return Answer(200, DELIVERY_ADDRESS.render(address))
