"""A stand-in for PowerOffice Go API v2 over HTTP: log-in, limits, the calls of routes.toml, errors.

What it accepts and answers follows the interface description and the page of facts; where nobody
knows (poweroffice/facts.md, "Not known"), `faults` decides. The rules of the books stand in
ledger.py and what it stands on.
"""

import asyncio
import base64
import json
import operator
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from typing import Any
from urllib.parse import parse_qs

from httpx import Request, Response

from woo2po.sandbox.answers import JSON, dated, json_answer, to_json, utc_now
from woo2po.sandbox.books import Books
from woo2po.sandbox.faults import AFTER, BEFORE, Faults, Planned, path_behind_base
from woo2po.sandbox.ledger import Sending, send
from woo2po.sandbox.records import KINDS, Record, found
from woo2po.sandbox.shapes import SHAPES, Refusal, from_json, is_date, not_found

TOKEN_LIFE = timedelta(minutes=20)
BAD_GATEWAY = "<html><body><h1>502 Bad Gateway</h1></body></html>"
_FILTER = r"(\w+)(!?)([=#<>?+]*)(\w*)"
COMMON = ("PageNumber", "PageSize", "Fields", "UseDatabaseValidation")
_ROUTES = tomllib.loads((files("woo2po.sandbox") / "routes.toml").read_text("utf-8"))


# -- what may be asked -----------------------------------------------------------------------------


def _words(text: str) -> set[str]:
    return {part.strip() for part in text.split(",")}


def _ranges(text: str) -> list[range]:
    """Return the numbers of a filter such as "10000-15999, 12500, 13000-". Raises ValueError."""
    ranges = []
    for part in _words(text):
        parts = re.fullmatch(r"(\d+)\s*(-?)\s*(\d*)", part)
        if parts is None:
            raise ValueError(part)
        first, dash, last = parts.groups()
        ranges.append(range(int(first), int(last or (10**18 if dash else first)) + 1))
    return ranges


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def _day(text: str) -> date:
    """Return a day; the time in a timestamp is not looked at. Raises ValueError."""
    if not is_date(text[:10]):
        raise ValueError(text)
    return date.fromisoformat(text[:10])


def _flag(text: str) -> bool:
    return {"true": True, "false": False}[text.lower()]


# How a filter's text is read, and whether a property's value passes it, by its sign.
_SIGNS: dict[str, tuple[Callable[[str], Any], Callable[[Any, Any], bool]]] = {
    "=": (  # one of several texts in any case, -1 for none
        lambda text: _words(text.lower()),
        lambda value, wanted: str(-1 if value is None else value).lower() in wanted,
    ),
    "==": (_words, lambda value, wanted: value in wanted),
    "#": (_ranges, lambda number, ranges: any(number in r for r in ranges)),
    ">": (_moment, lambda moment, since: moment is not None and moment > since),
    ">=": (_day, operator.ge),
    "<=": (_day, operator.le),
    "?": (_flag, operator.eq),
    "+": (_flag, lambda value, wanted: bool(value) or not wanted),  # not empty
}


class Endpoint:
    """A method and path: what it does with which kind of object, who may, and its query names."""

    def __init__(self, call: str, text: str) -> None:
        (self.method, self.path), (self.does, kind, *roles) = call.split(), text.split()
        self.kind, self.roles = KINDS.get(kind, Record), frozenset(roles)
        pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", self.path)
        self.pattern = re.compile(pattern, re.IGNORECASE)
        # Of each year: name, whether it is needed, its sign, the property it is held against.
        common = [(name, "", "", "") for name in COMMON if self.does == "listed"]
        older, newer = (re.findall(_FILTER, _ROUTES[t].get(call, "")) for t in ("names", "newer"))
        self.filters = {"2025": older + common, "2026": older + newer + common}

    def names(self, spec: str) -> dict[str, str]:
        """Return the query names by their lower case form."""
        return {name.lower(): name for name, *_ in self.filters[spec]}


# A path without an id in it is looked for first: /SalesOrders/sentState is no order.
ENDPOINTS = sorted(
    (Endpoint(*row) for row in _ROUTES["calls"].items()), key=lambda one: "{" in one.path
)


@dataclass
class Call:
    """A call that may be carried out; each way to do it raises Refusal.

    `asked` are the ids in its path and its query. Reads see the `view`, writes change the `books`.
    """

    endpoint: Endpoint
    request: Request
    asked: Mapping[str, str]
    books: Books
    may_send: bool

    def __post_init__(self) -> None:
        self._kind, self._faults = self.endpoint.kind, self.books.faults
        self._view = self.books.as_read()

    def _one(self, books: Books) -> Any:
        """Return the object that the path names."""
        id_ = self.asked["id"]
        is_number = self._kind.shape.properties["Id"].kind != "uuid"
        if is_number and not re.fullmatch(r"\d{1,18}", id_):
            raise Refusal("Unable to cast object(s)", f"'{id_}' is not a valid id.")
        things = self._kind.kept(books, self.asked)
        return found(things, int(id_) if is_number else id_.lower(), self._kind.label)

    def _text(self, name: str) -> str:
        """Return a query value as text, "" where it is missing or blank."""
        return (self.asked.get(name) or "").strip()

    def _passing(self) -> list[Record]:
        """Return the objects that pass the filters of the query."""
        tests = []
        for name, needed, sign, of in self.endpoint.filters[self._faults.spec]:
            text = self._text(name)
            if needed and not text:
                raise not_found(f"The parameter {name}")
            if of and text:
                read, passes = _SIGNS[sign]
                try:
                    tests.append((self._kind.shape.properties[of].read, passes, read(text)))
                except (LookupError, ValueError):
                    detail = f"The value '{text}' is not valid for {name}."
                    raise Refusal("Unable to cast object(s)", detail) from None
        rows = self._kind.kept(self._view, self.asked).values()
        return [row for row in rows if all(passes(of(row), to) for of, passes, to in tests)]

    def _listed(self) -> Response:
        """Return a page of the objects that pass: 204 without a body if it is empty."""
        newest, shape = self._faults.spec == "2026", self._kind.shape
        rows = self._passing()
        size = self._whole("PageSize", 1000 if newest else 5000)
        if size > (5000 if newest else 20_000):
            raise Refusal("Invalid resourceParameter", "PageSize is larger than MaxPageSize.")
        page, fields = self._whole("PageNumber", 1), [*shape.properties.values()]
        if wanted := self._text("Fields"):
            try:
                fields = [shape.by_lower_name[n.strip().lower()] for n in wanted.split(",")]
            except KeyError:
                detail = "Fields property in resourceParameter is not formatted correct."
                raise Refusal("Invalid resourceParameter", detail) from None
        shown = rows[(page - 1) * size : page * size]
        body = [{one.name: one.read(row) for one in fields} for row in shown]
        counted = {"totalCount": len(rows), "pageSize": size, "currentPage": page}
        pages = to_json({**counted, "totalPages": -(-len(rows) // size)})
        headers = {"X-Pagination": pages.decode("ascii")}
        if body:
            return json_answer(body, headers=headers)
        return Response(204, headers=headers)

    def _whole(self, name: str, default: int) -> int:
        text = self._text(name)
        if text and not re.fullmatch(r"[1-9]\d{0,6}", text):
            raise Refusal("Invalid resourceParameter", f"{name} must be a positive number.")
        return int(text or default)

    def _shown(self) -> Response:
        return json_answer(self._kind.shape.render(self._one(self._view)))

    def _made(self) -> Response:
        """Make an object: 201, for a product too as observed, although the description says 200."""
        values = self._kind.shape.bind(from_json(self.request.content))
        new = self._kind.made(self.books, values, self.asked)
        return json_answer(self._kind.shape.render(new), 201)

    def _changed(self) -> Response:
        one = self._one(self.books)
        sent = self.request.headers.get("content-type", "")
        if sent.partition(";")[0].strip() != "application/json-patch+json":
            detail = "PATCH takes application/json-patch+json."
            raise Refusal("Unsupported Media Type", detail, 415)
        one.change(self._kind.shape.changes(from_json(self.request.content), self._kind.label))
        return json_answer(self._kind.shape.render(one))

    def _deleted(self) -> Response:
        self._one(self.books).delete()
        return Response(200)

    def _client_information(self) -> Response:
        body: dict[str, Any] = {
            "ClientId": self.books.client_id,
            "ClientName": self.books.client_name,
            "ActiveClientSubscriptions": ["Go", "GoSales"],
            "ValidPrivileges": sorted(self._faults.privileges),
            "InvalidPrivileges": [],
        }
        if self._faults.spec == "2026":
            body["AllowSendInvoice"] = self._faults.may_send
        return json_answer(body)

    def _lock_date(self) -> Response:
        return json_answer({"LockDate": self._view.lock_date})

    def _sent_state(self) -> Response:
        wanted = self._text("id").lower()
        sending = self._view.send_queue.get(wanted)
        if sending is None:
            order = found(self._view.sales_orders, wanted, self._kind.label)
            if self._faults.never_sent_state == "none":
                return Response(204)
            sending = Sending(order)
        return json_answer([SHAPES["SentState"].render(sending)])

    def _sent(self) -> Response:
        """Ask for an order to be invoiced: 202, the outcome is for sentState to tell."""
        if not self.may_send:
            detail = "The integration does not have the required privileges to send invoices."
            raise Refusal("Missing privilege", detail)
        values = Sending.shape.bind(from_json(self.request.content))
        asked = send(self._one(self.books), values)
        base = self.request.url.path[: self.request.url.path.lower().rindex("/salesorders/")]
        headers = {"Location": f"{base}/SalesOrders/SentState?id={asked.order_id}"}
        return json_answer(Sending.shape.render(asked), 202, headers)


@dataclass
class Go:
    """PowerOffice Go for one company.

    `requests` lists method, path behind the base address ("/SalesOrders/Complete", the token's is
    "/OAuth/Token") and query string of everything that arrived, refused or not. `clock` (aware)
    rules everything, the Date header of each answer too (so uvicorn must be told not to set its
    own). `busiest_second` is the largest number of requests that arrived within one second.
    """

    books: Books
    faults: Faults
    application_key: str
    client_key: str
    subscription_key: str
    clock: Callable[[], datetime] = utc_now
    busiest_second: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self.requests: list[tuple[str, str, str]] = []
        self._tokens: dict[str, tuple[datetime, set[str]]] = {}  # their end, and what they open
        self._arrivals: list[datetime] = []
        self.books.faults, self.books.clock = self.faults, self.clock

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
        if fault and fault.fault == "slow":
            await asyncio.sleep(self.faults.slow_seconds)
            fault = None
        if fault and fault.fault in BEFORE:
            answer = _failure(fault)
        else:
            answer = _too_many() if throttled else self._answer(request, path)
            answer = _failure(fault, answer) if fault else answer
        for hook in self.faults.after_hooks:
            hook(method, path)
        return dated(answer, self.clock())

    def _answer(self, request: Request, path: str) -> Response:
        subscription = request.headers.get("ocp-apim-subscription-key", "")
        if subscription != self.subscription_key:
            message = "Access denied due to invalid subscription key."
            return _gateway(401, f"{message} Make sure to provide a valid key.")
        if path.lower() == "/oauth/token":
            return self._token(request)
        possible = ((one, one.pattern.fullmatch(path)) for one in ENDPOINTS)
        routed = ((one, m) for one, m in possible if m and one.method == request.method)
        called, ids = next(routed, (None, None))
        if called is None or ids is None or path == request.url.path:
            return _gateway(404, "Resource not found")
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        expires, opens = self._tokens.get(token, (self.clock(), set()))
        if expires <= self.clock():
            return _unauthorized()
        if called.roles and not called.roles & opens:
            return Response(403)
        self.books.settle_queue()
        if request.method != "GET":
            self.books.remember()
        try:
            asked = ids.groupdict() | _query(request, called.names(self.faults.spec))
            call = Call(called, request, asked, self.books, "send" in opens)
            answer: Response = getattr(call, f"_{called.does}")()
        except Refusal as refusal:
            answer = _problem(refusal)
        return answer

    def _throttled(self) -> bool:
        limit, now = self.faults.requests_per_second, self.clock()
        since = now - timedelta(seconds=1)
        self._arrivals = [*(moment for moment in self._arrivals if moment > since), now]
        self.busiest_second = max(self.busiest_second, len(self._arrivals))
        return limit is not None and len(self._arrivals) > limit

    def _token(self, request: Request) -> Response:
        keys = base64.b64encode(f"{self.application_key}:{self.client_key}".encode()).decode()
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
