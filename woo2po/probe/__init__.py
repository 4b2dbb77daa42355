"""`check --probe`: finds out about PowerOffice what our sources leave unknown.

It makes a customer, a product and drafts, and takes them away again, also when it is called off
or a step fails. It sends no invoice and posts no voucher: what is in the books cannot be taken
away again. Each trial is independent of the others, but for the customer and the product.

learned.py   a fact, what was assumed, how it turned out
bench.py     what it asks and makes, and the taking away
words.py     PowerOffice's words, fit to be sent on
lists.py     filters and pages
parties.py   the customer and the product
orders.py    drafts
lines.py     what a line may hold
rounding.py  how PowerOffice rounds
text.py      all of it as text for people, as a report, and as JSON
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from woo2po.catalogue import Catalogue
from woo2po.connections import Connections, open_probing
from woo2po.http import RemoteError
from woo2po.logs import redacted
from woo2po.poweroffice.fields import build_catalogue
from woo2po.poweroffice.probing import Probing
from woo2po.probe import lines, lists, orders, parties
from woo2po.probe.bench import Bench, CalledOff, Made, Record
from woo2po.probe.learned import Area, Learned, Verdict, as_assumed, not_tried
from woo2po.probe.rounding import rounding
from woo2po.probe.text import left_text, probe_json, probe_report, probe_text
from woo2po.settings import Settings
from woo2po.settings.sections import POWEROFFICE_ADDRESSES
from woo2po.stopping import Stop

__all__ = ["Probed", "Record", "company_of", "is_demo", "left_text", "probe", "probe_json",
           "probe_report", "probe_text"]  # fmt: skip

Trial = Callable[[Bench], AsyncIterator[Learned]]
FAR_OFF = timedelta(minutes=2)

# Trials in their order, each with the code that stands for it where it cannot be made. The first
# two of those that write are what the others work on.
_READING: tuple[tuple[Area, str, Trial], ...] = (
    (Area.LISTS, "probe_filters", lists.filters),
    (Area.LISTS, "probe_unknown_query", lists.unknown_query),
    (Area.LISTS, "probe_page_size", lists.pages),
)
_FOUNDING: tuple[tuple[Area, str, Trial], ...] = (
    (Area.CUSTOMERS, "probe_customer_made", parties.customer),
    (Area.PRODUCTS, "probe_product_made", parties.product),
)
_BUILDING: tuple[tuple[Area, str, Trial], ...] = (
    (Area.CUSTOMERS, "probe_customer_seen", parties.customer_found),
    (Area.CUSTOMERS, "probe_org_spaces", parties.company),
    (Area.PRODUCTS, "probe_without_account", parties.without_account),
    (Area.ORDERS, "probe_order_made", orders.head),
    (Area.ORDERS, "probe_reference_twice", orders.references),
    (Area.ORDERS, "probe_unknown_property", orders.odd_bodies),
    (Area.ORDERS, "probe_total_zero", orders.totals),
    (Area.ORDERS, "probe_never_sent", orders.sent_state),
    (Area.ORDERS, "probe_confirmed", orders.confirmed),
    (Area.LINES, "probe_length", lines.texts),
    (Area.LINES, "probe_quantity_zero", lines.quantities),
    (Area.LINES, "probe_decimals_kept", lines.prices),
    (Area.ROUNDING, "probe_rounding", rounding),
    (Area.PRODUCTS, "probe_product_archived", parties.archived),
)
_ODD_SHAPES = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


@dataclass
class Probed:
    """What was found out, by heading; what still stands of it; how often PowerOffice was asked.

    `called_off`: it was told to stop. `problem` is the code of what ended it early, with `facts`.
    """

    environment: str
    day: datetime
    learned: dict[Area, list[Learned]] = field(default_factory=lambda: {a: [] for a in Area})
    left: tuple[Made, ...] = ()
    refused: Mapping[str, str] = field(default_factory=dict)
    made: int = 0
    asked: int = 0
    called_off: bool = False
    problem: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def exit_code(self) -> int:
        """0 when done, 1 when something is left for a person, 3 when it could not be done."""
        return 3 if self.problem or self.called_off else int(bool(self.left))


def is_demo(settings: Settings) -> bool:
    """Tell whether what is made there is made in the demo environment, by address too."""
    keys = settings.poweroffice
    production = POWEROFFICE_ADDRESSES["production"]
    elsewhere = (keys.base_url, keys.token_url)
    return keys.environment == "demo" and not any(
        given.lower().startswith(known.lower())
        for given, known in zip(elsewhere, production, strict=True)
    )


async def company_of(settings: Settings, connections: Connections) -> str:
    """Log in and return the company's name. Raises RemoteError."""
    async with open_probing(settings.poweroffice, connections) as go:
        await go.log_in()
        return go.client_name


async def probe(
    settings: Settings,
    now: Callable[[], datetime],
    record: Record,
    stop: Stop,
    connections: Connections | None = None,
) -> Probed:
    """Try everything and take it away again. Whatever goes wrong is in what is returned.

    `record` is where what stands is written down while it works. Told to stop, it makes nothing
    more, and takes away what it made.
    """
    connections = connections or Connections()
    begun = now()
    found = Probed(settings.poweroffice.environment, begun)
    async with open_probing(settings.poweroffice, connections) as go:
        try:
            await go.log_in()
        except RemoteError as error:
            found.problem, found.facts = error.code, error.facts
            return found
        loop = asyncio.get_running_loop()
        token = begun.strftime("%m%d%H%M%S")
        bench = Bench(go, record, stop, token, stop.sleep, loop.time)
        try:
            await _try_all(bench, found, now)
        except CalledOff:
            found.called_off = True
        finally:
            await bench.clear()
            found.left, found.refused = tuple(record.standing), dict(record.refused)
            found.made, found.asked = record.made, connections.asked["poweroffice"]
    return found


async def _try_all(bench: Bench, found: Probed, now: Callable[[], datetime]) -> None:
    found.learned[Area.LISTS].append(_clock(bench.go, now()))
    catalogue = await _catalogue(bench.go)
    bench.account = parties.account_with_vat(catalogue) if catalogue else None
    for area, code, trial in _READING:
        await _try(bench, found.learned[area], code, trial)
    for area, code, trial in _FOUNDING:
        await _try(bench, found.learned[area], code, trial)
    for area, code, trial in _BUILDING:
        if bench.customer and bench.product:
            await _try(bench, found.learned[area], code, trial)
        else:
            learned = Learned(code, Verdict.NOT_TRIED, "probe_o_no_ground")
            found.learned[area].append(learned)


async def _try(bench: Bench, learned: list[Learned], code: str, trial: Trial) -> None:
    """Add what a trial finds out; an error in it is what was found out."""
    try:
        async for one in trial(bench):
            fit = _fit_to_send(one, bench.go)
            learned.append(fit)
    except parties.NothingToWorkOn:
        return
    except RemoteError as error:
        learned.append(not_tried(code, f"{error.code} {error.facts.get('why', '')}".strip()))
    except _ODD_SHAPES as error:
        learned.append(not_tried(code, type(error).__name__))


def _fit_to_send(one: Learned, go: Probing) -> Learned:
    """Return it without the company's name and id, which an answer may quote."""
    personal = (go.client_name, go.client_id)
    facts = {name: redacted(fact, personal) for name, fact in one.facts.items()}
    return replace(one, facts=facts)


async def _catalogue(go: Probing) -> Catalogue | None:
    try:
        return build_catalogue([], [], await go.accounts(), await go.vat_codes(), None)
    except RemoteError:
        return None


def _clock(go: Probing, now: datetime) -> Learned:
    if go.server_time is None:
        return not_tried("probe_clock", "-")
    off = now - go.server_time
    value = f"{off.total_seconds():+.0f}"
    return as_assumed(abs(off) < FAR_OFF, "probe_clock", "probe_o_seconds_off", seconds=value)
