"""The stand-in for PowerOffice Go takes and gives what interface.toml says, and fails as told."""

import base64
import json
import re
import tomllib
from pathlib import Path

import pytest
from go_desk import Desk, said

from woo2po.sandbox.calls import ENDPOINTS
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
    named = {"sent": "Send", "sent_state": "SentState"}.get(end.does)
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


def test_what_is_made_is_201_and_what_is_empty_204():
    """And a request to send is 202, with where to look."""
    desk = Desk()
    customer, address = desk.person()["Id"], {"ZipCode": "0155", "City": "Oslo"}
    draft = desk.draft(CustomerId=customer)
    for path, body in (
        ("/Customers", {"Name": "X"}), ("/Products", {"Name": "Vott"}),
        (f"/ContactDeliveryAddresses/{customer}", address), (f"/SalesOrders/{draft}/Lines", {}),
        ("/SalesOrders/Complete", {"CustomerId": customer}),
    ):  # fmt: skip
        assert desk.post(path, body).status_code == 201
    sent = desk.send(draft)
    assert sent.headers["Location"] == f"/v2/SalesOrders/SentState?id={draft}"
    for kind in ("Bank", "Cash"):
        assert desk.voucher(customer, 125, kind=kind).status_code == 201
    answers = sent, desk.patch(f"/Customers/{customer}", Name="Y"), desk.get("/Locations")
    assert [(one.status_code, bool(one.content)) for one in answers] == [
        (202, True), (200, True), (204, False)]  # fmt: skip


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
    told = desk.get("/ClientIntegrationInformation").json()
    assert (told["ClientName"], told["AllowSendInvoice"]) == ("Fjellbutikken AS", False)
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
