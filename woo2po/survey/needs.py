"""Which products the shop's orders need in PowerOffice, per VAT rate, and which are there. Pure.

The orders are read by the mapping itself, so that what is found here is what a run will meet.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from woo2po.catalogue import Catalogue
from woo2po.config import Settings
from woo2po.holds import Hold
from woo2po.mapping.lines import GIFT_CARD_KEY, Sale, is_card, is_discounted, sale_of
from woo2po.mapping.values import Carrier, Part, Rate, Stopped
from woo2po.mapping.vat import Chooser
from woo2po.money import ZERO
from woo2po.order import Order


class Role(StrEnum):
    """What a product is for; the value is the section of the configuration that names it."""

    GOODS = "products"
    FREIGHT = "shipping"
    DISCOUNT = "discounts"
    FEE = "fees"
    GIFT_CARD = "gift_cards"
    ROUNDING = "rounding"  # a key of [products]


@dataclass(frozen=True, slots=True)
class Need:
    """A product of a role that carries a VAT rate, and how many of the orders need it.

    `GOODS` are lines whose SKU PowerOffice does not know, or knows at another rate only.
    """

    role: Role
    rate: Rate
    orders: int


def needs_of(orders: Iterable[Order], settings: Settings, catalogue: Catalogue) -> list[Need]:
    """Return what these orders need, by role, the higher rates first.

    An order whose amounts do not say what it sold needs nothing here: it will be held for that.
    A product for rounding is always needed.
    """
    counted: Counter[tuple[Role, Rate]] = Counter()
    for order in orders:
        counted.update(set(_of_order(order, settings, catalogue)))
    needs = [Need(role, rate, n) for (role, rate), n in counted.items()]
    needs.append(Need(Role.ROUNDING, Rate(ZERO), 0))
    roles = list(Role)
    return sorted(needs, key=lambda n: (roles.index(n.role), n.rate.country, -n.rate.percent))


def carrier_of(need: Need, settings: Settings, catalogue: Catalogue) -> Carrier | Hold:
    """Return the product and account that carry what is needed, or why none does."""
    chooser = Chooser(settings, catalogue)
    try:
        return _carrier(need, settings, chooser)
    except Stopped as stopped:
        return stopped.as_hold()


def _carrier(need: Need, settings: Settings, chooser: Chooser) -> Carrier:
    match need.role:
        case Role.GOODS:
            return chooser.amount("-", need.rate)
        case Role.ROUNDING:
            return chooser.without_vat("products.rounding", settings.products.rounding)
        case Role.GIFT_CARD:
            return chooser.without_vat(GIFT_CARD_KEY, settings.gift_cards.product)
        case Role.FREIGHT | Role.DISCOUNT | Role.FEE:
            section = getattr(settings, need.role.value)
            key, by_rate = need.role.value, section.product_by_rate
            return chooser.service(key, section.product, by_rate, need.rate)


def _of_order(
    order: Order, settings: Settings, catalogue: Catalogue
) -> Iterator[tuple[Role, Rate]]:
    try:
        sale = sale_of(order, settings, catalogue)
    except Stopped:
        return
    chooser = Chooser(settings, catalogue)
    for part in sale.parts:
        role = _role(part, settings, chooser)
        if role is not None:
            yield role, Rate(ZERO) if role is Role.GIFT_CARD else part.rate
    yield from _beside_the_lines(sale, settings)


def _role(part: Part, settings: Settings, chooser: Chooser) -> Role | None:
    line = part.line
    if is_card(part, settings):
        return Role.GIFT_CARD
    if line.kind == "product":
        return None if _is_known(part, chooser) else Role.GOODS
    return Role.FREIGHT if line.kind == "shipping" else Role.FEE


def _is_known(part: Part, chooser: Chooser) -> bool:
    """Tell whether the SKU's own product in PowerOffice carries the line."""
    try:
        return chooser.goods(part.line.sku, "-", part.rate).product_code == part.line.sku
    except Stopped:
        return False


def _beside_the_lines(sale: Sale, settings: Settings) -> Iterator[tuple[Role, Rate]]:
    if sale.cards:
        yield Role.GIFT_CARD, Rate(ZERO)
    for part in sale.parts:
        if is_discounted(part):
            transferred = settings.discounts.transfer_vat
            yield Role.DISCOUNT, part.rate if transferred else Rate(ZERO)
