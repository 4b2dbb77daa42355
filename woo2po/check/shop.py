"""Judging the shop: what it is, what is in use there, and what of it the configuration lacks."""

from collections.abc import Iterable, Iterator

from woo2po.check.finding import (
    Finding,
    fine,
    holding,
    listed,
    out_of_reach,
    told,
    warning,
    wrong,
)
from woo2po.check.reading import ShopRead
from woo2po.holds import Hold, Skip
from woo2po.mapping import eligible
from woo2po.mapping.eligible import stop_what_is_special
from woo2po.mapping.values import Stopped
from woo2po.order import Order
from woo2po.settings import Settings
from woo2po.survey.shop import Used

# What is special about an order, and how it is told. All others that are held come one by one.
_SPECIAL = {
    "test_order": "check_test_orders",
    "vendor_suborder": "check_vendor_orders",
    "deposit": "check_deposits",
    "child_order": "check_child_orders",
}


def judge_shop(read: ShopRead, settings: Settings) -> Iterator[Finding]:
    """Yield what there is to say of the shop."""
    name = read.survey.name or settings.woocommerce.url
    n = len(read.survey.orders) + len(read.unreadable)
    yield fine("check_shop_there", name=name, url=settings.woocommerce.url, n=n)
    if read.keys_in_query:
        host = settings.woocommerce.url.split("://")[1].partition("/")[0]
        yield warning("shop_keys_in_query", host=host)
    yield from map(out_of_reach, read.failures)
    yield from _statuses(read, settings)
    yield from _money(read)
    yield from _unreadable(read)
    yield from _special(coming(read.survey.orders, settings))
    yield from _used(read)
    yield from _organisation_numbers(read, settings)


def coming(orders: Iterable[Order], settings: Settings) -> list[Order]:
    """Return the orders that the job transfers, or has transferred."""
    return [order for order in orders if eligible(order, settings)]


def sold(orders: Iterable[Order], settings: Settings) -> list[Order]:
    """Return the orders that it would transfer if `orders_from` did not leave older ones out.

    They tell what the shop sells, also where the first order is still to come.
    """
    earliest = min([settings.woocommerce.orders_from, *(o.date_created_gmt.date() for o in orders)])
    shop = settings.woocommerce.model_copy(update={"orders_from": earliest})
    return coming(orders, settings.model_copy(update={"woocommerce": shop}))


def _statuses(read: ShopRead, settings: Settings) -> Iterator[Finding]:
    wanted = settings.woocommerce.statuses
    unknown = [slug for slug in wanted if read.statuses and slug not in read.statuses]
    for slug in unknown:
        known = [name for name in read.statuses if name != "trash"]
        yield wrong("check_status_unknown", status=slug, known=listed(known, 30))
    counts = {status.slug: status.orders for status in read.survey.statuses}
    known = [f"{slug} ({counts.get(slug, 0)})" for slug in wanted if slug not in unknown]
    if known:
        yield fine("check_statuses", statuses=listed(known))
        day = settings.woocommerce.orders_from.isoformat()
        if read.since:
            yield fine("check_orders_since", n=read.since, day=day)
        elif read.since == 0:
            yield told("check_no_orders_since", day=day)


def _money(read: ShopRead) -> Iterator[Finding]:
    orders = read.survey.orders
    with_vat = {order.prices_include_tax for order in orders}
    if with_vat:
        code = {True: "check_prices_with_vat", False: "check_prices_without_vat"}
        yield fine(code[with_vat.pop()] if len(with_vat) == 1 else "check_prices_both")
    foreign = [used for used in read.survey.currencies if used.name != "NOK"]
    if foreign:
        yield told("check_currencies", used=_counted(foreign))


def _unreadable(read: ShopRead) -> Iterator[Finding]:
    if read.unreadable:
        first = read.unreadable[0]
        number = first.number or str(first.order_id or "?")
        yield holding(
            "check_unreadable",
            n=len(read.unreadable),
            number=number,
            where=first.where,
            expected=first.expected,
        )


def _special(orders: Iterable[Order]) -> Iterator[Finding]:
    """Yield the kinds of order that do not go as they are, with how many there are of each."""
    met: dict[type[Hold | Skip], dict[str, list[str]]] = {Hold: {}, Skip: {}}
    for order in orders:
        try:
            stop_what_is_special(order)
        except Stopped as stopped:
            if code := _SPECIAL.get(stopped.outcome.code):
                met[type(stopped.outcome)].setdefault(code, []).append(order.number)
    for code, numbers in met[Skip].items():
        yield told(code, n=len(numbers), numbers=listed(numbers, 3))
    for code, numbers in met[Hold].items():
        yield holding(code, n=len(numbers), numbers=listed(numbers, 3))


def _used(read: ShopRead) -> Iterator[Finding]:
    orders = read.survey.orders
    if not orders:
        yield told("check_no_orders_at_all")
        return
    if read.survey.freight:
        # A name that one order alone has may be the buyer's own pick-up point.
        shared = [used for used in read.survey.freight if used.orders > 1]
        more = len(read.survey.freight) - len(shared)
        yield told("check_freight", used=_counted(shared) or "-", n=more)
    fees = sum(any(line.kind == "fee" for line in order.lines) for order in orders)
    coupons = sum(bool(order.coupon_lines) for order in orders)
    if fees or coupons:
        yield told("check_fees_and_coupons", fees=fees, coupons=coupons)


def _organisation_numbers(read: ShopRead, settings: Settings) -> Iterator[Finding]:
    if settings.customers.companies_as_private:
        return
    known = set(settings.customers.org_number_fields)
    others = [used for used in read.survey.org_number_fields if used.name not in known]
    if others:
        yield warning("check_org_number_fields", used=_counted(others), field=others[0].name)


def _counted(used: Iterable[Used]) -> str:
    return listed((f"{one.name} ({one.orders})" for one in used), 6)
