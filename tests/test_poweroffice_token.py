"""The token: fetched once for all, renewed in time, and its refusals explained."""

import asyncio
import base64
import json

import httpx
import pytest
from virtual_time import clock, run

from woo2po.http import CannotLogIn, NeverLeft, NoAnswer, NotUnderstood, RemoteError
from woo2po.poweroffice import PowerOffice

KEYS = {
    "application_key": "app-key-1",
    "client_key": "client-key-2",
    "subscription_key": "subscription-key-3",
}
CLAIMS = {
    "goClientId": "77",
    "goClientName": "Fjellsport AS",
    "role": ["Customer_Full", "SalesOrders_Full"],
    "goAllowSendInvoice": "True",
}


def jwt(**claims):
    """Return a token as PowerOffice's: three parts, the middle one readable."""
    payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    return f"head.{payload}.signature"


class Go:
    """A server with a token address and one list; answers can be scripted for both."""

    def __init__(self, *, tokens=(), calls=(), claims=CLAIMS, lifetime=1200):
        self.token_answers = list(tokens)
        self.call_answers = list(calls)
        self.claims = claims
        self.lifetime = lifetime
        self.token_requests = []
        self.calls = []
        self.bearers = []
        self.delays = []
        self.times = []

    async def __call__(self, request):
        self.times.append(clock())
        await asyncio.sleep(0.3)
        if request.url.path == "/OAuth/Token":
            self.token_requests.append(request)
            return self._next(self.token_answers) or self._token()
        self.calls.append(request)
        self.bearers.append(request.headers["Authorization"])
        answer = self._next(self.call_answers) or httpx.Response(204)
        await asyncio.sleep(self.delays.pop(0) if self.delays else 0)
        return answer

    def _next(self, answers):
        answer = answers.pop(0) if answers else None
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _token(self):
        token = jwt(n=len(self.token_requests), **self.claims) if self.claims else "opaque"
        return httpx.Response(200, json={"access_token": token, "expires_in": self.lifetime})


def tried(go, work):
    """Run `work(client)` against a server, in virtual time, and return what it returns."""

    async def within():
        async with httpx.AsyncClient(transport=httpx.MockTransport(go)) as http:
            client = PowerOffice(
                http,
                base_url="https://go.test/v2",
                token_url="https://go.test/OAuth/Token",
                requests_per_second=10,
                now=clock,
                **KEYS,
            )
            return await work(client)

    return run(within())


def failure(go, work=lambda client: client.log_in()):
    with pytest.raises(RemoteError) as caught:
        tried(go, work)
    return caught.value


async def delete(client):
    await client.delete_draft("a-guid")


def company(client):
    return client.client_id, client.client_name, client.privileges, client.may_send_invoices


async def log_in(client):
    await client.log_in()
    return company(client)


def together(count):
    return lambda client: asyncio.gather(*(client.products() for _ in range(count)))


# -- fetching and renewing -------------------------------------------------------------------------


def test_the_token_is_asked_for_with_the_three_keys_and_tells_of_the_company():
    """Two keys as basic authentication, one as a header; claims are read without a request more."""
    go = Go()
    said = ("77", "Fjellsport AS", frozenset({"Customer_Full", "SalesOrders_Full"}), True)
    assert tried(go, log_in) == said
    (request,) = go.token_requests
    basic = request.headers["Authorization"].removeprefix("Basic ")
    assert base64.b64decode(basic).decode() == "app-key-1:client-key-2"
    assert request.headers["Ocp-Apim-Subscription-Key"] == "subscription-key-3"
    assert request.content == b"grant_type=client_credentials"
    assert go.calls == []


def test_tasks_that_begin_together_fetch_one_token_and_do_not_start_in_a_burst():
    """Whoever comes meanwhile waits for it; each call carries token and subscription key."""
    go = Go()
    tried(go, together(8))
    assert (len(go.token_requests), len(go.calls)) == (1, 8)
    assert set(go.bearers) == {f"Bearer {jwt(n=1, **CLAIMS)}"}
    assert {one.headers["Ocp-Apim-Subscription-Key"] for one in go.calls} == {"subscription-key-3"}
    assert min(b - a for a, b in zip(go.times, go.times[1:], strict=False)) >= 0.1


@pytest.mark.parametrize(
    ("lifetime", "pauses", "tokens"), [(1200, (1139, 2), 2), (60, (0, 0), 1), (60, (25, 10), 2)]
)
def test_a_token_is_renewed_a_minute_before_it_ends_or_halfway(lifetime, pauses, tokens):
    """A short life does not mean a token per call."""

    async def work(client):
        await client.log_in()
        for pause in pauses:
            await asyncio.sleep(pause)
            await client.products()

    go = Go(lifetime=lifetime)
    tried(go, work)
    assert len(go.token_requests) == tokens
    assert go.bearers[-1] == f"Bearer {jwt(n=tokens, **CLAIMS)}"


@pytest.mark.parametrize(
    ("work", "refusals", "delays", "tokens", "calls"),
    [
        (delete, 1, [], 2, 2),  # 401 means not processed, so even a write is sent again
        (together(4), 4, [], 2, 8),  # one that another task has replaced is not replaced again
        (together(2), 2, [5], 2, 4),  # nor a newer one thrown away by a late 401
    ],
)
def test_a_401_is_answered_with_one_new_token_and_one_repeat(work, refusals, delays, tokens, calls):
    """However many tasks hear it."""
    go = Go(calls=[httpx.Response(401)] * refusals)
    go.delays = delays
    if work is delete:
        go.call_answers.append(httpx.Response(200))
    tried(go, work)
    assert (len(go.token_requests), len(go.calls)) == (tokens, calls)


APIM = {"statusCode": 401, "message": "Access denied due to invalid subscription key."}


@pytest.mark.parametrize(
    ("body", "code"),
    [({}, "poweroffice_token_rejected"), (APIM, "poweroffice_wrong_subscription_key")],
)
def test_a_second_401_ends_the_run(body, code):
    """A token that was just fetched and is refused can't be helped by a third."""
    go = Go(calls=[httpx.Response(401, json=body) for _ in range(5)])
    error = failure(go, delete)
    assert (type(error), error.code) == (CannotLogIn, code)
    assert (len(go.token_requests), len(go.calls)) == (2, 2)


# -- refused, lost, not understood -----------------------------------------------------------------


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
        (httpx.Response(200, json={"expires_in": 1200}), NotUnderstood, "not_understood"),
        (httpx.Response(200, json={"access_token": None}), NotUnderstood, "not_understood"),
        (httpx.Response(200, json={"access_token": "t", "expires_in": "x"}), NotUnderstood,
         "not_understood"),
        (httpx.Response(200, json=["t"]), NotUnderstood, "not_understood"),
    ],
)  # fmt: skip
def test_a_log_in_that_fails_says_what_to_look_at(answer, kind, code):
    """One key, the other two, the address, or an answer that holds no token; one request."""
    go = Go(tokens=[answer])
    error = failure(go)
    assert (type(error), error.code) == (kind, f"poweroffice_{code}")
    assert kind is NotUnderstood or error.facts["host"] == "go.test"
    assert len(go.token_requests) == 1


def test_no_key_is_ever_in_an_error_even_if_the_server_repeats_it():
    """What the token's address says is shown without our secrets."""
    told = "client-key-2 of app-key-1 is locked (subscription-key-3)"
    error = failure(Go(tokens=[httpx.Response(400, json={"title": "No", "detail": told})]))
    assert error.facts["said"] == "No *** of *** is locked (***)"
    assert not any(key in str(error) for key in KEYS.values())


LOST = httpx.ReadTimeout("slow")


@pytest.mark.parametrize(
    ("tokens", "calls", "kind", "asked"),
    [
        *(([httpx.Response(status)] * 9, [], NeverLeft, (3, 0)) for status in (500, 503, 408)),
        ([LOST] * 9, [], NeverLeft, (3, 0)),
        ([LOST, httpx.Response(503)], [httpx.Response(200)], None, (3, 1)),
        ([], [LOST], NoAnswer, (1, 1)),
    ],
)
def test_a_write_whose_token_could_not_be_fetched_never_left(tokens, calls, kind, asked):
    """It is sent once when the log-in works again; only its own time-out leaves a doubt."""
    go = Go(tokens=tokens, calls=calls)
    if kind is None:
        tried(go, delete)
    else:
        assert type(failure(go, delete)) is kind
    assert (len(go.token_requests), len(go.calls)) == asked


def test_a_429_of_the_token_address_pauses_everybody():
    """The log-in waits as long as it is told, then goes on."""
    go = Go(tokens=[httpx.Response(429, headers={"Retry-After": "5"})])
    tried(go, log_in)
    assert go.times[1] - go.times[0] >= 5


# -- what it says ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("claim", "allowed"),
    [({"goAllowSendInvoice": "False"}, False), ({}, None), ({"goAllowSendInvoice": True}, True)],
)
def test_the_right_to_send_is_true_false_or_not_said(claim, allowed):
    """No claim is not a no: an older token does not carry it."""
    assert tried(Go(claims={"goClientId": "77", **claim}), log_in)[-1] is allowed


@pytest.mark.parametrize("token", ["opaque", "a.b.c", "a.bm90IGpzb24.c", "a.WzFd.c"])
def test_a_token_that_cannot_be_read_is_followed_by_a_question(token):
    """Then ClientIntegrationInformation says which company it is."""
    information = {
        "ClientId": "77",
        "ClientName": "Fjellsport AS",
        "ValidPrivileges": ["Customer_Full"],
        "InvalidPrivileges": None,
        "AllowSendInvoice": False,
    }
    token_answer = httpx.Response(200, json={"access_token": token})
    go = Go(tokens=[token_answer], calls=[httpx.Response(200, json=information)])
    assert tried(go, log_in) == ("77", "Fjellsport AS", frozenset({"Customer_Full"}), False)
    assert go.calls[0].url.path == "/v2/ClientIntegrationInformation"
