"""What PowerOffice's client writes, letter by letter."""

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import httpx
import pytest
from poweroffice_client import *

from woo2po.documents import ProductWanted

ID = "0b9e2f52-7a5e-4b57-9d0c-000000000001"
CUSTOMER = {"Id": 5, "Number": 10000}
SALES_ORDER = {"Id": ID, "SalesOrderNo": 7, "NetAmount": 156.35, "TotalAmount": 195.44}
MADE = {"Id": ID, "VoucherNo": 17}

# Sales orders


def test_a_sales_order_is_written_to_the_letter():
    """Prices leave as the numbers they are; what is empty is left out; Allowance is always 0."""
    go = Scripted(SALES_ORDER)
    go.create_sales_order(ORDER, 5, None)
    assert go.written == (
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
    assert go.requests[0].url == "https://go.test/v2/SalesOrders/Complete"
    assert go.requests[0].headers["Content-Type"] == "application/json"


def test_a_price_leaves_as_exactly_that_number():
    """No float stands between a Decimal and the wire."""
    for price, written in (
        ("78.173913", "78.173913"), ("0.1", "0.1"), ("1E+3", "1000"), ("1000.000000", "1000"),
        ("0.000000", "0"), ("1E-6", "0.000001"), ("123456789.123456", "123456789.123456"),
    ):  # fmt: skip
        go = Scripted({"Id": "x"})
        go.add_line("o", line(price=price, product_id=31, use_standard_account=False), 4)
        assert f'"ProductUnitPrice":{written},' in go.written
    said = {"ProductId": 31, "SortOrder": 4, "UseStandardSalesAccount": False}
    assert said.items() <= go.said.items()
    assert "ProductCode" not in go.said


def test_a_changed_line_is_a_list_of_operations():
    """RFC 6902 with PascalCase paths: anything else is refused or silently ignored."""
    go = Scripted({})
    go.change_line("o", "l", line(quantity="-1", product_id=31), 2)
    sent = (go.requests[0].method, go.requests[0].url.path)
    assert sent == ("PATCH", "/v2/SalesOrders/o/Lines/l")
    assert go.requests[0].headers["Content-Type"] == "application/json-patch+json"
    assert go.written.count('"op":"replace"') == go.written.count('"op"') == len(go.said)
    assert go.said == {
        "/Description": "Ullgenser, blå", "/SortOrder": 2, "/Quantity": -1, "/Allowance": 0,
        "/ProductUnitPrice": 78.173913, "/UseStandardSalesAccount": True, "/ProductId": 31,
    }  # fmt: skip
    go = Scripted({})  # of a text line nothing but its text and place
    go.change_line("o", "l", OrderLine("n", LineKind.TEXT, "Hei"), 1)
    assert go.said == {"/Description": "Hei", "/SortOrder": 1}


def test_a_changed_header_says_null_for_what_is_empty():
    """An empty text would stand there as a text; dimensions and the reference are not
    touched; the invoice credited is said where it is given.
    """
    go = Scripted({})
    go.change_header("o", replace(ORDER, customer_reference="", imported_order_no=None), 5, 8)
    assert go.requests[0].url.path == "/v2/SalesOrders/o"
    assert go.said == {
        "/CustomerId": 5,
        "/ContactDeliveryAddressId": 8,
        "/CustomMatchingReference": "fjell-1042",
        "/ImportedOrderNo": None,
        "/CustomerReference": None,
        "/PurchaseOrderReference": None,
        "/SalesOrderDate": "2026-11-20",
        "/CurrencyCode": "NOK",
    }
    doc = replace(ORDER, related_invoice_no=10001)
    plain, full, changed = Scripted(SALES_ORDER), Scripted(SALES_ORDER), Scripted({})
    plain.create_sales_order(ORDER, 5, None)
    assert "RelatedInvoiceNo" not in plain.said
    full.create_sales_order(doc, 5, None)
    assert full.said["RelatedInvoiceNo"] == 10001
    changed.change_header("o", doc, 5, None)
    assert changed.said["/RelatedInvoiceNo"] == 10001


# Customers and products


def test_a_person_who_paid_in_advance_gets_no_fees_and_a_company_keeps_the_defaults():
    """A person's invoice goes by e-mail; fee, reminders and debt collection are off."""
    kari = {
        "ExternalImportReference": "fjell-1", "IsPerson": True, "FirstName": "Kari",
        "LastName": "Nordmann", "EmailAddress": "kari@example.no", "UseInvoiceFee": False,
        "InvoiceDeliveryType": "PdfByEmail", "SendPaymentReminders": False,
        "TransferToDebtCollectionAgency": False,
    }  # fmt: skip
    place = {"AddressLine1": "Storgata 1", "ZipCode": "0155", "City": "Oslo", "CountryCode": "NO"}
    card = {"ExternalImportReference": "fjell-2", "IsPerson": False, "Name": "Bedrift AS",
            "EmailAddress": "post@bedrift.no", "PhoneNumber": "22 22 55 55"}  # fmt: skip
    number = {"OrganizationNumber": "923609016"}
    for doc, said in (
        (KARI, kari | {"MailAddress": place}), (replace(KARI, address=None), kari),
        (BEDRIFT, card | number), (replace(BEDRIFT, prepaid=True), card | number),
        (replace(BEDRIFT, organization_number=""), card | {"InvoiceDeliveryType": "PdfByEmail"}),
    ):  # fmt: skip
        go = Scripted(CUSTOMER)
        go.create_customer(doc)
        assert go.said == said


def test_a_new_product_names_its_own_sales_account_and_a_delivery_address_is_no_primary_one():
    """The account decides the VAT, so it is not left to a group."""
    go = Scripted({"Id": 31, "Code": "LANG-1", "StandardSalesAccountId": 3})
    made = go.create_product(ProductWanted("LANG-1", "Langski", 3))
    assert go.written == '{"Code":"LANG-1","Name":"Langski","StandardSalesAccountId":3}'
    assert (made.id, made.code, made.standard_account_id) == (31, "LANG-1", 3)
    go = Scripted({"Id": 1, "ContactId": 5})
    address = PostalAddress("Vei 2", "c/o Ola", "5003", "Bergen", "")
    go.create_delivery_address(5, address, "fjell-a")
    assert go.requests[0].url.path == "/v2/ContactDeliveryAddresses/5"
    lines = {"AddressLine1": "Vei 2", "AddressLine2": "c/o Ola", "ZipCode": "5003"}
    assert go.said == {**lines, "City": "Bergen", "ExternalCode": "fjell-a", "IsPrimary": False}


# Invoices and vouchers


@pytest.mark.parametrize(
    ("delivery", "email", "written"),
    [
        (Delivery.NONE, "kari@example.no", '"DeliveryType":"PdfPrintForDownload"'),
        (Delivery.EMAIL, "k@x.no", '"DeliveryType":"PdfByEmail","EmailAddress":"k@x.no"'),
        (Delivery.AUTO, "k@x.no", '"DeliveryType":"Auto","EmailAddress":"k@x.no"'),
        (Delivery.AUTO, "", '"DeliveryType":"Auto"'),
    ],
)
def test_a_request_to_send_is_written_to_the_letter(delivery, email, written):
    """The address goes along where something may be mailed, and nowhere else."""
    go = Scripted(httpx.Response(202))
    go.send_invoice(ID, InvoiceWanted(DAY, date(2026, 12, 1), delivery, email))
    assert go.written == f'{{{written},"VoucherDate":"2026-11-20","OverrideDueDate":"2026-12-01"}}'
    url = f"https://go.test/v2/SalesOrders/{ID}/createAndSendInvoice"
    assert (go.requests[0].method, go.requests[0].url) == ("POST", url)


def test_a_voucher_is_written_to_the_letter():
    """Amounts leave as the numbers they are; a cash voucher's lines can't name their invoices."""
    bank, cash = (Scripted(httpx.Response(201, json=MADE)) for _ in range(2))
    made = bank.create_voucher(PAID)
    assert (made.id, made.number) == (ID, 17)
    assert bank.requests[0].url == "https://go.test/v2/Vouchers/BankJournals"
    assert bank.written == (
        '{"ExternalImportReference":"5e4a9b0e-3c1d-5f0a-8e57-2d1f0f6b9a01",'
        '"VoucherDate":"2026-11-20","CurrencyCode":"NOK","Description":"Vipps 20.11.2026",'
        '"VoucherLines":['
        '{"AccountId":3000009,"VatId":41,"CurrencyAmount":195.44,"Description":"Vipps",'
        '"PostingDate":"2026-11-20"},'
        '{"AccountId":4000001,"VatId":41,"CurrencyAmount":-195.44,"Description":"Ordre 1042",'
        '"CustomMatchingReference":"fjell-1042","PostingDate":"2026-11-20","InvoiceNo":"10001"}]}'
    )
    cash.create_voucher(replace(PAID, kind=VoucherKind.CASH))
    assert cash.requests[0].url == "https://go.test/v2/Vouchers/CashJournals"
    assert cash.written == bank.written.replace(',"InvoiceNo":"10001"', "")


def test_a_voucher_that_does_not_balance_never_leaves():
    """Whether PowerOffice would refuse it is not described; tenths of a krone sum exactly."""

    def of(*amounts):
        return replace(PAID, lines=tuple(VoucherLine(1, 41, Decimal(one), "x") for one in amounts))

    for amounts in (("195.44", "-195.43"), ("0.1", "0.2"), ("0", "0"), ("0.00",)):
        go = Scripted()
        with pytest.raises(ValueError, match="sum to 0"):
            go.create_voucher(of(*amounts))
        assert go.requests == []
    go = Scripted(httpx.Response(201, json=MADE))
    go.create_voucher(of("0.3", "-0.1", "-0.2"))
    assert '"CurrencyAmount":0.3,' in go.written


# Questions


def test_a_long_list_is_asked_for_in_addresses_of_bounded_length():
    """Every value is asked for once, with all other filters, under the description's names."""
    emails = sorted(f"kunde.nummer+{n}@en-lang-adresse.example.no" for n in range(300))
    references = [str(uuid.uuid5(uuid.NAMESPACE_URL, str(n))) for n in range(300)]
    numbers = [str(n) for n in range(10000, 10600)]
    days = {"fromDate": "2026-11-01", "toDate": "2026-11-30"}
    invoices = {"fromDate": "2026-11-20", "sentDateTimeOffsetGreaterThan": "2026-11-23T09:00:00Z"}
    moment = datetime(2026, 11, 23, 9, tzinfo=UTC)
    how = {"from_date": DAY, "sent_after": moment}
    for name, wanted, others, call in (
        ("emailAddresses", emails, {}, lambda go: go.customers(emails=emails)),
        ("customMatchingReferences", references, days,
         lambda go: go.ledger(**LEDGER, matching_references=references * 2)),
        ("invoiceNos", numbers, invoices,
         lambda go: go.invoices(numbers=[*map(int, numbers), 10000], **how)),
    ):  # fmt: skip
        go = Scripted(*[httpx.Response(204)] * 30)
        call(go)
        queries = go.queries
        assert [one for query in queries for one in query.pop(name).split(",")] == wanted
        assert max(len(str(request.url)) for request in go.requests) < 2000
        assert len(queries) < 15
        for query in queries:
            assert query.items() >= others.items()
            assert query.keys() - others.keys() <= {"Fields", "PageSize", "PageNumber"}
    go = Scripted()
    assert go.ledger(**LEDGER, matching_references=[]) == []
    assert go.requests == []


def test_a_moment_is_written_in_utc_and_a_state_asked_for_by_id_alone():
    """Filters take whole seconds with Z; sentState knows no pages and no fields."""
    go = Scripted(httpx.Response(204), [{"Id": ID}])
    go.products(datetime.fromisoformat("2026-11-23T10:00:00.900+01:00"))
    assert go.queries[0]["lastChangedDateTimeOffsetGreaterThan"] == "2026-11-23T09:00:00Z"
    go.sent_state(ID)
    assert go.requests[1].url == f"https://go.test/v2/SalesOrders/sentState?id={ID}"
