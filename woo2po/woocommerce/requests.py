"""One request to the shop: where it goes and how it logs in."""

from __future__ import annotations

import asyncio
import base64
import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias
from urllib.parse import urlencode, urlsplit

import httpx

from woo2po.http import CannotLogIn, NotUnderstood, RemoteError
from woo2po.http.engine import Engine, date_of
from woo2po.http.spacing import Sleep
from woo2po.woocommerce.answers import broken, may_pass, read_json, retry_after

INTERFACE = "wc/v3"  # WooCommerce's part of a site's interface, and its version
# How the interface is addressed: "pretty" (under /wp-json), "plain" (as a question to the front
# page), or the folder that a site has put it in instead ("/api").
RouteStyle: TypeAlias = str
_CACHES = ("cf-cache-status", "x-cache", "x-cache-status", "x-litespeed-cache", "x-proxy-cache")
Parameters: TypeAlias = "Sequence[tuple[str, str]]"


@dataclass(frozen=True, slots=True)
class Answer:
    """Decoded JSON, how many rows there are in all, and the shop's own clock (UTC)."""

    value: Any
    total: int | None
    server_time: datetime | None
    host: str

    def rows(self) -> list[Any]:
        """Return the list that came. Raises NotUnderstood where it is none."""
        if not isinstance(self.value, list):
            raise self.odd("[...]")
        return self.value

    def fields(self) -> Mapping[str, Any]:
        """Return the object that came. Raises NotUnderstood where it is none."""
        if not isinstance(self.value, Mapping):
            raise self.odd("{...}")
        return self.value

    def odd(self, expected: str) -> NotUnderstood:
        """Return the error for JSON of another shape than was expected."""
        return NotUnderstood("shop", "shop_wrong_shape", host=self.host, expected=expected)


class ShopRequests:
    """Sends reads to the shop at `url` with a consumer key.

    `route_style` and `keys_in_query` are found out when first needed and kept. `server_time` is
    the shop's own clock (UTC), as its last good answer showed it; `cached` whether any answer came
    out of a cache, which knows nothing of keys.
    """

    def __init__(
        self,
        http: httpx.AsyncClient,
        url: str,
        keys: tuple[str, str],
        *,
        sleep: Sleep = asyncio.sleep,
        waits: Sequence[float] = (2.0, 6.0),
    ) -> None:
        self._http = http
        self._url = url.rstrip("/")
        self._secure = httpx.URL(url).scheme == "https"
        self._keys = tuple(zip(("consumer_key", "consumer_secret"), keys, strict=True))
        self._authorization = f"Basic {base64.b64encode(':'.join(keys).encode()).decode()}"
        self._engine = Engine(http, broken, sleep, waits)
        self.host = httpx.URL(url).host
        self.route_style: RouteStyle = "pretty"
        self.keys_in_query = False
        self.server_time: datetime | None = None
        self.cached = False

    async def ask(self, path: str, query: Parameters = (), method: str = "GET") -> Answer:
        """Return the answer to a request, after up to three attempts.

        `path` is below WooCommerce's part of the interface; one that begins with / is WordPress'.

        Raises NeverLeft, NoAnswer, CannotLogIn, NotUnderstood, Refused or UnknownStatus.
        """
        return await self._engine.repeated(
            lambda: self._let_in(method, path, query), may_pass, retry_after
        )

    async def front(self, style: RouteStyle, query: Parameters) -> Answer:
        """Return the front of the site's interface, asked for in one form of address alone.

        WordPress answers the plain one under the address of every page. Raises as `ask`.
        """
        address = self._address(style, "/", query)
        return await self._engine.repeated(
            lambda: self._sent("GET", "/", address), may_pass, retry_after
        )

    async def _let_in(self, method: str, path: str, query: Parameters) -> Answer:
        """Ask with the keys where they were seen last; try the query where the header is lost.

        WordPress' own part is asked without: it would take the keys for a user's application
        password and turn them away (read in its source).
        """
        if path.startswith("/"):
            return await self._found(method, path, query, in_query=False)
        try:
            return await self._found(method, path, query, in_query=self.keys_in_query)
        except CannotLogIn as error:
            if error.code != "shop_unknown_key" or self.keys_in_query:
                raise
        if not self._secure:
            # In the open the keys would stand in every log on the way.
            raise CannotLogIn("shop", "shop_key_not_seen", host=self.host)
        answer = await self._found(method, path, query, in_query=True)
        self.keys_in_query = True
        return answer

    async def _found(self, method: str, path: str, query: Parameters, *, in_query: bool) -> Answer:
        """Ask under the address that works; where a page comes instead try the plain one, and where
        that does not do either the folder that the front page tells.
        """
        query = [*query, *self._keys] if in_query else query
        try:
            return await self._sent(method, path, self._address(self.route_style, path, query))
        except NotUnderstood as error:
            if error.code != "shop_not_json" or self.route_style == "plain":
                raise
            failure: RemoteError = error
        style = "plain"
        try:
            answer = await self._sent(method, path, self._address(style, path, query))
        except (NotUnderstood, CannotLogIn) as error:
            failure = error if isinstance(error, CannotLogIn) else failure
            style = await self._folder_told()
            if not style:
                raise failure from None
            answer = await self._sent(method, path, self._address(style, path, query))
        self.route_style = style
        return answer

    async def _folder_told(self) -> str:
        """Return the folder that a site has put its interface in, if it is not the usual one."""
        request = self._http.build_request("GET", f"{self._url}/")
        try:
            response = await self._engine.sent(request)
        except RemoteError:
            return ""
        told = urlsplit(response.links.get("https://api.w.org/", {}).get("url", ""))
        folder = told.path.rstrip("/").removeprefix(urlsplit(self._url).path)
        plain = told.hostname == self.host and not told.query and folder != "/wp-json"
        return folder if plain and re.fullmatch(r"/[\w-]{1,40}", folder) else ""

    def _address(self, style: RouteStyle, path: str, query: Parameters) -> str:
        route = path if path.startswith("/") else f"/{INTERFACE}/{path}"
        if style != "plain":
            address = f"{self._url}{'/wp-json' if style == 'pretty' else style}{route}"
            return f"{address}?{urlencode(query)}" if query else address
        # WooCommerce looks at keys only where the address holds these words; without them the
        # plain form is a 401 (recorded), with them it is meant to pass (read in its source).
        words = [("rest_route", route), ("woo2po", "wp-json/wc/")]
        return f"{self._url}/?{urlencode([*words, *query], safe='/')}"

    async def _sent(self, method: str, path: str, address: str) -> Answer:
        # Asked for JSON, WordPress tells of its troubles in JSON too. The name is our own because
        # firewalls turn a Python library's away.
        headers = {"Accept": "application/json", "User-Agent": "woo2po"}
        if "consumer_secret=" in address:
            _keep_addresses_out_of_logs()
        elif not path.startswith("/"):
            headers["Authorization"] = self._authorization
        request = self._http.build_request(method, address, headers=headers)
        try:
            response = await self._engine.sent(request)
            value = read_json(response)
        except RemoteError as failure:
            failure.facts.setdefault("host", self.host)
            raise
        self.server_time = date_of(response)
        said = [response.headers.get(name, "") for name in _CACHES]
        self.cached |= "Authorization" in headers and any("hit" in one.lower() for one in said)
        return Answer(value, _total(response), self.server_time, self.host)


def _keep_addresses_out_of_logs() -> None:
    """Let the HTTP libraries log no addresses: they hold the keys from now on."""
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)


def _total(response: httpx.Response) -> int | None:
    total = response.headers.get("X-WP-Total", "")
    return int(total) if total.isdecimal() and len(total) < 18 else None
