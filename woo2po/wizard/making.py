"""Makes products in PowerOffice, one by one, each only once.

The answer of one may be lost: then it is looked for, and never made a second time in this
dialogue. Run again, `init` reads what is there before it offers anything.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from woo2po.connections import Connections, open_poweroffice
from woo2po.documents import ProductWanted
from woo2po.http import NoAnswer, NotUnderstood, RemoteError
from woo2po.poweroffice import PowerOffice
from woo2po.settings.sections import PowerOfficeSection
from woo2po.wizard.products import Wanted

# Reads there may lag behind writes, and a request that was given up may still be at work.
LOOKS = (0.0, 5.0, 15.0)  # seconds before each look for one whose answer was lost
_BEFORE = timedelta(minutes=2)


class Fate(StrEnum):
    """What became of a product that was to be made."""

    MADE = "made"
    FOUND = "found"  # its answer was lost, and it is there
    LOST = "lost"  # its answer was lost, and it is not there (yet)
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Made:
    """What became of one, and what PowerOffice said where it is not simply made."""

    wanted: Wanted
    fate: Fate
    error: RemoteError | None = None


Told = Callable[[Made], None]


async def make_products(
    wanted: Sequence[Wanted],
    keys: PowerOfficeSection,
    connections: Connections,
    tell: Told,
    looks: Sequence[float] = LOOKS,
) -> None:
    """Make products, and tell of each as soon as it is known what became of it.

    Raises RemoteError where PowerOffice cannot be logged in to; a refusal is told, and the next
    one is tried all the same.
    """
    async with open_poweroffice(keys, connections) as go:
        await go.log_in()
        async for made in _each(go, wanted, looks, connections.stop.sleep):
            tell(made)


async def _each(
    go: PowerOffice,
    wanted: Sequence[Wanted],
    looks: Sequence[float],
    sleep: Callable[[float], Awaitable[None]],
) -> AsyncIterator[Made]:
    for one in wanted:
        if one.account is not None:
            yield await _made(go, one, one.account.id, looks, sleep)


async def _made(
    go: PowerOffice,
    one: Wanted,
    account_id: int,
    looks: Sequence[float],
    sleep: Callable[[float], Awaitable[None]],
) -> Made:
    since = go.server_time
    try:
        await go.create_product(ProductWanted(one.code, one.name, account_id))
    except (NoAnswer, NotUnderstood) as error:
        for seconds in looks:
            await sleep(seconds)
            if await _is_there(go, one.code, since):
                return Made(one, Fate.FOUND)
        return Made(one, Fate.LOST, error)
    except RemoteError as error:
        return Made(one, Fate.REFUSED, error)
    return Made(one, Fate.MADE)


async def _is_there(go: PowerOffice, code: str, since: datetime | None) -> bool:
    """Look for a product by its code among those changed since a moment."""
    try:
        products = await go.products(since and since - _BEFORE)
    except RemoteError:
        return False
    return any(product.code == code for product in products)
