"""The access token of PowerOffice Go: fetched once for everybody, renewed before it ends.

Source: facts.md, "Logging in". A token lasts 20 minutes; there is no refresh token.
"""

import asyncio
import base64
import re
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any

import httpx

from woo2po.http import CannotLogIn, NotUnderstood, Refused, RemoteError
from woo2po.http.spacing import Clock
from woo2po.logs import impersonal
from woo2po.poweroffice.calls import SYSTEM, facts_of, lowered, refusal

_RENEW_BEFORE = 60.0  # seconds before the end
_LIFETIME = 1200.0  # where the answer does not say


@dataclass(frozen=True, slots=True)
class Company:
    """The company of a token, and the rights there; for the invalid ones it lacks the module."""

    id: str = ""
    name: str = ""
    privileges: frozenset[str] = frozenset()
    invalid_privileges: frozenset[str] = frozenset()
    may_send_invoices: bool | None = None


class Token(httpx.Auth):
    """Puts token and subscription key on every request, fetching a token where one is needed.

    `company` is what the newest one tells.
    Raises CannotLogIn where the keys are refused. Where the token's address is out of order or
    says 429, the flow ends on that answer, and the transport decides.
    """

    def __init__(
        self, http: httpx.AsyncClient, url: str, keys: tuple[str, str, str], now: Clock
    ) -> None:
        """`keys`: the application's, the client's and the subscription's."""
        self._http = http
        self._url = httpx.URL(url)
        self._secrets = tuple(filter(None, keys))
        application_key, client_key, subscription_key = keys
        pair = f"{application_key}:{client_key}".encode()
        self._basic = f"Basic {base64.b64encode(pair).decode()}"
        self._subscription_key = subscription_key
        self._now = now
        self._lock = asyncio.Lock()
        self._bearer = ""
        self._renew_at = 0.0
        self.company = Company()

    def request(self) -> httpx.Request:
        """Return the request for a token; sent through this auth, its answer is taken in."""
        return self._http.build_request(
            "POST",
            self._url,
            data={"grant_type": "client_credentials"},
            headers={
                "Accept": "application/json",
                "Authorization": self._basic,
                "Ocp-Apim-Subscription-Key": self._subscription_key,
            },
        )

    async def async_auth_flow(
        self, request: httpx.Request
    ) -> AsyncGenerator[httpx.Request, httpx.Response]:
        """Yield the request with a token on it; on a 401 once more with a new token."""
        if request.url == self._url:
            async with self._lock:
                await self._take_in((yield request))
            return
        for _ in range(2):
            async with self._lock:
                old = not self._bearer or self._now() >= self._renew_at
                if old and not await self._take_in((yield self.request())):
                    return
                bearer = self._bearer
            request.headers["Authorization"] = bearer
            request.headers["Ocp-Apim-Subscription-Key"] = self._subscription_key
            response = yield request
            if response.status_code != httpx.codes.UNAUTHORIZED:
                return
            if self._bearer == bearer:  # else another task has a newer one already
                self._bearer = ""
        await response.aread()
        about_key = _is_about_the_key(refusal(response))
        code = "wrong_subscription_key" if about_key else "token_rejected"
        raise CannotLogIn(SYSTEM, f"poweroffice_{code}", host=request.url.host)

    async def _take_in(self, response: httpx.Response) -> bool:
        """Keep the token of an answer. Return False where the transport should try again."""
        status = response.status_code
        if status in (408, 429) or status >= 500:
            return False
        await response.aread()
        if not response.is_success:
            raise self._login_error(response)
        token, lifetime = _token_and_lifetime(response)
        self._bearer = f"Bearer {token}"
        self._renew_at = self._now() + max(lifetime - _RENEW_BEFORE, lifetime / 2)
        if claims := _claims(token):
            self.company = _told(claims, self.company)
        return True

    def _login_error(self, response: httpx.Response) -> RemoteError:
        """Return what a refused token request means, as far as the answer tells."""
        host, facts = self._url.host, facts_of(response.request)
        status, said = response.status_code, refusal(response)
        if status < 400:
            facts["why"] = f"HTTP {status}"
            return NotUnderstood(SYSTEM, "poweroffice_redirected", **facts)
        if status in (404, 405):
            return NotUnderstood(SYSTEM, "poweroffice_wrong_address", **facts)
        if _is_about_the_key(said):
            return CannotLogIn(SYSTEM, "poweroffice_wrong_subscription_key", host=host)
        if status == httpx.codes.UNAUTHORIZED or "invalid_" in said.title:
            return CannotLogIn(SYSTEM, "poweroffice_wrong_keys", host=host)
        words = f"{said.title} {said.detail}".strip()
        for secret in (*self._secrets, self._basic.removeprefix("Basic ")):
            words = words.replace(secret, "***")
        facts = {"host": host, "status": str(status), "said": impersonal(words)}
        return CannotLogIn(SYSTEM, "poweroffice_login_refused", **facts)


def _is_about_the_key(said: Refused) -> bool:
    return "subscription key" in said.detail.lower()


def _token_and_lifetime(response: httpx.Response) -> tuple[str, float]:
    said = lowered(response.content)
    token = said.get("access_token")
    try:
        lifetime = float(said.get("expires_in", _LIFETIME))
    except (OverflowError, TypeError, ValueError):
        token, lifetime = None, 0.0
    # A header holds printable ASCII; what else stands there is no token.
    if not isinstance(token, str) or not re.fullmatch(r"[!-~]{1,20000}", token):
        facts = {"what": f"POST {response.request.url.path}", "field": "access_token"}
        raise NotUnderstood(SYSTEM, "poweroffice_not_understood", **facts)
    return token, lifetime


def _told(claims: dict[str, Any], before: Company) -> Company:
    """Return the company that claims tell of, as far as they do; else as it was known before."""
    may_send = before.may_send_invoices
    if "goallowsendinvoice" in claims:
        may_send = str(claims["goallowsendinvoice"]).lower() == "true"
    return Company(
        str(claims.get("goclientid") or before.id),
        str(claims.get("goclientname") or before.name),
        _names(claims.get("role") or claims.get("roles")),
        _names(claims.get("goinvalidprivileges")),
        may_send,
    )


def _names(claim: object) -> frozenset[str]:
    """Return the names in a claim: a single one stands there by itself."""
    listed = claim if isinstance(claim, list) else [claim] if claim else []
    return frozenset(map(str, listed))


def _claims(token: str) -> dict[str, Any]:
    """Return a JWT's claims, names in lower case, unverified; {} for an opaque token."""
    payload = f"{token}.".split(".")[1]
    try:
        return lowered(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except ValueError:
        return {}
