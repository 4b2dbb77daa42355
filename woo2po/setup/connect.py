"""Both systems: how they are reached, what is asked of them, products made.

What only a person knows, the shop's address, the keys and the first day, is tried as soon as it is
there; what fails is asked again.
"""

import re
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from datetime import date, timedelta
from itertools import product
from operator import itemgetter
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import click

from woo2po.config.sections import is_loopback
from woo2po.connections import Connections, open_poweroffice, open_shop
from woo2po.documents import ProductWanted
from woo2po.holds import End
from woo2po.http import CannotLogIn, NoAnswer, NotUnderstood, RemoteError
from woo2po.inventory import LOOKED_AT, catalogue_of, inventory_of
from woo2po.logs import hide
from woo2po.messages import day_said, say_both
from woo2po.setup import file, terminal
from woo2po.setup.known import NO_SHOP, SECRETS, Known, T, Wrong, taken
from woo2po.setup.products import Missing
from woo2po.stopping import TOLD_TO_STOP, ToldToStop, run_until_told
from woo2po.woocommerce import RouteStyle, Site

CA, URL = "woocommerce.ca_file", "woocommerce.url"
KEY, SECRET = SECRETS[:2]
APPLICATION, CLIENT, SUBSCRIPTION = SECRETS[2:]
DAY = "woocommerce.orders_from"
# The first only where the shop's certificate is of an authority that nobody here knows.
ASKED = (CA, URL, KEY, SECRET, APPLICATION, CLIENT, SUBSCRIPTION, DAY)
# What people paste is the page that they have open: of WordPress' own part, or of its interface.
_OWN_PAGES = re.compile(r"/(wp-admin|wp-json|wp-login\.php|index\.php|wc-api)(/.*)?$")
# WooCommerce's other way, /wc-auth/v1/authorize, sends the keys to a callback that must be a public
# address with https: there is none on the machine of somebody who sets this up by hand.
KEYS_PAGE = "/wp-admin/admin.php?page=wc-settings&tab=advanced&section=keys&create-key=1"
_BACK_TO = {
    "shop_certificate": CA,
    "shop_wrong_secret": SECRET,
    **dict.fromkeys(("shop_unknown_key", "shop_key_not_seen", "shop_key_no_read",
                     "shop_user_no_rights"), KEY),
    **dict.fromkeys(("shop_moved", "shop_moved_elsewhere", "shop_no_woocommerce"), URL),
    **dict.fromkeys(("poweroffice_wrong_keys", "poweroffice_login_refused",
                     "poweroffice_not_reached", "poweroffice_wrong_address"), APPLICATION),
}  # fmt: skip
# On all addresses before the plain one, which WordPress answers under every page's address.
STYLES: tuple[RouteStyle, ...] = ("pretty", "plain")
_ELSEWHERE = ("poweroffice_not_reached", "poweroffice_no_answer", "poweroffice_wrong_address")
_RECENT = timedelta(days=31)  # documents among which the shop's orders are looked for
# The address may be that of one page of the shop: what is above it may be the shop itself.
_ANOTHER_PAGE = {"shop_not_json", "shop_no_woocommerce", "shop_redirects", "shop_cut_off"}
# Sentences of remedies that are about runs: here nothing has run yet.
_OF_RUNS = re.compile(
    r"(Nothing is lost: the|The) next run [^.]*\. ?|(Ingenting er tapt: n|N)este kjøring [^.]*\. ?"
    r"|; (the next run|neste kjøring) [^.]*"
)


def connect(known: Known, again: set[str]) -> None:
    """Ask for what is not known and for `again`, and try it. Raises Abort; End, where nobody is."""
    place = 0
    while place < len(ASKED):
        path = ASKED[place]
        wanted = path in again or known.value(path) is None
        if wanted and path not in known.fixed:
            try:
                again -= _ask(path, known)
            except terminal.Back:
                place = max(1, place - 1)
                again.add(ASKED[place])
                continue
        try:
            _try(path, known)
        except RemoteError as error:
            back = ASKED.index(_BACK_TO.get(error.code, path))
            paths = {one for one in ASKED[back : place + 1] if one not in known.fixed}
            if known.unseen or not paths:
                raise End(3, told(error, known)) from None
            terminal.tell(f"\n{told(error, known)}")
            again |= paths
            place = back
            continue
        if path in SECRETS and path in known.given:
            file.keep(known)
        place += 1


# -- asking ----------------------------------------------------------------------------------------


def _ask(path: str, known: Known) -> set[str]:
    """Ask until the answer makes sense; return what it answers. Raises Back and Abort."""
    name = path.rpartition(".")[2]
    if path == KEY:
        page = f"{known.value(URL)}{KEYS_PAGE}"
        terminal.tell(f"\n{known.say('init_key_said')}\n  {page}")
        terminal.open_page(page)
    elif path in {APPLICATION, DAY}:
        terminal.tell("" if path == DAY else f"\n{known.say('init_poweroffice_said')}")
    before = known.value(path)
    offered = str(before or "") if path not in SECRETS else masked(before) if before else ""
    if path == DAY:
        # Where PowerOffice has what looks like the shop's orders, somebody else books those before.
        numbers = {order.number for order in known.shop.orders}
        booked = {re.sub(r"^.*\D(?=\d+$)", "", reference) for reference in known.references}
        before = before or known.today.replace(day=known.today.day if numbers & booked else 1)
        offered = day_and_orders(before, known)

    def understood(typed: str) -> dict[str, object]:
        return read(path, typed, known) if typed or before is None else {path: before}

    prompt, about = known.say(f"init_ask_{name}"), known.say(f"init_about_{name}")
    typed, found = terminal.answer(known, prompt, offered, about, understood)
    known.given |= found
    hide(known.secrets())
    if path in SECRETS and typed:
        whole = f"{prompt} [{offered}]" if offered else prompt
        terminal.cover(whole, typed, masked(str(found[path])))
    return set(found)


def masked(secret: str) -> str:
    """Return a key as it may be shown: enough to recognise it by."""
    head = secret[:3] if secret[:3] in {"ck_", "cs_"} else ""
    return f"{head}...{secret[-4:]}" if len(secret) > 12 else f"{head}..."


def read(path: str, typed: str, known: Known) -> dict[str, object]:
    """Return what was typed for one of these, by path. Raises Wrong."""
    if not typed:
        raise Wrong("init_needs_answer")
    if path == URL:
        return {path: tidied(typed)}
    if path in {CA, DAY}:
        return {path: taken(path, typed, known.language)}
    pair = re.findall(r"c[ks]_\w+", typed)
    if path == KEY and [one[:3] for one in pair] == ["ck_", "cs_"]:
        return {KEY: pair[0], SECRET: pair[1]}
    if not typed.isascii() or not typed.isprintable() or " " in typed:
        raise Wrong("init_no_key")
    starts = {KEY: "ck_", SECRET: "cs_"}.get(path, "")
    if not typed.startswith(starts):
        raise Wrong("init_other_key", starts=starts)
    return {path: typed}


def tidied(typed: str) -> str:
    """Return the address that was meant: with https but for this machine. Raises Wrong."""
    text = re.sub(r"\s", "", typed).strip("<>\"'")
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        host, port, scheme = (parts.hostname or "").rstrip("."), parts.port, parts.scheme
        named = re.fullmatch(r"[\w-]+(\.[\w-]+)+|localhost|[0-9a-f.]*:[0-9a-f:.]*", host)
        is_one = scheme in {"http", "https"} and named and not parts.username
        if is_loopback(host):
            scheme = scheme if "://" in text else "http"
        elif scheme == "http":
            # Keys go over no open line; a port of http's makes no sense for https.
            scheme, port = "https", None if port == 80 else port
        plain = _OWN_PAGES.sub("", re.sub(r"/{2,}", "/", parts.path)).rstrip("/")
        shown = f"[{host}]" if ":" in host else host
        place = shown if port is None else f"{shown}:{port}"
        return str(taken(URL, urlunsplit((scheme, place, plain, "", "")) if is_one else "", "en"))
    except (ValueError, Wrong):
        raise Wrong("init_no_address", text=typed) from None


def day_and_orders(day: date, known: Known) -> str:
    """Return a day, and how many orders there are since; a + where older ones were not read."""
    orders, day_of = known.shop.orders, known.settings().day_of
    n = sum(day_of(order.date_created_gmt) >= day for order in orders)
    more = "+" if n and n == len(orders) else ""
    code = "init_day_ahead" if day > known.today else "init_day"
    return known.say(code, day=day_said(day, known.language), n=f"{n}{more}")


# -- trying ----------------------------------------------------------------------------------------


def _try(path: str, known: Known) -> None:
    """Try what is complete with this answer. Raises RemoteError, Abort."""
    if path == URL:
        known.shop = NO_SHOP
        url, found = done(lambda at: find_shop(known, at))
        if url != known.value(URL):
            terminal.tell(known.say("init_address_other", url=url))
            known.given[URL] = url
        terminal.tell(known.say("init_found", name=found.name or url))
        if (urlsplit(url).scheme, urlsplit(found.home).scheme) == ("https", "http"):
            terminal.tell(known.say("init_told_http"))
    elif path == SECRET:
        terminal.tell(known.say("init_reading_shop"))
        done(lambda at: read_shop(known, at))
        orders = len(known.shop.orders)
        terminal.tell(known.say("init_shop_read" if orders else "init_shop_empty", n=orders))
    elif path == SUBSCRIPTION:
        terminal.tell(known.say("init_reading_books"))
        done(lambda at: read_books(known, at))
        local = known.value("poweroffice.base_url")
        place = "sandbox" if local else known.value("poweroffice.environment")
        facts = {"name": known.company.name, "n": len(known.catalogue.products)}
        terminal.tell(known.say(f"init_books_{place}", **facts))


def told(error: RemoteError, known: Known) -> str:
    """Return what went wrong between us and a system, without words that are of runs only."""
    return _OF_RUNS.sub("", say_both(error.code, known.language, error.facts)).strip()


def done(work: Callable[[Connections], Coroutine[Any, Any, T]]) -> T:
    """Do what asks a system; Ctrl-C ends it. Raises RemoteError, Abort."""
    try:
        return run_until_told(lambda stop: work(Connections(stop=stop)))
    except (ToldToStop, RemoteError) as error:
        if error.code != TOLD_TO_STOP:
            raise
        raise click.Abort from None


# -- the shop --------------------------------------------------------------------------------------


async def find_shop(known: Known, connections: Connections) -> tuple[str, Site]:
    """Return the shop's own address, and what it tells of itself: the shop at the address that was
    given, or above it, or where it has moved.

    Nothing secret is sent. Raises RemoteError, of the address as it was given.
    """
    first: NotUnderstood | None = None
    for style, url in product(STYLES, candidates(str(known.value(URL)))):
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
        return await shop.find(style)


async def read_shop(known: Known, connections: Connections) -> None:
    """Read what the shop has in use. Raises RemoteError: its keys are tried so."""
    async with open_shop(known.settings().woocommerce, connections) as shop:
        known.shop = await inventory_of(shop, await shop.newest(LOOKED_AT))
    known.reckoned.clear()


# -- PowerOffice -----------------------------------------------------------------------------------


async def read_books(known: Known, connections: Connections) -> None:
    """Log in where the keys are of, and read what the company has; customers are never read.

    Raises RemoteError: the keys are tried so. It is that of the environment that came furthest.
    """
    failed: list[tuple[int, RemoteError]] = []
    for place in _places(known):
        known.given |= place
        try:
            async with open_poweroffice(known.settings().poweroffice, connections) as go:
                await go.log_in()
                known.company, known.catalogue = go.company, await catalogue_of(go)
                since = go.server_time and go.server_time - _RECENT
                with suppress(RemoteError):  # none are known where that is not allowed
                    drafts = await go.sales_orders(changed_after=since)
                    there = [*drafts, *await go.invoices(sent_after=since)]
                    known.references = frozenset(seen.reference for seen in there)
        except RemoteError as error:
            if not isinstance(error, CannotLogIn) and error.code not in _ELSEWHERE:
                raise
            # The subscription key is looked at before the other two.
            near = 0 if error.code in _ELSEWHERE else 1 if "subscription" in error.code else 2
            failed.append((near, error))
            for path in place:
                known.given.pop(path, None)
        else:
            known.reckoned.clear()
            return
    raise max(failed, key=itemgetter(0))[1]


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
            terminal.tell(known.say(code, code=one.code, why=why))
    return made
