"""The stand-in for PowerOffice Go takes and gives what interface.toml says, and fails as told."""

import base64
import json
import re
import tomllib
from datetime import date
from pathlib import Path

import pytest
from go_desk import DAY, Desk, said

from woo2po.sandbox.go import ENDPOINTS
from woo2po.sandbox.shapes import SHAPES

TABLE = tomllib.loads(Path(__file__).with_name("interface.toml").read_text("utf-8"))


def said_of(name):
    """Return what the table says of a shape's properties, those that it extends included: kind,
    and whether it is required, stands in answers only, or in no patch.
    """
    rows = dict(TABLE["shapes"][name])
    base = said_of(rows.pop("extends")) if "extends" in rows else {}
    own = {key: text.split() for key, text in rows.items()}
    return base | {
        key: (said_of(of[1:-1]) if of[1:-1] in TABLE["shapes"] else of, "required" in marks,
              "answered" in marks, "posted" in marks)
        for key, (of, *marks) in own.items()
    }  # fmt: skip


def known_of(own):
    """Return the same of what the stand-in knows."""

    def kind(one):
        if one.kind in {"list", "object"}:
            return known_of(SHAPES[one.more])
        return one.more if one.kind == "enum" else "<=".join(filter(None, (one.kind, one.more)))

    return {
        one.name: (kind(one), *(mark in one.marks for mark in ("!", "ro", "post")))
        for one in own.properties.values()
    }


@pytest.mark.parametrize("row", TABLE["calls"], ids=lambda row: row["call"])
def test_the_stand_in_knows_just_what_the_table_says(row):
    """Query names of both years; of a body each property, its kind, and whether it must be there;
    an answer may hold more. The two tables were written apart.
    """
    call = re.sub(r"{\w+}", "{}", row["call"])
    (end,) = (e for e in ENDPOINTS if call == re.sub(r"{\w+}", "{}", f"{e.method} {e.path}"))
    names = {*row.get("only_query", ())}
    if "query" in row:
        names |= {*row["query"], *TABLE["common_query"]}
    assert {*end.names("2025").values()} == names
    assert {*end.names("2026").values()} == names | {*row.get("newer", ())}
    named = {"sent": "Sending", "sent_state": "SentState"}.get(end.does)
    own = SHAPES[named] if named else getattr(end.kind, "shape", None)
    if own is None:  # what the company is: a line or two in the stand-in
        return
    known = known_of(own)
    if body := row.get("body", row.get("patch")):
        of_bodies = [{k: v for k, v in one.items() if not v[2]} for one in (said_of(body), known)]
        assert of_bodies[0] == of_bodies[1]
    said = said_of(row["answer"].strip("[]{}")) if "answer" in row else {}
    assert {key: kind for key, (kind, *_) in said.items()} == {key: known[key][0] for key in said}


def test_a_query_that_cannot_be_meant_is_refused():
    """A name that does not exist, or only in a newer year; a value that is no number, moment or
    day; a page that is too large, and fields that there are none of.
    """
    desk = Desk(spec="2025")
    for path, query, title in (
        ("/Customers", {"$top": "1"}, "Invalid query parameter(s)"),
        ("/Customers", {"emailAddresses": "a@b.no"}, "Invalid query parameter(s)"),
        ("/Customers", {"customerNos": "ten"}, "Unable to cast object(s)"),
        ("/Customers", {"lastChangedDateTimeOffsetGreaterThan": "yesterday"},
         "Unable to cast object(s)"),
        ("/Products", {"isArchived": "maybe"}, "Unable to cast object(s)"),
        ("/OutgoingInvoices", {"fromDate": "1.2.2026"}, "Unable to cast object(s)"),
        ("/Products/seven", {}, "Unable to cast object(s)"),
        ("/VatCodes", {"PageSize": 20_001}, "Invalid resourceParameter"),
        ("/VatCodes", {"Fields": "Nonsense"}, "Invalid resourceParameter"),
    ):  # fmt: skip
        answer = desk.get(path, **query)
        assert (answer.status_code, answer.json()["title"]) == (400, title), query
    assert desk.get("/VatCodes", PageSize=20_000).status_code == 200
    desk.faults.spec = "2026"
    for size, status in ((5001, 400), (5000, 200)):
        assert desk.get("/VatCodes", PageSize=size).status_code == status


def test_the_token_names_the_company_and_is_good_for_twenty_minutes():
    """Its payload says client, roles and whether sending is allowed; it takes the right keys, the
    gateway its own with every call. A role that ends in _Full includes reading.
    """
    desk = Desk(may_send=False, privileges={"Customer_Full", "SalesOrders"})
    answer = desk.log_in()
    assert (answer["token_type"], answer["expires_in"]) == ("bearer", 1200)
    payload = answer["access_token"].split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    company = (desk.books.client_id, "Fjellbutikken AS")
    assert (claims["goClientId"], claims["goClientName"]) == company
    assert (claims["role"], claims["goAllowSendInvoice"]) == (
        ["Customer_Full", "SalesOrders"], "False")  # fmt: skip
    told = desk.get("/ClientIntegrationInformation").json()
    assert (told["ClientName"], told["AllowSendInvoice"]) == ("Fjellbutikken AS", False)
    for path, status in (("/Customers", 204), ("/SalesOrders", 204), ("/VatCodes", 403)):
        assert desk.get(path).status_code == status
    assert desk.order(CustomerId=1).status_code == 403
    for seconds, status in ((1199, 204), (1, 401)):
        desk.wait(seconds)
        assert desk.get("/Customers").status_code == status
    for key, grant, status in (
        ("client-sandbox", "client_credentials", 200), ("other", "client_credentials", 401),
        ("client-sandbox", "password", 400),
    ):  # fmt: skip
        form = {"data": {"grant_type": grant}, "auth": ("app-sandbox", key)}
        assert desk.call("POST", "/OAuth/Token", base="/Demo", **form).status_code == status
    desk.headers["Ocp-Apim-Subscription-Key"] = "wrong"
    for base, path in (("/v2", "/VatCodes"), ("", "/OAuth/Token")):
        assert desk.call("GET", path, base=base).json()["statusCode"] == 401


TEXT = {"LineType": "Text", "Description": "x"}


# -- what is refused -------------------------------------------------------------------------------

CUSTOMERS = [
    ({}, "Name is required."),
    ({"IsPerson": True, "LastName": "Nordmann"}, "FirstName is required."),
    ({"IsPerson": True, "FirstName": "Kari"}, "LastName is required."),
    ({"Name": "X", "MailAddress": {"City": "Oslo"}}, "The ZipCode field is required."),
    ({"Name": "X", "MailAddress": {"City": "A", "ZipCode": "1", "CountryCode": "UK"}}, "UK"),
    ({"Name": "X", "CurrencyCode": "KRONER"}, "Currency with code = 'KRONER' not found."),
    # What is not of its property's kind, is too long, or is no property.
    *(({"Name": "X", key: value}, key) for key, value in {
        "Name": 7, "IsPerson": "true", "PaymentTerm": 1.5, "Allowance": "7", "MailAddress": "text",
        "InvoiceDeliveryType": 2, "Number": 7, "VatCode": "3"}.items()),
    ({"Name": "X", "ExternalImportReference": "x" * 51}, "maximum length of '50'"),
]  # fmt: skip
PRODUCTS = [
    ({"Code": "GEN-001"}, "Code is already in use."),
    ({"Name": None}, "The Name field is required."),
    ({"OptionalSalesAccountId": 7}, "Account with id = 7 not found."),
    ({"ProductGroupId": 7}, "Product group with id = 7 not found."),
]
ORDERS = [
    ({"CustomerId": None}, "CustomerId is required."),
    ({"CustomerId": 7}, "Customer with id = 7 not found."),
    ({"CustomerId": "7"}, "CustomerId"),
    ({"CurrencyCode": "XYZ"}, "Currency with code = 'XYZ' not found."),
    ({"ProjectCode": "P9"}, "Project with code = 'P9' not found."),
    ({"SalesOrderDate": "2026-02-30"}, "not a valid date"),
    ({"SalesOrderLines": "text"}, "SalesOrderLines"),
    ({"RelatedInvoiceNo": 10001}, "Invoice with number = 10001 not found."),
]
LINES = [
    ({"ProductId": 99}, "Product with id = 99 not found."),
    ({"ProductCode": "NOPE"}, "Product with code = 'NOPE' not found."),
    ({"ProductCode": "GEN-001"}, "Quantity is required"),
    ({"ProductCode": "TS-M-BLA", "Quantity": 1}, "is archived"),
    ({"ProductCode": "GEN-001", "Quantity": 1, "Allowance": 101}, "between -1000 and 100"),
]
VOUCHER_LINES = [
    ({"CurrencyAmount": 1}, "does not balance"), ({"CurrencyAmount": 0}, "not 0"),
    ({"CurrencyAmount": -100.001}, "two decimals"), ({"CurrencyCode": "SEK"}, "'s currency"),
    ({"AccountId": 1}, "Account with id = 1 not found."), ({"AccountId": 1904}, "not active"),
    ({"AccountId": 1500}, "cannot be posted on"), ({"AccountId": 1901}, "Project is required"),
    ({"AccountId": 6300}, "Department is required on account 6300."),
    ({"AccountId": 1905}, "locked to another VAT code"),
    ({"VatId": 7}, "VatCode with id = 7 not found."),
    ({"PostingDate": "2026-08-31"}, "locked until 2026-08-31"),
]  # fmt: skip
REFUSED = {
    "customer": (CUSTOMERS, lambda desk, body: desk.post("/Customers", body)),
    "product": (PRODUCTS, lambda desk, body: desk.post("/Products", {"Name": "Vott", **body})),
    "order": (ORDERS, lambda desk, body: desk.order(**body)),
    "line": (LINES, lambda desk, body: desk.order(body)),
    "voucher": (VOUCHER_LINES, lambda desk, body: desk.voucher(desk.person()["Id"], 100, **body)),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_lacks_something_is_refused_and_leaves_nothing(kind):
    """Names, codes, accounts, VAT codes, balance and the lock date are looked at first."""
    desk = Desk()
    books = desk.books
    books.product("TS-M-BLA").is_archived = True
    books.account(1904).is_active = False
    books.account(1901).is_project_required = True
    books.account(1905).is_vat_code_locked = True
    books.account(1905).vat_code_id = books.vat_code("3").id
    products, (cases, ask) = len(books.products), REFUSED[kind]
    for body, complaint in cases:
        known = body.get("AccountId", 0) > 1000
        own = {"AccountId": books.account(body["AccountId"]).id} if known else body
        status, text = said(ask(desk, own))
        assert (status in {400, 404}, complaint in text) == (True, True), (body, text)
    assert (kind != "customer") or books.customers == {}
    assert len(books.products) == products
    assert (books.sales_orders, books.vouchers, books.entries, books.postings) == ({}, {}, {}, [])


# -- sending and payments --------------------------------------------------------------------------


def test_an_order_in_the_queue_is_left_alone_and_an_invoice_is_no_order():
    desk = Desk(send_result="late")
    draft = desk.draft(ExternalImportReference="shop_1")
    path, answer = f"/SalesOrders/{draft}", desk.send(draft)
    assert answer.headers["Location"] == f"/v2/SalesOrders/SentState?id={draft}"
    assert desk.sent(draft)["IsInvoiceBeingProcessed"] is True
    for refused in (
        desk.send(draft), desk.patch(path, CustomerReference="x"), desk.call("DELETE", path),
    ):  # fmt: skip
        assert refused.status_code == 409
    desk.wait(5)
    assert desk.sent(draft)["SentDateTimeOffset"]
    assert (desk.get("/SalesOrders").status_code, desk.get(path).status_code) == (204, 404)
    assert desk.send(draft).status_code == 404
    [invoice] = desk.get("/OutgoingInvoices").json()
    assert (invoice["ExternalImportReference"], invoice["Balance"]) == ("shop_1", 125)
    assert (invoice["VoucherDate"], invoice["DueDate"]) == (DAY, "2026-12-04")
    assert invoice["DeliveryDate"] == "2026-11-23"


def test_what_is_sent_in_vain():
    """The 202 promises nothing: the error is told by sentState, the draft stays, and it can be sent
    again. Without the privilege until a new token knows better; an id of nothing.
    """
    desk = Desk(may_send=False)
    draft = desk.draft(TEXT)
    bare = desk.post("/SalesOrders/Complete", {"CustomerId": desk.person()["Id"]}).json()["Id"]
    assert desk.send(draft).json()["title"] == "Missing privilege"
    desk.faults.may_send = True
    assert desk.send(draft).status_code == 400
    desk.log_in()
    for wrong, more, complaint in (
        (draft, {"VoucherDate": "2026-08-31"}, "locked until"),
        (draft, {"DeliveryType": "PdfByEmail"}, "e-post"),
        (bare, {}, "no lines"),
    ):
        assert desk.send(wrong, **more).status_code == 202
        state = desk.sent(wrong)
        assert complaint in state["LastErrorMessage"]
        assert (state["IsInvoiceBeingProcessed"], state["InvoiceNo"]) == (False, None)
    desk.send(draft)
    state = desk.sent(draft)
    assert (state["LastErrorMessage"], state["InvoiceNo"]) == (None, 10001)
    assert desk.get("/SalesOrders/sentState", id="nothing").status_code == 404


def test_a_payment_with_the_invoice_number_pays_a_part():
    """The number matches whatever the amount, in bank vouchers only."""
    desk = Desk()
    customer = desk.invoiced()["CustomerId"]
    refused = desk.voucher(customer, 100, kind="Cash", InvoiceNo="10001")
    assert "InvoiceNo" in said(refused)[1]
    desk.voucher(customer, 100, InvoiceNo="10001")
    desk.voucher(customer, -7, InvoiceNo="10001")  # no payment of it
    assert desk.books.invoice(10001).balance == 25
    desk.books.register_payment(10001, day=date(2026, 11, 30))
    assert desk.books.invoice(10001).balance == 0
    for day, left in ((DAY, [25, 7]), ("2026-11-30", [7])):
        items = desk.get("/Customerledger/OpenItems", date=day).json()
        assert [item["Balance"] for item in items] == left
    for path, days, status in (
        ("OpenItems", {"date": "2026-11-19"}, 204), ("OpenItems", {}, 404),
        ("Statement", {"fromDate": DAY}, 404), ("Statement", {"fromDate": DAY, "toDate": DAY}, 200),
        ("Statement", {"fromDate": "2026-11-21", "toDate": "2026-11-21"}, 204),
    ):  # fmt: skip
        assert desk.get(f"/Customerledger/{path}", **days).status_code == status
    head = {"VoucherDate": DAY, "CurrencyCode": "NOK"}
    assert "VoucherLines is required." in said(desk.post("/Vouchers/BankJournals", head))[1]
