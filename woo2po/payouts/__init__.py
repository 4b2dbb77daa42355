"""`payouts`: providers' settlement reports, each payout one voucher, exactly once.

payout.py    a payout as signed rows; the arithmetic; running accounts cut into payouts; columns
vipps.py     formats: the portal's, XML, the interface, older sheets
klarna.py    formats: Klarna, Kustom, Svea
cards.py     formats: Stripe, WooPayments, Nexi, PayPal
fetching.py  what the providers' interfaces answer
reading.py   which report a file is; zip, encodings, CSV, JSON
matching.py  rows and orders; what is captured and not paid out yet
booking.py   a payout as a voucher
showing.py   the payouts in words: as text, JSON and a page (page.html)
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from woo2po.config import Settings
from woo2po.connections import Connections, open_poweroffice, open_shop
from woo2po.holds import Hold
from woo2po.money import from_ore
from woo2po.payouts.booking import Booking, View, judged, lines_of, reference_of
from woo2po.payouts.fetching import AGAIN, AT_FIRST, AT_MOST, fetched
from woo2po.payouts.matching import OrdersMatched
from woo2po.payouts.payout import WITHOUT_ORDER, Payout, Unreadable
from woo2po.payouts.reading import Answer, Survey, read, reports_in
from woo2po.record import PayoutRecord
from woo2po.run import lock_of, recall_route
from woo2po.store import Store
from woo2po.transfer.writes import Run
from woo2po.woocommerce import Shop

__all__ = ["PayoutsOutcome", "PayoutsWish", "Unreadable", "View", "booked_payouts", "payouts"]

# How long before a report's first day its orders may have been changed last; and where it comes
# to rows without an order.
NEAR, FAR = timedelta(days=31), timedelta(days=150)
_LOCK_SECONDS = 60


@dataclass(frozen=True, slots=True)
class PayoutsWish:
    """What is asked for: reports in files, and whether nothing is to be written.

    `fetch` asks the providers' interfaces too, from `first` to `last`, or for what is new.
    """

    files: Sequence[Path] = ()
    provider: str = ""
    dry_run: bool = False
    fetch: bool = False
    first: date | None = None
    last: date | None = None


@dataclass(slots=True)
class PayoutsOutcome:
    """How it ended: counts by state, what is captured and not paid out, and what went wrong."""

    exit_code: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    open: list[dict[str, Any]] = field(default_factory=list)
    notes: list[Hold] = field(default_factory=list)
    company: str = ""


async def payouts(
    settings: Settings,
    clock: Callable[[], datetime],
    wish: PayoutsWish,
    emit: Callable[[View], None],
    connections: Connections | None = None,
) -> PayoutsOutcome:
    """Read reports, match and book their payouts, and hand each to `emit` as it is done.

    Raises Unreadable, RemoteError, StateError, and filelock.Timeout while a run is at work.
    """
    ways, path = connections or Connections(), Path(settings.state.path)
    if wish.dry_run or not any(one.book for one in settings.payouts.providers.values()):
        with Store.in_memory(path) as store:
            return await _Work(settings, clock, replace(wish, dry_run=True), emit, ways).do(store)
    lock = lock_of(path)
    lock.acquire(timeout=_LOCK_SECONDS)
    try:
        with Store.open(path) as store:
            return await _Work(settings, clock, wish, emit, ways).do(store)
    finally:
        lock.release()


def booked_payouts(store: Store) -> list[PayoutRecord]:
    """Return the payouts that are booked, by provider and day, with lines and matched orders.

    For the proof of the clearing accounts: `lines` hold account and øre by role, `rows` the kind,
    order and øre of all that the payout was made of.
    """
    return store.payouts()


class _Work:
    """One call of the command."""

    def __init__(
        self,
        settings: Settings,
        clock: Callable[[], datetime],
        wish: PayoutsWish,
        emit: Callable[[View], None],
        ways: Connections,
    ) -> None:
        self._settings, self._clock, self._wish, self._ways = settings, clock, wish, ways
        self._emit = emit
        self._outcome = PayoutsOutcome()
        self._orders = OrdersMatched(settings)
        self._far = False
        self._seen: dict[str, int] = {}  # net by reference, of what was sound
        self._later: dict[str, View] = {}  # what a fuller report may yet explain
        self._known: set[str] = set()
        self._held: dict[str, dict[str, str]] = {}  # provider and first day, by reference

    async def do(self, store: Store) -> PayoutsOutcome:
        """Do all of it with an open state database."""
        settings = self._settings
        async with (
            open_shop(settings.woocommerce, self._ways) as shop,
            open_poweroffice(settings.poweroffice, self._ways) as go,
        ):
            recall_route(shop, store)
            booked, self._held = store.payouts(), {**store.memory.payouts_held}
            answers = await self._fetched(shop, booked) if self._wish.fetch else ()
            survey = read(reports_in(self._wish.files, self._wish.provider, answers))
            if not survey.since:
                self._outcome.notes.append(Hold("payouts_none"))
                return self._outcome
            self._bind(store)
            await self._fetch_orders(shop, survey, NEAR)
            run = Run.of(settings, self._clock, store, shop, go)
            if any(settings.payouts.providers[name].book for name in survey.since):
                await go.log_in()
                store.belongs_to("company", go.client_id)
                self._outcome.company = go.client_name
                await run.catalogue.open(lock_date=True)
            for known in booked:
                self._known.add(known.reference)
                self._orders.settle(known.provider, known.rows)
            booking = Booking(run, self._today(), tries=self._wish.dry_run)
            try:
                await self._each(booking, shop, survey)
            finally:
                store.remember(payouts_held=self._held)
        self._outcome.open = [*self._orders.open(survey.since)]
        left = {name: self._left(name) for name in survey.since}
        store.remember(payouts_left={**store.memory.payouts_left, **left})
        return self._outcome

    def _left(self, provider: str) -> dict[str, str]:
        """Return what `status` tells to be open with a provider, from now on."""
        amounts = [one["amount"] for one in self._outcome.open if one["provider"] == provider]
        return {"open": str(sum(amounts)), "n": str(len(amounts))}

    async def _fetched(self, shop: Shop, booked: Sequence[PayoutRecord]) -> list[Answer]:
        """Return what the interfaces tell, from before the last payout that is booked, and before
        those that are held, for a quarter.
        """
        today, wish = self._today(), self._wish
        newest = {one.provider: one.day for one in booked}

        def days(provider: str) -> tuple[date, date]:
            held = (one["day"] for one in self._held.values() if one["provider"] == provider)
            last = newest.get(provider, today - AT_FIRST + AGAIN)
            first = max(min([last, *map(date.fromisoformat, held)]) - AGAIN, today - AT_MOST)
            # A day is known when it is over.
            return wish.first or first, min(wish.last or today, today - timedelta(days=1))

        answers, notes, whole = await fetched(self._settings, days, shop, self._ways, wish.provider)
        self._outcome.notes += notes
        self._outcome.exit_code = 0 if whole else 3
        return answers

    def _today(self) -> date:
        return self._clock().astimezone(ZoneInfo(self._settings.woocommerce.timezone)).date()

    def _bind(self, store: Store) -> None:
        settings = self._settings
        address = settings.woocommerce.url.split("://")[1].lower()
        store.belongs_to("shop", address, settings.is_this_shop)
        store.belongs_to("environment", settings.poweroffice.environment)

    async def _fetch_orders(self, shop: Shop, survey: Survey, back: timedelta) -> None:
        first = min([*survey.since.values(), self._today()]) - back
        async for page in shop.paid_since(datetime.combine(first, time(), UTC)):
            self._orders.add(page.rows)

    async def _each(self, booking: Booking, shop: Shop, survey: Survey) -> None:
        for payout in survey.payouts():
            reference = reference_of(payout)
            if self._seen.get(reference) == payout.net:
                continue
            view = self._matched(payout)
            if not self._far and any(row.kind not in WITHOUT_ORDER for row in view.alone):
                self._far = True
                await self._fetch_orders(shop, survey, FAR)
                view = self._matched(payout)
            view = judged(self._settings, view, self._today())
            if payout.faults and view.state == "held" and reference not in self._known:
                self._later.setdefault(reference, view)
            else:
                await self._end(booking, view)
        for reference, view in self._later.items():
            if reference not in self._seen:
                await self._end(booking, view)

    def _matched(self, payout: Payout) -> View:
        matches, alone = self._orders.of(payout)
        return View(payout, "new", lines_of(self._settings, payout), matches, alone)

    async def _end(self, booking: Booking, view: View) -> None:
        reference = reference_of(view.payout)
        if reference in self._seen:
            view = view.held("payout_differs", {"net": from_ore(self._seen[reference])})
        else:
            view = await booking.take(view)
        self._seen.setdefault(reference, view.payout.net)
        self._outcome.counts[view.state] += 1
        self._held.pop(reference, None)
        if view.state == "held":
            first = str(min(view.payout.first, self._today()))
            self._held[reference] = {"provider": view.payout.provider, "day": first}
        if self._outcome.counts["held"]:
            self._outcome.exit_code = max(self._outcome.exit_code, 1)
        if view.state != "held" and reference not in self._known:
            self._orders.settle(view.payout.provider, _moved(view))
        self._emit(view)


def _moved(view: View) -> Iterator[tuple[str, int, int]]:
    for match in view.matches:
        yield match.row.kind, match.order.id, match.row.amount
    for row in view.alone:
        yield row.kind, 0, row.amount
