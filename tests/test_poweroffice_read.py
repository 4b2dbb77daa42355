"""What PowerOffice's client makes of answers, of the expected and of every odd shape."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import httpx
import pytest
from poweroffice_client import *
from test_poweroffice_written import CUSTOMER, ID, SALES_ORDER

from woo2po.documents import SentState
from woo2po.http import CannotLogIn, NotAllowed, NotUnderstood, Refused

OTHER_ID = ID[:-1] + "2"
AT = "2026-11-23T09:00:00.1234567+00:00"
INVOICE = {"Id": ID, "InvoiceNo": 10001, "TotalAmount": 195.44}
ENTRY = {"Id": 900001, "CustomMatchingReference": "fjell-1042", "InvoiceNo": None,
         "CurrencyAmount": -195.44, "VoucherId": ID}  # fmt: skip


def draft(**changes):
    return Scripted({**SALES_ORDER, **changes}).draft(ID)


def state(**changes):
    return {"Id": ID, "IsInvoiceBeingProcessed": False, "InvoiceDeliveryType": "Print", **changes}


def create(go):
    return go.create_voucher(PAID)


def look(go):
    return go.ledger(**OF_ONE)


def send(go):
    return go.send_invoice(ID, PREPAID)


def rows(count, start=1):
    return [{"Id": n, "Number": n, "ContactId": n} for n in range(start, start + count)]


def page(body, **pagination):
    return httpx.Response(200, json=body, headers={"X-Pagination": json.dumps(pagination)})


# Pages


@pytest.mark.parametrize(
    "pagination",
    [{"totalPages": 3}, {"TotalPages": 3, "NextPageLink": ""}, {"nextPageLink": "x"}, {}],
)
def test_every_page_is_read_whatever_the_header_says_it_in(pagination):
    pages = [page(rows(1000), **pagination), page(rows(1000, 1001), **pagination)]
    last = {**pagination, "nextPageLink": None} if "nextPageLink" in pagination else pagination
    go = Scripted(*pages, page(rows(5, 2001), **last))
    assert [one.id for one in go.delivery_addresses([1])] == list(range(1, 2006))
    assert [query["PageNumber"] for query in go.queries] == ["1", "2", "3"]


def header(text):
    return httpx.Response(200, json=rows(999), headers={"X-Pagination": text})


@pytest.mark.parametrize(
    ("answers", "listed", "asked"),
    [
        # Without a usable header a short page is the last.
        *(([header(text)], 999, 1) for text in ("", "nonsense", "[]", "7", '{"totalPages": "3"}')),
        ([page(rows(1000), nextPageLink=None)], 1000, 1),  # a full one ends where it says so
        ([rows(1000), httpx.Response(204)], 1000, 2),
        ([page(rows(1000), totalPages=9)] * 9, 1000, 2),  # page numbers are ignored there
    ],
)
def test_a_list_ends_where_no_more_can_come(answers, listed, asked):
    """With no question too many, and never for ever: a page that brings nothing new ends it."""
    go = Scripted(*answers)
    assert (len(go.delivery_addresses([1])), len(go.requests)) == (listed, asked)


def test_a_row_that_moved_between_two_pages_is_listed_once():
    moved = {"Id": 1000, "ContactId": 1, "ExternalCode": "new"}
    found = Scripted(rows(1000), [moved, *rows(3, 1001)]).delivery_addresses([1])
    assert len(found) == 1003
    assert [one.external_code for one in found if one.id == 1000] == ["new"]


# Values


def test_what_is_said_is_read_exactly_and_what_is_not_is_empty():
    """Amounts as numbers or texts, names in any case; null and missing texts; new fields."""
    answer = '{"id": "o", "salesOrderNo": "7", "netAmount": "0.30", "TotalAmount": 0.1}'
    seen = Scripted(httpx.Response(200, text=answer)).draft("o")
    assert (seen.net, seen.total, seen.number) == (Decimal("0.30"), Decimal("0.1"), 7)
    seen = draft(CustomerReference=None, Shiny={"New": [1]})
    assert (seen.customer_reference, seen.order_date, seen.lines) == ("", None, ())
    lines = [
        {"Id": "b", "SortOrder": 1, "VatRate": None},
        {"Id": "a", "SortOrder": 0, "VatRate": 0.15, "NetAmount": 10, "VatAmount": 1.5},
    ]
    read = [(one.id, one.vat_rate, one.vat) for one in draft(SalesOrderLines=lines).lines]
    assert read == [("a", 15, Decimal("1.5")), ("b", None, None)]
    # What says nothing of being active is not put away, and needs no department.
    (seen,) = Scripted([{"Id": 1, "AccountNo": 3000}]).accounts()
    assert (seen.active, seen.needs_department, seen.name) == (True, False, "")
    (line,) = draft(SalesOrderLines=[{"Id": "a"}]).lines
    assert (line.sort_order, line.use_standard_account, line.net) == (0, None, None)


def test_dates_and_times_are_read_in_every_spelling():
    """Days may carry a time, times seven decimals or no offset (then UTC); all become UTC."""

    def customers(said):
        go = Scripted([{**CUSTOMER, "CustomerCreatedDateTimeOffset": said, "IsActive": False}])
        return go.customers(numbers=[10000])

    day = draft(SalesOrderDate="2026-11-20T00:00:00+01:00").order_date
    assert day == date(2026, 11, 20)
    for said in ("2021-09-30T10:03:00.1234567+02:00", "2021-09-30T08:03:00.123456"):
        (seen,) = customers(said)
        assert seen.created == datetime(2021, 9, 30, 8, 3, 0, 123456, tzinfo=UTC)
        assert seen.is_archived  # a supplier that once was a customer can't be invoiced
    assert failure(customers, "yesterday").facts["field"] == "CustomerCreatedDateTimeOffset"


def test_a_company_without_a_lock_date_has_none_and_one_that_cannot_be_read_is_not_taken_for_it():
    """What an open company says is not described; a guess would date into a locked period."""
    open_ones = [{"LockDate": said} for said in (None, "0001-01-01", "0001-01-01T00:00:00")]
    for one in (*open_ones, {}, httpx.Response(204)):
        assert Scripted(one).lock_date() is None
    assert Scripted({"LockDate": "2026-08-31"}).lock_date() == date(2026, 8, 31)


def test_an_invoice_without_balance_customer_or_dates_is_listed_all_the_same():
    """They may be missing, and are in a sales order; an entry that only shares a match is not
    ours; an invoice that is not there has no lines.
    """
    for (seen,) in (Scripted([INVOICE]).invoices(), Scripted([SALES_ORDER]).sales_orders()):
        assert (seen.balance, seen.customer_id, seen.day, seen.due) == (None, None, None, None)
    entries = look(Scripted([ENTRY, {**ENTRY, "Id": 2, "CustomMatchingReference": None}]))
    assert [one.id for one in entries] == [900001]
    assert Scripted(httpx.Response(204)).invoice_lines(ID) == ()


DRAFT = [
    ({"Id": None}, "Id"),
    *(({"SalesOrderNo": said}, "SalesOrderNo") for said in (None, 7.5, True)),
    *(({"TotalAmount": said}, "TotalAmount") for said in (None, "kr 5", "NaN", {})),
    *(({"CustomerReference": said}, "CustomerReference") for said in (["x"], True)),
    ({"SalesOrderDate": "20.11.2026"}, "SalesOrderDate"),
    *(({"SalesOrderLines": said}, "SalesOrderLines") for said in ({}, ["x"])),
    ({"SalesOrderLines": None, "LineCount": 2}, "SalesOrderLines"),
    ({"SalesOrderLines": [{"Id": "a", "UseStandardSalesAccount": "yes"}]},
     "UseStandardSalesAccount"),
    ({"SalesOrderLines": [{"SortOrder": 1}]}, "Id"),
]  # fmt: skip
STATE = [
    ([state(Id=OTHER_ID), state(Id=OTHER_ID)], "Id"),
    ([{"InvoiceNo": 1}], "Id"),
    ([state(InvoiceNo="F-1")], "InvoiceNo"),
    ([state(SentDateTimeOffset="soon")], "SentDateTimeOffset"),
    ([state(IsInvoiceBeingProcessed="no")], "IsInvoiceBeingProcessed"),
    ([state(LastErrorMessage={"text": "x"})], "LastErrorMessage"),
]


@pytest.mark.parametrize(
    ("call", "answer", "field", "what"),
    [
        *((lambda go: go.draft(ID), {**SALES_ORDER, **changes}, field, f"SalesOrders/{ID}/Complete")
          for changes, field in DRAFT),
        *((lambda go: go.sent_state(ID), answer, field, "SalesOrders/sentState")
          for answer, field in STATE),
        (create, {"Id": ID}, "VoucherNo", ""),
        (create, {"VoucherNo": 17}, "Id", ""),
        (create, httpx.Response(204), "Id", ""),
        (look, [{**ENTRY, "CurrencyAmount": None}], "CurrencyAmount", ""),
        (look, [{**ENTRY, "VoucherId": None}], "VoucherId", ""),
        (lambda go: go.invoices(), [{**INVOICE, "DueDate": "soon"}], "DueDate", ""),
        (lambda go: go.invoices(), [{**INVOICE, "InvoiceNo": 0}], "InvoiceNo", ""),
        (lambda go: go.lock_date(), {"LockDate": "31.08.2026"}, "LockDate", ""),
    ],
)  # fmt: skip
def test_a_value_that_must_be_there_is_not_guessed(call, answer, field, what):
    """A guess would be a document too many, or one too few."""
    error = failure(call, Scripted(answer))
    assert (type(error), error.code) == (NotUnderstood, "poweroffice_not_understood")
    assert error.facts == {"what": error.facts["what"], "field": field}
    assert error.facts["what"].startswith(what)


@pytest.mark.parametrize(
    "body", ["<html>Logg inn</html>", "", '{"Id": ', "[1, 2]", '"text"', '[{"Id": NaN}]', "null"]
)
def test_an_answer_that_is_no_json_of_the_right_shape_is_not_understood(body):
    for call in (lambda go: go.draft(ID), lambda go: go.products()):
        error = failure(call, Scripted(httpx.Response(200, text=body)))
        assert (type(error), error.code) == (NotUnderstood, "poweroffice_not_json")
    # An error that comes as 200 is no empty list.
    assert failure(Scripted({"Id": 1}).products).code == "poweroffice_not_json"


# Refusals

QUOTA = {"statusCode": 403, "message": "Out of call volume quota."}
CONFLICT = {"title": "Conflict", "detail": "In use."}


@pytest.mark.parametrize(
    ("call", "answer", "kind", "code"),
    [
        (send, httpx.Response(403), NotAllowed, "may_not_send"),
        (send, httpx.Response(403, json={"title": "Forbidden"}), NotAllowed, "may_not_send"),
        (send, httpx.Response(403, json=QUOTA), CannotLogIn, "poweroffice_blocked"),
        (lambda go: go.delete_draft(ID), httpx.Response(400, json={"title": "missing Privilege"}),
         CannotLogIn, "missing_privilege"),
        (lambda go: go.sent_state(ID), httpx.Response(404, json={"message": "Resource not found"}),
         NotUnderstood, "poweroffice_wrong_address"),
        # Only a 400 means an unknown filter, and only a 404 that a draft is not there.
        *((call, httpx.Response(409, json=CONFLICT), Refused, "poweroffice_refused") for call in (
            lambda go: go.customers(emails=["a@x.no"]), lambda go: go.draft(ID))),
    ],
)  # fmt: skip
def test_a_refusal_stops_the_sending_the_run_or_is_no_refusal_at_all(call, answer, kind, code):
    """A 403 with or without words, a gateway's quota, "Missing privilege" in any case."""
    error = failure(call, Scripted(answer))
    assert (type(error), error.code) == (kind, code)
    assert code != "missing_privilege" or error.facts["role"] == "SalesOrders_Full"
    assert code != "poweroffice_blocked" or error.facts["said"] == QUOTA["message"]
    assert kind is not Refused or error.status == 409


# How far sending has come


@pytest.mark.parametrize(
    ("answer", "seen"),
    [
        # No content, an empty list, or an id that PowerOffice does not know (any more).
        (httpx.Response(204), None),
        ([], None),
        (httpx.Response(404, json={"title": "Object(s) not found", "detail": "Order ..."}), None),
        # Null and missing fields are no progress; a number without a moment is not sent.
        ([{"Id": ID, "IsInvoiceBeingProcessed": None}], SentState(False, False, None, "")),
        ([state(InvoiceNo=10001, LastErrorMessage=" EHF feilet. ")],
         SentState(False, False, 10001, "EHF feilet.")),
        # Of several the order's own and furthest counts. A single one is the order's even under
        # another id, which may be the invoice's.
        ([state(Id=OTHER_ID, InvoiceNo=7, SentDateTimeOffset=AT)], SentState(False, True, 7, "")),
        ([state(Id=OTHER_ID, SentDateTimeOffset=AT), state(Id=ID.upper(), InvoiceNo=8)],
         SentState(False, False, 8, "")),
        ([state(LastErrorMessage="x"), state(InvoiceNo=9, SentDateTimeOffset=AT), state()],
         SentState(False, True, 9, "")),
        ([state(InvoiceNo=1), state(InvoiceNo=2, IsInvoiceBeingProcessed=True)],
         SentState(True, False, 2, "")),
        ([state(InvoiceNo=1, IsInvoiceBeingProcessed=True), state(SentDateTimeOffset=AT)],
         SentState(False, True, None, "")),
    ],
)  # fmt: skip
def test_a_state_is_read_as_far_as_it_says_anything(answer, seen):
    assert Scripted(answer).sent_state(ID) == seen
