"""The client of PowerOffice Go API v2: documents in, what PowerOffice has of them out.

It alone knows, with the modules beside it, how things are spelled there. Reads may be
repeated and are; a write is tried once, and whoever calls it decides after NoAnswer.

token.py      the access token
calls.py      JSON, paging, rights
rows.py       one object of an answer
fields.py     answers -> values, and the catalogue
bodies.py     documents -> requests
customers.py  look-up of customers
invoices.py   sending, and the invoices that are there
vouchers.py   vouchers and the customer ledger
booked.py     long lists of what is booked
dimensions.py departments, projects, locations

Source: PowerOffice facts, sections 1 to 9 and 12; the interface description.
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
    InvoiceWanted,
    LedgerEntrySeen,
    LineSeen,
    OrderLine,
    PostalAddress,
    ProductWanted,
    SalesOrder,
    SentState,
    Voucher,
    VoucherKind,
    VoucherSeen,
)
from woo2po.http.spacing import Clock, KeyTurns, Sleep
from woo2po.poweroffice.bodies import (
    delivery_address_body,
    header_changes,
    line_body,
    line_changes,
    product_body,
    sales_order_body,
)
from woo2po.poweroffice.booked import Booked
from woo2po.poweroffice.calls import Calls, chunks, utc
from woo2po.poweroffice.customers import Customers
from woo2po.poweroffice.dimensions import Dimensions
from woo2po.poweroffice.fields import (
    ACCOUNT_FIELDS,
    DELIVERY_ADDRESS_FIELDS,
    GROUP_FIELDS,
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
    line_seen,
    lock_date,
    product_seen,
    sales_order_listed,
    vat_code,
)
from woo2po.poweroffice.invoices import Invoices
from woo2po.poweroffice.token import Token
from woo2po.poweroffice.vouchers import Vouchers
from woo2po.transport import Transport


class PowerOffice:
    """One company in PowerOffice Go, as one integration sees it.

    Every method raises RemoteError's kinds as transport.py names them: reads NeverLeft or
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
            shared=shared,
        )
        self._calls = Calls(http, self._transport, base_url)
        self._customers = Customers(self._calls)
        self._invoices = Invoices(self._calls)
        self._vouchers = Vouchers(self._calls)
        self.booked = Booked(self._calls)
        self.dimensions = Dimensions(self._calls)

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
    def invalid_privileges(self) -> frozenset[str]:
        """Rights that were granted, but belong to a module that the company lacks."""
        return self._token.invalid_privileges

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
            self._token.invalid_privileges = frozenset(row.texts("InvalidPrivileges"))
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
        return lock_date(await self._calls.row("LockDateSettings"))

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

    async def customer(self, customer_id: int) -> CustomerSeen | None:
        """Return a customer by its id, or None where there is none."""
        return await self._customers.by_id(customer_id)

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
        row = await self._calls.row_or_none(f"SalesOrders/{order_id}/Complete")
        return None if row is None else draft_seen(row)

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

    # Invoices and payments

    async def send_invoice(self, order_id: str, wanted: InvoiceWanted) -> None:
        """Ask PowerOffice to make a sales order an invoice and to deliver it as wanted.

        A yes promises nothing but that it is queued: `sent_state` tells what became of it.
        Raises NotAllowed ("may_not_send") where the integration may not send invoices.
        """
        await self._invoices.send(order_id, wanted)

    async def sent_state(self, order_id: str) -> SentState | None:
        """Return how far sending has come, or None where PowerOffice knows of none.

        None for an order that was never sent, and perhaps for one whose invoice has another id.
        """
        return await self._invoices.state(order_id)

    async def invoices(
        self,
        *,
        matching_references: Sequence[str] = (),
        numbers: Sequence[int] = (),
        customer_numbers: Sequence[int] = (),
        from_date: date | None = None,
        sent_after: datetime | None = None,
        unpaid_only: bool = False,
    ) -> list[DocumentSeen]:
        """Return the outgoing invoices, whoever sent them, that meet everything that is given.

        With nothing given (or nothing in a list) that filter is not used. `from_date` is the
        first invoice date, `sent_after` a moment; imported invoices have none. (An invoice that
        a person sent from a draft of ours does not count as made by the integration: that is
        not asked.)
        """
        return await self._invoices.listed(
            matching_references=matching_references,
            numbers=numbers,
            customer_numbers=customer_numbers,
            from_date=from_date,
            sent_after=sent_after,
            unpaid_only=unpaid_only,
        )

    async def invoice_lines(self, invoice_id: str) -> tuple[LineSeen, ...]:
        """Return the lines of an outgoing invoice, by its own id; an imported one has none."""
        return await self._invoices.lines(invoice_id)

    async def create_voucher(self, doc: Voucher) -> VoucherSeen:
        """Post a bank or cash voucher; a cash voucher's lines can't name their invoices.

        Raises NotAllowed ("may_not_post_vouchers") where the integration may not post them, and
        ValueError, before anything leaves, for a voucher that does not balance.
        """
        return await self._vouchers.create(doc)

    async def voucher(self, kind: VoucherKind, voucher_id: str) -> VoucherSeen | None:
        """Return a voucher that this integration posted, reversed or not; None for no such one."""
        return await self._vouchers.find(kind, voucher_id)

    async def ledger(
        self, *, from_date: date, to_date: date, matching_references: Sequence[str]
    ) -> list[LedgerEntrySeen]:
        """Return the customers' entries of these references, posted from one day to another.

        Both days count. Amounts are in the currency that was posted. No references, no request.
        Raises NotAllowed ("may_not_read_ledger") where the integration may not read the ledger.
        """
        return await self._vouchers.entries(from_date, to_date, matching_references)


def _changed_after(moment: datetime | None) -> dict[str, str]:
    return {} if moment is None else {"lastChangedDateTimeOffsetGreaterThan": utc(moment)}
