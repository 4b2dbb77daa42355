"""One call to PowerOffice: the token, the spacing, safe repeats, and how errors are named."""

import asyncio
import base64
import itertools
import json
import os
import random
import socket
import ssl
import struct
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from poweroffice_client import *
from virtual_time import clock

from woo2po import connections
from woo2po.config.sections import PowerOfficeSection
from woo2po.http import CannotLogIn, NeverLeft, NoAnswer, NotUnderstood, Refused
from woo2po.http.spacing import Spacing
from woo2po.poweroffice.calls import Calls, refusal

KEYS = {"application_key": "app-key-1", "client_key": "client-key-2",
        "subscription_key": "subscription-key-3"}  # fmt: skip
CLAIMS = {"goClientId": "77", "goClientName": "Fjellsport AS", "goAllowSendInvoice": "True",
          "role": ["Customer_Full", "SalesOrders_Full"]}  # fmt: skip
LOST = httpx.ReadTimeout("slow")


def jwt(**claims):
    """Return a token as PowerOffice's: three parts, the middle one readable."""
    payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    return f"head.{payload}.signature"


class Server:
    """Answers with what is scripted, in that order, then well; remembers who asked, and when."""

    def __init__(self, *answers, tokens=(), claims=CLAIMS, lifetime=1200, **slow):
        self.answers, self.tokens = deque(answers), deque(tokens)
        self.claims, self.lifetime = claims, lifetime
        self.latency, self.jitter = slow.get("latency", 0), slow.get("jitter", 0)
        self.delays = slow.get("delays", [])  # of the first answers
        self.logins, self.calls, self.arrivals = [], [], []
        self._random = random.Random(4)  # noqa: S311 - jitter, no secret
        self.client = Waited(client_over(httpx.MockTransport(self), keys=KEYS))

    async def __call__(self, request):
        await asyncio.sleep(self._random.uniform(0, self.jitter))
        self.arrivals.append(clock())
        await asyncio.sleep(self.latency)
        if request.url.path == "/OAuth/Token":
            self.logins.append(request)
            return self._answer(self.tokens) or self._token()
        self.calls.append(request)
        answer = self._answer(self.answers) or httpx.Response(200)
        await asyncio.sleep(self.delays.pop(0) if self.delays else 0)
        return answer

    def _answer(self, answers):
        answer = answers.popleft() if answers else None
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer) if isinstance(answer, int) else answer

    def _token(self):
        token = jwt(n=len(self.logins), **self.claims)
        return httpx.Response(200, json={"access_token": token, "expires_in": self.lifetime})

    @property
    def pauses(self):
        """The seconds between two requests."""
        return [b - a for a, b in itertools.pairwise(self.arrivals)]

    def busiest_second(self):
        times = sorted(self.arrivals)
        return max(sum(start <= time < start + 1 for time in times) for start in times)


def over(server):
    """Return an HTTP client at the server, and the calls that it makes without logging in."""
    http = httpx.AsyncClient(transport=httpx.MockTransport(server))

    async def made():
        spacing = Spacing(10, asyncio.sleep, clock)
        return Calls(http, "https://go.test", httpx.Auth(), spacing, asyncio.sleep)

    return http, RUNNER.run(made())


def asked(server, method="POST", url="https://go.test/Things"):
    """Return the answer to a single read or write."""
    http, calls = over(server)
    return RUNNER.run(calls.sent(http.build_request(method, url), reads=method == "GET"))


def read(server, url="https://go.test/Things"):
    return asked(server, "GET", url)


def many(server, tasks, each):
    """Let many tasks write, one call after the other."""
    http, calls = over(server)

    async def work():
        for _ in range(each):
            await calls.sent(http.build_request("POST", "https://go.test/Things"), reads=False)

    async def together():
        await asyncio.gather(*(work() for _ in range(tasks)))

    RUNNER.run(together())


def delete(server):
    return server.client.delete_draft("a-guid")


def together(count):
    """Return the work of so many readers at once."""

    def work(server):
        async def readers():
            await asyncio.gather(*(server.client.of.products() for _ in range(count)))

        RUNNER.run(readers())

    return work


def log_in(server):
    server.client.log_in()
    go = server.client.of
    return go.company.id, go.company.name, go.company.privileges, go.company.may_send_invoices


# The token


def test_tasks_that_begin_together_fetch_one_token_and_do_not_start_in_a_burst():
    """Whoever comes meanwhile waits for it; each call carries token and subscription key."""
    go = Server(*[204] * 8, latency=0.3)
    together(8)(go)
    assert (len(go.logins), len(go.calls)) == (1, 8)
    assert {one.headers["Authorization"] for one in go.calls} == {f"Bearer {jwt(n=1, **CLAIMS)}"}
    assert {one.headers["Ocp-Apim-Subscription-Key"] for one in go.calls} == {"subscription-key-3"}
    assert min(go.pauses) >= 0.1


@pytest.mark.parametrize(
    ("lifetime", "pauses", "tokens"), [(1200, (1139, 2), 2), (60, (0, 0), 1), (60, (25, 10), 2)]
)
def test_a_token_is_renewed_a_minute_before_it_ends_or_halfway(lifetime, pauses, tokens):
    """A short life does not mean a token per call."""
    go = Server(204, 204, lifetime=lifetime)
    log_in(go)
    for pause in pauses:
        RUNNER.run(asyncio.sleep(pause))
        go.client.products()
    assert len(go.logins) == tokens
    assert go.calls[-1].headers["Authorization"] == f"Bearer {jwt(n=tokens, **CLAIMS)}"


@pytest.mark.parametrize(
    ("work", "answers", "delays", "calls"),
    [
        (delete, [401, 200], [], 2),  # 401 means not processed, so even a write is sent again
        (together(4), [401] * 4 + [204] * 4, [], 8),  # one that another task replaced is not again
        (together(2), [401] * 2 + [204] * 2, [5], 4),  # nor a newer one lost by a late 401
    ],
)
def test_a_401_is_answered_with_one_new_token_and_one_repeat(work, answers, delays, calls):
    go = Server(*answers, delays=delays, latency=0.3)
    work(go)
    assert (len(go.logins), len(go.calls)) == (2, calls)


APIM = {"statusCode": 401, "message": "Access denied due to invalid subscription key."}


@pytest.mark.parametrize(
    ("body", "code"), [({}, "token_rejected"), (APIM, "wrong_subscription_key")]
)
def test_a_second_401_ends_the_run(body, code):
    """A token that was just fetched and is refused can't be helped by a third."""
    go = Server(*(httpx.Response(401, json=body) for _ in range(5)))
    error = failure(delete, go)
    assert (type(error), error.code) == (CannotLogIn, f"poweroffice_{code}")
    assert (len(go.logins), len(go.calls)) == (2, 2)


@pytest.mark.parametrize(
    ("answer", "kind", "code"),
    [
        (httpx.Response(400, json={"error": "invalid_client"}), CannotLogIn, "wrong_keys"),
        (httpx.Response(401), CannotLogIn, "wrong_keys"),
        (httpx.Response(401, text="<html>"), CannotLogIn, "wrong_keys"),
        (httpx.Response(401, json=APIM), CannotLogIn, "wrong_subscription_key"),
        (httpx.Response(400, json={"error": "unsupported"}), CannotLogIn, "login_refused"),
        (httpx.Response(403), CannotLogIn, "login_refused"),
        (httpx.Response(404), NotUnderstood, "wrong_address"),
        (httpx.Response(302, headers={"Location": "https://x.test"}), NotUnderstood, "redirected"),
        (httpx.Response(200, text="<html>"), NotUnderstood, "not_understood"),
        *((httpx.Response(200, json=body), NotUnderstood, "not_understood") for body in (
            {"expires_in": 1200}, {"access_token": None}, ["t"],
            {"access_token": "t", "expires_in": "x"})),
    ],
)  # fmt: skip
def test_a_log_in_that_fails_says_what_to_look_at(answer, kind, code):
    """One key, the other two, the address, or an answer that holds no token; one request."""
    go = Server(tokens=[answer])
    error = failure(log_in, go)
    assert (type(error), error.code) == (kind, f"poweroffice_{code}")
    assert kind is NotUnderstood or error.facts["host"] == "go.test"
    assert len(go.logins) == 1


@pytest.mark.parametrize(
    ("tokens", "calls", "kind", "asked"),
    [
        *(([status] * 9, [], NeverLeft, (3, 0)) for status in (500, 503, 408, LOST)),
        ([LOST, 503], [200], None, (3, 1)),
        ([], [LOST], NoAnswer, (1, 1)),
    ],
)
def test_a_write_whose_token_could_not_be_fetched_never_left(tokens, calls, kind, asked):
    """It is sent once when the log-in works again; only its own time-out leaves a doubt."""
    go = Server(*calls, tokens=tokens)
    if kind is None:
        delete(go)
    else:
        assert type(failure(delete, go)) is kind
    assert (len(go.logins), len(go.calls)) == asked


def test_the_right_to_send_is_true_false_or_not_said():
    """No claim is not a no: an older token does not carry it."""
    for said, allowed in (({}, None), ({"goAllowSendInvoice": "False"}, False),
                          ({"goAllowSendInvoice": True}, True)):  # fmt: skip
        assert log_in(Server(claims={"goClientId": "77", **said}))[-1] is allowed
    company = {"ClientId": "77", "ClientName": "Fjellsport AS", "AllowSendInvoice": False}
    rights = {"ValidPrivileges": ["Customer_Full"], "InvalidPrivileges": None}
    for token in ("opaque", "a.b.c", "a.bm90IGpzb24.c", "a.WzFd.c"):
        information = httpx.Response(200, json={**company, **rights})
        opaque = [httpx.Response(200, json={"access_token": token}) for _ in range(2)]
        go = Server(information, tokens=opaque)
        assert log_in(go) == ("77", "Fjellsport AS", frozenset({"Customer_Full"}), False)
        assert go.calls[0].url.path == "/v2/ClientIntegrationInformation"
        assert log_in(go)[2] == {"Customer_Full"}  # the next token says no more and takes none back


# Spacing


def busy(said):
    return httpx.Response(429, headers={} if said is None else {"Retry-After": said})


def test_a_429_pauses_everybody_as_long_as_it_says_and_at_least_a_second():
    """One task's 429 pauses every task for Retry-After, and so does the token's."""
    server = Server(200, 200, busy("7"))
    many(server, tasks=4, each=3)
    assert server.pauses[2] >= 7
    assert len(server.arrivals) == 13
    go = Server(tokens=[busy("5")])
    log_in(go)
    assert go.pauses[0] >= 5
    for said in (None, "soon", "", "-4", "0"):
        server = Server(busy(said))
        asked(server)
        assert server.pauses == [pytest.approx(1.0)]
    for said, times in (("1", 10), ("3600", 1)):
        server = Server(*(busy(said) for _ in range(50)))
        error = failure(asked, server)
        assert (type(error), error.code) == (NeverLeft, "poweroffice_busy")
        assert len(server.arrivals) == times


# What may be repeated

NEVER_LEFT = {
    httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError,
    httpx.UnsupportedProtocol,
}  # fmt: skip


def kinds_of_error():
    """Return every error that httpx may raise for a request, found in httpx itself."""
    found, left = set(), [httpx.RequestError]
    while left:
        kind = left.pop()
        found.add(kind)
        left.extend(kind.__subclasses__())
    return sorted((k for k in found if k.__module__.startswith("httpx")), key=lambda k: k.__name__)


@pytest.mark.parametrize(
    "broken", [*kinds_of_error(), 500, 501, 502, 503, 504, 408, ssl.SSLError("bad record mac")]
)
def test_a_read_is_tried_three_times_and_a_write_only_where_nothing_of_it_left(broken):
    """Every error of httpx but those of connecting means: it may have been carried out; so do
    those of the server and of TLS. Python's own error of TLS comes through httpx as it is.
    """
    never_left = broken in NEVER_LEFT
    why = {int: f"HTTP {broken}", ssl.SSLError: "ReadError"}.get(type(broken)) or broken.__name__
    what = broken("broken") if isinstance(broken, type) else broken
    code = "not_reached" if never_left else "no_answer"
    for ask, attempts in ((read, 3), (asked, 3 if never_left else 1)):
        server = Server(*[what] * 9)
        error = failure(ask, server)
        assert type(error) is (NeverLeft if never_left else NoAnswer)
        assert (error.code, error.facts["why"]) == (f"poweroffice_{code}", why)
        assert len(server.arrivals) == attempts
    assert read(Server(what, what, 200)).status_code == 200


def test_a_write_goes_through_once_the_connection_can_be_made():
    """Waits grow, one second, then three. After a safe repeat the first doubt still ends it."""
    server = Server(httpx.ConnectError("no route"), httpx.ConnectTimeout("slow"), 201)
    assert asked(server).status_code == 201
    assert server.pauses == [pytest.approx(1.0), pytest.approx(3.0)]
    server = Server(httpx.ConnectError("no route"), LOST, 200)
    assert isinstance(failure(asked, server), NoAnswer)
    assert len(server.arrivals) == 2


CLEAR, REDIRECTS = (400, 401, 403, 404, 405, 409, 415, 422), (301, 302, 303, 304, 307, 308)


@pytest.mark.parametrize("status", [*CLEAR, *REDIRECTS])
def test_a_clear_no_is_said_once_and_a_redirect_never_followed(status):
    """Neither is tried again, by a read or by a write."""
    for ask in (read, asked):
        server = Server(httpx.Response(status, headers={"Location": "https://x.test/"}))
        error = failure(ask, server)
        kind, code = (NotUnderstood, "redirected") if status < 400 else (Refused, "refused")
        assert (type(error), error.code) == (kind, f"poweroffice_{code}")
        said = {"host": "go.test"} if status < 400 else {"status": str(status)}
        assert said.items() <= error.facts.items()
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
        # Gateways, web servers and empty bodies leave the HTTP reason as the title.
        ('{"statusCode": 404, "message": "Resource not found"}', None, "Resource not found"),
        *((body, None, "") for body in ("<html><title>404</title></html>", "", "[]", '"no"',
          '{"title": 7, "detail": ["x"], "errors": [1]}', "\xff")),
    ],
)  # fmt: skip
def test_the_applications_words_are_found_in_every_shape_and_told_apart(body, title, detail):
    said = refusal(httpx.Response(404, content=body.encode("latin-1")))
    by_application = title is not None
    wanted = (title if by_application else "Not Found", detail, by_application)
    assert (said.title, said.detail, said.by_application) == wanted


def test_an_errors_text_is_cut_and_holds_no_words_of_the_other_side_and_no_query():
    """What PowerOffice says may name a customer: that is not repeated, its other words are."""
    said = refusal(httpx.Response(400, json={"title": "t" * 5000, "detail": "d" * 5000}))
    assert (len(said.title), len(said.detail)) == (1000, 1000)
    detail = "kari@example.no (Kari Nordmann) is in use"
    error = failure(asked, Server(httpx.Response(400, json={"title": "No", "detail": detail})))
    assert str(error) == "poweroffice: poweroffice_refused"
    assert error.facts["detail"] == "… (… …) is in use"
    error = failure(read, Server(*[LOST] * 3), "https://go.test/A?email=kari@a.no")
    assert error.facts == {"host": "go.test", "what": "GET /A", "why": "ReadTimeout"}


# Time and start-up


def test_the_newest_date_header_is_the_servers_time():
    """An older Date (another web server's, an answer overtaken) does not turn it back."""
    dates = ["Mon, 23 Nov 2026 10:00:05 GMT", "Mon, 23 Nov 2026 10:00:00 GMT", "nonsense", None]
    answers = [httpx.Response(200, headers={"Date": date} if date else {}) for date in dates]
    http, calls = over(Server(*answers))
    assert calls.server_time is None
    for _ in answers:
        RUNNER.run(calls.sent(http.build_request("GET", "https://go.test/"), reads=True))
    assert calls.server_time == datetime(2026, 11, 23, 10, 0, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("latency", "jitter", "fewest"),
    [(0.001, 0, 9.5), (0.03, 0, 9.5), (0.3, 0.05, 9.5), (0.001, 0.09, 9.2), (0.03, 0.06, 9.2)],
)
def test_of_ten_a_second_nine_and_a_half_are_used_and_none_too_many(latency, jitter, fewest):
    """A quick answer tells when its request had arrived, so that more jitter does no harm."""
    server = Server(latency=latency, jitter=jitter)
    many(server, tasks=6, each=40)
    assert server.busiest_second() <= 10
    assert (len(server.arrivals) - 1) / (server.arrivals[-1] - server.arrivals[0]) >= fewest


CERTIFICATE = Path(__file__).with_name("loopback_certificate.pem")
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
TOKEN = b'{"access_token": "x", "token_type": "bearer", "expires_in": 1199}'
ANSWER = HEAD % 12 + b'{"Id": 1001}'
A_RECORD = b"\x17\x03\x03\x00\x20" + b"x" * 32  # of TLS, encrypted with no key there is
AN_ALERT = b"\x15\x03\x03\x00\x02\x02\x50"  # of TLS: internal error


def reset(bare: socket.socket) -> None:
    """Have it closed with RST instead of FIN."""
    bare.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def nonsense(what: bytes) -> Callable[[socket.socket], object]:
    """Return what writes past TLS, onto the bare socket below it."""
    return lambda bare: os.write(bare.fileno(), what)


BREAKS = {  # what passes of the answer to a write, and what is done to the line then
    "reset without an answer": (b"", reset),
    "reset in the middle of the answer": (ANSWER[:50], reset),
    "closed without an answer": (b"", id),
    "closed before the answer's last byte": (ANSWER[:-1], id),
    "TLS fails without an answer": (b"", nonsense(A_RECORD)),
    "TLS says that it failed": (b"", nonsense(AN_ALERT)),
    "TLS fails in the middle of the answer": (ANSWER[:50], nonsense(A_RECORD)),
    "an answer that is no HTTP": (b"220 mail.example ESMTP\r\n", id),
}


def written(passes: bytes = b"", breaks: Callable[[socket.socket], object] = id) -> int:
    """Make a customer over TLS, by a line that breaks so; return how often it was asked for."""
    asked = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        if b"/OAuth/Token" in head:
            writer.write(HEAD % len(TOKEN) + TOKEN)
            head = await reader.readuntil(b"\r\n\r\n")  # the form comes before it
        asked.append(head)
        writer.write(passes)
        await writer.drain()
        breaks(writer.get_extra_info("socket"))
        writer.transport.abort()

    async def work() -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATE, CERTIFICATE.with_name("loopback_key.pem"))
        async with await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context) as server:
            await makes_a_customer(server.sockets[0].getsockname()[1])

    with pytest.raises(NoAnswer):
        asyncio.run(work())
    return len(asked)


async def makes_a_customer(port: int) -> None:
    """Ask PowerOffice at a port for one."""
    url = f"https://127.0.0.1:{port}"
    keys = dict.fromkeys(("application_key", "client_key", "subscription_key"), "x")
    section = PowerOfficeSection(base_url=f"{url}/v2", token_url=f"{url}/OAuth/Token", **keys)
    async with connections.open_poweroffice(section, connections.Connections()) as go:
        await go.create_customer(KARI)


@pytest.mark.parametrize("how", BREAKS)
def test_of_a_write_whose_line_breaks_nothing_is_known(monkeypatch, how):
    context = httpx.create_ssl_context()
    context.load_verify_locations(CERTIFICATE)
    monkeypatch.setattr(connections, "_tls", lambda *_: context)
    assert written(*BREAKS[how]) == 1


def test_where_nobody_is_or_a_stranger_nothing_is_sent(monkeypatch):
    monkeypatch.setattr("woo2po.poweroffice.calls._WAITS", (0.01, 0.01))
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))  # and does not listen
        with pytest.raises(NeverLeft) as refused:
            asyncio.run(makes_a_customer(bound.getsockname()[1]))
    with pytest.raises(NeverLeft) as stranger:
        written()
    codes = [one.value.code for one in (refused, stranger)]
    assert codes == ["poweroffice_not_reached", "poweroffice_certificate"]
