"""What a run looks up in PowerOffice and keeps: the catalogue, and which customer is an order's.

Every draft is verified after it was made, so a catalogue of the last hour is good enough to begin
with. An older one is read anew, whole, since deletions show in no list of changes.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import structlog
from pydantic import TypeAdapter

from woo2po.documents import Catalogue, CustomerSeen, CustomerSought, VatCode
from woo2po.holds import Hold
from woo2po.poweroffice import PowerOffice
from woo2po.poweroffice.fields import AccountSeen, GroupSeen, ProductSeen, build_catalogue
from woo2po.store import Store

GOOD_ENOUGH = timedelta(hours=1)
READ_ALL_AFTER = timedelta(hours=24)
# Several web servers may disagree on the time, and reads may lag behind writes.
OVERLAP = timedelta(minutes=5)
log = structlog.get_logger()


def back_to(since: datetime | None, now: datetime | None) -> datetime | None:
    """Return the moment from which on to ask what changed since another, on PowerOffice's clock.

    None, for everything, where that clock has been set back.
    """
    if since is None or (now is not None and now < since - OVERLAP):
        return None
    return since - OVERLAP


@dataclass(frozen=True, slots=True)
class _Rows:
    read_at: datetime  # PowerOffice's clock
    products: tuple[ProductSeen, ...]
    groups: tuple[GroupSeen, ...]
    accounts: tuple[AccountSeen, ...]
    vat_codes: tuple[VatCode, ...]


_ROWS = TypeAdapter(_Rows)  # as the state database keeps them


class CatalogueCache:
    """Holds the catalogue of this run; `open` it before `catalogue` is used."""

    def __init__(self, go: PowerOffice, store: Store, clock: Callable[[], datetime]) -> None:
        self._go = go
        self._store = store
        self._clock = clock
        self._rows: _Rows | None = None
        self._fresh = False
        self.making = asyncio.Lock()  # held by whoever makes a product
        self._lock_date: date | None = None
        self.catalogue = Catalogue({}, {}, {})

    async def open(self, *, lock_date: bool = False) -> None:
        """Take the remembered catalogue, or read it where it is missing or old; once a run.

        `lock_date`: read up to which day the books are closed too.
        """
        if self._rows is None:
            self._lock_date = await self._go.lock_date() if lock_date else None
            kept = self._store.catalogue()
            rows = _ROWS.validate_json(kept) if kept else None
            if rows is None or abs(self._now() - rows.read_at) > GOOD_ENOUGH:
                await self.refresh()
            else:
                self._lay_out(rows)

    async def refresh(self) -> bool:
        """Read the catalogue, once a run, and tell whether it was read: an order may be about to be
        held for what a person has put there meanwhile.
        """
        if self._fresh:
            return False
        now = self._now()
        # Side by side, for each of them takes its time and none waits for another's answer.
        vat_codes, accounts, groups, products = await asyncio.gather(
            self._go.vat_codes(),
            self._go.accounts(),
            self._go.product_groups(),
            self._go.products(),
        )
        named = {p.group_id for p in products if p.group_id is not None}
        if named - {group.id for group in groups}:
            # The list came short, or the product's group is younger than it.
            groups = await self._go.product_groups()
        self._keep(_Rows(now, tuple(products), tuple(groups), tuple(accounts), tuple(vat_codes)))
        self._fresh = True
        return True

    def add(self, product: ProductSeen) -> None:
        """Take in a product that this run has made."""
        if self._rows is not None:
            self._keep(replace(self._rows, products=(*self._rows.products, product)))

    def _now(self) -> datetime:
        return self._go.server_time or self._clock()

    def _keep(self, rows: _Rows) -> None:
        self._store.keep_catalogue(rows.read_at, _ROWS.dump_json(rows).decode())
        self._lay_out(rows)

    def _lay_out(self, rows: _Rows) -> None:
        self._rows = rows
        parts = rows.products, rows.groups, rows.accounts, rows.vat_codes
        self.catalogue = build_catalogue(*parts, self._lock_date)


# -- which customer an order belongs to: looked up in batches, decided by one rule ----------------


class Directory:
    """The customers that this run has looked up or made, without their names."""

    def __init__(self) -> None:
        self._seen: dict[int, CustomerSeen] = {}
        # Ids by everything that a customer is sought by, so that a long run does not slow down.
        self._ids: dict[str | int, tuple[int, ...]] = {}
        self._asked: set[str | int] = set()

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
        wanted = defaultdict[str, set[Any]](set)
        for one in sought:
            wanted["numbers"].add(one.collective_number)
            wanted["organization_numbers"].add(one.organization_number)
            wanted["emails"].add(one.email)
        fresh = {
            kind: sorted(v for v in values if v and v not in self._asked)
            for kind, values in wanted.items()
        }
        if any(fresh.values()):
            self.add(await go.customers(**fresh))
        self._asked.update(*fresh.values())

    def choose(self, sought: CustomerSought) -> CustomerSeen | Hold | None:
        """Return the customer of an order: the oldest active one that matches.

        None where nobody matches and one must be created. A customer that exists but is archived
        is no reason to make a second, and a collective customer is never made: then a Hold.
        """
        number, own = sought.collective_number, sought.customer.reference
        traits = (number, own, sought.organization_number, sought.email)
        found = {i for trait in traits if trait is not None for i in self._ids.get(trait, ())}
        matches = matching(sought, [self._seen[i] for i in sorted(found)])
        active = [c for c in matches if not c.is_archived]
        if not matches:
            return None if number is None else Hold("collective_missing", {"number": str(number)})
        if not active:
            return Hold("customer_archived", {"number": str(matches[0].number)})
        if len(active) > 1:
            numbers = [c.number for c in active]
            log.warning("several_customers_match_the_oldest_is_taken", customers=numbers)
        return min(active, key=lambda c: (c.created is None, c.created, c.id))


def matching(sought: CustomerSought, candidates: Sequence[CustomerSeen]) -> list[CustomerSeen]:
    """Return the candidates that match by the first rule that finds any.

    The collective customer number, and then nothing else; our own reference; the organisation
    number; the e-mail, among those of the same kind whose organisation number says nothing else.
    """
    number, reference = sought.organization_number, sought.customer.reference

    def is_by_email(c: CustomerSeen) -> bool:
        same = sought.email != "" and c.email == sought.email
        contradicts = c.organization_number and number and c.organization_number != number
        return same and c.is_person == sought.customer.is_person and not contradicts

    if sought.collective_number is not None:
        return [c for c in candidates if c.number == sought.collective_number]
    return (
        [c for c in candidates if c.reference and c.reference == reference]
        or [c for c in candidates if number and c.organization_number == number and not c.is_person]
        or list(filter(is_by_email, candidates))
    )


def tokens_of(sought: CustomerSought) -> frozenset[str]:
    """Return what connects orders of one customer: such orders go one after the other."""
    if sought.collective_number is not None:
        return frozenset()
    said = {sought.customer.reference, sought.email}
    if sought.organization_number:
        said.add(f"org {sought.organization_number}")
    return frozenset(said - {""})
