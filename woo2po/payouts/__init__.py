"""`payouts`: providers' settlement reports, each payout one voucher, exactly once.

payout.py    a payout as signed rows; the arithmetic; running accounts cut into payouts
formats.toml how each provider spells its reports, interface and ids of orders
columns.py   what stands in a report: amounts, days, columns
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
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

from woo2po.config import Settings
from woo2po.connections import Connections, open_poweroffice, open_shop
from woo2po.holds import Hold
from woo2po.http import NotAllowed, RemoteError
from woo2po.payouts.booking import KRONER, Booking, lines_of, record_of, undated
from woo2po.payouts.columns import Unreadable
from woo2po.payouts.fetching import fetched
from woo2po.payouts.matching import OrdersMatched
from woo2po.payouts.payout import Payout
from woo2po.payouts.reading import Report, read, reports_in
from woo2po.record import Outcome
from woo2po.run import alone, recall_route
from woo2po.store import Store
from woo2po.transfer.writes import Run

__all__ = ["Payout", "PayoutsOutcome", "PayoutsWish", "Unreadable", "payouts", "set_aside"]

# How long before a report's first day its orders may have been changed last; and where it comes
# to rows without an order.
NEAR, FAR = timedelta(days=31), timedelta(days=150)
# How long before what is booked last is asked for; before what is held, or for the first time; and
# for how long what is held is.
AGAIN, AT_FIRST, AT_MOST = timedelta(days=10), timedelta(days=31), timedelta(days=90)
_LOCK_SECONDS = 60


@dataclass(frozen=True, slots=True)
class PayoutsWish:
    """What is asked for; `fetch`: of the interfaces too, from `first` to `last`, or what is new."""

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
    emit: Callable[[Payout], None],
    connections: Connections | None = None,
) -> PayoutsOutcome:
    """Read reports, book payouts, `emit` each. Raises Unreadable, RemoteError, StateError."""
    ways, path = connections or Connections(), Path(settings.state.path)
    wish = replace(wish, dry_run=wish.dry_run or not settings.payouts.books)
    async with (
        open_shop(settings.woocommerce, ways) as shop,
        open_poweroffice(settings.poweroffice, ways) as go,
    ):
        with Store.in_memory(path) if wish.dry_run else _alone(path) as store:
            recall_route(shop, store)
            return await _Work(Run(settings, clock, store, shop, go), wish, emit).do(ways)


@contextmanager
def _alone(path: Path) -> Iterator[Store]:
    with alone(path, _LOCK_SECONDS, "payouts_another_run", 3), Store.open(path) as store:
        yield store


def set_aside(settings: Settings, id_: str, now: datetime) -> bool | None:
    """Set a held payout aside for good, or bring it back (False); None where none is held."""
    with _alone(Path(settings.state.path)) as store, store.transaction():
        for one in (*store.payouts(booked=False), *store.payouts()):
            aside = one.outcome is not Outcome.MADE
            if one.id == id_ and (aside or not one.text):
                store.forget_payout(one.reference)
                if aside:
                    store.adopt_payout(replace(one, text=""), at=now)
                return aside
    return None


def days_to_ask(store: Store, wish: PayoutsWish, today: date, provider: str) -> tuple[date, date]:
    """Return the first and the last: since before what is booked last or held, until yesterday."""
    booked, held = (
        [one.day for one in store.payouts(booked=made) if one.provider == provider]
        for made in (True, False)
    )
    last = booked[-1] - AGAIN if booked else today - AT_FIRST
    first = min([last, *(max(day - AT_FIRST, today - AT_MOST) for day in held)])
    return wish.first or first, min(wish.last or today, today - timedelta(days=1))


class _Work:
    def __init__(self, run: Run, wish: PayoutsWish, emit: Callable[[Payout], None]) -> None:
        self.run, self.settings, self.store, self.shop = run, run.settings, run.store, run.shop
        self.wish, self.emit, self.outcome = wish, emit, PayoutsOutcome()
        self.today = run.settings.day_of(run.clock())
        self.orders = OrdersMatched(run.settings)
        self.since: dict[str, date] = {}  # by provider, the first day read

    async def do(self, ways: Connections) -> PayoutsOutcome:
        """Read reports to their ends before any of their payouts is booked."""
        wish, outcome, unknown = self.wish, self.outcome, list[Hold]()
        reports = reports_in(wish.files, wish.provider)
        if wish.fetch:
            days = partial(days_to_ask, self.store, wish, self.today)
            asked, outcome.notes = await fetched(
                self.settings, days, self.shop, ways, wish.provider
            )
            reports += asked
            outcome.exit_code = 3 * any(note.code != "payouts_day_open" for note in outcome.notes)
        for payout in read(reports, unknown):
            known = self.since.get(payout.provider, date.max)
            self.since[payout.provider] = min(known, payout.first)
        if unknown:
            outcome.exit_code = max(outcome.exit_code, 1)
        outcome.notes += unknown if self.since else [*unknown, Hold("payouts_none")]
        if self.since:
            await self._book(reports)
        return outcome

    async def _book(self, reports: Sequence[Report]) -> None:
        run, settings, store, outcome = self.run, self.settings, self.store, self.outcome
        store.bind(settings)
        self.statuses = await self.shop.statuses()  # the trash too: its orders are paid out
        await self._fetch_orders(NEAR)
        self.left = {**store.memory.payouts_left}
        open_ids = (self.left.get(name, {}).get("ids", "").split() for name in self.since)
        ids = [*map(int, chain(*open_ids))]
        self.orders.add(await self.shop.paid_with(ids, self.statuses))
        if any(settings.payouts.providers[name].book for name in self.since):
            await run.poweroffice.log_in()
            store.bind_to_company(run.poweroffice.company.id)
            outcome.company = run.poweroffice.company.name
            await run.catalogue.open(lock_date=True)
        for known in store.payouts():
            self.orders.settle(known)
        try:
            await self._each(reports)
            for name in self.since:
                await self._leave(name)
        except (RemoteError, Unreadable) as error:  # what was done until then is told all the same
            code = "payouts_not_allowed" if isinstance(error, NotAllowed) else error.code
            outcome.notes.append(Hold(code, error.facts))
            outcome.exit_code = 3
            return  # what the rest paid out is not known: what is open stays as it was
        store.remember(payouts_left=self.left)

    async def _fetch_orders(self, back: timedelta) -> None:
        first = datetime.combine(min(*self.since.values(), self.today) - back, time(), UTC)
        async for page in self.shop.paid_since(first, self.statuses):
            self.orders.add(page.rows)

    async def _each(self, reports: Sequence[Report]) -> None:
        store, far = self.store, False
        first = min(*self.since.values(), self.today)
        booking = Booking(self.run, (first, self.today), tries=self.wish.dry_run)
        seen: dict[str, tuple[int, bool]] = {}  # net, and whether a fuller report may tell more
        for payout in read(reports):
            former = store.payout(replace(payout, key=undated(payout)).reference)
            if former and former.day == payout.day:
                payout.key = former.key
            reference, told = payout.reference, (payout.net, payout.partial)
            if seen.get(reference) in {told, (payout.net, False)}:
                continue
            seen[reference] = told
            payout.lines = lines_of(self.settings, payout)
            self.orders.match(payout)
            if payout.lacking and not far:
                far = True
                await self._fetch_orders(FAR)
                self.orders.match(payout)
            await booking.take(payout)
            if payout.why and payout.why.code != "payout_set_aside":
                self.outcome.exit_code = max(self.outcome.exit_code, 1)
            known = store.payout(reference)
            if payout.state != "held":
                self.orders.settle(record_of(payout))
            elif known is None or known.outcome is None:  # no voucher was tried
                store.keep_payout(record_of(payout))
            self.outcome.counts[payout.state] += 1
            self.emit(payout)

    async def _leave(self, provider: str) -> None:
        """Note what is open with a provider, since the first day of which reports were read."""
        first, known = str(self.since[provider]), self.left.pop(provider, {})
        books = self.settings.payouts.providers[provider].book  # else nothing of it is remembered
        since = min(first, known.get("since", first)) if books else first
        day = date.fromisoformat(since)
        mine = self.orders.open(provider, day)
        below = [one["order_id"] for one in mine if one["amount"] < 0 and one["order_id"]]
        if refunds := [(id_, refund) for id_ in below for refund in self.orders.by_id[id_].refunds]:
            mine = self.orders.open(provider, day, await self.shop.given_back(refunds))
        ids = " ".join(str(one["order_id"]) for one in mine if one["order_id"])
        kroner = [one["amount"] for one in mine if one["currency"] == KRONER]
        told = {"open": str(sum(kroner)), "n": str(len(kroner)), "since": since, "ids": ids}
        self.left |= {provider: told} if books else {}
        self.outcome.open += mine
