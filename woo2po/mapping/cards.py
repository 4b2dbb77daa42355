"""Gift cards: sold, used, and those that a plugin redeems as coupons.

A gift card sold is owed to its holder, one used pays; neither is a sale with VAT. The keys are
those of the plugins (woocommerce/facts.md, "Gift cards"). A card's code is money: no more than its
last four signs go into a text, and nothing of it into a fact or a reference.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from fnmatch import fnmatchcase
from operator import attrgetter

from woo2po.config import Settings
from woo2po.documents import Note
from woo2po.mapping.prices import Paid, largest_rounding, paid_for
from woo2po.mapping.values import Entry, Room, hold, note
from woo2po.mapping.vat import Chooser
from woo2po.money import ORE, ZERO, round_ore, round_six
from woo2po.order import Coupon, GiftCard, Line, Order

GIFT_CARD_USED_TEXT = "Brukt gavekort"


def named(order: Order) -> tuple[Decimal, ...]:
    """Return the amounts (kroner) of the used cards that the order names outside its lines."""
    if order.gift_cards:
        return tuple(card.amount for card in order.gift_cards if card.amount > 0)
    applied = order.meta("_ywgc_applied_gift_cards")
    if order.meta("ywgc_gift_card_updated_as_fee") or not isinstance(applied, Mapping):
        return ()
    read = (_amount(value) for value in applied.values())
    return tuple(amount for amount in read if amount > 0)


def _amount(value: object) -> Decimal:
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        return ZERO
    return amount if amount.is_finite() else ZERO


def used(
    order: Order, paid: Paid, told: Sequence[Decimal], settings: Settings
) -> tuple[tuple[Decimal, ...], tuple[Note, ...]]:
    """Return the amounts that cards paid beside the lines, and a Note where one was inferred.

    `told` count if they are what the lines exceed the total by; if the lines are the total, a
    plugin has counted them among the lines already. Raises Stopped (a Hold) where the lines
    exceed the total for a reason that nothing shows.
    """
    if abs(paid.gap - sum(told, ZERO)) <= paid.rounding:
        return tuple(told), ()
    if abs(paid.gap) <= paid.rounding:
        return (), ()
    sums = {"lines": paid.lines, "total": paid.total}
    # A card lowers the total and leaves the VAT: else the total is not that of these lines.
    vat = paid.lines - sum((line.total for line in order.lines), ZERO)
    if paid.gap < 0 or told or abs(vat - order.total_tax) > paid.rounding:
        raise hold("lines_do_not_sum", **sums, cards=sum(told, ZERO), bound=paid.rounding)
    card = paid.gap.quantize(Decimal(1)) if paid.whole_kroner else round_ore(paid.gap)
    sums["difference"] = card
    for coupon in order.coupon_lines:
        if _told(coupon) == card:
            facts = {"sign": _sign(coupon), "kind": str(coupon.discount_type or "-")}
            raise hold("coupon_below_lines", **sums, **facts)
    if settings.gift_cards.hidden == "hold":
        raise hold("total_below_lines", **sums)
    return (card,), (note("gift_card_inferred", **sums),)


def entries(cards: Sequence[Decimal], chooser: Chooser, signs: Sequence[str] = ()) -> list[Entry]:
    """Return a negative line without VAT for each used card; `signs` end their codes."""
    if not cards:
        return []
    carrier = chooser.gift_card()
    signs = signs if len(signs) == len(cards) else [""] * len(cards)
    texts = [f"{GIFT_CARD_USED_TEXT} …{sign}" if sign else GIFT_CARD_USED_TEXT for sign in signs]
    return [
        Entry(f"gift-card-{n}", text, carrier, Decimal(1), -card, -card, Room.NONE)
        for n, (card, text) in enumerate(zip(cards, texts, strict=True), 1)
    ]


# -- cards that are redeemed as coupons -----------------------------------------------------------

CARD_TYPES = frozenset({"smart_coupon", "store_credit"})
# Codes of cards: with a digit where they are called so, else without a word in them.
_CODE = re.compile(
    r"(?=.*\d)\S*(gift|gave|kort|card|tilgode|credit)\S*"
    r"|[\d\W_]*\d[\d\W_]*|\S*\d{5,}\S*|(\w{3,5}-){2,}\w{3,5}|(?=\S{8,}$)\S*\d\S*[a-z]\S*"
)


def _is_card(coupon: Coupon, settings: Settings) -> bool | None:
    """Tell whether a coupon is a gift card or store credit by its type or the settings; None where
    nothing says so and it may be one: for an amount, and none of the shop's own.
    """
    kind, code, keys = str(coupon.discount_type or ""), coupon.code.casefold(), settings.gift_cards
    likes = [known.casefold() for known in keys.coupon_codes]
    if any(fnmatchcase(code, like[1:]) for like in likes if like.startswith("!")):
        return False
    named = kind in CARD_TYPES or kind in keys.coupon_types
    if named or any(fnmatchcase(code, like) for like in likes):
        return True
    # Points are a discount that the shop gives.
    may_be = kind in {"fixed_cart", ""} and "points" not in code and _has_no_id(coupon)
    return None if may_be else False


def _counts_as_card(coupon: Coupon, settings: Settings) -> bool:
    """Tell whether a coupon is a card, or seems one by its code."""
    said = _is_card(coupon, settings)
    return bool(_CODE.fullmatch(coupon.code.casefold())) if said is None else said


def inferred(order: Order, settings: Settings) -> tuple[Note, ...]:
    """Return a Note for each coupon that was taken for a card, or for none, by its code alone."""
    names = {True: "card_coupon_inferred", False: "coupon_no_card"}
    return tuple(
        note(names[_counts_as_card(x, settings)], kind=str(x.discount_type or "-"), amount=_told(x))
        for x in order.coupon_lines
        if _is_card(x, settings) is None and _told(x)
    )


def _has_no_id(coupon: Coupon) -> bool:
    """Tell whether a coupon's `coupon_info` has the id 0, which none of the shop's own has."""
    rows = coupon.meta_data.values() if isinstance(coupon.meta_data, dict) else coupon.meta_data
    metas = [row for row in rows if isinstance(row, dict)] if isinstance(rows, Iterable) else []
    said = next((row.get("value") for row in metas if row.get("key") == "coupon_info"), None)
    try:
        info = json.loads(said) if isinstance(said, str) else said
    except ValueError:
        return False
    return isinstance(info, list) and bool(info) and info[0] in (0, "0")


def with_coupons(order: Order, settings: Settings) -> Order:
    """Return an order with the coupons that are cards as cards, its lines before they were used.

    Most such plugins lower the lines, and their VAT with them; some the total alone. Raises Stopped
    (a Hold) where the cards are not what lines or total were lowered by, and where a coupon of the
    shop's own lowered lines of several VAT rates beside them.
    """
    coupons = [one for one in order.coupon_lines if _counts_as_card(one, settings)]
    used = sum(map(_told, coupons), ZERO)
    if not used:
        return order
    own = order.gift_cards or tuple(GiftCard(amount=amount) for amount in named(order))
    all_used = used + sum((card.amount for card in own), ZERO)
    told = paid_for(order, all_used)
    # A coupon is told in whole kroner also where no VAT shows that the shop has no decimals.
    shown = [order.total, order.total_tax, *(line.total_tax for line in order.lines)]
    shown += [_amount(said) for one in coupons for said in (one.discount, one.discount_tax)]
    whole_kroner = told.whole_kroner or all(one == one.to_integral_value() for one in shown)
    bound = largest_rounding(2 * (len(order.lines) + len(coupons)), whole_kroner)
    gap = told.gap
    if abs(gap - all_used) > bound:  # else the lines are what they were
        order = _before_the_cards(order, used, bound)
        gap = sum((line.total + line.vat for line in order.lines), ZERO) - order.total
    if abs(gap - all_used) > bound:
        came = round_ore(gap + order.total)
        raise hold("lines_do_not_sum", lines=came, total=told.total, cards=all_used, bound=bound)
    # The first card takes what the shop rounded in telling it.
    amounts = [*map(_told, coupons)]
    amounts[0] += (gap - all_used).quantize(Decimal(1) if told.whole_kroner else ORE)
    cards = [
        GiftCard(amount=amount).model_copy(update={"sign": _sign(one)})
        for one, amount in zip(coupons, amounts, strict=True)
    ]
    others = tuple(one for one in order.coupon_lines if one not in coupons)
    return order.model_copy(update={"coupon_lines": others, "gift_cards": (*own, *cards)})


def _sign(coupon: Coupon) -> str:
    """Return what of a code may be shown: whoever has it whole can spend it."""
    return re.sub(r"\W", "", coupon.code)[-4:].upper()


def _told(coupon: Coupon) -> Decimal:
    return round_ore(abs(_amount(coupon.discount)) + abs(_amount(coupon.discount_tax)))


def _before_the_cards(order: Order, used: Decimal, bound: Decimal) -> Order:
    """Return an order with its lines at the prices that cards paid `used` kroner of."""
    percents = {rate.rate_id: rate.rate_percent or ZERO for rate in order.tax_lines}
    below = dict[int, list[Decimal]]()  # the list price lies a line's net and each VAT, by place
    for place, line in enumerate(order.lines):
        listed = (x.subtotal or line.subtotal * percents.get(x.id, ZERO) / 100 for x in line.taxes)
        vats = [vat - tax.total for vat, tax in zip(listed, line.taxes, strict=True)]
        if line.subtotal > line.total:
            below[place] = [line.subtotal - line.total, *vats]
    whole = sum(map(sum, below.values()), ZERO)
    share = Decimal(1) if whole <= used + bound else used / whole
    rates = {tuple(tax.id for tax in order.lines[place].taxes) for place in below}
    if share < 1 and len(rates) > 1:
        raise hold("card_beside_coupon", card=used, discount=round_ore(whole - used))
    lines = [*order.lines]
    for place, amounts in below.items():
        lines[place] = _raised(lines[place], *(amount * share for amount in amounts))
    vat = sum((x.total_tax for x in lines), -sum((x.total_tax for x in order.lines), ZERO))
    return order.model_copy(update={"lines": tuple(lines), "total_tax": order.total_tax + vat})


def _raised(line: Line, net: Decimal, *vats: Decimal) -> Line:
    taxes = tuple(
        tax.model_copy(update={"total": tax.total + more})
        for tax, more in zip(line.taxes, vats, strict=True)
    )
    changed = {"total": round_six(line.total + net), "taxes": taxes, "paid": line.total}
    return line.model_copy(update={**changed, "total_tax": line.total_tax + sum(vats, ZERO)})


def at_list_price(lines: Sequence[Line], order: Order) -> tuple[Line, ...]:
    """Return a refund's lines at the price before a card paid a part of them."""
    return tuple(before_the_card(line, original_of(line, order)) for line in lines)


def original_of(line: Line, order: Order) -> Line | None:
    """Return the order's line that a refund's line is of: as noted, else the only one alike."""
    said = {str(meta.value) for meta in line.meta_data if meta.key == "_refunded_item_id"}
    named = [one for one in order.lines if str(one.id) in said]
    what = attrgetter("kind", "sku", "product_id", "variation_id")
    alike = [one for one in order.lines if what(one) == what(line) and any(what(line)[1:])]
    return named[0] if named else alike[0] if not said and len(alike) == 1 else None


def before_the_card(line: Line, sold: Line | None) -> Line:
    """Return a refund's line at the price that the sold one has, which a card paid a part of.

    It has the share of the sold one that its pieces tell where they fit its money, or a card paid
    for all, else its money. VAT of another rate stays what the refund says.
    """
    if sold is None or sold.paid is None:
        return line
    own, share = sold, line.quantity / (sold.quantity or Decimal(1))
    if sold.paid and abs(share * sold.paid - line.total) > ORE:
        share = line.total / sold.paid
    if sold.paid and abs(line.vat - line.total * sold.vat / sold.total) > ORE:
        own, share = line, sold.total / sold.paid
    taxes = tuple(
        tax.model_copy(update={"total": round_six(tax.total * share)}) for tax in own.taxes
    )
    amounts = {name: round_six(getattr(own, name) * share) for name in ("total", "total_tax")}
    return line.model_copy(update={**amounts, "taxes": taxes, "paid": line.total})
