"""The stand-in for PowerOffice Go takes and gives what interface.toml says, and fails as told."""

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


def wrong_value(kind):
    if "|" in kind:
        return 2
    return "text" if kind[0] in "[{" else WRONG[kind.partition("<=")[0]]


@pytest.mark.parametrize(("call", "name"), BODIES)
def test_a_body_that_does_not_fit_the_table_is_refused(call, name):
    """Each property by itself: left out where it is required, of a wrong type (a number as text, a
    text as number, an enumeration as integer), too long; the longest passes.
    """
    desk = Desk()
    method, path = path_of(desk, call)

    def refused(key, **changes):
        body = {k: v for k, v in (COMPLETE[name] | changes).items() if v is not None}
        status, text = said(desk.call(method, path, json=body))
        assert (status, key in text) == (400, True), (key, text)
        return text

    properties = {key: one for key, one in shape(name).items() if one.in_request}
    for key, one in properties.items():
        refused(key, **{key: wrong_value(one.kind)})
        if "required" in one.marks:
            assert f"The {key} field is required." in refused(key, **{key: None})
        if "<=" in one.kind:
            size = int(one.kind.partition("<=")[2])
            assert f"maximum length of '{size}'" in refused(key, **{key: "x" * (size + 1)})
            longest = desk.call(method, path, json={**COMPLETE[name], key: "x" * size}).text
            assert "maximum length" not in longest
    # Whether unknown properties in a body are ignored is not known, so it is a switch.
    refused("'VatCode'", VatCode="3")
    desk.faults.unknown_body_properties = "ignored"
    body = {**COMPLETE[name], "VatCode": "3"}
    assert "'VatCode'" not in desk.call(*path_of(desk, call), json=body).text


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
    answer = Desk().get(path, **query)
    assert (answer.status_code, answer.json()["title"]) == (400, "Unable to cast object(s)")


def test_every_call_of_the_table_is_answered_as_it_says():
    """A tour through all calls: each answer has passed the check against the table."""
    desk = Desk()
    customer = desk.person(MailAddress={"ZipCode": "0155", "City": "Oslo"})["Id"]
    other = desk.person()["Id"]
    desk.post(f"/ContactDeliveryAddresses/{customer}", COMPLETE["DeliveryAddress"])
    account = desk.books.account(3000).id
    product = desk.post("/Products", {"Name": "Vott", "StandardSalesAccountId": account}).json()[
        "Id"
    ]
    desk.patch(f"/Products/{product}", Description="Varm")
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
        desk.voucher(customer, 125, kind=kind, CustomMatchingReference="m")
    desk.call("DELETE", f"/Customers/{other}")
    unused = desk.post("/Products", {"Name": "Vott"}).json()["Id"]
    desk.call("DELETE", f"/Products/{unused}")
    for path in (
        f"/OutgoingInvoices/{draft}", f"/OutgoingInvoices/{draft}/Lines", "/OutgoingInvoices",
        f"/Customers/{customer}", "/Customers", f"/Products/{product}", "/Products",
        "/ContactDeliveryAddresses",
        "/ProductGroups", "/VatCodes", "/GeneralLedgerAccounts", "/ClientBankAccounts",
        "/LockDateSettings",
        "/ClientIntegrationInformation", "/Departments", "/Projects",
    ):  # fmt: skip
        assert desk.get(path).status_code == 200
    assert desk.get("/Locations").status_code == 204
    assert desk.get("/Customerledger/OpenItems", date="2026-12-31").status_code == 200
    days = {"fromDate": "2026-01-01", "toDate": "2026-12-31"}
    for path in ("/Customerledger/Statement", "/AccountTransactions"):
        assert desk.get(path, **days).status_code == 200
    assert desk.check.seen == {row["call"] for row in TABLE["calls"]}


def test_paths_are_told_apart():
    """In any case and below /Demo; unrouted ones get the gateway's 404, objects ProblemDetails."""
    desk = Desk()
    for base in ("/v2", "/Demo/v2", "/demo/v2"):
        assert desk.call("GET", "/vatcodes", base=base).status_code == 200
    assert desk.call("GET", "/vatcodes", base="").status_code == 404
    assert [r[:2] for r in desk.go.requests][:2] == [("POST", "/OAuth/Token"), ("GET", "/vatcodes")]
    gateway = {"statusCode": 404, "message": "Resource not found"}
    for call in (("POST", "/SalesOrders"), ("GET", "/Nowhere"), ("POST", "/OutgoingInvoices")):
        answer = desk.call(*call)
        assert (answer.status_code, answer.json()) == (404, gateway)
    answer = desk.get("/Customers/12345")
    assert answer.json()["title"] == "Object(s) not found"
    assert said(answer) == (404, "Customer with id = 12345 not found.")
    for raw in (b"", b"{", b"[1]", b'{"Name": NaN}', b"\xff"):
        assert desk.call("POST", "/Customers", content=raw).status_code == 400


def test_the_token_names_the_company_and_is_good_for_twenty_minutes():
    """Its payload says client, roles and whether sending is allowed; it takes the right keys."""
    desk = Desk(may_send=False, privileges={"CommonServices"})
    answer = desk.log_in()
    assert (answer["token_type"], answer["expires_in"]) == ("bearer", 1200)
    payload = answer["access_token"].split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    company = (desk.books.client_id, "Fjellbutikken AS")
    assert (claims["goClientId"], claims["goClientName"]) == company
    assert (claims["role"], claims["goAllowSendInvoice"]) == (["CommonServices"], "False")
    for seconds, status in ((1199, 200), (1, 401)):
        desk.wait(seconds)
        assert desk.get("/VatCodes").status_code == status
    desk.log_in()
    assert desk.get("/VatCodes").status_code == 200
    for key, grant, status in (
        ("client", "client_credentials", 200),
        ("other", "client_credentials", 401),
        ("client", "password", 400),
    ):
        form = {"data": {"grant_type": grant}, "auth": ("app", key)}
        assert desk.call("POST", "/OAuth/Token", base="/Demo", **form).status_code == status


def test_a_wrong_subscription_key_or_a_missing_role_is_refused():
    """The gateway wants its key with every call; a role that ends in _Full includes reading."""
    desk = Desk(privileges={"Customer_Full", "SalesOrders"})
    for path, status in (
        ("/Customers", 204), ("/SalesOrders", 204), ("/VatCodes", 403),
        ("/ClientIntegrationInformation", 200),
    ):  # fmt: skip
        assert desk.get(path).status_code == status
    assert desk.order(CustomerId=1).status_code == 403
    desk.headers["Ocp-Apim-Subscription-Key"] = "wrong"
    for base, path in (("/v2", "/VatCodes"), ("", "/OAuth/Token")):
        assert desk.call("GET", path, base=base).json()["statusCode"] == 401


def test_lists_come_in_pages_with_a_header():
    """X-Pagination counts; past the end comes 204; PageSize has a limit."""
    desk = Desk()
    answer = desk.get("/VatCodes", PageSize=3, PageNumber=2, Fields="Code")
    assert [row["Code"] for row in answer.json()] == ["33", "5", "52"]
    facts = json.loads(answer.headers["X-Pagination"])
    assert (facts["totalCount"], facts["totalPages"], facts["currentPage"]) == (8, 3, 2)
    assert desk.get("/VatCodes", PageNumber=2).status_code == 204
    for query in ({"PageSize": 5001}, {"Fields": "Nonsense"}):
        refused = desk.get("/VatCodes", **query)
        assert (refused.status_code, refused.json()["title"]) == (400, "Invalid resourceParameter")


# -- the check itself ------------------------------------------------------------------------------


def patched(path):
    body = [{"op": "replace", "path": path, "value": 3}]
    headers = {"Content-Type": "application/json-patch+json"}
    return ("PATCH", "/Customers/7", {"json": body, "headers": headers}, None)


@pytest.mark.parametrize(
    ("method", "path", "more", "answer", "complaint"),
    [
        ("GET", "/Customers", {"params": {"emailAddresses": "a@b.no"}}, None, "unknown query"),
        ("GET", "/Nowhere", {}, None, "no such call"),
        ("POST", "/Customers", {"json": {"VatNumber": "9"}}, None, "additionalProp"),
        ("POST", "/Customers", {"json": {"number": 7}}, None, "additionalProp"),
        ("POST", "/Products", {"json": {"Description": "x"}}, None, "required"),
        ("PATCH", "/Customers/7", {"json": []}, None, "content type"),
        (*patched("/paymentTermId"), "no property"),
        (*patched("/PaymentTerm"), "cannot be patched"),
        (*patched("/Id"), "cannot be"),
        ("GET", "/LockDateSettings", {}, {"LockDate": "31.08.2026"}, "LockDate"),
    ],
)
def test_the_check_stops_what_does_not_fit(method, path, more, answer, complaint):
    """What another client sends, and what comes back, is held against the same table."""
    keys = {"Authorization": "Bearer x", "Ocp-Apim-Subscription-Key": "y"}
    given = {"json": answer, "headers": {"Date": "now"}}
    server = httpx.MockTransport(lambda _: httpx.Response(200 if answer else 204, **given))

    async def once():
        async with httpx.AsyncClient(transport=InterfaceCheck(server, spec="2025")) as http:
            http.headers.update(keys)
            await http.request(method, f"https://go.test/v2{path}", **more)

    with pytest.raises(AssertionError, match=complaint):
        asyncio.run(once())


# -- it misbehaves as it is told, and only then ----------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "status", "made"),
    [
        *((str(status), status, 0) for status in (500, 502, 503, 429)),
        *((f"{status}_after", status, 1) for status in (500, 502, 503)),
        ("expired_token", 401, 0), ("slow", 201, 1), ("refuse", 400, 0),
    ],
)  # fmt: skip
def test_a_request_fails_before_or_after_the_work(fault, status, made):
    """The client sees the same; the books know the difference."""
    desk = Desk()
    customer = desk.person()["Id"]
    desk.faults.at("POST", "/SalesOrders/Complete", 1, fault, title="Nei", detail="Ikke i dag.")
    answer = desk.order(CustomerId=customer)
    assert (answer.status_code, len(desk.books.sales_orders)) == (status, made)
    assert fault != "refuse" or (answer.json()["title"], said(answer)[1]) == ("Nei", "Ikke i dag.")


def test_a_plan_meets_the_nth_request_of_its_kind_once():
    """Other methods, other paths and earlier requests pass; a misspelt fault is an error."""
    desk = Desk()
    desk.faults.at("GET", "/salesorders/*", 2, 503)
    draft = desk.draft()
    paths = ["/SalesOrders", f"/SalesOrders/{draft}", "/VatCodes", f"/SalesOrders/{draft}/Lines"]
    assert [desk.get(p).status_code for p in [*paths, paths[1]]] == [200, 200, 200, 503, 200]
    with pytest.raises(ValueError, match="no such fault"):
        desk.faults.at("GET", "/", 1, "lost")


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
    """A new order is missing from lists and by id for a while; a write sees what there is.
    The Date of each answer is the clock's, since "changed since" is asked by it.
    """
    desk = Desk(stale_seconds=2)
    draft = desk.draft(ExternalImportReference="shop_1")
    path = f"/SalesOrders/{draft}"
    assert (desk.get("/SalesOrders").status_code, desk.get(path).status_code) == (204, 404)
    assert desk.order(ExternalImportReference="shop_1").status_code == 400
    desk.wait(1.5)
    desk.patch(path, CustomerReference="new")
    assert desk.get(path).status_code == 404
    for seconds, reference in ((0.5, None), (1.5, "new")):
        desk.wait(seconds)
        assert desk.get(path).json()["CustomerReference"] == reference
    desk = Desk(latency=0.001)
    for path in ("/VatCodes", "/Nowhere"):
        assert desk.get(path).headers["Date"] == "Mon, 23 Nov 2026 09:00:00 GMT"
