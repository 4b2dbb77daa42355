"""Calls to PowerOffice Go: spaced, safely repeated, page by page, JSON without float noise.

Source: facts.md, "Requests", "Lists" and "JSON Patch".
"""

import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from typing import Any, Generic, TypeVar
from urllib.parse import quote

import httpx

from woo2po.http import NeverLeft, NoAnswer, NotUnderstood, Refused, RemoteError
from woo2po.http.engine import Engine, date_of
from woo2po.http.spacing import QUICK, Sleep, Spacing
from woo2po.poweroffice.answers import (
    Row,
    accepted,
    broken,
    busy,
    judge,
    nothing_or_json,
    row_in,
    rows_in,
    seconds_to_wait,
)

MOST_PAGES = 5000  # of a list that does not say how long it is
_MUCH = 10  # times what it said of its length at first: it has no end then
PAGE_SIZE = 1000  # the newest figures known: 1000 by default, 5000 at most
_LONGEST_FILTER = 1500  # characters of a list in the query, percent signs counted
_LONGEST_PAUSE = 60.0  # seconds
_PATIENCE = 10  # how often one request may be told to wait
_WAITS = (1.0, 3.0)  # seconds before the second and the third attempt

Query = Mapping[str, str]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Listing(Generic[T]):
    """A kind of object: where it is listed, how it is read, the fields asked for with its key."""

    path: str
    read: Callable[[Row], T]
    fields: str
    key: str = "Id"


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
                sent = await self._spacing.turn()
                response = yield outgoing
                if (now := self._spacing.now()) - sent.started < QUICK:
                    sent.arrived = now
                try:
                    outgoing = await flow.asend(response)
                except StopAsyncIteration:
                    return


class Calls:
    """GET, POST, PATCH and DELETE below one base address; every answer as rows.

    `server_time` is the newest `Date` header seen. The auth flow may end on an answer to a
    request of its own (a token's): the request it was asked for then never left.

    Raises NeverLeft, NoAnswer, what the auth raises, CannotLogIn for a missing right (NotAllowed
    for one that the rest of the work can do without), Refused, and NotUnderstood for an answer of
    another shape and for a refusal that the application itself never spoke.
    """

    def __init__(
        self,
        http: httpx.AsyncClient,
        base_url: str,
        auth: httpx.Auth,
        spacing: Spacing,
        sleep: Sleep,
    ) -> None:
        self._http = http
        self._base_url = base_url.rstrip("/")
        self._spacing = spacing
        self._auth = _TakingTurns(auth, spacing)
        self._engine = Engine(http, broken, sleep, _WAITS)
        self.server_time: datetime | None = None

    # One request

    async def read(self, request: httpx.Request) -> httpx.Response:
        """Return the 2xx answer to a request that changes nothing, after up to three attempts."""
        return await self._repeated(request, (NeverLeft, NoAnswer))

    async def write(self, request: httpx.Request) -> httpx.Response:
        """Return the 2xx answer to a request that changes something.

        It is repeated only where nothing was carried out: 429, or no connection. NoAnswer at the
        first doubt, NeverLeft when the repeats are used up.
        """
        return await self._repeated(request, (NeverLeft,))

    async def _repeated(
        self, request: httpx.Request, safe: tuple[type[RemoteError], ...]
    ) -> httpx.Response:
        def may_pass(error: RemoteError) -> bool:
            return isinstance(error, safe) and error.code != "poweroffice_busy"

        return await self._engine.repeated(lambda: self._settled(request), may_pass)

    async def _settled(self, request: httpx.Request) -> httpx.Response:
        """Return a 2xx answer, having waited out every 429; else raise what happened."""
        for _ in range(_PATIENCE):
            response = await self._engine.sent(request, self._auth)
            moment = date_of(response)
            if moment and (self.server_time is None or moment > self.server_time):
                self.server_time = moment
            if response.status_code != httpx.codes.TOO_MANY_REQUESTS:
                return accepted(request, response)
            if (seconds := seconds_to_wait(response)) > _LONGEST_PAUSE:
                break
            await self._spacing.pause(seconds)
        raise busy(request)

    def request(
        self,
        method: str,
        path: str,
        query: Query | None = None,
        *,
        body: object = None,
        content_type: str = "",
    ) -> httpx.Request:
        """Return a request below the base address; a body where its type is given."""
        headers = {"Accept": "application/json"}
        if content_type:
            headers["Content-Type"] = content_type
        return self._http.build_request(
            method,
            f"{self._base_url}/{path}",
            params=query,
            headers=headers,
            content=exact_json(body).encode() if content_type else None,
        )

    async def _sent(self, path: str, request: httpx.Request) -> httpx.Response:
        send = self.read if request.method == "GET" else self.write
        try:
            return await send(request)
        except Refused as refused:
            judge(path, request, refused)

    # Lists

    async def listed(
        self, listing: Listing[T], query: Query | None = None, path: str = ""
    ) -> list[T]:
        """Return all of a list (at another `path`, if one is given), each id once."""
        pages = self._pages(path or listing.path, listing.fields, query)
        found = {row.key("Id"): row async for page, _ in pages for row in page}
        return [listing.read(row) for row in found.values()]

    async def in_parts(
        self, listing: Listing[T], name: str, values: Sequence[str], query: Query | None = None
    ) -> list[T]:
        """Return what a filter by many values finds, asked in parts; no values, no request."""
        parts = [
            await self.listed(listing, {**(query or {}), name: part}) for part in chunks(values)
        ]
        return [seen for part in parts for seen in part]

    async def pages(
        self, listing: Listing[T], query: Query | None = None
    ) -> AsyncIterator[list[T]]:
        """Yield a list in pages, each id once, so that a long one need not be held."""
        pages = self._pages(listing.path, listing.fields, query, listing.key)
        async for page, fresh in pages:
            yield [listing.read(row) for row in page if row.key(listing.key) in fresh]

    async def _pages(
        self, path: str, fields: str, query: Query | None, key: str = "Id"
    ) -> AsyncIterator[tuple[list[Row], set[str]]]:
        """Yield the pages of a list, and the ids of each that the page before had not.

        Older ones need not be known: rows move by a few places while a list is read.
        """
        before: set[str] = set()
        most = 0
        asked = {**(query or {}), "Fields": ",".join(fields.split()), "PageSize": str(PAGE_SIZE)}
        for page in count(1):
            request = self.request("GET", path, {**asked, "PageNumber": str(page)})
            response = await self._sent(path, request)
            rows = rows_in(path, response)
            ids = {row.key(key) for row in rows}
            fresh, before = ids - before, ids
            yield rows, fresh
            said = _pagination(response)
            # A page that brings nothing new is the end too, should page numbers be ignored.
            if not fresh or not _goes_on(said, page, len(rows)):
                break
            most = most or _MUCH * max(_total_pages(said) or MOST_PAGES // _MUCH, 1)
            if page >= most:
                facts = {"what": f"GET {path}", "field": "X-Pagination"}
                raise NotUnderstood("poweroffice", "poweroffice_not_understood", **facts)

    async def rows_unpaged(self, path: str, query: Query) -> list[Row]:
        """Return the rows of a list that knows neither pages nor fields."""
        return rows_in(path, await self._sent(path, self.request("GET", path, query)))

    # Single objects

    async def row(self, path: str) -> Row:
        """Return one object; an answer without content is one that has no fields.

        Raises Refused with status 404 where the application has none.
        """
        return row_in(path, await self._sent(path, self.request("GET", path)))

    async def row_or_none(self, path: str) -> Row | None:
        """Return one object, or None where the application (not a gateway) has none."""
        try:
            return await self.row(path)
        except Refused as refused:
            if refused.status != httpx.codes.NOT_FOUND:
                raise
            return None

    async def post(self, path: str, body: Mapping[str, object]) -> Row:
        """Create an object; return it as it was made.

        An answer that is about another one, from a proxy that mixes them up, raises NotUnderstood:
        what was written is then looked for by its reference.
        """
        request = self.request("POST", path, body=body, content_type="application/json")
        made = row_in(path, await self._sent(path, request))
        for name in {"ExternalImportReference", "ExternalCode"} & body.keys():
            told = made.text(name).strip().casefold()
            if told and told != str(body[name]).strip().casefold():
                made.missing(name)
        return made

    async def submit(self, path: str, body: Mapping[str, object]) -> None:
        """Ask for work that is done later: any 2xx is a yes, with an object or nothing in it."""
        request = self.request("POST", path, body=body, content_type="application/json")
        response = await self._sent(path, request)
        if response.content:
            row_in(path, response)

    async def patch(self, path: str, changes: Mapping[str, object]) -> None:
        """Replace the named fields. PowerOffice takes RFC 6902 with PascalCase paths only."""
        operations = [
            {"op": "replace", "path": f"/{name}", "value": value} for name, value in changes.items()
        ]
        content_type = "application/json-patch+json"
        request = self.request("PATCH", path, body=operations, content_type=content_type)
        nothing_or_json(path, await self._sent(path, request))

    async def delete(self, path: str) -> None:
        """Delete an object."""
        nothing_or_json(path, await self._sent(path, self.request("DELETE", path)))


def chunks(values: Sequence[str]) -> Iterator[str]:
    """Yield the values as comma lists, each short enough for an address; none for no values."""
    chunk: list[str] = []
    length = 0
    for value in values:
        size = len(quote(value, safe="")) + 3
        if chunk and length + size > _LONGEST_FILTER:
            yield ",".join(chunk)
            chunk, length = [], 0
        chunk.append(value)
        length += size
    if chunk:
        yield ",".join(chunk)


def utc(moment: datetime) -> str:
    """Return an aware time as filters take it: UTC, whole seconds, with Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def exact_json(value: object) -> str:
    """Return JSON text in which a Decimal is the number it is, with no float in between."""
    match value:
        case Decimal():
            text = f"{value:f}"
            return text.rstrip("0").rstrip(".") if "." in text else text
        case datetime() | date():
            return f'"{value.isoformat()}"'
        case Mapping():
            pairs = (f"{json.dumps(key)}:{exact_json(part)}" for key, part in value.items())
            return f"{{{','.join(pairs)}}}"
        case list() | tuple():
            return f"[{','.join(map(exact_json, value))}]"
        case _:
            return json.dumps(value, ensure_ascii=False)


def _pagination(response: httpx.Response) -> dict[str, Any]:
    """Return what an answer says of pages, names in lower case.

    The header X-Pagination is not in the interface description; its keys are known from other
    people's code only.
    """
    try:
        header = json.loads(response.headers.get("X-Pagination", ""))
    except (RecursionError, ValueError):
        header = None
    return {k.lower(): v for k, v in header.items()} if isinstance(header, dict) else {}


def _total_pages(said: Mapping[str, Any]) -> int | None:
    total = said.get("totalpages")
    return total if isinstance(total, int) else None


def _goes_on(said: Mapping[str, Any], page: int, rows: int) -> bool:
    """Say whether a further page is worth asking for; a full page that says nothing means yes."""
    total = _total_pages(said)
    if total is not None:
        return page < total
    if "nextpagelink" in said:
        return bool(said["nextpagelink"])
    return rows >= PAGE_SIZE
