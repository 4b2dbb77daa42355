"""The shop as its newest orders show it: what is in use there, and how often.

Nobody's name or address is kept beside the orders themselves, which live as long as the command.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from stdnum.no import orgnr

from woo2po.order import Order
from woo2po.woocommerce import Row, Shop
from woo2po.woocommerce.about import Gateway, StatusCount

LOOKED_AT = 300  # orders: a few pages, and enough to meet what the shop does every week

# Plugins that number invoices in the shop (woocommerce/facts.md, "Plugins").
_INVOICE_NUMBERS = frozenset(
    {
        "_wcpdf_invoice_number",
        "_wcpdf_credit_note_number",
        "_bewpi_invoice_number",
        "_wt_pklist_invoice_number",
        "wf_invoice_number",
        "_woocommerce_pdf_invoice_number",
    }
)


@dataclass(frozen=True, slots=True)
class MethodInUse:
    """A payment method by its id, with the title that customers see; `enabled` where told."""

    id: str
    title: str
    orders: int
    enabled: bool | None = None


@dataclass(frozen=True, slots=True)
class Used:
    """Something that orders have (a meta key, a currency), and how many have it."""

    name: str
    orders: int


@dataclass(frozen=True, slots=True)
class ShopSurvey:
    """What a shop has in use, as its newest orders and its own settings tell."""

    name: str
    zone: str
    statuses: tuple[StatusCount, ...]
    methods: tuple[MethodInUse, ...]
    org_number_fields: tuple[Used, ...]
    invoice_number_fields: tuple[Used, ...]
    currencies: tuple[Used, ...]
    orders: tuple[Order, ...]
    unreadable: int


async def survey_shop(shop: Shop, looked_at: int = LOOKED_AT) -> ShopSurvey:
    """Read what the shop has in use. Raises RemoteError, by the orders first: keys are tried so."""
    return await survey_of(shop, await shop.newest(looked_at))


async def survey_of(shop: Shop, rows: Sequence[Row]) -> ShopSurvey:
    """Return what the shop has in use, as these orders of it show. Raises RemoteError."""
    about = shop.about
    site = await about.site()
    return surveyed(
        rows,
        name=site.name,
        zone=site.zone,
        statuses=await about.statuses(),
        gateways=await about.gateways(),
    )


def surveyed(
    rows: Sequence[Row],
    *,
    name: str = "",
    zone: str = "",
    statuses: Sequence[StatusCount] = (),
    gateways: Sequence[Gateway] = (),
) -> ShopSurvey:
    """Return what these orders, the newest first, and the shop's own settings come to."""
    orders = tuple(row for row in rows if isinstance(row, Order))
    return ShopSurvey(
        name=name,
        zone=zone,
        statuses=tuple(statuses) or _statuses_of(orders),
        methods=_methods(orders, gateways),
        org_number_fields=_used(_org_number_fields(order) for order in orders),
        invoice_number_fields=_used(_keys(order) & _INVOICE_NUMBERS for order in orders),
        currencies=_used({order.currency} for order in orders),
        orders=orders,
        unreadable=len(rows) - len(orders),
    )


def _used(named: Iterable[set[str]]) -> tuple[Used, ...]:
    """Return the names that orders have, those of the most orders first."""
    counted = Counter(name for names in named for name in names if name)
    return tuple(Used(*pair) for pair in sorted(counted.items(), key=lambda p: (-p[1], p[0])))


def _statuses_of(orders: Sequence[Order]) -> tuple[StatusCount, ...]:
    counted = Counter(order.status for order in orders)
    return tuple(StatusCount(slug, slug, n) for slug, n in counted.most_common())


def _methods(orders: Sequence[Order], gateways: Sequence[Gateway]) -> tuple[MethodInUse, ...]:
    """Return the methods that orders were paid by, and those that are switched on."""
    counted = Counter(order.payment_method for order in orders if order.payment_method)
    # The newest order's title is the one that customers see today.
    titles = {order.payment_method: order.payment_method_title for order in reversed(orders)}
    known = {gateway.id: gateway for gateway in gateways}
    ids = [*counted, *(g.id for g in gateways if g.enabled and g.id not in counted)]
    methods = [
        MethodInUse(
            id_,
            titles.get(id_) or (known[id_].title if id_ in known else ""),
            counted[id_],
            known[id_].enabled if id_ in known else None,
        )
        for id_ in ids
    ]
    return tuple(sorted(methods, key=lambda method: (-method.orders, method.id)))


def _org_number_fields(order: Order) -> set[str]:
    """Return the meta keys that hold a valid organisation number, whatever they are called."""
    return {
        meta.key
        for meta in order.meta_data
        if isinstance(meta.value, str | int) and _is_org_number(str(meta.value))
    }


def _is_org_number(text: str) -> bool:
    # A number of nine digits may be anything; one in ten of them has the right check digit, so
    # the key is offered, never taken.
    return len(text) <= 20 and orgnr.is_valid(text.upper().removeprefix("NO").removesuffix("MVA"))


def _keys(order: Order) -> set[str]:
    return {meta.key for meta in order.meta_data}
