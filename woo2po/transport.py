"""Under both clients: spacing of requests, safe repeats, and errors named by what can be done.

RemoteError
├── NeverLeft       nothing was carried out: may be tried again as it is
├── NoAnswer        it may have been carried out: look before anything is repeated
├── Refused         the other side said no, and why (status, title, detail)
├── CannotLogIn     keys or rights are wrong: nothing more can be done in this run
├── NotAllowed      this one kind of call is not granted to us: nothing was done, others go on
└── NotUnderstood   an answer came that is not what the interface says

Codes of what is raised here begin with the system: `poweroffice_no_answer`, `shop_refused`.
"""

import asyncio
import json
import math
import ssl
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from woo2po.bounded import TooLarge
from woo2po.http.spacing import Clock, KeyTurns, Sleep, Spacing
from woo2po.logs import impersonal

_LONGEST_PAUSE = 60.0
_PATIENCE = 10  # how often one request may be told to wait
_LONGEST_TEXT = 1000

# Raised before a byte of the request is written: while connecting, through TLS or a proxy too.
_BEFORE_IT_LEFT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)


class RemoteError(Exception):
    """Something between us and a remote system. `system` is "shop" or "poweroffice".

    `code` finds the sentence in messages/, `facts` fill it. Facts may quote the other side's
    words, which may name a customer: they are shown to people and never logged.
    """

    def __init__(self, system: str, code: str, **facts: str) -> None:
        super().__init__(f"{system}: {code}")
        self.system = system
        self.code = code
        self.facts = facts


class NeverLeft(RemoteError):
    """Nothing of the request was carried out, so it may be repeated."""


class NoAnswer(RemoteError):
    """The request may or may not have been carried out; for a read: it could not be read."""


class Refused(RemoteError):
    """A clear refusal: a 4xx answer with PowerOffice's (or the shop's) own words.

    `by_application` is False where the answer's body is not the application's: a gateway, a
    proxy or a web server said no, and perhaps the application was never asked.
    """

    def __init__(
        self, system: str, status: int, title: str, detail: str, *, by_application: bool = True
    ) -> None:
        facts = {"status": str(status), "title": impersonal(title), "detail": impersonal(detail)}
        super().__init__(system, f"{system}_refused", **facts)
        self.status = status
        self.title = title
        self.detail = detail
        self.by_application = by_application


class CannotLogIn(RemoteError):
    """Wrong keys, or rights that are missing: the run stops."""


class NotAllowed(RemoteError):
    """A call that is not granted to the integration, while the rest of its work is.

    Nothing was carried out. It will be refused until somebody grants it, so what waits for it
    waits, and everything else goes on.
    """


class NotUnderstood(RemoteError):
    """An answer that is not what the interface says: HTML, cut-off JSON, a wrong type.

    After a write it says nothing of the outcome: to be treated like NoAnswer there.
    """


class _TakingTurns(httpx.Auth):
    """Another auth flow, each request of which (a token's too) waits for its turn."""

    def __init__(self, inner: httpx.Auth, spacing: Spacing) -> None:
        self._inner = inner
        self._spacing = spacing

    async def async_auth_flow(
        self, request: httpx.Request
    ) -> AsyncGenerator[httpx.Request, httpx.Response]:
        async with aclosing(self._inner.async_auth_flow(request)) as flow:
            outgoing = await anext(flow)
            while True:
                await self._spacing.turn()
                response = yield outgoing
                try:
                    outgoing = await flow.asend(response)
                except StopAsyncIteration:
                    return


class Transport:
    """Sends requests to one system: spaced, never redirected, repeated only where that is safe.

    `server_time` is the newest `Date` header seen. `waits` are the seconds before the second
    and each further attempt. What other processes have a part in is `shared`. An auth flow may
    end on an answer to a request of its own (a token's): the request it was asked for then never
    left.
    """

    def __init__(
        self,
        http: httpx.AsyncClient,
        *,
        system: str,
        requests_per_second: float,
        auth: httpx.Auth | None = None,
        sleep: Sleep = asyncio.sleep,
        now: Clock = time.monotonic,
        waits: Sequence[float] = (1.0, 3.0),
        shared: KeyTurns | None = None,
    ) -> None:
        self._http = http
        self._system = system
        self._spacing = Spacing(requests_per_second, sleep, now, shared)
        self._auth = _TakingTurns(auth or http.auth or httpx.Auth(), self._spacing)
        self._sleep = sleep
        self._waits = waits
        self.server_time: datetime | None = None

    async def read(self, request: httpx.Request) -> httpx.Response:
        """Return the 2xx answer to a request that changes nothing, after up to three attempts.

        Raises NeverLeft, NoAnswer (5xx too), Refused, NotUnderstood, and what the auth raises.
        """
        return await self._repeated(request, (NeverLeft, NoAnswer))

    async def write(self, request: httpx.Request) -> httpx.Response:
        """Return the 2xx answer to a request that changes something.

        It is repeated only where nothing was carried out: 429, or no connection. Raises as
        `read` does; NoAnswer at the first doubt, NeverLeft when the repeats are used up.
        """
        return await self._repeated(request, (NeverLeft,))

    async def _repeated(
        self, request: httpx.Request, safe: tuple[type[RemoteError], ...]
    ) -> httpx.Response:
        # Imported here: an idle poll needs this module's error classes and nothing to repeat.
        from tenacity import (  # noqa: PLC0415
            AsyncRetrying,
            retry_if_exception,
            stop_after_attempt,
            wait_chain,
            wait_fixed,
        )

        busy = self._code("busy")
        again = AsyncRetrying(
            retry=retry_if_exception(lambda e: isinstance(e, safe) and e.code != busy),
            stop=stop_after_attempt(len(self._waits) + 1),
            wait=wait_chain(*(wait_fixed(seconds) for seconds in self._waits)),
            sleep=self._sleep,
            reraise=True,
        )
        return await again(self._settled, request)

    async def _settled(self, request: httpx.Request) -> httpx.Response:
        """Return a 2xx answer, having waited out every 429; else raise what happened."""
        for _ in range(_PATIENCE):
            response = await self._sent(request)
            if response.status_code != httpx.codes.TOO_MANY_REQUESTS:
                return self._accepted(request, response)
            if (seconds := _retry_after(response)) > _LONGEST_PAUSE:
                break
            await self._spacing.pause(seconds)
        raise NeverLeft(self._system, self._code("busy"), **_request_facts(request))

    async def _sent(self, request: httpx.Request) -> httpx.Response:
        try:
            response = await self._http.send(request, auth=self._auth, follow_redirects=False)
        except httpx.RequestError as error:
            raise self._broken(request, error) from error
        except ssl.SSLError as error:
            # In the middle of a connection httpx lets a failure of TLS through as it is.
            raise self._broken(request, httpx.ReadError("TLS", request=request)) from error
        self._note_time(response)
        return response

    def _broken(self, request: httpx.Request, error: httpx.RequestError) -> RemoteError:
        facts = {**_request_facts(request), "why": type(error).__name__}
        if isinstance(error, TooLarge) and error.request is request:
            return NotUnderstood(self._system, self._code("too_large"), **facts)
        if isinstance(error, _BEFORE_IT_LEFT) or error.request is not request:
            return NeverLeft(self._system, self._code("not_reached"), **facts)
        return NoAnswer(self._system, self._code("no_answer"), **facts)

    def _accepted(self, request: httpx.Request, response: httpx.Response) -> httpx.Response:
        if response.is_success and response.request is request:
            return response
        facts = {**_request_facts(response.request), "why": f"HTTP {response.status_code}"}
        if response.status_code < 400:
            raise NotUnderstood(self._system, self._code("redirected"), **facts)
        if response.status_code < 500 and response.status_code != httpx.codes.REQUEST_TIMEOUT:
            raise refusal(self._system, response)
        if response.request is not request:
            raise NeverLeft(self._system, self._code("not_reached"), **facts)
        raise NoAnswer(self._system, self._code("no_answer"), **facts)

    def _note_time(self, response: httpx.Response) -> None:
        try:
            moment = parsedate_to_datetime(response.headers.get("Date", ""))
        except ValueError:
            return
        if moment.tzinfo and (self.server_time is None or moment > self.server_time):
            self.server_time = moment

    def _code(self, name: str) -> str:
        return f"{self._system}_{name}"


def refusal(system: str, response: httpx.Response) -> Refused:
    """Return what a 4xx answer says, whatever the shape of its body.

    Understood: problem details in either case with or without an `errors` map, OAuth's `error`
    and `error_description`, a gateway's `message`, and HTML or nothing (then the HTTP reason).
    """
    said = _said(response)
    title = _text(said.get("title") or said.get("error"))
    detail = " ".join(
        filter(None, (_text(said.get("detail") or said.get("error_description")), _errors(said)))
    )
    by_application = bool(title or detail)
    if not by_application:
        title = response.reason_phrase
        detail = _text(said.get("message"))
    return Refused(
        system,
        response.status_code,
        title[:_LONGEST_TEXT],
        detail[:_LONGEST_TEXT],
        by_application=by_application,
    )


def _said(response: httpx.Response) -> dict[str, Any]:
    try:
        body = json.loads(response.content)
    except (ValueError, RecursionError):
        return {}
    return {key.lower(): value for key, value in body.items()} if isinstance(body, dict) else {}


def _errors(said: dict[str, Any]) -> str:
    """Return ASP.NET's `errors` map (field -> sentences) as one text."""
    errors = said.get("errors")
    if not isinstance(errors, dict):
        return ""
    texts = [
        f"{field}: {sentence}" if field else sentence
        for field, sentences in errors.items()
        for sentence in map(_text, sentences if isinstance(sentences, list) else [sentences])
    ]
    return " ".join(texts)


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _retry_after(response: httpx.Response) -> float:
    """Return the seconds to wait: at least one (PowerOffice facts, section 2)."""
    try:
        seconds = float(response.headers.get("Retry-After", "1"))
    except ValueError:
        return 1.0
    return max(1.0, seconds) if math.isfinite(seconds) else math.inf


def _request_facts(request: httpx.Request) -> dict[str, str]:
    # Without the query: it may hold an e-mail address.
    return {"host": request.url.host, "what": f"{request.method} {request.url.path}"}
