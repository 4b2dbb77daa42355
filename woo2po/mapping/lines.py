"""Goods, freight and fees as lines at list price; discounts stand on lines of their own."""

from decimal import Decimal

from woo2po.mapping import gift_cards
from woo2po.mapping.texts import GIFT_CARD_TEXT, GIFT_CARD_USED_TEXT
from woo2po.mapping.values import Carrier, Entry, Part, Room
from woo2po.mapping.vat import Chooser
from woo2po.settings import Settings


def entry_of(part: Part, settings: Settings, chooser: Chooser) -> Entry:
    """Return the line of the sales order for a part of a shop's line, kept also at 0 kr.

    Raises Stopped (a Hold) where no product carries it.
    """
    carrier = _carrier(part, settings, chooser)
    net, gross = list_price(part)
    return Entry(
        reference=part.reference,
        text=_text(part, settings),
        carrier=carrier,
        quantity=abs(part.line.quantity) or Decimal(1),
        net=net,
        gross=gross,
        room=Room.NONE if _is_card(part, settings) else Room.WITHIN_ORE,
    )


def list_price(part: Part) -> tuple[Decimal, Decimal]:
    """Return net and gross before discounts.

    A line that costs more than its list price, as when somebody raised it by hand, or that
    lowers the order, has no discount: its price is what was paid.
    """
    if is_discounted(part):
        return part.list_net, part.list_net + part.list_vat
    return part.net, part.net + part.vat


def is_discounted(part: Part) -> bool:
    """Tell whether the line was sold below its list price."""
    return part.list_net > 0 and part.net < part.list_net


def _is_card(part: Part, settings: Settings) -> bool:
    return gift_cards.is_sold(part.line, settings) or gift_cards.is_used(part, settings)


def _carrier(part: Part, settings: Settings, chooser: Chooser) -> Carrier:
    line, free = part.line, not part.net and not part.list_net
    if gift_cards.is_sold(line, settings):
        gift_cards.check_sold(part)
    if _is_card(part, settings):
        return chooser.without_vat(gift_cards.KEY, settings.gift_cards.product)
    if line.kind == "product":
        return chooser.goods(line.sku, line.name, part.rate, free=free)
    key = "shipping" if line.kind == "shipping" else "fees"
    own = settings.shipping if line.kind == "shipping" else settings.fees
    return chooser.service(key, own.product, own.product_by_rate, part.rate, free=free)


def _text(part: Part, settings: Settings) -> str:
    line = part.line
    if line.kind == "shipping":
        return settings.shipping.description or line.name
    if line.kind == "product":
        return line.name or line.sku
    if gift_cards.is_named(line, settings):
        return GIFT_CARD_USED_TEXT if part.net < 0 else GIFT_CARD_TEXT
    return settings.fees.description or line.name
