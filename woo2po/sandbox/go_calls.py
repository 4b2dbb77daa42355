"""What a call to the stand-in consists of: who calls, which filters, which page, what goes back."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, TypeVar
from urllib.parse import urlencode

from woo2po.sandbox.faults import Faults
from woo2po.sandbox.go_records import Records
from woo2po.sandbox.go_wire import (
    NotFound,
    Refusal,
    Shape,
    WrongMediaType,
    from_json,
    is_date,
    to_json,
)

Thing = TypeVar("Thing")
COMMON = ("PageNumber", "PageSize", "Fields", "OrderBy", "UseDatabaseValidation")


@dataclass
class Answer:
    """A status, a JSON body (None: no body at all) and headers."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Call:
    """A call that may be carried out. `view` is what reads see, `books` what writes change."""

    books: Records
    view: Records
    faults: Faults
    path: str
    ids: dict[str, str]
    query: dict[str, str]
    raw: bytes
    content_type: str
    may_send: bool = False

    def bound(self, shape: Shape) -> dict[str, Any]:
        """Return the posted body's values; raises BadBody."""
        return shape.bind(from_json(self.raw), lenient=self.lenient)

    @property
    def lenient(self) -> bool:
        """Whether unknown properties in a body are ignored."""
        return self.faults.unknown_body_properties == "ignored"

    def patch_body(self) -> Any:
        """Return the operations of a patch; raises Refusal for another content type."""
        if self.content_type.partition(";")[0].strip() != "application/json-patch+json":
            raise WrongMediaType(
                "Unsupported Media Type", "PATCH takes application/json-patch+json."
            )
        return from_json(self.raw)

    def number(self, name: str = "id") -> int:
        """Return a whole number from the path."""
        if not re.fullmatch(r"\d{1,18}", self.ids[name]):
            raise Refusal("Unable to cast object(s)", f"'{self.ids[name]}' is not a valid id.")
        return int(self.ids[name])

    def text(self, name: str) -> str | None:
        """Return a filter as text, None where it is missing or blank."""
        return (self.query.get(name) or "").strip() or None

    def texts(self, name: str) -> list[str] | None:
        """Return a comma separated filter."""
        text = self.text(name)
        return None if text is None else [part.strip() for part in text.split(",")]

    def flag(self, name: str) -> bool | None:
        """Return a boolean filter; raises Refusal."""
        text = self.text(name)
        if text is None:
            return None
        if text.lower() not in {"true", "false"}:
            raise _uncastable(name, text)
        return text.lower() == "true"

    def day(self, name: str) -> date | None:
        """Return a day; the time in a timestamp is not looked at."""
        text = self.text(name)
        if text is not None and not is_date(text[:10]):
            raise _uncastable(name, text)
        return None if text is None else date.fromisoformat(text[:10])

    def needed_day(self, name: str) -> date:
        """Return a day that the call can't do without; PowerOffice says 404 where it is missing."""
        day = self.day(name)
        if day is None:
            raise NotFound(f"The parameter {name} is required.")
        return day

    def moment(self, name: str) -> datetime | None:
        """Return a point in time; raises Refusal."""
        text = self.text(name)
        try:
            moment = None if text is None else datetime.fromisoformat(text)
        except ValueError:
            raise _uncastable(name, str(text)) from None
        return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment

    def in_ranges(self, name: str, number: int | None) -> bool:
        """Tell whether a number meets a filter such as "10000-15999, 12500, 13000-"."""
        wanted = self.texts(name)
        return wanted is None or any(_in_range(name, part, number) for part in wanted)

    def one_of(self, name: str, *values: str | int | None) -> bool:
        """Tell whether one of the values stands in a comma separated filter, case ignored."""
        wanted = self.texts(name)
        if wanted is None:
            return True
        return bool({w.lower() for w in wanted} & {str(v).lower() for v in values if v is not None})

    def later(self, name: str, moment: datetime | None) -> bool:
        """Tell whether a moment is later than a filter, which is exclusive."""
        since = self.moment(name)
        return since is None or (moment is not None and moment > since)


def _uncastable(name: str, text: str) -> Refusal:
    return Refusal("Unable to cast object(s)", f"The value '{text}' is not valid for {name}.")


def _in_range(name: str, part: str, number: int | None) -> bool:
    found = re.fullmatch(r"(\d+)\s*(-?)\s*(\d*)", part)
    if found is None:
        raise _uncastable(name, part)
    first, dash, last = found.groups()
    top = int(last) if last else (10**30 if dash else int(first))
    return number is not None and int(first) <= number <= top


Handler = Callable[[Call], Answer]


@dataclass(frozen=True)
class Endpoint:
    """A method and path with the roles that open it and its own query names.

    `newer` are names that only the 2026 description has.
    """

    method: str
    path: str
    handler: Handler
    roles: frozenset[str]
    query: frozenset[str]
    newer: frozenset[str]
    pages: bool

    def match(self, path: str) -> dict[str, str] | None:
        """Return the ids in a path that is this endpoint's."""
        pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", self.path)
        found = re.fullmatch(pattern, path, re.IGNORECASE)
        return None if found is None else found.groupdict()

    def names(self, spec: str) -> dict[str, str]:
        """Return the query names by their lower case form."""
        names = self.query | (self.newer if spec == "2026" else frozenset())
        return {n.lower(): n for n in names | frozenset(COMMON if self.pages else ())}


ENDPOINTS: list[Endpoint] = []


def endpoint(
    method: str, path: str, roles: str, query: str = "", *, newer: str = "", pages: bool = False
) -> Callable[[Handler], Handler]:
    """Register a handler for a method and path."""

    def register(handler: Handler) -> Handler:
        open_to, own, new = (frozenset(text.split()) for text in (roles, query, newer))
        ENDPOINTS.append(Endpoint(method, path, handler, open_to, own, new, pages))
        return handler

    return register


def found(things: dict[Any, Thing], key: Any, name: str) -> Thing:
    """Return a thing by its id; raises NotFound."""
    if key not in things:
        raise NotFound(f"{name} with id = {key} not found.")
    return things[key]


def listed(call: Call, shape: Shape, rows: Iterable[dict[str, Any]]) -> Answer:
    """Return the page that was asked for: 204 without a body where it is empty."""
    ordered = _ordered(call.text("OrderBy"), list(rows))
    newest = call.faults.spec == "2026"
    size = _whole(call, "PageSize", 1000 if newest else 5000)
    if size > (5000 if newest else 20_000):
        raise Refusal("Invalid resourceParameter", "PageSize is larger than MaxPageSize.")
    page = _whole(call, "PageNumber", 1)
    shown = ordered[(page - 1) * size : page * size]
    headers = {"X-Pagination": _pagination(call, len(ordered), page, size)}
    names = _fields(call.text("Fields"), shape)
    body = [{name: row[name] for name in names} for row in shown]
    if body or call.faults.empty_list == "brackets":
        return Answer(200, body, headers)
    return Answer(204, None, headers)


def _whole(call: Call, name: str, default: int) -> int:
    text = call.text(name)
    if text is not None and not re.fullmatch(r"[1-9]\d{0,6}", text):
        raise Refusal("Invalid resourceParameter", f"{name} must be a positive number.")
    return default if text is None else int(text)


def _fields(text: str | None, shape: Shape) -> list[str]:
    if text is None:
        return shape.names
    known = {name.lower(): name for name in shape.names}
    wanted = [part.strip().lower() for part in text.split(",")]
    if any(part not in known for part in wanted):
        detail = "Fields property in resourceParameter is not formatted correct."
        raise Refusal("Invalid resourceParameter", detail)
    return [known[part] for part in wanted]


def _ordered(text: str | None, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    for part in reversed((text or "").split(",") if text else []):
        name, _, direction = part.strip().partition(" ")
        known = {key.lower(): key for key in rows[0]} if rows else {name.lower(): name}
        if name.lower() not in known or direction.strip().lower() not in {"", "asc", "desc"}:
            detail = "OrderBy property in resourceParameter is not formatted correct."
            raise Refusal("Invalid resourceParameter", detail)
        key = known[name.lower()]
        empty_last = [r for r in rows if r.get(key) is None]
        filled = [r for r in rows if r.get(key) is not None]
        filled.sort(key=lambda r: r[key], reverse=direction.strip().lower() == "desc")
        rows = filled + empty_last
    return rows


def _pagination(call: Call, total: int, page: int, size: int) -> str:
    pages = -(-total // size)

    def link(number: int) -> str | None:
        query = {**call.query, "PageNumber": str(number), "PageSize": str(size)}
        return f"{call.path}?{urlencode(query)}" if 1 <= number <= pages else None

    facts = {"totalCount": total, "pageSize": size, "currentPage": page, "totalPages": pages}
    links = {"previousPageLink": link(page - 1), "nextPageLink": link(page + 1)}
    return to_json({**facts, **links}).decode("ascii", "replace")


def changes(shape: Shape, dto: str, operations: list[tuple[list[str], Any]]) -> dict[str, Any]:
    """Return the new values, by attribute, of operations on plain properties; raises Refusal."""
    new: dict[str, Any] = {}
    for segments, value in operations:
        name = segments[0] if len(segments) == 1 else "/".join(segments)
        new.update([shape.patched(name, value, dto)])
    return new
