"""What the PowerOffice client writes and reads, letter by letter; answers of every odd shape."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import httpx
import pytest
from poweroffice_sandbox import BEDRIFT, KARI, KEYS, ORDER, OSLO, line
from virtual_time import clock, run

from woo2po.documents import LineKind, OrderLine, PostalAddress
from woo2po.poweroffice import PowerOffice
from woo2po.transport import CannotLogIn, NotUnderstood, RemoteError

CUSTOMER = {"Id": 5, "Number": 10000}
SALES_ORDER = {
    "Id": "0b9e2f52-7a5e-4b57-9d0c-000000000001",
    "SalesOrderNo": 7,
    "NetAmount": 156.35,
    "TotalAmount": 195.44,
}


class Wire:
    """Answers the log-in, then what is scripted; keeps the requests."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.requests = []

    def __call__(self, request):
        if request.url.path.endswith("/Token"):
            return httpx.Response(200, json={"access_token": "t"})
        self.requests.append(request)
        answer = self.answers.pop(0)
        return answer if isinstance(answer, httpx.Response) else httpx.Response(200, json=answer)

    def body(self):
        """Return the text of the only request's body."""
        (request,) = self.requests
        return request.content.decode()


def told(wire, call):
    """Return what `call(client)` returns when the wire answers."""

    async def within():
        async with httpx.AsyncClient(transport=httpx.MockTransport(wire)) as http:
            address = {"base_url": "https://go.test/v2/", "token_url": "https://go.test/Token"}
            client = PowerOffice(http, requests_per_second=10, now=clock, **address, **KEYS)
            return await call(client)

    return run(within())


def failure(answer, call):
    with pytest.raises(RemoteError) as caught:
        told(Wire(answer), call)
    return caught.value


def rows(count, start=1):
    return [{"Id": n, "Number": n, "ContactId": n} for n in range(start, start + count)]


def listed(body, **pagination):
    return httpx.Response(200, json=body, headers={"X-Pagination": json.dumps(pagination)})


# What is written


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


# Pages that are read


@pytest.mark.parametrize(
    "pagination",
    [
        {"totalPages": 3},
        {"TotalPages": 3, "NextPageLink": ""},
        {"nextPageLink": "x"},
        {},
    ],
)
def test_every_page_is_read_whatever_the_header_says_it_in(pagination):
    """Known and unknown shapes of X-Pagination lead through all three pages."""
    pages = [listed(rows(1000), **pagination), listed(rows(1000, 1001), **pagination)]
    last = {**pagination, "nextPageLink": None} if "nextPageLink" in pagination else pagination
    wire = Wire(*pages, listed(rows(5, 2001), **last))
    found = told(wire, lambda go: go.delivery_addresses([1]))
    assert [one.id for one in found] == list(range(1, 2006))
    assert [request.url.params["PageNumber"] for request in wire.requests] == ["1", "2", "3"]


@pytest.mark.parametrize("header", ["", "nonsense", "[]", "7", '{"totalPages": "3"}'])
def test_without_a_usable_header_a_short_page_is_the_last(header):
    """999 of 1000 rows: no further question."""
    wire = Wire(httpx.Response(200, json=rows(999), headers={"X-Pagination": header}))
    assert len(told(wire, lambda go: go.delivery_addresses([1]))) == 999


def test_an_empty_page_after_a_full_one_is_the_end():
    """204 without a body is an empty list."""
    wire = Wire(rows(1000), httpx.Response(204))
    assert len(told(wire, lambda go: go.delivery_addresses([1]))) == 1000


def test_a_row_that_moved_between_two_pages_is_listed_once():
    """An id counts once, in its newest state."""
    moved = {"Id": 1000, "ContactId": 1, "ExternalCode": "new"}
    wire = Wire(rows(1000), [moved, *rows(3, 1001)])
    found = told(wire, lambda go: go.delivery_addresses([1]))
    assert len(found) == 1003
    assert [one.external_code for one in found if one.id == 1000] == ["new"]


def test_a_server_that_ignores_page_numbers_is_not_asked_for_ever():
    """A page that brings nothing new ends the list."""
    wire = Wire(*[listed(rows(1000), totalPages=9)] * 9)
    assert len(told(wire, lambda go: go.delivery_addresses([1]))) == 1000
    assert len(wire.requests) == 2


# Values that are read


def test_amounts_may_be_numbers_or_texts_and_stay_exact():
    """0.30 is 0.30, as a number or a text, and names count in any case."""
    answer = '{"id": "o", "salesOrderNo": "7", "netAmount": "0.30", "TotalAmount": 0.1}'
    wire = Wire(httpx.Response(200, text=answer))
    draft = told(wire, lambda go: go.draft("o"))
    assert (draft.net, draft.total, draft.number) == (Decimal("0.30"), Decimal("0.1"), 7)


def test_null_and_missing_texts_are_empty_and_new_fields_are_ignored():
    """PowerOffice leaves out what has no value, and grows."""
    answer = {**SALES_ORDER, "CustomerReference": None, "Shiny": {"New": [1]}}
    draft = told(Wire(answer), lambda go: go.draft("o"))
    assert (draft.customer_reference, draft.order_date, draft.lines) == ("", None, ())


def test_lines_come_in_their_order_with_rates_in_percent():
    """SortOrder decides, not the place in the answer; a rate of 0.15 is 15 percent."""
    lines = [
        {"Id": "b", "SortOrder": 1, "VatRate": None},
        {"Id": "a", "SortOrder": 0, "VatRate": 0.15, "NetAmount": 10, "VatAmount": 1.5},
    ]
    draft = told(Wire({**SALES_ORDER, "SalesOrderLines": lines}), lambda go: go.draft("o"))
    assert [(one.id, one.vat_rate, one.vat) for one in draft.lines] == [
        ("a", 15, Decimal("1.5")),
        ("b", None, None),
    ]


def test_dates_and_times_are_read_in_every_spelling():
    """Days may carry a time, times may carry seven decimals; all become UTC."""
    wire = Wire({**SALES_ORDER, "SalesOrderDate": "2026-11-20T00:00:00+01:00"})
    assert told(wire, lambda go: go.draft("o")).order_date == date(2026, 11, 20)
    created = {"CustomerCreatedDateTimeOffset": "2021-09-30T10:03:00.1234567+02:00"}
    wire = Wire([{**CUSTOMER, "ExternalImportReference": "r", **created}])
    seen = told(wire, lambda go: go.customer_by_reference("r"))
    assert seen.created == datetime(2021, 9, 30, 8, 3, 0, 123456, tzinfo=UTC)


def test_a_customer_that_is_no_longer_active_as_one_counts_as_archived():
    """A supplier that once was a customer can't be invoiced."""
    wire = Wire([{**CUSTOMER, "IsArchived": False, "IsActive": False}])
    (seen,) = told(wire, lambda go: go.customers(numbers=[10000]))
    assert seen.is_archived


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"Id": None}, "Id"),
        ({"SalesOrderNo": None}, "SalesOrderNo"),
        ({"SalesOrderNo": 7.5}, "SalesOrderNo"),
        ({"SalesOrderNo": True}, "SalesOrderNo"),
        ({"TotalAmount": None}, "TotalAmount"),
        ({"TotalAmount": "kr 5"}, "TotalAmount"),
        ({"TotalAmount": "NaN"}, "TotalAmount"),
        ({"TotalAmount": {}}, "TotalAmount"),
        ({"CustomerReference": ["x"]}, "CustomerReference"),
        ({"CustomerReference": True}, "CustomerReference"),
        ({"SalesOrderDate": "20.11.2026"}, "SalesOrderDate"),
        ({"SalesOrderLines": {}}, "SalesOrderLines"),
        ({"SalesOrderLines": ["x"]}, "SalesOrderLines"),
        ({"SalesOrderLines": None, "LineCount": 2}, "SalesOrderLines"),
        ({"SalesOrderLines": [{"Id": "a", "UseStandardSalesAccount": "yes"}]},
         "UseStandardSalesAccount"),
        ({"SalesOrderLines": [{"SortOrder": 1}]}, "Id"),
    ],
)  # fmt: skip
def test_a_value_that_must_be_there_is_not_guessed(changes, field):
    """The error names path and field, and never what stood there."""
    error = failure({**SALES_ORDER, **changes}, lambda go: go.draft("o-1"))
    assert (type(error), error.code) == (NotUnderstood, "poweroffice_not_understood")
    assert error.facts["field"] == field
    assert set(error.facts) == {"what", "field"}
    assert error.facts["what"].startswith("SalesOrders/o-1/Complete")


@pytest.mark.parametrize(
    "body", ["<html>Logg inn</html>", "", '{"Id": ', "[1, 2]", '"text"', '[{"Id": NaN}]', "null"]
)
def test_an_answer_that_is_no_json_of_the_right_shape_is_not_understood(body):
    """Web pages, cut-off answers and other shapes, from a list and from an object."""
    for call in (lambda go: go.draft("o"), lambda go: go.products()):
        error = failure(httpx.Response(200, text=body), call)
        assert (type(error), error.code) == (NotUnderstood, "poweroffice_not_json")


def test_an_object_where_a_list_belongs_is_not_understood():
    """An error that comes as 200 is no empty list."""
    error = failure({"Id": 1}, lambda go: go.products())
    assert error.code == "poweroffice_not_json"


def test_a_gateway_that_forbids_is_quoted():
    """A quota that is used up is no missing privilege."""
    answer = httpx.Response(403, json={"statusCode": 403, "message": "Out of call volume quota."})
    error = failure(answer, lambda go: go.products())
    assert (type(error), error.code) == (CannotLogIn, "poweroffice_blocked")
    assert error.facts["said"] == "Out of call volume quota."


def test_everybody_is_locked_until_a_day_or_never():
    """No lock date is None."""
    assert told(Wire({"LockDate": "2026-08-31"}), lambda go: go.lock_date()) == date(2026, 8, 31)
    assert told(Wire({"LockDate": None}), lambda go: go.lock_date()) is None
