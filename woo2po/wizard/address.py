"""The shop's address as somebody types or pastes it, and what it may mean. Pure."""

import re
from urllib.parse import urlsplit, urlunsplit

from woo2po.settings.section import is_loopback
from woo2po.wizard.fields import checked
from woo2po.wizard.kinds import Wrong

# What people paste is the page that they have open: of WordPress' own part, or of its interface.
_OWN_PAGES = re.compile(r"/(wp-admin|wp-json|wp-login\.php|index\.php|wc-api)(/.*)?$")
KEYS_PAGE = "/wp-admin/admin.php?page=wc-settings&tab=advanced&section=keys&create-key=1"


def tidied(typed: object) -> str:
    """Return the address that was meant: with https, without the page behind it.

    http stays for this very machine alone. Raises Wrong where it is no address.
    """
    given = str(typed)
    text = re.sub(r"\s", "", given).strip("<>\"'")
    if "://" not in text:
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        raise Wrong("init_no_address", text=given) from None
    named = re.fullmatch(r"[\w-]+(\.[\w-]+)+|localhost|[0-9a-f.]*:[0-9a-f:.]*", host)
    if parts.scheme not in {"http", "https"} or not named or parts.username:
        raise Wrong("init_no_address", text=given)
    return _whole(parts.scheme, given, host, port, parts.path)


def _whole(scheme: str, typed: str, host: str, port: int | None, path: str) -> str:
    own = is_loopback(host)
    if own and "://" not in typed:
        scheme = "http"
    elif not own and scheme == "http":
        # Keys go over no open line; a port of http's makes no sense for https.
        scheme, port = "https", None if port == 80 else port
    plain = _OWN_PAGES.sub("", re.sub(r"/{2,}", "/", path)).rstrip("/")
    shown = f"[{host}]" if ":" in host else host
    place = shown if port is None else f"{shown}:{port}"
    try:
        return str(checked("woocommerce.url", urlunsplit((scheme, place, plain, "", ""))))
    except ValueError:
        raise Wrong("init_no_address", text=typed) from None


def candidates(url: str) -> list[str]:
    """Return an address, and the same without its folders: a page of the shop may be meant."""
    parts = urlsplit(url)
    found = [url]
    path = parts.path
    while path:
        path = path.rpartition("/")[0]
        found.append(urlunsplit((parts.scheme, parts.netloc, path, "", "")))
    return found


def is_local(url: str) -> bool:
    """Tell whether an address is one of this very machine."""
    return is_loopback(urlsplit(url).hostname or "")


def is_encrypted_now(typed: str, url: str) -> bool:
    """Tell whether http was typed and https is taken."""
    return typed.strip().startswith("http://") and url.startswith("https://")


def keys_page(url: str) -> str:
    """Return WooCommerce's own page for making a key.

    Its other way, /wc-auth/v1/authorize, sends the keys to a callback that must be a public
    address with https: there is none on the machine of somebody who sets this up by hand.
    """
    return f"{url}{KEYS_PAGE}"
