"""What a call to the stand-in consists of: who calls, which filters, which page, what goes back."""

import operator
import re
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from importlib.resources import files
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlencode

from woo2po.sandbox.asgi import Response
from woo2po.sandbox.faults import Faults
from woo2po.sandbox.shapes import (
    NotFound,
    Refusal,
    Shape,
    WrongMediaType,
    from_json,
    is_date,
    patch_operations,
    to_json,
)

if TYPE_CHECKING:
    from woo2po.sandbox.books import Books

Thing = TypeVar("Thing")
COMMON = ("PageNumber", "PageSize", "Fields", "OrderBy", "UseDatabaseValidation")
_QUERIES = tomllib.loads((files("woo2po.sandbox") / "queries.toml").read_text(encoding="utf-8"))


def answered(
    status: int = 200,
    body: Any = None,
    headers: dict[str, str] | None = None,
    kind: str = "application/json; charset=utf-8",
) -> Response:
    """Return a body as JSON of that kind (None: no body at all)."""
    if body is None:
        return Response(status, headers=headers or {})
    return Response(status, to_json(body), {"content-type": kind, **(headers or {})})


@dataclass(frozen=True)
class Filter:
    """A query name: how its text is held against which property of a row, if it is at all.

    "=" one of several texts in any case (-1 for none), "==" just this text, "#" in a range, ">" a
    later moment, ">=" and "<=" days, "?" true or false, "+" not empty where it says true.
    """

    name: str
    sign: str
    of: str

    def passes(self, text: str) -> Callable[[Any], bool]:
        """Return what tells whether a row's value passes; raises Refusal for a malformed text."""
        if self.sign in {"=", "=="}:
            fold: Callable[[str], str] = str if self.sign == "==" else str.lower
            wanted = {fold(part.strip()) for part in text.split(",")}
            return lambda value: bool(wanted & {fold(str(v)) for v in _several(value)})
        if self.sign == "#":
            ranges = [self._range(part.strip()) for part in text.split(",")]
            return lambda number: any(number is not None and number in r for r in ranges)
        if self.sign == ">":
            since = self._moment(text)
            return lambda moment: moment is not None and moment > since
        if self.sign in {">=", "<="}:
            day = self.day(text)
            return lambda value: bool(value >= day if self.sign == ">=" else value <= day)
        flag = self._flag(text)
        return lambda value: value == flag if self.sign == "?" else bool(value) or not flag

    def day(self, text: str) -> date:
        """Return a day; the time in a timestamp is not looked at. Raises Refusal."""
        if not is_date(text[:10]):
            raise self._uncastable(text)
        return date.fromisoformat(text[:10])

    def _range(self, part: str) -> range:
        """Return the numbers of one part of a filter such as "10000-15999, 12500, 13000-"."""
        found = re.fullmatch(r"(\d+)\s*(-?)\s*(\d*)", part)
        if found is None:
            raise self._uncastable(part)
        first, dash, last = found.groups()
        return range(int(first), (int(last) if last else (10**18 if dash else int(first))) + 1)

    def _moment(self, text: str) -> datetime:
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise self._uncastable(text) from None
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment

    def _flag(self, text: str) -> bool:
        if text.lower() not in {"true", "false"}:
            raise self._uncastable(text)
        return text.lower() == "true"

    def _uncastable(self, text: str) -> Refusal:
        detail = f"The value '{text}' is not valid for {self.name}."
        return Refusal("Unable to cast object(s)", detail)


def _several(value: Any) -> list[Any]:
    if isinstance(value, list):
        return value
    return [-1 if value is None else value]


@dataclass
class Call:
    """A call that may be carried out. `view` is what reads see, `books` what writes change."""

    endpoint: "Endpoint"
    books: "Books"
    view: "Books"
    faults: Faults
    path: str
    ids: dict[str, str]
    query: dict[str, str]
    raw: bytes
    content_type: str
    may_send: bool = False

    def bound(self, shape: Shape) -> dict[str, Any]:
        """Return the posted body's values; raises BadBody."""
        return self.part(shape, from_json(self.raw))

    def part(self, shape: Shape, body: Any) -> dict[str, Any]:
        """Return the values of a part of a posted body; raises BadBody."""
        return shape.bind(body, lenient=self.faults.unknown_body_properties == "ignored")

    def patch(self, shape: Shape) -> list[tuple[list[str], Any]]:
        """Return the operations of a patch; raises Refusal for another content type."""
        if self.content_type.partition(";")[0].strip() != "application/json-patch+json":
            detail = "PATCH takes application/json-patch+json."
            raise WrongMediaType("Unsupported Media Type", detail)
        return patch_operations(from_json(self.raw), shape)

    def changes(self, shape: Shape, dto: str) -> dict[str, Any]:
        """Return the new values, by attribute, of a patch of plain properties; raises Refusal."""
        return changes(shape, dto, self.patch(shape))

    def number(self, name: str = "id") -> int:
        """Return a whole number from the path."""
        if not re.fullmatch(r"\d{1,18}", self.ids[name]):
            raise Refusal("Unable to cast object(s)", f"'{self.ids[name]}' is not a valid id.")
        return int(self.ids[name])

    def guid(self, name: str = "id") -> str:
        """Return a GUID from the path."""
        return self.ids[name].lower()

    def text(self, name: str) -> str | None:
        """Return a query value as text, None where it is missing or blank."""
        return (self.query.get(name) or "").strip() or None

    def need_days(self, *names: str) -> None:
        """Raise NotFound where a day is missing that the call can't do without."""
        for name in names:
            if self.text(name) is None:
                raise NotFound(f"The parameter {name} is required.")

    def wanted(self, rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return the rows that pass the filters of the query; raises Refusal."""
        asked = ((f, self.text(f.name)) for f in self.endpoint.filters if f.of)
        tests = [(f.of, f.passes(text)) for f, text in asked if text is not None]
        return [row for row in rows if all(passes(row[of]) for of, passes in tests)]


Handler = Callable[[Call], Response]


@dataclass(frozen=True)
class Endpoint:
    """A method and path with the roles that open it and its own query names.

    `newer` are names that only the 2026 description has.
    """

    method: str
    path: str
    handler: Handler
    roles: frozenset[str]
    filters: tuple[Filter, ...]
    newer: frozenset[str]
    pages: bool

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", self.path), re.IGNORECASE)

    def match(self, path: str) -> dict[str, str] | None:
        """Return the ids in a path that is this endpoint's."""
        found = self._pattern.fullmatch(path)
        return None if found is None else found.groupdict()

    def names(self, spec: str) -> dict[str, str]:
        """Return the query names by their lower case form."""
        known = [f.name for f in self.filters if spec == "2026" or f.name not in self.newer]
        return {n.lower(): n for n in [*known, *(COMMON if self.pages else ())]}


ENDPOINTS: list[Endpoint] = []


def endpoint(
    method: str, path: str, roles: str, *, pages: bool = False
) -> Callable[[Handler], Handler]:
    """Register a handler for a method and path; what it may be asked stands in queries.toml."""

    def register(handler: Handler) -> Handler:
        own, new = (
            [Filter(*parts) for parts in re.findall(r"(\w+)([=#<>?+]*)(\w*)", text)]
            for text in (_QUERIES[kind].get(f"{method} {path}", "") for kind in ("names", "newer"))
        )
        names = frozenset(f.name for f in new)
        roles_ = frozenset(roles.split())
        ENDPOINTS.append(Endpoint(method, path, handler, roles_, (*own, *new), names, pages))
        return handler

    return register


def found(things: dict[Any, Thing], key: Any, name: str, by: str = "id") -> Thing:
    """Return a thing by its id, number or code; raises NotFound."""
    if key not in things:
        said = f"'{key}'" if by == "code" else key
        raise NotFound(f"{name} with {by} = {said} not found.")
    return things[key]


def listed(call: Call, shape: Shape, rows: Iterable[dict[str, Any]]) -> Response:
    """Return the page that was asked for of the rows that pass: 204 without a body if empty."""
    ordered = _ordered(call.text("OrderBy"), call.wanted(rows))
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
        return answered(200, body, headers)
    return answered(204, None, headers)


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
    for part in reversed(text.split(",") if text else []):
        name, _, direction = part.strip().lower().partition(" ")
        known = {key.lower(): key for key in rows[0]} if rows else {name: name}
        if name not in known or direction.strip() not in {"", "asc", "desc"}:
            detail = "OrderBy property in resourceParameter is not formatted correct."
            raise Refusal("Invalid resourceParameter", detail)
        key = known[name]
        filled = [row for row in rows if row[key] is not None]
        filled.sort(key=operator.itemgetter(key), reverse=direction.strip() == "desc")
        rows = filled + [row for row in rows if row[key] is None]
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
    return dict(shape.patched("/".join(segments), value, dto) for segments, value in operations)
