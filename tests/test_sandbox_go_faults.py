"""The stand-in for PowerOffice Go misbehaves as it is told, and only then."""

import httpx
import pytest
from go_desk import Desk, said

from woo2po.sandbox.faults import Faults


def orders_after(fault, error=None, **plan):
    """Post an order under a fault; return the answer and how many orders there are."""
    desk = Desk()
    customer = desk.person()["Id"]
    desk.faults.at("POST", "/SalesOrders/Complete", 1, fault, **plan)
    if error is None:
        return desk.order(CustomerId=customer), len(desk.books.sales_orders)
    with pytest.raises(error):
        desk.order(CustomerId=customer)
    return None, len(desk.books.sales_orders)


@pytest.mark.parametrize(
    ("fault", "error", "made"),
    [
        ("lost_before", httpx.ReadError, 0),
        ("lost_after", httpx.ReadError, 1),
        ("timeout_before", httpx.ReadTimeout, 0),
        ("timeout_after", httpx.ReadTimeout, 1),
        ("connect_error", httpx.ConnectError, 0),
        ("late", httpx.ReadTimeout, 0),
    ],
)
def test_a_connection_breaks_before_or_after_the_work(fault, error, made):
    """The client sees the same error; the books know the difference."""
    assert orders_after(fault, error) == (None, made)


@pytest.mark.parametrize(
    ("fault", "status", "made"),
    [
        (500, 500, 0),
        (502, 502, 0),
        (503, 503, 0),
        (429, 429, 0),
        ("500_after", 500, 1),
        ("502_after", 502, 1),
        ("503_after", 503, 1),
        ("expired_token", 401, 0),
        ("slow", 201, 1),
    ],
)
def test_the_service_fails_before_or_after_the_work(fault, status, made):
    """A 5xx says nothing about what was done."""
    answer, orders = orders_after(fault)
    assert (answer.status_code, orders) == (status, made)


def test_a_refusal_has_the_words_it_was_given():
    """A planned refusal carries its own title and detail."""
    answer, orders = orders_after("refuse", title="Nei", detail="Ikke i dag.")
    assert said(answer) == (400, "Ikke i dag.")
    assert (answer.json()["title"], orders) == ("Nei", 0)


def test_an_answer_may_be_html_or_half():
    """Garbage comes with status 200: HTML before the work, cut-off JSON after it."""
    desk = Desk()
    desk.check = desk.wire  # such answers fit no table
    desk.faults.at("GET", "/VatCodes", 1, "html")
    desk.faults.at("GET", "/VatCodes", 2, "garbage")
    first, second = desk.get("/VatCodes"), desk.get("/VatCodes")
    assert first.headers["Content-Type"].startswith("text/html")
    with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
        second.json()


def test_a_plan_meets_the_nth_request_of_its_kind_once():
    """Other methods, other paths and earlier requests pass; the base address does not count."""
    desk = Desk()
    desk.faults.at("GET", "/salesorders/*", 2, 503)
    draft = desk.draft()
    paths = ["/SalesOrders", f"/SalesOrders/{draft}", "/VatCodes", f"/SalesOrders/{draft}/Lines"]
    assert [desk.get(p).status_code for p in [*paths, paths[1]]] == [200, 200, 200, 503, 200]


def test_a_fault_that_does_not_exist_cannot_be_planned():
    """A misspelt fault would make a test pass for nothing."""
    with pytest.raises(ValueError, match="no such fault"):
        Faults().at("GET", "/", 1, "lost")


def test_a_late_request_arrives_when_it_is_let_through():
    """A client that gave up has not called its request back."""
    desk = Desk()
    customer = desk.person()["Id"]
    desk.faults.at("POST", "/SalesOrders/Complete", 1, "late")
    with pytest.raises(httpx.ReadTimeout):
        desk.order(CustomerId=customer)
    assert desk.books.sales_orders == {}
    assert desk.deliver_late() == 1
    assert len(desk.books.sales_orders) == 1
    assert desk.deliver_late() == 0


def test_hooks_run_before_and_after_the_work():
    """A hook may raise, which is how a test kills the process at that moment."""
    desk = Desk()
    seen = []
    desk.faults.before(lambda method, path: seen.append((method, path, len(desk.books.customers))))
    desk.faults.after(lambda method, path: seen.append((method, path, len(desk.books.customers))))
    desk.person()
    assert seen == [("POST", "/Customers", 0), ("POST", "/Customers", 1)]

    def die(method, path):
        raise KeyboardInterrupt

    desk.faults.after(die)
    with pytest.raises(KeyboardInterrupt):
        desk.person()
    assert len(desk.books.customers) == 2


def test_the_eleventh_request_of_a_second_is_refused():
    """Ten requests, log-ins too, pass in a second; the next get 429 with Retry-After."""
    desk = Desk(requests_per_second=10)
    desk.wait(1)
    statuses = [desk.get("/VatCodes").status_code for _ in range(12)]
    assert statuses == [200] * 10 + [429] * 2
    refused = desk.get("/VatCodes")
    assert refused.headers["Retry-After"] == "1"
    assert refused.json()["message"] == "Rate limit is exceeded. Try again in 1 seconds."
    assert (desk.go.requests_this_second, desk.go.busiest_second) == (13, 13)
    desk.wait(1)
    assert desk.get("/VatCodes").status_code == 200


def test_reads_may_lag_behind_writes():
    """With replicas a new order is missing from lists and by id until the delay is over."""
    desk = Desk(stale_seconds=2)
    draft = desk.draft()
    assert desk.get("/SalesOrders").status_code == 204
    assert desk.get(f"/SalesOrders/{draft}").status_code == 404
    desk.wait(1.5)
    desk.patch(f"/SalesOrders/{draft}", CustomerReference="new")
    desk.wait(0.5)
    assert desk.get(f"/SalesOrders/{draft}").json()["CustomerReference"] is None
    desk.wait(1.5)
    assert desk.get(f"/SalesOrders/{draft}").json()["CustomerReference"] == "new"


def test_a_write_sees_its_own_effect_at_once_although_reads_lag():
    """The check for a reference already in use looks at the books, not at a replica."""
    desk = Desk(stale_seconds=60)
    desk.draft(ExternalImportReference="shop_1")
    assert desk.order(ExternalImportReference="shop_1").status_code == 400


@pytest.mark.parametrize(
    ("result", "processing", "error", "invoices"),
    [
        ("ok", False, None, 1),
        ("late", True, None, 0),
        ("fails", False, "Kunden støtter ikke lenger mottak av EHF-faktura.", 0),
        ("no_answer", False, None, 0),
    ],
)
def test_sending_ends_as_told(result, processing, error, invoices):
    """Done, still in the queue, failed, or accepted and forgotten."""
    desk = Desk(send_result=result)
    draft = desk.draft()
    assert desk.send(draft).status_code == 202
    state = desk.sent(draft)
    assert (state["IsInvoiceBeingProcessed"], state["LastErrorMessage"]) == (processing, error)
    assert len(desk.books.outgoing_invoices) == invoices
    desk.wait(5)
    desk.sent(draft)
    assert len(desk.books.outgoing_invoices) == (1 if result in {"ok", "late"} else 0)


def test_an_order_in_the_queue_is_not_changed():
    """While an order is processed, it can be neither edited nor deleted."""
    desk = Desk(send_result="late")
    draft = desk.draft()
    desk.send(draft)
    assert desk.patch(f"/SalesOrders/{draft}", CustomerReference="x").status_code == 409
    assert desk.call("DELETE", f"/SalesOrders/{draft}").status_code == 409


def test_the_state_of_an_order_never_sent_is_a_switch():
    """An answer full of nulls, or none; an unknown id is 404."""
    desk = Desk()
    draft = desk.draft()
    assert desk.sent(draft)["SentDateTimeOffset"] is None
    desk.faults.never_sent_state = "none"
    assert desk.get("/SalesOrders/sentState", id=draft).status_code == 204
    assert desk.get("/SalesOrders/sentState", id="nothing").status_code == 404


def test_matching_and_voucher_references_can_be_switched_off():
    """Then a payment stays open, and the same voucher goes in twice."""
    desk = Desk(matching="none", duplicate_voucher_reference="accepted")
    invoice = desk.invoiced(CustomMatchingReference="m1")
    for _ in range(2):
        paid = desk.voucher(
            invoice["CustomerId"],
            125,
            reference="r",
            CustomMatchingReference="m1",
            InvoiceNo="10001",
        )
        assert paid.status_code == 201
    assert desk.books.invoice(10001).balance == 125


def test_the_date_of_each_answer_is_the_clocks():
    """Also on a refusal, since "changed since" is asked by that header."""
    desk = Desk(latency=0.001)
    for path in ("/VatCodes", "/Nowhere"):
        assert desk.get(path).headers["Date"] == "Mon, 23 Nov 2026 09:00:00 GMT"
