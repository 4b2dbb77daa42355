"""Calls to PowerOffice Go: spaced, safely repeated, page by page, their errors named by what can
be done, JSON without float noise.

Source: facts.md, "Errors", "Requests", "Rights", "Lists" and "JSON Patch".
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Coroutine, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from fnmatch import fnmatchcase
from itertools import count
from typing import Any, NoReturn, TypeVar
from urllib.parse import quote

import httpx

from woo2po.http import CannotLogIn, NeverLeft, NoAnswer, NotAllowed, NotUnderstood, Refused
from woo2po.http.engine import BEFORE_IT_LEFT, Engine, TooLarge, asked_to_wait, date_of, untrusted
from woo2po.http.spacing import QUICK, Sleep, Spacing
from woo2po.logs import impersonal
from woo2po.poweroffice.fields import Row, Spelling

SYSTEM = "poweroffice"
MOST_PAGES = 5000  # of a list that does not say how long it is
_MUCH = 10  # times what it said of its length at first: it has no end then
PAGE_SIZE = 1000  # the newest figures known: 1000 by default, 5000 at most
_LONGEST_FILTER = 1500  # characters of a list in the query, percent signs counted
_LONGEST_PAUSE = 60.0  # seconds
_LONGEST_TEXT = 1000
_AT_ONCE = 8  # parts of one look-up that are under way, enough where each takes 700 ms
_PATIENCE = 10  # how often one request may be told to wait
_WAITS = (1.0, 3.0)  # seconds before the second and the third attempt

# The right that a path needs; "_Full" where the job also writes there. The first match counts.
# With a code it is one that many an integration is not given: the rest of the work goes on.
_RIGHTS = (
    ("Customers*", "Customer_Full", ""),
    ("ContactDeliveryAddresses*", "Customer_Full", ""),
    ("ProductGroups*", "Product_Full", ""),
    ("Products*", "Product_Full", ""),
    ("SalesOrders/*/createAndSendInvoice", "SalesOrders_Full", "may_not_send"),
    ("SalesOrders*", "SalesOrders_Full", ""),
    ("OutgoingInvoices*", "OutgoingInvoice", ""),
    ("GeneralLedgerAccounts*", "GeneralLedgerAccount", ""),
    ("ClientBankAccounts*", "ClientBankAccount", ""),
    ("Vouchers/BankJournals*", "BankVoucher_Full", "may_not_post_vouchers"),
    ("Vouchers/CashJournals*", "CashVoucher_Full", "may_not_post_vouchers"),
    ("Customerledger*", "CustomerLedger", "may_not_read_ledger"),
    ("AccountTransactions*", "AccountTransaction", "may_not_read_transactions"),
    ("Departments*", "Department", ""),
    ("Projects*", "Project", ""),
    ("Locations*", "Location", ""),
    ("*", "CommonServices", ""),
)

Query = Mapping[str, str]
Body = Mapping[str, object]
T = TypeVar("T")


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
        self._auth = auth
        # Each request waits for its turn, a token's too; one that is answered soon had arrived.
        http.event_hooks["request"].insert(0, self._take_turn)
        http.event_hooks["response"].append(self._arrived)
        self._engine = Engine(http, _broken, sleep, _WAITS)
        self.server_time: datetime | None = None

    # One request

    async def _take_turn(self, request: httpx.Request) -> None:
        request.extensions["start"] = await self._spacing.turn()

    async def _arrived(self, response: httpx.Response) -> None:
        start, now = response.request.extensions["start"], self._spacing.now()
        if now - start.started < QUICK:
            start.arrived = now

    async def sent(self, request: httpx.Request, *, reads: bool) -> httpx.Response:
        """Return the 2xx answer to a request, after up to three attempts.

        One that `reads` is simply repeated. One that changes something is repeated only where
        nothing was carried out: 429, or no connection. NoAnswer at the first doubt, NeverLeft when
        the repeats are used up.
        """
        safe = (NeverLeft, NoAnswer) if reads else (NeverLeft,)
        return await self._engine.repeated(
            lambda: self._settled(request),
            lambda error: isinstance(error, safe) and error.code != "poweroffice_busy",
        )

    async def _settled(self, request: httpx.Request) -> httpx.Response:
        """Return a 2xx answer, having waited out every 429; else raise what happened."""
        for _ in range(_PATIENCE):
            response = await self._engine.sent(request, self._auth)
            moment = date_of(response)
            if moment and (self.server_time is None or moment > self.server_time):
                self.server_time = moment
            if response.status_code != httpx.codes.TOO_MANY_REQUESTS:
                return _accepted(request, response)
            if (seconds := max(1.0, asked_to_wait(response))) > _LONGEST_PAUSE:
                break
            await self._spacing.pause(seconds)
        raise NeverLeft(SYSTEM, "poweroffice_busy", **facts_of(request))

    def request(
        self, method: str, path: str, query: Query | None = None, body: Body | None = None
    ) -> httpx.Request:
        """Return a request; a PATCH (RFC 6902, PascalCase paths) replaces the fields named."""
        headers, content = {"Accept": "application/json"}, None
        if body is not None:
            changes = [{"op": "replace", "path": f"/{k}", "value": v} for k, v in body.items()]
            patch = method == "PATCH"
            headers["Content-Type"] = f"application/json{'-patch+json' if patch else ''}"
            content = _exact_json(changes if patch else body).encode()
        url = f"{self._base_url}/{path}"
        return self._http.build_request(method, url, params=query, headers=headers, content=content)

    async def _answer(
        self, method: str, path: str, query: Query | None = None, body: Body | None = None
    ) -> httpx.Response:
        request = self.request(method, path, query, body)
        try:
            return await self.sent(request, reads=method == "GET")
        except Refused as refused:
            _judge(path, request, refused)

    # Lists

    async def listed(
        self, spelling: Spelling[T], query: Query | None = None, path: str = ""
    ) -> list[T]:
        """Return all of a list (at another `path`, if one is given), each id once."""
        rows = await self.rows(path or spelling.path, spelling.asked, query)
        return [spelling.read(row) for row in rows]

    async def in_parts(
        self, spelling: Spelling[T], name: str, values: Sequence[str], query: Query | None = None
    ) -> list[T]:
        """Return what a filter by many values finds, asked in parts; no values, no request."""
        queries = [{**(query or {}), name: part} for part in chunks(values)]
        found = list[T]()
        for start in range(0, len(queries), _AT_ONCE):
            some = queries[start : start + _AT_ONCE]
            for part in await side_by_side(*(self.listed(spelling, one) for one in some)):
                found += part
        return found

    async def pages(
        self, spelling: Spelling[T], query: Query | None = None
    ) -> AsyncIterator[list[T]]:
        """Yield a list in pages, each id once, so that a long one need not be held."""
        async for page, fresh in self._pages(spelling.path, spelling.asked, query):
            yield [spelling.read(row) for row in page if row.key("Id") in fresh]

    async def rows(
        self, path: str, fields: str, query: Query | None = None, key: str = "Id"
    ) -> list[Row]:
        """Return the rows of a list, each key once, in the state in which it came last."""
        pages = self._pages(path, fields, query, key)
        return list({row.key(key): row async for page, _ in pages for row in page}.values())

    async def _pages(
        self, path: str, fields: str, query: Query | None, key: str = "Id"
    ) -> AsyncIterator[tuple[list[Row], set[str]]]:
        """Yield the pages of a list, and the keys of each that the page before had not.

        Older ones need not be known: rows move by a few places while a list is read.
        """
        before: set[str] = set()
        most = 0
        asked = {**(query or {}), "Fields": ",".join(fields.split()), "PageSize": str(PAGE_SIZE)}
        for page in count(1):
            response = await self._answer("GET", path, {**asked, "PageNumber": str(page)})
            rows = _rows_in(path, response)
            ids = {row.key(key) for row in rows}
            fresh, before = ids - before, ids
            yield rows, fresh
            # Not in the interface description; its keys are known from other people's code only.
            said = lowered(response.headers.get("X-Pagination", ""))
            total = said.get("totalpages")
            # A full page that says nothing may be followed by another.
            goes_on = said.get("nextpagelink", len(rows) >= PAGE_SIZE)
            if isinstance(total, int):
                goes_on = page < total
            # A page that brings nothing new is the end too, should page numbers be ignored.
            if not fresh or not goes_on:
                break
            most = most or (_MUCH * max(total, 1) if isinstance(total, int) else MOST_PAGES)
            if page >= most:
                Row(f"GET {path}", {}).missing("X-Pagination")

    async def rows_unpaged(self, path: str, query: Query) -> list[Row]:
        """Return the rows of a list that knows neither pages nor fields."""
        return _rows_in(path, await self._answer("GET", path, query))

    # Single objects

    async def row(self, path: str) -> Row:
        """Return one object, without fields where nothing came. Raises Refused (404)."""
        return Row(path, _parsed(path, await self._answer("GET", path), dict))

    async def one(self, spelling: Spelling[T], path: str) -> T | None:
        """Return one object, or None where the application (not a gateway) has none.

        Raises NotUnderstood where another one comes, out of a cache in between, than the id in
        the path names: on the strength of another draft's lines ours would be changed.
        """
        row = await unless_gone(self.row(path))
        if row is None:
            return None
        id_ = path.removesuffix("/Complete").rpartition("/")[2]
        same = row.key("Id").casefold() == id_.casefold()
        return spelling.read(row) if same else row.missing("Id")

    async def made(self, spelling: Spelling[T], body: Body, path: str = "") -> T:
        """Create an object (at another `path`, if one is given); return it as it was made.

        An answer that is about another one, from a proxy that mixes them up, raises NotUnderstood:
        what was written is then looked for by its reference.
        """
        path = path or spelling.path
        made = Row(path, _parsed(path, await self._answer("POST", path, body=body), dict))
        for name in {"ExternalImportReference", "ExternalCode"} & body.keys():
            told = made.text(name).strip().casefold()
            if told and told != str(body[name]).strip().casefold():
                made.missing(name)
        return spelling.read(made)

    async def ordered(self, method: str, path: str, body: Body | None = None) -> None:
        """Change, delete or order something: any 2xx is a yes, but for a gateway's page."""
        answer = await self._answer(method, path, body=body)
        if answer.content.strip():
            _parsed(path, answer, object)


async def side_by_side(*reads: Coroutine[Any, Any, T]) -> list[T]:
    """Return what several reads give; where one fails none of the others goes on."""
    tasks = [asyncio.create_task(read) for read in reads]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def unless_gone(work: Awaitable[T]) -> T | None:
    """Return what is read, or None where the application (not a gateway) has none."""
    try:
        return await work
    except Refused as refused:
        if refused.status != httpx.codes.NOT_FOUND:
            raise
        return None


# -- what is asked ---------------------------------------------------------------------------------


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


def changed_since(moment: datetime | None) -> Query:
    """Return the filter by what changed after an aware moment; none for None."""
    return {} if moment is None else {"lastChangedDateTimeOffsetGreaterThan": utc(moment)}


def utc(moment: datetime) -> str:
    """Return an aware time as filters take it: UTC, whole seconds, with Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _exact_json(value: object) -> str:
    """Return JSON text in which a Decimal is the number it is, with no float in between."""
    match value:
        case Decimal():
            text = f"{value:f}"
            return text.rstrip("0").rstrip(".") if "." in text else text
        case datetime() | date():
            return f'"{value.isoformat()}"'
        case Mapping():
            pairs = (f"{json.dumps(key)}:{_exact_json(part)}" for key, part in value.items())
            return f"{{{','.join(pairs)}}}"
        case list() | tuple():
            return f"[{','.join(map(_exact_json, value))}]"
        case _:
            return json.dumps(value, ensure_ascii=False)


# -- what is answered ------------------------------------------------------------------------------


def _rows_in(path: str, response: httpx.Response) -> list[Row]:
    """Return the list that came; 204 is an empty one."""
    rows = _parsed(path, response, list)
    if not all(isinstance(row, dict) for row in rows):
        raise NotUnderstood(SYSTEM, "poweroffice_not_json", what=path)
    return [Row(path, row) for row in rows]


def _parsed(path: str, response: httpx.Response, kind: type[T]) -> T:
    """Return the JSON of a kind that came; 204 is an empty one."""
    if response.status_code == httpx.codes.NO_CONTENT:
        return kind()
    try:
        value = json.loads(response.content, parse_float=Decimal, parse_constant=_no_constant)
        if isinstance(value, kind):
            return value
    except (ArithmeticError, RecursionError, ValueError):
        pass
    raise NotUnderstood(SYSTEM, "poweroffice_not_json", what=path)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def lowered(text: str | bytes) -> dict[str, Any]:
    """Return the object in a JSON text, its names in lower case; {} where there is none."""
    try:
        said = json.loads(text)
    except (RecursionError, ValueError):
        said = None
    return {k.lower(): v for k, v in said.items()} if isinstance(said, dict) else {}


# -- what goes wrong -------------------------------------------------------------------------------


def facts_of(request: httpx.Request) -> dict[str, str]:
    """Return what was asked for, without the query: it may hold an e-mail address."""
    return {"host": request.url.host, "what": f"{request.method} {request.url.path}"}


def _broken(
    request: httpx.Request, error: httpx.RequestError
) -> NeverLeft | NoAnswer | NotUnderstood:
    """Return what no answer means; where a token's request broke, the one meant never left."""
    own = error.request is request
    facts = {**facts_of(request), "why": type(error).__name__}
    if isinstance(error, TooLarge) and own:
        return NotUnderstood(SYSTEM, "poweroffice_too_large", **facts)
    if (text := untrusted(error)) is not None:
        return NeverLeft(SYSTEM, "poweroffice_certificate", **facts, text=text)
    if isinstance(error, BEFORE_IT_LEFT) or not own:
        return NeverLeft(SYSTEM, "poweroffice_not_reached", **facts)
    return NoAnswer(SYSTEM, "poweroffice_no_answer", **facts)


def _accepted(request: httpx.Request, response: httpx.Response) -> httpx.Response:
    """Return a 2xx answer to a request. Raises NeverLeft, NoAnswer, Refused or NotUnderstood."""
    own = response.request is request
    if response.is_success and own:
        return response
    facts = {**facts_of(response.request), "why": f"HTTP {response.status_code}"}
    if response.status_code < 400:
        raise NotUnderstood(SYSTEM, "poweroffice_redirected", **facts)
    if response.status_code < 500 and response.status_code != httpx.codes.REQUEST_TIMEOUT:
        raise refusal(response)
    if not own:
        raise NeverLeft(SYSTEM, "poweroffice_not_reached", **facts)
    raise NoAnswer(SYSTEM, "poweroffice_no_answer", **facts)


def refusal(response: httpx.Response) -> Refused:
    """Return what a 4xx answer says, whatever the shape of its body.

    Understood: problem details in either case with or without an `errors` map, OAuth's `error`
    and `error_description`, a gateway's `message`, and HTML or nothing (then the HTTP reason).
    """
    said = lowered(response.content)
    title = _text(said.get("title") or said.get("error"))
    details = (_text(said.get("detail") or said.get("error_description")), _errors(said))
    detail = " ".join(filter(None, details))
    by_application = bool(title or detail)
    if not by_application:
        title, detail = response.reason_phrase, _text(said.get("message"))
    texts = (title[:_LONGEST_TEXT], detail[:_LONGEST_TEXT])
    return Refused(SYSTEM, response.status_code, *texts, by_application=by_application)


def _errors(said: Mapping[str, Any]) -> str:
    """Return ASP.NET's `errors` map (field -> sentences) as one text."""
    errors = said.get("errors")
    if not isinstance(errors, dict):
        return ""
    return " ".join(
        f"{field}: {sentence}" if field else sentence
        for field, sentences in errors.items()
        for sentence in map(_text, sentences if isinstance(sentences, list) else [sentences])
    )


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _judge(path: str, request: httpx.Request, refused: Refused) -> NoReturn:
    """Raise what a refusal means: a missing right, a wrong address, or just itself."""
    facts = facts_of(request)
    forbidden = refused.status == httpx.codes.FORBIDDEN
    if forbidden and not refused.by_application and refused.detail:
        said = impersonal(refused.detail)
        raise CannotLogIn(SYSTEM, "poweroffice_blocked", **facts, said=said) from refused
    if forbidden or refused.title.lower() == "missing privilege":
        right = next(one for one in _RIGHTS if fnmatchcase(path, one[0]))
        what = {"what": facts["what"], "role": right[1]}
        if right[2]:
            raise NotAllowed(SYSTEM, right[2], **what) from refused
        raise CannotLogIn(SYSTEM, "missing_privilege", **what) from refused
    if refused.status in (404, 405) and not refused.by_application:
        raise NotUnderstood(SYSTEM, "poweroffice_wrong_address", **facts) from refused
    raise refused
