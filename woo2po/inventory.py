"""What both systems have in use, read once where a configuration is made or checked.

The shop as its newest orders show it, what is sold in PowerOffice, and which products the orders
need there. Nobody's name or address is kept beside the orders themselves, which live as long as
the command; they are read by the mapping itself, so that what is found here is what a run will
meet.
"""

import asyncio
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from stdnum.no import orgnr

from woo2po.config import Settings
from woo2po.documents import Catalogue
from woo2po.mapping.lines import is_card, is_discounted, named_fee, sale_of
from woo2po.mapping.values import Part, Rate, Stopped
from woo2po.mapping.vat import Chooser
from woo2po.money import ZERO
from woo2po.order import Order
from woo2po.poweroffice import PowerOffice
from woo2po.poweroffice.fields import build_catalogue
from woo2po.woocommerce import PaymentMethod, Row, Shop, StatusCount

LOOKED_AT = 300  # orders: a few pages, and enough to meet what the shop does every week

# Plugins that number invoices in the shop (woocommerce/facts.md, "Plugins").
_INVOICE_NUMBERS = {
    "_wcpdf_invoice_number", "_wcpdf_credit_note_number", "_bewpi_invoice_number",
    "_wt_pklist_invoice_number", "wf_invoice_number", "_woocommerce_pdf_invoice_number",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class MethodInUse:
    """A payment method by its id, with the title that customers see; `enabled` where told."""

    id: str
    title: str
    orders: int
    enabled: bool | None = None


@dataclass(frozen=True, slots=True)
class ShopInventory:
    """What a shop has in use, as its newest orders and its own settings tell."""

    name: str
    zone: str
    statuses: tuple[StatusCount, ...]
    methods: tuple[MethodInUse, ...]
    org_number_fields: dict[str, int]  # orders that have them, by meta key, the most used first
    invoice_number_fields: dict[str, int]
    orders: tuple[Order, ...]


async def inventory_of(shop: Shop, rows: Sequence[Row]) -> ShopInventory:
    """Return what the shop has in use, as these orders of it show. Raises RemoteError."""
    site = await shop.site()
    statuses, gateways = await shop.counted_statuses(), await shop.gateways()
    orders = tuple(row for row in rows if isinstance(row, Order))
    counted = Counter(order.status for order in orders).most_common()
    return ShopInventory(
        name=site.name,
        zone=site.zone,
        statuses=tuple(statuses or (StatusCount(slug, slug, n) for slug, n in counted)),
        methods=_methods(orders, gateways),
        org_number_fields=_used(_org_number_fields(order) for order in orders),
        invoice_number_fields=_used(
            {meta.key for meta in order.meta_data} & _INVOICE_NUMBERS for order in orders
        ),
        orders=orders,
    )


def _used(named: Iterable[set[str]]) -> dict[str, int]:
    counted = Counter(name for names in named for name in names if name)
    return dict(sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])))


def _methods(orders: Sequence[Order], gateways: Sequence[PaymentMethod]) -> tuple[MethodInUse, ...]:
    counted = Counter(order.payment_method for order in orders if order.payment_method)
    # The newest order's title is the one that customers see today.
    titles = {one.id: one.title for one in gateways}
    titles |= {o.payment_method: t for o in reversed(orders) if (t := o.payment_method_title)}
    enabled = {one.id: one.enabled for one in gateways}
    ids = {*counted, *(one for one, is_on in enabled.items() if is_on)}
    methods = (MethodInUse(i, titles.get(i, ""), counted[i], enabled.get(i)) for i in ids)
    return tuple(sorted(methods, key=lambda method: (-method.orders, method.id)))


def _org_number_fields(order: Order) -> set[str]:
    """Return the meta keys that hold a valid organisation number, whatever they are called.

    A number of nine digits may be anything, and one in ten has the right check digit: the key is
    offered, never taken.
    """
    said = {meta.key: str(meta.value) for meta in order.meta_data
            if isinstance(meta.value, str | int)}  # fmt: skip
    plain = {key: text.upper().removeprefix("NO").removesuffix("MVA") for key, text in said.items()}
    return {key for key, text in plain.items() if len(text) <= 20 and orgnr.is_valid(text)}


async def catalogue_of(go: PowerOffice) -> Catalogue:
    """Return what is sold and on which accounts, and up to which day the books are closed."""
    products, groups, accounts, vat_codes, lock_date = await asyncio.gather(
        go.products(), go.product_groups(), go.accounts(), go.vat_codes(), go.lock_date()
    )
    return build_catalogue(products, groups, accounts, vat_codes, lock_date)


class Role(StrEnum):
    """What a product is for; the value is the section of the configuration that names it."""

    GOODS = "products"
    FREIGHT = "shipping"
    DISCOUNT = "discounts"
    FEE = "fees"
    GIFT_CARD = "gift_cards"
    ROUNDING = "rounding"  # a key of [products]


Need = tuple[Role, Rate]
Needs = dict[Need, int]


def needs_of(orders: Iterable[Order], settings: Settings, catalogue: Catalogue) -> Needs:
    """Return what these orders need a product for, by role, the higher rates first, and how many of
    them do. `GOODS` are lines whose SKU PowerOffice does not know, or knows at another rate only.

    An order whose amounts do not say what it sold needs nothing here: it will be held for that.
    A product for rounding is always needed.
    """
    counted = Counter({(Role.ROUNDING, Rate(ZERO)): 0})
    for order in orders:
        counted.update(set(_of_order(order, settings, catalogue)))
    roles = list(Role)
    ordered = sorted(counted, key=lambda it: (roles.index(it[0]), it[1].country, -it[1].percent))
    return {need: counted[need] for need in ordered}


def _of_order(order: Order, settings: Settings, catalogue: Catalogue) -> Iterator[Need]:
    chooser = Chooser(settings, catalogue)
    try:
        sale = sale_of(order, chooser)
    except Stopped:
        return
    for part in sale.parts:
        if role := _role(part, settings, chooser):
            yield role, Rate(ZERO) if role is Role.GIFT_CARD else part.rate
        if is_discounted(part):
            yield Role.DISCOUNT, part.rate if settings.discounts.transfer_vat else Rate(ZERO)
    if sale.cards:
        yield Role.GIFT_CARD, Rate(ZERO)


def _role(part: Part, settings: Settings, chooser: Chooser) -> Role | None:
    """Return what a line needs; None where its SKU's own product, or a fee's own, carries it."""
    line = part.line
    if is_card(part, settings):
        return Role.GIFT_CARD
    if line.kind != "product":
        other = None if named_fee(line, settings) else Role.FEE
        return Role.FREIGHT if line.kind == "shipping" else other
    try:
        own = chooser.goods(line.sku, "-", part.rate).product_code == line.sku
    except Stopped:
        own = False
    return None if own else Role.GOODS
