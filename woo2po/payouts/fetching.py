"""Payouts as the providers' interfaces tell them, asked for with the merchant's own keys.

All of a provider is asked for before any of it is booked; what one of them refuses stops no other.
Sources: Vipps' Report API guide, Klarna's Settlements API, Nexi Checkout's Reporting API, Stripe's
API reference, WooPayments' REST API.
"""

import json
from base64 import b64encode
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import httpx

from woo2po.config import Settings
from woo2po.config.sections import PROVIDERS, ProviderSection
from woo2po.connections import Connections, open_http
from woo2po.holds import Hold
from woo2po.http import CannotLogIn, NoAnswer, NotUnderstood, Refused, RemoteError
from woo2po.http.engine import Engine, asked_to_wait
from woo2po.payouts.columns import FORMATS, ON_THE_WAY, OSLO, Unreadable, day_of
from woo2po.payouts.reading import Report, answered, blamed, read
from woo2po.stopping import Stop
from woo2po.woocommerce import Shop

SYSTEM = "payouts"
_FULL = 100  # rows of a page, where they are counted
_COUNTED = {"offset", "page", "pageNumber"}  # how pages are asked for that may be short, or empty
_MOST_PAGES = 200  # of a list
_WAITS = (2.0, 6.0)  # seconds
_A_DAY = timedelta(days=1)
_CLOSES = timedelta(days=5)  # Vipps does so in the night after; what is not there then, is not
Days = tuple[date, date]


class NotClosed(NotUnderstood):
    """There is no such thing: a day that is not closed, or no such address at all."""


class Interface:
    """Asks one provider as its table says; `waits` are days that were not closed yet."""

    def __init__(
        self, api: Mapping[str, Any], section: ProviderSection, http: httpx.AsyncClient,
        shop: Shop, stop: Stop,
    ) -> None:  # fmt: skip
        self._api, self._http, self._shop, self._paging = api, http, shop, api["paging"]
        self._engine = Engine(http, _broken, stop.sleep, _WAITS)
        self.waits: list[date] = []
        user, secret = section.client_id, section.client_secret.get_secret_value()
        keys = {"user": user, "secret": secret,
                "basic": b64encode(f"{user}:{secret}".encode()).decode(),
                "subscription": section.subscription_key.get_secret_value()}  # fmt: skip
        http.base_url = httpx.URL(section.base_url or api.get("base", ""))
        headers = {name: said.format(**keys) for name, said in api.get("headers", {}).items()}
        http.headers.update(headers)

    async def documents(self, days: Days) -> list[Any]:
        """Return what the provider's parser takes: the list of heads, and the rows of each."""
        api, (first, last), headers = self._api, days, self._http.headers
        if "token" in api:  # is sent instead of the keys from now on
            said = await self._ask(httpx.URL(api["token"]), "POST")
            del headers["client_id"], headers["client_secret"]
            headers["Authorization"] = f"Bearer {said['access_token']}"
        midnights = (datetime.combine(day, time(), OSLO) for day in (first, last + _A_DAY))
        ends = [midnight.astimezone(UTC) for midnight in midnights]
        seconds = [int(moment.timestamp()) for moment in ends]
        address = api["heads"].format(first=first, last=last, ends=ends, seconds=seconds)
        heads = {  # one may stand on two pages of a list that moves
            json.dumps(head, default=str): head
            for head in await self._listed(address, api["lists"][0])
            if head.get("status") not in ON_THE_WAY
            and ("day" not in api or first <= day_of(head[api["day"]]) <= last)
        }.values()
        told = [head for head in heads if head.get(api.get("itemised")) is not False]
        return [[*heads], *[await self._rows(head, days) for head in told]]

    async def _rows(self, head: Mapping[str, Any], days: Days) -> list[Any]:
        """Return a head's rows; of a ledger by days, from its first to one that is not closed."""
        own = {name: quote(str(value), safe="") for name, value in head.items()}
        address, inside = self._api["rows"], self._api["lists"][1]
        if "{day}" not in address:
            return await self._listed(address.format(head=own), inside)
        rows: list[Any] = []
        begun, missing = False, None
        for n in range((days[1] - days[0]).days + 1):
            day = days[0] + timedelta(days=n)
            try:
                rows += await self._listed(address.format(head=own, day=day), inside)
                begun, missing = True, None
            except NotClosed:
                missing = missing or day
                if begun:
                    break
        self.waits += [missing] if missing else []
        return rows

    async def _listed(self, address: str, inside: str) -> list[Any]:
        url, rows, before, paging = httpx.URL(address), list[Any](), list[Any](), self._paging
        for n in range(_MOST_PAGES):
            try:
                said = await self._ask(url)
            except (NotUnderstood, Refused):
                if 0 < len(before) < _FULL and paging in _COUNTED:
                    return rows  # behind a page that was not full there may be none
                raise
            if isinstance(said, Mapping) and said.get("tryLater"):
                raise NotClosed(SYSTEM, "payouts_not_understood", what=url.path)
            if not inside and not isinstance(said, list):
                return [said]
            page = [*said[inside]] if inside else said
            if paging in _COUNTED and page in ([], before):  # it may count no pages
                return rows
            rows, before = rows + page, page
            if paging in _COUNTED:
                further = len(rows) if paging == "offset" else n + 2
            elif said.get("hasMore") or said.get("has_more"):
                further = said["cursor"] if paging == "cursor" else rows[-1]["id"]
            else:
                return rows
            url = url.copy_set_param(paging, str(further))
        raise NotUnderstood(SYSTEM, "payouts_pages_repeat")

    async def _ask(self, url: httpx.URL, method: str = "GET") -> Any:
        async def attempt() -> Any:
            response = await self._engine.sent(self._http.build_request(method, url))
            status, host = response.status_code, self._http.base_url.host
            if status in {401, 403}:
                raise CannotLogIn(SYSTEM, "payouts_keys_refused", host=host, status=str(status))
            if status == httpx.codes.TOO_MANY_REQUESTS or status >= 500:
                error = NoAnswer(SYSTEM, "payouts_not_reached", host=host, why=f"HTTP {status}")
                error.retry_after = asked_to_wait(response)
                raise error
            with suppress(ValueError, RecursionError):
                if response.is_success:
                    return json.loads(response.content, parse_float=Decimal)
            kind = NotClosed if status == httpx.codes.NOT_FOUND else NotUnderstood
            what = f"HTTP {status}, {url.path}"
            raise kind(SYSTEM, "payouts_not_understood", host=host, what=what)

        if "base" not in self._api:
            return await self._shop.of_woopayments(url.path, url.params.multi_items())
        return await self._engine.repeated(attempt, lambda error: isinstance(error, NoAnswer))


def _broken(request: httpx.Request, error: httpx.RequestError) -> RemoteError:
    why = type(error).__name__
    return NoAnswer(SYSTEM, "payouts_not_reached", host=request.url.host, why=why)


async def fetched(
    settings: Settings, days: Callable[[str], Days], shop: Shop, ways: Connections, only: str
) -> tuple[list[Report], list[Hold]]:
    """Return what the providers with keys answer for their `days`, and what is to be told."""
    reports, notes = list[Report](), list[Hold]()
    for provider in [only] if only else settings.payouts.asked:
        section, name = settings.payouts.providers[provider], PROVIDERS[provider]
        try:
            with blamed(name):
                async with open_http(ways, "providers", section.base_url) as http:
                    interface = Interface(FORMATS["api"][provider], section, http, shop, ways.stop)
                    report = answered(name, provider, await interface.documents(days(provider)))
            for _ in read([report]):
                pass  # what cannot be read stops no other provider
            reports.append(report)
            for day in interface.waits:
                late = days(provider)[1] - day > _CLOSES
                code = "payouts_day_missing" if late else "payouts_day_open"
                notes.append(Hold(code, {"provider": name, "day": day}))
        except (RemoteError, Unreadable) as error:
            broken = error.code == "payouts_broken"  # of a file, in its words
            code = "payouts_not_understood" if broken else error.code
            notes.append(Hold(code, {"provider": name, "what": "JSON", **error.facts}))
    return reports, notes
