"""Which customer in PowerOffice an order belongs to: looked up in batches, decided by one rule."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from woo2po.documents import CustomerSeen, CustomerSought
from woo2po.holds import Hold


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
        self._asked: set[str] = set()

    def add(self, customers: Iterable[CustomerSeen]) -> None:
        """Take customers in."""
        for customer in customers:
            self._seen[customer.id] = customer

    async def look_up(self, sought: Iterable[CustomerSought], go: CustomerLookUp) -> None:
        """Ask for all of these that were not asked for yet, in as few requests as possible."""
        organization_numbers, emails, numbers = set(), set(), set()
        for one in sought:
            if one.collective_number is not None:
                numbers.add(one.collective_number)
            organization_numbers.add(one.organization_number)
            emails.add(one.email)
        fresh = [sorted({v for v in values if v and f"{v}" not in self._asked})
                 for values in (organization_numbers, emails)]  # fmt: skip
        fresh_numbers = sorted(n for n in numbers if f"{n}" not in self._asked)
        if any(fresh) or fresh_numbers:
            self.add(await go.customers(
                organization_numbers=fresh[0], emails=fresh[1], numbers=fresh_numbers))  # fmt: skip
        self._asked |= {*fresh[0], *fresh[1], *map(str, fresh_numbers)}

    def choose(self, sought: CustomerSought) -> CustomerSeen | Hold | None:
        """Return the customer of an order, None where one must be created, or why it is held."""
        return choose(sought, list(self._seen.values()))


def choose(
    sought: CustomerSought, candidates: Sequence[CustomerSeen]
) -> CustomerSeen | Hold | None:
    """Return the candidate that an order's customer is, by the first rule that finds one.

    The collective customer; the one that bears our own reference; the organisation number; the
    e-mail, among those of the same kind whose organisation number says nothing else. Of several
    the oldest active one. A customer that exists but is archived is no reason to make a second.
    """
    if sought.collective_number is not None:
        found = [c for c in candidates if c.number == sought.collective_number]
        hold = Hold("collective_missing", {"number": str(sought.collective_number)})
        return _oldest_active(found) if found else hold
    for found in (_by_reference(sought, candidates), _by_organization(sought, candidates),
                  _by_email(sought, candidates)):  # fmt: skip
        if found:
            return _oldest_active(found)
    return None


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
        c for c in all_
        if sought.email and c.email == sought.email and c.is_person == sought.customer.is_person
        and (not (c.organization_number and sought.organization_number)
             or c.organization_number == sought.organization_number)
    ]  # fmt: skip


def _oldest_active(found: list[CustomerSeen]) -> CustomerSeen | Hold:
    active = [c for c in found if not c.is_archived]
    if not active:
        return Hold("customer_archived", {"number": str(found[0].number)})
    return min(active, key=lambda c: (c.created is None, c.created, c.id))
