"""Judging the shop: what it is and has in use, what of it the configuration lacks; and what would
book its orders twice: other programs, other shops, other prefixes.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from woo2po.check.finding import (
    Finding,
    Level,
    because,
    fine,
    holding,
    listed,
    out_of_reach,
    told,
    warning,
    wrong,
)  # fmt: skip
from woo2po.check.reading import NumberedDocuments, ShopRead
from woo2po.config import Settings
from woo2po.holds import Hold, Skip
from woo2po.inventory import ShopInventory
from woo2po.mapping import eligible, is_of_a_till, is_prepaid, stop_what_is_special, told_of_money
from woo2po.mapping.customer import sales_order_reference, shop_hash, shown_number
from woo2po.mapping.payment import is_to_be_paid
from woo2po.mapping.values import Stopped
from woo2po.money import same_amount
from woo2po.order import Order
from woo2po.poweroffice.booked import NumberedDocument

PROBE = "woo2po-probe"  # the references of what `probe` makes begin so
_OURS = re.compile(r"woo-([0-9a-f]{10})-")
# What is special about an order. All others that are held come one by one.
_SPECIAL = frozenset({"test_order", "vendor_suborder", "deposit", "child_order", "paid_in_the_till",
                      "made_in_the_till"})  # fmt: skip


def judge_shop(read: ShopRead, settings: Settings) -> Iterator[Finding]:
    """Yield what there is to say of the shop."""
    name = read.inventory.name or settings.woocommerce.url
    n = len(read.inventory.orders) + len(read.unreadable)
    yield fine("check_shop_there", name=name, url=settings.woocommerce.url, n=n)
    host = settings.woocommerce.url.split("://")[1].partition("/")[0]
    if read.keys_in_query:
        yield warning("shop_keys_in_query", host=host)
    if read.cached:
        yield warning("shop_cached", host=host)
    yield from map(out_of_reach, read.failures)
    yield from _statuses(read, settings)
    foreign = {name: n for name, n in read.inventory.currencies.items() if name != "NOK"}
    if foreign:
        yield told("check_currencies", used=_counted(foreign))
    if read.unreadable:
        first = read.unreadable[0]
        reason = Hold("unreadable", {"where": first.where, "expected": first.expected})
        number = first.number or str(first.id or "?")
        yield because(reason, n=len(read.unreadable), orders=[number])
    yield from _special(coming(read.inventory.orders, settings), settings)
    if settings.payments.register_:
        yield from _captures(read.inventory.orders, settings)
    if settings.invoices.create:
        yield from _deliveries(coming(read.inventory.orders, settings), settings)
    coupons = [o.number for o in coming(read.inventory.orders, settings) if o.coupon_lines]
    if coupons and not settings.discounts.transfer_vat:
        yield warning("check_coupons_without_vat", n=len(coupons), numbers=listed(coupons, 3))
    if not read.inventory.orders:
        yield told("check_no_orders_at_all")
    known, used = settings.customers.org_number_fields, read.inventory.org_number_fields
    others = {name: n for name, n in used.items() if name not in known}
    if others and not settings.customers.companies_as_private:
        yield warning("check_org_number_fields", used=_counted(others), field=next(iter(others)))


def _captures(orders: Iterable[Order], settings: Settings) -> Iterator[Finding]:
    """Say by which sign the orders of the payment methods in use count as paid."""
    met: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for order in orders:
        capture = told_of_money(order, settings) if is_prepaid(order, settings) else None
        if capture is not None and order.payment_method:
            met[capture.gateway, capture.sign][order.payment_method] += 1
    for (gateway, sign), methods in sorted(met.items()):
        facts = {"gateway": gateway, "sign": sign, "used": _counted(methods)}
        if gateway:
            yield fine("check_captured_by_gateway", **facts)
        else:
            yield told("check_captured_by_order", **facts)


def _deliveries(orders: Iterable[Order], settings: Settings) -> Iterator[Finding]:
    """Say what the buyers of each payment method get, and warn of what nobody is asked to pay."""
    met = Counter((order.payment_method, is_to_be_paid(order, settings)) for order in orders)
    for (method, unpaid), n in sorted(met.items()):
        key = "delivery_unpaid" if unpaid else "delivery"
        delivery = getattr(settings.invoices, key)
        facts = {"method": method or "-", "key": f"invoices.{key}", "delivery": delivery, "n": n}
        if delivery == "none" and unpaid:
            yield warning("check_delivery_nobody", **facts)
        elif delivery == "none":
            yield fine("check_delivery_none", **facts)
        else:
            yield fine("check_delivery_unpaid" if unpaid else "check_delivery", **facts)


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
        yield wrong("status_not_in_shop", status=slug, known=listed(known, 30))
    counts = {status.slug: status.orders for status in read.inventory.statuses}
    known = [f"{slug} ({counts.get(slug, 0)})" for slug in wanted if slug not in unknown]
    if known:
        yield fine("check_statuses", statuses=listed(known))
        day = settings.woocommerce.orders_from.isoformat()
        if read.since:
            yield fine("check_orders_since", n=read.since, day=day)
        elif read.since == 0:
            yield told("check_no_orders_since", day=day)


def _special(orders: Sequence[Order], settings: Settings) -> Iterator[Finding]:
    """Yield the kinds of order that do not go as they are, the first of each and its numbers."""
    met: dict[str, tuple[Hold | Skip, list[str]]] = {}
    for order in orders:
        try:
            stop_what_is_special(order, settings)
        except Stopped as stopped:
            met.setdefault(stopped.outcome.code, (stopped.outcome, []))[1].append(order.number)
    for code, (reason, numbers) in met.items():
        if code in _SPECIAL:
            level = Level.HELD if isinstance(reason, Hold) else Level.TOLD
            yield because(reason, level, orders=numbers)
    tills = [order.number for order in orders if is_of_a_till(order)]
    if tills and not settings.payments.in_the_till:
        yield told("check_made_in_a_till", n=len(tills), numbers=listed(tills, 3))


def _counted(used: Mapping[str, int]) -> str:
    return listed((f"{name} ({n})" for name, n in used.items()), 6)


# -- what would book an order twice ----------------------------------------------------------------


@dataclass
class _Met:
    """What was met among the documents, each kind with what names it."""

    others: list[str] = field(default_factory=list)  # another program's documents of our orders
    prefixes: Counter[str] = field(default_factory=Counter)  # of this shop's documents
    shops: int = 0  # documents of another shop with our prefix
    clashes: list[str] = field(default_factory=list)  # our orders whose reference another has
    probes: int = 0


def judge_twice(
    shop: ShopInventory,
    settings: Settings,
    documents: NumberedDocuments | None,
    orders: Sequence[Order],
) -> Iterator[Finding]:
    """Yield what may book an order a second time; `orders` are those that the job transfers."""
    for name, n in shop.invoice_number_fields.items():
        yield warning("check_shop_numbers_invoices", field=name, n=n)
    if documents is None:
        return
    met = _met(documents.rows, settings, orders)
    yield from _told(met, settings)
    if not documents.whole:
        yield told("check_documents_not_all", n=len(documents.rows))
    if not (met.others or met.clashes or met.shops or len(met.prefixes) > 1):
        yield fine("check_nobody_else", n=len(documents.rows))


def _told(met: _Met, settings: Settings) -> Iterator[Finding]:
    prefix = settings.orders.number_prefix
    if met.others:
        yield warning("check_others_book", n=len(met.others), documents=listed(met.others, 3))
    old = {known: n for known, n in met.prefixes.items() if known != prefix}
    for other, n in old.items():
        yield warning("check_other_prefix", other=other or "-", prefix=prefix or "-", n=n)
    if met.clashes:
        yield holding("check_prefix_clashes", prefix=prefix, n=len(met.clashes),
                      numbers=listed(met.clashes, 3))  # fmt: skip
    elif met.shops:
        yield warning("check_prefix_shared", prefix=prefix, n=met.shops)
    if met.probes:
        yield told("check_probe_left", n=met.probes)


def _met(
    documents: Iterable[NumberedDocument], settings: Settings, orders: Sequence[Order]
) -> _Met:
    met = _Met()
    own, prefix = shop_hash(settings), re.escape(settings.orders.number_prefix)
    by_reference = {sales_order_reference(settings, o.id): o for o in orders}
    # The orders by everything that another program may call them.
    by_name = {name: o for o in orders for name in (
        o.number, f"#{o.number}", shown_number(o, settings), str(o.id))}  # fmt: skip
    for document in documents:
        shop = _OURS.match(document.matching_reference)
        if document.reference.startswith(PROBE):
            met.probes += 1
        elif shop and shop[1] == own:
            _note_prefix(met, document)
        elif document.reference in by_reference:
            met.clashes.append(by_reference[document.reference].number)
        elif shop and re.fullmatch(rf"{prefix}\d+(-.*)?", document.reference):
            met.shops += 1
        elif not shop:
            _note_other(met, document, by_name)
    return met


def _note_prefix(met: _Met, document: NumberedDocument) -> None:
    """Count the prefix of a document of this shop: its reference without the order's id."""
    order_id = _OURS.sub("", document.matching_reference).partition("-")[0]
    found = re.fullmatch(rf"(.*?){re.escape(order_id)}(-.*)?", document.reference)
    if found and order_id:
        met.prefixes[found[1]] += 1


def _note_other(met: _Met, document: NumberedDocument, by_name: dict[str, Order]) -> None:
    """Note a document that bears an order's number and comes to its total."""
    names = {str(document.imported_order_no), document.reference, *document.texts}
    for order in {id(by_name[n]): by_name[n] for n in names if n in by_name}.values():
        if same_amount(document.total, order.total):
            met.others.append(f"{document.number or '?'} = {order.number}")
            return
