"""HTTP clients for both systems: TLS always checked, redirects never followed."""

import ssl
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, TypeVar

import httpx

from woo2po.config.sections import PowerOfficeSection, WooCommerceSection, is_loopback
from woo2po.http.engine import ACCEPTED, bound
from woo2po.http.spacing import turns_of
from woo2po.stopping import Stop
from woo2po.woocommerce import Shop

if TYPE_CHECKING:
    from woo2po.poweroffice import PowerOffice

T = TypeVar("T")

TIMEOUT = httpx.Timeout(60.0, connect=15.0)


@dataclass(frozen=True, slots=True)
class Connections:
    """How the other systems are reached, until `stop` says that it is enough.

    None is the network. Tests put the sandbox here. `asked` counts the requests to each system.
    """

    shop: httpx.AsyncBaseTransport | None = None
    poweroffice: httpx.AsyncBaseTransport | None = None
    monitoring: httpx.AsyncBaseTransport | None = None
    providers: httpx.AsyncBaseTransport | None = None
    stop: Stop = field(default_factory=Stop)
    asked: Counter[str] = field(default_factory=Counter)


@cache
def _tls(ca_file: str, plain: bool) -> ssl.SSLContext:
    # One context serves both clients: reading the certificates is the dearest part of a poll.
    # Where an address is plain http, none are needed, and none are trusted.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT) if plain else httpx.create_ssl_context()
    if ca_file:
        context.load_verify_locations(cafile=ca_file)
    return context


def open_http(
    connections: Connections, system: str, url: str = "https:", ca_file: str = ""
) -> httpx.AsyncClient:
    """Return a client for one of the systems of Connections, to be closed by whoever asked."""

    async def count(_: httpx.Request) -> None:
        connections.asked[system] += 1

    return httpx.AsyncClient(
        transport=getattr(connections, system),
        verify=_tls(ca_file, url.startswith("http:")),
        # What is on this machine is no proxy's business, nor are the keys to it.
        trust_env=not is_loopback(httpx.URL(url).host),
        timeout=TIMEOUT,
        headers={"User-Agent": "woo2po", **ACCEPTED},
        event_hooks={"request": [connections.stop.gate, count], "response": [bound]},
    )


@asynccontextmanager
async def open_shop(
    keys: WooCommerceSection, connections: Connections, waits: Sequence[float] = (2.0, 6.0)
) -> AsyncIterator[Shop]:
    """Give the shop's client; `waits` are the seconds before a second and a third attempt."""
    pair = [one.get_secret_value() for one in (keys.consumer_key, keys.consumer_secret)]
    async with open_http(connections, "shop", keys.url, keys.ca_file) as http:
        yield Shop(http, keys.url, *pair, sleep=connections.stop.sleep, waits=waits)


def open_poweroffice(
    keys: PowerOfficeSection, connections: Connections
) -> AbstractAsyncContextManager["PowerOffice"]:
    """Give PowerOffice's client as the settings say."""
    from woo2po.poweroffice import PowerOffice  # noqa: PLC0415 (an idle poll never needs it)

    return open_client(PowerOffice, keys, connections)


@asynccontextmanager
async def open_client(
    kind: Callable[..., T], keys: PowerOfficeSection, connections: Connections
) -> AsyncIterator[T]:
    """Give a client of PowerOffice of some kind; over the network it takes turns with others."""
    sleep, key = connections.stop.sleep, keys.subscription_key.get_secret_value()
    turns = turns_of(keys.base_url, key, keys.requests_per_second, sleep)
    async with open_http(connections, "poweroffice", keys.base_url) as http:
        yield kind(
            http,
            base_url=keys.base_url,
            token_url=keys.token_url,
            application_key=keys.application_key.get_secret_value(),
            client_key=keys.client_key.get_secret_value(),
            subscription_key=key,
            requests_per_second=keys.requests_per_second,
            sleep=sleep,
            shared=turns if connections.poweroffice is None else None,
        )
