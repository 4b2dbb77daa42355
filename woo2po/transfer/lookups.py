"""What a run looks up in PowerOffice and keeps: the catalogue, and which customer is an order's.

Products change and charts of accounts hardly do, and every draft is verified after it was made,
so a catalogue of the last hour is good enough to begin with. An older one is brought up to date
by what changed since; once a day everything is read, since deletions show in no list of changes.
A hold that a fresher catalogue might lift makes it be read again, once a run, and in full where
that was an hour ago.
"""

import asyncio
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar

import structlog

from woo2po.documents import Catalogue, CustomerSeen, CustomerSought, VatCode
from woo2po.holds import Hold
from woo2po.poweroffice import PowerOffice
from woo2po.poweroffice.fields import AccountSeen, GroupSeen, ProductSeen, build_catalogue
from woo2po.store import Store

_Row = TypeVar("_Row")

GOOD_ENOUGH = timedelta(hours=1)
READ_ALL_AFTER = timedelta(hours=24)
# Several web servers may disagree on the time, and reads may lag behind writes.
OVERLAP = timedelta(minutes=5)
log = structlog.get_logger()


def back_to(since: datetime | None, now: datetime | None) -> datetime | None:
    """Return the moment from which on to ask what changed since another, on PowerOffice's clock.

    None, for everything, where that clock shows an earlier time by now: it has been set back, and
    what came since bears times before the moment.
    """
    if since is None or (now is not None and now < since - OVERLAP):
        return None
    return since - OVERLAP


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
        self, go: PowerOffice, store: Store, clock: Callable[[], datetime], *, keep: bool = True
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


# -- which customer an order belongs to: looked up in batches, decided by one rule ----------------


class Directory:
    """The customers that this run has looked up or made, without their names."""

    def __init__(self) -> None:
        self._seen: dict[int, CustomerSeen] = {}
        # Ids by everything that a customer is sought by, so that a long run does not slow down.
        self._ids: dict[str | int, tuple[int, ...]] = {}
        self._asked: set[str] = set()

    def add(self, customers: Iterable[CustomerSeen]) -> None:
        """Take customers in."""
        for c in customers:
            self._seen[c.id] = c
            traits: set[str | int] = {c.number, c.reference, c.email, c.organization_number}
            for trait in traits - {""}:
                filed = self._ids.get(trait, ())
                if c.id not in filed:
                    self._ids[trait] = (*filed, c.id)

    async def look_up(self, sought: Iterable[CustomerSought], go: PowerOffice) -> None:
        """Ask for all of these that were not asked for yet, in as few requests as possible."""
        organization_numbers, emails, numbers = set(), set(), set()
        for one in sought:
            if one.collective_number is not None:
                numbers.add(one.collective_number)
            organization_numbers.add(one.organization_number)
            emails.add(one.email)
        fresh = [
            sorted({v for v in values if v and f"{v}" not in self._asked})
            for values in (organization_numbers, emails)
        ]
        fresh_numbers = sorted(n for n in numbers if f"{n}" not in self._asked)
        if any(fresh) or fresh_numbers:
            self.add(
                await go.customers(
                    organization_numbers=fresh[0], emails=fresh[1], numbers=fresh_numbers
                )
            )
        self._asked |= {*fresh[0], *fresh[1], *map(str, fresh_numbers)}

    def choose(self, sought: CustomerSought) -> CustomerSeen | Hold | None:
        """Return the customer of an order, None where one must be created, or why it is held."""
        candidates = self._candidates(sought)
        active = [c.number for c in matching(sought, candidates) if not c.is_archived]
        if len(active) > 1:
            log.warning("several_customers_match_the_oldest_is_taken", customers=active)
        return choose(sought, candidates)

    def _candidates(self, sought: CustomerSought) -> list[CustomerSeen]:
        traits = (
            sought.collective_number,
            sought.customer.reference,
            sought.organization_number,
            sought.email,
        )
        found = {i for trait in traits if trait is not None for i in self._ids.get(trait, ())}
        return [self._seen[i] for i in sorted(found)]


def choose(
    sought: CustomerSought, candidates: Sequence[CustomerSeen]
) -> CustomerSeen | Hold | None:
    """Return the candidate that an order's customer is: the oldest active one that matches.

    None where nobody matches and one must be created. A customer that exists but is archived is
    no reason to make a second, and a collective customer is never made: then a Hold.
    """
    found = matching(sought, candidates)
    if not found:
        number = sought.collective_number
        return None if number is None else Hold("collective_missing", {"number": str(number)})
    active = [c for c in found if not c.is_archived]
    if not active:
        return Hold("customer_archived", {"number": str(found[0].number)})
    return min(active, key=lambda c: (c.created is None, c.created, c.id))


def matching(sought: CustomerSought, candidates: Sequence[CustomerSeen]) -> list[CustomerSeen]:
    """Return the candidates that match by the first rule that finds any.

    The collective customer number, and then nothing else; our own reference; the organisation
    number; the e-mail, among those of the same kind whose organisation number says nothing else.
    """
    if sought.collective_number is not None:
        return [c for c in candidates if c.number == sought.collective_number]
    return (
        _by_reference(sought, candidates)
        or _by_organization(sought, candidates)
        or _by_email(sought, candidates)
    )


def tokens_of(sought: CustomerSought) -> frozenset[str]:
    """Return what connects orders of one customer: such orders go one after the other."""
    if sought.collective_number is not None:
        return frozenset()
    said = {sought.customer.reference, sought.email}
    if sought.organization_number:
        said.add(f"org {sought.organization_number}")
    return frozenset(said - {""})


def _by_reference(sought: CustomerSought, all_: Sequence[CustomerSeen]) -> list[CustomerSeen]:
    return [c for c in all_ if c.reference and c.reference == sought.customer.reference]


def _by_organization(sought: CustomerSought, all_: Sequence[CustomerSeen]) -> list[CustomerSeen]:
    number = sought.organization_number
    return [c for c in all_ if number and c.organization_number == number and not c.is_person]


def _by_email(sought: CustomerSought, all_: Sequence[CustomerSeen]) -> list[CustomerSeen]:
    return [
        c
        for c in all_
        if sought.email
        and c.email == sought.email
        and c.is_person == sought.customer.is_person
        and (
            not (c.organization_number and sought.organization_number)
            or c.organization_number == sought.organization_number
        )
    ]
