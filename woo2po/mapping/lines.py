"""What an order sold, as lines: goods, freight, fees, discounts and gift cards.

Goods, freight and fees stand at list price, also at 0 kr. Discounts are what lies between that
and what was paid, one line per VAT rate: the shop's `coupon_lines` tell the codes, their amounts
are rounded or stale and are not read (woocommerce/facts.md, "Amounts").

A gift card sold is owed to its holder, one used pays; neither is a sale with VAT. The keys are
those of the plugins (woocommerce/facts.md, "Gift cards"). A card's code is money: no code
goes into a text, a fact or a reference.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from woo2po.catalogue import Catalogue
from woo2po.config import Settings
from woo2po.documents import Note
from woo2po.mapping.prices import Paid, paid_for
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
from woo2po.mapping.vat import Chooser, check_detail, is_far_north, parts_of, rates_of
from woo2po.money import ZERO, Fact, percent, round_ore, snapped
from woo2po.order import Line, Order


@dataclass(frozen=True, slots=True)
class Sale:
    """What was paid, for which parts, and what gift cards paid beside the lines (kroner).

    `order` is the shop's, but for the gift cards' codes in the names of fees.
    """

    order: Order
    paid: Paid
    parts: tuple[Part, ...]
    cards: tuple[Decimal, ...]
    notes: tuple[Note, ...]


def sale_of(order: Order, settings: Settings, catalogue: Catalogue) -> Sale:
    """Return what an order sold. Raises Stopped (a Hold) where its amounts do not say it."""
    order = without_card_codes(order, settings)
    named_cards = _cards_named(order)
    paid = paid_for(order, sum(named_cards, ZERO))
    known = rates_of(order, catalogue)
    by_total_tax = paid.reading == "total_tax"
    parts = [part for line in order.lines for part in parts_of(line, order, known, by_total_tax)]
    check_detail(order, paid.gap)
    cards, notes = _cards_used(order, paid, named_cards, settings)
    return Sale(order, paid, tuple(parts), cards, notes)


def entries_of(sale: Sale, chooser: Chooser) -> list[Entry]:
    """Return the lines that say what was paid for, without prices."""
    entries = [entry_of(part, chooser) for part in sale.parts]
    entries += discount_entries(sale.order, sale.parts, chooser)
    return with_vat_apart(entries) + card_entries(sale.cards, chooser)


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


def sold_without_vat(sale: Sale, chooser: Chooser) -> tuple[Note, ...]:
    """Return what is to be said of lines that were sold without VAT, or with it to the far north.

    Raises Stopped (a Hold) for goods that carry VAT at home: nothing is booked before somebody
    has looked (`vat.domestic_zero`). Freight follows the goods, and is only noted.
    """
    charged = [part for part in sale.parts if part.rate.percent and not part.rate.country]
    if chooser.export:
        vat = round_ore(sum((part.vat for part in charged), ZERO))
        north = vat and is_far_north(sale.order)
        return (Note("far_north_with_vat", {"vat": vat}),) if north else ()
    settings, notes = chooser.settings, []
    for part in _goods(sale.parts):
        rate = None if is_card(part, settings) else chooser.usual_rate(part.line.sku)
        whole = part.reference == str(part.line.id)  # what was charged in part is told already
        if rate is None or part.rate.percent or not (whole and round_ore(_vat_in(part.net, rate))):
            continue
        facts: dict[str, Fact] = {
            "line": fitted(part.line.name, LONGEST_FACT),
            "code": part.line.sku,
            "rate": percent(rate),
            "net": round_ore(part.net),
            "vat": round_ore(_vat_in(part.net, rate)),
        }
        if settings.vat.domestic_zero == "hold" and not chooser.booked:
            raise hold("domestic_zero", **facts)
        notes.append(Note("domestic_zero", facts))
    return (*notes, *_freight_without_vat(sale, charged))


def _freight_without_vat(sale: Sale, charged: Sequence[Part]) -> Iterator[Note]:
    freight = [p for p in sale.parts if p.line.kind == "shipping" and not p.rate.percent]
    net, goods = sum((p.net for p in freight), ZERO), _goods(sale.parts)
    sold = sum((part.net for part in goods), ZERO)
    if net > 0 and sold > 0 and _goods(charged):
        vat = sum((_vat_in(net * p.net / sold, p.rate.percent) for p in _goods(charged)), ZERO)
        yield Note("freight_without_vat", {"net": round_ore(net), "vat": round_ore(vat)})


def _goods(parts: Iterable[Part]) -> list[Part]:
    return [part for part in parts if part.line.kind == "product"]


def _vat_in(gross: Decimal, rate: Decimal) -> Decimal:
    """Return the VAT that is owed of an amount that was paid."""
    return gross * rate / (100 + rate)


def noticed(sale: Sale, entries: list[Entry]) -> tuple[Note, ...]:
    """Return what an accountant should know of an order that goes all the same."""
    divided = [
        line.name for line in sale.order.lines if sum(p.line is line for p in sale.parts) > 1
    ]
    odd = sorted({entry.carrier.product_code for entry in entries if entry.carrier.odd})
    return tuple(
        Note("line_divided", {"line": fitted(name, LONGEST_FACT)}) for name in divided
    ) + tuple(Note("zero_rate_of_other_kind", {"code": code}) for code in odd)


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


def is_card(part: Part, settings: Settings) -> bool:
    """Tell whether a line sells a gift card, or is one that was used."""
    return is_sold_card(part.line, settings) or is_used_card(part, settings)


def _carrier(part: Part, chooser: Chooser) -> Carrier:
    line, settings = part.line, chooser.settings
    free = not part.net and not part.list_net
    if is_sold_card(line, settings) and (part.rate.percent or part.vat):
        raise hold("gift_card_with_vat", line=line.name, vat=part.vat)
    if is_card(part, settings):
        return chooser.without_vat(GIFT_CARD_KEY, settings.gift_cards.product)
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
    if is_named_card(line, settings):
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


def discount_entries(order: Order, parts: Sequence[Part], chooser: Chooser) -> list[Entry]:
    """Return the discount lines: a negative line per VAT rate or, by question 12, one without VAT.

    Without transfer of VAT the gross discount goes on a product without VAT: the total is the
    same, the VAT is that of the full price. Raises Stopped (a Hold) where a product is lacking.
    """
    off: dict[Rate, tuple[Decimal, Decimal]] = {}
    for part in filter(is_discounted, parts):
        net, vat = off.get(part.rate, (ZERO, ZERO))
        off[part.rate] = net + part.list_net - part.net, vat + part.list_vat - part.vat
    if off and not chooser.settings.discounts.transfer_vat:
        gross = snapped(sum((net + vat for net, vat in off.values()), ZERO))
        return [discount_without_vat(order, gross, chooser)]
    return [
        _discount(order, f"discount-{rate}", rate, net, net + vat, chooser)
        for rate, (net, vat) in sorted(off.items(), key=lambda of: (of[0].country, -of[0].percent))
    ]


def discount_without_vat(order: Order, gross: Decimal, chooser: Chooser) -> Entry:
    """Return a discount of `gross` kroner that leaves the VAT alone."""
    return _discount(order, "discount", Rate(ZERO), gross, gross, chooser)


def _discount(
    order: Order, reference: str, rate: Rate, net: Decimal, gross: Decimal, chooser: Chooser
) -> Entry:
    keys = chooser.settings.discounts
    carrier = chooser.service("discounts", keys.product, keys.product_by_rate, rate)
    codes = ", ".join(coupon.code for coupon in order.coupon_lines if coupon.code)
    text = f"{keys.description} {codes}".strip()
    return Entry(reference, text, carrier, Decimal(1), -net, -gross, Room.COMPUTED)


GIFT_CARD_KEY = "gift_cards.product"
SOLD_META = frozenset({"pw_gift_card_number", "pw_gift_card_amount", "wc_gc_giftcard_code",
                       "wc_gc_giftcard_amount", "_ywgc_gift_card_code",
                       "izettle_gift_card"})  # fmt: skip


def is_sold_card(line: Line, settings: Settings) -> bool:
    """Tell whether a product line sells a gift card: by its SKU, or by a plugin's meta."""
    if line.kind != "product":
        return False
    by_plugin = any(meta.key in SOLD_META and meta.value for meta in line.meta_data)
    return by_plugin or (line.sku != "" and line.sku in settings.gift_cards.skus)


def without_card_codes(order: Order, settings: Settings) -> Order:
    """Return the order with fees that bear the name of a gift card called by that name alone.

    Plugins write the card's code into the fee's name.
    """
    lines = [line.model_copy(update={"name": _name_of_card(line, settings) or line.name})
             for line in order.lines]  # fmt: skip
    return order.model_copy(update={"lines": tuple(lines)})


def is_named_card(line: Line, settings: Settings) -> bool:
    """Tell whether a fee bears the name of a gift card."""
    return _name_of_card(line, settings) != ""


def _name_of_card(line: Line, settings: Settings) -> str:
    names = settings.gift_cards.fee_names if line.kind == "fee" else ()
    name = line.name.casefold()
    return next((known for known in names if known and known.casefold() in name), "")


def is_used_card(part: Part, settings: Settings) -> bool:
    """Tell whether a fee is a used gift card: negative, so named, and without VAT."""
    return is_named_card(part.line, settings) and part.net < 0 and not part.rate.percent


def _cards_named(order: Order) -> tuple[Decimal, ...]:
    """Return the amounts (kroner) of the used cards that the order names outside its lines."""
    if order.gift_cards:
        return tuple(card.amount for card in order.gift_cards if card.amount > 0)
    applied = order.meta("_ywgc_applied_gift_cards")
    if order.meta("ywgc_gift_card_updated_as_fee") or not isinstance(applied, Mapping):
        return ()
    read = (_card_amount(value) for value in applied.values())
    return tuple(amount for amount in read if amount > 0)


def _card_amount(value: object) -> Decimal:
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        return ZERO
    return amount if amount.is_finite() else ZERO


def _cards_used(
    order: Order, paid: Paid, named: Sequence[Decimal], settings: Settings
) -> tuple[tuple[Decimal, ...], tuple[Note, ...]]:
    """Return the amounts that cards paid beside the lines, and a Note where one was inferred.

    `named` are the cards that the order names. They count if they are what the lines exceed
    the total by; if the lines are the total, a plugin has counted them among the lines already.
    Raises Stopped (a Hold) where the lines exceed the total for a reason that nothing shows.
    """
    if abs(paid.gap - sum(named, ZERO)) <= paid.rounding:
        return tuple(named), ()
    if abs(paid.gap) <= paid.rounding:
        return (), ()
    sums = {"lines": paid.lines, "total": paid.total}
    # A card lowers the total and leaves the VAT: else the total is not that of these lines.
    vat = paid.lines - sum((line.total for line in order.lines), ZERO)
    if paid.gap < 0 or named or abs(vat - order.total_tax) > paid.rounding:
        cards = sum(named, ZERO)
        raise hold("lines_do_not_sum", **sums, cards=cards, bound=paid.rounding)
    card = paid.gap.quantize(Decimal(1)) if paid.whole_kroner else round_ore(paid.gap)
    sums["difference"] = card
    if settings.gift_cards.hidden == "hold":
        raise hold("total_below_lines", **sums)
    return (card,), (Note("gift_card_inferred", sums),)


def card_entries(cards: Sequence[Decimal], chooser: Chooser) -> list[Entry]:
    """Return a line per used card: negative, without VAT, on the gift-card product."""
    if not cards:
        return []
    carrier = chooser.without_vat(GIFT_CARD_KEY, chooser.settings.gift_cards.product)
    return [
        Entry(f"gift-card-{n}", GIFT_CARD_USED_TEXT, carrier, Decimal(1), -card, -card, Room.NONE)
        for n, card in enumerate(cards, 1)
    ]
