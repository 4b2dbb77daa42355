"""One request to the shop: where it goes, how it logs in, and the JSON in its answer, or which of
the many things went wrong.

Source: facts.md, "Answers that are none" and "Logging in".
"""

from __future__ import annotations

import asyncio
import base64
import json
import logging
import re
import socket
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from itertools import islice
from typing import Any, TypeAlias
from urllib.parse import urlencode, urlsplit

import httpx

from woo2po.http import CannotLogIn, NeverLeft, NoAnswer, NotUnderstood, Refused, RemoteError
from woo2po.http.engine import LARGEST, Engine, TooLarge, asked_to_wait, causes, date_of, untrusted
from woo2po.http.spacing import Sleep

INTERFACE = "wc/v3"  # WooCommerce's part of a site's interface, and its version
# How the interface is addressed: "pretty" (under /wp-json), "plain" (as a question to the front
# page), or the folder that a site has put it in instead ("/api").
RouteStyle: TypeAlias = str
_CACHES = ("cf-cache-status", "x-cache", "x-cache-status", "x-litespeed-cache", "x-proxy-cache")
Parameters: TypeAlias = "Sequence[tuple[str, str]]"

# A second attempt may well succeed.
_PASSING = frozenset(
    {"shop_busy", "shop_server_error", "shop_maintenance", "shop_cut_off"}
    | {"shop_connection_broken", "shop_name_unknown", "shop_refused_connection"}
    | {"shop_connect_timeout"}
)
# Cheap hosts fail this way on a hundred orders at once and manage twenty.
TOO_LARGE = "shop_too_large"
CRASHED = "shop_crashed"
TOO_MUCH_AT_ONCE = frozenset(
    {"shop_timeout", "shop_server_error", CRASHED, "shop_cut_off", TOO_LARGE}
)

_NOT_JSON = object()
_A_PAGE = re.compile(r"\s*<(!doctype|html|head|title)", re.IGNORECASE)
_FIREWALLS = {
    "Cloudflare": r"\| cloudflare|cf-error-details|cdn-cgi/challenge",
    "Wordfence": r"wordfence",
    "ModSecurity": r"mod_?security",
}
_MAINTENANCE = re.compile(r"maintenance|vedlikehold")
_COMING_SOON = re.compile(
    r"coming soon|under construction|kommer snart|åpner snart|maintenance|vedlikehold"
)
_LONGEST_TEXT = 300
_MOST_READ = 50_000_000  # characters, in the search for JSON behind a warning


class UnknownStatus(RemoteError):
    """The shop does not know a status it was asked for: its list of statuses has changed."""

    def __init__(self) -> None:
        super().__init__("shop", "shop_unknown_status")


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

    `waits` are the seconds before the second and third attempt at one that may yet succeed.
    `route_style` and `keys_in_query` are found out when first needed and kept; `cached` is whether
    any answer came out of a cache, which knows nothing of keys.
    """

    def __init__(
        self,
        http: httpx.AsyncClient,
        url: str,
        consumer_key: str,
        consumer_secret: str,
        *,
        sleep: Sleep = asyncio.sleep,
        waits: Sequence[float] = (2.0, 6.0),
    ) -> None:
        self._http = http
        self._url = url.rstrip("/")
        self._secure = httpx.URL(url).scheme == "https"
        self._keys = (("consumer_key", consumer_key), ("consumer_secret", consumer_secret))
        pair = f"{consumer_key}:{consumer_secret}".encode()
        self._authorization = f"Basic {base64.b64encode(pair).decode()}"
        self._engine = Engine(http, _broken, sleep, waits)
        self.host = httpx.URL(url).host
        self.route_style: RouteStyle = "pretty"
        self.keys_in_query = False
        self.cached = False

    async def ask(self, path: str, query: Parameters = (), method: str = "GET") -> Answer:
        """Return the answer to a request, after up to three attempts.

        `path` is below WooCommerce's part of the interface; one that begins with / is WordPress'.

        Raises NeverLeft, NoAnswer, CannotLogIn, NotUnderstood, Refused or UnknownStatus.
        """
        return await self._engine.repeated(lambda: self._let_in(method, path, query), _may_pass)

    async def front(self, style: RouteStyle, query: Parameters) -> Answer:
        """Return the front of the site's interface, asked for in one form of address alone.

        WordPress answers the plain one under the address of every page. Raises as `ask`.
        """
        address = self._address(style, "/", query)
        return await self._engine.repeated(lambda: self._sent("GET", "/", address), _may_pass)

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
            for name in ("httpx", "httpcore"):  # their logs would hold the keys from now on
                logging.getLogger(name).setLevel(logging.WARNING)
        elif not path.startswith("/"):
            headers["Authorization"] = self._authorization
        request = self._http.build_request(method, address, headers=headers)
        try:
            response = await self._engine.sent(request)
            value = _read_json(response)
        except RemoteError as failure:
            failure.facts.setdefault("host", self.host)
            raise
        said = [response.headers.get(name, "") for name in _CACHES]
        self.cached |= "Authorization" in headers and any("hit" in one.lower() for one in said)
        return Answer(value, _total(response, value), date_of(response), self.host)


def _total(response: httpx.Response, value: Any) -> int | None:
    """Return how many rows there are in all; a 0 beside rows says nothing."""
    said = response.headers.get("X-WP-Total", "")
    total = int(said) if said.isdecimal() and len(said) < 18 else None
    return total or (None if value else total)


def _may_pass(error: RemoteError) -> bool:
    """Tell whether a repeat within half a minute may succeed."""
    return error.code in _PASSING


# -- what comes ------------------------------------------------------------------------------------


def _read_json(response: httpx.Response) -> Any:
    """Return the JSON of a good answer, fractions as Decimal.

    Warnings of PHP around it are overlooked. Raises NoAnswer, CannotLogIn, NotUnderstood,
    Refused (with WooCommerce's code as title) or UnknownStatus.
    """
    if response.has_redirect_location:
        raise _moved(response)
    value = _decoded(response.content.decode("utf-8", "replace"))
    if isinstance(value, dict) and {"code", "message", "data"} <= value.keys():
        raise _said_no(value, response)
    if response.is_success and value is not _NOT_JSON:
        return value
    raise _no_json(response)


# What a broken connection means: the first kind that it, or what it came from, is of.
_BROKEN: tuple[tuple[type[BaseException], type[RemoteError], str], ...] = (
    (ssl.SSLError, NeverLeft, "shop_tls"),
    (socket.gaierror, NeverLeft, "shop_name_unknown"),
    (ConnectionRefusedError, NeverLeft, "shop_refused_connection"),
    (httpx.ConnectTimeout, NeverLeft, "shop_connect_timeout"),
    (httpx.PoolTimeout, NeverLeft, "shop_connect_timeout"),
    (httpx.ConnectError, NeverLeft, "shop_unreachable"),
    (httpx.ProxyError, NeverLeft, "shop_unreachable"),
    (httpx.UnsupportedProtocol, NeverLeft, "shop_unreachable"),
    (httpx.TimeoutException, NoAnswer, "shop_timeout"),
    (httpx.RequestError, NoAnswer, "shop_connection_broken"),
)


def _broken(_request: httpx.Request, error: httpx.RequestError) -> RemoteError:
    """Return what no answer means, without the error's own text: it may hold the keys."""
    if (text := untrusted(error)) is not None:
        return NeverLeft("shop", "shop_certificate", text=text)
    if isinstance(error, TooLarge):
        return _too_large()
    chain = tuple(causes(error))
    meaning, code = next(
        (meaning, code)
        for kind, meaning, code in _BROKEN
        if any(isinstance(one, kind) for one in chain)
    )
    return meaning("shop", code, text=type(error).__name__)


def _too_large() -> RemoteError:
    """Return the error for an answer that is larger, or nested deeper, than any worth reading."""
    return NotUnderstood("shop", TOO_LARGE, size=f"{LARGEST // 2**20} MB")


# -- the JSON in an answer -------------------------------------------------------------------------


def _whole(digits: str) -> int | Decimal | None:
    # Longer ones are no ids, and int() refuses thousands of digits.
    return int(digits) if len(digits) < 19 else _fraction(digits)


def _fraction(text: str) -> Decimal | None:
    """Return a number, or None for one that nobody means: 1e999999 has a million digits."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if len(text) < 60 and abs(number.adjusted()) < 30 else None


_DECODER = json.JSONDecoder(
    parse_float=_fraction, parse_int=_whole, parse_constant=lambda _name: None
)


def _decoded(text: str) -> Any:
    text = text.strip("\ufeff \r\n\t")
    try:
        return _DECODER.decode(text)
    except RecursionError:
        raise _too_large() from None
    except ValueError:
        return _NOT_JSON if _A_PAGE.match(text) else _buried(text)


def _buried(text: str) -> Any:
    """Return the JSON that warnings stand before or behind, or _NOT_JSON."""
    # A warning has few brackets; what it stands before is read at most this often.
    tries = max(3, min(200, _MOST_READ // (len(text) + 1)))
    for start in [found.start() for found in islice(re.finditer(r"[\[{]", text), tries)]:
        try:
            value, end = _DECODER.raw_decode(text, start)
        except (ValueError, RecursionError):
            continue
        # A bracket in a warning is no answer: ours goes to the end, or begins the body.
        if end == len(text) or (start == 0 and text[end:].lstrip().startswith("<")):
            return value
    return _NOT_JSON


# -- a refusal in WordPress' own words -------------------------------------------------------------


def _said_no(value: Mapping[str, Any], response: httpx.Response) -> RemoteError:
    code, data = _slug(value["code"]), value["data"]
    data = data if isinstance(data, dict) else {"status": data}
    status, told, params = response.status_code, data.get("status"), data.get("params")
    if status < 300 and isinstance(told, int):
        status = told  # after a warning of PHP the header always says 200
    if status in {401, 403}:
        return _shut_out(status, code, str(value["message"])[:_LONGEST_TEXT])
    if code == "rest_no_route":
        return NotUnderstood("shop", "shop_no_woocommerce")
    if status == 400 and isinstance(params, dict) and "status" in params:
        return UnknownStatus()
    if status == 429 or status >= 500:
        return _unwell(status, response, updates=True)
    details = [_slug(name) for name in params] if isinstance(params, dict) else []
    return Refused("shop", status, code, ", ".join(details))


def _shut_out(status: int, code: str, text: str) -> CannotLogIn:
    if code == "woocommerce_rest_cannot_view":
        return CannotLogIn("shop", "shop_unknown_key" if status == 401 else "shop_user_no_rights")
    if code == "woocommerce_rest_authentication_error":
        # One code for both; the words may be Norwegian where the shop is.
        if re.search(r"secret|hemmelig|hemlig", text, re.IGNORECASE):
            return CannotLogIn("shop", "shop_wrong_secret")
        if re.search(r"permission|tillat|rettighet|tilgang", text, re.IGNORECASE):
            return CannotLogIn("shop", "shop_key_no_read")
    return CannotLogIn("shop", "shop_login_refused", status=str(status), said=code)


def _unwell(status: int, response: httpx.Response, *, updates: bool) -> NoAnswer:
    """Return what will pass; `updates`: a 503 says that WordPress is being updated."""
    codes = {429: "shop_busy", 500: CRASHED} | ({503: "shop_maintenance"} if updates else {})
    error = NoAnswer("shop", codes.get(status, "shop_server_error"), status=str(status))
    error.retry_after = asked_to_wait(response)
    return error


# -- a page where JSON was expected ----------------------------------------------------------------


def _no_json(response: httpx.Response) -> RemoteError:
    status = response.status_code
    page = response.text[:20_000].lower()
    if firewall := _firewall(response, page):
        return NotUnderstood("shop", "shop_firewall", status=str(status), firewall=firewall)
    if status == 401:
        return CannotLogIn("shop", "shop_password_protected")
    if status == 429 or status >= 500:
        return _unwell(status, response, updates=bool(_MAINTENANCE.search(page)))
    if status in {403, 405, 406}:
        return NotUnderstood("shop", "shop_blocked", status=str(status))
    if response.is_success:
        if "fatal error" in page:
            return NoAnswer("shop", "shop_crashed", status=str(status))
        body = page.strip("\ufeff \r\n\t")
        if body.startswith(("[", "{")) or (status == 200 and not body):
            return NotUnderstood("shop", "shop_cut_off")
        if _COMING_SOON.search(page):
            return NotUnderstood("shop", "shop_coming_soon")
    return _page_found(status)


def _firewall(response: httpx.Response, page: str) -> str:
    if "cf-mitigated" in response.headers:
        return "Cloudflare"
    if response.status_code not in {202, 403, 406, 429, 501, 503}:
        return ""
    return next((name for name, sign in _FIREWALLS.items() if re.search(sign, page)), "")


def _page_found(status: int) -> NotUnderstood:
    return NotUnderstood("shop", "shop_not_json", status=str(status))


def _moved(response: httpx.Response) -> NotUnderstood:
    asked = response.request.url
    try:
        to = asked.join(response.headers["Location"])
    except httpx.InvalidURL:
        return _page_found(response.status_code)
    base, api, _ = to.path.partition("/wp-json")
    if to.host.removeprefix("www.") != asked.host.removeprefix("www."):
        return NotUnderstood("shop", "shop_moved_elsewhere", other=to.host)
    if (asked.scheme, to.scheme) == ("https", "http"):
        return NotUnderstood("shop", "shop_sends_to_http")
    was = (asked.scheme, asked.netloc, asked.path.partition("/wp-json")[0])
    if (to.scheme, to.netloc, base) != was and (api or "rest_route" in asked.params):
        address = f"{to.scheme}://{to.netloc.decode()}{_shown(base)}".rstrip("/")
        return NotUnderstood("shop", "shop_moved", url=address)
    return NotUnderstood("shop", "shop_redirects", path=_shown(to.path))


def _shown(path: str) -> str:
    """Return a path as far as it is an address and no text: whoever redirects may quote anybody."""
    plain = re.compile(r"[\w.-]{0,40}", re.ASCII)
    return "/".join(part if plain.fullmatch(part) else "…" for part in path.split("/"))


def _slug(code: object) -> str:
    """Return a code of WordPress' or of a plugin's: words for machines, which name nobody."""
    return re.sub(r"[^\w-]", "", str(code)[:60], flags=re.ASCII)
