"""Which customer in PowerOffice an order belongs to: looked up in batches, decided by one rule."""

from collections.abc import Iterable, Sequence
from typing import Protocol

import structlog

from woo2po.documents import CustomerSeen, CustomerSought
from woo2po.holds import Hold

log = structlog.get_logger()


class CustomerLookUp(Protocol):
    """The part of the PowerOffice client that finds customers."""

    async def customers(
        self,
        *,
        organization_numbers: Sequence[str] = (),
        emails: Sequence[str] = (),
        numbers: Sequence[int] = (),
    ) -> list[CustomerSeen]:
        """Return the customers with any of these organisation numbers, e-mails or numbers."""


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

    async def look_up(self, sought: Iterable[CustomerSought], go: CustomerLookUp) -> None:
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
