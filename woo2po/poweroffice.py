"""The client of PowerOffice Go API v2: documents in, what PowerOffice has of them out.

It alone knows, with the poweroffice_* files below it, how things are spelled there. Reads may be
repeated and are; a write is tried once, and whoever calls it decides after NoAnswer.

poweroffice_token.py      the access token
poweroffice_calls.py      JSON, paging, rights
poweroffice_rows.py       one object of an answer
poweroffice_fields.py     answers -> values, and the catalogue
poweroffice_bodies.py     documents -> requests
poweroffice_customers.py  look-up of customers

Source: PowerOffice facts, sections 1 to 7 and 12; the interface description.
"""

import asyncio
import time
from collections.abc import Collection, Sequence
from datetime import date, datetime

import httpx

from woo2po.catalogue import VatCode
from woo2po.documents import (
    Customer,
    CustomerSeen,
    DeliveryAddressSeen,
    DocumentSeen,
    DraftSeen,
    LineSeen,
    OrderLine,
    PostalAddress,
    ProductWanted,
    SalesOrder,
)
from woo2po.poweroffice_bodies import (
    delivery_address_body,
    header_changes,
    line_body,
    line_changes,
    product_body,
    sales_order_body,
)
from woo2po.poweroffice_calls import Calls, chunks, utc
from woo2po.poweroffice_customers import Customers
from woo2po.poweroffice_fields import (
    ACCOUNT_FIELDS,
    DELIVERY_ADDRESS_FIELDS,
    GROUP_FIELDS,
    INVOICE_FIELDS,
    PRODUCT_FIELDS,
    SALES_ORDER_FIELDS,
    VAT_CODE_FIELDS,
    AccountSeen,
    GroupSeen,
    ProductSeen,
    account_seen,
    delivery_address_seen,
    draft_seen,
    group_seen,
    invoice_listed,
    line_seen,
    product_seen,
    sales_order_listed,
    vat_code,
)
from woo2po.poweroffice_token import Token
from woo2po.transport import Clock, Refused, Sleep, Transport


class PowerOffice:
    """One company in PowerOffice Go, as one integration sees it.

    Every method raises RemoteError's kinds as transport.py names them: reads NeverLeft or
    NoAnswer when they can't be read, writes NoAnswer as soon as they may have been carried
    out; Refused with PowerOffice's words; CannotLogIn; NotUnderstood.
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
    ) -> None:
        self._token = Token(
            http,
            url=token_url,
            application_key=application_key,
            client_key=client_key,
            subscription_key=subscription_key,
            now=now,
        )
        self._transport = Transport(
            http,
            system="poweroffice",
            requests_per_second=requests_per_second,
            auth=self._token,
            sleep=sleep,
            now=now,
        )
        self._calls = Calls(http, self._transport, base_url)
        self._customers = Customers(self._calls)

    @property
    def server_time(self) -> datetime | None:
        """The newest `Date` header seen; PowerOffice's clock, not ours."""
        return self._transport.server_time

    @property
    def client_id(self) -> str:
        """The company's id, known after `log_in`."""
        return self._token.client_id

    @property
    def client_name(self) -> str:
        """The company's name, known after `log_in`."""
        return self._token.client_name

    @property
    def privileges(self) -> frozenset[str]:
        """The rights of the integration, such as "SalesOrders_Full"; known after `log_in`."""
        return self._token.privileges

    @property
    def may_send_invoices(self) -> bool | None:
        """Whether the integration may send invoices, a right of its own; None if not said."""
        return self._token.may_send_invoices

    @property
    def newer_filters(self) -> bool:
        """Whether customers can be asked for by organisation number and e-mail."""
        return self._customers.newer_filters

    @newer_filters.setter
    def newer_filters(self, known: bool) -> None:
        self._customers.newer_filters = known

    async def log_in(self) -> None:
        """Fetch a token now and learn which company it is for."""
        await self._transport.read(self._token.request())
        if not self._token.client_id:
            row = await self._calls.row("ClientIntegrationInformation")
            self._token.client_id = row.key("ClientId")
            self._token.client_name = row.text("ClientName")
            self._token.privileges = frozenset(row.texts("ValidPrivileges"))
            self._token.may_send_invoices = row.flag("AllowSendInvoice")

    # What the company offers

    async def vat_codes(self) -> list[VatCode]:
        """Return the active VAT codes."""
        rows = await self._calls.rows("VatCodes", VAT_CODE_FIELDS, {"isActive": "true"})
        return [vat_code(row) for row in rows]

    async def accounts(self) -> list[AccountSeen]:
        """Return the general ledger accounts."""
        rows = await self._calls.rows("GeneralLedgerAccounts", ACCOUNT_FIELDS)
        return [account_seen(row) for row in rows]

    async def product_groups(self, changed_after: datetime | None = None) -> list[GroupSeen]:
        """Return the product groups, or those changed after a moment."""
        rows = await self._calls.rows("ProductGroups", GROUP_FIELDS, _changed_after(changed_after))
        return [group_seen(row) for row in rows]

    async def products(self, changed_after: datetime | None = None) -> list[ProductSeen]:
        """Return the products, or those changed after a moment; deleted ones are never listed."""
        rows = await self._calls.rows("Products", PRODUCT_FIELDS, _changed_after(changed_after))
        return [product_seen(row) for row in rows]

    async def create_product(self, doc: ProductWanted) -> ProductSeen:
        """Create a product."""
        return product_seen(await self._calls.post("Products", product_body(doc)))

    async def lock_date(self) -> date | None:
        """Return the day up to which, inclusive, nothing can be posted; None if none is locked."""
        return (await self._calls.row("LockDateSettings")).day_or_none("LockDate")

    # Customers

    async def customers(
        self,
        *,
        organization_numbers: Collection[str] = (),
        emails: Collection[str] = (),
        numbers: Collection[int] = (),
    ) -> list[CustomerSeen]:
        """Return the customers that have one of these, archived ones too.

        Organisation numbers are compared by their digits, e-mails without case.
        """
        return await self._customers.find(organization_numbers, emails, numbers)

    async def customers_changed_since(self, moment: datetime) -> list[CustomerSeen]:
        """Return the customers changed after a moment."""
        return await self._customers.changed_since(moment)

    async def customer_by_reference(self, reference: str) -> CustomerSeen | None:
        """Return the customer with this ExternalImportReference, or None."""
        return await self._customers.by_reference(reference)

    async def create_customer(self, doc: Customer) -> CustomerSeen:
        """Create a customer."""
        return await self._customers.create(doc)

    async def delivery_addresses(self, contact_ids: Collection[int]) -> list[DeliveryAddressSeen]:
        """Return the delivery addresses of these customers (their ids, not their numbers)."""
        return [
            delivery_address_seen(row)
            for part in chunks([str(contact_id) for contact_id in sorted(set(contact_ids))])
            for row in await self._calls.rows(
                "ContactDeliveryAddresses", DELIVERY_ADDRESS_FIELDS, {"contactIds": part}
            )
        ]

    async def create_delivery_address(
        self, contact_id: int, address: PostalAddress, external_code: str
    ) -> DeliveryAddressSeen:
        """Create a delivery address. A customer's first one becomes the default of new orders."""
        body = delivery_address_body(address, external_code)
        return delivery_address_seen(
            await self._calls.post(f"ContactDeliveryAddresses/{contact_id}", body)
        )

    # Sales orders

    async def create_sales_order(
        self, doc: SalesOrder, customer_id: int, delivery_address_id: int | None
    ) -> DraftSeen:
        """Create a draft with all its lines; return it with the amounts that PowerOffice made."""
        body = sales_order_body(doc, customer_id, delivery_address_id)
        return draft_seen(await self._calls.post("SalesOrders/Complete", body))

    async def draft(self, order_id: str) -> DraftSeen | None:
        """Return a sales order with its lines, or None where it is none (or no longer one)."""
        try:
            return draft_seen(await self._calls.row(f"SalesOrders/{order_id}/Complete"))
        except Refused as refused:
            if refused.status != httpx.codes.NOT_FOUND:
                raise
            return None

    async def add_line(self, order_id: str, line: OrderLine, sort_order: int) -> LineSeen:
        """Add a line to a draft."""
        path = f"SalesOrders/{order_id}/Lines"
        return line_seen(await self._calls.post(path, line_body(line, sort_order)))

    async def change_line(
        self, order_id: str, line_id: str, line: OrderLine, sort_order: int
    ) -> None:
        """Make a line what it should be. Its reference and kind can't be changed."""
        path = f"SalesOrders/{order_id}/Lines/{line_id}"
        await self._calls.patch(path, line_changes(line, sort_order))

    async def delete_line(self, order_id: str, line_id: str) -> None:
        """Take a line out of a draft."""
        await self._calls.delete(f"SalesOrders/{order_id}/Lines/{line_id}")

    async def change_header(
        self,
        order_id: str,
        doc: SalesOrder,
        customer_id: int,
        delivery_address_id: int | None,
    ) -> None:
        """Make a draft's header what it should be, all but its reference and dimensions."""
        changes = header_changes(doc, customer_id, delivery_address_id)
        await self._calls.patch(f"SalesOrders/{order_id}", changes)

    async def delete_draft(self, order_id: str) -> None:
        """Delete a draft. Refused with status 404 where it is no draft (or no longer one)."""
        await self._calls.delete(f"SalesOrders/{order_id}")

    async def sales_orders(self, *, changed_after: datetime | None = None) -> list[DocumentSeen]:
        """Return the drafts and confirmed orders that this integration made, without lines."""
        query = {"onlyCreatedByCurrentIntegration": "true", **_changed_after(changed_after)}
        rows = await self._calls.rows("SalesOrders", SALES_ORDER_FIELDS, query)
        return [sales_order_listed(row) for row in rows]

    async def invoices(
        self, *, matching_references: Sequence[str] = (), from_date: date | None = None
    ) -> list[DocumentSeen]:
        """Return outgoing invoices, whoever sent them, dated from a day on if one is given.

        With matching references only those invoices; without, all. (An invoice that a person
        sent from a draft of ours does not count as made by the integration: that is not asked.)
        """
        since = {"fromDate": from_date.isoformat()} if from_date else {}
        parts = chunks(matching_references) if matching_references else [""]
        queries = [{"customMatchingReferences": part} if part else {} for part in parts]
        return [
            invoice_listed(row)
            for query in queries
            for row in await self._calls.rows("OutgoingInvoices", INVOICE_FIELDS, since | query)
        ]


def _changed_after(moment: datetime | None) -> dict[str, str]:
    return {} if moment is None else {"lastChangedDateTimeOffsetGreaterThan": utc(moment)}
