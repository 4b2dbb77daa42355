"""Calls to PowerOffice Go: JSON there and back without float noise, paging, rights by path.

Source: PowerOffice facts, sections 0, 2, 3 and 12.
"""

import json
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from fnmatch import fnmatchcase
from itertools import count
from typing import Any, NoReturn
from urllib.parse import quote

import httpx

from woo2po.logs import impersonal
from woo2po.poweroffice.rows import Row
from woo2po.transport import CannotLogIn, NotAllowed, NotUnderstood, Refused, Transport

_SYSTEM = "poweroffice"
PAGE_SIZE = 1000  # the newest figures known: 1000 by default, 5000 at most
_LONGEST_FILTER = 1500  # characters of a list in the query, percent signs counted

# The right that a path needs; "_Full" where the job also writes there. First match counts.
_ROLES = (
    ("Customers", "Customer_Full"),
    ("ContactDeliveryAddresses", "Customer_Full"),
    ("ProductGroups", "Product_Full"),
    ("Products", "Product_Full"),
    ("SalesOrders", "SalesOrders_Full"),
    ("OutgoingInvoices", "OutgoingInvoice"),
    ("GeneralLedgerAccounts", "GeneralLedgerAccount"),
    ("Vouchers/BankJournals", "BankVoucher_Full"),
    ("Vouchers/CashJournals", "CashVoucher_Full"),
    ("Customerledger", "CustomerLedger"),
    ("AccountTransactions", "AccountTransaction"),
    ("Departments", "Department"),
    ("Projects", "Project"),
    ("Locations", "Location"),
    ("", "CommonServices"),
)

# Rights that many an integration is not given: without one the rest of the work goes on.
_RIGHTS_APART = (
    ("SalesOrders/*/createAndSendInvoice", "may_not_send"),
    ("Vouchers/*", "may_not_post_vouchers"),
    ("Customerledger/*", "may_not_read_ledger"),
    ("AccountTransactions", "may_not_read_transactions"),
)

Query = Mapping[str, str]


class Calls:
    """GET, POST, PATCH and DELETE below one base address; every answer as rows.

    Raises what Transport raises, CannotLogIn for a missing right (NotAllowed for one that the
    rest of the work can do without), and NotUnderstood for an answer of another shape and for a
    refusal that the application itself never spoke.
    """

    def __init__(self, http: httpx.AsyncClient, transport: Transport, base_url: str) -> None:
        self._http = http
        self._transport = transport
        self._base_url = base_url.rstrip("/")

    async def rows(self, path: str, fields: Sequence[str], query: Query | None = None) -> list[Row]:
        """Return all rows of a list, page by page, each id once. `fields` must hold Id."""
        pages = self._pages(path, fields, query)
        return list({row.key("Id"): row async for page, _ in pages for row in page}.values())

    async def pages(
        self, path: str, fields: Sequence[str], query: Query | None = None
    ) -> AsyncIterator[list[Row]]:
        """Yield a list in pages, each id once, so that a long one need not be held."""
        async for page, fresh in self._pages(path, fields, query):
            yield [row for row in page if row.key("Id") in fresh]

    async def _pages(
        self, path: str, fields: Sequence[str], query: Query | None
    ) -> AsyncIterator[tuple[list[Row], set[str]]]:
        """Yield the pages of a list, and the ids of each that the page before had not.

        Older ones need not be known: rows move by a few places while a list is read.
        """
        before: set[str] = set()
        asked = {**(query or {}), "Fields": ",".join(fields), "PageSize": str(PAGE_SIZE)}
        for page in count(1):
            request = self._request("GET", path, {**asked, "PageNumber": str(page)})
            response = await self._sent(path, request)
            rows = _rows(path, response)
            ids = {row.key("Id") for row in rows}
            fresh, before = ids - before, ids
            yield rows, fresh
            # A page that brings nothing new is the end too, should page numbers be ignored.
            if not fresh or not _goes_on(response, page, len(rows)):
                break

    async def rows_unpaged(self, path: str, query: Query) -> list[Row]:
        """Return the rows of a list that knows neither pages nor fields."""
        return _rows(path, await self._sent(path, self._request("GET", path, query)))

    async def row(self, path: str) -> Row:
        """Return one object; an answer without content is one that has no fields.

        Raises Refused with status 404 where the application has none.
        """
        return _row(path, await self._sent(path, self._request("GET", path)))

    async def row_or_none(self, path: str) -> Row | None:
        """Return one object, or None where the application (not a gateway) has none."""
        try:
            return await self.row(path)
        except Refused as refused:
            if refused.status != httpx.codes.NOT_FOUND:
                raise
            return None

    async def post(self, path: str, body: Mapping[str, object]) -> Row:
        """Create an object; return it as it was made."""
        request = self._request("POST", path, body=body, content_type="application/json")
        return _row(path, await self._sent(path, request))

    async def submit(self, path: str, body: Mapping[str, object]) -> None:
        """Ask for work that is done later: any 2xx is a yes, with an object or nothing in it."""
        request = self._request("POST", path, body=body, content_type="application/json")
        response = await self._sent(path, request)
        if response.content:
            _row(path, response)

    async def patch(self, path: str, changes: Mapping[str, object]) -> None:
        """Replace the named fields. PowerOffice takes RFC 6902 with PascalCase paths only."""
        operations = [
            {"op": "replace", "path": f"/{name}", "value": value} for name, value in changes.items()
        ]
        content_type = "application/json-patch+json"
        request = self._request("PATCH", path, body=operations, content_type=content_type)
        _nothing_or_json(path, await self._sent(path, request))

    async def delete(self, path: str) -> None:
        """Delete an object."""
        _nothing_or_json(path, await self._sent(path, self._request("DELETE", path)))

    def _request(
        self,
        method: str,
        path: str,
        query: Query | None = None,
        *,
        body: object = None,
        content_type: str = "",
    ) -> httpx.Request:
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
        send = self._transport.read if request.method == "GET" else self._transport.write
        try:
            return await send(request)
        except Refused as refused:
            _judge(path, request, refused)


def _judge(path: str, request: httpx.Request, refused: Refused) -> NoReturn:
    """Raise what a refusal means: a missing right, a wrong address, or just itself."""
    what = f"{request.method} {request.url.path}"
    host = request.url.host
    if refused.status == httpx.codes.FORBIDDEN and not refused.by_application and refused.detail:
        facts = {"what": what, "host": host, "said": impersonal(refused.detail)}
        raise CannotLogIn(_SYSTEM, "poweroffice_blocked", **facts) from refused
    if refused.status == httpx.codes.FORBIDDEN or refused.title.lower() == "missing privilege":
        role = next(role for start, role in _ROLES if path.startswith(start))
        for pattern, code in _RIGHTS_APART:
            if fnmatchcase(path, pattern):
                raise NotAllowed(_SYSTEM, code, role=role, what=what) from refused
        raise CannotLogIn(_SYSTEM, "missing_privilege", role=role, what=what) from refused
    if refused.status in (404, 405) and not refused.by_application:
        raise NotUnderstood(_SYSTEM, "poweroffice_wrong_address", host=host, what=what) from refused
    raise refused


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


def _rows(path: str, response: httpx.Response) -> list[Row]:
    if response.status_code == httpx.codes.NO_CONTENT:
        return []
    body = _parsed(path, response)
    if not isinstance(body, list) or not all(isinstance(row, dict) for row in body):
        raise _not_json(path)
    return [Row(path, row) for row in body]


def _nothing_or_json(path: str, response: httpx.Response) -> None:
    """Raise NotUnderstood for a page: a gateway's log-in page comes with status 200 too."""
    if response.content.strip():
        _parsed(path, response)


def _row(path: str, response: httpx.Response) -> Row:
    if response.status_code == httpx.codes.NO_CONTENT:
        return Row(path, {})
    body = _parsed(path, response)
    if not isinstance(body, dict):
        raise _not_json(path)
    return Row(path, body)


def _parsed(path: str, response: httpx.Response) -> Any:
    try:
        return json.loads(response.content, parse_float=Decimal, parse_constant=_no_constant)
    except (ArithmeticError, RecursionError, ValueError) as error:
        raise _not_json(path) from error


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _not_json(path: str) -> NotUnderstood:
    return NotUnderstood(_SYSTEM, "poweroffice_not_json", what=path)


def _goes_on(response: httpx.Response, page: int, rows: int) -> bool:
    """Say whether a further page is worth asking for.

    The header X-Pagination is not in the interface description; its keys are known from other
    people's code only, so a full page without it means yes.
    """
    try:
        header = json.loads(response.headers.get("X-Pagination", ""))
    except (RecursionError, ValueError):
        header = None
    said = {k.lower(): v for k, v in header.items()} if isinstance(header, dict) else {}
    if isinstance(total := said.get("totalpages"), int):
        return page < total
    if "nextpagelink" in said:
        return bool(said["nextpagelink"])
    return rows >= PAGE_SIZE
