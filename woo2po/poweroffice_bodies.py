"""How documents are spelled in requests to PowerOffice Go.

Fields that are empty are left out of what is created, so that PowerOffice's defaults hold.
Source: the interface description; PowerOffice facts, sections 3, 5 and 7.
"""

from collections.abc import Mapping
from decimal import Decimal

from woo2po.documents import (
    Customer,
    LineKind,
    OrderLine,
    PostalAddress,
    ProductWanted,
    SalesOrder,
)

Body = dict[str, object]

_DIMENSIONS = {
    "department": "DepartmentCode",
    "project": "ProjectCode",
    "location": "LocationCode",
}


def customer_body(doc: Customer) -> Body:
    """Return a new customer: a person or a company; prepaid ones get no fees and no reminders."""
    body: Body = {
        "ExternalImportReference": doc.reference,
        "IsPerson": doc.is_person,
        **_name(doc),
        "EmailAddress": doc.email,
        "InvoiceDeliveryType": "PdfByEmail" if doc.email else "",
        "PhoneNumber": doc.phone,
        "MailAddress": None if doc.address is None else address_body(doc.address),
    }
    if doc.prepaid:
        body |= dict.fromkeys(
            ("UseInvoiceFee", "SendPaymentReminders", "TransferToDebtCollectionAgency"), False
        )
    return _without_empty(body)


def _name(doc: Customer) -> Body:
    if doc.is_person:
        return {"FirstName": doc.first_name, "LastName": doc.last_name}
    return {"Name": doc.name, "OrganizationNumber": doc.organization_number}


def address_body(address: PostalAddress) -> Body | None:
    """Return an address, or None without the zip code and city that PowerOffice requires."""
    if not (address.zip_code and address.city):
        return None
    return _without_empty(
        {
            "AddressLine1": address.line_1,
            "AddressLine2": address.line_2,
            "ZipCode": address.zip_code,
            "City": address.city,
            "CountryCode": address.country,
        }
    )


def delivery_address_body(address: PostalAddress, external_code: str) -> Body:
    """Return a new delivery address. Raises ValueError without zip code and city."""
    body = address_body(address)
    if body is None:
        raise ValueError("a delivery address needs zip code and city")
    return {**body, "ExternalCode": external_code, "IsPrimary": False}


def product_body(doc: ProductWanted) -> Body:
    """Return a new product, its sales account named so that no group's or default's counts."""
    return _without_empty(
        {"Code": doc.code, "Name": doc.name, "StandardSalesAccountId": doc.account_id or None}
    )


def sales_order_body(doc: SalesOrder, customer_id: int, delivery_address_id: int | None) -> Body:
    """Return a new draft with all its lines, in their order."""
    body: Body = {
        "ExternalImportReference": doc.reference,
        "SalesOrderStatus": "Draft",
        **_header(doc, customer_id, delivery_address_id),
        **{_DIMENSIONS[name]: code for name, code in doc.dimensions.items()},
    }
    lines = [line_body(line, place) for place, line in enumerate(doc.lines)]
    return {**_without_empty(body), "SalesOrderLines": lines}


def header_changes(doc: SalesOrder, customer_id: int, delivery_address_id: int | None) -> Body:
    """Return the header fields that can be patched; what is empty here is emptied there.

    Dimensions are not among them: a patch knows their ids only, never their codes.
    """
    header = _header(doc, customer_id, delivery_address_id)
    return {name: None if value == "" else value for name, value in header.items()}


def _header(doc: SalesOrder, customer_id: int, delivery_address_id: int | None) -> Body:
    return {
        "CustomerId": customer_id,
        "ContactDeliveryAddressId": delivery_address_id,
        "CustomMatchingReference": doc.matching_reference,
        "ImportedOrderNo": doc.imported_order_no,
        "CustomerReference": doc.customer_reference,
        "PurchaseOrderReference": doc.purchase_order_reference,
        "SalesOrderDate": doc.order_date,
        "CurrencyCode": doc.currency,
    }


def line_body(line: OrderLine, sort_order: int) -> Body:
    """Return a new line."""
    body: Body = {"ExternalImportReference": line.reference, "LineType": line.kind.value}
    if line.product_id is None:
        body["ProductCode"] = line.product_code
    return _without_empty({**body, **line_changes(line, sort_order)})


def line_changes(line: OrderLine, sort_order: int) -> Body:
    """Return the fields of a line that can be patched. Its reference and kind stay as they are.

    `Allowance` is always 0: where it is missing the customer's own discount would apply.
    """
    changes: Body = {"Description": line.description, "SortOrder": sort_order}
    if line.kind is LineKind.NORMAL:
        changes |= {
            "Quantity": line.quantity,
            "ProductUnitPrice": line.unit_price,
            "Allowance": Decimal(0),
            "UseStandardSalesAccount": line.use_standard_account,
        }
        if line.product_id is not None:
            changes["ProductId"] = line.product_id
    return changes


def _without_empty(body: Mapping[str, object]) -> Body:
    return {name: value for name, value in body.items() if value is not None and value != ""}
