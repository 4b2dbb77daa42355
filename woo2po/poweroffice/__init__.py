"""The client of PowerOffice Go API v2: documents in, what PowerOffice has of them out.

It alone knows, with the modules beside it, how things are spelled there. Reads may be
repeated and are; a write is tried once, and whoever calls it decides after NoAnswer.

token.py    the access token
calls.py    one call: spacing, repeats, paging, JSON; errors by what can be done
fields.py   answers -> values, documents -> requests
booked.py   long lists of what is booked

Source: facts.md beside this file; the interface description.
"""

import asyncio
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date, datetime
from functools import cached_property

import httpx

from woo2po.documents import (
    Customer,
    CustomerSeen,
    DeliveryAddressSeen,
    DocumentSeen,
    DraftSeen,
    InvoiceWanted,
    LedgerEntrySeen,
    LineSeen,
    OrderLine,
    PostalAddress,
    ProductWanted,
    SalesOrder,
    SentState,
    VatCode,
    Voucher,
    VoucherKind,
    VoucherSeen,
)
from woo2po.http import Refused
from woo2po.http.spacing import Clock, KeyTurns, Sleep, Spacing
from woo2po.poweroffice import fields
from woo2po.poweroffice.booked import Booked
from woo2po.poweroffice.calls import Calls, changed_since, unless_gone, utc
from woo2po.poweroffice.fields import digits_of
from woo2po.poweroffice.token import Company, Token

_JOURNALS = {VoucherKind.BANK: "Vouchers/BankJournals", VoucherKind.CASH: "Vouchers/CashJournals"}


class PowerOffice:
    """One company in PowerOffice Go, as one integration sees it.

    Every method raises RemoteError's kinds as woo2po.http names them: reads NeverLeft or
    NoAnswer when they can't be read, writes NoAnswer as soon as they may have been carried
    out; Refused with PowerOffice's words; CannotLogIn; NotUnderstood. Sending, vouchers and the
    ledger raise NotAllowed where the integration lacks that right.
    """

    def __init__(
        self,
        http: httpx.AsyncClient,
        *,
        base_url: str,
        token_url: str,
        application_key: str,
        client_key: str,
        subscription_key: str,
        requests_per_second: float,
        sleep: Sleep = asyncio.sleep,
        now: Clock = time.monotonic,
        shared: KeyTurns | None = None,
    ) -> None:
        keys = (application_key, client_key, subscription_key)
        self._token = Token(http, token_url, keys, now)
        spacing = Spacing(requests_per_second, sleep, now, shared)
        self._calls = Calls(http, base_url, self._token, spacing, sleep)
        self._everybody: dict[int, CustomerSeen] | None = None
        self._reading_everybody = asyncio.Lock()
        self._newer_filters = True  # until they are refused

    @cached_property
    def booked(self) -> Booked:
        """What stands in the books, for the proof."""
        return Booked(self._calls)

    @property
    def server_time(self) -> datetime | None:
        """The newest `Date` header seen; PowerOffice's clock, not ours."""
        return self._calls.server_time

    @property
    def company(self) -> Company:
        """Which company it is, and what the integration may do there; known after `log_in`."""
        return self._token.company

    async def log_in(self) -> None:
        """Fetch a token now and learn which company it is for."""
        await self._calls.sent(self._token.request(), reads=True)
        if not self.company.id:
            row = await self._calls.row("ClientIntegrationInformation")
            self._token.company = Company(
                row.key("ClientId"),
                row.text("ClientName"),
                frozenset(row.texts("ValidPrivileges")),
                frozenset(row.texts("InvalidPrivileges")),
                row.flag("AllowSendInvoice"),
            )

    # What the company offers

    async def vat_codes(self) -> list[VatCode]:
        """Return the active VAT codes."""
        return await self._calls.listed(fields.VAT_CODES, {"isActive": "true"})

    async def accounts(self) -> list[fields.AccountSeen]:
        """Return the general ledger accounts."""
        return await self._calls.listed(fields.ACCOUNTS)

    async def bank_accounts(self) -> list[int]:
        """Return the numbers of the accounts that stand for the company's accounts in banks."""
        number = "GeneralLedgerAccountNo"
        rows = await self._calls.rows("ClientBankAccounts", f"Id {number}")
        return [row.number(number) or 0 for row in rows]

    async def product_groups(self) -> list[fields.GroupSeen]:
        """Return the product groups."""
        return await self._calls.listed(fields.GROUPS)

    async def products(self, changed_after: datetime | None = None) -> list[fields.ProductSeen]:
        """Return the products, or those changed after a moment; deleted ones are never listed."""
        return await self._calls.listed(fields.PRODUCTS, changed_since(changed_after))

    async def accounts_of_products(self, codes: Sequence[str]) -> dict[str, list[int]]:
        """Return the ids of the accounts that products are sold on, by code, the standard first."""
        if any("," in code for code in codes):  # the filter would take it for two
            listed = await self.products()
        else:
            listed = await self._calls.in_parts(fields.PRODUCTS, "codes", codes)
        unnamed = any(one.standard_account_id is None for one in listed)
        groups = {one.id: one for one in await self.product_groups()} if unnamed else {}
        return {one.code: [*filter(None, fields.sold_on_ids(one, groups))] for one in listed}

    async def create_product(self, doc: ProductWanted) -> fields.ProductSeen:
        """Create a product."""
        return await self._calls.made(fields.PRODUCTS, fields.product_body(doc))

    async def lock_date(self) -> date | None:
        """Return the day up to which, inclusive, nothing can be posted; None if none is locked."""
        day = (await self._calls.row("LockDateSettings")).day("LockDate")
        # What an open company says is not described; the zero of dates is none.
        return None if day == date.min else day

    async def dimension_is_active(self, kind: str, code: str) -> bool | None:
        """Tell whether a code of a kind ("department" ...) may be used; None: there is none."""
        name = "projectCodes" if kind == "project" else "codes"
        rows = await self._calls.rows(f"{kind.title()}s", "Id Code IsActive", {name: code})
        found = [row.flag("IsActive") is not False for row in rows if row.text("Code") == code]
        return any(found) if found else None

    # Customers

    async def customers(
        self,
        *,
        organization_numbers: Collection[str] = (),
        emails: Collection[str] = (),
        numbers: Collection[int] = (),
    ) -> list[CustomerSeen]:
        """Return the customers that have one of these, each once, archived ones too.

        Organisation numbers are compared by their digits, e-mails without case. What comes is
        filtered here, since how the filters compare is not documented.
        """
        digits = {digits_of(number) for number in organization_numbers} - {""}
        addresses = {email.strip().lower() for email in emails} - {""}
        asked = [str(number) for number in sorted(set(numbers))]
        numbered = await self._calls.in_parts(fields.CUSTOMERS, "customerNos", asked)
        found = [
            *[seen for seen in numbered if seen.number in numbers],
            *await self._customers_found(
                "organizationNumbers",
                [spelling for number in sorted(digits) for spelling in _spellings(number)],
                lambda customer: customer.organization_number in digits,
            ),
            *await self._customers_found(
                "emailAddresses",
                # A comma would split an address in two: such a one can't be asked for.
                [email for email in sorted(addresses) if "," not in email],
                lambda customer: customer.email in addresses,
            ),
        ]
        return list({customer.id: customer for customer in found}.values())

    async def _customers_found(
        self, name: str, values: list[str], wanted: Callable[[CustomerSeen], bool]
    ) -> list[CustomerSeen]:
        """Ask by a filter newer than the description; where it is refused, read everybody once."""
        if not values:
            return []
        if self._newer_filters:
            try:
                listed = await self._calls.in_parts(fields.CUSTOMERS, name, values)
                return list(filter(wanted, listed))
            except Refused as refused:
                if refused.status != httpx.codes.BAD_REQUEST:
                    raise
                self._newer_filters = False
        async with self._reading_everybody:
            if self._everybody is None:
                listed = await self._calls.listed(fields.CUSTOMERS)
                self._everybody = {seen.id: seen for seen in listed}
            return list(filter(wanted, self._everybody.values()))

    async def customers_changed_since(self, moment: datetime) -> list[CustomerSeen]:
        """Return the customers changed after a moment."""
        changed = await self._calls.listed(fields.CUSTOMERS, changed_since(moment))
        self._remember(changed)
        return changed

    async def customer_by_reference(self, reference: str) -> CustomerSeen | None:
        """Return the customer with this ExternalImportReference, or None."""
        query = {"externalImportReference": reference}
        listed = await self._calls.listed(fields.CUSTOMERS, query)
        return next((seen for seen in listed if seen.reference == reference), None)

    async def customer(self, customer_id: int) -> CustomerSeen | None:
        """Return a customer by its id, or None where there is none."""
        return await self._calls.one(fields.CUSTOMERS, f"Customers/{customer_id}")

    async def create_customer(self, doc: Customer) -> CustomerSeen:
        """Create a customer."""
        made = await self._calls.made(fields.CUSTOMERS, fields.customer_body(doc))
        self._remember([made])
        return made

    def _remember(self, seen: Iterable[CustomerSeen]) -> None:
        if self._everybody is not None:
            self._everybody.update((customer.id, customer) for customer in seen)

    async def delivery_addresses(self, contact_ids: Collection[int]) -> list[DeliveryAddressSeen]:
        """Return the delivery addresses of these customers (their ids, not their numbers)."""
        asked = [str(contact_id) for contact_id in sorted(set(contact_ids))]
        return await self._calls.in_parts(fields.DELIVERY_ADDRESSES, "contactIds", asked)

    async def create_delivery_address(
        self, contact_id: int, address: PostalAddress, external_code: str
    ) -> DeliveryAddressSeen:
        """Create a delivery address. A customer's first one becomes the default of new orders."""
        body = fields.delivery_address_body(address, external_code)
        path = f"ContactDeliveryAddresses/{contact_id}"
        return await self._calls.made(fields.DELIVERY_ADDRESSES, body, path)

    # Sales orders

    async def create_sales_order(
        self, doc: SalesOrder, customer_id: int, delivery_address_id: int | None
    ) -> DraftSeen:
        """Create a draft with all its lines; return it with the amounts that PowerOffice made."""
        body = fields.sales_order_body(doc, customer_id, delivery_address_id)
        return await self._calls.made(fields.DRAFT, body, "SalesOrders/Complete")

    async def draft(self, order_id: str) -> DraftSeen | None:
        """Return a sales order with its lines, or None where it is none (or no longer one)."""
        return await self._calls.one(fields.DRAFT, f"SalesOrders/{order_id}/Complete")

    async def add_line(self, order_id: str, line: OrderLine, sort_order: int) -> LineSeen:
        """Add a line to a draft."""
        body = fields.line_body(line, sort_order)
        return await self._calls.made(fields.LINES, body, f"SalesOrders/{order_id}/Lines")

    async def change_line(
        self, order_id: str, line_id: str, line: OrderLine, sort_order: int
    ) -> None:
        """Make a line what it should be. Its reference and kind can't be changed."""
        path = f"SalesOrders/{order_id}/Lines/{line_id}"
        await self._calls.ordered("PATCH", path, fields.line_changes(line, sort_order))

    async def delete_line(self, order_id: str, line_id: str) -> None:
        """Take a line out of a draft."""
        await self._calls.ordered("DELETE", f"SalesOrders/{order_id}/Lines/{line_id}")

    async def change_header(
        self, order_id: str, doc: SalesOrder, customer_id: int, delivery_address_id: int | None
    ) -> None:
        """Make a draft's header what it should be, all but its reference and dimensions."""
        changes = fields.header_changes(doc, customer_id, delivery_address_id)
        await self._calls.ordered("PATCH", f"SalesOrders/{order_id}", changes)

    async def delete_draft(self, order_id: str) -> None:
        """Delete a draft. Refused with status 404 where it is no draft (or no longer one)."""
        await self._calls.ordered("DELETE", f"SalesOrders/{order_id}")

    async def sales_orders(self, *, changed_after: datetime | None = None) -> list[DocumentSeen]:
        """Return the drafts and confirmed orders that this integration made, without lines."""
        query = {"onlyCreatedByCurrentIntegration": "true", **changed_since(changed_after)}
        return await self._calls.listed(fields.SALES_ORDERS, query)

    # Invoices and payments

    async def send_invoice(self, order_id: str, wanted: InvoiceWanted) -> None:
        """Ask PowerOffice to make a sales order an invoice and to deliver it as wanted.

        A yes promises nothing but that it is queued: `sent_state` tells what became of it.
        Raises NotAllowed ("may_not_send") where the integration may not send invoices.
        """
        path = f"SalesOrders/{order_id}/createAndSendInvoice"
        await self._calls.ordered("POST", path, fields.send_body(wanted))

    async def sent_state(self, order_id: str) -> SentState | None:
        """Return how far sending has come, or None where PowerOffice knows of none.

        None for an order that was never sent, and perhaps for one whose invoice has another id. A
        single row is the order's whatever its id says: that may be the invoice's, and whether the
        two are the same is not certain. Of several the one that has come furthest counts.
        """
        asked = self._calls.rows_unpaged("SalesOrders/sentState", {"id": order_id})
        rows = await unless_gone(asked) or []
        own = [row for row in rows if row.key("Id").lower() == order_id.lower()]
        if not own and len(rows) > 1:
            rows[0].missing("Id")
        states = [fields.sent_state(row) for row in own or rows]
        return max(states, key=lambda state: (state.sent, state.processing), default=None)

    async def invoices(
        self,
        *,
        matching_references: Sequence[str] = (),
        numbers: Sequence[int] = (),
        customer_numbers: Sequence[int] = (),
        from_date: date | None = None,
        sent_after: datetime | None = None,
    ) -> list[DocumentSeen]:
        """Return the outgoing invoices, whoever sent them, by one of the three lists or none.

        An empty list is no filter. `from_date` is the first invoice date, `sent_after` a moment;
        imported invoices have none. (An invoice that a person sent from a draft of ours does not
        count as made by the integration: that is not asked.)
        """
        query: dict[str, str] = {}
        if from_date is not None:
            query["fromDate"] = from_date.isoformat()
        if sent_after is not None:
            query["sentDateTimeOffsetGreaterThan"] = utc(sent_after)
        lists = {
            "customMatchingReferences": matching_references,
            "invoiceNos": numbers,
            "customerNos": customer_numbers,
        }
        for name, values in lists.items():
            if values:
                asked = list(dict.fromkeys(map(str, values)))
                return await self._calls.in_parts(fields.INVOICES, name, asked, query)
        return await self._calls.listed(fields.INVOICES, query)

    async def invoice_lines(self, invoice_id: str) -> tuple[LineSeen, ...]:
        """Return the lines of an outgoing invoice, by its own id; an imported one has none."""
        path = f"OutgoingInvoices/{invoice_id}/Lines"
        lines = await unless_gone(self._calls.listed(fields.INVOICE_LINES, path=path)) or []
        return tuple(sorted(lines, key=lambda line: line.sort_order))

    async def create_voucher(self, doc: Voucher) -> VoucherSeen:
        """Post a bank or cash voucher; a cash voucher's lines can't name their invoices.

        Raises NotAllowed ("may_not_post_vouchers") where the integration may not post them, and
        ValueError, before anything leaves, for a voucher that does not balance.
        """
        body = fields.voucher_body(doc)
        return await self._calls.made(fields.VOUCHERS, body, _JOURNALS[doc.kind])

    async def ledger(
        self, *, from_date: date, to_date: date, matching_references: Sequence[str]
    ) -> list[LedgerEntrySeen]:
        """Return the customers' entries of these references, posted from one day to another.

        Both days count. Amounts are in the currency that was posted. No references, no request.
        Raises NotAllowed ("may_not_read_ledger") where the integration may not read the ledger.
        """
        wanted = dict.fromkeys(matching_references)
        days = {"fromDate": from_date.isoformat(), "toDate": to_date.isoformat()}
        listed = await self._calls.in_parts(
            fields.LEDGER_ENTRIES, "customMatchingReferences", list(wanted), days
        )
        # What the filter makes of an entry that only shares a match with them is not described.
        return [seen for seen in listed if seen.matching_reference in wanted]


def _spellings(digits: str) -> list[str]:
    """Return the ways people write it: how the filter compares is not documented."""
    spaced = " ".join((digits[:3], digits[3:6], digits[6:]))
    endings = (f"NO{digits}MVA", f"{digits}MVA", f"{spaced} MVA", f"NO {spaced} MVA")
    return [digits, spaced, *endings]
