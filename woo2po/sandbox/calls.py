"""The calls that PowerOffice answers (routes.toml): their filters, pages, and the work."""

import operator
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from httpx import Request, Response

from woo2po.sandbox.answers import json_answer, to_json
from woo2po.sandbox.ledger import Sending, send
from woo2po.sandbox.records import KINDS, Record, found
from woo2po.sandbox.shapes import SHAPES, Refusal, from_json, is_date, not_found

if TYPE_CHECKING:
    from woo2po.sandbox.books import Books

COMMON = ("PageNumber", "PageSize", "Fields", "UseDatabaseValidation")
_ROUTES = tomllib.loads((files("woo2po.sandbox") / "routes.toml").read_text(encoding="utf-8"))


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


@dataclass(frozen=True)
class Filter:
    """A query name: how its text is held against which property, if it is at all."""

    name: str
    sign: str
    of: str

    def passes(self, text: str) -> Callable[[Any], bool]:
        """Return what tells whether a value passes. Raises Refusal for a malformed text."""
        read, compare = _SIGNS[self.sign]
        try:
            wanted = read(text)
        except (LookupError, ValueError):
            detail = f"The value '{text}' is not valid for {self.name}."
            raise Refusal("Unable to cast object(s)", detail) from None
        return lambda value: compare(value, wanted)


@dataclass(frozen=True)
class Endpoint:
    """A method and path: what it does, who may, and its query names (`newer`: of 2026)."""

    method: str
    path: str
    does: str
    kind: type[Record]
    roles: frozenset[str]
    filters: tuple[Filter, ...]
    newer: frozenset[str]

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", self.path), re.IGNORECASE)

    def match(self, path: str) -> dict[str, str] | None:
        """Return the ids in a path that is this endpoint's."""
        match = self._pattern.fullmatch(path)
        return None if match is None else match.groupdict()

    def names(self, spec: str) -> dict[str, str]:
        """Return the query names by their lower case form."""
        known = [f.name for f in self.filters if spec == "2026" or f.name not in self.newer]
        return {n.lower(): n for n in [*known, *(COMMON if self.does == "listed" else ())]}


def _endpoint(call: str, text: str) -> Endpoint:
    does, kind, *roles = text.split()
    own, newer = (
        [Filter(*parts) for parts in re.findall(r"(\w+)([=#<>?+]*)(\w*)", names.get(call, ""))]
        for names in (_ROUTES["names"], _ROUTES["newer"])
    )
    newest = frozenset(f.name for f in newer)
    method, path = call.split()
    return Endpoint(
        method, path, does, KINDS.get(kind, Record), frozenset(roles), (*own, *newer), newest
    )


# A path without an id in it is looked for first: /SalesOrders/sentState is no order.
ENDPOINTS = sorted(
    (_endpoint(*row) for row in _ROUTES["calls"].items()), key=lambda one: "{" in one.path
)


@dataclass
class Call:
    """A call that may be carried out. `view` is what reads see, `books` what writes change."""

    endpoint: Endpoint
    request: Request
    ids: Mapping[str, str]  # in the path
    query: Mapping[str, str]
    books: "Books"
    view: "Books"
    may_send: bool

    def __post_init__(self) -> None:
        self._kind, self._faults = self.endpoint.kind, self.books.faults

    def carried_out(self) -> Response:
        """Do it, and return the answer. Raises Refusal."""
        answer: Response = getattr(self, f"_{self.endpoint.does}")()
        return answer

    def _one(self, books: "Books") -> Any:
        """Return the object that the path names. Raises Refusal."""
        id_ = self.ids["id"]
        is_number = self._kind.shape.properties["Id"].kind != "uuid"
        if is_number and not re.fullmatch(r"\d{1,18}", id_):
            raise Refusal("Unable to cast object(s)", f"'{id_}' is not a valid id.")
        things = self._kind.kept(books, {**self.ids, **self.query})
        return found(things, int(id_) if is_number else id_.lower(), self._kind.label)

    def _text(self, name: str) -> str | None:
        """Return a query value as text, None where it is missing or blank."""
        return (self.query.get(name) or "").strip() or None

    def _passing(self) -> list[Record]:
        """Return the objects that pass the filters of the query. Raises Refusal."""
        for name in self._kind.needs:
            if self._text(name) is None:
                raise not_found(f"The parameter {name}")
        tests = []
        for one in self.endpoint.filters:
            text = self._text(one.name)
            if text is not None and one.of:
                tests.append((self._kind.shape.properties[one.of].read, one.passes(text)))
        rows = self._kind.kept(self.view, {**self.ids, **self.query}).values()
        return [row for row in rows if all(passes(read(row)) for read, passes in tests)]

    def _listed(self) -> Response:
        """Return a page of the objects that pass: 204 without a body if it is empty."""
        newest, shape = self._faults.spec == "2026", self._kind.shape
        rows = self._passing()
        size = self._whole("PageSize", 1000 if newest else 5000)
        if size > (5000 if newest else 20_000):
            raise Refusal("Invalid resourceParameter", "PageSize is larger than MaxPageSize.")
        page, wanted = self._whole("PageNumber", 1), self._text("Fields")
        fields = [*shape.properties.values()]
        if wanted:
            named = [shape.by_lower_name.get(name.strip().lower()) for name in wanted.split(",")]
            fields = [one for one in named if one is not None]
            if len(fields) < len(named):
                detail = "Fields property in resourceParameter is not formatted correct."
                raise Refusal("Invalid resourceParameter", detail)
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
        if text is not None and not re.fullmatch(r"[1-9]\d{0,6}", text):
            raise Refusal("Invalid resourceParameter", f"{name} must be a positive number.")
        return default if text is None else int(text)

    def _shown(self) -> Response:
        return json_answer(self._kind.shape.render(self._one(self.view)))

    def _made(self) -> Response:
        """Make an object: 201, for a product too as observed, although the description says 200."""
        new = self._kind.made(
            self.books, self._kind.shape.bind(from_json(self.request.content)), self.ids
        )
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
        return json_answer({"LockDate": self.view.lock_date})

    def _sent_state(self) -> Response:
        wanted = (self._text("id") or "").lower()
        sending = self.view.send_queue.get(wanted)
        if sending is None:
            order = found(self.view.sales_orders, wanted, self._kind.label)
            if self._faults.never_sent_state == "none":
                return Response(204)
            sending = Sending(order)
        return json_answer([SHAPES["SentState"].render(sending)])

    def _sent(self) -> Response:
        """Ask for an order to be invoiced: 202, the outcome is for sentState to tell."""
        if not self.may_send:
            detail = "The integration does not have the required privileges to send invoices."
            raise Refusal("Missing privilege", detail)
        values = SHAPES["Send"].bind(from_json(self.request.content))
        asked = send(self._one(self.books), values)
        path = self.request.url.path
        base = path[: path.lower().rindex("/salesorders/")]
        headers = {"Location": f"{base}/SalesOrders/SentState?id={asked.order_id}"}
        return json_answer(SHAPES["Send"].render(asked), 202, headers)
