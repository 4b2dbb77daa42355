"""The stand-in for PowerOffice Go takes and gives what the table in interface.toml says."""

import asyncio
import base64
import json

import httpx
import pytest
from go_desk import DAY, Desk, said
from interface import TABLE, InterfaceCheck, call_rows, shape

COMPLETE = {
    "Customer": {"Name": "Bedrift AS"},
    "Product": {"Name": "Vott"},
    "DeliveryAddress": {"ZipCode": "0155", "City": "Oslo"},
    "Line": {},
    "Send": {},
    "CompleteOrder": {},
    "BankVoucher": {"VoucherDate": DAY, "CurrencyCode": "NOK"},
    "CashVoucher": {"VoucherDate": DAY, "CurrencyCode": "NOK"},
}
BODIES = [(c.row["call"], c.row["body"]) for c in call_rows() if "body" in c.row]
WRONG = {"text": 7, "int64": "7", "int32": 1.5, "number": "7", "bool": "true", "date": "20.11.2026"}


def path_of(desk, call):
    """Return a call's path with ids that exist."""
    method, path = call.split(" ")
    customer = desk.person()["Id"]
    if "{uuid}" in path:
        path = path.replace("{uuid}", desk.draft(CustomerId=customer), 1)
    return method, path.replace("{int}", str(customer))


def requests_of_properties(wanted):
    """Return call, shape name, property name and property for every property that is wanted."""
    return [
        pytest.param(call, name, key, prop, id=f"{call.split()[1]} {key}")
        for call, name in BODIES
        for key, prop in shape(name).items()
        if prop.in_request and wanted(prop)
    ]


def wrong_value(kind):
    if "|" in kind:
        return 2
    return "text" if kind[0] in "[{" else WRONG[kind.partition("<=")[0]]


@pytest.mark.parametrize(
    ("call", "name", "key", "prop"), requests_of_properties(lambda p: "required" in p.marks)
)
def test_a_body_without_a_required_property_is_refused(call, name, key, prop):
    """A property that the description requires is required."""
    desk = Desk()
    method, path = path_of(desk, call)
    body = {k: v for k, v in COMPLETE[name].items() if k != key}
    status, text = said(desk.call(method, path, json=body))
    assert status == 400
    assert f"The {key} field is required." in text


@pytest.mark.parametrize(
    ("call", "name", "key", "prop"), requests_of_properties(lambda p: "<=" in p.kind)
)
def test_a_text_that_is_too_long_is_refused(call, name, key, prop):
    """The longest text that the description allows passes, one sign more does not."""
    desk = Desk()
    size = int(prop.kind.partition("<=")[2])
    method, path = path_of(desk, call)
    body = {**COMPLETE[name], key: "x" * (size + 1)}
    status, text = said(desk.call(method, path, json=body))
    assert status == 400
    assert f"maximum length of '{size}'" in text
    fits = desk.call(method, path, json={**body, key: "x" * size})
    assert "maximum length" not in fits.text


@pytest.mark.parametrize(("call", "name", "key", "prop"), requests_of_properties(lambda _: True))
def test_a_value_of_a_wrong_type_is_refused(call, name, key, prop):
    """A number as text, a text as number, an enumeration as integer: 400."""
    desk = Desk()
    method, path = path_of(desk, call)
    body = {**COMPLETE[name], key: wrong_value(prop.kind)}
    status, text = said(desk.call(method, path, json=body))
    assert status == 400
    assert key in text


@pytest.mark.parametrize(("call", "name"), BODIES)
def test_an_unknown_property_is_refused_or_ignored_as_told(call, name):
    """Whether unknown properties in a body are ignored is not known, so it is a switch."""
    desk = Desk()
    method, path = path_of(desk, call)
    body = {**COMPLETE[name], "VatCode": "3"}
    assert "'VatCode'" in said(desk.call(method, path, json=body))[1]
    desk.faults.unknown_body_properties = "ignored"
    assert "'VatCode'" not in desk.call(method, path, json=body).text


@pytest.mark.parametrize("row", [c for c in call_rows() if c.method == "GET"], ids=lambda c: c.path)
def test_a_query_name_that_does_not_exist_is_refused(row):
    """Unknown query parameters give 400; the newer filters exist only in the newer description."""
    desk = Desk(spec="2025")
    _, path = path_of(desk, row.row["call"])
    for name in ["$top", *row.row.get("newer", [])]:
        assert said(desk.get(path, **{name: "1"}))[0] == 400
    desk.faults.spec = "2026"
    for name in row.row.get("newer", []):
        assert desk.get(path, **{name: "1"}).status_code in {200, 204}


def test_every_call_of_the_table_is_answered_as_it_says():
    """A tour through all calls: each answer has passed the check against the table."""
    desk = Desk()
    customer = desk.person(MailAddress={"ZipCode": "0155", "City": "Oslo"})["Id"]
    other = desk.person()["Id"]
    address = desk.post(f"/ContactDeliveryAddresses/{customer}", COMPLETE["DeliveryAddress"]).json()
    product = desk.post("/Products", {"Name": "Vott", "StandardSalesAccount": 3000}).json()["Id"]
    desk.patch(f"/Products/{product}", UnitPrice=20)
    desk.patch(f"/Customers/{customer}", EmailAddress="kari@example.no")
    draft = desk.draft(
        desk.line(), {"LineType": "Text", "Description": "Takk"}, CustomerId=customer
    )
    line = desk.post(f"/SalesOrders/{draft}/Lines", desk.line("KAF-250")).json()["Id"]
    desk.patch(f"/SalesOrders/{draft}/Lines/{line}", Quantity=2)
    desk.patch(f"/SalesOrders/{draft}", CustomerReference="1042", CustomMatchingReference="m")
    for path in ("", "/Complete", "/Lines", f"/Lines/{line}"):
        assert desk.get(f"/SalesOrders/{draft}{path}").status_code == 200
    desk.get("/SalesOrders", Fields="Id,TotalAmount")
    desk.call("DELETE", f"/SalesOrders/{draft}/Lines/{line}")
    unwanted = desk.draft(CustomerId=customer)
    desk.call("DELETE", f"/SalesOrders/{unwanted}")
    assert desk.send(draft).status_code == 202
    assert desk.sent(draft)["InvoiceNo"] == 10001
    for kind in ("Bank", "Cash"):
        voucher = desk.voucher(customer, 125, kind=kind, CustomMatchingReference="m").json()["Id"]
        desk.get(f"/Vouchers/{kind}Journals/{voucher}")
    desk.post(f"/Vouchers/Reverse/{voucher}")
    desk.voucher(customer, 10)
    desk.call("DELETE", f"/Customers/{other}")
    unused = desk.post("/Products", {"Name": "Vott"}).json()["Id"]
    desk.call("DELETE", f"/Products/{unused}")
    for path in (
        f"/OutgoingInvoices/{draft}", f"/OutgoingInvoices/{draft}/Lines", "/OutgoingInvoices",
        f"/Customers/{customer}", "/Customers", f"/Products/{product}", "/Products",
        f"/ContactDeliveryAddresses/{customer}/{address['Id']}", "/ContactDeliveryAddresses",
        "/ProductGroups", "/VatCodes", "/GeneralLedgerAccounts", "/LockDateSettings",
        "/ClientIntegrationInformation", "/Departments", "/Projects",
    ):  # fmt: skip
        assert desk.get(path).status_code == 200
    assert desk.get("/Locations").status_code == 204
    assert desk.get("/Customerledger/OpenItems", date="2026-12-31").status_code == 200
    days = {"fromDate": "2026-01-01", "toDate": "2026-12-31"}
    for path in ("/Customerledger/Statement", "/AccountTransactions"):
        assert desk.get(path, **days).status_code == 200
    assert desk.check.seen == {row["call"] for row in TABLE["calls"]}


def test_a_wrong_path_and_a_missing_object_are_told_apart():
    """An unrouted path gets the gateway's 404, a missing object ProblemDetails."""
    desk = Desk()
    for method, path in (
        ("POST", "/SalesOrders"),
        ("GET", "/Nowhere"),
        ("POST", "/OutgoingInvoices"),
    ):
        answer = desk.call(method, path)
        assert answer.status_code == 404
        assert answer.json() == {"statusCode": 404, "message": "Resource not found"}
    answer = desk.get("/Customers/12345")
    assert answer.json()["title"] == "Object(s) not found"
    assert said(answer) == (404, "Customer with id = 12345 not found.")


@pytest.mark.parametrize("raw", [b"", b"{", b"[1]", b'{"Name": NaN}', b"\xff"])
def test_a_body_that_is_no_json_object_is_refused(raw):
    """It is 400, not a crash."""
    assert Desk().call("POST", "/Customers", content=raw).status_code == 400


def test_paths_are_found_in_any_case_and_below_demo():
    """Paths are case-insensitive, and the demo environment has its own base address."""
    desk = Desk()
    for base in ("/v2", "/Demo/v2", "/demo/v2"):
        assert desk.call("GET", "/vatcodes", base=base).status_code == 200
    assert desk.call("GET", "/vatcodes", base="").status_code == 404
    assert [r[:2] for r in desk.go.requests][:2] == [("POST", "/OAuth/Token"), ("GET", "/vatcodes")]


def test_the_token_names_the_company_and_what_may_be_done():
    """The payload of the token says client, roles and whether sending is allowed."""
    desk = Desk(may_send=False, privileges={"Customer_Full"})
    answer = desk.log_in()
    assert (answer["token_type"], answer["expires_in"]) == ("bearer", 1200)
    payload = answer["access_token"].split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    assert claims["goClientId"] == desk.books.client_id
    assert claims["goClientName"] == "Fjellbutikken AS"
    assert claims["role"] == ["Customer_Full"]
    assert claims["goAllowSendInvoice"] == "False"


def test_a_token_is_good_for_twenty_minutes():
    """After 20 minutes the answer is 401, and a new token helps."""
    desk = Desk()
    desk.wait(1199)
    assert desk.get("/VatCodes").status_code == 200
    desk.wait(1)
    assert desk.get("/VatCodes").status_code == 401
    desk.log_in()
    assert desk.get("/VatCodes").status_code == 200


@pytest.mark.parametrize(
    ("key", "form", "status"),
    [
        ("client", {"grant_type": "client_credentials"}, 200),
        ("other", {"grant_type": "client_credentials"}, 401),
        ("client", {"grant_type": "password"}, 400),
    ],
)
def test_a_token_needs_the_right_keys_and_grant(key, form, status):
    """The keys go in Basic, the grant in a form."""
    desk = Desk()
    answer = desk.call("POST", "/OAuth/Token", base="/Demo", data=form, auth=("app", key))
    assert answer.status_code == status


def test_a_wrong_subscription_key_is_refused_by_the_gateway():
    """Both the token address and the calls need the subscription key."""
    desk = Desk()
    desk.headers["Ocp-Apim-Subscription-Key"] = "wrong"
    for base, path in (("/v2", "/VatCodes"), ("", "/OAuth/Token")):
        answer = desk.call("GET", path, base=base)
        assert answer.json()["statusCode"] == 401


def test_a_call_without_its_role_is_forbidden():
    """A missing role is 403; a role that ends in _Full includes reading."""
    desk = Desk(privileges={"Customer_Full", "SalesOrders"})
    assert desk.get("/Customers").status_code == 204
    assert desk.get("/SalesOrders").status_code == 204
    assert desk.order(CustomerId=1).status_code == 403
    assert desk.get("/VatCodes").status_code == 403
    assert desk.get("/ClientIntegrationInformation").status_code == 200


def test_lists_come_in_pages_with_a_header():
    """X-Pagination counts; past the end comes 204; PageSize has a limit."""
    desk = Desk()
    answer = desk.get("/VatCodes", PageSize=3, PageNumber=2, OrderBy="Code desc", Fields="Code")
    assert [row["Code"] for row in answer.json()] == ["5", "33", "31"]
    facts = json.loads(answer.headers["X-Pagination"])
    assert (facts["totalCount"], facts["totalPages"], facts["currentPage"]) == (8, 3, 2)
    assert "PageNumber=3" in facts["nextPageLink"]
    assert desk.get("/VatCodes", PageNumber=2).status_code == 204
    assert desk.get("/VatCodes", PageSize=5001).status_code == 400
    assert desk.get("/VatCodes", Fields="Nonsense").json()["title"] == "Invalid resourceParameter"
    assert desk.get("/VatCodes", OrderBy="Nonsense").status_code == 400


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/Customers", {"customerNos": "ten"}),
        ("/Customers", {"lastChangedDateTimeOffsetGreaterThan": "yesterday"}),
        ("/Products", {"isArchived": "maybe"}),
        ("/OutgoingInvoices", {"fromDate": "1.2.2026"}),
        ("/Products/seven", {}),
    ],
)
def test_a_malformed_filter_is_refused(path, query):
    """A filter that can't be read gives 400 "Unable to cast object(s)"."""
    desk = Desk()
    desk.invoiced()
    answer = desk.get(path, **query)
    assert answer.status_code == 400
    assert answer.json()["title"] == "Unable to cast object(s)"


def test_amounts_go_out_without_float_noise():
    """Decimals leave as the shortest number, whole ones without a point."""
    desk = Desk()
    answer = desk.order(
        desk.line(quantity=1, price=215.76), desk.line(price=0.1), desk.line(price=0.2)
    )
    assert '"TotalAmount": 269.7' in answer.text
    assert '"Quantity": 1,' in answer.text
    assert '"NetAmount": 216.06' in answer.text


def checked(method, path, body=None, content_type=None, **query):
    """Send a request through the check alone."""

    class Empty(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request):
            return httpx.Response(204, headers={"Date": "now"})

    headers = {"Authorization": "Bearer x", "Ocp-Apim-Subscription-Key": "y"}
    if content_type:
        headers["Content-Type"] = content_type

    async def once():
        async with httpx.AsyncClient(transport=InterfaceCheck(Empty(), spec="2025")) as http:
            url = f"https://go.test/v2{path}"
            await http.request(method, url, json=body, params=query, headers=headers)

    asyncio.run(once())


@pytest.mark.parametrize(
    ("request_", "complaint"),
    [
        ({"method": "GET", "path": "/Customers", "emailAddresses": "a@b.no"}, "unknown query"),
        ({"method": "GET", "path": "/Nowhere"}, "no such call"),
        ({"method": "POST", "path": "/Customers", "body": {"VatNumber": "9"}}, "additionalProp"),
        ({"method": "POST", "path": "/Customers", "body": {"number": 7}}, "additionalProp"),
        ({"method": "POST", "path": "/Products", "body": {"UnitPrice": 7}}, "required"),
        ({"method": "PATCH", "path": "/Customers/7", "body": []}, "content type"),
    ],
)
def test_the_check_stops_a_request_that_does_not_fit(request_, complaint):
    """What another client sends is held against the same table."""
    with pytest.raises(AssertionError, match=complaint):
        checked(**request_)


@pytest.mark.parametrize(
    ("path", "complaint"),
    [
        ("/paymentTermId", "no property"),
        ("/PaymentTerm", "cannot be patched"),
        ("/Id", "cannot be"),
    ],
)
def test_the_check_stops_a_patch_of_what_cannot_be_patched(path, complaint):
    """A JSON Patch names writable properties in PascalCase."""
    body = [{"op": "replace", "path": path, "value": 3}]
    with pytest.raises(AssertionError, match=complaint):
        checked("PATCH", "/Customers/7", body, "application/json-patch+json")


def test_the_check_stops_an_answer_that_does_not_fit():
    """An answer with a wrong type does not pass."""

    class Wrong(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request):
            body = {"LockDate": "31.08.2026"}
            return httpx.Response(200, json=body, headers={"Date": "now"})

    async def once():
        async with httpx.AsyncClient(transport=InterfaceCheck(Wrong(), answers_only=True)) as http:
            await http.get("https://go.test/v2/LockDateSettings")

    with pytest.raises(AssertionError, match="LockDate"):
        asyncio.run(once())
