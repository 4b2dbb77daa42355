"""WooCommerce in miniature: an honest shop to try the job against.

It answers as a real WooCommerce 10.0.2 was seen to answer (woocommerce/facts.md, "Polling" and
"Paging"): the traps of dates, paging, statuses and decimals are in it on purpose.
"""

import asyncio
import base64
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import partial
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from httpx import Request, Response

from woo2po.sandbox.answers import dated, json_answer
from woo2po.sandbox.shop_orders import Json, ShopOrders, seconds

_AUTHENTICATION = "woocommerce_rest_authentication_error"
_NOT_FOR_YOU = ("woocommerce_rest_cannot_view", "Sorry, you cannot list resources.")
_SITE = tomllib.loads((files("woo2po.sandbox") / "site.toml").read_text("utf-8"))
_PAGES = _SITE["pages"]
_DATE = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d(:\d\d)?)?")
_INDEXED = re.compile(r"(\w+)\[\d*\]")
_DATES = ("after", "before", "modified_after")

# Amounts that follow `dp`. A coupon's and a fee's own `amount` do not.
_MONEY = frozenset(
    {"total", "subtotal", "total_tax", "subtotal_tax", "tax_total", "shipping_tax_total"}
    | {"shipping_total", "shipping_tax", "cart_tax", "discount_total", "discount_tax"}
)
_OUTSIDE_DP = frozenset({"coupon_lines", "meta_data"})


class InvalidParameter(Exception):
    """A parameter that WordPress refuses with status 400, and the `body` that it answers."""

    def __init__(self, name: str, code: str, said: str) -> None:
        super().__init__(said)
        details = {name: {"code": f"rest_{code}", "message": said, "data": None}}
        data = {"status": 400, "params": {name: said}, "details": details}
        message = f"Invalid parameter(s): {name}"
        self.body = {"code": "rest_invalid_param", "message": message, "data": data}


class Parameters:
    """The query of a request the way PHP reads it: `a[]=1&a[]=2` is a list, else the last wins.

    What it returns is as it must be, else it raises InvalidParameter.
    """

    def __init__(self, items: Iterable[tuple[str, str]]) -> None:
        self._lists: dict[str, list[str]] = {}
        self.single: dict[str, str] = {}
        for name, value in items:
            if indexed := _INDEXED.fullmatch(name):
                self._lists.setdefault(indexed[1], []).append(value)
            else:
                self.single[name] = value

    def listed(self, name: str) -> list[str]:
        """Return a list, however it was written."""
        return self._lists.get(name) or [*filter(None, self.single.get(name, "").split(","))]

    def number(self, name: str, default: int, least: int, most: int | None = None) -> int:
        """Return a whole number within bounds."""
        number = _whole(name, name, self.single.get(name, str(default)))
        if number < least or (most is not None and number > most):
            bounds = f"between {least} (inclusive) and {most} (inclusive)"
            said = f"{name} must be {bounds if most else f'greater than or equal to {least}'}"
            raise InvalidParameter(name, "out_of_bounds", said)
        return number

    def one_of(self, name: str, default: str, choices: Sequence[str]) -> str:
        """Return one of a few words."""
        return _known(name, name, self.single.get(name, default), choices)


class Query:
    """A list request as the shop understands it; dates are ISO text in UTC."""

    def __init__(self, parameters: Parameters, statuses: Sequence[str], zone: ZoneInfo) -> None:
        """Read what is asked for. Raises InvalidParameter."""
        self.per_page = parameters.number("per_page", 10, 1, 100)
        page = parameters.number("page", 1, 1)
        self.offset = parameters.number("offset", (page - 1) * self.per_page, 0)
        self._by_date = parameters.one_of("orderby", "date", ("date", "id")) == "date"
        self._descending = parameters.one_of("order", "desc", ("asc", "desc")) == "desc"
        named = enumerate(parameters.listed("status") or ["any"])
        self._statuses = {_known("status", f"status[{n}]", one, statuses) for n, one in named}
        ids = enumerate(parameters.listed("include"))
        self._include = {_whole("include", f"include[{n}]", one) for n, one in ids}
        said = parameters.single
        usual = UTC if said.get("dates_are_gmt") in {"true", "1"} else zone
        self._dates = {name: _moment(name, said[name], usual) for name in _DATES if said.get(name)}

    def orders(self, orders: Iterable[Json]) -> list[Json]:
        """Return the orders that it names; `any` has no trash and no automatic drafts."""
        if "any" in self._statuses:
            return self.rows(one for one in orders if one["status"] not in {"trash", "auto-draft"})
        return self.rows(order for order in orders if order["status"] in self._statuses)

    def rows(self, rows: Iterable[Json]) -> list[Json]:
        """Return the orders or refunds whose id and time it names, sorted, before paging."""
        found = [row for row in rows if self._reaches(row)]
        # Where the moment is equal, ids fall, as the order tables have it.
        found.sort(key=lambda row: row["id"], reverse=self._by_date or self._descending)
        if self._by_date:
            found.sort(key=partial(_moment_of, what="date"), reverse=self._descending)
        return found

    def _reaches(self, row: Json) -> bool:
        if self._include and row["id"] not in self._include:
            return False
        # Strict on both sides, and in whole seconds: the very second is not listed.
        return all(
            _moment_of(row, name) > to if name.endswith("after") else _moment_of(row, name) < to
            for name, to in self._dates.items()
        )


def _known(name: str, where: str, value: str, choices: Sequence[str]) -> str:
    if value in choices:
        return value
    said = f"{where} is not one of {', '.join(choices[:-1])}, and {choices[-1]}."
    raise InvalidParameter(name, "not_in_enum", said)


def _whole(name: str, where: str, text: str) -> int:
    if not re.fullmatch(r"-?\d+", text):
        raise InvalidParameter(name, "invalid_type", f"{where} is not of type integer.")
    return int(text)


def _moment(name: str, text: str, usual: tzinfo) -> str:
    if not _DATE.fullmatch(text):
        raise InvalidParameter(name, "invalid_date", "Invalid date.")
    moment = datetime.fromisoformat(text)
    return seconds(moment if moment.tzinfo else moment.replace(tzinfo=usual))


def _moment_of(row: Json, what: str) -> str:
    """Return when a row was created, or changed where `what` begins so; "" is before all."""
    changed = row.get("date_modified_gmt") if what.startswith("modified") else None
    return changed or row["date_created_gmt"] or ""


def at_decimals(document: Json, decimals: int) -> Json:
    """Return an order or refund with its amounts at so many decimals."""
    written: Json = _at(document, decimals, "")
    if isinstance(document.get("amount"), str):
        written["amount"] = _amount(document["amount"], decimals)
    return written


def _at(value: Any, decimals: int, key: str) -> Any:
    if isinstance(value, dict):
        return {k: v if k in _OUTSIDE_DP else _at(v, decimals, k) for k, v in value.items()}
    if isinstance(value, list):
        return [_at(part, decimals, key) for part in value]
    if key in _MONEY and isinstance(value, str) and value:
        return _amount(value, decimals)
    return value


def _amount(text: str, decimals: int) -> str:
    try:
        rounded = Decimal(text).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    except InvalidOperation:
        return text  # put in as nonsense on purpose
    return str(rounded + 0)


def only_fields(row: Json, fields: Sequence[str]) -> Json:
    """Return the fields that `_fields` names; inside a list none can be named."""
    if not fields:
        return row
    kept: Json = {}
    for one in fields:
        name, _, inner = one.partition(".")
        if name in row and not inner:
            kept[name] = row[name]
        elif isinstance(row.get(name), dict) and inner in row[name]:
            kept.setdefault(name, {})[inner] = row[name][inner]
    return kept


def _error(status: int, code: str, said: str) -> Response:
    return json_answer({"code": code, "message": said, "data": {"status": status}}, status)


@dataclass
class ShopSite(ShopOrders):
    """A web shop and its orders. `requests` tells what it was asked.

    `url` is where it is served, `decimals` those that it shows amounts with. `before_each` is
    called before every answer, and what it returns is given instead. `permissions` are the key's:
    read, write or read_write; `user_may_view` is False where the key's user is no shop manager,
    and `closed_routes` are those that are refused to it alone.
    """

    consumer_key: str = "ck_sandbox"
    consumer_secret: str = "cs_sandbox"
    url: str = "http://127.0.0.1"
    decimals: int = 2
    subfolder: str = ""
    home: str = ""  # what it calls its own address, where that is not the one it is served at
    permissions: str = "read"
    user_may_view: bool = True
    closed_routes: set[str] = field(default_factory=set)
    requests: list[Request] = field(default_factory=list)
    before_each: Callable[[Request], Response | None] = lambda _: None
    latency: float = 0.0  # seconds before each answer
    # What a host or a plugin does.
    swallow_authorization: bool = False
    plain_permalinks: bool = False
    folder: str = "wp-json"  # of the interface
    cached: bool = False
    per_page_cap: int | None = None
    unloadable: set[int] = field(default_factory=set)  # counted, but left out of lists

    async def answer(self, request: Request) -> Response:
        """Answer a request that has arrived whole."""
        self.requests.append(request)
        instead = self.before_each(request)
        await asyncio.sleep(self.latency)
        return dated(instead or self._wordpress(request), self.clock())

    def _wordpress(self, request: Request) -> Response:
        route = self._route(request)
        if route is None:
            if request.url.path.rstrip("/") != self.subfolder:
                return Response(404, html=_PAGES["not_found"])
            at = request.url.join(f"{self.subfolder}/{self.folder}/").copy_with(query=None)
            link = {"link": f'<{at}>; rel="https://api.w.org/"'}
            return Response(200, headers=link, html=_PAGES["front"])
        try:
            response = self._refused(request, route) or self._rest(request, route)
        except InvalidParameter as wrong:
            response = json_answer(wrong.body, 400)
        if self.cached:
            response.headers["x-cache"] = "HIT"
        return response

    def _route(self, request: Request) -> str | None:
        """Return the REST route asked for, or None for a page of the site."""
        if not request.url.path.startswith(f"{self.subfolder}/"):
            return None
        folder = f"{self.subfolder}/{self.folder}"
        if request.url.path.startswith(f"{folder}/") and not self.plain_permalinks:
            return request.url.path.removeprefix(folder).rstrip("/") or "/"
        route: str | None = request.url.params.get("rest_route")  # under the address of every page
        return route

    def _refused(self, request: Request, route: str) -> Response | None:
        """Return the 401 or 403 that a request without the right key gets, else None."""
        if route in self.closed_routes:
            return _error(403, *_NOT_FOR_YOU)
        if not route.startswith("/wc/"):
            if request.url.scheme != "https" or "authorization" not in request.headers:
                return None
            # WordPress takes the login over https for a user's (its source).
            said = "Unknown username. Check again or try your email."
            return _error(401, "invalid_username", said)
        key, secret = self._credentials(request)
        if key == self.consumer_key and secret != self.consumer_secret:
            return _error(401, _AUTHENTICATION, "Consumer secret is invalid.")
        if request.method == "OPTIONS":
            return None
        if key != self.consumer_key:
            return _error(401, *_NOT_FOR_YOU)
        needed = "read" if request.method == "GET" else "write"
        if needed not in self.permissions.split("_"):
            said = f"The API key provided does not have {needed} permissions."
            return _error(401, _AUTHENTICATION, said)
        if not self.user_may_view:
            return _error(403, *_NOT_FOR_YOU)
        return None

    def _credentials(self, request: Request) -> tuple[str, str]:
        # WooCommerce looks at keys only where the request's address names its part of the API.
        if f"{self.folder}/wc/" not in str(request.url):
            return "", ""
        query = request.url.params
        if "consumer_key" in query:
            return query["consumer_key"], query.get("consumer_secret", "")
        header = request.headers.get("authorization", "")
        if self.swallow_authorization or not header.startswith("Basic "):
            return "", ""
        key, _, secret = base64.b64decode(header.removeprefix("Basic ")).decode().partition(":")
        return key, secret

    def _rest(self, request: Request, route: str) -> Response:
        parameters = Parameters(request.url.params.multi_items())
        fields = parameters.listed("_fields")
        statuses = ["any", "trash", "auto-draft", *self.statuses, "checkout-draft"]
        if route == "/wc/v3/orders" and request.method == "OPTIONS":
            known: Json = {"items": {"type": "string", "enum": statuses}}
            args = {"status": {"default": "any", "type": "array", **known}}
            return json_answer({"endpoints": [{"methods": ["GET"], "args": args}]})
        if request.method != "GET":
            return _error(405, "sandbox_reads_only", "The built-in shop is changed from within.")
        if asked := re.fullmatch(r"/wc/v3/orders/(\d+)", route):
            order = self.orders.get(int(asked[1]))
            if order is None:
                return _error(404, "woocommerce_rest_shop_order_invalid_id", "Invalid ID.")
            return json_answer(self._shown(order, parameters))
        if asked := re.fullmatch(r"/wc/v3/(orders|(?:orders/(\d+)/)?refunds)", route):
            query = Query(parameters, statuses, self.zone)
            return self._listed(query, parameters, asked[1], int(asked[2] or 0))
        answer = self._settings().get(route)
        if answer is None:
            said = "No route was found matching the URL and request method."
            return _error(404, "rest_no_route", said)
        if isinstance(answer, list):
            return json_answer([only_fields(row, fields) for row in answer])
        return json_answer(only_fields(answer, fields))

    def _settings(self) -> dict[str, Json | list[Json]]:
        """Return the answers that the shop gives apart from orders and refunds, by route."""
        counts = Counter(order["status"] for order in self.orders.values())
        named = _SITE["statuses"].items()
        totals = [{"slug": slug, "name": name, "total": counts[slug]} for slug, name in named]
        return {
            "/": {**_SITE["index"], "url": self.url, "home": self.home or self.url},
            "/wc/v3/payment_gateways": _SITE["payment_gateways"],
            "/wc/v3/reports/orders/totals": totals,
        }

    def _listed(self, query: Query, parameters: Parameters, kind: str, order_id: int) -> Response:
        every = ({"parent_id": i, **one} for i, rows in self.refunds.items() for one in rows)
        if kind == "orders":
            found = query.orders(self.orders.values())
        else:
            found = query.rows(self.refunds.get(order_id, []) if order_id else every)
        size = min(query.per_page, self.per_page_cap or query.per_page)
        page = found[query.offset : query.offset + size]
        shown = [row for row in page if row["id"] not in self.unloadable]
        # A page past the end says that there is nothing at all.
        total = len(found) if page or not query.offset else 0
        headers = {"x-wp-total": str(total), "x-wp-totalpages": str(-(-total // size))}
        return json_answer([self._shown(row, parameters) for row in shown], headers=headers)

    def _shown(self, row: Json, parameters: Parameters) -> Json:
        decimals = parameters.number("dp", self.decimals, 0)
        return at_decimals(only_fields(row, parameters.listed("_fields")), decimals)
