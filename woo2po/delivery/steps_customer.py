"""The steps before an order: its customer, products and delivery address, found or made."""

from dataclasses import replace
from functools import partial
from hashlib import sha256

import structlog

from woo2po.delivery.attempt import personal, tried
from woo2po.delivery.transfer import Held, Transfer
from woo2po.documents import (
    Customer,
    CustomerSeen,
    CustomerSought,
    Documents,
    PostalAddress,
    ProductWanted,
)
from woo2po.holds import Hold
from woo2po.next_step import InHand
from woo2po.record import OrderRecord, WriteKind

log = structlog.get_logger()


async def find_customer(
    t: Transfer, record: OrderRecord, documents: Documents, sought: CustomerSought, in_hand: InHand
) -> InHand:
    """Find the order's customer by our own record or in PowerOffice, or create it."""
    collective = sought.collective_number is not None
    customer_id = None if collective else t.store.customer(sought.customer.reference)
    if customer_id is None:
        await t.directory.look_up([sought], t.go)
        chosen = t.directory.choose(sought)
        if isinstance(chosen, Hold):
            raise Held(chosen)
        customer_id = (chosen or await _create_customer(t, record, sought.customer)).id
        if chosen:
            # The collective customer is remembered too, for its sub-ledger account.
            key = f"number {chosen.number}" if collective else sought.customer.reference
            with t.store.transaction():
                t.store.remember_customer(key, chosen.id, chosen.subledger_account_id)
            # An address that stands there already would be inherited by every order.
            for seen in await t.go.delivery_addresses([chosen.id]):
                code = seen.external_code or f"id {seen.id}"
                t.store.remember_delivery_address(code, chosen.id, seen.id)
            log.info("customer_found", customer=chosen.number)
    own_address = t.store.has_delivery_addresses(customer_id)
    return replace(
        in_hand,
        customer_id=customer_id,
        delivery_needed=documents.sales_order.delivery is not None
        or (own_address and sought.customer.address is not None),
    )


async def _create_customer(t: Transfer, record: OrderRecord, customer: Customer) -> CustomerSeen:
    def remember(seen: CustomerSeen) -> None:
        t.store.remember_customer(customer.reference, seen.id, seen.subledger_account_id)

    call = partial(t.go.create_customer, customer)
    seen = await tried(
        t,
        record,
        WriteKind.CREATE_CUSTOMER,
        customer.reference,
        call,
        remember,
        names=personal(customer),
    )
    t.directory.add([seen])
    log.info("customer_made", customer=seen.number)
    return seen


async def create_product(t: Transfer, record: OrderRecord, product: ProductWanted) -> None:
    """Create a product unless another order of this run has just done so."""
    async with t.product_lock:
        await t.shelf.refresh()  # a person may have made it since the catalogue was read
        if t.shelf.catalogue.product(product.code) is not None:
            return
        await tried(
            t,
            record,
            WriteKind.CREATE_PRODUCT,
            product.code,
            partial(t.go.create_product, product),
            lambda _: None,
        )
        await t.shelf.refresh(again=True)
    log.info("product_made", product=product.code)


async def find_delivery_address(
    t: Transfer, record: OrderRecord, documents: Documents, in_hand: InHand
) -> InHand:
    """Find the delivery address by its code, or create it."""
    customer_id = in_hand.customer_id or 0
    address = documents.sales_order.delivery or documents.customer.customer.address
    assert address is not None  # noqa: S101 (delivery_needed says that there is one)
    code = delivery_code(customer_id, address)
    address_id = t.store.delivery_address(code)
    if address_id is None:
        listed = await t.go.delivery_addresses([customer_id])
        address_id = next((seen.id for seen in listed if seen.external_code == code), None)
        if address_id is not None:
            t.store.remember_delivery_address(code, customer_id, address_id)
    if address_id is None:
        # Should the answer be lost, the customer is known to have an address all the same.
        t.store.remember_delivery_address(code, customer_id, 0)
        made = await tried(
            t,
            record,
            WriteKind.CREATE_DELIVERY_ADDRESS,
            code,
            partial(t.go.create_delivery_address, customer_id, address, code),
            lambda seen: t.store.remember_delivery_address(code, customer_id, seen.id),
            names=personal(documents.customer.customer, address),
        )
        address_id = made.id
    return replace(in_hand, delivery_address_id=address_id)


def delivery_code(customer_id: int, address: PostalAddress) -> str:
    """Return the ExternalCode of a delivery address: a hash, for the code is stored here too."""
    said = "\n".join(
        (
            str(customer_id),
            address.line_1,
            address.line_2,
            address.zip_code,
            address.city,
            address.country,
        )
    ).casefold()
    return "woo2po-" + sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:32]
