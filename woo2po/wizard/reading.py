"""What is read while questions are asked: whether a shop answers, and both surveys."""

from dataclasses import dataclass
from datetime import timedelta

from woo2po.connections import Connections, open_poweroffice, open_shop
from woo2po.http import NotUnderstood, RemoteError
from woo2po.poweroffice import PowerOffice
from woo2po.settings.sections import PowerOfficeSection, WooCommerceSection
from woo2po.survey.books import BooksSurvey, survey_books
from woo2po.survey.shop import ShopSurvey, survey_shop
from woo2po.wizard.address import candidates
from woo2po.wizard.state import Secret, State

_RECENT = timedelta(days=31)  # documents among which another shop's prefix is looked for
# The address may be that of one page of the shop: what is above it may be the shop itself.
_ANOTHER_PAGE = frozenset(
    {"shop_not_json", "shop_no_woocommerce", "shop_redirects", "shop_cut_off"}
)


@dataclass(frozen=True, slots=True)
class ShopFound:
    """Where a shop answers, and its name ("" where it is not told)."""

    url: str
    name: str


async def find_shop(state: State, connections: Connections) -> ShopFound:
    """Return the shop that answers at the address, or above it, or where it says it has moved.

    Nothing secret is sent. Raises RemoteError, of the address as it was given.
    """
    first: NotUnderstood | None = None
    for url in candidates(str(state.value("woocommerce.url"))):
        try:
            return await _asked(url, state, connections)
        except NotUnderstood as error:
            first = first or error
            if error.code == "shop_moved":
                return await _asked(error.facts["url"], state, connections)
            if error.code not in _ANOTHER_PAGE:
                raise
    raise first or NotUnderstood("shop", "shop_not_json", host="?", status="?")


async def _asked(url: str, state: State, connections: Connections) -> ShopFound:
    # Without the pauses before repeats: whoever mistyped an address waits for the answer.
    keys = shop_keys(state).model_copy(update={"url": url})
    async with open_shop(keys, connections, waits=()) as shop:
        return ShopFound(url, await shop.about.find())


async def read_shop(state: State, connections: Connections) -> ShopSurvey:
    """Return what the shop has in use. Raises RemoteError: its keys are tried so."""
    async with open_shop(shop_keys(state), connections) as shop:
        return await survey_shop(shop)


async def read_books(
    state: State, connections: Connections
) -> tuple[BooksSurvey, tuple[tuple[str, str], ...]]:
    """Return what the company has, and the references of its recent documents.

    Raises RemoteError: the keys are tried so. Customers are never read.
    """
    async with open_poweroffice(books_keys(state), connections) as go:
        books = await survey_books(go)
        return books, await _references(go)


async def _references(go: PowerOffice) -> tuple[tuple[str, str], ...]:
    """Return references and matching references of a month; none where that is not allowed."""
    since = go.server_time and go.server_time - _RECENT
    try:
        drafts = await go.sales_orders(changed_after=since)
        invoices = await go.invoices(sent_after=since)
    except RemoteError:
        return ()
    return tuple((seen.reference, seen.matching_reference) for seen in (*drafts, *invoices))


def shop_keys(state: State) -> WooCommerceSection:
    """Return the part of the settings that the shop's client takes; a dash for unknown keys."""
    return WooCommerceSection(
        url=state.value("woocommerce.url"),
        consumer_key=_plain("woocommerce.consumer_key", state),
        consumer_secret=_plain("woocommerce.consumer_secret", state),
        orders_from=state.today,
        ca_file=state.value("woocommerce.ca_file"),
    )


def books_keys(state: State) -> PowerOfficeSection:
    """Return the part of the settings that PowerOffice's client takes."""
    values = {**state.values(), **state.fixed}
    names = ("environment", "base_url", "token_url", "requests_per_second")
    given = {n: values[f"poweroffice.{n}"] for n in names if f"poweroffice.{n}" in values}
    keys = ("application_key", "client_key", "subscription_key")
    return PowerOfficeSection(**given, **{n: _plain(f"poweroffice.{n}", state) for n in keys})


def _plain(path: str, state: State) -> str:
    value = state.value(path)
    return value.value if isinstance(value, Secret) else "-"
