"""How documents are spelled in requests to PowerOffice Go.

Fields that are empty are left out of what is created, so that PowerOffice's defaults hold.
Source: the interface description; facts.md, from "JSON Patch" on.
"""

from collections.abc import Mapping
from decimal import Decimal

from woo2po.documents import (
    Customer,
    Delivery,
    InvoiceWanted,
    LineKind,
    OrderLine,
    PostalAddress,
    ProductWanted,
    SalesOrder,
    Voucher,
    VoucherKind,
    VoucherLine,
)

Body = dict[str, object]

_DIMENSIONS = {"department": "DepartmentCode", "project": "ProjectCode", "location": "LocationCode"}
_DELIVERIES = {
    Delivery.NONE: "PdfPrintForDownload",
    Delivery.EMAIL: "PdfByEmail",
    Delivery.AUTO: "Auto",
}


def customer_body(doc: Customer) -> Body:
    """Return a new customer: a person or a company; prepaid persons get no fees and no reminders.

    What a company gets is PowerOffice's to know, and one with an organisation number may have EHF.
    """
    body: Body = {
        "ExternalImportReference": doc.reference,
        "IsPerson": doc.is_person,
        **_name(doc),
        "EmailAddress": doc.email,
        "InvoiceDeliveryType": "" if doc.organization_number or not doc.email else "PdfByEmail",
        "PhoneNumber": doc.phone,
        "MailAddress": None if doc.address is None else address_body(doc.address),
    }
    if doc.prepaid and doc.is_person:
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
        "PaymentTerm": doc.payment_term,
        **{_DIMENSIONS[name]: code for name, code in doc.dimensions.items()},
    }
    lines = [line_body(line, place) for place, line in enumerate(doc.lines)]
    return {**_without_empty(body), "SalesOrderLines": lines}


def header_changes(doc: SalesOrder, customer_id: int, delivery_address_id: int | None) -> Body:
    """Return the header fields that can be patched; what is empty here is emptied there.

    Dimensions are not among them: a patch knows their ids only, never their codes. Nor is the
    payment term, in days there only for a new draft; the due date can still be set on sending.
    """
    header = _header(doc, customer_id, delivery_address_id)
    return {name: None if value == "" else value for name, value in header.items()}


def _header(doc: SalesOrder, customer_id: int, delivery_address_id: int | None) -> Body:
    # Only a credit note may name the field at all.
    related = doc.related_invoice_no
    return {
        "CustomerId": customer_id,
        "ContactDeliveryAddressId": delivery_address_id,
        "CustomMatchingReference": doc.matching_reference,
        "ImportedOrderNo": doc.imported_order_no,
        "CustomerReference": doc.your_reference,
        "PurchaseOrderReference": doc.purchase_order,
        "SalesOrderDate": doc.order_date,
        "CurrencyCode": doc.currency,
        **({} if related is None else {"RelatedInvoiceNo": related}),
        # Left out, PowerOffice takes the day on which the invoice is sent.
        **({} if doc.delivered is None else {"DeliveryDate": doc.delivered}),
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


def send_body(wanted: InvoiceWanted) -> Body:
    """Return how a sales order is to be invoiced. Where nothing is mailed no address goes out."""
    mailed = wanted.delivery is not Delivery.NONE
    return _without_empty(
        {
            "DeliveryType": _DELIVERIES[wanted.delivery],
            "EmailAddress": wanted.email if mailed else "",
            "VoucherDate": wanted.day,
            "OverrideDueDate": wanted.due,
        }
    )


def voucher_body(doc: Voucher) -> Body:
    """Return a new voucher; debit is positive, credit negative.

    Raises ValueError for a line of 0 and for lines that do not sum to 0: nothing says that
    PowerOffice refuses those.
    """
    if sum(line.amount for line in doc.lines) != 0 or not all(line.amount for line in doc.lines):
        raise ValueError("the lines of a voucher must sum to 0, none of them being 0")
    body = _without_empty(
        {
            "ExternalImportReference": doc.reference,
            "VoucherDate": doc.day,
            "CurrencyCode": doc.currency,
            "Description": doc.description,
        }
    )
    return {**body, "VoucherLines": [_voucher_line(doc, line) for line in doc.lines]}


def _voucher_line(doc: Voucher, line: VoucherLine) -> Body:
    named = line.invoice_no is not None and doc.kind is VoucherKind.BANK
    return _without_empty(
        {
            "AccountId": line.account_id,
            "PostingDate": doc.day,
            "VatId": line.vat_id,
            "CurrencyAmount": line.amount,
            "CurrencyExchangeRate": line.rate,
            "Description": line.description,
            "CustomMatchingReference": line.matching_reference,
            "InvoiceNo": str(line.invoice_no) if named else "",
        }
    )


def _without_empty(body: Mapping[str, object]) -> Body:
    return {name: value for name, value in body.items() if value is not None and value != ""}
