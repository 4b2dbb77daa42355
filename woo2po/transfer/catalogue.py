"""The catalogue, remembered between runs, and read again when it may be stale.

Products change and charts of accounts hardly do, and every draft is verified after it was made,
so a catalogue of the last hour is good enough to begin with. An older one is brought up to date
by what changed since; once a day everything is read, since deletions show in no list of changes.
A hold that a fresher catalogue might lift makes it be read again, once a run, and in full where
that was an hour ago.
"""

import asyncio
import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Protocol, TypeVar

from woo2po.catalogue import Catalogue, VatCode
from woo2po.poweroffice.fields import AccountSeen, GroupSeen, ProductSeen, build_catalogue
from woo2po.store import Store

_Row = TypeVar("_Row")

GOOD_ENOUGH = timedelta(hours=1)
READ_ALL_AFTER = timedelta(hours=24)
# Several web servers may disagree on the time, and reads may lag behind writes.
OVERLAP = timedelta(minutes=5)


def back_to(since: datetime | None, now: datetime | None) -> datetime | None:
    """Return the moment from which on to ask what changed since another, on PowerOffice's clock.

    None, for everything, where that clock shows an earlier time by now: it has been set back, and
    what came since bears times before the moment.
    """
    if since is None or (now is not None and now < since - OVERLAP):
        return None
    return since - OVERLAP


class CatalogueSource(Protocol):
    """The part of the PowerOffice client that lists what a company sells and on which accounts."""

    @property
    def server_time(self) -> datetime | None:
        """Return the newest `Date` of an answer."""

    async def products(self, changed_after: datetime | None = None) -> list[ProductSeen]:
        """Return the products, or those changed since a moment."""

    async def product_groups(self) -> list[GroupSeen]:
        """Return the product groups."""

    async def accounts(self) -> list[AccountSeen]:
        """Return the general ledger accounts."""

    async def lock_date(self) -> date | None:
        """Return the last day that is closed, or None."""

    async def vat_codes(self) -> list[VatCode]:
        """Return the VAT codes."""


@dataclass(frozen=True, slots=True)
class _Rows:
    read_at: datetime  # PowerOffice's clock
    all_read_at: datetime
    products: tuple[ProductSeen, ...]
    groups: tuple[GroupSeen, ...]
    accounts: tuple[AccountSeen, ...]
    vat_codes: tuple[VatCode, ...]


class CatalogueCache:
    """Holds the catalogue of this run; `open` it before `catalogue` is used."""

    def __init__(
        self, go: CatalogueSource, store: Store, clock: Callable[[], datetime], *, keep: bool = True
    ) -> None:
        self._go = go
        self._store = store
        self._clock = clock
        self._keep = keep
        self._rows: _Rows | None = None
        self._fresh = False
        self._lock_date: date | None = None
        self.catalogue = Catalogue({}, {}, {})

    async def open(self, *, lock_date: bool = False) -> None:
        """Take the remembered catalogue, or read it where it is missing or old; once a run.

        `lock_date`: read up to which day the books are closed too, for what is to be posted.
        """
        if self._rows is not None:
            return
        if lock_date:
            await asyncio.gather(self._open(), self._read_lock_date())
            self._lay_out(self._rows)
        else:
            await self._open()

    async def _read_lock_date(self) -> None:
        self._lock_date = await self._go.lock_date()

    async def _open(self) -> None:
        self._rows = _remembered(self._store.catalogue_part("all"))
        if self._rows is None or abs(self._now() - self._rows.read_at) > GOOD_ENOUGH:
            await self.refresh()
        else:
            self._lay_out(self._rows)

    async def refresh(self, *, again: bool = False, doubted: bool = False) -> bool:
        """Bring the catalogue up to date; tell whether it was read.

        At most once a run, unless `again` says that this run itself changed something there.
        `doubted`: an order is about to be held for what is missing here. Then everything is read
        anew, at most once an hour: a list that once came short is mended by no list of changes.
        """
        old = self._rows
        anew = doubted and old is not None and self._now() - old.all_read_at > GOOD_ENOUGH
        if self._fresh and not again and not anew:
            return False
        self._rows = await self._read(None if anew else old)
        self._fresh = True
        if self._keep:
            self._store.keep_catalogue_part("all", self._rows.read_at, _as_json(self._rows))
        self._lay_out(self._rows)
        return True

    async def _read(self, old: _Rows | None) -> _Rows:
        now = self._now()
        if old is None or abs(now - old.all_read_at) > READ_ALL_AFTER:
            old = None
        since = back_to(old.read_at, now) if old else None
        # Side by side, for each of them takes its time and none waits for another's answer.
        vat_codes, accounts, groups, changed = await asyncio.gather(
            self._go.vat_codes(),
            self._go.accounts(),
            self._go.product_groups(),
            self._go.products(since),
        )
        products = {p.id: p for p in (*(old.products if old else ()), *changed)}
        named = {p.group_id for p in products.values() if p.group_id is not None}
        if named - {group.id for group in groups}:
            # The list came short, or the product's group is younger than it.
            groups = await self._go.product_groups()
        return _Rows(
            now,
            old.all_read_at if old else now,
            tuple(products.values()),
            tuple(groups),
            tuple(accounts),
            tuple(vat_codes),
        )

    def _now(self) -> datetime:
        return self._go.server_time or self._clock()

    def _lay_out(self, rows: _Rows | None) -> None:
        if rows is None:
            return
        self.catalogue = build_catalogue(
            rows.products, rows.groups, rows.accounts, rows.vat_codes, self._lock_date
        )


def _as_json(rows: _Rows) -> str:
    return json.dumps(asdict(rows), default=str, ensure_ascii=False)


def _remembered(kept: tuple[datetime, str] | None) -> _Rows | None:
    if kept is None:
        return None
    said = json.loads(kept[1])
    return _Rows(
        read_at=datetime.fromisoformat(said["read_at"]),
        all_read_at=datetime.fromisoformat(said["all_read_at"]),
        products=_each(ProductSeen, said["products"]),
        groups=_each(GroupSeen, said["groups"]),
        accounts=_each(AccountSeen, said["accounts"]),
        vat_codes=tuple(VatCode(v["id"], v["code"], Decimal(v["rate"])) for v in said["vat_codes"]),
    )


def _each(kind: type[_Row], rows: Iterable[dict[str, Any]]) -> tuple[_Row, ...]:
    return tuple(kind(**row) for row in rows)
