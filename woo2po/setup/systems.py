"""What is asked of both systems: whether they answer, what they have; and products made."""

import re
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from datetime import timedelta
from itertools import product
from typing import Any, TypeVar
from urllib.parse import urlsplit

from woo2po.config.sections import is_loopback
from woo2po.connections import Connections, open_poweroffice, open_shop
from woo2po.documents import ProductWanted
from woo2po.http import CannotLogIn, NoAnswer, NotUnderstood, RemoteError
from woo2po.inventory import LOOKED_AT, catalogue_of, inventory_of
from woo2po.messages import say_both
from woo2po.poweroffice import PowerOffice
from woo2po.setup.known import SECRETS, Known
from woo2po.setup.proposals import Missing
from woo2po.setup.terminal import Leave, tell
from woo2po.stopping import TOLD_TO_STOP, ToldToStop, run_until_told
from woo2po.woocommerce import RouteStyle, about
from woo2po.woocommerce.about import Site

T = TypeVar("T")

# On all addresses before the plain one, which WordPress answers under every page's address.
STYLES: tuple[RouteStyle, ...] = ("pretty", "plain")
_RECENT = timedelta(days=31)  # documents among which the shop's orders are looked for
# The address may be that of one page of the shop: what is above it may be the shop itself.
_ANOTHER_PAGE = {"shop_not_json", "shop_no_woocommerce", "shop_redirects", "shop_cut_off"}
# Sentences of remedies that are about runs: here nothing has run yet.
_OF_RUNS = re.compile(
    r"(Nothing is lost: the|The) next run [^.]*\. ?|(Ingenting er tapt: n|N)este kjøring [^.]*\. ?"
    r"|; (the next run|neste kjøring) [^.]*"
)


def told(error: RemoteError, known: Known) -> str:
    """Return what went wrong between us and a system, without words that are of runs only."""
    return _OF_RUNS.sub("", say_both(error.code, known.language, error.facts)).strip()


def done(work: Callable[[Connections], Coroutine[Any, Any, T]]) -> T:
    """Do what asks a system; Ctrl-C ends it. Raises RemoteError, Leave."""
    try:
        return run_until_told(lambda stop: work(Connections(stop=stop)))
    except ToldToStop:
        raise Leave from None
    except RemoteError as error:
        if error.code == TOLD_TO_STOP:
            raise Leave from None
        raise


# -- the shop --------------------------------------------------------------------------------------


async def find_shop(known: Known, connections: Connections) -> tuple[str, Site]:
    """Return the shop's own address, and what it tells of itself: the shop at the address that was
    given, or above it, or where it has moved.

    Nothing secret is sent. Raises RemoteError, of the address as it was given.
    """
    first: NotUnderstood | None = None
    above = candidates(str(known.value("woocommerce.url")))
    for style, url in product(STYLES, above):
        try:
            found = await _asked(style, url, known, connections)
        except NotUnderstood as error:
            first = first or error
            if error.code == "shop_moved":
                url = error.facts["url"]  # noqa: PLW2901 (it is the same shop)
                found = await _asked(style, url, known, connections)
            elif error.code in _ANOTHER_PAGE:
                continue
            else:
                raise
        own = own_address(url, found.home)
        with suppress(RemoteError):
            if own != url:
                await _asked(style, own, known, connections)
                url = own  # noqa: PLW2901 (as above)
        return url, found
    raise first or NotUnderstood("shop", "shop_not_json", host="?", status="?")


def own_address(url: str, home: str) -> str:
    """Return the address at which a shop answered, with www and folder as the shop has them itself:
    by these its orders are known for good.

    Scheme and port stay those that were seen to work: behind a proxy a shop may know others.
    """
    here, own = urlsplit(url), urlsplit(home)
    hosts = [(part.hostname or "").removeprefix("www.") for part in (here, own)]
    place = here.netloc
    if hosts[0] == hosts[1] and here.hostname and own.hostname:
        place = here.netloc.lower().replace(here.hostname, own.hostname, 1)
    return f"{here.scheme}://{place}{own.path.rstrip('/')}" if own.hostname else url


def candidates(url: str) -> list[str]:
    """Return an address, and the same without its folders: a page of the shop may be meant."""
    found = [url]
    while urlsplit(found[-1]).path:
        found.append(found[-1].rpartition("/")[0])
    return found


async def _asked(style: RouteStyle, url: str, known: Known, connections: Connections) -> Site:
    # Without the pauses before repeats: whoever mistyped an address waits for the answer.
    keys = known.settings({"woocommerce.url": url}).woocommerce
    async with open_shop(keys, connections, waits=()) as shop:
        return await about.find(shop, style)


async def read_shop(known: Known, connections: Connections) -> None:
    """Read what the shop has in use. Raises RemoteError: its keys are tried so."""
    async with open_shop(known.settings().woocommerce, connections) as shop:
        known.shop = await inventory_of(shop, await shop.newest(LOOKED_AT))
    known.forget()


# -- PowerOffice -----------------------------------------------------------------------------------


async def read_books(known: Known, connections: Connections) -> None:
    """Log in where the keys are of, and read what the company has; customers are never read.

    Raises RemoteError: the keys are tried so. What is raised is what the environment said that
    came furthest.
    """
    failed: list[RemoteError] = []
    for place in _places(known):
        known.given |= place
        try:
            async with open_poweroffice(known.settings().poweroffice, connections) as go:
                await go.log_in()
                known.company, known.catalogue = go.company, await catalogue_of(go)
                known.references = await _references(go)
        except RemoteError as error:
            if not isinstance(error, CannotLogIn) and error.code not in _ELSEWHERE:
                raise
            failed.append(error)
            for path in place:
                known.given.pop(path, None)
        else:
            known.forget()
            return
    raise max(failed, key=_how_far)


_ELSEWHERE = ("poweroffice_not_reached", "poweroffice_no_answer", "poweroffice_wrong_address")


def _how_far(error: RemoteError) -> int:
    """Return how far a login came: the subscription key is looked at before the other two."""
    return 0 if error.code in _ELSEWHERE else 1 if "subscription" in error.code else 2


def _places(known: Known) -> list[dict[str, str | None]]:
    """Return where the keys may be of: as it is said already, then each in turn for typed ones.

    To a shop on this machine belongs the sandbox, at the port after the shop's: that one is tried
    first, so that no made-up key leaves the machine.
    """
    name, at, token = (f"poweroffice.{n}" for n in ("environment", "base_url", "token_url"))
    fixed = {name, at} & known.fixed.keys()
    is_said = bool(fixed or name in {*known.there, *known.given} or known.value(at))
    said: list[dict[str, str | None]] = [{}] if is_said else []
    if fixed or (is_said and not set(SECRETS[2:]) & known.given.keys()):
        return said
    none = {path: None for path in (at, token) if path in known.there}
    places = [{name: one, **none} for one in ("production", "demo")]
    shop = urlsplit(str(known.value("woocommerce.url")))
    if is_loopback(shop.hostname or "") and shop.port:
        url = f"http://127.0.0.1:{shop.port + 1}/Demo"
        places.insert(0, {name: "demo", at: f"{url}/v2", token: f"{url}/OAuth/Token"})
    return said + places


async def _references(go: PowerOffice) -> frozenset[str]:
    """Return the references of a month's documents; none where that is not allowed."""
    since = go.server_time and go.server_time - _RECENT
    try:
        drafts = await go.sales_orders(changed_after=since)
        invoices = await go.invoices(sent_after=since)
    except RemoteError:
        return frozenset()
    return frozenset(seen.reference for seen in (*drafts, *invoices))


async def make_products(
    products: Sequence[Missing], known: Known, connections: Connections
) -> set[str]:
    """Make products, say of each what became of it, and return the codes of those that were made.

    Raises RemoteError where PowerOffice cannot be logged in to; after a refusal, or an answer that
    was lost, the next one is tried all the same, and none is asked for a second time.
    """
    made = set()
    async with open_poweroffice(known.settings().poweroffice, connections) as go:
        await go.log_in()
        for one in products:
            code, why = "init_made", ""
            try:
                if one.account is not None:
                    await go.create_product(ProductWanted(one.code, one.name, one.account.id))
                    made.add(one.code)
            except RemoteError as error:
                lost = isinstance(error, NoAnswer | NotUnderstood)
                code, why = "init_made_lost" if lost else "init_made_refused", told(error, known)
            tell(known.say(code, code=one.code, why=why))
    return made
