"""A stand-in for PowerOffice Go API v2 over HTTP: log-in, limits, routing, errors.

What it accepts and answers follows the interface description and the page of facts; where nobody
knows (poweroffice/facts.md, "Not known"), `faults` decides. The rules of the books stand in
ledger.py and what it stands on.
"""

import asyncio
import base64
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import parse_qs

from httpx import Request, Response

from woo2po.sandbox.answers import JSON, dated, json_answer, utc_now
from woo2po.sandbox.books import Books
from woo2po.sandbox.calls import ENDPOINTS, Call, Endpoint
from woo2po.sandbox.faults import AFTER, BEFORE, Faults, Planned, path_behind_base
from woo2po.sandbox.shapes import Refusal

TOKEN_LIFE = timedelta(minutes=20)
BAD_GATEWAY = "<html><body><h1>502 Bad Gateway</h1></body></html>"


class Go:
    """PowerOffice Go for one company.

    `requests` lists method, path behind the base address ("/SalesOrders/Complete", the token's is
    "/OAuth/Token") and query string of everything that arrived, refused or not. `clock` (aware)
    rules everything, the Date header of each answer too (so uvicorn must be told not to set its
    own). `busiest_second` is the largest number of requests that arrived within one second.
    """

    def __init__(
        self,
        books: Books,
        faults: Faults,
        *,
        application_key: str,
        client_key: str,
        subscription_key: str,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self.books = books
        self.faults = faults
        self.clock = clock
        books.faults, books.clock = faults, clock
        self.requests: list[tuple[str, str, str]] = []
        self.busiest_second = 0
        self._keys = (application_key, client_key, subscription_key)
        self._tokens: dict[str, tuple[datetime, set[str]]] = {}  # their end, and what they open
        self._arrivals: list[datetime] = []

    async def answer(self, request: Request) -> Response:
        """Answer a request that has arrived whole."""
        method, path = request.method, path_behind_base(request.url.path)
        self.requests.append((method, path, request.url.query.decode()))
        throttled = self._throttled()
        if self.faults.latency:
            await asyncio.sleep(self.faults.latency)
        for hook in self.faults.before_hooks:
            hook(method, path)
        fault = self.faults.met(method, path, BEFORE | AFTER)
        if fault is not None and fault.fault == "slow":
            await asyncio.sleep(self.faults.slow_seconds)
        if fault is not None and fault.fault in BEFORE - {"slow"}:
            answer = _failure(fault)
        else:
            answer = _too_many() if throttled else self._answer(request, path)
            if fault is not None and fault.fault in AFTER:
                answer = _failure(fault, answer)
        for hook in self.faults.after_hooks:
            hook(method, path)
        return dated(answer, self.clock())

    def _answer(self, request: Request, path: str) -> Response:
        subscription = request.headers.get("ocp-apim-subscription-key", "")
        if subscription != self._keys[2]:
            message = "Access denied due to invalid subscription key."
            return _gateway(401, f"{message} Make sure to provide a valid key.")
        if path.lower() == "/oauth/token":
            return self._token(request)
        routed = _route(request.method, path) if path != request.url.path else None
        if routed is None:
            return _gateway(404, "Resource not found")
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        expires, opens = self._tokens.get(token, (self.clock(), set()))
        if expires <= self.clock():
            return _unauthorized()
        called, ids = routed
        if called.roles and not called.roles & opens:
            return Response(403)
        return self._carried_out(request, called, ids, may_send="send" in opens)

    def _throttled(self) -> bool:
        limit, now = self.faults.requests_per_second, self.clock()
        since = now - timedelta(seconds=1)
        self._arrivals = [*(moment for moment in self._arrivals if moment > since), now]
        self.busiest_second = max(self.busiest_second, len(self._arrivals))
        return limit is not None and len(self._arrivals) > limit

    def _carried_out(
        self, request: Request, called: Endpoint, ids: dict[str, str], *, may_send: bool
    ) -> Response:
        self.books.settle_queue()
        if request.method != "GET":
            self.books.remember()
        try:
            query = _query(request, called.names(self.faults.spec))
            view = self.books.as_read()
            return Call(called, request, ids, query, self.books, view, may_send).carried_out()
        except Refusal as refusal:
            return _problem(refusal)

    def _token(self, request: Request) -> Response:
        keys = base64.b64encode(":".join(self._keys[:2]).encode()).decode()
        form = parse_qs(request.content.decode("latin-1"))
        if request.method != "POST":
            return _gateway(404, "Resource not found")
        if form.get("grant_type") != ["client_credentials"]:
            return json_answer({"error": "unsupported_grant_type"}, 400)
        if request.headers.get("authorization") != f"Basic {keys}":
            return json_answer({"error": "invalid_client"}, 401)
        expires, held = self.clock() + TOKEN_LIFE, self.faults.privileges
        text = self._written_token(expires)
        # A role that ends in _Full holds the plain one as well.
        opens = {*held, *(role.removesuffix("_Full") for role in held)}
        self._tokens[text] = expires, opens | ({"send"} if self.faults.may_send else set())
        return json_answer({"access_token": text, "token_type": "bearer", "expires_in": 1200})

    def _written_token(self, expires: datetime) -> str:
        claims = {
            "goClientId": self.books.client_id,
            "goClientName": self.books.client_name,
            "goActiveClientSubscriptions": ["Go", "GoSales"],
            "goInvalidPrivileges": [],
            "role": sorted(self.faults.privileges),
            "goAllowSendInvoice": str(self.faults.may_send),
            "exp": int(expires.timestamp()),
            "jti": len(self._tokens) + 1,
        }
        parts = [json.dumps(part).encode() for part in ({"alg": "HS256", "typ": "JWT"}, claims)]
        said = (base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)
        return ".".join([*said, "unsigned"])


def _route(method: str, path: str) -> tuple[Endpoint, dict[str, str]] | None:
    for one in ENDPOINTS:
        ids = one.match(path) if one.method == method else None
        if ids is not None:
            return one, ids
    return None


def _query(request: Request, names: dict[str, str]) -> dict[str, str]:
    query = {}
    for name, value in request.url.params.multi_items():
        if name.lower() not in names:
            detail = f"The query parameter '{name}' is not supported on this endpoint."
            raise Refusal("Invalid query parameter(s)", detail)
        query[names[name.lower()]] = value
    return query


def _gateway(status: int, message: str) -> Response:
    return json_answer({"statusCode": status, "message": message}, status)


def _too_many() -> Response:
    answer = _gateway(429, "Rate limit is exceeded. Try again in 1 seconds.")
    answer.headers["retry-after"] = "1"
    return answer


def _unauthorized() -> Response:
    return Response(401, headers={"www-authenticate": 'Bearer error="invalid_token"'})


def _problem(refusal: Refusal) -> Response:
    body: dict[str, object] = {"title": refusal.title, "status": refusal.status}
    if refusal.errors:
        body["errors"] = {name: [text] for name, text in refusal.errors.items()}
    else:
        body["detail"] = refusal.detail
    return json_answer(body, refusal.status, kind="application/problem+json")


def _failure(fault: Planned, answer: Response | None = None) -> Response:
    """Return what a fault answers instead; `answer` is the right one where the work is done."""
    if fault.fault == "garbage" and answer:
        half = answer.content[: len(answer.content) // 2] or b'{"Id":'
        return Response(200, content=half, headers={"content-type": JSON})
    if fault.fault == "expired_token":
        return _unauthorized()
    if fault.fault == "refuse":
        return _problem(Refusal(fault.title, fault.detail))
    if fault.fault == "429":
        return _too_many()
    if fault.fault in {"html", "502", "502_after"}:
        return Response(200 if fault.fault == "html" else 502, html=BAD_GATEWAY)
    return _gateway(int(fault.fault[:3]), "Internal server error")
