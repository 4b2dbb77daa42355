"""The stand-in for PowerOffice Go takes and gives what interface.toml says, and fails as told."""

import base64
import json
import re
import tomllib
from datetime import date
from decimal import Decimal
from functools import partial
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


# -- it misbehaves as it is told, and only then ----------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "status", "made"),
    [("503", 503, 0), ("502_after", 502, 1), ("expired_token", 401, 0), ("slow", 201, 1),
     ("refuse", 400, 0)],
)  # fmt: skip
def test_a_request_fails_before_or_after_the_work(fault, status, made):
    desk = Desk()
    customer = desk.person()["Id"]
    desk.faults.at("POST", "/SalesOrders/Complete", 1, fault, title="Nei", detail="Ikke i dag.")
    answer = desk.order(CustomerId=customer)
    assert (answer.status_code, len(desk.books.sales_orders)) == (status, made)
    assert fault != "refuse" or (answer.json()["title"], said(answer)[1]) == ("Nei", "Ikke i dag.")


def test_the_eleventh_request_of_a_second_is_refused():
    """Ten requests, log-ins too, pass in a second; the next get 429 with Retry-After."""
    desk = Desk(requests_per_second=10)
    desk.wait(1)
    assert [desk.get("/VatCodes").status_code for _ in range(12)] == [200] * 10 + [429] * 2
    refused = desk.get("/VatCodes")
    assert refused.headers["Retry-After"] == "1"
    assert refused.json()["message"] == "Rate limit is exceeded. Try again in 1 seconds."
    assert desk.go.busiest_second == 13
    desk.wait(1)
    assert desk.get("/VatCodes").status_code == 200


def test_reads_may_lag_behind_writes():
    """A new order is missing from lists and by id for a while; a write sees what there is."""
    desk = Desk(stale_seconds=2, latency=0.001)
    draft = desk.draft(ExternalImportReference="shop_1")
    path = f"/SalesOrders/{draft}"
    assert (desk.get("/SalesOrders").status_code, desk.get(path).status_code) == (204, 404)
    assert desk.order(ExternalImportReference="shop_1").status_code == 400
    desk.wait(1.5)
    desk.patch(path, CustomerReference="new")
    assert desk.get(path).status_code == 404
    for seconds, reference in ((0.5, None), (1.5, "new")):
        desk.wait(seconds)
        answer = desk.get(path)
        assert answer.json()["CustomerReference"] == reference
    assert answer.headers["Date"] == "Mon, 23 Nov 2026 09:00:03 GMT"


D = Decimal
TEXT = {"LineType": "Text", "Description": "x"}


def ids(answer):
    return [row["Id"] for row in answer.json()]


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


# -- customers, addresses, products ----------------------------------------------------------------


def test_a_customer_has_numbers_of_its_own_and_one_in_use_is_kept():
    """Id, number and sub-ledger account are three; a reference is used once. Orders stop a
    deletion, a balance stops archiving, and an archived one gets no orders.
    """
    desk = Desk()
    made = desk.person(ExternalImportReference="shop-1")
    assert len({made["Id"], made["Number"], made["SubledgerAccountId"]}) == 3
    answer = desk.post("/Customers", {"Name": "X", "ExternalImportReference": "shop-1"})
    used = f"'shop-1' is used on (contact) Id = {made['Id']}."
    assert said(answer) == (400, f"ExternalImportReference is already in use. {used}")
    assert ids(desk.get("/Customers", externalImportReference="shop-1")) == [made["Id"]]
    assert [made["Number"], desk.person()["Number"]] == [10000, 10001]
    path = f"/Customers/{desk.invoiced(CustomerId=made['Id'])['CustomerId']}"
    assert "balances" in said(desk.patch(path, IsArchived=True))[1]
    assert desk.call("DELETE", path).status_code == 409
    other = desk.person()
    desk.patch(f"/Customers/{other['Id']}", IsArchived=True)
    assert "is archived" in said(desk.order(CustomerId=other["Id"]))[1]


# -- totals and orders -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rounding", "vat", "total"),
    [
        # 25 % of five times 0.02 is 0.005 each, 0.025 together; 15 % of 0.10 is 0.015
        ("line", {25: "0.05", 15: "0.02"}, "0.27"),
        ("document", {25: "0.03", 15: "0.02"}, "0.25"),
        ("end", {25: "0.03", 15: "0.02"}, "0.24"),
    ],
)
def test_totals_are_rounded_as_told_and_posted_in_balance(rounding, vat, total):
    """Per line, per document and rate, or only at the end; halves go up, the rest is posted."""
    desk = Desk(rounding=rounding)
    lines = [desk.line(price=0.02)] * 5 + [desk.line("KAF-250", price=0.1)]
    answer = desk.order(*lines).json()
    totals = desk.books.sales_orders[answer["Id"]].totals
    assert (totals.net, totals.total) == (D("0.20"), D(total))
    assert totals.vat_by_rate == {D(rate): D(amount) for rate, amount in vat.items()}
    assert (answer["NetAmount"], answer["TotalAmount"]) == (0.2, float(total))
    desk.send(answer["Id"])
    desk.books.settle_queue()
    posted = {p.account_no: p.amount for p in desk.books.postings}
    tax = sum(map(D, vat.values()))
    own = {1500: D(total), 3000: D("-0.10"), 3030: D("-0.10"), 2700: -tax}
    left = -sum(own.values())
    assert posted == {**own, **({7740: left} if left else {})}
    desk.invoiced(*lines, desk.line("BOK-12"), CurrencyCode="SEK")
    assert sum(p.amount for p in desk.books.postings) == 0


def test_a_draft_is_changed_line_by_line_until_it_is_confirmed():
    """The total follows; a confirmed order takes no other change and no deletion."""
    desk = Desk()
    named = {"ExternalImportReference": "shop_1"}
    draft = desk.draft(desk.line(), desk.line("KAF-250"), **named)
    path, again = f"/SalesOrders/{draft}", said(desk.order(**named))[1]
    assert f"'shop_1' is used on (sales order) Id = {draft}" in again
    first, second = (f"{path}/Lines/{one['Id']}" for one in desk.get(f"{path}/Lines").json())
    assert desk.patch(first, Quantity=2, ProductUnitPrice=10.5).status_code == 200
    desk.call("DELETE", second)
    line = desk.line("BOK-12", price=1, ExternalImportReference="1")
    desk.post(f"{path}/Lines", line)
    assert desk.get(path).json()["TotalAmount"] == 27.25
    for answer in (desk.post(f"{path}/Lines", line), desk.order(line, line)):
        assert "already in use" in said(answer)[1]
    desk.patch(path, SalesOrderStatus="Confirmed")
    for answer in (desk.patch(path, CustomerReference="x"), desk.post(f"{path}/Lines", line)):
        assert "confirmed" in said(answer)[1]
    assert desk.call("DELETE", path).status_code == 409
    desk.patch(path, SalesOrderStatus="Draft")
    desk.call("DELETE", path)
    desk.invoiced(**named)
    assert "already in use" in said(desk.order(**named))[1]


# -- sending ---------------------------------------------------------------------------------------


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


def test_an_invoice_fee_and_a_credit_note():
    """A company that charges a fee adds it on sending unless the customer goes without."""
    desk = Desk()
    desk.books.invoice_fee = D(40)
    assert desk.invoiced()["TotalAmount"] == 175, "unless the customer goes without"
    spared = desk.person(UseInvoiceFee=False)["Id"]
    assert desk.invoiced(CustomerId=spared)["TotalAmount"] == 125
    assert "credit note draft" in said(desk.order(RelatedInvoiceNo=10001))[1]
    draft = desk.draft()
    assert desk.patch(f"/SalesOrders/{draft}", RelatedInvoiceNo=10001).status_code == 400
    assert desk.get(f"/SalesOrders/{draft}").json()["RelatedInvoiceNo"] is None
    note = desk.invoiced(desk.line(quantity=-1), CustomerId=spared, RelatedInvoiceNo=10002)
    assert (note["VoucherType"], note["TotalAmount"]) == ("OutgoingCreditNote", -125)
    assert (note["RelatedInvoiceNo"], note["InvoiceNo"]) == (10002, 10003)


# -- payments --------------------------------------------------------------------------------------


@pytest.mark.parametrize("first", ["invoice", "payment"])
def test_a_payment_with_the_orders_matching_reference_closes_the_invoice(first):
    """Same customer, same reference, opposite amount: both share a match, whichever came first."""
    for amount, reference, other, closes in (
        (125, "m1", False, True),
        (100, "m1", False, False),  # not the opposite amount
        (125, "m2", False, False),  # another reference
        (125, None, False, False),  # none
        (125, "m1", True, False),  # another customer
    ):
        desk = Desk()
        customer, stranger = desk.person()["Id"], desk.person()["Id"]
        who = stranger if other else customer
        pay = partial(desk.voucher, who, amount, CustomMatchingReference=reference)
        if first == "payment":
            pay()
        desk.invoiced(CustomerId=customer, CustomMatchingReference="m1")
        assert first == "payment" or pay().status_code == 201
        assert desk.books.invoice(10001).balance == (0 if closes else 125)
        for path, query in (
            ("/Customerledger/OpenItems", {"date": "2026-12-31"}),
            ("/OutgoingInvoices", {"onlyUnpaidInvoices": "true"}),
        ):
            assert desk.get(path, **query).status_code == (204 if closes else 200)


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
