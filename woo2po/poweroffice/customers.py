"""Customers of PowerOffice Go: found by number, organisation number or e-mail, or made.

The filters for organisation numbers and e-mails are newer than the interface description, and
a server that does not know them answers 400 (PowerOffice facts, sections 0 and 5). Then all
customers are read once. What comes is filtered here in both cases, in the same way.
"""

import asyncio
from collections.abc import Callable, Collection, Iterable
from datetime import datetime

from woo2po.documents import Customer, CustomerSeen
from woo2po.poweroffice.bodies import customer_body
from woo2po.poweroffice.calls import Calls, chunks, utc
from woo2po.poweroffice.fields import CUSTOMER_FIELDS, customer_seen
from woo2po.transport import Refused


class Customers:
    """Looks customers up in as few requests as possible, and creates them.

    `newer_filters` starts as True and turns False at the first refusal; a caller may remember
    it from one run to the next.
    """

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._everybody: dict[int, CustomerSeen] | None = None
        self._reading = asyncio.Lock()
        self.newer_filters = True

    async def find(
        self,
        organization_numbers: Collection[str],
        emails: Collection[str],
        numbers: Collection[int],
    ) -> list[CustomerSeen]:
        """Return every customer that has one of these, each once."""
        digits = {digits_of(number) for number in organization_numbers} - {""}
        addresses = {email.strip().lower() for email in emails} - {""}
        found = [
            *await self._by_number(numbers),
            *await self._found(
                "organizationNumbers",
                [spelling for number in sorted(digits) for spelling in _spellings(number)],
                lambda customer: digits_of(customer.organization_number) in digits,
            ),
            *await self._found(
                "emailAddresses",
                # A comma would split an address in two: such a one can't be asked for.
                [email for email in sorted(addresses) if "," not in email],
                lambda customer: customer.email in addresses,
            ),
        ]
        return list({customer.id: customer for customer in found}.values())

    async def changed_since(self, moment: datetime) -> list[CustomerSeen]:
        """Return the customers changed after a moment."""
        query = {"lastChangedDateTimeOffsetGreaterThan": utc(moment)}
        changed = await self._listed(query)
        self._remember(changed)
        return changed

    async def by_reference(self, reference: str) -> CustomerSeen | None:
        """Return the customer with this ExternalImportReference, or None."""
        listed = await self._listed({"externalImportReference": reference})
        return next((seen for seen in listed if seen.reference == reference), None)

    async def by_id(self, customer_id: int) -> CustomerSeen | None:
        """Return a customer by its id, or None."""
        row = await self._calls.row_or_none(f"Customers/{customer_id}")
        return None if row is None else customer_seen(row)

    async def create(self, doc: Customer) -> CustomerSeen:
        """Create a customer."""
        made = customer_seen(await self._calls.post("Customers", customer_body(doc)))
        self._remember([made])
        return made

    async def _by_number(self, numbers: Collection[int]) -> list[CustomerSeen]:
        lists = chunks([str(number) for number in sorted(set(numbers))])
        listed = [seen for part in lists for seen in await self._listed({"customerNos": part})]
        return [seen for seen in listed if seen.number in numbers]

    async def _found(
        self, name: str, values: list[str], wanted: Callable[[CustomerSeen], bool]
    ) -> list[CustomerSeen]:
        if not values:
            return []
        return [seen for seen in await self._candidates(name, values) if wanted(seen)]

    async def _candidates(self, name: str, values: list[str]) -> Iterable[CustomerSeen]:
        if self.newer_filters:
            try:
                return [
                    seen for part in chunks(values) for seen in await self._listed({name: part})
                ]
            except Refused as refused:
                if refused.status != 400:
                    raise
                self.newer_filters = False
        return await self._all()

    async def _all(self) -> Iterable[CustomerSeen]:
        async with self._reading:
            if self._everybody is None:
                self._everybody = {seen.id: seen for seen in await self._listed({})}
            return list(self._everybody.values())

    async def _listed(self, query: dict[str, str]) -> list[CustomerSeen]:
        rows = await self._calls.rows("Customers", CUSTOMER_FIELDS, query)
        return [customer_seen(row) for row in rows]

    def _remember(self, seen: Iterable[CustomerSeen]) -> None:
        if self._everybody is not None:
            self._everybody.update((customer.id, customer) for customer in seen)


def digits_of(organization_number: str) -> str:
    """Return the digits: "NO 923 609 016 MVA" is "923609016"."""
    return "".join(filter(str.isdigit, organization_number))


def _spellings(digits: str) -> list[str]:
    """Return the ways people write it: how the filter compares is not documented."""
    spaced = " ".join((digits[:3], digits[3:6], digits[6:]))
    return [
        digits,
        spaced,
        f"NO{digits}MVA",
        f"{digits}MVA",
        f"{spaced} MVA",
        f"NO {spaced} MVA",
    ]
