"""The stand-in for PowerOffice Go takes and gives what interface.toml says, and fails as told."""

import base64
import json
import re

import pytest
from go_desk import Desk, said
from interface import TABLE, shape

from woo2po.sandbox.calls import ENDPOINTS
from woo2po.sandbox.shapes import SHAPES

ADDRESS = {"ZipCode": "0155", "City": "Oslo"}
TEXT = {"LineType": "Text", "Description": "Takk"}
CASH = ("Bank", "Cash")


def asked(name):
    """Return what the table lets a body of a shape hold: kind, whether required, whether posted."""
    return {
        key: (asked(of.strip("[]{}")) if of[0] in "[{" else of, "required" in marks,
              "posted" in marks)
        for key, (of, *marks) in shape(name).items() if "answered" not in marks
    }  # fmt: skip


def taken(own):
    """Return the same of what the stand-in takes."""

    def kind(one):
        if one.kind in {"list", "object"}:
            return taken(SHAPES[one.more])
        return one.more if one.kind == "enum" else "<=".join(filter(None, (one.kind, one.more)))

    return {
        one.name: (kind(one), "!" in one.marks, "post" in one.marks)
        for one in own.properties.values() if "ro" not in one.marks
    }  # fmt: skip


@pytest.mark.parametrize("row", TABLE["calls"], ids=lambda row: row["call"])
def test_the_stand_in_takes_just_what_the_table_says(row):
    """Query names of both years; of a body each property, its kind, and whether it must be there:
    the two tables were written apart.
    """
    call = re.sub(r"{\w+}", "{}", row["call"])
    (end,) = (e for e in ENDPOINTS if call == re.sub(r"{\w+}", "{}", f"{e.method} {e.path}"))
    names = {*row.get("only_query", ())}
    if "query" in row:
        names |= {*row["query"], *TABLE["common_query"]}
    assert {*end.names("2025").values()} == names
    assert {*end.names("2026").values()} == names | {*row.get("newer", ())}
    if body := row.get("body", row.get("patch")):
        assert taken(SHAPES["Send"] if end.does == "sent" else end.kind.shape) == asked(body)


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


def test_every_call_of_the_table_is_answered_as_it_says():
    """A tour through all calls: each answer has passed the check against the table."""
    desk = Desk()
    customer, other = (desk.person(MailAddress=ADDRESS)["Id"] for _ in range(2))
    vott = {"Name": "Vott", "StandardSalesAccountId": desk.books.account(3000).id}
    product, unused = (desk.post("/Products", vott).json()["Id"] for _ in range(2))
    draft, unwanted = (desk.draft(desk.line(), TEXT, CustomerId=customer) for _ in range(2))
    order = f"/SalesOrders/{draft}"
    line = f"{order}/Lines/{desk.post(f'{order}/Lines', desk.line('KAF-250')).json()['Id']}"
    answers = [
        desk.post(f"/ContactDeliveryAddresses/{customer}", ADDRESS),
        desk.patch(f"/Products/{product}", Description="Varm"),
        desk.patch(f"/Customers/{customer}", EmailAddress="kari@example.no"),
        desk.patch(order, CustomerReference="1042", CustomMatchingReference="m"),
        desk.patch(line, Quantity=2), desk.get("/SalesOrders", Fields="Id,TotalAmount"),
        *map(desk.get, (line, order, f"{order}/Complete", f"{order}/Lines")),
        *(desk.call("DELETE", path) for path in (
            line, f"/SalesOrders/{unwanted}", f"/Customers/{other}", f"/Products/{unused}")),
        desk.send(draft), desk.get("/SalesOrders/sentState", id=draft),
        *(desk.voucher(customer, 125, kind=k, CustomMatchingReference="m") for k in CASH),
        *map(desk.get, (
            f"/OutgoingInvoices/{draft}", f"/OutgoingInvoices/{draft}/Lines", "/OutgoingInvoices",
            f"/Customers/{customer}", "/Customers", f"/Products/{product}", "/Products",
            "/ContactDeliveryAddresses", "/ProductGroups", "/VatCodes", "/GeneralLedgerAccounts",
            "/ClientBankAccounts", "/LockDateSettings", "/ClientIntegrationInformation",
            "/Departments", "/Projects", "/Locations")),
        desk.get("/Customerledger/OpenItems", date="2026-12-31"),
        *(desk.get(path, fromDate="2026-01-01", toDate="2026-12-31") for path in (
            "/Customerledger/Statement", "/AccountTransactions")),
    ]  # fmt: skip
    assert [answer.url for answer in answers if answer.is_error] == []
    assert desk.check.seen == {row["call"] for row in TABLE["calls"]}


def test_paths_are_told_apart():
    """In any case and below /Demo; unrouted ones get the gateway's 404, objects ProblemDetails."""
    desk = Desk()
    for base, status in (("/v2", 200), ("/Demo/v2", 200), ("/demo/v2", 200), ("", 404)):
        assert desk.call("GET", "/vatcodes", base=base).status_code == status
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
    for path, status in (("/Customers", 204), ("/SalesOrders", 204), ("/VatCodes", 403)):
        assert desk.get(path).status_code == status
    assert desk.order(CustomerId=1).status_code == 403
    for seconds, status in ((1199, 204), (1, 401)):
        desk.wait(seconds)
        assert desk.get("/Customers").status_code == status
    for key, grant, status in (
        ("client", "client_credentials", 200), ("other", "client_credentials", 401),
        ("client", "password", 400),
    ):  # fmt: skip
        form = {"data": {"grant_type": grant}, "auth": ("app", key)}
        assert desk.call("POST", "/OAuth/Token", base="/Demo", **form).status_code == status
    desk.headers["Ocp-Apim-Subscription-Key"] = "wrong"
    for base, path in (("/v2", "/VatCodes"), ("", "/OAuth/Token")):
        assert desk.call("GET", path, base=base).json()["statusCode"] == 401


def test_lists_come_in_pages_with_a_header():
    """X-Pagination counts; past the end comes 204."""
    desk = Desk()
    answer = desk.get("/VatCodes", PageSize=3, PageNumber=2, Fields="Code")
    assert [row["Code"] for row in answer.json()] == ["33", "5", "52"]
    facts = json.loads(answer.headers["X-Pagination"])
    assert (facts["totalCount"], facts["totalPages"], facts["currentPage"]) == (8, 3, 2)
    assert desk.get("/VatCodes", PageNumber=2).status_code == 204


# -- it misbehaves as it is told, and only then ----------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "status", "made"),
    [("503", 503, 0), ("502_after", 502, 1), ("expired_token", 401, 0), ("slow", 201, 1),
     ("refuse", 400, 0)],
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
