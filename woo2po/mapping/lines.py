"""What an order sold, as lines: goods, freight, fees, discounts and gift cards.

Goods, freight and fees stand at list price, also at 0 kr. Discounts are what lies between that
and what was paid, one line per VAT rate: the shop's `coupon_lines` tell the codes, their amounts
are rounded or stale and are not read (woocommerce/facts.md, "Amounts").
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from woo2po.config import Settings
from woo2po.documents import Note
from woo2po.mapping import cards
from woo2po.mapping.prices import Sale, paid_for
from woo2po.mapping.values import Carrier, Entry, Part, Rate, Room, hold, note
from woo2po.mapping.vat import (
    SAME_VAT,
    Chooser,
    is_far_north,
    is_no_supply,
    no_supply_facts,
    parts_of,
    rates_of,
)
from woo2po.money import ZERO, percent, round_ore, snapped
from woo2po.order import Line, Order

UNTAXED = Rate(ZERO)
GIFT_CARD_TEXT = "Gavekort"
FOREIGN_VAT_TEXT = "MVA {country} {rate} %"
# Meta of plugins by which a line sells a gift card.
SOLD_META = frozenset({"pw_gift_card_number", "pw_gift_card_amount", "wc_gc_giftcard_code",
                       "wc_gc_giftcard_amount", "_ywgc_gift_card_code",
                       "izettle_gift_card"})  # fmt: skip


def sale_of(order: Order, chooser: Chooser) -> Sale:
    """Return what an order sold. Raises Stopped (a Hold) where its amounts do not say it."""
    settings = chooser.settings
    told = without_card_codes(order, settings)
    order = cards.with_coupons(told, settings)
    named = cards.named(order)
    paid = paid_for(order, sum(named, ZERO), told)
    rates = rates_of(order, chooser.catalogue)
    parts = tuple(parts_of(order, rates, by_total_tax=paid.by_total_tax))
    no_detail = order.total_tax > 0 and not any(line.taxes for line in order.lines)
    if no_detail and paid.gap < -SAME_VAT:
        raise hold("vat_detail_missing", line="-", vat=order.total_tax)
    used, notes = cards.used(order, paid, named, settings)
    return Sale(order, chooser, paid, parts, used, notes + cards.inferred(told, settings))


def entries_of(sale: Sale) -> list[Entry]:
    """Return the lines that say what was paid for, without prices."""
    entries = [entry_of(part, sale.chooser) for part in sale.parts]
    entries += discount_entries(sale, sale.parts)
    signs = [card.sign for card in sale.order.gift_cards]
    return with_vat_apart(entries) + cards.entries(sale.cards, sale.chooser, signs)


def with_vat_apart(entries: Sequence[Entry]) -> list[Entry]:
    """Return the entries with other countries' VAT taken out of them, a line for each rate."""
    made, vats = [], defaultdict[tuple[Rate, Carrier], Decimal](Decimal)
    for entry in entries:
        apart = entry.carrier.vat_apart
        if apart is not None:
            vats[apart] += entry.gross - entry.net
        made.append(replace(entry, gross=entry.net) if apart else entry)
    for (rate, carrier), vat in vats.items():
        text = FOREIGN_VAT_TEXT.format(country=rate.country, rate=percent(rate.percent))
        if vat:
            made.append(Entry(f"vat-{rate}", text, carrier, Decimal(1), vat, vat, Room.COMPUTED))
    return made


# -- a part of what was sold ----------------------------------------------------------------------


def entry_of(part: Part, chooser: Chooser) -> Entry:
    """Return the line of the sales order for a part of a shop's line, kept also at 0 kr.

    Raises Stopped (a Hold) where no product carries it.
    """
    settings, line = chooser.settings, part.line
    room = Room.NONE if is_card(part, settings) else Room.WITHIN_ORE
    carrier, text = _carrier(part, chooser), _text(part, settings)
    quantity = abs(line.quantity) or Decimal(1)
    return Entry(part.reference, text, carrier, quantity, *list_price(part), room)


def list_price(part: Part) -> tuple[Decimal, Decimal]:
    """Return net and gross before discounts; without one, what was paid."""
    if is_discounted(part):
        return part.list_net, part.list_net + part.list_vat
    return part.net, part.net + part.vat


def is_discounted(part: Part) -> bool:
    """Tell whether the line was sold below its list price."""
    return part.list_net > 0 and part.net < part.list_net


def _carrier(part: Part, chooser: Chooser) -> Carrier:
    line, settings = part.line, chooser.settings
    free = not part.net and not part.list_net
    if is_sold_card(line, settings) and (part.rate.percent or part.vat):
        raise hold("gift_card_with_vat", line=line.name, vat=part.vat)
    if is_card(part, settings):
        return chooser.gift_card()
    if line.kind == "product":
        return chooser.goods(line.sku, line.name, part.rate, free=free)
    if code := named_fee(line, settings):
        return chooser.named("fees.by_name", code, part.rate, free=free)
    key = "shipping" if line.kind == "shipping" else "fees"
    return chooser.service(key, part.rate, free=free)


def _text(part: Part, settings: Settings) -> str:
    line = part.line
    if line.kind == "shipping":
        return settings.shipping.description or line.name
    if line.kind == "product":
        return line.name or line.sku
    if name_of_card(line, settings):
        return cards.GIFT_CARD_USED_TEXT if part.net < 0 else GIFT_CARD_TEXT
    return (not named_fee(line, settings) and settings.fees.description) or line.name


def named_fee(line: Line, settings: Settings) -> str:
    """Return the product of a fee whose name has certain words, the longest name first; or ""."""
    known = settings.fees.by_name if line.kind == "fee" else {}
    said = " ".join(line.name.casefold().split())
    for name in sorted(known, key=len, reverse=True):
        words = re.escape(" ".join(name.casefold().split()))
        if words and re.search(rf"(?<!\w){words}(?!\w)", said):
            return known[name]
    return ""


# -- gift cards among the lines -------------------------------------------------------------------


def is_card(part: Part, settings: Settings) -> bool:
    """Tell whether a line sells a gift card, or is one that was used."""
    return is_sold_card(part.line, settings) or is_used_card(part, settings)


def is_sold_card(line: Line, settings: Settings) -> bool:
    """Tell whether a product line sells a gift card: by its SKU, or by a plugin's meta."""
    if line.kind != "product":
        return False
    by_plugin = any(meta.key in SOLD_META and meta.value for meta in line.meta_data)
    return by_plugin or (line.sku != "" and line.sku in settings.gift_cards.skus)


def is_used_card(part: Part, settings: Settings) -> bool:
    """Tell whether a fee is a used gift card: negative, so named, and without VAT."""
    named = name_of_card(part.line, settings) != ""
    return named and part.net < 0 and not part.rate.percent


def name_of_card(line: Line, settings: Settings) -> str:
    """Return the name of a gift card that a fee bears, or ""."""
    return _named(line, settings) if line.kind == "fee" else ""


def _named(line: Line, settings: Settings) -> str:
    names, name = settings.gift_cards.fee_names, line.name.casefold()
    return next((known for known in names if known and known.casefold() in name), "")


def without_card_codes(order: Order, settings: Settings) -> Order:
    """Return the order with fees that are gift cards called by that alone: plugins add the code."""
    names = (name_of_card(line, settings) or line.name for line in order.lines)
    pairs = zip(order.lines, names, strict=True)
    lines = tuple(line.model_copy(update={"name": name}) for line, name in pairs)
    return order.model_copy(update={"lines": lines})


# -- discounts ------------------------------------------------------------------------------------


def discount_entries(sale: Sale, parts: Sequence[Part]) -> list[Entry]:
    """Return the discount lines: a negative line per VAT rate or, by question 12, one without VAT.

    Then the total is the same and the VAT that of the full price, but for another country's.
    """
    off: dict[Rate, tuple[Decimal, Decimal]] = {}
    for part in filter(is_discounted, parts):
        net, vat = off.get(part.rate, (ZERO, ZERO))
        off[part.rate] = net + part.list_net - part.net, vat + part.list_vat - part.vat
    left = [off.pop(rate) for rate in tuple(off) if leaves_vat(rate, sale.chooser.settings)]
    gross = snapped(sum((net + vat for net, vat in left), ZERO))
    entries = [discount_entry(sale, gross, gross)] if left else []
    return entries + [
        discount_entry(sale, net, net + vat, rate, f"-{rate}")
        for rate, (net, vat) in sorted(off.items(), key=lambda of: (of[0].country, -of[0].percent))
    ]


def leaves_vat(rate: Rate, settings: Settings) -> bool:
    """Tell whether discounts leave the VAT of a rate that of the list price (question 12)."""
    return not settings.discounts.transfer_vat and not rate.country


def discount_entry(
    sale: Sale, net: Decimal, gross: Decimal, rate: Rate = UNTAXED, of: str = ""
) -> Entry:
    """Return a discount of a rate, by default one that leaves the VAT alone."""
    carrier = sale.chooser.service("discounts", rate)
    codes = ", ".join(coupon.code for coupon in sale.order.coupon_lines if coupon.code)
    text = f"{sale.chooser.settings.discounts.description} {codes}".strip()
    return Entry(f"discount{of}", text, carrier, Decimal(1), -net, -gross, Room.COMPUTED)


# -- what an accountant should know of an order that goes all the same ----------------------------


def noticed(sale: Sale, entries: Sequence[Entry]) -> Iterator[Note]:
    """Yield what was divided, what is called a card, and what stands on an account of other kind
    than it is.
    """
    chooser, settings = sale.chooser, sale.chooser.settings
    for line in sale.order.lines:
        parts = [part for part in sale.parts if part.line is line]
        if len(parts) > 1:
            yield note("line_divided", line=line.name)
        for name in {_seeming_card(part, settings) for part in parts} - {""}:
            yield note("seems_a_card", line=name, vat=round_ore(line.vat))
    for code in sorted({entry.carrier.product_code for entry in entries if entry.carrier.odd}):
        yield note("zero_rate_of_other_kind", code=code)
    yield from _sold_abroad(sale, entries) if chooser.export else _fees_as_sales(sale, entries)
    less = [one for one in sale.parts if is_discounted(one) and is_card(one, settings)]
    off = round_ore(sum((part.list_net - part.net for part in less), ZERO))
    for carrier in [one.carrier for one in entries if one.reference == "discount-0" and off]:
        if not is_no_supply(carrier.account):
            facts = no_supply_facts("discounts.product_by_rate", carrier)
            yield note("card_discount_is_no_sale", **facts, amount=off)


def _seeming_card(part: Part, settings: Settings) -> str:
    """Return the name of a card that a line bears which goes as what the shop makes it, or "": one
    that is sold as goods without VAT, or used as a fee to which WooCommerce has given their VAT.
    """
    if part.line.kind == "product":
        goes = not part.rate.percent and not is_sold_card(part.line, settings)
    else:
        goes = part.line.kind == "fee" and part.net < 0 and part.rate.percent > 0
    return _named(part.line, settings) if goes and part.net else ""


def _sold_abroad(sale: Sale, entries: Iterable[Entry]) -> Iterator[Note]:
    sold = {part.reference for part in sale.parts if part.line.kind != "fee"
            and not part.rate.percent and not is_card(part, sale.chooser.settings)}  # fmt: skip
    carriers = {one.carrier.product_code: one.carrier for one in entries if one.reference in sold}
    for _, carrier in sorted(carriers.items()):
        if is_no_supply(carrier.account):
            yield note("export_is_no_sale", **no_supply_facts("", carrier))


def _fees_as_sales(sale: Sale, entries: Iterable[Entry]) -> Iterator[Note]:
    """Yield the fees without VAT, as a wallet, a tip or packing, that stand among the exempt sales
    of the VAT return, where the order has none.
    """
    if any(not part.rate.percent for part in sale.parts if part.line.kind == "product"):
        return
    fees = {part.reference: part.line.name for part in sale.parts if part.line.kind == "fee"}
    for entry in entries:
        carrier = entry.carrier
        untaxed = entry.reference in fees and entry.net and not carrier.vat_rate
        if untaxed and not is_no_supply(carrier.account):
            facts = no_supply_facts("fees.by_name", carrier)
            name, amount = fees[entry.reference], round_ore(entry.net)
            yield note("fee_is_no_sale", **facts, line=name, amount=amount)


def sold_without_vat(sale: Sale) -> Iterator[Note]:
    """Yield what is to be said of lines that were sold without VAT, or with it to the far north.

    Raises Stopped (a Hold) for goods that carry VAT at home: nothing is booked before somebody
    has looked (`vat.domestic_zero`). Freight follows the goods, and is only noted.
    """
    chooser, settings = sale.chooser, sale.chooser.settings
    goods = [part for part in sale.parts if part.line.kind == "product"]
    charged = [part for part in sale.parts if part.rate.percent and not part.rate.country]
    if chooser.export:
        vat = round_ore(sum((part.vat for part in charged), ZERO))
        if vat and is_far_north(sale.order):
            yield note("far_north_with_vat", vat=vat)
        return
    for part in goods:
        rate = None if is_card(part, settings) else chooser.usual_rate(part.line.sku)
        vat = round_ore(_vat_in(part.net, rate or ZERO))
        # What was charged in part is told already.
        if rate is None or not vat or part.rate.percent or part.reference != str(part.line.id):
            continue
        sold = {"line": part.line.name, "code": part.line.sku, "rate": percent(rate)}
        told = note("domestic_zero", **sold, net=round_ore(part.net), vat=vat)
        if settings.vat.domestic_zero == "hold" and not chooser.booked:
            raise hold(told.code, **told.facts)
        yield told
    freight = [p for p in sale.parts if p.line.kind == "shipping" and not p.rate.percent]
    net, of_goods = (sum((part.net for part in parts), ZERO) for parts in (freight, goods))
    with_vat = [part for part in charged if part.line.kind == "product"]
    if net > 0 and of_goods > 0 and with_vat:
        vats = (_vat_in(net * part.net / of_goods, part.rate.percent) for part in with_vat)
        yield note("freight_without_vat", net=round_ore(net), vat=round_ore(sum(vats, ZERO)))


def _vat_in(gross: Decimal, rate: Decimal) -> Decimal:
    return gross * rate / (100 + rate)
