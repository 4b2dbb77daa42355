"""What an order sold, as lines: goods, freight, fees, discounts and gift cards.

Goods, freight and fees stand at list price, also at 0 kr. Discounts are what lies between that
and what was paid, one line per VAT rate: the shop's `coupon_lines` tell the codes, their amounts
are rounded or stale and are not read (woocommerce/facts.md, "Amounts").
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from woo2po.config import Settings
from woo2po.documents import Note
from woo2po.mapping.cards import (
    card_entries,
    cards_inferred,
    cards_named,
    cards_used,
    is_sold_card,
    is_used_card,
    name_of_card,
    seeming_card,
    with_card_coupons,
    without_card_codes,
)
from woo2po.mapping.prices import Sale, paid_for
from woo2po.mapping.values import (
    FOREIGN_VAT_TEXT,
    GIFT_CARD_TEXT,
    GIFT_CARD_USED_TEXT,
    LONGEST_FACT,
    Carrier,
    Entry,
    Part,
    Rate,
    Room,
    fitted,
    hold,
)
from woo2po.mapping.vat import (
    SAME_VAT,
    Chooser,
    is_far_north,
    is_no_supply,
    no_supply_facts,
    parts_of,
    rates_of,
)
from woo2po.money import ZERO, Fact, percent, round_ore, snapped
from woo2po.order import Line, Order


def sale_of(order: Order, chooser: Chooser) -> Sale:
    """Return what an order sold. Raises Stopped (a Hold) where its amounts do not say it."""
    settings = chooser.settings
    told = without_card_codes(order, settings)
    order = with_card_coupons(told, settings)
    named_cards = cards_named(order)
    paid = paid_for(order, sum(named_cards, ZERO), told)
    rates = rates_of(order, chooser.catalogue)
    parts = tuple(parts_of(order, rates, by_total_tax=paid.by_total_tax))
    no_detail = order.total_tax > 0 and not any(line.taxes for line in order.lines)
    if no_detail and paid.gap < -SAME_VAT:
        raise hold("vat_detail_missing", line="-", vat=order.total_tax)
    cards, notes = cards_used(order, paid, named_cards, settings)
    return Sale(order, chooser, paid, parts, cards, notes + cards_inferred(told, settings))


def entries_of(sale: Sale) -> list[Entry]:
    """Return the lines that say what was paid for, without prices."""
    entries = [entry_of(part, sale.chooser) for part in sale.parts]
    entries += discount_entries(sale, sale.parts)
    signs = [card.sign for card in sale.order.gift_cards]
    return with_vat_apart(entries) + card_entries(sale.cards, sale.chooser, signs)


def with_vat_apart(entries: Sequence[Entry]) -> list[Entry]:
    """Return the entries with other countries' VAT taken out of them, a line for each rate."""
    made, vats = [], dict[Rate, tuple[Carrier, Decimal]]()
    for entry in entries:
        if entry.carrier.vat_apart is None:
            made.append(entry)
            continue
        rate, carrier = entry.carrier.vat_apart
        vats[rate] = carrier, entry.gross - entry.net + vats.get(rate, (carrier, ZERO))[1]
        made.append(replace(entry, gross=entry.net))
    for rate, (carrier, vat) in vats.items():
        text = FOREIGN_VAT_TEXT.format(country=rate.country, rate=percent(rate.percent))
        if vat:
            made.append(Entry(f"vat-{rate}", text, carrier, Decimal(1), vat, vat, Room.COMPUTED))
    return made


def sold_without_vat(sale: Sale) -> Iterator[Note]:
    """Yield what is to be said of lines that were sold without VAT, or with it to the far north.

    Raises Stopped (a Hold) for goods that carry VAT at home: nothing is booked before somebody
    has looked (`vat.domestic_zero`). Freight follows the goods, and is only noted.
    """
    chooser, settings, goods = sale.chooser, sale.chooser.settings, _goods(sale.parts)
    charged = [part for part in sale.parts if part.rate.percent and not part.rate.country]
    if chooser.export:
        vat = round_ore(sum((part.vat for part in charged), ZERO))
        if vat and is_far_north(sale.order):
            yield Note("far_north_with_vat", {"vat": vat})
        return
    for part in goods:
        rate = None if is_card(part, settings) else chooser.usual_rate(part.line.sku)
        vat = round_ore(_vat_in(part.net, rate or ZERO))
        # What was charged in part is told already.
        if rate is None or not vat or part.rate.percent or part.reference != str(part.line.id):
            continue
        facts: dict[str, Fact] = {
            "line": fitted(part.line.name, LONGEST_FACT),
            "code": part.line.sku,
            "rate": percent(rate),
            "net": round_ore(part.net),
            "vat": vat,
        }
        if settings.vat.domestic_zero == "hold" and not chooser.booked:
            raise hold("domestic_zero", **facts)
        yield Note("domestic_zero", facts)
    freight = [p for p in sale.parts if p.line.kind == "shipping" and not p.rate.percent]
    net, sold = (sum((part.net for part in parts), ZERO) for parts in (freight, goods))
    if net > 0 and sold > 0 and _goods(charged):
        vat = sum((_vat_in(net * p.net / sold, p.rate.percent) for p in _goods(charged)), ZERO)
        yield Note("freight_without_vat", {"net": round_ore(net), "vat": round_ore(vat)})


def _goods(parts: Iterable[Part]) -> list[Part]:
    return [part for part in parts if part.line.kind == "product"]


def _vat_in(gross: Decimal, rate: Decimal) -> Decimal:
    return gross * rate / (100 + rate)


def noticed(sale: Sale, entries: Iterable[Entry]) -> Iterator[Note]:
    """Yield what an accountant should know of an order that goes all the same."""
    yield from _noticed_of_lines(sale)
    for code in sorted({entry.carrier.product_code for entry in entries if entry.carrier.odd}):
        yield Note("zero_rate_of_other_kind", {"code": code})
    sold = {part.reference for part in sale.parts if part.line.kind in {"product", "shipping"}
            and not part.rate.percent and not is_card(part, sale.chooser.settings)}  # fmt: skip
    abroad = {entry.carrier.product_code: entry.carrier for entry in entries
              if sale.chooser.export and entry.reference in sold}  # fmt: skip
    for _, carrier in sorted(abroad.items()):
        if is_no_supply(carrier.account):
            yield Note("export_is_no_sale", no_supply_facts("", carrier))
    # A fee without VAT, as a wallet, a tip or packing, that stands among the exempt sales of the
    # VAT return, where the order has none.
    exempt = sale.chooser.export or any(not part.rate.percent for part in _goods(sale.parts))
    fees = {part.reference: part.line.name for part in sale.parts if part.line.kind == "fee"}
    for entry in entries:
        carrier = entry.carrier
        untaxed = entry.reference in fees and entry.net and not carrier.vat_rate
        if untaxed and not exempt and not is_no_supply(carrier.account):
            facts = no_supply_facts("fees.by_name", carrier)
            name = fitted(fees[entry.reference], LONGEST_FACT)
            yield Note("fee_is_no_sale", {**facts, "line": name, "amount": round_ore(entry.net)})
    cards = (part for part in sale.parts if is_card(part, sale.chooser.settings))
    off = round_ore(sum((part.list_net - part.net for part in filter(is_discounted, cards)), ZERO))
    for carrier in [one.carrier for one in entries if one.reference == "discount-0" and off]:
        if not is_no_supply(carrier.account):
            facts = no_supply_facts("discounts.product_by_rate", carrier)
            yield Note("card_discount_is_no_sale", {**facts, "amount": off})


def _noticed_of_lines(sale: Sale) -> Iterator[Note]:
    for line in sale.order.lines:
        parts = [part for part in sale.parts if part.line is line]
        cards = {seeming_card(part, sale.chooser.settings) for part in parts} - {""}
        if len(parts) > 1:
            yield Note("line_divided", {"line": fitted(line.name, LONGEST_FACT)})
        for name in cards:
            yield Note("seems_a_card", {"line": name, "vat": round_ore(line.vat)})


def entry_of(part: Part, chooser: Chooser) -> Entry:
    """Return the line of the sales order for a part of a shop's line, kept also at 0 kr.

    Raises Stopped (a Hold) where no product carries it.
    """
    carrier, settings = _carrier(part, chooser), chooser.settings
    net, gross = list_price(part)
    return Entry(
        reference=part.reference,
        text=_text(part, settings),
        carrier=carrier,
        quantity=abs(part.line.quantity) or Decimal(1),
        net=net,
        gross=gross,
        room=Room.NONE if is_card(part, settings) else Room.WITHIN_ORE,
    )


def list_price(part: Part) -> tuple[Decimal, Decimal]:
    """Return net and gross before discounts; without one, what was paid."""
    if is_discounted(part):
        return part.list_net, part.list_net + part.list_vat
    return part.net, part.net + part.vat


def is_discounted(part: Part) -> bool:
    """Tell whether the line was sold below its list price."""
    return part.list_net > 0 and part.net < part.list_net


def is_card(part: Part, settings: Settings) -> bool:
    """Tell whether a line sells a gift card, or is one that was used."""
    return is_sold_card(part.line, settings) or is_used_card(part, settings)


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
    own = settings.shipping if line.kind == "shipping" else settings.fees
    return chooser.service(key, own.product, own.product_by_rate, part.rate, free=free)


def _text(part: Part, settings: Settings) -> str:
    line = part.line
    if line.kind == "shipping":
        return settings.shipping.description or line.name
    if line.kind == "product":
        return line.name or line.sku
    if name_of_card(line, settings):
        return GIFT_CARD_USED_TEXT if part.net < 0 else GIFT_CARD_TEXT
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
    entries = [discount_without_vat(sale, gross)] if left else []
    return entries + [
        _discount(sale, f"discount-{rate}", rate, net, net + vat)
        for rate, (net, vat) in sorted(off.items(), key=lambda of: (of[0].country, -of[0].percent))
    ]


def leaves_vat(rate: Rate, settings: Settings) -> bool:
    """Tell whether discounts leave the VAT of a rate that of the list price (question 12)."""
    return not settings.discounts.transfer_vat and not rate.country


def discount_without_vat(sale: Sale, gross: Decimal) -> Entry:
    """Return a discount of `gross` kroner that leaves the VAT alone."""
    return _discount(sale, "discount", Rate(ZERO), gross, gross)


def _discount(sale: Sale, reference: str, rate: Rate, net: Decimal, gross: Decimal) -> Entry:
    keys = sale.chooser.settings.discounts
    carrier = sale.chooser.service("discounts", keys.product, keys.product_by_rate, rate)
    codes = ", ".join(coupon.code for coupon in sale.order.coupon_lines if coupon.code)
    text = f"{keys.description} {codes}".strip()
    return Entry(reference, text, carrier, Decimal(1), -net, -gross, Room.COMPUTED)
