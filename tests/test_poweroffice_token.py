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


def test_the_token_is_asked_for_with_the_three_keys():
    """Application and client key go as basic authentication, the subscription key as a header."""
    go = Go()
    tried(go, lambda client: client.log_in())
    (request,) = go.token_requests
    assert base64.b64decode(request.headers["Authorization"].removeprefix("Basic ")).decode() == (
        "app-key-1:client-key-2"
    )
    assert request.headers["Ocp-Apim-Subscription-Key"] == "subscription-key-3"
    assert request.content == b"grant_type=client_credentials"


def test_a_call_carries_token_and_subscription_key():
    """Both are needed on every call."""
    go = Go()
    tried(go, lambda client: client.products())
    assert go.bearers == [f"Bearer {jwt(n=1, **CLAIMS)}"]
    assert go.calls[0].headers["Ocp-Apim-Subscription-Key"] == "subscription-key-3"


def test_eight_tasks_fetch_one_token():
    """Whoever comes while a token is being fetched waits for that one."""
    go = Go()
    tried(go, lambda client: asyncio.gather(*(client.products() for _ in range(8))))
    assert (len(go.token_requests), len(go.calls)) == (1, 8)


def test_the_token_request_takes_its_turn_like_every_other():
    """Not even the tasks that waited for the token start in a burst."""
    go = Go()
    tried(go, lambda client: asyncio.gather(*(client.products() for _ in range(8))))
    assert min(b - a for a, b in zip(go.times, go.times[1:], strict=False)) >= 0.1


def test_a_token_is_renewed_a_minute_before_it_ends():
    """After 1139 seconds of 1200 the token is still good, after 1141 a new one is fetched."""

    async def work(client):
        await client.log_in()
        await asyncio.sleep(1139)
        await client.products()
        await asyncio.sleep(2)
        await client.products()

    go = Go()
    tried(go, work)
    assert len(go.token_requests) == 2
    assert go.bearers == [f"Bearer {jwt(n=n, **CLAIMS)}" for n in (1, 2)]


def test_a_token_of_a_minute_is_used_for_half_of_it():
    """A short life does not mean a token per call."""
    go = Go(lifetime=60)

    async def work(client):
        for _ in range(3):
            await client.products()

    tried(go, work)
    assert len(go.token_requests) == 1


def test_a_401_is_answered_with_one_new_token_and_one_repeat():
    """401 means not processed, so even a write is sent again."""
    go = Go(calls=[httpx.Response(401), httpx.Response(200)])
    tried(go, delete)
    assert go.bearers == [f"Bearer {jwt(n=n, **CLAIMS)}" for n in (1, 2)]


def test_eight_tasks_told_401_at_once_fetch_one_new_token():
    """A token that another task has replaced already is not replaced again."""
    go = Go(calls=[httpx.Response(401)] * 4)
    tried(go, lambda client: asyncio.gather(*(client.products() for _ in range(4))))
    assert (len(go.token_requests), len(go.calls)) == (2, 8)


def test_a_late_401_does_not_throw_away_a_newer_token():
    """The first task hears its 401 when the second has renewed the token already."""
    go = Go(calls=[httpx.Response(401)] * 2)
    go.delays = [5]

    async def late_and_early(client):
        await asyncio.gather(client.products(), client.products())

    tried(go, late_and_early)
    assert (len(go.token_requests), len(go.calls)) == (2, 4)


def test_a_second_401_ends_the_run():
    """A token that was just fetched and is refused can't be helped by a third."""
    go = Go(calls=[httpx.Response(401)] * 5)
    error = failure(go, delete)
    assert (type(error), error.code) == (CannotLogIn, "poweroffice_token_rejected")
    assert (len(go.token_requests), len(go.calls)) == (2, 2)


APIM = {"statusCode": 401, "message": "Access denied due to invalid subscription key."}


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (httpx.Response(400, json={"error": "invalid_client"}), "poweroffice_wrong_keys"),
        (httpx.Response(401), "poweroffice_wrong_keys"),
        (httpx.Response(401, text="<html>"), "poweroffice_wrong_keys"),
        (httpx.Response(401, json=APIM), "poweroffice_wrong_subscription_key"),
        (httpx.Response(400, json={"error": "unsupported"}), "poweroffice_login_refused"),
        (httpx.Response(403), "poweroffice_login_refused"),
    ],
)
def test_a_refused_log_in_says_which_key_to_look_at(answer, code):
    """The subscription key, the other two keys, and anything else are told apart; one request."""
    go = Go(tokens=[answer])
    error = failure(go)
    assert (type(error), error.code) == (CannotLogIn, code)
    assert error.facts["host"] == "go.test"
    assert len(go.token_requests) == 1


def test_a_wrong_subscription_key_is_recognised_on_a_call_too():
    """Token and calls may pass different gateways."""
    go = Go(calls=[httpx.Response(401, json=APIM)] * 2)
    assert failure(go, delete).code == "poweroffice_wrong_subscription_key"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (httpx.Response(404), "poweroffice_wrong_address"),
        (httpx.Response(302, headers={"Location": "https://x.test"}), "poweroffice_redirected"),
        (httpx.Response(200, text="<html>"), "poweroffice_not_understood"),
        (httpx.Response(200, json={"expires_in": 1200}), "poweroffice_not_understood"),
        (httpx.Response(200, json={"access_token": None}), "poweroffice_not_understood"),
        (httpx.Response(200, json={"access_token": "t", "expires_in": "x"}),
         "poweroffice_not_understood"),
        (httpx.Response(200, json=["t"]), "poweroffice_not_understood"),
    ],
)  # fmt: skip
def test_an_answer_that_holds_no_token_is_not_understood(answer, code):
    """A web page, a redirect or another shape is no token."""
    error = failure(Go(tokens=[answer]))
    assert (type(error), error.code) == (NotUnderstood, code)


def test_no_key_is_ever_in_an_error_even_if_the_server_repeats_it():
    """What the token's address says is shown without our secrets."""
    told = "client-key-2 of app-key-1 is locked (subscription-key-3)"
    error = failure(Go(tokens=[httpx.Response(400, json={"title": "No", "detail": told})]))
    assert error.facts["said"] == "No *** of *** is locked (***)"
    assert not any(key in str(error) for key in KEYS.values())


@pytest.mark.parametrize("status", [500, 503, 408])
def test_a_write_whose_token_could_not_be_fetched_never_left(status):
    """Three log-ins fail, the write itself was never sent: it may be tried again."""
    go = Go(tokens=[httpx.Response(status)] * 9)
    assert isinstance(failure(go, delete), NeverLeft)
    assert (len(go.token_requests), len(go.calls)) == (3, 0)


def test_a_log_in_that_is_lost_on_the_way_never_left_either():
    """A time-out of the token request is no doubt about the write behind it."""
    go = Go(tokens=[httpx.ReadTimeout("slow")] * 9)
    assert isinstance(failure(go, delete), NeverLeft)
    assert (len(go.token_requests), len(go.calls)) == (3, 0)


def test_a_write_goes_out_once_the_log_in_works_again():
    """A lost token request is repeated; the write is sent once."""
    go = Go(tokens=[httpx.ReadTimeout("slow"), httpx.Response(503)], calls=[httpx.Response(200)])
    tried(go, delete)
    assert (len(go.token_requests), len(go.calls)) == (3, 1)


def test_a_lost_write_behind_a_fresh_token_is_of_unknown_fate():
    """The time-out of the write itself stays a doubt."""
    go = Go(calls=[httpx.ReadTimeout("slow")])
    assert isinstance(failure(go, delete), NoAnswer)
    assert len(go.calls) == 1


def test_a_429_of_the_token_address_pauses_everybody():
    """The log-in waits as long as it is told, then goes on."""
    go = Go(tokens=[httpx.Response(429, headers={"Retry-After": "5"})])
    tried(go, lambda client: client.log_in())
    assert go.times[1] - go.times[0] >= 5


def test_the_token_says_which_company_it_is_and_what_may_be_done():
    """Claims are read without a further request."""
    go = Go()

    async def work(client):
        await client.log_in()
        return client.client_id, client.client_name, client.privileges, client.may_send_invoices

    said = ("77", "Fjellsport AS", frozenset({"Customer_Full", "SalesOrders_Full"}), True)
    assert tried(go, work) == said
    assert go.calls == []


@pytest.mark.parametrize(
    ("claim", "allowed"), [({"goAllowSendInvoice": "False"}, False), ({}, None),
                           ({"goAllowSendInvoice": True}, True)]
)  # fmt: skip
def test_the_right_to_send_is_true_false_or_not_said(claim, allowed):
    """No claim is not a no: an older token does not carry it."""

    async def work(client):
        await client.log_in()
        return client.may_send_invoices

    assert tried(Go(claims={"goClientId": "77", **claim}), work) is allowed


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
    go = Go(
        tokens=[httpx.Response(200, json={"access_token": token})],
        calls=[httpx.Response(200, json=information)],
    )

    async def work(client):
        await client.log_in()
        return client.client_id, client.client_name, client.privileges, client.may_send_invoices

    assert tried(go, work) == ("77", "Fjellsport AS", frozenset({"Customer_Full"}), False)
    assert go.calls[0].url.path == "/v2/ClientIntegrationInformation"
