"""WooCommerce in miniature: an honest shop to try the job against.

It answers as a real WooCommerce 10.0.2 was seen to answer (woocommerce/facts.md, "Polling"):
the traps of dates, paging, statuses and decimals are in it on purpose.
"""

import asyncio
import base64
import re
import tomllib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.resources import files

from httpx import Request, Response

from woo2po.sandbox.answers import dated, json_answer
from woo2po.sandbox.shop_listing import (
    InvalidParameter,
    Json,
    Parameters,
    Query,
    at_decimals,
    in_reach,
    of_orders,
    only_fields,
)
from woo2po.sandbox.shop_orders import ShopOrders

_AUTHENTICATION = "woocommerce_rest_authentication_error"
_NOT_FOR_YOU = ("woocommerce_rest_cannot_view", "Sorry, you cannot list resources.")
_SITE = tomllib.loads((files("woo2po.sandbox") / "site.toml").read_text(encoding="utf-8"))
_PAGES = _SITE["pages"]


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
        path = request.url.path.removeprefix(self.subfolder)
        folder = f"/{self.folder}"
        if path.startswith(f"{folder}/") and not self.plain_permalinks:
            return path.removeprefix(folder).rstrip("/") or "/"
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
        if route == "/wc/v3/orders" and request.method == "OPTIONS":
            known: Json = {"items": {"type": "string", "enum": self._known_statuses()}}
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
            return self._listed(parameters, asked[1], int(asked[2] or 0))
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
        return {
            "/": {**_SITE["index"], "url": self.url, "home": self.home or self.url},
            "/wc/v3/payment_gateways": _SITE["payment_gateways"],
            "/wc/v3/reports/orders/totals": [
                {"slug": slug, "name": name, "total": counts[slug]} for slug, name in named
            ],
        }

    def _known_statuses(self) -> list[str]:
        return ["any", "trash", "auto-draft", *self.statuses, "checkout-draft"]

    def _listed(self, parameters: Parameters, kind: str, order_id: int = 0) -> Response:
        query = Query(parameters, self._known_statuses(), self.zone)
        if kind == "orders":
            found = of_orders(query, self.orders.values())
        elif order_id:
            found = in_reach(query, self.refunds.get(order_id, []))
        else:
            every = ({"parent_id": i, **one} for i, rows in self.refunds.items() for one in rows)
            found = in_reach(query, every)
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


def _error(status: int, code: str, said: str) -> Response:
    return json_answer({"code": code, "message": said, "data": {"status": status}}, status)
