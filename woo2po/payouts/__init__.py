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

import pickle
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain
from pathlib import Path
from typing import Any

from woo2po.config import Settings
from woo2po.connections import Connections, open_poweroffice, open_shop
from woo2po.holds import Hold
from woo2po.http import NotAllowed, RemoteError
from woo2po.payouts.booking import KRONER, Booking, lines_of, objections, record_of, undated
from woo2po.payouts.columns import Unreadable
from woo2po.payouts.fetching import fetched
from woo2po.payouts.matching import OrdersMatched
from woo2po.payouts.payout import Payout
from woo2po.payouts.reading import read, reports_in
from woo2po.record import Outcome
from woo2po.run import alone, recall_route
from woo2po.store import Store
from woo2po.transfer.writes import Run
from woo2po.woocommerce import Shop

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
    with Store.in_memory(path) if wish.dry_run else _alone(path) as store:
        return await _Work(settings, clock, wish, emit, store).do(ways)


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


@dataclass
class _Work:
    settings: Settings
    clock: Callable[[], datetime]
    wish: PayoutsWish
    emit: Callable[[Payout], None]
    store: Store
    outcome: PayoutsOutcome = field(default_factory=PayoutsOutcome)
    since: dict[str, date] = field(default_factory=dict)  # by provider, the first day read
    # By reference: net, and whether a fuller report may tell more.
    seen: dict[str, tuple[int, bool]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.today = self.settings.day_of(self.clock())
        self.orders = OrdersMatched(self.settings)
        self.left = {**self.store.memory.payouts_left}

    async def do(self, ways: Connections) -> PayoutsOutcome:
        """Read reports to their ends, then match and book."""
        settings, wish, kept = self.settings, self.wish, list[bytes]()
        async with (
            open_shop(settings.woocommerce, ways) as shop,
            open_poweroffice(settings.poweroffice, ways) as go,
        ):
            recall_route(shop, self.store)
            reports = reports_in(wish.files, wish.provider)
            if wish.fetch:
                asked, notes = await fetched(settings, self._days, shop, ways, wish.provider)
                reports, self.outcome.notes = reports + asked, notes
                failed = any(note.code != "payouts_day_open" for note in notes)
                self.outcome.exit_code = 3 if failed else 0
            unknown = list[Hold]()
            for payout in read(reports, unknown):
                known = self.since.get(payout.provider, date.max)
                self.since[payout.provider] = min(known, payout.first)
                kept.append(pickle.dumps(payout, pickle.HIGHEST_PROTOCOL))
            self.outcome.notes += unknown
            if unknown:
                self.outcome.exit_code = max(self.outcome.exit_code, 1)
            if kept:
                await self._book(Run(settings, self.clock, self.store, shop, go), kept)
            else:
                self.outcome.notes.append(Hold("payouts_none"))
        return self.outcome

    async def _book(self, run: Run, kept: Iterable[bytes]) -> None:
        settings, store, go, left = run.settings, run.store, run.poweroffice, self.left
        store.bind(settings)
        self.statuses = await run.shop.statuses()  # the trash too: its orders are paid out
        await self._fetch_orders(run.shop, NEAR)
        open_ids = (left.get(name, {}).get("ids", "").split() for name in self.since)
        ids = [*map(int, chain(*open_ids))]
        self.orders.add(await run.shop.paid_with(ids, self.statuses))
        if any(settings.payouts.providers[name].book for name in self.since):
            await go.log_in()
            store.bind_to_company(go.company.id)
            self.outcome.company = go.company.name
            await run.catalogue.open(lock_date=True)
        for known in store.payouts():
            self.orders.settle(known)
        first = min([*self.since.values(), self.today])
        booking = Booking(run, (first, self.today), tries=self.wish.dry_run)
        try:
            await self._each(booking, run.shop, kept)
            for name in self.since:
                await self._leave(name, run.shop)
        except RemoteError as error:  # what was done until then is told all the same
            code = "payouts_not_allowed" if isinstance(error, NotAllowed) else error.code
            self.outcome.notes.append(Hold(code, error.facts))
            self.outcome.exit_code = 3
            return  # what the rest paid out is not known: what is open stays as it was
        store.remember(payouts_left=left)

    async def _leave(self, provider: str, shop: Shop) -> None:
        """Note what is open with a provider, since the first day of which reports were read."""
        first, known = str(self.since[provider]), self.left.pop(provider, {})
        books = self.settings.payouts.providers[provider].book  # else nothing of it is remembered
        since = min(first, known.get("since", first)) if books else first
        mine = self.orders.open(provider, date.fromisoformat(since))
        below = [one["order_id"] for one in mine if one["amount"] < 0 and one["order_id"]]
        if refunds := [(id_, refund) for id_ in below for refund in self.orders.by_id[id_].refunds]:
            by_shop = await shop.given_back(refunds)
            mine = self.orders.open(provider, date.fromisoformat(since), by_shop)
        ids = " ".join(str(one["order_id"]) for one in mine if one["order_id"])
        kroner = [one["amount"] for one in mine if one["currency"] == KRONER]
        told = {"open": str(sum(kroner)), "n": str(len(kroner))}
        self.left |= {provider: {**told, "since": since, "ids": ids}} if books else {}
        self.outcome.open += mine

    def _days(self, provider: str) -> tuple[date, date]:
        """Return the days to ask for: since before what is booked last or held, until yesterday."""
        today, wish = self.today, self.wish
        booked, held = (
            [one.day for one in those if one.provider == provider]
            for those in (self.store.payouts(), self.store.payouts(booked=False))
        )
        last = booked[-1] - AGAIN if booked else today - AT_FIRST
        first = min([last, *(max(day - AT_FIRST, today - AT_MOST) for day in held)])
        return wish.first or first, min(wish.last or today, today - timedelta(days=1))

    async def _fetch_orders(self, shop: Shop, back: timedelta) -> None:
        first = min([*self.since.values(), self.today]) - back
        async for page in shop.paid_since(datetime.combine(first, time(), UTC), self.statuses):
            self.orders.add(page.rows)

    async def _each(self, booking: Booking, shop: Shop, kept: Iterable[bytes]) -> None:
        far = False
        for packed in kept:
            payout: Payout = pickle.loads(packed)  # noqa: S301 (packed above)
            former = self.store.payout(replace(payout, key=undated(payout)).reference)
            if former and former.day == payout.day:
                payout.key = former.key
            reference = payout.reference
            if self.seen.get(reference) in {(payout.net, False), (payout.net, payout.partial)}:
                continue
            self.seen[reference] = payout.net, payout.partial
            payout.lines = lines_of(self.settings, payout)
            self.orders.match(payout)
            if payout.lacking and not far:
                far = True
                await self._fetch_orders(shop, FAR)
                self.orders.match(payout)
            why = next(objections(self.settings, payout, self.today), None)
            await booking.take(payout.held(why) if why else payout)
            known = self.store.payout(reference)
            if payout.why and payout.why.code != "payout_set_aside":
                self.outcome.exit_code = max(self.outcome.exit_code, 1)
            if payout.state == "held":
                if known is None or known.outcome is None:  # no voucher was tried
                    self.store.keep_payout(record_of(payout))
            else:
                self.orders.settle(record_of(payout))
            self.outcome.counts[payout.state] += 1
            self.emit(payout)
