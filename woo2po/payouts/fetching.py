"""Payouts as the providers' interfaces tell them, asked for with the merchant's own keys.

All of a provider is asked for before any of it is booked; what one of them refuses stops no other.
Sources: Vipps' Report API guide, Klarna's Settlements API, Nexi Checkout's Reporting API, Stripe's
API reference, WooPayments' REST API.
"""

import base64
import json
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import httpx

from woo2po.config import Settings
from woo2po.config.sections import PROVIDERS, ProviderSection
from woo2po.connections import Connections, open_provider
from woo2po.holds import Hold
from woo2po.http import CannotLogIn, NeverLeft, NoAnswer, NotUnderstood, RemoteError
from woo2po.http.engine import BEFORE_IT_LEFT, Engine
from woo2po.payouts.payout import OSLO, Unreadable, day_of
from woo2po.payouts.reading import Answer, read, reports_in
from woo2po.woocommerce import Shop

SYSTEM = "payouts"
ADDRESSES = {"vipps": "https://api.vipps.no", "klarna": "https://api.klarna.com",
             "nexi": "https://api.dibspayment.eu", "stripe": "https://api.stripe.com"}  # fmt: skip
# How long before what is booked or held is asked for; for the first time; and at most.
AGAIN, AT_FIRST, AT_MOST = timedelta(days=10), timedelta(days=31), timedelta(days=90)
_MOST_PAGES = 1000
_WAITS, _LONGEST_WAIT = (2.0, 6.0), 30.0  # seconds
_A_DAY = timedelta(days=1)
_REFERENCE, _MOVED = "payment_reference", "balance_transactions"
_ON_THE_WAY = {"pending", "in_transit"}


class Interface:
    """Asks one provider, whose `headers` let us in."""

    def __init__(
        self, http: httpx.AsyncClient, provider: str, section: ProviderSection, ways: Connections
    ) -> None:
        self._http, self._provider = http, provider
        self._base = section.base_url or ADDRESSES[provider]
        self._engine = Engine(http, self._broken, ways.stop.sleep, _WAITS)
        self.user = section.client_id
        self.secret = section.client_secret.get_secret_value()
        self.subscription = section.subscription_key.get_secret_value()
        self.headers: dict[str, str] = {}

    def error(self, kind: type[RemoteError], code: str, **facts: str) -> RemoteError:
        """Return an error of this provider's."""
        host = httpx.URL(self._base).host
        return kind(SYSTEM, code, provider=PROVIDERS[self._provider], host=host, **facts)

    def _broken(self, _: httpx.Request, error: httpx.RequestError) -> RemoteError:
        kind = NeverLeft if isinstance(error, BEFORE_IT_LEFT) else NoAnswer
        return self.error(kind, "payouts_not_reached", why=type(error).__name__)

    async def ask(
        self, path: str, query: Sequence[tuple[str, str]] = (), method: str = "GET"
    ) -> Any:
        """Return the JSON of an answer; None where there is no such thing. Raises RemoteError."""
        return await self._engine.repeated(
            lambda: self._asked(method, path, query), _may_pass, _seconds_asked_for
        )

    async def _asked(self, method: str, path: str, query: Sequence[tuple[str, str]]) -> Any:
        headers = {"Accept": "application/json", **self.headers}
        address = f"{self._base}/{path}"
        request = self._http.build_request(method, address, params=[*query], headers=headers)
        response = await self._engine.sent(request)
        status = response.status_code
        if status in {401, 403}:
            raise self.error(CannotLogIn, "payouts_keys_refused", status=str(status))
        if status == httpx.codes.NOT_FOUND:
            return None
        if status == httpx.codes.TOO_MANY_REQUESTS or status >= 500:
            wait = response.headers.get("Retry-After", "")
            facts = {"retry_after": wait} if wait.isdecimal() and len(wait) < 9 else {}
            raise self.error(NoAnswer, "payouts_not_reached", why=f"HTTP {status}", **facts)
        try:
            if response.is_success:
                return json.loads(response.content, parse_float=Decimal)
        except (ValueError, RecursionError):
            pass
        raise self.error(NotUnderstood, "payouts_not_understood", what=f"HTTP {status}, {path}")


def _seconds_asked_for(error: RemoteError) -> float:
    return float(error.facts.get("retry_after", "0"))


def _may_pass(error: RemoteError) -> bool:
    return isinstance(error, NeverLeft | NoAnswer) and _seconds_asked_for(error) <= _LONGEST_WAIT


async def fetched(
    settings: Settings,
    days: Callable[[str], tuple[date, date]],
    shop: Shop,
    ways: Connections,
    only: str,
) -> tuple[list[Answer], list[Hold], bool]:
    """Return what the providers whose keys are set answer, what is to be told, and whether all did.

    `days` gives the first and the last day that a provider is asked for.
    """
    answers: list[Answer] = []
    notes: list[Hold] = []
    whole = True
    for provider in settings.payouts.asked:
        if only not in {"", provider}:
            continue
        named = {"provider": PROVIDERS[provider]}
        try:
            if provider == "woopayments":
                found = await _woopayments(shop, *days(provider))
            else:
                section = settings.payouts.providers[provider]
                async with open_provider(ways, section.base_url) as http:
                    interface = Interface(http, provider, section, ways)
                    found = await _ASK[provider](interface, *days(provider), notes)
            own = [(PROVIDERS[provider], provider, document) for document in found]
            read(reports_in((), answers=own))  # what cannot be read stops no other provider
            answers += own
        except (RemoteError, Unreadable) as error:
            whole = False
            notes.append(Hold(error.code, {**named, **error.facts}))
        except (AttributeError, LookupError, TypeError, ValueError):
            whole = False
            notes.append(Hold("payouts_not_understood", {**named, "what": "JSON"}))
    return answers, notes, whole


# -- one after another -----------------------------------------------------------------------------


async def _pages(
    ask: Callable[[int, int], Awaitable[list[Any]]], full: int, repeats: RemoteError
) -> list[Any]:
    """Return the rows of all pages, up to one of fewer rows than a full one (1: an empty one).

    `ask` is given a page's number, from 0, and how many rows came before it.
    """
    rows: list[Any] = []
    before: list[Any] = []
    for number in range(_MOST_PAGES):
        page = await ask(number, len(rows))
        if page and page == before:
            break
        rows, before = rows + page, page
        if len(page) < full:
            return rows
    raise repeats


async def _vipps(interface: Interface, first: date, last: date, notes: list[Hold]) -> Sequence[Any]:
    own = {"Ocp-Apim-Subscription-Key": interface.subscription}
    interface.headers = {"client_id": interface.user, "client_secret": interface.secret, **own}
    token = await interface.ask("accesstoken/get", method="POST")
    interface.headers = {"Authorization": f"Bearer {token['access_token']}", **own}
    ledgers = await interface.ask("settlement/v1/ledgers")
    documents = [ledgers]
    for ledger in ledgers["items"]:
        days: dict[str, Any] = {}
        for day in (first + timedelta(days=n) for n in range((last - first).days + 1)):
            items = await _ledger_day(interface, str(ledger["ledgerId"]), day)
            if items is None:
                notes.append(Hold("payouts_day_open", {"provider": PROVIDERS["vipps"], "day": day}))
                break
            days[day.isoformat()] = {"items": items}
        documents.append(days)
    return documents


async def _ledger_day(interface: Interface, ledger: str, day: date) -> list[Any] | None:
    """Return the entries of a day, or None while it is not closed."""
    path, cursors = f"report/v2/ledgers/{ledger}/funds/dates/{day}", [""]
    items: list[Any] = []
    while True:
        said = await interface.ask(path, [("cursor", cursors[-1])] if cursors[-1] else [])
        if said is None or said.get("tryLater"):
            return None
        items += said["items"]
        if not said.get("hasMore"):
            return items
        if said["cursor"] in cursors:
            raise interface.error(NotUnderstood, "payouts_pages_repeat")
        cursors.append(said["cursor"])


async def _klarna(interface: Interface, first: date, last: date, _: Any) -> Sequence[Any]:
    pair = base64.b64encode(f"{interface.user}:{interface.secret}".encode()).decode()
    interface.headers = {"Authorization": f"Basic {pair}"}
    repeats = interface.error(NotUnderstood, "payouts_pages_repeat")

    async def listed(what: str, *query: tuple[str, str]) -> dict[str, list[Any]]:
        async def ask(_: int, offset: int) -> list[Any]:
            paging = [("size", "500"), ("offset", str(offset))]
            said = await interface.ask(f"settlements/v1/{what}", [*query, *paging])
            return [*said[what]]

        return {what: await _pages(ask, 1, repeats)}  # it may give fewer than asked for

    start, end = (f"{_begun(day):%Y-%m-%dT%H:%M:%SZ}" for day in (first, last + _A_DAY))
    payouts = await listed("payouts", ("start_date", start), ("end_date", end))
    references = [one["payment_reference"] for one in payouts["payouts"]]
    return [payouts, *[await listed("transactions", (_REFERENCE, one)) for one in references]]


def _begun(day: date) -> datetime:
    """Return when a Norwegian day begins, in UTC."""
    return datetime.combine(day, time(), OSLO).astimezone(UTC)


async def _nexi(interface: Interface, first: date, last: date, _: Any) -> Sequence[Any]:
    interface.headers = {"Authorization": interface.secret}
    size, path = 100, "report/v1/payouts"

    async def ask(number: int, _: int) -> list[Any]:
        query = [("fromDate", str(first)), ("toDate", str(last))]
        paging = [("pageNumber", str(number + 1)), ("pageSize", str(size))]
        return [*(await interface.ask(path, [*query, *paging]))["payouts"]]

    repeats = interface.error(NotUnderstood, "payouts_pages_repeat")
    payouts = await _pages(ask, size, repeats)
    return [[await interface.ask(f"{path}/{one['id']}")] for one in payouts]


async def _stripe(interface: Interface, first: date, last: date, _: Any) -> Sequence[Any]:
    interface.headers = {"Authorization": f"Bearer {interface.secret}"}

    async def listed(what: str, *query: tuple[str, str]) -> list[Any]:
        rows: list[Any] = []
        while True:
            after = [("starting_after", rows[-1]["id"])] if rows else []
            said = await interface.ask(f"v1/{what}", [("limit", "100"), *query, *after])
            if said["data"] and said["data"][-1] in rows:
                raise interface.error(NotUnderstood, "payouts_pages_repeat")
            rows += said["data"]
            if not said["has_more"]:
                return rows

    start, end = (str(int(_begun(day).timestamp())) for day in (first, last + _A_DAY))
    heads = await listed("payouts", ("arrival_date[gte]", start), ("arrival_date[lt]", end))
    return [
        {"": {"data": [head]}, head["id"]: {"data": await listed(_MOVED, ("payout", head["id"]))}}
        for head in heads
        if head.get("status") not in _ON_THE_WAY
    ]


async def _woopayments(shop: Shop, first: date, last: date) -> Sequence[Any]:
    size = 100
    repeats = NotUnderstood(SYSTEM, "payouts_pages_repeat", provider=PROVIDERS["woopayments"])

    async def listed(what: str, *query: tuple[str, str]) -> list[Any]:
        async def ask(number: int, _: int) -> list[Any]:
            paging = [("page", str(number + 1)), ("pagesize", str(size)), ("per_page", str(size))]
            return await shop.of_woopayments(what, [*query, *paging])

        return await _pages(ask, size, repeats)

    return [
        [head, *await listed("reports/transactions", ("deposit_id", head["id"]))]
        for head in await listed("deposits", ("sort", "date"))
        if first <= day_of(head["date"]) <= last and head.get("status") not in _ON_THE_WAY
    ]


_ASK = {"vipps": _vipps, "klarna": _klarna, "nexi": _nexi, "stripe": _stripe}
