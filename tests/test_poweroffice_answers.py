"""What the PowerOffice client makes of answers, of the expected and of every odd shape."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import httpx
import pytest
from poweroffice_wire import CUSTOMER, SALES_ORDER, Wire, failure, told

from woo2po.http import NotUnderstood, Refused


def rows(count, start=1):
    return [{"Id": n, "Number": n, "ContactId": n} for n in range(start, start + count)]


def listed(body, **pagination):
    return httpx.Response(200, json=body, headers={"X-Pagination": json.dumps(pagination)})


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


def test_a_header_without_a_next_page_ends_a_full_one():
    """Exactly a thousand rows cost no second question when the header says so."""
    wire = Wire(listed(rows(1000), nextPageLink=None))
    assert len(told(wire, lambda go: go.delivery_addresses([1]))) == 1000


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
    """Days may carry a time, times seven decimals or no offset (then UTC); all become UTC."""
    wire = Wire({**SALES_ORDER, "SalesOrderDate": "2026-11-20T00:00:00+01:00"})
    assert told(wire, lambda go: go.draft("o")).order_date == date(2026, 11, 20)
    for text in ("2021-09-30T10:03:00.1234567+02:00", "2021-09-30T08:03:00.123456"):
        wire = Wire([{**CUSTOMER, "CustomerCreatedDateTimeOffset": text}])
        (seen,) = told(wire, lambda go: go.customers(numbers=[10000]))
        assert seen.created == datetime(2021, 9, 30, 8, 3, 0, 123456, tzinfo=UTC)
    answer = [{**CUSTOMER, "CustomerCreatedDateTimeOffset": "yesterday"}]
    error = failure(answer, lambda go: go.customers(numbers=[10000]))
    assert error.facts["field"] == "CustomerCreatedDateTimeOffset"


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
    # An error that comes as 200 is no empty list.
    assert failure({"Id": 1}, lambda go: go.products()).code == "poweroffice_not_json"


@pytest.mark.parametrize(
    "call", [lambda go: go.customers(emails=["a@x.no"]), lambda go: go.draft("o")]
)
def test_a_refusal_of_another_kind_stays_a_refusal(call):
    """Only a 400 means an unknown filter, and only a 404 that a draft is not there."""
    answer = httpx.Response(409, json={"title": "Conflict", "detail": "In use."})
    error = failure(answer, call)
    assert (type(error), error.status) == (Refused, 409)


def test_everybody_is_locked_until_a_day():
    """That day included."""
    assert told(Wire({"LockDate": "2026-08-31"}), lambda go: go.lock_date()) == date(2026, 8, 31)
