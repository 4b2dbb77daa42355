"""Spacing, safe repeats and the naming of errors, against servers that misbehave on purpose."""

import asyncio
import itertools
import random
import ssl
import subprocess
import sys
from collections import deque
from datetime import UTC, datetime

import httpx
import pytest
from virtual_time import clock, run

from woo2po.http import NeverLeft, NoAnswer, NotUnderstood, Refused, RemoteError
from woo2po.http.spacing import Spacing
from woo2po.poweroffice.answers import refusal
from woo2po.poweroffice.calls import Calls


class Server:
    """Answers with what is scripted, in that order, then with 200; remembers when it was asked."""

    def __init__(self, *answers, latency=0.0, jitter=0.0):
        self.answers = deque(answers)
        self.arrivals = []
        self._latency = latency
        self._jitter = jitter
        self._random = random.Random(4)  # noqa: S311 - jitter, no secret

    async def __call__(self, request):
        await asyncio.sleep(self._random.uniform(0, self._jitter))
        self.arrivals.append(clock())
        await asyncio.sleep(self._latency)
        answer = self.answers.popleft() if self.answers else 200
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, httpx.Response) else httpx.Response(answer)

    def busiest_second(self):
        times = sorted(self.arrivals)
        return max(sum(start <= time < start + 1 for time in times) for start in times)


def calls_over(http):
    spacing = Spacing(10, asyncio.sleep, clock)
    return Calls(http, "https://go.test", httpx.Auth(), spacing, asyncio.sleep)


async def asked(server, kind="write", method="POST", url="https://go.test/Things"):
    async with httpx.AsyncClient(transport=httpx.MockTransport(server)) as http:
        transport = calls_over(http)
        return await getattr(transport, kind)(http.build_request(method, url))


def failure(server, *request):
    with pytest.raises(RemoteError) as caught:
        run(asked(server, *request))
    return caught.value


async def many(server, tasks, each):
    async with httpx.AsyncClient(transport=httpx.MockTransport(server)) as http:
        transport = calls_over(http)

        async def work():
            for _ in range(each):
                await transport.write(http.build_request("POST", "https://go.test/Things"))

        await asyncio.gather(*(work() for _ in range(tasks)))


# Spacing


def test_requests_start_evenly_and_no_second_ever_holds_more_than_ten():
    """Not even with jitter on the way; a slow answer costs no throughput, nothing is a burst."""
    jittery, slow, plain = Server(latency=0.3, jitter=0.05), Server(latency=0.3), Server()
    run(many(jittery, tasks=8, each=12))
    assert jittery.busiest_second() <= 10
    run(many(slow, tasks=8, each=12))
    assert (len(slow.arrivals) - 1) / (slow.arrivals[-1] - slow.arrivals[0]) >= 9.0
    run(many(plain, tasks=5, each=4))
    assert min(b - a for a, b in itertools.pairwise(plain.arrivals)) >= 0.1


def test_after_a_429_nobody_starts_before_the_time_that_the_server_names():
    """One task's 429 pauses every task for Retry-After."""
    busy = httpx.Response(429, headers={"Retry-After": "7"})
    server = Server(200, 200, busy)
    run(many(server, tasks=4, each=3))
    third, fourth = server.arrivals[2:4]
    assert fourth - third >= 7
    assert len(server.arrivals) == 13


@pytest.mark.parametrize("said", [None, "soon", "", "-4", "0"])
def test_a_429_that_names_no_time_costs_a_second(said):
    """Retry-After is never taken for less than that."""
    server = Server(httpx.Response(429, headers={} if said is None else {"Retry-After": said}))
    run(asked(server))
    assert server.arrivals[1] - server.arrivals[0] == pytest.approx(1.0)


@pytest.mark.parametrize(("said", "times"), [("1", 10), ("3600", 1)])
def test_a_request_that_is_put_off_for_ever_never_left(said, times):
    """After ten times 429, or a pause of an hour, it is given up: nothing was carried out."""
    server = Server(*[httpx.Response(429, headers={"Retry-After": said}) for _ in range(50)])
    error = failure(server)
    assert (type(error), error.code) == (NeverLeft, "poweroffice_busy")
    assert len(server.arrivals) == times


# What may be repeated

NEVER_LEFT = {
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
}


def kinds_of_error():
    """Return every error that httpx may raise for a request, found in httpx itself."""
    found, left = set(), [httpx.RequestError]
    while left:
        kind = left.pop()
        found.add(kind)
        left.extend(kind.__subclasses__())
    return sorted((k for k in found if k.__module__.startswith("httpx")), key=lambda k: k.__name__)


@pytest.mark.parametrize("kind", kinds_of_error())
def test_a_read_is_tried_three_times_and_a_write_only_where_nothing_of_it_left(kind):
    """Every error of httpx but those of connecting means: it may have been carried out."""
    never_left = kind in NEVER_LEFT
    named = (
        (NeverLeft, "poweroffice_not_reached")
        if never_left
        else (NoAnswer, "poweroffice_no_answer")
    )
    for way, method, attempts in (("read", "GET", 3), ("write", "POST", 3 if never_left else 1)):
        server = Server(*[kind("broken")] * 9)
        error = failure(server, way, method)
        assert (type(error), error.code) == named
        assert error.facts["why"] == kind.__name__
        assert len(server.arrivals) == attempts


def test_tls_that_fails_on_the_way_leaves_a_write_in_doubt_and_repeats_a_read():
    """Python's own error comes through httpx as it is: it is a broken connection like any other."""
    broken = ssl.SSLError("decryption failed or bad record mac")
    write, read = Server(broken), Server(broken, broken, 200)
    assert isinstance(failure(write), NoAnswer)
    assert len(write.arrivals) == 1
    assert run(asked(read, "read", "GET")).status_code == 200


@pytest.mark.parametrize("status", [500, 501, 502, 503, 504, 408])
def test_an_error_of_the_server_leaves_a_write_in_doubt_and_repeats_a_read(status):
    """It comes before, during or after the work; of a read the third answer counts."""
    write, good, bad = Server(status), Server(status, status, 200), Server(*[status] * 3, 200)
    error = failure(write)
    assert (type(error), error.facts["why"]) == (NoAnswer, f"HTTP {status}")
    assert len(write.arrivals) == 1
    assert run(asked(good, "read", "GET")).status_code == 200
    assert isinstance(failure(bad, "read", "GET"), NoAnswer)
    assert len(bad.arrivals) == 3


def test_a_write_goes_through_once_the_connection_can_be_made():
    """Waits grow: the second attempt comes after one second, the third after three more."""
    server = Server(httpx.ConnectError("no route"), httpx.ConnectTimeout("slow"), 201)
    assert run(asked(server)).status_code == 201
    first, second, third = server.arrivals
    assert (second - first, third - second) == (pytest.approx(1.0), pytest.approx(3.0))


def test_a_write_that_lost_its_connection_and_then_its_answer_is_of_unknown_fate():
    """After a safe repeat the first doubt still ends it."""
    server = Server(httpx.ConnectError("no route"), httpx.ReadTimeout("slow"), 200)
    assert isinstance(failure(server), NoAnswer)
    assert len(server.arrivals) == 2


@pytest.mark.parametrize("kind", ["read", "write"])
@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 409, 415, 422])
def test_a_clear_no_is_said_once(kind, status):
    """A 4xx is not tried again, by a read or by a write."""
    server = Server(status)
    error = failure(server, kind)
    assert (type(error), error.status) == (Refused, status)
    assert len(server.arrivals) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308, 304])
def test_a_redirect_is_never_followed(status):
    """Credentials go to no other address; the error names the host that wanted it."""
    elsewhere = httpx.Response(status, headers={"Location": "https://elsewhere.test/"})
    server = Server(elsewhere)
    error = failure(server, "read", "GET")
    assert (type(error), error.code) == (NotUnderstood, "poweroffice_redirected")
    assert error.facts["host"] == "go.test"
    assert len(server.arrivals) == 1


# Errors in words


@pytest.mark.parametrize(
    ("body", "title", "detail"),
    [
        ('{"title": "Customer validation error(s)", "status": 400, "detail": "In use."}',
         "Customer validation error(s)", "In use."),
        ('{"Type": null, "Title": "Object(s) not found", "Status": 404, "Detail": "None."}',
         "Object(s) not found", "None."),
        ('{"title": "Invalid", "errors": {"A.City": ["City is required.", "Short."], "": ["B."]}}',
         "Invalid", "A.City: City is required. A.City: Short. B."),
        ('{"errors": {"Name": "Required."}}', "", "Name: Required."),
        ('{"title": null, "detail": "Only this."}', "", "Only this."),
        ('{"error": "invalid_client", "error_description": "Unknown."}',
         "invalid_client", "Unknown."),
    ],
)  # fmt: skip
def test_the_applications_words_are_found_in_every_shape(body, title, detail):
    """Problem details in both cases, maps of errors and OAuth's errors are all read."""
    said = refusal(httpx.Response(400, text=body))
    assert (said.title, said.detail, said.by_application) == (title, detail, True)


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ('{"statusCode": 404, "message": "Resource not found"}', "Resource not found"),
        ("<html><title>404</title></html>", ""),
        ("", ""),
        ("[]", ""),
        ('"no"', ""),
        ('{"title": 7, "detail": ["x"], "errors": [1]}', ""),
        ("\xff", ""),
    ],
)
def test_a_refusal_that_the_application_never_spoke_is_told_apart(body, detail):
    """Gateways, web servers and empty bodies leave the HTTP reason as the title."""
    said = refusal(httpx.Response(404, content=body.encode("latin-1")))
    assert (said.title, said.detail, said.by_application) == ("Not Found", detail, False)


def test_an_errors_text_is_cut_and_holds_no_words_of_the_other_side():
    """What PowerOffice says may name a customer: that is not repeated, its other words are."""
    said = refusal(httpx.Response(400, json={"title": "t" * 5000, "detail": "d" * 5000}))
    assert (len(said.title), len(said.detail)) == (1000, 1000)
    detail = "kari@example.no (Kari Nordmann) is in use"
    error = failure(Server(httpx.Response(400, json={"title": "No", "detail": detail})))
    assert str(error) == "poweroffice: poweroffice_refused"
    assert error.facts["detail"] == "… (… …) is in use"


def test_an_error_names_the_request_but_not_its_query():
    """A query may hold an e-mail address."""

    lost = Server(*[httpx.ReadTimeout("slow")] * 3)
    error = failure(lost, "read", "GET", "https://go.test/A?email=kari@a.no")
    assert error.facts == {"host": "go.test", "what": "GET /A", "why": "ReadTimeout"}


# Time and start-up


def test_the_newest_date_header_is_the_servers_time():
    """An older Date (another web server's, an answer overtaken) does not turn it back."""

    async def times():
        dates = ["Mon, 23 Nov 2026 10:00:05 GMT", "Mon, 23 Nov 2026 10:00:00 GMT", "nonsense", None]
        answers = [httpx.Response(200, headers={"Date": date} if date else {}) for date in dates]
        async with httpx.AsyncClient(transport=httpx.MockTransport(Server(*answers))) as http:
            transport = calls_over(http)
            before = transport.server_time
            for _ in answers:
                await transport.read(http.build_request("GET", "https://go.test/"))
            return before, transport.server_time

    assert run(times()) == (None, datetime(2026, 11, 23, 10, 0, 5, tzinfo=UTC))


def test_the_error_classes_cost_an_idle_poll_nothing():
    """Importing the module brings httpx, and neither tenacity nor the PowerOffice client."""
    code = (
        "import sys, woo2po.http, woo2po.woocommerce\n"
        "print([m for m in sys.modules if m in ('tenacity', 'woo2po.poweroffice')])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"
