"""The references by which people and machines recognise an order, a customer and a shop."""

import re
from hashlib import sha256

from woo2po.config import Settings, shop_at
from woo2po.documents import DocumentSeen
from woo2po.order import Order

LONGEST_REFERENCE = 50  # poweroffice/facts.md, "References"
LARGEST_NUMBER = 2**63 - 1  # ImportedOrderNo is an int64


def shop_hash(settings: Settings) -> str:
    """Return ten characters that tell shops apart; they stay when a shop moves."""
    return hash_of(settings.first_address)


def hash_of(address: str) -> str:
    """Return the ten characters of a shop that was at an address first."""
    return short_hash(shop_at(address))[:10]


def short_hash(text: str) -> str:
    """Return twenty characters that tell texts apart and do not show them."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:20]


def sales_order_reference(settings: Settings, order_id: int) -> str:
    """Return the ExternalImportReference for an order that has none yet: prefix and id."""
    return f"{settings.orders.number_prefix}{order_id}"[:LONGEST_REFERENCE]


def matching_reference(settings: Settings, order_id: int) -> str:
    """Return the CustomMatchingReference of an order: the same whatever the prefix is."""
    return f"woo-{shop_hash(settings)}-{order_id}"


def of_generation(settings: Settings, order_id: int, generation: int) -> tuple[str, str]:
    """Return reference and matching reference of an order that came back so many times, less one.

    What was deleted or credited keeps its references; what comes after it gets others.
    """
    again = "" if generation == 1 else f"-{generation}"
    own = sales_order_reference(settings, order_id), matching_reference(settings, order_id)
    return own[0] + again, own[1] + again


def refund_reference(reference: str, refund_id: int) -> str:
    """Return the reference of a refund's credit note, from its order's."""
    return f"{reference}-r{refund_id}"[:LONGEST_REFERENCE]


def generation_after(matching_reference: str, seen: DocumentSeen) -> int:
    """Return the generation that an order is in, to judge by one of its documents.

    `matching_reference` is the order's own, of its first generation. The credit note of a whole
    invoice ends a generation.
    """
    rest = seen.matching_reference.removeprefix(matching_reference)
    later = re.match(r"-(\d+)", rest)
    return (int(later[1]) if later else 1) + credits_whole(seen)


def credits_whole(seen: DocumentSeen) -> bool:
    """Tell whether a document is the credit note of an order that was off after its invoice."""
    return seen.reference.endswith("-c") and seen.invoice_no is not None


def shown_number(order: Order, settings: Settings) -> str:
    """Return the order number as people see it in PowerOffice: prefix and number."""
    number = " ".join(order.number.split()) or str(order.id)
    return f"{settings.orders.number_prefix}{number}"[:LONGEST_REFERENCE]


def imported_order_no(order: Order) -> int | None:
    """Return the order's number where it is a plain whole number, else None."""
    number = order.number
    if not (number.isascii() and number.isdecimal()) or str(int(number)) != number:
        return None
    return int(number) if 0 < int(number) <= LARGEST_NUMBER else None
