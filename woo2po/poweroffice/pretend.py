"""PowerOffice as it would be after a run: reads pass through, writes are only pretended.

A dry run is a run with this client. What it pretends to make has ids and numbers below 0, which
PowerOffice never gives, and shows in what is read of it afterwards.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from woo2po.documents import (
    Customer,
    CustomerSeen,
    DeliveryAddressSeen,
    DocumentSeen,
    DraftSeen,
    InvoiceWanted,
    LineSeen,
    OrderLine,
    PostalAddress,
    ProductWanted,
    SalesOrder,
    Voucher,
    VoucherSeen,
)
from woo2po.money import ZERO, round_ore
from woo2po.poweroffice import PowerOffice
from woo2po.poweroffice.fields import DRAFT, ProductSeen, header_of


class PretendingPowerOffice(PowerOffice):
    """A company in PowerOffice Go that is read and never written to."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._last = 0
        self._customers: dict[int, CustomerSeen] = {}
        self._products: list[ProductSeen] = []
        self._drafts: dict[str, DraftSeen | None] = {}  # as they would stand; None: gone
        self.pretended_invoices: list[DocumentSeen] = []

    def _next(self) -> int:
        self._last -= 1
        return self._last

    async def create_customer(self, doc: Customer) -> CustomerSeen:
        """Return the customer that would be made."""
        number, email = self._next(), doc.email.lower()
        made = CustomerSeen(
            id=number, number=number, subledger_account_id=number, is_person=doc.is_person,
            is_archived=False, reference=doc.reference, email=email,
            organization_number=doc.organization_number,
        )  # fmt: skip
        self._customers[made.id] = made
        return made

    async def customer(self, customer_id: int) -> CustomerSeen | None:
        """Return a customer by id."""
        made = self._customers.get(customer_id)
        return made or await super().customer(customer_id)

    async def delivery_addresses(self, contact_ids: Collection[int]) -> list[DeliveryAddressSeen]:
        """Return the delivery addresses of customers: one that would be made has none yet."""
        there = [contact for contact in contact_ids if contact > 0]
        return await super().delivery_addresses(there) if there else []

    async def create_delivery_address(
        self,
        customer_id: int,
        address: PostalAddress,  # noqa: ARG002 (as the client that it stands for)
        external_code: str,
    ) -> DeliveryAddressSeen:
        """Return the delivery address that would be made."""
        return DeliveryAddressSeen(self._next(), customer_id, external_code)

    async def create_product(self, doc: ProductWanted) -> ProductSeen:
        """Return the product that would be made."""
        made = ProductSeen(self._next(), doc.code, False, doc.account_id, None, None, doc.name)
        self._products.append(made)
        return made

    async def products(self, changed_after: datetime | None = None) -> list[ProductSeen]:
        """Return the products, those that would be made among them."""
        return [*await super().products(changed_after), *self._products]

    async def create_sales_order(
        self, doc: SalesOrder, customer_id: int, delivery_address_id: int | None
    ) -> DraftSeen:
        """Return the draft that would be made: equal to what is wanted."""
        number = self._next()
        made = DraftSeen(
            id=f"new{number}", number=number, reference=doc.reference, status="Draft",
            total=doc.amounts.total, net=doc.amounts.total - sum(doc.amounts.vat.values()),
            lines=tuple(_line(line, place) for place, line in enumerate(doc.lines)),
            **DRAFT.ours(header_of(doc, customer_id, delivery_address_id)),
        )  # fmt: skip
        self._drafts[made.id] = made
        return made

    async def draft(self, order_id: str) -> DraftSeen | None:
        """Return a draft with its lines, as it would stand."""
        if order_id in self._drafts:
            return self._drafts[order_id]
        return await super().draft(order_id)

    async def add_line(self, order_id: str, line: OrderLine, sort_order: int) -> LineSeen:
        """Pretend to add a line to a draft."""
        made = _line(line, sort_order)
        await self._change_lines(order_id, "", made)
        return made

    async def change_line(
        self, order_id: str, line_id: str, line: OrderLine, sort_order: int
    ) -> None:
        """Pretend to change a line of a draft."""
        await self._change_lines(order_id, line_id, _line(line, sort_order))

    async def delete_line(self, order_id: str, line_id: str) -> None:
        """Pretend to take a line from a draft."""
        await self._change_lines(order_id, line_id)

    async def _change_lines(self, order_id: str, without: str, *more: LineSeen) -> None:
        draft = await self.draft(order_id)
        if draft is not None:
            lines = (*(one for one in draft.lines if one.id != without), *more)
            net = sum((line.net or ZERO for line in lines), ZERO)
            total = net + sum(line.vat or ZERO for line in lines)
            self._drafts[order_id] = replace(draft, lines=lines, net=net, total=total)

    async def change_header(
        self, order_id: str, doc: SalesOrder, customer_id: int, delivery_address_id: int | None
    ) -> None:
        """Pretend to change the head of a draft."""
        draft = await self.draft(order_id)
        if draft is not None:
            header = DRAFT.ours(header_of(doc, customer_id, delivery_address_id))
            self._drafts[order_id] = replace(draft, **header)

    async def delete_draft(self, order_id: str) -> None:
        """Pretend to delete a draft."""
        self._drafts[order_id] = None

    async def send_invoice(self, order_id: str, wanted: InvoiceWanted) -> None:
        """Pretend that an invoice is made and sent, at once."""
        draft = await self.draft(order_id)
        self._drafts[order_id] = None
        if draft is not None:
            self.pretended_invoices.append(
                DocumentSeen(
                    id=order_id, reference=draft.reference, order_no=draft.number,
                    matching_reference=draft.matching_reference, invoice_no=self._next(),
                    total=draft.total, balance=draft.total, rate=Decimal(1),
                    customer_id=draft.customer_id, day=wanted.day,
                )
            )  # fmt: skip

    async def invoices(
        self,
        *,
        numbers: Sequence[int] = (),
        matching_references: Sequence[str] = (),
        customer_numbers: Sequence[int] = (),
        **others: Any,
    ) -> list[DocumentSeen]:
        """Return invoices, those that would be made among them."""
        there = [number for number in numbers if number > 0]
        made = [] if customer_numbers else [
            one for one in self.pretended_invoices
            if (not numbers or one.invoice_no in numbers)
            and (not matching_references or one.matching_reference in matching_references)
        ]  # fmt: skip
        if numbers and not there:
            return made
        listed = await super().invoices(
            numbers=there,
            matching_references=matching_references,
            customer_numbers=customer_numbers,
            **others,
        )
        return [*listed, *made]

    async def create_voucher(self, doc: Voucher) -> VoucherSeen:  # noqa: ARG002 (likewise)
        """Return the voucher that would be made."""
        return VoucherSeen(f"new{self._next()}", self._last)


def _line(line: OrderLine, sort_order: int) -> LineSeen:
    """Return a line as it would stand, net and VAT rounded to the øre."""
    net = round_ore(line.quantity * line.unit_price)
    vat = round_ore(net * line.vat_rate / 100)
    return LineSeen(
        id=f"new-{line.reference}", reference=line.reference, kind=line.kind.value,
        description=line.description, product_id=line.product_id, quantity=line.quantity,
        use_standard_account=line.use_standard_account, unit_price=line.unit_price,
        net=net, vat=vat, total=net + vat, vat_rate=line.vat_rate, sort_order=sort_order,
    )  # fmt: skip
