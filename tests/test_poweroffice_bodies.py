"""What the PowerOffice client writes, letter by letter."""

import json
from dataclasses import replace
from datetime import datetime

import httpx
import pytest
from poweroffice_sandbox import BEDRIFT, KARI, ORDER, OSLO, line
from poweroffice_wire import CUSTOMER, SALES_ORDER, Wire, told

from woo2po.documents import LineKind, OrderLine, PostalAddress, ProductWanted


def test_a_sales_order_is_written_to_the_letter():
    """Prices leave as the numbers they are; what is empty is left out; Allowance is always 0."""
    wire = Wire(SALES_ORDER)
    told(wire, lambda go: go.create_sales_order(ORDER, 5, None))
    assert wire.body() == (
        '{"ExternalImportReference":"fjell_1042","SalesOrderStatus":"Draft","CustomerId":5,'
        '"CustomMatchingReference":"fjell-1042","ImportedOrderNo":1042,'
        '"CustomerReference":"fjell_1042","SalesOrderDate":"2026-11-20","CurrencyCode":"NOK",'
        '"DepartmentCode":"NETT","SalesOrderLines":['
        '{"ExternalImportReference":"11","LineType":"Normal","ProductCode":"GEN-001",'
        '"Description":"Ullgenser, blå","SortOrder":0,"Quantity":2,'
        '"ProductUnitPrice":78.173913,"Allowance":0,"UseStandardSalesAccount":true},'
        '{"ExternalImportReference":"note","LineType":"Text","Description":"Betalt med Vipps",'
        '"SortOrder":1}]}'
    )
    assert wire.requests[0].url == "https://go.test/v2/SalesOrders/Complete"
    assert wire.requests[0].headers["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    ("price", "written"),
    [
        ("78.173913", "78.173913"),
        ("0.1", "0.1"),
        ("1E+3", "1000"),
        ("1000.000000", "1000"),
        ("0.000000", "0"),
        ("1E-6", "0.000001"),
        ("123456789.123456", "123456789.123456"),
    ],
)
def test_a_price_leaves_as_exactly_that_number(price, written):
    """No float stands between a Decimal and the wire."""
    wire = Wire({"Id": "x"})
    told(wire, lambda go: go.add_line("o", line(price=price), 0))
    assert f'"ProductUnitPrice":{written},' in wire.body()


def test_a_product_id_wins_over_its_code():
    """A code may hold a comma or belong to two products; an id can't."""
    wire = Wire({"Id": "x"})
    told(wire, lambda go: go.add_line("o", line(product_id=31, use_standard_account=False), 4))
    body = json.loads(wire.body())
    assert (body["ProductId"], body["SortOrder"]) == (31, 4)
    assert body["UseStandardSalesAccount"] is False
    assert "ProductCode" not in body


def test_a_changed_line_is_a_list_of_operations():
    """RFC 6902 with PascalCase paths: anything else is refused or silently ignored."""
    wire = Wire({})
    told(wire, lambda go: go.change_line("o", "l", line(quantity="-1", product_id=31), 2))
    assert wire.requests[0].method == "PATCH"
    assert wire.requests[0].url.path == "/v2/SalesOrders/o/Lines/l"
    assert wire.requests[0].headers["Content-Type"] == "application/json-patch+json"
    operations = json.loads(wire.body())
    assert {one["op"] for one in operations} == {"replace"}
    assert {one["path"]: one["value"] for one in operations} == {
        "/Description": "Ullgenser, blå",
        "/SortOrder": 2,
        "/Quantity": -1,
        "/ProductUnitPrice": 78.173913,
        "/Allowance": 0,
        "/UseStandardSalesAccount": True,
        "/ProductId": 31,
    }


def test_a_changed_header_says_null_for_what_is_empty():
    """An empty text would stand there as a text; dimensions and the reference are not touched."""
    wire = Wire({})
    doc = replace(ORDER, customer_reference="", imported_order_no=None)
    told(wire, lambda go: go.change_header("o", doc, 5, 8))
    assert wire.requests[0].url.path == "/v2/SalesOrders/o"
    assert {one["path"]: one["value"] for one in json.loads(wire.body())} == {
        "/CustomerId": 5,
        "/ContactDeliveryAddressId": 8,
        "/CustomMatchingReference": "fjell-1042",
        "/ImportedOrderNo": None,
        "/CustomerReference": None,
        "/PurchaseOrderReference": None,
        "/SalesOrderDate": "2026-11-20",
        "/CurrencyCode": "NOK",
    }


def test_a_changed_text_line_touches_nothing_but_its_text_and_place():
    """A text line has no price that could be reset."""
    wire = Wire({})
    told(wire, lambda go: go.change_line("o", "l", OrderLine("n", LineKind.TEXT, "Hei"), 1))
    assert [one["path"] for one in json.loads(wire.body())] == ["/Description", "/SortOrder"]


def test_a_person_who_paid_in_advance_gets_no_fees_and_no_reminders():
    """The invoice goes by e-mail; fee, reminders and debt collection are off."""
    wire = Wire(CUSTOMER)
    told(wire, lambda go: go.create_customer(KARI))
    assert json.loads(wire.body()) == {
        "ExternalImportReference": "fjell-1",
        "IsPerson": True,
        "FirstName": "Kari",
        "LastName": "Nordmann",
        "EmailAddress": "kari@example.no",
        "InvoiceDeliveryType": "PdfByEmail",
        "MailAddress": {
            "AddressLine1": "Storgata 1",
            "ZipCode": "0155",
            "City": "Oslo",
            "CountryCode": "NO",
        },
        "UseInvoiceFee": False,
        "SendPaymentReminders": False,
        "TransferToDebtCollectionAgency": False,
    }


def test_a_company_on_invoice_keeps_poweroffices_defaults():
    """Nothing is said of fees, reminders or, without an e-mail, the way of delivery."""
    wire = Wire(CUSTOMER)
    told(wire, lambda go: go.create_customer(replace(BEDRIFT, email="")))
    assert json.loads(wire.body()) == {
        "ExternalImportReference": "fjell-2",
        "IsPerson": False,
        "Name": "Bedrift AS",
        "OrganizationNumber": "923609016",
        "PhoneNumber": "22 22 55 55",
    }


@pytest.mark.parametrize("lacking", ["zip_code", "city"])
def test_an_address_without_zip_code_or_city_is_left_out(lacking):
    """PowerOffice requires both; the customer is made without an address rather than not."""
    wire = Wire(CUSTOMER)
    address = replace(OSLO, **{lacking: ""})
    told(wire, lambda go: go.create_customer(replace(KARI, address=address)))
    assert "MailAddress" not in json.loads(wire.body())


def test_a_new_product_names_its_own_sales_account():
    """The account decides the VAT, so it is not left to a group."""
    wire = Wire({"Id": 31, "Code": "LANG-1", "StandardSalesAccountId": 3})
    made = told(wire, lambda go: go.create_product(ProductWanted("LANG-1", "Langski", 3)))
    assert wire.body() == '{"Code":"LANG-1","Name":"Langski","StandardSalesAccountId":3}'
    assert (made.id, made.code, made.standard_account_id) == (31, "LANG-1", 3)


def test_a_delivery_address_never_makes_itself_the_primary_one():
    """Only the first becomes the default, and that is PowerOffice's doing."""
    wire = Wire({"Id": 1, "ContactId": 5})
    address = PostalAddress("Vei 2", "c/o Ola", "5003", "Bergen", "")
    told(wire, lambda go: go.create_delivery_address(5, address, "fjell-a"))
    assert wire.requests[0].url.path == "/v2/ContactDeliveryAddresses/5"
    assert json.loads(wire.body()) == {
        "AddressLine1": "Vei 2",
        "AddressLine2": "c/o Ola",
        "ZipCode": "5003",
        "City": "Bergen",
        "ExternalCode": "fjell-a",
        "IsPrimary": False,
    }


def test_a_long_list_is_asked_for_in_addresses_of_bounded_length():
    """Every value is asked for once, and no address grows past what servers take."""
    emails = [f"kunde.nummer+{n}@en-lang-adresse.example.no" for n in range(300)]
    wire = Wire(*[httpx.Response(204)] * 30)
    told(wire, lambda go: go.customers(emails=emails))
    asked = [request.url.params["emailAddresses"].split(",") for request in wire.requests]
    assert sorted(email for part in asked for email in part) == sorted(emails)
    assert max(len(str(request.url)) for request in wire.requests) < 1800
    assert len(wire.requests) < 15


def test_a_moment_is_written_in_utc():
    """Filters take whole seconds with Z."""
    wire = Wire(httpx.Response(204))
    moment = datetime.fromisoformat("2026-11-23T10:00:00.900+01:00")
    told(wire, lambda go: go.products(moment))
    params = wire.requests[0].url.params
    assert params["lastChangedDateTimeOffsetGreaterThan"] == "2026-11-23T09:00:00Z"
