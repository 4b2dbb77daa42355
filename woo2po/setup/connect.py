"""What only a person knows: the shop's address, the keys of both systems, and the first day.

Each is tried as soon as it is there; what fails is asked again.
"""

import re
from collections.abc import Callable
from datetime import date
from urllib.parse import urlsplit, urlunsplit

from woo2po.config.sections import is_loopback
from woo2po.http import RemoteError
from woo2po.logs import hide
from woo2po.messages.message import day_said
from woo2po.setup import terminal
from woo2po.setup.known import NO_SHOP, SECRETS, End, Known, Wrong, taken
from woo2po.setup.proposals import first_day, orders_since
from woo2po.setup.systems import done, find_shop, read_books, read_shop, told

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


def connect(known: Known, keep: Callable[[], None], again: set[str]) -> None:
    """Ask for what is not known and for `again`, and try it; `keep` is called after each key.

    Raises terminal.Leave, and End where nobody is there to answer again.
    """
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
            place = _back_to(error, place, known, again)
            continue
        if path in SECRETS and path in known.given:
            keep()
        place += 1


def _back_to(error: RemoteError, place: int, known: Known, again: set[str]) -> int:
    """Say what failed, and return the place of the question that it failed by."""
    back = ASKED.index(_BACK_TO.get(error.code, ASKED[place]))
    paths = [path for path in ASKED[back : place + 1] if path not in known.fixed]
    if known.unseen or not paths:
        raise End(3, told(error, known))
    terminal.tell(f"\n{told(error, known)}")
    again |= set(paths)
    return back


# -- asking ----------------------------------------------------------------------------------------


def _ask(path: str, known: Known) -> set[str]:
    """Ask until the answer makes sense; return what it answers. Raises Back and Leave."""
    name = path.rpartition(".")[2]
    _explain(path, known)
    before = known.value(path)
    offered = str(before or "") if path not in SECRETS else masked(before) if before else ""
    if path == DAY:
        before = before or first_day(known)
        offered = day_and_orders(before, known)
    prompt = known.say(f"init_ask_{name}")
    while True:
        typed = terminal.ask(prompt, offered)
        if typed == "?":
            terminal.tell(known.say(f"init_about_{name}"))
            continue
        try:
            found = read(path, typed, known) if typed or before is None else {path: before}
        except Wrong as wrong:
            terminal.tell(known.say(wrong.code, **wrong.facts))
            continue
        known.given |= found
        hide(known.secrets())
        if path in SECRETS and typed:
            whole = f"{prompt} [{offered}]" if offered else prompt
            terminal.cover(whole, typed, masked(str(found[path])))
        return set(found)


def _explain(path: str, known: Known) -> None:
    if path == KEY:
        page = f"{known.value(URL)}{KEYS_PAGE}"
        terminal.tell(f"\n{known.say('init_key_said')}\n  {page}")
        terminal.open_page(page)
    elif path == APPLICATION:
        terminal.tell(f"\n{known.say('init_poweroffice_said')}")
    elif path == DAY:
        terminal.tell("")


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


def day_and_orders(day: date, known: Known) -> str:
    """Return a day, and how many orders there are since."""
    said = day_said(day, known.language)
    return known.say("init_day", day=said, n=orders_since(day, known))


def tidied(typed: str) -> str:
    """Return the address that was meant: with https, without the page behind it.

    http stays for this very machine alone. Raises Wrong where it is no address.
    """
    text = re.sub(r"\s", "", typed).strip("<>\"'")
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        raise Wrong("init_no_address", text=typed) from None
    named = re.fullmatch(r"[\w-]+(\.[\w-]+)+|localhost|[0-9a-f.]*:[0-9a-f:.]*", host)
    if parts.scheme not in {"http", "https"} or not named or parts.username:
        raise Wrong("init_no_address", text=typed)
    scheme = parts.scheme
    if is_loopback(host):
        scheme = scheme if "://" in text else "http"
    elif scheme == "http":
        # Keys go over no open line; a port of http's makes no sense for https.
        scheme, port = "https", None if port == 80 else port
    plain = _OWN_PAGES.sub("", re.sub(r"/{2,}", "/", parts.path)).rstrip("/")
    shown = f"[{host}]" if ":" in host else host
    place = shown if port is None else f"{shown}:{port}"
    try:
        return str(taken(URL, urlunsplit((scheme, place, plain, "", "")), "en"))
    except Wrong:
        raise Wrong("init_no_address", text=typed) from None


# -- trying ----------------------------------------------------------------------------------------


def _try(path: str, known: Known) -> None:
    """Try what is complete with this answer. Raises RemoteError, Leave."""
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
        hide(known.secrets())
        terminal.tell(known.say("init_reading_shop"))
        done(lambda at: read_shop(known, at))
        orders = len(known.shop.orders)
        terminal.tell(known.say("init_shop_read" if orders else "init_shop_empty", n=orders))
    elif path == SUBSCRIPTION:
        hide(known.secrets())
        terminal.tell(known.say("init_reading_books"))
        done(lambda at: read_books(known, at))
        local = known.value("poweroffice.base_url")
        place = "sandbox" if local else known.value("poweroffice.environment")
        facts = {"name": known.company.name, "n": len(known.catalogue.products)}
        terminal.tell(known.say(f"init_books_{place}", **facts))
